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
	if files := filesBelow(t, filepath.Join(dir, "day")); !slices.Equal(files, []string{"jobs", "jobs/job_periods.parquet", "jobs/jobs.parquet"}) {
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
