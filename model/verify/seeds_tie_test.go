package verify

import "github.com/wattbit/wattbit/model"

// tieSeeds breach the rules of jobs' data, of their order, groups and quotas.
func tieSeeds() []seed {
	return onDiverse([]seed{
		{rule: ruleJobInput, name: "one of several", decide: func(f *fixture) { _, p := f.named("feed"); p.Transfers[1].GB[0] = 5 }},
		{rule: ruleJobInput, name: "missing", decide: func(f *fixture) { _, p := f.named("feed"); p.Transfers = p.Transfers[1:] }},
		{rule: ruleJobInput, name: "of a job that goes on", decide: func(f *fixture) {
			j, p := f.named("goes")
			j.Inputs = []model.DataFlow{{Region: "west", GB: 4}}
			p.Transfers = []model.JobTransfer{{What: model.TransferInput, From: "west", To: "far", GB: []float64{4}}}
		}},
		{rule: ruleJobInput, name: "of a job not begun", decide: func(f *fixture) { _, p := f.named("wait"); p.TransferGB = []float64{1} }},
		// Until 3 h, and 1 h of lead.
		{rule: ruleJobInputAt, name: "lead time", decide: func(f *fixture) { _, p := f.named("feed"); p.Transfers[0].First = 2 }},
		{rule: ruleJobInputAt, name: "no lead time", decide: func(f *fixture) { _, p := f.named("feed"); p.Transfers[1].First = 4 }},
		{rule: ruleJobOutput, name: "less", decide: func(f *fixture) { _, p := f.named("feed"); p.Transfers[2].GB[1] = 7 }},
		{rule: ruleJobOutput, name: "work left", decide: func(f *fixture) {
			j, p := f.named("over")
			j.Outputs = []model.DataFlow{{Region: "west", GB: 4}}
			p.Transfers = []model.JobTransfer{{What: model.TransferOutput, From: "far", To: "west", First: 9, GB: []float64{4}}}
		}},
		{rule: ruleJobOutputAt, decide: func(f *fixture) { _, p := f.named("feed"); p.Transfers[2].First = 4 }},
		{rule: ruleJobCheckpoint, name: "parts", decide: func(f *fixture) { _, p := f.named("mover"); p.Transfers[0].GB = []float64{15, 15} }},
		{rule: ruleJobCheckpoint, name: "none", decide: func(f *fixture) { _, p := f.named("mover"); p.Transfers = nil }},
		{rule: ruleJobRoute, name: "from", decide: func(f *fixture) { _, p := f.named("feed"); p.Transfers[0].From = "far" }},
		{rule: ruleJobRoute, name: "to", decide: func(f *fixture) { _, p := f.named("next"); p.Transfers[0].To = "west" }},
		{rule: ruleJobData, name: "one of several", decide: func(f *fixture) { j, _ := f.named("next"); j.Inputs = []model.DataFlow{{Region: "far", GB: 3}} }},
		{rule: ruleJobData, name: "output", decide: func(f *fixture) { j, _ := f.named("next"); j.Outputs = []model.DataFlow{{Region: "far", GB: 3}} }},
		{rule: ruleJobDataset, name: "too late", decide: func(f *fixture) { f.p.Datasets[0].Copies[0].First = 3 }},
		{rule: ruleJobDataset, name: "nowhere", decide: func(f *fixture) { f.p.Datasets[0].Copies = nil }},

		{rule: ruleDatasetCopy, name: "from a copy", decide: func(f *fixture) {
			d := &f.p.Datasets[0]
			d.Copies = append(d.Copies, model.DatasetCopy{From: "west", To: "east", First: 4, GB: []float64{40}})
		}},
		{rule: ruleDatasetCopy, name: "where it is", decide: func(f *fixture) {
			f.c.Datasets[0].Regions = []string{"far", "west"}
			f.p.Datasets[0].Copies[0].GB = []float64{20, 20}
		}},
		{rule: ruleDatasetCopy, name: "without a link", decide: func(f *fixture) {
			d := &f.p.Datasets[0]
			d.Copies = append(d.Copies, model.DatasetCopy{From: "far", To: "east", First: 4, GB: []float64{40}})
		}},
		// Nobody reads the copy in the west.
		{rule: ruleDatasetStay, name: "forbidden", decide: func(f *fixture) {
			j, _ := f.named("feed")
			j.Datasets, f.c.Datasets[0].ForbiddenRegions = nil, []string{"west"}
		}},
		{rule: ruleDatasetStay, name: "not allowed", decide: func(f *fixture) {
			j, _ := f.named("feed")
			j.Datasets, f.c.Datasets[0].AllowedRegions = nil, []string{"far", "east"}
		}},
		// It is in the west from the start, and mover takes it along from the east.
		{rule: ruleJobStay, name: "forbidden", decide: func(f *fixture) {
			f.p.Datasets[0].Copies = nil
			f.c.Datasets[0].Regions, f.c.Datasets[0].ForbiddenRegions = []string{"far", "west"}, []string{"west"}
		}},
		{rule: ruleJobStay, name: "after a move", decide: func(f *fixture) {
			f.p.Datasets[0].Copies = nil
			feed, _ := f.named("feed")
			mover, _ := f.named("mover")
			feed.Datasets, mover.Datasets = nil, []string{"corpus"}
			f.c.Datasets[0].Regions, f.c.Datasets[0].AllowedRegions = []string{"east"}, []string{"east"}
		}},
		{rule: ruleDatasetWhole, name: "less", decide: func(f *fixture) { f.p.Datasets[0].Copies[0].GB[1] = 20 }},
		{rule: ruleDatasetWhole, name: "negative", decide: func(f *fixture) { f.p.Datasets[0].Copies[0].GB = []float64{-10, 50} }},

		// Ends at 5 h; begins at 7 h.
		{rule: ruleJobAfter, name: "lag", decide: func(f *fixture) { j, _ := f.named("next"); j.After[0].LagH = 2.5 }},
		{rule: ruleJobAfter, name: "of a job not begun", decide: func(f *fixture) {
			j, _ := f.named("next")
			j.After = append(j.After, model.Precedence{Job: "wait"})
		}},
		{rule: ruleJobAfter, name: "of a job with work left", decide: func(f *fixture) {
			j, _ := f.named("next")
			j.After = append(j.After, model.Precedence{Job: "over"})
		}},
		{rule: ruleJobAfter, name: "of a dropped job", decide: func(f *fixture) {
			j, _ := f.named("next")
			j.After = append(j.After, model.Precedence{Job: "drop"})
		}},
		{rule: ruleJobHandover, decide: func(f *fixture) { _, p := f.named("next"); p.Transfers[0].GB[0] = 11 }},
		{rule: ruleJobHandoverAt, name: "early", decide: func(f *fixture) { _, p := f.named("next"); p.Transfers[0].First = 5 }},
		{rule: ruleJobHandoverAt, name: "lead time", decide: func(f *fixture) { _, p := f.named("next"); p.Transfers[0].First = 7 }},

		{rule: ruleGroupTogether, name: "region", decide: func(f *fixture) { f.c.JobGroups[0].Jobs = []string{"feed", "next"} }},
		{rule: ruleGroupTogether, name: "pool", decide: func(f *fixture) {
			f.c.JobGroups[0] = model.JobGroup{Name: "pair", Jobs: []string{"wait", "mold", "goes"}, Together: model.InPool}
		}},
		{rule: ruleGroupApart, name: "site", decide: func(f *fixture) { f.c.JobGroups[1].Jobs = []string{"feed", "soft"} }},
		{rule: ruleGroupApart, name: "two of three", decide: func(f *fixture) {
			g := &f.c.JobGroups[1]
			g.Jobs, g.MaxPer, g.FinishWithinH = []string{"feed", "soft", "anew"}, 2, nil
		}},
		// Its second job runs where mold does.
		{rule: ruleGroupApart, name: "of a class", decide: func(f *fixture) {
			g := &f.c.JobGroups[1]
			g.Jobs, g.FinishWithinH = []string{"lose", "mold"}, nil
		}},
		{rule: ruleGroupFinish, decide: func(f *fixture) { f.c.JobGroups[1].FinishWithinH = ptr(2.9) }},
		{rule: ruleGroupAllOrNone, decide: func(f *fixture) { f.c.JobGroups[2].Jobs = []string{"feed", "drop", "next"} }},

		{rule: ruleQuotaUnitH, decide: func(f *fixture) { f.c.Quotas[0].MaxUnitH = ptr(24.9) }},
		{rule: ruleQuotaUnits, decide: func(f *fixture) { f.c.Quotas[0].MaxUnits = model.Series{9, 7, 6.9, 9, 9, 9, 9, 9, 9, 9} }},
		{rule: ruleQuotaShare, decide: func(f *fixture) { f.c.Quotas[0].MaxShare = model.Constant(0.34) }},

		{rule: rulePlanShape, name: "datasets", final: func(f *fixture) { f.p.Datasets = nil }},
		{rule: rulePlanShape, name: "copied twice", final: func(f *fixture) {
			d := &f.p.Datasets[0]
			d.Copies = append(d.Copies, d.Copies[0])
		}},
		{rule: rulePlanShape, name: "copy past the horizon", final: func(f *fixture) { f.p.Datasets[0].Copies[0].First = 9 }},
		{rule: rulePlanShape, name: "transfer to nowhere", final: func(f *fixture) { _, p := f.named("next"); p.Transfers[0].To = "north" }},
		{rule: rulePlanShape, name: "transfer for nothing", final: func(f *fixture) { _, p := f.named("next"); p.Transfers[0].Of = 1 }},
		{rule: rulePlanShape, name: "transfer of no kind", final: func(f *fixture) { _, p := f.named("next"); p.Transfers[0].What = "gift" }},
		{rule: rulePlanShape, name: "transfer twice", final: func(f *fixture) { _, p := f.named("feed"); p.Transfers[1].Of = 0 }},
		{rule: rulePlanShape, name: "transfer past the horizon", final: func(f *fixture) { _, p := f.named("feed"); p.Transfers[2].First = 9 }},
		{rule: ruleCaseValid, name: "dataset", final: func(f *fixture) { j, _ := f.named("feed"); j.Datasets[0] = "corpse" }},
		{rule: ruleCaseValid, name: "after", final: func(f *fixture) { j, _ := f.named("next"); j.After[0].Job = "food" }},
		{rule: ruleCaseValid, name: "after a class", final: func(f *fixture) { j, _ := f.named("next"); j.Count = 2 }},
		{rule: ruleCaseValid, name: "group", final: func(f *fixture) { f.c.JobGroups[0].Jobs[0] = "food" }},
		{rule: ruleCaseValid, name: "group of a class", final: func(f *fixture) { f.c.JobGroups[0].Jobs[0] = "lose" }},
		{rule: ruleCaseValid, name: "quota", final: func(f *fixture) { f.c.Quotas[0].Pools[0] = "p" }},
	})
}
