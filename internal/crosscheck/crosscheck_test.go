package crosscheck

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/cbc"
)

// engines returns HiGHS and CBC. Where one is missing, continuous integration
// fails and everyone else is told what was not tested.
func engines(t testing.TB) []solver.Solver {
	t.Helper()
	h := enginetest.Highs(t)
	b, err := cbc.Open("")
	if err != nil {
		if errors.Is(err, cbc.ErrNotFound) && os.Getenv("CI") == "" {
			t.Skipf("NOT TESTED: %v", err)
		}
		t.Fatal(err)
	}
	return []solver.Solver{h, b}
}

// Two engines and every formulation reach the same optimum of random cases, each
// with a plan that passes the verifier.
func TestEnginesAgree(t *testing.T) {
	cases := 48 // bench random takes thousands
	if testing.Short() {
		cases = 8
	}
	s, err := Run(context.Background(), Options{Cases: cases, Engines: engines(t), Forms: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Bad {
		t.Errorf("seed %d: %q", r.Seed, r.Problems)
	}
	t.Logf("%d cases, %d solves (%d retries): %d optimal, %d infeasible", s.Cases, s.Solves, s.Retries, s.Optimal, s.Infeasible)
	t.Logf("%d placed, %d of them at the optimum; beyond it %.2g in the mean, %.2g at most", s.Placed, s.PlacedBest, s.PlacedMean, s.PlacedMost)
	if s.Placed < cases/10 || s.PlacedBest < s.Placed/2 || s.PlacedMean > 0.01 {
		t.Errorf("of %d placed %d at the optimum, %.2g beyond it in the mean", s.Placed, s.PlacedBest, s.PlacedMean)
	}
	// Infeasible cases are wanted too, but they prove less.
	if s.Optimal < cases*3/4 {
		t.Errorf("only %d of %d cases are feasible", s.Optimal, cases)
	}
}
