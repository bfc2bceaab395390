package solvertest

import (
	"github.com/wattbit/wattbit/solver"
)

// knownCase is a program whose answer is known by hand.
type knownCase struct {
	name     string
	build    func(b *solver.Builder)
	maximize bool
	options  solver.Options
	// want lists the statuses accepted; nil means Optimal.
	want      []solver.Status
	objective float64
	x         []float64 // nil where the optimum is not unique
	rowDual   []float64 // nil where not unique or not a linear program
	colDual   []float64
}

const (
	continuous = solver.Continuous
	integer    = solver.Integer
)

var (
	infeasible = []solver.Status{solver.Infeasible, solver.InfeasibleOrUnbounded}
	unbounded  = []solver.Status{solver.Unbounded, solver.InfeasibleOrUnbounded}
)

// emptyCases have no columns, no rows, or rows and columns without terms.
var emptyCases = []knownCase{
	{name: "nothing at all", build: func(b *solver.Builder) {}, x: []float64{}},
	{name: "offset alone", build: func(b *solver.Builder) { b.AddOffset(7.5) }, objective: 7.5, x: []float64{}},
	{name: "offset alone maximised", build: func(b *solver.Builder) { b.AddOffset(7.5) }, maximize: true, objective: 7.5, x: []float64{}},
	{name: "no columns, rows that hold", build: func(b *solver.Builder) {
		b.Row(-1, 1)
		b.Row(-inf, 0)
		b.Row(0, 0)
	}, x: []float64{}, rowDual: []float64{0, 0, 0}},
	{name: "no columns, a row that cannot hold", build: func(b *solver.Builder) {
		b.Row(-1, 1)
		b.Row(1, inf)
	}, want: infeasible},
	{name: "no rows", build: func(b *solver.Builder) {
		b.Col(-2, 5, 3, continuous)
		b.Col(-2, 5, -3, continuous)
	}, objective: -21, x: []float64{-2, 5}, colDual: []float64{3, -3}},
	{name: "no rows, integer", build: func(b *solver.Builder) {
		b.Col(-2, 5, 3, integer)
		b.Col(-2, 5, -3, integer)
	}, objective: -21, x: []float64{-2, 5}},
	{name: "no rows, unbounded", build: func(b *solver.Builder) { b.Col(0, inf, -1, continuous) }, want: unbounded},
	{name: "no rows, no costs, free", build: func(b *solver.Builder) { b.Col(-inf, inf, 0, continuous) }, colDual: []float64{0}},
	{name: "empty row that holds", build: func(b *solver.Builder) {
		x := b.Col(0, 4, -1, continuous)
		b.Row(-1, 2)
		row(b, -inf, 3, term{x, 1})
		b.Row(0, 0)
	}, objective: -3, x: []float64{3}, rowDual: []float64{0, -1, 0}},
	{name: "empty row that cannot hold", build: func(b *solver.Builder) {
		row(b, -inf, 3, term{b.Col(0, 4, -1, continuous), 1})
		b.Row(2, 2)
	}, want: infeasible},
	{name: "empty row that cannot hold, integer", build: func(b *solver.Builder) {
		row(b, -inf, 3, term{b.Col(0, 4, -1, integer), 1})
		b.Row(-inf, -1)
	}, want: infeasible},
	{name: "empty column", build: func(b *solver.Builder) {
		x := b.Col(0, 4, 1, continuous)
		b.Col(1, 9, 2, continuous)
		row(b, 3, inf, term{x, 1})
	}, objective: 5, x: []float64{3, 1}, rowDual: []float64{1}, colDual: []float64{0, 2}},
	{name: "empty column, unbounded", build: func(b *solver.Builder) {
		x := b.Col(0, 4, 1, continuous)
		b.Col(1, inf, -2, continuous)
		row(b, 3, inf, term{x, 1})
	}, want: unbounded},
	{name: "terms that cancel", build: func(b *solver.Builder) {
		x, y := b.Col(0, 4, -1, continuous), b.Col(0, 4, -1, continuous)
		row(b, -inf, 3, term{x, 1}, term{y, 2}, term{x, 1}, term{y, -2})
	}, objective: -5.5, x: []float64{1.5, 4}, rowDual: []float64{-0.5}, colDual: []float64{0, -1}},
}

