package place

// Malleable jobs whose pauses count. Such a job holds at least its narrowest width, of u_1 units
// and the rate r_1, in the periods of a set S. Where S has m + 1 runs, m at most M, it pauses m
// times, each time at a loss of l hours at its narrowest width (to begin later is another
// pause of a job that runs already):
//
//	min over S, x of  arrive(first of S) + sum over t in S of price_t x_t + ending(last of S + 1)
//	sum over t in S of curve(x_t) h_t = n + m l r_1,  x_t >= u_1
//
// With a price v on the work, of either sign, each period of S counts for itself, and a pause costs v l r_1:
//
//	L_e(v) = v n + min over S that end before e of  arrive + ending + m v l r_1 + sum over t in S of min over x of (price_t x - v curve(x) h_t)
//
// is a shortest path through the periods, by the number of pauses so far (pausing_path.go), and no
// more than a job costs that ends there. So no place costs less than the least over e of the most over v of
// L_e(v): each end has a price of its own, for to be late is paid once whatever work is left to be done. Ends
// before which not all of it can be done have no place.
//
// The least of them, L(v), is concave, and highest where S does just the work: there two tangents meet,
// and the next v is where they do. The sets on the way are tried as places: with the
// narrowest width in each period and the rest of the work a cheapest fill (pausing_stretch.go), which is
// exact for a set where prices are not negative. Sets without a pause are all tried, and the best
// of all is tried with every period put in or left out.

import "math"

const (
	tangents = 12 // most prices between two whose tangents meet
	dearer   = 8  // most times that a price is quadrupled until all work is done, or no more than all
	reruns   = 3  // most rounds with every period put in or left out
)

// pausing offers good periods and widths from earliest on in the pool of option k.
func (a *asker) pausing(j *Job, k, earliest int) {
	o := &a.m.p.Reach[j.Reach][k]
	q := a.m.pool(j, o.Pool)
	c := curve{widths: a.m.p.Widths[j.Widths], need: j.WorkUnitH / o.Speed}
	low := a.pausingFreely(j, &c, q, earliest, j.BacklogPricePerUnitH*o.Speed)
	if low < a.best.cost {
		bound := a.atPrices(j, k, &c, q, earliest)
		if !a.mayLeave(j) {
			low = max(low, bound)
		}
	}
	a.low = min(a.low, low)
	if low >= a.best.cost {
		return
	}
	a.withoutPause(j, k, c, q, earliest)
	if a.best.option == int32(k) && a.best.left == 0 {
		clear(a.trail.held)
		for _, w := range a.chosen {
			a.trail.held[w.Period] = true
		}
		a.rerun(j, k, &c, q, earliest)
	}
}

