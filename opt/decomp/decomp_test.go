package decomp

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// blocks returns a random program of assets that meet in priced rows: in every
// period, what assets make (three levels at most, never two high levels in a row)
// and a store lets out covers demand; what is short costs. Every asset has an
// oracle by enumeration.
func blocks(seed uint64, n, periods int) (*solver.Problem, []Asset) {
	rng := rand.New(rand.NewPCG(seed, 1))
	var b solver.Builder
	balance := make([]solver.Row, periods)
	b.Open("balance", solver.Shared)
	for t := range balance {
		demand := float64(n) * (2 + 2*rng.Float64())
		balance[t] = b.Row(demand, demand)
	}
	limit := b.Row(math.Inf(-1), float64(n*periods)*1.5)
	var assets []Asset
	for i := range n {
		b.Open("asset", int32(i))
		first := solver.Col(b.Cols())
		a := Asset{Name: "asset", First: first, Cols: periods}
		size := 1 + 3*rng.Float64()
		for t := range periods {
			c := b.Col(0, 2, math.Round(100*rng.Float64())/10, solver.Integer)
			b.Add(balance[t], c, size)
			b.Add(limit, c, 1)
			a.Decisions = append(a.Decisions, int32(t))
			a.Stages = append(a.Stages, int32(t))
		}
		for t := 1; t < periods; t++ {
			r := b.Row(math.Inf(-1), 3)
			b.Add(r, first+solver.Col(t-1), 1)
			b.Add(r, first+solver.Col(t), 1)
		}
		assets = append(assets, a)
	}
	b.Open("store", solver.Shared)
	before := solver.Col(-1)
	for t := range periods {
		out := b.Col(-2, 2, 0, solver.Continuous)
		level := b.Col(0, 3, 0, solver.Continuous)
		short := b.Col(0, math.Inf(1), 60, solver.Continuous)
		spill := b.Col(0, math.Inf(1), 20, solver.Continuous)
		b.Add(balance[t], out, 1)
		b.Add(balance[t], short, 1)
		b.Add(balance[t], spill, -1)
		r := b.Row(0, 0)
		b.Add(r, level, 1)
		b.Add(r, out, 1)
		if before >= 0 {
			b.Add(r, before, -1)
		}
		before = level
	}
	p := b.Build()
	for i := range assets {
		assets[i].Oracle = enumeration{periods}
	}
	return p, assets
}

// enumeration tries every schedule of an asset of blocks.
type enumeration struct{ periods int }

func (enumeration) Scratch() Scratcher { return noScratch{} }

func (e enumeration) each(lower, upper []float64, try func(x []float64)) {
	x := make([]float64, e.periods)
	var next func(t int)
	next = func(t int) {
		if t == e.periods {
			try(x)
			return
		}
		for v := 0.0; v <= 2; v++ {
			if v < lower[t] || v > upper[t] || t > 0 && x[t-1]+v > 3 {
				continue
			}
			x[t] = v
			next(t + 1)
		}
	}
	next(0)
}

func (e enumeration) Price(cost, lower, upper, x []float64, _ any) (float64, bool) {
	best := math.Inf(1)
	e.each(lower, upper, func(y []float64) {
		v := 0.0
		for t, n := range y {
			v += cost[t] * n
		}
		if v < best {
			best = v
			copy(x, y)
		}
	})
	return best, !math.IsInf(best, 1)
}

func (e enumeration) Regrets(cost, lower, upper, x, fall, rise []float64, s any) (float64, bool) {
	best, ok := e.Price(cost, lower, upper, x, s)
	for t := range fall {
		fall[t], rise[t] = math.Inf(1), math.Inf(1)
	}
	e.each(lower, upper, func(y []float64) {
		v := -best
		for t, n := range y {
			v += cost[t] * n
		}
		for t, n := range y {
			if n < x[t] {
				fall[t] = math.Min(fall[t], v)
			}
			if n > x[t] {
				rise[t] = math.Min(rise[t], v)
			}
		}
	})
	return best, ok
}

// dispatching returns options whose dispatch holds integers and solves the rest.
func dispatching(t *testing.T, p *solver.Problem) Options {
	e := engine(t)
	return Options{
		Engine: e, Gap: 1e-4,
		Dispatch: func(ctx context.Context, x []float64) (point, price []float64, cost float64, err error) {
			q := p.Relaxation().Clone(solver.ColBounds)
			for j, k := range p.ColType {
				if k == solver.Integer {
					q.ColLower[j], q.ColUpper[j] = math.Round(x[j]), math.Round(x[j])
				}
			}
			res, err := e.Solve(ctx, q, solver.Options{})
			if err != nil || res.Status != solver.Optimal {
				t.Errorf("dispatch: %v %v", res, err)
				return nil, nil, 0, context.Canceled
			}
			return res.X, res.RowDual, res.Objective, nil
		},
	}
}

