package opt

// IT power of sites in detail: those with cooling, water or heat. A site's shared
// row counts IT power itself,
//
//	sum over k of g_{k,t} = idle on_t + dynamic busy_t + start energy / h_t start_t   (shared)
//	0 <= g_{k,t} <= W_k
//	power_t = sum over k of (1 + f_t s_k) g_{k,t} + pump heat_t + base_t
//	0 <= heat_t <= demand_t,  heat_t <= share * sum over k of g_{k,t}
//	sum over t, k of h_t water_t g_{k,t} - excess <= water limit
//	cost: water price h_t water_t g_{k,t} - h_t heat price_t heat_t + excess price excess
//
// where W_k and s_k are the widths and slopes of the pieces of cooling's overhead and
// f_t its factor; a site with a PUE has one piece without end, of overhead PUE_t - 1.
// f_t, and the water where it follows the weather, are known before.
//
// Slopes do not fall, so pieces fill in order by themselves where power costs
// anything. Where it is paid to be taken, the dearest would fill first: then the site
// would draw more than its machines need. Against that stand binaries,
//
//	g_{k,t} >= W_k y_{k,t},  g_{k+1,t} <= W_{k+1} y_{k,t}                      (order)
//
// in periods whose pieces differ. They come out whole nearly always; so searches near a
// point relax them, and a dispatch settles them (loose.go).

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// itPiece is a piece of a site's IT power: width in MW.
type itPiece struct {
	width float64
	slope float64    // s_k; of PUE by period
	col   solver.Col // g_k, first of T
	full  solver.Col // y_k, first of T; -1 without
}

// itPower is the IT power of a site in detail.
type itPower struct {
	pieces []itPiece
	heat   solver.Col // first of T, -1 without
	excess solver.Col // of water, -1 without
}

// inDetail says whether the row of a site counts IT power, rather than what it makes
// the site draw.
func inDetail(s *model.Site, T int) bool {
	return s.Cooling != nil || s.Heat != nil || usesWater(s, T)
}

func usesWater(s *model.Site, T int) bool {
	for t := range T {
		if s.WaterAt(t) > 0 {
			return true
		}
	}
	return false
}

// itFactor is what the row of a site counts for a MW of IT power.
func (m *Model) itFactor(site, t int) float64 {
	if m.detailed[site] {
		return 1
	}
	return m.Case.Sites[site].PUE.At(t, 1)
}

// overhead is what a piece draws on top of IT power, MW per MW.
func overhead(s *model.Site, k *itPiece, t int) float64 {
	if s.Cooling == nil {
		return s.PUE.At(t, 1) - 1
	}
	return s.CoolingFactor(t) * k.slope
}

// mostIT is the most IT power that the machines of a site can draw, MW.
func (m *Model) mostIT(site int) float64 {
	shortest := inf
	for _, h := range m.Hours {
		shortest = math.Min(shortest, h)
	}
	dynamic := make([]float64, len(m.Case.Pools)) // of the dearest level, by base
	for i := range m.Case.Pools {
		base := m.ix.BasePool(i)
		dynamic[base] = math.Max(dynamic[base], m.Case.Pools[i].DynamicMWPerUnit)
	}
	most := 0.0
	for i := range m.Case.Pools {
		if p := &m.Case.Pools[i]; m.ix.Sites[p.Site] == site && !p.PowerLevel() {
			each := p.IdleMWPerModule + p.UnitsPerModule*dynamic[i] + p.StartEnergyMWh/shortest
			most += float64(p.Modules) * each
		}
	}
	return most
}

// pieces are those of a site's overhead, as far as its machines reach; neighbours of
// the same slope are one.
func (m *Model) pieces(site int) []itPiece {
	s, most := &m.Case.Sites[site], m.mostIT(site)
	if s.Cooling == nil {
		return []itPiece{{width: most, full: -1}}
	}
	var out []itPiece
	from := 0.0
	for _, p := range s.Cooling.Pieces {
		to := math.Min(most, orElse(p.ITMW, inf))
		n := len(out)
		switch {
		case n > 0 && to <= from:
		case n > 0 && out[n-1].slope == p.OverheadMWPerMW:
			out[n-1].width += to - from
		default:
			out = append(out, itPiece{width: to - from, slope: p.OverheadMWPerMW, full: -1})
		}
		from = to
	}
	return out
}

// roomIT is the most IT power that a site may have in a period by what it may draw,
// as if it imported all of it, MW.
func (m *Model) roomIT(site, t int) float64 {
	s := &m.Case.Sites[site]
	left := math.Min(m.mostPower(site, t), s.ImportLimitMW.At(t, inf)) - s.BaseMW.At(t, 0)
	if s.Cooling == nil {
		return left / s.PUE.At(t, 1)
	}
	pieces, room := m.pieces(site), 0.0
	for k := range pieces {
		each := 1 + overhead(s, &pieces[k], t)
		room += math.Min(pieces[k].width, math.Max(0, left/each))
		left -= pieces[k].width * each
	}
	return room
}

// fullPUE is what a site draws for a MW of IT power with all machines busy, base and
// heat aside.
func (m *Model) fullPUE(site, t int) float64 {
	s, pieces := &m.Case.Sites[site], m.pieces(site)
	if s.Cooling == nil {
		return s.PUE.At(t, 1)
	}
	draw, it := 0.0, 0.0
	for k := range pieces {
		draw += pieces[k].width * (1 + overhead(s, &pieces[k], t))
		it += pieces[k].width
	}
	if it == 0 {
		return 1
	}
	return draw / it
}

