package opt

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
)

// placedOffering plans a case by placement with all jobs that offer reserve placed as well,
// however few, and insists that what it finds is verified.
func placedOffering(t *testing.T, c *model.Case, o Options) *Outcome {
	t.Helper()
	o.Engine, o.Method = oracleEngine(t), Placement
	if _, err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	s := newSession(c, o)
	s.offering = 0
	out, err := s.solve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if out.Plan == nil {
		return out
	}
	if r := verify.Check(c, out.Plan, verify.Options{}); !r.OK() {
		t.Errorf("violations: %+v", r.Violations)
	}
	return out
}

// TestPlacedOffersEnclose: on random cases with jobs that offer reserve, all of them placed,
// the bound is at most the least cost, and the plan is verified and costs no less.
func TestPlacedOffersEnclose(t *testing.T) {
	enginetest.Sequential(t)
	cases := 14
	if testing.Short() {
		cases = 6
	}
	exact, gave, could, without, beyond, worth := 0, 0, 0, 0, 0.0, 0.0
	for seed, n := uint64(0), 0; n < cases; seed++ {
		c, ok := randomcase.OnCall(seed)
		if !ok || newJobPlaces(c, 0).offers == nil {
			continue
		}
		whole, err := Solve(t.Context(), c, Options{Engine: oracleEngine(t), Gap: 1e-7, Method: Monolith})
		if err != nil {
			t.Fatal(err)
		}
		out := placedOffering(t, c, Options{Gap: 1e-6})
		if whole.Plan == nil || out.Plan == nil {
			if whole.Plan != nil {
				without++
				t.Logf("seed %d: %v as a whole, %v placed: %q", seed, whole.Status, out.Status, out.Notes)
			}
			continue
		}
		least, cost := whole.Plan.Objective, out.Plan.Objective
		size := math.Max(100, math.Abs(least))
		if out.Method != Placement { // nothing served the jobs where they were placed
			if math.Abs(cost-least) > 1e-5*size {
				t.Errorf("seed %d: %.10g by %v, the least cost is %.10g", seed, cost, out.Method, least)
			}
			continue
		}
		if n++; out.Plan.Bound == nil {
			t.Errorf("seed %d: %v by %v: %q", seed, out.Status, out.Method, out.Notes)
			continue
		}
		if bound := *out.Plan.Bound; bound > least+1e-6*size || cost < least-1e-6*size {
			t.Errorf("seed %d: bound %.10g, cost %.10g, and the least cost is %.10g", seed, bound, cost, least)
		}
		beyond += math.Max(0, cost-least)
		for _, item := range whole.Plan.Costs {
			worth += math.Abs(item.Amount)
		}
		if cost <= least+1e-6*size {
			exact++
		}
		if promises(whole.Plan) {
			could++
		}
		if promises(out.Plan) {
			gave++
		}
	}
	t.Logf("%d of %d at the least cost; %d give reserve from jobs, %d as a whole; %.2g of all money beyond; %d without a plan",
		exact, cases, gave, could, beyond/worth, without)
	if exact < cases/6 || gave < could/2 || without > 0 {
		t.Errorf("%d of %d at the least cost, %d give reserve from jobs and could in %d, %d without a plan", exact, cases, gave, could, without)
	}
}

// promises says whether a job of a plan promises reserve.
func promises(p *model.Plan) bool {
	return slices.ContainsFunc(p.Jobs, func(j model.JobPlan) bool { return len(j.Reserves) > 0 })
}

// onCallCase has a pool of 20 units of 1 MW, and a hundred jobs of a tenth of a unit and of a
// unit-hour each, which may give an hour of R, called so often; a MWh short of it costs 100.
func onCallCase(d model.Direction, calls int, required model.Series, price ...float64) *model.Case {
	hour, short := 1.0, 100.0
	c := placementCase()
	c.Horizon.Periods[0].Count = len(price)
	c.ThermalUnits = []model.ThermalUnit{{
		Name: "coal", Bus: "east", MaxPowerMW: 100, Cost: []model.CostPoint{{}, {PowerMW: 100, CostPerH: 100}}, CostFactor: price,
	}}
	c.Sites, c.Pools, c.DataLinks = c.Sites[:1], c.Pools[:1], nil
	c.Pools[0].Modules, c.Pools[0].UnitsPerModule = 20, 1
	c.Reserves = []model.ReserveProduct{{
		Name: "R", Direction: d, SustainedH: &hour, Activations: calls, RequirementMW: required, ShortagePricePerMWh: &short,
	}}
	c.Jobs = []model.Job{{
		Name: "J", Region: "east", Count: 100, Shape: model.Preemptible, Units: 0.1, WorkUnitH: 0.1, Reserves: []string{"R"},
	}}
	return c
}

