package highs

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// translate says what a model status of HiGHS claims, or that the engine failed.
func translate(status int32) (solver.Status, solver.Limit, error) {
	failed := func(what string) (solver.Status, solver.Limit, error) {
		return solver.Unknown, solver.NoLimit, fmt.Errorf("highs: the engine %s", what)
	}
	switch status {
	case modelEmpty, modelOptimal:
		return solver.Optimal, solver.NoLimit, nil
	case modelInfeasible:
		return solver.Infeasible, solver.NoLimit, nil
	case modelUnboundedOrInfeasible:
		return solver.InfeasibleOrUnbounded, solver.NoLimit, nil
	case modelUnbounded:
		return solver.Unbounded, solver.NoLimit, nil
	case modelTimeLimit:
		return solver.LimitReached, solver.TimeLimit, nil
	case modelIterationLimit, modelSolutionLimit: // the latter counts nodes too
		return solver.LimitReached, solver.WorkLimit, nil
	case modelInterrupt, modelHighsInterrupt:
		return solver.Interrupted, solver.NoLimit, nil
	case modelObjectiveBound:
		return solver.LimitReached, solver.CutoffReached, nil
	case modelObjectiveTarget:
		return solver.LimitReached, solver.TargetReached, nil
	case modelUnknown:
		return solver.Unknown, solver.NoLimit, nil
	case modelNotset:
		return failed("did not solve")
	case modelLoadError:
		return failed("could not load the program")
	case modelModelError:
		return failed("found an error in the program")
	case modelPresolveError:
		return failed("failed in presolve")
	case modelSolveError:
		return failed("failed in the search")
	case modelPostsolveError:
		return failed("failed in postsolve")
	case modelMemoryLimit:
		return failed("ran out of memory")
	}
	return failed(fmt.Sprintf("ended with model status %d, which is not known", status))
}

// read turns the end of a run into a result. The caller holds w.mu.
func (s *solve) read(code int32) (*solver.Result, error) {
	model := s.lib.modelStatus(s.h)
	status, limit, err := translate(model)
	if err == nil && code == statusError {
		err = fmt.Errorf("highs: the run failed with model status %d", model)
	}
	if limit == solver.CutoffReached && !s.o.HasCutoff || limit == solver.TargetReached && !s.o.HasTarget {
		status, limit = solver.Unknown, solver.NoLimit
	}
	if err == nil && status == solver.Interrupted && s.w.root.Load() && !s.w.stop.Load() {
		status, limit = solver.LimitReached, solver.RootReached
	}
	switch stopped := s.w.stop.Load(); {
	case stopped && (err != nil || status == solver.Unknown):
		// Whatever went wrong went wrong because it was told to stop.
		status, limit = solver.Interrupted, solver.NoLimit
	case err != nil:
		return nil, err
	case status == solver.Interrupted && !stopped:
		return nil, errors.New("highs: the engine stopped itself unasked")
	}
	r := &solver.Result{Status: status, Limit: limit, Bound: worst(s.p.Maximize)}
	if err := s.readPoint(r); err != nil {
		return nil, err
	}
	if err := s.readCounts(r); err != nil {
		return nil, err
	}
	if err := s.readBound(r); err != nil {
		return nil, err
	}
	if err := s.readBasis(r); err != nil {
		return nil, err
	}
	s.applyCutoff(r)
	r.Seconds = time.Since(s.w.start).Seconds()
	return r, nil
}

// applyCutoff gives a result under a cutoff the meaning that solver.Options
// promises. HiGHS prunes beyond the cutoff and then speaks as if there were
// nothing there: an exhausted tree is called infeasible or, with a point beyond
// the cutoff at hand, optimal, with that point's objective as the bound.
func (s *solve) applyCutoff(r *solver.Result) {
	if !s.o.HasCutoff {
		return
	}
	cut := false
	switch r.Status {
	case solver.Infeasible:
		cut = s.mip
	case solver.Optimal:
		cut = s.mip && r.Objective > s.o.Cutoff
	case solver.InfeasibleOrUnbounded:
		if s.mip {
			r.Status = solver.Unknown
		}
	}
	if cut {
		r.Status, r.Limit = solver.LimitReached, solver.CutoffReached
	}
	switch {
	case r.Limit == solver.CutoffReached:
		r.Bound = s.o.Cutoff
	case s.mip && r.Status != solver.Unbounded:
		r.Bound = math.Min(r.Bound, s.o.Cutoff)
	}
}

// readBasis reads the basis of a linear program at its optimum.
func (s *solve) readBasis(r *solver.Result) error {
	if s.mip || r.Status != solver.Optimal {
		return nil
	}
	valid, err := s.int("basis_validity")
	if err != nil || valid != basisValid {
		return err
	}
	b := &solver.Basis{Col: make([]solver.BasisStatus, s.p.Cols()), Row: make([]solver.BasisStatus, s.p.Rows())}
	if code := s.lib.getBasis(s.h, (*int32)(first(b.Col)), (*int32)(first(b.Row))); code != statusOK {
		return fmt.Errorf("highs: no basis to read (status %d)", code)
	}
	r.Basis = b
	return nil
}

