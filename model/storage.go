package model

// Storage moves energy through time: a battery, or pumped storage.
//
//	level_t = level_{t-1} * retention^hours_t + charge_t * efficiency_charge * hours_t
//	          - discharge_t / efficiency_discharge * hours_t
//
// It never charges and discharges in the same period.
type Storage struct {
	Name string `json:"name"`
	Bus  string `json:"bus" unless:"site"`
	// Site in place of bus: behind the meter of this site, at its bus.
	Site string `json:"site,omitempty"`
	// Technology names it in reports, as in battery, pumped hydro.
	Technology string `json:"technology,omitempty"`
	// MaxChargeMW and MaxDischargeMW at the bus.
	MaxChargeMW    float64 `json:"max_charge_mw"`
	MaxDischargeMW float64 `json:"max_discharge_mw"`
	// MinChargeMW and MinDischargeMW while charging or discharging, as pumps
	// and turbines have.
	MinChargeMW    float64 `json:"min_charge_mw,omitempty"`
	MinDischargeMW float64 `json:"min_discharge_mw,omitempty"`
	// EfficiencyCharge and EfficiencyDischarge in (0, 1]. Default 1.
	EfficiencyCharge    *float64 `json:"efficiency_charge,omitempty"`
	EfficiencyDischarge *float64 `json:"efficiency_discharge,omitempty"`
	// RetentionPerH is the share of the level kept over an hour, in (0, 1].
	// Default 1.
	RetentionPerH *float64 `json:"retention_per_h,omitempty"`
	// LevelMinMWh and LevelMaxMWh bound the level at every period's end.
	LevelMinMWh float64 `json:"level_min_mwh,omitempty"`
	LevelMaxMWh float64 `json:"level_max_mwh"`
	// InitialLevelMWh before the horizon.
	InitialLevelMWh float64 `json:"initial_level_mwh"`
	// TerminalMinMWh and TerminalMaxMWh bound the last level; equal values
	// make it exact. Left out: the level bounds alone.
	TerminalMinMWh *float64 `json:"terminal_min_mwh,omitempty"`
	TerminalMaxMWh *float64 `json:"terminal_max_mwh,omitempty"`
	// TerminalValuePerMWh is earned by energy left at the horizon's end.
	TerminalValuePerMWh float64 `json:"terminal_value_per_mwh,omitempty"`
	// WearCostPerMWh discharged. Default 0.
	WearCostPerMWh float64 `json:"wear_cost_per_mwh,omitempty"`
	// MaxCycles over the horizon: energy drawn from the level by discharging,
	// at most so many times level_max_mwh - level_min_mwh. Left out: no limit.
	MaxCycles *float64 `json:"max_cycles,omitempty"`
	// Reserves names the products that it may provide. Upward: discharging
	// more or charging less, covered by the level at the period's end for the
	// product's sustained duration. Downward: the reverse, covered by the room
	// left.
	Reserves []string `json:"reserves,omitempty"`
}

// ChargeEfficiency returns efficiency_charge or its default.
func (s *Storage) ChargeEfficiency() float64 { return orElse(s.EfficiencyCharge, 1) }

// DischargeEfficiency returns efficiency_discharge or its default.
func (s *Storage) DischargeEfficiency() float64 { return orElse(s.EfficiencyDischarge, 1) }

// Retention returns retention_per_h or its default.
func (s *Storage) Retention() float64 { return orElse(s.RetentionPerH, 1) }
