package verify

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleJobDropped = "job.dropped"
	ruleJobLatency = "job.latency"
	ruleJobKind    = "job.pool_kind"
	ruleJobSite    = "job.site"
	ruleJobStay    = "job.residency"
	ruleJobRunning = "job.running"
)

func jobRules() []Rule {
	return []Rule{
		{ruleJobDropped, "A dropped job has no pool, no work, no data sent, no work left and is not late."},
		{ruleJobLatency, "A job of a bounded class runs only over a known round trip within the bound."},
		{ruleJobKind, "A job runs in a kind of pool that it accepts."},
		{ruleJobSite, "A job runs at an allowed site, and at no forbidden one."},
		{ruleJobStay, "A job runs in no region where a dataset that it reads may not be."},
		{ruleJobRunning, "A job that runs when the horizon begins goes on: if rigid or moldable, at once in its pool, or, where it is not pinned, it begins anew; if preemptible or malleable, in its pool, and elsewhere only by migration."},
		{ruleJobLength, "A rigid or moldable job runs for as many consecutive periods as its work takes at its pool's speed, or to the horizon's end where it may leave work."},
		{ruleJobUnits, "A rigid or moldable job draws power for the units that it holds, and in the last period for the work that is left; a preemptible one for none to its units, a malleable one for none or for a width of its scaling."},
		{ruleJobHeld, "A moldable job holds one width of its scaling, a preemptible gang none or all of its units, and no other job states what it holds."},
		{ruleJobWork, "A preemptible or malleable job does its work, what interruptions add to it included, less what it leaves; no more and no less."},
		{ruleJobSpan, "A preemptible or malleable job is on in the first and in the last period of each of its series."},
		{ruleJobInterruptions, "A job is interrupted at most as often as it may be; each call of a gang may be one interruption more."},
		{ruleJobMoves, "Only a job with a migration changes its pool, to another one each time, and at most as often as it may."},
		{ruleJobPause, "The pause of a migration lasts for the fewest whole periods that cover it, at least one where a checkpoint crosses a data link."},
		{ruleJobRelease, "A job works in no period that begins before its release."},
		{ruleJobDeadline, "A job whose deadline is hard has ended by then, all its work done."},
		{ruleJobLate, "Hours late are those from the due time, or else the deadline, to the end of the last period of work, or to the horizon's end where work is left."},
		{ruleJobLeft, "Work left at the horizon's end is declared as it is, is not negative, and stands only where it has a price."},
		{ruleJobInput, "The input sent is what the job needs where it runs away from its data, and nothing elsewhere."},
		{ruleJobInputAt, "Input is sent from the release on and can be used in the first period of work."},
		{ruleJobOutput, "The output sent is what the job has to send where it ends away from its destination, and nothing elsewhere or while work is left."},
		{ruleJobOutputAt, "Output is sent after the last period of work."},
		{ruleJobCheckpoint, "A migration to another region sends its checkpoint, in equal parts an hour over the periods of its pause."},
		{ruleJobDataset, "A job begins in a region where its datasets are, from the start or by a copy that can be used by then."},
		{ruleJobRoute, "What is sent for a job goes from the region where it lies to the region where it is needed."},
		{ruleJobData, "A job that sends data runs where the data lies or belongs, or where a data link leads."},
	}
}

// class is a job of the case with what its jobs have in common.
type class struct {
	j         *model.Job
	e         eligibility
	data      int // region of the input
	runningIn int // pool in which it runs when the horizon begins, -1: none
	release   int // first period
	due       float64
	gang      bool  // preemptible, and holds all its units or none
	givesWay  bool  // to workloads in an outage of computing
	quotas    []int // of its owner
	cost      struct{ data, late, dropped, backlog float64 }
	late      Shortage
	dropped   Shortage
	backlog   Shortage

	// The pool resolved last: most jobs of a class run in few pools.
	pool int
	spot spot
}

// spot is what a class meets in a pool.
type spot struct {
	pool   int
	region int
	speed  float64
	ms     float64
	bound  float64
	inTime bool // by latency
	kind   bool
	site   bool
}

func (k *checker) openClass(j *model.Job) class {
	x := class{
		j: j,
		e: eligibility{
			region: k.at.regions[j.Region], class: -1,
			poolKinds: j.PoolKinds, allowed: j.AllowedSites, forbidden: j.ForbiddenSites,
		},
		runningIn: -1,
		release:   k.firstFrom(j.ReleaseH),
		due:       math.Inf(1),
		gang:      isGang(j),
		givesWay:  k.givesWay(j),
		quotas:    k.quotasOf[j.Owner],
		pool:      -1,
		late:      k.shortage(model.CostLate, j.Name, "job", "h"),
		dropped:   k.shortage(model.CostDropped, j.Name, "job", "unit-h"),
		backlog:   k.shortage(model.CostBacklog, j.Name, "job", "unit-h"),
	}
	if j.Class != "" {
		x.e.class = k.at.classes[j.Class]
	}
	x.data = x.e.region
	if j.DataRegion != "" {
		x.data = k.at.regions[j.DataRegion]
	}
	if j.Running != nil {
		x.runningIn = k.at.pools[j.Running.Pool]
	}
	switch {
	case j.DueH != nil:
		x.due = *j.DueH
	case j.DeadlineH != nil:
		x.due = *j.DeadlineH
	}
	return x
}

// isGang says whether a job is preemptible and holds all its units or none.
func isGang(j *model.Job) bool {
	return j.Shape == model.Preemptible && (j.MaxInterruptions != nil || j.RestartH > 0 || j.CheckpointLossH > 0 || j.Migration != nil)
}

