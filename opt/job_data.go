package opt

// Data of jobs crosses data links. Input of i GB a job from one place is sent from
// the release on to the regions of its pools, and waits there until work begins;
// none is left at the end. Output of o GB waits in the region where the job ends
// until it is sent:
//
//	w_{r,t} = w_{r,t-1} + x_{r, usable in t} - i * begin events in r in t,  w_{r,T-1} = 0
//	v_{r,t} = v_{r,t-1} + o * end events in r in t-1 - x_{r,t},             v_{r,T} = 0
//
// What is sent in a period is usable from the first that begins after its end and
// the link's lead time. Jobs that begin first get what is sent first, and those
// that end first send first, so a class is taken apart exactly. A job that is left
// unfinished has no end event and owes no output.

import (
	"sort"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// jobTransfer is one flow of a class between two regions.
type jobTransfer struct {
	what     model.TransferKind
	of       int // position in inputs or outputs; -1 for input_gb
	from, to string
	gb       float64 // of one job
	sent     sending
}

// home is the region in which the job works.
func (tr *jobTransfer) home() string {
	if tr.what == model.TransferInput {
		return tr.to
	}
	return tr.from
}

// data adds the flows of the class's inputs and outputs.
func (c *jobClass) data(m *Model) {
	j := c.job
	for i, in := range j.Inflows() {
		of := i
		if j.InputGB > 0 {
			of--
		}
		for _, region := range c.regions(m) {
			if route, ok := m.ix.DataRoute(in.Region, region); ok && route.Link >= 0 && in.GB > 0 && !m.ix.HasData(j, region) {
				c.input(m, &jobTransfer{what: model.TransferInput, of: of, from: in.Region, to: region, gb: in.GB}, route)
			}
		}
	}
	for i, out := range j.Outputs {
		for _, region := range c.regions(m) {
			if route, ok := m.ix.DataRoute(region, out.Region); ok && route.Link >= 0 && out.GB > 0 {
				c.output(m, &jobTransfer{what: model.TransferOutput, of: i, from: region, to: out.Region, gb: out.GB}, route)
			}
		}
	}
}

// regions are those in which the class may run, in the order of pools.
func (c *jobClass) regions(m *Model) []string {
	var out []string
	seen := make(map[string]bool)
	for _, place := range c.places {
		if region := m.poolRegion[place.Pool]; place.OK && !seen[region] {
			seen[region] = true
			out = append(out, region)
		}
	}
	return out
}

func (c *jobClass) input(m *Model, tr *jobTransfer, route model.DataRoute) {
	release, _, last := m.ix.JobWindow(c.job)
	m.Label("input from " + tr.from + " to " + tr.to)
	flow := make([]linear, m.T)
	all := float64(c.job.N()) * tr.gb
	tr.sent = m.sending(route, all, release, last, flow)
	for _, b := range c.begins {
		if m.poolRegion[b.pool] == tr.to {
			flow[b.period].add(b.col, -tr.gb)
		}
	}
	m.Label("arrival in " + tr.to)
	m.stock(flow, all, true)
	c.transfers = append(c.transfers, *tr)
}

func (c *jobClass) output(m *Model, tr *jobTransfer, route model.DataRoute) {
	m.Label("output from " + tr.from + " to " + tr.to)
	flow, all := make([]linear, m.T+1), float64(c.job.N())*tr.gb
	tr.sent = sending{route: route, gb: solver.Col(m.b.Cols()), first: 0, end: m.T}
	for t := range m.T {
		flow[t].add(m.send(route, all, t), -1)
	}
	for _, e := range c.ends {
		if m.poolRegion[e.pool] == tr.from {
			flow[e.period+1].add(e.col, tr.gb)
		}
	}
	m.Label("departure from " + tr.from)
	m.stock(flow, all, true)
	c.transfers = append(c.transfers, *tr)
}

// share gives each job its part of what was sent.
func (c *jobClass) share(pt *Point, placed []placedJob) {
	m := pt.Model
	order := make([]int, len(placed))
	for i := range c.transfers {
		tr := &c.transfers[i]
		for k := range order {
			order[k] = k
		}
		sort.SliceStable(order, func(a, b int) bool {
			x, y := &placed[order[a]], &placed[order[b]]
			if tr.what == model.TransferInput {
				return x.begin < y.begin
			}
			return x.end < y.end
		})
		sent, next := tr.sent.values(pt), 0
		for _, k := range order {
			p := &placed[k]
			at := p.pool
			if tr.what == model.TransferOutput {
				at = p.lastPool
			}
			if m.poolRegion[at] != tr.home() || tr.what == model.TransferOutput && p.plan.LeftUnitH > 0 {
				continue
			}
			from, gb := take(sent, &next, tr.gb)
			if from += tr.sent.first; tr.of < 0 {
				p.plan.TransferFirst, p.plan.TransferGB = from, gb
				continue
			}
			p.plan.Transfers = append(p.plan.Transfers, model.JobTransfer{What: tr.what, Of: tr.of, From: tr.from, To: tr.to, First: from, GB: gb})
		}
	}
}
