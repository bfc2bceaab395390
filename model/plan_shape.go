package model

import (
	"fmt"
	"math"
)

// CheckShape says whether the plan can be worked with: the format is known,
// every period has a length, and every series has one value a period. Whether
// it is a plan of its case is the verifier's question.
func (p *Plan) CheckShape() error {
	if p.Format != PlanFormat {
		return fmt.Errorf("format is %q, want %q", p.Format, PlanFormat)
	}
	if len(p.PeriodHours) == 0 || len(p.PeriodHours) > MaxPeriods {
		return fmt.Errorf("period_hours has %d values, want 1 to %d", len(p.PeriodHours), MaxPeriods)
	}
	for t, h := range p.PeriodHours {
		if !(h > 0) || math.IsInf(h, 0) {
			return fmt.Errorf("period_hours[%d] is %g, want more than 0", t, h)
		}
	}
	s := shape{periods: len(p.PeriodHours)}
	p.checkPower(&s)
	p.checkCompute(&s)
	p.checkOutages(&s)
	p.checkRest(&s)
	return s.err
}

func (p *Plan) checkPower(s *shape) {
	for i := range p.Buses {
		v := &p.Buses[i]
		s.of("buses", v.Name)
		s.floats("shed_mw", v.ShedMW)
		s.floats("spill_mw", v.SpillMW)
	}
	for i := range p.ThermalUnits {
		v := &p.ThermalUnits[i]
		s.of("thermal_units", v.Name)
		s.ints("units_on", v.UnitsOn)
		s.ints("starts", v.Starts)
		s.ints("stops", v.Stops)
		for k, tier := range v.StartsByTier {
			s.ints(fmt.Sprintf("starts_by_tier[%d]", k), tier)
		}
		s.floats("power_mw", v.PowerMW)
		if v.UnitsDeep != nil || v.DeepEntries != nil || v.DeepExits != nil || v.DeepPowerMW != nil {
			s.ints("units_deep", v.UnitsDeep)
			s.ints("deep_entries", v.DeepEntries)
			s.ints("deep_exits", v.DeepExits)
			s.floats("deep_power_mw", v.DeepPowerMW)
		}
		s.provided(v.Reserves)
	}
	for i := range p.Renewables {
		v := &p.Renewables[i]
		s.of("renewables", v.Name)
		s.floats("power_mw", v.PowerMW)
		s.floats("curtailed_mw", v.CurtailedMW)
	}
	for i := range p.Hydro {
		v := &p.Hydro[i]
		s.of("hydro", v.Name)
		s.floats("power_mw", v.PowerMW)
		s.floats("spill_mw", v.SpillMW)
		s.floats("level_mwh", v.LevelMWh)
		s.provided(v.Reserves)
	}
	for i := range p.Storages {
		v := &p.Storages[i]
		s.of("storages", v.Name)
		s.floats("charge_mw", v.ChargeMW)
		s.floats("discharge_mw", v.DischargeMW)
		s.floats("level_mwh", v.LevelMWh)
		s.provided(v.Reserves)
	}
	for i := range p.Links {
		v := &p.Links[i]
		s.of("links", v.Name)
		s.floats("forward_mw", v.ForwardMW)
		s.floats("backward_mw", v.BackwardMW)
		s.floats("loss_mw", v.LossMW)
	}
	for i := range p.Reserves {
		s.of("reserves", p.Reserves[i].Name)
		s.floats("shortage_mw", p.Reserves[i].ShortageMW)
	}
}

func (p *Plan) checkCompute(s *shape) {
	for i := range p.Sites {
		v := &p.Sites[i]
		s.of("sites", v.Name)
		s.floats("power_mw", v.PowerMW)
		s.floatsIf("import_mw", v.ImportMW)
		s.floatsIf("heat_mw", v.HeatMW)
		s.floatsIf("green_short_mw", v.GreenShortMW)
		for _, g := range v.Green {
			s.floats("green power of "+g.Source, g.MW)
		}
	}
	for i := range p.DemandResponses {
		v := &p.DemandResponses[i]
		s.of("demand_responses", v.Name)
		s.ints("called", v.Called)
	}
	for i := range p.Pools {
		v := &p.Pools[i]
		s.of("pools", v.Name)
		s.ints("modules_on", v.ModulesOn)
		s.ints("module_starts", v.ModuleStarts)
		s.ints("module_stops", v.ModuleStops)
		s.floats("busy_units", v.BusyUnits)
		for _, q := range v.Queues {
			s.floats("held_units for class "+q.Class, q.HeldUnits)
		}
	}
	for i := range p.DataLinks {
		v := &p.DataLinks[i]
		s.of("data_links", v.Name)
		s.floats("forward_gb", v.ForwardGB)
		s.floats("backward_gb", v.BackwardGB)
	}
	for i := range p.Workloads {
		v := &p.Workloads[i]
		s.of("workloads", v.Name)
		s.floats("unserved_units", v.UnservedUnits)
		for _, r := range v.Routes {
			s.floats("units in pool "+r.Pool, r.Units)
		}
	}
	for i := range p.Jobs {
		v := &p.Jobs[i]
		s.of("jobs", v.Job)
		s.within("busy_units", v.First, len(v.BusyUnits))
		s.within("held_units", v.First, len(v.HeldUnits))
		for k := range v.Then {
			s.within(fmt.Sprintf("then[%d].busy_units", k), v.Then[k].First, len(v.Then[k].BusyUnits))
			s.within(fmt.Sprintf("then[%d].held_units", k), v.Then[k].First, len(v.Then[k].HeldUnits))
		}
		s.within("transfer_gb", v.TransferFirst, len(v.TransferGB))
		for k := range v.Transfers {
			s.transfer(k, v)
		}
		s.provided(v.Reserves)
		s.floatsIf("spare_units", v.SpareUnits)
	}
	for i := range p.Datasets {
		v := &p.Datasets[i]
		s.of("datasets", v.Name)
		for k := range v.Copies {
			s.within(fmt.Sprintf("copies[%d].gb", k), v.Copies[k].First, len(v.Copies[k].GB))
		}
	}
}

