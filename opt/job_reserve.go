package opt

// Reserve from computing. A job that pauses at will (job_fluid.go) may promise a
// reserve product to draw less (up) or more (down) when it is called. Of the jobs
// of a class that run in a pool, y in number, with z_t busy units, g units each at
// most, and w_t MW at the bus that a busy unit draws (dynamic power times PUE; with
// the cooling's overhead not counted):
//
//	u_{p,t} >= 0   units promised to product p: w_t u_{p,t} MW
//	q_t >= 0       spare units, left free in the plan, for work lost in calls
//	up:    sum over p of u_{p,t} <= z_t,   z_t + q_t <= g y
//	down:  z_t + sum over p of u_{p,t} <= g y
//
// Pools and the import of sites have room for all spare units and all units that
// may be called down at once, beside the plan (Model.Spare).
//
// Product p may be called K_p times, each time from the beginning of a period t
// for D_p hours at most, which is until some time in period end_p(t) - 1, and for
// any part of what is promised (of a gang all or nothing: job_gang_reserve.go). A call is measured from what the job would draw
// without it. Called up, a job falls behind its plan, and does more than planned in
// later periods, in spare units; called down, it gets ahead, and does less. It does
// so from the end of a call on, as fast as it can, during other calls too. Let
//
//	b_e   unit-hours from period e on in which it can: the sum of h_t q_t up to
//	      the due time or the deadline (up), or of h_t z_t (down)
//
// Then whatever the calls are, it has done its work, and is no later than planned, if
// for every e
//
//	sum over p of K_p m_{p,e} <= b_e,   m_{p,e} = D_p max of u_{p,t}, end_p(t) >= e
//
// Why: count what a call loses (gains) as falling due when it ends. Suppose that
// some is left at the end, and let e be the first period from which on
// some was due throughout. From e on all spare units were used, b_e in all, and
// nothing was due before: so what fell due from e on exceeds b_e. But it is of calls
// that end at e or later, K_p of each product at most. The call of p at t loses
// D_p max of u_{p,s} over the periods s that it lasts at most, and for each of them
// end_p(s) >= end_p(t) >= e: D_p units for the maximum above. Together that is no
// more than the left side: a contradiction. Before it is due a loss is made good
// nowhere, so at no time does a job use more than its spare units, or more than it
// planned and is called for. The speed of the pool is the same on both sides.
//
// A job promises nothing upward to a product that must be there sooner than it drops.
//
// b and m are columns, and m falls with e:
//
//	b_e <= b_{e+1} + h_e q_e,   m_{p,e} >= m_{p,e+1},   m_{p,end_p(t)} >= D_p u_{p,t}
//
// A product alone needs no m, as b falls: K_p D_p u_{p,t} <= b_{end_p(t)}. Where no
// period is left after a call nothing can be promised (unless D is 0).
// All is linear and grows with y, so what a class does its jobs do in equal parts.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// jobReserve is what the jobs of a class that run in a pool promise.
type jobReserve struct {
	pool  int
	given []jobPromise
	spare periodCols // none of jobs that work ahead
}

// jobPromise is what they promise to a product.
type jobPromise struct {
	product int
	mw      periodCols
	calls   float64 // times that it may be called
	loss    float64 // hours of its units that a call takes
	end     []int   // of a call, by period
}

// periodCols are columns, one a period, from a period on.
type periodCols struct {
	col   solver.Col
	first int
	end   int // first period without
}

// at returns the column of a period; ok is false for none.
func (p periodCols) at(t int) (col solver.Col, ok bool) {
	if t < p.first || t >= p.end {
		return noCol, false
	}
	return p.col + solver.Col(t-p.first), true
}

// each calls yield with every column.
func (p periodCols) each(yield func(solver.Col)) {
	for t := p.first; t < p.end; t++ {
		yield(p.col + solver.Col(t-p.first))
	}
}

// periodCols adds a continuous column for each of the periods first..end-1.
func (m *Model) periodCols(first, end int, most func(t int) float64) periodCols {
	p := periodCols{col: solver.Col(m.b.Cols()), first: first, end: max(first, end)}
	for t := first; t < end; t++ {
		m.Column(0, most(t), solver.Continuous)
	}
	return p
}

