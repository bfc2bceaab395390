package verify

import (
	"time"

	"github.com/wattbit/wattbit/model"
)

// campus is a case of two sites in full, with a valid plan: cooling, water, heat,
// green shares, assets behind the meter, power levels, demand response. Its
// periods are 0.5, 0.5, 1 and 1 h long.
func campus() *fixture {
	f := &fixture{c: campusCase(), p: campusPlan(), o: Options{CaseSHA256: "0123"}}
	f.derive()
	f.price()
	f.p.Bound = ptr(f.p.Objective - 100)
	return f
}

func campusCase() *model.Case {
	return &model.Case{
		Format: model.CaseFormat, Name: "campus", Currency: "CNY",
		Horizon: model.Horizon{
			Start:   time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC),
			Periods: []model.PeriodRun{{Count: 2, Hours: 0.5}, {Count: 2, Hours: 1}},
		},
		Penalties: model.Penalties{WaterExcessPricePerM3: ptr(50.0), GreenShortfallPricePerMWh: ptr(200.0)},
		Buses:     []model.Bus{{Name: "b"}},
		Loads:     []model.Load{{Name: "town", Bus: "b", PowerMW: model.Constant(30)}},
		ThermalUnits: []model.ThermalUnit{
			{Name: "backup", Site: "hall", MinPowerMW: 1, MaxPowerMW: 4, CO2TPerMWh: 0.7,
				Cost: []model.CostPoint{{PowerMW: 1, CostPerH: 300}, {PowerMW: 4, CostPerH: 1200}}},
		},
		Renewables: []model.Renewable{
			{Name: "wind", Bus: "b", AvailableMW: model.Series{20, 25, 15, 10}},
			{Name: "roof", Site: "hall", AvailableMW: model.Series{0, 1, 2, 1}},
		},
		Hydro: []model.Hydro{{Name: "river", Bus: "b", MaxPowerMW: 20, InflowMW: model.Constant(2), LevelMaxMWh: 100, InitialLevelMWh: 50}},
		Storages: []model.Storage{
			{Name: "ups", Site: "hall", MaxChargeMW: 10, MaxDischargeMW: 10, EfficiencyDischarge: ptr(0.8), LevelMaxMWh: 8, InitialLevelMWh: 4,
				Reserves: []string{"spin", "relief"}},
		},
		Reserves: []model.ReserveProduct{
			{Name: "spin", Direction: model.Up, RequirementMW: model.Constant(1)},
			{Name: "relief", Direction: model.Down, RequirementMW: model.Constant(1)},
		},
		LatencyClasses: []model.LatencyClass{{Name: "warm"}},
		Regions:        []model.Region{{Name: "hill"}},
		Sites: []model.Site{
			{
				Name: "hall", Bus: "b", Region: "hill",
				Cooling: &model.Cooling{
					Pieces:        []model.CoolingPiece{{ITMW: ptr(4.0), OverheadMWPerMW: 0.1}, {ITMW: ptr(6.0), OverheadMWPerMW: 0.3}},
					ByTemperature: []model.CoolingFactor{{AmbientC: 10, Factor: 0.8}, {AmbientC: 30, Factor: 1.4}},
					FreeBelowC:    ptr(8.0), FreeFactor: 0.2,
				},
				AmbientC: model.Series{5, 10, 20, 35}, BaseMW: model.Constant(0.5),
				ImportLimitMW: model.Constant(6), ExportLimitMW: model.Constant(1), RampMWPerH: ptr(4.0), InitialPowerMW: ptr(5.0),
				UPSMinutes:   10,
				WaterLPerKWh: model.Series{0, 0.5, 1.5, 1.8}, WaterPricePerM3: 3, WaterLimitM3: ptr(15.0),
				Heat:  &model.Heat{Share: 0.5, DemandMW: model.Constant(2), PricePerMWh: model.Series{20, 20, 15, 15}, PumpMWhPerMWh: 0.1},
				Green: &model.Green{ShareMin: 0.8, HourlyShareMin: 0.5, Sources: []string{"wind", "roof", "river"}},
			},
			{Name: "annex", Bus: "b", Region: "hill", PUE: model.Constant(1.3), Green: &model.Green{ShareMin: 0.3}},
		},
		Pools: []model.Pool{
			{Name: "racks slow", Site: "hall", Kind: "slow", ModulesOf: "racks", Speed: ptr(0.5), DynamicMWPerUnit: 0.03},
			{Name: "racks", Site: "hall", Kind: "gpu", Modules: 8, UnitsPerModule: 10, IdleMWPerModule: 0.4, DynamicMWPerUnit: 0.1,
				StartEnergyMWh: 0.05, StartCost: 10, InitialModulesOn: ptr(4)},
			{Name: "cells", Site: "annex", Kind: "cpu", Modules: 2, UnitsPerModule: 5, DynamicMWPerUnit: 0.02, AlwaysOn: true},
			{Name: "cells slow", Site: "annex", ModulesOf: "cells", Speed: ptr(0.8), DynamicMWPerUnit: 0.012},
		},
		DemandResponses: []model.DemandResponse{{
			Name: "peak", Site: "hall", BaselineMW: model.Constant(6), ReductionMW: 2, PricePerMWh: 100,
			Offered: model.Series{0, 1, 1, 1}, NoticeH: 1, MinCallH: 1, MaxCallH: ptr(2.0), MaxCalls: ptr(1),
		}},
		Workloads: []model.Workload{{Name: "chat", Region: "hill", Class: "warm", DemandUnits: model.Series{20, 30, 40, 30}, PoolKinds: []string{"gpu", "slow"}}},
		Jobs: []model.Job{{Name: "index", Region: "hill", Owner: "lab", Shape: model.Rigid, Units: 3, WorkUnitH: 3.6,
			PoolKinds: []string{"cpu"}, KindSpeeds: []model.KindSpeed{{Kind: "cpu", Speed: 1.5}}}},
		Quotas: []model.Quota{{Name: "lab's", Owner: "lab", MaxShare: model.Constant(0.1), Pools: []string{"cells", "cells slow", "racks slow"}}},
	}
}

