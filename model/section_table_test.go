package model

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// withJobTable is the full case with its jobs in a table.
func withJobTable(t testing.TB, table string) fstest.MapFS {
	t.Helper()
	text, err := os.ReadFile("testdata/full/case.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before, jobs, _ := strings.Cut(string(text), "\njobs:\n")
	var after string
	if i := strings.Index(jobs, "\n\n"); i >= 0 {
		after = jobs[i:]
	}
	files := edited(t, "", "")
	files["case.yaml"] = &fstest.MapFile{Data: []byte(before + "\njobs: {csv: tables/jobs.csv}\n" + after)}
	files["tables/jobs.csv"] = &fstest.MapFile{Data: []byte(table)}
	return files
}

// TestSectionTable: jobs written as a table read back as they were.
func TestSectionTable(t *testing.T) {
	want, _ := readFull(t)
	var table bytes.Buffer
	if err := WriteJobTable(&table, want.Jobs); err != nil {
		t.Fatal(err)
	}
	if header, _, _ := strings.Cut(table.String(), "\n"); !strings.HasPrefix(header, "name,region,class,count,") {
		t.Errorf("the table's columns are %s", header)
	}
	got, report, err := ReadCase(withJobTable(t, table.String()), "case.yaml", ReadOptions{})
	if err != nil {
		t.Fatalf("%v\n%s", err, table.String())
	}
	if !reflect.DeepEqual(got.Jobs, want.Jobs) || got.Fingerprint() != want.Fingerprint() {
		t.Errorf("jobs %+v, want %+v", got.Jobs, want.Jobs)
	}
	if in := report.Inputs[len(report.Inputs)-1]; in.Path != "tables/jobs.csv" || len(in.SHA256) != 64 {
		t.Errorf("inputs %v", report.Inputs)
	}
}

// tableCase is a small case that has its jobs in a table.
const tableCase = `format: wattbit-case/1
name: small
currency: EUR
horizon: {start: 2026-01-15T00:00:00Z, zone: UTC, periods: [{count: 4, hours: 1}]}
buses: [{name: b}]
regions: [{name: plains}]
sites: [{name: farm, bus: b, region: plains}, {name: edge, bus: b, region: plains}]
pools: [{name: p, site: farm, modules: 1, units_per_module: 8}]
jobs: {csv: tables/jobs.csv}
`

// TestSectionTableFindings: one fault at a time, with the line of the table.
func TestSectionTableFindings(t *testing.T) {
	const header = "name,region,shape,units,work_unit_h,allowed_sites\n"
	for name, c := range map[string]struct{ table, want string }{
		"unknown column":   {"name,region,shape,unit,work_unit_h\n", "tables/jobs.csv:1: jobs: column unit is not a field of the format; did you mean units?"},
		"missing column":   {"name,region,shape,units\na,plains,rigid,1\n", "tables/jobs.csv:1: jobs: has no column work_unit_h; add one"},
		"missing cell":     {header + "a,plains,rigid,1,,\n", `tables/jobs.csv:2: jobs "a", work_unit_h: is missing; add work_unit_h: ...`},
		"no number":        {header + "a,plains,rigid,1,2,\n\"b\",plains,rigid,one,2,\n", `tables/jobs.csv:3: jobs "b", units: one is text; give a number`},
		"unknown region":   {header + "a,plains,rigid,1,2,\nb,plain,rigid,1,2,\n", `tables/jobs.csv:3: jobs "b", region: plain is not in regions; did you mean plains?`},
		"unknown site":     {header + "a,plains,rigid,1,2,[nowhere]\n", `tables/jobs.csv:2: jobs "a", allowed_sites[0]: nowhere is not in sites; there are farm, edge`},
		"no list":          {header + "a,plains,rigid,1,2,farm\n", `tables/jobs.csv:2: jobs "a", allowed_sites: farm is text; give a list`},
		"no YAML":          {header + "a,plains,rigid,1,2,[farm\n", `tables/jobs.csv:2: jobs "a", allowed_sites: [farm is text; give a list`},
		"too few fields":   {header + "a,plains\n", "tables/jobs.csv:2: jobs: the row has 2 fields, the header has 6; give every row all fields; the file may be cut off"},
		"empty":            {"", "tables/jobs.csv: jobs: is empty; begin with a row of column names"},
		"name given twice": {header + "a,plains,rigid,1,2,\na,plains,rigid,1,2,\n", `tables/jobs.csv:3: jobs "a", name: is also the name of item [0]; name each item of a section differently`},
	} {
		files := fstest.MapFS{"case.yaml": {Data: []byte(tableCase)}, "tables/jobs.csv": {Data: []byte(c.table)}}
		_, _, err := ReadCase(files, "case.yaml", ReadOptions{})
		if got := findingsOf(err); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: got\n  %s\nwant\n  %s", name, strings.Join(got, "\n  "), c.want)
		}
	}
	_, _, err := ReadCase(fstest.MapFS{"case.yaml": {Data: []byte(tableCase)}}, "case.yaml", ReadOptions{})
	if got := findingsOf(err); len(got) != 1 || !strings.Contains(got[0], "jobs, csv: tables/jobs.csv does not exist") {
		t.Errorf("a missing table: %v", got)
	}
}

