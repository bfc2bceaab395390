package model

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func ptrTo[T any](v T) *T { return &v }

// jobsCase is a case of six hours with a job of every shape and tie.
func jobsCase() *Case {
	return &Case{
		Format: CaseFormat, Name: "jobs", Currency: "EUR",
		Horizon: Horizon{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Periods: []PeriodRun{{6, 1}}},
		Buses:   []Bus{{Name: "b"}},
		Regions: []Region{{Name: "east", EgressPricePerGB: 0.1}, {Name: "west"}},
		Sites:   []Site{{Name: "se", Bus: "b", Region: "east"}, {Name: "sw", Bus: "b", Region: "west"}},
		Pools: []Pool{
			{Name: "pe", Site: "se", Kind: "cpu", Modules: 1, UnitsPerModule: 20},
			{Name: "pw", Site: "sw", Kind: "gpu", Modules: 1, UnitsPerModule: 20},
		},
		DataLinks: []DataLink{{Name: "ew", From: "east", To: "west", CapacityGbps: Constant(10), LeadTimeH: 0.5}},
		Datasets:  []Dataset{{Name: "corpus", GB: 40, Regions: []string{"east"}}},
		Jobs: []Job{
			{Name: "rigid", Region: "east", Owner: "lab", Shape: Rigid, Units: 2, WorkUnitH: 4, Priority: 9, KindSpeeds: []KindSpeed{{"gpu", 2}},
				Inputs: []DataFlow{{"east", 5}, {"west", 0}}, Outputs: []DataFlow{{"west", 5}}, Datasets: []string{"corpus"}},
			{Name: "mold", Region: "east", Shape: Moldable, WorkUnitH: 6, Scaling: []ScalingPoint{{2, 2}, {4, 3}, {6, 3}}},
			{Name: "gang", Region: "east", Shape: Preemptible, Units: 3, WorkUnitH: 9, MaxInterruptions: ptrTo(2), RestartH: 0.5,
				CheckpointLossH: 0.5, Migration: &Migration{GB: 10, PauseH: 1, MaxMoves: 2}},
			{Name: "mall", Region: "west", Shape: Malleable, WorkUnitH: 6, Scaling: []ScalingPoint{{1, 1}, {3, 2.5}},
				BacklogPricePerUnitH: ptrTo(3.0), DueH: ptrTo(4.0), DeadlineH: ptrTo(9.0), LatePricePerH: ptrTo(1.0)},
			{Name: "goes", Region: "east", Shape: Rigid, Units: 1, WorkUnitH: 5, Running: &Running{Pool: "pe", DoneUnitH: 1}},
			{Name: "last", Region: "east", Shape: Rigid, Units: 1, WorkUnitH: 1, After: []Precedence{{Job: "rigid", LagH: 0.5, GB: 2}, {Job: "mold"}}},
		},
		JobGroups: []JobGroup{{Name: "tie", Jobs: []string{"rigid", "last"}, Together: InRegion, Apart: InPool, MaxPer: 2, FinishWithinH: ptrTo(5.0), AllOrNone: true}},
		Quotas:    []Quota{{Name: "fair", Owner: "lab", Pools: []string{"pe"}, MaxUnitH: ptrTo(9.0), MaxUnits: Constant(9), MaxShare: Constant(0.5)}},
	}
}

// jobNamed returns a job of the case.
func (c *Case) jobNamed(name string) *Job {
	return &c.Jobs[slices.IndexFunc(c.Jobs, func(j Job) bool { return j.Name == name })]
}

