package verify

import "github.com/wattbit/wattbit/model"

func (f *fixture) hall() (*model.Site, *model.SitePlan) { return &f.c.Sites[0], &f.p.Sites[0] }
func (f *fixture) peak() (*model.DemandResponse, []int) {
	return &f.c.DemandResponses[0], f.p.DemandResponses[0].Called
}

// noCall leaves the programme uncalled.
func (f *fixture) noCall() { _, called := f.peak(); clear(called) }

// noRelief takes back the downward reserve of the storage.
func (f *fixture) noRelief() { f.p.Storages[0].Reserves[1].MW = fill(4, 0) }

// addBatch adds a job that keeps 5 units of the racks' power level busy in the
// third period, in place of some of the chat, and spare units beside them.
func (f *fixture) addBatch(spare float64) {
	f.c.Sites[0].RampMWPerH = nil
	f.c.Workloads[0].DemandUnits[2], f.p.Workloads[0].Routes[1].Units[2] = 30, 0
	f.c.Jobs = append(f.c.Jobs, model.Job{Name: "batch", Region: "hill", Shape: model.Preemptible, Units: 30, WorkUnitH: 2.5,
		PoolKinds: []string{"slow"}, Reserves: []string{"spin"}})
	f.p.Jobs = append(f.p.Jobs, model.JobPlan{Job: "batch", Number: 1, Pool: "racks slow", First: 2, BusyUnits: []float64{5},
		SpareUnits: []float64{0, 0, spare, 0}})
}

