package carryover

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/report"
)

func ptr[T any](v T) *T { return &v }

// sixHours has a pool P of speed 1 and Q of speed 2, and a plan of jobs of every kind.
func sixHours() (*model.Case, *model.Plan) {
	start := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
	two := []model.ScalingPoint{{Units: 1, EffectiveUnits: 1}, {Units: 2, EffectiveUnits: 1.8}}
	c := &model.Case{
		Format: model.CaseFormat, Name: "six hours", Currency: "EUR",
		Horizon: model.Horizon{Start: start, Periods: []model.PeriodRun{{Count: 6, Hours: 1}}},
		Buses:   []model.Bus{{Name: "b"}},
		Regions: []model.Region{{Name: "r", Bus: "b"}},
		Sites:   []model.Site{{Name: "s", Bus: "b", Region: "r"}},
		Pools: []model.Pool{
			{Name: "P", Site: "s", Modules: 1, UnitsPerModule: 20, AlwaysOn: true},
			{Name: "Q", Site: "s", Modules: 1, UnitsPerModule: 20, AlwaysOn: true, Speed: ptr(2.0)},
		},
		Jobs: []model.Job{
			{Name: "class", Count: 2, Shape: model.Rigid, Units: 2, WorkUnitH: 8, DeadlineH: ptr(6.0), ReleaseH: 1},
			{Name: "gang", Shape: model.Preemptible, Units: 4, WorkUnitH: 12, RestartH: 0.5, MaxInterruptions: ptr(3)},
			{Name: "moldable", Shape: model.Moldable, Scaling: two, WorkUnitH: 9, After: []model.Precedence{{Job: "done"}}},
			{Name: "late", Shape: model.Rigid, Units: 1, WorkUnitH: 5, DeadlineH: ptr(2.0), LatePricePerH: ptr(10.0)},
			{Name: "done", Shape: model.Rigid, Units: 1, WorkUnitH: 2},
			{Name: "dropped", Shape: model.Rigid, Units: 1, WorkUnitH: 2},
			{Name: "paused", Shape: model.Preemptible, Units: 3, WorkUnitH: 11, Running: &model.Running{Pool: "Q", DoneUnitH: 5}},
			{Name: "moved", Shape: model.Preemptible, Units: 4, WorkUnitH: 20, Migration: &model.Migration{}},
			{Name: "on", Shape: model.Moldable, Scaling: two, WorkUnitH: 8, Running: &model.Running{Pool: "P", DoneUnitH: 2, Units: 1}},
			{Name: "anew", Shape: model.Rigid, Units: 1, WorkUnitH: 3, Running: &model.Running{Pool: "P", DoneUnitH: 2}},
			{Name: "backlog", Shape: model.Malleable, Scaling: two, WorkUnitH: 9, BacklogPricePerUnitH: ptr(1.0)},
		},
	}
	for i := range c.Jobs {
		c.Jobs[i].Region = "r"
	}
	none := func() []float64 { return make([]float64, 6) }
	p := &model.Plan{
		Format: model.PlanFormat, Case: c.Name, Currency: "EUR", Start: start, PeriodHours: c.Horizon.Hours(), Status: model.PlanOptimal,
		Buses: []model.BusPlan{{Name: "b", ShedMW: none(), SpillMW: none()}},
		Sites: []model.SitePlan{{Name: "s", PowerMW: none()}},
		Jobs: []model.JobPlan{
			{Job: "class", Number: 1, Pool: "P", First: 1, BusyUnits: []float64{2, 2, 2, 2}},
			{Job: "class", Number: 2, Pool: "Q", First: 3, BusyUnits: []float64{2, 2}},
			{Job: "gang", Number: 1, Pool: "P", BusyUnits: []float64{4, 0, 4, 0, 4, 4}, HeldUnits: []float64{4, 0, 4, 0, 4, 4}},
			{Job: "moldable", Number: 1, Pool: "Q", First: 2, BusyUnits: []float64{2, 2, 1}, HeldUnits: []float64{2, 2, 2}},
			{Job: "late", Number: 1, Pool: "P", BusyUnits: []float64{1, 1, 1, 1, 1}, LateH: 3},
			{Job: "done", Number: 1, Pool: "P", BusyUnits: []float64{1, 1}},
			{Job: "dropped", Number: 1, Dropped: true},
			{Job: "paused", Number: 1, Pool: "Q", First: 4, BusyUnits: []float64{3}},
			{Job: "moved", Number: 1, Pool: "P", BusyUnits: []float64{4}, HeldUnits: []float64{4},
				Then: []model.JobRun{{Pool: "Q", First: 2, BusyUnits: []float64{4, 4}, HeldUnits: []float64{4, 4}}}},
			{Job: "on", Number: 1, Pool: "P", BusyUnits: []float64{1, 1, 1, 1, 1, 1}, HeldUnits: []float64{1, 1, 1, 1, 1, 1}},
			{Job: "anew", Number: 1, Pool: "Q", First: 4, BusyUnits: []float64{1, 0.5}},
			{Job: "backlog", Number: 1, Pool: "P", First: 1, BusyUnits: []float64{1, 2}, LeftUnitH: 6.2},
		},
	}
	on, off := []int{1, 1, 1, 1, 1, 1}, make([]int, 6)
	for _, pool := range c.Pools {
		p.Pools = append(p.Pools, model.PoolPlan{Name: pool.Name, ModulesOn: on, ModuleStarts: off, ModuleStops: off, BusyUnits: none()})
	}
	return c, p
}