// spotAt resolves what the class meets in a pool.
func (k *checker) spotAt(x *class, pool int) spot {
	if x.pool == pool {
		return x.spot
	}
	s := spot{pool: pool, region: k.regionOf(pool), speed: k.jobSpeed(x.j, pool)}
	s.ms, s.bound, s.inTime = k.latency(&x.e, pool)
	s.kind, s.site = k.kindFits(&x.e, pool), k.siteFits(&x.e, pool)
	x.pool, x.spot = pool, s
	return s
}

// regionOf is the region of a pool's site.
func (k *checker) regionOf(pool int) int {
	return k.at.regions[k.c.Sites[k.at.sites[k.c.Pools[pool].Site]].Region]
}

// jobSpeed is the speed of a pool's units for a job.
func (k *checker) jobSpeed(j *model.Job, pool int) float64 {
	p := &k.c.Pools[pool]
	for i := range j.KindSpeeds {
		if j.KindSpeeds[i].Kind != k.kindOf(pool) {
			continue
		}
		speed := j.KindSpeeds[i].Speed
		if p.Kind == "" && p.ModulesOf != "" {
			speed *= p.UnitSpeed() / k.c.Pools[k.base(pool)].UnitSpeed()
		}
		return speed
	}
	return p.UnitSpeed()
}

func (k *checker) jobs() {
	k.report.Shortages = slices.Grow(k.report.Shortages, k.jobsShort())
	next := 0
	var x class
	for i := range k.c.Jobs {
		j := &k.c.Jobs[i]
		x = k.openClass(j)
		for n := range jobCount(j) {
			o := k.job(&x, &k.p.Jobs[next])
			if n == 0 {
				k.outcomes[i] = o
			} else if others, ok := k.others[j.Name]; ok {
				k.others[j.Name] = append(others, o)
			}
			next++
		}
		k.note(&x.late)
		k.note(&x.dropped)
		k.note(&x.backlog)
		k.jobDataCost[i] = x.cost.data
		k.charge(model.CostLate, j.Name, i, x.cost.late)
		k.charge(model.CostDropped, j.Name, i, x.cost.dropped)
		k.charge(model.CostBacklog, j.Name, i, x.cost.backlog)
	}
}

// jobsShort is of how many classes jobs are dropped, late or leave work, at most.
func (k *checker) jobsShort() (n int) {
	for i := range k.p.Jobs {
		if p := &k.p.Jobs[i]; p.Dropped || p.LateH > 0 || p.LeftUnitH > 0 {
			n++
		}
	}
	return min(n, len(k.c.Jobs))
}

func (k *checker) job(x *class, p *model.JobPlan) outcome {
	if p.Dropped {
		k.droppedJob(x, p)
		return k.outcomeOf(p, &runs{})
	}
	r := k.openRuns(x, p)
	switch {
	case len(r.stays) == 0:
		k.waiting(x, p)
	case x.j.Shape == model.Rigid || x.j.Shape == model.Moldable:
		k.rigid(x, p, &r)
	default:
		k.pausing(x, p, &r)
	}
	k.jobReserve(x, p, &r)
	k.jobTimes(x, p, &r)
	k.jobData(x, p, &r)
	return k.outcomeOf(p, &r)
}

func (k *checker) droppedJob(x *class, p *model.JobPlan) {
	j := x.j
	k.report.Checked++
	k.jobReserve(x, p, &runs{})
	if p.Pool != "" || len(p.BusyUnits) > 0 || len(p.HeldUnits) > 0 || len(p.Then) > 0 ||
		len(p.TransferGB) > 0 || len(p.Transfers) > 0 || p.LateH != 0 || p.LeftUnitH != 0 {
		k.breach(ruleJobDropped, j.Name, -1, 0, 0, "number %d is dropped and yet has a pool, work, data, work left or lateness", p.Number)
	}
	x.cost.dropped += k.dropCost(j)
	x.dropped.addJob(-1, j.WorkUnitH)
}

// dropCost is what a dropped job costs: its value, and the drop price.
func (k *checker) dropCost(j *model.Job) float64 {
	price := 0.0
	if j.Value <= 0 {
		price = k.c.Penalties.Drop() * j.WorkUnitH * math.Pow(k.c.Penalties.Priority(), float64(j.Priority))
	}
	return j.Value + valueOr(j.DropPrice, price)
}

// place checks a pool that the job runs in.
func (k *checker) place(x *class, s *stay, number int) {
	k.report.Checked += 3
	pool := &k.c.Pools[s.pool]
	if !s.inTime {
		k.breach(ruleJobLatency, x.j.Name, s.first, s.ms, s.bound,
			"number %d runs in %s over a round trip of %g ms; %s allows %g", number, pool.Name, s.ms, x.j.Class, s.bound)
	}
	if !s.kind {
		k.breach(ruleJobKind, x.j.Name, s.first, 0, 0, "number %d runs in %s, of kind %q", number, pool.Name, k.kindOf(s.pool))
	}
	if !s.site {
		k.breach(ruleJobSite, x.j.Name, s.first, 0, 0, "number %d runs in %s, at site %q", number, pool.Name, pool.Site)
	}
	for _, name := range x.j.Datasets {
		if region := k.c.Regions[s.region].Name; !mayBeIn(&k.c.Datasets[k.at.datasets[name]], region) {
			k.breach(ruleJobStay, x.j.Name, s.first, 0, 0, "number %d runs in %s, in %q, where %q may not be", number, pool.Name, region, name)
		}
	}
}
