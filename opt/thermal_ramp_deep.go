package opt

// Ramp rows of units with deep operation; their mathematics stand in thermal.go.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// deepRamps adds the rows of period t: those of the ramps of normal units, in MW,
// where they bind, and those of deep units where they are slower. Both are
// needed: where more units stop (or start) than are deep, the second alone would
// be too wide.
func (k *thermal) deepRamps(m *Model, d *thermalData, c *thermalColumns, t int, up, down float64, upBinds, downBinds bool) {
	slowUp, slowDown := 0.0, 0.0 // how much slower deep units are
	if r := d.u.Deep.RampMWPerH; r != nil {
		slowUp = math.Max(0, up-*r*m.meanHours(t))
		slowDown = math.Max(0, down-*r*m.meanHours(t))
	}
	if upBinds {
		k.deepRamp(m, d, c, t, 1, up, 0)
	}
	if slowUp > 0 {
		k.deepRamp(m, d, c, t, 1, up, slowUp)
	}
	if downBinds {
		k.deepRamp(m, d, c, t, -1, down, 0)
	}
	if slowDown > 0 {
		k.deepRamp(m, d, c, t, -1, down, slowDown)
	}
}

// deepRamp adds the row of one direction (sign +1 up, -1 down):
//
//	sign (p_t - p_{t-1}) <= fast (u_t - v_t) + near*change - D*other - slow*(deep units it concerns)
func (k *thermal) deepRamp(m *Model, d *thermalData, c *thermalColumns, t int, sign, fast, slow float64) {
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
