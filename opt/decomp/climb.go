package decomp

// Where units are few and lumpy, the prices' bound stays tenths of a per cent below
// the best plan, and the whole program is small: branch and cut decides. It is
// taken apart so that every search profits from it:
//
//   - cuts from capacity (capacity.go) raise the relaxation of the whole as far as the
//     engine's root node does in several times their time;
//   - the relaxation with them says by its reduced costs d and its value L what a
//     plan cheaper than C cannot do: column j moves at most (C - L)/|d_j| away from
//     its bound. Regrets fix from the plans' side, these from the cuts'; together
//     they narrow every search from here on;
//   - the decisions that are still broken are searched, the others held (RENS);
//   - the rest is climbed in rungs: branch and cut on what is left below a cutoff C
//     between bound and best plan, with cuts from capacity of its own. That is far
//     smaller than what is left below the best plan, and when it is exhausted the
//     bound is C. As long as more cuts gain something only rungs of few integers are
//     tried. One that is not exhausted in time was too high: the next is half as high.

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

const (
	// rungs bounds the number of rungs where work is limited, and lowestRung is how high,
	// as a part of what is between bound and best plan, one is worth while.
	rungs      = 4
	lowestRung = 1.0 / 16
	// firstRung is the number of integers up to which a rung is tried while cuts gain.
	firstRung = 2_400
	// deepRounds is how many more rounds of cuts come before each rung, as long as all of them together
	// gain deepGain gaps asked for.
	deepRounds = 8
	deepGain   = 0.05
	// coarseRounds and coarseGain are those of cuts before the first plan.
	coarseRounds = 8
	coarseGain   = 0.05
)

// rungPatience is the least that a rung may take.
const rungPatience = 4 * time.Second

// cutRelaxation is the relaxation of a program with cuts. What it says holds for
// plans cheaper than ceiling.
type cutRelaxation struct {
	red            *solver.Reduced // of the whole program
	equal          *solver.Equal   // of the reduced one
	*strengthening                 // of the equal one
	ceiling        float64
	bound          float64   // shown by the duals
	reduced        []float64 // costs of the program's columns
}

// cutUp is the relaxation of a program that was reduced so, with cuts in so many rounds
// at most, each of which gains least gaps asked for. It is the best there is from then on.
func (r *recovery) cutUp(ctx context.Context, c *cutRelaxation, rounds int, least float64) (*cutRelaxation, float64) {
	more, gain := r.raise(ctx, c.strengthening, rounds, least)
	d := &cutRelaxation{red: c.red, equal: c.equal, strengthening: more, ceiling: c.ceiling}
	d.bound, d.reduced = dualValue(d.program, d.lp.RowDual)
	r.claim(math.Min(d.ceiling, d.bound), "cuts")
	r.cut.Store(d)
	return d, gain
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
	found := false
	if r.scouted.Load() == nil {
		found = r.relaxAndRound(ctx)
	}
	if ctx.Err() != nil || r.ledger.closed() {
		return found
	}
	c := r.scouted.Load()
	if c == nil { // not worth while
		r.mu.Lock()
		r.proving = false
		r.mu.Unlock()
		return r.aroundAnswers(ctx) || found
	}
	found = r.climbFrom(ctx, c) || found
	if ctx.Err() != nil || r.ledger.closed() {
		return found
	}
	return r.prove(ctx) || found
}

// climbFrom adds cuts to a relaxation and takes rungs.
func (r *recovery) climbFrom(ctx context.Context, c *cutRelaxation) bool {
	found, deeper, part := false, true, 0.5
	for n := 0; part >= lowestRung && ctx.Err() == nil && !r.ledger.closed() && (n < rungs || r.o.WorkLimit == 0); n++ {
		most := math.MaxInt
		if deeper {
			var gain float64
			c, gain = r.cutUp(ctx, c, deepRounds, roundGain)
			deeper = gain >= deepGain*r.o.Gap*math.Abs(c.bound)
			found = found || gain > 0
			if deeper {
				most = firstRung
				found = r.roundAgain(ctx, c) || found
			}
		}
		better, end := r.rung(ctx, c, part, most)
		found = found || better
		switch {
		case end == exhausted && better:
			part = min(0.5, 2*part)
		case end == unfinished:
			part /= 2
		case end == exhausted || end == impossible: // what is known does not change any more
			return found
		}
	}
	return found
}

// roundAgain rounds a relaxation that has more cuts than the one that was rounded before,
// where that one came to its end: its point breaks other decisions.
func (r *recovery) roundAgain(ctx context.Context, c *cutRelaxation) bool {
	r.mu.Lock()
	roundable := r.roundable
	r.mu.Unlock()
	if !roundable || ctx.Err() != nil || r.ledger.closed() {
		return false
	}
	lower, upper := r.bounds()
	return r.roundLP(ctx, c.restore(c.lp.X), lower, upper)
}

