package solver

import (
	"errors"
	"fmt"
	"math"
)

// VarType says which values a column may take.
type VarType int32

const (
	Continuous VarType = 0
	Integer    VarType = 1
)

// Problem is a mixed-integer linear program as a struct of arrays, in the
// layout engines take without a copy. Columns n = len(ColCost), rows
// m = len(RowLower), nonzeros = len(Value).
type Problem struct {
	Maximize bool
	Offset   float64

	ColCost  []float64 // n
	ColLower []float64 // n, may be -Inf
	ColUpper []float64 // n, may be +Inf
	ColType  []VarType // n

	RowLower []float64 // m, may be -Inf
	RowUpper []float64 // m, may be +Inf
	RowStart []int32   // m+1, non-decreasing, RowStart[m] = nonzeros
	Index    []int32   // nonzeros: column of each term
	Value    []float64 // nonzeros

	// ColName and RowName compose a name on demand, for files and messages;
	// nil means C0, C1, ... and R0, R1, ... .
	ColName, RowName func(i int) string
}

// Cols returns the number of columns.
func (p *Problem) Cols() int { return len(p.ColCost) }

// Rows returns the number of rows.
func (p *Problem) Rows() int { return len(p.RowLower) }

// Nonzeros returns the number of stored terms.
func (p *Problem) Nonzeros() int { return len(p.Value) }

// Integers returns the number of integer columns.
func (p *Problem) Integers() int {
	n := 0
	for _, t := range p.ColType {
		if t == Integer {
			n++
		}
	}
	return n
}

// NameOfCol returns the column's name for messages.
func (p *Problem) NameOfCol(j int) string {
	if p.ColName != nil {
		return p.ColName(j)
	}
	return fmt.Sprintf("C%d", j)
}

// NameOfRow returns the row's name for messages.
func (p *Problem) NameOfRow(i int) string {
	if p.RowName != nil {
		return p.RowName(i)
	}
	return fmt.Sprintf("R%d", i)
}

// maxCoefficient is the magnitude from which a coefficient is refused: no
// engine computes with it reliably.
const maxCoefficient = 1e12

// maxCheckErrors bounds the list that Check returns.
const maxCheckErrors = 20

// Check refuses what no engine should see: arrays that do not fit together,
// NaN, infinite or huge coefficients, crossed bounds, indices out of range and
// a column named twice in one row. The error joins up to twenty findings.
func (p *Problem) Check() error {
	n, m, nz := len(p.ColCost), len(p.RowLower), len(p.Value)
	if len(p.ColLower) != n || len(p.ColUpper) != n || len(p.ColType) != n {
		return fmt.Errorf("solver: column arrays differ in length: cost %d, lower %d, upper %d, type %d",
			n, len(p.ColLower), len(p.ColUpper), len(p.ColType))
	}
	if len(p.RowUpper) != m {
		return fmt.Errorf("solver: row arrays differ in length: lower %d, upper %d", m, len(p.RowUpper))
	}
	if len(p.RowStart) != m+1 || len(p.Index) != nz {
		return fmt.Errorf("solver: matrix arrays do not fit %d rows: %d starts, %d indices, %d values",
			m, len(p.RowStart), len(p.Index), nz)
	}
	if p.RowStart[0] != 0 || int(p.RowStart[m]) != nz {
		return fmt.Errorf("solver: row starts run from %d to %d, want 0 to %d", p.RowStart[0], p.RowStart[m], nz)
	}
	var errs []error
	full := func() bool { return len(errs) >= maxCheckErrors }
	bad := func(format string, args ...any) {
		if !full() {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	if math.IsNaN(p.Offset) || math.IsInf(p.Offset, 0) {
		bad("solver: objective offset is %v", p.Offset)
	}
	for j := range n {
		if c := p.ColCost[j]; math.IsNaN(c) || math.Abs(c) >= maxCoefficient {
			bad("solver: cost of column %s is %v", p.NameOfCol(j), c)
		}
		checkBounds("column", p.NameOfCol, j, p.ColLower[j], p.ColUpper[j], bad)
		if t := p.ColType[j]; t != Continuous && t != Integer {
			bad("solver: column %s has type %d", p.NameOfCol(j), t)
		}
	}
	last := make([]int32, n) // row+1 that named the column last
	for i := range m {
		checkBounds("row", p.NameOfRow, i, p.RowLower[i], p.RowUpper[i], bad)
		a, b := p.RowStart[i], p.RowStart[i+1]
		if a > b || a < 0 || int(b) > nz {
			return errors.Join(append(errs, fmt.Errorf("solver: row %s starts at %d and ends at %d", p.NameOfRow(i), a, b))...)
		}
		for k := a; k < b; k++ {
			j := p.Index[k]
			if j < 0 || int(j) >= n {
				bad("solver: row %s names column %d of %d", p.NameOfRow(i), j, n)
				continue
			}
			if last[j] == int32(i)+1 {
				bad("solver: row %s names column %s twice", p.NameOfRow(i), p.NameOfCol(int(j)))
			}
			last[j] = int32(i) + 1
			if v := p.Value[k]; math.IsNaN(v) || math.Abs(v) >= maxCoefficient {
				bad("solver: coefficient of column %s in row %s is %v", p.NameOfCol(int(j)), p.NameOfRow(i), v)
			}
		}
	}
	return errors.Join(errs...)
}

func checkBounds(what string, name func(int) string, i int, lo, up float64, bad func(string, ...any)) {
	switch {
	case math.IsNaN(lo) || math.IsNaN(up):
		bad("solver: bounds of %s %s are %v and %v", what, name(i), lo, up)
	case lo > up:
		bad("solver: bounds of %s %s are crossed: %v > %v", what, name(i), lo, up)
	case math.IsInf(lo, 1) || math.IsInf(up, -1):
		bad("solver: bounds of %s %s are %v and %v", what, name(i), lo, up)
	}
}
