package place

// Malleable jobs whose pauses count, in one stretch or in a set of periods that is given. In periods
// s..e-1 at the narrowest width, of u_1 units and the rate r_1, a job leaves a
// rest of its work n to the further pieces of its curve (malleable.go):
//
//	min over s < e of  arrive(s) + sum over s <= t < e of price_t u_1 + F(s, e) + ending(e)
//	F = min { sum over t, i > 1 of price_t (u_i / r_i) y_ti : sum y_ti = n - sum over t of r_1 h_t, 0 <= y_ti <= r_i h_t }
//
// F is a cheapest fill, and exact where prices are not negative. As e grows it has more offers and less to
// reach. Where work may be left at the horizon's end, places that leave some have the widths that win most by
// what that costs. A job that runs already and begins later is interrupted, at a loss.

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
		cost, rest := a.arrive[s], c.need
		a.fill.reset(rest)
		for t := s; t < int(j.End); t++ {
			cost += q.both[t] * narrowest.Units
			rest -= narrowest.Rate * a.m.p.Hours[t]
			if q.room[t] < narrowest.Units || rest < -c.need*workSlack || q.positive && cost >= a.best.cost {
				break
			}
			if rest > c.need*workSlack {
				a.fill.lower(rest)
				a.offerBeyond(&c, q, t)
			} else {
				a.fill.reset(0)
			}
			if a.fill.full() && cost+a.fill.cost+a.ending[t+1] < a.best.cost {
				a.offerFill(j, k, &c, q, s, t+1, nil)
			}
		}
	}
}

// widenIn offers the place that holds the narrowest width in the periods from..to-1 that are held,
// and does the rest of the work where that is cheapest.
func (a *asker) widenIn(j *Job, k int, c *curve, q *poolMarket, from, to int, rest float64, held []bool) {
	a.fill.reset(0)
	if rest > c.need*workSlack {
		a.fill.reset(rest)
		for t := from; t < to; t++ {
			if held[t] {
				a.offerBeyond(c, q, t)
			}
		}
	}
	if a.fill.full() {
		a.offerFill(j, k, c, q, from, to, held)
	}
}

// offerFill offers the place that holds the narrowest width in periods from..to-1, of these only
// in held if that is not nil, and what the fill has beyond.
func (a *asker) offerFill(j *Job, k int, c *curve, q *poolMarket, from, to int, held []bool) {
	rate := a.rates[:to]
	for t := from; t < to; t++ {
		rate[t] = 0
		if held == nil || held[t] {
			rate[t] = c.widths[0].Rate
		}
	}
	for _, s := range a.fill.taken {
		rate[s.period] += s.amount / a.m.p.Hours[s.period]
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

// furtherRatio is the least number of further units for a rate of 1 more, beyond the narrowest width.
func (c *curve) furtherRatio() float64 {
	if len(c.widths) < 2 {
		return 0
	}
	narrowest, next := c.widths[0], c.widths[1]
	return (next.Units - narrowest.Units) / (next.Rate - narrowest.Rate)
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
