package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSolveWritesRun(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	e := wattbit(t, dir, exitOK, "solve", smallCase(t))
	e.mustSay(t, "storage-only", "Cost", "Verified", "none breached", filepath.Join("runs", "storage-only", "report.html"))
	folder := filepath.Join(dir, "runs", "storage-only")
	files := filesBelow(t, folder)
	for _, want := range []string{"plan.json", "case.yaml", "run.json", "report.html", "tables/costs.csv"} {
		if !slices.Contains(files, want) {
			t.Errorf("no %s in the run: %v", want, files)
		}
	}
	if page := readFile(t, folder, "report.html"); !strings.Contains(page, "</html>") || !strings.Contains(page, "verified") {
		t.Error("report.html is not a whole page on a verified plan")
	}

	rec := readRecord(t, folder)
	if rec.Format != runFormat || rec.Status != "optimal" || !rec.Verified || rec.LimitsChecked == 0 || rec.Objective == nil || rec.Bound == nil {
		t.Errorf("run.json: %+v", rec)
	}
	if rec.Engine.Name != "highs" || rec.Engine.Version == "" || rec.Wattbit.Go != runtime.Version() || rec.Size.Columns == 0 || rec.Seconds.Total <= 0 {
		t.Errorf("run.json: %+v", rec)
	}
	if len(rec.Inputs) != 1 || rec.Inputs[0].SHA256 != digest(readFile(t, smallCase(t))) {
		t.Errorf("run.json names the inputs %+v", rec.Inputs)
	}
	listed := 0
	for _, f := range rec.Files {
		listed++
		if f.SHA256 != digest(readFile(t, folder, f.Path)) {
			t.Errorf("run.json: the digest of %s is wrong", f.Path)
		}
	}
	if onDisk := len(files) - 2; listed != onDisk { // without run.json and the folder of tables
		t.Errorf("run.json lists %d files, there are %d", listed, onDisk)
	}

	// The folder stands alone: it is verified, reported and solved without the case.
	wattbit(t, dir, exitOK, "verify", folder)
	wattbit(t, dir, exitOK, "validate", folder)

	// A second run loses nothing of the first.
	before := readFile(t, folder, "run.json")
	wattbit(t, dir, exitOK, "solve", smallCase(t))
	if _, err := os.Stat(filepath.Join(dir, "runs", "storage-only-2", "plan.json")); err != nil {
		t.Error(err)
	}
	if readFile(t, folder, "run.json") != before {
		t.Error("the second run changed the first")
	}
	// The same case gives the same plan and tables, byte for byte.
	for _, name := range []string{"plan.json", "case.yaml", "tables/costs.csv"} {
		if readFile(t, folder, name) != readFile(t, dir, "runs", "storage-only-2", name) {
			t.Errorf("two runs give different bytes of %s", name)
		}
	}
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestSolveJSON(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	e := wattbit(t, dir, exitOK, "solve", "--json", smallCase(t))
	o := e.object(t)
	// The fields that scripts were promised, with their kinds.
	for field, kind := range map[string]reflect.Kind{
		"case": reflect.String, "status": reflect.String, "objective": reflect.Float64, "bound": reflect.Float64,
		"gap": reflect.Float64, "gap_money": reflect.Float64, "currency": reflect.String, "verified": reflect.Bool,
		"violations": reflect.Slice, "shortages": reflect.Slice, "columns": reflect.Float64, "rows": reflect.Float64,
		"nonzeros": reflect.Float64, "integers": reflect.Float64, "read_s": reflect.Float64, "formulate_s": reflect.Float64,
		"solve_s": reflect.Float64, "verify_s": reflect.Float64, "engine": reflect.String, "engine_version": reflect.String,
		"plan": reflect.String,
	} {
		if v, ok := o[field]; !ok || reflect.ValueOf(v).Kind() != kind {
			t.Errorf("%s is %v, want a %s", field, v, kind)
		}
	}
	if o["case"] != "storage-only" || o["status"] != "optimal" || o["verified"] != true || o["exit_code"] != 0.0 || o["currency"] != "CNY" {
		t.Errorf("result %v", o)
	}
	if v := o["violations"].([]any); len(v) != 0 {
		t.Errorf("violations %v", v)
	}
	if _, err := os.Stat(filepath.Join(dir, o["plan"].(string))); err != nil {
		t.Error(err)
	}
	if !strings.Contains(e.stderr, "Verified") {
		t.Errorf("the talk did not go to standard error: %s", e)
	}
}

// TestLateFlags: flags count before and after the case.
func TestLateFlags(t *testing.T) {
	needEngine(t)
	flags := []string{"--gap", "0.25", "--time-limit=45", "--work-limit", "500000", "--threads", "1", "--seed", "7", "--set", "penalties.shed_price_per_mwh=9000"}
	for name, order := range map[string]func(out string) []string{
		"before": func(out string) []string { return append(append([]string{"solve", "-o", out}, flags...), smallCase(t)) },
		"after":  func(out string) []string { return append(append([]string{"solve", smallCase(t)}, flags...), "-o", out) },
		"around": func(out string) []string {
			return append(append(append([]string{"solve"}, flags[:3]...), smallCase(t), "-o", out), flags[3:]...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			wattbit(t, dir, exitOK, order("out")...)
			got := readRecord(t, filepath.Join(dir, "out")).Options
			want := runOptions{Gap: 0.25, TimeLimitS: 45, WorkLimit: 500000, Method: "auto", Threads: 1, Seed: 7, Set: []string{"penalties.shed_price_per_mwh=9000"}}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("options %+v, want %+v", got, want)
			}
		})
	}
}

