package report

import (
	"fmt"
	"math"
	"time"

	"github.com/wattbit/wattbit/model"
)

// joined is a case and its plan side by side, checked against each other:
// assets by position, series of the right length, finite numbers. All
// figures and charts are made from it.
type joined struct {
	c     *model.Case
	p     *model.Plan
	ix    *model.Index
	T     int
	hours []float64
	cal   calendar
	zone  string

	buses      []*model.BusPlan
	thermal    []*model.ThermalPlan
	renewables []*model.RenewablePlan
	hydro      []*model.HydroPlan
	storages   []*model.StoragePlan
	links      []*model.LinkPlan
	reserves   []*model.ReservePlan
	sites      []*model.SitePlan
	pools      []*model.PoolPlan
	dataLinks  []*model.DataLinkPlan
	workloads  []*model.WorkloadPlan
	programmes []*model.DemandResponsePlan

	// pues are the PUEs achieved, by site and period.
	pues [][]float64
	// work is every route of a workload and every job that runs.
	work []work
	// power holds the buses' flows, see power.go.
	power []busFlows

	// Worked out when first asked for.
	summaryOnce   once[*Summary]
	mobilityOnce  once[*mobility]
	accountsOnce  once[*accounts]
	deadlinesOnce once[[]deadline]
	latencyOnce   once[[]LatencyLine]
	surplusesOnce once[[]surplusAt]
}

// join checks the plan against the case and puts them side by side. The error
// lists up to maxErrors things that do not fit.
func join(c *model.Case, p *model.Plan) (*joined, error) {
	if c == nil || p == nil {
		return nil, fmt.Errorf("report: no case or no plan")
	}
	periods, err := countPeriods(c)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	j := &joined{c: atBuses(c), p: p, T: periods}
	k := &checker{periods: periods}
	j.checkHorizon(k)
	j.checkCase(k)
	if err := k.err(); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	j.ix = c.Index()
	j.hours = j.ix.Hours
	if err := j.setCalendar(); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	j.matchPower(k)
	j.matchCompute(k)
	j.checkRest(k)
	if err := k.err(); err != nil {
		return nil, fmt.Errorf("report: the plan does not fit the case: %w", err)
	}
	for i := range j.c.Sites {
		j.pues = append(j.pues, j.pue(i))
	}
	j.work = j.collectWork()
	j.power = j.collectPower()
	return j, nil
}

// countPeriods counts without allocating, so that a hostile count is refused
// before it costs memory.
func countPeriods(c *model.Case) (int, error) {
	n := 0
	for _, r := range c.Horizon.Periods {
		if r.Count < 0 || r.Count > model.MaxPeriods || n+r.Count > model.MaxPeriods {
			return 0, fmt.Errorf("horizon: more than %d periods", model.MaxPeriods)
		}
		if !(r.Hours > 0) || r.Hours > model.MaxPeriodHours {
			return 0, fmt.Errorf("horizon: a period of %v h", r.Hours)
		}
		n += r.Count
	}
	if n == 0 {
		return 0, fmt.Errorf("horizon: no periods")
	}
	return n, nil
}

func (j *joined) checkHorizon(k *checker) {
	if len(j.p.PeriodHours) != j.T {
		k.fail("plan: %d periods, the case has %d", len(j.p.PeriodHours), j.T)
		return
	}
	for t, h := range j.c.Horizon.Hours() {
		if !(math.Abs(h-j.p.PeriodHours[t]) <= 1e-9) {
			k.fail("plan: period %d has %v h, the case's has %v h", t, j.p.PeriodHours[t], h)
			return
		}
	}
}

func (j *joined) setCalendar() error {
	h := &j.c.Horizon
	location := h.Start.Location()
	j.zone = h.Start.Format("UTC-07:00")
	if h.Zone != "" {
		l, err := time.LoadLocation(h.Zone)
		if err != nil {
			return fmt.Errorf("horizon: zone %q: %w", h.Zone, err)
		}
		location, j.zone = l, h.Zone
	}
	j.cal = newCalendar(h.Start, location, j.hours)
	return nil
}

