package opt

// Rigid and moldable jobs hold one width from start to end: a gang of g units or,
// if moldable, one of the widths w of its scaling. One that starts in period t in
// a pool at width w holds it for the periods t..e(t,w)-1 that its work takes at
// speed * effective units of w.
//
//	begin event (pool, t) and end event (pool, e-1): s_{pool,t,w}, an integer
//	held in tau: w s for t <= tau < e; busy the same, in the last period only
//	the part of it that the work left takes
//
// A start whose end lies beyond the horizon is there where work may be left: it
// holds its width to the horizon's end, has no end event, and pays
//
//	backlog price * work left, late price * hours late of the horizon's end
//
// A job that runs when the horizon begins has a start in period 0 with the work
// that is left, and, unless it is pinned, the starts of a new one, but for the one
// that would only forget what is done. Starts that no
// single job could make have no column.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// steadyJobs are the starts of a class of rigid or moldable jobs.
type steadyJobs struct {
	class  *jobClass
	starts []steadyStart
}

// steadyStart is the number of jobs that start in period t in a pool at a width.
type steadyStart struct {
	col           solver.Col
	pool, t, end  int // periods t..end-1
	units         float64
	lastBusyUnits float64
	left          float64 // unit-hours of work at the horizon's end
}

func newSteady(m *Model, c *jobClass) *steadyJobs {
	k, j := &steadyJobs{class: c}, c.job
	for _, place := range c.places {
		if !place.OK {
			continue
		}
		m.Label("start at " + m.Case.Pools[place.Pool].Name)
		here := j.Running != nil && j.Running.Pool == m.Case.Pools[place.Pool].Name
		if here {
			k.start(m, place.Pool, 0, m.ix.RunningWidth(j), j.WorkLeft())
			if j.Running.Pinned {
				continue
			}
		}
		_, _, last := m.ix.JobWindow(j)
		for _, w := range j.Widths() {
			for t := m.ix.EarliestWork(j, place); t < last; t++ {
				if !here || t > 0 || w != m.ix.RunningWidth(j) {
					k.start(m, place.Pool, t, w, j.WorkUnitH)
				}
			}
		}
	}
	return k
}

// start adds the start in a period at a width with so much work, if a single job
// could make it.
func (k *steadyJobs) start(m *Model, pool, t int, w model.ScalingPoint, work float64) {
	c, j := k.class, k.class.job
	_, _, last := m.ix.JobWindow(j)
	rate := w.EffectiveUnits * m.ix.JobSpeed(j, pool)
	end, whole := m.ix.EndOf(t, work/rate)
	if end > last || !whole && !m.ix.MayLeaveWork(j) || !m.ix.Offers(pool, w.Units, t, end) {
		return
	}
	s := steadyStart{
		col:  m.Column(0, float64(j.N()), solver.Integer),
		pool: pool, t: t, end: end, units: w.Units, lastBusyUnits: w.Units,
	}
	if whole {
		// The last period draws power for the work that is left in it.
		left := work/rate - (m.ix.Starts[end-1] - m.ix.Starts[t])
		s.lastBusyUnits *= math.Max(0, math.Min(1, left/m.Hours[end-1]))
	} else {
		s.left = work - rate*(m.ix.Starts[end]-m.ix.Starts[t])
	}
	for tau := t; tau < end; tau++ {
		busy := w.Units
		if tau == end-1 {
			busy = s.lastBusyUnits
		}
		c.hold(m, pool, tau, s.col, w.Units, busy)
	}
	c.begin(m, pool, t, s.col)
	if whole {
		c.end(m, pool, end-1, s.col)
	} else {
		m.Cost(model.CostLate, s.col, c.latePrice(m, end-1))
		m.Cost(model.CostBacklog, s.col, orElse(j.BacklogPricePerUnitH, 0)*s.left)
	}
	k.starts = append(k.starts, s)
}

// lastPeriod is that of the end event, -1 for none.
func (s *steadyStart) lastPeriod() int {
	if s.left > 0 {
		return -1
	}
	return s.end - 1
}

func (k *steadyJobs) integers(yield func(solver.Col)) {
	for _, s := range k.starts {
		yield(s.col)
	}
}

func (k *steadyJobs) extract(pt *Point) []placedJob {
	var out []placedJob
	for _, s := range k.starts {
		for range pt.Int(s.col) {
			out = append(out, k.placed(pt.Model, s))
		}
	}
	return out
}

// placed is one job of a start.
func (k *steadyJobs) placed(m *Model, s steadyStart) placedJob {
	level := func() []float64 {
		out := make([]float64, s.end-s.t)
		for x := range out {
			out[x] = s.units
		}
		return out
	}
	p := placedJob{
		plan: model.JobPlan{
			Pool: m.Case.Pools[s.pool].Name, First: s.t, BusyUnits: level(),
			LateH: k.class.lateHours(m, s.end-1), LeftUnitH: s.left,
		},
		pool: s.pool, begin: s.t, lastPool: s.pool, end: s.lastPeriod(),
	}
	p.plan.BusyUnits[s.end-1-s.t] = s.lastBusyUnits
	if k.class.job.Shape == model.Moldable {
		p.plan.HeldUnits = level()
	}
	return p
}

func (k *steadyJobs) keep(r *Rounding, most int) int {
	kept := 0
	for i := range k.starts {
		s := &k.starts[i]
		for range r.whole(s.col) {
			if kept < most && s.fitsIn(r, k.class) {
				s.hold(r)
				kept++
			}
		}
	}
	return kept
}

func (k *steadyJobs) offer(r *Rounding) (best jobOffer, ok bool) {
	for i := range k.starts {
		s := &k.starts[i]
		o := jobOffer{
			cost: r.ReducedCost[s.col] + s.idleCost(r), share: r.part(s.col),
			pool: s.pool, begin: s.t, end: s.lastPeriod(), take: func() { s.hold(r) },
		}
		if (!ok || o.better(best)) && s.fitsIn(r, k.class) && k.class.canRun(r, o) {
			best, ok = o, true
		}
	}
	return best, ok
}

// hold adds one job to a start.
func (s *steadyStart) hold(r *Rounding) {
	r.x[s.col]++
	for tau := s.t; tau < s.end; tau++ {
		r.held[r.cell(s.pool, tau)] += s.units
	}
}

// idleCost is what a start costs in modules beyond those that the relaxation has
// on.
func (s *steadyStart) idleCost(r *Rounding) float64 {
	cost := 0.0
	for tau := s.t; tau < s.end; tau++ {
		cost += r.idleCost(s.pool, tau, s.units)
	}
	return cost
}

func (s *steadyStart) fitsIn(r *Rounding, c *jobClass) bool {
	for tau := s.t; tau < s.end; tau++ {
		if c.room(r, s.pool, tau) < s.units-roomSlack {
			return false
		}
	}
	return true
}

// refine starts a job in the first period, at the width that ends last within the
// others.
func (k *steadyJobs) refine(pt *Proposal, p *model.JobPlan, first []int) bool {
	pool, from, to := refined(pt.Model, p, first)
	var best *steadyStart
	for i := range k.starts {
		s := &k.starts[i]
		if s.pool == pool && s.t == from && s.end <= to && (best == nil || s.end > best.end) {
			best = s
		}
	}
	if best == nil {
		return false
	}
	pt.x[best.col]++
	return true
}
