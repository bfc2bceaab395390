package randomcase

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
)

func (g *generator) power() {
	c := g.c
	for i := range 1 + g.IntN(3) {
		level := g.between(10, 150)
		c.Loads = append(c.Loads, model.Load{Name: fmt.Sprintf("load %d", i), Bus: g.bus(), PowerMW: g.series(0.4*level, level)})
	}
	if g.with(exchange, 0.3) {
		c.Exchanges = []model.Exchange{{Name: "exchange", Bus: g.bus(), ImportMW: g.series(-40, 40), PricePerMWh: g.series(5, 50)}}
	}
	for i := range g.some(reserve, 3, 2) {
		g.reserve(i)
	}
	units := 1 + g.IntN(4)
	if g.few() {
		units = 1 + units/2 // one to three
	}
	for i := range units {
		g.thermal(i)
	}
	for i := range g.some(renewable, 3, 2) {
		r := model.Renewable{Name: fmt.Sprintf("renewable %d", i), Bus: g.bus(), AvailableMW: g.series(0, g.between(5, 120))}
		if g.chance(0.5) {
			r.CostPerMWh = g.between(-30, 15)
		}
		if g.chance(0.4) {
			r.CurtailmentPricePerMWh = g.between(0, 40)
		}
		c.Renewables = append(c.Renewables, r)
	}
	if g.with(hydro, 0.4) {
		g.hydro()
	}
	for i := range g.some(storage, 3, 2) {
		g.storage(i)
	}
	for i := range len(c.Buses) - 1 {
		g.link(i)
	}
}

func (g *generator) reserve(i int) {
	r := model.ReserveProduct{Name: fmt.Sprintf("reserve %d", i), Direction: model.Up, RequirementMW: g.series(0, g.between(5, 60))}
	if g.chance(0.4) {
		r.Direction = model.Down
	}
	if g.chance(0.5) {
		r.Minutes = g.pick(5, 15, 30)
	}
	if g.chance(0.5) {
		r.SustainedH = g.pick(0, 1, 2)
	}
	if g.chance(0.3) {
		r.Buses = []string{g.bus()}
	}
	r.ShortagePricePerMWh = g.maybe(0.4, 5, 400)
	g.c.Reserves = append(g.c.Reserves, r)
}

// leastAndShared draws what renewables must give at least, and which reserve
// shares the ramp.
func (g *generator) leastAndShared() {
	for i := range g.c.Renewables {
		r := &g.c.Renewables[i]
		if !g.chance(0.3) {
			continue
		}
		share := g.between(0.1, 1)
		for _, mw := range r.AvailableMW {
			r.MinPowerMW = append(r.MinPowerMW, min(mw, math.Round(10*share*mw)/10))
		}
	}
	for i := range g.c.Reserves {
		g.c.Reserves[i].RampShared = g.chance(0.4)
	}
}

// provides draws the products that an asset offers.
func (g *generator) provides() []string {
	var out []string
	for i := range g.c.Reserves {
		if g.chance(0.6) {
			out = append(out, g.c.Reserves[i].Name)
		}
	}
	return out
}

// curve draws a convex cost curve of up to three segments.
func (g *generator) curve(least, most, price float64) []model.CostPoint {
	n := 1 + g.IntN(3)
	points := []model.CostPoint{{PowerMW: least, CostPerH: math.Round(least*price + g.between(0, 200))}}
	slope := price
	for i := range n {
		last := points[i]
		to := math.Round(10*(least+(most-least)*float64(i+1)/float64(n))) / 10
		if i == n-1 {
			to = most
		}
		if to <= last.PowerMW {
			continue
		}
		points = append(points, model.CostPoint{PowerMW: to, CostPerH: last.CostPerH + slope*(to-last.PowerMW)})
		slope += g.between(1, 20)
	}
	return points
}

