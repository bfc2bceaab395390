package randomcase

import (
	"fmt"

	"github.com/wattbit/wattbit/model"
)

func (g *generator) compute() {
	c := g.c
	hot, warm := 10.0, 100.0
	c.LatencyClasses = []model.LatencyClass{
		{Name: "hot", MaxRoundTripMS: &hot, UtilisationCap: g.share(0.5, 0.5, 0.8)},
		{Name: "warm", MaxRoundTripMS: &warm, UtilisationCap: g.share(0.3, 0.9)},
		{Name: "cold"},
	}
	regions := 1 + g.IntN(3)
	if g.few() {
		regions = min(regions, 2)
	}
	for i := range regions {
		c.Regions = append(c.Regions, model.Region{Name: fmt.Sprintf("region %d", i), Bus: g.bus()})
	}
	for i := range 1 + g.some(manySites, 2, 1) {
		g.site(i)
	}
	g.network()
	for i := range len(c.Regions) {
		for j := range i {
			if g.chance(0.7) {
				g.dataLink(j, i)
			}
		}
	}
	for i := range g.some(workloads, 4, 2) {
		g.workload(i)
	}
	for i := range g.some(jobs, 5, 2) {
		g.job(i)
	}
}

func (g *generator) region() string { return g.c.Regions[g.IntN(len(g.c.Regions))].Name }

func (g *generator) site(i int) {
	s := model.Site{Name: fmt.Sprintf("site %d", i), Bus: g.bus(), Region: g.region()}
	if g.chance(0.6) {
		s.PUE = g.series(1.05, 1.6)
	}
	base := 0.0
	if g.chance(0.5) {
		base = g.between(0, 2)
		s.BaseMW = model.Constant(base)
	}
	idle, most := 0.0, 0.0
	for j := range 1 + g.some(manySites, 2, 1) {
		p := g.pool(s.Name, i, j)
		all := float64(p.Modules)
		most += all * (p.IdleMWPerModule + p.UnitsPerModule*p.DynamicMWPerUnit)
		if p.AlwaysOn {
			idle += 1.6 * all * p.IdleMWPerModule
		}
	}
	if g.with(siteLimits, 0.4) {
		s.ImportLimitMW = model.Constant(base + idle + g.between(0.3, 1)*most)
	}
	if g.holds(siteLimits) {
		s.RampMWPerH = g.maybe(0.3, 0.5*idle+0.2*most, idle+most)
	}
	if s.RampMWPerH != nil && idle == 0 {
		s.InitialPowerMW = g.maybe(0.5, base, base+0.5*most)
	}
	g.c.Sites = append(g.c.Sites, s)
}

func (g *generator) pool(site string, i, j int) *model.Pool {
	p := model.Pool{
		Name: fmt.Sprintf("pool %d.%d", i, j), Site: site, Kind: []string{"cpu", "gpu"}[g.IntN(2)],
		Modules: 1 + g.IntN(4), UnitsPerModule: *g.pick(5, 10, 12.5), Speed: g.share(0.3, 0.5, 1),
		IdleMWPerModule: g.between(0, 1.5), DynamicMWPerUnit: *g.pick(0.05, 0.1, 0.4),
		AlwaysOn: g.chance(0.3),
	}
	if g.chance(0.1) {
		p.Speed = g.pick(1.6, 2)
	}
	if g.with(moduleLimits, 0.3) {
		p.AvailableModules = make(model.Series, len(g.hours))
		for t := range p.AvailableModules {
			p.AvailableModules[t] = float64(p.Modules - g.IntN(2))
		}
	}
	if !p.AlwaysOn && g.holds(moduleLimits) {
		if g.chance(0.5) {
			p.MinOffH = *g.pick(1, 2, 4)
		}
		if g.chance(0.5) && p.AvailableModules == nil {
			p.MinOnH = *g.pick(1, 2, 4)
		}
		if g.chance(0.6) {
			on := g.IntN(p.Modules + 1)
			p.InitialModulesOn = &on
		}
	}
	if g.chance(0.5) {
		p.StartEnergyMWh, p.StartCost = g.between(0, 0.5), g.between(0, 40)
	}
	g.c.Pools = append(g.c.Pools, p)
	return &g.c.Pools[len(g.c.Pools)-1]
}

