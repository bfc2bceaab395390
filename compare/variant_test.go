package compare

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

func ptr[T any](v T) *T { return &v }

// town is a case of four hours with three sites of one pool of 10 units each: home
// and next in region a, far and farther in b, at 9 and 5 ms from a.
func town() *model.Case {
	c := &model.Case{
		Format: model.CaseFormat, Name: "town", Currency: "EUR",
		Horizon:        model.Horizon{Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Periods: []model.PeriodRun{{Count: 4, Hours: 1}}},
		Buses:          []model.Bus{{Name: "A"}},
		LatencyClasses: []model.LatencyClass{{Name: "hot", UtilisationCap: ptr(0.5)}},
		Regions:        []model.Region{{Name: "a"}, {Name: "b"}},
		Network:        model.Network{RoundTrips: []model.RoundTrip{{Region: "a", Site: "far", MS: 9}, {Region: "a", Site: "near", MS: 5}}},
	}
	for _, s := range [][2]string{{"home", "a"}, {"far", "b"}, {"near", "b"}} {
		c.Sites = append(c.Sites, model.Site{Name: s[0], Bus: "A", Region: s[1]})
		c.Pools = append(c.Pools, model.Pool{Name: s[0] + " pool", Site: s[0], Kind: s[0] + " kind", Modules: 1, UnitsPerModule: 10})
	}
	return c
}

func rigid(name string, units, workUnitH float64) model.Job {
	return model.Job{Name: name, Region: "a", Shape: model.Rigid, Units: units, WorkUnitH: workUnitH}
}

// Four of demand take 8 of the 10 units at home; of the 12 in each hour that job J
// asks for, 2 fit there, and 9.5 at the nearest site, where R runs and stays. The
// farther one takes the rest, and K, which finds no room before; L may only run there.
// K keeps its home, which could take it.
func TestAtHome(t *testing.T) {
	c := town()
	c.Workloads = []model.Workload{{Name: "web", Region: "a", Class: "hot", DemandUnits: model.Series{4}}}
	c.Jobs = []model.Job{rigid("J", 4, 4), rigid("K", 4, 8), rigid("L", 1, 1), rigid("R", 1, 2)}
	c.Jobs[0].Count = 12
	c.Jobs[2].PoolKinds = []string{"far kind"}
	c.Jobs[3].Running = &model.Running{Pool: "near pool"}
	if _, err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	home, notes := atHome(c)
	if _, err := home.Validate(); err != nil {
		t.Fatal(err)
	}
	if got := home.Workloads[0].AllowedSites; !slices.Equal(got, []string{"home"}) {
		t.Errorf("web at %v", got)
	}
	for i, want := range [][]string{{"home", "near", "far"}, {"home", "far"}, {"far"}, {"near"}} {
		if got := home.Jobs[i].AllowedSites; !slices.Equal(got, want) {
			t.Errorf("%s at %v, want %v", home.Jobs[i].Name, got, want)
		}
	}
	if len(notes) != 1 || !strings.Contains(notes[0], "job J at near and far, job K at far, job L at far") {
		t.Errorf("notes %q", notes)
	}
	if c.Jobs[0].AllowedSites != nil {
		t.Error("the case was changed")
	}
}

// When jobs could be done at the soonest, alone in a pool of 10 units of which 5 are
// there in the first hour.
func TestSoonestEnd(t *testing.T) {
	c := town()
	c.Pools, c.Sites = c.Pools[:1], c.Sites[:1]
	c.Pools[0].Modules, c.Pools[0].UnitsPerModule, c.Pools[0].AvailableModules = 2, 5, model.Series{1, 2, 2, 2}
	fluid := rigid("fluid", 10, 20)
	fluid.Shape = model.Preemptible
	mold := rigid("mold", 0, 10)
	mold.Shape, mold.Scaling = model.Moldable, []model.ScalingPoint{{Units: 2, EffectiveUnits: 2}, {Units: 8, EffectiveUnits: 6}}
	released := rigid("released", 2, 2)
	released.ReleaseH = 1.5
	after := rigid("after", 2, 2)
	after.After = []model.Precedence{{Job: "wide", LagH: 0.5}}
	runs := rigid("runs", 4, 12)
	runs.Running = &model.Running{Pool: "home pool", DoneUnitH: 4}
	for i, want := range []struct {
		job model.Job
		end int
	}{
		{rigid("small", 5, 10), 2}, // two hours from the start
		{rigid("wide", 10, 10), 2}, // it has to wait an hour for its units
		{fluid, 3},                 // 5 + 10 + 5
		{mold, 3},                  // the wide one from the second hour
		{released, 3},              // the first hour from 1.5 is the third
		{after, 4},                 // wide ends at 2, the lag at 2.5
		{runs, 2},                  // 8 are left, at 4 an hour
	} {
		c.Jobs = []model.Job{rigid("wide", 10, 10), want.job}
		if want.job.Name == "wide" {
			c.Jobs = c.Jobs[1:]
		}
		s := soonest{c: c, ix: c.Index(), ends: make([]int, len(c.Jobs))}
		if got := s.end(len(c.Jobs) - 1); got != want.end {
			t.Errorf("%d, %s: %d, want %d", i, want.job.Name, got, want.end)
		}
	}
}

