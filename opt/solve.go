package opt

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

// Solve plans a case: it validates and formulates it, makes a first schedule,
// searches for the best, dispatches it anew at fixed integers, and verifies the
// plan as it reads back from its own encoding. The error says that nothing could
// be tried: the case is invalid (a model.Findings), the engine is missing, or an
// ingredient refused. All else is in the Outcome.
//
// When ctx ends, Solve returns within seconds with the best verified plan.
func Solve(ctx context.Context, c *model.Case, o Options) (*Outcome, error) {
	if o.Engine == nil {
		return nil, ErrNoEngine
	}
	if !(o.Gap >= 0) || math.IsInf(o.Gap, 0) {
		return nil, fmt.Errorf("opt: gap is %v; give a number of at least 0", o.Gap)
	}
	if o.Gap == 0 {
		o.Gap = DefaultGap
	}
	if !o.Validated {
		if _, err := c.Validate(); err != nil {
			return nil, err
		}
	}
	if o.JobPrices != nil {
		if err := checkJobPrices(c, o.JobPrices); err != nil {
			return nil, err
		}
	}
	return newSession(c, o).solve(ctx)
}

func newSession(c *model.Case, o Options) *session {
	s := &session{o: o, began: time.Now(), merged: unmerged(c), dear: dearColumns, many: manyPlans, offering: fewOffering}
	if o.Catalog == nil && !o.Formulation.SingleUnits {
		s.merged = mergeFor(c, o.Method)
	}
	return s
}

// solve formulates the merged case, searches, and settles the outcome.
func (s *session) solve(ctx context.Context) (*Outcome, error) {
	s.out.Engine, s.out.EngineVersion = s.o.Engine.Name(), s.o.Engine.Version()
	s.say(Progress{Phase: "formulate"})
	if err := s.formulate(); err != nil {
		return nil, err
	}
	s.out.Size = Size{s.p.Cols(), s.p.Rows(), s.p.Nonzeros(), s.p.Integers()}
	s.out.Seconds.Formulate = time.Since(s.began).Seconds()

	end, bound := s.search(ctx)
	if s.placed != nil && s.best == nil && s.o.JobPrices == nil && !s.timeUp() && ctx.Err() == nil {
		end, bound = s.unservable(ctx, end)
	}
	if s.merged.relaxed && end == solver.Optimal && !s.closed() {
		end, bound = s.exactly(ctx)
	}
	s.settle(ctx, end, bound)
	out := s.out // a pointer into s would keep all of it in memory
	return &out, nil
}

// formulate builds the program of the merged case.
func (s *session) formulate() (err error) {
	if s.catalog = s.o.Catalog; s.catalog == nil {
		s.catalog = s.merged.catalog(s.o.Formulation)
		s.placeOutside()
	}
	if s.m, s.p, err = Formulate(s.merged.Case, s.catalog); err == nil {
		s.scaleMoney()
	}
	return err
}

// exactly searches the case with only those units merged that may be: a search of
// the relaxation ended, and its plan, once units keep their own ramps, is not within
// the gap. What the relaxation proved holds.
func (s *session) exactly(ctx context.Context) (solver.Status, float64) {
	s.priceBest(ctx)
	relaxation, known := s.best, s.bound
	s.merged, s.best, s.incumbents = merge(s.merged.from), nil, nil
	if err := s.formulate(); err != nil {
		s.note("the units could not be told apart: %v", err)
		s.best = relaxation
		return solver.Unknown, known
	}
	end, bound := s.search(ctx)
	if relaxation != nil && (s.best == nil || relaxation.cost < s.best.cost) {
		relaxation.priced = true // its point is not one of this program
		s.best = relaxation
	}
	return end, math.Max(bound, known)
}

// Formulate builds the program of a valid case from the ingredients of the
// catalog, in their order. Costs are in money of the case.
func Formulate(c *model.Case, catalog []Ingredient) (*Model, *solver.Problem, error) {
	m := newModel(c, indexFor(c, catalog))
	for _, k := range catalog {
		if err := k.Formulate(m); err != nil {
			return nil, nil, fmt.Errorf("opt: formulate %s: %w", k.Kind(), err)
		}
	}
	return m, m.b.Finish(), nil
}

// indexFor is the index of a case, that of the jobs placed outside the program where
// there are any: of a million jobs another one is large.
func indexFor(c *model.Case, catalog []Ingredient) *model.Index {
	for _, k := range catalog {
		if k, ok := k.(*placed); ok && k.jobs.c == c {
			return k.jobs.ix
		}
	}
	return c.Index()
}

