package opt

// Prices where nothing is drawn. Let a site or a bus draw nothing in a period, so that all
// terms of its row (site, balance) are zero. Then every dual between what one more MW costs
// and what one less would pay is right, and the engine returns any of them: a price of 0
// beside a generator at 0 MW that asks 300. The price is that of more, for there is no less:
// the duals of
//
//	min  cost x   s.t.  A x = b + e, bounds
//
// with e a little draw, each row's own, in those rows alone. They count only if they prove
// the cost at b as well, so that both programs have them.

import (
	"context"
	"math"

	"github.com/wattbit/wattbit/solver"
)

// pricesOfMore returns duals of a dispatch that say what more costs where nothing is
// drawn; its own where there is no such place, or where the others are not its too.
func (s *session) pricesOfMore(ctx context.Context, m *Model, red *solver.Reduced, rows int, x []float64, res *solver.Result) []float64 {
	place := rowsOf(red, rows)
	var idle []int
	for _, r := range m.idleRows(x) {
		if i := place[r]; i >= 0 && drawsNothing(red.Problem, i, res.X) {
			idle = append(idle, i)
		}
	}
	if len(idle) == 0 {
		return res.RowDual
	}
	q := red.Problem.Clone(solver.RowBounds)
	for k, i := range idle {
		q.RowLower[i] += nudge(k)
		q.RowUpper[i] += nudge(k)
	}
	more, err := s.optimum(ctx, q, solver.Options{Threads: s.o.Threads, Seed: s.o.Seed, StartBasis: res.Basis})
	if err != nil {
		return res.RowDual // there is no more
	}
	if checkDuals(red.Problem, &solver.Result{Objective: res.Objective, RowDual: more.RowDual}) != nil {
		return res.RowDual
	}
	return more.RowDual
}

// idleRows are the rows that may draw nothing: balances of buses, and the power of sites
// with modules on.
func (m *Model) idleRows(x []float64) []solver.Row {
	out := append([]solver.Row(nil), m.balance...)
	on := make([]bool, len(m.siteRow))
	for i := range m.Case.Pools {
		p := &m.Case.Pools[i]
		if p.PowerLevel() {
			continue
		}
		for t := range m.T {
			if x[m.modulesOf[i]+solver.Col(t)] > 0.5 {
				on[m.ix.Sites[p.Site]*m.T+t] = true
			}
		}
	}
	for i, row := range m.siteRow {
		if on[i] {
			out = append(out, row)
		}
	}
	return out
}

// drawsNothing says whether a row is 0 = 0.
func drawsNothing(p *solver.Problem, row int, x []float64) bool {
	if p.RowLower[row] != 0 || p.RowUpper[row] != 0 {
		return false
	}
	for k := p.RowStart[row]; k < p.RowStart[row+1]; k++ {
		if math.Abs(p.Value[k]*x[p.Index[k]]) > zero {
			return false
		}
	}
	return true
}
