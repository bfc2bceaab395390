package verify

import "github.com/wattbit/wattbit/model"

// jobCount is the number of jobs of a class.
func jobCount(j *model.Job) int { return max(1, j.Count) }

// jobShape checks that every single job stands in the plan once, in order.
func (k *checker) jobShape() {
	jobs := k.p.Jobs
	next := 0
	for i := range k.c.Jobs {
		j := &k.c.Jobs[i]
		n := jobCount(j)
		if n > len(jobs)-next {
			k.breachInt(rulePlanShape, j.Name, -1, len(jobs)-next, n, "jobs: the plan ends with %d of the %d jobs of the class", len(jobs)-next, n)
			return
		}
		for number := 1; number <= n; number++ {
			p := &jobs[next]
			next++
			k.report.Checked++
			if p.Job != j.Name || p.Number != number {
				k.shapeBreach("jobs", j.Name, "entry %d is number %d of %q where number %d of %q belongs", next-1, p.Number, p.Job, number, j.Name)
				return
			}
			k.oneJobShape(j, p)
		}
	}
	k.length("jobs", len(jobs), next)
}

func (k *checker) oneJobShape(j *model.Job, p *model.JobPlan) {
	switch {
	case p.Pool != "":
		k.jobPool(p, p.Pool)
	case p.Dropped:
	case j.BacklogPricePerUnitH == nil:
		k.shapeBreach("jobs", p.Job, "number %d has no pool and is not dropped", p.Number)
	case len(p.BusyUnits)+len(p.HeldUnits)+len(p.Then) > 0:
		k.shapeBreach("jobs", p.Job, "number %d has work and no pool", p.Number)
	}
	k.within("jobs", p.Job, "busy_units", p.First, p.BusyUnits)
	k.within("jobs", p.Job, "held_units", p.First, p.HeldUnits)
	end := p.First + len(p.BusyUnits)
	for i := range p.Then {
		r := &p.Then[i]
		k.jobPool(p, r.Pool)
		k.within("jobs", p.Job, "then.busy_units", r.First, r.BusyUnits)
		k.within("jobs", p.Job, "then.held_units", r.First, r.HeldUnits)
		if r.First < end {
			k.shapeBreach("jobs", p.Job, "number %d is in two runs at once from period %d on", p.Number, r.First)
			return
		}
		end = r.First + len(r.BusyUnits)
	}
	k.within("jobs", p.Job, "transfer_gb", p.TransferFirst, p.TransferGB)
	k.number("jobs", p.Job, -1, p.LateH)
	k.number("jobs", p.Job, -1, p.LeftUnitH)
	k.transferShape(j, p)
	k.reserveShape("jobs", p.Job, p.Reserves)
	if p.SpareUnits != nil {
		k.floats("jobs", p.Job, "spare_units", p.SpareUnits)
	}
}

func (k *checker) jobPool(p *model.JobPlan, pool string) {
	if _, ok := k.at.pools[pool]; !ok {
		k.shapeBreach("jobs", p.Job, "number %d runs in %q, which is no pool", p.Number, pool)
	}
}

// transferShape checks that every transfer is for something that the job has,
// and the only one for it.
func (k *checker) transferShape(j *model.Job, p *model.JobPlan) {
	if len(p.Transfers) == 0 {
		return
	}
	for i := range p.Transfers {
		t := &p.Transfers[i]
		of := 0
		switch t.What {
		case model.TransferInput:
			of = len(j.Inputs)
		case model.TransferOutput:
			of = len(j.Outputs)
		case model.TransferHandover:
			of = len(j.After)
		case model.TransferMigration:
			of = len(p.Then)
		}
		if t.Of < 0 || t.Of >= of {
			k.shapeBreach("jobs", p.Job, "number %d has a transfer for %q %d, and %d of them", p.Number, t.What, t.Of, of)
		}
		k.regionEnd("jobs", p.Job, t.From)
		k.regionEnd("jobs", p.Job, t.To)
		k.within("jobs", p.Job, "transfers.gb", t.First, t.GB)
	}
	if k.given = k.transfersOf(p, k.given); len(k.given) != len(p.Transfers) {
		k.shapeBreach("jobs", p.Job, "number %d has two transfers for the same", p.Number)
	}
}

func (k *checker) regionEnd(section, asset, region string) {
	if _, ok := k.at.regions[region]; !ok {
		k.shapeBreach(section, asset, "data goes from or to %q, which is no region", region)
	}
}

// within checks a series that stands from a period on.
func (k *checker) within(section, asset, field string, first int, values []float64) {
	k.report.Checked++
	if first < 0 || first >= k.periods || len(values) > k.periods-first {
		k.shapeBreach(section, asset, "%d values of %s stand from period %d on, and the horizon has %d periods", len(values), field, first, k.periods)
	}
	k.numbers(section, asset, values)
}
