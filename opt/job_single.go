package opt

// Jobs formulated one by one: those whose pauses are counted or that change their
// width (job_runs.go), and those that pause at will with a beginning and an end
// that both matter (job_fluid.go). A class of n such jobs is n single ones in
// order.
//
// A single job begins once at most, in period t in a pool (b_t, binary; one begin
// event in the first period where the beginning does not matter), and ends there
// after period t (e_t) or, where work may be left, not within the horizon (u).
// Between the two it is in the pool:
//
//	in_t = in_{t-1} + b_t - e_{t-1}      (and moves: job_migration.go)
//	sum over pools and t of b <= 1,  sum of e + u = sum of b
//
// e is there where the end matters: exactly then with end events, each binary;
// and for lateness alone, for the periods from the deadline on. There e_t is
// binary too for a job that pauses at will; for one with binaries of its own it is
// 1 where the last of them is, because later ends cost more.
//
// Its work in a pool, W in all, at speed s, with loss L for each time that it goes
// on after an interruption, and l of it left:
//
//	s * sum of h_t work_t + l = W sum of b + s L again
//
// A job that ran before the horizon has begun then: b is whether it is not dropped,
// and W what is left of its work.

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// singleJob is one job of a class in columns of its own.
type singleJob struct {
	class      *jobClass
	stays      []stay
	moves      []jobMove
	left       []solver.Col // work, a column for each row of work; none where none may be left
	unfinished solver.Col   // -1 where nothing tells
}

// stay is the job in a pool.
type stay struct {
	pool       int
	first, end int // periods first..end-1
	// By period from first on; no columns (none) where it cannot be.
	begin, ended []solver.Col
	in           []solver.Col // in the pool
	on, rise     []solver.Col // of jobs with runs (job_runs.go)
	again        solver.Col   // times it goes on, of jobs with runs
	parts        [][]part     // what it holds
	reserve      *jobReserve  // nil for none
	promised     *gangReserve // nil for none
	full         []fullSegment
	running      bool // it ran here before the horizon
	told         bool // periods have begin events of their own

	balance []solver.Row // of in, where moves may change it
	work    solver.Row
}

// part is a column of what the job holds in a period: units held and busy per
// unit, and work per unit and hour before the pool's speed.
type part struct {
	col              solver.Col
	most             float64 // of the column
	held, busy, work float64
}

// singleJobs are the jobs of a class one by one. Those that run come first.
type singleJobs struct{ jobs []*singleJob }

// newSingles adds the jobs of a class one by one.
func newSingles(m *Model, c *jobClass) []jobForm {
	k := &singleJobs{}
	for i := range c.job.N() {
		s := newSingle(m, c, i+1)
		if i > 0 {
			m.Label("order")
			row := m.Row(0, inf)
			k.jobs[i-1].eachBegin(func(col solver.Col) { m.Add(row, col, 1) })
			s.eachBegin(func(col solver.Col) { m.Add(row, col, -1) })
		}
		k.jobs = append(k.jobs, s)
	}
	return []jobForm{k}
}

func newSingle(m *Model, c *jobClass, number int) *singleJob {
	s := &singleJob{class: c, unfinished: noCol}
	j := c.job
	name := ""
	if j.N() > 1 {
		name = fmt.Sprintf("%d ", number)
	}
	for _, place := range c.places {
		if place.OK {
			m.Label(name + "at " + m.Case.Pools[place.Pool].Name)
			s.stays = append(s.stays, newStay(m, c, place))
		}
	}
	m.Label(name + "begun")
	once := m.Row(math.Inf(-1), 1)
	s.eachBegin(func(col solver.Col) { m.Add(once, col, 1) })
	interruptions := solver.Row(-1)
	if !j.Fluid() {
		interruptions = s.interruptions(m)
	}
	m.Label(name + "moves")
	s.migrate(m)
	m.Label(name + "work")
	s.works(m)
	m.Label(name + "end")
	s.finish(m)
	for i := range s.stays {
		s.stays[i].promises(m, c)
		if j.Gang() {
			s.stays[i].gangPromises(m, c, interruptions)
		}
	}
	return s
}

