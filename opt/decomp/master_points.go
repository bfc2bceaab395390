package decomp

import (
	"math"
	"slices"
)

// The points of assets in the interior point method.
//
// Convexity rows are eliminated. With theta = x / z and abar the average of an
// asset's points weighted by theta, an asset adds
//
//	sum_k theta_k (a_k - abar)(a_k - abar)'
//
// to the normal equations. Assets with like supports form a group, whose sum is
// one product of a matrix with its transpose: a row for each row of the
// support, a column sqrt(theta_k) (a_k - abar) for each point. Points are cut
// into parts, the units of parallel work; what parts sum up is added in the
// order of parts, so that results do not depend on the number of goroutines.

// lane is how many values of a point the passes take at a time.
const lane = 8

// group is a set of assets whose points touch the same rows, nearly.
type group struct {
	rows    []int32
	size    int // rows, rounded up to whole lanes
	assets  []int32
	slot    []int32   // where in the factor the entries of rows are: lower triangle
	product []float64 // size * size
	parts   []*part
}

// groupSupports puts assets into groups: the first whose rows include the
// asset's and are at most twice as many, largest supports first.
func groupSupports(support [][]int32) []*group {
	order := make([]int32, len(support))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(i, j int32) int {
		if d := len(support[j]) - len(support[i]); d != 0 {
			return d
		}
		return slices.Compare(support[i], support[j])
	})
	var groups []*group
	for _, i := range order {
		s := support[i]
		k := slices.IndexFunc(groups, func(g *group) bool {
			return len(g.rows) <= 2*len(s) && within(s, g.rows)
		})
		if k < 0 {
			k = len(groups)
			groups = append(groups, &group{rows: s, size: max(lane, (len(s)+lane-1)/lane*lane)})
		}
		groups[k].assets = append(groups[k].assets, i)
	}
	for _, g := range groups {
		slices.Sort(g.assets)
	}
	return groups
}

// within says whether every element of ascending s is in ascending t.
func within(s, t []int32) bool {
	if len(s) > len(t) {
		return false
	}
	for _, r := range s {
		k, ok := slices.BinarySearch(t, r)
		if !ok {
			return false
		}
		t = t[k+1:]
	}
	return true
}

// locate finds the group's places in the factor.
func (g *group) locate(f *cholesky) {
	g.product = make([]float64, g.size*g.size)
	for i, r := range g.rows {
		for _, s := range g.rows[:i+1] {
			g.slot = append(g.slot, f.slot(r, s))
		}
	}
}

// part is a run of points of one group.
type part struct {
	group  *group
	assets []int32   // those with at least two points
	first  []int32   // of each asset: its first point in the part; and the end
	a      []float64 // of each point: its activity in the group's rows
	mean   []float64 // of each asset: the weighted average of its points
	packed []float64 // panels of the product
	kept   int       // points in packed

	cost, x, z, theta, rho, dx, dz []float64 // a value a point
	sigma, dsigma, mass, open      []float64 // a value an asset

	price, row []float64 // of the group's rows: an argument, a partial sum
	tally
}

// tally is what a pass sums up beside rows.
type tally struct {
	gap         float64 // sum of x z
	primalSlope float64 // sum of z dx
	dualSlope   float64 // sum of x dz
	bend        float64 // sum of dx dz
	primalReach float64 // largest -dx/x
	dualReach   float64 // largest -dz/z
	cost        float64
	size        float64 // sum of absolute costs
}

// add adds what refresh sums up.
func (t *tally) add(o *tally) {
	t.gap += o.gap
	t.cost += o.cost
	t.size += o.size
}

// addSteps adds what pull sums up.
func (t *tally) addSteps(o *tally) {
	t.primalSlope += o.primalSlope
	t.dualSlope += o.dualSlope
	t.bend += o.bend
	t.primalReach = math.Max(t.primalReach, o.primalReach)
	t.dualReach = math.Max(t.dualReach, o.dualReach)
}

func (t *tally) clearSteps() {
	t.primalSlope, t.dualSlope, t.bend, t.primalReach, t.dualReach = 0, 0, 0, 0, 0
}

// meet notes the pair of a variable and its dual with their steps.
func (t *tally) meet(x, z, dx, dz float64) {
	t.primalSlope += z * dx
	t.dualSlope += x * dz
	t.bend += dx * dz
	if -dx > t.primalReach*x {
		t.primalReach = -dx / x
	}
	if -dz > t.dualReach*z {
		t.dualReach = -dz / z
	}
}

// stride is how far to go along a direction.
type stride struct{ primal, dual float64 }

