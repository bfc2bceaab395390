package highs

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// grace is how long Solve waits for the engine after a cancel before it returns
// without it; solver.Solver promises a second.
const grace = 800 * time.Millisecond

// Engine is a loaded HiGHS. It implements solver.Solver; any number of solves
// may run on it at once.
type Engine struct {
	lib  *library
	path string
}

var _ solver.Solver = (*Engine)(nil)

// Open loads the library at path; a relative path is the caller's wish and is
// taken from the working directory. An empty path means the one that Find
// returns. The error says where was looked, or why the file is not a usable
// HiGHS.
func Open(path string) (*Engine, error) {
	var err error
	if path == "" {
		path, err = Find()
	} else if path, err = filepath.Abs(path); err == nil {
		err = isFile(path)
	}
	if err != nil {
		var missing *NotFoundError
		if errors.As(err, &missing) {
			return nil, err
		}
		return nil, fmt.Errorf("highs: no library: %w", err)
	}
	lib, err := load(path)
	if err != nil {
		return nil, err
	}
	return &Engine{lib: lib, path: path}, nil
}

// Name returns "highs".
func (e *Engine) Name() string { return "highs" }

// Version returns the version of the loaded library, such as "1.15.1".
func (e *Engine) Version() string { return e.lib.versionFound }

// Path returns the absolute path of the loaded library.
func (e *Engine) Path() string { return e.path }

type outcome struct {
	result *solver.Result
	err    error
}

// Solve implements solver.Solver. The package comment says what happens to
// gaps, threads and a cancelled engine. A panic of a callback ends the solve
// and is returned as a *PanicError; a callback must not call runtime.Goexit, which
// testing's FailNow does.
func (e *Engine) Solve(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
	start := time.Now()
	if err := p.Check(); err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	if err := o.Check(p.Cols()); err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	if p.Maximize && (o.HasCutoff || o.HasTarget) {
		return e.solveMirrored(ctx, p, o)
	}
	w := &watch{
		lib:         e.lib,
		cols:        p.Cols(),
		maximize:    p.Maximize,
		start:       start,
		bound:       worst(p.Maximize),
		onProgress:  o.OnProgress,
		onIncumbent: o.OnIncumbent,
		onCuts:      o.OnCuts,
		rootOnly:    o.RootOnly,
		cutoff:      math.Inf(1),
	}
	if o.HasCutoff {
		w.cutoff = o.Cutoff
	}
	if ctx.Err() != nil {
		return w.interrupted(p), nil
	}
	if p.Cols() == 0 {
		return withoutColumns(p, start), nil
	}
	s := &solve{lib: e.lib, p: p, o: &o, w: w, mip: p.Integers() > 0, handedOver: make(chan struct{})}
	var possible bool
	if s.lower, s.upper, possible = wholeBounds(p); !possible {
		return &solver.Result{
			Status:  solver.Infeasible,
			Bound:   worst(p.Maximize),
			Seconds: time.Since(start).Seconds(),
		}, nil
	}
	done := make(chan outcome, 1)
	go func() {
		// Never unlocked: see "Threads" in the package comment.
		runtime.LockOSThread()
		out := outcome{err: errors.New("highs: a callback ended the engine's goroutine")}
		defer func() {
			// The names of columns and rows are the caller's functions too.
			if v := recover(); v != nil {
				out = outcome{err: &PanicError{Value: v, Stack: debug.Stack()}}
			}
			done <- out
		}()
		out.result, out.err = s.run()
	}()
	var tick <-chan time.Time
	if o.OnProgress != nil {
		ticker := time.NewTicker(progressInterval)
		defer ticker.Stop()
		tick = ticker.C
	}
	for !w.stop.Load() { // a panic of a callback stops it too
		select {
		case out := <-done:
			return out.result, out.err
		case <-tick:
			w.progress()
		case <-ctx.Done():
			w.stop.Store(true)
		}
	}
	late := time.NewTimer(grace)
	defer late.Stop()
	// The engine reads the caller's arrays until the program is handed over.
	select {
	case out := <-done:
		return out.result, out.err
	case <-s.handedOver:
	}
	select {
	case out := <-done:
		return out.result, out.err
	case <-late.C:
	}
	w.close()
	if w.err != nil {
		return nil, w.err
	}
	return w.interrupted(p), nil
}

// emptyRowTolerance is HiGHS's own tolerance on rows.
const emptyRowTolerance = 1e-7

// withoutColumns answers a program that has no columns: either zero lies within
// every row or there is no point. HiGHS keeps no figures of such a run.
func withoutColumns(p *solver.Problem, start time.Time) *solver.Result {
	r := &solver.Result{Status: solver.Optimal, Bound: worst(p.Maximize)}
	for i := range p.RowLower {
		if p.RowLower[i] > emptyRowTolerance || p.RowUpper[i] < -emptyRowTolerance {
			r.Status = solver.Infeasible
		}
	}
	if r.Status == solver.Optimal {
		r.HasPoint, r.X, r.Objective, r.Bound = true, []float64{}, p.Offset, p.Offset
		r.HasDuals, r.RowDual, r.ColDual = true, make([]float64, p.Rows()), []float64{}
	}
	r.Seconds = time.Since(start).Seconds()
	return r
}

// interrupted is the result of a cancelled solve from what the callbacks saw.
func (w *watch) interrupted(p *solver.Problem) *solver.Result {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := &solver.Result{
		Status:  solver.Interrupted,
		Bound:   w.bound,
		Nodes:   w.nodes,
		Seconds: time.Since(w.start).Seconds(),
	}
	w.adopt(r, p)
	return r
}

// adopt puts the best point that the callbacks saw into the result. The caller
// holds mu.
func (w *watch) adopt(r *solver.Result, p *solver.Problem) {
	if w.best == nil {
		return
	}
	r.HasPoint = true
	r.X = append([]float64(nil), w.best...)
	r.Objective = p.Eval(r.X)
	r.Bound = withinObjective(r.Bound, r.Objective, p.Maximize)
}
