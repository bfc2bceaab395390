package verify

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleOutageServed   = "outage.served"
	ruleOutageShort    = "outage.short"
	ruleOutageRoute    = "outage.route"
	ruleOutageLost     = "outage.lost"
	ruleOutageCapacity = "outage.capacity"
	ruleOutageImport   = "outage.import_limit"
	ruleOutageCooling  = "outage.cooling"
	ruleOutageDataLink = "outage.data_link"
)

func outageRules() []Rule {
	return []Rule{
		{ruleOutageServed, "While any one site or data link is lost, as far as the case asks, routes and short units of a covered workload add up to what the plan serves of it."},
		{ruleOutageShort, "Units short in an outage are not negative."},
		{ruleOutageRoute, "A route in an outage is not negative and keeps what a route of the plan must keep."},
		{ruleOutageLost, "No route in an outage leads to the lost site or over the lost data link."},
		{ruleOutageCapacity, "In an outage, covered workloads and all work that does not give way take at most the units of the modules on in the plan."},
		{ruleOutageImport, "In an outage, a site with the workloads moved to it imports at most its import limit."},
		{ruleOutageCooling, "In an outage, the cooling of a site serves the IT power of all that runs there."},
		{ruleOutageDataLink, "In an outage, a data link carries at most its capacity for workloads."},
	}
}

// remains is what stays in an outage besides the covered workloads.
type remains struct {
	covered     []bool      // by class
	taken, busy [][]float64 // units by pool: other workloads, and jobs that do not give way
	forward     [][]float64 // GB by data link: other workloads
	backward    [][]float64
}

// openOutages makes room for what remains in an outage, where the case asks.
func (k *checker) openOutages() {
	o := &k.c.ComputingOutages
	if len(o.Classes) == 0 || !o.Sites && !o.DataLinks {
		return
	}
	pools, links := len(k.c.Pools), len(k.c.DataLinks)
	k.remains = &remains{
		covered: make([]bool, len(k.c.LatencyClasses)),
		taken:   grid(pools, k.periods), busy: grid(pools, k.periods),
		forward: grid(links, k.periods), backward: grid(links, k.periods),
	}
	for _, class := range o.Classes {
		k.remains.covered[k.at.classes[class]] = true
	}
}

// covers says whether workloads of a class are moved in an outage.
func (k *checker) covers(class int) bool { return k.remains != nil && k.remains.covered[class] }

// givesWay says whether a job gives its units to workloads in an outage.
func (k *checker) givesWay(j *model.Job) bool {
	yields := k.c.ComputingOutages.PreemptibleYields
	return (yields == nil || *yields) && (j.Shape == model.Preemptible || j.Shape == model.Malleable)
}

// keep, keepHeld and keepData add to what remains in an outage.

func (k *checker) keep(pool, t int, taken, busy float64) {
	if k.remains != nil {
		k.remains.taken[pool][t] += taken
		k.remains.busy[pool][t] += busy
	}
}

func (k *checker) keepHeld(class, pool, t int, units float64) {
	if k.remains != nil && !k.remains.covered[class] {
		k.remains.taken[pool][t] += units
	}
}

func (k *checker) keepData(p passage, t int, gb float64) {
	switch {
	case k.remains == nil:
	case p.backward:
		k.remains.backward[p.link][t] += gb
	default:
		k.remains.forward[p.link][t] += gb
	}
}

// outage is a loss: of a site, or of a data link; the other is -1.
type outage struct {
	name           string
	site, dataLink int
}

// losses lists what the case asks to lose, sites before data links.
func (k *checker) losses() (out []outage) {
	if o := &k.c.ComputingOutages; len(o.Classes) > 0 {
		for i := 0; o.Sites && i < len(k.c.Sites); i++ {
			out = append(out, outage{"site " + k.c.Sites[i].Name, i, -1})
		}
		for i := 0; o.DataLinks && i < len(k.c.DataLinks); i++ {
			out = append(out, outage{"data link " + k.c.DataLinks[i].Name, -1, i})
		}
	}
	return out
}

func (k *checker) outages() {
	if k.remains == nil {
		return
	}
	short := grid(len(k.c.Workloads), k.periods) // unit, over all outages
	worst := grid(len(k.c.Workloads), k.periods)
	given := map[string]*model.OutagePlan{}
	for i := range k.p.Outages {
		given[k.p.Outages[i].Name] = &k.p.Outages[i]
	}
	for _, o := range k.losses() {
		s := k.openOutage(o)
		s.route(given[o.name], short, worst)
		if s.moved {
			s.limits()
		}
	}
	for i := range k.c.Workloads {
		w := &k.c.Workloads[i]
		note := k.shortage(model.CostOutageShort, w.Name, "unit-h", "unit")
		total := 0.0
		for t, h := range k.hours {
			total += short[i][t] * h
			note.add(t, worst[i][t], short[i][t]*h)
		}
		k.note(&note)
		k.charge(model.CostOutageShort, w.Name, i, valueOr(k.c.Penalties.OutageShortPricePerUnitH, 2_000)*total)
	}
}

