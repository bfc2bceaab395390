package model

import (
	"strings"
	"testing"
)

// hotCase is a case of two sites with pinned shares, a queue, outages of computing
// and reserve of jobs in both directions.
func hotCase() *Case {
	c := jobsCase()
	c.Jobs, c.JobGroups, c.Quotas, c.Datasets = nil, nil, nil, []Dataset{{Name: "corpus", GB: 1, Regions: []string{"east"}}}
	c.Buses = []Bus{{Name: "b"}, {Name: "far"}}
	c.LatencyClasses = []LatencyClass{{Name: "hot", Queue: &Queue{ServiceMS: 100, LimitMS: 20, Percentile: 0.95}}, {Name: "cold"}}
	c.Workloads = []Workload{{
		Name: "web", Region: "east", Class: "hot", DemandUnits: Constant(4), DataGBPerUnitH: 1,
		Pinned: []PinnedShare{{Site: "se", ShareMin: 0.2, ShareMax: ptrTo(0.6)}, {Site: "sw", ShareMin: 0.3}},
	}}
	c.ComputingOutages = ComputingOutages{Classes: []string{"hot"}, Sites: true, DataLinks: true}
	c.Reserves = []ReserveProduct{
		{Name: "up", Direction: Up, RequirementMW: Constant(1), Activations: 2},
		{Name: "down", Direction: Down, RequirementMW: Constant(1)},
	}
	c.Jobs = []Job{
		{Name: "drops", Region: "east", Shape: Preemptible, Units: 4, WorkUnitH: 8, Reserves: []string{"up"}},
		{Name: "takes", Region: "east", Shape: Preemptible, Units: 4, WorkUnitH: 8, Reserves: []string{"down"}},
		{Name: "other", Region: "east", Shape: Rigid, Units: 1, WorkUnitH: 1},
	}
	return c
}

// TestHotFindings makes one fault at a time and asks for exactly its finding.
func TestHotFindings(t *testing.T) {
	pin := func(i int, spoil func(*PinnedShare)) func(*Case) {
		return func(c *Case) { spoil(&c.Workloads[0].Pinned[i]) }
	}
	queue := func(spoil func(*LatencyClass)) func(*Case) {
		return func(c *Case) { spoil(&c.LatencyClasses[0]) }
	}
	outages := func(spoil func(*ComputingOutages)) func(*Case) {
		return func(c *Case) { spoil(&c.ComputingOutages) }
	}
	job := func(name string, spoil func(*Job)) func(*Case) {
		return func(c *Case) { spoil(c.jobNamed(name)) }
	}
	given := func(name, problem string) string {
		return `jobs "` + name + `", reserves: is given, and ` + problem + `; leave it out`
	}
	for _, x := range []struct {
		name  string
		spoil func(*Case)
		want  string
	}{
		{"pinned nowhere", pin(0, func(p *PinnedShare) { p.Site = "es" }), `workloads "web", pinned[0].site: es is not in sites; there are se, sw`},
		{"pinned twice", pin(1, func(p *PinnedShare) { p.Site = "se" }), `workloads "web", pinned[1].site: se is pinned twice; keep one`},
		{"share below 0", pin(0, func(p *PinnedShare) { p.ShareMin = -0.1 }), `workloads "web", pinned[0].share_min: -0.1 is not in [0, 1]; give a share, as in 0.4`},
		{"share above 1", pin(0, func(p *PinnedShare) { p.ShareMax = ptrTo(1.5) }), `workloads "web", pinned[0].share_max: 1.5 is not in [0, 1]; give a share, as in 0.4`},
		{"shares crossed", pin(0, func(p *PinnedShare) { p.ShareMin = 0.7 }), `workloads "web", pinned[0].share_min: 0.7 is above share_max 0.6; give at most 0.6`},
		{"shares above all", pin(1, func(p *PinnedShare) { p.ShareMin = 0.9 }), `workloads "web", pinned: its share_min add up to 1.1, above 1; give at most 1 together`},
		{"pinned out of reach", func(c *Case) { c.Workloads[0].PoolKinds = []string{"cpu"}; c.Workloads[0].Pinned[0].ShareMax = nil },
			`workloads "web", pinned[1].site: no pool of sw can serve the workload, and its share_min is 0.3; pin a site that it reaches, or leave share_min out`},
		{"shares below all", pin(1, func(p *PinnedShare) { p.ShareMax = ptrTo(0.3) }),
			`workloads "web", pinned: all sites that can serve the workload take at most 0.9 of it together; give higher share_max`},

		{"queue beside cap", queue(func(l *LatencyClass) { l.UtilisationCap = ptrTo(0.5) }), `latency_classes "hot", queue: stands beside utilisation_cap; give one of the two`},
		{"no service", queue(func(l *LatencyClass) { l.Queue.ServiceMS = 0 }), `latency_classes "hot", queue.service_ms: 0 is not above 0; give more than 0`},
		{"negative wait", queue(func(l *LatencyClass) { l.Queue.LimitMS = -1 }), `latency_classes "hot", queue.limit_ms: -1 is negative; give 0 or more`},
		{"percentile in per cent", queue(func(l *LatencyClass) { l.Queue.Percentile = 95 }), `latency_classes "hot", queue.percentile: 95 is not in (0, 1); give a share of requests, as in 0.95`},

		{"unknown class", outages(func(o *ComputingOutages) { o.Classes[0] = "hit" }), `computing_outages, classes[0]: hit is not in latency_classes; did you mean hot?`},
		{"class twice", outages(func(o *ComputingOutages) { o.Classes = []string{"hot", "hot"} }), `computing_outages, classes[1]: hot is named twice; keep one`},
		{"nothing lost", outages(func(o *ComputingOutages) { o.Sites, o.DataLinks = false, false }),
			`computing_outages: covers classes and loses nothing; set sites or data_links to true, or leave it out`},
		{"nothing covered", outages(func(o *ComputingOutages) { o.Classes = nil }), `computing_outages, classes: is empty: no workload is covered; name the classes of workloads to keep servable`},
		{"negative price", func(c *Case) { c.Penalties.OutageShortPricePerUnitH = ptrTo(-1.0) }, `penalties, outage_short_price_per_unit_h: -1 is negative; give 0 or more`},

		{"calls below none", func(c *Case) { c.Reserves[0].Activations = -1 }, `reserves "up", activations: -1 is not a number of calls; give 1 to 100000`},
		{"unknown product", job("drops", func(j *Job) { j.Reserves[0] = "ip" }), `jobs "drops", reserves[0]: ip is not in reserves; did you mean up?`},
		{"product twice", job("drops", func(j *Job) { j.Reserves = []string{"up", "up"} }), `jobs "drops", reserves[1]: up is named twice; keep one`},
		{"drops before it is called", job("drops", func(j *Job) { j.DropMinutes = -1 }), `jobs "drops", drop_minutes: -1 is negative; give 0 or more`},
		{"rigid and drops", job("other", func(j *Job) { j.DropMinutes = 5 }),
			`jobs "other", drop_minutes: is given, and the job is rigid: only a preemptible one can be called; leave it out`},
		{"both directions", job("drops", func(j *Job) { j.Reserves = []string{"up", "down"} }), given("drops", "up is upward and down downward: a job provides one direction")},
		{"rigid provider", job("other", func(j *Job) { j.Reserves = []string{"up"} }), given("other", "the job is rigid: only a preemptible one can be called")},
		{"migrates", job("drops", func(j *Job) { j.Migration = &Migration{} }), given("drops", "the job may migrate: where it would catch up is not known")},
		{"gang works ahead", job("takes", func(j *Job) { j.RestartH = 1 }),
			given("takes", "the job holds all its units or none (max_interruptions, restart_h or checkpoint_loss_h), and down is downward: it cannot work ahead")},
		{"outputs", job("drops", func(j *Job) { j.Outputs = []DataFlow{{"west", 1}} }), given("drops", "the job has outputs: a call may move its end")},
		{"comes after", job("drops", func(j *Job) { j.After = []Precedence{{Job: "other"}} }), given("drops", "the job comes after others: a call may move its begin")},
		{"comes before", job("other", func(j *Job) { j.After = []Precedence{{Job: "takes"}} }), given("takes", "another job comes after this one: a call may move its end")},
		{"finishes with others", func(c *Case) {
			c.JobGroups = []JobGroup{{Name: "tie", Jobs: []string{"drops", "other"}, FinishWithinH: ptrTo(1.0)}}
		}, given("drops", "group tie has finish_within_h: a call may move the job's end")},
		{"works ahead of its input", job("takes", func(j *Job) { j.InputGB = 1 }),
			given("takes", "the job has inputs or datasets, and down is downward: it may be called before they are there")},
		{"works ahead of its dataset", job("takes", func(j *Job) { j.Datasets = []string{"corpus"} }),
			given("takes", "the job has inputs or datasets, and down is downward: it may be called before they are there")},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := hotCase()
			x.spoil(c)
			_, err := c.Validate()
			if got := strings.Join(findingsOf(err), "\n"); got != x.want {
				t.Errorf("got\n%s\nwant\n%s", got, x.want)
			}
		})
	}
}

