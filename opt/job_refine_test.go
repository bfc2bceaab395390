package opt

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

// A plan in hours of a gang that pauses, a malleable job and a rigid one is a plan
// of the half hours too, at the same cost where prices do not change within one.
func TestJobsRefine(t *testing.T) {
	e := oracleEngine(t)
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
	o := Options{Engine: e, Gap: 1e-9}
	g := mergePeriods(c.Horizon.Hours())
	hours := g.apply(c)
	coarse, err := Solve(context.Background(), hours, o)
	if err != nil || coarse.Status != Optimal {
		t.Fatal(err, coarse)
	}
	s := &session{o: o, merged: unmerged(c), catalog: Catalog(Formulation{})}
	if s.m, s.p, err = Formulate(c, s.catalog); err != nil {
		t.Fatal(err)
	}
	s.scaleMoney()
	prop := newProposal(s.m, s.p)
	for _, k := range s.catalog {
		if k, ok := k.(Refiner); ok {
			k.Refine(prop, coarse.Plan, g.first)
		}
	}
	prop.complete(s.p)
	fine, err := s.candidate(context.Background(), prop.x, true)
	if err != nil {
		t.Fatal(err)
	}
	if d := fine.plan.Objective - coarse.Plan.Objective; math.Abs(d) > 1e-6*coarse.Plan.Objective {
		t.Errorf("%g in half hours, %g in hours", fine.plan.Objective, coarse.Plan.Objective)
	}
	for _, j := range fine.plan.Jobs {
		if j.Dropped {
			t.Errorf("%s is dropped", j.Job)
		}
	}
}
