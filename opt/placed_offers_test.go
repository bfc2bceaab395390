package opt

import (
	"math"
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
	cases := 24
	if testing.Short() {
		cases = 6
	}
	exact, gave, could, beyond, worth := 0, 0, 0, 0.0, 0.0
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
			if (whole.Plan == nil) != (out.Plan == nil) {
				t.Errorf("seed %d: %v as a whole, %v placed: %q", seed, whole.Status, out.Status, out.Notes)
			}
			continue
		}
		n++
		least, cost := whole.Plan.Objective, out.Plan.Objective
		size := math.Max(100, math.Abs(least))
		if out.Method != Placement || out.Plan.Bound == nil {
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
		t.Logf("seed %d: bound %.9g least %.9g cost %.9g, promises %v (whole: %v)", seed, *out.Plan.Bound, least, cost, promises(out.Plan), promises(whole.Plan))
	}
	t.Logf("%d of %d at the least cost; %d give reserve from jobs, %d as a whole; %.2g of all money beyond", exact, cases, gave, could, beyond/worth)
}

// promises says whether a job of a plan promises reserve.
func promises(p *model.Plan) bool {
	return slices.ContainsFunc(p.Jobs, func(j model.JobPlan) bool { return len(j.Reserves) > 0 })
}

// onCallCase has a pool of 20 units of 1 MW and so many jobs of a unit and a unit-hour, which
// may give an hour of R; a MWh short of it costs 100.
func onCallCase(d model.Direction, jobs int, required model.Series, price ...float64) *model.Case {
	hour := 1.0
	c := placementCase()
	c.Horizon.Periods[0].Count = len(price)
	c.ThermalUnits = []model.ThermalUnit{{Name: "coal", Bus: "east", MaxPowerMW: 100, Cost: []model.CostPoint{{}, {PowerMW: 100, CostPerH: 100}}, CostFactor: price}}
	c.Sites, c.Pools, c.DataLinks = c.Sites[:1], c.Pools[:1], nil
	c.Pools[0].Modules, c.Pools[0].UnitsPerModule = 20, 1
	c.Reserves = []model.ReserveProduct{{Name: "R", Direction: d, SustainedH: &hour, RequirementMW: required, ShortagePricePerMWh: ptrTo(100.0)}}
	c.Jobs = []model.Job{{Name: "J", Region: "east", Count: jobs, Shape: model.Preemptible, Units: 10 / float64(jobs), WorkUnitH: 10 / float64(jobs), Reserves: []string{"R"}}}
	return c
}

func ptrTo(v float64) *float64 { return &v }

// TestPlacedOffersByHand: ...
func TestPlacedOffersByHand(t *testing.T) {
	for _, x := range []struct {
		name string
		c    *model.Case
		cost float64
	}{
		{"up", onCallCase(model.Up, 100, model.Series{5, 0, 0}, 20, 10, 10), 150},
		{"down", onCallCase(model.Down, 100, model.Series{5, 0, 0}, 10, 20, 20), 150},
	} {
		whole, err := Solve(t.Context(), x.c, Options{Engine: oracleEngine(t), Gap: 1e-7, Method: Monolith})
		if err != nil {
			t.Fatal(err)
		}
		out := placedOffering(t, x.c, Options{Gap: 1e-6})
		t.Logf("%s: whole %g, placed %g, bound %g %v", x.name, whole.Plan.Objective, out.Plan.Objective, *out.Plan.Bound, out.Notes)
		for _, j := range out.Plan.Jobs {
			t.Logf("%d from %d: %v %v %v", j.Number, j.First, j.BusyUnits, j.Reserves, j.SpareUnits)
		}
	}
}
