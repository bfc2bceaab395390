package solver

import (
	"fmt"
	"math"
)

// Reduced is a smaller program that stands for another one: every optimum of it
// is, restored, an optimum of the other. Cols and Rows are in ascending order.
type Reduced struct {
	Problem *Problem
	Cols    []int32 // kept columns, by their place in the other program
	Rows    []int32 // kept rows

	values []float64 // of the columns that are gone, at their old place
}

// Values are those of the columns that are gone, at their place in the other program.
// They are the reduced program's.
func (r *Reduced) Values() []float64 { return r.values }

// Restore returns the whole point of a reduced one.
func (r *Reduced) Restore(x []float64) []float64 {
	full := append([]float64(nil), r.values...)
	for k, j := range r.Cols {
		full[j] = x[k]
	}
	return full
}

// Project returns what a point of the whole program says of the reduced one, for
// Options.Start.
func (r *Reduced) Project(x []float64) []float64 {
	small := make([]float64, len(r.Cols))
	for k, j := range r.Cols {
		small[k] = x[j]
	}
	return small
}

// InfeasibleError says that a program has no point, and what shows it.
type InfeasibleError struct {
	Row int // row that no point within the bounds meets, -1 for none
	Col int // integer column without an integer between its bounds, -1 for none

	what string
}

func (e *InfeasibleError) Error() string { return "solver: no feasible point: " + e.what }

const (
	// reduceFeasible is the violation up to which nothing is called infeasible:
	// engines grant a millionth.
	reduceFeasible = 1e-6
	// reduceTiny is the violation that dropping a row may cause: far below what
	// engines notice.
	reduceTiny = 1e-9
	// reduceRounding bounds the error of a sum, relative to its terms.
	reduceRounding = 1e-13
	// reduceSweeps bounds the passes over the rows. What comes after a few is
	// left to the engine's presolve.
	reduceSweeps = 4
)

// Reduce makes a program smaller by what is cheap to see when bounds fix most
// of its columns. With L_i and U_i the least and the greatest activity of row i
// within the column bounds, swept over the rows until nothing changes:
//
//   - a row with L_i >= RowLower_i and U_i <= RowUpper_i is redundant and goes;
//   - a row over one column that is not fixed becomes a bound of that column,
//     rounded inwards for an integer one;
//   - a row with L_i = RowUpper_i or U_i = RowLower_i forces each of its columns
//     to the bound that makes the activity so;
//   - L_i > RowUpper_i or U_i < RowLower_i shows that there is no point.
//
// Fixed columns then go into the row bounds and the offset, and a column that
// no row names goes to the bound that its cost prefers, as far as that is finite.
// The program must pass Check; it is not changed, and no array is shared with
// the result. The error is an *InfeasibleError. Duals are not carried over.
func Reduce(p *Problem) (*Reduced, error) {
	s := &reduction{p: p, cols: make([]bounds, p.Cols()), gone: make([]bool, p.Rows())}
	for j := range s.cols {
		s.cols[j] = bounds{p.ColLower[j], p.ColUpper[j]}
	}
	if err := s.roundBounds(); err != nil {
		return nil, err
	}
	for range reduceSweeps {
		s.changed = false
		for i := range s.gone {
			if !s.gone[i] {
				if err := s.row(i); err != nil {
					return nil, err
				}
			}
		}
		if !s.changed {
			break
		}
	}
	s.looseColumns()
	return s.build()
}

// reduction is the state of one Reduce.
type reduction struct {
	p       *Problem
	cols    []bounds
	gone    []bool // rows dropped
	changed bool   // a bound has moved in this sweep
}

// bounds of a column stand side by side: the sweeps jump between columns.
type bounds struct{ lower, upper float64 }

func (b bounds) fixed() bool { return b.lower == b.upper }

func (s *reduction) noPoint(i int, least, most float64) error {
	return &InfeasibleError{Row: i, Col: -1, what: fmt.Sprintf("row %s lies between %v and %v, wanted from %v to %v",
		s.p.NameOfRow(i), least, most, s.p.RowLower[i], s.p.RowUpper[i])}
}

