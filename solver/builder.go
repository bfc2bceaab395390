package solver

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// Col and Row are handles into a Builder's program: plain indices.
type (
	Col int32
	Row int32
)

// Shared is the owner of blocks that belong to no asset: coupling rows.
const Shared int32 = -1

// block is a run of columns and rows added under one label and owner.
type block struct {
	label    string
	owner    int32
	col, row int32 // first of each
}

// Builder collects a program. Terms come in any order and are sorted once, by
// Build; nothing is hashed, named or boxed per column, row or
// term. Every column and row belongs to the block that was open when it was
// added, and a block to an owner: that is how names, coupling rows and the
// parts of a decomposition are found again. A Builder is for one goroutine.
type Builder struct {
	cost, lower, upper []float64
	vtype              []VarType
	rowLower, rowUpper []float64
	termRow, termCol   []int32
	termVal            []float64
	offset             float64
	blocks             []block
}

// Grow makes room for that many more columns, rows and terms.
func (b *Builder) Grow(cols, rows, terms int) {
	b.cost = grow(b.cost, cols)
	b.lower = grow(b.lower, cols)
	b.upper = grow(b.upper, cols)
	b.vtype = grow(b.vtype, cols)
	b.rowLower = grow(b.rowLower, rows)
	b.rowUpper = grow(b.rowUpper, rows)
	b.termRow = grow(b.termRow, terms)
	b.termCol = grow(b.termCol, terms)
	b.termVal = grow(b.termVal, terms)
}

func grow[T any](s []T, n int) []T {
	if cap(s)-len(s) >= n {
		return s
	}
	t := make([]T, len(s), len(s)+n)
	copy(t, s)
	return t
}

// Open starts a block: columns and rows added from now on carry the label and
// belong to the owner, until the next Open.
func (b *Builder) Open(label string, owner int32) {
	b.blocks = append(b.blocks, block{label, owner, int32(len(b.cost)), int32(len(b.rowLower))})
}

// Col adds a column.
func (b *Builder) Col(lower, upper, cost float64, t VarType) Col {
	b.cost = append(b.cost, cost)
	b.lower = append(b.lower, lower)
	b.upper = append(b.upper, upper)
	b.vtype = append(b.vtype, t)
	return Col(len(b.cost) - 1)
}

// Row adds an empty row.
func (b *Builder) Row(lower, upper float64) Row {
	b.rowLower = append(b.rowLower, lower)
	b.rowUpper = append(b.rowUpper, upper)
	return Row(len(b.rowLower) - 1)
}

// Add adds v to the coefficient of column c in row r.
func (b *Builder) Add(r Row, c Col, v float64) {
	b.termRow = append(b.termRow, int32(r))
	b.termCol = append(b.termCol, int32(c))
	b.termVal = append(b.termVal, v)
}

// AddCost adds v to the objective coefficient of column c.
func (b *Builder) AddCost(c Col, v float64) { b.cost[c] += v }

// AddOffset adds v to the constant of the objective.
func (b *Builder) AddOffset(v float64) { b.offset += v }

// ShiftRow adds v to both bounds of row r: a constant moved to the right-hand
// side.
func (b *Builder) ShiftRow(r Row, v float64) {
	b.rowLower[r] += v
	b.rowUpper[r] += v
}

// SetBounds replaces the bounds of column c.
func (b *Builder) SetBounds(c Col, lower, upper float64) { b.lower[c], b.upper[c] = lower, upper }

// Bounds returns the bounds of column c.
func (b *Builder) Bounds(c Col) (lower, upper float64) { return b.lower[c], b.upper[c] }

// Cols returns the number of columns so far.
func (b *Builder) Cols() int { return len(b.cost) }

// Rows returns the number of rows so far.
func (b *Builder) Rows() int { return len(b.rowLower) }

// Terms returns the number of terms so far.
func (b *Builder) Terms() int { return len(b.termVal) }

// ColOwner returns the owner of column c.
func (b *Builder) ColOwner(c Col) int32 {
	if k := b.colBlock(int32(c)); k >= 0 {
		return b.blocks[k].owner
	}
	return Shared
}

// RowOwner returns the owner of row r; Shared for coupling rows.
func (b *Builder) RowOwner(r Row) int32 {
	if k := b.rowBlock(int32(r)); k >= 0 {
		return b.blocks[k].owner
	}
	return Shared
}

func (b *Builder) colBlock(c int32) int {
	return sort.Search(len(b.blocks), func(k int) bool { return b.blocks[k].col > c }) - 1
}

