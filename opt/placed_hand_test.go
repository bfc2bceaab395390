package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// Small cases with what ties jobs to each other, and gangs that are interrupted, solved by
// hand, in the whole program and by placement. Jobs that are placed reckon with prices that
// rise with what they take themselves, so places are the best only where hours differ by
// more than that: they differ much here, or the pools have much more room than jobs take.

// placedAt solves the case both ways. All its jobs are placed, none is left in the program.
func placedAt(t *testing.T, c *model.Case, want float64) solved {
	t.Helper()
	solve(t, c).cost(want)
	return placedOnly(t, c, want, want)
}

// placedOnly insists on a verified placement of all jobs, on its cost and on a bound no
// higher than the least cost.
func placedOnly(t *testing.T, c *model.Case, want, least float64) solved {
	t.Helper()
	out := outcome(t, c, opt.Options{Method: opt.Placement, Gap: 1e-6})
	if out.Method != opt.Placement || out.Plan == nil || out.Plan.Bound == nil || out.Placement == nil {
		t.Fatalf("%v by %v: %q", out.Status, out.Method, out.Notes)
	}
	all := 0
	for i := range c.Jobs {
		all += c.Jobs[i].N()
	}
	if n := out.Placement.Jobs; n != all {
		t.Fatalf("%d of %d jobs are placed", n, all)
	}
	if b := *out.Plan.Bound; b > least && !close(b, least) {
		t.Errorf("bound %.9g, the least cost is %.9g", b, least)
	}
	p := solved{out.Plan, t}
	p.cost(want)
	return p
}

// Both jobs of an owner fit into the hour at 10: 2*4. A quota of 4 units, or of 40 % of the
// pool's 10, has one of them wait for the hour at 90; with one of 6 unit-hours the second is
// dropped at 50; what the owner holds in other pools does not count.
func TestPlacedQuota(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		for _, x := range []struct {
			quota model.Quota
			cost  float64
		}{
			{model.Quota{MaxUnits: model.Constant(8)}, 4 + 4},
			{model.Quota{MaxUnits: model.Constant(4)}, 4 + 36},
			{model.Quota{MaxShare: model.Constant(0.4)}, 4 + 36},
			{model.Quota{MaxUnits: model.Series{4, 9}, MaxShare: model.Series{0.9, 0.4}}, 4 + 36},
			{model.Quota{MaxUnitH: ptr(8.0)}, 4 + 4},
			{model.Quota{MaxUnitH: ptr(6.0)}, 4 + 50},
			{model.Quota{MaxUnitH: ptr(6.0), Pools: []string{"other"}}, 4 + 4},
			{model.Quota{MaxUnitH: ptr(0.0)}, 50 + 50},
		} {
			c, q := owned(shape, 10, 90)
			addSite(c, "other", "east", "other", 0)
			for i := range c.Jobs {
				c.Jobs[i].DropPrice = ptr(50.0)
			}
			x.quota.Name, x.quota.Owner = q.Name, q.Owner
			*q = x.quota
			placedAt(t, c, x.cost)
		}
	}
}

// At the power level work takes twice as long and 0.06 MWh per unit-hour instead of 0.1. Two
// jobs of 6 units for two hours there take 4*6*0.03 MWh at 10: 7.2. The level's units are the pool's, and of
// ten there is room for one job at a time, so each does with an hour of the
// pool itself: 6+6. With the second hour at 50, a third of the work in the first, at the
// level, would be 1.8+9 instead of 6, and one job has to wait: 6+30.
func TestPlacedPowerLevel(t *testing.T) {
	c, j := batch(model.Rigid, 6, 6, 10, 10)
	c.Pools = append(c.Pools, model.Pool{Name: "low", Site: "S", ModulesOf: "P", Speed: ptr(0.5), DynamicMWPerUnit: 0.03})
	other := *j
	other.Name = "K"
	c.Jobs = append(c.Jobs, other)
	c.Pools[0].UnitsPerModule = 100
	placedAt(t, c, 4*1.8)
	c.Pools[0].UnitsPerModule = 10
	placedAt(t, c, 6+6)
	c.ThermalUnits[0].CostFactor = model.Series{10, 50}
	placedAt(t, c, 6+30)
}

