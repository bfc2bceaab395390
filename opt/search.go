package opt

// The search goes from what is cheap to what is thorough, and stops as soon as
// the gap is closed:
//
//  0. for a large case of short periods, a plan in longer ones (coarse.go);
//  1. the linear relaxation, whose optimum bounds every plan;
//  2. the leading side, power, with all that followers do held where the
//     relaxation has it, and every integer on one of the two values around the
//     relaxation's (RENS: Berthold 2014); the followers, computing, by the
//     relaxation's prices (follow.go); both joined by a dispatch;
//  3. the followers by a program of their own, in which what they share with
//     power is priced instead of limited, joined to 2's power;
//  4. power again as in 2, now with the followers' integers of 3 held;
//  5. branch and cut on the whole program, from the best plan so far.
//
// The bound is the largest proved by 0, 1 and 5, the plan the best of all.
// docs/search.md tells what each step is worth, and what was tried and dropped.

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// keep is the number of incumbents kept, newest last.
const keep = 4

// neighbourhoodNodes bounds the branch and bound in each of steps 2 to 4.
const neighbourhoodNodes = 2000

// search returns why it ended and the bound it proved, in money. The best
// verified plan is in s.best.
func (s *session) search(ctx context.Context) (end solver.Status, bound float64) {
	assets := s.assets() // none where jobs are placed
	s.out.Method = Monolith
	switch {
	case s.placed != nil:
		s.out.Method = Placement
	case len(assets) > 0:
		s.out.Method = Decomposition
	default:
		s.say(Progress{Phase: "first schedule"})
		s.first(ctx)
	}
	began := time.Now()
	if s.searchBegan.IsZero() {
		s.searchBegan, s.bound = began, math.Inf(-1)
	}
	dispatching := s.out.Seconds.Dispatch + s.out.Seconds.Verify
	defer func() {
		s.phase("")
		s.fallBack()
		s.out.Seconds.Search += time.Since(began).Seconds() - (s.out.Seconds.Dispatch + s.out.Seconds.Verify - dispatching)
	}()
	s.say(Progress{Phase: "search"})
	if ctx.Err() != nil {
		return solver.Interrupted, s.bound
	}
	switch {
	case s.placed != nil:
		return s.placeJobs(ctx)
	case len(assets) > 0:
		if s.decompose(ctx, assets) {
			return s.ended(ctx), s.bound
		}
	case s.p.Integers() > 0:
		s.phase("relaxation")
		s.coarse(ctx)
		if s.closed() {
			return solver.Optimal, s.bound
		}
		if lp := s.relax(ctx); lp != nil && !s.closed() {
			s.phase("rounding")
			s.round(ctx, lp)
		}
		if s.closed() {
			return solver.Optimal, s.bound
		}
	}
	s.phase("branch and cut")
	return s.whole(ctx), s.bound
}

// ended is the status of a search that stopped with what it has.
func (s *session) ended(ctx context.Context) solver.Status {
	switch {
	case s.closed():
		return solver.Optimal
	case ctx.Err() != nil:
		return solver.Interrupted
	}
	return solver.LimitReached
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
	return o
}

// linearOptions are those of a linear program: the limit of work counts nodes,
// and it has none.
func (s *session) linearOptions() solver.Options {
	o := s.engineOptions(0)
	o.WorkLimit, o.OnIncumbent, o.OnProgress = 0, nil, nil
	return o
}

func (s *session) timeUp() bool {
	return s.o.TimeLimit > 0 && time.Since(s.searchBegan) >= s.o.TimeLimit
}

// closed says whether the best plan is proved within the gap.
func (s *session) closed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.best != nil && s.within(s.best.cost, s.bound)
}

// absoluteGap is where engines stop proving whatever the relative gap (HiGHS at
// 1e-6, cbc at 1e-5), in their money: it matters where a plan costs next to
// nothing.
const absoluteGap = 1e-5

func (s *session) within(cost, bound float64) bool {
	return cost-bound <= s.o.Gap*math.Abs(cost)*(1+1e-9)+absoluteGap/s.scale
}

// relax solves the linear relaxation and raises the bound to its optimum; nil
// when there is none.
func (s *session) relax(ctx context.Context) *solver.Result { return s.relaxFrom(ctx, nil) }

