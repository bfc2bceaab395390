package model

// Workload is synchronous demand: requests of a latency class that arise in a
// region and are served in the same period, at any reachable site.
type Workload struct {
	Name string `json:"name"`
	// Region where the demand arises.
	Region string `json:"region"`
	// Class of latency.
	Class string `json:"class"`
	// DemandUnits busy at reference speed.
	DemandUnits Series `json:"demand_units"`
	// DataGBPerUnitH moved to the serving site's region, when that is another.
	DataGBPerUnitH float64 `json:"data_gb_per_unit_h,omitempty"`
	// PoolKinds that can serve it. Left out: any.
	PoolKinds []string `json:"pool_kinds,omitempty"`
	// AllowedSites and ForbiddenSites restrict where it is served.
	AllowedSites   []string `json:"allowed_sites,omitempty"`
	ForbiddenSites []string `json:"forbidden_sites,omitempty"`
	// Pinned shares of what is served, by site.
	Pinned []PinnedShare `json:"pinned,omitempty"`
	// UnservedPricePerUnitH replaces penalties.unserved_price_per_unit_h.
	UnservedPricePerUnitH *float64 `json:"unserved_price_per_unit_h,omitempty"`
}

// PinnedShare holds the part of a workload that one site serves, in every period:
// with served the demand less what is unserved, in units at reference speed,
//
//	share_min * served <= what the site's pools serve <= share_max * served
//
// It does not hold in an outage of computing_outages.
type PinnedShare struct {
	Site string `json:"site"`
	// ShareMin and ShareMax in [0, 1]. Default 0 and 1.
	ShareMin float64  `json:"share_min,omitempty"`
	ShareMax *float64 `json:"share_max,omitempty"`
}

// Most returns share_max or its default.
func (p *PinnedShare) Most() float64 { return orElse(p.ShareMax, 1) }
