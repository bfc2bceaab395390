package place

import "math"

// Malleable jobs. In every period the job holds no units, or between its narrowest
// and its widest width; at a width x it works at the rate curve(x), straight
// between the widths of its list, which is concave through the origin. With
// n = W / speed and piece i of the curve rising by u_i units and r_i of rate
// (piece 1 from the origin to the narrowest width):
//
//	min arrive(a) + sum over t, i of price_t (u_i / r_i) y_ti + ending(f+1)
//	sum y_ti = n,  0 <= y_ti <= r_i h_t,  y_t1 = 0 or r_1 h_t,  y_ti > 0 only if y_t,i-1 = r_i-1 h_t
//
// Without the last two conditions this is a cheapest fill. Where price_t is not
// negative pieces come in their order by themselves, for u_i / r_i rises, and one
// share at most is in part: only if that is a first piece something is to be
// mended. Then the period is left out and others widened, or it is taken at the
// narrowest width and others are narrowed; the cheaper is offered. A period of
// negative price counts from no units to the widest in one straight line, which
// is nowhere dearer than the curve. So the fill is a bound on every place, and the
// place offered may cost more: the loss of the oracle.
//
// Where work may be left at the horizon's end at a price b, each period is held at the width
// that wins most by it, price_t x - b speed curve(x) h_t, if all periods together then do less
// than all; and the fill is a bound with what costs more than b left.
//
// There is no loss where periods are equally long, prices not negative and every
// period has room for the widest width. Then with m periods held these are the m
// cheapest, whole or in part (any other could be exchanged against one of them,
// with its work), and the cost of the best place is convex in m, so the best whole
// m is next to the m of the fill: the two ways of mending.

// malleable offers good widths from earliest on in the pool of option k.
func (a *asker) malleable(j *Job, k, earliest int) {
	o := a.m.p.Reach[j.Reach][k]
	q := a.m.pool(j, o.Pool)
	c := curve{widths: a.m.p.Widths[j.Widths], need: j.WorkUnitH / o.Speed}
	end := int(j.End)
	inTime := a.inTime(earliest, end)
	for s := earliest; s < end; s++ {
		if s > earliest && a.arrive[s] >= a.arrive[s-1] {
			continue
		}
		if a.mayLeave(j) {
			a.leaveSome(j, k, &c, q, s)
		}
		a.fill.reset(c.need)
		for t := s; t < end; t++ {
			a.offerWidths(&c, q, t)
		}
		if !a.fill.full() || a.arrive[s]+a.fill.cost >= a.best.cost {
			continue
		}
		if a.fill.last() < inTime {
			a.mend(j, k, &c, q, s, end, a.ending[s+1])
			continue
		}
		whole := a.fill.cost
		a.fill.reset(c.need)
		for t := s; t < end; t++ {
			a.offerWidths(&c, q, t)
			if t < inTime-1 {
				continue
			}
			if a.arrive[s]+a.ending[t+1]+whole >= a.best.cost {
				break
			}
			if a.fill.full() {
				a.mend(j, k, &c, q, s, t+1, a.ending[t+1])
			}
		}
	}
}

// leaveSome offers the place that leaves the work of periods from from on which costs more
// than to leave it, and has the bound know of all such places.
func (a *asker) leaveSome(j *Job, k int, c *curve, q *poolMarket, from int) {
	price, end := j.BacklogPricePerUnitH*a.m.p.Reach[j.Reach][k].Speed, int(j.End)
	rate := a.rates[:end]
	cost, left := a.arrive[from], c.need
	for t := from; t < end; t++ {
		best := a.winning(c, q, t, price, Width{})
		rate[t] = best.Rate
		cost, left = cost+q.both[t]*best.Units, left-best.Rate*a.m.p.Hours[t]
	}
	late := j.LatePricePerH * lateH(j, a.m.starts[end])
	a.fill.reset(c.need)
	for t := from; t < end; t++ {
		a.offerWidths(c, q, t)
	}
	a.low = min(a.low, a.leavingLow(j, c, from, price))
	if left > c.need*workSlack && left < c.need*(1-workSlack) && cost+left*price+late < a.best.cost {
		a.take(k, c, from, rate, cost+left*price+late, left*a.m.p.Reach[j.Reach][k].Speed)
	}
}

