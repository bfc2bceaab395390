package highs

import (
	"context"

	"github.com/wattbit/wattbit/solver"
)

// solveMirrored solves a maximisation as the minimisation of its negative. HiGHS
// reads the options for cutoff and target in the sense of its own inner
// minimisation for some kinds of program and not for others.
func (e *Engine) solveMirrored(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
	q := p.Clone(solver.Costs)
	q.Maximize, q.Offset = false, minus(p.Offset)
	negate(q.ColCost)
	o.Cutoff, o.Target = minus(o.Cutoff), minus(o.Target)
	if f := o.OnProgress; f != nil {
		o.OnProgress = func(g solver.Progress) {
			g.Objective, g.Bound = minus(g.Objective), minus(g.Bound)
			f(g)
		}
	}
	if f := o.OnIncumbent; f != nil {
		o.OnIncumbent = func(objective float64, x []float64) { f(minus(objective), x) }
	}
	r, err := e.Solve(ctx, q, o)
	if err != nil {
		return nil, err
	}
	r.Objective, r.Bound = minus(r.Objective), minus(r.Bound)
	negate(r.RowDual)
	negate(r.ColDual)
	return r, nil
}

func negate(v []float64) {
	for i, x := range v {
		v[i] = minus(x)
	}
}

// minus returns -x, and never minus zero.
func minus(x float64) float64 { return 0 - x }
