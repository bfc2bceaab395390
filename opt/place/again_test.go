package place

import (
	"context"
	"math"
	"reflect"
	"testing"
)

// roomy is a Sharer that leaves so much of pools and links.
type roomy struct {
	*supply
	units, gb []float64
}

func (r *roomy) Proves() bool { return true }

func (r *roomy) Room() (units, gb []float64) { return r.units, r.gb }

// TestAgain: where power costs something else than it was, jobs move, within what is left
// to them, and what they then cost is what it is called.
func TestAgain(t *testing.T) {
	p, power := ordinary(600).make()
	ctx := context.Background()
	r, err := Place(ctx, p, power, Options{Passes: 30})
	if err != nil {
		t.Fatal(err)
	}
	before := append([]Assignment(nil), r.Places...)
	_, other := ordinary(600).make()
	T := len(p.Hours)
	for z := range other.base { // every other period has less to give
		for t := range other.base[z] {
			if t%2 == 0 {
				other.base[z][t] *= 1.3
			}
		}
	}
	held := &roomy{supply: other}
	for c, v := range r.Use.Held {
		held.units = append(held.units, max(v, 0.8*p.Pools[c/T].CapacityUnits[c%T]))
	}
	for c, v := range r.Use.GB {
		held.gb = append(held.gb, max(v, 0.8*p.Links[c/T].CapacityGB[c%T]))
	}
	own := replay(t, p, r.Places, capacityOf(p))
	was := own + other.Cost(&r.Use)
	var first *Result
	for _, threads := range []int{1, 3} {
		copy(other.centre, power.centre)
		copy(other.live, power.centre)
		next, cost, err := Again(ctx, p, held, power, r, Options{Threads: threads})
		if err != nil || next == nil {
			t.Fatalf("nobody moves: %v", err)
		}
		if first == nil {
			first = next
		} else if !reflect.DeepEqual(first.Places, next.Places) {
			t.Error("the places depend on the number of threads")
		}
		limit := func(q, t int) float64 { return held.units[q*T+t] }
		own := replay(t, p, next.Places, limit)
		for c, v := range next.Use.GB {
			if v > held.gb[c]*(1+1e-6)+1e-9 {
				t.Errorf("%g GB in cell %d, where %g are left", v, c, held.gb[c])
			}
		}
		if v := own + other.Cost(&next.Use); math.Abs(v-cost) > 1e-9*v || cost >= was {
			t.Errorf("cost %g, replayed %g, %g before", cost, v, was)
		}
		if v := own + power.Cost(&next.Use); math.Abs(v-next.Cost) > 1e-9*v {
			t.Errorf("relaxed cost %g, replayed %g", next.Cost, v)
		}
		if gap, sum := next.Cost-next.Bound, next.Account.Total()+next.PowerGap; next.Bound != r.Bound || math.Abs(gap-sum) > 1e-9*next.Cost {
			t.Errorf("bound %g of %g, gap %g, accounts add up to %g", next.Bound, r.Bound, gap, sum)
		}
		dropped := 0
		for i := range next.Places {
			if next.Places[i].Dropped() {
				dropped++
			}
		}
		if dropped != next.Dropped {
			t.Errorf("%d dropped, told of %d", dropped, next.Dropped)
		}
	}
	if !reflect.DeepEqual(before, r.Places) {
		t.Error("the placement that it began with was changed")
	}
}

// TestAgainByHand: a job of an hour draws 2 MW. It was placed in the first of two hours; a
// schedule has power at 10 in the first and at 4 in the second, where the pool is full.
// Once there is room it moves, and saves 2 (10 - 4) = 12.
func TestAgainByHand(t *testing.T) {
	p := &Problem{
		Hours: []float64{1, 1},
		Pools: []Pool{{CapacityUnits: []float64{1, 1}}},
		Reach: [][]Option{{{Pool: 0, Speed: 1}}},
		Jobs:  []Job{{Shape: Rigid, Units: 1, WorkUnitH: 1, First: 0, End: 2, DropPrice: 1000}},
	}
	at := func(first, second float64) *supply {
		return &supply{
			p: p, zone: []int{0}, unitMW: []float64{2}, heldMW: []float64{0}, base: [][]float64{{0, 0}},
			steps: [][]step{{{10, first}}, {{10, second}}}, centre: []float64{first, second}, live: []float64{first, second},
		}
	}
	relaxed := at(3, 5)
	ctx := context.Background()
	r, err := Place(ctx, p, relaxed, Options{})
	if err != nil || r.Places[0].First != 0 || r.Cost != 6 {
		t.Fatalf("%+v %v", r, err)
	}
	full := &roomy{at(10, 4), []float64{1, 0}, nil}
	if next, _, err := Again(ctx, p, full, relaxed, r, Options{}); err != nil || next != nil {
		t.Errorf("a job moved into a full pool: %+v %v", next, err)
	}
	free := &roomy{at(10, 4), []float64{1, 1}, nil}
	next, cost, err := Again(ctx, p, free, relaxed, r, Options{})
	if err != nil || next == nil || next.Places[0].First != 1 || cost != 8 || next.Cost != 10 {
		t.Errorf("%+v costs %g: %v", next, cost, err)
	}
}