// winning is the width, from least on, that wins most in a period by work at a price.
func (a *asker) winning(c *curve, q *poolMarket, t int, price float64, least Width) Width {
	gain := func(w Width) float64 { return price*w.Rate*a.m.p.Hours[t] - q.both[t]*w.Units }
	best, most := least, c.most(q.room[t])
	for _, w := range c.widths {
		w = Width{min(w.Units, most.Units), min(w.Rate, most.Rate)}
		if w.Units >= least.Units && gain(w) > gain(best) {
			best = w
		}
	}
	return best
}

// leavingLow is no more than a job costs that begins in a period and leaves what costs more than
// a price, of the fill at hand.
func (a *asker) leavingLow(j *Job, c *curve, from int, price float64) float64 {
	late := j.LatePricePerH * lateH(j, a.m.starts[j.End])
	low, rest := a.arrive[from]+min(late, a.ending[from+1]), c.need
	for _, s := range a.fill.taken {
		if s.price < price {
			amount := s.amount
			if s.price >= 0 {
				amount = min(amount, max(0, rest))
			}
			low, rest = low+s.price*amount, rest-amount
		}
	}
	return low + max(0, rest)*price
}

// take keeps the place with these rates as the best.
func (a *asker) take(k int, c *curve, from int, rate []float64, cost, left float64) {
	a.best = answer{cost: cost, option: int32(k), first: int32(from), end: int32(len(rate)), left: left}
	a.chosen = a.chosen[:0]
	for t := from; t < len(rate); t++ {
		if rate[t] > 0 {
			a.chosen = append(a.chosen, Load{int32(t), c.units(rate[t])})
		}
	}
}

// curve is a list of widths and the work to be done with them, in hours at a rate
// of 1.
type curve struct {
	widths []Width
	need   float64
}

// offerWidths offers the pieces of the curve in a period, as far as there is
// room.
func (a *asker) offerWidths(c *curve, q *poolMarket, t int) {
	hours, price := a.m.p.Hours[t], q.perHour[t]
	most := c.most(q.room[t])
	if most.Units == 0 || c.widths[0].Rate*hours > c.need*(1+workSlack) {
		return // no room, or more than all of the work even at the narrowest
	}
	if price < 0 {
		a.fill.offer(t, price*most.Units/most.Rate, most.Rate*hours)
		return
	}
	last := Width{}
	for _, w := range c.widths {
		w = Width{min(w.Units, most.Units), min(w.Rate, most.Rate)}
		if w.Units <= last.Units {
			break
		}
		a.fill.offer(t, price*(w.Units-last.Units)/(w.Rate-last.Rate), (w.Rate-last.Rate)*hours)
		last = w
	}
}

// most is the widest width that there is room for, or 0.
func (c *curve) most(room float64) Width {
	widest := c.widths[len(c.widths)-1]
	if widest.Units <= room {
		return widest
	}
	if room < c.widths[0].Units {
		return Width{}
	}
	return Width{room, c.rate(room)}
}

// rate at a width between the narrowest and the widest.
func (c *curve) rate(units float64) float64 {
	for i := 1; i < len(c.widths); i++ {
		if lo, hi := c.widths[i-1], c.widths[i]; units <= hi.Units {
			return lo.Rate + (units-lo.Units)*(hi.Rate-lo.Rate)/(hi.Units-lo.Units)
		}
	}
	return c.widths[len(c.widths)-1].Rate
}

// units that have the rate, on the straight line from the origin below the
// narrowest width.
func (c *curve) units(rate float64) float64 {
	lo := Width{}
	for _, hi := range c.widths {
		if rate <= hi.Rate {
			return lo.Units + (rate-lo.Rate)*(hi.Units-lo.Units)/(hi.Rate-lo.Rate)
		}
		lo = hi
	}
	return lo.Units
}