// TestJobFindings makes one fault at a time and asks for exactly its finding.
func TestJobFindings(t *testing.T) {
	job := func(name string, spoil func(*Job)) func(*Case) {
		return func(c *Case) { spoil(c.jobNamed(name)) }
	}
	for _, x := range []struct {
		name  string
		spoil func(*Case)
		want  string
	}{
		{"priority", job("rigid", func(j *Job) { j.Priority = 10 }), `jobs "rigid", priority: 10 is no priority; give 0 to 9`},
		{"owner", job("rigid", func(j *Job) { j.Owner = " lab" }), `jobs "rigid", owner: " lab" begins or ends with a blank; remove it` + "\n" +
			`quotas "fair", owner: no job is of owner lab; did you mean  lab?`},
		{"negative value", job("rigid", func(j *Job) { j.Value = -1 }), `jobs "rigid", value: -1 is negative; give 0 or more`},
		{"negative backlog price", job("mall", func(j *Job) { *j.BacklogPricePerUnitH = -1 }), `jobs "mall", backlog_price_per_unit_h: -1 is negative; give 0 or more`},
		{"no speed", job("rigid", func(j *Job) { j.KindSpeeds[0].Speed = 0 }), `jobs "rigid", kind_speeds[0].speed: 0 is not above 0; give more than 0`},
		{"speed of no kind", job("rigid", func(j *Job) { j.KindSpeeds[0].Kind = "gpus" }), `jobs "rigid", kind_speeds[0].kind: no pool is of kind gpus; did you mean gpu?`},
		{"speed twice", job("rigid", func(j *Job) { j.KindSpeeds = append(j.KindSpeeds, KindSpeed{"gpu", 3}) }), `jobs "rigid", kind_speeds[1].kind: gpu is given twice; keep one`},

		{"scaling of a rigid job", job("rigid", func(j *Job) { j.Scaling = []ScalingPoint{{1, 1}} }), `jobs "rigid", scaling: is given, and the job is rigid; leave it out, or make the job moldable or malleable`},
		{"units of a moldable job", job("mold", func(j *Job) { j.Units = 2 }), `jobs "mold", units: is given, and the job is moldable: scaling gives its widths; leave it out`},
		{"units missing", job("gang", func(j *Job) { j.Units = 0 }), `jobs "gang", units: 0 is not above 0; give more than 0`},
		{"no scaling", job("mall", func(j *Job) { j.Scaling = nil }), `jobs "mall", scaling: is missing, and the job is malleable; give a point for each width, as in [{units: 4, effective_units: 4}, {units: 8, effective_units: 7}]`},
		{"falling widths", job("mall", func(j *Job) { j.Scaling[1].Units = 1 }), `jobs "mall", scaling[1].effective_units: 2.5 is above units 1; give at most the units`},
		{"equal widths", job("mold", func(j *Job) { j.Scaling[2].Units = 4 }), `jobs "mold", scaling[2].units: 4 is not above the width before, 4; order the points from the narrowest to the widest`},
		{"more than linear", job("mall", func(j *Job) { j.Scaling[0].EffectiveUnits = 1.5 }), `jobs "mall", scaling[0].effective_units: 1.5 is above units 1; give at most the units`},
		{"convex", job("mold", func(j *Job) { j.Scaling[1].EffectiveUnits, j.Scaling[2].EffectiveUnits = 2.5, 4 }), `jobs "mold", scaling[2].effective_units: 4 is more than the points before it let expect: the curve is not concave; give at most 3, or mend the points before`},
		{"convex from the origin", job("mold", func(j *Job) { j.Scaling[0].EffectiveUnits = 1 }), `jobs "mold", scaling[1].effective_units: 3 is more than the points before it let expect: the curve is not concave; give at most 2, or mend the points before`},
		{"falling throughput", job("mold", func(j *Job) { j.Scaling[2].EffectiveUnits = 2.9 }), `jobs "mold", scaling[2].effective_units: 2.9 is below that of the width before, 3; leave out widths that do less than narrower ones`},
		{"no width", job("mold", func(j *Job) { j.Scaling[0].Units = 0 }), `jobs "mold", scaling[0].units: 0 is not above 0; give more than 0`},
		{"NaN width", job("mold", func(j *Job) { j.Scaling[0].Units = math.NaN() }), `jobs "mold", scaling[0].units: NaN is not a number to plan with; give a finite number, or leave the field out where it means no limit`},
		{"too many widths", job("mold", func(j *Job) {
			j.Scaling = nil
			for i := range MaxParts + 1 {
				j.Scaling = append(j.Scaling, ScalingPoint{float64(i + 1), 1})
			}
		}), `jobs "mold", scaling: has 1001 entries; give at most 1000`},

		{"negative interruptions", job("gang", func(j *Job) { *j.MaxInterruptions = -1 }), `jobs "gang", max_interruptions: -1 is not a number of interruptions; give 0 to 1000000, or leave it out for any number`},
		{"interruptions of a rigid job", job("rigid", func(j *Job) { j.MaxInterruptions = ptrTo(0) }), `jobs "rigid", max_interruptions: is given, and a rigid job is never interrupted; leave it out, or make the job preemptible or malleable`},
		{"restart of a moldable job", job("mold", func(j *Job) { j.RestartH = 1 }), `jobs "mold", restart_h: is given, and a moldable job is never interrupted; leave it out, or make the job preemptible or malleable`},
		{"negative loss", job("gang", func(j *Job) { j.CheckpointLossH = -1 }), `jobs "gang", checkpoint_loss_h: -1 is negative; give 0 or more`},
		{"migration of a rigid job", job("rigid", func(j *Job) { j.Migration = &Migration{} }), `jobs "rigid", migration: is given, and a rigid job is never interrupted; leave it out, or make the job preemptible or malleable` + "\n" +
			`job_groups "tie", jobs[0]: rigid may migrate, and the group says where its jobs run; leave it out of the group, or without migration`},
		{"negative pause", job("gang", func(j *Job) { j.Migration.PauseH = -1 }), `jobs "gang", migration.pause_h: -1 is negative; give 0 or more`},
		{"negative moves", job("gang", func(j *Job) { j.Migration.MaxMoves = -1 }), `jobs "gang", migration.max_moves: -1 is not a number of moves; give 1 to 1000000`},

		{"due without a price", job("mall", func(j *Job) { j.LatePricePerH = nil }), `jobs "mall", due_h: is given without late_price_per_h; give the price of lateness, or leave it out`},
		{"due after the deadline", job("mall", func(j *Job) { *j.DueH = 10 }), `jobs "mall", due_h: 10 is above deadline_h 9; give at most 9`},
		{"deadline after the end", job("mall", func(j *Job) { j.BacklogPricePerUnitH = nil }), `jobs "mall", deadline_h: 9 is after the horizon's end, 6; give at most 6, leave it out, or give backlog_price_per_unit_h`},
		{"due after the end", job("mall", func(j *Job) { j.BacklogPricePerUnitH, j.DeadlineH, *j.DueH = nil, nil, 7 }), `jobs "mall", due_h: 7 is after the horizon's end, 6; give at most 6, leave it out, or give backlog_price_per_unit_h`},
		{"no period before a hard deadline", job("mall", func(j *Job) { *j.DueH, *j.DeadlineH, j.ReleaseH = 1, 1.5, 1 }), `jobs "mall", deadline_h: no whole period lies between release and deadline; give a later deadline or an earlier release`},

		{"running nowhere", job("goes", func(j *Job) { j.Running.Pool = "pf" }), `jobs "goes", running.pool: pf is not in pools; did you mean pe?`},
		{"running in another kind", job("goes", func(j *Job) { j.PoolKinds = []string{"gpu"} }), `jobs "goes", running.pool: pe is of kind "cpu", which pool_kinds lacks; add the kind`},
		{"running at another site", job("goes", func(j *Job) { j.AllowedSites = []string{"sw"} }), `jobs "goes", running.pool: pe is at site se, which is not among allowed_sites; add the site`},
		{"running where it may not", job("goes", func(j *Job) { j.ForbiddenSites = []string{"se"} }), `jobs "goes", running.pool: pe is at site se, which is forbidden; take the site out of forbidden_sites`},
		{"next to no work", job("rigid", func(j *Job) { j.WorkUnitH = 1e-6 }), `jobs "rigid", work_unit_h: 1e-06 is below 0.0001, which a plan cannot tell from nothing; check the unit, or leave the job out`},
		{"running and as good as done", job("goes", func(j *Job) { j.Running.DoneUnitH = 4.99995 }), `jobs "goes", running.done_unit_h: 4.99995 leaves 5e-05 unit-h, below 0.0001, which a plan cannot tell from nothing; leave out a job that is done`},
		{"running and done", job("goes", func(j *Job) { j.Running.DoneUnitH = 5 }), `jobs "goes", running.done_unit_h: 5 is not below work_unit_h 5; leave out a job that is done`},
		{"running and released", job("goes", func(j *Job) { j.ReleaseH = 1 }), `jobs "goes", release_h: is 1, and the job runs when the horizon begins; leave it out`},
		{"running after", job("goes", func(j *Job) { j.After = []Precedence{{Job: "rigid"}} }), `jobs "goes", after: is given, and the job runs when the horizon begins; leave it out`},
		{"running at a width", job("goes", func(j *Job) { j.Running.Units = 1 }), `jobs "goes", running.units: is given, and the job is not moldable; leave it out`},
		{"running at no width", job("mold", func(j *Job) { j.Running = &Running{Pool: "pe", Units: 3} }), `jobs "mold", running.units: 3 is no width of its scaling; give the units of one of its points`},

		{"two kinds of input", job("rigid", func(j *Job) { j.InputGB = 1 }), `jobs "rigid", input_gb: stands beside inputs; put it into inputs`},
		{"two places of input", job("rigid", func(j *Job) { j.DataRegion = "east" }), `jobs "rigid", data_region: stands beside inputs, which name their regions; leave it out`},
		{"input from nowhere", job("rigid", func(j *Job) { j.Inputs[0].Region = "eest" }), `jobs "rigid", inputs[0].region: eest is not in regions; did you mean east?`},
		{"negative output", job("rigid", func(j *Job) { j.Outputs[0].GB = -1 }), `jobs "rigid", outputs[0].gb: -1 is negative; give 0 or more`},
		{"unknown dataset", job("rigid", func(j *Job) { j.Datasets[0] = "corpse" }), `jobs "rigid", datasets[0]: corpse is not in datasets; did you mean corpus?`},
		{"dataset twice", job("rigid", func(j *Job) { j.Datasets = []string{"corpus", "corpus"} }), `jobs "rigid", datasets[1]: corpus is named twice; keep one`},
		{"dataset nowhere", func(c *Case) { c.Datasets[0].Regions = nil }, `datasets "corpus", regions: is empty: the dataset is nowhere; name the regions that have it from the start`},
		{"dataset of less than nothing", func(c *Case) { c.Datasets[0].GB = -1 }, `datasets "corpus", gb: -1 is negative; give 0 or more`},
		{"dataset in no region", func(c *Case) { c.Datasets[0].Regions[0] = "eest" }, `datasets "corpus", regions[0]: eest is not in regions; did you mean east?`},
		{"dataset where it may not be", func(c *Case) { c.Datasets[0].ForbiddenRegions = []string{"east"} },
			`datasets "corpus", regions[0]: east has a copy from the start, and the dataset may not be there; leave the copy out, or let allowed_regions and forbidden_regions have it`},
		{"dataset allowed in no region", func(c *Case) { c.Datasets[0].AllowedRegions = []string{"east", "wst"} },
			`datasets "corpus", allowed_regions[1]: wst is not in regions; did you mean west?`},
		{"dataset forbidden in no region", func(c *Case) { c.Datasets[0].ForbiddenRegions = []string{"wst"} },
			`datasets "corpus", forbidden_regions[0]: wst is not in regions; did you mean west?`},
		{"running where its dataset may not be", func(c *Case) {
			c.jobNamed("goes").Datasets = []string{"corpus"}
			c.Datasets[0].Regions, c.Datasets[0].ForbiddenRegions = []string{"west"}, []string{"east"}
			c.jobNamed("rigid").Datasets = nil
		}, `jobs "goes", running.pool: pe is in region east, where dataset corpus may not be; let the dataset be there, or leave it out`},
		{"datasets that leave no region", func(c *Case) {
			c.Datasets[0].ForbiddenRegions = []string{"west"}
			c.Datasets = append(c.Datasets, Dataset{Name: "maps", GB: 1, Regions: []string{"west"}, AllowedRegions: []string{"west"}})
			c.jobNamed("rigid").Datasets = []string{"corpus", "maps"}
		}, `jobs "rigid": no pool can run it: pe (site se): dataset maps may not be in east; pw (site sw): dataset corpus may not be in west; widen what it asks for, or add a pool or data link that fits`},
		{"negative egress", func(c *Case) { c.Regions[0].EgressPricePerGB = -1 }, `regions "east", egress_price_per_gb: -1 is negative; give 0 or more`},
		{"negative lead time", func(c *Case) { c.DataLinks[0].LeadTimeH = -1 }, `data_links "ew", lead_time_h: -1 is negative; give 0 or more`},
		{"falling priorities", func(c *Case) { c.Penalties.PriorityFactor = ptrTo(0.5) }, `penalties, priority_factor: 0.5 is below 1: a higher priority would be dropped sooner; give at least 1`},

		{"after nothing", job("last", func(j *Job) { j.After[1].Job = "mould" }), `jobs "last", after[1].job: mould is not in jobs; did you mean mold?`},
		{"after itself", job("last", func(j *Job) { j.After[1].Job = "last" }), `jobs "last", after[1].job: is the job itself; leave it out`},
		{"after one twice", job("last", func(j *Job) { j.After[1].Job = "rigid" }), `jobs "last", after[1].job: rigid is named twice; keep one`},
		{"after a class", job("mold", func(j *Job) { j.Count = 2 }), `jobs "last", after[1].job: mold is a class of 2 jobs; name single jobs`},
		{"a class after", func(c *Case) { c.jobNamed("last").Count = 2; c.JobGroups = nil }, `jobs "last", after: is given, and count is 2: it joins single jobs; give each job its own entry`},
		{"negative lag", job("last", func(j *Job) { j.After[0].LagH = -1 }), `jobs "last", after[0].lag_h: -1 is negative; give 0 or more`},
		{"negative handover", job("last", func(j *Job) { j.After[0].GB = -1 }), `jobs "last", after[0].gb: -1 is negative; give 0 or more`},
		{"circle", func(c *Case) {
			c.jobNamed("rigid").After = []Precedence{{Job: "gang"}}
			c.jobNamed("gang").After = []Precedence{{Job: "last"}}
		}, `jobs "rigid", after: goes in a circle: rigid after gang after last after rigid; take one of them out`},

		{"group of nobody", func(c *Case) { c.JobGroups[0].Jobs[1] = "lust" }, `job_groups "tie", jobs[1]: lust is not in jobs; did you mean last?`},
		{"group of one", func(c *Case) { c.JobGroups[0].Jobs = []string{"last"} }, `job_groups "tie", jobs: has 1 jobs to tie; name at least two`},
		{"group of a class", func(c *Case) { c.jobNamed("mall").Count = 3; c.JobGroups[0].Jobs[1] = "mall" },
			`job_groups "tie", jobs[1]: mall is a class of 3 jobs, which a group may only keep apart; name single jobs, or give the class a group with apart alone`},
		{"spread of one job", func(c *Case) { c.JobGroups[0] = JobGroup{Name: "tie", Jobs: []string{"mall"}, Apart: InSite} },
			`job_groups "tie", jobs: has 1 jobs to tie; name at least two`},
		{"spread of a class that migrates", func(c *Case) {
			c.jobNamed("gang").Count = 3
			c.JobGroups[0] = JobGroup{Name: "tie", Jobs: []string{"gang"}, Apart: InSite}
		}, `job_groups "tie", jobs[0]: gang may migrate, and the group says where its jobs run; leave it out of the group, or without migration`},
		{"group in no place", func(c *Case) { c.JobGroups[0].Together = "rack" }, `job_groups "tie", together: rack is no place; give pool, site or region`},
		{"negative group", func(c *Case) { c.JobGroups[0].MaxPer = -1 }, `job_groups "tie", max_per: -1 is not a number of jobs; give 1 to 1000000`},
		{"max_per alone", func(c *Case) { c.JobGroups[0].Apart = "" }, `job_groups "tie", max_per: is given without apart; give apart, or leave it out`},
		{"negative hours", func(c *Case) { *c.JobGroups[0].FinishWithinH = -1 }, `job_groups "tie", finish_within_h: -1 is negative; give 0 or more`},
		{"loose group", func(c *Case) { c.JobGroups[0] = JobGroup{Name: "tie", Jobs: []string{"rigid", "last"}} }, `job_groups "tie": ties its jobs by nothing; give together, apart, finish_within_h or all_or_none`},

		{"quota of nobody", func(c *Case) { c.Quotas[0].Owner = "labs" }, `quotas "fair", owner: no job is of owner labs; did you mean lab?`},
		{"quota without owner", func(c *Case) { c.Quotas[0].Owner = "" }, `quotas "fair", owner: is empty; name the owner of some jobs`},
		{"quota of no pool", func(c *Case) { c.Quotas[0].Pools[0] = "px" }, `quotas "fair", pools[0]: px is not in pools; did you mean pe?`},
		{"negative quota", func(c *Case) { *c.Quotas[0].MaxUnitH = -1 }, `quotas "fair", max_unit_h: -1 is negative; give 0 or more`},
		{"negative units", func(c *Case) { c.Quotas[0].MaxUnits = Constant(-1) }, `quotas "fair", max_units: -1 is negative; give 0 or more`},
		{"more than all", func(c *Case) { c.Quotas[0].MaxShare = Series{0, 0, 0, 0, 0, 1.5} }, `quotas "fair", max_share[5]: 1.5 is above 1; give at most 1`},
		{"quota of another horizon", func(c *Case) { c.Quotas[0].MaxUnits = Series{1, 1} }, `quotas "fair", max_units: has 2 values for 6 periods; give one a period, or one for all`},
		{"quota of nothing", func(c *Case) { c.Quotas[0] = Quota{Name: "fair", Owner: "lab"} }, `quotas "fair": bounds nothing; give max_unit_h, max_units or max_share`},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := jobsCase()
			x.spoil(c)
			_, err := c.Validate()
			if err == nil || err.Error() != x.want {
				t.Errorf("got\n%v\nwant\n%s", err, x.want)
			}
		})
	}
}

