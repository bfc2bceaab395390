package highs

import (
	"context"
	"math"
	"testing"
	"unsafe"

	"github.com/wattbit/wattbit/solver"
)

// lostRow is a program whose optimum is 612. Presolve of HiGHS 1.15.1 fixes all
// but one of three binaries by enumeration and then drops the row by which they
// sum to one, so what it takes for optimal breaks that row. It was cut down from
// a unit commitment with jobs; the rows without columns are there since presolve
// counts rows before it enumerates.
func lostRow() *solver.Problem {
	inf := math.Inf(1)
	var b solver.Builder
	for j := range 24 {
		cost, upper, kind := 0.0, 1.0, solver.Continuous
		switch {
		case j < 2:
			upper = 21.7
		case j < 7, j >= 11 && j < 18:
			kind = solver.Integer
		case j < 10:
			upper = 87.7
		case j == 10:
			upper = 111.3
		case j >= 21:
			upper = inf
		}
		switch j {
		case 1, 2:
			cost = 1
		case 3:
			cost = 611
		}
		b.Col(0, upper, cost, kind)
	}
	type terms map[solver.Col]float64
	for _, r := range []struct {
		empty        int // rows before it
		lower, upper float64
		terms        terms
	}{
		{0, 80.9, 80.9, terms{7: 1}},
		{0, 73.3, 73.3, terms{8: 1, 21: -1}},
		{0, 27.8, 27.8, terms{0: 1, 1: 1, 2: 13.4, 22: -1}},
		{0, 79.8, 79.8, terms{3: 13.4, 9: 1, 23: -1}},
		{1, -inf, 10, terms{12: 1}},
		{0, -inf, 10, terms{14: 6, 16: 6}},
		{0, -inf, 10, terms{13: 1, 14: 6, 16: 6, 17: 6}},
		{1, 0.4, 0.4, terms{12: -0.025, 21: 1}},
		{0, 0.4, 0.4, terms{14: -0.3, 16: -0.3, 22: 1}},
		{0, 0.4, 0.4, terms{13: -0.025, 14: -0.03, 16: -0.03, 17: -0.3, 23: 1}},
		{16, -inf, 21.7, terms{0: 1}},
		{0, -inf, 21.7, terms{1: 1}},
		{4, 1, 1, terms{2: 1, 5: 1}},
		{0, 0, 0, terms{2: -1, 3: 1, 4: -1, 6: 1}},
		{2, -inf, 0, terms{2: -1}},
		{0, -inf, 0, terms{3: -1, 4: 1}},
		{2, -inf, 1, terms{2: 1, 5: 1}},
		{0, -inf, 1, terms{3: 1, 6: 1}},
		{5, -inf, 0, terms{2: -1}},
		{1, -inf, 0, terms{3: -1}},
		{12, -inf, 87.7, terms{7: 1}},
		{0, -inf, 87.7, terms{8: 1}},
		{0, -inf, 0, terms{2: -87.7}},
		{0, -inf, 0, terms{3: -87.7, 9: 1}},
		{48, 32.1, 32.1, terms{10: 1}},
		{0, 1, 1, terms{11: 1, 12: 1, 13: 1}},
		{0, 1, 1, terms{15: 1, 16: 1, 17: 1}},
		{0, 0, 0, terms{12: 1, 16: -1, 18: -1}},
		{0, 0, inf, terms{17: -1, 18: 1}},
		{0, -inf, 1, terms{12: 1, 13: 1, 14: 1, 16: 1, 17: 1}},
		{0, 0, 0, terms{13: -1, 19: 1}},
		{0, 0, 0, terms{14: -1, 19: 1, 20: -1}},
	} {
		for range r.empty {
			b.Row(-inf, 0)
		}
		row := b.Row(r.lower, r.upper)
		for j := range solver.Col(24) {
			if v, ok := r.terms[j]; ok {
				b.Add(row, j, v)
			}
		}
	}
	return b.Build()
}

// The optimum is found with presolve as it is used here; and if presolve is as
// wrong as version 1.15.1 would have it, that is noticed and made good by a run
// without.
func TestPresolveThatLosesARow(t *testing.T) {
	const optimum = 612
	for _, c := range []struct {
		name         string
		misenumerate bool
	}{{"as it is used", false}, {"as it would be", true}} {
		t.Run(c.name, func(t *testing.T) {
			runs := 0
			e := tampered(t, func(l *library) {
				if c.misenumerate {
					l.misenumerates = false
				}
				run := l.run
				l.run = func(h unsafe.Pointer) int32 { runs++; return run(h) }
			})
			r, err := e.Solve(context.Background(), lostRow(), solver.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != solver.Optimal || math.Abs(r.Objective-optimum) > 1e-6 || math.Abs(r.Bound-optimum) > 1e-6 {
				t.Errorf("%v %v, bound %v; want optimal %v", r.Status, r.Objective, r.Bound, optimum)
			}
			want := 1
			if c.misenumerate && testEngine(t).lib.misenumerates {
				want = 2
			}
			if runs != want {
				t.Errorf("%d runs, want %d", runs, want)
			}
		})
	}
}

func TestMisled(t *testing.T) {
	for line, want := range map[string]bool{
		"Solution with objective 612 has untransformed violations: bound = 0; integrality = 0; row = 1":                    true,
		"Solution with objective -3e+07 has untransformed violations: bound = 2 (col 1533[x]); integrality = 0; row = 0\n": true,
		"Solution with objective 1 has untransformed violations: bound = 0; integrality = 0.5; row = nan":                  true,
		"Solution with objective 1 has untransformed violations: bound = 0; integrality = 0; row = nan":                    true,
		"Solution with objective 612 has untransformed violations: bound = 0; integrality = 1e-15; row = 2.3e-06 (row 7)":  false,
		"Solution with objective 612 has untransformed violations:":                                                        false,
		"Presolve reductions: rows 126(-63)": false,
		"":                                   false,
	} {
		if got := misled(line); got != want {
			t.Errorf("misled(%q) = %v", line, got)
		}
	}
}
