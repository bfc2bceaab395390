package opt

// Marginal emissions: the tonnes that one more MWh of load would add, at the plan's
// commitment, by bus and period.
//
// With integers held, the dispatch is a linear program whose loads b stand on the
// right-hand side of the balance rows:
//
//	V(b) = min  cost x   s.t.  A x = b, bounds
//
// Let y and d be its duals and reduced costs. By complementary slackness the
// dispatches that cost V(b), and also those that cost V(b') for every b' at which y is
// still optimal, are the points with
//
//	A x = b', bounds,  x_j at the bound that d_j names where d_j != 0,
//	row i at the side that y_i names where y_i != 0                          (face)
//
// Of them those count that emit least, so that the answer does not hang on which of
// several cheapest dispatches an engine happens to return:
//
//	E(b') = min  tonnes x   s.t.  x in the face at b'
//
// This is one more linear program, and its duals z are the slopes of E: a MW more at
// bus b in period t adds z_{b,t} tonnes, z_{b,t}/h_t for a MWh.
//
// Where b lies on an edge (a unit exactly at its limit) V and E have one slope for more
// load and another for less. The slope is that for more load: all loads are first
// raised by a little, each by an amount of its own, which moves b off every edge.

import (
	"context"
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

const (
	// nudgeMW is the least by which loads are raised, the most is twice that: a
	// thousand times what engines take for feasible, and far below what matters.
	nudgeMW = 1e-4
	// slackDual is the size, in the engine's money, from which a dual is not
	// rounding: ten times what engines take for optimal.
	slackDual = 1e-6
)

// dispatch is the linear program behind a plan's prices.
type dispatch struct {
	*apart                 // with the program in which integers are free
	q      *solver.Problem // integers held, costs in the engine's money
	at     *Point
}

// emissions adds marginal emissions to the best plan where it has prices.
func (s *session) emissions(ctx context.Context) {
	if s.best == nil || s.best.plan.Prices == nil || s.best.plan.Prices.MarginalCO2 != nil {
		return
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience())
	defer cancel()
	series, err := s.marginalCO2(late, s.best.last)
	if err != nil {
		s.note("the plan has no marginal emissions: %v", err)
		return
	}
	s.best.plan.Prices.MarginalCO2 = series
}

// marginalCO2 returns the tonnes of a MWh more, by bus.
func (s *session) marginalCO2(ctx context.Context, d *dispatch) (out []model.PriceSeries, err error) {
	m := d.m
	z := make([]float64, d.q.Rows())
	if len(m.co2.col) > 0 {
		if z, err = s.tonnesByRow(ctx, d); err != nil {
			return nil, err
		}
	}
	out = make([]model.PriceSeries, len(m.Case.Buses))
	for b := range out {
		out[b] = model.PriceSeries{Name: m.Case.Buses[b].Name, Values: make([]float64, m.T)}
		for t := range m.T {
			v := z[m.balance[b*m.T+t]] / m.Hours[t]
			if math.Abs(v) < zero {
				v = 0
			}
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("%v t/MWh at %s", v, out[b].Name)
			}
			out[b].Values[t] = v
		}
	}
	return out, nil
}

// tonnesByRow returns by how many tonnes E grows with the right-hand side of each
// row.
func (s *session) tonnesByRow(ctx context.Context, d *dispatch) ([]float64, error) {
	q := d.q
	tonnes := make([]float64, q.Cols())
	for i, c := range d.m.co2.col {
		tonnes[c] += d.m.co2.coef[i]
	}
	red, err := s.reduced(q, true)
	if err != nil {
		return nil, err
	}
	small := red.Problem.Clone(solver.RowBounds)
	nudged := small.Clone(solver.RowBounds)
	least := tonnes
	if red.Cols != nil {
		least = red.Project(tonnes)
	}
	row := rowsOf(red, q.Rows())
	for k, r := range d.m.balance {
		if i := row[r]; i >= 0 {
			nudged.RowLower[i] += nudge(k)
			nudged.RowUpper[i] += nudge(k)
		}
	}
	o := solver.Options{Threads: s.o.Threads, Seed: s.o.Seed, StartBasis: d.at.basis}
	cheapest, err := s.optimum(ctx, nudged, o)
	if err != nil {
		// All that can be shed is shed: there is no more load. The slope is then
		// that of the loads as they are.
		nudged = small
		if cheapest, err = s.optimum(ctx, nudged, o); err != nil {
			return nil, fmt.Errorf("dispatch: %w", err)
		}
	}
	o.StartBasis = cheapest.Basis
	clean, err := s.optimum(ctx, face(nudged, cheapest, least), o)
	if err != nil {
		return nil, fmt.Errorf("least emissions: %w", err)
	}
	z := make([]float64, q.Rows())
	for r, i := range row {
		if i >= 0 {
			z[r] = clean.RowDual[i]
		}
	}
	return z, nil
}

// rowsOf returns the place of each of n rows in the reduced program, -1 for none.
func rowsOf(red *solver.Reduced, n int) []int {
	row := make([]int, n)
	for i := range row {
		row[i] = i
	}
	if red.Rows != nil {
		for i := range row {
			row[i] = -1
		}
		for i, r := range red.Rows {
			row[r] = i
		}
	}
	return row
}

// optimum solves a linear program to optimality and trusted duals.
func (s *session) optimum(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
	res, err := run(ctx, s.o.Engine, p, o)
	switch {
	case err != nil:
		return nil, err
	case res.Status != solver.Optimal:
		return nil, fmt.Errorf("the engine says %s", res.Status)
	case !res.HasDuals:
		return nil, fmt.Errorf("the engine gave no duals")
	}
	return res, checkDuals(p, res)
}

// face returns the program of least cost over the optimal points of p, by the duals
// of one of them.
func face(p *solver.Problem, res *solver.Result, cost []float64) *solver.Problem {
	q := p.Clone(solver.ColBounds | solver.RowBounds)
	q.ColCost, q.Offset = cost, 0
	hold := func(dual float64, lo, up *float64) {
		switch {
		case dual > slackDual && !math.IsInf(*lo, 0):
			*up = *lo
		case dual < -slackDual && !math.IsInf(*up, 0):
			*lo = *up
		}
	}
	for j, d := range res.ColDual {
		hold(d, &q.ColLower[j], &q.ColUpper[j])
	}
	for i, y := range res.RowDual {
		hold(y, &q.RowLower[i], &q.RowUpper[i])
	}
	return q
}

// nudge is by how much the k-th load is raised, MW: no two alike.
func nudge(k int) float64 {
	v := float64(k+1) * math.Phi
	return nudgeMW * (1 + v - math.Floor(v))
}
