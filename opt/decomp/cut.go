package decomp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// Before any plan exists, the regrets already tell what a plan cheaper than a
// cutoff C cannot do. What they leave is a program so small that its relaxation
// is quick; its bound holds for the whole as min(C, bound). Cuts from capacity
// (strengthen.go) show which decisions are really open, and those are searched (RENS:
// Berthold 2014).

// cutoffs are tried in this order, as multiples of the gap asked for above the
// bound, as long as few enough columns are left.
var cutoffs = []float64{1.5, 10, 100}

// Columns, and as many rows, that the tightest cutoff may leave for cutting to be
// worth while, and that a looser one may.
const (
	cuttable    = 65_000
	looseEnough = 40_000
)

// cutAndRound raises the bound by cuts, makes a plan near the point that they leave,
// and climbs as far as the cutoff.
func (r *recovery) cutAndRound(ctx context.Context) bool {
	bound, _, _ := r.ledger.read()
	n := r.cuttable
	if n.red == nil { // nothing is cheaper than the cutoff
		r.claim(n.cutoff, "cuts")
		return true
	}
	cutoff, red := n.cutoff, n.red
	equal, err := r.merged(red)
	if err != nil {
		r.claim(cutoff, "cuts")
		return true
	}
	p := equal.Problem
	r.trace("cutoff %.8g, %.2e above the bound, leaves %d columns, %d rows, %d integers", cutoff, cutoff/bound-1,
		p.Cols(), p.Rows(), p.Integers())
	lp, ok := r.relaxation(ctx, p, nil)
	if !ok {
		return false
	}
	if !r.held {
		r.ledger.raise(math.Min(cutoff, dualBound(p, lp.RowDual)), "cuts")
	}
	c := &cutRelaxation{red: red, equal: equal, strengthening: r.strengthening(ctx, p, lp), ceiling: cutoff}
	c, _ = r.cutUp(ctx, c, coarseRounds, coarseGain)
	found := r.roundLP(ctx, c.restore(c.lp.X), n.lower, n.upper)
	found = r.climbFrom(ctx, c) || found
	after, _, _ := r.ledger.read()
	return found || after > bound
}

// narrowed is the program at a cutoff; red is nil where it has no point.
type narrowed struct {
	cutoff       float64
	lower, upper []float64
	red          *solver.Reduced
}

// narrow returns the program at the loosest cutoff that leaves few enough
// columns, nil where even the tightest leaves too many.
func (r *recovery) narrow() *narrowed {
	var last *narrowed
	for _, c := range cutoffs {
		n := &narrowed{
			cutoff: r.acc.bound + c*r.o.Gap*math.Abs(r.acc.bound),
			lower:  slices.Clone(r.least), upper: slices.Clone(r.most),
		}
		r.acc.fix(r.p, n.lower, n.upper, n.cutoff)
		var infeasible *solver.InfeasibleError
		var err error
		if n.red, err = r.within(n.lower, n.upper); err != nil && !errors.As(err, &infeasible) {
			return last
		}
		if n.red != nil {
			r.trace("cutoff %.3g gaps above the bound leaves %d columns", c, n.red.Problem.Cols())
			size := max(n.red.Problem.Cols(), n.red.Problem.Rows())
			if last == nil && size > cuttable || last != nil && size > looseEnough {
				return last
			}
		}
		last = n
	}
	return last
}

// relaxation solves the linear relaxation, from a basis where there is one.
func (r *recovery) relaxation(ctx context.Context, p *solver.Problem, from *solver.Basis) (*solver.Result, bool) {
	o := solver.Options{StartBasis: from}
	r.limit(&o, 20*roundPatience)
	o.WorkLimit = 0
	began := time.Now()
	res, err := r.o.Engine.Solve(ctx, p.Relaxation(), o)
	if err != nil || res.Status != solver.Optimal {
		if err != nil && ctx.Err() == nil {
			r.note(fmt.Sprintf("a relaxation failed: %v", err))
		}
		return nil, false
	}
	r.trace("relaxation of %d columns, %d rows: %.8g after %.2f s", p.Cols(), p.Rows(), res.Objective, time.Since(began).Seconds())
	return res, true
}

// whole is how near to a whole number a value counts as one.
const whole = 1e-4

// roundLP frees the decisions that are broken in x and holds the others.
func (r *recovery) roundLP(ctx context.Context, x, lower, upper []float64) bool {
	lower, upper = slices.Clone(lower), slices.Clone(upper)
	for _, d := range r.decisions {
		j := d.col
		if math.Abs(x[j]-math.Round(x[j])) <= whole {
			fixNear(lower, upper, j, x[j])
		}
	}
	found, res := r.search(ctx, "rounding", lower, upper, ending{gap: 5e-5, fine: true}, roundPatience)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.roundable = res != nil && !ranOut(res)
	return found
}
