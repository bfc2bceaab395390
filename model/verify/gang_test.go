package verify

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestGangOnCallIsValid: the plan holds, and each product has what its one period of
// promise gives.
func TestGangOnCallIsValid(t *testing.T) {
	f := onCall()
	if warnings, err := f.c.Validate(); err != nil || len(warnings) > 0 {
		t.Error(warnings, err)
	}
	mustOK(t, f.check())
	for product, at := range map[int]int{0: 1, 1: 4} {
		for i, mw := range f.p.Reserves[product].ShortageMW {
			want := 0.5
			if i == at {
				want = 0
			}
			if math.Abs(mw-want) > 1e-9 {
				t.Errorf("%s is short of %g MW in period %d, want %g", f.p.Reserves[product].Name, mw, i, want)
			}
		}
	}
}

// TestGangGoesOnFromBefore: what a gang that ran before the horizon keeps in its first
// period follows that run.
func TestGangGoesOnFromBefore(t *testing.T) {
	f := onCall()
	j, p := f.named("train")
	j.Running = &model.Running{Pool: "p"}
	j.MaxInterruptions = ptr(5)
	// Being off in the first period is an interruption: 16 unit-h.
	p.First, p.BusyUnits, p.HeldUnits = 1, []float64{4, 4, 0, 4, 4}, []float64{4, 4, 0, 4, 4}
	j.WorkUnitH -= 4
	p.SpareUnits[0] = 4
	f.derive()
	f.price()
	mustOK(t, f.check())
}

// TestStoppedGangByHand follows the gang through calls. Slow from 0.5 to 2 h stops it
// for 1.5 h, and going on at 2 h, in the spare hour, costs half an hour: of the 2 h an
// hour is caught up there, and the gang goes on at 3 h without the pause of the plan.
// Fast from 3 to 3.5 h stops it once more, and costs the half hour alone: the restart is
// the one that the plan has there.
func TestStoppedGangByHand(t *testing.T) {
	k, a := gangOf(onCall(), t)
	for _, test := range []struct {
		name   string
		calls  []call
		caught map[int]float64
		lost   float64
		again  int
		behind float64
	}{
		{"none", nil, nil, 0, 1, 0},
		{"slow", []call{{product: 0, first: 1, end: 3}}, map[int]float64{3: 1, 6: 1}, 2, 1, 0},
		// Nothing is promised in the first half hour, so it stops the gang at 0.5 h and
		// until 1.5 h: an hour, and the restart.
		{"slow, from the beginning", []call{{product: 0, first: 0, end: 3}}, map[int]float64{3: 1, 6: 0.5}, 1.5, 1, 0},
		// Going on at 3 h is as planned.
		{"fast", []call{{product: 1, first: 4, end: 5}}, map[int]float64{6: 0.5}, 0.5, 1, 0},
		// The second call of fast finds no promise.
		{"slow and fast", []call{{product: 0, first: 1, end: 3}, {product: 1, first: 4, end: 5}, {product: 1, first: 5, end: 6}},
			map[int]float64{3: 1, 6: 1, 7: 0.5}, 2.5, 2, 0},
	} {
		s := k.newStops()
		for i := range test.calls {
			c := &test.calls[i]
			for n := range a.offers {
				if a.offers[n].product == c.product {
					k.stop(s, &a.offers[n], c)
				}
			}
		}
		var out outcomeOfStops
		k.live(a, s, &out)
		want := fill(10, 0)
		for at, hours := range test.caught {
			want[at] = hours
		}
		if !reflect.DeepEqual(out.caughtH, want) || math.Abs(out.lostH-test.lost) > 1e-12 || out.interruptions != test.again || math.Abs(out.behindH-test.behind) > 1e-12 {
			t.Errorf("%s: %+v", test.name, out)
		}
	}
}

