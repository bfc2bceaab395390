package opt

// The search goes from what is cheap to what is thorough, and stops as soon as
// the gap is closed:
//
//  1. the linear relaxation, whose optimum bounds every plan;
//  2. the program in which every integer may only take the two values around the
//     relaxation's (RENS: Berthold 2014, The relaxation enforced neighborhood
//     search): small, and with the tight formulation close to the best;
//  3. branch and cut on the whole program, from the best plan so far.
//
// The bound is the largest proved by 1 and 3, the plan the best of all.

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// keep is the number of incumbents kept, newest last.
const keep = 4

// neighbourhoodNodes bounds the branch and bound of step 2.
const neighbourhoodNodes = 2000

// search returns why it ended and the bound it proved, in money. The best
// verified plan is in s.best.
func (s *session) search(ctx context.Context) (end solver.Status, bound float64) {
	began := time.Now()
	dispatching := s.out.Seconds.Dispatch + s.out.Seconds.Verify
	defer func() {
		s.out.Seconds.Search = time.Since(began).Seconds() - (s.out.Seconds.Dispatch + s.out.Seconds.Verify - dispatching)
	}()
	s.searchBegan = began
	s.bound = math.Inf(-1)
	s.say(Progress{Phase: "search"})
	if ctx.Err() != nil {
		return solver.Interrupted, s.bound
	}
	if s.p.Integers() > 0 {
		if x := s.relax(ctx); x != nil && !s.closed() {
			s.neighbourhood(ctx, x)
		}
		if s.closed() {
			return solver.Optimal, s.bound
		}
	}
	return s.whole(ctx), s.bound
}

// engineOptions are the options of one run, with what is left of the time.
func (s *session) engineOptions(gap float64) solver.Options {
	o := solver.Options{
		WorkLimit: s.o.WorkLimit, RelGap: gap, Threads: s.o.Threads, Seed: s.o.Seed,
		OnProgress: s.progress, OnIncumbent: s.incumbent,
	}
	if s.o.TimeLimit > 0 {
		o.TimeLimit = max(time.Millisecond, s.o.TimeLimit-time.Since(s.searchBegan))
	}
	if s.best != nil {
		o.Start = s.best.x
	}
	return o
}

func (s *session) timeUp() bool {
	return s.o.TimeLimit > 0 && time.Since(s.searchBegan) >= s.o.TimeLimit
}

// closed says whether the best plan is proved within the gap.
func (s *session) closed() bool {
	return s.best != nil && s.within(s.best.plan.Objective, s.bound)
}

func (s *session) within(cost, bound float64) bool {
	return cost-bound <= s.o.Gap*math.Abs(cost)*(1+1e-9)+1e-9
}

// relax solves the linear relaxation, raises the bound to its optimum and
// returns its point; nil when there is none.
func (s *session) relax(ctx context.Context) []float64 {
	q := *s.p
	q.ColType = make([]solver.VarType, s.p.Cols())
	o := s.engineOptions(0)
	// The limit of work counts nodes, and a linear program has none.
	o.WorkLimit, o.OnIncumbent, o.OnProgress, o.Start = 0, nil, nil, nil
	res, err := run(ctx, s.o.Engine, &q, o)
	if err != nil {
		s.note("the relaxation failed: %v", err)
		return nil
	}
	if res.Status != solver.Optimal {
		return nil
	}
	s.raise(res.Bound / s.scale)
	return res.X
}

// raise lifts the bound, in money.
func (s *session) raise(bound float64) {
	if bound > s.bound {
		s.bound = bound
	}
	p := Progress{Phase: "search", HasBound: !math.IsInf(s.bound, 0), Bound: s.bound}
	s.say(p)
	s.record(0)
}

