package opt

// Precedence: a job begins when those it comes after have ended and the lag has
// passed. With r(e) the first period that begins at or after the end of period e
// and the lag,
//
//	begin events of the job by t <= end events of the other with r(e) <= t
//
// for every t: a stock of ended jobs (stock.go). One that is dropped or left
// unfinished has no end event, and nothing that comes after it begins.
//
// GB are handed over between the region a in which the one ends and the region b in
// which the other begins. pi_{a,b} says that it is this pair; pairs without a data
// link have no pi.
//
//	sum over b of pi_{a,b} <= end events in a
//	sum over a of pi_{a,b}  = begin events in b
//	sum over t of x_{a,b,t} = GB pi_{a,b}   where a and b differ
//
// What is handed over waits, as a job's output does, in a from the end event on,
// and, as input does, in b until the begin event; pi_{b,b} GB are there as they are.

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// handover is data of a precedence between two regions.
type handover struct {
	of       int // position in after
	from, to string
	gb       float64
	chosen   solver.Col // pi
	sent     sending
}

// after adds the rows of all precedences.
func (k *jobs) after(m *Model) {
	for i := range k.classes {
		c := &k.classes[i]
		if c.outside {
			continue
		}
		for of := range c.job.After {
			p := &c.job.After[of]
			other := &k.classes[m.ix.Jobs[p.Job]]
			m.resume(c.owner)
			m.Label("after " + p.Job)
			flow := make([]linear, m.T)
			for _, e := range other.ends {
				if t := m.periodFrom(m.ix.Starts[e.period+1] + p.LagH); t < m.T {
					flow[t].add(e.col, 1)
				}
			}
			for _, b := range c.begins {
				flow[b.period].add(b.col, -1)
			}
			m.stock(flow, 1, false)
			if p.GB > 0 {
				c.handOver(m, of, other)
			}
		}
	}
}

// periodFrom returns the first period that begins at or after some hours; T for
// none.
func (m *Model) periodFrom(hours float64) int {
	t := 0
	for t < m.T && m.ix.Starts[t] < hours-durationSlack {
		t++
	}
	return t
}

// handOver adds the data that another job hands over.
func (c *jobClass) handOver(m *Model, of int, other *jobClass) {
	p := &c.job.After[of]
	leaving, coming := other.regions(m), c.regions(m)
	ended, begun := make(map[string]solver.Row), make(map[string]solver.Row)
	out, in := make(map[string][]linear), make(map[string][]linear)
	for _, a := range leaving {
		ended[a], out[a] = m.Row(-inf, 0), make([]linear, m.T+1)
	}
	for _, e := range other.ends {
		a := m.poolRegion[e.pool]
		m.Add(ended[a], e.col, -1)
		out[a][e.period+1].add(e.col, p.GB)
	}
	for _, b := range coming {
		begun[b], in[b] = m.Row(0, 0), make([]linear, m.T)
	}
	for _, e := range c.begins {
		b := m.poolRegion[e.pool]
		m.Add(begun[b], e.col, -1)
		in[b][e.period].add(e.col, -p.GB)
	}
	for _, a := range leaving {
		for _, b := range coming {
			route, ok := m.ix.DataRoute(a, b)
			if !ok {
				continue
			}
			m.Label("data of " + p.Job + " from " + a + " to " + b)
			chosen := m.Column(0, 1, solver.Continuous)
			m.Add(ended[a], chosen, 1)
			m.Add(begun[b], chosen, 1)
			if route.Link < 0 {
				in[b][0].add(chosen, p.GB)
				continue
			}
			h := handover{of: of, from: a, to: b, gb: p.GB, chosen: chosen}
			h.sent = m.sending(route, p.GB, 0, m.T, in[b])
			all := m.Row(0, 0)
			m.Add(all, chosen, -p.GB)
			for t := h.sent.first; t < h.sent.end; t++ {
				m.Add(all, h.sent.at(t), 1)
				out[a][t].add(h.sent.at(t), -1)
			}
			c.handovers = append(c.handovers, h)
		}
	}
	for _, a := range leaving {
		m.Label("data of " + p.Job + " waits in " + a)
		m.stock(out[a], p.GB, false)
	}
	for _, b := range coming {
		m.Label("data of " + p.Job + " waits in " + b)
		m.stock(in[b], p.GB, true)
	}
}

// handedOver adds to a job what was handed over to it.
func (c *jobClass) handedOver(pt *Point, placed []placedJob) {
	for i := range c.handovers {
		h := &c.handovers[i]
		if len(placed) == 0 || pt.X[h.chosen] < 0.5 {
			continue
		}
		next := 0
		first, gb := take(h.sent.values(pt), &next, h.gb)
		plan := &placed[0].plan
		plan.Transfers = append(plan.Transfers, model.JobTransfer{
			What: model.TransferHandover, Of: h.of, From: h.from, To: h.to, First: h.sent.first + first, GB: gb,
		})
	}
}
