package opt

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
)

// TestPlacement: on random joint cases with jobs that can be placed, the placement's bound is
// at most the least cost, and it has a verified plan wherever there is one, which costs no
// less. How much more it costs is measured and limited: in half of these cases, which are so
// small that one job may fill a pool, it costs no more.
func TestPlacement(t *testing.T) {
	enginetest.Sequential(t)
	e := oracleEngine(t)
	cases := 32
	if testing.Short() {
		cases = 8
	}
	var loss, share []float64 // of all money paid and earned, and of the cost of computing
	exact, idle, all, beyond, computing := 0, 0, 0.0, 0.0, 0.0
	for seed := uint64(0); len(loss) < cases; seed++ {
		c := randomcase.Case(seed)
		if len(c.Jobs) == 0 || len(newJobPlaces(c, fewOffering).problem.Jobs) == 0 {
			continue
		}
		whole, err := Solve(t.Context(), c, Options{Engine: e, Gap: 1e-7, Method: Monolith})
		if err != nil {
			t.Fatal(err)
		}
		out, err := Solve(t.Context(), c, Options{Engine: e, Gap: 1e-6, Method: Placement})
		if err != nil {
			t.Fatal(err)
		}
		if (whole.Plan == nil) != (out.Plan == nil) {
			t.Errorf("seed %d: %v as a whole, %v placed: %q", seed, whole.Status, out.Status, out.Notes)
		}
		if whole.Plan == nil || out.Plan == nil {
			continue
		}
		if out.Method != Placement || !out.Report.OK() || out.Plan.Bound == nil || out.Placement == nil {
			t.Errorf("seed %d: %v by %v, %q, bound %v, account %+v", seed, out.Status, out.Method, out.Notes, out.Plan.Bound, out.Placement)
			continue
		}
		least, cost, bound := whole.Plan.Objective, out.Plan.Objective, *out.Plan.Bound
		size := math.Max(100, math.Abs(least))
		if bound > least+1e-6*size || cost < least-1e-6*size {
			t.Errorf("seed %d: bound %.10g, cost %.10g, and the least cost is %.10g", seed, bound, cost, least)
		}
		if a := out.Placement; math.Abs(bound+a.Total()-cost) > 1e-6*size {
			t.Errorf("seed %d: the account adds up to %.10g, the cost is %.10g", seed, bound+a.Total(), cost)
		}
		more := math.Max(0, cost-least)
		if more <= 1e-6*size {
			exact++
		}
		if done(out.Plan) == 0 && done(whole.Plan) > 0 {
			idle++
			t.Logf("seed %d: all jobs are dropped, which costs %.6g", seed, more)
		}
		paid := 100.0
		for _, item := range whole.Plan.Costs {
			paid += math.Abs(item.Amount)
		}
		loss, share = append(loss, more/paid), append(share, more/math.Max(1, math.Abs(out.Placement.Computing)))
		all, beyond, computing = all+more/paid, beyond+more, computing+math.Abs(out.Placement.Computing)
	}
	slices.Sort(loss)
	slices.Sort(share)
	at := func(of []float64, part float64) float64 { return of[int(part*float64(len(of)-1))] }
	mean := all / float64(len(loss))
	t.Logf("%d of %d at the least cost, %d without any job; beyond it, of all money: mean %.2g, upper tenth from %.2g, most %.2g",
		exact, cases, idle, mean, at(loss, 0.9), at(loss, 1))
	t.Logf("of the cost of computing: %.2g in all; by case median %.2g, upper quarter from %.2g, upper tenth from %.2g, most %.2g",
		beyond/computing, at(share, 0.5), at(share, 0.75), at(share, 0.9), at(share, 1))
	if exact < 2*cases/3 || idle > cases/20 || mean > 0.001 || beyond > 0.05*computing {
		t.Errorf("%d of %d at the least cost, %d without any job, mean %.2g beyond, and %.2g of computing",
			exact, cases, idle, mean, beyond/computing)
	}
}

// done is the number of jobs that a plan does not drop.
func done(p *model.Plan) (n int) {
	for i := range p.Jobs {
		if !p.Jobs[i].Dropped {
			n++
		}
	}
	return n
}

