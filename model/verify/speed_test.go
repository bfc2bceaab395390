package verify

import (
	"fmt"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// manyJobs is a case of n jobs over 96 periods of 15 minutes, each of its own
// class, with a valid plan: preemptible and rigid ones in turn, some of them gangs
// and moldable, a quarter with input, all under a quota.
func manyJobs(n int) *fixture {
	const T = 96
	c := &model.Case{
		Name:    "many",
		Horizon: model.Horizon{Periods: []model.PeriodRun{{Count: T, Hours: 0.25}}},
		Buses:   []model.Bus{{Name: "a"}, {Name: "b"}},
		Regions: []model.Region{{Name: "east"}, {Name: "west"}},
		Sites:   []model.Site{{Name: "home", Bus: "a", Region: "east"}, {Name: "away", Bus: "b", Region: "west"}},
		Pools: []model.Pool{
			{Name: "p", Site: "home", Modules: 1, UnitsPerModule: 1e7, AlwaysOn: true},
			{Name: "q", Site: "away", Modules: 1, UnitsPerModule: 1e7, AlwaysOn: true, DynamicMWPerUnit: 0.001},
		},
		DataLinks: []model.DataLink{{Name: "wire", From: "east", To: "west", CapacityGbps: model.Constant(1e6), PricePerGB: 0.1}},
	}
	on := func(name string) model.PoolPlan {
		return model.PoolPlan{Name: name, ModulesOn: fillInt(T, 1), ModuleStarts: fillInt(T, 0), ModuleStops: fillInt(T, 0)}
	}
	p := &model.Plan{
		Format: model.PlanFormat, Case: "many", CaseSHA256: "0123", Status: model.PlanFeasible, PeriodHours: fill(T, 0.25),
		Buses: []model.BusPlan{{Name: "a"}, {Name: "b"}}, Sites: []model.SitePlan{{Name: "home"}, {Name: "away"}},
		Pools: []model.PoolPlan{on("p"), on("q")}, DataLinks: []model.DataLinkPlan{{Name: "wire"}},
	}
	busy := fill(92, 2)
	for i := range n {
		name := fmt.Sprintf("job-%06d", i)
		j := model.Job{Name: name, Region: "east", Shape: model.Preemptible, Units: 2, WorkUnitH: 2 * 23, LatePricePerH: ptr(1.0)}
		q := model.JobPlan{Job: name, Number: 1, Pool: "p", First: 4, BusyUnits: busy}
		if i%2 == 1 {
			j.Shape = model.Rigid
		}
		if i%4 == 0 {
			j.InputGB = 2
			q.Pool, q.TransferGB = "q", []float64{0.5, 0.5, 0.5, 0.5}
		}
		switch i % 8 {
		case 2:
			j.MaxInterruptions, q.HeldUnits = ptr(0), busy
		case 3:
			j.Shape, j.Units, j.Scaling, q.HeldUnits = model.Moldable, 0, []model.ScalingPoint{{Units: 2, EffectiveUnits: 2}}, busy
		}
		j.Owner = "all"
		if i%8 == 0 {
			j.DeadlineH = ptr(20.0)
			q.LateH = 4
		}
		c.Jobs = append(c.Jobs, j)
		p.Jobs = append(p.Jobs, q)
	}
	c.Quotas = []model.Quota{{Name: "quota", Owner: "all", MaxShare: model.Constant(1)}}
	f := &fixture{c: c, p: p, o: Options{CaseSHA256: "0123"}}
	f.derive()
	f.price()
	return f
}

func TestManyJobs(t *testing.T) {
	f := manyJobs(5000)
	mustOK(t, f.check())
}

func BenchmarkCheckJobs(b *testing.B) {
	f := manyJobs(100_000)
	b.ResetTimer()
	for b.Loop() {
		if r := f.check(); !r.OK() {
			b.Fatal(r.Violations[0])
		}
	}
}

func BenchmarkCheckJoint(b *testing.B) {
	f := joint()
	for b.Loop() {
		f.check()
	}
}
