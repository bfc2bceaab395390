package decomp

import (
	"context"
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

// A restricted program whose decisions are mostly fixed still holds the whole
// dispatch of every fixed asset that has rows of its own: of ramped units, some
// tens of thousands of columns and rows that hardly move. Such an asset enters
// by a few of its schedules instead, and any mixture of them: the oracle's
// answers, with its decisions held, at prices that matter (of the last steps of
// the bundle, of dives, and of the dispatch of plans). That is an inner
// approximation; the dispatch that follows is exact.

// keptPrices is how many vectors of prices are remembered, newest last.
const keptPrices = 10

// remember keeps a vector of prices of the priced rows.
func (s *Search) remember(price []float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.prices) >= keptPrices {
		s.prices = slices.Delete(s.prices, 0, 1)
	}
	s.prices = append(s.prices, slices.Clone(price))
}

func (s *Search) remembered() [][]float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([][]float64{s.acc.price}, s.prices...)
}

// compacted is a restricted program with fixed assets by their schedules.
type compacted struct {
	problem *solver.Problem
	red     *solver.Reduced
	cols    []int32 // reduced column of each of the first columns
	values  []float64
}

// restore returns the point of the whole program. Continuous columns of assets
// that entered by their schedules are those of one of them.
func (c *compacted) restore(x []float64) []float64 {
	full := slices.Clone(c.values)
	for k, j := range c.cols {
		full[c.red.Cols[j]] = x[k]
	}
	return full
}

// start is what the best plan says of the program, nil where it breaks its bounds.
// An asset's first schedule is that of the best plan, where it decides alike.
func (c *compacted) start(best []float64) []float64 {
	if best == nil {
		return nil
	}
	out := make([]float64, c.problem.Cols())
	for k, j := range c.cols {
		v := best[c.red.Cols[j]]
		if v < c.problem.ColLower[k]-1e-6 || v > c.problem.ColUpper[k]+1e-6 {
			return nil
		}
		out[k] = v
	}
	return out
}

// compact replaces what it can in a reduced program whose columns have the bounds
// lower and upper.
func (r *recovery) compact(ctx context.Context, red *solver.Reduced, lower, upper []float64) *compacted {
	p := red.Problem
	c := &compacted{red: red, values: red.Restore(make([]float64, p.Cols()))}
	gone := r.replaceable(red, lower, upper)
	var b solver.Builder
	rows := make([]solver.Row, p.Rows())
	for i := range rows {
		rows[i] = -1
		if o := r.ownerOfRow(red.Rows[i]); o < 0 || !gone[o] {
			rows[i] = b.Row(p.RowLower[i], p.RowUpper[i])
		}
	}
	place := make([]solver.Col, p.Cols())
	for j := range p.Cols() {
		place[j] = -1
		if o := r.owner[red.Cols[j]]; o < 0 || !gone[o] {
			place[j] = b.Col(p.ColLower[j], p.ColUpper[j], p.ColCost[j], p.ColType[j])
			c.cols = append(c.cols, int32(j))
		}
	}
	for i, row := range rows {
		if row < 0 {
			continue
		}
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			if col := place[p.Index[k]]; col >= 0 {
				b.Add(row, col, p.Value[k])
			}
		}
	}
	b.AddOffset(p.Offset)
	m := r.newMixtures(&b, c, gone, rows, lower, upper)
	c.problem = b.Build()
	for range mixRounds {
		if len(m.of) == 0 || ctx.Err() != nil || !m.improve(ctx, c.problem) {
			break
		}
		c.problem = b.Build()
	}
	return c
}

// mixRounds is how often prices of a compact program's relaxation ask its fixed
// assets for one more schedule.
const mixRounds = 3

// ownerOfRow returns the asset that a row of the program belongs to, -1 for a
// priced one.
func (r *recovery) ownerOfRow(row int32) int32 {
	if r.pricedAt[row] >= 0 {
		return -1
	}
	return r.owner[r.p.Index[r.p.RowStart[row]]]
}

// replaceable says of which assets every decision is fixed while rows of their
// own are left.
func (r *recovery) replaceable(red *solver.Reduced, lower, upper []float64) []bool {
	gone := make([]bool, len(r.assets))
	if r.scouted.Load() != nil { // small, and the mixtures are too coarse where units are lumpy
		return gone
	}
	for _, row := range red.Rows {
		if o := r.ownerOfRow(row); o >= 0 {
			gone[o] = true
		}
	}
	for i := range r.assets {
		a := &r.assets[i]
		for _, d := range a.Decisions {
			j := int32(a.First) + d
			gone[i] = gone[i] && lower[j] == upper[j]
		}
	}
	// What is not a decision and still open has to be searched.
	for j, full := range red.Cols {
		if o := r.owner[full]; o >= 0 && gone[o] && red.Problem.ColType[j] == solver.Integer {
			gone[o] = false
		}
	}
	return gone
}

// mixtures are the assets that are gone from a compact program, each with its
// schedules and the row that mixes them.
type mixtures struct {
	*recovery
	b  *solver.Builder
	e  *pricer
	at []solver.Row // row of each priced row, -1 where it is gone
	of []mixture
}

type mixture struct {
	asset  int
	points []*point
	row    solver.Row // -1 as long as there is one schedule
}

