package opt_test

import (
	"context"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// Random cases with jobs on call: no way to call them keeps a job from its work, or
// takes more of a pool than there is. Turned around, with classes taken apart and with
// identical jobs apart the least cost is the same; called once more it is no less, with
// nobody on call no less, with the deadlines of jobs on call an hour later, where they are
// hard, no more.
func TestReserveOfRandomJobs(t *testing.T) {
	enginetest.Sequential(t)
	t.Parallel()
	want := 3
	if testing.Short() {
		want = 2
	}
	gave, gangs := 0, 0
	for seed := uint64(0); gave < want || gangs == 0; seed++ {
		if seed == 200 {
			t.Fatalf("%d cases of 200 give reserve from jobs, %d from gangs", gave, gangs)
		}
		c, ok := randomcase.OnCall(seed)
		if !ok {
			continue
		}
		out, err := opt.Solve(context.Background(), c, opt.Options{Engine: engine(t), Gap: 1e-7})
		if err != nil {
			t.Fatal(err)
		}
		if out.Status != opt.Optimal || !slices.ContainsFunc(out.Plan.Jobs, func(p model.JobPlan) bool { return len(p.Reserves) > 0 }) {
			continue
		}
		if gaveGang(c, out.Plan) {
			gangs++
		} else if gave >= want {
			continue
		}
		gave++
		sound(t, out)
		callAll(t, c, out.Plan)
		cost := out.Plan.Objective
		slack := 2e-6 * max(100, cost, -cost)
		for _, x := range []struct {
			name    string
			change  func(c *model.Case) bool
			atLeast bool
			atMost  bool
		}{
			{"permute", permute, true, true},
			{"split classes", splitJobs, true, true},
			{"called once more", calledOnceMore, true, false},
			{"nobody on call", nobodyOnCall, true, false},
			{"drop at once", dropAtOnce, false, true},
			{"an hour later", anHourLater, false, true},
		} {
			changed, _ := randomcase.OnCall(seed)
			if !x.change(changed) {
				continue
			}
			got := leastCost(t, changed)
			if x.atLeast && got < cost-slack || x.atMost && got > cost+slack {
				t.Errorf("seed %d, %s: %.9g, was %.9g", seed, x.name, got, cost)
			}
		}
	}
}

// gaveGang says whether a gang of a plan promises reserve.
func gaveGang(c *model.Case, p *model.Plan) bool {
	ix := c.Index()
	return slices.ContainsFunc(p.Jobs, func(one model.JobPlan) bool {
		return len(one.Reserves) > 0 && c.Jobs[ix.Jobs[one.Job]].Gang()
	})
}

func calledOnceMore(c *model.Case) bool {
	for i := range c.Reserves {
		c.Reserves[i].Activations = c.Reserves[i].Calls() + 1
	}
	return true
}

func dropAtOnce(c *model.Case) (some bool) {
	for i := range c.Jobs {
		some = some || c.Jobs[i].DropMinutes > 0
		c.Jobs[i].DropMinutes = 0
	}
	return some
}

func nobodyOnCall(c *model.Case) bool {
	for i := range c.Jobs {
		c.Jobs[i].Reserves = nil
	}
	return true
}

func anHourLater(c *model.Case) (some bool) {
	for i := range c.Jobs {
		if j := &c.Jobs[i]; len(j.Reserves) > 0 && j.DeadlineH != nil && j.LatePricePerH == nil {
			j.DeadlineH, some = ptr(*j.DeadlineH+1), true
		}
	}
	return some
}
