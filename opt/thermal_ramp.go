package opt

// Ramp rows of thermal units without deep operation, over the power above the
// minimum n_t (thermal.go; those of deep operation stand in thermal_ramp_deep.go).
// With R^s the reserve that shares the ramp,
//
//	n_t + R^s_t - n_{t-1} <= RU H_t (u_t - v_t) + (SU-P) v_t
//	n_{t-1} - n_t + R^s_t <= RD H_t (u_{t-1} - w_t) + (SD-P) w_t
//
// These are the rows over p_t of thermal.go less P times the commitment's row.
// They are written so because engines cut better where a row has few terms: over
// p_t, HiGHS's root raises the relaxation of RTS days half as far
// (docs/decomposition.md).
//
// A single unit's say more where it cannot start or stop beside: with minimum up
// times of two periods or more, it is within its limits of the last period on
// (w_{t+1}), or comes from those of the first (v_{t-1}):
//
//	n_t + R^s_t - n_{t-1} <= ... - (RU H_t - (SD-P))+ w_{t+1}
//	n_{t-1} - n_t + R^s_t <= ... - (RD H_t - (SU-P))+ v_{t-1}

import (
	"math"

	"github.com/wattbit/wattbit/solver"
)

// ramps adds the ramp rows, up and down, that can bind.
func (k *thermal) ramps(m *Model, d *thermalData, c *thermalColumns) {
	m.Label("ramp")
	span := d.m - d.d
	for t := range m.T {
		hours := m.meanHours(t)
		up, down := span, span
		if d.u.RampUpMWPerH != nil {
			up = math.Min(span, *d.u.RampUpMWPerH*hours)
		}
		if d.u.RampDownMWPerH != nil {
			down = math.Min(span, *d.u.RampDownMWPerH*hours)
		}
		// Coming down to a stop is bounded by the stop's limit, which the
		// generation limits state only from the second period on.
		upBinds := up < span || k.form.Ramps == RampsAll
		downBinds := down < span || k.form.Ramps == RampsAll || t == 0 && d.sd < d.m
		switch {
		case c.deep >= 0:
			k.deepRamps(m, d, c, t, up, down, upBinds, downBinds)
		default:
			if upBinds {
				k.rampUp(m, d, c, t, up)
			}
			if downBinds {
				k.rampDown(m, d, c, t, down)
			}
		}
	}
}

// rampUp adds the row of a climb of at most mw from t-1 to t.
func (k *thermal) rampUp(m *Model, d *thermalData, c *thermalColumns, t int, mw float64) {
	x := solver.Col(t)
	row := m.Row(math.Inf(-1), 0)
	k.above(m, row, c, t, func(r provided) bool { return isUp(r) && r.product.RampShared })
	k.fromBefore(m, d, row, c, t, -1)
	m.Add(row, c.on+x, -mw)
	m.Add(row, c.start+x, mw-(d.su-d.p))
	if k.follows(d) && t+1 < m.T && d.multiPeriodStart[t] {
		m.Add(row, c.stop+x+1, math.Max(0, mw-(d.sd-d.p)))
	}
}

// rampDown adds the row of a fall of at most mw from t-1 to t.
func (k *thermal) rampDown(m *Model, d *thermalData, c *thermalColumns, t int, mw float64) {
	x := solver.Col(t)
	row := m.Row(math.Inf(-1), 0)
	k.fromBefore(m, d, row, c, t, 1)
	for _, g := range c.segments {
		m.Add(row, g+x, -1)
	}
	for _, r := range c.reserves {
		if !isUp(r) && r.product.RampShared {
			m.Add(row, r.col+x, 1)
		}
	}
	if t > 0 {
		m.Add(row, c.on+x-1, -mw)
	} else {
		m.b.ShiftRow(row, mw*d.initialOn)
	}
	m.Add(row, c.stop+x, mw-(d.sd-d.p))
	if k.follows(d) && t > 0 && d.multiPeriodStart[t-1] {
		m.Add(row, c.start+x-1, math.Max(0, mw-(d.su-d.p)))
	}
}

// follows says whether a unit's ramp rows use the limits of its first and last
// periods on.
func (k *thermal) follows(d *thermalData) bool {
	return d.single && k.form.Trajectories == TrajectoriesFull
}

// fromBefore adds sign times the power above the minimum in the period before t.
func (k *thermal) fromBefore(m *Model, d *thermalData, row solver.Row, c *thermalColumns, t int, sign float64) {
	if t == 0 {
		m.b.ShiftRow(row, -sign*(d.initialPower-d.p*d.initialOn))
		return
	}
	for _, g := range c.segments {
		m.Add(row, g+solver.Col(t)-1, sign)
	}
}
