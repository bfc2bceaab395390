package model

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/wattbit/wattbit/internal/inorder"
)

// sectionTable is a CSV file that a whole section was read from: the header
// names the fields, a row is an item, an empty cell is a field left out.
type sectionTable struct {
	section, file string
	// lines of the items.
	lines []int32
}

// rowsOf returns the table that a section was read from, nil without one.
func (s *source) rowsOf(section string) *sectionTable {
	for i := range s.sectionTables {
		if s.sectionTables[i].section == section {
			return &s.sectionTables[i]
		}
	}
	return nil
}

// sectionTable decodes {csv: file} into a section. The table is read row by row,
// so that a million items need no tree.
func (d *decoder) sectionTable(n *node, v reflect.Value) {
	var ref struct {
		CSV string `json:"csv"`
	}
	before := d.findings.count()
	d.object(n, reflect.ValueOf(&ref).Elem(), "", d.value)
	if d.findings.count() > before {
		return
	}
	text, fault := d.tables.open(ref.CSV, maxTableBytes)
	if fault != nil {
		d.fail(n.field("csv"), "csv", clip(ref.CSV)+" "+fault.Problem, fault.Remedy)
		return
	}
	d.sectionTables = append(d.sectionTables, sectionTable{section: d.section, file: ref.CSV})
	if fault := d.rows(text, v, len(d.sectionTables)); fault != nil {
		fault.Section = d.section
		d.findings.add(*fault)
		d.index = -1
		d.spoil("")
	}
}

// rows decodes the rows of the table, the number-th of sectionTables. The fault
// is one of the file as such.
func (d *decoder) rows(text []byte, v reflect.Value, number int) *Finding {
	file := d.sectionTables[number-1].file
	r, names, fault := csvHeader(file, text)
	if fault != nil {
		return fault
	}
	item := v.Type().Elem()
	fields, fault := fieldsOf(item, file, names, d.layout(item))
	if fault != nil {
		return fault
	}
	most := min(bytes.Count(text, []byte{'\n'})+1, MaxItems)
	items := reflect.MakeSlice(v.Type(), most, most)
	lines := make([]int32, 0, most)
	next := func() (rowBlock, bool) {
		b := rowBlock{first: len(lines)}
		for fault == nil && len(b.cells) < rowBlockSize*len(names) {
			record, err := r.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			switch {
			case err != nil:
				fault = csvFault(file, err, len(record), len(names))
			case len(lines) == MaxItems:
				line, _ := r.FieldPos(0)
				fault = &Finding{File: file, Line: line, Problem: fmt.Sprintf("has more than %d rows", MaxItems), Remedy: "give fewer items"}
			default:
				line, _ := r.FieldPos(0)
				lines, b.cells = append(lines, int32(line)), append(b.cells, record...)
			}
		}
		b.lines = lines[b.first:]
		return b, len(b.lines) > 0
	}
	decode := func(b rowBlock) *decoder { return d.rowBlock(b, items, fields, number) }
	if readsTables(item) {
		// Files are listed in the order in which they are read.
		for b, more := next(); more; b, more = next() {
			d.join(decode(b))
		}
	} else {
		inorder.Stream(next, decode, d.join)
	}
	if fault != nil {
		return fault
	}
	d.sectionTables[number-1].lines = lines
	if len(lines) > 0 {
		v.Set(items.Slice(0, len(lines)))
	}
	return nil
}

// rowBlockSize is how many rows are decoded at once.
const rowBlockSize = 1024

// rowBlock is rows of a table, the first of them by its position: a line for each,
// and their cells.
type rowBlock struct {
	first int
	lines []int32
	cells []string
}

// rowBlock decodes rows of the table, the number-th of sectionTables, into items. It
// returns the decoder that has the findings.
func (d *decoder) rowBlock(b rowBlock, items reflect.Value, fields []tableField, number int) *decoder {
	own := &decoder{
		source:  &source{file: d.file, sets: d.sets, sectionTables: d.sectionTables, spoiled: map[itemKey]bool{}},
		tables:  d.tables,
		hours:   d.hours,
		section: d.section,
	}
	name := slices.IndexFunc(fields, func(f tableField) bool { return f.name == "name" })
	read, width := newCellReader(), len(b.cells)/len(b.lines)
	for i, line := range b.lines {
		row := tableRow{cells: b.cells[i*width : (i+1)*width], line: line, table: int32(number)}
		own.index, own.item = b.first+i, ""
		if name >= 0 {
			own.item = row.text(fields[name].column)
		}
		own.item = itemLabel(own.item, own.index)
		own.row(&row, fields, read, items.Index(own.index))
	}
	return own
}

// tableRow is a row of a table.
type tableRow struct {
	cells       []string
	line, table int32
}

