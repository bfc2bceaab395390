package opt

// Reserve from gangs. A preemptible gang of g units (job_gang.go) that is called drops
// all that it holds until the call ends, and goes on as after an interruption. So of the
// promises upward that any job may make (job_reserve.go), with y whether it begins in the
// pool, it makes those of all its units or none, to one product at a time, and keeps all
// its units spare or none:
//
//	w_t u_{p,t} = g w_t v_{p,t}   v binary
//	q_t = g x_t                   x binary
//	x_t <= y - on_t
//	x_t <= on_{t-1} + x_{t-1}     spare units go on from a run
//
// A call takes D_p hours of its units and those of an interruption, L, which is where D_p
// stands in job_reserve.go. Each call is an interruption, whatever is caught up after it:
// spare units are used from their first period on, or from the end of a call, and either
// goes on from what was interrupted, or from work. So with e_p, binary, whether p is promised
// anything,
//
//	e_p >= v_{p,t},   again + sum over p of K_p e_p <= most interruptions * y
//	sum over p of K_p (D_p + L) g e_p <= sum over t of h_t q_t
//
// The last row follows from the others. With it engines decide whether before when, and
// a bound is mostly higher: without, a part of a promise needs a part of the spare hours.

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// gangReserve are the binaries of what a gang promises and keeps spare in a pool.
type gangReserve struct {
	ever  []solver.Col // by product of its promises: anything
	whole []periodCols // by product: all its units
	spare periodCols
}

// gangPromises makes promises and spare units those of a gang. Calls count among the
// interruptions in the row given; -1 for none.
func (s *stay) gangPromises(m *Model, c *jobClass, interruptions solver.Row) {
	if s.reserve == nil {
		return
	}
	name, units := m.Case.Pools[s.pool].Name, c.job.Units
	s.promised = new(gangReserve)
	m.Label("gang promises at " + name)
	all := s.reserve.spareHours(m)
	for i := range s.reserve.given {
		g := &s.reserve.given[i]
		ever := m.Column(0, 1, solver.Integer)
		m.Add(all, ever, g.calls*g.loss*units)
		if interruptions >= 0 {
			m.Add(interruptions, ever, g.calls)
		}
		whole := m.allOrNone(g.mw, func(t int) float64 { return units * m.unitMW(s.pool, t) })
		for t := whole.first; t < whole.end; t++ {
			v, _ := whole.at(t)
			m.offUnless(v, 1, ever)
		}
		s.promised.ever, s.promised.whole = append(s.promised.ever, ever), append(s.promised.whole, whole)
	}
	m.Label("gang spare at " + name)
	s.promised.spare = m.allOrNone(s.reserve.spare, func(int) float64 { return units })
	s.spareFollows(m)
}

// spareHours returns a row for what calls take: at most all unit-hours that are spare.
func (r *jobReserve) spareHours(m *Model) solver.Row {
	row := m.Row(-inf, 0)
	for t := r.spare.first; t < r.spare.end; t++ {
		q, _ := r.spare.at(t)
		m.Add(row, q, -m.Hours[t])
	}
	return row
}

// allOrNone makes columns so much or nothing, and returns the binaries that say which.
func (m *Model) allOrNone(cols periodCols, all func(t int) float64) periodCols {
	whole := periodCols{solver.Col(m.b.Cols()), cols.first, cols.end}
	for t := cols.first; t < cols.end; t++ {
		v, col := m.Column(0, 1, solver.Integer), cols.col+solver.Col(t-cols.first)
		row := m.Row(0, 0)
		m.Add(row, col, 1)
		m.Add(row, v, -all(t))
	}
	return whole
}

// spareFollows lets spare units of a period follow a run or the spare units before, where
// the gang is not on.
func (s *stay) spareFollows(m *Model) {
	for t := s.promised.spare.first; t < s.promised.spare.end; t++ {
		x, _ := s.promised.spare.at(t)
		idle, follows := m.Row(-inf, 0), m.Row(-inf, 0)
		m.Add(idle, x, 1)
		m.Add(follows, x, 1)
		if k := t - s.first; k < len(s.on) {
			m.Add(idle, s.on[k], 1)
		}
		s.eachBegin(func(begin solver.Col) { m.Add(idle, begin, -1) })
		if k := t - 1 - s.first; k < len(s.on) {
			m.Add(follows, s.on[k], -1)
		}
		if before, ok := s.promised.spare.at(t - 1); ok {
			m.Add(follows, before, -1)
		}
	}
}

// integers calls yield with every binary.
func (g *gangReserve) integers(yield func(solver.Col)) {
	if g == nil {
		return
	}
	for _, col := range g.ever {
		yield(col)
	}
	g.spare.each(yield)
	for _, whole := range g.whole {
		whole.each(yield)
	}
}

// refinePromises lets the gang promise and keep in all parts of a longer period what it did there:
// calls end no later, and the hours spare after them are no fewer.
func (s *stay) refinePromises(pt *Proposal, plan *model.JobPlan, first []int) {
	if s.promised == nil {
		return
	}
	set := func(cols periodCols, values []float64) (some bool) {
		for k, v := range values {
			for t := first[k]; v > roomSlack && t < first[k+1]; t++ {
				if col, ok := cols.at(t); ok {
					pt.Set(col, 1)
					some = true
				}
			}
		}
		return some
	}
	set(s.promised.spare, plan.SpareUnits)
	for i := range s.reserve.given {
		product := pt.Model.Case.Reserves[s.reserve.given[i].product].Name
		for _, r := range plan.Reserves {
			if r.Product == product && set(s.promised.whole[i], r.MW) {
				pt.Set(s.promised.ever[i], 1)
			}
		}
	}
}
