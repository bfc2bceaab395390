package opt

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/solver"
)

// Merged fleets have the same optimum as their units one by one, and the plan
// that is split passes the verifier at the merged plan's cost.
func TestMergedFleetsSplitExactly(t *testing.T) {
	enginetest.Sequential(t)
	t.Parallel()
	fleets := 36
	if testing.Short() {
		fleets = 12
	}
	e := oracleEngine(t)
	found := map[string]int{}
	for seed := range uint64(fleets) {
		c := alikeFleet(t, seed)
		g := merge(c)
		want := leastOf(t, e, c, Catalog(Formulation{}))
		var form Formulation
		if seed%2 == 1 {
			form.Thermal = ThermalForm{
				Limits: LimitsTwoRows, Segments: SegmentsPlain, Trajectories: TrajectoriesNone,
				Ramps: RampsAll, Reserve: ReserveAll, Tiers: StartupWindows,
			}
		}
		catalog := g.catalog(form)
		m, p, err := Formulate(g.Case, catalog)
		if err != nil {
			t.Fatal(err)
		}
		res, err := run(context.Background(), e, p, solver.Options{RelGap: 1e-9})
		if err != nil || res.Status != solver.Optimal {
			t.Fatalf("seed %d: the merged program ends as %v, %v", seed, res, err)
		}
		slack := 1e-6 * math.Max(100, math.Abs(want))
		if math.Abs(res.Objective-want) > slack {
			t.Errorf("seed %d: merged %.9g, unit by unit %.9g", seed, res.Objective, want)
		}
		merged := (&Point{Model: m, X: res.X}).plan(catalog)
		merged.Status = model.PlanFeasible
		plan, err := g.split(merged)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		if r := verify.Check(c, plan, verify.Options{CaseSHA256: c.Fingerprint()}); !r.OK() {
			t.Errorf("seed %d: the split plan breaks %s of %s: %s", seed, r.Violations[0].Rule, r.Violations[0].Asset, r.Violations[0].Detail)
		}
		if math.Abs(plan.Objective-want) > slack {
			t.Errorf("seed %d: the split plan costs %.9g, the merged one %.9g", seed, plan.Objective, want)
		}
		count(found, c, g, plan)
	}
	t.Log(found)
	for _, what := range []string{"merged", "kept", "limits", "starts", "warm starts", "reserves"} {
		if found[what] < max(1, fleets/30) {
			t.Errorf("only %d of %d fleets with %s", found[what], fleets, what)
		}
	}
}

// count says what a case shows.
func count(found map[string]int, c *model.Case, g *merger, p *model.Plan) {
	note := func(what string, is bool) {
		if is {
			found[what]++
		}
	}
	merged := slices.ContainsFunc(g.members, func(of []int) bool { return len(of) > 1 })
	note("merged", merged)
	note("kept", !merged)
	limits, starts, warm := false, false, false
	for k, of := range g.members {
		u := &c.ThermalUnits[of[0]]
		limits = limits || len(of) > 1 && (u.StartupLimitMW != nil || u.ShutdownLimitMW != nil) && len(g.Case.ThermalUnits[k].Cost) > 2
		for _, i := range of {
			tiers := p.ThermalUnits[i].StartsByTier
			starts = starts || len(of) > 1 && slices.Max(p.ThermalUnits[i].Starts) > 0
			warm = warm || len(of) > 1 && len(tiers) > 1 && slices.Max(tiers[0]) > 0
		}
	}
	note("limits", limits)
	note("starts", starts)
	note("warm starts", warm)
	note("reserves", merged && len(c.Reserves) > 0)
}

func leastOf(t *testing.T, e solver.Solver, c *model.Case, catalog []Ingredient) float64 {
	t.Helper()
	_, p, err := Formulate(c, catalog)
	if err != nil {
		t.Fatal(err)
	}
	res, err := run(context.Background(), e, p, solver.Options{RelGap: 1e-9})
	if err != nil || res.Status != solver.Optimal {
		t.Fatalf("the program ends as %v, %v", res, err)
	}
	return res.Objective
}

// alikeFleet draws two or three units alike, and as many of another kind.
func alikeFleet(t *testing.T, seed uint64) *model.Case {
	r := rand.New(rand.NewPCG(seed, 11))
	for {
		c := drawUnit(r)
		if c.Horizon.Len() > 7 {
			continue
		}
		c.Format, c.Name, c.Currency = model.CaseFormat, fmt.Sprint("fleet ", seed), "EUR"
		c.Horizon.Start = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		kinds := []model.ThermalUnit{c.ThermalUnits[0], c.ThermalUnits[0]}
		kinds[1].Cost = slices.Clone(kinds[1].Cost)
		for i := range kinds[1].Cost {
			kinds[1].Cost[i].CostPerH *= 1.3
		}
		kinds[1].StartupLimitMW, kinds[1].ShutdownLimitMW, kinds[1].CO2TPerMWh = nil, nil, 0.5
		c.Policy.CO2PricePerT = 20
		c.ThermalUnits = nil
		most := 0.0
		for k, u := range kinds {
			if r.Float64() < 0.7 {
				u.RampUpMWPerH, u.RampDownMWPerH = nil, nil
			}
			for i := range 2 + r.IntN(2) {
				u.Name = fmt.Sprintf("unit %d of kind %d", i, k)
				most += u.MaxPowerMW
				c.ThermalUnits = append(c.ThermalUnits, u)
			}
		}
		demand := make(model.Series, c.Horizon.Len())
		for i := range demand {
			demand[i] = most * r.Float64()
		}
		c.Loads = []model.Load{{Name: "load", Bus: "A", PowerMW: demand}}
		for i := range c.Reserves {
			c.Reserves[i].RequirementMW = model.Series{most * 0.3 * r.Float64()}
		}
		if _, err := c.Validate(); err == nil {
			return c
		} else if r.Float64() < 0.001 {
			t.Fatal(err)
		}
	}
}

