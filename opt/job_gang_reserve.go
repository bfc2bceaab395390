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

import "github.com/wattbit/wattbit/solver"

// gangPromises makes promises and spare units those of a gang. Calls count among the
// interruptions in the row given; -1 for none.
func (s *stay) gangPromises(m *Model, c *jobClass, interruptions solver.Row) {
	if s.reserve == nil {
		return
	}
	name, units := m.Case.Pools[s.pool].Name, c.job.Units
	m.Label("gang promises at " + name)
	all := s.spareHours(m)
	for i := range s.reserve.given {
		g := &s.reserve.given[i]
		ever := s.binary(m)
		m.Add(all, ever, g.calls*g.loss*units)
		if interruptions >= 0 {
			m.Add(interruptions, ever, g.calls)
		}
		for t := g.mw.first; t < g.mw.end; t++ {
			mw, _ := g.mw.at(t)
			m.offUnless(s.allOrNone(m, mw, units*m.unitMW(s.pool, t)), 1, ever)
		}
	}
	m.Label("gang spare at " + name)
	before := noCol
	for t := s.reserve.spare.first; t < s.reserve.spare.end; t++ {
		q, _ := s.reserve.spare.at(t)
		x := s.allOrNone(m, q, units)
		s.spareFollows(m, t, x, before)
		before = x
	}
}

// spareHours returns a row for what calls take: at most all unit-hours that are spare.
func (s *stay) spareHours(m *Model) solver.Row {
	row := m.Row(-inf, 0)
	for t := s.reserve.spare.first; t < s.reserve.spare.end; t++ {
		q, _ := s.reserve.spare.at(t)
		m.Add(row, q, -m.Hours[t])
	}
	return row
}

// binary adds a binary of what is promised or kept spare.
func (s *stay) binary(m *Model) solver.Col {
	col := m.Column(0, 1, solver.Integer)
	s.promised = append(s.promised, col)
	return col
}

// allOrNone makes a column so much or nothing, and returns the binary that says which.
func (s *stay) allOrNone(m *Model, col solver.Col, all float64) solver.Col {
	whole := s.binary(m)
	row := m.Row(0, 0)
	m.Add(row, col, 1)
	m.Add(row, whole, -all)
	return whole
}

// spareFollows lets spare units x of a period follow a run or the spare units before,
// where the gang is not on.
func (s *stay) spareFollows(m *Model, t int, x, before solver.Col) {
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
	if before >= 0 {
		m.Add(follows, before, -1)
	}
}
