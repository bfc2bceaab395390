package main

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver"
)

// Electrolyser makes hydrogen from power: above a minimum load while it is on,
// and a target over the horizon. Hydrogen that is missing is bought elsewhere at
// a price, so that the target never makes a case infeasible.
type Electrolyser struct {
	Name string
	Bus  string

	MinPowerMW   float64 // while on
	MaxPowerMW   float64
	KgPerMWh     float64 // hydrogen made
	StartCost    float64 // money
	TargetKg     float64 // over the horizon
	MissingPerKg float64 // price of hydrogen below the target
	InitiallyOn  bool
}

// kind is the kind's name, in plans and before the names of rules.
const kind = "electrolyser"

// The series of an electrolyser in a plan, units in their names.
const (
	seriesOn       = "on"
	seriesStarts   = "starts"
	seriesPower    = "power_mw"
	seriesHydrogen = "hydrogen_kg"
)

// ingredient is the optimiser's side of the electrolysers:
//
//	min on_t <= power_t <= max on_t
//	start_t >= on_t - on_{t-1}
//	sum over t of kg h_t power_t + missing >= target
//	cost: start cost * start_t + missing price * missing
//
// The bus's balance is all that they share with the rest: one call of Inject.
type ingredient struct {
	items   []Electrolyser
	columns []columns
}

// columns of one electrolyser: the first of one a period.
type columns struct{ on, start, power solver.Col }

func (*ingredient) Kind() string { return kind }

func (k *ingredient) Formulate(m *opt.Model) error {
	k.columns = nil
	for i := range k.items {
		e := &k.items[i]
		if err := e.validate(); err != nil {
			return err
		}
		bus, err := m.Bus(e.Bus)
		if err != nil {
			return fmt.Errorf("electrolyser %q: %w", e.Name, err)
		}
		// Columns, rows and costs from here on belong to this electrolyser.
		m.Begin(kind, e.Name)
		c := columns{
			on:    m.Columns("on", solver.Integer, bounds(0, 1)),
			start: m.Columns("start", solver.Integer, bounds(0, 1)),
			power: m.Columns("power", solver.Continuous, bounds(0, e.MaxPowerMW)),
		}
		m.Label("missing hydrogen")
		missing := m.Column(0, math.Inf(1), solver.Continuous)
		m.Cost(model.CostOther, missing, e.MissingPerKg)
		m.Label("target")
		target := m.Row(e.TargetKg, math.Inf(1))
		m.Add(target, missing, 1)

		m.Label("operation")
		for t := range m.T {
			x := solver.Col(t)
			m.Inject(bus, t, c.power+x, -1)
			m.Cost(model.CostOther, c.start+x, e.StartCost)
			m.Add(target, c.power+x, e.KgPerMWh*m.Hours[t])

			most := m.Row(math.Inf(-1), 0)
			m.Add(most, c.power+x, 1)
			m.Add(most, c.on+x, -e.MaxPowerMW)
			least := m.Row(0, math.Inf(1))
			m.Add(least, c.power+x, 1)
			m.Add(least, c.on+x, -e.MinPowerMW)

			before := 0.0
			if t == 0 && e.InitiallyOn {
				before = 1
			}
			start := m.Row(-before, math.Inf(1))
			m.Add(start, c.start+x, 1)
			m.Add(start, c.on+x, -1)
			if t > 0 {
				m.Add(start, c.on+x-1, 1)
			}
		}
		k.columns = append(k.columns, c)
	}
	return nil
}

// Extract writes what the solution says about the electrolysers to the plan.
func (k *ingredient) Extract(pt *opt.Point, p *model.Plan) {
	for i, c := range k.columns {
		power := pt.Series(c.power)
		hydrogen := make([]float64, len(power))
		for t := range power {
			hydrogen[t] = k.items[i].KgPerMWh * power[t] * pt.Model.Hours[t]
		}
		p.Assets = append(p.Assets, model.AssetPlan{
			Kind: kind, Name: k.items[i].Name,
			Series: []model.AssetSeries{
				{Name: seriesOn, Values: pt.Series(c.on)},
				{Name: seriesStarts, Values: pt.Series(c.start)},
				{Name: seriesPower, Values: power},
				{Name: seriesHydrogen, Values: hydrogen},
			},
		})
	}
}

func bounds(lo, up float64) func(int) (float64, float64) {
	return func(int) (float64, float64) { return lo, up }
}

func (e *Electrolyser) validate() error {
	for _, v := range []float64{e.MinPowerMW, e.MaxPowerMW, e.KgPerMWh, e.StartCost, e.TargetKg, e.MissingPerKg} {
		if !(v >= 0) || math.IsInf(v, 0) {
			return fmt.Errorf("electrolyser %q: %v is given where a number of at least 0 is wanted", e.Name, v)
		}
	}
	if e.MinPowerMW > e.MaxPowerMW {
		return fmt.Errorf("electrolyser %q: the minimum of %g MW is above the maximum of %g MW", e.Name, e.MinPowerMW, e.MaxPowerMW)
	}
	return nil
}

// check is the verifier's side of one electrolyser. It reads the plan and the
// data, knows nothing of the columns above, and does its arithmetic anew.
type check struct{ Electrolyser }

var _ verify.Asset = check{}

func (check) Kind() string { return kind }

func (k check) Name() string { return k.Electrolyser.Name }

func (k check) Check(x *verify.AssetContext) {
	on, starts := x.Series(seriesOn), x.Series(seriesStarts)
	power, hydrogen := x.Series(seriesPower), x.Series(seriesHydrogen)
	before, made, cost := 0.0, 0.0, 0.0
	if k.InitiallyOn {
		before = 1
	}
	for t, h := range x.Hours() {
		// What flows at the bus, as the plan says: the balance sees it.
		x.Inject(k.Bus, t, -power[t])

		x.Equal("on", t, on[t]*(1-on[t]), 0, "on times off, which is 0 for on or off")
		x.AtLeast("start", t, starts[t], on[t]-before, "starts")
		x.AtLeast("start", t, starts[t], 0, "starts")
		x.AtLeast("min_power", t, power[t], k.MinPowerMW*on[t], "MW drawn")
		x.AtMost("max_power", t, power[t], k.MaxPowerMW*on[t], "MW drawn")
		x.Equal("hydrogen", t, hydrogen[t], k.KgPerMWh*power[t]*h, "kg made")

		made += hydrogen[t]
		cost += k.StartCost * starts[t]
		before = on[t]
	}
	// Costs are recomputed too: the plan has to charge exactly this.
	x.Cost(cost + k.MissingPerKg*math.Max(0, k.TargetKg-made))
}
