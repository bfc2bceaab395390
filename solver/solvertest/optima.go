package solvertest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// optima are programs of known structure whose optimum an independent
// algorithm finds.
func (u *suite) optima(t *testing.T) {
	t.Run("knapsack", func(t *testing.T) {
		p, want := knapsack(rand.New(rand.NewPCG(1, 1)))
		u.optimal(t, p, solver.Options{}, want)
	})
	t.Run("assignment", func(t *testing.T) {
		p, want := assignment(rand.New(rand.NewPCG(2, 2)), solver.Integer)
		u.optimal(t, p, solver.Options{}, want)
	})
	t.Run("assignment relaxed", func(t *testing.T) {
		p, want := assignment(rand.New(rand.NewPCG(3, 3)), solver.Continuous)
		u.optimal(t, p, solver.Options{}, want)
	})
	t.Run("transport", func(t *testing.T) {
		p, want := transport()
		u.optimal(t, p, solver.Options{}, want)
	})
	t.Run("unit commitment", func(t *testing.T) {
		p, want := commitment([]float64{60, 150, 90, 40})
		u.optimal(t, p, solver.Options{}, want)
	})
	t.Run("unit commitment, negated and maximised", func(t *testing.T) {
		p, want := commitment([]float64{60, 150, 90, 40})
		for j := range p.ColCost {
			p.ColCost[j] = -p.ColCost[j]
		}
		p.Maximize = true
		u.optimal(t, p, solver.Options{}, -want)
	})
	t.Run("shortest path", func(t *testing.T) {
		p, want := shortestPath(rand.New(rand.NewPCG(4, 4)))
		u.optimal(t, p, solver.Options{}, want)
	})
}

// random solves seeded programs: linear ones proved by their duals, mixed-
// integer ones by enumeration.
func (u *suite) random(t *testing.T) {
	const linear, mixed = 24, 40
	for seed := range uint64(linear) {
		maximize := seed%2 == 1
		t.Run(fmt.Sprintf("linear %d", seed), func(t *testing.T) {
			p := randomLP(seed, maximize)
			o := solver.Options{NoPresolve: seed%3 == 0}
			r := u.solve(t, p, o)
			if r.Status != solver.Optimal {
				t.Fatalf("status %v of a feasible and bounded linear program", r.Status)
			}
			// The audit has checked the duals of an engine that has them. One
			// that has none must still agree with the mirrored program.
			q := clone(p)
			q.Maximize = !maximize
			q.Offset = -q.Offset
			for j := range q.ColCost {
				q.ColCost[j] = -q.ColCost[j]
			}
			u.optimal(t, q, o, -r.Objective)
		})
	}
	for seed := range uint64(mixed) {
		t.Run(fmt.Sprintf("mixed-integer %d", seed), func(t *testing.T) {
			p := randomMIP(seed, seed%2 == 1)
			o := solver.Options{NoPresolve: seed%3 == 0}
			if want, ok := enumerate(p); ok {
				u.optimal(t, p, o, want)
			} else if r := u.solve(t, p, o); !slices.Contains(infeasible, r.Status) {
				t.Fatalf("status %v, want infeasible", r.Status)
			}
		})
	}
}

func knapsack(rng *rand.Rand) (*solver.Problem, float64) {
	const n, capacity = 30, 200
	var b solver.Builder
	r := b.Row(-inf, capacity)
	best := make([]float64, capacity+1)
	for range n {
		weight, value := 5+rng.IntN(40), float64(10+rng.IntN(90))
		b.Add(r, b.Col(0, 1, value, solver.Integer), float64(weight))
		for w := capacity; w >= weight; w-- {
			best[w] = math.Max(best[w], best[w-weight]+value)
		}
	}
	p := b.Build()
	p.Maximize = true
	return p, best[capacity]
}

func assignment(rng *rand.Rand, kind solver.VarType) (*solver.Problem, float64) {
	const n = 6
	var b solver.Builder
	var cost [n][n]float64
	var byWorker, byJob [n]solver.Row
	for i := range n {
		byWorker[i], byJob[i] = b.Row(1, 1), b.Row(1, 1)
	}
	for i := range n {
		for j := range n {
			cost[i][j] = float64(1 + rng.IntN(50))
			c := b.Col(0, 1, cost[i][j], kind)
			b.Add(byWorker[i], c, 1)
			b.Add(byJob[j], c, 1)
		}
	}
	best := inf
	var taken [n]bool
	var try func(i int, sum float64)
	try = func(i int, sum float64) {
		if i == n {
			best = math.Min(best, sum)
			return
		}
		for j := range n {
			if !taken[j] {
				taken[j] = true
				try(i+1, sum+cost[i][j])
				taken[j] = false
			}
		}
	}
	try(0, 0)
	return b.Build(), best
}

