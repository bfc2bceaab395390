package highs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wattbit/wattbit/solver"
)

func TestThreadCountsMayMix(t *testing.T) {
	e := testEngine(t)
	p, want := smallMIP(1)
	check := func(threads int) error {
		r, err := e.Solve(context.Background(), p, solver.Options{Threads: threads})
		if err != nil {
			return err
		}
		if r.Status != solver.Optimal || math.Abs(r.Objective-want) > 1e-9 {
			return fmt.Errorf("%d threads: %v, objective %v, want optimal, %v", threads, r.Status, r.Objective, want)
		}
		return nil
	}
	t.Run("one after another", func(t *testing.T) {
		for _, threads := range []int{1, 2, 1, 3, 0, 2, 2, 1} {
			if err := check(threads); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("at once", func(t *testing.T) {
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				for range 10 {
					if err := check(1 + i%3); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestManyDifferentSolvesAtOnce(t *testing.T) {
	e := testEngine(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for k := range 20 {
				p, want := smallMIP(float64(1 + i + 8*k))
				seen := 0
				r, err := e.Solve(context.Background(), p, solver.Options{OnIncumbent: func(v float64, x []float64) {
					if len(x) != p.Cols() || math.Abs(v-p.Eval(x)) > 1e-9 {
						t.Errorf("incumbent %v of value %v belongs to another solve", x, v)
					}
					seen++
				}})
				if err != nil || math.Abs(r.Objective-want) > 1e-9 {
					t.Errorf("result %+v, %v; want %v", r, err, want)
				}
				if seen == 0 {
					t.Error("no incumbent was reported")
				}
			}
		})
	}
	wg.Wait()
}

func TestNoThreadOutlivesItsSolve(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("NOT TESTED: threads are counted in /proc, which only Linux has")
	}
	e := testEngine(t)
	p, _ := smallMIP(1)
	threads := func() int {
		tasks, err := os.ReadDir("/proc/self/task")
		if err != nil {
			t.Fatal(err)
		}
		return len(tasks)
	}
	solveAll := func(n int) {
		for range n {
			if _, err := e.Solve(context.Background(), p, solver.Options{Threads: 4}); err != nil {
				t.Fatal(err)
			}
		}
	}
	solveAll(5)
	before := threads()
	solveAll(50)
	// Each solve had four threads: 200 of them, had they stayed.
	waitFor(t, func() bool { return threads() <= before+10 }, func() string {
		return fmt.Sprintf("%d threads after 50 solves, %d before", threads(), before)
	})
}

// waitFor gives what happens on other threads ten seconds to happen.
func waitFor(t *testing.T, done func() bool, what func() string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what())
		}
	}
}

func TestCancel(t *testing.T) {
	e := testEngine(t)
	split := marketSplit()
	linear := covering(2500, solver.Continuous)
	integer := covering(1800, solver.Integer)
	for _, c := range []struct {
		name  string
		p     *solver.Problem
		o     solver.Options
		after time.Duration
	}{
		{"before it starts", split, solver.Options{}, 0},
		{"at once", split, solver.Options{}, time.Microsecond},
		{"tree search", split, solver.Options{}, 300 * time.Millisecond},
		{"tree search on two threads", split, solver.Options{Threads: 2}, 300 * time.Millisecond},
		{"simplex", linear, solver.Options{Method: solver.MethodSimplex, NoPresolve: true}, 300 * time.Millisecond},
		{"interior point", linear, solver.Options{Method: solver.MethodInterior, NoPresolve: true}, 300 * time.Millisecond},
		// HiGHS does not look at a cancel here: Solve must leave it behind.
		{"root relaxation", integer, solver.Options{NoPresolve: true}, 500 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if c.after == 0 {
				cancel()
			}
			begin := time.Now()
			time.AfterFunc(c.after, cancel)
			r, err := e.Solve(ctx, c.p, c.o)
			took := time.Since(begin) - c.after
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != solver.Interrupted || r.Limit != solver.NoLimit {
				t.Errorf("status %v, limit %v", r.Status, r.Limit)
			}
			if took > time.Second {
				t.Errorf("returned %v after the cancel", took)
			}
			if r.HasPoint {
				if v := c.p.Violation(r.X); v.Max() > 1e-6 {
					t.Errorf("point breaks the program: %+v", v)
				}
			}
		})
	}
	// What was left behind ends by itself and leaves nothing.
	waitForAll(t)
}

func waitForAll(t *testing.T) {
	t.Helper()
	running := func() int {
		watches.mu.RLock()
		defer watches.mu.RUnlock()
		return len(watches.byID)
	}
	for end := time.Now().Add(time.Minute); running() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d solves still run", running())
		}
	}
}

func TestDeadlineInterrupts(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	r, err := testEngine(t).Solve(ctx, marketSplit(), solver.Options{})
	if err != nil || r.Status != solver.Interrupted || !r.HasPoint {
		t.Errorf("result %+v, %v; want interrupted with a point", r, err)
	}
}