func (g *generator) thermal(i int) {
	u := model.ThermalUnit{
		Name: fmt.Sprintf("thermal %d", i), Bus: g.bus(),
		MinPowerMW: g.between(0, 50),
		CO2TPerMWh: *g.pick(0, 0.4, 0.9),
	}
	u.MaxPowerMW = u.MinPowerMW + g.between(10, 120)
	if g.chance(0.15) {
		u.MinPowerMW = 0
	}
	if g.with(clusters, 0.4) {
		u.Count = 2 + g.IntN(3)
	}
	price := g.between(5, 60)
	u.Cost = g.curve(u.MinPowerMW, u.MaxPowerMW, price)
	if g.chance(0.2) {
		u.CostFactor = g.series(0.5, 3)
	}
	if u.MinPowerMW > 5 && g.with(deepOperation, 0.35) {
		g.deep(&u, price)
	}
	least := u.MinPowerMW
	if u.Deep != nil {
		least = u.Deep.MinPowerMW
	}
	span := u.MaxPowerMW - least
	if g.holds(ramps) {
		u.RampUpMWPerH = g.maybe(0.5, 0.1*span+0.1, 1.2*span)
		u.RampDownMWPerH = g.maybe(0.5, 0.1*span+0.1, 1.2*span)
		u.StartupLimitMW = g.maybe(0.4, least, u.MaxPowerMW)
		u.ShutdownLimitMW = g.maybe(0.4, least, u.MaxPowerMW)
	}
	if g.with(minimumTimes, 0.5) {
		u.MinUpH = *g.pick(0.5, 1, 2, 3, 6)
	}
	if g.with(minimumTimes, 0.5) {
		u.MinDownH = *g.pick(0.5, 1, 2, 3, 6)
	}
	g.tiers(&u)
	if g.holds(commitments) {
		g.commitments(&u)
	}
	if g.with(initialState, 0.6) {
		g.initial(&u)
	}
	u.Reserves = g.provides()
	g.c.ThermalUnits = append(g.c.ThermalUnits, u)
}

func (g *generator) deep(u *model.ThermalUnit, price float64) {
	least := math.Round(10*u.MinPowerMW*g.between(0.3, 0.8)) / 10
	u.Deep = &model.DeepOperation{MinPowerMW: least, Cost: g.curve(least, u.MinPowerMW, price+g.between(-3, 15))}
	u.Deep.RampMWPerH = g.maybe(0.5, 1, u.MaxPowerMW/2)
	if g.chance(0.5) {
		u.Deep.MinStayH = *g.pick(1, 2, 4)
	}
}

func (g *generator) tiers(u *model.ThermalUnit) {
	after, cost, co2 := 0.0, 0.0, 0.0
	for range g.some(startTiers, 4, 3) {
		cost += g.between(0, 1_500)
		co2 += g.between(0, 8)
		u.Startup = append(u.Startup, model.StartupTier{AfterOffH: after, Cost: cost, CO2T: co2})
		after += *g.pick(0.5, 1, 2, 4)
	}
	if len(u.Startup) > 0 && g.chance(0.5) {
		u.Startup[0].AfterOffH = min(u.MinDownH, u.Startup[0].AfterOffH)
	}
}

// commitments draws what is known of the commitment before.
func (g *generator) commitments(u *model.ThermalUnit) {
	n := float64(u.N())
	if g.chance(0.15) {
		u.OutageUnits = make(model.Series, len(g.hours))
		for t := g.IntN(len(g.hours)); t < len(g.hours); t++ {
			u.OutageUnits[t] = 1
		}
	}
	out := func(t int) float64 { return u.OutageUnits.At(t, 0) }
	if g.chance(0.15) {
		u.MustRunUnits = make(model.Series, len(g.hours))
		for t := g.IntN(len(g.hours)); t < len(g.hours); t++ {
			u.MustRunUnits[t] = min(1, n-out(t))
		}
	}
	if g.chance(0.15) {
		u.FixedUnits = make(model.Series, len(g.hours))
		for t := range u.FixedUnits {
			u.FixedUnits[t] = -1
			if least, most := u.MustRunUnits.At(t, 0), n-out(t); g.chance(0.4) {
				u.FixedUnits[t] = least + float64(g.IntN(int(most-least)+1))
			}
		}
	}
	if g.chance(0.1) {
		u.HeatMinPowerMW = make(model.Series, len(g.hours))
		for t := 1; t < len(g.hours); t++ {
			if u.FixedUnits.At(t, -1) != 0 && out(t) < n {
				u.HeatMinPowerMW[t] = g.between(0, u.MinPowerMW)
			}
		}
	}
}

func (g *generator) initial(u *model.ThermalUnit) {
	s := &model.ThermalInitial{UnitsOn: g.IntN(u.N() + 1)}
	hours := func() *float64 {
		if g.chance(0.5) {
			return nil
		}
		return g.pick(0.5, 1, 2, 3, 5)
	}
	s.HoursOn, s.HoursOff = hours(), hours()
	low, high := u.MinPowerMW*float64(s.UnitsOn), u.MaxPowerMW*float64(s.UnitsOn)
	if u.Deep != nil && g.chance(0.4) {
		s.UnitsDeep = g.IntN(s.UnitsOn + 1)
		s.HoursDeep = hours()
		least := u.Deep.MinPowerMW * float64(s.UnitsDeep)
		deep := g.between(least, u.MinPowerMW*float64(s.UnitsDeep))
		s.DeepPowerMW = &deep
		low = u.MinPowerMW*float64(s.UnitsOn-s.UnitsDeep) + deep
		high = u.MaxPowerMW*float64(s.UnitsOn-s.UnitsDeep) + deep
		s.PowerMW = &low
	}
	if g.chance(0.5) {
		power := g.between(low, high)
		s.PowerMW = &power
	}
	u.Initial = s
}

