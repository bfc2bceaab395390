package place

import (
	"math"
	"slices"
)

// Copies where capacity is hard: each has its way and its time, jobs that came sooner look for
// another place, and a copy is given up where all that use it are better off elsewhere.

// settleCopies gives every copy that is used its way and its time within the room of links,
// before jobs; those that find none are not made.
func (s *Session) settleCopies() {
	c := s.copying
	if c == nil {
		return
	}
	for k := range s.copies {
		s.shiftData(s.copies[k].Data, -1)
		s.copies[k] = Delivery{}
	}
	T, room := len(s.p.Hours), slices.Clone(s.room.gb)
	for k, u := range s.users() {
		c.wanted[k] = false
		for by := u.first; len(u.jobs) > 0 && by < T && !c.wanted[k]; by++ {
			low := math.Inf(1)
			for _, link := range s.p.Copies[k].Links {
				l := linkMarket{price: s.market.links[link].price, room: room[int(link)*T : (int(link)+1)*T]}
				data := l.cheapest(link, s.p.Copies[k].GB, int(s.market.links[link].by[by]))
				if cost := s.market.dataCost(data); data != nil && cost < low {
					low, c.wanted[k], s.copies[k] = cost, true, Delivery{int32(by), data}
				}
			}
		}
		s.shiftData(s.copies[k].Data, 1)
		for _, d := range s.copies[k].Data {
			room[int(d.Link)*T+int(d.Period)] -= d.GB
		}
	}
	s.hard = true
	s.showCopies()
}

// tooSoon says whether a job begins before a copy is there that it needs.
func (s *Session) tooSoon(i int32) bool {
	x := &s.places[i]
	return slices.ContainsFunc(s.p.copiesAt(&s.p.Jobs[i], x), func(k int32) bool { return s.market.ready[k] > x.First })
}

// withoutCopies gives up copies, within hard capacity, whose users are better off elsewhere,
// all in all, and with each those that nobody needs then.
func (s *Session) withoutCopies() {
	if s.copying == nil {
		return
	}
	s.dropIdle()
	all := s.users()
	count := make([]int, len(all)) // users of each by now
	for k := range all {
		count[k] = len(all[k].jobs)
	}
	for k := range all {
		if s.stop() {
			return
		}
		if count[k] > 0 && !slices.ContainsFunc(all[k].jobs, s.tied) {
			s.tryWithout(k, count)
		}
	}
}

// tryWithout gives up a copy if that wins; count is how many use each.
func (s *Session) tryWithout(k int, count []int) {
	c := s.copying
	move := func(i int32, by int) {
		for _, o := range s.p.copiesAt(&s.p.Jobs[i], &s.places[i]) {
			count[o] += by
		}
	}
	var jobs []int32 // by now
	var undo []Assignment
	change := s.shiftData(s.copies[k].Data, -1)
	c.wanted[k] = false
	s.showCopies()
	for _, i := range c.readers {
		j, x := &s.p.Jobs[i], &s.places[i]
		if slices.Contains(s.p.copiesAt(j, x), int32(k)) {
			move(i, -1)
			change += s.shift(j, x, -1) - s.market.ownCost(j, x)
			jobs, undo = append(jobs, i), append(undo, *x)
			*x = dropped()
		}
	}
	for _, i := range jobs {
		change += s.insert(i, None, &s.single)
		s.places[i] = s.single.place.keep()
		move(i, 1)
	}
	idle := []int{k}
	for o := range s.copies {
		if o != k && s.copies[o].Made() && count[o] == 0 {
			idle, change = append(idle, o), change+s.shiftData(s.copies[o].Data, -1)
		}
	}
	if change < -s.leastGain {
		s.gained -= change
		for _, o := range idle {
			s.copies[o], c.wanted[o] = Delivery{}, false
		}
		s.showCopies()
		return
	}
	for n, i := range jobs {
		move(i, -1)
		s.shift(&s.p.Jobs[i], &s.places[i], -1)
		s.shift(&s.p.Jobs[i], &undo[n], 1)
		s.places[i] = undo[n]
		move(i, 1)
	}
	for _, o := range idle {
		s.shiftData(s.copies[o].Data, 1)
	}
	c.wanted[k] = true
	s.showCopies()
}

// dropIdle gives up copies that nobody needs.
func (s *Session) dropIdle() {
	if s.copying == nil {
		return
	}
	for k, u := range s.users() {
		if len(u.jobs) == 0 {
			s.shiftData(s.copies[k].Data, -1)
			s.copies[k], s.copying.wanted[k] = Delivery{}, false
		}
	}
	s.showCopies()
}

// takeCopies has copies come as another session left them.
func (s *Session) takeCopies(copies []Delivery) {
	copy(s.copies, copies)
	for k := range s.copies {
		s.copying.wanted[k] = s.copies[k].Made()
	}
	s.showCopies()
}

// besideCopies is the room of links that copies leave, by link and period.
func (s *Session) besideCopies() []float64 {
	room := slices.Clone(s.room.gb)
	s.p.lessCopies(room, s.copies)
	for c := range room {
		room[c] = max(0, room[c])
	}
	return room
}

// lessCopies takes what copies send from GB by link and period.
func (p *Problem) lessCopies(gb []float64, copies []Delivery) {
	for k := range copies {
		for _, d := range copies[k].Data {
			gb[int(d.Link)*len(p.Hours)+int(d.Period)] -= d.GB
		}
	}
}
