package place

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// Session is a placement under way. Place drives one from start to end; a caller
// that has its own exchange with the power half drives it step by step: Pass,
// Tighten, Bound, Harden. It is for one goroutine at a time.
type Session struct {
	p *Problem
	o Options

	use     Use
	load    load
	seats   *seating
	places  []Assignment
	copies  []Delivery // of Problem.Copies
	order   []int32    // positions of jobs, most work first
	big     []bool     // jobs whose own weight on prices counts
	ties    *ties      // nil without
	copying *copying   // nil without
	frozen  []bool     // jobs that keep their place for now; nil: none

	// Live prices and their slopes, as of the last look and moved with every
	// job since; changed says which periods moved.
	prices, slopes Prices
	changed        []bool
	// Multipliers of capacity and how steeply they rise with the load: money
	// per unit, by cell, per unit-hour, by quota, and per GB, by link.
	mu                       Multipliers
	pace                     paces
	unitRho, unitHRho, gbRho []float64
	capacity                 []float64 // units of cells, cell*T + t
	meanGB                   []float64 // capacity of a link in the mean period
	sent                     []float64 // scratch of resend, as is again
	again                    []Sent
	softness                 float64
	typicalUnit              float64
	typicalGB                float64
	leastGain                float64 // money that a move must win
	gained                   float64 // fall of the potential by moves so far

	// room is the capacity that jobs may use now.
	room room

	// In hard mode no cell may hold more than limit, and mu has no say.
	hard  bool
	limit []float64 // units, by cell and period

	crew   crew
	market *market
	askers []*asker // one for each worker, on market
	block  []proposal
	own    *asker // on a market of its own, for big jobs
	single proposal
	looked bool  // the pricer has been asked before
	spent  int64 // questions to askers since gone
	stop   func() bool
}

// New opens a session in which every job is dropped.
func New(p *Problem, o Options) (*Session, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	o = o.withDefaults(len(p.Jobs))
	p = p.withScratchReach()
	s := &Session{
		p: p, o: o,
		use: NewUse(p), places: make([]Assignment, len(p.Jobs)),
		prices: NewPrices(p), slopes: NewPrices(p), changed: make([]bool, len(p.Hours)),
		mu: NewMultipliers(p), unitRho: make([]float64, len(p.Pools)+len(p.Quotas)), unitHRho: make([]float64, len(p.Quotas)),
		gbRho: make([]float64, len(p.Links)), load: newLoad(p), seats: newSeating(p), capacity: p.limits(),
		crew: crew{o.Threads}, softness: o.SoftStart, stop: func() bool { return false },
	}
	s.market = newMarket(p, s.seats)
	s.limit = make([]float64, len(s.capacity))
	s.room = allRoom(p)
	for i := range s.places {
		s.places[i] = dropped()
	}
	for range o.Threads {
		s.askers = append(s.askers, newAsker(s.market))
	}
	for l := range p.Links {
		s.meanGB = append(s.meanGB, max(mean(p.Links[l].CapacityGB), 1e-6))
	}
	_, gb := p.cells()
	s.pace = paces{make([]pace, len(s.capacity)), make([]pace, gb), make([]pace, len(p.Quotas))}
	s.sent = make([]float64, len(p.Hours))
	s.block = make([]proposal, o.Block)
	s.own = newAsker(newMarket(p, s.seats))
	s.resetLimit(nil)
	if s.ties = newTies(p); s.ties != nil {
		s.p = s.ties.afterOthers(p, s.market.starts)
		s.ties.foresee(s.p, s.market.starts)
		s.ties.needs = s.ties.stagesOf(s.p, s.market.starts)
	}
	s.sortJobs()
	s.markBig()
	s.copies, s.copying = make([]Delivery, len(p.Copies)), newCopying(p, s.order, s.market.soonest())
	s.own.m.ready = s.market.ready
	s.showCopies()
	return s, nil
}

