package report

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// A battery of 5 MWh, 4.5 of them at the meter, carries 9 MW for half an hour. With 3 MW up
// promised for half an hour 1.5 MWh are as good as gone, which leaves 20 minutes; what is
// promised downward takes nothing. At the end of the second hour 4 MWh are left: 3.6 at the meter.
func TestBackupMinutes(t *testing.T) {
	c := &model.Case{
		Horizon:  model.Horizon{Periods: []model.PeriodRun{{Count: 2, Hours: 1}}},
		Sites:    []model.Site{{Name: "S", UPSMinutes: 10}},
		Storages: []model.Storage{{Name: "B", Site: "S", InitialLevelMWh: 5, LevelMaxMWh: 5, EfficiencyDischarge: ptr(0.9)}},
		Reserves: []model.ReserveProduct{{Name: "up", Direction: model.Up}, {Name: "down", Direction: model.Down}},
	}
	j := &joined{
		c: c, ix: c.Index(), T: 2,
		sites: []*model.SitePlan{{Name: "S", PowerMW: []float64{9, 9}}},
		storages: []*model.StoragePlan{{Name: "B", LevelMWh: []float64{5, 4}, Reserves: []model.ProvidedPower{
			{Product: "up", MW: []float64{3, 0}}, {Product: "down", MW: []float64{2, 2}},
		}}},
	}
	got := j.backupMinutes(0)
	near(t, "with reserve", got[0], 20)
	near(t, "without", got[1], 24)
}
