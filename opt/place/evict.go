package place

import (
	"cmp"
	"container/heap"
	"slices"
)

// Eviction. Where jobs ask for more than there is, some have to go elsewhere: those whose
// next best place costs least more, for what they free. A first guess of that is the
// cheapest place at the prices of the bound beside all cells that are overfull; what
// it really costs within hard capacity is known once a job has moved. So the job of least
// guess moves; if that costs more than the next one's guess, it is put back and waits
// with what it would have cost.

// eviction is the state of one round.
type eviction struct {
	s *Session
	// at holds the prices of the bound, with overfull cells closed.
	at      *market
	waiting leavers
	tied    []int32 // jobs that have left, and have found no place yet
}

// leaver is a job that may leave its place.
type leaver struct {
	job int32
	// cost is what leaving costs by now known, for each share of a cell that it frees.
	cost float64
}

// leavers are a heap, the cheapest first.
type leavers []leaver

func (l leavers) Len() int      { return len(l) }
func (l leavers) Swap(a, b int) { l[a], l[b] = l[b], l[a] }
func (l leavers) Less(a, b int) bool {
	return cmp.Or(cmp.Compare(l[a].cost, l[b].cost), cmp.Compare(l[a].job, l[b].job)) < 0
}
func (l *leavers) Push(x any) { *l = append(*l, x.(leaver)) }
func (l *leavers) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}

// evict moves jobs, within hard capacity, until no cell has more than its limit: big ones, for which
// it is hard to find another place, only where small ones cannot, and frozen ones last. It returns jobs that are tied to others and have left their places: they are to be
// set in.
func (s *Session) evict(pricer Pricer, prices *Prices, mu *Multipliers) []int32 {
	e := &eviction{s: s, at: s.besideOverfull(prices, mu)}
	var small, big, frozen leavers
	for i, cost := range e.guesses() {
		of := &small
		switch {
		case cost < 0:
			continue
		case s.frozen != nil && s.frozen[i]:
			of = &frozen
		case s.big[i]:
			of = &big
		}
		*of = append(*of, leaver{int32(i), cost})
	}
	for _, from := range []leavers{small, big, frozen} {
		e.run(pricer, from)
	}
	if len(e.tied) == 0 {
		return nil
	}
	return s.teamsOf(e.tied)
}

// run lets jobs leave, the cheapest first.
func (e *eviction) run(pricer Pricer, from leavers) {
	s := e.s
	e.waiting = from
	heap.Init(&e.waiting)
	for moved := 0; len(e.waiting) > 0; {
		l := heap.Pop(&e.waiting).(leaver)
		switch {
		case !s.crowded(l.job):
		case s.tied(l.job):
			e.tied = append(append(e.tied, l.job), s.leave(l.job)...)
		default:
			if moved%hardBlock == 0 {
				s.look(pricer)
			}
			if e.move(l) {
				moved++
			}
		}
	}
}

// move lets a job leave for its best place within hard capacity, unless it turns out that
// the next one may leave for less.
func (e *eviction) move(l leaver) bool {
	s := e.s
	j, from := &s.p.Jobs[l.job], s.places[l.job]
	freed := s.overfull(l.job)
	s.shift(j, &from, -1)
	s.insert(l.job, None, &s.single)
	to := &s.single.place
	cost := max(0, e.at.costAt(j, to)-e.at.costAt(j, &from)) / freed
	if cost > l.cost && len(e.waiting) > 0 && cost > e.waiting[0].cost && !s.tooSoon(l.job) {
		s.shift(j, to, -1)
		s.shift(j, &from, 1)
		l.cost = cost
		heap.Push(&e.waiting, l)
		return false
	}
	s.places[l.job] = to.keep()
	return true
}

// guesses returns what leaving its place may cost each job of an overfull cell; less than nothing
// for others.
func (e *eviction) guesses() []float64 {
	s := e.s
	askers, guess := s.askersAt(e.at), make([]float64, len(s.p.Jobs))
	s.crew.pieces(len(guess), 256, func(worker, from, to int) {
		for i := from; i < to; i++ {
			guess[i] = -1
			if s.crowded(int32(i)) {
				j := &s.p.Jobs[i]
				extra := askers[worker].ask(j, None) - e.at.costAt(j, &s.places[i])
				guess[i] = max(0, extra) / s.overfull(int32(i))
			}
		}
	})
	s.tally(askers)
	return guess
}

// besideOverfull is the market at prices and multipliers, with no room in cells that are overfull.
func (s *Session) besideOverfull(prices *Prices, mu *Multipliers) *market {
	m := marketAt(s.p, s.seats, prices, mu)
	m.ready = s.market.ready
	units, gb := slices.Clone(s.limit), slices.Clone(s.room.gb)
	for c, limit := range units {
		if beyond(s.load.units[c], limit) {
			units[c] = 0
		}
	}
	for c, limit := range gb {
		if beyond(s.use.GB[c], limit) {
			gb[c] = 0
		}
	}
	m.leave(units, gb)
	return m
}

// overfull is how much of what is asked for beyond limits the job's place frees, as shares of
// its cells; of a job that has to leave for another reason it is hardly more than nothing.
func (s *Session) overfull(i int32) float64 {
	j, x, sum := &s.p.Jobs[i], &s.places[i], 1e-9
	at, T := s.seat(j, x.Pool), len(s.p.Hours)
	frees := func(amount, load, limit, capacity float64) {
		if beyond(load, limit) {
			sum += min(amount, load-limit) / max(capacity, 1e-6)
		}
	}
	unitH := 0.0
	x.periods(func(t int) {
		held := x.heldIn(t)
		unitH += held * s.p.Hours[t]
		for _, cell := range at.cells {
			c := int(cell)*T + t
			frees(held, s.load.units[c], s.limit[c], s.capacity[c])
		}
	})
	for _, q := range at.quotas {
		frees(unitH, s.load.unitH[q], s.p.Quotas[q].unitH(), s.p.Quotas[q].unitH())
	}
	for _, d := range x.Data {
		c := int(d.Link)*T + int(d.Period)
		frees(d.GB, s.use.GB[c], s.room.gb[c], s.meanGB[d.Link])
	}
	return sum
}
