package opt

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// unitsSession is a session on unitsCase with its jobs outside the program.
func unitsSession(t *testing.T, o Options) *session {
	t.Helper()
	o.Engine = oracleEngine(t)
	s := &session{o: o, began: time.Now(), searchBegan: time.Now(), merged: mergeFor(unitsCase(), Placement), bound: math.Inf(-1)}
	s.catalog = s.merged.catalog(o.Formulation)
	s.catalog, s.placed = placing(s.catalog, newJobPlaces(s.merged.Case, fewOffering))
	var err error
	if s.m, s.p, err = Formulate(s.merged.Case, s.catalog); err != nil {
		t.Fatal(err)
	}
	s.scaleMoney()
	return s
}

// placedUnits is the power of unitsCase with its jobs' first guess held, and what its
// relaxation says about the units.
func placedUnits(t *testing.T, o Options) (*session, *doubt, *solver.Result) {
	t.Helper()
	s := unitsSession(t, o)
	s.p = s.placed.hold(s.p, s.m.T, s.placed.jobs.guess())
	lp, err := run(context.Background(), s.o.Engine, s.p.Relaxation(), solver.Options{})
	if err != nil || lp.Status != solver.Optimal {
		t.Fatalf("%v %v", lp, err)
	}
	d, err := newDoubt(s.p, s.oracles(), lp)
	if err != nil {
		t.Fatal(err)
	}
	return s, d, lp
}