// after returns the sum of products x z after a step.
func (t *tally) after(gap float64, s stride) float64 {
	return gap + s.primal*t.primalSlope + s.dual*t.dualSlope + s.primal*s.dual*t.bend
}

// partPoints is how many points a part has at least, unless there are no more:
// its panels of a hundred rows fit into a second-level cache.
const partPoints = 192

// load lays out the points of all assets with more than one.
func (m *master) load() {
	s := &m.scratch
	s.parts = s.parts[:0]
	for _, g := range m.groups {
		g.parts = g.parts[:0]
		var p *part
		for _, i := range g.assets {
			n := len(m.points[i])
			if n < 2 {
				continue
			}
			if p == nil {
				p = s.part(g)
				g.parts = append(g.parts, p)
			}
			p.assets = append(p.assets, i)
			p.first = append(p.first, p.first[len(p.first)-1]+int32(n))
			if p.count() >= partPoints {
				p = nil
			}
		}
	}
	m.crew.each(len(s.parts), func(k int) { s.parts[k].fill(m) })
}

// part returns an empty part of the group, one of earlier solves if there is.
func (s *interior) part(g *group) *part {
	k := len(s.parts)
	if k == len(s.pool) {
		s.pool = append(s.pool, &part{})
	}
	p := s.pool[k]
	p.group, p.assets, p.first = g, p.assets[:0], append(p.first[:0], 0)
	s.parts = append(s.parts, p)
	return p
}

func (p *part) count() int { return int(p.first[len(p.first)-1]) }

// resize returns a slice of length n, its values unspecified.
func resize(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n, n+n/4)
	}
	return s[:n]
}

// fill copies the activities of the part's points.
func (p *part) fill(m *master) {
	g, n := p.group, p.count()
	for _, v := range []*[]float64{&p.cost, &p.x, &p.z, &p.theta, &p.rho, &p.dx, &p.dz} {
		*v = resize(*v, n)
	}
	for _, v := range []*[]float64{&p.sigma, &p.dsigma, &p.mass, &p.open} {
		*v = resize(*v, len(p.assets))
	}
	p.price, p.row = resize(p.price, g.size), resize(p.row, g.size)
	p.a, p.packed = resize(p.a, n*g.size), resize(p.packed, roundUp(n)*g.size+tile)
	p.mean = resize(p.mean, len(p.assets)*g.size)
	clear(p.a)
	clear(p.price)
	k := 0
	for _, i := range p.assets {
		for _, q := range m.points[i] {
			a := p.a[k*g.size:][:g.size]
			at := 0
			for h, r := range q.row {
				for g.rows[at] != r {
					at++
				}
				a[at] = q.val[h]
			}
			p.cost[k] = q.cost
			k++
		}
	}
}

// gather takes the values of the group's rows as the part's price.
func (p *part) gather(v []float64) {
	for k, r := range p.group.rows {
		p.price[k] = v[r]
	}
}

// span returns the points of the part's asset i and its average.
func (p *part) span(i int) (from, to int, mean []float64) {
	n := p.group.size
	return int(p.first[i]), int(p.first[i+1]), p.mean[i*n : (i+1)*n]
}

func (p *part) activity(k int) []float64 {
	n := p.group.size
	return p.a[k*n : (k+1)*n]
}

// spread returns the sum over assets of the range of their points' costs at the
// prices, and leaves those costs in z.
func (p *part) spread(pi []float64) float64 {
	p.gather(pi)
	sum := 0.0
	for i := range p.assets {
		from, to, _ := p.span(i)
		for k := from; k < to; k++ {
			p.z[k] = p.cost[k] - dot(p.activity(k), p.price)
		}
		sum += slices.Max(p.z[from:to]) - slices.Min(p.z[from:to])
	}
	return sum
}

// begin puts the points where x z = mu for all and x sums to one, from costs in
// z.
func (p *part) begin(mu float64) {
	for i := range p.assets {
		from, to, _ := p.span(i)
		z := p.z[from:to]
		least := slices.Min(z)
		s := mu // sum of mu / (z - least + s) = 1: Newton's steps go up to it
		for range 40 {
			f, df := -1.0, 0.0
			for _, v := range z {
				t := v - least + s
				f += mu / t
				df += mu / (t * t)
			}
			if f <= 1e-12 {
				break
			}
			s += f / df
		}
		p.sigma[i], p.dsigma[i] = least-s, 0
		sum := 0.0
		for k := from; k < to; k++ {
			p.z[k] += s - least
			p.x[k] = mu / p.z[k]
			sum += p.x[k]
			p.dx[k], p.dz[k] = 0, 0
		}
		for k := from; k < to; k++ {
			p.x[k] /= sum
		}
	}
}

