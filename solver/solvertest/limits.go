package solvertest

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// patience is how long a solve that should end by itself may take before the
// suite calls it stuck.
const patience = 60 * time.Second

// hard returns a market split problem that no engine finishes: its optimum is
// near the offset, its relaxation equal to it.
func hard(offset float64) *solver.Problem {
	p, _ := marketSplit(5, 40, 1, true, false, offset)
	return p
}

// hopeless is hard without slack: no engine finds a point or proves there is
// none.
func hopeless() *solver.Problem {
	p, _ := marketSplit(6, 50, 1, false, false, 0)
	return p
}

func mirrored(p *solver.Problem) *solver.Problem {
	p.Maximize = !p.Maximize
	p.Offset = -p.Offset
	for j := range p.ColCost {
		p.ColCost[j] = -p.ColCost[j]
	}
	return p
}

// largeLP is a transport problem that takes an engine more than a few simplex
// iterations.
func largeLP(n int) *solver.Problem {
	var b solver.Builder
	for range n {
		b.Row(-inf, 3)
	}
	for range n {
		b.Row(2, inf)
	}
	for i := range n {
		for j := range n {
			c := b.Col(0, inf, float64(1+(i*i*7+j*j*13+i*j*5)%97), solver.Continuous)
			b.Add(solver.Row(i), c, 1)
			b.Add(solver.Row(n+j), c, 1)
		}
	}
	return b.Build()
}

// facilities is a facility location problem with capacities, large enough for
// time to run out in any phase of a search.
func facilities(sites, customers int) *solver.Problem {
	rng := rand.New(rand.NewPCG(9, 9))
	var b solver.Builder
	demand := make([]solver.Row, customers)
	for k := range demand {
		demand[k] = b.Row(float64(5+rng.IntN(5)), inf)
	}
	for range sites {
		open := b.Col(0, 1, float64(300+rng.IntN(600)), solver.Integer)
		capacity := b.Row(-inf, 0)
		b.Add(capacity, open, -60)
		for k := range demand {
			c := b.Col(0, inf, float64(1+rng.IntN(99)), solver.Continuous)
			b.Add(capacity, c, 1)
			b.Add(demand[k], c, 1)
			row(&b, -inf, 0, term{c, 1}, term{open, -10})
		}
	}
	return b.Build()
}

func (u *suite) gap(t *testing.T) {
	ends := func(name string, p *solver.Problem, o solver.Options) {
		t.Run(name, func(t *testing.T) {
			o.TimeLimit = patience
			if r := u.solve(t, p, o); r.Status != solver.Optimal {
				t.Errorf("status %v: objective %v and bound %v, yet the search went on", r.Status, r.Objective, r.Bound)
			}
		})
	}
	ends("relative", hard(1000), solver.Options{RelGap: 0.5})
	ends("relative, maximised", mirrored(hard(1000)), solver.Options{RelGap: 0.5})
	ends("relative, negative objective", hard(-1000), solver.Options{RelGap: 0.5})
	ends("absolute", hard(0), solver.Options{AbsGap: 400})
	ends("absolute, maximised", mirrored(hard(0)), solver.Options{AbsGap: 400})
	ends("absolute with an offset", hard(1000), solver.Options{AbsGap: 400})

	t.Run("narrow", func(t *testing.T) {
		p, want := commitment([]float64{60, 150, 90, 40})
		r := u.solve(t, p, solver.Options{RelGap: 1e-3})
		if r.Status != solver.Optimal || r.Objective > want*(1+1e-3)+tolerance {
			t.Errorf("status %v, objective %v, want at most 0.1 %% above %v", r.Status, r.Objective, want)
		}
	})
	t.Run("none", func(t *testing.T) {
		// The two best points differ by one part in a hundred thousand.
		p := build(func(b *solver.Builder) {
			b.AddOffset(99990)
			x, y := b.Col(0, 1, 10, solver.Integer), b.Col(0, 1, 11, solver.Integer)
			row(b, 1, 1, term{x, 1}, term{y, 1})
		})
		compare(t, "value of column", u.solve(t, p, solver.Options{}).X, []float64{1, 0})
	})
}

