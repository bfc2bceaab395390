package model

import "fmt"

func (p *Pool) check(k *checker) {
	k.ref("site", "sites", p.Site)
	if len(p.Kind) > 0 {
		k.name("kind", p.Kind)
	}
	if p.PowerLevel() {
		p.checkPowerLevel(k)
		return
	}
	ok := true
	if p.Modules < 0 || p.Modules > maxModules {
		k.fail("modules", fmt.Sprintf("%d is not a number of modules", p.Modules), fmt.Sprintf("give 0 to %d", maxModules))
		ok = false
	}
	ok = k.positive("units_per_module", p.UnitsPerModule) && ok
	if p.Speed != nil {
		ok = k.positive("speed", *p.Speed) && ok
	}
	ok = k.notNegative("min_on_h", p.MinOnH) && ok
	ok = k.notNegative("min_off_h", p.MinOffH) && ok
	k.notNegative("idle_mw_per_module", p.IdleMWPerModule)
	k.notNegative("dynamic_mw_per_unit", p.DynamicMWPerUnit)
	k.notNegative("start_energy_mwh", p.StartEnergyMWh)
	k.notNegative("start_cost", p.StartCost)
	ok = ok && k.series("available_modules", p.AvailableModules, 0, float64(p.Modules))
	if on := p.InitialModulesOn; on != nil && ok && (*on < 0 || *on > p.Modules) {
		k.fail("initial_modules_on", fmt.Sprintf("%d is not between 0 and modules %d", *on, p.Modules), "")
		ok = false
	}
	if ok && k.sized && p.AlwaysOn {
		p.checkAlwaysOn(k)
	}
}

// checkPowerLevel checks a pool on another one's modules.
func (p *Pool) checkPowerLevel(k *checker) {
	k.notNegative("dynamic_mw_per_unit", p.DynamicMWPerUnit)
	if p.Speed != nil {
		k.positive("speed", *p.Speed)
	}
	for _, own := range []struct {
		field string
		given bool
	}{
		{"modules", p.Modules != 0},
		{"units_per_module", p.UnitsPerModule != 0},
		{"idle_mw_per_module", p.IdleMWPerModule != 0},
		{"available_modules", p.AvailableModules.Given()},
		{"always_on", p.AlwaysOn},
		{"min_on_h", p.MinOnH != 0},
		{"min_off_h", p.MinOffH != 0},
		{"start_energy_mwh", p.StartEnergyMWh != 0},
		{"start_cost", p.StartCost != 0},
		{"initial_modules_on", p.InitialModulesOn != nil},
	} {
		if own.given {
			k.fail(own.field, fmt.Sprintf("is given beside modules_of: the modules are those of %s", clip(p.ModulesOf)), "leave it out")
		}
	}
	if !k.ref("modules_of", "pools", p.ModulesOf) {
		return
	}
	at := k.known["pools"].at[p.ModulesOf]
	switch base := &k.c.Pools[at]; {
	case k.spoiled[itemKey{"pools", at}]:
	case base == p:
		k.fail("modules_of", "names the pool itself", "name the pool that has the modules")
	case base.PowerLevel():
		k.fail("modules_of", fmt.Sprintf("%s is a power level itself", clip(base.Name)), "name the pool that has the modules")
	case base.Site != p.Site:
		k.fail("modules_of", fmt.Sprintf("%s is at site %s, not %s", clip(base.Name), clip(base.Site), clip(p.Site)), "name a pool of the same site")
	}
}

// maxModules of a pool.
const maxModules = 1_000_000

// checkAlwaysOn checks that modules that follow their availability keep the
// minimum times.
func (p *Pool) checkAlwaysOn(k *checker) {
	before := p.MaxModules(0)
	if p.InitialModulesOn != nil {
		before = *p.InitialModulesOn
	}
	type change struct {
		at float64
		n  int
	}
	var starts, stops []change
	started, stopped := 0, 0 // within their minimum time
	now := 0.0
	for t, h := range k.hours {
		on := p.MaxModules(t)
		if on > before {
			starts = append(starts, change{now, on - before})
			started += on - before
		} else if on < before {
			stops = append(stops, change{now, before - on})
			stopped += before - on
		}
		for ; len(starts) > 0 && starts[0].at < now && now-starts[0].at >= p.MinOnH-durationSlack; starts = starts[1:] {
			started -= starts[0].n
		}
		for ; len(stops) > 0 && stops[0].at < now && now-stops[0].at >= p.MinOffH-durationSlack; stops = stops[1:] {
			stopped -= stops[0].n
		}
		switch {
		case started > on:
			k.fail("available_modules", fmt.Sprintf("falls to %d in period %d, and always_on with min_on_h %s keeps more on", on, t, num(p.MinOnH)), "mend one of the three")
			return
		case stopped > p.Modules-on:
			k.fail("available_modules", fmt.Sprintf("rises to %d in period %d, and always_on with min_off_h %s keeps more off", on, t, num(p.MinOffH)), "mend one of the three")
			return
		}
		before, now = on, now+h
	}
}
