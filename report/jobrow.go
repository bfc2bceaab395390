package report

import (
	"math"
	"time"

	"github.com/wattbit/wattbit/model"
)

// JobRow is what became of a single job: a row of jobs.csv. Times are the zero
// time, and numbers NaN, where there is none.
type JobRow struct {
	Job    string
	Number int // within its class, from 1
	Region string
	Class  string
	Owner  string
	Shape  model.JobShape
	Status JobStatus
	// Site and Pool where it begins, LastPool where it ends.
	Site, Pool, LastPool string
	// Start of its first period of work and End of its last.
	Start, End    time.Time
	Deadline, Due time.Time
	LateH         float64
	WorkUnitH     float64
	LeftUnitH     float64
	TransferGB    float64
	WidestUnits   float64
	Interruptions int
	Moves         int
	// Account of what it draws, emits and costs. Priced says that the plan has
	// prices; without, the account's money for power and capacity says nothing.
	Account Account
	Priced  bool
	// Marginal says that the plan has marginal emissions.
	Marginal bool
	// HourLaterSaves is the price of its deadline, money for an hour.
	HourLaterSaves float64
}

// JobPeriodRow is a period in which a job holds units or is sent data: a row of
// job_periods.csv.
type JobPeriodRow struct {
	Start  time.Time
	Hours  float64
	Job    string
	Number int
	// Site and Pool where it then is, was last or begins.
	Site, Pool string
	BusyUnits  float64 // that draw dynamic power
	HeldUnits  float64 // of the pool's capacity
	WorkUnitH  float64 // at reference speed
	TransferGB float64

	// Period by number, from 0.
	Period int
}

// JobRoomRow is a period in which a job may hold units on top of its plan: those kept
// free for it to catch up after calls of upward reserve, or those that calls of downward
// reserve may add.
type JobRoomRow struct {
	Job    string
	Number int
	Pool   string
	Units  float64

	// Period by number, from 0.
	Period int
}

// JobPromiseRow is what a job promises of a reserve product in a period, or, without
// product, what is kept free for it to catch up after calls: a row of job_promises.csv.
type JobPromiseRow struct {
	Start      time.Time
	Hours      float64
	Job        string
	Number     int
	Site, Pool string
	// Product is "" where the row says what is spare.
	Product   string
	Direction model.Direction
	MW        float64 // at the bus
	Units     float64 // that are dropped or taken for it when called
	// SpareUnits kept free in the pool, for all upward products of the job together.
	SpareUnits float64

	// Period by number, from 0.
	Period int
}

// JobRows gives the plan of every job row by row.
type JobRows struct{ j *joined }

// NewJobRows joins a plan to its case. The error says where they do not fit.
func NewJobRows(c *model.Case, p *model.Plan) (*JobRows, error) {
	j, err := join(c, p)
	if err != nil {
		return nil, err
	}
	return &JobRows{j}, nil
}

// Jobs yields a row for each job in the order of the plan. A row holds until the
// next.
func (r *JobRows) Jobs(yield func(*JobRow) bool) { r.j.eachJob(yield) }

// Periods yields the periods of each job, job by job. A row holds until the next.
func (r *JobRows) Periods(yield func(*JobPeriodRow) bool) { r.j.eachJobPeriod(yield) }

// Rooms yields the periods in which jobs that promise reserve may hold more than the
// plan has, job by job. A row holds until the next.
func (r *JobRows) Rooms(yield func(*JobRoomRow) bool) { r.j.eachRoom(yield) }

// Promises yields what each job that provides reserve promises and keeps spare, job by
// job, product by product, without zeros. A row holds until the next.
func (r *JobRows) Promises(yield func(*JobPromiseRow) bool) { r.j.eachPromise(yield) }

// hourAt is the time of an hour after the horizon's start, the zero time for
// none.
func (j *joined) hourAt(hour *float64) time.Time {
	if hour == nil || !(math.Abs(*hour) < 1e6) {
		return time.Time{}
	}
	return j.cal.times[0].Add(hoursOf(*hour))
}

