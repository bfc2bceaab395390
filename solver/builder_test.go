package solver_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

var inf = math.Inf(1)

// rows returns the matrix as one slice of (column, value) pairs a row.
func rows(p *solver.Problem) [][][2]float64 {
	out := make([][][2]float64, p.Rows())
	for i := range out {
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			out[i] = append(out[i], [2]float64{float64(p.Index[k]), p.Value[k]})
		}
	}
	return out
}

func cols(b *solver.Builder, n int) {
	for range n {
		b.Col(0, 1, 0, solver.Continuous)
	}
}

func TestBuildSortsTerms(t *testing.T) {
	var b solver.Builder
	cols(&b, 3)
	for range 3 {
		b.Row(0, 1)
	}
	b.Add(2, 1, 21)
	b.Add(0, 2, 2)
	b.Add(2, 0, 20)
	b.Add(0, 0, 1)
	got := rows(b.Build())
	want := [][][2]float64{{{0, 1}, {2, 2}}, nil, {{0, 20}, {1, 21}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestBuildSumsAndCancels(t *testing.T) {
	var b solver.Builder
	cols(&b, 3)
	b.Row(0, 1)
	b.Row(0, 1)
	b.Add(0, 1, 2)
	b.Add(1, 1, 5)
	b.Add(0, 1, 3)
	b.Add(1, 2, 1)
	b.Add(1, 1, -5)
	b.Add(0, 0, 0)
	p := b.Build()
	want := [][][2]float64{{{1, 5}}, {{2, 1}}}
	if got := rows(p); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if err := p.Check(); err != nil {
		t.Error(err)
	}
}

// Terms of one place are summed in the order they were added, so that equal
// input gives equal bits.
func TestBuildSumsInOrder(t *testing.T) {
	var b solver.Builder
	cols(&b, 1)
	b.Row(0, 1)
	for _, v := range []float64{1e16, 1, -1e16} {
		b.Add(0, 0, v)
	}
	if p := b.Build(); p.Nonzeros() != 0 {
		t.Errorf("(1e16 + 1) - 1e16 in doubles is 0, got %v", p.Value)
	}
}

func TestBuildAgainstDense(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n, m := 1+rng.IntN(80), 1+rng.IntN(8)
		dense := make([]float64, n*m)
		var b solver.Builder
		cols(&b, n)
		for range m {
			b.Row(-inf, inf)
		}
		for range rng.IntN(600) {
			i, j, v := rng.IntN(m), rng.IntN(n), float64(rng.IntN(5)-2)
			dense[i*n+j] += v
			b.Add(solver.Row(i), solver.Col(j), v)
		}
		p := b.Build()
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		got := make([]float64, n*m)
		for i, terms := range rows(p) {
			if !slices.IsSortedFunc(terms, func(a, b [2]float64) int { return int(a[0] - b[0]) }) {
				t.Fatalf("row %d is not sorted: %v", i, terms)
			}
			for _, c := range terms {
				if c[1] == 0 {
					t.Fatalf("row %d stores a zero", i)
				}
				got[i*n+int(c[0])] = c[1]
			}
		}
		if !slices.Equal(got, dense) {
			t.Fatalf("got %v, want %v", got, dense)
		}
	}
}

func TestBuildEmpty(t *testing.T) {
	var b solver.Builder
	p := b.Build()
	if err := p.Check(); err != nil {
		t.Error(err)
	}
	if p.Cols() != 0 || p.Rows() != 0 || p.Nonzeros() != 0 || len(p.RowStart) != 1 {
		t.Errorf("got %+v", p)
	}
}

func TestBuilderCostsBoundsAndShifts(t *testing.T) {
	var b solver.Builder
	b.Grow(10, 10, 10)
	c := b.Col(1, 2, 3, solver.Integer)
	b.AddCost(c, 0.5)
	b.AddOffset(7)
	b.AddOffset(-3)
	b.SetBounds(c, -1, 4)
	r := b.Row(-inf, 5)
	b.ShiftRow(r, 2)
	if lo, up := b.Bounds(c); lo != -1 || up != 4 {
		t.Errorf("bounds %v, %v", lo, up)
	}
	if b.Cols() != 1 || b.Rows() != 1 || b.Terms() != 0 {
		t.Errorf("%d columns, %d rows, %d terms", b.Cols(), b.Rows(), b.Terms())
	}
	p := b.Build()
	if p.ColCost[0] != 3.5 || p.Offset != 4 || p.ColLower[0] != -1 || p.ColUpper[0] != 4 || p.ColType[0] != solver.Integer {
		t.Errorf("got %+v", p)
	}
	if p.RowLower[0] != -inf || p.RowUpper[0] != 7 {
		t.Errorf("row bounds %v, %v", p.RowLower[0], p.RowUpper[0])
	}
	if p.Integers() != 1 {
		t.Errorf("%d integers", p.Integers())
	}
}

func TestBuilderNamesAndOwners(t *testing.T) {
	var b solver.Builder
	b.Col(0, 1, 0, solver.Continuous)
	b.Row(0, 1)
	b.Open("unit north on", 4)
	b.Col(0, 1, 0, solver.Integer)
	b.Col(0, 1, 0, solver.Integer)
	b.Open("empty", 5)
	b.Open("balance", solver.Shared)
	b.Row(0, 0)
	b.Open("level", 6)
	b.Col(0, 1, 0, solver.Continuous)
	b.Row(0, 0)
	p := b.Build()
	for j, want := range []string{"C0", "unit north on[0]", "unit north on[1]", "level[0]"} {
		if got := p.NameOfCol(j); got != want {
			t.Errorf("column %d is %q, want %q", j, got, want)
		}
	}
	for i, want := range []string{"R0", "balance[0]", "level[0]"} {
		if got := p.NameOfRow(i); got != want {
			t.Errorf("row %d is %q, want %q", i, got, want)
		}
	}
	for j, want := range []int32{solver.Shared, 4, 4, 6} {
		if got := b.ColOwner(solver.Col(j)); got != want {
			t.Errorf("column %d belongs to %d, want %d", j, got, want)
		}
	}
	for i, want := range []int32{solver.Shared, solver.Shared, 6} {
		if got := b.RowOwner(solver.Row(i)); got != want {
			t.Errorf("row %d belongs to %d, want %d", i, got, want)
		}
	}
}

// A Builder goes on after Build, and the program built before stays as it was,
// names included.
func TestBuilderGoesOn(t *testing.T) {
	var b solver.Builder
	b.Open("first", 0)
	c := b.Col(0, 1, 1, solver.Continuous)
	r := b.Row(0, 1)
	b.Add(r, c, 2)
	p := b.Build()
	b.Open("second", 1)
	d := b.Col(0, 1, 1, solver.Continuous)
	b.Add(r, d, 3)
	b.Add(r, c, 1)
	b.AddCost(c, 10)
	b.ShiftRow(r, 5)
	q := b.Build()
	if p.Cols() != 1 || p.Nonzeros() != 1 || p.Value[0] != 2 || p.ColCost[0] != 1 || p.RowUpper[0] != 1 {
		t.Errorf("the first program changed: %+v", p)
	}
	if p.NameOfCol(0) != "first[0]" || q.NameOfCol(1) != "second[0]" {
		t.Errorf("names %q and %q", p.NameOfCol(0), q.NameOfCol(1))
	}
	if want := [][][2]float64{{{0, 3}, {1, 3}}}; !reflect.DeepEqual(rows(q), want) {
		t.Errorf("got %v, want %v", rows(q), want)
	}
}

func TestBuildPanicsOnUnknownHandle(t *testing.T) {
	for _, c := range []struct {
		name string
		row  solver.Row
		col  solver.Col
	}{
		{"row too large", 1, 0}, {"column too large", 0, 1}, {"row negative", -1, 0}, {"column negative", 0, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				if v, ok := recover().(string); !ok || !strings.HasPrefix(v, "solver: ") {
					t.Errorf("recovered %v, want a message with the package's name", v)
				}
			}()
			var b solver.Builder
			cols(&b, 1)
			b.Row(0, 1)
			b.Add(c.row, c.col, 1)
			b.Build()
		})
	}
}

