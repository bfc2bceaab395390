package decomp

// A scout makes good plans of a small program while the other goroutine climbs
// (climb.go): first a dive, for plans by rounding and by diving are far apart, and
// on some days one of them is near the best, on some days the other. Then come
// neighbourhoods of the best plan, each small enough to be searched in seconds:
//
//   - doubt: decisions in which the best plan and that relaxation differ or that it
//     breaks, their neighbours in time, and so many of the cheapest flips;
//   - windows: so many periods, freed entirely.
//   - what the dive wavered at, be there better plans or not.
//
// How large they are is measured: a neighbourhood that is searched to its end and has
// nothing better was too small, one that was not was too large.

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/wattbit/wattbit/solver"
)

const (
	// localPatience is how long a search of a neighbourhood may take.
	localPatience = 4 * time.Second
	// Sizes to begin with: flips, and the part of the periods in a window.
	doubtFlips = 200
	windowPart = 0.25
	// A neighbourhood grows by this factor and shrinks by its inverse.
	localGrowth = 1.4
	// offDoubt is how far the relaxation must be from the best plan to doubt it.
	offDoubt = 0.1
)

// guide has the sizes of the next neighbourhoods.
type guide struct {
	flips  float64
	window float64 // periods
	place  float64 // of the next window's end, as a part of all periods
}

// scout makes plans by a dive and beside it.
func (r *recovery) scout(ctx context.Context) bool {
	found := r.diveOnce(ctx)
	if ctx.Err() != nil || r.ledger.closed() {
		return found
	}
	if r.scouted.Load() != nil {
		return r.besideDive(ctx) || found
	}
	return r.doubt(ctx) || found
}

// besideDive searches where the dive wavered or paid regret, all else as in the dive,
// be there better plans or not: theirs are other neighbourhoods.
func (r *recovery) besideDive(ctx context.Context) bool {
	r.mu.Lock()
	x, wavered := r.dove, slices.Clone(r.wavered)
	r.mu.Unlock()
	if x == nil {
		return false
	}
	free := make([]bool, len(r.decisions))
	for i, d := range r.decisions {
		free[i] = wavered[d.col] || r.mixed(d) || r.acc.paid(int(d.col), x[d.col]) > 1e-9
	}
	found, _ := r.local(ctx, "beside the dive", x, free, 2*localPatience)
	return found
}

// doubt searches where the guide doubts the best plan.
func (r *recovery) doubt(ctx context.Context) bool {
	_, _, best := r.ledger.read()
	r.mu.Lock()
	flips, wavered := r.guide.flips, slices.Clone(r.wavered)
	r.mu.Unlock()
	if best == nil {
		return false
	}
	var x []float64
	if c := r.cut.Load(); c != nil {
		x = c.restore(c.lp.X)
	}
	limit := r.nth(int(flips))
	free := make([]bool, len(r.decisions))
	for i, d := range r.decisions {
		j := d.col
		free[i] = x != nil && math.Abs(x[j]-math.Round(best[j])) > offDoubt || r.mixed(d)
	}
	r.widen(free, 1)
	for i, d := range r.decisions {
		free[i] = free[i] || x == nil && wavered != nil && wavered[d.col] || r.acc.margin(int(d.col)) <= limit
	}
	found, ended := r.local(ctx, fmt.Sprintf("doubt and %.0f flips", flips), best, free, localPatience)
	r.mu.Lock()
	r.guide.flips = resized(flips, found, ended, doubtFlips/4, float64(len(r.decisions)))
	r.mu.Unlock()
	return found
}

// nextWindow frees the periods of the next window.
func (r *recovery) nextWindow(ctx context.Context) bool {
	_, _, best := r.ledger.read()
	if best == nil {
		return false
	}
	r.mu.Lock()
	size := r.guide.window
	from, to := r.guide.span(r.periods)
	r.mu.Unlock()
	free := make([]bool, len(r.decisions))
	for i, d := range r.decisions {
		free[i] = int(d.stage) >= from && int(d.stage) < to
	}
	found, ended := r.local(ctx, fmt.Sprintf("window %d to %d", from, to), best, free, localPatience)
	r.mu.Lock()
	r.guide.window = resized(size, found, ended, 4, float64(r.periods))
	r.mu.Unlock()
	return found
}

// span returns the periods of the next window and moves on: windows go from the last
// periods to the first, each half over the next.
func (g *guide) span(periods int) (from, to int) {
	width := min(periods, int(g.window))
	from = max(0, int(math.Round(g.place*float64(periods)))-width)
	to = from + width
	g.place = float64(to-max(1, width/2)) / float64(periods)
	if from == 0 {
		g.place = 1
	}
	return from, to
}

// resized is the next size of a neighbourhood.
func resized(size float64, found, ended bool, least, most float64) float64 {
	switch {
	case ended && !found:
		size *= localGrowth
	case !ended && !found:
		size /= localGrowth
	}
	return math.Max(least, math.Min(most, size))
}

// local searches with the decisions that are not free held at x, and says whether it
// found a better plan and whether it came to its end.
func (r *recovery) local(ctx context.Context, name string, x []float64, free []bool, patience time.Duration) (found, ended bool) {
	lower, upper := r.bounds()
	open := false
	for i, d := range r.decisions {
		if free[i] && lower[d.col] < upper[d.col] {
			open = true
			continue
		}
		fixNear(lower, upper, d.col, x[d.col])
	}
	if !open {
		return false, true
	}
	found, res := r.search(ctx, name, lower, upper, ending{gap: roundGap}, patience)
	return found, res == nil || res.Status != solver.LimitReached || res.Limit == solver.CutoffReached || res.Limit == solver.TargetReached
}

// nearby is the cycle of neighbourhoods of small programs.
func (r *recovery) nearby() []step {
	r.guide.flips, r.guide.window, r.guide.place = doubtFlips, math.Max(4, windowPart*float64(r.periods)), 1
	return slices.Concat([]step{r.doubt}, slices.Repeat([]step{r.nextWindow}, 3))
}
