package cbc

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os/exec"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// feasible is the violation up to which this package itself calls a point
// feasible: cbc's own tolerance.
const feasible = 1e-6

// Solve implements solver.Solver.
func (e *Engine) Solve(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
	began := time.Now()
	if p == nil {
		return nil, errors.New("cbc: no program")
	}
	if err := p.Check(); err != nil {
		return nil, fmt.Errorf("cbc: %w", err)
	}
	if err := o.Check(p.Cols()); err != nil {
		return nil, fmt.Errorf("cbc: %w", err)
	}
	if o.RootOnly || o.OnCuts != nil {
		return nil, fmt.Errorf("cbc: stopping after the root node and handing out cuts: %w", errors.ErrUnsupported)
	}
	r, err := e.solve(ctx, p, o, began)
	if err != nil {
		return nil, err
	}
	r.Seconds = time.Since(began).Seconds()
	return r, nil
}

func (e *Engine) solve(ctx context.Context, p *solver.Problem, o solver.Options, began time.Time) (*solver.Result, error) {
	if ctx.Err() != nil {
		return unproved(p, solver.Interrupted, solver.NoLimit), nil
	}
	q, ok := roundBounds(p)
	if !ok {
		return unproved(p, solver.Infeasible, solver.NoLimit), nil
	}
	if q.Nonzeros() == 0 {
		return separable(q), nil
	}
	var deadline time.Time
	if o.TimeLimit > 0 {
		deadline = began.Add(o.TimeLimit)
	}
	start, err := e.completeStart(ctx, q, o, deadline)
	if err != nil {
		return nil, err
	}
	o.Start = start
	r, err := e.run(ctx, q, o, deadline)
	if crashed(err) && !o.NoPresolve {
		// Presolve of 2.10.8 may cross bounds, on which cbc ends in an assertion.
		o.NoPresolve = true
		r, err = e.run(ctx, q, o, deadline)
	}
	if err != nil || r.Status != solver.Unbounded {
		return r, err
	}
	return e.confirmUnbounded(ctx, q, o, deadline, r)
}

// crashed says whether a signal, its own or another's, ended cbc.
func crashed(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() < 0
}

// unproved is a result without point or bound.
func unproved(p *solver.Problem, s solver.Status, l solver.Limit) *solver.Result {
	return &solver.Result{Status: s, Limit: l, Bound: noBound(p)}
}

// noBound is the bound that says nothing.
func noBound(p *solver.Problem) float64 {
	if p.Maximize {
		return math.Inf(1)
	}
	return math.Inf(-1)
}

// roundBounds rounds the bounds of integer columns inwards; ok is false when
// none is left in between. The program given is not changed.
func roundBounds(p *solver.Problem) (q *solver.Problem, ok bool) {
	q = p.Clone(solver.ColBounds)
	for j, t := range p.ColType {
		if t != solver.Integer {
			continue
		}
		// A bound a hair beyond an integer means that integer.
		lo, up := math.Ceil(p.ColLower[j]-feasible), math.Floor(p.ColUpper[j]+feasible)
		if lo > up {
			return nil, false
		}
		q.ColLower[j], q.ColUpper[j] = lo, up
	}
	return q, true
}

// separable solves a program whose rows are all empty: every row must admit
// zero, and every column goes to the bound that its cost prefers.
func separable(p *solver.Problem) *solver.Result {
	for i := range p.Rows() {
		if p.RowLower[i] > feasible || p.RowUpper[i] < -feasible {
			return unproved(p, solver.Infeasible, solver.NoLimit)
		}
	}
	x := make([]float64, p.Cols())
	for j, c := range p.ColCost {
		if p.Maximize {
			c = -c
		}
		switch {
		case c > 0:
			x[j] = p.ColLower[j]
		case c < 0:
			x[j] = p.ColUpper[j]
		default:
			x[j] = math.Max(p.ColLower[j], math.Min(p.ColUpper[j], 0))
		}
		if math.IsInf(x[j], 0) {
			return unproved(p, solver.Unbounded, solver.NoLimit)
		}
	}
	r := &solver.Result{Status: solver.Optimal, HasPoint: true, X: x, Objective: p.Eval(x)}
	r.Bound = r.Objective
	if p.Integers() == 0 {
		r.HasDuals = true
		r.RowDual = make([]float64, p.Rows())
		r.ColDual = append([]float64{}, p.ColCost...)
	}
	return r
}

