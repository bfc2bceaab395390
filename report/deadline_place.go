package report

// The cheapest place of one job at the plan's prices. Units that are on and not taken are
// there for it; where units have a price, so are those that others hold, for work that is
// worth no more than that makes room. A rigid or moldable job
// tries every start at every width. Any other takes, of the periods between the first
// and a last one, the cheapest work, each period's along the job's scaling; where its
// interruptions are counted or cost something, deadline_runs.go says how.
//
// A job that runs when the horizon begins goes on in its pool, or, if rigid or moldable
// and not pinned, begins anew, with all its work. One that may leave work does so where
// that is cheaper than the work.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// placer finds places for single jobs.
type placer struct {
	j      *joined
	prices []poolPrices
	// free units by pool and period: on and not taken or, where they have a price, on.
	free [][]float64
	lent []loan
	// takenTo and powerTo sum up the pool's prices times hours before a period, of
	// units that are kept in outages too.
	takenTo, powerTo [][]float64
	// ends of jobs that others come after, as the period after their last.
	ends map[string]int
	// copies of datasets that the plan makes, by dataset and region.
	copies map[[2]string]bool
}

func (j *joined) newPlacer(byPool []poolPrices) *placer {
	s := &placer{j: j, prices: byPool, free: make([][]float64, len(byPool)), ends: j.endsOf(), copies: j.copiesMade()}
	sumTo := func(v []float64) []float64 {
		out := make([]float64, j.T+1)
		for t, x := range v {
			out[t+1] = out[t] + x*j.hours[t]
		}
		return out
	}
	taken := j.takenOfModules()
	for p := range byPool {
		base := j.ix.BasePool(p)
		s.free[p] = make([]float64, j.T)
		for t := range s.free[p] {
			s.free[p][t] = float64(j.pools[base].ModulesOn[t]) * j.c.Pools[base].UnitsPerModule
			if byPool[p].taken[t] <= leastPrice {
				s.free[p][t] = max(0, s.free[p][t]-taken[p][t])
			}
		}
		s.takenTo, s.powerTo = append(s.takenTo, sumTo(byPool[p].stays)), append(s.powerTo, sumTo(byPool[p].power))
	}
	return s
}

// another is a placer that may be asked beside this one.
func (s *placer) another() *placer {
	out := *s
	out.free, out.lent = make([][]float64, len(s.free)), nil
	for p := range s.free {
		out.free[p] = slices.Clone(s.free[p])
	}
	return &out
}

// jobWindow is when a job may run, and what lateness costs, as it is and with a
// deadline one period later: from period from on, and done before last or
// laterLast; after due or laterDue, in hours, every hour has a price.
type jobWindow struct {
	from, last, laterLast int
	due, laterDue         float64
	latePrice             float64
}

// offer is the least cost found, now and with the later deadline; pool is where
// the latter is.
type offer struct {
	now, later float64
	pool       int
}

// take considers a place in a pool that ends before period end, at a cost without
// lateness.
func (o *offer) take(w *jobWindow, pool, end int, ends, cost float64) {
	if end <= w.last {
		o.now = min(o.now, cost+w.late(ends, w.due))
	}
	if end <= w.laterLast {
		if later := cost + w.late(ends, w.laterDue); later < o.later {
			o.later, o.pool = later, pool
		}
	}
}

func (w *jobWindow) late(end, due float64) float64 {
	if end <= due {
		return 0
	}
	return w.latePrice * (end - due)
}

// best finds the least cost of the job, which the plan has in the runs given: the units
// that it holds there are free to it. Costs are +Inf where there is no place.
func (s *placer) best(job *model.Job, runs []work, w *jobWindow) *offer {
	wide := *job
	if w.laterLast > w.last {
		// Where a job may run is asked for with the later deadline.
		by := s.j.ix.Starts[w.laterLast]
		wide.DeadlineH = &by
	}
	return s.among(&wide, runs, w, s.j.ix.JobPlacements(&wide))
}

// among is the best of some placements of a job.
func (s *placer) among(job *model.Job, runs []work, w *jobWindow, placements []model.Placement) *offer {
	s.lend(runs)
	defer s.takeBack()
	found := &offer{now: math.Inf(1), later: math.Inf(1), pool: -1}
	for _, p := range placements {
		if p.OK && len(s.missing(job, p.Pool)) == 0 {
			s.inPool(found, job, s.wayTo(job, p, w))
		}
	}
	return found
}

