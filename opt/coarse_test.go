package opt

import (
	"math"
	"reflect"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestLongerPeriodsMeanWeather: water and cooling that follow the outdoor temperature are
// in an hour the mean of its parts, not what they are at its mean temperature. Free cooling
// does at 9 C and not at 13 C, whose hour has 10 C in the mean.
func TestLongerPeriodsMeanWeather(t *testing.T) {
	of := func() *model.Case {
		return &model.Case{Sites: []model.Site{{
			AmbientC: model.Series{9, 13, 20, 40},
			Cooling: &model.Cooling{FreeBelowC: ptrTo(10), FreeFactor: 0.1,
				Pieces:        []model.CoolingPiece{{OverheadMWPerMW: 0.3}},
				ByTemperature: []model.CoolingFactor{{AmbientC: 11, Factor: 0.5}, {AmbientC: 13, Factor: 0.9}, {AmbientC: 30, Factor: 2.6}}},
			WaterByTemperature: []model.WaterUse{{AmbientC: 10, LPerKWh: 0}, {AmbientC: 20, LPerKWh: 1}},
		}}}
	}
	c := of()
	coarse := mergePeriods([]float64{0.75, 0.25, 0.5, 0.5}).apply(c)
	if !reflect.DeepEqual(c, of()) {
		t.Error("the case itself is changed")
	}
	s := &coarse.Sites[0]
	for k, want := range []struct{ factor, water float64 }{
		{0.75*0.1 + 0.25*0.9, 0.25 * 0.3},
		{0.5*1.6 + 0.5*2.6, 1},
	} {
		if got := s.CoolingFactor(k); math.Abs(got-want.factor) > 1e-12 {
			t.Errorf("factor of cooling %g in hour %d, want %g", got, k, want.factor)
		}
		if got := s.WaterAt(k); math.Abs(got-want.water) > 1e-12 {
			t.Errorf("%g l/kWh in hour %d, want %g", got, k, want.water)
		}
	}
}
