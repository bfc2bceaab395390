package examples_test

import (
	"context"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/examples"
	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/report"
	"github.com/wattbit/wattbit/solver"
)

// An example is a case file, the gap to which its test solves it, and the checks
// of what its README says about the plan.
type example struct {
	file   string
	gap    float64
	claims func(t *testing.T, s solution)
}

// solution is a verified plan of an example.
type solution struct {
	c      *model.Case
	plan   *model.Plan
	report *verify.Report
}

func all() []example {
	return []example{
		{"custom-asset/case.yaml", 1e-9, nil}, // with its electrolyser in custom-asset/main_test.go
		{"storage-only/case.yaml", 1e-9, storageOnly},
		{"edge-site/case.yaml", 1e-6, edgeSite},
		{"edge-inference/case.yaml", 2e-2, edgeInference},
		{"campus/case.yaml", 1e-2, campus},
		{"green-base/case.yaml", 1e-4, greenBase},
		{"follow-the-wind/case.yaml", 1e-4, followTheWind},
		{"training-fleet/case.yaml", 1e-4, trainingFleet},
		{"reserve-from-computing/case.yaml", 1e-3, reserveFromComputing},
		{"eight-hubs/summer.yaml", 1e-3, summer},
		{"eight-hubs/winter.yaml", 1e-3, winter},
		{"eight-hubs/highwind.yaml", 1e-3, highwind},
		{"eight-hubs/highwind-2030.yaml", 1e-3, highwind2030},
	}
}

// engine returns the default engine. Where there is none, continuous
// integration fails and everyone else is told what was not tested.
func engine(t *testing.T) solver.Solver {
	t.Helper()
	return enginetest.Highs(t)
}

