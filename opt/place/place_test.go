package place

import (
	"context"
	"errors"
	"math"
	"reflect"
	"testing"
)

// ordinary is a recipe of a case that has some of everything.
func ordinary(jobs int) recipe {
	return recipe{jobs: jobs, periods: 48, sites: 4, seed: 3, utilisation: 0.75, widest: 0.2, links: 0.8, preemptible: 0.3, moldable: 0.1, malleable: 0.1, gang: 0.1, pausing: true}
}

// TestPlace: every job's place is one that the data allow, cost and bound are
// what they are called, and the account adds up.
func TestPlace(t *testing.T) {
	uneven := ordinary(400)
	uneven.uneven = true
	tight := ordinary(600)
	tight.utilisation, tight.links = 1.1, 0.3
	owned, levels, tied := ordinary(1000), ordinary(600), ordinary(800)
	tied.ties = true
	hands := tied
	hands.hands = true
	owned.quotas, levels.levels, levels.quotas = true, true, true
	for name, g := range map[string]recipe{"ordinary": ordinary(1000), "uneven": uneven, "tight": tight, "quotas": owned, "levels": levels, "ties": tied, "hands": hands} {
		t.Run(name, func(t *testing.T) {
			p, power := g.make()
			for l := range p.Links {
				p.Links[l].LeadH = 0.1 * float64(l%3)
			}
			passes := 0
			r, err := Place(context.Background(), p, power, Options{Passes: 30, OnPass: func(PassReport) { passes++ }})
			if err != nil {
				t.Fatal(err)
			}
			if r.Cut != nil || passes != r.Passes || passes < 30 {
				t.Errorf("%d passes told of %d, cut: %v", passes, r.Passes, r.Cut)
			}
			own := replay(t, p, r.Places, capacityOf(p))
			if g.hands {
				over := 0
				for i := range p.Jobs {
					over += len(replayHandedOver(p, r.Places, i))
				}
				if t.Logf("%d jobs are handed data over", over); over < 10 {
					t.Errorf("%d jobs are handed data over: the test shows little", over)
				}
			}
			use := NewUse(p)
			for i := range r.Places {
				use.Add(&r.Places[i], len(p.Hours))
			}
			if cost := own + power.Cost(&use); math.Abs(cost-r.Cost) > 1e-9*cost {
				t.Errorf("cost %g, replayed %g", r.Cost, cost)
			}
			gap := r.Cost - r.Bound
			none := NewUse(p)
			computing := r.Cost - power.Cost(&none)
			t.Logf("gap %.3f %% of computing's part; %+v, power %.2f; dropped %d, late %d", 100*gap/computing, r.Account, r.PowerGap, r.Dropped, r.Late)
			if sum := r.Account.Total() + r.PowerGap; math.Abs(sum-gap) > 1e-9*r.Cost {
				t.Errorf("gap %g, accounts add up to %g", gap, sum)
			}
			most := 0.05
			if g.ties { // which bounds do not know; TestTiesAgainstEngine says how near the optimum is
				most = 0.35
			}
			if gap < -1e-9*r.Cost || gap > most*computing {
				t.Errorf("bound %g, cost %g, of that computing %g", r.Bound, r.Cost, computing)
			}
			// The bound is what it is called: power's part and the jobs', both
			// reckoned again.
			s, err := New(p, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if again := power.Bound(&r.Prices) + s.Bound(&r.Prices, &r.Multipliers).Value; math.Abs(again-r.Bound) > 1e-9*r.Cost {
				t.Errorf("bound %g, reckoned again %g", r.Bound, again)
			}
		})
	}
}

// TestSameForAnyThreads: the answer does not depend on the number of threads.
func TestSameForAnyThreads(t *testing.T) {
	var first *Result
	for _, threads := range []int{1, 2, 4} {
		p, power := ordinary(800).make()
		r, err := Place(context.Background(), p, power, Options{Threads: threads, Passes: 8})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		} else if !reflect.DeepEqual(first, r) {
			t.Errorf("%d threads: cost %v, bound %v; one thread: %v, %v", threads, r.Cost, r.Bound, first.Cost, first.Bound)
		}
	}
}

// sharing is ordinary with results, second inputs and datasets.
func sharing(jobs int) recipe {
	g := ordinary(jobs)
	g.results, g.datasets = true, true
	return g
}

