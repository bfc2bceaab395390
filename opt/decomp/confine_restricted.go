package decomp

import (
	"context"
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

// Restricted programs of many columns are confined as their dispatch is: an asset
// whose decisions are all held may move only as far as its answers to prices that
// matter differ, and from what the best plan has it do. What the prices of the
// relaxation would have it do otherwise is freed before the search begins.

// compactByPrices is compact for large programs, of which red is what the bounds lower
// and upper leave. It is nil where nothing is left.
func (r *recovery) compactByPrices(ctx context.Context, red *solver.Reduced, lower, upper []float64) *compacted {
	fixed := r.settledAssets(red, lower, upper)
	c := r.confineTo(lower, upper, lower, upper, red.Restore(make([]float64, red.Problem.Cols())), fixed, restrictedBand, r.remembered()...)
	c.include(r.bestPlan())
	narrow := func() *solver.Reduced {
		next, err := r.within(c.lower, c.upper)
		if err != nil {
			return nil
		}
		r.hold(next)
		r.forbidShortage(next)
		r.soften(next)
		return next
	}
	whole := red
	red = narrow()
	for n := range restrictedRounds {
		if red == nil || ctx.Err() != nil {
			return nil
		}
		res, ok := r.relaxation(ctx, red.Problem, nil)
		if !ok || !res.HasDuals {
			if n == 0 && ctx.Err() == nil { // too narrow for what may not be short
				return r.compact(ctx, whole, lower, upper)
			}
			break
		}
		price := make([]float64, len(r.rows))
		for k, row := range red.Rows {
			if at := r.pricedAt[row]; at >= 0 {
				price[at] = res.RowDual[k]
			}
		}
		gain, freed := c.widen(red.Restore(res.X), price)
		r.trace("restricted to %d columns: %.1e to gain, %d more", red.Problem.Cols(), gain/math.Abs(r.acc.bound), freed)
		if freed == 0 || gain <= restrictedGain*math.Abs(r.acc.bound) {
			break
		}
		red = narrow()
	}
	if red == nil {
		return nil
	}
	out := &compacted{problem: red.Problem, red: red, values: red.Restore(make([]float64, red.Problem.Cols()))}
	for j := range red.Cols {
		out.cols = append(out.cols, int32(j))
	}
	return out
}

// Restricted programs are confined by prices that are so far off, for what they decide
// moves them; anew so often at most, and no more once so little is left to gain.
const (
	restrictedBand   = 0.05
	restrictedRounds = 3
	restrictedGain   = 1e-5
)

// settledAssets says of which assets all decisions are held, and what follows from
// them is too in the reduced program.
func (r *recovery) settledAssets(red *solver.Reduced, lower, upper []float64) []bool {
	out := make([]bool, len(r.assets))
	for i := range r.assets {
		a := &r.assets[i]
		out[i] = !slices.ContainsFunc(a.Decisions, func(d int32) bool {
			return lower[int(a.First)+int(d)] < upper[int(a.First)+int(d)]
		})
	}
	for k, full := range red.Cols {
		if o := r.owner[full]; o >= 0 && red.Problem.ColType[k] == solver.Integer && !r.implied[full] {
			out[o] = false
		}
	}
	return out
}

// bestPlan is the best plan's point, nil without one.
func (r *recovery) bestPlan() []float64 {
	_, _, x := r.ledger.read()
	return x
}

// include frees what x has otherwise, of assets that decide as x does.
func (c *confined) include(x []float64) {
	if x == nil {
		return
	}
	for i := range c.e.assets {
		if !c.known[i] || !c.e.decides(i, x) {
			continue
		}
		a := &c.e.assets[i]
		for j := int(a.First); j < int(a.First)+a.Cols; j++ {
			if c.lower[j] == c.upper[j] && math.Abs(x[j]-c.lower[j]) > confineSame {
				c.lower[j], c.upper[j] = c.least[j], c.most[j]
			}
		}
	}
}
