package verify

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// ReplayOptions say how the reserve of jobs is called.
type ReplayOptions struct {
	// Runs of the horizon, each with calls of its own.
	Runs int
	// Seed of the calls: the same seed gives the same calls.
	Seed uint64
	// Check has the options of the plan's check; the tolerances are used here too.
	Check Options
}

// ReplayReport is the outcome of a replay.
type ReplayReport struct {
	// Runs made, Calls in all of them, and Jobs that may be called.
	Runs  int `json:"runs"`
	Calls int `json:"calls"`
	Jobs  int `json:"jobs"`
	// UpMWh and DownMWh called at the buses, over all runs.
	UpMWh   float64 `json:"up_mwh"`
	DownMWh float64 `json:"down_mwh"`
	// MostMovedUnitH is the most work that the calls of one run moved of one job, in
	// unit-hours of its pool.
	MostMovedUnitH float64 `json:"most_moved_unit_h"`
	// Violations of ReplayRules. Further ones of a rule than Options.MaxPerRule are
	// counted.
	Violations []Violation `json:"violations"`
	Omitted    int         `json:"omitted,omitempty"`
}

// OK says that every job did its work in every run, and within every limit.
func (r *ReplayReport) OK() bool { return len(r.Violations) == 0 }

const (
	ruleReplayPower         = "replay.power"
	ruleReplayFinish        = "replay.finish"
	ruleReplayWindow        = "replay.window"
	ruleReplayInterruptions = "replay.interruptions"
	ruleReplayPool          = "replay.pool"
	ruleReplaySite          = "replay.site"
)

// ReplayRules lists what Replay looks at.
func ReplayRules() []Rule {
	return []Rule{
		{ruleReplayPower, "A job that is called can change its power by what is called, on top of catching up."},
		{ruleReplayFinish, "Every job does its planned work, no more and no less, whatever the calls."},
		{ruleReplayWindow, "No job works before its release, or catches up after its due time or else its deadline."},
		{ruleReplayInterruptions, "No job is interrupted more often than it may be, by calls and pauses together."},
		{ruleReplayPool, "Work in a pool takes at most the units of the modules on while jobs are called and catch up."},
		{ruleReplaySite, "While jobs are called and catch up, beside all downward reserve of what stands behind its meter, a site imports at most its import limit, and while a demand response is called the baseline less the reduction; its machines draw at most what its cooling serves."},
	}
}

// Replay calls the reserve of the plan's jobs at random, again and again: each
// product at most as often as it may be, each call for its sustained duration, of
// all jobs or some, in whole or in part. Jobs answer (gangs stop whole), then catch up
// as soon as they can; what becomes of pools, sites and jobs is compared with their limits. It does
// not rely on the conditions that Check asks for: a plan that fails Check may be
// replayed, as long as it has the shape of its case; the error says that it has
// not. A context that ends, ends the replay with its error and what was found so
// far.
func Replay(ctx context.Context, c *model.Case, p *model.Plan, o ReplayOptions) (*ReplayReport, error) {
	k := &checker{c: c, p: p, o: o.Check.withDefaults(), report: &Report{}, found: map[string]int{}, replays: true}
	for _, kind := range kinds() {
		if kind.check(k); k.halted {
			return nil, fmt.Errorf("replay: the plan does not fit its case: %s", k.report.Violations[0].Detail)
		}
	}
	k.report, k.found = &Report{}, map[string]int{}
	y := k.openReplay()
	y.out.Jobs = len(k.callables)
	for ctx.Err() == nil && y.out.Runs < o.Runs {
		y.run(y.out.Runs, rand.New(rand.NewPCG(o.Seed, uint64(y.out.Runs))))
		y.out.Runs++
	}
	y.out.Violations, y.out.Omitted = append([]Violation{}, k.report.Violations...), k.report.Omitted
	return &y.out, ctx.Err()
}

// replay holds what all runs share, and the state of one.
type replay struct {
	*checker
	out ReplayReport

	products []int   // that jobs provide
	promised [][]int // by product: periods in which something is promised
	held     [][]float64
	it       [][]float64 // MW by site before the overhead
	mostMW   [][]float64 // that each site may import

	calls  []call
	number int         // of the run
	more   [][]float64 // units by pool on top of the plan
	mostIT [][]float64 // MW by site before the overhead

	// Of one job: unit-hours moved, by the period before which the call has ended,
	// and units dropped or added, at worst in the period.
	ended, called []float64

	// Of one gang.
	stops *stops
	lived outcomeOfStops
}

// call is one activation of a product.
type call struct {
	product, first, end int
	share               float64 // of what is promised
	some                float64 // probability that a job is called
	key                 uint64  // which jobs these are
}

