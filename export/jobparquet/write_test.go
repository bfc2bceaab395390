package jobparquet

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/report"
)

func ptr[T any](v T) *T { return &v }

// day is a site with a pool in 4 hours from 06:30 at UTC+8, and jobs that run on
// time, late with data, wait, and are dropped; n more run on time.
func day(n int) (*model.Case, *model.Plan) {
	start := time.Date(2026, 3, 1, 6, 30, 0, 0, time.FixedZone("", 8*3600))
	c := &model.Case{
		Format: model.CaseFormat, Name: "A day", Currency: "CNY",
		Horizon:        model.Horizon{Start: start, Zone: "Asia/Shanghai", Periods: []model.PeriodRun{{Count: 4, Hours: 1}}},
		Buses:          []model.Bus{{Name: "A"}},
		LatencyClasses: []model.LatencyClass{{Name: "cold"}},
		Regions:        []model.Region{{Name: "home", Bus: "A"}, {Name: "away"}},
		Sites:          []model.Site{{Name: "S", Bus: "A", Region: "home"}},
		Pools:          []model.Pool{{Name: "P", Site: "S", Kind: "gpu", Modules: 2, UnitsPerModule: 10, IdleMWPerModule: 1, DynamicMWPerUnit: 0.2, AlwaysOn: true}},
		DataLinks:      []model.DataLink{{Name: "wan", From: "away", To: "home", CapacityGbps: model.Constant(1), PricePerGB: 0.5, EnergyKWhPerGB: 10}},
		Jobs: []model.Job{
			{Name: "prompt", Region: "home", Class: "cold", Owner: "me", Shape: model.Rigid, Units: 4, WorkUnitH: 4, DeadlineH: ptr(2.5)},
			{Name: "late", Region: "away", Shape: model.Rigid, Units: 2, WorkUnitH: 4, InputGB: 30, DueH: ptr(1.0), LatePricePerH: ptr(7.0)},
			{Name: "waits", Region: "home", Shape: model.Preemptible, Units: 1, WorkUnitH: 2, BacklogPricePerUnitH: ptr(1.0)},
			{Name: "dropped", Region: "home", Shape: model.Rigid, Units: 1, WorkUnitH: 1},
			{Name: "others", Region: "home", Shape: model.Rigid, Units: 1, WorkUnitH: 1, Count: n},
		},
	}
	p := &model.Plan{
		Format: model.PlanFormat, Case: c.Name, CaseSHA256: "00ff", Currency: "CNY", Start: start, Zone: "Asia/Shanghai",
		PeriodHours: []float64{1, 1, 1, 1}, Status: model.PlanOptimal,
		Buses:     []model.BusPlan{{Name: "A", ShedMW: []float64{3, 3, 3, 3}, SpillMW: []float64{0, 0, 0, 0}}},
		Sites:     []model.SitePlan{{Name: "S", PowerMW: []float64{2.8, 2.4, 2.4, 2}}},
		Pools:     []model.PoolPlan{{Name: "P", ModulesOn: []int{2, 2, 2, 2}, ModuleStarts: []int{0, 0, 0, 0}, ModuleStops: []int{0, 0, 0, 0}, BusyUnits: []float64{4, 2, 2, 0}}},
		DataLinks: []model.DataLinkPlan{{Name: "wan", ForwardGB: []float64{30, 0, 0, 0}, BackwardGB: []float64{0, 0, 0, 0}}},
		Jobs: []model.JobPlan{
			{Job: "prompt", Number: 1, Pool: "P", First: 0, BusyUnits: []float64{4}},
			{Job: "late", Number: 1, Pool: "P", First: 1, BusyUnits: []float64{2, 2}, LateH: 2, TransferGB: []float64{30}},
			{Job: "waits", Number: 1, LeftUnitH: 2},
			{Job: "dropped", Number: 1, Dropped: true},
		},
		Prices: &model.Prices{Power: []model.PriceSeries{{Name: "A", Values: []float64{40, 50, 60, 70}}},
			MarginalCO2: []model.PriceSeries{{Name: "A", Values: []float64{0.5, 1, 0, -0.25}}}},
	}
	if n == 0 {
		c.Jobs = c.Jobs[:4]
	}
	for k := range n {
		p.Jobs = append(p.Jobs, model.JobPlan{Job: "others", Number: k + 1, Pool: "P", First: k % 4, BusyUnits: []float64{1}})
	}
	return c, p
}