// TestPlacementByHand: two pools, one with power at half the price from hour 2 on; a
// rigid job of two hours goes there and then, one with input too large for the link
// stays, and one worth less than its power is dropped.
func TestPlacementByHand(t *testing.T) {
	c := placementCase()
	out, err := Solve(context.Background(), c, Options{Engine: oracleEngine(t), Method: Placement})
	if err != nil {
		t.Fatal(err)
	}
	if out.Method != Placement || out.Plan == nil {
		t.Fatalf("%v %v %v", out.Method, out.Status, out.Notes)
	}
	want := map[string]model.JobPlan{
		// 10 units for 2 h at 1 MW a unit and 20 money/MWh: 400.
		"moves": {Job: "moves", Number: 1, Pool: "west", First: 2, BusyUnits: []float64{10, 10}},
		// 10 unit-hours at 40: 400.
		"stays": {Job: "stays", Number: 1, Pool: "east", BusyUnits: []float64{10}},
		"worth": {Job: "worth", Number: 1, Dropped: true},
	}
	if b := out.Plan.Bound; b != nil {
		t.Logf("bound %g", *b)
	}
	for _, p := range out.Plan.Jobs {
		w := want[p.Job]
		if p.Pool != w.Pool || p.Dropped != w.Dropped || !p.Dropped && (p.First < w.First || len(p.BusyUnits) != len(w.BusyUnits)) {
			t.Errorf("%s: %+v, want %+v", p.Job, p, w)
		}
	}
	// 400 + 400 + drop price 100.
	if math.Abs(out.Plan.Objective-900) > 1e-6 {
		t.Errorf("cost %g, want 900: %+v", out.Plan.Objective, out.Plan.Costs)
	}
	if b := out.Plan.Bound; b == nil || *b < 899 || *b > 900+1e-6 {
		t.Errorf("bound %v, want nearly 900", b)
	}
	a := out.Placement
	if a == nil || a.Jobs != 3 || a.Dropped != 1 || a.Passes < 1 || a.Questions < 3 {
		t.Fatalf("account %+v", a)
	}
	// All that is paid for is computing.
	if math.Abs(a.Computing-900) > 1 || math.Abs(*out.Plan.Bound+a.Total()-900) > 1e-6 {
		t.Errorf("account %+v adds up to %g, want computing and all of 900", a, *out.Plan.Bound+a.Total())
	}
}

// TestPlaceRunning: what a job that runs when the horizon begins may do is placed too. A
// rigid one begins anew in its own pool, later, where the others leave no room for it to go on: 12
// of 12.5 units are pinned for 0.3 h. A preemptible one in a pool without modules leaves what
// it has not done, 0.06 unit-h at 1.
func TestPlaceRunning(t *testing.T) {
	price, left := 1.0, 0.3-0.24
	pinned := model.Job{Name: "pinned", Region: "east", Count: 3, Shape: model.Rigid, Units: 4, WorkUnitH: 1.2, Running: &model.Running{Pool: "P", Pinned: true}}
	anew := model.Job{Name: "anew", Region: "east", Shape: model.Rigid, Units: 4, WorkUnitH: 0.8, Running: &model.Running{Pool: "P", DoneUnitH: 0.24}}
	leaves := model.Job{
		Name: "leaves", Region: "east", Shape: model.Preemptible, Units: 1, WorkUnitH: 0.3, BacklogPricePerUnitH: &price,
		Running: &model.Running{Pool: "P", DoneUnitH: 0.24, Pinned: true},
	}
	for _, test := range []struct {
		jobs    []model.Job
		modules int
		cost    float64
	}{{[]model.Job{anew, pinned}, 1, 0}, {[]model.Job{leaves}, 0, left * price}} {
		c := &model.Case{
			Format: model.CaseFormat, Name: "running", Currency: "EUR",
			Horizon: model.Horizon{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Zone: "UTC", Periods: []model.PeriodRun{{Count: 3, Hours: 0.25}}},
			Buses:   []model.Bus{{Name: "A"}}, Regions: []model.Region{{Name: "east"}},
			Sites: []model.Site{{Name: "S", Bus: "A", Region: "east"}},
			Pools: []model.Pool{{Name: "P", Site: "S", Modules: test.modules, UnitsPerModule: 12.5}},
			Jobs:  test.jobs,
		}
		for _, method := range []Method{Monolith, Placement} {
			out, err := Solve(t.Context(), c, Options{Engine: oracleEngine(t), Gap: 1e-9, Method: method})
			if err != nil {
				t.Fatal(err)
			}
			if out.Plan == nil || !out.Report.OK() || math.Abs(out.Plan.Objective-test.cost) > 1e-9 || *out.Plan.Bound > test.cost+1e-9 {
				t.Errorf("%s, %v: %v, want a verified plan of %v", test.jobs[0].Name, method, out.Plan, test.cost)
			}
		}
	}
}

