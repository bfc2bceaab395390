package place

import (
	"math"
	"slices"
	"testing"
)

// checkMalleable checks an answer for a malleable job against the enumerated
// optimum: low <= optimum <= cost, and the place is one that the data allow. It
// says whether the answer is the optimum.
func checkMalleable(t *testing.T, m *market, j *Job, a *asker, want float64) (exact bool) {
	t.Helper()
	slack := 1e-6 * (1 + math.Abs(want))
	if a.low > want+slack || a.best.cost < want-slack {
		t.Fatalf("job %+v: optimum %g, oracle says %g to %g", *j, want, a.low, a.best.cost)
	}
	var x proposal
	a.compose(j, &x)
	if at := m.costAt(j, &x.place); math.Abs(at-a.best.cost) > slack {
		t.Fatalf("job %+v at %+v costs %g, was said to cost %g", *j, x.place, at, a.best.cost)
	}
	if !x.place.Dropped() {
		if replay(t, m.p, []Assignment{x.place}, capacityOf(m.p)); t.Failed() {
			t.FailNow()
		}
	}
	return a.best.cost <= want+slack
}

// enumerateWidths tries for every period no units, each width of the list, and
// as much as there is room for, with one period in between: an optimum is among
// these, for with the periods that work given, costs are straight between widths. A job whose pauses
// count pauses at a loss.
func enumerateWidths(m *market, j *Job, o Option) float64 {
	p, q := m.p, &m.pools[o.Pool]
	widths := p.Widths[j.Widths]
	rate := func(x float64) float64 {
		for i := 1; i < len(widths); i++ {
			if lo, hi := widths[i-1], widths[i]; x <= hi.Units {
				return lo.Rate + (x-lo.Units)/(hi.Units-lo.Units)*(hi.Rate-lo.Rate)
			}
		}
		return widths[len(widths)-1].Rate
	}
	n := int(j.End - j.First)
	choices := make([][]float64, n)
	for i := range choices {
		choices[i] = []float64{0}
		room := q.room[int(j.First)+i]
		for _, w := range widths {
			if w.Units <= room {
				choices[i] = append(choices[i], w.Units)
			}
		}
		if room > widths[0].Units && room < widths[len(widths)-1].Units {
			choices[i] = append(choices[i], room)
		}
	}
	best := math.Inf(1)
	x := make([]float64, n)
	var try func(i, between int, work float64)
	evaluate := func(left float64) {
		cost, first, last, begin := 0.0, -1, -1, 0.0
		for t := range int(j.First) {
			begin += p.Hours[t]
		}
		end := begin
		for i, units := range x {
			t := int(j.First) + i
			begin += p.Hours[t]
			if units > 0 {
				cost += units * q.both[t]
				if first < 0 {
					first = t
				}
				last, end = t, begin
			}
		}
		if last < 0 {
			return
		}
		if cost += cheapestInput(m, j, o.Links, first); left > 0 {
			cost, end = cost+left*o.Speed*j.BacklogPricePerUnitH, m.starts[len(p.Hours)]
		} else {
			cost += cheapestResults(m, j, o.Links, last+1)
		}
		best = min(best, cost+j.LatePricePerH*max(0, end-j.DeadlineH))
	}
	// lost is the work that interruptions add, +Inf for too many: pauses, and beginning later
	// than it runs already.
	lost := func(between int) float64 {
		if !j.PausesCount || len(x) == 0 {
			return 0
		}
		n, on := 0, o.Now
		for i, units := range x {
			now := units > 0 || i == between
			if now && !on && (o.Now || slices.ContainsFunc(x[:i], func(v float64) bool { return v > 0 }) || between >= 0 && between < i) {
				n++
			}
			on = now
		}
		if n > int(j.MaxInterruptions) {
			return math.Inf(1)
		}
		return float64(n) * j.LossH * widths[0].Rate
	}
	try = func(i, between int, work float64) {
		if i == n {
			left := j.WorkUnitH/o.Speed - work + lost(between)
			if math.IsInf(left, 1) {
				return
			}
			if between < 0 {
				if math.Abs(left) < 1e-9 {
					evaluate(0)
				} else if left > 0 && j.BacklogPricePerUnitH > 0 && int(j.End) == len(p.Hours) {
					evaluate(left)
				}
				return
			}
			// The width between whose rate does the rest, by bisection.
			want := left / p.Hours[int(j.First)+between]
			top := choices[between][len(choices[between])-1]
			lo, hi := widths[0].Units, top
			if top == 0 || want < widths[0].Rate || want > rate(top) {
				return
			}
			for range 60 {
				if mid := (lo + hi) / 2; rate(mid) < want {
					lo = mid
				} else {
					hi = mid
				}
			}
			x[between] = hi
			evaluate(0)
			return
		}
		if between < 0 {
			try(i+1, i, work)
			x[i] = 0
		}
		for _, units := range choices[i] {
			x[i] = units
			add := 0.0
			if units > 0 {
				add = rate(units) * p.Hours[int(j.First)+i]
			}
			try(i+1, between, work+add)
		}
		x[i] = 0
	}
	try(0, -1, 0)
	return best
}