// TestPlacedOffersByHand: all work is in the hour at 10, 10 unit-h in 10 units: 100.
func TestPlacedOffersByHand(t *testing.T) {
	tight := onCallCase(model.Up, 1, model.Series{10, 0, 0}, 10, 20, 20)
	tight.Pools[0].Modules = 12
	other := model.Job{Name: "K", Region: "east", Shape: model.Rigid, Units: 9, WorkUnitH: 18, ReleaseH: 1}
	tight.Jobs = append(tight.Jobs, other)
	limited := onCallCase(model.Up, 1, model.Series{10, 0, 0}, 10, 20, 20)
	limited.Jobs[0].Owner = "lab"
	limited.Quotas = []model.Quota{{Name: "fair", Owner: "lab", MaxUnits: model.Series{20, 3, 1}}}
	slow := onCallCase(model.Up, 1, model.Series{10, 0, 0}, 10, 20, 20)
	slow.Jobs[0].DropMinutes = 12
	for _, x := range []struct {
		name string
		c    *model.Case
		cost float64
		give float64 // in the first hour
	}{
		{"up", onCallCase(model.Up, 1, model.Series{10, 0, 0}, 10, 20, 20), 100, 10},
		// Of 15 MW there are 10 busy.
		{"more than is busy", onCallCase(model.Up, 1, model.Series{15, 0, 0}, 10, 20, 20), 100 + 500, 10},
		// Three calls take 30 unit-h of 10 MW, and 20 are spare.
		{"three calls", onCallCase(model.Up, 3, model.Series{10, 0, 0}, 10, 20, 20), 100 + 1000./3, 20. / 3},
		// No hour is left after the last one.
		{"too late", onCallCase(model.Up, 1, model.Series{0, 0, 10}, 30, 20, 10), 100 + 1000, 0},
		// K takes 9 of 12 units in the hours at 20, 18 unit-h: 6 are left.
		{"no room", tight, 100 + 360 + 400, 6},
		// The quota leaves 3 and 1.
		{"quota", limited, 100 + 600, 4},
		{"too slow", slow, 100 + 1000, 0},
		// 5 of 10 unit-h go to the hour at 20, for they save 100 there and cost 10 more.
		{"where it is needed", onCallCase(model.Up, 1, model.Series{5, 0, 0}, 20, 10, 10), 150, 5},
		// In the hour at 20 nothing is planned, 10 units could be added, and 10 unit-h skipped later.
		{"down", onCallCase(model.Down, 1, model.Series{8, 0, 0}, 20, 10, 30), 100, 8},
		// Twice 10 MW would take 20.
		{"down twice", onCallCase(model.Down, 2, model.Series{10, 0, 0}, 20, 10, 30), 100 + 500, 5},
	} {
		t.Run(x.name, func(t *testing.T) {
			whole, err := Solve(t.Context(), x.c, Options{Engine: oracleEngine(t), Gap: 1e-7, Method: Monolith})
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(whole.Plan.Objective-x.cost) > 1e-5 {
				t.Fatalf("as a whole %g, want %g", whole.Plan.Objective, x.cost)
			}
			out := placedOffering(t, x.c, Options{Gap: 1e-6})
			if out.Plan == nil || out.Plan.Bound == nil || out.Placement == nil {
				t.Fatalf("%v: %q", out.Status, out.Notes)
			}
			give := 0.0
			for _, j := range out.Plan.Jobs {
				for _, r := range j.Reserves {
					for _, mw := range r.MW {
						give += mw
					}
				}
			}
			if math.Abs(out.Plan.Objective-x.cost) > 1e-5 || *out.Plan.Bound > x.cost+1e-6 || math.Abs(give-x.give) > 1e-6 {
				t.Errorf("cost %g, bound %g, want %g; %g MW are given, want %g", out.Plan.Objective, *out.Plan.Bound, x.cost, give, x.give)
			}
		})
	}
}

