// Package randomcase draws small joint cases of power and computing, for tests
// and for the comparison of engines. Every kind and nearly every field of the
// model occurs; sizes are such that every limit binds in some of the cases.
package randomcase

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/wattbit/wattbit/model"
)

// Case returns the case of a seed: always the same one, and always valid. It may
// be infeasible, as when a commitment is fixed against a minimum time. It holds a
// random subset of the features, and few items of each, so that it is solved in tenths
// of a second and any two features still meet often.
func Case(seed uint64) *model.Case { return valid(seed, false) }

// Full returns the case of a seed with all features, which costs many times as much:
// for what needs several at once.
func Full(seed uint64) *model.Case { return valid(seed, true) }

func valid(seed uint64, full bool) *model.Case {
	// What is drawn is nearly always valid; what is not is drawn again.
	for attempt := uint64(0); ; attempt++ {
		c := draw(seed, attempt, full)
		if _, err := c.Validate(); err == nil {
			return c
		}
	}
}

func draw(seed, attempt uint64, full bool) *model.Case {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, attempt))}
	if !full {
		g.choose(seed, attempt)
	}
	g.c = &model.Case{
		Format: model.CaseFormat, Name: fmt.Sprintf("random %d", seed), Currency: "EUR",
		Horizon: model.Horizon{Start: time.Date(2024, 3, 1, 22, 0, 0, 0, time.UTC)},
	}
	g.horizon()
	g.penalties()
	for i := range 1 + g.some(manyBuses, 3, 2) {
		b := model.Bus{Name: fmt.Sprintf("bus %d", i)}
		if g.chance(0.2) {
			b.ShedPricePerMWh = g.pick(800, 3_000)
		}
		if g.chance(0.2) {
			b.SpillPricePerMWh = g.pick(0, 60)
		}
		g.c.Buses = append(g.c.Buses, b)
	}
	g.power()
	if g.chance(0.75) || g.few() && (g.holds(workloads) || g.holds(jobs)) {
		g.compute()
	}
	g.policy()
	g.leastAndShared()
	if len(g.c.Jobs) > 0 {
		g.shapes(seed, attempt)
		g.structure(seed, attempt)
		g.reside(seed, attempt)
	}
	if len(g.c.Workloads) > 0 {
		g.hot(seed, attempt)
	}
	if len(g.c.Sites) > 0 {
		g.sitesInFull(seed, attempt)
		g.waterByWeather(seed, attempt)
	}
	return g.c
}

type generator struct {
	*rand.Rand
	c     *model.Case
	hours []float64
	// without are the features that the case does without; nil for none.
	without []bool
}

func (g *generator) chance(p float64) bool { return g.Float64() < p }

// between draws a number in [lo, hi], with one decimal where the bounds allow it.
func (g *generator) between(lo, hi float64) float64 {
	return min(max(math.Round(10*(lo+(hi-lo)*g.Float64()))/10, lo), hi)
}

func (g *generator) maybe(p, lo, hi float64) *float64 {
	if !g.chance(p) {
		return nil
	}
	v := g.between(lo, hi)
	return &v
}

func (g *generator) pick(of ...float64) *float64 { return &of[g.IntN(len(of))] }

// share draws one of a few shares in (0, 1].
func (g *generator) share(p float64, of ...float64) *float64 {
	if !g.chance(p) {
		return nil
	}
	return g.pick(of...)
}

// series draws a value a period.
func (g *generator) series(lo, hi float64) model.Series {
	s := make(model.Series, len(g.hours))
	for t := range s {
		s[t] = g.between(lo, hi)
	}
	return s
}

func (g *generator) bus() string { return g.c.Buses[g.IntN(len(g.c.Buses))].Name }

// horizon draws three to eight periods, or three to five: alike, or in runs of different length.
func (g *generator) horizon() {
	lengths := []float64{0.25, 0.5, 1, 1, 1, 2, 4}
	n := 3 + g.IntN(6)
	if g.few() {
		n = 3 + n%3
	}
	for n > 0 {
		run := n
		if g.with(unevenPeriods, 0.5) {
			run = 1 + g.IntN(n)
		}
		g.c.Horizon.Periods = append(g.c.Horizon.Periods, model.PeriodRun{Count: run, Hours: lengths[g.IntN(len(lengths))]})
		n -= run
	}
	g.hours = g.c.Horizon.Hours()
}

func (g *generator) penalties() {
	p := &g.c.Penalties
	if g.chance(0.3) {
		p.ShedPricePerMWh = g.pick(400, 2_000)
	}
	if g.chance(0.3) {
		p.SpillPricePerMWh = g.pick(0, 5, 200)
	}
	if g.chance(0.3) {
		p.ReserveShortagePricePerMWh = g.pick(20, 300)
	}
	if g.chance(0.5) {
		p.CO2ExcessPricePerT = g.pick(30, 200)
	}
	if g.chance(0.5) {
		p.RenewableShortfallPricePerMWh = g.pick(20, 150)
	}
	if g.chance(0.3) {
		p.UnservedPricePerUnitH = g.pick(3, 500)
	}
	if g.chance(0.5) {
		p.DropPricePerUnitH = g.pick(2, 20, 200)
	}
}

// policy draws a price, a cap and a share. The cap lies about what demand emits.
func (g *generator) policy() {
	p := &g.c.Policy
	if g.chance(0.3) {
		p.CO2PricePerT = g.between(5, 60)
	}
	if g.with(co2Cap, 0.25) {
		energy := 0.0
		for i := range g.c.Loads {
			for t, h := range g.hours {
				energy += h * g.c.Loads[i].PowerMW.At(t, 0)
			}
		}
		limit := math.Round(energy * g.between(0, 0.9))
		p.CO2CapT = &limit
	}
	if g.holds(renewableShare) {
		p.RenewableShareMin = g.share(0.25, 0.2, 0.5, 0.8)
	}
	p.HydroCountsAsRenewable = g.chance(0.5)
}
