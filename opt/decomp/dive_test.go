package decomp

import (
	"context"
	"math"
	"slices"
	"testing"
)

// TestDiveDecides: a dive ends with a whole number in every decision, within what
// the asset may do.
func TestDiveDecides(t *testing.T) {
	for seed := range uint64(10) {
		p, assets := blocks(seed, 40, 4)
		s, err := New(p, assets, dispatching(t, p))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Price(context.Background()); err != nil {
			t.Fatal(err)
		}
		d, err := s.pricer.dive(context.Background(), diveOptions{part: 0.25, tolerance: 3e-5, steps: 6, nearness: 0.003})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range assets {
			x := d.x[a.First:][:a.Cols]
			for k, v := range x {
				if v != math.Round(v) || v < 0 || v > 2 || k > 0 && x[k-1]+v > 3 {
					t.Errorf("seed %d: %s does %v", seed, a.Name, x)
					break
				}
			}
		}
	}
}

// TestDiveEndsWithTime: where time ends a dive while a plan is known, the step ends
// without one of its own.
func TestDiveEndsWithTime(t *testing.T) {
	p, assets := blocks(3, 6, 5)
	s, err := New(p, assets, dispatching(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Price(context.Background()); err != nil {
		t.Fatal(err)
	}
	r := &recovery{Search: s, least: slices.Clone(s.lower), most: slices.Clone(s.upper), periods: 5}
	for i, a := range assets {
		for k, d := range a.Decisions {
			r.decisions = append(r.decisions, decision{int32(a.First) + d, int32(i), a.Stages[k]})
		}
	}
	x := slices.Clone(s.acc.choice)
	for _, j := range r.idleBoxes() {
		x[j] = s.lower[j]
	}
	s.ledger.accept(s.acc.bound+1000, x, "test")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r.diveAndRepair(ctx) {
		t.Error("a dive without time found a plan")
	}
}
