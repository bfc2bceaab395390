package compare

import (
	"fmt"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
)

// settle returns a variant's plan as one of the case as it is, and verifies it
// there: late and dropped jobs are paid at that case's prices. It has no bound and no
// prices, for those of the variant are not those of the case.
func settle(c *model.Case, p *model.Plan) (*model.Plan, error) {
	out := *p
	out.CaseSHA256, out.Bound, out.Prices, out.Status = c.Fingerprint(), nil, nil, model.PlanFeasible
	out.Jobs = slices.Clone(p.Jobs)
	late, dropped := make([]float64, len(c.Jobs)), make([]float64, len(c.Jobs))
	ix := c.Index()
	for n := range out.Jobs {
		job := &out.Jobs[n]
		i := ix.Jobs[job.Job]
		if job.Dropped {
			dropped[i] += c.DropCost(&c.Jobs[i])
			continue
		}
		job.LateH = lateH(ix, &c.Jobs[i], job)
		if price := c.Jobs[i].LatePricePerH; price != nil {
			late[i] += *price * job.LateH
		}
	}
	out.Costs = repriced(c, p.Costs, map[model.CostItem][]float64{model.CostLate: late, model.CostDropped: dropped})
	out.Objective = 0
	for _, cost := range out.Costs {
		out.Objective += cost.Amount
	}
	if report := verify.Check(c, &out, verify.Options{}); !report.OK() {
		v := report.Violations[0]
		return nil, fmt.Errorf("its plan does not hold in the case as it is: %s %q: %s", v.Rule, v.Asset, v.Detail)
	}
	return &out, nil
}

// lateH is how late a job that is not dropped ends in the case, in hours.
func lateH(ix *model.Index, job *model.Job, p *model.JobPlan) float64 {
	from := job.LateFrom()
	if from == nil || job.LatePricePerH == nil {
		return 0
	}
	end := ix.Starts[len(ix.Hours)]
	if runs := p.Runs(); len(runs) > 0 && p.LeftUnitH == 0 {
		last := runs[len(runs)-1]
		end = ix.Starts[last.First+len(last.BusyUnits)]
	}
	if late := end - *from; late > hourSlack {
		return late
	}
	return 0
}

// repriced returns the costs with those of the given items replaced by amounts by
// job, in the order of items and jobs.
func repriced(c *model.Case, costs []model.Cost, by map[model.CostItem][]float64) []model.Cost {
	var out []model.Cost
	for _, item := range model.CostItems() {
		if amounts, ok := by[item]; ok {
			for i, amount := range amounts {
				if amount != 0 {
					out = append(out, model.Cost{Item: item, Asset: c.Jobs[i].Name, Amount: amount})
				}
			}
			continue
		}
		for _, cost := range costs {
			if cost.Item == item {
				out = append(out, cost)
			}
		}
	}
	return out
}
