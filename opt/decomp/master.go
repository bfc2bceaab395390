package decomp

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// The master chooses prices of the shared rows from what the oracles answered
// so far. Assets i have points k (cost c, activity a over the rows), box columns
// j have costs d, bounds l and u and coefficients A, and rows have bounds L and
// U. The master maximises
//
//	  sum_i min_k (c_k - a_k.pi)                     the cheapest known point of each asset
//	+ sum_j min over l <= y <= u of (d_j - A_j.pi) y
//	+ sum_r (L_r pi_r^+ - U_r pi_r^-)
//	- 1/2 sum_r q_r (pi_r - center_r)^2
//
// over the prices pi. The first three terms are the model of the Lagrangian dual,
// concave, and no less than it: a point not yet known can only lower the
// minimum. The last keeps the prices where the model knows something. Its dual
// buys a slack s of each row, the dearer the more of it (where q is zero, none):
//
//	min  c.x + d.y + sum_r (center_r s_r + s_r^2 / (2 q_r))
//	     L_r <= (a x + A y)_r + s_r <= U_r                       : pi_r
//	     sum over the points of an asset of x = 1, x >= 0, l <= y <= u
//
// with s_r = q_r (pi_r - center_r). A price is what one more unit on the row's right-hand side costs: never
// negative in a row with only a lower bound, never positive in one with only an
// upper. Files master_*.go hold the interior point method that solves it.

// point is an answer of an oracle as the master sees it.
type point struct {
	cost     float64
	row      []int32 // ascending
	val      []float64
	decision []int16   // values of the asset's decisions
	asked    []float64 // prices of the priced rows that it answers
	weight   float64   // share of the asset's convex combination in the last solve
	idle     int       // solves in a row in which the weight was below idleWeight
}

// idleWeight is the weight below which a point counts as idle.
const idleWeight = 1e-6

// price returns what the point costs at these prices of rows.
func (p *point) price(pi []float64) float64 {
	c := p.cost
	for k, r := range p.row {
		c -= p.val[k] * pi[r]
	}
	return c
}

// masterProgram is what the master knows beside points. The slices are the
// caller's, who may change bounds and costs between solves.
type masterProgram struct {
	rowLower, rowUpper          []float64
	boxCost, boxLower, boxUpper []float64 // lower bounds finite
	// Terms of box column j are rowIndex and value [colStart[j]:colStart[j+1]],
	// no row twice.
	colStart, rowIndex []int32
	value              []float64
	// support lists for each asset the rows that its points may touch,
	// ascending.
	support [][]int32
}

// master holds the points and solves for prices, again and again. It is for one
// goroutine, which it helps with others of its own.
type master struct {
	masterProgram
	points [][]*point // of each asset; the caller appends and purges

	factor  *cholesky
	groups  []*group
	cols    columns
	crew    crew
	scratch interior
}

// masterResult is what a solve found.
type masterResult struct {
	price []float64 // one a row, of the row's sign
	// value is the model at price, without the proximal term: -Inf where a
	// column without upper bound still earns.
	value      float64
	box        []float64 // value of each box column
	iterations int
	// gap and rowError tell how far the method got: the duality gap of the
	// proximal program relative to its value, and the largest residual of a
	// row relative to what stands in it.
	gap, rowError float64
}

// newMaster checks the program and finds the pattern of its normal equations.
func newMaster(p masterProgram, workers int) (*master, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	m := &master{masterProgram: p, points: make([][]*point, len(p.support)), crew: crew{max(1, workers)}}
	m.groups = groupSupports(p.support)
	var cliques [][]int32
	for _, g := range m.groups {
		cliques = append(cliques, g.rows)
	}
	for j := range p.boxCost {
		if c := p.rowIndex[p.colStart[j]:p.colStart[j+1]]; len(c) > 1 {
			cliques = append(cliques, c)
		}
	}
	f, err := newCholesky(len(p.rowLower), cliques, m.crew)
	if err != nil {
		return nil, err
	}
	m.factor = f
	for _, g := range m.groups {
		g.locate(f)
	}
	m.cols.init(&m.masterProgram, f)
	return m, nil
}

func (p *masterProgram) check() error {
	rows, boxes := len(p.rowLower), len(p.boxCost)
	if len(p.rowUpper) != rows || len(p.boxLower) != boxes || len(p.boxUpper) != boxes || len(p.colStart) != boxes+1 ||
		len(p.rowIndex) != len(p.value) || p.colStart[0] != 0 || int(p.colStart[boxes]) != len(p.value) {
		return errors.New("decomp: the master's arrays differ in length")
	}
	seen := make([]int32, rows)
	for j := range boxes {
		a, b := p.colStart[j], p.colStart[j+1]
		if a > b {
			return fmt.Errorf("decomp: box column %d starts at %d and ends at %d", j, a, b)
		}
		for k := a; k < b; k++ {
			r := p.rowIndex[k]
			if r < 0 || int(r) >= rows || seen[r] == int32(j)+1 {
				return fmt.Errorf("decomp: box column %d names row %d of %d, or twice", j, r, rows)
			}
			seen[r] = int32(j) + 1
			if math.IsNaN(p.value[k]) || math.IsInf(p.value[k], 0) {
				return fmt.Errorf("decomp: coefficient of box column %d in row %d is %v", j, r, p.value[k])
			}
		}
	}
	for i, s := range p.support {
		for k, r := range s {
			if r < 0 || int(r) >= rows || k > 0 && r <= s[k-1] {
				return fmt.Errorf("decomp: the support of asset %d is not an ascending list of rows", i)
			}
		}
	}
	return nil
}

