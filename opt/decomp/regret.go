package decomp

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/solver"
)

// account is what the best prices say about every integer column: the value that
// it has in the cheapest answer, and what one less and one more cost at least.
// Columns of boxes have their reduced cost. A plan that deviates costs no less
// than the bound and the regret of any one deviation.
type account struct {
	bound      float64 // L at price
	price      []float64
	choice     []float64 // by column
	fall, rise []float64 // by column, +Inf where the move is impossible
	mean       []float64 // of each decision over the master's points; NaN elsewhere
}

// settle asks every oracle for its regrets at the best prices.
func (e *pricer) settle() (*account, error) {
	p := e.p
	a := &account{
		price: e.best.price, choice: make([]float64, p.Cols()), mean: make([]float64, p.Cols()),
		fall: make([]float64, p.Cols()), rise: make([]float64, p.Cols()),
	}
	e.crew.eachBy(len(e.assets), func(w, i int) { e.regret(i, a, w) })
	for i, ok := range e.ok {
		if !ok {
			return nil, fmt.Errorf("decomp: %s has no point within its limits", e.assets[i].Name)
		}
	}
	a.bound = e.total(a.price)
	for _, j := range e.boxes {
		c := e.p.ColCost[j]
		for k := e.start[j]; k < e.start[j+1]; k++ {
			c -= e.value[k] * a.price[e.index[k]]
		}
		a.choice[j], a.fall[j], a.rise[j] = e.lower[j], math.Inf(1), math.Max(c, 0)
		if c < 0 {
			a.choice[j], a.fall[j], a.rise[j] = e.upper[j], -c, math.Inf(1)
		}
	}
	for j := range a.mean {
		a.mean[j] = math.NaN()
	}
	for i := range e.assets {
		e.average(i, a.mean)
	}
	return a, nil
}

func (e *pricer) regret(i int, a *account, worker int) {
	asset := &e.assets[i]
	cost, from, to := e.reduce(i, a.price)
	scratch := e.scratch[worker][asset.Oracle.Scratch()]
	r, ok := asset.Oracle.(Regretter)
	if !ok { // nothing is known
		e.bound[i], e.ok[i] = asset.Oracle.Price(cost, e.lower[from:to], e.upper[from:to], a.choice[from:to], scratch)
		return
	}
	e.bound[i], e.ok[i] = r.Regrets(cost, e.lower[from:to], e.upper[from:to],
		a.choice[from:to], a.fall[from:to], a.rise[from:to], scratch)
}

// average sets the mean of asset i's decisions over its points.
func (e *pricer) average(i int, mean []float64) {
	a := &e.assets[i]
	sum := 0.0
	for _, d := range a.Decisions {
		mean[int(a.First)+int(d)] = 0
	}
	for _, p := range e.master.points[i] {
		sum += p.weight
		for k, d := range a.Decisions {
			mean[int(a.First)+int(d)] += p.weight * float64(p.decision[k])
		}
	}
	for _, d := range a.Decisions {
		mean[int(a.First)+int(d)] /= math.Max(sum, 1e-12)
	}
}

// fix tightens the bounds of integer columns to what a plan that costs at most
// cutoff can have: no better plan is lost.
func (a *account) fix(p *solver.Problem, lower, upper []float64, cutoff float64) {
	room := (cutoff - a.bound) * (1 + 1e-9)
	if !(room >= 0) || math.IsInf(room, 1) {
		return
	}
	for j, t := range p.ColType {
		if t != solver.Integer || lower[j] == upper[j] {
			continue
		}
		if f := a.fall[j]; f > 0 && a.choice[j] > lower[j] {
			lower[j] = math.Max(lower[j], a.choice[j]-math.Floor(room/f))
		}
		if r := a.rise[j]; r > 0 && a.choice[j] < upper[j] {
			upper[j] = math.Min(upper[j], a.choice[j]+math.Floor(room/r))
		}
	}
}

// paid is what decision j pays in regret at least at a value.
func (a *account) paid(j int, value float64) float64 {
	switch v := math.Round(value); {
	case v < a.choice[j]:
		return a.fall[j]
	case v > a.choice[j]:
		return a.rise[j]
	}
	return 0
}

// margin is what the cheaper move of a decision costs at least.
func (a *account) margin(j int) float64 { return math.Min(a.fall[j], a.rise[j]) }