// boundCases are about kinds of columns and rows.
var boundCases = []knownCase{
	{name: "free column", build: func(b *solver.Builder) {
		x := b.Col(-inf, inf, 1, continuous)
		row(b, -7, inf, term{x, 2})
	}, objective: -3.5, x: []float64{-3.5}, rowDual: []float64{0.5}, colDual: []float64{0}},
	{name: "free integer column", build: func(b *solver.Builder) {
		x := b.Col(-inf, inf, 1, integer)
		row(b, -7, inf, term{x, 2})
	}, objective: -3, x: []float64{-3}},
	{name: "column with an upper bound only", build: func(b *solver.Builder) {
		x := b.Col(-inf, -2, 1, continuous)
		row(b, -9, inf, term{x, 1})
	}, objective: -9, x: []float64{-9}},
	{name: "integer column with an upper bound only", build: func(b *solver.Builder) {
		x := b.Col(-inf, -2, -1, integer)
		row(b, -9, inf, term{x, 1})
	}, objective: 2, x: []float64{-2}},
	{name: "integer column above one without an upper bound", build: func(b *solver.Builder) {
		x := b.Col(0, inf, -1, integer)
		row(b, -inf, 17, term{x, 2})
	}, objective: -8, x: []float64{8}},
	{name: "negative bounds", build: func(b *solver.Builder) {
		x := b.Col(-5, -3, 1, continuous)
		row(b, -4.5, inf, term{x, 1})
	}, objective: -4.5, x: []float64{-4.5}},
	{name: "fixed column", build: func(b *solver.Builder) {
		x, y := b.Col(2.5, 2.5, 1, continuous), b.Col(0, 10, 1, continuous)
		row(b, 4, inf, term{x, 1}, term{y, 1})
	}, objective: 4, x: []float64{2.5, 1.5}, rowDual: []float64{1}},
	{name: "all columns fixed", build: func(b *solver.Builder) {
		x, y := b.Col(2, 2, 1, integer), b.Col(-1.25, -1.25, 4, continuous)
		row(b, 0, 1, term{x, 1}, term{y, 1})
	}, objective: -3, x: []float64{2, -1.25}},
	{name: "all columns fixed where no row allows", build: func(b *solver.Builder) {
		x, y := b.Col(2, 2, 1, continuous), b.Col(-1, -1, 4, continuous)
		row(b, 2, 3, term{x, 1}, term{y, 1})
	}, want: infeasible},
	{name: "integer with fractional bounds", build: func(b *solver.Builder) {
		b.Col(0.3, 1.7, 1, integer)
		b.Col(-2.6, 1.7, -1, integer)
	}, objective: 0, x: []float64{1, 1}},
	{name: "integer with fractional bounds in a row", build: func(b *solver.Builder) {
		x, y := b.Col(0.5, 6.5, 3, integer), b.Col(-1.5, 2.5, 1, integer)
		row(b, 4.5, inf, term{x, 1}, term{y, 1})
	}, objective: 11, x: []float64{3, 2}},
	{name: "integer with no integer between its bounds", build: func(b *solver.Builder) {
		x := b.Col(0.2, 0.8, 1, integer)
		row(b, 0, 1, term{x, 1})
	}, want: infeasible},
	{name: "integer fixed to a fraction", build: func(b *solver.Builder) {
		x := b.Col(0.5, 0.5, 1, integer)
		row(b, 0, 1, term{x, 1})
	}, want: infeasible},
	{name: "equality row", build: func(b *solver.Builder) {
		x, y := b.Col(0, 10, 1, continuous), b.Col(0, 10, 3, continuous)
		row(b, 12, 12, term{x, 1}, term{y, 1})
	}, objective: 16, x: []float64{10, 2}, rowDual: []float64{3}, colDual: []float64{-2, 0}},
	{name: "range row at its lower end", build: func(b *solver.Builder) {
		x, y := b.Col(0, 10, 2, continuous), b.Col(0, 10, 3, continuous)
		row(b, 3, 8, term{x, 1}, term{y, 1})
	}, objective: 6, x: []float64{3, 0}, rowDual: []float64{2}, colDual: []float64{0, 1}},
	{name: "range row at its upper end", build: func(b *solver.Builder) {
		x, y := b.Col(0, 10, -2, continuous), b.Col(0, 10, -3, continuous)
		row(b, 3, 8, term{x, 1}, term{y, 1})
	}, objective: -24, x: []float64{0, 8}, rowDual: []float64{-3}, colDual: []float64{1, 0}},
	{name: "range row of negative numbers", build: func(b *solver.Builder) {
		x := b.Col(-100, 100, 1, continuous)
		row(b, -8.25, -3.5, term{x, 0.5})
	}, objective: -16.5, x: []float64{-16.5}, rowDual: []float64{2}},
	{name: "free row", build: func(b *solver.Builder) {
		x := b.Col(0, 10, -1, continuous)
		row(b, -inf, inf, term{x, 100})
		row(b, -inf, 4, term{x, 1})
		row(b, -inf, inf, term{x, -1})
	}, objective: -4, x: []float64{4}, rowDual: []float64{0, -1, 0}},
	{name: "free rows alone", build: func(b *solver.Builder) {
		x := b.Col(0, 10, -1, integer)
		row(b, -inf, inf, term{x, 100})
	}, objective: -10, x: []float64{10}},
	{name: "terms in any order are summed", build: func(b *solver.Builder) {
		x, y := b.Col(0, 10, 1, continuous), b.Col(0, 10, 1, continuous)
		r := b.Row(6, inf)
		s := b.Row(-inf, 1)
		b.Add(r, y, 0.5)
		b.Add(s, y, 1)
		b.Add(r, x, 1)
		b.Add(r, y, 1.5)
	}, objective: 5, x: []float64{4, 1}, rowDual: []float64{1, -1}},
	{name: "numbers with many digits", build: func(b *solver.Builder) {
		x := b.Col(0, 1e6, 1, continuous)
		row(b, 123456.7890123456, inf, term{x, 1.0 / 3})
	}, objective: 3 * 123456.7890123456, x: []float64{3 * 123456.7890123456}},
	{name: "large numbers", build: func(b *solver.Builder) {
		x, y := b.Col(0, 1e7, 1e-3, continuous), b.Col(0, 1e7, 1e3, continuous)
		row(b, 1.5e7, inf, term{x, 1}, term{y, 1})
	}, objective: 1e4 + 5e9, x: []float64{1e7, 5e6}},
}

