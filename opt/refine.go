package opt

// What a plan in longer periods decided, carried over to a case's own periods:
// states hold throughout, events happen at the beginning.

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// Refiner is an ingredient that can carry over integer values from a plan in
// longer periods.
type Refiner interface {
	// Refine sets pt's values of the kind's integer columns from a plan of
	// the same case in longer periods: period k of the plan is the periods
	// first[k] to first[k+1]-1.
	Refine(pt *Proposal, plan *model.Plan, first []int)
}

// hold sets a column a period to the value of its longer period.
func (pt *Proposal) hold(col solver.Col, values []int, first []int) {
	for k, v := range values {
		for t := first[k]; t < first[k+1]; t++ {
			pt.Set(col+solver.Col(t), float64(v))
		}
	}
}

// happen sets what happens in a longer period to happen in its first.
func (pt *Proposal) happen(col solver.Col, values []int, first []int) {
	for k, v := range values {
		for t := first[k]; t < first[k+1]; t++ {
			pt.Set(col+solver.Col(t), 0)
		}
		pt.Set(col+solver.Col(first[k]), float64(v))
	}
}

// Refine carries over the commitment. Starts are paid at the coldest tier: the
// search finds out which are warm.
func (k *thermal) Refine(pt *Proposal, plan *model.Plan, first []int) {
	for i := range k.units {
		c, p := &k.units[i], &plan.ThermalUnits[i]
		pt.hold(c.on, p.UnitsOn, first)
		pt.happen(c.start, p.Starts, first)
		pt.happen(c.stop, p.Stops, first)
		if c.deep >= 0 {
			pt.hold(c.deep, p.UnitsDeep, first)
			pt.happen(c.enter, p.DeepEntries, first)
			pt.happen(c.exit, p.DeepExits, first)
		}
	}
}

// Refine carries over whether the storage charges.
func (k *storages) Refine(pt *Proposal, plan *model.Plan, first []int) {
	for i := range plan.Storages {
		p := &plan.Storages[i]
		on := func(power []float64) []int {
			out := make([]int, len(power))
			for t, v := range power {
				if v > 0 {
					out[t] = 1
				}
			}
			return out
		}
		pt.hold(k.charging[i], on(p.ChargeMW), first)
		if yd := k.discharging[i]; yd >= 0 {
			pt.hold(yd, on(p.DischargeMW), first)
		}
	}
}

// Refine carries over which way links carry power.
func (k *links) Refine(pt *Proposal, plan *model.Plan, first []int) {
	for i := range plan.Links {
		p := &plan.Links[i]
		on := make([]int, len(p.ForwardMW))
		back := make([]int, len(p.ForwardMW))
		for t := range on {
			switch {
			case p.BackwardMW[t] > 0:
				back[t] = 1
			case p.ForwardMW[t] > 0 || k.onB[i] < 0:
				on[t] = 1
			}
		}
		if k.onF[i] >= 0 {
			pt.hold(k.onF[i], on, first)
		}
		if k.onB[i] >= 0 {
			pt.hold(k.onB[i], back, first)
		}
	}
}

// Refine carries over the modules on.
func (k *pools) Refine(pt *Proposal, plan *model.Plan, first []int) {
	for i := range plan.Pools {
		p := &plan.Pools[i]
		if k.on[i] == noCol {
			continue
		}
		pt.hold(k.on[i], p.ModulesOn, first)
		pt.happen(k.start[i], p.ModuleStarts, first)
		pt.happen(k.stop[i], p.ModuleStops, first)
	}
}

// Refine lets every job run where the longer periods had it; one that cannot is
// dropped.
func (k *jobs) Refine(pt *Proposal, plan *model.Plan, first []int) {
	for i := range k.classes {
		if !k.classes[i].outside {
			k.classes[i].propose(pt)
		}
	}
	for i := range plan.Jobs {
		p := &plan.Jobs[i]
		c := &k.classes[pt.Model.ix.Jobs[p.Job]]
		switch {
		case c.outside:
		case p.Pool == "" && !p.Dropped && c.notBegun >= 0:
			pt.x[c.notBegun]++
		case p.Pool == "" || !c.refine(pt, p, first):
			pt.x[c.dropped]++
		}
	}
}

// refine adds a job that runs as the longer periods had it, and says whether one
// can.
func (c *jobClass) refine(pt *Proposal, p *model.JobPlan, first []int) bool {
	for _, f := range c.forms {
		if f.refine(pt, p, first) {
			return true
		}
	}
	return false
}

// refined are the pool and the periods from..to-1 of a job's run in the longer
// periods.
func refined(m *Model, p *model.JobPlan, first []int) (pool, from, to int) {
	return m.ix.Pools[p.Pool], first[p.First], first[p.First+len(p.BusyUnits)]
}
