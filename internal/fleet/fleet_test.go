package fleet

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert/pglibuc"
)

// system has m units from 40 MW up in steps of 10.
func system(m int) *model.Case {
	v := func(x float64) *float64 { return &x }
	c := &model.Case{
		Format: model.CaseFormat, Name: "base", Currency: "USD",
		Horizon: model.Horizon{Start: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), Periods: []model.PeriodRun{{Count: 3, Hours: 1}}},
		Buses:   []model.Bus{{Name: "one"}},
		Loads:   []model.Load{{Name: "load", Bus: "one", PowerMW: model.Series{100, 120, 90}}},
		Renewables: []model.Renewable{
			{Name: "wind", Bus: "one", AvailableMW: model.Series{10, 20, 30}, MinPowerMW: model.Series{5}},
		},
		Reserves: []model.ReserveProduct{{Name: "up", Direction: model.Up, RequirementMW: model.Series{5}}},
	}
	for i := range m {
		most := 40 + 10*float64(i)
		c.ThermalUnits = append(c.ThermalUnits, model.ThermalUnit{
			Name: fmt.Sprintf("g%02d", i), Bus: "one", MinPowerMW: most / 4, MaxPowerMW: most, RampUpMWPerH: v(most / 3), StartupLimitMW: v(most / 2),
			MinUpH: 3, Startup: []model.StartupTier{{Cost: 100}, {AfterOffH: 5, Cost: 200}},
			Cost:    []model.CostPoint{{PowerMW: most / 4, CostPerH: 200}, {PowerMW: most / 2, CostPerH: 450}, {PowerMW: most, CostPerH: 1000}},
			Initial: &model.ThermalInitial{UnitsOn: 1, PowerMW: v(most / 4)}, Reserves: []string{"up"},
		})
	}
	return c
}

// base is the position of the unit that a variant comes from.
func base(name string) string { given, _, _ := strings.Cut(name, " "); return given }

// TestWhichUnits: of four units in order of capacity, g03 to g00, two are those at
// floor(0.5 * 4 / 2) = 1 and floor(1.5 * 4 / 2) = 3; of six, the positions are
// floor((j + 1/2) 4 / 6) = 0, 1, 1, 2, 3, 3.
func TestWhichUnits(t *testing.T) {
	for n, want := range map[int][]string{2: {"g02", "g00"}, 4: {"g03", "g02", "g01", "g00"}, 6: {"g03", "g02", "g02", "g01", "g00", "g00"}} {
		c, err := Grow(system(4), n, 1)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, u := range c.ThermalUnits {
			got = append(got, base(u.Name))
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d units are %v, want %v", n, got, want)
		}
	}
}

// TestVariants: every figure of a unit moves by its factor, within the bounds, and
// the rest by the ratio of the capacities.
func TestVariants(t *testing.T) {
	for seed := range uint64(20) {
		from := system(7)
		n := 1 + int(rand.New(rand.NewPCG(seed, 0)).Uint32()%40)
		c, err := Grow(from, n, seed)
		if err != nil {
			t.Fatal(err)
		}
		given := map[string]model.ThermalUnit{}
		before, after := 0.0, 0.0
		for _, u := range from.ThermalUnits {
			given[u.Name] = u
			before += u.MaxPowerMW
		}
		for _, u := range c.ThermalUnits {
			after += u.MaxPowerMW
			g := given[base(u.Name)]
			size := u.MaxPowerMW / g.MaxPowerMW
			price := u.Cost[1].CostPerH / g.Cost[1].CostPerH / size
			start := u.Startup[0].Cost / g.Startup[0].Cost / size
			if size < 0.8999 || size > 1.1001 || price < 0.949 || price > 1.051 || start < 0.899 || start > 1.101 {
				t.Errorf("%s: size %g, price %g, start %g", u.Name, size, price, start)
			}
			for what, ratio := range map[string]float64{
				"minimum": u.MinPowerMW / g.MinPowerMW, "ramp": *u.RampUpMWPerH / *g.RampUpMWPerH, "start-up limit": *u.StartupLimitMW / *g.StartupLimitMW,
				"initial output": *u.Initial.PowerMW / *g.Initial.PowerMW, "curve": u.Cost[1].PowerMW / g.Cost[1].PowerMW,
			} {
				if math.Abs(ratio-size) > 1e-3 {
					t.Errorf("%s: its %s moved by %g, its size by %g", u.Name, what, ratio, size)
				}
			}
		}
		if got, want := c.Loads[0].PowerMW[1], 120*after/before; math.Abs(got-want) > 1e-3 {
			t.Errorf("load %g, want %g", got, want)
		}
		if got, want := c.Renewables[0].MinPowerMW[0]+c.Renewables[0].AvailableMW[2]+c.Reserves[0].RequirementMW[0], 40*after/before; math.Abs(got-want) > 3e-3 {
			t.Errorf("renewables and reserve %g, want %g", got, want)
		}
		if !reflect.DeepEqual(from, system(7)) {
			t.Fatal("the given case was changed")
		}
		again, err := Grow(from, n, seed)
		if err != nil || again.Fingerprint() != c.Fingerprint() {
			t.Errorf("seed %d does not repeat: %v", seed, err)
		}
		if other, err := Grow(from, n, seed+1); err != nil || other.Fingerprint() == c.Fingerprint() {
			t.Errorf("seeds %d and the next are the same: %v", seed, err)
		}
	}
}

func TestGrowRefuses(t *testing.T) {
	clustered, stored := system(2), system(2)
	clustered.ThermalUnits[1].Count = 3
	stored.Storages = []model.Storage{{Name: "battery"}}
	for _, c := range []struct {
		of   *model.Case
		n    int
		want string
	}{{clustered, 3, "cluster"}, {stored, 3, "it has storages"}, {system(0), 3, "no thermal units"}, {system(2), 0, "at least 1"}} {
		if _, err := Grow(c.of, c.n, 0); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q is not said: %v", c.want, err)
		}
	}
}

// TestPublishedFleet grows a published instance, which is not part of the project.
func TestPublishedFleet(t *testing.T) {
	file := filepath.Join("..", "..", "..", "shared", "data", "pglib-uc", "ferc", "2015-05-01_lw.json.gz")
	if _, err := os.Stat(file); err != nil {
		t.Skip("NOT TESTED: fleets from a FERC instance; ../shared/data is not here")
	}
	c, err := pglibuc.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{100, 3_000} {
		grown, err := Grow(c, n, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(grown.ThermalUnits) != n {
			t.Errorf("%d units, want %d", len(grown.ThermalUnits), n)
		}
	}
}
