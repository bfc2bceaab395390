package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// The cheap unit is full, the dear one sets the price: 100*10 + 50*30.
func TestMeritOrder(t *testing.T) {
	c := hourly(1)
	load(c, "A", 150)
	unit(c, "cheap", 0, 100, 10)
	unit(c, "dear", 0, 100, 30)
	p := solve(t, c)
	p.cost(2_500)
	p.power("cheap", 100)
	p.power("dear", 50)
	p.price("A", 30)
}

// A curve of slopes 15 up to 60 MW and 25 above, 400 an hour at its minimum:
// 400+30*15 at 50 MW, 1,000+20*25 at 80 MW; half as dear again in the second hour.
func TestPiecewiseCost(t *testing.T) {
	c := hourly(2)
	load(c, "A", 50, 80)
	u := unit(c, "U", 20, 100, 0)
	u.Cost = []model.CostPoint{{PowerMW: 20, CostPerH: 400}, {PowerMW: 60, CostPerH: 1_000}, {PowerMW: 100, CostPerH: 2_000}}
	u.CostFactor = model.Series{1, 1.5}
	p := solve(t, c)
	p.cost(850 + 1_500*1.5)
	p.price("A", 15, 25*1.5)
}

// A unit on for one hour with a minimum up time of three stays on for two more
// at its minimum of 40, at 50 a MWh beside 60 MW at 10; then all comes at 10.
func TestMinimumUpFromBefore(t *testing.T) {
	c := hourly(4)
	load(c, "A", 100)
	unit(c, "cheap", 0, 100, 10)
	u := unit(c, "held", 40, 100, 50)
	u.MinUpH = 3
	u.Initial = running(40)
	u.Initial.HoursOn = ptr(1.0)
	p := solve(t, c)
	p.cost(2*(40*50+60*10) + 2*1_000)
	p.units("held", 1, 1, 0, 0)
}

// A peak of 120 needs the second unit, which must then run for three hours, at
// least 20 MW at 30 where 10 would do; before and after there is no room for it.
func TestMinimumUp(t *testing.T) {
	c := hourly(5)
	load(c, "A", 10, 120, 50, 50, 10)
	unit(c, "cheap", 0, 100, 10)
	unit(c, "peak", 20, 50, 30).MinUpH = 3
	p := solve(t, c)
	p.cost(100 + (1_000 + 600) + 2*(300+600) + 100)
	p.units("peak", 0, 1, 1, 1, 0)
	p.ints("starts", p.thermal("peak").Starts, 0, 1, 0, 0, 0)
	p.ints("stops", p.thermal("peak").Stops, 0, 0, 0, 0, 1)
}

// The windows of a minimum up time count hours: 1.5 h from the start cover a half
// hour, and the hour after that.
func TestMinimumUpMixedPeriods(t *testing.T) {
	c := newCase(1, 0.5, 1, 1)
	load(c, "A", 10, 120, 50, 10)
	unit(c, "cheap", 0, 100, 10)
	unit(c, "peak", 20, 50, 30).MinUpH = 1.5
	p := solve(t, c)
	p.cost(100 + 0.5*(1_000+600) + (300 + 600) + 100)
	p.units("peak", 0, 1, 1, 0)
}

// Off for one hour with a minimum down time of three: two hours on the dear unit.
func TestMinimumDownFromBefore(t *testing.T) {
	c := hourly(3)
	load(c, "A", 60)
	u := unit(c, "held", 0, 100, 10)
	u.MinDownH = 3
	u.Initial = &model.ThermalInitial{HoursOff: ptr(1.0)}
	unit(c, "dear", 0, 100, 50)
	p := solve(t, c)
	p.cost(2*3_000 + 600)
	p.units("held", 0, 0, 1)
}

// The valley of 10 MW is below the minimum of 50, so the cheap unit stops, and
// must stay off for the hour after as well: 900 + 10*50 + 60*50 + 1,000.
func TestMinimumDown(t *testing.T) {
	c := hourly(4)
	load(c, "A", 90, 10, 60, 100)
	u := unit(c, "cheap", 50, 100, 10)
	u.MinDownH = 2
	u.Initial = running(50)
	unit(c, "dear", 0, 100, 50)
	p := solve(t, c)
	p.cost(900 + 500 + 3_000 + 1_000)
	p.units("cheap", 1, 0, 0, 1)
}