// atPrices offers the places of the sets that are best at prices on the work in the pool of option k,
// and returns a number that no place there costs less than that leaves no work.
func (a *asker) atPrices(j *Job, k int, c *curve, q *poolMarket, earliest int) (low float64) {
	o, was := &a.m.p.Reach[j.Reach][k], a.best.cost
	a.trail.begin(j, len(a.m.p.Hours), earliest)
	at := func(price float64) tangent {
		x := a.path(j, o, c, q, price)
		a.offerHeld(j, k, c, q, earliest)
		return x
	}
	lo := at(0)
	if math.IsInf(lo.value, 1) {
		return lo.value // there is no room
	}
	hi, price := lo, a.allWorkPrice(j, c, q, earliest)
	for n := 0; n < dearer && hi.slope > 0; n++ {
		hi, price = at(price), 4*price
	}
	for n := 0; n < dearer && lo.slope < 0; n++ { // power that is paid for has it do too much
		lo, price = at(-price), 4*price
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
	low = a.lowest(c, q, int(j.End))
	if a.best.cost == was && low < was { // sets do too much or too little
		for _, x := range []tangent{hi, lo} {
			a.path(j, o, c, q, x.price)
			a.rerun(j, k, c, q, earliest)
		}
	}
	return low
}

// tangent of L at a price: its value there, and the work that is short.
type tangent struct{ price, value, slope float64 }

// meets is where two tangents meet.
func (x tangent) meets(y tangent) (price, value float64) {
	price = (y.value - y.slope*y.price - x.value + x.slope*x.price) / (x.slope - y.slope)
	return price, x.value + x.slope*(price-x.price)
}

// allWorkPrice is what an hour's work at a rate of 1 costs, or earns, at most at the widest widths, or where it is late at
// the narrowest: of the order of prices at which all work is done.
func (a *asker) allWorkPrice(j *Job, c *curve, q *poolMarket, from int) float64 {
	widest, price := c.widths[len(c.widths)-1], max(1e-9, j.LatePricePerH/c.widths[0].Rate)
	for t := from; t < int(j.End); t++ {
		price = max(price, math.Abs(q.perHour[t])*widest.Units/widest.Rate)
	}
	return price
}

// offerHeld offers the place that holds units in the set at hand, and returns whether it is the best.
func (a *asker) offerHeld(j *Job, k int, c *curve, q *poolMarket, earliest int) bool {
	o, was, held := &a.m.p.Reach[j.Reach][k], a.best.cost, a.trail.held
	pauses := pausesOf(j, o, held)
	if pauses > int(j.MaxInterruptions) {
		return false
	}
	narrowest, first, to := c.widths[0], -1, 0
	with := *c
	with.need += float64(pauses) * j.LossH * narrowest.Rate
	rest, most, cost, further := with.need, 0.0, 0.0, math.Inf(1)
	for t := earliest; t < int(j.End); t++ {
		if !held[t] {
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
		cost, further = cost+q.both[t]*narrowest.Units, min(further, q.perHour[t])
	}
	if first < 0 || rest < -with.need*workSlack || most < with.need*(1-workSlack) {
		return false
	}
	if cost += a.arrive[first] + a.ending[to] + max(0, rest)*further*c.furtherRatio(); q.positive && cost >= was {
		return false
	}
	a.widenIn(j, k, &with, q, first, to, rest, held)
	return a.best.cost < was
}

// pausesOf is how often the job pauses that holds units in a set of periods.
func pausesOf(j *Job, o *Option, set []bool) (n int) {
	on, begun := o.Now, o.Now
	for _, held := range set[j.First:j.End] {
		if held && !on && begun {
			n++
		}
		on, begun = held, begun || held
	}
	return n
}

// rerun looks for better places than the best in the set at hand with periods put in and left out.
func (a *asker) rerun(j *Job, k int, c *curve, q *poolMarket, earliest int) {
	held := a.trail.held
	for range reruns {
		better := false
		for t := earliest; t < int(j.End); t++ {
			held[t] = !held[t]
			if a.offerHeld(j, k, c, q, earliest) {
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

// pausingFreely is no more than the job costs in a pool if it pauses as it likes, and leaves an hour's
// work at a rate of 1 at a price where it may. Pauses add work, which earns where prices are
// negative, and may fill a period that the work alone does not.
func (a *asker) pausingFreely(j *Job, c *curve, q *poolMarket, earliest int, price float64) float64 {
	low, more := j.DropPrice, *c
	more.need += j.mostPauses(len(a.m.p.Hours)) * j.LossH * c.widths[0].Rate
	for s := earliest; s < int(j.End); s++ {
		if s > earliest && a.arrive[s] >= a.arrive[s-1] {
			continue
		}
		a.fill.reset(more.need)
		for t := s; t < int(j.End); t++ {
			a.offerWidths(&more, q, t)
		}
		if cost, done := a.costOf(c.need); done {
			low = min(low, a.arrive[s]+cost+a.ending[s+1])
		}
		if a.mayLeave(j) {
			low = min(low, a.leavingLow(j, c, s, price))
		}
	}
	return low
}

// mostPauses is how often a job whose pauses count may pause in so many periods.
func (j *Job) mostPauses(periods int) float64 {
	if j.MoreInterruptions {
		return float64(periods)
	}
	return float64(j.MaxInterruptions)
}

// costOf is what the cheapest so much of the fill costs, and whether there is so much; what is
// more counts if it earns.
func (a *asker) costOf(work float64) (cost float64, done bool) {
	for _, s := range a.fill.taken {
		amount := s.amount
		if s.price >= 0 {
			amount = min(amount, max(0, work))
		}
		cost, work = cost+s.price*amount, work-amount
	}
	return cost, work <= a.fill.target*workSlack
}
