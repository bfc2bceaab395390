package model

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// decoder fills a Case from a tree, strictly, and collects everything that is
// wrong. A field takes part by its json tag; one without omitempty or omitzero
// must be given, or the field that its tag unless names in its place.
type decoder struct {
	*source
	tables  *tables
	layouts map[reflect.Type][]layoutField
	// hours of the periods, nil while the horizon is not usable.
	hours []float64
	// where in the case: section, position in it, item.
	section string
	index   int
	item    string
}

// source is a case file as read, with what was found wrong in it.
type source struct {
	file     string
	sets     []string
	root     *node
	findings collector
	warnings collector
	// spoiled items hold a finding of the decoder: what they hold cannot be
	// judged further. Index -1 is the section as such.
	spoiled map[itemKey]bool
	// sectionTables are the tables that whole sections were read from.
	sectionTables []sectionTable
}

type itemKey struct {
	section string
	index   int
}

// keyOf is the key of an item; outside the sections, that of the plain field.
func keyOf(section string, index int, path string) itemKey {
	if section == "" {
		return itemKey{path, -1}
	}
	return itemKey{section, index}
}

// place fills in a finding's file and line from a node.
func (s *source) place(f *Finding, n *node) {
	f.File = s.file
	if n == nil {
		return
	}
	if n.set > 0 {
		f.File, f.Line = setPrefix+s.sets[n.set-1], 0
		return
	}
	if n.table > 0 {
		f.File = s.sectionTables[n.table-1].file
	}
	f.Line = int(n.line)
}

func (d *decoder) fail(n *node, path, problem, remedy string) {
	f := Finding{Section: d.section, Item: d.item, Field: path, Problem: problem, Remedy: remedy}
	d.place(&f, n)
	d.findings.add(f)
	d.spoil(path)
}

// spoil says that the item, or the plain field of the case, cannot be judged
// further.
func (d *decoder) spoil(path string) { d.spoiled[keyOf(d.section, d.index, path)] = true }

// decodeCase decodes the whole tree, which is an object, into a case.
func (d *decoder) decodeCase() *Case {
	c := new(Case)
	d.index = -1
	// Tables are resolved to periods, so these come first; what is wrong with
	// them is found when their turn comes.
	if n := d.root.field("horizon").field("periods"); n != nil {
		quiet := &decoder{source: &source{spoiled: map[itemKey]bool{}}}
		var horizon Horizon
		quiet.value(n, reflect.ValueOf(&horizon.Periods).Elem(), "periods")
		if quiet.findings.empty() && horizon.usable() {
			d.hours = horizon.Hours()
		}
	}
	d.object(d.root, reflect.ValueOf(c).Elem(), "", d.topLevel)
	return c
}

// topLevel decodes a field of the case: a section, or a plain field.
func (d *decoder) topLevel(n *node, v reflect.Value, name string) {
	defer func() { d.section, d.index, d.item = "", -1, "" }()
	switch v.Kind() {
	case reflect.Slice:
		d.section = name
		if n.kind == objectNode {
			d.sectionTable(n, v)
			return
		}
		if !d.isList(n, "") || !d.fewEnough(n) {
			return
		}
		out := reflect.MakeSlice(v.Type(), len(n.items), len(n.items))
		for i, item := range n.items {
			d.index, d.item = i, item.itemName()
			if d.item == "" {
				d.item = fmt.Sprintf("[%d]", i)
			}
			d.value(item, out.Index(i), "")
		}
		if len(n.items) > 0 {
			v.Set(out)
		}
	case reflect.Struct:
		d.section = name
		d.value(n, v, "")
	default:
		d.value(n, v, name)
	}
}

func (d *decoder) fewEnough(n *node) bool {
	if len(n.items) <= MaxItems {
		return true
	}
	d.fail(n, "", fmt.Sprintf("has %d items", len(n.items)), fmt.Sprintf("give at most %d", MaxItems))
	return false
}

// tag is a field's name in files and whether it must be given.
func tag(f reflect.StructField) (name string, required bool) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name, options == ""
}

// layoutField is a field of a struct as files know it.
type layoutField struct {
	name     string
	required bool
	// unless this field is given, "" where nothing stands in the field's place.
	unless string
}

