package opt

// A cluster whose numbers on are all fixed. The point starts and stops units as
// that number changes and no more; the windows of the minimum times hold for these
// starts and stops or for none. A period's dispatch is that of the units that
// start, stop, do both or neither. Warm starts are taken the hottest first.
//
// That need not be the cheapest point: the choice of warm starts is open, and a
// unit that stops as another starts may be worth its cost by the warm starts on
// both sides. So the bound pretends that every start finds the warmest stops for
// itself, and that such a pair gains the most on either side.

import "math"

// fixedCluster says whether this is a cluster with all numbers on fixed, some of
// them to less than all.
func (o *thermalOracle) fixedCluster(lower, upper []float64) bool {
	n := float64(o.unitsOn + o.unitsOff)
	if n == 1 {
		return false
	}
	same := o.unitsOn == 0 || o.unitsOff == 0
	for t := range o.T {
		lo, up := lower[o.on+t], upper[o.on+t]
		if lo != up {
			return false
		}
		same = same && (lo == 0 || lo == n)
	}
	return !same
}

// priceFixed writes the point and returns the bound; false where the numbers
// breach the minimum times.
func (o *thermalOracle) priceFixed(s *thermalScratch, lower, upper, x []float64) (float64, bool) {
	was := float64(o.unitsOn)
	for t := range o.T {
		on := lower[o.on+t]
		x[o.on+t], x[o.start+t], x[o.stop+t] = on, math.Max(0, on-was), math.Max(0, was-on)
		was = on
	}
	if !o.keepsTimes(x) {
		return inf, false
	}
	s.path = s.path[:0]
	cost := 0.0
	for t := range o.T {
		cost += s.cost[o.on+t]*x[o.on+t] + s.cost[o.start+t]*x[o.start+t] + s.cost[o.stop+t]*x[o.stop+t]
		cost += o.dispatchFixed(s, x, t)
		cost += o.warmFixed(s, upper, x, t)
	}
	o.derive(x)
	return cost, true
}

// keepsTimes says whether starts and stops keep the minimum times.
func (o *thermalOracle) keepsTimes(x []float64) bool {
	n := float64(o.unitsOn + o.unitsOff)
	for t := range o.T {
		starts, stops := 0.0, 0.0
		for s := o.up[t]; s <= t; s++ {
			starts += x[o.start+s]
		}
		for s := o.down[t]; s <= t; s++ {
			stops += x[o.stop+s]
		}
		if t < o.stillUp {
			starts += float64(o.unitsOn)
		}
		if t < o.stillDown {
			stops += float64(o.unitsOff)
		}
		if starts > x[o.on+t] || stops > n-x[o.on+t] {
			return false
		}
	}
	return true
}

// dispatchFixed writes the dispatch of period t and returns its cost.
func (o *thermalOracle) dispatchFixed(s *thermalScratch, x []float64, t int) float64 {
	var units [placeKinds]float64
	starts, stops := x[o.start+t], 0.0
	if t+1 < o.T {
		stops = x[o.stop+t+1]
		if o.firstStop[t] == t+1 {
			units[only] = math.Min(starts, stops)
		}
	}
	units[first], units[last] = starts-units[only], stops-units[only]
	units[within] = x[o.on+t] - units[first] - units[last] - units[only]
	cost := 0.0
	for at := range placeKinds {
		if units[at] == 0 {
			continue
		}
		c, power := o.least(s, t, at)
		cost += units[at] * c
		o.addPower(s, x, t, power, o.room[at]-power, units[at])
	}
	return cost
}

// warmFixed writes the warm starts in period t and returns a lower bound on what
// they cost (less than nothing), and on what more starts and stops would.
func (o *thermalOracle) warmFixed(s *thermalScratch, upper, x []float64, t int) float64 {
	starts, ideal := x[o.start+t], x[o.start+t]
	cost, hottest := 0.0, 0.0
	arcs := o.warmOrder[o.warmTo[t]:o.warmTo[t+1]]
	for i := len(arcs) - 1; i >= 0; i-- { // the latest stop first
		w := &o.warm[arcs[i]]
		discount := s.cost[w.col]
		if discount >= 0 || upper[w.col] < 0.5 {
			continue
		}
		stopped := float64(o.unitsOff)
		if w.stop >= 0 {
			stopped = x[o.stop+w.stop]
		}
		free := stopped - o.matched(x, arcs[i])
		x[w.col] = math.Min(starts, free)
		starts -= x[w.col]
		take := math.Min(ideal, stopped)
		ideal -= take
		cost += discount * take
		hottest = math.Min(hottest, discount)
	}
	return cost + o.pairs(x, t)*math.Min(0, s.cost[o.start+t]+s.cost[o.stop+t]+hottest+o.hottestFrom(s, upper, t))
}

// pairs bounds the number of units that stop in t while others start.
func (o *thermalOracle) pairs(x []float64, t int) float64 {
	n := float64(o.unitsOn + o.unitsOff)
	return math.Max(0, math.Min(x[o.on+t]-x[o.start+t], n-x[o.on+t]-x[o.stop+t]))
}

// hottestFrom is the most that a warm start gains from a stop in t, at most none.
func (o *thermalOracle) hottestFrom(s *thermalScratch, upper []float64, t int) float64 {
	hottest := 0.0
	for i := o.warmFrom[t+1]; i < o.warmFrom[t+2]; i++ {
		if w := &o.warm[i]; upper[w.col] >= 0.5 {
			hottest = math.Min(hottest, s.cost[w.col])
		}
	}
	return hottest
}

// matched counts the units of an arc's stop that earlier starts have taken.
func (o *thermalOracle) matched(x []float64, arc int32) float64 {
	w := &o.warm[arc]
	taken := 0.0
	for i := arc - 1; i >= 0 && o.warm[i].stop == w.stop; i-- {
		taken += x[o.warm[i].col]
	}
	return taken
}
