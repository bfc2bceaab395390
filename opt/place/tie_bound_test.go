package place

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestClosure: what is reached of a set has all that it needs, and gains as much as any
// subset that has.
func TestClosure(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	some := 0
	for range 2000 {
		n := &needs{stages: make([]stage, 2+rng.IntN(8))}
		set, gain := make([]int32, len(n.stages)), make([]float64, len(n.stages))
		for i := range set {
			set[i] = int32(i)
			for range rng.IntN(3) {
				n.stages[i].needs = append(n.stages[i].needs, int32(rng.IntN(len(set))))
			}
			if gain[i] = math.Round(20*rng.NormFloat64()) / 2; rng.IntN(10) == 0 {
				gain[i] = math.Inf(-1)
			}
		}
		worth := func(in int) float64 {
			sum := 0.0
			for i := range set {
				for _, o := range n.stages[i].needs {
					if in>>i&1 > in>>o&1 {
						return math.Inf(-1)
					}
				}
				if in>>i&1 == 1 {
					sum += gain[i]
				}
			}
			return sum
		}
		reached := 0
		for _, i := range n.closure(set, gain) {
			reached |= 1 << i
			some++
		}
		most := 0.0
		for in := range 1 << len(set) {
			most = max(most, worth(in))
		}
		if got := worth(reached); math.Abs(got-most) > 1e-9 {
			t.Fatalf("gains %v of stages %+v: %b gains %g, most is %g", gain, n.stages, reached, got, most)
		}
	}
	if some < 1000 {
		t.Errorf("%d stages reached: the test shows little", some)
	}
}

// handCase is a pool of one unit, which takes 1 MW, and two jobs that take an hour, of which the
// second waits for the first.
func handCase(prices []float64, first, second Job) (*Problem, *supply) {
	T := len(prices)
	p := &Problem{
		Pools: []Pool{{CapacityUnits: slices.Repeat([]float64{1}, T)}}, Hours: slices.Repeat([]float64{1}, T),
		Reach: [][]Option{{{Pool: 0, Speed: 1}}}, Precedences: []Precedence{{Before: 0, After: 1}},
	}
	for _, j := range []Job{first, second} {
		j.Shape, j.Units, j.WorkUnitH = Rigid, 1, 1
		p.Jobs = append(p.Jobs, j)
	}
	power := &supply{
		p: p, zone: []int{0}, unitMW: []float64{1}, heldMW: []float64{0}, base: [][]float64{make([]float64, T)},
		centre: prices, live: slices.Clone(prices),
	}
	for _, price := range prices {
		power.steps = append(power.steps, []step{{10, price}})
	}
	return p, power
}

// TestNeedsByHand: where bounds of jobs that wait for each other are exact.
func TestNeedsByHand(t *testing.T) {
	for name, c := range map[string]struct {
		prices        []float64
		first, second Job
		want          float64
	}{
		"the second pays for the first":      {[]float64{3, 5}, Job{End: 1, DropPrice: 1}, Job{End: 2, DropPrice: 10}, 3 + 5},
		"neither, though 6 is more than 5":   {[]float64{3, 5}, Job{End: 1, DropPrice: 1}, Job{End: 2, DropPrice: 6}, 1 + 6},
		"the first in time, not when at 1":   {[]float64{3, 5, 1}, Job{End: 3, DropPrice: 100}, Job{End: 2, DropPrice: 100}, 3 + 5},
		"the first at 1, without the second": {[]float64{3, 5, 1}, Job{End: 3, DropPrice: 100}, Job{End: 2, DropPrice: 6}, 1 + 6},
	} {
		p, power := handCase(c.prices, c.first, c.second)
		r, err := Place(context.Background(), p, power, Options{})
		if err != nil || math.Abs(r.Cost-c.want) > 1e-9 || math.Abs(r.Bound-c.want) > 1e-9 {
			t.Errorf("%s: cost %g, bound %g, error %v; want %g", name, r.Cost, r.Bound, err, c.want)
		}
	}
}
