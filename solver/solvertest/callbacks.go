package solvertest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/wattbit/wattbit/solver"
)

func (u *suite) callback(t *testing.T) {
	t.Run("progress", func(t *testing.T) { u.progress(t, hard(5)) })
	t.Run("progress, maximised", func(t *testing.T) { u.progress(t, mirrored(hard(5))) })
	t.Run("incumbents", func(t *testing.T) { u.incumbents(t, hard(5)) })
	t.Run("incumbents, maximised", func(t *testing.T) { u.incumbents(t, mirrored(hard(5))) })
	t.Run("incumbents are the callee's", func(t *testing.T) {
		p, want := knapsack(rand.New(rand.NewPCG(5, 5)))
		u.optimal(t, p, solver.Options{OnIncumbent: func(_ float64, x []float64) {
			for j := range x {
				x[j] = math.NaN()
			}
		}}, want)
	})
}

func (u *suite) progress(t *testing.T, p *solver.Problem) {
	var mu sync.Mutex
	var seen []solver.Progress
	r := u.solve(t, p, solver.Options{TimeLimit: 3 * time.Second, OnProgress: func(g solver.Progress) {
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, g)
	}})
	mu.Lock()
	calls := len(seen)
	mu.Unlock()
	if u.has.Progress != (calls > 0) {
		t.Fatalf("%d calls; the engine says that it offers progress: %v", calls, u.has.Progress)
	}
	var last solver.Progress
	for i, g := range seen {
		switch {
		case g.Elapsed < last.Elapsed || g.Nodes < last.Nodes:
			t.Errorf("call %d goes back: %+v after %+v", i, g, last)
		case last.HasIncumbent && !g.HasIncumbent:
			t.Errorf("call %d lost the incumbent", i)
		case math.IsNaN(g.Bound) || g.HasIncumbent && (math.IsNaN(g.Objective) || math.IsInf(g.Objective, 0)):
			t.Errorf("call %d: %+v", i, g)
		case g.HasIncumbent && better(p, g.Objective, g.Bound, tolerance):
			t.Errorf("call %d: objective %v beyond the bound %v", i, g.Objective, g.Bound)
		case g.HasIncumbent && better(p, g.Objective, r.Objective, tolerance):
			t.Errorf("call %d: objective %v, but the result only %v", i, g.Objective, r.Objective)
		}
		last = g
	}
	time.Sleep(50 * time.Millisecond)
	mu.Lock()
	defer mu.Unlock()
	if len(seen) != calls {
		t.Error("called after Solve returned")
	}
}

func (u *suite) incumbents(t *testing.T, p *solver.Problem) {
	var mu sync.Mutex
	var objectives []float64
	var points [][]float64
	r := u.solve(t, p, solver.Options{TimeLimit: 2 * time.Second, OnIncumbent: func(objective float64, x []float64) {
		mu.Lock()
		defer mu.Unlock()
		objectives = append(objectives, objective)
		points = append(points, x)
	}})
	mu.Lock()
	defer mu.Unlock()
	if u.has.Incumbents != (len(points) > 0) {
		t.Fatalf("%d calls; the engine says that it offers incumbents: %v", len(points), u.has.Incumbents)
	}
	for i, x := range points {
		if err := Feasible(p, x, tolerance); err != nil {
			t.Errorf("incumbent %d: %v", i, err)
			continue
		}
		if v := p.Eval(x); !close(v, objectives[i]) {
			t.Errorf("incumbent %d: objective %v, but the point evaluates to %v", i, objectives[i], v)
		}
		if i > 0 && !better(p, objectives[i], objectives[i-1], 0) {
			t.Errorf("incumbent %d: objective %v after %v", i, objectives[i], objectives[i-1])
		}
	}
	if n := len(objectives); n > 0 && better(p, objectives[n-1], r.Objective, tolerance) {
		t.Errorf("last incumbent %v, but the result only %v", objectives[n-1], r.Objective)
	}
}

// better reports whether a is better than b by more than tol, relatively.
func better(p *solver.Problem, a, b, tol float64) bool {
	if p.Maximize {
		a, b = -a, -b
	}
	return a < b-tol*math.Max(1, math.Abs(b))
}

