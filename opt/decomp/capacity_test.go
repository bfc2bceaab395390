package decomp

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// fleetRow returns a random program of n units or pairs in one period: power of each
// within its commitment, or within its reach and that within its commitment, a
// balance, and a reserve row.
func fleetRow(seed uint64, n int) *solver.Problem {
	rng := rand.New(rand.NewPCG(seed, 2))
	var b solver.Builder
	total := 0.0
	balance, reserve := b.Row(0, 0), b.Row(0, math.Inf(1))
	for i := range n {
		size := math.Round(20 + 100*rng.Float64())
		least := math.Round(size * rng.Float64() / 2)
		total += size
		on := b.Col(0, float64(1+rng.IntN(2)), 100*rng.Float64(), solver.Integer)
		power := b.Col(0, 2*size, rng.Float64(), solver.Continuous)
		b.Add(balance, on, least)
		b.Add(balance, power, 1)
		b.Add(reserve, power, -1)
		limit := b.Row(math.Inf(-1), 0)
		b.Add(limit, on, least-size)
		if i%4 > 0 { // all that is left is reserve
			b.Add(limit, power, 1)
			b.Add(reserve, on, size-least)
			continue
		}
		reach := b.Col(0, 2*size, 0, solver.Continuous)
		b.Add(reserve, reach, 1)
		b.Add(limit, reach, 1)
		within := b.Row(math.Inf(-1), 0)
		b.Add(within, power, 1)
		b.Add(within, reach, -1)
	}
	short := b.Col(0, total, 30, solver.Continuous)
	b.Add(balance, short, 1)
	b.ShiftRow(balance, 0.6*total)
	b.ShiftRow(reserve, 0.07*total)
	return b.Build()
}

// TestCapacityCuts: cuts break the relaxation's point, keep the optimum and every
// other plan tried, and raise the relaxation.
func TestCapacityCuts(t *testing.T) {
	e := engine(t)
	raised, many := 0, 0
	for seed := range uint64(12) {
		p := sparsify(fleetRow(seed, longRow))
		solve := func(p *solver.Problem) *solver.Result {
			res, err := e.Solve(t.Context(), p, solver.Options{})
			if err != nil || res.Status != solver.Optimal {
				t.Fatalf("seed %d: %v %v", seed, res, err)
			}
			return res
		}
		before := solve(p.Relaxation())
		var cuts solver.Rows
		for _, c := range newCapacity(p).cuts(before.X, nil) {
			cuts.Add(c.rhs, math.Inf(1), c.index, c.value)
		}
		for i := range cuts.Len() {
			if v := sumOf(cuts, i, before.X); v >= cuts.Lower[i] {
				t.Errorf("seed %d: cut %d leaves the point it was made for: %g >= %g", seed, i, v, cuts.Lower[i])
			}
		}
		q, err := solver.AppendRows(p, cuts)
		if err != nil {
			t.Fatal(err)
		}
		if solve(q.Relaxation()).Objective > before.Objective+1e-6 {
			raised++
		}
		for _, x := range otherPlans(t, p, seed) {
			for i := range cuts.Len() {
				if v := sumOf(cuts, i, x); v < cuts.Lower[i]-1e-5 {
					t.Errorf("seed %d: cut %d loses a plan: %g < %g", seed, i, v, cuts.Lower[i])
				}
			}
		}
		many += cuts.Len()
	}
	if raised < 6 || many == 0 {
		t.Errorf("%d cuts raised the relaxation of %d of 12 programs only", many, raised)
	}
}

// otherPlans are optima at other costs: plans of all kinds.
func otherPlans(t *testing.T, p *solver.Problem, seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 3))
	var out [][]float64
	for range 10 {
		c := p.Clone(solver.Costs)
		for j := range c.ColCost {
			c.ColCost[j] = 200 * (rng.Float64() - 0.3)
		}
		res, err := engine(t).Solve(t.Context(), c, solver.Options{})
		if err != nil || res.Status != solver.Optimal {
			t.Fatalf("seed %d: %v %v", seed, res, err)
		}
		out = append(out, res.X)
	}
	return out
}

func sumOf(r solver.Rows, i int, x []float64) (v float64) {
	for k := r.Start[i]; k < r.Start[i+1]; k++ {
		v += r.Value[k] * x[r.Index[k]]
	}
	return v
}
