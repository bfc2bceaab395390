package solver_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/solver"
)

type entry struct {
	col solver.Col
	v   float64
}

func addRow(b *solver.Builder, lo, up float64, terms ...entry) {
	r := b.Row(lo, up)
	for _, t := range terms {
		b.Add(r, t.col, t.v)
	}
}

// A unit that is off (u = 0) in a small commitment: every rule in turn.
func TestReduceByHand(t *testing.T) {
	var b solver.Builder
	b.Open("v", 0)
	u := b.Col(0, 0, 100, solver.Integer)
	w := b.Col(1, 1, 50, solver.Integer)
	p := b.Col(0, 80, 3, solver.Continuous)
	q := b.Col(0, 60, 4, solver.Continuous)
	r := b.Col(0, 40, 5, solver.Continuous)
	k := b.Col(0.5, 7.25, -1, solver.Integer)
	lone := b.Col(-2, 9, 6, solver.Continuous)
	addRow(&b, -inf, 0, entry{p, 1}, entry{u, -80})            // p <= 80 u = 0: p is fixed at 0
	addRow(&b, 50, 70, entry{p, 1}, entry{q, 1}, entry{r, 1})  // stays, as q + r
	addRow(&b, -inf, 30, entry{q, 1}, entry{w, -20})           // q <= 50
	addRow(&b, -inf, 300, entry{q, 1}, entry{r, 1})            // q + r <= 100: redundant
	addRow(&b, -inf, 11, entry{k, 2}, entry{p, 5})             // 2 k <= 11: k <= 5
	addRow(&b, 0, inf, entry{r, 1}, entry{q, -2}, entry{w, 1}) // r - 2 q >= -1: stays
	b.AddOffset(1)
	program := b.Build()
	before := program.Clone(31)
	got, err := solver.Reduce(program)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Cols, []int32{int32(q), int32(r)}) || !reflect.DeepEqual(got.Rows, []int32{1, 5}) {
		t.Errorf("columns %v and rows %v are left", got.Cols, got.Rows)
	}
	s := got.Problem
	if err := s.Check(); err != nil {
		t.Error(err)
	}
	// 1 + 50 w - k + 6 lone, at w = 1, k = 5, lone = -2.
	if s.Offset != 1+50-5-12 {
		t.Errorf("offset %v", s.Offset)
	}
	if !reflect.DeepEqual(s.ColUpper, []float64{50, 40}) || !reflect.DeepEqual(s.RowLower, []float64{50, -1}) || !reflect.DeepEqual(s.RowUpper, []float64{70, inf}) {
		t.Errorf("bounds %v, rows from %v to %v", s.ColUpper, s.RowLower, s.RowUpper)
	}
	if s.NameOfCol(1) != program.NameOfCol(int(r)) || s.NameOfRow(1) != program.NameOfRow(5) {
		t.Errorf("names %q, %q", s.NameOfCol(1), s.NameOfRow(1))
	}
	x := got.Restore([]float64{12, 38})
	if want := []float64{0, 1, 0, 12, 38, 5, -2}; !reflect.DeepEqual(x, want) {
		t.Errorf("restored %v, want %v", x, want)
	}
	if v := program.Violation(x); v.Max() > 0 || program.Eval(x) != s.Eval([]float64{12, 38}) {
		t.Errorf("violation %+v, objective %v and %v", v, program.Eval(x), s.Eval([]float64{12, 38}))
	}
	if !reflect.DeepEqual(got.Project(x), []float64{12, 38}) || lone != 6 {
		t.Errorf("projected %v", got.Project(x))
	}
	before.ColName, before.RowName, program.ColName, program.RowName = nil, nil, nil, nil
	if !reflect.DeepEqual(before, program) {
		t.Error("the program was changed")
	}
}

