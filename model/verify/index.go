package verify

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
)

const ruleCaseValid = "case.valid"

func caseRules() []Rule {
	return []Rule{
		{ruleCaseValid, "The case can be read: it has periods, its references resolve, and a series has one value or one a period."},
	}
}

// index resolves the case's references by name.
type index struct {
	buses, regions, classes, sites, pools, products map[string]int

	units, renewables, hydro, storages, links, exchanges, workloads, datasets, jobs, programmes map[string]int

	roundTrips map[pair]float64 // region, site
	dataLinks  map[pair]passage // from region, to region
}

// pair is two positions in the case.
type pair struct{ a, b int }

// passage is a direction of a data link.
type passage struct {
	link     int
	backward bool
}

// positions maps names to positions; of equal names the first counts.
func positions[T any](items []T, name func(*T) string) map[string]int {
	out := make(map[string]int, len(items))
	for i := len(items) - 1; i >= 0; i-- {
		out[name(&items[i])] = i
	}
	return out
}

// openCase reads the case as far as the other checks rely on it. Validation
// proper is the model's; here it only keeps a wrong case from being misread.
func (k *checker) openCase() {
	if k.c == nil {
		k.halted = true
		k.breach(ruleCaseValid, "", -1, 0, 0, "there is no case")
		return
	}
	if err := k.openHorizon(); err != nil {
		k.halted = true
		k.breach(ruleCaseValid, k.c.Name, -1, 0, 0, "horizon: %v", err)
		return
	}
	k.resolve()
	k.checkReferences()
	k.checkSeries()
	if k.found[ruleCaseValid] > 0 {
		k.halted = true
		return
	}
	k.indexNetwork()
	k.openSums()
}

func (k *checker) openHorizon() error {
	n := 0
	for i, run := range k.c.Horizon.Periods {
		if run.Count < 1 || run.Count > model.MaxPeriods-n {
			return fmt.Errorf("run %d has %d periods; at least 1 and at most %d in all are possible", i, run.Count, model.MaxPeriods)
		}
		if !(run.Hours > 0) || math.IsInf(run.Hours, 0) {
			return fmt.Errorf("run %d has periods of %g h", i, run.Hours)
		}
		n += run.Count
	}
	if n == 0 {
		return fmt.Errorf("it has no periods")
	}
	k.periods = n
	k.hours = k.c.Horizon.Hours()
	k.begin = make([]float64, n+1)
	for t, h := range k.hours {
		k.begin[t+1] = k.begin[t] + h
	}
	return nil
}

func (k *checker) resolve() {
	c := k.c
	k.at = index{
		buses:      positions(c.Buses, func(b *model.Bus) string { return b.Name }),
		regions:    positions(c.Regions, func(r *model.Region) string { return r.Name }),
		classes:    positions(c.LatencyClasses, func(l *model.LatencyClass) string { return l.Name }),
		sites:      positions(c.Sites, func(s *model.Site) string { return s.Name }),
		pools:      positions(c.Pools, func(p *model.Pool) string { return p.Name }),
		products:   positions(c.Reserves, func(r *model.ReserveProduct) string { return r.Name }),
		units:      positions(c.ThermalUnits, func(u *model.ThermalUnit) string { return u.Name }),
		renewables: positions(c.Renewables, func(r *model.Renewable) string { return r.Name }),
		hydro:      positions(c.Hydro, func(h *model.Hydro) string { return h.Name }),
		storages:   positions(c.Storages, func(s *model.Storage) string { return s.Name }),
		links:      positions(c.Links, func(l *model.Link) string { return l.Name }),
		exchanges:  positions(c.Exchanges, func(e *model.Exchange) string { return e.Name }),
		workloads:  positions(c.Workloads, func(w *model.Workload) string { return w.Name }),
		datasets:   positions(c.Datasets, func(d *model.Dataset) string { return d.Name }),
		programmes: positions(c.DemandResponses, func(d *model.DemandResponse) string { return d.Name }),
		jobs:       positions(c.Jobs, func(j *model.Job) string { return j.Name }),
	}
}

// refer reports a reference that does not resolve.
func (k *checker) refer(section, item, field, name string, to map[string]int) {
	k.report.Checked++
	if _, ok := to[name]; !ok {
		k.breach(ruleCaseValid, item, -1, 0, 0, "%s: %s names %q, which the case does not have", section, field, name)
	}
}

