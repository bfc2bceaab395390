package decomp

// Repair of plans that are short. Every balance may be short at a price, so that
// every schedule has a dispatch; a plan that pays such prices where the prices'
// bound says that nothing need be short is no plan to keep. Searches before a
// better one is known have all such columns at zero, and no plan to start from:
// beside a start that is a little short, and with penalties capped, the engine
// sees no reason to look for another.

import (
	"context"
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

// repairSizes are how many of the cheapest flips a repair frees anywhere, and how
// many around the short periods.
var repairSizes = [...][2]int{{200, 1500}, {500, 3000}, {800, 4000}, {2000, 8000}}

// A repair ends at this gap, or at a point so near the bound: a plan that is not
// short counts, better ones follow.
const (
	repairGap    = 1e-3
	repairTarget = 0.02
)

// short says whether the best plan pays for shortages, or whether there is none.
func (r *recovery) short() bool {
	_, _, x := r.ledger.read()
	return x == nil || slices.Contains(r.shortPeriods(x), true)
}

// diveWaste is what a fuller pattern in a dive may waste, in gaps asked for.
const diveWaste = 0.5

func (r *recovery) diveOnce(ctx context.Context) bool {
	return r.dive(ctx, diveOptions{part: 0.25, tolerance: 3e-5, steps: 6, nearness: 0.003, waste: diveWaste * r.o.Gap})
}

// diveAndRepair makes the first plans.
func (r *recovery) diveAndRepair(ctx context.Context) bool {
	found := r.diveOnce(ctx)
	_, _, x := r.ledger.read()
	if x == nil || r.ledger.closed() {
		return found
	}
	if r.short() {
		return r.repair(ctx) || found
	}
	r.mu.Lock()
	wavered := slices.Clone(r.wavered)
	r.mu.Unlock()
	if wavered == nil { // no dive has come to its end
		return found
	}
	return r.around(ctx, "where the dive wavered", func(d decision) bool { return wavered[d.col] }, 0) || found
}

// repair frees more and more around the short periods until nothing is short.
func (r *recovery) repair(ctx context.Context) bool {
	found := false
	for ctx.Err() == nil && r.short() {
		r.mu.Lock()
		more := r.repairs < len(repairSizes)
		r.mu.Unlock()
		if !more {
			break
		}
		found = r.repairOnce(ctx) || found
	}
	return found
}

// repairOnce takes the next size.
func (r *recovery) repairOnce(ctx context.Context) bool {
	_, _, x := r.ledger.read()
	r.mu.Lock()
	n, wavered := r.repairs, r.wavered
	r.repairs++
	r.mu.Unlock()
	if n >= len(repairSizes) || x == nil {
		return false
	}
	near := r.shortPeriods(x)
	any, close := r.nth(repairSizes[n][0]), r.nth(repairSizes[n][1])
	free := make([]bool, len(r.decisions))
	for i, d := range r.decisions {
		m := r.acc.margin(int(d.col))
		free[i] = m <= any || r.mixed(d) || wavered != nil && wavered[d.col] || d.stage >= 0 && near[d.stage] && m <= close
	}
	return r.free(ctx, "repair", x, free, ending{gap: repairGap, near: repairTarget})
}

// penal says whether a box is there for shortages: it costs and does nothing else.
func (s *split) penal(j int32) bool { return s.onlyCosts(j) && s.p.ColCost[j] > 0 }

// idleBoxes are the boxes of shortages that the master has at their lower bound:
// of shortages that nothing needs.
func (r *recovery) idleBoxes() []int32 {
	var out []int32
	for i, j := range r.boxes {
		if i < len(r.pricer.box) && r.penal(j) && r.pricer.box[i]-r.lower[j] <= idleTo {
			out = append(out, j)
		}
	}
	return out
}

// idleTo is the value up to which the master's interior point is at zero.
const idleTo = 1e-4

// forbidShortage holds the idle boxes where the best plan has them, or at their
// lower bounds while that one is short. Repairs may find that something has to be
// short; once all have failed, nothing is forbidden.
func (r *recovery) forbidShortage(red *solver.Reduced) {
	r.mu.Lock()
	spent := r.repairs >= len(repairSizes)
	r.mu.Unlock()
	short := r.short()
	if short && spent {
		return
	}
	_, _, best := r.ledger.read()
	for k, full := range red.Cols {
		if _, found := slices.BinarySearch(r.idle, full); !found {
			continue
		}
		p := red.Problem
		p.ColUpper[k] = p.ColLower[k]
		if !short {
			p.ColUpper[k] = math.Max(p.ColLower[k], best[full])
		}
	}
}

// shortBy is the regret, relative to the bound, from which a box of shortages
// shows that its row is short.
const shortBy = 1e-6

// shortPeriods are the periods within three of a row that is short in x.
func (r *recovery) shortPeriods(x []float64) []bool {
	last := int32(r.periods - 1)
	near := make([]bool, r.periods)
	for _, j := range r.boxes {
		if !r.penal(j) {
			continue
		}
		paid := math.Max(0, x[j]-r.acc.choice[j]) * finiteOrZero(r.acc.rise[j])
		paid += math.Max(0, r.acc.choice[j]-x[j]) * finiteOrZero(r.acc.fall[j])
		if paid <= shortBy*math.Abs(r.acc.bound) {
			continue
		}
		for k := r.start[j]; k < r.start[j+1]; k++ {
			if t := r.rowStage[r.index[k]]; t >= 0 {
				for s := max(0, t-3); s <= min(last, t+3); s++ {
					near[s] = true
				}
			}
		}
	}
	return near
}

func finiteOrZero(v float64) float64 {
	if math.IsInf(v, 0) {
		return 0
	}
	return v
}
