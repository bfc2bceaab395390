package verify

import (
	"math"
	"sort"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleJobDropped  = "job.dropped"
	ruleJobLatency  = "job.latency"
	ruleJobKind     = "job.pool_kind"
	ruleJobSite     = "job.site"
	ruleJobRelease  = "job.release"
	ruleJobDeadline = "job.deadline"
	ruleJobLate     = "job.late"
	ruleJobLength   = "job.length"
	ruleJobUnits    = "job.units"
	ruleJobWork     = "job.work"
	ruleJobSpan     = "job.span"
	ruleJobInput    = "job.input"
	ruleJobInputAt  = "job.input_time"
	ruleJobData     = "job.data"
)

func jobRules() []Rule {
	return []Rule{
		{ruleJobDropped, "A dropped job has no pool, no work, no input and is not late."},
		{ruleJobLatency, "A job of a bounded class runs only over a known round trip within the bound."},
		{ruleJobKind, "A job runs in a kind of pool that it accepts."},
		{ruleJobSite, "A job runs at an allowed site, and at no forbidden one."},
		{ruleJobRelease, "A job works in no period that begins before its release."},
		{ruleJobDeadline, "A job whose deadline is hard has ended by then."},
		{ruleJobLate, "Hours late are those from the deadline to the end of the last period of work."},
		{ruleJobLength, "A rigid job runs for as many consecutive periods as its work takes at the pool's speed."},
		{ruleJobUnits, "A rigid job holds its units and draws for the work that is left in the last period; a preemptible one holds between none and its units."},
		{ruleJobWork, "A preemptible job does its work, no more and no less."},
		{ruleJobSpan, "A preemptible job works in the first and in the last period of its series."},
		{ruleJobInput, "The input sent is what the job needs where it runs away from its data, and nothing elsewhere."},
		{ruleJobInputAt, "Input is sent from the release on and before the first period of work."},
		{ruleJobData, "A job with input runs in the region of its data or where a data link leads."},
	}
}

// class is a job of the case with what its jobs have in common.
type class struct {
	j        *model.Job
	e        eligibility
	data     int // region of the input
	release  int // first period
	deadline float64
	cost     struct{ data, late, dropped float64 }
	late     Shortage
	dropped  Shortage

	// The pool checked last: most jobs of a class run in few pools.
	pool int
	spot spot
}

// spot is what a class meets in a pool.
type spot struct {
	pool   int
	speed  float64
	ms     float64
	bound  float64
	inTime bool // by latency
	kind   bool
	site   bool
	needs  bool // input over a data link
	linked bool
	way    passage
}

func (k *checker) openClass(j *model.Job) class {
	x := class{
		j: j,
		e: eligibility{
			region: k.at.regions[j.Region], class: -1,
			poolKinds: j.PoolKinds, allowed: j.AllowedSites, forbidden: j.ForbiddenSites,
		},
		deadline: valueOr(j.DeadlineH, k.begin[k.periods]),
		pool:     -1,
		late:     k.shortage(model.CostLate, j.Name, "job", "h"),
		dropped:  k.shortage(model.CostDropped, j.Name, "job", "unit-h"),
	}
	if j.Class != "" {
		x.e.class = k.at.classes[j.Class]
	}
	x.data = x.e.region
	if j.DataRegion != "" {
		x.data = k.at.regions[j.DataRegion]
	}
	x.release = sort.SearchFloat64s(k.begin[:k.periods], j.ReleaseH-hoursTolerance)
	return x
}

// spotAt resolves what the class meets in a pool.
func (k *checker) spotAt(x *class, pool int) *spot {
	if x.pool == pool {
		return &x.spot
	}
	home := k.at.regions[k.c.Sites[k.at.sites[k.c.Pools[pool].Site]].Region]
	s := spot{pool: pool, speed: k.c.Pools[pool].UnitSpeed()}
	s.ms, s.bound, s.inTime = k.latency(&x.e, pool)
	s.kind, s.site = k.kindFits(&x.e, pool), k.siteFits(&x.e, pool)
	s.needs = x.j.InputGB > 0 && home != x.data
	s.way, s.linked = k.passageTo(x.data, home)
	x.pool, x.spot = pool, s
	return &x.spot
}