// benchmarkShape is a program as dispatch makes them: a few terms a row, by
// period, and coupling rows that collect from everywhere.
func benchmarkShape(b *solver.Builder, periods, assets int) {
	balance := make([]solver.Row, periods)
	for t := range periods {
		balance[t] = b.Row(100, 100)
	}
	for a := range assets {
		b.Open("asset", int32(a))
		first := solver.Col(b.Cols())
		for range periods {
			b.Col(0, 10, 1, solver.Continuous)
		}
		for t := range periods {
			c := first + solver.Col(t)
			b.Add(balance[t], c, 1)
			r := b.Row(-5, 5)
			b.Add(r, c, 1)
			if t > 0 {
				b.Add(r, c-1, -1)
			}
			s := b.Row(-inf, 8)
			for k := range min(t+1, 4) {
				b.Add(s, c-solver.Col(k), 0.5)
			}
		}
	}
}

// BenchmarkBuilder measures adding and building together. The aim is ten
// million terms a second.
func BenchmarkBuilder(b *testing.B) {
	b.ReportAllocs()
	terms := 0
	for b.Loop() {
		var s solver.Builder
		benchmarkShape(&s, 96, 1500)
		if p := s.Build(); p.Nonzeros() != s.Terms() {
			b.Fatalf("%d nonzeros of %d terms", p.Nonzeros(), s.Terms())
		}
		terms = s.Terms()
	}
	b.ReportMetric(float64(terms)*float64(b.N)/b.Elapsed().Seconds(), "terms/s")
}

