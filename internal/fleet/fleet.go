// Package fleet makes thermal systems of any size alike to a given one, to
// measure how planning grows with the number of units.
//
// The units of the given case stand in order of capacity, and the j-th of n new
// ones (j = 0 .. n-1) is a variant of the unit at floor((j + 1/2) m / n) of the m
// given: a smaller fleet is spread evenly over the sizes, a larger one has
// several variants of each. A variant differs by three factors drawn evenly, from
// the seed and j alone:
//
//   - size, 0.9 to 1.1: every MW, and with it every cost of running and starting,
//   - price, 0.95 to 1.05: the cost of running,
//   - start, 0.9 to 1.1: the cost of starting.
//
// So no two units are the same, as they often are in a real fleet, and nothing can
// be gained by treating them together. Load, renewables and reserve are multiplied
// by the ratio of the capacities: the system stays as tight as it was.
package fleet

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// Grow returns a case with n thermal units alike to those of c. The case must
// hold nothing but buses, loads, thermal units that stand by themselves,
// renewables and reserve.
func Grow(c *model.Case, n int, seed uint64) (*model.Case, error) {
	if err := simple(c); err != nil {
		return nil, fmt.Errorf("fleet of %d units alike to %s: %w", n, c.Name, err)
	}
	if n < 1 {
		return nil, fmt.Errorf("fleet of %d units: give at least 1", n)
	}
	given := slices.Clone(c.ThermalUnits)
	slices.SortStableFunc(given, func(a, b model.ThermalUnit) int {
		return cmp.Or(cmp.Compare(b.MaxPowerMW, a.MaxPowerMW), cmp.Compare(a.Name, b.Name))
	})
	out := *c
	out.Name = fmt.Sprintf("%s-%d-units", c.Name, n)
	out.Description = fmt.Sprintf("%d thermal units alike to those of %s, seed %d.", n, c.Name, seed)
	out.ThermalUnits = make([]model.ThermalUnit, n)
	var before, after float64
	for _, u := range given {
		before += u.MaxPowerMW
	}
	for j := range n {
		i := int((2*int64(j) + 1) * int64(len(given)) / (2 * int64(n)))
		u := variant(&given[i], rand.New(rand.NewPCG(seed, uint64(j))))
		u.Name = fmt.Sprintf("%s v%d", u.Name, j)
		after += u.MaxPowerMW
		out.ThermalUnits[j] = u
	}
	scaleRest(&out, after/before)
	if _, err := out.Validate(); err != nil {
		return nil, fmt.Errorf("fleet of %d units alike to %s: %w", n, c.Name, err)
	}
	return &out, nil
}

// simple refuses what would have to grow by rules of its own.
func simple(c *model.Case) error {
	if len(c.ThermalUnits) == 0 {
		return errors.New("it has no thermal units")
	}
	for what, n := range map[string]int{
		"exchanges": len(c.Exchanges), "hydro": len(c.Hydro), "storages": len(c.Storages), "links": len(c.Links),
		"sites": len(c.Sites), "workloads": len(c.Workloads), "jobs": len(c.Jobs),
	} {
		if n > 0 {
			return fmt.Errorf("it has %s; only thermal units, loads, renewables and reserve can grow", what)
		}
	}
	for i := range c.ThermalUnits {
		if u := &c.ThermalUnits[i]; u.Count > 1 || u.Deep != nil || u.HeatMinPowerMW.Given() || len(u.Cost) == 0 {
			return fmt.Errorf("%s is a cluster, bound by heat, or has deep operation", u.Name)
		}
	}
	return nil
}

// variant is a unit of another size, price and start-up cost.
func variant(of *model.ThermalUnit, r *rand.Rand) model.ThermalUnit {
	// The factors are rounded and not the products: a curve of which only the ends
	// are rounded can be concave.
	size := round(0.9+0.2*r.Float64(), 4)
	price := round(0.95+0.1*r.Float64(), 4)
	start := round(0.9+0.2*r.Float64(), 4)
	mw := func(v float64) float64 { return v * size }
	u := *of
	u.MinPowerMW, u.MaxPowerMW = mw(u.MinPowerMW), mw(u.MaxPowerMW)
	for _, v := range []**float64{&u.RampUpMWPerH, &u.RampDownMWPerH, &u.StartupLimitMW, &u.ShutdownLimitMW} {
		if *v != nil {
			scaled := mw(**v)
			*v = &scaled
		}
	}
	u.Cost = slices.Clone(u.Cost)
	for i := range u.Cost {
		u.Cost[i] = model.CostPoint{PowerMW: mw(u.Cost[i].PowerMW), CostPerH: u.Cost[i].CostPerH * size * price}
	}
	u.Startup = slices.Clone(u.Startup)
	for i := range u.Startup {
		u.Startup[i].Cost = round(u.Startup[i].Cost*size*start, 2)
	}
	if u.Initial != nil {
		initial := *u.Initial
		if initial.PowerMW != nil {
			scaled := mw(*initial.PowerMW)
			initial.PowerMW = &scaled
		}
		u.Initial = &initial
	}
	return u
}

// scaleRest multiplies load, renewables and reserve.
func scaleRest(c *model.Case, by float64) {
	times := func(s model.Series) model.Series {
		out := slices.Clone(s)
		for t := range out {
			out[t] = round(out[t]*by, 3)
		}
		return out
	}
	c.Loads, c.Renewables, c.Reserves = slices.Clone(c.Loads), slices.Clone(c.Renewables), slices.Clone(c.Reserves)
	for i := range c.Loads {
		c.Loads[i].PowerMW = times(c.Loads[i].PowerMW)
	}
	for i := range c.Renewables {
		r := &c.Renewables[i]
		r.CapacityMW = round(r.CapacityMW*by, 3)
		r.AvailableMW, r.MinPowerMW = times(r.AvailableMW), times(r.MinPowerMW)
	}
	for i := range c.Reserves {
		c.Reserves[i].RequirementMW = times(c.Reserves[i].RequirementMW)
	}
}

func round(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(v*scale) / scale
}
