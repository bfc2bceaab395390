package opt

// Power's own search for many single units, with jobs placed and their use held.
//
// The relaxation leaves few units broken, but to round those alone costs more than
// it need: units of other sizes that could as well run or not make up for what
// rounding leaves over or short. So beside the broken ones a number of units is
// free whose decisions cost least to flip at the relaxation's prices, as
// their oracles know (decomp.Dual.Choose), each in what is cheap to flip. All other
// units are held, and those of a kind are one (fold.go). docs/placement.md has figures.
//
//  1. broken units alone, with computing held where the relaxation has it; computing
//     by its own program at the relaxation's prices beside it;
//  2. both joined; then, with computing's integers held, more and more units.

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

// doubt is what the relaxation and its prices say about the units.
type doubt struct {
	assets []decomp.Asset
	lp     *solver.Result
	choice *decomp.Choice
	broken int       // assets with a broken decision
	margin []float64 // of assets: what their cheapest flip costs, in the engine's money
	order  []int     // of assets: broken ones, then by margin
}

func newDoubt(p *solver.Problem, assets []decomp.Asset, lp *solver.Result) (*doubt, error) {
	dual, err := decomp.NewDual(p, assets, 1)
	if err != nil {
		return nil, err
	}
	dual.Value(p, lp.RowDual)
	d := &doubt{assets: assets, lp: lp}
	if d.choice, err = dual.Choose(lp.RowDual); err != nil {
		return nil, err
	}
	d.margin = make([]float64, len(assets))
	for i := range assets {
		a := &assets[i]
		d.margin[i] = inf
		for _, k := range a.Decisions {
			j := int(a.First) + int(k)
			d.margin[i] = math.Min(d.margin[i], math.Min(d.choice.Fall[j], d.choice.Rise[j]))
		}
		for k := range a.Cols {
			if j := int(a.First) + k; p.ColType[j] == solver.Integer && math.Abs(lp.X[j]-math.Round(lp.X[j])) > wholeBy {
				d.margin[i] = -1
			}
		}
		if d.margin[i] < 0 {
			d.broken++
		}
		d.order = append(d.order, i)
	}
	slices.SortStableFunc(d.order, func(a, b int) int { return cmp.Compare(d.margin[a], d.margin[b]) })
	return d, nil
}

// hold bounds the integer columns of q that no follower owns to the two values around
// the relaxation's. Those of the broken assets and so many more may also be what the
// assets answer to its prices, and one beside that where it costs no more than dear, in
// the engine's money. What x has, where it is not nil, stays allowed.
func (d *doubt) hold(q *solver.Problem, following []bool, more int, dear float64, x []float64) {
	free := make([]bool, q.Cols())
	for _, i := range d.order[:min(len(d.order), d.broken+more)] {
		a := &d.assets[i]
		for k := range a.Cols {
			free[int(a.First)+k] = more > 0
		}
	}
	for j, t := range q.ColType {
		if t != solver.Integer || following[j] {
			continue
		}
		least, most := q.ColLower[j], q.ColUpper[j]
		around(q, j, d.lp.X[j], 0)
		reach := func(v float64) {
			q.ColLower[j] = math.Max(least, math.Min(q.ColLower[j], v))
			q.ColUpper[j] = math.Min(most, math.Max(q.ColUpper[j], v))
		}
		if free[j] {
			v := d.choice.X[j]
			reach(v)
			if d.choice.Fall[j] < dear {
				reach(v - 1)
			}
			if d.choice.Rise[j] < dear {
				reach(v + 1)
			}
		}
		if x != nil {
			reach(math.Round(x[j]))
		}
	}
}

// Widths of the searches around the relaxation: assets beyond the broken ones, and
// money that a flip may cost.
var widths = [...]struct {
	more int
	dear float64
}{{1, 1000}, {20, 1000}, {40, 1000}, {20, 5000}, {80, 1000}, {40, 5000}}

// widthPatience is how long one of them may take.
const widthPatience = 10 * time.Second

