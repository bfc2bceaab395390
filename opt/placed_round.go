package opt

// Power's own search for many single units, with jobs placed and their use held.
//
// The relaxation leaves few units broken, but to round those alone costs more than
// it need: units of other sizes that could as well run or not make up for what
// rounding leaves over or short. So then others are free too, sooner those whose
// decisions cost little to flip at the relaxation's prices, as their oracles know
// (decomp.Dual.Choose), each in what is cheap to flip. All other units are held, and
// those of a kind are one (fold.go). docs/placement.md has figures.
//
//  1. broken units alone, with computing held where the relaxation has it; computing
//     by its own program at the relaxation's prices beside it; both joined;
//  2. with computing held, neighbourhoods of units drawn by lot (placed_lots.go);
//  3. the jobs answer the schedule (placed_again.go), and 2 again.

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
		d.order = append(d.order, i)
	}
	slices.SortStableFunc(d.order, func(a, b int) int { return cmp.Compare(d.margin[a], d.margin[b]) })
	return d, nil
}

// doubtByPrices is what the relaxation says where units have no oracles, as clusters: the
// reduced cost of an integer column is what moving it by one costs at least.
func (s *session) doubtByPrices(lp *solver.Result, following []bool) *doubt {
	d := &doubt{lp: lp, choice: &decomp.Choice{
		X: make([]float64, s.p.Cols()), Fall: make([]float64, s.p.Cols()), Rise: make([]float64, s.p.Cols())}}
	leading, _ := split(s.broken(nil), following)
	for _, of := range s.runs(leading) {
		for _, j := range of {
			d.choice.X[j] = math.Round(lp.X[j])
			d.choice.Fall[j], d.choice.Rise[j] = math.Max(0, -lp.ColDual[j]), math.Max(0, lp.ColDual[j])
		}
		o, _ := s.m.OwnerOf(solver.Col(of[0]))
		d.assets = append(d.assets, decomp.Asset{Name: o.Name, First: solver.Col(of[0]), Cols: int(of[len(of)-1]-of[0]) + 1})
		d.margin = append(d.margin, 0)
	}
	return d
}

// split parts columns into those of the leading side and those of followers.
func split(which, following []bool) (leading, followed []bool) {
	leading, followed = make([]bool, len(which)), make([]bool, len(which))
	for j, w := range which {
		leading[j], followed[j] = w && !following[j], w && following[j]
	}
	return leading, followed
}

// runs are the columns of which, those of one owner together as far as none of another
// comes between.
func (s *session) runs(which []bool) (out [][]int32) {
	var last Owner
	for j, w := range which {
		if !w {
			continue
		}
		if o, _ := s.m.OwnerOf(solver.Col(j)); len(out) == 0 || o != last {
			last, out = o, append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], int32(j))
	}
	return out
}

// hold bounds the integer columns of q that no follower owns to the two values around
// the relaxation's.
func (d *doubt) hold(q *solver.Problem, following []bool) {
	for j, t := range q.ColType {
		if t == solver.Integer && !following[j] {
			around(q, j, d.lp.X[j], 0)
		}
	}
}

// loosen lets the decisions of a unit also be what the relaxation has around its own
// and what the unit answers to its prices, and one beside that where it costs less
// than dear, in the engine's money. It returns how many are free.
func (d *doubt) loosen(q, own *solver.Problem, unit int, dear float64) (free int) {
	a := &d.assets[unit]
	for j := int(a.First); j < int(a.First)+a.Cols; j++ {
		if q.ColType[j] != solver.Integer {
			continue
		}
		reach := func(v float64) {
			q.ColLower[j] = math.Max(own.ColLower[j], math.Min(q.ColLower[j], v))
			q.ColUpper[j] = math.Min(own.ColUpper[j], math.Max(q.ColUpper[j], v))
		}
		reach(math.Floor(d.lp.X[j] + wholeBy))
		reach(math.Ceil(d.lp.X[j] - wholeBy))
		v := d.choice.X[j]
		reach(v)
		if d.choice.Fall[j] < dear {
			reach(v - 1)
		}
		if d.choice.Rise[j] < dear {
			reach(v + 1)
		}
		if q.ColLower[j] < q.ColUpper[j] {
			free++
		}
	}
	return free
}

