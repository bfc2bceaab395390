package solvertest

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// trier is an honest engine for small programs of integer columns: it tries
// every point.
type trier struct{}

func (trier) Name() string    { return "trier" }
func (trier) Version() string { return "1" }

func (trier) Solve(_ context.Context, p *solver.Problem, _ solver.Options) (*solver.Result, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	r := &solver.Result{Status: solver.Infeasible, Bound: nothingProved(p)}
	x := make([]float64, p.Cols())
	var try func(j int)
	try = func(j int) {
		if j == len(x) {
			if p.Violation(x).Max() == 0 && (!r.HasPoint || better(p, p.Eval(x), r.Objective, 0)) {
				r.Status, r.HasPoint = solver.Optimal, true
				r.X = append([]float64{}, x...)
				r.Objective = p.Eval(x)
				r.Bound = r.Objective
			}
			return
		}
		for v := math.Ceil(p.ColLower[j]); v <= p.ColUpper[j]; v++ {
			x[j] = v
			try(j + 1)
		}
	}
	try(0)
	return r, nil
}

// victim is minimise x + 2y + 3z, x + y + z >= 2 with binaries: the optimum is
// 3, the worst point 6.
func victim() *solver.Problem {
	return build(func(b *solver.Builder) {
		x, y, z := b.Col(0, 1, 1, integer), b.Col(0, 1, 2, integer), b.Col(0, 1, 3, integer)
		row(b, 2, inf, term{x, 1}, term{y, 1}, term{z, 1})
	})
}

// Every lie about a point contradicts the result itself, and Audit sees it.
func TestAuditNoticesFaulty(t *testing.T) {
	for mode, want := range map[Mode]string{
		OptimalInfeasible: "row R0 breaks [2, +Inf] by 1",
		Fractional:        "is not integer",
		WrongObjective:    "objective 2 but the point evaluates to 3",
		NaNPoint:          "column C0 = NaN",
		ShortPoint:        "point has 2 values, the program 3 columns",
		LongPoint:         "point has 4 values, the program 3 columns",
		MissingPoint:      "point has 0 values",
		NilResult:         "neither result nor error",
	} {
		t.Run(mode.String(), func(t *testing.T) {
			p := victim()
			f := &Faulty{Inner: trier{}, Mode: mode}
			r, err := f.Solve(context.Background(), p, solver.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := Audit(p, solver.Options{}, r); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("audit says %v, want %q", err, want)
			}
			if f.Solves() != 1 {
				t.Errorf("%d solves", f.Solves())
			}
		})
	}
}

// The other lies are consistent; each is what its name says.
func TestFaultyConsistentLies(t *testing.T) {
	p, o := victim(), solver.Options{}
	solve := func(m Mode) *solver.Result {
		t.Helper()
		r, err := (&Faulty{Inner: trier{}, Mode: m}).Solve(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := Audit(p, o, r); err != nil {
			t.Errorf("%v: %v", m, err)
		}
		return r
	}
	if r := solve(Honest); r.Objective != 3 || r.Status != solver.Optimal {
		t.Errorf("honest: %+v", r)
	}
	if r := solve(OptimalSuboptimal); r.Objective != 6 || r.Bound != 6 || r.Status != solver.Optimal {
		t.Errorf("suboptimal: %+v", r)
	}
	if r := solve(FalseInfeasible); r.Status != solver.Infeasible {
		t.Errorf("infeasible: %+v", r)
	}
	if r := solve(FalseUnbounded); r.Status != solver.Unbounded {
		t.Errorf("unbounded: %+v", r)
	}
}

func TestFaultyCrashesPanicsAndHangs(t *testing.T) {
	p := victim()
	if _, err := (&Faulty{Mode: Crashes}).Solve(context.Background(), p, solver.Options{}); !errors.Is(err, ErrCrash) {
		t.Errorf("error %v", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("did not panic")
			}
		}()
		(&Faulty{Mode: Panics}).Solve(context.Background(), p, solver.Options{})
	}()
	for _, c := range []struct {
		f    *Faulty
		want time.Duration
	}{
		{&Faulty{Mode: Hangs}, 50 * time.Millisecond},
		{&Faulty{Mode: HangsOn, Linger: 200 * time.Millisecond}, 250 * time.Millisecond},
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		began := time.Now()
		r, err := c.f.Solve(ctx, p, solver.Options{TimeLimit: time.Millisecond})
		cancel()
		if err != nil || r.Status != solver.Interrupted {
			t.Errorf("%v: result %+v, error %v", c.f.Mode, r, err)
		}
		if d := time.Since(began); d < c.want {
			t.Errorf("%v: returned after %v, want at least %v", c.f.Mode, d, c.want)
		}
	}
}

func TestFaultyTellsTruthsFirst(t *testing.T) {
	f := &Faulty{Inner: trier{}, Mode: Crashes, Truths: 2}
	for k := range 4 {
		if _, err := f.Solve(context.Background(), victim(), solver.Options{}); (err != nil) != (k >= 2) {
			t.Errorf("solve %d: error %v", k, err)
		}
	}
}

