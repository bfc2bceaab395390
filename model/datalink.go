package model

// DataLink carries data between two regions, both ways at once. Data that stays
// in its region crosses no link and is free; regions without a link between
// them exchange no data.
type DataLink struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
	// CapacityGbps each way; 1 Gb/s carries 450 GB an hour.
	CapacityGbps Series `json:"capacity_gbps"`
	// PricePerGB carried.
	PricePerGB float64 `json:"price_per_gb,omitempty"`
	// EnergyKWhPerGB, drawn half at each region's bus in the period of the
	// transfer.
	EnergyKWhPerGB float64 `json:"energy_kwh_per_gb,omitempty"`
	// LeadTimeH after the end of the period in which data is sent until it can
	// be used, rounded up to whole periods. Workloads are served at once.
	LeadTimeH float64 `json:"lead_time_h,omitempty"`
}

// GBPerGbpsH is the data that 1 Gb/s carries in an hour, in GB.
const GBPerGbpsH = 450