// completeStart turns the start proposed into one that cbc takes as it is
// meant: a value for every integer column, or nil where it cannot be used. cbc
// itself would move values that break a bound and put zero for those missing.
func (e *Engine) completeStart(ctx context.Context, p *solver.Problem, o solver.Options, deadline time.Time) ([]float64, error) {
	if o.Start == nil || p.Integers() == 0 {
		return nil, nil
	}
	q := p.Clone(solver.ColBounds)
	start := make([]float64, p.Cols())
	given, missing := 0, 0
	for j, t := range p.ColType {
		start[j] = math.NaN()
		v := o.Start[j]
		switch {
		case t != solver.Integer:
		case math.IsNaN(v):
			missing++
		case math.Abs(v-math.Round(v)) > feasible || v < p.ColLower[j]-feasible || v > p.ColUpper[j]+feasible:
			return nil, nil
		default:
			given++
			start[j] = math.Round(v)
			q.ColLower[j], q.ColUpper[j] = start[j], start[j]
		}
	}
	if given == 0 || missing == 0 {
		if given == 0 {
			start = nil
		}
		return start, nil
	}
	// A short search over the integers that are missing, bounded by nodes so
	// that it repeats, and by a fifth of the time there is.
	sub := solver.Options{RelGap: 0.01, WorkLimit: 200, Seed: o.Seed, Threads: o.Threads}
	if !deadline.IsZero() {
		deadline = time.Now().Add(time.Until(deadline) / 5)
		sub.TimeLimit = time.Until(deadline)
	}
	r, err := e.run(ctx, q, sub, deadline)
	if err != nil || !r.HasPoint {
		return nil, err
	}
	for j, t := range p.ColType {
		if t == solver.Integer {
			start[j] = math.Round(r.X[j])
		}
	}
	return start, nil
}

// confirmUnbounded decides what cbc's "unbounded", a statement about the
// relaxation's objective, says of the program: with a feasible point, and for
// rational data, the program is unbounded too; without one it is infeasible.
func (e *Engine) confirmUnbounded(ctx context.Context, p *solver.Problem, o solver.Options, deadline time.Time, r *solver.Result) (*solver.Result, error) {
	q := new(*p)
	q.ColCost = make([]float64, p.Cols())
	o.RelGap, o.AbsGap, o.OnProgress = 0, 0, nil
	probe, err := e.run(ctx, q, o, deadline)
	if err != nil {
		return nil, err
	}
	r.Nodes += probe.Nodes
	r.Iterations += probe.Iterations
	switch {
	case probe.HasPoint:
	case probe.Status == solver.Infeasible:
		r.Status = solver.Infeasible
	case probe.Status == solver.Interrupted:
		r.Status = solver.Interrupted
	default:
		r.Status = solver.InfeasibleOrUnbounded
	}
	return r, nil
}

// defaultIncrement is cbc's own.
const defaultIncrement = 1e-5

// increment returns the improvement to demand of a new incumbent, zero to leave
// it to cbc, and what the optimum may be missed by for it. cbc's default is
// coarse for objectives of order one, while next to large costs less than that
// is noise. Where the objective can only take multiples of some number, nothing
// short of that improves it.
func increment(p *solver.Problem, o *solver.Options) (step, loss float64) {
	if o.AbsGap >= defaultIncrement {
		// With an increment given, cbc 2.10 ignores the absolute gap.
		return 0, defaultIncrement
	}
	if step = objectiveStep(p); step > 0 {
		return 0.999 * step, 0
	}
	largest := 0.0
	for _, c := range p.ColCost {
		largest = math.Max(largest, math.Abs(c))
	}
	if step = math.Max(1e-8, 1e-9*largest); step < defaultIncrement {
		return step, step
	}
	return 0, defaultIncrement
}

// objectiveStep returns the greatest common divisor of the costs where they are
// whole numbers and belong to integer columns, else zero.
func objectiveStep(p *solver.Problem) float64 {
	step := 0.0
	for j, c := range p.ColCost {
		if c == 0 {
			continue
		}
		if p.ColType[j] != solver.Integer || c != math.Round(c) {
			return 0
		}
		for a, b := step, math.Abs(c); ; a, b = math.Mod(b, a), a {
			if a == 0 {
				step = b
				break
			}
		}
	}
	return step
}