func (s *reduction) roundBounds() error {
	for j, t := range s.p.ColType {
		if t != Integer {
			continue
		}
		c := s.cols[j]
		lo, up := math.Ceil(c.lower-reduceFeasible), math.Floor(c.upper+reduceFeasible)
		if lo > up {
			return &InfeasibleError{Row: -1, Col: j, what: fmt.Sprintf("no integer lies between the bounds %v and %v of column %s",
				c.lower, c.upper, s.p.NameOfCol(j))}
		}
		s.cols[j] = bounds{lo + 0, up + 0} // no minus zero
	}
	return nil
}

// activity is what the column bounds allow a row.
type activity struct {
	least, most float64
	size        float64 // bounds the sum of the magnitudes of finite terms
	free        int     // columns that are not fixed
	last        int32   // place of the last of those
}

func (s *reduction) activity(i int) activity {
	from, to := s.p.RowStart[i], s.p.RowStart[i+1]
	values := s.p.Value[from:to]
	a := activity{last: -1}
	for k, j := range s.p.Index[from:to] {
		v, c := values[k], s.cols[j]
		x := float64(v * c.lower)
		if c.lower == c.upper {
			a.least += x
			a.most += x
			a.size += math.Abs(x)
			continue
		}
		if v == 0 {
			continue
		}
		a.free++
		a.last = from + int32(k)
		y := float64(v * c.upper)
		if v < 0 {
			x, y = y, x
		}
		a.least += x
		a.most += y
		if x = math.Abs(x); x <= math.MaxFloat64 {
			a.size += x
		}
		if y = math.Abs(y); y <= math.MaxFloat64 {
			a.size += y
		}
	}
	return a
}

// row looks at one row and drops it where the bounds can say what it says.
func (s *reduction) row(i int) error {
	lo, up := s.p.RowLower[i], s.p.RowUpper[i]
	a := s.activity(i)
	rounding := reduceRounding * a.size
	if a.least > up+reduceFeasible*max(1, math.Abs(up))+rounding || a.most < lo-reduceFeasible*max(1, math.Abs(lo))-rounding {
		return s.noPoint(i, a.least, a.most)
	}
	switch {
	case a.free == 0, a.least >= lo-reduceTiny && a.most <= up+reduceTiny:
		s.gone[i] = true
	case a.free == 1:
		s.gone[i] = s.tighten(a, i)
	case a.least >= up-rounding && a.least <= up+reduceTiny:
		s.gone[i] = s.force(i, false, max(0, up-a.least))
	case a.most <= lo+rounding && a.most >= lo-reduceTiny:
		s.gone[i] = s.force(i, true, max(0, a.most-lo))
	}
	return nil
}

// tighten turns a row over one free column into bounds of that column. It
// leaves the row alone where bounds would cross by more than rounding: whether
// that is still a point is for the engine's tolerances to say.
func (s *reduction) tighten(a activity, i int) bool {
	j, v := s.p.Index[a.last], s.p.Value[a.last]
	// The free column's own share taken out again would leave rounding in.
	rest := 0.0
	for k := s.p.RowStart[i]; k < s.p.RowStart[i+1]; k++ {
		if k != a.last && s.p.Value[k] != 0 {
			rest += float64(s.p.Value[k] * s.cols[s.p.Index[k]].lower)
		}
	}
	lo, up := (s.p.RowLower[i]-rest)/v, (s.p.RowUpper[i]-rest)/v
	if v < 0 {
		lo, up = up, lo
	}
	if s.p.ColType[j] == Integer {
		// Neither bound nor row may be missed by more than is feasible.
		grant := reduceFeasible / max(1, math.Abs(v))
		lo, up = math.Ceil(lo-grant), math.Floor(up+grant)
	}
	lo, up = max(lo+0, s.cols[j].lower), min(up+0, s.cols[j].upper)
	if lo > up {
		if (lo-up)*max(1, math.Abs(v)) > reduceTiny*max(1, math.Abs(up)) {
			return false
		}
		// The column's own bound stands: an integer column keeps an integer.
		if lo > s.cols[j].upper {
			lo = up
		} else {
			up = lo
		}
	}
	if s.cols[j] != (bounds{lo, up}) {
		s.cols[j] = bounds{lo, up}
		s.changed = true
	}
	return true
}

