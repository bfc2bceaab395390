package solvertest

import (
	"errors"
	"fmt"
	"math"

	"github.com/wattbit/wattbit/solver"
)

// tolerance is what the suite grants engines in feasibility, relative
// optimality and complementary slackness: their own default.
const tolerance = 1e-6

// Feasible returns an error that names the worst broken row, bound or
// integrality of x when one is broken by more than tol, in absolute terms.
func Feasible(p *solver.Problem, x []float64, tol float64) error {
	if len(x) != p.Cols() {
		return fmt.Errorf("solvertest: point has %d values, the program %d columns", len(x), p.Cols())
	}
	v := p.Violation(x)
	var errs []error
	if v.Bound > tol {
		j := v.BoundIndex
		errs = append(errs, fmt.Errorf("solvertest: column %s = %v outside [%v, %v]", p.NameOfCol(j), x[j], p.ColLower[j], p.ColUpper[j]))
	}
	if v.Integrality > tol {
		j := v.IntegralityIndex
		errs = append(errs, fmt.Errorf("solvertest: column %s = %v is not integer", p.NameOfCol(j), x[j]))
	}
	if v.Row > tol {
		i := v.RowIndex
		errs = append(errs, fmt.Errorf("solvertest: row %s breaks [%v, %v] by %g", p.NameOfRow(i), p.RowLower[i], p.RowUpper[i], v.Row))
	}
	return errors.Join(errs...)
}

// KKT checks that point and duals of r prove each other optimal for the linear
// program p: feasibility, stationarity, and a dual only where its bound is
// active and with the sign the package comment of solver gives. Tolerances are
// relative to the magnitudes involved. Nothing in it trusts r.Objective.
func KKT(p *solver.Problem, r *solver.Result, tol float64) error {
	if !r.HasPoint || !r.HasDuals {
		return fmt.Errorf("solvertest: result has point: %v, duals: %v", r.HasPoint, r.HasDuals)
	}
	if len(r.RowDual) != p.Rows() || len(r.ColDual) != p.Cols() {
		return fmt.Errorf("solvertest: %d row duals of %d rows, %d reduced costs of %d columns", len(r.RowDual), p.Rows(), len(r.ColDual), p.Cols())
	}
	if err := Feasible(p, r.X, tol); err != nil {
		return err
	}
	var errs []error
	left := append([]float64(nil), p.ColCost...)
	size := make([]float64, p.Cols())
	for j, c := range p.ColCost {
		size[j] = 1 + math.Abs(c)
	}
	for i, y := range r.RowDual {
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			left[p.Index[k]] -= p.Value[k] * y
			size[p.Index[k]] += math.Abs(p.Value[k] * y)
		}
	}
	for j, z := range r.ColDual {
		if d := left[j] - z; !(math.Abs(d) <= tol*size[j]) {
			errs = append(errs, fmt.Errorf("solvertest: column %s is not stationary: cost less duals %v, reduced cost %v", p.NameOfCol(j), left[j], z))
		}
	}
	sense := 1.0
	if p.Maximize {
		sense = -1
	}
	for i, a := range p.Activity(r.X) {
		if err := slack(sense*r.RowDual[i], a, p.RowLower[i], p.RowUpper[i], tol); err != nil {
			errs = append(errs, fmt.Errorf("solvertest: row %s: %w", p.NameOfRow(i), err))
		}
	}
	for j, x := range r.X {
		if err := slack(sense*r.ColDual[j], x, p.ColLower[j], p.ColUpper[j], tol); err != nil {
			errs = append(errs, fmt.Errorf("solvertest: column %s: %w", p.NameOfCol(j), err))
		}
	}
	return errors.Join(errs...)
}

// slack checks one dual, in the sense of minimisation, against its bounds.
func slack(dual, v, lo, up, tol float64) error {
	at := func(bound float64) bool {
		return !math.IsInf(bound, 0) && math.Abs(v-bound) <= tol*(1+math.Abs(bound))
	}
	switch {
	case math.IsNaN(dual) || math.IsInf(dual, 0):
		return fmt.Errorf("dual is %v", dual)
	case dual > tol && !at(lo):
		return fmt.Errorf("dual %v (minimising) but value %v is not at the lower bound %v", dual, v, lo)
	case dual < -tol && !at(up):
		return fmt.Errorf("dual %v (minimising) but value %v is not at the upper bound %v", dual, v, up)
	}
	return nil
}

