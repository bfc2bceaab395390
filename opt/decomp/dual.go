package decomp

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

// Dual is the Lagrangian dual of a program at prices that come from elsewhere, as
// from a linear program that knows part of it: a bound that takes milliseconds,
// and what it costs to deviate from its answers. It is for one goroutine at a time.
type Dual struct {
	e    *pricer
	p    *solver.Problem // with costs of its own
	last []float64       // prices of the last Value
}

// NewDual sorts the program into assets and priced rows as New does.
func NewDual(p *solver.Problem, assets []Asset, workers int) (*Dual, error) {
	p = p.Clone(solver.Costs)
	s, err := newSplit(p, assets)
	if err != nil {
		return nil, err
	}
	e := &pricer{
		split: s, crew: crew{max(1, workers)}, lower: s.lower, upper: s.upper,
		cost: make([]float64, p.Cols()), x: make([]float64, p.Cols()),
		bound: make([]float64, len(s.assets)), ok: make([]bool, len(s.assets)),
		master: &master{masterProgram: s.masterProgram(), points: make([][]*point, len(s.assets))},
	}
	e.makeScratch()
	return &Dual{e: e, p: p}, nil
}

// Value is the bound of the program with the bounds and costs that columns have in q,
// at prices of the program's rows. Of assets only the costs are looked at. The
// bounds of columns without an upper bound rest on those of NewDual's program, so
// that what q changes must be bounded there, and no wider in q, if the value is to
// prove anything. Prices that prove nothing are changed as little as makes them. It
// is -Inf where an asset has no point.
func (d *Dual) Value(q *solver.Problem, price []float64) float64 {
	copy(d.p.ColCost, q.ColCost)
	m := d.e.master
	for k, j := range d.e.boxes {
		m.boxCost[k], m.boxLower[k], m.boxUpper[k] = q.ColCost[j], d.e.lower[j], d.e.upper[j]
		if q.ColLower[j] != d.p.ColLower[j] || q.ColUpper[j] != d.p.ColUpper[j] {
			m.boxLower[k], m.boxUpper[k] = q.ColLower[j], q.ColUpper[j]
		}
	}
	d.last = d.priced(price)
	v, err := d.e.evaluate(d.last, false)
	if err != nil {
		return math.Inf(-1)
	}
	return v
}

// priced are the prices of the priced rows.
func (d *Dual) priced(price []float64) []float64 {
	out := make([]float64, len(d.e.rows))
	for i, r := range d.e.rows {
		out[i] = price[r]
	}
	d.e.master.clean(out)
	return out
}

// Choice is an answer of all assets, and what deviating from it costs: for every
// integer column, lower bounds on the cost of at least one less and one more.
type Choice struct{ X, Fall, Rise []float64 }

// Choose asks every asset for its answer at prices of the program's rows, at the
// costs of the last Value.
func (d *Dual) Choose(price []float64) (*Choice, error) {
	d.e.best.price = d.priced(price)
	a, err := d.e.settle()
	if err != nil {
		return nil, err
	}
	return &Choice{a.choice, a.fall, a.rise}, nil
}

// Regrets are how much more than its answer in the last Value each asset, in the order
// of NewDual, costs at the same prices with its columns held where held is not NaN; +Inf
// where it has no such point.
func (d *Dual) Regrets(held []float64) []float64 {
	e := d.e
	out := make([]float64, len(e.assets))
	e.crew.eachBy(len(e.assets), func(w, i int) {
		cost, from, to := e.reduce(i, d.last)
		lower, upper := slices.Clone(e.lower[from:to]), slices.Clone(e.upper[from:to])
		for k, v := range held[from:to] {
			if !math.IsNaN(v) {
				lower[k], upper[k] = v, v
			}
		}
		o := e.assets[i].Oracle
		least, ok := o.Price(cost, lower, upper, make([]float64, to-from), e.scratch[w][o.Scratch()])
		if out[i] = least - e.bound[i]; !ok {
			out[i] = math.Inf(1)
		}
	})
	return out
}

// Answers are the assets' answers in the last Value, NaN elsewhere. They are the
// Dual's.
func (d *Dual) Answers() []float64 {
	for _, j := range d.e.boxes {
		d.e.x[j] = math.NaN()
	}
	return d.e.x
}