// checkBounds refuses bounds and costs that the method cannot start from.
func (p *masterProgram) checkBounds() error {
	for r, lo := range p.rowLower {
		if up := p.rowUpper[r]; !(lo <= up) || math.IsInf(lo, 1) || math.IsInf(up, -1) {
			return fmt.Errorf("decomp: bounds of shared row %d are %v and %v", r, lo, up)
		}
	}
	for j, lo := range p.boxLower {
		if up, d := p.boxUpper[j], p.boxCost[j]; !(lo <= up) || math.IsInf(lo, 0) || math.IsNaN(d) || math.IsInf(d, 0) {
			return fmt.Errorf("decomp: box column %d costs %v and has bounds %v and %v", j, d, lo, up)
		}
	}
	return nil
}

// checkPoints refuses assets without points and points outside their support.
func (m *master) checkPoints() error {
	for i, points := range m.points {
		if len(points) == 0 {
			return fmt.Errorf("decomp: asset %d has no point", i)
		}
		for _, p := range points {
			if math.IsNaN(p.cost) || math.IsInf(p.cost, 0) || len(p.row) != len(p.val) {
				return fmt.Errorf("decomp: a point of asset %d costs %v and has %d rows, %d values", i, p.cost, len(p.row), len(p.val))
			}
			s := m.support[i]
			for k, r := range p.row {
				at, ok := slices.BinarySearch(s, r)
				if !ok {
					return fmt.Errorf("decomp: a point of asset %d touches row %d, outside the asset's support or out of order", i, r)
				}
				s = s[at+1:]
				if math.IsNaN(p.val[k]) || math.IsInf(p.val[k], 0) {
					return fmt.Errorf("decomp: a point of asset %d has activity %v in row %d", i, p.val[k], r)
				}
			}
		}
	}
	return nil
}

// reduced returns the reduced cost of box column j.
func (p *masterProgram) reduced(j int, pi []float64) float64 {
	c := p.boxCost[j]
	for k := p.colStart[j]; k < p.colStart[j+1]; k++ {
		c -= p.value[k] * pi[p.rowIndex[k]]
	}
	return c
}

// boxBound returns what box columns and rows add to the Lagrangian bound at
// these prices. It is -Inf where a column without upper bound has a negative
// reduced cost and where a price has a sign that the row's bounds do not allow.
func (p *masterProgram) boxBound(pi []float64) float64 {
	sum := 0.0
	for j := range p.boxCost {
		switch c := p.reduced(j, pi); {
		case c > 0:
			sum += c * p.boxLower[j]
		case c < 0:
			sum += c * p.boxUpper[j]
		}
	}
	for r, v := range pi {
		switch {
		case v > 0:
			sum += v * p.rowLower[r]
		case v < 0:
			sum += v * p.rowUpper[r]
		}
	}
	return sum
}

// modelValue returns the model at these prices, without the proximal term.
func (m *master) modelValue(pi []float64) float64 {
	sum := m.boxBound(pi)
	for _, points := range m.points {
		least := math.Inf(1)
		for _, p := range points {
			least = math.Min(least, p.price(pi))
		}
		sum += least
	}
	return sum
}

// cleanSweeps is how often clean passes over the columns without upper bound.
const cleanSweeps = 30

// clean moves prices so that boxBound is finite: to the sign of each row, to
// where columns of one row do not earn, and, along the coefficients of columns
// of several rows, to where those do not. Prices that a few such projections do
// not put right stay wrong.
func (p *masterProgram) clean(pi []float64) {
	p.cleanSigns(pi)
	for range cleanSweeps {
		moved := false
		for j, up := range p.boxUpper {
			if math.IsInf(up, 1) && p.project(j, pi) {
				moved = true
			}
		}
		if !moved {
			return
		}
		p.cleanSigns(pi)
	}
}

func (p *masterProgram) cleanSigns(pi []float64) {
	for r := range pi {
		if math.IsInf(p.rowLower[r], -1) {
			pi[r] = math.Min(pi[r], 0)
		}
		if math.IsInf(p.rowUpper[r], 1) {
			pi[r] = math.Max(pi[r], 0)
		}
	}
}

// project moves prices the shortest way to where box column j does not earn, and
// says whether it had to.
func (p *masterProgram) project(j int, pi []float64) bool {
	c := p.reduced(j, pi)
	if c >= 0 {
		return false
	}
	norm, size := 0.0, math.Abs(p.boxCost[j])
	for k := p.colStart[j]; k < p.colStart[j+1]; k++ {
		r, v := p.rowIndex[k], p.value[k]
		size = math.Max(size, math.Abs(v*pi[r]))
		if !p.stuck(r, v, pi) {
			norm += v * v
		}
	}
	if norm == 0 {
		return false
	}
	step := (c - 1e-15*size) / norm // a little further: rounding must not undo it
	for k := p.colStart[j]; k < p.colStart[j+1]; k++ {
		if r, v := p.rowIndex[k], p.value[k]; !p.stuck(r, v, pi) {
			pi[r] += step * v
		}
	}
	return true
}

// stuck says that the row's price is zero and must not go where lowering what a
// coefficient v earns would take it.
func (p *masterProgram) stuck(r int32, v float64, pi []float64) bool {
	return pi[r] == 0 && (v > 0 && math.IsInf(p.rowUpper[r], 1) || v < 0 && math.IsInf(p.rowLower[r], -1))
}
