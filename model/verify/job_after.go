package verify

import "github.com/wattbit/wattbit/model"

const (
	ruleJobAfter      = "job.after"
	ruleJobHandover   = "job.handover"
	ruleJobHandoverAt = "job.handover_time"
)

func afterRules() []Rule {
	return []Rule{
		{ruleJobAfter, "A job begins only when those that it comes after are done and the lag has passed."},
		{ruleJobHandover, "The data handed over is what a job needs of those that it comes after where they end in another region, and nothing elsewhere."},
		{ruleJobHandoverAt, "Data is handed over after the last period of work of the one job and can be used in the first of the other."},
	}
}

// outcome is what became of a job, as far as others depend on it. Of a class, it
// is that of its first job.
type outcome struct {
	plan    *model.JobPlan
	dropped bool
	ran     bool // begun within the horizon
	done    bool // no work is left
	// begins is the first period of work, ends the one after the last; firstPool
	// and lastPool are the pools there. Of a job that ran.
	begins, ends        int
	firstPool, lastPool int
}

func (k *checker) outcomeOf(p *model.JobPlan, r *runs) outcome {
	o := outcome{plan: p, dropped: p.Dropped, done: !p.Dropped && k.done(r)}
	if len(r.stays) > 0 && r.ran() {
		o.ran = true
		o.begins, o.ends = r.begins(), r.ends()
		o.firstPool, o.lastPool = r.firstStay().pool, r.lastStay().pool
	}
	return o
}

// after checks the order of jobs, and what they hand over. With it all data of
// jobs and datasets is known and charged.
func (k *checker) after() {
	for i := range k.c.Jobs {
		j := &k.c.Jobs[i]
		if len(j.After) > 0 {
			k.jobAfter(i, j)
		}
		k.charge(model.CostData, j.Name, len(k.c.Workloads)+i, k.jobDataCost[i])
	}
	for i := range k.c.Datasets {
		k.charge(model.CostData, k.c.Datasets[i].Name, len(k.c.Workloads)+len(k.c.Jobs)+i, k.copyCost[i])
	}
}

func (k *checker) jobAfter(i int, j *model.Job) {
	o := &k.outcomes[i]
	k.given = k.transfersOf(o.plan, k.given)
	for n := range j.After {
		a := &j.After[n]
		before := &k.outcomes[k.at.jobs[a.Job]]
		f := flow{ruleJobHandover, ruleJobHandoverAt, "handed-over data", -1, -1, 0, 0, noEnd}
		k.report.Checked++
		switch ended := before.ran && before.done; {
		case !o.ran:
		case !ended:
			k.breach(ruleJobAfter, j.Name, o.begins, 0, 0, "it begins and %q is not done", a.Job)
		default:
			from := k.begin[before.ends] + a.LagH
			if begins := k.begin[o.begins]; begins < from-hoursTolerance {
				k.breach(ruleJobAfter, j.Name, o.begins, begins, from,
					"it begins %g h after the horizon's start; %q and the lag end after %g h", begins, a.Job, from)
			}
			f.from, f.to, f.gb = k.regionOf(before.lastPool), k.regionOf(o.firstPool), a.GB
			f.since, f.before = before.ends, o.begins
		}
		k.jobDataCost[i] += k.transfer(j, o.plan, &f, transferKey{model.TransferHandover, n})
	}
}
