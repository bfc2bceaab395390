package place

// Malleable jobs that do not pause. From its first period to its last such a job holds at
// least its narrowest width, of u_1 units and the rate r_1. In periods s..e-1 that leaves a
// rest of the work n to the further pieces of its curve (malleable.go):
//
//	min over s < e of  arrive(s) + sum over s <= t < e of price_t u_1 + F(s, e) + ending(e)
//	F = min { sum over t, i > 1 of price_t (u_i / r_i) y_ti : sum y_ti = n - sum over t of r_1 h_t, 0 <= y_ti <= r_i h_t }
//
// F is a cheapest fill, and exact where prices are not negative. Where work may be left at the
// horizon's end, places that leave some have the widths that win most by what that costs. A job
// that runs already and begins later is interrupted, at a loss.
//
// Places with pauses are tried beside (pausing.go).

// unbroken offers the best widths without a pause from earliest on in the pool of option k.
func (a *asker) unbroken(j *Job, k, earliest int) {
	o := &a.m.p.Reach[j.Reach][k]
	q := a.m.pool(j, o.Pool)
	c := curve{widths: a.m.p.Widths[j.Widths], need: j.WorkUnitH / o.Speed}
	low := a.pausing(j, k, &c, q, earliest)
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

// withoutPause offers the best widths without a pause.
func (a *asker) withoutPause(j *Job, k int, c curve, q *poolMarket, earliest int) {
	o := &a.m.p.Reach[j.Reach][k]
	narrowest := c.widths[0]
	for s := earliest; s < int(j.End); s++ {
		if o.Now && s > int(j.First) {
			if j.MaxInterruptions == 0 {
				return
			}
			c.need = j.WorkUnitH/o.Speed + j.LossH*narrowest.Rate
		}
		if a.mayLeave(j) {
			a.leaveRest(j, k, &c, q, s)
		}
		cost, least, most := a.arrive[s], 0.0, 0.0
		for t := s; t < int(j.End); t++ {
			widest, hours := c.most(q.room[t]), a.m.p.Hours[t]
			cost += q.both[t] * narrowest.Units
			least += narrowest.Rate * hours
			most += widest.Rate * hours
			if widest.Units == 0 || least > c.need*(1+workSlack) || q.positive && cost >= a.best.cost {
				break
			}
			if most >= c.need*(1-workSlack) && !(q.positive && cost+a.ending[t+1] >= a.best.cost) {
				a.widenIn(j, k, &c, q, s, t+1, c.need-least, nil)
			}
		}
	}
}

// widenIn offers the place that holds the narrowest width in periods from..to-1, of these only
// in held if that is not nil, and does the rest of the work where that is cheapest.
func (a *asker) widenIn(j *Job, k int, c *curve, q *poolMarket, from, to int, rest float64, held []bool) {
	rate, narrowest := a.rates[:to], c.widths[0]
	for t := from; t < to; t++ {
		rate[t] = 0
		if held == nil || held[t] {
			rate[t] = narrowest.Rate
		}
	}
	if rest > c.need*workSlack {
		a.fill.reset(rest)
		for t := from; t < to; t++ {
			if rate[t] > 0 {
				a.offerBeyond(c, q, t)
			}
		}
		if !a.fill.full() {
			return
		}
		for _, s := range a.fill.taken {
			rate[s.period] += s.amount / a.m.p.Hours[s.period]
		}
	}
	a.offerRates(j, k, c, q, from, rate)
}

// offerBeyond offers the pieces of the curve beyond the narrowest width in a period.
func (a *asker) offerBeyond(c *curve, q *poolMarket, t int) {
	hours, price, most := a.m.p.Hours[t], q.perHour[t], c.most(q.room[t])
	last := c.widths[0]
	if price < 0 && most.Rate > last.Rate {
		a.fill.offer(t, price*(most.Units-last.Units)/(most.Rate-last.Rate), (most.Rate-last.Rate)*hours)
		return
	}
	for _, w := range c.widths[1:] {
		w = Width{min(w.Units, most.Units), min(w.Rate, most.Rate)}
		if w.Units <= last.Units {
			break
		}
		a.fill.offer(t, price*(w.Units-last.Units)/(w.Rate-last.Rate), (w.Rate-last.Rate)*hours)
		last = w
	}
}

// leaveRest offers the places from a period on that hold the widths that win most by what it costs
// to leave work, and leave the rest.
func (a *asker) leaveRest(j *Job, k int, c *curve, q *poolMarket, from int) {
	speed := a.m.p.Reach[j.Reach][k].Speed
	price, left := j.BacklogPricePerUnitH*speed, c.need
	cost := a.arrive[from] + j.LatePricePerH*lateH(j, a.m.starts[j.End])
	for t := from; t < int(j.End); t++ {
		w := a.winning(c, q, t, price, c.widths[0])
		if w.Units > q.room[t] {
			return
		}
		a.rates[t] = w.Rate
		cost, left = cost+q.both[t]*w.Units, left-w.Rate*a.m.p.Hours[t]
		if left <= c.need*workSlack {
			return
		}
		if left < c.need*(1-workSlack) && cost+left*price < a.best.cost {
			a.take(k, c, from, a.rates[:t+1], cost+left*price, left*speed)
		}
	}
}

// pausingFreely is no more than the job costs in a pool if it pauses as it likes, and leaves an hour's
// work at a rate of 1 at a price where it may. Pauses add work, which earns where prices are
// negative, and may fill a period that the work alone does not.
func (a *asker) pausingFreely(j *Job, c *curve, q *poolMarket, earliest int, price float64) float64 {
	low, more := j.DropPrice, *c
	more.need += j.mostInterruptions(len(a.m.p.Hours)) * j.LossH * c.widths[0].Rate
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

// mostInterruptions is how often an unbroken job may be interrupted in so many periods.
func (j *Job) mostInterruptions(periods int) float64 {
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
