package verify

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

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
	// Violations in the order of Rules' kinds, then of assets and periods.
	Violations []Violation `json:"violations"`
	// Omitted is the number of violations beyond Options.MaxPerRule.
	Omitted int `json:"omitted,omitempty"`
	// Shortages are what the plan lacks and pays penalties for. They are no
	// violations.
	Shortages []Shortage `json:"shortages"`
	// Cost is the plan's cost as recomputed.
	Cost float64 `json:"cost"`
	// Checked is the number of limits compared.
	Checked int `json:"checked"`
}

// OK says that nothing was breached.
func (r *Report) OK() bool { return len(r.Violations) == 0 }

// Options of a check. The zero value is a strict check with the default
// tolerances.
type Options struct {
	Tolerances Tolerances
	// CaseSHA256 is the case's fingerprint where the caller knows it; without
	// it the check computes it.
	CaseSHA256 string
	// Assets are the case's assets of kinds of one's own.
	Assets []Asset
	// MaxPerRule is the number of violations of a rule that are reported; the
	// others are counted. Default 100.
	MaxPerRule int
}

// Tolerances of a check. A zero takes its default.
type Tolerances struct {
	// Absolute, in the unit compared: MW, MWh, units, unit-h, GB, t.
	// Default 1e-4.
	Absolute float64
	// Relative to the larger of value and limit; of a balance, to the sum of
	// the sizes of its terms. Default 1e-7.
	Relative float64
	// Activity is the least power, data or number of busy units that counts as
	// activity: charging, carrying, working. Default 1e-6.
	Activity float64
	// CostAbsolute, in money, of each cost. Default 1e-3.
	CostAbsolute float64
	// CostRelative of each cost. Default 1e-6.
	CostRelative float64
}

const (
	// hoursTolerance within which a duration is met, in hours.
	hoursTolerance = 1e-9
	// sumRelative and sumAbsolute within which the objective is the sum of the
	// costs, and the bound not above the objective.
	sumRelative = 1e-9
	sumAbsolute = 1e-6
)

func (o Options) withDefaults() Options {
	orElse := func(v *float64, otherwise float64) {
		if !(*v > 0) || math.IsInf(*v, 0) {
			*v = otherwise
		}
	}
	orElse(&o.Tolerances.Absolute, 1e-4)
	orElse(&o.Tolerances.Relative, 1e-7)
	orElse(&o.Tolerances.Activity, 1e-6)
	orElse(&o.Tolerances.CostAbsolute, 1e-3)
	orElse(&o.Tolerances.CostRelative, 1e-6)
	if o.MaxPerRule <= 0 {
		o.MaxPerRule = 100
	}
	return o
}

// Check compares the plan with every limit of its case and recomputes its
// costs. A plan that does not have the shape of the case (names, lengths,
// numbers that are none) is reported as such and checked no further.
func Check(c *model.Case, p *model.Plan, o Options) *Report {
	k := &checker{
		c: c, p: p, o: o.withDefaults(),
		report: &Report{Violations: []Violation{}, Shortages: []Shortage{}},
		found:  map[string]int{},
	}
	for _, kind := range kinds() {
		kind.check(k)
		if k.halted {
			break
		}
	}
	return k.report
}
