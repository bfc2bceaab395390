package model

// Bus is a place where power meets: what flows in equals what flows out in
// every period. Shedding (at most the bus's loads, exports and site power) and
// spill keep the balance possible at a price.
type Bus struct {
	Name string `json:"name"`
	// ShedPricePerMWh replaces penalties.shed_price_per_mwh at this bus.
	ShedPricePerMWh *float64 `json:"shed_price_per_mwh,omitempty"`
	// SpillPricePerMWh replaces penalties.spill_price_per_mwh at this bus.
	SpillPricePerMWh *float64 `json:"spill_price_per_mwh,omitempty"`
}

// Load is fixed demand at a bus.
type Load struct {
	Name string `json:"name"`
	Bus  string `json:"bus"`
	// PowerMW drawn, not negative.
	PowerMW Series `json:"power_mw"`
}

// Exchange is a scheduled flow with the world outside the case.
type Exchange struct {
	Name string `json:"name"`
	Bus  string `json:"bus"`
	// ImportMW into the bus; negative is export.
	ImportMW Series `json:"import_mw"`
	// PricePerMWh paid for imports and earned by exports. Default 0.
	PricePerMWh Series `json:"price_per_mwh,omitempty"`
}
