package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// secured is computing with a second site of the region, W with pool Q, and hot work that
// may be served at both; any site may be lost.
func secured(modules int, hours ...float64) *model.Case {
	c := computing(modules, hours...)
	addSite(c, "W", "east", "Q", modules)
	c.ComputingOutages = model.ComputingOutages{Classes: []string{"hot"}, Sites: true}
	return c
}

func (s solved) outage(name, workload string) *model.OutageWorkload {
	s.t.Helper()
	o := named(s.t, s.Outages, name, func(o *model.OutagePlan) string { return o.Name })
	return named(s.t, o.Workloads, workload, func(w *model.OutageWorkload) string { return w.Name })
}

// 20 units take two modules. Whichever site is lost, two must be on at the other: 0.2 MW
// of idle power for an hour are the price of that.
func TestOutageKeepsModulesOn(t *testing.T) {
	c := secured(4, 1)
	work(c, "hot", 20)
	p := solve(t, c)
	p.cost(100 * (0.2 + 0.2 + 1))
	p.ints("modules at S", p.Pools[0].ModulesOn, 2)
	p.ints("modules at W", p.Pools[1].ModulesOn, 2)

	// Half an hour without work asks for nothing.
	c = secured(4, 1, 0.5)
	work(c, "hot", 20, 0)
	solve(t, c).cost(100 * (0.2 + 0.2 + 1))

	c.ComputingOutages = model.ComputingOutages{}
	p = solve(t, c)
	p.cost(100 * (0.2 + 1))
	if len(p.Outages) > 0 {
		t.Errorf("certificates %+v of outages that nobody asks for", p.Outages)
	}
}

// At 3 a unit-hour two modules at 20 are too dear to keep for 5 units that are short once,
// at whichever site they are not; at 5 not.
func TestOutageShortPrice(t *testing.T) {
	c := secured(4, 1)
	work(c, "hot", 5)
	c.Penalties.OutageShortPricePerUnitH = ptr(1.5)
	p := solve(t, c)
	p.cost(100*(0.1+0.25) + 1.5*5)
	p.item(model.CostOutageShort, "web", 7.5)
	c.Penalties.OutageShortPricePerUnitH = ptr(2.5)
	p = solve(t, c)
	p.cost(100 * (0.2 + 0.25))
}

// The only site in reach: all is short when it is lost, and nothing else helps.
func TestOutageOfTheOnlySite(t *testing.T) {
	c := secured(4, 1.5)
	work(c, "hot", 20).AllowedSites = []string{"S"}
	p := solve(t, c)
	p.cost(1.5 * (100*(0.2+1) + 2_000*20))
	p.series("short", p.outage("site S", "web").ShortUnits, 20)
	if len(p.Outages) != 1 {
		t.Errorf("%d certificates, want that of site S", len(p.Outages))
	}
}

// 20 units of hot work at one of two sites with 20 units each and a job of 20 at the
// other: a job that may pause yields, a rigid one does not, and then all hot work is
// short when its site is lost. Where nothing yields, the shape does not matter.
func TestOutageJobsYield(t *testing.T) {
	c := secured(2, 1)
	c.Pools[0].AlwaysOn, c.Pools[1].AlwaysOn = true, true
	work(c, "hot", 20)
	c.Jobs = []model.Job{{Name: "batch", Region: "east", Shape: model.Preemptible, Units: 20, WorkUnitH: 20}}
	power := 100 * (0.4 + 2)
	p := solve(t, c)
	p.cost(power)
	c.Jobs[0].Shape = model.Rigid
	p = solve(t, c)
	p.cost(power + 20*2_000)
	p.item(model.CostOutageShort, "web", 40_000)
	c.ComputingOutages.PreemptibleYields = ptr(false)
	c.Jobs[0].Shape = model.Preemptible
	solve(t, c).cost(power + 20*2_000)
}

// Work of a class that is not covered holds its units in an outage, with its headroom.
func TestOutageOtherClasses(t *testing.T) {
	c := secured(2, 1)
	c.Pools[0].AlwaysOn, c.Pools[1].AlwaysOn = true, true
	c.LatencyClasses[1].UtilisationCap = ptr(0.5)
	work(c, "hot", 16)
	cold := *work(c, "cold", 4)
	cold.Name, cold.AllowedSites = "batch", []string{"W"}
	c.Workloads[1] = cold
	p := solve(t, c)
	// The cold work holds 8 of the 20 units at W: 4 of 16 are short without S.
	p.cost(100*(0.4+1) + 4*2_000)
	p.series("short", p.outage("site S", "web").ShortUnits, 4)
}

