package model

import (
	"fmt"
	"math"
)

// checkInitial checks the state before the horizon against the unit's limits
// and against what the first periods ask for.
func (u *ThermalUnit) checkInitial(k *checker) {
	in, n := u.Initial, u.N()
	if in.UnitsOn < 0 || in.UnitsOn > n {
		k.fail("initial.units_on", fmt.Sprintf("%d is not between 0 and count %d", in.UnitsOn, n), "")
		return
	}
	ok := k.notNegativeIf("initial.hours_on", in.HoursOn)
	ok = k.notNegativeIf("initial.hours_off", in.HoursOff) && ok
	ok = k.notNegativeIf("initial.hours_deep", in.HoursDeep) && ok
	switch {
	case in.UnitsDeep < 0 || in.UnitsDeep > in.UnitsOn:
		k.fail("initial.units_deep", fmt.Sprintf("%d is not between 0 and units_on %d", in.UnitsDeep, in.UnitsOn), "")
		return
	case in.UnitsDeep > 0 && u.Deep == nil:
		k.fail("initial.units_deep", "the unit has no deep operation", "describe it in deep, or leave units_deep out")
		return
	}
	if !ok {
		return
	}
	power, ok := u.checkInitialPower(k)
	if ok && u.checkUnfinished(k) {
		u.checkFirstPeriod(k, power)
	}
}

// checkInitialPower returns the power before the horizon.
func (u *ThermalUnit) checkInitialPower(k *checker) (power float64, ok bool) {
	in := u.Initial
	deep, normal := float64(in.UnitsDeep), float64(in.UnitsOn-in.UnitsDeep)
	deepPower := 0.0
	if u.Deep != nil {
		deepPower = orElse(in.DeepPowerMW, deep*u.Deep.MinPowerMW)
		if !k.between("initial.deep_power_mw", deepPower, deep*u.Deep.MinPowerMW, deep*u.MinPowerMW, "of the units in deep operation") {
			return 0, false
		}
	} else if in.DeepPowerMW != nil && *in.DeepPowerMW != 0 {
		k.fail("initial.deep_power_mw", "the unit has no deep operation", "leave it out")
		return 0, false
	}
	least, most := normal*u.MinPowerMW+deepPower, normal*u.MaxPowerMW+deepPower
	power = orElse(in.PowerMW, least)
	return power, k.between("initial.power_mw", power, least, most, "of the units on")
}

func (k *checker) between(field string, v, least, most float64, of string) bool {
	slack := 1e-6 * max(1, most)
	if v >= least-slack && v <= most+slack {
		return true
	}
	k.fail(field, fmt.Sprintf("%s is outside the output %s, %s to %s", num(v), of, num(least), num(most)), "give a power within")
	return false
}

// checkUnfinished checks what minimum times still ask of the first periods.
func (u *ThermalUnit) checkUnfinished(k *checker) bool {
	in, n := u.Initial, u.N()
	on := float64(in.UnitsOn)
	passed := 0.0
	for t, h := range k.hours {
		boundOn := in.UnitsOn > 0 && orElse(in.HoursOn, math.Inf(1))+passed < u.MinUpH-durationSlack
		boundOff := in.UnitsOn < n && orElse(in.HoursOff, math.Inf(1))+passed < u.MinDownH-durationSlack
		if !boundOn && !boundOff {
			break
		}
		fixed, must := u.FixedUnits.At(t, -1), u.MustRunUnits.At(t, 0)
		if most := float64(n) - u.OutageUnits.At(t, 0); boundOn && (most < on || fixed >= 0 && fixed < on) {
			if fixed >= 0 {
				most = min(most, fixed)
			}
			k.fail("initial.hours_on", fmt.Sprintf("min_up_h %s keeps %s units on in period %d, where %s can be", num(u.MinUpH), num(on), t, num(most)),
				"mend the hours, or the outage or fixed units")
			return false
		}
		if boundOff && max(must, fixed) > on {
			k.fail("initial.hours_off", fmt.Sprintf("min_down_h %s keeps all but %s units off in period %d, where %s must be on", num(u.MinDownH), num(on), t, num(max(must, fixed))),
				"mend the hours, or the must-run or fixed units")
			return false
		}
		passed += h
	}
	return true
}

// checkFirstPeriod checks that the power before the horizon can go on into the
// first period within ramps and start-up and shut-down limits.
func (u *ThermalUnit) checkFirstPeriod(k *checker, power float64) {
	in, hours := u.Initial, k.hours[0]
	on, most := float64(in.UnitsOn), float64(u.N())-u.OutageUnits.At(0, 0)
	if fixed := u.FixedUnits.At(0, -1); fixed >= 0 {
		most = fixed
	}
	up := min(orElse(u.RampUpMWPerH, math.Inf(1))*hours, u.MaxPowerMW)
	down := min(orElse(u.RampDownMWPerH, math.Inf(1))*hours, u.MaxPowerMW)
	slack := 1e-6 * max(1, power)

	if stops := on - most; stops > 0 {
		limit := orElse(u.ShutdownLimitMW, u.MaxPowerMW)
		if least := power - down*most - limit*stops; least > most*u.MaxPowerMW+slack {
			k.fail("initial.power_mw", fmt.Sprintf("%s units must stop in period 0, and %s cannot come down so far: a unit stops from shutdown_limit_mw %s at most",
				num(stops), num(power), num(limit)), "give less power, or let them run longer")
			return
		}
	}
	starts := max(0, most-on)
	reach := power + up*min(on, most) + orElse(u.StartupLimitMW, u.MaxPowerMW)*starts
	if heat := u.HeatMinPowerMW.At(0, 0); heat > reach+slack {
		k.fail("heat_min_power_mw", fmt.Sprintf("%s cannot be reached in period 0 from %s within the ramp: %s at most", num(heat), num(power), num(reach)),
			"ask for less heat, or give more initial power")
	}
}
