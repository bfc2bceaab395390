package opt

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// tiedCase is placementCase with crowds of alike jobs in every shape whose places are worth the
// same, jobs that wait for others, groups, quotas and a power level.
func tiedCase() *model.Case {
	c := placementCase()
	c.Horizon.Periods = []model.PeriodRun{{Count: 8, Hours: 1}}
	c.ThermalUnits[1].CostFactor = model.Series{4, 1, 1, 4, 1, 1, 4, 4}
	slow, most, within := 0.5, 40.0, 3.0
	for _, at := range []string{"east", "west"} {
		c.Pools = append(c.Pools, model.Pool{Name: "slow " + at, Site: at, ModulesOf: at, Speed: &slow, DynamicMWPerUnit: 0.3})
	}
	drop := 600.0
	c.Jobs = nil
	add := func(j model.Job) {
		j.Name, j.Region, j.DropPrice = fmt.Sprintf("job-%d", len(c.Jobs)), "east", &drop
		c.Jobs = append(c.Jobs, j)
	}
	for range 6 {
		add(model.Job{Shape: model.Rigid, Units: 10, WorkUnitH: 20, Owner: "team"})
		add(model.Job{Shape: model.Preemptible, Units: 8, WorkUnitH: 16, Owner: "team"})
		add(model.Job{Shape: model.Preemptible, Units: 6, WorkUnitH: 12, RestartH: 0.1})
		add(model.Job{Shape: model.Moldable, WorkUnitH: 12, Scaling: []model.ScalingPoint{{Units: 4, EffectiveUnits: 4}, {Units: 8, EffectiveUnits: 6}}})
	}
	for i := 5; i < 12; i += 2 {
		c.Jobs[i].After = []model.Precedence{{Job: c.Jobs[i-5].Name, LagH: 1}}
	}
	c.JobGroups = []model.JobGroup{
		{Name: "together", Jobs: []string{"job-12", "job-13", "job-14"}, Together: model.InSite, FinishWithinH: &within},
		{Name: "apart", Jobs: []string{"job-16", "job-17", "job-18"}, Apart: model.InSite, MaxPer: 2, AllOrNone: true},
	}
	unitH := 180.0
	c.Quotas = []model.Quota{
		{Name: "at once", Owner: "team", MaxUnits: model.Series{most}, Pools: []string{"west", "slow west"}},
		{Name: "in all", Owner: "team", MaxUnitH: &unitH},
	}
	return c
}

// TestPlacementRepeats: under a limit of work one plan is found, byte for byte, for any number
// of processors, and each time, though many places are worth the same.
func TestPlacementRepeats(t *testing.T) {
	e := oracleEngine(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, x := range []struct {
		threads int
		limit   int64
	}{{1, 200}, {2, 200}, {2, 1}} {
		var first []byte
		for _, procs := range []int{1, 1, 2, 4} {
			runtime.GOMAXPROCS(procs)
			out, err := Solve(t.Context(), tiedCase(), Options{Engine: e, Gap: 1e-6, Method: Placement, Threads: x.threads, WorkLimit: x.limit})
			if err != nil {
				t.Fatal(err)
			}
			if out.Plan == nil || out.Placement == nil || out.Placement.Jobs != 24 {
				t.Fatalf("%v by %v, %+v: %q", out.Status, out.Method, out.Placement, out.Notes)
			}
			var text bytes.Buffer
			if err := model.EncodePlan(&text, out.Plan); err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = text.Bytes()
				t.Logf("%+v: cost %.9g, bound %.9g, %d questions, %d dropped", x, out.Plan.Objective, *out.Plan.Bound, out.Placement.Questions, out.Placement.Dropped)
			} else if !bytes.Equal(text.Bytes(), first) {
				t.Errorf("%+v, GOMAXPROCS %d: another plan, of cost %.12g", x, procs, out.Plan.Objective)
			}
		}
	}
}
