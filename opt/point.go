package opt

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// Point is a solution of a Model's program, in the units of the case.
type Point struct {
	Model *Model
	X     []float64 // one value a column

	// Of the program at fixed integers; nil without duals. Money per unit.
	rowDual []float64
	// reducedCost as the engine gave it, nil where it saw a smaller program.
	reducedCost []float64
	basis       *solver.Basis // of that program as the engine saw it; nil where it gave none

	refunds []refund
}

// refund takes back a cost that the program charged and the plan does not owe.
type refund struct {
	item   model.CostItem
	owner  int32
	amount float64
}

// zero is the size below which a value of a continuous column is noise.
const zero = 1e-7

// At returns the value of column first + t, with noise removed.
func (pt *Point) At(first solver.Col, t int) float64 {
	v := pt.X[int(first)+t]
	if math.Abs(v) < zero {
		return 0
	}
	return v
}

// Series returns T values from column first on.
func (pt *Point) Series(first solver.Col) []float64 {
	out := make([]float64, pt.Model.T)
	for t := range out {
		out[t] = pt.At(first, t)
	}
	return out
}

// Int returns the value of an integer column.
func (pt *Point) Int(c solver.Col) int { return int(math.Round(pt.X[c])) }

// Ints returns T values of an integer column.
func (pt *Point) Ints(first solver.Col) []int {
	out := make([]int, pt.Model.T)
	for t := range out {
		out[t] = pt.Int(first + solver.Col(t))
	}
	return out
}

func (pt *Point) provided(res []provided) []model.ProvidedPower {
	var out []model.ProvidedPower
	for _, r := range res {
		out = append(out, model.ProvidedPower{Product: r.product.Name, MW: pt.Series(r.col)})
	}
	return out
}

// Refund takes back money that column c's owner was charged under an item.
func (pt *Point) Refund(item model.CostItem, c solver.Col, money float64) {
	if money != 0 {
		pt.refunds = append(pt.refunds, refund{item, pt.Model.b.ColOwner(c), money})
	}
}

// charge adds money to the cost of an owner that no column of the program carries.
func (pt *Point) charge(item model.CostItem, owner int32, money float64) {
	if money != 0 {
		pt.refunds = append(pt.refunds, refund{item, owner, -money})
	}
}

// costs sums the cost terms by item and owner, in that order.
func (pt *Point) costs() []model.Cost {
	ct := &pt.Model.costs
	sums := make([]float64, len(ct.items)*len(pt.Model.owners))
	at := func(item, owner int32) *float64 { return &sums[int(item)*len(pt.Model.owners)+int(owner)] }
	for k, c := range ct.col {
		v := ct.coef[k]
		if c >= 0 {
			v *= pt.X[c]
		}
		*at(ct.item[k], ct.owner[k]) += v
	}
	for _, r := range pt.refunds {
		*at(ct.index(r.item), r.owner) -= r.amount
	}
	var out []model.Cost
	for i, item := range ct.items {
		for o, owner := range pt.Model.owners {
			if v := *at(int32(i), int32(o)); math.Abs(v) > zero && owner.Kind != placedKind {
				out = append(out, model.Cost{Item: item, Asset: owner.Name, Amount: v})
			}
		}
	}
	return out
}

// plan extracts the plan, without status and bound.
func (pt *Point) plan(catalog []Ingredient) *model.Plan {
	c := pt.Model.Case
	pt.refunds = nil
	p := &model.Plan{
		Format: model.PlanFormat, Case: c.Name, CaseSHA256: pt.Model.fingerprint, Currency: c.Currency,
		Start: c.Horizon.Start, Zone: c.Horizon.Zone, PeriodHours: pt.Model.Hours,
		Buses: []model.BusPlan{},
	}
	for _, k := range catalog {
		k.Extract(pt, p)
	}
	p.Costs = pt.costs()
	for _, cost := range p.Costs {
		p.Objective += cost.Amount
	}
	p.Prices = pt.prices()
	return p
}

// Proposal collects values of integer columns for a first schedule.
type Proposal struct {
	Model *Model
	x     []float64 // NaN where nothing is proposed
}

func newProposal(m *Model, p *solver.Problem) *Proposal {
	pt := &Proposal{Model: m, x: make([]float64, p.Cols())}
	for j := range pt.x {
		pt.x[j] = math.NaN()
	}
	return pt
}

// complete sets what nobody proposed to the value nearest zero.
func (pt *Proposal) complete(p *solver.Problem) {
	for j, v := range pt.x {
		if math.IsNaN(v) {
			pt.x[j] = math.Max(p.ColLower[j], math.Min(0, p.ColUpper[j]))
		}
	}
}

// Set proposes the value v for column c.
func (pt *Proposal) Set(c solver.Col, v float64) { pt.x[c] = v }
