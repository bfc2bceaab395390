package opt

// Regrets of a unit's commitment. With S and E of thermal_oracle.go, and costs to
// go from a start in a and from a stop in k,
//
//	S'_a = min over stops k of C(a, k) + E'_k
//	E'_k = min over starts a of warm discount(k, a) + S'_a, 0 for staying off
//
// the cheapest schedule with a start in a costs S_a + S'_a, the cheapest with a
// stop in k E_k + E'_k, and the cheapest that is on or off in a period is the
// least over the intervals that hold it. The least over the intervals of one
// start is a running minimum from late stops to early ones, so all of it takes
// O(T^2).

import "math"

// Regrets implements decomp.Regretter. Of warm starts it knows what their start
// and stop cost, and says nothing of giving one up.
func (o *thermalOracle) Regrets(cost, lower, upper, x, fall, rise []float64, scratch any) (float64, bool) {
	s := o.ready(scratch, cost)
	clear(x)
	for i := range fall {
		fall[i], rise[i] = inf, inf
	}
	if o.fixedCluster(lower, upper) {
		for t := range o.T {
			rise[o.start+t], rise[o.stop+t] = 0, 0
		}
		for i := range o.warm {
			fall[o.warm[i].col], rise[o.warm[i].col] = 0, 0
		}
		return o.priceFixed(s, lower, upper, x)
	}
	bound := 0.0
	n := float64(o.unitsOn + o.unitsOff)
	for _, wasOn := range [2]bool{true, false} {
		units := float64(o.units(wasOn))
		if units == 0 {
			continue
		}
		if !o.permit(s, lower, upper, wasOn, n) {
			return inf, false
		}
		o.exactRows(s, wasOn)
		c, ok := o.cheapest(s, wasOn)
		if !ok {
			return inf, false
		}
		bound += units * c
		o.add(s, x, units)
		o.toGo(s)
		o.cover(s, wasOn)
		o.deviate(s, c, fall, rise)
	}
	o.derive(x)
	return bound, true
}

func (o *thermalOracle) units(wasOn bool) int {
	if wasOn {
		return o.unitsOn
	}
	return o.unitsOff
}

// exactRows makes all rows exact that a schedule can use.
func (o *thermalOracle) exactRows(s *thermalScratch, wasOn bool) {
	if o.rampUp == nil {
		return
	}
	s.trailing = true
	defer func() { s.trailing = false }()
	if wasOn {
		o.exactRow(s, before)
	}
	for a := range o.T {
		if s.canStart[a] && s.canOn[a] {
			o.exactRow(s, a)
		}
	}
}

// intervalCost is C(start, stop).
func (o *thermalOracle) intervalCost(s *thermalScratch, start, stop int) float64 {
	row := &s.rows[o.rowOf(start)]
	switch {
	case row.exact:
		return row.cost[stop]
	case start == before:
		return o.initialCost(s, stop)
	case stop == o.T:
		return s.sum[stop] - s.sum[start] + s.atStart[start]
	case stop == start+1:
		return s.single[start]
	}
	return s.sum[stop] - s.sum[start] + s.atStart[start] + s.atStop[stop]
}

// mayStop says whether a stop in t is possible after a start, and after bounds.
func (o *thermalOracle) mayStop(s *thermalScratch, start, t int) bool {
	earliest := o.stillUp
	if start != before {
		earliest = o.firstStop[start]
	}
	return t == o.T || t >= earliest && s.canStop[t] && !s.mustOn[t]
}

func (o *thermalOracle) mayStart(s *thermalScratch, stop, t int) bool {
	earliest := o.stillDown
	if stop != before {
		earliest = o.firstNext[stop]
	}
	return t >= earliest && s.canStart[t] && s.canOn[t]
}

// toGo fills in S' and E'.
func (o *thermalOracle) toGo(s *thermalScratch) {
	for t := o.T - 1; t >= 0; t-- {
		s.toStart[t], s.toStop[t] = inf, inf
		if s.canStart[t] && s.canOn[t] {
			s.toStart[t] = o.onInterval(s, t, nil, nil)
		}
		if s.canStop[t] && !s.mustOn[t] {
			s.toStop[t] = o.offInterval(s, t, nil, nil)
		}
	}
}