// newStay adds the columns of a job in a pool, without its work.
func newStay(m *Model, c *jobClass, place model.Placement) stay {
	j := c.job
	first, _, last := m.ix.JobWindow(j)
	s := stay{pool: place.Pool, first: first, end: max(first, last), again: noCol}
	n := s.end - s.first
	s.begin, s.in = noCols(n), make([]solver.Col, n)
	s.running = j.Running != nil && j.Running.Pool == m.Case.Pools[place.Pool].Name
	s.begins(m, c, place)
	s.ends(m, c)
	moves := j.Migration != nil
	single := noCol // the one begin column, where that is all that in needs
	if !c.needs.begin[place.Pool] && s.ended == nil && !moves && n > 0 {
		single = s.begin[0]
	}
	for k := range s.in {
		s.in[k] = single
		if single >= 0 {
			continue
		}
		s.in[k] = m.Column(0, 1, solver.Continuous)
		row := m.Row(0, 0)
		s.balance = append(s.balance, row)
		m.Add(row, s.in[k], 1)
		if k > 0 {
			m.Add(row, s.in[k-1], -1)
		}
		if s.begin[k] >= 0 {
			m.Add(row, s.begin[k], -1)
		}
		if k > 0 && s.ended != nil && s.ended[k-1] >= 0 {
			m.Add(row, s.ended[k-1], 1)
		}
	}
	if s.ended != nil && n > 0 {
		m.offUnless(s.ended[n-1], 1, s.in[n-1])
	}
	switch {
	case j.Fluid():
		s.fluid(m, c)
	case j.Shape == model.Malleable:
		s.runs(m, c)
		s.malleable(m, c)
	default:
		s.runs(m, c)
		s.gang(m, c)
	}
	return s
}

func noCols(n int) []solver.Col {
	out := make([]solver.Col, n)
	for k := range out {
		out[k] = noCol
	}
	return out
}

// begins adds the begin events.
func (s *stay) begins(m *Model, c *jobClass, place model.Placement) {
	from, to := s.first, min(s.first+1, s.end)
	switch {
	case c.job.Running != nil && !s.running:
		return
	case c.needs.begin[place.Pool] && !s.running:
		from, to, s.told = m.ix.EarliestWork(c.job, place), s.end, true
	}
	for t := from; t < to; t++ {
		col := m.Column(0, 1, solver.Integer)
		s.begin[t-s.first] = col
		c.begin(m, s.pool, t, col)
	}
}

// ends adds the columns of the job's end, where it matters.
func (s *stay) ends(m *Model, c *jobClass) {
	if !c.needs.end && !c.mayBeLate(m) {
		return
	}
	from := s.first
	kind := solver.Integer
	if !c.needs.end {
		_, inTime, _ := m.ix.JobWindow(c.job)
		from = max(from, inTime-1)
		if !c.job.Fluid() {
			kind = solver.Continuous
		}
	}
	s.ended = noCols(s.end - s.first)
	for t := from; t < s.end; t++ {
		col := m.Column(0, 1, kind)
		s.ended[t-s.first] = col
		if c.needs.end {
			c.end(m, s.pool, t, col)
		} else {
			m.Cost(model.CostLate, col, c.latePrice(m, t))
		}
	}
}

// fluid adds what a job holds that pauses at will.
func (s *stay) fluid(m *Model, c *jobClass) {
	for k := range s.in {
		most := math.Min(c.job.Units, m.ix.MaxUnits(s.pool, s.first+k))
		z := m.Column(0, most, solver.Continuous)
		m.offUnless(z, most, s.in[k])
		if least := math.Min(most, leftAtLeast*c.job.Units); c.needs.exactEnd && least > 0 {
			m.atLeastIf(z, least, s.ended[k])
		} else if c.needs.exactEnd {
			m.offUnless(s.ended[k], 1, z)
		}
		s.parts = append(s.parts, []part{{z, most, 1, 1, 1}})
	}
}

