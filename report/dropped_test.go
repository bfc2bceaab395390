package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// droppedIn is what is said of the one job that is dropped.
func droppedIn(t *testing.T, c *model.Case, p *model.Plan) (why, mend string) {
	t.Helper()
	s := mustSummarise(t, c, p)
	at := slices.IndexFunc(s.Shortages, func(v Shortage) bool { return v.Kind == ShortDropped })
	if at < 0 {
		t.Fatalf("no job is dropped: %v", s.Shortages)
	}
	return strings.Join(s.Shortages[at].Why, "; "), s.Shortages[at].Mend[0]
}

// TestDroppedForItsCopies: what a copy would cost that the plan does not make stands beside
// the room that pools have; where it alone is more than the drop price, more units are no
// remedy.
func TestDroppedForItsCopies(t *testing.T) {
	const why = "where it may run its data cost 5 EUR with a copy that the plan does not make (corpus, 30 GB)"
	const more = "3 units more in one of these pools from 06:00 on, or a longer horizon"
	for _, v := range []struct {
		name      string
		drop      float64
		copied    bool
		why, mend string
	}{
		{"dear", 3, false, why, "a drop price (3 EUR) above that, or its data nearer to these pools"},
		{"not dear", 100, false, why, more},
		{"copied for others", 3, true, "", more},
	} {
		c, p := jobsCase()
		c.JobGroups = nil
		late := &c.Jobs[4]
		late.AllowedSites, late.DropPrice = []string{"SB"}, &v.drop
		if !v.copied {
			p.Datasets[0].Copies = nil
		}
		p.Jobs[4] = model.JobPlan{Job: "late", Number: 1, Dropped: true}
		got, mend := droppedIn(t, c, p)
		if !strings.HasSuffix(got, v.why) || v.copied == strings.Contains(got, "its data") {
			t.Errorf("%s: why %q", v.name, got)
		}
		if mend != v.mend {
			t.Errorf("%s: mend %q", v.name, mend)
		}
	}
}

// TestDroppedForItsPlace: two units for the hour at 100 a MWh cost 200; where others hold
// the units, there is no place.
func TestDroppedForItsPlace(t *testing.T) {
	const why = "its cheapest place costs 200 EUR at the plan's prices, to drop it "
	for _, v := range []struct {
		name      string
		drop      float64
		others    float64 // units
		why, mend string
	}{
		{"dear", 150, 0, why + "150 EUR", "a drop price above that"},
		{"not dear", 500, 0, why + "500 EUR", "a longer search or a smaller gap may place it"},
		{"no room", 500, 9, "", "2 units more in one of these pools from 07:00 on, or a deadline after 08:00"},
	} {
		jobs := []model.Job{
			{Name: "J", Region: "r", Shape: model.Rigid, Units: 2, WorkUnitH: 2, ReleaseH: 1, DeadlineH: ptr(2.0), DropPrice: &v.drop},
			{Name: "K", Region: "r", Shape: model.Rigid, Units: max(1, v.others), WorkUnitH: max(1, v.others)},
		}
		plans := []model.JobPlan{{Job: "J", Number: 1, Dropped: true}, {Job: "K", Number: 1, Pool: "P", First: 1, BusyUnits: []float64{jobs[1].Units}}}
		c, p := waitCase(jobs, plans)
		got, mend := droppedIn(t, c, p)
		if !strings.HasSuffix(got, v.why) || v.why == "" && strings.Contains(got, "cheapest") {
			t.Errorf("%s: why %q", v.name, got)
		}
		if mend != v.mend {
			t.Errorf("%s: mend %q", v.name, mend)
		}
	}
}
