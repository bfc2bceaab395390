package randomcase

import (
	"fmt"
	"math/rand/v2"

	"github.com/wattbit/wattbit/model"
)

// OnCall returns the case of a seed with jobs that provide reserve: always the same
// one, and always valid. Seeds without pools have none: ok is false.
func OnCall(seed uint64) (c *model.Case, ok bool) {
	for attempt := uint64(0); attempt < 20; attempt++ {
		c = Full(seed)
		if len(c.Pools) == 0 {
			return nil, false
		}
		g := &generator{Rand: rand.New(rand.NewPCG(^seed, ^attempt)), c: c, hours: c.Horizon.Hours()}
		g.promises()
		if _, err := c.Validate(); err == nil {
			return c, true
		}
	}
	return nil, false
}

// promises adds jobs that may be called, and lets others be called that may.
func (g *generator) promises() {
	g.onCall()
	for i := range g.c.Reserves {
		g.c.Reserves[i].Activations = g.IntN(4)
	}
	ends := make(map[string]bool) // jobs whose end others look at
	for i := range g.c.Jobs {
		for _, p := range g.c.Jobs[i].After {
			ends[p.Job] = true
		}
	}
	for _, group := range g.c.JobGroups {
		for _, name := range group.Jobs {
			ends[name] = ends[name] || group.FinishWithinH != nil
		}
	}
	for i := range g.c.Jobs {
		j := &g.c.Jobs[i]
		if j.Shape != model.Preemptible || j.Migration != nil || len(j.Outputs) > 0 || len(j.After) > 0 || ends[j.Name] || g.chance(0.3) {
			continue
		}
		direction := model.Up
		if moves := j.InputGB > 0 || len(j.Inputs) > 0 || len(j.Datasets) > 0; j.Fluid() && !moves && g.chance(0.5) {
			direction = model.Down
		}
		for k := range g.c.Reserves {
			if r := &g.c.Reserves[k]; r.Direction == direction && g.chance(0.8) {
				j.Reserves = append(j.Reserves, r.Name)
			}
		}
	}
	for i := range g.c.Jobs {
		if j := &g.c.Jobs[i]; len(j.Reserves) > 0 && g.chance(0.3) {
			j.DropMinutes = *g.pick(2, 10, 20)
		}
	}
}

// onCall adds a product and jobs made to provide it: they have slack, and nothing
// else provides as much.
func (g *generator) onCall() {
	c := g.c
	r := model.ReserveProduct{
		Name: "on call", Direction: model.Up, SustainedH: g.pick(0.25, 0.5, 1, 1.5),
		RequirementMW: g.series(0, 3), ShortagePricePerMWh: g.pick(20, 200),
	}
	if g.chance(0.4) {
		r.Direction = model.Down
	}
	c.Reserves = append(c.Reserves, r)
	total := c.Horizon.TotalHours()
	for i := range 1 + g.IntN(2) {
		j := model.Job{
			Name: fmt.Sprintf("job on call %d", i), Region: g.region(), Shape: model.Preemptible,
			Units: *g.pick(5, 10, 25), Count: 1 + g.IntN(3), DropPrice: g.pick(5_000),
		}
		if r.Direction == model.Up && g.chance(0.4) {
			g.gangOnCall(&j)
		}
		j.WorkUnitH = j.Units * g.between(0.1, 0.6*total)
		if g.chance(0.3) {
			j.DeadlineH, j.LatePricePerH = g.maybe(1, 0.5*total, total), g.maybe(0.5, 1, 20)
		}
		if r.Direction == model.Up && g.chance(0.3) {
			j.InputGB, j.DataRegion = g.between(1, 50), g.region()
		}
		if anywhere(c.JobPlacements(&j)) {
			c.Jobs = append(c.Jobs, j)
		}
	}
}

// gangOnCall makes a job a gang, small enough to be there and to wait.
func (g *generator) gangOnCall(j *model.Job) {
	j.Units, j.Count = *g.pick(1, 2, 5), min(j.Count, 2) // each is a program of its own
	if g.chance(0.6) {
		most := 1 + g.IntN(5)
		j.MaxInterruptions = &most
	}
	if j.MaxInterruptions == nil || g.chance(0.5) {
		j.RestartH, j.CheckpointLossH = g.between(0, 0.3), g.between(0, 0.3)
	}
}
