package decomp

// Rounding of one row over whole columns (Marchand and Wolsey 2001), see capacity.go
// for its mathematics. Which divisor and which of its two bounds every column is
// counted from makes one cut or another; those are kept that a point breaks most,
// relative to their length.

import (
	"cmp"
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

const (
	// Fractions of b/d outside these make cuts of poor arithmetic.
	leastFraction = 0.01
	mostFraction  = 0.99
	// leastViolation of a cut, and the slack that its right side is given.
	leastViolation = 1e-4
	cutSlack       = 1e-9
	// brokenBy is how far a count must be from whole to be broken.
	brokenBy = 1e-3
	// divisorsOfRow bounds the divisors that make a cut of one row.
	divisorsOfRow = 4
	// nearest is the part of a column's room from which it is counted from above.
	nearest = 0.5
	// betterBy is how much further a cut must be broken to be taken beside another of
	// its divisor.
	betterBy = 1.05
)

// counted is an integer column of a row, counted from a bound.
type counted struct {
	col   int32
	value float64 // of the count in the row
	count float64 // at the point
	above bool    // counted from the upper bound
}

// mixing is a row, sum of value times count, and what stays continuous, >= rhs.
type mixing struct {
	whole   []counted
	slack   []int32 // continuous columns that stay
	values  []float64
	slackAt float64 // what they are at the point
	rhs     float64
}

// violated is a cut and how far a point is from it.
type violated struct {
	inequality
	violation float64
}

// mixing makes one of the row at work, with columns beyond that part of their room
// counted from above; ok is false where a column has no bound to be counted from.
func (c *capacity) mixing(rhs float64, x []float64, above float64) (m mixing, ok bool) {
	p := c.p
	slices.Sort(c.touched)
	for _, j := range c.touched {
		v, lo, up := c.coef[j], p.ColLower[j], p.ColUpper[j]
		switch {
		case v == 0:
		case p.ColType[j] == solver.Integer && !math.IsInf(up, 1) && x[j]-lo > above*(up-lo):
			rhs -= v * up
			m.whole = append(m.whole, counted{j, -v, up - x[j], true})
		case math.IsInf(lo, -1):
			return mixing{}, false
		case p.ColType[j] == solver.Integer:
			rhs -= v * lo
			m.whole = append(m.whole, counted{j, v, x[j] - lo, false})
		case v > 0 && up-x[j] < x[j]-lo:
			rhs -= v * up // at most
		case v > 0:
			rhs -= v * lo
			m.slack, m.values = append(m.slack, j), append(m.values, v)
			m.slackAt += v * (x[j] - lo)
		default:
			rhs -= v * lo // at most
		}
	}
	m.rhs = rhs - cutSlack*(1+math.Abs(rhs))
	return m, true
}

// turns are the parts of their room from which columns may be counted from above: the
// nearest bound, and where each broken column of the row at work stands.
func (c *capacity) turns(x []float64) []float64 {
	out := []float64{nearest}
	for _, j := range c.touched {
		lo, up := c.p.ColLower[j], c.p.ColUpper[j]
		if c.p.ColType[j] != solver.Integer || c.coef[j] == 0 || math.IsInf(up-lo, 1) || math.Abs(x[j]-math.Round(x[j])) <= brokenBy {
			continue
		}
		out = append(out, (x[j]-lo)/(up-lo)+1e-6)
	}
	slices.Sort(out)
	return slices.CompactFunc(out, func(a, b float64) bool { return math.Abs(a-b) < 1e-3 })
}

// cuts are those at the divisors at which the point is furthest off, each counted as it
// is and, where that is better, with broken columns counted from their other bounds.
func (m *mixing) cuts(p *solver.Problem) []violated {
	type trial struct{ divisor, violation float64 }
	var trials []trial
	for _, d := range m.divisors() {
		if v := m.violation(d); v > leastViolation {
			trials = append(trials, trial{d, v})
		}
	}
	slices.SortStableFunc(trials, func(a, b trial) int { return cmp.Compare(b.violation, a.violation) })
	var out []violated
	for _, t := range trials[:min(len(trials), divisorsOfRow)] {
		out = append(out, violated{m.cut(p, t.divisor), t.violation})
		if turned, v := m.turned(p, t.divisor, t.violation); v > betterBy*t.violation {
			out = append(out, violated{turned.cut(p, t.divisor), v})
		}
	}
	return out
}

// divisors are the sizes of broken columns, their doubles and parts, and the sizes of
// the other columns that are not at the bound they are counted from.
func (m *mixing) divisors() []float64 {
	var out []float64
	for _, w := range m.whole {
		switch v := math.Abs(w.value); {
		case v <= 1e-3: // of cuts, whose values are some thousandths and more
		case math.Abs(w.count-math.Round(w.count)) > brokenBy:
			out = append(out, v, 2*v, v/2, v/3, v/4)
		case w.count > brokenBy:
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return slices.CompactFunc(out, func(a, b float64) bool { return math.Abs(a-b) <= 1e-4*b })
}

// turned is the row with broken columns counted from their other bounds as long as
// the point is further from the cut for it, and how far it is.
func (m *mixing) turned(p *solver.Problem, divisor, violation float64) (*mixing, float64) {
	var broken []int
	for i, w := range m.whole {
		if math.Abs(w.count-math.Round(w.count)) > brokenBy && !math.IsInf(p.ColUpper[w.col]-p.ColLower[w.col], 1) {
			broken = append(broken, i)
		}
	}
	slices.SortStableFunc(broken, func(a, b int) int { return cmp.Compare(m.whole[b].count, m.whole[a].count) })
	t := *m
	t.whole = slices.Clone(m.whole)
	for _, i := range broken {
		w, rhs := t.whole[i], t.rhs
		room := p.ColUpper[w.col] - p.ColLower[w.col]
		t.whole[i] = counted{w.col, -w.value, room - w.count, !w.above}
		t.rhs -= w.value * room
		if v := t.violation(divisor); v > violation {
			violation = v
		} else {
			t.whole[i], t.rhs = w, rhs
		}
	}
	return &t, violation
}

// violation is how far the point is from the cut at a divisor, over the length of the
// cut among the columns that are away from the bounds they are counted from.
func (m *mixing) violation(divisor float64) float64 {
	b := m.rhs / divisor
	f0 := b - math.Floor(b)
	if f0 < leastFraction || f0 > mostFraction {
		return 0
	}
	activity, length := m.slackAt/(divisor*f0), 1e-9
	for _, w := range m.whole {
		g := rounded(w.value/divisor, f0)
		activity += g * w.count
		if w.count > 1e-9 {
			length += g * g
		}
	}
	return (math.Ceil(b) - activity) / math.Sqrt(length)
}

// cut is the row rounded at a divisor.
func (m *mixing) cut(p *solver.Problem, divisor float64) inequality {
	b := m.rhs / divisor
	f0 := b - math.Floor(b)
	out := inequality{rhs: math.Ceil(b)}
	add := func(j int32, v float64) { out.index, out.value = append(out.index, j), append(out.value, v) }
	for _, w := range m.whole {
		switch g := rounded(w.value/divisor, f0); {
		case g == 0:
		case w.above:
			out.rhs -= g * p.ColUpper[w.col]
			add(w.col, -g)
		default:
			out.rhs += g * p.ColLower[w.col]
			add(w.col, g)
		}
	}
	for k, j := range m.slack {
		g := m.values[k] / (divisor * f0)
		out.rhs += g * p.ColLower[j]
		add(j, g)
	}
	return out
}

// rounded is the coefficient of the cut; more than it would be valid too, so a
// fraction that is next to nothing may be taken for a whole one.
func rounded(a, f0 float64) float64 {
	floor := math.Floor(a + cutSlack)
	return floor + math.Min(1, math.Max(0, a-floor)/f0)
}
