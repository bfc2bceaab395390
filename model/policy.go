package model

// Policy prices and limits what the whole plan adds up to.
type Policy struct {
	// CO2PricePerT of every tonne emitted. Default 0.
	CO2PricePerT float64 `json:"co2_price_per_t,omitempty"`
	// CO2CapT over the horizon; tonnes above it are paid at
	// penalties.co2_excess_price_per_t on top. Left out: no cap.
	CO2CapT *float64 `json:"co2_cap_t,omitempty"`
	// RenewableShareMin is the least share, in [0, 1], of renewable energy in
	// the energy of all thermal, renewable and hydro generation over the
	// horizon; what is missing is paid at
	// penalties.renewable_shortfall_price_per_mwh. Left out: no share.
	RenewableShareMin *float64 `json:"renewable_share_min,omitempty"`
	// HydroCountsAsRenewable adds hydro to the renewable side of the share.
	HydroCountsAsRenewable bool `json:"hydro_counts_as_renewable,omitempty"`
	// ElectrificationShare is the share, in [0, 1], of final energy that is
	// electricity, in the area that the case stands for: a figure of its
	// statistics or scenario, which reports show among the indicators. The plan
	// does not depend on it. Left out: not shown.
	ElectrificationShare *float64 `json:"electrification_share,omitempty"`
}
