package hubunits

import (
	"fmt"

	"github.com/wattbit/wattbit/model"
)

// Follow returns a copy of the case with single units as Replace does, in which
// the units on are those of a plan of the clustered case: what that plan costs
// once single units carry it out. Of the units of a cluster, the one that is on
// for longest stops and the one that is off for longest starts, so that minimum
// times which hold for the cluster hold for each; among equals the smallest stops
// and the largest starts. Units that must run are not stopped.
func Follow(c *model.Case, units []Unit, p *model.Plan) (*model.Case, error) {
	if p.CaseSHA256 != c.Fingerprint() || len(p.ThermalUnits) != len(c.ThermalUnits) {
		return nil, fmt.Errorf("single units in %s: the plan is not of this case", c.Name)
	}
	out, err := replace(c, units, p)
	if err != nil {
		return nil, err
	}
	out.Name = c.Name + "-followed"
	return out, nil
}

// fix sets the commitment of the units of a cluster, which stand from the largest
// down, to what the cluster does.
func fix(units []model.ThermalUnit, cluster *model.ThermalUnit, p *model.ThermalPlan) {
	periods := len(p.UnitsOn)
	on, since := make([]bool, len(units)), make([]int, len(units))
	for i := range units {
		on[i], since[i] = units[i].Initial.UnitsOn > 0, -1
		units[i].MustRunUnits = nil // the fixed number says it
		units[i].FixedUnits = make(model.Series, periods)
	}
	for t := range periods {
		must := int(cluster.MustRunUnits.At(t, 0))
		stop, start := p.Stops[t], p.Starts[t]
		before := append([]bool(nil), on...)
		for range stop {
			if i := longest(before, since, true, t, func(i int) bool { return i >= must }); i >= 0 {
				on[i], since[i] = false, t
			}
		}
		for range start {
			if i := longest(before, since, false, t, func(int) bool { return true }); i >= 0 {
				on[i], since[i] = true, t
			}
		}
		for i := range units {
			if on[i] {
				units[i].FixedUnits[t] = 1
			}
		}
	}
}

// longest returns the unit that has been in a state for longest, of those that may
// leave it and have not changed in period t; -1 where there is none.
func longest(before []bool, since []int, state bool, t int, may func(i int) bool) int {
	best := -1
	for i := range before {
		if before[i] != state || since[i] == t || !may(i) {
			continue
		}
		// Units stand from the largest down: of equals the last stops, the first starts.
		if best < 0 || since[i] < since[best] || state && since[i] == since[best] {
			best = i
		}
	}
	return best
}
