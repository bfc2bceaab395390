package verify

import "math"

const (
	ruleSiteMeter  = "site.import"
	ruleSiteImport = "site.import_limit"
	ruleSiteExport = "site.export_limit"
	ruleSiteRamp   = "site.ramp"
	ruleSiteSend   = "site.reserve_export"
	ruleSiteRoom   = "site.room"
)

func meterRules() []Rule {
	return []Rule{
		{ruleSiteMeter, "Site import is site power and what storages behind the meter charge, less what they discharge and what is generated there."},
		{ruleSiteImport, "Site import is at most the import limit."},
		{ruleSiteExport, "Site export is at most the export limit."},
		{ruleSiteRamp, "Site import changes by at most the ramp limit."},
		{ruleSiteSend, "Where assets stand behind the meter, their upward reserve and that of the site's jobs, called in full, leave the export at most its limit."},
		{ruleSiteRoom, "Site import, with all that jobs may take on top when their reserve is called and all downward reserve of what stands behind the meter, is at most the import limit, and IT power at most what the cooling serves."},
	}
}

// busOf is the bus of an asset: its own, or that of the site behind whose meter
// it stands.
func (k *checker) busOf(bus, site string) int {
	if site != "" {
		bus = k.c.Sites[k.at.sites[site]].Bus
	}
	return k.at.buses[bus]
}

// referMeter checks that an asset names a bus or a site.
func (k *checker) referMeter(section, item, bus, site string) {
	switch {
	case site == "":
		k.refer(section, item, "bus", bus, k.at.buses)
	case bus != "":
		k.breach(ruleCaseValid, item, -1, 0, 0, "%s: bus names %q beside site %q", section, bus, site)
	default:
		k.refer(section, item, "site", site, k.at.sites)
	}
}

// openMeters makes room for what stands behind the sites' meters.
func (k *checker) openMeters() {
	n := len(k.c.Sites)
	k.netMW, k.metUp, k.metDown = grid(n, k.periods), grid(n, k.periods), grid(n, k.periods)
	k.siteIT, k.roomIT = grid(n, k.periods), grid(n, k.periods)
	k.sitePower, k.imported = grid(n, k.periods), grid(n, k.periods)
	k.metered = make([]bool, n)
	behind := func(site string) {
		if site != "" {
			k.metered[k.at.sites[site]] = true
		}
	}
	for i := range k.c.ThermalUnits {
		behind(k.c.ThermalUnits[i].Site)
	}
	for i := range k.c.Renewables {
		behind(k.c.Renewables[i].Site)
	}
	for i := range k.c.Storages {
		behind(k.c.Storages[i].Site)
	}
}

// meter adds what an asset gives, negative where it takes, behind a site's meter;
// one at a bus is behind none.
func (k *checker) meter(site string, t int, mw float64) {
	if site != "" {
		k.netMW[k.at.sites[site]][t] += mw
	}
}

// meterReserve adds what an asset behind a site's meter promises.
func (k *checker) meterReserve(site string, t int, up, down float64) {
	if site != "" {
		i := k.at.sites[site]
		k.metUp[i][t] += up
		k.metDown[i][t] += down
	}
}

// imports checks what a site takes through its meter.
func (k *checker) imports(i int) {
	s, p := &k.c.Sites[i], &k.p.Sites[i]
	for t := range k.periods {
		mw := k.sitePower[i][t] - k.netMW[i][t]
		k.imported[i][t] = mw
		if k.metered[i] {
			k.throughMeter(i, t)
		}
		k.calledImport(i, t)
		if k.metered[i] && k.differ(p.ImportMW[t], mw) {
			k.breach(ruleSiteMeter, s.Name, t, p.ImportMW[t], mw, "import is given as %g MW; power and what stands behind the meter make %g", p.ImportMW[t], mw)
		}
		if most := s.ImportLimitMW.At(t, math.Inf(1)); k.above(mw, most) {
			k.breach(ruleSiteImport, s.Name, t, mw, most, "import is %g MW, at most %g", mw, most)
		}
		if rise := k.change(k.imported[i], t, s.InitialPowerMW); s.RampMWPerH != nil {
			if most := *s.RampMWPerH * k.rampHours(t); k.above(math.Abs(rise), most) {
				k.breach(ruleSiteRamp, s.Name, t, math.Abs(rise), most, "import changes by %g MW, at most %g", rise, most)
			}
		}
	}
}

// throughMeter checks the export, also with upward reserve called.
func (k *checker) throughMeter(i, t int) {
	s := &k.c.Sites[i]
	mw, most := k.imported[i][t], s.ExportLimitMW.At(t, 0)
	if k.above(-mw, most) {
		k.breach(ruleSiteExport, s.Name, t, -mw, most, "export is %g MW, at most %g", -mw, most)
	}
	if up := k.metUp[i][t] + k.promise[i][t]; up != 0 && k.above(up-mw, most) {
		k.breach(ruleSiteSend, s.Name, t, up-mw, most, "export is %g MW when %g MW of reserve are called, at most %g", up-mw, up, most)
	}
}

// calledImport checks that a site has room for what may be called on top of the
// plan.
func (k *checker) calledImport(i, t int) {
	s := &k.c.Sites[i]
	if !k.mayAdd(i, t) {
		return
	}
	it := k.siteIT[i][t] + k.roomIT[i][t]
	mw := k.roomImport(i, t)
	if most := s.ImportLimitMW.At(t, math.Inf(1)); k.above(mw, most) {
		k.breach(ruleSiteRoom, s.Name, t, mw, most, "import is %g MW when reserve is called, at most %g", mw, most)
	}
	if most := coolingEnd(s); k.roomIT[i][t] > 0 && k.above(it, most) {
		k.breach(ruleSiteRoom, s.Name, t, it, most, "IT power is %g MW when jobs are called, the cooling serves %g", it, most)
	}
}

// mayAdd says whether anything may be called on top of the plan at a site: units of
// jobs, or downward reserve of what stands behind its meter.
func (k *checker) mayAdd(i, t int) bool { return k.roomIT[i][t] != 0 || k.metDown[i][t] != 0 }

// roomImport is what a site imports with all of it.
func (k *checker) roomImport(i, t int) float64 {
	return k.calledMW(i, t, k.siteIT[i][t]+k.roomIT[i][t])
}

// calledMW is what a site imports when its machines draw so many MW and all downward
// reserve of what stands behind its meter is called.
func (k *checker) calledMW(i, t int, itMW float64) float64 {
	return k.siteMW(i, t, itMW) - k.netMW[i][t] + k.metDown[i][t]
}
