package opt

// Runs: a job that is a gang or malleable is on or off in every period (on_t,
// binary); a run is a stretch of periods on. With rises r:
//
//	on_t <= in_t,  b_t <= on_t where the beginning matters,  e_t <= on_t where the end does
//	r_t >= on_t - on_{t-1},  and  r_t <= on_t,  r_t <= 1 - on_{t-1}  where a rise costs work
//	again = sum of r - sum of b >= 0   (times the job goes on after an interruption)
//	sum over pools of again <= most interruptions * sum of b
//
// A job that ran before the horizon was on then: on_{-1} = b, and every rise is one
// more time that it goes on.
//
// In a period in which the pool cannot offer the narrowest width it is off.

import "github.com/wattbit/wattbit/solver"

// runs adds whether the job is on, and its rises.
func (s *stay) runs(m *Model, c *jobClass) {
	narrowest := c.job.Narrowest().Units
	count := m.Row(0, 0)
	s.again = m.Column(0, inf, solver.Continuous)
	m.Add(count, s.again, 1)
	for k := range s.in {
		most := 1.0
		if m.ix.MaxUnits(s.pool, s.first+k) < narrowest {
			most = 0
		}
		s.on = append(s.on, m.Column(0, most, solver.Integer))
	}
	for k, on := range s.on {
		m.offUnless(on, 1, s.in[k])
		if c.needs.begin[s.pool] && s.begin[k] >= 0 && !s.running {
			m.offUnless(s.begin[k], 1, on)
		}
		if c.needs.end {
			m.offUnless(s.ended[k], 1, on)
		}
		before := noCol
		switch {
		case k > 0:
			before = s.on[k-1]
		case s.running:
			before = s.begin[0]
		}
		s.rise = append(s.rise, m.rise(on, before, c.job.InterruptionH() > 0))
		m.Add(count, s.rise[k], -1)
		if !s.running && s.begin[k] >= 0 {
			m.Add(count, s.begin[k], 1)
		}
	}
}

// rise adds the column of a rise from before to on; exact says that it may not be
// more than that.
func (m *Model) rise(on, before solver.Col, exact bool) solver.Col {
	r := m.Column(0, 1, solver.Continuous)
	least := m.Row(0, inf)
	m.Add(least, r, 1)
	m.Add(least, on, -1)
	if before >= 0 {
		m.Add(least, before, 1)
	}
	if exact {
		m.offUnless(r, 1, on)
		if before >= 0 {
			most := m.Row(-inf, 1)
			m.Add(most, r, 1)
			m.Add(most, before, 1)
		}
	}
	return r
}

// interruptions limits how often the job goes on, and returns the row; -1 for none.
func (s *singleJob) interruptions(m *Model) solver.Row {
	most := s.class.job.MaxInterruptions
	if most == nil {
		return -1
	}
	row := m.Row(-inf, 0)
	for i := range s.stays {
		m.Add(row, s.stays[i].again, 1)
	}
	s.eachBegin(func(col solver.Col) { m.Add(row, col, -float64(*most)) })
	return row
}
