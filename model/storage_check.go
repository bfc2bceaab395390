package model

import (
	"fmt"
	"math"
)

func (s *Storage) check(k *checker) {
	k.busOrSite(s.Bus, s.Site)
	k.refs("reserves", "reserves", s.Reserves)
	ok := k.notNegative("max_charge_mw", s.MaxChargeMW)
	ok = k.notNegative("max_discharge_mw", s.MaxDischargeMW) && ok
	ok = k.notNegative("min_charge_mw", s.MinChargeMW) && k.least("min_charge_mw", s.MinChargeMW, "max_charge_mw", s.MaxChargeMW) && ok
	ok = k.notNegative("min_discharge_mw", s.MinDischargeMW) && k.least("min_discharge_mw", s.MinDischargeMW, "max_discharge_mw", s.MaxDischargeMW) && ok
	ok = k.share("efficiency_charge", s.EfficiencyCharge) && ok
	ok = k.share("efficiency_discharge", s.EfficiencyDischarge) && ok
	ok = k.share("retention_per_h", s.RetentionPerH) && ok
	k.notNegative("wear_cost_per_mwh", s.WearCostPerMWh)
	k.notNegativeIf("max_cycles", s.MaxCycles)
	l := levels{s.LevelMinMWh, s.LevelMaxMWh, s.InitialLevelMWh, s.TerminalMinMWh, s.TerminalMaxMWh}
	if !l.check(k) || !ok || !k.sized {
		return
	}
	low, high := l.initial, l.initial
	for t, h := range k.hours {
		kept := math.Pow(s.Retention(), h)
		low = low*kept - s.MaxDischargeMW/s.DischargeEfficiency()*h
		high = high*kept + s.MaxChargeMW*s.ChargeEfficiency()*h
		if !l.clip(k, t, &low, &high, "losing more than max_charge_mw makes up for", "") {
			return
		}
	}
	l.checkTerminal(k, low, high)
}

func (y *Hydro) check(k *checker) {
	k.ref("bus", "buses", y.Bus)
	k.refs("reserves", "reserves", y.Reserves)
	ok := k.notNegative("max_power_mw", y.MaxPowerMW)
	ok = k.notNegative("min_power_mw", y.MinPowerMW) && k.least("min_power_mw", y.MinPowerMW, "max_power_mw", y.MaxPowerMW) && ok
	ok = k.notNegativeIf("ramp_mw_per_h", y.RampMWPerH) && ok
	ok = k.notNegativeIf("max_spill_mw", y.MaxSpillMW) && ok
	ok = k.series("inflow_mw", y.InflowMW, 0, math.Inf(1)) && ok
	if p := y.InitialPowerMW; p != nil && ok && k.notNegative("initial_power_mw", *p) && k.sized {
		step := orElse(y.RampMWPerH, math.Inf(1)) * k.hours[0]
		switch {
		case *p-step > y.MaxPowerMW:
			k.fail("initial_power_mw", fmt.Sprintf("%s cannot come down to max_power_mw %s in period 0 within the ramp", num(*p), num(y.MaxPowerMW)), "give less")
		case *p+step < y.MinPowerMW:
			k.fail("initial_power_mw", fmt.Sprintf("%s cannot come up to min_power_mw %s in period 0 within the ramp", num(*p), num(y.MinPowerMW)), "give more")
		}
	}
	l := levels{y.LevelMinMWh, y.LevelMaxMWh, y.InitialLevelMWh, y.TerminalMinMWh, y.TerminalMaxMWh}
	if !l.check(k) || !ok || !k.sized {
		return
	}
	low, high := l.initial, l.initial
	for t, h := range k.hours {
		inflow := y.InflowMW.At(t, 0)
		low += (inflow - y.MaxPowerMW - orElse(y.MaxSpillMW, math.Inf(1))) * h
		high += (inflow - y.MinPowerMW) * h
		if !l.clip(k, t, &low, &high, "min_power_mw takes more water than there is", "more flows in than turbines and max_spill_mw take out") {
			return
		}
	}
	l.checkTerminal(k, low, high)
}

// levels are what storage and hydro have in common.
type levels struct {
	least, most, initial     float64
	terminalMin, terminalMax *float64
}

func (l *levels) check(k *checker) bool {
	ok := k.notNegative("level_min_mwh", l.least) && k.least("level_min_mwh", l.least, "level_max_mwh", l.most)
	if !ok {
		return false
	}
	inside := func(field string, v *float64) bool {
		if v == nil || *v >= l.least && *v <= l.most {
			return true
		}
		k.fail(field, fmt.Sprintf("%s is outside the level bounds %s to %s", num(*v), num(l.least), num(l.most)), "give a level within")
		return false
	}
	ok = inside("initial_level_mwh", &l.initial)
	ok = inside("terminal_min_mwh", l.terminalMin) && ok
	ok = inside("terminal_max_mwh", l.terminalMax) && ok
	if ok && l.terminalMin != nil && l.terminalMax != nil {
		ok = k.least("terminal_min_mwh", *l.terminalMin, "terminal_max_mwh", *l.terminalMax)
	}
	return ok
}

// clip keeps the levels that can be reached at the end of period t to the
// bounds, and reports when none is left.
func (l *levels) clip(k *checker, t int, low, high *float64, drained, flooded string) bool {
	slack := 1e-6 * max(1, l.most)
	switch {
	case *high < l.least-slack:
		k.fail("level_min_mwh", fmt.Sprintf("the level falls to %s by the end of period %d whatever is done: %s", short(*high), t, drained), "give a lower minimum or a higher initial level")
		return false
	case *low > l.most+slack:
		k.fail("level_max_mwh", fmt.Sprintf("the level rises to %s by the end of period %d whatever is done: %s", short(*low), t, flooded), "give a higher maximum or a lower initial level")
		return false
	}
	*low, *high = max(*low, l.least), min(*high, l.most)
	return true
}

func (l *levels) checkTerminal(k *checker, low, high float64) {
	slack := 1e-6 * max(1, l.most)
	if v := l.terminalMin; v != nil && *v > high+slack {
		k.fail("terminal_min_mwh", fmt.Sprintf("%s cannot be reached from initial_level_mwh %s: %s at most", num(*v), num(l.initial), short(high)), "give at most "+short(high))
	}
	if v := l.terminalMax; v != nil && *v < low-slack {
		k.fail("terminal_max_mwh", fmt.Sprintf("%s cannot be reached from initial_level_mwh %s: %s at least", num(*v), num(l.initial), short(low)), "give at least "+short(low))
	}
}
