package opt

// Placed jobs that stay in outages of computing (outage.go): what they hold and keep busy is
// not there for work that has to move. While they look for places they may take more than
// their pools have, where ladders give the rest; in an outage no ladder gives, and with the use
// held no plan would keep its limits. So then some of what stays is spared, at a price that is
// dearer than work left short. In plans and bounds nothing is spared: jobs fit in their pools
// there, and what moves may be short.

import "github.com/wattbit/wattbit/solver"

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
	price := w.s.m.Case.Penalties.Unserved() + w.s.m.Case.Penalties.OutageShort()
	for _, first := range w.k.spared {
		if first == noCol {
			continue
		}
		for t, h := range w.p.Hours {
			c := first + solver.Col(t)
			w.lp.ColUpper[c], w.lp.ColCost[c] = inf, price*h*w.s.scale
		}
	}
}
