package jobtrace

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

// traceOf is a trace in memory.
func traceOf(name, text string) Trace {
	return Trace{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

func traceFile(name string) Trace {
	return Trace{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(name) }}
}

func preset(t testing.TB, name string) *Mapping {
	t.Helper()
	m, err := Preset(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// describe writes an import's result in lines: what became of the rows, then the
// jobs.
func describe(r *Result) string {
	var b strings.Builder
	c := r.Counts
	fmt.Fprintf(&b, "rows %d jobs %d before %d after %d running %d waiting %d past end %d rejected %d\n",
		c.Rows, c.Jobs, c.Before, c.After, c.Running, c.Waiting, c.PastEnd, c.Rejected)
	for _, l := range r.LeftOut() {
		fmt.Fprintf(&b, "left out %d: %s\n", l.Rows, l.Reason)
	}
	for _, x := range r.Rejects() {
		fmt.Fprintf(&b, "rejected %d: %s: %s (line %d, %q)\n", x.Rows, x.Column, x.Reason, x.First[0].Line, x.First[0].Text)
	}
	for i := range r.Jobs {
		j := &r.Jobs[i]
		fmt.Fprintf(&b, "%s %s %g units %g h at %g", j.Name, j.Shape, j.Units, j.WorkUnitH, j.ReleaseH)
		if j.DeadlineH != nil {
			fmt.Fprintf(&b, " by %g", *j.DeadlineH)
		}
		if j.Owner != "" {
			fmt.Fprintf(&b, " of %s", j.Owner)
		}
		if j.Priority > 0 {
			fmt.Fprintf(&b, " priority %d", j.Priority)
		}
		for _, a := range j.After {
			fmt.Fprintf(&b, " %g h after %s", a.LagH, a.Job)
		}
		if run := j.Running; run != nil {
			fmt.Fprintf(&b, " runs in %s with %g h done", run.Pool, run.DoneUnitH)
			if run.Units > 0 {
				fmt.Fprintf(&b, " on %g units", run.Units)
			}
			if run.Pinned {
				b.WriteString(" pinned")
			}
		}
		if j.N() > 1 {
			fmt.Fprintf(&b, " times %d", j.N())
		}
		b.WriteString("\n")
	}
	return b.String()
}

// accounted checks that every row is in exactly one count.
func accounted(t testing.TB, r *Result, o Options) {
	t.Helper()
	c := r.Counts
	sum := c.Jobs + c.Before + c.After + c.PastEnd + c.Rejected
	if o.CarryOver != Rest && o.CarryOver != GoOn {
		sum += c.Running
	}
	for _, l := range r.LeftOut() {
		sum += l.Rows
	}
	if sum != c.Rows {
		t.Errorf("%d rows, %d of them accounted for: %+v", c.Rows, sum, c)
	}
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	if got = strings.TrimSpace(got); got != strings.TrimSpace(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", what, got, strings.TrimSpace(want))
	}
}

func at(text string) From {
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err) // a test's own text
	}
	return From{Given: true, At: when}
}

// TestPresets: each preset reads a small sample, in which every line is there for
// a reason, as worked out by hand.
func TestPresets(t *testing.T) {
	day := at("2026-01-15T00:00:00Z")
	for _, c := range []struct {
		preset, file string
		o            Options
		want         string
	}{
		// The log begins at 2026-01-01T00:00:00Z. Job 2 runs from 0:30 to 2:30;
		// job 3 is submitted at 1:00 and waits until 2:00; job 4 has neither
		// wait nor run, only a request of 1.5 h.
		{"swf", "small.swf", Options{From: at("2026-01-01T01:00:00Z"), Hours: 20}, `
rows 12 jobs 2 before 0 after 1 running 2 waiting 0 past end 1 rejected 3
left out 1: a part of a job that has a line of its own
left out 1: cancelled before it ran
left out 1: ran for no time
rejected 1: : the row does not have 18 fields (line 15, "15 fields")
rejected 1: procs: has no value, and is the number of units (line 19, "")
rejected 1: submit: is not a number (line 16, "late")
3 rigid 8 units 4 h at 0 of queue-2
4 rigid 2 units 3 h at 0.111111111 of queue-2`},
		// 100 runs over midnight; 103 waits since yesterday and may take 1.5 h;
		// 104 runs and may take a day, but its limit is no number of minutes.
		{"sacct", "small.sacct", Options{From: day, Hours: 24}, `
rows 12 jobs 4 before 0 after 0 running 1 waiting 1 past end 0 rejected 4
left out 1: a step of a job (print with sacct -X)
left out 1: ended before it ran
left out 1: ended by the machine; the job has a later line
rejected 1: : the row does not have the 14 fields of the first row (line 12, "16 fields")
rejected 1: End: has no value, and is the length (line 8, "")
rejected 1: Submit: is not a date and time as in 2026-01-15T08:30:00 (line 13, "15 Jan 2026")
rejected 1: TimelimitRaw: is not a number (line 7, "1-00:00:00")
101 rigid 8 units 16 h at 1 of phys priority 2
103 rigid 16 units 24 h at 0 of chem
106 rigid 4 units 2 h at 7 of bio
106#2 rigid 4 units 2 h at 8 of bio`},
		{"pai", "small.pai", Options{From: From{Given: true, Hours: 1}, Hours: 24}, `
rows 9 jobs 3 before 0 after 0 running 0 waiting 0 past end 0 rejected 3
left out 1: failed without an end
left out 1: had not ended when the trace was taken
left out 1: never started
rejected 1: end_time: makes a length that is not above 0 (line 8, "7000.0")
rejected 1: inst_num: is not a number (line 7, "")
rejected 1: plan_gpu: has no value, and is the number of units (line 9, "")
a1/tensorflow rigid 0.5 units 1 h at 0
a2/ps rigid 8 units 4 h at 1
a2/worker rigid 4 units 2 h at 1`},
		{"openb", "small.openb.csv", Options{Hours: 24}, `
rows 5 jobs 3 before 0 after 0 running 0 waiting 0 past end 1 rejected 0
left out 1: was never scheduled
pod-1 rigid 0.46 units 0.912333333 h at 1 priority 2
pod-2 rigid 8 units 16 h at 2
pod-3 rigid 20 units 9.944444444 h at 2`},
		{"gaia", "small.gaia.csv", Options{Hours: 24, StepH: 1, Merge: true}, `
rows 5 jobs 3 before 0 after 0 running 0 waiting 0 past end 2 rejected 0
job-3 rigid 4 units 3 h at 1
job-4 rigid 4 units 3 h at 3 times 2`},
		// train: 4 pods of 2 GPUs for at most 2 h; jobset-sim: 2 + 8 * 1.5 CPUs.
		{"kueue", "small.kueue.json", Options{From: day, Hours: 24}, `
rows 7 jobs 2 before 0 after 0 running 0 waiting 1 past end 0 rejected 2
left out 1: has ended
left out 1: neither a job nor a workload
left out 1: the workload of a job, or the job of a workload, that is listed before
rejected 1: max_execution_s: has no value, and is the length (line 28, "")
rejected 1: spec.parallelism: has a value of the wrong kind (line 35, "string")
team-a/train rigid 8 units 16 h at 1 of a-queue
team-b/jobset-sim rigid 14 units 21 h at 0 of b-queue`},
	} {
		c.o.Region = "north"
		r, err := Import(context.Background(), []Trace{traceFile(filepath.Join("testdata", c.file))}, preset(t, c.preset), c.o)
		if err != nil {
			t.Errorf("%s: %v", c.preset, err)
			continue
		}
		same(t, c.preset, describe(r), c.want)
		accounted(t, r, c.o)
	}
}

// TestJobsAndWorkloadsInAnyOrder: a job and its workload are one piece of work,
// whichever is listed first.
func TestJobsAndWorkloadsInAnyOrder(t *testing.T) {
	const job = `{"kind": "Job", "metadata": {"name": "j", "uid": "1", "creationTimestamp": "2026-01-15T01:00:00Z"}, "spec": {"activeDeadlineSeconds": 3600,
		"template": {"spec": {"containers": [{"resources": {"requests": {"cpu": "2"}}}]}}}}`
	const workload = `{"kind": "Workload", "metadata": {"name": "w", "uid": "2", "creationTimestamp": "2026-01-15T01:00:00Z", "ownerReferences": [{"uid": "1"}]},
		"spec": {"maximumExecutionTimeSeconds": 3600, "podSets": [{"count": 1, "template": {"spec": {"containers": [{"resources": {"requests": {"cpu": "2"}}}]}}}]}}`
	for name, items := range map[string]string{"j": job + "," + workload, "w": workload + "," + job} {
		r, err := Import(context.Background(), []Trace{traceOf("x", `{"items": [`+items+`]}`)}, preset(t, "kueue"),
			Options{From: at("2026-01-15T00:00:00Z"), Hours: 24, Region: "north"})
		if err != nil || len(r.Jobs) != 1 || r.Jobs[0].Name != name || r.Jobs[0].WorkUnitH != 2 {
			t.Errorf("%s first: %v, %+v", name, err, r)
		}
	}
}

// TestPresetsAreWhole: every preset is listed, named by its file, and says what
// it is for.
func TestPresetsAreWhole(t *testing.T) {
	entries, err := presetFiles.ReadDir("presets")
	if err != nil || len(entries) != len(Presets()) {
		t.Errorf("%d files for %d presets (%v)", len(entries), len(Presets()), err)
	}
	for _, name := range Presets() {
		if m := preset(t, name); m.About == "" || m.Trace == nil {
			t.Errorf("%s does not say what it is for", name)
		}
	}
	if _, err := Preset("gia"); err == nil || !strings.Contains(err.Error(), "there are swf, sacct") {
		t.Errorf("an unknown preset: %v", err)
	}
}

// realTraces are the public traces that the design was made with, beside the
// repository where they are at hand.
const realTraces = "../../../../shared/data/jobs"

// TestRealTraces: what becomes of every row of three traces of 100,000 jobs.
func TestRealTraces(t *testing.T) {
	if _, err := os.Stat(realTraces); err != nil {
		t.Skip("NOT TESTED: the published traces; ../shared/data is not here")
	}
	for file, want := range map[string]string{
		"pai-100k.csv.gz":                "rows 99998 jobs 194 before 26118 after 73616 running 27 waiting 0 past end 43 rejected 0",
		"azure-100k.csv.gz":              "rows 99988 jobs 206 before 27305 after 72409 running 41 waiting 0 past end 27 rejected 0",
		"mustang-trace-2015-100k.csv.gz": "rows 100000 jobs 125 before 54761 after 45059 running 46 waiting 0 past end 9 rejected 0",
		"pai_day100.csv":                 "rows 237 jobs 194 before 0 after 0 running 0 waiting 0 past end 43 rejected 0",
	} {
		o := Options{From: From{Given: true, Hours: 2400}, Hours: 24, StepH: 1, Region: "north"}
		r, err := Import(context.Background(), []Trace{traceFile(filepath.Join(realTraces, file))}, preset(t, "gaia"), o)
		if err != nil {
			t.Error(err)
			continue
		}
		got, _, _ := strings.Cut(describe(r), "\n")
		same(t, file, got, want)
		accounted(t, r, o)
		for i := range r.Jobs {
			if j := &r.Jobs[i]; !(j.WorkUnitH > 0) || j.ReleaseH+j.WorkUnitH/j.Units > 24+1e-6 || len(j.Name) > model.MaxNameBytes {
				t.Fatalf("%s: %+v", file, j)
			}
		}
	}
}
