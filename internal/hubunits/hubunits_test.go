package hubunits

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/examples"
	"github.com/wattbit/wattbit/model"
)

const head = "hub,Plant name,Unit name,Capacity (MW),Emission factor (kg of CO2 per TJ),Coal type\n"

// small is a table with five units of the 600 class and one small one.
const small = head +
	"NM,North,Unit 1,660,98300,lignite\nNM,North,Unit 2,660.0,98300,lignite\nNM,East,Unit 1,600,94600,bituminous\n" +
	"NM,East,Unit 1,500,94600,bituminous\nNM,West,Unit 7,480,94600,bituminous\nNM,West,Unit 8,50,94600,bituminous\n"

// smallCase has the clusters of that table: the mean of the 600 class is 580 MW.
func smallCase() *model.Case {
	v := func(x float64) *float64 { return &x }
	return &model.Case{Name: "small", ThermalUnits: []model.ThermalUnit{
		{
			Name: "NM-coal-600-flexible", Bus: "NM", Count: 2, MinPowerMW: 232, MaxPowerMW: 580, RampUpMWPerH: v(522), MinUpH: 12,
			Cost:         []model.CostPoint{{PowerMW: 232, CostPerH: 43_000}, {PowerMW: 406, CostPerH: 72_000}, {PowerMW: 580, CostPerH: 102_000}},
			Startup:      []model.StartupTier{{Cost: 174_000}},
			CO2TPerMWh:   0.9,
			Deep:         &model.DeepOperation{MinPowerMW: 174},
			MustRunUnits: model.Series{1}, Reserves: []string{"west-up"},
			Initial: &model.ThermalInitial{UnitsOn: 1, PowerMW: v(330)},
		},
		{
			Name: "NM-coal-600", Bus: "NM", Count: 3, MinPowerMW: 232, MaxPowerMW: 580,
			Cost:         []model.CostPoint{{PowerMW: 232, CostPerH: 43_000}, {PowerMW: 580, CostPerH: 102_000}},
			CO2TPerMWh:   0.9,
			MustRunUnits: model.Series{1, 2}, Initial: &model.ThermalInitial{UnitsOn: 2, PowerMW: v(240)},
		},
		{Name: "NM-gas", Bus: "NM", Count: 4},
		{
			Name: "NM-coal-small", Bus: "NM", Count: 1, MinPowerMW: 20, MaxPowerMW: 50,
			Cost:    []model.CostPoint{{PowerMW: 20, CostPerH: 4_000}, {PowerMW: 50, CostPerH: 9_000}},
			Initial: &model.ThermalInitial{PowerMW: v(0)},
		},
	}}
}

