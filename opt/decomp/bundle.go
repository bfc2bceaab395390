package decomp

// The best prices maximise L, which is concave and piecewise linear. A proximal
// bundle method finds them: the master knows L from the answers so far, too high
// between them, and moves not too far from the best prices yet:
//
//	max over pi of  model(pi) - 1/2 sum over coupling rows of q (pi - center)^2
//
// A step whose rise in L is a fair part of what the model promised moves the
// center (a serious step); any step adds answers. (Lemarechal 1978; Frangioni
// 2002 for disaggregated models.) Rows that no oracle touches are not held near
// the center: the master has all that there is to know about them.

import (
	"context"
	"math"
	"slices"
)

// bundleOptions of one run of the method.
type bundleOptions struct {
	// tolerance ends it when the model promises less, relative to L.
	tolerance float64
	steps     int
	// nearness is the proximal weight to begin with: 1 lets a change of prices
	// by their own size buy as much as flows in the rows.
	nearness float64
	// forget drops points unused for so many masters.
	forget int
	// onStep, where set, is told the best bound.
	onStep func(bound float64)
}

// bundle starts at price and improves it; the best bound and its prices are in
// e.best. It returns the last center, for the next run.
func (e *pricer) bundle(ctx context.Context, price []float64, o bundleOptions) (center []float64, err error) {
	center = append([]float64(nil), price...)
	current, err := e.evaluate(center, true)
	if err != nil {
		return nil, err
	}
	e.keep(center, current)
	q := make([]float64, len(e.rows))
	nearness := o.nearness
	// Promises are relative to L, or, near the start, to what flows at all.
	flow := 0.0
	for i, c := range e.coupling {
		if c {
			flow += e.size[i] * e.priceScale
		}
	}
	relative := func(v float64) float64 { return v / math.Max(math.Abs(current), 1e-3*flow) }
	promise, stalls := math.Inf(1), 0
	for step := range o.steps {
		if ctx.Err() != nil {
			break
		}
		if o.onStep != nil {
			o.onStep(e.best.bound)
		}
		e.weigh(q, center, nearness)
		precision := math.Max(finest, math.Min(1e-4, 0.05*relative(promise)))
		res, err := e.masterStep(ctx, center, q, precision, current-e.p.Offset)
		if err != nil {
			if ctx.Err() != nil {
				break
			}
			return center, err
		}
		promise = res.value + e.p.Offset - current
		// A model below L at the center is one that the master could not solve:
		// the engine can, without holding on to the center.
		if relative(promise) < -o.tolerance && stalls < mostStalls {
			stalls++
			if res, err = e.engineMaster(ctx); err != nil {
				if ctx.Err() != nil {
					break
				}
				return center, err
			}
			promise = math.Max(0, res.value+e.p.Offset-current)
		}
		e.box = append(e.box[:0], res.box...)
		e.purge(o.forget)
		value, err := e.evaluate(res.price, true)
		if err != nil {
			return center, err
		}
		e.keep(res.price, value)
		if len(e.recent) >= keptPrices/2 {
			e.recent = slices.Delete(e.recent, 0, 1)
		}
		e.recent = append(e.recent, slices.Clone(res.price))
		if e.trace != nil {
			e.trace("step %d: L %.6g, best %.6g, promise %.2e, kept %.2f of it, nearness %.1e, %d iterations, %d points",
				step, value, e.best.bound, relative(promise), (value-current)/promise, nearness, res.iterations, e.count())
		}
		rise := value - current
		switch {
		case rise > seriousRise*promise:
			center, current = append(center[:0], res.price...), value
			if rise > 0.3*promise {
				nearness *= 0.5
			} else {
				nearness *= 0.8
			}
		case rise < -promise:
			nearness *= 2
		}
		if relative(promise) < o.tolerance {
			break
		}
	}
	return center, nil
}

// mostStalls is how often the method forgives a master that stalls.
const mostStalls = 30

// finest is the precision of masters that decide whether there is more to gain.
const finest = 1e-9

// masterStep solves the master, more finely while its value is below what the
// center already has.
func (e *pricer) masterStep(ctx context.Context, center, q []float64, precision, least float64) (*masterResult, error) {
	for {
		res, err := e.master.solve(ctx, center, q, precision, nil)
		if err != nil || precision <= finest || res.value >= least {
			return res, err
		}
		precision = math.Max(finest, precision*1e-3)
	}
}

// seriousRise is the part of a promise that a serious step keeps.
const seriousRise = 0.05

func (e *pricer) keep(price []float64, bound float64) {
	if bound > e.best.bound {
		e.best = best{bound, append([]float64(nil), price...)}
	}
}

// weigh sets the proximal weights: what flows in a row over the mean price.
func (e *pricer) weigh(q, center []float64, nearness float64) {
	sum, flow := 0.0, 0.0
	for i, c := range e.coupling {
		if c {
			sum += e.size[i] * math.Abs(center[i])
			flow += e.size[i]
		}
	}
	mean := sum / math.Max(flow, 1e-9)
	for i, c := range e.coupling {
		q[i] = 0
		if c {
			q[i] = nearness * e.size[i] / math.Max(mean, 0.1*e.priceScale)
		}
	}
}
