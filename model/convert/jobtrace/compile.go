package jobtrace

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/wattbit/wattbit/model"
)

// reading is a mapping made ready to read rows: columns by their position among
// those asked for, patterns compiled.
type reading struct {
	m       *Mapping
	zone    *time.Location
	missing map[string]bool
	// columns asked for.
	columns []string
	// needs are sets of columns of which the trace must have one each.
	needs []need

	name                      []int
	release, start, end       []source
	wait, length, limit, unit []source
	copies                    []copier
	after                     int // column, -1 without
	lag                       []source
	rules                     []rule
	// absolute says that moments are in the world's time.
	absolute bool
}

// need is a field of the mapping that asks for one of some columns.
type need struct {
	field string
	any   []int
}

type source struct {
	Source
	column  int // -1 for a constant
	times   []int
	pattern *regexp.Regexp
}

type copier struct {
	*Copy
	column  int
	field   *model.JobField
	matches []*regexp.Regexp // of Values
}

type rule struct {
	*Rule
	when []condition
	// running is the column of the pool, -1 without.
	running int
	// early rules leave rows out by columns alone, before anything is read.
	early bool
}

type condition struct {
	*Condition
	column  int
	matches *regexp.Regexp
}

// compiler collects what is wrong with a mapping.
type compiler struct {
	r        *reading
	findings model.Findings
}

// compile checks a mapping and makes it ready. The error is model.Findings, each
// with the field of the mapping.
func compile(m *Mapping) (*reading, error) {
	c := &compiler{r: &reading{m: m, zone: time.UTC, missing: map[string]bool{}, after: -1}}
	c.layout(m.Trace)
	c.fields(&m.Fields)
	for i := range m.Rules {
		c.rule(fmt.Sprintf("rules[%d]", i), &m.Rules[i])
	}
	if len(c.findings) > 0 {
		return nil, c.findings
	}
	return c.r, nil
}

func (c *compiler) fail(field, problem, remedy string) {
	c.findings = append(c.findings, model.Finding{File: "mapping", Field: field, Problem: problem, Remedy: remedy})
}

func (c *compiler) layout(l *Layout) {
	if l == nil {
		c.fail("trace", "is missing", "say how the file is laid out, or build on a preset")
		return
	}
	if l.Kind != Table && l.Kind != SWF && l.Kind != Kubernetes {
		c.fail("trace.kind", fmt.Sprintf("%q is no kind of file", l.Kind), "give table, swf or kubernetes")
	}
	if l.Delimiter != "" && (len(l.Delimiter) != 1 || strings.ContainsAny(l.Delimiter, "\"\n\r")) {
		c.fail("trace.delimiter", fmt.Sprintf("%q is not one character", l.Delimiter), `give one, as in "|"`)
	}
	if l.Kind != Table && (l.Delimiter != "" || l.Quotes != nil || len(l.Columns) > 0) {
		c.fail("trace", "delimiter, quotes and columns are of tables only", "leave them out")
	}
	if l.Zone != "" {
		zone, err := time.LoadLocation(l.Zone)
		if err != nil {
			c.fail("trace.zone", fmt.Sprintf("%q is no time zone", l.Zone), "give an IANA name, as in Europe/Berlin")
		} else {
			c.r.zone = zone
		}
	}
	for _, text := range l.Missing {
		c.r.missing[text] = true
	}
}

