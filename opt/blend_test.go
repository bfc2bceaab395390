package opt

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

// TestBlendPasses: what the prices' mixture has ramped units do is, balanced, a
// verified plan.
func TestBlendPasses(t *testing.T) {
	e := oracleEngine(t)
	fleets, plans := 0, 0
	for seed := range uint64(16) {
		s, assets, ok := fleetOfOracles(t, e, seed)
		if !ok {
			continue
		}
		fleets++
		ctx := context.Background()
		d, err := decomp.New(s.p, assets, decomp.Options{
			Engine: e, Gap: 1e-4, TimeLimit: time.Nanosecond,
			Dispatch: func(context.Context, []float64) (point, price []float64, cost float64, err error) {
				return nil, nil, 0, context.DeadlineExceeded
			},
			Balance: func(_ context.Context, x []float64) (point, price []float64, cost float64, err error) {
				c, err := s.balanced(ctx, x, assets)
				if err != nil {
					t.Errorf("seed %d: %v", seed, err)
					return nil, nil, 0, err
				}
				plans++
				return c.x, c.price, c.plan.Objective * s.scale, nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Price(ctx); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		d.Recover(ctx, nil, nil)
	}
	if plans != fleets || fleets < 4 {
		t.Errorf("%d fleets, %d plans", fleets, plans)
	}
}

// TestInOrder: the cheapest segments of the units that run are filled first, and
// power stays.
func TestInOrder(t *testing.T) {
	k := &thermal{units: []thermalColumns{{on: 0, deep: -1, segments: []solver.Col{2, 4}, widths: []float64{10, 20}}}}
	x := []float64{1, 2, 6, 9, 8, 14} // of two periods: on, first segment, second
	k.inOrder(x, 2)
	if want := []float64{1, 2, 10, 20, 4, 3}; !slices.Equal(x, want) {
		t.Errorf("%v, not %v", x, want)
	}
}