// Use returns what the jobs take now. It is the session's: not to be written.
func (s *Session) Use() *Use { return &s.use }

// Places returns the place of every job. It is the session's: not to be written.
func (s *Session) Places() []Assignment { return s.places }

// Copies says which copies are made, and how they come. It is the session's: not to be
// written.
func (s *Session) Copies() []Delivery { return s.copies }

// Multipliers returns a copy of the multipliers of capacity.
func (s *Session) Multipliers() Multipliers { return s.mu.Clone() }

// LivePrices returns a copy of the prices as the jobs see them now, without
// capacity.
func (s *Session) LivePrices() Prices { return s.prices.clone() }

// Questions returns the number of questions to oracles so far, which is the
// measure of work.
func (s *Session) Questions() int64 {
	n := s.own.questions + s.spent
	for _, a := range s.askers {
		n += a.questions
	}
	return n
}

// resetLimit takes the limits of hard mode, never above capacity; nil is
// capacity.
func (s *Session) resetLimit(units []float64) {
	copy(s.limit, s.room.units)
	for c, v := range units {
		s.limit[c] = max(0, min(s.limit[c], v))
	}
}

// sortJobs puts jobs with more work first; those with as much, by lot.
func (s *Session) sortJobs() {
	s.order = make([]int32, len(s.p.Jobs))
	for i := range s.order {
		s.order[i] = int32(i)
	}
	lot := rand.New(rand.NewPCG(s.o.Seed, 0x77617474))
	lot.Shuffle(len(s.order), func(a, b int) { s.order[a], s.order[b] = s.order[b], s.order[a] })
	slices.SortStableFunc(s.order, func(a, b int32) int {
		return cmp.Compare(s.p.Jobs[b].WorkUnitH, s.p.Jobs[a].WorkUnitH)
	})
	if s.ties != nil { // those that others wait for come first
		slices.SortStableFunc(s.order, func(a, b int32) int { return cmp.Compare(s.ties.depth[a], s.ties.depth[b]) })
	}
}

// markBig finds the jobs that are big for a pool or link in their reach.
func (s *Session) markBig() {
	pools := make([]float64, len(s.p.Pools))
	for q := range pools {
		pools[q] = mean(s.p.Pools[q].CapacityUnits)
	}
	type narrowest struct{ units, gb float64 }
	reach := make([]narrowest, len(s.p.Reach))
	for i, set := range s.p.Reach {
		n := narrowest{-1, -1}
		narrow := func(to *float64, v float64) {
			if v > 0 && (*to < 0 || v < *to) {
				*to = v
			}
		}
		for _, o := range set {
			narrow(&n.units, pools[o.Pool])
			for _, link := range o.Links {
				if link != None {
					narrow(&n.gb, s.meanGB[link])
				}
			}
		}
		reach[i] = n
	}
	s.big = make([]bool, len(s.p.Jobs))
	way := s.narrowestWay()
	for _, e := range s.p.Precedences {
		s.big[e.After] = s.big[e.After] || e.GB > s.o.BigShare*way
	}
	for i := range s.p.Jobs {
		j := &s.p.Jobs[i]
		n := reach[j.Reach]
		if j.Owner > 0 {
			for _, q := range s.p.Owners[j.Owner-1] {
				c := (len(s.p.Pools) + int(q)) * len(s.p.Hours)
				n.units = min(n.units, max(mean(s.capacity[c:c+len(s.p.Hours)]), 1e-6))
			}
		}
		s.big[i] = s.big[i] || n.units > 0 && s.p.mostUnits(j) > s.o.BigShare*n.units || n.gb > 0 && j.mostGB() > s.o.BigShare*n.gb
	}
}

// mostUnits that the job can hold.
func (p *Problem) mostUnits(j *Job) float64 {
	if !j.Shape.hasWidths() {
		return j.Units
	}
	most := 0.0
	for _, w := range p.Widths[j.Widths] {
		most = max(most, w.Units)
	}
	return most
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / max(1, float64(len(values)))
}
