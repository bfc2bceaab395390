package opt

// The oracle of a thermal unit for the price decomposition.
//
// At given costs a single unit is a shortest path (FG06): it alternates between
// off-intervals, which cost what the start that ends them is discounted, and
// on-intervals, which cost their start, their stop and their dispatch. With
// starts in a and stops in k (T: never),
//
//	S_a = min over stops k before a of E_k + warm discount(k, a)     (k within the minimum down time of a left out)
//	E_k = min over starts a before k of S_a + C(a, k)                (the same with the minimum up time)
//	C(a, k) = start_a + sum over a <= t < k of on_t + dispatch + stop_k
//
// The dispatch of a unit whose ramp never binds is a sum over periods of the
// least value of a convex function of its power above minimum; the first and
// the last period have smaller limits. Then C(a, k) is a difference of prefix
// sums, and the path costs O(T + warm arcs). thermal_oracle_stage.go has the
// periods, thermal_oracle_ramp.go the dispatch of units with ramps, for which
// the sums are lower bounds: the path is found with them, the rows of its
// intervals are made exact, and so on until the path is exact.
//
// A cluster without ramps, or of units that were merged, is n such units, those on
// before the horizon and those off.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

// thermalOracle is a unit as its oracle sees it: columns relative to the first,
// limits of power above minimum in MW.
type thermalOracle struct {
	shared *thermalShape
	T      int

	on, start, stop      int
	recentUp, recentDown int // columns of sums over windows, -1 for none
	segments             []int
	width                []float64 // of the segments
	offers               []oracleOffer
	simple               bool // no offer is limited by itself
	warm                 []oracleArc
	warmTo               []int32 // arcs that end in t: warmOrder[warmTo[t]:warmTo[t+1]]
	warmOrder            []int32
	warmFrom             []int32 // arcs of the stop k: warm[warmFrom[k+1]:warmFrom[k+2]]

	span      float64             // M - P
	room      [placeKinds]float64 // most power above minimum and up reserve, by place
	up, down  []int               // windows of the minimum times
	firstStop []int               // of a start in a; T for none
	firstNext []int               // start after a stop in k; T for none
	stillUp   int
	stillDown int

	unitsOn, unitsOff int // before the horizon
	stopAtOnce        bool
	initial           float64 // power above minimum before the horizon, of a unit that was on

	rampUp, rampDown []float64 // nil: never binds
	sharesRamp       bool      // its up reserve shares the ramp
	reach            int       // column of power and up reserve together, -1 for none
}

// oracleOffer is a reserve that the unit gives: a column a period, at most so
// much.
type oracleOffer struct {
	col  int
	up   bool
	most float64
}

// oracleArc is a warm start: of units that stop in stop (-1: before the
// horizon) and start in t.
type oracleArc struct {
	col     int
	stop, t int
}

// position of a period in its on-interval.
type position int

const (
	within position = iota
	first
	last
	only
	placeKinds
)

// Assets returns the units that an oracle knows by heart, in order, with their
// commitment as what they decide.
func (k *thermal) Assets(m *Model, p *solver.Problem) []decomp.Asset {
	shape := &thermalShape{T: m.T}
	var out []decomp.Asset
	for i := range k.units {
		u := &m.Case.ThermalUnits[i]
		o, first := k.oracle(m, u, &k.units[i], shape, k.merged != nil && k.merged[i])
		if o == nil {
			continue
		}
		owner := m.b.ColOwner(first)
		end := first
		for int(end) < p.Cols() && m.b.ColOwner(end) == owner {
			end++
		}
		a := decomp.Asset{Name: "thermal " + u.Name, First: first, Cols: int(end - first), Oracle: o}
		if o.unitsOn == 0 || o.unitsOff == 0 {
			a.Copies = o.unitsOn + o.unitsOff
		}
		for _, w := range o.warm { // matched whole once starts and stops are
			a.Implied = append(a.Implied, int32(w.col))
		}
		for t := range m.T {
			a.Decisions = append(a.Decisions, int32(o.on+t))
			a.Stages = append(a.Stages, int32(t))
		}
		out = append(out, a)
	}
	return out
}