// relaxFrom is relax from a basis of a program of the same shape, nil for none.
func (s *session) relaxFrom(ctx context.Context, basis *solver.Basis) *solver.Result {
	o := s.linearOptions()
	o.StartBasis = basis
	res, err := run(ctx, s.o.Engine, s.p.Relaxation(), o)
	if err != nil {
		s.note("the relaxation failed: %v", err)
		return nil
	}
	if res.Status != solver.Optimal {
		return nil
	}
	s.raise(res.Bound / s.scale)
	return res
}

// raise lifts the bound, in money.
func (s *session) raise(bound float64) {
	s.mu.Lock()
	s.bound = math.Max(s.bound, bound)
	p := Progress{Phase: "search", HasBound: !math.IsInf(s.bound, 0), Bound: s.bound}
	s.mu.Unlock()
	s.say(p)
	s.record(0)
}

// round makes plans near the relaxation's point until one closes the gap.
func (s *session) round(ctx context.Context, lp *solver.Result) {
	following := s.following()
	if !lp.HasDuals || !slices.Contains(following, true) {
		s.leading(ctx, lp, following, lp.X)
		return
	}
	// The followers' own program takes longest and needs the relaxation only,
	// so it runs beside the first plan.
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	priced := make(chan []float64, 1)
	go func() { priced <- s.followers(ctx, lp, following) }()
	x := s.aside(ctx, lp, following)
	if x != nil {
		s.join(ctx, x, s.follow(lp), following)
	}
	if s.closed() {
		stop()
		<-priced
		return
	}
	y := <-priced
	if y == nil {
		y = s.follow(lp)
	} else if x != nil {
		if s.join(ctx, x, y, following); s.closed() {
			return
		}
	}
	s.leading(ctx, lp, following, y)
}

// aside searches the integers of the leading side around the relaxation's, with
// all that followers do held where the relaxation has it.
func (s *session) aside(ctx context.Context, lp *solver.Result, following []bool) []float64 {
	q := s.m.security.withoutIdle(s.p, lp).Clone(solver.ColBounds | solver.ColTypes)
	for j, f := range following {
		switch {
		case f:
			q.ColLower[j], q.ColUpper[j], q.ColType[j] = lp.X[j], lp.X[j], solver.Continuous
		case q.ColType[j] == solver.Integer:
			around(q, j, lp.X[j], 0)
		}
	}
	return s.neighbourhood(ctx, q, s.o.Gap/4)
}

// join dispatches the leading side's integers of x with the followers' of y.
func (s *session) join(ctx context.Context, x, y []float64, following []bool) {
	s.dispatch(ctx, joined(x, y, following))
}

// joined is the leading side of x with the followers' of y.
func joined(x, y []float64, following []bool) []float64 {
	z := slices.Clone(x)
	for j, f := range following {
		if f {
			z[j] = y[j]
		}
	}
	return z
}

// follow sets the followers' integers by the relaxation's prices.
func (s *session) follow(lp *solver.Result) []float64 {
	r := newRounding(s.m, lp)
	for _, k := range s.catalog {
		if k, ok := k.(*pools); ok {
			k.seeModules(r)
		}
	}
	for _, k := range s.catalog {
		if k, ok := k.(Follower); ok {
			k.Follow(r)
		}
	}
	return r.x
}

// following says of every column whether a follower owns it.
func (s *session) following() []bool {
	kinds := make(map[string]bool)
	for _, k := range s.catalog {
		if _, ok := k.(Follower); ok {
			kinds[k.Kind()] = true
		}
	}
	out := make([]bool, s.p.Cols())
	for j := range out {
		o, _ := s.m.OwnerOf(solver.Col(j))
		out[j] = kinds[o.Kind]
	}
	return out
}

// leading searches the integers of the leading side around the relaxation's,
// with the followers' integers held at x's, and dispatches what it finds.
func (s *session) leading(ctx context.Context, lp *solver.Result, following []bool, x []float64) {
	for _, width := range [2]float64{0, 1} {
		q := s.m.security.withoutIdle(s.p, lp).Clone(solver.ColBounds | solver.ColTypes)
		for _, c := range looseColumns(s.catalog, s.m.T) {
			q.ColType[c] = solver.Continuous
		}
		for j, t := range q.ColType {
			switch {
			case t != solver.Integer:
			case following[j]:
				v := math.Round(x[j])
				q.ColLower[j], q.ColUpper[j] = v, v
			default:
				around(q, j, lp.X[j], width)
			}
		}
		if y := s.neighbourhood(ctx, q, s.o.Gap/4); y != nil {
			s.dispatch(ctx, y)
			return
		}
		if ctx.Err() != nil || s.timeUp() {
			return
		}
	}
}

