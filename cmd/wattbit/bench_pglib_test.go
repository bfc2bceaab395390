package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/opt"
)

// TestCaseLineTimes: reading, formulating and the first schedule take 1 + 2 + 3 s,
// so what the search found at 4 s was there at 10 s. The gap is 50 % there, 0.5 % at
// 11 s, when the incumbent falls to 1000 with 995 proved, and 0.015 % at the end.
func TestCaseLineTimes(t *testing.T) {
	point := func(s, objective, bound float64) opt.ProgressPoint {
		p := opt.ProgressPoint{Seconds: s}
		if objective != 0 {
			p.Objective = &objective
		}
		if bound != 0 {
			p.Bound = &bound
		}
		return p
	}
	rec := &runRecord{
		Status: "limit", Objective: ptr(1000.0), Bound: ptr(999.85), Gap: ptr(1.5e-4), Verified: true, ThermalUnits: 7, Periods: 48,
		Seconds:  runSeconds{Read: 1, Formulate: 2, FirstSchedule: 3, Search: 6, Dispatch: 0.5, Verify: 0.25, Report: 9},
		Phases:   []opt.PhaseSeconds{{Name: "prices", Seconds: 2}, {Name: "branch and cut", Seconds: 4}},
		Progress: []opt.ProgressPoint{point(0.5, 0, 800), point(1, 3000, 0), point(4, 1600, 800), point(5, 1000, 995)},
	}
	l := new(caseLine)
	l.fill(&childEnd{code: exitLimit, record: rec, object: result{Error: ptr("a limit ended the search")}})
	for _, c := range []struct {
		what string
		got  *float64
		want float64
	}{
		{"seconds", l.Seconds, 12.75}, {"to the first", l.SecondsToFirst, 7}, {"to 1 %", l.SecondsTo1, 11}, {"to 0.02 %", l.SecondsTo002, 12.75},
		{"to 0.1 %", l.SecondsTo01, 12.75},
	} {
		if c.got == nil || *c.got != c.want {
			t.Errorf("%s: %s, want %g", c.what, amount(c.got, 3), c.want)
		}
	}
	names := func() (out []string) {
		for _, s := range l.Phases {
			out = append(out, s.Name)
		}
		return out
	}
	if got, want := names(), []string{"read", "formulate", "first schedule", "search: prices", "search: branch and cut", "dispatch", "verify"}; !slices.Equal(got, want) {
		t.Errorf("phases %q, want %q", got, want)
	}
	if l.SecondsTo001 != nil || l.Error != "" || l.Units != 7 || l.Periods != 48 {
		t.Errorf("%+v", l)
	}
	dir := t.TempDir()
	if err := writeCurve(filepath.Join(dir, "a", "b.csv"), l.curve(rec)); err != nil {
		t.Fatal(err)
	}
	want := "seconds,objective,bound,gap\n6.500,,800,\n7.000,3000,,\n10.000,1600,800,0.5\n11.000,1000,995,0.005\n12.750,1000,999.85,0.00015\n"
	if got := readFile(t, dir, "a", "b.csv"); got != want {
		t.Errorf("curve\n%s\nwant\n%s", got, want)
	}
}

func TestCaseLineOfACrash(t *testing.T) {
	l := new(caseLine)
	l.fill(&childEnd{code: 2, said: "fatal error"})
	if l.Status != "error" || l.Error != "exit code 2: fatal error" || l.Seconds != nil || l.Objective != nil {
		t.Errorf("%+v", l)
	}
}

func TestFaults(t *testing.T) {
	known := &bestKnown{upper: 1000, lower: 990}
	for _, c := range []struct {
		cost, bound float64
		shortages   int
		want        string
	}{
		{995, 994, 0, ""}, {1000.00005, 990, 0, ""}, {989, 980, 0, "cost below the best known bound"}, {989, 980, 1, ""},
		{2000, 1001, 0, "bound above the best known cost"}, {995, 996, 0, "bound above cost"},
	} {
		l := &caseLine{Objective: &c.cost, Bound: &c.bound, Verified: true, Shortages: c.shortages}
		if got := strings.Join(l.faults(known), ", "); got != c.want {
			t.Errorf("cost %g, bound %g: %q, want %q", c.cost, c.bound, got, c.want)
		}
	}
	if got := (&caseLine{Objective: ptr(1.0)}).faults(nil); !slices.Equal(got, []string{"not verified"}) {
		t.Error(got)
	}
}

