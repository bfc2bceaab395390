package opt

// Groups of jobs: of single ones, and of classes where they are only kept apart. Place
// is a pool, a site or a region; job j begins in place x with the begin events there,
// which count the jobs of a class.
//
//	together:       begin events of j in x <= g_x,  sum over x of g_x = 1
//	apart:          sum over j of begin events in x <= max per place
//	all or none:    dropped_j = dropped_i
//	finish within:  sum of s_t = 1, where s_t says that no job of the group ends
//	                before period t nor later than D after the end of t
//	    end events of j by t           <= sum of s by t
//	    end events of j from period t  <= sum of s from the first period on whose
//	                                      end lies at most D before that of t
//
// g and s need not be integers: where a job is placed they are as whole as it is.
// A job that ends in t leaves all of s between t - D and t, so that the s of a
// group say a window of D hours in which all of its jobs end.

import (
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type jobGroups struct{}

const jobGroupKind = "job group"

func (jobGroups) Kind() string { return jobGroupKind }

func (jobGroups) Formulate(m *Model) error {
	for i := range m.Case.JobGroups {
		g := &m.Case.JobGroups[i]
		m.Begin(jobGroupKind, g.Name)
		var members []*jobClass
		for _, name := range g.Jobs {
			members = append(members, &m.jobs[m.ix.Jobs[name]])
		}
		if members[0].outside { // and all others: they are placed together
			continue
		}
		if g.Together != "" {
			m.together(members, g.Together)
		}
		if g.Apart != "" {
			m.apart(members, g.Apart, max(1, g.MaxPer))
		}
		if g.FinishWithinH != nil {
			m.finishWithin(members, *g.FinishWithinH)
		}
		if g.AllOrNone {
			m.Label("all or none")
			for _, c := range members[1:] {
				row := m.Row(0, 0)
				m.Add(row, c.dropped, 1)
				m.Add(row, members[0].dropped, -1)
			}
		}
	}
	return nil
}

// placeOf names the place that a pool is in.
func (m *Model) placeOf(kind model.Place, pool int) string {
	switch kind {
	case model.InSite:
		return m.Case.Pools[pool].Site
	case model.InRegion:
		return m.poolRegion[pool]
	}
	return m.Case.Pools[pool].Name
}

// places are those where members may begin, in the order of pools.
func (m *Model) places(members []*jobClass, kind model.Place) []string {
	var out []string
	for p := range m.Case.Pools {
		at := m.placeOf(kind, p)
		begins := func(c *jobClass) bool { return c.places[p].OK }
		if !slices.Contains(out, at) && slices.ContainsFunc(members, begins) {
			out = append(out, at)
		}
	}
	return out
}

func (m *Model) together(members []*jobClass, kind model.Place) {
	m.Label("together in a " + string(kind))
	one := m.Row(1, 1)
	for _, at := range m.places(members, kind) {
		here := m.Column(0, 1, solver.Continuous)
		m.Add(one, here, 1)
		for _, c := range members {
			row := m.Row(-inf, 0)
			m.Add(row, here, -1)
			m.addBegins(row, c, kind, at)
		}
	}
}

func (m *Model) apart(members []*jobClass, kind model.Place, most int) {
	m.Label("apart in a " + string(kind))
	for _, at := range m.places(members, kind) {
		row := m.Row(-inf, float64(most))
		for _, c := range members {
			m.addBegins(row, c, kind, at)
		}
	}
}

// addBegins adds to a row what begins of a job in a place.
func (m *Model) addBegins(row solver.Row, c *jobClass, kind model.Place, at string) {
	for _, b := range c.begins {
		if m.placeOf(kind, b.pool) == at {
			m.Add(row, b.col, 1)
		}
	}
}

func (m *Model) finishWithin(members []*jobClass, hours float64) {
	window := m.Columns("window", solver.Continuous, between(0, 1))
	m.Label("one window")
	one := m.Row(1, 1)
	for t := range m.T {
		m.Add(one, window+solver.Col(t), 1)
	}
	for _, c := range members {
		m.Label("window of " + c.job.Name)
		// From the last period back, step T-1-t for period t.
		by, from := make([]linear, m.T), make([]linear, m.T)
		for t := range m.T {
			by[t].add(window+solver.Col(t), 1)
		}
		next := m.T - 1
		for t := m.T - 1; t >= 0; t-- {
			for ; next >= 0 && m.ix.Starts[next+1] >= m.ix.Starts[t+1]-hours-durationSlack; next-- {
				from[m.T-1-t].add(window+solver.Col(next), 1)
			}
		}
		for _, e := range c.ends {
			by[e.period].add(e.col, -1)
			from[m.T-1-e.period].add(e.col, -1)
		}
		m.stock(by, 1, false)
		m.stock(from, 1, false)
	}
}

// Follow sets nothing: groups have no integers.
func (jobGroups) Follow(*Rounding) {}

// Extract writes nothing: a plan shows groups by its jobs.
func (jobGroups) Extract(*Point, *model.Plan) {}
