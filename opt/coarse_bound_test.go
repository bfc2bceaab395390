package opt

import (
	"context"
	"math"
	"testing"
)

// Where the longer periods are the case's own, their prices are those of its
// relaxation: the bound that they give is no less than the relaxation's optimum, and
// no more than that of the units one by one.
func TestBorrowedPricesBound(t *testing.T) {
	fleets := uint64(15)
	if testing.Short() {
		fleets = 8
	}
	e := oracleEngine(t)
	answered := 0
	for seed := range fleets {
		c, g := rampedFleet(t, seed+2000)
		want := leastOf(t, e, c, Catalog(Formulation{}))
		slack := 1e-6 * math.Max(100, math.Abs(want))
		s := &session{o: Options{Engine: e, Gap: 1e-9}, merged: g, bound: math.Inf(-1)}
		if err := s.formulate(); err != nil {
			t.Fatal(err)
		}
		lp := s.relax(context.Background())
		if lp == nil || !lp.HasDuals {
			t.Fatalf("seed %d: no relaxation: %q", seed, s.out.Notes)
		}
		relaxation := s.bound
		s.bound = math.Inf(-1)
		s.borrow(context.Background(), s, lp, ownPeriods(s.m.Hours))
		if s.bound < relaxation-slack || s.bound > want+slack {
			t.Errorf("seed %d: bound %.9g, relaxation %.9g, optimum %.9g", seed, s.bound, relaxation, want)
		}
		answered += len(s.oracles())
	}
	if answered < int(fleets) {
		t.Errorf("only %d assets answered", answered)
	}
}
