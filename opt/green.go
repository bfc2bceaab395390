package opt

// Green shares of sites, shown by an allocation of what renewables and hydro give.
//
//	sum over sites of a_{S,site,t} <= sum over sources of S of p_{source,t}
//	sum over S of a_{S,site,t} + short_t >= hourly share power_t
//	sum over t, S of h_t a_{S,site,t} + short >= share * sum of h_t power_t
//	the same over the periods t of each day, with a short of its own
//	cost: shortfall price (sum of h_t short_t + short + sum of days' short)
//
// S are the sources that the same sites may count: within such a set one source is
// as good as another, so the program allocates the set, and the plan deals it out in
// proportion to what the sources give.

import (
	"fmt"
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type greens struct {
	sites []greenSite
	sets  []greenSet
}

// greenSite is a site with a green share.
type greenSite struct {
	site    int
	from    []greenFlow
	short   solver.Col   // first of T, -1 without an hourly share
	overall solver.Col   // of the share over the horizon, -1 without
	days    []solver.Col // of the daily share, by day
}

// greenFlow is what a site is allocated of a set.
type greenFlow struct {
	set int
	col solver.Col // first of T
}

// greenSet is sources that the same sites count.
type greenSet struct {
	sources []model.GreenSource
	users   []bool // by site of greens
}

func (*greens) Kind() string { return "green share" }

func (k *greens) Formulate(m *Model) error {
	k.gather(m)
	rows := make([][]solver.Row, len(k.sets))
	for i := range k.sets {
		rows[i] = m.sharedRows("green power", m.T, func(int) (float64, float64) { return math.Inf(-1), 0 })
		for _, source := range k.sets[i].sources {
			for t, row := range rows[i] {
				m.Add(row, m.greenPower(source)+solver.Col(t), -1)
			}
		}
	}
	days, err := m.Case.Horizon.Days()
	if err != nil {
		return err
	}
	for i := range k.sites {
		k.share(m, i, rows, days)
	}
	return nil
}

// greenPower returns the first column of what a source gives.
func (m *Model) greenPower(source model.GreenSource) solver.Col {
	if source.Hydro {
		return m.hydroPower[source.At]
	}
	return m.renewablePower[source.At]
}

// gather finds the sites with a share, and which sources the same of them count.
func (k *greens) gather(m *Model) {
	for i := range m.Case.Sites {
		if g := m.Case.Sites[i].Green; g != nil && (g.ShareMin > 0 || g.DailyShareMin > 0 || g.HourlyShareMin > 0) {
			k.sites = append(k.sites, greenSite{site: i, short: -1, overall: -1})
		}
	}
	users := make(map[model.GreenSource][]bool)
	var order []model.GreenSource
	for i, site := range k.sites {
		for _, source := range m.ix.GreenSources(m.Case.Sites[site.site].Green) {
			if users[source] == nil {
				users[source] = make([]bool, len(k.sites))
				order = append(order, source)
			}
			users[source][i] = true
		}
	}
	for _, source := range order {
		at := slices.IndexFunc(k.sets, func(s greenSet) bool { return slices.Equal(s.users, users[source]) })
		if at < 0 {
			at = len(k.sets)
			k.sets = append(k.sets, greenSet{users: users[source]})
		}
		k.sets[at].sources = append(k.sets[at].sources, source)
	}
}

// share adds the shares of a site; days are those of the periods.
func (k *greens) share(m *Model, at int, rows [][]solver.Row, days []int) {
	g := &k.sites[at]
	s := &m.Case.Sites[g.site]
	m.Begin(k.Kind(), s.Name)
	for i := range k.sets {
		if !k.sets[i].users[at] {
			continue
		}
		a := m.Columns(fmt.Sprintf("allocated of set %d", i), solver.Continuous, atLeastZero)
		for t, row := range rows[i] {
			m.Add(row, a+solver.Col(t), 1)
		}
		g.from = append(g.from, greenFlow{i, a})
	}
	price := m.Case.Penalties.GreenShortfall()
	if share := s.Green.HourlyShareMin; share > 0 {
		g.short = m.Columns("short", solver.Continuous, atLeastZero)
		m.Label("hourly share")
		for t, h := range m.Hours {
			x := solver.Col(t)
			row := m.Row(0, inf)
			m.Add(row, g.short+x, 1)
			m.Add(row, m.sitePower(g.site, t), -share)
			for _, f := range g.from {
				m.Add(row, f.col+x, 1)
			}
			m.Cost(model.CostGreenShortfall, g.short+x, price*h)
		}
	}
	if share := s.Green.ShareMin; share > 0 {
		m.Label("share")
		g.overall = k.over(m, g, share, 0, m.T)
	}
	if share := s.Green.DailyShareMin; share > 0 {
		m.Label("daily share")
		for first, end := 0, 0; first < m.T; first = end {
			for end = first; end < m.T && days[end] == days[first]; end++ {
			}
			g.days = append(g.days, k.over(m, g, share, first, end))
		}
	}
}

// over adds a share over the periods first..end-1, and returns what it lacks.
func (k *greens) over(m *Model, g *greenSite, share float64, first, end int) (short solver.Col) {
	short = m.Column(0, inf, solver.Continuous)
	m.Cost(model.CostGreenShortfall, short, m.Case.Penalties.GreenShortfall())
	row := m.Row(0, inf)
	m.Add(row, short, 1)
	for t := first; t < end; t++ {
		h := m.Hours[t]
		m.Add(row, m.sitePower(g.site, t), -share*h)
		for _, f := range g.from {
			m.Add(row, f.col+solver.Col(t), h)
		}
	}
	return short
}

// Extract writes the allocation, source by source.
func (k *greens) Extract(pt *Point, p *model.Plan) {
	for i := range k.sites {
		g := &k.sites[i]
		out := &p.Sites[g.site]
		if g.short >= 0 {
			out.GreenShortMW = pt.Series(g.short)
		}
		if g.overall >= 0 {
			out.GreenShortMWh = pt.At(g.overall, 0)
		}
		for _, col := range g.days {
			out.GreenShortByDayMWh = append(out.GreenShortByDayMWh, pt.At(col, 0))
		}
		for _, f := range g.from {
			out.Green = append(out.Green, k.dealt(pt, f)...)
		}
	}
}

// dealt deals out what a site is allocated of a set to its sources.
func (k *greens) dealt(pt *Point, f greenFlow) []model.GreenPower {
	m := pt.Model
	sources := k.sets[f.set].sources
	out := make([]model.GreenPower, 0, len(sources))
	total := make([]float64, m.T)
	for _, source := range sources {
		for t := range total {
			total[t] += pt.At(m.greenPower(source), t)
		}
	}
	for _, source := range sources {
		mw := make([]float64, m.T)
		for t := range mw {
			if total[t] > 0 {
				mw[t] = pt.At(f.col, t) * (pt.At(m.greenPower(source), t) / total[t])
			}
		}
		if !allZero(mw) {
			out = append(out, model.GreenPower{Source: source.Name, MW: mw})
		}
	}
	return out
}