// relaxAndRound solves the relaxation of the whole with cuts from capacity, where that comes in time,
// and searches what it breaks.
func (r *recovery) relaxAndRound(ctx context.Context) bool {
	if !r.relax(ctx) || ctx.Err() != nil || r.ledger.closed() {
		return false
	}
	c := r.scouted.Load()
	lower, upper := r.bounds()
	return r.roundLP(ctx, c.restore(c.lp.X), lower, upper)
}

// relax solves the relaxation of the whole with cuts from capacity and says whether
// that came in time. By its reduced costs this relaxation narrows all searches that follow.
func (r *recovery) relax(ctx context.Context) bool {
	red, err := r.within(slices.Clone(r.least), slices.Clone(r.most))
	if err != nil {
		return false
	}
	equal, err := r.merged(red)
	if err != nil {
		return false
	}
	short, cancel := context.WithCancel(ctx)
	defer cancel()
	if r.o.TimeLimit > 0 && r.o.WorkLimit == 0 {
		short, cancel = context.WithTimeout(ctx, r.o.TimeLimit/relaxShare)
		defer cancel()
	}
	lp, ok := r.relaxation(short, equal.Problem, nil)
	if !ok {
		r.trace("the relaxation takes too long for cuts")
		r.mu.Lock()
		r.loose = true
		r.mu.Unlock()
		return false
	}
	c := &cutRelaxation{red: red, equal: equal, strengthening: r.strengthening(ctx, equal.Problem, lp), ceiling: math.Inf(1)}
	c, gain := r.cutUp(ctx, c, coarseRounds, coarseGain)
	r.lumpy.Store(gain > lumpyGain*r.o.Gap*math.Abs(c.bound))
	r.scouted.Store(c)
	return true
}

// relaxShare is the inverse of the part of the time limit that the relaxation of the
// whole may take.
const relaxShare = 4

// merged is a reduced program as its relaxation with cuts shall see it.
func (r *recovery) merged(red *solver.Reduced) (*solver.Equal, error) {
	r.soften(red) // costs no more and allows no less: its bound is one all the same
	return solver.MergeEqual(sparsify(red.Problem))
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
	if cutoff > c.ceiling {
		return
	}
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

// rungEnd is how the search of a rung ended.
type rungEnd int

const (
	exhausted  rungEnd = iota // nothing is left below its cutoff
	unfinished                // at a limit
	tooLarge                  // to begin with
	impossible                // there is no room, or the engine failed
)

// rung searches below a cutoff so far from the bound to the best plan, if it has so
// many integers at most.
func (r *recovery) rung(ctx context.Context, c *cutRelaxation, part float64, most int) (found bool, end rungEnd) {
	bound, cost, _ := r.ledger.read()
	top := math.Min(cost, c.ceiling)
	cutoff := math.Min(top, bound+math.Max((top-bound)*part, r.o.Gap*math.Abs(bound)))
	if !(cutoff > bound) || math.IsInf(cutoff, 1) {
		return false, impossible
	}
	red, err := r.below(c, cutoff)
	if err != nil { // nothing is below
		r.claim(cutoff, "rung")
		after, _, _ := r.ledger.read()
		return after > bound, exhausted
	}
	if red.Problem.Integers() > most {
		return false, tooLarge
	}
	strong, lp, _ := r.strengthen(ctx, red.Problem, cutRounds, roundGain)
	if lp != nil {
		r.claim(math.Min(cutoff, dualBound(strong, lp.RowDual)), "rung")
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
		o.TimeLimit = min(max(rungPatience, r.left()/2), r.left())
	}
	res, err := r.o.Engine.Solve(ctx, strong, o)
	offers.Wait()
	if err != nil {
		if ctx.Err() == nil {
			r.note(fmt.Sprintf("a rung failed: %v", err))
		}
		return false, impossible
	}
	r.trace("rung to %.8g: %d columns, %d rows, %d integers: %s %s, cost %.8g, bound %.8g, %d nodes", cutoff,
		strong.Cols(), strong.Rows(), strong.Integers(), res.Status, res.Limit, res.Objective, res.Bound, res.Nodes)
	switch {
	case res.Status == solver.Infeasible || res.Limit == solver.CutoffReached:
		r.claim(cutoff, "rung")
		end = exhausted
	case res.Status == solver.Optimal:
		r.claim(math.Min(cutoff, res.Bound), "rung")
		end = exhausted
	default:
		end = unfinished
		if !math.IsInf(res.Bound, 0) {
			r.claim(math.Min(cutoff, res.Bound), "rung")
		}
		if res.Status == solver.LimitReached && cutoff < bound+1.01*r.o.Gap*math.Abs(bound) {
			end = impossible // it cannot be lower
		}
	}
	if res.HasPoint && res.Objective <= cutoff {
		found = r.offer(ctx, "rung", restore(res.X))
	}
	after, _, _ := r.ledger.read()
	return found || after > bound, end
}
