package opt

// Migration: a move v_{p,q,t} (binary) of a single job (job_single.go) takes it out
// of pool p, where its run ended with period t-1, and into pool q, where the next
// run begins with period t'. Between the two lie the fewest whole periods from t on
// that last as long as the pause, one at least where data is sent:
//
//	in_{p,t} loses v,  in_{q,t'} gains v
//	sum over q of v_{p,q,t} <= on_{p,t-1},  sum over p of v_{p,q,t} <= on_{q,t'}
//	sum of v <= most moves * sum of b
//	data between the regions in t..t'-1, in equal parts an hour: GB v
//
// A job that ran before the horizon may move in period 0. A move is a rise in q
// that no begin event explains, so it counts as an interruption and pays for one.

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// jobMove is one move in columns.
type jobMove struct {
	col      solver.Col
	from, to int // stays
	t, end   int // pause: periods t..end-1
	sends    bool
}

// migrate adds the moves between the stays.
func (s *singleJob) migrate(m *Model) {
	j := s.class.job
	if j.Migration == nil {
		return
	}
	limit := m.Row(-inf, 0)
	most := max(1, j.Migration.MaxMoves)
	s.eachBegin(func(col solver.Col) { m.Add(limit, col, -float64(most)) })
	leave, reach := make(map[[2]int]solver.Row), make(map[[2]int]solver.Row)
	for from := range s.stays {
		for to := range s.stays {
			if from != to {
				s.movesBetween(m, from, to, leave, reach)
			}
		}
	}
	for _, v := range s.moves {
		m.Add(limit, v.col, 1)
	}
}

// movesBetween adds the moves from a stay to another. leave and reach are the rows
// that tie moves to the runs around them, by stay and period.
func (s *singleJob) movesBetween(m *Model, from, to int, leave, reach map[[2]int]solver.Row) {
	j, a, b := s.class.job, &s.stays[from], &s.stays[to]
	route, ok := m.ix.DataRoute(m.ix.RegionOf(a.pool), m.ix.RegionOf(b.pool))
	sends := j.Migration.GB > 0 && route.Link >= 0
	if j.Migration.GB > 0 && !ok {
		return
	}
	for t := a.first; t < a.end; t++ {
		before := noCol
		switch {
		case t > a.first:
			before = a.on[t-1-a.first]
		case a.running:
			before = a.begin[0]
		}
		end, ok := pauseEnd(m, t, j.Migration.PauseH, sends)
		if before < 0 || !ok || end < b.first || end >= b.end {
			continue
		}
		v := jobMove{col: m.Column(0, 1, solver.Integer), from: from, to: to, t: t, end: end, sends: sends}
		m.Add(a.balance[t-a.first], v.col, 1)
		m.Add(b.balance[end-b.first], v.col, -1)
		m.Add(atMost(m, leave, [2]int{from, t}, before), v.col, 1)
		m.Add(atMost(m, reach, [2]int{to, end}, b.on[end-b.first]), v.col, 1)
		for tau, gb := range s.sent(m, v) {
			m.Send(route.Link, route.Forward, t+tau, v.col, gb)
		}
		s.moves = append(s.moves, v)
	}
}

// atMost returns the row of a key: a sum at most a column.
func atMost(m *Model, rows map[[2]int]solver.Row, key [2]int, col solver.Col) solver.Row {
	row, ok := rows[key]
	if !ok {
		row = m.Row(-inf, 0)
		m.Add(row, col, -1)
		rows[key] = row
	}
	return row
}

// pauseEnd returns the end of a pause from period t on.
func pauseEnd(m *Model, t int, hours float64, sends bool) (end int, ok bool) {
	if hours <= durationSlack && !sends {
		return t, true
	}
	return m.ix.EndOf(t, hours)
}

// sent returns the GB that a move sends in each period of its pause.
func (s *singleJob) sent(m *Model, v jobMove) []float64 {
	if !v.sends {
		return nil
	}
	out := make([]float64, v.end-v.t)
	for k := range out {
		out[k] = s.class.job.Migration.GB * m.Hours[v.t+k] / (m.ix.Starts[v.end] - m.ix.Starts[v.t])
	}
	return out
}

// transfers returns what the moves of a point send, in order of time.
func (s *singleJob) transfers(pt *Point) []model.JobTransfer {
	m := pt.Model
	var made []jobMove
	for _, v := range s.moves {
		if pt.Int(v.col) == 1 {
			at := len(made)
			for at > 0 && made[at-1].t > v.t {
				at--
			}
			made = append(made[:at], append([]jobMove{v}, made[at:]...)...)
		}
	}
	var out []model.JobTransfer
	for k, v := range made {
		if v.sends {
			out = append(out, model.JobTransfer{
				What: model.TransferMigration, Of: k,
				From: m.ix.RegionOf(s.stays[v.from].pool), To: m.ix.RegionOf(s.stays[v.to].pool),
				First: v.t, GB: s.sent(m, v),
			})
		}
	}
	return out
}
