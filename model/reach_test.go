package model

import (
	"math"
	"reflect"
	"testing"
)

func ptr[T any](v T) *T { return &v }

// reachCase has two regions, a site in each and one between them without a link.
func reachCase() *Case {
	return &Case{
		Horizon: Horizon{Periods: []PeriodRun{{4, 0.5}, {2, 2}}}, // 0 .5 1 1.5 2 4 6
		LatencyClasses: []LatencyClass{
			{Name: "hot", MaxRoundTripMS: ptr(10.0)}, {Name: "warm", MaxRoundTripMS: ptr(24.0)}, {Name: "cold"},
		},
		Regions: []Region{
			{Name: "east", LatitudeDeg: ptr(0.0), LongitudeDeg: ptr(0.0)},
			{Name: "west", LatitudeDeg: ptr(0.0), LongitudeDeg: ptr(-18.0)},
			{Name: "isle"},
		},
		Network: Network{RoundTrips: []RoundTrip{{"east", "west site", 24.5}}},
		Sites:   []Site{{Name: "east site", Region: "east"}, {Name: "west site", Region: "west"}, {Name: "isle site", Region: "isle"}},
		Pools: []Pool{
			{Name: "east gpu", Site: "east site", Kind: "gpu", Modules: 4, UnitsPerModule: 8},
			{Name: "west gpu", Site: "west site", Kind: "gpu", Modules: 4, UnitsPerModule: 8, Speed: ptr(2.0), AvailableModules: Series{4, 4, 4, 3.9, 4, 4}},
			{Name: "isle cpu", Site: "isle site", Kind: "cpu", Modules: 1, UnitsPerModule: 8},
		},
		DataLinks: []DataLink{{Name: "wire", From: "west", To: "east", CapacityGbps: Constant(1)}},
	}
}

func TestRoundTripMS(t *testing.T) {
	c := reachCase()
	ask := func(region, site string, wantMS float64, wantKnown bool) {
		t.Helper()
		ms, known := c.RoundTripMS(region, site)
		if known != wantKnown || known && math.Abs(ms-wantMS) > 1e-9 {
			t.Errorf("from %s to %s: %g %t, want %g %t", region, site, ms, known, wantMS, wantKnown)
		}
	}
	ask("east", "west site", 24.5, true) // of the table
	ask("east", "east site", 0, true)    // at home
	ask("west", "east site", 0, false)
	ask("nowhere", "east site", 0, false)
	ask("east", "nowhere", 0, false)

	c.Network.ByDistance = &DistanceRule{}
	// 18 degrees on the equator are a tenth of half the circumference.
	km := math.Pi * 6371 / 10
	ask("west", "east site", 2*5*0.001*1.4*km+2, true)
	ask("east", "west site", 24.5, true)
	ask("east", "east site", 2, true) // the fixed part
	ask("isle", "isle site", 0, true) // no coordinates, but at home
	ask("isle", "east site", 0, false)
	c.Network.ByDistance = &DistanceRule{USPerKM: ptr(4.0), RouteFactor: ptr(1.0), FixedMS: ptr(0.0)}
	ask("west", "east site", 0.008*km, true)
	c.Sites[0].LatitudeDeg, c.Sites[0].LongitudeDeg = ptr(90.0), ptr(0.0) // the pole
	ask("west", "east site", 0.008*math.Pi*6371/2, true)
}

func TestWorkloadPlacements(t *testing.T) {
	c := reachCase()
	for _, test := range []struct {
		name string
		w    Workload
		want []Placement
	}{
		{"anywhere", Workload{Region: "east", Class: "cold"}, []Placement{
			{Pool: 0, OK: true, DataLink: -1}, {Pool: 1, OK: true, DataLink: -1}, {Pool: 2, OK: true, DataLink: -1}}},
		{"with data", Workload{Region: "east", Class: "cold", DataGBPerUnitH: 1}, []Placement{
			{Pool: 0, OK: true, DataLink: -1}, {Pool: 1, OK: true, DataLink: 0},
			{Pool: 2, Reason: "no data link from east to isle", DataLink: -1}}},
		{"with data from the west", Workload{Region: "west", Class: "cold", DataGBPerUnitH: 1}, []Placement{
			{Pool: 0, OK: true, DataLink: 0, Forward: true}, {Pool: 1, OK: true, DataLink: -1},
			{Pool: 2, Reason: "no data link from west to isle", DataLink: -1}}},
		{"warm", Workload{Region: "east", Class: "warm"}, []Placement{
			{Pool: 0, OK: true, DataLink: -1}, {Pool: 1, Reason: "latency 24.5 ms > 24 ms", DataLink: -1},
			{Pool: 2, Reason: "round trip from east unknown", DataLink: -1}}},
		{"by kind and site", Workload{Region: "east", Class: "cold", PoolKinds: []string{"gpu"}, AllowedSites: []string{"west site", "isle site"}}, []Placement{
			{Pool: 0, Reason: "not among the allowed sites", DataLink: -1}, {Pool: 1, OK: true, DataLink: -1},
			{Pool: 2, Reason: `kind "cpu" is not asked for`, DataLink: -1}}},
		{"forbidden", Workload{Region: "east", Class: "cold", ForbiddenSites: []string{"east site"}}, []Placement{
			{Pool: 0, Reason: "forbidden", DataLink: -1}, {Pool: 1, OK: true, DataLink: -1}, {Pool: 2, OK: true, DataLink: -1}}},
		{"unknown class", Workload{Region: "east", Class: "tepid", AllowedSites: []string{"east site"}}, []Placement{
			{Pool: 0, Reason: "latency class tepid unknown", DataLink: -1}, {Pool: 1, Reason: "not among the allowed sites", DataLink: -1},
			{Pool: 2, Reason: "not among the allowed sites", DataLink: -1}}},
	} {
		if got := c.WorkloadPlacements(&test.w); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got\n%+v\nwant\n%+v", test.name, got, test.want)
		}
	}
}

