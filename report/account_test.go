package report

import (
	"bytes"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestAccountsByHand: the first hour's idle power is the workload's alone, in the
// two after it has 6 of 10 units taken.
func TestAccountsByHand(t *testing.T) {
	c, p := handCase()
	v := mustSummarise(t, c, p).Computing.Accounts
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	x := j.carbonIntensity()
	w, job := v.ByWorkload[0], v.DearestJobs[0]
	near(t, "work", w.UnitH, 16)
	near(t, "energy of the workload", w.MWh, 1.5*(0.4+1)+2*1.5*(0.6+1.2))
	near(t, "energy of its data", w.DataMWh, 16)
	near(t, "power of the workload", w.PowerCost, 2.1*50+5.4*100+2*20+2*50+6*20+6*100)
	near(t, "its data", w.DataCost, 8)
	near(t, "unserved", w.PenaltyCost, 80_000)
	near(t, "its CO2", w.CO2T, 2.1*x[1][0]+5.4*x[1][1]+2*(x[0][0]+x[1][0])+6*(x[0][1]+x[1][1]))
	near(t, "energy of the job", job.MWh, 2*1.5*(0.6+0.8))
	near(t, "power of the job", job.PowerCost, 420)
	near(t, "CO2 of the job", job.CO2T, 4.2*x[1][1])
	near(t, "cost of the job", job.Total(), 420)
	near(t, "rest", v.Rest.MWh, 0)
	near(t, "all of the workloads", v.Workloads.Total(), w.Total())
	if !v.Priced || job.Status != JobOnTime {
		t.Errorf("got %+v", v)
	}
	if v.Marginal || v.Jobs.MarginalCO2T != 0 {
		t.Errorf("marginal emissions that the plan does not have: %+v", v)
	}
	p.Prices.MarginalCO2 = []model.PriceSeries{{Name: "A", Values: []float64{0.5, 1}}, {Name: "B", Values: []float64{0.25, -2}}}
	s := mustSummarise(t, c, p)
	v = s.Computing.Accounts
	near(t, "marginal CO2 of the workload", v.ByWorkload[0].MarginalCO2T, 2.1*0.25-5.4*2+2*0.5+2*0.25+6*1-6*2)
	near(t, "marginal CO2 of the job", v.DearestJobs[0].MarginalCO2T, -4.2*2)
	near(t, "mean of bus B", *s.Carbon[1].Marginal, (0.25-2*2)/3)
	near(t, "highest of bus A", *s.Carbon[0].MarginalMax, 1)
	near(t, "average of bus B", s.Carbon[1].Average, (x[1][0]+2*x[1][1])/3)
	p.Prices = nil
	if v := mustSummarise(t, c, p).Computing.Accounts; v.Priced || v.Jobs.PowerCost != 0 || v.Jobs.CO2T <= 0 {
		t.Errorf("without prices %+v", v)
	}
}

// TestAccountsOfJobs: data and penalties of jobs of every status.
func TestAccountsOfJobs(t *testing.T) {
	c, p := jobsCase()
	c.DataLinks[0].EnergyKWhPerGB = 100
	c.Regions[0].Bus = "b"
	p.Prices = &model.Prices{Power: []model.PriceSeries{{Name: "b", Values: []float64{10, 20, 30, 40}}},
		Compute: []model.PriceSeries{{Name: "PA", Values: []float64{1, 0, 0, 0}}, {Name: "PB", Values: []float64{0, 0, 3, 0}}}}
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	a := j.accounts().jobs
	// mover draws 2 units at 10, 2 at 30 and 1 at 40, and sends 10 GB of 0.1 MWh
	// at 20; the half of it at rB is on no bus.
	near(t, "power of mover", a[1].PowerCost, 0.1*(2*10+2*30+1*40)+0.5*20)
	near(t, "capacity of mover", a[1].CapacityCost, 2*1+2*3)
	near(t, "data of mover", a[1].DataCost, 10*0.15)
	near(t, "energy of its data", a[1].DataMWh, 1)
	near(t, "capacity of mold", a[0].CapacityCost, 4)
	near(t, "left", a[2].PenaltyCost, 16)
	near(t, "waiting", a[3].Total(), 10)
	near(t, "late", a[4].PenaltyCost, 7)
	p.Jobs[3] = model.JobPlan{Job: "wait", Number: 1, Dropped: true}
	near(t, "dropped", j.account().jobs[3].PenaltyCost, 5*10_000)
}

// TestAccountsAddUp: all work and the rest draw what sites draw, and data what
// links draw.
func TestAccountsAddUp(t *testing.T) {
	c, p := fixture(24, 40)
	s := mustSummarise(t, c, p).Computing
	v := s.Accounts
	if v.Rest.MWh <= 0 || v.Jobs.MWh <= 0 || v.Workloads.MWh <= 0 {
		t.Fatalf("accounts %+v", v)
	}
	near(t, "sites", v.Jobs.MWh+v.Workloads.MWh+v.Rest.MWh, s.SiteMWh)
	near(t, "data", v.Jobs.DataMWh+v.Workloads.DataMWh, s.DataMWh)
	near(t, "GB", v.Jobs.GB+v.Workloads.GB, s.DataGB)
	near(t, "work", v.Jobs.UnitH+v.Workloads.UnitH, s.WorkUnitH)
	if n := len(v.DearestJobs); n != maxListed {
		t.Errorf("%d jobs are listed", n)
	}
	for i := 1; i < len(v.DearestJobs); i++ {
		if v.DearestJobs[i].Total() > v.DearestJobs[i-1].Total() {
			t.Error("the dearest job is not first")
		}
	}
}

func TestTop(t *testing.T) {
	v := []float64{3, 0, 5, 3, math.NaN(), -1, 5}
	got := top(len(v), func(i int) float64 { return v[i] })
	want := []int{2, 6, 0, 3}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	if got := top(100, func(i int) float64 { return float64(i + 1) }); len(got) != maxListed || got[0] != 99 || got[maxListed-1] != 100-maxListed {
		t.Errorf("got %v", got)
	}
}

// nearCase is handCase with prices of units, and a second site, in rA and a
// little too far from it.
func nearCase() (*model.Case, *model.Plan) {
	c, p := handCase()
	c.Sites = append(c.Sites, model.Site{Name: "S2", Bus: "A", Region: "rA"})
	c.Network.RoundTrips = append(c.Network.RoundTrips, model.RoundTrip{Region: "rA", Site: "S2", MS: 10.8})
	c.Pools = append(c.Pools, model.Pool{Name: "P2", Site: "S2", Modules: 1, UnitsPerModule: 10, DynamicMWPerUnit: 0.1})
	p.Sites = append(p.Sites, model.SitePlan{Name: "S2", PowerMW: []float64{0, 0}})
	p.Pools = append(p.Pools, model.PoolPlan{Name: "P2", ModulesOn: []int{0, 1}, ModuleStarts: []int{0, 1}, ModuleStops: []int{0, 0}, BusyUnits: []float64{0, 0}})
	p.Prices.Compute = []model.PriceSeries{{Name: "P", Values: []float64{4, 4}}, {Name: "P2", Values: []float64{0, 3}}}
	return c, p
}

// TestUnitPricesByHand: at speed 2 and half full, a unit-hour of hot work takes a
// whole one of capacity and half of its power.
func TestUnitPricesByHand(t *testing.T) {
	c, p := nearCase()
	got := map[string]UnitPriceLine{}
	for _, v := range mustSummarise(t, c, p).Computing.UnitPrices {
		got[v.Pool+" "+v.Class] = v
	}
	near(t, "lowest for hot work", got["P hot"].Min, 4+0.5*1.5*0.2*50)
	near(t, "highest for hot work", got["P hot"].Max, 4+0.5*1.5*0.2*100)
	near(t, "mean for hot work", got["P hot"].Mean, (11.5+2*19)/3)
	near(t, "lowest for jobs", got["P jobs"].Min, 2+7.5)
	near(t, "where open in the end", got["P2 jobs"].Mean, 3+0.1*20)
	// With the price of the site's import limit.
	p.Prices.ComputeWithPower = []model.PriceSeries{{Name: "P", Values: []float64{34, 34}}}
	for _, v := range mustSummarise(t, c, p).Computing.UnitPrices {
		if v.Pool == "P" && v.Class == "hot" {
			near(t, "with a limit", v.Mean, 4+15)
		}
	}
}

// TestLatencyPriceByHand: a millisecond more reaches S2, which is open in the
// second period and saves the data.
func TestLatencyPriceByHand(t *testing.T) {
	c, p := nearCase()
	got := mustSummarise(t, c, p).Computing.Latency
	if len(got) != 1 || got[0].MoreSites != 1 || got[0].BoundMS != 10 {
		t.Fatalf("got %+v", got)
	}
	near(t, "demand", got[0].UnitH, 20)
	near(t, "saving", got[0].Saving, 16*(19+0.5-(3/0.5+0.1*20)))
	c.Network.RoundTrips[1].MS = 11.2
	if got := mustSummarise(t, c, p).Computing.Latency; got[0].Saving != 0 || got[0].MoreSites != 0 {
		t.Errorf("beyond a millisecond: %+v", got)
	}
	// Data that a full link carries costs its price too.
	c.Network.RoundTrips[1].MS = 10.8
	p.Prices.DataForward = []model.PriceSeries{{Name: "rA=rB", Values: []float64{0, 2}}}
	near(t, "saving with a full link", mustSummarise(t, c, p).Computing.Latency[0].Saving, 16*(19+2.5-8))
}

// TestJobLatencyPriceByHand: a job of 8 unit-h on 4 units. At P, of speed 2, it takes an hour:
// in the first period 4 * (4 + 0.3 * 50) = 76. S2, a millisecond beyond the bound, has a pool of
// speed 1 that is open in the second period: 4 units for 2 hours at 3 and 0.1 * 20.
func TestJobLatencyPriceByHand(t *testing.T) {
	c, p := nearCase()
	c.Workloads[0].DemandUnits = model.Constant(4)
	c.Jobs[0].Region, c.Jobs[0].Class, c.Jobs[0].WorkUnitH = "rA", "hot", 8
	p.Jobs[0].BusyUnits[0] = 2
	ask := func() LatencyLine {
		t.Helper()
		got := mustSummarise(t, c, p).Computing.Latency
		if len(got) != 1 {
			t.Fatalf("got %+v", got)
		}
		return got[0]
	}
	near(t, "work", ask().JobUnitH, 8)
	near(t, "saving", ask().JobSaving, 76-4*2*(3+2.0))
	if n := ask().MoreSites; n != 1 {
		t.Errorf("%d more sites", n)
	}
	near(t, "with the workload", (&LatencyLine{Saving: 5, JobSaving: 36}).Saves(), 41)
	// Of no use to a job that must be done before S2 opens.
	c.Jobs[0].DeadlineH = ptr(1.0)
	near(t, "with a deadline", ask().JobSaving, 0)
	// A dropped job saves what it is worth.
	c.Jobs[0].DeadlineH, c.Jobs[0].DropPrice = nil, ptr(50.0)
	p.Jobs[0] = model.JobPlan{Job: "J", Number: 1, Dropped: true}
	near(t, "a dropped job", ask().JobSaving, 50-40)
	// A class of the job's own has a line of its own.
	c.LatencyClasses = append(c.LatencyClasses, model.LatencyClass{Name: "warm", MaxRoundTripMS: ptr(10.0)})
	c.Jobs[0].Class = "warm"
	if got := mustSummarise(t, c, p).Computing.Latency; len(got) != 2 || got[1].Class != "warm" || got[1].JobSaving != 10 || got[1].UnitH != 0 || got[0].JobUnitH != 0 {
		t.Errorf("got %+v", got)
	}
	c.LatencyClasses[1].MaxRoundTripMS = nil
	if got := mustSummarise(t, c, p).Computing.Latency; len(got) != 1 {
		t.Errorf("without a bound: %+v", got)
	}
}

// TestCorridorsByHand: power goes from A to B, against work that would go from rB
// to rA. Work of rA draws 0.6 and 1.8 MWh at B, at 50 and 100 instead of 20; a GB of its
// data takes a MWh of the data link, half at either end: 4 at 35 and 12 at 60.
func TestCorridorsByHand(t *testing.T) {
	c, p := nearCase()
	got := mustSummarise(t, c, p).Computing.Corridors
	if len(got) != 2 {
		t.Fatalf("corridors %+v", got)
	}
	near(t, "sent to rA", got[0].WireMWh, 0)
	near(t, "sent to rB", got[1].WireMWh, 130)
	near(t, "lost", got[1].WireLossMWh, 13)
	if got[1].From != "rB" || got[1].UnitH != 0 || got[1].Saving != nil {
		t.Errorf("got %+v", got[1])
	}
	dir := t.TempDir()
	if err := Tables(dir, c, p); err != nil {
		t.Fatal(err)
	}
	rows := readTable(t, filepath.Join(dir, "corridors.csv"))
	for i, want := range [][]string{{"4", "0.6", "4", "2", "0", "0", "-158", "-39.5", "4", "0"}, {"12", "1.8", "12", "6", "0", "0", "-864", "-72", "12", "0"},
		{"0", "0", "0", "0", "30", "3", "", "", "0", "0"}} {
		for k, column := range []string{"work_unit_h", "mwh_not_sent", "transfer_gb", "data_cost", "wire_mwh", "wire_loss_mwh", "power_saving", "break_even_per_gb", "data_mwh", "loss_avoided_mwh"} {
			if rows[i][column] != want[k] {
				t.Errorf("row %d has %s %s, want %s", i, column, rows[i][column], want[k])
			}
		}
	}
}

// TestCorridorLossAvoided: a job of rB done at A draws 0.8 MWh there in the second period,
// in which the link to B sends 100 MWh and loses 10: to have 0.8 arrive, 0.8/9 more would be lost.
func TestCorridorLossAvoided(t *testing.T) {
	c, p := nearCase()
	c.Jobs[0].WorkUnitH = 8
	p.Jobs[0] = model.JobPlan{Job: "J", Number: 1, Pool: "P2", First: 1, BusyUnits: []float64{4}}
	p.Pools[1].BusyUnits[1], p.Sites[1].PowerMW[1] = 4, 0.4
	got := mustSummarise(t, c, p).Computing.Corridors
	at := got[len(got)-1]
	if at.From != "rB" || at.To != "rA" {
		t.Fatalf("corridors %+v", got)
	}
	near(t, "energy", at.MWh, 0.8)
	near(t, "loss avoided", at.LossAvoidedMWh, 0.8/9)
	near(t, "saving", *at.Saving, 0.8*(100-20))
	// A site elsewhere is not at the end of the link.
	c.Buses = append(c.Buses, model.Bus{Name: "C"})
	p.Buses = append(p.Buses, model.BusPlan{Name: "C", ShedMW: []float64{0, 0}, SpillMW: []float64{0, 0}})
	c.Sites[1].Bus = "C"
	got = mustSummarise(t, c, p).Computing.Corridors
	near(t, "loss avoided elsewhere", got[len(got)-1].LossAvoidedMWh, 0)
}

// TestCorridorDataFollowsWork: data is as much where its work is done as where it
// is sent.
func TestCorridorDataFollowsWork(t *testing.T) {
	j, err := join(fixture(24, 40))
	if err != nil {
		t.Fatal(err)
	}
	moved := 0.0
	for _, at := range j.corridors() {
		near(t, at.from+" to "+at.to, plainSum(at.gbOfWork), plainSum(at.gb))
		for h := range j.T {
			moved += math.Abs(at.gbOfWork[h] - at.gb[h])
		}
	}
	if moved == 0 {
		t.Error("no data is sent ahead of its work")
	}
}

// TestAccountsAreShown on the page and in the text.
func TestAccountsAreShown(t *testing.T) {
	c, p := nearCase()
	c.Jobs[0].WorkUnitH, c.Jobs[0].DeadlineH, c.Jobs[0].LatePricePerH = 8, ptr(1.0), ptr(9.0)
	p.Jobs[0].BusyUnits[0], p.Jobs[0].LateH = 2, 2
	page := string(page1(t, c, p, Meta{}))
	for _, want := range []string{`<h2 id="accounts">`, "Jobs that cost most", "Deadlines that cost most", "A millisecond more", "A unit-hour of work by pool and class", "MWh sent back"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	var text bytes.Buffer
	if err := Text(&text, mustSummarise(t, c, p)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"CO2 of work", "an hour later saves J 9 EUR/h", "1 ms more hot of rA 184 EUR"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, text.String())
		}
	}
}
