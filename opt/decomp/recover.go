package decomp

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/wattbit/wattbit/solver"
)

// Recovery makes plans out of prices. Every step narrows the program by what the
// account says, reduces it, and gives what is left to the engine; steps are
// taken from one agenda, by as many goroutines as there are threads, until the
// gap is closed. With a limit of work one goroutine takes them in order.

// decision is an integer column that determines others, with its period.
type decision struct {
	col, asset, stage int32
}

// recovery is the state that the steps share.
type recovery struct {
	*Search
	decisions []decision
	periods   int       // that decisions decide in
	rounds    []step    // the cycle of neighbourhoods
	margins   []float64 // of each decision, sorted
	held      bool      // columns without oracle are held
	idle      []int32   // boxes of shortages that nothing needs
	least     []float64 // bounds to begin with
	most      []float64

	mu   sync.Mutex
	next int // steps taken
	turn int // neighbourhoods taken
	dry  int // steps since the last better plan
	// proving: branch and cut on what can be better than the best plan has
	// begun.
	proving bool
	dived   bool // a dive has begun
	repairs int  // repairs begun
	halved  int  // how often neighbourhoods were halved
	// lumpy: capacity cuts raised the bound of the whole.
	lumpy   atomic.Bool
	wavered []bool    // columns of decisions that dives were not sure of
	dove    []float64 // the last dive
	// cuttable is the program at a cutoff, where it is small enough to cut.
	cuttable *narrowed
	// cut is the relaxation of the whole with cuts, where it has been cut.
	cut     atomic.Pointer[cutRelaxation]
	scouted atomic.Pointer[cutRelaxation] // that of a small program
	loose   bool                          // cuts are not worth while: proofs come last
	// roundable: the last rounding of a relaxation came to its end.
	roundable bool
	guide     guide // of the neighbourhoods of small programs
}

// step is one way to look for a better plan or bound. It says whether it found
// something.
type step func(context.Context) bool

