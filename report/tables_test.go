package report

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

// readTable returns a table as one map of column to cell for each row.
func readTable(t *testing.T, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var out []map[string]string
	for _, r := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = r[i]
		}
		out = append(out, row)
	}
	return out
}

// total sums a column times the period's length.
func total(t *testing.T, rows []map[string]string, column string) float64 {
	t.Helper()
	sum := 0.0
	for _, r := range rows {
		v, err := strconv.ParseFloat(r[column], 64)
		if err != nil {
			t.Fatalf("%s: %v", column, err)
		}
		h, err := strconv.ParseFloat(r["hours"], 64)
		if err != nil {
			t.Fatal(err)
		}
		sum += v * h
	}
	return sum
}

var tableNames = []string{"absorption.csv", "assets.csv", "buses.csv", "corridors.csv", "costs.csv", "data_links.csv", "datasets.csv", "demand_response.csv", "green_power.csv", "headroom.csv", "hydro.csv", "job_groups.csv", "job_periods.csv", "job_promises.csv",
	"job_transfers.csv", "jobs.csv", "jobs_on_call.csv", "latency_prices.csv", "links.csv", "outage_prices.csv", "outages.csv", "pools.csv", "prices.csv", "quotas.csv", "renewables.csv", "reserves.csv", "sites.csv", "storages.csv", "thermal.csv", "unit_prices.csv", "workload_accounts.csv", "workloads.csv"}

func TestTablesByHand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "tables")
	c, p := handCase()
	c.Horizon.Zone = "Asia/Shanghai"
	if err := Tables(dir, c, p); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(tableNames) {
		t.Errorf("%d files, want %d", len(entries), len(tableNames))
	}
	for i, e := range entries {
		if i < len(tableNames) && e.Name() != tableNames[i] {
			t.Errorf("file %s, want %s", e.Name(), tableNames[i])
		}
	}
	read := func(name string) []map[string]string { return readTable(t, filepath.Join(dir, name)) }
	buses := read("buses.csv")
	near(t, "load", total(t, buses, "load_mw"), 510)
	near(t, "shed", total(t, buses, "shed_mw"), 39.7)
	near(t, "received less sent", total(t, buses, "links_in_mw")-total(t, buses, "links_out_mw"), -13)
	if got := buses[1]["time"]; got != "2024-03-01T15:00:00+08:00" {
		t.Errorf("the second period begins at %s", got)
	}
	near(t, "thermal", total(t, read("thermal.csv"), "power_mw"), 438)
	near(t, "curtailed", total(t, read("renewables.csv"), "curtailed_mw"), 10)
	near(t, "discharge", total(t, read("storages.csv"), "discharge_mw"), 8)
	near(t, "units taken", total(t, read("pools.csv"), "taken_units"), 24)
	near(t, "IT", total(t, read("sites.csv"), "it_mw"), 7.8)
	near(t, "routes and unserved", total(t, read("workloads.csv"), "units"), 20)
	if jobs := read("jobs.csv"); len(jobs) != 1 || jobs[0]["status"] != "on time" || jobs[0]["start"] != "2024-03-01T15:00:00+08:00" ||
		jobs[0]["end"] != "2024-03-01T17:00:00+08:00" {
		t.Errorf("jobs.csv holds %v", jobs)
	}
	if rows := read("job_periods.csv"); len(rows) != 1 || rows[0]["work_unit_h"] != "12" {
		t.Errorf("job_periods.csv holds %v", rows)
	}
	if rows := read("prices.csv"); len(rows) != 4 || rows[3]["price"] != "100" || rows[3]["unit"] != "EUR/MWh" {
		t.Errorf("prices.csv holds %v", rows)
	}
	money := 0.0
	for _, r := range read("costs.csv") {
		v, err := strconv.ParseFloat(r["amount"], 64)
		if err != nil {
			t.Fatal(err)
		}
		money += v
	}
	near(t, "costs", money, 1000)
	if rows := read("hydro.csv"); len(rows) != 0 {
		t.Errorf("hydro.csv holds %v", rows)
	}
}

func TestTablesRepeat(t *testing.T) {
	dir := t.TempDir()
	for _, run := range []string{"a", "b"} {
		c, p := fixture(24, 40)
		if err := Tables(filepath.Join(dir, run), c, p); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range tableNames {
		a, errA := os.ReadFile(filepath.Join(dir, "a", name))
		b, errB := os.ReadFile(filepath.Join(dir, "b", name))
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s differs (%v, %v)", name, errA, errB)
		}
	}
}

// TestTablesKeepWhatIsThere writes nothing for a plan that does not fit.
func TestTablesKeepWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "buses.csv")
	if err := os.WriteFile(old, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	c, p := handCase()
	p.Links[0].LossMW = nil
	if err := Tables(dir, c, p); err == nil {
		t.Error("a plan without losses is accepted")
	}
	if got, _ := os.ReadFile(old); string(got) != "old" {
		t.Errorf("the old table holds %q", got)
	}
}

// TestClockOverDaylightSaving goes over the hour that is missing in spring.
func TestClockOverDaylightSaving(t *testing.T) {
	c, p := handCase()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	c.Horizon.Zone, c.Horizon.Start = "Europe/Berlin", time.Date(2024, 3, 31, 1, 0, 0, 0, zone)
	c.Horizon.Periods = []model.PeriodRun{{Count: 2, Hours: 1}}
	p.PeriodHours = []float64{1, 1}
	p.Jobs[0].BusyUnits = []float64{3}
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	if got := j.cal.span(0, 0) + " " + j.cal.span(1, 1); got != "01:00–03:00 03:00–04:00" {
		t.Errorf("the clock shows %s", got)
	}
}
