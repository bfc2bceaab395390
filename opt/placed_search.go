package opt

// Search where jobs are placed outside the program:
//
//  1. the relaxation of all else prices what jobs use, and jobs answer, a few dozen
//     times (package place); what comes out is a place for every job, and a bound
//     on the whole: power's part at these prices, with what jobs take left free,
//     and the sum of every job's cheapest place;
//  2. with what the jobs take held, all else is planned as in any search: near its
//     relaxation, then by branch and cut.
//
// The gap is that of the placement against relaxed power, and that of power's own
// search; the second is closed as far as the first leaves room for it.

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// manyJobColumns is the number of columns that jobs would have from which they are
// placed outside the program.
const manyJobColumns = 50_000

// manyInside is the number of classes of jobs in the program, beside those that are placed,
// from which a user is told.
const manyInside = 1000

// placeOutside takes the jobs out of the program where the options ask for it, or
// where they would make it too large.
func (s *session) placeOutside() {
	c := s.merged.Case
	switch {
	case s.o.Method == Placement || s.o.JobPrices != nil:
	case s.o.Method == MethodAuto:
		if sizeOfJobs(c) < manyJobColumns {
			return
		}
	default:
		return
	}
	if jobs := newJobPlaces(c, s.offering); len(jobs.problem.Jobs) > 0 {
		s.catalog, s.placed = placing(s.catalog, jobs)
		if jobs.others != "" {
			s.step("classes of jobs in the program: %s", jobs.others)
		}
		if n := jobs.inside(); n > manyInside {
			s.note("%d classes of jobs stay in the program, which is large and takes long: %s", n, jobs.others)
		}
	}
}

// placing returns a catalog in which jobs are placed, and the ingredient that stands
// for them.
func placing(catalog []Ingredient, places *jobPlaces) ([]Ingredient, *placed) {
	p := &placed{jobs: places}
	for _, k := range catalog {
		if k, ok := k.(*datasets); ok {
			k.outside = places
		}
	}
	for i, k := range catalog {
		if k, ok := k.(*jobs); ok {
			k.outside, k.placed = places, p
			return slices.Insert(catalog, i, Ingredient(p)), p
		}
	}
	return catalog, p
}

// sizeOfJobs is about how many columns the jobs of a case would have in a program.
func sizeOfJobs(c *model.Case) int {
	ix := c.Index()
	n := 0
	for i := range c.Jobs {
		j := &c.Jobs[i]
		first, end, last := ix.JobWindow(j)
		each := last - first
		switch {
		case j.Shape == model.Moldable:
			each *= len(j.Scaling)
		case j.Gang() || j.Shape == model.Malleable:
			each *= 3 * j.N()
		case j.Fluid() && (last > end || j.InputGB > 0 || len(j.Inputs) > 0 || len(j.Outputs) > 0):
			each *= each
		}
		each *= 1 + 2*len(j.Reserves) // with spare units, and what catches up
		n += each * len(c.Pools)
	}
	return n
}

