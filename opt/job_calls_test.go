package opt_test

import (
	"context"
	"math"
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
)

// The promises of jobs, called by an adversary: every way to call the products, as
// often as they may be, or many random ones where there are too many. It knows of the
// plan only what it states, and shares nothing with the formulation or the verifier.

// aCall of a product from the beginning of a period.
type aCall struct {
	product, start int
	part           float64 // of what is promised; of a gang all
}

// mostWays is the number of ways that are tried of one job.
const mostWays = 3_000

// callAll calls the promises of every job of a plan.
func callAll(t *testing.T, c *model.Case, p *model.Plan) {
	t.Helper()
	played, err := verify.Replay(context.Background(), c, p, verify.ReplayOptions{Runs: 30, Seed: 1})
	if err != nil || !played.OK() {
		t.Errorf("%s: replay: %v, %+v", c.Name, err, played)
	}
	ix := c.Index()
	beyond := make([]float64, len(c.Pools)*c.T()) // units beside the plan
	for i := range p.Jobs {
		one := &p.Jobs[i]
		if len(one.Reserves) == 0 && one.SpareUnits == nil {
			continue
		}
		v := newCalled(c, ix, one)
		for s := range v.units {
			beyond[v.pool*c.T()+s] += v.spare[s]
			for _, u := range v.down {
				beyond[v.pool*c.T()+s] += u[s]
			}
		}
		ways := 0
		v.every(nil, 0, func(calls []aCall) bool {
			play := v.play
			if v.gang != nil {
				play = v.gang.play
			}
			if why := play(calls); why != "" {
				t.Errorf("%s, job %s %d: called %v, %s", c.Name, one.Job, one.Number, calls, why)
				return false
			}
			ways++
			return ways < mostWays
		})
	}
	held := make([]float64, len(c.Pools)*c.T()) // of modules: a power level's with its base's
	for i := range c.Pools {
		for s := range c.T() {
			held[ix.BasePool(i)*c.T()+s] += p.Pools[i].BusyUnits[s] + beyond[i*c.T()+s]
		}
	}
	for i := range c.Pools {
		for s := range c.T() {
			held := held[i*c.T()+s]
			if on := float64(p.Pools[i].ModulesOn[s]) * c.Pools[i].UnitsPerModule; held > on+1e-4 {
				t.Errorf("%s: pool %s holds %g of %g units in period %d after calls", c.Name, c.Pools[i].Name, held, on, s)
			}
		}
	}
}

// called is a job of a plan whose promises are called.
type called struct {
	c                *model.Case
	ix               *model.Index
	pool             int
	first, due, last int // of its window: due and last are not included
	most             float64
	units            []float64 // busy, by period
	spare            []float64
	up, down         map[int][]float64 // units promised, by product and period
	order            []int             // products
	gang             *calledGang       // nil of jobs that hold any number of units
}

func newCalled(c *model.Case, ix *model.Index, one *model.JobPlan) *called {
	job := &c.Jobs[ix.Jobs[one.Job]]
	v := &called{c: c, ix: ix, pool: ix.Pools[one.Pool], most: job.Units, up: map[int][]float64{}, down: map[int][]float64{}}
	v.first, v.due, v.last = ix.JobWindow(job)
	v.units, v.spare = make([]float64, c.T()), make([]float64, c.T())
	copy(v.units[one.First:], one.BusyUnits)
	copy(v.spare, one.SpareUnits)
	for _, r := range one.Reserves {
		at := ix.Reserves[r.Product]
		pool := &c.Pools[v.pool]
		u := make([]float64, c.T())
		for s, mw := range r.MW {
			if mw != 0 {
				u[s] = mw / (c.Sites[ix.Sites[pool.Site]].PUE.At(s, 1) * pool.DynamicMWPerUnit)
			}
		}
		if c.Reserves[at].Direction == model.Up {
			v.up[at] = u
		} else {
			v.down[at] = u
		}
		v.order = append(v.order, at)
	}
	if job.Gang() {
		v.gang = newCalledGang(v, job, one)
	}
	return v
}

// every yields all sets of calls, as long as it returns true: product by product, its
// calls one after another.
func (v *called) every(calls []aCall, from int, yield func([]aCall) bool) bool {
	if !yield(calls) {
		return false
	}
	for k := from; k < len(v.order); k++ {
		at := v.order[k]
		start, before := 0, 0
		for _, x := range calls {
			if x.product == at {
				before++
				start, _ = v.ix.EndOf(x.start, v.c.Reserves[at].Sustained())
			}
		}
		if before >= max(1, v.c.Reserves[at].Activations) {
			continue
		}
		for s := start; s < len(v.units); s++ {
			if v.up[at] != nil && v.up[at][s] == 0 || v.down[at] != nil && v.down[at][s] == 0 {
				continue
			}
			for _, part := range [2]float64{1, 0.4} {
				if v.gang != nil && part < 1 {
					continue
				}
				if !v.every(append(calls[:len(calls):len(calls)], aCall{at, s, part}), k, yield) {
					return false
				}
			}
		}
	}
	return true
}

// play replays the job under calls, and says what goes wrong.
func (v *called) play(calls []aCall) string {
	const slack = 1e-4
	T := len(v.units)
	takes := make([]float64, len(calls)) // unit-hours that a call has taken
	ends := make([]int, len(calls))
	due := 0.0
	for s := range T {
		h := v.ix.Hours[s]
		up, down := 0.0, 0.0
		for i, x := range calls {
			d := v.c.Reserves[x.product].Sustained()
			ends[i], _ = v.ix.EndOf(x.start, d)
			if ends[i] == s {
				due += takes[i]
			}
			if s < x.start || s >= ends[i] {
				continue
			}
			hours := math.Min(h, d-(v.ix.Starts[s]-v.ix.Starts[x.start]))
			u := 0.0
			if p := v.up[x.product]; p != nil {
				u = x.part * p[s]
				up += u
			} else {
				u = x.part * v.down[x.product][s]
				down += u
			}
			takes[i] += hours * u
		}
		later := v.spare[s]
		if len(v.down) > 0 {
			later = v.units[s]
		}
		catchUp := math.Min(due/h, later)
		due -= catchUp * h
		runs := v.units[s] + catchUp - up
		if len(v.down) > 0 {
			runs = v.units[s] - catchUp + down
		}
		switch {
		case v.spare[s] > 0 && (s < v.first || s >= v.due):
			return "spare units are of no use"
		case up > v.units[s]+slack:
			return "more is called than it holds"
		case runs < -slack || runs > v.most+slack || (s < v.first || s >= v.last) && runs > slack:
			return "it holds what it cannot"
		}
	}
	for i := range calls {
		if ends[i] >= T {
			due += takes[i]
		}
	}
	if due > slack {
		return "it is not done in its window"
	}
	return ""
}
