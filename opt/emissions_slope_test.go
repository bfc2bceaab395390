package opt

import (
	"context"
	"math"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/solver"
)

// leastTonnes returns the least emissions of a dispatch that costs least, by two
// linear programs that use no duals: the second may cost what the first does.
func leastTonnes(t *testing.T, e solver.Solver, q *solver.Problem, tonnes []float64) (float64, bool) {
	t.Helper()
	first, err := run(context.Background(), e, q, solver.Options{})
	if err != nil || first.Status != solver.Optimal {
		return 0, false
	}
	p := q.Clone(solver.RowBounds | solver.Matrix)
	for j, c := range q.ColCost {
		if c != 0 {
			p.Index, p.Value = append(p.Index, int32(j)), append(p.Value, c)
		}
	}
	p.RowStart = append(p.RowStart, int32(len(p.Index)))
	p.RowLower, p.RowUpper = append(p.RowLower, math.Inf(-1)), append(p.RowUpper, first.Objective-q.Offset+1e-7)
	p.ColCost, p.Offset = tonnes, 0
	res, err := run(context.Background(), e, p, solver.Options{})
	if err != nil || res.Status != solver.Optimal {
		return 0, false
	}
	return res.Objective, true
}

// TestMarginalCO2IsASlope: on random cases, with loads raised as they are for the
// slopes, a little more load at one bus in one period adds the tonnes that its slope
// says.
func TestMarginalCO2IsASlope(t *testing.T) {
	enginetest.Sequential(t)
	e := oracleEngine(t)
	ctx := context.Background()
	cases, compared, other := 14, 0, 0
	if testing.Short() {
		cases = 5
	}
	for seed := range uint64(cases) {
		c := randomcase.Full(seed)
		s := &session{o: Options{Engine: e, Gap: 1e-6}, merged: unmerged(c)}
		if err := s.formulate(); err != nil {
			t.Fatal(err)
		}
		res, err := run(ctx, e, s.p, solver.Options{RelGap: 1e-6})
		if err != nil || res.Status != solver.Optimal {
			continue
		}
		best, err := s.candidate(ctx, res.X, true)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		series, err := s.marginalCO2(ctx, best.last)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		tonnes := make([]float64, s.p.Cols())
		for i, col := range s.m.co2.col {
			tonnes[col] += s.m.co2.coef[i]
		}
		q := best.last.q.Clone(solver.RowBounds)
		for k, r := range s.m.balance {
			q.RowLower[r] += nudge(k)
			q.RowUpper[r] += nudge(k)
		}
		before, ok := leastTonnes(t, e, q, tonnes)
		if !ok {
			continue
		}
		for k := int(seed) % 3; k < len(s.m.balance); k += 3 {
			const more = 2e-5 // small beside the nudges: no edge is near
			r, h := s.m.balance[k], s.m.Hours[k%s.m.T]
			raised := q.Clone(solver.RowBounds)
			raised.RowLower[r] += more
			raised.RowUpper[r] += more
			after, ok := leastTonnes(t, e, raised, tonnes)
			if !ok {
				continue
			}
			compared++
			want, got := (after-before)/more, series[k/s.m.T].Values[k%s.m.T]*h
			if want != 0 {
				other++
			}
			if math.Abs(got-want) > 0.02*math.Max(1, math.Abs(want)) {
				t.Errorf("seed %d, %s period %d: a MW more adds %.5f t, the slope is %.5f", seed, series[k/s.m.T].Name, k%s.m.T, want, got)
			}
		}
	}
	t.Logf("%d slopes compared, %d of them not 0", compared, other)
	if compared < 2*cases || other < compared/10 {
		t.Errorf("only %d slopes were compared, %d of them not 0", compared, other)
	}
}
