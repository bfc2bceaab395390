package decomp

// The dispatch of many assets, confined. With all integers held, a dispatch is a
// linear program of every asset's columns, of which most are where they are beyond
// doubt: at the prices, and at prices a little off, the asset does the same. So the
// answers of each asset to a few vectors of prices say between which values a column
// may move; what they agree on is held, and the program that is left is small. Its
// prices pi are then put to the assets in turn. By weak duality no dispatch costs less
// than
//
//	cost of this one - sum over assets of ( reduced cost at pi of what the asset does
//	                                        - the least that it could do )
//
// and where that sum is next to nothing, this one is a best one. Where it is not,
// columns may move as far as the new answers say, and the program is solved again.

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// confineFrom is the number of columns from which dispatches are confined where
// Options do not say: a smaller one is a matter of a second as it is.
const confineFrom = 100_000

// Confining: how far off the prices are asked too, what may be left to gain, and the
// most programs of one dispatch.
const (
	confineBand   = 0.02
	confineGain   = 2e-6
	confineRounds = 10
	confineWiden  = 6 // by how much prices may be further off from program to program
	confineMost   = 1 // from which prices are believed however far off
	confineRecent = 3 // remembered prices that are tried beside the best ones
)

// confines says whether dispatches are confined.
func (s *Search) confines() bool {
	return s.o.Within != nil && s.p.Cols() >= cmp.Or(s.o.ConfineFrom, confineFrom)
}

// dispatch is the one that suits the size of the program.
func (s *Search) dispatch(ctx context.Context, x []float64) (point, price []float64, cost float64, err error) {
	if !s.confines() {
		return s.o.Dispatch(ctx, x)
	}
	began := time.Now()
	defer func() { s.spent(time.Since(began)) }()
	c := s.confine(x)
	rounds, solving := 0, time.Now()
	point, price, cost, err = s.o.Within(ctx, x, c.lower, c.upper, func(point, price []float64) bool {
		rounds++
		took := time.Since(solving)
		solving = time.Now()
		if price == nil || rounds >= confineRounds || !s.room(took+setUpDispatch*s.setUp) {
			return false
		}
		gain, moved := c.widen(point, s.pricesOf(price))
		s.trace("dispatch of %d columns: %.1e left to gain after %.2f s, %d more", c.free-moved, gain/math.Abs(s.acc.bound), time.Since(began).Seconds(), moved)
		return gain > confineGain*math.Abs(s.acc.bound) && (moved > 0 || math.IsInf(gain, 1))
	})
	if err != nil && ctx.Err() == nil {
		return s.o.Dispatch(ctx, x)
	}
	return point, price, cost, err
}

// confined is a dispatch whose columns are between lower and upper.
type confined struct {
	s            *Search
	e            *pricer
	lower, upper []float64 // of all columns
	least, most  []float64 // what they are without confinement
	known        []bool    // assets that answer as the integers held have it
	free         int       // columns that may move, of assets that are known
	price        []float64 // that it began with
	band         float64   // within which of them prices are believed
}

// confine asks all assets what they do with the decisions of x.
func (s *Search) confine(x []float64) *confined {
	lower, upper := slices.Clone(s.lower), slices.Clone(s.upper)
	for i := range s.assets {
		a := &s.assets[i]
		for _, d := range a.Decisions {
			fixNear(lower, upper, int32(a.First)+d, x[int(a.First)+int(d)])
		}
	}
	return s.confineTo(s.p.ColLower, s.p.ColUpper, lower, upper, x, nil, confineBand)
}

// confineTo confines the columns of the assets that fixed names (all of them where it
// is nil), of a program with bounds least and most, by what they answer within lower
// and upper at prices that are so far off, and others. What they answer counts where
// it has the integers of x.
func (s *Search) confineTo(least, most, lower, upper, x []float64, fixed []bool, band float64, others ...[]float64) *confined {
	c := &confined{
		s: s, lower: slices.Clone(least), upper: slices.Clone(most), known: make([]bool, len(s.assets)),
		least: least, most: most, band: band,
	}
	c.e = s.bare(lower, upper, s.pricer.crew.workers)
	c.price = c.bestPrice()
	prices := append([][]float64{c.price, s.off(c.price, 1-band), s.off(c.price, 1+band)}, others...)
	free := make([]int, len(s.assets))
	c.e.crew.eachBy(len(s.assets), func(worker, i int) {
		if fixed == nil || fixed[i] {
			free[i] = c.hold(i, x, prices, worker)
		}
	})
	for _, n := range free {
		c.free += n
	}
	return c
}

