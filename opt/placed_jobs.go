package opt

// The jobs of a case as a placement sees them (package place), and back.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/internal/inorder"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
)

// jobPlaces is every single job that is placed outside the program, with its present
// place.
type jobPlaces struct {
	c       *model.Case
	ix      *model.Index
	problem *place.Problem
	at      []place.Assignment
	// copies of datasets, of which each of the problem's is one, and how they come.
	copies []copyKey
	comes  []place.Delivery
	// secure says that in outages some jobs keep their units while others yield. Those that
	// do hold them in pools of their own on the same modules, as power levels do, so that
	// their units have a price of their own: after the pools of the case the same once more.
	secure bool
	// others says which classes are in the program, and why.
	others string
	// first is the position of each class's first job in the problem; -1 for
	// classes that are in the program.
	first []int32
	// real are the pools of the case that the problem's stand for: jobs that offer reserve have
	// pools of their own on the same modules, from callAt on (placed_offers.go); nil for none.
	real   []int
	callAt []int32
	// middles part the groups of such jobs, in hours.
	middles []float64
	// few is the number of classes offering reserve up to which they are in the program;
	// offers is what those that are placed may promise, nil for nothing, and mixtures what they
	// do, by pool of the problem.
	few      int
	offers   *jobOffers
	mixtures map[int]*callMixture
}

// newJobPlaces states the jobs of a valid case as a placement, as far as it can hold
// them; the others are in the program, and so are classes offering reserve where they are few.
func newJobPlaces(c *model.Case, few int) *jobPlaces {
	ix := c.Index()
	T := len(ix.Hours)
	k := &jobPlaces{c: c, ix: ix, problem: &place.Problem{Hours: ix.Hours}, few: few, mixtures: make(map[int]*callMixture)}
	p := k.problem
	k.secure = c.ComputingOutages.JobsYield() && len(ix.Outages()) > 0
	for i := range c.Pools {
		pool := place.Pool{CapacityUnits: make([]float64, T)}
		for t := range T {
			pool.CapacityUnits[t] = ix.MaxUnits(i, t)
		}
		if base := ix.BasePool(i); base != i {
			pool.Base = int32(base) + 1
		}
		p.Pools, k.real = append(p.Pools, pool), append(k.real, i)
	}
	for i := range c.Pools {
		if k.secure {
			k.samePool(i)
		}
	}
	if manyOffer(c, few) {
		k.callPools()
	}
	for i := range c.DataLinks {
		gb := make([]float64, T)
		for t := range gb {
			gb[t] = ix.DataGB(i, t)
		}
		link := place.Link{CapacityGB: gb, LeadH: c.DataLinks[i].LeadTimeH}
		p.Links = append(p.Links, link, link)
	}
	n := 0
	for i := range c.Jobs {
		n += c.Jobs[i].N()
	}
	p.Jobs, k.first = make([]place.Job, 0, n), make([]int32, 0, len(c.Jobs))
	d := newDrafter(k)
	inorder.Blocks(len(c.Jobs), placementsAtOnce, func(from, to int) [][]model.Placement {
		placements := make([][]model.Placement, to-from)
		for i := range placements {
			if !d.inside[from+i] {
				placements[i] = ix.JobPlacements(&c.Jobs[from+i])
			}
		}
		return placements
	}, func(from, _ int, placements [][]model.Placement) {
		for i := range placements {
			d.state(from+i, placements[i])
		}
	})
	d.tie()
	k.others, k.offers = d.others(), newJobOffers(k)
	k.at = k.nobody()
	return k
}

// inside is the number of classes in the program.
func (k *jobPlaces) inside() (n int) {
	for _, first := range k.first {
		if first < 0 {
			n++
		}
	}
	return n
}

// nobody are the places of jobs that all do nothing.
func (k *jobPlaces) nobody() []place.Assignment {
	at := make([]place.Assignment, len(k.problem.Jobs))
	for i := range at {
		at[i].Pool = place.None
	}
	return at
}

// undoneCost is what the jobs cost then, money.
func (k *jobPlaces) undoneCost() (cost float64) {
	for i := range k.problem.Jobs {
		cost += k.problem.Jobs[i].DropPrice
	}
	return cost
}

// placementsAtOnce is of how many jobs one processor works out the placements in one go.
const placementsAtOnce = 256

// has says whether class i is placed outside the program.
func (k *jobPlaces) has(i int) bool { return k != nil && k.first[i] >= 0 }

// single appends the plans of a class's jobs, and charges its costs.
func (k *jobPlaces) single(out []model.JobPlan, pt *Point, class int, owner int32, promised map[int32]*promisedOf) []model.JobPlan {
	j := &k.c.Jobs[class]
	for n := range j.N() {
		at := int(k.first[class]) + n
		job, a := &k.problem.Jobs[at], &k.at[at]
		out = append(out, model.JobPlan{Job: j.Name, Number: n + 1})
		one := &out[len(out)-1]
		if a.Dropped() {
			k.leave(pt, j, one, owner)
			continue
		}
		one.Pool, one.First, one.LeftUnitH = k.c.Pools[k.real[a.Pool]].Name, int(a.First), a.LeftUnitH
		one.BusyUnits, one.HeldUnits = units(job, a)
		if r := promised[int32(at)]; r != nil {
			one.Reserves, one.SpareUnits = r.reserves, r.spare
		}
		end := int(a.End)
		k.transfers(pt, j, a, one, owner)
		if a.LeftUnitH > 0 {
			pt.charge(model.CostBacklog, owner, orElse(j.BacklogPricePerUnitH, 0)*a.LeftUnitH)
			end = len(k.ix.Hours)
		}
		if j.LatePricePerH != nil {
			one.LateH = k.ix.LateHours(j, end)
			pt.charge(model.CostLate, owner, *j.LatePricePerH*one.LateH)
		}
	}
	return out
}

