package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// flexible returns a case with a unit of 40 to 100 MW at 10 a MWh, on before the
// horizon, that can go deep to 20 MW, where it costs 500 an hour and 10 a MWh
// above; starting it again would cost 5,000. The other unit makes MWh at 60.
func flexible(demand ...float64) (*model.Case, *model.ThermalUnit) {
	c := hourly(len(demand))
	load(c, "A", demand...)
	unit(c, "gas", 0, 100, 60)
	u := unit(c, "coal", 40, 100, 10)
	u.Deep = &model.DeepOperation{
		MinPowerMW: 20,
		Cost:       []model.CostPoint{{PowerMW: 20, CostPerH: 500}, {PowerMW: 40, CostPerH: 700}},
	}
	u.Startup = []model.StartupTier{{Cost: 5_000}}
	u.Initial = running(40)
	return c, u
}

// A valley of 25 MW: deep at 500 + 5*10.
func TestDeepOperation(t *testing.T) {
	c, _ := flexible(80, 25, 80)
	p := solve(t, c)
	p.cost(800 + 550 + 800)
	p.units("coal", 1, 1, 1)
	coal := p.thermal("coal")
	p.ints("units deep", coal.UnitsDeep, 0, 1, 0)
	p.ints("entries", coal.DeepEntries, 0, 1, 0)
	p.ints("exits", coal.DeepExits, 0, 0, 1)
	p.series("deep power", coal.DeepPowerMW, 0, 25, 0)
}

// With a deep ramp of 15 MW an hour the unit comes from at most 40 MW and returns
// to at most 40; gas makes the other 40 MW in both hours.
func TestDeepRamp(t *testing.T) {
	c, u := flexible(80, 25, 80)
	u.Deep.RampMWPerH = ptr(15.0)
	p := solve(t, c)
	p.cost((400 + 2_400) + 550 + (400 + 2_400))
	p.power("coal", 40, 25, 40)
	p.ints("units deep", p.thermal("coal").UnitsDeep, 0, 1, 0)
}

// Two hours of minimum stay keep it deep, below 40 MW, in the hour after the
// valley: 700 + 20*60.
func TestDeepMinimumStay(t *testing.T) {
	c, u := flexible(80, 25, 60, 80)
	u.Deep.MinStayH = 2
	p := solve(t, c)
	p.cost(800 + 550 + (700 + 1_200) + 800)
	p.ints("units deep", p.thermal("coal").UnitsDeep, 0, 1, 1, 0)
}

// Deep for one hour before the horizon with three hours of stay: two more.
func TestDeepMinimumStayFromBefore(t *testing.T) {
	c, u := flexible(60, 60, 60)
	u.Deep.MinStayH = 3
	u.Initial = &model.ThermalInitial{UnitsOn: 1, UnitsDeep: 1, HoursDeep: ptr(1.0)}
	p := solve(t, c)
	p.cost(2*(700+1_200) + 600)
	p.ints("units deep", p.thermal("coal").UnitsDeep, 1, 1, 0)
}

// 110 MW are less than three times 40, so one of a cluster of three goes deep:
// two at 45 cost 900, one at 20 costs 500.
func TestDeepCluster(t *testing.T) {
	c, u := flexible(110)
	u.Count = 3
	u.Initial = &model.ThermalInitial{UnitsOn: 3}
	u.MustRunUnits = model.Series{3}
	p := solve(t, c)
	p.cost(1_400)
	p.ints("units deep", p.thermal("coal").UnitsDeep, 1)
}

// A start-up limit of 30 lies below the normal minimum: the unit starts deep.
func TestDeepStart(t *testing.T) {
	c, u := flexible(60, 60)
	u.StartupLimitMW = ptr(30.0)
	u.Startup = nil
	u.Initial = nil
	p := solve(t, c)
	p.cost((600 + 30*60) + 600)
	p.power("coal", 30, 60)
	p.ints("units deep", p.thermal("coal").UnitsDeep, 1, 0)
}

// A unit in deep operation gives no spinning reserve: 10 MW are short at 100
// while it is deep, rather than 15 MW of spill.
func TestDeepGivesNoReserve(t *testing.T) {
	c, u := flexible(25)
	u.Reserves = []string{"up"}
	c.Reserves = []model.ReserveProduct{{
		Name: "up", Direction: model.Up, RequirementMW: model.Series{10}, ShortagePricePerMWh: ptr(100.0),
	}}
	u.MustRunUnits = model.Series{1}
	p := solve(t, c)
	p.cost(550 + 1_000)
	p.series("shortage", p.Reserves[0].ShortageMW, 10)
}
