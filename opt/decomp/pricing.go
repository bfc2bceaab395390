package decomp

import (
	"fmt"
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

// A pricing asks every oracle for its answer at one vector of prices:
//
//	L(pi) = sum over assets of min { (c - A'pi) x : x in X_i }
//	      + sum over boxes of min { (d - A'pi) y : l <= y <= u }
//	      + sum over rows of lo pi+ - up pi-
//
// which no plan's cost is below (Lagrangian duality).

// pricer holds what one pricing after another needs. It belongs to one
// goroutine at a time; the bounds and points are its own.
type pricer struct {
	*split
	crew    crew
	engine  solver.Solver
	lower   []float64 // bounds of all columns at present
	upper   []float64
	cost    []float64 // reduced costs
	x       []float64 // the oracles' answers
	bound   []float64 // of each asset
	ok      []bool
	scratch []map[Scratcher]any // by worker
	master  *master
	best    best
	box     []float64   // values of the boxes in the last master
	recent  [][]float64 // prices of the last steps
	trace   func(format string, args ...any)
}

// best is the best bound so far and the prices that prove it.
type best struct {
	bound float64
	price []float64
}

func newPricer(s *split, workers int, engine solver.Solver) (*pricer, error) {
	p := s.p
	e := &pricer{
		split: s, crew: crew{max(1, workers)}, engine: engine,
		lower: append([]float64(nil), s.lower...), upper: append([]float64(nil), s.upper...),
		cost: make([]float64, p.Cols()), x: make([]float64, p.Cols()),
		bound: make([]float64, len(s.assets)), ok: make([]bool, len(s.assets)),
		best: best{bound: math.Inf(-1)},
	}
	e.makeScratch()
	var err error
	if e.master, err = s.newMaster(workers); err != nil {
		return nil, err
	}
	return e, nil
}

// makeScratch makes the memory of each worker.
func (e *pricer) makeScratch() {
	for range e.crew.workers {
		byFamily := make(map[Scratcher]any)
		for i := range e.assets {
			f := e.assets[i].Oracle.Scratch()
			if byFamily[f] == nil {
				byFamily[f] = f.New()
			}
		}
		e.scratch = append(e.scratch, byFamily)
	}
}

// newMaster makes a master of the priced rows and boxes, without points.
func (s *split) newMaster(workers int) (*master, error) {
	return newMaster(s.masterProgram(), workers)
}

// masterProgram is what a master knows beside points.
func (s *split) masterProgram() masterProgram {
	p := s.p
	m := masterProgram{
		rowLower: make([]float64, len(s.rows)), rowUpper: make([]float64, len(s.rows)),
		colStart: []int32{0}, support: s.support,
	}
	for i, r := range s.rows {
		m.rowLower[i], m.rowUpper[i] = p.RowLower[r], p.RowUpper[r]
	}
	for _, j := range s.boxes {
		m.boxCost = append(m.boxCost, p.ColCost[j])
		m.boxLower, m.boxUpper = append(m.boxLower, s.lower[j]), append(m.boxUpper, s.upper[j])
		m.rowIndex = append(m.rowIndex, s.index[s.start[j]:s.start[j+1]]...)
		m.value = append(m.value, s.value[s.start[j]:s.start[j+1]]...)
		m.colStart = append(m.colStart, int32(len(m.rowIndex)))
	}
	return m
}

// reduce sets the reduced costs of asset i's columns.
func (e *pricer) reduce(i int, price []float64) (cost []float64, from, to int) {
	a := &e.assets[i]
	from, to = int(a.First), int(a.First)+a.Cols
	rows := e.support[i]
	for j := from; j < to; j++ {
		c := e.p.ColCost[j]
		for k := e.start[j]; k < e.start[j+1]; k++ {
			c -= e.value[k] * price[rows[e.index[k]]]
		}
		e.cost[j] = c
	}
	return e.cost[from:to], from, to
}

// ask has asset i's oracle answer to a price, into x, bound and ok.
func (e *pricer) ask(i int, price []float64, worker int) {
	o := e.assets[i].Oracle
	cost, lo, hi := e.reduce(i, price)
	e.bound[i], e.ok[i] = o.Price(cost, e.lower[lo:hi], e.upper[lo:hi], e.x[lo:hi], e.scratch[worker][o.Scratch()])
}

// evaluate asks all oracles, adds their answers to the master where keep is set,
// and returns L(price). The price obeys the rows' signs.
func (e *pricer) evaluate(price []float64, keep bool) (float64, error) {
	points := make([]*point, len(e.assets))
	var asked []float64
	if keep {
		asked = slices.Clone(price)
	}
	e.crew.eachBy(len(e.assets), func(w, i int) {
		if e.ask(i, price, w); e.ok[i] && keep {
			points[i] = e.point(i)
			points[i].asked = asked
		}
	})
	for i, ok := range e.ok {
		if !ok {
			return 0, fmt.Errorf("decomp: %s has no point within its limits", e.assets[i].Name)
		}
	}
	if keep {
		for i, p := range points {
			e.add(i, p)
		}
	}
	return e.total(price), nil
}

// total adds up L from the assets' bounds, rounded downwards.
func (e *pricer) total(price []float64) float64 {
	sum, size := e.p.Offset, math.Abs(e.p.Offset)
	for _, b := range e.bound {
		sum += b
		size += math.Abs(b)
	}
	box := e.master.boxBound(price)
	return sum + box - rounding*(size+math.Abs(box))
}

// add puts a point into the master, unless it knows it already.
func (e *pricer) add(i int, p *point) {
	if k := known(e.master.points[i], p); k >= 0 {
		e.master.points[i][k].idle = 0
		return
	}
	e.master.points[i] = append(e.master.points[i], p)
}

// known is the place among points of one that is the same as p, -1 for none.
func known(points []*point, p *point) int {
	return slices.IndexFunc(points, func(q *point) bool {
		return math.Abs(q.cost-p.cost) <= 1e-9*(1+math.Abs(p.cost)) && slices.Equal(q.decision, p.decision) && near(q.val, p.val)
	})
}

func near(a, b []float64) bool {
	for k := range a {
		if math.Abs(a[k]-b[k]) > 1e-7 {
			return false
		}
	}
	return true
}

// purge forgets points that no master has used for so long.
func (e *pricer) purge(after int) {
	for i, points := range e.master.points {
		e.master.points[i] = slices.DeleteFunc(points, func(p *point) bool { return p.idle > after })
	}
}

// rounding is how far, relative to the size of its terms, a sum of some
// thousands of terms may be off.
const rounding = 1e-13

// point is the schedule that an asset's oracle put into x.
func (e *pricer) point(i int) *point {
	a := &e.assets[i]
	from, to := int(a.First), int(a.First)+a.Cols
	p := &point{row: e.support[i], val: make([]float64, len(e.support[i])), decision: make([]int16, len(a.Decisions))}
	for j := from; j < to; j++ {
		x := e.x[j]
		if x == 0 {
			continue
		}
		p.cost += e.p.ColCost[j] * x
		for k := e.start[j]; k < e.start[j+1]; k++ {
			p.val[e.index[k]] += e.value[k] * x
		}
	}
	for k, d := range a.Decisions {
		p.decision[k] = int16(math.Round(e.x[from+int(d)]))
	}
	return p
}

// count is the number of points in the master.
func (e *pricer) count() (n int) {
	for _, points := range e.master.points {
		n += len(points)
	}
	return n
}
