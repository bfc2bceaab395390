package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// Demand of 100 and a unit of 80 at 20: 20 MW are shed at the value of lost load,
// which is the price: 80*20 + 20*10,000.
func TestShedding(t *testing.T) {
	c := hourly(1)
	load(c, "A", 100)
	unit(c, "U", 0, 80, 20)
	p := solve(t, c)
	p.cost(1_600 + 200_000)
	p.item(model.CostShedding, "A", 200_000)
	p.series("shed", p.Buses[0].ShedMW, 20)
	p.price("A", 10_000)
}

// A bus's own price replaces the case's, and what a MWh costs does not depend
// on the length of a period: 20*500*(0.5 + 2) + 80*20*2.5.
func TestSheddingAtOwnPrice(t *testing.T) {
	c := newCase(0.5, 2)
	c.Penalties.ShedPricePerMWh = ptr(3_000.0)
	c.Buses[0].ShedPricePerMWh = ptr(500.0)
	load(c, "A", 100)
	unit(c, "U", 0, 80, 20)
	p := solve(t, c)
	p.cost(25_000 + 4_000)
	p.price("A", 500, 500)
}

// An import of 50 meets demand of 30: 20 MW are spilt at 1,000, so one more MW
// of demand saves 1,000.
func TestSpill(t *testing.T) {
	c := hourly(1)
	load(c, "A", 30)
	c.Exchanges = []model.Exchange{{Name: "X", Bus: "A", ImportMW: model.Series{50}, PricePerMWh: model.Series{10}}}
	p := solve(t, c)
	p.cost(20_000 + 500)
	p.item(model.CostExchange, "X", 500)
	p.item(model.CostSpill, "A", 20_000)
	p.series("spill", p.Buses[0].SpillMW, 20)
	p.price("A", -1_000)
}

// An export of 40 earns 40*30 and is demand that may be shed: the unit covers 30
// of it at 20, 10 are shed.
func TestExport(t *testing.T) {
	c := hourly(1)
	c.Exchanges = []model.Exchange{{Name: "X", Bus: "A", ImportMW: model.Series{-40}, PricePerMWh: model.Series{30}}}
	unit(c, "U", 0, 30, 20)
	p := solve(t, c)
	p.cost(-1_200 + 600 + 100_000)
	p.series("shed", p.Buses[0].ShedMW, 10)
}

// Site power may be shed as well: a base of 5 MW at a bus without a source.
func TestSiteIsShed(t *testing.T) {
	c := hourly(2)
	c.Regions = []model.Region{{Name: "r"}}
	c.Sites = []model.Site{{Name: "S", Bus: "A", Region: "r", BaseMW: model.Series{5, 3}}}
	p := solve(t, c)
	p.cost(80_000)
	p.series("shed", p.Buses[0].ShedMW, 5, 3)
	p.series("site power", p.Sites[0].PowerMW, 5, 3)
}

// Two loads at one bus over a quarter of an hour, an hour and four hours: 50 MW
// at 20 a MWh for 5.25 h.
func TestMixedPeriods(t *testing.T) {
	c := newCase(0.25, 1, 4)
	load(c, "A", 30)
	c.Loads = append(c.Loads, model.Load{Name: "second", Bus: "A", PowerMW: model.Series{20, 20, 20}})
	unit(c, "U", 0, 80, 20)
	p := solve(t, c)
	p.cost(50 * 20 * 5.25)
	p.power("U", 50, 50, 50)
	p.price("A", 20, 20, 20)
}