// TestSet: values reach the case, several of them, commas and all.
func TestSet(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	cost := func(args ...string) float64 {
		return wattbit(t, dir, exitOK, append([]string{"solve", smallCase(t), "--json"}, args...)...).object(t)["objective"].(float64)
	}
	plain := cost()
	dear := cost("--set", "thermal_units[plant].cost_factor=2", "--set", "renewables[field].available_mw=[0, 0, 0, 0, 0, 0]")
	if dear <= 2*plain {
		t.Errorf("with dearer fuel and no sun the plan costs %g, without %g", dear, plain)
	}
	e := wattbit(t, dir, exitInvalid, "solve", smallCase(t), "--set", "thermal_units[plan].cost_factor=2")
	e.mustSay(t, "thermal_units[plan]", "plant")
}

func TestSolveByCBC(t *testing.T) {
	dir := t.TempDir()
	if e := wattbit(t, dir, exitOK, "engine", "list"); strings.Contains(e.stdout, "apt-get") {
		if os.Getenv("CI") != "" {
			t.Fatal("cbc is needed: ", e)
		}
		t.Skip("NOT TESTED, cbc is missing: ", e)
	}
	o := wattbit(t, dir, exitOK, "solve", smallCase(t), "--engine", "cbc", "--json").object(t)
	if o["engine"] != "cbc" || o["verified"] != true {
		t.Errorf("result %v", o)
	}
}

func TestSolveLimit(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	e := wattbit(t, dir, exitLimit, "solve", example(t, "eight-hubs/summer.yaml"), "--time-limit", "0.1", "--json", "-o", "out")
	o := e.object(t)
	if o["status"] != "limit" || o["verified"] != true || o["exit_code"] != 13.0 {
		t.Errorf("result %v", o)
	}
	wattbit(t, dir, exitOK, "verify", "out")
}

