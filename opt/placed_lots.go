package opt

// Neighbourhoods of units drawn by lot, for power's search with jobs placed.
//
// A neighbourhood holds every decision as the best schedule has it, but those of some
// units: large neighbourhood search (Shaw 1998, doi:10.1007/3-540-49481-2_30). Units
// are taken in the order of
//
//	(margin + weight) * away * e,   e exponential with mean 1,
//
// where margin is what the unit's cheapest flip costs at the relaxation's prices, weight
// some shares of a small gap, and away more than 1 for units that do not feed the bus
// which most of the lots are drawn for: what helps is mostly an exchange of units of one
// bus. They are taken until a hundred integers or two are free: branch and cut without
// heuristics is through with them in a second, where it does not leave its root in ten
// with a thousand. Their number grows with every search that ends and falls with every
// one that is cut off. Every few searches computing is free instead.
//
// As many searches run side by side as there are threads. Search n begins at the best
// that the first n - threads + 1 found, so that the answer rests on no race.

import (
	"cmp"
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// Free integers of a neighbourhood: at first, at least, at most; and by what their
// number grows and falls.
const (
	lotFirst, lotLeast, lotMost = 150, 40, 1500
	lotGrows, lotFalls          = 1.15, 0.75
)

// Draws. A share is lotGap of the cost, divided by the number of units.
const (
	lotGap    = 1e-5
	lotWeight = 40.0 // shares added to each margin
	lotFlip   = 12.0 // shares that a flip may cost to be allowed
	lotAway   = 3.0  // by which units of other buses come later
	lotOneBus = 0.8  // part of the draws that are for one bus

	lotComputing = 5 // every such search is for computing, with all units held
)

// Ends. A search is cut off after so many nodes, or so long; all of them end when so many
// in a row have gained less than lotGain of the cost.
const (
	lotNodes    = 30
	lotPatience = 3 * time.Second
	lotHopeless = 24
	lotGain     = 3e-7
)

// lots is the state of such a search.
type lots struct {
	s       *session
	d       *doubt
	units   []lotUnit
	bus     []int32 // of units: the first row that each shares with others, mostly a bus's balance
	threads int
	// computing are the integer columns of each owner that follows, as of a pool's modules.
	computing [][]int32
	following []bool
	until     time.Time // zero for the session's limit alone
	series    uint64    // of draws

	mu      sync.Mutex
	merged  *sync.Cond
	states  []lotState // after 0, 1, ... searches
	results map[int]lotResult
	over    bool // there is nothing more to find
	cut     bool // time is up
}

// lotUnit is what a draw frees: an asset of the doubt, or integers of power that none
// of them owns, as of a storage.
type lotUnit struct {
	first, end int
	asset      int // -1 for none
	margin     float64
}

// lotState is what is known after some searches.
type lotState struct {
	x     []float64
	cost  float64 // of x, in the engine's money
	size  float64 // of the next neighbourhood
	idle  int     // searches since the last gain
	nodes int64   // of all searches so far
}

// lotResult is what one search found.
type lotResult struct {
	foldedPoint
	cost float64 // in the engine's money
}

// newLots prepares searches from x.
func newLots(s *session, d *doubt, x []float64, threads int) *lots {
	l := &lots{s: s, d: d, threads: threads, following: s.following(), results: make(map[int]lotResult)}
	l.merged = sync.NewCond(&l.mu)
	l.states = []lotState{{x: x, cost: s.p.Eval(x), size: lotFirst}}
	for i, a := range d.assets {
		l.units = append(l.units, lotUnit{int(a.First), int(a.First) + a.Cols, i, math.Max(0, d.margin[i])})
	}
	leading, computing := split(s.broken(d.assets), l.following)
	for _, of := range s.runs(leading) {
		l.units = append(l.units, lotUnit{int(of[0]), int(of[len(of)-1]) + 1, -1, 0})
	}
	l.computing = s.runs(computing)
	owner := make([]int32, s.p.Cols())
	for i, u := range l.units {
		for j := u.first; j < u.end; j++ {
			owner[j] = int32(i) + 1
		}
	}
	l.bus = make([]int32, len(l.units))
	for r := range s.p.Rows() {
		terms := s.p.Index[s.p.RowStart[r]:s.p.RowStart[r+1]]
		if len(terms) == 0 || !slices.ContainsFunc(terms, func(j int32) bool { return owner[j] != owner[terms[0]] }) {
			continue
		}
		for _, j := range terms {
			if i := owner[j]; i > 0 && l.bus[i-1] == 0 {
				l.bus[i-1] = int32(r) + 1
			}
		}
	}
	return l
}

// run searches until time is up or nothing more is found, and returns the best
// schedule; it says whether that is better than the first.
func (l *lots) run(ctx context.Context) (x []float64, better bool) {
	if len(l.units)+len(l.computing) == 0 {
		return l.states[0].x, false
	}
	var all sync.WaitGroup
	for w := range l.threads {
		all.Go(func() {
			for k := w; ; k += l.threads {
				from, ok := l.start(max(0, k-l.threads+1))
				if !ok {
					return
				}
				l.merge(k, l.search(ctx, k, from))
				if ctx.Err() != nil || l.s.timeUp() || !l.until.IsZero() && time.Now().After(l.until) {
					l.stop()
				}
			}
		})
	}
	all.Wait()
	last := l.last()
	return last.x, last.cost < l.states[0].cost-lotGain*math.Abs(last.cost)
}

// last is what is known when all is over.
func (l *lots) last() lotState {
	last := l.states[len(l.states)-1]
	if l.cut { // what was found behind a search that was cut off counts too
		for _, k := range slices.Sorted(maps.Keys(l.results)) {
			if r := l.results[k]; r.x != nil && r.cost < last.cost {
				last.x, last.cost = r.x, r.cost
			}
		}
	}
	return last
}

// start waits for the state after n searches; there is none when all is over.
func (l *lots) start(n int) (lotState, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.states) <= n && !l.over {
		l.merged.Wait()
	}
	if l.over {
		return lotState{}, false
	}
	return l.states[n], true
}