// TestReplaceByHand: of five units two are retrofitted, those at the positions
// floor(0.5 * 5 / 2) = 1 and floor(1.5 * 5 / 2) = 3: the second 660 MW (by plant and
// name North, Unit 2) and the 500 MW.
func TestReplaceByHand(t *testing.T) {
	units, err := ReadTable(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	c := smallCase()
	out, err := Replace(c, units)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, u := range out.ThermalUnits {
		names = append(names, u.Name)
	}
	want := []string{"NM North, Unit 2", "NM East, Unit 1", "NM North, Unit 1", "NM East, Unit 1 (2)", "NM West, Unit 7", "NM-gas", "NM West, Unit 8"}
	if !slices.Equal(names, want) {
		t.Fatalf("units %q, want %q", names, want)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 0.006 {
			t.Errorf("%s is %g, want %g", what, got, want)
		}
	}
	u := out.ThermalUnits[0]
	// 660 / 580 of a unit of the cluster. The lowest segment costs 29,000 / 174 =
	// 166.67 a MWh, so the curve goes on to 43,000 - 166.67 * 58 = 33,333.33 at 174 MW.
	near("minimum", u.MinPowerMW, 0.30*660)
	near("cost at minimum", u.Cost[0].CostPerH, 33_333.33*660/580)
	near("cost in the middle", u.Cost[1].CostPerH, 72_000.0*660/580)
	near("cost at maximum", u.Cost[2].CostPerH, 102_000.0*660/580)
	near("ramp", *u.RampUpMWPerH, 522.0*660/580)
	near("start", u.Startup[0].Cost, 300*660)
	// The mean factor of the class is (1320 * 98300 + 1580 * 94600) / 2900 = 96284.14.
	near("CO2 in units of 100 g", 10*u.CO2TPerMWh, 10*0.9*98_300/96_284.14)
	near("initial output", *u.Initial.PowerMW, 330)
	if u.Count != 0 || u.MinUpH != 12 || u.Deep != nil || u.Initial.UnitsOn != 1 || u.MustRunUnits.At(0, 0) != 1 || !slices.Equal(u.Reserves, []string{"west-up"}) {
		t.Errorf("%+v", u)
	}
	if other := out.ThermalUnits[1]; other.MaxPowerMW != 500 || other.Initial.UnitsOn != 0 || *other.Initial.PowerMW != 0 || other.MustRunUnits.Given() {
		t.Errorf("%+v", other)
	}
	// 660 and 600 MW are on with 240 MW together: a share of 0.19, below their minimum.
	for i, mw := range []float64{660, 600} {
		u := out.ThermalUnits[2+i]
		near("initial output", *u.Initial.PowerMW, 0.4*mw)
	}
	if first, second := out.ThermalUnits[2].MustRunUnits, out.ThermalUnits[3].MustRunUnits; first.At(0, 0) != 1 || first.At(1, 0) != 1 || second.At(0, 9) != 0 || second.At(1, 0) != 1 {
		t.Errorf("must run %v and %v", first, second)
	}
	if c.Name != "small" || len(c.ThermalUnits) != 4 || c.ThermalUnits[0].Cost[0].PowerMW != 232 || c.ThermalUnits[0].Startup[0].Cost != 174_000 {
		t.Error("the clustered case was changed")
	}
}

func TestReplaceRefuses(t *testing.T) {
	units, err := ReadTable(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	short := smallCase()
	short.ThermalUnits[1].Count = 4
	bare := smallCase()
	bare.ThermalUnits[1].Initial = nil
	stiff := smallCase()
	stiff.ThermalUnits[0].Deep = nil
	for _, c := range []struct {
		of    *model.Case
		units []Unit
		want  string
	}{
		{short, units, "the case has 6 units, the table 5"},
		{bare, units, "no initial output"},
		{stiff, units, "no deep operation"},
		{smallCase(), append(slices.Clone(units), Unit{Zone: "XX", CapacityMW: 300, EmissionKgPerTJ: 1}), "XX, class 300: the case has 0 units, the table 1"},
		{&model.Case{Name: "none"}, units, "no clusters of coal"},
	} {
		if _, err := Replace(c.of, c.units); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q is not said: %v", c.want, err)
		}
	}
}

func TestReadTableRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "its head",
		"hub,Plant name\n":                    `no column "Unit name"`,
		head:                                  "no unit",
		head + "NM,A,1,x,94600,\n":            `line 2: Capacity (MW) "x"`,
		head + "NM,A,1,-5,94600,\n":           "positive",
		head + "NM,A,1,NaN,94600,\n":          "positive",
		head + "NM,A,1,600,,\n":               "Emission factor",
		head + "NM,A,1,600\n":                 "wrong number of fields",
		"\x1f\x8bno gzip":                     "gzip",
		head + "NM,A,1,0,1,\nNM,A,2,Inf,1,\n": "line 3",
	} {
		if _, err := ReadTable(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q is not said: %v", text, want, err)
		}
	}
}

func TestReadTablePacked(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, small)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	a, err := ReadTable(&packed)
	if err != nil {
		t.Fatal(err)
	}
	b, err := ReadTable(strings.NewReader(small))
	if err != nil || len(a) != 6 || !slices.Equal(a, b) {
		t.Errorf("%v, %v, %v", a, b, err)
	}
}

// TestExampleDays replaces the coal of every day of the example. The table is
// not part of the project.
func TestExampleDays(t *testing.T) {
	file := filepath.Join("..", "..", "..", "shared", "data", "china", "coal_units_hubs_gem2023.csv.gz")
	if _, err := os.Stat(file); err != nil {
		t.Skip("NOT TESTED: the single units of the eight-hub days; ../shared/data is not here")
	}
	units, err := ReadTableFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"summer", "winter", "highwind", "highwind-2030"} {
		for _, set := range [][]string{nil, {"horizon.periods=[{count: 96, hours: 0.25}]"}} {
			c, _, err := model.ReadCase(examples.FS, "eight-hubs/"+day+".yaml", model.ReadOptions{Set: set})
			if err != nil {
				t.Fatal(err)
			}
			checkDay(t, c, units)
		}
	}
}

// totals of a case's coal.
type totals struct{ units, on, must, mw, retrofitted, power float64 }

func coalOf(c *model.Case, retrofitted func(u *model.ThermalUnit) bool) map[string]*totals {
	all := map[string]*totals{}
	for i := range c.ThermalUnits {
		u := &c.ThermalUnits[i]
		if u.Fuel != "coal" {
			continue
		}
		s := all[u.Bus]
		if s == nil {
			s = &totals{}
			all[u.Bus] = s
		}
		n := float64(max(1, u.Count))
		s.units += n
		s.mw += n * u.MaxPowerMW
		s.on += float64(u.Initial.UnitsOn)
		s.must += u.MustRunUnits.At(0, 0)
		s.power += *u.Initial.PowerMW
		if retrofitted(u) {
			s.retrofitted += n * u.MaxPowerMW
		}
	}
	return all
}