func TestSolveInfeasible(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	o := wattbit(t, dir, exitInfeasible, "solve", testdata(t, "infeasible.yaml"), "--json", "-o", "out").object(t)
	if o["status"] != "infeasible" || o["plan"] != nil || o["verified"] != false || len(o["conflicts"].([]any)) == 0 {
		t.Errorf("result %v", o)
	}
	if rec := readRecord(t, filepath.Join(dir, "out")); len(rec.Conflicts) == 0 || rec.Conflicts[0].Excess < 29 {
		t.Errorf("conflicts %v", rec.Conflicts)
	}
	e := wattbit(t, dir, exitInfeasible, "solve", testdata(t, "infeasible.yaml"))
	e.mustSay(t, "No plan keeps all limits", "by 30.000", "infeasible")
	wattbit(t, dir, exitUsage, "verify", "out").mustSay(t, "without a plan.json")
}

func TestInvalidCaseWritesNothing(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{"solve", testdata(t, "invalid.yaml")},
		{"solve", testdata(t, "invalid.yaml"), "-o", "out"},
		{"validate", testdata(t, "invalid.yaml")},
	} {
		e := wattbit(t, dir, exitInvalid, args...)
		e.mustSay(t, "invalid.yaml:9:", "invalid.yaml:11:", "thermal_units", "did you mean town?", "3 findings")
		if e.stdout != "" {
			t.Errorf("errors on standard output: %s", e)
		}
	}
	o := wattbit(t, dir, exitInvalid, "solve", "--json", testdata(t, "invalid.yaml")).object(t)
	if o["status"] != "invalid" || len(o["findings"].([]any)) != 3 || o["exit_code"] != 10.0 || o["objective"] != nil {
		t.Errorf("result %v", o)
	}
	if files := filesBelow(t, dir); len(files) > 0 {
		t.Errorf("written for an invalid case: %v", files)
	}
}

func TestNoEngine(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "nowhere", "libhighs.so")
	t.Setenv("WATTBIT_HIGHS", nowhere)
	dir := t.TempDir()
	e := wattbit(t, dir, exitInternal, "solve", smallCase(t))
	e.mustSay(t, nowhere, "wattbit engine install")
	wattbit(t, dir, exitInternal, "demo").mustSay(t, nowhere)
	wattbit(t, dir, exitInternal, "engine", "check").mustSay(t, nowhere, "wattbit engine install")
	wattbit(t, dir, exitOK, "engine", "list").mustSay(t, nowhere, "not available")
	wattbit(t, dir, exitInternal, "solve", smallCase(t), "--engine-path", nowhere).mustSay(t, nowhere)
	o := wattbit(t, dir, exitInternal, "solve", smallCase(t), "--json").object(t)
	if o["status"] != "error" || !strings.Contains(o["error"].(string), nowhere) {
		t.Errorf("result %v", o)
	}
	if files := filesBelow(t, dir); len(files) > 0 {
		t.Errorf("written without an engine: %v", files)
	}
}

func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("NOT TESTED on Windows: a process cannot send Ctrl-C to another")
	}
	needEngine(t)
	for _, times := range []int{1, 2} {
		dir := t.TempDir()
		cmd, stdout, stderr := command(dir, "solve", example(t, "eight-hubs/summer.yaml"), "--gap", "1e-9", "-o", "out", "--json")
		watch := &watched{buffer: stderr, word: "incumbent", seen: make(chan struct{})}
		cmd.Stderr = watch
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-watch.seen:
		case <-time.After(2 * time.Minute):
			_ = cmd.Process.Kill()
			t.Fatal("no incumbent in two minutes")
		}
		for range times {
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			time.Sleep(20 * time.Millisecond)
		}
		began := time.Now()
		_ = cmd.Wait()
		e := ended{stdout.String(), stderr.String(), exitCode(cmd.ProcessState.ExitCode())}
		if e.code != exitInterrupted {
			t.Fatalf("%d interrupts: %s", times, e)
		}
		if times == 2 {
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("the second interrupt took %s", took)
			}
			continue
		}
		o := e.object(t)
		if o["status"] != "interrupted" || o["verified"] != true || o["plan"] == nil {
			t.Errorf("result %v", o)
		}
		wattbit(t, dir, exitOK, "verify", "out")
	}
}
