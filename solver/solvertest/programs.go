package solvertest

import (
	"math"
	"math/rand/v2"

	"github.com/wattbit/wattbit/solver"
)

var inf = math.Inf(1)

// term is a coefficient of a row under construction.
type term struct {
	col solver.Col
	v   float64
}

func row(b *solver.Builder, lo, up float64, terms ...term) solver.Row {
	r := b.Row(lo, up)
	for _, t := range terms {
		b.Add(r, t.col, t.v)
	}
	return r
}

func build(f func(b *solver.Builder)) *solver.Problem {
	var b solver.Builder
	f(&b)
	return b.Build()
}

// marketSplit is the market split problem of Cornuéjols and Dawande (1998):
// rows equations of cols binaries with random coefficients below 100, each
// split in half. At 5 by 40 no known branch-and-bound code finishes within
// hours, or even finds a point. With slack, every deviation costs one, so that
// a point is trivial and a good one is hard. With planted, a random binary
// point, returned, solves all equations.
func marketSplit(rows, cols int, seed uint64, slack, planted bool, offset float64) (*solver.Problem, []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	var b solver.Builder
	b.AddOffset(offset)
	x := make([]float64, cols)
	for j := range x {
		b.Col(0, 1, 0, solver.Integer)
		x[j] = float64(rng.IntN(2))
	}
	for range rows {
		r := b.Row(0, 0)
		var sum, at float64
		for j := range cols {
			a := float64(rng.IntN(100))
			b.Add(r, solver.Col(j), a)
			sum += a
			at += a * x[j]
		}
		if planted {
			b.ShiftRow(r, at)
		} else {
			b.ShiftRow(r, math.Floor(sum/2))
		}
		if slack {
			b.Add(r, b.Col(0, inf, 1, solver.Continuous), 1)
			b.Add(r, b.Col(0, inf, 1, solver.Continuous), -1)
		}
	}
	p := b.Build()
	return p, append(x, make([]float64, p.Cols()-cols)...)
}

// randomLP is a feasible and bounded linear program with small integers for
// data, so that it is degenerate as a rule: the rows hold at a random point and
// the costs are those of random duals with the right signs.
func randomLP(seed uint64, maximize bool) *solver.Problem {
	rng := rand.New(rand.NewPCG(seed, 2))
	n, m := 3+rng.IntN(10), 2+rng.IntN(8)
	var b solver.Builder
	b.AddOffset(float64(rng.IntN(21) - 10))
	x := make([]float64, n)
	reduced := make([]float64, n)
	for j := range n {
		x[j] = float64(rng.IntN(9) - 4)
		lo, up, d := bounds(rng, x[j])
		reduced[j] = d
		b.Col(lo, up, 0, solver.Continuous)
	}
	sense := 1.0
	if maximize {
		sense = -1
	}
	for j := range n {
		b.AddCost(solver.Col(j), sense*reduced[j])
	}
	for range m {
		at := 0.0
		var terms []term
		for j := range n {
			if v := float64(rng.IntN(7) - 3); v != 0 && rng.IntN(2) == 0 {
				terms = append(terms, term{solver.Col(j), v})
				at += v * x[j]
			}
		}
		lo, up, d := bounds(rng, at)
		row(&b, lo, up, terms...)
		for _, t := range terms {
			b.AddCost(t.col, sense*d*t.v)
		}
	}
	p := b.Build()
	p.Maximize = maximize
	return p
}

// bounds draws bounds that hold at v, of any kind, and a dual (minimising) that
// they admit. It may belong to a bound that is not active at v.
func bounds(rng *rand.Rand, v float64) (lo, up, dual float64) {
	below, above := v-float64(rng.IntN(3)), v+float64(rng.IntN(3))
	price := float64(rng.IntN(5))
	switch rng.IntN(6) {
	case 0:
		return -inf, inf, 0
	case 1:
		return v, v, price - 2
	case 2:
		return below, inf, price
	case 3:
		return -inf, above, -price
	default:
		return below, above, price - 2
	}
}

// randomMIP is a program of few integer columns and at most one continuous
// one, for enumerate. It may be infeasible.
func randomMIP(seed uint64, maximize bool) *solver.Problem {
	rng := rand.New(rand.NewPCG(seed, 3))
	n, m := 2+rng.IntN(5), 1+rng.IntN(4)
	var b solver.Builder
	b.AddOffset(float64(rng.IntN(21) - 10))
	for range n {
		lo := float64(rng.IntN(5)-3) / 2
		b.Col(lo, lo+float64(rng.IntN(7))/2, float64(rng.IntN(21)-10), solver.Integer)
	}
	if rng.IntN(2) == 0 {
		b.Col(-float64(rng.IntN(4)), float64(rng.IntN(4)), float64(rng.IntN(11)-5)/2, solver.Continuous)
		n++
	}
	for range m {
		lo := float64(rng.IntN(9) - 4)
		up := lo
		switch rng.IntN(4) {
		case 0:
			up = inf
		case 1:
			lo = -inf
		case 2:
			up += float64(rng.IntN(4))
		}
		r := b.Row(lo, up)
		for j := range n {
			b.Add(r, solver.Col(j), float64(rng.IntN(11)-5))
		}
	}
	p := b.Build()
	p.Maximize = maximize
	return p
}

// enumerate solves by trying every value of every integer column; a single
// continuous column takes the better end of the interval the rows leave it. It
// is for programs with small integers as data.
func enumerate(p *solver.Problem) (best float64, ok bool) {
	free := -1
	for j, t := range p.ColType {
		if t == solver.Continuous {
			if free >= 0 {
				panic("solvertest: enumerate takes one continuous column")
			}
			free = j
		}
	}
	sense := 1.0
	if p.Maximize {
		sense = -1
	}
	x := make([]float64, p.Cols())
	leaf := func() {
		if free >= 0 && !complete(p, x, free) {
			return
		}
		if p.Violation(x).Max() > 1e-9 {
			return
		}
		if v := p.Eval(x); !ok || sense*v < sense*best {
			best, ok = v, true
		}
	}
	var try func(j int)
	try = func(j int) {
		if j == len(x) {
			leaf()
			return
		}
		if j == free {
			try(j + 1)
			return
		}
		for v := math.Ceil(p.ColLower[j]); v <= math.Floor(p.ColUpper[j]); v++ {
			x[j] = v
			try(j + 1)
		}
	}
	try(0)
	return best, ok
}

// complete sets column j of x to its best value given the others.
func complete(p *solver.Problem, x []float64, j int) bool {
	x[j] = 0
	lo, up := p.ColLower[j], p.ColUpper[j]
	for i, a := range p.Activity(x) {
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			if int(p.Index[k]) != j {
				continue
			}
			one, two := (p.RowLower[i]-a)/p.Value[k], (p.RowUpper[i]-a)/p.Value[k]
			lo, up = math.Max(lo, math.Min(one, two)), math.Min(up, math.Max(one, two))
		}
	}
	if lo > up+1e-12 {
		return false
	}
	x[j] = lo
	if (p.ColCost[j] < 0) != p.Maximize {
		x[j] = up
	}
	return true
}