// oracle returns the oracle of a unit and its first column, nil where there is
// none. A cluster that was merged from single units is nothing but them.
func (k *thermal) oracle(m *Model, u *model.ThermalUnit, c *thermalColumns, shape *thermalShape, merged bool) (*thermalOracle, solver.Col) {
	origin := c.on
	if u.Site != "" || u.Deep != nil || someAbove(u.HeatMinPowerMW, m.T) || k.form.Tiers == StartupWindows && len(c.warm) > 0 {
		return nil, origin
	}
	d := m.thermalData(u)
	for t := range m.T {
		if lo, up := d.bounds(t); lo > 0 && lo < d.n || up > 0 && up < d.n {
			return nil, origin // some of the cluster must or may run: not a sum of units
		}
	}
	rel := func(col solver.Col) int { return int(col - origin) }
	o := &thermalOracle{
		shared: shape, T: m.T,
		on: 0, start: rel(c.start), stop: rel(c.stop), recentUp: -1, recentDown: -1,
		span: d.m - d.p, up: d.up, down: d.down, stillUp: d.stillUp, stillDown: d.stillDown,
		unitsOn: int(d.initialOn), unitsOff: int(d.n - d.initialOn),
		initial: d.initialPower/math.Max(1, d.initialOn) - d.p*math.Min(1, d.initialOn),
	}
	if c.recentUp >= 0 {
		o.recentUp = rel(c.recentUp)
	}
	if c.recentDown >= 0 {
		o.recentDown = rel(c.recentDown)
	}
	o.stopAtOnce = d.sd >= d.m || d.initialPower <= d.sd*math.Max(1, d.initialOn)+rampSlack
	o.room = [placeKinds]float64{within: o.span, first: d.su - d.p, last: d.sd - d.p, only: math.Min(d.su, d.sd) - d.p}
	_, segs := curve(u.Cost)
	for i, s := range segs {
		o.segments = append(o.segments, rel(c.segments[i]))
		o.width = append(o.width, s.width)
	}
	o.firstStop, o.firstNext = firstAfter(d.up), firstAfter(d.down)
	o.takeArcs(c, rel)
	o.takeRamps(m, d)
	if !o.takeReserves(d, c, rel) || !merged && !o.separable(d) {
		return nil, origin
	}
	return o, origin
}

// rampSlack is the tolerance on power, in MW: what engines allow on rows.
const rampSlack = 1e-7

func someAbove(s model.Series, T int) bool {
	for t := range T {
		if s.At(t, 0) > 0 {
			return true
		}
	}
	return false
}

// firstAfter returns for every period s the first t after s whose window no
// longer holds s, T for none.
func firstAfter(from []int) []int {
	T := len(from)
	out := make([]int, T)
	t := 0
	for s := range out {
		for t = max(t, s+1); t < T && from[t] <= s; {
			t++
		}
		out[s] = t
	}
	return out
}

// takeArcs copies the warm starts, by the period in which they end too.
func (o *thermalOracle) takeArcs(c *thermalColumns, rel func(solver.Col) int) {
	o.warmTo = make([]int32, o.T+1)
	o.warmFrom = make([]int32, o.T+2)
	for _, w := range c.warm { // in order of stops
		o.warm = append(o.warm, oracleArc{rel(w.col), w.stop, w.t})
		o.warmTo[w.t+1]++
		o.warmFrom[w.stop+2]++
	}
	for k := range o.T + 1 {
		o.warmFrom[k+1] += o.warmFrom[k]
	}
	for t := range o.T {
		o.warmTo[t+1] += o.warmTo[t]
	}
	o.warmOrder = make([]int32, len(o.warm))
	next := slices.Clone(o.warmTo)
	for i, w := range o.warm {
		o.warmOrder[next[w.t]] = int32(i)
		next[w.t]++
	}
}

// takeRamps keeps the ramps between periods where any of them can bind.
func (o *thermalOracle) takeRamps(m *Model, d *thermalData) {
	up, down := make([]float64, m.T), make([]float64, m.T)
	binds := false
	for t := range m.T {
		up[t], down[t] = inf, inf
		if r := d.u.RampUpMWPerH; r != nil && *r*m.meanHours(t) < o.span {
			up[t] = *r * m.meanHours(t)
		}
		if r := d.u.RampDownMWPerH; r != nil && *r*m.meanHours(t) < o.span {
			down[t] = *r * m.meanHours(t)
		}
		binds = binds || (t > 0 || o.unitsOn > 0) && math.Min(up[t], down[t]) < o.span
	}
	if binds {
		o.rampUp, o.rampDown = up, down
	}
}

