package decomp

import "math"

// Box columns and the slacks of rows in the interior point method. A slack is a
// box column of one row: a row with bounds L and U is the equation
//
//	activity - v = L, 0 <= v <= U - L       or       activity + v = U, v >= 0
//
// the second where only U is finite. Columns are shifted to 0 <= v <= length;
// with the other part t = length - v and duals zl of v, zu of t, the reduced cost
// is zl - zu. A column adds theta A A' to the normal equations,
// 1/theta = zl/v + zu/t.

// columns are the box columns, then one slack a row.
type columns struct {
	boxes  int
	start  []int32
	row    []int32
	value  []float64
	slot   []int32 // of each pair of a column's terms: its place in the factor
	pair   []int32 // of each column: its first pair
	active []int32 // columns that can move
	dead   []bool  // rows without bounds: their price is zero

	cost, length           []float64 // length +Inf where there is no upper bound
	v, t, zl, zu           []float64
	reduced                []float64
	theta, force, wrong    []float64 // wrong is what zl - zu misses of the reduced cost
	lowerForce, upperForce []float64
	dv, dzl, dzu           []float64
	rhs                    []float64 // of each row, less constants
	constant               float64   // the cost of lower bounds
	tally
}

// firstDual is the least dual of a bound in the first point, in terms of what
// the column has at the scale of prices.
const firstDual = 0.1

// init lays out columns and slacks and finds their pairs in the factor.
func (c *columns) init(p *masterProgram, f *cholesky) {
	rows := len(p.rowLower)
	c.boxes = len(p.boxCost)
	n := c.boxes + rows
	c.start = append(append([]int32{}, p.colStart...), make([]int32, rows)...)
	c.row = append([]int32{}, p.rowIndex...)
	c.value = append([]float64{}, p.value...)
	for r := range rows {
		c.row = append(c.row, int32(r))
		c.value = append(c.value, 0)
		c.start[c.boxes+r+1] = int32(len(c.row))
	}
	c.pair = make([]int32, n+1)
	for j := range n {
		terms := c.row[c.start[j]:c.start[j+1]]
		for i, r := range terms {
			for _, s := range terms[:i+1] {
				c.slot = append(c.slot, f.slot(r, s))
			}
		}
		c.pair[j+1] = int32(len(c.slot))
	}
	c.dead = make([]bool, rows)
	c.rhs = make([]float64, rows)
	for _, s := range []*[]float64{&c.cost, &c.length, &c.v, &c.t, &c.zl, &c.zu, &c.reduced, &c.theta, &c.force,
		&c.wrong, &c.lowerForce, &c.upperForce, &c.dv, &c.dzl, &c.dzu} {
		*s = make([]float64, n)
	}
}

// flat says that two bounds are as good as equal.
func flat(lo, up float64) bool { return up-lo <= 1e-12*math.Max(1, math.Abs(lo)) }

// load takes over bounds and costs.
func (c *columns) load(p *masterProgram) {
	c.active = c.active[:0]
	c.constant = 0
	for r, lo := range p.rowLower {
		up, j := p.rowUpper[r], c.boxes+r
		term := &c.value[c.start[j]]
		c.dead[r] = math.IsInf(lo, -1) && math.IsInf(up, 1)
		switch {
		case c.dead[r]:
			c.rhs[r], c.length[j] = 0, 0
		case math.IsInf(lo, -1):
			c.rhs[r], c.length[j], *term = up, math.Inf(1), 1
		default:
			c.rhs[r], c.length[j], *term = lo, up-lo, -1
			if flat(lo, up) {
				c.length[j] = 0
			}
		}
	}
	for j, lo := range p.boxLower {
		c.cost[j], c.length[j] = p.boxCost[j], p.boxUpper[j]-lo
		if flat(lo, p.boxUpper[j]) {
			c.length[j] = 0
		}
		c.constant += c.cost[j] * lo
		if lo != 0 {
			for k := c.start[j]; k < c.start[j+1]; k++ {
				c.rhs[c.row[k]] -= c.value[k] * lo
			}
		}
	}
	for j, l := range c.length {
		if l > 0 && c.touches(j) {
			c.active = append(c.active, int32(j))
		} else {
			c.length[j] = 0
		}
	}
}

// touches says whether a column is in any row: others stay at their better bound.
func (c *columns) touches(j int) bool {
	for _, v := range c.value[c.start[j]:c.start[j+1]] {
		if v != 0 {
			return true
		}
	}
	return false
}

func (c *columns) finite(j int32) bool { return !math.IsInf(c.length[j], 1) }

// price returns A_j.pi.
func (c *columns) price(j int32, pi []float64) float64 {
	s := 0.0
	for k := c.start[j]; k < c.start[j+1]; k++ {
		s += c.value[k] * pi[c.row[k]]
	}
	return s
}