// network draws round trips: a table with gaps, or coordinates.
func (g *generator) network() {
	c := g.c
	if g.chance(0.3) {
		c.Network.ByDistance = &model.DistanceRule{}
		for i := range c.Regions {
			lat, lon := g.between(30, 45), g.between(100, 120)
			c.Regions[i].LatitudeDeg, c.Regions[i].LongitudeDeg = &lat, &lon
		}
	}
	for i := range c.Regions {
		for j := range c.Sites {
			if g.chance(0.5) {
				c.Network.RoundTrips = append(c.Network.RoundTrips, model.RoundTrip{
					Region: c.Regions[i].Name, Site: c.Sites[j].Name, MS: *g.pick(2, 8, 40, 150),
				})
			}
		}
	}
}

func (g *generator) dataLink(from, to int) {
	l := model.DataLink{
		Name: fmt.Sprintf("data %d-%d", from, to), From: g.c.Regions[from].Name, To: g.c.Regions[to].Name,
		CapacityGbps: g.series(0.02, 1),
	}
	if g.chance(0.6) {
		l.PricePerGB = g.between(0, 1)
	}
	if g.chance(0.4) {
		l.EnergyKWhPerGB = *g.pick(0.1, 1, 10)
	}
	g.c.DataLinks = append(g.c.DataLinks, l)
}

// restrict draws which sites and kinds work may use.
func (g *generator) restrict(kinds, allowed, forbidden *[]string) {
	if g.chance(0.2) {
		*kinds = []string{g.c.Pools[g.IntN(len(g.c.Pools))].Kind}
	}
	if g.chance(0.15) {
		*allowed = []string{g.c.Sites[g.IntN(len(g.c.Sites))].Name}
	}
	if g.chance(0.1) {
		*forbidden = []string{g.c.Sites[g.IntN(len(g.c.Sites))].Name}
	}
}

func (g *generator) workload(i int) {
	w := model.Workload{
		Name: fmt.Sprintf("workload %d", i), Region: g.region(),
		Class: g.c.LatencyClasses[g.IntN(3)].Name, DemandUnits: g.series(0, 25),
	}
	if g.chance(0.5) {
		w.DataGBPerUnitH = g.between(0, 20)
	}
	w.UnservedPricePerUnitH = g.maybe(0.3, 1, 300)
	g.restrict(&w.PoolKinds, &w.AllowedSites, &w.ForbiddenSites)
	if anywhere(g.c.WorkloadPlacements(&w)) {
		g.c.Workloads = append(g.c.Workloads, w)
	}
}

func (g *generator) job(i int) {
	c := g.c
	total := c.Horizon.TotalHours()
	j := model.Job{
		Name: fmt.Sprintf("job %d", i), Region: g.region(), Shape: model.Rigid,
		Units: *g.pick(1, 2.5, 4, 6),
	}
	j.WorkUnitH = j.Units * g.between(0.1, max(0.2, 0.5*total))
	if g.chance(0.5) {
		j.Shape = model.Preemptible
	}
	if g.with(jobClasses, 0.5) {
		j.Class = c.LatencyClasses[g.IntN(3)].Name
	}
	if g.with(clusters, 0.4) {
		j.Count = 2 + g.IntN(3)
	}
	if g.with(jobTimes, 0.5) {
		j.ReleaseH = g.between(0, 0.5*total)
	}
	if g.with(jobTimes, 0.6) {
		j.DeadlineH = g.maybe(1, j.ReleaseH+0.2*(total-j.ReleaseH), total)
		j.LatePricePerH = g.maybe(0.5, 0.1, 40)
	}
	j.DropPrice = g.maybe(0.3, 1, 2_000)
	if g.with(jobData, 0.5) {
		j.InputGB = g.between(1, 400)
		if g.chance(0.5) {
			j.DataRegion = g.region()
		}
	}
	g.restrict(&j.PoolKinds, &j.AllowedSites, &j.ForbiddenSites)
	if anywhere(c.JobPlacements(&j)) {
		c.Jobs = append(c.Jobs, j)
	}
}

func anywhere(places []model.Placement) bool {
	for _, p := range places {
		if p.OK {
			return true
		}
	}
	return false
}
