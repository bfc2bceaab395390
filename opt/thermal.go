package opt

// Thermal units, and clusters of n identical ones (n = 1: one unit).
//
// Integers u (on), v (starts), w (stops), with deep operation also d (deep),
// e (entries), x (exits). Normal units are u - d. P, M are least and most power
// of a normal unit, D the least of a deep one (D = P without). Power above the
// minimum is the sum of segments g_k of the convex cost curve, widths W_k.
//
//	u_t - u_{t-1} = v_t - w_t,   must run_t <= u_t <= n - outage_t
//	sum of v over W(t, up)   <= u_t                                  (minimum up, RT05)
//	sum of w over W(t, down) <= n - u_t                              (minimum down, RT05)
//	n_t = sum_k g_{k,t},  0 <= g_{k,t} <= W_k (u_t - d_t)
//	p_t = P (u_t - d_t) + n_t + D d_t + q_t
//	p_t - p_{t-1} <= RU H_t (u_t - v_t) + SU v_t - D w_t             (ramp up)
//	p_{t-1} - p_t <= RD H_t (u_t - v_t) + SD w_t - D v_t             (ramp down)
//	p_t >= heat_t
//
// Without deep operation, with R the up reserve (MLR13, KOW20):
//
//	n_t + R_t <= (M-P) u_t - (M-SU) v_t - (M-SD) w_{t+1}             (up >= 2 periods)
//	n_t + R_t <= (M-P) u_t - (M-SU) v_t - max(SU-SD,0) w_{t+1}       (up = 1 period)
//	n_t + R_t <= (M-P) u_t - max(SD-SU,0) v_t - (M-SD) w_{t+1}       (up = 1 period)
//
// and with it the limits of thermal_limits.go. A single unit has tighter rows of
// the same kind, for its segments too and over several periods (thermal_cuts.go,
// thermal_ramp.go). Up reserve that nothing else bounds has no columns, and that of
// a unit's only up product has columns of n_t + R_t (thermal_rest.go).
// Down reserve is at most n_t. A product either shares the ramp between periods:
// in the ramp rows p_t is then p_t plus its up reserve, or less its down reserve
// (which is within the limits of starts and stops, as the rows above say of up
// reserve and n_t of down reserve); or it is within the ramp over its minutes of
// the normal units. The period after the last has no stops.
//
// Start-up cost is, for every start, that of the coldest tier that it can be of,
// less a discount y_{k,t} when the unit that starts in t stopped in k and is warmer:
//
//	sum_t y_{k,t} <= w_k,   sum_k y_{k,t} <= v_t                     (matching; FG06, KOW20)
//
// Starts and stops have bounds of 0 where the bounds of u leave no room for them.
//
// Deep operation:
//
//	d_t - d_{t-1} = e_t - x_t,   d_t <= u_t,   0 <= q_t <= (P-D) d_t
//	sum of e over W(t, stay) <= d_t
//	the ramps above with the deep ramp for the d_{t-1} - w_t units deep before
//	(up) and the d_t - v_t units deep after (down)

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type thermal struct {
	form  ThermalForm
	units []thermalColumns
	// merged says of every cluster whether it stands for single units that were
	// merged; nil for none. The rows of single units, summed, hold for it.
	merged []bool
}

// thermalColumns are the handles of one unit: first columns of T.
type thermalColumns struct {
	on, start, stop     solver.Col
	recentUp            solver.Col // sums over the windows of the minimum times, -1 for none
	recentDown          solver.Col
	deep, enter, exit   solver.Col // -1 without deep operation
	segments, deepFills []solver.Col
	widths              []float64 // of segments, MW
	coldest             []int     // tier that a start in each period pays where no warm start says less
	warm                []warmStart
	reserves            []provided
	rest                rest
	reach               bool // the up reserve's column is that of the power within reach
}

// warmStart is the column of starts in period t, of units that stopped in
// period stop (-1: off since before the horizon), paid at a tier warmer than the
// coldest that they can be of.
type warmStart struct {
	col           solver.Col
	stop, t, tier int
}

// segment of a convex cost curve: money per MWh over width MW.
type segment struct{ width, slope float64 }