func TestModeNames(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range append(Modes(), Honest) {
		if n := m.String(); n == "invalid mode" || n == "" || seen[n] {
			t.Errorf("mode %d is called %q", m, n)
		}
		seen[m.String()] = true
	}
	if len(Modes()) != int(HangsOn) || Mode(99).String() != "invalid mode" {
		t.Errorf("%d modes", len(Modes()))
	}
}

// solved is the result of a linear program with its only duals: minimise
// 2x + 3y, 3 <= x + y <= 8, x in [0, 2], y in [0, 10].
func solved(maximize bool) (*solver.Problem, *solver.Result) {
	p := build(func(b *solver.Builder) {
		x, y := b.Col(0, 2, 2, continuous), b.Col(0, 10, 3, continuous)
		row(b, 3, 8, term{x, 1}, term{y, 1})
	})
	r := &solver.Result{
		Status: solver.Optimal, HasPoint: true, X: []float64{2, 1}, Objective: 7, Bound: 7,
		HasDuals: true, RowDual: []float64{3}, ColDual: []float64{-1, 0},
	}
	if maximize {
		p = mirrored(p)
		r.Objective, r.Bound = -7, -7
		r.RowDual, r.ColDual = []float64{-3}, []float64{1, 0}
	}
	return p, r
}

func TestAuditAcceptsAndRefuses(t *testing.T) {
	for _, maximize := range []bool{false, true} {
		p, r := solved(maximize)
		if err := Audit(p, solver.Options{}, r); err != nil {
			t.Errorf("maximize %v: %v", maximize, err)
		}
	}
	nan := math.NaN()
	for _, c := range []struct {
		name     string
		maximize bool
		change   func(p *solver.Problem, r *solver.Result, o *solver.Options)
		want     string
	}{
		{"sign of a row dual", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.RowDual[0] = -3 }, "not stationary"},
		{"sign of all duals", false, func(p *solver.Problem, r *solver.Result, _ *solver.Options) {
			p.ColCost = []float64{-2, -3}
			r.Objective, r.Bound = -7, -7
			r.RowDual, r.ColDual = []float64{-3}, []float64{1, 0}
		}, "not at the upper bound"},
		{"sign when maximising", true, func(p *solver.Problem, r *solver.Result, _ *solver.Options) {
			p.Maximize = false
		}, "not at the upper bound"},
		{"dual of a slack row", false, func(p *solver.Problem, r *solver.Result, _ *solver.Options) { p.RowLower[0] = 2 }, "not at the lower bound"},
		{"dual of a free row", false, func(p *solver.Problem, r *solver.Result, _ *solver.Options) { p.RowLower[0] = -inf }, "not at the lower bound"},
		{"reduced cost of a column inside", false, func(p *solver.Problem, r *solver.Result, _ *solver.Options) { p.ColUpper[0] = 5 }, "not at the upper bound"},
		{"dual NaN", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.ColDual[1] = nan }, "not stationary"},
		{"duals too few", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.RowDual = nil }, "0 row duals of 1 rows"},
		{"duals unannounced", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.HasDuals = false }, "HasDuals is not"},
		{"duals without a point", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) {
			r.Status, r.HasPoint, r.X = solver.Unknown, false, nil
		}, "duals without a point"},
		{"duals of integers", false, func(p *solver.Problem, _ *solver.Result, _ *solver.Options) { p.ColType[0] = integer }, "duals of a mixed-integer"},
		{"bound beyond the objective", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.Bound = 7.01 }, "wrong side"},
		{"bound beyond the objective when maximising", true, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.Bound = -7.01 }, "wrong side"},
		{"gap too wide", false, func(_ *solver.Problem, r *solver.Result, o *solver.Options) { r.Bound, o.RelGap = 6, 0.1 }, "further apart"},
		{"bound NaN", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.Bound = nan }, "bound is NaN"},
		{"finite bound of unbounded", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.Status = solver.Unbounded }, "unbounded, yet bound 7"},
		{"optimal without a point", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) {
			*r = solver.Result{Status: solver.Optimal, Bound: -inf}
		}, "optimal without a point"},
		{"infeasible with a point", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.Status = solver.Infeasible }, "infeasible with a point"},
		{"undecided with a point", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.Status = solver.InfeasibleOrUnbounded }, "with a point"},
		{"unannounced point", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) {
			*r = solver.Result{Status: solver.Infeasible, X: []float64{2, 1}, Bound: -inf}
		}, "X is set"},
		{"limit without its status", false, func(_ *solver.Problem, r *solver.Result, o *solver.Options) {
			r.Limit, o.TimeLimit = solver.TimeLimit, 1
		}, "status optimal with limit time"},
		{"status without a limit", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.Status = solver.LimitReached }, "with limit none"},
		{"limit nobody set", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) {
			r.Status, r.Limit = solver.LimitReached, solver.WorkLimit
		}, "nobody set"},
		{"cutoff nobody set", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) {
			r.Status, r.Limit = solver.LimitReached, solver.CutoffReached
		}, "nobody set"},
		{"bound beyond the cutoff", false, func(_ *solver.Problem, r *solver.Result, o *solver.Options) {
			r.Status, r.Limit, o.HasCutoff, o.Cutoff = solver.LimitReached, solver.CutoffReached, true, 6
		}, "yet bound 7"},
		{"better than the cutoff reached", false, func(_ *solver.Problem, r *solver.Result, o *solver.Options) {
			r.Status, r.Limit, o.HasCutoff, o.Cutoff, r.Bound = solver.LimitReached, solver.CutoffReached, true, 8, 8
		}, "yet objective 7"},
		{"target missed", false, func(_ *solver.Problem, r *solver.Result, o *solver.Options) {
			r.Status, r.Limit, o.HasTarget, o.Target = solver.LimitReached, solver.TargetReached, true, 6
		}, "target 6 reached"},
		{"basis of another program", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) {
			r.Basis = &solver.Basis{Col: []solver.BasisStatus{solver.Basic, solver.Basic}, Row: []solver.BasisStatus{solver.AtLower}}
		}, "basis"},
		{"status unknown", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.Status = 42 }, "status 42 does not exist"},
		{"nodes negative", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.Nodes = -1 }, "nodes -1"},
		{"seconds NaN", false, func(_ *solver.Problem, r *solver.Result, _ *solver.Options) { r.Seconds = nan }, "seconds NaN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, r := solved(c.maximize)
			var o solver.Options
			c.change(p, r, &o)
			if err := Audit(p, o, r); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("audit says %v, want %q", err, c.want)
			}
		})
	}
	t.Run("gap just wide enough", func(t *testing.T) {
		p, r := solved(false)
		r.Bound = 6.5
		if err := Audit(p, solver.Options{RelGap: 0.08}, r); err != nil {
			t.Error(err)
		}
	})
}

