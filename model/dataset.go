package model

// Dataset is data that several jobs read. A copy in a region serves every job
// there; it is sent whole, once, over the data link from a region that has one
// from the start, and it is there from the period after its last part arrived.
type Dataset struct {
	Name string `json:"name"`
	// GB of the whole dataset.
	GB float64 `json:"gb"`
	// Regions with a copy from the start.
	Regions []string `json:"regions"`
}
