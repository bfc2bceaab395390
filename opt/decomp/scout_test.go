package decomp

import (
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// TestScout: the scout and its neighbourhoods make plans that are no better than the
// optimum, and near it, with a bound that is not above it.
func TestScout(t *testing.T) {
	for seed := range uint64(6) {
		p, assets := blocks(seed, 5, 4)
		want, err := engine(t).Solve(t.Context(), p, solver.Options{})
		if err != nil || want.Status != solver.Optimal {
			t.Fatalf("seed %d: %v %v", seed, want, err)
		}
		o := dispatching(t, p)
		o.Gap = 1e-9
		s := priced(t, p, assets, o)
		r := &recovery{Search: s, least: slices.Clone(s.lower), most: slices.Clone(s.upper), periods: 4}
		for i := range assets {
			for k, d := range assets[i].Decisions {
				r.decisions = append(r.decisions, decision{int32(assets[i].First) + d, int32(i), assets[i].Stages[k]})
			}
		}
		for _, d := range r.decisions {
			r.margins = append(r.margins, s.acc.margin(int(d.col)))
		}
		slices.Sort(r.margins)
		steps := r.nearby()
		r.relaxAndRound(t.Context())
		r.scout(t.Context())
		if r.scouted.Load() == nil {
			t.Errorf("seed %d: no relaxation", seed)
		}
		for range 3 {
			for _, st := range steps {
				st(t.Context())
			}
		}
		bound, cost, _ := s.ledger.read()
		scale := math.Abs(want.Objective)
		if bound > want.Objective+1e-6*scale {
			t.Errorf("seed %d: the bound %.9g is above the optimum %.9g", seed, bound, want.Objective)
		}
		if cost < want.Objective-1e-6*scale || cost > want.Objective+1e-6*scale {
			t.Errorf("seed %d: found %.9g, optimum %.9g", seed, cost, want.Objective)
		}
	}
}

// TestWindowsCover: one round of windows, of any size, has every period.
func TestWindowsCover(t *testing.T) {
	for periods := 1; periods <= 50; periods++ {
		for window := 4; window <= 60; window += 7 {
			g := guide{window: float64(window), place: 1}
			seen := make([]bool, periods)
			for n := 0; ; n++ {
				from, to := g.span(periods)
				if from < 0 || to > periods || from >= to || n > 2*periods {
					t.Fatalf("%d periods, window %d: from %d to %d after %d", periods, window, from, to, n)
				}
				for k := from; k < to; k++ {
					seen[k] = true
				}
				if from == 0 {
					break
				}
			}
			if slices.Contains(seen, false) || g.place != 1 {
				t.Errorf("%d periods, window %d: seen %v, next ends at %v", periods, window, seen, g.place)
			}
		}
	}
}

// TestResized: what was searched to its end in vain grows, what was not shrinks.
func TestResized(t *testing.T) {
	for _, c := range []struct {
		found, ended bool
		want         float64
	}{{false, true, 14}, {false, false, 10 / 1.4}, {true, true, 10}, {true, false, 10}} {
		if got := resized(10, c.found, c.ended, 1, 100); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("found %v, ended %v: %v, want %v", c.found, c.ended, got, c.want)
		}
	}
	if got := resized(10, false, true, 1, 12); got != 12 {
		t.Errorf("most: %v", got)
	}
	if got := resized(10, false, false, 9, 12); got != 9 {
		t.Errorf("least: %v", got)
	}
}
