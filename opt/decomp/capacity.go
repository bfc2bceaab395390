package decomp

// Cuts from capacity. A reserve row with the balance added (sparsify.go) asks for
// capacity: commitments that together have at least so many MW. Limits of output replace
// what is continuous in it by commitments,
//
//	sum_j a_j z_j + s >= b,   z_j >= 0 whole, s >= 0
//
// and rounding at a divisor d, with f the fractions of a_j/d and f0 that of b/d,
// gives (Marchand and Wolsey 2001)
//
//	sum_j (floor(a_j/d) + min(1, f_j/f0)) z_j + s/(d f0) >= ceil(b/d)
//
// Columns nearer to their upper bounds are counted from there. Where units are
// few and lumpy these rows raise the relaxation more than the engine's root node
// does in ten times their time.

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

const (
	// longRow is the number of terms from which a row is one of capacity.
	longRow = 20
	// Fractions of b/d outside these make cuts of poor arithmetic.
	leastFraction = 0.01
	mostFraction  = 0.99
	// leastViolation of a cut, and the slack that its right side is given.
	leastViolation = 1e-4
	cutSlack       = 1e-9
	// lossSlack is the difference in MW from which one limit loses more at a point
	// than another.
	lossSlack = 1e-6
	// cutRounds bounds the rounds of relaxation and cuts.
	cutRounds = 8
)

// strengthen adds capacity cuts to a program until they gain little, and says by
// how much its relaxation rose. The result, the relaxation of what is returned, is
// nil where the engine has none.
func (r *recovery) strengthen(ctx context.Context, p *solver.Problem, lp *solver.Result) (*solver.Problem, *solver.Result, float64) {
	if lp == nil {
		var ok bool
		if lp, ok = r.relaxation(ctx, p, nil); !ok {
			return p, nil, 0
		}
	}
	base := newCapacity(p)
	first := lp.Objective
	for range cutRounds {
		cuts := base.cuts(lp.X)
		if cuts.Len() == 0 || ctx.Err() != nil {
			break
		}
		q, err := solver.AppendRows(p, cuts)
		if err != nil {
			r.note("capacity cuts are no rows: " + err.Error())
			break
		}
		better, ok := r.relaxation(ctx, q, extended(lp.Basis, cuts.Len()))
		if !ok {
			break
		}
		gain := better.Objective - lp.Objective
		p, lp = q, better
		if gain < 0.05*r.o.Gap*math.Abs(lp.Objective) {
			break
		}
	}
	r.trace("capacity cuts raise the relaxation from %.8g to %.8g", first, lp.Objective)
	return p, lp, lp.Objective - first
}

// extended is a basis with rows more, all of them basic.
func extended(b *solver.Basis, rows int) *solver.Basis {
	if b == nil {
		return nil
	}
	out := &solver.Basis{Col: b.Col, Row: slices.Clone(b.Row)}
	for range rows {
		out.Row = append(out.Row, solver.Basic)
	}
	return out
}

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

