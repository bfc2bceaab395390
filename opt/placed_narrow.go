package opt

// Most units do the same whether there is little work or much: what follows the
// jobs are the few on the margin. So once a large relaxation has been solved, the
// decisions that came out whole are held, and what they settle is reduced away. On the
// hub day with single units an answer then takes a fifth of the time.
//
// Holding decisions makes power dearer, so nothing of such a program is a bound.
// Its prices prove one: every asset with an oracle answers them in its own whole
// program, and the bound is that of Lagrangian duality (decomp.Dual). Where an
// answer is not what is held, that is held no longer.

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

// narrowed is the relaxation of a program with decisions held. It is for one
// goroutine at a time.
type narrowed struct {
	engine func(ctx context.Context, lp *solver.Problem, basis **solver.Basis) (*solver.Result, error)
	own    *solver.Problem
	assets []decomp.Asset
	moving []solver.Col // columns whose bounds and costs change from solve to solve
	// agreed are the values of integer columns that are held, NaN elsewhere.
	agreed []float64
	tries  int     // of a solve, at most
	folds  bool    // assets that are held are folded
	into   []int32 // of each column, the one that it is folded into; nil if none is
	dual   *decomp.Dual

	red   *solver.Reduced
	lp    *solver.Problem // red's, with bounds and costs of its own
	moved []movedColumn
	basis *solver.Basis
}

// movedColumn is a column of moving.
type movedColumn struct{ whole, reduced int32 }

// newNarrowed holds the integer columns of assets that are whole in a point of the
// relaxation. Columns that are moving keep their lower bounds.
func newNarrowed(own *solver.Problem, assets []decomp.Asset, point []float64, moving []solver.Col, folds bool) (*narrowed, error) {
	n := &narrowed{tries: narrowTries, folds: folds, own: own, assets: assets, moving: moving, agreed: make([]float64, own.Cols())}
	n.agree(point)
	return n, n.prepare()
}

// agree holds what is whole in a point, and nothing else.
func (n *narrowed) agree(point []float64) {
	for j := range n.agreed {
		n.agreed[j] = math.NaN()
	}
	for _, a := range n.assets {
		for j := int(a.First); j < int(a.First)+a.Cols; j++ {
			if n.own.ColType[j] == solver.Integer {
				n.agreed[j] = math.Round(point[j])
			}
		}
	}
	n.disagree(point)
}

// hold holds what is whole in a point from now on.
func (n *narrowed) hold(point []float64) error {
	n.agree(point)
	return n.prepare()
}

// copy is a narrow program that holds as much and learns by itself.
func (n *narrowed) copy() (*narrowed, error) {
	c := n.unprepared()
	return c, c.prepare()
}

// unprepared is a copy that has to be prepared, by any goroutine.
func (n *narrowed) unprepared() *narrowed {
	return &narrowed{tries: n.tries, folds: n.folds, engine: n.engine, own: n.own, assets: n.assets, moving: n.moving, agreed: slices.Clone(n.agreed), red: n.red, into: n.into, basis: n.basis}
}

func (n *narrowed) prepare() error {
	implied, err := n.implied()
	if err != nil {
		return err
	}
	if n.dual, err = decomp.NewDual(implied, n.assets, 1); err != nil {
		return err
	}
	return n.reduce()
}

// implied is the program with the bounds that its rows imply for columns without
// oracle: a row that is gone for having become a bound has no price.
func (n *narrowed) implied() (*solver.Problem, error) {
	q := n.own.Clone(solver.ColBounds)
	red, err := solver.Reduce(n.open(n.own.Relaxation().Clone(solver.ColBounds)))
	if err != nil {
		return nil, err
	}
	copy(q.ColLower, red.Restore(red.Problem.ColLower))
	copy(q.ColUpper, red.Restore(red.Problem.ColUpper))
	own := func(from, to int) {
		copy(q.ColLower[from:to], n.own.ColLower[from:to])
		copy(q.ColUpper[from:to], n.own.ColUpper[from:to])
	}
	for _, a := range n.assets {
		own(int(a.First), int(a.First)+a.Cols)
	}
	for _, j := range n.moving {
		own(int(j), int(j)+1)
	}
	return q, nil
}

// open leaves columns that are moving without an upper bound.
func (n *narrowed) open(q *solver.Problem) *solver.Problem {
	for _, j := range n.moving {
		q.ColUpper[j] = inf
	}
	return q
}

// wholeBy is how far a value may be from an integer to count as one.
const wholeBy = 1e-6

// disagree holds no longer what x contradicts, and says whether there was any of
// that. NaN contradicts nothing.
func (n *narrowed) disagree(x []float64) (changed bool) {
	for j, v := range n.agreed {
		if math.Abs(x[j]-v) > wholeBy {
			n.agreed[j] = math.NaN()
			changed = true
		}
	}
	return changed
}

// release holds no longer what the answers of assets contradict, of the assets that lose
// most by it: all but releaseLeast of what all lose. It says whether there was any of that.
func (n *narrowed) release() (changed bool) {
	answers, regret := n.dual.Answers(), n.dual.Regrets(n.agreed)
	order, left := make([]int, len(regret)), 0.0
	for i, v := range regret {
		order[i] = i
		if !math.IsInf(v, 0) {
			left += math.Max(v, 0)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(regret[b], regret[a]) })
	least := releaseLeast * left
	for _, i := range order {
		if left <= least && changed {
			break
		}
		if !math.IsInf(regret[i], 0) {
			left -= math.Max(regret[i], 0)
		}
		a := &n.assets[i]
		for j := int(a.First); j < int(a.First)+a.Cols; j++ {
			if math.Abs(answers[j]-n.agreed[j]) > wholeBy {
				n.agreed[j] = math.NaN()
				changed = true
			}
		}
	}
	return changed
}