// TestMedians: of three cases one never got to 1 %, so the middle of 2, 4 and never
// is 4; of two of which one never did there is none.
func TestMedians(t *testing.T) {
	of := func(family string, gap, seconds, to1 *float64) *caseLine {
		return &caseLine{Family: family, Units: 10, Gap: gap, Seconds: seconds, SecondsTo1: to1}
	}
	rows := medians([]*caseLine{
		of("b", ptr(0.001), ptr(60.0), ptr(4.0)), of("b", ptr(0.002), ptr(50.0), nil), of("b", ptr(0.003), ptr(40.0), ptr(2.0)),
		of("a", ptr(0.01), ptr(6.0), ptr(3.0)), of("a", nil, ptr(8.0), nil),
	})
	var got []string
	for _, r := range rows {
		got = append(got, strings.Join(strings.Fields(r), " "))
	}
	want := []string{"a: median of 2 10 - 7.00 - - - - -", "b: median of 3 10 0.20 % 50.00 4.00 - - - -"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestBenchCases(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"lib/ca/one.json.gz", "lib/ca/two.json", "lib/rts/one.json", "lib/rts/notes.txt", "other/x/y/three.json"} {
		writeFile(t, filepath.Join(dir, name), "{}")
	}
	writeFile(t, filepath.Join(dir, "lib", bestKnownFile), "instance,best_upper,best_lower,gap_percent\nca/one,12.5,12,4\n")
	cases, err := benchCases([]string{filepath.Join(dir, "lib", "rts"), filepath.Join(dir, "lib"), filepath.Join(dir, "other", "x", "y")})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range cases {
		got = append(got, c.family+" "+c.id)
	}
	if want := []string{"ca ca/one", "ca ca/two", "rts rts/one", "y y/three"}; !slices.Equal(got, want) {
		t.Fatalf("%q, want %q", got, want)
	}
	if k := cases[0].known; k == nil || *k != (bestKnown{12.5, 12}) || cases[1].known != nil {
		t.Errorf("%+v", cases)
	}
	for text, want := range map[string]string{"a,b,c\n": "its columns", "instance,best_upper,best_lower\nca/one,x,1\n": "line 2"} {
		writeFile(t, filepath.Join(dir, "lib", bestKnownFile), text)
		if _, err := benchCases([]string{filepath.Join(dir, "lib", "ca", "two.json")}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said: %v", want, err)
		}
	}
}

func TestLineFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lines.jsonl")
	f, err := openLines(path)
	if err != nil {
		t.Fatal(err)
	}
	c, o := benchCase{id: "ca/one", sha256: "12"}, caseOptions{Gap: 1e-4, Threads: 1}
	for _, l := range []*caseLine{
		{Tool: "wattbit", Case: "ca/one", SHA256: "12", Options: o, Status: "limit"},
		{Tool: "wattbit", Case: "ca/one", SHA256: "12", Options: o, Status: "optimal"},
		{Tool: "wattbit", Case: "ca/one", SHA256: "12", Options: o, Status: "error"},
		{Tool: "egret", Case: "ca/two", SHA256: "12", Options: o, Status: "optimal"},
	} {
		if err := f.add(l); err != nil {
			t.Fatal(err)
		}
	}
	// A process that was killed while it wrote.
	torn, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := torn.WriteString(`{"tool":"watt`); err != nil {
		t.Fatal(err)
	}
	if err := torn.Close(); err != nil {
		t.Fatal(err)
	}
	if f, err = openLines(path); err != nil || len(f.lines) != 4 {
		t.Fatalf("%v, %v", f, err)
	}
	if l := f.find(c, o); l == nil || l.Status != "optimal" {
		t.Errorf("found %+v", l)
	}
	for _, miss := range []*caseLine{
		f.find(benchCase{id: "ca/one", sha256: "13"}, o), f.find(c, caseOptions{Gap: 1e-3, Threads: 1}), f.find(benchCase{id: "ca/two", sha256: "12"}, o),
	} {
		if miss != nil {
			t.Errorf("found %+v", miss)
		}
	}
	if err := f.add(&caseLine{Case: "after"}); err != nil {
		t.Fatal(err)
	}
	if f, err = openLines(path); err != nil || len(f.lines) != 5 || f.lines[4].Case != "after" {
		t.Fatalf("%v, %v", f, err)
	}
	writeFile(t, path, "a notebook\n")
	if _, err := openLines(path); err == nil {
		t.Error("a file that is not of a bench is taken")
	}
	writeFile(t, path, "a notebook")
	if _, err := openLines(path); err == nil || readFile(t, path) != "a notebook" {
		t.Error("a file that is not of a bench is changed")
	}
}