// From 30 MW at 20 MW an hour: 50, 70, then the full 80.
func TestRampUp(t *testing.T) {
	c := hourly(3)
	load(c, "A", 80)
	u := unit(c, "cheap", 0, 100, 10)
	u.RampUpMWPerH = ptr(20.0)
	u.Initial = running(30)
	unit(c, "dear", 0, 100, 40)
	p := solve(t, c)
	p.cost(10*(50+70+80) + 40*(30+10))
	p.power("cheap", 50, 70, 80)
}

// Between an hour and half an hour the ramp of 20 MW an hour is worth 15 MW:
// 50 MW for an hour, 65 for half an hour.
func TestRampMixedPeriods(t *testing.T) {
	c := newCase(1, 0.5)
	load(c, "A", 80)
	u := unit(c, "cheap", 0, 100, 10)
	u.RampUpMWPerH = ptr(20.0)
	u.Initial = running(30)
	unit(c, "dear", 0, 100, 40)
	p := solve(t, c)
	p.cost(10*50 + 40*30 + 0.5*(10*65+40*15))
	p.power("cheap", 50, 65)
}

// From 80 MW at 20 MW an hour down, never off: at least 60 and then 40, where 30
// are needed; 10 MW are spilt.
func TestRampDown(t *testing.T) {
	c := hourly(3)
	load(c, "A", 80, 30, 30)
	u := unit(c, "cheap", 0, 100, 10)
	u.RampDownMWPerH = ptr(20.0)
	u.MustRunUnits = model.Series{1}
	u.Initial = running(80)
	unit(c, "dear", 0, 100, 40)
	p := solve(t, c)
	p.cost(10*(60+40+30) + 40*20 + 10*1_000)
	p.power("cheap", 60, 40, 30)
}

// A unit makes at most 40 MW in its first hour.
func TestStartupLimit(t *testing.T) {
	c := hourly(2)
	load(c, "A", 90)
	unit(c, "cheap", 0, 100, 10).StartupLimitMW = ptr(40.0)
	unit(c, "dear", 0, 100, 50)
	p := solve(t, c)
	p.cost(400 + 50*50 + 900)
	p.power("cheap", 40, 90)
}

// A unit makes at most 40 MW in its last hour on; one that stops in the first
// period must have come from there.
func TestShutdownLimit(t *testing.T) {
	c := hourly(2)
	load(c, "A", 90)
	u := unit(c, "cheap", 0, 100, 10)
	u.ShutdownLimitMW = ptr(40.0)
	u.FixedUnits = model.Series{1, 0}
	u.Initial = running(90)
	unit(c, "dear", 0, 100, 50)
	p := solve(t, c)
	p.cost(400 + 50*50 + 90*50)
	p.power("cheap", 40, 0)

	u = &c.ThermalUnits[0]
	u.FixedUnits, u.OutageUnits = nil, model.Series{1, 0}
	u.Initial = running(50)
	if _, err := c.Validate(); err == nil {
		t.Error("a unit that stops from 50 MW with a limit of 40 is found valid")
	}
}

// Start-up limit 40, shut-down limit 60: a unit on for one hour keeps both, one
// on for two keeps each in its hour.
func TestStartAndShutdownLimitTogether(t *testing.T) {
	for _, test := range []struct {
		fixed model.Series
		want  []float64
	}{
		{model.Series{0, 1, 0, 0}, []float64{0, 40, 0, 0}},
		{model.Series{0, 1, 1, 0}, []float64{0, 40, 60, 0}},
		{model.Series{1, 1, 1, 0}, []float64{40, 90, 60, 0}},
	} {
		c := hourly(4)
		load(c, "A", 90)
		u := unit(c, "cheap", 0, 100, 10)
		u.StartupLimitMW, u.ShutdownLimitMW = ptr(40.0), ptr(60.0)
		u.FixedUnits = test.fixed
		unit(c, "dear", 0, 100, 50)
		p := solve(t, c)
		p.power("cheap", test.want...)
	}
}