// As in TestJobAfter: of the hours at 40, 10, 20, 30, 25 the second and the third or, with a
// lag of 1.5 h, the second and the fifth.
func TestPlacedAfter(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, k := chain(shape, 40, 10, 20, 30, 25)
		p := placedAt(t, c, 4+8)
		p.ints("first", []int{p.Jobs[0].First, p.Jobs[1].First}, 1, 2)
		k.After[0].LagH = 1.5
		p = placedAt(t, c, 4+10)
		p.ints("first", []int{p.Jobs[0].First, p.Jobs[1].First}, 1, 4)
	}
	// A chain of three in the hours at 10, 20 and 30. The first is dropped at 3, and with it
	// the others at 1 each: done, it would cost 4 in place of 3.
	c, k := chain(model.Rigid, 40, 10, 20, 30)
	last := *k
	last.Name, last.After = "L", []model.Precedence{{Job: "K"}}
	c.Jobs = append(c.Jobs, last)
	placedAt(t, c, 4+8+12)
	for i, price := range []float64{3, 1, 1} {
		c.Jobs[i].DropPrice = ptr(price)
	}
	placedAt(t, c, 3+1+1)
}

// J hands over 450 GB. In one region nothing is sent: the hours at 10 and 20. Where J has to
// be in the north, K goes there too. Where K must not, the data is sent in the second hour
// for 4.5 and K runs at 50, or K is dropped at 20.
func TestPlacedHandover(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, k := chain(shape, 10, 20, 50)
		k.After[0].GB = 450
		placedAt(t, c, 4+8)
		c.Jobs[0].AllowedSites = []string{"N"}
		k.AllowedSites = nil
		p := placedAt(t, c, 4+8)
		if p.Jobs[1].Pool != "Q" {
			t.Errorf("K is in %s, not where J is", p.Jobs[1].Pool)
		}
		k.AllowedSites = []string{"S"}
		placedAt(t, c, 4+20+4.5)
		k.DropPrice = ptr(20.0)
		placedAt(t, c, 4+20)
	}
}

// loosely gives a job a quota that never binds. So it does not stay in the program, whatever it may do.
func loosely(c *model.Case, j *model.Job) {
	c.Quotas, j.Owner = []model.Quota{{Name: "q", Owner: "O", MaxUnitH: ptr(100.0)}}, "O"
}

// As in TestMalleableJob: with a pause 7 unit-h cost 6+4; with none, the hour at 100 at the
// narrowest width, 3+2+3 unit-h for 4+20+4 or so. Where a pause costs half an hour at it, 8 = 4 + 4
// unit-h in the hours at 10 take 6+6.
func TestPlacedPausing(t *testing.T) {
	c, j := batch("", 0, 7, 10, 100, 10)
	scaled(j, model.Malleable, 2, 2, 6, 4)
	placedAt(t, c, 6+4)
	loosely(c, j)
	j.MaxInterruptions = ptr(0)
	placedAt(t, c, 26)
	j.MaxInterruptions, j.RestartH = nil, 0.5
	solve(t, c).cost(6 + 6)
	placedAt(t, c, 6+6)
}

// As in TestGroupTogether: four jobs fit into the hour at 10, two in each pool; together two
// of them run at 90.
func TestPlacedTogether(t *testing.T) {
	for _, place := range []model.Place{model.InPool, model.InSite, model.InRegion} {
		c, g := grouped(4, 10, 90)
		groups := c.JobGroups
		c.JobGroups = nil
		placedAt(t, c, 4*4)
		c.JobGroups = groups
		g.Together = place
		p := placedAt(t, c, 2*4+2*36)
		for _, j := range p.Jobs {
			if j.Pool != p.Jobs[0].Pool {
				t.Errorf("in %s and %s, want one %s", j.Pool, p.Jobs[0].Pool, place)
			}
		}
		if place != model.InPool {
			c.Pools[1].Site = "S" // two pools, with room for all
			placedAt(t, c, 4*4)
		}
	}
}