// BenchmarkBuilderScattered adds the terms in random order.
func BenchmarkBuilderScattered(b *testing.B) {
	const n, terms = 100_000, 1_000_000
	rng := rand.New(rand.NewPCG(3, 4))
	at := make([]int32, 2*terms)
	for k := range at {
		at[k] = int32(rng.IntN(n))
	}
	b.ReportAllocs()
	for b.Loop() {
		var s solver.Builder
		s.Grow(n, n, terms)
		for range n {
			s.Col(0, 1, 1, solver.Continuous)
			s.Row(0, 1)
		}
		for k := range terms {
			s.Add(solver.Row(at[2*k]), solver.Col(at[2*k+1]), 1)
		}
		s.Build()
	}
	b.ReportMetric(float64(terms)*float64(b.N)/b.Elapsed().Seconds(), "terms/s")
}

// Memory is taken in runs, never a piece a term.
func TestBuilderAllocations(t *testing.T) {
	var terms int
	allocs := testing.AllocsPerRun(3, func() {
		var s solver.Builder
		benchmarkShape(&s, 48, 100)
		s.Build()
		terms = s.Terms()
	})
	if allocs > float64(terms)/50 {
		t.Errorf("%v allocations for %d terms", allocs, terms)
	}
}

// TestBuilderFinish: what Finish returns is what Build does, and the Builder still knows sizes,
// bounds, names and owners.
func TestBuilderFinish(t *testing.T) {
	var b solver.Builder
	b.Open("x", 3)
	c := b.Col(0, 2, 1, solver.Integer)
	d := b.Col(0, 5, 2, solver.Continuous)
	r := b.Row(1, inf)
	b.Add(r, d, 4)
	b.Add(r, c, 1)
	b.Add(r, d, -1)
	built := b.Build()
	p := b.Finish()
	if !reflect.DeepEqual(built.ColCost, p.ColCost) || !reflect.DeepEqual(built.RowLower, p.RowLower) ||
		!reflect.DeepEqual(built.RowStart, p.RowStart) || !reflect.DeepEqual(built.Index, p.Index) || !reflect.DeepEqual(built.Value, p.Value) ||
		!reflect.DeepEqual(built.ColType, p.ColType) || built.Offset != p.Offset {
		t.Errorf("built %+v, finished %+v", built, p)
	}
	if p.Nonzeros() != 2 || p.Value[1] != 3 {
		t.Errorf("terms %v", p.Value)
	}
	if lo, up := b.Bounds(d); lo != 0 || up != 5 || b.Cols() != 2 || b.Rows() != 1 || b.Terms() != 0 || b.ColOwner(c) != 3 || b.RowOwner(r) != 3 {
		t.Errorf("bounds %v, %v of %d columns, %d rows, %d terms", lo, up, b.Cols(), b.Rows(), b.Terms())
	}
	if p.NameOfCol(1) != "x[1]" || p.NameOfRow(0) != "x[0]" {
		t.Errorf("names %s, %s", p.NameOfCol(1), p.NameOfRow(0))
	}
}
