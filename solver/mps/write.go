// Package mps writes a program as a free-format MPS file, the exchange format
// that practically every engine reads.
//
// Columns are named C0, C1, ... and rows R0, R1, ...: composed names may hold
// spaces and say nothing to an engine. Numbers carry as many digits as it takes
// to read back the same double. The one exception is the lower end of a range
// row: the format stores the width of the range, so that end may be off by one
// rounding.
//
// MPS has no portable way to say "maximise". A program to maximise is written
// with its objective, offset included, negated, and so is to be minimised.
package mps

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/wattbit/wattbit/solver"
)

// Write writes p to w. It refuses what Problem.Check refuses.
func Write(w io.Writer, p *solver.Problem) error {
	if err := p.Check(); err != nil {
		return fmt.Errorf("mps: %w", err)
	}
	// bufio keeps the first error, so one look at the end suffices.
	o := &writer{w: bufio.NewWriterSize(w, 1<<16), p: p, sense: 1}
	if p.Maximize {
		o.sense = -1
	}
	// FREE makes the readers of the COIN-OR family take the free format without
	// guessing; to others it is a second name.
	o.line("NAME WATTBIT FREE")
	o.rows()
	o.columns()
	o.rhs()
	o.ranges()
	o.bounds()
	o.line("ENDATA")
	if err := o.w.Flush(); err != nil {
		return fmt.Errorf("mps: %w", err)
	}
	return nil
}

type writer struct {
	w     *bufio.Writer
	p     *solver.Problem
	sense float64
	buf   []byte
}

func (o *writer) line(s string) {
	o.w.WriteString(s)
	o.w.WriteByte('\n')
}

// entry writes " <before><letter><index>", then the value where there is one.
func (o *writer) entry(before string, letter byte, index int, value float64) {
	o.buf = append(o.buf[:0], before...)
	o.buf = append(o.buf, letter)
	o.buf = strconv.AppendInt(o.buf, int64(index), 10)
	if !math.IsNaN(value) {
		o.buf = append(o.buf, ' ')
		o.buf = strconv.AppendFloat(o.buf, value, 'g', -1, 64)
	}
	o.buf = append(o.buf, '\n')
	o.w.Write(o.buf)
}

// none stands for "no value" in entry; a checked program holds no NaN.
var none = math.NaN()

// kind classifies a row.
func kind(lo, up float64) byte {
	switch {
	case lo == up:
		return 'E'
	case math.IsInf(lo, -1) && math.IsInf(up, 1):
		return 'N'
	case math.IsInf(up, 1):
		return 'G'
	}
	return 'L' // range rows too: a range widens them downwards
}

func (o *writer) rows() {
	o.line("ROWS")
	o.line(" N OBJ")
	for i := range o.p.Rows() {
		o.entry(" "+string(kind(o.p.RowLower[i], o.p.RowUpper[i]))+" ", 'R', i, none)
	}
}

func (o *writer) columns() {
	p := o.p
	start, rows, values := transpose(p)
	o.line("COLUMNS")
	inside, markers := false, 0
	mark := func(what string) {
		fmt.Fprintf(o.w, " M%d 'MARKER' '%s'\n", markers, what)
		markers++
	}
	for j := range p.Cols() {
		if integer := p.ColType[j] == solver.Integer; integer != inside {
			if integer {
				mark("INTORG")
			} else {
				mark("INTEND")
			}
			inside = integer
		}
		name := " C" + strconv.Itoa(j) + " "
		// A column without terms must be named once to exist.
		if c := p.ColCost[j]; c != 0 || start[j] == start[j+1] {
			o.buf = append(append(o.buf[:0], name...), "OBJ "...)
			o.buf = strconv.AppendFloat(o.buf, o.sense*c, 'g', -1, 64)
			o.buf = append(o.buf, '\n')
			o.w.Write(o.buf)
		}
		for k := start[j]; k < start[j+1]; k++ {
			o.entry(name, 'R', int(rows[k]), values[k])
		}
	}
	if inside {
		mark("INTEND")
	}
}

// transpose returns the matrix by columns.
func transpose(p *solver.Problem) (start, rows []int32, values []float64) {
	start = make([]int32, p.Cols()+1)
	for _, j := range p.Index {
		start[j+1]++
	}
	for j := range p.Cols() {
		start[j+1] += start[j]
	}
	next := append([]int32(nil), start...)
	rows, values = make([]int32, p.Nonzeros()), make([]float64, p.Nonzeros())
	for i := range p.Rows() {
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			at := next[p.Index[k]]
			next[p.Index[k]]++
			rows[at], values[at] = int32(i), p.Value[k]
		}
	}
	return start, rows, values
}

func (o *writer) rhs() {
	o.line("RHS")
	if o.p.Offset != 0 {
		// By convention the right-hand side of the objective is subtracted.
		o.buf = strconv.AppendFloat(append(o.buf[:0], " RHS OBJ "...), -o.sense*o.p.Offset, 'g', -1, 64)
		o.line(string(o.buf))
	}
	for i := range o.p.Rows() {
		v := o.p.RowUpper[i]
		switch kind(o.p.RowLower[i], o.p.RowUpper[i]) {
		case 'N':
			continue
		case 'G':
			v = o.p.RowLower[i]
		}
		if v != 0 {
			o.entry(" RHS ", 'R', i, v)
		}
	}
}

func (o *writer) ranges() {
	titled := false
	for i := range o.p.Rows() {
		lo, up := o.p.RowLower[i], o.p.RowUpper[i]
		if kind(lo, up) != 'L' || math.IsInf(lo, -1) {
			continue
		}
		if !titled {
			o.line("RANGES")
			titled = true
		}
		o.entry(" RNG ", 'R', i, up-lo)
	}
}

// bounds writes both bounds of every column that is not continuous from zero
// up. Readers disagree on the bounds of an integer column that has none, and
// on what an upper bound below zero does to a missing lower one.
func (o *writer) bounds() {
	o.line("BOUNDS")
	for j := range o.p.Cols() {
		lo, up := o.p.ColLower[j], o.p.ColUpper[j]
		noLower, noUpper := math.IsInf(lo, -1), math.IsInf(up, 1)
		switch {
		case noLower && noUpper:
			o.entry(" FR BND ", 'C', j, none)
			continue
		case lo == up:
			o.entry(" FX BND ", 'C', j, lo)
			continue
		case lo == 0 && noUpper && o.p.ColType[j] == solver.Continuous:
			continue
		}
		if noLower {
			o.entry(" MI BND ", 'C', j, none)
		} else {
			o.entry(" LO BND ", 'C', j, lo)
		}
		if noUpper {
			o.entry(" PL BND ", 'C', j, none)
		} else {
			o.entry(" UP BND ", 'C', j, up)
		}
	}
}
