package opt

// Dispatch of a unit with ramps, exactly. With n the power above minimum, f_t the
// cost of a period (thermal_oracle_stage.go) and q the power in the period
// before,
//
//	V_t(n) = f_t(n) + min over n - RU_t <= q <= n + RD_t of V_{t-1}(q) + lost_t(q)
//
// for 0 <= n <= room. V stays convex and piecewise linear: the minimum moves the
// falling part left by RD_t and the rising part right by RU_t. Reserve that
// shares the ramp is at most RU_t + q - n too, so of the reward c that f_t counts
// for room - n,
//
//	lost_t(q) = -c max(0, room - RU_t - q)
//
// does not come. The last period of an interval that stops has its own room.
//
// The functions of different starts soon are a constant apart: when all rows are
// wanted, a row ends where it meets an earlier one.

import (
	"math"
	"slices"
)

// exactRow is the exact cost of on-intervals with one start, by stop: T+1
// values, the last without a stop. To find the dispatch again it has the power
// in the last period and, for that and every other period, where the function
// of the period before is least.
type exactRow struct {
	exact    bool
	cost     []float64
	power    []float64
	ofLast   []float64
	ofWithin []float64
}

func (r *exactRow) reset(T int) {
	if len(r.cost) != T+1 {
		all := make([]float64, 4*(T+1))
		r.cost, r.power, r.ofLast, r.ofWithin = all[:T+1], all[T+1:2*T+2], all[2*T+2:3*T+3], all[3*T+3:]
	}
	for i := range r.cost {
		r.cost[i] = inf
	}
	r.exact = true
}

// exactRow fills in the row of a start.
func (o *thermalOracle) exactRow(s *thermalScratch, start int) {
	row := &s.rows[o.rowOf(start)]
	row.reset(o.T)
	t, firstStop := 0, o.stillUp
	v, next := &s.a, &s.b
	if start == before {
		v.begin(o.initial, 0)
		if firstStop == 0 && o.stopAtOnce {
			row.cost[0] = s.cost[o.stop]
		}
	} else {
		if !s.canOn[start] {
			return
		}
		firstStop = o.firstStop[start]
		if firstStop == start+1 && start+1 < o.T {
			row.cost[start+1] = s.single[start]
			_, row.power[start+1] = o.least(s, start, o.both())
		}
		f := o.stageOf(s, start, first)
		v.value = f.value + s.cost[o.start+start] + s.cost[o.on+start]
		v.x, v.slope = append(v.x[:0], f.x...), append(v.slope[:0], f.slope...)
		t = start + 1
	}
	for ; t < o.T && s.canOn[t]; t++ {
		stops := t+1 < o.T && t+1 >= firstStop && s.canStop[t+1]
		if stops && o.room[last] < o.span {
			if at, ok := o.step(s, v, next, t, last); ok {
				row.ofLast[t+1] = at
				row.cost[t+1], row.power[t+1] = next.least()
				row.cost[t+1] += s.cost[o.stop+t+1]
			}
		}
		at, ok := o.step(s, v, next, t, within)
		if !ok {
			return
		}
		row.ofWithin[t] = at
		v, next = next, v
		if stops && o.room[last] >= o.span {
			row.ofLast[t+1] = at
			row.cost[t+1], row.power[t+1] = v.least()
			row.cost[t+1] += s.cost[o.stop+t+1]
		}
		if s.trailing && s.follow(o, row, v, t, firstStop) {
			return
		}
	}
	if t == o.T {
		row.cost[t], row.power[t] = v.least()
		if start < o.T-1 {
			row.ofLast[t] = row.ofWithin[t-1]
		}
	}
}

// trail is V_t of a row.
type trail struct {
	convex
	call int // in which it was made
	row  *exactRow
}

// follow finishes a row whose V_t, a constant apart, is that of an earlier start:
// from there on the two are the same. Else it leaves V_t to later starts. Rows
// come in the order of their starts, so that the earlier one may stop wherever
// this one may.
func (s *thermalScratch) follow(o *thermalOracle, row *exactRow, v *convex, t, firstStop int) bool {
	r := &s.trails[t]
	if r.call != s.call || !slices.Equal(v.slope, r.slope) || !slices.Equal(v.x, r.x) {
		r.value, r.call, r.row = v.value, s.call, row
		r.x, r.slope = append(r.x[:0], v.x...), append(r.slope[:0], v.slope...)
		return false
	}
	apart := v.value - r.value
	copy(row.ofWithin[t+1:], r.row.ofWithin[t+1:])
	for k := max(t+2, min(firstStop, o.T)); k <= o.T; k++ {
		row.cost[k], row.power[k], row.ofLast[k] = r.row.cost[k]+apart, r.row.power[k], r.row.ofLast[k]
	}
	if t+1 == o.T {
		row.cost[o.T], row.power[o.T] = v.least()
		row.ofLast[o.T] = row.ofWithin[t]
	}
	return true
}