// S may draw 0.9 MW: 0.2 for two modules, and 0.7 for 14 units. The other 6 of 20 are
// short without W.
func TestOutageImportLimit(t *testing.T) {
	c := secured(2, 1)
	c.Sites[0].ImportLimitMW = model.Series{0.9}
	work(c, "hot", 20)
	p := solve(t, c)
	p.cost(100*(0.4+1) + 6*2_000)
	p.series("short", p.outage("site W", "web").ShortUnits, 6)
}

// Power is free in the west. The work goes there over the link, until that may be lost:
// then modules wait at home.
func TestOutageOfDataLink(t *testing.T) {
	c := computing(4, 1)
	c.Buses = append(c.Buses, model.Bus{Name: "B"})
	c.Regions = append(c.Regions, model.Region{Name: "west", Bus: "B"})
	addSite(c, "W", "west", "Q", 4)
	c.Sites[1].Bus = "B"
	unit(c, "free", 0, 100, 0).Bus = "B"
	c.DataLinks = []model.DataLink{{Name: "D", From: "west", To: "east", CapacityGbps: model.Series{1}}}
	work(c, "cold", 20).DataGBPerUnitH = 2
	solve(t, c).cost(0)
	c.ComputingOutages = model.ComputingOutages{Classes: []string{"cold"}, DataLinks: true}
	p := solve(t, c)
	p.cost(100 * 0.2)
	p.series("at home", p.outage("data link D", "web").Routes[0].Units, 20)
}

// Three regions in a row: work of the middle one goes west or east over links that carry
// 10 units of it each. Without one site, ten more units than the other link carries are
// short, whatever modules are on.
func TestOutageDataCapacity(t *testing.T) {
	c := computing(4, 1)
	c.Regions = append(c.Regions, model.Region{Name: "west"}, model.Region{Name: "middle"})
	addSite(c, "W", "west", "Q", 4)
	gbps := 20 * 8.0 / 3600 // 20 GB an hour
	c.DataLinks = []model.DataLink{
		{Name: "D", From: "middle", To: "east", CapacityGbps: model.Series{gbps}},
		{Name: "E", From: "middle", To: "west", CapacityGbps: model.Series{gbps}},
	}
	w := work(c, "cold", 20)
	w.Region, w.DataGBPerUnitH = "middle", 2
	c.ComputingOutages = model.ComputingOutages{Classes: []string{"cold"}, Sites: true}
	p := solve(t, c)
	p.cost(100*(0.2+1) + 2*10*2_000)
	p.series("short", p.outage("site S", "web").ShortUnits, 10)
}

// Two units at each of two sites bear 1.28 each (queue_test.go): two units of work fit in
// the plan, and 0.72 are short without either site.
func TestOutageQueue(t *testing.T) {
	c := secured(2, 1)
	c.LatencyClasses[0].Queue = halfWait
	for i := range c.Pools {
		c.Pools[i].UnitsPerModule, c.Pools[i].AlwaysOn = smallModule, true
	}
	work(c, "hot", 2)
	p := solve(t, c)
	p.cost(100*(0.4+0.1) + 2*(2-twoUnits)*2_000)
}

// In an outage a share need not stay where it is pinned.
func TestOutageLiftsPins(t *testing.T) {
	c := secured(4, 1)
	work(c, "hot", 20).Pinned = []model.PinnedShare{{Site: "S", ShareMin: 1}}
	solve(t, c).cost(100 * (0.2 + 0.2 + 1))
}

// What an outage costs at the margin: six of 20 units are short without W
// (TestOutageImportLimit), so a unit more that the plan serves costs 2,000, and capacity at
// S nothing, for power is what lacks there.
func TestOutagePrices(t *testing.T) {
	c := secured(3, 1)
	c.Sites[0].ImportLimitMW = model.Series{0.9}
	c.Pools[0].AlwaysOn, c.Pools[0].Modules = true, 2
	work(c, "hot", 20)
	p := solve(t, c)
	of := named(t, p.prices().Outages, "site W", func(o *model.OutagePrices) string { return o.Name })
	p.series("price", named(t, of.Workloads, "web", nameOfPrice).Values, 2_000)
	if len(of.Pools) > 0 {
		t.Errorf("prices of pools %+v", of.Pools)
	}
}