// reserve adds what jobs promise that run in a pool from a period on. busy are their
// busy units, and the sum of number counts them, n at most; nil for nothing.
func (c *jobClass) reserve(m *Model, pool, first int, busy periodCols, number []solver.Col, n float64) *jobReserve {
	if len(c.job.Reserves) == 0 {
		return nil
	}
	_, end, last := m.ix.JobWindow(c.job)
	name := m.Case.Pools[pool].Name
	r := &jobReserve{pool: pool, spare: periodCols{col: noCol}}
	most := func(t int) float64 { return n * math.Min(c.job.Units, m.ix.MaxUnits(pool, t)) }
	up := m.Case.Reserves[m.ix.Reserves[c.job.Reserves[0]]].Direction == model.Up
	if !up {
		end = busy.end
	}
	r.promise(m, c.job, first, last, end, most)
	if len(r.given) == 0 {
		return nil
	}
	after := busy
	if up {
		m.Label("spare at " + name)
		r.spare = m.periodCols(first+1, end, most)
		after = r.spare
		for t := r.spare.first; t < r.spare.end; t++ {
			q, _ := r.spare.at(t)
			m.Spare(pool, t, q, 1)
			c.holdBeyond(pool, t, q, 1)
		}
	}
	m.Label("promises at " + name)
	for t := first; t < last; t++ {
		r.units(m, c, t, up, busy, number)
	}
	m.Label("catching up at " + name)
	r.catchUp(m, after)
	return r
}

// promise adds the power promised to each product that the job may give to in the pool,
// in periods from first on and before last whose calls leave some before catchUp to make
// good for them.
func (r *jobReserve) promise(m *Model, j *model.Job, first, last, catchUp int, most func(int) float64) {
	for _, name := range j.Reserves {
		if i := m.ix.Reserves[name]; mayPromise(m.Case, m.ix, j, i, r.pool) {
			r.product(m, i, j.CallH(&m.Case.Reserves[i]), first, last, catchUp, most)
		}
	}
}

// mayPromise says whether the pool lies in the zone of a product that the job names, and
// the job is fast enough for it and may be interrupted as often as it is called.
func mayPromise(c *model.Case, ix *model.Index, j *model.Job, product, pool int) bool {
	p, at := &c.Reserves[product], &c.Pools[pool]
	return inZone(p, c.Sites[ix.Sites[at.Site]].Bus) && j.InTime(p) && j.Endures(p) && at.DynamicMWPerUnit > 0
}

// product adds the power promised to one product, a call of which takes so many hours.
func (r *jobReserve) product(m *Model, i int, loss float64, first, last, catchUp int, most func(int) float64) {
	p := &m.Case.Reserves[i]
	g := jobPromise{product: i, calls: float64(p.Calls()), loss: loss, end: callEnds(m.ix, p)}
	end := first
	for t := first; t < last; t++ {
		if g.end[t] < catchUp || g.loss == 0 {
			end = t + 1
		}
	}
	if end == first {
		return
	}
	m.Label("reserve " + p.Name + " at " + m.Case.Pools[r.pool].Name)
	g.mw = m.periodCols(first, end, func(t int) float64 { return most(t) * m.unitMW(r.pool, t) })
	for t := first; t < end; t++ {
		mw, _ := g.mw.at(t)
		m.Provide(i, t, mw, 1)
		if p.Direction == model.Up {
			m.dropOnCall(r.pool, t, mw)
		}
	}
	r.given = append(r.given, g)
}

// callEnds are the periods after the calls of a product, by the period in which they begin.
func callEnds(ix *model.Index, p *model.ReserveProduct) []int {
	end := make([]int, len(ix.Hours))
	for t := range end {
		end[t], _ = ix.EndOf(t, p.Sustained())
	}
	return end
}

// units limits what is promised in a period, and what is spare, to what the jobs hold
// or could hold.
func (r *jobReserve) units(m *Model, c *jobClass, t int, up bool, busy periodCols, number []solver.Col) {
	z, working := busy.at(t)
	var promised []term
	for _, g := range r.given {
		if mw, ok := g.mw.at(t); ok {
			promised = append(promised, term{mw, 1 / m.unitMW(r.pool, t)})
		}
	}
	more := promised
	if up {
		if len(promised) > 0 {
			row := m.Row(-inf, 0)
			for _, x := range promised {
				m.Add(row, x.col, x.coef)
			}
			if working {
				m.Add(row, z, -1)
			}
		}
		more = nil
		if q, ok := r.spare.at(t); ok {
			more = []term{{q, 1}}
		}
	}
	if len(more) == 0 {
		return
	}
	row := m.Row(-inf, 0)
	for _, x := range more {
		m.Add(row, x.col, x.coef)
		if !up {
			m.Spare(r.pool, t, x.col, x.coef)
			c.holdBeyond(r.pool, t, x.col, x.coef)
		}
	}
	if working {
		m.Add(row, z, 1)
	}
	for _, y := range number {
		m.Add(row, y, -math.Min(c.job.Units, m.ix.MaxUnits(r.pool, t)))
	}
}

