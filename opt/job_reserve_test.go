package opt_test

import (
	"fmt"
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// promising returns a case with a job of 10 units and so many unit-h in a pool of 20,
// where a unit draws 1 MW, that may provide a product, an hour of it, called once; a
// MWh short costs 100.
func promising(d model.Direction, workUnitH float64, required []float64, price ...float64) (*model.Case, *model.Job) {
	c, j := batch(model.Preemptible, 10, workUnitH, price...)
	c.Pools[0].Modules, c.Pools[0].DynamicMWPerUnit = 2, 1
	c.Reserves = []model.ReserveProduct{{
		Name: "R", Direction: d, SustainedH: ptr(1.0), RequirementMW: required, ShortagePricePerMWh: ptr(100.0),
	}}
	j.Reserves = []string{"R"}
	return c, j
}

// lasts plans a case and calls the jobs' promises.
func lasts(t *testing.T, c *model.Case) solved {
	t.Helper()
	p := solve(t, c)
	callAll(t, c, p.Plan)
	return p
}

func (s solved) promised(job int, want ...float64) {
	s.t.Helper()
	got := make([]float64, len(s.PeriodHours))
	for _, r := range s.Jobs[job].Reserves {
		for t, mw := range r.MW {
			got[t] += mw
		}
	}
	s.series(fmt.Sprintf("promised by %s", s.Jobs[job].Job), got, want...)
}

// 5 MW up are required in the first hour, at 20; the other hours cost 10. The job does
// 5 of its 10 unit-h there, so that it can drop them, and what it loses fits into the
// last hour: 5*20+5*10. A MW less of it there would save 20-10.
func TestJobGivesReserve(t *testing.T) {
	c, _ := promising(model.Up, 10, []float64{5, 0, 0}, 20, 10, 10)
	p := lasts(t, c)
	p.cost(150)
	p.promised(0, 5, 0, 0)
	p.item(model.CostReserveShortage, "R", 0)
	p.series("price", p.prices().Reserve[0].Values, 10, 0, 0)
}

// Of 15 unit-h in two hours at 10, the 5 units that stand still in one of them are all
// that can be lost: 5 of 10 MW are short. With a deadline after the first hour, there is
// no slack at all; with a third hour there is enough.
func TestReserveNeedsSlack(t *testing.T) {
	c, j := promising(model.Up, 15, []float64{10, 0}, 10, 10)
	p := lasts(t, c)
	p.cost(150 + 500)
	p.promised(0, 5, 0)
	p.series("spare", p.Jobs[0].SpareUnits, 0, 5)

	j.WorkUnitH, j.DeadlineH = 10, ptr(1.0)
	p = lasts(t, c)
	p.cost(100 + 1000)
	p.promised(0, 0, 0)

	c, _ = promising(model.Up, 15, []float64{10, 0, 0}, 10, 10, 10)
	p = lasts(t, c)
	p.cost(150)
	p.promised(0, 10, 0, 0)
}

// Of 10 MW in the first of two hours at 10, the 5 units that a job of 15 unit-h keeps in
// the other one stand for 5. A job that takes 10 minutes to drop gives them to a product
// of 10 minutes; one that takes 12 gives none. Of a second product of 15 minutes it gives
// 5 still. Downward nothing is dropped in time.
func TestReserveNeedsTimeToDrop(t *testing.T) {
	c, j := promising(model.Up, 15, []float64{10, 0}, 10, 10)
	j.DropMinutes = 10
	p := lasts(t, c)
	p.cost(150 + 500)
	p.promised(0, 5, 0)

	j.DropMinutes = 12
	p = lasts(t, c)
	p.cost(150 + 1000)
	if p.Jobs[0].Reserves != nil || p.Jobs[0].SpareUnits != nil {
		t.Errorf("reserves %v and spare units %v of a job that is too slow", p.Jobs[0].Reserves, p.Jobs[0].SpareUnits)
	}

	c.Reserves = append(c.Reserves, c.Reserves[0])
	c.Reserves[1].Name, c.Reserves[1].Minutes = "S", ptr(15.0)
	j.Reserves = []string{"R", "S"}
	p = lasts(t, c)
	p.cost(150 + 1000 + 500)
	p.item(model.CostReserveShortage, "S", 500)

	c, j = promising(model.Down, 10, []float64{5, 0}, 10, 20)
	j.DropMinutes = 12
	p = lasts(t, c)
	p.cost(150)
	p.promised(0, 5, 0)
}

// Nothing can be promised in the last hour: a call would end with the horizon. A
// product that needs not be held takes no work, and can.
func TestReserveInTheLastPeriod(t *testing.T) {
	c, _ := promising(model.Up, 10, []float64{0, 10}, 10, 10)
	p := lasts(t, c)
	p.cost(100 + 1000)
	c.Reserves[0].SustainedH = ptr(0.0)
	p = lasts(t, c)
	p.cost(100)
	p.promised(0, 0, 10)
}

// Another job holds all 20 units from the second hour on: what is free in the pool then
// is nothing.
func TestReserveNeedsRoomInPool(t *testing.T) {
	c, _ := promising(model.Up, 10, []float64{10, 0, 0}, 10, 10, 10)
	c.Jobs = append(c.Jobs, model.Job{
		Name: "L", Region: "east", Shape: model.Rigid, Units: 20, WorkUnitH: 40, ReleaseH: 1, DropPrice: ptr(1e5),
	})
	p := lasts(t, c)
	p.cost(100 + 400 + 1000)
	// It holds 13: 7 are free.
	c.Jobs[1].Units, c.Jobs[1].WorkUnitH, c.Pools[0].Modules = 13, 26, 2
	c.Reserves[0].RequirementMW = model.Series{10, 0, 0}
	c.Reserves[0].Activations = 2 // 7 free in two hours each are 14 for two calls
	p = lasts(t, c)
	p.cost(100 + 260 + 300)
	p.promised(0, 7, 0, 0)
}

// Called twice, what is lost twice must fit: in three hours at 10 a job of 10 unit-h and
// 10 units has 20 spare, of which those in the last hour count for calls in the second.
// 5 MW in each of the first two: 2*5 <= 10 there, 2*5 <= 5+10 in the first. Called three
// times, 10/3 MW in the second hour are all: 5/3 short.
func TestReserveCalledAgain(t *testing.T) {
	c, _ := promising(model.Up, 10, []float64{5, 5, 0}, 10, 10, 10)
	for _, x := range []struct {
		calls int
		short float64
	}{{1, 0}, {2, 0}, {3, 5.0 / 3}} {
		c.Reserves[0].Activations = x.calls
		p := lasts(t, c)
		p.cost(100 + 100*x.short)
		p.item(model.CostReserveShortage, "R", 100*x.short)
	}
}

// Half an hour of a call takes half an hour of work, though the hour is over before it
// is done again: 15 unit-h in two hours leave 5 spare, for 10 MW. Two hours of 5 MW
// are 10 unit-h: they need the whole third hour and end with it or before.
func TestReserveSustained(t *testing.T) {
	c, _ := promising(model.Up, 15, []float64{10, 0}, 10, 10)
	c.Reserves[0].SustainedH = ptr(0.5)
	p := lasts(t, c)
	p.cost(150)
	p.promised(0, 10, 0)

	c, _ = promising(model.Up, 10, []float64{5, 0, 0}, 10, 10, 10)
	c.Reserves[0].SustainedH = ptr(2.0)
	p = lasts(t, c)
	p.cost(100)
	p.promised(0, 5, 0, 0)
	// In the second hour a call would last to the end.
	c.Reserves[0].RequirementMW = model.Series{0, 5, 0}
	p = lasts(t, c)
	p.cost(100 + 500)
}

// A job that plans half of its work for later, at 20 instead of 10, can do 5 units more
// in the first hour: 5*10+5*20. In the last hour it has nothing to bring forward.
func TestJobGivesReserveDown(t *testing.T) {
	c, _ := promising(model.Down, 10, []float64{5, 0}, 10, 20)
	p := lasts(t, c)
	p.cost(150)
	p.promised(0, 5, 0)
	p.series("busy", p.Jobs[0].BusyUnits, 5, 5)
	p.series("price", p.prices().Reserve[0].Values, 10, 0)
	if p.Jobs[0].SpareUnits != nil {
		t.Errorf("spare units %v of a job that works ahead", p.Jobs[0].SpareUnits)
	}
	// For two calls all 10 unit-h must come after.
	c.Reserves[0].Activations = 2
	lasts(t, c).cost(200)
	// A job that has not begun can begin sooner, from its release on.
	c, later := promising(model.Down, 10, []float64{10, 0}, 20, 10)
	p = lasts(t, c)
	p.cost(100)
	p.promised(0, 10, 0)
	later.ReleaseH = 1
	lasts(t, c).cost(100 + 1000)
	c, _ = promising(model.Down, 10, []float64{0, 5}, 10, 10)
	lasts(t, c).cost(100 + 500)
}

// The site may import 12 MW; a workload draws 10 of them in the second hour. So 2 spare
// units are all.
func TestReserveNeedsRoomToImport(t *testing.T) {
	c, _ := promising(model.Up, 10, []float64{10, 0}, 10, 10)
	c.Sites[0].ImportLimitMW = model.Series{12}
	c.LatencyClasses = []model.LatencyClass{{Name: "hot"}}
	work(c, "hot", 0, 10).UnservedPricePerUnitH = ptr(1e4)
	p := lasts(t, c)
	p.cost(100 + 100 + 800)
	p.promised(0, 2, 0)
	// Downward: 10 units in all, beside 10 of the workload, are 8 more than it may.
	c, j := promising(model.Down, 10, []float64{10, 0}, 10, 10)
	c.Sites[0].ImportLimitMW = model.Series{12}
	c.LatencyClasses = []model.LatencyClass{{Name: "hot"}}
	work(c, "hot", 10, 0).UnservedPricePerUnitH = ptr(1e4)
	j.ReleaseH = 0
	p = lasts(t, c)
	p.cost(100 + 100 + 800)
	p.promised(0, 2, 0)
}

// At a PUE of 1.2 ten units are 12 MW, and what is lost are ten unit-h. At speed 2 the
// 10 unit-h of work are 5 of the pool's, in half of the units: 6 MW.
func TestReserveAtPUEAndSpeed(t *testing.T) {
	c, j := promising(model.Up, 10, []float64{12, 0}, 10, 10)
	c.Sites[0].PUE = model.Series{1.2}
	p := lasts(t, c)
	p.cost(120)
	p.promised(0, 12, 0)
	near(t, "spare", p.Jobs[0].SpareUnits[1], 10)
	c.Pools[0].Speed, j.WorkUnitH = ptr(2.0), 10
	p = lasts(t, c)
	p.cost(60 + 600)
	p.promised(0, 6, 0)
}

// No call makes a job late: of three hours the third is after the due time, so the 5
// units free in the second are all, although the deadline is soft.
func TestReserveOnTime(t *testing.T) {
	c, j := promising(model.Up, 15, []float64{10, 0, 0}, 10, 10, 10)
	j.DeadlineH, j.LatePricePerH = ptr(2.0), ptr(600.0)
	p := lasts(t, c)
	p.cost(150 + 500)
	// An hour late it does 5 unit-h in the third, so that 10 are free in the second.
	j.LatePricePerH = ptr(400.0)
	lasts(t, c).cost(150 + 400)
}

// A product of other buses is none of the job's.
func TestReserveInZone(t *testing.T) {
	c, _ := promising(model.Up, 10, []float64{10, 0}, 10, 10)
	c.Buses = append(c.Buses, model.Bus{Name: "B"})
	c.Reserves[0].Buses = []string{"B"}
	p := lasts(t, c)
	p.cost(100 + 1000)
	if p.Jobs[0].Reserves != nil {
		t.Errorf("reserves %v out of the zone", p.Jobs[0].Reserves)
	}
	c.Reserves[0].Buses = []string{"B", "A"}
	lasts(t, c).cost(100)
}

// Two products share what the job holds and what it may lose. A MW of R takes an hour of
// a unit's work and saves 100, one of S half an hour and 60. Of 10 busy units and 8
// spare, 6 for R and 4 for S, which take 6+2, save most.
func TestReserveProductsTogether(t *testing.T) {
	c, j := promising(model.Up, 12, []float64{10, 0}, 10, 10)
	c.Reserves = append(c.Reserves, c.Reserves[0])
	c.Reserves[1].Name, c.Reserves[1].SustainedH = "S", ptr(0.5)
	j.Reserves = []string{"R", "S"}
	c.Reserves[1].ShortagePricePerMWh = ptr(60.0)
	p := lasts(t, c)
	p.cost(120 + 400 + 360)
	p.item(model.CostReserveShortage, "R", 400)
	p.item(model.CostReserveShortage, "S", 360)
}

// Three alike, of which one has another name, promise 24 MW in equal parts: 8 each, for
// 12 unit-h in two hours leave them 8 spare.
func TestReserveOfClasses(t *testing.T) {
	c, j := promising(model.Up, 12, []float64{24, 0}, 10, 10)
	c.Pools[0].Modules = 3
	j.Count = 2
	c.Jobs = append(c.Jobs, *j)
	c.Jobs[1].Name, c.Jobs[1].Count = "K", 1
	p := lasts(t, c)
	p.cost(360)
	for i := range p.Jobs {
		p.promised(i, 8, 0)
	}
	apart := outcome(t, c, opt.Options{Formulation: opt.Formulation{SingleUnits: true}})
	near(t, "apart", apart.Plan.Objective, 360)
	callAll(t, c, apart.Plan)
}

// The job waits for data from elsewhere until the second hour, and is late from the
// seventh on; with many places for its beginning and its end it is formulated by itself.
// It promises 5 MW in the fourth hour.
func TestReserveOfSingleJob(t *testing.T) {
	c, j := promising(model.Up, 10, []float64{5, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0}, 10, 10, 10, 20, 10, 10, 10, 10, 10, 10, 10, 10)
	c.Regions = append(c.Regions, model.Region{Name: "west"})
	c.DataLinks = []model.DataLink{{Name: "D", From: "west", To: "east", CapacityGbps: model.Series{1}}}
	j.InputGB, j.DataRegion = 400, "west"
	j.DeadlineH, j.LatePricePerH = ptr(6.0), ptr(1.0)
	p := lasts(t, c)
	p.cost(100 + 5*10 + 500)
	p.promised(0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0)
}

// Spare units count to what a quota lets its owner hold at once, not to its unit-hours.
func TestReserveWithinQuota(t *testing.T) {
	c, j := promising(model.Up, 10, []float64{10, 0}, 10, 10)
	j.Owner = "lab"
	c.Quotas = []model.Quota{{Name: "Q", Owner: "lab", MaxUnits: model.Series{10, 6}, MaxUnitH: ptr(10.0)}}
	p := lasts(t, c)
	p.cost(100 + 400)
	p.promised(0, 6, 0)
}

// A job that runs promises what is left of it. Where it may leave work it does only the
// first 10 of 20 unit-h, at 10 rather than 100, and can lose them to the next hour.
func TestReserveOfRunningJob(t *testing.T) {
	c, j := promising(model.Up, 30, []float64{10, 0}, 10, 10)
	j.Running = &model.Running{Pool: "P", DoneUnitH: 20}
	p := lasts(t, c)
	p.cost(100)
	p.promised(0, 10, 0)
	j.BacklogPricePerUnitH, j.Running.DoneUnitH = ptr(5.0), 10
	c.ThermalUnits[0].CostFactor = model.Series{10, 100}
	p = lasts(t, c)
	p.cost(100 + 50)
	p.promised(0, 10, 0)
}
