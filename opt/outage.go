package opt

// Outages of computing (N-1): what the plan serves of the covered workloads can be
// served, by other routes q^k, whatever single site or data link k is lost. For every
// outage k and period t that need it (outage_data.go), over the pools left,
//
//	sum of q^k + short^k = sum of q                                    by workload
//	held by q^k + held by what stays <= units per module * on_t        by pool
//	PUE_t (idle on_t + start power + dynamic * (busy by q^k + busy by what stays)) + base_t
//	    + import_t - power_t <= import limit_t                         by site
//	idle on_t + start power + dynamic * (busy) <= end of the cooling   by site with cooling
//	data of q^k + data of what stays <= capacity                       by direction
//	cost: h_t outage short price short^k
//
// What q^k holds is as in the plan: q^k / (speed * utilisation cap), or the need of its
// queue (queue.go). What is made and stored behind a site's meter, import - power, stays
// as planned, and so does heat; a site with cooling has its pieces once more in place of
// the PUE, which are filled in order because slopes do not fall. What stays are the workloads of other classes, the jobs that hold one
// width without a pause, and all jobs where they do not yield. Pins do not hold in an
// outage. As short is free to rise, no outage makes a case infeasible.
//
// What stays in a pool or on a link is the same in all outages, so it is summed up once,
// in a column of its own.