func placementCase() *model.Case {
	price := func(v ...float64) []model.CostPoint {
		return []model.CostPoint{{PowerMW: 0, CostPerH: 0}, {PowerMW: 100, CostPerH: 100 * v[0]}}
	}
	low := 100.0
	c := &model.Case{
		Format: model.CaseFormat, Name: "placement", Currency: "EUR",
		Horizon: model.Horizon{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Zone: "UTC", Periods: []model.PeriodRun{{Count: 4, Hours: 1}}},
		Buses:   []model.Bus{{Name: "east"}, {Name: "west"}},
		ThermalUnits: []model.ThermalUnit{
			{Name: "coal", Bus: "east", MaxPowerMW: 100, Cost: price(40)},
			{Name: "wind-like", Bus: "west", MaxPowerMW: 100, Cost: price(20), CostFactor: model.Series{4, 4, 1, 1}},
		},
		Regions:   []model.Region{{Name: "east"}, {Name: "west"}},
		Sites:     []model.Site{{Name: "east", Bus: "east", Region: "east"}, {Name: "west", Bus: "west", Region: "west"}},
		DataLinks: []model.DataLink{{Name: "wan", From: "east", To: "west", CapacityGbps: model.Series{1}}},
		Pools: []model.Pool{
			{Name: "east", Site: "east", Modules: 1, UnitsPerModule: 100, DynamicMWPerUnit: 1},
			{Name: "west", Site: "west", Modules: 1, UnitsPerModule: 100, DynamicMWPerUnit: 1},
		},
		Jobs: []model.Job{
			{Name: "moves", Region: "east", Shape: model.Rigid, Units: 10, WorkUnitH: 20, InputGB: 100},
			{Name: "stays", Region: "east", Shape: model.Rigid, Units: 10, WorkUnitH: 10, InputGB: 10_000},
			{Name: "worth", Region: "east", Shape: model.Preemptible, Units: 10, WorkUnitH: 10, DropPrice: &low},
		},
	}
	return c
}

// TestJobPrices: at prices that say the opposite of the costs, the job that can move
// stays, and the one that is not worth its power is done.
func TestJobPrices(t *testing.T) {
	c := placementCase()
	out, err := Solve(context.Background(), c, Options{
		Engine: oracleEngine(t), JobPrices: map[string][]float64{"east": {1, 2, 3, 4}, "west": {9, 9, 9, 9}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if out.Plan == nil || out.Plan.Bound != nil || out.Placement != nil || out.Method != Placement {
		t.Fatalf("%v %v", out.Status, out.Notes)
	}
	for _, p := range out.Plan.Jobs {
		if p.Dropped || p.Pool != "east" || p.First != 0 {
			t.Errorf("%+v, want in the east from the first hour on", p)
		}
	}
	// 40 unit-hours in the east at 40 money/MWh.
	if math.Abs(out.Plan.Objective-1600) > 1e-6 {
		t.Errorf("cost %g, want 1600", out.Plan.Objective)
	}
	if _, err := Solve(context.Background(), c, Options{Engine: oracleEngine(t), JobPrices: map[string][]float64{"east": {1}}}); err == nil {
		t.Error("too few prices: no error")
	}
}

// TestTrimRests: rests of rounding at the ends of a job's work go to the periods next to
// them, and what is shared is not written.
func TestTrimRests(t *testing.T) {
	hours := []float64{1, 0.5, 0.5, 1, 1}
	whole := []place.Load{{Period: 0, Amount: 1e-6}, {Period: 1, Amount: 4}, {Period: 2, Amount: 1e-7}, {Period: 3, Amount: 3}, {Period: 4, Amount: 5e-7}}
	a := place.Assignment{First: 0, End: 5, Work: whole}
	trimRests(&a, hours)
	if a.First != 1 || a.End != 4 || len(a.Work) != 3 || a.Work[0].Amount != 4+2e-6 || a.Work[2].Amount != 3+5e-7 || whole[1].Amount != 4 {
		t.Errorf("%+v of %v", a, whole)
	}
	b := place.Assignment{First: 2, End: 3, Work: whole[2:3]}
	if trimRests(&b, hours); len(b.Work) != 1 || b.First != 2 {
		t.Errorf("a job of nothing but a rest: %+v", b)
	}
}
