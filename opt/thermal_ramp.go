package opt

// Ramp rows of thermal units; their mathematics stand in thermal.go. A single
// unit's say more where it cannot start or stop beside: with minimum up times of
// two periods or more, it is within its limits of the last period on (w_{t+1}),
// or comes from those of the first (v_{t-1}):
//
//	n_t + R^s_t - n_{t-1} <= RU H_t (u_t - v_t) + (SU-P) v_t - (RU H_t - (SD-P))+ w_{t+1}
//	n_{t-1} - n_t + R^s_t <= RD H_t (u_t - v_t) + (SD-P) w_t - (RD H_t - (SU-P))+ v_{t-1}

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// ramps adds the ramp rows, up and down, that can bind.
func (k *thermal) ramps(m *Model, d *thermalData, c *thermalColumns) {
	m.Label("ramp")
	span := d.m - d.d
	for t := range m.T {
		hours := m.meanHours(t)
		normalUp, normalDown := span, span
		if d.u.RampUpMWPerH != nil {
			normalUp = math.Min(span, *d.u.RampUpMWPerH*hours)
		}
		if d.u.RampDownMWPerH != nil {
			normalDown = math.Min(span, *d.u.RampDownMWPerH*hours)
		}
		slowUp, slowDown := 0.0, 0.0 // how much slower deep units are
		if d.u.Deep != nil && d.u.Deep.RampMWPerH != nil {
			slowUp = math.Max(0, normalUp-*d.u.Deep.RampMWPerH*hours)
			slowDown = math.Max(0, normalDown-*d.u.Deep.RampMWPerH*hours)
		}
		if normalUp < span || k.form.Ramps == RampsAll {
			k.ramp(m, d, c, t, 1, normalUp, 0)
		}
		// Beside the row above: where more units stop (or start) than are deep,
		// this one alone would be too wide.
		if slowUp > 0 {
			k.ramp(m, d, c, t, 1, normalUp, slowUp)
		}
		// Coming down to a stop is bounded by the stop's limit, which the
		// generation limits state only from the second period on.
		if normalDown < span || k.form.Ramps == RampsAll || t == 0 && d.sd < d.m {
			k.ramp(m, d, c, t, -1, normalDown, 0)
		}
		if slowDown > 0 {
			k.ramp(m, d, c, t, -1, normalDown, slowDown)
		}
	}
}

// ramp adds the row of one direction (sign +1 up, -1 down):
//
//	sign (p_t - p_{t-1}) <= fast (u_t - v_t) + near*change - D*other - slow*(deep units it concerns)
func (k *thermal) ramp(m *Model, d *thermalData, c *thermalColumns, t int, sign, fast, slow float64) {
	x := solver.Col(t)
	row := m.Row(math.Inf(-1), 0)
	k.power(d, c, t, func(col solver.Col, mw float64) { m.Add(row, col, sign*mw) })
	if t > 0 {
		k.power(d, c, t-1, func(col solver.Col, mw float64) { m.Add(row, col, -sign*mw) })
	} else {
		m.b.ShiftRow(row, sign*d.initialPower)
	}
	for _, r := range c.reserves {
		if r.product.RampShared && (r.product.Direction == model.Up) == (sign > 0) {
			m.Add(row, r.col+x, 1)
		}
	}
	m.Add(row, c.on+x, -fast)
	m.Add(row, c.start+x, fast)
	if sign > 0 {
		m.Add(row, c.start+x, -d.su)
		m.Add(row, c.stop+x, d.d)
	} else {
		m.Add(row, c.stop+x, -d.sd)
		m.Add(row, c.start+x, d.d)
	}
	if d.single && k.form.Trajectories == TrajectoriesFull {
		k.tightenRamp(m, d, c, row, t, sign, fast)
	}
	switch {
	case slow == 0:
	case sign > 0:
		if t > 0 {
			m.Add(row, c.deep+x-1, slow)
		} else {
			m.b.ShiftRow(row, -slow*d.initialDeep)
		}
		m.Add(row, c.stop+x, -slow)
	default:
		m.Add(row, c.deep+x, slow)
		m.Add(row, c.start+x, -slow)
	}
}

// tightenRamp adds to a single unit's ramp row what the limits of the last, or the
// first, period on say better.
func (k *thermal) tightenRamp(m *Model, d *thermalData, c *thermalColumns, row solver.Row, t int, sign, fast float64) {
	x := solver.Col(t)
	switch {
	case sign > 0 && t+1 < m.T && d.multiPeriodStart[t]:
		m.Add(row, c.stop+x+1, math.Max(0, fast-(d.sd-d.p)))
	case sign < 0 && t > 0 && d.multiPeriodStart[t-1]:
		m.Add(row, c.start+x-1, math.Max(0, fast-(d.su-d.p)))
	}
}
