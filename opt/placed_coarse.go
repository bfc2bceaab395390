package opt

// First prices of short periods. A large relaxation of quarter hours does not end
// within minutes; that of the same case in hours does, and its narrow program
// (placed_narrow.go) answers as any other. So power opens there:
//
//  1. prices, how they rise with the use, and the first answers to the jobs are those
//     of the hourly case;
//  2. at its last prices every asset answers at the case's own periods, by its oracle;
//     a decision that is whole in the hourly relaxation and the same in the answer
//     is held, so what is held of an asset is always part of a schedule that it can run;
//  3. the narrow program that is left is the first that is solved at the case's own
//     periods. It gives the last answers and lets go of what its prices contradict.
//     Their duals, put to every asset, give the bound (decomp.Dual), which takes no other solve.
//
// Nothing of the hourly case is a bound. Bounds come from the narrow program's prices.

import (
	"context"
	"math"

	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// coarsePower is the power half of a case in longer periods.
type coarsePower struct {
	*power
	g       *merging
	use     place.Use
	answers int // still to be given in longer periods
}

// coarseAnswers of a placement come from the longer periods, the first when power opens:
// all but that after the last pass, for one of the case's own periods takes twenty
// times as long.
const coarseAnswers = placingPasses

// openIn opens power in the longer periods of g, where it stays for the first answers,
// and settles at a use of the case's own.
func (w *power) openIn(ctx context.Context, g *merging, asked demand, u *place.Use) error {
	in, err := w.longer(ctx, g)
	if err != nil {
		return err
	}
	c := &coarsePower{power: in, g: g, use: place.NewUse(in.p), answers: coarseAnswers}
	g.foldUse(&c.use, u)
	if err := c.probe(ctx, asked, &c.use); err != nil {
		return err
	}
	w.s.step("prices of longer periods: %d columns instead of %d", c.own.Cols(), w.own.Cols())
	w.powerRise, w.unitRise, w.gbRise = c.powerRise, c.unitRise, c.gbRise
	w.coarse = c
	return w.Settle(ctx, u)
}

// settleCoarsely settles at a use in longer periods. The prices hold at the mean use of
// each: beyond it they rise within the longer period, or jobs would crowd into one
// of its parts.
func (w *power) settleCoarsely(ctx context.Context, u *place.Use) error {
	c := w.coarse
	c.answers--
	c.g.foldUse(&c.use, u)
	if err := c.Settle(ctx, &c.use); err != nil {
		return err
	}
	T, hours := w.s.m.T, w.p.Hours
	for k := range c.g.len() {
		for t := c.g.first[k]; t < c.g.first[k+1]; t++ {
			share := hours[t] / c.p.Hours[k]
			spread := func(to, from []float64, by float64) {
				for i := range len(to) / T {
					to[i*T+t] = from[i*c.s.m.T+k] * by
				}
			}
			spread(w.at.Held, c.use.Held, 1)
			spread(w.at.Busy, c.use.Busy, 1)
			spread(w.at.GB, c.use.GB, share)
			spread(w.prices.Held, c.prices.Held, share)
			spread(w.prices.Busy, c.prices.Busy, share)
			spread(w.prices.GB, c.prices.GB, 1)
			spread(w.roomUnits, c.roomUnits, 1)
			spread(w.roomGB, c.roomGB, share)
		}
	}
	w.fresh = true
	return nil
}

// descend leaves the longer periods for the case's own.
func (w *power) descend() error {
	c := w.coarse
	w.coarse = nil
	w.lend(c.power, c.g)
	if len(w.s.oracles()) < manyAssets {
		return nil // there is little to hold
	}
	if err := w.narrow(w.settled(c.power, c.g)); err != nil {
		return err
	}
	w.short = true
	w.s.step("own periods: %d of %d columns, %d of %d rows are left", w.few.lp.Cols(), w.own.Cols(), w.few.lp.Rows(), w.own.Rows())
	return nil
}

// longer is the power half of the case in longer periods, without the jobs that are placed.
func (w *power) longer(ctx context.Context, g *merging) (*power, error) {
	s := w.s
	c := g.apply(s.m.Case)
	c.Jobs = nil
	for i := range s.m.Case.Jobs {
		if !w.k.jobs.has(i) {
			c.Jobs = append(c.Jobs, s.m.Case.Jobs[i])
		}
	}
	in := &session{
		o: s.o, merged: unmerged(c), catalog: s.merged.catalog(s.o.Formulation), dear: s.dear,
		began: s.began, searchBegan: s.searchBegan, bound: math.Inf(-1),
	}
	in.o.OnProgress = nil
	in.catalog, in.placed = placing(in.catalog, newJobPlaces(c))
	var err error
	if in.m, in.p, err = Formulate(c, in.catalog); err != nil {
		return nil, err
	}
	in.scaleMoney()
	return newPower(ctx, in, in.placed, in.p), nil
}

// foldUse makes a use in longer periods of one in a case's own: means of units, sums of GB.
func (g *merging) foldUse(to, from *place.Use) {
	fold := func(to, from []float64, join func(values, hours []float64) float64) {
		for i := range to {
			a, b := g.first[i%g.len()], g.first[i%g.len()+1]
			row := i / g.len() * len(g.hours)
			to[i] = join(from[row+a:row+b], g.hours[a:b])
		}
	}
	fold(to.Held, from.Held, mean)
	fold(to.Busy, from.Busy, mean)
	fold(to.GB, from.GB, func(values, _ []float64) float64 { return sum(values) })
}

// lend gives the rows that are shared the last prices of the longer periods.
func (w *power) lend(c *power, g *merging) {
	perMoney := w.s.scale / c.s.scale
	carry := func(row, from solver.Row, share float64) { w.last[row] = c.last[from] * share * perMoney }
	g.eachShared(w.s.m, c.s.m, carry)
	g.each(w.s.m, c.s.m, w.s.m.siteRow, c.s.m.siteRow, carry)
	g.each(w.s.m, c.s.m, w.s.m.dataRow, c.s.m.dataRow, func(row, from solver.Row, _ float64) { carry(row, from, 1) })
}

// settled are the decisions of assets on which the longer periods and the assets
// themselves agree, NaN elsewhere. Where they agree on all of an asset, what follows
// from its decisions (starts and stops) is settled as well.
func (w *power) settled(c *power, g *merging) []float64 {
	p := w.own
	cost := append([]float64(nil), p.ColCost...)
	for r, y := range w.last {
		if y == 0 {
			continue
		}
		for e := p.RowStart[r]; e < p.RowStart[r+1]; e++ {
			cost[p.Index[e]] -= y * p.Value[e]
		}
	}
	x := make([]float64, p.Cols())
	for j := range x {
		x[j] = math.NaN()
	}
	coarse := make(map[string]*decomp.Asset)
	for _, a := range c.s.oracles() {
		coarse[a.Name] = &a
	}
	scratch := make(map[decomp.Scratcher]any)
	for _, a := range w.s.oracles() {
		of := coarse[a.Name]
		if of == nil {
			continue
		}
		key := a.Oracle.Scratch()
		if scratch[key] == nil {
			scratch[key] = key.New()
		}
		from, to := int(a.First), int(a.First)+a.Cols
		answer := make([]float64, a.Cols)
		if _, ok := a.Oracle.Price(cost[from:to], p.ColLower[from:to], p.ColUpper[from:to], answer, scratch[key]); !ok {
			continue
		}
		if agree(&a, of, answer, c.point, g, x[from:to]) {
			copy(x[from:to], answer)
		}
	}
	return x
}

// agree writes into x the decisions of an asset's answer that its point in longer
// periods has too, and says whether these are all.
func agree(a, coarse *decomp.Asset, answer, point []float64, g *merging, x []float64) bool {
	in := make(map[int32]float64) // of the longer periods, by stage
	for i, k := range coarse.Decisions {
		in[coarse.Stages[i]] = point[int32(coarse.First)+k]
	}
	all, k := true, int32(0)
	for i, d := range a.Decisions {
		for int(a.Stages[i]) >= g.first[k+1] {
			k++
		}
		if v, ok := in[k]; ok && math.Abs(answer[d]-v) <= wholeBy {
			x[d] = answer[d]
			continue
		}
		all = false
	}
	return all
}