// Two units, off for at least two hours once stopped, start-up tiers warm below
// six hours off and cold from there. One stops in hour 0, the other in hour 4; in
// hour 5 one starts cold, in hour 6 another warm. In hour 5 only the first can
// start (5 h off, the second 1 h), though 5 h would be warm; then the second, off
// for 2 h, is the warm one in hour 6. That the first would be cold in hour 6 keeps
// it from being saved for then.
func TestMatchStarts(t *testing.T) {
	c := &model.Case{Horizon: model.Horizon{Periods: []model.PeriodRun{{Count: 8, Hours: 1}}}}
	m := &Model{Case: c, T: 8, Hours: c.Horizon.Hours()}
	u := &model.ThermalUnit{
		MaxPowerMW: 1, MinDownH: 2, Startup: []model.StartupTier{{Cost: 1}, {AfterOffH: 6, Cost: 2}},
		Initial: &model.ThermalInitial{UnitsOn: 1},
	}
	p := &model.ThermalPlan{
		Starts: []int{0, 0, 0, 0, 0, 1, 1, 0}, Stops: []int{1, 0, 0, 0, 1, 0, 0, 0},
		StartsByTier: [][]int{{0, 0, 0, 0, 0, 0, 1, 0}, {0, 0, 0, 0, 0, 1, 0, 0}},
	}
	next, err := m.matchStarts(m.thermalData(u), 2, p)
	if err != nil {
		t.Fatal(err)
	}
	if got := next[1][0]; got != (pending{5, 1}) {
		t.Errorf("the stop in hour 0 is for %+v, want the cold start in hour 5", got)
	}
	if got := next[5][0]; got != (pending{6, 0}) {
		t.Errorf("the stop in hour 4 is for %+v, want the warm start in hour 6", got)
	}

	// With both starts in hour 5 there is one unit for two.
	p.StartsByTier = [][]int{{0, 0, 0, 0, 0, 1, 0, 0}, {0, 0, 0, 0, 0, 1, 0, 0}}
	if _, err := m.matchStarts(m.thermalData(u), 2, p); err == nil {
		t.Error("two starts are matched to one unit")
	}
}

// Units of 50 to 100 MW, at most 60 in the first hour and 70 in the last. One
// starts in hour 0, another in hour 1, one stops in hour 2. The 160 MW of hour 1 are
// possible only if it is the one just started: 100 and 60. Were it the other, they
// would have 70 and 60.
func TestSplitStopsTheOneJustStarted(t *testing.T) {
	limit, last := 60.0, 70.0
	c := &model.Case{Horizon: model.Horizon{Periods: []model.PeriodRun{{Count: 3, Hours: 1}}}}
	m := &Model{Case: c, T: 3, Hours: c.Horizon.Hours()}
	u := &model.ThermalUnit{
		MinPowerMW: 50, MaxPowerMW: 100, StartupLimitMW: &limit, ShutdownLimitMW: &last,
		Cost: []model.CostPoint{{PowerMW: 50, CostPerH: 500}, {PowerMW: 100, CostPerH: 1_000}},
	}
	p := &model.ThermalPlan{
		UnitsOn: []int{1, 2, 1}, Starts: []int{1, 1, 0}, Stops: []int{0, 0, 1}, PowerMW: []float64{60, 160, 100},
	}
	units, err := m.splitUnit(u, 2, p)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]float64{{60, 100, 100}, {0, 60, 0}} {
		if !slices.Equal(units[i].PowerMW, want) {
			t.Errorf("unit %d makes %v, want %v", i, units[i].PowerMW, want)
		}
	}
	p.PowerMW[1] = 161
	if _, err := m.splitUnit(u, 2, p); err == nil {
		t.Error("161 MW are split among units that can make 160")
	}
}

// Owners keep jobs apart only where a quota names them: of six alike jobs of three owners,
// those of a and b are one class, and those of c, which has a quota, another.
func TestOwnersWithoutQuotaAreMerged(t *testing.T) {
	c := &model.Case{Quotas: []model.Quota{{Name: "q", Owner: "c"}}}
	for i, owner := range []string{"a", "b", "c", "a", "c", ""} {
		c.Jobs = append(c.Jobs, model.Job{Name: fmt.Sprint("j", i), Owner: owner, Shape: model.Rigid, Units: 1, WorkUnitH: 1})
	}
	merged, members := mergeJobs(c)
	if len(merged) != 2 || !slices.Equal(members[0], []int{0, 1, 3, 5}) || !slices.Equal(members[1], []int{2, 4}) || merged[0].N() != 4 || merged[1].Owner != "c" {
		t.Errorf("merged into %+v, members %v", merged, members)
	}
}