// missing are the datasets that the job lacks in the pool's region.
func (s *placer) missing(job *model.Job, pool int) []*model.Dataset {
	region := s.j.ix.RegionOf(pool)
	if s.j.ix.HasData(job, region) {
		return nil
	}
	return s.j.missingDatasets(job, region, s.copies)
}

// way is a pool in which a job may run, and what it pays there whatever it does.
type way struct {
	pool int
	jobWindow
	in, out float64 // for its data, before it begins and once it is done
	left    float64 // for a unit-hour that it leaves, +Inf where it may leave none
}

func (s *placer) wayTo(job *model.Job, p model.Placement, w *jobWindow) *way {
	ix, region := s.j.ix, s.j.ix.RegionOf(p.Pool)
	to := &way{pool: p.Pool, jobWindow: *w, out: s.j.outputCost(job, region), left: s.leavingCost(job)}
	if !ix.HasData(job, region) {
		to.in = s.j.inputCost(job, region)
	}
	to.from = max(w.from, ix.EarliestWork(job, p))
	latest := ix.LatestEnd(job, p)
	to.last, to.laterLast = min(w.last, latest), min(w.laterLast, latest)
	return to
}

// leavingCost is the price of a unit-hour of work that the job leaves to the next plan,
// +Inf where it may leave none.
func (s *placer) leavingCost(job *model.Job) float64 {
	if !s.j.ix.MayLeaveWork(job) {
		return math.Inf(1)
	}
	return *job.BacklogPricePerUnitH
}

// inPool looks at all that the job may do in a pool.
func (s *placer) inPool(found *offer, job *model.Job, w *way) {
	here := job.Running != nil && s.j.c.Pools[w.pool].Name == job.Running.Pool
	if !job.Steady() {
		if here || job.Running == nil { // elsewhere it goes on only by a move
			s.mayPause(found, job, w)
		}
		return
	}
	if here {
		s.steady(found, job, w, stretch{s.j.ix.RunningWidth(job), job.WorkLeft(), 0, 0})
		if job.Running.Pinned {
			return
		}
	}
	for _, width := range job.Widths() {
		from := w.from
		if here && width == s.j.ix.RunningWidth(job) {
			from = max(from, 1) // in the first period it goes on
		}
		s.steady(found, job, w, stretch{width, job.WorkUnitH, from, s.j.T - 1})
	}
}

// mayPause looks at what a job may do that is not steady. What it costs without its
// interruptions is no more than with them, and quicker to find.
func (s *placer) mayPause(found *offer, job *model.Job, w *way) {
	if !pausesCount(job) {
		s.fluid(found, job, w)
		return
	}
	least := &offer{now: math.Inf(1), later: math.Inf(1), pool: -1}
	if s.fluid(least, job, w); least.now < found.now || least.later < found.later {
		s.runs(found, job, w)
	}
}

// lend makes free what runs hold, where others are not to be had.
func (s *placer) lend(runs []work) {
	for i := range runs {
		w := &runs[i]
		for k, units := range w.held {
			if free := &s.free[w.pool][w.first+k]; s.prices[w.pool].taken[w.first+k] <= leastPrice {
				s.lent = append(s.lent, loan{free, *free})
				*free += units
			}
		}
	}
}

// takeBack ends lend, to the last digit, so that no job changes what another finds.
func (s *placer) takeBack() {
	for _, l := range slices.Backward(s.lent) {
		*l.free = l.before
	}
	s.lent = s.lent[:0]
}

// loan is what was free before units were lent.
type loan struct {
	free   *float64
	before float64
}

// leastPrice is the price of a unit-hour up to which it is rounding.
const leastPrice = 1e-6

// fits says whether so many units are within what is free, but for rounding.
func fits(units, free float64) bool { return units <= free*(1+1e-9)+activeUnits }

// stretch is work of a rigid or moldable job at a width, to be begun in one of the
// periods from first to last.
type stretch struct {
	model.ScalingPoint
	work        float64
	first, last int
}