// layout returns the fields of a struct type, in order.
func layout(t reflect.Type) []layoutField {
	out := make([]layoutField, t.NumField())
	for i := range out {
		out[i].name, out[i].required = tag(t.Field(i))
		out[i].unless = t.Field(i).Tag.Get("unless")
	}
	return out
}

// layout keeps the layouts of the types that it met.
func (d *decoder) layout(t reflect.Type) []layoutField {
	known, ok := d.layouts[t]
	if !ok {
		known = layout(t)
		if d.layouts == nil {
			d.layouts = map[reflect.Type][]layoutField{}
		}
		d.layouts[t] = known
	}
	return known
}

// object decodes an object into a struct, each field by the given function.
func (d *decoder) object(n *node, v reflect.Value, path string, field func(*node, reflect.Value, string)) {
	d.someFields(n, v, path, field, false)
}

// someFields is object, of which fields that must be given may be missing when
// it is partial.
func (d *decoder) someFields(n *node, v reflect.Value, path string, field func(*node, reflect.Value, string), partial bool) {
	fields := d.layout(v.Type())
	at := make(map[string]int, len(n.keys))
	for i, key := range n.keys {
		if first, twice := at[key.name]; twice {
			d.fail(&node{line: key.line, set: n.items[i].set, table: n.table}, join(path, key.name),
				fmt.Sprintf("is given twice, first on line %d", n.keys[first].line), "keep one")
			continue
		}
		at[key.name] = i
	}
	for j, f := range fields {
		i, given := at[f.name]
		switch {
		case given:
			field(n.items[i], v.Field(j), join(path, f.name))
			delete(at, f.name)
		case f.required && !partial && (f.unless == "" || n.field(f.unless) == nil):
			d.missing(n, path, &f)
		}
	}
	if len(at) == 0 {
		return
	}
	known := make([]string, len(fields))
	for j, f := range fields {
		known[j] = f.name
	}
	for i, key := range n.keys { // in the file's order
		if first, left := at[key.name]; left && first == i {
			d.fail(&node{line: key.line, set: n.items[i].set, table: n.table}, join(path, key.name), "is not a field of the format",
				didYouMean(key.name, known))
		}
	}
}

