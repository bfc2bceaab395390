package jobtrace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

const gaiaHeader = "arrival_time,length,cpus\n"

func importGaia(t *testing.T, rows string, o Options) *Result {
	t.Helper()
	if o.Region == "" {
		o.Region = "north"
	}
	r, err := Import(context.Background(), []Trace{traceOf("x", gaiaHeader+rows)}, preset(t, "gaia"), o)
	if err != nil {
		t.Fatal(err)
	}
	accounted(t, r, o)
	return r
}

// TestWindow: jobs around the window from hour 10 to hour 20, in periods of 2 h.
func TestWindow(t *testing.T) {
	const rows = `8,2,1
8,3,4
10,1,1
13,2.5,1
17,3,2
18,2,1
19,1,1
20,1,1
`
	window := Options{From: From{Given: true, Hours: 10}, Hours: 10, StepH: 2}
	same(t, "leave", describe(importGaia(t, rows, window)), `
rows 8 jobs 3 before 1 after 1 running 1 waiting 0 past end 2 rejected 0
job-4 rigid 1 units 1 h at 0
job-5 rigid 1 units 2.5 h at 4
job-7 rigid 1 units 2 h at 8`)
	keep := window
	keep.CarryOver, keep.CutAtEnd = Rest, true
	r := importGaia(t, rows, keep)
	same(t, "keep", describe(r), `
rows 8 jobs 5 before 1 after 1 running 1 waiting 0 past end 1 rejected 0
job-3 rigid 4 units 4 h at 0
job-4 rigid 1 units 1 h at 0
job-5 rigid 1 units 2.5 h at 4
job-6 rigid 2 units 4 h at 8
job-7 rigid 1 units 2 h at 8`)
	if r.Counts.Cut != 1 {
		t.Errorf("%d jobs cut, want job-6 alone", r.Counts.Cut)
	}
	free := window
	free.StepH = 0
	same(t, "without periods", describe(importGaia(t, rows, free)), `
rows 8 jobs 5 before 1 after 1 running 1 waiting 0 past end 0 rejected 0
job-4 rigid 1 units 1 h at 0
job-5 rigid 1 units 2.5 h at 3
job-6 rigid 2 units 6 h at 7
job-7 rigid 1 units 2 h at 8
job-8 rigid 1 units 1 h at 9`)
	whole := importGaia(t, rows, Options{})
	if whole.Jobs != nil || whole.Counts.Jobs != 8 || whole.Counts.WorkUnitH != 2+12+1+2.5+6+2+1+1 || whole.FirstReleaseH != 8 || whole.LastReleaseH != 20 {
		t.Errorf("the whole trace: %+v", whole)
	}
}

// TestDeadlines: a slack's deadline in periods of 2 h, no earlier than the end of
// the work, and left out past the window.
func TestDeadlines(t *testing.T) {
	m := mapping(t, "rules: [{slack: {factor: 2, hours: 0.5}}]").Over(preset(t, "gaia"))
	r, err := Import(context.Background(), []Trace{traceOf("x", gaiaHeader+"1,0.5,1\n1,3,1\n3,4,1\n")}, m, Options{Hours: 10, StepH: 2, Region: "n"})
	if err != nil {
		t.Fatal(err)
	}
	// 1 + 2*0.5 + 0.5 = 2.5, but from 2 a period of 2 h ends at 4; 1 + 6.5 =
	// 7.5, down to 6; 3 + 8.5 is past the end.
	same(t, "deadlines", describe(r), `
rows 3 jobs 3 before 0 after 0 running 0 waiting 0 past end 0 rejected 0
job-2 rigid 1 units 0.5 h at 2 by 4
job-3 rigid 1 units 3 h at 2 by 6
job-4 rigid 1 units 4 h at 4`)
	if r.Counts.LaterDeadline != 1 || r.Counts.DeadlinePastEnd != 1 {
		t.Errorf("counts %+v", r.Counts)
	}
}

// TestSeveralTraces: names stay unique over files, and a number that is taken is
// passed over.
func TestSeveralTraces(t *testing.T) {
	m := mapping(t, "fields: {name: [id]}").Over(preset(t, "gaia"))
	text := "id,arrival_time,length,cpus\na,0,1,1\na#2,0,1,1\na,0,1,1\na,0,1,1\n"
	r, err := Import(context.Background(), []Trace{traceOf("x", text), traceOf("y", text)}, m, Options{Hours: 10, Region: "n"})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i := range r.Jobs {
		if seen[r.Jobs[i].Name] {
			t.Errorf("two jobs named %s", r.Jobs[i].Name)
		}
		seen[r.Jobs[i].Name] = true
	}
	if len(r.Jobs) != 8 || !seen["a#3"] || r.Counts.Renamed != 6 {
		t.Errorf("jobs %v, %d renamed", seen, r.Counts.Renamed)
	}
}

