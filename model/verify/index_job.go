package verify

import "github.com/wattbit/wattbit/model"

// jobReferences checks what the checks of jobs rely on.
func (k *checker) jobReferences(j *model.Job) {
	at := &k.at
	k.refer("jobs", j.Name, "region", j.Region, at.regions)
	if j.Class != "" {
		k.refer("jobs", j.Name, "class", j.Class, at.classes)
	}
	if j.DataRegion != "" {
		k.refer("jobs", j.Name, "data_region", j.DataRegion, at.regions)
	}
	if j.Running != nil {
		k.refer("jobs", j.Name, "running.pool", j.Running.Pool, at.pools)
	}
	for i := range j.Inputs {
		k.refer("jobs", j.Name, "inputs", j.Inputs[i].Region, at.regions)
	}
	for i := range j.Outputs {
		k.refer("jobs", j.Name, "outputs", j.Outputs[i].Region, at.regions)
	}
	for _, name := range j.Datasets {
		k.refer("jobs", j.Name, "datasets", name, at.datasets)
	}
	for _, name := range j.Reserves {
		k.refer("jobs", j.Name, "reserves", name, at.products)
	}
	for i := range j.After {
		k.refer("jobs", j.Name, "after", j.After[i].Job, at.jobs)
	}
	k.report.Checked += 2
	if len(j.Scaling) == 0 && (j.Shape == model.Moldable || j.Shape == model.Malleable) {
		k.breach(ruleCaseValid, j.Name, -1, 0, 0, "jobs: a %s job without scaling", j.Shape)
	}
	if len(j.After) > 0 && jobCount(j) > 1 {
		k.breachInt(ruleCaseValid, j.Name, -1, jobCount(j), 1, "jobs: after joins single jobs, and this is a class of %d", jobCount(j))
	}
}

// tieReferences checks what the checks of groups, quotas and datasets rely on.
func (k *checker) tieReferences() {
	c, at := k.c, &k.at
	for i := range c.Datasets {
		for _, region := range c.Datasets[i].Regions {
			k.refer("datasets", c.Datasets[i].Name, "regions", region, at.regions)
		}
	}
	for i := range c.JobGroups {
		g := &c.JobGroups[i]
		for _, name := range g.Jobs {
			k.refer("job_groups", g.Name, "jobs", name, at.jobs)
			if n, ok := at.jobs[name]; ok && jobCount(&c.Jobs[n]) > 1 && (g.Together != "" || g.FinishWithinH != nil || g.AllOrNone) {
				k.breachInt(ruleCaseValid, g.Name, -1, jobCount(&c.Jobs[n]), 1, "job_groups: %q is a class of %d jobs", name, jobCount(&c.Jobs[n]))
			}
		}
	}
	for i := range c.Quotas {
		q := &c.Quotas[i]
		for _, name := range q.Pools {
			k.refer("quotas", q.Name, "pools", name, at.pools)
		}
		k.series("quotas", q.Name, "max_units", q.MaxUnits)
		k.series("quotas", q.Name, "max_share", q.MaxShare)
	}
}
