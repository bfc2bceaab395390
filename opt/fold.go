package opt

// Folding assets whose decisions are held.
//
// With its decisions held, what is left of an asset is its dispatch: columns x with
// rows of their own, A x between l and u, and a part in shared rows. Where another
// asset's is the same but for l and u, and costs the same, one of them can do what both
// do: the sum of a point of each is a point of A x between the sums of their l and u. Of
// 1,388 coal units some forty kinds are left so.
//
// The folded program is a relaxation: not every such point is a sum. For units
// without binding ramps it is (merge.go), and costs that differ by rounding are
// taken as the same. So it serves to search; what it finds is dispatched asset
// by asset.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

// foldCost is how far, relative to each other, costs may differ that are taken as
// the same.
const foldCost = 1e-4

// fold returns a program in which assets of q without a free integer column are
// folded. Columns and rows keep their places.
func fold(q *solver.Problem, assets []decomp.Asset) *solver.Problem {
	p, _ := foldInto(q, assets)
	return p
}

// foldInto is fold that says of every column which one does what it does.
func foldInto(q *solver.Problem, assets []decomp.Asset) (*solver.Problem, []int32) {
	f := newFolding(q, assets)
	into := make([]int32, q.Cols())
	for j := range into {
		into[j] = int32(j)
	}
	var kinds []*heldAsset
	for i := range assets {
		one := f.held(i)
		if one == nil {
			continue
		}
		at := slices.IndexFunc(kinds, func(k *heldAsset) bool { return f.alike(k, one) })
		if at < 0 {
			kinds = append(kinds, one)
			continue
		}
		f.add(kinds[at], one)
		for k, j := range one.free {
			into[j] = kinds[at].free[k]
		}
	}
	return f.out, into
}

// folding is the state of one fold.
type folding struct {
	q, out *solver.Problem
	assets []decomp.Asset
	own    [][]int32 // rows of each asset alone
	// terms of each column of assets in shared rows: row and value [start[j]:start[j+1]].
	start, row []int32
	value      []float64
}

func newFolding(q *solver.Problem, assets []decomp.Asset) *folding {
	f := &folding{
		q: q, out: q.Clone(solver.ColBounds | solver.RowBounds | solver.Costs), assets: assets,
		own: make([][]int32, len(assets)), start: make([]int32, q.Cols()+1),
	}
	owner := make([]int32, q.Cols()) // asset, plus 1
	for i, a := range assets {
		for j := range a.Cols {
			owner[int(a.First)+j] = int32(i) + 1
		}
	}
	var shared []int32
	for r := range q.Rows() {
		terms := q.Index[q.RowStart[r]:q.RowStart[r+1]]
		switch {
		case len(terms) == 0:
		case owner[terms[0]] > 0 && !slices.ContainsFunc(terms, func(j int32) bool { return owner[j] != owner[terms[0]] }):
			i := owner[terms[0]] - 1
			f.own[i] = append(f.own[i], int32(r))
		default:
			shared = append(shared, int32(r))
			for _, j := range terms {
				f.start[j+1]++
			}
		}
	}
	for j := range q.Cols() {
		f.start[j+1] += f.start[j]
	}
	f.row, f.value = make([]int32, f.start[q.Cols()]), make([]float64, f.start[q.Cols()])
	next := slices.Clone(f.start)
	for _, r := range shared {
		for k := q.RowStart[r]; k < q.RowStart[r+1]; k++ {
			j := q.Index[k]
			f.row[next[j]], f.value[next[j]] = r, q.Value[k]
			next[j]++
		}
	}
	return f
}

// heldAsset is what is free of an asset whose decisions are held.
type heldAsset struct {
	free []int32 // columns
	rows []heldRow
}

// heldRow is a row of the asset alone with free columns.
type heldRow struct {
	row   int32
	free  []int32 // places in free
	value []float64
	fixed float64 // what the other columns add to it
}

// held returns what is free of asset i, nil where a decision is, or nothing.
func (f *folding) held(i int) *heldAsset {
	a, h := &f.assets[i], &heldAsset{}
	place := make([]int32, a.Cols)
	for k := range place {
		place[k] = -1
		j := int(a.First) + k
		if f.q.ColLower[j] == f.q.ColUpper[j] {
			continue
		}
		if f.q.ColType[j] == solver.Integer {
			return nil
		}
		place[k] = int32(len(h.free))
		h.free = append(h.free, int32(j))
	}
	if len(h.free) == 0 {
		return nil
	}
	for _, r := range f.own[i] {
		row := heldRow{row: r}
		for k := f.q.RowStart[r]; k < f.q.RowStart[r+1]; k++ {
			j, v := f.q.Index[k], f.q.Value[k]
			if at := place[j-int32(a.First)]; at >= 0 {
				row.free, row.value = append(row.free, at), append(row.value, v)
				continue
			}
			row.fixed += v * f.q.ColLower[j]
		}
		if len(row.free) > 0 {
			h.rows = append(h.rows, row)
		}
	}
	return h
}

// alike says whether two assets differ in bounds only.
func (f *folding) alike(a, b *heldAsset) bool {
	if len(a.free) != len(b.free) || len(a.rows) != len(b.rows) {
		return false
	}
	for k := range a.free {
		i, j := a.free[k], b.free[k]
		ci, cj := f.q.ColCost[i], f.q.ColCost[j]
		if math.Abs(ci-cj) > foldCost*math.Max(math.Abs(ci), math.Abs(cj)) ||
			!slices.Equal(f.row[f.start[i]:f.start[i+1]], f.row[f.start[j]:f.start[j+1]]) ||
			!slices.Equal(f.value[f.start[i]:f.start[i+1]], f.value[f.start[j]:f.start[j+1]]) {
			return false
		}
	}
	for k := range a.rows {
		if !slices.Equal(a.rows[k].free, b.rows[k].free) || !slices.Equal(a.rows[k].value, b.rows[k].value) {
			return false
		}
	}
	return true
}

// add lets a do what b does as well, and b nothing.
func (f *folding) add(a, b *heldAsset) {
	out := f.out
	for k, i := range a.free {
		j := b.free[k]
		if w := out.ColUpper[i] - out.ColLower[i] + f.q.ColUpper[j] - f.q.ColLower[j]; w > 0 && !math.IsInf(w, 1) {
			// What is used entirely costs what it costs apart.
			out.ColCost[i] += (f.q.ColCost[j] - out.ColCost[i]) * (f.q.ColUpper[j] - f.q.ColLower[j]) / w
		}
		out.ColLower[i] += out.ColLower[j]
		out.ColUpper[i] += out.ColUpper[j]
		out.ColLower[j], out.ColUpper[j] = 0, 0
	}
	for k := range a.rows {
		r, s := a.rows[k].row, b.rows[k].row
		out.RowLower[r] += out.RowLower[s] - b.rows[k].fixed
		out.RowUpper[r] += out.RowUpper[s] - b.rows[k].fixed
		out.RowLower[s], out.RowUpper[s] = math.Inf(-1), inf
	}
}