// checkCase refuses what would make arithmetic or indexing fail; the case's
// own validation says more.
func (j *joined) checkCase(k *checker) {
	c := j.c
	buses := names(k, "buses", c.Buses, func(v *model.Bus) string { return v.Name })
	names(k, "reserves", c.Reserves, func(v *model.ReserveProduct) string { return v.Name })
	regions := names(k, "regions", c.Regions, func(v *model.Region) string { return v.Name })
	sites := names(k, "sites", c.Sites, func(v *model.Site) string { return v.Name })
	classes := names(k, "latency_classes", c.LatencyClasses, func(v *model.LatencyClass) string { return v.Name })
	names(k, "thermal_units", c.ThermalUnits, func(v *model.ThermalUnit) string { return v.Name })
	names(k, "renewables", c.Renewables, func(v *model.Renewable) string { return v.Name })
	names(k, "hydro", c.Hydro, func(v *model.Hydro) string { return v.Name })
	names(k, "storages", c.Storages, func(v *model.Storage) string { return v.Name })
	names(k, "links", c.Links, func(v *model.Link) string { return v.Name })
	names(k, "data_links", c.DataLinks, func(v *model.DataLink) string { return v.Name })
	names(k, "demand_responses", c.DemandResponses, func(v *model.DemandResponse) string { return v.Name })
	names(k, "workloads", c.Workloads, func(v *model.Workload) string { return v.Name })

	for i := range c.Loads {
		v := &c.Loads[i]
		k.known("case: load "+v.Name, buses, v.Bus)
		k.series("case: load "+v.Name, v.PowerMW)
	}
	for i := range c.Exchanges {
		v := &c.Exchanges[i]
		k.known("case: exchange "+v.Name, buses, v.Bus)
		k.series("case: exchange "+v.Name, v.ImportMW)
		k.series("case: exchange "+v.Name+": price", v.PricePerMWh)
	}
	for i := range c.ThermalUnits {
		v := &c.ThermalUnits[i]
		what := "case: thermal unit " + v.Name
		k.known(what, buses, v.Bus)
		k.number(what, v.MaxPowerMW)
		k.number(what, v.CO2TPerMWh)
		k.number(what, float64(v.Count))
		k.series(what+": outage_units", v.OutageUnits)
	}
	for i := range c.Renewables {
		v := &c.Renewables[i]
		k.known("case: renewable "+v.Name, buses, v.Bus)
		k.series("case: renewable "+v.Name, v.AvailableMW)
		k.number("case: renewable "+v.Name, v.CapacityMW)
	}
	for i := range c.Hydro {
		v := &c.Hydro[i]
		k.known("case: hydro "+v.Name, buses, v.Bus)
		k.series("case: hydro "+v.Name+": inflow_mw", v.InflowMW)
		for _, x := range []float64{v.MaxPowerMW, v.LevelMinMWh, v.LevelMaxMWh, v.InitialLevelMWh} {
			k.number("case: hydro "+v.Name, x)
		}
	}
	for i := range c.Storages {
		v := &c.Storages[i]
		k.known("case: storage "+v.Name, buses, v.Bus)
		for _, x := range []float64{v.MaxChargeMW, v.MaxDischargeMW, v.LevelMinMWh, v.LevelMaxMWh, v.InitialLevelMWh} {
			k.number("case: storage "+v.Name, x)
		}
		if !(v.DischargeEfficiency() > 0) {
			k.fail("case: storage %s: discharge efficiency %v", v.Name, v.DischargeEfficiency())
		}
	}
	for i := range c.Links {
		v := &c.Links[i]
		k.known("case: link "+v.Name, buses, v.From)
		k.known("case: link "+v.Name, buses, v.To)
		k.series("case: link "+v.Name, v.MaxForwardMW)
		k.series("case: link "+v.Name, v.MaxBackwardMW)
		k.number("case: link "+v.Name, v.LossShare)
	}
	for i := range c.Reserves {
		v := &c.Reserves[i]
		k.series("case: reserve "+v.Name, v.RequirementMW)
		for _, b := range v.Buses {
			k.known("case: reserve "+v.Name, buses, b)
		}
	}
	for i := range c.Regions {
		v := &c.Regions[i]
		if v.Bus != "" {
			k.known("case: region "+v.Name, buses, v.Bus)
		}
		k.number("case: region "+v.Name, v.EgressPricePerGB)
	}
	for i := range c.Sites {
		v := &c.Sites[i]
		k.known("case: site "+v.Name, buses, v.Bus)
		k.known("case: site "+v.Name, regions, v.Region)
		j.checkSite(k, v)
	}
	for i := range c.DemandResponses {
		v := &c.DemandResponses[i]
		k.known("case: demand response "+v.Name, sites, v.Site)
		k.series("case: demand response "+v.Name+": baseline_mw", v.BaselineMW)
		k.number("case: demand response "+v.Name, v.ReductionMW)
		k.number("case: demand response "+v.Name, v.PricePerMWh)
	}
	for i := range c.Pools {
		v := &c.Pools[i]
		what := "case: pool " + v.Name
		k.known(what, sites, v.Site)
		k.series(what+": available_modules", v.AvailableModules)
		for _, x := range []float64{v.UnitsPerModule, v.IdleMWPerModule, v.DynamicMWPerUnit, v.StartEnergyMWh, float64(v.Modules)} {
			k.number(what, x)
		}
		if s := v.UnitSpeed(); !(s > 0) || s > maxValue {
			k.fail("%s: speed %v", what, s)
		}
	}
	for i := range c.DataLinks {
		v := &c.DataLinks[i]
		k.known("case: data link "+v.Name, regions, v.From)
		k.known("case: data link "+v.Name, regions, v.To)
		k.series("case: data link "+v.Name, v.CapacityGbps)
		k.number("case: data link "+v.Name, v.PricePerGB)
		k.number("case: data link "+v.Name, v.EnergyKWhPerGB)
	}
	for i := range c.LatencyClasses {
		v := &c.LatencyClasses[i]
		if u := v.Cap(); !(u > 0) || u > 1 {
			k.fail("case: latency class %s: utilisation_cap %v", v.Name, u)
		}
	}
	for i := range c.Workloads {
		v := &c.Workloads[i]
		k.known("case: workload "+v.Name, regions, v.Region)
		k.known("case: workload "+v.Name, classes, v.Class)
		k.series("case: workload "+v.Name, v.DemandUnits)
		k.number("case: workload "+v.Name, v.DataGBPerUnitH)
		if v.UnservedPricePerUnitH != nil {
			k.number("case: workload "+v.Name, *v.UnservedPricePerUnitH)
		}
	}
	j.checkJobs(k, regions, classes)
}