// outageState is where covered workloads are served in an outage.
type outageState struct {
	*checker
	outage
	moved             bool // something is served otherwise than in the plan
	linear, busy      [][]float64
	queued            map[pair][]float64 // by pool and class: busy
	forward, backward [][]float64
}

func (k *checker) openOutage(o outage) *outageState {
	pools, links := len(k.c.Pools), len(k.c.DataLinks)
	return &outageState{
		checker: k, outage: o, queued: map[pair][]float64{},
		linear: grid(pools, k.periods), busy: grid(pools, k.periods),
		forward: grid(links, k.periods), backward: grid(links, k.periods),
	}
}

// route reads where the covered workloads are served, and checks it. What the
// plan does not give is served as before the outage.
func (s *outageState) route(p *model.OutagePlan, short, worst [][]float64) {
	given := map[string]*model.OutageWorkload{}
	if p != nil {
		for i := range p.Workloads {
			given[p.Workloads[i].Name] = &p.Workloads[i]
		}
	}
	for i := range s.c.Workloads {
		w, base := &s.c.Workloads[i], &s.p.Workloads[i]
		if !s.covers(s.at.classes[w.Class]) {
			continue
		}
		g := given[w.Name]
		if g == nil {
			for n := range base.Routes {
				s.path(w, &base.Routes[n])
			}
			continue
		}
		s.moved = true
		served := make([]float64, s.periods)
		for n := range g.Routes {
			s.allowed(w, &g.Routes[n])
			s.path(w, &g.Routes[n])
			for t, units := range g.Routes[n].Units {
				served[t] += units
			}
		}
		for t, units := range g.ShortUnits {
			if s.below(units, 0) {
				s.breach(ruleOutageShort, w.Name, t, units, 0, "%g units are short without %s", units, s.name)
			}
			if want := w.DemandUnits.At(t, 0) - base.UnservedUnits[t]; s.differ(served[t]+units, want) {
				s.breach(ruleOutageServed, w.Name, t, served[t]+units, want,
					"without %s %g units are served and %g short of the %g that the plan serves", s.name, served[t], units, want)
			}
			short[i][t] += units
			worst[i][t] = max(worst[i][t], units)
		}
	}
}

// path adds a route to what is served in the outage, and checks that it is left.
func (s *outageState) path(w *model.Workload, r *model.Route) {
	pool, class := s.at.pools[r.Pool], s.at.classes[w.Class]
	origin, home := s.at.regions[w.Region], s.regionOf(pool)
	way, linked := passage{}, false
	if w.DataGBPerUnitH != 0 && home != origin {
		way, linked = s.passageTo(origin, home)
	}
	s.report.Checked++
	if s.at.sites[s.c.Pools[pool].Site] == s.site || linked && way.link == s.dataLink {
		if t := s.firstActive(r.Units); t >= 0 {
			s.breach(ruleOutageLost, w.Name, t, r.Units[t], 0, "%g units are served in %s without %s", r.Units[t], r.Pool, s.name)
		}
		return
	}
	speed := s.c.Pools[pool].UnitSpeed()
	queue := s.c.LatencyClasses[class].Queue != nil
	key := pair{pool, class}
	if queue && s.queued[key] == nil {
		s.queued[key] = make([]float64, s.periods)
	}
	for t, units := range r.Units {
		s.busy[pool][t] += units / speed
		if queue {
			s.queued[key][t] += units / speed
		} else {
			s.linear[pool][t] += units / (speed * s.c.LatencyClasses[class].Cap())
		}
		if gb := w.DataGBPerUnitH * units * s.hours[t]; !linked {
			continue
		} else if way.backward {
			s.backward[way.link][t] += gb
		} else {
			s.forward[way.link][t] += gb
		}
	}
}

// allowed checks a route of an outage as one of the plan.
func (s *outageState) allowed(w *model.Workload, r *model.Route) {
	for t, units := range r.Units {
		if s.below(units, 0) {
			s.breach(ruleOutageRoute, w.Name, t, units, 0, "%g units are served in %s without %s", units, r.Pool, s.name)
		}
	}
	t := s.firstActive(r.Units)
	if t < 0 {
		return
	}
	pool := s.at.pools[r.Pool]
	e := &eligibility{
		region: s.at.regions[w.Region], class: s.at.classes[w.Class],
		poolKinds: w.PoolKinds, allowed: w.AllowedSites, forbidden: w.ForbiddenSites,
	}
	_, _, near := s.latency(e, pool)
	home := s.regionOf(pool)
	_, linked := s.passageTo(e.region, home)
	s.report.Checked++
	if !near || !s.kindFits(e, pool) || !s.siteFits(e, pool) || w.DataGBPerUnitH != 0 && home != e.region && !linked {
		s.breach(ruleOutageRoute, w.Name, t, r.Units[t], 0, "%g units are served in %s without %s, where the workload may not be served", r.Units[t], r.Pool, s.name)
	}
}

