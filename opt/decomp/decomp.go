package decomp

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// Options of a search.
type Options struct {
	// Engine solves what is left for branch and cut.
	Engine solver.Solver
	// Gap at which the search ends: cost less bound, over the cost.
	Gap float64
	// TimeLimit by the wall clock; 0 means none.
	TimeLimit time.Duration
	// WorkLimit is the number of restricted programs that are tried; 0 means
	// none. With it, nothing depends on the clock or the number of threads.
	WorkLimit int64
	// Threads for pricing and for searches side by side; 0 means one.
	Threads int
	// Seed of the engine.
	Seed int
	// Start has prices to begin with, one a row of the program; nil means none.
	Start []float64
	// Dispatch holds the integers of x, finds the best values for the rest,
	// and returns that point, its rows' prices (nil where it has none) and its
	// cost once the plan has been verified. It may be called from two
	// goroutines at once.
	Dispatch func(ctx context.Context, x []float64) (point, price []float64, cost float64, err error)
	// Balance, where set, holds all columns of assets at x and is otherwise like
	// Dispatch: a small program, for when time is short.
	Balance func(ctx context.Context, x []float64) (point, price []float64, cost float64, err error)
	// Within, where set, is Dispatch with every column of an asset between lower and
	// upper; again sees each program's point and prices, and after it has changed these
	// bounds and returned true, the program is solved once more.
	Within func(ctx context.Context, x, lower, upper []float64, again func(point, price []float64) bool) (point, price []float64, cost float64, err error)
	// ConfineFrom is the number of columns from which dispatches go by Within; 0 means
	// 100,000.
	ConfineFrom int
	// OnProgress, where set, is called at each change, one call at a time.
	OnProgress func(Progress)
	// OnNote, where set, is told what did not go as it should, and OnStep each
	// step as it ends, for logs. They may be called from two goroutines at once.
	OnNote, OnStep func(string)
}

// Progress of a search.
type Progress struct {
	Phase string
	Bound float64 // -Inf without one
	Cost  float64 // +Inf without a plan
}

// Result of a search.
type Result struct {
	// Bound that no plan's cost is below.
	Bound float64
	// Cost of the cheapest plan found and the plan, +Inf and nil without one.
	Cost float64
	X    []float64
	// Relaxed is a point in between the answers at the best prices: mean
	// values of the assets' columns, the master's values of the others. It
	// keeps the priced rows nearly. Price has the rows' best prices.
	Relaxed []float64
	Price   []float64
	// Reduced has the columns' costs less what the prices pay for them.
	Reduced []float64
}

// Search is one search under way: price first, then as many recoveries as there
// are ways to hold what no oracle owns.
type Search struct {
	*split
	o        Options
	ledger   *ledger
	began    time.Time
	pricer   *pricer
	acc      *account
	rowStage []int32 // period of each priced row, -1 for none
	implied  []bool  // columns that come out whole when other integers are
	stop     func()

	setUp time.Duration // of New

	mu     sync.Mutex
	prices [][]float64   // remembered, of the priced rows
	took   time.Duration // the longest dispatch
}

// New sorts the program into assets and priced rows. The assets' columns must
// not overlap, and the program is to be minimised.
func New(p *solver.Problem, assets []Asset, o Options) (*Search, error) {
	if o.Engine == nil || o.Dispatch == nil {
		return nil, errors.New("decomp: an engine and a dispatch are needed")
	}
	began := time.Now()
	sp, err := newSplit(p, assets)
	if err != nil {
		return nil, err
	}
	s := &Search{split: sp, o: o, began: began, stop: func() {}}
	s.ledger = newLedger(o.Gap, func() { s.stop() }, o.OnProgress)
	s.ledger.onLie = func(claim, cost float64) {
		s.note(fmt.Sprintf("the engine claims that no plan costs less than %.9g, but a verified one costs %.9g: its bounds are not used", claim, cost))
	}
	if s.pricer, err = newPricer(sp, o.Threads, o.Engine); err != nil {
		return nil, err
	}
	s.rowStage = sp.rowStages()
	s.implied = make([]bool, p.Cols())
	for i := range assets {
		for _, j := range assets[i].Implied {
			s.implied[int(assets[i].First)+int(j)] = true
		}
	}
	if o.OnStep != nil {
		s.pricer.trace = s.trace
	}
	s.setUp = time.Since(began)
	return s, nil
}

