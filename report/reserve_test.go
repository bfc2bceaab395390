package report

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

// A job of 10 units at 1 MW with half of them promised in the first of four hours, called
// twice for an hour: 2*5 unit-h may move, and 4 spare units an hour in the last three
// make good for them in the fourth hour. It planned to end after the first two.
func TestOnCallLine(t *testing.T) {
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	hour := 1.0
	c := &model.Case{
		Format: model.CaseFormat, Name: "on call", Currency: "EUR",
		Horizon:  model.Horizon{Start: start, Periods: []model.PeriodRun{{Count: 4, Hours: 1}}},
		Buses:    []model.Bus{{Name: "A"}},
		Regions:  []model.Region{{Name: "east", Bus: "A"}},
		Sites:    []model.Site{{Name: "S", Bus: "A", Region: "east"}},
		Pools:    []model.Pool{{Name: "P", Site: "S", Modules: 1, UnitsPerModule: 10, DynamicMWPerUnit: 1, AlwaysOn: true}},
		Reserves: []model.ReserveProduct{{Name: "up", Direction: model.Up, SustainedH: &hour, Activations: 2, RequirementMW: model.Series{5, 0, 0, 0}}},
		Jobs:     []model.Job{{Name: "J", Region: "east", Shape: model.Preemptible, Units: 10, WorkUnitH: 16, Reserves: []string{"up"}}},
	}
	j := &joined{c: c, ix: c.Index(), T: 4, hours: []float64{1, 1, 1, 1}, cal: calendar{}}
	for k := range 5 {
		j.cal.times = append(j.cal.times, start.Add(time.Duration(k)*time.Hour))
	}
	line := j.onCallLine(&model.JobPlan{
		Job: "J", Number: 1, Pool: "P", BusyUnits: []float64{10, 6},
		Reserves: []model.ProvidedPower{{Product: "up", MW: []float64{5, 0, 0, 0}}}, SpareUnits: []float64{0, 4, 4, 4},
	})
	if line.MovedUnitH != 10 || line.MostMW != 5 || line.PromisedMWh != 5 {
		t.Errorf("moves %g, most %g, promised %g; want 10, 5, 5", line.MovedUnitH, line.MostMW, line.PromisedMWh)
	}
	if got := line.PlannedEnd.Sub(start).Hours(); got != 2 {
		t.Errorf("planned end after %g h, want 2", got)
	}
	if got := line.LatestEnd.Sub(start).Hours(); got != 4 {
		t.Errorf("latest end after %g h, want 4", got)
	}
}

// TestReserveLegend: one legend serves the charts of all products, so it names whoever gives
// any of them.
func TestReserveLegend(t *testing.T) {
	c, p := fixture(24, 0)
	c.Reserves = slices.Insert(c.Reserves, 0, model.ReserveProduct{Name: "fast", Direction: model.Up, RequirementMW: model.Constant(50)})
	p.Reserves = slices.Insert(p.Reserves, 0, model.ReservePlan{Name: "fast", ShortageMW: make([]float64, 24)})
	p.Storages[0].Reserves = append(p.Storages[0].Reserves, model.ProvidedPower{Product: "fast", MW: slices.Repeat([]float64{50}, 24)})
	page := string(page1(t, c, p, sampleMeta))
	for _, want := range []string{">Thermal</li>", ">Storage</li>", "up, held for 0.5 h"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
