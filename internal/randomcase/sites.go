package randomcase

import (
	"fmt"
	"math/rand/v2"

	"github.com/wattbit/wattbit/model"
)

// sitesInFull gives sites cooling, water, heat, green shares, assets behind their
// meters, power levels and demand response. It has random numbers of its own, so that
// all else in a case is as it is without.
func (g *generator) sitesInFull(seed, attempt uint64) {
	g.Rand = rand.New(rand.NewPCG(seed+1<<32, attempt))
	c := g.c
	if g.chance(0.3) {
		c.Penalties.WaterExcessPricePerM3 = g.pick(1, 50)
	}
	if g.chance(0.5) {
		c.Penalties.GreenShortfallPricePerMWh = g.pick(5, 60, 400)
	}
	for i := range c.Pools {
		if g.with(powerLevels, 0.25) {
			g.level(&c.Pools[i])
		}
	}
	for i := range c.Sites {
		s := &c.Sites[i]
		if g.with(cooling, 0.4) {
			g.cooling(s)
		}
		if g.with(water, 0.3) {
			g.water(s)
		}
		if g.with(heat, 0.3) {
			s.Heat = &model.Heat{
				Share: *g.pick(0.3, 0.7, 1), DemandMW: g.series(0, 3), PricePerMWh: g.series(-5, 60), PumpMWhPerMWh: *g.pick(0, 0.1, 0.3),
			}
		}
		if g.with(behindMeter, 0.4) {
			g.behind(s)
		}
		if g.with(green, 0.4) {
			g.green(s)
		}
	}
	some := 0
	if g.holds(programmes) {
		some = g.IntN(2) + g.IntN(2)
	}
	for i := range some {
		g.programme(i)
	}
	for i := range c.DemandResponses {
		if g.chance(0.4) {
			c.DemandResponses[i].NoticeH = *g.pick(0.5, 1, 3)
		}
	}
	for i := range c.Sites {
		g.meterOnCall(&c.Sites[i])
	}
}

// level adds a power level of a pool.
func (g *generator) level(of *model.Pool) {
	p := model.Pool{
		Name: of.Name + " low", Site: of.Site, ModulesOf: of.Name, Speed: g.pick(0.5, 0.8, 1.2),
		DynamicMWPerUnit: of.DynamicMWPerUnit * *g.pick(0.3, 0.6, 1.5),
	}
	if g.chance(0.3) {
		p.Kind = "low"
	}
	g.c.Pools = append(g.c.Pools, p)
}

// demand of a site: what it draws at least, and what its machines can draw at most, MW
// of IT power.
func (g *generator) demand(site string) (least, most float64) {
	for _, p := range g.c.Pools {
		if p.Site != site || p.PowerLevel() {
			continue
		}
		all := float64(p.Modules)
		most += all * (p.IdleMWPerModule + p.UnitsPerModule*p.DynamicMWPerUnit)
		if p.AlwaysOn {
			least += all * p.IdleMWPerModule
		}
	}
	return least, most
}

func (g *generator) cooling(s *model.Site) {
	least, most := g.demand(s.Name)
	s.PUE, s.Cooling = nil, &model.Cooling{}
	slope, to := *g.pick(0, 0.1, 0.3), 0.0
	for range 1 + g.IntN(3) {
		to += g.between(0.1, 0.5) * most
		s.Cooling.Pieces = append(s.Cooling.Pieces, model.CoolingPiece{ITMW: ptr(to), OverheadMWPerMW: slope})
		slope += *g.pick(0, 0.2, 0.6)
	}
	last := &s.Cooling.Pieces[len(s.Cooling.Pieces)-1]
	if *last.ITMW < least || g.chance(0.6) {
		last.ITMW = nil
	}
	if g.chance(0.3) {
		return
	}
	s.AmbientC = g.series(-5, 35)
	if g.chance(0.7) {
		s.Cooling.ByTemperature = []model.CoolingFactor{{AmbientC: 0, Factor: *g.pick(0, 0.4)}, {AmbientC: 20, Factor: 1}, {AmbientC: 30, Factor: *g.pick(1, 2)}}
	}
	if g.chance(0.6) {
		s.Cooling.FreeBelowC, s.Cooling.FreeFactor = g.pick(0, 12), *g.pick(0, 0.1)
	}
}

func (g *generator) water(s *model.Site) {
	_, most := g.demand(s.Name)
	s.WaterLPerKWh = g.series(0, 2.5)
	s.WaterPricePerM3 = *g.pick(0, 3, 20)
	s.WaterLimitM3 = g.maybe(0.5, 0, 1.5*most*g.c.Horizon.TotalHours())
}

// waterByWeather lets the water of sites that use some follow the temperature. It has
// random numbers of its own, as sitesInFull has.
func (g *generator) waterByWeather(seed, attempt uint64) {
	g.Rand = rand.New(rand.NewPCG(seed+3<<32, attempt))
	for i := range g.c.Sites {
		s := &g.c.Sites[i]
		if !s.WaterLPerKWh.Given() || g.chance(0.5) {
			continue
		}
		if !s.AmbientC.Given() {
			s.AmbientC = g.series(-5, 35)
		}
		s.WaterLPerKWh = nil
		s.WaterByTemperature = []model.WaterUse{{AmbientC: 5, LPerKWh: *g.pick(0, 0.3)}, {AmbientC: 20, LPerKWh: 1}, {AmbientC: 30, LPerKWh: *g.pick(1, 2.5)}}
	}
}

