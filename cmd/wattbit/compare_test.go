package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// comparisonCase is a day's choice in two hours: a job that may wait for the second,
// cheap one.
const comparisonCase = `
format: wattbit-case/1
name: two hours
currency: EUR
horizon: {start: 2024-01-01T00:00:00Z, periods: [{count: 2, hours: 1}]}
buses: [{name: A}]
thermal_units:
  - {name: U, bus: A, fuel: coal, min_power_mw: 0, max_power_mw: 100, cost_factor: [5, 2], cost: [{power_mw: 0, cost_per_h: 0}, {power_mw: 100, cost_per_h: 1000}]}
regions: [{name: a}]
sites: [{name: S, bus: A, region: a}]
pools: [{name: P, site: S, modules: 1, units_per_module: 10, dynamic_mw_per_unit: 0.1, always_on: true}]
jobs: [{name: J, region: a, shape: rigid, units: 10, work_unit_h: 10}]
`

func TestCompare(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "case.yaml"), comparisonCase)
	wattbit(t, dir, exitOK, "compare", "case.yaml").mustSay(t, "Planning: neither", "the same case as no space shifting", "more than as is", "150")
	if files := filesBelow(t, dir); !slices.Equal(files, []string{"case.yaml"}) {
		t.Errorf("files without -o: %v", files)
	}

	o := wattbit(t, dir, exitOK, "compare", "case.yaml", "--json", "-o", "out/found").object(t)
	rows := o["comparison"].(map[string]any)["rows"].([]any)
	if len(rows) != 6 || o["status"] != "optimal" || o["report"] != filepath.Join("out", "found", comparisonPage) {
		t.Errorf("result %v", o)
	}
	for i, want := range []float64{20, 50, 20, 50, 20, 20} {
		row := rows[i].(map[string]any)
		if got := row["figures"].(map[string]any)["cost"].(float64); got < want-1e-6 || got > want+1e-6 {
			t.Errorf("%v costs %g, want %g", row["variant"], got, want)
		}
	}
	if files := filesBelow(t, filepath.Join(dir, "out")); !slices.Equal(files, []string{"found", "found/compare.csv", "found/compare.html", "found/compare.json"}) {
		t.Errorf("files %v", files)
	}
	before := readFile(t, dir, "out", "found", comparisonJSON)
	wattbit(t, dir, exitUsage, "compare", "case.yaml", "-o", "out/found").mustSay(t, "left as it is")
	if readFile(t, dir, "out", "found", comparisonJSON) != before {
		t.Error("a comparison was replaced")
	}
	wattbit(t, dir, exitInvalid, "compare", "case.yaml", "-o", "none", "--set", "jobs[J].region=b").mustSay(t, "regions")
	if _, err := os.Lstat(filepath.Join(dir, "none")); err == nil {
		t.Error("an invalid case left a folder")
	}
}
