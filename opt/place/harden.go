package place

import (
	"context"
	"slices"
)

// Harden makes the placement keep every capacity, and limits of units held (by
// pool and period; nil: the pools' capacity), and then improves it under them.
// prices and mu are those of the best bound: regret at them says which jobs are
// worth looking at. When the context or the work ends, what is left out is that
// improvement; every limit holds all the same, and jobs that had to leave their
// places have looked for others.
func (s *Session) Harden(ctx context.Context, pricer Pricer, limit []float64, prices *Prices, mu *Multipliers) {
	s.harden(ctx, pricer, limit, prices, mu, s.o.Polish)
}

// harden is Harden with so many rounds of improvement.
func (s *Session) harden(ctx context.Context, pricer Pricer, limit []float64, prices *Prices, mu *Multipliers, polish int) {
	s.watch(ctx)
	s.resetLimit(limit)
	s.settleCopies()
	s.hard = true
	s.makeRoom()
	// Jobs that have to leave find another place even where time is up: it takes a part
	// of a pass, and what they are worth is at stake.
	stop := s.stop
	s.stop = func() bool { return false }
	out := s.evict(pricer, prices, mu)
	s.frozen = nil
	s.pass(pricer, out, hardBlock)
	s.stop = stop
	at := marketAt(s.p, s.seats, prices, mu)
	at.ready = s.market.ready
	for range polish {
		if s.stop() {
			break
		}
		before := s.gained
		regret := s.regrets(at)
		sum := 0.0
		for i, r := range regret {
			if !s.tied(int32(i)) { // which knows nothing of what ties forbid
				sum += r
			}
		}
		s.pass(pricer, s.regretful(regret), hardBlock)
		s.eject(pricer, at, regret)
		s.withoutCopies()
		if s.gained-before < 0.01*sum {
			break
		}
	}
	s.dropIdle()
	s.recount()
	s.look(pricer)
}

// hardBlock is the number of jobs between two looks at the prices where capacity
// is hard.
const hardBlock = 64

// Soften ends hard mode: capacity has its price again. Jobs keep their places.
func (s *Session) Soften() {
	s.hard = false
	s.makeRoom()
	s.showCopies()
	s.show()
}

// teamsOf are the jobs, and the first ones of the teams of those that are tied, in the order
// in which jobs are asked.
func (s *Session) teamsOf(jobs []int32) []int32 {
	asked := make(map[int32]bool)
	for _, i := range jobs {
		asked[i] = true
		if s.tied(i) {
			asked[s.ties.teams[s.ties.team[i]][0]] = true
		}
	}
	var out []int32
	for _, i := range s.order {
		if asked[i] {
			out = append(out, i)
		}
	}
	return out
}

// crowded says whether the job's place uses a cell, or a quota, with more load than it
// may have.
func (s *Session) crowded(i int32) bool {
	x := &s.places[i]
	if x.Dropped() {
		return false
	}
	at, found := s.seat(&s.p.Jobs[i], x.Pool), false
	for _, q := range at.quotas {
		found = found || beyond(s.load.unitH[q], s.p.Quotas[q].unitH())
	}
	x.periods(func(t int) {
		for _, c := range at.cells {
			k := int(c)*len(s.p.Hours) + t
			found = found || beyond(s.load.units[k], s.limit[k])
		}
	})
	if found || s.tooSoon(i) {
		return true
	}
	return slices.ContainsFunc(x.Data, func(d Sent) bool {
		c := int(d.Link)*len(s.p.Hours) + int(d.Period)
		return beyond(s.use.GB[c], s.room.gb[c])
	})
}

// beyond says that a load is above its limit by more than rounding.
func beyond(load, limit float64) bool { return load > limit*(1+roomSlack) }

// regretful returns the jobs of notable regret, most work first.
func (s *Session) regretful(regret []float64) []int32 {
	var out []int32
	for _, i := range s.order {
		if regret[i] > 1e-4*s.p.Jobs[i].DropPrice+s.leastGain {
			out = append(out, i)
		}
	}
	return out
}
