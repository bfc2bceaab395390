package opt_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// promisingGang returns the case of promising with a job that holds its 10 units or none,
// and may be interrupted so often.
func promisingGang(workUnitH float64, interruptions int, required []float64, price ...float64) (*model.Case, *model.Job) {
	c, j := promising(model.Up, workUnitH, required, price...)
	j.MaxInterruptions = ptr(interruptions)
	return c, j
}

// busyHour adds a job that fills the pool of 20 in the hour from begin on: at 10, it costs 200.
func busyHour(c *model.Case, begin float64) {
	c.Jobs = append(c.Jobs, model.Job{
		Name: "L", Region: "east", Shape: model.Rigid, Units: 20, WorkUnitH: 20, ReleaseH: begin, DeadlineH: ptr(begin + 1), DropPrice: ptr(1e5),
	})
}

// 5 MW are required in the first hour, at 20; the others cost 10. The job does its work
// there, promises all its 10 MW, and keeps the hour after it for what it would lose:
// 10*20, where 10*10+500 were the cost of a shortage.
func TestGangGivesReserve(t *testing.T) {
	c, _ := promisingGang(10, 1, []float64{5, 0, 0}, 20, 10, 10)
	p := lasts(t, c)
	p.cost(200)
	p.promised(0, 10, 0, 0)
	p.series("spare", p.Jobs[0].SpareUnits, 0, 10, 0)
}

// With 15 unit-h in two hours the gang holds its units in both, and has no hour to lose;
// one that holds any number would give 5 MW. With a third hour it gives all.
func TestGangReserveNeedsSlack(t *testing.T) {
	c, _ := promisingGang(15, 1, []float64{10, 0}, 10, 10)
	p := lasts(t, c)
	p.cost(150 + 1000)
	p.promised(0, 0, 0)

	c, j := promisingGang(15, 1, []float64{10, 0, 0}, 10, 10, 10)
	p = lasts(t, c)
	p.cost(150)
	p.promised(0, 10, 0, 0)
	// The third hour is after its due time.
	j.DueH, j.LatePricePerH = ptr(2.0), ptr(1.0)
	lasts(t, c).cost(150 + 1000)
}

// A call of an hour takes an hour, and half an hour each to do what is lost anew and to
// restart: two in all, which are left of three. With a quarter of an hour more there is too little.
func TestGangReserveLoss(t *testing.T) {
	c, j := promisingGang(10, 1, []float64{10, 0, 0}, 10, 10, 10)
	j.CheckpointLossH, j.RestartH = 0.5, 0.5
	p := lasts(t, c)
	p.cost(100)
	p.promised(0, 10, 0, 0)
	p.series("spare", p.Jobs[0].SpareUnits, 0, 10, 10)

	j.RestartH = 0.75
	p = lasts(t, c)
	p.cost(100 + 1000)
	if p.Jobs[0].SpareUnits != nil {
		t.Errorf("spare units %v of a job that promises nothing", p.Jobs[0].SpareUnits)
	}
	// Half an hour of a call, and 1.25, are less than two.
	c.Reserves[0].SustainedH = ptr(0.5)
	lasts(t, c).cost(100)
	// Twice they are more.
	c.Reserves[0].Activations, j.MaxInterruptions = 2, ptr(2)
	lasts(t, c).cost(100 + 1000)
}

// Of four hours the second is another job's: to be there in the first the gang pauses. With
// a call that is two interruptions. Where one is allowed, it begins after the second hour.
func TestGangReserveInterruptions(t *testing.T) {
	c, _ := promisingGang(20, 2, []float64{10, 0, 0, 0}, 10, 10, 10, 10)
	busyHour(c, 1)
	p := lasts(t, c)
	p.cost(200 + 200)
	p.promised(0, 10, 0, 0, 0)
	p.series("busy", p.Jobs[0].BusyUnits, 10, 0, 10)
	p.series("spare", p.Jobs[0].SpareUnits, 0, 0, 0, 10)

	c.Jobs[0].MaxInterruptions = ptr(1)
	lasts(t, c).cost(200 + 200 + 1000)
	// Without a pause one is enough, but not for a product that may be called twice.
	c, j := promisingGang(10, 1, []float64{10, 0, 0, 0}, 10, 10, 10, 10)
	lasts(t, c).cost(100)
	c.Reserves[0].Activations = 2
	lasts(t, c).cost(100 + 1000)
	j.MaxInterruptions = ptr(2)
	lasts(t, c).cost(100)
}

// The second hour is another job's. What a gang loses in the first it could do in the
// third alone, after one pause more: it gives nothing. A job whose pauses do not count gives.
func TestGangSpareFollowsWork(t *testing.T) {
	c, _ := promisingGang(10, 5, []float64{10, 0, 0}, 10, 10, 10)
	busyHour(c, 1)
	p := lasts(t, c)
	p.cost(100 + 200 + 1000)
	p.promised(0, 0, 0, 0)

	c, _ = promising(model.Up, 10, []float64{10, 0, 0}, 10, 10, 10)
	busyHour(c, 1)
	lasts(t, c).cost(100 + 200)

	// Spare hours follow each other: a call of an hour and a half ends in the third hour, and
	// what it took is done there and in the fourth.
	c, j := promisingGang(10, 5, []float64{10, 0, 0, 0}, 10, 10, 10, 10)
	c.Reserves[0].SustainedH = ptr(1.5)
	j.CheckpointLossH = 0.5
	p = lasts(t, c)
	p.cost(100)
	p.series("spare", p.Jobs[0].SpareUnits[2:], 10, 10)
}

