package opt

// Which outages, workloads and periods need columns (outage.go has the rows).
//
// Of the outages that the case asks for, only those can touch a covered workload that
// take one of its routes (model.Index.Outages). Of such an outage k:
//
// Periods in which no workload that has a route through k has demand need nothing. The
// plan's own routes q then carry nothing through k; what they hold beside work that
// stays is part of what the plan holds, and so within every limit. So q^k = q, nothing
// is short, and no row of k can bind.
//
// Workloads that share nothing, also over others, with those that have a route through
// k need nothing either: neither a pool left, nor a site that limits what it draws, nor a
// direction of a data link. Let A be the workloads that are tied to those with a route
// through k by such chains, and B the other covered ones. No resource is used by both.
// On what B may use, q with the work that stays keeps every limit as above, whatever A
// does; so B keeps q, and the rows of A alone say whether all can be served.

import (
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// security is what the outages of a case ask, and what there is to hold against them.
type security struct {
	covered []bool          // by workload
	classes map[string]bool // covered
	outages []outage

	// What holds its units, and keeps its data going, in an outage: units held of
	// base*T+t, units busy of pool*T+t, GB of direction*T+t.
	held, busy, sent []linear

	// Rows of outages: base*T+t with the units of modules on; site*T+t with the draw
	// of IT power, and with what is imported.
	units, draw, imported [][]solver.Row
}

// outage is the loss of a site or a data link, as far as it needs columns.
type outage struct {
	model.Outage
	moved   []movedWork
	periods []bool // that need columns
	pools   []int  // left whose modules moved work may use, in order; bases
	sites   []int  // of these pools that limit what they draw, in order
	needs   []outageNeed
	units   map[int][]solver.Row // of the pools, by period; noRow for none
	rows    []rowSpan            // by period
}

// rowSpan are the rows first..end-1.
type rowSpan struct{ first, end solver.Row }

// movedWork is a covered workload that an outage may have to serve otherwise.
type movedWork struct {
	workload int
	places   []model.Placement // left
	routes   []solver.Col      // by place, first of T
	short    solver.Col        // first of T
	served   []solver.Row      // by period; noRow for none
}

// newSecurity finds what the outages of the case need; nil for nothing.
func newSecurity(m *Model) *security {
	lost := m.ix.Outages()
	if len(lost) == 0 {
		return nil
	}
	c := m.Case
	s := &security{
		covered: make([]bool, len(c.Workloads)), classes: make(map[string]bool),
		held: make([]linear, len(c.Pools)*m.T), busy: make([]linear, len(c.Pools)*m.T), sent: make([]linear, 2*len(c.DataLinks)*m.T),
		units: make([][]solver.Row, len(c.Pools)*m.T), draw: make([][]solver.Row, len(c.Sites)*m.T), imported: make([][]solver.Row, len(c.Sites)*m.T),
	}
	placements := make([][]model.Placement, len(c.Workloads))
	for _, i := range m.ix.CoveredWorkloads() {
		s.covered[i], s.classes[c.Workloads[i].Class] = true, true
		placements[i] = m.ix.WorkloadPlacements(&c.Workloads[i])
	}
	for _, k := range lost {
		if o := m.newOutage(k, placements); slices.Contains(o.periods, true) {
			s.outages = append(s.outages, o)
		}
	}
	return s
}

// newOutage finds the workloads and periods of an outage that need columns.
func (m *Model) newOutage(k model.Outage, placements [][]model.Placement) outage {
	o := outage{Outage: k, periods: make([]bool, m.T)}
	left := make([][]model.Placement, len(placements))
	in := make([]bool, len(placements))
	for i, places := range placements {
		hit := false
		for _, p := range places {
			if m.ix.Leaves(&k, &p) {
				left[i] = append(left[i], p)
			} else {
				hit = hit || p.OK
			}
		}
		if in[i] = hit; hit {
			for t := range m.T {
				o.periods[t] = o.periods[t] || m.Case.Workloads[i].DemandUnits.At(t, 0) > 0
			}
		}
	}
	used := make([]bool, len(m.Case.Pools)+len(m.Case.Sites)+2*len(m.Case.DataLinks))
	for grown := true; grown; {
		grown = false
		for i := range left {
			if in[i] || slices.ContainsFunc(left[i], func(p model.Placement) bool {
				return slices.ContainsFunc(m.shares(&p), func(r int) bool { return used[r] })
			}) {
				grown = grown || !in[i]
				in[i] = true
				for _, p := range left[i] {
					for _, r := range m.shares(&p) {
						grown = grown || !used[r]
						used[r] = true
					}
				}
			}
		}
	}
	for i := range left {
		if in[i] {
			o.moved = append(o.moved, movedWork{workload: i, places: left[i]})
		}
	}
	for p := range m.Case.Pools {
		if used[p] {
			o.pools = append(o.pools, p)
		}
	}
	for i := range m.Case.Sites {
		if used[len(m.Case.Pools)+i] {
			o.sites = append(o.sites, i)
		}
	}
	return o
}

// shares numbers what a placement shares with others: its modules, its site where that
// limits what it draws, the direction of its data link.
func (m *Model) shares(p *model.Placement) []int {
	pools, sites := len(m.Case.Pools), len(m.Case.Sites)
	out := []int{m.ix.BasePool(p.Pool)}
	if s := m.ix.Sites[m.Case.Pools[p.Pool].Site]; m.Case.Sites[s].LimitsDraw() {
		out = append(out, pools+s)
	}
	if p.DataLink >= 0 {
		out = append(out, pools+sites+dataIndex(p.DataLink, p.Forward))
	}
	return out
}

// covers says whether the routes of a workload are looked at in outages.
func (s *security) covers(workload int) bool { return s != nil && s.covered[workload] }

// coversClass says the same of a class.
func (s *security) coversClass(class string) bool { return s != nil && s.classes[class] }

// stay notes units of a pool that a column holds, and that it keeps busy, in an outage
// as well.
func (m *Model) stay(pool, t int, c solver.Col, held, busy float64) {
	s := m.security
	if s == nil {
		return
	}
	if held != 0 {
		s.held[m.ix.BasePool(pool)*m.T+t].add(c, held)
	}
	if busy != 0 {
		s.busy[pool*m.T+t].add(c, busy)
	}
}

// staySent notes data that a column sends in an outage as well.
func (m *Model) staySent(p model.Placement, t int, c solver.Col, gb float64) {
	if m.security != nil && gb != 0 {
		m.security.sent[dataIndex(p.DataLink, p.Forward)*m.T+t].add(c, gb)
	}
}

// modulesOn adds units of modules on to a pool's capacity, in the plan and in outages.
func (m *Model) modulesOn(pool, t int, c solver.Col, units float64) {
	m.Add(m.poolRow[pool*m.T+t], c, -units)
	if m.security != nil {
		for _, row := range m.security.units[pool*m.T+t] {
			m.Add(row, c, -units)
		}
	}
}

// drawOn draws IT power of a pool's modules, in the plan and in outages.
func (m *Model) drawOn(pool, t int, c solver.Col, mw float64) {
	m.drawIT(pool, t, c, mw)
	if m.security != nil {
		s := m.ix.Sites[m.Case.Pools[pool].Site]
		for _, row := range m.security.draw[s*m.T+t] {
			m.Add(row, c, m.itFactor(s, t)*mw)
		}
	}
}
