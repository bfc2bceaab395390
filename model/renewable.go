package model

// Renewable is generation that weather offers and the plan may curtail.
type Renewable struct {
	Name string `json:"name"`
	Bus  string `json:"bus" unless:"site"`
	// Site in place of bus: behind the meter of this site, at its bus.
	Site string `json:"site,omitempty"`
	// Source names it in reports, as in wind, solar.
	Source string `json:"source,omitempty"`
	// CapacityMW installed, for shares of capacity in the report. Default:
	// the largest available power.
	CapacityMW float64 `json:"capacity_mw,omitempty"`
	// AvailableMW that weather offers.
	AvailableMW Series `json:"available_mw"`
	// MinPowerMW of it that the plan must take. Default 0.
	MinPowerMW Series `json:"min_power_mw,omitempty"`
	// CostPerMWh produced. Default 0.
	CostPerMWh float64 `json:"cost_per_mwh,omitempty"`
	// CurtailmentPricePerMWh of what is available and not used. Default 0.
	CurtailmentPricePerMWh float64 `json:"curtailment_price_per_mwh,omitempty"`
}
