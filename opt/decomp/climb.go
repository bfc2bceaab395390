package decomp

// Where units are few and lumpy, the prices' bound stays tenths of a per cent below
// the best plan, and the whole program is small: branch and cut decides. It is
// taken apart so that every search profits from it:
//
//   - the engine's root node alone raises the relaxation by its cuts, which are
//     kept as rows;
//   - the relaxation with them says by its reduced costs d and its value L what a
//     plan cheaper than C cannot do: column j moves at most (C - L)/|d_j| away from
//     its bound. Regrets fix from the plans' side, these from the cuts'; together
//     they narrow every search from here on;
//   - the decisions that are still broken are searched, the others held;
//   - the rest is climbed in rungs: branch and cut on what is left below a cutoff C
//     halfway between bound and best plan. That is far smaller than what is left
//     below the best plan, and when it is exhausted the bound is C.

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// cutFirst is the number of columns below which branch and cut is left whole: its
// root takes no time there.
const cutFirst = 5_000

// rungs bounds the number of rungs where work is limited.
const rungs = 4

// rungPatience is the least that a rung may take.
const rungPatience = 4 * time.Second

// cutRelaxation is the relaxation of a program with cuts. What it says holds for
// plans cheaper than ceiling.
type cutRelaxation struct {
	red     *solver.Reduced // of the whole program
	equal   *solver.Equal   // of the reduced one
	program *solver.Problem // that with cuts
	lp      *solver.Result
	bound   float64   // shown by the duals, if the cuts hold
	reduced []float64 // costs of the program's columns
	ceiling float64
}

// restore returns the whole point of one of the program.
func (c *cutRelaxation) restore(x []float64) []float64 { return c.red.Restore(c.equal.Expand(x)) }

// project returns what bounds of the whole program say of the program's columns.
func (c *cutRelaxation) project(lower, upper []float64) (lo, up []float64) {
	return c.equal.Bounds(c.red.Project(lower), c.red.Project(upper))
}

// climb proves by cuts, fixing and rungs. What that leaves open is for branch and cut
// on all that is better than the best plan.
func (r *recovery) climb(ctx context.Context) bool {
	climbing, stop := context.WithCancel(ctx)
	defer stop()
	r.mu.Lock()
	r.uncut = stop
	if r.loose {
		stop()
	}
	r.mu.Unlock()
	found := r.climbTo(climbing, math.Inf(1))
	if ctx.Err() != nil || r.ledger.closed() {
		return found
	}
	if climbing.Err() != nil { // not worth while
		r.mu.Lock()
		r.proving = false
		r.mu.Unlock()
		return r.aroundAnswers(ctx) || found
	}
	return r.prove(ctx) || found
}

// climbTo climbs as far as a cutoff: its bounds hold for the whole up to it.
func (r *recovery) climbTo(ctx context.Context, cutoff float64) bool {
	before, _, _ := r.ledger.read()
	lower, upper := slices.Clone(r.least), slices.Clone(r.most)
	r.acc.fix(r.p, lower, upper, cutoff)
	red, equal, err := r.narrowest(lower, upper)
	if err != nil { // nothing is better
		if !math.IsInf(cutoff, 1) {
			r.claim(cutoff, "proof")
		}
		return !math.IsInf(cutoff, 1)
	}
	p := equal.Problem
	r.trace("climb to %.8g begins: %d columns, %d rows, %d integers", cutoff, p.Cols(), p.Rows(), p.Integers())
	c := &cutRelaxation{red: red, equal: equal}
	cut := r.cuts(ctx, p, cutoff)
	if cut.x != nil {
		r.offer(ctx, "cuts", c.restore(cut.x))
	}
	found := false
	if cut.program != nil {
		if strong, lp, ok := r.withCuts(ctx, p, cut.rows); ok {
			cut.program = strong
			found = r.climbFrom(ctx, c, cut, lp)
		}
	}
	after, _, _ := r.ledger.read()
	return found || after > before
}

// narrowest returns the program within bounds as its root node shall see it.
func (r *recovery) narrowest(lower, upper []float64) (*solver.Reduced, *solver.Equal, error) {
	red, err := r.within(lower, upper)
	if err != nil {
		return nil, nil, err
	}
	r.soften(red) // costs no more and allows no less: its bound is one all the same
	equal, err := solver.MergeEqual(sparsify(red.Problem))
	return red, equal, err
}

// climbFrom fixes, searches and climbs by the relaxation with cuts.
func (r *recovery) climbFrom(ctx context.Context, c *cutRelaxation, cut rootCuts, lp *solver.Result) bool {
	c.program, c.lp, c.ceiling = cut.program, lp, cut.ceiling
	c.bound, c.reduced = dualValue(c.program, lp.RowDual)
	r.claim(math.Min(c.ceiling, c.bound), "cuts")
	r.cut.Store(c)
	_, cost, _ := r.ledger.read()
	lower, upper := r.boundsBelow(math.Min(cost, c.ceiling))
	r.trace("relaxation with cuts: %.8g, leaves %d integers below the best plan", c.bound, r.openIntegers(lower, upper))
	found := r.roundLP(ctx, c.restore(lp.X), lower, upper)
	for n := 0; ctx.Err() == nil && (n < rungs || r.o.WorkLimit == 0); n++ {
		climbed, ok := r.rung(ctx, c)
		found = found || climbed
		if !ok {
			break
		}
	}
	return found
}

