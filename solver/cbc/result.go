package cbc

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/wattbit/wattbit/solver"
)

// claim is the first line of cbc's solution file, up to the objective.
type claim struct {
	text    string
	noPoint bool // "no integer solution - continuous used"
}

// result makes of cbc's log and files what they support, and no more.
func result(p *solver.Problem, o solver.Options, dir string, l *log) (*solver.Result, error) {
	r := unproved(p, solver.Unknown, solver.NoLimit)
	r.Nodes, r.Iterations = l.nodes, l.iterations
	fail := func(err error) (*solver.Result, error) {
		return nil, fmt.Errorf("cbc: %w; last output: %s", err, l.last.String())
	}
	if l.inputError {
		return fail(fmt.Errorf("the program was not read"))
	}
	said, err := readClaim(filepath.Join(dir, solutionFile))
	if err != nil {
		if l.stop == ranOut {
			return fail(err)
		}
		// Killed before it wrote anything.
		said = claim{noPoint: true}
	}
	integers := p.Integers() > 0

	hasValues := false
	switch {
	case strings.HasPrefix(said.text, "Optimal"):
		r.Status, hasValues = solver.Optimal, true
	case said.text == "Infeasible" || said.text == "Integer infeasible":
		r.Status = solver.Infeasible
	case said.text == "Unbounded":
		r.Status = solver.Unbounded
	case strings.HasPrefix(said.text, "Stopped") || said.text == "":
		hasValues = !said.noPoint
	default:
		return fail(fmt.Errorf("status %q is not known", said.text))
	}
	// A claim holds only if nothing says that the run stopped short.
	complete := r.Status != solver.Unknown && !l.timeOut && !l.nodesOut && !strings.HasPrefix(l.verdict, "Stopped")
	if l.stop != ranOut {
		complete = false
	}
	// A search that is cut off while it has found nothing may look like one
	// that found that there is nothing.
	if r.Status == solver.Infeasible && l.late {
		complete = false
	}
	if !complete {
		r.Status, r.Limit = whyStopped(l)
	}

	if hasValues {
		v, err := readValues(filepath.Join(dir, valuesFile), p)
		switch {
		case err == nil:
		case l.stop != ranOut:
			hasValues = false // killed while writing
		default:
			return fail(err)
		}
		// What cbc holds when a linear program stops short is no point unless
		// arithmetic says so. The incumbent of a search is one, which rows of
		// large numbers may miss by more than the tolerance.
		tolerance := feasible
		if integers {
			tolerance = 1e-4
		}
		if hasValues && !complete && p.Violation(v.x).Max() > tolerance {
			hasValues = false
		}
		if hasValues {
			r.HasPoint, r.X, r.Objective = true, v.x, p.Eval(v.x)
			if !integers && r.Status == solver.Optimal {
				r.HasDuals, r.RowDual, r.ColDual = true, v.rowDual, v.colDual
			}
		}
	}
	setBound(p, o, l, r, integers)
	return r, nil
}

func whyStopped(l *log) (solver.Status, solver.Limit) {
	switch {
	case l.stop == stoppedByCaller:
		return solver.Interrupted, solver.NoLimit
	case l.stop == stoppedByTime || l.timeOut || l.late:
		return solver.LimitReached, solver.TimeLimit
	case l.nodesOut:
		return solver.LimitReached, solver.WorkLimit
	}
	return solver.Unknown, solver.NoLimit
}

// setBound sets the bound that the run proved.
func setBound(p *solver.Problem, o solver.Options, l *log, r *solver.Result, integers bool) {
	bound := l.bound // minimising
	objective := r.Objective
	if p.Maximize {
		objective = -objective
	}
	if r.Status == solver.Optimal {
		allowed := 0.0
		if integers {
			_, loss := increment(p, &o)
			allowed = math.Max(loss, math.Max(o.AbsGap, o.RelGap*math.Abs(objective)))
		}
		bound = math.Max(bound, objective-allowed)
	}
	if r.HasPoint {
		// Rounding of printed numbers may carry a bound past the point itself.
		bound = math.Min(bound, objective)
	}
	switch {
	case r.Status == solver.Unbounded || r.Status == solver.Infeasible || math.IsInf(bound, 0):
		r.Bound = noBound(p)
	case p.Maximize:
		r.Bound = 0 - bound // never minus zero
	default:
		r.Bound = bound
	}
}

func readClaim(name string) (claim, error) {
	f, err := os.Open(name)
	if err != nil {
		return claim{}, fmt.Errorf("no solution file: %w", err)
	}
	defer f.Close()
	line, err := bufio.NewReader(io.LimitReader(f, 1000)).ReadString('\n')
	if err != nil {
		return claim{}, fmt.Errorf("solution file has no first line")
	}
	text, _, ok := strings.Cut(line, " - objective value ")
	if !ok {
		return claim{}, fmt.Errorf("solution file begins with %q", line)
	}
	before, after, _ := strings.Cut(text, " (")
	return claim{text: before, noPoint: strings.HasPrefix(after, "no integer solution")}, nil
}

// values are the doubles of cbc's binary solution file.
type values struct {
	x, rowDual, colDual []float64
}

// readValues reads what cbc's saveSolution wrote: the numbers of rows and
// columns as 32-bit integers, the objective, then activity and dual of every
// row, value and reduced cost of every column, all in the machine's byte
// order. cbc drops free rows when it reads a file, so they are missing here.
func readValues(name string, p *solver.Problem) (*values, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("no values file: %w", err)
	}
	var kept []int
	for i := range p.Rows() {
		if !math.IsInf(p.RowLower[i], -1) || !math.IsInf(p.RowUpper[i], 1) {
			kept = append(kept, i)
		}
	}
	m, n := len(kept), p.Cols()
	const header = 4 + 4 + 8
	if len(data) != header+8*(2*m+2*n) {
		return nil, fmt.Errorf("values file has %d bytes, want %d for %d rows and %d columns", len(data), header+8*(2*m+2*n), m, n)
	}
	order := binary.NativeEndian
	if r, c := order.Uint32(data), order.Uint32(data[4:]); int(r) != m || int(c) != n {
		return nil, fmt.Errorf("values file is of %d rows and %d columns, want %d and %d", r, c, m, n)
	}
	read := func(from, count int) []float64 {
		out := make([]float64, count)
		for k := range out {
			out[k] = math.Float64frombits(order.Uint64(data[header+8*(from+k):]))
		}
		return out
	}
	v := &values{x: read(2*m, n), colDual: read(2*m+n, n), rowDual: make([]float64, p.Rows())}
	for k, d := range read(m, m) {
		v.rowDual[kept[k]] = d
	}
	for j, x := range v.x {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, fmt.Errorf("value of column %s is %v", p.NameOfCol(j), x)
		}
	}
	if p.Maximize {
		for i := range v.rowDual {
			v.rowDual[i] = -v.rowDual[i]
		}
		for j := range v.colDual {
			v.colDual[j] = -v.colDual[j]
		}
	}
	return v, nil
}
