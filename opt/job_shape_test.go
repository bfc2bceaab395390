package opt_test

import (
	"fmt"
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// scaled gives a job a scaling of pairs of units and effective units.
func scaled(j *model.Job, shape model.JobShape, pairs ...float64) {
	j.Shape, j.Units, j.Scaling = shape, 0, nil
	for k := 0; k < len(pairs); k += 2 {
		j.Scaling = append(j.Scaling, model.ScalingPoint{Units: pairs[k], EffectiveUnits: pairs[k+1]})
	}
}

// 8 unit-h at 2 units take four hours, 0.2*(10+10+10+40); at 6 units, which do the
// work of 4, two hours of 0.6*20: 14 against 12. With the fourth hour at 20 narrow
// is best: 10.
func TestMoldableJob(t *testing.T) {
	c, j := batch("", 0, 8, 10, 10, 10, 40)
	scaled(j, model.Moldable, 2, 2, 6, 4)
	p := solve(t, c)
	p.cost(12)
	p.series("held", p.Jobs[0].HeldUnits, 6, 6)
	c.ThermalUnits[0].CostFactor[3] = 20
	p = solve(t, c)
	p.cost(10)
	p.series("held", p.Jobs[0].HeldUnits, 2, 2, 2, 2)
}

// At 6 units 10 unit-h take 2.5 h: in the third hour half of the six are busy, and
// all are held.
func TestMoldableJobLastPeriod(t *testing.T) {
	c, j := batch("", 0, 10, 10, 10, 10)
	scaled(j, model.Moldable, 6, 4)
	p := solve(t, c)
	p.cost(0.6*10*2 + 0.3*10)
	p.series("busy", p.Jobs[0].BusyUnits, 6, 6, 3)
	p.series("held", p.Jobs[0].HeldUnits, 6, 6, 6)
}

// The pool is off in the second and the fifth hour. Three hours of work ask for one
// pause, four for two; where so many are not allowed the job is dropped for 50.
func TestGangInterruptions(t *testing.T) {
	c, j := batch(model.Preemptible, 4, 12, 10, 10, 10, 10, 10, 10)
	c.Pools[0].AvailableModules = model.Series{1, 0, 1, 1, 0, 1}
	j.DropPrice = ptr(50.0)
	for _, x := range []struct {
		most       int
		work, cost float64
	}{{0, 8, 8}, {0, 12, 50}, {1, 12, 12}, {1, 16, 50}, {2, 16, 16}} {
		j.MaxInterruptions, j.WorkUnitH = ptr(x.most), x.work
		solve(t, c).cost(x.cost)
	}
}

// An interruption adds (0.5+0.25) h * 4 units = 3 unit-h to 8. The pool is off in
// the second of four hours. Across it 4, 4 and 3 at 10, 10 and 60 are 26; without a
// pause the last two hours are 0.4*(10+60) = 28.
func TestGangRestart(t *testing.T) {
	c, j := batch(model.Preemptible, 4, 8, 10, 10, 10, 60)
	c.Pools[0].AvailableModules = model.Series{1, 0, 1, 1}
	j.RestartH, j.CheckpointLossH = 0.5, 0.25
	p := solve(t, c)
	p.cost(26)
	p.series("busy", p.Jobs[0].BusyUnits, 4, 0, 4, 3)
	p.series("held", p.Jobs[0].HeldUnits, 4, 0, 4, 4)
	// Another quarter of an hour makes it 0.4*(10+10+60) = 32: not worth it.
	j.RestartH = 0.75
	solve(t, c).cost(28)
	// At twice the speed four units do 8 in an hour, and the loss would be six.
	j.RestartH, c.Pools[0].Speed = 0.5, ptr(2.0)
	solve(t, c).cost(4)
}

// A gang may hold its units and do nothing: over an hour at 90, rather than lose the
// 4 unit-h of an interruption. All that it costs is a module's 0.1 MW.
func TestGangWaits(t *testing.T) {
	c, j := batch(model.Preemptible, 4, 8, 10, 90, 10, 90)
	c.Pools[0].AlwaysOn, c.Pools[0].IdleMWPerModule = false, 0.1
	j.RestartH = 1
	p := solve(t, c)
	p.cost(4 + 4 + 0.1*110)
	p.series("busy", p.Jobs[0].BusyUnits, 4, 0, 4)
	p.series("held", p.Jobs[0].HeldUnits, 4, 4, 4)
}

// A gang holds all its units: a workload of 7 beside a gang of 4 finds 6 of the ten
// in the hour in which two of them would do.
func TestGangHolds(t *testing.T) {
	c, j := batch(model.Preemptible, 4, 6, 10, 10)
	j.MaxInterruptions = ptr(0)
	c.LatencyClasses = []model.LatencyClass{{Name: "hot"}}
	work(c, "hot", 0, 7).UnservedPricePerUnitH = ptr(50.0)
	solve(t, c).cost(4 + 2 + 6 + 50)
}

// Between 2 and 6 units, that do 2 and 4: half a unit of work for each beyond two.
// 10 unit-h in hours at 10, 30, 10: 4 each in those at 10 with 6 units, and the 2
// left with 2 units at 30: 6+6+6 = 18.
func TestMalleableJob(t *testing.T) {
	c, j := batch("", 0, 10, 10, 30, 10)
	scaled(j, model.Malleable, 2, 2, 6, 4)
	p := solve(t, c)
	p.cost(0.6*10 + 0.2*30 + 0.6*10)
	p.series("busy", p.Jobs[0].BusyUnits, 6, 2, 6)

	// At 100 in the middle no more is possible than 8 without it.
	c.ThermalUnits[0].CostFactor[1] = 100
	j.WorkUnitH = 7
	p = solve(t, c)
	// A pause: 7 = 4 + 3, six units and four.
	p.cost(6 + 4)
	j.MaxInterruptions = ptr(0)
	// Without one: the hour at 100 with one at 10, 4 and 3 or 3 and 4; or all three
	// with 2 at 100: 3+2+2 with 4, 2 and 2 units: 4+20+2.
	solve(t, c).cost(26)
}

// Power that is free, and even earns when it is used, must not make a malleable job
// hold more than its work takes: 5 unit-h in one hour are three units of two
// segments, not six of the second alone.
func TestMalleableFillsInOrder(t *testing.T) {
	c, j := batch("", 0, 5, 1)
	scaled(j, model.Malleable, 2, 2, 4, 4, 8, 6)
	c.Renewables = []model.Renewable{{Name: "wind", Bus: "A", AvailableMW: model.Constant(2), CurtailmentPricePerMWh: 100}}
	p := solve(t, c)
	p.series("busy", p.Jobs[0].BusyUnits, 6)
	p.cost(100 * (2 - 0.6))
}

// A job does half of its 8 unit-h in P, at 10 in the first hour and 80 then, and moves
// to Q, at 30. The pause takes an hour, so it goes on in the third.
func TestMigration(t *testing.T) {
	c, j := migrating(10, 80, 80)
	p := solve(t, c)
	// 4 units in P at 10, then 4 in Q at 30 in the third hour, and 90 GB at 0.01.
	p.cost(0.4*10 + 0.4*30 + 0.9)
	if len(p.Jobs[0].Then) != 1 || p.Jobs[0].Then[0].Pool != "Q" || p.Jobs[0].Then[0].First != 2 {
		t.Fatalf("job %+v, want it to go on in Q in the third hour", p.Jobs[0])
	}
	p.series("sent", p.Jobs[0].Transfers[0].GB, 90)
	// An hour of restart does four more: in the last two hours at Q alone 0.4*60.
	j.RestartH = 1
	solve(t, c).cost(0.4 * 60)
	j.RestartH = 0
	// Nowhere else to go, where there is no link for its data.
	c.DataLinks = nil
	j.Migration.GB = 90
	solve(t, c).cost(0.4 * 60)
	// Nothing to send, and no pause: at once.
	j.Migration.GB, j.Migration.PauseH = 0, 0
	solve(t, c).cost(0.4*10 + 0.4*30)
}

// migrating returns a case with a gang of 4 units and 8 unit-h, with pool P in the
// east on a bus with the given prices and pool Q in the west at 30.
func migrating(price ...float64) (*model.Case, *model.Job) {
	c, j := batch(model.Preemptible, 4, 8, price...)
	c.Buses = append(c.Buses, model.Bus{Name: "B"})
	c.Regions = append(c.Regions, model.Region{Name: "west", Bus: "B"})
	addSite(c, "W", "west", "Q", 1)
	c.Sites[1].Bus = "B"
	c.Pools[1] = c.Pools[0]
	c.Pools[1].Name, c.Pools[1].Site = "Q", "W"
	unit(c, "V", 0, 1_000, 30).Bus = "B"
	c.DataLinks = []model.DataLink{{Name: "D", From: "east", To: "west", CapacityGbps: model.Series{1}, PricePerGB: 0.01}}
	j.Migration = &model.Migration{GB: 90, PauseH: 1}
	return c, j
}

// Where the pause lasts an hour and two periods of half an hour follow, the GB are
// sent in equal parts.
func TestMigrationPeriods(t *testing.T) {
	c, _ := migrating(10, 80, 80, 80)
	c.Horizon.Periods = []model.PeriodRun{{Count: 1, Hours: 1}, {Count: 2, Hours: 0.5}, {Count: 1, Hours: 1}}
	p := solve(t, c)
	p.cost(0.4*10 + 0.4*30 + 0.9)
	p.series("sent", p.Jobs[0].Transfers[0].GB, 45, 45)
}

// A rigid job of 12 unit-h, 8 of them done, goes on for an hour in P at 4 units, at
// 90; or begins anew in the three hours that follow, at 10 each.
func TestRunningRigidJob(t *testing.T) {
	c, j := batch(model.Rigid, 4, 12, 90, 10, 10, 10)
	j.Running = &model.Running{Pool: "P", DoneUnitH: 8}
	p := solve(t, c)
	p.cost(0.4 * 30)
	c.ThermalUnits[0].CostFactor[0] = 20
	p = solve(t, c)
	p.cost(8)
	p.series("busy", p.Jobs[0].BusyUnits, 4)
	// Pinned it goes on at once, whatever the price.
	c.ThermalUnits[0].CostFactor[0], j.Running.Pinned = 90, true
	solve(t, c).cost(36)
}

// A moldable job holds the width that it has: 4 of 8 unit-h are left, one hour at 6
// units.
func TestRunningMoldableJob(t *testing.T) {
	c, j := batch("", 0, 8, 10, 10, 10)
	scaled(j, model.Moldable, 2, 2, 6, 4)
	j.Running = &model.Running{Pool: "P", DoneUnitH: 4, Units: 6, Pinned: true}
	p := solve(t, c)
	p.cost(6)
	p.series("held", p.Jobs[0].HeldUnits, 6)
}

// A gang that ran before has 4 unit-h left. A module draws 0.1 MW: in the first hour,
// at 60, the job would wait for 6; an interruption adds 2 unit-h, half of the third
// hour, where it costs 2 and the module 1.
func TestRunningGang(t *testing.T) {
	c, j := batch(model.Preemptible, 4, 12, 60, 10, 10)
	c.Pools[0].AlwaysOn, c.Pools[0].IdleMWPerModule = false, 0.1
	j.RestartH = 0.5
	j.Running = &model.Running{Pool: "P", DoneUnitH: 8}
	p := solve(t, c)
	p.cost(5 + 3)
	p.ints("first", []int{p.Jobs[0].First}, 1)
	j.MaxInterruptions = ptr(0)
	p = solve(t, c)
	p.cost(6 + 5)
	p.series("busy", p.Jobs[0].BusyUnits, 0, 4)
}

// In period 0 a job that ran in P may already be on its way to Q: a pause of an
// hour, then 4 unit-h at 30.
func TestRunningJobMoves(t *testing.T) {
	c, j := migrating(80, 80, 80)
	j.Running = &model.Running{Pool: "P", DoneUnitH: 4}
	p := solve(t, c)
	p.cost(0.4*30 + 0.9)
	if p.Jobs[0].Pool != "P" || len(p.Jobs[0].BusyUnits) > 0 || len(p.Jobs[0].Then) != 1 || p.Jobs[0].Then[0].First != 1 {
		t.Errorf("job %+v, want it to go on in Q from period 1", p.Jobs[0])
	}
	j.Running.Pinned = true
	solve(t, c).cost(0.4 * 80)
}

// Work left costs 3 a unit-h; in hours at 10 and 90 the job does 4 and leaves 4 of
// eight: 4 + 12 against 40.
func TestBacklog(t *testing.T) {
	for _, x := range []struct {
		name  string
		shape func(j *model.Job)
	}{
		{"fluid", func(j *model.Job) { j.Shape = model.Preemptible }},
		{"gang", func(j *model.Job) { j.Shape, j.MaxInterruptions = model.Preemptible, ptr(3) }},
		{"malleable", func(j *model.Job) { scaled(j, model.Malleable, 1, 1, 4, 4) }},
	} {
		t.Run(x.name, func(t *testing.T) {
			c, j := batch("", 4, 8, 10, 90)
			x.shape(j)
			j.BacklogPricePerUnitH = ptr(3.0)
			p := solve(t, c)
			p.cost(4 + 12)
			p.item(model.CostBacklog, "J", 12)
			near(t, "left", p.Jobs[0].LeftUnitH, 4)
			// At 0.5 a unit-h it is left whole.
			j.BacklogPricePerUnitH = ptr(0.5)
			p = solve(t, c)
			p.cost(4)
			near(t, "left", p.Jobs[0].LeftUnitH, 8)
			// Dropped only where that costs less.
			j.DropPrice = ptr(3.0)
			solve(t, c).cost(3)
		})
	}
}

// A rigid job of three hours that starts in the second of two and leaves two thirds:
// 4 + 8*0.5; whole it is 12*0.5 = 6 and cheaper still. At 1 a unit-h: 4+8 against 12.
func TestRigidBacklog(t *testing.T) {
	c, j := batch(model.Rigid, 4, 12, 90, 10)
	j.BacklogPricePerUnitH = ptr(2.0)
	p := solve(t, c)
	p.cost(4 + 16)
	near(t, "left", p.Jobs[0].LeftUnitH, 8)
	p.ints("first", []int{p.Jobs[0].First}, 1)
	j.BacklogPricePerUnitH = ptr(0.5)
	solve(t, c).cost(6)
	// Late by the horizon's end, an hour after it is due, at 1.
	j.DueH, j.DeadlineH, j.LatePricePerH = ptr(1.0), ptr(5.0), ptr(1.0)
	solve(t, c).cost(7)
}

// Due after an hour, with an hour late at 10 and the deadline hard after three: the
// job takes the second hour at 20 rather than the first at 90 or the fourth at 1.
func TestDueTime(t *testing.T) {
	for _, x := range []func(j *model.Job){
		func(j *model.Job) { j.Shape = model.Rigid },
		func(j *model.Job) { j.Shape = model.Preemptible },
		func(j *model.Job) { j.Shape, j.MaxInterruptions = model.Preemptible, ptr(1) },
		func(j *model.Job) { scaled(j, model.Malleable, 4, 4) },
	} {
		c, j := batch("", 4, 4, 90, 20, 30, 1)
		x(j)
		j.DueH, j.DeadlineH, j.LatePricePerH = ptr(1.0), ptr(3.0), ptr(10.0)
		p := solve(t, c)
		p.cost(8 + 10)
		p.item(model.CostLate, "J", 10)
		near(t, "late", p.Jobs[0].LateH, 1)
	}
}

// The job runs at speed 2 on kind gpu, where a unit draws twice as much, and is done
// in half the time: both cost the same but for the price of the second hour.
func TestKindSpeeds(t *testing.T) {
	c, j := batch(model.Rigid, 4, 8, 10, 50)
	addSite(c, "W", "east", "Q", 1)
	c.Pools[1] = c.Pools[0]
	c.Pools[1].Name, c.Pools[1].Site, c.Pools[1].Kind = "Q", "W", "gpu"
	c.Pools[1].DynamicMWPerUnit = 0.2
	solve(t, c).cost(0.4 * 60)
	j.KindSpeeds = []model.KindSpeed{{Kind: "gpu", Speed: 2}}
	p := solve(t, c)
	p.cost(0.8 * 10)
	if p.Jobs[0].Pool != "Q" {
		t.Errorf("pool %s, want Q", p.Jobs[0].Pool)
	}
}

// A drop loses the value and the drop price; without either it costs the case's
// price, doubled by each step of priority: 4 * 2 * 2^2 = 32 against 40 of power.
func TestDropPrices(t *testing.T) {
	c, j := batch(model.Rigid, 4, 4, 100)
	c.Penalties.DropPricePerUnitH = ptr(2.0)
	for _, x := range []struct {
		priority int
		value    float64
		price    *float64
		cost     float64
	}{
		{0, 0, nil, 8}, {2, 0, nil, 32}, {3, 0, nil, 40},
		{9, 30, nil, 30}, {9, 30, ptr(5.0), 35}, {9, 30, ptr(12.0), 40},
	} {
		j.Priority, j.Value, j.DropPrice = x.priority, x.value, x.price
		solve(t, c).cost(x.cost)
	}
}

// Two gangs of 6 units do not fit beside each other in 10: one hour each.
func TestGangClass(t *testing.T) {
	c, j := batch(model.Preemptible, 6, 6, 20, 10, 30)
	j.MaxInterruptions, j.Count = ptr(0), 2
	p := solve(t, c)
	p.cost(0.6*10 + 0.6*20)
	if len(p.Jobs) != 2 || p.Jobs[0].First == p.Jobs[1].First {
		t.Errorf("jobs %+v, want two in different hours", p.Jobs)
	}
}

// Identical jobs are planned as one class, whatever their count, and the plan names
// each: five of 4 units go two at a time into the cheapest hours, and the last is
// late by an hour. One that another comes after stays by itself.
func TestIdenticalJobsMerge(t *testing.T) {
	c, j := batch(model.Rigid, 4, 4, 20, 10, 30)
	j.DueH, j.DeadlineH, j.LatePricePerH = ptr(2.0), ptr(3.0), ptr(1.0)
	like := func(name string, count int) model.Job {
		other := c.Jobs[0]
		other.Name, other.Count = name, count
		return other
	}
	c.Jobs = append(c.Jobs, like("K", 2), like("L", 1), like("M", 1))
	c.Jobs = append(c.Jobs, model.Job{Name: "N", Region: "east", Shape: model.Rigid, Units: 1, WorkUnitH: 1, After: []model.Precedence{{Job: "M"}}})
	const cost = 0.8*20 + 0.8*10 + (0.4*30 + 1) + 0.1*10
	merged := outcome(t, c, opt.Options{})
	apart := outcome(t, c, opt.Options{Formulation: opt.Formulation{SingleUnits: true}})
	near(t, "merged", merged.Plan.Objective, cost)
	near(t, "apart", apart.Plan.Objective, cost)
	// Three starts and a drop for each of two jobs less.
	if d := apart.Size.Columns - merged.Size.Columns; d != 8 {
		t.Errorf("%d columns less, want 8", d)
	}
	var names []string
	for _, p := range merged.Plan.Jobs {
		names = append(names, fmt.Sprint(p.Job, p.Number))
	}
	if got := fmt.Sprint(names); got != "[J1 K1 K2 L1 M1 N1]" {
		t.Errorf("jobs %s", got)
	}
}
