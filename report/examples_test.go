package report

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// idlePlan does nothing: demand is shed, work is unserved or dropped.
func idlePlan(c *model.Case) *model.Plan {
	T := c.T()
	zeros := func() []float64 { return make([]float64, T) }
	none := func() []int { return make([]int, T) }
	p := &model.Plan{Format: model.PlanFormat, Case: c.Name, Currency: c.Currency, Start: c.Horizon.Start, Zone: c.Horizon.Zone,
		PeriodHours: c.Horizon.Hours(), Status: model.PlanFeasible}
	shed := map[string][]float64{}
	for i := range c.Buses {
		shed[c.Buses[i].Name] = zeros()
	}
	for i := range c.Loads {
		for t := range T {
			shed[c.Loads[i].Bus][t] += c.Loads[i].PowerMW.At(t, 0)
		}
	}
	for i := range c.Buses {
		p.Buses = append(p.Buses, model.BusPlan{Name: c.Buses[i].Name, ShedMW: shed[c.Buses[i].Name], SpillMW: zeros()})
	}
	for i := range c.ThermalUnits {
		p.ThermalUnits = append(p.ThermalUnits, model.ThermalPlan{Name: c.ThermalUnits[i].Name, UnitsOn: none(), Starts: none(), Stops: none(), PowerMW: zeros()})
	}
	for i := range c.Renewables {
		v := model.RenewablePlan{Name: c.Renewables[i].Name, PowerMW: zeros(), CurtailedMW: zeros()}
		for t := range T {
			v.CurtailedMW[t] = c.Renewables[i].AvailableMW.At(t, 0)
		}
		p.Renewables = append(p.Renewables, v)
	}
	for i := range c.Hydro {
		p.Hydro = append(p.Hydro, model.HydroPlan{Name: c.Hydro[i].Name, PowerMW: zeros(), SpillMW: zeros(), LevelMWh: zeros()})
	}
	for i := range c.Storages {
		p.Storages = append(p.Storages, model.StoragePlan{Name: c.Storages[i].Name, ChargeMW: zeros(), DischargeMW: zeros(), LevelMWh: zeros()})
	}
	for i := range c.Links {
		p.Links = append(p.Links, model.LinkPlan{Name: c.Links[i].Name, ForwardMW: zeros(), BackwardMW: zeros(), LossMW: zeros()})
	}
	for i := range c.Reserves {
		p.Reserves = append(p.Reserves, model.ReservePlan{Name: c.Reserves[i].Name, ShortageMW: zeros()})
	}
	for i := range c.Sites {
		p.Sites = append(p.Sites, model.SitePlan{Name: c.Sites[i].Name, PowerMW: zeros()})
	}
	for i := range c.DemandResponses {
		p.DemandResponses = append(p.DemandResponses, model.DemandResponsePlan{Name: c.DemandResponses[i].Name, Called: none()})
	}
	for i := range c.Pools {
		p.Pools = append(p.Pools, model.PoolPlan{Name: c.Pools[i].Name, ModulesOn: none(), ModuleStarts: none(), ModuleStops: none(), BusyUnits: zeros()})
	}
	for i := range c.Datasets {
		p.Datasets = append(p.Datasets, model.DatasetPlan{Name: c.Datasets[i].Name})
	}
	for i := range c.DataLinks {
		p.DataLinks = append(p.DataLinks, model.DataLinkPlan{Name: c.DataLinks[i].Name, ForwardGB: zeros(), BackwardGB: zeros()})
	}
	for i := range c.Workloads {
		v := model.WorkloadPlan{Name: c.Workloads[i].Name, UnservedUnits: zeros()}
		for t := range T {
			v.UnservedUnits[t] = c.Workloads[i].DemandUnits.At(t, 0)
		}
		p.Workloads = append(p.Workloads, v)
	}
	for i := range c.Jobs {
		for n := range c.Jobs[i].N() {
			p.Jobs = append(p.Jobs, model.JobPlan{Job: c.Jobs[i].Name, Number: n + 1, Dropped: true})
		}
	}
	return p
}

// TestExamples reports on every example case; all that it asks for is short.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("../examples/*/*.yaml")
	if err != nil || len(files) < 7 {
		t.Fatalf("%d example cases (%v), want at least 7", len(files), err)
	}
	for _, file := range files {
		c, _, err := model.ReadCaseFile(file, model.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p := idlePlan(c)
		s := mustSummarise(t, c, p)
		near(t, file+": power short", kindSum(s, ShortPower), s.LoadMWh)
		if s.Computing != nil {
			near(t, file+": work short", kindSum(s, ShortWork), s.Computing.UnservedUnitH)
			near(t, file+": jobs dropped", float64(s.Computing.Jobs.Dropped), float64(len(p.Jobs)))
		}
		for _, v := range s.Shortages {
			if v.Text == "" || len(v.Why) == 0 || len(v.Mend) == 0 {
				t.Errorf("%s: %s of %s is not explained: %+v", file, v.Kind, v.Where, v)
			}
		}
		text := page1(t, c, p, Meta{})
		elements(t, text)
		if len(text) > 1_000_000 {
			t.Errorf("%s: the page has %d bytes", file, len(text))
		}
		if err := Text(&bytes.Buffer{}, s); err != nil {
			t.Fatal(err)
		}
	}
}
