package place

// What more room would be worth to the jobs. The multipliers of the best bound rise from
// nothing pass by pass, and where jobs are dropped by the hundred they have not come to what
// those are worth by the last. With the prices of use held, the jobs alone remain,
//
//	L(mu) = sum over jobs of their least cost at prices and mu - mu room
//
// whose best mu is what room is worth. It is climbed along the use beyond room that the
// cheapest places come to, turned off the way before where that would go to and fro, as
// far as the gap to what the places at hand cost allows (Polyak, Introduction to
// Optimization, 1987, 5.3); the step shrinks where nothing is won.

import "context"

// Worth returns multipliers of room, units by pool and period and GB by link and
// period, that are worth at least as much as mu: the best of so many rounds, each of which
// asks every job; those of quotas stay. places and copies keep the room. The error says that the problem is meaningless.
func Worth(ctx context.Context, p *Problem, places []Assignment, copies []Delivery, room *Multipliers, prices *Prices, mu *Multipliers, rounds int, o Options) (Multipliers, error) {
	s, err := New(p, o)
	if err != nil {
		return Multipliers{}, err
	}
	copy(s.places, places)
	s.hard = true
	s.takeCopies(copies)
	left := room.Clone() // beside copies
	p.lessCopies(left.GB, copies)
	room = &left
	none := NewMultipliers(p)
	free := marketAt(p, s.seats, prices, &none)
	cost := s.crew.sum(len(places), func(_, i int) float64 { return free.costAt(&p.Jobs[i], &places[i]) })
	now, best, pace := mu.Clone(), mu.Clone(), 1.0
	over, way := NewMultipliers(p), NewMultipliers(p)
	value := s.beyond(prices, &now, room, &over)
	least, stale := value, 0
	for range rounds {
		if ctx.Err() != nil || cost-value <= 1e-9*max(1, cost) {
			break
		}
		// The way turns off where it would go to and fro (Camerini, Fratta and Maffioli,
		// Mathematical Programming Study 3, 1975, 26-34).
		turn := 0.0
		if along := dot(way.Held, way.Held) + dot(way.GB, way.GB); along > 0 {
			turn = max(0, -1.5*(dot(over.Held, way.Held)+dot(over.GB, way.GB))/along)
		}
		follow := func(way, over, mu []float64) {
			for i := range way {
				if way[i] = over[i] + turn*way[i]; mu[i] <= 0 {
					way[i] = max(0, way[i])
				}
			}
		}
		follow(way.Held, over.Held, now.Held)
		follow(way.GB, over.GB, now.GB)
		square := dot(way.Held, way.Held) + dot(way.GB, way.GB)
		if square == 0 {
			break
		}
		step := pace * (cost - value) / square
		move := func(mu, way []float64) {
			for i := range mu {
				mu[i] = max(0, mu[i]+step*way[i])
			}
		}
		move(now.Held, way.Held)
		move(now.GB, way.GB)
		if value = s.beyond(prices, &now, room, &over); value > least {
			least, best, stale = value, now.Clone(), 0
		} else if stale++; stale == patientRounds {
			pace, stale = pace/2, 0
		}
	}
	return best, nil
}

// patientRounds is after how many rounds without a better value steps are halved.
const patientRounds = 20

// beyond writes by how much the cheapest places at prices and multipliers use more than the
// room, and returns L.
func (s *Session) beyond(prices *Prices, mu, room, over *Multipliers) float64 {
	const size = 1024
	m, n := marketAt(s.p, s.seats, prices, mu), len(s.p.Jobs)
	m.ready = s.market.ready
	askers, found := s.askersAt(m), make([]proposal, s.o.Threads)
	verdicts := s.verdicts(askers, nil)
	parts, sums := make([]Use, (n+size-1)/size), make([]float64, (n+size-1)/size)
	s.crew.pieces(n, size, func(worker, from, to int) {
		u := NewUse(s.p)
		for i := from; i < to; i++ {
			a, x := askers[worker], &found[worker]
			a.askFor(on(verdicts, i), &s.p.Jobs[i], s.places[i].Pool)
			a.compose(&s.p.Jobs[i], x)
			u.Add(&x.place, len(s.p.Hours))
			sums[from/size] += a.low
		}
		parts[from/size] = u
	})
	T, value := len(s.p.Hours), -mu.ofQuotas(s.p)
	for k := range parts { // power levels take of their pool's room
		for c, v := range parts[k].Held {
			if base := s.p.BasePool(c / T); base != c/T {
				parts[k].Held[base*T+c%T] += v
				parts[k].Held[c] = 0
			}
		}
	}
	sum := func(to, room, mu []float64, of func(u *Use) []float64) {
		for i := range to {
			to[i] = -room[i]
			for k := range parts {
				to[i] += of(&parts[k])[i]
			}
			value -= mu[i] * room[i]
		}
	}
	sum(over.Held[:len(s.use.Held)], room.Held, mu.Held, func(u *Use) []float64 { return u.Held })
	sum(over.GB, room.GB, mu.GB, func(u *Use) []float64 { return u.GB })
	for _, v := range sums {
		value += v
	}
	return value
}
