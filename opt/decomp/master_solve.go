package decomp

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// The interior point method: Mehrotra's predictor and corrector on the optimality
// conditions of the proximal program, in normal equations over the shared rows
//
//	(sum over assets and columns + diag(q)) dpi = right-hand side.
//
// Primal and dual each go as far as they can: where q ties the prices to the rows,
// what the difference spoils is in the next right-hand side.

const (
	maxIterations = 80
	stepBack      = 0.995 // share of the way to the boundary
	rowTolerance  = 1e-6  // of a row's residual, relative to what stands in it
	leastGap      = 0.1   // gap aimed at, relative to the one asked for: rows may take longer
	minCentering  = 1e-6  // least share of the mean complementarity aimed at
	maxCentering  = 1     // most
	leastWeight   = 1e-11 // of the proximal term, relative to what stands in a row
	shiftDiagonal = 1e-12 // added to the diagonal, relative
	dropLimit     = 1e-7  // a point's share of a diagonal, relative to q, below which it is left out
	patience      = 5     // iterations without change that end the method
	deadDiagonal  = 1e100 // of rows without bounds
)

// interior is the working memory of solves.
type interior struct {
	parts, pool     []*part
	pi, dpi         []float64
	q               []float64 // weights of the proximal term, none zero
	base            []float64 // right-hand side of rows, less assets with one point
	residual, size  []float64
	limit           []float64
	fixed           float64 // cost of assets with one point and of lower bounds
	pairs           int     // complementary pairs
	total           tally
	price           float64 // scale of prices
	scale, firstGap float64 // what the gap is relative to; the gap of the first point
}

// solve maximises the proximal model around center with weights q, to a relative
// duality gap of tol, starting from prices at start (nil: at center). It writes
// the points' weights. Where the method stalls, prices are as good as it got,
// which the result's gap tells; any prices give a bound. The error says that
// the program is not one, that ctx ended or that numbers overflowed.
func (m *master) solve(ctx context.Context, center, q []float64, tol float64, start []float64) (*masterResult, error) {
	if err := m.checkSolve(center, q, start); err != nil {
		return nil, err
	}
	m.prepare(center, q, start)
	res := &masterResult{}
	step, before, idle := stride{}, math.Inf(1), 0
	for ; ; res.iterations++ {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("decomp: the master was stopped: %w", err)
		}
		m.refresh(center, step)
		if res.iterations == 0 {
			m.weigh(q)
		}
		res.gap, res.rowError = m.progress(center)
		if math.IsNaN(res.gap) || math.IsInf(res.gap, 0) {
			return nil, errors.New("decomp: the master's prices overflowed: costs or activities are too far apart")
		}
		left := math.Max(res.gap/tol, res.rowError/rowTolerance)
		idle++
		if math.Abs(left-before) > 1e-4*left {
			idle = 0
		}
		before = left
		if left <= 1 || res.iterations == maxIterations || idle == patience {
			break
		}
		m.assemble()
		m.factor.factorise()
		step = m.direction(tol)
		for r, d := range m.scratch.dpi {
			m.scratch.pi[r] += step.dual * d
		}
	}
	m.finish(res)
	return res, nil
}

func (m *master) checkSolve(center, q, start []float64) error {
	if len(center) != len(m.rowLower) || len(q) != len(m.rowLower) || start != nil && len(start) != len(m.rowLower) {
		return fmt.Errorf("decomp: the master has %d rows, not %d prices and %d weights", len(m.rowLower), len(center), len(q))
	}
	for r, v := range center {
		if math.IsNaN(v) || math.IsInf(v, 0) || !(q[r] >= 0) || math.IsInf(q[r], 0) {
			return fmt.Errorf("decomp: price %v or weight %v of row %d is no centre", v, q[r], r)
		}
		if start != nil && (math.IsNaN(start[r]) || math.IsInf(start[r], 0)) {
			return fmt.Errorf("decomp: price %v of row %d is no start", start[r], r)
		}
	}
	if err := m.checkBounds(); err != nil {
		return err
	}
	return m.checkPoints()
}