// catchUp states that whatever the calls, what they take can be made good for in the
// units of after.
func (r *jobReserve) catchUp(m *Model, after periodCols) {
	// Unit-hours from a period on; there are none from after.end on.
	room := m.periodCols(after.first, after.end, func(int) float64 { return inf })
	from := func(e int) (solver.Col, bool) { return room.at(max(e, after.first)) }
	for e := room.first; e < room.end; e++ {
		row := m.Row(-inf, 0)
		b, _ := room.at(e)
		m.Add(row, b, 1)
		if next, ok := room.at(e + 1); ok {
			m.Add(row, next, -1)
		}
		units, _ := after.at(e)
		m.Add(row, units, -m.Hours[e])
	}
	if len(r.given) == 1 {
		g := &r.given[0]
		g.each(m, r.pool, func(mw solver.Col, end int, hours float64) {
			row := m.Row(-inf, 0)
			m.Add(row, mw, g.calls*hours)
			if b, ok := from(end); ok {
				m.Add(row, b, -1)
			}
		})
		return
	}
	r.together(m, from)
}

// together states it for several products: each may be called.
func (r *jobReserve) together(m *Model, from func(e int) (solver.Col, bool)) {
	ends := make([]bool, m.T+1)
	for i := range r.given {
		r.given[i].each(m, r.pool, func(_ solver.Col, end int, _ float64) { ends[end] = true })
	}
	later := make([]solver.Col, len(r.given)) // m at the next end
	for i := range later {
		later[i] = noCol
	}
	for e := m.T; e >= 0; e-- {
		if !ends[e] {
			continue
		}
		all := m.Row(-inf, 0)
		if b, ok := from(e); ok {
			m.Add(all, b, -1)
		}
		for i := range r.given {
			g := &r.given[i]
			worst := m.Column(0, inf, solver.Continuous)
			m.Add(all, worst, g.calls)
			if later[i] >= 0 {
				m.offUnless(later[i], 1, worst)
			}
			g.each(m, r.pool, func(mw solver.Col, end int, hours float64) {
				if end == e {
					row := m.Row(-inf, 0)
					m.Add(row, mw, hours)
					m.Add(row, worst, -1)
				}
			})
			later[i] = worst
		}
	}
}

// each calls yield with the columns of a product whose calls take work: with the
// period after a call, and the unit-hours that it takes per MW.
func (g *jobPromise) each(m *Model, pool int, yield func(mw solver.Col, end int, hours float64)) {
	if g.loss == 0 {
		return
	}
	for t := g.mw.first; t < g.mw.end; t++ {
		mw, _ := g.mw.at(t)
		yield(mw, g.end[t], g.loss/m.unitMW(pool, t))
	}
}

// unitMW is the power at the bus of one busy unit.
func (m *Model) unitMW(pool, t int) float64 { return unitMW(m.Case, m.ix, pool, t) }

func unitMW(c *model.Case, ix *model.Index, pool, t int) float64 {
	p := &c.Pools[pool]
	return c.Sites[ix.Sites[p.Site]].PUE.At(t, 1) * p.DynamicMWPerUnit
}

// extract adds what each of n jobs promises to its plan.
func (r *jobReserve) extract(pt *Point, n int, p *model.JobPlan) {
	if r == nil {
		return
	}
	share := func(cols periodCols) (out []float64, some bool) {
		out = make([]float64, pt.Model.T)
		for t := range out {
			if _, ok := cols.at(t); ok {
				out[t] = math.Max(0, pt.At(cols.col, t-cols.first)/float64(n))
				some = some || out[t] > 0
			}
		}
		return out, some
	}
	for _, g := range r.given {
		if mw, some := share(g.mw); some {
			p.Reserves = append(p.Reserves, model.ProvidedPower{Product: pt.Model.Case.Reserves[g.product].Name, MW: mw})
		}
	}
	if spare, some := share(r.spare); some {
		p.SpareUnits = spare
	}
}
