package report

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

// CopyLine is a copy of a dataset that the plan makes.
type CopyLine struct {
	Dataset string  `json:"dataset"`
	From    string  `json:"from"`
	To      string  `json:"to"`
	GB      float64 `json:"gb"`
}

// GroupLine is what became of a group of jobs.
type GroupLine struct {
	Group string `json:"group"`
	Jobs  int    `json:"jobs"`
	// Run within the horizon, Dropped not at all.
	Run     int `json:"run"`
	Dropped int `json:"dropped"`
	// Pools, Sites and Regions in which its jobs begin.
	Pools   int `json:"pools"`
	Sites   int `json:"sites"`
	Regions int `json:"regions"`
	// FinishSpreadH between the first and the last of its jobs to end.
	FinishSpreadH float64 `json:"finish_spread_h"`
}

// QuotaLine is the use of a quota.
type QuotaLine struct {
	Quota string `json:"quota"`
	Owner string `json:"owner"`
	// UnitH held over the horizon, MaxUnitH allowed.
	UnitH    float64  `json:"unit_h"`
	MaxUnitH *float64 `json:"max_unit_h,omitempty"`
	// PeakUnits held at once.
	PeakUnits float64 `json:"peak_units"`
	// Fullest is the largest part of any of its limits that is used.
	Fullest float64 `json:"fullest"`
}

func (j *joined) copyLines() []CopyLine {
	var out []CopyLine
	for i := range j.p.Datasets {
		d := &j.p.Datasets[i]
		for n := range d.Copies {
			c := &d.Copies[n]
			line := CopyLine{Dataset: d.Name, From: c.From, To: c.To}
			for _, gb := range c.GB {
				line.GB += gb
			}
			out = append(out, line)
		}
	}
	return out
}

func (j *joined) groupLines() []GroupLine {
	if len(j.c.JobGroups) == 0 {
		return nil
	}
	plans := make(map[string][]*model.JobPlan)
	for i := range j.c.JobGroups {
		for _, name := range j.c.JobGroups[i].Jobs {
			plans[name] = nil
		}
	}
	for i := range j.p.Jobs {
		if _, ok := plans[j.p.Jobs[i].Job]; ok {
			plans[j.p.Jobs[i].Job] = append(plans[j.p.Jobs[i].Job], &j.p.Jobs[i])
		}
	}
	var out []GroupLine
	for i := range j.c.JobGroups {
		g := &j.c.JobGroups[i]
		line := GroupLine{Group: g.Name, Jobs: j.ix.GroupSize(g)}
		pools, sites, regions := map[string]bool{}, map[string]bool{}, map[string]bool{}
		least, most := math.Inf(1), math.Inf(-1)
		var jobs []*model.JobPlan
		for _, name := range g.Jobs {
			jobs = append(jobs, plans[name]...)
		}
		for _, p := range jobs {
			u := j.use(p)
			if p.Dropped {
				line.Dropped++
			}
			if len(u.runs) == 0 {
				continue
			}
			line.Run++
			pool := &j.c.Pools[j.ix.Pools[u.runs[0].Pool]]
			pools[pool.Name], sites[pool.Site] = true, true
			regions[j.ix.RegionOf(j.ix.Pools[pool.Name])] = true
			if statusOf(p) != JobUnfinished {
				least, most = min(least, j.ix.Starts[u.end]), max(most, j.ix.Starts[u.end])
			}
		}
		line.Pools, line.Sites, line.Regions = len(pools), len(sites), len(regions)
		line.FinishSpreadH = max(0, finite(most-least))
		out = append(out, line)
	}
	return out
}

// quotaUse returns the units that a quota's owner holds of its pools in every
// period, and what their available modules offer.
func (j *joined) quotaUse(q *model.Quota) (held, offered []float64) {
	counts := make([]bool, len(j.c.Pools))
	for i := range counts {
		counts[i] = len(q.Pools) == 0
	}
	for _, name := range q.Pools {
		counts[j.ix.Pools[name]] = true
	}
	held, offered = make([]float64, j.T), make([]float64, j.T)
	for i := range j.work {
		w := &j.work[i]
		if !w.job || !counts[w.pool] || j.c.Jobs[w.item].Owner != q.Owner {
			continue
		}
		for k, units := range w.held {
			held[w.first+k] += units
		}
	}
	seen := make([]bool, len(counts)) // a pool and its power levels offer the same units
	for i, is := range counts {
		if base := j.ix.BasePool(i); is && !seen[base] {
			seen[base] = true
			for t := range offered {
				offered[t] += j.ix.MaxUnits(i, t)
			}
		}
	}
	return held, offered
}

func (j *joined) quotaLines() []QuotaLine {
	var out []QuotaLine
	for i := range j.c.Quotas {
		q := &j.c.Quotas[i]
		held, offered := j.quotaUse(q)
		line := QuotaLine{Quota: q.Name, Owner: q.Owner, UnitH: j.sum(held), MaxUnitH: q.MaxUnitH}
		if q.MaxUnitH != nil {
			line.Fullest = ratio(line.UnitH, *q.MaxUnitH)
		}
		for t, units := range held {
			line.PeakUnits = max(line.PeakUnits, units)
			if q.MaxUnits.Given() {
				line.Fullest = max(line.Fullest, ratio(units, q.MaxUnits.At(t, 0)))
			}
			if q.MaxShare.Given() {
				line.Fullest = max(line.Fullest, ratio(units, q.MaxShare.At(t, 0)*offered[t]))
			}
		}
		out = append(out, line)
	}
	return out
}