// placeJobs places the jobs against the relaxation of all else, and then plans all
// else for what the jobs take.
func (s *session) placeJobs(ctx context.Context) (end solver.Status, bound float64) {
	k := s.placed
	free := s.p
	s.free = free
	s.p = k.promising(k.hold(free, s.m.T, k.jobs.use()))
	// The first schedule, with every job dropped, is made beside the prices.
	var first sync.WaitGroup
	first.Go(func() { s.first(ctx) })
	defer first.Wait()
	s.phase("prices")
	w := newPower(ctx, s, k, free)
	if s.o.JobPrices != nil {
		r, err := s.atGivenPrices(ctx, w)
		if err != nil {
			return s.unplaced(ctx, err)
		}
		first.Wait()
		s.powerFor(ctx, w, r, nil)
		return s.ended(ctx), s.bound
	}
	opening, opened := s.share(ctx, openingShare)
	err := w.open(opening, demandOf(w.p), k.jobs.guess())
	opened()
	if err != nil {
		return s.placeEvenly(ctx, w, &first, err)
	}
	s.phase("jobs")
	passes := w.passes()
	part, begins := placingShare, passes/2
	if w.inLonger() {
		part, begins = shortPlacingShare, passes // one thread is idle for long once capacity is hard
	}
	looking, stop := s.share(ctx, part)
	defer stop()
	var before ahead
	r, err := place.Place(looking, k.jobs.problem, w, place.Options{
		Threads: max(1, s.o.Threads), Seed: uint64(s.o.Seed), WorkLimit: 1000 * s.o.WorkLimit,
		Passes: passes, BoundEvery: boundEvery, Reheats: 1, Gap: s.o.Gap / 4, Block: block(len(w.p.Jobs)),
		OnPass: func(p place.PassReport) {
			s.passed(p)
			if p.Pass == begins {
				before.begin(ctx, w)
			}
		},
	})
	start := before.end()
	if err != nil {
		return s.placeEvenly(ctx, w, &first, err)
	}
	s.raise(r.Bound)
	k.worth, k.quotas = r.Worth(w.p), r.Multipliers
	k.ask(s.m, w.last)
	s.out.Placement = newAccount(r)
	s.step("jobs: gap %.6g of %.9g; regrets %.4g (of dropped jobs %.4g, big ones %.4g), priced capacity unused %.4g, data %.4g, copies %.4g, power %.4g; %d dropped, %d late",
		r.Cost-r.Bound, r.Cost, r.Account.Regret, r.Account.RegretDropped, r.Account.RegretBig, r.Account.UnitSlack, r.Account.DataSlack, r.Account.Copies, r.PowerGap, r.Dropped, r.Late)
	first.Wait()
	s.powerFor(ctx, w, r, start)
	return s.ended(ctx), s.bound
}

// block is after how many jobs prices are looked at: they move a hundred and fifty times
// a pass.
func block(jobs int) int { return min(256, max(16, jobs/150)) }

// unplaced is the end of a search whose jobs have no prices.
func (s *session) unplaced(ctx context.Context, err error) (solver.Status, float64) {
	if ctx.Err() == nil {
		s.note("the jobs were not placed: %v", err)
	}
	return s.ended(ctx), s.bound
}

// boundEvery is after how many passes a bound is reckoned. From dearColumns columns on
// power answers by narrow programs.
const (
	boundEvery  = 4
	dearColumns = 40_000
)

// placingPasses is how often jobs answer prices: less often where they take longer than
// power does.
func placingPasses(jobs int) int {
	switch {
	case jobs > 300_000:
		return 12
	case jobs > 30_000:
		return 24
	}
	return 28
}

// passes are half as many again where power answers all of its program at once, soon and exactly, and
// jobs are many but not too many: it is they that bring prices together. With twice as many the
// last ones may not come to be within a short limit, and it is in those that prices calm down; the
// passes of jobs with ties take longer.
func (w *power) passes() int {
	jobs := len(w.p.Jobs)
	n := placingPasses(jobs)
	tied := len(w.p.Precedences) > 0 || len(w.p.Groups) > 0
	if w.coarse == nil && w.few == nil && !tied && jobs > 30_000 && jobs <= 300_000 {
		n += n / 2
	}
	return n
}

// Shares of the time that is left: power may look for first prices, then jobs for
// their places.
const openingShare, placingShare = 0.7, 0.6

// shortPlacingShare is placingShare where power answers for short periods once, at the end.
const shortPlacingShare = 0.75

// share is a context for part of the time that is left.
func (s *session) share(ctx context.Context, part float64) (context.Context, context.CancelFunc) {
	if s.o.TimeLimit <= 0 {
		return context.WithCancel(ctx)
	}
	left := s.o.TimeLimit - time.Since(s.searchBegan)
	return context.WithTimeout(ctx, time.Duration(part*float64(left)))
}

