package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/opt"
)

// shortTrace is jobs of half an hour to eight hours.
func shortTrace(t *testing.T, dir string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("arrival_time,length,cpus\n")
	for i := range 60 {
		fmt.Fprintf(&b, "%g,%g,%d\n", 0.4*float64(i), 0.5*float64(1+i%16), 1+i%3)
	}
	writeFile(t, filepath.Join(dir, "trace.csv"), b.String())
}

func TestBenchJobs(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	shortTrace(t, dir)
	writeFile(t, filepath.Join(dir, "page.md"), "# Jobs\n\n"+pageBegin+"old\n"+pageEnd+"\nThe end.\n")
	args := []string{"bench", "jobs", "--trace", "trace.csv", "--jobs", "20,60", "--gap", "0.1", "--time-limit", "4s", "--method", "placement",
		"--json", "jobs.jsonl", "--page", "page.md", "--svg", "growth.svg", "--plans", "plans"}
	e := wattbit(t, dir, exitOK, args...)
	e.mustSay(t, "summer", "time grows with the power")
	f, err := openLines(filepath.Join(dir, "jobs.jsonl"))
	if err != nil || len(f.lines) != 2 {
		t.Fatalf("%v, %v", f, err)
	}
	for i, l := range f.lines {
		a := l.Placement
		if l.Jobs != []int{20, 60}[i] || !l.Verified || l.Objective == nil || l.CO2T == nil || l.phaseSeconds("prices") == nil {
			t.Errorf("line %d: %+v", i, l)
		}
		if a == nil {
			t.Logf("NOT TESTED: the account of line %d; in 4 s there was no bound", i)
			continue
		}
		if a.Jobs != l.Jobs || a.Computing <= 0 || *l.Objective-*l.Bound > a.Total()+1 {
			t.Errorf("line %d: account %+v of cost %g and bound %g", i, a, *l.Objective, *l.Bound)
		}
	}
	wellFormed(t, readFile(t, dir, "growth.svg"))
	page := readFile(t, dir, "page.md")
	for _, want := range []string{"# Jobs\n\n" + pageBegin, "| summer | 20 | 24 | ", "| summer | 60 | 24 |", pageEnd + "\nThe end.\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "old") {
		t.Error("what stood between the marks is still there")
	}
	wattbit(t, dir, exitOK, "validate", filepath.Join("plans", "summer", "60"))
	// The same cases are not measured again, and the page comes out the same.
	wattbit(t, dir, exitOK, args...)
	wattbit(t, dir, exitOK, "bench", "jobs", "--page-only", "--json", "jobs.jsonl", "--page", "page.md")
	if n := strings.Count(readFile(t, dir, "jobs.jsonl"), "\n"); n != 2 {
		t.Errorf("%d lines", n)
	}
	if again := readFile(t, dir, "page.md"); again != page {
		t.Errorf("the page has changed:\n%s", again)
	}
}

func TestBenchJobsRefuses(t *testing.T) {
	dir := t.TempDir()
	shortTrace(t, dir)
	writeFile(t, filepath.Join(dir, "page.md"), "no marks\n")
	writeFile(t, filepath.Join(dir, "jobs.jsonl"), "")
	for _, args := range [][]string{
		{}, {"--trace", "none.csv"}, {"--trace", "trace.csv", "--units", "none.csv"}, {"--trace", "trace.csv", "--days", "spring"},
		{"--trace", "trace.csv", "--jobs", "0"}, {"--trace", "trace.csv", "--lumps", "2"}, {"--trace", "trace.csv", "--lumps", "many"},
		{"--page-only"}, {"--page-only", "--json", "jobs.jsonl"}, {"--page-only", "--json", "jobs.jsonl", "--page", "page.md"}, {"summer"},
	} {
		wattbit(t, dir, exitUsage, append([]string{"bench", "jobs"}, args...)...)
	}
	writeFile(t, filepath.Join(dir, "bad.csv"), "arrival_time,length\n")
	wattbit(t, dir, exitInvalid, "bench", "jobs", "--trace", "bad.csv").mustSay(t, "no column cpus")
}

// TestLatestJobs: the last line of each case, by case and number of jobs; failed
// ones and those of other benches are left out.
func TestLatestJobs(t *testing.T) {
	line := func(name, family, status string, jobs int, cost float64) *caseLine {
		return &caseLine{Case: name, Family: family, Status: status, Jobs: jobs, Objective: &cost}
	}
	lines := latestJobs([]*caseLine{
		line("summer/1000", "jobs", "limit", 1_000, 1), line("summer/200", "jobs", "optimal", 200, 2), line("summer/1000", "jobs", "optimal", 1_000, 3),
		line("summer/1000", "jobs", "error", 1_000, 4), line("growth/10", "growth", "optimal", 0, 5), line("highwind/1000", "jobs", "limit", 1_000, 6),
	})
	var got []float64
	for _, l := range lines {
		got = append(got, *l.Objective)
	}
	if fmt.Sprint(got) != "[6 2 3]" {
		t.Errorf("costs %v, want 6, 2 and 3", got)
	}
	if curves := jobCurves(lines); len(curves) != 2 || curves[0].name != "highwind" || len(curves[1].lines) != 2 {
		t.Errorf("curves %+v", curves)
	}
}

// TestAccountText: what a solve says of the gap: 30 of regrets and 10 of capacity are
// 4 % of 1,000.
func TestAccountText(t *testing.T) {
	p := &opt.PlacementAccount{Jobs: 7, Dropped: 2, Late: 1, Bound: 5_000, Computing: 1_000, Regret: 30, RegretDropped: 20, UnitSlack: 10, Relaxation: 5, Search: 55}
	if s := jobShare(p); s == nil || *s != 0.04 || p.Total() != 100 {
		t.Errorf("job side %v, gap %g", s, p.Total())
	}
	if p.Computing = 0; jobShare(p) != nil {
		t.Error("a share of nothing")
	}
}
