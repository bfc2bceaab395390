package decomp

import (
	"math"
	"sync"

	"github.com/wattbit/wattbit/solver"
)

// ledger keeps the two sides of the account: the largest proved bound and the
// cheapest accepted plan. It takes bounds that arithmetic here has shown (all
// oracles' answers at one vector of prices, or the duals of a linear program),
// bounds that the engine claims for a program known to hold the optimum or
// nothing better than its cutoff, and plans that the caller's verifier passed. A
// plan below the engine's claim ends all trust in its claims.
type ledger struct {
	gap      float64
	onChange func(Progress)
	onLie    func(claim, cost float64)

	mu      sync.Mutex
	shown   float64
	claimed float64
	lied    bool
	cost    float64
	x       []float64 // of the cheapest plan
	stop    func()    // called once the gap is closed
}

func newLedger(gap float64, stop func(), onChange func(Progress)) *ledger {
	return &ledger{gap: gap, shown: math.Inf(-1), claimed: math.Inf(-1), cost: math.Inf(1), stop: stop, onChange: onChange}
}

// raise takes a bound that arithmetic has shown.
func (l *ledger) raise(bound float64, phase string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if bound > l.shown {
		l.shown = bound
		l.changed(phase)
	}
}

// claim takes a bound that the engine claims.
func (l *ledger) claim(bound float64, phase string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.lied && bound > l.claimed {
		l.claimed = bound
		l.checkClaim()
		l.changed(phase)
	}
}

// accept takes a plan.
func (l *ledger) accept(cost float64, x []float64, phase string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if cost < l.cost {
		l.cost, l.x = cost, x
		l.checkClaim()
		l.changed(phase)
	}
}

// contradiction is how far, relative to the cost, a claim may lie above a plan.
const contradiction = 1e-6

func (l *ledger) checkClaim() {
	if l.claimed <= l.cost+contradiction*math.Abs(l.cost) {
		return
	}
	if l.onLie != nil {
		l.onLie(l.claimed, l.cost)
	}
	l.claimed, l.lied = math.Inf(-1), true
}

func (l *ledger) changed(phase string) {
	if l.closedLocked() {
		l.stop()
	}
	if l.onChange != nil {
		l.onChange(Progress{Phase: phase, Bound: l.bound(), Cost: l.cost})
	}
}

// bound is never above the cheapest plan: what is more is rounding.
func (l *ledger) bound() float64 { return math.Min(l.cost, math.Max(l.shown, l.claimed)) }

// read returns both sides; x is not to be changed.
func (l *ledger) read() (bound, cost float64, x []float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bound(), l.cost, l.x
}

func (l *ledger) closed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closedLocked()
}

func (l *ledger) closedLocked() bool {
	return !math.IsInf(l.cost, 1) && l.cost-l.bound() <= l.gap*math.Abs(l.cost)
}

// dualBound is what the duals of a linear program prove by weak duality: a bound
// on its optimum, whatever they are, rounded downwards.
func dualBound(p *solver.Problem, rowDual []float64) float64 {
	bound, _ := dualValue(p, rowDual)
	return bound
}

// dualValue returns the bound of dualBound with the columns' reduced costs.
func dualValue(p *solver.Problem, rowDual []float64) (bound float64, reduced []float64) {
	reduced = make([]float64, p.Cols())
	if len(rowDual) != p.Rows() {
		return math.Inf(-1), reduced
	}
	copy(reduced, p.ColCost)
	sum, size := p.Offset, math.Abs(p.Offset)
	add := func(v, lo, up float64) {
		if v < 0 {
			lo = up
		}
		if v != 0 {
			sum += v * lo
			size += math.Abs(v * lo)
		}
	}
	for i, y := range rowDual {
		if y > 0 && math.IsInf(p.RowLower[i], -1) || y < 0 && math.IsInf(p.RowUpper[i], 1) {
			y = 0 // of the wrong sign, by rounding: without it the bound holds as well
		}
		add(y, p.RowLower[i], p.RowUpper[i])
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			reduced[p.Index[k]] -= p.Value[k] * y
		}
	}
	for j, d := range reduced {
		if math.IsInf(p.ColUpper[j], 1) && d < 0 && d > -dualTolerance || math.IsInf(p.ColLower[j], -1) && d > 0 && d < dualTolerance {
			continue
		}
		add(d, p.ColLower[j], p.ColUpper[j])
	}
	if math.IsNaN(sum) {
		return math.Inf(-1), reduced
	}
	return sum - rounding*size, reduced
}

// dualTolerance is the wrong sign that a reduced cost may have by the engine's
// own tolerance where a column has no bound to count it at.
const dualTolerance = 1e-6