// prepare loads the program and finds the first point.
func (m *master) prepare(center, q, start []float64) {
	s := &m.scratch
	rows := len(m.rowLower)
	for _, v := range []*[]float64{&s.pi, &s.dpi, &s.q, &s.base, &s.residual, &s.size, &s.limit} {
		*v = resize(*v, rows)
	}
	m.load()
	m.cols.load(&m.masterProgram)
	copy(s.base, m.cols.rhs)
	s.fixed = m.cols.constant
	for _, points := range m.points {
		if len(points) > 1 {
			continue
		}
		p := points[0]
		s.fixed += p.cost
		for k, r := range p.row {
			s.base[r] -= p.val[k]
		}
	}
	if start == nil {
		start = center
	}
	copy(s.pi, start)
	copy(s.q, q)
	clear(s.dpi)
	for r, dead := range m.cols.dead {
		if dead {
			s.pi[r] = 0
		}
	}
	m.begin()
}

// begin finds a point on the central path of the assets and columns at the
// start's prices: only rows are not met.
func (m *master) begin() {
	s := &m.scratch
	m.crew.each(len(s.parts), func(k int) { s.parts[k].gap = s.parts[k].spread(s.pi) })
	n, sum := m.cols.spread(s.pi)
	s.pairs = n + len(m.cols.active)
	for _, p := range s.parts {
		n += len(p.assets)
		sum += p.gap
		s.pairs += p.count()
	}
	s.price = m.priceScale()
	mu := 3 * sum / math.Max(1, float64(n))
	if mu == 0 {
		mu = s.price
	}
	m.crew.each(len(s.parts), func(k int) { s.parts[k].begin(mu) })
	m.cols.begin(mu, s.price)
	s.firstGap = 0
}

// priceScale returns the mean size of prices at the start; where all are zero, of
// the costs of points and columns to their activities.
func (m *master) priceScale() float64 {
	s := &m.scratch
	sum, count := 0.0, 0.0
	for _, v := range s.pi {
		if v != 0 {
			sum += math.Abs(v)
			count++
		}
	}
	if sum > 0 {
		return sum / count
	}
	for _, p := range s.parts {
		for _, v := range p.cost {
			sum += math.Abs(v)
		}
		for _, v := range p.a {
			count += math.Abs(v)
		}
	}
	for _, j := range m.cols.active {
		sum += math.Abs(m.cols.cost[j])
		for k := m.cols.start[j]; k < m.cols.start[j+1]; k++ {
			count += math.Abs(m.cols.value[k])
		}
	}
	if sum > 0 && count > 0 {
		return sum / count
	}
	return 1
}

// weigh raises weights of the proximal term that are next to nothing, so that
// prices stay finite where rows only just can be met.
func (m *master) weigh(q []float64) {
	s := &m.scratch
	for r, v := range q {
		s.q[r] = math.Max(v, leastWeight*s.size[r]/s.price)
	}
}

// refresh takes the step and computes what depends on the point.
func (m *master) refresh(center []float64, step stride) {
	s := &m.scratch
	m.crew.each(len(s.parts), func(k int) { s.parts[k].refresh(s.pi, step) })
	clear(s.residual)
	clear(s.size)
	s.total = tally{}
	m.collect(-1)
	for r, v := range s.residual {
		s.size[r] += math.Abs(v) + math.Abs(s.base[r]) + s.q[r]*(math.Abs(s.pi[r])+math.Abs(center[r]))
		s.residual[r] += s.base[r] - s.q[r]*(s.pi[r]-center[r])
	}
	m.cols.refresh(s.pi, step, s.residual, s.size)
	s.total.add(&m.cols.tally)
}

// collect adds sign times the parts' rows to the residual, and their tallies to
// the total.
func (m *master) collect(sign float64) {
	s := &m.scratch
	for _, p := range s.parts {
		for k, r := range p.group.rows {
			s.residual[r] += sign * p.row[k]
		}
		s.total.add(&p.tally)
	}
}