// hold confines the columns of asset i to what it answers, and returns how many may
// move. An asset that starts or stops otherwise than x may move wholly.
func (c *confined) hold(i int, x []float64, prices [][]float64, worker int) (free int) {
	a := &c.e.assets[i]
	from, to := int(a.First), int(a.First)+a.Cols
	least, most := make([]float64, a.Cols), make([]float64, a.Cols)
	for n, price := range prices {
		if c.e.ask(i, price, worker); !c.e.ok[i] || !c.same(i, x) {
			return 0
		}
		for k, v := range c.e.x[from:to] {
			if n == 0 {
				least[k], most[k] = v, v
			}
			least[k], most[k] = math.Min(least[k], v), math.Max(most[k], v)
		}
	}
	c.known[i] = true
	for k := range least {
		if j := from + k; most[k]-least[k] <= confineSame {
			c.lower[j], c.upper[j] = least[k], least[k]
		} else {
			free++
		}
	}
	return free
}

// confineSame is up to where values are the same.
const confineSame = 1e-9

// same says whether the answer of asset i has the integers of x, but for those that
// others imply.
func (c *confined) same(i int, x []float64) bool {
	a := &c.e.assets[i]
	for j := int(a.First); j < int(a.First)+a.Cols; j++ {
		if c.s.p.ColType[j] == solver.Integer && !c.s.implied[j] && math.Round(x[j]) != c.e.x[j] {
			return false
		}
	}
	return true
}

// widen asks the assets at new prices, frees what they would rather do, and returns
// what that could gain at most and how many columns it freed.
func (c *confined) widen(point, price []float64) (gain float64, freed int) {
	c.band *= confineWiden
	clipped := false
	price = c.s.shortPrices(point, price)
	if c.band < confineMost {
		price, clipped = c.clip(price, c.band)
	}
	gains, moved := make([]float64, len(c.e.assets)), make([]int, len(c.e.assets))
	c.e.crew.eachBy(len(c.e.assets), func(worker, i int) {
		if !c.known[i] {
			return
		}
		c.e.ask(i, price, worker)
		a := &c.e.assets[i]
		from, to := int(a.First), int(a.First)+a.Cols
		gains[i] = -c.e.bound[i]
		for j := from; j < to; j++ {
			gains[i] += c.e.cost[j] * point[j]
		}
		for j := from; j < to && gains[i] > 0; j++ {
			if c.lower[j] == c.upper[j] && math.Abs(c.e.x[j]-point[j]) > confineSame {
				c.lower[j], c.upper[j] = c.least[j], c.most[j]
				moved[i]++
			}
		}
	})
	for i, g := range gains {
		gain += math.Max(0, g)
		freed += moved[i]
	}
	c.free += freed
	if clipped {
		gain = math.Inf(1)
	}
	return gain, freed
}

// bestPrice returns that of the remembered prices at which the decisions held prove
// the most: the best for their dispatch.
func (c *confined) bestPrice() []float64 {
	all := c.s.remembered()
	best, most := all[0], math.Inf(-1)
	for k, price := range all {
		if k > 0 && k < len(all)-confineRecent {
			continue
		}
		c.e.crew.eachBy(len(c.e.assets), func(worker, i int) { c.e.ask(i, price, worker) })
		v := c.s.pricer.master.boxBound(price)
		for i, b := range c.e.bound {
			if c.e.ok[i] {
				v += b
			}
		}
		if v > most {
			best, most = price, v
		}
	}
	return best
}

// off are prices times f where assets meet.
func (s *Search) off(price []float64, f float64) []float64 {
	out := slices.Clone(price)
	for i, c := range s.coupling {
		if c {
			out[i] *= f
		}
	}
	return out
}

// shortPrices are prices with those of the rows that are short as their shortage has
// them. Where all else in such a row is held it bounds nothing but the shortage: a
// reduction makes that a bound of one column, and the row's price is lost.
func (s *Search) shortPrices(point, price []float64) []float64 {
	out := slices.Clone(price)
	for _, j := range s.boxes {
		if s.penal(j) && point[j] > s.lower[j]+confineSame && point[j] < s.upper[j]-confineSame {
			k := s.start[j]
			out[s.index[k]] = s.p.ColCost[j] / s.value[k]
		}
	}
	return out
}

// clip holds prices within a part of those that the dispatch began with, and says
// whether that changed any: in periods that are short they say nothing of who should
// move first.
func (c *confined) clip(price []float64, band float64) (out []float64, clipped bool) {
	out = slices.Clone(price)
	for i, v := range out {
		if !c.s.coupling[i] {
			continue
		}
		b := band * (math.Abs(c.price[i]) + c.s.priceScale/100)
		out[i] = math.Max(c.price[i]-b, math.Min(c.price[i]+b, v))
		clipped = clipped || math.Abs(out[i]-v) > 1e-6*math.Abs(v)
	}
	return out, clipped
}