// TestTooManyJobs: more jobs than a case takes are refused, jobs outside the
// window do not count, and reading can be interrupted.
func TestTooManyJobs(t *testing.T) {
	text := gaiaHeader + strings.Repeat("1,1,1\n", 11) + strings.Repeat("90,1,1\n", 20_000)
	o := Options{Hours: 24, Region: "n"}
	_, err := importJobs(context.Background(), []Trace{traceOf("x", text)}, preset(t, "gaia"), o, 10)
	if err == nil || err.Error() != "x:12: the window holds more than 10 jobs, the most that a case takes; choose a shorter window, or leave rows out by a rule" {
		t.Errorf("11 jobs of at most 10: %v", err)
	}
	if r, err := importJobs(context.Background(), []Trace{traceOf("x", text)}, preset(t, "gaia"), o, 11); err != nil || len(r.Jobs) != 11 {
		t.Errorf("11 jobs of at most 11: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Import(ctx, []Trace{traceOf("x", text)}, preset(t, "gaia"), o); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// smallCase has one region, one site with 8 CPUs, and 4 periods of 1 h.
func smallCase(t *testing.T) *model.Case {
	t.Helper()
	c := &model.Case{Format: model.CaseFormat, Name: "small", Currency: "EUR",
		Horizon: model.Horizon{Start: at("2026-01-01T01:00:00Z").At, Zone: "UTC", Periods: []model.PeriodRun{{Count: 4, Hours: 1}}},
		Buses:   []model.Bus{{Name: "b"}}, Regions: []model.Region{{Name: "north"}},
		Sites: []model.Site{{Name: "s", Bus: "b", Region: "north"}},
		Pools: []model.Pool{{Name: "p", Site: "s", Kind: "cpu", Modules: 1, UnitsPerModule: 8}}}
	if _, err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAgainstACase: the case gives the window, and jobs that it cannot take are
// rejected one by one.
func TestAgainstACase(t *testing.T) {
	r := importGaia(t, "0,1,8\n0.5,1,9\n1,9,1\n2,1,1\n", Options{Case: smallCase(t)})
	same(t, "jobs", describe(r), `
rows 4 jobs 2 before 0 after 0 running 0 waiting 0 past end 1 rejected 1
rejected 1: : does not fit the case: no pool can run it (line 3, "no pool can run it: p (site s): gang of 9 units exceeds the pool's 8")
job-2 rigid 8 units 8 h at 0
job-5 rigid 1 units 1 h at 2`)
	if r.Hours != 4 || r.StepH != 1 {
		t.Errorf("the window is %g h in periods of %g", r.Hours, r.StepH)
	}
	lost := importGaia(t, "0,1,8\n", Options{Case: smallCase(t), Region: "south"})
	same(t, "region", describe(lost), `
rows 1 jobs 0 before 0 after 0 running 0 waiting 0 past end 0 rejected 1
rejected 1: : does not fit the case: the job's region: south is not in regions (line 2, "south is not in regions")`)
	swf, err := Import(context.Background(), []Trace{traceFile("testdata/small.swf")}, preset(t, "swf"),
		Options{Case: smallCase(t), Region: "north", From: at("2026-01-01T00:00:00Z")})
	if err != nil || len(swf.Jobs) != 3 || swf.Jobs[0].Name != "2" {
		t.Errorf("%v: %s", err, describe(swf))
	}
}

// TestImportInto: the table reads back as the jobs of the case; files appear
// together or not at all, and none is replaced.
func TestImportInto(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "jobs")
	traces := []Trace{traceOf("x.csv", gaiaHeader+"0,1,8\n1,one,1\n\"2\",1,\xff\n2,1,1\n")}
	o := Options{Hours: 4, StepH: 1, Region: "north"}
	r, err := ImportInto(context.Background(), dir, "jobs/jobs.csv", traces, preset(t, "gaia"), o)
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	same(t, "table", read(JobsFile), "name,region,shape,units,work_unit_h,release_h\njob-2,north,rigid,8,8,\njob-5,north,rigid,1,1,2")
	same(t, "rejects", read(RejectsFile), "file,line,column,reason,text\nx.csv,3,length,is not a number,one\nx.csv,4,cpus,is not a number,\ufffd")
	same(t, "fragment", read(FragmentFile), `
# Jobs of "x.csv", imported by wattbit:
# 2 jobs (2 rows of the table), 9 unit-hours; the horizon begins at hour 0 of the trace and has 4 h.
# To use them, put this line into a case in place of its jobs.
jobs: {csv: jobs/jobs.csv}`)
	if len(r.Jobs) != 2 {
		t.Errorf("jobs %+v", r.Jobs)
	}
	c := smallCase(t)
	file := filepath.Join(filepath.Dir(dir), "case.yaml")
	if err := model.WriteCaseFile(file, c); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(f, "\n"+read(FragmentFile)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, report, err := model.ReadCaseFile(file, model.ReadOptions{})
	if err != nil || len(report.Warnings) > 0 {
		t.Fatalf("%v %v", err, report)
	}
	if fmt.Sprint(got.Jobs) != fmt.Sprint(r.Jobs) {
		t.Errorf("jobs %+v, want %+v", got.Jobs, r.Jobs)
	}
	if _, err := ImportInto(context.Background(), dir, "jobs.csv", traces, preset(t, "gaia"), o); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second import: %v", err)
	}
	read(FragmentFile) // is still there

	clean := filepath.Join(t.TempDir(), "clean")
	if _, err := ImportInto(context.Background(), clean, "jobs.csv", []Trace{traceOf("x", gaiaHeader+"0,1,8\n")}, preset(t, "gaia"), o); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(clean, RejectsFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a list of no rejects: %v", err)
	}
	failed := filepath.Join(t.TempDir(), "failed")
	if _, err := ImportInto(context.Background(), failed, "jobs.csv", []Trace{traceOf("x", "a,b\n")}, preset(t, "gaia"), o); err == nil {
		t.Error("a trace without the columns is imported")
	}
	if _, err := os.Stat(failed); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a failed import leaves its folder: %v", err)
	}
}