func (c *compiler) fields(f *Fields) {
	r := c.r
	for _, name := range f.Name {
		r.name = append(r.name, c.column(name))
		c.need("fields.name", r.name[len(r.name)-1:])
	}
	moments := append(sortedUnits(timeUnits), unixSeconds, unixMillis, date)
	lengths := append(sortedUnits(timeUnits), clock)
	r.release = c.sources("fields.release", f.Release, moments)
	r.start = c.sources("fields.start", f.Start, moments)
	r.end = c.sources("fields.end", f.End, moments)
	r.wait = c.sources("fields.wait", f.Wait, lengths)
	r.length = c.sources("fields.length", f.Length, lengths)
	r.limit = c.sources("fields.limit", f.Limit, lengths)
	r.unit = c.sources("fields.units", f.Units, nil)
	if len(f.Release) == 0 {
		c.fail("fields.release", "is missing", "name the column of the time of submission")
	}
	if len(f.Length) == 0 && len(f.End) == 0 {
		c.fail("fields.length", "is missing", "name the column of the run time, or that of the end")
	}
	if len(f.Units) == 0 {
		c.fail("fields.units", "is missing", "name the column of CPUs, GPUs or nodes, or give value: 1")
	}
	if len(f.Start) > 0 && len(f.Wait) > 0 {
		c.fail("fields.wait", "is given beside start", "keep one")
	}
	if f.NoStart != "" && f.NoStart != "waiting" && f.NoStart != "at_release" {
		c.fail("fields.no_start", fmt.Sprintf("is %q", f.NoStart), "give waiting or at_release")
	}
	first := true
	for _, list := range [][]source{r.release, r.start, r.end} {
		for _, s := range list {
			if a := absolute(s.Unit); first {
				r.absolute, first = a, false
			} else if a != r.absolute {
				c.fail("fields", "some moments are dates, others are counted from the trace's beginning", "give all in one way")
			}
		}
	}
	for i := range f.Copy {
		c.copy(fmt.Sprintf("fields.copy[%d]", i), &f.Copy[i])
	}
	if f.After == nil {
		return
	}
	if len(f.Name) == 0 {
		c.fail("fields.after", "names jobs, and jobs have no names", "give the columns of name")
	}
	r.after, r.lag = c.column(f.After.Column), c.sources("fields.after.lag", f.After.Lag, lengths)
	c.need("fields.after.column", []int{r.after})
}

func (c *compiler) copy(at string, given *Copy) {
	field, err := model.NewJobField(given.Field)
	if err != nil {
		c.fail(at+".field", err.Error(), "")
		return
	}
	p := copier{Copy: given, column: c.column(given.Column), field: field}
	if !given.Optional {
		c.need(at+".column", []int{p.column})
	}
	if given.Prefix != "" && len(given.Values) > 0 {
		c.fail(at+".prefix", "is given beside values", "put it into them")
	}
	for i := range given.Values {
		v, where := &given.Values[i], fmt.Sprintf("%s.values[%d]", at, i)
		if (len(v.Is) == 0) == (v.Matches == "") {
			c.fail(where, "gives neither is nor matches, or both", "give one")
		}
		p.matches = append(p.matches, c.pattern(where+".matches", v.Matches))
		if err := field.Set(new(model.Job), v.To); err != nil {
			c.fail(where+".to", fmt.Sprintf("%q cannot be a job's %s", v.To, given.Field), "")
		}
	}
	c.r.copies = append(c.r.copies, p)
}

func sortedUnits(units map[string]float64) []string {
	var out []string
	for u := range units {
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b string) int { return int(units[a]*1000) - int(units[b]*1000) })
	return out
}

// column asks for a column and returns its position.
func (c *compiler) column(name string) int {
	if i := slices.Index(c.r.columns, name); i >= 0 {
		return i
	}
	c.r.columns = append(c.r.columns, name)
	return len(c.r.columns) - 1
}

func (c *compiler) need(field string, any []int) { c.r.needs = append(c.r.needs, need{field, any}) }

// sources compiles the sources of a field. Without units to choose from they
// are plain numbers.
func (c *compiler) sources(field string, list []Source, units []string) []source {
	var out []source
	var columns []int
	constant := false
	for i := range list {
		at := fmt.Sprintf("%s[%d]", field, i)
		s := source{Source: list[i], column: -1}
		switch {
		case (s.Column == "") == (s.Value == nil):
			c.fail(at, "names no column and gives no value, or does both", "do one")
		case s.Value != nil:
			constant = true
			if s.Unit != "" || s.Pattern != "" || len(s.Times) > 0 || s.Factor != nil {
				c.fail(at, "gives more than a value", "give the value alone")
			}
		default:
			s.column = c.column(s.Column)
			columns = append(columns, s.column)
			if units == nil && s.Unit != "" {
				c.fail(at+".unit", "is given for a plain number", "give a factor")
			} else if units != nil && !slices.Contains(units, s.Unit) {
				c.fail(at+".unit", fmt.Sprintf("%q is no unit here", s.Unit), "give one of "+strings.Join(units, ", "))
			}
		}
		s.pattern = c.pattern(at+".pattern", s.Pattern)
		if s.pattern != nil && s.pattern.NumSubexp() != 1 {
			c.fail(at+".pattern", fmt.Sprintf("has %d groups", s.pattern.NumSubexp()), "put one pair of parentheses around the value")
		}
		for _, name := range s.Times {
			s.times = append(s.times, c.column(name))
			c.need(at+".times", s.times[len(s.times)-1:])
		}
		out = append(out, s)
	}
	if len(columns) > 0 && !constant {
		c.need(field, columns)
	}
	return out
}