func TestCallbackPanicIsAnError(t *testing.T) {
	e := testEngine(t)
	p := marketSplit()
	boom := errors.New("boom")
	for name, o := range map[string]solver.Options{
		"progress":  {OnProgress: func(solver.Progress) { panic(boom) }},
		"incumbent": {OnIncumbent: func(float64, []float64) { panic(boom) }},
		"runtime error": {OnIncumbent: func(_ float64, x []float64) {
			x[len(x)] = 1
		}},
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			r, err := e.Solve(context.Background(), p, o)
			var panicked *PanicError
			if !errors.As(err, &panicked) || r != nil {
				t.Fatalf("result %+v, error %v; want a PanicError", r, err)
			}
			if name != "runtime error" && panicked.Value != any(boom) {
				t.Errorf("value %v, want %v", panicked.Value, boom)
			}
			if !strings.Contains(string(panicked.Stack), "run_test.go") {
				t.Errorf("stack does not lead to the callback:\n%s", panicked.Stack)
			}
			if took := time.Since(begin); took > 2*time.Second {
				t.Errorf("took %v", took)
			}
			small, want := smallMIP(1)
			if r, err := e.Solve(context.Background(), small, solver.Options{}); err != nil || math.Abs(r.Objective-want) > 1e-9 {
				t.Errorf("the next solve: %+v, %v", r, err)
			}
		})
	}
	waitForAll(t)
}

func TestProgressGoesOnWhileTheEngineIsSilent(t *testing.T) {
	e := testEngine(t)
	p := covering(1800, solver.Integer) // its root relaxation calls no callback
	ctx, cancel := context.WithTimeout(context.Background(), 1100*time.Millisecond)
	defer cancel()
	var calls atomic.Int64
	returned := false
	_, err := e.Solve(ctx, p, solver.Options{NoPresolve: true, OnProgress: func(g solver.Progress) {
		calls.Add(1)
		if returned {
			t.Error("called after Solve returned")
		}
	}})
	returned = true
	if err != nil {
		t.Fatal(err)
	}
	if n := calls.Load(); n < 3 || n > 10 {
		t.Errorf("%d reports in 1.1 s", n)
	}
	waitForAll(t)
}

// TestDualsAreDerivatives checks the sign convention where it comes from: the
// change of the optimum when a right-hand side or a bound moves.
func TestDualsAreDerivatives(t *testing.T) {
	e := testEngine(t)
	inf := math.Inf(1)
	build := func(maximize bool, change func(p *solver.Problem)) *solver.Problem {
		var b solver.Builder
		sense := 1.0
		if maximize {
			sense = -1
		}
		x, y, z := b.Col(0, 4, -3*sense, 0), b.Col(0, inf, -5*sense, 0), b.Col(1, 3, 2*sense, 0)
		for _, r := range []struct{ lo, up, x, y, z float64 }{
			{-inf, 12, 0, 2, 1}, {-inf, 18, 3, 2, 0}, {-5, inf, -1, 0, -1}, {2, 2, 0, 0, 1},
		} {
			row := b.Row(r.lo, r.up)
			for c, v := range map[solver.Col]float64{x: r.x, y: r.y, z: r.z} {
				if v != 0 {
					b.Add(row, c, v)
				}
			}
		}
		b.AddOffset(100)
		p := b.Build()
		p.Maximize = maximize
		if change != nil {
			change(p)
		}
		return p
	}
	for _, maximize := range []bool{false, true} {
		for _, method := range []solver.Method{solver.MethodSimplex, solver.MethodInterior} {
			t.Run(fmt.Sprintf("maximise %v, method %d", maximize, method), func(t *testing.T) {
				solve := func(p *solver.Problem) *solver.Result {
					r, err := e.Solve(context.Background(), p, solver.Options{Method: method})
					if err != nil || r.Status != solver.Optimal || !r.HasDuals {
						t.Fatalf("result %+v, %v", r, err)
					}
					return r
				}
				const step = 1e-3
				base := solve(build(maximize, nil))
				nonzero := 0
				for i, dual := range base.RowDual {
					moved := solve(build(maximize, func(p *solver.Problem) { p.RowLower[i] += step; p.RowUpper[i] += step }))
					if slope := (moved.Objective - base.Objective) / step; math.Abs(slope-dual) > 1e-6 {
						t.Errorf("row %d: dual %v, derivative %v", i, dual, slope)
					}
					if dual != 0 {
						nonzero++
					}
				}
				for j, dual := range base.ColDual {
					moved := solve(build(maximize, func(p *solver.Problem) { p.ColLower[j] += step; p.ColUpper[j] += step }))
					if slope := (moved.Objective - base.Objective) / step; math.Abs(slope-dual) > 1e-6 {
						t.Errorf("column %d: reduced cost %v, derivative %v", j, dual, slope)
					}
				}
				if nonzero < 2 {
					t.Errorf("only %d rows have a price: the test shows little", nonzero)
				}
			})
		}
	}
}