func checkDay(t *testing.T, c *model.Case, table []Unit) {
	t.Helper()
	out, err := Replace(c, table)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Validate(); err != nil {
		t.Fatalf("%s: %v", out.Name, err)
	}
	before := coalOf(c, func(u *model.ThermalUnit) bool { return u.Deep != nil })
	after := coalOf(out, func(u *model.ThermalUnit) bool { return u.MinPowerMW < 0.399*u.MaxPowerMW })
	ofTable := map[string]float64{}
	all, retrofitted := 0.0, 0.0
	for _, u := range table {
		ofTable[u.Zone] += u.CapacityMW
		all += u.CapacityMW
	}
	for zone, b := range before {
		a := after[zone]
		if a.units != b.units || a.on != b.on || a.must != b.must {
			t.Errorf("%s, %s: units, on, must run: %v, clustered %v", c.Name, zone, *a, *b)
		}
		if math.Abs(a.mw-ofTable[zone]) > 1e-6 {
			t.Errorf("%s, %s: %g MW, the table has %g", c.Name, zone, a.mw, ofTable[zone])
		}
		// Where all units begin at their minimum, the largest begin above the mean's.
		if math.Abs(a.mw-b.mw) > 0.005*b.mw || a.power < 0.98*b.power || a.power > 1.1*b.power {
			t.Errorf("%s, %s: %g MW and %g before the start, clustered %g and %g", c.Name, zone, a.mw, a.power, b.mw, b.power)
		}
		retrofitted += a.retrofitted
	}
	if share := retrofitted / all; math.Abs(share-257.0/1120) > 0.005 {
		t.Errorf("%s: %.4f of the coal is retrofitted, want %.4f", c.Name, share, 257.0/1120)
	}
}

// TestFollowByHand: three units, from the largest down A, B, C; A must run, A and B
// are on before. In period 0 nothing changes; in 1 C starts; in 2 one stops, B
// which is on for longest and need not run; in 3 one stops and one starts: C stops,
// B starts, off since 2.
func TestFollowByHand(t *testing.T) {
	units := make([]model.ThermalUnit, 3)
	for i := range units {
		units[i].Initial = &model.ThermalInitial{}
		units[i].MustRunUnits = model.Series{1}
	}
	units[0].Initial.UnitsOn, units[1].Initial.UnitsOn = 1, 1
	fix(units, &model.ThermalUnit{MustRunUnits: model.Series{1}},
		&model.ThermalPlan{UnitsOn: []int{2, 3, 2, 2}, Starts: []int{0, 1, 0, 1}, Stops: []int{0, 0, 1, 1}})
	for i, want := range []model.Series{{1, 1, 1, 1}, {1, 1, 0, 1}, {0, 1, 1, 0}} {
		if !slices.Equal(units[i].FixedUnits, want) || units[i].MustRunUnits != nil {
			t.Errorf("unit %d: %v, want %v", i, units[i].FixedUnits, want)
		}
	}
}

// TestFollowKeepsMinimumTimes: commitments of a cluster that keep minimum times of
// three periods on and two off give units that keep them too, and add up.
func TestFollowKeepsMinimumTimes(t *testing.T) {
	const n, periods, up, down = 9, 60, 3, 2
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		on := r.IntN(n + 1)
		units := make([]model.ThermalUnit, n)
		for i := range units {
			units[i].Initial = &model.ThermalInitial{}
			if i < on {
				units[i].Initial.UnitsOn = 1
			}
		}
		must := r.IntN(on + 1)
		p := &model.ThermalPlan{}
		recent := func(v []int, length int) (sum int) {
			for _, x := range v[max(0, len(v)-length):] {
				sum += x
			}
			return sum
		}
		for range periods {
			// A unit may stop when it did not start within the last periods.
			stop := r.IntN(1 + max(0, on-max(must, recent(p.Starts, up-1))))
			start := r.IntN(1 + max(0, n-on-recent(p.Stops, down-1)))
			if must+recent(p.Starts, up-1) > on-stop {
				stop = 0
			}
			on += start - stop
			p.Starts, p.Stops, p.UnitsOn = append(p.Starts, start), append(p.Stops, stop), append(p.UnitsOn, on)
		}
		fix(units, &model.ThermalUnit{MustRunUnits: model.Series{float64(must)}}, p)
		for time := range periods {
			sum := 0.0
			for i := range units {
				sum += units[i].FixedUnits[time]
			}
			if int(sum) != p.UnitsOn[time] {
				t.Fatalf("seed %d, period %d: %g units on, want %d", seed, time, sum, p.UnitsOn[time])
			}
		}
		for i := range units {
			checkRuns(t, seed, i, &units[i], up, down)
			if i < must && slices.Contains(units[i].FixedUnits, 0) {
				t.Errorf("seed %d: unit %d must run and stops", seed, i)
			}
		}
	}
}

// checkRuns: every run between two changes is long enough.
func checkRuns(t *testing.T, seed uint64, i int, u *model.ThermalUnit, up, down int) {
	t.Helper()
	state, since := float64(u.Initial.UnitsOn), -1
	for time, v := range u.FixedUnits {
		if v == state {
			continue
		}
		least := down
		if state == 1 {
			least = up
		}
		if since >= 0 && time-since < least {
			t.Errorf("seed %d, unit %d: %v", seed, i, u.FixedUnits)
		}
		state, since = v, time
	}
}