// works holds what the job holds and states that it does its work: in each pool
// or, if it migrates, in all of them together.
func (s *singleJob) works(m *Model) {
	c := s.class
	need := c.job.WorkLeft()
	row := solver.Row(-1)
	for i := range s.stays {
		p := &s.stays[i]
		if row < 0 || c.job.Migration == nil {
			row = m.Row(0, 0)
			p.work = row
		}
		p.work = row
		speed := m.ix.JobSpeed(c.job, p.pool)
		for k, parts := range p.parts {
			t := p.first + k
			for _, x := range parts {
				c.hold(m, p.pool, t, x.col, x.held, x.busy)
				m.Add(row, x.col, speed*m.Hours[t]*x.work)
			}
		}
		p.eachBegin(func(col solver.Col) { m.Add(row, col, -need) })
		if p.again >= 0 {
			m.Add(row, p.again, -speed*c.job.InterruptionH())
		}
	}
}

// finish states when the job ends, and what work it may leave.
func (s *singleJob) finish(m *Model) {
	c := s.class
	leave := m.ix.MayLeaveWork(c.job)
	told := c.needs.end || c.mayBeLate(m)
	if told {
		row := m.Row(0, 0)
		s.eachBegin(func(col solver.Col) { m.Add(row, col, -1) })
		for i := range s.stays {
			for _, col := range s.stays[i].ended {
				if col >= 0 {
					m.Add(row, col, 1)
				}
			}
		}
		if leave {
			s.unfinished = m.Column(0, 1, solver.Integer)
			m.Add(row, s.unfinished, 1)
			m.Cost(model.CostLate, s.unfinished, c.latePrice(m, m.T-1))
		}
	}
	if !leave {
		return
	}
	last, need := solver.Row(-1), c.job.WorkLeft()
	all := m.Row(math.Inf(-1), 0)
	for i := range s.stays {
		p := &s.stays[i]
		if p.work == last {
			continue
		}
		last = p.work
		left := m.Column(0, need, solver.Continuous)
		m.Cost(model.CostBacklog, left, orElse(c.job.BacklogPricePerUnitH, 0))
		m.Add(p.work, left, 1)
		m.Add(all, left, 1)
		s.left = append(s.left, left)
		if c.job.Migration == nil {
			most := need
			if c.needs.begin[p.pool] {
				most *= 1 - leftAtLeast
			}
			row := m.Row(math.Inf(-1), 0)
			m.Add(row, left, 1)
			p.eachBegin(func(col solver.Col) { m.Add(row, col, -most) })
		}
	}
	if s.unfinished >= 0 {
		m.Add(all, s.unfinished, -need)
	} else {
		s.eachBegin(func(col solver.Col) { m.Add(all, col, -need) })
	}
	if c.needs.end && s.unfinished >= 0 {
		row := m.Row(0, inf)
		for _, left := range s.left {
			m.Add(row, left, 1)
		}
		m.Add(row, s.unfinished, -leftAtLeast*need)
	}
}

// promises adds what a preemptible job promises to reserve.
func (s *stay) promises(m *Model, c *jobClass) {
	if len(s.parts) == 0 {
		return
	}
	parts := s.parts[0] // the last one is what is busy
	busy := periodCols{parts[len(parts)-1].col, s.first, s.end}
	var begun []solver.Col
	s.eachBegin(func(col solver.Col) { begun = append(begun, col) })
	s.reserve = c.reserve(m, s.pool, s.first, busy, begun, 1)
}

func (s *singleJob) eachBegin(yield func(solver.Col)) {
	for i := range s.stays {
		s.stays[i].eachBegin(yield)
	}
}

func (s *stay) eachBegin(yield func(solver.Col)) {
	for _, col := range s.begin {
		if col >= 0 {
			yield(col)
		}
	}
}