// siteSeeds are breaches put into the campus.
func siteSeeds() []seed {
	seeds := []seed{
		{rule: ruleCaseValid, name: "bus and site", final: func(f *fixture) { f.c.Storages[0].Bus = "b" }},
		{rule: ruleCaseValid, name: "no such site", final: func(f *fixture) { f.c.Storages[0].Site = "garage" }},
		{rule: ruleCaseValid, name: "no such base", final: func(f *fixture) { f.c.Pools[0].ModulesOf = "shelves" }},
		{rule: ruleCaseValid, name: "level of a level", final: func(f *fixture) { f.c.Pools[0].ModulesOf = "cells slow" }},
		{rule: ruleCaseValid, name: "no such green source", final: func(f *fixture) { f.c.Sites[0].Green.Sources[0] = "sun" }},
		{rule: ruleCaseValid, name: "programme of no site", final: func(f *fixture) { f.c.DemandResponses[0].Site = "" }},
		{rule: ruleCaseValid, name: "heat series", final: func(f *fixture) { f.c.Sites[0].Heat.DemandMW = model.Series{1, 2} }},
		{rule: rulePlanShape, name: "no import", final: func(f *fixture) { f.p.Sites[0].ImportMW = nil }},
		{rule: rulePlanShape, name: "import without a meter", final: func(f *fixture) { f.p.Sites[1].ImportMW = fill(4, 0) }},
		{rule: rulePlanShape, name: "no heat", final: func(f *fixture) { f.p.Sites[0].HeatMW = nil }},
		{rule: rulePlanShape, name: "green source not asked for", final: func(f *fixture) { f.p.Sites[1].Green[0].Source = "river" }},
		{rule: rulePlanShape, name: "green source twice", final: func(f *fixture) { f.p.Sites[0].Green[0].Source = "roof" }},
		{rule: rulePlanShape, name: "green without a share", final: func(f *fixture) { f.c.Sites[1].Green = nil }},
		{rule: rulePlanShape, name: "too few days", decide: (*fixture).overMidnight, final: func(f *fixture) { f.p.Sites[0].GreenShortByDayMWh = []float64{1} }},
		{rule: rulePlanShape, name: "days not asked for", final: func(f *fixture) { f.p.Sites[0].GreenShortByDayMWh = []float64{0} }},
		{rule: rulePlanShape, name: "no programme", final: func(f *fixture) { f.p.DemandResponses = nil }},

		{rule: rulePoolLevel, name: "on", final: func(f *fixture) { f.p.Pools[0].ModulesOn[0] = 1 }},
		{rule: rulePoolLevel, name: "stops", final: func(f *fixture) { f.p.Pools[3].ModuleStops[2] = 1 }},
		// The levels' units are the base's.
		{rule: rulePoolCapacity, name: "with a power level", decide: func(f *fixture) {
			f.p.Workloads[0].Routes[1].Units[1], f.p.Workloads[0].UnservedUnits[1] = 10.5, -0.5
			f.c.Workloads[0].DemandUnits[1], f.p.Workloads[0].UnservedUnits[1] = 30.5, 0
		}},
		{rule: ruleQuotaShare, name: "base counts once", decide: func(f *fixture) {
			// Of 10 units of cells and 80 of racks 0.03 are 2.7; counted twice, 3.
			f.c.Quotas[0].MaxShare = model.Constant(0.03)
		}},

		{rule: ruleSitePower, name: "cooling", final: func(f *fixture) { f.p.Sites[0].PowerMW[3] -= 0.686 }},
		{rule: ruleSiteCooling, decide: func(f *fixture) { s, _ := f.hall(); s.Cooling.Pieces[1].ITMW = ptr(5.6) }},
		{rule: ruleSiteMeter, state: func(f *fixture) { _, p := f.hall(); p.ImportMW[1] += 0.1 }},
		{rule: ruleSiteImport, name: "behind the meter", decide: func(f *fixture) { s, _ := f.hall(); s.ImportLimitMW = model.Constant(5.2) }},
		{rule: ruleSiteExport, decide: func(f *fixture) {
			s, _ := f.hall()
			s.RampMWPerH = nil
			f.c.Renewables[1].AvailableMW[2], f.p.Renewables[1].PowerMW[2] = 5, 5
		}},
		{rule: ruleSiteRamp, name: "of the import", decide: func(f *fixture) { s, _ := f.hall(); s.RampMWPerH = ptr(3.0) }},
		{rule: ruleSiteSend, decide: func(f *fixture) {
			s, _ := f.hall()
			s.ExportLimitMW = nil
			f.p.Storages[0].Reserves[0].MW[1] = 5
		}},
		{rule: ruleSiteRoom, name: "downward reserve behind the meter", decide: func(f *fixture) { f.noCall(); f.p.Storages[0].Reserves[1].MW[2] = 5 }},
		{rule: ruleSiteUPSPower, decide: func(f *fixture) { f.c.Storages[0].MaxDischargeMW = 7 }},
		{rule: ruleSiteUPSEnergy, name: "at the end", decide: func(f *fixture) { s, _ := f.hall(); s.UPSMinutes = 15 }},
		{rule: ruleSiteUPSEnergy, name: "at the begin", decide: func(f *fixture) {
			f.c.Storages[0].InitialLevelMWh = 0.8
			f.p.Storages[0].ChargeMW[0], f.p.Storages[0].ChargeMW[1] = 1, 6
			f.c.Sites[0].ImportLimitMW, f.c.Sites[0].RampMWPerH = nil, nil
		}},
		// 4.5 MWh give 3.6, which covers an hour of 3 MW; what is left does not 10 min of 5.268.
		{rule: ruleSiteUPSEnergy, name: "promised as reserve", decide: func(f *fixture) {
			f.c.Reserves[0].SustainedH = ptr(1.0)
			f.p.Storages[0].Reserves[0].MW[1] = 3
		}},
		{rule: ruleSiteWater, state: func(f *fixture) { _, p := f.hall(); p.WaterM3++ }},
		// At 10, 20 and 35 C the line has 0, 1 and 2.5 l/kWh, but it ends at 30 C with 2.
		{rule: ruleSiteWater, name: "beyond the points of temperature", decide: func(f *fixture) {
			s, _ := f.hall()
			s.WaterLPerKWh, s.WaterByTemperature = nil, []model.WaterUse{{AmbientC: 10}, {AmbientC: 30, LPerKWh: 2}}
		}, state: func(f *fixture) { _, p := f.hall(); p.WaterM3 += 0.5 * 4.3 }},
		{rule: ruleSiteWaterExcess, name: "less", state: func(f *fixture) { _, p := f.hall(); p.WaterExcessM3-- }},
		{rule: ruleSiteWaterExcess, name: "no limit", decide: func(f *fixture) { s, _ := f.hall(); s.WaterLimitM3 = nil },
			state: func(f *fixture) { _, p := f.hall(); p.WaterExcessM3 = 1 }},
		{rule: ruleSiteHeat, name: "demand", decide: func(f *fixture) { _, p := f.hall(); p.HeatMW[3] = 2.1 }},
		{rule: ruleSiteHeat, name: "share", decide: func(f *fixture) { _, p := f.hall(); p.HeatMW[0] = 1.9 }},
		{rule: ruleSiteHeat, name: "negative", decide: func(f *fixture) { _, p := f.hall(); p.HeatMW[3] = -0.1 }},

		{rule: ruleGreenSource, name: "of one site", decide: func(f *fixture) { _, p := f.hall(); p.Green[0].MW[0] = 20.1 }},
		{rule: ruleGreenSource, name: "of two sites", decide: func(f *fixture) {
			_, p := f.hall()
			p.Green[0].MW[1], f.p.Sites[1].Green[0].MW[1] = 12, 12
		}},
		{rule: ruleGreenSource, name: "curtailed", decide: func(f *fixture) { _, p := f.hall(); p.Green[1].MW[3] = 0.6 }},
		{rule: ruleGreenSource, name: "water", decide: func(f *fixture) { _, p := f.hall(); p.Green[2].MW[3] = 2.5 }},
		{rule: ruleGreenPower, decide: func(f *fixture) { _, p := f.hall(); p.Green[2].MW[3] = -0.5 }},
		{rule: ruleGreenHourly, state: func(f *fixture) { _, p := f.hall(); p.GreenShortMW[0] = 0 }},
		{rule: ruleGreenDaily, decide: (*fixture).overMidnight, state: func(f *fixture) { _, p := f.hall(); p.GreenShortByDayMWh[1] = 0.4 }},
		{rule: ruleGreenMissing, name: "negative in a day", decide: func(f *fixture) { f.overMidnight(); f.c.Sites[0].Green.DailyShareMin = 0.2 }, state: func(f *fixture) { _, p := f.hall(); p.GreenShortByDayMWh[0] = -0.1 }},
		{rule: ruleGreenShare, state: func(f *fixture) { _, p := f.hall(); p.GreenShortMWh -= 0.5 }},
		{rule: ruleGreenMissing, name: "negative in a period", state: func(f *fixture) { _, p := f.hall(); p.GreenShortMW[1] = -0.05 }},
		{rule: ruleGreenMissing, name: "negative", state: func(f *fixture) { f.p.Sites[1].GreenShortMWh = -0.001 }},
		{rule: ruleGreenMissing, name: "no share", decide: func(f *fixture) { s, _ := f.hall(); s.Green.ShareMin = 0 },
			state: func(f *fixture) { _, p := f.hall(); p.GreenShortMWh = 1 }},

		{rule: ruleResponseCalled, decide: func(f *fixture) { _, called := f.peak(); called[2] = 2 }},
		{rule: ruleResponseOffered, decide: func(f *fixture) { d, _ := f.peak(); d.Offered[2] = 0 }},
		{rule: ruleResponseImport, decide: func(f *fixture) { d, _ := f.peak(); f.noRelief(); d.ReductionMW = 4.2 }},
		// With 5 units of 0.03 MW more the import goes from 1.236 to 1.4355 MW.
		{rule: ruleResponseRoom, name: "jobs", decide: func(f *fixture) { d, _ := f.peak(); f.noRelief(); f.addBatch(5); d.ReductionMW = 4.7 }},
		// 1.8345 MW are imported, and 0.5 more when the storage is called.
		{rule: ruleResponseRoom, name: "downward reserve behind the meter", decide: func(f *fixture) { d, _ := f.peak(); d.ReductionMW = 3.7 }},
		{rule: ruleSiteRoom, name: "cooling", decide: func(f *fixture) {
			f.addBatch(5)
			s, _ := f.hall()
			s.Cooling.Pieces[1].ITMW = ptr(5.3)
		}},
		{rule: ruleSiteRoom, name: "jobs and downward reserve behind the meter", decide: func(f *fixture) {
			f.noCall()
			f.addBatch(5)
			f.p.Storages[0].Reserves[1].MW[2] = 4.6
		}},
		{rule: rulePoolRoom, name: "of a power level", decide: func(f *fixture) { f.addBatch(16) }},
		{rule: ruleResponseNotice, decide: func(f *fixture) { d, _ := f.peak(); d.NoticeH = 1.5 }},
		{rule: ruleResponseMinCall, decide: func(f *fixture) { d, _ := f.peak(); d.MinCallH = 1.5 }},
		{rule: ruleResponseMaxCall, decide: func(f *fixture) { d, _ := f.peak(); d.MinCallH, d.MaxCallH = 0, ptr(0.5) }},
		{rule: ruleResponseCalls, decide: func(f *fixture) { d, _ := f.peak(); d.MaxCalls = ptr(0) }},
	}
	for i := range seeds {
		seeds[i].base = campus
	}
	return seeds
}
