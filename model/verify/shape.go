package verify

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

// Sizes beyond which a number is refused, so that sums of them stay exact or
// finite.
const (
	maxNumber = 1e15
	maxCount  = 1_000_000_000
)

// planShape checks names, order, lengths and numbers, section by section.
func (k *checker) planShape() {
	p := k.p
	k.floats("period_hours", "", "", p.PeriodHours)
	k.number("objective", "", -1, p.Objective)
	if p.Bound != nil {
		k.number("bound", "", -1, *p.Bound)
	}
	for i := range p.Costs {
		k.number("costs", p.Costs[i].Asset, -1, p.Costs[i].Amount)
	}
	k.number("policy", "co2_t", -1, p.Policy.CO2T)
	k.number("policy", "co2_excess_t", -1, p.Policy.CO2ExcessT)
	k.number("policy", "renewable_shortfall_mwh", -1, p.Policy.RenewableShortfallMWh)
	k.powerShape()
	k.computeShape()
	k.jobShape()
	k.datasetShape()
	k.outageShape()
	k.priceShape()
}

func (k *checker) shapeBreach(section, asset, format string, args ...any) {
	k.breach(rulePlanShape, asset, -1, 0, 0, section+": "+format, args...)
}

// length checks the number of items of a section.
func (k *checker) length(section string, got, want int) bool {
	k.report.Checked++
	if got == want {
		return true
	}
	k.breachInt(rulePlanShape, "", -1, got, want, "%s has %d entries and the case %d", section, got, want)
	return false
}

// sameNames checks that a section of the plan has the case's names in order.
func sameNames[P, C any](k *checker, section string, plan []P, name func(*P) string, want []C, wantName func(*C) string) bool {
	if !k.length(section, len(plan), len(want)) {
		return false
	}
	ok := true
	for i := range plan {
		k.report.Checked++
		if got, want := name(&plan[i]), wantName(&want[i]); got != want {
			k.shapeBreach(section, want, "entry %d is %q where the case has %q", i, got, want)
			ok = false
		}
	}
	return ok
}

func (k *checker) number(section, asset string, t int, v float64) {
	k.report.Checked++
	if !(math.Abs(v) <= maxNumber) {
		k.breach(rulePlanNumber, asset, t, v, maxNumber, "%s: %g is not a number that can be calculated with", section, v)
	}
}

func (k *checker) numbers(section, asset string, values []float64) {
	k.report.Checked += len(values)
	for t, v := range values {
		if !(math.Abs(v) <= maxNumber) {
			k.breach(rulePlanNumber, asset, t, v, maxNumber, "%s: %g is not a number that can be calculated with", section, v)
		}
	}
}

func (k *checker) wantLength(section, asset, field string, n int) {
	if n != k.periods {
		k.breachInt(rulePlanShape, asset, -1, n, k.periods, "%s: %s has %d values for %d periods", section, field, n, k.periods)
	}
}

// floats checks a series of a value a period.
func (k *checker) floats(section, asset, field string, values []float64) {
	k.wantLength(section, asset, field, len(values))
	k.numbers(section, asset, values)
}

// ints checks a series of a count a period.
func (k *checker) ints(section, asset, field string, values []int) {
	k.wantLength(section, asset, field, len(values))
	k.report.Checked += len(values)
	for t, v := range values {
		if v < -maxCount || v > maxCount {
			k.breachInt(rulePlanNumber, asset, t, v, maxCount, "%s: %s of %d is not a count that can be calculated with", section, field, v)
		}
	}
}

func (k *checker) reserveShape(section, asset string, provided []model.ProvidedPower) {
	if len(provided) > len(k.c.Reserves) {
		k.shapeBreach(section, asset, "it provides %d reserve products of the case's %d", len(provided), len(k.c.Reserves))
		return
	}
	for i := range provided {
		name := provided[i].Product
		if _, ok := k.at.products[name]; !ok {
			k.shapeBreach(section, asset, "it provides %q, which is no reserve product", name)
		}
		for j := range i {
			if provided[j].Product == name {
				k.shapeBreach(section, asset, "it provides %q twice", name)
				return
			}
		}
		k.floats(section, asset, name, provided[i].MW)
	}
}

