package model

import (
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestNeverWarnings: jobs that fit into a pool by themselves, and that what ties them
// lets nowhere. The horizon has six hours; P has ten units, and Q four of half the
// speed.
func TestNeverWarnings(t *testing.T) {
	job := func(name string, units, work float64) Job {
		return Job{Name: name, Region: "A", Owner: "o", Shape: Rigid, Units: units, WorkUnitH: work}
	}
	// after is 20 unit-hours on five units, four hours, after as many of first.
	after := func(lag float64) *Case {
		c := neverCase(job("first", 5, 20), job("second", 5, 20))
		c.Jobs[1].After = []Precedence{{Job: "first", LagH: lag}}
		return c
	}
	with := func(c *Case, change func(c *Case)) *Case { change(c); return c }
	quota := func(j Job, q Quota) *Case {
		q.Name, q.Owner = "q", "o"
		return with(neverCase(j), func(c *Case) { c.Quotas = []Quota{q} })
	}
	group := func(g JobGroup, jobs ...Job) *Case {
		g.Name = "g"
		for i := range jobs {
			g.Jobs = append(g.Jobs, jobs[i].Name)
		}
		return with(neverCase(jobs...), func(c *Case) { c.JobGroups = []JobGroup{g} })
	}
	at := func(j Job, site string) Job { j.AllowedSites = []string{site}; return j }
	fluid := func(j Job) Job { j.Shape = Preemptible; return j }

	for _, x := range []struct {
		name string
		c    *Case
		want string
	}{
		{"chain", after(0), `jobs "second", after: it begins after first, which ends 4 h after the horizon's start at the earliest: P (site S): cannot finish: needs 4 h from then on, 2 h there; it can only be dropped; give it a later deadline, or let what it comes after end earlier`},
		{"chain that fits", with(after(0), func(c *Case) { c.Jobs[0].WorkUnitH = 10 }), ""},
		{"chain with a lag", with(after(0.5), func(c *Case) { c.Jobs[0].WorkUnitH = 10 }), `jobs "second", after: it begins after first, which ends 2 h after the horizon's start at the earliest, and 0.5 h: P (site S): cannot finish: needs 4 h from then on, 3 h there; it can only be dropped; give it a later deadline, or let what it comes after end earlier`},
		{"chain of three", with(after(0), func(c *Case) {
			c.Jobs = append(c.Jobs, job("third", 1, 1))
			c.Jobs[2].After = []Precedence{{Job: "second"}}
		}), `jobs "second", after: it begins after first, which ends 4 h after the horizon's start at the earliest: P (site S): cannot finish: needs 4 h from then on, 2 h there; it can only be dropped; give it a later deadline, or let what it comes after end earlier
jobs "third", after: it comes after second, which can only be dropped, and so can it; mend that job, or leave it out`},
		{"chain with fluid work", with(after(0), func(c *Case) {
			c.Jobs[0], c.Jobs[1] = fluid(c.Jobs[0]), fluid(c.Jobs[1])
		}), `jobs "second", after: it begins after first, which ends 4 h after the horizon's start at the earliest: P (site S): cannot finish: has 20 unit-hours of work, at most 10 can be done from then on; it can only be dropped; give it a later deadline, or let what it comes after end earlier`},
		{"chain with work that migrates", with(after(0), func(c *Case) {
			c.Jobs[1].Shape, c.Jobs[1].Migration = Preemptible, &Migration{}
		}), `jobs "second", after: it begins after first, which ends 4 h after the horizon's start at the earliest: P (site S): cannot finish: has 20 unit-hours of work, at most 10 can be done from then on, in each period in the best pool; it can only be dropped; give it a later deadline, or let what it comes after end earlier`},
		{"chain that may leave work", with(after(0), func(c *Case) { c.Jobs[1].BacklogPricePerUnitH = ptrTo(1.0) }), ""},
		{"units of a quota", quota(job("j", 5, 5), Quota{MaxUnits: Constant(3)}), `jobs "j", owner: quota q allows 3 units at once, and it holds 5: it can only be dropped; ask for less, or widen the quota`},
		{"units of a quota for fluid work", quota(fluid(job("j", 5, 5)), Quota{MaxUnits: Constant(3)}), ""},
		{"quota of one pool", quota(job("j", 4, 5), Quota{MaxUnits: Constant(3), Pools: []string{"P"}}), ""},
		{"share of a quota", quota(at(job("j", 5, 5), "S"), Quota{MaxShare: Constant(0.4), Pools: []string{"P"}}), `jobs "j", owner: quota q allows 4 units at once, and it holds 5: it can only be dropped; ask for less, or widen the quota`},
		{"share that is enough", quota(at(job("j", 5, 5), "S"), Quota{MaxShare: Constant(0.4)}), ""},
		{"unit-hours of a quota", quota(at(fluid(job("j", 4, 5)), "R"), Quota{MaxUnitH: ptrTo(9.0)}), `jobs "j", owner: quota q allows 9 unit-h, and its work takes 10: it can only be dropped; ask for less, or widen the quota`},
		{"unit-hours that are enough", quota(fluid(job("j", 4, 5)), Quota{MaxUnitH: ptrTo(9.0)}), ""},
		{"together", group(JobGroup{Together: InSite}, at(job("i", 1, 1), "S"), at(job("j", 1, 1), "R")), `job_groups "g", together: no site can run more than 1 of its 2 jobs: the others can only be dropped; widen what they ask for`},
		{"apart", group(JobGroup{Apart: InRegion}, job("i", 1, 1), job("j", 1, 1), job("k", 1, 1)), `job_groups "g", apart: its jobs fit into 2 places (region), which take 2 of its 3: the others can only be dropped; give a larger max_per, or widen what they ask for`},
		{"a class apart", group(JobGroup{Apart: InRegion, MaxPer: 2}, job("i", 1, 1), func() Job { j := job("j", 1, 1); j.Count = 4; return j }()), `job_groups "g", apart: its jobs fit into 2 places (region), which take 4 of its 5: the others can only be dropped; give a larger max_per, or widen what they ask for`},
		{"apart by two", group(JobGroup{Apart: InPool, MaxPer: 2}, job("i", 1, 1), job("j", 1, 1), job("k", 1, 1)), ""},
	} {
		warnings, err := x.c.Validate()
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
		}
		got := ""
		if len(warnings) > 0 {
			got = strings.TrimSpace(warnings.Error())
		}
		if got != x.want {
			t.Errorf("%s:\n%s\nwant\n%s", x.name, got, x.want)
		}
	}
}

