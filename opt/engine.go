package opt

// What an engine says is taken with care: it may crash, hang, or be wrong. This
// file runs it, and refuses what contradicts itself or the program.

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// errHangs says that an engine did not stop when it should have.
var errHangs = errors.New("the engine did not stop when asked to and was left behind")

// pointTolerance is the violation from which a point of the engine is refused.
// Engines keep rows within 1e-6 or so, on scaled rows; what counts in the end is
// the dispatch that follows, and the verifier.
const pointTolerance = 1e-3

// grace is how long an engine may take to stop.
const grace = 3 * time.Second

// run calls the engine so that neither its panic nor its hanging harms, and
// checks the form of what it returns.
func run(ctx context.Context, engine solver.Solver, p *solver.Problem, o solver.Options) (*solver.Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type answer struct {
		res *solver.Result
		err error
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if r := recover(); r != nil {
				a = answer{nil, fmt.Errorf("the engine panicked: %v", r)}
			}
			done <- a
		}()
		a.res, a.err = engine.Solve(ctx, p, o)
	}()
	overrun := make(<-chan time.Time)
	if o.TimeLimit > 0 {
		timer := time.NewTimer(o.TimeLimit + o.TimeLimit/20 + grace)
		defer timer.Stop()
		overrun = timer.C
	}
	var a answer
	select {
	case a = <-done:
		return checked(p, a.res, a.err)
	case <-ctx.Done():
	case <-overrun:
		cancel()
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case a = <-done:
		return checked(p, a.res, a.err)
	case <-timer.C:
		return nil, errHangs
	}
}

// checked refuses results that break the contract of solver.Result.
func checked(p *solver.Problem, res *solver.Result, err error) (*solver.Result, error) {
	switch {
	case err != nil:
		return nil, err
	case res == nil:
		return nil, errors.New("the engine returned neither a result nor an error")
	case res.Status == solver.Optimal && !res.HasPoint:
		return nil, errors.New("the engine claims an optimum without a point")
	case math.IsNaN(res.Bound):
		return nil, errors.New("the engine's bound is NaN")
	case res.HasDuals && (len(res.RowDual) != p.Rows() || len(res.ColDual) != p.Cols()):
		return nil, fmt.Errorf("the engine returned %d and %d duals for %d rows and %d columns",
			len(res.RowDual), len(res.ColDual), p.Rows(), p.Cols())
	case !res.HasPoint:
		return res, nil
	}
	if err := checkPoint(p, res.X); err != nil {
		return nil, err
	}
	if v, size := eval(p, res.X); !(math.Abs(res.Objective-v) <= honesty*(1+size)) {
		return nil, fmt.Errorf("the engine gives its point the objective %g, it has %g", res.Objective, v)
	}
	return res, nil
}

// honesty is how far, relative to the size of its terms, a figure of the engine
// may be off what arithmetic gives.
const honesty = 1e-6

// eval returns the objective at x and the sum of the sizes of its terms.
func eval(p *solver.Problem, x []float64) (v, size float64) {
	size = math.Abs(p.Offset)
	for j, c := range p.ColCost {
		size += math.Abs(c * x[j])
	}
	return p.Eval(x), size
}

// checkDuals says what is wrong with the duals of a linear program's optimum:
// by weak duality they prove a bound on the objective, which has to be the
// objective.
func checkDuals(p *solver.Problem, res *solver.Result) error {
	reduced := append([]float64(nil), p.ColCost...)
	bound, size := p.Offset, math.Abs(p.Offset)
	// add counts a dual on the side that its sign names. One of rounding size
	// may stand on a side that has no bound.
	add := func(dual, lo, up float64) {
		if dual < 0 {
			lo = up
		}
		switch {
		case !math.IsInf(lo, 0):
			bound += dual * lo
			size += math.Abs(dual * lo)
		case math.Abs(dual) > honesty:
			bound = math.Inf(-1)
		}
	}
	for i, y := range res.RowDual {
		add(y, p.RowLower[i], p.RowUpper[i])
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			reduced[p.Index[k]] -= p.Value[k] * y
		}
	}
	for j, d := range reduced {
		add(d, p.ColLower[j], p.ColUpper[j])
	}
	if !(math.Abs(res.Objective-bound) <= honesty*(1+size)) {
		return fmt.Errorf("the engine's duals prove a cost of %g, not of %g", bound, res.Objective)
	}
	return nil
}

func checkPoint(p *solver.Problem, x []float64) error {
	if len(x) != p.Cols() {
		return fmt.Errorf("the engine returned %d values for %d columns", len(x), p.Cols())
	}
	switch v := p.Violation(x); {
	case v.Bound > pointTolerance:
		return fmt.Errorf("the engine's point breaks a bound of %s by %g", p.NameOfCol(v.BoundIndex), v.Bound)
	case v.Integrality > pointTolerance:
		return fmt.Errorf("the engine's point leaves %s off an integer by %g", p.NameOfCol(v.IntegralityIndex), v.Integrality)
	case v.Row > pointTolerance*(1+rowSize(p, v.RowIndex, x)):
		return fmt.Errorf("the engine's point breaks row %s by %g", p.NameOfRow(v.RowIndex), v.Row)
	}
	return nil
}

// rowSize is the largest term of a row: what its tolerance is relative to.
func rowSize(p *solver.Problem, i int, x []float64) float64 {
	if i < 0 {
		return 0
	}
	size := 0.0
	for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
		size = math.Max(size, math.Abs(p.Value[k]*x[p.Index[k]]))
	}
	return size
}

// fixed returns the linear program in which every integer column is held at
// x's value, rounded.
func fixed(p *solver.Problem, x []float64) *solver.Problem {
	q := p.Clone(solver.ColBounds)
	holdIntegers(q, 0, q.Cols(), x)
	return q.Relaxation()
}

// holdIntegers holds the integer columns from first up to end at x.
func holdIntegers(q *solver.Problem, first, end int, x []float64) {
	for j := first; j < end; j++ {
		if q.ColType[j] == solver.Integer {
			v := math.Round(x[j])
			q.ColLower[j], q.ColUpper[j] = v, v
		}
	}
}
