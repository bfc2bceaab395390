package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// batch returns a case whose power costs so much a MWh in each hour, with site S
// and pool P of one module of 10 units that is always on and draws nothing when
// idle and 0.1 MW a busy unit, and one job from region east.
func batch(shape model.JobShape, units, workUnitH float64, price ...float64) (*model.Case, *model.Job) {
	c := hourly(len(price))
	unit(c, "U", 0, 1_000, 1).CostFactor = price
	c.Regions = []model.Region{{Name: "east"}}
	addSite(c, "S", "east", "P", 1)
	c.Pools[0].AlwaysOn, c.Pools[0].IdleMWPerModule, c.Pools[0].DynamicMWPerUnit = true, 0, 0.1
	c.Jobs = []model.Job{{Name: "J", Region: "east", Shape: shape, Units: units, WorkUnitH: workUnitH}}
	return c, &c.Jobs[0]
}

// 4 units for 2.5 h: three hours in a row, of which the last draws for half the
// units. From the second hour on: 0.4*20 + 0.4*10 + 0.2*30.
func TestRigidJob(t *testing.T) {
	c, _ := batch(model.Rigid, 4, 10, 90, 20, 10, 30, 90)
	p := solve(t, c)
	p.cost(8 + 4 + 6)
	p.ints("first", []int{p.Jobs[0].First}, 1)
	p.series("busy", p.Jobs[0].BusyUnits, 4, 4, 2)
	p.series("pool", p.Pools[0].BusyUnits, 0, 4, 4, 2, 0)
}

// The gang is held to the end: 4 of the pool's 10 units are taken in the third
// hour although 2 draw power, so a workload of 7 finds room for 6.
func TestRigidJobHoldsItsGang(t *testing.T) {
	c, _ := batch(model.Rigid, 4, 10, 10, 10, 10)
	c.LatencyClasses = []model.LatencyClass{{Name: "hot"}}
	work(c, "hot", 0, 0, 7).UnservedPricePerUnitH = ptr(50.0)
	p := solve(t, c)
	p.cost(4 + 4 + 2 + 6 + 50)
	p.series("unserved", p.Workloads[0].UnservedUnits, 0, 0, 1)
}

// At twice the speed 10 unit-h take 4 units 1.25 h: two hours, the second at one
// unit. Over periods of 0.5, 0.5 and 2 h: 1.25 h are all three, with 4*0.25 left
// for two hours, half a unit.
func TestRigidJobLength(t *testing.T) {
	c, _ := batch(model.Rigid, 4, 10, 10, 10, 10)
	c.Pools[0].Speed = ptr(2.0)
	p := solve(t, c)
	p.cost(4 + 1)
	p.series("busy", p.Jobs[0].BusyUnits, 4, 1)

	c.Horizon.Periods = []model.PeriodRun{{Count: 2, Hours: 0.5}, {Count: 1, Hours: 2}}
	c.ThermalUnits[0].CostFactor = model.Series{10, 10, 30}
	p = solve(t, c)
	p.cost(0.5*4 + 0.5*4 + 2*0.5*0.1*30)
	p.series("busy", p.Jobs[0].BusyUnits, 4, 4, 0.5)
}

// A preemptible job takes the cheapest hours: 10 unit-h at 4 units a time in
// hours at 10, 20 and, half, 30.
func TestPreemptibleJob(t *testing.T) {
	c, _ := batch(model.Preemptible, 4, 10, 20, 90, 10, 90, 30)
	p := solve(t, c)
	p.cost(0.4*20 + 0.4*10 + 0.2*30)
	p.series("busy", p.Jobs[0].BusyUnits, 4, 0, 4, 0, 2)
	p.ints("first", []int{p.Jobs[0].First}, 0)
}

// Release and deadline that fall inside an hour round inward: of five hours those
// from 2 to 4 are left.
func TestJobWindow(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, j := batch(shape, 4, 8, 1, 1, 20, 30, 1)
		j.ReleaseH, j.DeadlineH = 1.5, ptr(4.5)
		p := solve(t, c)
		p.cost(0.4 * 50)
		p.ints("first", []int{p.Jobs[0].First}, 2)
	}
}

// Two hours of work by hour 2 cost 0.4*(80+90); ending an hour late saves 0.4*60
// and costs 20; two hours late save 0.4*140 and cost 40: that is best.
func TestLateJob(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, j := batch(shape, 4, 8, 80, 90, 20, 10)
		j.DeadlineH, j.LatePricePerH = ptr(2.0), ptr(20.0)
		p := solve(t, c)
		p.cost(0.4*30 + 40)
		p.item(model.CostLate, "J", 40)
		near(t, "hours late", p.Jobs[0].LateH, 2)

		// At 100 an hour it is on time.
		j.LatePricePerH = ptr(100.0)
		p = solve(t, c)
		p.cost(0.4 * 170)
		near(t, "hours late", p.Jobs[0].LateH, 0)
	}
}

// A job that costs 40 of power is dropped for 30, and done for 50. Without a
// price of its own it is the work at the case's: 4 unit-h at 15.
func TestDroppedJob(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, j := batch(shape, 4, 4, 100)
		j.DropPrice = ptr(30.0)
		p := solve(t, c)
		p.cost(30)
		p.item(model.CostDropped, "J", 30)
		if !p.Jobs[0].Dropped || p.Jobs[0].Pool != "" {
			t.Errorf("job %+v, want it dropped", p.Jobs[0])
		}
		j.DropPrice = nil
		c.Penalties.DropPricePerUnitH = ptr(15.0)
		p = solve(t, c)
		p.cost(40)
		if p.Jobs[0].Dropped {
			t.Error("dropped, want it done")
		}
	}
}

