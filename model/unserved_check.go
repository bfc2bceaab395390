package model

// Unserved work is the last resort where its price is above all that may be done
// instead. By default it is; where prices are given out of that order, a plan may prefer
// the wrong shortage, so each workload is compared with
//
//   - shedding the energy that a unit-hour of it draws beyond idle power, at the bus of a
//     pool that may serve it;
//   - dropping a job that may run in such a pool, a unit-hour of its work;
//   - an hour late of such a job, a unit that it holds.

import "fmt"

// unitPrice is what giving up a unit-hour of a job costs.
type unitPrice struct {
	price float64
	job   string
}

// jobPrices are the dearest jobs of each pool, by position in the case.
type jobPrices struct{ dropped, late []unitPrice }

func newJobPrices(pools int) *jobPrices {
	return &jobPrices{make([]unitPrice, pools), make([]unitPrice, pools)}
}

// add counts a job in the pools that can run it.
func (p *jobPrices) add(c *Case, j *Job, placements []Placement) {
	dropped, late := c.DropCost(j)/j.WorkUnitH, 0.0
	if j.LatePricePerH != nil {
		late = *j.LatePricePerH / j.Widest().Units
	}
	for _, at := range placements {
		if !at.OK {
			continue
		}
		if dropped > p.dropped[at.Pool].price {
			p.dropped[at.Pool] = unitPrice{dropped, j.Name}
		}
		if late > p.late[at.Pool].price {
			p.late[at.Pool] = unitPrice{late, j.Name}
		}
	}
}

// warnNotLast warns of a workload whose unserved price is below what may be done instead.
func (k *checker) warnNotLast(ix *Index, w *Workload, placements []Placement, jobs *jobPrices) {
	price := orElse(w.UnservedPricePerUnitH, k.c.Penalties.Unserved())
	var dropped, late unitPrice
	shed, mwh, bus := 0.0, 0.0, ""
	for _, at := range placements {
		if !at.OK {
			continue
		}
		pool := &k.c.Pools[at.Pool]
		site := &k.c.Sites[ix.siteOf[at.Pool]]
		b := &k.c.Buses[ix.Buses[site.Bus]]
		perMWh := orElse(b.ShedPricePerMWh, k.c.Penalties.Shed())
		for t := range ix.Hours {
			e := pool.DynamicMWPerUnit / pool.UnitSpeed() * site.PUE.At(t, 1)
			if v := perMWh * e; v > shed {
				shed, mwh, bus = v, e, b.Name
			}
		}
		if v := jobs.dropped[at.Pool]; v.price > dropped.price {
			dropped = v
		}
		if v := jobs.late[at.Pool]; v.price > late.price {
			late = v
		}
	}
	for _, other := range []struct {
		price        float64
		than, rather string
	}{
		{shed, fmt.Sprintf("of shedding the %s MWh that a unit-h draws, at bus %s", short(mwh), clip(bus)), "shed"},
		{dropped.price, fmt.Sprintf("a unit-h of dropping job %s, which may run where it is served", clip(dropped.job)), "drop the job"},
		{late.price, fmt.Sprintf("a unit and hour late of job %s, which may run where it is served", clip(late.job)), "let the job be late"},
	} {
		if price < other.price*(1-1e-9) {
			k.warn("unserved_price_per_unit_h", fmt.Sprintf("%s is below the %s %s: a plan may leave it unserved rather than %s", num(price), short(other.price), other.than, other.rather),
				fmt.Sprintf("give more than %s, or lower the other price", short(other.price)))
		}
	}
}
