package report

import (
	"fmt"

	"github.com/wattbit/wattbit/model"
)

// checkJobs refuses what would make arithmetic on jobs, and on what ties them,
// fail.
func (j *joined) checkJobs(k *checker, regions, classes map[string]int) {
	c := j.c
	pools := names(k, "pools", c.Pools, func(v *model.Pool) string { return v.Name })
	jobs := names(k, "jobs", c.Jobs, func(v *model.Job) string { return v.Name })
	names(k, "datasets", c.Datasets, func(v *model.Dataset) string { return v.Name })
	names(k, "job_groups", c.JobGroups, func(v *model.JobGroup) string { return v.Name })
	names(k, "quotas", c.Quotas, func(v *model.Quota) string { return v.Name })
	for _, x := range []float64{c.Penalties.Unserved(), c.Penalties.Drop(), c.Penalties.Priority()} {
		k.number("case: penalties", x)
	}
	for i := range c.Jobs {
		v := &c.Jobs[i]
		what := "case: job " + v.Name
		k.known(what, regions, v.Region)
		if v.Class != "" {
			k.known(what, classes, v.Class)
		}
		for _, x := range []float64{v.Units, v.WorkUnitH, v.InputGB, v.ReleaseH} {
			k.number(what, x)
		}
		for _, x := range []*float64{v.DeadlineH, v.DueH, v.LatePricePerH, v.DropPrice, v.BacklogPricePerUnitH} {
			if x != nil {
				k.number(what, *x)
			}
		}
		k.number(what, v.Value)
		if v.Priority < 0 || v.Priority > model.MaxPriority {
			k.fail("%s: priority %d", what, v.Priority)
		}
		for n := range v.After {
			k.number(what+": after", v.After[n].LagH)
		}
		for _, flows := range [][]model.DataFlow{v.Inputs, v.Outputs} {
			for n := range flows {
				k.number(what+": data", flows[n].GB)
			}
		}
		k.scaling(what, v)
		for _, s := range v.KindSpeeds {
			if !(s.Speed > 0) || s.Speed > maxValue {
				k.fail("%s: speed %v", what, s.Speed)
			}
		}
		if v.Running != nil {
			k.known(what+": running", pools, v.Running.Pool)
			k.number(what+": running", v.Running.DoneUnitH)
		}
	}
	for i := range c.JobGroups {
		for _, name := range c.JobGroups[i].Jobs {
			k.known("case: job group "+c.JobGroups[i].Name, jobs, name)
		}
	}
	for i := range c.Quotas {
		v := &c.Quotas[i]
		what := "case: quota " + v.Name
		for _, name := range v.Pools {
			k.known(what, pools, name)
		}
		if v.MaxUnitH != nil {
			k.number(what, *v.MaxUnitH)
		}
		k.series(what+": max_units", v.MaxUnits)
		k.series(what+": max_share", v.MaxShare)
	}
}

// scaling checks the widths of a moldable or malleable job.
func (k *checker) scaling(what string, v *model.Job) {
	if len(v.Scaling) == 0 && (v.Shape == model.Moldable || v.Shape == model.Malleable) {
		k.fail("%s: no scaling", what)
	}
	before := 0.0
	for _, p := range v.Scaling {
		if !(p.Units > before) || p.Units > maxValue || !(p.EffectiveUnits > 0) || p.EffectiveUnits > maxValue {
			k.fail("%s: scaling from %v to %v units", what, before, p.Units)
			return
		}
		before = p.Units
	}
}

func (j *joined) matchJobs(k *checker) {
	type one struct {
		job    string
		number int
	}
	seen := make(map[one]bool, len(j.p.Jobs))
	planned := make([]int, len(j.c.Jobs))
	for i := range j.p.Jobs {
		v := &j.p.Jobs[i]
		what := fmt.Sprintf("plan: job %s number %d", v.Job, v.Number)
		at, ok := j.ix.Jobs[v.Job]
		if !ok {
			k.fail("%s: not in the case", what)
			continue
		}
		if id := (one{v.Job, v.Number}); seen[id] || v.Number < 1 || v.Number > j.c.Jobs[at].N() {
			k.fail("%s: numbers run from 1 to %d, each once", what, j.c.Jobs[at].N())
		} else {
			seen[id] = true
		}
		planned[at]++
		k.number(what+": late_h", v.LateH)
		k.number(what+": left_unit_h", v.LeftUnitH)
		k.reserves(what, j.ix.Reserves, v.Reserves)
		if v.SpareUnits != nil {
			k.values(what+": spare_units", v.SpareUnits)
		}
		if len(v.Reserves) > 0 && v.Pool == "" {
			k.fail("%s: promises reserve and does not run", what)
		}
		if !v.Dropped {
			j.matchRuns(k, what, v)
		}
	}
	for at, n := range planned {
		if want := j.c.Jobs[at].N(); n != want {
			k.fail("plan: job %s: %d of %d are planned", j.c.Jobs[at].Name, n, want)
		}
	}
}

// matchRuns checks the runs and the data of a job that is not dropped.
func (j *joined) matchRuns(k *checker, what string, v *model.JobPlan) {
	if v.Pool != "" {
		k.known(what+": pool", j.ix.Pools, v.Pool)
	}
	j.within(k, what+": busy_units", v.First, v.BusyUnits)
	j.within(k, what+": held_units", v.First, v.HeldUnits)
	work := len(v.BusyUnits)
	for i := range v.Then {
		r := &v.Then[i]
		k.known(what+": pool", j.ix.Pools, r.Pool)
		j.within(k, what+": busy_units", r.First, r.BusyUnits)
		j.within(k, what+": held_units", r.First, r.HeldUnits)
		work += len(r.BusyUnits)
	}
	// A job waits that has no pool and leaves work.
	if waits := v.Pool == "" && v.LeftUnitH > 0; waits != (work == 0) {
		k.fail("%s: neither runs nor is dropped nor waits", what)
	}
	if len(v.TransferGB) > 0 {
		j.within(k, what+": transfer_gb", v.TransferFirst, v.TransferGB)
	}
	for i := range v.Transfers {
		t := &v.Transfers[i]
		k.known(what+": transfer", j.ix.Regions, t.From)
		k.known(what+": transfer", j.ix.Regions, t.To)
		j.within(k, what+": transfer", t.First, t.GB)
	}
}

func (j *joined) matchDatasets(k *checker) {
	match(k, "datasets", j.ix.Datasets, j.p.Datasets, func(v *model.DatasetPlan) string { return v.Name })
	for i := range j.p.Datasets {
		v := &j.p.Datasets[i]
		for n := range v.Copies {
			what := "plan: dataset " + v.Name
			k.known(what, j.ix.Regions, v.Copies[n].From)
			k.known(what, j.ix.Regions, v.Copies[n].To)
			j.within(k, what, v.Copies[n].First, v.Copies[n].GB)
		}
	}
}
