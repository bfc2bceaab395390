package verify

import (
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/model"
)

func TestGuardedPlanIsValid(t *testing.T) {
	f := guarded()
	if _, err := f.c.Validate(); err != nil {
		t.Error(err)
	}
	mustOK(t, f.check())
	for _, p := range f.p.Reserves {
		want := []float64{0, 0, 0, 0.25, 0.25, 0.25, 0.25, 0.25}
		if p.Name == "relief" {
			want = []float64{0.25, 0.25, 0, 0, 0.25, 0.125, 0.25, 0.25}
		}
		for i, mw := range p.ShortageMW {
			if math.Abs(mw-want[i]) > 1e-9 {
				t.Errorf("%s is short of %g MW in period %d, want %g", p.Name, mw, i, want[i])
			}
		}
	}
}

// TestOutageShort: what two outages leave unserved of a workload is paid for in
// both.
func TestOutageShort(t *testing.T) {
	f := guarded()
	for i, short := range []float64{1, 0.5} {
		w := &f.p.Outages[i].Workloads[len(f.p.Outages[i].Workloads)-1]
		w.Routes[0].Units, w.ShortUnits = fill(8, 8-short), fill(8, short)
	}
	f.price()
	r := f.check()
	mustOK(t, r)
	cost := 0.0
	for _, c := range f.p.Costs {
		if c.Item == model.CostOutageShort && c.Asset == "page" {
			cost = c.Amount
		}
	}
	if want := 2000 * 1.5 * 7; math.Abs(cost-float64(want)) > 1e-6 {
		t.Errorf("outage short costs %g, want %d", cost, int(want))
	}
	for _, s := range r.Shortages {
		if s.Item == model.CostOutageShort && (s.Asset != "page" || math.Abs(s.Total-10.5) > 1e-9 || s.Max != 1 || s.Periods != 8) {
			t.Errorf("shortage %+v", s)
		}
	}
}

// TestErlangByHand: without patience the probability of delay is a for one unit and
// a^2 / (2 + a) for two, so at a tenth late they bear 0.1 and 0.5.
func TestErlangByHand(t *testing.T) {
	s := newStaffing(100, 0, 0.9, 1)
	for load, want := range map[float64]float64{0: 0, 0.05: 0.5, 0.1: 1, 0.3: 1.5, 0.5: 2} {
		if got := s.need(load); math.Abs(got-want) > 1e-9 {
			t.Errorf("%g busy units need %g, want %g", load, got, want)
		}
	}
	// One unit at speed 2 that may let wait for 100 ms of 50: a exp(-2 (1 - a)) is
	// a tenth at 0.3598.
	s = newStaffing(100, 100, 0.9, 2)
	if a := s.most(1); math.Abs(a*math.Exp(-2*(1-a))-0.1) > 1e-9 || math.Abs(a-0.3598) > 1e-3 {
		t.Errorf("one unit bears %g", a)
	}
}

// TestErlangIsConcave: the more units, the more each of the next ones bears, so the
// need is concave in the load; and none bears more than itself.
func TestErlangIsConcave(t *testing.T) {
	for _, q := range []*staffing{newStaffing(100, 0, 0.5, 1), newStaffing(100, 20, 0.95, 1), newStaffing(20, 100, 0.99, 1.5), newStaffing(100, 400, 0.2, 1)} {
		before := 0.0
		for c := 1; c <= 300; c++ {
			step := q.most(c) - q.most(c-1)
			if step < before-1e-9 || step > 1+1e-9 {
				t.Fatalf("patience %g, allowed %g: unit %d bears %g after %g", q.patience, q.allowed, c, step, before)
			}
			before = step
		}
	}
}

// TestErlangNeedAndMost are each other's inverse, for loads of any size.
func TestErlangNeedAndMost(t *testing.T) {
	s := newStaffing(80, 20, 0.95, 1.5)
	for _, a := range []float64{0.01, 0.7, 3, 11.3, 87.5, 900, 5000.5} {
		c := s.need(a)
		low, high := int(math.Floor(c)), int(math.Ceil(c))
		if got := s.most(low) + (c-math.Floor(c))*(s.most(high)-s.most(low)); math.Abs(got-a) > 1e-6 {
			t.Errorf("%g busy units need %g, which bear %g", a, c, got)
		}
		if c < a {
			t.Errorf("%g busy units need %g", a, c)
		}
	}
}

// sortOutages puts the plan's outages, and the workloads in them, in the order of
// the case.
func (f *fixture) sortOutages() {
	at := map[string]int{}
	for i := range f.c.Sites {
		at["site "+f.c.Sites[i].Name] = i
	}
	for i := range f.c.DataLinks {
		at["data link "+f.c.DataLinks[i].Name] = len(f.c.Sites) + i
	}
	for i := range f.c.Workloads {
		at[f.c.Workloads[i].Name] = i
	}
	slices.SortFunc(f.p.Outages, func(a, b model.OutagePlan) int { return at[a.Name] - at[b.Name] })
	for i := range f.p.Outages {
		slices.SortFunc(f.p.Outages[i].Workloads, func(a, b model.OutageWorkload) int { return at[a.Name] - at[b.Name] })
	}
}