// limited says whether anything but its machines limits the power of a site.
func (m *Model) limited(site int) bool {
	s := &m.Case.Sites[site]
	return s.LimitsDraw() || s.RampMWPerH != nil || s.UPSMinutes > 0 || m.importRow[site] != nil
}

// ordered says whether the pieces of a site differ in a period.
func ordered(s *model.Site, t int) bool { return s.Cooling != nil && s.CoolingFactor(t) > 0 }

// itPower adds the IT power of a site in detail, which draws power.
func (m *Model) itPower(site int, power solver.Col) *itPower {
	s := &m.Case.Sites[site]
	it := &itPower{pieces: m.pieces(site), heat: -1, excess: -1}
	for k := range it.pieces {
		it.pieces[k].col = m.Columns("it power", solver.Continuous, between(0, it.pieces[k].width))
	}
	m.Label("draw")
	draw := make([]solver.Row, m.T)
	for t := range draw {
		base := s.BaseMW.At(t, 0)
		draw[t] = m.Row(base, base)
		m.Add(draw[t], power+solver.Col(t), 1)
		for k := range it.pieces {
			c := it.pieces[k].col + solver.Col(t)
			m.Add(m.siteRow[site*m.T+t], c, 1)
			m.Add(draw[t], c, -1-overhead(s, &it.pieces[k], t))
		}
	}
	m.inOrder(s, it.pieces)
	if s.Heat != nil {
		m.heat(s, it, draw)
	}
	if usesWater(s, m.T) {
		m.water(s, it)
	}
	return it
}

// inOrder adds the order of the pieces.
func (m *Model) inOrder(s *model.Site, pieces []itPiece) {
	for k := range len(pieces) - 1 {
		this, next := &pieces[k], &pieces[k+1]
		this.full = m.Columns("full", solver.Integer, func(t int) (float64, float64) {
			return 0, boolFloat(ordered(s, t))
		})
		m.Label("order")
		for t := range m.T {
			if !ordered(s, t) {
				continue
			}
			x := solver.Col(t)
			m.atLeastIf(this.col+x, this.width, this.full+x)
			m.offUnless(next.col+x, next.width, this.full+x)
		}
	}
}

// heat adds what a site sells of its heat.
func (m *Model) heat(s *model.Site, it *itPower, draw []solver.Row) {
	h := s.Heat
	it.heat = m.Columns("heat", solver.Continuous, func(t int) (float64, float64) { return 0, h.DemandMW.At(t, 0) })
	m.Label("heat share")
	for t := range m.T {
		c := it.heat + solver.Col(t)
		m.Add(draw[t], c, -h.PumpMWhPerMWh)
		m.Cost(model.CostHeat, c, -h.PricePerMWh.At(t, 0)*m.Hours[t])
		row := m.Row(math.Inf(-1), 0)
		m.Add(row, c, 1)
		for _, p := range it.pieces {
			m.Add(row, p.col+solver.Col(t), -h.Share)
		}
	}
}

// water adds what a site pays for water, and its limit.
func (m *Model) water(s *model.Site, it *itPower) {
	limit := solver.Row(-1)
	m.Label("water")
	if s.WaterLimitM3 != nil {
		it.excess = m.Column(0, inf, solver.Continuous)
		limit = m.Row(math.Inf(-1), *s.WaterLimitM3)
		m.Add(limit, it.excess, -1)
		m.Cost(model.CostWaterExcess, it.excess, m.Case.Penalties.WaterExcess())
	}
	for t, h := range m.Hours {
		m3 := h * s.WaterAt(t) // of a MW: 1 l/kWh is 1 m3/MWh
		for _, p := range it.pieces {
			c := p.col + solver.Col(t)
			m.Cost(model.CostWater, c, s.WaterPricePerM3*m3)
			if limit >= 0 {
				m.Add(limit, c, m3)
			}
		}
	}
}

// extract writes what the site used and gave.
func (it *itPower) extract(pt *Point, s *model.Site, out *model.SitePlan) {
	if it.heat >= 0 {
		out.HeatMW = pt.Series(it.heat)
	}
	if !usesWater(s, pt.Model.T) {
		return
	}
	for t, h := range pt.Model.Hours {
		out.WaterM3 += h * s.WaterAt(t) * it.total(pt.X, t)
	}
	if it.excess >= 0 {
		out.WaterExcessM3 = pt.At(it.excess, 0)
	}
}

// total is the IT power in a period at a point, MW.
func (it *itPower) total(x []float64, t int) float64 {
	sum := 0.0
	for _, p := range it.pieces {
		sum += x[int(p.col)+t]
	}
	return sum
}

// waste is the power in MW that the overhead of a site may be above what its IT power
// needs and still count as that.
const waste = 1e-7

// settle makes the order of the pieces in a period whole, and says whether they were
// in order.
func (it *itPower) settle(s *model.Site, x []float64, t int) bool {
	left, excess := it.total(x, t), 0.0
	fill := make([]float64, len(it.pieces))
	for k := range it.pieces {
		p := &it.pieces[k]
		fill[k] = math.Min(left, p.width)
		left -= fill[k]
		excess += overhead(s, p, t) * (x[int(p.col)+t] - fill[k])
		if p.full >= 0 {
			x[int(p.full)+t] = boolFloat(left > 0)
		}
	}
	if excess > waste*math.Max(1, it.total(x, t)) {
		return false
	}
	for k := range it.pieces {
		x[int(it.pieces[k].col)+t] = fill[k]
	}
	return true
}