func (j *joined) matchPower(k *checker) {
	p, ix := j.p, j.ix
	j.buses = match(k, "buses", ix.Buses, p.Buses, func(v *model.BusPlan) string { return v.Name })
	for i := range p.Buses {
		v := &p.Buses[i]
		k.values("plan: bus "+v.Name+": shed_mw", v.ShedMW)
		k.values("plan: bus "+v.Name+": spill_mw", v.SpillMW)
	}
	j.thermal = match(k, "thermal_units", ix.ThermalUnits, p.ThermalUnits, func(v *model.ThermalPlan) string { return v.Name })
	for i := range p.ThermalUnits {
		v := &p.ThermalUnits[i]
		what := "plan: thermal unit " + v.Name
		k.counts(what+": units_on", v.UnitsOn)
		k.counts(what+": starts", v.Starts)
		k.counts(what+": stops", v.Stops)
		k.values(what+": power_mw", v.PowerMW)
		if v.UnitsDeep != nil {
			k.counts(what+": units_deep", v.UnitsDeep)
		}
		if v.DeepPowerMW != nil {
			k.values(what+": deep_power_mw", v.DeepPowerMW)
		}
		k.reserves(what, ix.Reserves, v.Reserves)
	}
	j.renewables = match(k, "renewables", ix.Renewables, p.Renewables, func(v *model.RenewablePlan) string { return v.Name })
	for i := range p.Renewables {
		v := &p.Renewables[i]
		k.values("plan: renewable "+v.Name+": power_mw", v.PowerMW)
		k.values("plan: renewable "+v.Name+": curtailed_mw", v.CurtailedMW)
	}
	j.hydro = match(k, "hydro", ix.Hydro, p.Hydro, func(v *model.HydroPlan) string { return v.Name })
	for i := range p.Hydro {
		v := &p.Hydro[i]
		what := "plan: hydro " + v.Name
		k.values(what+": power_mw", v.PowerMW)
		k.values(what+": spill_mw", v.SpillMW)
		k.values(what+": level_mwh", v.LevelMWh)
		k.reserves(what, ix.Reserves, v.Reserves)
	}
	j.storages = match(k, "storages", ix.Storages, p.Storages, func(v *model.StoragePlan) string { return v.Name })
	for i := range p.Storages {
		v := &p.Storages[i]
		what := "plan: storage " + v.Name
		k.values(what+": charge_mw", v.ChargeMW)
		k.values(what+": discharge_mw", v.DischargeMW)
		k.values(what+": level_mwh", v.LevelMWh)
		k.reserves(what, ix.Reserves, v.Reserves)
	}
	j.links = match(k, "links", ix.Links, p.Links, func(v *model.LinkPlan) string { return v.Name })
	for i := range p.Links {
		v := &p.Links[i]
		k.values("plan: link "+v.Name+": forward_mw", v.ForwardMW)
		k.values("plan: link "+v.Name+": backward_mw", v.BackwardMW)
		k.values("plan: link "+v.Name+": loss_mw", v.LossMW)
	}
	j.reserves = match(k, "reserves", ix.Reserves, p.Reserves, func(v *model.ReservePlan) string { return v.Name })
	for i := range p.Reserves {
		k.values("plan: reserve "+p.Reserves[i].Name+": shortage_mw", p.Reserves[i].ShortageMW)
	}
}