// followers searches the followers' integers around the relaxation's, in their
// program at the relaxation's prices.
func (s *session) followers(ctx context.Context, lp *solver.Result, following []bool) []float64 {
	return s.neighbourhood(ctx, s.followersWithin(lp, following, 1), followersGap)
}

// followersWithin is the followers' program with integers so far from the relaxation's.
func (s *session) followersWithin(lp *solver.Result, following []bool, width float64) *solver.Problem {
	q := s.priced(lp, following)
	for j, f := range following {
		if f && q.ColType[j] == solver.Integer {
			around(q, j, lp.X[j], width)
		}
	}
	return q
}

// priced is the followers' program: the rows that they share with others are
// replaced by the relaxation's prices, and the columns of others are gone.
func (s *session) priced(lp *solver.Result, following []bool) *solver.Problem {
	q := s.m.security.withoutIdle(s.p, lp).Clone(solver.Costs | solver.ColBounds | solver.ColTypes | solver.RowBounds)
	q.Offset = 0
	for i := range q.RowLower {
		terms := q.Index[q.RowStart[i]:q.RowStart[i+1]]
		if !slices.ContainsFunc(terms, func(j int32) bool { return !following[j] }) {
			continue
		}
		q.RowLower[i], q.RowUpper[i] = math.Inf(-1), inf
		for k, j := range terms {
			q.ColCost[j] -= lp.RowDual[i] * q.Value[int(q.RowStart[i])+k]
		}
	}
	for j, f := range following {
		if !f {
			q.ColCost[j], q.ColLower[j], q.ColUpper[j], q.ColType[j] = 0, 0, 0, solver.Continuous
		}
	}
	return q
}

// followersGap is the gap of the followers' program, relative to their own cost.
const followersGap = 5e-4

// around bounds an integer column of q to the values next to v, and width more
// on either side, as far as its own bounds allow.
func around(q *solver.Problem, j int, v, width float64) {
	lo, up := math.Floor(v), math.Ceil(v)
	if r := math.Round(v); math.Abs(v-r) <= 1e-6 {
		lo, up = r, r
	}
	least, most := q.ColLower[j], q.ColUpper[j]
	q.ColLower[j] = math.Min(math.Max(lo-width, least), most)
	q.ColUpper[j] = math.Max(math.Min(up+width, most), least)
}

// neighbourhood solves a program derived from the whole one by narrower bounds
// or other costs, and returns its point; nil without one.
func (s *session) neighbourhood(ctx context.Context, q *solver.Problem, gap float64) []float64 {
	return s.searched(ctx, q, s.neighbourhoodOptions(gap))
}

// searched is neighbourhood with options of its own.
func (s *session) searched(ctx context.Context, q *solver.Problem, o solver.Options) []float64 {
	if s.timeUp() || ctx.Err() != nil {
		return nil
	}
	res, err := run(ctx, s.o.Engine, q, o)
	if err != nil {
		if ctx.Err() == nil {
			s.note("a search near the relaxation failed: %v", err)
		}
		return nil
	}
	s.count(res.Nodes)
	if !res.HasPoint {
		return nil
	}
	return res.X
}

// neighbourhoodOptions are those of a search near the relaxation.
func (s *session) neighbourhoodOptions(gap float64) solver.Options {
	o := s.engineOptions(gap)
	o.OnIncumbent = nil
	if o.WorkLimit == 0 || o.WorkLimit > neighbourhoodNodes {
		o.WorkLimit = neighbourhoodNodes
	}
	// Its objective and bound are not the case's.
	o.OnProgress = func(solver.Progress) { s.progress(solver.Progress{Bound: math.Inf(-1)}) }
	return o
}

// whole runs branch and cut on the whole program.
func (s *session) whole(ctx context.Context) solver.Status {
	if s.timeUp() {
		return solver.LimitReached
	}
	o := s.engineOptions(s.o.Gap)
	if s.best != nil {
		o.Start = s.best.x
	}
	res, err := run(ctx, s.o.Engine, s.p, o)
	if err != nil {
		s.dispatch(ctx, s.points(nil)...)
		if ctx.Err() != nil {
			return solver.Interrupted
		}
		s.note("the search failed: %v", err)
		return solver.Unknown
	}
	s.count(res.Nodes)
	s.dispatch(ctx, s.points(res)...)
	if b := res.Bound / s.scale; b > s.bound && res.Status != solver.Infeasible {
		s.bound = b
	}
	return res.Status
}

func (s *session) count(nodes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Nodes += nodes
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