// As in TestGroupApart: power is ten times as dear in Q, where one of two jobs has to be; two
// may share P where two are allowed; a third has no place of its own.
func TestPlacedApart(t *testing.T) {
	for _, place := range []model.Place{model.InPool, model.InSite, model.InRegion} {
		c, g := grouped(2, 10)
		c.Pools[1].DynamicMWPerUnit = 1
		g.Apart = place
		placedAt(t, c, 4+40)
		g.MaxPer = 2
		placedAt(t, c, 4+4)
		c, g = grouped(3, 10)
		g.Apart = place
		c.Jobs[2].DropPrice = ptr(7.0)
		placedAt(t, c, 4+4+7)
	}
}

// Of the hours at 10, 50, 20, 15 J may have the first two and K the others: 4 and 6 where they
// may end 3 h apart, 4 and 8 where 2 h. Closer than an hour they cannot end, and J is dropped
// at 60.
func TestPlacedFinishWithin(t *testing.T) {
	for _, x := range []struct{ hours, cost float64 }{{3, 4 + 6}, {2.5, 4 + 8}, {2, 4 + 8}, {0.5, 60 + 6}} {
		c, g := grouped(2, 10, 50, 20, 15)
		c.Jobs[0].DeadlineH, c.Jobs[0].DropPrice, c.Jobs[1].ReleaseH = ptr(2.0), ptr(60.0), 2
		g.FinishWithinH = ptr(x.hours)
		placedAt(t, c, x.cost)
	}
}

// As in TestGroupAllOrNone: one of the two does not fit, so neither is done.
func TestPlacedAllOrNone(t *testing.T) {
	c, g := grouped(2, 10)
	for i := range c.Jobs {
		c.Jobs[i].Units, c.Jobs[i].WorkUnitH, c.Jobs[i].AllowedSites = 8, 8, []string{"S"}
	}
	c.Jobs[0].DropPrice, c.Jobs[1].DropPrice = ptr(100.0), ptr(200.0)
	g.Apart, g.MaxPer = model.InPool, 2 // ties nothing
	placedAt(t, c, 8+100)
	g.AllOrNone = true
	placedAt(t, c, 100+200)
	c.Jobs[1].AllowedSites = nil
	placedAt(t, c, 8+8)
}

// J has to end in the first two hours, K in the other two. Alone J would run in the first
// hour, at 10, and K in the last, at 15; within an hour of each other they end in the second
// and the third: 0.4 MWh at 50 and at 20. With two hours between
// them J runs in the first, with three K in the last too.
func TestPlacedFinishApart(t *testing.T) {
	c, g := grouped(2, 10, 50, 20, 15)
	for i := range c.Jobs {
		c.Jobs[i].Units, c.Jobs[i].WorkUnitH, c.Jobs[i].DropPrice, c.Jobs[i].AllowedSites = 4, 4, ptr(60.0), []string{"S"}
	}
	c.Pools[0].UnitsPerModule = 100
	c.Jobs[0].DeadlineH, c.Jobs[1].ReleaseH = ptr(2.0), 2
	g.FinishWithinH = ptr(1.0)
	placedAt(t, c, 0.4*50+0.4*20)
	g.FinishWithinH = ptr(2.0)
	placedAt(t, c, 0.4*10+0.4*20)
	g.FinishWithinH = ptr(3.0)
	placedAt(t, c, 0.4*10+0.4*15)
}

// A gang whose interruptions are not counted: TestGangRestart by placement, then a pool that
// is off every other hour. Each of the pauses adds a quarter of an hour, a unit-hour of its
// 4, so that 22 fill seven hours with six pauses: 28 unit-hours at 0.1 MW and 10. A little
// more does not fit, and is dropped at 99.
func TestPlacedInterruptions(t *testing.T) {
	c, j := batch(model.Preemptible, 4, 8, 10, 10, 10, 60)
	c.Pools[0].AvailableModules, c.Pools[0].UnitsPerModule = model.Series{1, 0, 1, 1}, 100
	j.RestartH, j.CheckpointLossH = 0.5, 0.25
	p := placedAt(t, c, 4+4+18)
	p.series("busy", p.Jobs[0].BusyUnits, 4, 0, 4, 3)
	p.series("held", p.Jobs[0].HeldUnits, 4, 0, 4, 4)
	j.RestartH = 0.75
	placedAt(t, c, 4+24)

	price, on := make([]float64, 13), make(model.Series, 13)
	for i := range price {
		price[i], on[i] = 10, float64((i+1)%2)
	}
	c, j = batch(model.Preemptible, 4, 22, price...)
	c.Pools[0].AvailableModules = on
	j.RestartH, j.DropPrice = 0.25, ptr(99.0)
	placedAt(t, c, 28)
	j.WorkUnitH = 22.1
	placedAt(t, c, 99)
}