func (u *suite) limit(t *testing.T) {
	stops := func(t *testing.T, p *solver.Problem, o solver.Options, want solver.Limit) *solver.Result {
		t.Helper()
		began := time.Now()
		r := u.solve(t, p, o)
		if r.Status != solver.LimitReached || r.Limit != want {
			t.Fatalf("status %v (%v), want %v (%v)", r.Status, r.Limit, solver.LimitReached, want)
		}
		if over := time.Since(began) - o.TimeLimit; o.TimeLimit > 0 && over > 2*time.Second {
			t.Errorf("returned %v after its time", over)
		}
		return r
	}
	t.Run("time, with a point", func(t *testing.T) {
		r := stops(t, hard(0), solver.Options{TimeLimit: time.Second}, solver.TimeLimit)
		if !r.HasPoint {
			t.Error("no point of a program in which every point of the box can be completed")
		}
	})
	t.Run("time, with a point, maximised", func(t *testing.T) {
		r := stops(t, mirrored(hard(50)), solver.Options{TimeLimit: time.Second}, solver.TimeLimit)
		if !r.HasPoint {
			t.Error("no point of a program in which every point of the box can be completed")
		}
		if !(r.Bound >= -50-tolerance) || r.Bound > -50+tolerance && math.IsInf(r.Bound, 0) {
			t.Errorf("bound %v, want at least -50", r.Bound)
		}
	})
	t.Run("time, without a point", func(t *testing.T) {
		r := stops(t, hopeless(), solver.Options{TimeLimit: time.Second}, solver.TimeLimit)
		if r.HasPoint {
			t.Log("the engine found a point of a hopeless program: congratulations")
		}
	})
	t.Run("next to no time", func(t *testing.T) {
		stops(t, hopeless(), solver.Options{TimeLimit: time.Nanosecond}, solver.TimeLimit)
	})
	t.Run("next to no time, linear", func(t *testing.T) {
		r := u.solve(t, largeLP(40), solver.Options{TimeLimit: time.Nanosecond})
		if r.Status != solver.Optimal && r.Limit != solver.TimeLimit {
			t.Errorf("status %v (%v)", r.Status, r.Limit)
		}
	})
	t.Run("a limit is no proof of infeasibility", func(t *testing.T) {
		p := facilities(50, 80)
		for limit := time.Millisecond; limit < 700*time.Millisecond; limit = limit * 8 / 5 {
			if r := u.solve(t, p, solver.Options{TimeLimit: limit}); r.Status != solver.LimitReached && r.Status != solver.Optimal {
				t.Errorf("status %v of a feasible program after %v", r.Status, limit)
			}
		}
	})
	t.Run("time to spare", func(t *testing.T) {
		p, want := commitment([]float64{60, 150})
		u.optimal(t, p, solver.Options{TimeLimit: time.Hour}, want)
	})
	t.Run("time to spare, linear", func(t *testing.T) {
		p, want := transport()
		u.optimal(t, p, solver.Options{TimeLimit: time.Hour}, want)
	})

	if !u.has.WorkLimit {
		t.Run("work is refused", func(t *testing.T) {
			p, _ := transport()
			if _, err := u.s.Solve(context.Background(), p, solver.Options{WorkLimit: 10}); !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("error %v, want one that wraps errors.ErrUnsupported", err)
			}
		})
		return
	}
	t.Run("work, with a point", func(t *testing.T) {
		if r := stops(t, hard(0), solver.Options{WorkLimit: 100}, solver.WorkLimit); !r.HasPoint {
			t.Error("no point of a program in which every point of the box can be completed")
		}
	})
	t.Run("work, without a point", func(t *testing.T) {
		stops(t, hopeless(), solver.Options{WorkLimit: 20}, solver.WorkLimit)
	})
	t.Run("work before time", func(t *testing.T) {
		stops(t, hopeless(), solver.Options{WorkLimit: 20, TimeLimit: patience}, solver.WorkLimit)
	})
	t.Run("time before work", func(t *testing.T) {
		stops(t, hopeless(), solver.Options{WorkLimit: math.MaxInt64, TimeLimit: time.Second}, solver.TimeLimit)
	})
	t.Run("work, linear", func(t *testing.T) {
		stops(t, largeLP(20), solver.Options{WorkLimit: 3, NoPresolve: true, Method: solver.MethodSimplex}, solver.WorkLimit)
	})
	t.Run("work to spare", func(t *testing.T) {
		p, want := commitment([]float64{60, 150})
		u.optimal(t, p, solver.Options{WorkLimit: 1_000_000}, want)
	})
	t.Run("work to spare, linear", func(t *testing.T) {
		p, want := transport()
		u.optimal(t, p, solver.Options{WorkLimit: 1_000_000}, want)
	})
	t.Run("work repeats", func(t *testing.T) {
		o := solver.Options{WorkLimit: 60, Seed: 3}
		if err := sameResult(u.solve(t, hard(0), o), u.solve(t, hard(0), o)); err != nil {
			t.Error(err)
		}
	})
}

