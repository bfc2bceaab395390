package place

import (
	"cmp"
	"slices"
)

// force sets dropped jobs of a regret above least in at their cheapest places at
// the prices of a market, most regret first, as far as they fit among
// themselves, and freezes them there.
func (s *Session) force(at *market, leastRegret float64) (forced int) {
	at.ready = s.market.ready
	regret := s.regrets(at)
	var jobs []int32
	for _, i := range s.order {
		if s.places[i].Dropped() && regret[i] > leastRegret && !s.tied(i) {
			jobs = append(jobs, i)
		}
	}
	slices.SortStableFunc(jobs, func(a, b int32) int { return cmp.Compare(regret[b], regret[a]) })
	s.frozen = make([]bool, len(s.p.Jobs))
	a := newAsker(at)
	for i := range at.pools {
		at.pools[i].leastRoom = -1 // room shrinks with every job
	}
	for i := range at.links {
		at.links[i].leastRoom = -1
	}
	var found proposal
	for _, i := range jobs {
		j := &s.p.Jobs[i]
		a.ask(j, None)
		a.compose(j, &found)
		x := &found.place
		if x.Dropped() {
			continue
		}
		seat := s.seat(j, x.Pool)
		x.periods(func(t int) {
			for _, o := range seat.touched {
				at.pools[o].room[t] = max(0, at.pools[o].room[t]-x.heldIn(t))
			}
		})
		for _, d := range x.Data {
			at.links[d.Link].room[d.Period] -= d.GB
		}
		s.shift(j, x, 1)
		s.places[i] = x.keep()
		s.frozen[i] = true
		forced++
	}
	s.tally([]*asker{a})
	return forced
}
