package opt

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
)

// TestPlacementWithoutPrices: where no time is left for prices of power, jobs are
// placed all the same, and the plan passes the verifier.
func TestPlacementWithoutPrices(t *testing.T) {
	c := placementCase()
	c.ThermalUnits[0].MustRunUnits = model.Series{1} // is on in the first schedule
	out, err := Solve(context.Background(), c, Options{Engine: oracleEngine(t), Method: Placement, TimeLimit: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	if out.Plan == nil || !out.Report.OK() {
		t.Fatalf("%v %v", out.Status, out.Notes)
	}
	placed := 0
	for i := range out.Plan.Jobs {
		if !out.Plan.Jobs[i].Dropped {
			placed++
		}
	}
	if placed == 0 {
		t.Errorf("all %d jobs are dropped: %v", len(out.Plan.Jobs), out.Notes)
	}
}

// TestPlacementCoarse: cases in quarter hours whose first answers come from hours have
// plans that pass the verifier, bounds that hold, and cost about as much as those
// whose answers are all of quarter hours.
func TestPlacementCoarse(t *testing.T) {
	e := oracleEngine(t)
	seeds := []uint64{7, 42, 14, 36} // with quarter hours and jobs
	if testing.Short() {
		seeds = seeds[:1]
	}
	ctx := context.Background()
	placed, near := 0, 0
	for _, seed := range seeds {
		c := randomcase.Full(seed)
		if len(c.Jobs) == 0 || mergePeriods(c.Horizon.Hours()) == nil {
			continue
		}
		plain, err := Solve(ctx, c, Options{Engine: e, Gap: 1e-6, Method: Placement})
		if err != nil {
			t.Fatal(err)
		}
		if plain.Plan == nil || plain.Plan.Bound == nil {
			continue
		}
		s := &session{o: Options{Engine: e, Gap: 1e-6, Method: Placement}, began: time.Now(), merged: unmerged(c)}
		out, err := s.solve(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if out.Plan == nil {
			t.Logf("seed %d: no plan: %v", seed, out.Notes)
			continue
		}
		placed++
		least, cost := plain.Plan.Objective, out.Plan.Objective
		size := math.Max(100, math.Abs(least))
		if cost < *plain.Plan.Bound-1e-6*size {
			t.Errorf("seed %d: the plan costs %.10g, less than the bound %.10g", seed, cost, *plain.Plan.Bound)
		}
		if b := out.Plan.Bound; b != nil && *b > least+1e-6*size {
			t.Errorf("seed %d: bound %.10g above the cost %.10g of a plan", seed, *b, least)
		}
		if cost <= least+0.1*size {
			near++
		} else {
			t.Logf("seed %d: %.6g, least %.6g, %v", seed, cost, least, out.Notes)
		}
	}
	if placed < len(seeds) || near < placed/2 {
		t.Errorf("%d cases placed, %d of them near", placed, near)
	}
}

// TestOwnAnswerInTime: where the time for an answer of quarter hours has come, power does not wait for
// the last pass, and bounds can be reckoned.
func TestOwnAnswerInTime(t *testing.T) {
	c := manyOnCall(12)
	c.Horizon.Periods = []model.PeriodRun{{Count: 48, Hours: 0.25}}
	c.ThermalUnits[0].CostFactor = nil
	s := newSession(c, Options{Engine: oracleEngine(t), Method: Placement, TimeLimit: time.Hour})
	s.dear, s.offering, s.searchBegan = 0, 0, time.Now()
	if err := s.formulate(); err != nil {
		t.Fatal(err)
	}
	w := newPower(t.Context(), s, s.placed, s.p)
	u := s.placed.jobs.guess()
	if err := w.open(t.Context(), demandOf(w.p), u); err != nil {
		t.Fatal(err)
	}
	if w.coarse == nil || w.coarse.until.IsZero() || w.Proves() {
		t.Fatalf("power does not open in hours: %+v", w.coarse)
	}
	if err := w.Settle(t.Context(), u); err != nil || w.Proves() {
		t.Fatalf("an hour before its time power answers for quarter hours: %v", err)
	}
	w.coarse.until = time.Now().Add(-time.Second)
	if err := w.Settle(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if !w.Proves() || math.IsInf(w.Bound(&w.prices), -1) {
		t.Errorf("bounds %v: %g", w.Proves(), w.Bound(&w.prices))
	}
}

// TestNoTimeForPower: where time is up when the jobs have their places, a schedule that was made
// beside, in longer periods, serves them. The first one keeps all units on, as they were.
func TestNoTimeForPower(t *testing.T) {
	c := shortUnits()
	for i := range c.ThermalUnits {
		u := &c.ThermalUnits[i]
		u.Initial = &model.ThermalInitial{UnitsOn: 1, PowerMW: &u.MinPowerMW}
	}
	ctx := context.Background()
	over, cancel := context.WithCancel(ctx)
	cancel()
	var cost [2]float64
	for i := range cost {
		w := shortPowerOf(t, c)
		s, c := w.s, w.coarse
		s.first(ctx)
		r, err := place.Place(ctx, w.p, w, place.Options{Passes: 4, BoundEvery: 4})
		if err != nil {
			t.Fatal(err)
		}
		var beside []float64
		if i == 1 {
			use := place.NewUse(c.p)
			c.g.foldUse(&use, &r.Use)
			if beside = c.s.on(c.k.hold(c.own, c.s.m.T, &use)).schedule(ctx, c.power, &use, nil); beside == nil {
				t.Fatal("no schedule in hours")
			}
		}
		s.powerFor(over, w, r, beside)
		if s.best == nil || !s.best.report.OK() {
			t.Fatalf("no plan: %q", s.out.Notes)
		}
		cost[i] = s.best.cost
	}
	t.Logf("%.9g with a schedule made beside, %.9g without", cost[1], cost[0])
	if cost[1] > 0.98*cost[0] {
		t.Errorf("with a schedule made beside the plan costs %.9g, without %.9g", cost[1], cost[0])
	}
}
