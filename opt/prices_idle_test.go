package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// U runs in every period and asks 100 for a MWh. What draws nothing has no price of its
// own; the price is that of the first MW, also at the site beside the bus that has load:
// 1.2 * 0.05 * 100 for a unit-hour.
func TestPriceWhereNothingIsDrawn(t *testing.T) {
	c := computing(1, 1, 0.5, 1)
	c.ThermalUnits[0].FixedUnits = model.Constant(1)
	c.Sites[0].PUE = model.Series{1.2}
	c.Pools[0].AlwaysOn, c.Pools[0].IdleMWPerModule, c.Pools[0].InitialModulesOn = true, 0, nil
	load(c, "A", 0, 0, 5)
	work(c, "hot", 10, 0, 0)
	p := solve(t, c)
	p.cost(100 * (0.6 + 5))
	p.series("power", p.prices().Power[0].Values, 100, 100, 100)
	p.series("compute", p.prices().ComputeWithPower[0].Values, 6, 6, 6)
	p.series("units", p.prices().Compute[0].Values, 0, 0, 0)

	// A site with cooling counts its IT power: the first MW of it takes half a MW more.
	c.Sites[0].PUE = nil
	c.Sites[0].Cooling = &model.Cooling{Pieces: []model.CoolingPiece{{OverheadMWPerMW: 0.5}}}
	p = solve(t, c)
	p.series("compute with cooling", p.prices().ComputeWithPower[0].Values, 7.5, 7.5, 7.5)
}
