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
	on    []float64 // pool*T+t: units of the modules that the relaxation has on, rounded up
	idle  []float64 // pool*T+t: price of a unit beyond those: its share of a module's idle power
	ready []float64 // dataIndex*T+t: GB of capacity left
}

func newRounding(m *Model, res *solver.Result) *Rounding {
	r := &Rounding{
		Model: m, X: res.X, ReducedCost: res.ColDual,
		x:     append([]float64(nil), res.X...),
		held:  make([]float64, len(m.Case.Pools)*m.T),
		on:    make([]float64, len(m.Case.Pools)*m.T),
		idle:  make([]float64, len(m.Case.Pools)*m.T),
		ready: make([]float64, len(m.Case.DataLinks)*2*m.T),
	}
	for i := range r.ready {
		t := i % m.T
		r.ready[i] = m.Case.DataLinks[i/m.T/2].CapacityGbps.At(t, 0) * model.GBPerGbpsH * m.Hours[t]
	}
	for i := range r.idle {
		p, t := &m.Case.Pools[i/m.T], i%m.T
		if p.UnitsPerModule == 0 {
			continue
		}
		site := m.ix.Sites[p.Site]
		power := res.RowDual[m.siteRow[site*m.T+t]]
		r.idle[i] = p.IdleMWPerModule / p.UnitsPerModule * m.Case.Sites[site].PUE.At(t, 1) * math.Max(0, power)
	}
	return r
}

// Set sets the value of column c.
func (r *Rounding) Set(c solver.Col, v float64) { r.x[c] = v }

// roomSlack is the number of units by which work may be short of room: the
// rounding of sums.
const roomSlack = 1e-6

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
		utilisation := m.utilisation(w)
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

// Follow keeps whole jobs where the relaxation has them and puts each of the
// rest where its reduced cost is least, as far as room is left: gangs first,
// the widest ahead, because nothing else is as hard to fit.
func (k *jobs) Follow(r *Rounding) {
	m := r.Model
	for _, c := range k.classes {
		// Transfers are kept as the relaxation has them, those of parts of
		// jobs too: what is left of a link is then never too much.
		for _, tr := range c.transfers {
			for tau := tr.first; tau < tr.end; tau++ {
				r.ready[dataIndex(tr.place.DataLink, tr.place.Forward)*m.T+tau] -= r.X[int(tr.gb)+tau-tr.first]
			}
		}
	}
	order := make([]int, len(k.classes))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool {
		x, y := &m.Case.Jobs[order[a]], &m.Case.Jobs[order[b]]
		if x.Shape != y.Shape {
			return x.Shape == model.Rigid
		}
		return x.Units > y.Units
	})
	for _, i := range order {
		k.classes[i].place(r, &m.Case.Jobs[i])
	}
}

// place sets the numbers of one class.
func (c *jobColumns) place(r *Rounding, j *model.Job) {
	whole := func(col solver.Col) int { return int(math.Floor(r.X[col] + 1e-6)) }
	left := j.N() - whole(c.dropped)
	r.x[c.dropped] = float64(whole(c.dropped))
	for i := range c.starts {
		s := &c.starts[i]
		r.x[s.col] = 0
		for range whole(s.col) {
			if left > 0 && s.fitsIn(r, j) {
				s.hold(r, j, 1)
				r.x[s.col]++
				left--
			}
		}
	}
	for i := range c.groups {
		g := &c.groups[i]
		r.x[g.number] = 0
		n := min(whole(g.number), left)
		if n > 0 && g.keep(r, float64(n)) {
			r.x[g.number] = float64(n)
			left -= n
		}
	}
	for range left {
		if !c.insert(r, j) {
			r.x[c.dropped]++
		}
	}
}

