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
func newNarrowed(own *solver.Problem, assets []decomp.Asset, point []float64, moving []solver.Col) (*narrowed, error) {
	n := &narrowed{own: own, assets: assets, moving: moving, agreed: make([]float64, own.Cols())}
	for j := range n.agreed {
		n.agreed[j] = math.NaN()
	}
	for _, a := range assets {
		for j := int(a.First); j < int(a.First)+a.Cols; j++ {
			if own.ColType[j] == solver.Integer {
				n.agreed[j] = math.Round(point[j])
			}
		}
	}
	n.disagree(point)
	return n, n.prepare()
}

// copy is a narrow program that holds as much and learns by itself.
func (n *narrowed) copy() (*narrowed, error) {
	c := &narrowed{engine: n.engine, own: n.own, assets: n.assets, moving: n.moving, agreed: slices.Clone(n.agreed), red: n.red, basis: n.basis}
	return c, c.prepare()
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

// reduce makes the narrow program.
func (n *narrowed) reduce() error {
	q := n.own.Relaxation().Clone(solver.ColBounds)
	for j, v := range n.agreed {
		if !math.IsNaN(v) {
			q.ColLower[j], q.ColUpper[j] = v, v
		}
	}
	red, err := solver.Reduce(n.open(q))
	if err != nil {
		return err
	}
	n.basis = carried(n.basis, n.red, red)
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

// carried is a basis of one reduced program as one of another with more columns
// and rows: the new columns are at their lower bounds, the new rows basic.
func carried(b *solver.Basis, from, to *solver.Reduced) *solver.Basis {
	if b == nil {
		return nil
	}
	carry := func(old []solver.BasisStatus, from, to []int32, fresh solver.BasisStatus) []solver.BasisStatus {
		out := make([]solver.BasisStatus, len(to))
		k := 0
		for i, j := range to {
			for k < len(from) && from[k] < j {
				k++
			}
			out[i] = fresh
			if k < len(from) && from[k] == j {
				out[i] = old[k]
			}
		}
		return out
	}
	return &solver.Basis{Col: carry(b.Col, from.Cols, to.Cols, solver.AtLower), Row: carry(b.Row, from.Rows, to.Rows, solver.Basic)}
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
		if res.Objective-bound <= narrowNear*math.Abs(res.Objective) || try == narrowTries || !n.disagree(n.dual.Answers()) {
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