// newMixtures adds the schedules of the assets that are gone. The first one of
// each stands for itself; the others enter by what they do otherwise, which is
// little. The reduced program's rows already hold what its dropped columns do.
func (r *recovery) newMixtures(b *solver.Builder, c *compacted, gone []bool, rows []solver.Row, lower, upper []float64) *mixtures {
	m := &mixtures{recovery: r, b: b, e: r.bare(lower, upper, 1), at: make([]solver.Row, len(r.rows))}
	for i := range m.at {
		m.at[i] = -1
	}
	for i, row := range rows {
		if k := r.pricedAt[c.red.Rows[i]]; k >= 0 {
			m.at[k] = row
		}
	}
	kept := make([]bool, r.p.Cols())
	for _, j := range c.red.Cols {
		kept[j] = true
	}
	prices := r.remembered()
	_, _, best := r.ledger.read()
	for i, g := range gone {
		if !g {
			continue
		}
		all := m.e.answers(i, prices, best)
		if len(all) == 0 {
			continue
		}
		m.e.fill(i, c.values, kept)
		first, dropped := all[0], m.e.activity(i, c.values, kept)
		b.AddOffset(first.cost - dropped.cost)
		for k, row := range first.row {
			if v := first.val[k] - dropped.val[k]; v != 0 && m.at[row] >= 0 {
				b.ShiftRow(m.at[row], -v)
			}
		}
		m.of = append(m.of, mixture{asset: i, points: all[:1], row: -1})
		for _, p := range all[1:] {
			m.add(&m.of[len(m.of)-1], p)
		}
	}
	return m
}

// add puts one more schedule into a mixture.
func (m *mixtures) add(x *mixture, p *point) {
	if x.row < 0 {
		x.row = m.b.Row(math.Inf(-1), 1)
	}
	first := x.points[0]
	x.points = append(x.points, p)
	col := m.b.Col(0, 1, p.cost-first.cost, solver.Continuous)
	m.b.Add(x.row, col, 1)
	for k, row := range p.row {
		if v := p.val[k] - first.val[k]; math.Abs(v) > 1e-9 && m.at[row] >= 0 {
			m.b.Add(m.at[row], col, v)
		}
	}
}

// improve asks for schedules at the prices of the program's relaxation, and says
// whether there were new ones.
func (m *mixtures) improve(ctx context.Context, p *solver.Problem) bool {
	res, ok := m.relaxation(ctx, p, nil)
	if !ok || !res.HasDuals {
		return false
	}
	price := make([]float64, len(m.rows))
	for k, row := range m.at {
		if row >= 0 {
			price[k] = res.RowDual[row]
		}
	}
	m.remember(price)
	added := false
	for i := range m.of {
		x := &m.of[i]
		if q := m.e.answer(x.asset, price); q != nil && known(x.points, q) < 0 {
			m.add(x, q)
			added = true
		}
	}
	return added
}

// bare is a pricer with bounds of its own and no master.
func (s *split) bare(lower, upper []float64, workers int) *pricer {
	p := s.p
	e := &pricer{
		split: s, crew: crew{workers}, lower: lower, upper: upper,
		cost: make([]float64, p.Cols()), x: make([]float64, p.Cols()),
		bound: make([]float64, len(s.assets)), ok: make([]bool, len(s.assets)),
	}
	e.makeScratch()
	return e
}

// answers are the different schedules of asset i within its bounds: what it does
// in the best plan, where that decides alike, and what it answers to these
// prices. The last one stays in x.
func (e *pricer) answers(i int, prices [][]float64, best []float64) []*point {
	var out []*point
	a := &e.assets[i]
	lo, hi := int(a.First), int(a.First)+a.Cols
	if best != nil && e.decides(i, best) {
		copy(e.x[lo:hi], best[lo:hi])
		out = append(out, e.point(i))
	}
	for _, price := range prices {
		if p := e.answer(i, price); p != nil && known(out, p) < 0 {
			out = append(out, p)
		}
	}
	return out
}

// answer is what asset i answers to a price, nil where it cannot.
func (e *pricer) answer(i int, price []float64) *point {
	if e.ask(i, price, 0); !e.ok[i] {
		return nil
	}
	return e.point(i)
}

// decides says whether asset i decides in x as its bounds have it.
func (e *pricer) decides(i int, x []float64) bool {
	a := &e.assets[i]
	for _, d := range a.Decisions {
		j := int(a.First) + int(d)
		if math.Round(x[j]) != e.lower[j] {
			return false
		}
	}
	return true
}

// activity is what the dropped columns of asset i do in its priced rows and
// cost.
func (e *pricer) activity(i int, values []float64, kept []bool) *point {
	a := &e.assets[i]
	out := &point{row: e.support[i], val: make([]float64, len(e.support[i]))}
	for j := int(a.First); j < int(a.First)+a.Cols; j++ {
		if x := values[j]; !kept[j] && x != 0 {
			out.cost += e.p.ColCost[j] * x
			for k := e.start[j]; k < e.start[j+1]; k++ {
				out.val[e.index[k]] += e.value[k] * x
			}
		}
	}
	return out
}

// fill copies the kept columns of asset i from x.
func (e *pricer) fill(i int, values []float64, kept []bool) {
	a := &e.assets[i]
	for j := int(a.First); j < int(a.First)+a.Cols; j++ {
		if kept[j] {
			values[j] = e.x[j]
		}
	}
}
