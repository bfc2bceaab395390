package opt_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver/solvertest"
)

// joint returns a case with integers of every kind, in which the first schedule
// is far from the best.
func joint() *model.Case {
	c := hourly(4)
	load(c, "A", 90, 140, 60, 120)
	coal := unit(c, "coal", 40, 100, 20)
	coal.Count, coal.MinUpH, coal.MinDownH = 2, 2, 2
	coal.Startup = []model.StartupTier{{Cost: 300}, {AfterOffH: 3, Cost: 500}}
	coal.Initial = &model.ThermalInitial{UnitsOn: 1}
	unit(c, "gas", 10, 100, 55)
	c.Storages = []model.Storage{{
		Name: "S", Bus: "A", MaxChargeMW: 20, MaxDischargeMW: 20, LevelMaxMWh: 40, InitialLevelMWh: 20, TerminalMinMWh: ptr(15.0),
		EfficiencyCharge: ptr(0.9),
	}}
	c.Regions = []model.Region{{Name: "east"}}
	addSite(c, "S", "east", "P", 3)
	c.Pools[0].InitialModulesOn = nil
	c.Jobs = []model.Job{
		{Name: "rigid", Region: "east", Shape: model.Rigid, Units: 6, WorkUnitH: 10, Count: 2, DropPrice: ptr(900.0)},
		{Name: "free", Region: "east", Shape: model.Preemptible, Units: 5, WorkUnitH: 9},
	}
	return c
}

// Whatever an engine does wrong, and from whichever of its runs on: there is a
// verified plan or none, no wrong plan is called optimal, nothing wrong is called
// infeasible or unbounded, and the notes say what happened.
func TestFaultyEngine(t *testing.T) {
	e := engine(t)
	best := solve(t, joint())
	for _, mode := range solvertest.Modes() {
		for truths := range int64(5) {
			if mode >= solvertest.Hangs && truths > 1 {
				continue // each takes seconds
			}
			method := []opt.Method{opt.Monolith, opt.Decomposition}[(int64(mode)+truths)%2]
			t.Run(fmt.Sprintf("%s after %d, %s", mode, truths, method), func(t *testing.T) {
				t.Parallel()
				f := &solvertest.Faulty{Inner: e, Mode: mode, Truths: truths, Linger: 5 * time.Second}
				o := opt.Options{Engine: f, Gap: 1e-6, Method: method}
				if mode >= solvertest.Hangs {
					o.TimeLimit = 100 * time.Millisecond
				}
				out := outcome(t, joint(), o)
				switch out.Status {
				case opt.Optimal:
					if off := math.Abs(out.Plan.Objective - best.Objective); off > 2e-6*best.Objective {
						t.Errorf("optimal at %.9g, the optimum is %.9g", out.Plan.Objective, best.Objective)
					}
				case opt.Infeasible, opt.Unbounded:
					t.Errorf("ended as %s; notes %q", out.Status, out.Notes)
				case opt.Limit: // an engine that hangs is one that reached the limit
				default:
					if len(out.Notes) == 0 {
						t.Errorf("ended as %s without a note", out.Status)
					}
				}
				if out.Plan == nil {
					return
				}
				if out.Plan.Bound != nil && *out.Plan.Bound > best.Objective*(1+1e-6) {
					t.Errorf("bound %.9g above the optimum %.9g", *out.Plan.Bound, best.Objective)
				}
				whole(t, out.Plan)
				if out.Status == opt.Optimal && out.Plan.Prices != nil && !slices.EqualFunc(out.Plan.Prices.Power[0].Values, best.Prices.Power[0].Values, close) {
					t.Errorf("prices %v, want %v", out.Plan.Prices.Power[0].Values, best.Prices.Power[0].Values)
				}
				t.Logf("%s, %d runs, notes %q", out.Status, f.Solves(), out.Notes)
			})
		}
	}
}

// whole checks that nothing is left of fractions: jobs and units are counts by
// their type, so a rigid job shows it by the units that it holds.
func whole(t *testing.T, p *model.Plan) {
	t.Helper()
	for _, j := range p.Jobs {
		if j.Job == "rigid" && !j.Dropped && !close(j.BusyUnits[0], 6) {
			t.Errorf("a rigid job holds %v units, want 6", j.BusyUnits)
		}
	}
}