func carry(t *testing.T, hours int, pinned bool) (*model.Case, []model.Job) {
	t.Helper()
	c, p := sixHours()
	rows, err := report.NewJobRows(c, p)
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := Jobs(c, p, rows, Options{At: c.Horizon.Start.Add(time.Duration(hours) * time.Hour), Pinned: pinned})
	if err != nil {
		t.Fatal(err)
	}
	return c, jobs
}

func describe(jobs []model.Job) []string {
	var out []string
	for i := range jobs {
		j := &jobs[i]
		text := fmt.Sprintf("%s: %g in %s", j.Name, j.Running.DoneUnitH, j.Running.Pool)
		if j.Running.Units > 0 {
			text += fmt.Sprintf(" on %g", j.Running.Units)
		}
		if j.DeadlineH != nil {
			text += fmt.Sprintf(" by %g", *j.DeadlineH)
		}
		if j.DueH != nil {
			text += fmt.Sprintf(" due %g", *j.DueH)
		}
		if j.MaxInterruptions != nil {
			text += fmt.Sprintf(" interrupted %d times more", *j.MaxInterruptions)
		}
		if j.Running.Pinned {
			text += " pinned"
		}
		out = append(out, text)
	}
	return out
}

// TestJobs: after three hours. class#1 has done 2 hours of 2 units, and its deadline is 3
// hours off; class#2 has not begun. gang was on in two hours, 8 unit-h, of which one
// interruption took 0.5 h of 4 units: 6. moldable did an hour of 1.8 at speed 2. late is so
// from the beginning. paused keeps the 5 that it had. moved did 4 in P and 4 at speed 2
// in Q, and has no move left. on had 2 and did 3; anew begins again, and not yet. backlog
// did 1 and 1.8, and leaves work.
func TestJobs(t *testing.T) {
	c, jobs := carry(t, 3, false)
	want := []string{
		"class#1: 4 in P by 3", "gang: 6 in P interrupted 2 times more", "moldable: 3.6 in Q on 2", "late: 3 in P due 0", "paused: 5 in Q",
		"moved: 12 in Q pinned", "on: 5 in P on 1", "backlog: 2.8 in P",
	}
	if got := describe(jobs); !slices.Equal(got, want) {
		t.Errorf("after three hours:\n%s", strings.Join(got, "\n"))
	}
	// They are the jobs of a case that begins then.
	c.Horizon.Start = c.Horizon.Start.Add(3 * time.Hour)
	c.Jobs = jobs
	warnings, err := c.Validate()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range warnings {
		if w.Item != "moved" { // which is pinned, and gives a migration
			t.Errorf("warning: %v", w)
		}
	}
	for i := range jobs {
		if j := &jobs[i]; j.N() != 1 || j.ReleaseH != 0 || j.After != nil {
			t.Errorf("%s: %+v", j.Name, j)
		}
	}
}

// TestJobsAtTheEnd: only what has work left at the plan's end goes on after it, and stays
// where it is if asked.
func TestJobsAtTheEnd(t *testing.T) {
	_, jobs := carry(t, 6, true)
	if got := describe(jobs); !slices.Equal(got, []string{"backlog: 2.8 in P pinned"}) {
		t.Errorf("at the end: %q", got)
	}
}

// TestNoSuchTime: only where a period begins or the last one ends is it known what jobs
// have done.
func TestNoSuchTime(t *testing.T) {
	c, p := sixHours()
	rows, err := report.NewJobRows(c, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, minutes := range []int{0, 90, 420} {
		if _, err := Jobs(c, p, rows, Options{At: c.Horizon.Start.Add(time.Duration(minutes) * time.Minute)}); err == nil || !strings.Contains(err.Error(), "neither the beginning of a period") {
			t.Errorf("after %d minutes: %v", minutes, err)
		}
	}
}