// missing says that a field of an object must be given, or the one in its place.
func (d *decoder) missing(n *node, path string, f *layoutField) {
	remedy := fmt.Sprintf("add %s: ...", f.name)
	if f.unless != "" {
		remedy += fmt.Sprintf(", or %s: ...", f.unless)
	}
	d.fail(n, join(path, f.name), "is missing", remedy)
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

var (
	timeType       = reflect.TypeFor[time.Time]()
	seriesType     = reflect.TypeFor[Series]()
	roundTripsType = reflect.TypeFor[[]RoundTrip]()
	jobFieldsType  = reflect.TypeFor[JobFields]()
)

// value decodes a node into a value of any type that a case holds.
func (d *decoder) value(n *node, v reflect.Value, path string) {
	if n.kind == nullNode {
		d.fail(n, path, "is null", "give a value, or leave the field out")
		return
	}
	switch v.Type() {
	case timeType:
		d.time(n, v, path)
		return
	case seriesType:
		v.Set(reflect.ValueOf(d.series(n, path)))
		return
	case jobFieldsType:
		d.jobFields(n, v, path)
		return
	case roundTripsType:
		if n.kind == objectNode {
			v.Set(reflect.ValueOf(d.roundTripTable(n, path)))
			return
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		d.value(n, v.Elem(), path)
	case reflect.Struct:
		if n.kind != objectNode {
			d.wrongType(n, path, objectNode)
			return
		}
		d.object(n, v, path, d.value)
	case reflect.Slice:
		if !d.isList(n, path) || !d.fewEnough(n) || len(n.items) == 0 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
		for i, item := range n.items {
			d.value(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.String:
		if n.kind != textNode {
			d.wrongType(n, path, textNode)
			return
		}
		v.SetString(n.text)
	case reflect.Bool:
		if n.kind != boolNode {
			d.wrongType(n, path, boolNode)
			return
		}
		v.SetBool(strings.EqualFold(n.text, "true"))
	case reflect.Int:
		if number, ok := d.number(n, path); ok {
			if number != math.Trunc(number) || math.Abs(number) > 1<<53 {
				d.fail(n, path, n.text+" is not a whole number", "")
				return
			}
			v.SetInt(int64(number))
		}
	case reflect.Float64:
		if number, ok := d.number(n, path); ok {
			v.SetFloat(number)
		}
	default:
		panic(fmt.Sprintf("model: a case cannot hold a %s", v.Type()))
	}
}

func (d *decoder) wrongType(n *node, path string, want nodeKind) {
	problem := "is " + n.kind.String()
	remedy := "give " + want.String()
	if n.kind <= textNode {
		problem = fmt.Sprintf("%s is %s", clip(n.text), n.kind)
	}
	switch {
	case want == textNode && n.kind < textNode:
		remedy = "write text in quotes"
	case want == numberNode && n.kind == textNode && !n.plain && numberText(n.text):
		remedy = "write it without quotes"
	}
	d.fail(n, path, problem, remedy)
}

func (d *decoder) isList(n *node, path string) bool {
	if n.kind == listNode {
		return true
	}
	d.wrongType(n, path, listNode)
	return false
}

// number returns a finite number.
func (d *decoder) number(n *node, path string) (float64, bool) {
	if n.kind == nullNode {
		d.fail(n, path, "is null", "give a number")
		return 0, false
	}
	if n.kind == textNode && n.plain {
		if word := strings.ToLower(strings.Trim(n.text, "+-.")); word == "nan" || word == "inf" || word == "infinity" {
			d.fail(n, path, n.text+" is not a number to plan with", "give a finite number, or leave the field out where it means no limit")
			return 0, false
		}
	}
	if n.kind != numberNode {
		d.wrongType(n, path, numberNode)
		return 0, false
	}
	v, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		d.fail(n, path, clip(n.text)+" is too large a number", "")
		return 0, false
	}
	return v, true
}

func (d *decoder) time(n *node, v reflect.Value, path string) {
	const remedy = "write RFC 3339 with the offset, as in 2023-07-15T00:00:00+08:00"
	if n.kind != textNode {
		d.fail(n, path, clip(n.text)+" is not a time", remedy)
		return
	}
	at, err := time.Parse(time.RFC3339, n.text)
	if err != nil {
		d.fail(n, path, clip(n.text)+" is not a time", remedy)
		return
	}
	v.Set(reflect.ValueOf(withOffset(at)))
}

// withOffset keeps a time's offset and nothing else of its location, so that it
// does not depend on the machine's own zone.
func withOffset(at time.Time) time.Time {
	_, offset := at.Zone()
	if offset == 0 {
		return at.UTC()
	}
	return at.In(time.FixedZone("", offset))
}

// series decodes a number for all periods, a list of one for each, or a table.
func (d *decoder) series(n *node, path string) Series {
	switch n.kind {
	case objectNode:
		return d.seriesTable(n, path)
	case listNode:
		out := make(Series, 0, len(n.items))
		for t, item := range n.items {
			v, ok := d.number(item, fmt.Sprintf("%s[%d]", path, t))
			if !ok {
				return nil
			}
			out = append(out, v)
		}
		if d.hours != nil && len(out) != len(d.hours) {
			remedy := "give one a period"
			if len(out) == 1 {
				remedy += ", or a plain number for all"
			}
			d.fail(n, path, fmt.Sprintf("has %d values for %d periods", len(out), len(d.hours)), remedy)
			return nil
		}
		return out
	case textNode:
		if !numberText(n.text) && n.plain && strings.Contains(strings.ToLower(n.text), ".csv") {
			d.fail(n, path, clip(n.text)+" is text", fmt.Sprintf("name a table as {csv: %s, column: ...}", n.text))
			return nil
		}
	}
	if v, ok := d.number(n, path); ok {
		return Constant(v)
	}
	return nil
}

// clip shortens a text for a message and makes it printable.
func clip(s string) string {
	const most = 40
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	quoted := strconv.Quote(s)
	if quoted == `"`+s+`"` && s != "" && !strings.ContainsAny(s, " ,;") {
		return s
	}
	return quoted
}
