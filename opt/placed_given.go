package opt

// Jobs at given prices, as schedulers place them that take prices or carbon
// intensities from a forecast: each job in order of release to the cheapest place
// that is free (place.Session.InOrder), and power for what comes out. What a joint
// plan saves against that is the worth of planning both together.

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
)

// givenPrices answers with the same prices at any use.
type givenPrices place.Prices

// checkJobPrices says which site has no price for its power.
func checkJobPrices(c *model.Case, perMWh map[string][]float64) error {
	for i := range c.Sites {
		bus := c.Sites[i].Bus
		if n := len(perMWh[bus]); n != c.Horizon.Len() {
			return fmt.Errorf("opt: JobPrices has %d prices of bus %s; give one for each of %d periods", n, bus, c.Horizon.Len())
		}
	}
	return nil
}

// newGivenPrices turns prices of power by bus into prices of units: busy ones draw
// their power, held ones their share of a module's idle power, both with the overhead
// of a site whose machines are all busy. Data have the price of the link.
func newGivenPrices(m *Model, k *jobPlaces, perMWh map[string][]float64) givenPrices {
	p, c, T := k.problem, m.Case, m.T
	prices := place.NewPrices(p)
	for i, real := range k.real {
		pool := &c.Pools[real]
		base := &c.Pools[m.ix.BasePool(real)]
		site := m.ix.Sites[pool.Site]
		for t, price := range perMWh[c.Sites[site].Bus] {
			perMW := price * p.Hours[t] * m.fullPUE(site, t)
			prices.Busy[i*T+t] = perMW * pool.DynamicMWPerUnit
			prices.Held[i*T+t] = perMW * base.IdleMWPerModule / base.UnitsPerModule
		}
	}
	for i := range p.Links {
		for t := range T {
			prices.GB[i*T+t] = c.DataLinks[i/2].PricePerGB
		}
	}
	return givenPrices(prices)
}

// Price writes the prices; none rises.
func (g givenPrices) Price(_ *place.Use, _ []bool, prices, _ *place.Prices) {
	copy(prices.Held, g.Held)
	copy(prices.Busy, g.Busy)
	copy(prices.GB, g.GB)
}

// scheduled is a price that no place costs: a scheduler runs every job that it can.
const scheduled = 1e12

// atGivenPrices places the jobs at the prices that the options give, beside what
// workloads take where there are no jobs.
func (s *session) atGivenPrices(ctx context.Context, w *power) (*place.Result, error) {
	jobs := *s.placed.jobs.problem
	given := newGivenPrices(s.m, s.placed.jobs, s.o.JobPrices)
	nobody := place.NewUse(&jobs)
	if err := w.open(ctx, demandOf(w.p), &nobody); err != nil {
		return nil, err
	}
	jobs.Jobs = slices.Clone(jobs.Jobs)
	order := make([]int32, len(jobs.Jobs))
	for i := range jobs.Jobs {
		jobs.Jobs[i].DropPrice = scheduled
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(jobs.Jobs[a].First, jobs.Jobs[b].First) })
	in, err := place.New(&jobs, place.Options{Threads: 1})
	if err != nil {
		return nil, err
	}
	in.SetRoom(w.Room())
	in.InOrder(ctx, given, order)
	return &place.Result{Places: in.Places(), Use: *in.Use(), Bound: math.Inf(-1)}, nil
}
