package opt

import (
	"iter"
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
	ct, owners := &pt.Model.costs, pt.Model.owners
	sums := make([]ownerSums, len(ct.items))
	for k, owner := range ct.owner {
		sums[ct.item[k]].meet(owner)
	}
	for _, r := range pt.refunds {
		sums[ct.index(r.item)].meet(r.owner)
	}
	for k, c := range ct.col {
		v := ct.coef[k]
		if c >= 0 {
			v *= pt.X[c]
		}
		sums[ct.item[k]].add(ct.owner[k], v)
	}
	for _, r := range pt.refunds {
		sums[ct.index(r.item)].add(r.owner, -r.amount)
	}
	n := 0
	for i := range sums {
		n += sums[i].some(owners)
	}
	if n == 0 {
		return nil
	}
	out := make([]model.Cost, 0, n)
	for i, item := range ct.items {
		for owner, v := range sums[i].each(owners) {
			out = append(out, model.Cost{Item: item, Asset: owner, Amount: v})
		}
	}
	return out
}

// ownerSums are sums of an item by owner, from the first that has any to the last: of a
// million owners, most items have few.
type ownerSums struct {
	first, end int32
	sum        []float64
}

// meet makes room for an owner, before any is added to.
func (s *ownerSums) meet(owner int32) {
	if s.first == s.end {
		s.first, s.end = owner, owner
	}
	s.first, s.end = min(s.first, owner), max(s.end, owner+1)
}

func (s *ownerSums) add(owner int32, v float64) {
	if s.sum == nil {
		s.sum = make([]float64, s.end-s.first)
	}
	s.sum[owner-s.first] += v
}

// each yields the names of the owners that owe something, in order, and what.
func (s *ownerSums) each(owners []Owner) iter.Seq2[string, float64] {
	return func(yield func(string, float64) bool) {
		for i, v := range s.sum {
			if owner := &owners[int(s.first)+i]; math.Abs(v) > zero && owner.Kind != placedKind && !yield(owner.Name, v) {
				return
			}
		}
	}
}

// some is how many each yields.
func (s *ownerSums) some(owners []Owner) int {
	n := 0
	for range s.each(owners) {
		n++
	}
	return n
}

// plan extracts the plan, without status and bound.
func (pt *Point) plan(catalog []Ingredient) *model.Plan {
	c := pt.Model.Case
	p := &model.Plan{
		Format: model.PlanFormat, Case: c.Name, CaseSHA256: pt.Model.fingerprint, Currency: c.Currency,
		Start: c.Horizon.Start, Zone: c.Horizon.Zone, PeriodHours: pt.Model.Hours,
		Buses: []model.BusPlan{},
	}
	for _, k := range catalog {
		k.Extract(pt, p)
	}
	p.Costs = pt.costs()
	pt.refunds = nil // there may be one for every job
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
