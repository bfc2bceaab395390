package decomp

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// TestClimb: a climb ends within the gap of the optimum, with a bound that is not
// above it.
func TestClimb(t *testing.T) {
	for seed := range uint64(6) {
		p, assets := blocks(seed, 5, 4)
		e := engine(t)
		want, err := e.Solve(t.Context(), p, solver.Options{})
		if err != nil || want.Status != solver.Optimal {
			t.Fatalf("seed %d: %v %v", seed, want, err)
		}
		for _, gap := range []float64{1e-2, 1e-6} {
			o := dispatching(t, p)
			o.Gap = gap
			s := priced(t, p, assets, o)
			r := &recovery{Search: s, least: slices.Clone(s.lower), most: slices.Clone(s.upper), periods: 4}
			for i := range assets {
				for k, d := range assets[i].Decisions {
					r.decisions = append(r.decisions, decision{int32(assets[i].First) + d, int32(i), assets[i].Stages[k]})
				}
			}
			r.climb(context.Background())
			bound, cost, _ := s.ledger.read()
			scale := math.Abs(want.Objective)
			if bound > want.Objective+1e-6*scale {
				t.Errorf("seed %d, gap %g: the bound %.9g is above the optimum %.9g", seed, gap, bound, want.Objective)
			}
			if cost < want.Objective-1e-6*scale || cost-bound > (gap+1e-6)*math.Abs(cost) {
				t.Errorf("seed %d, gap %g: climbed to %.9g from %.9g, optimum %.9g", seed, gap, bound, cost, want.Objective)
			}
		}
	}
}
