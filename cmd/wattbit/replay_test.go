package main

import (
	"os"
	"path/filepath"
	"testing"
)

// reserveCase: a job of 8 unit-hours in 6 hours, whose reserve is worth more than
// the power that waiting saves.
const reserveCase = `format: wattbit-case/1
name: reserve
currency: EUR
horizon: {start: 2026-01-02T00:00:00Z, periods: [{count: 6, hours: 1}]}
buses: [{name: b}]
thermal_units: [{name: gas, bus: b, min_power_mw: 0, max_power_mw: 20, cost: [{power_mw: 0, cost_per_h: 0}, {power_mw: 20, cost_per_h: 1000}]}]
reserves: [{name: spin, direction: up, sustained_h: 1, activations: 2, requirement_mw: [1, 1, 0, 0, 0, 0], shortage_price_per_mwh: 900}]
regions: [{name: r}]
sites: [{name: s, bus: b, region: r, pue: 1.25}]
pools: [{name: p, site: s, modules: 1, units_per_module: 10, dynamic_mw_per_unit: 0.1, always_on: true}]
jobs: [{name: batch, region: r, shape: preemptible, units: 8, work_unit_h: 16, reserves: [spin]}]
`

// TestVerifyReplay calls the reserve of a solved plan's job.
func TestVerifyReplay(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "case.yaml"), []byte(reserveCase), 0o644); err != nil {
		t.Fatal(err)
	}
	wattbit(t, dir, exitOK, "solve", "case.yaml", "-o", "run")
	wattbit(t, dir, exitOK, "verify", "run", "--replay", "50").mustSay(t, "holds", "50 runs of 1 job", "every job does its work")

	first := wattbit(t, dir, exitOK, "verify", "run", "--replay", "50", "--seed", "7", "--json").object(t)["replay"].(map[string]any)
	if first["runs"] != 50.0 || first["jobs"] != 1.0 || first["calls"].(float64) < 50 || first["up_mwh"].(float64) <= 0 {
		t.Errorf("replay %v", first)
	}
	again := wattbit(t, dir, exitOK, "verify", "run", "--replay", "50", "--seed", "7", "--json").object(t)["replay"].(map[string]any)
	if first["up_mwh"] != again["up_mwh"] {
		t.Errorf("the same seed called %v and %v MWh", first["up_mwh"], again["up_mwh"])
	}
	if other := wattbit(t, dir, exitOK, "verify", "run", "--json").object(t); other["replay"] != nil {
		t.Errorf("replayed without being asked: %v", other["replay"])
	}
	wattbit(t, dir, exitUsage, "verify", "run", "--replay", "-1").mustSay(t, "0 or more")
}

// TestVerifyReplayOfNothing says that no job provides reserve.
func TestVerifyReplayOfNothing(t *testing.T) {
	dir := t.TempDir()
	wattbit(t, dir, exitOK, "solve", smallCase(t), "-o", "run")
	wattbit(t, dir, exitOK, "verify", "run", "--replay", "5").mustSay(t, "no job provides reserve")
}
