package model

import "slices"

// Dataset is data that several jobs read. A copy in a region serves every job
// there; it is sent whole, once, over the data link from a region that has one
// from the start, and it is there from the period after its last part arrived.
type Dataset struct {
	Name string `json:"name"`
	// GB of the whole dataset.
	GB float64 `json:"gb"`
	// Regions with a copy from the start.
	Regions []string `json:"regions"`
	// AllowedRegions and ForbiddenRegions restrict where it may be: no copy is made
	// elsewhere, and no job that reads it runs there, though it took it along. Left
	// out: anywhere.
	AllowedRegions   []string `json:"allowed_regions,omitempty"`
	ForbiddenRegions []string `json:"forbidden_regions,omitempty"`
}

// MayBeIn says whether the dataset may be in the region.
func (d *Dataset) MayBeIn(region string) bool {
	return (len(d.AllowedRegions) == 0 || slices.Contains(d.AllowedRegions, region)) && !slices.Contains(d.ForbiddenRegions, region)
}
