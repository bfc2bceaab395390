package solver

import (
	"errors"
	"fmt"
	"math"
)

// Eval returns the objective at x, offset included. x has one value a column.
func (p *Problem) Eval(x []float64) float64 {
	v := p.Offset
	for j, c := range p.ColCost {
		// Zero costs are passed over so that they do not turn an infinite
		// value into NaN.
		if c != 0 {
			v += float64(c * x[j])
		}
	}
	return v
}

// Activity returns A x, one value a row. x has one value a column.
func (p *Problem) Activity(x []float64) []float64 {
	a := make([]float64, p.Rows())
	for i := range a {
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			// The conversion forbids a fused multiply-add: the same sum on
			// every architecture.
			a[i] += float64(p.Value[k] * x[p.Index[k]])
		}
	}
	return a
}

// Violation is the most by which a point breaks a program's rows, column
// bounds and integrality, each in absolute terms and zero where nothing is
// broken. The indices name the worst offender, -1 where there is none.
type Violation struct {
	Row         float64
	Bound       float64
	Integrality float64 // distance to the nearest integer

	RowIndex         int
	BoundIndex       int
	IntegralityIndex int
}

// Max returns the largest of the three.
func (v Violation) Max() float64 { return math.Max(v.Row, math.Max(v.Bound, v.Integrality)) }

// Violation measures x against the program by arithmetic alone, whatever an
// engine says of it. A point of the wrong length breaks everything without
// end, and a NaN or infinite value breaks its bounds and its rows without end.
func (p *Problem) Violation(x []float64) Violation {
	v := Violation{RowIndex: -1, BoundIndex: -1, IntegralityIndex: -1}
	if len(x) != p.Cols() {
		v.Row, v.Bound, v.Integrality = math.Inf(1), math.Inf(1), math.Inf(1)
		return v
	}
	for j, xj := range x {
		worse(&v.Bound, &v.BoundIndex, j, outside(xj, p.ColLower[j], p.ColUpper[j]))
		if p.ColType[j] == Integer {
			worse(&v.Integrality, &v.IntegralityIndex, j, math.Abs(xj-math.Round(xj)))
		}
	}
	for i, a := range p.Activity(x) {
		worse(&v.Row, &v.RowIndex, i, outside(a, p.RowLower[i], p.RowUpper[i]))
	}
	return v
}

// outside returns how far v lies from [lo, up]; no finite bound excuses a
// value that is not finite.
func outside(v, lo, up float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return math.Inf(1)
	}
	return math.Max(0, math.Max(lo-v, v-up))
}

func worse(most *float64, at *int, i int, d float64) {
	if math.IsNaN(d) {
		d = math.Inf(1)
	}
	if d > *most {
		*most, *at = d, i
	}
}

// Check refuses options that make no sense for a program of that many columns:
// negative or NaN limits and gaps, a start of the wrong length or with infinite
// values, a seed outside 31 bits, an unknown method, an infinite cutoff or target,
// OnCuts without NoPresolve, a start basis that is none. The error joins all findings.
func (o *Options) Check(cols int) error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if o.TimeLimit < 0 {
		bad("solver: time limit is %v", o.TimeLimit)
	}
	if o.WorkLimit < 0 {
		bad("solver: work limit is %d", o.WorkLimit)
	}
	if !(o.RelGap >= 0) || math.IsInf(o.RelGap, 0) {
		bad("solver: relative gap is %v", o.RelGap)
	}
	if !(o.AbsGap >= 0) || math.IsInf(o.AbsGap, 0) {
		bad("solver: absolute gap is %v", o.AbsGap)
	}
	if o.Threads < 0 {
		bad("solver: number of threads is %d", o.Threads)
	}
	if o.Seed < 0 || o.Seed > math.MaxInt32 {
		bad("solver: seed %d is outside 0 to %d", o.Seed, math.MaxInt32)
	}
	if o.Method < MethodAuto || o.Method > MethodInterior {
		bad("solver: unknown method %d", o.Method)
	}
	if o.Start != nil && len(o.Start) != cols {
		bad("solver: start has %d values, the program %d columns", len(o.Start), cols)
	}
	for j, v := range o.Start {
		if math.IsInf(v, 0) {
			bad("solver: start of column %d is %v", j, v)
			break
		}
	}
	for _, v := range []struct {
		name string
		has  bool
		at   float64
	}{{"cutoff", o.HasCutoff, o.Cutoff}, {"target", o.HasTarget, o.Target}} {
		if v.has && (math.IsNaN(v.at) || math.IsInf(v.at, 0)) {
			bad("solver: %s is %v", v.name, v.at)
		}
	}
	if o.OnCuts != nil && !o.NoPresolve {
		bad("solver: cuts are asked for with presolve on: they would not be over the program's columns")
	}
	if o.StartBasis != nil {
		if err := o.StartBasis.check(cols); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
