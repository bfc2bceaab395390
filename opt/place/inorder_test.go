package place

import (
	"context"
	"testing"
)

// fixed is prices that no use changes.
type fixed struct{ prices Prices }

func (f fixed) Price(_ *Use, _ []bool, prices, _ *Prices) {
	copy(prices.Held, f.prices.Held)
	copy(prices.Busy, f.prices.Busy)
	copy(prices.GB, f.prices.GB)
}

// TestInOrder: of three jobs of an hour that all want the cheap hour, with room for
// one, the first listed gets it; one that is late for all hours is dropped.
func TestInOrder(t *testing.T) {
	p := &Problem{
		Hours: []float64{1, 1, 1}, Pools: []Pool{{CapacityUnits: []float64{1, 1, 1}}}, Reach: [][]Option{{{Pool: 0, Speed: 1}}},
	}
	for range 4 {
		p.Jobs = append(p.Jobs, Job{Units: 1, WorkUnitH: 1, End: 3, DeadlineH: 3, DropPrice: 100})
	}
	for _, order := range [][]int32{{0, 1, 2, 3}, {3, 1, 0, 2}} {
		s, err := New(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		prices := NewPrices(p)
		copy(prices.Busy, []float64{30, 10, 20})
		s.InOrder(context.Background(), fixed{prices}, order)
		for k, first := range []int32{1, 2, 0} {
			if x := s.Places()[order[k]]; x.Dropped() || x.First != first {
				t.Errorf("order %v: job %d is at %+v, want period %d", order, order[k], x, first)
			}
		}
		if x := s.Places()[order[3]]; !x.Dropped() {
			t.Errorf("order %v: job %d is at %+v, and there was no room", order, order[3], x)
		}
	}
}

// TestInOrderFits: a thousand jobs of all shapes keep every limit.
func TestInOrderFits(t *testing.T) {
	p, power := ordinary(1_000).make()
	s, err := New(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.InOrder(context.Background(), power, s.order)
	replay(t, p, s.Places(), capacityOf(p))
}
