package place

// Malleable jobs whose pauses count. Such a job holds at least its narrowest width, of u_1 units
// and the rate r_1, in the periods of a set S. Where S has m + 1 runs, m at most M, it pauses m
// times, each time at a loss of l hours at its narrowest width (to begin later is another
// pause of a job that runs already):
//
//	min over S, x of  arrive(first of S) + sum over t in S of price_t x_t + ending(last of S + 1)
//	sum over t in S of curve(x_t) h_t = n + m l r_1,  x_t >= u_1
//
// With a price v on the work each period of S counts for itself, and a pause costs v l r_1:
//
//	L(v) = v n + min over S of  arrive + ending + m v l r_1 + sum over t in S of min over x of (price_t x - v curve(x) h_t)
//
// is a shortest path through the periods, by the number of pauses so far, and no more than the
// job costs. It is concave in v, and highest where S does just the work: there two tangents meet,
// and the next v is where they do. The sets on the way are tried as places: with the
// narrowest width in each period and the rest of the work a cheapest fill (unbroken.go), which is
// exact for a set where prices are not negative. Sets without a pause are all tried, and the best
// of all is tried with every period put in or left out.

import "math"

const (
	tangents = 12 // most prices between two whose tangents meet
	dearer   = 8  // most times that a price is quadrupled until all work is done
	reruns   = 3  // most rounds with every period put in or left out
)

// runs are shortest paths through the periods, and the set of the last one.
type runs struct {
	on, off        []float64 // least costs with units held in a period, and with none after some: pauses*T+t
	before, paused []int32   // of on and off: the last period before with units held, None for none
	rate           []float64 // by period, where units are held
	held           []bool
}

func newRuns(T int) runs {
	n := (min(mostInterruptions, T/2) + 1) * T // more runs there cannot be
	return runs{make([]float64, n), make([]float64, n), make([]int32, n), make([]int32, n), make([]float64, T), make([]bool, T)}
}

// pausing offers places with pauses in the pool of option k, and returns a number that no place
// there costs less than. It has the bounds of jobs that may have more pauses than are tried.
func (a *asker) pausing(j *Job, k int, c *curve, q *poolMarket, earliest int) (low float64) {
	o := &a.m.p.Reach[j.Reach][k]
	low = a.pausingFreely(j, c, q, earliest, j.BacklogPricePerUnitH*o.Speed)
	if low >= a.best.cost {
		return low
	}
	if a.trail.on == nil {
		a.trail = newRuns(len(a.m.p.Hours))
	}
	was, best := a.best.cost, math.Inf(-1)
	at := func(price float64) tangent {
		value, slope := a.path(j, o, c, q, earliest, price)
		best = max(best, value)
		a.offerRuns(j, k, c, q, earliest)
		return tangent{price, value, slope}
	}
	lo := at(0)
	if math.IsInf(lo.value, 1) {
		return lo.value // there is no room
	}
	hi, price := lo, a.allWorkPrice(c, q, earliest, int(j.End))
	for n := 0; n < dearer && hi.slope > 0; n++ {
		hi, price = at(price), 4*price
	}
	for n := 0; n < tangents && lo.slope > 0 && hi.slope < 0; n++ {
		price, top := lo.meets(hi)
		mid := at(price)
		if mid.value >= top-1e-9*math.Abs(top) {
			break
		}
		if mid.slope > 0 {
			lo = mid
		} else {
			hi = mid
		}
	}
	if a.best.cost == was { // sets do too much or too little
		a.path(j, o, c, q, earliest, hi.price)
		a.rerun(j, k, c, q, earliest)
	}
	if a.mayLeave(j) {
		return low
	}
	return max(low, best)
}

// tangent of L at a price: its value there, and the work that is short.
type tangent struct{ price, value, slope float64 }

// meets is where two tangents meet.
func (x tangent) meets(y tangent) (price, value float64) {
	price = (y.value - y.slope*y.price - x.value + x.slope*x.price) / (x.slope - y.slope)
	return price, x.value + x.slope*(price-x.price)
}

// allWorkPrice is what an hour's work at a rate of 1 costs at most at the widest widths.
func (a *asker) allWorkPrice(c *curve, q *poolMarket, from, to int) float64 {
	widest, price := c.widths[len(c.widths)-1], 1e-9
	for t := from; t < to; t++ {
		price = max(price, q.perHour[t]*widest.Units/widest.Rate)
	}
	return price
}