func (p *Plan) checkOutages(s *shape) {
	for i := range p.Outages {
		for k := range p.Outages[i].Workloads {
			v := &p.Outages[i].Workloads[k]
			s.of("outages", p.Outages[i].Name)
			s.floats("short_units of "+v.Name, v.ShortUnits)
			for _, r := range v.Routes {
				s.floats("units of "+v.Name+" in pool "+r.Pool, r.Units)
			}
		}
	}
}

func (p *Plan) checkRest(s *shape) {
	for i := range p.Assets {
		s.of("assets", p.Assets[i].Name)
		for _, series := range p.Assets[i].Series {
			s.floats(series.Name, series.Values)
		}
	}
	if p.Prices == nil {
		return
	}
	for _, kind := range []struct {
		name   string
		series []PriceSeries
	}{
		{"power", p.Prices.Power},
		{"reserve", p.Prices.Reserve},
		{"marginal_co2_t_per_mwh", p.Prices.MarginalCO2},
		{"compute", p.Prices.Compute},
		{"compute_with_power", p.Prices.ComputeWithPower},
		{"data_forward", p.Prices.DataForward},
		{"data_backward", p.Prices.DataBackward},
	} {
		s.prices(kind.name, kind.series)
	}
	for _, q := range p.Prices.Queues {
		s.of("prices", "queues")
		s.floats(q.Class+" at "+q.Pool, q.Values)
	}
	for _, o := range p.Prices.Outages {
		s.prices("outage "+o.Name, o.Workloads)
		s.prices("outage "+o.Name, o.Pools)
	}
}

// shape checks lengths and keeps the first error.
type shape struct {
	periods       int
	section, item string
	err           error
}

func (s *shape) prices(kind string, series []PriceSeries) {
	for _, v := range series {
		s.of("prices", kind)
		s.floats(v.Name, v.Values)
	}
}

func (s *shape) of(section, item string) { s.section, s.item = section, item }

func (s *shape) floats(field string, v []float64) { s.length(field, len(v)) }

// floatsIf checks a series that may be absent.
func (s *shape) floatsIf(field string, v []float64) {
	if v != nil {
		s.length(field, len(v))
	}
}

func (s *shape) ints(field string, v []int) { s.length(field, len(v)) }

func (s *shape) length(field string, n int) {
	if s.err == nil && n != s.periods {
		s.err = fmt.Errorf("%s %q, %s: %d values for %d periods", s.section, s.item, field, n, s.periods)
	}
}

// within checks a series that covers periods from first on only.
func (s *shape) within(field string, first, n int) {
	if s.err == nil && (first < 0 || first > s.periods || n > s.periods-first) {
		s.err = fmt.Errorf("%s %q, %s: %d values from period %d on do not fit %d periods",
			s.section, s.item, field, n, first, s.periods)
	}
}

// transfer checks a job's transfer as far as the plan alone says what it is for.
func (s *shape) transfer(k int, job *JobPlan) {
	t := &job.Transfers[k]
	s.within(fmt.Sprintf("transfers[%d].gb", k), t.First, len(t.GB))
	of := MaxParts
	switch t.What {
	case TransferInput, TransferOutput, TransferHandover:
	case TransferMigration:
		of = len(job.Then)
	default:
		of = 0
	}
	if s.err == nil && (t.Of < 0 || t.Of >= of) {
		s.err = fmt.Errorf("%s %q, transfers[%d]: there is no %q %d", s.section, s.item, k, t.What, t.Of)
	}
}

func (s *shape) provided(reserves []ProvidedPower) {
	for _, r := range reserves {
		s.floats("reserve "+r.Product, r.MW)
	}
}