// TestNeverAlongAChain: the first job of a chain comes after all the others. It is walked
// without recursion, for which the stack is too small here, and each job is looked at once:
// to walk the rest of the chain from each of 100,000 takes minutes.
func TestNeverAlongAChain(t *testing.T) {
	defer debug.SetMaxStack(debug.SetMaxStack(1 << 19))
	n := 100_000
	if testing.Short() {
		n = 10_000
	}
	jobs := make([]Job, n)
	name := func(i int) string { return "j" + strconv.Itoa(i) }
	for i := range jobs {
		jobs[i] = Job{Name: name(i), Region: "A", Shape: Rigid, Units: 1, WorkUnitH: 1}
		if i+1 < n {
			jobs[i].After = []Precedence{{Job: name(i + 1)}}
		}
	}
	c := neverCase(jobs...)
	began := time.Now()
	warnings, err := c.Validate()
	if took := time.Since(began); took > 2*time.Minute {
		t.Errorf("took %v", took)
	}
	if err != nil {
		t.Fatal(err)
	}
	// Six are done in as many hours, the last of the list first; the seventh cannot be, nor
	// can what comes after it.
	want := []string{
		`jobs "` + name(n-7) + `", after: it begins after ` + name(n-6) + `, which ends 6 h after the horizon's start at the earliest: P (site S): `,
		`jobs "` + name(n-8) + `", after: it comes after ` + name(n-7) + `, which can only be dropped, and so can it; `,
	}
	got := strings.Split(warnings.Error(), "\n")
	for i, w := range want {
		if i >= len(got) || !strings.HasPrefix(got[i], w) {
			t.Errorf("warning %d of %d: %.300q, want %q", i, len(got), got[min(i, len(got)-1)], w)
		}
	}
}

func neverCase(jobs ...Job) *Case {
	return &Case{
		Format: CaseFormat, Name: "never", Currency: "CNY",
		Horizon: Horizon{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Periods: []PeriodRun{{Count: 6, Hours: 1}}},
		Buses:   []Bus{{Name: "b"}}, Regions: []Region{{Name: "A"}, {Name: "B"}},
		Sites: []Site{{Name: "S", Bus: "b", Region: "A"}, {Name: "R", Bus: "b", Region: "B"}},
		Pools: []Pool{
			{Name: "P", Site: "S", Modules: 2, UnitsPerModule: 5},
			{Name: "Q", Site: "R", Modules: 1, UnitsPerModule: 4, Speed: ptrTo(0.5)},
		},
		Jobs: jobs,
	}
}
