package decomp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/highs"
)

// randomMaster is a feasible master of bounded value: rows hold at some convex
// combination and box values, and at some prices no column without upper bound
// earns.
func randomMaster(rng *rand.Rand, rows, assets, boxes int) (masterProgram, [][]*point) {
	p := masterProgram{colStart: []int32{0}}
	pi := make([]float64, rows) // prices at which the value is finite
	kind := make([]int, rows)
	for r := range pi {
		pi[r] = 20 * rng.NormFloat64()
		switch kind[r] = rng.IntN(5); kind[r] {
		case 0: // only a lower bound
			pi[r] = math.Abs(pi[r])
		case 1: // only an upper
			pi[r] = -math.Abs(pi[r])
		case 4:
			if rng.IntN(3) == 0 {
				kind[r], pi[r] = 5, 0 // no bound
			}
		}
	}
	activity := make([]float64, rows)
	points := make([][]*point, assets)
	for i := range points {
		support := subset(rng, rows, 1+rng.IntN(rows))
		if rng.IntN(8) == 0 {
			support = nil
		}
		p.support = append(p.support, support)
		n := 1 + rng.IntN(5)
		for k := range n {
			q := &point{cost: 100 * rng.Float64()}
			for _, r := range support {
				if rng.IntN(3) > 0 {
					q.row = append(q.row, r)
					q.val = append(q.val, math.Round(40*rng.NormFloat64())/4)
				}
			}
			if k > 0 && rng.IntN(4) == 0 {
				q = points[i][0].copy() // a duplicate
			}
			if rng.IntN(6) == 0 {
				q = &point{} // off: no cost, no activity
			}
			points[i] = append(points[i], q)
		}
		q := points[i][rng.IntN(n)]
		for k, r := range q.row {
			activity[r] += q.val[k]
		}
	}
	for range boxes {
		lo := float64(rng.IntN(5) - 2)
		up := lo + float64(rng.IntN(4)*10)
		d := 30 * rng.NormFloat64()
		terms := subset(rng, rows, 1+rng.IntN(min(rows, 3)))
		price := 0.0
		for _, r := range terms {
			v := math.Round(10*rng.NormFloat64())/4 + 0.125
			p.rowIndex, p.value = append(p.rowIndex, r), append(p.value, v)
			price += v * pi[r]
		}
		y := lo + (up-lo)*rng.Float64()
		if rng.IntN(3) == 0 {
			d = price + 30*rng.Float64()
			up, y = math.Inf(1), lo+float64(rng.IntN(2)*5)
		}
		for k := len(p.rowIndex) - len(terms); k < len(p.rowIndex); k++ {
			activity[p.rowIndex[k]] += p.value[k] * y
		}
		p.colStart = append(p.colStart, int32(len(p.rowIndex)))
		p.boxCost, p.boxLower, p.boxUpper = append(p.boxCost, d), append(p.boxLower, lo), append(p.boxUpper, up)
	}
	for r, a := range activity {
		lo, up := a, a
		room := float64(rng.IntN(3)) * 4
		switch kind[r] {
		case 0:
			lo, up = a-room, math.Inf(1)
		case 1:
			lo, up = math.Inf(-1), a+room
		case 4:
			lo, up = a-room, a+5
		case 5:
			lo, up = math.Inf(-1), math.Inf(1)
		}
		p.rowLower, p.rowUpper = append(p.rowLower, lo), append(p.rowUpper, up)
	}
	return p, points
}

func (p *point) copy() *point {
	return &point{cost: p.cost, row: slices.Clone(p.row), val: slices.Clone(p.val)}
}

// linear is the master without the proximal term as a linear program.
func linear(p *masterProgram, points [][]*point) *solver.Problem {
	var b solver.Builder
	for r := range p.rowLower {
		b.Row(p.rowLower[r], p.rowUpper[r])
	}
	for _, asset := range points {
		one := b.Row(1, 1)
		for _, q := range asset {
			x := b.Col(0, math.Inf(1), q.cost, solver.Continuous)
			b.Add(one, x, 1)
			for k, r := range q.row {
				b.Add(solver.Row(r), x, q.val[k])
			}
		}
	}
	for j := range p.boxCost {
		y := b.Col(p.boxLower[j], p.boxUpper[j], p.boxCost[j], solver.Continuous)
		for k := p.colStart[j]; k < p.colStart[j+1]; k++ {
			b.Add(solver.Row(p.rowIndex[k]), y, p.value[k])
		}
	}
	return b.Build()
}