// TestLots: from a schedule with as much on as there can be, neighbourhoods win most of
// what there is to win, on the same way for the same number of threads.
func TestLots(t *testing.T) {
	ctx := context.Background()
	s, _, lp := placedUnits(t, Options{})
	held := s.holding(s.following(), lp.X)
	best, err := run(ctx, s.o.Engine, held, solver.Options{TimeLimit: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	dear := held.Clone(solver.Costs)
	for j, typ := range dear.ColType {
		if typ == solver.Integer {
			dear.ColCost[j] *= -1
		}
	}
	up, err := run(ctx, s.o.Engine, dear, solver.Options{RelGap: 0.5, WorkLimit: 50})
	if err != nil || !up.HasPoint {
		t.Fatalf("no dear schedule: %v %v", up, err)
	}
	from := s.p.Eval(up.X)
	for _, threads := range []int{1, 2} {
		var ways [2]string
		for try := range ways {
			s, d, _ := placedUnits(t, Options{Threads: threads, WorkLimit: 300})
			l := newLots(s, d, up.X, threads)
			l.computing = nil // it is held in parts
			x, better := l.run(ctx)
			cost := s.p.Eval(x)
			if !better || cost >= from {
				t.Errorf("%d threads: %.9g from %.9g", threads, cost, from)
			}
			t.Logf("%d threads: %.9g, then %.9g after %d searches; proved %.9g", threads, from, cost, len(l.states)-1, best.Bound)
			if cost-best.Bound > 0.4*(from-best.Bound) || cost < best.Bound*(1-1e-6) {
				t.Errorf("%d threads: from %.9g neighbourhoods come to %.9g, proved is %.9g", threads, from, cost, best.Bound)
			}
			ways[try] = fmt.Sprint(x, len(l.states))
		}
		if ways[0] != ways[1] {
			t.Errorf("%d threads: two searches went two ways", threads)
		}
	}
}

// TestLotsEnd: they end at once where time is up or the gap is closed, with what they had.
func TestLotsEnd(t *testing.T) {
	s, d, lp := placedUnits(t, Options{Threads: 2})
	x := slices.Clone(lp.X)
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if y, better := newLots(s, d, x, 2).run(done); better || &y[0] != &x[0] {
		t.Error("a search that may not begin found something")
	}
	s.bound = s.p.Eval(x) / s.scale
	l := newLots(s, d, x, 2)
	l.s.o.Gap = 1e-3
	if _, better := l.run(context.Background()); better || len(l.states) > 3 {
		t.Errorf("%d searches where nothing can be better", len(l.states)-1)
	}
}

// TestLotsCutOff: what a search found after time was up counts, though the one before it
// was cut off and all workers have seen the time.
func TestLotsCutOff(t *testing.T) {
	s, d, lp := placedUnits(t, Options{Threads: 2})
	l := newLots(s, d, slices.Clone(lp.X), 2)
	cost := l.states[0].cost
	found := []float64{1}
	l.stop()
	l.merge(1, lotResult{foldedPoint{x: found, status: solver.LimitReached}, 0.9 * cost})
	l.stop()
	if last := l.last(); len(last.x) != 1 || last.cost != 0.9*cost {
		t.Errorf("what was found at %.9g is lost: the end is at %.9g", 0.9*cost, last.cost)
	}
}

// TestImprove: with units and jobs of unitsCase, the search begins while jobs look for
// their places, and jobs are asked for an answer to its schedule.
func TestImprove(t *testing.T) {
	var mu sync.Mutex
	var said []string
	o := Options{Engine: oracleEngine(t), Gap: 1e-6, Method: Placement, Threads: 2, TimeLimit: time.Minute,
		OnStep: func(text string) {
			mu.Lock()
			defer mu.Unlock()
			said = append(said, text)
		}}
	s := &session{o: o, began: time.Now(), merged: mergeFor(unitsCase(), o.Method)}
	out, err := s.solve(context.Background())
	if err != nil || out.Plan == nil || !out.Report.OK() {
		t.Fatalf("%v %v", out, err)
	}
	for _, want := range []string{"ahead", "neighbourhood", "jobs "} {
		if !slices.ContainsFunc(said, func(text string) bool { return strings.HasPrefix(text, want) }) {
			t.Errorf("nothing is said of %q", want)
		}
	}
	if a := out.Placement; a == nil || math.Abs(*out.Plan.Bound+a.Total()-out.Plan.Objective) > 1e-6*out.Plan.Objective {
		t.Errorf("the account %+v does not add up", a)
	}
}

// TestAnswer: a schedule for jobs that all stay out is answered by those for whom it has
// room, and the plan of that is better by what they are worth and no more.
func TestAnswer(t *testing.T) {
	ctx := context.Background()
	s := unitsSession(t, Options{Gap: 1e-3, Threads: 2})
	free := s.p
	much := s.placed.hold(free, s.m.T, s.placed.jobs.guess())
	schedule, err := run(ctx, s.o.Engine, much, solver.Options{RelGap: 0.2, TimeLimit: time.Minute})
	if err != nil || !schedule.HasPoint {
		t.Fatalf("no schedule: %v %v", schedule, err)
	}
	w := newPower(ctx, s, s.placed, free)
	if err := w.open(ctx, demandOf(w.p), s.placed.jobs.guess()); err != nil {
		t.Fatal(err)
	}
	nobody, err := place.New(w.p, place.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := &place.Result{Places: nobody.Places(), Use: *nobody.Use(), Bound: math.Inf(-1), Prices: place.NewPrices(w.p), Multipliers: place.NewMultipliers(w.p)}
	for i := range w.p.Jobs {
		r.DroppedCost += w.p.Jobs[i].DropPrice
	}
	in := s.taken(w, r)
	in.dispatch(ctx, schedule.X)
	if in.best == nil {
		t.Fatalf("no plan: %q", in.out.Notes)
	}
	before := in.best.plan.Objective
	next, answered := s.again(ctx, w, in, r, in.best.x)
	if next == nil {
		t.Fatalf("nobody answers: %q", s.out.Notes)
	}
	gain := before - next.best.plan.Objective
	worth := r.DroppedCost - answered.DroppedCost
	if answered.Dropped == len(w.p.Jobs) || gain <= 0 || gain > worth || !next.best.report.OK() {
		t.Errorf("%d jobs still out; %.9g is won of %.9g", answered.Dropped, gain, worth)
	}
	t.Logf("%d of %d jobs come in and win %.6g of %.6g", len(w.p.Jobs)-answered.Dropped, len(w.p.Jobs), gain, worth)
	// Where nobody can win anything, all stays as it is.
	use := next.p
	if again, _ := s.again(ctx, w, next, answered, next.best.x); again == nil && s.p != use {
		t.Error("the program is not the one of the places that are kept")
	}
}
