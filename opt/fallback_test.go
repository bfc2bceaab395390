package opt

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/solvertest"
)

// fallbacksCase is unitsCase with so much load that the first schedule sheds some, and
// units start for it.
func fallbacksCase() *model.Case {
	c := unitsCase()
	for i := range c.Loads {
		for t := range c.Loads[i].PowerMW {
			c.Loads[i].PowerMW[t] *= 1.4
		}
	}
	return c
}

// withFallbacks is a session with first schedules that wait.
func withFallbacks(t *testing.T) *session {
	t.Helper()
	s := &session{o: Options{Engine: oracleEngine(t), Gap: 1e-4, Method: Placement}, began: time.Now(), merged: unmerged(fallbacksCase())}
	if err := s.formulate(); err != nil {
		t.Fatal(err)
	}
	s.p = s.placed.hold(s.p, s.m.T, s.placed.jobs.use())
	s.first(t.Context())
	if len(s.fallbacks) < 2 || s.best != nil || s.out.Seconds.Verify > 0 {
		t.Fatalf("%d fallbacks, best %v, verified for %g s, notes %q", len(s.fallbacks), s.best, s.out.Seconds.Verify, s.out.Notes)
	}
	return s
}

// spoil has a fallback shed load that is served.
func spoil(f *candidate) {
	for _, k := range f.last.catalog {
		if k, ok := k.(*buses); ok {
			f.last.at.X[k.shed[0]] += 10
		}
	}
}

// However many fallbacks are bad, the cheapest of the others becomes the best plan, at the
// cost that its point said, though jobs have places by then.
func TestFallBack(t *testing.T) {
	n := len(withFallbacks(t).fallbacks)
	for bad := range n + 1 {
		s := withFallbacks(t)
		order := slices.Clone(s.fallbacks)
		slices.SortFunc(order, func(a, b *candidate) int { return cmp.Compare(a.cost, b.cost) })
		for _, f := range order[:bad] {
			spoil(f)
		}
		for i := range s.placed.jobs.at {
			s.placed.jobs.at[i].Pool, s.placed.jobs.at[i].End = 0, 1
		}
		s.fallBack()
		if len(s.fallbacks) > 0 || len(s.out.Notes) != bad {
			t.Errorf("%d bad: %d are left, notes %q", bad, len(s.fallbacks), s.out.Notes)
		}
		if bad == n {
			if s.best != nil || !s.out.Rejected || s.out.Report.OK() {
				t.Errorf("best %v, rejected %v", s.best, s.out.Rejected)
			}
			if s.placed.jobs.at[0].Dropped() {
				t.Error("jobs have lost their places")
			}
			continue
		}
		if s.best != order[bad] || !verify.Check(s.merged.from, s.best.plan, verify.Options{}).OK() {
			t.Fatalf("%d bad: best %v", bad, s.best)
		}
		if want := s.best.last.p.Eval(s.best.x)/s.scale + s.placed.jobs.undoneCost(); math.Abs(s.best.plan.Objective-want) > 1e-9*want {
			t.Errorf("the plan costs %.12g, its point %.12g", s.best.plan.Objective, want)
		}
		if slices.ContainsFunc(s.best.plan.Jobs, func(p model.JobPlan) bool { return !p.Dropped }) {
			t.Error("a job runs in the first schedule")
		}
	}
}

// A better plan leaves fallbacks unread, good or bad; a worse one does not.
func TestFallBackOnlyToBetter(t *testing.T) {
	s := withFallbacks(t)
	for _, f := range s.fallbacks {
		spoil(f)
	}
	s.best = &candidate{cost: s.cheapest().cost}
	s.fallBack()
	if len(s.out.Notes) > 0 || s.out.Seconds.Verify > 0 {
		t.Errorf("verified for %g s, notes %q", s.out.Seconds.Verify, s.out.Notes)
	}
	s = withFallbacks(t)
	found, first := &candidate{cost: s.cheapest().cost + 1}, s.cheapest()
	s.best = found
	s.fallBack()
	if s.best != first || s.best.report == nil {
		t.Errorf("best %v", s.best)
	}
}

// Where there is no time to search, the plan is the first schedule, whether or not
// it waited, byte for byte.
func TestFallbackThatWaited(t *testing.T) {
	var plans [2]string
	for i, many := range []int{0, manyPlans} {
		o := Options{Engine: oracleEngine(t), Gap: 1e-4, Method: Placement, TimeLimit: time.Nanosecond}
		s := &session{o: o, began: time.Now(), merged: unmerged(fallbacksCase()), many: many}
		out, err := s.solve(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if out.Status != Limit || out.Plan == nil || !out.Report.OK() || out.Seconds.Verify == 0 {
			t.Fatalf("%v, notes %q", out.Status, out.Notes)
		}
		var text strings.Builder
		if err := model.EncodePlan(&text, out.Plan); err != nil {
			t.Fatal(err)
		}
		plans[i] = text.String()
	}
	if plans[0] != plans[1] {
		t.Error("the plans differ")
	}
}

// Whatever an engine does wrong, from whichever of its runs on, no fallback that waited is
// returned unverified, and none is called optimal that is not.
func TestFallbackOfFaultyEngine(t *testing.T) {
	enginetest.Sequential(t)
	e, c := oracleEngine(t), fallbacksCase()
	best, err := Solve(t.Context(), c, Options{Engine: e, Gap: 1e-3, Method: Placement, WorkLimit: 50})
	if err != nil || best.Plan == nil || best.Plan.Bound == nil {
		t.Fatal(best, err)
	}
	returned := 0
	for _, mode := range solvertest.Modes() {
		if mode >= solvertest.Hangs {
			continue // as TestFaultyEngine has them
		}
		for _, truths := range []int64{1, 2, 8} {
			t.Run(fmt.Sprintf("%s after %d", mode, truths), func(t *testing.T) {
				var f solver.Solver = &solvertest.Faulty{Inner: e, Mode: mode, Truths: truths}
				o := Options{Engine: f, Gap: 1e-3, Method: Placement, WorkLimit: 50, TimeLimit: 300 * time.Millisecond}
				s := &session{o: o, began: time.Now(), merged: unmerged(c), dear: dearColumns}
				out, err := s.solve(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if out.Status == Infeasible || out.Status == Unbounded {
					t.Errorf("ended as %s; notes %q", out.Status, out.Notes)
				}
				if out.Plan == nil {
					return
				}
				returned++
				if r := verify.Check(c, out.Plan, verify.Options{}); !r.OK() {
					t.Errorf("%s with a bad plan: %+v", out.Status, r.Violations[0])
				}
				if out.Status == Optimal && out.Plan.Objective*(1-2e-3) > best.Plan.Objective {
					t.Errorf("optimal at %.9g, and there is one at %.9g", out.Plan.Objective, best.Plan.Objective)
				}
			})
		}
	}
	if returned == 0 {
		t.Error("no plan was returned")
	}
}
