package verify

import "github.com/wattbit/wattbit/model"

// named returns the job of the case and its first plan.
func (f *fixture) named(name string) (*model.Job, *model.JobPlan) {
	for i := range f.c.Jobs {
		for n := range f.p.Jobs {
			if f.c.Jobs[i].Name == name && f.p.Jobs[n].Job == name {
				return &f.c.Jobs[i], &f.p.Jobs[n]
			}
		}
	}
	panic("the fixture has no job " + name)
}

// onDiverse seeds breaches into the plan of diverse jobs.
func onDiverse(seeds []seed) []seed {
	for i := range seeds {
		seeds[i].base = diverse
	}
	return seeds
}

// shapeSeeds breach the rules of shapes and times.
func shapeSeeds() []seed {
	return onDiverse([]seed{
		{rule: ruleJobDropped, name: "left", final: func(f *fixture) { _, p := f.named("drop"); p.LeftUnitH = 1 }},
		{rule: ruleJobDropped, name: "runs", final: func(f *fixture) { _, p := f.named("drop"); p.Then = []model.JobRun{{Pool: "pe"}} }},
		{rule: ruleJobSite, name: "after a move", decide: func(f *fixture) { j, _ := f.named("mover"); j.ForbiddenSites = []string{"sw"} }},

		// 8 unit-h from 0.5 h on: 0.5 + 1 + 1 + 1 + 0.5 h.
		{rule: ruleJobRunning, name: "pinned and anew", decide: func(f *fixture) {
			j, p := f.named("goes")
			j.Running.Pinned = true
			p.First, p.BusyUnits = 1, []float64{2, 2, 2, 2, 1}
		}},
		{rule: ruleJobRunning, name: "elsewhere", decide: func(f *fixture) { _, p := f.named("kept"); p.Pool = "pe" }},
		{rule: ruleJobRunning, name: "pinned and waiting", decide: func(f *fixture) {
			j, _ := f.named("wait")
			j.Running = &model.Running{Pool: "pf", Units: 1, Pinned: true}
		}},

		{rule: ruleJobLength, name: "moldable", decide: func(f *fixture) {
			_, p := f.named("mold")
			p.BusyUnits, p.HeldUnits = p.BusyUnits[:2], p.HeldUnits[:2]
		}},
		{rule: ruleJobLength, name: "goes on with all its work", decide: func(f *fixture) { _, p := f.named("goes"); p.BusyUnits = fill(5, 2) }},
		{rule: ruleJobLength, name: "left before the horizon's end", decide: func(f *fixture) { _, p := f.named("over"); p.BusyUnits = p.BusyUnits[:5] }},

		{rule: ruleJobUnits, name: "moldable", decide: func(f *fixture) { _, p := f.named("mold"); p.BusyUnits[2] = 3 }},
		// The nearest width counts: 1.5 * (1 + 2.75).
		{rule: ruleJobUnits, name: "narrower than its scaling", decide: func(f *fixture) {
			j, p := f.named("mall")
			j.WorkUnitH, p.BusyUnits[0] = 5.625, 0.5
		}},
		{rule: ruleJobUnits, name: "wider than its scaling", decide: func(f *fixture) {
			j, p := f.named("mall")
			j.WorkUnitH, p.BusyUnits[2] = 7.125, 6
		}},
		{rule: ruleJobUnits, name: "more than the gang", decide: func(f *fixture) {
			_, p := f.named("gang")
			p.BusyUnits[2], p.BusyUnits[6] = 3.5, 1.5
		}},

		{rule: ruleJobHeld, name: "part of a gang", decide: func(f *fixture) { _, p := f.named("gang"); p.HeldUnits[6] = 2 }},
		{rule: ruleJobHeld, name: "less than none", decide: func(f *fixture) { _, p := f.named("gang"); p.HeldUnits[3], p.BusyUnits[3] = -1, -1e-9 }},
		// Checked as 2 units, which take 3 h.
		{rule: ruleJobHeld, name: "no width", decide: func(f *fixture) {
			_, p := f.named("mold")
			p.BusyUnits, p.HeldUnits = []float64{2, 2, 2, 1}, fill(4, 2.5)
		}},
		{rule: ruleJobHeld, name: "changes", decide: func(f *fixture) { _, p := f.named("mold"); p.HeldUnits[1] = 2 }},
		{rule: ruleJobHeld, name: "of a rigid job", decide: func(f *fixture) { _, p := f.named("goes"); p.HeldUnits = fill(4, 2) }},
		{rule: ruleJobHeld, name: "missing", decide: func(f *fixture) { _, p := f.named("gang"); p.HeldUnits = nil }},

		{rule: ruleJobWork, name: "without the restart", decide: func(f *fixture) { _, p := f.named("gang"); p.BusyUnits[5], p.BusyUnits[6] = 2, 0 }},
		{rule: ruleJobWork, name: "at the pool's speed", decide: func(f *fixture) { j, _ := f.named("mall"); j.KindSpeeds = nil }},
		{rule: ruleJobWork, name: "anew", decide: func(f *fixture) { j, _ := f.named("kept"); j.Running.DoneUnitH = 0 }},

		{rule: ruleJobSpan, name: "off first", decide: func(f *fixture) {
			j, p := f.named("gang")
			j.WorkUnitH -= 1.5
			p.BusyUnits[0], p.HeldUnits[0] = 0, 0
		}},
		{rule: ruleJobSpan, name: "empty", decide: func(f *fixture) { _, p := f.named("gang"); p.BusyUnits, p.HeldUnits = nil, nil }},

		{rule: ruleJobInterruptions, name: "pause", decide: func(f *fixture) { j, _ := f.named("gang"); j.MaxInterruptions = ptr(0) }},
		{rule: ruleJobInterruptions, name: "move", decide: func(f *fixture) { j, _ := f.named("mover"); j.MaxInterruptions = ptr(0) }},
		{rule: ruleJobInterruptions, name: "before the horizon", decide: func(f *fixture) { j, _ := f.named("kept"); j.MaxInterruptions = ptr(0) }},

		{rule: ruleJobMoves, name: "without migration", decide: func(f *fixture) {
			j, _ := f.named("mover")
			j.Migration, j.MaxInterruptions = nil, ptr(1)
		}},
		// At speed 1 the move adds 1 unit-h, and 10 are left.
		{rule: ruleJobMoves, name: "into the same pool", decide: func(f *fixture) {
			_, p := f.named("mover")
			p.Then[0] = model.JobRun{Pool: "pe", First: 3, BusyUnits: fill(5, 2), HeldUnits: fill(5, 2)}
			p.Transfers = nil
		}},
		// Back to pe without a pause: 1 + 4 + 4 of 10 and 2 and 1 added unit-h, 4 left.
		{rule: ruleJobMoves, name: "too often", decide: func(f *fixture) {
			j, p := f.named("mover")
			j.Migration.GB, j.Migration.PauseH = 0, 0
			p.Then = []model.JobRun{
				{Pool: "pw", First: 1, BusyUnits: []float64{2, 2}, HeldUnits: []float64{2, 2}},
				{Pool: "pe", First: 3, BusyUnits: []float64{2, 2, 2}, HeldUnits: []float64{2, 2, 2}},
			}
			p.Transfers = nil
		}},
		{rule: ruleJobMoves, name: "pinned", decide: func(f *fixture) { j, _ := f.named("kept"); j.Running.Pinned = true }},
		{rule: ruleJobMoves, name: "rigid", decide: func(f *fixture) {
			_, p := f.named("goes")
			p.Then = []model.JobRun{{Pool: "pw", First: 5, BusyUnits: []float64{1}}}
		}},

		{rule: ruleJobPause, name: "longer", decide: func(f *fixture) {
			_, p := f.named("kept")
			p.Then[0].First, p.Then[0].BusyUnits[2] = 2, 0.25
		}},
		// 0.5 + 1 h at speed 2 from 0 h on: 1 + 1 + 2 and 0.25 busy.
		{rule: ruleJobPause, name: "none", decide: func(f *fixture) {
			_, p := f.named("kept")
			p.Then[0] = model.JobRun{Pool: "pw", First: 0, BusyUnits: []float64{1, 1, 1, 0.25}, HeldUnits: fill(4, 1)}
		}},

		{rule: ruleJobDeadline, name: "hard beside a due time", decide: func(f *fixture) { j, _ := f.named("soft"); j.DeadlineH = ptr(4.5) }},
		{rule: ruleJobDeadline, name: "work left", decide: func(f *fixture) { j, _ := f.named("over"); j.DeadlineH = ptr(9.0) }},
		{rule: ruleJobLate, name: "work left", final: func(f *fixture) { _, p := f.named("over"); p.LateH = 0 }},
		{rule: ruleJobLeft, name: "less", decide: func(f *fixture) { _, p := f.named("over"); p.LeftUnitH = 3 }},
		{rule: ruleJobLeft, name: "less, waiting", decide: func(f *fixture) { _, p := f.named("wait"); p.LeftUnitH = 4 }},
		{rule: ruleJobLeft, name: "negative", decide: func(f *fixture) {
			j, p := f.named("mall")
			j.WorkUnitH, p.LeftUnitH = 5.75, -1
		}},
		{rule: ruleJobLeft, name: "without a price", decide: func(f *fixture) {
			j, p := f.named("soft")
			j.WorkUnitH, j.DeadlineH = 3.5, nil
			p.LeftUnitH, p.LateH = 0.5, 5
		}},

		{rule: rulePlanShape, name: "two runs at once", final: func(f *fixture) { _, p := f.named("mover"); p.Then[0].First = 0 }},
		{rule: rulePlanShape, name: "run past the horizon", final: func(f *fixture) { _, p := f.named("mover"); p.Then[0].First = 8 }},
		{rule: rulePlanShape, name: "run in no pool", final: func(f *fixture) { _, p := f.named("mover"); p.Then[0].Pool = "p" }},
		{rule: rulePlanShape, name: "work and no pool", final: func(f *fixture) { _, p := f.named("wait"); p.BusyUnits = []float64{1} }},
		{rule: rulePlanShape, name: "held past the horizon", final: func(f *fixture) { _, p := f.named("mold"); p.HeldUnits = fill(10, 4) }},
		{rule: ruleCaseValid, name: "running", final: func(f *fixture) { j, _ := f.named("goes"); j.Running.Pool = "p" }},
		{rule: ruleCaseValid, name: "scaling", final: func(f *fixture) { j, _ := f.named("mold"); j.Scaling = nil }},
	})
}
