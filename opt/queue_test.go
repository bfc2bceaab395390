package opt_test

import (
	"math"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// halfWait asks that at most half of the work waits at all: one unit bears 1/2, as
// C(1, a) = a, and two bear a with C(2, a) = a^2 / (2 + a) = 1/2.
var (
	halfWait    = &model.Queue{ServiceMS: 100, Percentile: 0.5}
	twoUnits    = (1 + math.Sqrt(17)) / 4
	smallModule = 1.0
)

// queueing is computing with single units as modules and a queue for hot work.
func queueing(modules int, hours ...float64) *model.Case {
	c := computing(modules, hours...)
	c.Pools[0].UnitsPerModule = smallModule
	c.LatencyClasses[0].Queue = halfWait
	return c
}

// Half a unit of work holds one; 1.28 units hold two, and 0.89, half-way between the two
// loads, one and a half: two modules of one unit, with one of half a unit a third.
func TestQueueHolds(t *testing.T) {
	c := queueing(4, 1, 1, 1)
	halfway := (0.5 + twoUnits) / 2
	work(c, "hot", 0.5, twoUnits, halfway)
	p := solve(t, c)
	p.cost(100 * (0.1*(1+2+2) + 0.05*(0.5+twoUnits+halfway)))
	p.ints("modules", p.Pools[0].ModulesOn, 1, 2, 2)
	p.series("held", p.Pools[0].Queues[0].HeldUnits, 1, 2, 1.5)
	p.series("busy", p.Pools[0].BusyUnits, 0.5, twoUnits, halfway)
}

// Two workloads of the class are one queue: half a unit each, alone, would hold a unit
// each, and together they hold less than two. At speed 2 they keep half as much busy.
func TestQueueIsPooled(t *testing.T) {
	c := queueing(4, 1)
	c.Pools[0].AlwaysOn = true
	work(c, "hot", 0.5)
	other := *work(c, "hot", 0.5)
	other.Name = "app"
	c.Workloads[1] = other
	p := solve(t, c)
	p.series("held", p.Pools[0].Queues[0].HeldUnits, 1+0.5/(twoUnits-0.5))
	c.Pools[0].Speed = ptr(2.0)
	p = solve(t, c)
	p.series("held at speed 2", p.Pools[0].Queues[0].HeldUnits, 1)
	p.series("busy at speed 2", p.Pools[0].BusyUnits, 0.5)
}

// Two units bear 1.28; the rest of 2 is not served. One more unit would let the load
// rise along the second line.
func TestQueueUnserved(t *testing.T) {
	c := queueing(2, 1)
	c.Pools[0].AlwaysOn = true
	work(c, "hot", 2).UnservedPricePerUnitH = ptr(2_000.0)
	p := solve(t, c)
	p.cost(100*(0.2+0.05*twoUnits) + 2_000*(2-twoUnits))
	p.series("scarcity", p.prices().Compute[0].Values, (2_000-5)*(twoUnits-0.5))
	// And a unit of load takes the place of another that is served, power aside.
	p.series("price of load", p.prices().Queues[0].Values, 2_000-5)
}

// Of two like pools one is enough for the work of both: a queue is cheaper together than
// in two halves, which no straight line says.
func TestQueueGathers(t *testing.T) {
	c := queueing(4, 1)
	addSite(c, "W", "east", "Q", 4)
	c.Pools[1].UnitsPerModule = smallModule
	work(c, "hot", 1)
	p := solve(t, c)
	p.cost(100 * (0.2 + 0.05))
}

// With a limit of one time of service and nine in ten in time, a unit bears the a with
// a exp(-(1 - a)) = 1/10.
func TestQueueLimit(t *testing.T) {
	c := queueing(1, 1)
	c.LatencyClasses[0].Queue = &model.Queue{ServiceMS: 40, LimitMS: 40, Percentile: 0.9}
	work(c, "hot", 1).UnservedPricePerUnitH = ptr(2_000.0)
	p := solve(t, c)
	served := 1 - p.Workloads[0].UnservedUnits[0]
	near(t, "late", served*math.Exp(served-1), 0.1)
}

// The west draws nothing, so all would go there: a third must stay, and no more than half
// may go.
func TestPinnedShares(t *testing.T) {
	c := computing(4, 1)
	c.Regions = append(c.Regions, model.Region{Name: "west"})
	addSite(c, "W", "west", "Q", 4)
	c.Pools[0].IdleMWPerModule, c.Pools[1].IdleMWPerModule, c.Pools[1].DynamicMWPerUnit = 0, 0, 0
	w := work(c, "cold", 30)
	solve(t, c).cost(0)
	w.Pinned = []model.PinnedShare{{Site: "S", ShareMin: 1.0 / 3}}
	p := solve(t, c)
	p.cost(100 * 0.05 * 10)
	p.series("busy in the west", p.Pools[1].BusyUnits, 20)
	w.Pinned = []model.PinnedShare{{Site: "S", ShareMin: 1.0 / 3}, {Site: "W", ShareMax: ptr(0.5)}}
	solve(t, c).cost(100 * 0.05 * 15)
}

// Ten units are all that the west has room for. Of 30, with half to be served there, ten
// more are served in the east, and ten nowhere.
func TestPinnedShareOfServed(t *testing.T) {
	c := computing(4, 1)
	c.Regions = append(c.Regions, model.Region{Name: "west"})
	addSite(c, "W", "west", "Q", 1)
	w := work(c, "cold", 30)
	w.Pinned = []model.PinnedShare{{Site: "W", ShareMin: 0.5}}
	p := solve(t, c)
	p.series("unserved", p.Workloads[0].UnservedUnits, 10)
}
