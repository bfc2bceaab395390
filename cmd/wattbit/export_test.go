package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// TestExportJobs: from a run to Parquet, whole or not at all.
func TestExportJobs(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	wattbit(t, dir, exitOK, "solve", example(t, "follow-the-wind"), "-o", "run")
	wattbit(t, dir, exitOK, "export", "jobs", "run", "-o", "day/jobs").mustSay(t, "Wrote "+filepath.Join("day", "jobs", "jobs.parquet"))
	if files := filesBelow(t, filepath.Join(dir, "day")); !slices.Equal(files, []string{"jobs", "jobs/job_periods.parquet", "jobs/job_promises.parquet", "jobs/jobs.parquet"}) {
		t.Errorf("wrote %v", files)
	}
	rows, err := parquet.ReadFile[struct {
		Job  string
		Pool string
	}](filepath.Join(dir, "day", "jobs", "jobs.parquet"))
	if err != nil || len(rows) == 0 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	wattbit(t, dir, exitUsage, "export", "jobs", "run", "-o", "day").mustSay(t, "left as it is")
	// A plan that does not hold is not exported.
	plan := readFile(t, dir, "run", "plan.json")
	writeFile(t, filepath.Join(dir, "run", "plan.json"), plan[:len(plan)/2])
	wattbit(t, dir, exitUnverified, "export", "jobs", "run", "-o", "none")
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Error("a plan that cannot be read left a folder")
	}
}

// TestExportCarryOver: what is under way two hours into one plan is what runs when the next
// begins, and that is a case with a plan, verified as any.
func TestExportCarryOver(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "case.yaml"), dayCase+`jobs:
  - {name: long, region: r, shape: rigid, units: 4, work_unit_h: 20, owner: a}
  - {name: fluid, region: r, count: 2, shape: preemptible, units: 8, work_unit_h: 9}
`)
	wattbit(t, dir, exitOK, "solve", "case.yaml", "-o", "run")
	wattbit(t, dir, exitUsage, "export", "carry-over", "run", "--at", "1.5", "-o", "jobs.csv").mustSay(t, "2026-01-02T01:30:00Z is neither the beginning of a period")
	wattbit(t, dir, exitUsage, "export", "carry-over", "run", "-o", "jobs.csv").mustSay(t, "--at")
	wattbit(t, dir, exitUsage, "export", "carry-over", "run", "--at", "2").mustSay(t, "-o")
	wattbit(t, dir, exitOK, "export", "carry-over", "run", "--at", "2026-01-02T02:00:00Z", "-o", "jobs.csv").mustSay(t, "Wrote jobs.csv: ", "under way at 2026-01-02T02:00:00Z")
	wattbit(t, dir, exitUsage, "export", "carry-over", "run", "--at", "2", "-o", "jobs.csv").mustSay(t, "left as it is")
	table := readFile(t, dir, "jobs.csv")
	if !strings.Contains(table, "long,r") || !strings.Contains(table, "done_unit_h") {
		t.Errorf("the table is\n%s", table)
	}
	writeFile(t, filepath.Join(dir, "next.yaml"), strings.Replace(dayCase, "T00:", "T02:", 1)+"jobs: {csv: jobs.csv}\n")
	wattbit(t, dir, exitOK, "solve", "next.yaml", "-o", "next")
	if plan := readFile(t, dir, "next", "plan.json"); !strings.Contains(plan, `"job": "long"`) && !strings.Contains(plan, `"job":"long"`) {
		t.Error("long is not in the next plan")
	}
}

// dayCase is six hours of a pool without jobs. A rigid job of five hours is under way
// after two, whenever it begins.
const dayCase = `format: wattbit-case/1
name: day
currency: EUR
horizon: {start: 2026-01-02T00:00:00Z, periods: [{count: 6, hours: 1}]}
buses: [{name: b}]
thermal_units: [{name: gas, bus: b, min_power_mw: 0, max_power_mw: 20, cost: [{power_mw: 0, cost_per_h: 0}, {power_mw: 20, cost_per_h: 1000}]}]
regions: [{name: r}]
sites: [{name: s, bus: b, region: r}]
pools: [{name: p, site: s, modules: 1, units_per_module: 10, dynamic_mw_per_unit: 0.1, always_on: true}]
`

// TestExportCaps: from a run to files for each scheduler, with a mapping and without.
func TestExportCaps(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	wattbit(t, dir, exitOK, "solve", example(t, "follow-the-wind"), "-o", "run")
	for _, target := range []string{"kueue", "volcano", "slurm"} {
		wattbit(t, dir, exitOK, "export", "caps", "run", "--for", target, "-o", target).mustSay(t, "Wrote "+target, "index.csv says when each file holds")
		index := readFile(t, dir, target, "index.csv")
		for _, line := range strings.Split(strings.TrimSpace(index), "\n")[1:] {
			cells := strings.Split(line, ",")
			if _, err := os.Stat(filepath.Join(dir, target, filepath.FromSlash(cells[3]))); err != nil {
				t.Errorf("%s: %v", target, err)
			}
		}
	}
	writeFile(t, filepath.Join(dir, "bad.yaml"), "format: wattbit-caps/1\nsites: [{site: Nowhere, cluster: x}]\n")
	wattbit(t, dir, exitUsage, "export", "caps", "run", "--for", "kueue", "--map", "bad.yaml", "-o", "none").mustSay(t, `sites "Nowhere", site: is not in the case`)
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Error("a mapping that does not fit left a folder")
	}
}
