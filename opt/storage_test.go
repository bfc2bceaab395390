package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// withStorage returns a case of demand 50 in two hours, power at 10 and then at
// 50 a MWh, and an empty storage of 18 MWh and 30 MW, 0.9 each way.
func withStorage() (*model.Case, *model.Storage) {
	c := hourly(2)
	load(c, "A", 50)
	unit(c, "U", 0, 200, 10).CostFactor = model.Series{1, 5}
	c.Storages = []model.Storage{{
		Name: "S", Bus: "A", MaxChargeMW: 30, MaxDischargeMW: 30, LevelMaxMWh: 18,
		EfficiencyCharge: ptr(0.9), EfficiencyDischarge: ptr(0.9),
	}}
	return c, &c.Storages[0]
}

// 20 MW fill 18 MWh, which give 16.2 MW: 70*10 + 33.8*50, and wear of 1 a MWh.
func TestStorageArbitrage(t *testing.T) {
	c, s := withStorage()
	s.WearCostPerMWh = 1
	p := solve(t, c)
	p.cost(700 + 33.8*50 + 16.2)
	p.item(model.CostWear, "S", 16.2)
	p.series("charge", p.Storages[0].ChargeMW, 20, 0)
	p.series("discharge", p.Storages[0].DischargeMW, 0, 16.2)
	p.series("level", p.Storages[0].LevelMWh, 18, 0)
	p.price("A", 10, 50)
}

// Half of the level is lost in an hour, three quarters in two. Of 18 MWh 9 are
// left after the first: 8.1 MW at 10 (81), or 2.25 MWh two hours later, 2.025 at
// the bus, at 45 (91.125). A MWh bought at 10 would return 9.11.
func TestStorageRetention(t *testing.T) {
	c, s := withStorage()
	c.Horizon.Periods = []model.PeriodRun{{Count: 1, Hours: 1}, {Count: 1, Hours: 2}}
	c.ThermalUnits[0].CostFactor = model.Series{1, 4.5}
	s.RetentionPerH, s.InitialLevelMWh = ptr(0.5), 18
	p := solve(t, c)
	p.cost(500 + 2*50*45 - 91.125)
	p.series("level", p.Storages[0].LevelMWh, 9, 0)
	p.series("discharge", p.Storages[0].DischargeMW, 0, 2.025/2)
}

// A MWh left is worth 60, more than it saves: 18 MWh stay.
func TestStorageTerminalValue(t *testing.T) {
	c, s := withStorage()
	s.TerminalValuePerMWh = 60
	p := solve(t, c)
	p.cost(700 + 2_500 - 18*60)
	p.item(model.CostTerminalValue, "S", -1_080)
}

// The last level is exactly 9: 8.1 MWh are given, and 9 stay.
func TestStorageTerminalBand(t *testing.T) {
	c, s := withStorage()
	s.TerminalMinMWh, s.TerminalMaxMWh = ptr(9.0), ptr(9.0)
	p := solve(t, c)
	p.cost(700 + 41.9*50)
	p.series("level", p.Storages[0].LevelMWh, 18, 9)
}

// Half a cycle of 18 MWh: 9 MWh are drawn, so 10 MW are bought.
func TestStorageCycles(t *testing.T) {
	c, s := withStorage()
	s.MaxCycles = ptr(0.5)
	p := solve(t, c)
	p.cost(600 + 41.9*50)
	p.series("charge", p.Storages[0].ChargeMW, 10, 0)
}

// Pumps of at least 25 MW would fill 22.5 MWh, more than fits; with 25 MWh of
// room they run, and turbines of at least 20 MW give all that is there.
func TestStorageMinimumPowers(t *testing.T) {
	c, s := withStorage()
	s.MinChargeMW, s.MinDischargeMW = 25, 20
	p := solve(t, c)
	p.cost(500 + 2_500)

	s.LevelMaxMWh = 25
	p = solve(t, c)
	// 25/0.9 MW fill 25 MWh, which give 22.5 MW.
	p.cost(500 + 250/0.9 + 27.5*50)

	s.MinDischargeMW = 24
	p = solve(t, c)
	p.cost(500 + 2_500)
}

// At a price of -20 burning energy would pay: charging and discharging at once
// loses half of what is charged. It is forbidden, so a full storage makes room
// first (5 MW less from wind) and then takes 10 MW for the 5 MWh.
func TestStorageBurnsNothing(t *testing.T) {
	c := hourly(2)
	load(c, "A", 50)
	c.Renewables = []model.Renewable{{Name: "wind", Bus: "A", AvailableMW: model.Series{100}, CostPerMWh: -20}}
	c.Storages = []model.Storage{{
		Name: "S", Bus: "A", MaxChargeMW: 10, MaxDischargeMW: 10, LevelMaxMWh: 10, InitialLevelMWh: 10, EfficiencyCharge: ptr(0.5),
	}}
	p := solve(t, c)
	p.cost(-20 * (45 + 60))
	p.series("discharge", p.Storages[0].DischargeMW, 5, 0)
	p.series("charge", p.Storages[0].ChargeMW, 0, 10)
	p.price("A", -20, -20)
}
