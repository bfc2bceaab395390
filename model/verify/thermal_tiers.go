package verify

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// tiers checks that starts by tier add up, and that units that were off so long
// and no longer can have made them.
func (x *cluster) tiers() {
	k, u, p := x.k, x.u, x.p
	if len(u.Startup) == 0 {
		return
	}
	sound := true
	for t := range k.periods {
		sum, negative := 0, false
		for tier := range u.Startup {
			sum += p.StartsByTier[tier][t]
			negative = negative || p.StartsByTier[tier][t] < 0
		}
		if k.differInt(sum, p.Starts[t]) || negative || p.Starts[t] < 0 || p.Stops[t] < 0 {
			k.breachInt(ruleThermalTierSum, u.Name, t, sum, p.Starts[t], "the tiers have %d starts, the unit %d", sum, p.Starts[t])
			sound = false
		}
	}
	if !sound {
		return
	}
	least := u.MinDownH
	if x.minDownBroken {
		// Reported already; here it would only say the same again.
		least = 0
	}
	if short, t, tier := x.unmatched(least); short > 0 {
		k.report.Checked++
		k.breachInt(ruleThermalTier, u.Name, t, short, 0,
			"a start is paid at tier %d, of units off for less than %g h, and none is there that serves no other start",
			tier, x.tierEnd(tier))
	}
}

// tierEnd is the hours offline from which a colder tier must be paid.
func (x *cluster) tierEnd(tier int) float64 {
	if tier+1 < len(x.u.Startup) {
		return x.u.Startup[tier+1].AfterOffH
	}
	return math.Inf(1)
}

// demand is starts of one tier in one period: they need units that stopped at a
// time in [from, to].
type demand struct {
	from, to     float64
	period, tier int
	count        int
}

// supply is units that stopped at a time, hours from the horizon's start.
type supply struct {
	at    float64
	count int
}

// unmatched matches starts with the stops before them: a start of a tier needs
// a unit that has been off for at least least hours, and less than the tier's
// end. It returns the number of starts that find none, and the first of them.
//
// The windows of stops are intervals, so giving each stop to the waiting start
// whose interval ends first serves as many starts as any matching.
func (x *cluster) unmatched(least float64) (short, period, tier int) {
	k := x.k
	var demands []demand
	// Units off before the horizon stopped before it, if only just.
	supplies := []supply{{min(-x.hoursOff, -2*hoursTolerance), x.n - x.on0}}
	for t := range k.periods {
		for tier := range x.u.Startup {
			if n := x.p.StartsByTier[tier][t]; n > 0 {
				from := math.Inf(-1)
				if end := x.tierEnd(tier); !math.IsInf(end, 1) {
					from = k.begin[t] - end + hoursTolerance
				}
				// A unit that stops in t does not start in t.
				to := min(k.begin[t]-least+hoursTolerance, k.begin[t]-hoursTolerance)
				demands = append(demands, demand{from, to, t, tier, n})
			}
		}
		if x.p.Stops[t] > 0 {
			supplies = append(supplies, supply{k.begin[t], x.p.Stops[t]})
		}
	}
	slices.SortStableFunc(demands, func(a, b demand) int { return cmp.Compare(a.from, b.from) })
	period = k.periods
	fail := func(d demand) {
		short += d.count
		if d.period < period {
			period, tier = d.period, d.tier
		}
	}
	var waiting demandHeap
	next := 0
	for _, s := range supplies {
		for ; next < len(demands) && demands[next].from <= s.at; next++ {
			heap.Push(&waiting, demands[next])
		}
		for s.count > 0 && len(waiting) > 0 {
			d := &waiting[0]
			if d.to < s.at {
				fail(heap.Pop(&waiting).(demand))
				continue
			}
			served := min(s.count, d.count)
			s.count -= served
			if d.count -= served; d.count == 0 {
				heap.Pop(&waiting)
			}
		}
	}
	for _, d := range waiting {
		fail(d)
	}
	for ; next < len(demands); next++ {
		fail(demands[next])
	}
	return short, period, tier
}

// demandHeap has the demand whose interval ends first on top.
type demandHeap []demand

func (h demandHeap) Len() int           { return len(h) }
func (h demandHeap) Less(i, j int) bool { return h[i].to < h[j].to }
func (h demandHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *demandHeap) Push(v any)        { *h = append(*h, v.(demand)) }
func (h *demandHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
