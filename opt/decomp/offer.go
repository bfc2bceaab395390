package decomp

// From a point to a plan that counts: the dispatch, in time, and the ledger.

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// lateDispatch is how long a dispatch may take once the search has been ended.
const lateDispatch = 3 * time.Second

// latest is when a dispatch that begins now, after the end, has to be done: with a
// time limit no later than a twentieth of it and a second after it.
func (s *Search) latest() time.Time {
	t := time.Now().Add(lateDispatch)
	if s.timed() && s.last().Before(t) {
		return s.last()
	}
	return t
}

// last is when all is over under a time limit.
func (s *Search) last() time.Time {
	return s.began.Add(s.o.TimeLimit + s.o.TimeLimit/20 + time.Second)
}

// room says whether there is time for so much before all is over.
func (s *Search) room(d time.Duration) bool {
	return !s.timed() || time.Now().Add(d).Before(s.last())
}

// offer has a point dispatched and verified, and takes it.
func (r *recovery) offer(ctx context.Context, name string, x []float64) bool {
	return r.offerBy(ctx, name, x, r.dispatch)
}

// timed says whether the clock may end the search.
func (s *Search) timed() bool { return s.o.TimeLimit > 0 && s.o.WorkLimit == 0 }

// spent remembers how long a dispatch took.
func (s *Search) spent(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took = max(s.took, d)
}

// reserve is how long the next dispatch may take, by those before it or, before the
// first, by what setting up the search took.
func (s *Search) reserve() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.took == 0 {
		return setUpDispatch * s.setUp
	}
	return s.took
}

// setUpDispatch is how much longer than setting up a search a dispatch may take.
const setUpDispatch = 4

// late says whether the prices took more than half of the time.
func (s *Search) late() bool {
	return s.timed() && time.Since(s.began) > s.o.TimeLimit/2
}

// offerBlend makes a plan of the prices' last master, by a dispatch where that is
// confined and there is time for one, else by what its points do.
func (r *recovery) offerBlend(ctx context.Context) {
	if r.o.Balance == nil {
		return
	}
	waste := 0.0
	if r.confines() && r.late() { // a plan that is short is worse than one that wastes
		waste = math.Inf(1)
	}
	x, err := r.pricer.blend(waste)
	if err != nil {
		r.note(fmt.Sprintf("no blend of the answers: %v", err))
		return
	}
	if r.confines() && r.room(r.reserve()) && r.offer(ctx, "blend", x) {
		return
	}
	r.offerBy(ctx, "blend of points", x, r.o.Balance)
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
	// What a plan pays where it is short says little of what better ones pay.
	if price != nil && !(r.confines() && slices.Contains(r.shortPeriods(point), true)) {
		r.remember(r.pricesOf(price))
	}
	r.ledger.accept(cost, point, name)
	return math.IsInf(was, 1) || cost < was-1e-7*math.Abs(was)
}