// TestManyPlacedOffers: three hundred jobs of all sizes and windows in two pools offer reserve
// of two products, some of them under a quota, others downward. All are placed, the plan is verified, with the
// same plan for any number of threads, and it is worth more than one without their reserve.
func TestManyPlacedOffers(t *testing.T) {
	enginetest.Sequential(t)
	c := manyOnCall(300)
	out, err := Solve(t.Context(), c, Options{Engine: oracleEngine(t), Gap: 1e-4, Method: Placement, WorkLimit: 200})
	if err != nil {
		t.Fatal(err)
	}
	if out.Plan == nil || out.Plan.Bound == nil || out.Placement == nil || out.Placement.Jobs != len(c.Jobs) {
		t.Fatalf("%v, %+v: %q", out.Status, out.Placement, out.Notes)
	}
	if r := verify.Check(c, out.Plan, verify.Options{}); !r.OK() {
		t.Errorf("violations: %+v", r.Violations)
	}
	given := make(map[string]float64)
	for _, j := range out.Plan.Jobs {
		for _, r := range j.Reserves {
			for _, mw := range r.MW {
				given[r.Product] += mw
			}
		}
	}
	for i := range c.Reserves {
		if given[c.Reserves[i].Name] < 1 {
			t.Errorf("of %s jobs give %g MW·h", c.Reserves[i].Name, given[c.Reserves[i].Name])
		}
	}
	gap := (out.Plan.Objective - *out.Plan.Bound) / out.Plan.Objective
	t.Logf("cost %.9g, bound %.9g, gap %.3g; given %v", out.Plan.Objective, *out.Plan.Bound, gap, given)
	if gap < -1e-9 || gap > 0.15 {
		t.Errorf("gap %g", gap)
	}
	again, err := Solve(t.Context(), c, Options{Engine: oracleEngine(t), Gap: 1e-4, Method: Placement, WorkLimit: 200, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	if again.Plan == nil || !slices.EqualFunc(out.Plan.Jobs, again.Plan.Jobs, func(a, b model.JobPlan) bool { return reflect.DeepEqual(a, b) }) {
		t.Error("with two threads jobs have other plans")
	}
	for i := range c.Jobs {
		c.Jobs[i].Reserves = nil
	}
	without, err := Solve(t.Context(), c, Options{Engine: oracleEngine(t), Gap: 1e-4, Method: Placement, WorkLimit: 200})
	if err != nil {
		t.Fatal(err)
	}
	if without.Plan == nil || without.Plan.Objective < 1.02*out.Plan.Objective {
		t.Errorf("without reserve from jobs: %v", without.Plan.Objective)
	}
}

// TestGangsOnCallBesidePlaced: a gang that offers reserve is in the program beside jobs that are
// placed, whatever these offer, and gives some.
func TestGangsOnCallBesidePlaced(t *testing.T) {
	for _, offering := range []bool{true, false} {
		c := manyOnCall(8)
		interruptions := 3
		if !offering {
			for i := range c.Jobs {
				c.Jobs[i].Reserves = nil
			}
		}
		placed := len(c.Jobs)
		c.Jobs = append(c.Jobs, model.Job{
			Name: "gang", Region: "east", Shape: model.Preemptible, Units: 2, WorkUnitH: 4, MaxInterruptions: &interruptions, CheckpointLossH: 0.25,
			Reserves: []string{"quick", "long"}, DropPrice: ptrTo(1e5),
		})
		out := placedOffering(t, c, Options{Gap: 0.005, WorkLimit: 5})
		if out.Plan == nil || out.Placement == nil || out.Placement.Jobs != placed {
			t.Fatalf("%v, %+v: %q", out.Status, out.Placement, out.Notes)
		}
		gives := func(j model.JobPlan) bool { return j.Job == "gang" && len(j.Reserves) > 0 }
		if !slices.ContainsFunc(out.Plan.Jobs, gives) {
			t.Errorf("gangs give no reserve: %v, %q", out.Status, out.Notes)
		}
	}
}

// TestOffersBringOthers: for a job on call a part of a quota is kept. Where that is too large a part, it takes
// those into the program that share the quota with it, unless they are too many: then it is placed
// with them.
func TestOffersBringOthers(t *testing.T) {
	c := manyOnCall(300)
	quotas := c.Quotas
	c.Quotas = nil
	for i := range c.Jobs {
		c.Jobs[i].Owner = "lab"
		if i > 0 {
			c.Jobs[i].Reserves, c.Jobs[i].DropMinutes = nil, 0
		}
	}
	placed := func() int { return len(newJobPlaces(c, fewOffering).problem.Jobs) }
	if got := placed(); got != 299 {
		t.Errorf("without a quota %d of 300 jobs are placed, want all but the one on call", got)
	}
	c.Quotas = quotas
	if got := placed(); got != 299 {
		t.Errorf("of 300 jobs that share a quota %d are placed, want all but the one on call", got)
	}
	c.Quotas[0].MaxUnits = model.Constant(1.2 * c.Jobs[0].Units)
	if got := placed(); got != 300 {
		t.Errorf("of 300 jobs that share a small quota %d are placed, want all", got)
	}
	c.Jobs = c.Jobs[:manyBrought+1]
	if got := placed(); got != 0 {
		t.Errorf("of %d jobs that share a small quota %d are placed, want none", len(c.Jobs), got)
	}
}

// TestPlacedOffersCoarse: with answers of hours for quarter hours, and of narrow programs, the
// plan is verified and the bound is no higher than what another plan costs.
func TestPlacedOffersCoarse(t *testing.T) {
	c := manyOnCall(40)
	c.Horizon.Periods = []model.PeriodRun{{Count: 48, Hours: 0.25}}
	c.ThermalUnits[0].CostFactor = nil
	o := Options{Gap: 0.1, Engine: oracleEngine(t), Method: Placement, WorkLimit: 200}
	plain, err := Solve(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(c, o)
	s.dear = 0
	out, err := s.solve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if plain.Plan == nil || out.Plan == nil || !promises(out.Plan) {
		t.Fatalf("%v and %v: %q", plain.Status, out.Status, out.Notes)
	}
	if r := verify.Check(c, out.Plan, verify.Options{}); !r.OK() {
		t.Errorf("violations: %+v", r.Violations)
	}
	if out.Plan.Objective < *plain.Plan.Bound*(1-1e-9) || out.Plan.Bound != nil && *out.Plan.Bound > plain.Plan.Objective*(1+1e-9) {
		t.Errorf("cost %g, bound %v, of quarter hours alone %g and %g", out.Plan.Objective, out.Plan.Bound, plain.Plan.Objective, *plain.Plan.Bound)
	}
}

// manyOnCall has so many jobs on call.
func manyOnCall(jobs int) *model.Case {
	lot := rand.New(rand.NewPCG(3, 4))
	c := placementCase()
	c.Horizon.Periods[0].Count = 12
	var day model.Series
	for t := range 12 {
		day = append(day, 1+0.5*math.Sin(float64(t)))
	}
	c.ThermalUnits[0].CostFactor, c.ThermalUnits[1].CostFactor = day, nil
	for i := range c.ThermalUnits {
		c.ThermalUnits[i].MaxPowerMW = 300
		c.ThermalUnits[i].Cost[1] = model.CostPoint{PowerMW: 300, CostPerH: 300 * []float64{40, 45}[i]}
	}
	half, hour, short := 0.5, 1.0, 60.0
	c.Reserves = []model.ReserveProduct{
		{Name: "quick", Direction: model.Up, SustainedH: &half, Activations: 2, RequirementMW: model.Constant(6), ShortagePricePerMWh: &short},
		{Name: "long", Direction: model.Up, Minutes: ptrTo(30), SustainedH: &hour, RequirementMW: model.Constant(4), ShortagePricePerMWh: &short, Buses: []string{"east"}},
		{Name: "down", Direction: model.Down, SustainedH: &hour, RequirementMW: model.Constant(4), ShortagePricePerMWh: &short},
	}
	c.Quotas = []model.Quota{{Name: "fair", Owner: "lab", MaxUnits: model.Constant(30)}}
	c.Jobs = nil
	for i := range jobs {
		begin := lot.IntN(8)
		end := float64(begin + 3 + lot.IntN(12-begin-2))
		units := 0.5 + 2*lot.Float64()
		j := model.Job{
			Name: fmt.Sprintf("job-%03d", i), Region: []string{"east", "west"}[lot.IntN(2)], Shape: model.Preemptible,
			Units: units, WorkUnitH: units * (0.5 + 2*lot.Float64()), ReleaseH: float64(begin), DeadlineH: &end, DropMinutes: float64(lot.IntN(20)),
			Reserves: []string{"quick", "long"},
		}
		if i%4 == 0 {
			j.Reserves, j.DropMinutes = []string{"down"}, 0
		}
		if i%5 == 0 {
			j.Owner = "lab"
		}
		c.Jobs = append(c.Jobs, j)
	}
	return c
}

func ptrTo(v float64) *float64 { return &v }
