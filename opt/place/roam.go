package place

import "math"

// Gangs that may move from pool to pool are placed in one. In bounds they are fluid jobs that are
// everywhere at once: each period's work is done where a unit-hour of it costs least, as much as
// can be done anywhere,
//
//	min sum over t of price_t y_t,  sum y_t = W,  0 <= y_t <= cap_t
//	price_t = min over pools of price of a unit-hour / speed,  cap_t = max over pools of min(g, room_t) h_t speed
//
// without a loss for pauses and moves. Input comes where that is cheapest, copies with it, and
// results leave where that is, for the job may begin in one pool and end in another.

// roaming is what no way of a job that moves costs less than.
func (a *asker) roaming(j *Job) float64 {
	options := a.m.p.Reach[j.Roams-1]
	from, end := int(max(j.First, j.Begin)), int(j.End)
	if from >= end || len(options) == 0 {
		return math.Inf(1)
	}
	input, results, work := math.Inf(1), math.Inf(1), math.Inf(1)
	for k := range options {
		o := &options[k]
		input = min(input, a.leastData(j, o, false)+tollOf(a.tolls, o.Copies))
		results, work = min(results, a.leastData(j, o, true)), min(work, j.workAt(o))
	}
	data := input + results
	idle, cost := 0.0, 0.0 // what units that are held for nothing earn, where prices are negative
	a.fill.reset(work)
	for t := from; t < end; t++ {
		price, most, earns := math.Inf(1), 0.0, 0.0
		for k := range options {
			o := &options[k]
			q := a.m.pool(j, o.Pool)
			price = min(price, q.perHour[t]/o.Speed)
			most = max(most, min(j.Units, q.room[t])*a.m.p.Hours[t]*o.Speed)
			earns = max(earns, j.Units*(max(0, -q.both[t])+max(0, q.busy[t]-q.both[t])))
		}
		a.fill.offer(t, price, most)
		idle += earns
	}
	ends := j.LatePricePerH * lateH(j, a.m.starts[from+1])
	if !a.mayLeave(j) {
		if !a.fill.full() {
			return math.Inf(1)
		}
		return data + ends + a.fill.cost - idle
	}
	for _, s := range a.fill.taken {
		if s.price < j.BacklogPricePerUnitH {
			cost, work = cost+s.price*s.amount, work-s.amount
		}
	}
	return data + ends + cost + max(0, work)*j.BacklogPricePerUnitH - idle
}

// leastData is what no way of the job's input at an option, or of its results, costs less
// than.
func (a *asker) leastData(j *Job, o *Option, results bool) (cost float64) {
	for i, link := range o.Links {
		if f := j.Flows[i]; link != None && f.Out == results && !(f.Out && a.mayLeave(j)) {
			cost += f.GB * a.m.links[link].leastPrice
		}
	}
	return cost
}
