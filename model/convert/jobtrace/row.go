package jobtrace

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/wattbit/wattbit/model"
)

// row is what was read of a row. Times are in hours after the window's
// beginning.
type row struct {
	cells []string
	// releaseH, and startH where the job had started; without a start it waits.
	releaseH, startH float64
	started          bool
	lengthH, units   float64
	limitH           float64 // 0 when not stated
	// doneH of the length lie before the window, of a job that goes on in it.
	doneH float64
	// readyH is when the job before it can have ended at the earliest, with the lag,
	// and beginH when it can begin therefore.
	readyH, beginH float64
}

// cell returns a cell, "" where it has no value.
func (r *reading) cell(cells []string, column int) string {
	text := strings.TrimSpace(cells[column])
	if r.missing[text] {
		return ""
	}
	return text
}

// value takes the text of a source out of the cells; given is false where there
// is none.
func (r *reading) value(s *source, cells []string) (text string, given bool) {
	text = r.cell(cells, s.column)
	if s.pattern != nil && text != "" {
		group := s.pattern.FindStringSubmatch(text)
		if group == nil {
			return "", false
		}
		text = group[1]
	}
	return text, text != ""
}

// moment returns the first moment of the sources in seconds.
func (r *reading) moment(sources []source, cells []string) (seconds float64, given bool, err *rowError) {
	for i := range sources {
		s := &sources[i]
		if s.Value != nil {
			return *s.Value * 3600, true, nil
		}
		text, ok := r.value(s, cells)
		if !ok {
			continue
		}
		v, err := moment(text, s.Unit, r.zone)
		if err != nil {
			err.column = s.Column
			return 0, false, err
		}
		return v, true, nil
	}
	return 0, false, nil
}

// quantity returns the first quantity of the sources: with a unit a length in
// hours, else a number. Where it must be positive, one that is not is passed
// over; it counts as given when there is no other.
func (r *reading) quantity(sources []source, cells []string, positive bool) (v float64, given bool, err *rowError) {
	for i := range sources {
		s := &sources[i]
		if s.Value != nil {
			return *s.Value, true, nil
		}
		text, ok := r.value(s, cells)
		if !ok {
			continue
		}
		var q float64
		if s.Unit == "" {
			if q, ok = number(text); !ok {
				err = notNumber(text)
			}
		} else {
			q, err = length(text, s.Unit)
		}
		if err != nil {
			err.column = s.Column
			return 0, false, err
		}
		for _, column := range s.times {
			by, ok := number(r.cell(cells, column))
			if !ok {
				err := notNumber(cells[column])
				err.column = r.columns[column]
				return 0, false, err
			}
			q *= by
		}
		if s.Factor != nil {
			q *= *s.Factor
		}
		v, given = q, true
		if q > 0 || !positive {
			break
		}
	}
	return v, given, nil
}

// leftOut returns why a row is no job by its columns alone, "" when it may be.
func (r *reading) leftOut(cells []string) string {
	for i := range r.rules {
		if rule := &r.rules[i]; rule.early && r.applies(rule, &row{cells: cells}) {
			return rule.LeaveOut
		}
	}
	return ""
}

// applies says whether a rule is about a row.
func (r *reading) applies(rule *rule, w *row) bool {
	for i := range rule.when {
		if c := &rule.when[i]; r.holds(c, w) == c.Not {
			return false
		}
	}
	return true
}

func (r *reading) holds(c *condition, w *row) bool {
	var v float64
	isNumber := true
	switch c.Of {
	case "units":
		v = w.units
	case "length_h":
		v = w.lengthH
	case "limit_h":
		v, isNumber = w.limitH, w.limitH > 0
	case "work_unit_h":
		v = w.lengthH * w.units
	default:
		text := r.cell(w.cells, c.column)
		if c.matches != nil && !c.matches.MatchString(text) {
			return false
		}
		if len(c.Is) > 0 && !contains(c.Is, text) {
			return false
		}
		if c.Above == nil && c.AtMost == nil {
			return true
		}
		v, isNumber = number(text)
	}
	return isNumber && (c.Above == nil || v > *c.Above) && (c.AtMost == nil || v <= *c.AtMost)
}

func contains(list []string, text string) bool {
	for _, t := range list {
		if t == text {
			return true
		}
	}
	return false
}

// text returns what a copy sets its field to; given is false where it sets nothing.
func (r *reading) text(c *copier, cells []string) (text string, given bool) {
	text = r.cell(cells, c.column)
	if text == "" || len(c.Values) == 0 {
		return c.Prefix + text, text != ""
	}
	for i := range c.Values {
		if v := &c.Values[i]; contains(v.Is, text) || c.matches[i] != nil && c.matches[i].MatchString(text) {
			return v.To, true
		}
	}
	return "", false
}

// runningOf returns the state of a row's job that goes on; nil where no rule says in
// which pool.
func (r *reading) runningOf(j *model.Job, w *row) *model.Running {
	var out *model.Running
	for i := range r.rules {
		rule := &r.rules[i]
		if rule.Running == nil || !r.applies(rule, w) {
			continue
		}
		pool := rule.Running.Pool
		if rule.running >= 0 {
			pool = r.cell(w.cells, rule.running)
		}
		if pool != "" {
			out = &model.Running{Pool: pool, Pinned: rule.Running.Pinned, DoneUnitH: tidy(w.units * w.doneH)}
		}
	}
	if out != nil && j.Shape == model.Moldable {
		out.Units = tidy(w.units)
	}
	return out
}

// jobName returns the name of a row's job, "" when no columns give it.
func (r *reading) jobName(cells []string) (string, *rowError) {
	if len(r.name) == 0 {
		return "", nil
	}
	parts := make([]string, 0, len(r.name))
	for _, column := range r.name {
		if part := r.cell(cells, column); part != "" {
			parts = append(parts, part)
		}
	}
	name := strings.Join(parts, "/")
	problem := func(reason string) (string, *rowError) {
		return "", &rowError{column: r.columns[r.name[0]], reason: reason, text: name}
	}
	switch {
	case name == "":
		return problem("has no value, and is the name")
	case len(name) > model.MaxNameBytes-16: // leaves room for a number
		return problem("is too long for a name")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(c rune) bool { return unicode.IsControl(c) || c == unicode.ReplacementChar }):
		return problem("holds what a name cannot")
	}
	return name, nil
}
