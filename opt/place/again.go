package place

import (
	"context"
	"slices"
)

// againRounds is how often the jobs of a placement answer a power half at most, and
// worthAgain the part of all gain that the last round must have won to try again.
const againRounds, worthAgain = 4, 0.1

// Again lets the jobs of a placement answer a power half whose decisions are held:
// what it leaves to them, in pools and on links, is a limit, not a price. Every round
// it settles, and each job, those of most work first, moves where that costs less,
// within what is left. It returns the cheapest placement that came of it, with its
// cost by that power half; the bound, its prices and what they are worth are those
// of r. nil means that no round was better than r itself.
//
// relaxed is the power half of which the bound is a part: the account of the gap is
// reckoned against what the new placement costs there.
func Again(ctx context.Context, p *Problem, held Sharer, relaxed Power, r *Result, o Options) (*Result, float64, error) {
	s, err := New(p, o)
	if err != nil {
		return nil, 0, err
	}
	copy(s.places, r.Places)
	s.hard = true
	s.takeCopies(r.Copies)
	s.recount()
	first := held.Cost(&s.use) + s.ownCost()
	least := first
	best := &run{s: s, power: relaxed, best: *r}
	best.best.Places = append([]Assignment(nil), r.Places...)
	better := false
	for range againRounds {
		if err := held.Settle(ctx, &s.use); err != nil {
			if ctx.Err() != nil || better {
				break
			}
			return nil, 0, err
		}
		s.SetRoom(held.Room())
		s.atLeastUse()
		s.resetLimit(nil)
		moved := s.move(ctx, held)
		cost := held.Cost(&s.use) + s.ownCost()
		gain := least - cost
		if gain > 0 {
			least, better = cost, true
			copy(best.best.Places, s.places)
			best.best.Copies = slices.Clone(s.copies)
		}
		if moved == 0 || gain < worthAgain*(first-least) || ctx.Err() != nil {
			break
		}
	}
	if !better {
		return nil, 0, nil
	}
	copy(s.places, best.best.Places)
	s.takeCopies(best.best.Copies)
	s.recount()
	best.best.Cost = relaxed.Cost(&s.use) + s.ownCost()
	again := best.result(ctx)
	again.Questions += r.Questions
	return again, least, nil
}

// move asks the jobs that the prices of now would have elsewhere, within hard capacity.
func (s *Session) move(ctx context.Context, pricer Pricer) (moved int) {
	s.watch(ctx)
	s.looked = false // its prices are new
	s.makeRoom()
	s.look(pricer)
	none := NewMultipliers(s.p)
	at := marketAt(s.p, s.seats, &s.prices, &none)
	at.ready = s.market.ready
	regret := s.regrets(at)
	moved = s.pass(pricer, s.regretful(regret), hardBlock)
	s.dropIdle()
	s.recount()
	return moved
}

// atLeastUse leaves to jobs what they have: the power half has said that it can be.
func (s *Session) atLeastUse() {
	for c, v := range s.load.units {
		s.room.units[c] = max(s.room.units[c], v)
	}
	for c, v := range s.use.GB {
		s.room.gb[c] = max(s.room.gb[c], v)
	}
}
