package opt

// Power's part of a bound on the whole. With the use free and paid the prices p, the
// relaxation without ladders is power's part of a bound at p; of a large program the
// narrow one is solved, and what the assets with oracles answer to its prices proves
// a bound (placed_narrow.go).

import (
	"math"
	"sync"

	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// bounder is what bounds are reckoned with, beside all else.
type bounder struct {
	mu    sync.Mutex
	paid  *solver.Problem // the relaxation with the use free, and paid for
	basis *solver.Basis
	few   *narrowed // nil for small programs
	ready bool      // not before answers come from the case's own periods
	duals []float64 // of short periods, whose whole relaxation is never solved: the last
	lent  *lent     // of short periods, once hours can lend theirs
}

// openBounds has bounds begin where the answers are now.
func (w *power) openBounds() (err error) {
	w.bounds.mu.Lock()
	defer w.bounds.mu.Unlock()
	w.bounds.ready, w.bounds.basis = true, w.basis
	if w.few != nil {
		w.bounds.few, err = w.few.copy()
	}
	return err
}

// Proves says whether bounds can be reckoned: not while the prices are those of longer periods.
func (w *power) Proves() bool {
	w.bounds.mu.Lock()
	defer w.bounds.mu.Unlock()
	return w.bounds.ready
}

// Bound returns power's part of a bound on the whole at these prices; -Inf while the
// prices are those of longer periods.
func (w *power) Bound(prices *place.Prices) float64 {
	b := &w.bounds
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ready {
		return math.Inf(-1)
	}
	if b.lent != nil {
		if bound := w.lentBound(b.lent, prices); !math.IsInf(bound, -1) {
			return bound
		}
	}
	bound, _ := w.paidFor(prices)
	return bound
}

// paidFor is power's part of a bound at prices, in money, and duals that go with it, nil for
// none. The caller holds the bounder's mutex.
func (w *power) paidFor(prices *place.Prices) (bound float64, duals []float64) {
	b := &w.bounds
	if b.paid == nil {
		b.paid = w.own.Relaxation().Clone(solver.Costs)
	}
	w.pay(b.paid, prices)
	if b.duals != nil {
		return b.few.dual.Value(b.paid, b.duals) / w.s.scale, b.duals
	}
	if b.few != nil {
		res, bound, err := b.few.solve(w.ctx, b.paid)
		if err == nil && (b.basis == nil || res.Objective-bound <= narrowFar*math.Abs(bound)) {
			return bound / w.s.scale, res.RowDual
		}
	}
	res, err := w.solve(w.ctx, b.paid, &b.basis)
	if err != nil {
		return math.Inf(-1), nil
	}
	return res.Bound / w.s.scale, res.RowDual
}

// narrowFar is how far the bound that a narrow program proves may be below its
// optimum, relative to it, to make do with that.
const narrowFar = 1e-5

// pay makes a program with the use free pay prices for it.
func (w *power) pay(q *solver.Problem, prices *place.Prices) {
	paid := func(of []float64) func(int, solver.Col) {
		return func(i int, c solver.Col) { q.ColCost[c] = w.own.ColCost[c] - of[i]*w.s.scale }
	}
	w.k.each(w.s.m.T, paid(prices.Held), paid(prices.Busy), paid(prices.GB))
}
