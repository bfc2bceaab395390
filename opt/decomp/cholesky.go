package decomp

import (
	"fmt"
	"slices"
)

// The Cholesky factorisation L L' = P M P' of a symmetric positive semidefinite
// matrix whose pattern is a union of cliques, kept for many matrices of one
// pattern. Rows with few neighbours are eliminated one by one in minimum degree
// order, each with a sparse column of L (left-looking); what is left is dense.
//
//	       | S    |   sparse columns, in their own rows
//	L   =  |      |
//	       | E  C |   sparse columns in the core's rows; the core: C C' = core - E E'
//
// A pivot that is rounding error is replaced by a huge one: its unknown becomes
// zero and the others are solved without it.
type cholesky struct {
	n      int
	place  []int32 // of each row: its place in the order of elimination
	sparse int     // places before it have sparse columns

	start []int32 // of each sparse column: its first value, the diagonal
	index []int32 // of each value of the sparse columns: its place, ascending
	tail  []int32 // of each sparse column: its first value in the core
	// value holds the sparse columns, then the core row by row. It is the
	// matrix before factorise and the factor after.
	value  []float64
	diag   []int32 // of each row: where in value its diagonal is
	core   dense
	work   []float64 // a value a place, and padding of the core
	head   []int32   // of each place: first sparse column whose next row it is
	next   []int32
	cursor []int32
	crew   crew
}

// maxFactor bounds the values of a factor: four gigabytes.
const maxFactor = 1 << 29

// newCholesky finds order and pattern for n rows; every clique lists rows, each
// once.
func newCholesky(n int, cliques [][]int32, c crew) (*cholesky, error) {
	e := minimumDegree(n, cliques)
	f := &cholesky{n: n, sparse: e.split(), place: make([]int32, n), diag: make([]int32, n), crew: c}
	for p, r := range e.order {
		f.place[r] = int32(p)
	}
	size := f.sparse
	for _, rows := range e.below[:f.sparse] {
		size += len(rows)
	}
	core := roundUp(n - f.sparse)
	if total := float64(size) + float64(core)*float64(core); total > maxFactor {
		return nil, fmt.Errorf("decomp: the factor of the %d shared rows has %.3g values, more than %d: too dense", n, total, maxFactor)
	}
	f.pattern(&e, size)
	f.value = make([]float64, size+core*core)
	f.core = dense{n: core, a: f.value[size:], origin: make([]float64, core), panels: make([]float64, core*block+tile)}
	f.work = make([]float64, f.sparse+core)
	f.head, f.next, f.cursor = make([]int32, f.sparse), make([]int32, f.sparse), make([]int32, f.sparse)
	for r := range f.diag {
		f.diag[r] = f.slot(int32(r), int32(r))
	}
	return f, nil
}

// pattern sets up the sparse columns.
func (f *cholesky) pattern(e *elimination, size int) {
	f.start = make([]int32, f.sparse+1)
	f.tail = make([]int32, f.sparse)
	f.index = make([]int32, 0, size)
	for p, rows := range e.below[:f.sparse] {
		f.start[p] = int32(len(f.index))
		f.index = append(f.index, int32(p))
		first := len(f.index)
		for _, r := range rows {
			f.index = append(f.index, f.place[r])
		}
		column := f.index[first:]
		slices.Sort(column)
		k, _ := slices.BinarySearch(column, int32(f.sparse))
		f.tail[p] = int32(first + k)
	}
	f.start[f.sparse] = int32(len(f.index))
}

// slot returns where in value the entry of two rows is; they must share a
// clique.
func (f *cholesky) slot(r, s int32) int32 {
	p, q := f.place[r], f.place[s]
	if p > q {
		p, q = q, p
	}
	if int(p) < f.sparse {
		k, _ := slices.BinarySearch(f.index[f.start[p]:f.start[p+1]], q)
		return f.start[p] + int32(k)
	}
	i, j := int(q)-f.sparse, int(p)-f.sparse
	return int32(len(f.index) + i*f.core.n + j)
}

// factorise replaces the matrix in value by its factor.
func (f *cholesky) factorise() {
	for i := range f.core.n {
		d := &f.core.a[i*f.core.n+i]
		if i >= f.n-f.sparse {
			*d = 1 // padding
		}
		f.core.origin[i] = *d
	}
	for p := range f.head {
		f.head[p] = -1
	}
	for p := range f.sparse {
		f.column(int32(p))
	}
	f.border()
	f.core.factorise(f.crew)
}

// column computes sparse column p from those before it.
func (f *cholesky) column(p int32) {
	a, b := f.start[p], f.start[p+1]
	index, value, w := f.index[a:b], f.value[a:b], f.work
	value = value[:len(index)]
	for t, i := range index {
		w[i] = value[t]
	}
	origin := value[0]
	for k := f.head[p]; k >= 0; {
		next := f.next[k]
		at, end := f.cursor[k], f.start[k+1]
		other, v := f.index[at:end], f.value[at:end]
		v = v[:len(other)]
		l := v[0]
		for t, i := range other {
			w[i] -= l * v[t]
		}
		f.enlist(k, at+1)
		k = next
	}
	l := pivot(w[p], origin)
	value[0] = l
	l = 1 / l
	for t, i := range index[1:] {
		value[t+1] = w[i] * l
	}
	f.enlist(p, a+1)
}

// enlist queues sparse column k for the next sparse column it changes.
func (f *cholesky) enlist(k, at int32) {
	if at >= f.tail[k] {
		return
	}
	p := f.index[at]
	f.cursor[k] = at
	f.next[k], f.head[p] = f.head[p], k
}

// border subtracts E E' from the core.
func (f *cholesky) border() {
	n := f.core.n
	for p := range f.sparse {
		a, b := f.tail[p], f.start[p+1]
		index, value := f.index[a:b], f.value[a:b]
		value = value[:len(index)]
		for t, i := range index {
			v := value[t]
			if v == 0 {
				continue
			}
			row := f.core.a[(int(i)-f.sparse)*n:][:n]
			for u, j := range index[:t+1] {
				row[int(j)-f.sparse] -= v * value[u]
			}
		}
	}
}

// solve replaces x, one value a row, by the solution of M z = x.
func (f *cholesky) solve(x []float64) {
	w := f.work
	for r, p := range f.place {
		w[p] = x[r]
	}
	clear(w[f.n:])
	for p := range f.sparse {
		a, b := f.start[p], f.start[p+1]
		v := w[p] / f.value[a]
		w[p] = v
		if v == 0 {
			continue
		}
		index, value := f.index[a+1:b], f.value[a+1:b]
		value = value[:len(index)]
		for t, i := range index {
			w[i] -= v * value[t]
		}
	}
	f.core.forward(w[f.sparse:])
	f.core.backward(w[f.sparse:])
	for p := f.sparse - 1; p >= 0; p-- {
		a, b := f.start[p], f.start[p+1]
		index, value := f.index[a+1:b], f.value[a+1:b]
		value = value[:len(index)]
		s := w[p]
		for t, i := range index {
			s -= w[i] * value[t]
		}
		w[p] = s / f.value[a]
	}
	for r, p := range f.place {
		x[r] = w[p]
	}
}