// session is one solve under way.
type session struct {
	o       Options
	catalog []Ingredient
	placed  *placed // nil where jobs are in the program
	dear    int     // columns from which power answers placed jobs by narrow programs
	many    int     // placed jobs from which a fallback is verified only where it is needed
	// offering is the number of classes that offer reserve up to which they are in the program.
	offering int
	merged   *merger // m is of the merged case, plans of the one it came from
	m        *Model
	p        *solver.Problem // costs times scale
	free     *solver.Problem // p before placed jobs had their places
	scale    float64         // engine's money per money
	began    time.Time

	mu         sync.Mutex // guards what callbacks and the two searches of round share
	incumbents []incumbent
	latest     Progress

	best        *candidate   // verified
	fallbacks   []*candidate // not verified (fallback.go)
	bound       float64      // proved, money
	searchBegan time.Time    // the first search of a solve
	phaseBegan  float64      // seconds of the search at which the present phase began
	out         Outcome
}

// incumbent is a point that the engine reported on its way.
type incumbent struct {
	objective float64
	x         []float64
}

// candidate is a dispatched schedule, with its plan once that is verified.
type candidate struct {
	cost   float64        // of the plan, money
	plan   *model.Plan    // as it reads back; nil before it is verified
	report *verify.Report // on it
	x      []float64
	priced bool      // the plan has prices, as far as the engine gave any
	price  []float64 // of the rows, in the engine's money; nil without
	// reducedCost of the columns of a plan with prices whose program was not reduced.
	reducedCost []float64
	last        *dispatch
}

// fingerprint is that of the case that is planned.
func (s *session) fingerprint() string {
	if s.merged.Case == s.merged.from {
		return s.m.fingerprint
	}
	return s.merged.fingerprint
}

// largestCost is the size to which the largest objective coefficient is scaled
// at most, by a power of two, so that engines' absolute tolerances suit any
// currency.
const largestCost = 1 << 17

func (s *session) scaleMoney() {
	largest := 0.0
	for _, c := range s.p.ColCost {
		largest = math.Max(largest, math.Abs(c))
	}
	s.scale = 1
	for largest*s.scale > largestCost {
		s.scale /= 2
	}
	scaleCosts(s.p, s.scale)
}

// phase begins a phase of the search; without a name it only ends the last.
func (s *session) phase(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Since(s.searchBegan).Seconds()
	if n := len(s.out.Phases); n > 0 {
		last := &s.out.Phases[n-1]
		if last.Name == name {
			return
		}
		last.Seconds = now - s.phaseBegan
	}
	s.phaseBegan = now
	if name == "" {
		return
	}
	s.out.Phases = append(s.out.Phases, PhaseSeconds{Name: name})
}

// phaseName is the name of the present phase.
func (s *session) phaseName() string {
	if n := len(s.out.Phases); n > 0 {
		return s.out.Phases[n-1].Name
	}
	return "search"
}

func (s *session) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Notes = append(s.out.Notes, fmt.Sprintf(format, args...))
}

func (s *session) say(p Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.Elapsed = time.Since(s.began)
	if s.best != nil && (!p.HasIncumbent || s.best.cost < p.Objective) {
		p.HasIncumbent, p.Objective = true, s.best.cost
	}
	s.latest = p
	if s.o.OnProgress != nil {
		s.o.OnProgress(p)
	}
}

// first makes a schedule from what the ingredients propose, so that any limit
// of the search leaves a plan.
func (s *session) first(ctx context.Context) {
	began := time.Now()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.out.Seconds.FirstSchedule = time.Since(began).Seconds()
	}()
	prop := newProposal(s.m, s.p)
	for _, k := range s.catalog {
		if k, ok := k.(Proposer); ok {
			k.Propose(prop)
		}
	}
	prop.complete(s.p)
	short, cancel := context.WithTimeout(ctx, s.patience())
	defer cancel()
	c, err := s.fallback(short, prop.x, s.p.Cols() < largeDispatch)
	switch {
	case err == nil:
		c = s.relieve(short, c)
		s.firstJobs(short, c)
	case ctx.Err() == nil:
		s.note("no first schedule: %v", err)
	}
}