// roundUnits makes plans as the file's head says until one closes the gap, time is
// up or nothing is left to try; where there is a schedule already, from there. It says
// whether it could begin.
func (s *session) roundUnits(ctx context.Context, lp *solver.Result, schedule []float64) bool {
	assets, following := s.oracles(), s.following()
	if len(assets) < manyAssets || !lp.HasDuals {
		return false
	}
	d, err := newDoubt(s.p, assets, lp)
	if err != nil {
		s.note("units do not answer the relaxation's prices: %v", err)
		return false
	}
	x := schedule
	if x != nil {
		s.join(ctx, x, s.follow(lp), following)
	}
	if s.best == nil {
		var y []float64
		if x, y = s.roundBoth(ctx, d, following); x == nil {
			return false
		}
		s.join(ctx, x, y, following)
	}
	if s.best == nil {
		return false
	}
	s.widen(ctx, d, following, x)
	return true
}

// roundBoth searches the units that are broken, with computing held, and computing
// at the relaxation's prices.
func (s *session) roundBoth(ctx context.Context, d *doubt, following []bool) (x, y []float64) {
	var beside sync.WaitGroup
	beside.Go(func() {
		if y = s.followers(ctx, d.lp, following); y == nil {
			y = s.follow(d.lp)
		}
	})
	q := s.holding(following, d.lp.X)
	d.hold(q, following, 0, 0, nil)
	x = s.folded(ctx, d.assets, q, nil, true)
	beside.Wait()
	return x, y
}

// holding is the program with all that followers do held at x.
func (s *session) holding(following []bool, x []float64) *solver.Problem {
	q := s.p.Clone(solver.ColBounds | solver.ColTypes)
	for j, f := range following {
		if f {
			q.ColLower[j], q.ColUpper[j], q.ColType[j] = x[j], x[j], solver.Continuous
		}
	}
	return q
}

// widen searches with more and more units free and computing held where the best plan
// has it, by as many searches side by side as there are threads, from x.
func (s *session) widen(ctx context.Context, d *doubt, following []bool, x []float64) {
	threads := max(1, s.o.Threads)
	for at := 0; at < len(widths) && !s.closed() && !s.timeUp() && ctx.Err() == nil; at += threads {
		n := min(threads, len(widths)-at)
		found := make([][]float64, n)
		var all sync.WaitGroup
		for k := range n {
			q := s.holding(following, s.best.x)
			w := widths[at+k]
			d.hold(q, following, w.more, w.dear*s.scale, x)
			all.Go(func() { found[k] = s.folded(ctx, d.assets, q, x, false) })
		}
		all.Wait()
		best := -1
		for k, z := range found {
			if z != nil && (best < 0 || s.p.Eval(z) < s.p.Eval(found[best])) {
				best = k
			}
		}
		if best >= 0 {
			x = found[best]
			s.dispatch(ctx, x)
		}
	}
}

// folded searches a program derived from the whole one by narrower bounds, with the
// assets that it holds folded, from the integers of start, if any. plain has branch
// and bound do without heuristics: on a small tree they take longer than it does.
func (s *session) folded(ctx context.Context, assets []decomp.Asset, q *solver.Problem, start []float64, plain bool) []float64 {
	if s.timeUp() || ctx.Err() != nil {
		return nil
	}
	red, err := solver.Reduce(fold(q, assets))
	if err != nil {
		return nil // nothing lies within these bounds
	}
	o := s.neighbourhoodOptions(s.o.Gap / foldedFiner)
	o.Threads, o.NoHeuristics = 1, plain
	if o.TimeLimit > 0 {
		o.TimeLimit = min(o.TimeLimit, widthPatience)
	}
	if start != nil {
		o.Start = red.Project(start)
		for k, t := range red.Problem.ColType {
			if t != solver.Integer {
				o.Start[k] = math.NaN()
			}
		}
	}
	began := time.Now()
	res, err := run(ctx, s.o.Engine, red.Problem, o)
	if err != nil {
		if ctx.Err() == nil {
			s.note("a search near the relaxation failed: %v", err)
		}
		return nil
	}
	s.count(res.Nodes)
	s.step("%d columns, %d rows, %d integers: %v after %.2f s, bound %.9g, %d nodes",
		red.Problem.Cols(), red.Problem.Rows(), red.Problem.Integers(), res.Status, time.Since(began).Seconds(), res.Bound/s.scale, res.Nodes)
	if !res.HasPoint {
		return nil
	}
	return red.Restore(res.X)
}

// foldedFiner is how much finer than the gap a folded program is solved.
const foldedFiner = 8
