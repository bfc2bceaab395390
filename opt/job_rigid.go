package opt

// Rigid jobs: one that starts in period t in a pool holds its gang g for the
// periods t..e(t)-1 that its work takes there.
//
//	begin event (pool, t) and end event (pool, e(t)-1): s_{pool,t}, an integer
//	held in tau: g s_{pool,t} for t <= tau < e(t); busy the same, in the last
//	period only what work is left
//
// Starts that no single job could make have no column.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// rigidJobs are the starts of a class of rigid jobs.
type rigidJobs struct {
	class  *jobClass
	starts []rigidStart
}

// rigidStart is the number of jobs that start in period t in a pool.
type rigidStart struct {
	col           solver.Col
	pool, t, end  int // periods t..end-1
	lastBusyUnits float64
}

func newRigid(m *Model, c *jobClass) *rigidJobs {
	k := &rigidJobs{class: c}
	for _, place := range c.places {
		if place.OK {
			k.startAt(m, place)
		}
	}
	return k
}

// startAt adds the starts in a pool.
func (k *rigidJobs) startAt(m *Model, place model.Placement) {
	c, j := k.class, k.class.job
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
			pool: place.Pool, t: t, end: end,
			lastBusyUnits: math.Max(0, math.Min(j.Units, left)),
		}
		for tau := t; tau < end; tau++ {
			busy := j.Units
			if tau == end-1 {
				busy = s.lastBusyUnits
			}
			c.hold(m, place.Pool, tau, s.col, j.Units, busy)
		}
		c.begin(m, place.Pool, t, s.col)
		c.end(m, place.Pool, end-1, s.col)
		k.starts = append(k.starts, s)
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

func (k *rigidJobs) integers(yield func(solver.Col)) {
	for _, s := range k.starts {
		yield(s.col)
	}
}

func (k *rigidJobs) extract(pt *Point) []placedJob {
	var out []placedJob
	for _, s := range k.starts {
		for range pt.Int(s.col) {
			busy := make([]float64, s.end-s.t)
			for x := range busy {
				busy[x] = k.class.job.Units
			}
			busy[len(busy)-1] = s.lastBusyUnits
			out = append(out, placedJob{
				plan: model.JobPlan{
					Pool: pt.Model.Case.Pools[s.pool].Name, First: s.t, BusyUnits: busy, LateH: k.class.lateHours(pt.Model, s.end-1),
				},
				pool: s.pool, begin: s.t, lastPool: s.pool, end: s.end - 1,
			})
		}
	}
	return out
}
