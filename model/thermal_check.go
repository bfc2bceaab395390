package model

import (
	"fmt"
	"math"
)

// maxUnits of a cluster.
const maxUnits = 100_000

func (u *ThermalUnit) check(k *checker) {
	k.busOrSite(u.Bus, u.Site)
	k.refs("reserves", "reserves", u.Reserves)
	good := u.checkLimits(k)
	good = u.checkStartup(k) && good
	good = checkCurve(k, "cost", u.Cost, "min_power_mw", u.MinPowerMW, "max_power_mw", u.MaxPowerMW) && good
	k.series("cost_factor", u.CostFactor, 0, math.Inf(1))
	k.notNegative("co2_t_per_mwh", u.CO2TPerMWh)
	if u.Deep != nil {
		good = u.checkDeep(k) && good
	}
	if good && u.checkSeries(k) && u.Initial != nil {
		u.checkInitial(k)
	}
}

// leastPower is the least output of a unit that is on.
func (u *ThermalUnit) leastPower() float64 {
	if u.Deep != nil {
		return u.Deep.MinPowerMW
	}
	return u.MinPowerMW
}

func (u *ThermalUnit) checkLimits(k *checker) bool {
	ok := true
	if u.Count < 0 || u.Count > maxUnits {
		k.fail("count", fmt.Sprintf("%d is not a number of units", u.Count), fmt.Sprintf("give 1 to %d", maxUnits))
		ok = false
	}
	ok = k.notNegative("min_power_mw", u.MinPowerMW) && ok
	ok = k.positive("max_power_mw", u.MaxPowerMW) && k.least("min_power_mw", u.MinPowerMW, "max_power_mw", u.MaxPowerMW) && ok
	ok = k.notNegativeIf("ramp_up_mw_per_h", u.RampUpMWPerH) && ok
	ok = k.notNegativeIf("ramp_down_mw_per_h", u.RampDownMWPerH) && ok
	ok = k.notNegative("min_up_h", u.MinUpH) && ok
	ok = k.notNegative("min_down_h", u.MinDownH) && ok
	for _, limit := range []struct {
		field string
		value *float64
	}{{"startup_limit_mw", u.StartupLimitMW}, {"shutdown_limit_mw", u.ShutdownLimitMW}} {
		if limit.value == nil || !ok {
			continue
		}
		switch v, from := *limit.value, u.leastPower(); {
		case v < from:
			k.fail(limit.field, fmt.Sprintf("%s is below the least output %s", num(v), num(from)), "give at least "+num(from))
			ok = false
		case v > u.MaxPowerMW:
			k.fail(limit.field, fmt.Sprintf("%s is above max_power_mw %s", num(v), num(u.MaxPowerMW)), "give at most "+num(u.MaxPowerMW))
			ok = false
		}
	}
	return ok
}

func (u *ThermalUnit) checkStartup(k *checker) bool {
	ok := true
	for i, tier := range u.Startup {
		at := fmt.Sprintf("startup[%d].", i)
		ok = k.notNegative(at+"after_off_h", tier.AfterOffH) && ok
		ok = k.notNegative(at+"cost", tier.Cost) && ok
		ok = k.notNegative(at+"co2_t", tier.CO2T) && ok
		if i == 0 {
			if tier.AfterOffH > u.MinDownH {
				k.fail(at+"after_off_h", fmt.Sprintf("%s is above min_down_h %s: a start between them has no tier", num(tier.AfterOffH), num(u.MinDownH)),
					"begin the first tier at "+num(u.MinDownH)+" or below")
				ok = false
			}
			continue
		}
		before := u.Startup[i-1]
		if tier.AfterOffH <= before.AfterOffH {
			k.fail(at+"after_off_h", fmt.Sprintf("%s is not above the tier before, %s", num(tier.AfterOffH), num(before.AfterOffH)), "order the tiers by hours offline")
			ok = false
		}
		// A warm start may be paid as a cold one, so a cold one must not be
		// the cheaper.
		if tier.Cost < before.Cost {
			k.fail(at+"cost", fmt.Sprintf("%s is below that of the warmer tier before, %s", num(tier.Cost), num(before.Cost)), "let no colder start be cheaper")
			ok = false
		}
		if tier.CO2T < before.CO2T {
			k.fail(at+"co2_t", fmt.Sprintf("%s is below that of the warmer tier before, %s", num(tier.CO2T), num(before.CO2T)), "let no colder start emit less")
			ok = false
		}
	}
	return ok
}

