package model

// Site is a data centre, or an edge room, at a bus. It draws
//
//	pue * (idle power of modules on + dynamic power of busy units + start power) + base
type Site struct {
	Name string `json:"name"`
	Bus  string `json:"bus"`
	// Region the site lies in: data of the region is at home here.
	Region string `json:"region"`
	// PUE (power usage effectiveness), at least 1. Default 1.
	PUE Series `json:"pue,omitempty"`
	// BaseMW drawn whatever runs, cooling included.
	BaseMW Series `json:"base_mw,omitempty"`
	// ImportLimitMW bounds the power of the site. Left out: no limit.
	ImportLimitMW Series `json:"import_limit_mw,omitempty"`
	// RampMWPerH limits the change of the site's power between periods; it
	// binds from the second period on, and from the first when
	// initial_power_mw is given. Left out: no limit.
	RampMWPerH     *float64 `json:"ramp_mw_per_h,omitempty"`
	InitialPowerMW *float64 `json:"initial_power_mw,omitempty"`
	// LatitudeDeg and LongitudeDeg, for round-trip times by distance.
	// Default: the region's.
	LatitudeDeg  *float64 `json:"latitude_deg,omitempty"`
	LongitudeDeg *float64 `json:"longitude_deg,omitempty"`
}

// Pool is one kind of machine at a site, in modules (rows, containers) that are
// switched on and off whole.
type Pool struct {
	Name string `json:"name"`
	Site string `json:"site"`
	// Kind of machine, as in cpu, gpu; work may ask for kinds.
	Kind string `json:"kind,omitempty"`
	// Modules in the pool.
	Modules int `json:"modules"`
	// UnitsPerModule that a module offers while on.
	UnitsPerModule float64 `json:"units_per_module"`
	// Speed of a unit: unit-hours of reference work an hour. Default 1.
	Speed *float64 `json:"speed,omitempty"`
	// IdleMWPerModule drawn by a module that is on, used or not.
	IdleMWPerModule float64 `json:"idle_mw_per_module,omitempty"`
	// DynamicMWPerUnit drawn on top by a busy unit.
	DynamicMWPerUnit float64 `json:"dynamic_mw_per_unit,omitempty"`
	// AvailableModules in each period. Default: modules.
	AvailableModules Series `json:"available_modules,omitempty"`
	// AlwaysOn keeps every available module on; else the plan decides.
	AlwaysOn bool `json:"always_on,omitempty"`
	// MinOnH and MinOffH of a module.
	MinOnH  float64 `json:"min_on_h,omitempty"`
	MinOffH float64 `json:"min_off_h,omitempty"`
	// StartEnergyMWh drawn by a module in its first period on.
	StartEnergyMWh float64 `json:"start_energy_mwh,omitempty"`
	// StartCost of a module.
	StartCost float64 `json:"start_cost,omitempty"`
	// InitialModulesOn before the horizon, for long enough for every limit;
	// so the others off. Default: the modules available in the first period.
	InitialModulesOn *int `json:"initial_modules_on,omitempty"`
}

// UnitSpeed returns speed or its default.
func (p *Pool) UnitSpeed() float64 { return orElse(p.Speed, 1) }
