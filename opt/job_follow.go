package opt

// Jobs follow power (follow.go): whole jobs stay where the relaxation has them,
// and each of the rest goes where its reduced cost is least, as far as there is
// room.

import (
	"math"
	"slices"
	"sort"

	"github.com/wattbit/wattbit/solver"
)

// Follow places gangs first, the widest ahead, because nothing else is as hard to
// fit; but what comes after other jobs follows them.
func (k *jobs) Follow(r *Rounding) {
	for i := range k.classes {
		k.classes[i].sendRelaxed(r)
	}
	var order []*jobClass
	for i := range k.classes {
		if !k.classes[i].outside {
			order = append(order, &k.classes[i])
		}
	}
	sort.SliceStable(order, func(a, b int) bool {
		x, y := order[a].job, order[b].job
		if fx, fy := x.Fluid(), y.Fluid(); fx != fy {
			return fy
		}
		return x.Widest().Units > y.Widest().Units
	})
	r.ties = newJobTies(r.Model)
	placed := make([]bool, len(k.classes))
	var place func(c *jobClass)
	place = func(c *jobClass) {
		i := r.Model.ix.Jobs[c.job.Name]
		if placed[i] {
			return
		}
		placed[i] = true
		for _, p := range c.job.After {
			place(&k.classes[r.Model.ix.Jobs[p.Job]])
		}
		c.follow(r)
	}
	for _, c := range order {
		place(c)
	}
	k.complete(r)
}

// pickUp takes back that jobs are dropped in a point, so that followers place them;
// it says whether the program holds any.
func (k *jobs) pickUp(x []float64) (inside bool) {
	for i := range k.classes {
		if c := &k.classes[i]; !c.outside {
			x[c.dropped], inside = 0, true
		}
	}
	return inside
}

// follow sets the numbers of one class.
func (c *jobClass) follow(r *Rounding) {
	for _, col := range c.without() {
		r.x[col] = 0
	}
	for _, f := range c.forms {
		f.integers(func(col solver.Col) { r.x[col] = 0 })
	}
	left := c.job.N()
	for _, col := range c.without() {
		n := min(r.whole(col), left)
		r.x[col] = float64(n)
		left -= n
	}
	if !c.needs.tied && len(c.job.Datasets) == 0 {
		for _, f := range c.forms {
			left -= f.keep(r, left)
		}
	}
	for range left {
		c.insert(r)
	}
}

// insert lets one more job run, or wait for the next plan, where it costs least;
// where it can do neither, it is dropped.
func (c *jobClass) insert(r *Rounding) {
	best, found := jobOffer{pool: -1}, false
	if c.notBegun >= 0 {
		best, found = jobOffer{cost: r.ReducedCost[c.notBegun], pool: -1, take: func() { r.x[c.notBegun]++ }}, true
	}
	for _, f := range c.forms {
		if o, ok := f.offer(r); ok && (!found || o.better(best)) {
			best, found = o, true
		}
	}
	if !found {
		r.x[c.dropped]++
		return
	}
	if best.pool < 0 {
		best.take()
		return
	}
	c.send(r, best)
	held := r.held[r.cell(best.pool, 0):][:r.Model.T]
	before := slices.Clone(held)
	best.take()
	for t := range before {
		before[t] = held[t] - before[t]
	}
	r.ties.note(c, best, before)
}

// canRun says whether one more job may run as offered: those that it is tied to
// allow it, and data links have room for its data.
func (c *jobClass) canRun(r *Rounding, o jobOffer) bool {
	return r.ties.allow(c, o) && c.canSend(r, o)
}

// room is what one more job of the class may hold of a pool in a period.
func (c *jobClass) room(r *Rounding, pool, t int) float64 {
	if !c.needs.holds {
		return r.room(pool, t)
	}
	return math.Min(r.room(pool, t), r.ties.limit(c, pool, t))
}

func (o jobOffer) better(than jobOffer) bool {
	return o.cost < than.cost || o.cost == than.cost && o.share > than.share
}

// whole is the number of whole jobs that the relaxation has in a column.
func (r *Rounding) whole(col solver.Col) int { return int(math.Floor(r.X[col] + 1e-6)) }

// part is what it has beyond them.
func (r *Rounding) part(col solver.Col) float64 { return r.X[col] - math.Floor(r.X[col]) }

// idleCost is what so many units more cost in modules beyond those that the
// relaxation has on.
func (r *Rounding) idleCost(pool, t int, units float64) float64 {
	k := r.cell(pool, t)
	return math.Max(0, math.Min(units, r.held[k]+units-r.on[k])) * r.idle[k]
}
