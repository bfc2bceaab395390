package pglibuc

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

// sharedData is a folder beside the repository with the published files, where
// there is one.
var sharedData = filepath.Join("..", "..", "..", "..", "shared", "data", "pglib-uc")

// TestPublishedFiles reads every published instance that is at hand.
func TestPublishedFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedData, "*", "*.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("NOT TESTED: the published instances; ../shared/data is not here")
	}
	if testing.Short() {
		files = files[:3]
	}
	for _, file := range files {
		in, err := ParseFile(file)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		c, err := in.Case()
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if len(c.ThermalUnits) != len(in.Thermal) || len(in.Thermal) < 70 || len(c.Renewables) != len(in.Renewable) || c.Horizon.Len() != 48 {
			t.Errorf("%s: %d units, %d renewables, %d periods", file, len(c.ThermalUnits), len(c.Renewables), c.Horizon.Len())
		}
	}
}

func three(t testing.TB) *Instance {
	t.Helper()
	in, err := ParseFile("testdata/three.json")
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func ptr(v float64) *float64 { return &v }

// TestCaseByHand: the case of the small instance, field by field.
func TestCaseByHand(t *testing.T) {
	c, err := ReadFile("testdata/three.json")
	if err != nil {
		t.Fatal(err)
	}
	want := []model.ThermalUnit{
		{
			// One output: neither ramp nor limit binds, and there is no reserve.
			Name: "block", Bus: BusName, MinPowerMW: 30, MaxPowerMW: 30, MinUpH: 1, MinDownH: 1,
			Startup: []model.StartupTier{{AfterOffH: 1, Cost: 10}},
			Cost:    []model.CostPoint{{PowerMW: 30, CostPerH: 3000}},
			Initial: &model.ThermalInitial{HoursOff: ptr(9)},
		},
		{
			// Ramps of 60 exceed 50 - 10.
			Name: "peaker", Bus: BusName, MinPowerMW: 10, MaxPowerMW: 50, StartupLimitMW: ptr(30), MinUpH: 1, MinDownH: 1,
			Startup:  []model.StartupTier{{AfterOffH: 1, Cost: 20}, {AfterOffH: 4, Cost: 50}},
			Cost:     []model.CostPoint{{PowerMW: 10, CostPerH: 400}, {PowerMW: 50, CostPerH: 2400}},
			Initial:  &model.ThermalInitial{HoursOff: ptr(2)},
			Reserves: []string{ReserveName},
		},
		{
			// Of a unit that starts, output and reserve are at most 40 + 25,
			// below its start-up limit of 80.
			Name: "steam", Bus: BusName, MinPowerMW: 40, MaxPowerMW: 100, RampUpMWPerH: ptr(25), RampDownMWPerH: ptr(30),
			StartupLimitMW: ptr(65), ShutdownLimitMW: ptr(60), MinUpH: 2, MinDownH: 2,
			Startup:  []model.StartupTier{{AfterOffH: 2, Cost: 300}, {AfterOffH: 6, Cost: 500}},
			Cost:     []model.CostPoint{{PowerMW: 40, CostPerH: 800}, {PowerMW: 70, CostPerH: 1400}, {PowerMW: 100, CostPerH: 2150}},
			Initial:  &model.ThermalInitial{UnitsOn: 1, HoursOn: ptr(3), PowerMW: ptr(50)},
			Reserves: []string{ReserveName},
		},
	}
	if !reflect.DeepEqual(c.ThermalUnits, want) {
		t.Errorf("got  %+v\nwant %+v", c.ThermalUnits, want)
	}
	if r := c.Renewables[0]; r.Name != "wind" || !reflect.DeepEqual(r.MinPowerMW, model.Series{5, 5, 0, 5}) || r.AvailableMW[3] != 40 {
		t.Errorf("renewable %+v", r)
	}
	if r := c.Reserves[0]; !r.RampShared || r.Direction != model.Up || r.RequirementMW[1] != 10 {
		t.Errorf("reserve %+v", r)
	}
	// The dearest MWh is the block's: (3000 + 10) / 30 = 100.3; a hundred times
	// that is 10,033, rounded up.
	if got := *c.Penalties.ShedPricePerMWh; got != 100_000 {
		t.Errorf("shedding costs %g", got)
	}
	if c.Name != "three" || !c.Horizon.Start.Equal(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("name %q, start %v", c.Name, c.Horizon.Start)
	}
}

// TestInitialPowerAboveShutdownLimit: equation (10), and a lifted dent.
func TestInitialPowerAboveShutdownLimit(t *testing.T) {
	c, err := ReadFile("testdata/early.json")
	if err != nil {
		t.Fatal(err)
	}
	u := c.ThermalUnits[0]
	if !reflect.DeepEqual(u.MustRunUnits, model.Series{1, 0}) || len(c.Reserves) != 0 || u.Reserves != nil {
		t.Errorf("must run %v, reserves %v", u.MustRunUnits, c.Reserves)
	}
	// 20 to 60 MW for 400, then 20 MW for 199.9999999999: the dent is lifted to 10
	// a MWh.
	if u.Cost[2].CostPerH != 1200 || u.Cost[3].PowerMW != 100 || u.Cost[3].CostPerH != 1400 {
		t.Errorf("cost %v", u.Cost)
	}
}

func TestNameAndStart(t *testing.T) {
	if got := Name("a/b/2015-07-01_lw.json.gz"); got != "2015-07-01_lw" {
		t.Errorf("name %q", got)
	}
	if got := start("2015-07-01_lw"); !got.Equal(time.Date(2015, 7, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("start %v", got)
	}
	if got := start("2015-17-01"); got.Year() != 2020 {
		t.Errorf("start %v", got)
	}
}

func TestReadPacked(t *testing.T) {
	text, err := os.ReadFile("testdata/three.json")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	plain, err := Read(bytes.NewReader(text), "three")
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := Read(bytes.NewReader(packed.Bytes()), "three")
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(plain, unpacked) {
		t.Error("the packed instance reads differently")
	}
	for _, cut := range []int{1, 5, packed.Len() / 2, packed.Len() - 3} {
		if _, err := Read(bytes.NewReader(packed.Bytes()[:cut]), "cut"); err == nil {
			t.Errorf("cut at %d: no error", cut)
		}
	}
}

// TestFindings makes one fault at a time in the small instance.
func TestFindings(t *testing.T) {
	text, err := os.ReadFile("testdata/three.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, with, want string }{
		{`"time_periods": 4`, `"time_periods": 5`, "three.json:3: demand: has 4 items for 5 periods; give one a period"},
		{`"time_periods": 4`, `"time_periods": -4`, "three.json:2: time_periods: -4 is not a whole number from 1 to 100000"},
		{`"time_periods": 4`, `"time_periods": 1e99`, "three.json:2: time_periods: 1e+99 is not a whole number from 1 to 100000"},
		{`"time_periods": 4,`, ``, "three.json:1: time_periods: is missing; give it"},
		{`"demand"`, `"Demand"`, "three.json:3: Demand: is not a field of the format; did you mean demand?"},
		{`[60, 110,`, `[NaN, 110,`, "three.json:3: is not JSON"},
		{`[60, 110,`, `["60", 110,`, `three.json:3: demand[0]: is text; give a number`},
		{`[60, 110,`, `[-1, 110,`, `three.json:3: demand[0]: -1 is below 0; give at least 0`},
		{`[60, 110,`, `[1e999, 110,`, `three.json:3: demand[0]: is too large a number; check the unit`},
		{`"reserves": [5, 10, 10, 0],`, `"reserves": [5, 10, 10, 0], "reserves": [0, 0, 0, 0],`, `three.json:4: reserves: is given twice; keep one`},
		{`"block": {`, `"steam": {`, `three.json:28: thermal_generators "steam": is given twice; keep one`},
		{`"name": "block"`, `"name": "bloc"`, `three.json:29: thermal_generators "block", name: is "bloc", not the name of the entry`},
		{`{"lag": 6, "cost": 500}`, `{"lag": 2, "cost": 500}`, `three.json:14: thermal_generators "steam", startup[1].lag: 2 is not above the category before, 2; order the categories from hot to cold`},
		{`{"lag": 6, "cost": 500}`, `{"lag": 6, "cost": 200}`, `three.json:14: thermal_generators "steam", startup[1].cost: 200 is below that of the hotter category before, 300; let no colder start be cheaper`},
		{`{"lag": 2, "cost": 300}`, `{"lag": 3, "cost": 300}`, `three.json:14: thermal_generators "steam", startup[0].lag: 3 is above time_down_minimum 2: a start between them has no category`},
		{`[{"lag": 2, "cost": 300}, {"lag": 6, "cost": 500}]`, `[]`, `three.json:14: thermal_generators "steam", startup: has no items; give at least one category`},
		{`"mw": 70, "cost": 1400`, `"mw": 70, "cost": 1500`, `three.json:15: thermal_generators "steam", piecewise_production[2].cost: the curve is not convex: a MWh costs 21.6667 here and 23.3333 in the segment before; let the cost of a MWh rise with power`},
		{`"mw": 70, "cost": 1400`, `"mw": 100, "cost": 1400`, `three.json:15: thermal_generators "steam", piecewise_production[2].mw: 100 is not above the point before, 100; order the points by power`},
		{`{"mw": 40, "cost": 800}`, `{"mw": 41, "cost": 800}`, `three.json:15: thermal_generators "steam", piecewise_production[0].mw: the curve begins at 41, not at power_output_minimum 40`},
		{`{"mw": 100, "cost": 2150}`, `{"mw": 99, "cost": 2150}`, `three.json:15: thermal_generators "steam", piecewise_production[2].mw: the curve ends at 99, not at power_output_maximum 100`},
		{`"power_output_minimum": 40, "power_output_maximum": 100`, `"power_output_minimum": 140, "power_output_maximum": 100`, `three.json:9: thermal_generators "steam", power_output_minimum: 140 is above power_output_maximum 100`},
		{`"ramp_startup_limit": 80`, `"ramp_startup_limit": 39`, `three.json:11: thermal_generators "steam", ramp_startup_limit: 39 is below power_output_minimum 40: the unit could never start`},
		{`"ramp_shutdown_limit": 60`, `"ramp_shutdown_limit": 39`, `three.json:11: thermal_generators "steam", ramp_shutdown_limit: 39 is below power_output_minimum 40: the unit could never stop`},
		{`"ramp_shutdown_limit": 60`, `"ramp_shutdown_limit": 71`, `three.json:11: thermal_generators "steam", ramp_shutdown_limit: 71 is above power_output_minimum and ramp_down_limit together, 70: the bound of the ramp on a unit that stops, which does not count reserve, cannot be stated in a case; lower it to that`},
		{`"power_output_t0": 50`, `"power_output_t0": 39`, `three.json:13: thermal_generators "steam", power_output_t0: 39 is outside the output of a unit that is on, 40 to 100`},
		{`"unit_on_t0": 1, "time_up_t0": 3`, `"unit_on_t0": 0, "time_up_t0": 0`, `three.json:13: thermal_generators "steam", power_output_t0: 50 of a unit that is off`},
		{`"unit_on_t0": 1`, `"unit_on_t0": 2`, `three.json:13: thermal_generators "steam", unit_on_t0: 2 is not a whole number from 0 to 1`},
		{`"time_up_minimum": 2`, `"time_up_minimum": 2.5`, `three.json:12: thermal_generators "steam", time_up_minimum: 2.5 is not a whole number from 0 to 10000000`},
		{`[10, 20, 30, 40]`, `[10, 20, 30, 4]`, `three.json:43: renewable_generators "wind", power_output_minimum: 5 is above power_output_maximum 4 in period 3`},
		{`"time_down_t0": 9`, `"time_down_t0": 9, "fuel": "gas"`, `three.json:35: thermal_generators "block", fuel: is not a field of the format`},
	} {
		if n := strings.Count(string(text), c.old); n == 0 {
			t.Fatalf("%q does not occur", c.old)
		}
		_, err := Read(strings.NewReader(strings.Replace(string(text), c.old, c.with, 1)), "three.json")
		var findings model.Findings
		if !errors.As(err, &findings) {
			t.Errorf("%s: error %v", c.with, err)
			continue
		}
		if got := findings[0].String(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s\ngot  %s\nwant %s", c.with, got, c.want)
		}
	}
}

// TestAllFindingsAtOnce: several faults in several generators are all told.
func TestAllFindingsAtOnce(t *testing.T) {
	text, err := os.ReadFile("testdata/three.json")
	if err != nil {
		t.Fatal(err)
	}
	bad := strings.NewReplacer(`"must_run": 0`, `"must_run": 7`, `"cost": 10}`, `"price": 10}`, "[5, 5, 0, 5]", "5").Replace(string(text))
	_, err = Read(strings.NewReader(bad), "bad")
	var findings model.Findings
	if !errors.As(err, &findings) || len(findings) != 6 {
		t.Errorf("got %d findings: %v", len(findings), err)
	}
}

func TestHostileText(t *testing.T) {
	for _, text := range []string{
		"", "{", "[]", "null", "{}{}", "7", `{"time_periods": }`, "\x1f\x8b", "\x1f\x8bxx", "\xff\xfe", strings.Repeat("[", 5000),
		`{"demand":` + strings.Repeat("[", 5000) + `}`,
		"{" + strings.Repeat(`"a":1,`, 2000) + `"b":1}`,
	} {
		var findings model.Findings
		if _, err := Read(strings.NewReader(text), "hostile"); !errors.As(err, &findings) {
			t.Errorf("%.20q: error %v", text, err)
		}
	}
	if _, err := ReadFile(t.TempDir()); err == nil {
		t.Error("a folder reads as an instance")
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"three", "early"} {
		text, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
		f.Add(text[:len(text)/2])
	}
	f.Add([]byte(`{"time_periods":1,"demand":[1],"reserves":[1],"thermal_generators":{},"renewable_generators":{}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Read(bytes.NewReader(text), "fuzz")
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