func engine(t testing.TB) *highs.Engine {
	t.Helper()
	return enginetest.Highs(t)
}

func constant(n int, v float64) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = v
	}
	return s
}

// conditions checks by arithmetic that a result is optimal: weights are convex,
// boxes and rows within bounds but for the proximal slack, the value is the
// model at the prices, and the primal objective meets the dual one.
func conditions(m *master, res *masterResult, center, q []float64, tol float64) error {
	activity := make([]float64, len(m.rowLower))
	cost, model := 0.0, 0.0
	for i, asset := range m.points {
		sum, least := 0.0, math.Inf(1)
		for _, p := range asset {
			if p.weight < 0 {
				return fmt.Errorf("asset %d has a weight of %v", i, p.weight)
			}
			sum += p.weight
			cost += p.weight * p.cost
			c := p.cost
			for k, r := range p.row {
				activity[r] += p.weight * p.val[k]
				c -= p.val[k] * res.price[r]
			}
			least = math.Min(least, c)
		}
		if math.Abs(sum-1) > 1e-9 {
			return fmt.Errorf("the weights of asset %d sum to %v", i, sum)
		}
		model += least
	}
	for j, y := range res.box {
		lo, up := m.boxLower[j], m.boxUpper[j]
		if y < lo-1e-9 || y > up+1e-9*math.Max(1, math.Abs(up)) {
			return fmt.Errorf("box %d is %v, not in %v to %v", j, y, lo, up)
		}
		cost += m.boxCost[j] * y
		c := m.boxCost[j]
		for k := m.colStart[j]; k < m.colStart[j+1]; k++ {
			activity[m.rowIndex[k]] += m.value[k] * y
			c -= m.value[k] * res.price[m.rowIndex[k]]
		}
		if c > 0 {
			model += c * lo
		} else if c < 0 {
			model += c * up
		}
	}
	proximal := 0.0
	for r, a := range activity {
		pi, lo, up := res.price[r], m.rowLower[r], m.rowUpper[r]
		d := pi - center[r]
		proximal += q[r] * d * d / 2
		cost += q[r] * d * center[r]
		switch free := math.IsInf(lo, -1) && math.IsInf(up, 1); {
		case math.IsNaN(pi) || math.IsInf(lo, -1) && pi > 0 || math.IsInf(up, 1) && pi < 0:
			return fmt.Errorf("row %d in %v to %v has a price of %v", r, lo, up, pi)
		case free:
			continue
		case pi > 0:
			model += pi * lo
		case pi < 0:
			model += pi * up
		}
		allowed := 1e-4 + 1e-6*q[r]*(math.Abs(pi)+math.Abs(center[r]))
		if a += q[r] * d; a < lo-allowed || a > up+allowed {
			return fmt.Errorf("row %d is %v with its slack, not in %v to %v", r, a, lo, up)
		}
	}
	scale := math.Max(1, math.Abs(cost)+math.Abs(model))
	if math.Abs(model-res.value) > 1e-9*scale {
		return fmt.Errorf("value %v, the model at the prices is %v", res.value, model)
	}
	if primal, dual := cost+proximal, model-proximal; math.Abs(primal-dual) > tol*scale {
		return fmt.Errorf("primal %v, dual %v", primal, dual)
	}
	return nil
}

func newTestMaster(t testing.TB, p masterProgram, points [][]*point) *master {
	t.Helper()
	m, err := newMaster(p, 1)
	if err != nil {
		t.Fatal(err)
	}
	m.points = points
	return m
}