// limits checks pools, sites and data links that are left.
func (s *outageState) limits() {
	for i := range s.c.Pools {
		if s.at.sites[s.c.Pools[i].Site] != s.site && s.base(i) == i {
			s.capacity(i)
		}
	}
	for i := range s.c.Sites {
		if i != s.site {
			s.draws(i)
		}
	}
	for i := range s.c.DataLinks {
		if i != s.dataLink {
			s.carries(i)
		}
	}
}

// held is what a pool holds in the outage.
func (s *outageState) held(pool, t int) float64 {
	units := s.remains.taken[pool][t] + s.linear[pool][t]
	for class := range s.c.LatencyClasses {
		if load := s.queued[pair{pool, class}]; load != nil {
			units += s.staffingOf(class, pool).need(load[t])
		}
	}
	return units
}

func (s *outageState) capacity(i int) {
	pool, p := &s.c.Pools[i], &s.p.Pools[i]
	for t := range s.periods {
		held, most := 0.0, float64(p.ModulesOn[t])*pool.UnitsPerModule
		for n := range s.c.Pools {
			if s.base(n) == i {
				held += s.held(n, t)
			}
		}
		if s.above(held, most) {
			s.breach(ruleOutageCapacity, pool.Name, t, held, most, "without %s work takes %g units, %d modules on offer %g", s.name, held, p.ModulesOn[t], most)
		}
	}
}

// draws checks what a site draws against its cooling and its import limit.
func (s *outageState) draws(i int) {
	site := &s.c.Sites[i]
	end := coolingEnd(site)
	if math.IsInf(end, 1) && !site.ImportLimitMW.Given() {
		return
	}
	for t := range s.periods {
		it := 0.0
		for n := range s.c.Pools {
			if pool := &s.c.Pools[n]; pool.Site == site.Name {
				it += s.drawn[n][t] + pool.DynamicMWPerUnit*(s.remains.busy[n][t]+s.busy[n][t]-s.checker.busy[n][t])
			}
		}
		if s.above(it, end) {
			s.breach(ruleOutageCooling, site.Name, t, it, end, "without %s IT power is %g MW, the cooling serves %g", s.name, it, end)
		}
		mw, most := s.siteMW(i, t, it)-s.netMW[i][t], site.ImportLimitMW.At(t, math.Inf(1))
		if s.above(mw, most) {
			s.breach(ruleOutageImport, site.Name, t, mw, most, "without %s import is %g MW, at most %g", s.name, mw, most)
		}
	}
}

func (s *outageState) carries(i int) {
	l := &s.c.DataLinks[i]
	for t, h := range s.hours {
		most := l.CapacityGbps.At(t, 0) * model.GBPerGbpsH * h
		for _, gb := range [2]float64{s.remains.forward[i][t] + s.forward[i][t], s.remains.backward[i][t] + s.backward[i][t]} {
			if s.above(gb, most) {
				s.breach(ruleOutageDataLink, l.Name, t, gb, most, "without %s workloads send %g GB one way, at most %g", s.name, gb, most)
			}
		}
	}
}

// outageShape checks that outages and workloads stand in order, each once, and
// that the case asks for them.
func (k *checker) outageShape() {
	losses := k.losses()
	next := 0
	for i := range k.p.Outages {
		p := &k.p.Outages[i]
		at := slices.IndexFunc(losses[next:], func(o outage) bool { return o.name == p.Name })
		k.report.Checked++
		if at < 0 {
			k.shapeBreach("outages", p.Name, "entry %d is none that the case asks for, or stands twice or out of order", i)
			return
		}
		next += at + 1
		before := -1
		for n := range p.Workloads {
			w := &p.Workloads[n]
			position, ok := k.at.workloads[w.Name]
			if !ok || position <= before || !slices.Contains(k.c.ComputingOutages.Classes, k.c.Workloads[position].Class) {
				k.shapeBreach("outages", p.Name, "%q is no covered workload, or stands twice or out of order", w.Name)
				return
			}
			before = position
			k.floats("outages", w.Name, "short_units", w.ShortUnits)
			k.routeShape("outages", w.Name, w.Routes)
		}
	}
}

// routeShape checks that routes lead to pools, each once.
func (k *checker) routeShape(section, asset string, routes []model.Route) {
	used := map[string]bool{}
	for i := range routes {
		r := &routes[i]
		k.floats(section, asset, r.Pool, r.Units)
		if _, ok := k.at.pools[r.Pool]; !ok || used[r.Pool] {
			k.shapeBreach(section, asset, "a route leads to %q, which is no pool, or has another route", r.Pool)
		}
		used[r.Pool] = true
	}
}
