package solver_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// small is minimise 3 + x + 2y, x in [0, 4], y integer in [0, 5],
// 2 <= x + y <= 6, x - y free.
func small() *solver.Problem {
	var b solver.Builder
	b.AddOffset(3)
	x := b.Col(0, 4, 1, solver.Continuous)
	y := b.Col(0, 5, 2, solver.Integer)
	r, s := b.Row(2, 6), b.Row(-inf, inf)
	b.Add(r, x, 1)
	b.Add(r, y, 1)
	b.Add(s, x, 1)
	b.Add(s, y, -1)
	return b.Build()
}

func TestCheckAccepts(t *testing.T) {
	if err := small().Check(); err != nil {
		t.Error(err)
	}
}

func TestCheckRefuses(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		change func(p *solver.Problem)
		want   string
	}{
		{"cost NaN", func(p *solver.Problem) { p.ColCost[1] = nan }, "cost of column C1 is NaN"},
		{"cost infinite", func(p *solver.Problem) { p.ColCost[0] = inf }, "cost of column C0 is +Inf"},
		{"cost huge", func(p *solver.Problem) { p.ColCost[0] = -1e12 }, "cost of column C0 is -1e+12"},
		{"offset NaN", func(p *solver.Problem) { p.Offset = nan }, "offset is NaN"},
		{"offset infinite", func(p *solver.Problem) { p.Offset = -inf }, "offset is -Inf"},
		{"bound NaN", func(p *solver.Problem) { p.ColUpper[0] = nan }, "bounds of column C0 are 0 and NaN"},
		{"bounds crossed", func(p *solver.Problem) { p.ColLower[0] = 5 }, "bounds of column C0 are crossed: 5 > 4"},
		{"lower bound at infinity", func(p *solver.Problem) { p.ColLower[0], p.ColUpper[0] = inf, inf }, "bounds of column C0 are +Inf"},
		{"upper bound at minus infinity", func(p *solver.Problem) { p.RowLower[1], p.RowUpper[1] = -inf, -inf }, "bounds of row R1 are -Inf"},
		{"row bounds crossed", func(p *solver.Problem) { p.RowLower[0] = 7 }, "bounds of row R0 are crossed"},
		{"coefficient NaN", func(p *solver.Problem) { p.Value[1] = nan }, "coefficient of column C1 in row R0 is NaN"},
		{"coefficient infinite", func(p *solver.Problem) { p.Value[3] = inf }, "coefficient of column C1 in row R1 is +Inf"},
		{"column index beyond", func(p *solver.Problem) { p.Index[2] = 2 }, "row R1 names column 2 of 2"},
		{"column index negative", func(p *solver.Problem) { p.Index[2] = -1 }, "row R1 names column -1 of 2"},
		{"column twice", func(p *solver.Problem) { p.Index[1] = 0 }, "row R0 names column C0 twice"},
		{"type unknown", func(p *solver.Problem) { p.ColType[0] = 2 }, "column C0 has type 2"},
		{"starts decrease", func(p *solver.Problem) { p.RowStart[1] = 5 }, "row R0 starts at 0 and ends at 5"},
		{"starts negative", func(p *solver.Problem) { p.RowStart[1] = -3 }, "row R0 starts at 0 and ends at -3"},
		{"first start", func(p *solver.Problem) { p.RowStart[0] = 1 }, "row starts run from 1"},
		{"last start", func(p *solver.Problem) { p.RowStart[2] = 3 }, "row starts run from 0 to 3, want 0 to 4"},
		{"starts missing", func(p *solver.Problem) { p.RowStart = nil }, "0 starts"},
		{"costs too few", func(p *solver.Problem) { p.ColCost = p.ColCost[:1] }, "column arrays differ in length: cost 1"},
		{"types too many", func(p *solver.Problem) { p.ColType = append(p.ColType, 0) }, "type 3"},
		{"row bounds too few", func(p *solver.Problem) { p.RowUpper = nil }, "row arrays differ in length: lower 2, upper 0"},
		{"indices too few", func(p *solver.Problem) { p.Index = p.Index[:3] }, "3 indices, 4 values"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := small()
			p.ColName, p.RowName = nil, nil
			c.change(p)
			err := p.Check()
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// All findings come at once, but not without end.
func TestCheckJoinsFindings(t *testing.T) {
	p := small()
	p.ColCost[0], p.ColCost[1], p.Offset = math.NaN(), math.NaN(), math.NaN()
	if err := p.Check(); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("want three findings, got %v", err)
	}
	var b solver.Builder
	for range 100 {
		b.Col(2, 1, 0, solver.Continuous)
	}
	if err := b.Build().Check(); err == nil || strings.Count(err.Error(), "\n") != 19 {
		t.Errorf("want twenty findings, got %v", err)
	}
}

func TestEval(t *testing.T) {
	p := small()
	if v := p.Eval([]float64{1.5, 2}); v != 8.5 {
		t.Errorf("got %v", v)
	}
	p.ColCost[0] = 0
	if v := p.Eval([]float64{inf, 1}); v != 5 {
		t.Errorf("an infinite value without a cost gives %v", v)
	}
}

func TestViolation(t *testing.T) {
	for _, c := range []struct {
		name                   string
		x                      []float64
		row, bound, fractional float64
		rowAt, boundAt, fracAt int
	}{
		{"inside", []float64{1.5, 2}, 0, 0, 0, -1, -1, -1},
		{"on every bound", []float64{4, 2}, 0, 0, 0, -1, -1, -1},
		{"row below", []float64{1.5, 0}, 0.5, 0, 0, 0, -1, -1},
		{"row above", []float64{4, 5}, 3, 0, 0, 0, -1, -1},
		{"bound below", []float64{-0.25, 3}, 0, 0.25, 0, -1, 0, -1},
		{"bound above", []float64{-2, 7}, 0, 2, 0, -1, 0, -1},
		{"fraction", []float64{1, 2.25}, 0, 0, 0.25, -1, -1, 1},
		{"fraction from above", []float64{1, 1.875}, 0, 0, 0.125, -1, -1, 1},
		{"NaN", []float64{math.NaN(), 2}, inf, inf, 0, 0, 0, -1},
		{"NaN integer", []float64{1, math.NaN()}, inf, inf, inf, 0, 1, 1},
		{"infinite", []float64{inf, 2}, inf, inf, 0, 0, 0, -1},
		{"too short", []float64{1}, inf, inf, inf, -1, -1, -1},
		{"missing", nil, inf, inf, inf, -1, -1, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := small().Violation(c.x)
			want := solver.Violation{
				Row: c.row, Bound: c.bound, Integrality: c.fractional,
				RowIndex: c.rowAt, BoundIndex: c.boundAt, IntegralityIndex: c.fracAt,
			}
			if got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if got.Max() != max(c.row, c.bound, c.fractional) {
				t.Errorf("max %v", got.Max())
			}
		})
	}
}

