package hubjobs

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// Ties of a draw. Of as many jobs as TieShare says each waits for one that is released before
// it, and can have ended in time for it, with up to an hour between, and half of these are
// handed over as much data as their input is; as many are of three owners, each with a quota of
// nine tenths of the unit-hours that its jobs ask for; and as many are in groups of three that
// keep apart by site, or are done all or none.

// owners of jobs with quotas, and by how much these fall short.
const owners, quotaShare = 3, 0.9

func (d *draw) tie(c *model.Case) {
	if d.o.TieShare <= 0 {
		return
	}
	r, jobs := d.r, c.Jobs
	length := func(j *model.Job) float64 { return j.WorkUnitH / width(j) }
	order := make([]int, len(jobs)) // by release
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(jobs[a].ReleaseH, jobs[b].ReleaseH) })
	for k, i := range order {
		j := &jobs[i]
		if r.Float64() >= d.o.TieShare || k == 0 {
			continue
		}
		latest := d.hours
		if j.DeadlineH != nil {
			latest = *j.DeadlineH
		}
		for range 20 {
			before, lag := &jobs[order[r.IntN(k)]], r.Float64()
			// Three times as long, for whole periods and slower pools.
			if before.ReleaseH+3*length(before)+lag+3*length(j)+2 <= latest {
				j.After = []model.Precedence{{Job: before.Name, LagH: lag}}
				if lag < 0.5 {
					j.After[0].GB = j.InputGB
				}
				break
			}
		}
	}
	work := make([]float64, owners)
	for i := range jobs {
		if r.Float64() < d.o.TieShare {
			k := r.IntN(owners)
			jobs[i].Owner = ownerName(k)
			work[k] += jobs[i].WorkUnitH
		}
	}
	c.Quotas = nil
	for k, unitH := range work {
		if most := quotaShare * unitH; unitH > 0 {
			c.Quotas = append(c.Quotas, model.Quota{Name: "quota of " + ownerName(k), Owner: ownerName(k), MaxUnitH: &most})
		}
	}
	c.JobGroups = nil
	for i := 2; i < len(jobs); i += 3 {
		if r.Float64() >= d.o.TieShare {
			continue
		}
		g := model.JobGroup{Name: fmt.Sprintf("group-%07d", i), Jobs: []string{jobs[i-2].Name, jobs[i-1].Name, jobs[i].Name}}
		if r.IntN(2) == 0 {
			g.Apart, g.MaxPer = model.InSite, 2
		} else {
			g.AllOrNone = true
		}
		c.JobGroups = append(c.JobGroups, g)
	}
}

func ownerName(k int) string { return fmt.Sprintf("team-%d", k) }