// releaseLeast is the part of all regret up to which assets that contradict stay held.
const releaseLeast = 0.02

// reduce makes the narrow program.
func (n *narrowed) reduce() error {
	q := n.own.Clone(solver.ColBounds)
	for j, v := range n.agreed {
		if !math.IsNaN(v) {
			q.ColLower[j], q.ColUpper[j] = v, v
		}
	}
	var into []int32
	if n.folds {
		q, into = foldInto(q, n.assets)
	}
	red, err := solver.Reduce(n.open(q.Relaxation().Clone(solver.ColBounds)))
	if err != nil {
		return err
	}
	n.basis = carried(n.basis, n.red, red, n.into)
	n.into = into
	n.red, n.lp, n.moved = red, red.Problem.Clone(solver.ColBounds|solver.Costs), nil
	at := make(map[int32]int32, len(red.Cols))
	for k, j := range red.Cols {
		at[j] = int32(k)
	}
	for _, j := range n.moving {
		if k, ok := at[int32(j)]; ok {
			n.moved = append(n.moved, movedColumn{int32(j), k})
		}
	}
	return nil
}

// carried is a basis of one reduced program as one of another of the same whole. Columns
// that are new stay where they were held, or the column was that they were folded into;
// new rows are basic.
func carried(b *solver.Basis, from, to *solver.Reduced, into []int32) *solver.Basis {
	if b == nil {
		return nil
	}
	was := make([]solver.BasisStatus, len(from.Values()))
	for j := range was {
		was[j] = solver.NonbasicSome
	}
	for k, j := range from.Cols {
		was[j] = b.Col[k]
	}
	col := make([]solver.BasisStatus, len(to.Cols))
	for k, j := range to.Cols {
		col[k] = was[j]
		if was[j] != solver.NonbasicSome {
			continue
		}
		col[k] = solver.AtLower
		upper := to.Problem.ColUpper[k]
		if math.IsInf(upper, 1) {
			continue
		}
		i := j
		if into != nil {
			i = into[j]
		}
		if was[i] == solver.AtUpper || was[i] == solver.NonbasicSome && i == j && from.Values()[j] >= upper-wholeBy {
			col[k] = solver.AtUpper
		}
	}
	row := make([]solver.BasisStatus, len(to.Rows))
	k := 0
	for i, r := range to.Rows {
		for k < len(from.Rows) && from.Rows[k] < r {
			k++
		}
		row[i] = solver.Basic
		if k < len(from.Rows) && from.Rows[k] == r {
			row[i] = b.Row[k]
		}
	}
	out := &solver.Basis{Col: col, Row: row}
	complete(out)
	return out
}

// complete makes as many basic as there are rows: where what was basic is gone, rows
// become so, and where rows are gone, columns no longer are.
func complete(b *solver.Basis) {
	lack := len(b.Row)
	for _, of := range [...][]solver.BasisStatus{b.Col, b.Row} {
		for _, v := range of {
			if v == solver.Basic {
				lack--
			}
		}
	}
	for i := 0; lack > 0 && i < len(b.Row); i++ {
		if b.Row[i] != solver.Basic {
			b.Row[i] = solver.Basic
			lack--
		}
	}
	for j := 0; lack < 0 && j < len(b.Col); j++ {
		if b.Col[j] == solver.Basic {
			b.Col[j] = solver.AtLower
			lack++
		}
	}
}

// narrowTries is how often a solve is repeated without what the answers of assets
// contradict, and narrowNear how near to the narrow optimum, relative to it, the bound
// that they prove must be to leave it at that.
const (
	narrowTries = 5
	narrowNear  = 1e-6
)

// solve solves the relaxation, all of which but the bounds and costs of moving columns
// is as in the beginning. It returns the result as one of the whole program, in which
// rows that are gone bind nothing and only the moving columns have reduced costs, and
// a bound on the optimum of the whole program, in the engine's money.
func (n *narrowed) solve(ctx context.Context, whole *solver.Problem) (*solver.Result, float64, error) {
	bound := math.Inf(-1)
	for try := 1; ; try++ {
		for _, c := range n.moved {
			n.lp.ColLower[c.reduced], n.lp.ColUpper[c.reduced] = whole.ColLower[c.whole], whole.ColUpper[c.whole]
			n.lp.ColCost[c.reduced] = whole.ColCost[c.whole]
		}
		res, err := n.engine(ctx, n.lp, &n.basis)
		if err != nil {
			return nil, bound, err
		}
		out := n.widen(res)
		bound = math.Max(bound, n.dual.Value(whole, out.RowDual))
		if res.Objective-bound <= narrowNear*math.Abs(res.Objective) || try == n.tries || !n.release() {
			return out, bound, nil
		}
		if err := n.reduce(); err != nil {
			return nil, bound, err
		}
	}
}

func (n *narrowed) widen(res *solver.Result) *solver.Result {
	out := *res
	out.X, out.RowDual, out.ColDual = n.red.Restore(res.X), make([]float64, n.own.Rows()), make([]float64, n.own.Cols())
	for k, i := range n.red.Rows {
		out.RowDual[i] = res.RowDual[k]
	}
	for _, c := range n.moved {
		out.ColDual[c.whole] = res.ColDual[c.reduced]
	}
	return &out
}