func (c *compiler) pattern(field, text string) *regexp.Regexp {
	if text == "" {
		return nil
	}
	p, err := regexp.Compile(text)
	if err != nil {
		c.fail(field, "is not a regular expression: "+err.Error(), "")
		return nil
	}
	return p
}

// quantities that conditions know, beside columns.
var quantities = []string{"units", "length_h", "limit_h", "work_unit_h"}

func (c *compiler) rule(at string, given *Rule) {
	r := rule{Rule: given, early: given.LeaveOut != "", running: -1}
	if r.LeaveOut != "" && (r.Job != nil || r.Slack != nil || r.Running != nil || r.PerUnit != nil || r.PerUnitH != nil) {
		c.fail(at, "leaves rows out and says what their jobs are", "do one")
	}
	if len(r.LeaveOut) > model.MaxNameBytes {
		c.fail(at+".leave_out", "is too long", "give a reason in a few words")
	}
	if r.Job != nil && (r.Job.Gives("name") || r.Job.Gives("count")) {
		c.fail(at+".job", "gives a name or a count, which are those of the row", "leave them out")
	}
	if s := r.Slack; s != nil && (s.Factor < 0 || s.LimitFactor < 0 || s.Factor+s.LimitFactor+s.Hours <= 0) {
		c.fail(at+".slack", "puts the deadline before the release", "give a factor or hours above 0")
	}
	if run := r.Running; run != nil {
		if (run.Pool == "") == (run.Column == "") {
			c.fail(at+".running", "names neither pool nor column, or both", "name one")
		}
		if run.Column != "" {
			r.running = c.column(run.Column)
			c.need(at+".running.column", []int{r.running})
		}
	}
	for i := range given.When {
		w := condition{Condition: &given.When[i], column: -1}
		where := fmt.Sprintf("%s.when[%d]", at, i)
		switch {
		case (w.Column == "") == (w.Of == ""):
			c.fail(where, "names neither column nor of, or both", "name one")
		case w.Column != "":
			w.column = c.column(w.Column)
			c.need(where+".column", []int{w.column})
		case !slices.Contains(quantities, w.Of):
			c.fail(where+".of", fmt.Sprintf("%q is not known", w.Of), "give one of "+strings.Join(quantities, ", "))
		default:
			r.early = false
			if w.Matches != "" || len(w.Is) > 0 {
				c.fail(where, "asks for the text of a number", "give above or at_most")
			}
		}
		if w.Matches == "" && len(w.Is) == 0 && w.Above == nil && w.AtMost == nil {
			c.fail(where, "asks for nothing", "give matches, is, above or at_most")
		}
		w.matches = c.pattern(where+".matches", w.Matches)
		r.when = append(r.when, w)
	}
	c.r.rules = append(c.r.rules, r)
}

// bind asks the trace for the columns. The error is model.Findings that name
// what the trace lacks.
func (r *reading) bind(file string, t rows) error {
	has := t.bind(r.columns)
	var findings model.Findings
	for _, n := range r.needs {
		if slices.ContainsFunc(n.any, func(i int) bool { return has[i] }) {
			continue
		}
		var names []string
		for _, i := range n.any {
			names = append(names, r.columns[i])
		}
		findings = append(findings, model.Finding{File: file, Field: n.field,
			Problem: "the trace has no column " + strings.Join(names, " or "), Remedy: "it has " + strings.Join(t.names(), ", ")})
	}
	if len(findings) > 0 {
		return findings
	}
	return nil
}