func (k *checker) jobs() {
	next := 0
	var x class
	for i := range k.c.Jobs {
		j := &k.c.Jobs[i]
		x = k.openClass(j)
		for range jobCount(j) {
			k.job(&x, &k.p.Jobs[next])
			next++
		}
		k.note(&x.late)
		k.note(&x.dropped)
		k.charge(model.CostData, j.Name, len(k.c.Workloads)+len(k.c.Datasets)+i, x.cost.data)
		k.charge(model.CostLate, j.Name, i, x.cost.late)
		k.charge(model.CostDropped, j.Name, i, x.cost.dropped)
	}
}

func (k *checker) job(x *class, p *model.JobPlan) {
	if p.Dropped {
		k.droppedJob(x, p)
		return
	}
	s := k.spotAt(x, k.at.pools[p.Pool])
	k.place(x, s, p)
	if x.j.Shape == model.Preemptible {
		k.preemptible(x, s, p)
	} else {
		k.rigid(x, s, p)
	}
	k.jobTimes(x, p)
	k.input(x, s, p)
}

func (k *checker) droppedJob(x *class, p *model.JobPlan) {
	j := x.j
	k.report.Checked++
	if p.Pool != "" || len(p.BusyUnits) > 0 || len(p.TransferGB) > 0 || p.LateH != 0 {
		k.breach(ruleJobDropped, j.Name, -1, 0, 0, "number %d is dropped and yet has a pool, work, input or lateness", p.Number)
	}
	x.cost.dropped += valueOr(j.DropPrice, k.c.Penalties.Drop()*j.WorkUnitH)
	x.dropped.addJob(-1, j.WorkUnitH)
}

// place checks the pool that the job runs in.
func (k *checker) place(x *class, s *spot, p *model.JobPlan) {
	k.report.Checked += 3
	if !s.inTime {
		k.breach(ruleJobLatency, x.j.Name, p.First, s.ms, s.bound,
			"number %d runs in %s over a round trip of %g ms; %s allows %g", p.Number, p.Pool, s.ms, x.j.Class, s.bound)
	}
	if !s.kind {
		k.breach(ruleJobKind, x.j.Name, p.First, 0, 0, "number %d runs in %s, of kind %q", p.Number, p.Pool, k.c.Pools[s.pool].Kind)
	}
	if !s.site {
		k.breach(ruleJobSite, x.j.Name, p.First, 0, 0, "number %d runs in %s, at site %q", p.Number, p.Pool, k.c.Pools[s.pool].Site)
	}
}

// rigid checks a job that holds its units for as many periods as its work takes.
func (k *checker) rigid(x *class, s *spot, p *model.JobPlan) {
	j := x.j
	length := j.WorkUnitH / (j.Units * s.speed)
	start := k.begin[p.First]
	// The first period at whose end the length is covered.
	needed := sort.Search(k.periods-p.First, func(n int) bool { return k.begin[p.First+n+1]-start >= length-hoursTolerance }) + 1
	fits := p.First+needed <= k.periods
	k.report.Checked++
	switch {
	case !fits:
		k.breachInt(ruleJobLength, j.Name, p.First, len(p.BusyUnits), needed,
			"number %d takes %g h, which the horizon does not have from period %d on", p.Number, length, p.First)
	case len(p.BusyUnits) != needed:
		k.breachInt(ruleJobLength, j.Name, p.First, len(p.BusyUnits), needed,
			"number %d runs for %d periods and takes %g h, %d periods", p.Number, len(p.BusyUnits), length, needed)
	}
	taken, busy := k.taken[s.pool][p.First:], k.busy[s.pool][p.First:]
	right := fits && len(p.BusyUnits) == needed
	for n, units := range p.BusyUnits {
		t := p.First + n
		taken[n] += j.Units
		busy[n] += units
		if !right {
			continue
		}
		want := j.Units
		if n == needed-1 {
			want = (j.WorkUnitH - j.Units*s.speed*(k.begin[t]-start)) / (s.speed * k.hours[t])
		}
		if k.differ(units, want) {
			k.breach(ruleJobUnits, j.Name, t, units, want, "number %d draws power for %g units, its work for %g", p.Number, units, want)
		}
	}
}

