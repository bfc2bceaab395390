package randomcase

import (
	"math/rand/v2"

	"github.com/wattbit/wattbit/model"
)

// shapes gives jobs the shapes and times beyond the plain ones. It has random
// numbers of its own, so that all else in a case is as it is without.
func (g *generator) shapes(seed, attempt uint64) {
	g.Rand = rand.New(rand.NewPCG(^seed, attempt))
	g.c.Penalties.PriorityFactor = g.share(0.3, 1.5, 3)
	for i := range g.c.Jobs {
		g.reshape(&g.c.Jobs[i])
	}
}

// try makes a change to a job, as far as it can still run somewhere.
func (g *generator) try(j *model.Job, p float64, change func(j *model.Job)) {
	if g.few() {
		p = (1 + p) / 2 // as in with: whoever asks has the feature
	}
	changed := *j
	if !g.chance(p) {
		return
	}
	if change(&changed); anywhere(g.c.JobPlacements(&changed)) {
		*j = changed
	}
}

func (g *generator) reshape(j *model.Job) {
	if g.holds(jobShapes) {
		g.try(j, 0.4, g.scaling)
	}
	if g.holds(interruptions) && (j.Shape == model.Preemptible || j.Shape == model.Malleable) {
		g.try(j, 0.4, func(j *model.Job) { n := g.IntN(3); j.MaxInterruptions = &n })
		g.try(j, 0.3, func(j *model.Job) { j.RestartH, j.CheckpointLossH = g.between(0, 0.5), g.between(0, 0.3) })
		g.try(j, 0.3, g.migration)
	}
	if j.Gang() || j.Shape == model.Malleable {
		j.Count = min(j.Count, 2) // each is a program of its own
	}
	if g.holds(initialState) {
		g.try(j, 0.3, g.running)
	}
	if g.holds(jobTimes) {
		g.try(j, 0.3, g.due)
		g.try(j, 0.3, g.backlog)
	}
	if g.holds(jobClasses) {
		g.try(j, 0.2, func(j *model.Job) {
			pool := &g.c.Pools[g.IntN(len(g.c.Pools))]
			j.KindSpeeds = []model.KindSpeed{{Kind: pool.Kind, Speed: *g.pick(0.5, 1, 2)}}
		})
	}
	if g.chance(0.3) {
		j.Priority = g.IntN(4)
	}
	if g.chance(0.3) {
		j.Value = g.between(1, 500)
	}
}

// scaling makes a rigid job moldable and a preemptible one malleable.
func (g *generator) scaling(j *model.Job) {
	if j.Shape == model.Rigid {
		j.Shape = model.Moldable
	} else {
		j.Shape = model.Malleable
	}
	points := 1 + g.IntN(3)
	width, does, slope := *g.pick(0.5, 1, 2), 0.0, *g.pick(0.8, 1)
	does = slope * width
	for range points {
		j.Scaling = append(j.Scaling, model.ScalingPoint{Units: width, EffectiveUnits: does})
		slope *= *g.pick(0.5, 0.8, 1)
		width += 2
		does += 2 * slope
	}
	j.WorkUnitH *= j.Widest().EffectiveUnits / j.Units
	j.Units = 0
}

func (g *generator) migration(j *model.Job) {
	j.Migration = &model.Migration{PauseH: *g.pick(0, 0.25, 1), MaxMoves: g.IntN(3)}
	if g.chance(0.6) {
		j.Migration.GB = g.between(1, 60)
	}
}

// running lets the job run when the horizon begins.
func (g *generator) running(j *model.Job) {
	j.ReleaseH = 0
	j.Running = &model.Running{Pool: g.c.Pools[g.IntN(len(g.c.Pools))].Name, Pinned: g.chance(0.3)}
	j.Running.DoneUnitH = j.WorkUnitH * *g.pick(0, 0.3, 0.8)
	if j.Shape == model.Moldable {
		j.Running.Units = j.Scaling[g.IntN(len(j.Scaling))].Units
	}
}

// due makes a deadline hard and lets lateness count from before it.
func (g *generator) due(j *model.Job) {
	if j.DeadlineH == nil {
		all := g.c.Horizon.TotalHours()
		j.DeadlineH = &all
	}
	due := j.ReleaseH + 0.6*(*j.DeadlineH-j.ReleaseH)
	j.DueH = &due
	if j.LatePricePerH == nil {
		j.LatePricePerH = g.pick(0.5, 20)
	}
}

// backlog lets work wait beyond the horizon's end.
func (g *generator) backlog(j *model.Job) {
	j.BacklogPricePerUnitH = g.pick(1, 10, 60)
	if j.DeadlineH != nil && g.chance(0.3) {
		beyond := g.c.Horizon.TotalHours() + 1
		j.DeadlineH = &beyond
	}
}
