package opt

// Hydro reservoirs, water counted in MWh of electricity.
//
//	level_t = level_{t-1} + (inflow_t - p_t - spill_t) h_t
//	level_min <= level_t <= level_max,  terminal band on level_{T-1}
//	p_min <= p_t <= p_max,  |p_t - p_{t-1}| <= ramp H_t
//	up reserve:    sum r <= p_max - p_t,  r <= ramp * delivery,
//	               sum r sustained <= level_t - level_min
//	down reserve:  sum r <= p_t - p_min,  r <= ramp * delivery
//	cost: h_t cost p_t - water value level_{T-1}

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type hydro struct {
	power, spill, level []solver.Col
	reserves            [][]provided
}

func (*hydro) Kind() string { return "hydro" }

func (k *hydro) Formulate(m *Model) error {
	for i := range m.Case.Hydro {
		u := &m.Case.Hydro[i]
		bus, err := m.Bus(u.Bus)
		if err != nil {
			return err
		}
		m.Begin("hydro", u.Name)
		p := m.Columns("power", solver.Continuous, between(u.MinPowerMW, u.MaxPowerMW))
		spill := m.Columns("spill", solver.Continuous, between(0, orElse(u.MaxSpillMW, inf)))
		level := m.levelColumns(u.LevelMinMWh, u.LevelMaxMWh, u.TerminalMinMWh, u.TerminalMaxMWh)
		res, err := m.offer(u.Bus, u.Reserves, func(r *model.ReserveProduct) float64 {
			if u.RampMWPerH == nil {
				return inf
			}
			return *u.RampMWPerH * r.DeliveryH()
		})
		if err != nil {
			return err
		}
		m.Label("water")
		for t := range m.T {
			c, h := solver.Col(t), m.Hours[t]
			m.Inject(bus, t, p+c, 1)
			m.Cost(model.CostHydro, p+c, u.CostPerMWh*h)
			if m.Case.Policy.HydroCountsAsRenewable {
				m.Count(RenewableGeneration, p+c, h)
			} else {
				m.Count(Generation, p+c, h)
			}
			row := m.levelRow(level, t, 1, u.InitialLevelMWh, u.InflowMW.At(t, 0)*h)
			m.Add(row, p+c, h)
			m.Add(row, spill+c, h)
		}
		m.rampBothWays("ramp", func(t int) (solver.Col, float64) { return p + solver.Col(t), 1 }, -1, u.RampMWPerH, u.InitialPowerMW)
		m.Label("reserve")
		for t := range m.T {
			c := solver.Col(t)
			m.within(res, t, model.Up, u.MaxPowerMW, []term{{p + c, -1}}, nil)
			m.within(res, t, model.Down, -u.MinPowerMW, []term{{p + c, 1}}, nil)
			m.within(res, t, model.Up, -u.LevelMinMWh, []term{{level + c, 1}}, (*model.ReserveProduct).Sustained)
		}
		m.Cost(model.CostTerminalValue, level+solver.Col(m.T-1), -u.WaterValuePerMWh)
		k.power, k.spill, k.level = append(k.power, p), append(k.spill, spill), append(k.level, level)
		k.reserves = append(k.reserves, res)
	}
	m.hydroPower = k.power
	return nil
}

// levelColumns adds the level at every period's end, with the terminal band on
// the last.
func (m *Model) levelColumns(lo, up float64, terminalLo, terminalUp *float64) solver.Col {
	return m.Columns("level", solver.Continuous, func(t int) (float64, float64) {
		if t < m.T-1 {
			return lo, up
		}
		return math.Max(lo, orElse(terminalLo, lo)), math.Min(up, orElse(terminalUp, up))
	})
}

// levelRow states level_t - keep level_{t-1} = gain and returns the row for what
// goes in (negative) and out (positive).
func (m *Model) levelRow(level solver.Col, t int, keep, initial, gain float64) solver.Row {
	if t == 0 {
		gain += keep * initial
	}
	row := m.Row(gain, gain)
	m.Add(row, level+solver.Col(t), 1)
	if t > 0 {
		m.Add(row, level+solver.Col(t-1), -keep)
	}
	return row
}

// rampBothWays limits the change of a quantity of one or two columns a period:
// the sum of plus(t) and, when minus >= 0, minus one times column minus + t.
func (m *Model) rampBothWays(label string, plus func(t int) (solver.Col, float64), minus solver.Col, ramp, initial *float64) {
	if ramp == nil {
		return
	}
	m.Label(label)
	for t := range m.T {
		limit, base := *ramp*m.meanHours(t), 0.0
		if t == 0 {
			if initial == nil {
				continue
			}
			base = *initial
		}
		row := m.Row(base-limit, base+limit)
		add := func(t int, sign float64) {
			c, v := plus(t)
			m.Add(row, c, sign*v)
			if minus >= 0 {
				m.Add(row, minus+solver.Col(t), -sign)
			}
		}
		add(t, 1)
		if t > 0 {
			add(t-1, -1)
		}
	}
}

func (k *hydro) Extract(pt *Point, p *model.Plan) {
	for i := range pt.Model.Case.Hydro {
		p.Hydro = append(p.Hydro, model.HydroPlan{
			Name:     pt.Model.Case.Hydro[i].Name,
			PowerMW:  pt.Series(k.power[i]),
			SpillMW:  pt.Series(k.spill[i]),
			LevelMWh: pt.Series(k.level[i]),
			Reserves: pt.provided(k.reserves[i]),
		})
	}
}
