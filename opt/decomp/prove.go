package decomp

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/wattbit/wattbit/solver"
)

// provableIntegers is the number of integers that branch and cut is trusted with.
const provableIntegers = 20_000

// lumpyGain is the rise of the relaxation by capacity cuts, in gaps asked for, from
// which restricted programs are given them too.
const lumpyGain = 1

// provable says whether what can be better than the best plan is small enough.
func (r *recovery) provable() bool {
	_, cost, _ := r.ledger.read()
	if math.IsInf(cost, 1) {
		return false
	}
	return r.openIntegers(r.bounds()) <= provableIntegers
}

// prove runs branch and cut on what can be better than the best plan: its bound
// is one on every plan, up to that plan's cost.
func (r *recovery) prove(ctx context.Context) bool {
	lower, upper := r.bounds()
	before, cost, x := r.ledger.read()
	red, err := r.within(lower, upper)
	if err != nil { // nothing is better
		r.claim(cost, "proof")
		return true
	}
	r.soften(red) // costs no more and allows no less: its bound is one all the same
	var offers sync.WaitGroup
	o := solver.Options{
		RelGap: r.o.Gap / 2, Seed: r.o.Seed,
		OnProgress: func(p solver.Progress) { r.claim(math.Min(cost, p.Bound), "proof") },
		OnIncumbent: func(objective float64, y []float64) {
			if _, best, _ := r.ledger.read(); objective < best-1e-7*math.Abs(best) {
				offers.Go(func() { r.offer(ctx, "proof", red.Restore(y)) })
			}
		},
	}
	if x != nil {
		o.Start = red.Project(x)
	}
	if r.o.WorkLimit > 0 { // what reports on the way is not repeatable
		o.OnProgress, o.OnIncumbent = nil, nil
		o.WorkLimit = roundNodes
	}
	r.trace("proof begins: %d columns, %d rows, %d integers", red.Problem.Cols(), red.Problem.Rows(), red.Problem.Integers())
	strong, lp, gain := r.strengthen(ctx, sparsify(red.Problem), cutRounds, roundGain)
	if gain > 0 {
		r.claim(math.Min(cost, dualBound(strong, lp.RowDual)), "proof")
	}
	r.lumpy.Store(gain > lumpyGain*r.o.Gap*math.Abs(before))
	if r.o.WorkLimit == 0 && r.o.TimeLimit > 0 {
		o.TimeLimit = r.left()
	}
	res, err := r.o.Engine.Solve(ctx, strong, o)
	offers.Wait()
	if err != nil {
		if ctx.Err() == nil {
			r.note(fmt.Sprintf("the proof failed: %v", err))
		}
		return false
	}
	r.trace("proof: %s %s, cost %.8g, bound %.8g, %d nodes", res.Status, res.Limit, res.Objective, res.Bound, res.Nodes)
	if res.Status == solver.Infeasible {
		r.note("the engine finds no plan where there is one: its proof is not used")
		return false
	}
	if res.Status == solver.Optimal || !math.IsInf(res.Bound, 0) {
		r.claim(math.Min(cost, res.Bound), "proof")
	}
	found := res.HasPoint && res.Objective < cost-1e-7*math.Abs(cost) && r.offer(ctx, "proof", red.Restore(res.X))
	after, _, _ := r.ledger.read()
	return found || after > before
}
