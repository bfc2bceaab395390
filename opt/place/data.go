package place

import (
	"cmp"
	"math"
	"slices"
)

// Data. A job of input i GB that begins to work in period s in a region away
// from it sends i over one link, split at will over the periods from First
// on of which data can be used in s, those below by(s):
//
//	arrive(s) = min { sum over First <= t < by(s) of price_t d_t : sum d_t = i, 0 <= d_t <= room_t }
//
// A job with results of o GB that has ended before period e sends them over one link in the
// periods from e on:
//
//	depart(e) = min { sum over e <= t < T of price_t d_t : sum d_t = o, 0 <= d_t <= room_t }
//
// arrive never rises with s, depart never falls with e. Where any single period has room for
// all of it either is a running minimum; else the window grows by one offer a period.
// Flows cross different links, so those of a job add up.

// arrivals writes arrive(s) for s in First..End-1, of all inputs together, and returns the
// first s at which all can be there, End if none.
func (a *asker) arrivals(j *Job, links []int32) int {
	earliest := int(j.First)
	clear(a.arrive[j.First:max(j.First, j.End)])
	for i, link := range links {
		if f := j.Flows[i]; link != None && !f.Out {
			earliest = max(earliest, a.arrive1(j, f, link))
		}
	}
	return earliest
}

// arrive1 adds arrive(s) of one input, and returns the first s at which it can be there.
func (a *asker) arrive1(j *Job, f Flow, link int32) int {
	first, end := int(j.First), int(j.End)
	l, earliest := &a.m.links[link], end
	t, low := max(first, int(f.From)), math.Inf(1)
	roomy := f.GB <= l.leastRoom
	a.fill.reset(f.GB)
	for s := first; s < end; s++ {
		for ; t < int(l.by[s]); t++ {
			if roomy {
				low = min(low, l.price[t]*f.GB)
			} else if a.fill.offer(t, l.price[t], l.room[t]); a.fill.full() {
				low = a.fill.cost
			}
		}
		if !math.IsInf(low, 1) {
			earliest = min(earliest, s)
		}
		a.arrive[s] += low
	}
	return earliest
}

// endings writes what it costs to end before each period from First+1 to End: lateness, and
// depart of all results together.
func (a *asker) endings(j *Job, links []int32) {
	a.ends = j.LatePricePerH > 0
	for e := int(j.First) + 1; e <= int(j.End); e++ {
		a.ending[e] = 0
		if a.ends {
			a.ending[e] = j.LatePricePerH * lateH(j, a.m.starts[e])
		}
	}
	for i, link := range links {
		if f := j.Flows[i]; link != None && f.Out {
			a.ends = true
			a.depart(j, f.GB, link)
		}
	}
}

// depart adds depart(e) of one result.
func (a *asker) depart(j *Job, gb float64, link int32) {
	l, low := &a.m.links[link], math.Inf(1)
	roomy := gb <= l.leastRoom
	a.fill.reset(gb)
	for e := len(a.m.p.Hours); e > int(j.First); e-- {
		if e < len(a.m.p.Hours) {
			if roomy {
				low = min(low, l.price[e]*gb)
			} else if a.fill.offer(e, l.price[e], l.room[e]); a.fill.full() {
				low = a.fill.cost
			}
		}
		if e <= int(j.End) {
			a.ending[e] += low
		}
	}
}

// window of periods in which a flow of a place can be sent that begins to work in period
// first, or has ended before period end.
func (m *market) window(j *Job, f Flow, link int32, first, end int) (from, to int) {
	if f.Out {
		return end, len(m.p.Hours)
	}
	return int(max(j.First, f.From)), int(m.links[link].by[first])
}

// data appends the cheapest way of all flows of a place whose input is there in period
// first.
func (a *asker) data(j *Job, links []int32, first int, x *Assignment, to []Sent) []Sent {
	for i, link := range links {
		f := j.Flows[i]
		if link == None || f.Out && x.LeftUnitH > 0 {
			continue
		}
		l := &a.m.links[link]
		a.fill.reset(f.GB)
		for t, end := a.m.window(j, f, link, first, int(x.End)); t < end; t++ {
			a.fill.offer(t, l.price[t], l.room[t])
		}
		to = a.fill.sent(link, to)
	}
	return to
}

// sent appends what is taken, in order of the periods.
func (f *fill) sent(link int32, to []Sent) []Sent {
	from := len(to)
	for _, s := range f.taken {
		to = append(to, Sent{link, s.period, s.amount})
	}
	slices.SortStableFunc(to[from:], func(a, b Sent) int { return cmp.Compare(a.Period, b.Period) })
	return to
}

// mostGB is the largest of the job's flows.
func (j *Job) mostGB() float64 {
	most := 0.0
	for _, f := range j.Flows {
		most = max(most, f.GB)
	}
	return most
}

// GB is what all jobs send where nothing is at home.
func (p *Problem) GB() float64 {
	sum := 0.0
	for i := range p.Jobs {
		for _, f := range p.Jobs[i].Flows {
			sum += f.GB
		}
	}
	for _, e := range p.Precedences {
		sum += e.GB
	}
	return sum
}
