package decomp

// A dive turns the master's mixtures of schedules into one schedule an asset:
// the assets whose mixture is nearly one pattern already take it for good, the
// prices are put right again for those that are left, and so on.
//
// The bundle's proximal term lets a row go unmet by its weight times the way of
// the price from the centre. Plans are short by what a dive leaves unmet, however
// little, so the weight falls from round to round, and no dive ends before prices
// that meet the rows leave no asset mixed, or too many rounds did. Points that a
// round does not use are forgotten at once: on a FERC day they come to be more
// than half of all.
//
// A small lack can go from asset to asset: one makes up for it by the start of a
// hundredth of a unit, its nearest pattern is not to start, and the next one takes
// its place. So from some round on, assets take their fullest pattern where that
// wastes next to nothing, and when time ends the dive, whatever it wastes.

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// diveOptions of one dive. Dives are not monotone in them.
type diveOptions struct {
	part      float64 // of the mixed assets that take a pattern in a round
	tolerance float64 // of the prices in a round
	steps     int     // of the bundle in a round
	nearness  float64 // of the bundle in the first round; half of it in the next, and so on
	waste     float64 // that a fuller pattern may cost, relative to the bound
}

// meetingNearness is the nearness at which prices meet the rows: of 100 GW some
// kW are left.
const meetingNearness = 1e-6

// Rounds at meetingNearness: after nearestMeeting of them patterns may be fuller than
// the nearest; mostMeeting end a dive.
const (
	nearestMeeting = 8
	mostMeeting    = 40
)

// fewMixed of so many assets take their patterns at once.
func fewMixed(assets int) int { return max(5, assets/100) }

// decided is the weight from which a pattern counts as chosen.
const decided = 0.998

// copy returns a pricer with the same points that shares nothing that changes.
func (e *pricer) copy() (*pricer, error) {
	c, err := newPricer(e.split, e.crew.workers, e.engine)
	if err != nil {
		return nil, err
	}
	for i, points := range e.master.points {
		for _, p := range points {
			q := *p
			c.master.points[i] = append(c.master.points[i], &q)
		}
	}
	c.best = e.best
	c.box = slices.Clone(e.box)
	return c, nil
}

// pattern is a way in which an asset decides, and how nearly the mixture of its
// points is that already: 1 less half the distance of their shares.
type pattern struct {
	asset    int
	decision []int16
	weight   float64
}

// nearest returns the pattern nearest to the mixture of asset i: that of the
// heaviest points or, of copies, as many of each pattern as its share gives.
func (e *pricer) nearest(i int) pattern { return e.fuller(i, 0) }

// fuller returns the fullest pattern in the mixture of asset i that wastes no more
// than waste, in money; with 0 the nearest one. At prices that all patterns of a
// mixture earn alike, the dearest is the one that gives most to the rows. What it
// costs above the nearest, times the share that the mixture has not of it, is
// wasted at worst: the rows had enough without.
func (e *pricer) fuller(i int, waste float64) pattern {
	var all []share
	total := 0.0
	for _, p := range e.master.points[i] {
		total += p.weight
		k := slices.IndexFunc(all, func(q share) bool { return slices.Equal(q.decision, p.decision) })
		if k < 0 {
			k = len(all)
			all = append(all, share{decision: p.decision})
		}
		all[k].weight += p.weight
		all[k].cost += p.weight * p.cost
	}
	copies := max(1, e.assets[i].Copies)
	given := apportion(all, total, copies, waste)
	out := pattern{asset: i, decision: make([]int16, len(e.assets[i].Decisions)), weight: 1}
	sum := make([]int, len(out.decision))
	for k, q := range all {
		out.weight -= math.Abs(q.weight/math.Max(total, 1e-12)-float64(given[k])/float64(copies)) / 2
		for d, v := range q.decision {
			sum[d] += given[k] * int(v)
		}
	}
	for d := range sum {
		out.decision[d] = int16(sum[d] / copies)
	}
	return out
}

// share is what the points of one pattern have of an asset's mixture: weight and
// weighted cost.
type share struct {
	decision     []int16
	weight, cost float64
}

