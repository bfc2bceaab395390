package opt

// How many units a load of queued work takes (Erlang 1917; for instance Gautam 2012,
// Analysis of Queues, chapter 2).
//
// Work of a class arrives at random at a pool, takes any of c units for a time that is
// exponential with mean S, and waits in one queue. With a units busy on average, a < c,
// and B the blocking of Erlang's loss formula,
//
//	1/B(0) = 1,   1/B(n) = 1 + n/a * 1/B(n-1)
//	C(c, a) = 1 / (1 + (1 - a/c) (1/B(c) - 1))          work that has to wait
//	P(wait > L) = C(c, a) exp(-(c - a) L/S)
//
// a_max(c) is the greatest load with P(wait > L) <= 1 - percentile: P rises with a, so
// bisection finds it. Between whole numbers of units the need is the straight line
// through the points (a_max(c), c), c = 0, 1, 2, ...: a unit more bears more load than
// the last, so the lines bend downward (need is concave), and each of them, drawn out,
// lies nowhere below it.

import (
	"math"
	"sort"
)

// waiting is the share of work that has to wait at c units with a load of a.
func waiting(c int, a float64) float64 {
	switch {
	case a <= 0:
		return 0
	case a >= float64(c):
		return 1
	}
	unblocked := 1.0
	for n := 1; n <= c; n++ {
		if unblocked = 1 + float64(n)/a*unblocked; math.IsInf(unblocked, 1) {
			return 0
		}
	}
	return 1 / (1 + (1-a/float64(c))*(unblocked-1))
}

// queue is what is asked of a queue: that no more than a share of the work waits longer
// than so many mean times of service. It remembers what it has reckoned.
type queue struct {
	late, limit float64
	known       map[int]float64    // bears, by units
	drawn       map[int][]needLine // lines, by the units of the last
}

func newQueue(late, limit float64) *queue {
	return &queue{late, limit, make(map[int]float64), make(map[int][]needLine)}
}

// bears is the greatest load of c units.
func (q *queue) bears(c int) float64 {
	load, ok := q.known[c]
	if !ok {
		load = q.bisect(c)
		q.known[c] = load
	}
	return load
}

func (q *queue) bisect(c int) float64 {
	lo, hi := 0.0, float64(c)
	for range 100 {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			break
		}
		if waiting(c, mid)*math.Exp(-(float64(c)-mid)*q.limit) <= q.late {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// unitsFor is the least whole number of units that bear a load, most at most.
func (q *queue) unitsFor(load float64, most int) int {
	return sort.Search(most, func(c int) bool { return q.bears(c) >= load })
}

// needLine is a line that lies nowhere below the need: units held at a load of a are
// slope * a + fixed.
type needLine struct{ slope, fixed float64 }

func (l needLine) at(load float64) float64 { return l.slope*load + l.fixed }

// line is the one through the points of c and c + 1 units.
func (q *queue) line(c int) needLine {
	a, b := q.bears(c), q.bears(c+1)
	slope := 1 / (b - a)
	if c == 0 {
		return needLine{slope: slope}
	}
	return needLine{slope, math.Max(0, float64(c)-slope*a)}
}

// Lines beyond the first and the last are drawn until, at every load, the least of them
// is so near the need, relative to the units of the last, or there are so many.
const (
	needWithin = 2e-3
	mostLines  = 12
)

// lines returns the lines for a need of up to so many units, by rising load: the need
// there, or a little more, is the least of them.
func (q *queue) lines(most float64) []needLine {
	last := int(math.Ceil(most)) - 1
	if last < 0 {
		return nil
	}
	out, ok := q.drawn[last]
	if !ok {
		out = q.draw(last)
		q.drawn[last] = out
	}
	return out
}

func (q *queue) draw(last int) []needLine {
	type drawn struct {
		c int
		needLine
	}
	all := []drawn{{0, q.line(0)}}
	if last > 0 {
		all = append(all, drawn{last, q.line(last)})
	}
	// between is the line to draw between two neighbours, and what it gains.
	between := func(a, b drawn) (mid drawn, gain float64) {
		if b.c-a.c < 2 || b.slope >= a.slope {
			return drawn{}, 0
		}
		load := (b.fixed - a.fixed) / (a.slope - b.slope) // where the two cross
		c := a.c + 1 + sort.Search(b.c-a.c-2, func(k int) bool { return q.bears(a.c+k+2) > load })
		mid = drawn{c, q.line(c)}
		return mid, (a.at(load) - mid.at(load)) / float64(last+1)
	}
	for len(all) < mostLines {
		best, at, most := drawn{}, 0, needWithin
		for k := range len(all) - 1 {
			if mid, gain := between(all[k], all[k+1]); gain > most {
				best, at, most = mid, k+1, gain
			}
		}
		if at == 0 {
			break
		}
		all = append(all[:at], append([]drawn{best}, all[at:]...)...)
	}
	out := make([]needLine, len(all))
	for k := range all {
		out[k] = all[k].needLine
	}
	return out
}

// least is the line that takes least at a load.
func least(lines []needLine, load float64) int {
	best := 0
	for k := range lines {
		if lines[k].at(load) < lines[best].at(load) {
			best = k
		}
	}
	return best
}
