package opt

// interval in which a unit is on: from its start (before: since before the
// horizon) to its stop (T: never).
type interval struct {
	start, stop int
	arc         int // warm start, -1 for none
}

// before stands for a start before the horizon.
const before = -1

// end is how the best path ends.
type end struct {
	cost        float64
	start, stop int // the last interval's start if it never stops, else the last stop; noEnd for the other
}

const noEnd = -2

// permit reads the bounds of the integer columns; false where they contradict
// the unit's state before the horizon or each other.
func (o *thermalOracle) permit(s *thermalScratch, lower, upper []float64, wasOn bool, n float64) bool {
	for t := range o.T {
		s.canOn[t] = upper[o.on+t] >= 0.5
		s.mustOn[t] = lower[o.on+t] >= n-0.5
		s.canStart[t] = upper[o.start+t] >= 0.5
		s.canStop[t] = upper[o.stop+t] >= 0.5
	}
	possible := true
	for t := range o.T {
		if lower[o.start+t] >= n-0.5 {
			possible = o.force(s, t, true, wasOn) && possible
		}
		if lower[o.stop+t] >= n-0.5 {
			possible = o.force(s, t, false, wasOn) && possible
		}
	}
	for i := range o.warm {
		w := &o.warm[i]
		s.arcOff[i] = upper[w.col] < 0.5
		if lower[w.col] >= n-0.5 {
			possible = o.forceArc(s, w, wasOn) && possible
		}
	}
	for t := range o.T {
		possible = possible && (s.canOn[t] || !s.mustOn[t])
	}
	return possible
}

// force makes the unit start or stop in t.
func (o *thermalOracle) force(s *thermalScratch, t int, starts, wasOn bool) bool {
	if starts {
		s.mustOn[t] = true
	} else {
		s.canOn[t] = false
	}
	switch {
	case t == 0:
		return wasOn != starts
	case starts:
		s.canOn[t-1] = false
	default:
		s.mustOn[t-1] = true
	}
	return true
}

// forceArc makes the unit stop and start as a warm start says, off between.
func (o *thermalOracle) forceArc(s *thermalScratch, w *oracleArc, wasOn bool) bool {
	ok := o.force(s, w.t, true, wasOn)
	if w.stop >= 0 {
		ok = o.force(s, w.stop, false, wasOn) && ok
	} else {
		ok = ok && !wasOn
	}
	for t := max(0, w.stop); t < w.t; t++ {
		s.canOn[t] = false
	}
	return ok
}

// periods fills in the costs of the periods: with dispatch that no ramp binds.
func (o *thermalOracle) periods(s *thermalScratch) {
	for t := range o.T {
		free, _ := o.least(s, t, within)
		s.sum[t+1] = s.sum[t] + s.cost[o.on+t] + free
		s.atStart[t] = s.cost[o.start+t]
		begin, finish := free, free
		if o.room[first] < o.span {
			begin, _ = o.least(s, t, first)
			s.atStart[t] += begin - free
		}
		if t+1 == o.T {
			break
		}
		stop := s.cost[o.stop+t+1]
		s.atStop[t+1] = stop
		if o.room[last] < o.span {
			finish, _ = o.least(s, t, last)
			s.atStop[t+1] += finish - free
		}
		// The smaller room of the two binds.
		s.single[t] = s.cost[o.start+t] + s.cost[o.on+t] + max(begin, finish) + stop
	}
	s.atStop[0] = s.cost[o.stop]
	for i := range s.rows {
		s.rows[i].exact = false
	}
}

