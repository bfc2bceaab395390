package place

import "context"

// PassReport is what a pass over the jobs did.
type PassReport struct {
	Pass    int
	Asked   int // jobs asked
	Moved   int // jobs that moved
	Dropped int
	// OverUnits and OverGB are how much of the capacity is asked for beyond it,
	// over all cells, relative.
	OverUnits, OverGB float64
	Softness          float64
	// Bound and Cost known after the pass, where Place reckons them.
	Bound, Cost float64
}

// Pass lets every job respond once to the prices, jobs with most work first.
// Capacity has its price by the multipliers of now. It stops between blocks when
// the context is done.
func (s *Session) Pass(ctx context.Context, pricer Pricer) PassReport {
	s.watch(ctx)
	s.soften()
	moved := s.pass(pricer, s.order, s.o.Block)
	s.recount()
	s.look(pricer)
	s.reviseCopies()
	r := PassReport{Asked: len(s.order), Moved: moved, Softness: s.softness}
	r.OverUnits, r.OverGB = s.over()
	for i := range s.places {
		if s.places[i].Dropped() {
			r.Dropped++
		}
	}
	return r
}

// pass asks the jobs in order and returns the number of those that moved.
func (s *Session) pass(pricer Pricer, order []int32, block int) (moved int) {
	for from := 0; from < len(order) && !s.stop(); from += block {
		s.look(pricer)
		moved += s.passBlock(order[from:min(len(order), from+block)])
	}
	return moved
}

// passBlock asks a few jobs. Those whose own weight does not count are asked
// side by side at the prices that all saw at the last look; then jobs move one
// by one, each at the prices that those before it left.
func (s *Session) passBlock(jobs []int32) (moved int) {
	alone := func(i int32) bool { return s.hard || s.big[i] || s.tied(i) }
	kept := func(i int32) bool { return s.frozen != nil && s.frozen[i] }
	if !s.hard {
		s.crew.pieces(len(jobs), 32, func(worker, from, to int) {
			a := s.askers[worker]
			for k := from; k < to; k++ {
				if i := jobs[k]; !alone(i) && !kept(i) {
					a.ask(&s.p.Jobs[i], s.places[i].Pool)
					a.compose(&s.p.Jobs[i], &s.block[k])
				}
			}
		})
	}
	for k, i := range jobs {
		switch {
		case kept(i):
		case s.tied(i):
			if s.respondTied(i) {
				moved++
			}
		case alone(i):
			if s.respond(i) {
				moved++
			}
		case s.settled(i, &s.block[k].place):
		default:
			if s.tryMove(i, &s.block[k]) {
				moved++
			}
		}
	}
	return moved
}

// settled says that the job is where the proposal would put it, and that its
// data cost no more than there.
func (s *Session) settled(i int32, to *Assignment) bool {
	x := &s.places[i]
	return x.sameWork(to) && (len(x.Data) == 0 || s.market.dataCost(x.Data) <= s.market.dataCost(to.Data)+s.leastGain)
}

// respond takes one job out, asks for it, with its own weight if it is big, and
// moves it if that wins.
func (s *Session) respond(i int32) bool {
	j, from := &s.p.Jobs[i], &s.places[i]
	change := s.shift(j, from, -1) - s.market.ownCost(j, from)
	change += s.insert(i, from.Pool, &s.single)
	if change < -s.leastGain && s.mayBe(i, &s.single.place) {
		s.gained -= change
		*from = s.single.place.keep()
		return true
	}
	s.shift(j, &s.single.place, -1)
	s.shift(j, from, 1)
	return false
}

// insert adds the best place of a job that is out, writes it to the proposal, and
// returns the change of the potential, lateness and drop price included.
func (s *Session) insert(i, hint int32, to *proposal) float64 {
	j := &s.p.Jobs[i]
	seen, barred, ok := j, []bool(nil), true
	if s.tied(i) {
		seen, barred, ok = s.leeway(i)
	}
	if !ok {
		to.place = dropped()
		return j.DropPrice
	}
	if s.hard && j.Owner > 0 {
		s.seeRoom(seen)
	}
	a := s.askers[0]
	if s.big[i] {
		s.weigh(seen)
		a = s.own
	}
	a.barred = barred
	a.ask(seen, hint)
	a.barred = nil
	a.compose(seen, to)
	switch {
	case !s.hard:
		s.resend(seen, to)
	case !s.fits(j, &to.place):
		to.place = dropped()
	}
	return s.shift(j, &to.place, 1) + s.market.ownCost(j, &to.place)
}

// look asks the pricer and writes what the jobs see.
func (s *Session) look(pricer Pricer) {
	changed := s.changed
	if !s.looked {
		changed = nil
	}
	pricer.Price(&s.use, changed, &s.prices, &s.slopes)
	if !s.looked {
		s.looked = true
		s.gauge()
	}
	clear(s.changed)
	s.show()
}

// show writes live prices and the prices of capacity to the market.
func (s *Session) show() {
	T := len(s.p.Hours)
	for i := range s.market.pools {
		q, at := &s.market.pools[i], &s.seats.all[i]
		for t := range T {
			c := int(at.pool)*T + t
			q.busy[t] = s.prices.Busy[c]
			q.both[t] = s.prices.Busy[c] + s.prices.Held[c]
			if !s.hard {
				q.both[t] += s.capacityPrice(at, t)
			}
		}
		q.build(s.p.Hours, 0, T)
	}
	for i := range s.market.links {
		l := &s.market.links[i]
		for t := range T {
			l.price[t] = s.prices.GB[i*T+t]
			if !s.hard {
				l.price[t] += s.gbPrice(i, t)
			}
		}
		l.leastPrice = least(l.price)
	}
}

// watch lets the session stop when the context is done or its work is.
func (s *Session) watch(ctx context.Context) {
	s.stop = func() bool {
		return ctx.Err() != nil || s.o.WorkLimit > 0 && s.Questions() >= s.o.WorkLimit
	}
}
