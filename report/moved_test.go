package report

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestMovedAddsUp: the parts of the table of how far work goes are the figures of
// the summary.
func TestMovedAddsUp(t *testing.T) {
	c, p := fixture(24, 40)
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	page := newPage(j, Meta{})
	if len(page.Moved) < 2 {
		t.Fatalf("rows %+v", page.Moved)
	}
	all, work, far := page.Moved[len(page.Moved)-1], 0.0, 0.0
	for _, r := range page.Moved[:len(page.Moved)-1] {
		near(t, r.Class+" adds up to", r.Home+r.Near+r.Far, 1)
		work, far = work+r.UnitH, far+r.FarUnitH
	}
	s := page.S.Computing
	near(t, "work of all classes", work, all.UnitH)
	near(t, "all work", all.UnitH, s.WorkUnitH)
	near(t, "work far away", far, s.AwayAreaUnitH)
	near(t, "work away from home", (all.Near+all.Far)*all.UnitH, s.AwayUnitH)
	if all.FarUnitH <= 0 || page.MovedOverTime.SVG == "" {
		t.Error("the fixture moves no work to another area")
	}
	if text := string(page1(t, c, p, Meta{})); !strings.Contains(text, "How far work goes") || !strings.Contains(text, "<small>west</small>") {
		t.Error("the page does not show how far work goes")
	}

	// With one area there is nothing to tell.
	for i := range c.Regions {
		c.Regions[i].Area = "one"
	}
	if text := string(page1(t, c, p, Meta{})); strings.Contains(text, "How far work goes") || strings.Contains(text, "<small>one</small>") {
		t.Error("the page tells areas apart where there is one")
	}
}

// TestPricesOfClosedPools: where no module is on, the price of a unit-hour is that
// of what cannot be had, and must not stretch the scale.
func TestPricesOfClosedPools(t *testing.T) {
	c, p := fixture(24, 40)
	pool := c.Pools[0].Name
	found := false
	for i := range p.Prices.ComputeWithPower {
		if s := &p.Prices.ComputeWithPower[i]; s.Name == pool {
			s.Values[5], found = 40_000, true
		}
	}
	if !found {
		t.Fatalf("the fixture has no price of %s", pool)
	}
	if text := string(page1(t, c, p, Meta{})); !strings.Contains(text, "up to 40,000.") {
		t.Error("a high price of an open pool is not marked")
	}
	for i := range p.Pools {
		if p.Pools[i].Name == pool {
			p.Pools[i].ModulesOn[5] = 0
		}
	}
	text := string(page1(t, c, p, Meta{}))
	if strings.Contains(text, "up to 40,000.") || !strings.Contains(text, "Blank where no module is on.") || !strings.Contains(text, "05:00–06:00: no module is on") {
		t.Error("the price of a closed pool is shown")
	}
	if p.Prices.ComputeWithPower[0].Values[5] != 40_000 {
		t.Error("the plan was changed")
	}
}

func TestLegendSharesColours(t *testing.T) {
	one := []float64{1}
	got := legendOf([]layer{{"Import", "outside", one}, {"Wind", "wind", one}, {"None", "hydro", []float64{0}}},
		[]layer{{"Export", "outside", one}, {"CAES charging", "outside", one}, {"Wind", "wind", one}})
	want := []legend{{Name: "Import, export, CAES charging", Class: "f-outside"}, {Name: "Wind", Class: "f-wind"}}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestFlowed(t *testing.T) {
	words := strings.Repeat("word 12.5 % ", 30)
	lines := flowed("  why:  ", words)
	if len(lines) < 4 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, l := range lines {
		if utf8.RuneCountInString(l) > maxTextColumns {
			t.Errorf("line %d has %d columns", i, utf8.RuneCountInString(l))
		}
		rest, indented := strings.CutPrefix(l, "        ")
		if i > 0 && (!indented || strings.HasPrefix(rest, " ") || strings.HasPrefix(rest, "%")) {
			t.Errorf("line %d begins %q", i, l)
		}
	}
	if got := strings.Join(strings.Fields(strings.Join(lines, " ")), " "); got != "why: "+strings.TrimSpace(words) {
		t.Errorf("words were lost: %q", got)
	}
	if got := flowed("head", ""); len(got) != 1 || got[0] != "head" {
		t.Errorf("got %q", got)
	}
	if flowed("", strings.Repeat("x", 300))[0] == "" {
		t.Error("a long word leaves an empty line")
	}
}