func (u *suite) repeat(t *testing.T) {
	twice := func(name string, p *solver.Problem, o solver.Options) {
		t.Run(name, func(t *testing.T) {
			if err := sameResult(u.solve(t, p, o), u.solve(t, p, o)); err != nil {
				t.Error(err)
			}
		})
	}
	sack, _ := knapsack(rand.New(rand.NewPCG(6, 6)))
	units, _ := commitment([]float64{60, 150, 90, 40, 130})
	twice("linear", largeLP(12), solver.Options{Seed: 1})
	twice("mixed-integer", sack, solver.Options{Seed: 1})
	twice("mixed-integer with continuous columns", units, solver.Options{Seed: 11})
	t.Run("another seed, the same optimum", func(t *testing.T) {
		a, b := u.solve(t, sack, solver.Options{Seed: 1}), u.solve(t, sack, solver.Options{Seed: 99})
		if !close(a.Objective, b.Objective) {
			t.Errorf("%v and %v", a.Objective, b.Objective)
		}
	})

	t.Run("eight at once", func(t *testing.T) {
		programs := []*solver.Problem{sack, units, largeLP(12), hopelessInfeasible()}
		for seed := range uint64(4) {
			programs = append(programs, randomLP(seed, seed%2 == 0))
		}
		want := make([]*solver.Result, len(programs))
		for i, p := range programs {
			want[i] = u.solve(t, p, solver.Options{Seed: 1})
		}
		u.parallel(t, len(programs), func(i int) error {
			r, err := u.s.Solve(context.Background(), programs[i], solver.Options{Seed: 1})
			if err != nil {
				return err
			}
			return sameResult(want[i], r)
		})
	})
	t.Run("eight on one program", func(t *testing.T) {
		before := clone(units)
		results := make([]*solver.Result, 8)
		u.parallel(t, len(results), func(i int) (err error) {
			results[i], err = u.s.Solve(context.Background(), units, solver.Options{Seed: 1})
			return err
		})
		for _, r := range results {
			if r != nil && results[0] != nil {
				if err := sameResult(results[0], r); err != nil {
					t.Error(err)
				}
			}
		}
		if !same(before, units) {
			t.Error("the program was changed")
		}
	})
	t.Run("one cancelled among others", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		time.AfterFunc(500*time.Millisecond, cancel)
		u.parallel(t, 2, func(i int) error {
			if i == 0 {
				r, err := u.s.Solve(ctx, hopeless(), solver.Options{})
				if err == nil && r.Status != solver.Interrupted {
					err = fmt.Errorf("status %v of the cancelled one", r.Status)
				}
				return err
			}
			r, err := u.s.Solve(context.Background(), hopeless(), solver.Options{TimeLimit: 1500 * time.Millisecond})
			if err == nil && r.Status != solver.LimitReached {
				err = fmt.Errorf("status %v of the other", r.Status)
			}
			return err
		})
	})
}

func (u *suite) parallel(t *testing.T, n int, f func(i int) error) {
	t.Helper()
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			t.Errorf("solve %d: %v", i, err)
		}
	}
}

// hopelessInfeasible is a small infeasible mixed-integer program.
func hopelessInfeasible() *solver.Problem {
	return build(func(b *solver.Builder) {
		x, y := b.Col(0, 9, -1, solver.Integer), b.Col(0, 8, 0, solver.Integer)
		row(b, 3, 3, term{x, 2}, term{y, 2})
	})
}

