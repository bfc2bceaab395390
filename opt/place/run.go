package place

import (
	"context"
	"errors"
	"math"
)

// ErrWorkLimit is why a placement ended at its limit of work.
var ErrWorkLimit = errors.New("place: the limit of work is reached")

// Result is a complete placement and what is known of it.
type Result struct {
	// Places of the jobs, in order, and how copies come.
	Places []Assignment
	Copies []Delivery
	Use    Use
	// Cost is the jobs' own cost plus Power's for the use.
	Cost float64
	// Bound on the cost of every placement; -Inf if none was reckoned. It is
	// Power's at Prices plus Jobs.
	Bound       float64
	Jobs        JobBound
	Prices      Prices
	Multipliers Multipliers
	// Account of the job half of the gap; PowerGap is the rest of it.
	Account  Account
	PowerGap float64
	// Dropped jobs and their price; late ones and theirs.
	Dropped, Late         int
	DroppedCost, LateCost float64
	// Passes done and questions asked.
	Passes    int
	Questions int64
	// Cut says why the placement ended before its time, nil if it did not.
	Cut error
}

// Place places every job. However early the context or the work ends, the
// result is complete and keeps every capacity. An error says that the problem
// is meaningless, or that Power failed.
func Place(ctx context.Context, p *Problem, power Power, o Options) (*Result, error) {
	s, err := New(p, o)
	if err != nil {
		return nil, err
	}
	r := &run{s: s, power: power, best: Result{Bound: math.Inf(-1), Prices: NewPrices(p), Multipliers: NewMultipliers(p)}}
	r.proves = provesNow(power)
	s.look(power)
	defer r.yield(1)
	if err := r.passes(ctx, s.o.Passes, s.o.Anneal, s.o.SoftStart, 1, calm); err != nil {
		return nil, err
	}
	if err := r.harden(ctx, firm); err != nil {
		return nil, err
	}
	for range s.o.Reheats {
		if s.watch(ctx); s.stop() {
			break
		}
		if err := r.reheat(ctx); err != nil {
			return nil, err
		}
	}
	if err := r.yields(ctx); err != nil {
		return nil, err
	}
	return r.result(ctx), nil
}

// How fast power's prices rise with use, relative to the first passes: in the last ones, and
// where capacity becomes hard. Steep ones soon find what scarce units are worth, and then have jobs
// run to and fro; where jobs make room for power's own users, flat ones tell them too late.
const calm, firm = 0.07, 0.3

// yield has power's prices rise a part as fast as at first.
func (r *run) yield(part float64) {
	if p, ok := r.power.(Yielder); ok {
		p.Yield(part)
	}
}

// yieldTo is how fast prices rise, relative to before, where power yields, time after time.
var yieldTo = [...]float64{1. / 4, 1. / 16, 1. / 64}

// yields lets the jobs of a placement in which none moved any more respond to prices that
// rise less, while there is a gap beyond the options', and it wins something.
func (r *run) yields(ctx context.Context) error {
	if _, ok := r.power.(Yielder); !ok {
		return nil
	}
	for _, part := range yieldTo {
		cost, bound := r.best.Cost, r.best.Bound
		if r.s.watch(ctx); r.moved > 0 || cost-bound <= r.s.o.Gap*math.Abs(cost) || r.s.stop() {
			break
		}
		r.softly()
		if err := r.rearrange(ctx, part); err != nil {
			return err
		}
		if least := 1e-3 * (cost - bound); cost-r.best.Cost < least && r.best.Bound-bound < least {
			break
		}
	}
	return nil
}

// run is the state of Place.
type run struct {
	s     *Session
	power Power
	best  Result // the best placement and the best bound so far
	kept  bool
	moved int // jobs in the last pass
	// proves says whether power could bound before the last pass.
	proves bool
	mean   average

	pending []pendingBound
	asked   chan struct{} // closed when power has answered the last of them: it is asked in order
}

// average of prices over passes.
type average struct {
	n      float64
	prices Prices
	mu     Multipliers
}