func (g *generator) hydro() {
	size := g.between(5, 60)
	h := model.Hydro{
		Name: "hydro", Bus: g.bus(), MaxPowerMW: size, InflowMW: g.series(0, 0.8*size),
		LevelMinMWh: g.between(0, 10), Reserves: g.provides(),
	}
	h.LevelMaxMWh = h.LevelMinMWh + g.between(5, 4*size)
	h.InitialLevelMWh = g.between(h.LevelMinMWh, h.LevelMaxMWh)
	h.TerminalMinMWh, h.TerminalMaxMWh = g.band(h.LevelMinMWh, h.InitialLevelMWh, h.LevelMaxMWh)
	if g.chance(0.3) {
		h.MinPowerMW = g.between(0, 0.2*size)
	}
	h.RampMWPerH = g.maybe(0.4, 0.1*size+0.1, size)
	if h.RampMWPerH != nil {
		h.InitialPowerMW = g.maybe(0.5, h.MinPowerMW, size)
	}
	h.MaxSpillMW = g.maybe(0.2, 0.5*size, size)
	if g.chance(0.5) {
		h.WaterValuePerMWh = g.between(0, 60)
	}
	if g.chance(0.3) {
		h.CostPerMWh = g.between(0, 5)
	}
	g.c.Hydro = []model.Hydro{h}
}

// band draws a terminal band around a level that is often reached.
func (g *generator) band(least, at, most float64) (lo, hi *float64) {
	return g.maybe(0.4, least, at), g.maybe(0.2, at, most)
}

func (g *generator) storage(i int) {
	size := g.between(3, 60)
	s := model.Storage{
		Name: fmt.Sprintf("storage %d", i), Bus: g.bus(), MaxChargeMW: size, MaxDischargeMW: g.between(2, 60),
		LevelMaxMWh:         g.between(2, 4*size),
		EfficiencyCharge:    g.share(0.8, 0.85, 0.9, 0.95),
		EfficiencyDischarge: g.share(0.8, 0.85, 0.9, 0.95),
		RetentionPerH:       g.share(0.2, 0.9, 0.99),
		Reserves:            g.provides(),
	}
	s.InitialLevelMWh = g.between(0, s.LevelMaxMWh)
	if g.chance(0.3) {
		s.LevelMinMWh = g.between(0, s.InitialLevelMWh)
		s.RetentionPerH = nil // what is kept at the least level must not leak away
	}
	if g.chance(0.3) {
		s.MinChargeMW, s.MinDischargeMW = g.between(0, s.MaxChargeMW/2), g.between(0, s.MaxDischargeMW/2)
	}
	s.TerminalMinMWh, s.TerminalMaxMWh = g.band(s.LevelMinMWh, s.InitialLevelMWh, s.LevelMaxMWh)
	if g.chance(0.3) {
		s.TerminalValuePerMWh = g.between(0, 60)
	}
	if g.chance(0.4) {
		s.WearCostPerMWh = g.between(0, 5)
	}
	s.MaxCycles = g.maybe(0.3, 0.2, 2)
	g.c.Storages = append(g.c.Storages, s)
}

// link joins a bus with the next.
func (g *generator) link(i int) {
	if g.chance(0.1) {
		return
	}
	l := model.Link{
		Name: fmt.Sprintf("link %d", i), From: g.c.Buses[i].Name, To: g.c.Buses[i+1].Name,
		MaxForwardMW: g.series(10, 100),
	}
	if g.chance(0.7) {
		l.MaxBackwardMW = g.series(0, 80)
	}
	if g.chance(0.6) {
		l.LossShare = *g.pick(0.02, 0.05, 0.2)
	}
	if g.chance(0.25) {
		l.LossFixedMW = g.between(0.1, 4)
	}
	if g.chance(0.3) {
		l.PricePerMWh = g.between(0, 8)
	}
	if l.RampMWPerH = g.maybe(0.3, 5, 60); l.RampMWPerH != nil && g.chance(0.5) {
		l.InitialFlowMW = g.maybe(1, -l.MaxBackwardMW.At(0, 0), l.MaxForwardMW[0])
	}
	g.c.Links = append(g.c.Links, l)
}