// Recover searches for plans until the gap is closed, a limit is reached or
// nothing is left to try. Where held is not nil, the columns that no oracle owns
// and that held names stay at x: plans are then those around it, and the bound
// is left alone. It may be called again with others held.
func (s *Search) Recover(ctx context.Context, held []bool, x []float64) {
	if s.ledger.closed() {
		return
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	s.stop = stop
	ctx, cancel := s.limited(ctx)
	defer cancel()
	r := &recovery{Search: s, least: slices.Clone(s.lower), most: slices.Clone(s.upper)}
	for j, h := range held {
		if h {
			r.held = true
			r.least[j], r.most[j] = x[j], x[j]
		}
	}
	for i := range s.assets {
		a := &s.assets[i]
		for k, d := range a.Decisions {
			r.decisions = append(r.decisions, decision{int32(a.First) + d, int32(i), a.Stages[k]})
			r.periods = max(r.periods, int(a.Stages[k])+1)
		}
	}
	for _, d := range r.decisions {
		r.margins = append(r.margins, s.acc.margin(int(d.col)))
	}
	slices.Sort(r.margins)
	r.rounds = r.cycle()
	r.idle = r.idleBoxes()
	mixedAssets, mixed := 0, 0
	for i := range s.assets {
		if s.pricer.nearest(i).weight < decided {
			mixedAssets++
		}
	}
	for _, d := range r.decisions {
		if r.mixed(d) {
			mixed++
		}
	}
	s.trace("%d of %d assets and %d of %d decisions are mixed", mixedAssets, len(s.assets), mixed, len(r.decisions))
	alike := s.confines() && float64(mixedAssets) < mixedShare*s.o.Gap*float64(len(s.assets))
	if !r.held && (s.late() || alike || ctx.Err() != nil) {
		r.offerBlend(ctx)
		if ctx.Err() != nil {
			return
		}
	}
	var group sync.WaitGroup
	for range r.workers() {
		group.Go(func() {
			for ctx.Err() == nil {
				st := r.take()
				if st == nil {
					return
				}
				r.done(st(ctx))
			}
		})
	}
	group.Wait()
	s.stop = func() {}
}

// mixedShare is the share of assets, in gaps asked for, up to which the nearest patterns
// of all are worth a dispatch before anything else: each costs little by the rounding.
const mixedShare = 50

// Offer takes a verified plan that was found elsewhere.
func (s *Search) Offer(cost float64, x []float64) { s.ledger.accept(cost, x, "plan") }

// claim takes a bound of the engine, if it holds for the whole program.
func (r *recovery) claim(bound float64, phase string) {
	if !r.held {
		r.ledger.claim(bound, phase)
	}
}

// take returns the next step of the agenda, nil at its end.
func (r *recovery) take() step {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.next
	r.next++
	if r.o.WorkLimit > 0 && int64(n) >= r.o.WorkLimit {
		return nil
	}
	if st := r.opening(n); st != nil {
		return st
	}
	if r.short() {
		_, _, x := r.ledger.read()
		switch {
		case !r.dived:
			return r.firstDive()
		case x != nil && r.repairs < len(repairSizes):
			return r.repairOnce
		}
	}
	if !r.proving && !r.held && (!r.loose || r.dry > len(r.rounds)) && r.provable() {
		r.proving = true
		return r.prove
	}
	if r.dry > 2*len(r.rounds) {
		return nil
	}
	return r.round()
}

// opening is the n-th step where that does not depend on what came before, nil
// elsewhere. One goroutine alone sees to good plans before it takes to proofs.
func (r *recovery) opening(n int) step {
	if r.p.Cols() < smallProgram && !r.held {
		alone := r.workers() == 1
		switch {
		case alone && n == 0 && r.p.Cols() >= cutFirst:
			return r.relaxAndRound
		case alone && n == 0 || alone && n == 1 && r.p.Cols() >= cutFirst || !alone && n == 1:
			if r.p.Cols() >= cutFirst {
				r.dived = true
				return r.scout
			}
			return r.firstDive()
		case alone && n == loneRounds || !alone && n == 0:
			r.proving = true
			if r.loose {
				r.proving = false
				return r.round()
			}
			if r.p.Cols() >= cutFirst {
				return r.climb
			}
			return r.prove
		case alone && n < loneRounds:
			return r.round()
		}
		return nil
	}
	switch n {
	case 0:
		return r.aroundAnswers
	case 1:
		if r.cuttable = r.narrow(); r.cuttable != nil {
			return r.cutAndRound
		}
		return r.firstDive()
	}
	return nil
}

// firstDive is the dive, which is taken once.
func (r *recovery) firstDive() step {
	r.dived = true
	return r.diveAndRepair
}

// round is the next neighbourhood of the cycle.
func (r *recovery) round() step {
	r.turn++
	return r.rounds[(r.turn-1)%len(r.rounds)]
}

// loneRounds is how many steps one goroutine takes on a small program before
// branch and cut on the whole.
const loneRounds = 4

// workers is the number of goroutines that take steps.
func (r *recovery) workers() int {
	if r.o.WorkLimit > 0 {
		return 1
	}
	return max(1, r.o.Threads)
}

func (r *recovery) done(found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dry++
	if found {
		r.dry = 0
	}
}

// cycle is the neighbourhoods of the best plan in turn: the cheapest flips, windows
// of time, and what lies beside the decisions in doubt.
func (r *recovery) cycle() []step {
	flips := func(k int) step {
		return func(ctx context.Context) bool {
			limit := r.nth(r.sized(k))
			return r.around(ctx, fmt.Sprintf("flips %d", k), func(d decision) bool {
				return r.acc.margin(int(d.col)) <= limit
			}, 0)
		}
	}
	window := func(part, of int) step {
		width := max(3, r.periods/4)
		from := int32(part * (r.periods - width) / max(1, of-1))
		return func(ctx context.Context) bool {
			most := len(r.margins) / 4
			if r.confines() {
				most = min(most, windowFlips)
			}
			limit := r.nth(r.sized(most))
			return r.around(ctx, fmt.Sprintf("window %d", from), func(d decision) bool {
				return d.stage >= from && d.stage < from+int32(width) && r.acc.margin(int(d.col)) <= limit
			}, 0)
		}
	}
	beside := func(ctx context.Context) bool {
		return r.around(ctx, "beside", func(decision) bool { return false }, 1)
	}
	if r.p.Cols() < smallProgram && r.p.Cols() >= cutFirst {
		return r.nearby()
	}
	if r.p.Cols() < smallProgram {
		return []step{r.wide(2), r.wide(0), beside, r.wide(1), flips(800)}
	}
	return []step{
		flips(800), window(3, 4), flips(600), window(2, 4), beside, flips(1500),
		window(1, 4), window(0, 4), flips(2500),
	}
}

// windowFlips is how many of the cheapest flips a window of a large program may free.
const windowFlips = 3000

// sized is the number of flips that a neighbourhood of k frees now. In large programs
// it is halved whenever a search ends at a limit, and doubled when one is exhausted.
func (r *recovery) sized(k int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return k >> r.halved
}

// mostHalved is how often neighbourhoods are halved at most.
const mostHalved = 3

// resize learns from the end of a search.
func (r *recovery) resize(res *solver.Result) {
	if !r.confines() {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case ranOut(res):
		r.halved = min(mostHalved, r.halved+1)
	case res.Status == solver.Optimal || res.Limit == solver.CutoffReached:
		r.halved = max(0, r.halved-1)
	}
}

// wide frees a little more than half of the periods, from the first (0), in the
// middle (1) or to the last (2), and nothing else: what small programs allow.
func (r *recovery) wide(third int) step {
	width := r.periods/2 + 2
	from := int32(third * max(0, r.periods-width) / 2)
	return func(ctx context.Context) bool {
		_, _, x := r.ledger.read()
		if x == nil {
			return false
		}
		free := make([]bool, len(r.decisions))
		for i, d := range r.decisions {
			free[i] = d.stage >= from && d.stage < from+int32(width)
		}
		return r.free(ctx, fmt.Sprintf("half from %d", from), x, free, ending{gap: roundGap, patience: widePatience})
	}
}

// nth is the k-th smallest margin.
func (r *recovery) nth(k int) float64 {
	if len(r.margins) == 0 {
		return 0
	}
	return r.margins[min(k, len(r.margins)-1)]
}

// Mixed decisions are those on which the answers disagree by more than this.
const mixedBy = 0.01

func (r *recovery) mixed(d decision) bool {
	m := r.acc.mean[d.col]
	return math.Abs(m-math.Round(m)) > mixedBy
}

// around frees what chosen says, the mixed decisions, and those that pay regret
// in the best plan, dilated by so many periods, and searches with the rest held
// at the best plan.
func (r *recovery) around(ctx context.Context, name string, chosen func(decision) bool, dilate int) bool {
	_, _, x := r.ledger.read()
	if x == nil {
		return false
	}
	free := make([]bool, len(r.decisions))
	for i, d := range r.decisions {
		j := d.col
		v := math.Round(x[j])
		pays := v < r.acc.choice[j] && r.acc.fall[j] > 1e-9 || v > r.acc.choice[j] && r.acc.rise[j] > 1e-9
		free[i] = pays || r.mixed(d) || chosen(d)
	}
	r.widen(free, dilate)
	return r.free(ctx, name, x, free, ending{gap: roundGap})
}

// widen frees the neighbours in time of what is free.
func (r *recovery) widen(free []bool, by int) {
	for range by {
		was := slices.Clone(free)
		for i := range free {
			d := r.decisions[i]
			free[i] = was[i] ||
				i > 0 && was[i-1] && r.decisions[i-1].asset == d.asset ||
				i+1 < len(was) && was[i+1] && r.decisions[i+1].asset == d.asset
		}
	}
}

// aroundAnswers searches around the answers at the best prices, before any plan.
func (r *recovery) aroundAnswers(ctx context.Context) bool {
	for _, k := range [2]int{500, 1500} {
		limit := r.nth(k)
		free := make([]bool, len(r.decisions))
		for i, d := range r.decisions {
			free[i] = r.mixed(d) || r.acc.margin(int(d.col)) <= limit
		}
		if r.free(ctx, fmt.Sprintf("answers and %d flips", k), r.acc.choice, free, ending{gap: roundGap}) && !r.short() {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
	}
	return false
}

// diveShare is the part of the time limit at which a dive ends with what it has: the
// rest is for its dispatch.
const diveShare = 0.9

// dive offers the plan of one dive.
func (r *recovery) dive(ctx context.Context, o diveOptions) bool {
	part := diveShare
	if r.confines() && r.timed() {
		part = min(part, 1-float64(r.reserve())/float64(r.o.TimeLimit))
	}
	short, cancel := r.until(ctx, part)
	defer cancel()
	d, err := r.pricer.dive(short, o)
	if err != nil {
		if ctx.Err() == nil {
			r.note(fmt.Sprintf("a dive ended early: %v", err))
		}
		return false
	}
	for _, price := range d.prices[max(0, len(d.prices)-2):] {
		r.remember(price)
	}
	r.mu.Lock()
	r.dove = d.x
	if r.wavered == nil {
		r.wavered = d.wavered
	}
	for j, w := range d.wavered {
		r.wavered[j] = r.wavered[j] || w
	}
	r.mu.Unlock()
	found := false
	if short.Err() != nil && r.o.Balance != nil && !(r.confines() && r.room(r.reserve())) {
		found = r.offerBy(ctx, "blend of a dive", d.x, r.o.Balance)
	}
	found = r.offer(ctx, "dive", d.x) || found
	if d.full != nil && r.short() {
		found = r.offer(ctx, "dive to the fullest", d.full) || found
	}
	return found
}