// With hardly a proximal term the value is the optimum of the linear program;
// with a moderate one the conditions of optimality hold; with a huge one the
// prices stay at the centre.
func TestMasterAgainstLinearProgram(t *testing.T) {
	e := engine(t)
	worst, most, short := 0.0, 0, 0
	for trial := range 200 {
		rng := rand.New(rand.NewPCG(2, uint64(trial)))
		rows := 1 + rng.IntN(12)
		if trial%10 == 0 {
			rows = 60
		}
		p, points := randomMaster(rng, rows, rng.IntN(2*rows), rng.IntN(3*rows))
		m := newTestMaster(t, p, points)
		lp := linear(&p, points)
		if lp.Cols() == 0 {
			continue
		}
		r, err := e.Solve(t.Context(), lp, solver.Options{})
		if err != nil || r.Status != solver.Optimal {
			t.Fatalf("trial %d: engine: %v %v", trial, r, err)
		}
		center := make([]float64, rows)
		q := constant(rows, 1e-9)
		if trial%2 == 0 {
			clear(q)
		}
		res, err := m.solve(t.Context(), center, q, 1e-8, nil)
		if err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		scale := math.Max(1, math.Abs(r.Objective))
		off := math.Abs(res.value-r.Objective) / scale
		worst, most = math.Max(worst, off), max(most, res.iterations)
		if off > 1e-6 {
			t.Errorf("trial %d (%d rows, %d assets): value %.9g, linear program %.9g, gap %.2g, rows %.2g after %d iterations",
				trial, rows, len(points), res.value, r.Objective, res.gap, res.rowError, res.iterations)
		}
		if res.gap > 1e-8 {
			short++ // rows that depend on one another: the value is right, weights not quite
		} else if err := conditions(m, res, center, m.scratch.q, 1e-6); err != nil {
			t.Errorf("trial %d: %v", trial, err)
		}
	}
	if short > 4 {
		t.Errorf("%d of 200 solves end short of their tolerance", short)
	}
	t.Logf("worst difference %.2g, at most %d iterations, %d short of the tolerance", worst, most, short)
}

func TestMasterConditions(t *testing.T) {
	most, sum := 0, 0
	for trial := range 300 {
		rng := rand.New(rand.NewPCG(3, uint64(trial)))
		rows := 1 + rng.IntN(30)
		p, points := randomMaster(rng, rows, rng.IntN(2*rows), rng.IntN(3*rows))
		m := newTestMaster(t, p, points)
		center, q := make([]float64, rows), make([]float64, rows)
		for r := range q {
			center[r] = 20 * rng.NormFloat64()
			q[r] = math.Exp(4 * rng.NormFloat64())
			if rng.IntN(5) == 0 {
				q[r] = 0
			}
		}
		res, err := m.solve(t.Context(), center, q, 1e-8, nil)
		if err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		most = max(most, res.iterations)
		sum += res.iterations
		if err := conditions(m, res, center, m.scratch.q, 1e-6); err != nil {
			t.Errorf("trial %d: %v (gap %.2g, rows %.2g, %d iterations)", trial, err, res.gap, res.rowError, res.iterations)
		}
	}
	t.Logf("at most %d iterations, %.1f on average", most, float64(sum)/300)
}

// Zones, links and stores: most rows have sparse columns of the factor, zones are
// groups of their own. The storage rows have no proximal weight.
func TestMasterOfHubsAgainstLinearProgram(t *testing.T) {
	e := engine(t)
	p, known, center := hubs(rand.New(rand.NewPCG(5, 4)), 3, 60, 4, 12, 9)
	m := newTestMaster(t, p, known)
	if m.factor.sparse < 100 || len(m.groups) != 3 {
		t.Errorf("%d sparse columns and %d groups, want over 100 and 3", m.factor.sparse, len(m.groups))
	}
	r, err := e.Solve(t.Context(), linear(&p, known), solver.Options{})
	if err != nil || r.Status != solver.Optimal {
		t.Fatalf("engine: %v %v", r, err)
	}
	q := make([]float64, len(center))
	res, err := m.solve(t.Context(), center, q, 1e-8, nil)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(res.value-r.Objective) > 1e-6*math.Abs(r.Objective) {
		t.Errorf("value %.9g, linear program %.9g", res.value, r.Objective)
	}
	for k := range 3 * 24 {
		q[k] = 0.3
	}
	start := slices.Clone(center)
	start[0]++
	res, err = m.solve(t.Context(), center, q, 1e-8, start)
	if err != nil {
		t.Fatal(err)
	}
	if err := conditions(m, res, center, m.scratch.q, 1e-6); err != nil {
		t.Error(err)
	}
}