// mend makes a place out of the fill of periods from..to-1, and offers it; ending is
// the least that its end costs there.
func (a *asker) mend(j *Job, k int, c *curve, q *poolMarket, from, to int, ending float64) {
	lowest := a.arrive[from] + a.fill.cost + ending
	rate := a.rates[:to]
	clear(rate[from:])
	for _, s := range a.fill.taken {
		rate[s.period] += s.amount / a.m.p.Hours[s.period]
	}
	narrow := -1
	for t := from; t < to; t++ {
		if rate[t] > 0 && rate[t] < c.widths[0].Rate*(1-1e-9) {
			narrow = t
		}
	}
	even := a.m.uniform && q.leastRoom >= c.widths[len(c.widths)-1].Units
	if !q.positive || narrow >= 0 && !even {
		a.low = min(a.low, lowest)
	}
	if narrow < 0 {
		a.offerRates(j, k, c, q, from, rate)
		return
	}
	kept := append(a.spare[:0], rate...)
	a.spare = kept
	short := rate[narrow] * a.m.p.Hours[narrow]
	rate[narrow] = 0
	if a.widen(c, q, from, rate, short) {
		a.offerRates(j, k, c, q, from, rate)
	}
	copy(rate, kept)
	rate[narrow] = c.widths[0].Rate
	if q.room[narrow] >= c.widths[0].Units && a.narrowBy(c, q, from, rate, c.widths[0].Rate*a.m.p.Hours[narrow]-short) {
		a.offerRates(j, k, c, q, from, rate)
	}
}

// widen adds work to periods that are on, where it is cheapest; false if there is
// no room for it.
func (a *asker) widen(c *curve, q *poolMarket, from int, rate []float64, work float64) bool {
	for range len(rate) * (len(c.widths) + 1) {
		best, low, step := -1, math.Inf(1), 0.0
		for t := from; t < len(rate); t++ {
			most := c.most(q.room[t]).Rate
			if rate[t] <= 0 || rate[t] >= most*(1-1e-12) {
				continue
			}
			to := most
			for _, w := range c.widths {
				if w.Rate > rate[t]*(1+1e-12) {
					to = min(to, w.Rate)
					break
				}
			}
			if price := q.perHour[t] * (c.units(to) - c.units(rate[t])) / (to - rate[t]); price < low {
				best, low, step = t, price, (to-rate[t])*a.m.p.Hours[t]
			}
		}
		if best < 0 {
			return false
		}
		step = min(step, work)
		rate[best] += step / a.m.p.Hours[best]
		if work -= step; work <= c.need*workSlack {
			return true
		}
	}
	return false
}

// narrowBy takes work from periods that are on, where it is dearest, down to the
// narrowest width; false if there is not so much.
func (a *asker) narrowBy(c *curve, q *poolMarket, from int, rate []float64, work float64) bool {
	for range len(rate) * (len(c.widths) + 1) {
		best, high, step := -1, math.Inf(-1), 0.0
		for t := from; t < len(rate); t++ {
			if rate[t] <= c.widths[0].Rate*(1+1e-12) {
				continue
			}
			to := c.widths[0].Rate
			for _, w := range c.widths {
				if w.Rate < rate[t]*(1-1e-12) {
					to = w.Rate
				}
			}
			if price := q.perHour[t] * (c.units(rate[t]) - c.units(to)) / (rate[t] - to); price > high {
				best, high, step = t, price, (rate[t]-to)*a.m.p.Hours[t]
			}
		}
		if best < 0 {
			return false
		}
		step = min(step, work)
		rate[best] -= step / a.m.p.Hours[best]
		if work -= step; work <= c.need*workSlack {
			return true
		}
	}
	return false
}

// offerRates offers the place with these rates.
func (a *asker) offerRates(j *Job, k int, c *curve, q *poolMarket, from int, rate []float64) {
	cost, last := a.arrive[from], from
	for t := from; t < len(rate); t++ {
		if rate[t] > 0 {
			cost += q.both[t] * c.units(rate[t])
			last = t
		}
	}
	cost += a.ending[last+1]
	if cost < a.best.cost {
		a.take(k, c, from, rate, cost, 0)
	}
}
