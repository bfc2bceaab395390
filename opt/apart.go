package opt

// Plans of ramped units that were merged (merge.go: mergeRamped).
//
// A cluster's row of a ramp lends the ramp of one unit to another, so the power of
// a plan of clusters cannot always be shared out. Its commitment can (split.go:
// starts matched to stops), and once the commitment of every unit is fixed, units
// that are alike and do the same at the same time are exchangeable: what k of them
// can do together is k times what one can do, for the set of one's dispatches is
// convex. So the units are merged anew, by what they are and by their commitment,
// exactly, and the linear program over these classes dispatches the single units at
// least cost. What the ramps cost beyond the relaxation comes out there.

import (
	"fmt"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// apart is the program of a commitment, unit by unit.
type apart struct {
	merged  *merger
	catalog []Ingredient
	m       *Model
	p       *solver.Problem // costs in the engine's money
	x       []float64       // the integers to hold
	columns []int32         // column of the merged program that each column adds to, -1 for none
}

// apart returns the program in which every unit keeps the commitment that the
// integers of x give it, and all other integers are those of x.
func (s *session) apart(x []float64) (*apart, error) {
	a := &apart{}
	var of []int // unit of the merged case that each class comes from
	var err error
	if a.merged, of, err = s.classes(x); err != nil {
		return nil, err
	}
	a.catalog = a.merged.catalog(s.o.Formulation)
	var jobs *placed
	if s.placed != nil {
		a.catalog, jobs = placing(a.catalog, s.placed.jobs)
	}
	if a.m, a.p, err = Formulate(a.merged.Case, a.catalog); err != nil {
		return nil, err
	}
	scaleCosts(a.p, s.scale)
	if jobs != nil {
		for _, b := range jobs.promises {
			b.write(a.p) // as in s.p
		}
	}
	if err := a.match(s, of, x); err != nil {
		return nil, err
	}
	return a, nil
}

// classes merges the units that are alike and have the same commitment by x; jobs
// stay merged as they are. It returns the unit of the merged case that each of the
// new ones comes from too.
func (s *session) classes(x []float64) (*merger, []int, error) {
	g := s.merged
	units := thermalOf(s.catalog)
	if units == nil {
		return nil, nil, fmt.Errorf("opt: apart: the catalog has no thermal units")
	}
	pt := &Point{Model: s.m, X: x}
	single := &Model{Case: g.from, T: s.m.T, Hours: s.m.Hours}
	out := &merger{from: g.from, fingerprint: g.fingerprint, jobs: g.jobs, ix: g.ix}
	var of []int
	parts := *g.Case
	parts.ThermalUnits = nil
	for k, members := range g.members {
		u := &g.from.ThermalUnits[members[0]]
		if len(members) == 1 {
			out.members, of = append(out.members, members), append(of, k)
			parts.ThermalUnits = append(parts.ThermalUnits, *u)
			continue
		}
		commitments, err := single.commitments(u, len(members), units.commitmentOf(pt, k))
		if err != nil {
			return nil, nil, fmt.Errorf("opt: split %d units like %s: %w", len(members), u.Name, err)
		}
		place := make(map[string]int)
		for i, c := range commitments {
			key := fmt.Sprint(c.Starts, c.Stops)
			at, found := place[key]
			if !found {
				at = len(out.members)
				place[key] = at
				out.members, of = append(out.members, nil), append(of, k)
				parts.ThermalUnits = append(parts.ThermalUnits, *u)
				parts.ThermalUnits[at].FixedUnits = series(c.UnitsOn)
			}
			out.members[at] = append(out.members[at], members[i])
		}
	}
	for at, members := range out.members {
		name := g.from.ThermalUnits[members[0]].Name
		parts.ThermalUnits[at] = clustered(parts.ThermalUnits[at], len(members))
		parts.ThermalUnits[at].Name = name
	}
	out.Case = &parts
	return out, of, nil
}

// commitments are those of each of n units like u that together do what p does.
func (m *Model) commitments(u *model.ThermalUnit, n int, p *model.ThermalPlan) ([]model.ThermalPlan, error) {
	d := m.thermalData(u)
	next, err := m.matchStarts(d, n, p)
	if err != nil {
		return nil, err
	}
	return m.splitCommitment(d, n, p, next)
}

// commitmentOf reads the commitment of unit i out of a point.
func (k *thermal) commitmentOf(pt *Point, i int) *model.ThermalPlan {
	c := &k.units[i]
	p := &model.ThermalPlan{UnitsOn: pt.Ints(c.on), Starts: pt.Ints(c.start), Stops: pt.Ints(c.stop)}
	if u := &pt.Model.Case.ThermalUnits[i]; len(u.Startup) > 0 {
		p.StartsByTier = startsByTier(pt, u, c, p.Starts)
	}
	return p
}

// thermalOf returns the thermal units of a catalog, nil without any.
func thermalOf(catalog []Ingredient) *thermal {
	for _, k := range catalog {
		if k, ok := k.(*thermal); ok {
			return k
		}
	}
	return nil
}

func series(values []int) model.Series {
	out := make(model.Series, len(values))
	for t, v := range values {
		out[t] = float64(v)
	}
	return out
}

// match pairs the program's columns with the merged program's and takes over x:
// the columns of other kinds stand in the same order, those of a unit too, but for
// the warm starts behind them, which the commitment itself gives.
func (a *apart) match(s *session, of []int, x []float64) error {
	a.x, a.columns = make([]float64, a.p.Cols()), make([]int32, a.p.Cols())
	ours, theirs := thermalOf(a.catalog), thermalOf(s.catalog)
	for j := range a.columns {
		a.columns[j] = -1
	}
	for at := range of {
		mine, whole := &ours.units[at], &theirs.units[of[at]]
		n, N := a.m.blockLen(mine.on)-len(mine.warm), s.m.blockLen(whole.on)-len(whole.warm)
		if n != N {
			return fmt.Errorf("opt: apart: unit %s has %d columns, %d merged", a.merged.Case.ThermalUnits[at].Name, n, N)
		}
		for j := range n {
			a.columns[int(mine.on)+j] = int32(whole.on) + int32(j)
		}
		if len(s.merged.members[of[at]]) == 1 {
			for j := range n + min(len(mine.warm), len(whole.warm)) {
				a.columns[int(mine.on)+j] = int32(whole.on) + int32(j)
				a.x[int(mine.on)+j] = x[int(whole.on)+j]
			}
			continue
		}
		a.commit(mine, at)
	}
	isTheirs := func(j int) bool { o, _ := s.m.OwnerOf(solver.Col(j)); return o.Kind == ours.Kind() }
	isPlaced := func(j int) bool { o, _ := a.m.OwnerOf(solver.Col(j)); return o.Kind == placedKind }
	k := 0
	for j := range a.columns {
		if o, _ := a.m.OwnerOf(solver.Col(j)); o.Kind == ours.Kind() {
			continue
		}
		for k < len(x) && isTheirs(k) {
			k++
		}
		if k == len(x) {
			return fmt.Errorf("opt: apart: the programs differ beside thermal units")
		}
		a.columns[j], a.x[j] = int32(k), x[k]
		if isPlaced(j) {
			a.p.ColLower[j], a.p.ColUpper[j] = s.p.ColLower[k], s.p.ColUpper[k]
		}
		k++
	}
	return nil
}

// commit sets the integers of a class to its fixed commitment; a start after a stop
// is as warm as that stop lets it be.
func (a *apart) commit(c *thermalColumns, at int) {
	u := &a.merged.Case.ThermalUnits[at]
	n := float64(u.N())
	on := 0.0
	if u.Initial != nil {
		on = float64(u.Initial.UnitsOn)
	}
	lastStop := -1
	for t := range a.m.T {
		now := u.FixedUnits.At(t, 0)
		a.x[int(c.on)+t] = now
		switch {
		case now > on:
			a.x[int(c.start)+t] = n
			for _, w := range c.warm {
				if w.stop == lastStop && w.t == t {
					a.x[w.col] = n
				}
			}
		case now < on:
			a.x[int(c.stop)+t] = n
			lastStop = t
		}
		on = now
	}
}

// blockLen is the number of columns from first on that belong to its owner.
func (m *Model) blockLen(first solver.Col) int {
	owner, n := m.b.ColOwner(first), 0
	for j := first; int(j) < m.b.Cols() && m.b.ColOwner(j) == owner; j++ {
		n++
	}
	return n
}

// gather adds a point of the program up to one of the merged program, whose other
// columns (warm starts) are those of x.
func (a *apart) gather(point, x []float64) []float64 {
	out := append([]float64(nil), x...)
	for _, j := range a.columns {
		if j >= 0 {
			out[j] = 0
		}
	}
	for j, to := range a.columns {
		if to >= 0 {
			out[to] += point[j]
		}
	}
	return out
}

// scaleCosts multiplies a program's costs.
func scaleCosts(p *solver.Problem, scale float64) {
	for j := range p.ColCost {
		p.ColCost[j] *= scale
	}
	p.Offset *= scale
}