func (k *checker) powerShape() {
	c, p := k.c, k.p
	if sameNames(k, "buses", p.Buses, func(b *model.BusPlan) string { return b.Name }, c.Buses, func(b *model.Bus) string { return b.Name }) {
		for i := range p.Buses {
			b := &p.Buses[i]
			k.floats("buses", b.Name, "shed_mw", b.ShedMW)
			k.floats("buses", b.Name, "spill_mw", b.SpillMW)
		}
	}
	if sameNames(k, "thermal_units", p.ThermalUnits, func(u *model.ThermalPlan) string { return u.Name },
		c.ThermalUnits, func(u *model.ThermalUnit) string { return u.Name }) {
		for i := range p.ThermalUnits {
			k.thermalShape(&c.ThermalUnits[i], &p.ThermalUnits[i])
		}
	}
	if sameNames(k, "renewables", p.Renewables, func(r *model.RenewablePlan) string { return r.Name },
		c.Renewables, func(r *model.Renewable) string { return r.Name }) {
		for i := range p.Renewables {
			r := &p.Renewables[i]
			k.floats("renewables", r.Name, "power_mw", r.PowerMW)
			k.floats("renewables", r.Name, "curtailed_mw", r.CurtailedMW)
		}
	}
	if sameNames(k, "hydro", p.Hydro, func(h *model.HydroPlan) string { return h.Name }, c.Hydro, func(h *model.Hydro) string { return h.Name }) {
		for i := range p.Hydro {
			h := &p.Hydro[i]
			k.floats("hydro", h.Name, "power_mw", h.PowerMW)
			k.floats("hydro", h.Name, "spill_mw", h.SpillMW)
			k.floats("hydro", h.Name, "level_mwh", h.LevelMWh)
			k.reserveShape("hydro", h.Name, h.Reserves)
		}
	}
	if sameNames(k, "storages", p.Storages, func(s *model.StoragePlan) string { return s.Name },
		c.Storages, func(s *model.Storage) string { return s.Name }) {
		for i := range p.Storages {
			s := &p.Storages[i]
			k.floats("storages", s.Name, "charge_mw", s.ChargeMW)
			k.floats("storages", s.Name, "discharge_mw", s.DischargeMW)
			k.floats("storages", s.Name, "level_mwh", s.LevelMWh)
			k.reserveShape("storages", s.Name, s.Reserves)
		}
	}
	if sameNames(k, "links", p.Links, func(l *model.LinkPlan) string { return l.Name }, c.Links, func(l *model.Link) string { return l.Name }) {
		for i := range p.Links {
			l := &p.Links[i]
			k.floats("links", l.Name, "forward_mw", l.ForwardMW)
			k.floats("links", l.Name, "backward_mw", l.BackwardMW)
			k.floats("links", l.Name, "loss_mw", l.LossMW)
		}
	}
	if sameNames(k, "reserves", p.Reserves, func(r *model.ReservePlan) string { return r.Name },
		c.Reserves, func(r *model.ReserveProduct) string { return r.Name }) {
		for i := range p.Reserves {
			k.floats("reserves", p.Reserves[i].Name, "shortage_mw", p.Reserves[i].ShortageMW)
		}
	}
}

func (k *checker) thermalShape(u *model.ThermalUnit, p *model.ThermalPlan) {
	const section = "thermal_units"
	k.ints(section, p.Name, "units_on", p.UnitsOn)
	k.ints(section, p.Name, "starts", p.Starts)
	k.ints(section, p.Name, "stops", p.Stops)
	k.floats(section, p.Name, "power_mw", p.PowerMW)
	if len(p.StartsByTier) != len(u.Startup) {
		k.shapeBreach(section, p.Name, "starts_by_tier has %d tiers and the case %d", len(p.StartsByTier), len(u.Startup))
	}
	for _, starts := range p.StartsByTier {
		k.ints(section, p.Name, "starts_by_tier", starts)
	}
	if u.Deep != nil {
		k.ints(section, p.Name, "units_deep", p.UnitsDeep)
		k.ints(section, p.Name, "deep_entries", p.DeepEntries)
		k.ints(section, p.Name, "deep_exits", p.DeepExits)
		k.floats(section, p.Name, "deep_power_mw", p.DeepPowerMW)
	} else if len(p.UnitsDeep)+len(p.DeepEntries)+len(p.DeepExits)+len(p.DeepPowerMW) > 0 {
		k.shapeBreach(section, p.Name, "it has deep operation, which the unit is not capable of")
	}
	k.reserveShape(section, p.Name, p.Reserves)
}