// Bounds and costs may change between solves, and columns that no row holds stay
// at their better bound: -3 * 2 here. The row asks for 4 of a column that costs 5
// (20 and a price of 5), then for 6 where it costs 7.
func TestMasterChangesBetweenSolves(t *testing.T) {
	p := masterProgram{
		rowLower: []float64{4}, rowUpper: []float64{math.Inf(1)},
		colStart: []int32{0, 1, 1, 2}, rowIndex: []int32{0, 0}, value: []float64{1, 0},
		boxCost: []float64{5, -3, 1}, boxLower: []float64{0, 0, 1}, boxUpper: []float64{math.Inf(1), 2, math.Inf(1)},
	}
	m := newTestMaster(t, p, nil)
	for _, c := range []struct{ cost, lower, value float64 }{{5, 4, 20 - 6 + 1}, {7, 6, 42 - 6 + 1}} {
		m.boxCost[0], m.rowLower[0] = c.cost, c.lower
		res, err := m.solve(t.Context(), []float64{0}, []float64{0}, 1e-9, nil)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(res.value-c.value) > 1e-6 || math.Abs(res.price[0]-c.cost) > 1e-6 || math.Abs(res.box[0]-c.lower) > 1e-6 {
			t.Errorf("value %v, price %v, column %v; want %v, %v, %v", res.value, res.price[0], res.box[0], c.value, c.cost, c.lower)
		}
		if res.box[1] != 2 || res.box[2] != 1 {
			t.Errorf("columns of no row are %v and %v, want 2 and 1", res.box[1], res.box[2])
		}
	}
}

func TestMasterHugeWeightKeepsCenter(t *testing.T) {
	for trial := range 50 {
		rng := rand.New(rand.NewPCG(4, uint64(trial)))
		rows := 1 + rng.IntN(10)
		p, points := randomMaster(rng, rows, rows, rows)
		for j := range p.boxUpper { // no column asks for prices elsewhere
			p.boxUpper[j] = math.Min(p.boxUpper[j], p.boxLower[j]+7)
		}
		m := newTestMaster(t, p, points)
		center := make([]float64, rows)
		for r := range center {
			center[r] = rng.NormFloat64()
		}
		p.cleanSigns(center)
		res, err := m.solve(t.Context(), center, constant(rows, 1e9), 1e-9, nil)
		if err != nil {
			t.Fatal(err)
		}
		for r, v := range res.price {
			if math.Abs(v-center[r]) > 1e-5 {
				t.Errorf("trial %d: price %d is %v, the centre %v", trial, r, v, center[r])
			}
		}
	}
}

