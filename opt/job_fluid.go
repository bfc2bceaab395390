package opt

// Preemptible jobs that pause at will: each is one of a group, those that run in a
// pool, none before period a, none after period f. a matters where something must
// be there first, f where something waits for the end or lateness has a price;
// else there is one group a pool. All jobs of a group share its work alike, so a
// group is disaggregated exactly by dividing by its number y:
//
//	begin event (pool, a) and end event (pool, f): y, an integer
//	0 <= z_t <= g y,  sum over a <= t <= f of speed h_t z_t = work y
//	held and busy in t: z_t

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// fluidJobs are the groups of a class of preemptible jobs.
type fluidJobs struct {
	class  *jobClass
	groups []fluidGroup
}

type fluidGroup struct {
	number solver.Col
	busy   solver.Col // first of last-first+1 columns
	pool   int
	first  int
	last   int // inclusive
}

func newFluid(m *Model, c *jobClass) *fluidJobs {
	k := &fluidJobs{class: c}
	first, end, last := m.ix.JobWindow(c.job)
	for _, place := range c.places {
		if !place.OK {
			continue
		}
		begin, latestBegin := first, first
		if c.needs.begin[place.Pool] {
			begin, latestBegin = m.ix.EarliestWork(c.job, place), last-1
		}
		earliestEnd := end - 1
		if c.needs.end {
			earliestEnd = begin
		}
		for a := begin; a <= latestBegin; a++ {
			for f := max(a, earliestEnd); f < last; f++ {
				if workBetween(m, c.job, place.Pool, a, f) >= c.job.WorkUnitH*(1-1e-9) {
					k.group(m, place.Pool, a, f)
				}
			}
		}
	}
	return k
}

// group adds the group of jobs that run in a pool between periods a and f.
func (k *fluidJobs) group(m *Model, p, a, f int) {
	c, j, pool := k.class, k.class.job, &m.Case.Pools[p]
	n := float64(j.N())
	m.Label(fmt.Sprintf("run at %s from %d to %d", pool.Name, a, f))
	g := fluidGroup{
		number: m.Column(0, n, solver.Integer), busy: solver.Col(m.b.Cols()),
		pool: p, first: a, last: f,
	}
	c.begin(m, p, a, g.number)
	c.end(m, p, f, g.number)
	work := m.Row(0, 0)
	m.Add(work, g.number, -j.WorkUnitH)
	for t := a; t <= f; t++ {
		most := math.Min(j.Units, pool.MaxUnits(t))
		z := m.Column(0, n*most, solver.Continuous)
		m.offUnless(z, most, g.number)
		m.Add(work, z, pool.UnitSpeed()*m.Hours[t])
		c.hold(m, p, t, z, 1, 1)
	}
	k.groups = append(k.groups, g)
}

// workBetween is the most work that one job can do in the pool in periods a..f.
func workBetween(m *Model, j *model.Job, pool, a, f int) float64 {
	p := &m.Case.Pools[pool]
	work := 0.0
	for t := a; t <= f; t++ {
		work += math.Min(j.Units, p.MaxUnits(t)) * p.UnitSpeed() * m.Hours[t]
	}
	return work
}

func (k *fluidJobs) integers(yield func(solver.Col)) {
	for _, g := range k.groups {
		yield(g.number)
	}
}

func (k *fluidJobs) extract(pt *Point) []placedJob {
	c, m := k.class, pt.Model
	var out []placedJob
	for _, g := range k.groups {
		n := pt.Int(g.number)
		if n == 0 {
			continue
		}
		first, busy := trim(pt, g, float64(n))
		late := 0.0
		if last := first + len(busy) - 1; last >= first {
			late = c.lateHours(m, last)
		}
		// What the group's last period promised and the work did not need.
		pt.Refund(model.CostLate, g.number, (c.latePrice(m, g.last)-orElse(c.job.LatePricePerH, 0)*late)*float64(n))
		for range n {
			out = append(out, placedJob{
				plan: model.JobPlan{
					Pool: m.Case.Pools[g.pool].Name, First: first, BusyUnits: append([]float64(nil), busy...), LateH: late,
				},
				pool: g.pool, begin: g.first, lastPool: g.pool, end: g.last,
			})
		}
	}
	return out
}

// trim returns one job's share of a group's busy units, without the idle ends.
func trim(pt *Point, g fluidGroup, n float64) (first int, busy []float64) {
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
