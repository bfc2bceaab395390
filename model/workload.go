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
	// UnservedPricePerUnitH replaces penalties.unserved_price_per_unit_h.
	UnservedPricePerUnitH *float64 `json:"unserved_price_per_unit_h,omitempty"`
}