// written returns both files.
func written(t *testing.T, c *model.Case, p *model.Plan) (jobs, periods []byte) {
	t.Helper()
	rows, err := report.NewJobRows(c, p)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := errors.Join(WriteJobs(context.Background(), &a, p, rows), WritePeriods(context.Background(), &b, p, rows)); err != nil {
		t.Fatal(err)
	}
	return a.Bytes(), b.Bytes()
}

// table reads a file as text, by column and row: null is "", times are RFC 3339.
func table(t *testing.T, file []byte) (columns map[string][]string, rows int) {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	columns = make(map[string][]string)
	fields := f.Schema().Fields()
	for _, group := range f.RowGroups() {
		r := group.Rows()
		for {
			buffer := make([]parquet.Row, 100)
			n, err := r.ReadRows(buffer)
			for _, row := range buffer[:n] {
				for k, v := range row {
					columns[fields[k].Name()] = append(columns[fields[k].Name()], cell(fields[k], v))
				}
			}
			if errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return columns, int(f.NumRows())
}

func cell(f parquet.Field, v parquet.Value) string {
	switch {
	case v.IsNull():
		return ""
	case strings.HasPrefix(f.Type().String(), "TIMESTAMP"):
		return time.UnixMilli(v.Int64()).UTC().Format(time.RFC3339)
	case v.Kind() == parquet.Double:
		return strconv.FormatFloat(v.Double(), 'f', -1, 64)
	}
	return v.String()
}

// TestSameAsTables: every column and cell of the report's CSV tables is in the
// files, with the same value.
func TestSameAsTables(t *testing.T) {
	c, p := day(3)
	dir := t.TempDir()
	if err := report.Tables(dir, c, p); err != nil {
		t.Fatal(err)
	}
	jobs, periods := written(t, c, p)
	for name, file := range map[string][]byte{"jobs.csv": jobs, "job_periods.csv": periods} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got, rows := table(t, file)
		if rows != len(records)-1 || rows < 5 || len(got) != len(records[0]) {
			t.Fatalf("%s: %d rows and %d columns, want %d and %d", name, rows, len(got), len(records)-1, len(records[0]))
		}
		for k, column := range records[0] {
			for i, r := range records[1:] {
				if v := got[column]; v == nil || !same(v[i], r[k]) {
					t.Errorf("%s row %d, %s is %q, want %q", name, i, column, v, r[k])
				}
			}
		}
	}
}

// same compares a cell with one of CSV, whose numbers are rounded and whose
// times have a zone.
func same(got, want string) bool {
	if at, err := time.Parse(time.RFC3339, want); err == nil {
		return got == at.UTC().Format(time.RFC3339)
	}
	v, errGot := strconv.ParseFloat(got, 64)
	w, errWant := strconv.ParseFloat(want, 64)
	if errGot == nil && errWant == nil {
		return math.Abs(v-w) <= 1e-6
	}
	return got == want
}

func TestJobsByHand(t *testing.T) {
	jobs, periods := written(t, first(day(0)), second(day(0)))
	got, _ := table(t, jobs)
	// prompt draws 0.8 MW and all 2 MW of idle power, at 40 a MWh; late 0.4 and 2 MW at
	// 50 and 60, and 0.15 MWh for its data at 40, half of what the link draws.
	for column, want := range map[string]string{
		"job": "prompt|late|waits|dropped", "status": "on time|late|waiting|dropped", "owner": "me|||", "class": "cold|||",
		"start": "2026-02-28T22:30:00Z|2026-02-28T23:30:00Z||", "end": "2026-02-28T23:30:00Z|2026-03-01T01:30:00Z||",
		"deadline": "2026-03-01T01:00:00Z|||", "due": "|2026-02-28T23:30:00Z||", "late_h": "0|2|0|0", "transfer_gb": "0|30|0|0",
		"mwh": "2.8|4.8|0|0", "power_cost": "112|270|0|0", "marginal_co2_t": "1.4|2.475|0|0",
	} {
		if text := strings.Join(got[column], "|"); text != want {
			t.Errorf("%s is %q, want %q", column, text, want)
		}
	}
	if got, rows := table(t, periods); rows != 4 || strings.Join(got["time"], " ") != "2026-02-28T22:30:00Z 2026-02-28T22:30:00Z 2026-02-28T23:30:00Z 2026-03-01T00:30:00Z" {
		t.Errorf("%d periods at %v", rows, got["time"])
	}
}

func first(c *model.Case, _ *model.Plan) *model.Case  { return c }
func second(_ *model.Case, p *model.Plan) *model.Plan { return p }

// TestSchema: columns and types are a promise to readers. What is optional says
// so, and moments are of UTC.
func TestSchema(t *testing.T) {
	jobs, periods := written(t, first(day(0)), second(day(0)))
	for _, c := range []struct {
		file []byte
		want string
	}{
		{jobs, jobsSchema}, {periods, periodsSchema},
	} {
		f, err := parquet.OpenFile(bytes.NewReader(c.file), int64(len(c.file)))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, f := range f.Schema().Fields() {
			optional := ""
			if f.Optional() {
				optional = " or null"
			}
			lines = append(lines, fmt.Sprintf("%s %s%s", f.Name(), f.Type(), optional))
		}
		if got := strings.Join(lines, "\n"); got != strings.TrimSpace(c.want) {
			t.Errorf("schema is\n%s", got)
		}
		for key, want := range map[string]string{"wattbit.format": Version, "wattbit.case": "A day", "wattbit.case_sha256": "00ff", "wattbit.currency": "CNY"} {
			if v, ok := f.Lookup(key); !ok || v != want {
				t.Errorf("%s is %q", key, v)
			}
		}
	}
}

// TestPromises: what a job promises and keeps spare, as in the report's table. Its unit draws
// 0.2 MW, so 0.4 MW are two.
func TestPromises(t *testing.T) {
	c, p := day(0)
	c.Reserves = []model.ReserveProduct{{Name: "spin", Direction: model.Up, RequirementMW: model.Constant(0)}}
	c.Jobs[0].Shape, c.Jobs[0].Reserves = model.Preemptible, []string{"spin"}
	p.Reserves = []model.ReservePlan{{Name: "spin", ShortageMW: make([]float64, 4)}}
	p.Jobs[0].Reserves = []model.ProvidedPower{{Product: "spin", MW: []float64{0.4, 0, 0, 0}}}
	p.Jobs[0].SpareUnits = []float64{0, 2, 0, 0}
	rows, err := report.NewJobRows(c, p)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := WritePromises(context.Background(), &file, p, rows); err != nil {
		t.Fatal(err)
	}
	got, n := table(t, file.Bytes())
	if n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
	for column, want := range map[string]string{
		"time": "2026-02-28T22:30:00Z|2026-02-28T23:30:00Z", "hours": "1|1", "job": "prompt|prompt", "number": "1|1", "site": "S|S", "pool": "P|P",
		"product": "spin|", "direction": "up|up", "mw": "0.4|0", "units": "2|0", "spare_units": "0|2",
	} {
		if text := strings.Join(got[column], "|"); text != want {
			t.Errorf("%s is %q, want %q", column, text, want)
		}
	}
	dir := t.TempDir()
	if err := report.Tables(dir, c, p); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "job_promises.csv"))
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(records) != n+1 || len(records[0]) != len(got) {
		t.Fatalf("job_promises.csv: %v, %v", records, err)
	}
	for k, column := range records[0] {
		for i, r := range records[1:] {
			if !same(got[column][i], r[k]) {
				t.Errorf("row %d, %s is %q, want %q", i, column, got[column][i], r[k])
			}
		}
	}
}