// forward finds the cheapest path.
func (o *thermalOracle) forward(s *thermalScratch, wasOn bool) end {
	T := o.T
	var open, closing leader // starts of intervals still on; those that may stop
	var idle, ready leader   // stops since which the unit may be off; those after which it may start
	open.clear()
	closing.clear()
	idle.clear()
	ready.clear()
	if wasOn {
		open.offer(o.initialCost(s, T)-s.sum[T], before)
	} else {
		idle.offer(0, before)
	}
	best := end{inf, noEnd, noEnd}
	for t := range T {
		s.startOf[t], s.stopOf[t] = inf, inf
	}
	if wasOn && s.rows[T].exact {
		open.clear()
		best = o.spread(s, before, 0, best)
	}
	nextStart, nextStop := 0, 0 // the first that have not been admitted to closing, to ready
	onSince, offSince := 0, 0   // no interval that holds an earlier period goes on
	for t := range T {
		if s.canStop[t] && !s.mustOn[t] {
			if wasOn && onSince == 0 && t >= o.stillUp && !s.rows[T].exact {
				o.arrive(s, t, o.initialCost(s, t), before)
			}
			if a := t - 1; a >= onSince && o.firstStop[a] <= t && !s.rows[a].exact {
				o.arrive(s, t, s.startOf[a]+s.single[a], a)
			}
			for ; nextStart < t-1 && o.firstStop[nextStart] <= t; nextStart++ {
				if !s.rows[nextStart].exact {
					closing.offer(s.startOf[nextStart]+s.atStart[nextStart]-s.sum[nextStart], nextStart)
				}
			}
			o.arrive(s, t, closing.cost+s.sum[t]+s.atStop[t], closing.at)
		} else {
			s.stopOf[t] = inf
		}
		if !s.canOn[t] {
			open.clear()
			closing.clear()
			nextStart, onSince = t+1, t+1
		} else if s.canStart[t] {
			for ; nextStop < t && o.firstNext[nextStop] <= t; nextStop++ {
				ready.offer(s.stopOf[nextStop], nextStop)
			}
			o.begin(s, t, ready, offSince, !wasOn && offSince == 0)
			if !s.rows[t].exact {
				open.offer(s.startOf[t]+s.atStart[t]-s.sum[t], t)
			} else if s.startOf[t] < inf {
				best = o.spread(s, t, s.startOf[t], best)
			}
		}
		if s.mustOn[t] {
			idle.clear()
			ready.clear()
			nextStop, offSince = t+1, t+1
		} else {
			idle.offer(s.stopOf[t], t)
		}
	}
	if c := open.cost + s.sum[T]; c < best.cost {
		best = end{c, open.at, noEnd}
	}
	if idle.cost < best.cost {
		best = end{idle.cost, noEnd, idle.at}
	}
	return best
}

// leader is the cheapest of what has been offered.
type leader struct {
	cost float64
	at   int
}

func (l *leader) clear() { l.cost, l.at = inf, noEnd }

func (l *leader) offer(cost float64, at int) {
	if cost < l.cost {
		l.cost, l.at = cost, at
	}
}

// initialCost is the cost, as far as ramps do not bind, of the interval of a
// unit on before the horizon.
func (o *thermalOracle) initialCost(s *thermalScratch, stop int) float64 {
	switch {
	case stop == o.T:
		return s.sum[stop]
	case stop == 0 && !o.stopAtOnce:
		return inf
	}
	return s.sum[stop] + s.atStop[stop]
}

// arrive offers a path that stops in t.
func (o *thermalOracle) arrive(s *thermalScratch, t int, cost float64, start int) {
	if cost < s.stopOf[t] {
		s.stopOf[t], s.stopVia[t] = cost, start
	}
}

// begin finds the cheapest way to a start in t: after the cheapest stop, or warm.
func (o *thermalOracle) begin(s *thermalScratch, t int, ready leader, offSince int, sinceBefore bool) {
	sinceBefore = sinceBefore && t >= o.stillDown
	best, via, arc := ready.cost, ready.at, -1
	if sinceBefore && 0 < best {
		best, via = 0, before
	}
	for _, i := range o.warmOrder[o.warmTo[t]:o.warmTo[t+1]] {
		w := &o.warm[i]
		from := 0.0
		switch {
		case s.arcOff[i]:
			continue
		case w.stop < 0:
			if !sinceBefore {
				continue
			}
		case w.stop < offSince || o.firstNext[w.stop] > t:
			continue
		default:
			from = s.stopOf[w.stop]
		}
		if c := from + s.cost[w.col]; c < best {
			best, via, arc = c, w.stop, int(i)
		}
	}
	s.startOf[t], s.startVia[t], s.arcVia[t] = best, via, arc
}

