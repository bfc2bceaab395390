package opt

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// TestResponse: what a job answers to prices it can promise, and of one product nothing
// that it can promise is worth more, as a linear program says. Of several that may be;
// how much is measured and limited.
func TestResponse(t *testing.T) {
	lot := rand.New(rand.NewPCG(7, 7))
	cases := 600
	if testing.Short() {
		cases = 150
	}
	several, got, best := 0, 0.0, 0.0
	for n := range cases {
		d := model.Up
		if lot.IntN(3) == 0 {
			d = model.Down
		}
		k, b := drawnPromises(t, lot, d)
		j, p := drawnJob(lot, k, b), b.noPrices()
		for i := range p.mw {
			for t := range p.mw[i] {
				p.mw[i][t] = math.Max(0, 100*lot.Float64()-30)
			}
		}
		for t := range p.spare {
			p.spare[t] = math.Max(0, 60*lot.Float64()-20)
		}
		r := newResponder(k, b)
		r.respond(&j, &p)
		lp := newResponseProgram(r, &j, &p)
		x := lp.point(r)
		if v := lp.p.Violation(x); v.Bound > 1e-9 || v.Row > 1e-9 {
			t.Fatalf("job %d: the answer is not among what it may promise: %+v", n, v)
		}
		res, err := run(t.Context(), oracleEngine(t), lp.p, solver.Options{})
		if err != nil || res.Status != solver.Optimal {
			t.Fatalf("job %d: %v %v", n, res, err)
		}
		value, most := -lp.p.Eval(x), -res.Objective
		if value > most+1e-6*(1+most) {
			t.Errorf("job %d: the answer is worth %g, and nothing is worth more than %g", n, value, most)
		}
		if len(b.reserve.given) > 1 {
			several, got, best = several+1, got+value, best+most
		} else if value < most-1e-6*(1+most) {
			t.Errorf("job %d, %s: the answer is worth %g, the best %g", n, d, value, most)
		}
	}
	t.Logf("of several products %d answers are worth %.3f of the best", several, got/best)
	if several < cases/4 || got < 0.8*best {
		t.Errorf("of several products %d answers are worth %.3f of the best", several, got/best)
	}
}

// drawnPromises are those of a pool with one to three products, in periods of any length.
func drawnPromises(t *testing.T, lot *rand.Rand, d model.Direction) (*jobPlaces, *poolPromises) {
	c := onCallCase(d, 1, nil, 1)
	c.Horizon.Periods = nil
	for range 2 + lot.IntN(7) {
		c.Horizon.Periods = append(c.Horizon.Periods, model.PeriodRun{Count: 1, Hours: []float64{0.25, 0.5, 1, 2}[lot.IntN(4)]})
	}
	c.Jobs[0].Reserves, c.Reserves = nil, nil
	for i := range 1 + lot.IntN(3) {
		hours, name := []float64{0, 0.25, 1, 1.5}[lot.IntN(4)], string(rune('A'+i))
		c.Reserves = append(c.Reserves, model.ReserveProduct{Name: name, Direction: d, SustainedH: &hours, Activations: 1 + lot.IntN(3)})
		c.Jobs[0].Reserves = append(c.Jobs[0].Reserves, name)
	}
	catalog, k := placing(Catalog(Formulation{}), newJobPlaces(c, 0))
	if _, _, err := Formulate(c, catalog); err != nil {
		t.Fatal(err)
	}
	if len(k.promises) == 0 {
		return drawnPromises(t, lot, d)
	}
	return k.jobs, k.promises[0]
}

func drawnJob(lot *rand.Rand, k *jobPlaces, b *poolPromises) jobOnCall {
	T := len(k.ix.Hours)
	j := jobOnCall{begin: lot.IntN(2), last: T, busy: make([]float64, T), room: make([]float64, T)}
	j.catchUp = j.last
	if b.up {
		j.catchUp -= lot.IntN(2)
	}
	for range b.reserve.given {
		j.mask = append(j.mask, lot.IntN(5) > 0)
	}
	for t := j.begin; t < T; t++ {
		if lot.IntN(3) > 0 {
			j.busy[t] = lot.Float64()
		}
		j.room[t] = lot.Float64()
	}
	return j
}

// responseProgram is what a job may promise, as a linear program.
type responseProgram struct {
	p     *solver.Problem
	units [][]solver.Col // by product and period; noCol where there may be none
	spare []solver.Col
	worst []worstLoss
}

// worstLoss is the most that is promised of a product by calls that end at a period or
// later.
type worstLoss struct {
	col            solver.Col
	product, after int
}

func newResponseProgram(r *responder, j *jobOnCall, p *callPrices) *responseProgram {
	var b solver.Builder
	l, T := &responseProgram{}, len(r.hours)
	limits := make([]solver.Row, T) // of what is promised in a period
	for t := range limits {
		most := j.room[t]
		if r.b.up {
			most = j.busy[t]
		}
		limits[t] = b.Row(math.Inf(-1), most)
	}
	for i := range r.b.reserve.given {
		g := &r.b.reserve.given[i]
		l.units = append(l.units, make([]solver.Col, T))
		for t := range T {
			l.units[i][t] = noCol
			if t >= j.begin && t < j.last && j.mask[i] && (g.end[t] < j.catchUp || g.loss == 0) {
				l.units[i][t] = b.Col(0, inf, -p.mw[i][t]*r.unitMW[t], solver.Continuous)
				b.Add(limits[t], l.units[i][t], 1)
			}
		}
	}
	for t := range T {
		l.spare = append(l.spare, noCol)
		if r.b.up && t > j.begin && t < j.catchUp {
			l.spare[t] = b.Col(0, j.room[t], p.spare[t], solver.Continuous)
		}
	}
	for e := 1; e <= T; e++ {
		planned := 0.0
		for t := e; t < T && !r.b.up; t++ {
			planned += r.hours[t] * j.busy[t]
		}
		row := b.Row(math.Inf(-1), planned)
		for t := e; t < T; t++ {
			if l.spare[t] != noCol {
				b.Add(row, l.spare[t], -r.hours[t])
			}
		}
		for i := range r.b.reserve.given {
			g := &r.b.reserve.given[i]
			m := worstLoss{b.Col(0, inf, 0, solver.Continuous), i, e}
			l.worst = append(l.worst, m)
			b.Add(row, m.col, g.calls*g.loss)
			for t := range T {
				if u := l.units[i][t]; u != noCol && g.end[t] >= e {
					least := b.Row(0, inf)
					b.Add(least, m.col, 1)
					b.Add(least, u, -1)
				}
			}
		}
	}
	l.p = b.Build()
	return l
}

// point is what the job answered.
func (l *responseProgram) point(r *responder) []float64 {
	x := make([]float64, l.p.Cols())
	for i := range l.units {
		for t, c := range l.units[i] {
			if c != noCol {
				x[c] = r.units[i][t]
			}
		}
	}
	for t, c := range l.spare {
		if c != noCol {
			x[c] = r.spare[t]
		}
	}
	for _, m := range l.worst {
		for t, end := range r.b.reserve.given[m.product].end {
			if end >= m.after {
				x[m.col] = math.Max(x[m.col], r.units[m.product][t])
			}
		}
	}
	return x
}
