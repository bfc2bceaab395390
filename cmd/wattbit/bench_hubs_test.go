package main

import (
	"encoding/json"
	"os"
	"path/filepath"
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
		{"--cases", "summer-units"}, {"--units", "none.csv"},
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

func TestBenchHubsWrites(t *testing.T) {
	dir := t.TempDir()
	wattbit(t, dir, exitOK, "bench", "hubs", "--cases", "winter-15min", "--write", "cases")
	e := wattbit(t, dir, exitOK, "validate", filepath.Join("cases", "winter-15min"))
	e.mustSay(t, "eight-hubs-winter is valid: 96 periods")
	e = wattbit(t, dir, exitUsage, "bench", "hubs", "--cases", "winter-15min", "--write", "cases")
	e.mustSay(t, "is there already")
	writeFile(t, filepath.Join(dir, "few.csv"), "hub,Plant name,Unit name,Capacity (MW),Emission factor (kg of CO2 per TJ)\nNM,A,1,600,94600\n")
	e = wattbit(t, dir, exitInvalid, "bench", "hubs", "--units", "few.csv", "--cases", "winter-units", "--write", "cases")
	e.mustSay(t, "NM, class 600: the case has 78 units, the table 1", "GZ, class 300")
}

func TestBenchHubsWritesUnits(t *testing.T) {
	table, err := filepath.Abs(filepath.Join("..", "..", "..", "shared", "data", "china", "coal_units_hubs_gem2023.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(table); err != nil {
		t.Skip("NOT TESTED: writing the unit-level day; ../shared/data is not here")
	}
	dir := t.TempDir()
	wattbit(t, dir, exitOK, "bench", "hubs", "--units", table, "--cases", "highwind-units", "--write", "cases")
	e := wattbit(t, dir, exitOK, "validate", filepath.Join("cases", "highwind-units"))
	e.mustSay(t, "eight-hubs-highwind-units is valid: 24 periods", "1,394 thermal units")
}

// The clusters' plan carried out costs 1,000, at least 990. A plan by units for 980
// saves 20; with a bound of 970 best plans save 10 to 30. One for 1,005 saves nothing.
func TestSaving(t *testing.T) {
	v := func(x float64) *float64 { return &x }
	clustered, followed := &runRecord{Objective: v(960)}, &runRecord{Objective: v(1_000), Bound: v(990)}
	s := newSaving(clustered, followed, &runRecord{Objective: v(980), Bound: v(970)})
	if s.Clustered != 960 || s.Saved != 20 || s.SavedShare != 0.02 || *s.AtLeast != 10 || *s.AtMost != 30 || !strings.Contains(s.String(), "planning by units saves 20") {
		t.Errorf("%+v: %s", s, s)
	}
	s = newSaving(clustered, followed, &runRecord{Objective: v(1_005), Bound: v(970)})
	if s.Saved != -5 || *s.AtLeast != 0 || *s.AtMost != 30 || !strings.Contains(s.String(), "costs 5.00 more") {
		t.Errorf("%+v: %s", s, s)
	}
	if s = newSaving(clustered, &runRecord{Objective: v(1_000)}, &runRecord{Objective: v(980)}); s.AtLeast != nil || s.AtMost != nil || strings.Contains(s.String(), "best plans") {
		t.Errorf("%+v: %s", s, s)
	}
}
