package report

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

// mobility answers whether work could be done at another time or place. It
// asks about windows and reach alone, not about free capacity.
type mobility struct {
	j         *joined
	jobs      []*reach
	workloads []*reach
}

// reach is where one workload or job may go.
type reach struct {
	placements []model.Placement
	// slack says that the job could run at another time in some pool.
	slack bool
}

func (j *joined) mobility() *mobility {
	return &mobility{j: j, jobs: make([]*reach, len(j.c.Jobs)), workloads: make([]*reach, len(j.c.Workloads))}
}

func (m *mobility) job(i int) *reach {
	if m.jobs[i] == nil {
		job := &m.j.c.Jobs[i]
		r := &reach{placements: m.j.ix.JobPlacements(job)}
		for _, p := range r.placements {
			r.slack = r.slack || p.OK && m.slack(job, p)
		}
		m.jobs[i] = r
	}
	return m.jobs[i]
}

func (m *mobility) workload(i int) *reach {
	if m.workloads[i] == nil {
		m.workloads[i] = &reach{placements: m.j.ix.WorkloadPlacements(&m.j.c.Workloads[i])}
	}
	return m.workloads[i]
}

// slack says whether the job could begin in two different periods, or, where it
// may pause, is done in less time than its window has.
func (m *mobility) slack(job *model.Job, p model.Placement) bool {
	ix := m.j.ix
	_, _, last := ix.JobWindow(job)
	first := ix.EarliestWork(job, p)
	if first >= last || job.Running != nil && job.Running.Pinned && job.Steady() {
		return false
	}
	if job.Steady() {
		starts := 0
		for start := first; start < last && starts < 2; start++ {
			if end, ok := ix.RigidEnd(job, p.Pool, start); !ok || end > last {
				break
			}
			starts++
		}
		return starts == 2
	}
	run := job.WorkLeft() / (job.Widest().EffectiveUnits * ix.JobSpeed(job, p.Pool))
	return run < ix.Starts[last]-ix.Starts[first]-1e-9 && !math.IsNaN(run)
}

// of says whether the work could be done at another time, and whether it could
// be done at another bus.
func (m *mobility) of(w *work) (inTime, inPlace bool) {
	r := m.reach(w)
	return r.slack, m.elsewhere(r, w.bus)
}

func (m *mobility) reach(w *work) *reach {
	if w.job {
		return m.job(w.item)
	}
	return m.workload(w.item)
}

// elsewhere says whether a pool at another bus may take the work.
func (m *mobility) elsewhere(r *reach, bus int) bool {
	for _, p := range r.placements {
		if p.OK && m.j.poolBus(p.Pool) != bus {
			return true
		}
	}
	return false
}

func (j *joined) poolBus(pool int) int {
	return j.ix.Buses[j.c.Sites[j.ix.Sites[j.c.Pools[pool].Site]].Bus]
}
