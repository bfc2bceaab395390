package verify

import (
	"time"

	"github.com/wattbit/wattbit/model"
)

// diverse is a case of jobs of every shape and tie, with a valid plan. Its
// periods are two of 0.5 h and eight of 1 h; they begin at 0, 0.5, 1, 2, ... 8 h.
func diverse() *fixture {
	f := &fixture{c: diverseCase(), p: diversePlan(), o: Options{CaseSHA256: "0123"}}
	f.derive()
	f.price()
	f.p.Bound = ptr(f.p.Objective - 100)
	return f
}

func diverseCase() *model.Case {
	return &model.Case{
		Format: model.CaseFormat, Name: "diverse", Currency: "CNY",
		Horizon: model.Horizon{
			Start:   time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC),
			Periods: []model.PeriodRun{{Count: 2, Hours: 0.5}, {Count: 8, Hours: 1}},
		},
		Buses:   []model.Bus{{Name: "b"}},
		Regions: []model.Region{{Name: "east", EgressPricePerGB: 0.05}, {Name: "west"}, {Name: "far"}},
		Sites:   []model.Site{{Name: "se", Bus: "b", Region: "east"}, {Name: "sw", Bus: "b", Region: "west"}, {Name: "sf", Bus: "b", Region: "far"}},
		Pools: []model.Pool{
			{Name: "pe", Site: "se", Kind: "cpu", Modules: 1, UnitsPerModule: 20, DynamicMWPerUnit: 0.1, AlwaysOn: true},
			{Name: "pw", Site: "sw", Kind: "gpu", Modules: 1, UnitsPerModule: 20, Speed: ptr(2.0), AlwaysOn: true},
			{Name: "pf", Site: "sf", Kind: "cpu", Modules: 1, UnitsPerModule: 20, AlwaysOn: true},
		},
		DataLinks: []model.DataLink{
			{Name: "ew", From: "east", To: "west", CapacityGbps: model.Constant(1), PricePerGB: 0.1, LeadTimeH: 1},
			{Name: "wf", From: "west", To: "far", CapacityGbps: model.Constant(1), PricePerGB: 0.2},
		},
		Datasets: []model.Dataset{{Name: "corpus", GB: 40, Regions: []string{"far"}}},
		Jobs: []model.Job{
			{Name: "mold", Region: "east", Owner: "lab", Shape: model.Moldable, WorkUnitH: 6,
				Scaling: []model.ScalingPoint{{Units: 2, EffectiveUnits: 2}, {Units: 4, EffectiveUnits: 3}}},
			{Name: "gang", Region: "east", Owner: "lab", Shape: model.Preemptible, Units: 3, WorkUnitH: 11,
				MaxInterruptions: ptr(1), RestartH: 0.75, CheckpointLossH: 0.25},
			{Name: "mall", Region: "west", Shape: model.Malleable, WorkUnitH: 6.75, KindSpeeds: []model.KindSpeed{{Kind: "gpu", Speed: 1.5}},
				Scaling: []model.ScalingPoint{{Units: 1, EffectiveUnits: 1}, {Units: 3, EffectiveUnits: 2.5}, {Units: 5, EffectiveUnits: 3}}},
			{Name: "mover", Region: "east", Shape: model.Preemptible, Units: 2, WorkUnitH: 10, CheckpointLossH: 0.5,
				Migration: &model.Migration{GB: 30, PauseH: 1}},
			{Name: "goes", Region: "far", Shape: model.Rigid, Units: 2, WorkUnitH: 8, Running: &model.Running{Pool: "pf", DoneUnitH: 3}},
			{Name: "kept", Region: "far", Shape: model.Preemptible, Units: 1, WorkUnitH: 6, RestartH: 0.25,
				Migration: &model.Migration{PauseH: 0.5}, Running: &model.Running{Pool: "pf", DoneUnitH: 2}},
			{Name: "anew", Region: "far", Shape: model.Rigid, Units: 1, WorkUnitH: 4, InputGB: 9, Running: &model.Running{Pool: "pe", DoneUnitH: 1}},
			{Name: "over", Region: "far", Shape: model.Rigid, Units: 1, WorkUnitH: 10, BacklogPricePerUnitH: ptr(4.0),
				DueH: ptr(6.0), DeadlineH: ptr(20.0), LatePricePerH: ptr(2.0)},
			{Name: "wait", Region: "far", Shape: model.Moldable, WorkUnitH: 5, BacklogPricePerUnitH: ptr(2.0),
				Scaling: []model.ScalingPoint{{Units: 1, EffectiveUnits: 1}}},
			{Name: "drop", Region: "east", Shape: model.Rigid, Units: 1, WorkUnitH: 3, Priority: 2},
			{Name: "lose", Region: "east", Count: 2, Shape: model.Malleable, WorkUnitH: 3, Value: 50, DropPrice: ptr(7.0),
				Scaling: []model.ScalingPoint{{Units: 1, EffectiveUnits: 1}}},
			{Name: "soft", Region: "west", Shape: model.Preemptible, Units: 2, WorkUnitH: 3,
				DueH: ptr(4.0), DeadlineH: ptr(8.0), LatePricePerH: ptr(3.0)},
			{Name: "feed", Region: "west", Shape: model.Rigid, Units: 1, WorkUnitH: 4, Datasets: []string{"corpus"},
				Inputs:  []model.DataFlow{{Region: "east", GB: 20}, {Region: "west", GB: 5}, {Region: "far", GB: 6}},
				Outputs: []model.DataFlow{{Region: "east", GB: 8}, {Region: "west", GB: 3}}},
			{Name: "next", Region: "east", Shape: model.Rigid, Units: 2, WorkUnitH: 2, After: []model.Precedence{{Job: "feed", LagH: 0.5, GB: 12}}},
		},
		JobGroups: []model.JobGroup{
			{Name: "pair", Jobs: []string{"feed", "soft"}, Together: model.InRegion},
			{Name: "split", Jobs: []string{"feed", "next"}, Apart: model.InSite, FinishWithinH: ptr(3.0)},
			{Name: "both", Jobs: []string{"feed", "next"}, AllOrNone: true},
		},
		// gang holds 3 units for 5 h and mold 4 for 2.5 h: 25 unit-h, 7 units at
		// once of the 20 in pe.
		Quotas: []model.Quota{{Name: "lab", Owner: "lab", Pools: []string{"pe"}, MaxUnitH: ptr(25.0),
			MaxUnits: model.Constant(7), MaxShare: model.Constant(0.35)}},
	}
}

