package decomp

import (
	"context"
	"math"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// EngineOracle prices an asset by branch and cut on its own program, for assets
// that no special algorithm covers: some milliseconds a pricing instead of
// microseconds. Its bound is the engine's.
type EngineOracle struct {
	engine solver.Solver
	own    *solver.Problem
}

// NewEngineOracle cuts the program of the columns first..first+cols-1 out of p:
// the rows that touch no others.
func NewEngineOracle(p *solver.Problem, first solver.Col, cols int, engine solver.Solver) *EngineOracle {
	q := &solver.Problem{
		ColCost:  make([]float64, cols),
		ColLower: p.ColLower[first : int(first)+cols],
		ColUpper: p.ColUpper[first : int(first)+cols],
		ColType:  p.ColType[first : int(first)+cols],
		RowStart: []int32{0},
	}
	in := func(j int32) bool { return j >= int32(first) && j < int32(first)+int32(cols) }
	for r := range p.Rows() {
		terms := p.Index[p.RowStart[r]:p.RowStart[r+1]]
		if len(terms) == 0 || !in(terms[0]) || !in(terms[len(terms)-1]) {
			continue // rows are sorted by column
		}
		for k, j := range terms {
			q.Index = append(q.Index, j-int32(first))
			q.Value = append(q.Value, p.Value[int(p.RowStart[r])+k])
		}
		q.RowStart = append(q.RowStart, int32(len(q.Index)))
		q.RowLower = append(q.RowLower, p.RowLower[r])
		q.RowUpper = append(q.RowUpper, p.RowUpper[r])
	}
	return &EngineOracle{engine: engine, own: q}
}

// Settings of one pricing by the engine.
const (
	enginePatience = 10 * time.Second
	engineGap      = 1e-7
)

// Scratch needs none.
func (o *EngineOracle) Scratch() Scratcher { return noScratch{} }

type noScratch struct{}

func (noScratch) New() any { return nil }

// Price solves the asset's program at these costs.
func (o *EngineOracle) Price(cost, lower, upper, x []float64, _ any) (bound float64, ok bool) {
	q := *o.own
	q.ColCost, q.ColLower, q.ColUpper = cost, lower, upper
	res, err := o.engine.Solve(context.Background(), &q, solver.Options{RelGap: engineGap, TimeLimit: enginePatience})
	if err != nil || !res.HasPoint {
		return 0, false
	}
	copy(x, res.X)
	for j, t := range q.ColType {
		if t == solver.Integer {
			x[j] = math.Round(x[j])
		}
	}
	bound = res.Bound
	if res.Status == solver.Optimal && math.IsInf(bound, 0) {
		bound = res.Objective
	}
	return bound - 1e-9*math.Abs(bound), true
}