// curve returns the cost per hour at the curve's first point and its segments.
func curve(points []model.CostPoint) (atMin float64, segs []segment) {
	if len(points) == 0 {
		return 0, nil
	}
	for i := 1; i < len(points); i++ {
		width := points[i].PowerMW - points[i-1].PowerMW
		if width <= 0 {
			continue
		}
		segs = append(segs, segment{width, (points[i].CostPerH - points[i-1].CostPerH) / width})
	}
	return points[0].CostPerH, segs
}

// thermalData are a unit's numbers with the defaults filled in.
type thermalData struct {
	u                *model.ThermalUnit
	n                float64
	p, m, d          float64 // P, M, D
	su, sd           float64
	up, down         []int // windows of the minimum times
	initialOn        float64
	initialDeep      float64
	initialPower     float64
	stillUp          int // periods in which initial units must stay on
	stillDown        int
	stillDeep        int
	multiPeriodStart []bool    // a start in t still binds in t+1
	between          []float64 // H_t
	single           bool      // one unit without deep operation, or such units merged
	cutRoom
}

func (m *Model) thermalData(u *model.ThermalUnit) *thermalData {
	d := &thermalData{
		u: u, n: float64(u.N()), p: u.MinPowerMW, m: u.MaxPowerMW, d: u.MinPowerMW,
		su: orElse(u.StartupLimitMW, u.MaxPowerMW), sd: orElse(u.ShutdownLimitMW, u.MaxPowerMW),
		up: m.windows(u.MinUpH), down: m.windows(u.MinDownH),
	}
	d.su, d.sd = math.Min(d.su, d.m), math.Min(d.sd, d.m)
	if u.Deep != nil {
		d.d = u.Deep.MinPowerMW
	}
	if s := u.Initial; s != nil {
		d.initialOn, d.initialDeep = float64(s.UnitsOn), float64(s.UnitsDeep)
		least := d.p*(d.initialOn-d.initialDeep) + d.d*d.initialDeep
		d.initialPower = orElse(s.PowerMW, least)
		d.stillUp, d.stillDown = m.stillBound(u.MinUpH, s.HoursOn), m.stillBound(u.MinDownH, s.HoursOff)
		if u.Deep != nil {
			d.stillDeep = m.stillBound(u.Deep.MinStayH, s.HoursDeep)
		}
	}
	d.single = d.n == 1 && u.Deep == nil
	d.multiPeriodStart, d.between = make([]bool, m.T), make([]float64, m.T)
	for t := range m.T {
		d.between[t] = m.meanHours(t)
		d.multiPeriodStart[t] = t+1 >= m.T || d.up[t+1] <= t
	}
	return d
}

// data returns the numbers of unit i.
func (k *thermal) data(m *Model, i int) *thermalData {
	d := m.thermalData(&m.Case.ThermalUnits[i])
	d.single = d.single || k.merged != nil && k.merged[i]
	return d
}

// bounds of the number of units on in period t.
func (d *thermalData) bounds(t int) (lo, up float64) {
	lo, up = d.u.MustRunUnits.At(t, 0), d.n-d.u.OutageUnits.At(t, 0)
	if fixed := d.u.FixedUnits.At(t, -1); fixed >= 0 {
		lo, up = fixed, fixed
	}
	return lo, up
}

// events are the most units that can start and stop in a period.
type events struct{ starts, stops float64 }

// events returns them from what bounds the units on: where nothing can start or
// stop, engines drop the columns. All the bounds follow from rows.
func (d *thermalData) events(T int) []events {
	lo, up := make([]float64, T), make([]float64, T)
	for t := range T {
		lo[t], up[t] = d.bounds(t)
		if t < d.stillUp {
			lo[t] = math.Max(lo[t], d.initialOn)
		}
		if t < d.stillDown {
			up[t] = math.Min(up[t], d.initialOn)
		}
		if lo[t] > up[t] { // infeasible: the rows shall say why
			return slices.Repeat([]events{{d.n, d.n}}, T)
		}
	}
	out := make([]events, T)
	least, most := d.initialOn, d.initialOn
	for t := range T {
		out[t] = events{math.Min(up[t], d.n-least), math.Min(most, d.n-lo[t])}
		least, most = lo[t], up[t]
	}
	return out
}