// takeReserves keeps the reserves; false where the oracle does not know their
// rules: down reserve that shares a ramp that binds, and up reserve that shares
// one beside some that does not.
func (o *thermalOracle) takeReserves(d *thermalData, c *thermalColumns, rel func(solver.Col) int) bool {
	o.simple, o.reach = true, -1
	if c.reach {
		o.reach = rel(c.upReserve())
	}
	others := false
	for _, r := range c.reserves {
		offer := oracleOffer{col: rel(r.col), up: r.product.Direction == model.Up, most: inf}
		ramp, ramps := d.u.RampUpMWPerH, o.rampUp
		if !offer.up {
			ramp, ramps = d.u.RampDownMWPerH, o.rampDown
			o.simple = false
		}
		switch {
		case r.product.RampShared && someFinite(ramps):
			if !offer.up {
				return false
			}
			o.sharesRamp = true
		case offer.up:
			others = true
		}
		if ramp != nil && !r.product.RampShared {
			offer.most = *ramp * r.product.DeliveryH()
			o.simple = o.simple && offer.most >= o.span
		}
		o.offers = append(o.offers, offer)
	}
	return !o.sharesRamp || !others
}

func someFinite(s []float64) bool {
	return slices.ContainsFunc(s, func(v float64) bool { return v < inf })
}

// separable says whether a cluster is nothing but its single units: then every
// point of its rows is a sum of points of theirs.
func (o *thermalOracle) separable(d *thermalData) bool {
	if d.n == 1 {
		return true
	}
	if o.rampUp != nil {
		return false
	}
	if d.su >= d.m && d.sd >= d.m {
		return true
	}
	// Where units that start or stop make less, rows over the whole cluster lend
	// one unit's cheap power or ramp to another.
	return o.simple && len(o.segments) <= 1 && (d.sd >= d.m || o.unitsOn == 0)
}

// Scratch implements decomp.Oracle.
func (o *thermalOracle) Scratch() decomp.Scratcher { return o.shared }

// thermalShape makes the memory that all units of a case share.
type thermalShape struct{ T int }

// New implements decomp.Scratcher.
func (s *thermalShape) New() any { return newThermalScratch(s.T) }

// thermalScratch is the working memory of one goroutine.
type thermalScratch struct {
	cost []float64 // of the columns; of power that counts as within reach, with that column's

	// What the bounds allow.
	canOn, mustOn, canStart, canStop []bool
	arcOff                           []bool // warm arcs that are fixed at none

	// Periods: sums of the costs of on-intervals, what starts and stops add to
	// them, and the cost of intervals of one period.
	sum               []float64 // T+1
	atStart, atStop   []float64 // T, T+1
	single            []float64
	stages            [placeKinds][]convex
	pieces            [3][]piece
	order             []int
	startOf, stopOf   []float64 // S, E
	startVia, stopVia []int     // where the best came from
	arcVia            []int     // warm arc of the best start, -1 for none
	path              []interval

	trails            []trail // V_t of the latest rows to differ
	trailing          bool
	rows              []exactRow // by start; T: on before the horizon
	a, b, c, d        convex
	staged            [placeKinds][]int // call in which a stage was made
	call              int
	toStart, toStop   []float64 // cost to go
	onAt, onThrough   []float64
	offAt, offThrough []float64
	power             []float64
	from              float64 // cost of coming to the interval at hand
	own               []float64
}

func newThermalScratch(T int) *thermalScratch {
	floats := func(n int) []float64 { return make([]float64, n) }
	s := &thermalScratch{
		canOn: make([]bool, T), mustOn: make([]bool, T), canStart: make([]bool, T), canStop: make([]bool, T),
		sum: floats(T + 1), atStart: floats(T), atStop: floats(T + 1), single: floats(T),
		startOf: floats(T), stopOf: floats(T), startVia: make([]int, T), stopVia: make([]int, T), arcVia: make([]int, T),
		rows: make([]exactRow, T+1), trails: make([]trail, T), toStart: floats(T), toStop: floats(T),
		onAt: floats(T), onThrough: floats(T), offAt: floats(T), offThrough: floats(T), power: floats(T),
	}
	for i := range s.stages {
		s.stages[i], s.staged[i] = make([]convex, T), make([]int, T)
	}
	return s
}