// TestCircles: a circle is named from a job in it, however it is reached; two
// circles are two findings; what only hangs on a circle is none.
func TestCircles(t *testing.T) {
	c := jobsCase()
	c.JobGroups, c.Quotas = nil, nil
	c.Jobs = nil
	chain := func(names ...string) {
		for i, name := range names {
			j := Job{Name: name, Region: "east", Shape: Rigid, Units: 1, WorkUnitH: 1}
			if i > 0 {
				j.After = []Precedence{{Job: names[i-1]}}
			}
			c.Jobs = append(c.Jobs, j)
		}
	}
	chain("x1", "x2", "x3")
	chain("y1", "y2")
	chain("hangs", "on")
	c.jobNamed("x1").After = []Precedence{{Job: "x3"}}
	c.jobNamed("y1").After = []Precedence{{Job: "y2"}}
	c.jobNamed("hangs").After = []Precedence{{Job: "y2"}}
	var long []string
	for i := range 20_000 {
		long = append(long, strings.Repeat("z", 1+i%3)+time.Duration(i).String())
	}
	chain(long...)
	c.jobNamed(long[0]).After = []Precedence{{Job: long[len(long)-1]}}
	_, err := c.Validate()
	if err == nil {
		t.Fatal("no finding")
	}
	got := strings.Split(err.Error(), "\n")
	if len(got) != 3 || got[0] != `jobs "x1", after: goes in a circle: x1 after x3 after x2 after x1; take one of them out` ||
		got[1] != `jobs "y1", after: goes in a circle: y1 after y2 after y1; take one of them out` || !strings.Contains(got[2], "after 19993 more") {
		t.Errorf("got\n%v", err)
	}
}

