package report

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

// jobsCase is a plan of jobs of several shapes over four hours, that can be
// checked by hand.
func jobsCase() (*model.Case, *model.Plan) {
	start := time.Date(2024, 3, 1, 6, 0, 0, 0, time.UTC)
	c := &model.Case{
		Format: model.CaseFormat, Name: "Jobs by hand", Currency: "EUR",
		Horizon: model.Horizon{Start: start, Zone: "UTC", Periods: []model.PeriodRun{{Count: 4, Hours: 1}}},
		Buses:   []model.Bus{{Name: "b"}},
		Regions: []model.Region{{Name: "rA", EgressPricePerGB: 0.05}, {Name: "rB"}},
		Sites:   []model.Site{{Name: "SA", Bus: "b", Region: "rA"}, {Name: "SB", Bus: "b", Region: "rB"}},
		Pools: []model.Pool{
			{Name: "PA", Site: "SA", Modules: 1, UnitsPerModule: 10, DynamicMWPerUnit: 0.1},
			{Name: "PB", Site: "SB", Kind: "gpu", Modules: 1, UnitsPerModule: 10, Speed: ptr(4.0), DynamicMWPerUnit: 0.1},
		},
		DataLinks: []model.DataLink{{Name: "AB", From: "rA", To: "rB", CapacityGbps: model.Constant(1), PricePerGB: 0.1}},
		Datasets:  []model.Dataset{{Name: "corpus", GB: 30, Regions: []string{"rA"}}},
		Jobs: []model.Job{
			{Name: "mold", Region: "rA", Owner: "lab", Shape: model.Moldable, WorkUnitH: 4.5, Scaling: []model.ScalingPoint{{Units: 2, EffectiveUnits: 2}, {Units: 4, EffectiveUnits: 3}}},
			{Name: "mover", Region: "rA", Shape: model.Preemptible, Units: 2, WorkUnitH: 8, Migration: &model.Migration{GB: 10}, KindSpeeds: []model.KindSpeed{{Kind: "gpu", Speed: 2}}},
			{Name: "left", Region: "rB", Shape: model.Rigid, Units: 1, WorkUnitH: 12, BacklogPricePerUnitH: ptr(2.0)},
			{Name: "wait", Region: "rB", Shape: model.Rigid, Units: 1, WorkUnitH: 5, BacklogPricePerUnitH: ptr(2.0)},
			{Name: "late", Region: "rB", Shape: model.Malleable, WorkUnitH: 12, Scaling: []model.ScalingPoint{{Units: 1, EffectiveUnits: 1}, {Units: 3, EffectiveUnits: 2}},
				DueH: ptr(3.0), LatePricePerH: ptr(7.0), Datasets: []string{"corpus"}},
		},
		JobGroups: []model.JobGroup{{Name: "pair", Jobs: []string{"mold", "late", "wait"}, FinishWithinH: ptr(4.0)}},
		Quotas: []model.Quota{{Name: "fair", Owner: "lab", Pools: []string{"PA"}, MaxUnitH: ptr(16.0), MaxUnits: model.Constant(5),
			MaxShare: model.Series{0.5, 0.5, 0.5, 1}}},
	}
	zeros := func() []float64 { return make([]float64, 4) }
	none := func() []int { return make([]int, 4) }
	p := &model.Plan{
		Format: model.PlanFormat, Case: c.Name, Currency: "EUR", Start: start, Zone: "UTC", PeriodHours: []float64{1, 1, 1, 1}, Status: model.PlanFeasible,
		Costs: []model.Cost{{Item: model.CostLate, Asset: "late", Amount: 7}, {Item: model.CostBacklog, Asset: "left", Amount: 16}, {Item: model.CostBacklog, Asset: "wait", Amount: 10}},
		Buses: []model.BusPlan{{Name: "b", ShedMW: zeros(), SpillMW: zeros()}},
		Sites: []model.SitePlan{{Name: "SA", PowerMW: zeros()}, {Name: "SB", PowerMW: zeros()}},
		Pools: []model.PoolPlan{
			{Name: "PA", ModulesOn: []int{1, 1, 1, 1}, ModuleStarts: none(), ModuleStops: none(), BusyUnits: []float64{6, 2, 0, 0}},
			{Name: "PB", ModulesOn: []int{1, 1, 1, 1}, ModuleStarts: none(), ModuleStops: none(), BusyUnits: []float64{0, 1, 2, 5}},
		},
		DataLinks: []model.DataLinkPlan{{Name: "AB", ForwardGB: []float64{30, 10, 0, 0}, BackwardGB: zeros()}},
		Datasets:  []model.DatasetPlan{{Name: "corpus", Copies: []model.DatasetCopy{{From: "rA", To: "rB", First: 0, GB: []float64{30}}}}},
		Jobs: []model.JobPlan{
			{Job: "mold", Number: 1, Pool: "PA", First: 0, BusyUnits: []float64{4, 2}, HeldUnits: []float64{4, 4}},
			{Job: "mover", Number: 1, Pool: "PA", First: 0, BusyUnits: []float64{2}, HeldUnits: []float64{2},
				Then:      []model.JobRun{{Pool: "PB", First: 2, BusyUnits: []float64{2, 1}, HeldUnits: []float64{2, 2}}},
				Transfers: []model.JobTransfer{{What: model.TransferMigration, From: "rA", To: "rB", First: 1, GB: []float64{10}}}},
			{Job: "left", Number: 1, Pool: "PB", First: 3, BusyUnits: []float64{1}, LeftUnitH: 8},
			{Job: "wait", Number: 1, LeftUnitH: 5},
			{Job: "late", Number: 1, Pool: "PB", First: 1, BusyUnits: []float64{1, 0, 3}, LateH: 1},
		},
	}
	return c, p
}