// TestCopiesCutShort: with datasets too the answer does not depend on the number of threads, and
// wherever a limit of work or a cancel ends it every copy that is used is there in time.
func TestCopiesCutShort(t *testing.T) {
	made := 0
	for n := 1; n < 400; n = n*2 + 1 {
		var first *Result
		for _, threads := range []int{1, 3} {
			p, power := sharing(300).make()
			r, err := Place(t.Context(), p, power, Options{WorkLimit: int64(100 * n), Threads: threads, Block: 32, Passes: 24})
			if err != nil {
				t.Fatal(err)
			}
			replay(t, p, r.Places, capacityOf(p))
			replayCopies(t, p, r)
			if first == nil {
				first = r
			} else if !reflect.DeepEqual(first, r) {
				t.Errorf("%d threads, %d questions: cost %v, bound %v; one thread: %v, %v", threads, 100*n, r.Cost, r.Bound, first.Cost, first.Bound)
			}
		}
		p, power := sharing(300).make()
		ctx, cancel := context.WithCancel(t.Context())
		r, err := Place(ctx, p, &stopping{power, n, cancel}, Options{Block: 32, Passes: 24})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		replay(t, p, r.Places, capacityOf(p))
		replayCopies(t, p, r)
		for k := range r.Copies {
			if r.Copies[k].Made() {
				made++
			}
		}
	}
	if made == 0 {
		t.Error("no copy is ever made")
	}
}

// stopping cancels a context when prices are asked for the n-th time.
type stopping struct {
	*supply
	n      int
	cancel context.CancelFunc
}

func (s *stopping) Price(u *Use, changed []bool, prices, slopes *Prices) {
	if s.n--; s.n == 0 {
		s.cancel()
	}
	s.supply.Price(u, changed, prices, slopes)
}

// TestCancel: whenever it is stopped, the placement is complete and keeps every
// limit.
func TestCancel(t *testing.T) {
	for n := 0; n < 400; n = n*3/2 + 1 {
		p, power := ordinary(300).make()
		ctx, cancel := context.WithCancel(context.Background())
		if n == 0 {
			cancel()
		}
		asked := &stopping{power, n, cancel}
		r, err := Place(ctx, p, asked, Options{Block: 32, Passes: 24})
		stopped := ctx.Err() != nil
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if errors.Is(r.Cut, context.Canceled) != stopped {
			t.Errorf("stopped at look %d: cut %v after %d passes", n, r.Cut, r.Passes)
		}
		replay(t, p, r.Places, capacityOf(p))
	}
}

// TestWorkLimit: a limit of work ends the placement at the same place each time.
func TestWorkLimit(t *testing.T) {
	for _, limit := range []int64{1, 500, 3000, 9000} {
		var first *Result
		for _, threads := range []int{1, 3} {
			p, power := ordinary(300).make()
			r, err := Place(context.Background(), p, power, Options{WorkLimit: limit, Threads: threads, Block: 32, Passes: 24})
			if err != nil {
				t.Fatal(err)
			}
			replay(t, p, r.Places, capacityOf(p))
			if !errors.Is(r.Cut, ErrWorkLimit) || r.Questions > limit+2*300 {
				t.Errorf("limit %d: %d questions, cut %v", limit, r.Questions, r.Cut)
			}
			if first == nil {
				first = r
			} else if !reflect.DeepEqual(first, r) {
				t.Errorf("limit %d: cost %v and %v", limit, first.Cost, r.Cost)
			}
		}
	}
}

// failing fails at the third pass.
type failing struct {
	*supply
	left int
}

var errPower = errors.New("no power")

func (f *failing) Settle(context.Context, *Use) error {
	if f.left--; f.left == 0 {
		return errPower
	}
	return nil
}

func TestPowerFails(t *testing.T) {
	p, power := ordinary(50).make()
	if _, err := Place(context.Background(), p, &failing{power, 3}, Options{}); !errors.Is(err, errPower) {
		t.Errorf("got %v", err)
	}
}

// late is a Sharer whose time ends while it settles for the nth time.
type late struct {
	*supply
	left   int
	cancel func()
}

func (l *late) Settle(ctx context.Context, _ *Use) error {
	if l.left--; l.left == 0 {
		l.cancel()
	}
	return ctx.Err()
}

func (l *late) Proves() bool { return true }

func (l *late) Room() (units, gb []float64) {
	room := allRoom(l.p)
	return room.units, room.gb
}

// TestCancelWhileSettling: time that ends while power is at work is no failure.
func TestCancelWhileSettling(t *testing.T) {
	for _, n := range []int{1, 5, 24, 25} {
		p, power := ordinary(100).make()
		ctx, cancel := context.WithCancel(context.Background())
		r, err := Place(ctx, p, &late{power, n, cancel}, Options{Passes: 24})
		cancel()
		if err != nil || !errors.Is(r.Cut, context.Canceled) {
			t.Fatalf("settled %d times: %v", n, err)
		}
		replay(t, p, r.Places, capacityOf(p))
	}
}

// learning is a Sharer that can bound from its nth answer on.
type learning struct {
	late
	proves bool
}

func (l *learning) Settle(ctx context.Context, u *Use) error {
	l.left--
	l.proves = l.left <= 0
	return ctx.Err()
}

func (l *learning) Proves() bool { return l.proves }

