package solver

import (
	"fmt"
	"math"
	"slices"
)

// Part names arrays of a Problem that Clone copies; parts combine with |.
type Part uint8

const (
	Costs     Part = 1 << iota // ColCost
	ColBounds                  // ColLower, ColUpper
	ColTypes                   // ColType
	RowBounds                  // RowLower, RowUpper
	Matrix                     // RowStart, Index, Value
)

// Clone returns a program equal to p that has its own copy of the parts named
// and shares all other arrays with p: those of neither may be changed after.
func (p *Problem) Clone(own Part) *Problem {
	q := new(*p)
	if own&Costs != 0 {
		q.ColCost = slices.Clone(p.ColCost)
	}
	if own&ColBounds != 0 {
		q.ColLower, q.ColUpper = slices.Clone(p.ColLower), slices.Clone(p.ColUpper)
	}
	if own&ColTypes != 0 {
		q.ColType = slices.Clone(p.ColType)
	}
	if own&RowBounds != 0 {
		q.RowLower, q.RowUpper = slices.Clone(p.RowLower), slices.Clone(p.RowUpper)
	}
	if own&Matrix != 0 {
		q.RowStart, q.Index, q.Value = slices.Clone(p.RowStart), slices.Clone(p.Index), slices.Clone(p.Value)
	}
	return q
}

// Relaxation returns p without integrality; it shares every other array with p.
func (p *Problem) Relaxation() *Problem {
	q := p.Clone(0)
	q.ColType = make([]VarType, p.Cols())
	return q
}

// Rows are rows over the columns of some Problem, in its layout: Lower[i] <=
// the sum of Value[k] times column Index[k] <= Upper[i], with k from Start[i]
// to before Start[i+1]. The zero value has no rows.
type Rows struct {
	Lower, Upper []float64 // may be infinite
	Start        []int32   // one more than rows, from 0; may be nil without rows
	Index        []int32
	Value        []float64
}

// Len returns the number of rows.
func (r *Rows) Len() int { return len(r.Lower) }

// Add appends a row and copies its terms.
func (r *Rows) Add(lower, upper float64, index []int32, value []float64) {
	if len(r.Start) == 0 {
		r.Start = append(r.Start, 0)
	}
	r.Lower, r.Upper = append(r.Lower, lower), append(r.Upper, upper)
	r.Index, r.Value = append(r.Index, index...), append(r.Value, value...)
	r.Start = append(r.Start, int32(len(r.Index)))
}

// AppendRows returns p with the rows added below its own, under the names
// "added[0]", "added[1]", ... where p names its rows. The column arrays are
// shared with p; neither p nor rows is changed, and rows is not kept. The error says
// that the arrays of rows do not fit together; their contents are left to
// Problem.Check.
func AppendRows(p *Problem, rows Rows) (*Problem, error) {
	n := rows.Len()
	if n == 0 && len(rows.Upper) == 0 && len(rows.Index) == 0 && len(rows.Value) == 0 {
		return p.Clone(0), nil
	}
	if len(rows.Upper) != n || len(rows.Start) != n+1 || len(rows.Value) != len(rows.Index) ||
		rows.Start[0] != 0 || int(rows.Start[n]) != len(rows.Index) {
		return nil, fmt.Errorf("solver: rows to append do not fit together: lower %d, upper %d, start %d, index %d, value %d",
			n, len(rows.Upper), len(rows.Start), len(rows.Index), len(rows.Value))
	}
	if p.Nonzeros()+len(rows.Index) > math.MaxInt32 {
		return nil, fmt.Errorf("solver: %d terms appended to %d exceed 32-bit indices", len(rows.Index), p.Nonzeros())
	}
	q := p.Clone(0)
	q.RowLower = slices.Concat(p.RowLower, rows.Lower)
	q.RowUpper = slices.Concat(p.RowUpper, rows.Upper)
	q.Index = slices.Concat(p.Index, rows.Index)
	q.Value = slices.Concat(p.Value, rows.Value)
	q.RowStart = slices.Grow(slices.Clone(p.RowStart), n)
	for _, at := range rows.Start[1:] {
		q.RowStart = append(q.RowStart, int32(p.Nonzeros())+at)
	}
	if name := p.RowName; name != nil {
		m := p.Rows()
		q.RowName = func(i int) string {
			if i >= m {
				return fmt.Sprintf("added[%d]", i-m)
			}
			return name(i)
		}
	}
	return q, nil
}