// text of a column, "" where it is left out or there is none.
func (r *tableRow) text(column int) string {
	if column < 0 {
		return ""
	}
	return strings.TrimSpace(r.cells[column])
}

// row decodes a row into a struct, as object does an object.
func (d *decoder) row(r *tableRow, fields []tableField, read *cellReader, v reflect.Value) {
	var scalar node
	for i := range fields {
		f := &fields[i]
		switch text := r.text(f.column); {
		case text != "":
			cell := read.cell(text, f.kind, &scalar)
			cell.stand(r.line, r.table)
			d.value(cell, v.Field(f.field), f.name)
		case f.required && r.text(f.instead) == "":
			d.missing(&node{line: r.line, table: r.table}, "", &f.layoutField)
		}
	}
}

// join takes over what another decoder found.
func (d *decoder) join(other *decoder) {
	d.findings.join(&other.findings)
	maps.Copy(d.spoiled, other.spoiled)
}

// readsTables says whether a value of the type may name a table.
func readsTables(t reflect.Type) bool {
	switch {
	case t == seriesType || t == roundTripsType:
		return true
	case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice:
		return readsTables(t.Elem())
	case t.Kind() != reflect.Struct || t == timeType:
		return false
	}
	for i := range t.NumField() {
		if readsTables(t.Field(i).Type) {
			return true
		}
	}
	return false
}

// tableField is a field of a table's items that has a column or must be given.
type tableField struct {
	layoutField
	field int // of the type
	kind  reflect.Type
	// column of the field, and of the one that may be given in its place; -1 for none.
	column, instead int
}

// fieldsOf returns the fields of a table with columns of these names, in the order of
// the type; the fault is a name that is no field, or a needed field that is not among
// them.
func fieldsOf(item reflect.Type, file string, names []string, all []layoutField) ([]tableField, *Finding) {
	known := make([]string, len(all))
	for i, f := range all {
		known[i] = f.name
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, &Finding{File: file, Line: 1, Problem: fmt.Sprintf("column %s is not a field of the format", clip(name)), Remedy: didYouMean(name, known)}
		}
	}
	var fields []tableField
	for i, f := range all {
		t := tableField{layoutField: f, field: i, kind: item.Field(i).Type, column: slices.Index(names, f.name), instead: -1}
		if f.unless != "" {
			t.instead = slices.Index(names, f.unless)
		}
		switch {
		case t.column < 0 && !f.required:
			continue
		case t.column < 0 && t.instead < 0:
			return nil, &Finding{File: file, Line: 1, Problem: "has no column " + f.name, Remedy: "add one"}
		}
		fields = append(fields, t)
	}
	return fields, nil
}

// cellReader makes nodes of cells, each by the type of its column's field.
type cellReader struct {
	// parsed remembers the cells that hold YAML, by their text.
	parsed map[string]*node
	// texts remembers texts, which many rows share, as a rule.
	texts map[string]string
}

// mostRemembered texts of each sort.
const mostRemembered = 10_000

func newCellReader() *cellReader {
	return &cellReader{parsed: map[string]*node{}, texts: map[string]string{}}
}

// cell makes a node of a cell's text: text as it stands, a number, true or
// false, and for lists and objects YAML in one line, as in [cpu, gpu]. A scalar
// takes the room.
func (c *cellReader) cell(text string, t reflect.Type, room *node) *node {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	*room = node{kind: textNode, plain: true, text: text}
	switch kind := t.Kind(); {
	case kind == reflect.String || t == timeType:
		room.text = c.own(text)
		return room
	case kind == reflect.Bool && (strings.EqualFold(text, "true") || strings.EqualFold(text, "false")):
		room.kind = boolNode
		return room
	case numberText(text):
		room.kind = numberNode
		return room
	case kind != reflect.Struct && kind != reflect.Slice:
		return room
	}
	known, ok := c.parsed[text]
	if !ok {
		var err error
		if known, err = parseYAML([]byte(text)); err != nil {
			// Text where a list or object should be.
			known = &node{kind: textNode, plain: true, text: strings.Clone(text)}
		}
		if len(c.parsed) < mostRemembered {
			c.parsed[strings.Clone(text)] = known
		}
	}
	return known
}

// own returns the text apart from the row that it came in, which would stay in
// memory with it.
func (c *cellReader) own(text string) string {
	known, ok := c.texts[text]
	if !ok {
		known = strings.Clone(text)
		if len(c.texts) < mostRemembered {
			c.texts[known] = known
		}
	}
	return known
}

// stand says on which line of which table a tree stands.
func (n *node) stand(line, table int32) {
	n.line, n.table = line, table
	for _, item := range n.items {
		item.stand(line, table)
	}
}
