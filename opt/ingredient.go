package opt

import "github.com/wattbit/wattbit/model"

// Ingredient is one kind of asset: how it enters the program and how it comes
// back. Built-in kinds and a user's own implement the same interface. A value
// serves one formulation: it remembers the columns it added.
type Ingredient interface {
	// Kind is the kind's name, as in thermal.
	Kind() string
	// Formulate adds the kind's columns, rows and costs, and its share of the
	// shared rows.
	Formulate(m *Model) error
	// Extract writes the kind's part of the plan.
	Extract(pt *Point, p *model.Plan)
}

// Proposer is an ingredient that can propose integer values for a first
// schedule, before any search.
type Proposer interface {
	// Propose sets pt's values of the kind's integer columns. Whatever it
	// sets shall leave the rest of the program feasible.
	Propose(pt *Proposal)
}

// Reliever is an ingredient that can do more than it proposed where that sheds load.
type Reliever interface {
	// Relieve sets values of the kind's integer columns anew, in a first schedule that
	// sheds so many MW, by bus and period. It says whether it changed any.
	Relieve(pt *Proposal, shedMW [][]float64) bool
}

// Catalog returns the built-in ingredients, fresh, in the order in which their
// columns stand. A program with kinds of its own passes
// append(Catalog(...), own...) in Options.Catalog.
func Catalog(f Formulation) []Ingredient {
	return []Ingredient{
		&loads{},
		&exchanges{},
		&thermal{form: f.Thermal},
		&renewables{},
		&hydro{},
		&storages{},
		&links{},
		&workloads{},
		queues{},
		&jobs{},
		&datasets{},
		jobGroups{},
		quotas{},
		&outages{},
		&pools{},
		&sites{},
		&greens{},
		&demandResponses{},
		&dataLinks{},
		&reserves{},
		&policy{},
		&buses{},
	}
}

// Formulation chooses among equivalent ways to write the same model. The zero
// value is the default. Every choice has the same optimum.
type Formulation struct {
	Thermal ThermalForm
	// SingleUnits keeps identical thermal units apart, and identical jobs. By
	// default they are planned as one cluster or class where that is exact, and
	// the plan is split.
	SingleUnits bool
}
