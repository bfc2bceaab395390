package decomp

// Restricted programs: the whole one with most decisions held, reduced and made small, and
// searched by the engine within limits.

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// Gaps of restricted programs, and how long one may take.
const (
	roundGap      = 2e-5
	roundPatience = 6 * time.Second
	roundNodes    = 500
	fewOpen       = 500
	widePatience  = 10 * time.Second
)

// ending says when a restricted program is solved: at a gap of its own, or at a
// point so near the bound, relative to it. Its patience is that of its size where it
// is not set.
type ending struct {
	gap, near float64
	fine      bool // however far the best plan is from the bound
	patience  time.Duration
}

// free searches with the decisions that are not free held at x.
func (r *recovery) free(ctx context.Context, name string, x []float64, free []bool, end ending) bool {
	lower, upper := r.bounds()
	open := 0
	for i, d := range r.decisions {
		j := d.col
		if free[i] && lower[j] < upper[j] {
			open++
			continue
		}
		fixNear(lower, upper, j, x[j])
	}
	if open == 0 {
		return false
	}
	patience := end.patience
	switch {
	case open < fewOpen:
		patience = 3 * roundPatience // small enough for branching to get somewhere
	case patience == 0:
		patience = roundPatience
	}
	return r.restricted(ctx, name, lower, upper, end, patience)
}

// bounds are the program's, tightened by the account, and by the relaxation with
// cuts, to what can be better than the best plan.
func (r *recovery) bounds() (lower, upper []float64) {
	_, cost, _ := r.ledger.read()
	return r.boundsBelow(cost)
}

// boundsBelow are the program's bounds, tightened to what can cost at most cutoff.
func (r *recovery) boundsBelow(cutoff float64) (lower, upper []float64) {
	lower, upper = slices.Clone(r.least), slices.Clone(r.most)
	r.acc.fix(r.p, lower, upper, cutoff)
	if c := r.cut.Load(); c != nil {
		c.fixWhole(lower, upper, cutoff)
	}
	return lower, upper
}

// fixNear holds column j at the whole number nearest to v within its bounds.
func fixNear(lower, upper []float64, j int32, v float64) {
	v = math.Max(lower[j], math.Min(upper[j], math.Round(v)))
	lower[j], upper[j] = v, v
}

// within reduces the program with these bounds.
func (r *recovery) within(lower, upper []float64) (*solver.Reduced, error) {
	q := r.p.Clone(0)
	q.ColLower, q.ColUpper = lower, upper
	return solver.Reduce(q)
}

// restricted searches the program with these bounds and offers what it finds.
func (r *recovery) restricted(ctx context.Context, name string, lower, upper []float64, end ending, patience time.Duration) bool {
	found, _ := r.search(ctx, name, lower, upper, end, patience)
	return found
}

// search is restricted with what the engine says, nil where it was not asked.
func (r *recovery) search(ctx context.Context, name string, lower, upper []float64, end ending, patience time.Duration) (found bool, res *solver.Result) {
	red, err := r.within(lower, upper)
	if err != nil || ctx.Err() != nil {
		return false, nil
	}
	r.hold(red)
	r.forbidShortage(red)
	r.soften(red)
	var c *compacted
	if r.confines() {
		c = r.compactByPrices(ctx, red, lower, upper)
	} else {
		c = r.compact(ctx, red, lower, upper)
	}
	if c == nil || ctx.Err() != nil {
		return false, nil
	}
	program := sparsify(c.problem)
	if r.lumpy.Load() {
		program, _, _ = r.strengthen(ctx, program, fewRounds, fewGain)
	}
	bound, cost, best := r.ledger.read()
	if !end.fine && !math.IsInf(cost, 1) { // no finer than what there is to gain
		end.gap = math.Max(end.gap, (cost-bound)/cost*finestGain)
	}
	o := solver.Options{
		RelGap: end.gap, Threads: 1, Seed: r.o.Seed, Start: c.start(best),
		HasTarget: true, Target: bound + math.Max(0.97*r.o.Gap, end.near)*math.Abs(bound),
	}
	if !math.IsInf(cost, 1) {
		o.HasCutoff, o.Cutoff = true, cost-2e-6*math.Abs(cost)
	}
	fromBest := o.Start != nil
	o.NoRestart = true
	began := time.Now()
	if program.Integers() < fewIntegers {
		o.NoHeuristics = true
		r.limit(&o, patience/plainShare)
		res, err = r.o.Engine.Solve(ctx, program, o)
		o.NoHeuristics = false
	}
	if err == nil && (res == nil || ranOut(res) && ctx.Err() == nil) {
		if res != nil && res.HasPoint {
			o.Start = res.X
		}
		r.limit(&o, max(patience/2, patience-time.Since(began)))
		res, err = r.o.Engine.Solve(ctx, program, o)
	}
	if res != nil {
		r.trace("%s: %d columns, %d rows, %d integers, start %v: %s %s after %.2f s, cost %.8g, bound %.8g, %d nodes", name,
			c.problem.Cols(), c.problem.Rows(), c.problem.Integers(), fromBest, res.Status, res.Limit,
			time.Since(began).Seconds(), res.Objective, res.Bound, res.Nodes)
	}
	if err != nil {
		if ctx.Err() == nil {
			r.note(fmt.Sprintf("search %s: %v", name, err))
		}
		return false, res
	}
	r.resize(res)
	if !res.HasPoint || res.Objective > cost+hopeless*math.Abs(cost) || fromBest && res.Objective > cost-1e-7*math.Abs(cost) {
		return false, res
	}
	return r.offer(ctx, name, c.restore(res.X)), res
}

