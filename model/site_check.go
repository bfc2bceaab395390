package model

import (
	"fmt"
	"math"
)

// busOrSite checks where an asset stands: at a bus, or behind a site's meter.
func (k *checker) busOrSite(bus, site string) {
	switch {
	case site == "":
		k.ref("bus", "buses", bus)
	case bus != "":
		k.fail("site", fmt.Sprintf("%s is given beside bus %s", clip(site), clip(bus)), "give one of the two: an asset behind a site's meter is at the site's bus")
	default:
		k.ref("site", "sites", site)
	}
}

func (s *Site) check(k *checker) {
	k.ref("bus", "buses", s.Bus)
	k.ref("region", "regions", s.Region)
	k.coordinates(s.LatitudeDeg, s.LongitudeDeg)
	ok := k.series("pue", s.PUE, 1, math.Inf(1))
	for t, pue := range s.PUE {
		if pue > 5 {
			k.warn("pue", fmt.Sprintf("%s in period %d is far above any site's", num(pue), t), "check the unit")
			break
		}
	}
	ok = s.checkCooling(k) && ok
	ok = s.checkAmbient(k) && ok
	ok = k.series("base_mw", s.BaseMW, 0, math.Inf(1)) && ok
	ok = k.series("import_limit_mw", s.ImportLimitMW, 0, math.Inf(1)) && ok
	ok = k.notNegative("ups_minutes", s.UPSMinutes) && ok
	k.notNegativeIf("ramp_mw_per_h", s.RampMWPerH)
	s.checkWater(k)
	if s.Heat != nil {
		s.Heat.check(k)
	}
	if s.Green != nil {
		s.Green.check(k)
	}
	b := k.behind(s)
	s.checkMeter(k, b)
	if !ok || !k.sized || b.partial {
		return
	}
	s.checkLeastImport(k, b)
	s.checkUPS(k, b)
}

func (s *Site) checkWater(k *checker) {
	k.series("water_l_per_kwh", s.WaterLPerKWh, 0, math.Inf(1))
	k.pointsByTemperature("water_by_temperature", "l_per_kwh", len(s.WaterByTemperature), s.waterUse)
	if s.WaterLPerKWh.Given() && len(s.WaterByTemperature) > 0 {
		k.fail("water_by_temperature", "is given beside water_l_per_kwh", "give one of the two")
	}
	k.notNegative("water_price_per_m3", s.WaterPricePerM3)
	k.notNegativeIf("water_limit_m3", s.WaterLimitM3)
	const idle, remedy = "is given, and the site uses no water", "give water_l_per_kwh or water_by_temperature"
	switch {
	case s.CountsWater():
	case s.WaterPricePerM3 != 0:
		k.warn("water_price_per_m3", idle, remedy)
	case s.WaterLimitM3 != nil:
		k.warn("water_limit_m3", idle, remedy)
	}
}

func (h *Heat) check(k *checker) {
	k.fraction("heat.share", h.Share)
	if k.needed("heat.demand_mw", h.DemandMW) {
		k.series("heat.demand_mw", h.DemandMW, 0, math.Inf(1))
	}
	k.notNegative("heat.pump_mwh_per_mwh", h.PumpMWhPerMWh)
}

// fraction checks a number in [0, 1].
func (k *checker) fraction(field string, v float64) bool {
	if v < 0 || v > 1 {
		k.fail(field, num(v)+" is not in [0, 1]", "give a share, as in 0.4")
		return false
	}
	return true
}

func (g *Green) check(k *checker) {
	ok := k.fraction("green.share_min", g.ShareMin)
	ok = k.fraction("green.daily_share_min", g.DailyShareMin) && ok
	ok = k.fraction("green.hourly_share_min", g.HourlyShareMin) && ok
	if ok && g.ShareMin == 0 && g.DailyShareMin == 0 && g.HourlyShareMin == 0 {
		k.fail("green", "asks for nothing", "give share_min, daily_share_min or hourly_share_min")
	}
	if len(g.Sources) == 0 {
		if len(k.c.Renewables) == 0 && !k.known["renewables"].partial {
			k.warn("green", "the case has no renewables: all of the share will be short", "add renewables, or name hydro in sources")
		}
		return
	}
	if !k.fewParts("green.sources", len(g.Sources)) {
		return
	}
	renewables, hydro := k.known["renewables"], k.known["hydro"]
	named := make(map[string]bool, len(g.Sources))
	for i, name := range g.Sources {
		at := fmt.Sprintf("green.sources[%d]", i)
		_, isRenewable := renewables.at[name]
		_, isHydro := hydro.at[name]
		switch {
		case named[name]:
			k.fail(at, clip(name)+" is named twice", "keep one")
		case isRenewable && isHydro:
			k.fail(at, clip(name)+" is both in renewables and in hydro", "give one of them another name")
		case !isRenewable && !isHydro && !renewables.partial && !hydro.partial:
			k.fail(at, clip(name)+" is neither in renewables nor in hydro", didYouMean(name, append(append([]string{}, renewables.order...), hydro.order...)))
		}
		named[name] = true
	}
}