// spread offers the stops of an exact row, and its way to the end.
func (o *thermalOracle) spread(s *thermalScratch, start int, from float64, best end) end {
	row := &s.rows[o.rowOf(start)]
	for t := max(0, start+1); ; t++ {
		if t == o.T {
			break
		}
		if s.canStop[t] && !s.mustOn[t] {
			o.arrive(s, t, from+row.cost[t], start)
		}
		if !s.canOn[t] {
			return best
		}
	}
	if c := from + row.cost[o.T]; c < best.cost {
		return end{c, start, noEnd}
	}
	return best
}

// rowOf is the index of the row of a start.
func (o *thermalOracle) rowOf(start int) int {
	if start == before {
		return o.T
	}
	return start
}

// trace lists the intervals of the best path, the last first.
func (o *thermalOracle) trace(s *thermalScratch, e end, wasOn bool) {
	s.path = s.path[:0]
	start, stop := e.start, o.T
	if start == noEnd {
		stop = e.stop
		if stop == before { // never on
			return
		}
		start = s.stopVia[stop]
	}
	for {
		iv := interval{start, stop, -1}
		if start == before {
			s.path = append(s.path, iv)
			return
		}
		iv.arc = s.arcVia[start]
		s.path = append(s.path, iv)
		stop = s.startVia[start]
		if stop == before {
			return
		}
		start = s.stopVia[stop]
	}
}

// cheapest finds the cheapest path of one unit, exactly; false where the bounds
// leave none.
func (o *thermalOracle) cheapest(s *thermalScratch, wasOn bool) (float64, bool) {
	for {
		e := o.forward(s, wasOn)
		if e.cost >= inf {
			return inf, false
		}
		o.trace(s, e, wasOn)
		if o.rampUp == nil || !o.makeExact(s) {
			return e.cost, true
		}
	}
}

// makeExact makes the rows of the path exact; false where they are already.
func (o *thermalOracle) makeExact(s *thermalScratch) bool {
	changed := false
	for _, iv := range s.path {
		if !s.rows[o.rowOf(iv.start)].exact {
			o.exactRow(s, iv.start)
			changed = true
		}
	}
	return changed
}

// Price implements decomp.Oracle. Of the bounds of a cluster it heeds those that
// concern all units alike, and numbers on that are all fixed.
func (o *thermalOracle) Price(cost, lower, upper, x []float64, scratch any) (float64, bool) {
	s := o.ready(scratch, cost)
	clear(x)
	if o.fixedCluster(lower, upper) {
		return o.priceFixed(s, lower, upper, x)
	}
	bound := 0.0
	all := float64(o.unitsOn + o.unitsOff)
	for _, wasOn := range [2]bool{true, false} {
		units := float64(o.units(wasOn))
		if units == 0 {
			continue
		}
		if !o.permit(s, lower, upper, wasOn, all) {
			return inf, false
		}
		c, ok := o.cheapest(s, wasOn)
		if !ok {
			return inf, false
		}
		bound += units * c
		o.add(s, x, units)
	}
	o.derive(x)
	return bound, true
}

// ready prepares the scratch for new costs.
func (o *thermalOracle) ready(scratch any, cost []float64) *thermalScratch {
	s, ok := scratch.(*thermalScratch)
	if !ok {
		s = newThermalScratch(o.T)
	}
	s.cost = o.withReach(s, cost)
	s.call++
	if len(s.arcOff) < len(o.warm) {
		s.arcOff = make([]bool, len(o.warm))
	}
	o.periods(s)
	return s
}

// withReach adds the cost of the column of power within reach to that of the
// power in it: what is left of the column is reserve, at its own cost.
func (o *thermalOracle) withReach(s *thermalScratch, cost []float64) []float64 {
	if o.reach < 0 {
		return cost
	}
	s.own = append(s.own[:0], cost...)
	for _, g := range o.segments {
		for t := range o.T {
			s.own[g+t] += cost[o.reach+t]
		}
	}
	return s.own
}