// Of few integers, a tree comes to its end before searches for points aside from it,
// which the engine makes at the root, do: it has one part in so many of the patience.
const (
	fewIntegers = 700
	plainShare  = 3
)

// ranOut says whether a search ended for lack of time or nodes.
func ranOut(res *solver.Result) bool {
	return res.Status == solver.LimitReached && (res.Limit == solver.TimeLimit || res.Limit == solver.WorkLimit)
}

// finestGain is the part of the best plan's gap to which restricted programs are
// solved.
const finestGain = 0.05

// smallProgram is the number of columns below which branch and cut on the whole
// begins at once, beside the dive.
const smallProgram = 40_000

// hopeless is how much dearer, relative to the best plan, a restricted program's
// point may be before its dispatch is not worth while.
const hopeless = 1e-3

// limit sets the limits of one run: work where work is limited, time elsewhere.
func (r *recovery) limit(o *solver.Options, patience time.Duration) {
	o.WorkLimit = roundNodes
	if r.o.WorkLimit > 0 {
		return
	}
	o.TimeLimit = patience
	if r.o.TimeLimit > 0 {
		o.TimeLimit = min(patience, r.left())
	}
}

// left is what is left of the time.
func (r *recovery) left() time.Duration {
	return max(time.Millisecond, r.o.TimeLimit-time.Since(r.began))
}

// heldBand is how far, relative to the largest of the prices in it, a continuous
// column's reduced cost must be from zero for a restricted program to hold the column at its bound.
const heldBand = 0.4

// pricesOf takes the priced rows' prices out of the whole program's.
func (s *split) pricesOf(price []float64) []float64 {
	out := make([]float64, len(s.rows))
	for i, r := range s.rows {
		out[i] = price[r]
	}
	return out
}

// softPenalty is the most that a column which only costs may cost in a restricted
// program, as a multiple of the largest price: prices of shortage are set so that
// no plan has one, and such figures spoil the engine's arithmetic. What a
// shortage really costs, the dispatch tells.
const softPenalty = 20

// soften caps what columns cost that only cost, and relaxes integers that come
// out whole when the others are.
func (r *recovery) soften(red *solver.Reduced) {
	p := red.Problem
	most := 0.0
	for i, c := range r.coupling {
		if c {
			most = math.Max(most, math.Abs(r.acc.price[i]))
		}
	}
	for j, full := range red.Cols {
		switch {
		case r.owner[full] >= 0:
			if r.implied[full] {
				p.ColType[j] = solver.Continuous
			}
		case r.onlyCosts(full) && p.ColType[j] == solver.Continuous:
			p.ColCost[j] = math.Min(p.ColCost[j], softPenalty*most*math.Abs(r.value[r.start[full]]))
		}
	}
}

// hold fixes continuous columns that only priced rows are left to move, where
// the prices leave no doubt: a restriction that restricted programs may make,
// for the dispatch that follows is free of it.
func (r *recovery) hold(red *solver.Reduced) {
	p := red.Problem
	_, _, best := r.ledger.read()
	own := make([]bool, p.Cols()) // columns in rows of their own asset
	for i := range p.Rows() {
		if r.pricedAt[red.Rows[i]] >= 0 {
			continue
		}
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			own[p.Index[k]] = true
		}
	}
	for j := range p.Cols() {
		full := red.Cols[j]
		if p.ColType[j] == solver.Integer || own[j] || r.owner[full] < 0 {
			continue
		}
		at := p.ColLower[j]
		switch c, size := r.reducedCost(full); {
		case c > heldBand*size:
		case c < -heldBand*size && !math.IsInf(p.ColUpper[j], 1):
			at = p.ColUpper[j]
		default:
			continue
		}
		if best == nil || math.Abs(best[full]-at) <= 1e-9*(1+math.Abs(at)) { // the best plan stays within
			p.ColLower[j], p.ColUpper[j] = at, at
		}
	}
}

// reducedCost returns the reduced cost of an asset's column at the best prices
// and the size of its largest term.
func (r *recovery) reducedCost(j int32) (c, size float64) {
	c = r.p.ColCost[j]
	rows := r.support[r.owner[j]]
	for k := r.start[j]; k < r.start[j+1]; k++ {
		v := r.value[k] * r.acc.price[rows[r.index[k]]]
		c -= v
		size = math.Max(size, math.Abs(v))
	}
	return c, size
}
