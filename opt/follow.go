package opt

// Computing follows power: it is a small part of a system's cost, and its work
// can wait and move. So once the relaxation has priced power, capacity and data,
// the integers of computing are set by those prices, near the relaxation's
// point, without a search. What they are off is in the gap, like all else.

import (
	"math"
	"sort"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// Follower is an ingredient whose integers are set after those of the others,
// at the relaxation's prices. All kinds of computing are followers.
type Follower interface {
	// Follow sets the values of the kind's integer columns, given the
	// relaxation and what followers before it in the catalog took. A kind
	// without integers sets nothing.
	Follow(r *Rounding)
}

// Rounding is the state that followers share while they set their integers.
type Rounding struct {
	Model *Model
	// X and ReducedCost of the relaxation, one value a column.
	X, ReducedCost []float64

	x     []float64 // what is set
	held  []float64 // pool*T+t: units held so far
	ready []float64 // dataIndex*T+t: GB of capacity left
}

func newRounding(m *Model, res *solver.Result) *Rounding {
	r := &Rounding{
		Model: m, X: res.X, ReducedCost: res.ColDual,
		x:     append([]float64(nil), res.X...),
		held:  make([]float64, len(m.Case.Pools)*m.T),
		ready: make([]float64, len(m.Case.DataLinks)*2*m.T),
	}
	for i := range r.ready {
		t := i % m.T
		r.ready[i] = m.Case.DataLinks[i/m.T/2].CapacityGbps.At(t, 0) * model.GBPerGbpsH * m.Hours[t]
	}
	return r
}

// Set sets the value of column c.
func (r *Rounding) Set(c solver.Col, v float64) { r.x[c] = v }

// room is what the pool can still offer in period t with every available module
// on.
func (r *Rounding) room(pool, t int) float64 {
	return r.Model.Case.Pools[pool].MaxUnits(t) - r.held[pool*r.Model.T+t]
}

// Follow counts what the relaxation routes: workloads have no integers.
func (k *workloads) Follow(r *Rounding) {
	m := r.Model
	for i, routes := range k.routes {
		w := &m.Case.Workloads[i]
		utilisation := 1.0
		if c, ok := m.ix.LatencyClasses[w.Class]; ok {
			utilisation = m.Case.LatencyClasses[c].Cap()
		}
		places := m.ix.WorkloadPlacements(w)
		for _, route := range routes {
			speed := m.Case.Pools[route.pool].UnitSpeed()
			for t := range m.T {
				q := r.X[int(route.col)+t]
				r.held[route.pool*m.T+t] += q / (speed * utilisation)
				if p := places[route.pool]; p.DataLink >= 0 {
					r.ready[dataIndex(p.DataLink, p.Forward)*m.T+t] -= w.DataGBPerUnitH * q * m.Hours[t]
				}
			}
		}
	}
}

// Follow keeps whole jobs where the relaxation has them, and puts each of the
// rest where its reduced cost is least and room is left: large jobs first.
func (k *jobs) Follow(r *Rounding) {
	m := r.Model
	left := make([]int, len(k.classes))
	for i := range k.classes {
		left[i] = k.classes[i].keepWhole(r, &m.Case.Jobs[i])
	}
	order := make([]int, len(k.classes))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool {
		return m.Case.Jobs[order[a]].WorkUnitH > m.Case.Jobs[order[b]].WorkUnitH
	})
	for _, i := range order {
		for range left[i] {
			if !k.classes[i].insert(r, &m.Case.Jobs[i]) {
				r.x[k.classes[i].dropped]++
			}
		}
	}
}

// keepWhole sets every number to the relaxation's, rounded down, takes the room
// for it, and returns how many jobs are left to place.
func (c *jobColumns) keepWhole(r *Rounding, j *model.Job) (left int) {
	m := r.Model
	whole := func(col solver.Col) float64 { return math.Floor(r.X[col] + 1e-6) }
	n := whole(c.dropped)
	r.x[c.dropped] = n
	for i := range c.starts {
		s := &c.starts[i]
		v := whole(s.col)
		r.x[s.col] = v
		n += v
		s.hold(r, j, v)
	}
	for i := range c.groups {
		g := &c.groups[i]
		v := whole(g.number)
		r.x[g.number] = v
		n += v
		if v == 0 {
			continue
		}
		for t := g.first; t <= g.last; t++ {
			r.held[g.pool*m.T+t] += v / r.X[g.number] * r.X[int(g.busy)+t-g.first]
		}
	}
	// Transfers are kept as the relaxation has them, those of parts of jobs too:
	// what is left of a link is then never too much.
	for _, tr := range c.transfers {
		for tau := tr.first; tau < tr.end; tau++ {
			r.ready[dataIndex(tr.place.DataLink, tr.place.Forward)*m.T+tau] -= r.X[int(tr.gb)+tau-tr.first]
		}
	}
	return max(0, j.N()-int(n))
}

func (s *rigidStart) hold(r *Rounding, j *model.Job, n float64) {
	for tau := s.t; tau < s.end; tau++ {
		r.held[s.pool*r.Model.T+tau] += n * j.Units
	}
}

