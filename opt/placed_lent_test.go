package opt

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// shortUnits is the case of units in quarter hours.
func shortUnits() *model.Case {
	c := unitsCase()
	c.Horizon.Periods = []model.PeriodRun{{Count: 16, Hours: 0.25}}
	for i := range c.Loads {
		load := make(model.Series, 16)
		for t := range load {
			load[t] = c.Loads[i].PowerMW[t/4] * (1 + 0.01*float64(t%4))
		}
		c.Loads[i].PowerMW = load
	}
	return c
}

// shortPower is the power half of it after an answer in quarter hours.
func shortPower(t *testing.T) *power {
	t.Helper()
	return shortPowerOf(t, shortUnits())
}

func shortPowerOf(t *testing.T, c *model.Case) *power {
	t.Helper()
	o := Options{Engine: oracleEngine(t), Gap: 8e-2, Method: Placement, Threads: 2}
	s := &session{o: o, began: time.Now(), merged: mergeFor(c, o.Method)}
	if err := s.formulate(); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	w := newPower(ctx, s, s.placed, s.p)
	if err := w.open(ctx, demandOf(w.p), s.placed.jobs.guess()); err != nil {
		t.Fatal(err)
	}
	for _, answers := range [...]int{1, 0} {
		w.coarse.answers = answers
		if err := w.Settle(ctx, s.placed.jobs.even(0.3)); err != nil {
			t.Fatal(err)
		}
	}
	if !w.short || w.coarse == nil {
		t.Fatal("no answer in quarter hours")
	}
	return w
}

// TestLentBound: what hours lend proves no more than the whole relaxation in quarter hours, at
// whatever prices, and little less at those of an answer.
func TestLentBound(t *testing.T) {
	w := shortPower(t)
	if w.bounds.lent == nil {
		t.Fatal("hours lend nothing")
	}
	for _, factor := range [...]float64{1, 1.02, 0.9, 2, 0} {
		prices := place.NewPrices(w.p)
		scale := func(to, from []float64) {
			for i, v := range from {
				to[i] = v * factor
				if factor != 1 && i%3 == 0 {
					to[i] += 0.1 * v
				}
			}
		}
		scale(prices.Held, w.prices.Held)
		scale(prices.Busy, w.prices.Busy)
		scale(prices.GB, w.prices.GB)
		q := w.own.Relaxation().Clone(solver.Costs)
		w.pay(q, &prices)
		res, err := run(w.ctx, w.s.o.Engine, q, solver.Options{})
		if err != nil || res.Status != solver.Optimal {
			t.Fatal(res, err)
		}
		exact, got := res.Objective/w.s.scale, w.Bound(&prices)
		if size := math.Abs(exact); got > exact+1e-7*size || factor == 1 && got < exact-2e-3*size {
			t.Errorf("factor %v: %.10g, the relaxation is %.10g", factor, got, exact)
		}
	}
}

// TestSettled: what is held of a unit when hours are left keeps its own rows.
func TestSettled(t *testing.T) {
	w := shortPower(t)
	x := w.settled(w.coarse.power, w.coarse.g)
	units, checked := 0, 0
	for _, a := range w.s.oracles() {
		if !math.IsNaN(x[a.First]) {
			units++
		}
	}
	for r := range w.own.Rows() {
		sum, known := 0.0, w.own.RowStart[r] < w.own.RowStart[r+1]
		for k := w.own.RowStart[r]; k < w.own.RowStart[r+1]; k++ {
			sum += w.own.Value[k] * x[w.own.Index[k]]
		}
		if known = known && !math.IsNaN(sum); !known {
			continue
		}
		checked++
		if sum < w.own.RowLower[r]-1e-6 || sum > w.own.RowUpper[r]+1e-6 {
			t.Errorf("row %s: %v outside %v to %v", w.own.NameOfRow(r), sum, w.own.RowLower[r], w.own.RowUpper[r])
		}
	}
	if units < len(w.s.oracles())/4 || checked < 10*units {
		t.Errorf("%d units held, %d rows checked", units, checked)
	}
}
