package opt_test

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver"
)

// TestDecompositionAgrees: on random joint cases the decomposition's verified plan
// and bound enclose the monolith's optimum, and its bound is no less than that of
// the linear relaxation.
func TestDecompositionAgrees(t *testing.T) {
	t.Parallel()
	e := engine(t)
	cases, decomposed := uint64(20), 0
	if testing.Short() {
		cases = 8
	}
	for seed := range cases {
		c := randomcase.Case(seed)
		exact, err := opt.Solve(context.Background(), c, opt.Options{Engine: e, Gap: 1e-7, Method: opt.Monolith, TimeLimit: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		out, err := opt.Solve(context.Background(), c, opt.Options{Engine: e, Gap: 1e-6, Method: opt.Decomposition, TimeLimit: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		if (exact.Plan == nil) != (out.Plan == nil) {
			t.Errorf("seed %d: monolith %s, decomposition %s (%q)", seed, exact.Status, out.Status, out.Notes)
			continue
		}
		if exact.Plan == nil {
			continue
		}
		if out.Method == opt.Decomposition {
			decomposed++
		}
		if out.Plan.Bound == nil {
			t.Errorf("seed %d: no bound: %s %q", seed, out.Status, out.Notes)
			continue
		}
		best, size := exact.Plan.Objective, math.Max(100, math.Abs(exact.Plan.Objective))
		if d := out.Plan.Objective - best; d < -2e-6*size {
			t.Errorf("seed %d: decomposition's plan costs %g, less than the optimum %g", seed, out.Plan.Objective, best)
		}
		if *out.Plan.Bound > best+1e-6*size {
			t.Errorf("seed %d: decomposition's bound %g exceeds the optimum %g", seed, *out.Plan.Bound, best)
		}
		if out.Status == opt.Optimal && math.Abs(out.Plan.Objective-best) > 3e-6*size {
			t.Errorf("seed %d: decomposition %g, monolith %g", seed, out.Plan.Objective, best)
		}
		if lp := linearBound(t, e, c); *out.Plan.Bound < lp-1e-6*size {
			t.Errorf("seed %d: decomposition's bound %g is below the relaxation's %g", seed, *out.Plan.Bound, lp)
		}
	}
	if decomposed < int(cases)/3 {
		t.Errorf("only %d of %d cases were decomposed", decomposed, cases)
	}
}

// linearBound is the optimum of the linear relaxation.
func linearBound(t *testing.T, e solver.Solver, c *model.Case) float64 {
	t.Helper()
	_, p, err := opt.Formulate(c, opt.Catalog(opt.Formulation{}))
	if err != nil {
		t.Fatal(err)
	}
	res, err := e.Solve(context.Background(), p.Relaxation(), solver.Options{})
	if err != nil || res.Status != solver.Optimal {
		t.Fatalf("relaxation: %v %v", res, err)
	}
	return res.Objective
}