// Nine pauses are one more than a placement's gangs have: where they are needed the job is
// dropped at 99, while the bound is no higher than with all of them, 31+9 unit-hours for 40.
func TestPlacedManyInterruptions(t *testing.T) {
	price, on := make([]float64, 19), make(model.Series, 19)
	for i := range price {
		price[i], on[i] = 10, float64((i+1)%2)
	}
	c, j := batch(model.Preemptible, 4, 31, price...)
	c.Pools[0].AvailableModules = on
	j.RestartH, j.DropPrice = 0.25, ptr(99.0)
	for _, most := range []*int{nil, ptr(20)} {
		j.MaxInterruptions = most
		solve(t, c).cost(40)
		placedOnly(t, c, 99, 40)
	}
}

// As in TestJobInputs: 600 GB from the north in two hours, beside 900 from the west, and the
// work at 50 after them.
func TestPlacedInputs(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, j := twoRegions(shape, 4, 4, 1, 1, 50, 90)
		c.Regions = append(c.Regions, model.Region{Name: "west"})
		c.DataLinks = append(c.DataLinks, model.DataLink{Name: "E", From: "east", To: "west", CapacityGbps: model.Series{2}, PricePerGB: 0.02})
		j.Inputs = []model.DataFlow{{Region: "north", GB: 300}, {Region: "west", GB: 900}, {Region: "east", GB: 1e6}, {Region: "north", GB: 300}}
		p := placedAt(t, c, 0.4*50+600*0.01+900*0.02)
		p.item(model.CostData, "J", 24)
		p.ints("first", []int{p.Jobs[0].First}, 2)
		if n := len(p.Jobs[0].Transfers); n != 3 {
			t.Errorf("%d transfers, want 3", n)
		}
		near(t, "by E", p.DataLinks[1].BackwardGB[0]+p.DataLinks[1].BackwardGB[1], 900)
	}
}

// As in TestJobOutputs: the output takes the hour after the last of work; of two that share
// the link one works in the first hour.
func TestPlacedOutputs(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, j := twoRegions(shape, 4, 4, 50, 20, 10)
		j.Outputs = []model.DataFlow{{Region: "north", GB: 450}}
		p := placedAt(t, c, 0.4*20+4.5)
		p.item(model.CostData, "J", 4.5)
		p.transfer(&p.Jobs[0], model.TransferOutput, 0, 2, 450)

		j.Count = 2
		p = placedAt(t, c, 0.4*20+0.4*50+9)
		p.series("link", p.DataLinks[0].BackwardGB, 0, 450, 450)
		j.Count, j.Outputs[0].Region = 1, "east"
		placedAt(t, c, 0.4*10)
	}
}

// The output takes the last hour, so the two hours of work are those at 40 and 10. A job that
// leaves half of its work, at 4, works in the last hour, and owes no output.
func TestPlacedOutputsOfWorkLeft(t *testing.T) {
	c, j := twoRegions(model.Rigid, 4, 8, 40, 10, 10)
	j.Outputs = []model.DataFlow{{Region: "north", GB: 450}}
	p := placedAt(t, c, 0.4*40+0.4*10+4.5)
	p.ints("first", []int{p.Jobs[0].First}, 0)
	j.BacklogPricePerUnitH = ptr(1.0)
	placedAt(t, c, 0.4*10+4)
}

