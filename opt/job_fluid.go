package opt

// Preemptible jobs that pause at will: each is one of a group, those that run in a
// pool, none before period a, none after period f. a matters where something must
// be there first, f where something waits for the end or lateness has a price;
// else there is one group a pool. All jobs of a group share its work alike, so a
// group is disaggregated exactly by dividing by its number y:
//
//	begin event (pool, a) and end event (pool, f): y, an integer
//	0 <= z_t <= g y,  sum over a <= t <= f of speed h_t z_t = work y
//	held and busy in t: z_t
//
// Where work may be left, a group to the horizon's end leaves l of it:
//
//	sum of speed h_t z_t + l = work y,  0 <= l <= work y,  backlog price l
//
// Where the end matters that group is one of jobs that are not done: it has no end
// event, is late by the horizon's end, and leaves a little at least (leftAtLeast).
// Where the beginning matters its jobs do a little at least.
//
// Where both ends matter there would be a group for every pair: such jobs are
// formulated one by one (job_single.go), with
//
//	z_t <= g in_t,  and in the exact last period  z_f >= a little of g

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// leftAtLeast is the part of its work that a job leaves at least that is not done,
// and does at least that has begun, where it matters which of the two it is: such
// jobs have no least in the mathematics.
const leftAtLeast = 1e-4

// fluidJobs are the groups of a class of preemptible jobs.
type fluidJobs struct {
	class  *jobClass
	groups []fluidGroup
}

type fluidGroup struct {
	number solver.Col
	busy   solver.Col // first of last-first+1 columns
	left   solver.Col // work, -1 where none may be left
	pool   int
	first  int
	last   int  // inclusive
	done   bool // has an end event

	reserve *jobReserve // nil for none
}

// spans are the periods a..f of the groups of a pool.
type span struct{ a, f int }

// fluidSpans returns those of the groups that end.
func (c *jobClass) fluidSpans(m *Model, place model.Placement) []span {
	first, end, last := m.ix.JobWindow(c.job)
	begin, latestBegin := first, first
	if c.needs.begin[place.Pool] {
		begin, latestBegin = m.ix.EarliestWork(c.job, place), last-1
	}
	earliestEnd := last - 1
	switch {
	case c.needs.end:
		earliestEnd = begin
	case c.mayBeLate(m):
		earliestEnd = end - 1
	}
	var out []span
	for a := begin; a <= latestBegin; a++ {
		for f := max(a, earliestEnd); f < last; f++ {
			if workBetween(m, c.job, place.Pool, a, f) >= c.job.WorkLeft()*(1-1e-9) {
				out = append(out, span{a, f})
			}
		}
	}
	return out
}

// newFluid adds a class of jobs that pause at will: as groups, or one by one where
// groups would be many.
func newFluid(m *Model, c *jobClass) []jobForm {
	k := &fluidJobs{class: c}
	spans := make([][]span, len(c.places))
	for i, place := range c.places {
		if !place.OK {
			continue
		}
		spans[i] = c.fluidSpans(m, place)
		if c.needs.exactEnd || c.needs.begin[i] && (c.needs.end || c.mayBeLate(m)) && len(spans[i]) > manySpans {
			return newSingles(m, c)
		}
	}
	first, _, last := m.ix.JobWindow(c.job)
	leave := m.ix.MayLeaveWork(c.job)
	told := c.needs.end || c.mayBeLate(m)
	for i, place := range c.places {
		if !place.OK {
			continue
		}
		for _, s := range spans[i] {
			if told || !leave {
				k.group(m, i, s, true)
			}
		}
		if !leave {
			continue
		}
		begin, latestBegin := first, first
		if c.needs.begin[i] {
			begin, latestBegin = m.ix.EarliestWork(c.job, place), last-1
		}
		for a := begin; a <= latestBegin; a++ {
			k.group(m, i, span{a, last - 1}, false)
		}
	}
	return []jobForm{k}
}