// firstJobs lets jobs run where the first schedule's prices and room have them: it
// drops all, and within a short limit the relaxation may not end. Where power cannot
// follow, the schedule stays as it was.
func (s *session) firstJobs(ctx context.Context, c *candidate) {
	if c.price == nil || c.reducedCost == nil {
		return // of a merged relaxation there are no prices
	}
	lp := &solver.Result{X: slices.Clone(c.x), RowDual: c.price, ColDual: c.reducedCost}
	inside := false
	for _, k := range s.catalog {
		if k, ok := k.(*jobs); ok {
			inside = k.pickUp(lp.X)
		}
	}
	if !inside {
		return
	}
	_, _ = s.fallback(ctx, joined(c.x, s.follow(lp), s.following()), true)
}

// dispatchLimit is how long one dispatch may take: a linear program, which is a
// matter of seconds unless the engine hangs.
const dispatchLimit = time.Minute

// patience with one dispatch under the time limit.
func (s *session) patience() time.Duration {
	if s.o.TimeLimit > 0 {
		return min(dispatchLimit, 10*time.Second+10*s.o.TimeLimit)
	}
	return dispatchLimit
}

// try holds the integers of x, dispatches, extracts and verifies; what passes
// and is better becomes the best.
func (s *session) try(ctx context.Context, x []float64) error {
	c, err := s.candidate(ctx, x, true)
	if err == nil {
		s.keepCandidate(c)
	}
	return err
}

func (s *session) keepCandidate(c *candidate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.best == nil || c.cost < s.best.cost || c.priced && !s.best.priced && c.cost == s.best.cost {
		s.best = c
	}
}

// candidate dispatches and verifies the plan with the integers of x. Where
// priced is not set, the program is reduced first, which loses its prices.
func (s *session) candidate(ctx context.Context, x []float64, priced bool) (*candidate, error) {
	return s.verified(s.held(ctx, x, priced))
}

// held is candidate before its plan is verified.
func (s *session) held(ctx context.Context, x []float64, priced bool) (*candidate, error) {
	a := &apart{merged: s.merged, catalog: s.catalog, m: s.m, p: s.p, x: x}
	if s.merged.relaxed {
		var err error
		if a, err = s.apart(x); err != nil {
			return nil, err
		}
	}
	return s.dispatched(ctx, a, fixed(a.p, a.x), x, priced || s.p.Cols() >= largeDispatch, nil)
}

// confined is candidate with the columns of assets between lower and upper, which
// again may widen for one more try.
func (s *session) confined(ctx context.Context, x []float64, assets []decomp.Asset, lower, upper []float64, again func(point, price []float64) bool) (*candidate, error) {
	q := fixed(s.p, x)
	confine := func() {
		for _, a := range assets {
			for j := int(a.First); j < int(a.First)+a.Cols; j++ {
				if s.p.ColType[j] != solver.Integer {
					q.ColLower[j], q.ColUpper[j] = lower[j], upper[j]
				}
			}
		}
	}
	confine()
	a := &apart{merged: s.merged, catalog: s.catalog, m: s.m, p: s.p, x: x}
	c, err := s.verified(s.dispatched(ctx, a, q, x, true, func(point, price []float64) bool {
		if !again(point, price) {
			return false
		}
		confine()
		return true
	}))
	if err == nil { // what emits less at the same cost may be held
		c.last.q = fixed(s.p, x)
		c.last.at.basis = nil
	}
	return c, err
}

// balanced is candidate with all columns of assets held at x, which leaves a small
// program: what the other columns do, and what is short or too much.
func (s *session) balanced(ctx context.Context, x []float64, assets []decomp.Asset) (*candidate, error) {
	q := fixed(s.p, x)
	if k := thermalOf(s.catalog); k != nil {
		x = slices.Clone(x)
		k.inOrder(x, s.m.T)
	}
	for _, a := range assets {
		for j := int(a.First); j < int(a.First)+a.Cols; j++ {
			v := math.Max(q.ColLower[j], math.Min(q.ColUpper[j], x[j]))
			q.ColLower[j], q.ColUpper[j] = v, v
		}
	}
	a := &apart{merged: s.merged, catalog: s.catalog, m: s.m, p: s.p, x: x}
	return s.verified(s.dispatched(ctx, a, q, x, false, nil))
}

