package opt

// From a point back to the plan of a single job (job_single.go).

import (
	"math"
	"sort"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

func (k *singleJobs) integers(yield func(solver.Col)) {
	for _, s := range k.jobs {
		s.integers(yield)
	}
}

func (k *singleJobs) extract(pt *Point) []placedJob {
	var out []placedJob
	for _, s := range k.jobs {
		if p, ok := s.extract(pt); ok {
			out = append(out, p)
		}
	}
	return out
}

func (s *singleJob) integers(yield func(solver.Col)) {
	s.runIntegers(yield)
	for i := range s.stays {
		s.stays[i].promised.integers(yield)
	}
}

// runIntegers calls yield with the integers that say how the job runs.
func (s *singleJob) runIntegers(yield func(solver.Col)) {
	s.eachBegin(yield)
	for i := range s.stays {
		p := &s.stays[i]
		for _, cols := range [2][]solver.Col{p.ended, p.on} {
			for _, col := range cols {
				if col >= 0 {
					yield(col)
				}
			}
		}
		for _, f := range p.full {
			yield(f.col)
		}
	}
	for _, v := range s.moves {
		yield(v.col)
	}
	if s.unfinished >= 0 {
		yield(s.unfinished)
	}
}

// leftNothing is the work that counts as none left, in unit-hours.
const leftNothing = 1e-6

// extract returns the job; ok is false where it does not run.
func (s *singleJob) extract(pt *Point) (p placedJob, ok bool) {
	c, m := s.class, pt.Model
	if p, ok = s.begun(pt); !ok {
		return p, false
	}
	for _, left := range s.left {
		p.plan.LeftUnitH += math.Max(0, pt.At(left, 0))
	}
	if p.plan.LeftUnitH <= leftNothing {
		p.plan.LeftUnitH = 0
	}
	runs := s.runsOf(pt)
	p.lastPool, p.end = p.pool, -1
	if len(runs) > 0 {
		p.plan.Pool, p.plan.First = runs[0].Pool, runs[0].First
		p.plan.BusyUnits, p.plan.HeldUnits = runs[0].BusyUnits, runs[0].HeldUnits
		last := &runs[len(runs)-1]
		p.lastPool, p.end = m.ix.Pools[last.Pool], last.First+len(last.BusyUnits)-1
		p.plan.Then = runs[1:]
		p.plan.LateH = c.lateHours(m, p.end)
		p.plan.Transfers = s.transfers(pt)
		for i := range s.stays {
			s.stays[i].reserve.extract(pt, 1, &p.plan)
		}
	}
	if p.plan.LeftUnitH > 0 {
		p.end, p.plan.LateH = -1, c.lateHours(m, m.T-1)
	}
	s.refund(pt, p.plan.LateH)
	for i := range s.stays {
		for k, col := range s.stays[i].ended {
			if c.needs.end && p.end >= 0 && pt.Int(col) == 1 {
				p.end = s.stays[i].first + k
			}
		}
	}
	return p, true
}

// begun returns where the job begins; ok is false where it does not.
func (s *singleJob) begun(pt *Point) (p placedJob, ok bool) {
	for i := range s.stays {
		for k, col := range s.stays[i].begin {
			if col >= 0 && pt.Int(col) == 1 {
				return placedJob{pool: s.stays[i].pool, begin: s.stays[i].first + k}, true
			}
		}
	}
	return p, false
}

// refund takes back what the columns of the end charge beyond the hours late.
func (s *singleJob) refund(pt *Point, late float64) {
	c, m := s.class, pt.Model
	charged := 0.0
	for i := range s.stays {
		for k, col := range s.stays[i].ended {
			if col >= 0 {
				charged += c.latePrice(m, s.stays[i].first+k) * pt.X[col]
			}
		}
	}
	if s.unfinished >= 0 {
		charged += c.latePrice(m, m.T-1) * pt.X[s.unfinished]
	}
	if owed := orElse(c.job.LatePricePerH, 0) * late; s.stays != nil && c.mayBeLate(m) {
		pt.Refund(model.CostLate, c.dropped, charged-owed)
	}
}

// runsOf returns the job's runs in order, one for each stretch of time in a pool.
func (s *singleJob) runsOf(pt *Point) []model.JobRun {
	type active struct {
		stay, t int
		busy    float64
	}
	var all []active
	for i := range s.stays {
		p := &s.stays[i]
		for k, parts := range p.parts {
			busy := 0.0
			for _, x := range parts {
				busy += x.busy * math.Max(0, pt.At(x.col, 0))
			}
			if p.on != nil && pt.Int(p.on[k]) == 1 || p.on == nil && busy > 0 {
				all = append(all, active{i, p.first + k, busy})
			}
		}
	}
	sort.SliceStable(all, func(a, b int) bool { return all[a].t < all[b].t })
	var out []model.JobRun
	gang := s.class.job.Gang()
	for x, a := range all {
		if x == 0 && s.class.job.Running != nil && !s.stays[a.stay].running {
			// It moves at once, and does nothing where it ran.
			out = append(out, model.JobRun{Pool: s.class.job.Running.Pool})
		}
		if x == 0 || all[x-1].stay != a.stay {
			out = append(out, model.JobRun{Pool: pt.Model.Case.Pools[s.stays[a.stay].pool].Name, First: a.t})
		}
		run := &out[len(out)-1]
		for len(run.BusyUnits) < a.t-run.First {
			run.BusyUnits = append(run.BusyUnits, 0)
			if gang {
				run.HeldUnits = append(run.HeldUnits, 0)
			}
		}
		run.BusyUnits = append(run.BusyUnits, a.busy)
		if gang {
			run.HeldUnits = append(run.HeldUnits, s.class.job.Units)
		}
	}
	return out
}
