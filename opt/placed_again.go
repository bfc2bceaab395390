package opt

// Jobs answer a schedule. The prices at which they were placed are those of a fleet
// in parts; a schedule's whole units and modules leave a little over in one hour and
// a little short in another. So once it is there, its decisions are held, what is
// left of power is a dispatch, whose prices say so, and jobs move to where that is
// cheaper, within the modules that are on (place.Again).

import (
	"context"

	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// again lets the jobs answer a schedule that in found, and plans for what comes of it: a
// session as in, and the placement; nil where that is not better than the best of in.
func (s *session) again(ctx context.Context, w *power, in *session, r *place.Result, x []float64) (*session, *place.Result) {
	held, err := w.withDecisions(ctx, x)
	if err == nil {
		var next *place.Result
		var cost float64
		next, cost, err = place.Again(ctx, w.p, held, w, r, place.Options{Threads: max(1, s.o.Threads), Seed: uint64(s.o.Seed)})
		if err == nil && next == nil {
			s.step("jobs have no better answer to the schedule")
		}
		if next != nil {
			s.step("jobs answer the schedule: %.9g", cost)
			was := s.p
			out := s.taken(w, next)
			out.o, out.bound = in.o, s.proved() // what in has proved is for what the jobs took
			out.o.Gap = s.o.Gap
			out.dispatch(ctx, x)
			if out.best != nil && out.best.cost < in.best.cost {
				return out, next
			}
			s.learn(out)
			s.p = was
		}
	}
	if err != nil && ctx.Err() == nil && !s.timeUp() {
		s.note("jobs do not answer the schedule: %v", err)
	}
	s.placed.take(r)
	return nil, nil
}

// withDecisions is the power half with all decisions as in x.
func (w *power) withDecisions(ctx context.Context, x []float64) (*power, error) {
	own := w.own.Clone(solver.ColBounds)
	holdIntegers(own, 0, own.Cols(), x)
	h := newPower(ctx, w.s, w.k, own)
	h.held = true
	copy(h.powerRise, w.powerRise)
	h.callRise = w.callRise
	copy(h.last, w.last)
	if err := h.narrow(x); err != nil {
		return nil, err
	}
	h.few.tries = 1 // nothing is left that assets could answer
	return h, nil
}
