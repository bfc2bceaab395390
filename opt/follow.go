package opt

// Computing follows power: it is a small part of a system's cost, and its work
// can wait and move. So once the relaxation has priced power, capacity and data,
// the integers of computing are set by those prices, near the relaxation's
// point, without a search. What they are off is in the gap, like all else.

import (
	"math"

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
	held  []float64 // cell: units held so far
	on    []float64 // cell: units of the modules that the relaxation has on, rounded up
	idle  []float64 // cell: price of a unit beyond those: its share of a module's idle power
	load  []float64 // queue*T+t: units that work of classes with queues keeps busy
	ready []float64 // dataIndex*T+t: GB of capacity left
	// secured are, by cell, the units that the dearest outage takes.
	secured []float64
	// copies of datasets that jobs wait for
	copies map[copyKey]askedCopy
	// ties between jobs, while they are placed
	ties *jobTies
}

func newRounding(m *Model, res *solver.Result) *Rounding {
	r := &Rounding{
		Model: m, X: res.X, ReducedCost: res.ColDual,
		x:    append([]float64(nil), res.X...),
		held: make([]float64, len(m.Case.Pools)*m.T),
		on:   make([]float64, len(m.Case.Pools)*m.T),
		idle: make([]float64, len(m.Case.Pools)*m.T),
		load: make([]float64, len(m.queues)*m.T), secured: make([]float64, len(m.Case.Pools)*m.T),
		ready: make([]float64, len(m.Case.DataLinks)*2*m.T), copies: make(map[copyKey]askedCopy),
	}
	for i := range r.ready {
		r.ready[i] = m.ix.DataGB(i/m.T/2, i%m.T)
	}
	for i := range r.idle {
		p, t := &m.Case.Pools[m.ix.BasePool(i/m.T)], i%m.T
		if p.UnitsPerModule == 0 {
			continue
		}
		site := m.ix.Sites[p.Site]
		power := res.RowDual[m.siteRow[site*m.T+t]]
		r.idle[i] = p.IdleMWPerModule / p.UnitsPerModule * m.itFactor(site, t) * math.Max(0, power)
	}
	return r
}

// Set sets the value of column c.
func (r *Rounding) Set(c solver.Col, v float64) { r.x[c] = v }

// cell is the position of a pool's modules in a period: a power level's are its
// base's.
func (r *Rounding) cell(pool, t int) int { return r.Model.ix.BasePool(pool)*r.Model.T + t }

// roomSlack is the number of units by which work may be short of room: the
// rounding of sums.
const roomSlack = 1e-6

// room is what the pool can still offer in period t with every available module
// on.
func (r *Rounding) room(pool, t int) float64 {
	return r.Model.ix.MaxUnits(pool, t) - r.held[r.cell(pool, t)]
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
			queue := m.queueAt(w.Class, route.pool)
			for t := range m.T {
				q := r.X[int(route.col)+t]
				if queue != nil {
					r.load[queue.number*m.T+t] += q / speed
				} else {
					r.held[r.cell(route.pool, t)] += q / (speed * utilisation)
				}
				if p := places[route.pool]; p.DataLink >= 0 {
					r.ready[dataIndex(p.DataLink, p.Forward)*m.T+t] -= w.DataGBPerUnitH * q * m.Hours[t]
				}
			}
		}
	}
}

// seeModules notes what the relaxation has on.
func (k *pools) seeModules(r *Rounding) {
	m := r.Model
	for i := range m.Case.Pools {
		if m.Case.Pools[i].PowerLevel() {
			continue
		}
		for t := range m.T {
			r.on[i*m.T+t] = m.Case.Pools[i].UnitsPerModule * math.Ceil(r.X[int(k.on[i])+t]-roomSlack)
		}
	}
}

// Follow switches on the modules that the work held needs, and that of any outage.
func (k *pools) Follow(r *Rounding) {
	k.switchOn(r, func(pool, t int) float64 {
		at := pool*r.Model.T + t
		return math.Max(r.held[at], r.secured[at]) / r.Model.Case.Pools[pool].UnitsPerModule
	})
}

// switchOn sets the modules to what is needed, rounded up, with the least times.
func (k *pools) switchOn(r *Rounding, needed func(pool, t int) float64) {
	m := r.Model
	for i := range m.Case.Pools {
		p := &m.Case.Pools[i]
		if p.PowerLevel() {
			continue
		}
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
