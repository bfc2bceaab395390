package main

import (
	"strings"
	"testing"
)

// A work limit gives one plan whatever GOMAXPROCS is; without one nothing is promised.
func TestBenchRepeat(t *testing.T) {
	dir := t.TempDir()
	e := wattbit(t, dir, exitOK, "bench", "repeat", smallCase(t), "--work-limit", "3", "--times", "2", "--procs", "1,2")
	if !strings.Contains(e.stdout, "4 solves, one plan") || strings.Count(e.stdout, "GOMAXPROCS") != 4 {
		t.Errorf("%q", e.stdout)
	}
	for _, args := range [][]string{{}, {"--work-limit", "3", "--time-limit", "5"}, {"--work-limit", "3", "--procs", "0"}, {"--work-limit", "3", "--times", "0"}} {
		wattbit(t, dir, exitUsage, append([]string{"bench", "repeat", smallCase(t)}, args...)...)
	}
}