// solve reads a case, with values set as --set does, and plans it to the gap.
func solve(t *testing.T, file string, gap float64, set ...string) solution {
	t.Helper()
	c, read, err := model.ReadCase(examples.FS, file, model.ReadOptions{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range read.Warnings {
		t.Errorf("%s: warning: %v", file, w)
	}
	out, err := opt.Solve(context.Background(), c, opt.Options{Engine: engine(t), Gap: gap, TimeLimit: 2 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if out.Status != opt.Optimal || len(out.Notes) > 0 {
		t.Fatalf("%s: %s, notes %v", file, out.Status, out.Notes)
	}
	r := verify.Check(c, out.Plan, verify.Options{})
	if !r.OK() {
		t.Fatalf("%s: %+v", file, r.Violations)
	}
	return solution{c, out.Plan, r}
}

func TestExamples(t *testing.T) {
	engine(t)
	for _, x := range all() {
		t.Run(strings.TrimSuffix(x.file, ".yaml"), func(t *testing.T) {
			t.Parallel()
			s := solve(t, x.file, x.gap)
			corridorsAddUp(t, s)
			if x.claims != nil {
				x.claims(t, s)
			}
		})
	}
}

// corridorsAddUp: all that data links carry, what it costs and draws, is on a corridor.
func corridorsAddUp(t *testing.T, s solution) {
	t.Helper()
	sum, err := report.Summarise(s.c, s.plan)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Computing == nil {
		return
	}
	gb, money, mwh := 0.0, 0.0, 0.0
	for _, c := range sum.Computing.Corridors {
		gb, money, mwh = gb+c.GB, money+c.DataCost, mwh+c.DataMWh
	}
	for _, l := range sum.Computing.DataLinks {
		gb, money, mwh = gb-l.ForwardGB-l.BackwardGB, money-l.Cost, mwh-l.MWh
	}
	within := 1e-6 * max(1, sum.Computing.DataGB)
	near(t, "GB on corridors less those of data links", gb, 0, within)
	near(t, "cost of data on corridors less that of data links", money, 0, within)
	near(t, "MWh of data on corridors less those of data links", mwh, 0, within)
}

// TestEveryCaseIsTested: no case file is left out above.
func TestEveryCaseIsTested(t *testing.T) {
	var files []string
	err := fs.WalkDir(examples.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".yaml") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var tested []string
	for _, x := range all() {
		tested = append(tested, x.file)
	}
	slices.Sort(tested)
	if slices.Sort(files); !slices.Equal(files, tested) {
		t.Errorf("the cases are %v, tested are %v", files, tested)
	}
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: %.6g, want %.6g within %.3g", what, got, want, within)
	}
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}

// cost sums an item over the assets.
func (s solution) cost(item model.CostItem) float64 {
	total := 0.0
	for _, c := range s.plan.Costs {
		if c.Item == item {
			total += c.Amount
		}
	}
	return total
}

// storageOnly: 8 MWh of the night and 80 of the noon sun, which would be
// curtailed, are charged. Of 68 + 8 MWh in the cells 72.2 MWh come back:
//
//	7.6 at 240 at night + 64.6 at 600 - wear 60 * 72.2 = 36,252
//
// less than 517,200 without the battery. At a wear of 700 it stays idle.
func storageOnly(t *testing.T, s solution) {
	near(t, "cost", s.plan.Objective, 517_200-36_252, 1)
	b := s.plan.Storages[0]
	near(t, "level at the end", b.LevelMWh[5], 20, 1e-6)
	near(t, "charged", 4*sum(b.ChargeMW), 80, 1e-6)
	if b.ChargeMW[1] == 0 || b.ChargeMW[2] == 0 || b.DischargeMW[1] > 0 || b.DischargeMW[2] > 0 {
		t.Errorf("it charges %v and discharges %v MW", b.ChargeMW, b.DischargeMW)
	}
	near(t, "curtailed", sum(s.plan.Renewables[0].CurtailedMW), 0, 1e-6)

	idle := solve(t, "storage-only/case.yaml", 1e-9, "storages[battery].wear_cost_per_mwh=700")
	near(t, "cost with wear", idle.plan.Objective, 517_200, 1)
	near(t, "charged with wear", sum(idle.plan.Storages[0].ChargeMW), 0, 1e-6)
	near(t, "curtailed without the battery", 4*sum(idle.plan.Renewables[0].CurtailedMW), 80, 1e-6)
}

// edgeSite: hot work stays, the feeder is full all day, the backup runs in the
// evening, and one job of indexing is late.
func edgeSite(t *testing.T, s solution) {
	near(t, "unserved", s.cost(model.CostUnserved), 0, 0)
	near(t, "shed", s.cost(model.CostShedding), 0, 0)
	for _, w := range s.plan.Workloads {
		if len(w.Routes) != 1 || w.Routes[0].Pool != "edge cpu" {
			t.Errorf("%s is served in %v", w.Name, w.Routes)
		}
	}
	for period, mw := range s.plan.Links[0].ForwardMW {
		near(t, "feeder", mw, 4, 1e-6)
		if s.plan.Sites[0].PowerMW[period] > 4.5 {
			t.Errorf("the room draws %g MW at %d", s.plan.Sites[0].PowerMW[period], period)
		}
		if on := s.plan.ThermalUnits[1].UnitsOn[period] > 0; on != (period >= 18 && period <= 20) {
			t.Errorf("backup on at %d: %t", period, on)
		}
	}
	late := 0
	for _, j := range s.plan.Jobs {
		if j.LateH > 0 {
			late++
			near(t, "hours late", j.LateH, 2, 1e-9)
		}
	}
	if late != 1 {
		t.Errorf("%d jobs are late", late)
	}
	near(t, "cost", s.plan.Objective, 48_016, 1)

	cut := solve(t, "edge-site/case.yaml", 1e-6, "links[feeder].max_forward_mw=3")
	near(t, "cost with 3 MW", cut.plan.Objective, 84_159, 1)
	near(t, "unserved with 3 MW", cut.cost(model.CostUnserved), 0, 0)
	near(t, "late with 3 MW", cut.cost(model.CostLate), 0, 0)
	near(t, "diesel", sum(s.plan.ThermalUnits[1].PowerMW), 5.5, 0.1)
	near(t, "diesel with 3 MW", sum(cut.plan.ThermalUnits[1].PowerMW), 29, 0.5)
}

// campus: full clock at noon and hardly at night, one call of demand response of four
// hours, and nothing short of what is to be shown.
func campus(t *testing.T, s solution) {
	near(t, "unserved", s.cost(model.CostUnserved), 0, 1e-6)
	near(t, "dropped", s.cost(model.CostDropped), 0, 1e-6)
	near(t, "green shortfall", s.cost(model.CostGreenShortfall), 0, 1e-6)
	near(t, "demand response", s.cost(model.CostDemandResponse), -4*3*900, 1e-6)
	near(t, "cost", s.plan.Objective, 23_897, 300)
	full, site := s.plan.Pools[0].BusyUnits, s.plan.Sites[0]
	if noon, night := sum(full[10:15]), sum(full[:6])+sum(full[16:]); noon < 300 || night > 30 {
		t.Errorf("%g unit-hours at full clock at noon, %g by night and in the evening", noon, night)
	}
	for period, called := range s.plan.DemandResponses[0].Called {
		if called != 0 != (period >= 16 && period < 20) {
			t.Errorf("called at %d: %d", period, called)
		}
		if site.HeatMW[period] < 1 {
			t.Errorf("%g MW of heat at %d", site.HeatMW[period], period)
		}
	}
	if site.WaterM3 < 150 || site.WaterM3 > 170 {
		t.Errorf("%g m3 of water", site.WaterM3)
	}
	sums, err := report.Summarise(s.c, s.plan)
	if err != nil {
		t.Fatal(err)
	}
	c, use := sums.Computing, sums.Computing.SiteUses[0]
	if use.FreeCoolingH < 4 || use.PUE < 1.05 || use.PUE > 1.4 || *use.BackupMinutes < 10-1e-4 || use.Green.Share < 0.8-1e-6 || use.Green.LeastShare < 0.3-1e-6 {
		t.Errorf("the campus: %+v %+v", use, use.Green)
	}
	// The accounts of work and their rest are all that the site draws.
	near(t, "MWh of all accounts", c.Accounts.Jobs.MWh+c.Accounts.Workloads.MWh+c.Accounts.Rest.MWh, c.SiteMWh, 1e-6*c.SiteMWh)
	// What no work takes is the base and the heat pumps: modules on have work.
	near(t, "MWh of the rest", c.Accounts.Rest.MWh, 24*0.4+0.25*use.HeatMWh, 1e-3)
}

// edgeInference: everything can be lost but the hub at noon, chat has its headroom, and
// half of Hangzhou's stays.
func edgeInference(t *testing.T, s solution) {
	near(t, "unserved", s.cost(model.CostUnserved), 0, 1e-6)
	near(t, "cost", s.plan.Objective, 2_400, 50)
	short := make(map[string]float64)
	for _, o := range s.plan.Outages {
		for _, w := range o.Workloads {
			short[o.Name] += sum(w.ShortUnits)
		}
	}
	near(t, "short without the hub", short["site Wuhu hub"], 37, 6)
	for name, units := range short {
		if name != "site Wuhu hub" && units > 3 {
			t.Errorf("without %s %g unit-h are short", name, units)
		}
	}
	busy, held := 0.0, 0.0
	for _, w := range s.plan.Workloads {
		for _, r := range w.Routes {
			if strings.HasSuffix(w.Name, "chat") {
				busy += sum(r.Units)
			}
			if w.Name == "Hangzhou chat" && r.Pool == "hangzhou" && sum(r.Units) < 0.5*556 {
				t.Errorf("Hangzhou keeps %g unit-h of its chat", sum(r.Units))
			}
		}
	}
	for _, p := range s.plan.Pools {
		for _, q := range p.Queues {
			held += sum(q.HeldUnits)
		}
	}
	if share := held / busy; share < 1.15 || share > 1.6 {
		t.Errorf("pools hold %g units for each that chat keeps busy", share)
	}
	alone := solve(t, "edge-inference/case.yaml", 2e-2, "computing_outages={}")
	near(t, "cost without outages", alone.plan.Objective, 2_326, 50)
}

// greenBase: cold work that may leave goes to the wind, most of it into the hours
// in which wind is curtailed all the same.
func greenBase(t *testing.T, s solution) {
	inSurplus, moved := 0.0, 0.0
	for _, j := range s.plan.Jobs {
		home := j.Job == "payroll"
		if j.Dropped || j.LateH > 0 || home != (j.Pool == "delta cpu") {
			t.Errorf("%s %d: pool %q, late %g h", j.Job, j.Number, j.Pool, j.LateH)
			continue
		}
		if home {
			continue
		}
		for i, units := range j.BusyUnits {
			moved += units
			if s.plan.Renewables[0].CurtailedMW[j.First+i]+s.plan.Renewables[1].CurtailedMW[j.First+i] > 1e-3 {
				inSurplus += units
			}
		}
	}
	near(t, "moved", moved, 460, 1e-3)
	if inSurplus < 0.6*moved {
		t.Errorf("%g of %g unit-h run in hours with surplus wind", inSurplus, moved)
	}
	near(t, "renewable shortfall", s.cost(model.CostRenewableShortfall), 0, 0)

	home := solve(t, "green-base/case.yaml", 1e-4,
		"jobs[rendering].allowed_sites=[delta hall]", "jobs[training].allowed_sites=[delta hall]")
	curtailed := func(p *model.Plan) float64 {
		return sum(p.Renewables[0].CurtailedMW) + sum(p.Renewables[1].CurtailedMW)
	}
	near(t, "curtailed", curtailed(s.plan), 396, 20)
	near(t, "curtailed with work at home", curtailed(home.plan), 827, 20)
	near(t, "cost of staying at home", home.plan.Objective-s.plan.Objective, 182_000, 2_000)
	near(t, "shed or spilt", home.cost(model.CostShedding)+home.cost(model.CostSpill), 0, 0)
}

// followTheWind: most work that may leave runs at the base in the windy night,
// and next to no wind is left over. What must stay, or is not worth its data, stays.
func followTheWind(t *testing.T, s solution) {
	atBase, inWind, inEastNight := 0.0, 0.0, 0.0
	for _, j := range s.plan.Jobs {
		if j.Dropped || j.LateH > 0 {
			t.Errorf("%s %d is dropped or %g h late", j.Job, j.Number, j.LateH)
		}
		if (j.Job == "payroll" || j.Job == "archive check") && j.Pool != "city cpu" {
			t.Errorf("%s %d runs in %s", j.Job, j.Number, j.Pool)
		}
		for i, units := range j.BusyUnits {
			switch at := j.First + i; {
			case j.Pool == "base cpu":
				atBase += units
				if at < 13 { // until 07:00
					inWind += units
				}
			case at >= 5 && at < 13: // the cheap hours of the east, 23:00 to 07:00
				inEastNight += units
			}
		}
	}
	near(t, "unit-h at the base", atBase, 600, 15)
	if inWind < 0.8*atBase {
		t.Errorf("%g of %g unit-h at the base run before 07:00", inWind, atBase)
	}
	near(t, "unit-h in the east at night", inEastNight, 868-atBase, 15)
	curtailed := func(p *model.Plan) float64 { return sum(p.Renewables[0].CurtailedMW) }
	near(t, "curtailed", curtailed(s.plan), 0, 5)
	near(t, "cost", s.plan.Objective, 836_961, 200)

	home := solve(t, "follow-the-wind/case.yaml", 1e-4, "pools[base cpu].available_modules=0")
	near(t, "curtailed without the base", curtailed(home.plan), 522, 5)
	near(t, "cost without the base", home.plan.Objective, 1_119_422, 300)
}

// trainingFleet: only the language model leaves work, two evaluations are an hour
// late, and nothing is dropped, and maintenance costs nothing. The verifier has seen to
// groups, quotas, order and residency.
func trainingFleet(t *testing.T, s solution) {
	near(t, "cost", s.plan.Objective, 14_436, 3)
	near(t, "dropped work", s.cost(model.CostDropped), 0, 0)
	late := 0.0
	for _, j := range s.plan.Jobs {
		late += j.LateH
		want := 0.0
		if j.Job == "language model" {
			want = 196
		}
		near(t, "work left of "+j.Job, j.LeftUnitH, want, 1e-3)
	}
	near(t, "hours late", late, 2, 1e-6)
	copies := 0
	for _, d := range s.plan.Datasets {
		copies += len(d.Copies)
	}
	if copies != 1 {
		t.Errorf("%d copies of datasets", copies)
	}
	whole := solve(t, "training-fleet/case.yaml", 1e-4, "pools[Horinger new].available_modules=80")
	near(t, "cost without maintenance", whole.plan.Objective, 14_436, 3)
}

// reserveFromComputing compares with coal alone, and calls the jobs.
func reserveFromComputing(t *testing.T, s solution) {
	near(t, "cost", s.plan.Objective, 1_201_000, 1_300)
	near(t, "reserve short", s.cost(model.CostReserveShortage), 0, 0)
	sum, err := report.Summarise(s.c, s.plan)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "curtailed", sum.CurtailedMWh, 1_289, 40)
	for i, want := range []float64{641, 340} {
		near(t, "given by jobs", sum.Reserves[i].Given.JobsMWh, want, 150)
	}
	if n := len(sum.Computing.OnCall); n != 37 {
		t.Errorf("%d jobs on call, want 37", n)
	}
	played, err := verify.Replay(context.Background(), s.c, s.plan, verify.ReplayOptions{Runs: 100, Seed: 1})
	if err != nil || !played.OK() {
		t.Errorf("replay: %v, %+v", err, played)
	}
	coal := solve(t, "reserve-from-computing/case.yaml", 1e-3, "jobs[training].reserves=[]", "jobs[rendering].reserves=[]", "jobs[pretraining].reserves=[]")
	near(t, "cost of coal alone", coal.plan.Objective, 1_887_400, 2_000)
	whole := solve(t, "reserve-from-computing/case.yaml", 1e-3, "jobs[pretraining].reserves=[]")
	near(t, "cost without the gang's promises", whole.plan.Objective, 1_230_800, 1_300)
}

// hubs checks what holds on every day of the eight hubs: every request is served
// and every job done, nearly half of all work away from home. A job that is late costs less than the gap leaves open.
func hubs(t *testing.T, s solution) *report.Summary {
	t.Helper()
	sum, err := report.Summarise(s.c, s.plan)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "share of work away from home", sum.Computing.AwayUnitH/sum.Computing.WorkUnitH, 0.45, 0.05)
	if area := sum.Computing.AwayAreaUnitH; area < 0.7*sum.Computing.AwayUnitH {
		t.Errorf("%g of %g unit-h away from home crossed between east and west", area, sum.Computing.AwayUnitH)
	}
	// Within the gap a job of little worth may be dropped.
	near(t, "unserved and dropped work", s.cost(model.CostUnserved)+s.cost(model.CostDropped), 0, 1e-6*s.plan.Objective)
	near(t, "late work", s.cost(model.CostLate), 0, 1e-5*s.plan.Objective)
	sum.Shortages = slices.DeleteFunc(sum.Shortages, func(x report.Shortage) bool { return x.Kind == report.ShortLate })
	return sum
}

func summer(t *testing.T, s solution) {
	if sum := hubs(t, s); len(sum.Shortages) > 0 || sum.PeakTime.Hour() != 19 || sum.CurtailedShare > 0.001 {
		t.Errorf("shortages %v, peak at %v, curtailed %g", sum.Shortages, sum.PeakTime, sum.CurtailedShare)
	}
}

// winter: Sichuan and Chongqing are short in the evening, and nothing else is.
// The gap of 1e-3 is worth 150 MWh of lost load, some of which may fall elsewhere.
func winter(t *testing.T, s solution) {
	all := slices.DeleteFunc(slices.Clone(s.report.Shortages), func(x verify.Shortage) bool {
		return x.Item == model.CostLate || x.Asset != "CY" && x.Total < 50
	})
	if len(all) != 1 {
		t.Fatalf("short are %+v", all)
	}
	short := all[0]
	if short.Item != model.CostShedding || short.Asset != "CY" || short.FirstPeriod != 19 || short.LastPeriod != 20 {
		t.Errorf("short is %+v", short)
	}
	near(t, "energy short", short.Total, 1_324, 150)
	near(t, "power short", short.Max, 922, 100)

	sum := hubs(t, s)
	sum.Shortages = slices.DeleteFunc(sum.Shortages, func(x report.Shortage) bool { return x.Where != "CY" && x.Amount < 50 })
	if len(sum.Shortages) != 1 {
		t.Fatalf("the report has the shortages %v", sum.Shortages)
	}
	told := sum.Shortages[0]
	if told.Where != "CY" || told.From.Hour() != 19 || told.To.Hour() != 21 || !strings.Contains(told.Text, "CY is short 1,") {
		t.Errorf("the report says %q, from %v to %v", told.Text, told.From, told.To)
	}
	if len(told.Why) == 0 || len(told.Mend) == 0 || !strings.Contains(told.Mend[0], "capacity or import on CY between 19:00 and 21:00") {
		t.Errorf("why %q, mend %q", told.Why, told.Mend)
	}
}

func highwind(t *testing.T, s solution) {
	sum := hubs(t, s)
	if len(sum.Shortages) > 0 || sum.WindSolarOfGeneration < 0.2 || sum.CurtailedShare > 0.005 {
		t.Errorf("shortages %v, wind and solar %g, curtailed %g", sum.Shortages, sum.WindSolarOfGeneration, sum.CurtailedShare)
	}
}

// highwind2030: over a fifth of wind and sun finds no use, and nothing is short.
func highwind2030(t *testing.T, s solution) {
	sum := hubs(t, s)
	if len(sum.Shortages) > 0 || sum.WindSolarOfGeneration < 0.33 || sum.CurtailedShare < 0.2 || sum.CurtailedShare > 0.25 {
		t.Errorf("shortages %v, wind and solar %g, curtailed %g", sum.Shortages, sum.WindSolarOfGeneration, sum.CurtailedShare)
	}
}