// Three jobs of 4 units fit two at a time into 10: two in the hour at 10, one in
// the hour at 20.
func TestJobClass(t *testing.T) {
	c, j := batch(model.Rigid, 4, 4, 20, 10, 30)
	j.Count = 3
	p := solve(t, c)
	p.cost(0.4*20 + 0.8*10)
	if len(p.Jobs) != 3 {
		t.Fatalf("%d jobs, want 3", len(p.Jobs))
	}
	for i, first := range []int{0, 1, 1} {
		if p.Jobs[i].Number != i+1 || p.Jobs[i].First != first {
			t.Errorf("job %+v, want number %d from period %d", p.Jobs[i], i+1, first)
		}
	}

	// Preemptible they share the 10 units of the hour at 10 alike.
	j.Shape = model.Preemptible
	p = solve(t, c)
	p.cost(1*10 + 0.2*20)
	for i := range p.Jobs {
		p.series("busy", p.Jobs[i].BusyUnits, 2.0/3, 10.0/3)
	}
}

// The input of 900 GB crosses a link of 1 Gb/s, 450 GB an hour: the job begins in
// the third hour, and the price of a GB is 0.01. In the region of its data it
// could have begun at once, where power is dearer.
func TestJobInput(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, j := batch(shape, 4, 4, 1, 1, 50, 60)
		c.Regions = append(c.Regions, model.Region{Name: "north"})
		c.DataLinks = []model.DataLink{{Name: "D", From: "north", To: "east", CapacityGbps: model.Series{1}, PricePerGB: 0.01}}
		j.InputGB, j.DataRegion = 900, "north"
		p := solve(t, c)
		p.cost(0.4*50 + 9)
		p.item(model.CostData, "J", 9)
		p.ints("first", []int{p.Jobs[0].First}, 2)
		p.series("transfer", p.Jobs[0].TransferGB, 450, 450)
		p.series("link", p.DataLinks[0].ForwardGB, 450, 450, 0, 0)

		// Not before its release, which is an hour in.
		j.ReleaseH = 1
		p = solve(t, c)
		p.cost(0.4*60 + 9)
		p.series("link", p.DataLinks[0].ForwardGB, 0, 450, 450, 0)
		p.ints("transfer first", []int{p.Jobs[0].TransferFirst}, 1)

		// Data that is at home crosses nothing.
		j.DataRegion = "east"
		solve(t, c).cost(0.4)
	}
}

// Two jobs of 450 GB over one link: the first may start in the second hour, the
// other in the third, whichever is sent first.
func TestJobClassInput(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, j := batch(shape, 4, 4, 1, 10, 20, 90)
		c.Regions = append(c.Regions, model.Region{Name: "north"})
		c.DataLinks = []model.DataLink{{Name: "D", From: "north", To: "east", CapacityGbps: model.Series{1}}}
		j.InputGB, j.DataRegion, j.Count = 450, "north", 2
		p := solve(t, c)
		p.cost(0.4*10 + 0.4*20)
		p.series("link", p.DataLinks[0].ForwardGB, 450, 450, 0, 0)
	}
}

// Work and jobs share the pool: 8 units of work leave 2 of 10, so the preemptible
// job of 6 unit-h does 2 in the cheap hour, 4 in the other.
func TestJobBesideWorkload(t *testing.T) {
	c, _ := batch(model.Preemptible, 6, 6, 10, 20)
	c.LatencyClasses = []model.LatencyClass{{Name: "hot"}}
	work(c, "hot", 8, 0)
	p := solve(t, c)
	p.cost(0.8*10 + 0.2*10 + 0.4*20)
	p.series("job", p.Jobs[0].BusyUnits, 2, 4)
	// A unit more in the cheap hour saves 0.1*(20-10).
	p.series("scarcity", p.prices().Compute[0].Values, 1, 0)
}

// A job runs where the kind of its machine is, and at no forbidden site.
func TestJobPlacement(t *testing.T) {
	c, j := batch(model.Rigid, 4, 4, 10)
	addSite(c, "W", "east", "Q", 1)
	c.Pools[0].Kind, c.Pools[1].Kind = "cpu", "gpu"
	c.Pools[1].DynamicMWPerUnit = 0.2
	c.Pools[1].IdleMWPerModule = 0
	p := solve(t, c)
	p.cost(4)
	for _, restrict := range []func(j *model.Job){
		func(j *model.Job) { j.PoolKinds = []string{"gpu"} },
		func(j *model.Job) { j.AllowedSites = []string{"W"} },
		func(j *model.Job) { j.ForbiddenSites = []string{"S"} },
	} {
		*j = model.Job{Name: "J", Region: "east", Shape: model.Rigid, Units: 4, WorkUnitH: 4}
		restrict(j)
		p := solve(t, c)
		p.cost(8)
		if p.Jobs[0].Pool != "Q" {
			t.Errorf("pool %s, want Q", p.Jobs[0].Pool)
		}
	}
}