func (k *checker) checkReferences() {
	c, at := k.c, &k.at
	for i := range c.Loads {
		k.refer("loads", c.Loads[i].Name, "bus", c.Loads[i].Bus, at.buses)
	}
	for i := range c.Exchanges {
		k.refer("exchanges", c.Exchanges[i].Name, "bus", c.Exchanges[i].Bus, at.buses)
	}
	for i := range c.ThermalUnits {
		k.referMeter("thermal_units", c.ThermalUnits[i].Name, c.ThermalUnits[i].Bus, c.ThermalUnits[i].Site)
	}
	for i := range c.Renewables {
		k.referMeter("renewables", c.Renewables[i].Name, c.Renewables[i].Bus, c.Renewables[i].Site)
	}
	for i := range c.Hydro {
		k.refer("hydro", c.Hydro[i].Name, "bus", c.Hydro[i].Bus, at.buses)
	}
	for i := range c.Storages {
		k.referMeter("storages", c.Storages[i].Name, c.Storages[i].Bus, c.Storages[i].Site)
	}
	for i := range c.Links {
		k.refer("links", c.Links[i].Name, "from", c.Links[i].From, at.buses)
		k.refer("links", c.Links[i].Name, "to", c.Links[i].To, at.buses)
	}
	for i := range c.Reserves {
		for _, bus := range c.Reserves[i].Buses {
			k.refer("reserves", c.Reserves[i].Name, "buses", bus, at.buses)
		}
	}
	for i := range c.Sites {
		k.refer("sites", c.Sites[i].Name, "bus", c.Sites[i].Bus, at.buses)
		k.refer("sites", c.Sites[i].Name, "region", c.Sites[i].Region, at.regions)
		k.greenReferences(&c.Sites[i])
	}
	for i := range c.Pools {
		k.refer("pools", c.Pools[i].Name, "site", c.Pools[i].Site, at.sites)
		k.levelReference(&c.Pools[i])
	}
	for i := range c.DemandResponses {
		k.refer("demand_responses", c.DemandResponses[i].Name, "site", c.DemandResponses[i].Site, at.sites)
	}
	for i := range c.DataLinks {
		l := &c.DataLinks[i]
		for _, end := range [2]string{l.From, l.To} {
			k.refer("data_links", l.Name, "from or to", end, at.regions)
			if r, ok := at.regions[end]; ok && l.EnergyKWhPerGB != 0 {
				k.refer("regions", end, "bus", c.Regions[r].Bus, at.buses)
			}
		}
	}
	for i := range c.Workloads {
		k.refer("workloads", c.Workloads[i].Name, "region", c.Workloads[i].Region, at.regions)
		k.refer("workloads", c.Workloads[i].Name, "class", c.Workloads[i].Class, at.classes)
		for n := range c.Workloads[i].Pinned {
			k.refer("workloads", c.Workloads[i].Name, "pinned", c.Workloads[i].Pinned[n].Site, at.sites)
		}
	}
	for i := range c.LatencyClasses {
		k.queueCase(&c.LatencyClasses[i])
	}
	for _, class := range c.ComputingOutages.Classes {
		k.refer("computing_outages", "", "classes", class, at.classes)
	}
	for i := range c.Jobs {
		k.jobReferences(&c.Jobs[i])
	}
	k.tieReferences()
}

// series reports a series that has neither no value, one, nor one a period.
func (k *checker) series(section, item, field string, s model.Series) {
	k.report.Checked++
	if len(s) > 1 && len(s) != k.periods {
		k.breach(ruleCaseValid, item, -1, float64(len(s)), float64(k.periods),
			"%s: %s has %d values for %d periods", section, field, len(s), k.periods)
	}
}

func (k *checker) checkSeries() {
	c := k.c
	for i := range c.Loads {
		k.series("loads", c.Loads[i].Name, "power_mw", c.Loads[i].PowerMW)
	}
	for i := range c.Exchanges {
		k.series("exchanges", c.Exchanges[i].Name, "import_mw", c.Exchanges[i].ImportMW)
		k.series("exchanges", c.Exchanges[i].Name, "price_per_mwh", c.Exchanges[i].PricePerMWh)
	}
	for i := range c.ThermalUnits {
		u := &c.ThermalUnits[i]
		k.series("thermal_units", u.Name, "cost_factor", u.CostFactor)
		k.series("thermal_units", u.Name, "must_run_units", u.MustRunUnits)
		k.series("thermal_units", u.Name, "fixed_units", u.FixedUnits)
		k.series("thermal_units", u.Name, "outage_units", u.OutageUnits)
		k.series("thermal_units", u.Name, "heat_min_power_mw", u.HeatMinPowerMW)
	}
	for i := range c.Renewables {
		k.series("renewables", c.Renewables[i].Name, "available_mw", c.Renewables[i].AvailableMW)
		k.series("renewables", c.Renewables[i].Name, "min_power_mw", c.Renewables[i].MinPowerMW)
	}
	for i := range c.Hydro {
		k.series("hydro", c.Hydro[i].Name, "inflow_mw", c.Hydro[i].InflowMW)
	}
	for i := range c.Links {
		k.series("links", c.Links[i].Name, "max_forward_mw", c.Links[i].MaxForwardMW)
		k.series("links", c.Links[i].Name, "max_backward_mw", c.Links[i].MaxBackwardMW)
	}
	for i := range c.Reserves {
		k.series("reserves", c.Reserves[i].Name, "requirement_mw", c.Reserves[i].RequirementMW)
	}
	k.siteSeries()
	for i := range c.Pools {
		k.series("pools", c.Pools[i].Name, "available_modules", c.Pools[i].AvailableModules)
	}
	for i := range c.DataLinks {
		k.series("data_links", c.DataLinks[i].Name, "capacity_gbps", c.DataLinks[i].CapacityGbps)
	}
	for i := range c.Workloads {
		k.series("workloads", c.Workloads[i].Name, "demand_units", c.Workloads[i].DemandUnits)
	}
}

func (k *checker) openSums() {
	c, n := k.c, k.periods
	k.net, k.gross, k.sheddable = grid(len(c.Buses), n), grid(len(c.Buses), n), grid(len(c.Buses), n)
	k.provided = grid(len(c.Reserves), n)
	k.taken, k.busy, k.drawn = grid(len(c.Pools), n), grid(len(c.Pools), n), grid(len(c.Pools), n)
	k.forward, k.backward = grid(len(c.DataLinks), n), grid(len(c.DataLinks), n)
	k.openMeters()
	k.accounts = map[model.CostItem][]account{}
	k.others = make(map[string][]outcome)
	for i := range c.JobGroups {
		for _, name := range c.JobGroups[i].Jobs {
			k.others[name] = nil
		}
	}
	k.outcomes, k.jobDataCost = make([]outcome, len(c.Jobs)), make([]float64, len(c.Jobs))
	k.room, k.promise = grid(len(c.Pools), n), grid(len(c.Sites), n)
	k.openQuotas()
	k.openOutages()
}
