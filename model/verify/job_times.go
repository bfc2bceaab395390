package verify

import (
	"sort"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleJobRelease  = "job.release"
	ruleJobDeadline = "job.deadline"
	ruleJobLate     = "job.late"
	ruleJobLeft     = "job.left"
)

// firstFrom is the first period that begins some hours after the horizon's start
// or later; the number of periods where none does.
func (k *checker) firstFrom(hours float64) int {
	return sort.SearchFloat64s(k.begin[:k.periods], hours-hoursTolerance)
}

// jobTimes checks release, deadline and lateness, and adds up what lateness and
// work left cost.
func (k *checker) jobTimes(x *class, p *model.JobPlan, r *runs) {
	j := x.j
	last := k.last()
	if r.ran() {
		if first := r.begins(); k.belowInt(first, x.release) {
			k.breach(ruleJobRelease, j.Name, first, k.begin[first], j.ReleaseH,
				"number %d begins %g h after the horizon's start and is released after %g h", p.Number, k.begin[first], j.ReleaseH)
		}
		if k.done(r) {
			last = r.ends() - 1
		}
	} else if len(r.stays) > 0 {
		return // reported by length or span
	}
	end := k.begin[last+1]
	k.deadline(x, p, r, last, end)
	k.lateness(x, p, last, end)
	if !k.done(r) && j.BacklogPricePerUnitH != nil {
		x.cost.backlog += *j.BacklogPricePerUnitH * r.left
		x.backlog.addJob(k.last(), r.left)
	}
}

// deadline checks a hard deadline within the horizon.
func (k *checker) deadline(x *class, p *model.JobPlan, r *runs, last int, end float64) {
	j := x.j
	k.report.Checked++
	if j.DeadlineH == nil || j.LatePricePerH != nil && j.DueH == nil {
		return
	}
	switch deadline := *j.DeadlineH; {
	case deadline > k.begin[k.periods]+hoursTolerance:
	case !k.done(r):
		k.breach(ruleJobDeadline, j.Name, last, r.left, 0,
			"number %d leaves %g unit-h of work at the horizon's end, its deadline is at %g h", p.Number, r.left, deadline)
	case end > deadline+hoursTolerance:
		k.breach(ruleJobDeadline, j.Name, last, end, deadline,
			"number %d ends %g h after the horizon's start, its deadline is at %g h", p.Number, end, deadline)
	}
}

func (k *checker) lateness(x *class, p *model.JobPlan, last int, end float64) {
	j := x.j
	late := 0.0
	if j.LatePricePerH != nil && end > x.due+hoursTolerance {
		late = end - x.due
	}
	if k.differ(p.LateH, late) {
		k.breach(ruleJobLate, j.Name, last, p.LateH, late, "number %d is called %g h late and is %g h late", p.Number, p.LateH, late)
	}
	if late > 0 {
		x.cost.late += *j.LatePricePerH * late
		x.late.addJob(last, late)
	}
}

// waiting checks a job that is not begun within the horizon and not dropped.
func (k *checker) waiting(x *class, p *model.JobPlan) {
	j := x.j
	left := j.WorkUnitH
	if run := j.Running; run != nil {
		rigid := j.Shape == model.Rigid || j.Shape == model.Moldable
		k.report.Checked++
		switch {
		case rigid && run.Pinned:
			k.breach(ruleJobRunning, j.Name, 0, 0, 0, "number %d is pinned to %s and does not go on there as it was", p.Number, run.Pool)
		case !rigid:
			left -= run.DoneUnitH
		}
	}
	k.leaves(x, p, left)
}

// leaves compares the work left at the horizon's end with what the plan says.
func (k *checker) leaves(x *class, p *model.JobPlan, left float64) {
	j := x.j
	k.report.Checked++
	switch {
	case k.below(p.LeftUnitH, 0):
		k.breach(ruleJobLeft, j.Name, -1, p.LeftUnitH, 0, "number %d leaves %g unit-h", p.Number, p.LeftUnitH)
	case k.differ(p.LeftUnitH, left):
		k.breach(ruleJobLeft, j.Name, -1, p.LeftUnitH, left, "number %d is said to leave %g unit-h and leaves %g", p.Number, p.LeftUnitH, left)
	case j.BacklogPricePerUnitH == nil && k.active(p.LeftUnitH):
		k.breach(ruleJobLeft, j.Name, -1, p.LeftUnitH, 0, "number %d leaves %g unit-h, which have no price", p.Number, p.LeftUnitH)
	}
}
