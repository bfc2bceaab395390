package opt_test

import (
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// With no time to search, units that were off start for load that is shed: the one that
// costs least on the bus, from when it may. "held" must stay off for another hour, and
// "dear" is not needed: 100 MW of 150 at 10, the rest shed in the first hour at 1,000
// and then made at 20 by held, which runs to the end. Behind the line, which carries 30
// of the 60 MW there, "far" makes the other 30.
func TestFirstScheduleStartsUnits(t *testing.T) {
	c := hourly(3)
	c.Buses = append(c.Buses, model.Bus{Name: "B"})
	c.Links = []model.Link{{Name: "AB", From: "A", To: "B", MaxForwardMW: model.Series{30}}}
	c.Penalties.ShedPricePerMWh = ptr(1_000.0)
	load(c, "A", 120)
	load(c, "B", 60)
	unit(c, "on", 0, 100, 10).Initial = running(100)
	held := unit(c, "held", 0, 100, 20)
	held.MinDownH, held.Initial = 2, &model.ThermalInitial{HoursOff: ptr(1.0)}
	dear := unit(c, "dear", 0, 100, 30)
	dear.MinDownH, dear.Initial = 8, &model.ThermalInitial{HoursOff: ptr(1.0)}
	far := unit(c, "far", 0, 100, 40)
	far.Bus, far.Initial = "B", &model.ThermalInitial{HoursOff: ptr(9.0)}
	out := outcome(t, c, opt.Options{Method: opt.Monolith, TimeLimit: time.Nanosecond})
	p := solved{out.Plan, t}
	// Hour 1: on makes 100; 120 + 60 - 100 = 80 are short, which far makes as far as it
	// is wanted: 60 at B; 20 are shed at A. Hours 2, 3: 100 at 10, 50 at 20 by held (20
	// for A, 30 over the line), 30 at 40 by far.
	p.cost(100*10 + 20*1_000 + 60*40 + 2*(100*10+50*20+30*40))
	p.units("held", 0, 1, 1)
	p.units("dear", 0, 0, 0)
	p.units("far", 1, 1, 1)
}
