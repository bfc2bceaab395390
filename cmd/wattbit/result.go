package main

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/wattbit/wattbit/compare"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/opt"
)

// result is the object that --json prints: all that a script asks about a run.
// What is not known is null.
type result struct {
	Case     *string `json:"case"`
	Status   string  `json:"status"`
	ExitCode int     `json:"exit_code"`
	Error    *string `json:"error"`

	Objective *float64 `json:"objective"`
	Bound     *float64 `json:"bound"`
	Gap       *float64 `json:"gap"`
	GapMoney  *float64 `json:"gap_money"`
	Currency  *string  `json:"currency"`

	// Verified: the plan, read back from the disk, breaches nothing. The lists
	// are null when nothing was checked.
	Verified   bool               `json:"verified"`
	Violations []verify.Violation `json:"violations"`
	Shortages  []verify.Shortage  `json:"shortages"`

	// Replay of calls of the jobs' reserve, of verify.
	Replay *verify.ReplayReport `json:"replay"`

	Columns  *int `json:"columns"`
	Rows     *int `json:"rows"`
	Nonzeros *int `json:"nonzeros"`
	Integers *int `json:"integers"`

	ReadS      *float64 `json:"read_s"`
	FormulateS *float64 `json:"formulate_s"`
	SolveS     *float64 `json:"solve_s"`
	VerifyS    *float64 `json:"verify_s"`

	Method        *string `json:"method"`
	Engine        *string `json:"engine"`
	EngineVersion *string `json:"engine_version"`

	// Placement takes the gap apart where jobs were placed outside the program.
	Placement *opt.PlacementAccount `json:"placement"`

	// Comparison of the ways to plan the case, of compare.
	Comparison *compare.Comparison `json:"comparison"`

	// Plan, Report and Run are the paths of the plan, of the page and of the
	// folder with everything.
	Plan   *string `json:"plan"`
	Report *string `json:"report"`
	Run    *string `json:"run"`

	Findings  model.Findings `json:"findings"`
	Warnings  model.Findings `json:"warnings"`
	Conflicts []conflict     `json:"conflicts"`
	Notes     []string       `json:"notes"`
}

// conflict is an opt.Conflict as written to files.
type conflict struct {
	Kind   string  `json:"kind,omitempty"`
	Asset  string  `json:"asset,omitempty"`
	Row    string  `json:"row"`
	Excess float64 `json:"excess"`
}

func conflictsOf(o *opt.Outcome) []conflict {
	var out []conflict
	for _, c := range o.Conflicts {
		out = append(out, conflict{c.Owner.Kind, c.Owner.Name, c.Row, c.Excess})
	}
	return out
}

// ptr points to a copy, which keeps nothing else in memory.
func ptr[T any](v T) *T { return &v }

// conclude fills in how the run ended.
func (r *result) conclude(err error) {
	r.ExitCode = int(codeOf(err))
	if err == nil {
		return
	}
	r.Status, r.Error = statusOf(err), ptr(sentence(err))
	var findings model.Findings
	if errors.As(err, &findings) {
		r.Findings = findings
	}
}

func (r *result) readCase(c *model.Case, warnings model.Findings, seconds float64) {
	r.Case, r.Currency, r.Warnings, r.ReadS = ptr(c.Name), ptr(c.Currency), warnings, &seconds
}

// plan fills in what a plan says of itself.
func (r *result) plan(p *model.Plan) {
	r.Status, r.Objective, r.Bound = string(p.Status), ptr(p.Objective), p.Bound
	if gap, money, ok := p.Gap(); ok {
		r.Gap, r.GapMoney = &gap, &money
	}
}

// checked fills in what the verifier says of it.
func (r *result) checked(report *verify.Report) {
	r.Verified = report.OK()
	r.Violations = orEmpty(report.Violations)
	r.Shortages = orEmpty(report.Shortages)
}

// solved fills in an outcome.
func (r *result) solved(o *opt.Outcome) {
	r.Status = o.Status.String()
	if o.Plan != nil {
		r.plan(o.Plan)
		r.Status, r.Placement = o.Status.String(), o.Placement
	}
	s := o.Seconds
	r.FormulateS, r.SolveS, r.VerifyS = &s.Formulate, ptr(s.FirstSchedule+s.Search+s.Dispatch), &s.Verify
	z := o.Size
	r.Columns, r.Rows, r.Nonzeros, r.Integers = &z.Columns, &z.Rows, &z.Nonzeros, &z.Integers
	r.Method = ptr(o.Method.String())
	r.Engine, r.EngineVersion = ptr(o.Engine), ptr(o.EngineVersion)
	r.Conflicts, r.Notes = conflictsOf(o), o.Notes
	if o.Rejected && o.Report != nil {
		r.checked(o.Report)
	}
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
