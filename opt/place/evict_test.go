package place

import (
	"context"
	"testing"
)

// TestEvict: a pool has room for one of two jobs in its first period. Where the smaller one would
// have to be dropped, and the larger one can wait at hardly more, the larger one leaves; where neither can
// wait, the one that is worth less does.
func TestEvict(t *testing.T) {
	reach := [][]Option{{{Pool: 0, Speed: 1}}}
	for _, c := range []struct {
		name string
		jobs []Job
		stay int // the job that keeps the first period
	}{
		{"who can wait leaves", []Job{
			{Shape: Rigid, First: 0, End: 1, Units: 1, WorkUnitH: 1, DropPrice: 50},
			{Shape: Rigid, First: 0, End: 3, Units: 2, WorkUnitH: 2, DropPrice: 500},
		}, 0},
		{"who is worth less leaves", []Job{
			{Shape: Rigid, First: 0, End: 1, Units: 1, WorkUnitH: 1, DropPrice: 50},
			{Shape: Rigid, First: 0, End: 1, Units: 2, WorkUnitH: 2, DropPrice: 500},
		}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &Problem{
				Hours: []float64{1, 1, 1}, Reach: reach, Jobs: c.jobs,
				Pools: []Pool{{CapacityUnits: []float64{3, 3, 3}}},
			}
			power := flat{1}
			s, err := New(p, Options{BigShare: 0.9})
			if err != nil {
				t.Fatal(err)
			}
			s.Pass(context.Background(), power)
			for i, x := range s.Places() {
				if x.Dropped() || x.First != 0 {
					t.Fatalf("job %d is at %+v before", i, x)
				}
			}
			prices, slopes, mu := NewPrices(p), NewPrices(p), NewMultipliers(p)
			power.Price(s.Use(), nil, &prices, &slopes)
			s.resetLimit([]float64{2, 3, 3})
			s.hard = true
			s.makeRoom()
			s.evict(power, &prices, &mu)
			replay(t, p, s.Places(), func(_, period int) float64 { return []float64{2, 3, 3}[period] })
			for i, x := range s.Places() {
				if stays := !x.Dropped() && x.First == 0; stays != (i == c.stay) {
					t.Errorf("job %d ends at %+v", i, x)
				}
			}
		})
	}
}

// flat has one price for every busy unit, dearer by a little the later.
type flat struct{ price float64 }

func (f flat) Price(u *Use, _ []bool, prices, _ *Prices) {
	for c := range u.Busy {
		prices.Busy[c] = f.price * (1 + 0.01*float64(c))
	}
}