// TestJobWarnings: what is given and cannot be used is doubtful, no fault.
func TestJobWarnings(t *testing.T) {
	for _, x := range []struct {
		spoil func(*Job)
		want  string
	}{
		{func(j *Job) { j.Running = &Running{Pool: "pe", Pinned: true} }, `jobs "gang", migration: is given, and the job is pinned: it does not migrate`},
		{func(j *Job) { *j.MaxInterruptions = 0 }, `jobs "gang", migration: is an interruption, of which max_interruptions 0 allows none: the job does not migrate`},
		{func(j *Job) { j.Priority, j.Value = 9, 5 }, `jobs "gang", priority: 9 is without effect: it is a factor on the default drop price, in whose place stands value 5; leave one of the two out`},
		{func(j *Job) { j.Priority, j.Value, j.DropPrice = 1, 5, ptrTo(0.0) }, `jobs "gang", priority: 1 is without effect: it is a factor on the default drop price, in whose place stands drop_price 0; leave one of the two out`},
		{func(j *Job) { j.Priority = 9 }, ""},
		{func(j *Job) { j.Value, j.DropPrice = 5, ptrTo(3.0) }, ""},
		{func(j *Job) { j.DueH, j.LatePricePerH = ptrTo(2.5), ptrTo(1.0) }, ""},
		{func(j *Job) { j.DeadlineH, j.BacklogPricePerUnitH = ptrTo(7.5), ptrTo(1.0) }, ""},
	} {
		c := jobsCase()
		x.spoil(c.jobNamed("gang"))
		warnings, _ := c.Validate()
		got := strings.TrimSpace(warnings.Error())
		if len(warnings) == 0 {
			got = ""
		}
		if got != x.want {
			t.Errorf("got %s, want %s", got, x.want)
		}
	}
}
