package report

// The cheapest place of one job at the plan's prices. Units that are on and not taken are
// there for it; where units have a price, so are those that others hold, for work that is
// worth no more than that makes room. A rigid or moldable job
// tries every start at every width. Any other is taken to pause and to change its
// width at no cost: of the periods between the first and a last one it takes the
// cheapest work, each period's along the job's scaling. That is what an at will
// preemptible job does, and less than a gang or a malleable job pays.

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

// best returns the least cost of the job, which the plan has in the runs given:
// the units that it holds there are free to it. Costs are +Inf where there is no
// place.
func (s *placer) best(job *model.Job, runs []work, w *jobWindow) (now, later float64, pool int) {
	wide := *job
	if w.laterLast > w.last {
		// Where a job may run is asked for with the later deadline.
		by := s.j.ix.Starts[w.laterLast]
		wide.DeadlineH = &by
	}
	found := s.among(&wide, runs, w, s.j.ix.JobPlacements(&wide))
	return found.now, found.later, found.pool
}

// among is the best of some placements of a job.
func (s *placer) among(job *model.Job, runs []work, w *jobWindow, placements []model.Placement) *offer {
	j := s.j
	s.lend(runs)
	defer s.takeBack()
	found := &offer{now: math.Inf(1), later: math.Inf(1), pool: -1}
	for _, p := range placements {
		if !p.OK || len(j.missingDatasets(job, j.ix.RegionOf(p.Pool), s.copies)) > 0 {
			continue
		}
		here := *w
		here.from = max(w.from, j.ix.EarliestWork(job, p))
		latest := j.ix.LatestEnd(job, p)
		here.last, here.laterLast = min(w.last, latest), min(w.laterLast, latest)
		data := j.dataCost(job, j.ix.RegionOf(p.Pool))
		if job.Steady() {
			for _, width := range job.Widths() {
				s.steady(found, job, p.Pool, width, &here, data)
			}
		} else {
			s.fluid(found, job, p.Pool, &here, data)
		}
	}
	return found
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

// steady tries every start of a rigid or moldable job at a width.
func (s *placer) steady(found *offer, job *model.Job, pool int, width model.ScalingPoint, w *jobWindow, data float64) {
	ix := s.j.ix
	hours := job.WorkUnitH / (width.EffectiveUnits * ix.JobSpeed(job, pool))
	free, taken, power := s.free[pool], s.takenTo[pool], s.powerTo[pool]
	last := max(w.last, w.laterLast)
	for start, checked := w.from, w.from; start < last; start++ {
		end, ok := ix.EndOf(start, hours)
		if !ok || end > last {
			return
		}
		blocked := -1
		for t := max(start, checked); t < end; t++ {
			if !fits(width.Units, free[t]) {
				blocked = t
			}
		}
		checked = end
		if blocked >= 0 {
			start = blocked // the next is behind it
			continue
		}
		// In the last period the units are busy for what is left of the work.
		rest := hours - (ix.Starts[end-1] - ix.Starts[start])
		busy := power[end-1] - power[start] + s.prices[pool].power[end-1]*min(rest, ix.Hours[end-1])
		found.take(w, pool, end, ix.Starts[end], data+width.Units*(taken[end]-taken[start]+busy))
	}
}

// fluid tries every last period of a job that may pause, with the cheapest work
// up to it.
func (s *placer) fluid(found *offer, job *model.Job, pool int, w *jobWindow, data float64) {
	ix := s.j.ix
	speed := ix.JobSpeed(job, pool)
	chosen := cheapest{need: job.WorkUnitH}
	least := job.Narrowest().Units
	if job.Fluid() {
		least = 0
	}
	unitPrice := s.prices[pool].stays
	if s.j.c.ComputingOutages.Yields(job) {
		unitPrice = s.prices[pool].taken
	}
	for t := w.from; t < max(w.last, w.laterLast); t++ {
		free, h := s.free[pool][t], ix.Hours[t]
		if free > activeUnits && fits(least, free) {
			price := unitPrice[t] + s.prices[pool].power[t]
			units, effective := 0.0, 0.0
			for _, width := range job.Widths() {
				next := width
				if !fits(width.Units, free) {
					next.Units = free
					next.EffectiveUnits = effective + (width.EffectiveUnits-effective)*(free-units)/(width.Units-units)
				}
				if work := (next.EffectiveUnits - effective) * speed * h; work > 0 {
					chosen.add(lot{work: work, price: price * (next.Units - units) * h / work})
				}
				units, effective = next.Units, next.EffectiveUnits
				if units < width.Units {
					break
				}
			}
		}
		if cost, ok := chosen.cost(); ok {
			found.take(w, pool, t+1, ix.Starts[t+1], data+cost)
		}
	}
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
