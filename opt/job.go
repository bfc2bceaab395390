package opt

// Jobs, alone (n = 1) or as a class of n alike.
//
// A rigid job that starts in period t in a pool holds its gang g for the
// periods t..e(t)-1 that its work takes there:
//
//	sum over pools and t of s_{pool,t} + dropped = n
//	uses of the pool in tau: g s_{pool,t} held for t <= tau < e(t); busy the same,
//	in the last period only what work is left
//	cost: late price * hours late of (t, pool) s, drop price dropped
//
// A preemptible job is one of a group: those that run in a pool, none before
// period a, none after period f. a matters where input must arrive first, f
// where lateness has a price; else there is one group a pool. All jobs of a
// group share its work alike, so a group is disaggregated exactly by dividing
// by its number y:
//
//	sum over groups y + dropped = n
//	0 <= z_t <= g y,  sum over a <= t <= f of speed h_t z_t = work y
//	uses of the pool: z_t held and busy
//
// Input of i GB a job crosses a data link to the region r of its pool, and waits
// there (a stock w >= 0) until work begins; none is left at the end:
//
//	w_{r,t} = w_{r,t-1} + d_{r,t-1} - i * starts_{r,t}
//
// Jobs that start first get what is sent first, so every single job has its
// input in time.

import (
	"fmt"
	"math"
	"sort"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type jobs struct{ classes []jobColumns }

type jobColumns struct {
	dropped   solver.Col
	starts    []rigidStart
	groups    []jobGroup
	transfers []jobTransfer
}

// rigidStart is the number of jobs that start in period t in a pool.
type rigidStart struct {
	col           solver.Col
	pool, t, end  int
	transfer      int // index into transfers, -1 for none
	lastBusyUnits float64
	lateHours     float64
}

// jobGroup is a group of preemptible jobs.
type jobGroup struct {
	number   solver.Col
	busy     solver.Col // first of last-first+1 columns
	pool     int
	first    int
	last     int // inclusive
	transfer int // index into transfers, -1 for none
}

// jobTransfer is the input of the class sent to one region.
type jobTransfer struct {
	region string
	place  model.Placement
	gb     solver.Col // first of end-first columns
	first  int
	end    int
}

func (*jobs) Kind() string { return "job" }

func (k *jobs) Formulate(m *Model) error {
	k.classes = make([]jobColumns, len(m.Case.Jobs))
	for i := range m.Case.Jobs {
		j, c := &m.Case.Jobs[i], &k.classes[i]
		m.Begin("job", j.Name)
		n := float64(j.N())
		m.Label("dropped")
		c.dropped = m.Column(0, n, solver.Integer)
		m.Cost(model.CostDropped, c.dropped, orElse(j.DropPrice, m.Case.Penalties.Drop()*j.WorkUnitH))
		m.Label("number")
		all := m.Row(n, n)
		m.Add(all, c.dropped, 1)
		for _, place := range m.ix.JobPlacements(j) {
			if !place.OK {
				continue
			}
			transfer := k.transfer(m, j, c, place)
			switch j.Shape {
			case model.Rigid:
				k.rigid(m, j, c, place, transfer, all)
			case model.Preemptible:
				k.preemptible(m, j, c, place, transfer, all)
			default:
				return fmt.Errorf("opt: job %s has unknown shape %q", j.Name, j.Shape)
			}
		}
		k.arrivals(m, j, c)
	}
	return nil
}

// transfer returns the transfer to the placement's region, adding its columns
// the first time; -1 where the input crosses no link.
func (k *jobs) transfer(m *Model, j *model.Job, c *jobColumns, place model.Placement) int {
	if place.DataLink < 0 {
		return -1
	}
	region := m.Case.Sites[m.ix.Sites[m.Case.Pools[place.Pool].Site]].Region
	for i := range c.transfers {
		if c.transfers[i].region == region {
			return i
		}
	}
	first, _, last := m.ix.JobWindow(j)
	m.Label("input to " + region)
	t := jobTransfer{region: region, place: place, gb: solver.Col(m.b.Cols()), first: first, end: max(first, last-1)}
	for tau := t.first; tau < t.end; tau++ {
		col := m.Column(0, inf, solver.Continuous)
		m.Send(place.DataLink, place.Forward, tau, col, 1)
	}
	c.transfers = append(c.transfers, t)
	return len(c.transfers) - 1
}

func (k *jobs) rigid(m *Model, j *model.Job, c *jobColumns, place model.Placement, transfer int, all solver.Row) {
	_, _, last := m.ix.JobWindow(j)
	pool := &m.Case.Pools[place.Pool]
	m.Label("start at " + pool.Name)
	for t := m.ix.EarliestWork(j, place); t < last; t++ {
		end, ok := m.ix.RigidEnd(j, place.Pool, t)
		if !ok || end > last {
			break
		}
		if !fits(j, pool, t, end) {
			continue
		}
		// The last period draws power for the work that is left in it.
		before := m.ix.Starts[end-1] - m.ix.Starts[t]
		left := (j.WorkUnitH/pool.UnitSpeed() - j.Units*before) / m.Hours[end-1]
		s := rigidStart{
			col:  m.Column(0, float64(j.N()), solver.Integer),
			pool: place.Pool, t: t, end: end, transfer: transfer,
			lastBusyUnits: math.Max(0, math.Min(j.Units, left)),
			lateHours:     lateHours(m, j, end),
		}
		m.Add(all, s.col, 1)
		for tau := t; tau < end; tau++ {
			busy := j.Units
			if tau == end-1 {
				busy = s.lastBusyUnits
			}
			m.Use(place.Pool, tau, s.col, j.Units, busy)
		}
		m.Cost(model.CostLate, s.col, orElse(j.LatePricePerH, 0)*s.lateHours)
		c.starts = append(c.starts, s)
	}
}

// fits says whether the pool can offer the gang in every period.
func fits(j *model.Job, pool *model.Pool, t, end int) bool {
	for tau := t; tau < end; tau++ {
		if pool.MaxUnits(tau) < j.Units {
			return false
		}
	}
	return true
}

// lateHours are the hours from the deadline to the end of period end-1.
func lateHours(m *Model, j *model.Job, end int) float64 {
	if j.DeadlineH == nil {
		return 0
	}
	late := m.ix.Starts[end] - *j.DeadlineH
	if late <= durationSlack {
		return 0
	}
	return late
}

func (k *jobs) preemptible(m *Model, j *model.Job, c *jobColumns, place model.Placement, transfer int, all solver.Row) {
	first, end, last := m.ix.JobWindow(j)
	pool := &m.Case.Pools[place.Pool]
	begin, latestBegin := first, first
	if transfer >= 0 {
		begin, latestBegin = m.ix.EarliestWork(j, place), last-1
	}
	n := float64(j.N())
	for a := begin; a <= latestBegin; a++ {
		for f := end - 1; f < last; f++ {
			if f < a || workBetween(m, j, pool, a, f) < j.WorkUnitH*(1-1e-9) {
				continue
			}
			m.Label(fmt.Sprintf("run at %s from %d to %d", pool.Name, a, f))
			g := jobGroup{
				number: m.Column(0, n, solver.Integer), busy: solver.Col(m.b.Cols()),
				pool: place.Pool, first: a, last: f, transfer: transfer,
			}
			m.Add(all, g.number, 1)
			m.Cost(model.CostLate, g.number, orElse(j.LatePricePerH, 0)*lateHours(m, j, f+1))
			work := m.Row(0, 0)
			m.Add(work, g.number, -j.WorkUnitH)
			for t := a; t <= f; t++ {
				z := m.Column(0, n*math.Min(j.Units, pool.MaxUnits(t)), solver.Continuous)
				m.offUnless(z, math.Min(j.Units, pool.MaxUnits(t)), g.number)
				m.Add(work, z, pool.UnitSpeed()*m.Hours[t])
				m.Use(place.Pool, t, z, 1, 1)
			}
			c.groups = append(c.groups, g)
		}
	}
}

// workBetween is the most work that one job can do in the pool in periods a..f.
func workBetween(m *Model, j *model.Job, pool *model.Pool, a, f int) float64 {
	work := 0.0
	for t := a; t <= f; t++ {
		work += math.Min(j.Units, pool.MaxUnits(t)) * pool.UnitSpeed() * m.Hours[t]
	}
	return work
}

// arrivals ties transfers to starts.
func (k *jobs) arrivals(m *Model, j *model.Job, c *jobColumns) {
	for i := range c.transfers {
		tr := &c.transfers[i]
		m.Label("arrival in " + tr.region)
		needed := make([][]solver.Col, tr.end-tr.first+1)
		for _, s := range c.starts {
			if s.transfer == i {
				needed[s.t-tr.first] = append(needed[s.t-tr.first], s.col)
			}
		}
		for _, g := range c.groups {
			if g.transfer == i {
				needed[g.first-tr.first] = append(needed[g.first-tr.first], g.number)
			}
		}
		before := solver.Col(-1)
		for k := range needed {
			row := m.Row(0, 0)
			if k > 0 {
				m.Add(row, tr.gb+solver.Col(k-1), 1)
			}
			if before >= 0 {
				m.Add(row, before, 1)
			}
			for _, col := range needed[k] {
				m.Add(row, col, -j.InputGB)
			}
			if k+1 < len(needed) {
				before = m.Column(0, inf, solver.Continuous)
				m.Add(row, before, -1)
			}
		}
	}
}

// Propose places no job: dropping is always possible.
func (k *jobs) Propose(pt *Proposal) {
	for i := range k.classes {
		c := &k.classes[i]
		pt.Set(c.dropped, float64(pt.Model.Case.Jobs[i].N()))
		for _, s := range c.starts {
			pt.Set(s.col, 0)
		}
		for _, g := range c.groups {
			pt.Set(g.number, 0)
		}
	}
}

func (k *jobs) Extract(pt *Point, p *model.Plan) {
	for i := range k.classes {
		p.Jobs = append(p.Jobs, k.classes[i].single(pt, &pt.Model.Case.Jobs[i])...)
	}
}

// single disaggregates a class to its jobs: in order of start, then of pool;
// dropped ones last.
func (c *jobColumns) single(pt *Point, j *model.Job) []model.JobPlan {
	m := pt.Model
	type one struct {
		plan     model.JobPlan
		transfer int
		starts   int // the period by which its input is due
	}
	var done []one
	for _, s := range c.starts {
		for range pt.Int(s.col) {
			busy := make([]float64, s.end-s.t)
			for x := range busy {
				busy[x] = j.Units
			}
			busy[len(busy)-1] = s.lastBusyUnits
			done = append(done, one{model.JobPlan{
				Job: j.Name, Pool: m.Case.Pools[s.pool].Name, First: s.t, BusyUnits: busy, LateH: s.lateHours,
			}, s.transfer, s.t})
		}
	}
	for _, g := range c.groups {
		n := pt.Int(g.number)
		if n == 0 {
			continue
		}
		first, busy := trim(pt, g, float64(n))
		late := 0.0
		if len(busy) > 0 {
			late = lateHours(m, j, first+len(busy))
		}
		// What the group's last period promised and the work did not need.
		pt.Refund(model.CostLate, g.number, orElse(j.LatePricePerH, 0)*(lateHours(m, j, g.last+1)-late)*float64(n))
		for range n {
			done = append(done, one{model.JobPlan{
				Job: j.Name, Pool: m.Case.Pools[g.pool].Name, First: first, BusyUnits: append([]float64(nil), busy...), LateH: late,
			}, g.transfer, g.first})
		}
	}
	sort.SliceStable(done, func(a, b int) bool { return done[a].starts < done[b].starts })
	for x := range c.transfers {
		sent := make([]float64, max(0, c.transfers[x].end-c.transfers[x].first))
		for tau := range sent {
			sent[tau] = math.Max(0, pt.At(c.transfers[x].gb, tau))
		}
		next := 0
		for y := range done {
			if done[y].transfer != x {
				continue
			}
			var from int
			from, done[y].plan.TransferGB = take(sent, &next, j.InputGB)
			done[y].plan.TransferFirst = c.transfers[x].first + from
		}
	}
	out := make([]model.JobPlan, 0, j.N())
	for _, d := range done {
		out = append(out, d.plan)
	}
	for range pt.Int(c.dropped) {
		out = append(out, model.JobPlan{Job: j.Name, Dropped: true})
	}
	for x := range out {
		out[x].Number = x + 1
	}
	return out
}

// trim returns one job's share of a group's busy units, without the idle ends.
func trim(pt *Point, g jobGroup, n float64) (first int, busy []float64) {
	first, last := g.first, g.last
	value := func(t int) float64 { return pt.At(g.busy, t-g.first) / n }
	for first < last && value(first) <= 0 {
		first++
	}
	for last > first && value(last) <= 0 {
		last--
	}
	for t := first; t <= last; t++ {
		busy = append(busy, math.Max(0, value(t)))
	}
	return first, busy
}

// take removes gb from what was sent, from position *next on, and returns where
// it began and how much came from each position.
func take(sent []float64, next *int, gb float64) (from int, out []float64) {
	for *next < len(sent) && sent[*next] <= 0 {
		*next++
	}
	from = *next
	for left := gb; left > 1e-9*gb && *next < len(sent); {
		part := math.Min(left, sent[*next])
		out = append(out, part)
		sent[*next] -= part
		left -= part
		if sent[*next] > 1e-9*gb {
			break
		}
		*next++
	}
	return from, out
}
