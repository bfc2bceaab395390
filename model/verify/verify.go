package verify

import "github.com/wattbit/wattbit/model"

// Violation is one breach of one limit.
type Violation struct {
	// Rule names the limit, as in thermal.min_up, bus.balance, job.deadline.
	Rule string `json:"rule"`
	// Asset breaches it, in Period (-1: over the horizon).
	Asset  string `json:"asset"`
	Period int    `json:"period"`
	// Value found, Limit allowed and Excess beyond it, in the rule's unit.
	Value  float64 `json:"value"`
	Limit  float64 `json:"limit"`
	Excess float64 `json:"excess"`
	// Detail in words.
	Detail string `json:"detail"`
}

// Report is the outcome of a check.
type Report struct {
	Violations []Violation `json:"violations"`
	// Cost is the plan's cost as recomputed.
	Cost float64 `json:"cost"`
	// Checked is the number of limits compared.
	Checked int `json:"checked"`
}

// OK says that nothing was breached.
func (r *Report) OK() bool { return len(r.Violations) == 0 }

var _ = model.PlanFormat
