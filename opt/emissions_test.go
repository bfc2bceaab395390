package opt_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver"
)

// marginal checks the marginal emissions of a bus.
func (s solved) marginal(bus string, want ...float64) {
	s.t.Helper()
	s.series("marginal CO2 at "+bus, named(s.t, s.prices().MarginalCO2, bus, nameOfPrice).Values, want...)
}

// bothOn holds both units on: with gas off, load above coal's limit is shed.
func bothOn(c *model.Case) *model.Case {
	for i := range c.ThermalUnits {
		c.ThermalUnits[i].FixedUnits = model.Series{1}
	}
	return c
}

// Coal makes the next MWh while it has room. At its limit, and above, gas does:
// at an edge the slope is that of more load.
func TestMarginalCO2OfTwoFuels(t *testing.T) {
	c := bothOn(twoFuels())
	c.Horizon.Periods = []model.PeriodRun{{Count: 1, Hours: 1}, {Count: 1, Hours: 2}, {Count: 1, Hours: 0.5}}
	c.Loads[0].PowerMW = model.Series{60, 100, 140}
	solve(t, c).marginal("A", 1, 0.5, 0.5)
	// At the commitment of the plan: with gas off the next MWh at the edge is shed.
	c.ThermalUnits[1].FixedUnits = model.Series{0, 0, 1}
	solve(t, c).marginal("A", 1, 0, 0.5)
	if out := outcome(t, c, opt.Options{}); len(out.Notes) > 0 {
		t.Errorf("notes %q", out.Notes)
	}
}

// While a cap binds, a MWh more adds no tonne: two of gas come in and one of coal
// goes out.
func TestMarginalCO2UnderACap(t *testing.T) {
	c := bothOn(twoFuels())
	c.Policy.CO2CapT = ptr(80.0)
	solve(t, c).marginal("A", 0)
	c.Policy.CO2CapT = ptr(101.0)
	solve(t, c).marginal("A", 0.5)
}

// Below what the link brings coal at A serves B, with a tenth lost; above it gas
// at B. Nothing at A changes with it.
func TestMarginalCO2OfACongestedLine(t *testing.T) {
	c, l := linked(45, 90, 120)
	l.LossShare = 0.1
	c.ThermalUnits[0].CO2TPerMWh, c.ThermalUnits[1].CO2TPerMWh = 1, 0.4
	p := solve(t, bothOn(c))
	p.marginal("A", 1, 1, 1)
	p.marginal("B", 1/0.9, 0.4, 0.4)
}

// Coal by night at 10, gas by day at 50. A full store has no more to give by day,
// so gas makes the next MWh; one with room takes it from the night with the losses
// of both ways.
func TestMarginalCO2OfAStorage(t *testing.T) {
	c := hourly(2)
	load(c, "A", 50, 50)
	unit(c, "coal", 0, 200, 10).CO2TPerMWh = 1
	unit(c, "gas", 0, 200, 50).CO2TPerMWh = 0.4
	c.ThermalUnits[0].OutageUnits = model.Series{0, 1}
	c.Storages = []model.Storage{{
		Name: "S", Bus: "A", MaxChargeMW: 100, MaxDischargeMW: 100, LevelMaxMWh: 18, EfficiencyCharge: ptr(0.9), EfficiencyDischarge: ptr(0.9),
	}}
	solve(t, c).marginal("A", 1, 0.4)
	c.Storages[0].LevelMaxMWh = 100
	solve(t, c).marginal("A", 1, 1/0.81)
}

// Coal and gas at one price: the one that emits less counts first, so that gas
// makes the next MWh until it is full, whichever an engine would take.
func TestMarginalCO2OfEqualPrices(t *testing.T) {
	c := hourly(2)
	load(c, "A", 60, 130)
	unit(c, "coal", 0, 100, 20).CO2TPerMWh = 1
	unit(c, "gas", 0, 100, 20).CO2TPerMWh = 0.5
	solve(t, c).marginal("A", 0.5, 1)
}

