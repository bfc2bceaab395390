package place

import "math"

// Preemptible jobs. A job of work W, which is n = W / speed unit-hours in a pool,
// that begins in period a or later and has ended by the end of period f holds
//
//	work(a, f) = min { sum over a <= t <= f of price_t n_t : sum n_t = n, 0 <= n_t <= min(g, room_t) h_t }
//
// price_t of a unit-hour: the cheapest periods, the dearest in part. It costs
// arrive(a) + work(a, f) + ending(f+1), and
//
//   - work never falls as a grows, so only those a count at which arrive falls;
//   - where no end costs more than another f is the last period of the window. Else the
//     window grows from the last period that costs no more than the first, as long as ending
//     alone leaves something to win over work in the whole window.
//
// Where work may be left at the horizon's end at a price b, the places that leave
// some take the periods whose unit-hours cost less than b speed, and no others.

// preemptible offers the cheapest periods from earliest on in the pool of option
// k.
func (a *asker) preemptible(j *Job, k, earliest int) {
	o := a.m.p.Reach[j.Reach][k]
	q, need := a.m.pool(j, o.Pool), j.WorkUnitH/o.Speed
	end := int(j.End)
	inTime := a.inTime(earliest, end)
	for s := earliest; s < end; s++ {
		if s > earliest && a.arrive[s] >= a.arrive[s-1] {
			continue
		}
		cost, last, ok := a.cheapest(j, q, need, s, end, a.best.cost-a.arrive[s])
		switch {
		case !ok:
		case last < inTime:
			a.window(k, s, end, a.arrive[s]+cost+a.ending[last+1])
		default:
			a.sweep(j, k, q, need, s, inTime, cost)
		}
		if a.mayLeave(j) {
			a.leave(j, k, q, need, s)
		}
	}
}

// inTime is the last period before which to end costs no more than to end as early as can
// be: after a period of work. Ending never falls.
func (a *asker) inTime(earliest, end int) int {
	for a.ends && end > earliest+1 && a.ending[end] > a.ending[earliest+1] {
		end--
	}
	return end
}

// leave offers the place that works in the periods from from on whose unit-hours
// cost less than leaving them.
func (a *asker) leave(j *Job, k int, q *poolMarket, need float64, from int) {
	speed := a.m.p.Reach[j.Reach][k].Speed
	price := j.BacklogPricePerUnitH * speed
	left, cost := need, a.arrive[from]
	for _, x := range q.cheapest {
		t := int(x)
		if t < from || t >= int(j.End) || q.perHour[t] >= price {
			continue
		}
		part := min(left, min(j.Units, q.room[t])*a.m.p.Hours[t])
		left -= part
		cost += part * q.perHour[t]
		if left <= need*workSlack {
			return // all of it: no work is left
		}
	}
	if left >= need*(1-workSlack) {
		return // none of it: that is for the drop price to say
	}
	cost += left*price + j.LatePricePerH*lateH(j, a.m.starts[j.End])
	if cost < a.best.cost {
		a.best = answer{cost: cost, option: int32(k), first: int32(from), end: j.End, leaves: true}
	}
}

// cheapest returns what need unit-hours cost in periods from..to-1 and the last
// of the periods used. Ok is false where they are not to be had for less than
// the limit.
func (a *asker) cheapest(j *Job, q *poolMarket, need float64, from, to int, limit float64) (cost float64, last int, ok bool) {
	left, last := need, -1
	tolerance := need * workSlack
	hours := a.m.p.Hours
	for _, x := range q.cheapest {
		t := int(x)
		if t < from || t >= to {
			continue
		}
		part := min(left, min(j.Units, q.room[t])*hours[t])
		if part <= 0 {
			continue
		}
		cost += part * q.perHour[t]
		left -= part
		last = max(last, t)
		if left <= tolerance {
			return cost, last, cost < limit
		}
		if cost >= limit && q.perHour[t] >= 0 {
			return cost, last, false // what follows is no cheaper
		}
	}
	return cost, last, false
}

// sweep lets the window that begins in from grow beyond the periods in time;
// whole is the cost of work in all of it.
func (a *asker) sweep(j *Job, k int, q *poolMarket, need float64, from, inTime int, whole float64) {
	a.fill.reset(need)
	for t := from; t < int(j.End); t++ {
		a.fill.offer(t, q.perHour[t], min(j.Units, q.room[t])*a.m.p.Hours[t])
		if t < inTime-1 {
			continue
		}
		fixed := a.arrive[from] + a.ending[t+1]
		if fixed+whole >= a.best.cost {
			return
		}
		if a.fill.full() {
			a.window(k, from, t+1, fixed+a.fill.cost)
		}
	}
}

// window offers the cheapest periods of from..to-1 in the pool of option k.
func (a *asker) window(k, from, to int, cost float64) {
	if cost < a.best.cost {
		a.best = answer{cost: cost, option: int32(k), first: int32(from), end: int32(to)}
	}
}

// pieces writes out the place of an answer of preemptible.
func (a *asker) pieces(j *Job, o *Option, to *proposal) {
	need, limit := j.WorkUnitH/o.Speed, math.Inf(1)
	if a.best.leaves {
		limit = j.BacklogPricePerUnitH * o.Speed
	}
	var left float64
	to.work, left = a.work(j, a.m.pool(j, o.Pool), need, int(a.best.first), int(a.best.end), limit, to.work[:0])
	to.place.setWork(to.work)
	if a.best.leaves {
		to.place.LeftUnitH = left * o.Speed
	}
}

// work appends the cheapest need unit-hours in periods from..to-1 at less than
// the limit, as units in order of the periods, and returns what is left.
func (a *asker) work(j *Job, q *poolMarket, need float64, from, to int, limit float64, list []Load) ([]Load, float64) {
	start, left := len(list), need
	for _, x := range q.cheapest {
		t := int(x)
		if t < from || t >= to || q.perHour[t] >= limit {
			continue
		}
		units := min(j.Units, q.room[t], left/a.m.p.Hours[t])
		if units <= 0 {
			continue
		}
		list = insertLoad(list, start, Load{x, units})
		if left -= units * a.m.p.Hours[t]; left <= need*workSlack {
			break
		}
	}
	return list, left
}

// insertLoad inserts a load into list[from:], which is in order of the periods.
func insertLoad(list []Load, from int, l Load) []Load {
	list = append(list, l)
	k := len(list) - 1
	for ; k > from && list[k-1].Period > l.Period; k-- {
		list[k] = list[k-1]
	}
	list[k] = l
	return list
}

// workSlack is how much of its work or its input a job may lack, relative: that
// of the data model.
const workSlack = 1e-9