// insert places one job and says whether it could.
func (c *jobColumns) insert(r *Rounding, j *model.Job) bool {
	m := r.Model
	type option struct {
		cost, share float64
		start       *rigidStart
		group       *jobGroup
	}
	var options []option
	for i := range c.starts {
		s := &c.starts[i]
		options = append(options, option{r.ReducedCost[s.col], r.X[s.col] - r.x[s.col], s, nil})
	}
	for i := range c.groups {
		g := &c.groups[i]
		options = append(options, option{r.ReducedCost[g.number], r.X[g.number] - r.x[g.number], nil, g})
	}
	sort.SliceStable(options, func(a, b int) bool {
		if options[a].cost != options[b].cost {
			return options[a].cost < options[b].cost
		}
		return options[a].share > options[b].share
	})
	for _, o := range options {
		if s := o.start; s != nil {
			if !s.fitsIn(r, j) || !c.receive(r, j, s.transfer, s.t) {
				continue
			}
			s.hold(r, j, 1)
			r.x[s.col]++
			return true
		}
		g := o.group
		busy := g.spread(r, j)
		if busy == nil || !c.receive(r, j, g.transfer, g.first) {
			continue
		}
		for i, z := range busy {
			r.held[g.pool*m.T+g.first+i] += z
		}
		r.x[g.number]++
		return true
	}
	return false
}

// roomSlack is the number of units by which a job may be short of room: the
// rounding of sums.
const roomSlack = 1e-6

func (s *rigidStart) fitsIn(r *Rounding, j *model.Job) bool {
	for tau := s.t; tau < s.end; tau++ {
		if r.room(s.pool, tau) < j.Units-roomSlack {
			return false
		}
	}
	return true
}

// spread gives one job of a group its busy units, evenly as far as there is room;
// nil when there is too little.
func (g *jobGroup) spread(r *Rounding, j *model.Job) []float64 {
	m := r.Model
	speed := m.Case.Pools[g.pool].UnitSpeed()
	most := make([]float64, g.last-g.first+1)
	sum := 0.0
	for i := range most {
		most[i] = math.Max(0, math.Min(j.Units, r.room(g.pool, g.first+i)))
		sum += most[i] * speed * m.Hours[g.first+i]
	}
	if sum < j.WorkUnitH {
		return nil
	}
	for i := range most {
		most[i] *= j.WorkUnitH / sum
	}
	return most
}

// receive takes the capacity for one job's input, latest periods first, and
// says whether it was there.
func (c *jobColumns) receive(r *Rounding, j *model.Job, transfer, before int) bool {
	if transfer < 0 {
		return true
	}
	tr := &c.transfers[transfer]
	row := dataIndex(tr.place.DataLink, tr.place.Forward) * r.Model.T
	there := 0.0
	for tau := tr.first; tau < min(before, tr.end); tau++ {
		there += math.Max(0, r.ready[row+tau])
	}
	left := j.InputGB
	if there < left {
		return false
	}
	for tau := min(before, tr.end) - 1; tau >= tr.first && left > 0; tau-- {
		part := math.Min(left, math.Max(0, r.ready[row+tau]))
		r.ready[row+tau] -= part
		left -= part
	}
	return true
}

// Follow switches on the modules that the work held needs, with the least times.
func (k *pools) Follow(r *Rounding) {
	m := r.Model
	for i := range m.Case.Pools {
		p := &m.Case.Pools[i]
		if p.AlwaysOn {
			continue
		}
		on := make([]float64, m.T)
		for t := range on {
			on[t] = math.Ceil(r.held[i*m.T+t]/p.UnitsPerModule - roomSlack)
		}
		m.lengthen(on, p.MinOnH)
		m.fillValleys(on, p.MinOffH)
		last := float64(p.MaxModules(0))
		if p.InitialModulesOn != nil {
			last = float64(*p.InitialModulesOn)
		}
		for t := range on {
			on[t] = math.Min(on[t], float64(p.MaxModules(t)))
			r.Set(k.on[i]+solver.Col(t), on[t])
			r.Set(k.start[i]+solver.Col(t), math.Max(0, on[t]-last))
			last = on[t]
		}
	}
}

// lengthen raises a series so that every rise lasts the duration.
func (m *Model) lengthen(on []float64, d float64) {
	from := m.windows(d)
	out := make([]float64, len(on))
	for t := range on {
		for s := from[t]; s <= t; s++ {
			out[t] = math.Max(out[t], on[s])
		}
	}
	copy(on, out)
}

// fillValleys raises a series so that every fall lasts the duration: between
// two periods less than that apart it stays at the lower of the two.
func (m *Model) fillValleys(on []float64, d float64) {
	from := m.windows(d)
	for t := range on {
		if t == 0 {
			continue
		}
		for s := max(0, from[t]-1); s < t; s++ {
			level := math.Min(on[s], on[t])
			for x := s + 1; x < t; x++ {
				on[x] = math.Max(on[x], level)
			}
		}
	}
}

// Follow sets nothing: the power of a site follows from its pools.
func (*sites) Follow(*Rounding) {}
