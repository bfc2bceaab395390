package opt

import (
	"errors"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/solver"
)

// DefaultGap is the relative gap of a solve that asks for none.
const DefaultGap = 1e-4

// Options control a solve.
type Options struct {
	// Engine solves the program; required.
	Engine solver.Solver
	// Gap is the relative gap at which a plan counts as optimal: the plan's
	// cost less the proved bound, over the cost. 0 means DefaultGap.
	Gap float64
	// TimeLimit of the search by the wall clock; formulation, the first
	// schedule and the last dispatch come on top. 0 means none.
	TimeLimit time.Duration
	// WorkLimit of the search in branch-and-bound nodes: repeatable on any
	// machine. 0 means none.
	WorkLimit int64
	// Threads of the engine; 0 means one.
	Threads int
	// Seed of the engine's random choices.
	Seed int
	// Method of the search; the zero value chooses by the case.
	Method Method
	// JobPrices, where set, are prices of power by bus, money per MWh in each
	// period. Jobs are then placed one after the other, each at its cheapest place
	// at these prices that is free, and power is planned for them: the baseline
	// of a scheduler that takes prices, or carbon intensities, as given. Such a
	// plan has no bound.
	JobPrices map[string][]float64
	// Formulation chooses among equivalent ways to write the model.
	Formulation Formulation
	// Validated says that the case has been validated, as one has that
	// model.ReadCaseFile returned: of very many jobs that takes a while.
	Validated bool
	// Catalog of ingredients; nil means Catalog(Formulation). The values
	// serve this one solve.
	Catalog []Ingredient
	// Checks are the verifier's side of ingredients of one's own.
	Checks []verify.Asset
	// OnProgress, where set, is called a few times a second, from another
	// goroutine than the caller's, one call at a time.
	OnProgress func(Progress)
	// OnStep, where set, is told each step of a decomposition as it ends, for
	// logs, from any goroutine, perhaps from two at once.
	OnStep func(string)
}

// Progress of a running solve, in money of the case.
type Progress struct {
	// Phase is formulate, first schedule, search, dispatch or confirm.
	Phase        string
	Elapsed      time.Duration
	HasIncumbent bool
	Objective    float64 // cost of the incumbent
	HasBound     bool
	Bound        float64
	Nodes        int64
}

// Status says how a solve ended.
type Status int

const (
	// Failed: no plan, and no proof that there is none.
	Failed Status = iota
	// Optimal: a verified plan within the gap.
	Optimal
	// Limit: a limit ended the search; see Outcome.Plan for whether there is
	// a plan.
	Limit
	// Interrupted: the context ended the search.
	Interrupted
	// Infeasible: confirmed; see Outcome.Conflicts.
	Infeasible
	// Unbounded: the cost has no lower end.
	Unbounded
	// Feasible: a verified plan, but the engine failed or made a claim that
	// does not hold; see Outcome.Notes.
	Feasible
)

var statusNames = [...]string{"failed", "optimal", "limit", "interrupted", "infeasible", "unbounded", "feasible"}

func (s Status) String() string {
	if s < 0 || int(s) >= len(statusNames) {
		return "invalid status"
	}
	return statusNames[s]
}

// Outcome of a solve.
type Outcome struct {
	Status Status
	// Plan is the best verified plan, nil without one.
	Plan *model.Plan
	// Report is the verifier's report on Plan; when there is no plan but a
	// candidate that failed verification, the report on that.
	Report *verify.Report
	// Rejected says that candidates existed and none passed verification.
	Rejected bool
	// Conflicts of a confirmed infeasible case: the limits that cannot hold
	// together.
	Conflicts []Conflict
	// Notes on what did not go as it should and how it was survived.
	Notes []string

	// Method that searched: Monolith, Decomposition or Placement.
	Method Method
	// Phases of the search in order, with their seconds.
	Phases []PhaseSeconds
	// Placement takes the gap apart where jobs were placed outside the program;
	// nil elsewhere, and without a plan or a bound.
	Placement *PlacementAccount

	Engine, EngineVersion string
	Size                  Size
	Seconds               Seconds
	// Nodes of branch and bound.
	Nodes int64
	// Progress of the search: one point at each change.
	Progress []ProgressPoint
}

// Size of the program.
type Size struct {
	Columns, Rows, Nonzeros, Integers int
}

// Seconds spent by phase.
type Seconds struct {
	Formulate, FirstSchedule, Search, Dispatch, Verify float64
}

// PhaseSeconds is how long a phase of the search took.
type PhaseSeconds struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// ProgressPoint is the state of the search at a time.
type ProgressPoint struct {
	Seconds   float64  `json:"seconds"`
	Objective *float64 `json:"objective"`
	Bound     *float64 `json:"bound"`
	Nodes     int64    `json:"nodes"`
}

// ErrNoEngine says that Options.Engine is missing.
var ErrNoEngine = errors.New("opt: no engine: set Options.Engine, for example to one from package solver/highs")
