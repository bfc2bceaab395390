package decomp

import (
	"context"
	"math"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/solver"
)

// TestDual: at the relaxation's prices the dual lies between the relaxation and the
// optimum, with the program's costs and with others; answers and choice agree, and no
// deviation costs less than nothing.
func TestDual(t *testing.T) {
	e := enginetest.Highs(t)
	ctx := context.Background()
	for seed := range uint64(10) {
		p, assets := blocks(seed, 4, 5)
		d, err := NewDual(p, assets, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, factor := range []float64{1, 1.5} {
			q := p.Clone(solver.Costs)
			for j := range 5 * len(assets) { // bounded columns
				q.ColCost[j] *= factor
			}
			whole, err := e.Solve(ctx, q, solver.Options{RelGap: 1e-9})
			if err != nil || whole.Status != solver.Optimal {
				t.Fatalf("%v %v", whole, err)
			}
			lp, err := e.Solve(ctx, q.Relaxation(), solver.Options{})
			if err != nil || !lp.HasDuals {
				t.Fatalf("%v %v", lp, err)
			}
			v := d.Value(q, lp.RowDual)
			if v < lp.Objective-1e-6*math.Abs(lp.Objective) || v > whole.Objective+1e-6*math.Abs(whole.Objective) {
				t.Errorf("seed %d: %.9g, the relaxation is %.9g, the optimum %.9g", seed, v, lp.Objective, whole.Objective)
			}
			answers := d.Answers()
			choice, err := d.Choose(lp.RowDual)
			if err != nil {
				t.Fatal(err)
			}
			for j := range p.Cols() {
				if own := j < 5*len(assets); own == math.IsNaN(answers[j]) || own && (choice.Fall[j] < -1e-9 || choice.Rise[j] < -1e-9) {
					t.Errorf("seed %d, column %d: answer %g, fall %g, rise %g", seed, j, answers[j], choice.Fall[j], choice.Rise[j])
				}
			}
		}
	}
}
