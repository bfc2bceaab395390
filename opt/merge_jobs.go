package opt

// Merging identical jobs.
//
// Jobs that are the same in everything but their name and count, and an owner without
// a quota, and that nothing names (no precedence, no group), become one class. A class says exactly what its
// jobs can do together and is taken apart exactly, so the merged case has the same
// least cost, without the symmetry of exchanging jobs. Jobs that are formulated
// one by one anyway are left alone. The plan of a class is dealt out to its jobs
// in order.

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"math"

	"github.com/wattbit/wattbit/model"
)

// mergeJobs returns the jobs of the case with identical ones merged, and which
// jobs each stands for.
func mergeJobs(c *model.Case) (merged []model.Job, members [][]int) {
	named := c.TiedJobs()
	// Costs of data name the asset alone.
	for i := range c.Workloads {
		named[c.Workloads[i].Name] = true
	}
	for i := range c.Datasets {
		named[c.Datasets[i].Name] = true
	}
	limited := make(map[string]bool)
	for i := range c.Quotas {
		limited[c.Quotas[i].Owner] = true
	}
	alike := alikeJobs(c)
	groups := make(map[[sha256.Size]byte]int)
	order := make([]int, len(c.Jobs))
	members = make([][]int, 0, len(c.Jobs))
	for i := range c.Jobs {
		if j := &c.Jobs[i]; alike[i] && !named[j.Name] {
			key, ok := jobKey(j, limited)
			if at, found := groups[key]; ok && found {
				members[at] = append(members[at], i)
				continue
			}
			if ok {
				groups[key] = len(members)
			}
		}
		order[i] = i
		members = append(members, order[i:i+1:i+1])
	}
	if len(members) == len(c.Jobs) {
		return c.Jobs, members
	}
	merged = make([]model.Job, len(members))
	for k, of := range members {
		merged[k] = c.Jobs[of[0]]
		for _, i := range of[1:] {
			merged[k].Count = merged[k].N() + c.Jobs[i].N()
		}
	}
	return merged, members
}

// alikeJobs says of every job whether another one may be identical: a hash of what
// tells most jobs apart is the same. Only those need to be compared as a whole.
func alikeJobs(c *model.Case) []bool {
	type few struct {
		region                                 string
		units, work, release, deadline, inputs float64
	}
	seed := maphash.MakeSeed()
	first := make(map[uint64]int32, len(c.Jobs))
	alike := make([]bool, len(c.Jobs))
	for i := range c.Jobs {
		j := &c.Jobs[i]
		key := maphash.Comparable(seed, few{j.Region, j.Units, j.WorkUnitH, j.ReleaseH, orElse(j.DeadlineH, math.Inf(1)), j.InputGB})
		if at, found := first[key]; found {
			alike[at], alike[i] = true, true
		} else {
			first[key] = int32(i)
		}
	}
	return alike
}

// jobKey is a digest of what a job is but for its name and count, and its owner unless
// that has a quota. ok is false for jobs that are not merged.
func jobKey(j *model.Job, limited map[string]bool) (key [sha256.Size]byte, ok bool) {
	if !j.Steady() && !j.Fluid() || len(j.After) > 0 {
		return key, false
	}
	like := *j
	like.Name, like.Count = "", 0
	if !limited[like.Owner] {
		like.Owner = ""
	}
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