// All 10 MW go to one of two products in an hour: R saves 1000 and S 600. In two
// hours each has one, if the two calls together find the time, 1.5 of the 2 hours left, and are
// no more interruptions than may be.
func TestGangReserveProducts(t *testing.T) {
	c, j := promisingGang(10, 2, []float64{10, 0, 0}, 10, 10, 10)
	c.Reserves = append(c.Reserves, c.Reserves[0])
	c.Reserves[1].Name, c.Reserves[1].SustainedH, c.Reserves[1].ShortagePricePerMWh = "S", ptr(0.5), ptr(60.0)
	j.Reserves = []string{"R", "S"}
	p := lasts(t, c)
	p.cost(100 + 600)
	p.item(model.CostReserveShortage, "S", 600)

	two := func(interruptions int, restart float64) solved {
		c, j := promisingGang(20, interruptions, []float64{10, 0, 0, 0}, 10, 10, 10, 10)
		c.Reserves = append(c.Reserves, c.Reserves[0])
		c.Reserves[1].Name, c.Reserves[1].SustainedH, c.Reserves[1].ShortagePricePerMWh = "S", ptr(0.5), ptr(60.0)
		c.Reserves[1].RequirementMW = model.Series{0, 10, 0, 0}
		j.Reserves, j.RestartH = []string{"R", "S"}, restart
		return lasts(t, c)
	}
	p = two(2, 0)
	p.cost(200)
	p.promised(0, 10, 10, 0, 0)
	two(1, 0).cost(200 + 600)
	two(2, 0.25).cost(200)
	two(2, 0.5).cost(200 + 600)
}

// Two of a class of gangs promise for one hour each. Where both are asked for at once, both
// give, as far as the pool has room for what both may lose: 20 units, but not 10.
func TestGangReserveOfClass(t *testing.T) {
	c, j := promisingGang(10, 1, []float64{10, 10, 0}, 10, 10, 10)
	j.Count = 2
	p := lasts(t, c)
	p.cost(200)
	for i := range p.Jobs {
		given := p.Jobs[i].Reserves[0].MW
		p.series("given by one", given, given[0], 10-given[0], 0)
		near(t, "in the first hour or the second", given[0]*given[1], 0)
	}
	c.Reserves[0].RequirementMW = model.Series{20, 0, 0}
	p = lasts(t, c)
	p.cost(200)
	p.promised(0, 10, 0, 0)
	p.promised(1, 10, 0, 0)
	c.Pools[0].AvailableModules = model.Series{2, 1, 0}
	c.Reserves[0].RequirementMW = model.Series{20, 0, 0}
	lasts(t, c).cost(200 + 1000)
}

// With no time to search the gang runs all the same, and promises nothing; and so it may in
// random cases, whose first schedules break no limit.
func TestFirstScheduleOfGangsOnCall(t *testing.T) {
	c, j := promisingGang(10, 1, []float64{10, 10, 0}, 10, 10, 10)
	j.Count, j.DropPrice = 2, ptr(1_000.0)
	c.Pools[0].AlwaysOn, c.Pools[0].InitialModulesOn = false, ptr(0)
	c.ThermalUnits[0].Initial = running(0)
	noTime := opt.Options{Method: opt.Monolith, TimeLimit: time.Nanosecond}
	out := outcome(t, c, noTime)
	for _, p := range out.Plan.Jobs {
		if p.Dropped || p.Reserves != nil || p.SpareUnits != nil {
			t.Errorf("job %d is dropped or promises: %+v", p.Number, p)
		}
	}
	for seed, n := uint64(0), 0; n < 12; seed++ {
		c, ok := randomcase.OnCall(seed)
		if !ok || !slices.ContainsFunc(c.Jobs, func(j model.Job) bool { return j.Gang() && len(j.Reserves) > 0 }) {
			continue
		}
		n++
		for _, note := range outcome(t, c, noTime).Notes {
			if strings.Contains(note, "breaks") {
				t.Errorf("seed %d: %s", seed, note)
			}
		}
	}
}

// A gang that ran before the horizon goes on and promises what it holds. With 10 of its 20
// unit-h left it has an hour for it; one that waits an hour is interrupted once by that.
func TestReserveOfRunningGang(t *testing.T) {
	c, j := promisingGang(20, 1, []float64{10, 0}, 10, 10)
	j.Running = &model.Running{Pool: "P", DoneUnitH: 10}
	p := lasts(t, c)
	p.cost(100)
	p.promised(0, 10, 0)

	c, j = promisingGang(20, 1, []float64{0, 10, 0}, 10, 10, 10)
	j.Running = &model.Running{Pool: "P", DoneUnitH: 10}
	busyHour(c, 0)
	lasts(t, c).cost(100 + 200 + 1000)
	c.Jobs[0].MaxInterruptions = ptr(2)
	lasts(t, c).cost(100 + 200)
}