// refresh takes a step, and computes theta, averages and the activity of the
// combination.
func (p *part) refresh(pi []float64, step stride) {
	p.gather(pi)
	p.tally = tally{}
	clear(p.row)
	clear(p.mean)
	for i := range p.assets {
		from, to, mean := p.span(i)
		p.sigma[i] += step.dual * p.dsigma[i]
		mass, sum := 0.0, 0.0
		for k := from; k < to; k++ {
			a := p.activity(k)
			x := p.x[k] + step.primal*p.dx[k]
			z := p.z[k] + step.dual*p.dz[k]
			// The exact value, unless rounding spoils it.
			if e := p.cost[k] - dot(a, p.price) - p.sigma[i]; e > 0.5*z && e < 2*z {
				z = e
			}
			t := x / z
			p.x[k], p.z[k], p.theta[k] = x, z, t
			mass += t
			sum += x
			axpy(mean, t, a)
			axpy(p.row, x, a)
			p.gap += x * z
			p.tally.cost += p.cost[k] * x
			p.size += math.Abs(p.cost[k]) * x
		}
		p.mass[i], p.open[i] = mass, 1-sum
		v := 1 / mass
		for r := range mean {
			mean[r] *= v
		}
	}
}

// pack writes the columns sqrt(theta) (a - abar) of the product, but not those
// below the limit in every row, and fills the panels up with columns of zeros.
func (p *part) pack(limit []float64) {
	p.gather(limit)
	n := roundUp(p.count())
	p.kept = 0
	for i := range p.assets {
		from, to, mean := p.span(i)
		for k := from; k < to; k++ {
			if packPoint(p.packed[tile*p.kept:], n, p.activity(k), mean, math.Sqrt(p.theta[k]), p.price) {
				p.kept++
			}
		}
	}
	for ; p.kept%tile != 0; p.kept++ {
		for i := 0; i < p.group.size; i += tile {
			clear(p.packed[i*n+tile*p.kept:][:tile])
		}
	}
}

// multiply computes a row of tiles of the group's product.
func (g *group) multiply(i int) {
	row := g.product[tile*i*g.size : tile*(i+1)*g.size]
	clear(row)
	for _, p := range g.parts {
		n := roundUp(p.count()) * tile
		for j := 0; j <= i; j++ {
			addProduct(row[tile*j:], g.size, p.packed, i*n, j*n, p.kept, 1)
		}
	}
}

// scatter adds the group's product to the matrix.
func (g *group) scatter(value []float64) {
	slot := g.slot
	for i := range g.rows {
		row := g.product[i*g.size:][:i+1]
		for j, v := range row {
			value[slot[j]] += v
		}
		slot = slot[i+1:]
	}
}

// push computes the right-hand side's share of the points where products are to
// become mu, less second times the product of the last steps.
func (p *part) push(mu, second float64) {
	clear(p.row)
	for i := range p.assets {
		from, to, mean := p.span(i)
		sum := 0.0
		for k := from; k < to; k++ {
			rho := (mu-second*p.dx[k]*p.dz[k])/p.z[k] - p.x[k]
			p.rho[k] = rho
			sum += rho
			axpy(p.row, rho, p.activity(k))
		}
		p.dsigma[i] = p.open[i] - sum
		axpy(p.row, p.dsigma[i], mean)
	}
}

// pull computes the points' steps from those of the prices.
func (p *part) pull(dpi []float64) {
	p.gather(dpi)
	p.clearSteps()
	for i := range p.assets {
		from, to, mean := p.span(i)
		d := p.dsigma[i]/p.mass[i] - dot(mean, p.price)
		p.dsigma[i] = d
		for k := from; k < to; k++ {
			s := d + dot(p.activity(k), p.price)
			dx := p.rho[k] + p.theta[k]*s
			p.dx[k], p.dz[k] = dx, -s
			p.meet(p.x[k], p.z[k], dx, -s)
		}
	}
}

// finish writes the weights of the part's points, which sum to one.
func (p *part) finish(m *master) {
	for i, asset := range p.assets {
		from, to, _ := p.span(i)
		sum := 0.0
		for _, v := range p.x[from:to] {
			sum += v
		}
		for k, q := range m.points[asset] {
			q.weigh(p.x[from+k] / sum)
		}
	}
}

func (p *point) weigh(w float64) {
	p.weight = w
	if w < idleWeight {
		p.idle++
	} else {
		p.idle = 0
	}
}
