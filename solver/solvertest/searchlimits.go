package solvertest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// cutoff checks the promise of Options.Cutoff on programs whose optimum is
// known, with cutoffs on either side of it.
func (u *suite) cutoff(t *testing.T) {
	reached := 0
	try := func(t *testing.T, p *solver.Problem, optimum, cutoff float64, o solver.Options) {
		t.Helper()
		o.Cutoff, o.HasCutoff = cutoff, true
		r := u.solve(t, p, o)
		better := optimum < cutoff
		if p.Maximize {
			better = optimum > cutoff
		}
		switch {
		case better:
			if r.Status != solver.Optimal || !close(r.Objective, optimum) {
				t.Errorf("optimum %v, cutoff %v: status %v (%v), objective %v", optimum, cutoff, r.Status, r.Limit, r.Objective)
			}
		case r.Limit == solver.CutoffReached:
			reached++
		case r.Status == solver.Optimal:
			if u.has.Cutoff && p.Integers() > 0 || !close(r.Objective, optimum) {
				t.Errorf("optimum %v, cutoff %v: optimal at %v", optimum, cutoff, r.Objective)
			}
		default:
			t.Errorf("optimum %v, cutoff %v: status %v (%v)", optimum, cutoff, r.Status, r.Limit)
		}
	}
	const programs = 30
	for seed := range uint64(programs) {
		maximize := seed%2 == 1
		o := solver.Options{NoPresolve: seed%3 == 0, NoHeuristics: seed%5 == 0, NoRestart: seed%2 == 0}
		t.Run(fmt.Sprintf("mixed-integer %d", seed), func(t *testing.T) {
			p := randomMIP(seed, maximize)
			p.Offset += 1000 * float64(seed%4)
			optimum, ok := enumerate(p)
			if !ok {
				o.Cutoff, o.HasCutoff = 0, true
				r := u.solve(t, p, o)
				if r.Limit != solver.CutoffReached && !slices.Contains(infeasible, r.Status) {
					t.Errorf("status %v (%v) of an infeasible program", r.Status, r.Limit)
				}
				return
			}
			for _, d := range []float64{-100, -3, -0.5, 0.5, 3, 100} {
				try(t, p, optimum, optimum+d, o)
			}
		})
		t.Run(fmt.Sprintf("linear %d", seed), func(t *testing.T) {
			p := randomLP(seed, maximize)
			optimum := u.solve(t, p, solver.Options{}).Objective
			for _, d := range []float64{-100, -3, -0.5, 0.5, 3, 100} {
				try(t, p, optimum, optimum+d, o)
			}
		})
	}
	// A start beyond the cutoff is no reason to call it the optimum.
	t.Run("start beyond", func(t *testing.T) {
		p := build(func(b *solver.Builder) {
			x, y, z := b.Col(0, 1, 30, solver.Integer), b.Col(0, 1, 20, solver.Integer), b.Col(0, 1, 10, solver.Integer)
			row(b, 1, inf, term{x, 1}, term{y, 1})
			row(b, 1, inf, term{x, 1}, term{z, 1})
			row(b, 2, inf, term{x, 1}, term{y, 1}, term{z, 1})
		})
		// y and z cost 30, x with z 40, x with y 50.
		try(t, p, 30, 25, solver.Options{Start: []float64{1, 1, 0}, NoPresolve: true})
		try(t, p, 30, 35, solver.Options{Start: []float64{1, 1, 0}, NoPresolve: true})
	})
	if u.has.Cutoff && reached < programs/2 {
		t.Errorf("only %d cutoffs reached", reached)
	}
}

// target checks that the search ends at a point as good as was asked for.
func (u *suite) target(t *testing.T) {
	for _, maximize := range []bool{false, true} {
		t.Run(fmt.Sprintf("maximise %v", maximize), func(t *testing.T) {
			p, sense := hard(50), 1.0
			if maximize {
				p, sense = mirrored(p), -1
			}
			// All columns at their lower bound leave deviations of some 5000.
			o := solver.Options{Target: sense * 1050, HasTarget: true, TimeLimit: patience}
			if !u.has.Target {
				o.WorkLimit = 50
			}
			r := u.solve(t, p, o)
			if u.has.Target && r.Limit != solver.TargetReached {
				t.Errorf("status %v (%v), objective %v", r.Status, r.Limit, r.Objective)
			}
		})
	}
	t.Run("out of reach", func(t *testing.T) {
		p, want := commitment([]float64{60, 150})
		u.optimal(t, p, solver.Options{Target: want - 10, HasTarget: true}, want)
	})
	t.Run("linear", func(t *testing.T) {
		p, want := transport()
		u.optimal(t, p, solver.Options{Target: want + 10, HasTarget: true}, want)
	})
	t.Run("exactly the optimum", func(t *testing.T) {
		p, want := commitment([]float64{60, 150, 90})
		r := u.solve(t, p, solver.Options{Target: want, HasTarget: true})
		if r.Status != solver.Optimal && r.Limit != solver.TargetReached || !close(r.Objective, want) {
			t.Errorf("status %v (%v), objective %v, want %v", r.Status, r.Limit, r.Objective, want)
		}
	})
}

