package solver_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// pair is x + 2y <= 4, -x + y >= -1 with x in [0, 3] integer, y in [0, 5].
func pair() *solver.Problem {
	var b solver.Builder
	b.Open("v", 0)
	x, y := b.Col(0, 3, 1, solver.Integer), b.Col(0, 5, -2, solver.Continuous)
	r, s := b.Row(-inf, 4), b.Row(-1, inf)
	b.Add(r, x, 1)
	b.Add(r, y, 2)
	b.Add(s, x, -1)
	b.Add(s, y, 1)
	b.AddOffset(7)
	return b.Build()
}

// Clone copies what is named and shares the rest; the original stays as it was.
func TestCloneOwnsItsParts(t *testing.T) {
	write := map[solver.Part]func(q *solver.Problem){
		solver.Costs:     func(q *solver.Problem) { q.ColCost[0] = 99 },
		solver.ColBounds: func(q *solver.Problem) { q.ColLower[0], q.ColUpper[0] = 99, 99 },
		solver.ColTypes:  func(q *solver.Problem) { q.ColType[0] = 99 },
		solver.RowBounds: func(q *solver.Problem) { q.RowLower[0], q.RowUpper[0] = 99, 99 },
		solver.Matrix:    func(q *solver.Problem) { q.RowStart[1], q.Index[0], q.Value[0] = 99, 99, 99 },
	}
	equal := func(p, q *solver.Problem) bool {
		a, b := *p, *q
		a.ColName, a.RowName, b.ColName, b.RowName = nil, nil, nil, nil
		return reflect.DeepEqual(a, b)
	}
	for own := range solver.Part(32) {
		for part, change := range write {
			p := pair()
			q := p.Clone(own)
			if !equal(p, q) {
				t.Fatalf("clone of %b differs", own)
			}
			change(q)
			if kept := equal(p, pair()); kept != (own&part != 0) {
				t.Errorf("own %b, part %b changed: original kept: %v", own, part, kept)
			}
		}
	}
}

func TestRelaxationHasNoIntegers(t *testing.T) {
	p := pair()
	if q := p.Relaxation(); q.Integers() != 0 || p.Integers() != 1 || &q.Value[0] != &p.Value[0] {
		t.Errorf("relaxation %d integers, program %d", q.Integers(), p.Integers())
	}
}

func TestAppendRows(t *testing.T) {
	p := pair()
	var cuts solver.Rows
	cuts.Add(-inf, 2, []int32{0}, []float64{1})
	cuts.Add(1, 3, []int32{0, 1}, []float64{3, -1})
	q, err := solver.AppendRows(p, cuts)
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Check(); err != nil {
		t.Error(err)
	}
	want := [][][2]float64{{{0, 1}, {1, 2}}, {{0, -1}, {1, 1}}, {{0, 1}}, {{0, 3}, {1, -1}}}
	if got := rows(q); !reflect.DeepEqual(got, want) {
		t.Errorf("rows %v, want %v", got, want)
	}
	if q.RowUpper[2] != 2 || q.RowLower[3] != 1 || q.RowUpper[3] != 3 || p.Rows() != 2 || p.Nonzeros() != 4 {
		t.Errorf("bounds %v to %v; the program has %d rows", q.RowLower, q.RowUpper, p.Rows())
	}
	if q.NameOfRow(0) != "v[0]" || q.NameOfRow(3) != "added[1]" {
		t.Errorf("names %q and %q", q.NameOfRow(0), q.NameOfRow(3))
	}
	if same, err := solver.AppendRows(p, solver.Rows{}); err != nil || !reflect.DeepEqual(rows(same), rows(p)) {
		t.Errorf("no rows: %v", err)
	}
}

// Two programs that grow from the same one do not write into each other.
func TestAppendRowsTwice(t *testing.T) {
	p := pair()
	var one, two solver.Rows
	one.Add(0, 1, []int32{0}, []float64{5})
	two.Add(0, 2, []int32{1}, []float64{6})
	first, _ := solver.AppendRows(p, one)
	if _, err := solver.AppendRows(p, two); err != nil {
		t.Fatal(err)
	}
	if got := rows(first)[2]; !reflect.DeepEqual(got, [][2]float64{{0, 5}}) || first.RowUpper[2] != 1 {
		t.Errorf("row %v up to %v", got, first.RowUpper[2])
	}
}

func TestAppendRowsRefusesWhatDoesNotFit(t *testing.T) {
	for name, r := range map[string]solver.Rows{
		"no starts":     {Lower: []float64{0}, Upper: []float64{1}},
		"one bound":     {Lower: []float64{0}, Start: []int32{0, 0}},
		"stray values":  {Value: []float64{1}},
		"end elsewhere": {Lower: []float64{0}, Upper: []float64{1}, Start: []int32{0, 2}, Index: []int32{0}, Value: []float64{1}},
	} {
		if _, err := solver.AppendRows(pair(), r); err == nil || !strings.Contains(err.Error(), "do not fit together") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
