package place

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestClosure: what is done of a set has all that it needs, and gains as much as any
// subset that has.
func TestClosure(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	some := 0
	for range 2000 {
		p := &Problem{Jobs: make([]Job, 2+rng.IntN(8))}
		jobs := len(p.Jobs)
		for range rng.IntN(2 * jobs) {
			if a, b := rng.IntN(jobs), rng.IntN(jobs); a < b {
				p.Precedences = append(p.Precedences, Precedence{Before: int32(a), After: int32(b)})
			}
		}
		for range rng.IntN(3) {
			p.Groups = append(p.Groups, Group{Jobs: []int32{int32(rng.IntN(jobs)), int32(rng.IntN(jobs))}, AllOrNone: rng.IntN(2) == 0})
		}
		n := newNeeds(p)
		if n == nil {
			continue
		}
		gain := make([]float64, jobs)
		for i := range gain {
			if gain[i] = math.Round(20*rng.NormFloat64()) / 2; rng.IntN(10) == 0 {
				gain[i] = math.Inf(-1)
			}
		}
		worth := func(done func(i int32) bool) float64 {
			sum := 0.0
			for i := range int32(jobs) {
				for _, o := range n.of[i] {
					if done(i) && !done(o) {
						return math.Inf(-1)
					}
				}
				if done(i) {
					sum += gain[i]
				}
			}
			return sum
		}
		done := make([]bool, jobs)
		for _, set := range n.sets {
			for _, i := range n.closure(set, gain) {
				done[i] = true
				some++
			}
		}
		all := slices.Concat(n.sets...)
		got, most := worth(func(i int32) bool { return done[i] }), 0.0
		for set := range 1 << jobs {
			most = max(most, worth(func(i int32) bool { return set>>i&1 == 1 && slices.Contains(all, i) }))
		}
		if math.Abs(got-most) > 1e-9 {
			t.Fatalf("gains %v, needs %v: %v gains %g, most is %g", gain, n.of, done, got, most)
		}
	}
	if some < 1000 {
		t.Errorf("%d jobs done: the test shows little", some)
	}
}

// TestNeedsByHand: a pool of one unit; power costs 3 a MWh in the first hour and 5 in the
// second, and a unit takes 1 MW. A job that takes an hour from the start costs 3 and one
// that waits for it 5, 8 together; dropping the first is worth 1.
func TestNeedsByHand(t *testing.T) {
	for _, c := range []struct {
		drop, want float64
	}{
		{10, 8}, // both are done: the second pays for the first
		{6, 7},  // neither: 1 + 6 is less than 8, though 6 alone is more than 5
	} {
		p := &Problem{
			Hours: []float64{1, 1},
			Pools: []Pool{{CapacityUnits: []float64{1, 1}}},
			Reach: [][]Option{{{Pool: 0, Speed: 1}}},
			Jobs: []Job{
				{Shape: Rigid, Units: 1, WorkUnitH: 1, First: 0, End: 1, DropPrice: 1},
				{Shape: Rigid, Units: 1, WorkUnitH: 1, First: 0, End: 2, DropPrice: c.drop},
			},
			Precedences: []Precedence{{Before: 0, After: 1}},
		}
		power := &supply{
			p: p, zone: []int{0}, unitMW: []float64{1}, heldMW: []float64{0}, base: [][]float64{{0, 0}},
			steps: [][]step{{{10, 3}}, {{10, 5}}}, centre: []float64{3, 5}, live: []float64{3, 5},
		}
		r, err := Place(context.Background(), p, power, Options{})
		if err != nil || math.Abs(r.Cost-c.want) > 1e-9 || math.Abs(r.Bound-c.want) > 1e-9 {
			t.Errorf("dropped for %g: cost %g, bound %g, error %v; want %g", c.drop, r.Cost, r.Bound, err, c.want)
		}
	}
}
