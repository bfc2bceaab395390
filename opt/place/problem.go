package place

// Problem is what is to be placed, and where. It is not changed.
type Problem struct {
	// Hours of each period.
	Hours []float64
	Pools []Pool
	Links []Link
	// Reach holds sets of options; alike jobs share one.
	Reach [][]Option
	// Widths holds lists of widths, narrow ones first, concave through the
	// origin; alike jobs share one.
	Widths [][]Width
	// Quotas, and which of them count for the jobs of each owner.
	Quotas []Quota
	Owners [][]int32
	Jobs   []Job
	// Copies of data that jobs may share.
	Copies []Copy
	// Precedences, without a cycle, and groups of jobs.
	Precedences []Precedence
	Groups      []Group
	// Regions gives the region of each pool, and Ways the link from each region to each
	// other, or NoWay; nil where no job hands data over.
	Regions []int32
	Ways    [][]int32
}

// Pool is a pool of machines.
type Pool struct {
	// CapacityUnits that all jobs together can hold in each period.
	CapacityUnits []float64
	// Base is the position plus 1 of the pool on whose modules this one runs, as its
	// power level: the units of both together are within the capacity there. 0: its own.
	Base int32
}

// Quota is what the jobs of an owner may hold together.
type Quota struct {
	// Pools that it concerns, by position; nil for all.
	Pools []bool
	// MaxUnits in each period, +Inf for no limit in it; nil for none at all.
	MaxUnits []float64
	// MaxUnitH over all periods; +Inf for no such limit.
	MaxUnitH float64
	// KeptUnits, by period, and KeptUnitH are parts of these that are kept for others than the
	// jobs of the problem: no place uses them, and bounds know nothing of that. nil and 0 for none.
	KeptUnits []float64
	KeptUnitH float64
}

// unitH are the unit-hours that the jobs of the problem may hold.
func (q *Quota) unitH() float64 { return q.MaxUnitH - q.KeptUnitH }

// Link is a data link in one direction.
type Link struct {
	// CapacityGB of each period.
	CapacityGB []float64
	// LeadH in hours from the end of the period in which data are sent until
	// they can be used.
	LeadH float64
}

// Option is a pool where a job may run.
type Option struct {
	Pool int32
	// Links that the job's flows cross on the way there, or from there on, one for each
	// of Job.Flows; None for one that is at home there. No two flows cross the same link.
	Links []int32
	// Copies that have to be there before the job begins; alike options share a list.
	Copies []int32
	// Speed of a unit there: unit-hours of reference work an hour.
	Speed float64
	// Now says that the job is running there: a rigid or moldable one goes on
	// from its first period, at its width, with DoneUnitH of its work done. Options without
	// begin it anew. A gang that waits at first is interrupted.
	Now bool
	// Later says that a rigid or moldable job begins there after its first period, or at
	// another width: in the pool where it is running, in that period it goes on.
	Later bool
}

// None stands for no pool and no link.
const None = -1

// Flow is data of a job that is sent over one link, split at will.
type Flow struct {
	GB float64
	// Out says that it is a result, sent after the last period of work and within
	// the horizon; a job that leaves work owes none. Else it is input, sent from the
	// job's First and from From on, that must have come before the first period of work.
	Out  bool
	From int32
}

// Copy is data that is brought to a place once, for all jobs there that need it.
type Copy struct {
	GB float64
	// Links, over one of which it comes, from the horizon's start on.
	Links []int32
	// Never says that no placement brings it, though bounds have it for nothing.
	Never bool
}

// Delivery says how a copy comes; a copy that is not made has no Data.
type Delivery struct {
	// Ready is the first period in which jobs that need it can begin.
	Ready int32
	// Data sent, over one link.
	Data []Sent
}

// Made says that the copy is made.
func (d *Delivery) Made() bool { return len(d.Data) > 0 }

// Width is a number of units that a job can run on.
type Width struct {
	Units float64
	// Rate of work on so many units: unit-hours of reference work an hour at
	// speed 1. A job that scales perfectly has the rate Units.
	Rate float64
}

// Shape says how a job uses time; the file of its oracle says what it means.
type Shape uint8