func TestBenchPglib(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	args := []string{"bench", "pglib", smallCase(t), "--json", "lines.jsonl", "--curves", "curves", "--plans", "plans"}
	e := wattbit(t, dir, exitOK, args...)
	e.mustSay(t, "storage-only/case", "median of 1")
	var l caseLine
	if err := json.Unmarshal([]byte(readFile(t, dir, "lines.jsonl")), &l); err != nil {
		t.Fatal(err)
	}
	if l.Tool != "wattbit" || l.Status != "optimal" || !l.Verified || l.Units != 1 || l.Periods != 6 || l.Seconds == nil || *l.Seconds <= 0 ||
		l.SecondsTo001 == nil || *l.SecondsTo001 > *l.Seconds || l.Options.Engine != "highs" || l.Options.Method != "auto" || l.Method == "" || len(l.SHA256) != 64 {
		t.Errorf("%+v", l)
	}
	wattbit(t, dir, exitOK, "verify", filepath.Join("plans", "storage-only", "case"))
	if text := readFile(t, dir, "curves", "storage-only", "case.csv"); !strings.HasPrefix(text, "seconds,objective,bound,gap\n") {
		t.Error(text)
	}
	count := func() int { return strings.Count(readFile(t, dir, "lines.jsonl"), "\n") }
	wattbit(t, dir, exitOK, args...)
	if n := count(); n != 1 {
		t.Errorf("%d lines: the case was measured again", n)
	}
	wattbit(t, dir, exitOK, append(args, "--again")...)
	if n := count(); n != 2 {
		t.Errorf("%d lines: the case was not measured again", n)
	}
	// A case that cannot be solved is a line, not the end of the bench.
	writeFile(t, filepath.Join(dir, "lib", "ca", "bad.json"), "{}")
	e = wattbit(t, dir, exitOK, "bench", "pglib", "lib")
	e.mustSay(t, "ca/bad", "error", "not a valid case")
}

func TestBenchPglibRefuses(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "empty", "notes.txt"), "mine\n")
	for _, args := range [][]string{{}, {"nowhere"}, {"empty"}, {"empty", "--gap", "wide"}, {smallCase(t), "--json", "empty"}} {
		wattbit(t, dir, exitUsage, append([]string{"bench", "pglib"}, args...)...)
	}
}

// TestBenchPglibInterrupted: Ctrl-C in the second case leaves the line of the
// first, and nothing of the second.
func TestBenchPglibInterrupted(t *testing.T) {
	needEngine(t)
	if runtime.GOOS == "windows" {
		t.Skip("NOT TESTED: Windows has no signal to send")
	}
	dir := t.TempDir()
	cmd, _, stderr := command(dir, "bench", "pglib", example(t, "edge-site/case.yaml"), example(t, "eight-hubs/winter.yaml"), "--gap", "1e-9",
		"--time-limit", "300", "--json", "lines.jsonl")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "lines.jsonl")
	waitFor(t, func() bool { text, _ := os.ReadFile(path); return len(text) > 0 })
	time.Sleep(300 * time.Millisecond) // so that the second case has begun
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its code says how it ended
	if code := exitCode(cmd.ProcessState.ExitCode()); code != exitInterrupted {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	f, err := openLines(path)
	if err != nil || len(f.lines) != 1 || f.lines[0].Case != "edge-site/case" {
		t.Errorf("%v: %+v", err, f)
	}
}

// waitFor waits until something is so, and fails when it is not within a minute.
func waitFor(t *testing.T, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come about")
		}
	}
}
