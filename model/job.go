package model

// Job is asynchronous work that may wait and may move: one job, or a class of
// alike jobs with a count. A job runs in one pool.
//
// A rigid job holds its units, from a start, for as many whole periods as its
// work takes at the pool's speed; in the last one it draws dynamic power for the
// work that is left. A preemptible job may pause at will and hold any number of
// units up to its own; it loses nothing by a pause.
type Job struct {
	Name string `json:"name"`
	// Region where the job comes from.
	Region string `json:"region"`
	// Class of latency; it bounds the sites that the job may use. Left out:
	// no bound.
	Class string `json:"class,omitempty"`
	// Count of alike jobs. Default 1.
	Count int `json:"count,omitempty"`
	// Shape is rigid or preemptible.
	Shape JobShape `json:"shape"`
	// Units held at once: the gang of a rigid job, the most of a preemptible
	// one.
	Units float64 `json:"units"`
	// WorkUnitH in unit-hours at reference speed, of one job.
	WorkUnitH float64 `json:"work_unit_h"`
	// ReleaseH and DeadlineH in hours after the horizon's start. Where they
	// fall inside a period they round inward. Default: start and end.
	ReleaseH  float64  `json:"release_h,omitempty"`
	DeadlineH *float64 `json:"deadline_h,omitempty"`
	// LatePricePerH of each hour between the deadline and the end of the last
	// period of work, of one job. Left out: the deadline is hard.
	LatePricePerH *float64 `json:"late_price_per_h,omitempty"`
	// DropPrice of one job that is not done. Default:
	// penalties.drop_price_per_unit_h times its work.
	DropPrice *float64 `json:"drop_price,omitempty"`
	// InputGB that must be in the site's region before the first period of
	// work; it is sent from the release on.
	InputGB float64 `json:"input_gb,omitempty"`
	// DataRegion where the input lies. Default: region.
	DataRegion string `json:"data_region,omitempty"`
	// PoolKinds that can run it. Left out: any.
	PoolKinds []string `json:"pool_kinds,omitempty"`
	// AllowedSites and ForbiddenSites restrict where it runs.
	AllowedSites   []string `json:"allowed_sites,omitempty"`
	ForbiddenSites []string `json:"forbidden_sites,omitempty"`
}

// JobShape says how a job may use time.
type JobShape string

const (
	Rigid       JobShape = "rigid"
	Preemptible JobShape = "preemptible"
)
