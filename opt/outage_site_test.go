package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// The overhead of S is a tenth of its first 0.4 MW of IT power and a half of the rest: of
// 0.9 MW, 0.44 are for the first, and 0.46 for 0.46/1.5 more. Less 0.2 of idle power that
// is 10.13 units of the 20.
func TestOutageWithCooling(t *testing.T) {
	c := secured(2, 1)
	c.Sites[0].ImportLimitMW = model.Series{0.9}
	c.Sites[0].Cooling = &model.Cooling{Pieces: []model.CoolingPiece{{ITMW: ptr(0.4), OverheadMWPerMW: 0.1}, {OverheadMWPerMW: 0.5}}}
	c.Pools[0].AlwaysOn, c.Pools[1].AlwaysOn = true, true
	work(c, "hot", 20)
	short := 20 - (0.4+0.46/1.5-0.2)/0.05
	p := solve(t, c)
	p.cost(100*(0.22+0.2+1) + short*2_000)
	p.series("short", p.outage("site W", "web").ShortUnits, short)
}

// The cooling of S serves 0.9 MW of IT power, without a limit of its import: 0.2 for two
// modules, and 14 units of 20. Whatever the outage, the plan itself stays within it.
func TestOutageWhereCoolingEnds(t *testing.T) {
	c := secured(2, 1)
	c.Sites[0].Cooling = &model.Cooling{Pieces: []model.CoolingPiece{{ITMW: ptr(0.4), OverheadMWPerMW: 0.5}, {ITMW: ptr(0.9), OverheadMWPerMW: 1}}}
	c.Pools[0].AlwaysOn, c.Pools[1].AlwaysOn = true, true
	work(c, "hot", 20)
	p := solve(t, c)
	p.cost(100*(0.3+0.2+1) + 6*2_000)
	p.series("short", p.outage("site W", "web").ShortUnits, 6)

	// An import limit of 1.2 MW serves less: 0.6 for the first 0.4 MW, 0.3 more.
	c.Sites[0].ImportLimitMW = model.Series{1.2}
	solve(t, c).cost(100*(0.3+0.2+1) + 10*2_000)
	c.Sites[0].ImportLimitMW = model.Series{12}
	solve(t, c).cost(100*(0.3+0.2+1) + 6*2_000)
}

// 0.2 MW that are made behind the meter of S let it draw 1.1 MW: 18 units beside two
// modules.
func TestOutageBehindTheMeter(t *testing.T) {
	c := secured(2, 1)
	c.Sites[0].ImportLimitMW = model.Series{0.9}
	c.Pools[0].AlwaysOn, c.Pools[1].AlwaysOn = true, true
	c.Renewables = []model.Renewable{{Name: "roof", Site: "S", AvailableMW: model.Series{0.2}}}
	work(c, "hot", 20)
	p := solve(t, c)
	p.cost(100*(0.4+1-0.2) + 2*2_000)
	p.series("short", p.outage("site W", "web").ShortUnits, 2)
}

// A power level has no modules of its own in an outage either: of 24 units each site can
// hold 20.
func TestOutageWithPowerLevel(t *testing.T) {
	c := secured(2, 1)
	c.Pools[0].AlwaysOn, c.Pools[1].AlwaysOn = true, true
	for i, base := range []string{"P", "Q"} {
		c.Pools = append(c.Pools, model.Pool{
			Name: "slow " + base, Site: c.Sites[i].Name, ModulesOf: base, Speed: ptr(0.5), DynamicMWPerUnit: 0.025,
		})
	}
	work(c, "hot", 24)
	p := solve(t, c)
	p.cost(100*(0.4+1.2) + 2*4*2_000)
}

// Jobs that stay in outages and would fill both pools draw more than S may import: 0.2 MW
// for two modules and 0.05 for each of 18 units, of 0.9. While they are placed no plan keeps
// the limit with that use held, and yet there are prices and a bound. One job of 4 units and
// work of 4 units fit anywhere: 0.4 MW for all modules and 0.05 for 8 units, by 100.
func TestOutageWhilePlaced(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c := secured(2, 1)
		c.Sites[0].ImportLimitMW = model.Series{0.9}
		c.Pools[0].AlwaysOn, c.Pools[1].AlwaysOn = true, true
		c.ComputingOutages.PreemptibleYields = ptr(false)
		work(c, "hot", 4)
		c.Jobs = []model.Job{{Name: "train", Region: "east", Class: "cold", Shape: shape, Units: 4, WorkUnitH: 4}}
		out := outcome(t, c, opt.Options{Method: opt.Placement, Gap: 1e-6})
		if out.Plan == nil || out.Plan.Bound == nil || len(out.Notes) > 0 {
			t.Fatalf("%s: %v, notes %q", shape, out.Status, out.Notes)
		}
		near(t, "objective", out.Plan.Objective, 100*(0.4+0.05*8))
		near(t, "bound", *out.Plan.Bound, 100*(0.4+0.05*8))
		solve(t, c).cost(100 * (0.4 + 0.05*8))
	}
}
