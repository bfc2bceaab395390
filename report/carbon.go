package report

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

// carbonIntensity is the tonnes of CO2 in a MWh used at each bus and period,
// traced through the grid. The emissions of what links lose are charged to who
// receives the rest. What a storage takes in keeps its tonnes until it comes out
// again; its level before the horizon has the mean of all generation. As in the
// policy's account, thermal units alone emit: imports bring nothing. The
// emissions of starts are left out, since no MWh carries them.
//
// Power used at a bus (but for shed load) times its intensity, summed over
// buses and periods, and the change of what storages hold make up what thermal
// units emit running.
func (j *joined) carbonIntensity() [][]float64 {
	local, own := j.local(), make([][]float64, len(j.power))
	for b := range own {
		own[b] = make([]float64, j.T)
	}
	tonnes, mwh := 0.0, 0.0
	for i := range j.c.ThermalUnits {
		u := &j.c.ThermalUnits[i]
		at := own[j.ix.Buses[u.Bus]]
		for t, mw := range j.thermal[i].PowerMW {
			at[t] += mw * u.CO2TPerMWh
			tonnes += mw * u.CO2TPerMWh * j.hours[t]
		}
	}
	for b := range local {
		mwh += j.sum(local[b])
	}
	stocks := j.carbonStocks(ratio(tonnes, mwh))
	arrivals := j.arrivals()
	return j.byBus(func(t int, x []float64) {
		in, with := column(local, t), column(own, t)
		for i := range stocks {
			s := &stocks[i]
			in[s.bus] += s.plan.DischargeMW[t]
			with[s.bus] += s.release(t, j.hours[t]) / j.hours[t]
		}
		mix(t, in, with, arrivals, sentShare, x)
		for i := range stocks {
			s := &stocks[i]
			s.tonnes += x[s.bus] * s.plan.ChargeMW[t] * j.hours[t]
			s.level = s.plan.LevelMWh[t]
		}
	})
}

// carbonStock is the tonnes that a storage holds with its level, MWh.
type carbonStock struct {
	plan                  *model.StoragePlan
	bus                   int
	retention, efficiency float64
	level, tonnes         float64
}

// carbonStocks are the storages before the horizon, their levels at so many
// tonnes a MWh.
func (j *joined) carbonStocks(initial float64) []carbonStock {
	out := make([]carbonStock, len(j.storages))
	for i := range out {
		s := &j.c.Storages[i]
		level := max(0, s.InitialLevelMWh)
		out[i] = carbonStock{plan: j.storages[i], bus: j.ix.Buses[s.Bus], retention: s.Retention(), efficiency: s.DischargeEfficiency(),
			level: level, tonnes: level * initial}
	}
	return out
}

// release takes out of a stock what goes with the discharge of period t, tonnes:
// the part of the level that is drawn.
func (s *carbonStock) release(t int, hours float64) float64 {
	level := s.level * math.Pow(s.retention, hours)
	drawn := s.plan.DischargeMW[t] / s.efficiency * hours
	if drawn <= 0 || level <= 0 {
		return 0
	}
	out := s.tonnes * min(1, drawn/level)
	s.tonnes -= out
	return out
}
