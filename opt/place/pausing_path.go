package place

// Shortest paths of malleable jobs whose pauses count, at a price v on the work (pausing.go). With
// gain_t the least over x of price_t x - v curve(x) h_t, and units held in period t after m pauses, or
// none after some were:
//
//	on(m, t)  = gain_t + min { begin(m, t), on(m, t-1), off(m-1, t-1) + v l r_1 }
//	off(m, t) = min { off(m, t-1), on(m, t-1) }
//
// A job that may pause as often as it likes has one level for all numbers of pauses.

import "math"

// runs are shortest paths through the periods of one job and pool, and the set of the last one.
type runs struct {
	periods, from int
	levels, each  int     // numbers of pauses that are told apart, and how many of these a pause adds
	pause         float64 // what it costs

	on, off        []float64 // least costs with units held in a period, and with none after some: pauses*periods+t
	before, paused []int32   // of on and off: the last period before with units held, None for none
	rate           []float64 // by period, where units are held
	held           []bool
	// byEnd is the highest bound so far of places that end before a period.
	byEnd []float64
}

// begin starts anew for a job that may work from a period on.
func (r *runs) begin(j *Job, periods, from int) {
	if r.on == nil {
		n := (min(mostInterruptions, periods/2) + 1) * periods // more runs there cannot be
		*r = runs{
			periods: periods, on: make([]float64, n), off: make([]float64, n), before: make([]int32, n), paused: make([]int32, n),
			rate: make([]float64, periods), held: make([]bool, periods), byEnd: make([]float64, periods+1),
		}
	}
	r.from, r.levels, r.each = from, min(int(j.MaxInterruptions), periods/2)+1, 1
	if j.MoreInterruptions {
		r.levels, r.each = 1, 0
	}
	for t := range r.byEnd {
		r.byEnd[t] = math.Inf(-1)
	}
}

// lowest is the least bound of places that do all their work before a period.
func (a *asker) lowest(c *curve, q *poolMarket, end int) float64 {
	low, most := math.Inf(1), 0.0
	for t := a.trail.from; t < end; t++ {
		if most += c.most(q.room[t]).Rate * a.m.p.Hours[t]; most >= c.need*(1-workSlack) {
			low = min(low, a.trail.byEnd[t+1])
		}
	}
	return low
}

// path finds the set of least cost at a price on the work. It returns the tangent of L there: the work
// that the set at its best widths is short of is the slope. The value is +Inf where no set has room.
func (a *asker) path(j *Job, o *Option, c *curve, q *poolMarket, price float64) tangent {
	r, narrowest := &a.trail, c.widths[0]
	r.pause = price * j.LossH * narrowest.Rate
	value, last, level := math.Inf(1), None, 0
	for t := r.from; t < int(j.End); t++ {
		w := a.winning(c, q, t, price, narrowest)
		r.rate[t] = w.Rate
		gain := q.both[t]*w.Units - price*w.Rate*a.m.p.Hours[t]
		if q.room[t] < narrowest.Units {
			gain = math.Inf(1)
		}
		least := math.Inf(1)
		for m := range r.levels {
			total := r.step(m, t, a.arrive[t], gain, o.Now && t > int(j.First)) + a.ending[t+1]
			least = min(least, total)
			if total < value {
				value, last, level = total, t, m
			}
		}
		r.byEnd[t+1] = max(r.byEnd[t+1], least+price*c.need)
	}
	r.trace(last, level)
	need := c.need + float64(pausesOf(j, o, r.held))*j.LossH*narrowest.Rate
	return tangent{price, value + price*c.need, need - r.done(a.m.p.Hours)}
}

// step finds the least costs of a period at a number of pauses, and returns that with units held there.
// To begin there costs so much, and is a pause of a job that is late by it.
func (r *runs) step(m, t int, begin, gain float64, late bool) float64 {
	i := m*r.periods + t
	cost, before := math.Inf(1), int32(None)
	switch {
	case m == 0 && !late:
		cost = begin
	case late && m == r.each:
		cost = begin + r.pause
	}
	r.off[i], r.paused[i] = math.Inf(1), None
	if t > r.from {
		if r.on[i-1] < cost {
			cost, before = r.on[i-1], int32(t-1)
		}
		if from := i - 1 - r.each*r.periods; from >= 0 && r.off[from]+r.pause < cost {
			cost, before = r.off[from]+r.pause, r.paused[from]
		}
		r.off[i], r.paused[i] = r.off[i-1], r.paused[i-1]
		if r.on[i-1] < r.off[i] {
			r.off[i], r.paused[i] = r.on[i-1], int32(t-1)
		}
	}
	r.on[i], r.before[i] = cost+gain, before
	return r.on[i]
}

// trace follows a path back from its last period and number of pauses, and writes down its set.
func (r *runs) trace(last, level int) {
	clear(r.held)
	for t, m := last, level; t != None; {
		r.held[t] = true
		before := int(r.before[m*r.periods+t])
		if before != None && before < t-1 {
			m -= r.each
		}
		t = before
	}
}

// done is the work of the set at its best widths.
func (r *runs) done(hours []float64) (work float64) {
	for t, held := range r.held {
		if held {
			work += r.rate[t] * hours[t]
		}
	}
	return work
}
