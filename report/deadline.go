package report

// What a later deadline would save one job: what its cheapest place costs with
// its window as it is, less the same with a deadline (or due time) one period
// later, for each hour of that period,
//
//	price = (best(D) - best(D + h)) / h
//
// where best looks at every pool and time in which the job alone could run, in
// units that are on, at the plan's prices of power and units: in those that no other
// work takes and, where a unit has a price, in those of others too, who make room at
// that price (see deadline_place.go); data is paid, and lateness; where none is
// found, or a job is dropped, to drop it is a choice too. Prices are those of a little
// more, and of one job: those of several do not add up.

import (
	"math"
	"time"

	"github.com/wattbit/wattbit/internal/inorder"
	"github.com/wattbit/wattbit/model"
)

// DeadlinePrices says what an hour more would save jobs.
type DeadlinePrices struct {
	// Jobs with a deadline or due time within the horizon that were asked, and
	// those of them that a later one would save something.
	Asked int `json:"asked"`
	Bound int `json:"bound"`
	// Dearest are the jobs that an hour would save most.
	Dearest []DeadlineLine `json:"dearest,omitempty"`
}

// DeadlineLine is the price of a job's deadline.
type DeadlineLine struct {
	Job    string    `json:"job"`
	Number int       `json:"number"`
	Region string    `json:"region"`
	Status JobStatus `json:"status"`
	// Deadline, or due time.
	Deadline time.Time `json:"deadline"`
	// SavesPerH of each hour that it were later.
	SavesPerH float64 `json:"saves_per_h"`
	// Pool in which the job would then run; none where it would not.
	Pool string `json:"pool"`
}

// deadline is the price of one planned job's deadline; perH is NaN where none is
// known.
type deadline struct {
	perH float64
	pool int // where the job would run, -1 if nowhere
}

// deadlines has an entry for each job of the plan. Not asked are jobs that migrate in
// the plan: what they could do is no matter of one pool.
func (j *joined) deadlines() []deadline { return j.deadlinesOnce.of(j.priceDeadlines) }

func (j *joined) priceDeadlines() []deadline {
	out := make([]deadline, len(j.p.Jobs))
	for i := range out {
		out[i] = deadline{perH: math.NaN(), pool: -1}
	}
	byPool := j.poolPrices()
	if byPool == nil {
		return out
	}
	s := j.newPlacer(byPool)
	runs := j.runsByJob()
	inorder.Blocks(len(out), jobsAtOnce, func(from, to int) []deadline {
		s := s.another()
		found := make([]deadline, 0, to-from)
		for i := from; i < to; i++ {
			found = append(found, s.price(&j.p.Jobs[i], runs.of(i)))
		}
		return found
	}, func(from, _ int, found []deadline) { copy(out[from:], found) })
	return out
}

// jobsAtOnce is how many jobs are asked one after the other on one processor.
const jobsAtOnce = 512

// jobRuns are the runs of the planned jobs.
type jobRuns struct {
	work  []work
	first []int32 // by job, and the end of the last
}

// runsByJob finds the runs of every planned job.
func (j *joined) runsByJob() jobRuns {
	r := jobRuns{j.work, make([]int32, 0, len(j.p.Jobs)+1)}
	next := 0 // of j.work, where jobs follow workloads in the plan's order
	for next < len(j.work) && !j.work[next].job {
		next++
	}
	for i := range j.p.Jobs {
		r.first = append(r.first, int32(next))
		for next < len(j.work) && j.work[next].plan == i {
			next++
		}
	}
	r.first = append(r.first, int32(next))
	return r
}

// of returns the runs of the i-th planned job.
func (r *jobRuns) of(i int) []work { return r.work[r.first[i]:r.first[i+1]] }

// price asks for one planned job with its runs.
func (s *placer) price(p *model.JobPlan, runs []work) deadline {
	j, none := s.j, deadline{perH: math.NaN(), pool: -1}
	job := &j.c.Jobs[j.ix.Jobs[p.Job]]
	by := job.LateFrom()
	if by == nil || len(p.Then) > 0 {
		return none
	}
	_, end, last := j.ix.JobWindow(job)
	if end >= j.T || end < 0 {
		return none
	}
	h := j.hours[end]
	w := jobWindow{from: s.after(job), last: last, laterLast: last, due: math.Inf(1), laterDue: math.Inf(1)}
	if job.LatePricePerH != nil {
		w.due, w.laterDue, w.latePrice = *by, *by+h, *job.LatePricePerH
	}
	if job.DueH == nil && job.HardDeadline() != nil {
		w.laterLast = end + 1
	}
	found := s.best(job, runs, &w)
	s.instead(found, p, job, &w)
	if math.IsInf(found.now, 1) {
		return none
	}
	return deadline{perH: max(0, found.now-found.later) / h, pool: found.pool}
}

// instead considers not to run a job: to drop it, where the plan does, and to leave all
// its work to the next plan, where it may and need not go on.
func (s *placer) instead(found *offer, p *model.JobPlan, job *model.Job, w *jobWindow) {
	if p.Dropped {
		found.take(w, -1, 0, 0, s.j.c.DropCost(job))
	}
	goesOn := job.Running != nil && job.Steady() && job.Running.Pinned
	if left := s.leavingCost(job); !math.IsInf(left, 1) && !goesOn {
		work := job.WorkLeft()
		if job.Steady() {
			work = job.WorkUnitH // begun anew it has all to do
		}
		found.take(w, -1, s.j.T, s.j.ix.Starts[s.j.T], left*work)
	}
}

// after is the first period in which the job may begin by what it comes after,
// as planned: none where one of these does not end.
func (s *placer) after(job *model.Job) (from int) {
	for i := range job.After {
		a := &job.After[i]
		end, known := s.ends[a.Job]
		if !known {
			return s.j.T
		}
		starts := s.j.ix.Starts
		for from < s.j.T && starts[from] < starts[end]+a.LagH-lateSlackH {
			from++
		}
	}
	return from
}

// endsOf finds where jobs end that others come after.
func (j *joined) endsOf() map[string]int {
	asked := map[string]bool{}
	for i := range j.c.Jobs {
		for k := range j.c.Jobs[i].After {
			asked[j.c.Jobs[i].After[k].Job] = true
		}
	}
	ends := map[string]int{}
	if len(asked) == 0 {
		return ends
	}
	for i := range j.p.Jobs {
		v := &j.p.Jobs[i]
		if status := statusOf(v); asked[v.Job] && (status == JobOnTime || status == JobLate) {
			ends[v.Job] = j.use(v).end
		}
	}
	return ends
}

func (j *joined) deadlinePrices(all []deadline) DeadlinePrices {
	var out DeadlinePrices
	for i := range all {
		if !math.IsNaN(all[i].perH) {
			out.Asked++
		}
		if all[i].perH > 0 {
			out.Bound++
		}
	}
	for _, i := range top(len(all), func(i int) float64 { return all[i].perH }) {
		v := &j.p.Jobs[i]
		job := &j.c.Jobs[j.ix.Jobs[v.Job]]
		line := DeadlineLine{Job: v.Job, Number: v.Number, Region: job.Region, Status: statusOf(v), SavesPerH: all[i].perH,
			Deadline: j.cal.times[0].Add(hoursOf(*job.LateFrom()))}
		if all[i].pool >= 0 {
			line.Pool = j.c.Pools[all[i].pool].Name
		}
		out.Dearest = append(out.Dearest, line)
	}
	return out
}