// TestHotAllowed asks that what looks like a fault and is none is let through,
// with its warning.
func TestHotAllowed(t *testing.T) {
	for _, x := range []struct {
		name  string
		spoil func(*Case)
		want  string
	}{
		{"the case", func(*Case) {}, ""},
		{"input of a job that drops", func(c *Case) { c.jobNamed("drops").InputGB = 1 }, ""},
		{"pinned to nothing out of reach", func(c *Case) {
			c.Workloads[0].Pinned, c.Workloads[0].PoolKinds = []PinnedShare{{Site: "sw", ShareMax: ptrTo(0.0)}}, []string{"cpu"}
		}, ""},
		{"nobody of the class", func(c *Case) { c.ComputingOutages.Classes = []string{"cold"} }, `computing_outages, classes: no workload is of a covered class`},
		{"as fast as the product", func(c *Case) { c.jobNamed("drops").DropMinutes = 10 }, ""},
		{"slower than the product", func(c *Case) { c.jobNamed("drops").DropMinutes = 12 },
			`jobs "drops", reserves[0]: the job takes 12 minutes to drop (drop_minutes), and up must be there in 10: it provides none`},
		{"gang that drops", func(c *Case) {
			j := c.jobNamed("drops")
			j.MaxInterruptions, j.CheckpointLossH = ptrTo(2), 0.5
		}, ""},
		{"called more often than interrupted", func(c *Case) { c.jobNamed("drops").MaxInterruptions = ptrTo(1) },
			`jobs "drops", reserves[0]: max_interruptions is 1, and up may be called more often (activations 2): the job provides none`},
		{"slow, and works ahead", func(c *Case) { c.jobNamed("takes").DropMinutes = 12 }, ""},
		{"out of the zone", func(c *Case) { c.Reserves[0].Buses = []string{"far"} }, `jobs "drops", reserves[0]: no pool that can run the job lies in the zone of up`},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := hotCase()
			x.spoil(c)
			warnings, err := c.Validate()
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if len(warnings) > 0 {
				got = warnings.Error()
			}
			if got != x.want {
				t.Errorf("warnings\n%s\nwant\n%s", got, x.want)
			}
		})
	}
}
