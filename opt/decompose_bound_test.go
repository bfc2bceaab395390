package opt

import (
	"context"
	"math"
	"testing"

	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

// TestPriceBound: on random joint cases the bound of the prices alone lies between
// the relaxation's optimum and the program's.
func TestPriceBound(t *testing.T) {
	t.Parallel()
	e := oracleEngine(t)
	cases, above := uint64(48), 0
	if testing.Short() {
		cases = 10
	}
	for seed := range cases {
		c := randomcase.Case(seed)
		g := merge(c)
		catalog := g.catalog(Formulation{})
		m, p, err := Formulate(g.Case, catalog)
		if err != nil {
			t.Fatal(err)
		}
		var assets []decomp.Asset
		for _, k := range catalog {
			if k, ok := k.(Decomposer); ok {
				assets = append(assets, k.Assets(m, p)...)
			}
		}
		ctx := context.Background()
		whole, err := e.Solve(ctx, p, solver.Options{RelGap: 1e-9})
		if err != nil {
			t.Fatal(err)
		}
		if whole.Status == solver.Infeasible || len(assets) == 0 {
			continue
		}
		lp, err := e.Solve(ctx, p.Relaxation(), solver.Options{})
		if err != nil || lp.Status != solver.Optimal {
			t.Fatalf("seed %d: relaxation %v %v", seed, lp, err)
		}
		d, err := decomp.New(p, assets, decomp.Options{
			Engine: e, Gap: 1e-6,
			Dispatch: func(context.Context, []float64) (point, price []float64, cost float64, err error) {
				panic("not asked for")
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Price(ctx); err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		// Prices settle as near as their own value allows, which a good integer plan's may be far from.
		bound, size := d.Result().Bound, max(100, math.Abs(whole.Objective), math.Abs(lp.Objective))
		if bound > whole.Objective+1e-7*size {
			t.Errorf("seed %d: bound %.10g above the optimum %.10g", seed, bound, whole.Objective)
		}
		if bound < lp.Objective-1e-5*size {
			t.Errorf("seed %d: bound %.10g below the relaxation's %.10g", seed, bound, lp.Objective)
		}
		if bound > plainRelaxation(t, e, c)+1e-6*size {
			above++
		}
	}
	if above < 2 && !testing.Short() {
		t.Errorf("the prices' bound is above that of the plain rows in %d of %d cases only", above, cases)
	}
}

// plainRelaxation is the relaxation's optimum of the loosest rows.
func plainRelaxation(t *testing.T, e solver.Solver, c *model.Case) float64 {
	t.Helper()
	_, p, err := Formulate(c, Catalog(Formulation{Thermal: ThermalForm{
		Limits: LimitsTwoRows, Segments: SegmentsPlain, Trajectories: TrajectoriesNone, Reserve: ReserveAll, Tiers: StartupWindows,
	}}))
	if err != nil {
		t.Fatal(err)
	}
	res, err := e.Solve(context.Background(), p.Relaxation(), solver.Options{})
	if err != nil || res.Status != solver.Optimal {
		t.Fatalf("relaxation: %v %v", res, err)
	}
	return res.Objective
}
