package report

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

// outageCase has two sites with a pool each, S and W. The plan serves 10 units of web at
// S, whose queue holds 12 for them, and 4 units of mail, which fill a unit by half. If S is
// lost, W has room for 7 of web; if W is lost, nothing moves. Two hours.
func outageCase() (*model.Case, *model.Plan) {
	c := &model.Case{
		Format: model.CaseFormat, Name: "outages", Currency: "EUR",
		Horizon: model.Horizon{Start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), Periods: []model.PeriodRun{{Count: 1, Hours: 2}}},
		Buses:   []model.Bus{{Name: "A"}}, Regions: []model.Region{{Name: "r"}},
		LatencyClasses: []model.LatencyClass{
			{Name: "hot", Queue: &model.Queue{ServiceMS: 20, LimitMS: 50, Percentile: 0.9}},
			{Name: "mild", UtilisationCap: ptrTo(0.5)},
		},
		Sites: []model.Site{{Name: "S", Bus: "A", Region: "r"}, {Name: "W", Bus: "A", Region: "r"}},
		Pools: []model.Pool{
			{Name: "P", Site: "S", Modules: 3, UnitsPerModule: 10, DynamicMWPerUnit: 0.1},
			{Name: "Q", Site: "W", Modules: 1, UnitsPerModule: 10, DynamicMWPerUnit: 0.1},
		},
		Workloads: []model.Workload{
			{Name: "web", Region: "r", Class: "hot", DemandUnits: model.Series{10}},
			{Name: "mail", Region: "r", Class: "mild", DemandUnits: model.Series{4}},
		},
		ComputingOutages: model.ComputingOutages{Classes: []string{"hot"}, Sites: true},
	}
	one := func(v float64) []float64 { return []float64{v} }
	p := &model.Plan{
		Format: model.PlanFormat, Case: c.Name, CaseSHA256: c.Fingerprint(), Currency: "EUR", Start: c.Horizon.Start, PeriodHours: one(2),
		Status: model.PlanOptimal, Objective: 12_000, Costs: []model.Cost{{Item: model.CostOutageShort, Asset: "web", Amount: 12_000}},
		Buses: []model.BusPlan{{Name: "A", ShedMW: one(0), SpillMW: one(0)}},
		Sites: []model.SitePlan{{Name: "S", PowerMW: one(1.4)}, {Name: "W", PowerMW: one(0)}},
		Pools: []model.PoolPlan{
			{Name: "P", ModulesOn: []int{2}, ModuleStarts: []int{0}, ModuleStops: []int{0}, BusyUnits: one(14),
				Queues: []model.QueuePlan{{Class: "hot", HeldUnits: one(12)}}},
			{Name: "Q", ModulesOn: []int{1}, ModuleStarts: []int{0}, ModuleStops: []int{0}, BusyUnits: one(0)},
		},
		Workloads: []model.WorkloadPlan{
			{Name: "web", Routes: []model.Route{{Pool: "P", Units: one(10)}}, UnservedUnits: one(0)},
			{Name: "mail", Routes: []model.Route{{Pool: "P", Units: one(4)}}, UnservedUnits: one(0)},
		},
		Outages: []model.OutagePlan{{Name: "site S", Workloads: []model.OutageWorkload{
			{Name: "web", Routes: []model.Route{{Pool: "Q", Units: one(7)}}, ShortUnits: one(3)},
		}}},
		Prices: &model.Prices{
			Power:            []model.PriceSeries{{Name: "A", Values: one(50)}},
			Compute:          []model.PriceSeries{{Name: "P", Values: one(6)}, {Name: "Q", Values: one(0)}},
			ComputeWithPower: []model.PriceSeries{{Name: "P", Values: one(11)}, {Name: "Q", Values: one(5)}},
			Queues:           []model.QueuePrices{{Class: "hot", Pool: "P", Values: one(7)}, {Class: "hot", Pool: "Q", Values: one(0)}},
			Outages: []model.OutagePrices{{Name: "site S", Workloads: []model.PriceSeries{{Name: "web", Values: one(2_000)}},
				Pools: []model.PriceSeries{{Name: "Q", Values: one(1_700)}}}},
		},
	}
	return c, p
}

func ptrTo[T any](v T) *T { return &v }

func TestHeadroomByHand(t *testing.T) {
	c, p := outageCase()
	s := mustSummarise(t, c, p)
	want := []HeadroomLine{
		{Pool: "P", Class: "hot", Queue: true, BusyUnitH: 20, HeldUnitH: 24, HeadroomUnitH: 4, PeakUnits: 2},
		{Pool: "P", Class: "mild", BusyUnitH: 8, HeldUnitH: 16, HeadroomUnitH: 8, PeakUnits: 4},
	}
	if got := s.Computing.Headroom; len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("headroom %+v, want %+v", got, want)
	}
}

