// Package hubunits makes the unit-level eight-hub day: the clustered coal of the
// example eight-hubs is replaced by the single units of a table.
//
// A cluster of the example is a zone, a size class and whether its units are
// retrofitted for flexible operation; its name is ZONE-coal-CLASS, with
// -flexible behind it for the retrofitted. A unit of the table joins the cluster
// of its zone and class, and of the n units of a zone and class, ordered from
// the largest down, the m that the example has retrofitted are those at the
// positions floor((j + 1/2) n / m), j = 0 .. m-1: they are spread evenly over the
// sizes, so that their capacity is the share that the example takes from the
// national total (257 of 1,120 GW).
//
// What a unit gets from its cluster:
//
//   - By capacity: the cost curve, the ramps and the start-up cost of one of the
//     cluster's units, times the ratio of the capacities; minimum output is the
//     cluster's share of capacity. The example's curve comes from heat rate of
//     the class and coal price of the zone, 1.075 times as high a heat rate at
//     minimum output.
//   - A retrofitted unit has no deep operation. Its minimum output is the
//     cluster's deep minimum, 0.30 or 0.35 of capacity, and its cost curve goes
//     on along the line of the lowest segment. (A heat rate of 1.075 times that
//     at full output at 0.30 would make the curve of the 600 MW class concave.)
//   - By emission factor: CO2 a MWh is the cluster's, times the unit's factor
//     over the mean of its zone and class by capacity.
//   - As it is: minimum up and down times, start-up tiers, reserve products.
//   - By size: of the units of a cluster, the largest are those that must run and
//     those on before the start, as many of each as in the example. Those on
//     share the cluster's output before the start by capacity.
package hubunits

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/wattbit/wattbit/model"
)

// classes of units by least capacity in MW, the largest first, with the names
// that the example's clusters bear.
var classes = []struct {
	name  string
	least float64
}{{"1000", 800}, {"600", 450}, {"300", math.Nextafter(250, 251)}, {"small", 0}}

const (
	coalMark       = "-coal-"
	flexibleSuffix = "-flexible"
)

// key is a zone and a class.
type key struct{ zone, class string }

// group is what the case and the table have of a zone and a class.
type group struct {
	normal, flexible *model.ThermalUnit
	units            []Unit
}

// Replace returns a copy of the case in which the clusters of coal are single
// units. The case must be one of the example's: the error lists every zone and
// class where case and table do not fit. The clusters' place in the case is kept.
func Replace(c *model.Case, units []Unit) (*model.Case, error) { return replace(c, units, nil) }

// replace makes the single units; with a plan of the clustered case their
// commitment is fixed to it.
func replace(c *model.Case, units []Unit, follow *model.Plan) (*model.Case, error) {
	groups, err := grouped(c, units)
	if err != nil {
		return nil, fmt.Errorf("single units in %s: %w", c.Name, err)
	}
	out := *c
	out.Name += "-units"
	out.ThermalUnits = nil
	taken := map[string]bool{}
	for i := range c.ThermalUnits {
		cluster := &c.ThermalUnits[i]
		k, ok := keyOf(cluster)
		if !ok {
			out.ThermalUnits = append(out.ThermalUnits, *cluster)
			continue
		}
		g := groups[k]
		singles := g.singles(cluster, g.of(cluster))
		if follow != nil {
			fix(singles, cluster, &follow.ThermalUnits[i])
		}
		for _, u := range singles {
			u.Name = unique(u.Name, taken)
			out.ThermalUnits = append(out.ThermalUnits, u)
		}
	}
	return &out, nil
}

// keyOf takes a cluster's name apart; ok is false where it is not coal.
func keyOf(u *model.ThermalUnit) (k key, ok bool) {
	zone, class, ok := strings.Cut(u.Name, coalMark)
	return key{zone, strings.TrimSuffix(class, flexibleSuffix)}, ok
}

func grouped(c *model.Case, units []Unit) (map[key]*group, error) {
	groups := map[key]*group{}
	var order []key
	at := func(k key) *group {
		if groups[k] == nil {
			groups[k] = &group{}
			order = append(order, k)
		}
		return groups[k]
	}
	for i := range c.ThermalUnits {
		u := &c.ThermalUnits[i]
		if k, ok := keyOf(u); ok {
			if strings.HasSuffix(u.Name, flexibleSuffix) {
				at(k).flexible = u
			} else {
				at(k).normal = u
			}
		}
	}
	if len(order) == 0 {
		return nil, errors.New("it has no clusters of coal such as YRD-coal-600")
	}
	for _, u := range units {
		g := at(key{u.Zone, classOf(u.CapacityMW)})
		g.units = append(g.units, u)
	}
	var problems []error
	for _, k := range order {
		if err := groups[k].check(k); err != nil {
			problems = append(problems, err)
		}
		slices.SortStableFunc(groups[k].units, func(a, b Unit) int {
			return cmp.Or(cmp.Compare(b.CapacityMW, a.CapacityMW), cmp.Compare(a.Plant, b.Plant), cmp.Compare(a.Name, b.Name))
		})
	}
	return groups, errors.Join(problems...)
}

