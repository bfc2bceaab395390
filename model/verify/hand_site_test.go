package verify

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestCampusByHand calculates what the sites of the campus draw, import and cost.
func TestCampusByHand(t *testing.T) {
	f := campus()
	if _, err := f.c.Validate(); err != nil {
		t.Error(err)
	}
	mustOK(t, f.check())
	k := f.run()
	for _, want := range []struct {
		what   string
		got    []float64
		series []float64
	}{
		// Modules at 0.4 MW, busy units at 0.1 MW and at 0.03 MW (twice the units
		// at half the speed), a start of 0.05 MWh.
		{"IT", k.siteIT[0], []float64{1.6 + 2, 1.6 + 2 + 0.6, 2 + 3 + 0.6 + 0.05, 2 + 2 + 0.3}},
		// Overhead 0.1 a MW up to 4 MW, 0.3 beyond; at 5 C free cooling (0.2), then
		// factors 0.8, 1.1 and 1.4. Base 0.5. Pumps 0.1 of 1, 2 and 2 MW of heat.
		{"power", k.sitePower[0], []float64{
			3.6 + 0.2*0.36 + 0.5 + 0.1, 4.2 + 0.8*0.46 + 0.5 + 0.2, 5.65 + 1.1*0.895 + 0.5 + 0.2, 4.3 + 1.4*0.49 + 0.5}},
		// The storage charges 1, then discharges 2 beside 1.5 of the backup and 2
		// of the roof; the roof alone gives 1 and 0.5.
		{"import", f.p.Sites[0].ImportMW, []float64{4.272 + 1, 5.268 - 1, 7.3345 - 5.5, 5.486 - 0.5}},
		{"power of the annex", k.sitePower[1], []float64{0, 0, 1.3 * 3 * 0.012, 0}},
		// What the bus lacks: the assets behind the meter stand at it too.
		{"shed and spilt", []float64{f.p.Buses[0].SpillMW[0] - f.p.Buses[0].ShedMW[0], f.p.Buses[0].SpillMW[2] - f.p.Buses[0].ShedMW[2]},
			[]float64{20 + 2 - 1 - 30 - 4.272, 15 + 2 + 2 + 1.5 + 2 - 30 - 7.3345 - 0.0468}},
	} {
		for i := range want.series {
			if !near(want.got[i], want.series[i]) {
				t.Errorf("%s, %d: %.10g, by hand %.10g", want.what, i, want.got[i], want.series[i])
			}
		}
	}
	for _, want := range []struct {
		item   model.CostItem
		asset  string
		amount float64
	}{
		// 0.5 * 4.2 * 0.5 + 1.5 * 5.65 + 1.8 * 4.3 = 17.265 m3 at 3; 2.265 above.
		{model.CostWater, "hall", 51.795},
		{model.CostWaterExcess, "hall", 113.25},
		{model.CostHeat, "hall", -(20*0.5 + 20*2*0.5 + 15*2)},
		{model.CostDemandResponse, "peak", -200},
		// In the first half hour 2.136 - 2 MW; over the horizon 0.8 of 17.5905 MWh
		// less 13.5.
		{model.CostGreenShortfall, "hall", 200 * (0.136*0.5 + 14.0724 - 13.5)},
		{model.CostGreenShortfall, "annex", 0},
		{model.CostUnserved, "chat", 100_000},
		{model.CostRunning, "backup", 450},
		{model.CostModuleStart, "racks", 10},
	} {
		if got := costOf(k, want.item, want.asset); !near(got, want.amount) {
			t.Errorf("%s of %q: %.10g, by hand %.10g", want.item, want.asset, got, want.amount)
		}
	}
	short := map[model.CostItem]Shortage{}
	for _, s := range k.report.Shortages {
		short[s.Item] = s
	}
	if s := short[model.CostWaterExcess]; s.Asset != "hall" || !near(s.Total, 2.265) || s.TotalUnit != "m3" || s.FirstPeriod != -1 {
		t.Errorf("water %+v", s)
	}
	if s := short[model.CostGreenShortfall]; s.Asset != "hall" || !near(s.Total, 0.068+0.5724) || !near(s.Max, 0.136) || s.Periods != 1 {
		t.Errorf("green %+v", s)
	}
}