// Where nothing emits there is nothing to add, and where all load is shed no more
// can be served.
func TestMarginalCO2OfNothing(t *testing.T) {
	c := hourly(1)
	load(c, "A", 50)
	unit(c, "hydrogen", 0, 100, 20)
	solve(t, c).marginal("A", 0)
	c = hourly(2)
	load(c, "A", 50, 50)
	unit(c, "coal", 0, 100, 20).CO2TPerMWh = 1
	c.ThermalUnits[0].OutageUnits = model.Series{0, 1}
	solve(t, c).marginal("A", 1, 0)
}

// A little more load, planned again, emits what the slope says: a unit that ramps,
// one that holds reserve, a store and a line, in periods of different length.
func TestMarginalCO2ByPlanningAgain(t *testing.T) {
	base := func() *model.Case {
		c := newCase(1, 0.5, 2, 1)
		c.Buses = append(c.Buses, model.Bus{Name: "B"})
		load(c, "A", 40, 75, 61, 33)
		load(c, "B", 35, 52, 90, 41)
		coal := unit(c, "coal", 0, 120, 18)
		coal.CO2TPerMWh, coal.RampUpMWPerH, coal.Initial = 0.9, ptr(21.0), running(70)
		unit(c, "gas", 0, 60, 37).CO2TPerMWh = 0.4
		oil := unit(c, "oil", 0, 200, 90)
		oil.CO2TPerMWh, oil.Bus = 0.7, "B"
		c.Links = []model.Link{{Name: "L", From: "A", To: "B", MaxForwardMW: model.Series{55}, LossShare: 0.04}}
		c.Storages = []model.Storage{{Name: "S", Bus: "B", MaxChargeMW: 13, MaxDischargeMW: 17, LevelMaxMWh: 29, InitialLevelMWh: 7,
			EfficiencyCharge: ptr(0.93), EfficiencyDischarge: ptr(0.91)}}
		return c
	}
	p := solve(t, base())
	const more = 0.01
	seen := map[float64]bool{}
	for b, bus := range []string{"A", "B"} {
		rates := named(t, p.prices().MarginalCO2, bus, nameOfPrice).Values
		for k, rate := range rates {
			c := base()
			at := slices.Clone(c.Loads[b].PowerMW)
			at[k] += more
			c.Loads[b].PowerMW = at
			again := solve(t, c)
			if got := (again.Policy.CO2T - p.Policy.CO2T) / more / c.Horizon.Hours()[k]; math.Abs(got-rate) > 1e-4 {
				t.Errorf("a MWh more at %s in period %d adds %.6f t, not %.6f", bus, k, got, rate)
			}
			seen[math.Round(rate*1e6)] = true
		}
	}
	if len(seen) < 4 {
		t.Errorf("only %d different rates: the case shows little", len(seen))
	}
}

// dualless is an engine that gives no duals once there are prices.
type dualless struct {
	solver.Solver
	lps int
}

func (e *dualless) Solve(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
	res, err := e.Solver.Solve(ctx, p, o)
	if o.StartBasis != nil && res != nil {
		e.lps++
		res.HasDuals, res.RowDual, res.ColDual = false, nil, nil
	}
	return res, err
}

// Without marginal emissions a plan is as good as any, and a note says so.
func TestNoMarginalCO2(t *testing.T) {
	e := &dualless{Solver: engine(t)}
	out := outcome(t, twoFuels(), opt.Options{Engine: e})
	if e.lps == 0 {
		t.Fatal("the engine was not asked")
	}
	if out.Status != opt.Optimal || out.Plan.Prices == nil || out.Plan.Prices.MarginalCO2 != nil || len(out.Notes) != 1 {
		t.Errorf("%v with prices %v and notes %q", out.Status, out.Plan.Prices, out.Notes)
	}
}
