package place

import (
	"cmp"
	"math"
	"slices"
)

// Tied jobs one by one would soon stand in each other's way. So all that are tied
// together, a team, also respond at once: all are taken out and set in again, those that
// others wait for first, and this is kept if it wins. That is tried with every job for
// itself, and with jobs that know what hangs on them (tie_window.go): they end early enough
// for those that wait for them, and count what these are worth.

// respondTied has the teams of a job respond of which it is the first, and then the job.
func (s *Session) respondTied(i int32) (moved bool) {
	for _, k := range s.ties.leads[i] {
		moved = s.respondTeam(s.ties.teams[k]) || moved
	}
	return s.respond(i) || moved
}

// mayBe says whether a job may be where a place has it, that of others as it is.
func (s *Session) mayBe(i int32, x *Assignment) bool {
	if !s.tied(i) {
		return true
	}
	if !x.Dropped() {
		return s.agrees(i, x) && !s.lacks(i)
	}
	for _, e := range s.ties.after[i] {
		if !s.places[e.After].Dropped() {
			return false
		}
	}
	return !s.hasMate(i, false)
}

// hasMate says whether another job of the job's groups that are done all or none is dropped, or is not.
func (s *Session) hasMate(i int32, dropped bool) bool {
	for _, k := range s.ties.groups[i] {
		if g := &s.p.Groups[k]; g.AllOrNone && slices.ContainsFunc(g.Jobs, func(o int32) bool { return o != i && s.places[o].Dropped() == dropped }) {
			return true
		}
	}
	return false
}

// respondTeam has a team respond both ways.
func (s *Session) respondTeam(team []int32) (moved bool) {
	t := s.ties
	worth := func(i int32) float64 { return t.hangs[i] + s.p.Jobs[i].DropPrice }
	order := slices.Clone(team)
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(t.depth[a], t.depth[b]), cmp.Compare(worth(b), worth(a)))
	})
	for _, confined := range s.waysToHandOver(team) {
		t.confined, t.keen = confined, true
		moved = s.respondAll(order) || moved
		t.keen = false
		moved = s.respondAll(team) || moved
	}
	if s.p.handsOver() && t.confined && s.anyDropped(team) { // the first may be where no other can follow
		t.keen = true
		for region := range int32(len(s.p.Ways)) {
			t.region = region
			moved = s.respondAll(order) || moved
		}
		t.region, t.keen = None, false
	}
	t.confined = false
	if !slices.ContainsFunc(team, func(i int32) bool { return s.places[i].Dropped() && s.endsWithOthers(i) }) {
		return moved
	}
	for _, end := range s.market.starts[1:] { // the first that is set in may have ended at a time that suits no other
		t.anchor = end
		moved = s.respondAll(order) || moved
	}
	t.anchor = 0
	return moved
}

// anyDropped says whether one of the jobs is dropped.
func (s *Session) anyDropped(jobs []int32) bool {
	return slices.ContainsFunc(jobs, func(i int32) bool { return s.places[i].Dropped() })
}

// waysToHandOver says whether a team is confined as it responds: both, where jobs hand data over.
func (s *Session) waysToHandOver(team []int32) []bool {
	if s.p.handsOver() && slices.ContainsFunc(team, func(i int32) bool {
		return slices.ContainsFunc(s.ties.before[i], func(e Precedence) bool { return e.GB > 0 })
	}) {
		return []bool{false, true}
	}
	return []bool{false}
}

// endsWithOthers says whether the job is in a group whose jobs end together.
func (s *Session) endsWithOthers(i int32) bool {
	return slices.ContainsFunc(s.ties.groups[i], func(k int32) bool { return !math.IsInf(s.p.Groups[k].FinishWithinH, 1) })
}

// respondAll takes all jobs of a team out and sets them in again, and keeps that if it
// wins.
func (s *Session) respondAll(team []int32) bool {
	t := s.ties
	t.undo = t.undo[:0]
	change := 0.0
	for _, i := range team {
		j, x := &s.p.Jobs[i], &s.places[i]
		change += s.shift(j, x, -1) - s.market.ownCost(j, x)
		t.undo = append(t.undo, *x)
		*x = dropped()
	}
	for k, i := range team {
		change += s.insert(i, t.undo[k].Pool, &s.single)
		if !s.agrees(i, &s.single.place) {
			change -= s.market.ownCost(&s.p.Jobs[i], &s.single.place)
			change += s.shift(&s.p.Jobs[i], &s.single.place, -1) + s.p.Jobs[i].DropPrice
			s.single.place = dropped()
		}
		s.places[i] = s.single.place.keep()
	}
	change += s.complete(team)
	if change < -s.leastGain && !s.missed(team) {
		s.gained -= change
		return true
	}
	for k, i := range team {
		j := &s.p.Jobs[i]
		s.shift(j, &s.places[i], -1)
		s.places[i] = t.undo[k]
		s.shift(j, &s.places[i], 1)
	}
	return false
}

// missed says whether others wait for a job that is dropped, or may not be without it.
func (s *Session) missed(jobs []int32) bool {
	return slices.ContainsFunc(jobs, func(i int32) bool {
		x := &s.places[i]
		return x.Dropped() && !s.mayBe(i, x)
	})
}

// complete drops what may not be without jobs that are dropped, and returns the change.
func (s *Session) complete(jobs []int32) (change float64) {
	s.withoutOthers(jobs, func(i int32) {
		j, x := &s.p.Jobs[i], &s.places[i]
		change += s.shift(j, x, -1) - s.market.ownCost(j, x) + j.DropPrice
		*x = dropped()
	})
	return change
}

// evictTied drops what may not be without a job that is dropped, and returns which these are.
func (s *Session) evictTied(i int32) (out []int32) {
	drop := func(k int32) {
		if x := &s.places[k]; !x.Dropped() {
			s.shift(&s.p.Jobs[k], x, -1)
			*x = dropped()
			out = append(out, k)
		}
	}
	for next := 0; ; next++ {
		for _, e := range s.ties.after[i] {
			drop(e.After)
		}
		for _, g := range s.ties.groups[i] {
			for _, k := range s.p.Groups[g].Jobs {
				if s.p.Groups[g].AllOrNone {
					drop(k)
				}
			}
		}
		if next == len(out) {
			return out
		}
		i = out[next]
	}
}

// withoutOthers has every one of the jobs dropped that may not be there without others,
// until there is none.
func (s *Session) withoutOthers(jobs []int32, drop func(i int32)) {
	for again := true; again; {
		again = false
		for _, i := range jobs {
			if !s.places[i].Dropped() && s.lacks(i) {
				drop(i)
				again = true
			}
		}
	}
}

// lacks says whether a job is there without one that it may not be without.
func (s *Session) lacks(i int32) bool {
	for _, e := range s.ties.before[i] {
		if x := &s.places[e.Before]; x.Dropped() || x.LeftUnitH > 0 {
			return true
		}
	}
	return s.hasMate(i, true)
}
