package report

import (
	"slices"
	"strings"

	"github.com/wattbit/wattbit/model"
)

// activeUnits above which a job counts as being on.
const activeUnits = 1e-6

// jobUse is what became of a single job.
type jobUse struct {
	runs []model.JobRun
	// end is the period after its last period of work.
	end int
	// widest is the most that it holds at once, in units.
	widest        float64
	interruptions int
	moves         int
	// sentGB over data links, for whatever.
	sentGB float64
}

// runsOf lists the runs of a job, empty ones left out.
func runsOf(p *model.JobPlan) []model.JobRun {
	return slices.DeleteFunc(p.Runs(), func(r model.JobRun) bool { return len(r.BusyUnits) == 0 })
}

// heldUnits is what the job holds in the n-th period of a run.
func heldUnits(job *model.Job, r *model.JobRun, n int) float64 {
	switch {
	case job.Shape == model.Rigid:
		return job.Units
	case len(r.HeldUnits) == len(r.BusyUnits):
		return r.HeldUnits[n]
	}
	return r.BusyUnits[n]
}

// use works out what became of a job.
func (j *joined) use(p *model.JobPlan) jobUse {
	job := &j.c.Jobs[j.ix.Jobs[p.Job]]
	u := jobUse{runs: runsOf(p), moves: len(p.Then)}
	begun, last := job.Running != nil && !job.Steady(), -1
	where := ""
	if begun {
		where = job.Running.Pool
	}
	for i := range u.runs {
		r := &u.runs[i]
		for n := range r.BusyUnits {
			held := heldUnits(job, r, n)
			if !(held > activeUnits) {
				continue
			}
			t := r.First + n
			if begun && (last != t-1 || r.Pool != where) {
				u.interruptions++
			}
			begun, last, where = true, t, r.Pool
			u.widest = max(u.widest, held)
		}
		u.end = r.First + len(r.BusyUnits)
	}
	for _, gb := range p.TransferGB {
		u.sentGB += gb
	}
	for i := range p.Transfers {
		for _, gb := range p.Transfers[i].GB {
			u.sentGB += gb
		}
	}
	return u
}

// JobStatus says what became of a job.
type JobStatus string

const (
	JobOnTime  JobStatus = "on time"
	JobLate    JobStatus = "late"
	JobDropped JobStatus = "dropped"
	// JobUnfinished leaves work at the horizon's end, JobWaiting all of it.
	JobUnfinished JobStatus = "unfinished"
	JobWaiting    JobStatus = "waiting"
)

func statusOf(p *model.JobPlan) JobStatus {
	switch {
	case p.Dropped:
		return JobDropped
	case p.Pool == "":
		return JobWaiting
	case p.LeftUnitH > activeUnits:
		return JobUnfinished
	case p.LateH > lateSlackH:
		return JobLate
	}
	return JobOnTime
}

// busyWork is what the job does at reference speed with the units that it keeps
// busy in the n-th period of a run: as much of what its width does as is busy of
// it.
func (j *joined) busyWork(job *model.Job, pool int, r *model.JobRun, n int) float64 {
	busy, speed := r.BusyUnits[n], j.ix.JobSpeed(job, pool)
	switch job.Shape {
	case model.Moldable:
		if held := heldUnits(job, r, n); held > 0 {
			return busy / held * job.EffectiveUnits(held) * speed
		}
	case model.Malleable:
		if busy <= activeUnits {
			return 0
		}
		return job.EffectiveUnits(max(busy, job.Narrowest().Units)) * speed
	}
	return busy * speed
}

// JobCount says what became of the jobs, each of a class counted once.
type JobCount struct {
	Total   int `json:"total"`
	OnTime  int `json:"on_time"`
	Late    int `json:"late"`
	Dropped int `json:"dropped"`
	// Unfinished jobs leave work at the horizon's end, Waiting ones all of it.
	Unfinished int `json:"unfinished,omitempty"`
	Waiting    int `json:"waiting,omitempty"`
	// LateH is the sum of hours late, of unfinished and waiting jobs too;
	// DroppedUnitH the work dropped, LeftUnitH what is left at the horizon's end.
	LateH        float64 `json:"late_h"`
	DroppedUnitH float64 `json:"dropped_unit_h"`
	LeftUnitH    float64 `json:"left_unit_h,omitempty"`
	// Interruptions and Moves of all jobs.
	Interruptions int `json:"interruptions,omitempty"`
	Moves         int `json:"moves,omitempty"`
}

// others says in words what became of the jobs that are not done on time.
func (n *JobCount) others() string {
	parts := []string{number(float64(n.Late), 0) + " late", number(float64(n.Dropped), 0) + " dropped"}
	if n.Unfinished > 0 {
		parts = append(parts, number(float64(n.Unfinished), 0)+" unfinished")
	}
	if n.Waiting > 0 {
		parts = append(parts, number(float64(n.Waiting), 0)+" waiting")
	}
	if n.Interruptions > 0 {
		parts = append(parts, plural(n.Interruptions, "interruption"))
	}
	if n.Moves > 0 {
		parts = append(parts, plural(n.Moves, "move"))
	}
	return strings.Join(parts, ", ")
}

func (j *joined) jobCount(out *Computing) {
	n := &out.Jobs
	for i := range j.p.Jobs {
		v := &j.p.Jobs[i]
		n.Total++
		switch statusOf(v) {
		case JobDropped:
			n.Dropped++
			n.DroppedUnitH += j.c.Jobs[j.ix.Jobs[v.Job]].WorkUnitH
			continue
		case JobWaiting:
			n.Waiting++
		case JobUnfinished:
			n.Unfinished++
		case JobLate:
			n.Late++
		default:
			n.OnTime++
		}
		if v.LateH > lateSlackH {
			n.LateH += v.LateH
		}
		n.LeftUnitH += v.LeftUnitH
		u := j.use(v)
		n.Interruptions += u.interruptions
		n.Moves += u.moves
	}
}

// lateSlackH is the lateness that rounding may leave on a job that is on time.
const lateSlackH = 1e-6
