package model

// Priority is a factor of the default drop price, and no order: a job of low priority
// that states what it is worth may be dearer to drop than one of high priority, in all
// and by the unit-hour of its work. Where both may run in the same pool, and so may take
// each other's place, a warning says so, for a pair of each priority. Looked at are the
// jobs that are cheapest and dearest of a pool and priority by either count. Of a job that
// states a price beside its priority another warning says that the priority is without
// effect.

import "fmt"

// dropPrice is what it costs to drop a job, by position in the case.
type dropPrice struct {
	job          int
	all, perUnit float64 // money, and for a unit-hour of its work
}

// below says whether a job is cheaper to drop than another, count it as one may.
func (p *dropPrice) below(o *dropPrice) bool {
	return p.all < o.all*(1-1e-9) && p.perUnit < o.perUnit*(1-1e-9)
}

// extremes are the cheapest jobs whose priority has an effect, and the dearest of any, in
// all and by the unit-hour; nil where there is none.
type extremes struct{ cheapest, dearest [2]*dropPrice }

// priorityPrices are the extremes of each pool and priority.
type priorityPrices [][MaxPriority + 1]extremes

// add counts a job in the pools that can run it.
func (p priorityPrices) add(c *Case, i int, placements []Placement) {
	j := &c.Jobs[i]
	if j.Priority < 0 || j.Priority > MaxPriority {
		return // reported
	}
	cost := c.DropCost(j)
	price := &dropPrice{i, cost, cost / j.WorkUnitH}
	byDefault := j.DropPrice == nil && j.Value == 0
	for _, at := range placements {
		if at.OK {
			p[at.Pool][j.Priority].add(price, byDefault)
		}
	}
}

func (e *extremes) add(p *dropPrice, byDefault bool) {
	for n, of := range []func(*dropPrice) float64{
		func(p *dropPrice) float64 { return p.all },
		func(p *dropPrice) float64 { return p.perUnit },
	} {
		if low := e.cheapest[n]; byDefault && (low == nil || of(p) < of(low)) {
			e.cheapest[n] = p
		}
		if high := e.dearest[n]; high == nil || of(p) > of(high) {
			e.dearest[n] = p
		}
	}
}

// warnPriorities warns of jobs that are dropped before others of lower priority.
func (k *checker) warnPriorities(p priorityPrices) {
	for priority := 1; priority <= MaxPriority; priority++ {
		pool, job, other := p.inverted(priority)
		if job == nil {
			continue
		}
		j, o := &k.c.Jobs[job.job], &k.c.Jobs[other.job]
		k.in("jobs", job.job, itemLabel(j.Name, job.job))
		k.warn("priority", fmt.Sprintf("is %d, and to drop the job costs %s, %s a unit-h: less than the %s and %s of job %s of priority %d, which may run in pool %s too, and is kept before it",
			priority, short(job.all), short(job.perUnit), short(other.all), short(other.perUnit), clip(o.Name), o.Priority, clip(k.c.Pools[pool].Name)),
			fmt.Sprintf("give it a drop_price above %s instead", short(max(other.all, other.perUnit*j.WorkUnitH))))
	}
}

// inverted finds the first pool in which a job of the priority is cheaper to drop than
// one of a lower priority; nil where there is none.
func (p priorityPrices) inverted(priority int) (pool int, job, other *dropPrice) {
	for pool := range p {
		for lower := range priority {
			for _, cheap := range p[pool][priority].cheapest {
				for _, dear := range p[pool][lower].dearest {
					if cheap != nil && dear != nil && cheap.below(dear) {
						return pool, cheap, dear
					}
				}
			}
		}
	}
	return -1, nil, nil
}
