package verify

import (
	"time"

	"github.com/wattbit/wattbit/model"
)

// guarded is a case of pinned and queued workloads that must stay servable in
// outages, and of jobs that provide reserve, with a valid plan. Its periods are two
// of 0.5 h and six of 1 h; they begin at 0, 0.5, 1, 2, ... 6 h.
func guarded() *fixture {
	f := &fixture{c: guardedCase(), p: guardedPlan(), o: Options{CaseSHA256: "0123"}}
	f.derive()
	f.price()
	f.p.Bound = ptr(f.p.Objective - 100)
	return f
}

func guardedCase() *model.Case {
	return &model.Case{
		Format: model.CaseFormat, Name: "guarded", Currency: "CNY",
		Horizon: model.Horizon{
			Start:   time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC),
			Periods: []model.PeriodRun{{Count: 2, Hours: 0.5}, {Count: 6, Hours: 1}},
		},
		Buses: []model.Bus{{Name: "b"}},
		Reserves: []model.ReserveProduct{
			{Name: "spin", Direction: model.Up, RequirementMW: model.Constant(0.25), SustainedH: ptr(1.0), Activations: 2},
			{Name: "relief", Direction: model.Down, RequirementMW: model.Constant(0.25)},
		},
		LatencyClasses: []model.LatencyClass{
			{Name: "hot", Queue: &model.Queue{ServiceMS: 100, LimitMS: 50, Percentile: 0.9}},
			{Name: "warm", UtilisationCap: ptr(0.8)}, {Name: "cold"},
		},
		Regions: []model.Region{{Name: "east"}, {Name: "west"}, {Name: "far"}},
		Sites: []model.Site{
			{Name: "se", Bus: "b", Region: "east", PUE: model.Constant(1.25), BaseMW: model.Constant(1), ImportLimitMW: model.Constant(6)},
			{Name: "sw", Bus: "b", Region: "west"}, {Name: "sf", Bus: "b", Region: "far"},
		},
		Pools: []model.Pool{
			{Name: "pe", Site: "se", Modules: 2, UnitsPerModule: 20, IdleMWPerModule: 0.5, DynamicMWPerUnit: 0.1, AlwaysOn: true},
			{Name: "pw", Site: "sw", Modules: 2, UnitsPerModule: 20, Speed: ptr(2.0), DynamicMWPerUnit: 0.1, AlwaysOn: true},
			{Name: "pf", Site: "sf", Modules: 1, UnitsPerModule: 20, AlwaysOn: true},
		},
		DataLinks: []model.DataLink{
			{Name: "ew", From: "east", To: "west", CapacityGbps: model.Constant(1), PricePerGB: 0.1},
			{Name: "wf", From: "west", To: "far", CapacityGbps: model.Constant(1)},
		},
		Workloads: []model.Workload{
			{Name: "chat", Region: "east", Class: "hot", DemandUnits: model.Constant(6)},
			{Name: "mail", Region: "east", Class: "hot", DemandUnits: model.Constant(2)},
			{Name: "page", Region: "east", Class: "warm", DemandUnits: model.Constant(8), DataGBPerUnitH: 10,
				Pinned: []model.PinnedShare{{Site: "se", ShareMin: 0.25, ShareMax: ptr(0.75)}, {Site: "sw", ShareMin: 0.1}}},
			{Name: "film", Region: "west", Class: "cold", DemandUnits: model.Constant(3), DataGBPerUnitH: 20},
		},
		Jobs: []model.Job{
			{Name: "batch", Region: "east", Owner: "lab", Shape: model.Preemptible, Units: 6, WorkUnitH: 8, Reserves: []string{"spin"}},
			{Name: "night", Region: "east", Shape: model.Preemptible, Units: 5, WorkUnitH: 6, ReleaseH: 0.5, Reserves: []string{"relief"}},
			{Name: "block", Region: "east", Shape: model.Rigid, Units: 3, WorkUnitH: 6},
		},
		Quotas:           []model.Quota{{Name: "lab", Owner: "lab", MaxUnitH: ptr(8.0), MaxUnits: model.Constant(4)}},
		ComputingOutages: model.ComputingOutages{Classes: []string{"hot", "warm"}, Sites: true, DataLinks: true},
	}
}