// TestGreenDaysByHand: the campus from 23:00 on. Its first hour draws 4.77 MWh and is
// allocated 2.5, the two of the next day draw 12.8205 and are allocated 11: of 0.9 of each
// 1.793 and 0.53845 MWh are lacking, at 200 a MWh, beside the 0.6404 of the other shares.
func TestGreenDaysByHand(t *testing.T) {
	s := seed{decide: (*fixture).overMidnight, base: campus}
	f := s.fixture()
	mustOK(t, f.check())
	k := f.run()
	for day, want := range []float64{1.793, 0.53845} {
		if got := f.p.Sites[0].GreenShortByDayMWh[day]; !near(got, want) {
			t.Errorf("day %d lacks %.10g, by hand %.10g", day, got, want)
		}
	}
	if got := costOf(k, model.CostGreenShortfall, "hall"); !near(got, 200*(0.068+0.5724+1.793+0.53845)) {
		t.Errorf("costs %.10g", got)
	}
}

// TestCoolingFactor asks at, between and outside the points, and where cooling is
// free.
func TestCoolingFactor(t *testing.T) {
	s := &model.Site{Cooling: &model.Cooling{
		Pieces:        []model.CoolingPiece{{OverheadMWPerMW: 0.2}},
		ByTemperature: []model.CoolingFactor{{AmbientC: 0, Factor: 1}, {AmbientC: 10, Factor: 2}, {AmbientC: 20, Factor: 4}},
		FreeBelowC:    ptr(-5.0), FreeFactor: 0.25,
	}}
	for _, c := range [][2]float64{{-30, 0.25}, {-5, 0.25}, {-4.9, 1}, {0, 1}, {5, 1.5}, {10, 2}, {17.5, 3.5}, {20, 4}, {50, 4}} {
		s.AmbientC = model.Constant(c[0])
		if got := coolingFactor(s, 0); !near(got, c[1]) {
			t.Errorf("at %g C: %g, want %g", c[0], got, c[1])
		}
		if got := s.CoolingFactor(0); !near(got, c[1]) {
			t.Errorf("at %g C the model says %g, want %g", c[0], got, c[1])
		}
	}
	if got := coolingFactor(&model.Site{Cooling: &model.Cooling{}}, 0); got != 1 {
		t.Errorf("without points %g, want 1", got)
	}
}

// TestWaterUse asks at, between and outside the points.
func TestWaterUse(t *testing.T) {
	s := &model.Site{WaterByTemperature: []model.WaterUse{{AmbientC: 0, LPerKWh: 0.2}, {AmbientC: 10, LPerKWh: 0.6}, {AmbientC: 30, LPerKWh: 2}}}
	for _, c := range [][2]float64{{-30, 0.2}, {0, 0.2}, {5, 0.4}, {10, 0.6}, {20, 1.3}, {30, 2}, {50, 2}} {
		s.AmbientC = model.Constant(c[0])
		if got := waterUse(s, 0); !near(got, c[1]) {
			t.Errorf("at %g C: %g, want %g", c[0], got, c[1])
		}
		if got := s.WaterAt(0); !near(got, c[1]) {
			t.Errorf("at %g C the model says %g, want %g", c[0], got, c[1])
		}
	}
	s.WaterByTemperature, s.WaterLPerKWh = nil, model.Series{0.7}
	if got, model := waterUse(s, 0), s.WaterAt(0); got != 0.7 || model != 0.7 {
		t.Errorf("without points %g, the model says %g, want 0.7 of the series", got, model)
	}
}
