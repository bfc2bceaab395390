package solvertest

import (
	"context"
	"errors"
	"math"
	"sync/atomic"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// Mode is one way in which an engine can be wrong.
type Mode int

const (
	// Honest passes everything through: the control.
	Honest Mode = iota
	// OptimalInfeasible calls a point optimal that breaks a row (or, where no
	// row can be broken, a bound) by one unit or one percent. Objective and
	// bound agree with that point.
	OptimalInfeasible
	// OptimalSuboptimal calls a feasible point optimal that is as bad as can
	// be, with a false bound equal to its objective. Nothing in the result
	// contradicts it; only a better point or another engine does. It is the
	// truth for a program with a single objective value.
	OptimalSuboptimal
	// FalseInfeasible claims that no point exists.
	FalseInfeasible
	// FalseUnbounded claims that the objective has no end.
	FalseUnbounded
	// Fractional returns every integer column off by 1e-5, the tolerance
	// that engines of a certain age call integer.
	Fractional
	// WrongObjective reports an objective one percent, or one, better than the
	// point has, and a bound to match.
	WrongObjective
	// WrongDuals returns the duals of a linear program with signs reversed
	// and the reduced costs set to one.
	WrongDuals
	// NaNPoint returns NaN for every value, the objective included.
	NaNPoint
	// ShortPoint returns one value too few.
	ShortPoint
	// LongPoint returns one value too many.
	LongPoint
	// MissingPoint sets HasPoint without a point.
	MissingPoint
	// NilResult returns neither a result nor an error.
	NilResult
	// Crashes returns ErrCrash, as a child process that died would.
	Crashes
	// Panics panics.
	Panics
	// Hangs does nothing until the context ends, then says Interrupted. It
	// ignores the time limit.
	Hangs
	// HangsOn ignores even the context, for Linger after it ends.
	HangsOn
)

var modeNames = [...]string{
	"honest", "optimal infeasible", "optimal suboptimal", "false infeasible", "false unbounded", "fractional",
	"wrong objective", "wrong duals", "NaN point", "short point", "long point", "missing point", "nil result",
	"crashes", "panics", "hangs", "hangs on",
}

func (m Mode) String() string {
	if m < 0 || int(m) >= len(modeNames) {
		return "invalid mode"
	}
	return modeNames[m]
}

// Modes returns all modes but Honest.
func Modes() []Mode {
	var all []Mode
	for m := Honest + 1; int(m) < len(modeNames); m++ {
		all = append(all, m)
	}
	return all
}

// ErrCrash is what a Faulty that Crashes returns.
var ErrCrash = errors.New("solvertest: engine crashed on purpose")

// Faulty is an engine that is wrong in one way, around one that is right. It is
// for the tests of those who use engines: whatever it does has to be noticed.
type Faulty struct {
	Inner solver.Solver
	Mode  Mode
	// Truths is the number of solves that pass through before the first
	// wrong one.
	Truths int64
	// Linger is how long HangsOn outstays the context; zero means three
	// seconds.
	Linger time.Duration

	solves atomic.Int64
}

// Name returns "faulty".
func (f *Faulty) Name() string { return "faulty" }

// Version returns the mode.
func (f *Faulty) Version() string { return f.Mode.String() }

// Solves returns the number of solves begun.
func (f *Faulty) Solves() int64 { return f.solves.Load() }

// Solve implements solver.Solver, wrongly.
func (f *Faulty) Solve(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
	if f.solves.Add(1) <= f.Truths {
		return f.Inner.Solve(ctx, p, o)
	}
	switch f.Mode {
	case FalseInfeasible, FalseUnbounded:
		return f.claim(p), nil
	case NilResult:
		return nil, nil
	case Crashes:
		return nil, ErrCrash
	case Panics:
		panic("solvertest: engine panics on purpose")
	case Hangs, HangsOn:
		<-ctx.Done()
		if f.Mode == HangsOn {
			linger := f.Linger
			if linger == 0 {
				linger = 3 * time.Second
			}
			time.Sleep(linger)
		}
		return &solver.Result{Status: solver.Interrupted, Bound: nothingProved(p)}, nil
	}
	r, err := f.Inner.Solve(ctx, p, o)
	if err != nil || !r.HasPoint {
		return r, err
	}
	switch f.Mode {
	case OptimalInfeasible:
		breakPoint(p, r.X)
		settle(p, r)
	case OptimalSuboptimal:
		if x := f.worst(ctx, p, o); x != nil {
			r.X = x
			settle(p, r)
		}
	case Fractional:
		for j, t := range p.ColType {
			if t == solver.Integer {
				if r.X[j] < p.ColUpper[j] {
					r.X[j] += 1e-5
				} else {
					r.X[j] -= 1e-5
				}
			}
		}
		r.Objective = p.Eval(r.X)
	case WrongObjective:
		by := math.Max(1, 0.01*math.Abs(r.Objective))
		if p.Maximize {
			by = -by
		}
		r.Objective -= by
		r.Bound = r.Objective
	case WrongDuals:
		for i := range r.RowDual {
			r.RowDual[i] = -r.RowDual[i]
		}
		for j := range r.ColDual {
			r.ColDual[j] = 1
		}
	case NaNPoint:
		for j := range r.X {
			r.X[j] = math.NaN()
		}
		r.Objective = math.NaN()
	case ShortPoint:
		r.X = r.X[:max(0, len(r.X)-1)]
	case LongPoint:
		r.X = append(r.X, 0)
	case MissingPoint:
		r.X = nil
	}
	return r, nil
}

func (f *Faulty) claim(p *solver.Problem) *solver.Result {
	s := solver.Infeasible
	if f.Mode == FalseUnbounded {
		s = solver.Unbounded
	}
	return &solver.Result{Status: s, Bound: nothingProved(p)}
}

func nothingProved(p *solver.Problem) float64 {
	if p.Maximize {
		return inf
	}
	return -inf
}

// settle makes the rest of a result agree with its point.
func settle(p *solver.Problem, r *solver.Result) {
	r.Status, r.Limit = solver.Optimal, solver.NoLimit
	r.Objective = p.Eval(r.X)
	r.Bound = r.Objective
	r.HasDuals, r.RowDual, r.ColDual = false, nil, nil
}

// worst returns a point that is as bad as can be: the optimum of the mirrored
// objective, or any point where that has no end.
func (f *Faulty) worst(ctx context.Context, p *solver.Problem, o solver.Options) []float64 {
	o.Start, o.OnProgress, o.OnIncumbent = nil, nil, nil
	o.RelGap = 0.5
	q := *p
	q.Maximize = !p.Maximize
	if r, err := f.Inner.Solve(ctx, &q, o); err == nil && r.HasPoint {
		return r.X
	}
	q.ColCost = make([]float64, p.Cols())
	if r, err := f.Inner.Solve(ctx, &q, o); err == nil && r.HasPoint {
		return r.X
	}
	return nil
}

// breakPoint moves one value of x so that the first row that can be broken is,
// else so that a bound is.
func breakPoint(p *solver.Problem, x []float64) {
	activity := p.Activity(x)
	for i, a := range activity {
		k := p.RowStart[i]
		if k == p.RowStart[i+1] {
			continue
		}
		if up := p.RowUpper[i]; !math.IsInf(up, 1) {
			x[p.Index[k]] += (up + math.Max(1, 0.01*math.Abs(up)) - a) / p.Value[k]
			return
		}
		if lo := p.RowLower[i]; !math.IsInf(lo, -1) {
			x[p.Index[k]] += (lo - math.Max(1, 0.01*math.Abs(lo)) - a) / p.Value[k]
			return
		}
	}
	for j := range x {
		if up := p.ColUpper[j]; !math.IsInf(up, 1) {
			x[j] = up + math.Max(1, 0.01*math.Abs(up))
			return
		}
		if lo := p.ColLower[j]; !math.IsInf(lo, -1) {
			x[j] = lo - math.Max(1, 0.01*math.Abs(lo))
			return
		}
	}
}
