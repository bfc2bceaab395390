package jobtrace

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/opt"
)

func importText(t *testing.T, text string, m *Mapping, o Options) *Result {
	t.Helper()
	r, err := Import(context.Background(), []Trace{traceOf("x", text)}, m, o)
	if err != nil {
		t.Fatal(err)
	}
	accounted(t, r, o)
	return r
}

const swfAfter = "fields: {after: {column: preceding, lag: [{column: think, unit: s}]}}\n"

// TestAfter: fields 17 and 18 of SWF, in a window from hour 1 on of 8 h with periods of
// 1 h. Job 1 ended before it and counts as done for job 2; 3 comes 30 min after 2 and 4
// after 3. In whole hours 2 ends at 1 at the earliest, so 3 begins at 2 and ends at 3, and
// the deadline that a slack of one length gives is moved there; 4 ends at 5. 5 names a job
// that comes later, 6 itself, 7 one that is not in the trace. 8 begins at 6, an hour after
// 4, and takes 3 h.
func TestAfter(t *testing.T) {
	row := func(job, submit, run, preceding, think string) string {
		return strings.Join([]string{job, submit, "-1", run, "1 -1 -1 1 -1 -1 1 1 -1 -1 -1 -1", preceding, think}, " ") + "\n"
	}
	text := row("1", "0", "1800", "-1", "-1") + row("2", "3600", "3600", "1", "60") + row("3", "5400", "3600", "2", "1800") +
		row("4", "7200", "7200", "3", "-1") + row("5", "7200", "3600", "6", "0") + row("6", "7200", "3600", "6", "0") +
		row("7", "7200", "3600", "99", "0") + row("8", "7200", "10800", "4", "3600") + row("9", "7200", "3600", "2", "never")
	o := Options{From: From{Given: true, Hours: 1}, Hours: 8, StepH: 1, Region: "north"}
	m := mapping(t, swfAfter+"rules: [{slack: {factor: 1}}]").Over(preset(t, "swf"))
	r := importText(t, text, m, o)
	same(t, "after", describe(r), `
rows 9 jobs 4 before 1 after 0 running 0 waiting 0 past end 1 rejected 3
rejected 2: preceding: names a job that comes no earlier in the trace as the one before it (line 5, "6")
rejected 1: think: is not a number (line 9, "never")
2 rigid 1 units 1 h at 0 by 1
3 rigid 1 units 1 h at 1 by 3 0.5 h after 2
4 rigid 1 units 2 h at 1 by 5 0 h after 3
7 rigid 1 units 1 h at 1 by 2`)
	if r.Counts.Preceded != 2 || r.Counts.AfterDone != 2 || r.Counts.LaterDeadline != 2 {
		t.Errorf("counts %+v", r.Counts)
	}
	// Without being asked for, nobody waits; and alike jobs that wait, or are waited
	// for, stay single.
	if r := importText(t, text, preset(t, "swf"), o); r.Counts.Preceded+r.Counts.AfterDone > 0 || len(r.Jobs) != 8 || r.Jobs[1].After != nil {
		t.Errorf("without being asked: %s", describe(r))
	}
	o.Merge = true
	text = row("1", "3600", "3600", "-1", "-1") + row("2", "3600", "3600", "-1", "-1") + row("3", "3600", "3600", "-1", "-1") +
		row("4", "7200", "3600", "1", "-1") + row("5", "7200", "3600", "1", "-1")
	same(t, "merged", describe(importText(t, text, mapping(t, swfAfter).Over(preset(t, "swf")), o)), `
rows 5 jobs 5 before 0 after 0 running 0 waiting 0 past end 0 rejected 0
1 rigid 1 units 1 h at 0
2 rigid 1 units 1 h at 0 times 2
4 rigid 1 units 1 h at 1 0 h after 1
5 rigid 1 units 1 h at 1 0 h after 1`)
	// What came after a job that the case does not take comes after none.
	o = Options{Case: smallCase(t), Region: "north", From: From{Given: true, Hours: 0}}
	text = strings.Replace(row("1", "0", "3600", "-1", "-1"), " 1 -1 -1 1", " 9 -1 -1 9", 1) + row("2", "3600", "3600", "1", "-1")
	r = importText(t, text, mapping(t, swfAfter).Over(preset(t, "swf")), o)
	if len(r.Jobs) != 1 || r.Jobs[0].After != nil || r.Counts.AfterDone != 1 || r.Counts.Preceded != 0 {
		t.Errorf("after a rejected job: %s", describe(r))
	}
}

