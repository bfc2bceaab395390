package opt

import (
	"context"
	"math"
	"testing"

	"github.com/wattbit/wattbit/opt/decomp"
)

// TestConfinedDispatch: a dispatch whose columns may move only as far as prices say
// costs what the dispatch of all columns costs, and has its prices.
func TestConfinedDispatch(t *testing.T) {
	e := oracleEngine(t)
	plans, again := 0, 0
	for seed := range uint64(10) {
		s, assets, ok := fleetOfOracles(t, e, seed)
		if !ok {
			continue
		}
		ctx := context.Background()
		d, err := decomp.New(s.p, assets, decomp.Options{
			Engine: e, Gap: 1e-4, WorkLimit: 3, ConfineFrom: 1,
			Dispatch: func(ctx context.Context, x []float64) (point, price []float64, cost float64, err error) {
				t.Errorf("seed %d: not confined", seed)
				return nil, nil, 0, context.Canceled
			},
			Within: func(ctx context.Context, x, lower, upper []float64, more func(point, price []float64) bool) (point, price []float64, cost float64, err error) {
				narrow, err := s.confined(ctx, x, assets, lower, upper, func(point, price []float64) bool {
					again++
					return more(point, price)
				})
				if err != nil {
					t.Errorf("seed %d: %v", seed, err)
					return nil, nil, 0, err
				}
				wide, err := s.candidate(ctx, x, false)
				if err != nil {
					t.Errorf("seed %d: %v", seed, err)
					return nil, nil, 0, err
				}
				plans++
				a, b := narrow.plan.Objective, wide.plan.Objective
				if math.Abs(a-b) > 1e-5*(1+math.Abs(b)) {
					t.Errorf("seed %d: confined it costs %.9g, else %.9g", seed, a, b)
				}
				if narrow.price == nil {
					t.Errorf("seed %d: no prices", seed)
				}
				return narrow.x, narrow.price, a * s.scale, nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Price(ctx); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		d.Recover(ctx, nil, nil)
		res := d.Result()
		if !(res.Bound <= res.Cost*(1+1e-9)) || math.IsInf(res.Cost, 1) {
			t.Errorf("seed %d: cost %.9g, bound %.9g", seed, res.Cost, res.Bound)
		}
	}
	t.Logf("%d plans, %d programs", plans, again)
	if plans < 6 || again <= plans {
		t.Errorf("%d plans, %d programs", plans, again)
	}
}
