package model

import (
	"fmt"
	"math"
)

// meter is what stands behind a site's meter, as far as it can be read.
type meter struct {
	any bool
	// partial: an asset could not be read, so that nothing follows from what is
	// missing.
	partial bool
	// mostMW that all give together by period.
	mostMW []float64
	// Of the storages: what they give at most, and what their levels before the
	// horizon and at their highest give.
	storages                            int
	dischargeMW, initialMWh, highestMWh float64
}

func (k *checker) behind(s *Site) *meter {
	b := &meter{mostMW: make([]float64, len(k.hours))}
	for _, section := range []string{"thermal_units", "renewables", "storages"} {
		b.partial = b.partial || k.known[section].partial
	}
	here := func(section string, i int, site string) bool {
		if site != s.Name {
			return false
		}
		b.any = true
		b.partial = b.partial || k.spoiled[itemKey{section, i}]
		return true
	}
	add := func(mw func(t int) float64) {
		for t := range b.mostMW {
			b.mostMW[t] += mw(t)
		}
	}
	for i := range k.c.ThermalUnits {
		if u := &k.c.ThermalUnits[i]; here("thermal_units", i, u.Site) {
			add(func(int) float64 { return float64(u.N()) * u.MaxPowerMW })
		}
	}
	for i := range k.c.Renewables {
		r := &k.c.Renewables[i]
		if !here("renewables", i, r.Site) {
			continue
		}
		if n := len(r.AvailableMW); n > 1 && n != len(k.hours) {
			b.partial = true // reported with the renewable
			continue
		}
		add(func(t int) float64 { return r.AvailableMW.At(t, 0) })
	}
	for i := range k.c.Storages {
		if y := &k.c.Storages[i]; here("storages", i, y.Site) {
			add(func(int) float64 { return y.MaxDischargeMW })
			b.storages++
			b.dischargeMW += y.MaxDischargeMW
			b.initialMWh += y.InitialLevelMWh * y.DischargeEfficiency()
			b.highestMWh += y.LevelMaxMWh * y.DischargeEfficiency()
		}
	}
	return b
}

// checkMeter checks the fields that only mean something with assets behind the
// meter.
func (s *Site) checkMeter(k *checker, b *meter) {
	k.series("export_limit_mw", s.ExportLimitMW, 0, math.Inf(1))
	if b.partial {
		return
	}
	if s.ExportLimitMW.Given() && !b.any {
		k.warn("export_limit_mw", "is given, and nothing stands behind the site's meter", "name the site in a storage, thermal unit or renewable")
	}
	if !b.any {
		k.notNegativeIf("initial_power_mw", s.InitialPowerMW)
	}
	if s.UPSMinutes > 0 && b.storages == 0 {
		k.fail("ups_minutes", "is given, and no storage stands behind the site's meter", "name the site in a storage")
	}
}

// leastDrawMW is what a site draws in period t whatever runs: the base, and pools
// that are always on.
func (s *Site) leastDrawMW(k *checker, t int) (mw float64, from string) {
	it, from := 0.0, "base_mw"
	for i := range k.c.Pools {
		p := &k.c.Pools[i]
		if n := len(p.AvailableModules); p.Site == s.Name && p.AlwaysOn && p.IdleMWPerModule > 0 && (n <= 1 || n == len(k.hours)) {
			it += p.IdleMWPerModule * float64(p.MaxModules(t))
			from = "base_mw and pools that are always on"
		}
	}
	base := s.BaseMW.At(t, 0)
	if s.Cooling != nil {
		return it + s.CoolingFactor(t)*s.Cooling.OverheadMW(it) + base, from
	}
	return s.PUE.At(t, 1)*it + base, from
}

// checkLeastImport checks that the import limit lets in what is drawn whatever
// runs.
func (s *Site) checkLeastImport(k *checker, b *meter) {
	if !s.ImportLimitMW.Given() {
		return
	}
	for t := range k.hours {
		drawn, from := s.leastDrawMW(k, t)
		limit := s.ImportLimitMW.At(t, 0)
		switch {
		case drawn-b.mostMW[t] <= limit*(1+1e-9):
			continue
		case b.any:
			k.fail("import_limit_mw", fmt.Sprintf("%s in period %d is below what %s draw, %s, less the %s that can be given behind the meter",
				num(limit), t, from, short(drawn), short(b.mostMW[t])), "give a higher limit")
		default:
			k.fail("import_limit_mw", fmt.Sprintf("%s in period %d is below what %s draw, %s", num(limit), t, from, short(drawn)), "give a higher limit")
		}
		return
	}
}

// checkUPS checks that the storages can carry what is drawn whatever runs.
func (s *Site) checkUPS(k *checker, b *meter) {
	if s.UPSMinutes == 0 || b.storages == 0 {
		return
	}
	for t := range k.hours {
		drawn, from := s.leastDrawMW(k, t)
		needed, held, what := drawn*s.UPSMinutes/60, b.highestMWh, "at their highest levels"
		if t == 0 {
			held, what = min(held, b.initialMWh), "at their initial levels"
		}
		switch {
		case drawn > b.dischargeMW*(1+1e-9):
			k.fail("ups_minutes", fmt.Sprintf("%s draw %s MW in period %d, and the storages behind the meter give %s", from, short(drawn), t, short(b.dischargeMW)), "give the storages more max_discharge_mw")
		case needed > held*(1+1e-9):
			k.fail("ups_minutes", fmt.Sprintf("%s draw %s MWh in so long in period %d, and the storages behind the meter hold %s %s", from, short(needed), t, short(held), what), "ask for fewer minutes, or give the storages more")
		default:
			continue
		}
		return
	}
}
