package main

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fleetCase is a case of three units that can grow.
const fleetCase = `format: wattbit-case/1
name: trio
currency: EUR
horizon: {start: 2023-01-01T00:00:00Z, periods: [{count: 4, hours: 1}]}
buses: [{name: one}]
loads: [{name: load, bus: one, power_mw: [150, 190, 210, 160]}]
thermal_units:
  - {name: big, bus: one, min_power_mw: 50, max_power_mw: 120, cost: [{power_mw: 50, cost_per_h: 1000}, {power_mw: 120, cost_per_h: 2600}], startup: [{after_off_h: 0, cost: 500}], initial: {units_on: 1}}
  - {name: mid, bus: one, min_power_mw: 30, max_power_mw: 80, cost: [{power_mw: 30, cost_per_h: 700}, {power_mw: 80, cost_per_h: 2000}], startup: [{after_off_h: 0, cost: 300}], initial: {units_on: 1}}
  - {name: small, bus: one, min_power_mw: 10, max_power_mw: 40, cost: [{power_mw: 10, cost_per_h: 400}, {power_mw: 40, cost_per_h: 1900}], startup: [{after_off_h: 0, cost: 50}]}
`

func TestBenchGrowth(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "trio.yaml"), fleetCase)
	args := []string{"bench", "growth", "trio.yaml", "--sizes", "3,9,27", "--json", "lines.jsonl", "--svg", "growth.svg", "--gap", "1e-3"}
	e := wattbit(t, dir, exitOK, args...)
	e.mustSay(t, "growth/3 ", "growth/9 ", "growth/27 ", "time grows with the power", "memory grows with the power")
	wellFormed(t, readFile(t, dir, "growth.svg"))
	f, err := openLines(filepath.Join(dir, "lines.jsonl"))
	if err != nil || len(f.lines) != 3 || f.lines[2].Units != 27 || f.lines[2].Status != "optimal" || f.lines[2].Shortages != 0 {
		t.Fatalf("%v, %v", f, err)
	}
	wattbit(t, dir, exitOK, args...) // the same fleets, so nothing is measured again
	if n := strings.Count(readFile(t, dir, "lines.jsonl"), "\n"); n != 3 {
		t.Errorf("%d lines", n)
	}
}

func TestBenchGrowthRefuses(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{}, {"nowhere.yaml"}, {smallCase(t), "--sizes", "10,5"}, {smallCase(t), "--sizes", "0"}, {smallCase(t), "--sizes", "ten"}} {
		wattbit(t, dir, exitUsage, append([]string{"bench", "growth"}, args...)...)
	}
	e := wattbit(t, dir, exitInvalid, "bench", "growth", smallCase(t), "--sizes", "10")
	e.mustSay(t, "it has storages")
}

// TestGrowthOf: 4 s and 16 s at 10 and 100 units grow with the power
// log 4 / log 10 = 0.602; the fleet that was not closed does not count.
func TestGrowthOf(t *testing.T) {
	of := func(units int, seconds, peak float64, status string) *caseLine {
		return &caseLine{Units: units, Seconds: &seconds, PeakMB: &peak, Status: status}
	}
	lines := []*caseLine{of(10, 4, 30, "optimal"), of(100, 16, 300, "optimal"), of(1000, 300, 900, "limit"), {Units: 5, Status: "error"}}
	want := []string{
		"time grows with the power 0.60 of the number of units (2 fleets)",
		"memory grows with the power 1.00 of the number of units (2 fleets)",
	}
	if got := growthOf(overUnits, lines); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := growthOf(overUnits, lines[:1]); got != nil {
		t.Errorf("one fleet has no growth: %q", got)
	}
	var b strings.Builder
	if err := drawGrowth(&b, overUnits, []growthCurve{{lines: lines}}); err != nil {
		t.Fatal(err)
	}
	svg := b.String()
	wellFormed(t, svg)
	// Two panels with three marks each, the last of both hollow.
	if n, hollow := strings.Count(svg, "<circle "), strings.Count(svg, `fill="white" stroke=`); n != 6 || hollow != 2 {
		t.Errorf("%d marks, %d hollow", n, hollow)
	}
	b.Reset()
	if err := drawGrowth(&b, overUnits, nil); err != nil || strings.Contains(b.String(), "NaN") {
		t.Errorf("%v: %s", err, b.String())
	}
	wellFormed(t, b.String())
	// A decade of units is half the panel of two, and 10 to 100 s the second
	// third of the panel from 1 to 1000.
	p := newGrowthPanel(growthSeries()[0], overUnits, []growthCurve{{lines: lines}})
	if x, y := p.x(100), p.y(10); math.Abs(x-growthPanelW/2) > 1e-9 || math.Abs(y-growthPanelH*2/3) > 1e-9 {
		t.Errorf("at %g, %g", x, y)
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
	}
}
