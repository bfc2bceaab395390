package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// twoRegions is batch with a second site N with pool Q, of the same kind, in region
// north, and a data link of 1 Gb/s, 450 GB an hour, from north to east. Power is
// for sale at one bus, so that only data and capacity tell the sites apart; the
// job is allowed at S alone.
func twoRegions(shape model.JobShape, units, workUnitH float64, price ...float64) (*model.Case, *model.Job) {
	c, j := batch(shape, units, workUnitH, price...)
	c.Regions = append(c.Regions, model.Region{Name: "north"})
	addSite(c, "N", "north", "Q", 1)
	c.Pools[1] = c.Pools[0]
	c.Pools[1].Name, c.Pools[1].Site = "Q", "N"
	c.DataLinks = []model.DataLink{{Name: "D", From: "north", To: "east", CapacityGbps: model.Series{1}, PricePerGB: 0.01}}
	j.AllowedSites = []string{"S"}
	return c, j
}

// transfer checks the job's only transfer of a kind.
func (s solved) transfer(job *model.JobPlan, kind model.TransferKind, of, first int, gb ...float64) {
	s.t.Helper()
	found := 0
	for _, tr := range job.Transfers {
		if tr.What == kind && tr.Of == of {
			found++
			s.ints("first of "+string(kind), []int{tr.First}, first)
			s.series(string(kind), tr.GB, gb...)
		}
	}
	if found != 1 {
		s.t.Errorf("%d transfers of kind %s, want 1: %+v", found, kind, job.Transfers)
	}
}

// Data is usable a lead time after the period in which it is sent: 450 GB sent in
// the first hour, with 1.5 h to wait, from the fourth hour on, at 60. Over half
// hours the lead ends within a period too.
func TestDataLeadTime(t *testing.T) {
	c, j := twoRegions(model.Rigid, 4, 4, 1, 1, 50, 60)
	j.InputGB, j.DataRegion = 450, "north"
	solve(t, c).cost(0.4*1 + 4.5)
	c.DataLinks[0].LeadTimeH = 1
	solve(t, c).cost(0.4*50 + 4.5)
	c.DataLinks[0].LeadTimeH = 1.5
	p := solve(t, c)
	p.cost(0.4*60 + 4.5)
	p.ints("first", []int{p.Jobs[0].First}, 3)
	p.series("link", p.DataLinks[0].ForwardGB, 450, 0, 0, 0)
}

// A GB pays the link, 0.01, and the region that it leaves, 0.02; so do the
// answers of a workload, here 2 units of 10 GB an hour from east to north.
func TestEgressPrice(t *testing.T) {
	c, j := twoRegions(model.Rigid, 4, 4, 1, 1)
	j.InputGB, j.DataRegion = 450, "north"
	c.Regions[1].EgressPricePerGB = 0.02
	p := solve(t, c)
	p.cost(0.4 + 450*0.03)
	p.item(model.CostData, "J", 13.5)

	c.Jobs = nil
	c.LatencyClasses = []model.LatencyClass{{Name: "cold"}}
	w := work(c, "cold", 2, 2)
	w.DataGBPerUnitH, w.ForbiddenSites = 10, []string{"S"}
	p = solve(t, c)
	p.item(model.CostData, "web", 2*20*0.01) // what leaves the east is free
	c.Regions[0].EgressPricePerGB = 0.05
	p = solve(t, c)
	p.item(model.CostData, "web", 2*20*0.06)
}

// Inputs of 300 and 300 GB from the north share the link: two hours. The 900 GB
// from the west come over a link of their own in one.
func TestJobInputs(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, j := twoRegions(shape, 4, 4, 1, 1, 50, 60)
		c.Regions = append(c.Regions, model.Region{Name: "west"})
		c.DataLinks = append(c.DataLinks, model.DataLink{Name: "E", From: "east", To: "west", CapacityGbps: model.Series{2}, PricePerGB: 0.02})
		j.Inputs = []model.DataFlow{{Region: "north", GB: 300}, {Region: "west", GB: 900}, {Region: "east", GB: 1e6}, {Region: "north", GB: 300}}
		p := solve(t, c)
		p.cost(0.4*50 + 600*0.01 + 900*0.02)
		p.item(model.CostData, "J", 24)
		p.ints("first", []int{p.Jobs[0].First}, 2)
		if n := len(p.Jobs[0].Transfers); n != 3 {
			t.Errorf("%d transfers, want 3", n)
		}
		near(t, "by E", p.DataLinks[1].BackwardGB[0]+p.DataLinks[1].BackwardGB[1], 900)

		// A job may not be where an input does not lead.
		j.AllowedSites = nil
		c.ThermalUnits[0].CostFactor = model.Series{1, 1, 50, 0.01} // the north would do at once
		j.DeadlineH = ptr(3.0)
		solve(t, c).cost(0.4*50 + 24)
	}
}

