//go:build unix

package cbc

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// script installs a shell script that introduces itself as cbc and then does
// as body says, in a directory that holds the given files as $FILES/name.
func script(t *testing.T, body string, files map[string][]byte) *Engine {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := "#!/bin/sh\nFILES='" + dir + "'\n" + `if [ "$1" = -quit ]; then
echo 'Welcome to the CBC MILP Solver'
echo 'Version: 9.9'
exit 0
fi
` + body + "\n"
	path := filepath.Join(dir, "cbc script")
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	// Every test watches that its private directories are gone.
	temp := filepath.Join(t.TempDir(), "with space")
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	t.Cleanup(func() {
		if left, _ := os.ReadDir(temp); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	e, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if e.Version() != "9.9" || e.Name() != "cbc" || e.Path() != path {
		t.Fatalf("engine %+v", e)
	}
	return e
}

// program is minimise x, x >= 2 in a row, x integer in [0, 5].
func program() *solver.Problem {
	var b solver.Builder
	r := b.Row(2, math.Inf(1))
	b.Add(r, b.Col(0, 5, 1, solver.Integer), 1)
	return b.Build()
}

// binaryValues is a values file of one row and one column.
func binaryValues(x float64) []byte {
	var out []byte
	out = binary.NativeEndian.AppendUint32(out, 1)
	out = binary.NativeEndian.AppendUint32(out, 1)
	for _, v := range []float64{x, x, 0, x, 1} {
		out = binary.NativeEndian.AppendUint64(out, math.Float64bits(v))
	}
	return out
}

const (
	saysOptimal = "echo 'Optimal - objective value 2.00000000' > solution.txt; cp \"$FILES/v\" values.bin\n"
	saysNone    = "echo 'Integer infeasible - objective value 2.00000000' > solution.txt; cp \"$FILES/v\" values.bin\n"
)

func TestBrokenChild(t *testing.T) {
	for _, c := range []struct {
		name, body string
		values     []byte
		want       string
	}{
		{"garbage", "head -c 100000 /dev/urandom; exit 0", nil, "no solution file"},
		{"silence", "exit 0", nil, "no solution file"},
		{"exit status", "echo out of memory; exit 3", nil, "exit status 3; last output: out of memory"},
		{"complaint", "echo 'no such option' >&2; exit 1", nil, "no such option"},
		{"segmentation fault", "kill -SEGV $$", nil, "segmentation fault"},
		{"program not read", "echo 'There were 3 errors on input'; " + saysOptimal, binaryValues(2), "the program was not read"},
		{"solution file empty", ": > solution.txt", nil, "no first line"},
		{"solution file of something else", "echo hello > solution.txt", nil, `begins with "hello`},
		{"status unknown", "echo 'Abandoned - objective value 0' > solution.txt", nil, `status "Abandoned" is not known`},
		{"values missing", "echo 'Optimal - objective value 2' > solution.txt", nil, "no values file"},
		{"values short", saysOptimal, binaryValues(2)[:30], "values file has 30 bytes"},
		{"values empty", saysOptimal, []byte{}, "values file has 0 bytes"},
		{"values of another program", saysOptimal, append([]byte{2, 0, 0, 0}, binaryValues(2)[4:]...), "values file is of"},
		{"values NaN", saysOptimal, binaryValues(math.NaN()), "value of column C0 is NaN"},
		{"values infinite", saysOptimal, binaryValues(math.Inf(1)), "value of column C0 is +Inf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := script(t, c.body, map[string][]byte{"v": c.values})
			r, err := e.Solve(context.Background(), program(), solver.Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("result %+v, error %v, want one with %q", r, err, c.want)
			}
		})
	}
}

func TestClaims(t *testing.T) {
	const limit = 400 * time.Millisecond
	for _, c := range []struct {
		name, body string
		status     solver.Status
		limit      solver.Limit
		point      bool
		bound      float64
	}{
		{"optimal", saysOptimal, solver.Optimal, solver.NoLimit, true, 2},
		{"infeasible", saysNone, solver.Infeasible, solver.NoLimit, false, math.Inf(-1)},
		{"optimal as time runs out", "echo 'Cbc0020I Exiting on maximum time'\n" + saysOptimal, solver.LimitReached, solver.TimeLimit, true, math.Inf(-1)},
		{"optimal as nodes run out", "echo 'Cbc0003I Exiting on maximum nodes'\n" + saysOptimal, solver.LimitReached, solver.WorkLimit, true, math.Inf(-1)},
		{"optimal in the file, stopped in the log", "echo 'Result - Stopped on time limit'\n" + saysOptimal, solver.LimitReached, solver.TimeLimit, true, math.Inf(-1)},
		{"infeasible after the limit", "sleep 0.5\n" + saysNone, solver.LimitReached, solver.TimeLimit, false, math.Inf(-1)},
		{"bound of a stopped search", "echo 'Cbc0005I Partial search - best objective 2 (best possible 1.5), took 3 iterations and 4 nodes (0.1 seconds)'; echo 'Result - Stopped on node limit'; echo 'Stopped on iterations - objective value 2' > solution.txt; cp \"$FILES/v\" values.bin", solver.LimitReached, solver.WorkLimit, true, 1.5},
		{"stopped without a point", "echo 'Result - Stopped on time limit'; echo 'Stopped on time (no integer solution - continuous used) - objective value 0' > solution.txt; cp \"$FILES/v\" values.bin", solver.LimitReached, solver.TimeLimit, false, math.Inf(-1)},
		{"stopped for reasons of its own", "echo 'Stopped on difficulties - objective value 2' > solution.txt; cp \"$FILES/v\" values.bin", solver.Unknown, solver.NoLimit, true, math.Inf(-1)},
		{"runs on past the limit", "trap 'exit 0' INT; sleep 20 & wait", solver.LimitReached, solver.TimeLimit, false, math.Inf(-1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := script(t, c.body, map[string][]byte{"v": binaryValues(2)})
			r, err := e.Solve(context.Background(), program(), solver.Options{TimeLimit: limit, WorkLimit: 5})
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != c.status || r.Limit != c.limit || r.HasPoint != c.point {
				t.Errorf("status %v (%v), point %v, want %v (%v), %v", r.Status, r.Limit, r.HasPoint, c.status, c.limit, c.point)
			}
			if r.Bound > c.bound || r.Bound < c.bound-1e-6 {
				t.Errorf("bound %v, want %v or a hair less", r.Bound, c.bound)
			}
		})
	}
}

// A child that ignores the request to stop is killed, and so is what it
// started.
func TestCancelStubbornChild(t *testing.T) {
	for name, body := range map[string]string{
		"ignores the request":         "trap '' INT; echo $$ > \"$FILES/pid\"; while :; do sleep 0.1; done",
		"starts another":              "trap '' INT; (trap '' INT; sh -c 'echo $$ > '\"'$FILES/pid'\"'; sleep 20; :') & wait; wait",
		"writes without end":          "trap '' INT; echo $$ > \"$FILES/pid\"; while :; do printf xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done",
		"closes its output, stays on": "trap '' INT; echo $$ > \"$FILES/pid\"; exec >/dev/null 2>&1; while :; do sleep 0.1; done",
	} {
		t.Run(name, func(t *testing.T) {
			e := script(t, body, nil)
			ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
			defer cancel()
			began := time.Now()
			r, err := e.Solve(ctx, program(), solver.Options{})
			if err != nil || r.Status != solver.Interrupted || r.HasPoint {
				t.Errorf("result %+v, error %v", r, err)
			}
			if d := time.Since(began); d > 1300*time.Millisecond {
				t.Errorf("took %v", d)
			}
			pid, err := os.ReadFile(filepath.Join(filepath.Dir(e.Path()), "pid"))
			if err != nil {
				t.Fatal(err)
			}
			if state := processState(strings.TrimSpace(string(pid))); state != "" && state != "Z" {
				t.Errorf("process %s still there in state %s", pid, state)
			}
		})
	}
}

// processState returns the state letter of a process, empty when it is gone or
// the system has no /proc.
func processState(pid string) string {
	for range 20 {
		data, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil {
			return ""
		}
		_, rest, _ := strings.Cut(string(data), ") ")
		if state, _, _ := strings.Cut(rest, " "); state == "Z" {
			return state
		}
		time.Sleep(10 * time.Millisecond)
	}
	return "alive"
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	good := script(t, "", nil).Path()
	link := filepath.Join(dir, "cbc")
	if err := os.Symlink(good, link); err != nil {
		t.Fatal(err)
	}
	t.Run("environment", func(t *testing.T) {
		t.Setenv(PathVariable, good)
		t.Setenv("PATH", "")
		if e, err := Open(""); err != nil || e.Path() != good {
			t.Errorf("engine %+v, error %v", e, err)
		}
	})
	t.Run("path", func(t *testing.T) {
		t.Setenv(PathVariable, "")
		t.Setenv("PATH", dir+":/bin:/usr/bin")
		if e, err := Open(""); err != nil || e.Path() != link {
			t.Errorf("engine %+v, error %v", e, err)
		}
	})
	t.Run("environment before path", func(t *testing.T) {
		t.Setenv(PathVariable, filepath.Join(dir, "missing"))
		t.Setenv("PATH", dir)
		if _, err := Open(""); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), PathVariable) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("never the working directory", func(t *testing.T) {
		t.Setenv(PathVariable, "")
		t.Chdir(dir)
		for _, path := range []string{"", ".", ":/nowhere"} {
			t.Setenv("PATH", path)
			if e, err := Open(""); !errors.Is(err, ErrNotFound) {
				t.Errorf("PATH %q: engine %+v, error %v", path, e, err)
			}
		}
	})
	t.Run("missing", func(t *testing.T) {
		if _, err := Open(filepath.Join(dir, "nowhere")); !errors.Is(err, ErrNotFound) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("another program", func(t *testing.T) {
		if _, err := Open("/bin/echo"); err == nil || !strings.Contains(err.Error(), "does not introduce itself as cbc") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("not a program", func(t *testing.T) {
		name := filepath.Join(dir, "text")
		if err := os.WriteFile(name, []byte("text"), 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(name); err == nil {
			t.Error("a text file was taken for cbc")
		}
	})
}

func TestLogProgress(t *testing.T) {
	var seen []solver.Progress
	p := program()
	p.Maximize = true
	l := newLog(p, func(g solver.Progress) { seen = append(seen, g) })
	l.read(bufio.NewReader(strings.NewReader(`Continuous objective value is -12.5 - 0.00 seconds
Cbc0012I Integer solution of -9 found by feasibility pump after 0 iterations and 0 nodes (0.03 seconds)
Cbc0010I After 1000 nodes, 620 on tree, -10.5 best solution, best possible -12.25 (0.49 seconds)
Cbc0012I Integer solution of -11 found by rounding after 10 iterations and 1200 nodes (0.60 seconds)
` + strings.Repeat("x", 100_000) + `
Cbc0005I Partial search - best objective -11 (best possible -12), took 31827 iterations and 1234 nodes (3.02 seconds)
Result - Stopped on time limit
Lower bound:                    -12.000
no newline at the end`)))
	if len(seen) != 2 {
		t.Fatalf("%d reports: %+v", len(seen), seen)
	}
	if g := seen[0]; !g.HasIncumbent || g.Objective != 9 || !math.IsInf(g.Bound, 1) {
		t.Errorf("first report %+v", g)
	}
	if g := seen[1]; g.Objective != 11 || g.Nodes != 1000 || g.Bound < 12.25 || g.Bound > 12.250001 {
		t.Errorf("second report %+v", g)
	}
	if !l.timeOut || l.nodes != 1234 || l.iterations != 31827 || l.incumbent != -11 {
		t.Errorf("log %+v", l)
	}
	if l.bound > -12 || l.bound < -12.000001 {
		t.Errorf("bound %v", l.bound)
	}
}

// Half a unit of the last digit printed may have been rounded up.
func TestPrinted(t *testing.T) {
	for _, c := range []struct {
		s    string
		want float64
	}{
		{"1000", 5e-5}, {"1000.000", 5e-4}, {"8455.0231", 5e-5}, {"-1.5", 5e-8}, {"0", 0}, {"0.000", 5e-4}, {"1.2345678e+09", 50},
	} {
		v, ok := finite(c.s)
		if !ok {
			t.Fatal(c.s)
		}
		if got := printed(c.s, v); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("%s: %v, want %v", c.s, got, c.want)
		}
	}
	for _, s := range []string{"1e+50", "-1e+50", "1.79769e+308", "inf", "-inf", "nan", "abc", ""} {
		if _, ok := finite(s); ok {
			t.Errorf("%q is finite", s)
		}
	}
}

func TestIncrement(t *testing.T) {
	type column struct {
		cost float64
		kind solver.VarType
	}
	const i, c = solver.Integer, solver.Continuous
	for _, k := range []struct {
		name       string
		columns    []column
		absGap     float64
		step, loss float64
	}{
		{"whole numbers", []column{{6, i}, {-9, i}, {0, c}}, 0, 0.999 * 3, 0},
		{"fractions", []column{{6.5, i}}, 0, 1e-8, 1e-8},
		{"continuous", []column{{6, i}, {3, c}}, 0, 1e-8, 1e-8},
		{"medium costs", []column{{6, i}, {1234.5, c}}, 0, 1.2345e-6, 1.2345e-6},
		{"large costs", []column{{6, i}, {1e5, c}}, 0, 0, 1e-5},
		{"no costs", []column{{0, i}}, 0, 1e-8, 1e-8},
		{"absolute gap", []column{{6, i}}, 0.5, 0, 1e-5},
		{"absolute gap of next to nothing", []column{{6, i}}, 1e-9, 0.999 * 6, 0},
	} {
		var b solver.Builder
		for _, col := range k.columns {
			b.Col(0, 1, col.cost, col.kind)
		}
		step, loss := increment(b.Build(), &solver.Options{AbsGap: k.absGap})
		if math.Abs(step-k.step) > 1e-12 || math.Abs(loss-k.loss) > 1e-18 {
			t.Errorf("%s: step %v, loss %v, want %v, %v", k.name, step, loss, k.step, k.loss)
		}
	}
}
