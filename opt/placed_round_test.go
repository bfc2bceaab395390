package opt

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

// TestPlacementUnits: forty single units of many sizes, planned by narrow programs and the
// search around doubtful units, come out near the optimum, with a bound below it.
func TestPlacementUnits(t *testing.T) {
	e := oracleEngine(t)
	ctx := context.Background()
	c := unitsCase()
	whole, err := Solve(ctx, c, Options{Engine: e, Gap: 1e-2, Method: Monolith, TimeLimit: 10 * time.Second})
	if err != nil || whole.Plan == nil || whole.Plan.Bound == nil {
		t.Fatalf("%v %v", whole, err)
	}
	for _, threads := range []int{1, 2} {
		o := Options{Engine: e, Gap: 2e-2, Method: Placement, Threads: threads, TimeLimit: 10 * time.Second}
		s := &session{o: o, began: time.Now(), merged: mergeFor(c, o.Method)}
		out, err := s.solve(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if out.Plan == nil || out.Plan.Bound == nil || len(out.Notes) > 0 {
			t.Fatalf("%v, notes %q", out.Status, out.Notes)
		}
		cost, bound := out.Plan.Objective, *out.Plan.Bound
		if bound > whole.Plan.Objective*(1+1e-7) || cost < *whole.Plan.Bound*(1-1e-7) {
			t.Errorf("cost %.9g and bound %.9g, of one program %.9g and %.9g", cost, bound, whole.Plan.Objective, *whole.Plan.Bound)
		}
		if cost > 1.01*whole.Plan.Objective || bound < 0.98*whole.Plan.Objective {
			t.Errorf("cost %.9g and bound %.9g are far from %.9g", cost, bound, whole.Plan.Objective)
		}
		if a := out.Placement; a == nil || math.Abs(bound+a.Total()-cost) > 1e-6*cost {
			t.Errorf("the account %+v does not add up to %.10g", a, cost)
		}
	}
}

// unitsCase has forty units in two zones, a load that rises and falls, and a hundred
// jobs.
func unitsCase() *model.Case {
	c := placementCase()
	c.Name = "units"
	c.Horizon.Periods = []model.PeriodRun{{Count: 12, Hours: 1}}
	c.ThermalUnits = nil
	most := 0.0
	for i := range 40 {
		size := 40 + float64(i*37%60)
		fuel := 18 + float64(i%4)*6
		bus := c.Buses[i%2].Name
		from, to := 0.5*size, size
		before := float64(i%2) * size
		c.ThermalUnits = append(c.ThermalUnits, model.ThermalUnit{
			Name: fmt.Sprintf("unit-%d", i), Bus: bus, MinPowerMW: from, MaxPowerMW: to, MinUpH: 4, MinDownH: 3,
			Startup: []model.StartupTier{{Cost: 20 * size}},
			Cost:    []model.CostPoint{{PowerMW: from, CostPerH: from * fuel * 1.2}, {PowerMW: to, CostPerH: from*fuel*1.2 + (to-from)*fuel}},
			Initial: &model.ThermalInitial{UnitsOn: i % 2, PowerMW: &before},
		})
		most += to
	}
	c.Links = []model.Link{{Name: "tie", From: "east", To: "west", MaxForwardMW: model.Series{150}, MaxBackwardMW: model.Series{150}}}
	load := make(model.Series, 12)
	for t := range load {
		load[t] = most * (0.28 + 0.1*math.Sin(float64(t)/2))
	}
	c.Loads = []model.Load{{Name: "east", Bus: "east", PowerMW: load}, {Name: "west", Bus: "west", PowerMW: load}}
	drop := 3000.0
	c.Jobs = nil
	for i := range 100 {
		j := model.Job{Name: fmt.Sprintf("job-%d", i), Region: c.Regions[i%2].Name, Shape: model.Rigid, Units: 5, WorkUnitH: 5 * float64(1+i%3), DropPrice: &drop}
		if i%3 == 0 {
			j.Shape = model.Preemptible
		}
		c.Jobs = append(c.Jobs, j)
	}
	return c
}

// TestPlacementUnitsShort: the same units in quarter hours are opened in hours and by groups,
// and planned from a schedule in hours: the same cost twice, near its bound.
func TestPlacementUnitsShort(t *testing.T) {
	c := shortUnits()
	runs := 2
	if testing.Short() {
		runs = 1
	}
	var first float64
	for run := range runs {
		var relaxed atomic.Int32
		o := Options{Engine: oracleEngine(t), Gap: 8e-2, Method: Placement, Threads: 2, WorkLimit: 20, OnStep: func(text string) {
			if strings.HasPrefix(text, "relaxed for the use") {
				relaxed.Add(1)
			}
		}}
		s := &session{o: o, began: time.Now(), merged: mergeFor(c, o.Method)}
		out, err := s.solve(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if out.Plan == nil || out.Plan.Bound == nil || !out.Report.OK() {
			t.Fatalf("%v, notes %q", out.Status, out.Notes)
		}
		if relaxed.Load() != 2 {
			t.Errorf("relaxed %d times for the use, want once in hours and once in quarter hours", relaxed.Load())
		}
		cost, bound := out.Plan.Objective, *out.Plan.Bound
		if bound > cost*(1+1e-7) || bound < 0.8*cost {
			t.Errorf("cost %.9g, bound %.9g", cost, bound)
		}
		if a := out.Placement; a == nil || math.Abs(bound+a.Total()-cost) > 1e-6*cost {
			t.Errorf("the account %+v does not add up to %.10g", a, cost)
		}
		if run == 0 {
			first = cost
		} else if cost != first {
			t.Errorf("costs %.12g and %.12g", first, cost)
		}
	}
}