func tiers() []model.StartupTier {
	return []model.StartupTier{
		{AfterOffH: 0, Cost: 100, CO2T: 1}, {AfterOffH: 2, Cost: 300, CO2T: 3}, {AfterOffH: 5, Cost: 900, CO2T: 9},
	}
}

// Hot below 2 h offline, warm below 5 h, then cold; hours before the horizon
// count, and without them the unit is cold.
func TestStartupTiers(t *testing.T) {
	for _, test := range []struct {
		name     string
		hoursOff *float64
		fixed    model.Series
		on       bool // before the horizon
		cost     float64
	}{
		{"off 1 h", ptr(1.0), model.Series{1, 1, 1, 1, 1, 1, 1}, false, 100},
		{"off 1.5 h", ptr(0.5), model.Series{0, 1, 1, 1, 1, 1, 1}, false, 100},
		{"off 2 h", ptr(1.0), model.Series{0, 1, 1, 1, 1, 1, 1}, false, 300},
		{"off 5 h", ptr(1.0), model.Series{0, 0, 0, 0, 1, 1, 1}, false, 900},
		{"off for ever", nil, model.Series{1, 1, 1, 1, 1, 1, 1}, false, 900},
		{"stopped for 1 h", nil, model.Series{1, 0, 1, 1, 1, 1, 1}, true, 100},
		{"stopped for 2 h", nil, model.Series{1, 0, 0, 1, 1, 1, 1}, true, 300},
		{"stopped for 5 h", nil, model.Series{1, 0, 0, 0, 0, 0, 1}, true, 900},
		{"stopped twice", nil, model.Series{1, 0, 1, 0, 0, 1, 1}, true, 400},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := hourly(7)
			c.Policy.CO2PricePerT = 1
			u := unit(c, "U", 0, 10, 5)
			u.Startup, u.FixedUnits = tiers(), test.fixed
			u.Initial = &model.ThermalInitial{HoursOff: test.hoursOff}
			if test.on {
				u.Initial.UnitsOn = 1
			}
			p := solve(t, c)
			p.cost(test.cost * 1.01) // a tonne a 100 of cost, at 1
			p.item(model.CostStartup, "U", test.cost)
			near(t, "CO2", p.Policy.CO2T, test.cost/100)
		})
	}
}

// A cluster of two: both stop, and each stop warms one start only. The first to
// start again is hot (off 1 h), the second was off for 3 h: warm.
func TestStartupTiersOfCluster(t *testing.T) {
	c := hourly(5)
	u := unit(c, "U", 0, 10, 5)
	u.Count, u.Startup = 2, tiers()
	u.FixedUnits = model.Series{2, 0, 1, 1, 2}
	u.Initial = &model.ThermalInitial{UnitsOn: 2}
	p := solve(t, c)
	p.item(model.CostStartup, "U", 100+300)
	got := p.thermal("U").StartsByTier
	p.ints("hot starts", got[0], 0, 0, 1, 0, 0)
	p.ints("warm starts", got[1], 0, 0, 0, 0, 1)
	p.ints("cold starts", got[2], 0, 0, 0, 0, 0)
}

// Staying on through the valley costs 20*(30-10) an hour: two hours cost less
// than the start of 900, five cost more.
func TestStartOrStay(t *testing.T) {
	for _, test := range []struct {
		valley int
		want   float64
	}{{2, 800}, {5, 900}} {
		c := hourly(test.valley + 2)
		demand := make([]float64, test.valley+2)
		for i := range demand {
			demand[i] = 50
		}
		demand[0], demand[test.valley+1] = 120, 120
		load(c, "A", demand...)
		unit(c, "cheap", 0, 100, 10)
		u := unit(c, "peak", 20, 50, 30)
		u.Initial = running(20)
		u.Startup = []model.StartupTier{{Cost: 900}}
		p := solve(t, c)
		// Both peaks: 100 at 10 and 20 at 30; the valley: all at 10.
		p.cost(2*1_600 + 500*float64(test.valley) + test.want)
	}
}

