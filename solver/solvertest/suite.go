package solvertest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// Features says which optional parts of the interface an engine offers. The
// suite tests what is offered and, where something is not, that the engine
// says so instead of pretending.
type Features struct {
	// Duals: optimal linear programs come with duals. Without it, HasDuals is
	// never set.
	Duals bool
	// Start: a feasible start is used. Without it, a start is ignored.
	Start bool
	// WorkLimit: the search can be stopped by nodes and simplex iterations.
	// Without it, a work limit is refused with an error that wraps
	// errors.ErrUnsupported, since a limit that is ignored is worse than none.
	WorkLimit bool
	// Cutoff: the search leaves out what lies beyond Options.Cutoff. Without
	// it the cutoff is ignored and programs are solved to their end.
	Cutoff bool
	// Target: the search ends at Options.Target. Without it the target is
	// ignored.
	Target bool
	// Root: RootOnly and OnCuts work. Without it, both are refused with an
	// error that wraps errors.ErrUnsupported.
	Root bool
	// Basis: linear programs have a basis and start from one. Without it,
	// there is none and StartBasis is ignored.
	Basis bool
	// Progress: OnProgress is called while a search runs. Without it, never.
	Progress bool
	// Incumbents: OnIncumbent is called. Without it, never.
	Incumbents bool
}

// Run subjects s to the whole contract, one subtest a case. It takes about half
// a minute, most of it in cases that stop a search that would run for hours.
func Run(t *testing.T, s solver.Solver, has Features) {
	t.Helper()
	u := &suite{s: s, has: has}
	t.Run("identity", u.identity)
	t.Run("empty", u.known(emptyCases))
	t.Run("bounds", u.known(boundCases))
	t.Run("sense", u.known(senseCases))
	t.Run("status", u.known(statusCases))
	t.Run("integer", u.known(integerCases))
	t.Run("optima", u.optima)
	t.Run("random", u.random)
	t.Run("gap", u.gap)
	t.Run("limit", u.limit)
	t.Run("cutoff", u.cutoff)
	t.Run("target", u.target)
	t.Run("root", u.root)
	t.Run("basis", u.basis)
	t.Run("start", u.start)
	t.Run("cancel", u.cancel)
	t.Run("callback", u.callback)
	t.Run("repeat", u.repeat)
	t.Run("refuse", u.refuse)
}

type suite struct {
	s   solver.Solver
	has Features
}

func (u *suite) identity(t *testing.T) {
	if u.s.Name() == "" || u.s.Version() == "" {
		t.Errorf("name %q, version %q: neither may be empty", u.s.Name(), u.s.Version())
	}
}

// solve runs one solve and checks all that holds for every solve.
func (u *suite) solve(t *testing.T, p *solver.Problem, o solver.Options) *solver.Result {
	t.Helper()
	return u.solveCtx(t, context.Background(), p, o)
}

func (u *suite) solveCtx(t *testing.T, ctx context.Context, p *solver.Problem, o solver.Options) *solver.Result {
	t.Helper()
	before, start := clone(p), slices.Clone(o.Start)
	r, err := u.s.Solve(ctx, p, o)
	if err != nil {
		t.Fatalf("Solve: %v", err)
	}
	if err := Audit(p, o, r); err != nil {
		t.Fatalf("result %v: %v", r, err)
	}
	if !same(before, p) {
		t.Error("the program was changed")
	}
	if !sameBits(start, o.Start) {
		t.Error("the start was changed")
	}
	if r.HasDuals && !u.has.Duals {
		t.Error("duals, although the engine says it has none")
	}
	if u.has.Duals && r.Status == solver.Optimal && p.Integers() == 0 && !r.HasDuals {
		t.Error("no duals of an optimal linear program")
	}
	if r.Basis != nil && !u.has.Basis {
		t.Error("a basis, although the engine says it has none")
	}
	return r
}

