package compare_test

import (
	"math"
	"testing"
	"time"

	"github.com/wattbit/wattbit/compare"
	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

func ptr[T any](v T) *T { return &v }

// options solve exactly. Where there is no engine, continuous integration fails and
// everyone else is told what was not tested.
func options(t *testing.T) compare.Options {
	t.Helper()
	return compare.Options{Solve: opt.Options{Engine: enginetest.Highs(t), Gap: 1e-9}}
}

func run(t *testing.T, c *model.Case) *compare.Comparison {
	t.Helper()
	found, err := compare.Run(t.Context(), c, options(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range found.Rows {
		if r := &found.Rows[i]; r.Status != "optimal" || r.Error != "" || r.Figures == nil {
			t.Fatalf("%s: status %q, error %q", r.Variant, r.Status, r.Error)
		}
	}
	return found
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-6*max(1, math.Abs(want)) {
		t.Errorf("%s: %.9g, want %.9g", what, got, want)
	}
}

// twoEnds is a case of three hours with a cheap west and a dear east, each with a
// unit that is never short, a site and a pool of 20 units that take 0.1 MW each when
// busy; the west needs 1.2 MW for one of IT. A link carries 2 MW east, and a load in
// the east takes 2, 2 and 1 MW. Job K of the east must run in the first hour, J may
// wait; each takes 10 units for an hour.
func twoEnds() *model.Case {
	unit := func(name, bus string, co2 float64, price ...float64) model.ThermalUnit {
		return model.ThermalUnit{
			Name: name, Bus: bus, Fuel: "coal", MaxPowerMW: 1000, CO2TPerMWh: co2, CostFactor: price,
			Cost: []model.CostPoint{{}, {PowerMW: 1000, CostPerH: 1000}},
		}
	}
	pool := func(name, site string) model.Pool {
		return model.Pool{Name: name, Site: site, Modules: 2, UnitsPerModule: 10, DynamicMWPerUnit: 0.1, AlwaysOn: true}
	}
	return &model.Case{
		Format: model.CaseFormat, Name: "two ends", Currency: "EUR",
		Horizon:      model.Horizon{Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Periods: []model.PeriodRun{{Count: 3, Hours: 1}}},
		Buses:        []model.Bus{{Name: "W"}, {Name: "E"}},
		Loads:        []model.Load{{Name: "city", Bus: "E", PowerMW: model.Series{2, 2, 1}}},
		ThermalUnits: []model.ThermalUnit{unit("west", "W", 0, 10, 5, 5.5), unit("east", "E", 1, 50, 30, 40)},
		Links:        []model.Link{{Name: "line", From: "W", To: "E", MaxForwardMW: model.Series{2}}},
		Regions:      []model.Region{{Name: "west"}, {Name: "east"}},
		Sites: []model.Site{
			{Name: "base", Bus: "W", Region: "west", PUE: model.Series{1.2}},
			{Name: "hall", Bus: "E", Region: "east"},
		},
		Pools: []model.Pool{pool("far", "base"), pool("near", "hall")},
		Jobs: []model.Job{
			{Name: "K", Region: "east", Shape: model.Rigid, Units: 10, WorkUnitH: 10, DeadlineH: ptr(1.0)},
			{Name: "J", Region: "east", Shape: model.Rigid, Units: 10, WorkUnitH: 10},
		},
	}
}
