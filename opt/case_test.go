package opt_test

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver"
)

// The tests of the kinds are small cases solved by hand: each states its
// arithmetic, and every plan must be optimal and pass the verifier.

// engine returns the default engine. Where there is none, continuous
// integration fails and everyone else is told what was not tested.
func engine(t testing.TB) solver.Solver {
	t.Helper()
	return enginetest.Highs(t)
}

// exact is the gap of the tests: as good as none.
const exact = 1e-9

// newCase returns a case with one bus, A, and periods of the given lengths.
func newCase(hours ...float64) *model.Case {
	c := &model.Case{
		Format: model.CaseFormat, Name: "test", Currency: "EUR",
		Horizon: model.Horizon{Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)},
		Buses:   []model.Bus{{Name: "A"}},
	}
	for _, h := range hours {
		c.Horizon.Periods = append(c.Horizon.Periods, model.PeriodRun{Count: 1, Hours: h})
	}
	return c
}

// hourly returns a case of n periods of an hour with one bus, A.
func hourly(n int) *model.Case {
	c := newCase()
	c.Horizon.Periods = []model.PeriodRun{{Count: n, Hours: 1}}
	return c
}

// load adds demand at a bus.
func load(c *model.Case, bus string, mw ...float64) {
	c.Loads = append(c.Loads, model.Load{Name: "load " + bus, Bus: bus, PowerMW: mw})
}

// unit adds a thermal unit at bus A that makes every MWh at the same price, and
// returns it for changes.
func unit(c *model.Case, name string, least, most, price float64) *model.ThermalUnit {
	c.ThermalUnits = append(c.ThermalUnits, model.ThermalUnit{
		Name: name, Bus: "A", MinPowerMW: least, MaxPowerMW: most,
		Cost: []model.CostPoint{{PowerMW: least, CostPerH: least * price}, {PowerMW: most, CostPerH: most * price}},
	})
	return &c.ThermalUnits[len(c.ThermalUnits)-1]
}

// running gives a unit the state of one unit on at a power for very long.
func running(mw float64) *model.ThermalInitial {
	return &model.ThermalInitial{UnitsOn: 1, PowerMW: &mw}
}

// solved is the verified optimum of a case.
type solved struct {
	*model.Plan
	t testing.TB
}

// solve plans the case and insists on a verified optimum.
func solve(t testing.TB, c *model.Case) solved {
	t.Helper()
	out := outcome(t, c, opt.Options{})
	if out.Status != opt.Optimal {
		t.Fatalf("status %v, want optimal; notes %q, conflicts %v", out.Status, out.Notes, out.Conflicts)
	}
	return solved{out.Plan, t}
}

// outcome solves with the default engine and gap where none is set, and checks
// what holds for every outcome.
func outcome(t testing.TB, c *model.Case, o opt.Options) *opt.Outcome {
	t.Helper()
	if o.Engine == nil {
		o.Engine = engine(t)
	}
	if o.Gap == 0 {
		o.Gap = exact
	}
	out, err := opt.Solve(context.Background(), c, o)
	if err != nil {
		t.Fatalf("Solve: %v", err)
	}
	sound(t, out)
	return out
}

// sound checks that an outcome does not contradict itself: whoever has a plan
// has a verified one, and only a plan within its bound is called optimal.
func sound(t testing.TB, out *opt.Outcome) {
	t.Helper()
	switch {
	case out.Plan == nil && out.Status == opt.Optimal:
		t.Errorf("optimal without a plan")
	case out.Plan == nil:
		return
	case out.Report == nil || !out.Report.OK():
		t.Fatalf("a plan that is not verified: %+v", out.Report)
	case out.Status == opt.Infeasible || out.Status == opt.Failed:
		t.Errorf("status %v with a plan", out.Status)
	case out.Status == opt.Optimal && (out.Plan.Status != model.PlanOptimal || out.Plan.Bound == nil):
		t.Errorf("optimal outcome, plan %s with bound %v", out.Plan.Status, out.Plan.Bound)
	}
}

func (s solved) cost(want float64) {
	s.t.Helper()
	near(s.t, "objective", s.Objective, want)
}

// item checks the amount of one item of cost.
func (s solved) item(item model.CostItem, asset string, want float64) {
	s.t.Helper()
	got := 0.0
	for _, c := range s.Costs {
		if c.Item == item && c.Asset == asset {
			got += c.Amount
		}
	}
	near(s.t, string(item)+" of "+asset, got, want)
}

// price checks the power prices of a bus.
func (s solved) price(bus string, want ...float64) {
	s.t.Helper()
	s.series("price at "+bus, named(s.t, s.prices().Power, bus, nameOfPrice).Values, want...)
}

func (s solved) prices() *model.Prices {
	s.t.Helper()
	if s.Prices == nil {
		s.t.Fatal("the plan has no prices")
	}
	return s.Prices
}

func nameOfPrice(p *model.PriceSeries) string { return p.Name }

func (s solved) thermal(name string) *model.ThermalPlan {
	s.t.Helper()
	return named(s.t, s.ThermalUnits, name, func(p *model.ThermalPlan) string { return p.Name })
}

// power and units check the output and the commitment of a thermal unit.
func (s solved) power(name string, want ...float64) {
	s.t.Helper()
	s.series("power of "+name, s.thermal(name).PowerMW, want...)
}

func (s solved) units(name string, want ...int) {
	s.t.Helper()
	s.ints("units on of "+name, s.thermal(name).UnitsOn, want...)
}

func (s solved) series(what string, got []float64, want ...float64) {
	s.t.Helper()
	if len(got) != len(want) {
		s.t.Errorf("%s: %v, want %v", what, got, want)
		return
	}
	for t := range got {
		if !close(got[t], want[t]) {
			s.t.Errorf("%s: %v, want %v", what, got, want)
			return
		}
	}
}

func (s solved) ints(what string, got []int, want ...int) {
	s.t.Helper()
	if !slices.Equal(got, want) {
		s.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func near(t testing.TB, what string, got, want float64) {
	t.Helper()
	if !close(got, want) {
		t.Errorf("%s: %.9g, want %.9g", what, got, want)
	}
}

func close(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(b)) }

func named[T any](t testing.TB, list []T, name string, of func(*T) string) *T {
	t.Helper()
	for i := range list {
		if of(&list[i]) == name {
			return &list[i]
		}
	}
	t.Fatalf("no %q in the plan", name)
	return nil
}

func ptr[T any](v T) *T { return &v }