func campusPlan() *model.Plan {
	const T = 4
	return &model.Plan{
		Format: model.PlanFormat, Case: "campus", CaseSHA256: "0123", Currency: "CNY",
		Start: time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC), Status: model.PlanOptimal,
		Buses:        []model.BusPlan{{Name: "b"}},
		ThermalUnits: []model.ThermalPlan{{Name: "backup", UnitsOn: []int{0, 0, 1, 0}, Starts: []int{0, 0, 1, 0}, Stops: []int{0, 0, 0, 1}, PowerMW: []float64{0, 0, 1.5, 0}}},
		Renewables:   []model.RenewablePlan{{Name: "wind", PowerMW: []float64{20, 20, 15, 10}}, {Name: "roof", PowerMW: []float64{0, 1, 2, 0.5}}},
		Hydro:        []model.HydroPlan{{Name: "river", PowerMW: fill(T, 2), SpillMW: fill(T, 0)}},
		Storages: []model.StoragePlan{{Name: "ups", ChargeMW: []float64{1, 0, 0, 0}, DischargeMW: []float64{0, 0, 2, 0},
			Reserves: []model.ProvidedPower{{Product: "spin", MW: []float64{0, 1, 0, 0}}, {Product: "relief", MW: []float64{0, 0, 0.5, 0}}}}},
		Reserves: []model.ReservePlan{{Name: "spin", ShortageMW: fill(T, 0)}, {Name: "relief", ShortageMW: fill(T, 0)}},
		Sites: []model.SitePlan{
			{Name: "hall", HeatMW: []float64{1, 2, 2, 0}, Green: []model.GreenPower{
				{Source: "wind", MW: []float64{2, 2, 3, 5}}, {Source: "roof", MW: []float64{0, 1, 2, 0}}, {Source: "river", MW: []float64{0, 0, 0, 1}}}},
			{Name: "annex", Green: []model.GreenPower{{Source: "wind", MW: []float64{0, 0, 0.02, 0}}}},
		},
		Pools: []model.PoolPlan{
			{Name: "racks slow", ModulesOn: fillInt(T, 0), ModuleStarts: fillInt(T, 0), ModuleStops: fillInt(T, 0)},
			{Name: "racks", ModulesOn: []int{4, 4, 5, 5}, ModuleStarts: []int{0, 0, 1, 0}, ModuleStops: fillInt(T, 0)},
			{Name: "cells", ModulesOn: fillInt(T, 2), ModuleStarts: fillInt(T, 0), ModuleStops: fillInt(T, 0)},
			{Name: "cells slow", ModulesOn: fillInt(T, 0), ModuleStarts: fillInt(T, 0), ModuleStops: fillInt(T, 0)},
		},
		DemandResponses: []model.DemandResponsePlan{{Name: "peak", Called: []int{0, 0, 1, 0}}},
		Workloads: []model.WorkloadPlan{{Name: "chat", Routes: []model.Route{
			{Pool: "racks", Units: []float64{20, 20, 30, 20}}, {Pool: "racks slow", Units: []float64{0, 10, 10, 5}},
		}, UnservedUnits: []float64{0, 0, 0, 5}}},
		// Three units at 1.5 * 0.8 do 3.6 unit-h in an hour.
		Jobs: []model.JobPlan{{Job: "index", Number: 1, Pool: "cells slow", First: 2, BusyUnits: []float64{3}}},
	}
}