// checkCurve checks a cost curve: from one power to the other, ascending and
// convex.
func checkCurve(k *checker, field string, curve []CostPoint, fromField string, from float64, toField string, to float64) bool {
	if len(curve) == 0 {
		k.fail(field, "has no points", fmt.Sprintf("give points from %s to %s", fromField, toField))
		return false
	}
	at := func(i int) string { return fmt.Sprintf("%s[%d]", field, i) }
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-6*max(1, math.Abs(b)) }
	if last := len(curve) - 1; !near(curve[0].PowerMW, from) {
		k.fail(at(0)+".power_mw", fmt.Sprintf("the curve begins at %s, not at %s %s", num(curve[0].PowerMW), fromField, num(from)), "begin it at "+num(from))
		return false
	} else if !near(curve[last].PowerMW, to) {
		k.fail(at(last)+".power_mw", fmt.Sprintf("the curve ends at %s, not at %s %s", num(curve[last].PowerMW), toField, num(to)), "end it at "+num(to))
		return false
	}
	slope := math.Inf(-1)
	for i := 1; i < len(curve); i++ {
		width := curve[i].PowerMW - curve[i-1].PowerMW
		if width <= 0 {
			k.fail(at(i)+".power_mw", fmt.Sprintf("%s is not above the point before, %s", num(curve[i].PowerMW), num(curve[i-1].PowerMW)), "order the points by power")
			return false
		}
		next := (curve[i].CostPerH - curve[i-1].CostPerH) / width
		if next < slope-1e-6*max(1, math.Abs(slope)) {
			k.fail(at(i)+".cost_per_h", fmt.Sprintf("the curve is not convex: a MWh costs %s here and %s in the segment before", short(next), short(slope)),
				"let the cost of a MWh rise with power")
			return false
		}
		slope = next
	}
	return true
}

func (u *ThermalUnit) checkDeep(k *checker) bool {
	d := u.Deep
	ok := k.notNegative("deep.min_power_mw", d.MinPowerMW)
	if d.MinPowerMW >= u.MinPowerMW {
		k.fail("deep.min_power_mw", fmt.Sprintf("%s is not below min_power_mw %s", num(d.MinPowerMW), num(u.MinPowerMW)), "give less than "+num(u.MinPowerMW))
		return false
	}
	ok = k.notNegativeIf("deep.ramp_mw_per_h", d.RampMWPerH) && ok
	ok = k.notNegative("deep.min_stay_h", d.MinStayH) && ok
	return checkCurve(k, "deep.cost", d.Cost, "deep.min_power_mw", d.MinPowerMW, "min_power_mw", u.MinPowerMW) && ok
}

// checkSeries checks the series of numbers of units against each other.
func (u *ThermalUnit) checkSeries(k *checker) bool {
	n := float64(u.N())
	ok := k.series("must_run_units", u.MustRunUnits, 0, n) && k.whole("must_run_units", u.MustRunUnits)
	ok = k.series("fixed_units", u.FixedUnits, -1, n) && k.whole("fixed_units", u.FixedUnits) && ok
	ok = k.series("outage_units", u.OutageUnits, 0, n) && k.whole("outage_units", u.OutageUnits) && ok
	ok = k.series("heat_min_power_mw", u.HeatMinPowerMW, 0, n*u.MaxPowerMW) && ok
	if !ok || !k.sized {
		return false
	}
	for t := range k.hours {
		least, most := u.MustRunUnits.At(t, 0), n-u.OutageUnits.At(t, 0)
		fixed, heat := u.FixedUnits.At(t, -1), u.HeatMinPowerMW.At(t, 0)
		at := func(field string, s Series) string {
			if len(s) > 1 {
				return fmt.Sprintf("%s[%d]", field, t)
			}
			return field
		}
		switch {
		case least > most:
			k.fail(at("must_run_units", u.MustRunUnits), fmt.Sprintf("%s must run in period %d, %s are not out", num(least), t, num(most)), "ask for fewer, or mend outage_units")
			return false
		case fixed > most:
			k.fail(at("fixed_units", u.FixedUnits), fmt.Sprintf("%s are fixed in period %d, %s are not out", num(fixed), t, num(most)), "fix fewer, or mend outage_units")
			return false
		case fixed >= 0 && fixed < least:
			k.fail(at("fixed_units", u.FixedUnits), fmt.Sprintf("%s are fixed in period %d, %s must run", num(fixed), t, num(least)), "fix more, or mend must_run_units")
			return false
		}
		if fixed >= 0 {
			most = fixed
		}
		if heat > most*u.MaxPowerMW*(1+1e-9) {
			k.fail(at("heat_min_power_mw", u.HeatMinPowerMW), fmt.Sprintf("%s is more than the %s MW of the %s units that can run in period %d", num(heat), num(most*u.MaxPowerMW), num(most), t),
				"ask for less heat, or mend outage_units and fixed_units")
			return false
		}
	}
	return true
}
