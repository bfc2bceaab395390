package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// twoFuels returns a case of 100 MW, coal at 20 and 1 t/MWh, gas at 40 and 0.5.
func twoFuels() *model.Case {
	c := hourly(1)
	load(c, "A", 100)
	unit(c, "coal", 0, 100, 20).CO2TPerMWh = 1
	unit(c, "gas", 0, 100, 40).CO2TPerMWh = 0.5
	return c
}

// Below 80 t: 60 of coal and 40 of gas. A tonne less costs 20/0.5; a MW more
// takes two of gas and one of coal less: 2*40 - 20.
func TestCO2Cap(t *testing.T) {
	c := twoFuels()
	c.Policy.CO2CapT = ptr(80.0)
	p := solve(t, c)
	p.cost(1_200 + 1_600)
	p.power("coal", 60)
	near(t, "CO2 price", p.prices().CO2PerT, 40)
	p.price("A", 60)
	near(t, "CO2", p.Policy.CO2T, 80)
}

// The cap's price comes on top of that of policy: 30 and 10 make the same 40.
func TestCO2CapAndPrice(t *testing.T) {
	c := twoFuels()
	c.Policy.CO2CapT, c.Policy.CO2PricePerT = ptr(80.0), 30
	p := solve(t, c)
	p.cost(1_200 + 1_600 + 80*30)
	near(t, "CO2 price", p.prices().CO2PerT, 40)
	p.price("A", 60)
}

// At least 50 t are emitted: 10 are above a cap of 40, at 10,000 each.
func TestCO2Excess(t *testing.T) {
	c := twoFuels()
	c.Penalties.ShedPricePerMWh = ptr(1e6)
	c.Policy.CO2CapT = ptr(40.0)
	p := solve(t, c)
	p.cost(4_000 + 100_000)
	p.item(model.CostCO2Excess, "", 100_000)
	near(t, "excess", p.Policy.CO2ExcessT, 10)
	near(t, "CO2 price", p.prices().CO2PerT, 10_000)
}

// 60 of 100 MWh must be wind at 50, the others cost 20. One more required MWh
// costs 30, a MW of demand 0.6*50 + 0.4*20.
func TestRenewableShare(t *testing.T) {
	c := hourly(1)
	c.Policy.RenewableShareMin = ptr(0.6)
	load(c, "A", 100)
	unit(c, "coal", 0, 100, 20)
	c.Renewables = []model.Renewable{{Name: "wind", Bus: "A", AvailableMW: model.Series{100}, CostPerMWh: 50}}
	p := solve(t, c)
	p.cost(60*50 + 40*20)
	near(t, "renewable price", p.prices().RenewablePerMWh, 30)
	p.price("A", 38)

	// Wind of 45 leaves 0.6*100 - 45 missing, at 5,000 each.
	c.Renewables[0].AvailableMW = model.Series{45}
	p = solve(t, c)
	p.cost(45*50 + 55*20 + 15*5_000)
	near(t, "shortfall", p.Policy.RenewableShortfallMWh, 15)
	p.item(model.CostRenewableShortfall, "", 75_000)

	// Hydro of 30 MWh stands on the other side, unless policy counts it: then
	// 75 of 100 are renewable.
	c.Hydro = []model.Hydro{{Name: "H", Bus: "A", MaxPowerMW: 30, LevelMaxMWh: 30, InitialLevelMWh: 30}}
	solve(t, c).cost(45*50 + 25*20 + 15*5_000)
	c.Policy.HydroCountsAsRenewable = true
	solve(t, c).cost(30*50 + 40*20)
}
