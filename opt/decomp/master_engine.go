package decomp

import (
	"context"
	"fmt"
	"math"

	"github.com/wattbit/wattbit/solver"
)

// engineMaster solves the master without its proximal term by the engine, as a
// linear program: the second choice, for masters on which the interior point
// method stalls.
func (e *pricer) engineMaster(ctx context.Context) (*masterResult, error) {
	m := e.master
	var b solver.Builder
	rows := make([]solver.Row, len(m.rowLower))
	for r := range rows {
		rows[r] = b.Row(m.rowLower[r], m.rowUpper[r])
	}
	for j := range m.boxCost {
		c := b.Col(m.boxLower[j], m.boxUpper[j], m.boxCost[j], solver.Continuous)
		for k := m.colStart[j]; k < m.colStart[j+1]; k++ {
			b.Add(rows[m.rowIndex[k]], c, m.value[k])
		}
	}
	for _, points := range m.points {
		convex := b.Row(1, 1)
		for _, p := range points {
			c := b.Col(0, 1, p.cost, solver.Continuous)
			b.Add(convex, c, 1)
			for k, r := range p.row {
				if p.val[k] != 0 {
					b.Add(rows[r], c, p.val[k])
				}
			}
		}
	}
	res, err := e.engine.Solve(ctx, b.Build(), solver.Options{})
	if err != nil {
		return nil, fmt.Errorf("decomp: the master by the engine: %w", err)
	}
	if res.Status != solver.Optimal || !res.HasDuals {
		return nil, fmt.Errorf("decomp: the master by the engine: %s", res.Status)
	}
	out := &masterResult{price: append([]float64(nil), res.RowDual[:len(rows)]...), box: append([]float64(nil), res.X[:len(m.boxCost)]...)}
	at := len(m.boxCost)
	for _, points := range m.points {
		for _, p := range points {
			p.weigh(math.Max(0, res.X[at]))
			at++
		}
	}
	m.clean(out.price)
	out.value = m.modelValue(out.price)
	return out, nil
}
