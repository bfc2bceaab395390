package verify

import "github.com/wattbit/wattbit/model"

// guardedSeeds breach the rules of pinned shares, queues, outages of computing and
// reserve of jobs.
func guardedSeeds() []seed {
	page := func(f *fixture) *model.WorkloadPlan { return &f.p.Workloads[2] }
	split := func(f *fixture, pe, pw float64) {
		page(f).Routes[0].Units, page(f).Routes[1].Units = fill(8, pe), fill(8, pw)
	}
	without := func(f *fixture, outage, workload int) *model.OutageWorkload {
		return &f.p.Outages[outage].Workloads[workload]
	}
	batch := func(f *fixture) *model.JobPlan { _, p := f.named("batch"); return p }
	night := func(f *fixture) *model.JobPlan { _, p := f.named("night"); return p }
	out := []seed{
		{rule: ruleCaseValid, name: "unknown class lost", final: func(f *fixture) { f.c.ComputingOutages.Classes[0] = "hit" }},
		{rule: ruleCaseValid, name: "queue that nobody leaves", final: func(f *fixture) { f.c.LatencyClasses[0].Queue.Percentile = 1 }},
		{rule: ruleCaseValid, name: "unknown site pinned", final: func(f *fixture) { f.c.Workloads[2].Pinned[0].Site = "es" }},
		{rule: ruleCaseValid, name: "unknown product offered", final: func(f *fixture) { f.c.Jobs[0].Reserves[0] = "spun" }},
		{rule: rulePlanShape, name: "no queue", final: func(f *fixture) { f.p.Pools[0].Queues[0].Class = "warm" }},
		{rule: rulePlanShape, name: "queue twice", final: func(f *fixture) { q := &f.p.Pools[0].Queues; *q = append(*q, (*q)[0]) }},
		{rule: rulePlanShape, name: "unknown outage", final: func(f *fixture) { f.p.Outages[0].Name = "site es" }},
		{rule: rulePlanShape, name: "outages out of order", final: func(f *fixture) { o := f.p.Outages; o[0], o[1] = o[1], o[0] }},
		{rule: rulePlanShape, name: "workload that is not covered", final: func(f *fixture) { without(f, 1, 0).Name = "film" }},
		{rule: rulePlanShape, name: "outage of some periods", final: func(f *fixture) { w := without(f, 1, 0); w.ShortUnits = w.ShortUnits[:4] }},
		{rule: rulePlanShape, name: "route in an outage to no pool", final: func(f *fixture) { without(f, 1, 0).Routes[0].Pool = "ep" }},
		{rule: rulePlanShape, name: "spare units of some periods", final: func(f *fixture) { batch(f).SpareUnits = fill(3, 0) }},
		{rule: rulePlanShape, name: "job's unknown product", final: func(f *fixture) { batch(f).Reserves[0].Product = "spun" }},

		{rule: ruleWorkloadPinned, name: "less", decide: func(f *fixture) { split(f, 1, 7) }},
		{rule: ruleWorkloadPinned, name: "more", decide: func(f *fixture) { split(f, 7, 1) }},
		// 0.25 of the 8 in demand would be 2, of the 4 served it is 1.
		{rule: ruleWorkloadPinned, name: "of what is served", decide: func(f *fixture) {
			split(f, 0.9, 3.1)
			page(f).UnservedUnits = fill(8, 4)
			for _, i := range []int{0, 1, 2} {
				w := without(f, i, len(f.p.Outages[i].Workloads)-1)
				w.Routes[0].Units = fill(8, 4)
			}
		}},
		{rule: ruleQueueHeld, name: "no headroom", decide: func(f *fixture) { f.p.Pools[0].Queues[0].HeldUnits = fill(8, 8) }},
		{rule: ruleQueueHeld, name: "not stated", decide: func(f *fixture) { f.p.Pools[0].Queues = nil }},
		{rule: rulePoolCapacity, name: "headroom of a queue", decide: func(f *fixture) { f.p.Pools[0].Queues[0].HeldUnits[7] = 35 }},

		{rule: ruleJobReserve, name: "rigid", decide: func(f *fixture) { _, p := f.named("block"); p.SpareUnits = fill(8, 1) }},
		{rule: ruleJobReserve, name: "both directions", decide: func(f *fixture) {
			j, p := f.named("night")
			j.Reserves = append(j.Reserves, "spin")
			p.Reserves = append(p.Reserves, model.ProvidedPower{Product: "spin", MW: fill(8, 0)})
		}},
		{rule: ruleJobReserve, name: "dropped", decide: func(f *fixture) {
			p := night(f)
			*p = model.JobPlan{Job: "night", Number: 1, Dropped: true, Reserves: p.Reserves}
		}},
		{rule: ruleReserveOffer, name: "of a job", decide: func(f *fixture) { j, _ := f.named("night"); j.Reserves = nil }},
		{rule: ruleReserveProvided, name: "of a job", decide: func(f *fixture) { night(f).Reserves[0].MW[7] = -0.1 }},
		// The product's minutes are the default, 10.
		{rule: ruleJobDropTime, decide: func(f *fixture) { j, _ := f.named("batch"); j.DropMinutes = 10.5 }},
		// 5 of 4 busy units: 10 unit-h, which are kept.
		{rule: ruleJobReserveUp, decide: func(f *fixture) {
			p := batch(f)
			p.Reserves[0].MW[2], p.SpareUnits[3], p.SpareUnits[5], p.SpareUnits[6] = 0.625, 2, 2, 2
		}},
		{rule: ruleJobReserveDown, name: "more than its units", decide: func(f *fixture) { night(f).Reserves[0].MW[3] = 0.75 }},
		{rule: ruleJobReserveDown, name: "before its release", decide: func(f *fixture) { night(f).Reserves[0].MW[0] = 0.125 }},
		{rule: ruleJobReserveDown, name: "after its deadline", decide: func(f *fixture) {
			j, p := f.named("night")
			j.DeadlineH = ptr(6.0)
			f.c.Reserves[relief].SustainedH = ptr(0.0)
			p.Reserves[0].MW[7] = 0.125
		}},
		{rule: ruleJobReserveDown, name: "by units that draw nothing", decide: func(f *fixture) {
			f.c.Pools[0].DynamicMWPerUnit = 0
			p := batch(f)
			p.Reserves, p.SpareUnits = nil, nil
		}},
		{rule: ruleJobSpare, name: "negative", decide: func(f *fixture) { batch(f).SpareUnits[0] = -1 }},
		{rule: ruleJobSpare, name: "more than its units", decide: func(f *fixture) { f.c.Quotas = nil; batch(f).SpareUnits[4] = 7 }},
		{rule: ruleJobSpare, name: "after its due time", decide: func(f *fixture) {
			j, _ := f.named("batch")
			j.DueH, j.LatePricePerH = ptr(3.0), ptr(1.0)
		}},
		{rule: ruleJobSpare, name: "of downward reserve", decide: func(f *fixture) { night(f).SpareUnits = []float64{0, 0, 0, 0, 0, 0, 0, 1} }},
		{rule: ruleJobRecovery, name: "too little", decide: func(f *fixture) { batch(f).SpareUnits[4] = 3 }},
		// What is kept between 1 and 2 h is no use to a call of that hour.
		{rule: ruleJobRecovery, name: "too early", decide: func(f *fixture) { f.c.Quotas = nil; p := batch(f); p.SpareUnits[2], p.SpareUnits[4] = 1, 3 }},
		{rule: ruleJobRecovery, name: "one call more", decide: func(f *fixture) { f.c.Reserves[spin].Activations = 3 }},
		// 2 units for 2.5 h from 1 h on are 5 unit-h.
		{rule: ruleJobRecovery, name: "longer calls", decide: func(f *fixture) { f.c.Reserves[spin].Activations, f.c.Reserves[spin].SustainedH = 1, ptr(2.5) }},
		{rule: ruleJobRecovery, name: "no work left to skip", decide: func(f *fixture) { night(f).Reserves[0].MW[6] = 0.125 }},
		{rule: ruleQuotaUnits, name: "spare units", decide: func(f *fixture) { batch(f).SpareUnits[4] = 5 }},
		// 27 units between 1 and 2 h, and 3 when night is called.
		{rule: rulePoolRoom, decide: func(f *fixture) { f.c.Pools[0].UnitsPerModule = 14.5 }},
		// 22 of these busy: 5 MW, and 5.375 MW when night is called.
		{rule: ruleSiteRoom, decide: func(f *fixture) { f.c.Sites[0].ImportLimitMW = model.Constant(5.2) }},

		{rule: ruleOutageServed, name: "less", decide: func(f *fixture) { without(f, 0, 2).Routes[0].Units = fill(8, 7) }},
		{rule: ruleOutageServed, name: "more than the plan", decide: func(f *fixture) { without(f, 1, 0).Routes[0].Units[3] = 9 }},
		{rule: ruleOutageShort, decide: func(f *fixture) { w := without(f, 0, 2); w.Routes[0].Units, w.ShortUnits = fill(8, 9), fill(8, -1) }},
		{rule: ruleOutageRoute, name: "negative", decide: func(f *fixture) {
			w := without(f, 1, 0)
			w.Routes = []model.Route{{Pool: "pe", Units: fill(8, 9)}, {Pool: "pf", Units: fill(8, -1)}}
		}},
		{rule: ruleOutageRoute, name: "no data link", decide: func(f *fixture) { without(f, 1, 0).Routes[0].Pool = "pf" }},
		{rule: ruleOutageRoute, name: "forbidden", decide: func(f *fixture) { f.c.Workloads[0].AllowedSites = []string{"se"} }},
		{rule: ruleOutageLost, name: "site", decide: func(f *fixture) { without(f, 0, 2).Routes[0].Pool = "pe" }},
		{rule: ruleOutageLost, name: "data link", decide: func(f *fixture) { without(f, 2, 0).Routes[0].Pool = "pw" }},
		{rule: ruleOutageLost, name: "not looked at", decide: func(f *fixture) { f.p.Outages = f.p.Outages[:2] }},
		{rule: ruleOutageLost, name: "workload left out", decide: func(f *fixture) { f.p.Outages[0].Workloads = f.p.Outages[0].Workloads[1:] }},
		{rule: ruleOutageCapacity, name: "site", decide: func(f *fixture) { f.c.Pools[1].UnitsPerModule = 5 }},
		// Between 1 and 2 h batch holds 4 units that page would need.
		{rule: ruleOutageCapacity, name: "jobs that do not give way", decide: func(f *fixture) {
			f.c.ComputingOutages.PreemptibleYields = ptr(false)
			f.p.Pools[0].Queues[0].HeldUnits = fill(8, 11.5)
			f.c.Pools[0].UnitsPerModule = 14.9
		}},
		{rule: ruleOutageImport, decide: func(f *fixture) { f.c.Sites[1].ImportLimitMW = model.Constant(0.5) }},
		// 0.2 MW in the plan, and 0.8 without se.
		{rule: ruleOutageCooling, decide: func(f *fixture) {
			f.c.Sites[1].Cooling = &model.Cooling{Pieces: []model.CoolingPiece{{ITMW: ptr(0.5)}}}
		}},
		{rule: ruleOutageDataLink, decide: func(f *fixture) { f.c.DataLinks[0].CapacityGbps = model.Constant(70.0 / 450) }},
	}
	for i := range out {
		out[i].base = guarded
	}
	return out
}