// senseCases are about minimising, maximising, offsets and the signs of duals.
var senseCases = []knownCase{
	{name: "maximise", build: func(b *solver.Builder) {
		x, y := b.Col(0, inf, 3, continuous), b.Col(0, inf, 5, continuous)
		row(b, -inf, 4, term{x, 1})
		row(b, -inf, 12, term{y, 2})
		row(b, -inf, 18, term{x, 3}, term{y, 2})
	}, maximize: true, objective: 36, x: []float64{2, 6}, rowDual: []float64{0, 1.5, 1}, colDual: []float64{0, 0}},
	{name: "maximise against lower rows", build: func(b *solver.Builder) {
		x, y := b.Col(0, inf, -2, continuous), b.Col(0, inf, -3, continuous)
		row(b, 4, inf, term{x, 1}, term{y, 1})
		row(b, -inf, 3, term{x, 1})
	}, maximize: true, objective: -9, x: []float64{3, 1}, rowDual: []float64{-3, 1}, colDual: []float64{0, 0}},
	{name: "maximise with bounds active", build: func(b *solver.Builder) {
		x, y := b.Col(1, 4, -2, continuous), b.Col(1, 4, 3, continuous)
		row(b, -inf, 100, term{x, 1}, term{y, 1})
	}, maximize: true, objective: 10, x: []float64{1, 4}, rowDual: []float64{0}, colDual: []float64{-2, 3}},
	{name: "maximise with an offset", build: func(b *solver.Builder) {
		b.AddOffset(-1000)
		row(b, -inf, 7, term{b.Col(0, 10, 2, continuous), 1})
	}, maximize: true, objective: -986, x: []float64{7}, rowDual: []float64{2}},
	{name: "minimise with an offset", build: func(b *solver.Builder) {
		b.AddOffset(1000.25)
		row(b, 3, inf, term{b.Col(0, 10, 2, continuous), 1})
	}, objective: 1006.25, x: []float64{3}, rowDual: []float64{2}},
	{name: "minimise with bounds active", build: func(b *solver.Builder) {
		x, y := b.Col(1, 4, -2, continuous), b.Col(1, 4, 3, continuous)
		row(b, -inf, 100, term{x, 1}, term{y, 1})
	}, objective: -5, x: []float64{4, 1}, rowDual: []float64{0}, colDual: []float64{-2, 3}},
	{name: "maximise integers with an offset", build: func(b *solver.Builder) {
		b.AddOffset(0.5)
		x, y := b.Col(0, 3, 5, integer), b.Col(0, 3, 4, integer)
		row(b, -inf, 24, term{x, 6}, term{y, 4})
		row(b, -inf, 6, term{x, 1}, term{y, 2})
	}, maximize: true, objective: 19.5, x: []float64{3, 1}},
	{name: "objective of zero", build: func(b *solver.Builder) {
		x := b.Col(0, 3, 0, continuous)
		row(b, 1, 2, term{x, 1})
	}, objective: 0, rowDual: []float64{0}, colDual: []float64{0}},
	{name: "degenerate vertex", build: func(b *solver.Builder) {
		x, y := b.Col(0, inf, -1, continuous), b.Col(0, inf, -1, continuous)
		row(b, -inf, 1, term{x, 1})
		row(b, -inf, 1, term{y, 1})
		row(b, -inf, 2, term{x, 1}, term{y, 1})
		row(b, -inf, 3, term{x, 2}, term{y, 1})
	}, objective: -2, x: []float64{1, 1}},
	{name: "simplex method", options: solver.Options{Method: solver.MethodSimplex}, build: func(b *solver.Builder) {
		x, y := b.Col(0, 10, 1, continuous), b.Col(0, 10, 3, continuous)
		row(b, 12, 12, term{x, 1}, term{y, 1})
	}, objective: 16, x: []float64{10, 2}, rowDual: []float64{3}, colDual: []float64{-2, 0}},
	{name: "interior method ends at the vertex", options: solver.Options{Method: solver.MethodInterior}, build: func(b *solver.Builder) {
		x, y := b.Col(0, 10, 1, continuous), b.Col(0, 10, 3, continuous)
		row(b, 12, 12, term{x, 1}, term{y, 1})
	}, objective: 16, x: []float64{10, 2}, rowDual: []float64{3}, colDual: []float64{-2, 0}},
	{name: "without presolve", options: solver.Options{NoPresolve: true}, build: func(b *solver.Builder) {
		x, y := b.Col(0, 10, 1, continuous), b.Col(0, 10, 3, continuous)
		row(b, 12, 12, term{x, 1}, term{y, 1})
	}, objective: 16, x: []float64{10, 2}, rowDual: []float64{3}, colDual: []float64{-2, 0}},
	{name: "integer without presolve", options: solver.Options{NoPresolve: true}, build: func(b *solver.Builder) {
		x, y := b.Col(0, 10, 3, integer), b.Col(0, 10, 2, integer)
		row(b, 7, inf, term{x, 2}, term{y, 1})
	}, objective: 11, x: []float64{3, 1}},
	{name: "two threads", options: solver.Options{Threads: 2, Seed: 7}, build: func(b *solver.Builder) {
		x, y := b.Col(0, 10, 3, integer), b.Col(0, 10, 2, integer)
		row(b, 7, inf, term{x, 2}, term{y, 1})
	}, objective: 11, x: []float64{3, 1}},
}