// dispatched solves the linear program of a dispatch. x is the
// point that the program came from. Where again is set, and returns true after it has
// changed q's bounds, q is solved once more.
func (s *session) dispatched(ctx context.Context, a *apart, q *solver.Problem, x []float64, priced bool,
	again func(point, price []float64) bool) (*candidate, error) {
	if err := q.Check(); err != nil {
		return nil, fmt.Errorf("the commitment contradicts its bounds: %w", err)
	}
	pt := &Point{Model: a.m}
	price, err := s.settled(ctx, a, q, pt, priced)
	for err == nil && again != nil && again(pt.X, price) {
		price, err = s.settled(ctx, a, q, pt, priced)
	}
	if err != nil {
		return nil, fmt.Errorf("dispatch: %w", err)
	}
	for j := range pt.X {
		pt.X[j] = math.Max(q.ColLower[j], math.Min(q.ColUpper[j], pt.X[j]))
	}
	c := &candidate{x: pt.X, priced: priced, price: price, reducedCost: pt.reducedCost, last: &dispatch{a, q, pt}}
	if s.merged.relaxed {
		c.x, c.price = a.gather(pt.X, x), nil
	}
	return c, nil
}

// verified is a candidate with its plan, extracted and verified as it reads back. What
// came with an error passes through.
func (s *session) verified(c *candidate, err error) (*candidate, error) {
	if err != nil {
		return nil, err
	}
	plan, err := c.last.merged.split(c.last.at.plan(c.last.catalog))
	if err != nil {
		return nil, err
	}
	plan.Status = model.PlanFeasible
	began := time.Now()
	if plan, err = plan.Reread(); err != nil {
		return nil, fmt.Errorf("the plan does not read back: %w", err)
	}
	report := verify.Check(s.merged.from, plan, verify.Options{CaseSHA256: s.fingerprint(), Assets: s.o.Checks})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Seconds.Verify += time.Since(began).Seconds()
	if !report.OK() {
		if s.best == nil {
			s.out.Report, s.out.Rejected = report, true
		}
		v := report.Violations[0]
		return nil, fmt.Errorf("the plan breaks %d limits, first %s of %s: %s", len(report.Violations)+report.Omitted, v.Rule, v.Asset, v.Detail)
	}
	c.cost, c.plan, c.report = plan.Objective, plan, report
	return c, nil
}

// largeDispatch is the number of columns from which a dispatch is reduced before
// the engine sees it even where its prices are wanted.
const largeDispatch = 100_000

// reduced returns the program of a dispatch as the engine sees it. Where prices are
// wanted, small ones stay whole, for a reduction loses some.
func (s *session) reduced(q *solver.Problem, priced bool) (*solver.Reduced, error) {
	if priced && q.Cols() < largeDispatch {
		return &solver.Reduced{Problem: q}, nil
	}
	return solver.Reduce(q)
}

// linear solves a dispatch. Its prices are those of the rows that a reduction
// leaves; rows that it drops bind nothing, or one column alone.
func (s *session) linear(ctx context.Context, q *solver.Problem, pt *Point, priced bool) (price []float64, err error) {
	red, err := s.reduced(q, priced)
	if err != nil {
		return nil, err
	}
	whole := red.Problem == q
	res, err := run(ctx, s.o.Engine, red.Problem, solver.Options{Threads: s.o.Threads, Seed: s.o.Seed})
	if err != nil {
		return nil, err
	}
	if res.Status != solver.Optimal {
		return nil, errors.New(res.Status.String())
	}
	if whole {
		pt.X = append([]float64(nil), res.X...)
	} else {
		pt.X = red.Restore(res.X)
	}
	if !res.HasDuals {
		return nil, nil
	}
	if err := checkDuals(red.Problem, res); err != nil {
		if priced {
			s.note("the plan has no prices: %v", err)
		}
		return nil, nil
	}
	price = make([]float64, q.Rows())
	for i, d := range res.RowDual {
		row := int32(i)
		if !whole {
			row = red.Rows[i]
		}
		price[row] = d
	}
	if priced {
		pt.basis = res.Basis
		if whole {
			pt.reducedCost = res.ColDual
		}
		pt.rowDual = make([]float64, len(price))
		for i, d := range s.pricesOfMore(ctx, pt.Model, red, len(price), pt.X, res) {
			row := int32(i)
			if !whole {
				row = red.Rows[i]
			}
			pt.rowDual[row] = d / s.scale
		}
	}
	return price, nil
}

