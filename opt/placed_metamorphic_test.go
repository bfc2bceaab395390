package opt_test

import (
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// TestPlacementMetamorphoses: random cases changed in ways whose effect on the optimum is
// known, with their jobs placed. Placement is a heuristic with a bound, so what must hold is
// that every plan is verified, and that no bound is above the cost of a plan whose optimum is
// at least that of the bound's case: of two cases that are the same, either way. Their costs are
// then within the gaps of each other; of most such cases, which are small, they are the same.
func TestPlacementMetamorphoses(t *testing.T) {
	enginetest.Sequential(t)
	const from, seeds = 9, 400 // seed 8 takes longer than all that are tried
	applicable := 4
	if testing.Short() {
		applicable = 1
	}
	var known sync.Map // placements of cases as they are drawn, by seed
	asDrawn := func(t *testing.T, seed uint64) *placedCase {
		once, _ := known.LoadOrStore(seed, sync.OnceValue(func() *placedCase { return placed(t, randomcase.Case(seed)) }))
		return once.(func() *placedCase)()
	}
	for _, m := range []metamorphosis{
		{name: "permute", change: permute},
		{name: "rename", change: rename},
		{name: "split job class", change: splitJobs},
		{name: "merge identical jobs", prepare: doubleJobs, change: mergeDoubles},
		{name: "an hour later", change: laterDeadlines, want: noWorse},
		{name: "add site", change: addSiteTo, want: noWorse},
		{name: "scale work and speed", change: scaleWork},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			done, same := 0, 0
			for seed := uint64(from); seed < seeds && done < applicable; seed++ {
				c := randomcase.Case(seed)
				if m.prepare != nil {
					m.prepare(c)
				}
				if len(c.Jobs) == 0 || !m.change(c) {
					continue
				}
				var before *placedCase
				if m.prepare == nil {
					before = asDrawn(t, seed)
				} else {
					drawn := randomcase.Case(seed)
					m.prepare(drawn)
					before = placed(t, drawn)
				}
				if !before.placed {
					continue
				}
				after := placed(t, c)
				compare(t, seed, m.want, before, after)
				done++
				if math.Abs(after.cost-before.cost) <= slack(before.cost) || after.cost == before.cost {
					same++
				}
			}
			if done < applicable || m.want == equal && 2*same < done {
				t.Errorf("applies to %d cases, and %d of them cost the same", done, same)
			}
		})
	}
}

// placedCase is what placement made of a case: cost and bound, +Inf where it has no plan.
type placedCase struct {
	cost, bound float64
	placed      bool // jobs were placed outside the program
}

func placed(t *testing.T, c *model.Case) *placedCase {
	t.Helper()
	out, err := opt.Solve(t.Context(), c, opt.Options{Engine: engine(t), Gap: 1e-6, Method: opt.Placement})
	if err != nil {
		t.Errorf("%s: %v", c.Name, err)
		return &placedCase{}
	}
	is := out.Method == opt.Placement
	if out.Plan == nil {
		return &placedCase{math.Inf(1), math.Inf(1), is}
	}
	if !out.Report.OK() || out.Plan.Bound == nil {
		t.Errorf("%s: plan with bound %v is not verified: %v", c.Name, out.Plan.Bound, out.Report.Violations)
		return &placedCase{}
	}
	return &placedCase{out.Plan.Objective, *out.Plan.Bound, is && out.Placement.Jobs > 0}
}

// compare asks that what placement says of a case and of the changed one goes together.
func compare(t *testing.T, seed uint64, want relation, before, after *placedCase) {
	t.Helper()
	atMost := func(bound, cost float64, what string) {
		if bound > cost+slack(cost) {
			t.Errorf("seed %d: %s: bound %.9g, cost %.9g", seed, what, bound, cost)
		}
	}
	if want != noBetter {
		atMost(after.bound, before.cost, "no plan of the changed case may be as good as that of the case")
	}
	if want != noWorse {
		atMost(before.bound, after.cost, "no plan of the case may be as good as that of the changed one")
	}
}

// slack is the tolerance of a cost.
func slack(cost float64) float64 { return 2e-6 * math.Max(100, math.Abs(cost)) }

// tied says whether a group or a job that comes after names a job of the case.
func tied(c *model.Case, job string) bool {
	return slices.ContainsFunc(c.JobGroups, func(g model.JobGroup) bool { return slices.Contains(g.Jobs, job) }) ||
		slices.ContainsFunc(c.Jobs, func(j model.Job) bool {
			return slices.ContainsFunc(j.After, func(p model.Precedence) bool { return p.Job == job })
		})
}

const doubled = " again"

// doubleJobs adds a job like each that nothing names and that comes after none.
func doubleJobs(c *model.Case) {
	for _, j := range c.Jobs {
		if j.N() == 1 && len(j.After) == 0 && !tied(c, j.Name) {
			j.Name += doubled
			c.Jobs = append(c.Jobs, j)
		}
	}
}

// mergeDoubles makes classes of two of these.
func mergeDoubles(c *model.Case) bool {
	before := len(c.Jobs)
	c.Jobs = slices.DeleteFunc(c.Jobs, func(j model.Job) bool {
		return len(j.Name) > len(doubled) && j.Name[len(j.Name)-len(doubled):] == doubled
	})
	for i := range c.Jobs {
		if j := &c.Jobs[i]; j.N() == 1 && len(j.After) == 0 && !tied(c, j.Name) {
			j.Count = 2
		}
	}
	return len(c.Jobs) < before
}

// laterDeadlines gives every job with a deadline or due time within the horizon an hour more.
func laterDeadlines(c *model.Case) bool {
	end, changed := c.Horizon.TotalHours(), false
	for i := range c.Jobs {
		for _, by := range []**float64{&c.Jobs[i].DeadlineH, &c.Jobs[i].DueH} {
			if *by != nil && **by < end {
				*by, changed = ptr(math.Min(**by+1, end)), true
			}
		}
	}
	return changed
}