func (j *joined) matchCompute(k *checker) {
	p, ix := j.p, j.ix
	j.sites = match(k, "sites", ix.Sites, p.Sites, func(v *model.SitePlan) string { return v.Name })
	for i := range p.Sites {
		j.matchSite(k, &p.Sites[i])
	}
	j.programmes = match(k, "demand_responses", ix.DemandResponses, p.DemandResponses, func(v *model.DemandResponsePlan) string { return v.Name })
	for i := range p.DemandResponses {
		k.counts("plan: demand response "+p.DemandResponses[i].Name+": called", p.DemandResponses[i].Called)
	}
	j.pools = match(k, "pools", ix.Pools, p.Pools, func(v *model.PoolPlan) string { return v.Name })
	for i := range p.Pools {
		v := &p.Pools[i]
		k.counts("plan: pool "+v.Name+": modules_on", v.ModulesOn)
		k.counts("plan: pool "+v.Name+": module_starts", v.ModuleStarts)
		k.counts("plan: pool "+v.Name+": module_stops", v.ModuleStops)
		k.values("plan: pool "+v.Name+": busy_units", v.BusyUnits)
		for _, q := range v.Queues {
			k.known("plan: pool "+v.Name+": queue", ix.LatencyClasses, q.Class)
			k.values("plan: pool "+v.Name+": held_units for "+q.Class, q.HeldUnits)
		}
	}
	j.dataLinks = match(k, "data_links", ix.DataLinks, p.DataLinks, func(v *model.DataLinkPlan) string { return v.Name })
	for i := range p.DataLinks {
		v := &p.DataLinks[i]
		k.values("plan: data link "+v.Name+": forward_gb", v.ForwardGB)
		k.values("plan: data link "+v.Name+": backward_gb", v.BackwardGB)
	}
	j.workloads = match(k, "workloads", ix.Workloads, p.Workloads, func(v *model.WorkloadPlan) string { return v.Name })
	for i := range p.Workloads {
		v := &p.Workloads[i]
		k.values("plan: workload "+v.Name+": unserved_units", v.UnservedUnits)
		for _, r := range v.Routes {
			k.known("plan: workload "+v.Name+": pool", ix.Pools, r.Pool)
			k.values("plan: workload "+v.Name+": units in "+r.Pool, r.Units)
		}
	}
	j.matchOutages(k)
	j.matchJobs(k)
	j.matchDatasets(k)
}

func (j *joined) matchOutages(k *checker) {
	for i := range j.p.Outages {
		o := &j.p.Outages[i]
		for n := range o.Workloads {
			v := &o.Workloads[n]
			what := "plan: outage " + o.Name + ": workload " + v.Name
			k.known(what, j.ix.Workloads, v.Name)
			k.values(what+": short_units", v.ShortUnits)
			for _, r := range v.Routes {
				k.known(what+": pool", j.ix.Pools, r.Pool)
				k.values(what+": units in "+r.Pool, r.Units)
			}
		}
	}
	if j.p.Prices == nil {
		return
	}
	for _, q := range j.p.Prices.Queues {
		k.known("plan: price of queue", j.ix.LatencyClasses, q.Class)
		k.known("plan: price of queue", j.ix.Pools, q.Pool)
		k.values("plan: price of queue "+q.Class+" at "+q.Pool, q.Values)
	}
	for _, o := range j.p.Prices.Outages {
		for _, s := range o.Workloads {
			k.known("plan: price of outage "+o.Name, j.ix.Workloads, s.Name)
			k.values("plan: price of outage "+o.Name+": "+s.Name, s.Values)
		}
		for _, s := range o.Pools {
			k.known("plan: price of outage "+o.Name, j.ix.Pools, s.Name)
			k.values("plan: price of outage "+o.Name+": "+s.Name, s.Values)
		}
	}
}

