package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// withReserve adds a product with a shortage price of 100 that all thermal units
// of the case provide.
func withReserve(c *model.Case, d model.Direction, mw ...float64) *model.ReserveProduct {
	c.Reserves = append(c.Reserves, model.ReserveProduct{
		Name: "R", Direction: d, RequirementMW: mw, ShortagePricePerMWh: ptr(100.0),
	})
	for i := range c.ThermalUnits {
		c.ThermalUnits[i].Reserves = []string{"R"}
	}
	return &c.Reserves[0]
}

// 20 MW upwards from the only provider push it down to 80; the other makes 10 at
// 30. A MW of reserve costs the difference of 20.
func TestReserveUp(t *testing.T) {
	c := hourly(1)
	load(c, "A", 90)
	unit(c, "cheap", 0, 100, 10)
	withReserve(c, model.Up, 20)
	unit(c, "dear", 0, 100, 30)
	p := solve(t, c)
	p.cost(800 + 300)
	p.power("cheap", 80)
	p.price("A", 30)
	p.series("reserve price", p.prices().Reserve[0].Values, 20)
	p.series("reserve", p.thermal("cheap").Reserves[0].MW, 20)
}

// 20 MW downwards need 20 MW above the minimum of the only provider, at 30 where
// 10 would do.
func TestReserveDown(t *testing.T) {
	c := hourly(1)
	load(c, "A", 100)
	unit(c, "dear", 40, 100, 30).MustRunUnits = model.Series{1}
	withReserve(c, model.Down, 20)
	unit(c, "cheap", 0, 100, 10)
	p := solve(t, c)
	p.cost(60*30 + 40*10)
	p.power("dear", 60)
	p.series("reserve price", p.prices().Reserve[0].Values, 20)
}

// In ten minutes ramps of 60 and 30 MW an hour give 10 and 5 MW: 5 of 20 are
// short at 100, over half an hour. In twenty minutes they would give 20 and 10.
func TestReserveRamp(t *testing.T) {
	c := newCase(0.5)
	load(c, "A", 80)
	unit(c, "one", 0, 100, 10).RampUpMWPerH = ptr(60.0)
	unit(c, "two", 0, 100, 10).RampUpMWPerH = ptr(30.0)
	for i := range c.ThermalUnits {
		c.ThermalUnits[i].Initial = running(40)
	}
	r := withReserve(c, model.Up, 20)
	p := solve(t, c)
	p.cost(400 + 250)
	p.series("shortage", p.Reserves[0].ShortageMW, 5)
	p.series("reserve price", p.prices().Reserve[0].Values, 100)

	r.Minutes = ptr(20.0)
	solve(t, c).cost(400)
}

// A unit in its first hour keeps its start-up limit with reserve included: of 40
// MW it makes 25 and holds 15.
func TestReserveWithinStartupLimit(t *testing.T) {
	c := hourly(1)
	load(c, "A", 60)
	unit(c, "cheap", 0, 100, 10).StartupLimitMW = ptr(40.0)
	withReserve(c, model.Up, 15)
	unit(c, "dear", 0, 100, 30)
	p := solve(t, c)
	p.cost(250 + 35*30)
	p.power("cheap", 25)
}

// A reservoir of 2 MWh covers half an hour of 4 MW.
func TestReserveOfHydro(t *testing.T) {
	c := hourly(1)
	c.Hydro = []model.Hydro{{Name: "H", Bus: "A", MaxPowerMW: 10, LevelMaxMWh: 50, InitialLevelMWh: 2, Reserves: []string{"R"}}}
	withReserve(c, model.Up, 7)
	p := solve(t, c)
	p.cost(300)
	p.series("reserve", p.Hydro[0].Reserves[0].MW, 4)

	// Its ramp gives 1.5 MW in ten minutes.
	c.Hydro[0].RampMWPerH = ptr(9.0)
	solve(t, c).cost(550)

	// Downwards it gives what it makes: 1 of 2 MWh is left of a load of 1 MW.
	c.Hydro[0].RampMWPerH = nil
	c.Reserves[0].Direction = model.Down
	load(c, "A", 1)
	solve(t, c).cost(600)
}

