package opt

// Input of i GB a job crosses a data link to the region r of its pool, and waits
// there (a stock w >= 0) until work begins; none is left at the end:
//
//	w_{r,t} = w_{r,t-1} + d_{r,t-1} - i * begin events in r in t
//
// Jobs that begin first get what is sent first, so every single job has its
// input in time.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// jobTransfer is the input of the class sent to one region.
type jobTransfer struct {
	region string
	place  model.Placement
	gb     solver.Col // first of end-first columns
	first  int
	end    int
}

// input adds what is sent to each region in which the class may run.
func (c *jobClass) input(m *Model) {
	c.transferAt = make([]int, len(c.places))
	for i, place := range c.places {
		c.transferAt[i] = -1
		if place.OK && place.DataLink >= 0 {
			c.transferAt[i] = c.transfer(m, place)
		}
	}
}

// transfer returns the transfer to the placement's region, adding its columns
// the first time.
func (c *jobClass) transfer(m *Model, place model.Placement) int {
	region := m.Case.Sites[m.ix.Sites[m.Case.Pools[place.Pool].Site]].Region
	for i := range c.transfers {
		if c.transfers[i].region == region {
			return i
		}
	}
	first, _, last := m.ix.JobWindow(c.job)
	m.Label("input to " + region)
	t := jobTransfer{region: region, place: place, gb: solver.Col(m.b.Cols()), first: first, end: max(first, last-1)}
	for tau := t.first; tau < t.end; tau++ {
		col := m.Column(0, inf, solver.Continuous)
		m.Send(place.DataLink, place.Forward, tau, col, 1)
	}
	c.transfers = append(c.transfers, t)
	return len(c.transfers) - 1
}

// arrivals ties transfers to begin events.
func (c *jobClass) arrivals(m *Model) {
	for i := range c.transfers {
		tr := &c.transfers[i]
		m.Label("arrival in " + tr.region)
		needed := make([][]solver.Col, tr.end-tr.first+1)
		for _, b := range c.begins {
			if c.transferAt[b.pool] == i {
				needed[b.period-tr.first] = append(needed[b.period-tr.first], b.col)
			}
		}
		before := solver.Col(-1)
		for k := range needed {
			row := m.Row(0, 0)
			if k > 0 {
				m.Add(row, tr.gb+solver.Col(k-1), 1)
			}
			if before >= 0 {
				m.Add(row, before, 1)
			}
			for _, col := range needed[k] {
				m.Add(row, col, -c.job.InputGB)
			}
			if k+1 < len(needed) {
				before = m.Column(0, inf, solver.Continuous)
				m.Add(row, before, -1)
			}
		}
	}
}

// share gives each job its part of what was sent, in the order of jobs.
func (c *jobClass) share(pt *Point, placed []placedJob) {
	for x := range c.transfers {
		tr := &c.transfers[x]
		sent := make([]float64, max(0, tr.end-tr.first))
		for tau := range sent {
			sent[tau] = math.Max(0, pt.At(tr.gb, tau))
		}
		next := 0
		for y := range placed {
			if c.transferAt[placed[y].pool] != x {
				continue
			}
			var from int
			from, placed[y].plan.TransferGB = take(sent, &next, c.job.InputGB)
			placed[y].plan.TransferFirst = tr.first + from
		}
	}
}

// take removes gb from what was sent, from position *next on, and returns where
// it began and how much came from each position.
func take(sent []float64, next *int, gb float64) (from int, out []float64) {
	for *next < len(sent) && sent[*next] <= 0 {
		*next++
	}
	from = *next
	for left := gb; left > 1e-9*gb && *next < len(sent); {
		part := math.Min(left, sent[*next])
		out = append(out, part)
		sent[*next] -= part
		left -= part
		if sent[*next] > 1e-9*gb {
			break
		}
		*next++
	}
	return from, out
}

// canReceive says whether the data link has room for the input of one job that
// begins in a pool and period.
func (c *jobClass) canReceive(r *Rounding, pool, begin int) bool {
	if c.transferAt[pool] < 0 {
		return true
	}
	tr := &c.transfers[c.transferAt[pool]]
	row := dataIndex(tr.place.DataLink, tr.place.Forward) * r.Model.T
	there := 0.0
	for tau := tr.first; tau < min(begin, tr.end); tau++ {
		there += math.Max(0, r.ready[row+tau])
	}
	return there >= c.job.InputGB
}

// receive takes that room, latest periods first.
func (c *jobClass) receive(r *Rounding, pool, begin int) {
	if c.transferAt[pool] < 0 {
		return
	}
	tr := &c.transfers[c.transferAt[pool]]
	row := dataIndex(tr.place.DataLink, tr.place.Forward) * r.Model.T
	left := c.job.InputGB
	for tau := min(begin, tr.end) - 1; tau >= tr.first && left > 0; tau-- {
		part := math.Min(left, math.Max(0, r.ready[row+tau]))
		r.ready[row+tau] -= part
		left -= part
	}
}

// sendRelaxed takes the room for transfers as the relaxation has them, those of
// parts of jobs too: what is left of a link is then never too much.
func (c *jobClass) sendRelaxed(r *Rounding) {
	for _, tr := range c.transfers {
		for tau := tr.first; tau < tr.end; tau++ {
			r.ready[dataIndex(tr.place.DataLink, tr.place.Forward)*r.Model.T+tau] -= r.X[int(tr.gb)+tau-tr.first]
		}
	}
}