func (*thermal) Kind() string { return "thermal" }

func (k *thermal) Formulate(m *Model) error {
	k.units = make([]thermalColumns, len(m.Case.ThermalUnits))
	for i := range m.Case.ThermalUnits {
		u := &m.Case.ThermalUnits[i]
		at, err := m.terminal(u.Bus, u.Site)
		if err != nil {
			return err
		}
		m.Begin("thermal", u.Name)
		d := k.data(m, i)
		c := &k.units[i]
		k.commitment(m, d, c)
		k.deepCommitment(m, d, c)
		k.dispatch(m, d, c, at)
		if err := k.reserve(m, d, c); err != nil {
			return err
		}
		k.limits(m, d, c)
		k.ramps(m, d, c)
		k.startups(m, d, c)
	}
	return nil
}

// commitment adds u, v, w, their balance and the minimum times.
func (k *thermal) commitment(m *Model, d *thermalData, c *thermalColumns) {
	c.on = m.Columns("on", solver.Integer, d.bounds)
	possible := d.events(m.T)
	c.start = m.Columns("start", solver.Integer, func(t int) (float64, float64) { return 0, possible[t].starts })
	// Stops and exits are whole because the others are. They are declared so all
	// the same: HiGHS 1.15.1 cuts off optima where they are not (docs/decisions).
	c.stop = m.Columns("stop", solver.Integer, func(t int) (float64, float64) { return 0, possible[t].stops })
	m.Label("commitment")
	for t := range m.T {
		m.change(c.on, c.start, c.stop, t, d.initialOn)
	}
	c.recentUp = m.atMostRecently("minimum up", c.start, d.n, d.up, func(t int) (float64, []term) {
		bound := 0.0
		if t < d.stillUp {
			bound -= d.initialOn
		}
		return bound, []term{{c.on + solver.Col(t), 1}}
	})
	c.recentDown = m.atMostRecently("minimum down", c.stop, d.n, d.down, func(t int) (float64, []term) {
		bound := d.n
		if t < d.stillDown {
			bound -= d.n - d.initialOn
		}
		return bound, []term{{c.on + solver.Col(t), -1}}
	})
}

// change states state_t - state_{t-1} = in_t - out_t.
func (m *Model) change(state, in, out solver.Col, t int, initial float64) {
	x, known := solver.Col(t), 0.0
	if t == 0 {
		known = initial
	}
	row := m.Row(known, known)
	m.Add(row, state+x, 1)
	if t > 0 {
		m.Add(row, state+x-1, -1)
	}
	m.Add(row, in+x, -1)
	m.Add(row, out+x, 1)
}

// atMostRecently states, for every period t, that what happened within a
// duration that still binds in t (the sum of columns first + s over from[t]..t)
// is at most limit(t): the row's bound and the terms on its right-hand side.
//
// Where windows are long, the sums are columns of their own, each the last one
// with what enters and leaves the window: a few terms a row instead of a window
// full, which engines solve much faster; the first of these is returned, -1 for
// none.
func (m *Model) atMostRecently(label string, first solver.Col, most float64, from []int, limit func(t int) (float64, []term)) (recent solver.Col) {
	terms := 0
	for t := range from {
		terms += t - from[t] + 1
	}
	recent = -1
	if terms > longWindow*m.T {
		recent = m.Columns(label+" recent", solver.Continuous, between(0, most))
		for t := range from {
			row := m.Row(0, 0)
			m.Add(row, recent+solver.Col(t), 1)
			m.Add(row, first+solver.Col(t), -1)
			if t == 0 {
				continue
			}
			m.Add(row, recent+solver.Col(t-1), -1)
			for s := from[t-1]; s < from[t]; s++ {
				m.Add(row, first+solver.Col(s), 1)
			}
		}
	}
	m.Label(label)
	for t := range from {
		bound, right := limit(t)
		row := m.Row(math.Inf(-1), bound)
		for _, x := range right {
			m.Add(row, x.col, -x.coef)
		}
		if recent >= 0 {
			m.Add(row, recent+solver.Col(t), 1)
			continue
		}
		for s := from[t]; s <= t; s++ {
			m.Add(row, first+solver.Col(s), 1)
		}
	}
	return recent
}

