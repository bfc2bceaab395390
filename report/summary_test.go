package report

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

// handCase is a plan that can be checked by hand: two buses over an hour and
// two hours, coal and load at A, all else at B, where power is short.
func handCase() (*model.Case, *model.Plan) {
	start := time.Date(2024, 3, 1, 6, 0, 0, 0, time.UTC)
	c := &model.Case{
		Format: model.CaseFormat, Name: "By hand", Currency: "EUR",
		Horizon: model.Horizon{Start: start, Zone: "UTC", Periods: []model.PeriodRun{{Count: 1, Hours: 1}, {Count: 1, Hours: 2}}},
		Buses:   []model.Bus{{Name: "A"}, {Name: "B"}},
		Loads:   []model.Load{{Name: "a", Bus: "A", PowerMW: model.Constant(100)}, {Name: "b", Bus: "B", PowerMW: model.Series{50, 80}}},
		ThermalUnits: []model.ThermalUnit{{Name: "coal", Bus: "A", Fuel: "coal", Count: 2, MinPowerMW: 40, MaxPowerMW: 100, CO2TPerMWh: 1,
			Cost: []model.CostPoint{{PowerMW: 40, CostPerH: 400}, {PowerMW: 100, CostPerH: 1000}}}},
		Renewables: []model.Renewable{{Name: "wind", Bus: "B", Source: "wind", AvailableMW: model.Series{40, 20}}},
		Storages: []model.Storage{{Name: "battery", Bus: "B", MaxChargeMW: 10, MaxDischargeMW: 10, EfficiencyCharge: ptr(0.8),
			EfficiencyDischarge: ptr(0.5), LevelMaxMWh: 20, InitialLevelMWh: 10}},
		Links:          []model.Link{{Name: "A-B", From: "A", To: "B", MaxForwardMW: model.Constant(50), LossShare: 0.1}},
		LatencyClasses: []model.LatencyClass{{Name: "hot", MaxRoundTripMS: ptr(10.0), UtilisationCap: ptr(0.5)}},
		Regions:        []model.Region{{Name: "rA", Area: "east", Bus: "A"}, {Name: "rB", Area: "west", Bus: "B"}},
		Network:        model.Network{RoundTrips: []model.RoundTrip{{Region: "rA", Site: "S", MS: 5}}},
		Sites:          []model.Site{{Name: "S", Bus: "B", Region: "rB", PUE: model.Constant(1.5)}},
		Pools: []model.Pool{{Name: "P", Site: "S", Kind: "cpu", Modules: 2, UnitsPerModule: 10, Speed: ptr(2.0), IdleMWPerModule: 1,
			DynamicMWPerUnit: 0.2}},
		DataLinks: []model.DataLink{{Name: "rA=rB", From: "rA", To: "rB", CapacityGbps: model.Constant(1), PricePerGB: 0.5, EnergyKWhPerGB: 1000}},
		Workloads: []model.Workload{{Name: "W", Region: "rA", Class: "hot", DemandUnits: model.Series{4, 8}, DataGBPerUnitH: 1}},
		Jobs:      []model.Job{{Name: "J", Region: "rB", Shape: model.Rigid, Units: 4, WorkUnitH: 12}},
	}
	p := &model.Plan{
		Format: model.PlanFormat, Case: c.Name, Currency: "EUR", Start: start, Zone: "UTC", PeriodHours: []float64{1, 2},
		Status: model.PlanLimit, Objective: 1000, Bound: ptr(990.0),
		Costs: []model.Cost{{Item: model.CostRunning, Asset: "coal", Amount: 600}, {Item: model.CostData, Asset: "W", Amount: 8},
			{Item: model.CostTerminalValue, Asset: "battery", Amount: -8}, {Item: model.CostShedding, Asset: "B", Amount: 400}},
		Buses:        []model.BusPlan{{Name: "A", ShedMW: []float64{0, 0}, SpillMW: []float64{0, 0}}, {Name: "B", ShedMW: []float64{2.1, 18.8}, SpillMW: []float64{0, 0}}},
		ThermalUnits: []model.ThermalPlan{{Name: "coal", UnitsOn: []int{2, 2}, Starts: []int{0, 0}, Stops: []int{0, 0}, PowerMW: []float64{132, 153}}},
		Renewables:   []model.RenewablePlan{{Name: "wind", PowerMW: []float64{30, 20}, CurtailedMW: []float64{10, 0}}},
		Storages:     []model.StoragePlan{{Name: "battery", ChargeMW: []float64{5, 0}, DischargeMW: []float64{0, 4}, LevelMWh: []float64{14, -2}}},
		Links:        []model.LinkPlan{{Name: "A-B", ForwardMW: []float64{30, 50}, BackwardMW: []float64{0, 0}, LossMW: []float64{3, 5}}},
		Policy:       model.PolicyPlan{CO2T: 438},
		Sites:        []model.SitePlan{{Name: "S", PowerMW: []float64{2.1, 4.8}}},
		Pools:        []model.PoolPlan{{Name: "P", ModulesOn: []int{1, 2}, ModuleStarts: []int{0, 1}, ModuleStops: []int{0, 0}, BusyUnits: []float64{2, 6}}},
		DataLinks:    []model.DataLinkPlan{{Name: "rA=rB", ForwardGB: []float64{4, 12}, BackwardGB: []float64{0, 0}}},
		Workloads:    []model.WorkloadPlan{{Name: "W", Routes: []model.Route{{Pool: "P", Units: []float64{4, 6}}}, UnservedUnits: []float64{0, 2}}},
		Jobs:         []model.JobPlan{{Job: "J", Number: 1, Pool: "P", First: 1, BusyUnits: []float64{3}}},
		Prices:       &model.Prices{Power: []model.PriceSeries{{Name: "A", Values: []float64{20, 20}}, {Name: "B", Values: []float64{50, 100}}}},
	}
	return c, p
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func mustSummarise(t *testing.T, c *model.Case, p *model.Plan) *Summary {
	t.Helper()
	s, err := Summarise(c, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSummariseMoneyByHand(t *testing.T) {
	s := mustSummarise(t, second(handCase()), first(handCase()))
	near(t, "operating cost", s.OperatingCost, 600)
	near(t, "penalties", s.PenaltyCost, 400)
	near(t, "gap", s.Gap.Share, 0.01)
	near(t, "gap in money", s.Gap.Money, 10)
	var sectionsSeen []string
	for _, c := range s.Costs {
		sectionsSeen = append(sectionsSeen, c.Section)
	}
	if got := strings.Join(sectionsSeen, " "); got != "Thermal Storage Grid Computing" {
		t.Errorf("cost sections are %q", got)
	}
}

func first(_ *model.Case, p *model.Plan) *model.Plan  { return p }
func second(c *model.Case, _ *model.Plan) *model.Case { return c }

func TestSummarisePowerByHand(t *testing.T) {
	c, p := handCase()
	s := mustSummarise(t, c, p)
	near(t, "hours", s.Hours, 3)
	near(t, "load", s.LoadMWh, 510)
	near(t, "demand", s.DemandMWh, 537.7)
	near(t, "peak", s.PeakMW, 190.8)
	if got := s.PeakTime.Format("15:04"); got != "07:00" {
		t.Errorf("peak at %s, want 07:00", got)
	}
	near(t, "losses", s.LossMWh, 13)
	near(t, "generation", s.GenerationMWh, 508)
	near(t, "capacity", s.CapacityMW, 240)
	near(t, "wind and solar of generation", s.WindSolarOfGeneration, 70.0/508)
	near(t, "wind and solar of capacity", s.WindSolarOfCapacity, 40.0/240)
	near(t, "renewable share", s.RenewableShare, 70.0/508)
	near(t, "curtailed", s.CurtailedMWh, 10)
	near(t, "curtailed share", s.CurtailedShare, 0.125)
	near(t, "CO2 intensity", s.CO2TPerMWh, 438.0/508)
	near(t, "cycles", s.Storages[0].Cycles, 0.8)
	near(t, "link use", s.Links[0].Utilisation, (0.6+2)/3)
	near(t, "link full", s.Links[0].FullH, 2)
	near(t, "price mean at B", s.Prices[1].Mean, 250.0/3)
	near(t, "price max at B", s.Prices[1].Max, 100)
	want := map[string]float64{"coal": 438, "wind": 70, "storage discharge": 8, "shed": 39.7,
		"load": 510, "data centres": 11.7, "data links": 16, "storage charging": 5, "link losses": 13}
	supply, use := 0.0, 0.0
	for _, e := range s.Supply {
		near(t, e.Name, e.MWh, want[e.Name])
		supply += e.MWh
	}
	for _, e := range s.Use {
		near(t, e.Name, e.MWh, want[e.Name])
		use += e.MWh
	}
	if n := len(s.Supply) + len(s.Use); n != len(want) {
		t.Errorf("%d flows, want %d", n, len(want))
	}
	near(t, "use", use, supply)
}

func TestSummariseComputingByHand(t *testing.T) {
	c, p := handCase()
	v := mustSummarise(t, c, p).Computing
	near(t, "work", v.WorkUnitH, 28)
	near(t, "work away", v.AwayUnitH, 16)
	near(t, "work out of area", v.AwayAreaUnitH, 16)
	near(t, "unserved", v.UnservedUnitH, 4)
	near(t, "site energy", v.SiteMWh, 11.7)
	near(t, "IT energy", v.ITMWh, 7.8)
	near(t, "PUE", v.PUE, 1.5)
	near(t, "share of demand", v.ShareOfDemand, 11.7/537.7)
	near(t, "green share", v.GreenShare, (2.1*30/57+9.6*20/65)/11.7)
	near(t, "energy at price", *v.Sites[0].EnergyCost, 2.1*50+9.6*100)
	pool := v.Pools[0]
	near(t, "units available", pool.AvailableUnitH, 60)
	near(t, "units on", pool.OnUnitH, 50)
	near(t, "units taken", pool.TakenUnitH, 24)
	near(t, "units busy", pool.BusyUnitH, 14)
	near(t, "utilisation", pool.Utilisation, 14.0/60)
	near(t, "flexible in time", v.Flexibility.InTimeMW, 0.9)
	near(t, "flexible in place", v.Flexibility.InPlaceMW, 0)
	near(t, "data", v.DataGB, 16)
	near(t, "data cost", v.DataCost, 8)
	near(t, "data energy", v.DataMWh, 16)
	if len(v.Work) != 2 || v.Work[0].Class != "hot" || v.Work[1].Class != noClass {
		t.Fatalf("work by class is %+v", v.Work)
	}
	near(t, "hot work", v.Work[0].WorkloadUnitH, 16)
	near(t, "jobs' work", v.Work[1].JobUnitH, 12)
	if want := (JobCount{Total: 1, OnTime: 1}); v.Jobs != want {
		t.Errorf("jobs are %+v, want %+v", v.Jobs, want)
	}
	if len(v.Corridors) != 1 {
		t.Fatalf("%d corridors, want 1", len(v.Corridors))
	}
	k := v.Corridors[0]
	near(t, "corridor energy", k.MWh, 2.4)
	near(t, "corridor data", k.GB, 16)
	// 0.6 MWh at 20 less 50 and 1.8 at 20 less 100, and 16 MWh for data: 4 at 35, 12 at 60.
	near(t, "corridor saving", *k.Saving, -162-860)
	near(t, "corridor break-even", *k.BreakEvenPerGB, -1022.0/16)
}

func TestShortagesByHand(t *testing.T) {
	c, p := handCase()
	s := mustSummarise(t, c, p)
	if len(s.Shortages) != 2 {
		t.Fatalf("%d shortages, want 2: %+v", len(s.Shortages), s.Shortages)
	}
	power, work := s.Shortages[0], s.Shortages[1]
	near(t, "power short", power.Amount, 39.7)
	near(t, "most power short", power.Peak, 18.8)
	near(t, "cost of power short", power.Cost, 397_000)
	near(t, "work short", work.Amount, 4)
	near(t, "cost of work short", work.Cost, 80_000)
	check := func(what string, got []string, want ...string) {
		t.Helper()
		if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
			t.Errorf("%s:\n%s\nwant:\n%s", what, a, b)
		}
	}
	check("text", []string{power.Text}, "B is short 39.7 MWh between 06:00 and 09:00, at most 18.8 MW (07:00).")
	check("why", power.Why, "no thermal unit stands on B", "links into B are not full",
		"storage battery is empty by 09:00",
		"data centres on B draw 4.80 MW at 07:00, 0.900 MW of it for work that could move or wait")
	check("mend", power.Mend, "18.8 MW more capacity or import on B between 06:00 and 09:00 (39.7 MWh)",
		"link A-B has room for 2.10 MWh that units on A could still make",
		"a stronger link A-B would bring in 37.6 MWh more: units on A have that room",
		"moving 12 unit-h of work away from B in these hours (jobs 12 unit-h) would free 1.80 MWh, 4.53 % of what is short, where other sites have room",
		"a storage on B that gives 18.8 MW and holds 39.7 MWh at 06:00")
	check("text of work", []string{work.Text}, "Workload W of rA (class hot) lacks 4 unit-h between 07:00 and 09:00, at most 2 units (07:00).")
	check("why of work", work.Why, "pools in reach have capacity that power, data links or module starts keep from use at 07:00: P (10 units)")
}

func TestShortagesOfEveryOtherKind(t *testing.T) {
	c, p := handCase()
	c.Reserves = []model.ReserveProduct{{Name: "spin", Direction: model.Up, RequirementMW: model.Constant(30)}}
	p.Reserves = []model.ReservePlan{{Name: "spin", ShortageMW: []float64{0, 4}}}
	p.Buses[0].SpillMW[0] = 3
	c.Policy.CO2CapT, c.Policy.RenewableShareMin = ptr(400.0), ptr(0.2)
	p.Policy.CO2ExcessT, p.Policy.RenewableShortfallMWh = 38, 31.6
	c.Jobs = append(c.Jobs, model.Job{Name: "K", Region: "rB", Count: 3, Shape: model.Preemptible, Units: 1, WorkUnitH: 2, DeadlineH: ptr(1.0), LatePricePerH: ptr(7.0)})
	p.Jobs = append(p.Jobs, model.JobPlan{Job: "K", Number: 1, Dropped: true},
		model.JobPlan{Job: "K", Number: 2, Pool: "P", First: 0, BusyUnits: []float64{1}},
		model.JobPlan{Job: "K", Number: 3, Pool: "P", First: 1, BusyUnits: []float64{0.5}, LateH: 2})
	p.Costs = append(p.Costs, model.Cost{Item: model.CostLate, Asset: "K", Amount: 14}, model.Cost{Item: model.CostDropped, Asset: "K", Amount: 20_000})
	s := mustSummarise(t, c, p)
	got := map[ShortageKind]Shortage{}
	for i, v := range s.Shortages {
		got[v.Kind] = v
		if i > 0 && v.Cost > s.Shortages[i-1].Cost {
			t.Errorf("%s stands after %s, which costs less", v.Kind, s.Shortages[i-1].Kind)
		}
		if v.Text == "" || len(v.Mend) == 0 && v.Kind != ShortLate {
			t.Errorf("%s says nothing: %+v", v.Kind, v)
		}
	}
	for kind, want := range map[ShortageKind]string{
		ShortReserve:   "Reserve spin lacks 8 MW·h between 07:00 and 09:00, at most 4 MW of 30 MW (07:00).",
		ShortRoom:      "A has 3 MWh too much between 06:00 and 07:00, at most 3 MW (06:00).",
		ShortCO2:       "CO2 is 38 t above the cap of 400 t.",
		ShortRenewable: "Renewable energy is 31.6 MWh below the share of 20.0 %.",
		ShortDropped:   "1 of 3 jobs K from rB is dropped: 2 unit-h between release (06:00) and the horizon's end (09:00).",
		ShortLate:      "1 of 3 jobs K from rB is late: 2 h after the deadline (07:00) in all.",
	} {
		if got[kind].Text != want {
			t.Errorf("%s: %q, want %q", kind, got[kind].Text, want)
		}
	}
	near(t, "cost of a drop", got[ShortDropped].Cost, 20_000)
	near(t, "cost of lateness", got[ShortLate].Cost, 14)
	// The zone's coal does not take part and has 47 MW left at 07:00.
	if m := got[ShortReserve].Mend; len(m) != 2 || !strings.Contains(m[1], "47 MW of room: coal") {
		t.Errorf("mending the reserve: %q", m)
	}
	if n := s.Computing.Jobs; n.OnTime != 2 || n.Late != 1 || n.Dropped != 1 {
		t.Errorf("jobs are %+v", n)
	}
}

func TestFixtureBalances(t *testing.T) {
	c, p := fixture(24, 40)
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	for b, f := range j.power {
		for k, mw := range f.imbalance(j.T) {
			if math.Abs(mw) > 1e-3 {
				t.Errorf("bus %s, period %d: %g MW off balance", c.Buses[b].Name, k, mw)
			}
		}
	}
	s := j.summarise()
	supply, use := 0.0, 0.0
	for _, e := range s.Supply {
		supply += e.MWh
	}
	for _, e := range s.Use {
		use += e.MWh
	}
	if math.Abs(supply-use) > 1e-6*supply {
		t.Errorf("supply is %v MWh, use %v", supply, use)
	}
	areas := 0.0
	for _, a := range s.Computing.Areas {
		areas += a.UnitH
	}
	near(t, "work by areas", areas, s.Computing.WorkUnitH)
}

// TestOwnAssets puts what an asset of one's own kind injects where the balance
// lacks it.
func TestOwnAssets(t *testing.T) {
	c, p := handCase()
	p.Buses[1].ShedMW = []float64{0, 0}
	p.Assets = []model.AssetPlan{{Kind: "fuel cell", Name: "F", Series: []model.AssetSeries{{Name: "power_mw", Values: []float64{2.1, 18.8}}}}}
	s := mustSummarise(t, c, p)
	for _, e := range s.Supply {
		if e.Name == "other" {
			near(t, "other supply", e.MWh, 39.7)
			return
		}
	}
	t.Error("what the asset injects is missing")
}