// apportion shares copies out among patterns: the whole ones first, the others by
// largest remainder, after the dearest whose copy wastes no more than waste.
func apportion(all []share, total float64, copies int, waste float64) []int {
	given := make([]int, len(all))
	order := make([]int, len(all))
	rest := make([]float64, len(all))
	left := copies
	for k, q := range all {
		due := q.weight / math.Max(total, 1e-12) * float64(copies)
		given[k] = int(due)
		rest[k] = due - float64(given[k])
		order[k] = k
		left -= given[k]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	if waste > 0 && left > 0 {
		base := all[order[0]].mean()
		best, most := 0, base
		for n, k := range order {
			if c := all[k].mean(); rest[k] > 1-decided && c > most && (1-rest[k])*(c-base) <= waste {
				best, most = n, c
			}
		}
		k := order[best]
		order = slices.Insert(slices.Delete(order, best, best+1), 0, k)
	}
	for n := 0; left > 0 && len(order) > 0; n, left = n+1, left-1 {
		given[order[n%len(order)]]++
	}
	return given
}

// mean is the cost of the points of a pattern, on average.
func (q share) mean() float64 { return q.cost / math.Max(q.weight, 1e-12) }

// dived is what a dive leaves.
type dived struct {
	// x is a full point whose integers are one pattern an asset, boxes as in the last
	// master. Of a dive that time ended, it is a blend.
	x []float64
	// full is that point with the fullest pattern of what was mixed to the end; nil
	// where nothing was or where x has them.
	full    []float64
	prices  [][]float64 // of the last steps
	wavered []bool      // columns of decisions that were mixed on the way
}

// dive narrows a copy of the pricer until every asset has one pattern. When ctx
// ends, what is left takes its fullest pattern at once.
func (e *pricer) dive(ctx context.Context, o diveOptions) (*dived, error) {
	d, err := e.copy()
	if err != nil {
		return nil, err
	}
	price := slices.Clone(e.best.price)
	taken := make([]bool, len(d.assets))
	out := &dived{wavered: make([]bool, e.p.Cols())}
	mean := make([]float64, e.p.Cols())
	d.trace = e.trace
	nearness, meeting := o.nearness, 0
	for ctx.Err() == nil && meeting < mostMeeting {
		waste := 0.0
		if meeting >= nearestMeeting {
			waste = o.waste * math.Abs(e.best.bound)
		}
		var mixed []pattern
		for i := range d.assets {
			if !taken[i] && d.nearest(i).weight < decided {
				mixed = append(mixed, d.fuller(i, waste))
				d.average(i, mean)
				d.waver(i, mean, out.wavered)
			}
		}
		if len(mixed) == 0 && nearness <= meetingNearness {
			break
		}
		nearness /= 2
		if len(mixed) == 0 || nearness < meetingNearness {
			nearness = meetingNearness
			meeting++
		}
		slices.SortFunc(mixed, func(a, b pattern) int {
			return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.asset, b.asset))
		})
		for _, m := range mixed[:max(min(fewMixed(len(d.assets)), len(mixed)), int(o.part*float64(len(mixed))))] {
			d.take(m)
			taken[m.asset] = true
		}
		d.best.bound = math.Inf(-1) // of the narrowed program
		center, err := d.bundle(ctx, price, bundleOptions{
			tolerance: o.tolerance, steps: o.steps, nearness: nearness, forget: 0,
		})
		if err != nil {
			return nil, err
		}
		price = center
	}
	out.prices = d.recent
	return out, d.end(out, taken, price, ctx.Err() != nil)
}

// end has every asset that is not taken take a pattern: the nearest and, for another
// point, the fullest, or at once the fullest.
func (e *pricer) end(out *dived, taken []bool, price []float64, atOnce bool) (err error) {
	var full []pattern
	for i := range e.assets {
		if taken[i] {
			continue
		}
		near, most := e.nearest(i), e.fuller(i, math.Inf(1))
		switch {
		case slices.Equal(near.decision, most.decision):
		case atOnce:
			near = most
		default:
			full = append(full, most)
		}
		e.take(near)
	}
	if atOnce {
		out.x, err = e.blend(0)
		return err
	}
	if out.x, err = e.whole(price); err != nil || len(full) == 0 {
		return err
	}
	for _, m := range full {
		e.take(m)
	}
	out.full, err = e.whole(price)
	return err
}

// take holds an asset at a pattern and forgets its other points.
func (e *pricer) take(m pattern) {
	a := &e.assets[m.asset]
	for k, d := range a.Decisions {
		j := int(a.First) + int(d)
		e.lower[j], e.upper[j] = float64(m.decision[k]), float64(m.decision[k])
	}
	e.master.points[m.asset] = slices.DeleteFunc(e.master.points[m.asset], func(p *point) bool {
		return !slices.Equal(p.decision, m.decision)
	})
}

// whole returns the cheapest point at price within the present bounds.
func (e *pricer) whole(price []float64) ([]float64, error) {
	if _, err := e.evaluate(price, false); err != nil {
		return nil, err
	}
	x := slices.Clone(e.x)
	for i, j := range e.boxes {
		x[j] = e.box[i]
	}
	return x, nil
}

// waver marks the decisions of asset i whose mean is between whole numbers.
func (e *pricer) waver(i int, mean []float64, out []bool) {
	a := &e.assets[i]
	for _, k := range a.Decisions {
		j := int(a.First) + int(k)
		if math.Abs(mean[j]-math.Round(mean[j])) > mixedBy {
			out[j] = true
		}
	}
}