// progress returns the relative gap and the largest relative residual.
func (m *master) progress(center []float64) (gap, rowError float64) {
	s := &m.scratch
	cost, miss := s.fixed+s.total.cost, m.cols.mistake()
	for r, v := range s.residual {
		if m.cols.dead[r] {
			continue
		}
		d := s.pi[r] - center[r]
		cost += s.q[r] * d * (center[r] + d/2)
		miss += math.Abs(v * s.pi[r])
		if v != 0 {
			rowError = math.Max(rowError, math.Abs(v)/s.size[r])
		}
	}
	gap = s.total.gap + miss
	if s.firstGap == 0 {
		s.firstGap = gap
	}
	s.scale = math.Max(math.Max(math.Abs(cost), 1e-3*s.total.size), math.Max(1e-12*s.firstGap, math.SmallestNonzeroFloat64))
	return gap / s.scale, rowError
}

// assemble computes the matrix of the normal equations.
func (m *master) assemble() {
	s, f := &m.scratch, m.factor
	for r, v := range s.q {
		s.limit[r] = dropLimit * v
	}
	m.crew.each(len(s.parts), func(k int) { s.parts[k].pack(s.limit) })
	clear(f.value)
	for _, g := range m.groups {
		if len(g.parts) == 0 {
			continue
		}
		n := roundUp(len(g.rows)) / tile
		m.crew.each(n, func(i int) { g.multiply(n - 1 - i) })
		g.scatter(f.value)
	}
	m.cols.assemble(f.value)
	for r, k := range f.diag {
		f.value[k] += s.q[r] + shiftDiagonal*f.value[k]
		if m.cols.dead[r] {
			f.value[k] = deadDiagonal
		}
	}
}

// direction computes predictor and corrector, and returns how far to go.
func (m *master) direction(tol float64) stride {
	s := &m.scratch
	gap := s.total.gap
	left := s.total.after(gap, m.newton(0, 0, 1)) / gap
	aim := math.Min(maxCentering, math.Max(minCentering, left*left*left)) * gap
	aim = math.Max(aim, leastGap*tol*s.scale)
	return m.newton(aim/float64(s.pairs), 1, stepBack)
}

// newton solves for the step towards products of mu, and returns that share of
// the way it can go.
func (m *master) newton(mu, second, share float64) stride {
	s := &m.scratch
	m.crew.each(len(s.parts), func(k int) { s.parts[k].push(mu, second) })
	copy(s.dpi, s.residual)
	for _, p := range s.parts {
		for k, r := range p.group.rows {
			s.dpi[r] -= p.row[k]
		}
	}
	m.cols.push(mu, second, s.dpi)
	m.factor.solve(s.dpi)
	m.crew.each(len(s.parts), func(k int) { s.parts[k].pull(s.dpi) })
	m.cols.pull(s.dpi)
	s.total.clearSteps()
	s.total.addSteps(&m.cols.tally)
	for _, p := range s.parts {
		s.total.addSteps(&p.tally)
	}
	return stride{math.Min(1, share/s.total.primalReach), math.Min(1, share/s.total.dualReach)}
}

// finish writes weights and the result.
func (m *master) finish(res *masterResult) {
	s := &m.scratch
	for _, points := range m.points {
		if len(points) == 1 {
			points[0].weigh(1)
		}
	}
	m.crew.each(len(s.parts), func(k int) { s.parts[k].finish(m) })
	res.box = make([]float64, len(m.boxCost))
	for j := range res.box {
		res.box[j] = m.boxLower[j]
		if m.cols.length[j] > 0 {
			res.box[j] += m.cols.v[j]
		} else if up := m.boxUpper[j]; m.boxCost[j] < 0 && !math.IsInf(up, 1) && !m.cols.touches(j) {
			res.box[j] = up
		}
	}
	res.price = append([]float64(nil), s.pi...)
	m.clean(res.price)
	res.value = m.modelValue(res.price)
}
