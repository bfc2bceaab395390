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
	"slices"

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
	shared := sharing(c.reserves)
	for t := range m.T {
		switch {
		case c.deep >= 0:
			k.deepOperationLimits(m, d, c, t)
		case d.single:
			k.singleLimits(m, d, c, t, shared)
		default:
			k.limitRows(m, d, c, t, c.reserves, k.clusterCuts(m, d, c, t))
		}
		k.provideRest(m, d, c, t)
		k.reserveLimits(m, d, c, t)
	}
}

// startStop lists what limits the units in period t: starts and stops with limits
// below the greatest power.
func (d *thermalData) startStop(m *Model, c *thermalColumns, t int, room *[2]event) []event {
	out := room[:0]
	if d.su < d.m {
		out = append(out, event{c.start + solver.Col(t), d.su})
	}
	if d.sd < d.m && t+1 < m.T {
		out = append(out, event{c.stop + solver.Col(t+1), d.sd})
	}
	return out
}

func (k *thermal) deepOperationLimits(m *Model, d *thermalData, c *thermalColumns, t int) {
	k.limit(m, d, c, t, c.reserves)
	var room [2]event
	events := d.startStop(m, c, t, &room)
	if d.multiPeriodStart[t] && (k.form.Limits == LimitsTight || d.n > 1) {
		k.deepLimits(m, d, c, t, events...)
		return
	}
	for _, e := range events {
		k.deepLimits(m, d, c, t, e)
	}
}

// clusterCuts returns what starts and stops of a cluster take from its power, by
// row, until the next call.
func (k *thermal) clusterCuts(m *Model, d *thermalData, c *thermalColumns, t int) [][]term {
	var room [2]event
	events := d.startStop(m, c, t, &room)
	r := &d.cutRoom
	r.first, r.second = r.first[:0], r.second[:0]
	if d.multiPeriodStart[t] || len(events) < 2 {
		for _, e := range events {
			r.first = append(r.first, term{e.units, d.m - e.most})
		}
		return r.list(1)
	}
	start, stop := events[0].units, events[1].units
	r.first = append(r.first, term{start, d.m - d.su}, term{stop, math.Max(d.su-d.sd, 0)})
	r.second = append(r.second, term{start, math.Max(d.sd-d.su, 0)}, term{stop, d.m - d.sd})
	return r.list(2)
}

// singleLimits adds the rows of a single unit: of its segments, of power and all
// up reserve, and, where that follows starts and stops less far, of power and the
// reserve that shares the ramp, and of power alone.
func (k *thermal) singleLimits(m *Model, d *thermalData, c *thermalColumns, t int, shared []provided) {
	follow := k.form.Trajectories == TrajectoriesFull
	apart := k.form.Limits == LimitsTwoRows
	ofPower := cutForm{climb: follow, fall: follow, apart: apart}
	whole := band{0, d.m - d.p}
	covered := len(c.segments) == 0 || len(c.segments) > 1 && k.form.Segments == SegmentsTight
	if len(c.segments) > 1 {
		k.segmentLimits(m, d, c, t, ofPower)
	}
	terms := -1 // of the last rows: those of fewer reserves are written if they say more
	write := func(res []provided, cuts [][]term) {
		if n := countTerms(cuts); n > terms {
			k.limitRows(m, d, c, t, res, cuts)
			terms = n
		}
	}
	if slices.ContainsFunc(c.reserves, isUp) {
		write(c.reserves, k.available(m, d, c, t))
		if slices.ContainsFunc(shared, isUp) {
			write(shared, d.cuts(c, whole, t, cutForm{climb: follow, apart: apart}))
		}
	}
	if !covered {
		write(nil, d.cuts(c, whole, t, ofPower))
	}
}

func countTerms(cuts [][]term) int {
	n := 0
	for _, row := range cuts {
		n += len(row)
	}
	return n
}

// segmentLimits bounds each of several segments.
func (k *thermal) segmentLimits(m *Model, d *thermalData, c *thermalColumns, t int, f cutForm) {
	from := 0.0
	for i, g := range c.segments {
		b := band{from, from + c.widths[i]}
		d.first = d.first[:0]
		rows := d.list(1) // without cuts
		if k.form.Segments == SegmentsTight {
			rows = d.cuts(c, b, t, f)
		}
		for _, cuts := range rows {
			row := m.Row(math.Inf(-1), 0)
			m.Add(row, g+solver.Col(t), 1)
			m.Add(row, c.on+solver.Col(t), -c.widths[i])
			for _, cut := range cuts {
				m.Add(row, cut.col, cut.coef)
			}
		}
		from = b.to
	}
}

// available returns what starts and stops take from power and all up reserve
// together, by row.
func (k *thermal) available(m *Model, d *thermalData, c *thermalColumns, t int) [][]term {
	if !d.single {
		return k.clusterCuts(m, d, c, t)
	}
	f := cutForm{apart: k.form.Limits == LimitsTwoRows}
	// The ramp does not bound reserve that it need not cover. A rest has no ramp
	// that binds, or is such reserve.
	free := func(r provided) bool { return isUp(r) && !r.product.RampShared }
	f.climb = k.form.Trajectories == TrajectoriesFull && c.rest.product < 0 && !slices.ContainsFunc(c.reserves, free)
	return d.cuts(c, band{0, d.m - d.p}, t, f)
}

func isUp(r provided) bool { return r.product.Direction == model.Up }

// sharing returns the reserves that share the ramp.
func sharing(res []provided) []provided {
	var out []provided
	for _, r := range res {
		if r.product.RampShared {
			out = append(out, r)
		}
	}
	return out
}

// limitRows adds a limit for each list of cuts.
func (k *thermal) limitRows(m *Model, d *thermalData, c *thermalColumns, t int, res []provided, rows [][]term) {
	for _, cuts := range rows {
		k.limit(m, d, c, t, res, cuts...)
	}
}

// limit adds the row: normal units' power above minimum and the up reserve among
// res are at most (M-P)(u - d) less the cuts.
func (k *thermal) limit(m *Model, d *thermalData, c *thermalColumns, t int, res []provided, cuts ...term) {
	x := solver.Col(t)
	row := m.Row(math.Inf(-1), 0)
	k.above(m, row, c, t, func(r provided) bool { return slices.Contains(res, r) })
	m.Add(row, c.on+x, -(d.m - d.p))
	if c.deep >= 0 {
		m.Add(row, c.deep+x, d.m-d.p)
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
		k.limit(m, d, c, t, c.reserves, cuts...)
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
		if c.reach && isUp(r) {
			for _, g := range c.segments {
				m.Add(row, g+x, -1)
			}
		}
		m.Add(row, c.on+x, -most)
		if c.deep >= 0 {
			m.Add(row, c.deep+x, most)
		}
	}
}