// S costs 10 units at 2,000 for two hours, of which 3 are short; W nothing.
func TestOutagesByHand(t *testing.T) {
	c, p := outageCase()
	s := mustSummarise(t, c, p)
	if len(s.Computing.Outages) != 2 {
		t.Fatalf("%+v", s.Computing.Outages)
	}
	lost, other := s.Computing.Outages[0], s.Computing.Outages[1]
	near(t, "moved", lost.MovedUnitH, 14)
	near(t, "short", lost.ShortUnitH, 6)
	near(t, "short at once", lost.ShortUnits, 3)
	near(t, "penalty", lost.ShortCost, 12_000)
	near(t, "cost", *lost.Cost, 40_000)
	near(t, "binds", *lost.BindsH, 2)
	if len(lost.Goes) != 1 || lost.Goes[0] != (OutageMove{"Q", 14}) {
		t.Errorf("goes to %+v", lost.Goes)
	}
	if other.MovedUnitH != 0 || *other.Cost != 0 {
		t.Errorf("without W %+v", other)
	}
	if len(s.Shortages) != 1 || s.Shortages[0].Kind != ShortOutage || s.Shortages[0].Cost != 12_000 ||
		!strings.Contains(s.Shortages[0].Text, "Without site S, workload web would lack 6 unit-h") {
		t.Errorf("shortages %+v", s.Shortages)
	}
}

// Web at P costs what its queue takes, 7, its power, 5, and the outage; mail keeps its units
// in an outage: at P they cost the scarcity of 6, twice for half a unit of use, at Q what
// they are worth without S.
func TestUnitPricesWithOutages(t *testing.T) {
	c, p := outageCase()
	want := map[[2]string]float64{
		{"P", "hot"}: 7 + 5 + 2_000, {"P", "mild"}: 6/0.5 + 5, {"Q", "mild"}: 1_700/0.5 + 5, {"Q", "hot"}: 0 + 5 + 2_000,
	}
	lines := mustSummarise(t, c, p).Computing.UnitPrices
	for _, l := range lines {
		near(t, l.Class+" at "+l.Pool, l.Mean, want[[2]string{l.Pool, l.Class}])
	}
	if len(lines) != len(want) {
		t.Errorf("%d prices, want %d", len(lines), len(want))
	}
}

// A third site, with a module on, comes within reach by a millisecond: in the outage of S
// a unit-hour would cost nothing there, so that all of the 2,000 could be saved.
func TestMillisecondWithOutages(t *testing.T) {
	c, p := outageCase()
	c.LatencyClasses[0].MaxRoundTripMS = ptrTo(10.0)
	c.Network.RoundTrips = []model.RoundTrip{{Region: "r", Site: "X", MS: 10.5}}
	c.Regions = append(c.Regions, model.Region{Name: "x"})
	c.Sites = append(c.Sites, model.Site{Name: "X", Bus: "A", Region: "x"})
	c.Pools = append(c.Pools, model.Pool{Name: "R", Site: "X", Modules: 1, UnitsPerModule: 10, DynamicMWPerUnit: 0.1})
	p.Sites = append(p.Sites, model.SitePlan{Name: "X", PowerMW: []float64{0}})
	p.Pools = append(p.Pools, model.PoolPlan{Name: "R", ModulesOn: []int{1}, ModuleStarts: []int{0}, ModuleStops: []int{0}, BusyUnits: []float64{0}})
	p.Prices.Compute = append(p.Prices.Compute, model.PriceSeries{Name: "R", Values: []float64{0}})
	p.Prices.ComputeWithPower = append(p.Prices.ComputeWithPower, model.PriceSeries{Name: "R", Values: []float64{5}})
	lines := mustSummarise(t, c, p).Computing.Latency
	if len(lines) != 1 || lines[0].MoreSites != 1 {
		t.Fatalf("%+v", lines)
	}
	near(t, "saving", lines[0].Saving, 2*10*2_000)
}

func TestOutagePageAndTables(t *testing.T) {
	c, p := outageCase()
	var b bytes.Buffer
	if err := HTML(&b, c, p, Meta{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Headroom over time", "If a site or a data link is lost", "<td>site S</td>", "Q 14", ">nothing<"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	dir := t.TempDir()
	if err := Tables(dir, c, p); err != nil {
		t.Fatal(err)
	}
	rows := readTable(t, filepath.Join(dir, "outages.csv"))
	if len(rows) != 3 { // away from P, to Q, and short
		t.Errorf("outages.csv: %v", rows)
	}
	near(t, "headroom", total(t, readTable(t, filepath.Join(dir, "headroom.csv")), "headroom_units"), 2*(2+4))
	near(t, "prices of outages", total(t, readTable(t, filepath.Join(dir, "outage_prices.csv")), "price"), 2*(2_000+1_700))
}