// force fixes every column of a row at the bound that makes its activity greatest
// or least. slack is what the row leaves beyond that, from rounding: no column
// may owe it any freedom that an engine would notice.
func (s *reduction) force(i int, most bool, slack float64) bool {
	from, to := s.p.RowStart[i], s.p.RowStart[i+1]
	for k := from; k < to; k++ {
		if j, v := s.p.Index[k], math.Abs(s.p.Value[k]); v != 0 && !s.cols[j].fixed() && slack > reduceTiny*v {
			return false
		}
	}
	for k := from; k < to; k++ {
		j, v := s.p.Index[k], s.p.Value[k]
		switch {
		case v == 0:
		case (v > 0) == most:
			s.cols[j].lower = s.cols[j].upper
		default:
			s.cols[j].upper = s.cols[j].lower
		}
	}
	s.changed = true
	return true
}

// looseColumns fixes the columns that no row names any more.
func (s *reduction) looseColumns() {
	named := make([]bool, s.p.Cols())
	for i, gone := range s.gone {
		if gone {
			continue
		}
		for k := s.p.RowStart[i]; k < s.p.RowStart[i+1]; k++ {
			if s.p.Value[k] != 0 {
				named[s.p.Index[k]] = true
			}
		}
	}
	for j, c := range s.p.ColCost {
		if named[j] || s.cols[j].fixed() {
			continue
		}
		if s.p.Maximize {
			c = -c
		}
		best := max(s.cols[j].lower, min(0, s.cols[j].upper))
		switch {
		case c > 0:
			best = s.cols[j].lower
		case c < 0:
			best = s.cols[j].upper
		}
		if !math.IsInf(best, 0) {
			s.cols[j] = bounds{best, best}
		}
	}
}

// build assembles what is left.
func (s *reduction) build() (*Reduced, error) {
	p, q := s.p, &Problem{Maximize: s.p.Maximize, Offset: s.p.Offset}
	r := &Reduced{Problem: q, values: make([]float64, p.Cols())}
	place := make([]int32, p.Cols()) // in the reduced program, -1 for gone
	for j := range place {
		if !s.cols[j].fixed() {
			place[j] = int32(len(r.Cols))
			r.Cols = append(r.Cols, int32(j))
			continue
		}
		place[j] = -1
		r.values[j] = s.cols[j].lower
		if c := p.ColCost[j]; c != 0 {
			q.Offset += float64(c * s.cols[j].lower)
		}
	}
	n := len(r.Cols)
	q.ColCost, q.ColLower, q.ColUpper, q.ColType = make([]float64, n), make([]float64, n), make([]float64, n), make([]VarType, n)
	for k, j := range r.Cols {
		q.ColCost[k], q.ColLower[k], q.ColUpper[k], q.ColType[k] = p.ColCost[j], s.cols[j].lower, s.cols[j].upper, p.ColType[j]
	}
	if err := s.buildRows(r, place); err != nil {
		return nil, err
	}
	cols, rows := r.Cols, r.Rows
	q.ColName = func(k int) string { return p.NameOfCol(int(cols[k])) }
	q.RowName = func(k int) string { return p.NameOfRow(int(rows[k])) }
	return r, nil
}

func (s *reduction) buildRows(r *Reduced, place []int32) error {
	p, q := s.p, r.Problem
	rows, terms := 0, 0
	for i, gone := range s.gone {
		if !gone {
			rows++
			terms += int(p.RowStart[i+1] - p.RowStart[i])
		}
	}
	r.Rows = make([]int32, 0, rows)
	q.RowLower, q.RowUpper = make([]float64, 0, rows), make([]float64, 0, rows)
	q.RowStart = append(make([]int32, 0, rows+1), 0)
	q.Index, q.Value = make([]int32, 0, terms), make([]float64, 0, terms)
	for i, gone := range s.gone {
		if gone {
			continue
		}
		rest, before := 0.0, len(q.Index)
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			j, v := p.Index[k], p.Value[k]
			switch {
			case v == 0:
			case place[j] < 0:
				rest += float64(v * r.values[j])
			default:
				q.Index = append(q.Index, place[j])
				q.Value = append(q.Value, v)
			}
		}
		if len(q.Index) == before {
			// Its last columns were fixed after the last look at it.
			if err := s.row(i); err != nil {
				return err
			}
			continue
		}
		r.Rows = append(r.Rows, int32(i))
		q.RowLower = append(q.RowLower, p.RowLower[i]-rest)
		q.RowUpper = append(q.RowUpper, p.RowUpper[i]-rest)
		q.RowStart = append(q.RowStart, int32(len(q.Index)))
	}
	return nil
}