// passes lets the jobs respond; capacity grows hard over the last ones, and from a third of
// them on power's prices rise ever less with use, from a part of how fast they did at first to another.
func (r *run) passes(ctx context.Context, passes, anneal int, softness, part, last float64) error {
	defer r.collect()
	s := r.s
	calmer := math.Pow(last/part, 1/float64(passes-passes/3))
	harder := math.Pow(s.o.SoftEnd/softness, 1/float64(anneal))
	r.mean = average{prices: NewPrices(s.p), mu: NewMultipliers(s.p)}
	s.SetSoftness(softness)
	for k := range passes {
		if s.watch(ctx); s.stop() {
			return nil
		}
		if k >= passes-anneal {
			s.SetSoftness(s.softness * harder)
		}
		if k >= passes/3 {
			part *= calmer
		}
		r.yield(part)
		report := s.Pass(ctx, r.power)
		r.moved = report.Moved
		if s.stop() {
			return nil
		}
		if err := r.power.Settle(ctx, &s.use); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		s.look(r.power)
		s.Tighten()
		if k == passes/3 || k == 2*passes/3 {
			r.mean.restart()
		}
		r.mean.take(&s.prices, &s.mu)
		proves := provesNow(r.power)
		if (k+1)%s.o.BoundEvery == 0 || k == passes-1 || proves && !r.proves {
			r.collect()
			if proves {
				r.bound(&s.prices, &s.mu)
				r.bound(&r.mean.prices, &r.mean.mu)
			}
		}
		r.proves = proves
		r.best.Passes++
		if s.o.OnPass != nil {
			report.Pass, report.Bound, report.Cost = r.best.Passes, r.best.Bound, math.Inf(1)
			if r.kept {
				report.Cost = r.best.Cost
			}
			s.o.OnPass(report)
		}
	}
	return nil
}

// provesNow says whether a bound can be reckoned by now. The first that can is, whichever pass it is after.
func provesNow(power Power) bool {
	p, shared := power.(Sharer)
	return !shared || p.Proves()
}

func (a *average) restart() {
	a.n = 0
	clear3(a.prices.Held, a.prices.Busy, a.prices.GB)
	clear3(a.mu.Held, a.mu.GB, a.mu.UnitH)
}

func (a *average) take(prices *Prices, mu *Multipliers) {
	a.n++
	blend := func(mean, now []float64) {
		for i, v := range now {
			mean[i] += (v - mean[i]) / a.n
		}
	}
	blend(a.prices.Held, prices.Held)
	blend(a.prices.Busy, prices.Busy)
	blend(a.prices.GB, prices.GB)
	blend(a.mu.Held, mu.Held)
	blend(a.mu.GB, mu.GB)
	blend(a.mu.UnitH, mu.UnitH)
}

// bound reckons the bound at prices. Where power answers beside all else, its part
// comes later.
func (r *run) bound(prices *Prices, mu *Multipliers) {
	b := pendingBound{prices: prices.clone(), mu: mu.Clone(), power: make(chan float64, 1)}
	_, shared := r.power.(Sharer)
	if shared {
		b.prices, b.mu = r.s.p.together(prices, mu)
		before := r.asked
		r.asked = make(chan struct{})
		go func(done chan struct{}) {
			if before != nil {
				<-before
			}
			b.power <- r.power.Bound(&b.prices)
			close(done)
		}(r.asked)
	} else {
		b.power <- r.power.Bound(&b.prices)
	}
	b.jobs = r.s.Bound(&b.prices, &b.mu)
	r.pending = append(r.pending, b)
	if !shared {
		r.collect()
	}
}

// pendingBound is a bound that lacks power's part.
type pendingBound struct {
	prices Prices
	mu     Multipliers
	jobs   JobBound
	power  chan float64
}

// collect waits for power's part of all bounds and keeps the best.
func (r *run) collect() {
	for _, b := range r.pending {
		if bound := <-b.power + b.jobs.Value; bound > r.best.Bound {
			r.best.Bound, r.best.Jobs = bound, b.jobs
			r.best.Prices, r.best.Multipliers = b.prices, b.mu
		}
	}
	r.pending = nil
}

// Worth is what one more unit, and one more GB, would save where the bound has it: the
// prices of use with those of capacity, of a placement of p. Nil without a bound.
func (r *Result) Worth(p *Problem) *Prices {
	if math.IsInf(r.Bound, 0) {
		return nil
	}
	worth, _ := p.together(&r.Prices, &r.Multipliers)
	return &worth
}

// together adds the prices of capacity to those of use; what is left are the multipliers
// of quotas, of which power knows nothing.
func (p *Problem) together(prices *Prices, mu *Multipliers) (Prices, Multipliers) {
	sum, own := prices.clone(), mu.Clone()
	T := len(p.Hours)
	for c := range sum.Held {
		sum.Held[c] += mu.Held[p.BasePool(c/T)*T+c%T]
	}
	clear(own.Held[:len(sum.Held)])
	for c, v := range mu.GB {
		sum.GB[c] += v
	}
	clear(own.GB)
	return sum, own
}

// sharings is how often at most power's own users and jobs make room for each other;
// worthSharing is the part of the gap that one of two times must have won to try again.
const sharings, worthSharing = 6, 0.02

