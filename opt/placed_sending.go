package opt

// Power for data that placed jobs send. A bus has to bring it, and of sites' power and loads
// alone can anything be shed: where jobs ask to send more than a bus can power, the
// relaxation with the use held would have no solution. So while they look for places each
// such bus has relief, at a price that is dear, and jobs have room for no more than was sent
// without it.

import (
	"math"

	"github.com/wattbit/wattbit/solver"
)

// relief is what a bus lacks for sending, closed in plans and bounds: a few steps a period, each
// dearer than the one before it, so that jobs of more worth go on sending where others give up.
type relief struct {
	steps []solver.Col // the first of T of each
	links []sender
}

// sender is a data link that draws power at a bus: so much a GB, at one of its ends or both.
type sender struct {
	link int
	mwh  float64
}

// Relief has reliefSteps steps, each a part of what all links can draw but for the last. The first costs
// as much as shed energy, each other one reliefDearer times the one before it.
const reliefSteps, reliefDearer = 8, 1.5

// newReliefs adds relief to each bus that powers a data link.
func newReliefs(m *Model) (out []relief) {
	for bus := range m.Case.Buses {
		r := relief{links: m.sendersAt(bus)}
		if r.links == nil {
			continue
		}
		m.Begin(placedKind, m.Case.Buses[bus].Name)
		for range reliefSteps {
			col := m.Columns("relief", solver.Continuous, between(0, 0))
			for t := range m.T {
				m.Inject(bus, t, col+solver.Col(t), 1)
			}
			r.steps = append(r.steps, col)
		}
		out = append(out, r)
	}
	return out
}

// sendersAt are the data links that draw power at a bus.
func (m *Model) sendersAt(bus int) (out []sender) {
	for i := range m.Case.DataLinks {
		l := &m.Case.DataLinks[i]
		s := sender{link: i}
		for _, region := range [2]string{l.From, l.To} {
			if m.regionBus(region) == bus {
				s.mwh += halfMWhPerGB(l)
			}
		}
		if s.mwh > 0 {
			out = append(out, s)
		}
	}
	return out
}

// relieve opens relief, and withoutRelief closes it.
func (w *power) relieve() {
	for _, r := range w.k.reliefs {
		for t, h := range w.p.Hours {
			width := r.drawnMWh(t, func(link int) float64 { return w.s.m.ix.DataGB(link/2, t) }) / h / reliefSteps
			cost := w.s.m.Case.Penalties.Shed() * h * w.s.scale
			for _, c := range r.steps {
				c += solver.Col(t)
				w.lp.ColUpper[c], w.lp.ColCost[c] = width, cost
				cost *= reliefDearer
			}
			w.lp.ColUpper[int(r.steps[reliefSteps-1])+t] = inf
		}
	}
	w.spareStaying()
}

func (w *power) withoutRelief() {
	w.k.eachRelief(w.s.m.T, func(c solver.Col) { w.lp.ColUpper[c] = 0 })
}

// eachRelief visits the columns of relief, those of outages too.
func (k *placed) eachRelief(T int, visit func(solver.Col)) {
	for _, r := range k.reliefs {
		for _, c := range r.steps {
			for t := range solver.Col(T) {
				visit(c + t)
			}
		}
	}
	for _, first := range k.spared {
		if first == noCol {
			continue
		}
		for t := range solver.Col(T) {
			visit(first + t)
		}
	}
}

// drawnMWh is what sending draws at the bus in a period, of so many GB by link and direction.
func (r *relief) drawnMWh(t int, gb func(link int) float64) (sum float64) {
	for _, l := range r.links {
		sum += l.mwh * (gb(2*l.link) + gb(2*l.link+1))
	}
	return sum
}

// leaveSending leaves to links the part of what was sent that buses had power for.
func (w *power) leaveSending(x []float64) {
	T := w.s.m.T
	for i := range w.k.reliefs {
		r := &w.k.reliefs[i]
		for t, h := range w.p.Hours {
			lacking := 0.0 // MW
			for _, c := range r.steps {
				lacking += x[int(c)+t]
			}
			if lacking <= 1e-6 {
				continue
			}
			lacking *= h
			sent := r.drawnMWh(t, func(link int) float64 { return w.at.GB[link*T+t] })
			part := math.Max(0, 1-lacking/math.Max(lacking, sent))
			for _, l := range r.links {
				for d := range 2 {
					i := (2*l.link+d)*T + t
					w.roomGB[i] = math.Min(w.roomGB[i], part*w.at.GB[i])
				}
			}
		}
	}
}
