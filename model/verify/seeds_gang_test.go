package verify

import "github.com/wattbit/wattbit/model"

// gangSeeds breach the rules of gangs that provide reserve.
func gangSeeds() []seed {
	of := func(rule, name string, spoil func(f *fixture, j *model.Job, p *model.JobPlan)) seed {
		return seed{rule: rule, name: name, base: onCall, decide: func(f *fixture) {
			j, p := f.named("train")
			spoil(f, j, p)
		}}
	}
	return []seed{
		of(ruleJobReserve, "gang that may migrate", func(_ *fixture, j *model.Job, _ *model.JobPlan) { j.Migration = &model.Migration{} }),
		of(ruleJobReserve, "gang that works ahead", func(f *fixture, _ *model.Job, p *model.JobPlan) {
			f.c.Reserves[0].Direction = model.Down
			p.Reserves, p.SpareUnits = p.Reserves[:1], nil
		}),
		of(ruleJobReserveUp, "part of a gang", func(_ *fixture, _ *model.Job, p *model.JobPlan) { p.Reserves[0].MW[1] = 0.25 }),
		of(ruleJobReserveUp, "gang promised twice", func(_ *fixture, _ *model.Job, p *model.JobPlan) { p.Reserves[1].MW[1] = 0.5 }),
		of(ruleJobReserveUp, "half of a gang each", func(_ *fixture, _ *model.Job, p *model.JobPlan) {
			p.Reserves[0].MW[1], p.Reserves[1].MW[1] = 0.25, 0.25
		}),
		of(ruleJobReserveUp, "gang that pauses", func(_ *fixture, _ *model.Job, p *model.JobPlan) { p.Reserves[1].MW[3] = 0.5 }),
		// Half of its units are busy in its last period.
		of(ruleJobReserveUp, "gang that waits", func(_ *fixture, _ *model.Job, p *model.JobPlan) {
			p.Reserves[1].MW[4], p.Reserves[1].MW[5] = 0, 0.5
		}),
		of(ruleJobSpare, "part of a gang", func(_ *fixture, _ *model.Job, p *model.JobPlan) { p.SpareUnits[9] = 2 }),
		of(ruleJobSpare, "gang that is on", func(f *fixture, _ *model.Job, p *model.JobPlan) {
			f.c.Pools[0].UnitsPerModule, f.c.Sites[0].ImportLimitMW = 20, nil
			p.SpareUnits[5] = 4
		}),
		of(ruleJobSpare, "apart from any run", func(_ *fixture, _ *model.Job, p *model.JobPlan) { p.SpareUnits[6], p.SpareUnits[9] = 0, 4 }),
		of(ruleJobSpare, "before any run", func(_ *fixture, _ *model.Job, p *model.JobPlan) {
			p.First, p.BusyUnits, p.HeldUnits = 1, []float64{4, 4, 0, 4, 4}, []float64{4, 4, 0, 4, 4}
			p.SpareUnits[0] = 4
		}),
		of(ruleJobSpare, "gang after its due time", func(_ *fixture, j *model.Job, _ *model.JobPlan) {
			j.DueH, j.LatePricePerH = ptr(7.0), ptr(1.0)
		}),
		of(ruleJobRecovery, "too little for a gang", func(_ *fixture, _ *model.Job, p *model.JobPlan) { p.SpareUnits[8] = 0 }),
		// A call of slow from 1 h on ends at 2.5 h, after the spare hour's begin.
		of(ruleJobRecovery, "too early for a gang", func(_ *fixture, _ *model.Job, p *model.JobPlan) { p.Reserves[0].MW[2] = 0.5 }),
		// Three interruptions take 0.75 h each; the planned one adds a unit-h more, at
		// speed 2 two.
		of(ruleJobRecovery, "restarts that take longer", func(_ *fixture, j *model.Job, _ *model.JobPlan) { j.RestartH, j.WorkUnitH = 0.5, 22 }),
		of(ruleJobInterruptions, "calls and pauses", func(_ *fixture, j *model.Job, _ *model.JobPlan) { j.MaxInterruptions = ptr(3) }),
		of(ruleJobInterruptions, "a call more", func(f *fixture, _ *model.Job, p *model.JobPlan) {
			f.c.Reserves[1].Activations = 3
			p.SpareUnits[9] = 4
		}),
		of(rulePoolRoom, "of a gang", func(f *fixture, _ *model.Job, _ *model.JobPlan) {
			f.c.Jobs[1].Units, f.c.Jobs[1].WorkUnitH = 6.5, 6.5*2*3
			f.p.Jobs[1].First, f.p.Jobs[1].BusyUnits = 6, fill(3, 6.5)
		}),
		// 9 units draw 1.125 MW, and where only 5 are busy in the plan 1.17.
		of(ruleSiteRoom, "of a gang", func(f *fixture, _ *model.Job, _ *model.JobPlan) {
			f.c.Sites[0].PUE = model.Series{1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.25, 1.3, 1.25}
			f.c.Sites[0].ImportLimitMW = model.Constant(1.15)
		}),
	}
}
