package pglibuc

import (
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

const (
	block  = 0
	peaker = 1
	steam  = 2
)

// threePlan is a solution of the small instance, made by hand.
//
//	hour             1     2     3     4
//	steam, reserve  50 5  70 5  85 10 55 0
//	peaker              20 5  20    10
//	wind            10    20    25     5
//	demand          60   110   130    70
//	reserve          5    10    10     0
//
// Steam rises by 20 and 5 of reserve, at most 25, then by 15 and 10; it falls by
// 30, its ramp. The peaker starts after 3 h offline, hot, at most at 30 with its
// reserve. Steam costs 1000 + 1400 + 1775 + 1100, the peaker 20 + 900 + 900 + 400.
func threePlan() *model.Plan {
	zero := func() []int { return make([]int, 4) }
	return &model.Plan{
		PeriodHours: []float64{1, 1, 1, 1}, Objective: 7495,
		ThermalUnits: []model.ThermalPlan{
			{Name: "block", UnitsOn: zero(), PowerMW: make([]float64, 4), StartsByTier: [][]int{zero()}},
			{Name: "peaker", UnitsOn: []int{0, 1, 1, 1}, PowerMW: []float64{0, 20, 20, 10}, StartsByTier: [][]int{{0, 1, 0, 0}, zero()},
				Reserves: []model.ProvidedPower{{Product: ReserveName, MW: []float64{0, 5, 0, 0}}}},
			{Name: "steam", UnitsOn: []int{1, 1, 1, 1}, PowerMW: []float64{50, 70, 85, 55}, StartsByTier: [][]int{zero(), zero()},
				Reserves: []model.ProvidedPower{{Product: ReserveName, MW: []float64{5, 5, 10, 0}}}},
		},
		Renewables: []model.RenewablePlan{{Name: "wind", PowerMW: []float64{10, 20, 25, 5}}},
	}
}

func TestCheckByHand(t *testing.T) {
	for _, breach := range three(t).Check(threePlan()) {
		t.Error(breach)
	}
}

// TestCheckFindsBreaches breaks each equation once, in the instance or in the
// plan.
func TestCheckFindsBreaches(t *testing.T) {
	for _, c := range []struct {
		want  string
		spoil func(in *Instance, p *model.Plan)
	}{
		{"equation (1): the plan costs 7500, its schedule 7495", func(_ *Instance, p *model.Plan) { p.Objective = 7500 }},
		{"equation (2), hour 3: minus generation is -129, at most -130", func(_ *Instance, p *model.Plan) { p.Renewables[0].PowerMW[2] = 24 }},
		{"equation (2), hour 3: generation is 131, at most 130", func(_ *Instance, p *model.Plan) { p.Renewables[0].PowerMW[2] = 26 }},
		{"equation (3), hour 2: minus reserve is -9, at most -10", func(_ *Instance, p *model.Plan) { p.ThermalUnits[peaker].Reserves[0].MW[1] = 4 }},
		{"equation (4), steam, hour 2: off, on for 4 h before of 5", func(in *Instance, p *model.Plan) {
			in.Thermal[steam].UpH = 5
			p.ThermalUnits[steam].UnitsOn[1] = 0
		}},
		{"equation (5), peaker, hour 2: on, off for 3 h before of 4", func(in *Instance, p *model.Plan) { in.Thermal[peaker].DownH = 4 }},
		// Off for 3 h at the start, of which the hot category ends at 3.
		{"equation (15), peaker, hour 2: 1 starts in category 1, 0 stops in its hours", func(in *Instance, p *model.Plan) { in.Thermal[peaker].Startup[1].LagH = 3 }},
		{"equation (8), steam, hour 1: rise and reserve is 5, at most 4", func(in *Instance, p *model.Plan) { in.Thermal[steam].RampUpMW = 4 }},
		{"equation (9), steam, hour 1: fall is 40, at most 30", func(in *Instance, p *model.Plan) { in.Thermal[steam].InitialMW = 90 }},
		{"equation (10), steam, hour 1: power above minimum before the first hour is 30, at most 20", func(in *Instance, p *model.Plan) {
			in.Thermal[steam].InitialMW = 70
			p.ThermalUnits[steam].UnitsOn[0] = 0
		}},
		{"equation (11), block, hour 1: a must-run unit is off", func(in *Instance, p *model.Plan) { in.Thermal[block].MustRun = true }},
		{"equation (12), steam, hour 2: the status is 2", func(_ *Instance, p *model.Plan) { p.ThermalUnits[steam].UnitsOn[1] = 2 }},
		{"equation (13), peaker, hour 3: off within 2 h of a start", func(in *Instance, p *model.Plan) {
			in.Thermal[peaker].UpH = 2
			p.ThermalUnits[peaker].UnitsOn[2] = 0
		}},
		{"equation (14), steam, hour 3: on within 2 h of a stop", func(_ *Instance, p *model.Plan) { p.ThermalUnits[steam].UnitsOn[1] = 0 }},
		{"equation (16), peaker, hour 2: 1 starts, 0 by category", func(_ *Instance, p *model.Plan) { p.ThermalUnits[peaker].StartsByTier[0][1] = 0 }},
		{"equation (17), peaker, hour 2: power above minimum and reserve is 15, at most 14", func(in *Instance, _ *model.Plan) { in.Thermal[peaker].StartupMW = 24 }},
		{"equation (17), steam, hour 1: minus power above minimum is 1, at most 0", func(_ *Instance, p *model.Plan) { p.ThermalUnits[steam].PowerMW[0] = 39 }},
		{"equation (17), steam, hour 4: minus reserve is 1, at most 0", func(_ *Instance, p *model.Plan) { p.ThermalUnits[steam].Reserves[0].MW[3] = -1 }},
		// 15 above the minimum, and it stops in hour 4.
		{"equation (18), peaker, hour 3: power above minimum and reserve is 10, at most 5", func(in *Instance, p *model.Plan) {
			in.Thermal[peaker].ShutdownMW = 15
			p.ThermalUnits[peaker].UnitsOn[3] = 0
		}},
		{"equation (19), steam, hour 3: rise and reserve is 25, at most 24", func(in *Instance, _ *model.Plan) { in.Thermal[steam].RampUpMW = 24 }},
		{"equation (20), steam, hour 4: fall is 30, at most 29", func(in *Instance, _ *model.Plan) { in.Thermal[steam].RampDownMW = 29 }},
		{"equation (24), wind, hour 4: minus output is -5, at most -6", func(in *Instance, _ *model.Plan) { in.Renewable[0].MinMW[3] = 6 }},
		{"equation (24), wind, hour 2: output is 20, at most 19", func(in *Instance, _ *model.Plan) { in.Renewable[0].MaxMW[1] = 19 }},
		{"the plan is not of this instance", func(_ *Instance, p *model.Plan) { p.ThermalUnits = p.ThermalUnits[1:] }},
		{"the plan is not of this instance", func(_ *Instance, p *model.Plan) { p.ThermalUnits[1].StartsByTier = nil }},
		{"the plan is not of this instance", func(_ *Instance, p *model.Plan) { p.Renewables[0].PowerMW = nil }},
		{"the instance has a series", func(in *Instance, _ *model.Plan) { in.DemandMW = nil }},
	} {
		in, p := three(t), threePlan()
		c.spoil(in, p)
		if found := strings.Join(in.Check(p), "\n"); !strings.Contains(found, c.want) {
			t.Errorf("no %q in:\n%s", c.want, found)
		}
	}
}

// TestSecondHotStart: the peaker, off before the horizon, runs in hour 1, stops,
// and starts in hour 3, hot: one hour offline. Equation (7) read literally would
// forbid a hot start up to hour 3.
func TestSecondHotStart(t *testing.T) {
	in, p := three(t), threePlan()
	q := &p.ThermalUnits[peaker]
	q.UnitsOn, q.StartsByTier = []int{1, 0, 1, 1}, [][]int{{1, 0, 1, 0}, {0, 0, 0, 0}}
	for _, breach := range in.Check(p) {
		if strings.Contains(breach, "(15)") || strings.Contains(breach, "(7)") {
			t.Error(breach)
		}
	}
}
