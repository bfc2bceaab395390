package opt

// Placed jobs that stay in outages of computing (outage.go): what they hold and keep busy is
// not there for work that has to move. While they look for places they may take more than
// their pools have, where ladders give the rest; in an outage no ladder gives, and with the use
// held no plan would keep its limits. So then some of what stays is spared, at a price that is
// dearer than the work that its units serve is when it is left out. What is short is mostly
// units; where it is a site's import, power of one unit may serve work in several that draw
// less, and sparing can be the cheaper. In plans and bounds nothing is spared: jobs fit in
// their pools there, and what moves may be short.

import (
	"math"

	"github.com/wattbit/wattbit/solver"
)

// spare has the jobs of a pool stay in outages, unless all yield, with columns that spare them.
func (k *placed) spare(m *Model, pool int, yield bool) {
	real, spared := k.jobs.real[pool], noCol
	if m.security != nil && (!yield || k.jobs.stays(pool)) {
		spared = m.Columns("spared in outages", solver.Continuous, between(0, 0))
		for t := range solver.Col(m.T) {
			m.stay(real, int(t), k.held[pool]+t, 1, 0)
			m.stay(real, int(t), k.busy[pool]+t, 0, 1)
			m.stay(real, int(t), spared+t, -1, -1)
		}
	}
	k.spared = append(k.spared, spared)
}

// spareStaying opens the columns that spare.
func (w *power) spareStaying() {
	for i, first := range w.k.spared {
		if first == noCol {
			continue
		}
		price := w.s.m.sparingPrice(w.k.jobs.real[i])
		for t, h := range w.p.Hours {
			c := first + solver.Col(t)
			w.lp.ColUpper[c], w.lp.ColCost[c] = inf, price*h*w.s.scale
		}
	}
}

// sparingPrice is that of a unit-hour of a pool. Outages together make a unit of work no
// dearer than leaving it unserved, and a unit of a pool serves as much as its fastest level.
func (m *Model) sparingPrice(pool int) float64 {
	unserved, speed := m.Case.Penalties.Unserved(), 1.0
	for i := range m.Case.Workloads {
		unserved = math.Max(unserved, orElse(m.Case.Workloads[i].UnservedPricePerUnitH, 0))
	}
	for i := range m.Case.Pools {
		if m.ix.BasePool(i) == m.ix.BasePool(pool) {
			speed = math.Max(speed, m.Case.Pools[i].UnitSpeed())
		}
	}
	return speed * (unserved + m.Case.Penalties.OutageShort())
}