// x + y >= 9 with x <= 4 and y <= 5 forces both up; x - y <= -1 is then a
// matter of constants.
func TestReduceForces(t *testing.T) {
	var b solver.Builder
	x, y := b.Col(0, 4, 1, solver.Integer), b.Col(1, 5, 1, solver.Continuous)
	addRow(&b, 9, inf, entry{x, 1}, entry{y, 1})
	addRow(&b, -inf, -1, entry{x, 1}, entry{y, -1})
	r, err := solver.Reduce(b.Build())
	if err != nil || len(r.Cols) != 0 || len(r.Rows) != 0 || r.Problem.Offset != 9 {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := r.Restore(nil); !reflect.DeepEqual(got, []float64{4, 5}) {
		t.Errorf("restored %v", got)
	}
}

func TestReduceSeesInfeasibility(t *testing.T) {
	for name, c := range map[string]struct {
		build    func(b *solver.Builder)
		row, col int
	}{
		"activity": {func(b *solver.Builder) {
			x, y := b.Col(0, 4, 0, solver.Continuous), b.Col(0, 5, 0, solver.Continuous)
			addRow(b, 9.001, inf, entry{x, 1}, entry{y, 1})
		}, 0, -1},
		"constants": {func(b *solver.Builder) { addRow(b, 3, 4, entry{b.Col(2, 2, 0, solver.Continuous), 1}) }, 0, -1},
		"no integer": {func(b *solver.Builder) {
			b.Col(1.25, 1.75, 0, solver.Integer)
		}, -1, 0},
		"after a force": {func(b *solver.Builder) {
			x, y := b.Col(0, 4, 0, solver.Continuous), b.Col(0, 5, 0, solver.Continuous)
			addRow(b, -inf, 8, entry{x, 1}, entry{y, 1})
			addRow(b, 9, inf, entry{x, 1}, entry{y, 1})
		}, 0, -1},
		"rounded bound": {func(b *solver.Builder) {
			x, y := b.Col(0, 4, 0, solver.Integer), b.Col(0, 1, 0, solver.Continuous)
			addRow(b, -inf, 7, entry{x, 2})
			addRow(b, 4.5, inf, entry{x, 1}, entry{y, 1})
		}, 1, -1},
	} {
		var b solver.Builder
		c.build(&b)
		_, err := solver.Reduce(b.Build())
		var none *solver.InfeasibleError
		if !errors.As(err, &none) || none.Row != c.row || none.Col != c.col {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What rounding can explain is no contradiction.
func TestReduceGrantsRounding(t *testing.T) {
	var b solver.Builder
	x := b.Col(0.1, 0.1, 1, solver.Continuous)
	y := b.Col(0.2, 0.2, 1, solver.Continuous)
	z := b.Col(0, 1, 1, solver.Continuous)
	addRow(&b, 0.3, 0.3, entry{x, 1}, entry{y, 1}) // 0.1 + 0.2 is not 0.3 in doubles
	addRow(&b, -inf, 0.3, entry{x, 1}, entry{y, 1}, entry{z, 1})
	r, err := solver.Reduce(b.Build())
	if err != nil || len(r.Rows) != 0 || len(r.Cols) != 0 || r.Restore(nil)[2] != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// Rounding an integer bound grants no more than the row does: 100,000 x <=
// 99,999.95 is not x <= 1.
func TestReduceRoundsInTheRowsScale(t *testing.T) {
	var b solver.Builder
	x := b.Col(0, 5, -1, solver.Integer)
	addRow(&b, -inf, 99_999.95, entry{x, 100_000})
	r, err := solver.Reduce(b.Build())
	if err != nil || len(r.Cols) != 0 || r.Restore(nil)[0] != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// An unbounded column without rows is left to the engine.
func TestReduceLeavesRays(t *testing.T) {
	var b solver.Builder
	b.Col(0, inf, -1, solver.Continuous)
	b.Col(-inf, inf, 0, solver.Continuous)
	r, err := solver.Reduce(b.Build())
	if err != nil || !reflect.DeepEqual(r.Cols, []int32{0}) || r.Restore([]float64{7})[1] != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

// mostlyFixed is a random mixed-integer program around a point in which most
// columns are fixed there; now and then one is fixed elsewhere.
func mostlyFixed(rng *rand.Rand) *solver.Problem {
	n, m := 2+rng.IntN(14), 1+rng.IntN(12)
	var b solver.Builder
	x := make([]float64, n)
	for j := range n {
		x[j] = float64(rng.IntN(7) - 2)
		lo, up := x[j]-float64(rng.IntN(4)), x[j]+float64(rng.IntN(4))
		if rng.IntN(5) < 3 {
			lo, up = x[j], x[j]
			if rng.IntN(20) == 0 {
				lo, up = x[j]+1, x[j]+1
			}
		}
		if rng.IntN(12) == 0 {
			lo = -inf
		}
		if rng.IntN(12) == 0 {
			up = inf
		}
		kind := solver.VarType(rng.IntN(2))
		if kind == solver.Continuous && rng.IntN(3) == 0 {
			lo, up = lo-0.25, up+0.5
		}
		b.Col(lo, up, float64(rng.IntN(11)-5), kind)
	}
	for range m {
		r := b.Row(0, 0)
		at := 0.0
		for j := range n {
			if rng.IntN(n) < 4 {
				v := float64(rng.IntN(9) - 4)
				b.Add(r, solver.Col(j), v)
				at += v * x[j]
			}
		}
		b.ShiftRow(r, at)
	}
	p := b.Build()
	p.Maximize = rng.IntN(2) == 1
	for i := range m {
		switch rng.IntN(4) {
		case 0:
			p.RowLower[i] = -inf
		case 1:
			p.RowUpper[i] = inf
		case 2:
			p.RowLower[i] -= float64(rng.IntN(5))
			p.RowUpper[i] += float64(rng.IntN(5)) + 0.5
		}
	}
	return p
}

// The reduced program has the optimum of the whole one, and its point restored
// is a point of the whole one, worth the same.
func TestReduceKeepsTheOptimum(t *testing.T) {
	engine := enginetest.Highs(t)
	solve := func(p *solver.Problem, o solver.Options) *solver.Result {
		r, err := engine.Solve(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(a)) }
	rng := rand.New(rand.NewPCG(7, 7))
	cases := 1500
	if testing.Short() {
		cases = 300
	}
	optimal, infeasible, shown, unbounded, shrunk, kept := 0, 0, 0, 0, 0, 0
	for c := range cases {
		p := mostlyFixed(rng)
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		want := solve(p, solver.Options{})
		r, err := solver.Reduce(p)
		if err != nil {
			if want.Status != solver.Infeasible && want.Status != solver.InfeasibleOrUnbounded {
				t.Fatalf("case %d is %v (%v), yet: %v", c, want.Status, want.Objective, err)
			}
			infeasible++
			shown++
			continue
		}
		if err := r.Problem.Check(); err != nil {
			t.Fatalf("case %d: %v", c, err)
		}
		got := solve(r.Problem, solver.Options{})
		switch want.Status {
		case solver.Optimal:
			optimal++
			if got.Status != solver.Optimal || !near(want.Objective, got.Objective) {
				t.Fatalf("case %d: %v at %v, reduced %v at %v", c, want.Status, want.Objective, got.Status, got.Objective)
			}
			x := r.Restore(got.X)
			if v := p.Violation(x); v.Max() > 1e-5 || !near(got.Objective, p.Eval(x)) {
				t.Fatalf("case %d: restored point breaks the program: %+v, objective %v of %v", c, v, p.Eval(x), got.Objective)
			}
			if len(r.Rows)*2 < p.Rows() {
				shrunk++
			}
			if len(r.Rows) > 0 {
				kept++
			}
		case solver.Infeasible:
			infeasible++
			if got.Status == solver.Optimal || got.Status == solver.Unbounded {
				t.Fatalf("case %d: infeasible, reduced %v at %v", c, got.Status, got.Objective)
			}
		default:
			unbounded++
			if got.Status == solver.Optimal {
				t.Fatalf("case %d: %v, reduced optimal at %v", c, want.Status, got.Objective)
			}
		}
	}
	if optimal < cases/4 || shown < cases/40 || unbounded == 0 || shrunk < optimal/4 || kept < optimal/4 {
		t.Errorf("of %d cases %d optimal (%d shrunk by half, %d with rows left), %d infeasible (%d shown), %d unbounded: the test shows little",
			cases, optimal, shrunk, kept, infeasible, shown, unbounded)
	}
	t.Logf("of %d cases %d optimal (%d shrunk by half, %d with rows left), %d infeasible (%d shown), %d unbounded", cases, optimal, shrunk, kept, infeasible, shown, unbounded)
}

// fleet is a commitment-like program of two million terms, with the share of its
// integer columns fixed that a search around a plan fixes.
func fleet(units, periods int) *solver.Problem {
	rng := rand.New(rand.NewPCG(3, 3))
	var b solver.Builder
	balance := make([]solver.Row, periods)
	for t := range balance {
		balance[t] = b.Row(float64(40*units), inf)
	}
	for range units {
		fixed, on := rng.IntN(10) > 0, float64(rng.IntN(2))
		var u, start, power [2000]solver.Col
		for t := range periods {
			lo, up := 0.0, 1.0
			if fixed {
				lo, up = on, on
			}
			u[t], start[t] = b.Col(lo, up, 100, solver.Integer), b.Col(0, 1, 500, solver.Integer)
			power[t] = b.Col(0, 100, 10+rng.Float64(), solver.Continuous)
			b.Add(balance[t], power[t], 1)
			addRow(&b, -inf, 0, entry{power[t], 1}, entry{u[t], -100})
			addRow(&b, 0, inf, entry{power[t], 1}, entry{u[t], -40})
			if t > 0 {
				addRow(&b, -inf, 0, entry{u[t], 1}, entry{u[t-1], -1}, entry{start[t], -1})
				addRow(&b, -30, 30, entry{power[t], 1}, entry{power[t-1], -1}, entry{start[t], 10})
				r := b.Row(-inf, 0)
				b.Add(r, u[t], -1)
				for s := max(0, t-7); s <= t; s++ {
					b.Add(r, start[s], 1)
				}
			}
		}
	}
	return b.Build()
}

func BenchmarkReduce(b *testing.B) {
	p := fleet(2200, 48)
	for b.Loop() {
		r, err := solver.Reduce(p)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(p.Nonzeros()), "terms")
		b.ReportMetric(float64(r.Problem.Nonzeros()), "left")
	}
}
