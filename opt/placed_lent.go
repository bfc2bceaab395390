package opt

// Bounds of short periods. Power's part of a bound at prices p is the least of V(u) - p u
// over the use u, a relaxation that takes the engine seconds in quarter hours. With the rows
// of power, reserve and policy out of it, at prices y of theirs, it is no more than
//
//	y b + sum over units of their least cost at y + the least of all else at y and p
//
// (Lagrangian duality). Units answer y by their oracles, and all else, pools,
// workloads, storage, hydro and links, is a linear program a sixth as large. Any y proves a bound, and
// hours have nearly the best: their own duals at p, and what those of the last answer in the
// case's own periods were beyond theirs at its prices.

import (
	"math"

	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// lent is what such bounds need. It is guarded by the bounder's mutex.
type lent struct {
	hours  *coarsePower
	beyond []float64 // duals of the last own answer beyond those that hours lend, by row
	// The program of all else as it was solved last.
	red   *solver.Reduced
	basis *solver.Basis
}

// learn has bounds rest on what hours lend and the duals of the last answer, if hours can
// answer prices by now; else on these duals alone.
func (w *power) learn(hours *coarsePower, duals []float64) {
	w.bounds.mu.Lock()
	defer w.bounds.mu.Unlock()
	w.bounds.duals = append([]float64(nil), duals...)
	l := &lent{hours: hours}
	known, ok := w.lentDuals(l, &w.prices)
	if !ok {
		return
	}
	l.beyond = make([]float64, len(known))
	hours.g.eachSupply(w.s.m, hours.s.m, func(row, _ solver.Row, _ float64) { l.beyond[row] = duals[row] - known[row] })
	w.bounds.lent = l
}

// lentDuals are the duals of hours at prices of the case's own periods, by its rows of
// supply; false where hours cannot tell.
func (w *power) lentDuals(l *lent, prices *place.Prices) (y []float64, ok bool) {
	c := l.hours
	if !c.Proves() {
		return nil, false
	}
	folded := place.NewPrices(c.p)
	c.g.foldPrices(&folded, prices)
	c.bounds.mu.Lock()
	defer c.bounds.mu.Unlock()
	_, duals := c.paidFor(&folded)
	if duals == nil {
		return nil, false
	}
	y = make([]float64, w.own.Rows())
	perMoney := w.s.scale / c.s.scale
	c.g.eachSupply(w.s.m, c.s.m, func(row, from solver.Row, share float64) { y[row] = duals[from] * share * perMoney })
	for i, v := range l.beyond {
		y[i] += v
	}
	return y, true
}

// lentBound is power's part of a bound at prices, in money; -Inf where hours cannot tell.
func (w *power) lentBound(l *lent, prices *place.Prices) float64 {
	y, ok := w.lentDuals(l, prices)
	if !ok {
		return math.Inf(-1)
	}
	q := w.own.Relaxation().Clone(solver.Costs | solver.ColBounds | solver.RowBounds)
	w.pay(q, prices)
	l.hours.g.eachSupply(w.s.m, l.hours.s.m, func(row, _ solver.Row, _ float64) { priceOut(q, row, y[row]) })
	answers := w.s.answer(q)
	red, err := solver.Reduce(q)
	if err != nil {
		return math.Inf(-1)
	}
	basis := carried(l.basis, l.red, red, nil)
	res, err := w.solve(w.ctx, red.Problem, &basis)
	if err != nil {
		return math.Inf(-1)
	}
	l.red, l.basis = red, basis
	return (answers + res.Bound) / w.s.scale
}

// priceOut takes a row out of a program, whose columns pay y for what they have in it
// instead. A price on a side that does not bind is none.
func priceOut(q *solver.Problem, r solver.Row, y float64) {
	switch {
	case y > 0 && !math.IsInf(q.RowLower[r], 0):
		q.Offset += y * q.RowLower[r]
	case y < 0 && !math.IsInf(q.RowUpper[r], 0):
		q.Offset += y * q.RowUpper[r]
	default:
		y = 0
	}
	q.RowLower[r], q.RowUpper[r] = math.Inf(-1), inf
	for k := q.RowStart[r]; k < q.RowStart[r+1]; k++ {
		q.ColCost[q.Index[k]] -= y * q.Value[k]
	}
}