func (u *suite) start(t *testing.T) {
	nan := math.NaN()
	planted := func() (*solver.Problem, []float64) { return marketSplit(5, 40, 7, true, true, 0) }
	// kept solves a program that is only solved in time when the start, whose
	// objective equals the bound of the relaxation, is used.
	kept := func(t *testing.T, p *solver.Problem, start []float64) {
		t.Helper()
		if !u.has.Start {
			u.solve(t, p, solver.Options{Start: start, TimeLimit: time.Second})
			return
		}
		u.optimal(t, p, solver.Options{Start: start, TimeLimit: patience}, 0)
	}
	t.Run("complete", func(t *testing.T) {
		p, x := planted()
		kept(t, p, x)
	})
	t.Run("complete, maximised", func(t *testing.T) {
		p, x := planted()
		kept(t, mirrored(p), x)
	})
	t.Run("integers alone", func(t *testing.T) {
		p, x := planted()
		for j, kind := range p.ColType {
			if kind == solver.Continuous {
				x[j] = nan
			}
		}
		kept(t, p, x)
	})
	t.Run("all integers but five", func(t *testing.T) {
		p, x := planted()
		for j := range x {
			if j < 5 || p.ColType[j] == solver.Continuous {
				x[j] = nan
			}
		}
		r := u.solve(t, p, solver.Options{Start: x, TimeLimit: 2 * time.Second})
		if u.has.Start && !r.HasPoint {
			t.Error("no point")
		}
	})
	t.Run("never worse than the start", func(t *testing.T) {
		p, x := planted()
		x[0] = 1 - x[0]
		// Deviations of the rows go into the slack of the right sign.
		for i, a := range p.Activity(x) {
			d := p.RowLower[i] - a
			j := p.Index[p.RowStart[i+1]-2]
			x[j], x[j+1] = math.Max(d, 0), math.Max(-d, 0)
		}
		if err := Feasible(p, x, 0); err != nil {
			t.Fatal(err)
		}
		r := u.solve(t, p, solver.Options{Start: x, TimeLimit: time.Second})
		if u.has.Start && (!r.HasPoint || r.Objective > p.Eval(x)+tolerance) {
			t.Errorf("point: %v, objective %v from a start of %v", r.HasPoint, r.Objective, p.Eval(x))
		}
	})

	ignored := func(name string, change func(p *solver.Problem, x []float64)) {
		t.Run(name, func(t *testing.T) {
			p, want := commitment([]float64{60, 150, 90})
			x := make([]float64, p.Cols())
			change(p, x)
			u.optimal(t, p, solver.Options{Start: x}, want)
		})
	}
	ignored("infeasible", func(_ *solver.Problem, x []float64) {})
	ignored("outside the bounds", func(p *solver.Problem, x []float64) {
		for j := range x {
			x[j] = p.ColLower[j] - 3
		}
	})
	ignored("fractional integers", func(_ *solver.Problem, x []float64) {
		for j := range x {
			x[j] = 0.5
		}
	})
	ignored("huge", func(_ *solver.Problem, x []float64) {
		for j := range x {
			x[j] = 1e300
		}
	})
	ignored("nothing proposed", func(_ *solver.Problem, x []float64) {
		for j := range x {
			x[j] = nan
		}
	})
	t.Run("linear", func(t *testing.T) {
		p, want := transport()
		u.optimal(t, p, solver.Options{Start: []float64{20, 15, 0, 0, 10, 30}}, want)
	})
	t.Run("of an infeasible program", func(t *testing.T) {
		p := build(func(b *solver.Builder) {
			x, y := b.Col(0, 9, -1, solver.Integer), b.Col(0, 8, 0, solver.Integer)
			row(b, 3, 3, term{x, 2}, term{y, 2})
		})
		if r := u.solve(t, p, solver.Options{Start: []float64{1, 1}}); r.Status != solver.Infeasible && r.Status != solver.InfeasibleOrUnbounded {
			t.Errorf("status %v", r.Status)
		}
	})
}

