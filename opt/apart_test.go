package opt

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

// rampedFleet draws a fleet of units alike whose ramps bind, so that merging them is
// a relaxation.
func rampedFleet(t *testing.T, seed uint64) (*model.Case, *merger) {
	t.Helper()
	for draw := seed * 100; ; draw++ {
		c := alikeFleet(t, draw)
		if g := mergeRamped(c); g.relaxed {
			return c, g
		}
	}
}

// fleetOfOracles formulates such a fleet unit by unit; ok is false where an ingredient
// without oracle has integers.
func fleetOfOracles(t *testing.T, e solver.Solver, seed uint64) (s *session, assets []decomp.Asset, ok bool) {
	t.Helper()
	c, _ := rampedFleet(t, seed)
	s = &session{o: Options{Engine: e, Gap: 1e-4}, merged: merge(c)}
	if err := s.formulate(); err != nil {
		t.Fatal(err)
	}
	assets = s.oracles()
	return s, assets, !slices.Contains(s.broken(assets), true)
}

// The first schedule of a merged relaxation has no prices by which jobs could run.
func TestFirstScheduleOfRampedMerge(t *testing.T) {
	e := oracleEngine(t)
	c, _ := rampedFleet(t, 0)
	c.Regions = []model.Region{{Name: "east"}}
	c.Sites = []model.Site{{Name: "S", Bus: c.Buses[0].Name, Region: "east"}}
	c.Pools = []model.Pool{{Name: "P", Site: "S", Modules: 1, UnitsPerModule: 10, IdleMWPerModule: 0.1, DynamicMWPerUnit: 0.05}}
	c.Jobs = []model.Job{{Name: "J", Region: "east", Shape: model.Rigid, Units: 2, WorkUnitH: 2 * c.Horizon.Periods[0].Hours}}
	s := &session{o: Options{Engine: e}, merged: mergeRamped(c)}
	if !s.merged.relaxed {
		t.Fatal("not a relaxation")
	}
	if err := s.formulate(); err != nil {
		t.Fatal(err)
	}
	s.first(t.Context())
	if s.best == nil || !s.best.report.OK() {
		t.Errorf("no verified first schedule: %q", s.out.Notes)
	}
}

// The merged program of ramped units costs no more than the program unit by unit, nor
// do the prices of its oracles, and the plan that is told apart costs no less and
// passes the verifier.
func TestRampedMergeEnclosesTheOptimum(t *testing.T) {
	enginetest.Sequential(t)
	t.Parallel()
	fleets := uint64(24)
	if testing.Short() {
		fleets = 20
	}
	e := oracleEngine(t)
	ctx := context.Background()
	below, dearer, planned, oracles := 0, 0, 0, 0
	for seed := range fleets {
		c, g := rampedFleet(t, seed)
		want := leastOf(t, e, c, Catalog(Formulation{}))
		slack := 1e-6 * math.Max(100, math.Abs(want))
		s := &session{o: Options{Engine: e, Gap: 1e-9}, merged: g}
		if err := s.formulate(); err != nil {
			t.Fatal(err)
		}
		res, err := run(ctx, e, s.p, solver.Options{RelGap: 1e-9})
		if err != nil || res.Status != solver.Optimal {
			t.Fatalf("seed %d: the merged program ends as %v, %v", seed, res, err)
		}
		merged := res.Objective / s.scale
		if merged > want+slack {
			t.Errorf("seed %d: merged %.9g, unit by unit %.9g", seed, merged, want)
		}
		if merged < want-slack {
			below++
		}
		if assets := s.oracles(); len(assets) > 0 {
			oracles++
			if bound := priceBound(t, s, assets); bound > want+slack {
				t.Errorf("seed %d: the prices bound %.9g, unit by unit %.9g", seed, bound, want)
			}
		}
		got, err := s.candidate(ctx, res.X, true)
		if err != nil {
			continue // this commitment asks more of the ramps than they have
		}
		planned++
		if !got.report.OK() || got.plan.Objective < want-slack {
			t.Errorf("seed %d: a plan of %.9g (%v), unit by unit %.9g", seed, got.plan.Objective, got.report.OK(), want)
		}
		if got.plan.Objective > want+slack {
			dearer++
		}
		if v := s.p.Violation(got.x); v.Bound > 1e-6 || v.Row > 1e-6 || v.Integrality > 1e-6 {
			t.Errorf("seed %d: the plan's point breaks the merged program by %+v", seed, v)
		}
		if cost := s.p.Eval(got.x) / s.scale; math.Abs(cost-got.plan.Objective) > slack {
			t.Errorf("seed %d: the plan costs %.9g, its point %.9g", seed, got.plan.Objective, cost)
		}
	}
	t.Logf("%d fleets: %d relaxed below the optimum, %d planned, %d of them dearer, %d with oracles", fleets, below, planned, dearer, oracles)
	if below == 0 || dearer == 0 || planned < int(fleets)/2 || oracles < int(fleets)/2 {
		t.Error("the fleets do not show what the test is about")
	}
}

// priceBound is the bound of the best prices, in money.
func priceBound(t *testing.T, s *session, assets []decomp.Asset) float64 {
	t.Helper()
	d, err := decomp.New(s.p, assets, decomp.Options{
		Engine: s.o.Engine, Gap: 1e-6,
		Dispatch: func(context.Context, []float64) (point, price []float64, cost float64, err error) {
			panic("not asked for")
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Price(context.Background()); err != nil {
		t.Fatal(err)
	}
	return d.Result().Bound / s.scale
}

// A search that begins with the relaxation ends at the optimum of the single units.
func TestSearchOfRampedMergeIsExact(t *testing.T) {
	t.Parallel()
	fleets := uint64(10)
	if testing.Short() {
		fleets = 5
	}
	e := oracleEngine(t)
	apart := 0
	for seed := range fleets {
		c, g := rampedFleet(t, seed+1000)
		want := leastOf(t, e, c, Catalog(Formulation{}))
		s := &session{o: Options{Engine: e, Gap: 1e-7}, merged: g}
		out, err := s.solve(context.Background())
		if err != nil || out.Status != Optimal {
			t.Errorf("seed %d: %v, %v", seed, out, err)
			continue
		}
		if !out.Report.OK() || math.Abs(out.Plan.Objective-want) > 1e-6*math.Max(100, math.Abs(want)) {
			t.Errorf("seed %d: a plan of %.9g, unit by unit %.9g", seed, out.Plan.Objective, want)
		}
		if !s.merged.relaxed {
			apart++
		}
	}
	t.Logf("%d of %d fleets needed the units apart", apart, fleets)
	if apart == 0 || apart == int(fleets) {
		t.Error("the fleets do not show both ends")
	}
}