func (s *session) passed(p place.PassReport) {
	s.step("pass %d: %d of %d jobs moved, %d dropped; beyond capacity %.2g of units, %.2g of data; bound %.9g",
		p.Pass, p.Moved, p.Asked, p.Dropped, p.OverUnits, p.OverGB, p.Bound)
	s.raise(p.Bound)
}

// step tells a log what a step did.
func (s *session) step(format string, args ...any) {
	if s.o.OnStep != nil {
		s.o.OnStep(fmt.Sprintf(format, args...))
	}
}

// powerFor searches all else with what the jobs take held. start is a schedule for about
// as much, nil for none.
func (s *session) powerFor(ctx context.Context, w *power, r *place.Result, start []float64) {
	s.phase("power")
	in := s.taken(w, r)
	var beside sync.WaitGroup
	lifting, stop := context.WithCancel(ctx)
	if w.few == nil {
		beside.Go(func() { s.lift(lifting, w, r) })
	}
	defer beside.Wait()
	defer stop()
	in.o.OnProgress = func(p Progress) {
		p.Bound, p.Phase = s.proved(), "search"
		p.HasBound = !math.IsInf(p.Bound, 0)
		s.say(p)
		s.record(p.Nodes)
	}
	defer func() { s.learn(in) }()
	var hours chan []float64 // a schedule from longer periods, where answers still come from these
	inHours := start
	if w.coarse != nil && w.coarse.g.len() < s.m.T {
		start = nil // it is of longer periods
	}
	if w.short {
		hours = make(chan []float64, 1)
		p := in.p
		beside.Go(func() { hours <- in.fromHours(ctx, w, p, &r.Use, inHours) })
	}
	lp := in.relaxUse(ctx, w, &r.Use)
	if lp == nil {
		switch {
		case hours != nil:
			start = <-hours
		case start == nil:
			start = in.carryOver(w.coarse, in.p, inHours)
		}
		s.quick(ctx, in, r, start)
		return
	}
	cost := r.Cost
	if w.short { // what is known of that is of longer periods
		cost = in.proved()
		s.out.Placement.relaxed(cost)
	}
	// What the placement leaves of the gap.
	in.o.Gap = math.Min(s.o.Gap, math.Max(s.o.Gap/4, s.o.Gap-(cost-s.proved())/math.Max(1, math.Abs(cost))))
	if w.few != nil {
		if d := in.roundUnits(ctx, lp, hours, start); d != nil {
			in = s.improve(ctx, w, in, r, d)
			return
		}
	}
	if following := in.following(); w.few == nil && lp.HasDuals && in.leadingIntegers(following) > fewIntegers && in.m.security == nil {
		d := in.doubtByPrices(lp, following)
		if x, y := in.roundBoth(ctx, d, following, nil); x != nil {
			in.join(ctx, x, y, following)
		}
		if in.best != nil {
			in = s.improve(ctx, w, in, r, d)
		}
	}
	if in.best == nil {
		in.round(ctx, lp)
	}
	if in.best == nil || !in.closed() {
		in.whole(ctx)
	}
	if in.best == nil {
		s.quick(ctx, in, r, start)
	}
}

// unservable is the end of a search that has no plan: no schedule that was found serves the
// jobs where they are, nor does the first one without any. Where they are few they join the
// program; else all else is searched without them.
func (s *session) unservable(ctx context.Context, end solver.Status) (solver.Status, float64) {
	c, known := s.merged.Case, s.bound
	if sizeOfJobs(c) > fewJobColumns {
		jobs := s.placed.jobs
		r := &place.Result{Places: jobs.nobody(), DroppedCost: jobs.undoneCost()}
		s.note("no plan was found that serves the jobs where they were placed; all are dropped")
		s.out.Placement = nil
		in := s.on(s.p)
		in.p = s.given(s.free, r)
		in.whole(ctx)
		s.learn(in)
		return s.ended(ctx), s.bound
	}
	s.note("no plan was found that serves the jobs where they were placed; they are in the program")
	s.o.Method, s.placed, s.out.Placement, s.incumbents = Monolith, nil, nil, nil
	if err := s.formulate(); err != nil {
		s.note("the jobs could not join the program: %v", err)
		return end, known
	}
	end, bound := s.search(ctx)
	return end, math.Max(bound, known)
}