func TestJobsByHand(t *testing.T) {
	c, p := jobsCase()
	s := mustSummarise(t, c, p)
	v := s.Computing
	if want := (JobCount{Total: 5, OnTime: 2, Late: 1, Unfinished: 1, Waiting: 1, LateH: 1, LeftUnitH: 13, Interruptions: 2, Moves: 1}); v.Jobs != want {
		t.Errorf("jobs %+v, want %+v", v.Jobs, want)
	}
	// mold 3 + 1.5, mover 2 + 4 + 2, left 4, late 4 + 8.
	near(t, "work", v.WorkUnitH, 28.5)
	near(t, "moved", v.AwayUnitH, 6)
	near(t, "data cost", v.DataCost, 40*(0.1+0.05))
	// mover takes 10 GB along, and does 6 unit-h after that; the corpus of 30 GB is read at home.
	if len(v.Corridors) != 2 || v.Corridors[1].From != "rB" || v.Corridors[1].To != "rB" {
		t.Fatalf("corridors %+v", v.Corridors)
	}
	near(t, "work that moved", v.Corridors[0].UnitH, 6)
	near(t, "energy drawn where it moved", v.Corridors[0].MWh, 3*0.1)
	near(t, "data of it", v.Corridors[0].GB, 10)
	near(t, "its price", v.Corridors[0].DataCost, 10*0.15)
	near(t, "work on the corridor of data at home", v.Corridors[1].UnitH+v.Corridors[1].MWh, 0)
	near(t, "data at home", v.Corridors[1].GB, 30)
	// Half of the work that reads it comes from elsewhere: late does 12 unit-h, and mover 6.
	c.Jobs[1].Running, p.Jobs[1] = nil, model.JobPlan{Job: "mover", Number: 1, Pool: "PB", First: 1, BusyUnits: []float64{2, 1, 0}, HeldUnits: []float64{2, 2, 0}}
	c.Jobs[1].Datasets = []string{"corpus"}
	shared := mustSummarise(t, c, p).Computing.Corridors
	near(t, "copy for work from elsewhere", shared[0].GB, 30*6.0/18)
	near(t, "copy for work at home", shared[1].GB, 30*12.0/18)
	c, p = jobsCase()
	if want := []CopyLine{{"corpus", "rA", "rB", 30}}; fmt.Sprint(v.Copies) != fmt.Sprint(want) {
		t.Errorf("copies %v", v.Copies)
	}
	if want := []GroupLine{{"pair", 3, 2, 0, 2, 2, 2, 2}}; fmt.Sprint(v.Groups) != fmt.Sprint(want) {
		t.Errorf("groups %v, want %v", v.Groups, want)
	}
	// Of a class each job counts.
	c.Jobs[3].Count = 2
	c.JobGroups = []model.JobGroup{{Name: "spread", Jobs: []string{"left", "wait"}, Apart: model.InSite, MaxPer: 2}}
	at := slices.IndexFunc(p.Jobs, func(j model.JobPlan) bool { return j.Job == "wait" })
	second := p.Jobs[at]
	second.Number = 2
	p.Jobs = slices.Insert(p.Jobs, at+1, second)
	groups := mustSummarise(t, c, p).Computing.Groups
	if want := []GroupLine{{"spread", 3, 1, 0, 1, 1, 1, 0}}; fmt.Sprint(groups) != fmt.Sprint(want) {
		t.Errorf("groups %v, want %v", groups, want)
	}
	c, p = jobsCase()
	q := v.Quotas[0]
	near(t, "held", q.UnitH, 8)
	near(t, "held at once", q.PeakUnits, 4)
	near(t, "fullest", q.Fullest, 0.8)
	short := map[ShortageKind]Shortage{}
	for _, x := range s.Shortages {
		short[x.Kind] = x
	}
	if got := short[ShortLate].Text; got != "Job late from rB is late: 1 h after the due time (09:00) in all." {
		t.Error(got)
	}
	if got := short[ShortLeft]; got.Cost != 10 || got.Text != "Job wait from rB is not done by the horizon's end: 5 unit-h are left." {
		t.Error(got)
	}
	var text, page bytes.Buffer
	if err := Text(&text, s); err != nil {
		t.Fatal(err)
	}
	if err := HTML(&page, c, p, Meta{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1 late, 0 dropped, 1 unfinished, 1 waiting", "Quota fair", "Datasets copied"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, text.String())
		}
	}
	for _, want := range []string{"1 unfinished and 1 not begun with 13 unit-h left", "Interruptions: 2, of which moves to another pool: 1", "Quotas", "Groups of jobs", "Copies of datasets", ">waiting<"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestJobTablesByHand(t *testing.T) {
	c, p := jobsCase()
	dir := t.TempDir()
	if err := Tables(dir, c, p); err != nil {
		t.Fatal(err)
	}
	read := func(name string) []map[string]string { return readTable(t, filepath.Join(dir, name)) }
	for i, want := range []string{
		"mold on time PA PA 2024-03-01T06:00:00Z 2024-03-01T08:00:00Z  0 4 0 0 0 0",
		"mover on time PA PB 2024-03-01T06:00:00Z 2024-03-01T10:00:00Z  0 2 1 1 10 0",
		"left unfinished PB PB 2024-03-01T09:00:00Z 2024-03-01T10:00:00Z  0 1 0 0 0 8",
		"wait waiting      0 0 0 0 0 5",
		"late late PB PB 2024-03-01T07:00:00Z 2024-03-01T10:00:00Z 2024-03-01T09:00:00Z 1 3 1 0 0 0",
	} {
		r := read("jobs.csv")[i]
		got := strings.Join([]string{r["job"], r["status"], r["pool"], r["last_pool"], r["start"], r["end"], r["due"], r["late_h"],
			r["widest_units"], r["interruptions"], r["moves"], r["transfer_gb"], r["left_unit_h"]}, " ")
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	near(t, "busy", total(t, read("job_periods.csv"), "busy_units"), 6+5+1+4)
	near(t, "held", total(t, read("job_periods.csv"), "held_units"), 8+6+1+4)
	if rows := read("job_periods.csv"); rows[3]["pool"] != "PA" || rows[3]["transfer_gb"] != "10" || rows[4]["work_unit_h"] != "4" {
		t.Errorf("job_periods.csv holds %v", rows)
	}
	if rows := read("job_transfers.csv"); len(rows) != 1 || rows[0]["what"] != "migration" || rows[0]["to"] != "rB" || rows[0]["gb"] != "10" {
		t.Errorf("job_transfers.csv holds %v", rows)
	}
	if rows := read("datasets.csv"); len(rows) != 1 || rows[0]["gb"] != "30" {
		t.Errorf("datasets.csv holds %v", rows)
	}
	if rows := read("job_groups.csv"); len(rows) != 1 || rows[0]["finish_spread_h"] != "2" {
		t.Errorf("job_groups.csv holds %v", rows)
	}
	rows := read("quotas.csv")
	near(t, "held of a quota", total(t, rows, "held_units"), 8)
	if rows[3]["max_share"] != "1" || rows[3]["offered_units"] != "10" {
		t.Errorf("quotas.csv holds %v", rows)
	}
}

// TestRunningJobsAreInterrupted: a job that was on before the horizon and is off
// in its first period has been interrupted.
func TestRunningJobsAreInterrupted(t *testing.T) {
	c, p := jobsCase()
	c.Jobs[4].Running = &model.Running{Pool: "PB"}
	near(t, "interruptions", float64(mustSummarise(t, c, p).Computing.Jobs.Interruptions), 3)
	p.Jobs[4].First = 0
	near(t, "interruptions", float64(mustSummarise(t, c, p).Computing.Jobs.Interruptions), 2)
}

// TestManyShortJobsAreExplainedInPart: of very many jobs that are dropped the most costly
// are explained.
func TestManyShortJobsAreExplainedInPart(t *testing.T) {
	c, p := jobsCase()
	const more = 200
	dropped := c.Jobs[3]
	for i := range maxExplained + more {
		dropped.Name, dropped.DropPrice = fmt.Sprintf("more-%d", i), ptr(float64(100+i))
		c.Jobs = append(c.Jobs, dropped)
		p.Jobs = append(p.Jobs, model.JobPlan{Job: dropped.Name, Number: 1, Dropped: true})
		p.Costs = append(p.Costs, model.Cost{Item: model.CostDropped, Asset: dropped.Name, Amount: *dropped.DropPrice})
	}
	explained, cheapest := 0, math.Inf(1)
	for _, s := range mustSummarise(t, c, p).Shortages {
		if s.Kind != ShortDropped {
			continue
		}
		if len(s.Why) > 0 && len(s.Mend) > 0 {
			explained++
			cheapest = min(cheapest, s.Cost)
		}
		if s.Text == "" || len(s.Why) > 0 && s.Cost > cheapest {
			t.Fatalf("shortage %+v", s)
		}
	}
	if explained == 0 || explained > maxExplained || cheapest < 100+more {
		t.Errorf("%d are explained, down to a cost of %g", explained, cheapest)
	}
}

// TestReportIsWhatItsFunctionsSay: made from one report, page, tables and summary are
// those of the functions, in any order, on any number of processors.
func TestReportIsWhatItsFunctionsSay(t *testing.T) {
	c, p := fixture(24, 200)
	dir := t.TempDir()
	if err := Tables(filepath.Join(dir, "functions"), c, p); err != nil {
		t.Fatal(err)
	}
	page, summary := page1(t, c, p, Meta{}), mustSummarise(t, c, p)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, processors := range []int{1, 4} {
		runtime.GOMAXPROCS(processors)
		r, err := New(c, p)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Summary(); !reflect.DeepEqual(got, summary) {
			t.Errorf("summary %+v, want %+v", got, summary)
		}
		if err := r.Tables(filepath.Join(dir, "report")); err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := r.HTML(&got, Meta{}); err != nil || !bytes.Equal(got.Bytes(), page) {
			t.Errorf("the page differs: %v", err)
		}
		entries, err := os.ReadDir(filepath.Join(dir, "functions"))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			want, errWant := os.ReadFile(filepath.Join(dir, "functions", e.Name()))
			got, errGot := os.ReadFile(filepath.Join(dir, "report", e.Name()))
			if errWant != nil || errGot != nil || !bytes.Equal(got, want) {
				t.Errorf("%s differs: %v, %v", e.Name(), errWant, errGot)
			}
		}
	}
}
