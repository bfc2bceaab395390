package report

import (
	"math"

	"github.com/wattbit/wattbit/internal/inorder"
	"github.com/wattbit/wattbit/model"
)

// mobility answers whether work could be done at another time or place. It
// asks about windows and reach alone, not about free capacity.
type mobility struct {
	j *joined
	// jobs that run, the others are nowhere.
	jobs       []reach
	workloads  []reach
	placements [][]model.Placement // of workloads
}

// reach is where one workload or job may go.
type reach struct {
	// slack says that the job could run at another time in some pool.
	slack bool
	// bus of the pools that may take it: nowhere, or somewhere if they are at several.
	bus int32
}

const nowhere, somewhere = -1, -2

// mobility knows the reach of all that runs.
func (j *joined) mobility() *mobility { return j.mobilityOnce.of(j.findMobility) }

func (j *joined) findMobility() *mobility {
	m := &mobility{
		j: j, jobs: make([]reach, len(j.c.Jobs)), workloads: make([]reach, len(j.c.Workloads)),
		placements: make([][]model.Placement, len(j.c.Workloads)),
	}
	for i := range m.workloads {
		m.placements[i] = j.ix.WorkloadPlacements(&j.c.Workloads[i])
		m.workloads[i] = m.reachOf(m.placements[i])
	}
	runs := make([]bool, len(j.c.Jobs))
	for i := range j.work {
		if j.work[i].job {
			runs[j.work[i].item] = true
		}
	}
	inorder.Blocks(len(runs), jobsAtOnce, func(from, to int) []reach {
		out := make([]reach, to-from)
		for i := range out {
			if runs[from+i] {
				out[i] = m.jobReach(&j.c.Jobs[from+i])
			}
		}
		return out
	}, func(from, _ int, found []reach) { copy(m.jobs[from:], found) })
	return m
}

func (m *mobility) jobReach(job *model.Job) reach {
	placements := m.j.ix.JobPlacements(job)
	r := m.reachOf(placements)
	for _, p := range placements {
		r.slack = r.slack || p.OK && m.slack(job, p)
	}
	return r
}

func (m *mobility) reachOf(placements []model.Placement) reach {
	r := reach{bus: nowhere}
	for _, p := range placements {
		if !p.OK {
			continue
		}
		switch bus := int32(m.j.poolBus(p.Pool)); r.bus {
		case nowhere, bus:
			r.bus = bus
		default:
			r.bus = somewhere
		}
	}
	return r
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
	r := m.workloads
	if w.job {
		r = m.jobs
	}
	here := r[w.item]
	return here.slack, here.bus != nowhere && here.bus != int32(w.bus)
}

func (j *joined) poolBus(pool int) int {
	return j.ix.Buses[j.c.Sites[j.ix.Sites[j.c.Pools[pool].Site]].Bus]
}