func TestJobPlacements(t *testing.T) {
	c := reachCase()
	for _, test := range []struct {
		name    string
		j       Job
		reasons [3]string
		link    [3]int
	}{
		{"rigid", Job{Region: "east", Shape: Rigid, Units: 8, WorkUnitH: 32}, [3]string{}, [3]int{-1, -1, -1}},
		{"gang too large", Job{Region: "east", Shape: Rigid, Units: 32, WorkUnitH: 1},
			[3]string{"", "", "gang of 32 units exceeds the pool's 8"}, [3]int{-1, -1, -1}},
		{"too long for slow pools", Job{Region: "east", Shape: Rigid, Units: 8, WorkUnitH: 64},
			[3]string{"cannot finish: needs 8 h between release and the horizon's end, 6 h there", "",
				"cannot finish: needs 8 h between release and the horizon's end, 6 h there"}, [3]int{-1, -1, -1}},
		{"a window of two periods", Job{Region: "east", Shape: Rigid, Units: 8, WorkUnitH: 12, ReleaseH: 0.9, DeadlineH: ptr(2.5)},
			[3]string{"cannot finish: needs 3 periods between release and deadline, 2 there", "",
				"cannot finish: needs 3 periods between release and deadline, 2 there"}, [3]int{-1, -1, -1}},
		{"late at a price", Job{Region: "east", Shape: Rigid, Units: 8, WorkUnitH: 12, ReleaseH: 0.9, DeadlineH: ptr(2.5), LatePricePerH: ptr(1.0)},
			[3]string{}, [3]int{-1, -1, -1}},
		// 1 Gb/s carries 225 GB in half an hour and 900 in two.
		{"input in one period", Job{Region: "east", Shape: Rigid, Units: 8, WorkUnitH: 4, DeadlineH: ptr(1.0), InputGB: 225},
			[3]string{"", "", "no data link from east to isle"}, [3]int{-1, 0, -1}},
		{"input in two periods", Job{Region: "east", Shape: Rigid, Units: 8, WorkUnitH: 4, DeadlineH: ptr(1.0), InputGB: 226},
			[3]string{"", "cannot finish: its 226 GB of input do not arrive between release and deadline: at full link speed 225 GB do", "no data link from east to isle"}, [3]int{-1, 0, -1}},
		{"input first", Job{Region: "east", DataRegion: "west", Shape: Rigid, Units: 8, WorkUnitH: 40, InputGB: 500},
			[3]string{"cannot finish: needs 5 h between release and the horizon's end once the input is there, 4.5 h there", "", "no data link from west to isle"}, [3]int{0, -1, -1}},
		{"preemptible", Job{Region: "east", Shape: Preemptible, Units: 100, WorkUnitH: 192},
			[3]string{"", "", "cannot finish: has 192 unit-hours of work, at most 48 can be done between release and the horizon's end"}, [3]int{-1, -1, -1}},
		{"preemptible, one over", Job{Region: "east", Shape: Preemptible, Units: 100, WorkUnitH: 377},
			[3]string{"cannot finish: has 377 unit-hours of work, at most 192 can be done between release and the horizon's end",
				"cannot finish: has 377 unit-hours of work, at most 376 can be done between release and the horizon's end",
				"cannot finish: has 377 unit-hours of work, at most 48 can be done between release and the horizon's end"}, [3]int{-1, -1, -1}},
		// A gang of 32 does 352 unit-hours in the west, at twice the speed for 5.5 of 6 hours, and
		// may spend the half-hour of maintenance in the east, with 16.
		{"gang that migrates", Job{Region: "east", Shape: Preemptible, Units: 32, WorkUnitH: 368, Migration: &Migration{PauseH: 1}},
			[3]string{"", "", "gang of 32 units exceeds the pool's 8"}, [3]int{-1, -1, -1}},
		{"gang that migrates, one over", Job{Region: "east", Shape: Preemptible, Units: 32, WorkUnitH: 369, Migration: &Migration{PauseH: 1}},
			[3]string{"cannot finish: has 369 unit-hours of work, at most 368 can be done between release and the horizon's end, in each period in the best pool",
				"cannot finish: has 369 unit-hours of work, at most 368 can be done between release and the horizon's end, in each period in the best pool",
				"gang of 32 units exceeds the pool's 8"}, [3]int{-1, -1, -1}},
		{"gang that migrates and may leave work", Job{Region: "east", Shape: Preemptible, Units: 32, WorkUnitH: 369, Migration: &Migration{}, BacklogPricePerUnitH: ptr(1.0)},
			[3]string{"", "", "gang of 32 units exceeds the pool's 8"}, [3]int{-1, -1, -1}},
		{"gang that may not be interrupted", Job{Region: "east", Shape: Preemptible, Units: 32, WorkUnitH: 353, Migration: &Migration{}, MaxInterruptions: ptr(0)},
			[3]string{"cannot finish: has 353 unit-hours of work, at most 192 can be done between release and the horizon's end",
				"cannot finish: has 353 unit-hours of work, at most 352 can be done between release and the horizon's end",
				"gang of 32 units exceeds the pool's 8"}, [3]int{-1, -1, -1}},
		{"across the maintenance", Job{Region: "east", Shape: Rigid, Units: 32, WorkUnitH: 128, DeadlineH: ptr(2.0), PoolKinds: []string{"gpu"}},
			[3]string{"cannot finish: needs 5 periods between release and deadline, 4 there",
				"cannot finish: fewer than its 32 units are available in every stretch long enough between release and deadline: at most 24 of 32, from 0 h to 2 h after the horizon's start",
				`kind "cpu" is not asked for`}, [3]int{-1, -1, -1}},
	} {
		got := c.JobPlacements(&test.j)
		for i, p := range got {
			if p.Reason != test.reasons[i] || p.OK != (test.reasons[i] == "") || p.DataLink != test.link[i] {
				t.Errorf("%s: pool %d: got %+v\nwant reason %q, link %d", test.name, i, p, test.reasons[i], test.link[i])
			}
		}
	}
}

