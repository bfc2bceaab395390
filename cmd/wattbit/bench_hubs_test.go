package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestBenchHubs(t *testing.T) {
	needEngine(t)
	e := wattbit(t, t.TempDir(), exitOK, "bench", "hubs", "--cases", "highwind", "--gap", "0.5,0.4", "--repeat", "2", "--time-limit", "1s", "--json")
	lines := strings.Split(strings.TrimSpace(e.stdout), "\n")
	if len(lines) != 2 {
		t.Fatalf("want a line for each gap: %s", e)
	}
	for i, asked := range []float64{0.5, 0.4} {
		var l hubsLine
		if err := json.Unmarshal([]byte(lines[i]), &l); err != nil {
			t.Fatal(err)
		}
		if l.Case != "highwind" || l.GapAsked != asked || l.Runs != 2 || len(l.SolveRunsS) != 2 || l.Periods != 24 || !l.Verified || l.Objective == nil {
			t.Errorf("line %d: %+v", i, l)
		}
		if l.Columns < 1000 || l.Integers < 1000 || l.Integers > l.Columns || l.Nonzeros < l.Rows {
			t.Errorf("line %d: size %+v", i, l)
		}
		sum := l.ReadS + l.FormulateS + l.VerifyS + l.ReportS
		if l.ReadS <= 0 || l.FormulateS <= 0 || l.SolveS <= 0 || l.VerifyS <= 0 || l.ReportS <= 0 || l.TotalS < l.SolveS || l.AroundS > 2*sum || l.AroundS < sum/2 {
			t.Errorf("line %d: times %+v", i, l)
		}
		if l.PeakMB != nil && (*l.PeakMB < 20 || *l.PeakMB > 5000) {
			t.Errorf("line %d: peak of %g MiB", i, *l.PeakMB)
		}
	}
	e.mustSay(t, "gap found", "verify")
}

func TestBenchHubsRefuses(t *testing.T) {
	for _, args := range [][]string{
		{"--cases", "summer,spring"}, {"--gap", "1e-4,wide"}, {"--repeat", "0"}, {"--engine", "none"}, {"summer"},
	} {
		wattbit(t, t.TempDir(), exitUsage, append([]string{"bench", "hubs"}, args...)...)
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		of   []float64
		want float64
	}{{[]float64{3}, 3}, {[]float64{9, 1}, 5}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 3, 2, 1}, 2.5}} {
		if got := medianOf(c.of); got != c.want {
			t.Errorf("the median of %v is %g, want %g", c.of, got, c.want)
		}
	}
}