// harden makes the placement keep capacity, less what power's own users take. Those
// make room for the jobs that are placed, and that may be room for others. Prices rise a
// part as fast as at first.
func (r *run) harden(ctx context.Context, part float64) error {
	r.yield(part)
	prices, mu := &r.best.Prices, &r.best.Multipliers
	if math.IsInf(r.best.Bound, -1) { // none was proved: those of now
		now, capacity := r.s.prices.clone(), r.s.mu.Clone()
		prices, mu = &now, &capacity
	}
	p, shared := r.power.(Sharer)
	if !shared {
		r.s.Harden(ctx, r.power, nil, prices, mu)
		r.keep()
		return nil
	}
	polish, idle := r.s.o.Polish, 0
	for k := range sharings {
		if r.s.watch(ctx); k > 0 && r.s.stop() {
			break
		}
		if k > 0 {
			polish = 1 // little has changed
		}
		// Where time is up, what others left last is what there is.
		if err := p.Settle(ctx, &r.s.use); err != nil && ctx.Err() == nil {
			return err
		}
		r.s.SetRoom(p.Room())
		r.s.harden(ctx, r.power, nil, prices, mu, polish)
		before := r.best.Cost
		r.keep()
		if gap := r.best.Cost - r.best.Bound; k == 0 || math.IsInf(gap, 0) || before-r.best.Cost >= worthSharing*gap {
			idle = 0
		} else if idle++; idle == 2 {
			break
		}
	}
	r.s.SetRoom(nil, nil)
	return nil
}

// keep keeps the placement of now if it is the best.
func (r *run) keep() {
	s := r.s
	cost := r.power.Cost(&s.use) + s.ownCost()
	if r.kept && cost >= r.best.Cost {
		return
	}
	r.kept = true
	r.best.Cost = cost
	r.best.Places = append(r.best.Places[:0], s.places...)
	r.best.Copies = append(r.best.Copies[:0], s.copies...)
}

// ownCost is what being late and dropped costs all jobs.
func (s *Session) ownCost() float64 {
	return s.crew.sum(len(s.places), func(_, i int) float64 { return s.market.ownCost(&s.p.Jobs[i], &s.places[i]) })
}

// reheat sets dropped jobs of high regret in and lets the others arrange
// themselves around them.
func (r *run) reheat(ctx context.Context) error {
	s := r.s
	gap := r.best.Cost - r.best.Bound
	dropped := s.Account(&r.best.Prices, &r.best.Multipliers).RegretDropped
	if math.IsInf(gap, 0) || dropped < 0.1*gap {
		return nil // the gap lies elsewhere
	}
	r.softly()
	s.force(marketAt(s.p, s.seats, &r.best.Prices, &r.best.Multipliers), 0.02*gap)
	return r.rearrange(ctx, 1)
}

// softly goes back to prices of capacity, those of the bound.
func (r *run) softly() {
	r.s.mu = r.best.Multipliers.Clone()
	r.s.SetSoftness(r.s.o.SoftStart / 2)
	r.s.Soften()
}

// rearrange lets jobs respond in a few more passes, at prices that rise a part as fast as those
// before, and keeps what comes of it if it is better.
func (r *run) rearrange(ctx context.Context, part float64) error {
	if err := r.passes(ctx, 8, 8, r.s.o.SoftStart/2, part*calm, part*calm); err != nil {
		return err
	}
	return r.harden(ctx, part)
}

// result goes back to the best placement and takes its gap apart.
func (r *run) result(ctx context.Context) *Result {
	s, out := r.s, &r.best
	copy(s.places, out.Places)
	s.takeCopies(out.Copies)
	s.recount()
	out.Use = s.use
	out.Dropped, out.Late, out.DroppedCost, out.LateCost = 0, 0, 0, 0
	for i := range s.places {
		switch cost := s.market.ownCost(&s.p.Jobs[i], &s.places[i]); {
		case s.places[i].Dropped():
			out.Dropped++
			out.DroppedCost += cost
		case cost > 0:
			out.Late++
			out.LateCost += cost
		}
	}
	if !math.IsInf(out.Bound, 0) {
		out.Account = s.Account(&out.Prices, &out.Multipliers)
		out.PowerGap = out.Cost - out.DroppedCost - out.LateCost - out.Prices.times(&s.use) - (out.Bound - out.Jobs.Value)
	}
	out.Questions = s.Questions()
	if s.watch(ctx); s.stop() {
		out.Cut = context.Cause(ctx)
		if out.Cut == nil {
			out.Cut = ErrWorkLimit
		}
	}
	return out
}