// steady tries every start of a stretch.
func (s *placer) steady(found *offer, job *model.Job, w *way, r stretch) {
	ix := s.j.ix
	rate := r.EffectiveUnits * ix.JobSpeed(job, w.pool) // unit-h an hour
	hours := r.work / rate
	free, taken, power := s.free[w.pool], s.takenTo[w.pool], s.powerTo[w.pool]
	last := max(w.last, w.laterLast)
	for start, checked := r.first, r.first; start < last && start <= r.last; start++ {
		end, done := ix.EndOf(start, hours)
		if end > last || !done && math.IsInf(w.left, 1) {
			return
		}
		blocked := -1
		for t := max(start, checked); t < end; t++ {
			if !fits(r.Units, free[t]) {
				blocked = t
			}
		}
		checked = end
		if blocked >= 0 {
			start = blocked // the next is behind it
			continue
		}
		held, busy := taken[end]-taken[start], power[end]-power[start]
		length := ix.Starts[end] - ix.Starts[start]
		cost := w.in
		if done {
			// In the last period the units are busy for what is left of the work.
			busy -= s.prices[w.pool].power[end-1] * max(0, length-hours)
			cost += w.out
		} else {
			cost += w.left * (r.work - rate*length)
		}
		found.take(&w.jobWindow, w.pool, end, ix.Starts[end], cost+r.Units*(held+busy))
	}
}

// fluid tries every last period of a job that may pause, with the cheapest work
// up to it.
func (s *placer) fluid(found *offer, job *model.Job, w *way) {
	ix := s.j.ix
	speed := ix.JobSpeed(job, w.pool)
	chosen := cheapest{need: job.WorkLeft()}
	unit := s.unitPrice(job, w.pool)
	for t := w.from; t < max(w.last, w.laterLast); t++ {
		h, price := ix.Hours[t], unit[t]+s.prices[w.pool].power[t]
		var to model.ScalingPoint
		for _, next := range s.widths(job, w.pool, t) {
			if work := (next.EffectiveUnits - to.EffectiveUnits) * speed * h; work > 0 {
				chosen.add(lot{work: work, price: price * (next.Units - to.Units) * h / work})
			}
			to = next
		}
		if cost, ok := chosen.cost(); ok {
			found.take(&w.jobWindow, w.pool, t+1, ix.Starts[t+1], w.in+w.out+cost)
		}
	}
	if !math.IsInf(w.left, 1) {
		found.take(&w.jobWindow, w.pool, s.j.T, ix.Starts[s.j.T], w.in+chosen.leaving(w.left))
	}
}

// unitPrice is what a unit-hour of the pool costs the job.
func (s *placer) unitPrice(job *model.Job, pool int) []float64 {
	if s.j.c.ComputingOutages.Yields(job) {
		return s.prices[pool].taken
	}
	return s.prices[pool].stays
}

// widths are those that a job which may pause can hold in a period, the last of them as
// wide as what is free.
func (s *placer) widths(job *model.Job, pool, t int) []model.ScalingPoint {
	free, all := s.free[pool][t], job.Widths()
	if free <= activeUnits || !job.Fluid() && !fits(all[0].Units, free) {
		return nil
	}
	for i, w := range all {
		if fits(w.Units, free) {
			continue
		}
		var before model.ScalingPoint
		if i > 0 {
			before = all[i-1]
		}
		w.EffectiveUnits = before.EffectiveUnits + (w.EffectiveUnits-before.EffectiveUnits)*(free-before.Units)/(w.Units-before.Units)
		w.Units = free
		return append(all[:i:i], w)
	}
	return all
}

// lot is work to be had at a price, unit-hours and money for each.
type lot struct{ work, price float64 }

// cheapest keeps the cheapest lots that make up the work needed, by price.
type cheapest struct {
	need, work, money float64
	lots              []lot
}

func (c *cheapest) add(l lot) {
	at, _ := slices.BinarySearchFunc(c.lots, l.price, func(k lot, price float64) int {
		if k.price <= price {
			return -1
		}
		return 1
	})
	c.lots = slices.Insert(c.lots, at, l)
	c.work, c.money = c.work+l.work, c.money+l.work*l.price
	for n := len(c.lots) - 1; n > 0 && c.work-c.lots[n].work >= c.need; n-- {
		c.work, c.money = c.work-c.lots[n].work, c.money-c.lots[n].work*c.lots[n].price
		c.lots = c.lots[:n]
	}
}

// cost of exactly the work needed; ok is false while there is too little.
func (c *cheapest) cost() (money float64, ok bool) {
	if c.work < c.need*(1-1e-9) || len(c.lots) == 0 {
		return 0, false
	}
	return c.money - max(0, c.work-c.need)*c.lots[len(c.lots)-1].price, true
}

// leaving is what the work costs where each unit-hour of it may be left at a price.
func (c *cheapest) leaving(price float64) float64 {
	money, left := 0.0, c.need
	for _, l := range c.lots {
		if l.price >= price {
			break
		}
		work := min(l.work, left)
		money, left = money+work*l.price, left-work
	}
	return money + left*price
}