// settle turns what the search left into the outcome: why it ended, and the
// bound it proved, in money.
func (s *session) settle(ctx context.Context, end solver.Status, bound float64) {
	s.say(Progress{Phase: "dispatch"})
	s.priceBest(ctx)
	s.pricesOfRoom(ctx)
	s.emissions(ctx)
	switch end {
	case solver.Infeasible, solver.InfeasibleOrUnbounded:
		s.infeasible(ctx, end)
	case solver.Unbounded:
		s.unbounded(ctx)
	case solver.LimitReached:
		s.conclude(bound, Limit)
	case solver.Interrupted:
		s.conclude(bound, Interrupted)
	default:
		s.conclude(bound, Feasible)
	}
}

// priceBest dispatches the best plan once more where it has no prices yet.
func (s *session) priceBest(ctx context.Context) {
	if s.best == nil || s.best.priced {
		return
	}
	patience := s.patienceLeft()
	if patience <= 0 {
		s.note("the plan has no prices: there was no time for a dispatch")
		return
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	c, err := s.candidate(late, s.best.x, true)
	if err != nil {
		s.note("the plan has no prices: %v", err)
		return
	}
	if was := s.best.cost; c.cost <= was+1e-9*math.Abs(was) {
		s.best = c
	}
}

// patienceLeft is that for a dispatch after the search.
func (s *session) patienceLeft() time.Duration {
	if s.o.TimeLimit > 0 && s.p.Cols() >= largeDispatch { // it may take longer than all before
		return time.Until(s.searchBegan.Add(s.o.TimeLimit + s.o.TimeLimit/20 + time.Second))
	}
	return s.patience()
}

// points are the engine's point and its earlier incumbents, newest first, as far
// as they are what they claim.
func (s *session) points(res *solver.Result) [][]float64 {
	var out [][]float64
	if res != nil && res.HasPoint {
		out = append(out, res.X)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, inc := range slices.Backward(s.incumbents) {
		if checkPoint(s.p, inc.x) == nil {
			out = append(out, inc.x)
		}
	}
	s.incumbents = nil
	return out
}

// dispatch tries points until one passes. What was found is dispatched and
// verified even when the user has ended the search: that takes no longer than
// the first schedule did.
func (s *session) dispatch(ctx context.Context, points ...[]float64) {
	s.mu.Lock()
	began, verifying := time.Now(), s.out.Seconds.Verify
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.out.Seconds.Dispatch += time.Since(began).Seconds() - (s.out.Seconds.Verify - verifying)
	}()
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience())
	defer cancel()
	for _, x := range points {
		err := s.try(late, x)
		if err == nil {
			return
		}
		s.note("a schedule was set aside: %v", err)
	}
}

// contradiction is how far, relative to the cost, a bound may lie above a
// verified plan before the engine is not believed; within it the difference is
// rounding, and the bound is taken as the cost.
const contradiction = 1e-6

// conclude sets the status of a solve with the engine's bound, in money;
// otherwise is the status when the gap is not closed.
func (s *session) conclude(bound float64, otherwise Status) {
	if s.best == nil {
		s.out.Status = otherwise
		if otherwise == Feasible {
			s.out.Status = Failed
		}
		return
	}
	cost := s.best.cost
	switch {
	case bound > cost+contradiction*math.Max(1, math.Abs(cost)):
		s.note("the engine claims that no plan costs less than %.9g, but a verified one costs %.9g: its bound is not used", bound, cost)
		bound = math.Inf(-1)
		otherwise = Feasible
	case bound > cost:
		bound = cost
	}
	if s.within(cost, bound) {
		s.out.Status = Optimal
		s.keepBest(model.PlanOptimal, bound)
		return
	}
	s.out.Status = otherwise
	s.keepBest(map[Status]model.PlanStatus{
		Limit: model.PlanLimit, Interrupted: model.PlanInterrupted, Feasible: model.PlanFeasible,
	}[otherwise], bound)
}

// keepBest makes the best plan the outcome's.
func (s *session) keepBest(status model.PlanStatus, bound float64) {
	if s.best == nil {
		return
	}
	s.out.Plan, s.out.Report, s.out.Rejected = s.best.plan, s.best.report, false
	s.out.Plan.Status = status
	if a := s.out.Placement; a != nil {
		a.close(s.out.Plan.Objective, bound)
	}
	if !math.IsInf(bound, 0) {
		s.out.Plan.Bound = &bound
	}
}

var errElastic = errors.New("the engine calls infeasible a program that cannot be")
