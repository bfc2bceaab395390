package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// withHydro returns a case of demand 60 in two hours, thermal power at 10 and
// then at 50, and a reservoir of 20 MWh with an inflow of 10 MW.
func withHydro() (*model.Case, *model.Hydro) {
	c := hourly(2)
	load(c, "A", 60)
	unit(c, "U", 0, 100, 10).CostFactor = model.Series{1, 5}
	c.Hydro = []model.Hydro{{
		Name: "H", Bus: "A", MaxPowerMW: 50, InflowMW: model.Series{10}, LevelMaxMWh: 100, InitialLevelMWh: 20,
	}}
	return c, &c.Hydro[0]
}

// Of 20 + 2*10 MWh all but the terminal 10 is used in the dear hour.
func TestHydroTerminalBand(t *testing.T) {
	c, h := withHydro()
	h.TerminalMinMWh = ptr(10.0)
	h.CostPerMWh = 1
	p := solve(t, c)
	p.cost(600 + 30*50 + 30)
	p.item(model.CostHydro, "H", 30)
	p.series("power", p.Hydro[0].PowerMW, 0, 30)
	p.series("level", p.Hydro[0].LevelMWh, 30, 10)
	p.price("A", 10, 50)
}

// At a water value of 30 the turbines are full at 50 and rest at 10: 25 MWh are
// used, 15 stay and earn 30 each.
func TestHydroWaterValue(t *testing.T) {
	c, h := withHydro()
	h.MaxPowerMW, h.WaterValuePerMWh = 25, 30
	p := solve(t, c)
	p.cost(600 + 35*50 - 15*30)
	p.item(model.CostTerminalValue, "H", -450)
	p.series("power", p.Hydro[0].PowerMW, 0, 25)
}

// At most 5 MWh may be left, worth 1 each: turbines of 8 MW use 2*8 of 40 MWh, 5
// stay and the other 19 are spilt.
func TestHydroTerminalMaximum(t *testing.T) {
	c, h := withHydro()
	h.MaxPowerMW, h.TerminalMaxMWh, h.WaterValuePerMWh = 8, ptr(5.0), 1
	p := solve(t, c)
	p.cost(52*10 + 52*50 - 5)
	spill := p.Hydro[0].SpillMW
	near(t, "spill", spill[0]+spill[1], 19)
	near(t, "last level", p.Hydro[0].LevelMWh[1], 5)
}

// A ramp of 10 MW an hour from 5 MW just reaches the must-run flow of 15, and then
// 25, which is all the water.
func TestHydroMinimumAndRamp(t *testing.T) {
	c, h := withHydro()
	h.MinPowerMW, h.RampMWPerH, h.InitialPowerMW = 15, ptr(10.0), ptr(5.0)
	p := solve(t, c)
	p.cost(45*10 + 35*50)
	p.series("power", p.Hydro[0].PowerMW, 15, 25)
}

// 90 MW flow into a full reservoir and 30 can pass by: 60 have to be made where
// 40 are needed, and the bus spills 20 at 1,000.
func TestHydroSpillLimit(t *testing.T) {
	c, h := withHydro()
	c.Loads[0].PowerMW = model.Series{40}
	h.InflowMW, h.LevelMinMWh, h.LevelMaxMWh = model.Series{90}, 20, 20
	h.MaxSpillMW, h.MaxPowerMW = ptr(30.0), 100
	p := solve(t, c)
	p.cost(2 * 20_000)
	p.series("power", p.Hydro[0].PowerMW, 60, 60)
	p.series("spill", p.Hydro[0].SpillMW, 30, 30)
}
