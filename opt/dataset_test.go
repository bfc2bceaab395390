package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// reading is twoRegions with a dataset of 450 GB in the north that the job reads,
// and as many more jobs like it as asked for.
func reading(shape model.JobShape, more int, price ...float64) *model.Case {
	c, j := twoRegions(shape, 4, 4, price...)
	c.Datasets = []model.Dataset{{Name: "genomes", GB: 450, Regions: []string{"north"}}}
	j.Datasets = []string{"genomes"}
	for i := range more {
		other := *j
		other.Name = string(rune('K' + i))
		c.Jobs = append(c.Jobs, other)
	}
	return c
}

// Two jobs share the copy, which is sent in the first hour and paid once: both
// run in the second, 0.4 each. A third reads it as well.
func TestDatasetIsShared(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c := reading(shape, 1, 1, 1, 90)
		p := solve(t, c)
		p.cost(2*0.4 + 4.5)
		p.item(model.CostData, "genomes", 4.5)
		if n := len(p.Datasets[0].Copies); n != 1 {
			t.Fatalf("%d copies, want 1", n)
		}
		made := p.Datasets[0].Copies[0]
		p.ints("first", []int{made.First, p.Jobs[0].First, p.Jobs[1].First}, 0, 1, 1)
		p.series("copy", made.GB, 450)

		// Sent before the release, and by a class as by single jobs.
		c.Jobs = c.Jobs[:1]
		c.Jobs[0].Count, c.Jobs[0].ReleaseH = 2, 1
		solve(t, c).cost(2*0.4 + 4.5)
		// Half the copy serves half a class no more than one job.
		c.Datasets[0].GB = 900
		c.Jobs[0].ReleaseH = 0
		solve(t, c).cost(2*0.4*90 + 9)
	}
}

// Where the dataset lies nothing is copied; a job that costs less there is there.
func TestDatasetAtHome(t *testing.T) {
	c := reading(model.Rigid, 1, 1, 1, 90)
	c.Jobs[0].AllowedSites, c.Jobs[1].AllowedSites = nil, nil
	p := solve(t, c)
	p.cost(2 * 0.4)
	if p.Jobs[0].Pool != "Q" || len(p.Datasets[0].Copies) != 0 {
		t.Errorf("in %s with copies %v, want Q without", p.Jobs[0].Pool, p.Datasets[0].Copies)
	}
	c.Datasets[0].Regions = []string{"east", "north"}
	solve(t, c).cost(2 * 0.4)
}

// One of two sources sends the whole: the west at 0.005 a GB would be cheaper for
// half of it, and is too slow for all. By the second hour the north it is.
func TestDatasetHasOneSource(t *testing.T) {
	c := reading(model.Rigid, 0, 1, 1, 90)
	c.Regions = append(c.Regions, model.Region{Name: "west"})
	c.DataLinks = append(c.DataLinks, model.DataLink{Name: "E", From: "west", To: "east", CapacityGbps: model.Series{0.5}, PricePerGB: 0.005})
	c.Datasets[0].Regions = []string{"west", "north"}
	p := solve(t, c)
	p.cost(0.4 + 4.5)
	if p.Datasets[0].Copies[0].From != "north" {
		t.Errorf("copies %+v, want one from north", p.Datasets[0].Copies)
	}
	// At 3 in the third hour waiting for the west saves 2.25 and costs 0.8.
	c.ThermalUnits[0].CostFactor = model.Series{1, 1, 3}
	p = solve(t, c)
	p.cost(0.4*3 + 2.25)
	p.series("copy", p.Datasets[0].Copies[0].GB, 225, 225)
}

// At 20 a MWh and a PUE of 2 in the north, where the dataset lies, the job's 0.4 MWh cost
// 16 there; in the east, with the copy, 8+4.5. Where the dataset may not go east the job
// stays, however little it is: of 0 GB it costs 8 in the east, and 16.
func TestDatasetResidency(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c := reading(shape, 0, 20, 20)
		c.Jobs[0].AllowedSites, c.Sites[1].PUE = nil, model.Series{2}
		d := &c.Datasets[0]
		for _, x := range []struct {
			gb                 float64
			allowed, forbidden []string
			want               float64
		}{
			{450, nil, nil, 12.5},
			{450, []string{"north", "east"}, nil, 12.5},
			{450, []string{"north"}, nil, 16},
			{450, nil, []string{"east"}, 16},
			{450, []string{"north", "east"}, []string{"east"}, 16},
			{0, nil, nil, 8},
			{0, nil, []string{"east"}, 16},
		} {
			d.GB, d.AllowedRegions, d.ForbiddenRegions = x.gb, x.allowed, x.forbidden
			p := solve(t, c)
			p.cost(x.want)
			if x.want != 16 {
				continue
			}
			if copies := len(p.Datasets[0].Copies); copies > 0 || p.Jobs[0].Pool != "Q" {
				t.Errorf("in %s with %d copies, want Q without", p.Jobs[0].Pool, copies)
			}
			out := outcome(t, c, opt.Options{Method: opt.Placement})
			solved{out.Plan, t}.cost(16)
		}
	}
}

// A job of two hours begins in the north, for 16, takes the dataset along and ends in the
// east, for 8, unless the dataset may not be there: 16 again.
func TestDatasetResidencyOfMoves(t *testing.T) {
	c := reading(model.Preemptible, 0, 20, 20)
	j := &c.Jobs[0]
	j.AllowedSites, c.Sites[1].PUE = nil, model.Series{2}
	j.WorkUnitH, j.Migration = 8, &model.Migration{}
	p := solve(t, c)
	p.cost(16 + 8)
	if len(p.Jobs[0].Then) != 1 {
		t.Errorf("runs %+v, want one move", p.Jobs[0])
	}
	c.Datasets[0].ForbiddenRegions = []string{"east"}
	p = solve(t, c)
	p.cost(16 + 16)
	if len(p.Jobs[0].Then) != 0 {
		t.Errorf("runs %+v, want no move", p.Jobs[0])
	}
}
