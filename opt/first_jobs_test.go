package opt_test

import (
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// With no time to search, jobs run all the same, of every shape and after one
// another: the dear hour is avoided where the first schedule's prices show it.
func TestFirstScheduleRunsJobs(t *testing.T) {
	c, j := batch(model.Rigid, 4, 8, 10, 10, 90, 10, 10, 10)
	j.DropPrice = ptr(1_000.0)
	after := model.Job{Name: "after", Region: "east", WorkUnitH: 8, DropPrice: ptr(1_000.0), After: []model.Precedence{{Job: "J"}}}
	scaled(&after, model.Malleable, 2, 2, 6, 4)
	paused := model.Job{
		Name: "paused", Region: "east", Shape: model.Preemptible, Units: 2, WorkUnitH: 4, MaxInterruptions: ptr(1), DropPrice: ptr(1_000.0),
	}
	c.Jobs = append(c.Jobs, after, paused)
	c.Pools[0].AlwaysOn, c.Pools[0].InitialModulesOn = false, ptr(0)
	c.ThermalUnits[0].Initial = running(0)
	out := outcome(t, c, opt.Options{Method: opt.Monolith, TimeLimit: time.Nanosecond})
	if out.Status != opt.Limit {
		t.Fatalf("status %v, want limit", out.Status)
	}
	for _, p := range out.Plan.Jobs {
		if p.Dropped {
			t.Errorf("%s is dropped", p.Job)
		}
	}
	solve(t, c) // and the search ends at an optimum
}