// fewIntegers of power is the number up to which branch and cut on the whole is quick enough.
const fewIntegers = 2000

// leadingIntegers counts the integers that are free and that no follower owns.
func (s *session) leadingIntegers(following []bool) (n int) {
	for j, free := range s.broken(nil) {
		if free && !following[j] {
			n++
		}
	}
	return n
}

// improve looks for better schedules for what the jobs take, has jobs answer them, and so
// on, until nothing is gained or time is up. It returns the session with the best plan.
func (s *session) improve(ctx context.Context, w *power, in *session, r *place.Result, d *doubt) *session {
	over := func() bool { return in.closed() || s.timeUp() || ctx.Err() != nil }
	for series := uint64(1); !over(); series++ {
		l := newLots(in, d, in.best.x, max(1, s.o.Threads))
		l.series = series
		if series == 1 && s.o.TimeLimit > 0 {
			l.until = time.Now().Add((s.o.TimeLimit - time.Since(s.searchBegan)) / 2)
		}
		x, better := l.run(ctx)
		was := in.best.cost
		next, answered := (*session)(nil), r
		if !s.timeUp() && ctx.Err() == nil && s.o.JobPrices == nil {
			next, answered = s.again(ctx, w, in, r, x)
		}
		if next != nil {
			s.learn(in)
			in, r = next, answered
			s.keepCandidate(in.best)
			s.out.Placement = s.out.Placement.answered(r, !w.short)
		} else if better {
			in.dispatch(ctx, x)
		}
		// What a folded program gains a dispatch may not.
		if in.best.cost > was-lotGain*math.Abs(was) {
			break
		}
	}
	return in
}

// taken gives the jobs their places, and is a session that plans all else for them.
func (s *session) taken(w *power, r *place.Result) *session {
	s.p = s.given(w.own, r)
	return s.on(s.p)
}

// given is a program, with the use free, in which jobs have their places.
func (s *session) given(free *solver.Problem, r *place.Result) *solver.Problem {
	s.placed.take(r)
	r.Use = *s.placed.jobs.use()
	q := s.placed.promising(s.placed.hold(free, s.m.T, &r.Use))
	q.Offset += (r.DroppedCost + r.LateCost) * s.scale // what no column of the program pays
	return q
}

// on is a session on another program of the same case, with nothing found or proved.
func (s *session) on(p *solver.Problem) *session {
	return &session{
		o: s.o, catalog: s.catalog, merged: s.merged, m: s.m, p: p, scale: s.scale,
		placed: s.placed, began: s.began, searchBegan: s.searchBegan, bound: math.Inf(-1),
	}
}

// relaxUse is the relaxation with the use held.
func (s *session) relaxUse(ctx context.Context, w *power, u *place.Use) *solver.Result {
	if w.coarse != nil && w.few == nil { // there was no time to leave longer periods
		if err := w.descend(); err != nil {
			return nil
		}
	}
	promising := len(w.k.promises) > 0
	if w.few == nil {
		if promising {
			return s.mixWhole(ctx, w)
		}
		return s.relaxFrom(ctx, w.basis)
	}
	w.k.fixUse(w.lp, w.own, s.m.T, u)
	if w.short {
		w.few.tries = 1
	}
	res, bound, err := w.few.solve(ctx, w.lp)
	if err != nil {
		return nil
	}
	if d := w.bounds.duals; d != nil { // settled prices may prove more
		bound = math.Max(bound, w.few.dual.Value(w.lp, d))
	}
	s.step("relaxed for the use: %.9g with decisions held, proved %.9g", (res.Objective+s.p.Offset-w.own.Offset)/s.scale, (bound+s.p.Offset-w.own.Offset)/s.scale)
	s.raise((bound + s.p.Offset - w.own.Offset) / s.scale)
	if promising {
		return s.mixNarrow(ctx, w, res)
	}
	return res
}

