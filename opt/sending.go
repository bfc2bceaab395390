package opt

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// sending is data on its way over a data link: a column of GB a period.
type sending struct {
	route      model.DataRoute
	gb         solver.Col // of period first
	first, end int        // periods first..end-1
}

// sending adds what is sent over a route from period first on, most GB in all, as
// far as it can be used in a period below last, and enters it in coming where it
// can be used.
func (m *Model) sending(route model.DataRoute, most float64, first, last int, coming []linear) sending {
	s := sending{route: route, gb: solver.Col(m.b.Cols()), first: first, end: first}
	for t := first; t < m.T; t++ {
		usable := m.ix.Usable(t, route.Link)
		if usable >= last {
			break
		}
		col := m.send(route, most, t)
		coming[usable].add(col, 1)
		s.end = t + 1
	}
	return s
}

// send adds a column of at most so many GB over a route in period t.
func (m *Model) send(route model.DataRoute, most float64, t int) solver.Col {
	col := m.Column(0, math.Min(most, m.ix.DataGB(route.Link, t)), solver.Continuous)
	m.Send(route.Link, route.Forward, t, col, 1)
	return col
}

// at returns the column of period t.
func (s *sending) at(t int) solver.Col { return s.gb + solver.Col(t-s.first) }

// values returns the GB sent in each of the periods first..end-1.
func (s *sending) values(pt *Point) []float64 {
	out := make([]float64, s.end-s.first)
	for t := range out {
		out[t] = math.Max(0, pt.At(s.gb, t))
	}
	return out
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