// behind moves assets behind the meter of a site.
func (g *generator) behind(s *model.Site) {
	c, export := g.c, 0.0
	var stored []*model.Storage
	for i := range c.Storages {
		if b := &c.Storages[i]; b.Site == "" && g.chance(0.6) {
			b.Bus, b.Site = "", s.Name
			stored = append(stored, b)
		}
	}
	for i := range c.Renewables {
		if r := &c.Renewables[i]; r.Site == "" && g.chance(0.5) {
			r.Bus, r.Site = "", s.Name
			for _, mw := range r.MinPowerMW {
				export = max(export, mw)
			}
		}
	}
	if u := &c.ThermalUnits[len(c.ThermalUnits)-1]; u.Site == "" && g.chance(0.3) {
		u.Bus, u.Site = "", s.Name
		if u.MustRunUnits.Given() || u.FixedUnits.Given() || u.HeatMinPowerMW.Given() || u.Initial != nil || g.chance(0.5) {
			export += float64(u.N()) * u.MaxPowerMW
		}
	}
	if export > 0 || g.chance(0.4) {
		s.ExportLimitMW = model.Constant(export + g.between(0, 20))
	}
	g.backup(s, stored)
}

// backup asks storages to carry the site, for no longer than they can at first.
func (g *generator) backup(s *model.Site, by []*model.Storage) {
	least, most := g.demand(s.Name)
	draws := s.BaseMW.At(0, 0) + 1.6*least + 0.3*most
	mw, mwh := 0.0, 0.0
	for _, b := range by {
		mw += b.MaxDischargeMW
		mwh += b.DischargeEfficiency() * min(b.InitialLevelMWh, b.LevelMaxMWh)
	}
	if minutes := *g.pick(5, 15, 40); mw >= draws && mwh >= draws*minutes/60 && g.chance(0.6) {
		s.UPSMinutes = minutes
	}
}

func (g *generator) green(s *model.Site) {
	green := &model.Green{ShareMin: *g.pick(0, 0.5, 1), HourlyShareMin: *g.pick(0, 0.3, 0.9)}
	if green.ShareMin == 0.5 && green.HourlyShareMin == 0.3 {
		green.DailyShareMin = 0.9 // without a draw of its own, which would change every case
	}
	if green.ShareMin+green.HourlyShareMin == 0 || len(g.c.Renewables) == 0 {
		return
	}
	if g.chance(0.5) {
		for _, r := range g.c.Renewables {
			if g.chance(0.6) {
				green.Sources = append(green.Sources, r.Name)
			}
		}
		for _, h := range g.c.Hydro {
			green.Sources = append(green.Sources, h.Name)
		}
	}
	s.Green = green
}

func (g *generator) programme(i int) {
	c := g.c
	if len(c.Sites) == 0 {
		return
	}
	s := &c.Sites[g.IntN(len(c.Sites))]
	least, most := g.demand(s.Name)
	d := model.DemandResponse{
		Name: fmt.Sprintf("programme %d", i), Site: s.Name, ReductionMW: g.between(0.1, 0.1+0.5*most),
		PricePerMWh: g.between(1, 400), MinCallH: *g.pick(0, 1, 3), MaxCallH: g.maybe(0.5, 3, 8),
	}
	d.BaselineMW = g.series(d.ReductionMW+least, d.ReductionMW+2*most+3)
	if g.chance(0.4) {
		d.Offered = make(model.Series, len(g.hours))
		for t := range d.Offered {
			d.Offered[t] = float64(min(1, g.IntN(4)))
		}
	}
	if g.chance(0.4) {
		n := 1 + g.IntN(2)
		d.MaxCalls = &n
	}
	c.DemandResponses = append(c.DemandResponses, d)
}

// meterOnCall lets storages behind the meter of a site promise what its UPS or a programme
// may need too. A site with a programme is given a storage if it has none.
func (g *generator) meterOnCall(s *model.Site) {
	c, programme := g.c, false
	for i := range c.DemandResponses {
		programme = programme || c.DemandResponses[i].Site == s.Name
	}
	if !programme && s.UPSMinutes == 0 || !g.holds(reserve) {
		return
	}
	var stored, others []*model.Storage
	for i := range c.Storages {
		switch b := &c.Storages[i]; b.Site {
		case s.Name:
			stored = append(stored, b)
		case "":
			others = append(others, b)
		}
	}
	if len(stored) == 0 && len(others) > 0 && g.chance(0.7) {
		stored = others[:1]
		stored[0].Bus, stored[0].Site = "", s.Name
	}
	if len(stored) == 0 || g.chance(0.2) {
		return
	}
	r := model.ReserveProduct{
		Name: "on call at " + s.Name, Direction: model.Up, SustainedH: g.pick(0, 0.25, 0.5, 1),
		RequirementMW: g.series(0, 1.2*stored[0].MaxDischargeMW), ShortagePricePerMWh: g.pick(5, 50, 400),
	}
	if s.UPSMinutes == 0 || programme && g.chance(0.5) {
		r.Direction = model.Down
	}
	c.Reserves = append(c.Reserves, r)
	for _, b := range stored {
		b.Reserves = append(b.Reserves, r.Name)
	}
}

func ptr[T any](v T) *T { return &v }