// Audit checks what must hold for every result of every solve: the status,
// point, objective, bound and duals of r fit one another, the program and the
// options.
func Audit(p *solver.Problem, o solver.Options, r *solver.Result) error {
	if r == nil {
		return errors.New("solvertest: neither result nor error")
	}
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("solvertest: "+format, args...)) }

	if r.Status < solver.Unknown || r.Status > solver.Interrupted {
		bad("status %d does not exist", r.Status)
	}
	if (r.Status == solver.LimitReached) != (r.Limit != solver.NoLimit) {
		bad("status %v with limit %v", r.Status, r.Limit)
	}
	if r.Limit == solver.TimeLimit && o.TimeLimit == 0 || r.Limit == solver.WorkLimit && o.WorkLimit == 0 ||
		r.Limit == solver.CutoffReached && !o.HasCutoff || r.Limit == solver.TargetReached && !o.HasTarget ||
		r.Limit == solver.RootReached && !o.RootOnly {
		bad("stopped by a limit (%v) that nobody set", r.Limit)
	}
	switch r.Status {
	case solver.Optimal:
		if !r.HasPoint {
			bad("optimal without a point")
		}
	case solver.Infeasible, solver.InfeasibleOrUnbounded:
		if r.HasPoint {
			bad("%v with a point", r.Status)
		}
	}
	if r.Nodes < 0 || r.Iterations < 0 || !(r.Seconds >= 0) || math.IsInf(r.Seconds, 0) {
		bad("nodes %d, iterations %d, seconds %v", r.Nodes, r.Iterations, r.Seconds)
	}
	errs = append(errs, auditPoint(p, r), auditBound(p, o, r), auditDuals(p, r), auditLimit(p, o, r))
	return errors.Join(errs...)
}

// auditLimit checks what the limits on the objective promise.
func auditLimit(p *solver.Problem, o solver.Options, r *solver.Result) error {
	sense := 1.0
	if p.Maximize {
		sense = -1
	}
	switch {
	case r.Limit == solver.TargetReached && !(r.HasPoint && sense*r.Objective <= sense*o.Target+tolerance*math.Max(1, math.Abs(o.Target))):
		return fmt.Errorf("solvertest: target %v reached with point: %v, objective %v", o.Target, r.HasPoint, r.Objective)
	case r.Limit == solver.CutoffReached && r.HasPoint && sense*r.Objective < sense*o.Cutoff-tolerance*math.Max(1, math.Abs(o.Cutoff)):
		return fmt.Errorf("solvertest: nothing better than %v, yet objective %v", o.Cutoff, r.Objective)
	case r.Basis != nil && p.Integers() > 0:
		return errors.New("solvertest: basis of a mixed-integer program")
	case r.Basis != nil:
		again := solver.Options{StartBasis: r.Basis}
		if err := again.Check(p.Cols()); err != nil || len(r.Basis.Row) != p.Rows() {
			return fmt.Errorf("solvertest: basis of %d rows for %d: %w", len(r.Basis.Row), p.Rows(), err)
		}
	}
	return nil
}

func auditPoint(p *solver.Problem, r *solver.Result) error {
	if !r.HasPoint {
		if r.X != nil {
			return errors.New("solvertest: X is set although there is no point")
		}
		return nil
	}
	if err := Feasible(p, r.X, tolerance); err != nil {
		return err
	}
	if v := p.Eval(r.X); !close(v, r.Objective) {
		return fmt.Errorf("solvertest: objective %v but the point evaluates to %v", r.Objective, v)
	}
	return nil
}

func auditBound(p *solver.Problem, o solver.Options, r *solver.Result) error {
	sense := 1.0
	if p.Maximize {
		sense = -1
	}
	bound, objective := sense*r.Bound, sense*r.Objective
	switch {
	case math.IsNaN(r.Bound):
		return errors.New("solvertest: bound is NaN")
	case r.Limit == solver.CutoffReached && r.Bound != o.Cutoff:
		return fmt.Errorf("solvertest: cutoff %v reached, yet bound %v", o.Cutoff, r.Bound)
	case r.Status == solver.Unbounded && !math.IsInf(bound, -1):
		return fmt.Errorf("solvertest: unbounded, yet bound %v", r.Bound)
	case !r.HasPoint:
		return nil
	case bound > objective+tolerance*math.Max(1, math.Abs(objective)):
		return fmt.Errorf("solvertest: bound %v on the wrong side of objective %v", r.Bound, r.Objective)
	case r.Status == solver.Optimal:
		allowed := math.Max(o.AbsGap, o.RelGap*math.Abs(objective)) + tolerance*math.Max(1, math.Abs(objective))
		if objective-bound > allowed {
			return fmt.Errorf("solvertest: optimal, yet objective %v and bound %v are further apart than %g", r.Objective, r.Bound, allowed)
		}
	}
	return nil
}

func auditDuals(p *solver.Problem, r *solver.Result) error {
	switch {
	case !r.HasDuals:
		if r.RowDual != nil || r.ColDual != nil {
			return errors.New("solvertest: duals are set although HasDuals is not")
		}
		return nil
	case p.Integers() > 0:
		return errors.New("solvertest: duals of a mixed-integer program")
	case !r.HasPoint:
		return errors.New("solvertest: duals without a point")
	case r.Status == solver.Optimal:
		return KKT(p, r, tolerance)
	}
	return nil
}

// close compares objectives.
func close(a, b float64) bool {
	return math.Abs(a-b) <= tolerance*math.Max(1, math.Max(math.Abs(a), math.Abs(b)))
}
