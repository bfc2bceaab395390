package model_test

import (
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// Straight lines between the points, nothing below the narrowest, no more than at
// the widest.
func TestEffectiveUnits(t *testing.T) {
	j := model.Job{Shape: model.Malleable, Scaling: []model.ScalingPoint{{Units: 2, EffectiveUnits: 2}, {Units: 6, EffectiveUnits: 4}}}
	for units, want := range map[float64]float64{0: 0, 1.9: 0, 2: 2, 4: 3, 6: 4, 9: 4} {
		if got := j.EffectiveUnits(units); got != want {
			t.Errorf("%g units do %g, want %g", units, got, want)
		}
	}
}

// Why a pool cannot run a job, in the words of its shape.
func TestShapeReasons(t *testing.T) {
	one := 1.0
	c := &model.Case{
		Horizon: model.Horizon{Periods: []model.PeriodRun{{Count: 4, Hours: 1}}},
		Regions: []model.Region{{Name: "east"}},
		Sites:   []model.Site{{Name: "S", Region: "east"}},
		Pools: []model.Pool{
			{Name: "P", Site: "S", Modules: 1, UnitsPerModule: 4},
			{Name: "Q", Site: "S", Modules: 1, UnitsPerModule: 4},
		},
	}
	wide := []model.ScalingPoint{{Units: 5, EffectiveUnits: 5}}
	narrow := []model.ScalingPoint{{Units: 2, EffectiveUnits: 2}, {Units: 8, EffectiveUnits: 6}}
	for _, x := range []struct {
		job  model.Job
		want string // of pool Q, "" where it can
	}{
		{model.Job{Shape: model.Moldable, Scaling: wide, WorkUnitH: 1}, "narrowest width of 5 units exceeds"},
		{model.Job{Shape: model.Malleable, Scaling: narrow, WorkUnitH: 14}, "at most 13.33 can be done"},
		{model.Job{Shape: model.Malleable, Scaling: narrow, WorkUnitH: 13}, ""},
		{model.Job{Shape: model.Moldable, Scaling: narrow, WorkUnitH: 9}, "fewer units than a width takes"},
		{model.Job{Shape: model.Preemptible, Units: 5, RestartH: 1, WorkUnitH: 1}, "gang of 5 units exceeds"},
		{model.Job{Shape: model.Preemptible, Units: 5, WorkUnitH: 17}, "at most 16 can be done"},
		{model.Job{Shape: model.Preemptible, Units: 5, WorkUnitH: 17, BacklogPricePerUnitH: &one}, ""},
		{model.Job{Shape: model.Preemptible, Units: 2, WorkUnitH: 4, Running: &model.Running{Pool: "P"}}, "has no migration"},
		{model.Job{Shape: model.Preemptible, Units: 2, WorkUnitH: 4, Running: &model.Running{Pool: "P"}, Migration: &model.Migration{}}, ""},
		{model.Job{Shape: model.Rigid, Units: 2, WorkUnitH: 4, Running: &model.Running{Pool: "P", Pinned: true}}, "pinned to pool P"},
		{model.Job{Shape: model.Rigid, Units: 2, WorkUnitH: 20, Running: &model.Running{Pool: "Q", DoneUnitH: 14, Pinned: true}}, ""},
		{model.Job{Shape: model.Rigid, Units: 2, WorkUnitH: 20, Running: &model.Running{Pool: "Q", DoneUnitH: 10, Pinned: true}}, "cannot go on to its end"},
	} {
		x.job.Region = "east"
		got := c.JobPlacements(&x.job)[1]
		if got.OK != (x.want == "") || !strings.Contains(got.Reason, x.want) {
			t.Errorf("%s of %g unit-h: %q, want %q", x.job.Shape, x.job.WorkUnitH, got.Reason, x.want)
		}
	}
}