// spread returns the number of columns of finite length and the sum of what
// their whole length is worth at the prices.
func (c *columns) spread(pi []float64) (n int, sum float64) {
	for _, j := range c.active {
		c.reduced[j] = c.cost[j] - c.price(j, pi)
		if c.finite(j) {
			n++
			sum += math.Abs(c.reduced[j]) * c.length[j]
		}
	}
	return n, sum
}

// begin puts the columns where v zl = t zu = mu and zl - zu is the reduced cost.
// But a dual starts no lower than a floor in relation to prices: columns without
// upper bound may start with a wrong reduced cost, and so may long ones.
func (c *columns) begin(mu, priceScale float64) {
	for _, j := range c.active {
		c.dv[j], c.dzl[j], c.dzu[j] = 0, 0, 0
		size := 0.0
		for k := c.start[j]; k < c.start[j+1]; k++ {
			size = math.Max(size, math.Abs(c.value[k]))
		}
		d, l, floor := c.reduced[j], c.length[j], firstDual*(priceScale*size+math.Abs(c.cost[j]))
		if !c.finite(j) {
			c.zl[j] = math.Max(d, floor)
			c.v[j] = mu / c.zl[j]
			continue
		}
		short := 2 * mu * l / (math.Abs(d)*l + 2*mu + math.Sqrt(d*d*l*l+4*mu*mu))
		short = math.Min(short, mu/floor)
		c.v[j], c.t[j] = short, l-short
		if d < 0 && -d > floor {
			c.v[j], c.t[j] = l-short, short
		}
		c.zl[j], c.zu[j] = mu/c.v[j], mu/c.t[j]
	}
}

// refresh takes a step, computes theta and residuals, subtracts the columns'
// activity from residual and adds its size to size.
func (c *columns) refresh(pi []float64, step stride, residual, size []float64) {
	c.tally = tally{}
	for _, j := range c.active {
		v := c.v[j] + step.primal*c.dv[j]
		zl := c.zl[j] + step.dual*c.dzl[j]
		d := c.cost[j] - c.price(j, pi)
		wrong := d - zl
		ratio := zl / v
		c.gap += v * zl
		if c.finite(j) {
			t := math.Max(c.t[j]-step.primal*c.dv[j], 1e-300)
			zu := c.zu[j] + step.dual*c.dzu[j]
			wrong += zu
			ratio += zu / t
			c.gap += t * zu
			c.t[j], c.zu[j] = t, zu
		}
		c.v[j], c.zl[j], c.wrong[j], c.theta[j] = v, zl, wrong, 1/ratio
		c.tally.cost += c.cost[j] * v
		c.tally.size += math.Abs(c.cost[j]) * v
		for k := c.start[j]; k < c.start[j+1]; k++ {
			a := c.value[k] * v
			residual[c.row[k]] -= a
			size[c.row[k]] += math.Abs(a)
		}
	}
}

// mistake returns the sum of what wrong duals are worth.
func (c *columns) mistake() float64 {
	s := 0.0
	for _, j := range c.active {
		s += math.Abs(c.wrong[j]) * c.v[j]
	}
	return s
}

// assemble adds the columns' share to the matrix.
func (c *columns) assemble(value []float64) {
	for _, j := range c.active {
		theta := c.theta[j]
		a := c.value[c.start[j]:c.start[j+1]]
		slot := c.slot[c.pair[j]:c.pair[j+1]]
		n := 0
		for i, v := range a {
			v *= theta
			for _, w := range a[:i+1] {
				value[slot[n]] += v * w
				n++
			}
		}
	}
}

// push subtracts the columns' share of the right-hand side where products are to
// become mu, less second times the product of the last steps.
func (c *columns) push(mu, second float64, rhs []float64) {
	for _, j := range c.active {
		lf := (mu-second*c.dv[j]*c.dzl[j])/c.v[j] - c.zl[j]
		f := lf - c.wrong[j]
		if c.finite(j) {
			uf := (mu+second*c.dv[j]*c.dzu[j])/c.t[j] - c.zu[j]
			c.upperForce[j] = uf
			f -= uf
		}
		c.lowerForce[j], c.force[j] = lf, f
		f *= c.theta[j]
		for k := c.start[j]; k < c.start[j+1]; k++ {
			rhs[c.row[k]] -= c.value[k] * f
		}
	}
}

// pull computes the columns' steps from those of the prices.
func (c *columns) pull(dpi []float64) {
	c.clearSteps()
	for _, j := range c.active {
		dv := c.theta[j] * (c.force[j] + c.price(j, dpi))
		dzl := c.lowerForce[j] - c.zl[j]/c.v[j]*dv
		c.dv[j], c.dzl[j] = dv, dzl
		c.meet(c.v[j], c.zl[j], dv, dzl)
		if c.finite(j) {
			dzu := c.upperForce[j] + c.zu[j]/c.t[j]*dv
			c.dzu[j] = dzu
			c.meet(c.t[j], c.zu[j], -dv, dzu)
		}
	}
}
