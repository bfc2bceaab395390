package verify

import (
	"time"

	"github.com/wattbit/wattbit/model"
)

// onCall is a case of a gang that provides reserve, with a valid plan. Its periods
// are two of 0.5 h and eight of 1 h; they begin at 0, 0.5, 1, 2, ... 8 h.
func onCall() *fixture {
	f := &fixture{c: onCallCase(), p: onCallPlan(), o: Options{CaseSHA256: "0123"}}
	f.derive()
	f.price()
	f.p.Bound = ptr(f.p.Objective - 100)
	return f
}

func onCallCase() *model.Case {
	return &model.Case{
		Format: model.CaseFormat, Name: "on call", Currency: "CNY",
		Horizon: model.Horizon{
			Start:   time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC),
			Periods: []model.PeriodRun{{Count: 2, Hours: 0.5}, {Count: 8, Hours: 1}},
		},
		Buses: []model.Bus{{Name: "b"}},
		Reserves: []model.ReserveProduct{
			{Name: "slow", Direction: model.Up, RequirementMW: model.Constant(0.5), SustainedH: ptr(1.5)},
			{Name: "fast", Direction: model.Up, RequirementMW: model.Constant(0.5), SustainedH: ptr(0.5), Activations: 2},
		},
		Regions: []model.Region{{Name: "r"}},
		Sites:   []model.Site{{Name: "s", Bus: "b", Region: "r", PUE: model.Constant(1.25), ImportLimitMW: model.Constant(1.5)}},
		Pools: []model.Pool{
			{Name: "p", Site: "s", Modules: 1, UnitsPerModule: 10, Speed: ptr(2.0), DynamicMWPerUnit: 0.1, AlwaysOn: true},
		},
		Jobs: []model.Job{
			{Name: "train", Region: "r", Shape: model.Preemptible, Units: 4, WorkUnitH: 24, Reserves: []string{"slow", "fast"},
				MaxInterruptions: ptr(4), RestartH: 0.25, CheckpointLossH: 0.25},
			{Name: "steady", Region: "r", Shape: model.Rigid, Units: 5, WorkUnitH: 90},
		},
	}
}

func onCallPlan() *model.Plan {
	const T = 10
	return &model.Plan{
		Format: model.PlanFormat, Case: "on call", CaseSHA256: "0123", Currency: "CNY",
		Start:    time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC),
		Status:   model.PlanOptimal,
		Buses:    []model.BusPlan{{Name: "b"}},
		Sites:    []model.SitePlan{{Name: "s"}},
		Reserves: []model.ReservePlan{{Name: "slow", ShortageMW: fill(T, 0)}, {Name: "fast", ShortageMW: fill(T, 0)}},
		Pools:    []model.PoolPlan{{Name: "p", ModulesOn: fillInt(T, 1), ModuleStarts: fillInt(T, 0), ModuleStops: fillInt(T, 0)}},
		Jobs: []model.JobPlan{
			// Of speed 2: 4 units for 2 h, a pause of an hour that adds 2 unit-h, 4 for
			// an hour and 2 for another: 14 unit-h do the 12 and those.
			// One call of slow, from 0.5 to 2 h, takes 1.5 + 0.5 h of the gang; two of
			// fast, from 3 to 3.5 h at the earliest, take 0.5 + 0.5 h each. The spare
			// hour from 2 h on is for slow, with one of the three from 5 h on.
			{Job: "train", Number: 1, Pool: "p", First: 0, BusyUnits: []float64{4, 4, 4, 0, 4, 2}, HeldUnits: []float64{4, 4, 4, 0, 4, 4},
				Reserves: []model.ProvidedPower{
					{Product: "slow", MW: []float64{0, 0.5, 0, 0, 0, 0, 0, 0, 0, 0}},
					{Product: "fast", MW: []float64{0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0}},
				},
				SpareUnits: []float64{0, 0, 0, 4, 0, 0, 4, 4, 4, 0}},
			{Job: "steady", Number: 1, Pool: "p", First: 0, BusyUnits: fill(T, 5)},
		},
	}
}
