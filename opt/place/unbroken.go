package place

// Malleable jobs that do not pause. From its first period to its last such a job holds at
// least its narrowest width, of u_1 units and the rate r_1. In periods s..e-1 that leaves a
// rest of the work n to the further pieces of its curve (malleable.go):
//
//	min over s < e of  arrive(s) + sum over s <= t < e of price_t u_1 + F(s, e) + ending(e)
//	F = min { sum over t, i > 1 of price_t (u_i / r_i) y_ti : sum y_ti = n - sum over t of r_1 h_t, 0 <= y_ti <= r_i h_t }
//
// F is a cheapest fill, and exact where prices are not negative. The job may pause at a loss,
// which no place of these does: so its bound is that of a job that pauses as it likes.

// unbroken offers the best widths without a pause from earliest on in the pool of option k.
func (a *asker) unbroken(j *Job, k, earliest int) {
	o := &a.m.p.Reach[j.Reach][k]
	q := a.m.pool(j, o.Pool)
	c := curve{widths: a.m.p.Widths[j.Widths], need: j.WorkUnitH / o.Speed}
	if a.bounds {
		a.low = min(a.low, a.pausing(j, &c, q, earliest))
	}
	narrowest := c.widths[0]
	for s := earliest; s < int(j.End); s++ {
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
				a.widenIn(j, k, &c, q, s, t+1, c.need-least)
			}
		}
	}
}

// widenIn offers the place that holds the narrowest width in periods from..to-1 and does the
// rest of the work where that is cheapest.
func (a *asker) widenIn(j *Job, k int, c *curve, q *poolMarket, from, to int, rest float64) {
	rate, narrowest := a.rates[:to], c.widths[0]
	for t := from; t < to; t++ {
		rate[t] = narrowest.Rate
	}
	if rest > c.need*workSlack {
		a.fill.reset(rest)
		for t := from; t < to; t++ {
			a.offerBeyond(c, q, t)
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

// pausing is no more than the job costs in a pool if it pauses as it likes.
func (a *asker) pausing(j *Job, c *curve, q *poolMarket, earliest int) float64 {
	low := j.DropPrice
	for s := earliest; s < int(j.End); s++ {
		if s > earliest && a.arrive[s] >= a.arrive[s-1] {
			continue
		}
		a.fill.reset(c.need)
		for t := s; t < int(j.End); t++ {
			a.offerWidths(c, q, t)
		}
		if a.fill.full() {
			low = min(low, a.arrive[s]+a.fill.cost+a.ending[s+1])
		}
	}
	return low
}
