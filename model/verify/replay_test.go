package verify

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/model"
)

func (f *fixture) replay(t *testing.T, runs int, seed uint64) *ReplayReport {
	t.Helper()
	r, err := Replay(context.Background(), f.c, f.p, ReplayOptions{Runs: runs, Seed: seed, Check: f.o})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReplay: a plan that keeps the rules stands any calls; the same seed gives the
// same calls.
func TestReplay(t *testing.T) {
	f := guarded()
	r := f.replay(t, 2000, 7)
	for _, v := range r.Violations {
		t.Errorf("%s %s period %d: %s", v.Rule, v.Asset, v.Period, v.Detail)
	}
	if r.Runs != 2000 || r.Calls < 2000 || r.Jobs != 2 || r.UpMWh <= 0 || r.DownMWh <= 0 {
		t.Errorf("replayed %+v", r)
	}
	// Two whole calls of batch move 2 units for 1 h each.
	if math.Abs(r.MostMovedUnitH-4) > 1e-9 {
		t.Errorf("at most %g unit-h were moved, want 4", r.MostMovedUnitH)
	}
	if !reflect.DeepEqual(r, f.replay(t, 2000, 7)) {
		t.Error("the same seed gives other calls")
	}
	if reflect.DeepEqual(r, f.replay(t, 2000, 8)) {
		t.Error("another seed gives the same calls")
	}
}

// TestReplayFinds breaks plans, and asks that some calls show it.
func TestReplayFinds(t *testing.T) {
	for _, x := range []struct {
		rule  string
		name  string
		spoil func(f *fixture, batch, night *model.JobPlan)
	}{
		{ruleReplayFinish, "too little kept", func(_ *fixture, batch, _ *model.JobPlan) { batch.SpareUnits[4] = 3.9 }},
		{ruleReplayFinish, "kept too early", func(_ *fixture, batch, _ *model.JobPlan) { batch.SpareUnits[2], batch.SpareUnits[4] = 3, 1 }},
		{ruleReplayFinish, "more promised", func(_ *fixture, batch, _ *model.JobPlan) { batch.Reserves[0].MW[1] = 0.5 }},
		{ruleReplayFinish, "no work to skip", func(_ *fixture, _, night *model.JobPlan) { night.Reserves[0].MW[6] = 0.25 }},
		{ruleReplayPower, "more than is busy", func(_ *fixture, batch, _ *model.JobPlan) { batch.Reserves[0].MW[2] = 0.625 }},
		{ruleReplayPower, "more than its units", func(_ *fixture, _, night *model.JobPlan) { night.Reserves[0].MW[5] = 0.5 }},
		{ruleReplayWindow, "before its release", func(_ *fixture, _, night *model.JobPlan) { night.Reserves[0].MW[0] = 0.125 }},
		{ruleReplayWindow, "after its due time", func(f *fixture, _, _ *model.JobPlan) { f.c.Jobs[0].DeadlineH = ptr(3.0) }},
		{ruleReplayPool, "full pool", func(f *fixture, _, _ *model.JobPlan) { f.c.Pools[0].UnitsPerModule = 14.5 }},
		{ruleReplaySite, "import limit", func(f *fixture, _, _ *model.JobPlan) { f.c.Sites[0].ImportLimitMW = model.Constant(5.2) }},
		{ruleReplaySite, "demand response", func(f *fixture, _, _ *model.JobPlan) {
			f.c.DemandResponses = []model.DemandResponse{{Name: "peak", Site: "se", BaselineMW: model.Constant(7.2), ReductionMW: 2}}
			f.p.DemandResponses = []model.DemandResponsePlan{{Name: "peak", Called: fillInt(8, 1)}}
		}},
		{ruleReplaySite, "downward reserve behind the meter", func(f *fixture, _, _ *model.JobPlan) {
			f.c.Storages = []model.Storage{{Name: "battery", Site: "se", MaxChargeMW: 1, LevelMaxMWh: 10, Reserves: []string{"relief"}}}
			f.p.Storages = []model.StoragePlan{{Name: "battery", ChargeMW: fill(8, 0), DischargeMW: fill(8, 0), LevelMWh: fill(8, 0),
				Reserves: []model.ProvidedPower{{Product: "relief", MW: fill(8, 0.8)}}}}
			f.p.Sites[0].ImportMW = fill(8, 5)
		}},
	} {
		t.Run(x.rule+"/"+x.name, func(t *testing.T) {
			f := guarded()
			_, batch := f.named("batch")
			_, night := f.named("night")
			x.spoil(f, batch, night)
			f.replayFinds(t, x.rule)
		})
	}
}

// replayFinds asks that some calls break a rule.
func (f *fixture) replayFinds(t *testing.T, rule string) {
	t.Helper()
	r := f.replay(t, 500, 1)
	if !slices.ContainsFunc(r.Violations, func(v Violation) bool { return v.Rule == rule && v.Detail != "" }) {
		t.Errorf("%d calls did not show it: %v", r.Calls, r.Violations)
	}
}

// TestReplayNeedsAPlan: a plan of another shape is refused.
func TestReplayNeedsAPlan(t *testing.T) {
	f := guarded()
	f.p.Jobs = f.p.Jobs[1:]
	if _, err := Replay(context.Background(), f.c, f.p, ReplayOptions{Runs: 1}); err == nil {
		t.Error("replayed a plan without one of its jobs")
	}
}

// TestReplayEnds with its context.
func TestReplayEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	f := guarded()
	if r, err := Replay(ctx, f.c, f.p, ReplayOptions{Runs: 1 << 40, Check: f.o}); err == nil || r.Runs > 1 {
		t.Errorf("%v after %d runs", err, r.Runs)
	}
}