// priced is the search of a program once it has prices.
func priced(t *testing.T, p *solver.Problem, assets []Asset, o Options) *Search {
	t.Helper()
	s, err := New(p, assets, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Price(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func solved(t *testing.T, p *solver.Problem, assets []Asset, o Options) *Result {
	t.Helper()
	s := priced(t, p, assets, o)
	s.Recover(context.Background(), nil, nil)
	return s.Result()
}

// TestDecompositionAgainstEngine: bound and plan enclose the engine's optimum, the
// bound is no less than the relaxation's, and the gap closes.
func TestDecompositionAgainstEngine(t *testing.T) {
	closed := 0
	const cases = 25
	for seed := range uint64(cases) {
		p, assets := blocks(seed, 6, 5)
		o := dispatching(t, p)
		best, err := o.Engine.Solve(context.Background(), p, solver.Options{})
		if err != nil || best.Status != solver.Optimal {
			t.Fatalf("seed %d: %v %v", seed, best, err)
		}
		lp, err := o.Engine.Solve(context.Background(), p.Relaxation(), solver.Options{})
		if err != nil {
			t.Fatal(err)
		}
		res := solved(t, p, assets, o)
		tol := 1e-6 * math.Abs(best.Objective)
		switch {
		case res.Bound > best.Objective+tol:
			t.Errorf("seed %d: bound %g above the optimum %g", seed, res.Bound, best.Objective)
		case res.Bound < lp.Objective-1e-4*math.Abs(lp.Objective):
			t.Errorf("seed %d: bound %g below the relaxation's %g", seed, res.Bound, lp.Objective)
		case res.Cost < best.Objective-tol:
			t.Errorf("seed %d: cost %g below the optimum %g", seed, res.Cost, best.Objective)
		}
		if v := p.Violation(res.X); v.Row > 1e-6 || v.Bound > 1e-6 || v.Integrality > 1e-6 {
			t.Errorf("seed %d: the plan breaks the program: %+v", seed, v)
		}
		if res.Cost-res.Bound <= 1e-4*math.Abs(res.Cost) {
			closed++
		}
	}
	if closed < cases*3/4 {
		t.Errorf("the gap closed on %d of %d cases only", closed, cases)
	}
}

// TestRepeatsUnderWorkLimit: with a limit of work the result is the same, bit by
// bit, for any number of threads and processors.
func TestRepeatsUnderWorkLimit(t *testing.T) {
	p, assets := blocks(7, 8, 5)
	o := dispatching(t, p)
	o.WorkLimit, o.Gap = 6, 1e-9
	var first *Result
	for _, procs := range []int{1, 2, 4} {
		was := runtime.GOMAXPROCS(procs)
		o.Threads = procs
		res := solved(t, p, assets, o)
		runtime.GOMAXPROCS(was)
		if first == nil {
			first = res
			continue
		}
		if res.Bound != first.Bound || res.Cost != first.Cost || !slices.Equal(res.X, first.X) || !slices.Equal(res.Price, first.Price) {
			t.Errorf("with %d processors: bound %v, cost %v; with one: %v, %v", procs, res.Bound, res.Cost, first.Bound, first.Cost)
		}
	}
}

// TestFixKeepsWhatIsBetter: fixing at the optimum's cost loses no optimum.
func TestFixKeepsWhatIsBetter(t *testing.T) {
	for seed := range uint64(20) {
		p, assets := blocks(100+seed, 5, 5)
		o := dispatching(t, p)
		best, err := o.Engine.Solve(context.Background(), p, solver.Options{})
		if err != nil || best.Status != solver.Optimal {
			t.Fatalf("seed %d: %v %v", seed, best, err)
		}
		s := priced(t, p, assets, o)
		q := p.Clone(solver.ColBounds)
		s.acc.fix(p, q.ColLower, q.ColUpper, best.Objective)
		narrowed := 0
		for j := range q.ColLower {
			if q.ColUpper[j]-q.ColLower[j] < p.ColUpper[j]-p.ColLower[j] {
				narrowed++
			}
		}
		res, err := o.Engine.Solve(context.Background(), q, solver.Options{})
		if err != nil || res.Status != solver.Optimal || math.Abs(res.Objective-best.Objective) > 1e-6*math.Abs(best.Objective) {
			t.Errorf("seed %d: %v %v after fixing %d columns, optimum %g", seed, res, err, narrowed, best.Objective)
		}
		if narrowed == 0 {
			t.Errorf("seed %d: nothing was fixed", seed)
		}
	}
}

func TestApportion(t *testing.T) {
	all := []share{{weight: 0.55, cost: 0.55 * 10}, {weight: 0.25, cost: 0.25 * 30}, {weight: 0.1995, cost: 0.1995 * 20}, {weight: 0.0005, cost: 0.0005 * 90}}
	for _, c := range []struct {
		copies int
		waste  float64
		want   []int
	}{
		{4, 0, []int{2, 1, 1, 0}}, // 2.2, 1, 0.798 and 0.002 are due
		{1, 0, []int{1, 0, 0, 0}},
		{1, 7.9, []int{1, 0, 0, 0}},
		{1, 14.9, []int{0, 0, 1, 0}},        // the third wastes 8.005, the second 15
		{1, math.Inf(1), []int{0, 1, 0, 0}}, // the last has too little to count
		{3, math.Inf(1), []int{2, 1, 0, 0}}, // 1.65, 0.75, 0.5985 and 0.0015 are due
	} {
		if got := apportion(all, 1, c.copies, c.waste); !slices.Equal(got, c.want) {
			t.Errorf("%d copies, waste %g: %v, not %v", c.copies, c.waste, got, c.want)
		}
	}
}

// TestImpliedBounds: a spill column ends where its balance does, a shortage where
// no row can ask for more.
func TestImpliedBounds(t *testing.T) {
	p, assets := blocks(3, 4, 3)
	s, err := newSplit(p, assets)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range s.boxes {
		if math.IsInf(s.upper[j], 1) {
			t.Errorf("%s has no upper bound", p.NameOfCol(int(j)))
		}
	}
	for i, r := range s.rows {
		if touched := s.coupling[i]; touched != (r < 4) {
			t.Errorf("row %s: coupling %v", p.NameOfRow(int(r)), touched)
		}
	}
}

// TestSparsify: a capacity row of 30 units less their power, with the balance
// added, is a row of capacities; points and bounds stay.
func TestSparsify(t *testing.T) {
	var b solver.Builder
	balance := b.Row(100, 100)
	reserve := b.Row(20, math.Inf(1))
	for range 30 {
		on := b.Col(0, 1, 10, solver.Integer)
		power := b.Col(0, 8, 2, solver.Continuous)
		b.Add(balance, on, 2)
		b.Add(balance, power, 1)
		b.Add(reserve, on, 8)
		b.Add(reserve, power, -1)
	}
	p := b.Build()
	q := sparsify(p)
	if q.RowLower[1] != 120 || q.RowStart[2]-q.RowStart[1] != 30 || q.Value[q.RowStart[1]] != 10 {
		t.Errorf("capacity row %v >= %v, want 10 a unit >= 120", q.Value[q.RowStart[1]:q.RowStart[2]], q.RowLower[1])
	}
	if p.RowLower[1] != 20 || p.Nonzeros() != 120 {
		t.Error("the program itself has changed")
	}
	e := engine(t)
	for _, r := range []*solver.Problem{p, q} {
		// 12 units make 120 at most, of which 100 are power: 12*10 + 76*2.
		res, err := e.Solve(context.Background(), r, solver.Options{})
		if err != nil || math.Abs(res.Objective-(12*10+76*2)) > 1e-6 {
			t.Errorf("%v %v, want %d", res, err, 12*10+76*2)
		}
	}
}

// TestEngineOracle: branch and cut on an asset's own program answers as
// enumeration does, and the prices that it finds have the same bound.
func TestEngineOracle(t *testing.T) {
	p, assets := blocks(11, 4, 4)
	e := engine(t)
	rng := rand.New(rand.NewPCG(5, 5))
	for i, a := range assets {
		o := NewEngineOracle(p, a.First, a.Cols, e)
		lower, upper := p.ColLower[a.First:int(a.First)+a.Cols], p.ColUpper[a.First:int(a.First)+a.Cols]
		cost, x, y := make([]float64, a.Cols), make([]float64, a.Cols), make([]float64, a.Cols)
		for range 20 {
			for j := range cost {
				cost[j] = 10 * (rng.Float64() - 0.6)
			}
			want, _ := a.Oracle.Price(cost, lower, upper, x, nil)
			got, ok := o.Price(cost, lower, upper, y, nil)
			if !ok || math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("asset %d: engine %v, enumeration %v", i, got, want)
			}
		}
	}
	want := solved(t, p, assets, dispatching(t, p)).Bound
	for i := range assets {
		assets[i].Oracle = NewEngineOracle(p, assets[i].First, assets[i].Cols, e)
	}
	if got := solved(t, p, assets, dispatching(t, p)).Bound; math.Abs(got-want) > 1e-4*math.Abs(want) {
		t.Errorf("bound %v with the engine's oracles, %v with enumeration", got, want)
	}
}