func classOf(mw float64) string {
	i := slices.IndexFunc(classes, func(c struct {
		name  string
		least float64
	}) bool {
		return mw >= c.least
	})
	return classes[i].name
}

func (g *group) check(k key) error {
	clusters := 0
	for _, c := range []*model.ThermalUnit{g.normal, g.flexible} {
		if c == nil {
			continue
		}
		clusters += c.Count
		switch {
		case c.Initial == nil || c.Initial.PowerMW == nil:
			return fmt.Errorf("%s has no initial output", c.Name)
		case c.MaxPowerMW <= 0 || len(c.Cost) < 2:
			return fmt.Errorf("%s has no cost curve", c.Name)
		}
	}
	if g.flexible != nil && g.flexible.Deep == nil {
		return fmt.Errorf("%s has no deep operation", g.flexible.Name)
	}
	if clusters != len(g.units) {
		return fmt.Errorf("%s, class %s: the case has %d units, the table %d", k.zone, k.class, clusters, len(g.units))
	}
	return nil
}

// of returns the units that belong to one of the group's two clusters, the
// largest first.
func (g *group) of(cluster *model.ThermalUnit) []Unit {
	m := 0
	if g.flexible != nil {
		m = g.flexible.Count
	}
	n, next := len(g.units), 0
	var ours []Unit
	for i, u := range g.units {
		retrofitted := next < m && i == (2*next+1)*n/(2*m)
		if retrofitted {
			next++
		}
		if retrofitted == (cluster == g.flexible) {
			ours = append(ours, u)
		}
	}
	return ours
}

// singles makes the units of a cluster.
func (g *group) singles(cluster *model.ThermalUnit, units []Unit) []model.ThermalUnit {
	var capacity, emission, on float64
	for _, u := range g.units {
		capacity += u.CapacityMW
		emission += u.CapacityMW * u.EmissionKgPerTJ
	}
	for _, u := range units[:cluster.Initial.UnitsOn] {
		on += u.CapacityMW
	}
	share := 0.0
	if on > 0 {
		share = *cluster.Initial.PowerMW / on
	}
	out := make([]model.ThermalUnit, len(units))
	for i, u := range units {
		s := single(cluster, u)
		s.CO2TPerMWh = round(cluster.CO2TPerMWh*u.EmissionKgPerTJ*capacity/emission, 4)
		s.MustRunUnits = one(cluster.MustRunUnits, i)
		s.Initial = &model.ThermalInitial{PowerMW: new(float64)}
		if i < cluster.Initial.UnitsOn {
			s.Initial.UnitsOn = 1
			*s.Initial.PowerMW = min(max(round(share*u.CapacityMW, 2), s.MinPowerMW), s.MaxPowerMW)
		}
		out[i] = s
	}
	return out
}

// single makes a unit of its own capacity from one of a cluster.
func single(cluster *model.ThermalUnit, u Unit) model.ThermalUnit {
	s := *cluster
	ratio := u.CapacityMW / cluster.MaxPowerMW
	cost := slices.Clone(cluster.Cost)
	if cluster.Deep != nil {
		least := cluster.Deep.MinPowerMW
		slope := (cost[1].CostPerH - cost[0].CostPerH) / (cost[1].PowerMW - cost[0].PowerMW)
		cost[0].CostPerH -= slope * (cost[0].PowerMW - least)
		cost[0].PowerMW = least
	}
	for i := range cost {
		cost[i] = model.CostPoint{PowerMW: round(cost[i].PowerMW*ratio, 2), CostPerH: round(cost[i].CostPerH*ratio, 2)}
	}
	cost[len(cost)-1].PowerMW = u.CapacityMW
	s.Name = u.Zone + " " + u.Plant
	if u.Name != "" {
		s.Name += ", " + u.Name
	}
	s.Count = 0
	s.MinPowerMW, s.MaxPowerMW, s.Cost = cost[0].PowerMW, u.CapacityMW, cost
	s.RampUpMWPerH, s.RampDownMWPerH = scaled(cluster.RampUpMWPerH, ratio), scaled(cluster.RampDownMWPerH, ratio)
	s.Startup = slices.Clone(cluster.Startup)
	for i := range s.Startup {
		s.Startup[i].Cost = round(s.Startup[i].Cost*ratio, 2)
	}
	s.Reserves = slices.Clone(cluster.Reserves)
	s.Deep = nil
	return s
}

func scaled(v *float64, ratio float64) *float64 {
	if v == nil {
		return nil
	}
	r := round(*v*ratio, 2)
	return &r
}

// one is the share of the i-th unit in a number of units: 1 in the periods in
// which the number is above i, absent where it never is.
func one(units model.Series, i int) model.Series {
	out := make(model.Series, len(units))
	some := false
	for t, n := range units {
		if n > float64(i) {
			out[t], some = 1, true
		}
	}
	if !some {
		return nil
	}
	return out
}

func round(v float64, decimals int) float64 {
	scale := math.Pow10(decimals)
	return math.Round(v*scale) / scale
}

// unique tells units of one name apart by a number.
func unique(name string, taken map[string]bool) string {
	free := name
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s (%d)", name, n)
	}
	taken[free] = true
	return free
}