// TestRecoveryIsEnough: for random jobs, at the most that the rule of recovery lets
// them promise, no calls whatever leave work undone: all sets of calls are tried.
func TestRecoveryIsEnough(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	tight := 0
	for range 200 {
		f, a := randomCallable(r)
		k := f.run()
		scale := mostPromise(k, a)
		if scale == 0 || math.IsInf(scale, 1) {
			continue
		}
		for i := range a.offers {
			for t := range a.offers[i].units {
				a.offers[i].units[t] *= scale
			}
		}
		worst := worstBehind(k, a)
		if worst > 1e-9 {
			t.Fatalf("%+v: %g unit-h are left", a, worst)
		}
		for i := range a.offers {
			for t := range a.offers[i].units {
				a.offers[i].units[t] *= 1.01
			}
		}
		if worstBehind(k, a) > 1e-9 {
			tight++
		}
	}
	if tight < 10 {
		t.Errorf("only in %d cases a hundredth more is too much: the rule is too strict, or the search for bad calls too weak", tight)
	}
}

// randomCallable is a job in a case of a few periods and products.
func randomCallable(r *rand.Rand) (*fixture, *callable) {
	f := guarded()
	f.c.Reserves = nil
	const T = 8
	a := &callable{job: "a", units: 10, end: T, due: T, down: r.IntN(2) == 0, busy: make([]float64, T), spare: make([]float64, T)}
	for range 1 + r.IntN(2) {
		p := model.ReserveProduct{Name: string(rune('p' + len(f.c.Reserves))), Direction: model.Up, RequirementMW: model.Constant(0),
			SustainedH: ptr(float64(1+r.IntN(5)) / 2), Activations: 1 + r.IntN(2)}
		o := offer{product: len(f.c.Reserves), units: make([]float64, T)}
		for t := range T - 2 {
			if r.IntN(3) > 0 {
				o.units[t] = float64(r.IntN(4))
			}
		}
		f.c.Reserves, a.offers = append(f.c.Reserves, p), append(a.offers, o)
	}
	for t := range T {
		if catch := float64(r.IntN(5)) * float64(r.IntN(2)); a.down {
			a.busy[t] = catch
		} else {
			a.spare[t] = catch
		}
	}
	// The plan's own jobs promise nothing of these products.
	for i := range f.p.Jobs {
		f.p.Jobs[i].Reserves, f.p.Jobs[i].SpareUnits = nil, nil
		f.c.Jobs[i].Reserves = nil
	}
	f.p.Reserves = nil
	for i := range f.c.Reserves {
		f.p.Reserves = append(f.p.Reserves, model.ReservePlan{Name: f.c.Reserves[i].Name, ShortageMW: fill(T, 0)})
	}
	return f, a
}

// mostPromise is the factor by which all promises may grow under the rule.
func mostPromise(k *checker, a *callable) float64 {
	low, high := 0.0, 1e4
	for range 80 {
		scale := (low + high) / 2
		b := *a
		b.offers = nil
		for _, o := range a.offers {
			units := make([]float64, len(o.units))
			for t := range units {
				units[t] = o.units[t] * scale
			}
			b.offers = append(b.offers, offer{o.product, units})
		}
		k.found, k.report = map[string]int{}, &Report{}
		k.o.Tolerances.Absolute, k.o.Tolerances.Relative = 1e-12, 1e-12
		if k.recovery(&b); k.found[ruleJobRecovery] == 0 {
			low = scale
		} else {
			high = scale
		}
	}
	if low > 9e3 {
		return math.Inf(1) // nothing is promised
	}
	return low
}

// worstBehind tries every set of whole calls, and returns the most work that is left
// at the end.
func worstBehind(k *checker, a *callable) (worst float64) {
	everyCalls(k, a, func(calls []call) { worst = max(worst, behindAfter(k, a, calls)) })
	return worst
}

// everyCalls visits every set of whole calls that the products of the job allow.
func everyCalls(k *checker, a *callable, visit func([]call)) {
	var further func(calls []call, product, count, from int)
	further = func(calls []call, product, count, from int) {
		if product == len(a.offers) {
			visit(calls)
			return
		}
		further(calls, product+1, 0, 0)
		p := &k.c.Reserves[a.offers[product].product]
		if count == p.Activations {
			return
		}
		for t := from; t < k.periods; t++ {
			c := call{product: a.offers[product].product, first: t, end: k.callEnd(t, p.Sustained())}
			further(append(calls[:len(calls):len(calls)], c), product, count+1, c.end)
		}
	}
	further(nil, 0, 0, 0)
}

// behindAfter catches up greedily after whole calls.
func behindAfter(k *checker, a *callable, calls []call) float64 {
	catch := a.spare
	if a.down {
		catch = a.busy
	}
	behind := 0.0
	for t := 0; t <= k.periods; t++ {
		for _, c := range calls {
			if c.end != t {
				continue
			}
			left := k.c.Reserves[a.offers[c.product].product].Sustained()
			for s := c.first; s < c.end; s++ {
				hours := min(left, k.hours[s])
				behind += a.offers[c.product].units[s] * hours
				left -= hours
			}
		}
		if t < k.periods {
			behind = max(0, behind-k.hours[t]*catch[t])
		}
	}
	return behind
}