// The output of 450 GB takes the hour after the last of work: the job works in
// the second hour at 20, and not in the last at 10; of two that share the link,
// one works in the first hour.
func TestJobOutputs(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, j := twoRegions(shape, 4, 4, 50, 20, 10)
		j.Outputs = []model.DataFlow{{Region: "north", GB: 450}}
		p := solve(t, c)
		p.cost(0.4*20 + 4.5)
		p.item(model.CostData, "J", 4.5)
		p.transfer(&p.Jobs[0], model.TransferOutput, 0, 2, 450)
		p.series("link", p.DataLinks[0].BackwardGB, 0, 0, 450)

		j.Count = 2
		p = solve(t, c)
		p.cost(0.4*20 + 0.4*50 + 9)
		p.series("link", p.DataLinks[0].BackwardGB, 0, 450, 450)

		// In its region an output needs nothing.
		j.Outputs[0].Region = "east"
		solve(t, c).cost(0.8 * 10)

		// And a job that cannot send is dropped, at the price of dropping.
		j.Outputs, j.Count, j.DropPrice = []model.DataFlow{{Region: "north", GB: 900}}, 2, ptr(70.0)
		p = solve(t, c)
		p.cost(0.4*50 + 9 + 70)
	}
}

// P has room in the first hour only, Q in the others: the job moves, with what it
// has read. Its dataset lies in the east, where it begins; its output leaves the
// north, where it ends, and crosses the link only if it goes east.
func TestMigrationAndData(t *testing.T) {
	c, j := twoRegions(model.Preemptible, 4, 8, 10, 20, 30)
	c.Pools[0].AvailableModules, c.Pools[1].AvailableModules = model.Series{1, 0, 0}, model.Series{0, 1, 1}
	j.AllowedSites, j.Migration = nil, &model.Migration{}
	c.Datasets = []model.Dataset{{Name: "genomes", GB: 1e5, Regions: []string{"east"}}}
	j.Datasets, j.InputGB = []string{"genomes"}, 1e5
	j.Outputs = []model.DataFlow{{Region: "north", GB: 1e5}}
	p := solve(t, c)
	p.cost(0.4*10 + 0.4*20)
	if len(p.Jobs[0].Then) != 1 || len(p.Jobs[0].Transfers) != 0 {
		t.Errorf("job %+v, want one move and no transfer", p.Jobs[0])
	}
	j.Outputs = []model.DataFlow{{Region: "east", GB: 450}}
	p = solve(t, c)
	p.cost(0.4*10 + 0.4*20 + 4.5)
	p.transfer(&p.Jobs[0], model.TransferOutput, 0, 2, 450)
}

// A job that runs when the horizon begins has its input and its dataset where it
// runs, and still has output to send.
func TestRunningJobAndData(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, j := twoRegions(shape, 4, 8, 10, 20, 30)
		c.Datasets = []model.Dataset{{Name: "genomes", GB: 1e5, Regions: []string{"north"}}}
		j.Datasets, j.InputGB, j.DataRegion = []string{"genomes"}, 1e5, "north"
		j.Outputs = []model.DataFlow{{Region: "north", GB: 450}}
		j.Running = &model.Running{Pool: "P", DoneUnitH: 4, Pinned: true}
		p := solve(t, c)
		p.cost(0.4*10 + 4.5)
		p.item(model.CostData, "J", 4.5)
		near(t, "copied", float64(len(p.Datasets[0].Copies)), 0)
	}
}
