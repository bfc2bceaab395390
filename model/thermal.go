package model

// ThermalUnit is a generator that is switched on and off, or a cluster of
// identical ones with an integer commitment. Every field is per unit unless it
// says otherwise; limits of a cluster are sums over its units. The rules follow
// Knueven, Ostrowski, Watson 2020 (KOW20).
type ThermalUnit struct {
	Name string `json:"name"`
	Bus  string `json:"bus" unless:"site"`
	// Site in place of bus: behind the meter of this site, at its bus.
	Site string `json:"site,omitempty"`
	// Fuel names the source in reports, as in coal, gas, nuclear.
	Fuel string `json:"fuel,omitempty"`
	// Count of identical units. Default 1.
	Count int `json:"count,omitempty"`

	// MinPowerMW of a unit that is on (in normal operation, see deep).
	MinPowerMW float64 `json:"min_power_mw"`
	// MaxPowerMW of a unit that is on.
	MaxPowerMW float64 `json:"max_power_mw"`

	// RampUpMWPerH and RampDownMWPerH limit the change of output between two
	// periods in which the unit is on. Left out: no limit.
	RampUpMWPerH   *float64 `json:"ramp_up_mw_per_h,omitempty"`
	RampDownMWPerH *float64 `json:"ramp_down_mw_per_h,omitempty"`
	// StartupLimitMW is the most output in the first period on,
	// ShutdownLimitMW in the last. Left out: max_power_mw.
	StartupLimitMW  *float64 `json:"startup_limit_mw,omitempty"`
	ShutdownLimitMW *float64 `json:"shutdown_limit_mw,omitempty"`

	// MinUpH and MinDownH are the least hours on and off.
	MinUpH   float64 `json:"min_up_h,omitempty"`
	MinDownH float64 `json:"min_down_h,omitempty"`

	// Startup tiers by hours offline, ascending; none means free starts.
	Startup []StartupTier `json:"startup,omitempty"`

	// Cost is the running cost of a unit that is on, as points of a convex
	// curve from min_power_mw to max_power_mw. One point at min_power_mw is
	// enough when both are equal.
	Cost []CostPoint `json:"cost"`
	// CostFactor multiplies the running cost (cost and deep.cost) in each
	// period: a fuel price that changes. Default 1.
	CostFactor Series `json:"cost_factor,omitempty"`
	// CO2TPerMWh emitted.
	CO2TPerMWh float64 `json:"co2_t_per_mwh,omitempty"`

	// MustRunUnits is the least number of units on.
	MustRunUnits Series `json:"must_run_units,omitempty"`
	// FixedUnits is the exact number of units on; -1 leaves it free.
	FixedUnits Series `json:"fixed_units,omitempty"`
	// OutageUnits is the number of units out by plan: at most count minus
	// this many are on.
	OutageUnits Series `json:"outage_units,omitempty"`
	// HeatMinPowerMW is the least output of the whole unit or cluster, bound
	// by heat that it must deliver.
	HeatMinPowerMW Series `json:"heat_min_power_mw,omitempty"`

	// Deep is flexible operation below min_power_mw.
	Deep *DeepOperation `json:"deep,omitempty"`

	// Initial is the state before the horizon. Left out: all units have been
	// off for so long that no limit binds.
	Initial *ThermalInitial `json:"initial,omitempty"`

	// Reserves names the products that the unit may provide, when on and not
	// in deep operation, within its ramp over the product's minutes.
	Reserves []string `json:"reserves,omitempty"`
}

// StartupTier is the cost of a start after at least so many hours offline.
type StartupTier struct {
	// AfterOffH is where the tier begins. The first tier begins at the
	// minimum down time or below.
	AfterOffH float64 `json:"after_off_h"`
	// Cost of one start.
	Cost float64 `json:"cost"`
	// CO2T emitted by one start.
	CO2T float64 `json:"co2_t,omitempty"`
}

// CostPoint is a point of a running cost curve.
type CostPoint struct {
	// PowerMW of the unit.
	PowerMW float64 `json:"power_mw"`
	// CostPerH of running at that power for an hour.
	CostPerH float64 `json:"cost_per_h"`
}

// DeepOperation is flexible operation below a unit's normal minimum, as
// retrofitted coal units offer: dearer (oil support, wear), slower, and once
// entered kept for some hours. A unit on is in normal operation, between
// min_power_mw and max_power_mw, or in deep operation, between this
// min_power_mw and the normal one. The deep ramp binds upwards when the unit
// was deep in the period before, downwards when it is deep in the period after.
type DeepOperation struct {
	// MinPowerMW of a unit in deep operation, below the normal minimum.
	MinPowerMW float64 `json:"min_power_mw"`
	// Cost is the whole running cost in deep operation, as points of a
	// convex curve from this minimum to the normal one.
	Cost []CostPoint `json:"cost"`
	// RampMWPerH limits the change of output, up and down. Left out: the
	// normal limits.
	RampMWPerH *float64 `json:"ramp_mw_per_h,omitempty"`
	// MinStayH is the least hours in deep operation once entered.
	MinStayH float64 `json:"min_stay_h,omitempty"`
}

// ThermalInitial is the state of a unit or cluster before the horizon.
type ThermalInitial struct {
	// UnitsOn of the count.
	UnitsOn int `json:"units_on"`
	// HoursOn is how long the units on have been on. Default: long enough
	// for every limit.
	HoursOn *float64 `json:"hours_on,omitempty"`
	// HoursOff is how long the others have been off. Default: long enough
	// for every limit, and the coldest start-up tier.
	HoursOff *float64 `json:"hours_off,omitempty"`
	// PowerMW of all units together. Default: their least output.
	PowerMW *float64 `json:"power_mw,omitempty"`
	// UnitsDeep of those on were in deep operation. Default 0.
	UnitsDeep int `json:"units_deep,omitempty"`
	// DeepPowerMW is what the deep units produced together (part of power_mw).
	// Default: their least output.
	DeepPowerMW *float64 `json:"deep_power_mw,omitempty"`
	// HoursDeep is how long they have been deep. Default: long enough.
	HoursDeep *float64 `json:"hours_deep,omitempty"`
}
