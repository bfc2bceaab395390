package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// computing returns a case with power at 100 a MWh and, in region east, site S
// with pool P: modules of 10 units, 0.1 MW idle each, 0.05 MW a busy unit.
func computing(modules int, hours ...float64) *model.Case {
	c := newCase(hours...)
	unit(c, "U", 0, 1_000, 100)
	c.Regions = []model.Region{{Name: "east"}}
	c.LatencyClasses = []model.LatencyClass{{Name: "hot", MaxRoundTripMS: ptr(10.0)}, {Name: "cold"}}
	addSite(c, "S", "east", "P", modules)
	return c
}

func addSite(c *model.Case, site, region, pool string, modules int) {
	c.Sites = append(c.Sites, model.Site{Name: site, Bus: "A", Region: region})
	c.Pools = append(c.Pools, model.Pool{
		Name: pool, Site: site, Modules: modules, UnitsPerModule: 10, IdleMWPerModule: 0.1, DynamicMWPerUnit: 0.05,
		InitialModulesOn: ptr(0),
	})
}

func work(c *model.Case, class string, units ...float64) *model.Workload {
	c.Workloads = append(c.Workloads, model.Workload{Name: "web", Region: "east", Class: class, DemandUnits: units})
	return &c.Workloads[len(c.Workloads)-1]
}

// 20 units keep two of four modules on: 1.2*(2*0.1 + 20*0.05) + 0.3 MW.
func TestSitePower(t *testing.T) {
	c := computing(4, 1)
	c.Sites[0].PUE, c.Sites[0].BaseMW = model.Series{1.2}, model.Series{0.3}
	work(c, "hot", 20)
	p := solve(t, c)
	p.cost(174)
	p.ints("modules", p.Pools[0].ModulesOn, 2)
	p.series("busy", p.Pools[0].BusyUnits, 20)
	p.series("site power", p.Sites[0].PowerMW, 1.74)
	// A busy unit costs its power: 1.2*0.05*100.
	p.series("compute price", p.prices().ComputeWithPower[0].Values, 6)
	p.series("scarcity", p.prices().Compute[0].Values, 0)
}

// A utilisation cap of one half takes the capacity of 40 units, and the dynamic
// power of 20; at a speed of 2 half of both.
func TestUtilisationCapAndSpeed(t *testing.T) {
	c := computing(4, 1)
	c.LatencyClasses[0].UtilisationCap = ptr(0.5)
	work(c, "hot", 20)
	p := solve(t, c)
	p.cost(100 * (0.4 + 1))
	p.ints("modules", p.Pools[0].ModulesOn, 4)

	c.Pools[0].Speed = ptr(2.0)
	p = solve(t, c)
	p.cost(100 * (0.2 + 0.5))
	p.ints("modules", p.Pools[0].ModulesOn, 2)
	p.series("busy", p.Pools[0].BusyUnits, 10)
}

// Ten of 50 units find no room, at 2,000 for an hour and a half; one more unit of
// capacity saves that, less the power it would draw.
func TestUnserved(t *testing.T) {
	c := computing(4, 1.5)
	c.Pools[0].AlwaysOn = true
	work(c, "hot", 50).UnservedPricePerUnitH = ptr(2_000.0)
	p := solve(t, c)
	p.cost(1.5 * (100*(0.4+2) + 10*2_000))
	p.series("unserved", p.Workloads[0].UnservedUnits, 10)
	p.item(model.CostUnserved, "web", 30_000)
	p.series("scarcity", p.prices().Compute[0].Values, 2_000-5)
	p.series("compute price", p.prices().ComputeWithPower[0].Values, 2_000)
}

// Two modules and 20 units would draw 1.2 MW; 1 MW is left for 16 units.
func TestSiteImportLimit(t *testing.T) {
	c := computing(4, 1)
	c.Sites[0].ImportLimitMW = model.Series{1}
	work(c, "hot", 20).UnservedPricePerUnitH = ptr(2_000.0)
	p := solve(t, c)
	p.cost(100 + 4*2_000)
	p.series("unserved", p.Workloads[0].UnservedUnits, 4)
}

// From 0 at 0.3 MW an hour: one module and 4 units in the first hour. Of 0.6 MW
// in the second one module makes 10 units, two would leave 8.
func TestSiteRamp(t *testing.T) {
	c := computing(2, 1, 1)
	c.Sites[0].RampMWPerH, c.Sites[0].InitialPowerMW = ptr(0.3), ptr(0.0)
	work(c, "hot", 4, 20).UnservedPricePerUnitH = ptr(2_000.0)
	p := solve(t, c)
	p.cost(100*0.3 + 100*0.6 + 10*2_000)
	p.series("site power", p.Sites[0].PowerMW, 0.3, 0.6)
	p.ints("modules", p.Pools[0].ModulesOn, 1, 1)
}

