package model

// Pool is one kind of machine at a site, in modules (rows, containers) that are
// switched on and off whole. A pool that names another in modules_of is a power
// level of it: the same machines at another clock, with a speed and a dynamic
// power of its own. It has no modules; what it holds counts in the other pool's
// units.
type Pool struct {
	Name string `json:"name"`
	Site string `json:"site"`
	// Kind of machine, as in cpu, gpu; work may ask for kinds. Default of a
	// power level: the other pool's.
	Kind string `json:"kind,omitempty"`
	// ModulesOf names the pool of the same site, itself no power level, on whose
	// modules this one runs. It then gives neither modules nor what belongs to
	// them: units_per_module, idle_mw_per_module, available_modules, always_on,
	// min_on_h, min_off_h, starts and initial_modules_on.
	ModulesOf string `json:"modules_of,omitempty"`
	// Modules in the pool.
	Modules int `json:"modules" unless:"modules_of"`
	// UnitsPerModule that a module offers while on.
	UnitsPerModule float64 `json:"units_per_module" unless:"modules_of"`
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

// PowerLevel says whether the pool runs on another one's modules.
func (p *Pool) PowerLevel() bool { return p.ModulesOf != "" }