func (l *lots) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = l.cut || !l.over // by the first worker that sees it
	l.over = true
	l.merged.Broadcast()
}

// merge takes what search k found, in the order of searches.
func (l *lots) merge(k int, r lotResult) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.merged.Broadcast()
	l.results[k] = r
	for !l.over {
		n := len(l.states) - 1
		r, ok := l.results[n]
		if !ok {
			return
		}
		delete(l.results, n)
		next := l.states[n]
		if n >= l.threads {
			l.states[n-l.threads].x = nil // nobody begins there any more
		}
		next.idle++
		next.nodes += r.nodes
		if r.status == solver.Optimal {
			next.size = math.Min(lotMost, next.size*lotGrows)
		} else {
			next.size = math.Max(lotLeast, next.size*lotFalls)
		}
		if r.x != nil && r.cost < next.cost {
			if r.cost < next.cost-lotGain*math.Abs(r.cost) {
				next.idle = 0
			}
			next.x, next.cost = r.x, r.cost
			l.s.step("neighbourhood %d: %.9g", n, r.cost/l.s.scale)
		}
		l.states = append(l.states, next)
		l.over = next.idle >= lotHopeless || l.s.o.WorkLimit > 0 && next.nodes >= l.s.o.WorkLimit || l.s.within(next.cost/l.s.scale, l.s.proved())
	}
}

// search is one neighbourhood.
func (l *lots) search(ctx context.Context, k int, from lotState) lotResult {
	rng := rand.New(rand.NewPCG(uint64(l.s.o.Seed), l.series<<32+uint64(k)))
	var q *solver.Problem
	if len(l.units) == 0 || len(l.computing) > 0 && k%lotComputing == 1 {
		q = l.computingLot(rng, from)
	} else {
		q = l.unitLot(rng, from)
	}
	o := l.s.patientOptions(lotGain, lotPatience)
	o.NoHeuristics, o.NoRestart, o.WorkLimit = true, true, lotNodes
	r := lotResult{foldedPoint: l.s.folded(ctx, l.d.assets, q, from.x, o)}
	if r.x != nil {
		r.cost = l.s.p.Eval(r.x)
	}
	return r
}

// unitLot frees units, with computing held.
func (l *lots) unitLot(rng *rand.Rand, from lotState) *solver.Problem {
	q := l.s.holding(l.following, from.x)
	holdIntegers(q, 0, q.Cols(), from.x)
	share := lotGap * math.Abs(from.cost) / float64(len(l.units))
	free := 0
	for _, i := range l.draw(rng, share) {
		if float64(free) >= from.size {
			break
		}
		if u := &l.units[i]; u.asset >= 0 {
			free += l.d.loosen(q, l.s.p, u.asset, lotFlip*share)
		} else {
			free += l.near(q, from.x, u.first, u.end)
		}
	}
	return q
}

// near lets integers be one beside x, and returns how many they are.
func (l *lots) near(q *solver.Problem, x []float64, first, end int) (free int) {
	for j := first; j < end; j++ {
		if q.ColType[j] == solver.Integer {
			v := math.Round(x[j])
			q.ColLower[j], q.ColUpper[j] = math.Max(l.s.p.ColLower[j], v-1), math.Min(l.s.p.ColUpper[j], v+1)
			free++
		}
	}
	return free
}

// computingLot frees all of computing but the integers of owners that are not drawn.
func (l *lots) computingLot(rng *rand.Rand, from lotState) *solver.Problem {
	q := l.s.p.Clone(solver.ColBounds)
	holdIntegers(q, 0, q.Cols(), from.x)
	free := 0
	for _, i := range rng.Perm(len(l.computing)) {
		if float64(free) >= from.size {
			break
		}
		for _, j := range l.computing[i] {
			free += l.near(q, from.x, int(j), int(j)+1)
		}
	}
	return q
}

// draw is the order in which a search frees the units.
func (l *lots) draw(rng *rand.Rand, share float64) []int {
	bus := int32(0)
	if rng.Float64() < lotOneBus {
		bus = l.bus[rng.IntN(len(l.bus))]
	}
	at, order := make([]float64, len(l.bus)), make([]int, len(l.bus))
	for i := range order {
		order[i] = i
		at[i] = (l.units[i].margin + lotWeight*share) * rng.ExpFloat64()
		if bus > 0 && l.bus[i] != bus {
			at[i] *= lotAway
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(at[a], at[b]) })
	return order
}