// keep takes the room for n jobs of a group as the relaxation has them, and says
// whether it was there.
func (g *jobGroup) keep(r *Rounding, n float64) bool {
	for t := g.first; t <= g.last; t++ {
		if r.room(g.pool, t) < n/r.X[g.number]*r.X[int(g.busy)+t-g.first]-roomSlack {
			return false
		}
	}
	for t := g.first; t <= g.last; t++ {
		r.held[g.pool*r.Model.T+t] += n / r.X[g.number] * r.X[int(g.busy)+t-g.first]
	}
	return true
}

func (s *rigidStart) hold(r *Rounding, j *model.Job, n float64) {
	for tau := s.t; tau < s.end; tau++ {
		r.held[s.pool*r.Model.T+tau] += n * j.Units
	}
}

// insert places one job where it costs least at the relaxation's prices, a start
// or a group with room for it, and says whether there was one.
func (c *jobColumns) insert(r *Rounding, j *model.Job) bool {
	best, share := math.Inf(1), 0.0
	var start *rigidStart
	var group *jobGroup
	var busy []float64
	better := func(cost, part float64) bool { return cost < best || cost == best && part > share }
	for i := range c.starts {
		s := &c.starts[i]
		cost, part := r.ReducedCost[s.col]+s.idleCost(r, j), r.X[s.col]-math.Floor(r.X[s.col])
		if better(cost, part) && s.fitsIn(r, j) && c.canReceive(r, j, s.transfer, s.t) {
			best, share, start = cost, part, s
		}
	}
	for i := range c.groups {
		g := &c.groups[i]
		z, cost := g.spread(r, j)
		if z == nil {
			continue
		}
		cost += r.ReducedCost[g.number]
		part := r.X[g.number] - math.Floor(r.X[g.number])
		if better(cost, part) && c.canReceive(r, j, g.transfer, g.first) {
			best, share, group, busy = cost, part, g, z
		}
	}
	switch {
	case group != nil:
		for i, z := range busy {
			r.held[group.pool*r.Model.T+group.first+i] += z
		}
		c.receive(r, j, group.transfer, group.first)
		r.x[group.number]++
	case start != nil:
		start.hold(r, j, 1)
		c.receive(r, j, start.transfer, start.t)
		r.x[start.col]++
	default:
		return false
	}
	return true
}

// idleCost is what a start costs in modules beyond those that the relaxation has
// on.
func (s *rigidStart) idleCost(r *Rounding, j *model.Job) float64 {
	cost := 0.0
	for tau := s.t; tau < s.end; tau++ {
		k := s.pool*r.Model.T + tau
		cost += math.Max(0, math.Min(j.Units, r.held[k]+j.Units-r.on[k])) * r.idle[k]
	}
	return cost
}

func (s *rigidStart) fitsIn(r *Rounding, j *model.Job) bool {
	for tau := s.t; tau < s.end; tau++ {
		if r.room(s.pool, tau) < j.Units-roomSlack {
			return false
		}
	}
	return true
}

// spread gives one job of a group its busy units where they cost least: in
// modules that are on, then in others; nil when there is too little room.
func (g *jobGroup) spread(r *Rounding, j *model.Job) (busy []float64, cost float64) {
	m := r.Model
	speed := m.Case.Pools[g.pool].UnitSpeed()
	type piece struct{ t, units, price float64 } // price per unit-hour of work
	var pieces []piece
	for t := g.first; t <= g.last; t++ {
		k, x := g.pool*m.T+t, float64(t-g.first)
		price := r.ReducedCost[int(g.busy)+t-g.first]
		most := math.Max(0, math.Min(j.Units, r.room(g.pool, t)))
		cheap := math.Max(0, math.Min(most, r.on[k]-r.held[k]))
		work := speed * m.Hours[t]
		pieces = append(pieces, piece{x, cheap, price / work}, piece{x, most - cheap, (price + r.idle[k]) / work})
	}
	sort.SliceStable(pieces, func(a, b int) bool { return pieces[a].price < pieces[b].price })
	busy = make([]float64, g.last-g.first+1)
	left := j.WorkUnitH
	for _, p := range pieces {
		if left <= 1e-9*j.WorkUnitH {
			break
		}
		work := speed * m.Hours[g.first+int(p.t)]
		z := math.Min(p.units, left/work)
		busy[int(p.t)] += z
		left -= z * work
		cost += z * work * p.price
	}
	if left > 1e-9*j.WorkUnitH {
		return nil, 0
	}
	return busy, cost
}