func (b *Builder) rowBlock(r int32) int {
	return sort.Search(len(b.blocks), func(k int) bool { return b.blocks[k].row > r }) - 1
}

// Build sorts the terms by row (a counting sort) and within each row by column,
// sums terms of the same place in the order they were added, drops those that
// cancel to zero, and returns the program. It panics when a term names a row or
// column that was never added: that is a programmer's error, not one of data.
// The Builder may be used further and built again.
func (b *Builder) Build() *Problem {
	c := *b
	c.cost, c.lower, c.upper, c.vtype = slices.Clone(b.cost), slices.Clone(b.lower), slices.Clone(b.upper), slices.Clone(b.vtype)
	c.rowLower, c.rowUpper = slices.Clone(b.rowLower), slices.Clone(b.rowUpper)
	return c.Finish()
}

// Finish is Build for a program that is complete: it takes over the Builder's bounds and costs,
// and the terms are let go of, which of a large program are as much as the program. From then on
// the Builder only tells sizes, bounds, names and owners.
func (b *Builder) Finish() *Problem {
	n, m, nz := len(b.cost), len(b.rowLower), len(b.termVal)
	if nz > math.MaxInt32 || n > math.MaxInt32 || m > math.MaxInt32 {
		panic(fmt.Sprintf("solver: program of %d columns, %d rows, %d terms exceeds 32-bit indices", n, m, nz))
	}
	p := &Problem{
		Offset:   b.offset,
		ColCost:  b.cost,
		ColLower: b.lower,
		ColUpper: b.upper,
		ColType:  b.vtype,
		RowLower: b.rowLower,
		RowUpper: b.rowUpper,
	}
	p.RowStart, p.Index, p.Value = b.matrix(n, m)
	b.termRow, b.termCol, b.termVal = nil, nil, nil
	blocks := b.blocks
	p.ColName = func(j int) string {
		if k := b.colBlock(int32(j)); k >= 0 {
			return fmt.Sprintf("%s[%d]", blocks[k].label, int32(j)-blocks[k].col)
		}
		return fmt.Sprintf("C%d", j)
	}
	p.RowName = func(i int) string {
		if k := b.rowBlock(int32(i)); k >= 0 {
			return fmt.Sprintf("%s[%d]", blocks[k].label, int32(i)-blocks[k].row)
		}
		return fmt.Sprintf("R%d", i)
	}
	return p
}

// matrix returns the terms by rows.
func (b *Builder) matrix(n, m int) (start, index []int32, value []float64) {
	start = make([]int32, m+1)
	for k, r := range b.termRow {
		if c := b.termCol[k]; uint(r) >= uint(m) || uint(c) >= uint(n) {
			panic(fmt.Sprintf("solver: term of row %d of %d, column %d of %d", r, m, c, n))
		}
		start[r+1]++
	}
	for i := range m {
		start[i+1] += start[i]
	}
	next := append([]int32(nil), start[:m]...)
	index, value = make([]int32, len(b.termVal)), make([]float64, len(b.termVal))
	for k, r := range b.termRow {
		at := next[r]
		next[r]++
		index[at], value[at] = b.termCol[k], b.termVal[k]
	}
	// Rows move down as places merge. The rows of most programs are added in
	// column order, so a look mostly suffices.
	to := int32(0)
	for i := range m {
		from, end := start[i], start[i+1]
		start[i] = to
		if row := index[from:end]; !slices.IsSorted(row) {
			sortRow(row, value[from:end])
		}
		for k := from; k < end; {
			c, v := index[k], value[k]
			for k++; k < end && index[k] == c; k++ {
				v += value[k]
			}
			if v != 0 {
				index[to], value[to] = c, v
				to++
			}
		}
	}
	start[m] = to
	return start, index[:to], value[:to]
}

// sortRow sorts the terms of one row stably by column.
func sortRow(index []int32, value []float64) {
	const short = 32
	if len(index) > short {
		sort.Stable(&byColumn{index, value})
		return
	}
	for k := 1; k < len(index); k++ {
		c, v := index[k], value[k]
		j := k
		for ; j > 0 && index[j-1] > c; j-- {
			index[j], value[j] = index[j-1], value[j-1]
		}
		index[j], value[j] = c, v
	}
}

type byColumn struct {
	index []int32
	value []float64
}

func (s *byColumn) Len() int           { return len(s.index) }
func (s *byColumn) Less(i, j int) bool { return s.index[i] < s.index[j] }
func (s *byColumn) Swap(i, j int) {
	s.index[i], s.index[j] = s.index[j], s.index[i]
	s.value[i], s.value[j] = s.value[j], s.value[i]
}