// As in TestRunningMoldableJob; a malleable job does what is left, 4 unit-h at
// a width of 2, in the two hours at 10.
func TestPlacedRunning(t *testing.T) {
	c, j := batch("", 0, 8, 10, 10, 10)
	scaled(j, model.Moldable, 2, 2, 6, 4)
	j.Running = &model.Running{Pool: "P", DoneUnitH: 4, Units: 6, Pinned: true}
	p := placedAt(t, c, 6)
	p.series("held", p.Jobs[0].HeldUnits, 6)
	// Not pinned it begins anew, at 2 units in four hours, where the first costs as much as dropping it.
	c, j = batch("", 0, 8, 500, 10, 10, 10, 10)
	scaled(j, model.Moldable, 2, 2, 6, 4)
	j.Running = &model.Running{Pool: "P", DoneUnitH: 4, Units: 6}
	placedAt(t, c, 8)

	// A gang holds its units through the hour at 60, and does the rest in the next.
	c, j = batch(model.Preemptible, 4, 12, 60, 10, 10)
	j.RestartH = 0.5
	j.Running = &model.Running{Pool: "P", DoneUnitH: 8}
	placedAt(t, c, 4)

	c, j = batch("", 0, 8, 60, 10, 10, 10)
	scaled(j, model.Malleable, 1, 1, 2, 2)
	j.Running = &model.Running{Pool: "P", DoneUnitH: 4}
	placedAt(t, c, 4)
	loosely(c, j)
	j.RestartH = 0.5 // 4.5 unit-h, since it waits
	placedAt(t, c, 4.5)
	j.MaxInterruptions = ptr(0) // it works from the hour at 60 on
	placedAt(t, c, 6+3)
}

// As in TestBacklog: in hours at 10 and 90 the job does 4 unit-h and leaves 4 at 3 each; at 0.5
// it is left whole.
func TestPlacedBacklog(t *testing.T) {
	for _, shape := range []func(j *model.Job){
		func(j *model.Job) { j.Shape = model.Preemptible },
		func(j *model.Job) { j.Shape, j.MaxInterruptions = model.Preemptible, ptr(3) },
		func(j *model.Job) { j.Shape, j.RestartH = model.Preemptible, 0.5 },
		func(j *model.Job) { scaled(j, model.Malleable, 1, 1, 4, 4) },
		func(j *model.Job) { scaled(j, model.Malleable, 1, 1, 4, 4); j.MaxInterruptions = ptr(0) },
	} {
		c, j := batch("", 4, 8, 10, 90)
		shape(j)
		loosely(c, j)
		j.BacklogPricePerUnitH = ptr(3.0)
		p := placedAt(t, c, 4+12)
		p.item(model.CostBacklog, "J", 12)
		near(t, "left", p.Jobs[0].LeftUnitH, 4)
		j.BacklogPricePerUnitH = ptr(0.5)
		placedAt(t, c, 4)
	}
}

// An hour at 10 in P and, after a pause, one at 30 in Q, for 0.9 of data: 4+12+0.9. The jobs of a
// class are placed, and do not move: two hours in Q, 24 each.
func TestPlacedMigration(t *testing.T) {
	c, j := migrating(10, 80, 80, 80)
	j.Count = 2
	solve(t, c).cost(2 * (4 + 12 + 0.9))
	placedOnly(t, c, 2*24, 2*(4+12+0.9))
}

// enclosed insists on a verified placement of all jobs, without a schedule that is set aside, and on
// a bound no higher than the least cost.
func enclosed(t *testing.T, c *model.Case) *opt.Outcome {
	t.Helper()
	least := solve(t, c).Objective
	out := outcome(t, c, opt.Options{Method: opt.Placement, Gap: 1e-6})
	if out.Method != opt.Placement || out.Plan == nil || out.Plan.Bound == nil || out.Rejected || len(out.Notes) > 0 {
		t.Fatalf("%v by %v: %q", out.Status, out.Method, out.Notes)
	}
	if b, cost := *out.Plan.Bound, out.Plan.Objective; b > least && !close(b, least) || cost < least && !close(cost, least) {
		t.Errorf("bound %.9g and cost %.9g, the least cost is %.9g", b, cost, least)
	}
	return out
}

// Input lies in the east, results belong in the west, and a GB costs 0.1: to begin in P and end in Q sends
// but a checkpoint of 9 GB, which no pool alone does, and the bound knows of it.
func TestPlacedMigrationData(t *testing.T) {
	c, j := migrating(10, 80, 80, 80)
	j.Count = 2
	j.Inputs = []model.DataFlow{{Region: "east", GB: 400}}
	j.Outputs = []model.DataFlow{{Region: "west", GB: 400}}
	j.Migration = &model.Migration{GB: 9, PauseH: 1}
	c.DataLinks[0].PricePerGB = 0.1
	c.DataLinks[0].CapacityGbps = model.Series{10}
	enclosed(t, c)
}