// optimal solves p and compares the optimum.
func (u *suite) optimal(t *testing.T, p *solver.Problem, o solver.Options, want float64) *solver.Result {
	t.Helper()
	r := u.solve(t, p, o)
	if r.Status != solver.Optimal {
		t.Fatalf("status %v, want optimal", r.Status)
	}
	if !close(r.Objective, want) {
		t.Fatalf("objective %v, want %v", r.Objective, want)
	}
	return r
}

func (u *suite) known(cases []knownCase) func(t *testing.T) {
	return func(t *testing.T) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				p := build(c.build)
				p.Maximize = c.maximize
				r := u.solve(t, p, c.options)
				want := c.want
				if want == nil {
					want = []solver.Status{solver.Optimal}
				}
				if !slices.Contains(want, r.Status) {
					t.Fatalf("status %v, want one of %v", r.Status, want)
				}
				if c.want != nil {
					return
				}
				if !close(r.Objective, c.objective) {
					t.Errorf("objective %v, want %v", r.Objective, c.objective)
				}
				compare(t, "value of column", r.X, c.x)
				if r.HasDuals {
					compare(t, "dual of row", r.RowDual, c.rowDual)
					compare(t, "reduced cost of column", r.ColDual, c.colDual)
				}
			})
		}
	}
}

// compare checks got against want where want is given.
func compare(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if want == nil {
		return
	}
	if len(got) != len(want) {
		t.Errorf("%d of %s, want %d", len(got), what, len(want))
		return
	}
	for i := range got {
		if !close(got[i], want[i]) {
			t.Errorf("%s %d: %v, want %v", what, i, got[i], want[i])
		}
	}
}

func clone(p *solver.Problem) *solver.Problem {
	q := *p
	q.ColCost, q.ColLower, q.ColUpper = slices.Clone(p.ColCost), slices.Clone(p.ColLower), slices.Clone(p.ColUpper)
	q.ColType = slices.Clone(p.ColType)
	q.RowLower, q.RowUpper = slices.Clone(p.RowLower), slices.Clone(p.RowUpper)
	q.RowStart, q.Index, q.Value = slices.Clone(p.RowStart), slices.Clone(p.Index), slices.Clone(p.Value)
	return &q
}

func same(p, q *solver.Problem) bool {
	return p.Maximize == q.Maximize && p.Offset == q.Offset &&
		sameBits(p.ColCost, q.ColCost) && sameBits(p.ColLower, q.ColLower) && sameBits(p.ColUpper, q.ColUpper) &&
		slices.Equal(p.ColType, q.ColType) &&
		sameBits(p.RowLower, q.RowLower) && sameBits(p.RowUpper, q.RowUpper) &&
		slices.Equal(p.RowStart, q.RowStart) && slices.Equal(p.Index, q.Index) && sameBits(p.Value, q.Value)
}

func sameBits(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// sameResult reports what differs between two results, times apart.
func sameResult(a, b *solver.Result) error {
	switch {
	case a.Status != b.Status || a.Limit != b.Limit:
		return fmt.Errorf("status %v (%v) and %v (%v)", a.Status, a.Limit, b.Status, b.Limit)
	case a.HasPoint != b.HasPoint || !sameBits(a.X, b.X):
		return fmt.Errorf("points differ: %v and %v", a.X, b.X)
	case !sameBits([]float64{a.Objective, a.Bound}, []float64{b.Objective, b.Bound}):
		return fmt.Errorf("objective %v, bound %v and objective %v, bound %v", a.Objective, a.Bound, b.Objective, b.Bound)
	case !sameBits(a.RowDual, b.RowDual) || !sameBits(a.ColDual, b.ColDual):
		return fmt.Errorf("duals differ")
	case a.Nodes != b.Nodes || a.Iterations != b.Iterations:
		return fmt.Errorf("%d nodes, %d iterations and %d nodes, %d iterations", a.Nodes, a.Iterations, b.Nodes, b.Iterations)
	}
	return nil
}
