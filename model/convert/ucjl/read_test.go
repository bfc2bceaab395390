package ucjl

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

var sharedData = filepath.Join("..", "..", "..", "..", "shared", "data", "ucjl")

// TestPublishedFiles reads every published instance that is at hand as a single
// bus; those that are refused are named.
func TestPublishedFiles(t *testing.T) {
	refused := map[string]string{
		"case118-initcond": "Initial status (h): is missing",
		"case14-flex":      "flexiramp reserve is not read",
		"case14-storage":   "changes over time",
		"egret_output":     "is not a field of the format",
		"ucjl-0.2":         "more text follows the object",
	}
	var files []string
	for _, pattern := range []string{"fixtures", "or-lib", "matpower/*"} {
		found, err := filepath.Glob(filepath.Join(sharedData, filepath.FromSlash(pattern), "*.json.gz"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Skip("NOT TESTED: the published instances; ../shared/data is not here")
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil {
			t.Fatal(err)
		} else if info.Size() > 200_000 && testing.Short() {
			continue
		}
		c, err := ReadFile(file, Options{SingleBus: true})
		problem := refused[Name(file)]
		switch {
		case problem != "" && (err == nil || !strings.Contains(err.Error(), problem)):
			t.Errorf("%s: error %v", file, err)
		case problem == "" && err != nil:
			t.Errorf("%s: %.500v", file, err)
		case problem == "" && len(c.ThermalUnits) == 0:
			t.Errorf("%s has no units", file)
		}
	}
}

func ptr(v float64) *float64 { return &v }

func read4(t *testing.T) *model.Case {
	t.Helper()
	c, err := ReadFile("testdata/half-hours.json", Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAboveTheShutdownLimit: a generator that was above its shut-down limit stays on
// for a step, whatever the file says of later ones.
func TestAboveTheShutdownLimit(t *testing.T) {
	text, err := os.ReadFile("testdata/half-hours.json")
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]model.Series{
		`"Must run?": [false, false, true, false]`:       {1, 0, 1, 0},
		`"Must run?": true`:                              {1},
		`"Commitment status": [null, null, false, null]`: {1, 0, 0, 0},
	} {
		changed := strings.Replace(string(text), `"Initial power (MW)": 65`, `"Initial power (MW)": 65, `+field, 1)
		c, err := Read(strings.NewReader(changed), "changed", Options{})
		if err != nil {
			t.Errorf("%s: %v", field, err)
			continue
		}
		if got := c.ThermalUnits[1]; got.Name != "steam" || !reflect.DeepEqual(got.MustRunUnits, want) {
			t.Errorf("%s: %s must run %v, want %v", field, got.Name, got.MustRunUnits, want)
		}
	}
}

// TestThermalByHand: costs and ramps of half an hour become twice as much per
// hour.
func TestThermalByHand(t *testing.T) {
	want := []model.ThermalUnit{
		{
			// On and without a way to stop.
			Name: "kept", Bus: BusName, MinPowerMW: 5, MaxPowerMW: 6, MinUpH: 1, MinDownH: 1, MustRunUnits: model.Series{1},
			Cost:    []model.CostPoint{{PowerMW: 5, CostPerH: 100}, {PowerMW: 6, CostPerH: 120}},
			Initial: &model.ThermalInitial{UnitsOn: 1, HoursOn: ptr(5), PowerMW: ptr(5)},
		},
		{
			// Of a unit that starts, output and reserve are at most 40 + 25, of one
			// that stops at most 40 + 20. It was at 65 MW, so it stays on for a step.
			// Starts after 2 h at least have the first delay's cost.
			Name: "steam", Bus: BusName, MinPowerMW: 40, MaxPowerMW: 100, RampUpMWPerH: ptr(50), RampDownMWPerH: ptr(40),
			StartupLimitMW: ptr(65), ShutdownLimitMW: ptr(60), MinUpH: 2, MinDownH: 2,
			Startup:      []model.StartupTier{{AfterOffH: 1, Cost: 300}, {AfterOffH: 6, Cost: 500}},
			Cost:         []model.CostPoint{{PowerMW: 40, CostPerH: 800}, {PowerMW: 70, CostPerH: 1400}, {PowerMW: 100, CostPerH: 2150}},
			MustRunUnits: model.Series{1, 0, 0, 0},
			Initial:      &model.ThermalInitial{UnitsOn: 1, HoursOn: ptr(3), PowerMW: ptr(65)},
			Reserves:     []string{"r1"},
		},
		{
			// Off, and once started never stopped in 2 h.
			Name: "stuck", Bus: BusName, MinPowerMW: 50, MaxPowerMW: 50, MinUpH: 2, MinDownH: 1,
			Cost:       []model.CostPoint{{PowerMW: 50, CostPerH: 1800}},
			FixedUnits: model.Series{-1, 0, -1, 1},
			Initial:    &model.ThermalInitial{HoursOff: ptr(5)},
		},
	}
	if got := read4(t).ThermalUnits; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestOtherAssetsByHand(t *testing.T) {
	c := read4(t)
	if want := (model.Renewable{
		Name: "sun", Bus: BusName, Source: "profiled", CostPerMWh: 4, MinPowerMW: model.Series{1}, AvailableMW: model.Series{1, 5, 9, 4},
	}); !reflect.DeepEqual(c.Renewables, []model.Renewable{want}) {
		t.Errorf("renewables %+v", c.Renewables)
	}
	s := c.Storages[0]
	// 0.9 of the level is kept over half an hour, 0.81 over an hour.
	if math.Abs(*s.RetentionPerH-0.81) > 1e-12 || s.WearCostPerMWh != 6 || s.Bus != "su terminal" || *s.EfficiencyCharge != 0.8 || *s.TerminalMinMWh != 15 || s.TerminalMaxMWh != nil {
		t.Errorf("storage %+v", s)
	}
	wantLinks := []model.Link{
		{Name: "su charging", From: BusName, To: "su terminal", MaxForwardMW: model.Series{10}, PricePerMWh: 2},
		{Name: "su discharging", From: "su terminal", To: BusName, MaxForwardMW: model.Series{8}},
		{Name: "ps price-sensitive", From: BusName, To: "ps price-sensitive", MaxForwardMW: model.Series{30}},
	}
	if !reflect.DeepEqual(c.Links, wantLinks) {
		t.Errorf("links %+v", c.Links)
	}
	if b := c.Buses[2]; b.Name != "ps price-sensitive" || *b.ShedPricePerMWh != 50 {
		t.Errorf("bus %+v", b)
	}
	if len(c.Loads) != 3 || c.Loads[1].Name != "b3" || c.Loads[1].PowerMW[0] != 15 {
		t.Errorf("loads %+v", c.Loads)
	}
	// The penalty of 600 a step is 1,200 a MWh, the dearest figure of the file;
	// what must not be costs ten times that, rounded up to a power of ten.
	if r := c.Reserves; *r[0].ShortagePricePerMWh != 200 || *r[1].ShortagePricePerMWh != 100_000 || !r[0].RampShared || r[1].RequirementMW[3] != 2 {
		t.Errorf("reserves %+v", r)
	}
	if c.Penalties.Shed() != 1200 || c.Penalties.Spill() != 100_000 {
		t.Errorf("penalties %+v", c.Penalties)
	}
	if c.Horizon.Periods[0] != (model.PeriodRun{Count: 4, Hours: 0.5}) {
		t.Errorf("horizon %+v", c.Horizon)
	}
	if warnings, err := c.Validate(); err != nil || len(warnings) > 1 {
		t.Errorf("warnings %v, error %v", warnings, err)
	}
}

// TestOldVersion: without a version, generators provide the one product unless
// they say no.
func TestOldVersion(t *testing.T) {
	c, err := ReadFile("testdata/old.json", Options{SingleBus: true})
	if err != nil {
		t.Fatal(err)
	}
	a, b := c.ThermalUnits[0], c.ThermalUnits[1]
	if !reflect.DeepEqual(a.Reserves, []string{"spinning"}) || b.Reserves != nil || !reflect.DeepEqual(b.MustRunUnits, model.Series{1, 0}) {
		t.Errorf("reserves %v and %v, must run %v", a.Reserves, b.Reserves, b.MustRunUnits)
	}
	if r := c.Reserves[0]; !reflect.DeepEqual(r.RequirementMW, model.Series{5, 6}) || *r.ShortagePricePerMWh != 10_000 || len(c.Links) != 0 {
		t.Errorf("reserve %+v, links %v", r, c.Links)
	}
	_, err = ReadFile("testdata/old.json", Options{})
	if err == nil || !strings.Contains(err.Error(), "Transmission lines: there are 1, and transmission lines are not read; ask for a single bus") {
		t.Errorf("error %v", err)
	}
}

// TestFindings makes one fault at a time.
func TestFindings(t *testing.T) {
	text, err := os.ReadFile("testdata/half-hours.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, with, want string }{
		{`"Version": "0.4"`, `"Version": "0.9"`, `Parameters "Version": is "0.9"; this reads versions 0.2, 0.3 and 0.4`},
		{`"Version": "0.4"`, `"Version": "0.4", "Scenario weight": 0.5`, `Parameters "Scenario weight": makes the file one scenario of a stochastic instance`},
		{`"Time step (min)": 30`, `"Time step (min)": 25`, `Parameters "Time step (min)": 25 is no divisor of 60`},
		{`"Time horizon (h)": 2, `, ``, `Parameters "Time horizon (h)": is missing`},
		{`"Time horizon (h)": 2, `, `"Time horizon (min)": 100, `, `Parameters "Time step (min)": the horizon of 100 minutes is no multiple of 30`},
		{`"Time horizon (h)": 2, `, `"Time horizon (h)": 1, `, `Buses "b1", Load (MW): has 4 items for 2 periods`},
		{`"Power balance penalty ($/MW)": 600`, `"Power balance penalty ($/MW)": [1, 2, 3, 4]`, `Parameters "Power balance penalty ($/MW)": changes over time`},
		{`"Load (MW)": 15`, `"Load (MW)": -15`, `Buses "b3", Load (MW): -15 is below 0`},
		{`"Load (MW)": 15`, `"load (MW)": 15`, `Buses "b3", load (MW): is not a field of the format; did you mean Load (MW)?`},
		{`"Bus": "b3"`, `"Bus": "b4"`, `Generators "sun", Bus: "b4" is not in Buses`},
		{`"Profiled"`, `"Nuclear"`, `Generators "sun", Type: "Nuclear" is not a type of generator`},
		{`"Cost ($/MW)": 2`, `"Cost ($/MW)": [1, 2, 3, 4]`, `Generators "sun", Cost ($/MW): changes over time`},
		{`"Minimum power (MW)": 1`, `"Minimum power (MW)": 2`, `renewables "sun", min_power_mw: 2 is above available_mw 1 in period 0`},
		{`[40, 70, 100]`, `[40, 70, [90, 90, 90, 100]]`, `Generators "steam", Production cost curve (MW): changes over time`},
		{`[40, 70, 100]`, `[40, 70]`, `Generators "steam", Production cost curve ($): has 3 points, the curve in MW has 2`},
		{`[40, 70, 100]`, `[40, 100, 70]`, `Generators "steam", Production cost curve (MW)[2]: 70 is not above the point before, 100`},
		{`[400, 700, 1075]`, `[400, 800, 1075]`, `Generators "steam", Production cost curve ($)[2]: the curve is not convex: a MWh costs 18.3333 here and 26.6667 in the segment before`},
		{`[300, 500]`, `[300, 200]`, `Generators "steam", Startup costs ($)[1]: 200 is below the cost of the shorter delay before, 300`},
		{`[300, 500]`, `[300]`, `Generators "steam", Startup costs ($): has 1 items, Startup delays (h) has 2`},
		{`"Startup delays (h)": [1, 6]`, `"Startup delays (h)": [3, 6]`, `Generators "steam", Startup delays (h)[0]: 3 is above Minimum downtime (h) 2`},
		{`"Startup delays (h)": [1, 6]`, `"Startup delays (h)": [1, 1]`, `Generators "steam", Startup delays (h)[1]: 1 is not above the delay before, 1`},
		{`"Startup limit (MW)": 80`, `"Startup limit (MW)": 39`, `Generators "steam", Startup limit (MW): 39 is below the minimum 40`},
		{`"Initial status (h)": 3`, `"Initial status (h)": 0`, `Generators "steam", Initial status (h): 0 is no time on or off`},
		{`"Initial status (h)": 3`, `"Initial status (h)": -3`, `Generators "steam", Initial power (MW): 65 of a generator that is off`},
		{`"Initial power (MW)": 65`, `"Initial power (MW)": 39`, `Generators "steam", Initial power (MW): 39 is outside the output`},
		{`["r1"]`, `["r3"]`, `Generators "steam", Reserve eligibility[0]: "r3" is not in Reserves`},
		{`"Maximum daily starts": null`, `"Maximum daily starts": 2`, `Generators "steam", Maximum daily starts: is not read`},
		{`[null, false, null, true]`, `[null, false, 1, true]`, `Generators "stuck", Commitment status[2]: is a number; give true or false`},
		{`[null, false, null, true]`, `[null, false]`, `Generators "stuck", Commitment status: has 2 items for 4 periods`},
		{`"Loss factor": 0.1`, `"Loss factor": 1`, `Storage units "su", Loss factor: leaves nothing of the level`},
		{`"Maximum level (MWh)": 40`, `"Maximum level (MWh)": [40, 40, 40, 50]`, `Storage units "su", Maximum level (MWh): changes over time`},
		{`"Maximum level (MWh)": 40, `, ``, `Storage units "su", Maximum level (MWh): is missing`},
		{`"Revenue ($/MW)": 25`, `"Revenue ($/MW)": "25"`, `Price-sensitive loads "ps", Revenue ($/MW): is text; give a number`},
		{`"Type": "spinning"`, `"Type": "flexiramp"`, `Reserves "r1", Type: flexiramp reserve is not read`},
		{`"Type": "Spinning"`, `"Parent": "r1", "Type": "spinning"`, `Reserves "r2", Parent: nested products are not read`},
		{`"SOURCE": "made up"`, `"Interfaces": {}`, `Interfaces: is not a field of the format`},
		{`"SOURCE": "made up"`, `"Contingencies": {"c": {"Affected units": ["steam"]}}`, `Contingencies "c", Affected units: contingencies of generators are not read`},
		{`"SOURCE": "made up"`, `"Transmission lines": {"l": {}}`, `Transmission lines: there are 1, and transmission lines are not read`},
	} {
		if n := strings.Count(string(text), c.old); n == 0 {
			t.Fatalf("%q does not occur", c.old)
		}
		_, err := Read(strings.NewReader(strings.Replace(string(text), c.old, c.with, 1)), "bad", Options{})
		var findings model.Findings
		if !errors.As(err, &findings) {
			t.Errorf("%s: error %v", c.with, err)
			continue
		}
		if got := findings.Error(); !strings.Contains(got, c.want) || !strings.HasPrefix(got, "bad:") {
			t.Errorf("%s\ngot  %s\nwant %s", c.with, got, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"half-hours", "old"} {
		text, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
		f.Add(text[:len(text)/2])
	}
	f.Add([]byte(`{"Parameters":{"Time (h)":1},"Buses":{"b":{"Load (MW)":1}},"Generators":{}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Read(bytes.NewReader(text), "fuzz", Options{SingleBus: true})
		if err != nil {
			var findings model.Findings
			if !errors.As(err, &findings) || len(findings) == 0 {
				t.Fatalf("error %v", err)
			}
			return
		}
		if _, err := c.Validate(); err != nil {
			t.Fatalf("the case is not valid: %v", err)
		}
	})
}