func diversePlan() *model.Plan {
	const T = 10
	on := func(name string) model.PoolPlan {
		return model.PoolPlan{Name: name, ModulesOn: fillInt(T, 1), ModuleStarts: fillInt(T, 0), ModuleStops: fillInt(T, 0)}
	}
	return &model.Plan{
		Format: model.PlanFormat, Case: "diverse", CaseSHA256: "0123", Currency: "CNY",
		Start:  time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC),
		Status: model.PlanOptimal,
		Buses:  []model.BusPlan{{Name: "b"}}, Sites: []model.SitePlan{{Name: "se"}, {Name: "sw"}, {Name: "sf"}},
		Pools: []model.PoolPlan{on("pe"), on("pw"), on("pf")}, DataLinks: []model.DataLinkPlan{{Name: "ew"}, {Name: "wf"}},
		Datasets: []model.DatasetPlan{{Name: "corpus", Copies: []model.DatasetCopy{{From: "far", To: "west", First: 0, GB: []float64{10, 30}}}}},
		Jobs: []model.JobPlan{
			// 3 unit-h an hour: 1.5 + 3 in 0.5 and 1 h, 1.5 left are 2 units of 4
			// for an hour.
			{Job: "mold", Number: 1, Pool: "pe", First: 1, BusyUnits: []float64{4, 4, 2}, HeldUnits: []float64{4, 4, 4}},
			// 3 units for 2 h, a pause that adds 3 unit-h, 3 units for 2 h and 2 for 1 h: 14.
			{Job: "gang", Number: 1, Pool: "pe", First: 0, BusyUnits: []float64{3, 3, 3, 0, 3, 3, 2}, HeldUnits: []float64{3, 3, 3, 0, 3, 3, 3}},
			// 1.5 * (1.75 + 2.75) = 6.75.
			{Job: "mall", Number: 1, Pool: "pw", First: 2, BusyUnits: []float64{2, 0, 4}},
			// 1 unit-h at speed 1; a pause of an hour takes 0.5 + 1 h; it adds
			// 0.5 * 2 * 2 = 2 unit-h; 4 + 4 + 3 at speed 2: 12.
			{Job: "mover", Number: 1, Pool: "pe", First: 0, BusyUnits: []float64{2}, HeldUnits: []float64{2},
				Then:      []model.JobRun{{Pool: "pw", First: 3, BusyUnits: []float64{2, 2, 1.5}, HeldUnits: []float64{2, 2, 2}}},
				Transfers: []model.JobTransfer{{What: model.TransferMigration, From: "east", To: "west", First: 1, GB: []float64{10, 20}}}},
			// 5 unit-h left: 2 units for 2 h, 1 for an hour.
			{Job: "goes", Number: 1, Pool: "pf", First: 0, BusyUnits: []float64{2, 2, 2, 1}},
			// 4 left and 0.25 * 2 added: 1 + 2 + 1.5 at speed 2.
			{Job: "kept", Number: 1, Pool: "pf", First: 0, Then: []model.JobRun{{Pool: "pw", First: 1, BusyUnits: []float64{1, 1, 0.75}, HeldUnits: []float64{1, 1, 1}}}},
			// All of its 4 unit-h, at speed 2.
			{Job: "anew", Number: 1, Pool: "pw", First: 5, BusyUnits: []float64{1, 1}, TransferFirst: 4, TransferGB: []float64{9}},
			// 6 of 10 unit-h from 3 h on, due at 6 h.
			{Job: "over", Number: 1, Pool: "pf", First: 4, BusyUnits: fill(6, 1), LeftUnitH: 4, LateH: 3},
			{Job: "wait", Number: 1, LeftUnitH: 5},
			{Job: "drop", Number: 1, Dropped: true},
			{Job: "lose", Number: 1, Dropped: true},
			// The whole line of one point: one unit.
			{Job: "lose", Number: 2, Pool: "pe", First: 7, BusyUnits: []float64{1, 1, 1}},
			// 1 + 2 at speed 2, the last until 5 h.
			{Job: "soft", Number: 1, Pool: "pw", First: 3, BusyUnits: []float64{0.5, 0, 1}, LateH: 1},
			// From 3 to 5 h. What east sends until 2 h can be used from 3 h on.
			{Job: "feed", Number: 1, Pool: "pw", First: 4, BusyUnits: []float64{1, 1}, Transfers: []model.JobTransfer{
				{What: model.TransferInput, Of: 0, From: "east", To: "west", First: 1, GB: []float64{5, 15}},
				{What: model.TransferInput, Of: 2, From: "far", To: "west", First: 3, GB: []float64{6}},
				{What: model.TransferOutput, Of: 0, From: "west", To: "east", First: 8, GB: []float64{0, 8}},
			}},
			// From 7 to 8 h. What west sends until 6 h can be used from 7 h on.
			{Job: "next", Number: 1, Pool: "pe", First: 8, BusyUnits: []float64{2}, Transfers: []model.JobTransfer{
				{What: model.TransferHandover, Of: 0, From: "west", To: "east", First: 6, GB: []float64{12}},
			}},
		},
	}
}