// manySpans is the number of groups in a pool up to which they pay: their
// relaxation is the tightest, but each has a column a period.
const manySpans = 8

// group adds the group of jobs that run in a pool between two periods.
func (k *fluidJobs) group(m *Model, p int, s span, done bool) {
	c, j, pool := k.class, k.class.job, &m.Case.Pools[p]
	n, need := float64(j.N()), j.WorkLeft()
	m.Label(fmt.Sprintf("run at %s from %d to %d", pool.Name, s.a, s.f))
	g := fluidGroup{
		number: m.Column(0, n, solver.Integer), busy: solver.Col(m.b.Cols()), left: -1,
		pool: p, first: s.a, last: s.f, done: done,
	}
	c.begin(m, p, s.a, g.number)
	if done {
		c.end(m, p, s.f, g.number)
	} else {
		m.Cost(model.CostLate, g.number, c.latePrice(m, s.f))
	}
	work := m.Row(0, 0)
	m.Add(work, g.number, -need)
	for t := s.a; t <= s.f; t++ {
		most := math.Min(j.Units, m.ix.MaxUnits(p, t))
		z := m.Column(0, n*most, solver.Continuous)
		m.offUnless(z, most, g.number)
		m.Add(work, z, m.ix.JobSpeed(j, p)*m.Hours[t])
		c.hold(m, p, t, z, 1, 1)
	}
	if !done {
		g.left = c.leave(m, work, g.number, p, n)
	}
	g.reserve = c.reserve(m, p, s.a, periodCols{g.busy, s.a, s.f + 1}, []solver.Col{g.number}, n)
	k.groups = append(k.groups, g)
}

// leave adds the work that jobs leave to the row of their work, and returns its
// column. number counts those that may, at most n.
func (c *jobClass) leave(m *Model, work solver.Row, number solver.Col, pool int, n float64) solver.Col {
	need := c.job.WorkLeft()
	most := need
	if c.needs.begin[pool] {
		most *= 1 - leftAtLeast
	}
	left := m.Column(0, most*n, solver.Continuous)
	m.Cost(model.CostBacklog, left, orElse(c.job.BacklogPricePerUnitH, 0))
	m.Add(work, left, 1)
	m.offUnless(left, most, number)
	if c.needs.end {
		m.atLeastIf(left, leftAtLeast*need, number)
	}
	return left
}

// workBetween is the most work that one job can do in the pool in periods a..f.
func workBetween(m *Model, j *model.Job, pool, a, f int) float64 {
	work := 0.0
	for t := a; t <= f; t++ {
		work += j.MostEffective(m.ix.MaxUnits(pool, t)) * m.ix.JobSpeed(j, pool) * m.Hours[t]
	}
	return work
}

func (k *fluidJobs) integers(yield func(solver.Col)) {
	for _, g := range k.groups {
		yield(g.number)
	}
}

func (k *fluidJobs) extract(pt *Point) []placedJob {
	c, m := k.class, pt.Model
	var out []placedJob
	for _, g := range k.groups {
		n := pt.Int(g.number)
		if n == 0 {
			continue
		}
		p := placedJob{pool: g.pool, begin: g.first, lastPool: g.pool, end: g.last}
		if g.left >= 0 {
			p.plan.LeftUnitH = math.Max(0, pt.At(g.left, 0)/float64(n))
		}
		var busy []float64
		p.plan.First, busy = trim(pt, g, float64(n))
		if len(busy) > 0 {
			p.plan.Pool = m.Case.Pools[g.pool].Name
			p.plan.LateH = c.lateHours(m, p.plan.First+len(busy)-1)
		}
		if p.plan.LeftUnitH > 0 || len(busy) == 0 {
			p.end = -1
			p.plan.LateH = c.lateHours(m, m.T-1)
		}
		// What the group's last period promised and the work did not need.
		pt.Refund(model.CostLate, g.number, (c.latePrice(m, g.last)-orElse(c.job.LatePricePerH, 0)*p.plan.LateH)*float64(n))
		for range n {
			one := p
			one.plan.BusyUnits = slices.Clone(busy)
			if len(busy) > 0 {
				g.reserve.extract(pt, n, &one.plan)
			}
			out = append(out, one)
		}
	}
	return out
}

