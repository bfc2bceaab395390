package opt

// Generation limits around starts and stops, with reserve. thermal.go has those
// of units without deep operation. With it, units that start or stop may be the
// deep ones. Let E be a set of limits that hold together: start (units v_t, most
// SU) and stop (units w_{t+1}, most SD) where the minimum up time keeps a started
// unit on, else each by itself. Those of E below P can only be kept by deep units,
// F of them; the others cut a = M - limit from a normal unit each, unless one of
// the deep units left takes its place:
//
//	n_t + R_t <= (M-P)(u_t - d_t)
//	F <= d_t,   q_t <= (P-D) d_t - sum over F of (P - limit)
//	n_t + R_t <= (M-P)(u_t - d_t) - sum over the others of min(a, y) + y (d_t - F)    for each a, as y
//
// The last are the dual of choosing whose place the deep units take, so they are
// exact for whole numbers of units.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// event is a number of units that start or stop, and the most that each makes.
type event struct {
	units solver.Col
	most  float64
}

// limits adds the generation limits around starts and stops, with reserve.
func (k *thermal) limits(m *Model, d *thermalData, c *thermalColumns) {
	m.Label("limit")
	for t := range m.T {
		x := solver.Col(t)
		var room [2]event
		events := room[:0]
		if d.su < d.m {
			events = append(events, event{c.start + x, d.su})
		}
		if d.sd < d.m && t+1 < m.T {
			events = append(events, event{c.stop + x + 1, d.sd})
		}
		together := d.multiPeriodStart[t] && (k.form.Limits == LimitsTight || d.n > 1)
		switch {
		case c.deep >= 0:
			k.limit(m, d, c, t)
			if together {
				k.deepLimits(m, d, c, t, events...)
			} else {
				for _, e := range events {
					k.deepLimits(m, d, c, t, e)
				}
			}
		case together || len(events) < 2:
			var room [2]term
			cuts := room[:0]
			for _, e := range events {
				cuts = append(cuts, term{e.units, d.m - e.most})
			}
			k.limit(m, d, c, t, cuts...)
		default:
			start, stop := events[0].units, events[1].units
			k.limit(m, d, c, t, term{start, d.m - d.su}, term{stop, math.Max(d.su-d.sd, 0)})
			k.limit(m, d, c, t, term{start, math.Max(d.sd-d.su, 0)}, term{stop, d.m - d.sd})
		}
		k.reserveLimits(m, d, c, t)
	}
}

// limit adds the row: normal units' power above minimum and up reserve are at
// most (M-P)(u - d) less the cuts.
func (k *thermal) limit(m *Model, d *thermalData, c *thermalColumns, t int, cuts ...term) {
	x := solver.Col(t)
	row := m.Row(math.Inf(-1), 0)
	for _, g := range c.segments {
		m.Add(row, g+x, 1)
	}
	m.Add(row, c.on+x, -(d.m - d.p))
	if c.deep >= 0 {
		m.Add(row, c.deep+x, d.m-d.p)
	}
	for _, r := range c.reserves {
		if r.product.Direction == model.Up {
			m.Add(row, r.col+x, 1)
		}
	}
	for _, cut := range cuts {
		m.Add(row, cut.col, cut.coef)
	}
}

// deepLimits adds the limits of events that hold together, for a unit with deep
// operation.
func (k *thermal) deepLimits(m *Model, d *thermalData, c *thermalColumns, t int, events ...event) {
	deep := c.deep + solver.Col(t)
	var forced, others []event
	for _, e := range events {
		if e.most < d.p {
			forced = append(forced, e)
		} else {
			others = append(others, e)
		}
	}
	if len(forced) > 0 {
		row := m.Row(math.Inf(-1), 0)
		m.Add(row, deep, -1)
		for _, e := range forced {
			m.Add(row, e.units, 1)
		}
		row = m.Row(math.Inf(-1), 0)
		m.Add(row, deep, -(d.p - d.d))
		for _, g := range c.deepFills {
			m.Add(row, g+solver.Col(t), 1)
		}
		for _, e := range forced {
			m.Add(row, e.units, d.p-e.most)
		}
	}
	for i, e := range others {
		y := d.m - e.most
		if i > 0 && y == d.m-others[0].most {
			continue
		}
		cuts := []term{{deep, -y}}
		for _, e := range forced {
			cuts = append(cuts, term{e.units, y})
		}
		for _, e := range others {
			cuts = append(cuts, term{e.units, math.Min(d.m-e.most, y)})
		}
		k.limit(m, d, c, t, cuts...)
	}
}

// reserveLimits keeps down reserve above the minimum, and every reserve that does
// not share the ramp within the ramp over the product's minutes.
func (k *thermal) reserveLimits(m *Model, d *thermalData, c *thermalColumns, t int) {
	x := solver.Col(t)
	above := make([]term, 0, len(c.segments))
	for _, g := range c.segments {
		above = append(above, term{g + x, 1})
	}
	m.within(c.reserves, t, model.Down, 0, above, nil)
	for _, r := range c.reserves {
		ramp := d.u.RampUpMWPerH
		if r.product.Direction == model.Down {
			ramp = d.u.RampDownMWPerH
		}
		if ramp == nil || r.product.RampShared {
			continue
		}
		most := *ramp * r.product.DeliveryH()
		row := m.Row(math.Inf(-1), 0)
		m.Add(row, r.col+x, 1)
		m.Add(row, c.on+x, -most)
		if c.deep >= 0 {
			m.Add(row, c.deep+x, most)
		}
	}
}