// path finds the set of least cost at a price on the work. It returns L, and the work that
// the set at its best widths is short of; -Inf where no set has room.
func (a *asker) path(j *Job, o *Option, c *curve, q *poolMarket, earliest int, price float64) (value, short float64) {
	r, T, narrowest := &a.trail, len(a.m.p.Hours), c.widths[0]
	most, each := min(int(j.MaxInterruptions), T/2), 1
	if j.MoreInterruptions { // any number, and none is counted
		most, each = 0, 0
	}
	pause := price * j.LossH * narrowest.Rate
	value = math.Inf(1)
	lastLevel, last := 0, -1
	for t := earliest; t < int(j.End); t++ {
		w := a.winning(c, q, t, price, narrowest)
		r.rate[t] = w.Rate
		gain := q.both[t]*w.Units - price*w.Rate*a.m.p.Hours[t]
		if q.room[t] < narrowest.Units {
			gain = math.Inf(1)
		}
		for m := range most + 1 {
			i := m*T + t
			cost, before := math.Inf(1), int32(None)
			switch late := o.Now && t > int(j.First); {
			case m == 0 && !late:
				cost = a.arrive[t]
			case late && m == each:
				cost = a.arrive[t] + pause
			}
			r.off[i], r.paused[i] = math.Inf(1), None
			if t > earliest {
				if r.on[i-1] < cost {
					cost, before = r.on[i-1], int32(t-1)
				}
				if from := i - 1 - each*T; from >= 0 && r.off[from]+pause < cost {
					cost, before = r.off[from]+pause, r.paused[from]
				}
				r.off[i], r.paused[i] = r.off[i-1], r.paused[i-1]
				if r.on[i-1] < r.off[i] {
					r.off[i], r.paused[i] = r.on[i-1], int32(t-1)
				}
			}
			r.on[i], r.before[i] = cost+gain, before
			if total := r.on[i] + a.ending[t+1]; total < value {
				value, lastLevel, last = total, m, t
			}
		}
	}
	clear(r.held)
	if last < 0 {
		return math.Inf(1), c.need
	}
	for t, m := last, lastLevel; t >= 0; {
		r.held[t] = true
		before := int(r.before[m*T+t])
		if before >= 0 && before < t-1 {
			m -= each
		}
		t = before
	}
	pauses, done := a.pausesOf(j, o), 0.0
	for t, held := range r.held {
		if held {
			done += r.rate[t] * a.m.p.Hours[t]
		}
	}
	need := c.need + float64(pauses)*j.LossH*narrowest.Rate
	return value + price*c.need, need - done
}

// pausesOf is how often the job pauses that holds units in the set at hand.
func (a *asker) pausesOf(j *Job, o *Option) (n int) {
	on := o.Now
	begun := o.Now
	for t := int(j.First); t < int(j.End); t++ {
		held := a.trail.held[t]
		if held && !on && begun {
			n++
		}
		on, begun = held, begun || held
	}
	return n
}

// offerRuns offers the place that holds units in the set at hand, and returns whether it is the best.
func (a *asker) offerRuns(j *Job, k int, c *curve, q *poolMarket, earliest int) bool {
	o, was := &a.m.p.Reach[j.Reach][k], a.best.cost
	pauses := a.pausesOf(j, o)
	if pauses > int(j.MaxInterruptions) {
		return false
	}
	narrowest, first, to, most, rest := c.widths[0], -1, 0, 0.0, 0.0
	with := *c
	with.need += float64(pauses) * j.LossH * narrowest.Rate
	rest = with.need
	for t := earliest; t < int(j.End); t++ {
		if !a.trail.held[t] {
			continue
		}
		if q.room[t] < narrowest.Units {
			return false
		}
		if first < 0 {
			first = t
		}
		to = t + 1
		rest -= narrowest.Rate * a.m.p.Hours[t]
		most += with.most(q.room[t]).Rate * a.m.p.Hours[t]
	}
	if first < 0 || rest < -with.need*workSlack || most < with.need*(1-workSlack) {
		return false
	}
	a.widenIn(j, k, &with, q, first, to, rest, a.trail.held)
	return a.best.cost < was
}

// rerun looks for better places than the best in the set at hand with periods put in and left out.
func (a *asker) rerun(j *Job, k int, c *curve, q *poolMarket, earliest int) {
	held := a.trail.held
	for range reruns {
		better := false
		for t := earliest; t < int(j.End); t++ {
			held[t] = !held[t]
			if a.offerRuns(j, k, c, q, earliest) {
				better = true
			} else {
				held[t] = !held[t]
			}
		}
		if !better {
			return
		}
	}
}
