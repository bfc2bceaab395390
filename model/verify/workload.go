package verify

import "github.com/wattbit/wattbit/model"

const (
	ruleWorkloadServed   = "workload.served"
	ruleWorkloadUnserved = "workload.unserved"
	ruleWorkloadRoute    = "workload.route"
	ruleWorkloadLatency  = "workload.latency"
	ruleWorkloadKind     = "workload.pool_kind"
	ruleWorkloadSite     = "workload.site"
	ruleWorkloadData     = "workload.data"
	ruleWorkloadPinned   = "workload.pinned"
)

func workloadRules() []Rule {
	return []Rule{
		{ruleWorkloadServed, "Routes and unserved units add up to the demand in every period."},
		{ruleWorkloadUnserved, "Unserved units are not negative."},
		{ruleWorkloadRoute, "The units of a route are not negative."},
		{ruleWorkloadLatency, "Work of a bounded class is served only over a known round trip within the bound."},
		{ruleWorkloadKind, "Work is served by a kind of pool that it accepts."},
		{ruleWorkloadSite, "Work is served at an allowed site, and at no forbidden one."},
		{ruleWorkloadData, "Work that moves data is served in its region or where a data link leads."},
		{ruleWorkloadPinned, "A site serves at least and at most its pinned shares of what is served of a workload."},
	}
}

func (k *checker) workloads() {
	total := make([]float64, k.periods)
	for i := range k.c.Workloads {
		w, p := &k.c.Workloads[i], &k.p.Workloads[i]
		clear(total)
		data := 0.0
		for j := range p.Routes {
			data += k.route(w, &p.Routes[j], total)
		}
		price := valueOr(w.UnservedPricePerUnitH, k.c.Penalties.Unserved())
		cost := 0.0
		short := k.shortage(model.CostUnserved, w.Name, "unit-h", "unit")
		for t, h := range k.hours {
			unserved := p.UnservedUnits[t]
			if k.below(unserved, 0) {
				k.breach(ruleWorkloadUnserved, w.Name, t, unserved, 0, "%g units are unserved", unserved)
			}
			demand := w.DemandUnits.At(t, 0)
			if k.differ(total[t]+unserved, demand) {
				k.breach(ruleWorkloadServed, w.Name, t, total[t]+unserved, demand,
					"%g units are served and %g unserved of a demand of %g", total[t], unserved, demand)
			}
			cost += price * unserved * h
			short.add(t, unserved, unserved*h)
		}
		k.pinned(w, p)
		k.note(&short)
		k.charge(model.CostUnserved, w.Name, i, cost)
		k.charge(model.CostData, w.Name, i, data)
	}
}

// pinned compares what sites serve with their shares of what is served.
func (k *checker) pinned(w *model.Workload, p *model.WorkloadPlan) {
	for i := range w.Pinned {
		pin := &w.Pinned[i]
		most := valueOr(pin.ShareMax, 1)
		for t := range k.hours {
			units := 0.0
			for j := range p.Routes {
				if k.c.Pools[k.at.pools[p.Routes[j].Pool]].Site == pin.Site {
					units += p.Routes[j].Units[t]
				}
			}
			served := w.DemandUnits.At(t, 0) - p.UnservedUnits[t]
			if k.below(units, pin.ShareMin*served) {
				k.breach(ruleWorkloadPinned, w.Name, t, units, pin.ShareMin*served, "site %q serves %g units of %g, its share is %g at least", pin.Site, units, served, pin.ShareMin)
			}
			if k.above(units, most*served) {
				k.breach(ruleWorkloadPinned, w.Name, t, units, most*served, "site %q serves %g units of %g, its share is %g at most", pin.Site, units, served, most)
			}
		}
	}
}

// route checks one route, adds its units to total and to the pool, and returns
// what its data costs.
func (k *checker) route(w *model.Workload, r *model.Route, total []float64) (dataCost float64) {
	pool := k.at.pools[r.Pool]
	class := k.at.classes[w.Class]
	origin := k.at.regions[w.Region]
	k.routeAllowed(w, r, pool)

	home := k.at.regions[k.c.Sites[k.at.sites[k.c.Pools[pool].Site]].Region]
	moves := w.DataGBPerUnitH != 0 && home != origin
	way, linked := k.passageTo(origin, home)
	speed := k.c.Pools[pool].UnitSpeed()
	headroom, queue := k.c.LatencyClasses[class].Cap(), k.c.LatencyClasses[class].Queue != nil
	covered := k.covers(class)
	for t, units := range r.Units {
		if k.below(units, 0) {
			k.breach(ruleWorkloadRoute, w.Name, t, units, 0, "%g units are served in %s", units, r.Pool)
		}
		total[t] += units
		held := units / (speed * headroom)
		if queue {
			// What the pool holds for the class is stated for all its workloads.
			k.line(class, pool, t, units/speed)
			held = 0
		}
		k.taken[pool][t] += held
		k.busy[pool][t] += units / speed
		if !covered {
			k.keep(pool, t, held, units/speed)
		}
		if moves && linked {
			gb := w.DataGBPerUnitH * units * k.hours[t]
			k.send(way, t, gb)
			if !covered {
				k.keepData(way, t, gb)
			}
			dataCost += k.pricePerGB(origin, way) * gb
		}
	}
	if first := k.firstActive(r.Units); moves && !linked && first >= 0 {
		k.report.Checked++
		k.breach(ruleWorkloadData, w.Name, first, r.Units[first], 0,
			"%g units are served in %s and no data link leads from %s to its region", r.Units[first], r.Pool, w.Region)
	}
	return dataCost
}

// firstActive is the first period with activity, or -1.
func (k *checker) firstActive(values []float64) int {
	for t, v := range values {
		if v > k.o.Tolerances.Activity {
			return t
		}
	}
	return -1
}

func (k *checker) routeAllowed(w *model.Workload, r *model.Route, pool int) {
	first := k.firstActive(r.Units)
	if first < 0 {
		return
	}
	units := r.Units[first]
	e := &eligibility{
		region: k.at.regions[w.Region], class: k.at.classes[w.Class],
		poolKinds: w.PoolKinds, allowed: w.AllowedSites, forbidden: w.ForbiddenSites,
	}
	k.report.Checked += 3
	if ms, bound, ok := k.latency(e, pool); !ok {
		k.breach(ruleWorkloadLatency, w.Name, first, ms, bound,
			"%g units are served in %s over a round trip of %g ms; %s allows %g", units, r.Pool, ms, w.Class, bound)
	}
	if !k.kindFits(e, pool) {
		k.breach(ruleWorkloadKind, w.Name, first, units, 0, "%g units are served in %s, of kind %q", units, r.Pool, k.kindOf(pool))
	}
	if !k.siteFits(e, pool) {
		k.breach(ruleWorkloadSite, w.Name, first, units, 0, "%g units are served in %s, at site %q", units, r.Pool, k.c.Pools[pool].Site)
	}
}