// longWindow is the mean number of periods in a window above which its sums are
// columns.
const longWindow = 6

// deepCommitment adds d, e, x and the minimum stay.
func (k *thermal) deepCommitment(m *Model, d *thermalData, c *thermalColumns) {
	c.deep, c.enter, c.exit = -1, -1, -1
	if d.u.Deep == nil {
		return
	}
	c.deep = m.Columns("deep", solver.Integer, between(0, d.n))
	c.enter = m.Columns("enter deep", solver.Integer, between(0, d.n))
	c.exit = m.Columns("exit deep", solver.Integer, between(0, d.n))
	m.Label("deep commitment")
	for t := range m.T {
		x := solver.Col(t)
		m.change(c.deep, c.enter, c.exit, t, d.initialDeep)
		row := m.Row(math.Inf(-1), 0)
		m.Add(row, c.deep+x, 1)
		m.Add(row, c.on+x, -1)
	}
	stay := m.windows(d.u.Deep.MinStayH)
	m.atMostRecently("minimum stay", c.enter, d.n, stay, func(t int) (float64, []term) {
		bound := 0.0
		if t < d.stillDeep {
			bound -= d.initialDeep
		}
		return bound, []term{{c.deep + solver.Col(t), 1}}
	})
}

// dispatch adds the segments, their cost and emissions, and injects the power.
func (k *thermal) dispatch(m *Model, d *thermalData, c *thermalColumns, at terminal) {
	atMin, segs := curve(d.u.Cost)
	for _, s := range segs {
		c.widths = append(c.widths, s.width)
	}
	c.segments = k.fill(m, d, "power above minimum", segs, func(row solver.Row, t int, w float64) {
		m.Add(row, c.on+solver.Col(t), -w)
		if c.deep >= 0 {
			m.Add(row, c.deep+solver.Col(t), w)
		}
	}, len(segs) > 1 && !d.single) // of a single unit: thermal_limits.go
	deepAtMin := 0.0
	if d.u.Deep != nil {
		var deepSegs []segment
		deepAtMin, deepSegs = curve(d.u.Deep.Cost)
		c.deepFills = k.fill(m, d, "deep power above minimum", deepSegs, func(row solver.Row, t int, w float64) {
			m.Add(row, c.deep+solver.Col(t), -w)
		}, true)
	}
	m.Label("dispatch")
	for t := range m.T {
		money := m.Hours[t] * d.u.CostFactor.At(t, 1)
		m.Cost(model.CostRunning, c.on+solver.Col(t), money*atMin)
		if c.deep >= 0 {
			m.Cost(model.CostRunning, c.deep+solver.Col(t), money*(deepAtMin-atMin))
		}
		k.power(d, c, t, func(col solver.Col, mw float64) {
			m.injectAt(at, t, col, mw)
			m.Count(Generation, col, mw*m.Hours[t])
			m.Count(Emissions, col, mw*m.Hours[t]*d.u.CO2TPerMWh)
		})
		if heat := d.u.HeatMinPowerMW.At(t, 0); heat > 0 {
			row := m.Row(heat, inf)
			k.power(d, c, t, func(col solver.Col, mw float64) { m.Add(row, col, mw) })
		}
	}
}

// fill adds the columns of a convex curve's segments with their cost; each is
// bounded by its width times the units that run, by a row where rows is set.
func (k *thermal) fill(m *Model, d *thermalData, what string, segs []segment, minusUnits func(solver.Row, int, float64), rows bool) []solver.Col {
	var out []solver.Col
	for _, s := range segs {
		g := m.Columns(what, solver.Continuous, func(t int) (float64, float64) {
			_, up := d.bounds(t)
			return 0, s.width * up
		})
		for t := range m.T {
			m.Cost(model.CostRunning, g+solver.Col(t), m.Hours[t]*d.u.CostFactor.At(t, 1)*s.slope)
			if rows {
				row := m.Row(math.Inf(-1), 0)
				m.Add(row, g+solver.Col(t), 1)
				minusUnits(row, t, s.width)
			}
		}
		out = append(out, g)
	}
	return out
}

