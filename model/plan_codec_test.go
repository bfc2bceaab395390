package model

import (
	"bytes"
	"math"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func smallPlan() *Plan {
	bound := 90.5
	return &Plan{
		Format: PlanFormat, Case: "two \"hours\", {odd}", CaseSHA256: "ab", Currency: "EUR",
		Start: time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC), PeriodHours: []float64{1, 0.25},
		Status: PlanOptimal, Objective: 91, Bound: &bound,
		Costs: []Cost{{CostRunning, "g", 90}, {CostShedding, "north", 1}},
		Buses: []BusPlan{{"north", []float64{0, 1e-7}, []float64{0, 0}}},
		ThermalUnits: []ThermalPlan{{
			Name: "g", UnitsOn: []int{1, 1}, Starts: []int{1, 0}, Stops: []int{0, 0}, StartsByTier: [][]int{{0, 0}, {1, 0}},
			PowerMW: []float64{1.0 / 3, 0.1}, Reserves: []ProvidedPower{{"spin", []float64{0, 0}}},
		}},
		Sites: []SitePlan{{
			Name: "hall", PowerMW: []float64{3, 4}, ImportMW: []float64{1, -1}, HeatMW: []float64{0, 1}, WaterM3: 2, WaterExcessM3: 1,
			Green: []GreenPower{{"wind", []float64{1, 2}}}, GreenShortMW: []float64{0, 1}, GreenShortMWh: 0.5, GreenShortByDayMWh: []float64{0, 2},
		}, {Name: "annex", PowerMW: []float64{0, 0}}},
		DemandResponses: []DemandResponsePlan{{"peak", []int{0, 1}}},
		Jobs: []JobPlan{{Job: "train", Number: 1, Pool: "p", First: 1, BusyUnits: []float64{4}}, {Job: "train", Number: 2, Dropped: true}, {
			Job: "move", Number: 1, Pool: "p", BusyUnits: []float64{2}, HeldUnits: []float64{2}, LateH: 0.5, LeftUnitH: 3,
			Then: []JobRun{{Pool: "q", First: 1, BusyUnits: []float64{1}, HeldUnits: []float64{2}}},
			Transfers: []JobTransfer{
				{What: TransferInput, Of: 2, From: "a", To: "b", First: 0, GB: []float64{1, 2}},
				{What: TransferMigration, From: "b", To: "a", First: 1, GB: []float64{7}},
			},
		}},
		Datasets: []DatasetPlan{{Name: "corpus", Copies: []DatasetCopy{{From: "a", To: "b", First: 1, GB: []float64{5}}}}},
	}
}

func TestPlanRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.json")
	want := smallPlan()
	if err := WritePlanFile(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadPlanFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("read back\n%+v\nwant\n%+v", got, want)
	}
	var a, b bytes.Buffer
	if err := EncodePlan(&a, want); err != nil {
		t.Fatal(err)
	}
	if err := EncodePlan(&b, got); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Fatal("the plan and its copy are written differently")
	}
	for _, line := range []string{
		"\n \"case\": \"two \\\"hours\\\", {odd}\",\n",
		"\n \"period_hours\": [1,0.25],\n",
		"\n  {\"item\": \"running\",\"asset\": \"g\",\"amount\": 90},\n",
		"\n   \"starts_by_tier\": [\n    [0,0],\n    [1,0]\n   ],\n",
	} {
		if !strings.Contains(a.String(), line) {
			t.Errorf("no line %q in\n%s", line, a.String())
		}
	}
}

func TestRereadIsEncodingAndReading(t *testing.T) {
	want := smallPlan()
	got, err := want.Reread()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("read back\n%+v\nwant\n%+v", got, want)
	}
	if &got.Jobs[0].BusyUnits[0] != &want.Jobs[0].BusyUnits[0] {
		t.Error("equal series are not in common")
	}
	want.Jobs = nil
	if got, err = want.Reread(); err != nil || got.Jobs != nil {
		t.Fatalf("without jobs: %v, error %v", got, err)
	}
	want.ThermalUnits[0].PowerMW[1] = math.NaN()
	if _, err := want.Reread(); err == nil || !strings.Contains(err.Error(), "unsupported value: NaN") {
		t.Fatalf("got error %v, want that of NaN", err)
	}
}