func (j *joined) eachJob(yield func(*JobRow) bool) {
	accounts, deadlines := j.accounts(), j.deadlines()
	for i := range j.p.Jobs {
		v := &j.p.Jobs[i]
		job := &j.c.Jobs[j.ix.Jobs[v.Job]]
		row := JobRow{
			Job: v.Job, Number: v.Number, Region: job.Region, Class: job.Class, Owner: job.Owner, Shape: job.Shape, Status: statusOf(v),
			Deadline: j.hourAt(job.DeadlineH), Due: j.hourAt(job.DueH), LateH: v.LateH, WorkUnitH: job.WorkUnitH, LeftUnitH: v.LeftUnitH,
			Account: accounts.jobs[i], Priced: accounts.priced, Marginal: accounts.marginal, HourLaterSaves: deadlines[i].perH,
		}
		if !v.Dropped {
			u := j.use(v)
			row.TransferGB, row.WidestUnits, row.Interruptions, row.Moves = u.sentGB, u.widest, u.interruptions, u.moves
			if n := len(u.runs); n > 0 {
				row.Pool, row.LastPool = u.runs[0].Pool, u.runs[n-1].Pool
				row.Site = j.c.Pools[j.ix.Pools[row.Pool]].Site
				row.Start, row.End = j.cal.times[u.runs[0].First], j.cal.times[u.end]
			}
		}
		if !yield(&row) {
			return
		}
	}
}

func (j *joined) eachJobPeriod(yield func(*JobPeriodRow) bool) {
	for i := range j.p.Jobs {
		if v := &j.p.Jobs[i]; !v.Dropped && !j.periodsOf(v, yield) {
			return
		}
	}
}

func (j *joined) eachPromise(yield func(*JobPromiseRow) bool) {
	for i := range j.p.Jobs {
		if v := &j.p.Jobs[i]; len(v.Reserves) > 0 && !j.promisesOf(v, yield) {
			return
		}
	}
}

// promisesOf yields what one job promises, and says whether to go on.
func (j *joined) promisesOf(v *model.JobPlan, yield func(*JobPromiseRow) bool) bool {
	pool := j.ix.Pools[v.Pool]
	row := JobPromiseRow{Job: v.Job, Number: v.Number, Site: j.c.Pools[pool].Site, Pool: v.Pool}
	at := func(t int) bool {
		row.Start, row.Hours, row.Period = j.cal.times[t], j.hours[t], t
		return yield(&row)
	}
	for _, r := range v.Reserves {
		row.Product, row.Direction = r.Product, j.c.Reserves[j.ix.Reserves[r.Product]].Direction
		for t, mw := range r.MW {
			if row.MW, row.Units = mw, ratio(mw, j.mwPerBusyUnit(pool, t)); mw != 0 && !at(t) {
				return false
			}
		}
	}
	row.Product, row.Direction, row.MW, row.Units = "", model.Up, 0, 0
	for t, units := range v.SpareUnits {
		if row.SpareUnits = units; units != 0 && !at(t) {
			return false
		}
	}
	return true
}

// periodsOf yields the periods of one job, and says whether to go on.
func (j *joined) periodsOf(v *model.JobPlan, yield func(*JobPeriodRow) bool) bool {
	runs := runsOf(v)
	if len(runs) == 0 {
		return true
	}
	job := &j.c.Jobs[j.ix.Jobs[v.Job]]
	sent := make(map[int]float64)
	first, end := runs[0].First, runs[len(runs)-1].First+len(runs[len(runs)-1].BusyUnits)
	send := func(from int, gb []float64) {
		for k, x := range gb {
			sent[from+k] += x
		}
		if len(gb) > 0 {
			first, end = min(first, from), max(end, from+len(gb))
		}
	}
	send(v.TransferFirst, v.TransferGB)
	for k := range v.Transfers {
		send(v.Transfers[k].First, v.Transfers[k].GB)
	}
	at := 0
	for t := first; t < end; t++ {
		for at+1 < len(runs) && runs[at+1].First <= t {
			at++
		}
		r := &runs[at]
		pool := j.ix.Pools[r.Pool]
		row := JobPeriodRow{
			Start: j.cal.times[t], Hours: j.hours[t], Job: v.Job, Number: v.Number, Site: j.c.Pools[pool].Site, Pool: r.Pool,
			TransferGB: sent[t], Period: t,
		}
		if k := t - r.First; k >= 0 && k < len(r.BusyUnits) {
			row.BusyUnits, row.WorkUnitH, row.HeldUnits = r.BusyUnits[k], j.busyWork(job, pool, r, k)*j.hours[t], heldUnits(job, r, k)
		}
		if (row.BusyUnits != 0 || row.HeldUnits != 0 || row.TransferGB != 0) && !yield(&row) {
			return false
		}
	}
	return true
}