// trim returns one job's share of a group's busy units, without the idle ends;
// nothing where all is idle.
func trim(pt *Point, g fluidGroup, n float64) (first int, busy []float64) {
	first, last := g.first, g.last
	value := func(t int) float64 { return pt.At(g.busy, t-g.first) / n }
	for first <= last && value(first) <= 0 {
		first++
	}
	if first > last {
		return 0, nil
	}
	for value(last) <= 0 {
		last--
	}
	for t := first; t <= last; t++ {
		busy = append(busy, math.Max(0, value(t)))
	}
	return first, busy
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
		r.held[r.cell(g.pool, t)] += busy(t)
	}
	return true
}

func (k *fluidJobs) offer(r *Rounding) (best jobOffer, ok bool) {
	for i := range k.groups {
		g := &k.groups[i]
		busy, cost := g.spread(r, k.class)
		if busy == nil {
			continue
		}
		o := jobOffer{cost: cost + r.ReducedCost[g.number], share: r.part(g.number), pool: g.pool, begin: g.first, end: -1}
		if g.done {
			o.end = g.last
		}
		if (ok && !o.better(best)) || !k.class.canRun(r, o) {
			continue
		}
		o.take = func() {
			r.x[g.number]++
			for t, z := range busy {
				r.held[r.cell(g.pool, g.first+t)] += z
			}
		}
		best, ok = o, true
	}
	return best, ok
}

// spread gives one job of a group its busy units where they cost least: in
// modules that are on, then in others; nil when there is too little room.
func (g *fluidGroup) spread(r *Rounding, c *jobClass) (busy []float64, cost float64) {
	m, j := r.Model, c.job
	speed := m.ix.JobSpeed(j, g.pool)
	type piece struct {
		t            int
		units, price float64 // price per unit-hour of work
	}
	var pieces []piece
	for t := g.first; t <= g.last; t++ {
		k := r.cell(g.pool, t)
		price := r.ReducedCost[int(g.busy)+t-g.first]
		most := math.Max(0, math.Min(j.Units, c.room(r, g.pool, t)))
		cheap := math.Max(0, math.Min(most, r.on[k]-r.held[k]))
		work := speed * m.Hours[t]
		pieces = append(pieces, piece{t - g.first, cheap, price / work}, piece{t - g.first, most - cheap, (price + r.idle[k]) / work})
	}
	sort.SliceStable(pieces, func(a, b int) bool { return pieces[a].price < pieces[b].price })
	busy = make([]float64, g.last-g.first+1)
	need := j.WorkLeft()
	left, mayLeave := need, 0.0
	if g.left >= 0 {
		mayLeave = need
	}
	for _, p := range pieces {
		if left <= 1e-9*need || g.left >= 0 && p.price > r.ReducedCost[g.left] {
			break
		}
		work := speed * m.Hours[g.first+p.t]
		z := math.Min(p.units, left/work)
		busy[p.t] += z
		left -= z * work
		cost += z * work * p.price
	}
	if left > mayLeave+1e-9*need {
		return nil, 0
	}
	if g.left >= 0 {
		cost += left * r.ReducedCost[g.left]
	}
	return busy, cost
}

// refine adds a job to the group that has begun by the first period and ends last
// within the others.
func (k *fluidJobs) refine(pt *Proposal, p *model.JobPlan, first []int) bool {
	pool, from, to := refined(pt.Model, p, first)
	var best *fluidGroup
	for i := range k.groups {
		g := &k.groups[i]
		if g.pool != pool || g.first > from || g.last+1 < to {
			continue
		}
		if best == nil || g.first > best.first || g.first == best.first && g.last < best.last {
			best = g
		}
	}
	if best == nil {
		return false
	}
	pt.x[best.number]++
	return true
}