// refuse lists what no engine may see.
func (u *suite) refuse(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		change func(p *solver.Problem, o *solver.Options)
	}{
		{"cost NaN", func(p *solver.Problem, _ *solver.Options) { p.ColCost[1] = nan }},
		{"cost infinite", func(p *solver.Problem, _ *solver.Options) { p.ColCost[1] = -inf }},
		{"offset NaN", func(p *solver.Problem, _ *solver.Options) { p.Offset = nan }},
		{"offset infinite", func(p *solver.Problem, _ *solver.Options) { p.Offset = inf }},
		{"lower bound NaN", func(p *solver.Problem, _ *solver.Options) { p.ColLower[0] = nan }},
		{"upper bound NaN", func(p *solver.Problem, _ *solver.Options) { p.ColUpper[0] = nan }},
		{"lower bound plus infinity", func(p *solver.Problem, _ *solver.Options) { p.ColLower[0], p.ColUpper[0] = inf, inf }},
		{"upper bound minus infinity", func(p *solver.Problem, _ *solver.Options) { p.ColLower[0], p.ColUpper[0] = -inf, -inf }},
		{"column bounds crossed", func(p *solver.Problem, _ *solver.Options) { p.ColLower[2], p.ColUpper[2] = 3, 2 }},
		{"row bound NaN", func(p *solver.Problem, _ *solver.Options) { p.RowUpper[0] = nan }},
		{"row bounds crossed", func(p *solver.Problem, _ *solver.Options) { p.RowLower[1], p.RowUpper[1] = 3, 2 }},
		{"coefficient NaN", func(p *solver.Problem, _ *solver.Options) { p.Value[0] = nan }},
		{"coefficient infinite", func(p *solver.Problem, _ *solver.Options) { p.Value[0] = inf }},
		{"column index too large", func(p *solver.Problem, _ *solver.Options) { p.Index[3] = int32(p.Cols()) }},
		{"column index negative", func(p *solver.Problem, _ *solver.Options) { p.Index[3] = -1 }},
		{"column twice in a row", func(p *solver.Problem, _ *solver.Options) { p.Index[1] = p.Index[0] }},
		{"row starts decrease", func(p *solver.Problem, _ *solver.Options) {
			p.RowStart[1], p.RowStart[2] = p.RowStart[2], p.RowStart[1]
		}},
		{"row starts beyond the terms", func(p *solver.Problem, _ *solver.Options) { p.RowStart[1] = 1 << 30 }},
		{"row starts negative", func(p *solver.Problem, _ *solver.Options) { p.RowStart[1] = -1 }},
		{"first row start not zero", func(p *solver.Problem, _ *solver.Options) { p.RowStart[0] = 1 }},
		{"last row start not the number of terms", func(p *solver.Problem, _ *solver.Options) { p.RowStart[p.Rows()]-- }},
		{"row starts missing", func(p *solver.Problem, _ *solver.Options) { p.RowStart = nil }},
		{"costs too few", func(p *solver.Problem, _ *solver.Options) { p.ColCost = p.ColCost[:2] }},
		{"lower bounds too few", func(p *solver.Problem, _ *solver.Options) { p.ColLower = p.ColLower[:2] }},
		{"upper bounds too many", func(p *solver.Problem, _ *solver.Options) { p.ColUpper = append(p.ColUpper, 1) }},
		{"types missing", func(p *solver.Problem, _ *solver.Options) { p.ColType = nil }},
		{"unknown type", func(p *solver.Problem, _ *solver.Options) { p.ColType[0] = 7 }},
		{"row bounds too few", func(p *solver.Problem, _ *solver.Options) { p.RowUpper = p.RowUpper[:1] }},
		{"values too few", func(p *solver.Problem, _ *solver.Options) { p.Value = p.Value[:3] }},
		{"indices too many", func(p *solver.Problem, _ *solver.Options) { p.Index = append(p.Index, 0) }},
		{"start too short", func(_ *solver.Problem, o *solver.Options) { o.Start = []float64{1} }},
		{"start too long", func(p *solver.Problem, o *solver.Options) { o.Start = make([]float64, p.Cols()+1) }},
		{"start infinite", func(p *solver.Problem, o *solver.Options) { o.Start = slices.Repeat([]float64{inf}, p.Cols()) }},
		{"time limit negative", func(_ *solver.Problem, o *solver.Options) { o.TimeLimit = -1 }},
		{"work limit negative", func(_ *solver.Problem, o *solver.Options) { o.WorkLimit = -1 }},
		{"relative gap negative", func(_ *solver.Problem, o *solver.Options) { o.RelGap = -1e-4 }},
		{"relative gap NaN", func(_ *solver.Problem, o *solver.Options) { o.RelGap = nan }},
		{"absolute gap infinite", func(_ *solver.Problem, o *solver.Options) { o.AbsGap = inf }},
		{"threads negative", func(_ *solver.Problem, o *solver.Options) { o.Threads = -1 }},
		{"seed negative", func(_ *solver.Problem, o *solver.Options) { o.Seed = -1 }},
		{"unknown method", func(_ *solver.Problem, o *solver.Options) { o.Method = 99 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _ := transport()
			var o solver.Options
			c.change(p, &o)
			if r, err := u.s.Solve(context.Background(), p, o); err == nil {
				t.Errorf("no error, result %+v", r)
			}
		})
	}
}