// root checks RootOnly and the cuts it makes: they are over the program's
// columns, no point of the program breaks them, and they lift the relaxation.
func (u *suite) root(t *testing.T) {
	if !u.has.Root {
		t.Run("refused", func(t *testing.T) {
			p, _ := commitment([]float64{60, 150})
			for _, o := range []solver.Options{{RootOnly: true}, {NoPresolve: true, OnCuts: func(solver.Rows) {}}} {
				if _, err := u.s.Solve(context.Background(), p, o); !errors.Is(err, errors.ErrUnsupported) {
					t.Errorf("error %v, want one that wraps errors.ErrUnsupported", err)
				}
			}
		})
		return
	}
	for _, maximize := range []bool{false, true} {
		t.Run(fmt.Sprintf("cuts, maximise %v", maximize), func(t *testing.T) { u.rootCuts(t, maximize) })
	}
	t.Run("with presolve", func(t *testing.T) {
		r := u.solve(t, facilities(8, 20), solver.Options{RootOnly: true})
		if r.Limit != solver.RootReached && r.Status != solver.Optimal || r.Nodes > 1 {
			t.Errorf("status %v (%v) after %d nodes", r.Status, r.Limit, r.Nodes)
		}
	})
	t.Run("linear", func(t *testing.T) {
		p, want := transport()
		u.optimal(t, p, solver.Options{RootOnly: true}, want)
	})
}

func (u *suite) rootCuts(t *testing.T, maximize bool) {
	sense := 1.0
	calls, lifted := 0, 0
	for sites := 3; sites <= 10; sites++ {
		p := facilities(sites, 3*sites)
		if maximize {
			p, sense = mirrored(p), -1
		}
		var cuts solver.Rows
		o := solver.Options{RootOnly: true, NoPresolve: true, OnCuts: func(c solver.Rows) { calls++; cuts = c }}
		root := u.solve(t, p, o)
		best := u.solve(t, p, solver.Options{}) // proved optimal
		if best.Status != solver.Optimal {
			t.Fatalf("status %v", best.Status)
		}
		if sense*root.Bound > sense*best.Objective+1e-6*math.Abs(best.Objective) {
			t.Errorf("%d sites: bound %v beyond the optimum %v", sites, root.Bound, best.Objective)
		}
		if root.Status == solver.Optimal {
			continue // settled at the root
		}
		if root.Limit != solver.RootReached || root.Nodes > 1 {
			t.Errorf("%d sites: status %v (%v) after %d nodes", sites, root.Status, root.Limit, root.Nodes)
		}
		tight, err := solver.AppendRows(p, cuts)
		if err != nil {
			t.Fatal(err)
		}
		if err := Feasible(tight, best.X, 1e-5); err != nil {
			t.Errorf("%d sites: a cut cuts off the optimum: %v", sites, err)
		}
		loose := u.solve(t, p.Relaxation(), solver.Options{})
		after := u.solve(t, tight.Relaxation(), solver.Options{})
		// The root's bound may be better than its cuts alone, which leave
		// out what reduced costs fix.
		if rise := sense * (after.Objective - loose.Objective); rise > 1e-6*math.Abs(loose.Objective) {
			lifted++
		}
		if sense*after.Objective > sense*best.Objective+1e-6*math.Abs(best.Objective) {
			t.Errorf("%d sites: the relaxation with cuts, %v, is beyond the optimum %v", sites, after.Objective, best.Objective)
		}
	}
	if calls < 4 || lifted < 4 {
		t.Errorf("%d calls, %d relaxations lifted: the test shows little", calls, lifted)
	}
}

// basis checks that a linear program starts where a like one ended.
func (u *suite) basis(t *testing.T) {
	p := largeLP(30)
	first := u.solve(t, p, solver.Options{Method: solver.MethodSimplex})
	if u.has.Basis && first.Basis == nil {
		t.Fatal("no basis of an optimal linear program")
	}
	if !u.has.Basis {
		start := &solver.Basis{Col: make([]solver.BasisStatus, p.Cols()), Row: make([]solver.BasisStatus, p.Rows())}
		for i := range start.Row {
			start.Row[i] = solver.Basic
		}
		u.optimal(t, p, solver.Options{StartBasis: start}, first.Objective)
		return
	}
	t.Run("of the same program", func(t *testing.T) {
		r := u.optimal(t, p, solver.Options{StartBasis: first.Basis}, first.Objective)
		if r.Iterations > 0 {
			t.Errorf("%d iterations from the optimal basis, %d without", r.Iterations, first.Iterations)
		}
	})
	t.Run("after a bound moved", func(t *testing.T) {
		q := p.Clone(solver.RowBounds)
		q.RowLower[p.Rows()-1]++
		cold := u.solve(t, q, solver.Options{Method: solver.MethodSimplex, NoPresolve: true})
		warm := u.optimal(t, q, solver.Options{StartBasis: first.Basis}, cold.Objective)
		if warm.Iterations*4 > cold.Iterations {
			t.Errorf("%d iterations from the basis before, %d without", warm.Iterations, cold.Iterations)
		}
	})
	t.Run("after all bounds moved", func(t *testing.T) {
		for seed := range uint64(20) {
			p := randomLP(seed, seed%2 == 1)
			r := u.solve(t, p, solver.Options{NoPresolve: true})
			if r.Basis == nil {
				continue
			}
			q := p.Clone(solver.ColBounds)
			for j, x := range r.X {
				q.ColLower[j], q.ColUpper[j] = math.Min(q.ColLower[j], x)-1, math.Max(q.ColUpper[j], x)+1
				if j%3 == 0 {
					q.ColLower[j], q.ColUpper[j] = x, x
				}
			}
			u.optimal(t, q, solver.Options{StartBasis: r.Basis}, u.solve(t, q, solver.Options{}).Objective)
		}
	})
	t.Run("of other rows", func(t *testing.T) {
		q := *first.Basis
		q.Row = slices.Concat(q.Row, []solver.BasisStatus{solver.Basic})
		u.optimal(t, p, solver.Options{StartBasis: &q}, first.Objective)
	})
}