// sacctRunning: 1 has run for 2 of 4 hours on 4 GPUs when the day begins, 2 for 1 of 3,
// 3 in a partition that no rule names, and 4 begins later.
const sacctRunning = `JobID|Account|Partition|State|Submit|Start|End|ElapsedRaw|TimelimitRaw|NCPUS|AllocTRES
1|phys|gpu|RUNNING|2026-01-14T20:00:00|2026-01-14T22:00:00|Unknown|7200|240|64|gres/gpu=4
2|phys|long|RUNNING|2026-01-14T20:00:00|2026-01-14T23:00:00|Unknown|3600|180|2|
3|chem|test|RUNNING|2026-01-14T23:00:00|2026-01-14T23:00:00|Unknown|3600|180|2|
4|chem|gpu|PENDING|2026-01-15T01:00:00|Unknown|Unknown|0|60|1|gres/gpu=1
`

const goesOn = `
rules:
  - when: [{column: Partition, is: [gpu]}]
    running: {pool: G, pinned: true}
  - when: [{column: Partition, is: [long]}]
    running: {pool: C}
    job: {shape: moldable, units: 0, scaling: [{units: 1, effective_units: 1}, {units: 2, effective_units: 2}]}
`

// TestGoOn: jobs that run when the window begins keep place, progress and the deadline
// that their release gives them: 1 was released 4 h before it and takes 4 h, so a slack
// of twice the length ends at 4; 2 with 3 h at 2, the first hour by which it can end.
// What a window of 1 h does not hold of their work is cut from it.
func TestGoOn(t *testing.T) {
	o := Options{From: at("2026-01-15T00:00:00Z"), Hours: 6, StepH: 1, Region: "north", CarryOver: GoOn}
	m := mapping(t, goesOn+"  - slack: {factor: 2}\n").Over(preset(t, "sacct"))
	same(t, "running", describe(importText(t, sacctRunning, m, o)), `
rows 4 jobs 3 before 0 after 0 running 3 waiting 0 past end 0 rejected 1
rejected 1: : ran when the window began, and no rule says in which pool (line 4, "")
1 rigid 4 units 16 h at 0 by 4 of phys runs in G with 8 h done pinned
2 moldable 0 units 6 h at 0 by 2 of phys runs in C with 2 h done on 2 units
4 rigid 1 units 1 h at 1 by 3 of chem`)
	o.Hours, o.CutAtEnd = 1, true
	r := importText(t, sacctRunning, mapping(t, goesOn).Over(preset(t, "sacct")), o)
	if r.Counts.Cut != 2 || r.Jobs[0].WorkUnitH != 12 || r.Jobs[0].Running.DoneUnitH != 8 {
		t.Errorf("cut: %s", describe(r))
	}
	_, err := Import(context.Background(), []Trace{traceOf("x", sacctRunning)}, preset(t, "sacct"), o)
	var findings model.Findings
	if !errors.As(err, &findings) || !strings.Contains(err.Error(), "nothing says in which pool a job runs when the window begins; give running: {pool: ...} in rules") {
		t.Errorf("without a pool: %v", err)
	}
}

// TestGoOnIsPlanned: the import's table is a case that validates, and in whose plan jobs
// go on where they ran: 1 for the 2 hours that are left of it.
func TestGoOnIsPlanned(t *testing.T) {
	dir := t.TempDir()
	const text = `format: wattbit-case/1
name: day
currency: EUR
horizon: {start: 2026-01-15T00:00:00Z, periods: [{count: 6, hours: 1}]}
buses: [{name: b}]
renewables: [{name: sun, bus: b, source: solar, capacity_mw: 9, available_mw: 9}]
regions: [{name: north, bus: b}]
sites: [{name: s, bus: b, region: north}]
pools:
  - {name: G, site: s, kind: gpu, modules: 1, units_per_module: 4, dynamic_mw_per_unit: 0.1, always_on: true}
  - {name: C, site: s, kind: cpu, modules: 1, units_per_module: 4, dynamic_mw_per_unit: 0.1, always_on: true}
jobs: {csv: jobs.csv}
`
	file := filepath.Join(dir, "case.yaml")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	o := Options{From: at("2026-01-15T00:00:00Z"), Hours: 6, StepH: 1, Region: "north", CarryOver: GoOn}
	m := mapping(t, goesOn).Over(preset(t, "sacct"))
	if _, err := ImportInto(context.Background(), dir, JobsFile, []Trace{traceOf("x", sacctRunning)}, m, o); err != nil {
		t.Fatal(err)
	}
	c, read, err := model.ReadCaseFile(file, model.ReadOptions{})
	if err != nil || len(read.Warnings) > 0 {
		t.Fatal(err, read)
	}
	solved, err := opt.Solve(context.Background(), c, opt.Options{Engine: enginetest.Highs(t)})
	if err != nil {
		t.Fatal(err)
	}
	if report := verify.Check(c, solved.Plan, verify.Options{}); !report.OK() {
		t.Fatal(report.Violations)
	}
	if p := solved.Plan.Jobs[0]; p.Pool != "G" || p.First != 0 || len(p.BusyUnits) != 2 {
		t.Errorf("1 goes on as %+v", p)
	}
}