func TestJobWindow(t *testing.T) {
	c := reachCase()
	for _, test := range []struct {
		name             string
		j                Job
		first, end, last int
	}{
		{"everything", Job{}, 0, 6, 6},
		{"on the edges", Job{ReleaseH: 0.5, DeadlineH: ptr(4.0)}, 1, 5, 5},
		{"within rounding", Job{ReleaseH: 0.5 + 1e-10, DeadlineH: ptr(4 - 1e-10)}, 1, 5, 5},
		{"inside periods", Job{ReleaseH: 0.6, DeadlineH: ptr(3.9)}, 2, 4, 4},
		{"late", Job{DeadlineH: ptr(1.0), LatePricePerH: ptr(0.0)}, 0, 2, 6},
		{"nothing between", Job{ReleaseH: 2.1, DeadlineH: ptr(3.9)}, 5, 4, 4},
		{"released in the last period", Job{ReleaseH: 5}, 6, 6, 6},
		{"due at once", Job{DeadlineH: ptr(0.1)}, 0, 0, 0},
	} {
		if first, end, last := c.JobWindow(&test.j); first != test.first || end != test.end || last != test.last {
			t.Errorf("%s: %d %d %d, want %d %d %d", test.name, first, end, last, test.first, test.end, test.last)
		}
	}
}

func TestRigidEnd(t *testing.T) {
	c := reachCase()
	ix := c.Index()
	j := &Job{Units: 8, WorkUnitH: 16} // 2 h, or 1 h in the west
	for start, want := range []int{4, 5, 5, 5, 5, 6} {
		if end, ok := ix.RigidEnd(j, 0, start); end != want || !ok {
			t.Errorf("from %d to %d %t, want %d", start, end, ok, want)
		}
	}
	for start, want := range []int{2, 3, 4, 5, 5, 6} {
		if end, ok := ix.RigidEnd(j, 1, start); end != want || !ok {
			t.Errorf("in the west from %d to %d %t, want %d", start, end, ok, want)
		}
	}
	if _, ok := ix.RigidEnd(&Job{Units: 1, WorkUnitH: 2.1}, 0, 5); ok {
		t.Error("a job fits that is longer than the last period")
	}
	if end, ok := ix.RigidEnd(&Job{Units: 1, WorkUnitH: 1e-12}, 0, 5); end != 6 || !ok {
		t.Error("a job of next to no work does not hold one period")
	}
}
