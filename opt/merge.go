package opt

// Merging identical thermal units.
//
// Single units that are the same in everything but their name, have no ramp that
// can bind and no deep operation, become one cluster of n. The rows of single
// units, summed over them (thermal_cuts.go), say of the cluster exactly what its
// units can do together, so the merged case has the same least cost, with fewer
// integers and without the symmetry of exchanging units. split.go turns its plans
// into plans of the units.
//
// Why exactly: in a period, b = min(v_t, w_{t+1}) units both start and stop next
// where the minimum up time lets them (b = 0 otherwise), v_t - b start, w_{t+1} - b
// stop next, and the others have the whole range. With the most above minimum of
// each the rows of thermal_cuts.go add up to the sum of the units' limits, segment
// by segment. So power can be shared out within them at the same cost, and reserve
// by what each has left. Limits of reserve by minutes would have to hold unit by
// unit too: with them, units are merged only where none has a start-up or
// shut-down limit, and all share alike.
//
// Ramps that bind between periods are limits unit by unit too, and a row over the
// cluster lends the ramp of one unit to another. Units with such ramps are merged
// only on demand (mergeRamped): the merged case then relaxes the one it came from.
// Its bounds hold, its plans may cost too little; apart.go makes plans of the units.

import (
	"encoding/json"
	"math"

	"github.com/wattbit/wattbit/model"
)

// merger is a case with its identical units and jobs (merge_jobs.go) merged.
type merger struct {
	from        *model.Case
	fingerprint string // of from, where anything is merged
	// Case is the merged case; from itself where nothing is merged.
	Case *model.Case
	// members are the thermal units of from that each of Case stands for, jobs
	// the jobs.
	members, jobs [][]int
	ix            *model.Index // of from, where jobs are merged
	// relaxed says that Case allows more than its units can do.
	relaxed bool
}

// unmerged keeps the units and jobs of a case apart.
func unmerged(c *model.Case) *merger { return &merger{from: c, Case: c} }

// merge merges the identical units and jobs of a valid case where that is exact.
func merge(c *model.Case) *merger { return mergeAlike(c, (*Model).mergeKey) }

// mergeRamped merges identical units whose ramps bind as well.
func mergeRamped(c *model.Case) *merger {
	g := mergeAlike(c, (*Model).alikeKey)
	m := &Model{Case: c, T: c.Horizon.Len(), Hours: c.Horizon.Hours()}
	for _, members := range g.members {
		if _, exact := m.mergeKey(&c.ThermalUnits[members[0]]); len(members) > 1 && !exact {
			g.relaxed = true
		}
	}
	return g
}

// manyUnitPeriods is the number of units times periods, and fewMerged the part of
// the units, from which a case of short periods is searched by a relaxation with
// units merged.
const (
	manyUnitPeriods = 20_000
	fewMerged       = 0.5
)

// mergeFor merges the units of a case as its search wants them: exactly, but for
// large fleets on short periods, where ramps bind that would not in hours.
func mergeFor(c *model.Case, method Method) *merger {
	g := merge(c)
	hours := c.Horizon.Hours()
	if method == Decomposition || len(g.Case.ThermalUnits)*len(hours) < manyUnitPeriods || mergePeriods(hours) == nil {
		return g
	}
	if r := mergeRamped(c); float64(len(r.Case.ThermalUnits)) <= fewMerged*float64(len(g.Case.ThermalUnits)) {
		return r
	}
	return g
}

