package decomp

// Cuts from capacity. A reserve row with the balance added (sparsify.go) asks for
// capacity: commitments that together have at least so many MW. Limits of output replace
// what is continuous in it by commitments,
//
//	sum_j a_j z_j + s >= b,   z_j >= 0 whole, s >= 0
//
// and rounding at a divisor d, with f the fractions of a_j/d and f0 that of b/d,
// gives (Marchand and Wolsey 2001, doi:10.1287/opre.49.3.363.11211)
//
//	sum_j (floor(a_j/d) + min(1, f_j/f0)) z_j + s/(d f0) >= ceil(b/d)
//
// Which limits replace what (ways, here), which bound a column is counted from and which
// divisor is taken (rounding.go) is free, and every choice finds cuts that the others do not. Where
// units are few and lumpy these rows raise the relaxation as far as the engine's
// root node does in several times their time.

import (
	"cmp"
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

const (
	// longRow is the number of terms from which a row is one of capacity.
	longRow = 20
	// lossSlack is the difference in MW from which one limit loses more at a point
	// than another.
	lossSlack = 1e-6
)

// capacity finds cuts of one program from its long rows.
type capacity struct {
	p     *solver.Problem
	bases []inequality
	// rows of each column among the short ones, and the place of its term
	rowsOf [][]rowTerm
	// coef is the row at work, by column; touched lists its columns.
	coef    []float64
	touched []int32
	seen    []bool
}

type rowTerm struct{ row, at int32 }

// inequality is sum of value times column >= rhs.
type inequality struct {
	index []int32
	value []float64
	rhs   float64
}

func newCapacity(p *solver.Problem) *capacity {
	c := &capacity{p: p, rowsOf: make([][]rowTerm, p.Cols()), coef: make([]float64, p.Cols()), seen: make([]bool, p.Cols())}
	for i := range p.Rows() {
		from, to := p.RowStart[i], p.RowStart[i+1]
		if to-from >= longRow {
			continue
		}
		for k := from; k < to; k++ {
			c.rowsOf[p.Index[k]] = append(c.rowsOf[p.Index[k]], rowTerm{int32(i), k})
		}
	}
	for i := range p.Rows() {
		from, to := p.RowStart[i], p.RowStart[i+1]
		if to-from < longRow || math.IsInf(p.RowLower[i], -1) {
			continue
		}
		c.bases = append(c.bases, inequality{p.Index[from:to], p.Value[from:to], p.RowLower[i]})
	}
	return c
}

// way is how continuous columns of a row are replaced.
type way struct {
	// near: a column that is nearer to its lower bound than to its limit stays.
	near bool
	// plain: limits bring no integers that the row does not have, such as starts.
	plain bool
}

var ways = [4]way{{}, {near: true}, {plain: true}, {near: true, plain: true}}

// cuts are rows that x breaks, the best few of each long row and of each of others,
// which are cuts themselves and looked at less thoroughly.
func (c *capacity) cuts(x []float64, others []inequality) []violated {
	var out []violated
	for _, b := range c.bases {
		out = append(out, c.cutsOf(b, x, true)...)
	}
	for _, b := range others {
		out = append(out, c.cutsOf(b, x, false)...)
	}
	return out
}

// cutsOf are those of one row.
func (c *capacity) cutsOf(b inequality, x []float64, thorough bool) []violated {
	var out []violated
	matters := way{near: true, plain: true}
	for _, w := range ways {
		if w.near && !matters.near || w.plain && !matters.plain {
			continue // as without
		}
		c.load(b)
		rhs, m := c.withoutContinuous(b.rhs, x, w)
		if !w.near {
			matters.near = m.near
		}
		if w == (way{}) {
			matters.plain = m.plain
		}
		turns := []float64{nearest}
		if thorough {
			turns = c.turns(x)
		}
		for _, at := range turns {
			if m, ok := c.mixing(rhs, x, at); ok {
				out = append(out, m.cuts(c.p)...)
			}
		}
		c.unload()
	}
	return out
}

func (c *capacity) load(b inequality) {
	for k, j := range b.index {
		c.add(j, b.value[k])
	}
}

func (c *capacity) add(j int32, v float64) {
	if !c.seen[j] {
		c.seen[j] = true
		c.touched = append(c.touched, j)
	}
	c.coef[j] += v
}

func (c *capacity) unload() {
	for _, j := range c.touched {
		c.coef[j], c.seen[j] = 0, false
	}
	c.touched = c.touched[:0]
}

// withoutContinuous replaces continuous columns of the row at work by rows that
// bound them from above, the ones nearest to binding at x, and returns its right
// side, and which choices of the way matter.
func (c *capacity) withoutContinuous(rhs float64, x []float64, w way) (float64, way) {
	var matters way
	p := c.p
	var order []int32
	for _, j := range c.touched {
		if p.ColType[j] != solver.Integer && c.coef[j] > 0 {
			order = append(order, j)
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(p.ColUpper[b], p.ColUpper[a]), cmp.Compare(a, b))
	})
	for _, j := range order {
		if c.coef[j] <= cutSlack {
			continue
		}
		row, scale, loss := c.limitOf(j, x, w)
		if row < 0 {
			continue
		}
		if loss > c.coef[j]*(x[j]-p.ColLower[j]) {
			matters.near = true
			if w.near {
				continue
			}
		}
		bound := p.RowUpper[row]
		if scale < 0 {
			bound = p.RowLower[row]
		}
		for k := p.RowStart[row]; k < p.RowStart[row+1]; k++ {
			i := p.Index[k]
			if c.brings(i, scale*p.Value[k]) {
				matters.plain = true
				if w.plain {
					continue
				}
			}
			c.add(i, -scale*p.Value[k])
			if i == j || p.ColType[i] != solver.Integer && c.coef[i] < 0 && p.ColLower[i] >= 0 {
				c.coef[i] = 0
			}
		}
		rhs -= scale * bound
	}
	return rhs, matters
}

// brings says of a term of a limit that its integer is not in the row at work, and that the limit
// holds without it too.
func (c *capacity) brings(j int32, v float64) bool {
	return c.p.ColType[j] == solver.Integer && !c.seen[j] && v > 0 && c.p.ColLower[j] >= 0
}

// limitOf is the short row, so many times, that takes column j out of the row at
// work and loses least at x, and that loss; of several the one that takes most others
// along; -1 where its own upper bound loses less. Negative multiples are of the row's
// lower side.
func (c *capacity) limitOf(j int32, x []float64, w way) (row int32, scale, least float64) {
	p := c.p
	row = -1
	least = c.coef[j] * p.ColUpper[j]
	most := 0
	for _, t := range c.rowsOf[j] {
		s := c.coef[j] / p.Value[t.at]
		bound := p.RowUpper[t.row]
		if s < 0 {
			bound = p.RowLower[t.row]
		}
		if math.IsInf(bound, 0) {
			continue
		}
		loss, fits, taken := s*bound, true, 0
		for k := p.RowStart[t.row]; k < p.RowStart[t.row+1]; k++ {
			i, v := p.Index[k], s*p.Value[k]
			if w.plain && c.brings(i, v) {
				continue
			}
			loss -= v * x[i]
			if i != j && p.ColType[i] != solver.Integer {
				fits = fits && v >= 0 && p.ColLower[i] >= 0
				if c.coef[i] >= v-cutSlack {
					taken++
				} else { // what is more than there falls away
					loss += v * x[i]
				}
			}
		}
		if fits && (loss < least-lossSlack || loss <= least+lossSlack && taken > most) {
			row, scale, least, most = t.row, s, loss, taken
		}
	}
	return row, scale, least
}