// Must-run holds the dear unit at its minimum: 20*50 + 80*10.
func TestMustRun(t *testing.T) {
	c := hourly(2)
	load(c, "A", 100)
	unit(c, "dear", 20, 100, 50).MustRunUnits = model.Series{1, 0}
	unit(c, "cheap", 0, 100, 10)
	p := solve(t, c)
	p.cost(1_800 + 1_000)
	p.units("dear", 1, 0)
}

// A commitment fixed at none forbids the cheap unit in the first hour.
func TestFixedCommitment(t *testing.T) {
	c := hourly(2)
	load(c, "A", 60)
	unit(c, "cheap", 0, 100, 10).FixedUnits = model.Series{0, -1}
	unit(c, "dear", 0, 100, 50)
	p := solve(t, c)
	p.cost(3_000 + 600)
	p.units("cheap", 0, 1)
}

// Three units of 50 with one out in the second hour: 140, then 100 of it.
func TestOutage(t *testing.T) {
	c := hourly(2)
	load(c, "A", 140)
	u := unit(c, "cheap", 0, 50, 10)
	u.Count, u.OutageUnits = 3, model.Series{0, 1}
	unit(c, "dear", 0, 100, 60)
	p := solve(t, c)
	p.cost(1_400 + 1_000 + 40*60)
	p.power("cheap", 140, 100)
}

// Coal costs 20 and emits 1 t/MWh, gas 40 and 0.4: at 50 a tonne gas is cheaper,
// 60 to 70.
func TestCO2Price(t *testing.T) {
	c := hourly(1)
	c.Policy.CO2PricePerT = 50
	load(c, "A", 100)
	unit(c, "coal", 0, 100, 20).CO2TPerMWh = 1
	unit(c, "gas", 0, 100, 40).CO2TPerMWh = 0.4
	p := solve(t, c)
	p.cost(4_000 + 2_000)
	p.item(model.CostCO2, "gas", 2_000)
	p.power("gas", 100)
	p.price("A", 60)
	near(t, "CO2", p.Policy.CO2T, 40)
	near(t, "CO2 price", p.prices().CO2PerT, 50)
}

// Four units of 20 to 50 MW, 300 an hour at 20 MW and 10 a MWh above, starts at
// 50. 130 MW take three units (3*300 + 70*10) rather than four, 60 MW then two
// (600 + 20*10) rather than three (900).
func TestCluster(t *testing.T) {
	c := hourly(2)
	load(c, "A", 130, 60)
	u := unit(c, "U", 20, 50, 0)
	u.Count = 4
	u.Cost = []model.CostPoint{{PowerMW: 20, CostPerH: 300}, {PowerMW: 50, CostPerH: 600}}
	u.Startup = []model.StartupTier{{Cost: 50}}
	p := solve(t, c)
	p.cost(900 + 700 + 150 + 600 + 200)
	p.units("U", 3, 2)
	p.ints("starts", p.thermal("U").Starts, 3, 0)
	p.ints("stops", p.thermal("U").Stops, 0, 1)
}

// Start-up limits of a cluster add up: two units start at 30 each beside one that
// makes 50.
func TestClusterStartupLimit(t *testing.T) {
	c := hourly(2)
	load(c, "A", 50, 150)
	u := unit(c, "cheap", 20, 50, 10)
	u.Count, u.StartupLimitMW = 3, ptr(30.0)
	u.FixedUnits = model.Series{1, 3}
	u.Initial = running(20)
	unit(c, "dear", 0, 100, 50)
	p := solve(t, c)
	p.cost(500 + 1_100 + 40*50)
	p.power("cheap", 50, 110)
}

// Heat holds 30 MW at 50 beside 70 at 10.
func TestHeatMinimum(t *testing.T) {
	c := hourly(2)
	load(c, "A", 100)
	unit(c, "heat", 0, 100, 50).HeatMinPowerMW = model.Series{30, 0}
	unit(c, "cheap", 0, 100, 10)
	p := solve(t, c)
	p.cost(1_500 + 700 + 1_000)
	p.power("heat", 30, 0)
}
