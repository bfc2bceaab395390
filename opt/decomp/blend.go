package decomp

// A plan without a linear program of the assets: where time is short and assets are
// many, the dispatch of a schedule takes longer than there is. The master has
// already mixed the assets' points so that the rows are met; an asset with one
// pattern in its mixture can do what the mixture does. Points are known by what they
// do in the priced rows only, but the oracle gives them again, asked at the same
// prices.

import (
	"fmt"
	"slices"
)

// blendWeight is the share from which a point counts in a blend.
const blendWeight = 1e-3

// blend returns a full point in which every asset decides as the nearest pattern, or a
// fuller one that wastes no more than waste (fuller),
// and does, for the rest, what its points of that pattern do on average. Boxes are
// as in the last master, and what rows lack is left to whoever balances them.
func (e *pricer) blend(waste float64) ([]float64, error) {
	decisions := make([][]int16, len(e.assets))
	lower, upper := slices.Clone(e.lower), slices.Clone(e.upper)
	for i := range e.assets {
		a := &e.assets[i]
		decisions[i] = e.fuller(i, waste).decision
		for k, d := range a.Decisions {
			j := int(a.First) + int(d)
			lower[j], upper[j] = float64(decisions[i][k]), float64(decisions[i][k])
		}
	}
	b := e.bare(lower, upper, e.crew.workers)
	out := make([]float64, e.p.Cols())
	e.crew.eachBy(len(e.assets), func(worker, i int) { e.blendOne(i, decisions[i], b, worker, out) })
	for i, ok := range b.ok {
		if !ok {
			return nil, fmt.Errorf("decomp: %s has no point within its limits", e.assets[i].Name)
		}
	}
	for i, j := range e.boxes {
		if i < len(e.box) {
			out[j] = e.box[i]
		}
	}
	return out, nil
}

// blendOne writes what asset i does into out, as the oracle says by b, whose bounds
// hold the decisions.
func (e *pricer) blendOne(i int, decision []int16, b *pricer, worker int, out []float64) {
	a := &e.assets[i]
	own, answer := out[a.First:][:a.Cols], b.x[a.First:][:a.Cols]
	total := 0.0
	add := func(weight float64, price []float64) bool {
		if b.ask(i, price, worker); !b.ok[i] {
			return false
		}
		total += weight
		for j, v := range answer {
			own[j] += weight * v
		}
		return true
	}
	for _, p := range e.master.points[i] {
		if p.weight > blendWeight && slices.Equal(p.decision, decision) && !add(p.weight, p.asked) {
			return
		}
	}
	if total == 0 && !add(1, e.best.price) {
		return
	}
	for j := range own {
		own[j] /= total
	}
}
