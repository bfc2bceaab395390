package highs

import (
	"math"
	"math/rand/v2"

	"github.com/wattbit/wattbit/solver"
)

// marketSplit is a small mixed-integer program that keeps a tree search busy
// for hours: split customers so that both halves buy the same of each product.
func marketSplit() *solver.Problem {
	const products, customers = 5, 40
	rng := rand.New(rand.NewPCG(1, 1))
	var b solver.Builder
	for range customers {
		b.Col(0, 1, 0, solver.Integer)
	}
	for range products {
		r, sum := b.Row(0, 0), 0
		for j := range solver.Col(customers) {
			v := rng.IntN(100)
			sum += v
			b.Add(r, j, float64(v))
		}
		b.ShiftRow(r, float64(sum/2))
		b.Add(r, b.Col(0, math.Inf(1), 1, solver.Continuous), 1)
		b.Add(r, b.Col(0, math.Inf(1), 1, solver.Continuous), -1)
	}
	return b.Build()
}

// covering is a random covering program: rows of a hundred random terms each
// that make its linear relaxation slow for its size.
func covering(n int, kind solver.VarType) *solver.Problem {
	rng := rand.New(rand.NewPCG(2, 2))
	var b solver.Builder
	for range n {
		b.Col(0, math.Inf(1), 1+rng.Float64(), kind)
	}
	for range n {
		r := b.Row(1+10*rng.Float64(), math.Inf(1))
		for _, j := range rng.Perm(n)[:min(n, 100)] {
			b.Add(r, solver.Col(j), 0.1+rng.Float64())
		}
	}
	return b.Build()
}

// smallMIP is solved in about a millisecond; its optimum is 10 for any price.
func smallMIP(price float64) (p *solver.Problem, optimum float64) {
	var b solver.Builder
	r := b.Row(7, math.Inf(1))
	b.Add(r, b.Col(0, 10, 2*price, solver.Integer), 3)
	b.Add(r, b.Col(0, 1, price, solver.Integer), 1)
	b.AddOffset(10 - 5*price)
	return b.Build(), 10
}