// deriveSites fills in what follows from the decisions at sites, after the check
// k of what was decided.
func (f *fixture) deriveSites(k *checker) {
	for i := range f.p.Sites {
		s, p := &f.c.Sites[i], &f.p.Sites[i]
		copy(p.PowerMW, k.sitePower[i])
		copy(p.ImportMW, k.imported[i])
		p.WaterM3, p.WaterExcessM3, p.GreenShortMWh = 0, 0, 0
		drawn, green := 0.0, 0.0
		for t, h := range k.hours {
			p.WaterM3 += waterUse(s, t) * k.siteIT[i][t] * h
			got := 0.0
			for n := range p.Green {
				got += p.Green[n].MW[t]
			}
			drawn += p.PowerMW[t] * h
			green += got * h
			if len(p.GreenShortMW) > 0 {
				p.GreenShortMW[t] = max(0, s.Green.HourlyShareMin*p.PowerMW[t]-got)
			}
		}
		if s.WaterLimitM3 != nil {
			p.WaterExcessM3 = max(0, p.WaterM3-*s.WaterLimitM3)
		}
		if s.Green != nil {
			p.GreenShortMWh = max(0, s.Green.ShareMin*drawn-green)
			f.deriveDays(k, s, p)
		}
	}
}

// deriveDays fills in what a daily share lacks.
func (f *fixture) deriveDays(k *checker, s *model.Site, p *model.SitePlan) {
	p.GreenShortByDayMWh = nil
	if s.Green.DailyShareMin <= 0 {
		return
	}
	for t, day := range k.days() {
		if day == len(p.GreenShortByDayMWh) {
			p.GreenShortByDayMWh = append(p.GreenShortByDayMWh, 0)
		}
		short := s.Green.DailyShareMin * p.PowerMW[t]
		for n := range p.Green {
			short -= p.Green[n].MW[t]
		}
		p.GreenShortByDayMWh[day] += short * k.hours[t]
	}
	for day := range p.GreenShortByDayMWh {
		p.GreenShortByDayMWh[day] = max(0, p.GreenShortByDayMWh[day])
	}
}

// overMidnight lets the campus begin at 23:00, so that its second hour is of another day,
// and asks for a share of each.
func (f *fixture) overMidnight() {
	f.c.Horizon.Start = time.Date(2026, 7, 15, 23, 0, 0, 0, time.UTC)
	f.p.Start = f.c.Horizon.Start
	f.c.Sites[0].Green.DailyShareMin = 0.9
	f.p.Sites[0].GreenShortByDayMWh = fill(2, 0)
}

// openSites gives the sites' plans their series.
func (f *fixture) openSites(T int) {
	behind := map[string]bool{}
	for i := range f.c.ThermalUnits {
		behind[f.c.ThermalUnits[i].Site] = true
	}
	for i := range f.c.Renewables {
		behind[f.c.Renewables[i].Site] = true
	}
	for i := range f.c.Storages {
		behind[f.c.Storages[i].Site] = true
	}
	for i := range f.p.Sites {
		s, p := &f.c.Sites[i], &f.p.Sites[i]
		p.PowerMW = fill(T, 0)
		if behind[s.Name] {
			p.ImportMW = fill(T, 0)
		}
		if s.Green != nil && s.Green.HourlyShareMin > 0 {
			p.GreenShortMW = fill(T, 0)
		}
	}
}
