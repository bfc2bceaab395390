package opt

// Workloads: synchronous demand, served in the period in which it arises.
//
//	sum over reachable pools q_{pool,t} + unserved_t = demand_t
//	uses of the pool: q / (speed * utilisation cap) units held, q / speed busy
//	data sent: data per unit-hour * h_t q_{pool,t}, where the pool lies in another region
//	cost: h_t unserved price unserved_t
//	of a pinned site: share_min * sum over pools of q <= sum over the site's pools of q
//	                  <= share_max * sum over pools of q
//
// q is in units at reference speed. Which pools are reachable is settled before
// (model.Case.WorkloadPlacements). What work of a class with a queue holds is the
// queue's (queue.go); what an outage may move is outage.go's.

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type workloads struct {
	routes   [][]routeColumns
	unserved []solver.Col
}

// servedWork is where a workload is served, for those who look at it in outages.
type servedWork struct {
	owner  int32
	routes []routeColumns
}

type routeColumns struct {
	pool int
	col  solver.Col
}

func (*workloads) Kind() string { return "workload" }

func (k *workloads) Formulate(m *Model) error {
	for i := range m.Case.Workloads {
		w := &m.Case.Workloads[i]
		m.Begin("workload", w.Name)
		covered := m.security.covers(i)
		demand := func(t int) (float64, float64) { return 0, w.DemandUnits.At(t, 0) }
		unserved := m.Columns("unserved", solver.Continuous, demand)
		var routes []routeColumns
		for _, place := range m.ix.WorkloadPlacements(w) {
			if !place.OK {
				continue
			}
			col := m.Columns("at "+m.Case.Pools[place.Pool].Name, solver.Continuous, demand)
			routes = append(routes, routeColumns{place.Pool, col})
			speed := m.Case.Pools[place.Pool].UnitSpeed()
			for t := range m.T {
				c := col + solver.Col(t)
				gb := 0.0
				if place.DataLink >= 0 {
					gb = w.DataGBPerUnitH * m.Hours[t]
					m.Send(place.DataLink, place.Forward, t, c, gb)
				}
				held := m.serve(w, place.Pool, t, c, 1/speed)
				if !covered {
					m.stay(place.Pool, t, c, held, 1/speed)
					m.staySent(place, t, c, gb)
				}
			}
		}
		m.Label("demand")
		price := orElse(w.UnservedPricePerUnitH, m.Case.Penalties.Unserved())
		for t := range m.T {
			x, d := solver.Col(t), w.DemandUnits.At(t, 0)
			row := m.Row(d, d)
			m.Add(row, unserved+x, 1)
			for _, r := range routes {
				m.Add(row, r.col+x, 1)
			}
			m.Cost(model.CostUnserved, unserved+x, price*m.Hours[t])
		}
		m.pin(w, routes)
		m.served = append(m.served, servedWork{m.owner, routes})
		k.routes, k.unserved = append(k.routes, routes), append(k.unserved, unserved)
	}
	return nil
}

// serve lets a column keep busy units of a pool for a workload, and returns the units
// that it holds for that beside a queue.
func (m *Model) serve(w *model.Workload, pool, t int, c solver.Col, busy float64) (held float64) {
	if q := m.queueAt(w.Class, pool); q != nil {
		m.Add(q.load[t], c, busy)
	} else {
		held = busy / m.utilisation(w)
	}
	m.Use(pool, t, c, held, busy)
	return held
}

// pin adds the rows of a workload's pinned shares that say something.
func (m *Model) pin(w *model.Workload, routes []routeColumns) {
	for i := range w.Pinned {
		pin := &w.Pinned[i]
		share := func(what string, least, most, part float64) {
			m.Label(what + " at " + pin.Site)
			for t := range m.T {
				row := m.Row(least, most)
				for _, r := range routes {
					here := 0.0
					if m.Case.Pools[r.pool].Site == pin.Site {
						here = 1
					}
					m.Add(row, r.col+solver.Col(t), here-part)
				}
			}
		}
		if pin.ShareMin > 0 {
			share("least", 0, inf, pin.ShareMin)
		}
		if pin.Most() < 1 {
			share("most", -inf, 0, pin.Most())
		}
	}
}

// utilisation is how far work of the workload's class fills a unit.
func (m *Model) utilisation(w *model.Workload) float64 {
	if c, ok := m.ix.LatencyClasses[w.Class]; ok {
		return m.Case.LatencyClasses[c].Cap()
	}
	return 1
}

func (k *workloads) Extract(pt *Point, p *model.Plan) {
	for i := range pt.Model.Case.Workloads {
		out := model.WorkloadPlan{
			Name: pt.Model.Case.Workloads[i].Name, Routes: []model.Route{}, UnservedUnits: pt.Series(k.unserved[i]),
		}
		for _, r := range k.routes[i] {
			units := pt.Series(r.col)
			if allZero(units) {
				continue
			}
			out.Routes = append(out.Routes, model.Route{Pool: pt.Model.Case.Pools[r.pool].Name, Units: units})
		}
		p.Workloads = append(p.Workloads, out)
	}
}

func allZero(s []float64) bool {
	for _, v := range s {
		if v != 0 {
			return false
		}
	}
	return true
}
