package main

import (
	"context"
	"io"
	"log/slog"
	"math"
	"path/filepath"
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver/engines"
)

// eastWest has cheap coal in the east and clean gas in the west, and a job of 10 MWh
// that may run at either.
const eastWest = `format: wattbit-case/1
name: east-west
currency: EUR
horizon: {start: 2026-01-01T00:00:00Z, periods: [{count: 2, hours: 1}]}
buses: [{name: east}, {name: west}]
loads: [{name: east, bus: east, power_mw: 20}, {name: west, bus: west, power_mw: 20}]
thermal_units:
  - {name: coal, bus: east, min_power_mw: 0, max_power_mw: 100, cost: [{power_mw: 0, cost_per_h: 0}, {power_mw: 100, cost_per_h: 4000}], co2_t_per_mwh: 0.9, initial: {units_on: 1, power_mw: 20}}
  - {name: gas, bus: west, min_power_mw: 0, max_power_mw: 100, cost: [{power_mw: 0, cost_per_h: 0}, {power_mw: 100, cost_per_h: 8000}], co2_t_per_mwh: 0.4, initial: {units_on: 1, power_mw: 20}}
regions: [{name: land}]
sites: [{name: east, bus: east, region: land}, {name: west, bus: west, region: land}]
pools:
  - {name: east, site: east, modules: 1, units_per_module: 20, dynamic_mw_per_unit: 1}
  - {name: west, site: west, modules: 1, units_per_module: 20, dynamic_mw_per_unit: 1}
jobs: [{name: job, region: land, shape: rigid, units: 10, work_unit_h: 10, drop_price: 100}]
`

// TestGreedy: by price the job runs on coal and by carbon on gas, though to drop it
// were cheaper than either. The loads cost 2 h of 20 MW at 40 and at 80: 4,800 and 52 t.
func TestGreedy(t *testing.T) {
	needEngine(t)
	file := filepath.Join(t.TempDir(), "case.yaml")
	writeFile(t, file, eastWest)
	c, _, err := model.ReadCaseFile(file, model.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	a := &app{out: io.Discard, err: io.Discard, log: slog.New(slog.DiscardHandler), open: engines.Open}
	f := &jobsFlags{forecasts: map[string]*forecast{}}
	drawn := &jobsCase{benchCase: benchCase{id: "land/1", family: jobsFamily}, day: "land", c: c}
	for planner, want := range map[string]struct{ cost, co2 float64 }{
		byPrice:  {4_800 + 400, 52 + 9},
		byCarbon: {4_800 + 800, 52 + 4},
	} {
		l, err := a.greedy(context.Background(), newCaseBench(), f, drawn, drawn.by(planner), planner)
		if err != nil {
			t.Fatal(err)
		}
		if l.Objective == nil || math.Abs(*l.Objective-want.cost) > 1e-6 || math.Abs(*l.CO2T-want.co2) > 1e-6 {
			t.Errorf("%s: %+v, want a cost of %g and %g t", planner, l, want.cost, want.co2)
		}
		if !l.Verified || *l.Dropped != 0 || *l.Late != 0 || l.planner() != planner || l.jobsCase() != "land" {
			t.Errorf("%s: %+v", planner, l)
		}
	}
}
