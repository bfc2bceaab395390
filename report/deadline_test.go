package report

import (
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

// waitCase has one pool over 1, 1, 2 and 1 hours, whose units draw a megawatt at
// 10, 100, 20 and 5 a MWh, and the given jobs with their plans.
func waitCase(jobs []model.Job, plans []model.JobPlan) (*model.Case, *model.Plan) {
	start := time.Date(2024, 3, 1, 6, 0, 0, 0, time.UTC)
	c := &model.Case{
		Format: model.CaseFormat, Name: "Wait", Currency: "EUR",
		Horizon: model.Horizon{Start: start, Zone: "UTC", Periods: []model.PeriodRun{{Count: 2, Hours: 1}, {Count: 1, Hours: 2}, {Count: 1, Hours: 1}}},
		Buses:   []model.Bus{{Name: "b"}}, Regions: []model.Region{{Name: "r"}},
		Sites: []model.Site{{Name: "S", Bus: "b", Region: "r"}},
		Pools: []model.Pool{{Name: "P", Site: "S", Modules: 1, UnitsPerModule: 10, DynamicMWPerUnit: 1}},
		Jobs:  jobs,
	}
	zeros := func() []float64 { return make([]float64, 4) }
	p := &model.Plan{
		Format: model.PlanFormat, Case: c.Name, Currency: "EUR", Start: start, Zone: "UTC", PeriodHours: []float64{1, 1, 2, 1}, Status: model.PlanFeasible,
		Buses: []model.BusPlan{{Name: "b", ShedMW: zeros(), SpillMW: zeros()}},
		Sites: []model.SitePlan{{Name: "S", PowerMW: zeros()}},
		Pools: []model.PoolPlan{{Name: "P", ModulesOn: []int{1, 1, 1, 1}, ModuleStarts: make([]int, 4), ModuleStops: make([]int, 4), BusyUnits: zeros()}},
		Jobs:  plans,
		Prices: &model.Prices{Power: []model.PriceSeries{{Name: "b", Values: []float64{10, 100, 20, 5}}},
			Compute: []model.PriceSeries{{Name: "P", Values: zeros()}}},
	}
	return c, p
}

func TestDeadlinePriceByHand(t *testing.T) {
	rigid := func(job model.Job) model.Job {
		job.Name, job.Region, job.Shape, job.Units = "J", "r", model.Rigid, 2
		if job.WorkUnitH == 0 {
			job.WorkUnitH = 2
		}
		return job
	}
	at := func(first int, busy ...float64) model.JobPlan {
		return model.JobPlan{Job: "J", Number: 1, Pool: "P", First: first, BusyUnits: busy}
	}
	dropped := model.JobPlan{Job: "J", Number: 1, Dropped: true}
	for _, test := range []struct {
		name string
		job  model.Job
		plan model.JobPlan
		want float64 // NaN: not asked
	}{
		// 200 in the second hour, or 40 in one of the two after.
		{"rigid", rigid(model.Job{ReleaseH: 1, DeadlineH: ptr(2.0)}), at(1, 2), (200 - 40) / 2.0},
		// Only the last period adds: 40 already, then 10.
		{"inside a period", rigid(model.Job{ReleaseH: 1, DeadlineH: ptr(4.5)}), at(2, 1), 40 - 10},
		{"cheapest first", rigid(model.Job{DeadlineH: ptr(2.0)}), at(0, 2), 0},
		{"deadline at the end", rigid(model.Job{ReleaseH: 1, DeadlineH: ptr(5.0)}), at(3, 2), math.NaN()},
		{"no deadline", rigid(model.Job{}), at(3, 2), math.NaN()},
		// On time for 200, two hours late for 40 + 60, three for 10 + 90; then 40.
		{"soft", rigid(model.Job{ReleaseH: 1, DeadlineH: ptr(2.0), LatePricePerH: ptr(30.0)}), at(1, 2), (100 - 40) / 2.0},
		{"due before the deadline", rigid(model.Job{ReleaseH: 1, DueH: ptr(2.0), DeadlineH: ptr(4.0), LatePricePerH: ptr(30.0)}), at(1, 2), (100 - 40) / 2.0},
		// Two hours are there in the third period, for 80.
		{"dropped", rigid(model.Job{ReleaseH: 1, WorkUnitH: 4, DeadlineH: ptr(2.0), DropPrice: ptr(500.0)}), dropped, (500 - 80) / 2.0},
		{"dropped for less", rigid(model.Job{ReleaseH: 1, WorkUnitH: 4, DeadlineH: ptr(2.0), DropPrice: ptr(70.0)}), dropped, 0},
		{"moldable", model.Job{Name: "J", Region: "r", Shape: model.Moldable, WorkUnitH: 6, DeadlineH: ptr(2.0),
			Scaling: []model.ScalingPoint{{Units: 2, EffectiveUnits: 2}, {Units: 8, EffectiveUnits: 6}}}, at(0, 8), (80 - min(80, 2*10+2*100+2*20)) / 2.0},
		// 2 at 10 and 2 at 100, or 2 at 10 and 2 at 20.
		{"preemptible", model.Job{Name: "J", Region: "r", Shape: model.Preemptible, Units: 2, WorkUnitH: 4, DeadlineH: ptr(2.0)}, at(0, 2, 2), (220 - 60) / 2.0},
		// 3 units do the work of 2: 30 and 100 for the wide first hour and a narrow
		// second one; later the two at 20.
		{"malleable", model.Job{Name: "J", Region: "r", Shape: model.Malleable, WorkUnitH: 3, DeadlineH: ptr(2.0),
			Scaling: []model.ScalingPoint{{Units: 1, EffectiveUnits: 1}, {Units: 3, EffectiveUnits: 2}}}, at(0, 3, 1), (130 - (10 + 40)) / 2.0},
		// It goes on for 20 + 200, or begins anew after the second hour for 80.
		{"running", rigid(model.Job{WorkUnitH: 4, DeadlineH: ptr(2.0), Running: &model.Running{Pool: "P"}}), at(0, 2, 2), (220 - 80) / 2.0},
		{"running and pinned", rigid(model.Job{WorkUnitH: 4, DeadlineH: ptr(2.0), Running: &model.Running{Pool: "P", Pinned: true}}), at(0, 2, 2), 0},
		// 4 of 6 unit-h are left; all 6 take three hours, of which two are there.
		{"too much to begin anew", rigid(model.Job{WorkUnitH: 6, DeadlineH: ptr(2.0), Running: &model.Running{Pool: "P", DoneUnitH: 2}}), at(0, 2, 2), 0},
		// 4 unit-h are left: 2 at 10 and 2 at 100, or 2 at 10 and 2 at 20.
		{"running preemptible", model.Job{Name: "J", Region: "r", Shape: model.Preemptible, Units: 2, WorkUnitH: 7, DeadlineH: ptr(2.0),
			Running: &model.Running{Pool: "P", DoneUnitH: 3}}, at(0, 2, 2), (220 - 60) / 2.0},
		// On time for 20, or left for 2 and three hours late, then one.
		{"left", rigid(model.Job{DueH: ptr(2.0), LatePricePerH: ptr(5.0), BacklogPricePerUnitH: ptr(1.0)}), at(0, 2), (2 + 15 - (2 + 5)) / 2.0},
		// On time in the third period for 80; or for an hour in the fourth, 10, with 2
		// unit-h left for 40, an hour late and then on time. Not begun, 80 are to be paid.
		{"left in part", rigid(model.Job{ReleaseH: 1, WorkUnitH: 4, DueH: ptr(4.0), LatePricePerH: ptr(25.0), BacklogPricePerUnitH: ptr(20.0)}), at(2, 2), 75 - 50},
		// 80 on time; 10 for the fourth period's hour, and 2 left for 30.
		{"preemptible left in part", model.Job{Name: "J", Region: "r", Shape: model.Preemptible, Units: 2, ReleaseH: 1, WorkUnitH: 4, DueH: ptr(4.0),
			LatePricePerH: ptr(35.0), BacklogPricePerUnitH: ptr(15.0)}, at(2, 2), 75 - 40},
		{"migrates", model.Job{Name: "J", Region: "r", Shape: model.Preemptible, Units: 2, WorkUnitH: 4, DeadlineH: ptr(2.0), Migration: &model.Migration{}},
			model.JobPlan{Job: "J", Number: 1, Pool: "P", First: 0, BusyUnits: []float64{2}, HeldUnits: []float64{2},
				Then: []model.JobRun{{Pool: "P", First: 1, BusyUnits: []float64{2}, HeldUnits: []float64{2}}}}, math.NaN()},
	} {
		c, p := waitCase([]model.Job{test.job}, []model.JobPlan{test.plan})
		j, err := join(c, p)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		got := j.deadlines()[0].perH
		if math.IsNaN(test.want) != math.IsNaN(got) || math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// TestDeadlinePriceKnowsOthers: where others hold the units, a later deadline
// saves nothing, and a job's own units are free to it.
func TestDeadlinePriceKnowsOthers(t *testing.T) {
	jobs := []model.Job{
		{Name: "J", Region: "r", Shape: model.Rigid, Units: 2, WorkUnitH: 2, ReleaseH: 1, DeadlineH: ptr(2.0)},
		{Name: "K", Region: "r", Shape: model.Rigid, Units: 9, WorkUnitH: 18},
		{Name: "L", Region: "r", Shape: model.Rigid, Units: 2, WorkUnitH: 2, DeadlineH: ptr(2.0), After: []model.Precedence{{Job: "J", LagH: 0.5}}},
	}
	plans := []model.JobPlan{
		{Job: "J", Number: 1, Pool: "P", First: 1, BusyUnits: []float64{2}},
		{Job: "K", Number: 1, Pool: "P", First: 2, BusyUnits: []float64{9}},
		{Job: "L", Number: 1, Dropped: true},
	}
	c, p := waitCase(jobs, plans)
	s := mustSummarise(t, c, p).Computing.Deadlines
	if s.Bound != 0 || s.Asked != 2 || len(s.Dearest) != 0 {
		t.Errorf("got %+v", s)
	}
	c.Jobs[1].Units, c.Jobs[1].WorkUnitH, p.Jobs[1].BusyUnits[0] = 8, 16, 8
	s = mustSummarise(t, c, p).Computing.Deadlines
	if s.Bound != 1 || s.Dearest[0].Job != "J" || s.Dearest[0].SavesPerH != 80 || s.Dearest[0].Pool != "P" ||
		s.Dearest[0].Deadline.Format("15:04") != "08:00" {
		t.Errorf("got %+v", s)
	}
	// K needs the 8 units that it holds: it is where it should be.
	c.Jobs[1].DeadlineH = ptr(4.0)
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	if got := j.deadlines()[1].perH; got != 0 {
		t.Errorf("K: %v", got)
	}
	dir := t.TempDir()
	if err := Tables(dir, c, p); err != nil {
		t.Fatal(err)
	}
	rows := readTable(t, filepath.Join(dir, "jobs.csv"))
	if rows[0]["hour_later_saves"] != "80" || rows[0]["power_cost"] != "200" || rows[2]["penalty_cost"] != "20000" {
		t.Errorf("jobs.csv holds %v", rows)
	}
}

// TestDeadlinePriceAfterAnUndoneJob: what comes after a job that is dropped does not
// begin, however late its deadline; one that may leave work pays less for being late, and
// would run nowhere.
func TestDeadlinePriceAfterAnUndoneJob(t *testing.T) {
	after := []model.Precedence{{Job: "K"}}
	jobs := []model.Job{
		{Name: "K", Region: "r", Shape: model.Rigid, Units: 1, WorkUnitH: 1},
		{Name: "L", Region: "r", Shape: model.Rigid, Units: 2, WorkUnitH: 2, DeadlineH: ptr(2.0), After: after},
		{Name: "M", Region: "r", Shape: model.Rigid, Units: 2, WorkUnitH: 2, DueH: ptr(2.0), LatePricePerH: ptr(5.0), BacklogPricePerUnitH: ptr(1.0), After: after},
	}
	c, p := waitCase(jobs, []model.JobPlan{
		{Job: "K", Number: 1, Dropped: true}, {Job: "L", Number: 1, Dropped: true}, {Job: "M", Number: 1, LeftUnitH: 2, LateH: 3},
	})
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	if d := j.deadlines(); d[1].perH != 0 || d[2].perH != 5 || d[2].pool != -1 {
		t.Errorf("got %+v", d)
	}
}

// TestDeadlinePriceInAFullPool: K holds all units, so a dropped job of 2 units for two hours is
// offered others' at their price. In the third period, of two hours, 2 (20 + 50) 2 = 280
// instead of the drop price of 500; at 200 a unit-hour it would be 880, and where a unit
// has no price none is to be had. One that may pause would not take the second hour, which is
// dearer.
func TestDeadlinePriceInAFullPool(t *testing.T) {
	k := model.Job{Name: "K", Region: "r", Shape: model.Rigid, Units: 10, WorkUnitH: 50}
	held := model.JobPlan{Job: "K", Number: 1, Pool: "P", First: 0, BusyUnits: []float64{10, 10, 10, 10}}
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		job := model.Job{Name: "J", Region: "r", Shape: shape, Units: 2, WorkUnitH: 4, ReleaseH: 1, DeadlineH: ptr(2.0), DropPrice: ptr(500.0)}
		for _, test := range []struct{ unit, want float64 }{{50, (500 - 280) / 2.0}, {200, 0}, {0, 0}} {
			c, p := waitCase([]model.Job{job, k}, []model.JobPlan{{Job: "J", Number: 1, Dropped: true}, held})
			p.Prices.Compute[0].Values = []float64{test.unit, test.unit, test.unit, test.unit}
			j, err := join(c, p)
			if err != nil {
				t.Fatal(err)
			}
			if got := j.deadlines()[0].perH; math.Abs(got-test.want) > 1e-9 {
				t.Errorf("%s at %v a unit-hour: %v, want %v", shape, test.unit, got, test.want)
			}
		}
	}
}

// TestSteadyPlaces: a start is good where no period of its run is short of units.
func TestSteadyPlaces(t *testing.T) {
	for blocked := range 4 {
		job := model.Job{Name: "J", Region: "r", Shape: model.Rigid, Units: 2, WorkUnitH: 4, DeadlineH: ptr(5.0)}
		c, p := waitCase([]model.Job{job, {Name: "K", Region: "r", Shape: model.Rigid, Units: 9, WorkUnitH: 9}},
			[]model.JobPlan{{Job: "J", Number: 1, Dropped: true}, {Job: "K", Number: 1, Pool: "P", First: blocked, BusyUnits: []float64{9}}})
		j, err := join(c, p)
		if err != nil {
			t.Fatal(err)
		}
		w := &jobWindow{last: 4, laterLast: 4, due: math.Inf(1), laterDue: math.Inf(1)}
		got := j.newPlacer(j.poolPrices()).best(&job, nil, w).now
		// From the first period 2 (10 + 100), from the second 2 (100 + 20), in the
		// third alone 2 (20 + 20), and from the fourth no two hours are left.
		if want := []float64{80, 80, 220, 80}[blocked]; got != want {
			t.Errorf("without period %d: %v, want %v", blocked, got, want)
		}
	}
}