func (k *checker) openReplay() *replay {
	y := &replay{
		checker: k, held: k.taken, it: grid(len(k.c.Sites), k.periods), mostMW: k.mostImports(),
		more: grid(len(k.c.Pools), k.periods), mostIT: grid(len(k.c.Sites), k.periods),
		ended: make([]float64, k.periods+1), called: make([]float64, k.periods),
		stops: k.newStops(),
	}
	for i := range k.c.Pools {
		for t, mw := range k.drawn[i] {
			y.it[k.at.sites[k.c.Pools[i].Site]][t] += mw
		}
	}
	for product := range k.c.Reserves {
		var at []int
		for t := range k.periods {
			promises := func(a *callable) bool {
				return slices.ContainsFunc(a.offers, func(o offer) bool { return o.product == product && o.units[t] > k.o.Tolerances.Activity })
			}
			if slices.ContainsFunc(k.callables, promises) {
				at = append(at, t)
			}
		}
		if len(at) > 0 {
			y.products = append(y.products, product)
			y.promised = append(y.promised, at)
		}
	}
	return y
}

// mostImports is what each site may import in each period: its limit, and less while a
// demand response is called.
func (k *checker) mostImports() [][]float64 {
	out := grid(len(k.c.Sites), k.periods)
	for i := range out {
		for t := range out[i] {
			out[i][t] = k.c.Sites[i].ImportLimitMW.At(t, math.Inf(1))
		}
	}
	for i := range k.c.DemandResponses {
		d := &k.c.DemandResponses[i]
		most := out[k.at.sites[d.Site]]
		for t, called := range k.p.DemandResponses[i].Called {
			if called != 0 {
				most[t] = min(most[t], d.BaselineMW.At(t, 0)-d.ReductionMW)
			}
		}
	}
	return out
}

// run makes calls and lets every job answer.
func (y *replay) run(number int, r *rand.Rand) {
	y.number, y.calls = number, y.calls[:0]
	for n, product := range y.products {
		y.draw(r, product, y.promised[n])
	}
	if len(y.calls) == 0 {
		return
	}
	y.out.Calls += len(y.calls)
	for i := range y.more {
		clear(y.more[i])
	}
	for i := range y.mostIT {
		copy(y.mostIT[i], y.it[i])
	}
	for n, a := range y.callables {
		y.answer(n, a)
	}
	y.limits()
}

// draw chooses the calls of a product. Mostly they are whole, of all jobs, as many
// as may be, and begin such that something is promised in them.
func (y *replay) draw(r *rand.Rand, product int, promised []int) {
	p := &y.c.Reserves[product]
	n := max(1, p.Activations)
	if r.IntN(3) == 0 {
		n = r.IntN(n + 1)
	}
	from := len(y.calls)
	for range 2 * n {
		if len(y.calls)-from == n {
			break
		}
		first := promised[r.IntN(len(promised))]
		switch r.IntN(4) {
		case 0: // begins earlier, as long as it reaches the promise
			for first > 0 && y.callEnd(first-1, p.Sustained()) > first && r.IntN(3) > 0 {
				first--
			}
		case 1:
			first = r.IntN(y.periods)
		}
		c := call{product: product, first: first, end: y.callEnd(first, p.Sustained()), share: 1, some: 1, key: r.Uint64()}
		if r.IntN(3) == 0 {
			c.share = r.Float64()
		}
		if r.IntN(3) == 0 {
			c.some = r.Float64()
		}
		overlaps := func(o call) bool { return c.first < o.end && o.first < c.end }
		if !slices.ContainsFunc(y.calls[from:], overlaps) {
			y.calls = append(y.calls, c)
		}
	}
}

