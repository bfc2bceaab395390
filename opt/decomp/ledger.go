package decomp

import (
	"math"
	"sync"
)

// ledger keeps the two sides of the account: the largest proved bound and the
// cheapest accepted plan. It takes bounds that all oracles answered at one
// vector of prices, or that the engine proved on a program known to hold the
// optimum or nothing better than its cutoff, and plans that the caller's
// verifier passed.
type ledger struct {
	gap      float64
	onChange func(Progress)

	mu    sync.Mutex
	bound float64
	cost  float64
	x     []float64 // of the cheapest plan
	stop  func()    // called once the gap is closed
}

func newLedger(gap float64, stop func(), onChange func(Progress)) *ledger {
	return &ledger{gap: gap, bound: math.Inf(-1), cost: math.Inf(1), stop: stop, onChange: onChange}
}

// raise takes a proved bound.
func (l *ledger) raise(bound float64, phase string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if bound > l.bound {
		l.bound = bound
		l.changed(phase)
	}
}

// accept takes a plan.
func (l *ledger) accept(cost float64, x []float64, phase string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if cost < l.cost {
		l.cost, l.x = cost, x
		l.changed(phase)
	}
}

func (l *ledger) changed(phase string) {
	if l.closedLocked() {
		l.stop()
	}
	if l.onChange != nil {
		l.onChange(Progress{Phase: phase, Bound: l.bound, Cost: l.cost})
	}
}

// read returns both sides; x is not to be changed.
func (l *ledger) read() (bound, cost float64, x []float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bound, l.cost, l.x
}

func (l *ledger) closed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closedLocked()
}

func (l *ledger) closedLocked() bool {
	return !math.IsInf(l.cost, 1) && l.cost-l.bound <= l.gap*math.Abs(l.cost)
}
