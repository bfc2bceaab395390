package verify

import (
	"sort"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleJobMoves = "job.moves"
	ruleJobPause = "job.pause"
)

// moves checks the changes of pool of a job that may be interrupted, and their
// pauses.
func (k *checker) moves(x *class, p *model.JobPlan, r *runs) {
	j, moves := x.j, len(r.stays)-1
	k.report.Checked++
	if moves == 0 {
		return
	}
	if most := mayMove(j); moves > most {
		k.breachInt(ruleJobMoves, j.Name, r.stays[1].first, moves, most, "number %d moves %d times, at most %d", p.Number, moves, most)
	}
	for i := 1; i < len(r.stays); i++ {
		from, to := &r.stays[i-1], &r.stays[i]
		if from.pool == to.pool {
			k.breach(ruleJobMoves, j.Name, to.first, 0, 0, "number %d moves from %s to the same pool", p.Number, k.c.Pools[to.pool].Name)
		}
		if want := k.pauseEnd(j, from, to); k.differInt(to.first, want) {
			k.breachInt(ruleJobPause, j.Name, to.first, to.first, want,
				"number %d goes on in %s in period %d, its pause from period %d on ends with period %d", p.Number, k.c.Pools[to.pool].Name, to.first, from.end(), want-1)
		}
	}
}

// mayMove is the number of times that a job may change its pool.
func mayMove(j *model.Job) int {
	if j.Migration == nil || j.Running != nil && j.Running.Pinned {
		return 0
	}
	return max(1, j.Migration.MaxMoves)
}

// pauseEnd is the period in which a job goes on after a move.
func (k *checker) pauseEnd(j *model.Job, from, to *stay) int {
	if j.Migration == nil {
		return to.first // reported by moves
	}
	end := from.end()
	least := 0
	if from.region != to.region && j.Migration.GB > 0 {
		least = 1
	}
	n := sort.Search(k.periods-end, func(n int) bool { return k.begin[end+n]-k.begin[end] >= j.Migration.PauseH-hoursTolerance })
	return end + max(n, least)
}