// J would end after an hour in Q, four times as fast, so K can follow in the second hour at 10:
// the bound lets it, though J is placed where it runs, in P.
func TestPlacedAfterMigration(t *testing.T) {
	c, j := migrating(10, 10, 10, 80)
	j.WorkUnitH = 12
	j.Running = &model.Running{Pool: "P"}
	j.Migration = &model.Migration{}
	c.Pools[1].Speed = ptr(4.0)
	k := *j
	k.Running, k.Migration, k.Name = nil, nil, "K"
	k.WorkUnitH, k.Shape = 4, model.Rigid
	k.AllowedSites = []string{"S"}
	k.After = []model.Precedence{{Job: "J"}}
	c.Jobs = append(c.Jobs, k)
	enclosed(t, c)
}

// J runs, and K can end in the fourth hour only; they end within half an hour of each other. J may not be
// interrupted, and holds its units until then; or it may, at the loss of an hour.
func TestPlacedRunningInGroup(t *testing.T) {
	for _, n := range []int{0, 3} {
		c, j := batch(model.Preemptible, 4, 8, 90, 90, 10, 10)
		j.Running = &model.Running{Pool: "P", DoneUnitH: 4}
		j.MaxInterruptions, j.RestartH = ptr(n), 1
		k := *j
		k.Name, k.Running, k.Shape, k.MaxInterruptions, k.RestartH = "K", nil, model.Rigid, nil, 0
		k.ReleaseH, k.WorkUnitH = 3, 4
		c.Jobs = append(c.Jobs, k)
		c.JobGroups = []model.JobGroup{{Name: "G", Jobs: []string{"J", "K"}, FinishWithinH: ptr(0.5)}}
		for i := range c.Jobs {
			c.Jobs[i].DropPrice = ptr(500.0)
		}
		c.Pools[0].UnitsPerModule = 100
		enclosed(t, c)
	}
}

// The job runs in P, which lies too far for its class: it begins anew in Q.
func TestPlacedRunningTooFar(t *testing.T) {
	c, j := twoRegions(model.Rigid, 4, 4, 10, 10)
	c.LatencyClasses = []model.LatencyClass{{Name: "near", MaxRoundTripMS: ptr(10.0)}}
	c.Network.RoundTrips = []model.RoundTrip{{Region: "north", Site: "S", MS: 150}, {Region: "north", Site: "N", MS: 1}}
	j.AllowedSites, j.Region, j.Class = nil, "north", "near"
	j.Running = &model.Running{Pool: "P", DoneUnitH: 2}
	if out := enclosed(t, c); out.Plan.Jobs[0].Pool != "Q" {
		t.Errorf("job %+v, want it in Q", out.Plan.Jobs[0])
	}
}

// Each of three jobs reads 100 GB from the west, which take 1 MWh at either end, and has one hour to
// get them. The unit there gives 2 MW and nothing else can be shed, so one job is dropped: there is
// a bound all the same. Two times 0.25 MWh of busy units, 0.1 of their module, 2 for data in the east, at 100.
func TestPlacedSendsWithinPower(t *testing.T) {
	c := computing(4, 1, 1)
	c.Buses = append(c.Buses, model.Bus{Name: "B"})
	c.Regions[0].Bus = "A"
	c.Regions = append(c.Regions, model.Region{Name: "west", Bus: "B"})
	unit(c, "small", 0, 2, 0).Bus = "B"
	c.DataLinks = []model.DataLink{{Name: "D", From: "west", To: "east", CapacityGbps: model.Series{1}, EnergyKWhPerGB: 20}}
	c.Jobs = []model.Job{{
		Name: "J", Region: "west", Count: 3, Shape: model.Rigid, Units: 5, WorkUnitH: 5, InputGB: 100, DropPrice: ptr(30_000.0),
	}}
	placedAt(t, c, 100*(2*0.25+0.1+2)+30_000)
}