// openIntegers counts the integers with room.
func (r *recovery) openIntegers(lower, upper []float64) int {
	open := 0
	for j, t := range r.p.ColType {
		if t == solver.Integer && lower[j] < upper[j] {
			open++
		}
	}
	return open
}

// fix tightens bounds of the program's integers to what a plan that costs at most
// cutoff can have. Above the ceiling nothing is known.
func (c *cutRelaxation) fix(lower, upper []float64, cutoff float64) {
	room := (cutoff - c.bound) * (1 + 1e-9)
	if !(room >= 0) || cutoff > c.ceiling {
		return
	}
	p := c.program
	for j, t := range p.ColType {
		d := c.reduced[j]
		if t != solver.Integer || lower[j] >= upper[j] || d == 0 {
			continue
		}
		steps := math.Floor(room/math.Abs(d) + 1e-9)
		if d > 0 {
			upper[j] = math.Max(lower[j], math.Min(upper[j], p.ColLower[j]+steps))
		} else {
			lower[j] = math.Min(upper[j], math.Max(lower[j], p.ColUpper[j]-steps))
		}
	}
}

// fixWhole is fix for bounds of the whole program.
func (c *cutRelaxation) fixWhole(lower, upper []float64, cutoff float64) {
	lo, up := c.project(lower, upper)
	c.fix(lo, up, cutoff)
	lo, up = c.equal.Expand(lo), c.equal.Expand(up)
	for k, j := range c.red.Cols {
		if lo[k] <= up[k] {
			lower[j], upper[j] = lo[k], up[k]
		}
	}
}

// below reduces the program with cuts to what can cost at most cutoff.
func (r *recovery) below(c *cutRelaxation, cutoff float64) (*solver.Reduced, error) {
	lower, upper := slices.Clone(r.least), slices.Clone(r.most)
	r.acc.fix(r.p, lower, upper, cutoff)
	q := c.program.Clone(0)
	q.ColLower, q.ColUpper = c.project(lower, upper)
	for j := range q.ColLower { // the reduced program's own bounds may be tighter
		q.ColLower[j] = math.Max(q.ColLower[j], c.program.ColLower[j])
		q.ColUpper[j] = math.Max(q.ColLower[j], math.Min(q.ColUpper[j], c.program.ColUpper[j]))
	}
	c.fix(q.ColLower, q.ColUpper, cutoff)
	return solver.Reduce(q)
}

// rung searches below a cutoff between bound and best plan; ok is false where
// nothing is left to climb or the engine gave up.
func (r *recovery) rung(ctx context.Context, c *cutRelaxation) (found, ok bool) {
	bound, cost, _ := r.ledger.read()
	top := math.Min(cost, c.ceiling)
	cutoff := math.Min(top, bound+math.Max((top-bound)/2, 2*r.o.Gap*math.Abs(bound)))
	if !(cutoff > bound) || math.IsInf(cutoff, 1) {
		return false, false
	}
	red, err := r.below(c, cutoff)
	if err != nil { // nothing is below
		r.claim(cutoff, "rung")
		return true, cutoff < top
	}
	var offers sync.WaitGroup
	restore := func(y []float64) []float64 { return c.restore(red.Restore(y)) }
	o := solver.Options{
		RelGap: r.o.Gap / 2, Seed: r.o.Seed, HasCutoff: true, Cutoff: cutoff, NoHeuristics: true,
		OnProgress: func(p solver.Progress) { r.claim(math.Min(cutoff, p.Bound), "rung") },
		OnIncumbent: func(objective float64, y []float64) {
			if objective <= cutoff { // what is above comes from capped penalties
				offers.Go(func() { r.offer(ctx, "rung", restore(y)) })
			}
		},
	}
	if r.o.WorkLimit > 0 { // what reports on the way is not repeatable
		o.OnProgress, o.OnIncumbent, o.WorkLimit = nil, nil, roundNodes
	} else if r.o.TimeLimit > 0 {
		o.TimeLimit = max(rungPatience, r.left()/2)
		o.TimeLimit = min(o.TimeLimit, r.left())
	}
	res, err := r.o.Engine.Solve(ctx, red.Problem, o)
	offers.Wait()
	if err != nil {
		if ctx.Err() == nil {
			r.note(fmt.Sprintf("a rung failed: %v", err))
		}
		return false, false
	}
	r.trace("rung to %.8g: %d columns, %d rows, %d integers: %s %s, cost %.8g, bound %.8g, %d nodes", cutoff,
		red.Problem.Cols(), red.Problem.Rows(), red.Problem.Integers(), res.Status, res.Limit, res.Objective, res.Bound, res.Nodes)
	switch {
	case res.Status == solver.Infeasible || res.Limit == solver.CutoffReached:
		r.claim(cutoff, "rung")
	case res.Status == solver.Optimal || !math.IsInf(res.Bound, 0):
		r.claim(math.Min(cutoff, res.Bound), "rung")
	}
	if res.HasPoint && res.Objective <= cutoff {
		found = r.offer(ctx, "rung", restore(res.X))
	}
	after, _, _ := r.ledger.read()
	return found || after > bound, after > bound || res.Limit == solver.TimeLimit
}
