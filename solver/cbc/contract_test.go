package cbc_test

import (
	"context"
	"errors"
	"math"
	"os"
	"testing"

	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/cbc"
	"github.com/wattbit/wattbit/solver/solvertest"
)

// open returns the installed engine. Where continuous integration runs, a
// missing cbc is a failure; elsewhere the skip says how to get it.
func open(t testing.TB) *cbc.Engine {
	t.Helper()
	e, err := cbc.Open("")
	if errors.Is(err, cbc.ErrNotFound) && os.Getenv("CI") == "" {
		t.Skipf("NOT TESTED: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestContract(t *testing.T) {
	solvertest.Run(t, open(t), solvertest.Features{
		Duals:     true,
		Start:     true,
		WorkLimit: true,
		Progress:  true,
	})
}

// cbc 2.10.8 with integer preprocessing, its default, calls 18 the optimum.
func TestOptimumPreprocessingLoses(t *testing.T) {
	e := open(t)
	var b solver.Builder
	r := b.Row(4, 7)
	b.Add(r, b.Col(0, 2, 9, solver.Integer), 3)
	b.Add(r, b.Col(0, 1, 10, solver.Integer), 5)
	res, err := e.Solve(context.Background(), b.Build(), solver.Options{})
	if err != nil || res.Status != solver.Optimal || res.Objective != 10 {
		t.Errorf("result %+v, error %v, want 10", res, err)
	}
}

// cbc 2.10.8 crashes on this program when it is to write its solution: a row
// that no integer can meet, seen while tightening bounds.
func TestInfeasibleByTightening(t *testing.T) {
	e := open(t)
	var b solver.Builder
	c0 := b.Col(0, 0, 5, solver.Integer)
	c1 := b.Col(-1, 0, 10, solver.Integer)
	c2 := b.Col(0, 2, 4, solver.Integer)
	c3 := b.Col(1, 1, 2, solver.Integer)
	c4 := b.Col(0, 2, 2, solver.Continuous)
	inf := math.Inf(1)
	for _, r := range []struct {
		lower, upper float64
		v            [5]float64
	}{
		{-1, -1, [5]float64{-3, 3, 5, -2, -3}},
		{-inf, 4, [5]float64{-3, 3, -4, 3, 2}},
		{1, inf, [5]float64{-1, 1, -5, 4, 0}},
	} {
		i := b.Row(r.lower, r.upper)
		for j, c := range []solver.Col{c0, c1, c2, c3, c4} {
			b.Add(i, c, r.v[j])
		}
	}
	for _, o := range []solver.Options{{}, {NoPresolve: true}, {NoPresolve: true, Threads: 2}} {
		r, err := e.Solve(context.Background(), b.Build(), o)
		if err != nil || r.Status != solver.Infeasible {
			t.Errorf("%+v: result %+v, error %v", o, r, err)
		}
	}
}