// canReceive says whether the data link has room for one job's input before a
// period.
func (c *jobColumns) canReceive(r *Rounding, j *model.Job, transfer, before int) bool {
	if transfer < 0 {
		return true
	}
	tr := &c.transfers[transfer]
	row := dataIndex(tr.place.DataLink, tr.place.Forward) * r.Model.T
	there := 0.0
	for tau := tr.first; tau < min(before, tr.end); tau++ {
		there += math.Max(0, r.ready[row+tau])
	}
	return there >= j.InputGB
}

// receive takes that room, latest periods first.
func (c *jobColumns) receive(r *Rounding, j *model.Job, transfer, before int) {
	if transfer < 0 {
		return
	}
	tr := &c.transfers[transfer]
	row := dataIndex(tr.place.DataLink, tr.place.Forward) * r.Model.T
	left := j.InputGB
	for tau := min(before, tr.end) - 1; tau >= tr.first && left > 0; tau-- {
		part := math.Min(left, math.Max(0, r.ready[row+tau]))
		r.ready[row+tau] -= part
		left -= part
	}
}

// seeModules notes what the relaxation has on.
func (k *pools) seeModules(r *Rounding) {
	m := r.Model
	for i := range m.Case.Pools {
		for t := range m.T {
			r.on[i*m.T+t] = m.Case.Pools[i].UnitsPerModule * math.Ceil(r.X[int(k.on[i])+t]-roomSlack)
		}
	}
}

// Follow switches on the modules that the work held needs.
func (k *pools) Follow(r *Rounding) {
	k.switchOn(r, func(pool, t int) float64 {
		return r.held[pool*r.Model.T+t] / r.Model.Case.Pools[pool].UnitsPerModule
	})
}

// switchOn sets the modules to what is needed, rounded up, with the least times.
func (k *pools) switchOn(r *Rounding, needed func(pool, t int) float64) {
	m := r.Model
	for i := range m.Case.Pools {
		p := &m.Case.Pools[i]
		on := make([]float64, m.T)
		for t := range on {
			on[t] = math.Ceil(needed(i, t) - roomSlack)
		}
		last := float64(p.MaxModules(0))
		if p.InitialModulesOn != nil {
			last = float64(*p.InitialModulesOn)
		}
		m.lengthen(on, p.MinOnH)
		m.fillValleys(on, last, p.MinOffH)
		for t := range on {
			most := float64(p.MaxModules(t))
			if on[t] = math.Min(on[t], most); p.AlwaysOn {
				on[t] = most
			}
			r.Set(k.on[i]+solver.Col(t), on[t])
			r.Set(k.start[i]+solver.Col(t), math.Max(0, on[t]-last))
			r.Set(k.stop[i]+solver.Col(t), math.Max(0, last-on[t]))
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
// two periods less than that apart it stays at the lower of the two. The value
// before the first period is initial.
func (m *Model) fillValleys(on []float64, initial, d float64) {
	from := m.windows(d)
	before := func(s int) float64 {
		if s < 0 {
			return initial
		}
		return on[s]
	}
	for t := range on {
		// A fall in s+1 still binds in t, for every s+1 in the window.
		for s := from[t] - 1; s < t; s++ {
			level := math.Min(before(s), on[t])
			for x := s + 1; x < t; x++ {
				on[x] = math.Max(on[x], level)
			}
		}
	}
}

// Follow sets nothing: the power of a site follows from its pools.
func (*sites) Follow(*Rounding) {}