// TestWriteCaseFiles: a case with very many jobs reads back from the case file and
// the table beside it; one with few has no table.
func TestWriteCaseFiles(t *testing.T) {
	few, _ := readFull(t)
	many := *few
	many.Jobs = slices.Clone(few.Jobs)
	for i := range maxListedJobs {
		j := few.Jobs[1]
		j.Name = fmt.Sprintf("more %d", i)
		many.Jobs = append(many.Jobs, j)
	}
	for _, c := range []*Case{few, &many} {
		dir := t.TempDir()
		if err := WriteCaseFiles(filepath.Join(dir, "case.yaml"), "jobs.csv", c); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(dir, "jobs.csv")); (err == nil) != (c == &many) {
			t.Errorf("a table of %d jobs: %v", len(c.Jobs), err)
		}
		got, _, err := ReadCaseFile(filepath.Join(dir, "case.yaml"), ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Fingerprint() != c.Fingerprint() || len(got.Jobs) != len(c.Jobs) {
			t.Errorf("%d jobs read back differently", len(c.Jobs))
		}
	}
	many.Jobs[0].WorkUnitH = math.NaN()
	if err := WriteCaseFiles(filepath.Join(t.TempDir(), "case.yaml"), "jobs.csv", &many); err == nil {
		t.Error("work that is not a number is written")
	}
}

// TestReadDocument: a struct outside a case is read as strictly, and a partial
// job remembers what it gives.
func TestReadDocument(t *testing.T) {
	var doc struct {
		Name string    `json:"name"`
		Job  JobFields `json:"job,omitempty"`
	}
	err := ReadDocument("rules.yaml", []byte("name: x\njob: {shapes: rigid, units: many}\nnote: y\nname: z\n"), &doc)
	want := []string{
		"rules.yaml:4: name: is given twice, first on line 1; keep one",
		`rules.yaml:2: job.units: many is text; give a number`,
		"rules.yaml:2: job.shapes: is not a field of the format; did you mean shape?",
		"rules.yaml:3: note: is not a field of the format; did you mean name?",
	}
	if got := findingsOf(err); !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if err := ReadDocument("rules.yaml", []byte("name: x\njob: {class: cold, input_gb: 0, pool_kinds: [gpu]}\n"), &doc); err != nil {
		t.Fatal(err)
	}
	j := Job{Class: "hot", InputGB: 7, Units: 3}
	doc.Job.Apply(&j)
	if want := (Job{Class: "cold", Units: 3, PoolKinds: []string{"gpu"}}); !reflect.DeepEqual(j, want) {
		t.Errorf("job %+v, want %+v", j, want)
	}
	if !doc.Job.Gives("input_gb") || doc.Job.Gives("units") {
		t.Error("what is given is not remembered")
	}
	if err := ReadDocument("rules.yaml", nil, &doc); err == nil || err.Error() != "rules.yaml: is empty" {
		t.Errorf("an empty text: %v", err)
	}
}

func TestJobField(t *testing.T) {
	for _, c := range []struct{ field, text, problem string }{
		{"region", "600", ""}, {"units", "2.5", ""}, {"units", "two", "two is text"}, {"count", "1.5", "1.5 is not a whole number"},
		{"pool_kinds", "[cpu, gpu]", ""}, {"drop_price", "7", ""}, {"shapes", "rigid", "shapes is not a field of a job; did you mean shape?"},
	} {
		var j Job
		f, err := NewJobField(c.field)
		if err == nil {
			err = f.Set(&j, c.text)
		}
		if got := fmt.Sprint(err); c.problem == "" && err != nil || c.problem != "" && got != c.problem {
			t.Errorf("%s = %s: %v, want %q", c.field, c.text, err, c.problem)
		}
		if err == nil && reflect.ValueOf(j).IsZero() {
			t.Errorf("%s = %s sets nothing", c.field, c.text)
		}
	}
}

// BenchmarkSectionTable reads a case with 100,000 jobs in a table.
func BenchmarkSectionTable(b *testing.B) {
	var table strings.Builder
	table.WriteString("name,region,class,shape,units,work_unit_h,release_h,deadline_h,input_gb\n")
	for i := range 100_000 {
		fmt.Fprintf(&table, "j%d,coast,cold,preemptible,%d,%d,1,5,%d\n", i, 8+i%8, 1+i%4, i%100)
	}
	files := withJobTable(b, table.String())
	for b.Loop() {
		if _, _, err := ReadCase(files, "case.yaml", ReadOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