// leave writes the plan of a job that does nothing.
func (k *jobPlaces) leave(pt *Point, j *model.Job, one *model.JobPlan, owner int32) {
	if drop := k.c.DropCost(j); drop <= k.notBegun(j) {
		one.Dropped = true
		pt.charge(model.CostDropped, owner, drop)
		return
	}
	one.LeftUnitH = allLeft(j)
	pt.charge(model.CostBacklog, owner, *j.BacklogPricePerUnitH*one.LeftUnitH)
	if j.LatePricePerH != nil {
		one.LateH = k.ix.LateHours(j, len(k.ix.Hours))
		pt.charge(model.CostLate, owner, *j.LatePricePerH*one.LateH)
	}
}

// units of a job, busy and held, from its first period of work to its last; held is
// nil where the plan does not state it.
func units(j *place.Job, a *place.Assignment) (busy, held []float64) {
	busy = make([]float64, a.End-a.First)
	switch j.Shape {
	case place.Preemptible, place.Malleable:
		for _, w := range a.Work {
			busy[w.Period-a.First] = w.Amount
		}
		return busy, nil
	case place.Gang:
		held = make([]float64, len(busy))
		for _, w := range a.Work {
			busy[w.Period-a.First], held[w.Period-a.First] = w.Amount, a.Units
		}
		return busy, held
	}
	for t := range busy {
		busy[t] = a.Units
	}
	busy[len(busy)-1] = a.LastBusy
	if j.Shape == place.Moldable {
		held = make([]float64, len(busy))
		for t := range held {
			held[t] = a.Units
		}
	}
	return busy, held
}

// take gives the jobs their places, and their datasets copies.
func (k *jobPlaces) take(places []place.Assignment, copies []place.Delivery) {
	k.comes = slices.Clone(copies)
	for i := range places {
		k.at[i] = places[i]
		if k.problem.Jobs[i].Shape == place.Preemptible {
			trimRests(&k.at[i], k.problem.Hours)
		}
	}
}

// idle is the number of units up to which a plan's reader takes a job to be paused:
// no work begins or ends so.
const idle = 2e-6

// trimRests takes rests of rounding from both ends of the work of a job that may pause;
// the period next to them does them too.
func trimRests(a *place.Assignment, hours []float64) {
	from, to := 0, len(a.Work)
	for to-from > 1 && a.Work[from].Amount <= idle {
		from++
	}
	for to-from > 1 && a.Work[to-1].Amount <= idle {
		to--
	}
	if to-from == len(a.Work) {
		return
	}
	work := slices.Clone(a.Work[from:to]) // an assignment's slices are shared
	give := func(to *place.Load, rests []place.Load) {
		for _, w := range rests {
			to.Amount += w.Amount * hours[w.Period] / hours[to.Period]
		}
	}
	give(&work[0], a.Work[:from])
	give(&work[len(work)-1], a.Work[to:])
	a.Work, a.First, a.End = work, work[0].Period, work[len(work)-1].Period+1
}

// use is what the jobs take now.
func (k *jobPlaces) use() *place.Use {
	u := place.NewUse(k.problem)
	for i := range k.comes {
		u.AddData(k.comes[i].Data, len(k.problem.Hours))
	}
	for i := range k.at {
		u.Add(&k.at[i], len(k.problem.Hours))
	}
	return &u
}

// guess is a use to begin with: all work, spread over all pools and periods.
func (k *jobPlaces) guess() *place.Use {
	work, offer := 0.0, 0.0
	for i := range k.problem.Jobs {
		work += k.problem.Jobs[i].WorkUnitH
	}
	for i := range k.problem.Pools {
		for t, units := range k.modules(i) {
			offer += units * k.c.Pools[k.real[i]].UnitSpeed() * k.problem.Hours[t]
		}
	}
	share := 0.0
	if offer > 0 {
		share = math.Min(fullest, work/offer)
	}
	return k.even(share)
}

// modules are the units of a pool's own modules by period; none for a power level.
func (k *jobPlaces) modules(pool int) []float64 {
	if k.problem.Pools[pool].Base > 0 {
		return nil
	}
	return k.problem.Pools[pool].CapacityUnits
}

// even is a share of all capacity of pools, held and busy.
func (k *jobPlaces) even(share float64) *place.Use {
	u := place.NewUse(k.problem)
	T := len(k.problem.Hours)
	for i := range k.problem.Pools {
		for t, units := range k.modules(i) {
			u.Held[i*T+t], u.Busy[i*T+t] = share*units, share*units
		}
	}
	return &u
}

// fullest is how full pools are in a guess at most.
const fullest = 0.9