func (u *suite) cancel(t *testing.T) {
	const grace = time.Second
	// interrupted solves p, ending the context after the delay.
	interrupted := func(t *testing.T, p *solver.Problem, o solver.Options, delay time.Duration) *solver.Result {
		t.Helper()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		time.AfterFunc(delay, cancel)
		began := time.Now()
		r := u.solveCtx(t, ctx, p, o)
		if late := time.Since(began) - delay; late > grace {
			t.Errorf("returned %v after the context ended", late)
		}
		return r
	}
	want := func(t *testing.T, r *solver.Result, s solver.Status) {
		t.Helper()
		if r.Status != s {
			t.Errorf("status %v, want %v", r.Status, s)
		}
	}
	t.Run("before the solve", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		began := time.Now()
		want(t, u.solveCtx(t, ctx, hopeless(), solver.Options{}), solver.Interrupted)
		if d := time.Since(began); d > grace {
			t.Errorf("took %v", d)
		}
	})
	t.Run("with a point", func(t *testing.T) {
		r := interrupted(t, hard(0), solver.Options{}, 1500*time.Millisecond)
		want(t, r, solver.Interrupted)
		if !r.HasPoint {
			t.Error("the incumbent was lost")
		}
	})
	t.Run("with a point, maximised", func(t *testing.T) {
		r := interrupted(t, mirrored(hard(9)), solver.Options{}, 1500*time.Millisecond)
		want(t, r, solver.Interrupted)
		if !r.HasPoint {
			t.Error("the incumbent was lost")
		}
	})
	t.Run("without a point", func(t *testing.T) {
		want(t, interrupted(t, hopeless(), solver.Options{}, 700*time.Millisecond), solver.Interrupted)
	})
	t.Run("before a distant time limit", func(t *testing.T) {
		want(t, interrupted(t, hopeless(), solver.Options{TimeLimit: time.Hour}, 300*time.Millisecond), solver.Interrupted)
	})
	t.Run("at once", func(t *testing.T) {
		want(t, interrupted(t, hopeless(), solver.Options{}, 5*time.Millisecond), solver.Interrupted)
	})
	t.Run("linear", func(t *testing.T) {
		r := interrupted(t, largeLP(150), solver.Options{NoPresolve: true}, 20*time.Millisecond)
		if r.Status != solver.Interrupted && r.Status != solver.Optimal {
			t.Errorf("status %v", r.Status)
		}
	})
	t.Run("by a deadline of the context", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		defer cancel()
		began := time.Now()
		want(t, u.solveCtx(t, ctx, hopeless(), solver.Options{}), solver.Interrupted)
		if d := time.Since(began); d > 500*time.Millisecond+grace {
			t.Errorf("took %v", d)
		}
	})
	t.Run("after the solve", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		p, objective := transport()
		r := u.solveCtx(t, ctx, p, solver.Options{})
		cancel()
		want(t, r, solver.Optimal)
		if !close(r.Objective, objective) {
			t.Errorf("objective %v, want %v", r.Objective, objective)
		}
	})
	if u.has.Incumbents {
		t.Run("from OnIncumbent", func(t *testing.T) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			r := u.solveCtx(t, ctx, hard(0), solver.Options{
				TimeLimit:   patience,
				OnIncumbent: func(float64, []float64) { cancel() },
			})
			want(t, r, solver.Interrupted)
			if !r.HasPoint {
				t.Error("the incumbent was lost")
			}
		})
	}
	t.Run("and solve again", func(t *testing.T) {
		p, objective := commitment([]float64{60, 150})
		u.optimal(t, p, solver.Options{}, objective)
	})
}