// WrongDuals is for engines with duals, which trier is not.
func TestFaultyWrongDuals(t *testing.T) {
	p, r := solved(false)
	got, err := (&Faulty{Inner: fixed{r}, Mode: WrongDuals}).Solve(context.Background(), p, solver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if KKT(p, got, tolerance) == nil {
		t.Error("KKT accepts wrong duals")
	}
}

// fixed is an engine with one answer.
type fixed struct{ r *solver.Result }

func (fixed) Name() string    { return "fixed" }
func (fixed) Version() string { return "1" }
func (f fixed) Solve(context.Context, *solver.Problem, solver.Options) (*solver.Result, error) {
	return f.r, nil
}

// The reference algorithms of the suite agree with plain enumeration.
func TestReferences(t *testing.T) {
	var b solver.Builder
	r := b.Row(-inf, 7)
	for j := range 6 {
		b.Add(r, b.Col(0, 1, float64(j+3), integer), float64(j%3+2))
	}
	p := b.Build()
	p.Maximize = true
	// Weights 2 3 4 2 3 4, values 3 to 8: columns 3, 4 and 0 weigh 7, worth 16.
	if best, ok := enumerate(p); !ok || best != 16 {
		t.Errorf("enumerate: %v, %v", best, ok)
	}
	if r, _ := (trier{}).Solve(context.Background(), p, solver.Options{}); r.Objective != 16 {
		t.Errorf("trier: %v", r.Objective)
	}
	mixed := build(func(b *solver.Builder) {
		x, y := b.Col(0, 10, 1, integer), b.Col(0, 0.4, 2, continuous)
		row(b, 3.25, inf, term{x, 1}, term{y, 1})
	})
	if best, ok := enumerate(mixed); !ok || best != 3.5 {
		t.Errorf("enumerate mixed: %v, %v", best, ok)
	}
	q, want := assignment(rand.New(rand.NewPCG(2, 2)), integer)
	if q.Cols() != 36 || !(want > 0) {
		t.Errorf("assignment: %d columns, optimum %v", q.Cols(), want)
	}
}

// Random linear programs hold at a point by construction; mixed-integer ones
// are sometimes infeasible, which the suite needs both ways.
func TestRandomPrograms(t *testing.T) {
	feasible, empty := 0, 0
	for seed := range uint64(40) {
		for _, p := range []*solver.Problem{randomLP(seed, false), randomMIP(seed, true)} {
			if err := p.Check(); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok := enumerate(randomMIP(seed, seed%2 == 1)); ok {
			feasible++
		} else {
			empty++
		}
	}
	if feasible < 10 || empty < 5 {
		t.Errorf("%d feasible, %d infeasible", feasible, empty)
	}
	p, x := marketSplit(3, 20, 1, true, true, 4)
	if err := Feasible(p, x, 0); err != nil || p.Eval(x) != 4 {
		t.Errorf("planted point: %v, objective %v", err, p.Eval(x))
	}
}
