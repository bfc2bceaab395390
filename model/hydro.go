package model

// Hydro is a reservoir with inflow, turbine and spill; water is counted in MWh
// of the electricity it makes.
//
//	level_t = level_{t-1} + (inflow_t - power_t - spill_t) * hours_t
type Hydro struct {
	Name string `json:"name"`
	Bus  string `json:"bus"`
	// MaxPowerMW and MinPowerMW of the turbines. A minimum is a must-run flow.
	MaxPowerMW float64 `json:"max_power_mw"`
	MinPowerMW float64 `json:"min_power_mw,omitempty"`
	// RampMWPerH limits the change of output between periods, up and down;
	// it binds from the second period on, and from the first when
	// initial_power_mw is given. Left out: no limit.
	RampMWPerH     *float64 `json:"ramp_mw_per_h,omitempty"`
	InitialPowerMW *float64 `json:"initial_power_mw,omitempty"`
	// InflowMW of water.
	InflowMW Series `json:"inflow_mw,omitempty"`
	// MaxSpillMW past the turbines. Left out: no limit.
	MaxSpillMW *float64 `json:"max_spill_mw,omitempty"`
	// LevelMinMWh and LevelMaxMWh bound the level at every period's end.
	LevelMinMWh float64 `json:"level_min_mwh,omitempty"`
	LevelMaxMWh float64 `json:"level_max_mwh"`
	// InitialLevelMWh before the horizon.
	InitialLevelMWh float64 `json:"initial_level_mwh"`
	// TerminalMinMWh and TerminalMaxMWh bound the last level. Left out: the
	// level bounds alone.
	TerminalMinMWh *float64 `json:"terminal_min_mwh,omitempty"`
	TerminalMaxMWh *float64 `json:"terminal_max_mwh,omitempty"`
	// WaterValuePerMWh is earned by water left at the horizon's end.
	WaterValuePerMWh float64 `json:"water_value_per_mwh,omitempty"`
	// CostPerMWh produced. Default 0.
	CostPerMWh float64 `json:"cost_per_mwh,omitempty"`
	// Reserves names the products that the turbines may provide. Upward
	// reserve is covered by water for the product's sustained duration.
	Reserves []string `json:"reserves,omitempty"`
}