// asks says how much of its promise a call asks of the n-th callable job.
func (c *call) asks(n int) float64 {
	if c.some >= 1 {
		return c.share
	}
	// A cheap hash of the call and the job (SplitMix64).
	z := c.key + uint64(n+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	if float64((z^z>>31)>>11)/(1<<53) < c.some {
		return c.share
	}
	return 0
}

// answer lets the n-th callable job answer all calls of a run, and catch up.
func (y *replay) answer(n int, a *callable) {
	if a.gang != nil {
		y.answerGang(n, a)
		return
	}
	ended, called := y.ended, y.called
	clear(ended)
	clear(called)
	moved := 0.0
	for i := range y.calls {
		c := &y.calls[i]
		share := c.asks(n)
		for k := range a.offers {
			if o := &a.offers[k]; o.product == c.product && share > 0 {
				lost := y.callOn(a, o, c, share, called)
				ended[c.end] += lost
				moved += lost
			}
		}
	}
	if moved == 0 && !slices.ContainsFunc(called, func(v float64) bool { return v != 0 }) {
		return
	}
	y.out.MostMovedUnitH = max(y.out.MostMovedUnitH, moved)
	behind := 0.0
	for t, h := range y.hours {
		behind += ended[t]
		room := a.spare[t]
		if a.down {
			room = a.busy[t]
		}
		caught := min(behind/h, max(0, room))
		behind -= caught * h
		y.period(a, t, called[t], caught)
	}
	behind += ended[y.periods]
	if y.above(behind, 0) {
		y.breach(ruleReplayFinish, a.job, -1, behind, 0, "run %d: number %d is %g unit-h of its pool from its planned work at the end; calls: %s", y.number, a.number, behind, y.words())
	}
}

// callOn drops or adds what a call asks for of an offer, and returns the unit-hours
// that it moves.
func (y *replay) callOn(a *callable, o *offer, c *call, share float64, called []float64) (moved float64) {
	left := y.c.Reserves[o.product].Sustained()
	for t := c.first; t < c.end; t++ {
		units := share * o.units[t]
		hours := min(left, y.hours[t])
		left -= hours
		called[t] += units
		moved += units * hours
		mwh := units * hours * y.mwPerUnit(a.pool, t)
		if a.down {
			y.out.DownMWh += mwh
		} else {
			y.out.UpMWh += mwh
		}
	}
	return moved
}

// period checks a period of a job that is called for some units and catches up with
// others, and adds up what it takes at worst on top of the plan.
func (y *replay) period(a *callable, t int, called, caught float64) {
	if called == 0 && caught == 0 {
		return
	}
	added := caught
	if a.down {
		// The call may fill another part of the period than the work skipped.
		added = called
		if y.above(a.busy[t]+added, a.units) {
			y.breach(ruleReplayPower, a.job, t, a.busy[t]+added, a.units, "run %d: number %d is called to hold %g units of %g; calls: %s", y.number, a.number, a.busy[t]+added, a.units, y.words())
		}
		if y.active(called) && (t < a.first || t >= a.end) {
			y.breach(ruleReplayWindow, a.job, t, called, 0, "run %d: number %d works ahead in a period in which it may not work", y.number, a.number)
		}
	} else {
		if y.above(called, a.busy[t]+caught) || y.above(a.busy[t]+caught, a.units) {
			y.breach(ruleReplayPower, a.job, t, called, a.busy[t]+caught, "run %d: number %d is called to drop %g units and holds %g; calls: %s", y.number, a.number, called, a.busy[t]+caught, y.words())
		}
		if y.active(caught) && (t < a.first || t >= a.due) {
			y.breach(ruleReplayWindow, a.job, t, caught, 0, "run %d: number %d catches up in a period in which it may not", y.number, a.number)
		}
	}
	y.more[a.pool][t] += added
	y.mostIT[y.at.sites[y.c.Pools[a.pool].Site]][t] += y.c.Pools[a.pool].DynamicMWPerUnit * added
}

// limits compares pools and sites with their limits.
func (y *replay) limits() {
	for i, row := range y.sumOfBases(y.more) {
		p := &y.c.Pools[i]
		for t, more := range row {
			if more == 0 {
				continue
			}
			if most := float64(y.p.Pools[i].ModulesOn[t]) * p.UnitsPerModule; y.above(y.held[i][t]+more, most) {
				y.breach(ruleReplayPool, p.Name, t, y.held[i][t]+more, most, "run %d: work takes %g units, at most %g; calls: %s", y.number, y.held[i][t]+more, most, y.words())
			}
		}
	}
	for i := range y.c.Sites {
		s := &y.c.Sites[i]
		for t, it := range y.mostIT[i] {
			if it <= y.it[i][t] {
				continue
			}
			if mw, most := y.calledMW(i, t, it), y.mostMW[i][t]; y.above(mw, most) {
				y.breach(ruleReplaySite, s.Name, t, mw, most, "run %d: import is %g MW, at most %g; calls: %s", y.number, mw, most, y.words())
			}
			if most := coolingEnd(s); y.above(it, most) {
				y.breach(ruleReplaySite, s.Name, t, it, most, "run %d: IT power is %g MW, the cooling serves %g; calls: %s", y.number, it, most, y.words())
			}
		}
	}
}

// words lists the calls of a run.
func (y *replay) words() string {
	text := ""
	for i := range y.calls {
		c := &y.calls[i]
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%s in periods %d to %d, %.3g of it", y.c.Reserves[c.product].Name, c.first, c.end-1, c.share)
	}
	return text
}
