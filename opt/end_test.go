package opt_test

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// How solves end: infeasible, cancelled, by a limit; and that they repeat.

// A unit that must be off in the second hour by its commitment cannot have been
// on for its minimum of three. The conflict names it, and nothing else.
func TestInfeasible(t *testing.T) {
	c := hourly(3)
	load(c, "A", 50)
	unit(c, "other", 0, 100, 10)
	u := unit(c, "stuck", 0, 100, 20)
	u.MinUpH = 3
	u.FixedUnits = model.Series{0, 1, 0}
	out := outcome(t, c, opt.Options{})
	if out.Status != opt.Infeasible || out.Plan != nil {
		t.Fatalf("status %s, plan %v; want it infeasible", out.Status, out.Plan)
	}
	if len(out.Conflicts) == 0 {
		t.Fatal("no conflict is named")
	}
	for _, k := range out.Conflicts {
		if k.Owner != (opt.Owner{Kind: "thermal", Name: "stuck"}) || k.Row == "" || k.Excess <= 0 {
			t.Errorf("conflict %+v, want one of thermal stuck", k)
		}
	}
}

// Site power is shed like a load, so a site that must draw more than there is is
// no reason for infeasibility; a ramp that its base cannot keep is, and the
// conflict is the site's.
func TestInfeasibleSite(t *testing.T) {
	c := hourly(2)
	c.Regions = []model.Region{{Name: "r"}}
	c.Sites = []model.Site{{Name: "S", Bus: "A", Region: "r", BaseMW: model.Series{5, 9}}}
	solve(t, c).cost(14 * 10_000)
	c.Sites[0].RampMWPerH = ptr(1.0)
	out := outcome(t, c, opt.Options{})
	if out.Status != opt.Infeasible || len(out.Conflicts) != 1 {
		t.Fatalf("status %s, conflicts %+v; want infeasible by one", out.Status, out.Conflicts)
	}
	near(t, "excess", out.Conflicts[0].Excess, 3)
}

// hard returns a case of similar units with tiers, reserve and jobs. Two dozen of
// them over two days take far longer than a test.
func hard(units, hours int) *model.Case {
	c := hourly(hours)
	var demand model.Series
	for t := range hours {
		demand = append(demand, float64(units)*(38+float64((t*37)%29)*0.8+float64((t*t)%17)*0.6))
	}
	load(c, "A", demand...)
	for i := range units {
		f := float64(i)
		u := unit(c, fmt.Sprintf("unit %d", i), 20+f, 70+2*f, 20+0.37*f)
		u.Cost[0].CostPerH += 150 + 7*f
		u.MinUpH, u.MinDownH = float64(2+i%4), float64(2+i%3)
		u.RampUpMWPerH, u.RampDownMWPerH = ptr(18+f), ptr(18+f)
		u.StartupLimitMW, u.ShutdownLimitMW = ptr(30+f), ptr(30+f)
		u.Startup = []model.StartupTier{{Cost: 300 + 11*f}, {AfterOffH: 6, Cost: 700 + 17*f}}
		if i%2 == 0 {
			u.Initial = running(40 + f)
		}
		u.Reserves = []string{"up"}
	}
	c.Reserves = []model.ReserveProduct{{Name: "up", Direction: model.Up, RequirementMW: times(demand, 0.08)}}
	c.Regions = []model.Region{{Name: "east"}}
	addSite(c, "S", "east", "P", 40)
	for i := range 10 {
		c.Jobs = append(c.Jobs, model.Job{
			Name: fmt.Sprintf("job %d", i), Region: "east", Shape: model.Rigid, Units: 20 + float64(i), Count: 5,
			WorkUnitH: (20 + float64(i)) * float64(1+i/2), ReleaseH: float64(i), DeadlineH: ptr(float64(12 + i)),
		})
	}
	return c
}

// A limit of a tenth of a second leaves a verified plan with a bound, and says
// that a limit ended it.
func TestTimeLimit(t *testing.T) {
	began := time.Now()
	out := outcome(t, hard(24, 48), opt.Options{TimeLimit: 100 * time.Millisecond})
	if out.Status != opt.Limit || out.Plan == nil || out.Plan.Status != model.PlanLimit {
		t.Fatalf("status %s with a plan: %v; notes %q", out.Status, out.Plan != nil, out.Notes)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

// Cancelled in the middle of the search, it keeps the best plan and ends soon.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var cancelled time.Time
	out, err := opt.Solve(ctx, hard(10, 24), opt.Options{Engine: engine(t), Gap: exact, OnProgress: func(p opt.Progress) {
		if p.Phase == "search" && p.HasIncumbent && p.HasBound && cancelled.IsZero() {
			cancelled = time.Now()
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, out)
	if out.Status != opt.Interrupted || out.Plan == nil || out.Plan.Status != model.PlanInterrupted {
		t.Fatalf("status %s with a plan: %v; notes %q", out.Status, out.Plan != nil, out.Notes)
	}
	if took := time.Since(cancelled); took > 10*time.Second {
		t.Errorf("ended %v after it was cancelled", took)
	}
}

// Before it begins, a cancelled solve is interrupted, with or without a plan.
func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out, err := opt.Solve(ctx, joint(), opt.Options{Engine: engine(t)})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, out)
	if out.Status != opt.Interrupted {
		t.Errorf("status %s, want it interrupted", out.Status)
	}
}

// The same case and options give the same bytes, whatever the number of
// processors: to the end, and under a limit of work.
func TestRepeats(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	processors := []int{1, 2, 4}
	if testing.Short() {
		processors = []int{1, 4}
	}
	for _, test := range []struct {
		name string
		c    func() *model.Case
		o    opt.Options
		end  opt.Status
	}{
		{"optimal", joint, opt.Options{Gap: 1e-6}, opt.Optimal},
		{"work limit", func() *model.Case { return hard(6, 24) }, opt.Options{WorkLimit: 2, Gap: 1e-6}, opt.Limit},
	} {
		t.Run(test.name, func(t *testing.T) {
			var first []byte
			for _, n := range processors {
				runtime.GOMAXPROCS(n)
				out := outcome(t, test.c(), test.o)
				if out.Plan == nil || out.Status != test.end {
					t.Fatalf("ended as %s with a plan: %v; notes %q", out.Status, out.Plan != nil, out.Notes)
				}
				var buf bytes.Buffer
				if err := model.EncodePlan(&buf, out.Plan); err != nil {
					t.Fatal(err)
				}
				if first == nil {
					first = slices.Clone(buf.Bytes())
				} else if !bytes.Equal(first, buf.Bytes()) {
					t.Errorf("GOMAXPROCS %d: another plan, of cost %.12g", n, out.Plan.Objective)
				}
			}
		})
	}
}

// Options that make no sense, and an invalid case, are errors.
func TestRefuses(t *testing.T) {
	bad := hourly(1)
	bad.Loads = []model.Load{{Name: "L", Bus: "nowhere", PowerMW: model.Series{1}}}
	for _, test := range []struct {
		name string
		c    *model.Case
		o    opt.Options
	}{
		{"no engine", hourly(1), opt.Options{}},
		{"negative gap", hourly(1), opt.Options{Engine: engine(t), Gap: -1}},
		{"invalid case", bad, opt.Options{Engine: engine(t)}},
	} {
		if out, err := opt.Solve(context.Background(), test.c, test.o); err == nil || out != nil {
			t.Errorf("%s: outcome %v, error %v", test.name, out, err)
		}
	}
}