// inOrder moves power into the cheapest segments of every unit without deep
// operation: means of schedules fill them all a little, which costs more than the
// curve says.
func (k *thermal) inOrder(x []float64, periods int) {
	for i := range k.units {
		c := &k.units[i]
		if c.deep >= 0 {
			continue
		}
		for t := range periods {
			left := 0.0
			for _, g := range c.segments {
				left += x[int(g)+t]
			}
			for s, g := range c.segments {
				v := math.Min(left, c.widths[s]*math.Round(x[int(c.on)+t]))
				x[int(g)+t] = v
				left -= v
			}
		}
	}
}

// power names the terms of p_t.
func (k *thermal) power(d *thermalData, c *thermalColumns, t int, add func(solver.Col, float64)) {
	x := solver.Col(t)
	add(c.on+x, d.p)
	if c.deep >= 0 {
		add(c.deep+x, d.d-d.p)
	}
	for _, g := range c.segments {
		add(g+x, 1)
	}
	for _, g := range c.deepFills {
		add(g+x, 1)
	}
}

func (k *thermal) Extract(pt *Point, p *model.Plan) {
	for i := range pt.Model.Case.ThermalUnits {
		u, c := &pt.Model.Case.ThermalUnits[i], &k.units[i]
		d := k.data(pt.Model, i)
		out := model.ThermalPlan{
			Name: u.Name, UnitsOn: pt.Ints(c.on), Starts: pt.Ints(c.start), Stops: pt.Ints(c.stop),
			PowerMW: make([]float64, pt.Model.T),
		}
		if c.deep >= 0 {
			out.UnitsDeep, out.DeepEntries, out.DeepExits = pt.Ints(c.deep), pt.Ints(c.enter), pt.Ints(c.exit)
			out.DeepPowerMW = make([]float64, pt.Model.T)
			for t := range pt.Model.T {
				same := min(out.DeepEntries[t], out.DeepExits[t])
				out.DeepEntries[t] -= same
				out.DeepExits[t] -= same
				out.DeepPowerMW[t] = d.d * float64(out.UnitsDeep[t])
				for _, g := range c.deepFills {
					out.DeepPowerMW[t] += pt.At(g, t)
				}
			}
		}
		for t := range pt.Model.T {
			k.power(d, c, t, func(col solver.Col, mw float64) { out.PowerMW[t] += mw * pt.X[col] })
		}
		if len(u.Startup) > 0 {
			out.StartsByTier = startsByTier(pt, u, c, out.Starts)
		}
		out.Reserves = k.provided(pt, d, c, &out)
		p.ThermalUnits = append(p.ThermalUnits, out)
	}
}

// Propose keeps every unit as it was, as far as must-run, fixed commitment,
// outages, heat and the minimum times let it: units that were off start only
// where they must. Those behind a site's meter stop as soon as they may.
func (k *thermal) Propose(pt *Proposal) {
	m := pt.Model
	for i := range m.Case.ThermalUnits {
		d, c := k.data(m, i), &k.units[i]
		on := d.initialOn
		for t := range m.T {
			lo, up := d.bounds(t)
			if d.u.Site != "" && t >= d.stillUp {
				on = 0 // what a site cannot use it may not export
			}
			if heat := d.u.HeatMinPowerMW.At(t, 0); heat > 0 {
				each := d.m
				if d.su > 0 {
					each = d.su
				}
				lo = math.Max(lo, math.Ceil(heat/each-durationSlack))
			}
			next := math.Min(up, math.Max(lo, on))
			pt.Set(c.on+solver.Col(t), next)
			pt.Set(c.start+solver.Col(t), math.Max(0, next-on))
			pt.Set(c.stop+solver.Col(t), math.Max(0, on-next))
			on = next
		}
		for _, w := range c.warm {
			pt.Set(w.col, 0)
		}
		if c.deep < 0 {
			continue
		}
		deep := d.initialDeep
		for t := range m.T {
			left := 0.0
			if t >= d.stillDeep {
				left, deep = deep, 0
			}
			pt.Set(c.deep+solver.Col(t), deep)
			pt.Set(c.enter+solver.Col(t), 0)
			pt.Set(c.exit+solver.Col(t), left)
		}
	}
}
