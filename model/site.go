package model

// Site is a data centre, or an edge room, at a bus. Its machines draw IT power:
// idle power of modules on, dynamic power of busy units, and start power. The
// site draws
//
//	pue * IT + base + pump_mwh_per_mwh * heat
//
// and with cooling in place of pue
//
//	IT + factor * overhead(IT) + base + pump_mwh_per_mwh * heat
//
// Storages, thermal units and renewables that name the site stand behind its
// meter: what the site imports is what it draws, plus what its storages charge,
// less what they discharge and what its units and renewables generate. Without
// any it imports what it draws.
type Site struct {
	Name string `json:"name"`
	Bus  string `json:"bus"`
	// Region the site lies in: data of the region is at home here.
	Region string `json:"region"`
	// PUE (power usage effectiveness), at least 1. Default 1.
	PUE Series `json:"pue,omitempty"`
	// Cooling in place of pue: overhead that depends on the IT power and on the
	// weather.
	Cooling *Cooling `json:"cooling,omitempty"`
	// AmbientC is the outdoor temperature, degrees Celsius. Cooling and water that
	// depend on it need it.
	AmbientC Series `json:"ambient_c,omitempty"`
	// BaseMW drawn whatever runs, cooling included.
	BaseMW Series `json:"base_mw,omitempty"`
	// ImportLimitMW bounds what the site imports. Left out: no limit.
	ImportLimitMW Series `json:"import_limit_mw,omitempty"`
	// ExportLimitMW bounds what the site exports, where more is generated behind
	// its meter than it uses. Default 0.
	ExportLimitMW Series `json:"export_limit_mw,omitempty"`
	// RampMWPerH limits the change of the site's import between periods; it
	// binds from the second period on, and from the first when
	// initial_power_mw, the import before the horizon, is given. Left out: no
	// limit.
	RampMWPerH     *float64 `json:"ramp_mw_per_h,omitempty"`
	InitialPowerMW *float64 `json:"initial_power_mw,omitempty"`
	// UPSMinutes for which the storages behind the site's meter can carry what
	// the whole site draws: in every period their levels at its begin and at its
	// end, times their discharge efficiency and less the energy that their
	// upward reserve of the period may draw, cover the draw for so long, and
	// their max_discharge_mw together is at least the draw. So it is in the
	// period of a call; later ones rely on what is planned anew. Default 0: not
	// asked for.
	UPSMinutes float64 `json:"ups_minutes,omitempty"`
	// WaterLPerKWh of IT energy, litres; 1 l/kWh is 1 m3/MWh. Default 0.
	WaterLPerKWh Series `json:"water_l_per_kwh,omitempty"`
	// WaterByTemperature gives it at outdoor temperatures, ascending: the straight
	// line between two, constant outside. In place of water_l_per_kwh.
	WaterByTemperature []WaterUse `json:"water_by_temperature,omitempty"`
	// WaterPricePerM3 used. Default 0.
	WaterPricePerM3 float64 `json:"water_price_per_m3,omitempty"`
	// WaterLimitM3 over the horizon; what is used above it is paid at
	// penalties.water_excess_price_per_m3 on top. Left out: no limit.
	WaterLimitM3 *float64 `json:"water_limit_m3,omitempty"`
	// Heat that the site can deliver.
	Heat *Heat `json:"heat,omitempty"`
	// Green is the share of renewable energy that the site must show.
	Green *Green `json:"green,omitempty"`
	// LatitudeDeg and LongitudeDeg, for round-trip times by distance.
	// Default: the region's.
	LatitudeDeg  *float64 `json:"latitude_deg,omitempty"`
	LongitudeDeg *float64 `json:"longitude_deg,omitempty"`
}
