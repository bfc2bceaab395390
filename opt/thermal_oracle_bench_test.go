package opt

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// fleet returns a case of units of the sizes, ramps and times of a large market:
// gas, coal and nuclear units with reserve that shares the ramp, two days by the
// hour.
func fleet(units int) *model.Case {
	const T = 48
	r := rand.New(rand.NewPCG(1, 1))
	c := &model.Case{Buses: []model.Bus{{Name: "A"}}}
	c.Horizon.Periods = []model.PeriodRun{{Count: T, Hours: 1}}
	c.Reserves = []model.ReserveProduct{{Name: "spin", Direction: model.Up, RampShared: true, RequirementMW: model.Series{1}}}
	for i := range units {
		most := 20 + 400*r.Float64()*r.Float64()
		least := most * (0.2 + 0.5*r.Float64())
		span := most - least
		u := model.ThermalUnit{
			Name: fmt.Sprint("unit ", i), Bus: "A", MinPowerMW: least, MaxPowerMW: most, Reserves: []string{"spin"},
			MinUpH: []float64{1, 4, 8, 15, 24}[r.IntN(5)], MinDownH: []float64{1, 4, 8, 15, 24}[r.IntN(5)],
		}
		if r.Float64() < 0.35 {
			up, down := span*(0.1+r.Float64()), span*(0.1+r.Float64())
			u.RampUpMWPerH, u.RampDownMWPerH = &up, &down
		}
		start := least + 0.5*span
		u.StartupLimitMW, u.ShutdownLimitMW = &start, &start
		cost, slope, power := least*(15+20*r.Float64()), 10+20*r.Float64(), least
		u.Cost = []model.CostPoint{{PowerMW: power, CostPerH: cost}}
		for range 1 + r.IntN(8) {
			w := (most - power) * (0.2 + 0.6*r.Float64())
			power, cost = power+w, cost+slope*w
			slope += 8 * r.Float64()
			u.Cost = append(u.Cost, model.CostPoint{PowerMW: power, CostPerH: cost})
		}
		u.Cost = append(u.Cost, model.CostPoint{PowerMW: most, CostPerH: cost + slope*(most-power)})
		u.Startup = []model.StartupTier{{Cost: 20 * most}}
		if r.Float64() < 0.7 {
			u.Startup = append(u.Startup, model.StartupTier{AfterOffH: u.MinDownH + 6, Cost: 45 * most})
		}
		if r.Float64() < 0.6 {
			hours := 30.0
			u.Initial = &model.ThermalInitial{UnitsOn: 1, HoursOn: &hours}
		}
		c.ThermalUnits = append(c.ThermalUnits, u)
	}
	return c
}

// BenchmarkThermalOracle prices a fleet of 934 units over 48 hours, and its
// regrets, on one goroutine.
func BenchmarkThermalOracle(b *testing.B) { benchmarkOracle(b, fleet(934)) }

func benchmarkOracle(b *testing.B, c *model.Case) {
	k := &thermal{}
	m, p, err := Formulate(c, []Ingredient{k, &reserves{}, &buses{}})
	if err != nil {
		b.Fatal(err)
	}
	assets := k.assets(m, p)
	cost := append([]float64(nil), p.ColCost...)
	for i := range p.Rows() {
		price := 0.0
		t := float64(i % m.T)
		switch {
		case i < len(m.balance):
			price = 32 + 12*math.Sin(2*math.Pi*(t-9)/24)
		case i < len(m.balance)+len(m.product):
			price = math.Max(0, 2*math.Sin(2*math.Pi*(t-9)/24))
		default:
			continue
		}
		for j := p.RowStart[i]; j < p.RowStart[i+1]; j++ {
			cost[p.Index[j]] -= price * p.Value[j]
		}
	}
	x := make([]float64, p.Cols())
	scratch := assets[0].Oracle.Scratch().New()
	b.Run("price", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, a := range assets {
				from, to := int(a.First), int(a.First)+a.Cols
				if _, ok := a.Oracle.Price(cost[from:to], p.ColLower[from:to], p.ColUpper[from:to], x[from:to], scratch); !ok {
					b.Fatalf("%s has no point", a.Name)
				}
			}
		}
		b.ReportMetric(float64(len(assets)), "units")
	})
}
