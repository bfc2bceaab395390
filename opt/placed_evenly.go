package opt

// Jobs where power's prices do not come in time. The first schedule is there by
// then: with its commitment, jobs spread over pools and hours as evenly as their
// windows allow, for a commitment made without them bears many small loads better
// than few large ones. What comes out is a plan and proves nothing.

import (
	"context"
	"math"
	"slices"
	"sync"

	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// evenly has a price of units that rises in proportion to how full their pool is.
type evenly struct {
	m    *Model
	p    *place.Problem
	full float64 // price of a unit-hour in a full pool, money
}

// Price writes the prices at a use, and their slopes.
func (e evenly) Price(u *place.Use, _ []bool, prices, slopes *place.Prices) {
	T := e.m.T
	for i := range prices.Held {
		slope := e.full * e.p.Hours[i%T] / math.Max(1e-9, e.p.Pools[i/T].CapacityUnits[i%T])
		prices.Held[i], slopes.Held[i] = slope*u.Held[i], slope
	}
	for i := range prices.GB {
		prices.GB[i] = e.m.Case.DataLinks[i/T/2].PricePerGB
	}
}

// fullPool is the price of a unit-hour in a full pool relative to what dropping
// a unit-hour costs on average.
const fullPool = 0.1

// placeEvenly plans with jobs spread evenly, once the first schedule is there, and
// says why.
func (s *session) placeEvenly(ctx context.Context, w *power, first *sync.WaitGroup, why error) (solver.Status, float64) {
	first.Wait()
	schedule := s.cheapest()
	if schedule == nil || ctx.Err() != nil {
		return s.unplaced(ctx, why)
	}
	s.note("power gave no prices for the jobs, which are spread evenly: %v", why)
	asked, nobody := demandOf(w.p), place.NewUse(w.p)
	copyUse(&w.at, &nobody)
	w.leave(schedule.x)
	in, err := place.New(w.p, place.Options{Threads: max(1, s.o.Threads)})
	if err != nil {
		return s.unplaced(ctx, err)
	}
	in.SetRoom(w.Room())
	order := make([]int32, len(w.p.Jobs))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { // those with least room to move first
		return int(w.p.Jobs[a].End-w.p.Jobs[a].First) - int(w.p.Jobs[b].End-w.p.Jobs[b].First)
	})
	in.InOrder(ctx, evenly{s.m, w.p, fullPool * asked.drop / math.Max(asked.unitH, 1e-9)}, order)
	r := &place.Result{Places: in.Places(), Bound: math.Inf(-1)}
	power := s.taken(w, r)
	s.quick(ctx, power, r, nil)
	s.learn(power)
	return s.ended(ctx), s.bound
}
