package opt_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// large returns a case of a thousand thermal units with everything that a unit
// may have, over a day of quarters of an hour.
func large(units int) *model.Case {
	c := newCase()
	c.Horizon.Periods = []model.PeriodRun{{Count: 96, Hours: 0.25}}
	load(c, "A", float64(units)*60)
	c.Reserves = []model.ReserveProduct{
		{Name: "up", Direction: model.Up, RequirementMW: model.Series{float64(units)}},
		{Name: "down", Direction: model.Down, RequirementMW: model.Series{float64(units)}},
	}
	c.Policy.CO2CapT = ptr(1e6)
	for i := range units {
		u := unit(c, fmt.Sprintf("unit %d", i), 30, 100, 0)
		u.Cost = []model.CostPoint{{PowerMW: 30, CostPerH: 600}, {PowerMW: 60, CostPerH: 1_300}, {PowerMW: 100, CostPerH: 2_500}}
		u.MinUpH, u.MinDownH = 4, 4
		u.RampUpMWPerH, u.RampDownMWPerH = ptr(40.0), ptr(40.0)
		u.StartupLimitMW, u.ShutdownLimitMW = ptr(50.0), ptr(50.0)
		u.Startup = []model.StartupTier{{Cost: 1_000}, {AfterOffH: 6, Cost: 3_000}}
		u.CO2TPerMWh = 0.8
		u.Reserves = []string{"up", "down"}
	}
	return c
}

// BenchmarkFormulate reports the terms (nonzeros of the program) that are
// formulated in a second, and the memory allocations a term.
func BenchmarkFormulate(b *testing.B) {
	c := large(1_000)
	if _, err := c.Validate(); err != nil {
		b.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	terms := 0
	for b.Loop() {
		_, p, err := opt.Formulate(c, opt.Catalog(opt.Formulation{}))
		if err != nil {
			b.Fatal(err)
		}
		terms += p.Nonzeros()
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(terms)/b.Elapsed().Seconds(), "terms/s")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(terms), "allocs/term")
	b.ReportMetric(float64(terms)/float64(b.N), "terms/op")
}
