package opt

// What a site may draw beyond the plan: jobs that are called to draw more, or that
// catch up after calls (job_reserve.go), add B_t MW of IT power at most, and with its
// overhead D_t MW. For that there must be room,
//
//	import_t + D_t + sum of down reserve_t <= import limit_t
//	import_t + D_t + sum of down reserve_t + (U_t - baseline + reduction) c_t <= U_t   (demand_response.go)
//	import_t - sum of what jobs may drop when called - sum of up reserve_t >= -export limit_t,
//	                                   where assets stand behind the meter
//
// with the reserve of what stands behind the meter (behind_meter.go).
//
// D_t is PUE_t B_t. With cooling it is f_t (g(IT_t + B_t) - g(IT_t)) more than B_t,
// where g is the overhead. g is convex: the greatest of the lines of its pieces,
// a_k + s_k IT. So each of these rows stands once for every piece, with
//
//	D_t = B_t + f_t (a_k + s_k (IT_t + B_t) - sum over j of s_j g_{j,t})
//
// and IT_t + B_t is at most what the cooling serves. Heat is what it is in the plan.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// Spare keeps units of a pool's capacity free in period t per unit of column c, and
// so much of what its site may draw as they would.
func (m *Model) Spare(pool, t int, c solver.Col, units float64) {
	m.Add(m.poolRow[pool*m.T+t], c, units)
	m.ofSite(&m.beyond, pool, t).add(c, m.Case.Pools[pool].DynamicMWPerUnit*units)
}

// dropOnCall notes that jobs of a pool may draw a MW less per unit of column c.
func (m *Model) dropOnCall(pool, t int, c solver.Col) { m.ofSite(&m.onCall, pool, t).add(c, 1) }

// ofSite returns the sum of a pool's site in a period.
func (m *Model) ofSite(sums *[]linear, pool, t int) *linear {
	if *sums == nil {
		*sums = make([]linear, len(m.Case.Sites)*m.T)
	}
	return &(*sums)[m.ix.Sites[m.Case.Pools[pool].Site]*m.T+t]
}

// room adds the rows of a site that has begun.
func (m *Model) room(site int) {
	s := &m.Case.Sites[site]
	if m.beyond != nil {
		m.Label("beyond the plan")
		for t := range m.T {
			if !m.callsBeyond(site, t) {
				continue
			}
			if limit := s.ImportLimitMW.At(t, inf); !math.IsInf(limit, 1) {
				m.importBeyond(site, t, limit, m.promises(site, t, model.Down, 1)...)
			}
			m.coolBeyond(site, t)
		}
	}
	if m.onCall == nil || m.importRow[site] == nil {
		return
	}
	m.Label("export on call")
	for t := range m.T {
		dropped := &m.onCall[site*m.T+t]
		if len(dropped.col) == 0 {
			continue
		}
		row := m.Row(-s.ExportLimitMW.At(t, 0), inf)
		m.Add(row, m.siteImport(site, t), 1)
		m.addAll(row, dropped, -1)
		for _, x := range m.promises(site, t, model.Up, -1) {
			m.Add(row, x.col, x.coef)
		}
	}
}

// callsBeyond says whether jobs may draw beyond the plan at a site in a period.
func (m *Model) callsBeyond(site, t int) bool {
	return m.beyond != nil && len(m.beyond[site*m.T+t].col) > 0
}

// importBeyond states that the import of a site in a period, with what jobs may draw
// beyond the plan and with other terms, is at most so much.
func (m *Model) importBeyond(site, t int, most float64, others ...term) {
	s, it, more := &m.Case.Sites[site], m.siteIT[site], new(linear)
	pieces := []itPiece{{}}
	if m.callsBeyond(site, t) {
		more = &m.beyond[site*m.T+t]
		if it != nil && s.Cooling != nil {
			pieces = it.pieces
		}
	}
	from, above := 0.0, 0.0 // of IT power and of overhead, where the piece begins
	for k := range pieces {
		this := &pieces[k]
		row := m.Row(-inf, most)
		m.Add(row, m.siteImport(site, t), 1)
		for _, x := range others {
			m.Add(row, x.col, x.coef)
		}
		slope := overhead(s, this, t)
		m.addAll(row, more, 1+slope)
		if len(pieces) > 1 {
			for j := range pieces {
				m.Add(row, pieces[j].col+solver.Col(t), slope-overhead(s, &pieces[j], t))
			}
			m.b.ShiftRow(row, slope*from-above)
		}
		from += this.width
		above += slope * this.width
	}
}

// coolBeyond states that the cooling of a site serves what jobs may draw as well.
func (m *Model) coolBeyond(site, t int) {
	s, it := &m.Case.Sites[site], m.siteIT[site]
	if s.Cooling == nil {
		return
	}
	most, ends := s.Cooling.MaxITMW()
	if !ends {
		return
	}
	row := m.Row(-inf, most)
	for k := range it.pieces {
		m.Add(row, it.pieces[k].col+solver.Col(t), 1)
	}
	m.addAll(row, &m.beyond[site*m.T+t], 1)
}

// addAll adds a sum to a row, times factor.
func (m *Model) addAll(row solver.Row, sum *linear, factor float64) {
	for k, col := range sum.col {
		m.Add(row, col, factor*sum.coef[k])
	}
}