// TestFirstBound: the first bound that can be is reckoned at once, for time may end before the next.
func TestFirstBound(t *testing.T) {
	p, power := ordinary(100).make()
	for n := 1; n <= 3; n++ {
		ctx, cancel := context.WithCancel(context.Background())
		r, err := Place(ctx, p, &learning{late: late{supply: power, left: n}}, Options{
			Passes: 24, BoundEvery: 8,
			OnPass: func(p PassReport) {
				if p.Pass > n {
					cancel()
				}
			},
		})
		cancel()
		if err != nil || math.IsInf(r.Bound, -1) {
			t.Errorf("power can bound after %d answers: bound %g, %v", n, r.Bound, err)
		}
	}
}

// TestStepByStep: a caller drives the session itself, with limits that are
// narrower than capacity, as those of modules that are off.
func TestStepByStep(t *testing.T) {
	p, power := ordinary(600).make()
	s, err := New(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for k := range 8 {
		s.SetSoftness(3 / float64(k+1))
		s.Pass(ctx, power)
		if err := power.Settle(ctx, s.Use()); err != nil {
			t.Fatal(err)
		}
		s.Tighten()
	}
	prices, mu := s.LivePrices(), s.Multipliers()
	T := len(p.Hours)
	limit := make([]float64, len(p.Pools)*T)
	for c := range limit {
		limit[c] = p.Pools[c/T].CapacityUnits[c%T] * (0.6 + 0.4*float64(c%3)/2)
	}
	limited := func(q, t int) float64 { return limit[q*T+t] }
	s.Harden(ctx, power, limit, &prices, &mu)
	cost := replay(t, p, s.Places(), limited) + power.Cost(s.Use())
	// Back to soft, a pass, and hard again within all of the capacity.
	s.Soften()
	s.Pass(ctx, power)
	s.Harden(ctx, power, nil, &prices, &mu)
	wide := replay(t, p, s.Places(), capacityOf(p)) + power.Cost(s.Use())
	bound := power.Bound(&prices) + s.Bound(&prices, &mu).Value
	if bound > wide || wide > cost {
		t.Errorf("bound %g, cost %g, within narrower limits %g", bound, wide, cost)
	}
	a := s.Account(&prices, &mu)
	if a.Regret < 0 || a.UnitSlack < 0 || a.DataSlack < 0 {
		t.Errorf("account %+v", a)
	}
}

func TestCheck(t *testing.T) {
	p, _ := ordinary(20).make()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(p *Problem){
		"hours":       func(p *Problem) { p.Hours[3] = 0 },
		"capacity":    func(p *Problem) { p.Pools[0].CapacityUnits[2] = math.NaN() },
		"length":      func(p *Problem) { p.Pools[0].CapacityUnits = nil },
		"link":        func(p *Problem) { p.Links[1].CapacityGB[0] = -1 },
		"lead":        func(p *Problem) { p.Links[1].LeadH = math.Inf(1) },
		"reach":       func(p *Problem) { p.Reach[0][0].Pool = 99 },
		"speed":       func(p *Problem) { p.Reach[0][0].Speed = 0 },
		"widths":      func(p *Problem) { p.Widths = append(p.Widths, []Width{{1, -1}}) },
		"shape":       func(p *Problem) { p.Jobs[0].Shape = 77 },
		"no reach":    func(p *Problem) { p.Jobs[0].Reach = 1000 },
		"no widths":   func(p *Problem) { p.Jobs[0].Shape, p.Jobs[0].Widths = Moldable, 1000 },
		"window":      func(p *Problem) { p.Jobs[0].End = 1000 },
		"units":       func(p *Problem) { p.Jobs[0].Shape, p.Jobs[0].Units = Rigid, 0 },
		"work":        func(p *Problem) { p.Jobs[0].WorkUnitH = math.NaN() },
		"drop price":  func(p *Problem) { p.Jobs[0].DropPrice = -1 },
		"many errors": func(p *Problem) { clear(p.Hours); clear(p.Jobs) },
	} {
		q, _ := ordinary(20).make()
		spoil(q)
		if _, err := New(q, Options{}); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

// TestEmpty: nothing to place, nowhere to place it, no time.
func TestEmpty(t *testing.T) {
	for _, p := range []*Problem{
		{},
		{Hours: []float64{1, 1}},
		{Hours: []float64{1}, Reach: [][]Option{nil}, Jobs: []Job{{Units: 1, WorkUnitH: 1, End: 1, DropPrice: 7}}},
		{Reach: [][]Option{nil}, Jobs: []Job{{Units: 1, WorkUnitH: 1, DropPrice: 7}}},
	} {
		r, err := Place(context.Background(), p, &supply{p: p, stiffness: 1}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := 7 * float64(len(p.Jobs))
		if r.Cost != want || math.Abs(r.Bound-want) > 1e-9 {
			t.Errorf("cost %g, bound %g, want %g", r.Cost, r.Bound, want)
		}
	}
}