// Two assets meet a demand of 10. The first gives 0 at cost 0 or 8 at cost 80 (10
// each), the second 0 or 8 at cost 240 (30 each). By convexity the first is on
// and the second to a quarter: cost 80 + 60 = 140, and one more unit costs 30.
// A reserve row of at least 1 is met with 8 + 2 - 5 = 5 and has no price.
func TestMasterByHand(t *testing.T) {
	p := masterProgram{
		rowLower: []float64{10, 1}, rowUpper: []float64{10, math.Inf(1)},
		colStart: []int32{0, 1}, rowIndex: []int32{1}, value: []float64{-1},
		boxCost: []float64{0}, boxLower: []float64{5}, boxUpper: []float64{5},
		support: [][]int32{{0, 1}, {0, 1}},
	}
	on := func(cost float64) *point {
		return &point{cost: cost, row: []int32{0, 1}, val: []float64{8, 8}}
	}
	points := [][]*point{{{}, on(80)}, {{}, on(240)}}
	m := newTestMaster(t, p, points)
	res, err := m.solve(t.Context(), []float64{0, 0}, []float64{0, 0}, 1e-9, nil)
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-5 {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	near("the value", res.value, 140)
	near("the price of demand", res.price[0], 30)
	near("the price of reserve", res.price[1], 0)
	near("the first asset's weight on", points[0][1].weight, 1)
	near("the second asset's weight on", points[1][1].weight, 0.25)
	near("the box", res.box[0], 5)
	if points[0][0].idle != 1 || points[1][0].idle != 0 {
		t.Errorf("idle %d and %d times, want 1 and 0", points[0][0].idle, points[1][0].idle)
	}
}

// A shortage column of price 1000 without upper bound caps the price of a row:
// clean takes 1200 back to 1000, where the column's reduced cost is no longer
// negative, and the bound is 1000 * 10.
func TestMasterClean(t *testing.T) {
	inf := math.Inf(1)
	p := masterProgram{
		rowLower: []float64{10, math.Inf(-1)}, rowUpper: []float64{inf, 4},
		colStart: []int32{0, 1, 3}, rowIndex: []int32{0, 0, 1}, value: []float64{1, 1, -1},
		boxCost: []float64{1000, 1500}, boxLower: []float64{0, 0}, boxUpper: []float64{inf, inf},
	}
	pi := []float64{1200, 3}
	if b := p.boxBound(pi); !math.IsInf(b, -1) {
		t.Errorf("the bound at a price of the wrong sign is %v", b)
	}
	p.clean(pi)
	if math.Abs(pi[0]-1000) > 1e-9 || pi[1] != 0 {
		t.Errorf("prices are %v, want 1000 and 0", pi)
	}
	if b := p.boxBound(pi); math.Abs(b-10000) > 1e-6 {
		t.Errorf("the bound is %v, want 10000", b)
	}
	// The second column earns: 1500 - 900 - 700 = -100 before, so each of the
	// two prices moves by 50.
	pi = []float64{900, -700}
	p.clean(pi)
	if math.Abs(pi[0]-850) > 1e-9 || math.Abs(pi[1]+650) > 1e-9 {
		t.Errorf("prices are %v, want 850 and -650", pi)
	}
}

func TestMasterRefusesBadInput(t *testing.T) {
	good := func() masterProgram {
		return masterProgram{rowLower: []float64{1}, rowUpper: []float64{1}, colStart: []int32{0, 1}, rowIndex: []int32{0},
			value: []float64{1}, boxCost: []float64{1}, boxLower: []float64{0}, boxUpper: []float64{1}, support: [][]int32{{0}}}
	}
	for _, c := range []struct {
		name, want string
		change     func(p *masterProgram)
	}{
		{"length", "differ in length", func(p *masterProgram) { p.rowUpper = nil }},
		{"row", "names row", func(p *masterProgram) { p.rowIndex[0] = 1 }},
		{"coefficient", "coefficient", func(p *masterProgram) { p.value[0] = math.NaN() }},
		{"support", "support", func(p *masterProgram) { p.support[0] = []int32{2} }},
		{"row bounds", "bounds of shared row", func(p *masterProgram) { p.rowLower[0] = 2 }},
		{"box bounds", "box column", func(p *masterProgram) { p.boxLower[0] = math.Inf(-1) }},
		{"box cost", "box column", func(p *masterProgram) { p.boxCost[0] = math.NaN() }},
	} {
		p := good()
		c.change(&p)
		m, err := newMaster(p, 1)
		if err == nil {
			m.points[0] = []*point{{}}
			_, err = m.solve(t.Context(), []float64{0}, []float64{1}, 1e-6, nil)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one about %q", c.name, err, c.want)
		}
	}
	for _, c := range []struct {
		name, want string
		points     []*point
		center, q  float64
	}{
		{"no point", "no point", nil, 0, 1},
		{"cost", "costs", []*point{{cost: math.NaN()}}, 0, 1},
		{"outside", "outside", []*point{{row: []int32{3}, val: []float64{1}}}, 0, 1},
		{"activity", "activity", []*point{{row: []int32{0}, val: []float64{math.Inf(1)}}}, 0, 1},
		{"centre", "centre", []*point{{}}, math.NaN(), 1},
		{"weight", "centre", []*point{{}}, 0, -1},
	} {
		m := newTestMaster(t, good(), [][]*point{c.points})
		if _, err := m.solve(t.Context(), []float64{c.center}, []float64{c.q}, 1e-6, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one about %q", c.name, err, c.want)
		}
	}
	m := newTestMaster(t, good(), [][]*point{{{}}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.solve(ctx, []float64{0}, []float64{1}, 1e-6, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
}
