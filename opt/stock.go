package opt

import "github.com/wattbit/wattbit/solver"

// stock adds the rows of what waits from period to period: flow[t] is what comes
// less what goes in period t,
//
//	w_t = w_{t-1} + flow_t,  0 <= w_t <= most,  w_{-1} = 0
//
// where most is what can come at all, and, where closed is set, nothing waits at the end. In other words: at any time
// no more has gone than has come. It takes one row and at most one column for
// each period with a flow.
func (m *Model) stock(flow []linear, most float64, closed bool) {
	last := len(flow) - 1
	for last >= 0 && len(flow[last].col) == 0 {
		last--
	}
	waits := solver.Col(-1)
	for t := range last + 1 {
		if len(flow[t].col) == 0 {
			continue
		}
		up := 0.0
		if t == last && !closed {
			up = inf
		}
		row := m.Row(0, up)
		if waits >= 0 {
			m.Add(row, waits, 1)
		}
		for k, col := range flow[t].col {
			m.Add(row, col, flow[t].coef[k])
		}
		if t < last {
			waits = m.Column(0, most, solver.Continuous)
			m.Add(row, waits, -1)
		}
	}
}
