package model

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
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
	fault := func(line int, problem, remedy string) *Finding {
		return &Finding{File: file, Line: line, Problem: problem, Remedy: remedy}
	}
	r, header, headerFault := csvHeader(file, text)
	if headerFault != nil {
		return headerFault
	}
	cells, headerFault := cellsOf(v.Type().Elem(), file, header, d.layout(v.Type().Elem()))
	if headerFault != nil {
		return headerFault
	}
	most := min(bytes.Count(text, []byte{'\n'})+1, MaxItems)
	out := reflect.New(v.Type()).Elem()
	out.Set(reflect.MakeSlice(v.Type(), 0, most))
	lines := make([]int32, 0, most)
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return csvFault(file, err, len(record), len(header))
		}
		line, _ := r.FieldPos(0)
		if len(lines) == MaxItems {
			return fault(line, fmt.Sprintf("has more than %d rows", MaxItems), "give fewer items")
		}
		d.index, d.item = len(lines), fmt.Sprintf("[%d]", len(lines))
		lines = append(lines, int32(line))
		row := cells.row(record, int32(line), int32(number))
		if name := row.itemName(); name != "" {
			d.item = name
		}
		out.SetLen(out.Len() + 1)
		d.value(row, out.Index(out.Len()-1), "")
	}
	d.sectionTables[number-1].lines = lines
	if len(lines) > 0 {
		v.Set(out)
	}
	return nil
}

// cellReader makes nodes of cells, each by the type of its column's field.
type cellReader struct {
	header []nodeKey
	types  []reflect.Type
	// parsed remembers the cells that hold YAML, by their text.
	parsed map[string]*node
}

// cellsOf prepares to read rows with the header; the fault is a name in it that
// is no field, or a needed field that it lacks.
func cellsOf(item reflect.Type, file string, header []string, fields []layoutField) (*cellReader, *Finding) {
	c := &cellReader{parsed: map[string]*node{}}
	known := make([]string, len(fields))
	missing := make(map[string]bool)
	at := make(map[string]int, len(fields))
	for i, f := range fields {
		known[i] = f.name
		at[f.name] = i
		if f.required {
			missing[f.name] = true
		}
	}
	for _, f := range fields {
		if f.unless != "" && slices.Contains(header, f.unless) {
			delete(missing, f.name)
		}
	}
	for _, name := range header {
		i, ok := at[name]
		if !ok {
			return nil, &Finding{File: file, Line: 1, Problem: fmt.Sprintf("column %s is not a field of the format", clip(name)), Remedy: didYouMean(name, known)}
		}
		delete(missing, name)
		c.header = append(c.header, nodeKey{name: name, line: 1})
		c.types = append(c.types, item.Field(i).Type)
	}
	for _, name := range known {
		if missing[name] {
			return nil, &Finding{File: file, Line: 1, Problem: "has no column " + name, Remedy: "add one"}
		}
	}
	return c, nil
}

// row makes an object of a record.
func (c *cellReader) row(record []string, line, table int32) *node {
	n := &node{kind: objectNode, line: line, table: table,
		keys: make([]nodeKey, 0, len(record)), items: make([]*node, 0, len(record))}
	for i, text := range record {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		cell := c.cell(text, c.types[i])
		cell.stand(line, table)
		n.keys = append(n.keys, c.header[i])
		n.items = append(n.items, cell)
	}
	return n
}

// cell makes a node of a cell's text: text as it stands, a number, true or
// false, and for lists and objects YAML in one line, as in [cpu, gpu].
func (c *cellReader) cell(text string, t reflect.Type) *node {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	scalar := &node{kind: textNode, plain: true, text: strings.Clone(text)}
	switch kind := t.Kind(); {
	case kind == reflect.String || t == timeType:
		return scalar
	case kind == reflect.Bool && (strings.EqualFold(text, "true") || strings.EqualFold(text, "false")):
		scalar.kind = boolNode
		return scalar
	case numberText(text):
		scalar.kind = numberNode
		return scalar
	case kind != reflect.Struct && kind != reflect.Slice:
		return scalar
	}
	known, ok := c.parsed[text]
	if !ok {
		var err error
		if known, err = parseYAML([]byte(text)); err != nil {
			known = scalar // text where a list or object should be
		}
		const most = 10_000
		if len(c.parsed) < most {
			c.parsed[scalar.text] = known
		}
	}
	return known.copy()
}

// copy returns a tree of its own.
func (n *node) copy() *node {
	out := *n
	out.items = make([]*node, len(n.items))
	for i, item := range n.items {
		out.items[i] = item.copy()
	}
	return &out
}

// stand says on which line of which table a tree stands.
func (n *node) stand(line, table int32) {
	n.line, n.table = line, table
	for _, item := range n.items {
		item.stand(line, table)
	}
}
