package place

import "math"

// Big jobs move prices by their own weight: they are asked at prices of their
// own, the average over the load that they would bring, once they themselves
// are taken away.

// weigh writes such prices for a job that is out of its place, to the pools and
// links in its reach, for the periods of its window.
func (s *Session) weigh(j *Job) {
	m := s.own.m
	units := s.p.mostUnits(j)
	for _, o := range s.p.Reach[j.Reach] {
		s.weighPool(m.pool(j, o.Pool), int(o.Pool), j, units)
		for i, link := range o.Links {
			if link != None {
				s.weighLink(&m.links[link], int(link), int(j.First), j.Flows[i].GB)
			}
		}
	}
}

func (s *Session) weighPool(q *poolMarket, pool int, j *Job, units float64) {
	seen, at := s.market.pool(j, int32(pool)), s.seat(j, int32(pool))
	base, first, end := pool*len(s.p.Hours), int(j.First), int(j.End)
	for t := first; t < end; t++ {
		c := base + t
		q.busy[t] = s.prices.Busy[c] + s.slopes.Busy[c]*units/2
		q.both[t] = q.busy[t] + s.prices.Held[c] + s.slopes.Held[c]*units/2
		if !s.hard {
			q.both[t] += s.crowding(at, t, units) / units
		}
	}
	q.room, q.leastRoom = seen.room, seen.leastRoom
	q.cheapest = q.cheapest[:0]
	if j.Shape != Rigid && j.Shape != Moldable { // the others need no order
		for _, t := range seen.cheapest {
			if int(t) >= first && int(t) < end {
				q.cheapest = append(q.cheapest, t)
			}
		}
	}
	q.build(s.p.Hours, first, max(first, end))
}

// weighLink writes the prices of a link from a period on: input crosses it up to the end of the job's
// window, results to the horizon's.
func (s *Session) weighLink(l *linkMarket, link, first int, gb float64) {
	seen := &s.market.links[link]
	base, capacity := link*len(s.p.Hours), s.room.gb[link*len(s.p.Hours):]
	part := min(gb, s.meanGB[link]/4)
	l.leastPrice = math.Inf(1)
	for t := first; t < len(s.p.Hours); t++ {
		c := base + t
		l.price[t] = s.prices.GB[c] + s.slopes.GB[c]*part/2
		if !s.hard {
			l.price[t] += penalty(s.mu.GB[c], s.gbRho[link], s.use.GB[c]-capacity[t], part) / part
		}
		l.leastPrice = min(l.leastPrice, l.price[t])
	}
	l.room, l.leastRoom = seen.room, seen.leastRoom
}