// Bundle settings: the precision of prices, the most steps, the nearness to
// begin with.
const (
	priceTolerance = 1e-5
	priceSteps     = 150
	priceNearness  = 0.2
	forgetAfter    = 4
	priceShare     = 0.5 // of the time limit, of large programs
	mostPriceShare = 0.7 // where that leaves time for two dispatches
)

// Price finds the best prices, their bound and their regrets. When ctx ends, it
// makes do with the best so far; the error says that there are none.
func (s *Search) Price(ctx context.Context) error {
	part := 1.0
	if s.confines() && s.timed() { // the rest is for plans
		rest := 2 * float64(s.reserve()) / float64(s.o.TimeLimit)
		part = max(priceShare, min(mostPriceShare, 1-rest))
	}
	ctx, cancel := s.until(ctx, part)
	defer cancel()
	start := make([]float64, len(s.rows))
	if s.o.Start != nil {
		for i, r := range s.rows {
			start[i] = s.o.Start[r]
		}
	}
	s.pricer.master.clean(start)
	_, err := s.pricer.bundle(ctx, start, bundleOptions{
		tolerance: math.Max(math.Min(priceTolerance, s.o.Gap/5), s.o.Gap/10), steps: priceSteps,
		nearness: priceNearness, forget: forgetAfter,
		onStep: func(bound float64) { s.ledger.raise(bound, "prices") },
	})
	if err != nil {
		return err
	}
	s.ledger.raise(s.pricer.best.bound, "prices")
	if s.pricer.best.price == nil {
		return ctx.Err()
	}
	for _, price := range s.pricer.recent {
		s.remember(price)
	}
	if s.acc, err = s.pricer.settle(); err != nil {
		return err
	}
	s.ledger.raise(s.acc.bound, "prices")
	return nil
}

// limited ends ctx with the time.
func (s *Search) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return s.until(ctx, 1)
}

// until ends ctx after that part of the time limit.
func (s *Search) until(ctx context.Context, part float64) (context.Context, context.CancelFunc) {
	if !s.timed() {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, s.began.Add(time.Duration(part*float64(s.o.TimeLimit))))
}

// Result returns what is known so far. Price comes first.
func (s *Search) Result() *Result {
	r := &Result{
		Price: make([]float64, s.p.Rows()), Relaxed: make([]float64, s.p.Cols()), Reduced: slices.Clone(s.p.ColCost),
	}
	r.Bound, r.Cost, r.X = s.ledger.read()
	for i, row := range s.rows {
		v := s.acc.price[i]
		r.Price[row] = v
		for k := s.p.RowStart[row]; k < s.p.RowStart[row+1]; k++ {
			r.Reduced[s.p.Index[k]] -= v * s.p.Value[k]
		}
	}
	copy(r.Relaxed, s.acc.choice)
	for j, m := range s.acc.mean {
		if !math.IsNaN(m) {
			r.Relaxed[j] = m
		}
	}
	for i, j := range s.boxes {
		if i < len(s.pricer.box) {
			r.Relaxed[j] = s.pricer.box[i]
		}
	}
	return r
}

func (s *Search) note(text string) {
	if s.o.OnNote != nil {
		s.o.OnNote(text)
	}
}

func (s *Search) trace(format string, args ...any) {
	if s.o.OnStep != nil {
		s.o.OnStep(fmt.Sprintf("%.2f s ", time.Since(s.began).Seconds()) + fmt.Sprintf(format, args...))
	}
}

// rowStages finds the period of each priced row from the decisions in it.
func (s *split) rowStages() []int32 {
	const unset = -2
	stage := make([]int32, len(s.rows))
	for i := range stage {
		stage[i] = unset
	}
	for i := range s.assets {
		a := &s.assets[i]
		for k, d := range a.Decisions {
			j := int(a.First) + int(d)
			for q := s.start[j]; q < s.start[j+1]; q++ {
				r := s.support[i][s.index[q]]
				switch stage[r] {
				case unset, a.Stages[k]:
					stage[r] = a.Stages[k]
				default:
					stage[r] = -1
				}
			}
		}
	}
	for i, v := range stage {
		if v == unset {
			stage[i] = -1
		}
	}
	return stage
}
