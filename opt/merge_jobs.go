package opt

// Merging identical jobs.
//
// Jobs that are the same in everything but their name and count, and that nothing
// names (no precedence, no group), become one class. A class says exactly what its
// jobs can do together and is taken apart exactly, so the merged case has the same
// least cost, without the symmetry of exchanging jobs. Jobs that are formulated
// one by one anyway are left alone. The plan of a class is dealt out to its jobs
// in order.

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/wattbit/wattbit/model"
)

// tiedJobs are the names of jobs that others come after, or that are in a group.
func tiedJobs(c *model.Case) map[string]bool {
	tied := make(map[string]bool)
	for i := range c.Jobs {
		for _, p := range c.Jobs[i].After {
			tied[p.Job] = true
		}
	}
	for i := range c.JobGroups {
		for _, name := range c.JobGroups[i].Jobs {
			tied[name] = true
		}
	}
	return tied
}

// mergeJobs returns the jobs of the case with identical ones merged, and which
// jobs each stands for.
func mergeJobs(c *model.Case) (merged []model.Job, members [][]int) {
	named := tiedJobs(c)
	// Costs of data name the asset alone.
	for i := range c.Workloads {
		named[c.Workloads[i].Name] = true
	}
	for i := range c.Datasets {
		named[c.Datasets[i].Name] = true
	}
	groups := make(map[[sha256.Size]byte]int)
	for i := range c.Jobs {
		j := &c.Jobs[i]
		key, ok := jobKey(j)
		ok = ok && !named[j.Name]
		if at, found := groups[key]; ok && found {
			members[at] = append(members[at], i)
			merged[at].Count = merged[at].N() + j.N()
			continue
		}
		if ok {
			groups[key] = len(members)
		}
		members = append(members, []int{i})
		merged = append(merged, *j)
	}
	return merged, members
}

// jobKey is a digest of what a job is but for its name and count: of a million jobs
// the text itself would fill half a gigabyte. ok is false for jobs that are not merged.
func jobKey(j *model.Job) (key [sha256.Size]byte, ok bool) {
	if !j.Steady() && !j.Fluid() || len(j.After) > 0 {
		return key, false
	}
	like := *j
	like.Name, like.Count = "", 0
	text, err := json.Marshal(&like)
	return sha256.Sum256(text), err == nil
}

// splitJobs deals the plans of merged jobs out to those that they stand for.
func (g *merger) splitJobs(p *model.Plan) error {
	if len(g.jobs) == len(g.from.Jobs) {
		return nil
	}
	plans := p.Jobs
	parts := make([][]model.JobPlan, len(g.from.Jobs))
	for k, members := range g.jobs {
		for _, i := range members {
			n := g.from.Jobs[i].N()
			if len(plans) < n || plans[0].Job != g.Case.Jobs[k].Name {
				return fmt.Errorf("opt: split: the plan has too few jobs %s", g.Case.Jobs[k].Name)
			}
			parts[i], plans = plans[:n], plans[n:]
		}
	}
	p.Jobs = make([]model.JobPlan, 0, len(p.Jobs))
	for i, part := range parts {
		for number, one := range part {
			one.Job, one.Number = g.from.Jobs[i].Name, number+1
			p.Jobs = append(p.Jobs, one)
		}
	}
	g.splitJobCosts(p, parts)
	return nil
}

// splitJobCosts shares out the costs of merged jobs.
func (g *merger) splitJobCosts(p *model.Plan, parts [][]model.JobPlan) {
	names := make([]string, len(g.from.Jobs))
	for i := range names {
		names[i] = g.from.Jobs[i].Name
	}
	amounts := newAmounts(p, names, model.CostData, model.CostLate, model.CostDropped, model.CostBacklog)
	for _, members := range g.jobs {
		if len(members) == 1 {
			continue
		}
		for _, i := range members {
			j := &g.from.Jobs[i]
			for item := range amounts {
				amounts[item][i] = 0
			}
			for k := range parts[i] {
				one := &parts[i][k]
				amounts[model.CostData][i] += g.dataCost(j, one)
				amounts[model.CostLate][i] += orElse(j.LatePricePerH, 0) * one.LateH
				amounts[model.CostBacklog][i] += orElse(j.BacklogPricePerUnitH, 0) * one.LeftUnitH
				if one.Dropped {
					amounts[model.CostDropped][i] += g.from.DropCost(j)
				}
			}
		}
	}
	shareCosts(p, names, amounts)
}

// dataCost is what the data of one job costs.
func (g *merger) dataCost(j *model.Job, p *model.JobPlan) float64 {
	cost := 0.0
	add := func(from, to string, gb []float64) {
		route, ok := g.ix.DataRoute(from, to)
		if !ok || route.Link < 0 {
			return
		}
		price := g.ix.DataPricePerGB(route.Link, from)
		for _, v := range gb {
			cost += price * v
		}
	}
	if len(p.TransferGB) > 0 {
		add(j.InputRegion(), g.ix.RegionOf(g.ix.Pools[p.Pool]), p.TransferGB)
	}
	for _, t := range p.Transfers {
		add(t.From, t.To, t.GB)
	}
	return cost
}
