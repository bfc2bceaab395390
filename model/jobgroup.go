package model

// JobGroup ties single jobs (count 1) to each other.
type JobGroup struct {
	Name string `json:"name"`
	// Jobs that it ties.
	Jobs []string `json:"jobs"`
	// Together is pool, site or region: all jobs of the group that are not
	// dropped run in the same one.
	Together Place `json:"together,omitempty"`
	// Apart is pool, site or region: at most max_per of the group's jobs run in
	// one.
	Apart  Place `json:"apart,omitempty"`
	MaxPer int   `json:"max_per,omitempty"` // default 1
	// FinishWithinH between the ends of the last periods of work of any two
	// jobs of the group that are done. Left out: no limit.
	FinishWithinH *float64 `json:"finish_within_h,omitempty"`
	// AllOrNone: no job is dropped, or all are. Work may be left of any.
	AllOrNone bool `json:"all_or_none,omitempty"`
}

// Place is what jobs share that run in the same place.
type Place string

const (
	InPool   Place = "pool"
	InSite   Place = "site"
	InRegion Place = "region"
)

// Quota bounds what the jobs of an owner hold of pools.
type Quota struct {
	Name string `json:"name"`
	// Owner of the jobs that it bounds.
	Owner string `json:"owner"`
	// Pools that it concerns, together. Left out: all.
	Pools []string `json:"pools,omitempty"`
	// MaxUnitH held over the horizon. Left out: no limit.
	MaxUnitH *float64 `json:"max_unit_h,omitempty"`
	// MaxUnits held in each period. Left out: no limit.
	MaxUnits Series `json:"max_units,omitempty"`
	// MaxShare of the units that the pools' available modules offer, held in
	// each period, 0 to 1. Left out: no limit.
	MaxShare Series `json:"max_share,omitempty"`
}