// transport ships from two sources to three sinks; solved by hand: every sink
// draws on its cheaper source except that source 0 runs out for sink 2.
func transport() (*solver.Problem, float64) {
	supply, demand := []float64{35, 50}, []float64{20, 25, 30}
	cost := [][]float64{{2, 4, 5}, {6, 9, 8}}
	// Advantage of source 0 by sink: 4, 5, 3. So it serves sink 1 in full
	// (25), then sink 0 (10 of 20); source 1 serves the rest.
	want := 25*4.0 + 10*2.0 + 10*6.0 + 30*8.0
	var b solver.Builder
	var out, in []solver.Row
	for _, s := range supply {
		out = append(out, b.Row(-inf, s))
	}
	for _, d := range demand {
		in = append(in, b.Row(d, inf))
	}
	for i := range supply {
		for j := range demand {
			c := b.Col(0, inf, cost[i][j], solver.Continuous)
			b.Add(out[i], c, 1)
			b.Add(in[j], c, 1)
		}
	}
	return b.Build(), want
}

// commitment is a small unit commitment: two units with minimum output, start
// cost and no-load cost, and shedding. The optimum comes from trying every
// commitment with dispatch in merit order.
func commitment(demand []float64) (*solver.Problem, float64) {
	type unit struct{ least, most, price, noLoad, start float64 }
	units := []unit{{50, 100, 10, 200, 500}, {20, 80, 25, 50, 100}}
	const shed = 1000.0

	var b solver.Builder
	last := make([]solver.Col, len(units))
	for t, d := range demand {
		balance := b.Row(d, d)
		b.Add(balance, b.Col(0, inf, shed, solver.Continuous), 1)
		for k, g := range units {
			on := b.Col(0, 1, g.noLoad, solver.Integer)
			start := b.Col(0, 1, g.start, solver.Continuous)
			power := b.Col(0, inf, g.price, solver.Continuous)
			b.Add(balance, power, 1)
			row(&b, 0, inf, term{power, 1}, term{on, -g.least})
			row(&b, -inf, 0, term{power, 1}, term{on, -g.most})
			if t == 0 {
				row(&b, 0, inf, term{start, 1}, term{on, -1})
			} else {
				row(&b, 0, inf, term{start, 1}, term{on, -1}, term{last[k], 1})
			}
			last[k] = on
		}
	}

	// The units stand in merit order.
	best := inf
	plans := 1 << (len(units) * len(demand))
	for plan := range plans {
		cost := 0.0
		var before [2]bool
		for t, d := range demand {
			left := d
			var on [2]bool
			for k, g := range units {
				if on[k] = plan>>(t*len(units)+k)&1 == 1; !on[k] {
					continue
				}
				left -= g.least
				cost += g.noLoad + g.price*g.least
				if !before[k] {
					cost += g.start
				}
			}
			if left < 0 {
				cost = inf
			}
			for k, g := range units {
				if on[k] {
					more := math.Min(left, g.most-g.least)
					left -= more
					cost += g.price * more
				}
			}
			cost += shed * left
			before = on
		}
		if !math.IsNaN(cost) {
			best = math.Min(best, cost)
		}
	}
	return b.Build(), best
}

// shortestPath is a network flow over a random graph, with the distance by
// Bellman and Ford.
func shortestPath(rng *rand.Rand) (*solver.Problem, float64) {
	const n = 12
	var b solver.Builder
	for v := range n {
		switch v {
		case 0:
			b.Row(1, 1)
		case n - 1:
			b.Row(-1, -1)
		default:
			b.Row(0, 0)
		}
	}
	type edge struct {
		from, to int
		length   float64
	}
	var edges []edge
	for from := range n {
		for to := range n {
			// Every edge to the next vertex exists, so that there is a path.
			if from != to && (to == from+1 || rng.IntN(4) == 0) {
				edges = append(edges, edge{from, to, float64(5*(1+max(to-from, 0)) + rng.IntN(20))})
			}
		}
	}
	distance := make([]float64, n)
	for v := 1; v < n; v++ {
		distance[v] = inf
	}
	for range n {
		for _, e := range edges {
			distance[e.to] = math.Min(distance[e.to], distance[e.from]+e.length)
		}
	}
	for _, e := range edges {
		c := b.Col(0, inf, e.length, solver.Continuous)
		b.Add(solver.Row(e.from), c, 1)
		b.Add(solver.Row(e.to), c, -1)
	}
	return b.Build(), distance[n-1]
}
