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
	// A gang that is called once loses an hour and three quarters: it ends in the third hour.
	c.Reserves[0].Activations, c.Jobs[0].CheckpointLossH, c.Jobs[0].RestartH = 1, 0.5, 0.25
	line = j.onCallLine(&model.JobPlan{
		Job: "J", Number: 1, Pool: "P", BusyUnits: []float64{10}, HeldUnits: []float64{10},
		Reserves: []model.ProvidedPower{{Product: "up", MW: []float64{10, 0, 0, 0}}}, SpareUnits: []float64{0, 10, 10, 0},
	})
	if got := line.LatestEnd.Sub(start).Hours(); line.MovedUnitH != 17.5 || got != 3 {
		t.Errorf("a gang moves %g and ends after %g h; want 17.5 and 3", line.MovedUnitH, got)
	}
}

// The job that promises 5 MW of 1.25 MW a unit, at the meter of a site with PUE 1.25, in the
// first of four hours, and has 4 units spare in the last three: rows without zeros.
func TestPromiseRows(t *testing.T) {
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	c := &model.Case{
		Horizon:  model.Horizon{Start: start, Periods: []model.PeriodRun{{Count: 4, Hours: 1}}},
		Sites:    []model.Site{{Name: "S", PUE: model.Constant(1.25)}},
		Pools:    []model.Pool{{Name: "P", Site: "S", Modules: 1, UnitsPerModule: 10, DynamicMWPerUnit: 1}},
		Reserves: []model.ReserveProduct{{Name: "up", Direction: model.Up}},
	}
	j := &joined{c: c, ix: c.Index(), T: 4, hours: []float64{1, 1, 1, 1}, p: &model.Plan{Jobs: []model.JobPlan{
		{Job: "other", Number: 1, Pool: "P", BusyUnits: []float64{1}},
		{Job: "J", Number: 2, Pool: "P", BusyUnits: []float64{10, 6},
			Reserves: []model.ProvidedPower{{Product: "up", MW: []float64{5, 0, 0, 0}}}, SpareUnits: []float64{0, 4, 4, 4}},
	}}}
	for k := range 5 {
		j.cal.times = append(j.cal.times, start.Add(time.Duration(k)*time.Hour))
	}
	var got []JobPromiseRow
	j.eachPromise(func(r *JobPromiseRow) bool { got = append(got, *r); return true })
	at := func(t int) JobPromiseRow {
		return JobPromiseRow{Start: j.cal.times[t], Hours: 1, Job: "J", Number: 2, Site: "S", Pool: "P", Direction: model.Up, Period: t}
	}
	want := []JobPromiseRow{at(0), at(1), at(2), at(3)}
	want[0].Product, want[0].MW, want[0].Units = "up", 5, 4
	for k := 1; k < 4; k++ {
		want[k].SpareUnits = 4
	}
	if !slices.Equal(got, want) {
		t.Errorf("rows\n%+v\nwant\n%+v", got, want)
	}
	n := 0
	j.eachPromise(func(*JobPromiseRow) bool { n++; return n < 2 })
	if n != 2 {
		t.Errorf("%d rows after a stop at 2", n)
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