// statusCases have no optimum.
var statusCases = []knownCase{
	{name: "infeasible by bounds", build: func(b *solver.Builder) {
		row(b, 3, inf, term{b.Col(0, 2, 1, continuous), 1})
	}, want: infeasible},
	{name: "infeasible by rows", build: func(b *solver.Builder) {
		x, y := b.Col(0, inf, 1, continuous), b.Col(0, inf, 1, continuous)
		row(b, 3, inf, term{x, 1}, term{y, 1})
		row(b, -inf, 2, term{x, 1}, term{y, 1})
	}, want: infeasible},
	{name: "infeasible without presolve", options: solver.Options{NoPresolve: true}, build: func(b *solver.Builder) {
		x, y := b.Col(0, 50, 1, continuous), b.Col(0, 50, 1, continuous)
		row(b, 3, inf, term{x, 1}, term{y, 1})
		row(b, -inf, 2, term{x, 1}, term{y, 1})
	}, want: []solver.Status{solver.Infeasible}},
	{name: "infeasible maximised", build: func(b *solver.Builder) {
		x, y := b.Col(0, 50, 1, continuous), b.Col(0, 50, 1, continuous)
		row(b, 3, inf, term{x, 1}, term{y, 1})
		row(b, -inf, 2, term{x, 1}, term{y, 1})
	}, maximize: true, want: infeasible},
	{name: "integer infeasible, relaxation feasible", build: func(b *solver.Builder) {
		x, y := b.Col(0, 9, -1, integer), b.Col(0, 8, 0, integer)
		row(b, 3, 3, term{x, 2}, term{y, 2})
	}, want: infeasible},
	{name: "integer infeasible, relaxation feasible, without presolve", options: solver.Options{NoPresolve: true}, build: func(b *solver.Builder) {
		x, y, z := b.Col(0, 1, -1, integer), b.Col(0, 1, 0, integer), b.Col(0, 1, 0, integer)
		row(b, -inf, 1, term{x, 1}, term{y, 1})
		row(b, -inf, 1, term{y, 1}, term{z, 1})
		row(b, -inf, 1, term{x, 1}, term{z, 1})
		row(b, 1.5, inf, term{x, 1}, term{y, 1}, term{z, 1})
	}, want: []solver.Status{solver.Infeasible}},
	{name: "unbounded", build: func(b *solver.Builder) {
		x, y := b.Col(0, inf, -1, continuous), b.Col(0, inf, 0, continuous)
		row(b, -inf, 4, term{x, 1}, term{y, -1})
	}, want: unbounded},
	{name: "unbounded maximised", build: func(b *solver.Builder) {
		x, y := b.Col(0, inf, 1, continuous), b.Col(0, inf, 0, continuous)
		row(b, -inf, 4, term{x, 1}, term{y, -1})
	}, maximize: true, want: unbounded},
	{name: "unbounded below through a free column", build: func(b *solver.Builder) {
		x, y := b.Col(-inf, inf, 1, continuous), b.Col(0, 3, 1, continuous)
		row(b, -inf, 4, term{x, 1}, term{y, 1})
	}, want: unbounded},
	{name: "unbounded without presolve", options: solver.Options{NoPresolve: true}, build: func(b *solver.Builder) {
		x, y := b.Col(0, inf, -1, continuous), b.Col(0, inf, 0, continuous)
		row(b, -inf, 4, term{x, 1}, term{y, -1})
	}, want: unbounded},
	{name: "unbounded integer program", build: func(b *solver.Builder) {
		x, y := b.Col(0, inf, -1, integer), b.Col(0, inf, 0, integer)
		row(b, -inf, 4, term{x, 1}, term{y, -1})
	}, want: unbounded},
	{name: "primal and dual infeasible", build: func(b *solver.Builder) {
		x, y := b.Col(0, inf, -1, continuous), b.Col(0, inf, -1, continuous)
		row(b, 1, inf, term{x, 1}, term{y, -1})
		row(b, 1, inf, term{x, -1}, term{y, 1})
	}, want: infeasible},
	{name: "infeasible integers beside an unbounded column", build: func(b *solver.Builder) {
		x, y := b.Col(0, 9, 0, integer), b.Col(0, 8, 0, integer)
		z := b.Col(0, inf, -1, continuous)
		row(b, 3, 3, term{x, 2}, term{y, 2})
		row(b, 0, inf, term{z, 1}, term{x, 1})
	}, want: infeasible},
}

