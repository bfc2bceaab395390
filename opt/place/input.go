package place

import "math"

// Input. A job of input i GB that begins to work in period s in a region away
// from its data sends i over one link, split at will over the periods from First
// on of which data can be used in s, those below by(s):
//
//	arrive(s) = min { sum over First <= t < by(s) of price_t d_t : sum d_t = i, 0 <= d_t <= room_t }
//
// arrive never rises with s. Where any single period has room for all of the
// input it is a running minimum; else the window grows by one offer a period.

// arrivals writes arrive(s) for s in First..End-1 and returns the first s at
// which the input can be there, End if none.
func (a *asker) arrivals(j *Job, link int32) int {
	first, end := int(j.First), int(j.End)
	out := a.arrive
	if link == None {
		for s := first; s < end; s++ {
			out[s] = 0
		}
		return first
	}
	l := &a.m.links[link]
	earliest := end
	t, low := first, math.Inf(1)
	if j.InputGB <= l.leastRoom {
		for s := first; s < end; s++ {
			for ; t < int(l.by[s]); t++ {
				low = min(low, l.price[t]*j.InputGB)
				earliest = min(earliest, s)
			}
			out[s] = low
		}
		return earliest
	}
	a.fill.reset(j.InputGB)
	for s := first; s < end; s++ {
		for ; t < int(l.by[s]); t++ {
			a.fill.offer(t, l.price[t], l.room[t])
		}
		if a.fill.full() {
			low = a.fill.cost
			earliest = min(earliest, s)
		}
		out[s] = low
	}
	return earliest
}

// input appends the cheapest way of the input, to be there in period s, in order
// of the periods.
func (a *asker) input(j *Job, link int32, s int, to []Load) []Load {
	if link == None {
		return to
	}
	l := &a.m.links[link]
	a.fill.reset(j.InputGB)
	for t := int(j.First); t < int(l.by[s]); t++ {
		a.fill.offer(t, l.price[t], l.room[t])
	}
	return a.fill.byPeriod(to)
}

// byPeriod appends what is taken, in order of the periods.
func (f *fill) byPeriod(to []Load) []Load {
	from := len(to)
	for _, s := range f.taken {
		to = insertLoad(to, from, Load{s.period, s.amount})
	}
	return to
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