import (
	"fmt"
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// outages adds the rows of outages. In the catalog it stands behind all work, and before
// the pools, which add their modules to its rows.
type outages struct{}

const outageKind = "outage"

// outageNeed is the load of a queue in an outage and a period.
type outageNeed struct {
	queue   *poolQueue
	t       int
	columns needColumns
}

func (*outages) Kind() string { return outageKind }

func (*outages) Formulate(m *Model) error {
	if m.security == nil {
		return nil
	}
	stays := m.sumStays()
	for i := range m.security.outages {
		o := &m.security.outages[i]
		m.Begin(outageKind, o.Name)
		m.routes(o)
		o.rows = make([]rowSpan, m.T)
		for t := range m.T {
			if !o.periods[t] {
				continue
			}
			o.rows[t].first = solver.Row(m.b.Rows())
			m.Label("served")
			m.servedIn(o, t)
			m.holdIn(o, t, stays)
			m.drawIn(o, t, stays)
			m.sendIn(o, t, stays)
			o.rows[t].end = solver.Row(m.b.Rows())
		}
	}
	return nil
}

// withoutIdle returns the program without the rows of those outages and periods that cost
// nothing in its relaxation: for searches near that, whose plans are dispatched with all
// rows. What few outages bind decide the modules of all.
func (s *security) withoutIdle(p *solver.Problem, lp *solver.Result) *solver.Problem {
	if s == nil || !lp.HasDuals {
		return p
	}
	q := p.Clone(solver.RowBounds)
	for i := range s.outages {
		o := &s.outages[i]
		for t := range o.rows {
			if o.costs(lp, t) {
				continue
			}
			for r := o.rows[t].first; r < o.rows[t].end; r++ {
				q.RowLower[r], q.RowUpper[r] = -inf, inf
			}
		}
	}
	return q
}

// costs says whether an outage costs something in a period of a relaxation.
func (o *outage) costs(lp *solver.Result, t int) bool {
	for _, w := range o.moved {
		if row := w.served[t]; row >= 0 && math.Abs(lp.RowDual[row]) > freeDual {
			return true
		}
	}
	return false
}

// freeDual is the size, in the engine's money, up to which a dual is rounding.
const freeDual = 1e-7

// stayKind owns the sums of what stays: there are as many as there are pools and links where
// something does.
const stayKind = "what stays in outages"

// stayColumns are what stays, by pool and period or by direction and period; noCol for
// nothing.
type stayColumns struct{ held, busy, sent []solver.Col }

// sumStays sums up what stays where outages look.
func (m *Model) sumStays() *stayColumns {
	s := m.security
	pools, sites := make([]bool, len(s.held)), make([]bool, len(m.Case.Sites)*m.T)
	links := make([]bool, len(s.sent))
	for i := range s.outages {
		o := &s.outages[i]
		for t, open := range o.periods {
			if !open {
				continue
			}
			for _, p := range o.pools {
				pools[p*m.T+t] = true
			}
			for _, site := range o.sites {
				sites[site*m.T+t] = true
			}
			for _, w := range o.moved {
				for _, p := range w.places {
					if p.DataLink >= 0 {
						links[dataIndex(p.DataLink, p.Forward)*m.T+t] = true
					}
				}
			}
		}
	}
	m.Begin(stayKind, "any")
	sum := func(what string, of []linear, open func(i int) bool) []solver.Col {
		m.Label(what)
		out := noCols(len(of))
		for i := range of {
			if len(of[i].col) == 0 || !open(i) {
				continue
			}
			out[i] = m.Column(0, inf, solver.Continuous)
			row := m.Row(-inf, 0)
			for k, c := range of[i].col {
				m.Add(row, c, of[i].coef[k])
			}
			m.Add(row, out[i], -1)
		}
		return out
	}
	return &stayColumns{
		held: sum("held by what stays", s.held, func(i int) bool { return pools[i] }),
		busy: sum("busy with what stays", s.busy, func(i int) bool {
			return sites[m.ix.Sites[m.Case.Pools[i/m.T].Site]*m.T+i%m.T]
		}),
		sent: sum("data of what stays", s.sent, func(i int) bool { return links[i] }),
	}
}

// routes adds the columns of an outage: a column a period, closed where no row needs it.
func (m *Model) routes(o *outage) {
	price := m.Case.Penalties.OutageShort()
	o.units = make(map[int][]solver.Row)
	for _, pool := range o.pools {
		o.units[pool] = noRows(m.T)
	}
	for i := range o.moved {
		w := &o.moved[i]
		load := &m.Case.Workloads[w.workload]
		demand := func(t int) (float64, float64) {
			if !o.periods[t] {
				return 0, 0
			}
			return 0, load.DemandUnits.At(t, 0)
		}
		w.served = noRows(m.T)
		w.short = m.Columns("short of "+load.Name, solver.Continuous, demand)
		mine := m.owner
		m.resume(m.served[w.workload].owner)
		for t, h := range m.Hours {
			m.Cost(model.CostOutageShort, w.short+solver.Col(t), price*h)
		}
		m.resume(mine)
		for _, p := range w.places {
			w.routes = append(w.routes, m.Columns(load.Name+" at "+m.Case.Pools[p.Pool].Name, solver.Continuous, demand))
		}
	}
}

// noRow stands for a row that is not there.
const noRow = solver.Row(-1)

func noRows(n int) []solver.Row {
	out := make([]solver.Row, n)
	for k := range out {
		out[k] = noRow
	}
	return out
}

// servedIn states that what the plan serves is served or short.
func (m *Model) servedIn(o *outage, t int) {
	x := solver.Col(t)
	for i := range o.moved {
		w, row := &o.moved[i], m.Row(0, 0)
		w.served[t] = row
		m.Add(row, w.short+x, 1)
		for _, col := range w.routes {
			m.Add(row, col+x, 1)
		}
		for _, r := range m.served[w.workload].routes {
			m.Add(row, r.col+x, -1)
		}
	}
}

// holdIn states that the modules on hold what is served in an outage.
func (m *Model) holdIn(o *outage, t int, stays *stayColumns) {
	for _, base := range o.pools {
		m.Label("units at " + m.Case.Pools[base].Name)
		row := m.Row(-inf, 0)
		m.security.units[base*m.T+t] = append(m.security.units[base*m.T+t], row)
		o.units[base][t] = row
		if c := stays.held[base*m.T+t]; c >= 0 {
			m.Add(row, c, 1)
		}
		loads := make(map[*poolQueue]solver.Row)
		for _, w := range o.moved {
			load := &m.Case.Workloads[w.workload]
			for k, p := range w.places {
				if m.ix.BasePool(p.Pool) != base {
					continue
				}
				queue, speed := m.queueAt(load.Class, p.Pool), m.Case.Pools[p.Pool].UnitSpeed()
				col := w.routes[k] + solver.Col(t)
				if queue == nil {
					m.Add(row, col, 1/(speed*m.utilisation(load)))
					continue
				}
				if _, ok := loads[queue]; !ok {
					loads[queue] = m.Row(0, 0)
				}
				m.Add(loads[queue], col, 1/speed)
			}
		}
		for i := range m.queues {
			q := &m.queues[i]
			if of, ok := loads[q]; ok {
				most := m.loadOf(q, t, func(w int) bool { return o.mayServe(w, q.pool) })
				o.needs = append(o.needs, outageNeed{q, t, m.need(q, t, most, of, func(c solver.Col, held float64) {
					m.Add(row, c, held)
				})})
			}
		}
	}
}

// mayServe says whether an outage may serve a workload at a pool.
func (o *outage) mayServe(workload, pool int) bool {
	for _, w := range o.moved {
		if w.workload == workload {
			return slices.ContainsFunc(w.places, func(p model.Placement) bool { return p.Pool == pool })
		}
	}
	return false
}

// drawIn states that sites keep their import limits, and the ends of their cooling, in an
// outage.
func (m *Model) drawIn(o *outage, t int, stays *stayColumns) {
	for _, site := range o.sites {
		s := &m.Case.Sites[site]
		m.Label("draw of " + s.Name)
		var row solver.Row
		if s.ImportLimitMW.Given() {
			row = m.Row(-inf, s.ImportLimitMW.At(t, inf)-s.BaseMW.At(t, 0))
			m.security.imported[site*m.T+t] = append(m.security.imported[site*m.T+t], row)
			if m.detailed[site] {
				row = m.piecesIn(site, t, row)
			}
		} else {
			end, _ := s.MaxITMW()
			row = m.Row(-inf, end)
		}
		m.security.draw[site*m.T+t] = append(m.security.draw[site*m.T+t], row)
		for i := range m.Case.Pools {
			p := &m.Case.Pools[i]
			if p.Site != s.Name {
				continue
			}
			mw := m.itFactor(site, t) * p.DynamicMWPerUnit
			if c := stays.busy[i*m.T+t]; c >= 0 {
				m.Add(row, c, mw)
			}
			for _, w := range o.moved {
				for k, place := range w.places {
					if place.Pool == i {
						m.Add(row, w.routes[k]+solver.Col(t), mw/p.UnitSpeed())
					}
				}
			}
		}
	}
}

// piecesIn adds the pieces of a site's IT power in an outage to the row of its import,
// and returns a row of IT power. They end where the cooling does, or with all machines busy.
func (m *Model) piecesIn(site, t int, imported solver.Row) solver.Row {
	it := m.Row(-inf, 0)
	pieces := m.pieces(site)
	for k := range pieces {
		g := m.Column(0, pieces[k].width, solver.Continuous)
		m.Add(it, g, -1)
		m.Add(imported, g, 1+overhead(&m.Case.Sites[site], &pieces[k], t))
	}
	return it
}

// importInOutages lets what stands behind a site's meter, and its heat, be in outages as
// planned: what it imports beyond what it draws, and what its heat pump draws.
func (m *Model) importInOutages(site int, power, imported, heat solver.Col) {
	if m.security == nil {
		return
	}
	for t := range m.T {
		for _, row := range m.security.imported[site*m.T+t] {
			if imported != power {
				m.Add(row, imported+solver.Col(t), 1)
				m.Add(row, power+solver.Col(t), -1)
			}
			if heat >= 0 {
				m.Add(row, heat+solver.Col(t), m.Case.Sites[site].Heat.PumpMWhPerMWh)
			}
		}
	}
}

// sendIn states that data links carry the data of an outage.
func (m *Model) sendIn(o *outage, t int, stays *stayColumns) {
	rows := make(map[int]solver.Row)
	for _, w := range o.moved {
		for k, p := range w.places {
			if p.DataLink < 0 {
				continue
			}
			d := dataIndex(p.DataLink, p.Forward)
			row, ok := rows[d]
			if !ok {
				m.Label(fmt.Sprintf("data on %s", m.Case.DataLinks[p.DataLink].Name))
				row = m.Row(-inf, m.ix.DataGB(p.DataLink, t))
				rows[d] = row
				if c := stays.sent[d*m.T+t]; c >= 0 {
					m.Add(row, c, 1)
				}
			}
			m.Add(row, w.routes[k]+solver.Col(t), m.Case.Workloads[w.workload].DataGBPerUnitH*m.Hours[t])
		}
	}
}

func (*outages) Extract(pt *Point, p *model.Plan) {
	m := pt.Model
	if m.security == nil {
		return
	}
	for i := range m.security.outages {
		o := &m.security.outages[i]
		plan := model.OutagePlan{Name: o.Name}
		few := make([][][]float64, m.T) // by period, workload and place
		for t := range few {
			if o.periods[t] {
				few[t] = o.fewMoves(pt, p.Workloads, t)
			}
		}
		for j := range o.moved {
			at := func(k, t int) float64 {
				if few[t] != nil {
					return few[t][j][k]
				}
				return pt.At(o.moved[j].routes[k], t)
			}
			if w, otherwise := o.moved[j].extract(pt, o, &p.Workloads[o.moved[j].workload], at); otherwise {
				plan.Workloads = append(plan.Workloads, w)
			}
		}
		if len(plan.Workloads) > 0 {
			p.Outages = append(p.Outages, plan)
		}
	}
}

// extract returns how a workload is served in an outage, and whether that is otherwise
// than in the plan: in periods without columns it is not. at returns the units at a place
// in the other periods.
func (w *movedWork) extract(pt *Point, o *outage, base *model.WorkloadPlan, at func(k, t int) float64) (out model.OutageWorkload, otherwise bool) {
	m := pt.Model
	out = model.OutageWorkload{Name: base.Name, Routes: []model.Route{}, ShortUnits: pt.Series(w.short)}
	planned := make(map[string][]float64)
	for _, r := range base.Routes {
		planned[r.Pool] = r.Units
	}
	left := make(map[string]bool)
	otherwise = !allZero(out.ShortUnits)
	for k, p := range w.places {
		pool := m.Case.Pools[p.Pool].Name
		left[pool] = true
		units, base := make([]float64, m.T), planned[pool]
		for t := range units {
			was := 0.0
			if base != nil {
				was = base[t]
			}
			if units[t] = was; o.periods[t] {
				units[t] = at(k, t)
			}
			otherwise = otherwise || math.Abs(units[t]-was) > zero
		}
		if !allZero(units) {
			out.Routes = append(out.Routes, model.Route{Pool: pool, Units: units})
		}
	}
	for pool := range planned {
		otherwise = otherwise || !left[pool]
	}
	return out, otherwise
}

// Propose opens the queues of outages as far as the modules go that begin on.
func (*outages) Propose(pt *Proposal) {
	m := pt.Model
	if m.security == nil || len(m.queues) == 0 {
		return
	}
	on := m.firstModules()
	m.openNeeds(pt.Set, func(base, t int) float64 { return float64(on[base*m.T+t]) })
}

// openNeeds opens the queues of outages as far as so many modules go.
func (m *Model) openNeeds(set func(c solver.Col, v float64), modules func(base, t int) float64) {
	sharing := m.queuesOfModules()
	for i := range m.security.outages {
		for _, n := range m.security.outages[i].needs {
			base := m.ix.BasePool(n.queue.pool)
			n.columns.open(modules(base, n.t)*m.Case.Pools[base].UnitsPerModule/float64(sharing[base]), set)
		}
	}
}

// Follow asks for the units that the relaxation's routes take in outages, beside what
// stays.
func (*outages) Follow(r *Rounding) {
	m := r.Model
	if m.security == nil {
		return
	}
	stays := make([]float64, len(m.security.held))
	for i := range stays {
		stays[i] = m.security.held[i].at(r.x)
	}
	taken := make([]float64, len(stays)) // by one outage
	for i := range m.security.outages {
		o := &m.security.outages[i]
		copy(taken, stays)
		loads := make(map[[2]int]float64) // queue, period
		for _, w := range o.moved {
			load := &m.Case.Workloads[w.workload]
			for k, p := range w.places {
				speed, queue := m.Case.Pools[p.Pool].UnitSpeed(), m.queueAt(load.Class, p.Pool)
				for t := range m.T {
					if units := r.X[int(w.routes[k])+t] / speed; queue == nil {
						taken[r.cell(p.Pool, t)] += units / m.utilisation(load)
					} else {
						loads[[2]int{queue.number, t}] += units
					}
				}
			}
		}
		for _, n := range o.needs {
			if len(n.columns.lines) == 0 {
				continue
			}
			at, load := r.cell(n.queue.pool, n.t), loads[[2]int{n.queue.number, n.t}]
			room := math.Max(0, m.ix.MaxUnits(n.queue.pool, n.t)-taken[at])
			if held := n.columns.lines[least(n.columns.lines, load)].at(load); held <= room {
				n.columns.set(load, r.Set)
				taken[at] += held
			} else {
				n.columns.open(room, r.Set)
				taken[at] += room
			}
		}
		for i, units := range taken {
			r.secured[i] = math.Max(r.secured[i], units)
		}
	}
}

// Refine opens the queues of outages as far as the modules of the longer periods go.
func (*outages) Refine(pt *Proposal, plan *model.Plan, first []int) {
	m := pt.Model
	if m.security == nil {
		return
	}
	longer := make([]int, m.T)
	for k := range len(first) - 1 {
		for t := first[k]; t < first[k+1]; t++ {
			longer[t] = k
		}
	}
	m.openNeeds(pt.Set, func(base, t int) float64 { return float64(plan.Pools[base].ModulesOn[longer[t]]) })
}