// TestUnpriced: money that hangs on prices is null without them.
func TestUnpriced(t *testing.T) {
	c, p := day(0)
	p.Prices = nil
	jobs, _ := written(t, c, p)
	got, _ := table(t, jobs)
	for _, column := range []string{"marginal_co2_t", "power_cost", "capacity_cost", "total_cost"} {
		if strings.Join(got[column], "") != "" {
			t.Errorf("%s is %q", column, got[column])
		}
	}
	if got["penalty_cost"][1] != "14" {
		t.Errorf("penalty_cost is %q", got["penalty_cost"])
	}
}

// TestSameBytes: a plan gives the same files each time.
func TestSameBytes(t *testing.T) {
	c, p := day(100)
	a, b := written(t, c, p)
	for range 3 {
		if x, y := written(t, c, p); !bytes.Equal(a, x) || !bytes.Equal(b, y) {
			t.Fatal("files differ")
		}
	}
}

// counter counts what is written.
type counter int64

func (n *counter) Write(p []byte) (int, error) { *n += counter(len(p)); return len(p), nil }

// TestStreams: memory is that of row groups, however many rows there are.
func TestStreams(t *testing.T) {
	const n = 1_000_000
	row := report.JobPeriodRow{Start: time.Unix(0, 0), Hours: 1, Site: "S", Pool: "P", BusyUnits: 1, HeldUnits: 1}
	var peak uint64
	var stats runtime.MemStats
	rows := func(yield func(*report.JobPeriodRow) bool) {
		for k := range n {
			if k%(n/10) == 0 {
				runtime.ReadMemStats(&stats)
				peak = max(peak, stats.HeapInuse)
			}
			if row.Job, row.Number = "job-"+strconv.Itoa(k), k; !yield(&row) {
				return
			}
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&stats)
	before := stats.HeapInuse
	var size counter
	if err := write(context.Background(), &size, &model.Plan{}, rows, periodOf); err != nil {
		t.Fatal(err)
	}
	if grown := (peak - min(peak, before)) >> 20; grown > 128 || size < 1<<20 {
		t.Errorf("%d rows in %d bytes took %d MiB", n, size, grown)
	}
}

// TestStops: an ended context and a full disk end the writing with an error.
func TestStops(t *testing.T) {
	c, p := day(10)
	rows, err := report.NewJobRows(c, p)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := WriteJobs(ctx, io.Discard, p, rows); !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
	full := errors.New("disk full")
	if err := WriteJobs(context.Background(), failing{full}, p, rows); !errors.Is(err, full) {
		t.Errorf("ended with %v", err)
	}
}

type failing struct{ err error }

func (w failing) Write([]byte) (int, error) { return 0, w.err }

const jobsSchema = `
job STRING
number INT(32,true)
region STRING
class STRING or null
owner STRING or null
shape STRING
status STRING
site STRING or null
pool STRING or null
last_pool STRING or null
start TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS) or null
end TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS) or null
deadline TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS) or null
due TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS) or null
late_h DOUBLE
work_unit_h DOUBLE
left_unit_h DOUBLE
transfer_gb DOUBLE
widest_units DOUBLE
interruptions INT(32,true)
moves INT(32,true)
mwh DOUBLE
data_mwh DOUBLE
co2_t DOUBLE
marginal_co2_t DOUBLE or null
power_cost DOUBLE or null
capacity_cost DOUBLE or null
data_cost DOUBLE
penalty_cost DOUBLE
total_cost DOUBLE or null
hour_later_saves DOUBLE or null`

const periodsSchema = `
time TIMESTAMP(isAdjustedToUTC=true,unit=MILLIS)
hours DOUBLE
job STRING
number INT(32,true)
site STRING
pool STRING
busy_units DOUBLE
work_unit_h DOUBLE
transfer_gb DOUBLE
held_units DOUBLE`