// gangOf returns the gang of a fixture as its check reads it.
func gangOf(f *fixture, t *testing.T) (*checker, *callable) {
	t.Helper()
	k := f.run()
	j, p := f.named("train")
	x := k.openClass(j)
	r := k.openRuns(&x, p)
	return k, k.openCallable(&x, p, &r.stays[0], false)
}

// TestReplayOfGangs: a plan that keeps the rules stands any calls of its gang.
func TestReplayOfGangs(t *testing.T) {
	f := onCall()
	r := f.replay(t, 2000, 7)
	for _, v := range r.Violations {
		t.Errorf("%s %s period %d: %s", v.Rule, v.Asset, v.Period, v.Detail)
	}
	if r.Jobs != 1 || r.Calls < 2000 || r.UpMWh <= 0 || r.DownMWh != 0 {
		t.Errorf("replayed %+v", r)
	}
	// TestStoppedGangByHand has the worst calls.
	if math.Abs(r.MostMovedUnitH-2.5*4) > 1e-9 {
		t.Errorf("at most %g unit-h were moved, want 10", r.MostMovedUnitH)
	}
}

// TestReplayFindsBrokenGangs breaks plans, and asks that some calls show it.
func TestReplayFindsBrokenGangs(t *testing.T) {
	for _, x := range []struct {
		rule  string
		name  string
		spoil func(f *fixture, j *model.Job, p *model.JobPlan)
	}{
		{ruleReplayFinish, "too little kept", func(_ *fixture, _ *model.Job, p *model.JobPlan) { p.SpareUnits[7], p.SpareUnits[8] = 0, 0 }},
		{ruleReplayFinish, "part of the gang kept", func(_ *fixture, _ *model.Job, p *model.JobPlan) {
			p.SpareUnits[3], p.SpareUnits[7], p.SpareUnits[8] = 3, 3, 3
		}},
		{ruleReplayFinish, "longer restarts", func(_ *fixture, j *model.Job, _ *model.JobPlan) { j.RestartH = 2 }},
		{ruleReplayInterruptions, "one call too many", func(_ *fixture, j *model.Job, _ *model.JobPlan) { j.MaxInterruptions = ptr(1) }},
		{ruleReplayInterruptions, "kept apart from any run", func(_ *fixture, j *model.Job, p *model.JobPlan) {
			j.MaxInterruptions = ptr(2)
			p.SpareUnits[6], p.SpareUnits[9] = 0, 4
		}},
		{ruleReplayPower, "promised twice", func(_ *fixture, _ *model.Job, p *model.JobPlan) { p.Reserves[0].MW[4] = 0.5 }},
		{ruleReplayPower, "promised while it pauses", func(_ *fixture, _ *model.Job, p *model.JobPlan) { p.Reserves[0].MW[9] = 0.5 }},
		{ruleReplayPower, "promised while it waits", func(_ *fixture, _ *model.Job, p *model.JobPlan) { p.Reserves[1].MW[5] = 0.5 }},
		{ruleReplayWindow, "after its due time", func(_ *fixture, j *model.Job, _ *model.JobPlan) { j.DeadlineH = ptr(5.0) }},
		{ruleReplayPool, "full pool", func(f *fixture, _ *model.Job, _ *model.JobPlan) { f.c.Pools[0].UnitsPerModule = 8.5 }},
		{ruleReplaySite, "import limit", func(f *fixture, _ *model.Job, _ *model.JobPlan) { f.c.Sites[0].ImportLimitMW = model.Constant(1) }},
	} {
		t.Run(x.rule+"/"+x.name, func(t *testing.T) {
			f := onCall()
			j, p := f.named("train")
			x.spoil(f, j, p)
			f.replayFinds(t, x.rule)
		})
	}
}

