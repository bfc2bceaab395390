package model

// Heat is what a site can sell of the heat of its machines.
type Heat struct {
	// Share of the IT power that can be taken as heat, 0 to 1.
	Share float64 `json:"share"`
	// DemandMW that can be delivered at most.
	DemandMW Series `json:"demand_mw"`
	// PricePerMWh earned. Default 0.
	PricePerMWh Series `json:"price_per_mwh,omitempty"`
	// PumpMWhPerMWh of heat that pumps draw. Default 0.
	PumpMWhPerMWh float64 `json:"pump_mwh_per_mwh,omitempty"`
}
