package compare

import (
	"slices"
	"sort"

	"github.com/wattbit/wattbit/model"
)

// atOnce returns the case with jobs that run as soon as they can. The time by which
// a job could be done at the soonest becomes its due time, and every hour after that
// costs more than the energy of another hour could save; a hard deadline stays. So a
// job waits only where capacity, data or another job makes it wait, and none is
// dropped for it: the drop price grows by all that waiting can cost.
//
// Where pools differ in speed or data have a way to go, a job is due when the last
// of them could be done, so that the due time is no reason to stay.
func atOnce(c *model.Case) *model.Case {
	s := soonest{c: c, ix: c.Index(), ends: make([]int, len(c.Jobs))}
	out := *c
	out.Jobs = slices.Clone(c.Jobs)
	price := waitPricePerMWhH(c, s.ix)
	horizon := s.ix.Starts[len(s.ix.Hours)]
	for i := range out.Jobs {
		job, from := &out.Jobs[i], &c.Jobs[i]
		hard := from.HardDeadline()
		due := s.ix.Starts[s.end(i)]
		if hard != nil {
			due = min(due, *hard)
		}
		wait := price * s.mostMWh(from)
		drop := c.DropCost(from) - from.Value + wait*(horizon-min(due, horizon))
		if from.LatePricePerH != nil {
			wait += *from.LatePricePerH
		}
		job.DueH, job.DeadlineH, job.LatePricePerH, job.DropPrice = &due, hard, &wait, &drop
	}
	return &out
}

// waitPricePerMWhH is what an hour's wait of a MWh costs: twice the price of the
// dearest energy of the case, for every period, however short. That is more than
// another hour's energy saves, and by default far less than work that is not served.
func waitPricePerMWhH(c *model.Case, ix *model.Index) float64 {
	dearest := 0.0
	for i := range c.ThermalUnits {
		u := &c.ThermalUnits[i]
		full := u.Cost[len(u.Cost)-1]
		if full.PowerMW <= 0 {
			continue
		}
		for t := range ix.Hours {
			perMWh := u.CostFactor.At(t, 1)*full.CostPerH/full.PowerMW + u.CO2TPerMWh*c.Policy.CO2PricePerT
			dearest = max(dearest, perMWh)
		}
	}
	for i := range c.Exchanges {
		for _, perMWh := range c.Exchanges[i].PricePerMWh {
			dearest = max(dearest, perMWh)
		}
	}
	if dearest == 0 {
		dearest = c.Penalties.Shed() / 2
	}
	return 2 * dearest / min(1, slices.Min(ix.Hours))
}

// soonest finds when jobs could be done if each had the pools to itself.
type soonest struct {
	c    *model.Case
	ix   *model.Index
	ends []int // by job: the period by whose beginning it could be done; 0 if not yet known
}

// end returns the period by whose beginning job i could be done in the pool in
// which that takes longest; T where the horizon is too short.
func (s *soonest) end(i int) int {
	if s.ends[i] > 0 {
		return s.ends[i]
	}
	job := &s.c.Jobs[i]
	from := 0
	for _, a := range job.After {
		at := s.ix.Starts[s.end(s.ix.Jobs[a.Job])] + a.LagH - hourSlack
		from = max(from, sort.Search(len(s.ix.Hours), func(t int) bool { return s.ix.Starts[t] >= at }))
	}
	latest := 1
	for _, p := range s.ix.JobPlacements(job) {
		if p.OK {
			latest = max(latest, s.endIn(job, p, from))
		}
	}
	s.ends[i] = latest
	return latest
}

// hourSlack is the tolerance of durations, in hours, as everywhere in the model.
const hourSlack = 1e-9

func (s *soonest) endIn(job *model.Job, p model.Placement, from int) int {
	from = max(from, s.ix.EarliestWork(job, p))
	switch {
	case !job.Steady():
		return s.pausing(job, p.Pool, from)
	case job.Running != nil && job.Running.Pool == s.c.Pools[p.Pool].Name:
		return s.steady(s.ix.RunningWidth(job), job.WorkLeft(), job, p.Pool, 0)
	}
	soonest := len(s.ix.Hours)
	for _, w := range job.Widths() {
		soonest = min(soonest, s.steady(w, job.WorkUnitH, job, p.Pool, from))
	}
	return soonest
}

// steady is when work is done at one width, begun in the first period from which
// on the pool offers it.
func (s *soonest) steady(w model.ScalingPoint, workUnitH float64, job *model.Job, pool, from int) int {
	T := len(s.ix.Hours)
	hours := workUnitH / (w.EffectiveUnits * s.ix.JobSpeed(job, pool))
	for start := from; start < T; start++ {
		end, ok := s.ix.EndOf(start, hours)
		if !ok {
			return T
		}
		if s.ix.Offers(pool, w.Units, start, end) {
			return end
		}
	}
	return T
}

// pausing is when a job that may pause is done with all the units that the pool
// can offer it.
func (s *soonest) pausing(job *model.Job, pool, from int) int {
	left := job.WorkLeft()
	speed := s.ix.JobSpeed(job, pool)
	for t := from; t < len(s.ix.Hours); t++ {
		left -= job.MostEffective(s.ix.MaxUnits(pool, t)) * speed * s.ix.Hours[t]
		if left <= 1e-9*job.WorkUnitH {
			return t + 1
		}
	}
	return len(s.ix.Hours)
}

// mostMWh is the energy of one job in the pool in which it takes most, with its
// share of the idle power of modules.
func (s *soonest) mostMWh(job *model.Job) float64 {
	most := 0.0
	for _, p := range s.ix.JobPlacements(job) {
		if !p.OK {
			continue
		}
		pool, base := &s.c.Pools[p.Pool], &s.c.Pools[s.ix.BasePool(p.Pool)]
		pue := s.mostPUE(&s.c.Sites[s.ix.Sites[pool.Site]])
		units := job.Widest().Units / job.Widest().EffectiveUnits
		mw := pool.DynamicMWPerUnit + base.IdleMWPerModule/base.UnitsPerModule
		most = max(most, job.WorkLeft()*units/s.ix.JobSpeed(job, p.Pool)*mw*pue)
	}
	return most
}

// mostPUE is the most that a site draws for one more MW of IT power, in any period.
func (s *soonest) mostPUE(site *model.Site) float64 {
	pue := 1.0
	for _, v := range site.PUE {
		pue = max(pue, v)
	}
	if site.Cooling == nil {
		return pue
	}
	last := site.Cooling.Pieces[len(site.Cooling.Pieces)-1]
	for t := range s.ix.Hours {
		pue = max(pue, 1+site.CoolingFactor(t)*last.OverheadMWPerMW)
	}
	return pue
}
