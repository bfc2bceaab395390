package solver

import (
	"context"
	"time"
)

// Solver is an engine. Implementations are safe for concurrent use: several
// solves may run at once on one Solver.
type Solver interface {
	// Name is the engine's short name, such as "highs".
	Name() string
	// Version is the engine's own version, such as "1.15.1".
	Version() string
	// Solve checks the program (Problem.Check), runs the engine and reports.
	// The error says that the engine could not run or broke its contract;
	// everything else, infeasibility and limits included, is in the Result.
	// When ctx ends, Solve returns within a second with Status Interrupted
	// and the best point so far; cancelling is not an error. The Problem is
	// not changed.
	Solve(ctx context.Context, p *Problem, o Options) (*Result, error)
}

// Options control one solve; the zero value means the engine's defaults.
type Options struct {
	// TimeLimit stops the search by the wall clock; 0 means none. What a
	// wall clock stops is not repeatable: see WorkLimit.
	TimeLimit time.Duration
	// WorkLimit stops the search after that many branch-and-bound nodes (a
	// mixed-integer program) or simplex iterations (a linear one): the same
	// point on any machine. 0 means none.
	WorkLimit int64
	// RelGap and AbsGap end the search once |objective - bound| is at most
	// RelGap*|objective| or AbsGap. Zero means prove it to the engine's
	// tolerances.
	RelGap, AbsGap float64
	// Threads the engine may use; 0 means one.
	Threads int
	// Seed of the engine's random choices.
	Seed int
	// Start proposes a point: nil, or one value a column with NaN where
	// nothing is proposed. An engine uses it when it can be completed to a
	// feasible point and ignores it otherwise.
	Start []float64
	// NoPresolve hands the program to the search as it stands: to confirm a
	// claim of infeasibility, and for cleaner duals.
	NoPresolve bool
	// Method of linear programs and root relaxations.
	Method Method
	// OnProgress, where set, is called a few times a second while the engine
	// searches, one call at a time, perhaps from another goroutine than the
	// caller's; it should return quickly.
	OnProgress func(Progress)
	// OnIncumbent, where set, is called with every better integer point; x
	// is the callee's to keep.
	OnIncumbent func(objective float64, x []float64)
}

// Method is an algorithm for linear programs.
type Method int

const (
	MethodAuto Method = iota
	MethodSimplex
	MethodInterior // interior point, with crossover to a vertex
)

// Progress of a running search.
type Progress struct {
	Elapsed      time.Duration
	HasIncumbent bool
	Objective    float64 // of the incumbent
	Bound        float64
	Nodes        int64
}

// Status says why a solve stopped. There are few, and each means one thing.
type Status int

const (
	// Unknown: the engine ended without a claim (numerical trouble).
	Unknown Status = iota
	// Optimal: a point within the gap asked for (RelGap, AbsGap).
	Optimal
	// Infeasible: the engine claims that no point exists.
	Infeasible
	// Unbounded: the engine claims that the objective has no end.
	Unbounded
	// InfeasibleOrUnbounded: one of the two, undecided.
	InfeasibleOrUnbounded
	// LimitReached: a limit of Options, named in Result.Limit, ended it.
	LimitReached
	// Interrupted: the context ended it.
	Interrupted
)

var statusNames = [...]string{"unknown", "optimal", "infeasible", "unbounded", "infeasible or unbounded", "limit reached", "interrupted"}

func (s Status) String() string {
	if s < 0 || int(s) >= len(statusNames) {
		return "invalid status"
	}
	return statusNames[s]
}

// Limit names the limit behind LimitReached.
type Limit int

const (
	NoLimit Limit = iota
	TimeLimit
	WorkLimit
)

var limitNames = [...]string{"none", "time", "work"}

func (l Limit) String() string {
	if l < 0 || int(l) >= len(limitNames) {
		return "invalid limit"
	}
	return limitNames[l]
}

// Result of a solve.
type Result struct {
	Status Status
	Limit  Limit

	// HasPoint says that X holds a point that the engine calls feasible.
	HasPoint  bool
	X         []float64 // one value a column
	Objective float64   // offset included, in the program's own sense

	// Bound is the engine's proved bound on the optimum: below it when
	// minimising, above when maximising; infinite when nothing is proved.
	Bound float64

	// HasDuals says that RowDual and ColDual hold the duals of a linear
	// program at X, signed as the package comment says.
	HasDuals bool
	RowDual  []float64 // one a row
	ColDual  []float64 // one a column

	Nodes      int64 // branch-and-bound nodes
	Iterations int64 // simplex or interior-point iterations
	Seconds    float64
}
