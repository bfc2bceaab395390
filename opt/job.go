package opt

// Jobs, alone (n = 1) or as a class of n alike.
//
// How a job runs is its shape: job_rigid.go has those that hold one width without
// a pause, job_fluid.go those that pause at will, job_single.go and the files it
// names those whose pauses are counted or that change their width. A shape adds
// columns that count jobs, and says of them only this:
//
//	begin events  (pool, period, column): so many jobs begin their work then
//	end events    (pool, period, column): so many end theirs with that period
//	held units    (pool, period, column, units)
//
// What surrounds a job builds on these alone: its data (job_data.go, dataset.go),
// precedence (job_after.go), groups (job_group.go) and quotas (quota.go). All shapes
// share
//
//	sum over begin events + dropped + not begun = n
//	cost: (value + drop price) dropped, late price * hours late of end events
//
// not begun is there where work may be left at the horizon's end: such a job
// leaves all of it, at the backlog price, and is late by then.

import (
	"fmt"
	"slices"
	"sort"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type jobs struct {
	classes []jobClass
	// outside are the jobs that are placed outside the program (placed.go); nil
	// for none.
	outside *jobPlaces
	// placed stands for them in the program.
	placed *placed
}

// jobClass is a job of the case in columns.
type jobClass struct {
	job *model.Job
	// outside says that the class is placed outside the program: it has no
	// columns, and all such classes share a jobColumns that stays empty.
	outside bool
	owner   int32
	*jobColumns
}

// jobColumns are the columns of a class.
type jobColumns struct {
	places   []model.Placement // by pool
	dropped  solver.Col
	notBegun solver.Col // left to the next plan with all their work; noCol for none
	number   solver.Row // of jobs: begin events + dropped + not begun = n
	forms    []jobForm

	// begins are where jobs may begin: each of the n that is neither dropped nor
	// not begun has exactly one. Whatever must be there for its work is there when the
	// event's period begins.
	begins []jobEvent
	// ends are where jobs may end: their last period of work is the event's or,
	// of those that pause at will, an earlier one. Jobs with work left have
	// none; where needs.end is not set others may have none either.
	ends []jobEvent
	// holds are what the class holds of pools, where needs.holds is set.
	holds []jobHold
	needs jobNeeds

	transfers []jobTransfer
	handovers []handover
}

// jobEvent is a column that counts the jobs that begin or end in a pool and
// period: one job a unit.
type jobEvent struct {
	pool, period int
	col          solver.Col
}

// jobHold is what a column holds of a pool in a period: so many units a unit.
type jobHold struct {
	pool, period int
	col          solver.Col
	units        float64
	beyond       bool // not in the plan: after a call of reserve
}

// jobForm is a way in which jobs of a class run, in columns.
type jobForm interface {
	// integers calls yield with every integer column; all are 0 where no job
	// runs.
	integers(yield func(solver.Col))
	// extract returns the jobs that run in this way.
	extract(pt *Point) []placedJob

	// keep sets the integers to as many of the relaxation's whole jobs as there
	// is room for, most at most, and returns how many that is.
	keep(r *Rounding, most int) int
	// offer returns how one more job would run at least cost; ok is false where
	// there is no room.
	offer(r *Rounding) (o jobOffer, ok bool)

	// refine adds to a proposal a job that runs as a plan in longer periods has
	// it (Refiner), and says whether one can.
	refine(pt *Proposal, p *model.JobPlan, first []int) bool
}

// jobOffer is how one more job may run in a rounding.
type jobOffer struct {
	cost  float64 // at the relaxation's prices
	share float64 // the relaxation has of a job there: of equal costs the most wins
	pool  int     // -1 for a job that does not begin
	// begin and end are the periods of its events; end is -1 for none.
	begin, end int
	take       func()
}

// placedJob is a single job that runs.
type placedJob struct {
	plan model.JobPlan
	// pool and begin are those of its begin event, lastPool and end those of its
	// end event. Of a job with work left end is -1.
	pool, begin   int
	lastPool, end int
}

const jobKind = "job"

func (*jobs) Kind() string { return jobKind }

func (k *jobs) Formulate(m *Model) error {
	k.classes = make([]jobClass, len(m.Case.Jobs))
	m.jobs = k.classes
	none := new(jobColumns)
	for i := range k.classes {
		c := &k.classes[i]
		c.job = &m.Case.Jobs[i]
		if c.outside = k.outside.has(i); c.outside {
			c.jobColumns = none
			continue
		}
		c.jobColumns = new(jobColumns)
		c.places = m.ix.JobPlacements(c.job)
	}
	k.needed(m)
	for i := range k.classes {
		if err := k.classes[i].formulate(m); err != nil {
			return err
		}
	}
	k.after(m)
	return nil
}

func (c *jobClass) formulate(m *Model) error {
	j := c.job
	if c.outside {
		c.owner = m.own(jobKind, j.Name)
		return nil
	}
	m.Begin(jobKind, j.Name)
	c.owner = m.owner
	n := float64(j.N())
	m.Label("dropped")
	c.dropped = m.Column(0, n, solver.Integer)
	m.Cost(model.CostDropped, c.dropped, m.Case.DropCost(j))
	c.notBegun = noCol
	if m.ix.MayLeaveWork(j) && (j.Running == nil || j.Steady() && !j.Running.Pinned) {
		m.Label("not begun")
		c.notBegun = m.Column(0, n, solver.Integer)
		m.Cost(model.CostBacklog, c.notBegun, orElse(j.BacklogPricePerUnitH, 0)*j.WorkUnitH)
		m.Cost(model.CostLate, c.notBegun, c.latePrice(m, m.T-1))
	}
	m.Label("number")
	c.number = m.Row(n, n)
	for _, col := range c.without() {
		m.Add(c.number, col, 1)
	}
	switch {
	case j.Steady():
		c.forms = []jobForm{newSteady(m, c)}
	case j.Fluid():
		c.forms = newFluid(m, c)
	case j.Gang() || j.Shape == model.Malleable:
		c.forms = newSingles(m, c)
	default:
		return fmt.Errorf("opt: job %s has unknown shape %q", j.Name, j.Shape)
	}
	c.data(m)
	return nil
}

// begin adds a begin event.
func (c *jobClass) begin(m *Model, pool, period int, col solver.Col) {
	m.Add(c.number, col, 1)
	c.begins = append(c.begins, jobEvent{pool, period, col})
}

// end adds an end event and what it is late.
func (c *jobClass) end(m *Model, pool, period int, col solver.Col) {
	m.Cost(model.CostLate, col, c.latePrice(m, period))
	c.ends = append(c.ends, jobEvent{pool, period, col})
}

// hold takes units of a pool per unit of a column, of which busy ones draw
// dynamic power.
func (c *jobClass) hold(m *Model, pool, period int, col solver.Col, held, busy float64) {
	m.Use(pool, period, col, held, busy)
	if !m.Case.ComputingOutages.Yields(c.job) {
		m.stay(pool, period, col, held, busy)
	}
	if c.needs.holds && held != 0 {
		c.holds = append(c.holds, jobHold{pool, period, col, held, false})
	}
}

// holdBeyond notes units that jobs may hold beyond the plan.
func (c *jobClass) holdBeyond(pool, period int, col solver.Col, units float64) {
	if c.needs.holds {
		c.holds = append(c.holds, jobHold{pool, period, col, units, true})
	}
}

// noCol stands for a column that is not there.
const noCol = solver.Col(-1)

// without are the columns of jobs that do not run.
func (c *jobClass) without() []solver.Col {
	if c.notBegun < 0 {
		return []solver.Col{c.dropped}
	}
	return []solver.Col{c.dropped, c.notBegun}
}

// mayBeLate says that lateness costs something within the horizon.
func (c *jobClass) mayBeLate(m *Model) bool { return c.latePrice(m, m.T-1) > 0 }

// latePrice is the cost of a job that ends with a period.
func (c *jobClass) latePrice(m *Model, period int) float64 {
	return orElse(c.job.LatePricePerH, 0) * c.lateHours(m, period)
}

// lateHours are the hours from the due time or the deadline to the end of a
// period.
func (c *jobClass) lateHours(m *Model, period int) float64 {
	return m.ix.LateHours(c.job, period+1)
}

// Propose places no job: dropping is always possible.
func (k *jobs) Propose(pt *Proposal) {
	for i := range k.classes {
		if c := &k.classes[i]; !c.outside {
			c.propose(pt)
			pt.Set(c.dropped, float64(c.job.N()))
		}
	}
}

// propose sets the numbers of all jobs to none.
func (c *jobClass) propose(pt *Proposal) {
	for _, col := range c.without() {
		pt.Set(col, 0)
	}
	for _, f := range c.forms {
		f.integers(func(col solver.Col) { pt.Set(col, 0) })
	}
}

func (k *jobs) Extract(pt *Point, p *model.Plan) {
	n := 0
	for i := range k.classes {
		n += k.classes[i].job.N()
	}
	p.Jobs = slices.Grow(p.Jobs, n)
	promised := k.placed.promised(pt)
	for i := range k.classes {
		if c := &k.classes[i]; c.outside {
			p.Jobs = k.outside.single(p.Jobs, pt, i, c.owner, promised)
		} else {
			p.Jobs = append(p.Jobs, c.single(pt)...)
		}
	}
}

// single disaggregates a class to its jobs: in order of their begin, then of
// pool; those not begun and dropped ones last.
func (c *jobClass) single(pt *Point) []model.JobPlan {
	var placed []placedJob
	for _, f := range c.forms {
		placed = append(placed, f.extract(pt)...)
	}
	sort.SliceStable(placed, func(a, b int) bool { return placed[a].begin < placed[b].begin })
	c.share(pt, placed)
	c.handedOver(pt, placed)
	out := make([]model.JobPlan, 0, c.job.N())
	for i := range placed {
		out = append(out, placed[i].plan)
	}
	if c.notBegun >= 0 {
		for range pt.Int(c.notBegun) {
			out = append(out, model.JobPlan{LeftUnitH: c.job.WorkUnitH, LateH: c.lateHours(pt.Model, pt.Model.T-1)})
		}
	}
	for range pt.Int(c.dropped) {
		out = append(out, model.JobPlan{Dropped: true})
	}
	for x := range out {
		out[x].Job, out[x].Number = c.job.Name, x+1
	}
	return out
}
