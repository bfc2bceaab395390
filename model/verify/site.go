package verify

import (
	"slices"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleSitePower       = "site.power"
	ruleSiteCooling     = "site.cooling"
	ruleSiteUPSPower    = "site.ups_power"
	ruleSiteUPSEnergy   = "site.ups_energy"
	ruleSiteWater       = "site.water"
	ruleSiteWaterExcess = "site.water_limit"
	ruleSiteHeat        = "site.heat"
)

func siteRules() []Rule {
	return slices.Concat([]Rule{
		{ruleSitePower, "Site power is the IT power of its pools, the overhead by PUE or by cooling at the period's temperature, the base, and what pumps draw for heat."},
		{ruleSiteCooling, "IT power is at most what the cooling serves."},
	}, meterRules(), []Rule{
		{ruleSiteUPSPower, "The storages behind the meter of a site with ups_minutes can discharge what it draws."},
		{ruleSiteUPSEnergy, "Their levels, at the period's begin and at its end, carry what it draws for so long, beside what their upward reserve of the period may draw."},
		{ruleSiteWater, "The plan's water is IT energy times the litres a kWh, those at the period's temperature where they follow it."},
		{ruleSiteWaterExcess, "Water above the limit is declared as excess; without a limit there is none."},
		{ruleSiteHeat, "Heat is not negative, and at most the share of the IT power and the demand."},
	})
}

func (k *checker) sites() {
	for i := range k.c.Pools {
		site := k.at.sites[k.c.Pools[i].Site]
		for t, mw := range k.drawn[i] {
			k.siteIT[site][t] += mw
			k.roomIT[site][t] += k.c.Pools[i].DynamicMWPerUnit * k.room[i][t]
		}
	}
	for i := range k.c.Sites {
		s, p := &k.c.Sites[i], &k.p.Sites[i]
		bus := k.at.buses[s.Bus]
		for t := range k.periods {
			mw := k.siteMW(i, t, k.siteIT[i][t])
			k.sitePower[i][t] = mw
			if k.differ(p.PowerMW[t], mw) {
				k.breach(ruleSitePower, s.Name, t, p.PowerMW[t], mw, "power is given as %g MW; it draws %g", p.PowerMW[t], mw)
			}
			k.inject(bus, t, -mw)
			k.sheddable[bus][t] += mw
		}
		k.coolingLimit(i)
		k.imports(i)
		k.ups(i)
		k.water(i)
		k.heat(i)
	}
}

// siteMW is what a site draws when its machines draw so many MW.
func (k *checker) siteMW(site, t int, itMW float64) float64 {
	s := &k.c.Sites[site]
	mw := s.PUE.At(t, 1) * itMW
	if s.Cooling != nil {
		mw = itMW + coolingFactor(s, t)*overheadMW(s.Cooling, itMW)
	}
	mw += s.BaseMW.At(t, 0)
	if s.Heat != nil {
		mw += s.Heat.PumpMWhPerMWh * k.p.Sites[site].HeatMW[t]
	}
	return mw
}

// ups checks that the storages behind the meter carry the site for its minutes, also
// after their upward reserve of the period was called: when the grid fails the call is
// over, and what it drew is gone. What a call leaves to later periods is planned anew.
func (k *checker) ups(i int) {
	s := &k.c.Sites[i]
	if s.UPSMinutes == 0 {
		return
	}
	most := 0.0
	begin := make([]float64, k.periods+1) // MWh that the levels give at each period's begin, and at the end
	promised := make([]float64, k.periods)
	for n := range k.c.Storages {
		y := &k.c.Storages[n]
		if y.Site != s.Name {
			continue
		}
		most += y.MaxDischargeMW
		begin[0] += y.InitialLevelMWh * y.DischargeEfficiency()
		for t, level := range k.p.Storages[n].LevelMWh {
			begin[t+1] += level * y.DischargeEfficiency()
			upMWh, _ := k.sustained(k.p.Storages[n].Reserves, t)
			promised[t] += upMWh
		}
	}
	for t, mw := range k.sitePower[i] {
		if k.above(mw, most) {
			k.breach(ruleSiteUPSPower, s.Name, t, mw, most, "power is %g MW, the storages behind the meter discharge %g at most", mw, most)
		}
		needed := mw * s.UPSMinutes / 60
		if held := min(begin[t], begin[t+1]) - promised[t]; k.below(held, needed) {
			k.breach(ruleSiteUPSEnergy, s.Name, t, held, needed, "the storages behind the meter give %g MWh beside %g of upward reserve, %g min of %g MW take %g",
				held, promised[t], s.UPSMinutes, mw, needed)
		}
	}
}

// water checks and charges a site's water, in cubic metres: a litre a kWh is one
// a MWh.
func (k *checker) water(i int) {
	s, p := &k.c.Sites[i], &k.p.Sites[i]
	used := 0.0
	for t, h := range k.hours {
		used += waterUse(s, t) * k.siteIT[i][t] * h
	}
	if k.differ(p.WaterM3, used) {
		k.breach(ruleSiteWater, s.Name, -1, p.WaterM3, used, "%g m3 are declared, %g m3 are used", p.WaterM3, used)
	}
	excess := 0.0
	if s.WaterLimitM3 != nil {
		excess = max(0, used-*s.WaterLimitM3)
	}
	switch {
	case k.below(p.WaterExcessM3, excess):
		k.breach(ruleSiteWaterExcess, s.Name, -1, p.WaterExcessM3, excess, "%g m3 are declared above the limit, %g m3 are", p.WaterExcessM3, excess)
	case s.WaterLimitM3 == nil && k.above(p.WaterExcessM3, 0):
		k.breach(ruleSiteWaterExcess, s.Name, -1, p.WaterExcessM3, 0, "%g m3 are declared above a limit that the site does not have", p.WaterExcessM3)
	}
	k.charge(model.CostWater, s.Name, i, s.WaterPricePerM3*used)
	k.charge(model.CostWaterExcess, s.Name, i, valueOr(k.c.Penalties.WaterExcessPricePerM3, 1_000)*p.WaterExcessM3)
	short := k.shortage(model.CostWaterExcess, s.Name, "m3", "")
	short.Total = p.WaterExcessM3
	k.note(&short)
}

// heat checks and credits what a site delivers.
func (k *checker) heat(i int) {
	s, p := &k.c.Sites[i], &k.p.Sites[i]
	if s.Heat == nil {
		return
	}
	earned := 0.0
	for t, h := range k.hours {
		mw := p.HeatMW[t]
		if k.below(mw, 0) {
			k.breach(ruleSiteHeat, s.Name, t, mw, 0, "%g MW of heat are delivered", mw)
		}
		most := min(s.Heat.Share*k.siteIT[i][t], s.Heat.DemandMW.At(t, 0))
		if k.above(mw, most) {
			k.breach(ruleSiteHeat, s.Name, t, mw, most, "%g MW of heat are delivered, at most %g of %g MW of IT power and a demand of %g",
				mw, most, k.siteIT[i][t], s.Heat.DemandMW.At(t, 0))
		}
		earned += s.Heat.PricePerMWh.At(t, 0) * mw * h
	}
	k.charge(model.CostHeat, s.Name, i, -earned)
}
