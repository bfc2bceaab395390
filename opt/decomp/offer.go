package decomp

// From a point to a plan that counts: the dispatch, in time, and the ledger.

import (
	"context"
	"fmt"
	"math"
	"time"
)

// lateDispatch is how long a dispatch may take once the search has been ended.
const lateDispatch = 3 * time.Second

// latest is when a dispatch that begins now, after the end, has to be done: with a
// time limit no later than a twentieth of it and a second after it.
func (s *Search) latest() time.Time {
	t := time.Now().Add(lateDispatch)
	if s.o.TimeLimit == 0 || s.o.WorkLimit > 0 {
		return t
	}
	if end := s.began.Add(s.o.TimeLimit + s.o.TimeLimit/20 + time.Second); end.Before(t) {
		return end
	}
	return t
}

// offer has a point dispatched and verified, and takes it.
func (r *recovery) offer(ctx context.Context, name string, x []float64) bool {
	return r.offerBy(ctx, name, x, r.o.Dispatch)
}

// late says whether the prices took more than half of the time.
func (s *Search) late() bool {
	return s.o.TimeLimit > 0 && s.o.WorkLimit == 0 && time.Since(s.began) > s.o.TimeLimit/2
}

// offerBlend makes a plan of the prices' last master, without a dispatch.
func (r *recovery) offerBlend(ctx context.Context) {
	if r.o.Balance == nil {
		return
	}
	x, err := r.pricer.blend()
	if err != nil {
		r.note(fmt.Sprintf("no blend of the answers: %v", err))
		return
	}
	r.offerBy(ctx, "blend", x, r.o.Balance)
}

// offerBy is offer by Dispatch or Balance.
func (r *recovery) offerBy(ctx context.Context, name string, x []float64,
	dispatch func(context.Context, []float64) (point, price []float64, cost float64, err error)) bool {
	if ctx.Err() != nil && r.ledger.closed() {
		return false
	}
	// What was found in time is worth a dispatch.
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		if r.ledger.closed() {
			cancel()
			return
		}
		time.AfterFunc(time.Until(r.latest()), cancel)
	})()
	began := time.Now()
	point, price, cost, err := dispatch(late, x)
	if err != nil {
		if late.Err() == nil {
			r.note(fmt.Sprintf("a plan of %s was set aside: %v", name, err))
		}
		return false
	}
	bound, was, _ := r.ledger.read()
	r.trace("plan of %s: %.8g, %.5f %% above the bound, after %.2f s", name, cost, 100*(cost-bound)/math.Abs(cost), time.Since(began).Seconds())
	if price != nil {
		r.remember(r.pricesOf(price))
	}
	r.ledger.accept(cost, point, name)
	return cost < was-1e-7*math.Abs(was)
}
