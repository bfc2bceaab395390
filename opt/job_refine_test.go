package opt

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
)

// A plan in hours of a gang that pauses, a malleable job and a rigid one is a plan
// of the half hours too, at the same cost where prices do not change within one.
func TestJobsRefine(t *testing.T) {
	interruptions, speed := 1, 1.0
	c := &model.Case{
		Format: model.CaseFormat, Name: "test", Currency: "EUR",
		Horizon: model.Horizon{Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Periods: []model.PeriodRun{{Count: 8, Hours: 0.5}}},
		Buses:   []model.Bus{{Name: "A"}},
		ThermalUnits: []model.ThermalUnit{{
			Name: "U", Bus: "A", MaxPowerMW: 100, CostFactor: model.Series{10, 10, 90, 90, 10, 10, 40, 40},
			Cost: []model.CostPoint{{}, {PowerMW: 100, CostPerH: 100}},
		}},
		Regions: []model.Region{{Name: "east"}},
		Sites:   []model.Site{{Name: "S", Bus: "A", Region: "east"}},
		Pools: []model.Pool{{
			Name: "P", Site: "S", Modules: 2, UnitsPerModule: 10, IdleMWPerModule: 0.1, DynamicMWPerUnit: 0.1, Speed: &speed,
		}},
		Jobs: []model.Job{
			{Name: "gang", Region: "east", Shape: model.Preemptible, Units: 4, WorkUnitH: 7, MaxInterruptions: &interruptions, RestartH: 0.1},
			{Name: "malleable", Region: "east", Shape: model.Malleable, WorkUnitH: 9, Scaling: []model.ScalingPoint{
				{Units: 1, EffectiveUnits: 1}, {Units: 4, EffectiveUnits: 3.5}, {Units: 8, EffectiveUnits: 5},
			}},
			{Name: "rigid", Region: "east", Shape: model.Rigid, Units: 3, WorkUnitH: 3},
		},
	}
	fine, coarse := refinedJobs(t, c)
	if d := fine.Objective - coarse.Objective; math.Abs(d) > 1e-6*coarse.Objective {
		t.Errorf("%g in half hours, %g in hours", fine.Objective, coarse.Objective)
	}
	for _, j := range fine.Jobs {
		if j.Dropped {
			t.Errorf("%s is dropped", j.Job)
		}
	}
}

// What a gang promises in hours it promises in the half hours of them, and keeps as many spare:
// the plan costs the same.
func TestGangPromisesRefine(t *testing.T) {
	interruptions, short, sustained := 2, 500.0, 0.5
	c := &model.Case{
		Format: model.CaseFormat, Name: "test", Currency: "EUR",
		Horizon: model.Horizon{Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Periods: []model.PeriodRun{{Count: 8, Hours: 0.5}}},
		Buses:   []model.Bus{{Name: "A"}},
		ThermalUnits: []model.ThermalUnit{{
			Name: "U", Bus: "A", MaxPowerMW: 100, CostFactor: model.Series{10, 10, 20, 20, 10, 10, 10, 10},
			Cost: []model.CostPoint{{}, {PowerMW: 100, CostPerH: 100}},
		}},
		Regions: []model.Region{{Name: "east"}},
		Sites:   []model.Site{{Name: "S", Bus: "A", Region: "east"}},
		Pools:   []model.Pool{{Name: "P", Site: "S", Modules: 2, UnitsPerModule: 10, IdleMWPerModule: 0.1, DynamicMWPerUnit: 0.1}},
		Reserves: []model.ReserveProduct{{
			Name: "R", Direction: model.Up, SustainedH: &sustained, RequirementMW: model.Series{0, 0, 1, 1, 0, 0, 0, 0}, ShortagePricePerMWh: &short,
		}},
		Jobs: []model.Job{{
			Name: "gang", Region: "east", Shape: model.Preemptible, Units: 10, WorkUnitH: 10, MaxInterruptions: &interruptions, RestartH: 0.25,
			Reserves: []string{"R"},
		}},
	}
	fine, coarse := refinedJobs(t, c)
	if d := fine.Objective - coarse.Objective; math.Abs(d) > 1e-6*coarse.Objective {
		t.Errorf("%g in half hours, %g in hours", fine.Objective, coarse.Objective)
	}
	if r := fine.Jobs[0].Reserves; len(r) == 0 || !slices.Equal(r[0].MW, []float64{0, 0, 1, 1, 0, 0, 0, 0}) {
		t.Errorf("promises %v", r)
	}
	if r := verify.Check(c, fine, verify.Options{}); !r.OK() {
		t.Errorf("violations: %+v", r.Violations)
	}
}

// refinedJobs plans a case in hours and carries the plan over to its own periods.
func refinedJobs(t *testing.T, c *model.Case) (fine, coarse *model.Plan) {
	t.Helper()
	o := Options{Engine: oracleEngine(t), Gap: 1e-9}
	g := mergePeriods(c.Horizon.Hours())
	hours, err := Solve(context.Background(), g.apply(c), o)
	if err != nil || hours.Status != Optimal {
		t.Fatal(err, hours)
	}
	s := &session{o: o, merged: unmerged(c), catalog: Catalog(Formulation{})}
	if s.m, s.p, err = Formulate(c, s.catalog); err != nil {
		t.Fatal(err)
	}
	s.scaleMoney()
	prop := newProposal(s.m, s.p)
	for _, k := range s.catalog {
		if k, ok := k.(Refiner); ok {
			k.Refine(prop, hours.Plan, g.first)
		}
	}
	prop.complete(s.p)
	found, err := s.candidate(context.Background(), prop.x, true)
	if err != nil {
		t.Fatal(err)
	}
	return found.plan, hours.Plan
}