// A module started for half an hour of work stays on for another: 0.1 MW idle.
// Its start takes 0.2 MWh, in half an hour 0.4 MW, and 7 of money.
func TestModuleMinimumOn(t *testing.T) {
	c := computing(1, 2, 0.5, 1, 0.5)
	c.Pools[0].MinOnH, c.Pools[0].StartEnergyMWh, c.Pools[0].StartCost = 1.5, 0.2, 7
	work(c, "hot", 0, 10, 0, 0)
	p := solve(t, c)
	p.cost(100*(0.5*(0.1+0.5+0.4)+0.1) + 7)
	p.ints("modules", p.Pools[0].ModulesOn, 0, 1, 1, 0)
	p.ints("module starts", p.Pools[0].ModuleStarts, 0, 1, 0, 0)
	p.series("site power", p.Sites[0].PowerMW, 0, 1, 0.1, 0)
	p.item(model.CostModuleStart, "P", 7)
}

// A module stopped would have to stay off for two hours, so it idles for one.
func TestModuleMinimumOff(t *testing.T) {
	c := computing(1, 1, 1, 1)
	c.Pools[0].MinOffH, c.Pools[0].InitialModulesOn = 2, ptr(1)
	work(c, "hot", 10, 0, 10)
	p := solve(t, c)
	p.cost(100 * (0.6 + 0.1 + 0.6))
	p.ints("modules", p.Pools[0].ModulesOn, 1, 1, 1)
}

// Modules that are not available cannot be on: 2.9 available are two.
func TestModuleAvailability(t *testing.T) {
	c := computing(3, 1, 1)
	c.Pools[0].AvailableModules = model.Series{3, 2.9}
	work(c, "hot", 30).UnservedPricePerUnitH = ptr(2_000.0)
	p := solve(t, c)
	p.cost(100*(0.3+1.5) + 100*(0.2+1) + 10*2_000)
	p.ints("modules", p.Pools[0].ModulesOn, 3, 2)
}

// Hot work of the east reaches the near site only, at 12 ms the far one not; cold
// work goes where a unit draws least.
func TestLatencyReach(t *testing.T) {
	c := computing(2, 1)
	c.Regions = append(c.Regions, model.Region{Name: "west"})
	addSite(c, "W", "west", "Q", 10)
	c.Pools[1].IdleMWPerModule = 0.05
	c.Network.RoundTrips = []model.RoundTrip{{Region: "east", Site: "W", MS: 12}}
	work(c, "hot", 10)
	cold := *work(c, "cold", 20)
	cold.Name = "batch"
	c.Workloads[1] = cold
	p := solve(t, c)
	p.cost(100 * (0.1 + 0.5 + 0.1 + 1))
	p.series("busy in the east", p.Pools[0].BusyUnits, 10)
	p.series("busy in the west", p.Pools[1].BusyUnits, 20)

	// At 9 ms hot work goes west as well.
	c.Network.RoundTrips[0].MS = 9
	solve(t, c).cost(100 * (0.15 + 1.5))

	// Unless its site is forbidden, or the kind of machine is not there.
	c.Workloads[0].ForbiddenSites = []string{"W"}
	solve(t, c).cost(100 * (0.1 + 0.5 + 0.1 + 1))
	c.Workloads[0].ForbiddenSites = nil
	c.Pools[0].Kind = "gpu"
	c.Workloads[0].PoolKinds = []string{"gpu"}
	solve(t, c).cost(100 * (0.1 + 0.5 + 0.1 + 1))
}

// Work that moves 2 GB a unit-hour to the west pays 0.5 a GB there and 1 kWh a
// GB, half at each end; the link of 0.08 Gb/s carries 36 GB an hour, so 18 of 30
// units. One more GB would save the difference.
func TestDataLink(t *testing.T) {
	c := computing(4, 1)
	c.Buses = append(c.Buses, model.Bus{Name: "B"})
	c.Regions[0].Bus = "A"
	c.Regions = append(c.Regions, model.Region{Name: "west", Bus: "B"})
	addSite(c, "W", "west", "Q", 4)
	c.Sites[1].Bus = "B"
	unit(c, "free", 0, 100, 0).Bus = "B"
	c.DataLinks = []model.DataLink{{
		Name: "D", From: "west", To: "east", CapacityGbps: model.Series{0.08}, PricePerGB: 0.5, EnergyKWhPerGB: 1,
	}}
	work(c, "cold", 30).DataGBPerUnitH = 2
	c.Pools[0].IdleMWPerModule = 0
	p := solve(t, c)
	// West: free power, 36 GB at 0.5 and half of 0.036 MWh at 100. East: 12 units.
	p.cost(18 + 1.8 + 100*12*0.05)
	p.item(model.CostData, "web", 18)
	p.series("backward", p.DataLinks[0].BackwardGB, 36)
	p.series("forward", p.DataLinks[0].ForwardGB, 0)
	// A unit in the east costs 5; its 2 GB would cost 1 and 0.1.
	p.series("data price", p.prices().DataBackward[0].Values, (5-1.1)/2)
	p.series("data price forward", p.prices().DataForward[0].Values, 0)
}
