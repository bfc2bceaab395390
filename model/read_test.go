package model

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

func readFull(t testing.TB, set ...string) (*Case, *ReadReport) {
	t.Helper()
	c, report, err := ReadCaseFile("testdata/full/case.yaml", ReadOptions{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	return c, report
}

// readSites reads the case that has every field of the sites side.
func readSites(t testing.TB, set ...string) *Case {
	t.Helper()
	c, report, err := ReadCaseFile("testdata/sites/case.yaml", ReadOptions{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Warnings) != 0 {
		t.Errorf("warnings:\n%v", report.Warnings)
	}
	return c
}

func TestReadCaseFile(t *testing.T) {
	c, report := readFull(t)
	var files []string
	for _, in := range report.Inputs {
		files = append(files, fmt.Sprintf("%s %d %d", in.Path, in.Bytes, len(in.SHA256)))
	}
	want := []string{fmt.Sprintf("case.yaml %d 64", size(t, "testdata/full/case.yaml")), "tables/load.csv 71 64", "tables/rtt.csv 44 64"}
	if !reflect.DeepEqual(files, want) {
		t.Errorf("inputs %v, want %v", files, want)
	}
	// Quarter hours take their hour's value; two-hour periods the mean of two
	// rows. 4 * 0.25 + 3 * 2 = 7 hours.
	if got, want := c.Loads[0].PowerMW, (Series{40, 40, 40, 40, 43, 47, 51}); !reflect.DeepEqual(got, want) {
		t.Errorf("west load %v, want %v", got, want)
	}
	if got, want := c.Loads[1].PowerMW, (Series{130, 130, 130, 130, 139, 131, 135}); !reflect.DeepEqual(got, want) {
		t.Errorf("east load %v, want %v", got, want)
	}
	if ms, known := c.RoundTripMS("plains", "edge"); ms != 16 || !known {
		t.Errorf("round trip %g %t, want 16 ms of the table", ms, known)
	}
	if got := c.ThermalUnits[0].Initial; *got.PowerMW != 120 || got.UnitsDeep != 1 {
		t.Errorf("initial state %+v", got)
	}
	if len(report.Warnings) != 0 {
		t.Errorf("warnings:\n%v", report.Warnings)
	}
}

// TestFullCasesAreFull: the two cases give every field of the computing side, and
// of sites, somewhere.
func TestFullCasesAreFull(t *testing.T) {
	c, _ := readFull(t)
	sites := readSites(t)
	given := map[string]bool{}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				at := v.Type().Name() + "." + v.Type().Field(i).Name
				given[at] = given[at] || !v.Field(i).IsZero()
				walk(v.Field(i))
			}
		}
	}
	for _, section := range []any{c.LatencyClasses, c.DataLinks, c.Workloads, c.Datasets, c.Jobs, c.JobGroups, c.Quotas, c.ComputingOutages,
		sites.Sites, sites.Pools, sites.DemandResponses} {
		walk(reflect.ValueOf(section))
	}
	if len(given) < 60 {
		t.Errorf("only %d fields looked at", len(given))
	}
	for field, is := range given {
		if !is {
			t.Errorf("%s is never given", field)
		}
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestWriteCaseRoundTrip(t *testing.T) {
	full, _ := readFull(t)
	writeAndRead(t, full,
		"\n  - name: coal\n    bus: east\n", "\n      - {power_mw: 50, cost_per_h: 1500}\n",
		"\n    cost_factor: [1, 1, 1, 1, 1.1, 1.1, 1]\n", "\n  start: 2026-01-02T00:00:00+01:00\n", "\ndescription: \"Every kind: made up\"\n")
	// What stands in another field's place is written alone.
	writeAndRead(t, readSites(t),
		"\n  - name: roof\n    site: hall\n    source: solar\n", "\n    modules_of: cells\n    speed: 0.8\n",
		"\n        - {it_mw: 5, overhead_mw_per_mw: 0.1}\n")
}

// writeAndRead writes a case, wants the lines in it, and reads it back.
func writeAndRead(t *testing.T, want *Case, lines ...string) {
	t.Helper()
	var text bytes.Buffer
	if err := WriteCase(&text, want); err != nil {
		t.Fatal(err)
	}
	got, report, err := ReadCase(fstest.MapFS{"c.yaml": {Data: text.Bytes()}}, "c.yaml", ReadOptions{})
	if err != nil {
		t.Fatalf("%v\n%s", err, text.String())
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read back differently:\n%s", text.String())
	}
	if got.Fingerprint() != want.Fingerprint() || len(want.Fingerprint()) != 64 {
		t.Errorf("fingerprints %s and %s", got.Fingerprint(), want.Fingerprint())
	}
	if len(report.Inputs) != 1 {
		t.Errorf("inputs %v", report.Inputs)
	}
	var again bytes.Buffer
	if err := WriteCase(&again, got); err != nil {
		t.Fatal(err)
	}
	if again.String() != text.String() {
		t.Error("the same case is written differently the second time")
	}
	for _, line := range lines {
		if !strings.Contains(text.String(), line) {
			t.Errorf("no line %q in\n%s", line, text.String())
		}
	}
}

func TestWriteCaseQuotesText(t *testing.T) {
	for _, name := range []string{
		"true", "No", "null", "~", "12", "1e3", "- a", "a: b", "a #b", "#a", "it's", `say "x"`, "京津冀", "a\tb", "line\nline", "*a", "&a", "!a",
		"{a}", "[a]", "a, b", "2026-01-01", ".5", "0x10", "é", "\u2028", "a%b", "(x)", "=", "<<", "😀",
	} {
		c, _ := readFull(t)
		c.Description = name
		var text bytes.Buffer
		if err := WriteCase(&text, c); err != nil {
			t.Fatal(err)
		}
		got, _, err := ReadCase(fstest.MapFS{"c.yaml": {Data: text.Bytes()}}, "c.yaml", ReadOptions{})
		if err != nil || got.Description != name {
			t.Errorf("%q was read back wrongly: %v", name, err)
		}
	}
}

func TestWriteCaseRefusesNaN(t *testing.T) {
	c, _ := readFull(t)
	c.Loads[0].PowerMW[3] = math.NaN()
	if err := WriteCase(new(bytes.Buffer), c); err == nil {
		t.Error("NaN was written")
	}
	if c.Fingerprint() != "" {
		t.Error("NaN has a fingerprint")
	}
}
