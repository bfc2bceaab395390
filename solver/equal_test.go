package solver_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// A chain of equal columns, one of them whole, and a row of three of which two
// become one: x = y, y = z, and z + w - x = 0 says w = 0.
func TestMergeEqual(t *testing.T) {
	var b solver.Builder
	x := b.Col(0, 5, 1, solver.Continuous)
	y := b.Col(1, 9, 2, solver.Integer)
	z := b.Col(-1, 4, 3, solver.Continuous)
	w := b.Col(0, 7, -1, solver.Continuous)
	for _, pair := range [][2]solver.Col{{x, y}, {z, y}} {
		row := b.Row(0, 0)
		b.Add(row, pair[0], 2)
		b.Add(row, pair[1], -2)
	}
	row := b.Row(0, 0)
	b.Add(row, z, 1)
	b.Add(row, w, 1)
	b.Add(row, x, -1)
	row = b.Row(3, math.Inf(1))
	b.Add(row, x, 1)
	b.Add(row, z, 1)
	b.Add(row, w, 1)
	e, err := solver.MergeEqual(b.Build())
	if err != nil {
		t.Fatal(err)
	}
	q := e.Problem
	if err := q.Check(); err != nil {
		t.Fatal(err)
	}
	if q.Cols() != 2 || q.ColCost[0] != 6 || q.ColLower[0] != 1 || q.ColUpper[0] != 4 || q.ColType[0] != solver.Integer {
		t.Errorf("merged to %+v", q)
	}
	if want := []float64{1, 2, 1}; !slices.Equal(q.Value, want) {
		t.Errorf("terms %v, want %v", q.Value, want)
	}
	if got, want := e.Expand([]float64{2, 0.5}), []float64{2, 2, 2, 0.5}; !slices.Equal(got, want) {
		t.Errorf("expanded to %v, want %v", got, want)
	}
	lo, up := e.Bounds([]float64{0, 2, 1, 0}, []float64{5, 5, 3, 1})
	if !slices.Equal(lo, []float64{2, 0}) || !slices.Equal(up, []float64{3, 1}) {
		t.Errorf("bounds %v to %v", lo, up)
	}
}

func TestMergeEqualApart(t *testing.T) {
	var b solver.Builder
	x, y := b.Col(0, 1, 0, solver.Integer), b.Col(2, 3, 0, solver.Integer)
	row := b.Row(0, 0)
	b.Add(row, x, 1)
	b.Add(row, y, -1)
	var infeasible *solver.InfeasibleError
	if _, err := solver.MergeEqual(b.Build()); !errors.As(err, &infeasible) {
		t.Errorf("error %v, want an InfeasibleError", err)
	}
}
