package decomp

import (
	"context"
	"math"
	"slices"
	"sync/atomic"
	"testing"
)

// TestDiveDecides: a dive ends with a whole number in every decision, within what
// the asset may do.
func TestDiveDecides(t *testing.T) {
	for seed := range uint64(10) {
		p, assets := blocks(seed, 40, 4)
		s := priced(t, p, assets, dispatching(t, p))
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

// TestDiveEndsAtOnce: a dive that has no time has whole decisions all the same, and
// none that makes less than the nearest patterns would.
func TestDiveEndsAtOnce(t *testing.T) {
	p, assets := blocks(5, 40, 4)
	s := priced(t, p, assets, dispatching(t, p))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	d, err := s.pricer.dive(ctx, diveOptions{part: 0.25, tolerance: 3e-5, steps: 6, nearness: 0.003})
	if err != nil {
		t.Fatal(err)
	}
	cost, nearest := 0.0, 0.0
	for i, a := range assets {
		for k, v := range s.pricer.nearest(i).decision {
			nearest += float64(v) * p.ColCost[int(a.First)+k]
		}
		for k, v := range d.x[a.First:][:a.Cols] {
			cost += v * p.ColCost[int(a.First)+k]
		}
	}
	if cost < nearest || d.full != nil {
		t.Errorf("the patterns cost %g, the nearest %g; other patterns %v", cost, nearest, d.full != nil)
	}
}

// TestCancelAtAnyMoment: a dive that is cancelled at any of its steps leaves a plan.
func TestCancelAtAnyMoment(t *testing.T) {
	p, assets := blocks(3, 12, 5)
	var told, at atomic.Int64
	stop := func() {}
	o := dispatching(t, p)
	o.OnStep = func(string) {
		if told.Add(1) == at.Load() {
			stop()
		}
	}
	for n := int64(0); n < 100; n++ {
		s := priced(t, p, assets, o)
		r := &recovery{Search: s, least: slices.Clone(s.lower), most: slices.Clone(s.upper), periods: 5}
		for i, a := range assets {
			for k, d := range a.Decisions {
				r.decisions = append(r.decisions, decision{int32(a.First) + d, int32(i), a.Stages[k]})
			}
		}
		ctx, cancel := context.WithCancel(context.Background())
		if stop = cancel; n == 0 {
			cancel()
		}
		told.Store(0)
		at.Store(n)
		r.diveAndRepair(ctx)
		cancel()
		if res := s.Result(); res.X == nil || res.Cost < res.Bound-1e-6 {
			t.Errorf("cancelled at step %d: cost %g, bound %g", n, res.Cost, res.Bound)
		}
		if told.Load() < n { // the dive came to its end
			if n < 5 {
				t.Errorf("cancelled at %d moments only", n)
			}
			return
		}
	}
}
