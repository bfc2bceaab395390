package opt

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert/pglibuc"
	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

// fleet returns a case of units of the sizes, ramps and times of a large market:
// gas, coal and nuclear units with reserve that shares the ramp, two days by the
// hour.
func fleet(units int) *model.Case {
	const T = 48
	r := rand.New(rand.NewPCG(1, 1))
	c := &model.Case{Buses: []model.Bus{{Name: "A"}}}
	c.Horizon.Periods = []model.PeriodRun{{Count: T, Hours: 1}}
	demand := make(model.Series, T)
	for t := range demand {
		demand[t] = float64(units) * (65 + 25*math.Sin(2*math.Pi*float64(t-9)/24))
	}
	c.Loads = []model.Load{{Name: "demand", Bus: "A", PowerMW: demand}}
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

// BenchmarkThermalOracle prices units at prices by merit order, and their
// regrets, on one goroutine: a drawn fleet of 934 units over 48 hours and, where
// it is present, a published one.
func BenchmarkThermalOracle(b *testing.B) {
	b.Run("drawn", func(b *testing.B) { benchmarkOracle(b, fleet(934)) })
	b.Run("ferc", func(b *testing.B) {
		const path = "../../shared/data/pglib-uc/ferc/2015-05-01_lw.json.gz"
		c, err := pglibuc.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			b.Skip("NOT TESTED: a published fleet; ../shared/data is not here")
		}
		if err != nil {
			b.Fatal(err)
		}
		benchmarkOracle(b, c)
	})
}

func benchmarkOracle(b *testing.B, c *model.Case) {
	k := &thermal{}
	m, p, err := Formulate(c, []Ingredient{k, &reserves{}, &buses{}})
	if err != nil {
		b.Fatal(err)
	}
	assets := k.Assets(m, p)
	cost := atMerit(m, p)
	x, fall, rise := make([]float64, p.Cols()), make([]float64, p.Cols()), make([]float64, p.Cols())
	scratch := assets[0].Oracle.Scratch().New()
	b.Run("price", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, a := range assets {
				i, j := int(a.First), int(a.First)+a.Cols
				if _, ok := a.Oracle.Price(cost[i:j], p.ColLower[i:j], p.ColUpper[i:j], x[i:j], scratch); !ok {
					b.Fatalf("%s has no point", a.Name)
				}
			}
		}
		b.ReportMetric(float64(len(assets)), "units")
	})
	b.Run("regrets", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for _, a := range assets {
				i, j := int(a.First), int(a.First)+a.Cols
				r := a.Oracle.(decomp.Regretter)
				if _, ok := r.Regrets(cost[i:j], p.ColLower[i:j], p.ColUpper[i:j], x[i:j], fall[i:j], rise[i:j], scratch); !ok {
					b.Fatalf("%s has no point", a.Name)
				}
			}
		}
	})
}

// atMerit returns the costs at prices by merit order: in each period what the
// last unit that demand needs costs at full load, and a little for reserve.
func atMerit(m *Model, p *solver.Problem) []float64 {
	type full struct{ mw, price float64 }
	var order []full
	for _, u := range m.Case.ThermalUnits {
		order = append(order, full{u.MaxPowerMW, u.Cost[len(u.Cost)-1].CostPerH / u.MaxPowerMW})
	}
	slices.SortStableFunc(order, func(a, b full) int { return cmp.Compare(a.price, b.price) })
	at := func(need float64) float64 {
		for _, f := range order {
			if need -= f.mw; need <= 0 {
				return f.price
			}
		}
		return order[len(order)-1].price
	}
	cost := slices.Clone(p.ColCost)
	pay := func(row solver.Row, price float64) {
		for j := p.RowStart[row]; j < p.RowStart[row+1]; j++ {
			cost[p.Index[j]] -= price * p.Value[j]
		}
	}
	for t := range m.T {
		price := at(m.Case.Loads[0].PowerMW.At(t, 0))
		pay(m.balance[t], price)
		for i := range m.Case.Reserves {
			pay(m.product[i*m.T+t], price/20)
		}
	}
	return cost
}
