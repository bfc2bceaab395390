package model

import (
	"slices"
	"testing"
)

// dataReach is reachCase with a site in region north, which only the east is
// linked with, and two datasets in the east. A Gb/s carries 225 GB in a half
// hour and 900 GB in two hours; periods begin at 0, 0.5, 1, 1.5, 2 and 4 h.
func dataReach() *Case {
	c := reachCase()
	c.Regions = append(c.Regions, Region{Name: "north"})
	c.Sites = append(c.Sites, Site{Name: "north site", Region: "north"})
	c.Pools = append(c.Pools, Pool{Name: "north gpu", Site: "north site", Kind: "gpu", Modules: 4, UnitsPerModule: 8})
	c.DataLinks = append(c.DataLinks, DataLink{Name: "cable", From: "east", To: "north", CapacityGbps: Constant(2), LeadTimeH: 0.7})
	c.Datasets = []Dataset{{Name: "genomes", GB: 450, Regions: []string{"east"}}, {Name: "maps", GB: 450, Regions: []string{"isle", "north"}}}
	return c
}

func TestUsable(t *testing.T) {
	ix := dataReach().Index()
	// By the wire, from the next period on; by the cable, 0.7 h later.
	for t0, want := range [][2]int{{1, 3}, {2, 4}, {3, 5}, {4, 5}, {5, 6}, {6, 6}} {
		if got := [2]int{ix.Usable(t0, 0), ix.Usable(t0, 1)}; got != want {
			t.Errorf("sent in %d: usable from %v on, want %v", t0, got, want)
		}
	}
}

func TestJobDataPlacements(t *testing.T) {
	c := dataReach()
	run := Job{Region: "east", Shape: Rigid, Units: 8, WorkUnitH: 4}
	noWay := func(from, to string) string { return "no data link from " + from + " to " + to }
	const late, stuck = "cannot finish: its input and datasets do not arrive between release and deadline, even at full link speed",
		"cannot finish: its outputs do not leave before the horizon's end, even at full link speed"
	for _, test := range []struct {
		name    string
		change  func(j *Job)
		reasons [4]string // east, west, isle, north
		first   [4]int    // where there is no reason
		latest  [4]int
	}{
		{"inputs of two regions", func(j *Job) { j.Inputs = []DataFlow{{"east", 100}, {"west", 100}} },
			[4]string{"", "", noWay("east", "isle"), noWay("west", "north")}, [4]int{1, 1}, [4]int{6, 6}},
		// Together 450 GB fill the wire for two periods.
		{"inputs that share a link", func(j *Job) { j.Inputs = []DataFlow{{"east", 225}, {"east", 225}} },
			[4]string{"", "", noWay("east", "isle"), ""}, [4]int{0, 2, 0, 3}, [4]int{6, 6, 0, 6}},
		{"nothing to send", func(j *Job) { j.Inputs, j.Outputs = []DataFlow{{"east", 0}}, []DataFlow{{"isle", 0}} },
			[4]string{}, [4]int{}, [4]int{6, 6, 6, 6}},
		{"outputs", func(j *Job) { j.Outputs = []DataFlow{{"east", 800}, {"east", 200}} },
			[4]string{"", "", noWay("isle", "east"), ""}, [4]int{}, [4]int{6, 4, 0, 5}},
		{"too much output", func(j *Job) { j.ReleaseH, j.Outputs = 4, []DataFlow{{"east", 1_000}} },
			[4]string{"", stuck, noWay("isle", "east"), stuck}, [4]int{5}, [4]int{6}},
		{"output of work that may be left", func(j *Job) {
			j.ReleaseH, j.Outputs, j.BacklogPricePerUnitH = 4, []DataFlow{{"east", 1_000}}, ptr(1.0)
		}, [4]string{"", "", noWay("isle", "east"), ""}, [4]int{5, 5, 0, 5}, [4]int{6, 6, 0, 6}},
		// Datasets are sent from the start, input from the release on.
		{"a dataset", func(j *Job) { j.ReleaseH, j.Datasets = 1, []string{"genomes"} },
			[4]string{"", "", "no data link from a region with dataset genomes to isle", ""}, [4]int{2, 2, 0, 3}, [4]int{6, 6, 0, 6}},
		{"two datasets", func(j *Job) { j.Datasets = []string{"genomes", "maps"} },
			[4]string{"", "no data link from a region with dataset maps to west", "no data link from a region with dataset genomes to isle", ""},
			[4]int{3, 0, 0, 3}, [4]int{6, 0, 0, 6}},
		{"an unknown dataset", func(j *Job) { j.Datasets = []string{"x"} },
			[4]string{"dataset x unknown", "dataset x unknown", "dataset x unknown", "dataset x unknown"}, [4]int{}, [4]int{}},
		{"data too late", func(j *Job) { j.DeadlineH, j.Inputs = ptr(1.5), []DataFlow{{"east", 500}} },
			[4]string{"", late, noWay("east", "isle"), late}, [4]int{}, [4]int{6}},
		{"running in the west", func(j *Job) {
			j.Running, j.InputGB, j.Datasets = &Running{Pool: "west gpu"}, 225, []string{"genomes"}
		}, [4]string{"", "", noWay("east", "isle"), ""}, [4]int{0, 0, 0, 3}, [4]int{6, 6, 0, 6}},
	} {
		j := run
		test.change(&j)
		ix := c.Index()
		for i, p := range ix.JobPlacements(&j) {
			switch {
			case p.Reason != test.reasons[i] || p.OK != (p.Reason == ""):
				t.Errorf("%s: pool %d: %q, want %q", test.name, i, p.Reason, test.reasons[i])
			case !p.OK:
			case ix.EarliestWork(&j, p) != test.first[i] || ix.LatestEnd(&j, p) != test.latest[i]:
				t.Errorf("%s: pool %d: work from %d, ended by %d, want %d and %d",
					test.name, i, ix.EarliestWork(&j, p), ix.LatestEnd(&j, p), test.first[i], test.latest[i])
			}
		}
	}
}

func TestDatasetSources(t *testing.T) {
	c := dataReach()
	c.Datasets[0].Regions = []string{"north", "east", "west"}
	ix := c.Index()
	for region, want := range map[string][]string{"east": nil, "west": nil, "north": nil, "isle": nil} {
		sources, there := ix.DatasetSources(&c.Datasets[0], region)
		if !slices.Equal(sources, want) || there != (region != "isle") {
			t.Errorf("%s: %v %t", region, sources, there)
		}
	}
	sources, there := ix.DatasetSources(&Dataset{Regions: []string{"north", "isle", "west"}}, "east")
	if !slices.Equal(sources, []string{"north", "west"}) || there {
		t.Errorf("east: %v %t", sources, there)
	}
}