// readPoint reads the point and, for a linear program at its optimum, the
// duals.
func (s *solve) readPoint(r *solver.Result) error {
	primal, err := s.int("primal_solution_status")
	if err != nil {
		return err
	}
	dual, err := s.int("dual_solution_status")
	if err != nil {
		return err
	}
	p := s.p
	claimsNone := r.Status == solver.Infeasible || r.Status == solver.InfeasibleOrUnbounded
	switch {
	case claimsNone:
		return nil
	case primal != solutionFeasible:
		if r.Status == solver.Optimal {
			return fmt.Errorf("highs: optimal without a feasible point (primal status %d)", primal)
		}
		s.w.adopt(r, p)
		return nil
	}
	r.HasPoint = true
	r.X = make([]float64, p.Cols())
	var colDual, rowDual []float64
	if !s.mip && r.Status == solver.Optimal && dual == solutionFeasible {
		r.HasDuals = true
		colDual, rowDual = make([]float64, p.Cols()), make([]float64, p.Rows())
	}
	if code := s.lib.getSolution(s.h, first(r.X), first(colDual), nil, first(rowDual)); code != 0 {
		return fmt.Errorf("highs: no solution to read (status %d)", code)
	}
	r.ColDual, r.RowDual = colDual, rowDual
	for _, a := range []struct {
		what   string
		name   func(int) string
		values []float64
	}{
		{"value of column", p.NameOfCol, r.X},
		{"dual of column", p.NameOfCol, colDual},
		{"dual of row", p.NameOfRow, rowDual},
	} {
		for i, v := range a.values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("highs: the engine returned %v as %s %s", v, a.what, a.name(i))
			}
		}
	}
	return s.checkObjective(r)
}

// checkObjective sets the objective of the point by arithmetic and compares it
// with what the engine says it is.
func (s *solve) checkObjective(r *solver.Result) error {
	r.Objective = s.p.Eval(r.X)
	said, has, err := s.double("objective_function_value")
	if err != nil {
		return err
	}
	if !has {
		return errors.New("highs: a point without an objective")
	}
	size := 1 + math.Abs(s.p.Offset)
	for j, c := range s.p.ColCost {
		size += math.Abs(c * r.X[j])
	}
	if !(math.Abs(said-r.Objective) <= 1e-6*size) {
		return fmt.Errorf("highs: the engine says the objective is %v, but its point is worth %v", said, r.Objective)
	}
	return nil
}

func (s *solve) readCounts(r *solver.Result) error {
	for _, name := range []string{"simplex_iteration_count", "ipm_iteration_count", "crossover_iteration_count"} {
		n, err := s.int(name)
		if err != nil {
			return err
		}
		r.Iterations += int64(max(n, 0)) // -1 where there were none
	}
	if !s.mip {
		return nil
	}
	if code := s.lib.int64Info(s.h, "mip_node_count", &r.Nodes); code == statusError {
		return fmt.Errorf("highs: no mip_node_count (status %d)", code)
	}
	r.Nodes = max(r.Nodes, 0)
	return nil
}

// readBound sets the proved bound: that of the tree search, or the optimum of
// a linear program.
func (s *solve) readBound(r *solver.Result) error {
	switch r.Status {
	case solver.Infeasible, solver.InfeasibleOrUnbounded, solver.Unbounded:
		return nil
	case solver.Optimal:
		if !s.mip {
			r.Bound = r.Objective
			return nil
		}
	}
	if s.mip {
		b, has, err := s.double("mip_dual_bound")
		if err != nil {
			return err
		}
		if math.IsNaN(b) {
			return fmt.Errorf("highs: the engine returned %v as its bound", b)
		}
		if has && !math.IsInf(b, 0) {
			r.Bound = b
		}
	}
	if r.HasPoint {
		r.Bound = withinObjective(r.Bound, r.Objective, s.p.Maximize)
	}
	return nil
}

// withinObjective returns the bound, or the objective where rounding puts the
// bound beyond it: no optimum is worse than a known point.
func withinObjective(bound, objective float64, maximize bool) float64 {
	if maximize {
		return math.Max(bound, objective)
	}
	return math.Min(bound, objective)
}

// int returns a figure of the run, zero where HiGHS has none: a run that a
// limit ends before it begins.
func (s *solve) int(name string) (int32, error) {
	var v int32
	if code := s.lib.intInfo(s.h, name, &v); code == statusError {
		return 0, fmt.Errorf("highs: no %s (status %d)", name, code)
	} else if code == statusWarning {
		return 0, nil
	}
	return v, nil
}

// double is like int for figures where zero means something: has says whether
// there is one.
func (s *solve) double(name string) (v float64, has bool, err error) {
	switch code := s.lib.doubleInfo(s.h, name, &v); code {
	case statusOK:
		return v, true, nil
	case statusWarning:
		return 0, false, nil
	default:
		return 0, false, fmt.Errorf("highs: no %s (status %d)", name, code)
	}
}
