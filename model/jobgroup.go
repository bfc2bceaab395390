package model

// JobGroup ties single jobs (count 1) to each other. One that does nothing but keep
// them apart takes classes too, one or several, and counts each of their jobs.
type JobGroup struct {
	Name string `json:"name"`
	// Jobs that it ties.
	Jobs []string `json:"jobs"`
	// Together is pool, site or region: all jobs of the group that are not
	// dropped run in the same one.
	Together Place `json:"together,omitempty"`
	// Apart is pool, site or region: at most max_per of the group's jobs run in
	// one, those of a class all counted.
	Apart  Place `json:"apart,omitempty"`
	MaxPer int   `json:"max_per,omitempty"` // default 1
	// FinishWithinH between the ends of the last periods of work of any two
	// jobs of the group that are done. Left out: no limit.
	FinishWithinH *float64 `json:"finish_within_h,omitempty"`
	// AllOrNone: no job is dropped, or all are. Work may be left of any.
	AllOrNone bool `json:"all_or_none,omitempty"`
}

// OnlyApart says that the group does nothing but keep its jobs apart.
func (g *JobGroup) OnlyApart() bool {
	return g.Apart != "" && g.Together == "" && g.FinishWithinH == nil && !g.AllOrNone
}

// GroupSize returns the number of jobs that the group ties, those of classes counted.
func (ix *Index) GroupSize(g *JobGroup) int {
	n := 0
	for _, name := range g.Jobs {
		if i, ok := ix.Jobs[name]; ok {
			n += ix.c.Jobs[i].N()
		}
	}
	return n
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

// TiedJobs returns the names of jobs that others come after, or that are in a group.
func (c *Case) TiedJobs() map[string]bool {
	tied := make(map[string]bool)
	for i := range c.Jobs {
		for _, p := range c.Jobs[i].After {
			tied[p.Job] = true
		}
	}
	for i := range c.JobGroups {
		for _, name := range c.JobGroups[i].Jobs {
			tied[name] = true
		}
	}
	return tied
}
