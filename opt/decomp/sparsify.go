package decomp

import (
	"cmp"
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

// sparsify adds multiples of equations to long inequalities where that cancels
// many of their terms. What units offer as reserve is their capacity less their
// power; with the balance added, the power cancels, and the row asks for capacity:
// a row over commitments alone, on which engines find better cuts. Points stay
// the same; a row that changes keeps its place.
func sparsify(p *solver.Problem) *solver.Problem {
	const long = 20 // terms from which a row is worth the look
	touches := make([][]int32, p.Cols())
	for i := range p.Rows() {
		if p.RowLower[i] == p.RowUpper[i] && p.RowStart[i+1]-p.RowStart[i] >= long {
			for _, j := range p.Index[p.RowStart[i]:p.RowStart[i+1]] {
				touches[j] = append(touches[j], int32(i))
			}
		}
	}
	q := p.Clone(solver.RowBounds)
	var start []int32
	var index []int32
	var value []float64
	changed := false
	for i := range p.Rows() {
		start = append(start, int32(len(index)))
		from, to := p.RowStart[i], p.RowStart[i+1]
		terms, values := p.Index[from:to], p.Value[from:to]
		if to-from >= long && p.RowLower[i] < p.RowUpper[i] {
			if e, scale := partner(p, touches, terms, values); e >= 0 {
				terms, values = addRows(p, i, e, scale)
				q.RowLower[i] += scale * p.RowLower[e]
				q.RowUpper[i] += scale * p.RowUpper[e]
				changed = true
			}
		}
		index, value = append(index, terms...), append(value, values...)
	}
	if !changed {
		return p
	}
	q.RowStart, q.Index, q.Value = append(start, int32(len(index))), index, value
	return q
}

// partner is the equation, with its multiple, that cancels the most terms beyond
// those it brings; -1 where none cancels a quarter.
func partner(p *solver.Problem, touches [][]int32, terms []int32, values []float64) (best int, scale float64) {
	type vote struct {
		row   int32
		scale float64
	}
	var votes []vote
	for k, j := range terms {
		if p.ColType[j] == solver.Integer {
			continue // it is the continuous ones that are to go
		}
		for _, e := range touches[j] {
			at := p.RowStart[e] + int32(slices.Index(p.Index[p.RowStart[e]:p.RowStart[e+1]], j))
			votes = append(votes, vote{e, -values[k] / p.Value[at]})
		}
	}
	slices.SortFunc(votes, func(a, b vote) int {
		if a.row != b.row {
			return cmp.Compare(a.row, b.row)
		}
		return cmp.Compare(a.scale, b.scale)
	})
	best = -1
	most := len(terms) / 4
	for k := 0; k < len(votes); {
		n := k
		for n < len(votes) && votes[n] == votes[k] {
			n++
		}
		if gain := n - k - brought(p, terms, votes[k].row); gain > most {
			best, scale, most = int(votes[k].row), votes[k].scale, gain
		}
		k = n
	}
	return best, scale
}

// brought is the number of terms of row e that are not among terms.
func brought(p *solver.Problem, terms []int32, e int32) int {
	n, at := 0, 0
	for _, j := range p.Index[p.RowStart[e]:p.RowStart[e+1]] {
		for at < len(terms) && terms[at] < j {
			at++
		}
		if at == len(terms) || terms[at] != j {
			n++
		}
	}
	return n
}

// addRows returns row i plus scale times row e.
func addRows(p *solver.Problem, i, e int, scale float64) (terms []int32, values []float64) {
	a, aEnd := p.RowStart[i], p.RowStart[i+1]
	b, bEnd := p.RowStart[e], p.RowStart[e+1]
	for a < aEnd || b < bEnd {
		var j int32
		v := 0.0
		switch {
		case b >= bEnd || a < aEnd && p.Index[a] < p.Index[b]:
			j, v = p.Index[a], p.Value[a]
			a++
		case a >= aEnd || p.Index[b] < p.Index[a]:
			j, v = p.Index[b], scale*p.Value[b]
			b++
		default:
			j, v = p.Index[a], p.Value[a]+scale*p.Value[b]
			if math.Abs(v) <= 1e-12*math.Abs(p.Value[a]) {
				v = 0
			}
			a, b = a+1, b+1
		}
		if v != 0 {
			terms, values = append(terms, j), append(values, v)
		}
	}
	return terms, values
}
