package place

// Moving a job changes the use of its cells, their live prices, and the
// potential: in each cell by price * d + slope * d^2 / 2, and, unless capacity
// is hard, by the difference of (max(0, mu + rho (load - capacity)))^2 / (2 rho).

// shift adds the assignment's use (sign 1) or takes it away (-1) and returns the
// change of the potential without lateness and drop price.
func (s *Session) shift(j *Job, x *Assignment, sign float64) float64 {
	if x.Pool == None {
		return 0
	}
	at, change := s.seat(j, x.Pool), 0.0
	if x.Work == nil {
		held := sign * x.Units
		for t := int(x.First); t < int(x.End)-1; t++ {
			change += s.shiftUnits(at, t, held, held)
		}
		change += s.shiftUnits(at, int(x.End)-1, held, sign*x.LastBusy)
	}
	for _, w := range x.Work {
		change += s.shiftUnits(at, int(w.Period), sign*x.held(w), sign*w.Amount)
	}
	return change + s.shiftData(x.Data, sign)
}

// shiftData adds data to links, or takes them away, and returns the change of the
// potential.
func (s *Session) shiftData(sent []Sent, sign float64) float64 {
	change := 0.0
	for _, d := range sent {
		change += s.shiftGB(int(d.Link), int(d.Period), sign*d.GB)
	}
	return change
}

func (s *Session) shiftUnits(at *seat, t int, held, busy float64) float64 {
	c := int(at.pool)*len(s.p.Hours) + t
	change := held*(s.prices.Held[c]+s.slopes.Held[c]*held/2) + busy*(s.prices.Busy[c]+s.slopes.Busy[c]*busy/2)
	s.prices.Held[c] += s.slopes.Held[c] * held
	s.prices.Busy[c] += s.slopes.Busy[c] * busy
	s.use.Held[c] += held
	s.use.Busy[c] += busy
	s.changed[t] = true
	if !s.hard {
		change += s.crowding(at, t, held)
	}
	s.load.add(s.p, at, t, held)
	if s.hard {
		for _, o := range at.touched {
			if int(o) >= s.seats.pools {
				break // seats of owners are seen to when one of their jobs is asked
			}
			s.market.pools[o].room[t] = s.roomAt(&s.seats.all[o], t)
		}
	}
	return change
}

func (s *Session) shiftGB(link, t int, gb float64) float64 {
	c := link*len(s.p.Hours) + t
	change := gb * (s.prices.GB[c] + s.slopes.GB[c]*gb/2)
	s.prices.GB[c] += s.slopes.GB[c] * gb
	load, capacity := s.use.GB[c], s.room.gb[c]
	s.use.GB[c] += gb
	s.changed[t] = true
	if s.hard {
		s.market.links[link].room[t] = remaining(capacity, s.use.GB[c])
		return change
	}
	return change + penalty(s.mu.GB[c], s.gbRho[link], load-capacity, gb)
}

// penalty is what more load adds to the augmented term of a cell that is over
// its capacity by over.
func penalty(mu, rho, over, more float64) float64 {
	before, after := max(0, mu+rho*over), max(0, mu+rho*(over+more))
	return (after - before) * (after + before) / (2 * rho)
}

// tryMove moves the job if the potential falls by it. Data are sent anew on the
// way, at the prices of the moment, unless capacity is hard.
func (s *Session) tryMove(i int32, to *proposal) bool {
	j, from := &s.p.Jobs[i], &s.places[i]
	change := s.shift(j, from, -1) - s.market.ownCost(j, from)
	if !s.hard {
		s.resend(j, to)
	}
	change += s.shift(j, &to.place, 1) + s.market.ownCost(j, &to.place)
	if change < -s.leastGain {
		s.gained -= change
		*from = to.place.keep()
		return true
	}
	s.shift(j, &to.place, -1)
	s.shift(j, from, 1)
	return false
}

// recount adds up the use anew: sums of many moves drift.
func (s *Session) recount() {
	clear3(s.use.Held, s.use.Busy, s.use.GB)
	clear(s.load.units)
	clear(s.load.unitH)
	for k := range s.copies {
		s.use.AddData(s.copies[k].Data, len(s.p.Hours))
	}
	for i := range s.places {
		x := &s.places[i]
		s.use.Add(x, len(s.p.Hours))
		if !x.Dropped() {
			at := s.seat(&s.p.Jobs[i], x.Pool)
			x.periods(func(t int) { s.load.add(s.p, at, t, x.heldIn(t)) })
		}
	}
	s.makeRoom()
}

// Add adds what an assignment takes, of T periods.
func (u *Use) Add(x *Assignment, T int) {
	if x.Pool == None {
		return
	}
	base := int(x.Pool) * T
	if x.Work == nil {
		for t := int(x.First); t < int(x.End); t++ {
			u.Held[base+t] += x.Units
			u.Busy[base+t] += x.Units
		}
		u.Busy[base+int(x.End)-1] += x.LastBusy - x.Units
	}
	for _, w := range x.Work {
		u.Held[base+int(w.Period)] += x.held(w)
		u.Busy[base+int(w.Period)] += w.Amount
	}
	u.AddData(x.Data, T)
}

// AddData adds what links carry, of T periods.
func (u *Use) AddData(sent []Sent, T int) {
	for _, d := range sent {
		u.GB[int(d.Link)*T+int(d.Period)] += d.GB
	}
}

// makeRoom writes the room that jobs find: what is left in hard mode, all
// capacity else.
func (s *Session) makeRoom() {
	T := len(s.p.Hours)
	for i := range s.market.pools {
		q, at := &s.market.pools[i], &s.seats.all[i]
		at.least(q.room, s.room.units)
		for t := 0; s.hard && t < T; t++ {
			q.room[t] = s.roomAt(at, t)
		}
		q.leastRoom = least(q.room)
	}
	for i := range s.market.links {
		l := &s.market.links[i]
		for t := range T {
			l.room[t] = s.room.gb[i*T+t]
			if s.hard {
				l.room[t] = remaining(l.room[t], s.use.GB[i*T+t])
			}
		}
		l.leastRoom = least(l.room)
	}
	if s.hard {
		for i := range s.market.pools {
			s.market.pools[i].leastRoom = -1 // room changes with every move
		}
		for i := range s.market.links {
			s.market.links[i].leastRoom = -1
		}
	}
}

// remaining is the room that is left under a limit; what may be a rest of
// rounding is none.
func remaining(limit, load float64) float64 {
	if room := limit - load; room > 1e-7*limit {
		return room
	}
	return 0
}
