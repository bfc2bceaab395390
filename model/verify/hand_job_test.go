package verify

import (
	"math"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestDiverseJobsByHand compares costs, pools, links and shortages of the plan
// of diverse jobs with arithmetic.
func TestDiverseJobsByHand(t *testing.T) {
	f := diverse()
	if warnings, err := f.c.Validate(); err != nil || len(warnings) > 0 {
		t.Error(warnings, err)
	}
	r := f.check()
	mustOK(t, r)
	k := f.run()
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %g, want %g", what, got, want)
		}
	}
	for _, w := range []struct {
		item   model.CostItem
		asset  string
		amount float64
	}{
		{model.CostData, "mover", 30 * (0.1 + 0.05)}, // out of east
		{model.CostData, "anew", 9 * 0.2},
		{model.CostData, "feed", 20*(0.1+0.05) + 6*0.2 + 8*0.1},
		{model.CostData, "next", 12 * 0.1},
		{model.CostData, "corpus", 40 * 0.2},
		{model.CostLate, "over", 2 * 3},
		{model.CostLate, "soft", 3 * 1},
		{model.CostDropped, "drop", 10_000 * 3 * 4}, // twice a step of priority
		{model.CostDropped, "lose", 50 + 7},
		{model.CostBacklog, "over", 4 * 4},
		{model.CostBacklog, "wait", 2 * 5},
	} {
		got := 0.0
		for _, a := range k.accounts[w.item] {
			if a.asset == w.asset {
				got += a.amount
			}
		}
		near(string(w.item)+" of "+w.asset, got, w.amount)
	}
	// 0 to 0.5 h: gang 3, mover 2; from 0.5 h on also mold with 4, of which 2 in
	// its last hour, while gang pauses.
	for i, want := range []float64{5, 7, 7, 4, 3, 3, 3, 0, 2, 0} {
		if i >= 7 {
			want++ // lose
		}
		near("units held in pe", k.taken[0][i], want)
	}
	for i, want := range []float64{5, 7, 7, 2, 3, 3, 2, 1, 3, 1} {
		near("units busy in pe", k.busy[0][i], want)
	}
	for i, want := range []float64{0, 5 + 10, 15 + 20, 0, 0, 0, 0, 0, 0, 0} {
		near("GB from east to west", k.forward[0][i], want)
	}
	for i, want := range []float64{0, 0, 0, 0, 0, 0, 12, 0, 0, 8} {
		near("GB from west to east", k.backward[0][i], want)
	}
	for i, want := range []float64{10, 30, 0, 6, 9, 0, 0, 0, 0, 0} {
		near("GB from far to west", k.backward[1][i], want)
	}
	backlog := 0
	for _, s := range r.Shortages {
		if s.Item == model.CostBacklog {
			backlog++
			if s.LastPeriod != 9 || s.Total != 1 || s.MaxUnit != "unit-h" || s.Asset == "over" && s.Max != 4 {
				t.Errorf("shortage %+v", s)
			}
		}
	}
	if backlog != 2 {
		t.Errorf("%d shortages of backlog, want 2", backlog)
	}
}

// TestEgressOfWorkloads: render moves 2 GB for each of 25 units over 7.5 h out of
// east.
func TestEgressOfWorkloads(t *testing.T) {
	f := joint()
	cost := func() float64 {
		for _, a := range f.run().accounts[model.CostData] {
			if a.asset == "render" {
				return a.amount
			}
		}
		return 0
	}
	before := cost()
	f.c.Regions[0].EgressPricePerGB = 0.05
	if got, want := cost()-before, 2*25*7.5*0.05; math.Abs(got-want) > 1e-9 {
		t.Errorf("egress costs %g, want %g", got, want)
	}
}

// TestGangs: what makes a preemptible job hold all its units or none.
func TestGangs(t *testing.T) {
	zero := 0
	for i, j := range []model.Job{
		{Shape: model.Preemptible, MaxInterruptions: &zero}, {Shape: model.Preemptible, RestartH: 1},
		{Shape: model.Preemptible, CheckpointLossH: 1}, {Shape: model.Preemptible, Migration: &model.Migration{}},
	} {
		if !isGang(&j) {
			t.Errorf("job %d is no gang", i)
		}
	}
	if isGang(&model.Job{Shape: model.Preemptible}) || isGang(&model.Job{Shape: model.Malleable, RestartH: 1}) {
		t.Error("a job without limit or cost of interruptions, or of another shape, is a gang")
	}
}

// TestBacklogEndsNothing: a rigid job that ends with the horizon leaves nothing,
// one that begins a period later leaves that period's work.
func TestBacklogEndsNothing(t *testing.T) {
	for _, c := range []struct{ first, periods, left float64 }{{3, 7, 3}, {0, 10, 1}} {
		f := diverse()
		_, p := f.named("over")
		p.First, p.BusyUnits, p.LeftUnitH = int(c.first), fill(int(c.periods), 1), c.left
		f.derive()
		f.price()
		mustOK(t, f.check())
	}
	f := diverse()
	j, p := f.named("over")
	j.WorkUnitH = 9
	p.First, p.BusyUnits, p.LeftUnitH = 0, fill(10, 1), 0
	f.derive()
	f.price()
	mustOK(t, f.check())
}
