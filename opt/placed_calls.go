package opt

// The price of busy units that may be called. What reserve is worth falls with all that is
// promised of it, whoever promises: so of all jobs on call in one direction the price of a
// busy unit rises with the power that they have busy together, as the price of power does
// with a site's.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/opt/place"
)

// direction numbers what may be called: 0 up, 1 down.
func (o *poolOffer) direction() int {
	if o.up {
		return 0
	}
	return 1
}

// fewJobs is how many jobs come or go at least before the price of busy units on call has moved by all
// that they are worth: else it would leap with every job.
const fewJobs = 50

// callRises sets how the worth of power that may be called falls, money per MWh and MW: by what
// the first would be worth, while there is none, over a part of what is busy in the mean, or over
// what a few jobs have, if that is more, but no more than a part of what there can be. perMWh is a
// typical price of power.
func (w *power) callRises(perMWh float64) {
	T := w.s.m.T
	var worth, units, mw [2]float64 // mw: of units
	most := [2][]float64{make([]float64, T), make([]float64, T)}
	for n, b := range w.k.promises {
		d := b.direction()
		for t, h := range w.p.Hours {
			l := &w.k.calls[n*T+t]
			worth[d] += math.Max(0, l.sign*w.last[l.row]) / w.s.scale / h * b.units[t]
			units[d] += b.units[t]
			mw[d] += b.units[t] * w.callMW(b, t)
			most[d][t] += b.units[t] * w.callMW(b, t)
		}
	}
	for d := range worth {
		if mw[d] == 0 {
			continue
		}
		all, perUnit := &w.k.jobs.offers.all[d], mw[d]/units[d]
		busy := perUnit * all.work / sum(w.p.Hours)
		few := fewJobs * perUnit * all.widths / all.jobs
		over := math.Min(softness*slices.Max(most[d]), math.Max(softness*busy, few))
		w.callRise[d] = math.Max(worth[d]/mw[d], leastRise*perMWh) / over
	}
}

// callMW is the power of a busy unit that may be called.
func (w *power) callMW(b *poolPromises, t int) float64 { return w.s.m.unitMW(b.pool, t) }

// callLadders puts the ladders of busy units that may be called around the last prices,
// once it is known how they rise.
func (w *power) callLadders() {
	T := w.s.m.T
	for i := range w.k.calls {
		l, b, t := &w.k.calls[i], w.k.promises[i/T], i%T
		if rise := w.callRise[b.direction()]; rise > 0 {
			mw := w.callMW(b, t)
			l.stand(w.lp, l.sign*w.last[l.row], rise*mw*mw*w.p.Hours[t]*w.s.scale, math.Max(reach*b.units[t], 1e-3))
		}
	}
}

// callPrices adds to prices at a use, and their slopes, what the use changed in the worth
// of power that may be called.
func (w *power) callPrices(u *place.Use, changed []bool, prices, slopes *place.Prices) {
	T := w.s.m.T
	for t, h := range w.p.Hours {
		if changed != nil && !changed[t] {
			continue
		}
		var more [2]float64 // MW
		for _, b := range w.k.promises {
			i := b.seat*T + t
			more[b.direction()] += w.callMW(b, t) * (u.Busy[i] - w.at.Busy[i])
		}
		for _, b := range w.k.promises {
			i, d, mw := b.seat*T+t, b.direction(), w.callMW(b, t)
			prices.Busy[i] += mw * w.callRise[d] * h * more[d]
			slopes.Busy[i] += mw * mw * w.callRise[d] * h
		}
	}
}