// Waiting keeps hard deadlines, has its price on top of the job's own, and can never
// make a drop the cheaper way out.
func TestAtOncePrices(t *testing.T) {
	c := town()
	c.Exchanges = []model.Exchange{{Name: "abroad", Bus: "A", ImportMW: model.Series{0}, PricePerMWh: model.Series{100}}}
	for i := range c.Pools {
		c.Pools[i].DynamicMWPerUnit = 0.1
	}
	hard, soft := rigid("hard", 5, 10), rigid("soft", 5, 10)
	hard.DeadlineH, hard.Value, hard.DropPrice = ptr(3.0), 70, ptr(30.0)
	soft.DeadlineH, soft.LatePricePerH, soft.DropPrice = ptr(3.0), ptr(11.0), ptr(30.0)
	c.Jobs = []model.Job{hard, soft}
	out := atOnce(c)
	if _, err := out.Validate(); err != nil {
		t.Fatal(err)
	}
	const wait = 2 * 100 * 1 // twice the price of 1 MWh
	for i, own := range []float64{0, 11} {
		j := &out.Jobs[i]
		if *j.DueH != 2 || *j.LatePricePerH != wait+own || *j.DropPrice != 30+2*wait {
			t.Errorf("%s: due %g, late %g, drop %g", j.Name, *j.DueH, *j.LatePricePerH, *j.DropPrice)
		}
	}
	if d := out.Jobs[0].HardDeadline(); d == nil || *d != 3 {
		t.Errorf("the hard deadline is %v", d)
	}
	if d := out.Jobs[1].HardDeadline(); d != nil {
		t.Errorf("the soft deadline became hard: %v", *d)
	}
}

func TestHeldFlows(t *testing.T) {
	got := held([]float64{0, 1.0002, 5, -1e-9}, model.Series{5})
	if !slices.Equal(got, model.Series{0, 1.001, 5, 0}) {
		t.Errorf("%v", got)
	}
}

// slowed is the town with a power level of the pool at home, at half the speed, and
// cooling there: 0.2 MW a MW up to 1 MW and 0.5 beyond, times 1 or, in the last hour,
// 2.
func slowed() *model.Case {
	c := town()
	c.Pools[0].IdleMWPerModule, c.Pools[0].DynamicMWPerUnit = 0.5, 0.2
	c.Pools = append(c.Pools, model.Pool{Name: "home slow", Site: "home", Kind: "slow", ModulesOf: "home pool", Speed: ptr(0.5), DynamicMWPerUnit: 0.1})
	c.Sites[0].Cooling = &model.Cooling{
		Pieces:        []model.CoolingPiece{{ITMW: ptr(1.0), OverheadMWPerMW: 0.2}, {OverheadMWPerMW: 0.5}},
		ByTemperature: []model.CoolingFactor{{AmbientC: 10, Factor: 1}, {AmbientC: 30, Factor: 2}},
	}
	c.Sites[0].AmbientC = model.Series{5, 5, 5, 35}
	return c
}

// A power level shares the 10 units of its base: the first workload takes 8 of them
// at half the speed for 4, the second finds 2 and goes on to the nearest site.
func TestPowerLevelAtHome(t *testing.T) {
	c := slowed()
	for _, name := range []string{"first", "second"} {
		c.Workloads = append(c.Workloads, model.Workload{Name: name, Region: "a", Class: "hot", DemandUnits: model.Series{2}, PoolKinds: []string{"slow", "near kind"}})
	}
	if _, err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	home, _ := atHome(c)
	for i, want := range [][]string{{"home"}, {"home", "near"}} {
		if got := home.Workloads[i].AllowedSites; !slices.Equal(got, want) {
			t.Errorf("%s at %v, want %v", home.Workloads[i].Name, got, want)
		}
	}
}

// Ten units at half the speed do 20 unit-hours in four hours. Ten unit-hours take 20
// there, of 0.1 MW and 0.05 MW of idle power, and at worst 2 * 0.5 on top: 6 MWh.
func TestSoonestInPowerLevel(t *testing.T) {
	c := slowed()
	job := rigid("fluid", 10, 20)
	job.Shape, job.PoolKinds = model.Preemptible, []string{"slow"}
	c.Jobs = []model.Job{job}
	s := soonest{c: c, ix: c.Index(), ends: make([]int, 1)}
	if got := s.end(0); got != 4 {
		t.Errorf("end %d, want 4", got)
	}
	job.WorkUnitH = 10
	if got := s.mostMWh(&job); got < 6-1e-9 || got > 6+1e-9 {
		t.Errorf("%g MWh, want 6", got)
	}
}