// within checks a series that begins in period first.
func (j *joined) within(k *checker, what string, first int, v []float64) {
	if first < 0 || first > j.T || len(v) > j.T-first {
		k.fail("%s: periods %d to %d are outside the horizon", what, first, first+len(v)-1)
		return
	}
	for i, x := range v {
		if !(math.Abs(x) <= maxValue) {
			k.fail("%s: %v in period %d is not a number this report can use", what, x, first+i)
			return
		}
	}
}

func (j *joined) checkRest(k *checker) {
	p := j.p
	k.number("plan: objective", p.Objective)
	if p.Bound != nil {
		k.number("plan: bound", *p.Bound)
	}
	k.number("plan: co2_t", p.Policy.CO2T)
	k.number("plan: co2_excess_t", p.Policy.CO2ExcessT)
	k.number("plan: renewable_shortfall_mwh", p.Policy.RenewableShortfallMWh)
	for _, c := range p.Costs {
		k.number(fmt.Sprintf("plan: cost %s of %s", c.Item, c.Asset), c.Amount)
	}
	for _, a := range p.Assets {
		for _, s := range a.Series {
			k.values("plan: asset "+a.Name+": "+s.Name, s.Values)
		}
	}
	if p.Prices == nil {
		return
	}
	k.number("plan: CO2 price", p.Prices.CO2PerT)
	k.number("plan: renewable price", p.Prices.RenewablePerMWh)
	for _, kind := range []struct {
		name   string
		index  map[string]int
		series []model.PriceSeries
	}{
		{"power", j.ix.Buses, p.Prices.Power},
		{"reserve", j.ix.Reserves, p.Prices.Reserve},
		{"marginal CO2", j.ix.Buses, p.Prices.MarginalCO2},
		{"compute", j.ix.Pools, p.Prices.Compute},
		{"compute with power", j.ix.Pools, p.Prices.ComputeWithPower},
		{"data forward", j.ix.DataLinks, p.Prices.DataForward},
		{"data backward", j.ix.DataLinks, p.Prices.DataBackward},
	} {
		for _, s := range kind.series {
			k.known("plan: price of "+kind.name, kind.index, s.Name)
			k.values("plan: price of "+kind.name+" "+s.Name, s.Values)
		}
	}
}

// prices lines up price series with a section: nil where there is none.
func prices(index map[string]int, series []model.PriceSeries) [][]float64 {
	out := make([][]float64, len(index))
	for _, s := range series {
		out[index[s.Name]] = s.Values
	}
	return out
}

// busPrices returns the power prices by bus; all nil without prices.
func (j *joined) busPrices() [][]float64 {
	if j.p.Prices == nil {
		return make([][]float64, len(j.c.Buses))
	}
	return prices(j.ix.Buses, j.p.Prices.Power)
}

// marginalCO2 returns the tonnes of one more MWh by bus; all nil where the plan has
// none.
func (j *joined) marginalCO2() [][]float64 {
	if j.p.Prices == nil {
		return make([][]float64, len(j.c.Buses))
	}
	return prices(j.ix.Buses, j.p.Prices.MarginalCO2)
}

// reservePrices returns the prices by reserve product; all nil without prices.
func (j *joined) reservePrices() [][]float64 {
	if j.p.Prices == nil {
		return make([][]float64, len(j.c.Reserves))
	}
	return prices(j.ix.Reserves, j.p.Prices.Reserve)
}

// sum adds up a power or rate over the horizon: MW become MWh.
func (j *joined) sum(v []float64) float64 {
	s := 0.0
	for t, x := range v {
		s += x * j.hours[t]
	}
	return s
}