func guardedPlan() *model.Plan {
	const T = 8
	on := func(name string, modules int) model.PoolPlan {
		return model.PoolPlan{Name: name, ModulesOn: fillInt(T, modules), ModuleStarts: fillInt(T, 0), ModuleStops: fillInt(T, 0)}
	}
	route := func(pool string, units float64) model.Route { return model.Route{Pool: pool, Units: fill(T, units)} }
	in := func(name string, routes ...model.Route) model.OutageWorkload {
		return model.OutageWorkload{Name: name, Routes: routes, ShortUnits: fill(T, 0)}
	}
	p := &model.Plan{
		Format: model.PlanFormat, Case: "guarded", CaseSHA256: "0123", Currency: "CNY",
		Start:  time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC),
		Status: model.PlanOptimal,
		Buses:  []model.BusPlan{{Name: "b"}}, Sites: []model.SitePlan{{Name: "se"}, {Name: "sw"}, {Name: "sf"}},
		Reserves: []model.ReservePlan{{Name: "spin", ShortageMW: fill(T, 0)}, {Name: "relief", ShortageMW: fill(T, 0)}},
		Pools:    []model.PoolPlan{on("pe", 2), on("pw", 2), on("pf", 1)}, DataLinks: []model.DataLinkPlan{{Name: "ew"}, {Name: "wf"}},
		Workloads: []model.WorkloadPlan{
			{Name: "chat", Routes: []model.Route{route("pe", 6)}, UnservedUnits: fill(T, 0)},
			{Name: "mail", Routes: []model.Route{route("pe", 2)}, UnservedUnits: fill(T, 0)},
			{Name: "page", Routes: []model.Route{route("pe", 4), route("pw", 4)}, UnservedUnits: fill(T, 0)},
			{Name: "film", Routes: []model.Route{route("pe", 3)}, UnservedUnits: fill(T, 0)},
		},
		Jobs: []model.JobPlan{
			// 4 units for 2 h. Two calls of an hour each may take 2 units: 4 unit-h,
			// kept between 3 and 4 h.
			{Job: "batch", Number: 1, Pool: "pe", First: 0, BusyUnits: []float64{4, 4, 4},
				Reserves:   []model.ProvidedPower{{Product: "spin", MW: []float64{0.25, 0.25, 0.25, 0, 0, 0, 0, 0}}},
				SpareUnits: []float64{0, 0, 0, 0, 4, 0, 0, 0}},
			// One call of half an hour may do 1.5 unit-h ahead between 1 and 3 h, of 6
			// planned from 3 h on; or half a unit-h between 4 and 5 h, of 2 from 5 h on.
			{Job: "night", Number: 1, Pool: "pe", First: 4, BusyUnits: []float64{2, 2, 2},
				Reserves: []model.ProvidedPower{{Product: "relief", MW: []float64{0, 0, 0.375, 0.375, 0, 0.125, 0, 0}}}},
			{Job: "block", Number: 1, Pool: "pe", First: 0, BusyUnits: []float64{3, 3, 3}},
		},
		Outages: []model.OutagePlan{
			{Name: "site se", Workloads: []model.OutageWorkload{in("chat", route("pw", 6)), in("mail", route("pw", 2)), in("page", route("pw", 8))}},
			{Name: "site sw", Workloads: []model.OutageWorkload{in("page", route("pe", 8))}},
			{Name: "data link ew", Workloads: []model.OutageWorkload{in("page", route("pe", 8))}},
		},
	}
	p.Pools[0].Queues = []model.QueuePlan{{Class: "hot", HeldUnits: fill(T, 12)}}
	return p
}
