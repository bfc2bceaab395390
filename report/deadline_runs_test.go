package report

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestPausesByTrying compares the bound with the least cost of random gangs by trying all
// sets of periods in which they are on: it is never above, mostly the same, and there where
// there is a way.
func TestPausesByTrying(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 9))
	ways, exact := 0, 0
	for range 2000 {
		r, end := randomPausing(rng)
		got, want := r.cost(len(r.choices), math.Inf(1), end), r.tryAll(end)
		if math.IsInf(got, 1) != math.IsInf(want, 1) || got > want+1e-6 {
			t.Fatalf("%+v: bound %v, least cost %v", r, got, want)
		}
		if math.IsInf(want, 1) {
			continue
		}
		ways++
		if got > want-1e-6 {
			exact++
		}
	}
	if ways < 500 || 2*exact < ways {
		t.Errorf("of %d with a way the bound is the least cost of %d", ways, exact)
	}
	t.Logf("of %d with a way the bound is the least cost of %d", ways, exact)
}

// randomPausing is a gang that does a unit-hour in a period that it is on, or less.
func randomPausing(rng *rand.Rand) (*pausing, func(int) float64) {
	r := &pausing{need: float64(1+rng.IntN(8)) / 2, again: float64(rng.IntN(4)) / 4, most: rng.IntN(4) - 1, goesOn: rng.IntN(3) == 0}
	for range 7 {
		var choices []schedule
		if rng.IntN(5) > 0 {
			held := schedule{true, float64(rng.IntN(3)), 0}
			choices = []schedule{held, held.then(schedule{true, float64(rng.IntN(20)), 1})}
		}
		r.choices = append(r.choices, choices)
	}
	late := float64(rng.IntN(4))
	return r, func(t int) float64 { return late * max(0, float64(t)-4) }
}

// tryAll is the least cost over all sets of periods.
func (r *pausing) tryAll(end func(int) float64) float64 {
	least := math.Inf(1)
	for set := uint(1); set < 1<<len(r.choices); set++ {
		money, work, interruptions := 0.0, r.need, 0
		on, begun, possible := r.goesOn, r.goesOn, true
		var prices []float64
		for t, c := range r.choices {
			is := set>>t&1 == 1
			if is && len(c) == 0 {
				possible = false
				break
			}
			if is && !on && begun {
				interruptions++
				work += r.again
			}
			if is {
				money += c[0].money
				prices = append(prices, c[1].money-c[0].money)
			}
			on, begun = is, begun || is
		}
		if !possible || r.most >= 0 && interruptions > r.most || work > float64(len(prices)) {
			continue
		}
		slices.Sort(prices)
		for _, p := range prices {
			money += p * min(1, work)
			work -= min(1, work)
		}
		least = min(least, money+end(bits.Len(set)))
	}
	return least
}

// TestDeadlinePriceWithPauses: 4 unit-h of 2 units, at 10, 100 and 20 a MWh, and 30 a
// unit-hour in the second hour. By its deadline all is done in two hours, for 20 + 260. Later
// the third period alone does it for 80; the first does 2 unit-h for 20, and both 6 for
// 100, less what a pause between them adds. Where that is to be had, the cost lies on the line
// from 2 unit-h for 20 to so many.
func TestDeadlinePriceWithPauses(t *testing.T) {
	job := func(change func(*model.Job)) model.Job {
		j := model.Job{Name: "J", Region: "r", Shape: model.Preemptible, Units: 2, WorkUnitH: 4, DeadlineH: ptr(2.0)}
		change(&j)
		return j
	}
	for _, test := range []struct {
		name string
		job  model.Job
		then float64 // what it costs later
	}{
		{"for nothing", job(func(*model.Job) {}), 60},
		{"no more than one", job(func(j *model.Job) { j.MaxInterruptions = ptr(1) }), 60},
		{"none", job(func(j *model.Job) { j.MaxInterruptions = ptr(0) }), 80},
		{"for an hour's work", job(func(j *model.Job) { j.RestartH = 1 }), 80},
		{"for a quarter of it", job(func(j *model.Job) { j.CheckpointLossH = 0.25 }), 20 + 80*2/3.5},
		{"malleable, for a quarter of it", job(func(j *model.Job) {
			j.Shape, j.Units, j.CheckpointLossH = model.Malleable, 0, 0.25
			j.Scaling = []model.ScalingPoint{{Units: 2, EffectiveUnits: 2}}
		}), 20 + 80*2/3.5},
		// It is on before, so that the third period alone is an interruption too. Without
		// any it holds its units in the second hour for 60: 6 unit-h for 160.
		{"running, none", job(func(j *model.Job) { j.MaxInterruptions, j.Running = ptr(0), &model.Running{Pool: "P"} }), 20 + 140*2/4.0},
		// Left, all of it costs 8, and 3 h late, then one.
		{"left", job(func(j *model.Job) {
			j.DeadlineH, j.DueH, j.LatePricePerH, j.BacklogPricePerUnitH, j.RestartH = nil, ptr(2.0), ptr(1.0), ptr(2.0), 1
		}), 8 + 1},
	} {
		c, p := waitCase([]model.Job{test.job}, []model.JobPlan{{Job: "J", Number: 1, Pool: "P", BusyUnits: []float64{2, 2}, HeldUnits: []float64{2, 2}}})
		p.Prices.Compute[0].Values = []float64{0, 30, 0, 0}
		j, err := join(c, p)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		now := 280.0
		if test.job.BacklogPricePerUnitH != nil {
			now = 8 + 3
		}
		if got, want := j.deadlines()[0].perH, (now-test.then)/2; math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: %v, want %v", test.name, got, want)
		}
	}
}