// mergeAlike merges the units that have the same key, and identical jobs.
func mergeAlike(c *model.Case, keyOf func(*Model, *model.ThermalUnit) (string, bool)) *merger {
	g := unmerged(c)
	m := &Model{Case: c, T: c.Horizon.Len(), Hours: c.Horizon.Hours()}
	groups := make(map[string]int)
	for i := range c.ThermalUnits {
		key, ok := keyOf(m, &c.ThermalUnits[i])
		if at, found := groups[key]; ok && found {
			g.members[at] = append(g.members[at], i)
			continue
		}
		if ok {
			groups[key] = len(g.members)
		}
		g.members = append(g.members, []int{i})
	}
	var jobs []model.Job
	jobs, g.jobs = mergeJobs(c)
	if len(g.members) == len(c.ThermalUnits) && len(g.jobs) == len(c.Jobs) {
		return g
	}
	merged := *c
	if len(g.jobs) < len(c.Jobs) {
		merged.Jobs, g.ix = jobs, c.Index()
	}
	merged.ThermalUnits = make([]model.ThermalUnit, len(g.members))
	for k, members := range g.members {
		merged.ThermalUnits[k] = clustered(c.ThermalUnits[members[0]], len(members))
	}
	g.Case, g.fingerprint = &merged, c.Fingerprint()
	return g
}

// catalog returns the built-in ingredients for the merged case. Limits and segments
// are tight whatever f says: of several units the plain rows allow more than the
// units can do.
func (g *merger) catalog(f Formulation) []Ingredient {
	f.Thermal.Limits, f.Thermal.Segments = LimitsTight, SegmentsTight
	out := Catalog(f)
	if g.Case == g.from {
		return out
	}
	for _, k := range out {
		if k, ok := k.(*thermal); ok {
			k.merged = make([]bool, len(g.members))
			for i := range k.merged {
				k.merged[i] = len(g.members[i]) > 1
			}
		}
	}
	return out
}

// clustered returns a cluster of n units like u, with its name.
func clustered(u model.ThermalUnit, n int) model.ThermalUnit {
	if n == 1 {
		return u
	}
	times := func(s model.Series) model.Series {
		out := make(model.Series, len(s))
		for t, v := range s {
			out[t] = v
			if v > 0 {
				out[t] = v * float64(n)
			}
		}
		return out
	}
	u.Count = n
	u.MustRunUnits, u.FixedUnits, u.OutageUnits = times(u.MustRunUnits), times(u.FixedUnits), times(u.OutageUnits)
	if u.Initial != nil {
		s := *u.Initial
		s.UnitsOn *= n
		if s.PowerMW != nil {
			power := *s.PowerMW * float64(n)
			s.PowerMW = &power
		}
		u.Initial = &s
	}
	return u
}

// alikeKey says what a single unit is but for its name; ok is false for units that
// no sum of rows describes.
func (m *Model) alikeKey(u *model.ThermalUnit) (key string, ok bool) {
	if u.N() > 1 || u.Deep != nil || someAbove(u.HeatMinPowerMW, m.T) {
		return "", false
	}
	like := *u
	like.Name = ""
	text, err := json.Marshal(&like)
	return string(text), err == nil
}

// mergeKey is alikeKey where ok is false for units that are not merged exactly
// either.
func (m *Model) mergeKey(u *model.ThermalUnit) (key string, ok bool) {
	if u.N() > 1 || u.Deep != nil {
		return "", false
	}
	d := m.thermalData(u)
	shortest := math.Inf(1)
	for _, h := range d.between {
		shortest = math.Min(shortest, h)
	}
	span := d.m - d.p
	binds := func(ramp *float64, hours float64) bool { return ramp != nil && *ramp*hours < span }
	if binds(u.RampUpMWPerH, shortest) || binds(u.RampDownMWPerH, shortest) {
		return "", false
	}
	if d.su < d.m || d.sd < d.m {
		// Whether a unit can stop at once depends on its own power before.
		if d.initialPower > d.sd {
			return "", false
		}
		for i := range m.Case.Reserves {
			r := &m.Case.Reserves[i]
			ramp := u.RampUpMWPerH
			if r.Direction == model.Down {
				ramp = u.RampDownMWPerH
			}
			if !r.RampShared && binds(ramp, r.DeliveryH()) {
				return "", false
			}
		}
	}
	return m.alikeKey(u)
}