func (k *checker) computeShape() {
	c, p := k.c, k.p
	if sameNames(k, "sites", p.Sites, func(s *model.SitePlan) string { return s.Name }, c.Sites, func(s *model.Site) string { return s.Name }) {
		for i := range p.Sites {
			k.siteShape(&c.Sites[i], &p.Sites[i], k.metered[i])
		}
	}
	if sameNames(k, "pools", p.Pools, func(s *model.PoolPlan) string { return s.Name }, c.Pools, func(s *model.Pool) string { return s.Name }) {
		for i := range p.Pools {
			s := &p.Pools[i]
			k.ints("pools", s.Name, "modules_on", s.ModulesOn)
			k.ints("pools", s.Name, "module_starts", s.ModuleStarts)
			k.ints("pools", s.Name, "module_stops", s.ModuleStops)
			k.floats("pools", s.Name, "busy_units", s.BusyUnits)
			k.queueShape(i)
		}
	}
	if sameNames(k, "demand_responses", p.DemandResponses, func(d *model.DemandResponsePlan) string { return d.Name },
		c.DemandResponses, func(d *model.DemandResponse) string { return d.Name }) {
		for i := range p.DemandResponses {
			k.ints("demand_responses", p.DemandResponses[i].Name, "called", p.DemandResponses[i].Called)
		}
	}
	if sameNames(k, "data_links", p.DataLinks, func(l *model.DataLinkPlan) string { return l.Name },
		c.DataLinks, func(l *model.DataLink) string { return l.Name }) {
		for i := range p.DataLinks {
			l := &p.DataLinks[i]
			k.floats("data_links", l.Name, "forward_gb", l.ForwardGB)
			k.floats("data_links", l.Name, "backward_gb", l.BackwardGB)
		}
	}
	if sameNames(k, "workloads", p.Workloads, func(w *model.WorkloadPlan) string { return w.Name },
		c.Workloads, func(w *model.Workload) string { return w.Name }) {
		used := make([]int, len(c.Pools)) // 1 + the last workload with a route to the pool
		for i := range p.Workloads {
			w := &p.Workloads[i]
			k.floats("workloads", w.Name, "unserved_units", w.UnservedUnits)
			for j := range w.Routes {
				r := &w.Routes[j]
				k.floats("workloads", w.Name, r.Pool, r.Units)
				pool, ok := k.at.pools[r.Pool]
				switch {
				case !ok:
					k.shapeBreach("workloads", w.Name, "a route leads to %q, which is no pool", r.Pool)
				case used[pool] == i+1:
					k.shapeBreach("workloads", w.Name, "two routes lead to %q", r.Pool)
				default:
					used[pool] = i + 1
				}
			}
		}
	}
}

func (k *checker) priceShape() {
	prices := k.p.Prices
	if prices == nil {
		return
	}
	dataLinks := positions(k.c.DataLinks, func(l *model.DataLink) string { return l.Name })
	k.number("prices", "", -1, prices.CO2PerT)
	k.number("prices", "", -1, prices.RenewablePerMWh)
	for _, part := range []struct {
		field string
		list  []model.PriceSeries
		names map[string]int
	}{
		{"prices.power", prices.Power, k.at.buses},
		{"prices.reserve", prices.Reserve, k.at.products},
		{"prices.marginal_co2_t_per_mwh", prices.MarginalCO2, k.at.buses},
		{"prices.compute", prices.Compute, k.at.pools},
		{"prices.compute_with_power", prices.ComputeWithPower, k.at.pools},
		{"prices.data_forward", prices.DataForward, dataLinks},
		{"prices.data_backward", prices.DataBackward, dataLinks},
	} {
		before := -1
		for i := range part.list {
			s := &part.list[i]
			k.floats(part.field, s.Name, "values", s.Values)
			position, ok := part.names[s.Name]
			if !ok || position <= before {
				k.shapeBreach(part.field, s.Name, "entry %d is %q, which the case does not have there", i, s.Name)
				continue
			}
			before = position
		}
	}
}