// A free row or column excuses no value that is not a number.
func TestViolationOfFreeColumn(t *testing.T) {
	var b solver.Builder
	b.Col(-inf, inf, 0, solver.Continuous)
	p := b.Build()
	for _, v := range []float64{math.NaN(), inf, -inf} {
		if got := p.Violation([]float64{v}); !math.IsInf(got.Bound, 1) {
			t.Errorf("%v: %+v", v, got)
		}
	}
}

func TestOptionsCheck(t *testing.T) {
	ok := solver.Options{
		TimeLimit: time.Second, WorkLimit: 5, RelGap: 1e-4, AbsGap: 2, Threads: 2, Seed: math.MaxInt32,
		Start: []float64{1, math.NaN()}, Method: solver.MethodInterior,
		Cutoff: -3, HasCutoff: true, Target: 4, HasTarget: true, RootOnly: true, NoPresolve: true, OnCuts: func(solver.Rows) {},
		StartBasis: &solver.Basis{Col: []solver.BasisStatus{solver.Basic, solver.AtZero}, Row: []solver.BasisStatus{solver.AtUpper}},
	}
	if err := ok.Check(2); err != nil {
		t.Error(err)
	}
	var zero solver.Options
	if err := zero.Check(2); err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		o    solver.Options
		want string
	}{
		{solver.Options{TimeLimit: -1}, "time limit is -1ns"},
		{solver.Options{WorkLimit: -1}, "work limit is -1"},
		{solver.Options{RelGap: math.NaN()}, "relative gap is NaN"},
		{solver.Options{RelGap: inf}, "relative gap is +Inf"},
		{solver.Options{AbsGap: -0.5}, "absolute gap is -0.5"},
		{solver.Options{Threads: -2}, "threads is -2"},
		{solver.Options{Seed: -1}, "seed -1"},
		{solver.Options{Method: 9}, "unknown method 9"},
		{solver.Options{Method: -1}, "unknown method -1"},
		{solver.Options{HasCutoff: true, Cutoff: math.NaN()}, "cutoff is NaN"},
		{solver.Options{HasTarget: true, Target: inf}, "target is +Inf"},
		{solver.Options{OnCuts: func(solver.Rows) {}}, "cuts are asked for with presolve on"},
		{solver.Options{StartBasis: &solver.Basis{Col: make([]solver.BasisStatus, 3)}}, "start basis has 3 columns, the program 2"},
		{solver.Options{StartBasis: &solver.Basis{Col: []solver.BasisStatus{1, 1}, Row: []solver.BasisStatus{0}}}, "start basis has 2 basic of 1 rows"},
		{solver.Options{StartBasis: &solver.Basis{Col: []solver.BasisStatus{1, 5}}}, "start basis has status 5 for column 1"},
		{solver.Options{Start: []float64{1}}, "start has 1 values, the program 2 columns"},
		{solver.Options{Start: []float64{}}, "start has 0 values, the program 2 columns"},
		{solver.Options{Start: []float64{1, -inf}}, "start of column 1 is -Inf"},
	} {
		if err := c.o.Check(2); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}

func TestNamesOfStatusesAndLimits(t *testing.T) {
	for s, want := range map[solver.Status]string{
		solver.Unknown: "unknown", solver.Optimal: "optimal", solver.Infeasible: "infeasible",
		solver.Unbounded: "unbounded", solver.InfeasibleOrUnbounded: "infeasible or unbounded",
		solver.LimitReached: "limit reached", solver.Interrupted: "interrupted",
		-1: "invalid status", 99: "invalid status",
	} {
		if got := s.String(); got != want {
			t.Errorf("status %d is %q, want %q", int(s), got, want)
		}
	}
	for l, want := range map[solver.Limit]string{
		solver.NoLimit: "none", solver.TimeLimit: "time", solver.WorkLimit: "work",
		solver.CutoffReached: "cutoff", solver.TargetReached: "target", solver.RootReached: "root", 7: "invalid limit",
	} {
		if got := l.String(); got != want {
			t.Errorf("limit %d is %q, want %q", int(l), got, want)
		}
	}
}
