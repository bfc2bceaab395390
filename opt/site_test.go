package opt_test

import (
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// cooled returns the case of computing with two modules always on and 20 units of
// work: 0.2 MW idle and 1 MW busy are 1.2 MW of IT power.
func cooled(hours ...float64) *model.Case {
	c := computing(2, hours...)
	c.Pools[0].AlwaysOn, c.Pools[0].InitialModulesOn = true, nil
	work(c, "hot", 20).UnservedPricePerUnitH = ptr(2_000.0)
	return c
}

// 16 units make 1 MW, whose overhead is 0.5 * 0.2 + 0.5 * 0.6 = 0.4 MW: once at 20
// degrees, once and a half from 30 on, and a tenth where the air is free at 5.
func TestCooling(t *testing.T) {
	c := cooled(1, 1, 1)
	c.Workloads[0].DemandUnits = model.Series{16}
	s := &c.Sites[0]
	s.Cooling = &model.Cooling{
		Pieces:        []model.CoolingPiece{{ITMW: ptr(0.5), OverheadMWPerMW: 0.2}, {OverheadMWPerMW: 0.6}},
		ByTemperature: []model.CoolingFactor{{AmbientC: 10, Factor: 0.5}, {AmbientC: 30, Factor: 1.5}},
		FreeBelowC:    ptr(5.0), FreeFactor: 0.1,
	}
	s.AmbientC, s.BaseMW = model.Series{20, 35, 5}, model.Series{0.3}
	p := solve(t, c)
	p.series("power", p.Sites[0].PowerMW, 0.3+1.4, 0.3+1.6, 0.3+1.04)
	p.cost(100 * (0.9 + 4.04))
	// A busy unit takes 0.05 MW, which the second piece makes 0.08, 0.095 and 0.053.
	p.series("compute price", p.prices().ComputeWithPower[0].Values, 8, 9.5, 5.3)
}

// The cooling serves 1 MW: 0.2 MW idle and 16 units.
func TestCoolingEnds(t *testing.T) {
	c := cooled(1)
	c.Sites[0].Cooling = &model.Cooling{Pieces: []model.CoolingPiece{{ITMW: ptr(0.4), OverheadMWPerMW: 0.1}, {ITMW: ptr(1.0), OverheadMWPerMW: 0.3}}}
	p := solve(t, c)
	p.cost(100*(1+0.04+0.18) + 4*2_000)
	p.series("unserved", p.Workloads[0].UnservedUnits, 4)
}

// Wind of 10 MW has to be taken, and what is left of it spilled at 1,000 a MWh. The
// site draws what its 1.2 MW need, 0.6 * 0 + 0.6 * 2 more, and not the 2.4 MW more
// that the dear piece alone would draw.
func TestCoolingWastesNothing(t *testing.T) {
	for _, method := range []opt.Method{opt.Monolith, opt.Decomposition} {
		c := cooled(1, 1)
		c.Sites[0].Cooling = &model.Cooling{Pieces: []model.CoolingPiece{{ITMW: ptr(0.6)}, {OverheadMWPerMW: 2}}}
		c.Renewables = []model.Renewable{{Name: "W", Bus: "A", AvailableMW: model.Series{10, 0}, MinPowerMW: model.Series{10, 0}}}
		out := outcome(t, c, opt.Options{Method: method})
		if out.Status != opt.Optimal {
			t.Fatalf("%v: status %v, notes %q", method, out.Status, out.Notes)
		}
		p := solved{out.Plan, t}
		p.cost(1_000*(10-2.4) + 100*2.4)
		p.series("power", p.Sites[0].PowerMW, 2.4, 2.4)
	}
}

// 1.8 m3 a MWh of 1.2 MW for two hours are 4.32 m3 at 3, and 0.32 of them above the
// limit at 1,000.
func TestWater(t *testing.T) {
	c := cooled(2)
	s := &c.Sites[0]
	s.PUE, s.WaterLPerKWh, s.WaterPricePerM3, s.WaterLimitM3 = model.Series{1.5}, model.Series{1.8}, 3, ptr(4.0)
	p := solve(t, c)
	p.cost(2*100*1.8 + 12.96 + 320)
	p.item(model.CostWater, "S", 12.96)
	p.item(model.CostWaterExcess, "S", 320)
	near(t, "water", p.Sites[0].WaterM3, 4.32)
	near(t, "water above the limit", p.Sites[0].WaterExcessM3, 0.32)
}

// At 5, 15, 20 and 35 C: 0.4 l/kWh, as below the points at 10, 0.4 + 5/20 * 1.6 = 0.8 and
// 1.2 between them, and 2, as above 30. Of 1.2 MW these are 0.48, 0.96, 1.44 and 2.4 m3 in
// an hour, 5.28 in all, at 3; 1.28 are above the limit at 1,000.
func TestWaterFollowsWeather(t *testing.T) {
	c := cooled(1, 1, 1, 1)
	s := &c.Sites[0]
	s.AmbientC = model.Series{5, 15, 20, 35}
	s.WaterByTemperature = []model.WaterUse{{AmbientC: 10, LPerKWh: 0.4}, {AmbientC: 30, LPerKWh: 2}}
	s.WaterPricePerM3, s.WaterLimitM3 = 3, ptr(4.0)
	p := solve(t, c)
	p.cost(4*100*1.2 + 15.84 + 1_280)
	p.item(model.CostWater, "S", 15.84)
	p.item(model.CostWaterExcess, "S", 1_280)
	near(t, "water", p.Sites[0].WaterM3, 5.28)
}

// 0.4 MWh of a job may run in the hot hour, at 90 a MWh and 2 m3 at 20 each, or in the cool
// one, at 100 and 0.5 m3: 130 a MWh against 110.
func TestWorkWaitsForLessWater(t *testing.T) {
	c, _ := batch(model.Preemptible, 4, 4, 90, 100)
	s := &c.Sites[0]
	s.AmbientC, s.WaterPricePerM3 = model.Series{35, 10}, 20
	s.WaterByTemperature = []model.WaterUse{{AmbientC: 10, LPerKWh: 0.5}, {AmbientC: 35, LPerKWh: 2}}
	p := solve(t, c)
	p.cost(0.4 * 110)
	p.series("power", p.Sites[0].PowerMW, 0, 0.4)
	near(t, "water", p.Sites[0].WaterM3, 0.2)
}

// Half of 1.2 MW can be taken as heat: 0.2 are asked for in the first hour, 1 in the
// second. A MWh brings 30 and takes a quarter of a MWh at 100; at 20 it does not pay.
func TestHeat(t *testing.T) {
	c := cooled(1, 1)
	c.Sites[0].Heat = &model.Heat{Share: 0.5, DemandMW: model.Series{0.2, 1}, PricePerMWh: model.Series{30}, PumpMWhPerMWh: 0.25}
	p := solve(t, c)
	p.cost(240 + 0.8*25 - 24)
	p.item(model.CostHeat, "S", -24)
	p.series("heat", p.Sites[0].HeatMW, 0.2, 0.6)
	p.series("power", p.Sites[0].PowerMW, 1.25, 1.35)

	c.Sites[0].Heat.PricePerMWh = model.Series{20}
	solve(t, c).cost(240)
}

// The site may import 1.1 of its 1.2 MW; the battery has the 0.2 MWh that are short
// in two hours.
func TestImportBehindTheMeter(t *testing.T) {
	c := cooled(1, 1)
	c.Sites[0].ImportLimitMW = model.Series{1.1}
	c.Storages = []model.Storage{{Name: "B", Site: "S", MaxChargeMW: 1, MaxDischargeMW: 1, LevelMaxMWh: 0.2, InitialLevelMWh: 0.2}}
	p := solve(t, c)
	p.cost(220)
	p.series("power", p.Sites[0].PowerMW, 1.2, 1.2)
	p.series("import", p.Sites[0].ImportMW, 1.1, 1.1)
}

// Solar of 2 MW behind the meter serves 1.2 MW; with 0.5 MW of export another 0.5 of
// the load outside.
func TestExportBehindTheMeter(t *testing.T) {
	c := cooled(1)
	load(c, "A", 10)
	c.Renewables = []model.Renewable{{Name: "R", Site: "S", AvailableMW: model.Series{2}}}
	p := solve(t, c)
	p.cost(1_000)
	p.series("import", p.Sites[0].ImportMW, 0)
	p.series("curtailed", p.Renewables[0].CurtailedMW, 0.8)

	c.Sites[0].ExportLimitMW = model.Series{0.5}
	p = solve(t, c)
	p.cost(950)
	p.series("import", p.Sites[0].ImportMW, -0.5)
}

// A generator of at least 1 MW behind the meter has its place: at 80 a MWh it makes
// the site's 1.2 MW, and no more, for nothing may be exported. The import falls from
// 1.2 MW by 0.5 MW an hour.
func TestGenerationBehindTheMeter(t *testing.T) {
	for _, method := range []opt.Method{opt.Monolith, opt.Decomposition} {
		c := cooled(1, 1, 1)
		g := unit(c, "G", 0, 5, 80)
		g.Bus, g.Site = "", "S"
		c.Sites[0].RampMWPerH, c.Sites[0].InitialPowerMW = ptr(0.5), ptr(1.2)
		out := outcome(t, c, opt.Options{Method: method})
		p := solved{out.Plan, t}
		p.cost(100*(0.7+0.2) + 80*(0.5+1+1.2))
		p.series("import", p.Sites[0].ImportMW, 0.7, 0.2, 0)
		p.power("G", 0.5, 1, 1.2)
	}
}

// The battery has to carry 1.2 MW for a quarter of an hour at any time: 0.3 MWh at
// 0.9 leave a third of a MWh in it. The rest of its 0.5 MWh, 0.15 MWh outside, goes
// where power is dear.
func TestBackup(t *testing.T) {
	c := cooled(1, 1)
	c.ThermalUnits[0].CostFactor = model.Series{1, 3}
	c.Sites[0].UPSMinutes = 15
	c.Storages = []model.Storage{{
		Name: "B", Site: "S", MaxChargeMW: 2, MaxDischargeMW: 2, LevelMaxMWh: 0.5, InitialLevelMWh: 0.5, EfficiencyDischarge: ptr(0.9),
	}}
	p := solve(t, c)
	p.cost(120 + 300*(1.2-0.15))
	p.series("level", p.Storages[0].LevelMWh, 0.5, 1.0/3)

	// An inverter of 1 MW carries no more: 0.2 MW idle and 16 units.
	c.Storages[0].MaxDischargeMW = 1
	p = solve(t, c)
	p.series("power", p.Sites[0].PowerMW, 1, 1)
	p.series("unserved", p.Workloads[0].UnservedUnits, 4, 4)

	// With 0.2 MWh at the begin there are 0.18 MWh to give: 0.72 MW in the first hour.
	c.Storages[0].InitialLevelMWh = 0.2
	p = solve(t, c)
	p.series("power", p.Sites[0].PowerMW, 0.72, 1)
}

// A full battery of 1 MWh gives 0.9 MWh, of which it keeps 0.3 to carry 1.2 MW for a quarter
// of an hour: for half an hour it promises (0.9-0.3)/0.5 = 1.2 MW, and a generator behind the
// same meter, which draws on no battery, its 1 MW; of 3 MW 0.8 are short, at 100. Power and
// promise together are more than the battery discharges: they are never due at once.
//
// With 0.5 MWh at the begin it is 0.45-0.3 = 0.15 MWh, 0.3 MW, in the first hour, though
// 0.5 MWh more are charged there, which let it promise 1.2 MW in the second: 0.9 MW more for
// 50, where a MW short costs 100.
func TestBackupBesideReserve(t *testing.T) {
	c := cooled(1)
	c.Sites[0].UPSMinutes, c.Sites[0].ExportLimitMW = 15, model.Series{5}
	c.Storages = []model.Storage{{
		Name: "B", Site: "S", MaxChargeMW: 2, MaxDischargeMW: 1.5, LevelMaxMWh: 1, InitialLevelMWh: 1, EfficiencyDischarge: ptr(0.9),
	}}
	g := unit(c, "G", 0, 1, 500)
	g.Bus, g.Site = "", "S"
	r := withReserve(c, model.Up, 3)
	c.ThermalUnits[0].Reserves, c.Storages[0].Reserves = nil, []string{"R"}
	p := solve(t, c)
	p.cost(120 + 80)
	p.series("reserve", p.Storages[0].Reserves[0].MW, 1.2)

	c.Horizon.Periods[0].Count = 2
	c.ThermalUnits = c.ThermalUnits[:1]
	c.Storages[0].InitialLevelMWh = 0.5
	r.RequirementMW = model.Series{2}
	p = solve(t, c)
	p.cost(240 + 50 + 100*(1.7+0.8))
	p.series("reserve", p.Storages[0].Reserves[0].MW, 0.3, 1.2)
	p.series("level", p.Storages[0].LevelMWh, 1, 1)
}

// A unit at low clock does 0.8 of the work with 0.03 MW instead of 0.05. Eight units
// of work take the ten units of a module at low clock: 0.1 + 0.3 MW. Nine take five
// and five, 0.1 + 0.15 + 0.25; a second module would cost 0.1 MW to save 0.0625.
func TestPowerLevel(t *testing.T) {
	c := computing(2, 1, 1)
	c.Pools[0].Kind = "cpu"
	c.Pools = append(c.Pools, model.Pool{Name: "low", Site: "S", ModulesOf: "P", Speed: ptr(0.8), DynamicMWPerUnit: 0.03})
	work(c, "hot", 8, 9).PoolKinds = []string{"cpu"}
	p := solve(t, c)
	p.cost(40 + 50)
	p.series("busy", p.Pools[0].BusyUnits, 0, 5)
	p.series("busy at low clock", p.Pools[1].BusyUnits, 10, 5)
	p.ints("modules", p.Pools[0].ModulesOn, 1, 1)
	p.ints("modules of the level", p.Pools[1].ModulesOn, 0, 0)
}

// A rigid job of ten units and eight unit-hours fits in at low clock; one of ten
// unit-hours has an hour, and runs at full clock.
func TestPowerLevelOfJobs(t *testing.T) {
	c := computing(1, 1)
	c.Pools = append(c.Pools, model.Pool{Name: "low", Site: "S", ModulesOf: "P", Speed: ptr(0.8), DynamicMWPerUnit: 0.03})
	job := model.Job{Name: "J", Region: "east", Shape: model.Rigid, Units: 10, WorkUnitH: 8}
	for _, want := range []struct {
		work, cost float64
		pool       string
	}{{8, 40, "low"}, {10, 60, "P"}} {
		for _, method := range []opt.Method{opt.Monolith, opt.Placement} {
			job.WorkUnitH = want.work
			c.Jobs = []model.Job{job}
			out := outcome(t, c, opt.Options{Method: method})
			p := solved{out.Plan, t}
			p.cost(want.cost)
			if got := p.Jobs[0].Pool; got != want.pool {
				t.Errorf("%v: %g unit-hours run in %s, want %s", method, want.work, got, want.pool)
			}
		}
	}
}

// 1.2 MW are to be green in every hour: wind has 0.3 MW in the second, and 0.9 MWh
// are short. Over both hours wind of 2.3 MWh lacks 0.1 of 2.4.
func TestGreen(t *testing.T) {
	c := cooled(1, 1)
	load(c, "A", 5)
	c.Renewables = []model.Renewable{
		{Name: "W1", Bus: "A", AvailableMW: model.Series{1.5, 0.3}}, {Name: "W2", Bus: "A", AvailableMW: model.Series{0.5, 0}},
	}
	power := 100 * (2*6.2 - 2.3)
	c.Sites[0].Green = &model.Green{ShareMin: 1}
	p := solve(t, c)
	p.cost(power + 5_000*0.1)
	p.item(model.CostGreenShortfall, "S", 500)
	near(t, "short", p.Sites[0].GreenShortMWh, 0.1)
	p.series("of W1", named(t, p.Sites[0].Green, "W1", nameOfSource).MW, 1.5, 0.3)
	p.series("of W2", named(t, p.Sites[0].Green, "W2", nameOfSource).MW, 0.5, 0)

	c.Sites[0].Green.HourlyShareMin = 1
	p = solve(t, c)
	p.cost(power + 5_000*(0.1+0.9))
	p.series("short by the hour", p.Sites[0].GreenShortMW, 0, 0.9)
}

// The two hours are of one day or of two: of 2.3 MWh of wind the day of both lacks 0.1 MWh
// of 2.4; the day of the second alone lacks 0.9 of 1.2, whatever wind the first had.
func TestGreenByDay(t *testing.T) {
	c := cooled(1, 1)
	load(c, "A", 5)
	c.Renewables = []model.Renewable{{Name: "W", Bus: "A", AvailableMW: model.Series{2, 0.3}}}
	c.Sites[0].Green = &model.Green{DailyShareMin: 1}
	power := 100 * (2*6.2 - 2.3)
	c.Horizon.Start = time.Date(2026, 7, 15, 12, 0, 0, 0, time.UTC)
	p := solve(t, c)
	p.cost(power + 5_000*0.1)
	p.series("short by day", p.Sites[0].GreenShortByDayMWh, 0.1)
	c.Horizon.Start = time.Date(2026, 7, 15, 23, 0, 0, 0, time.UTC)
	p = solve(t, c)
	p.cost(power + 5_000*0.9)
	p.item(model.CostGreenShortfall, "S", 4500)
	p.series("short by day", p.Sites[0].GreenShortByDayMWh, 0, 0.9)
	near(t, "short over the horizon", p.Sites[0].GreenShortMWh, 0)
	// The share over the horizon is still one of its own.
	c.Sites[0].Green.ShareMin = 1
	solve(t, c).cost(power + 5_000*(0.9+0.1))
}

// What one site counts another does not: of 1 MW of wind the first, which may count
// the hydro of 0.4 MW too, leaves 1.2 * 0.5 - 0.4 to the second; together they lack
// nothing at a half, and 0.4 MWh at three quarters.
func TestGreenIsCountedOnce(t *testing.T) {
	c := cooled(1)
	addSite(c, "S2", "east", "P2", 2)
	c.Pools[1].AlwaysOn, c.Pools[1].InitialModulesOn = true, nil
	c.Workloads = append(c.Workloads, c.Workloads[0])
	c.Workloads[1].Name = "web2"
	c.Renewables = []model.Renewable{{Name: "W", Bus: "A", AvailableMW: model.Series{1}}}
	c.Hydro = []model.Hydro{{Name: "H", Bus: "A", MaxPowerMW: 0.4, LevelMaxMWh: 10, InitialLevelMWh: 10}}
	c.Sites[0].Green = &model.Green{HourlyShareMin: 0.5, Sources: []string{"H", "W"}}
	c.Sites[1].Green = &model.Green{HourlyShareMin: 0.5}
	solve(t, c).cost(100 * (2.4 - 1.4))
	c.Sites[0].Green.HourlyShareMin, c.Sites[1].Green.HourlyShareMin = 0.75, 0.75
	p := solve(t, c)
	p.cost(100*(2.4-1.4) + 5_000*0.4)
}

func nameOfSource(g *model.GreenPower) string { return g.Source }

// Below 0.8 MW the site serves 12 of 20 units: eight at 20 are dearer by 160 and save
// 40 of power, and the call earns 500 * 0.3. Of four hours two may be called at once,
// and once.
func TestDemandResponse(t *testing.T) {
	c := cooled(1, 1, 1, 1)
	c.Workloads[0].UnservedPricePerUnitH = ptr(20.0)
	c.DemandResponses = []model.DemandResponse{{
		Name: "D", Site: "S", BaselineMW: model.Series{1.1}, ReductionMW: 0.3, PricePerMWh: 500,
		MinCallH: 2, MaxCallH: ptr(2.0), MaxCalls: ptr(1),
	}}
	d := &c.DemandResponses[0]
	p := solve(t, c)
	p.cost(480 - 2*30)
	p.item(model.CostDemandResponse, "D", -300)

	// Twice: from the first hour, and cut off by the horizon's end.
	d.MaxCalls = nil
	p = solve(t, c)
	p.cost(480 - 3*30)
	p.ints("called", p.DemandResponses[0].Called, 1, 1, 0, 1)

	// Not in the second hour: no call of two hours before the third.
	d.Offered = model.Series{1, 0, 1, 1}
	p = solve(t, c)
	p.cost(480 - 2*30)
	p.ints("called", p.DemandResponses[0].Called, 0, 0, 1, 1)

	// What cannot be imported so little is not called.
	d.BaselineMW = model.Series{0.2}
	solve(t, c).cost(480)
}

// A call of two hours that earns 30 in each is announced ahead: an hour ahead it begins with
// the second hour, an hour and a half with the third, and three with the last, where the
// horizon's end cuts it off.
func TestDemandResponseNotice(t *testing.T) {
	c := cooled(1, 1, 1, 1)
	c.Workloads[0].UnservedPricePerUnitH = ptr(20.0)
	c.DemandResponses = []model.DemandResponse{{
		Name: "D", Site: "S", BaselineMW: model.Series{1.1}, ReductionMW: 0.3, PricePerMWh: 500, Offered: model.Series{1, 1, 1, 0},
		MinCallH: 2, NoticeH: 1,
	}}
	d := &c.DemandResponses[0]
	p := solve(t, c)
	p.cost(480 - 2*30)
	p.ints("called", p.DemandResponses[0].Called, 0, 1, 1, 0)

	d.Offered, d.NoticeH = nil, 1.5
	p = solve(t, c)
	p.cost(480 - 2*30)
	p.ints("called", p.DemandResponses[0].Called, 0, 0, 1, 1)

	d.NoticeH = 3
	p = solve(t, c)
	p.cost(480 - 30)
	p.ints("called", p.DemandResponses[0].Called, 0, 0, 0, 1)
}

// The site imports 1.2 MW, 1.5 at most while a programme is called. An empty battery that
// may be called to charge then promises 0.3 of 1 MW, to two products together, and what is
// short costs 70: that pays for 200 a MWh of 0.5 MW, not for 100. It is the same with a
// generator in place of the battery, which makes 1 of the 1.2 MW below 0.5 MW.
func TestDemandResponseBesideReserve(t *testing.T) {
	c := cooled(1)
	c.DemandResponses = []model.DemandResponse{{Name: "D", Site: "S", BaselineMW: model.Series{2}, ReductionMW: 0.5, PricePerMWh: 200}}
	d := &c.DemandResponses[0]
	withReserve(c, model.Down, 0.5)
	withReserve(c, model.Down, 0.5).Name = "R2"
	c.ThermalUnits[0].Reserves = nil
	c.Storages = []model.Storage{{Name: "B", Site: "S", MaxChargeMW: 2, MaxDischargeMW: 2, LevelMaxMWh: 5, Reserves: []string{"R", "R2"}}}
	p := solve(t, c)
	p.cost(120 + 70 - 100)
	p.ints("called", p.DemandResponses[0].Called, 1)

	d.PricePerMWh = 100
	p = solve(t, c)
	p.cost(120)
	p.ints("called", p.DemandResponses[0].Called, 0)

	c.Storages = nil
	g := unit(c, "G", 0, 1, 100)
	g.Bus, g.Site, g.Reserves = "", "S", []string{"R", "R2"}
	d.BaselineMW, d.PricePerMWh = model.Series{1}, 200
	p = solve(t, c)
	p.cost(120 + 70 - 100)
	p.series("import", p.Sites[0].ImportMW, 0.2)
}
