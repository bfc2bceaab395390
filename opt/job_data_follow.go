package opt

// The data of jobs in a rounding (job_follow.go): a job goes where data links have
// room for its input before, for its output after, and for the copies of datasets
// that it is the first to need.

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

// copyKey names a copy that a rounding makes.
type copyKey struct {
	dataset int
	to      string
}

// askedCopy is a copy that jobs of a rounding wait for.
type askedCopy struct {
	from   string
	usable int // from this period on
}

// dataRoom is what a job's data ask of a link in a rounding.
type dataRoom struct {
	route       model.DataRoute
	gb          float64
	first, last int // periods
	copy        *copyKey
	from        string
}

// asksFor lists what one job that begins and ends in a pool asks of data links.
// Ok is false where a copy of a dataset comes too late, or a job before it cannot
// hand over its data.
func (c *jobClass) asksFor(r *Rounding, o jobOffer) (asks []dataRoom, ok bool) {
	m := r.Model
	region := m.poolRegion[o.pool]
	for i := range c.transfers {
		tr := &c.transfers[i]
		if tr.home() != region || tr.what == model.TransferOutput && o.end < 0 {
			continue
		}
		ask := dataRoom{route: tr.sent.route, gb: tr.gb, first: o.end + 1, last: m.T - 1}
		if tr.what == model.TransferInput {
			ask.first, ask.last = tr.sent.first, m.lastUsable(tr.sent.route.Link, o.begin)
		}
		asks = append(asks, ask)
	}
	for _, p := range c.job.After {
		before := r.ties.runs[m.ix.Jobs[p.Job]]
		route, joined := m.ix.DataRoute(m.poolRegion[before.pool], region)
		switch {
		case p.GB <= 0 || joined && route.Link < 0:
		case !joined:
			return nil, false
		default:
			asks = append(asks, dataRoom{route: route, gb: p.GB, first: before.end + 1, last: m.lastUsable(route.Link, o.begin)})
		}
	}
	for _, name := range c.job.Datasets {
		i := m.ix.Datasets[name]
		d := &m.Case.Datasets[i]
		if !c.reads(m, d, region) {
			continue
		}
		key := copyKey{i, region}
		if asked, ok := r.copies[key]; ok {
			if asked.usable > o.begin {
				return nil, false
			}
			continue
		}
		ask := dataRoom{gb: d.GB, copy: &key, last: -1}
		best := -1.0
		sources, _ := m.ix.DatasetSources(d, region)
		for _, from := range sources {
			route, _ := m.ix.DataRoute(from, region)
			last := m.lastUsable(route.Link, o.begin)
			if room := r.linkRoom(route, 0, last); room > best {
				best, ask.route, ask.last, ask.from = room, route, last, from
			}
		}
		asks = append(asks, ask)
	}
	return asks, true
}

// lastUsable is the last period in which data can be sent that is usable in
// period t; -1 for none.
func (m *Model) lastUsable(link, t int) int {
	s := t - 1
	for s >= 0 && m.ix.Usable(s, link) > t {
		s--
	}
	return s
}

// linkRoom is what is left of a link in the periods first..last.
func (r *Rounding) linkRoom(route model.DataRoute, first, last int) float64 {
	room, row := 0.0, dataIndex(route.Link, route.Forward)*r.Model.T
	for t := first; t <= last; t++ {
		room += math.Max(0, r.ready[row+t])
	}
	return room
}

// canSend says whether data links have room for the data of one job that begins
// and ends in a pool.
func (c *jobClass) canSend(r *Rounding, o jobOffer) bool {
	asks, ok := c.asksFor(r, o)
	if !ok {
		return false
	}
	for i, ask := range asks {
		gb := ask.gb
		for _, other := range asks[:i] {
			if other.route == ask.route {
				gb += other.gb
			}
		}
		if r.linkRoom(ask.route, ask.first, ask.last) < gb {
			return false
		}
	}
	return true
}

// send takes that room, latest periods first; copies of datasets, which others
// may read, are sent as early as there is room.
func (c *jobClass) send(r *Rounding, o jobOffer) {
	asks, _ := c.asksFor(r, o)
	for _, ask := range asks {
		row := dataIndex(ask.route.Link, ask.route.Forward) * r.Model.T
		left, t, step := ask.gb, ask.last, -1
		if ask.copy != nil {
			t, step = ask.first, 1
		}
		for ; t >= ask.first && t <= ask.last && left > 0; t += step {
			part := math.Min(left, math.Max(0, r.ready[row+t]))
			r.ready[row+t] -= part
			left -= part
		}
		if ask.copy != nil {
			r.copies[*ask.copy] = askedCopy{ask.from, r.Model.ix.Usable(t-1, ask.route.Link)}
		}
	}
}

// sendRelaxed takes the room for transfers as the relaxation has them, those of
// parts of jobs too: what is left of a link is then never too much.
func (c *jobClass) sendRelaxed(r *Rounding) {
	for i := range c.transfers {
		s := &c.transfers[i].sent
		row := dataIndex(s.route.Link, s.route.Forward) * r.Model.T
		for t := s.first; t < s.end; t++ {
			r.ready[row+t] -= r.X[s.at(t)]
		}
	}
}