// cuts are the best rows that x breaks, one a long row at most.
func (c *capacity) cuts(x []float64) solver.Rows {
	var out solver.Rows
	for _, b := range c.bases {
		c.load(b)
		if cut, ok := c.round(c.withoutContinuous(b.rhs, x), x); ok {
			out.Add(cut.rhs, math.Inf(1), cut.index, cut.value)
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
// side.
func (c *capacity) withoutContinuous(rhs float64, x []float64) float64 {
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
		row, scale := c.limitOf(j, x)
		if row < 0 {
			continue
		}
		bound := p.RowUpper[row]
		if scale < 0 {
			bound = p.RowLower[row]
		}
		for k := p.RowStart[row]; k < p.RowStart[row+1]; k++ {
			i := p.Index[k]
			c.add(i, -scale*p.Value[k])
			if i == j || p.ColType[i] != solver.Integer && c.coef[i] < 0 && p.ColLower[i] >= 0 {
				c.coef[i] = 0
			}
		}
		rhs -= scale * bound
	}
	return rhs
}

// limitOf is the short row, so many times, that takes column j out of the row at
// work and loses least at x, of several the one that takes most others along; -1 where its own upper bound loses less. Negative
// multiples are of the row's lower side.
func (c *capacity) limitOf(j int32, x []float64) (row int32, scale float64) {
	p := c.p
	row = -1
	least, most := c.coef[j]*p.ColUpper[j], 0
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
	return row, scale
}

// counted is an integer column of the row at work, counted from a bound.
type counted struct {
	col   int32
	value float64 // of the count in the row
	count float64 // at x
	above bool    // counted from the upper bound
}

// round returns the cut of the row at work that x breaks most, over all divisors.
func (c *capacity) round(rhs float64, x []float64) (inequality, bool) {
	p := c.p
	var whole []counted
	var slack []int32 // continuous columns that stay
	slackAt := 0.0
	slices.Sort(c.touched)
	for _, j := range c.touched {
		v, lo, up := c.coef[j], p.ColLower[j], p.ColUpper[j]
		switch {
		case v == 0:
		case p.ColType[j] == solver.Integer && up-x[j] < x[j]-lo:
			rhs -= v * up
			whole = append(whole, counted{j, -v, up - x[j], true})
		case math.IsInf(lo, -1):
			return inequality{}, false
		case p.ColType[j] == solver.Integer:
			rhs -= v * lo
			whole = append(whole, counted{j, v, x[j] - lo, false})
		case v > 0 && up-x[j] < x[j]-lo:
			rhs -= v * up // at most
		case v > 0:
			rhs -= v * lo
			slack = append(slack, j)
			slackAt += v * (x[j] - lo)
		default:
			rhs -= v * lo // at most
		}
	}
	rhs -= cutSlack * (1 + math.Abs(rhs))
	best, divisor := 0.0, 0.0
	for _, d := range divisors(whole) {
		if v := violation(whole, rhs, slackAt, d); v > best {
			best, divisor = v, d
		}
	}
	if best <= leastViolation {
		return inequality{}, false
	}
	f0 := rhs/divisor - math.Floor(rhs/divisor)
	cut := inequality{rhs: math.Ceil(rhs / divisor)}
	for _, w := range whole {
		g := rounded(w.value/divisor, f0)
		if g == 0 {
			continue
		}
		if w.above {
			cut.rhs -= g * p.ColUpper[w.col]
			g = -g
		} else {
			cut.rhs += g * p.ColLower[w.col]
		}
		cut.index, cut.value = append(cut.index, w.col), append(cut.value, g)
	}
	for _, j := range slack {
		g := c.coef[j] / (divisor * f0)
		cut.rhs += g * p.ColLower[j]
		cut.index, cut.value = append(cut.index, j), append(cut.value, g)
	}
	return cut, true
}

// divisors are the sizes of broken columns, their doubles and halves.
func divisors(whole []counted) []float64 {
	var out []float64
	for _, w := range whole {
		if v := math.Abs(w.value); v > 1 && math.Abs(w.count-math.Round(w.count)) > 1e-3 {
			out = append(out, v, 2*v, v/2)
		}
	}
	slices.Sort(out)
	return slices.CompactFunc(out, func(a, b float64) bool { return b-a <= 1e-4*b })
}

// violation is how far x is from the cut at a divisor, over the length of the cut
// among the columns that are away from the bounds they are counted from.
func violation(whole []counted, rhs, slackAt, divisor float64) float64 {
	b := rhs / divisor
	f0 := b - math.Floor(b)
	if f0 < leastFraction || f0 > mostFraction {
		return 0
	}
	activity, length := slackAt/(divisor*f0), 1e-9
	for _, w := range whole {
		g := rounded(w.value/divisor, f0)
		activity += g * w.count
		if w.count > 1e-9 {
			length += g * g
		}
	}
	return (math.Ceil(b) - activity) / math.Sqrt(length)
}

// rounded is the coefficient of the cut; more than it would be valid too, so a
// fraction that is next to nothing may be taken for a whole one.
func rounded(a, f0 float64) float64 {
	floor := math.Floor(a + cutSlack)
	return floor + math.Min(1, math.Max(0, a-floor)/f0)
}
