package model

// Job is asynchronous work that may wait and may move: one job, or a class of
// alike jobs with a count. What it holds of a pool, and when, is its shape.
type Job struct {
	Name string `json:"name"`
	// Region where the job comes from.
	Region string `json:"region"`
	// Class of latency; it bounds the sites that the job may use. Left out:
	// no bound.
	Class string `json:"class,omitempty"`
	// Count of alike jobs. Default 1.
	Count int `json:"count,omitempty"`
	// Owner whose quotas the job counts to.
	Owner string `json:"owner,omitempty"`
	// Priority, 0 to 9: the default drop price grows with
	// penalties.priority_factor to this power. Without effect where the job gives
	// drop_price or value. Default 0.
	Priority int `json:"priority,omitempty"`

	// Shape is rigid, preemptible, moldable or malleable.
	Shape JobShape `json:"shape"`
	// Units held at once: the gang of a rigid job, the most of a preemptible
	// one. Moldable and malleable jobs give scaling instead.
	Units float64 `json:"units,omitempty"`
	// Scaling of a moldable or malleable job: what it does at each width, from
	// the narrowest to the widest.
	Scaling []ScalingPoint `json:"scaling,omitempty"`
	// WorkUnitH in unit-hours at reference speed, of one job; at least 0.0001.
	WorkUnitH float64 `json:"work_unit_h"`
	// MaxInterruptions of a preemptible or malleable job. Left out: any number.
	MaxInterruptions *int `json:"max_interruptions,omitempty"`
	// RestartH of the job's time that an interruption costs when the job goes
	// on, and CheckpointLossH of work done since the last checkpoint that is
	// done again: together they are added work, at the narrowest width.
	RestartH        float64 `json:"restart_h,omitempty"`
	CheckpointLossH float64 `json:"checkpoint_loss_h,omitempty"`
	// Migration lets a job that may be interrupted go on in another pool. Left
	// out, or where the job is pinned: it stays in its pool.
	Migration *Migration `json:"migration,omitempty"`

	// ReleaseH and DeadlineH in hours after the horizon's start. Where they
	// fall inside a period they round inward. Default: start and end.
	ReleaseH  float64  `json:"release_h,omitempty"`
	DeadlineH *float64 `json:"deadline_h,omitempty"`
	// DueH from which lateness counts, while the deadline stays hard. Left out:
	// lateness counts from the deadline, which is then soft.
	DueH *float64 `json:"due_h,omitempty"`
	// LatePricePerH of each hour between the due time (or the deadline) and the
	// end of the last period of work, of one job. Left out: the deadline is
	// hard.
	LatePricePerH *float64 `json:"late_price_per_h,omitempty"`
	// Value of one job that is done: what a drop loses beside the drop price.
	Value float64 `json:"value,omitempty"`
	// DropPrice of one job that is not done. Default: 0 where the job has a
	// value, else penalties.drop_price_per_unit_h times its work and its
	// priority's factor.
	DropPrice *float64 `json:"drop_price,omitempty"`
	// BacklogPricePerUnitH of work left at the horizon's end, of a job that may
	// go on after it; its deadline may then lie after the horizon. Left out, or
	// where a hard deadline lies within the horizon: the work must be done.
	BacklogPricePerUnitH *float64 `json:"backlog_price_per_unit_h,omitempty"`
	// Running describes a job that runs when the horizon begins.
	Running *Running `json:"running,omitempty"`

	// InputGB that must be in the site's region before the first period of
	// work; it is sent from the release on.
	InputGB float64 `json:"input_gb,omitempty"`
	// DataRegion where the input lies. Default: region.
	DataRegion string `json:"data_region,omitempty"`
	// Inputs from several places, instead of input_gb and data_region; needed
	// in the region where the job begins.
	Inputs []DataFlow `json:"inputs,omitempty"`
	// Outputs are sent from the region where the job ends, after the last period
	// of work and within the horizon; none while work is left.
	Outputs []DataFlow `json:"outputs,omitempty"`
	// Datasets that must be in the region where the job begins before the first
	// period of work; jobs share a dataset's copy.
	Datasets []string `json:"datasets,omitempty"`
	// After names jobs that must have ended before this one begins: one that is
	// dropped or leaves work has not. A job that runs when the horizon begins
	// gives none.
	After []Precedence `json:"after,omitempty"`

	// Reserves are the products, all of one direction, that a preemptible job may
	// provide that does not migrate, has no outputs, comes neither after nor before
	// others, and is in no group with finish_within_h. Upward it drops units when
	// called and needs spare units later to catch up; downward it works ahead, which
	// a job with inputs or datasets cannot. With max_interruptions, restart_h or
	// checkpoint_loss_h it provides upward ones alone: it drops all its units or
	// none, in periods in which all are busy throughout, and each call is an
	// interruption.
	Reserves []string `json:"reserves,omitempty"`
	// DropMinutes that it takes a job to save its state and drop units when it is
	// called: it provides no upward product that must be delivered in less. Default 0.
	DropMinutes float64 `json:"drop_minutes,omitempty"`

	// PoolKinds that can run it. Left out: any.
	PoolKinds []string `json:"pool_kinds,omitempty"`
	// KindSpeeds replaces the speed of pools of a kind, for this job; at a power
	// level whose kind is its base's, times the level's speed over the base's.
	KindSpeeds []KindSpeed `json:"kind_speeds,omitempty"`
	// AllowedSites and ForbiddenSites restrict where it runs.
	AllowedSites   []string `json:"allowed_sites,omitempty"`
	ForbiddenSites []string `json:"forbidden_sites,omitempty"`
}

