package opt_test

import (
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
)

// One job changed in ways whose effect on the optimum is known.
func TestJobRelations(t *testing.T) {
	enginetest.Sequential(t)
	t.Parallel()
	applicable := 8
	if testing.Short() {
		applicable = 3
	}
	for _, x := range []struct {
		name   string
		change func(c *model.Case, j *model.Job) bool
		want   relation
	}{
		{"one more interruption", func(_ *model.Case, j *model.Job) bool {
			if j.MaxInterruptions == nil {
				return false
			}
			j.MaxInterruptions = ptr(*j.MaxInterruptions + 1)
			return true
		}, noWorse},
		{"any number of interruptions", func(_ *model.Case, j *model.Job) bool {
			// Without the limit the job might hold any number of units.
			limited := j.MaxInterruptions != nil && j.RestartH > 0
			j.MaxInterruptions = nil
			return limited
		}, noWorse},
		{"a longer restart", func(_ *model.Case, j *model.Job) bool {
			j.RestartH += 0.2
			return j.Gang() && j.RestartH > 0.2
		}, noBetter},
		{"no interruption at all", func(_ *model.Case, j *model.Job) bool {
			interrupted := j.MaxInterruptions != nil
			j.MaxInterruptions = ptr(0)
			return interrupted
		}, noBetter},
		{"a gang that pauses at will", func(_ *model.Case, j *model.Job) bool {
			gang := j.Gang() && j.Migration == nil
			j.MaxInterruptions, j.RestartH, j.CheckpointLossH = nil, 0, 0
			return gang
		}, noWorse},
		{"no migration", func(_ *model.Case, j *model.Job) bool {
			moves := j.Migration != nil && j.MaxInterruptions != nil
			j.Migration = nil
			return moves
		}, noBetter},
		{"rigid as moldable", func(_ *model.Case, j *model.Job) bool {
			rigid := j.Shape == model.Rigid
			if rigid {
				if scaled(j, model.Moldable, j.Units, j.Units); j.Running != nil {
					run := *j.Running
					run.Units = j.Scaling[0].Units
					j.Running = &run
				}
			}
			return rigid
		}, equal},
		{"one more width", func(_ *model.Case, j *model.Job) bool {
			if j.Shape != model.Moldable {
				return false
			}
			last := j.Widest()
			j.Scaling = append(slices.Clone(j.Scaling), model.ScalingPoint{Units: last.Units + 1, EffectiveUnits: last.EffectiveUnits})
			return true
		}, noWorse},
		{"speeds as they are", func(c *model.Case, j *model.Job) bool {
			none := len(j.KindSpeeds) == 0
			j.KindSpeeds = []model.KindSpeed{{Kind: "cpu", Speed: 1}, {Kind: "gpu", Speed: 1}}
			return none
		}, equal},
		{"a pin", func(_ *model.Case, j *model.Job) bool {
			if j.Running == nil || j.Running.Pinned {
				return false
			}
			run := *j.Running
			run.Pinned = true
			j.Running = &run
			return true
		}, noBetter},
		{"work left at a price", func(_ *model.Case, j *model.Job) bool {
			none := j.BacklogPricePerUnitH == nil
			j.BacklogPricePerUnitH = ptr(2.0)
			return none
		}, noWorse},
		{"work left for nothing", func(_ *model.Case, j *model.Job) bool {
			leaves := j.BacklogPricePerUnitH != nil
			j.BacklogPricePerUnitH = ptr(0.0)
			return leaves
		}, noWorse},
		{"lateness from the deadline on", func(_ *model.Case, j *model.Job) bool {
			due := j.DueH != nil
			j.DueH = nil
			return due
		}, noWorse},
		{"a higher value", func(_ *model.Case, j *model.Job) bool {
			j.Value += 7
			return true
		}, noBetter},
	} {
		t.Run(x.name, func(t *testing.T) {
			done := 0
			for seed := uint64(0); seed < 600 && done < applicable; seed++ {
				c, changed := oneJob(seed), oneJob(seed)
				if _, err := c.Validate(); err != nil || !x.change(changed, &changed.Jobs[0]) {
					continue
				}
				if _, err := changed.Validate(); err != nil {
					continue
				}
				done++
				before, after := solve(t, c).Objective, solve(t, changed).Objective
				slack := 2e-6 * math.Max(100, math.Abs(before))
				if d := after - before; x.want != noBetter && d > slack || x.want != noWorse && d < -slack {
					t.Errorf("seed %d: %.9g, was %.9g; job %s", seed, after, before, asText(&changed.Jobs[0]))
				}
			}
			if done < applicable {
				t.Errorf("applies to %d jobs only", done)
			}
		})
	}
}

// A malleable job whose work grows with its width is one that pauses at will, but
// for its narrowest width: the less that is, the less it matters.
func TestNarrowMalleableIsFluid(t *testing.T) {
	c, j := batch(model.Preemptible, 4, 9, 20, 90, 10, 30)
	fluid := solve(t, c).Objective
	scaled(j, model.Malleable, 1e-3, 1e-3, 4, 4)
	near(t, "narrow", solve(t, c).Objective, fluid)
}
