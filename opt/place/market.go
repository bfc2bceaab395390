package place

import (
	"math"
	"slices"
)

// market is what the oracles see: the clock, prices of every pool and link, and
// the room that a job finds there.
type market struct {
	p      *Problem
	seats  *seating
	starts []float64 // hours; starts[t] of period t, starts[T] the horizon's end
	// uniform says that all periods are equally long.
	uniform bool
	pools   []poolMarket // by seat
	links   []linkMarket
	// ready[k] is the first period in which a job can begin that needs copy k.
	ready []int32
	// Periods are whole multiples of a grain, in hours: grains[t] of them, and
	// grainsBefore[t] before period t. The grain is 0 where there is none.
	grain        float64
	grains       []int
	grainsBefore []int
}

// poolMarket is a seat as a job sees it.
type poolMarket struct {
	// both and busy are the prices of a unit held and busy, and of a busy one,
	// through each period; before[t] is the sum of both before period t.
	both, busy, before []float64
	// perHour is the price of a unit-hour, held and busy, in each period, and
	// cheapest lists the periods by that, then by time.
	perHour  []float64
	cheapest []int32
	// positive says that neither held nor busy units have a negative price.
	positive bool
	// room is what a job can hold, units, in each period; leastRoom is at most
	// the least.
	room      []float64
	leastRoom float64
}

// linkMarket is a link as a job sees it: money per GB, and GB that it can send.
type linkMarket struct {
	price, room []float64
	leastPrice  float64
	leastRoom   float64
	// by[s] is the number of periods at the horizon's start of which what is
	// sent can be used in period s.
	by []int32
}

// newMarket returns a market whose room is all of the capacity; prices are to be
// written and built.
func newMarket(p *Problem, seats *seating) *market {
	T := len(p.Hours)
	m := &market{p: p, seats: seats, starts: make([]float64, T+1), links: make([]linkMarket, len(p.Links))}
	m.pools = make([]poolMarket, len(m.seats.all))
	capacity := p.capacities()
	for t, h := range p.Hours {
		m.starts[t+1] = m.starts[t] + h
	}
	m.uniform = T > 0 && slices.Max(p.Hours)-slices.Min(p.Hours) <= durationSlack
	m.grain, m.grains = grain(p.Hours)
	m.grainsBefore = make([]int, T+1)
	for t, n := range m.grains {
		m.grainsBefore[t+1] = m.grainsBefore[t] + n
	}
	for i := range m.pools {
		memory := make([]float64, 5*T+1)
		q := &m.pools[i]
		*q = poolMarket{
			both: memory[:T], busy: memory[T : 2*T], perHour: memory[2*T : 3*T],
			room: memory[3*T : 4*T], before: memory[4*T:], cheapest: make([]int32, T),
		}
		for t := range q.cheapest {
			q.cheapest[t] = int32(t)
		}
		m.seats.all[i].least(q.room, capacity)
		q.leastRoom = least(q.room)
	}
	for i := range m.links {
		l := &m.links[i]
		l.price, l.room = make([]float64, T), append([]float64(nil), p.Links[i].CapacityGB...)
		l.leastRoom = least(l.room)
		l.by = usable(m.starts, p.Links[i].LeadH)
	}
	m.ready = m.soonest()
	return m
}

// usable returns for each period how many at the start end a lead before it
// begins.
func usable(starts []float64, lead float64) []int32 {
	by := make([]int32, len(starts))
	t := 0
	for s, start := range starts {
		for t+1 < len(starts) && starts[t+1]+lead <= start+durationSlack {
			t++
		}
		by[s] = int32(t)
	}
	return by
}

// build derives what follows from the prices both and busy in periods
// from..to-1. cheapest holds these periods in some order: prices differ little
// between two calls, so it is sorted by insertion.
func (q *poolMarket) build(hours []float64, from, to int) {
	sum := 0.0
	q.positive = true
	for t := from; t < to; t++ {
		q.before[t] = sum
		sum += q.both[t]
		q.perHour[t] = q.both[t] / hours[t]
		if q.busy[t] < 0 || q.both[t] < q.busy[t] {
			q.positive = false
		}
	}
	q.before[to] = sum
	price := q.perHour
	for i := 1; i < len(q.cheapest); i++ {
		t := q.cheapest[i]
		v := price[t]
		k := i
		for ; k > 0; k-- {
			other := q.cheapest[k-1]
			if price[other] < v || price[other] == v && other < t {
				break
			}
			q.cheapest[k] = other
		}
		q.cheapest[k] = t
	}
}

// pool returns the market of a job's seat in a pool.
func (m *market) pool(j *Job, pool int32) *poolMarket { return &m.pools[m.seats.of(j.Owner, pool)] }

// marketAt returns the market at prices of use and multipliers of capacity.
func marketAt(p *Problem, seats *seating, prices *Prices, mu *Multipliers) *market {
	m := newMarket(p, seats)
	T := len(p.Hours)
	for i := range m.pools {
		q, at := &m.pools[i], &m.seats.all[i]
		for t := range T {
			c := int(at.pool)*T + t
			q.busy[t] = prices.Busy[c]
			q.both[t] = prices.Held[c] + prices.Busy[c]
			for _, k := range at.cells {
				q.both[t] += mu.Held[int(k)*T+t]
			}
			for _, k := range at.quotas {
				q.both[t] += mu.UnitH[k] * p.Hours[t]
			}
		}
		q.build(p.Hours, 0, T)
	}
	for i := range m.links {
		l := &m.links[i]
		for t := range T {
			l.price[t] = prices.GB[i*T+t] + mu.GB[i*T+t]
		}
		l.leastPrice = least(l.price)
	}
	return m
}

// leave leaves so much room, units by cell and GB by link and period.
func (m *market) leave(units, gb []float64) {
	for i := range m.pools {
		m.seats.all[i].least(m.pools[i].room, units)
		m.pools[i].leastRoom = least(m.pools[i].room)
	}
	for i := range m.links {
		copy(m.links[i].room, gb[i*len(m.p.Hours):])
		m.links[i].leastRoom = least(m.links[i].room)
	}
}

// least returns the least of the values, 0 of none.
func least(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	low := math.Inf(1)
	for _, v := range values {
		low = min(low, v)
	}
	return low
}
