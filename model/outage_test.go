package model

import (
	"reflect"
	"testing"
)

// TestOutages: an outage is looked at where a covered workload can be served, or
// where its data can go, and takes with it what needs it.
func TestOutages(t *testing.T) {
	c := hotCase()
	c.Sites = append(c.Sites, Site{Name: "idle", Bus: "b", Region: "east"})
	names := func() (out []string) {
		for _, o := range c.Index().Outages() {
			out = append(out, o.Name)
		}
		return out
	}
	if got, want := names(), []string{"site se", "site sw", "data link ew"}; !reflect.DeepEqual(got, want) {
		t.Errorf("outages %q, want %q", got, want)
	}

	ix := c.Index()
	left := func(o *Outage) (out []bool) {
		for _, p := range ix.WorkloadPlacements(&c.Workloads[0]) {
			out = append(out, ix.Leaves(o, &p))
		}
		return out
	}
	all := ix.Outages()
	for i, want := range [][]bool{{false, true}, {true, false}, {true, false}} {
		if got := left(&all[i]); !reflect.DeepEqual(got, want) {
			t.Errorf("%s leaves %v, want %v", all[i].Name, got, want)
		}
	}

	c.Workloads[0].DataGBPerUnitH = 0
	c.Workloads[0].ForbiddenSites = []string{"sw"}
	if got, want := names(), []string{"site se"}; !reflect.DeepEqual(got, want) {
		t.Errorf("outages %q, want %q", got, want)
	}
	c.ComputingOutages.Sites = false
	if got := names(); got != nil {
		t.Errorf("outages %q, want none", got)
	}
	c.ComputingOutages = ComputingOutages{Classes: []string{"cold"}, Sites: true}
	if got := names(); got != nil {
		t.Errorf("outages %q of nothing covered", got)
	}
}

// TestYields: only jobs that can be interrupted give way, and only where they may.
func TestYields(t *testing.T) {
	for shape, want := range map[JobShape]bool{Rigid: false, Moldable: false, Preemptible: true, Malleable: true} {
		j := &Job{Shape: shape}
		if got := (&ComputingOutages{}).Yields(j); got != want {
			t.Errorf("%s yields: %v", shape, got)
		}
		if (&ComputingOutages{PreemptibleYields: ptrTo(false)}).Yields(j) {
			t.Errorf("%s yields against preemptible_yields", shape)
		}
	}
}