// preemptible checks a job that may pause.
func (k *checker) preemptible(x *class, s *spot, p *model.JobPlan) {
	j := x.j
	work := 0.0
	taken, busy := k.taken[s.pool][p.First:], k.busy[s.pool][p.First:]
	for n, units := range p.BusyUnits {
		switch {
		case k.below(units, 0):
			k.breach(ruleJobUnits, j.Name, p.First+n, units, 0, "number %d holds %g units", p.Number, units)
		case k.above(units, j.Units):
			k.breach(ruleJobUnits, j.Name, p.First+n, units, j.Units, "number %d holds %g units, at most %g", p.Number, units, j.Units)
		}
		work += units * s.speed * k.hours[p.First+n]
		taken[n] += units
		busy[n] += units
	}
	if k.differ(work, j.WorkUnitH) {
		k.breach(ruleJobWork, j.Name, -1, work, j.WorkUnitH, "number %d does %g unit-h of %g", p.Number, work, j.WorkUnitH)
	}
	k.report.Checked++
	active := k.o.Tolerances.Activity
	if n := len(p.BusyUnits); n > 0 && !(p.BusyUnits[0] > active && p.BusyUnits[n-1] > active) {
		k.breach(ruleJobSpan, j.Name, p.First, min(p.BusyUnits[0], p.BusyUnits[n-1]), 0,
			"number %d has a series of work that begins or ends with none", p.Number)
	}
}

// jobTimes checks release, deadline and lateness.
func (k *checker) jobTimes(x *class, p *model.JobPlan) {
	j := x.j
	if len(p.BusyUnits) == 0 {
		return // reported by length or work
	}
	if k.belowInt(p.First, x.release) {
		k.breach(ruleJobRelease, j.Name, p.First, k.begin[p.First], j.ReleaseH,
			"number %d begins %g h after the horizon's start and is released after %g h", p.Number, k.begin[p.First], j.ReleaseH)
	}
	last := p.First + len(p.BusyUnits) - 1
	end := k.begin[last+1]
	late := 0.0
	k.report.Checked++
	if end > x.deadline+hoursTolerance {
		late = end - x.deadline
		if j.LatePricePerH == nil {
			k.breach(ruleJobDeadline, j.Name, last, end, x.deadline,
				"number %d ends %g h after the horizon's start, its deadline is at %g h", p.Number, end, x.deadline)
		}
	}
	if j.LatePricePerH == nil {
		late = 0
	}
	if k.differ(p.LateH, late) {
		k.breach(ruleJobLate, j.Name, last, p.LateH, late, "number %d is called %g h late and is %g h late", p.Number, p.LateH, late)
	}
	if late > 0 {
		x.cost.late += *j.LatePricePerH * late
		x.late.addJob(last, late)
	}
}

// input checks what is sent to the job's site before it works.
func (k *checker) input(x *class, s *spot, p *model.JobPlan) {
	j := x.j
	want := 0.0
	if s.needs {
		want = j.InputGB
	}
	k.report.Checked++
	if s.needs && !s.linked {
		k.breach(ruleJobData, j.Name, p.First, want, 0,
			"number %d runs in %s and no data link leads there from %q", p.Number, p.Pool, k.c.Regions[x.data].Name)
		return
	}
	sent := 0.0
	for n, gb := range p.TransferGB {
		t := p.TransferFirst + n
		if k.below(gb, 0) {
			k.breach(ruleJobInput, j.Name, t, gb, 0, "number %d is sent %g GB", p.Number, gb)
		}
		sent += gb
		if s.needs {
			k.send(s.way, t, gb)
		}
		k.report.Checked++
		if math.Abs(gb) > k.o.Tolerances.Activity && (t < x.release || t >= p.First) {
			k.breachInt(ruleJobInputAt, j.Name, t, t, p.First,
				"number %d is sent input in period %d; it is released in period %d and works from %d on", p.Number, t, x.release, p.First)
		}
	}
	if k.differ(sent, want) {
		k.breach(ruleJobInput, j.Name, -1, sent, want, "number %d is sent %g GB of input, it needs %g", p.Number, sent, want)
	}
	if s.needs {
		x.cost.data += k.c.DataLinks[s.way.link].PricePerGB * sent
	}
}
