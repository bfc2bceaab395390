package report

// What one more millisecond of round trip would save, for the workloads of a
// region and class: in every period the cheapest unit-hour that can be had
// within the bound, at the plan's prices, against the cheapest within a
// millisecond more,
//
//	saving = sum_t demand_t h_t (near_t - far_t)
//
// A pool in which a workload is covered against outages costs the same security
// wherever it is; but in an outage, too, the work may go to what has come within reach:
// for every outage the price of being servable in it, against the price of a unit of the
// pools left that are nearer now, counts as well.
//
// Prices are held, so the saving is at most this: more work at a cheaper pool
// makes it dearer.

import (
	"slices"

	"github.com/wattbit/wattbit/model"
)

// moreMS is the step of the latency bound.
const moreMS = 1

// LatencyLine is what a millisecond more would save the workloads of a region
// and class.
type LatencyLine struct {
	Region  string  `json:"region"`
	Class   string  `json:"class"`
	BoundMS float64 `json:"bound_ms"`
	// MoreSites come within reach.
	MoreSites int `json:"more_sites"`
	// Saving at most, over the horizon.
	Saving float64 `json:"saving"`
	// UnitH of demand.
	UnitH float64 `json:"unit_h"`
}

// latencyPrices has a line for every region and class with a bound and demand;
// none without prices.
func (j *joined) latencyPrices() []LatencyLine {
	byPool := j.poolPrices()
	if byPool == nil {
		return nil
	}
	offers := &unitOffers{j: j, pools: byPool, forward: prices(j.ix.DataLinks, j.p.Prices.DataForward),
		backward: prices(j.ix.DataLinks, j.p.Prices.DataBackward)}
	wider := *j.c
	wider.Jobs, wider.JobGroups = nil, nil
	wider.LatencyClasses = slices.Clone(j.c.LatencyClasses)
	for i := range wider.LatencyClasses {
		if l := &wider.LatencyClasses[i]; l.MaxRoundTripMS != nil {
			bound := *l.MaxRoundTripMS + moreMS
			l.MaxRoundTripMS = &bound
		}
	}
	far := wider.Index()
	lost, secured := j.ix.Outages(), j.outagePrices()
	type key struct{ region, class string }
	at := map[key]int{}
	var out []LatencyLine
	sites := map[key]map[string]bool{}
	for i := range j.c.Workloads {
		w := &j.c.Workloads[i]
		bound := j.c.LatencyClasses[j.ix.LatencyClasses[w.Class]].MaxRoundTripMS
		if bound == nil {
			continue
		}
		k := key{w.Region, w.Class}
		if _, ok := at[k]; !ok {
			at[k], sites[k] = len(out), map[string]bool{}
			out = append(out, LatencyLine{Region: w.Region, Class: w.Class, BoundMS: *bound})
		}
		line := &out[at[k]]
		within, beyond := j.ix.WorkloadPlacements(w), far.WorkloadPlacements(w)
		for t, h := range j.hours {
			unitH := w.DemandUnits.At(t, 0) * h
			line.UnitH += unitH
			saving := max(0, offers.cheapest(w, within, t)-offers.cheapest(w, beyond, t))
			for k := range lost {
				if p := secured[lost[k].Name]; p != nil {
					saving += offers.securer(w, p, &lost[k], within, beyond, t)
				}
			}
			line.Saving += unitH * saving
		}
		for p := range within {
			if site := j.c.Pools[p].Site; beyond[p].OK && !within[p].OK && !sites[k][site] {
				sites[k][site] = true
				line.MoreSites++
			}
		}
	}
	return out
}

// unitOffers is what a unit-hour of a workload may be had for.
type unitOffers struct {
	j     *joined
	pools []poolPrices
	// forward and backward price a GB of each data link's capacity; nil where
	// the plan has none.
	forward, backward [][]float64
}

// cheapest is the least price of a unit-hour of a workload in period t: in one of
// the pools where it may go and a module is on, or unserved.
func (o *unitOffers) cheapest(w *model.Workload, placements []model.Placement, t int) float64 {
	j, least := o.j, o.j.unservedPrice(w)
	class := &j.c.LatencyClasses[j.ix.LatencyClasses[w.Class]]
	covered := slices.Contains(j.c.ComputingOutages.Classes, w.Class)
	for _, p := range placements {
		if !p.OK || j.pools[p.Pool].ModulesOn[t] == 0 {
			continue
		}
		speed := j.c.Pools[p.Pool].UnitSpeed()
		money := o.pools[p.Pool].headroom(class, covered, t)/speed + o.pools[p.Pool].power[t]/speed
		if p.DataLink >= 0 {
			money += w.DataGBPerUnitH * (j.ix.DataPricePerGB(p.DataLink, w.Region) + o.linkPrice(p, t))
		}
		least = min(least, money)
	}
	return least
}

// securer is what a unit-hour of a workload saves in an outage by the pools that come
// within reach: at most the price of being servable in it.
func (o *unitOffers) securer(w *model.Workload, p *model.OutagePrices, lost *model.Outage, within, beyond []model.Placement, t int) float64 {
	near := 0.0
	for _, s := range p.Workloads {
		if s.Name == w.Name {
			near = s.Values[t]
		}
	}
	least := near
	for i := range beyond {
		if within[i].OK || !o.j.ix.Leaves(lost, &beyond[i]) || o.j.pools[i].ModulesOn[t] == 0 {
			continue
		}
		unit := 0.0
		for _, s := range p.Pools {
			if s.Name == o.j.c.Pools[o.j.ix.BasePool(i)].Name {
				unit = s.Values[t]
			}
		}
		least = min(least, unit/o.j.c.Pools[i].UnitSpeed())
	}
	return near - least
}

// linkPrice is the price of a GB of the capacity of a placement's data link.
func (o *unitOffers) linkPrice(p model.Placement, t int) float64 {
	v := o.backward[p.DataLink]
	if p.Forward {
		v = o.forward[p.DataLink]
	}
	if v == nil {
		return 0
	}
	return v[t]
}
