package decomp

import (
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// strengthens is a recovery that can strengthen.
func strengthens(t *testing.T) *recovery {
	return &recovery{Search: &Search{o: Options{Engine: engine(t), Gap: 1e-6}}}
}

// TestStrengthen: rounds of cuts, those of cuts among them, keep every plan tried, stay
// below the optimum and above one round; what does not bind leaves a basis when taken out.
func TestStrengthen(t *testing.T) {
	e, r := engine(t), strengthens(t)
	closed, further := 0.0, 0
	for seed := range uint64(8) {
		p := sparsify(fleetRow(seed, 2*longRow))
		solve := func(p *solver.Problem) *solver.Result {
			res, err := e.Solve(t.Context(), p, solver.Options{})
			if err != nil || res.Status != solver.Optimal {
				t.Fatalf("seed %d: %v %v", seed, res, err)
			}
			return res
		}
		before, best := solve(p.Relaxation()), solve(p)
		var once solver.Rows
		for _, c := range chosen(newCapacity(p).cuts(before.X, nil), p.Cols()) {
			once.Add(c.rhs, math.Inf(1), c.index, c.value)
		}
		first, err := solver.AppendRows(p, once)
		if err != nil {
			t.Fatal(err)
		}
		strong, lp, gain := r.strengthen(t.Context(), p, cutRounds, roundGain)
		if lp.Objective > best.Objective*(1+1e-9) {
			t.Errorf("seed %d: relaxation %.9g above the optimum %.9g", seed, lp.Objective, best.Objective)
		}
		if math.Abs(lp.Objective-before.Objective-gain) > 1e-6 {
			t.Errorf("seed %d: gain %g from %g to %g", seed, gain, before.Objective, lp.Objective)
		}
		if lp.Objective > solve(first.Relaxation()).Objective+1e-6 {
			further++
		}
		closed += gain / (best.Objective - before.Objective)
		kept, basis := binding(p, make([]inequality, strong.Rows()-p.Rows()), lp)
		basic := 0
		for _, part := range [2][]solver.BasisStatus{basis.Col, basis.Row} {
			for _, at := range part {
				if at == solver.Basic {
					basic++
				}
			}
		}
		if slices.Contains(basis.Row[p.Rows():], solver.Basic) || len(basis.Row) != p.Rows()+len(kept) || basic != len(basis.Row) {
			t.Errorf("seed %d: %d of %d rows are basic without cuts that do not bind, %d cuts kept", seed, basic, len(basis.Row), len(kept))
		}
		for _, x := range otherPlans(t, p, seed) {
			for i := p.Rows(); i < strong.Rows(); i++ {
				v := 0.0
				for k := strong.RowStart[i]; k < strong.RowStart[i+1]; k++ {
					v += strong.Value[k] * x[strong.Index[k]]
				}
				if v < strong.RowLower[i]-1e-5 {
					t.Errorf("seed %d: cut %d loses a plan: %g < %g", seed, i, v, strong.RowLower[i])
				}
			}
		}
	}
	if closed < 8*0.3 || further < 4 {
		t.Errorf("%.2f of the gaps of 8 programs closed, %d further than by one round", closed, further)
	}
}

// TestDivisors: every broken size is a divisor with its parts, once.
func TestDivisors(t *testing.T) {
	m := mixing{whole: []counted{
		{value: 100, count: 0.5}, {value: -60, count: 0.25}, {value: 100, count: 0.75}, {value: 7, count: 1}, {value: 9, count: 0},
	}}
	want := []float64{7, 15, 20, 25, 30, 100. / 3, 50, 60, 100, 120, 200}
	if got := m.divisors(); !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
		t.Errorf("divisors %v, want %v", got, want)
	}
}

// TestRoundByHand: 155 u + 76 v >= 170 with u in [0, 2] at 170/155, v at 0. At divisor
// 155, f0 = 15/155 and the cut is u + v >= 2 (76/155 > f0, so v counts whole).
func TestRoundByHand(t *testing.T) {
	var b solver.Builder
	b.Col(0, 2, 1, solver.Integer)
	b.Col(0, 1, 1, solver.Integer)
	p := b.Build()
	m := mixing{whole: []counted{{0, 155, 170. / 155, false}, {1, 76, 0, false}}, rhs: 170}
	cut := m.cut(p, 155)
	if cut.rhs != 2 || !slices.Equal(cut.index, []int32{0, 1}) || !slices.Equal(cut.value, []float64{1, 1}) {
		t.Errorf("cut %+v", cut)
	}
	// Turned, with u counted from 2: -155 w + 76 v >= -140, f0 = 15/155 again, -w + v >= 0:
	// the same row.
	turned := mixing{whole: []counted{{0, -155, 2 - 170./155, true}, {1, 76, 0, false}}, rhs: -140}
	cut = turned.cut(p, 155)
	if cut.rhs != 2 || !slices.Equal(cut.value, []float64{1, 1}) {
		t.Errorf("turned cut %+v", cut)
	}
}

// TestChosenAreUnlike: of two cuts that point the same way the one broken further stays.
func TestChosenAreUnlike(t *testing.T) {
	in := func(violation float64, value ...float64) violated {
		index := make([]int32, len(value))
		for i := range index {
			index[i] = int32(i)
		}
		return violated{inequality{index, value, 1}, violation}
	}
	got := chosen([]violated{in(0.1, 1, 1, 0), in(0.3, 2, 2, 0.01), in(0.2, 1, -1, 1)}, 3)
	if len(got) != 2 || got[0].value[0] != 2 || got[1].value[1] != -1 {
		t.Errorf("chosen %v", got)
	}
}
