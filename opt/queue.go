package opt

// Queues: what a pool holds for the workloads of a class whose headroom is a waiting
// time. Together they keep a_t units busy there, and hold what that load needs
// (erlang.go): at least the least of the lines slope_k a + fixed_k, k = 0..K, with
// slopes falling, fixed_0 = 0.
//
//	sum of q_t / speed = a_t = sum over k of a_{k,t}
//	held_t = sum over k of slope_k a_{k,t} + sum over k > 0 of fixed_k on_{k,t},  on binary
//	0 <= a_{0,t} <= most_{0,t},   0 <= a_{k,t} <= most_{k,t} on_{k,t}
//
// where most_k is the load at which line k reaches all units of the pool, or all that can
// come if that is less, and a little more: so the price of a unit stands in the pool's row
// alone. Nothing says
// that only one line is on, and nothing need: with k the last one that is, all slopes
// used are at least slope_k, so held >= slope_k a + fixed_k, which is no less than the
// need. The relaxation is the best there is of a single queue, the chord from no load to
// the most.

import (
	"fmt"
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// poolQueue is the queue of a class at a pool.
type poolQueue struct {
	number, class, pool int
	*queue
	load    []solver.Row // by period: a = work that comes
	columns []needColumns
}

// needColumns are the load of a queue in a period, by the lines of its need.
type needColumns struct {
	lines []needLine
	on    []solver.Col // by line; noCol for the first
}

// newQueues finds the queues of the case, and adds the rows of their loads.
func (m *Model) newQueues() {
	open := make(map[[2]int]bool) // class, pool
	for i := range m.Case.Workloads {
		w := &m.Case.Workloads[i]
		class, ok := m.ix.LatencyClasses[w.Class]
		if !ok || m.Case.LatencyClasses[class].Queue == nil {
			continue
		}
		for _, place := range m.ix.WorkloadPlacements(w) {
			open[[2]int{class, place.Pool}] = place.OK || open[[2]int{class, place.Pool}]
		}
	}
	if len(open) == 0 {
		return
	}
	known := make(map[[2]float64]*queue)
	for class := range m.Case.LatencyClasses {
		for pool := range m.Case.Pools {
			if !open[[2]int{class, pool}] {
				continue
			}
			m.queues = append(m.queues, poolQueue{
				number: len(m.queues), class: class, pool: pool, queue: m.queueOf(class, pool, known),
				load: m.sharedRows("queue", m.T, func(int) (float64, float64) { return 0, 0 }),
			})
		}
	}
}

// queueOf returns what a class asks of its queue at a pool.
func (m *Model) queueOf(class, pool int, known map[[2]float64]*queue) *queue {
	q := m.Case.LatencyClasses[class].Queue
	late, limit := 1-q.Percentile, q.LimitMS/q.ServiceAt(m.Case.Pools[pool].UnitSpeed())
	of := known[[2]float64{late, limit}]
	if of == nil {
		of = newQueue(late, limit)
		known[[2]float64{late, limit}] = of
	}
	return of
}

// queueAt returns the queue of a class at a pool; nil where the class has none.
func (m *Model) queueAt(class string, pool int) *poolQueue {
	for i := range m.queues {
		if q := &m.queues[i]; q.pool == pool && m.Case.LatencyClasses[q.class].Name == class {
			return q
		}
	}
	return nil
}

// beyondPool is how far the bound of a line lies beyond what the pool offers.
const beyondPool = 1e-3

// need adds the columns of a load in a period, of so much at most: their sum enters the
// row of the load, and hold is told what each of them holds. It draws lines as far as the
// load, and the pool, reach: the less there is to cover, the tighter is the relaxation.
func (m *Model) need(q *poolQueue, t int, most float64, load solver.Row, hold func(c solver.Col, held float64)) needColumns {
	var out needColumns
	units := m.ix.MaxUnits(q.pool, t)
	before := 0.0
	for _, l := range q.lines(math.Min(units, float64(q.unitsFor(most, int(math.Ceil(units)))))) {
		// A line that bears no more than the one before is one of a larger pool.
		bears := math.Min(most, (units-l.fixed)/l.slope)
		if bears <= before && before < most {
			break
		}
		before = bears
		bears *= 1 + beyondPool
		a, on := m.Column(0, bears, solver.Continuous), noCol
		m.Add(load, a, -1)
		hold(a, l.slope)
		if len(out.lines) > 0 {
			on = m.Column(0, 1, solver.Integer)
			m.offUnless(a, bears, on)
			hold(on, l.fixed)
		}
		out.lines, out.on = append(out.lines, l), append(out.on, on)
	}
	return out
}

// loadOf is the most that workloads of a queue's class can keep busy at its pool in a
// period, of those whose placements there count.
func (m *Model) loadOf(q *poolQueue, t int, counts func(workload int) bool) float64 {
	sum := 0.0
	for i := range m.Case.Workloads {
		if w := &m.Case.Workloads[i]; m.ix.LatencyClasses[w.Class] == q.class && counts(i) {
			sum += w.DemandUnits.At(t, 0)
		}
	}
	return sum / m.Case.Pools[q.pool].UnitSpeed()
}

// set turns on the line that takes least at a load.
func (k *needColumns) set(load float64, set func(c solver.Col, v float64)) {
	if len(k.lines) == 0 {
		return
	}
	k.turn(least(k.lines, load), set)
}

// open turns on the line that bears most with so many units.
func (k *needColumns) open(units float64, set func(c solver.Col, v float64)) {
	best, most := 0, 0.0
	for i, l := range k.lines {
		if bears := (units - l.fixed) / l.slope; bears > most {
			best, most = i, bears
		}
	}
	k.turn(best, set)
}

func (k *needColumns) turn(line int, set func(c solver.Col, v float64)) {
	for i, on := range k.on {
		switch {
		case on < 0:
		case i == line:
			set(on, 1)
		default:
			set(on, 0)
		}
	}
}

// queues adds the queues of classes at pools.
type queues struct{}

const queueKind = "queue"

func (queues) Kind() string { return queueKind }

func (queues) Formulate(m *Model) error {
	for i := range m.queues {
		q := &m.queues[i]
		class := m.Case.LatencyClasses[q.class].Name
		m.Begin(queueKind, fmt.Sprintf("%s at %s", class, m.Case.Pools[q.pool].Name))
		m.Label("held")
		covered := m.security.coversClass(class)
		for t := range m.T {
			most := m.loadOf(q, t, func(w int) bool { return m.servedAt(w, q.pool) })
			q.columns = append(q.columns, m.need(q, t, most, q.load[t], func(c solver.Col, held float64) {
				m.Use(q.pool, t, c, held, 0)
				if !covered {
					m.stay(q.pool, t, c, held, 0)
				}
			}))
		}
	}
	return nil
}

// servedAt says whether a workload may be served at a pool.
func (m *Model) servedAt(workload, pool int) bool {
	return slices.ContainsFunc(m.served[workload].routes, func(r routeColumns) bool { return r.pool == pool })
}

// Extract writes nothing: what is held stands with the pools.
func (queues) Extract(*Point, *model.Plan) {}

// held are the units that a load takes in each period.
func (q *poolQueue) held(load []float64) []float64 {
	out := make([]float64, len(load))
	for t, a := range load {
		if lines := q.columns[t].lines; a > 0 {
			out[t] = lines[least(lines, a)].at(a)
		}
	}
	return out
}

// heldForQueues returns what a pool holds for its queues, whose loads are by number
// and period.
func (m *Model) heldForQueues(pool int, loads [][]float64) []model.QueuePlan {
	var out []model.QueuePlan
	for i := range m.queues {
		q := &m.queues[i]
		if q.pool != pool || allZero(loads[i]) {
			continue
		}
		out = append(out, model.QueuePlan{Class: m.Case.LatencyClasses[q.class].Name, HeldUnits: q.held(loads[i])})
	}
	return out
}

// queueLoads returns the loads of all queues by what workloads are served where.
func (m *Model) queueLoads(plans []model.WorkloadPlan) [][]float64 {
	out := make([][]float64, len(m.queues))
	for i := range out {
		out[i] = make([]float64, m.T)
	}
	for i := range plans {
		w := &m.Case.Workloads[i]
		for _, r := range plans[i].Routes {
			pool := m.ix.Pools[r.Pool]
			if q := m.queueAt(w.Class, pool); q != nil {
				for t, units := range r.Units {
					out[q.number][t] += units / m.Case.Pools[pool].UnitSpeed()
				}
			}
		}
	}
	return out
}

// Propose opens every queue as far as its share of the modules that begin on goes.
func (queues) Propose(pt *Proposal) {
	m := pt.Model
	if len(m.queues) == 0 {
		return
	}
	on, sharing := m.firstModules(), m.queuesOfModules()
	for i := range m.queues {
		q := &m.queues[i]
		base := m.ix.BasePool(q.pool)
		for t := range q.columns {
			units := float64(on[base*m.T+t]) * m.Case.Pools[base].UnitsPerModule
			q.columns[t].open(units/float64(sharing[base]), pt.Set)
		}
	}
}

// queuesOfModules counts the queues that share the modules of each pool.
func (m *Model) queuesOfModules() []int {
	out := make([]int, len(m.Case.Pools))
	for i := range m.queues {
		out[m.ix.BasePool(m.queues[i].pool)]++
	}
	return out
}

// Follow holds what the load of the relaxation needs.
func (queues) Follow(r *Rounding) {
	m := r.Model
	for i := range m.queues {
		q := &m.queues[i]
		for t := range q.columns {
			k, load := &q.columns[t], r.load[i*m.T+t]
			if len(k.lines) == 0 {
				continue
			}
			held, room := k.lines[least(k.lines, load)].at(load), math.Max(0, r.room(q.pool, t))
			if held <= room {
				k.set(load, r.Set)
			} else {
				k.open(room, r.Set)
			}
			r.held[r.cell(q.pool, t)] += math.Min(held, room)
		}
	}
}

// Refine holds what the load of the longer periods needs.
func (queues) Refine(pt *Proposal, plan *model.Plan, first []int) {
	m := pt.Model
	for i := range m.queues {
		q := &m.queues[i]
		for k := range len(first) - 1 {
			load := 0.0
			for j := range plan.Workloads {
				if w := &m.Case.Workloads[j]; m.ix.LatencyClasses[w.Class] != q.class {
					continue
				}
				for _, r := range plan.Workloads[j].Routes {
					if m.ix.Pools[r.Pool] == q.pool {
						load += r.Units[k] / m.Case.Pools[q.pool].UnitSpeed()
					}
				}
			}
			for t := first[k]; t < first[k+1]; t++ {
				q.columns[t].set(load, pt.Set)
			}
		}
	}
}