// integerCases are small mixed-integer programs.
var integerCases = []knownCase{
	{name: "mixed-integer rounding matters", build: func(b *solver.Builder) {
		x, y := b.Col(0, 10, 1, integer), b.Col(0, 0.4, 2, continuous)
		row(b, 3.5, inf, term{x, 1}, term{y, 1})
	}, objective: 4, x: []float64{4, 0}},
	{name: "fixed charge", build: func(b *solver.Builder) {
		on, x, y := b.Col(0, 1, 10, integer), b.Col(0, 8, 1, continuous), b.Col(0, 8, 3, continuous)
		row(b, -inf, 0, term{x, 1}, term{on, -8})
		row(b, 6, inf, term{x, 1}, term{y, 1})
	}, objective: 16, x: []float64{1, 6, 0}},
	{name: "fixed charge not worth it", build: func(b *solver.Builder) {
		on, x, y := b.Col(0, 1, 10, integer), b.Col(0, 8, 1, continuous), b.Col(0, 8, 3, continuous)
		row(b, -inf, 0, term{x, 1}, term{on, -8})
		row(b, 4, inf, term{x, 1}, term{y, 1})
	}, objective: 12, x: []float64{0, 0, 4}},
	{name: "set cover", build: func(b *solver.Builder) {
		var c [5]solver.Col
		for j, cost := range []float64{3, 2, 2, 4, 3} {
			c[j] = b.Col(0, 1, cost, integer)
		}
		for _, s := range [][]int{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {0, 4}} {
			row(b, 1, inf, term{c[s[0]], 1}, term{c[s[1]], 1})
		}
	}, objective: 7, x: []float64{0, 1, 1, 0, 1}},
	{name: "integer equality without an answer", build: func(b *solver.Builder) {
		x, y := b.Col(0, 100, 1, integer), b.Col(0, 100, 1, integer)
		row(b, 41, 41, term{x, 7}, term{y, 11})
	}, want: infeasible},
	{name: "integer equality with an answer", build: func(b *solver.Builder) {
		x, y := b.Col(0, 100, 1, integer), b.Col(0, 100, 1, integer)
		row(b, 43, 43, term{x, 7}, term{y, 11})
	}, objective: 5, x: []float64{3, 2}},
	{name: "range of integers that a preprocessing may lose", build: func(b *solver.Builder) {
		x, y := b.Col(0, 2, 9, integer), b.Col(0, 1, 10, integer)
		row(b, 4, 7, term{x, 3}, term{y, 5})
	}, objective: 10, x: []float64{0, 1}},
	{name: "large integer values", build: func(b *solver.Builder) {
		x, y := b.Col(0, 1e6, 1, integer), b.Col(0, 1, 0.5, continuous)
		row(b, 123456.75, inf, term{x, 1}, term{y, 1})
	}, objective: 123456.375, x: []float64{123456, 0.75}},
}