// TestFlavors: of a Kueue workload that is admitted, the flavor names the pool.
func TestFlavors(t *testing.T) {
	const text = `{"items": [{"kind": "Workload", "metadata": {"name": "w", "namespace": "a", "creationTimestamp": "2026-01-14T22:00:00Z"},
		"spec": {"queueName": "q", "maximumExecutionTimeSeconds": 10800, "priorityClassRef": {"name": "prod-high"},
			"podSets": [{"count": 1, "template": {"spec": {"containers": [{"resources": {"requests": {"cpu": "2", "nvidia.com/gpu": "1"}}}]}}}]},
		"status": {"conditions": [{"type": "Admitted", "status": "True", "lastTransitionTime": "2026-01-14T23:00:00Z"}],
			"admission": {"clusterQueue": "q", "podSetAssignments": [{"flavors": {"cpu": "c", "nvidia.com/gpu": "g"}}]}}}]}`
	m := mapping(t, "rules: [{running: {column: flavor}}]").Over(preset(t, "kueue"))
	same(t, "flavor", describe(importText(t, text, m, Options{From: at("2026-01-15T00:00:00Z"), Hours: 6, Region: "north", CarryOver: GoOn})), `
rows 1 jobs 1 before 0 after 0 running 1 waiting 0 past end 0 rejected 0
a/w rigid 1 units 3 h at 0 of q priority 2 runs in g with 1 h done`)
}

// TestCopies: a prefix, values, a column that may be missing, and the last of several;
// what a text cannot become is said before any row is read.
func TestCopies(t *testing.T) {
	m := mapping(t, `
fields:
  copy:
    - {field: owner, column: group, prefix: g-}
    - {field: owner, column: team, optional: true}
    - {field: priority, column: qos, values: [{is: [a, b], to: "3"}, {matches: "^b", to: "1"}]}
`).Over(preset(t, "gaia"))
	r := importText(t, "arrival_time,length,cpus,group,qos\n0,1,1,7,b\n0,1,1,,bb\n0,1,1,8,c\n", m, Options{Hours: 4, Region: "north"})
	same(t, "copies", describe(r), `
rows 3 jobs 3 before 0 after 0 running 0 waiting 0 past end 0 rejected 0
job-2 rigid 1 units 1 h at 0 of g-7 priority 3
job-3 rigid 1 units 1 h at 0 priority 1
job-4 rigid 1 units 1 h at 0 of g-8`)
	_, err := compile(mapping(t, `
fields:
  copy:
    - {field: priority, column: qos, prefix: x, values: [{is: [a], matches: a, to: "1"}, {matches: "(", to: "1"}, {is: [a], to: high}]}
  after: {column: preceding, lag: [{column: think}]}
rules:
  - running: {pool: p, column: q}
  - {leave_out: x, running: {pool: p}}
`).Over(preset(t, "gaia")))
	same(t, "findings", err.Error(), `
mapping: fields.copy[0].prefix: is given beside values; put it into them
mapping: fields.copy[0].values[0]: gives neither is nor matches, or both; give one
mapping: fields.copy[0].values[1].matches: is not a regular expression: error parsing regexp: missing closing ): `+"`(`"+`
mapping: fields.copy[0].values[2].to: "high" cannot be a job's priority
mapping: fields.after: names jobs, and jobs have no names; give the columns of name
mapping: fields.after.lag[0].unit: "" is no unit here; give one of ms, s, min, h, d, clock
mapping: rules[1].running: names neither pool nor column, or both; name one
mapping: rules[2]: leaves rows out and says what their jobs are; do one`)
}