const (
	// Rigid jobs hold Units from a start until their work is done.
	Rigid Shape = iota
	// Preemptible jobs hold up to Units in any period.
	Preemptible
	// Moldable jobs are rigid on one of their Widths.
	Moldable
	// Malleable jobs hold, in any period, nothing or between the narrowest and
	// the widest of their Widths, straight lines between them.
	Malleable
	// Gang jobs hold Units or none in any period, and are interrupted at a loss.
	Gang
)

// hasWidths says that jobs of the shape have Widths in place of Units.
func (s Shape) hasWidths() bool { return s == Moldable || s == Malleable }

// Job is one job. It works in the periods First..End-1.
type Job struct {
	Shape Shape
	// Owner is the position plus 1 in Problem.Owners; 0 for none with a quota.
	Owner int32
	// Reach is the position of the job's options in Problem.Reach.
	Reach int32
	// Roams is the position plus 1 in Reach of options between which bounds let a gang move at
	// will, and pause, at no loss: it is placed at one of its own. 0: it stays.
	Roams int32
	// Widths is the position of a moldable or malleable job's widths in Problem.Widths.
	Widths int32
	First  int32
	End    int32
	// Begin is the first period in which it may work, where that is after First: input is
	// sent from First on all the same.
	Begin int32
	// Flows of data; alike jobs share a list.
	Flows []Flow
	// Units of a rigid job or a gang; most units of a preemptible job.
	Units float64
	// MaxInterruptions of a gang, or of a malleable job whose pauses count; each costs LossH hours
	// of its work, of a malleable job at its narrowest width.
	MaxInterruptions int32
	LossH            float64
	// MoreInterruptions says that it may have more: it is placed without these, and bounds are those
	// of a gang that is interrupted at no loss, or of a malleable job with any number.
	MoreInterruptions bool
	// PausesCount says that a malleable job's pauses are interruptions. Where an option is Now, to
	// begin later is one more.
	PausesCount bool
	// WorkUnitH in unit-hours at speed 1, of which DoneUnitH are done where an
	// option goes on with the job. A preemptible job that runs already is one
	// of the work that is left.
	WorkUnitH, DoneUnitH float64
	// NowUnits is the width at which an option goes on with a moldable job.
	NowUnits float64
	// DeadlineH in hours after the horizon's start; each hour between it and
	// the end of the last period of work costs LatePricePerH.
	DeadlineH     float64
	LatePricePerH float64
	// BacklogPricePerUnitH of work that is left at the end of a horizon that End
	// reaches; 0: none may be left. Such work is late until the horizon's end.
	BacklogPricePerUnitH float64
	// DropPrice of leaving the job undone: of dropping it or, if that is
	// cheaper, of not beginning it (all of its work left, and late).
	DropPrice float64
}

// Assignment is the place of one job. Its slices are shared and never written.
type Assignment struct {
	// Pool is None for a dropped job.
	Pool int32
	// Work is done in periods First..End-1.
	First, End int32
	// Units held in each of them, all busy but for the last, which has
	// LastBusy. A job that may pause has Work instead, and Units are 0 but for
	// a gang, which holds them in the periods of Work whatever is busy.
	Units, LastBusy float64
	// LeftUnitH of work that is left at the horizon's end.
	LeftUnitH float64
	// Work of a job that may pause: the mean units held and busy, in order of
	// the periods.
	Work []Load
	// Data sent, flow by flow, in order of the periods.
	Data []Sent
}

// held is the number of units held for a load of Work.
func (a *Assignment) held(w Load) float64 {
	if a.Units > 0 {
		return a.Units
	}
	return w.Amount
}

// Load is an amount in a period.
type Load struct {
	Period int32
	Amount float64
}

// Sent is what a link carries in a period.
type Sent struct {
	Link, Period int32
	GB           float64
}

// dropped is the assignment of a job that is not done.
func dropped() Assignment { return Assignment{Pool: None} }

// Dropped says that the job is not done.
func (a *Assignment) Dropped() bool { return a.Pool == None }

// durationSlack is the tolerance of comparisons of durations, in hours: that of
// the data model.
const durationSlack = 1e-9

func lateH(j *Job, end float64) float64 {
	if late := end - j.DeadlineH; late > durationSlack {
		return late
	}
	return 0
}
