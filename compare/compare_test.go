package compare_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/compare"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/opt"
)

// The city costs 2*10 + 2*5 + 5.5 over the line, which is then full in the first
// two hours. On top, for K and J:
//
//	as is:    K in the west 12, J in the east in the third hour over the line 5.5
//	no time:  both in the west in the first hour, 2*12
//	no space: K in the east at the eastern price 50, J as before 5.5
//	neither:  both in the east in the first hour, 2*50
//	bits:     the line carries 2, 2 and 1 MW: K as is, J in the west in the second hour 6
func TestVariants(t *testing.T) {
	c := twoEnds()
	before := c.Fingerprint()
	found := run(t, c)
	const city = 20 + 10 + 5.5
	for _, want := range []struct {
		variant                        compare.Variant
		cost, co2T, linkMWh, sitesPeak float64
		away                           float64
	}{
		{compare.AsIs, city + 12 + 5.5, 0, 6, 1.2, 10},
		{compare.NoTime, city + 12 + 12, 0, 5, 2.4, 20},
		{compare.NoSpace, city + 50 + 5.5, 1, 6, 1, 0},
		{compare.Neither, city + 50 + 50, 2, 5, 2, 0},
		{compare.WattsOnly, city + 50 + 5.5, 1, 6, 1, 0},
		{compare.BitsOnly, city + 12 + 6, 0, 5, 1.2, 20},
	} {
		r := found.Row(want.variant)
		f := r.Figures
		name := string(want.variant)
		near(t, name+": cost", f.Cost, want.cost)
		near(t, name+": CO2", f.CO2T, want.co2T)
		near(t, name+": over the line", f.LinkMWh, want.linkMWh)
		near(t, name+": peak of sites", f.SitesPeakMW, want.sitesPeak)
		near(t, name+": away", f.AwayUnitH, want.away)
		if report := verify.Check(c, r.Plan, verify.Options{}); !report.OK() {
			t.Errorf("%s: the plan is not one of the case: %v", name, report.Violations)
		}
		if want.variant == compare.AsIs {
			if r.Difference != nil {
				t.Errorf("as is differs from itself: %+v", r.Difference)
			}
			continue
		}
		near(t, name+": difference", r.Difference.Money, want.cost-(city+17.5))
		if !r.Difference.Significant {
			t.Errorf("%s: %+v is not significant, with gaps of 1e-9", name, r.Difference)
		}
	}
	if got := found.Row(compare.WattsOnly).SameAs; got != compare.NoSpace {
		t.Errorf("watts only is the same as %q", got)
	}
	if c.Fingerprint() != before {
		t.Error("the case was changed")
	}
}

// One pool that holds one job at a time, power at 30, 20 and 10: J (late after the
// first hour, at 7 an hour) and K run at 20+7 and 10. At once means J at 30 and K,
// which has to wait, at 20; that it waits costs nothing in the case as it is.
func TestJobsThatWait(t *testing.T) {
	c := oneRoom()
	found := run(t, c)
	near(t, "as is", found.Row(compare.AsIs).Figures.Cost, 37)
	r := found.Row(compare.NoTime)
	near(t, "no time", r.Figures.Cost, 50)
	if r.Figures.LateJobs != 0 || r.Figures.DroppedJobs != 0 {
		t.Errorf("%+v", r.Figures)
	}
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "kept 1 of 2 jobs") }) {
		t.Errorf("notes %q", r.Notes)
	}
}

// With room for neither job but the last hour, J is late there, and pays for it what
// the case says: 10 + 2*7, K dropped at its own price.
func TestLateAndDroppedAtOwnPrices(t *testing.T) {
	c := oneRoom()
	c.Pools[0].AvailableModules = model.Series{0, 0, 1}
	c.Jobs[1].DropPrice = ptr(3.0)
	r := run(t, c).Row(compare.NoTime)
	near(t, "cost", r.Figures.Cost, 10+14+3)
	if r.Figures.LateJobs != 1 || r.Figures.DroppedJobs != 1 {
		t.Errorf("%+v", r.Figures)
	}
}

func oneRoom() *model.Case {
	c := twoEnds()
	c.Links, c.Loads, c.ThermalUnits = nil, nil, c.ThermalUnits[1:]
	c.ThermalUnits[0].CostFactor = model.Series{30, 20, 10}
	c.Sites, c.Pools = c.Sites[1:], c.Pools[1:]
	c.Pools[0].Modules = 1
	c.Jobs[0], c.Jobs[1] = c.Jobs[1], c.Jobs[0]
	c.Jobs[0].DeadlineH, c.Jobs[0].LatePricePerH = ptr(1.0), ptr(7.0)
	c.Jobs[1].DeadlineH = nil
	return c
}

// What is interrupted keeps the rows that were done, and says of the others why they
// are empty.
func TestInterruptedAfterTheFirst(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := options(t)
	var begun []compare.Variant
	o.OnBegin = func(v compare.Variant) { begun = append(begun, v) }
	o.OnEnd = func(*compare.Row) { cancel() }
	found, err := compare.Run(ctx, twoEnds(), o)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(begun, compare.Variants()) {
		t.Errorf("begun %v", begun)
	}
	for i := range found.Rows {
		r := &found.Rows[i]
		if first := i == 0; first != (r.Figures != nil) || first != (r.Error == "") {
			t.Errorf("%s: error %q, figures %v", r.Variant, r.Error, r.Figures)
		}
	}
	if got := found.Row(compare.BitsOnly).Error; !strings.Contains(got, "flows could be held") {
		t.Errorf("bits only: %q", got)
	}
	var text strings.Builder
	if err := compare.Text(&text, found); err != nil || !strings.Contains(text.String(), "interrupted before it was planned") {
		t.Errorf("%v\n%s", err, text.String())
	}
}

func TestNothingToTry(t *testing.T) {
	if _, err := compare.Run(t.Context(), twoEnds(), compare.Options{}); !errors.Is(err, opt.ErrNoEngine) {
		t.Errorf("without an engine: %v", err)
	}
	c := twoEnds()
	c.Jobs[0].Region = "nowhere"
	var findings model.Findings
	if _, err := compare.Run(t.Context(), c, options(t)); !errors.As(err, &findings) {
		t.Errorf("an invalid case: %v", err)
	}
}
