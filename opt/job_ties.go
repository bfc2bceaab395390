package opt

// Ties between jobs in a rounding (job_follow.go): those placed so far say where
// and when one that depends on them may still go. What cannot go anywhere is
// dropped, and with it what it must not be dropped without.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

// jobTies is what is placed so far, as far as others depend on it.
type jobTies struct {
	m *Model
	// runs are where single jobs run, by job; nil for those that do not.
	runs []*jobOffer
	// apart counts the jobs of a group that run in a place, by group that keeps them
	// apart.
	apart []map[string]int
	// left of quotas: units by quota and period, and unit-hours by quota.
	units [][]float64
	unitH []float64
}

func newJobTies(m *Model) *jobTies {
	s := &jobTies{m: m, runs: make([]*jobOffer, len(m.Case.Jobs))}
	s.apart = make([]map[string]int, len(m.Case.JobGroups))
	for i := range s.apart {
		s.apart[i] = make(map[string]int)
	}
	for i := range m.Case.Quotas {
		q := &m.Case.Quotas[i]
		units := make([]float64, m.T)
		for t := range units {
			units[t] = quotaUnits(m.Case, m.ix, q, t)
		}
		s.units = append(s.units, units)
		s.unitH = append(s.unitH, orElse(q.MaxUnitH, inf))
	}
	return s
}

// limit is what quotas leave the class to hold of a pool in a period.
func (s *jobTies) limit(c *jobClass, pool, t int) float64 {
	most := inf
	for i := range s.m.Case.Quotas {
		if q := &s.m.Case.Quotas[i]; q.Owner == c.job.Owner && s.m.concerns(q, pool) {
			most = math.Min(most, s.units[i][t])
		}
	}
	return most
}

// allow says whether one more job of the class may run as offered.
func (s *jobTies) allow(c *jobClass, o jobOffer) bool {
	if !c.needs.tied {
		return true
	}
	for _, p := range c.job.After {
		before := s.runs[s.m.ix.Jobs[p.Job]]
		if before == nil || before.end < 0 || o.begin < s.m.periodFrom(s.m.ix.Starts[before.end+1]+p.LagH) {
			return false
		}
	}
	for i := range s.m.Case.JobGroups {
		if !s.joins(i, c, o) {
			return false
		}
	}
	for i := range s.m.Case.Quotas {
		q := &s.m.Case.Quotas[i]
		if q.Owner == c.job.Owner && s.m.concerns(q, o.pool) && c.mostUnitH(s.m, o) > s.unitH[i] {
			return false
		}
	}
	return true
}

// joins says whether the job may run as offered beside those of a group.
func (s *jobTies) joins(group int, c *jobClass, o jobOffer) bool {
	g := &s.m.Case.JobGroups[group]
	if !slices.Contains(g.Jobs, c.job.Name) {
		return true
	}
	if g.Apart != "" && s.apart[group][s.m.placeOf(g.Apart, o.pool)] >= max(1, g.MaxPer) {
		return false
	}
	for _, name := range g.Jobs {
		other := s.runs[s.m.ix.Jobs[name]]
		if other == nil {
			continue
		}
		if g.Together != "" && s.m.placeOf(g.Together, other.pool) != s.m.placeOf(g.Together, o.pool) {
			return false
		}
		if g.FinishWithinH != nil && o.end >= 0 && other.end >= 0 {
			if apart := math.Abs(s.m.ix.Starts[o.end+1] - s.m.ix.Starts[other.end+1]); apart > *g.FinishWithinH+durationSlack {
				return false
			}
		}
	}
	return true
}

// mostUnitH is what a job may hold at most that runs as offered.
func (c *jobClass) mostUnitH(m *Model, o jobOffer) float64 {
	if c.job.Fluid() {
		return c.job.WorkLeft() / m.ix.JobSpeed(c.job, o.pool)
	}
	end := m.T
	if o.end >= 0 {
		end = o.end + 1
	}
	return c.job.Widest().Units * (m.ix.Starts[end] - m.ix.Starts[o.begin])
}

// note takes down a job that runs as offered and what it holds by period.
func (s *jobTies) note(c *jobClass, o jobOffer, held []float64) {
	if !c.needs.tied {
		return
	}
	if c.job.N() == 1 {
		s.runs[s.m.ix.Jobs[c.job.Name]] = &o
	}
	for i := range s.m.Case.JobGroups {
		if g := &s.m.Case.JobGroups[i]; g.Apart != "" && slices.Contains(g.Jobs, c.job.Name) {
			s.apart[i][s.m.placeOf(g.Apart, o.pool)]++
		}
	}
	for i := range s.m.Case.Quotas {
		if q := &s.m.Case.Quotas[i]; q.Owner != c.job.Owner || !s.m.concerns(q, o.pool) {
			continue
		}
		for t, units := range held {
			s.units[i][t] -= units
			s.unitH[i] -= units * s.m.Hours[t]
		}
	}
}

// complete drops what may not run without jobs that do not: the rest of a group
// that goes all or none, and what comes after it.
func (k *jobs) complete(r *Rounding) {
	dropped := func(c *jobClass) bool { return r.x[c.dropped] > 0 }
	for changed := true; changed; {
		changed = false
		drop := func(c *jobClass) {
			if !dropped(c) {
				c.drop(r)
				changed = true
			}
		}
		for _, g := range r.Model.Case.JobGroups {
			if k.classes[r.Model.ix.Jobs[g.Jobs[0]]].outside {
				continue
			}
			some := false
			for _, name := range g.Jobs {
				some = some || dropped(&k.classes[r.Model.ix.Jobs[name]])
			}
			for _, name := range g.Jobs {
				if some && g.AllOrNone {
					drop(&k.classes[r.Model.ix.Jobs[name]])
				}
			}
		}
		for i := range k.classes {
			for _, p := range k.classes[i].job.After {
				if r.ties.runs[i] != nil && dropped(&k.classes[r.Model.ix.Jobs[p.Job]]) {
					drop(&k.classes[i])
				}
			}
		}
	}
}

// drop drops all jobs of the class.
func (c *jobClass) drop(r *Rounding) {
	for _, col := range c.without() {
		r.x[col] = 0
	}
	for _, f := range c.forms {
		f.integers(func(col solver.Col) { r.x[col] = 0 })
	}
	r.x[c.dropped] = float64(c.job.N())
}
