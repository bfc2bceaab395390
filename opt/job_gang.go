package opt

// A preemptible gang of g units holds them all while it is on (job_runs.go), and
// works with as many as it likes:
//
//	held g on_t,  0 <= busy z_t <= g on_t,  work_t = z_t

import "github.com/wattbit/wattbit/solver"

// gang adds what a preemptible gang holds.
func (s *stay) gang(m *Model, c *jobClass) {
	units := c.job.Units
	for k := range s.on {
		z := m.Column(0, units, solver.Continuous)
		m.offUnless(z, units, s.on[k])
		s.parts = append(s.parts, []part{{s.on[k], 1, units, 0, 0}, {z, units, 0, 1, 1}})
	}
}
