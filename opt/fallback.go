package opt

// Fallbacks are first schedules: plans where the search finds none that is better. Beside
// many placed jobs, which all do nothing in them, to extract such a plan and verify it job
// by job takes long, and as a rule another is found. So they are kept as points, and
// verified, the cheapest first, where at the end none is better.

import (
	"cmp"
	"context"
	"slices"
)

// manyPlans is the number of placed jobs from which fallbacks wait.
const manyPlans = 50_000

// fallback is candidate for a first schedule, and keeps it. Where it waits, its cost is the
// point's.
func (s *session) fallback(ctx context.Context, x []float64, priced bool) (*candidate, error) {
	c, err := s.held(ctx, x, priced)
	if s.placed == nil || len(s.placed.jobs.problem.Jobs) < s.many {
		if c, err = s.verified(c, err); err == nil {
			s.keepCandidate(c)
		}
		return c, err
	}
	if err != nil {
		return nil, err
	}
	c.cost = c.last.p.Eval(c.last.at.X)/s.scale + s.placed.jobs.undoneCost()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fallbacks = append(s.fallbacks, c)
	return c, nil
}

// cheapest is the cheapest schedule that is known, verified or not; nil for none.
func (s *session) cheapest() *candidate {
	c := s.best
	for _, f := range s.fallbacks {
		if c == nil || f.cost < c.cost {
			c = f
		}
	}
	return c
}

// fallBack verifies the fallbacks that cost less than the best plan until one holds.
func (s *session) fallBack() {
	slices.SortStableFunc(s.fallbacks, func(a, b *candidate) int { return cmp.Compare(a.cost, b.cost) })
	for _, f := range s.fallbacks {
		if s.best != nil && s.best.cost <= f.cost {
			break
		}
		jobs := s.placed.jobs
		at, comes := jobs.at, jobs.comes
		jobs.at, jobs.comes = jobs.nobody(), nil
		c, err := s.verified(f, nil)
		if err == nil {
			s.keepCandidate(c)
			break
		}
		jobs.at, jobs.comes = at, comes
		s.note("a schedule was set aside: %v", err)
	}
	s.fallbacks = nil
}