// TestRecoveryOfGangsIsEnough: for random gangs that lose by an interruption as much as
// the rule of recovery lets them, no calls whatever leave work undone or interrupt
// them more often than the rule of interruptions counts: all sets of calls are tried.
func TestRecoveryOfGangsIsEnough(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	tried, tight, often := 0, 0, 0
	for range 600 {
		k, a := randomGang(r)
		most := mostLoss(k, a)
		if math.IsInf(most, 0) {
			continue
		}
		tried++
		a.gang.lossH = most
		allowed := k.pausesOf(a)
		for i := range a.offers {
			if o := &a.offers[i]; k.everPromised(o) {
				allowed += k.c.Reserves[o.product].Activations
			}
		}
		behind, interruptions := worstOfGang(k, a)
		if behind > 1e-9 || interruptions > allowed {
			t.Fatalf("%+v %+v: %g h are left, %d interruptions of %d", a, a.gang, behind, interruptions, allowed)
		}
		if interruptions == allowed {
			often++
		}
		a.gang.lossH = most*1.01 + 1e-3
		if behind, _ = worstOfGang(k, a); behind > 1e-9 {
			tight++
		}
	}
	if tried < 80 || tight < 20 || often < 10 {
		t.Errorf("of %d gangs a hundredth more is too much for %d, and all interruptions come to %d: the rules are too strict, or the search for bad calls too weak", tried, tight, often)
	}
}

// pausesOf counts the interruptions of a gang that is not called.
func (k *checker) pausesOf(a *callable) int {
	var out outcomeOfStops
	k.live(a, k.newStops(), &out)
	return out.interruptions
}

// randomGang has a few runs, promises in them and spare units behind them.
func randomGang(r *rand.Rand) (*checker, *callable) {
	f, a := randomCallable(r)
	k := f.run()
	T := k.periods
	a.down, a.gang = false, &gang{held: make([]bool, T), goesOn: r.IntN(4) == 0}
	a.busy, a.spare = make([]float64, T), make([]float64, T)
	follows := a.gang.goesOn
	for t := range T {
		switch n := r.IntN(5); {
		case n < 2:
			a.gang.held[t], a.busy[t] = true, a.units
			if r.IntN(6) == 0 {
				a.busy[t] = a.units / 2
			}
			follows = true
		case n < 4 && follows:
			a.spare[t] = a.units
		default:
			follows = false
		}
		whole := r.IntN(2 * len(a.offers))
		for i := range a.offers {
			a.offers[i].units[t] = 0
			if i == whole && a.busy[t] == a.units {
				a.offers[i].units[t] = a.units
			}
		}
	}
	return k, a
}

// mostLoss is the most that an interruption may cost by the rule of recovery, in hours;
// -Inf if none, +Inf if anything.
func mostLoss(k *checker, a *callable) float64 {
	k.o.Tolerances.Absolute, k.o.Tolerances.Relative = 1e-12, 1e-12
	holds := func(loss float64) bool {
		b, g := *a, *a.gang
		b.gang, g.lossH = &g, loss
		k.found, k.report = map[string]int{}, &Report{}
		k.recovery(&b)
		return k.found[ruleJobRecovery] == 0
	}
	low, high := 0.0, 100.0
	switch {
	case !holds(low):
		return math.Inf(-1)
	case holds(high):
		return math.Inf(1)
	}
	for range 80 {
		if loss := (low + high) / 2; holds(loss) {
			low = loss
		} else {
			high = loss
		}
	}
	return low
}

// worstOfGang tries every set of whole calls, and returns the most hours that are left
// at the end and the most interruptions.
func worstOfGang(k *checker, a *callable) (behind float64, interruptions int) {
	s := k.newStops()
	var out outcomeOfStops
	everyCalls(k, a, func(calls []call) {
		s.clear()
		for i := range calls {
			for n := range a.offers {
				if a.offers[n].product == calls[i].product {
					k.stop(s, &a.offers[n], &calls[i])
				}
			}
		}
		k.live(a, s, &out)
		behind, interruptions = max(behind, out.behindH), max(interruptions, out.interruptions)
	})
	return behind, interruptions
}