// From 40 MW at 20 MW an hour, output and reserve share the way to 60: with 10 MW
// of reserve, 50 MW at 10 and 10 MW at 30. Over the product's ten minutes the ramp
// would give 3.3 MW, which does not count here.
func TestReserveSharesRampUp(t *testing.T) {
	c := hourly(1)
	load(c, "A", 60)
	u := unit(c, "cheap", 0, 100, 10)
	u.RampUpMWPerH = ptr(20.0)
	u.Initial = running(40)
	withReserve(c, model.Up, 10).RampShared = true
	unit(c, "dear", 0, 100, 30)
	p := solve(t, c)
	p.cost(500 + 300)
	p.power("cheap", 50)
	p.series("reserve", p.thermal("cheap").Reserves[0].MW, 10)
	p.series("reserve price", p.prices().Reserve[0].Values, 20)
}

// The start-up limit of 40 takes the place of the ramp of 5 MW an hour in the
// first hour on: 25 MW and 15 of reserve. The hour after, output and reserve are
// at most 25 + 5: 15 MW and 15 of reserve. Less reserve would cost 100 a MWh.
func TestReserveSharesRampAfterStart(t *testing.T) {
	c := hourly(2)
	load(c, "A", 60)
	u := unit(c, "cheap", 0, 100, 10)
	u.RampUpMWPerH, u.StartupLimitMW = ptr(5.0), ptr(40.0)
	withReserve(c, model.Up, 15).RampShared = true
	unit(c, "dear", 0, 100, 30)
	p := solve(t, c)
	p.cost(250 + 35*30 + 150 + 45*30)
	p.power("cheap", 25, 15)
}

// From 80 MW at 20 MW an hour, output less 15 MW of reserve is at least 60; to stop
// would leave the reserve short.
func TestReserveSharesRampDown(t *testing.T) {
	c := hourly(1)
	load(c, "A", 90)
	u := unit(c, "dear", 0, 100, 30)
	u.RampDownMWPerH = ptr(20.0)
	u.Initial = running(80)
	r := withReserve(c, model.Down, 15)
	r.RampShared, r.ShortagePricePerMWh = true, ptr(500.0)
	unit(c, "cheap", 0, 100, 10)
	p := solve(t, c)
	p.cost(75*30 + 15*10)
	p.power("dear", 75)
}

// Of a level of 4 MWh, at 0.8, half an hour gives 6.4 MW; with 1 MWh as the least
// level 4.8. Room for 6 MWh at 0.5 takes 24 MW, of which 10 MW of pumps take 10.
func TestReserveOfStorage(t *testing.T) {
	c := hourly(1)
	c.Storages = []model.Storage{{
		Name: "S", Bus: "A", MaxChargeMW: 10, MaxDischargeMW: 10, LevelMaxMWh: 10, InitialLevelMWh: 4,
		EfficiencyCharge: ptr(0.5), EfficiencyDischarge: ptr(0.8), Reserves: []string{"R"},
	}}
	r := withReserve(c, model.Up, 8)
	p := solve(t, c)
	p.cost(160)
	p.series("reserve", p.Storages[0].Reserves[0].MW, 6.4)

	c.Storages[0].LevelMinMWh = 1
	solve(t, c).cost(320)

	r.Direction, r.RequirementMW = model.Down, model.Series{12}
	solve(t, c).cost(200)

	// For two hours the room is for 6 MW only.
	r.SustainedH = ptr(2.0)
	solve(t, c).cost(600)
}

// A storage that charges 10 MW can stop doing so and discharge: 20 MW upwards.
// Only what it has covers: 10 MWh, for half an hour 20 MW.
func TestReserveOfChargingStorage(t *testing.T) {
	c := hourly(1)
	unit(c, "U", 0, 100, 10)
	c.Storages = []model.Storage{{
		Name: "S", Bus: "A", MaxChargeMW: 10, MaxDischargeMW: 10, LevelMaxMWh: 30, InitialLevelMWh: 5, Reserves: []string{"R"},
	}}
	c.Reserves = []model.ReserveProduct{{
		Name: "R", Direction: model.Up, RequirementMW: model.Series{20}, ShortagePricePerMWh: ptr(100.0),
	}}
	p := solve(t, c)
	// Without charging 10 MW: 10 short, 1,000. Charging x gives x more, until 10:
	// and level 15 covers 30 MW.
	p.cost(100)
	p.series("charge", p.Storages[0].ChargeMW, 10)
}

// Only what stands in the zone counts.
func TestReserveZone(t *testing.T) {
	c, _ := linked(50)
	r := withReserve(c, model.Up, 20)
	r.Buses = []string{"B"}
	p := solve(t, c)
	// The unit at B holds 20 MW at no cost; without it all 20 are short.
	p.cost(500)
	r.Buses = []string{"A"}
	c.ThermalUnits[0].Reserves = nil
	solve(t, c).cost(500 + 2_000)
}