// both is the place whose room binds a period that is first and last.
func (o *thermalOracle) both() position {
	if o.room[first] < o.room[last] {
		return first
	}
	return last
}

// stageOf returns the cost of a period, made once per call.
func (o *thermalOracle) stageOf(s *thermalScratch, t int, at position) *convex {
	f := &s.stages[at][t]
	if s.staged[at][t] != s.call {
		o.stage(s, f, t, at)
		s.staged[at][t] = s.call
	}
	return f
}

// step writes V_t from V_{t-1}, and returns where the latter is least; false
// where no power is within the ramp.
func (o *thermalOracle) step(s *thermalScratch, v, next *convex, t int, at position) (least float64, ok bool) {
	up, down := o.rampUp[t], o.rampDown[t]
	g := &s.c
	if o.sharesRamp {
		if c := o.bestUp(s.cost, t); c < 0 {
			loseReserve(v, &s.d, o.room[at]-up, -c)
			v = &s.d
		}
	}
	least = spreadOut(v, g, up, down)
	f := o.stageOf(s, t, at)
	if !addConvex(g, f, next) {
		return least, false
	}
	next.value += s.cost[o.on+t]
	return least, true
}

// loseReserve writes f + reward max(0, until - x) into g.
func loseReserve(f, g *convex, until, reward float64) {
	g.begin(f.x[0], f.value+reward*max(0, until-f.x[0]))
	for i, slope := range f.slope {
		from, to := f.x[i], f.x[i+1]
		if from < until {
			g.extend(min(to, until), slope-reward)
		}
		if to > until {
			g.extend(to, slope)
		}
	}
}

// spreadOut writes into g the least of f within up below and down above, and
// returns where f is least.
func spreadOut(f, g *convex, up, down float64) float64 {
	// Infinite ramps reach everywhere: far enough is as good.
	up, down = min(up, farMW), min(down, farMW)
	i := 0
	g.begin(f.x[0]-down, f.value)
	for ; i < len(f.slope) && f.slope[i] < 0; i++ {
		g.extend(f.x[i+1]-down, f.slope[i])
	}
	at := f.x[i]
	g.extend(at+up, 0)
	for ; i < len(f.slope); i++ {
		g.extend(f.x[i+1]+up, f.slope[i])
	}
	return at
}

// farMW is more than any unit makes, and little enough to add to.
const farMW = 1e7

// addConvex writes f + g into sum where both are finite; false where they never
// are.
func addConvex(f, g, sum *convex) bool {
	from, to := max(f.x[0], g.x[0]), min(f.x[len(f.slope)], g.x[len(g.slope)])
	if from > to+rampSlack {
		return false
	}
	i, fv := f.seek(from)
	j, gv := g.seek(from)
	sum.begin(from, fv+gv)
	for x := from; x < to; {
		slope, next := 0.0, to
		if i < len(f.slope) {
			slope += f.slope[i]
			next = min(next, f.x[i+1])
		}
		if j < len(g.slope) {
			slope += g.slope[j]
			next = min(next, g.x[j+1])
		}
		sum.extend(next, slope)
		x = next
		for i < len(f.slope) && f.x[i+1] <= x {
			i++
		}
		for j < len(g.slope) && g.x[j+1] <= x {
			j++
		}
	}
	return true
}

// seek returns the piece that begins at or holds x, and the value there.
func (f *convex) seek(x float64) (int, float64) {
	value := f.value
	i := 0
	for i < len(f.slope) && f.x[i+1] <= x {
		value += f.slope[i] * (f.x[i+1] - f.x[i])
		i++
	}
	if i < len(f.slope) && x > f.x[i] {
		value += f.slope[i] * (x - f.x[i])
	}
	return i, value
}

// dispatchRamped writes the power above minimum of an interval.
func (o *thermalOracle) dispatchRamped(s *thermalScratch, iv interval) {
	row := &s.rows[o.rowOf(iv.start)]
	n := row.power[iv.stop]
	from := max(0, iv.start)
	for t := iv.stop - 1; t >= from; t-- {
		s.power[t] = n
		least := row.ofWithin[t]
		if t == iv.stop-1 {
			least = row.ofLast[iv.stop]
		}
		n = math.Max(n-o.rampUp[t], math.Min(n+o.rampDown[t], least))
	}
}
