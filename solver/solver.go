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
	// Cutoff, where HasCutoff, says that points which cost more (when
	// maximising: are worth less) are of no interest: the search may leave
	// out what lies beyond. Result.Bound is then a bound on the better of
	// optimum and Cutoff, hence on the optimum too. A search that proves that
	// nothing is better than Cutoff ends as LimitReached by CutoffReached,
	// which says nothing of points beyond it, not even that there are any;
	// an engine may also solve the program to its end, as if there were none.
	Cutoff    float64
	HasCutoff bool
	// Target, where HasTarget, ends the search of a mixed-integer program as
	// LimitReached by TargetReached once there is a point at least as good.
	// An engine may see it late and solve the program to its end.
	Target    float64
	HasTarget bool
	// RootOnly ends the search of a mixed-integer program as LimitReached by
	// RootReached after the root node with its cuts, before the heuristics
	// that follow, unless the root settles the program. Linear programs are
	// solved as ever.
	RootOnly bool
	// NoHeuristics asks for no search for points aside from the tree: some
	// cheap rounding may remain.
	NoHeuristics bool
	// NoRestart keeps branch and cut from presolving anew after columns were
	// fixed at the root: of use where its points are wanted rather than its proof.
	NoRestart bool
	// OnCuts, where set, is called at most once, with the cuts that the
	// relaxation holds at the end of the root node of a mixed-integer
	// program, over the program's own columns; that takes NoPresolve. The
	// rows are the callee's to keep. Every point of the program meets them
	// that is better than Cutoff and than every point the engine knew by then:
	// without a cutoff and known points, every point. A root node that
	// settles the program calls nothing.
	OnCuts func(cuts Rows)
	// StartBasis, where set, is the basis from which simplex starts on a linear
	// program: that of an earlier Result with as many columns and rows. It
	// skips presolve. An engine ignores a basis that it cannot use.
	StartBasis *Basis
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
	CutoffReached // nothing is better than Options.Cutoff
	TargetReached // a point is at least as good as Options.Target
	RootReached   // Options.RootOnly
)

var limitNames = [...]string{"none", "time", "work", "cutoff", "target", "root"}

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
	// With CutoffReached it is the cutoff.
	Bound float64

	// HasDuals says that RowDual and ColDual hold the duals of a linear
	// program at X, signed as the package comment says.
	HasDuals bool
	RowDual  []float64 // one a row
	ColDual  []float64 // one a column

	// Basis is the optimal basis of a linear program that simplex solved;
	// nil where there is none.
	Basis *Basis

	Nodes      int64 // branch-and-bound nodes
	Iterations int64 // simplex or interior-point iterations
	Seconds    float64
}
