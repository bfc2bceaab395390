package opt

import (
	"math"

	"github.com/wattbit/wattbit/opt/place"
)

// PlacementAccount takes apart what a plan of placed jobs costs beyond the proved
// bound, in money of the case. Its parts add up to that (Total).
type PlacementAccount struct {
	// Jobs are single ones. Dropped and Late are those of the placement.
	Jobs    int `json:"jobs"`
	Dropped int `json:"dropped"`
	Late    int `json:"late"`
	// Passes over all jobs, and questions to the oracles of jobs.
	Passes    int   `json:"passes"`
	Questions int64 `json:"questions"`

	// Bound on the cost of every plan: that of the relaxation and the jobs.
	Bound float64 `json:"bound"`
	// Computing is what computing for jobs costs: what they use at the prices of
	// the bound, their data with it, and what being late and dropped costs.
	Computing float64 `json:"computing"`

	// Regret is how much the jobs' places cost beyond their cheapest ones at the
	// prices of the bound; RegretDropped is the part of dropped jobs, RegretBig
	// that of jobs big for a pool or link.
	Regret        float64 `json:"regret"`
	RegretDropped float64 `json:"regret_dropped"`
	RegretBig     float64 `json:"regret_big"`
	// OracleLoss is by how much the cheapest places may have been missed.
	OracleLoss float64 `json:"oracle_loss"`
	// UnitSlack and DataSlack are what capacity of pools and data links costs
	// that is priced and not used.
	UnitSlack float64 `json:"unit_slack"`
	DataSlack float64 `json:"data_slack"`
	// Copies is what copies of datasets cost beyond what the jobs that use them pay
	// for them in the bound.
	Copies float64 `json:"copies"`
	// Relaxation is what power, relaxed, costs for this use beyond its part of
	// the bound: prices do not tell it which of many uses to supply.
	Relaxation float64 `json:"relaxation"`
	// Search is what the plan costs beyond relaxed power: whole commitments, and
	// what the search for them left.
	Search float64 `json:"search"`
	// Lifted is by how much cuts raised the bound beyond the relaxation's; the
	// parts above are reckoned against that.
	Lifted float64 `json:"lifted"`
}

// JobSide is the part of the gap that is the jobs' own.
func (a *PlacementAccount) JobSide() float64 {
	return a.Regret + a.OracleLoss + a.UnitSlack + a.DataSlack + a.Copies
}

// Total is the cost of the plan less the proved bound.
func (a *PlacementAccount) Total() float64 { return a.JobSide() + a.Relaxation + a.Search - a.Lifted }

// newAccount states what is known when jobs have their places; nil without a bound.
func newAccount(r *place.Result) *PlacementAccount {
	if math.IsInf(r.Bound, 0) || math.IsInf(r.Cost, 0) {
		return nil
	}
	return &PlacementAccount{
		Jobs: len(r.Places), Dropped: r.Dropped, Late: r.Late, Passes: r.Passes, Questions: r.Questions,
		Bound: r.Bound, Computing: r.Jobs.Value + r.Account.Total(),
		Regret: r.Account.Regret, RegretDropped: r.Account.RegretDropped, RegretBig: r.Account.RegretBig,
		OracleLoss: r.Account.OracleLoss, UnitSlack: r.Account.UnitSlack, DataSlack: r.Account.DataSlack, Copies: r.Account.Copies,
		Relaxation: r.PowerGap,
	}
}

// answered is the account once jobs have answered a schedule. What relaxed power costs
// for it is as before where that is not known.
func (a *PlacementAccount) answered(r *place.Result, known bool) *PlacementAccount {
	if a == nil {
		return nil
	}
	next := *r
	if !known || math.IsInf(r.Cost, 0) {
		next.Cost, next.PowerGap = r.Bound, a.Relaxation
	}
	return newAccount(&next)
}

// relaxed states what relaxed power and jobs cost for this use.
func (a *PlacementAccount) relaxed(cost float64) {
	if a != nil && !math.IsInf(cost, 0) {
		a.Relaxation = cost - a.Bound - a.JobSide()
	}
}

// close gives the rest of what a plan costs to the search for it.
func (a *PlacementAccount) close(cost, bound float64) {
	a.Search = cost - a.Bound - a.JobSide() - a.Relaxation
	a.Lifted = math.Max(0, bound-a.Bound)
}
