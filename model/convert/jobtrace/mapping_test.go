package jobtrace

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

func mapping(t testing.TB, text string) *Mapping {
	t.Helper()
	m, err := ReadMapping("map.yaml", []byte("format: wattbit-jobs/1\n"+text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMappingFindings: everything that is wrong with a mapping is found at once.
func TestMappingFindings(t *testing.T) {
	_, err := ReadMapping("map.yaml", []byte("format: wattbit-jobs/1\nfeilds: {}\nrules:\n  - job: {shap: rigid}\n"))
	same(t, "fields", err.Error(), `
map.yaml:4: rules[0].job.shap: is not a field of the format; did you mean shape?
map.yaml:2: feilds: is not a field of the format; did you mean fields?`)
	if _, err := ReadMapping("map.yaml", []byte("format: wattbit-case/1\n")); err == nil || !strings.Contains(err.Error(), "write wattbit-jobs/1") {
		t.Errorf("another format: %v", err)
	}
	m := mapping(t, `
trace: {kind: tabel, delimiter: "||", zone: Mars/Olympus}
fields:
  release: [{column: a, unit: fortnight}, {column: b, unit: date}]
  start: [{column: a, unit: s}]
  wait: [{value: 1, factor: 2}]
  no_start: maybe
  limit: [{}]
  units: [{column: a, unit: s, pattern: "x"}, {column: a, pattern: "("}]
  copy: [{field: shapes, column: a}]
rules:
  - leave_out: x
    job: {class: y}
  - when: [{column: a, of: units, above: 1}, {of: weight, above: 1}, {of: units, matches: x}, {column: a}, {column: a, matches: "["}]
    job: {name: z}
    slack: {hours: -1}
`)
	_, err = compile(m)
	same(t, "meaning", err.Error(), `
mapping: trace.kind: "tabel" is no kind of file; give table, swf or kubernetes
mapping: trace.delimiter: "||" is not one character; give one, as in "|"
mapping: trace: delimiter, quotes and columns are of tables only; leave them out
mapping: trace.zone: "Mars/Olympus" is no time zone; give an IANA name, as in Europe/Berlin
mapping: fields.release[0].unit: "fortnight" is no unit here; give one of ms, s, min, h, d, unix_s, unix_ms, date
mapping: fields.wait[0]: gives more than a value; give the value alone
mapping: fields.limit[0]: names no column and gives no value, or does both; do one
mapping: fields.units[0].unit: is given for a plain number; give a factor
mapping: fields.units[0].pattern: has 0 groups; put one pair of parentheses around the value
mapping: fields.units[1].pattern: is not a regular expression: error parsing regexp: missing closing ): `+"`(`"+`
mapping: fields.length: is missing; name the column of the run time, or that of the end
mapping: fields.wait: is given beside start; keep one
mapping: fields.no_start: is "maybe"; give waiting or at_release
mapping: fields: some moments are dates, others are counted from the trace's beginning; give all in one way
mapping: fields.copy[0].field: shapes is not a field of a job; did you mean shape?
mapping: rules[0]: leaves rows out and says what their jobs are; do one
mapping: rules[1].job: gives a name or a count, which are those of the row; leave them out
mapping: rules[1].slack: puts the deadline before the release; give a factor or hours above 0
mapping: rules[1].when[0]: names neither column nor of, or both; name one
mapping: rules[1].when[1].of: "weight" is not known; give one of units, length_h, limit_h, work_unit_h
mapping: rules[1].when[2]: asks for the text of a number; give above or at_most
mapping: rules[1].when[3]: asks for nothing; give matches, is, above or at_most
mapping: rules[1].when[4].matches: is not a regular expression: error parsing regexp: missing closing ]: `+"`[`")
	if _, err := compile(&Mapping{}); err == nil || !strings.Contains(err.Error(), "say how the file is laid out") {
		t.Errorf("an empty mapping: %v", err)
	}
}

// TestRefusals: what no row could satisfy is said before any is read.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, preset, text string
		o                  Options
		want               string
	}{
		{"columns", "sacct", "JobID|Partition\n1|x\n", Options{Region: "n", From: at("2026-01-15T00:00:00Z")}, `
x: fields.release: the trace has no column Submit; it has JobID, Partition
x: fields.start: the trace has no column Start; it has JobID, Partition
x: fields.end: the trace has no column End; it has JobID, Partition
x: fields.length: the trace has no column TimelimitRaw or Timelimit; it has JobID, Partition
x: fields.limit: the trace has no column TimelimitRaw or Timelimit; it has JobID, Partition
x: fields.units: the trace has no column AllocTRES or ReqTRES or NCPUS or AllocCPUS or ReqCPUS; it has JobID, Partition
x: rules[1].when[0].column: the trace has no column State; it has JobID, Partition
x: rules[1].when[1].column: the trace has no column ElapsedRaw; it has JobID, Partition
x: rules[2].when[0].column: the trace has no column State; it has JobID, Partition`},
		{"region", "gaia", "", Options{}, "mapping: nothing gives jobs a region; give --region, copy a column, or give job: {region: ...} in a rule"},
		{"hours in dates", "sacct", "", Options{Region: "n", From: From{Given: true, Hours: 3}},
			"mapping: the trace's times are dates, and the window begins at a number of hours; give a time, as in 2026-01-15T00:00:00+08:00"},
		{"no beginning", "sacct", "", Options{Region: "n", Hours: 3},
			"mapping: the trace's times are dates, and nothing says when the window begins; give a time, as in 2026-01-15T00:00:00+08:00"},
		{"a date in hours", "gaia", "arrival_time,length,cpus\n", Options{Region: "n", From: at("2026-01-15T00:00:00Z")},
			"x: does not say when its time begins, so that a date has no place in it; give the window's beginning in hours"},
		{"empty", "gaia", "", Options{Region: "n"}, "x: is empty"},
		{"no rows", "swf", "; only a comment\n", Options{Region: "n"}, "x: has no rows"},
	} {
		_, err := Import(context.Background(), []Trace{traceOf("x", c.text)}, preset(t, c.preset), c.o)
		var findings model.Findings
		if !errors.As(err, &findings) {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		same(t, c.name, findings.Error(), c.want)
	}
}

// TestScaledData: inputs and outputs grow with the work of a job; without a region they are at
// home, wherever a later rule has that.
func TestScaledData(t *testing.T) {
	m := mapping(t, `
rules:
  - job: {region: east}
    per_unit_h: {inputs: [{region: west, gb: 2}, {gb: 1}], outputs: [{gb: 0.5}]}
  - when: [{of: units, above: 8}]
    job: {region: north}
    per_unit: {outputs: [{region: west, gb: 3}]}
`).Over(preset(t, "gaia"))
	r, err := Import(context.Background(), []Trace{traceOf("x", "arrival_time,length,cpus\n0,2,3\n0,1,16\n")}, m, Options{Hours: 24})
	if err != nil {
		t.Fatal(err)
	}
	want := [][2][]model.DataFlow{
		{{{Region: "west", GB: 12}, {Region: "east", GB: 6}}, {{Region: "east", GB: 3}}},
		{{{Region: "west", GB: 32}, {Region: "north", GB: 16}}, {{Region: "west", GB: 48}}},
	}
	for i, w := range want {
		if j := &r.Jobs[i]; !slices.Equal(j.Inputs, w[0]) || !slices.Equal(j.Outputs, w[1]) {
			t.Errorf("job %d: inputs %v, outputs %v, want %v", i, j.Inputs, j.Outputs, w)
		}
	}
}

// TestRules: rules apply in order, the later over the earlier, and set any field
// of a job.
func TestRules(t *testing.T) {
	m := mapping(t, `
fields:
  copy: [{field: data_region, column: site}]
  limit: [{column: limit, unit: h}]
rules:
  - job: {class: cold, input_gb: 5, pool_kinds: [cpu]}
    slack: {factor: 2, hours: 1}
    per_unit_h: {drop_price: 10}
  - when: [{column: user, matches: "^bot-"}]
    leave_out: made by a robot
  - when: [{of: units, above: 8}, {column: user, is: [eve, bob]}]
    job: {shape: preemptible, input_gb: 0, late_price_per_h: 3}
  - when: [{column: user, is: [eve], not: true}]
    job: {allowed_sites: [a, b]}
    per_unit: {late_price_per_h: 0.5}
  - when: [{of: limit_h, at_most: 4}]
    slack: {limit_factor: 1.5}
  - when: [{of: work_unit_h, above: 100}]
    leave_out: too much work
`).Over(preset(t, "gaia"))
	const text = `arrival_time,length,cpus,user,site,limit
0,1,16,eve,far,
1,1,16,bob,,4
2,1,2,bot-7,,4
3,20,16,eve,,
4,1,2,ada,near,6
`
	r, err := Import(context.Background(), []Trace{traceOf("x", text)}, m, Options{Hours: 24, Region: "north"})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := model.WriteJobTable(&b, r.Jobs); err != nil {
		t.Fatal(err)
	}
	same(t, "jobs", b.String(), `
name,region,class,shape,units,work_unit_h,release_h,deadline_h,late_price_per_h,drop_price,input_gb,data_region,pool_kinds,allowed_sites
job-2,north,cold,preemptible,16,16,,3,3,160,,far,[cpu],
job-3,north,cold,preemptible,16,16,1,7,8,160,,,[cpu],"[a, b]"
job-6,north,cold,rigid,2,2,4,7,1,20,5,near,[cpu],"[a, b]"`)
	same(t, "left out", describe(&Result{Counts: r.Counts, leftOut: r.leftOut}), `
rows 5 jobs 3 before 0 after 0 running 0 waiting 0 past end 0 rejected 0
left out 1: made by a robot
left out 1: too much work`)
}