// What is not equal to the last bit is not in common with another plan, nor is what
// that has no place for.
func TestDecodePlanLikeAnother(t *testing.T) {
	text := `{"format": "wattbit-plan/1", "period_hours": [1, 1],
		"costs": [{"item": "late", "asset": "b", "amount": 1}, {"item": "late", "asset": "c", "amount": 1}],
		"jobs": [{"job": "a", "number": 1, "pool": "p", "busy_units": [-0.0, 2]}, {"job": "b", "number": 1, "pool": "q", "busy_units": [1]}]}`
	like := &Plan{
		Costs: []Cost{{Item: "dropped", Asset: "c", Amount: 2}},
		Jobs:  []JobPlan{{Job: "c", Pool: "q", BusyUnits: []float64{0, 2}, HeldUnits: []float64{3}}},
	}
	want, err := DecodePlan(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodePlan(strings.NewReader(text), MaxPlanBytes, 0, like)
	if err != nil || !reflect.DeepEqual(got, want) || !math.Signbit(got.Jobs[0].BusyUnits[0]) {
		t.Errorf("got %+v, error %v, want %+v", got, err, want)
	}
}

func TestDecodePlanTakesTheLastOfTwoLists(t *testing.T) {
	p, err := DecodePlan(strings.NewReader(`{"format": "wattbit-plan/1", "period_hours": [1], "jobs": [{"job": "a", "pool": "p"}, {"job": "b"}], "jobs": [{"job": "c"}], "pools": null}`))
	if err != nil || len(p.Jobs) != 1 || p.Jobs[0].Job != "c" || p.Jobs[0].Pool != "" {
		t.Fatalf("got %+v, error %v", p, err)
	}
}

func TestEncodePlanRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*Plan){
		"NaN":              func(p *Plan) { p.Objective = math.NaN() },
		"infinity":         func(p *Plan) { p.ThermalUnits[0].PowerMW[1] = math.Inf(1) },
		"6 values":         func(p *Plan) { p.Buses[0].ShedMW = make([]float64, 6) },
		"period_hours[1]":  func(p *Plan) { p.PeriodHours[1] = 0 },
		"format":           func(p *Plan) { p.Format = "" },
		"from period 1 on": func(p *Plan) { p.Jobs[0].BusyUnits = []float64{1, 2} },
		"from period -1":   func(p *Plan) { p.Jobs[0].First = -1 },

		`"train", held_units`:                func(p *Plan) { p.Jobs[0].HeldUnits = []float64{4, 4} },
		`"move", then[0].busy_units`:         func(p *Plan) { p.Jobs[2].Then[0].First = 2 },
		`"move", then[0].held_units`:         func(p *Plan) { p.Jobs[2].Then[0].HeldUnits = make([]float64, 2) },
		`"move", transfers[1].gb`:            func(p *Plan) { p.Jobs[2].Transfers[1].First = math.MaxInt },
		`there is no "migration" 1`:          func(p *Plan) { p.Jobs[2].Transfers[1].Of = 1 },
		`there is no "input" -1`:             func(p *Plan) { p.Jobs[2].Transfers[0].Of = -1 },
		`there is no "gift" 2`:               func(p *Plan) { p.Jobs[2].Transfers[0].What = "gift" },
		`datasets "corpus", copies[0].gb: 3`: func(p *Plan) { p.Datasets[0].Copies[0].GB = make([]float64, 3) },
		"units in pool p":                    func(p *Plan) { p.Workloads = []WorkloadPlan{{"w", []Route{{"p", nil}}, []float64{0, 0}}} },
		`"hall", import_mw: 1 values`:        func(p *Plan) { p.Sites[0].ImportMW = []float64{1} },
		`"hall", heat_mw: 0 values`:          func(p *Plan) { p.Sites[0].HeatMW = []float64{} },
		`"hall", green_short_mw: 3 values`:   func(p *Plan) { p.Sites[0].GreenShortMW = make([]float64, 3) },
		`"hall", green power of wind`:        func(p *Plan) { p.Sites[0].Green[0].MW = nil },
		`"peak", called: 3 values`:           func(p *Plan) { p.DemandResponses[0].Called = make([]int, 3) },
		"deep_entries":                       func(p *Plan) { p.ThermalUnits[0].UnitsDeep = []int{0, 0} },
	} {
		p := smallPlan()
		spoil(p)
		err := EncodePlan(new(bytes.Buffer), p)
		want := name
		switch name {
		case "NaN":
			want = "unsupported value: NaN"
		case "infinity":
			want = "unsupported value: +Inf"
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}

func TestDecodePlanRefuses(t *testing.T) {
	var good bytes.Buffer
	if err := EncodePlan(&good, smallPlan()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "the text ends"},
		{"truncated", good.String()[:good.Len()/2], "the text ends"},
		{"two plans", good.String() + good.String(), "more text after the plan"},
		{"unknown field", strings.Replace(good.String(), `"objective"`, `"objectives"`, 1), `unknown field "objectives"`},
		{"null", "null", "is null"},
		{"no object", "[]", "is no object"},
		{"no list", strings.Replace(good.String(), "\"datasets\": [", "\"datasets\": 1, \"x\": [", 1), "datasets: is no list"},
		{"a wrong item", strings.Replace(good.String(), `"number": 2`, `"number": "2"`, 1), "jobs: [1]: "},
		{"short series", strings.Replace(good.String(), "[1,0.25]", "[1]", 1), `buses "north", shed_mw: 2 values for 1 periods`},
		{"NaN", strings.Replace(good.String(), "0.25", "NaN", 1), "invalid character 'N'"},
		{"huge number", strings.Replace(good.String(), "0.25", "1e999", 1), "1e999"},
		{"another format", strings.Replace(good.String(), PlanFormat, "wattbit-plan/9", 1), `format is "wattbit-plan/9"`},
	} {
		if _, err := DecodePlan(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got error %v, want %q", c.name, err, c.want)
		}
	}
}

// blanks never ends.
type blanks struct{ read int64 }

func (b *blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	b.read += int64(len(p))
	return len(p), nil
}

func TestDecodePlanStopsAtItsLimit(t *testing.T) {
	endless := new(blanks)
	_, err := decodePlan(endless, 1<<20, 0, nil)
	if err == nil || !strings.Contains(err.Error(), "more than 1048576 bytes") {
		t.Fatalf("got error %v, want the size limit", err)
	}
	if endless.read > 1<<20+1 {
		t.Fatalf("read %d bytes", endless.read)
	}
}

func FuzzDecodePlan(f *testing.F) {
	var good bytes.Buffer
	if err := EncodePlan(&good, smallPlan()); err != nil {
		f.Fatal(err)
	}
	f.Add(good.Bytes())
	f.Add([]byte(`{"format":"wattbit-plan/1","period_hours":[1],"jobs":[{"first":9223372036854775807,"busy_units":[1]}]}`))
	f.Add([]byte(`[[[[`))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := DecodePlan(bytes.NewReader(text))
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := EncodePlan(&again, p); err != nil {
			t.Fatalf("a plan that was read cannot be written: %v", err)
		}
		if _, err := DecodePlan(&again); err != nil {
			t.Fatalf("a plan that was written cannot be read: %v", err)
		}
	})
}
