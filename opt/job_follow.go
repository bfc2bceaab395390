package opt

// Jobs follow power (follow.go): whole jobs stay where the relaxation has them,
// and each of the rest goes where its reduced cost is least, as far as there is
// room.

import (
	"math"
	"sort"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// Follow places gangs first, the widest ahead, because nothing else is as hard to
// fit. Jobs that depend on others are left to the search.
func (k *jobs) Follow(r *Rounding) {
	for i := range k.classes {
		k.classes[i].sendRelaxed(r)
	}
	order := make([]*jobClass, len(k.classes))
	for i := range order {
		order[i] = &k.classes[i]
	}
	sort.SliceStable(order, func(a, b int) bool {
		x, y := order[a].job, order[b].job
		if x.Shape != y.Shape {
			return x.Shape == model.Rigid
		}
		return x.Units > y.Units
	})
	for _, c := range order {
		c.follow(r)
	}
}

// follow sets the numbers of one class.
func (c *jobClass) follow(r *Rounding) {
	r.x[c.dropped] = float64(r.whole(c.dropped))
	left := c.job.N() - r.whole(c.dropped)
	for _, f := range c.forms {
		f.integers(func(col solver.Col) { r.x[col] = 0 })
	}
	if c.needs.tied {
		r.x[c.dropped] = float64(c.job.N())
		return
	}
	if len(c.job.Datasets) == 0 {
		for _, f := range c.forms {
			left -= f.keep(r, left)
		}
	}
	for range left {
		if !c.insert(r) {
			r.x[c.dropped]++
		}
	}
}

// insert places one job where it costs least, and says whether there was room.
func (c *jobClass) insert(r *Rounding) bool {
	var best jobOffer
	found := false
	for _, f := range c.forms {
		if o, ok := f.offer(r); ok && (!found || o.better(best)) {
			best, found = o, true
		}
	}
	if found {
		c.send(r, best)
		best.take()
	}
	return found
}

func (o jobOffer) better(than jobOffer) bool {
	return o.cost < than.cost || o.cost == than.cost && o.share > than.share
}

// whole is the number of whole jobs that the relaxation has in a column.
func (r *Rounding) whole(col solver.Col) int { return int(math.Floor(r.X[col] + 1e-6)) }

// part is what it has beyond them.
func (r *Rounding) part(col solver.Col) float64 { return r.X[col] - math.Floor(r.X[col]) }

func (k *rigidJobs) keep(r *Rounding, most int) int {
	kept := 0
	for i := range k.starts {
		s := &k.starts[i]
		for range r.whole(s.col) {
			if kept < most && k.fitsIn(r, s) {
				k.hold(r, s)
				kept++
			}
		}
	}
	return kept
}

func (k *rigidJobs) offer(r *Rounding) (best jobOffer, ok bool) {
	for i := range k.starts {
		s := &k.starts[i]
		o := jobOffer{
			cost: r.ReducedCost[s.col] + k.idleCost(r, s), share: r.part(s.col),
			pool: s.pool, begin: s.t, end: s.end - 1, take: func() { k.hold(r, s) },
		}
		if (!ok || o.better(best)) && k.fitsIn(r, s) && k.class.canSend(r, o) {
			best, ok = o, true
		}
	}
	return best, ok
}

// hold adds one job to a start.
func (k *rigidJobs) hold(r *Rounding, s *rigidStart) {
	r.x[s.col]++
	for tau := s.t; tau < s.end; tau++ {
		r.held[s.pool*r.Model.T+tau] += k.class.job.Units
	}
}

// idleCost is what a start costs in modules beyond those that the relaxation has
// on.
func (k *rigidJobs) idleCost(r *Rounding, s *rigidStart) float64 {
	cost, units := 0.0, k.class.job.Units
	for tau := s.t; tau < s.end; tau++ {
		at := s.pool*r.Model.T + tau
		cost += math.Max(0, math.Min(units, r.held[at]+units-r.on[at])) * r.idle[at]
	}
	return cost
}

func (k *rigidJobs) fitsIn(r *Rounding, s *rigidStart) bool {
	for tau := s.t; tau < s.end; tau++ {
		if r.room(s.pool, tau) < k.class.job.Units-roomSlack {
			return false
		}
	}
	return true
}

func (k *fluidJobs) keep(r *Rounding, most int) int {
	kept := 0
	for i := range k.groups {
		g := &k.groups[i]
		if n := min(r.whole(g.number), most-kept); n > 0 && g.keep(r, float64(n)) {
			r.x[g.number] = float64(n)
			kept += n
		}
	}
	return kept
}

// keep takes the room for n jobs of a group as the relaxation has them, and says
// whether it was there.
func (g *fluidGroup) keep(r *Rounding, n float64) bool {
	busy := func(t int) float64 { return n / r.X[g.number] * r.X[int(g.busy)+t-g.first] }
	for t := g.first; t <= g.last; t++ {
		if r.room(g.pool, t) < busy(t)-roomSlack {
			return false
		}
	}
	for t := g.first; t <= g.last; t++ {
		r.held[g.pool*r.Model.T+t] += busy(t)
	}
	return true
}

func (k *fluidJobs) offer(r *Rounding) (best jobOffer, ok bool) {
	for i := range k.groups {
		g := &k.groups[i]
		busy, cost := g.spread(r, k.class.job)
		if busy == nil {
			continue
		}
		o := jobOffer{cost: cost + r.ReducedCost[g.number], share: r.part(g.number), pool: g.pool, begin: g.first, end: g.last}
		if (ok && !o.better(best)) || !k.class.canSend(r, o) {
			continue
		}
		o.take = func() {
			r.x[g.number]++
			for t, z := range busy {
				r.held[g.pool*r.Model.T+g.first+t] += z
			}
		}
		best, ok = o, true
	}
	return best, ok
}

// spread gives one job of a group its busy units where they cost least: in
// modules that are on, then in others; nil when there is too little room.
func (g *fluidGroup) spread(r *Rounding, j *model.Job) (busy []float64, cost float64) {
	m := r.Model
	speed := m.Case.Pools[g.pool].UnitSpeed()
	type piece struct {
		t            int
		units, price float64 // price per unit-hour of work
	}
	var pieces []piece
	for t := g.first; t <= g.last; t++ {
		k := g.pool*m.T + t
		price := r.ReducedCost[int(g.busy)+t-g.first]
		most := math.Max(0, math.Min(j.Units, r.room(g.pool, t)))
		cheap := math.Max(0, math.Min(most, r.on[k]-r.held[k]))
		work := speed * m.Hours[t]
		pieces = append(pieces, piece{t - g.first, cheap, price / work}, piece{t - g.first, most - cheap, (price + r.idle[k]) / work})
	}
	sort.SliceStable(pieces, func(a, b int) bool { return pieces[a].price < pieces[b].price })
	busy = make([]float64, g.last-g.first+1)
	left := j.WorkUnitH
	for _, p := range pieces {
		if left <= 1e-9*j.WorkUnitH {
			break
		}
		work := speed * m.Hours[g.first+p.t]
		z := math.Min(p.units, left/work)
		busy[p.t] += z
		left -= z * work
		cost += z * work * p.price
	}
	if left > 1e-9*j.WorkUnitH {
		return nil, 0
	}
	return busy, cost
}