// neighbourhood searches the integers around x, until a plan closes the gap.
func (s *session) neighbourhood(ctx context.Context, x []float64) {
	if s.timeUp() {
		return
	}
	q := *s.p
	q.ColLower = append([]float64(nil), s.p.ColLower...)
	q.ColUpper = append([]float64(nil), s.p.ColUpper...)
	for j, t := range s.p.ColType {
		if t != solver.Integer {
			continue
		}
		lo, up := math.Floor(x[j]), math.Ceil(x[j])
		if r := math.Round(x[j]); math.Abs(x[j]-r) <= 1e-6 {
			lo, up = r, r
		}
		q.ColLower[j] = math.Min(math.Max(lo, q.ColLower[j]), q.ColUpper[j])
		q.ColUpper[j] = math.Max(math.Min(up, q.ColUpper[j]), q.ColLower[j])
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	o := s.engineOptions(s.o.Gap / 10)
	o.Start = nil
	if o.WorkLimit == 0 || o.WorkLimit > neighbourhoodNodes {
		o.WorkLimit = neighbourhoodNodes
	}
	// The first incumbent good enough is the one that counts, whatever the
	// engine finds until it notices: the same plan every time.
	var enough []float64
	o.OnIncumbent = func(objective float64, x []float64) {
		if enough != nil {
			return
		}
		s.incumbent(objective, x)
		if s.within(objective/s.scale, s.bound) {
			enough = x
			stop()
		}
	}
	o.OnProgress = func(p solver.Progress) {
		p.Bound = math.Inf(-1) // of the neighbourhood, not of the case
		s.progress(p)
	}
	res, err := run(ctx, s.o.Engine, &q, o)
	switch {
	case err != nil:
		s.note("the neighbourhood search failed: %v", err)
	case enough != nil:
		res.X, res.HasPoint = enough, true
	}
	if res != nil {
		s.out.Nodes += res.Nodes
	}
	s.dispatch(ctx, res)
}

// whole runs branch and cut on the whole program.
func (s *session) whole(ctx context.Context) solver.Status {
	if s.timeUp() {
		return solver.LimitReached
	}
	res, err := run(ctx, s.o.Engine, s.p, s.engineOptions(s.o.Gap))
	if err != nil {
		s.dispatch(ctx, nil)
		if ctx.Err() != nil {
			return solver.Interrupted
		}
		s.note("the search failed: %v", err)
		return solver.Unknown
	}
	s.out.Nodes += res.Nodes
	s.dispatch(ctx, res)
	if b := res.Bound / s.scale; b > s.bound && res.Status != solver.Infeasible {
		s.bound = b
	}
	return res.Status
}

func (s *session) incumbent(objective float64, x []float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.incumbents = append(s.incumbents, incumbent{objective, x})
	if len(s.incumbents) > keep {
		s.incumbents = slices.Delete(s.incumbents, 0, 1)
	}
}

// progress passes on what the engine reports, in money of the case.
func (s *session) progress(p solver.Progress) {
	out := Progress{Phase: "search", HasIncumbent: p.HasIncumbent, Nodes: p.Nodes}
	if p.HasIncumbent {
		out.Objective = p.Objective / s.scale
	}
	if b := math.Max(p.Bound/s.scale, s.bound); !math.IsInf(b, 0) {
		out.HasBound, out.Bound = true, b
	}
	s.say(out)
	s.record(p.Nodes)
}

// record adds the latest progress to the series where it changed.
func (s *session) record(nodes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	point := ProgressPoint{Seconds: time.Since(s.searchBegan).Seconds(), Nodes: nodes}
	if v := s.latest.Objective; s.latest.HasIncumbent {
		point.Objective = &v
	}
	if v := s.latest.Bound; s.latest.HasBound {
		point.Bound = &v
	}
	if n := len(s.out.Progress); n > 0 && same(s.out.Progress[n-1].Objective, point.Objective) && same(s.out.Progress[n-1].Bound, point.Bound) {
		return
	}
	s.out.Progress = append(s.out.Progress, point)
}

func same(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
