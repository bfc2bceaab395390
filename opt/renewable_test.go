package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// 100 MW offered and 60 needed: 60*2 and 40 curtailed at 5. One more MW of
// demand costs 2 and saves 5.
func TestCurtailment(t *testing.T) {
	c := hourly(1)
	load(c, "A", 60)
	c.Renewables = []model.Renewable{{
		Name: "wind", Bus: "A", AvailableMW: model.Series{100}, CostPerMWh: 2, CurtailmentPricePerMWh: 5,
	}}
	p := solve(t, c)
	p.cost(120 + 200)
	p.item(model.CostCurtailment, "wind", 200)
	p.item(model.CostRenewable, "wind", 120)
	p.series("power", p.Renewables[0].PowerMW, 60)
	p.series("curtailed", p.Renewables[0].CurtailedMW, 40)
	p.price("A", -3)
}

// Curtailment at 15 is dearer than keeping the unit of 40 MW, which costs 10 a
// MWh, off: wind goes first even where it costs more.
func TestCurtailmentBeforeMeritOrder(t *testing.T) {
	c := hourly(2)
	load(c, "A", 60)
	unit(c, "coal", 40, 100, 10)
	c.Renewables = []model.Renewable{{
		Name: "wind", Bus: "A", AvailableMW: model.Series{70, 20}, CostPerMWh: 12, CurtailmentPricePerMWh: 15,
	}}
	p := solve(t, c)
	// First 60 of wind, 10 curtailed; then 20 of wind and 40 of coal.
	p.cost(60*12 + 10*15 + 20*12 + 400)
	p.units("coal", 0, 1)
}

// 30 MW must be taken, though wind at 20 is dearer than coal at 10: 30 of wind and
// 30 of coal; then all 10 that there are, of a load of 60.
func TestRenewableMinimum(t *testing.T) {
	c := hourly(2)
	load(c, "A", 60)
	unit(c, "coal", 0, 100, 10)
	c.Renewables = []model.Renewable{{
		Name: "wind", Bus: "A", AvailableMW: model.Series{70, 10}, MinPowerMW: model.Series{30, 10}, CostPerMWh: 20,
	}}
	p := solve(t, c)
	p.cost(30*20 + 30*10 + 10*20 + 50*10)
	p.series("power", p.Renewables[0].PowerMW, 30, 10)
}