// lift raises the bound beside the search: by branch and cut on power's part of it,
// at the prices of the best bound that the relaxation gave. On large programs that
// does not leave its root node for minutes.
func (s *session) lift(ctx context.Context, w *power, r *place.Result) {
	if math.IsInf(r.Bound, 0) || s.timeUp() {
		return
	}
	q := w.own.Clone(solver.Costs)
	w.pay(q, &r.Prices)
	o := s.engineOptions(0)
	o.Threads, o.NoHeuristics, o.OnIncumbent = 1, true, nil
	o.OnProgress = func(p solver.Progress) { s.raise(p.Bound/s.scale + r.Jobs.Value) }
	if res, err := run(ctx, s.o.Engine, q, o); err == nil && res.Status != solver.Infeasible {
		s.raise(res.Bound/s.scale + r.Jobs.Value)
	}
}

// proved is the bound by now, while others raise it.
func (s *session) proved() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bound
}

// learn takes over what another session on the same case found.
func (s *session) learn(from *session) {
	if s.o.JobPrices != nil {
		s.best, s.fallbacks = nil, nil // the first schedule leaves all jobs, which is not what was asked for
	}
	if from.best != nil {
		s.keepCandidate(from.best)
	}
	s.p = from.p // with what jobs promise there
	s.count(from.out.Nodes)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Notes = append(s.out.Notes, from.out.Notes...)
	s.out.Seconds.Dispatch += from.out.Seconds.Dispatch
	s.out.Seconds.Verify += from.out.Seconds.Verify
	if s.best == nil {
		s.out.Report, s.out.Rejected = from.out.Report, from.out.Rejected
	}
}

// quick dispatches what the jobs take with a schedule's commitment and the modules on that the jobs
// need, a plan where there is no time to search for one. Where there is no schedule (nil), or it
// does not serve, it does so with the first schedule's commitment and modules, or with the modules
// that the jobs need. Jobs in the program run in what room is left, or not at all.
func (s *session) quick(ctx context.Context, in *session, r *place.Result, schedule []float64) {
	first := s.cheapest()
	if first == nil {
		return
	}
	x := slices.Clone(first.x)
	set := func(of []float64) func(int, solver.Col) {
		return func(i int, c solver.Col) { x[c] = of[i] }
	}
	s.placed.each(s.m.T, set(r.Use.Held), set(r.Use.Busy), set(r.Use.GB))
	at := &solver.Result{X: x, RowDual: make([]float64, s.p.Rows()), ColDual: make([]float64, s.p.Cols())}
	y, following := in.follow(at), in.following()
	inside := make([]bool, len(following)) // followers but pools: those modules are on
	for j, f := range following {
		o, _ := s.m.OwnerOf(solver.Col(j))
		inside[j] = f && o.Kind != poolKind
	}
	better := func() bool { return in.best != nil && in.best.cost < first.cost }
	if schedule != nil {
		if in.join(ctx, schedule, y, following); in.best != nil { // one of hours is short within them
			if more := (&Proposal{Model: s.m, x: slices.Clone(in.best.x)}); in.startMore(more) {
				in.dispatch(ctx, more.x)
			}
		}
		if better() {
			return
		}
	}
	if in.join(ctx, x, y, inside); !better() && s.placed.jobs.others != "" { // there is no room for them
		out := &Proposal{Model: s.m, x: slices.Clone(y)}
		for _, k := range s.catalog {
			if k, ok := k.(*jobs); ok {
				k.Propose(out)
			}
		}
		in.join(ctx, x, out.x, inside)
	}
	if !better() {
		in.join(ctx, x, y, following)
	}
}
