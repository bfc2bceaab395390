package verify

import "math"

const (
	ruleSitePower  = "site.power"
	ruleSiteImport = "site.import_limit"
	ruleSiteRamp   = "site.ramp"
	ruleSiteRoom   = "site.room"
)

func siteRules() []Rule {
	return []Rule{
		{ruleSitePower, "Site power is PUE times idle, dynamic and start power of its pools, plus the base."},
		{ruleSiteImport, "Site power is at most the import limit."},
		{ruleSiteRoom, "Site power with all that jobs may take on top when their reserve is called is at most the import limit."},
		{ruleSiteRamp, "Site power changes by at most the ramp limit."},
	}
}

func (k *checker) sites() {
	power := grid(len(k.c.Sites), k.periods)
	room := grid(len(k.c.Sites), k.periods)
	for i := range k.c.Pools {
		site := k.at.sites[k.c.Pools[i].Site]
		for t, mw := range k.drawn[i] {
			power[site][t] += mw
			room[site][t] += mw + k.c.Pools[i].DynamicMWPerUnit*k.room[i][t]
		}
	}
	for i := range k.c.Sites {
		s, p := &k.c.Sites[i], &k.p.Sites[i]
		bus := k.at.buses[s.Bus]
		for t := range k.periods {
			mw := k.siteMW(i, t, power[i][t])
			power[i][t] = mw
			if k.differ(p.PowerMW[t], mw) {
				k.breach(ruleSitePower, s.Name, t, p.PowerMW[t], mw, "power is given as %g MW; its pools and base draw %g", p.PowerMW[t], mw)
			}
			if most := s.ImportLimitMW.At(t, math.Inf(1)); k.above(mw, most) {
				k.breach(ruleSiteImport, s.Name, t, mw, most, "power is %g MW, at most %g", mw, most)
			}
			if mw, most := k.siteMW(i, t, room[i][t]), s.ImportLimitMW.At(t, math.Inf(1)); mw > power[i][t] && k.above(mw, most) {
				k.breach(ruleSiteRoom, s.Name, t, mw, most, "power is %g MW when jobs are called, at most %g", mw, most)
			}
			if rise := k.change(power[i], t, s.InitialPowerMW); s.RampMWPerH != nil {
				if most := *s.RampMWPerH * k.rampHours(t); k.above(math.Abs(rise), most) {
					k.breach(ruleSiteRamp, s.Name, t, math.Abs(rise), most, "power changes by %g MW, at most %g", rise, most)
				}
			}
			k.inject(bus, t, -mw)
			k.sheddable[bus][t] += mw
		}
	}
}

// siteMW is what a site draws when its pools draw so many MW.
func (k *checker) siteMW(site, t int, it float64) float64 {
	s := &k.c.Sites[site]
	return s.PUE.At(t, 1)*it + s.BaseMW.At(t, 0)
}
