package solver

import (
	"math"
	"slices"
)

// Equal is a program in which columns that rows hold equal are one column: what
// engines' presolve does too, for those that search a program as it stands
// (Options.NoPresolve). Where many decisions are fixed, u_t - u_{t-1} = v_t - w_t
// says u_t = u_{t-1}; left as rows, HiGHS 1.15.1 finds half the cuts.
type Equal struct {
	Problem *Problem
	of      []int32 // merged column of each column
}

// equalSweeps bounds the passes over the rows: merging columns may leave two in a
// row that had three.
const equalSweeps = 6

// MergeEqual merges the columns of every row x - y = 0, again and again. A merged
// column is integer where one of its columns is, has the bounds of all and the sum
// of their costs. The error is an *InfeasibleError where bounds exclude each other.
func MergeEqual(p *Problem) (*Equal, error) {
	e := &Equal{Problem: p, of: make([]int32, p.Cols())}
	for j := range e.of {
		e.of[j] = int32(j)
	}
	for range equalSweeps {
		of, n := equalColumns(e.Problem)
		if n == e.Problem.Cols() {
			break
		}
		q, err := merged(e.Problem, of, n)
		if err != nil {
			return nil, err
		}
		e.Problem = q
		for j, k := range e.of {
			e.of[j] = of[k]
		}
	}
	return e, nil
}

// Expand returns the point of the program before the merge.
func (e *Equal) Expand(x []float64) []float64 {
	out := make([]float64, len(e.of))
	for j, k := range e.of {
		out[j] = x[k]
	}
	return out
}

// Bounds returns the tightest of the bounds of each merged column's columns.
func (e *Equal) Bounds(lower, upper []float64) (lo, up []float64) {
	n := e.Problem.Cols()
	lo, up = slices.Repeat([]float64{math.Inf(-1)}, n), slices.Repeat([]float64{math.Inf(1)}, n)
	for j, k := range e.of {
		lo[k], up[k] = math.Max(lo[k], lower[j]), math.Min(up[k], upper[j])
	}
	return lo, up
}

// equalColumns numbers the groups of columns that rows hold equal, by their first
// ones, and counts them.
func equalColumns(p *Problem) (of []int32, n int) {
	first := make([]int32, p.Cols())
	for j := range first {
		first[j] = int32(j)
	}
	find := func(j int32) int32 {
		for first[j] != j {
			first[j] = first[first[j]]
			j = first[j]
		}
		return j
	}
	for i := range p.Rows() {
		if k := p.RowStart[i]; p.RowStart[i+1]-k == 2 && p.RowLower[i] == 0 && p.RowUpper[i] == 0 && p.Value[k] == -p.Value[k+1] {
			a, b := find(p.Index[k]), find(p.Index[k+1])
			first[max(a, b)] = min(a, b)
		}
	}
	of = make([]int32, p.Cols())
	for j := range of {
		if g := find(int32(j)); g == int32(j) {
			of[j] = int32(n)
			n++
		} else {
			of[j] = of[g]
		}
	}
	return of, n
}

// merged is the program over n groups of columns.
func merged(p *Problem, of []int32, n int) (*Problem, error) {
	q := &Problem{
		Maximize: p.Maximize, Offset: p.Offset, ColCost: make([]float64, n), ColType: make([]VarType, n),
		ColLower: slices.Repeat([]float64{math.Inf(-1)}, n), ColUpper: slices.Repeat([]float64{math.Inf(1)}, n),
		RowStart: []int32{0},
	}
	for j, k := range of {
		q.ColCost[k] += p.ColCost[j]
		q.ColLower[k], q.ColUpper[k] = math.Max(q.ColLower[k], p.ColLower[j]), math.Min(q.ColUpper[k], p.ColUpper[j])
		if p.ColType[j] == Integer {
			q.ColType[k] = Integer
		}
		if q.ColLower[k] > q.ColUpper[k] {
			return nil, &InfeasibleError{Row: -1, Col: j, what: "columns that must be equal have no value in common"}
		}
	}
	sum := make([]float64, n)
	var terms []int32
	for i := range p.Rows() {
		terms = terms[:0]
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			g := of[p.Index[k]]
			terms = append(terms, g)
			sum[g] += p.Value[k]
		}
		slices.Sort(terms)
		begin := len(q.Index)
		for _, g := range terms {
			if sum[g] != 0 {
				q.Index, q.Value = append(q.Index, g), append(q.Value, sum[g])
				sum[g] = 0
			}
		}
		if len(q.Index) == begin && p.RowLower[i] <= 0 && 0 <= p.RowUpper[i] {
			continue // says nothing any more
		}
		q.RowLower, q.RowUpper = append(q.RowLower, p.RowLower[i]), append(q.RowUpper, p.RowUpper[i])
		q.RowStart = append(q.RowStart, int32(len(q.Index)))
	}
	return q, nil
}
