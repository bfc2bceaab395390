package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestTiesOfJobsThatAreShort: a job that has room in a pool, and is late or dropped for
// what it is tied to.
func TestTiesOfJobsThatAreShort(t *testing.T) {
	c, p := jobsCase()
	late := &c.Jobs[4]
	late.After = []model.Precedence{{Job: "mold", LagH: 0.5}}
	late.DueH = ptr(2.5)
	late.Owner = "lab"
	c.Quotas[0].MaxUnitH = ptr(8.0)
	p.Jobs[4].LateH = 1.5
	c.Jobs[3].After = []model.Precedence{{Job: "left"}}
	short := map[ShortageKind]Shortage{}
	for _, x := range mustSummarise(t, c, p).Shortages {
		short[x.Kind] = x
	}
	if got, want := short[ShortLate].Text, "Job late from rB is late: 1.50 h after the due time (08:30) in all."; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, want := range []string{
		"it comes after mold, which ends at 08:00, by at least 0.500 h", "group pair ties it to 2 other jobs",
		"quota fair of lab has 0 unit-h left of 8",
	} {
		if !slices.Contains(short[ShortLate].Why, want) {
			t.Errorf("%q is none of %q", want, short[ShortLate].Why)
		}
	}

	c, p = jobsCase()
	c.JobGroups[0].AllOrNone, c.JobGroups[0].FinishWithinH = true, nil
	c.Jobs[1].After = []model.Precedence{{Job: "mold"}}
	p.Jobs[0] = model.JobPlan{Job: "mold", Number: 1, Dropped: true}
	p.Jobs[1] = model.JobPlan{Job: "mover", Number: 1, Dropped: true}
	p.Jobs[4] = model.JobPlan{Job: "late", Number: 1, Dropped: true}
	var all []string
	for _, x := range mustSummarise(t, c, p).Shortages {
		if x.Kind == ShortDropped {
			all = append(all, x.Why...)
		}
	}
	text := strings.Join(all, "\n")
	for _, want := range []string{"it comes after mold, which is dropped", "group pair goes all or none, and 1 more of its 3 jobs is dropped"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// TestReserveThatJobsAloneGive: what is short of a product that no thermal unit may
// provide lacks no unit that runs.
func TestReserveThatJobsAloneGive(t *testing.T) {
	c, p := jobsCase()
	c.Reserves = []model.ReserveProduct{{Name: "spin", Direction: model.Up, RequirementMW: model.Constant(1)}}
	p.Reserves = []model.ReservePlan{{Name: "spin", ShortageMW: []float64{0, 1, 0, 0}}}
	for _, x := range mustSummarise(t, c, p).Shortages {
		if x.Kind == ShortReserve && strings.HasPrefix(x.Why[0], "no thermal unit may provide it") {
			return
		}
	}
	t.Error("it does not say that no unit may provide it")
}