// cover fills in the least cost of schedules that are on or off in each period,
// and of those that are so without having changed to it in that period.
func (o *thermalOracle) cover(s *thermalScratch, wasOn bool) {
	for t := range o.T {
		s.onAt[t], s.onThrough[t], s.offAt[t], s.offThrough[t] = inf, inf, inf, inf
	}
	s.from = 0
	if wasOn {
		o.onInterval(s, before, s.onAt, s.onThrough)
	} else {
		o.offInterval(s, before, s.offAt, s.offThrough)
	}
	for t := range o.T {
		if s.from = s.startOf[t]; s.from < inf {
			o.onInterval(s, t, s.onAt, s.onThrough)
		}
		if s.from = s.stopOf[t]; s.from < inf {
			o.offInterval(s, t, s.offAt, s.offThrough)
		}
	}
}

// onInterval returns the least cost to go from a start. Where at is given, it
// lowers the least costs of schedules that are on in a period to those of the
// schedules with this start.
func (o *thermalOracle) onInterval(s *thermalScratch, start int, at, through []float64) float64 {
	begin := max(0, start)
	end := begin
	for end < o.T && s.canOn[end] {
		end++
	}
	best := inf
	for t := end - 1; t >= begin; t-- {
		best = min(best, o.stopCost(s, start, t+1))
		if at == nil {
			continue
		}
		at[t] = min(at[t], s.from+best)
		if t > start {
			through[t] = min(through[t], s.from+best)
		}
	}
	return best
}

// stopCost is the cost of an interval and of what follows.
func (o *thermalOracle) stopCost(s *thermalScratch, start, stop int) float64 {
	switch {
	case !o.mayStop(s, start, stop):
		return inf
	case stop == o.T:
		return o.intervalCost(s, start, stop)
	}
	return o.intervalCost(s, start, stop) + s.toStop[stop]
}

// offInterval is onInterval for a stop.
func (o *thermalOracle) offInterval(s *thermalScratch, stop int, at, through []float64) float64 {
	begin := max(0, stop)
	end := begin
	for end < o.T && !s.mustOn[end] {
		end++
	}
	best := inf
	if end == o.T {
		best = 0
	}
	arc, firstArc := int(o.warmFrom[stop+2])-1, int(o.warmFrom[stop+1])
	for t := end - 1; t >= begin; t-- {
		if next := t + 1; next < o.T && o.mayStart(s, stop, next) {
			for arc >= firstArc && o.warm[arc].t > next {
				arc--
			}
			discount := 0.0
			if arc >= firstArc && o.warm[arc].t == next && !s.arcOff[arc] {
				discount = min(0, s.cost[o.warm[arc].col])
			}
			best = min(best, discount+s.toStart[next])
		}
		if at == nil {
			continue
		}
		at[t] = min(at[t], s.from+best)
		if t > stop {
			through[t] = min(through[t], s.from+best)
		}
	}
	return best
}

// deviate lowers the regrets to those of a unit of the group whose path is the
// cheapest, at cost least.
func (o *thermalOracle) deviate(s *thermalScratch, least float64, fall, rise []float64) {
	lower := func(of []float64, col int, cost float64) { of[col] = min(of[col], math.Max(0, cost-least)) }
	i := len(s.path) - 1 // the path has the last interval first
	for t := range o.T {
		for i >= 0 && s.path[i].stop < t {
			i--
		}
		starts, stops, on := false, false, false
		if i >= 0 {
			iv := s.path[i]
			starts, stops, on = iv.start == t, iv.stop == t, iv.start <= t && t < iv.stop
		}
		if on {
			lower(fall, o.on+t, s.offAt[t])
		} else {
			lower(rise, o.on+t, s.onAt[t])
		}
		if starts {
			lower(fall, o.start+t, min(s.onThrough[t], s.offAt[t]))
		} else {
			lower(rise, o.start+t, s.startOf[t]+s.toStart[t])
		}
		if stops {
			lower(fall, o.stop+t, min(s.offThrough[t], s.onAt[t]))
		} else {
			lower(rise, o.stop+t, s.stopOf[t]+s.toStop[t])
		}
	}
	for k := range o.warm {
		w := &o.warm[k]
		fall[w.col] = 0
		if s.arcOff[k] {
			continue
		}
		cost := s.startOf[w.t] + s.toStart[w.t]
		if w.stop >= 0 {
			cost = max(cost, s.stopOf[w.stop]+s.toStop[w.stop])
		}
		lower(rise, w.col, cost)
	}
}