// roundUnits makes a first plan as the file's head says; where a schedule for the case's
// own periods comes from hours (not nil), from there. It returns what the relaxation says
// about the units, nil where it could not begin.
func (s *session) roundUnits(ctx context.Context, lp *solver.Result, hours <-chan []float64, start []float64) *doubt {
	assets, following := s.oracles(), s.following()
	if len(assets) < manyAssets || !lp.HasDuals {
		return nil
	}
	d, err := newDoubt(s.p, assets, lp)
	if err != nil {
		s.note("units do not answer the relaxation's prices: %v", err)
		return nil
	}
	if hours != nil {
		y := s.followersInTurn(ctx, lp, following)
		if x := <-hours; x != nil {
			if better := s.roundFrom(ctx, d, following, x); better != nil {
				x = better
			}
			s.join(ctx, x, y, following)
		}
	}
	if s.best == nil {
		x, y := s.roundBoth(ctx, d, following, start)
		if x != nil {
			s.join(ctx, x, y, following)
		}
		if s.best == nil && start != nil { // which does not serve
			if x, y = s.roundBoth(ctx, d, following, nil); x != nil {
				s.join(ctx, x, y, following)
			}
		}
	}
	if s.best == nil {
		return nil
	}
	return d
}

// roundBoth searches the units that are broken, with computing held, and computing
// at the relaxation's prices. Where start is not nil, units are held there, but the first
// hundred integers or two of the broken ones and of those that cost least to flip.
func (s *session) roundBoth(ctx context.Context, d *doubt, following []bool, start []float64) (x, y []float64) {
	var beside sync.WaitGroup
	beside.Go(func() {
		y = s.followersInTurn(ctx, d.lp, following)
	})
	x = s.roundFrom(ctx, d, following, start)
	beside.Wait()
	return x, y
}

// roundFrom searches the units that are broken, from start if that is not nil, with computing
// held.
func (s *session) roundFrom(ctx context.Context, d *doubt, following []bool, start []float64) []float64 {
	q := s.holding(following, d.lp.X)
	if start == nil {
		d.hold(q, following)
	} else {
		for _, a := range d.assets {
			holdIntegers(q, int(a.First), int(a.First)+a.Cols, start)
		}
		free := 0
		for _, i := range d.order {
			if free >= lotFirst {
				break
			}
			free += d.loosen(q, s.p, i, 0)
		}
	}
	return s.folded(ctx, d.assets, q, start, s.brokenOptions(s.o.Gap/foldedFiner)).x
}

// followersInTurn is followers, with what comes of the values next to the relaxation's
// to begin with, and not for long; where nothing does, what follow sets.
func (s *session) followersInTurn(ctx context.Context, lp *solver.Result, following []bool) []float64 {
	q := s.followersWithin(lp, following, 0)
	y := s.neighbourhood(ctx, q, followersGap)
	if y == nil {
		if y = s.followers(ctx, lp, following); y == nil {
			y = s.follow(lp)
		}
		return y
	}
	if q.Integers() > fewIntegers {
		return y // the wider one takes too long
	}
	o := s.patientOptions(followersGap, followersPatience)
	o.Start = y
	if wider := s.searched(ctx, s.followersWithin(lp, following, 1), o); wider != nil {
		return wider
	}
	return y
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

// folded searches a program derived from the whole one by narrower bounds, with the
// assets that it holds folded, from the integers of start, if any. It returns the point
// as one of the whole program.
func (s *session) folded(ctx context.Context, assets []decomp.Asset, q *solver.Problem, start []float64, o solver.Options) foldedPoint {
	if s.timeUp() || ctx.Err() != nil {
		return foldedPoint{status: solver.Interrupted}
	}
	red, err := solver.Reduce(fold(q, assets))
	if err != nil {
		return foldedPoint{status: solver.Infeasible} // nothing lies within these bounds
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
		return foldedPoint{status: solver.Unknown}
	}
	s.count(res.Nodes)
	s.step("%d columns, %d rows, %d integers: %v after %.2f s, bound %.9g, %d nodes",
		red.Problem.Cols(), red.Problem.Rows(), red.Problem.Integers(), res.Status, time.Since(began).Seconds(), res.Bound/s.scale, res.Nodes)
	found := foldedPoint{status: res.Status, nodes: res.Nodes}
	if res.HasPoint {
		found.x = red.Restore(res.X)
	}
	return found
}

// foldedPoint is what a search with units folded found.
type foldedPoint struct {
	x      []float64 // nil for nothing
	status solver.Status
	nodes  int64
}

// patientOptions are those of a neighbourhood searched by one thread, beside others, for
// no longer than patience.
func (s *session) patientOptions(gap float64, patience time.Duration) solver.Options {
	o := s.neighbourhoodOptions(gap)
	o.Threads = 1
	if o.TimeLimit > 0 {
		o.TimeLimit = min(o.TimeLimit, patience)
	}
	return o
}

// brokenOptions are those of the search for broken units. On a small tree heuristics
// take longer than it does.
func (s *session) brokenOptions(gap float64) solver.Options {
	o := s.patientOptions(gap, brokenPatience)
	o.NoHeuristics = true
	return o
}

// How long the search for broken units may take, and the wider one for computing.
const brokenPatience, followersPatience = 10 * time.Second, 3 * time.Second

// foldedFiner is how much finer than the gap a folded program is solved.
const foldedFiner = 8