// JobShape says how a job may use time.
type JobShape string

const (
	// Rigid holds its units, from a start, for as many whole periods as its
	// work takes at the pool's speed; in the last one it draws dynamic power
	// for the work that is left.
	Rigid JobShape = "rigid"
	// Preemptible may pause and go on. Without limit or cost of interruptions
	// it holds any number of units up to its own in each period. With
	// max_interruptions, restart_h, checkpoint_loss_h or migration it is a gang:
	// it holds all its units in every period of a run.
	Preemptible JobShape = "preemptible"
	// Moldable chooses one width of its scaling at the start, and then runs as a
	// rigid job.
	Moldable JobShape = "moldable"
	// Malleable changes its width from period to period, anywhere between the
	// narrowest and the widest of its scaling, and pauses as a preemptible job.
	Malleable JobShape = "malleable"
)

// ScalingPoint is what a job does at a width. Between points of a malleable job
// lies the straight line. Throughput per unit never grows with the width
// (concave through the origin).
type ScalingPoint struct {
	// Units held.
	Units float64 `json:"units"`
	// EffectiveUnits is the work done: unit-hours at reference speed an hour in
	// a pool of speed 1. At most units.
	EffectiveUnits float64 `json:"effective_units"`
}

// Migration is the move of a job that has begun to another pool, between two of
// its runs. It counts as an interruption.
type Migration struct {
	// GB of the checkpoint, sent to the region of the other pool, in equal
	// parts over the periods of the pause. Within a region nothing is sent.
	GB float64 `json:"gb,omitempty"`
	// PauseH of the move: the job pauses for the fewest whole periods that last
	// so long, at least one where GB are sent.
	PauseH float64 `json:"pause_h,omitempty"`
	// MaxMoves of one job. Default 1.
	MaxMoves int `json:"max_moves,omitempty"`
}

// Running is the state of a job that runs when the horizon begins; its release_h
// is 0. It has its input and its datasets in the region where it runs, and a
// preemptible or malleable one takes them along.
type Running struct {
	// Pool in which it runs.
	Pool string `json:"pool"`
	// DoneUnitH of its work.
	DoneUnitH float64 `json:"done_unit_h,omitempty"`
	// Units that a moldable job holds.
	Units float64 `json:"units,omitempty"`
	// Pinned jobs stay in the pool. A rigid or moldable job that is pinned goes
	// on at once, with the units that it holds; one that is not may instead begin
	// anew, with all its work, at another time, place or width. A preemptible or
	// malleable job that is not pinned goes on elsewhere only by migration. Where
	// it is off in the first period and goes on later, it is interrupted.
	Pinned bool `json:"pinned,omitempty"`
}

// DataFlow is data to or from one place.
type DataFlow struct {
	// Region where an input lies or an output goes.
	Region string `json:"region"`
	// GB of one job.
	GB float64 `json:"gb"`
}

// Precedence is an edge of a job graph. It joins single jobs (count 1).
type Precedence struct {
	// Job that must have ended.
	Job string `json:"job"`
	// LagH between the end of that job's last period of work and the first
	// period of this one's.
	LagH float64 `json:"lag_h,omitempty"`
	// GB handed over, sent between the two, where they run in different
	// regions.
	GB float64 `json:"gb,omitempty"`
}

// KindSpeed is the speed of a kind of pool.
type KindSpeed struct {
	// Kind of pool.
	Kind string `json:"kind"`
	// Speed of a unit: unit-hours of reference work an hour.
	Speed float64 `json:"speed"`
}
