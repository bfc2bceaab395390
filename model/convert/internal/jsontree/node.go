package jsontree

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/wattbit/wattbit/model"
)

// Document collects the findings of one file.
type Document struct {
	file     string
	findings model.Findings
	more     int
}

// Err returns the findings as an error, nil without any.
func (d *Document) Err() error {
	switch {
	case len(d.findings) == 0:
		return nil
	case d.more > 0:
		return append(slices.Clip(d.findings), model.Finding{Problem: fmt.Sprintf("%d more findings are not shown", d.more)})
	}
	return d.findings
}

// Add takes up findings from elsewhere, such as the case's own check.
func (d *Document) Add(all model.Findings) {
	for _, f := range all {
		f.File = d.file
		d.add(f)
	}
}

func (d *Document) add(f model.Finding) {
	if len(d.findings) < model.MaxFindings {
		d.findings = append(d.findings, f)
	} else {
		d.more++
	}
}

// Node is a value of the file and where it stands. A node without a value stands
// for one that is missing or wrong and was reported: what is asked of it is
// zero, and reports nothing more.
type Node struct {
	doc                  *Document
	v                    *value
	section, item, field string
}

// Document returns the file's collection of findings.
func (n Node) Document() *Document { return n.doc }

// Given says whether there is a value other than null.
func (n Node) Given() bool { return n.v != nil && n.v.kind != nullKind }

// Fail reports what is wrong here.
func (n Node) Fail(problem, remedy string) {
	f := model.Finding{File: n.doc.file, Section: n.section, Item: n.item, Field: n.field, Problem: problem, Remedy: remedy}
	if n.v != nil {
		f.Line = int(n.v.line)
	}
	n.doc.add(f)
}

// below returns the node of a field: the path grows from section to item to
// field.
func (n Node) below(name string, v *value) Node {
	out := Node{doc: n.doc, v: v, section: n.section, item: n.item, field: n.field}
	switch {
	case n.section == "":
		out.section = name
	case n.item == "" && n.field == "":
		out.item = name
	case n.field == "":
		out.field = name
	default:
		out.field = n.field + "." + name
	}
	return out
}

func (n Node) is(k kind) bool {
	if n.v == nil {
		return false
	}
	if n.v.kind != k {
		n.Fail(fmt.Sprintf("is %s", n.v.kind), "give "+k.String())
		return false
	}
	return true
}

// Only reports fields of an object that are not known, or given twice, and says
// whether it is an object.
func (n Node) Only(known ...string) bool {
	if !n.is(objectKind) {
		return false
	}
	if len(n.v.keys) > maxFields {
		n.Fail(fmt.Sprintf("has %d fields", len(n.v.keys)), fmt.Sprintf("the format has %d", len(known)))
		return false
	}
	for i, name := range n.v.keys {
		at := n.below(name, &n.v.items[i])
		switch {
		case slices.Contains(n.v.keys[:i], name):
			at.Fail("is given twice", "keep one")
		case !slices.Contains(known, name):
			at.Fail("is not a field of the format", meant(name, known))
		}
	}
	return true
}

// maxFields of an object whose fields the format names.
const maxFields = 500

// meant proposes a known field that differs in case, blanks or marks only.
func meant(name string, known []string) string {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'Z' {
				return r + 'a' - 'A'
			}
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, s)
	}
	for _, k := range known {
		if plain(k) == plain(name) {
			return fmt.Sprintf("did you mean %s?", k)
		}
	}
	return ""
}

// Field returns a field that may be left out; null counts as left out.
func (n Node) Field(name string) Node {
	out := n.below(name, nil)
	if n.v == nil || n.v.kind != objectKind {
		return out
	}
	if i := slices.Index(n.v.keys, name); i >= 0 && n.v.items[i].kind != nullKind {
		out.v = &n.v.items[i]
	}
	return out
}

// Need returns a field that must be there.
func (n Node) Need(name string) Node {
	out := n.Field(name)
	if out.v == nil && n.v != nil && n.v.kind == objectKind {
		at := out
		at.v = n.v // its line
		at.Fail("is missing", "give it")
	}
	return out
}

// Items returns the fields of an object whose names are data, in the order of
// the names, and their names.
func (n Node) Items(most int) (items []Node, names []string) {
	if !n.is(objectKind) {
		return nil, nil
	}
	if len(n.v.keys) > most {
		n.Fail(fmt.Sprintf("has %d items", len(n.v.keys)), fmt.Sprintf("give at most %d", most))
		return nil, nil
	}
	order := make([]int, len(n.v.keys))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return strings.Compare(n.v.keys[a], n.v.keys[b]) })
	for at, i := range order {
		item := n.below(n.v.keys[i], &n.v.items[i])
		if at > 0 && n.v.keys[order[at-1]] == n.v.keys[i] {
			item.Fail("is given twice", "keep one")
			continue
		}
		items, names = append(items, item), append(names, n.v.keys[i])
	}
	return items, names
}

// List returns the items of a list.
func (n Node) List() []Node {
	if !n.is(listKind) {
		return nil
	}
	out := make([]Node, len(n.v.items))
	for i := range out {
		out[i] = n
		out[i].v = &n.v.items[i]
		at := "[" + strconv.Itoa(i) + "]"
		switch {
		case n.field != "":
			out[i].field += at
		case n.item != "":
			out[i].field = at
		default:
			out[i].item = at
		}
	}
	return out
}

// Entries returns the items of a list that may be left out.
func (n Node) Entries() []Node {
	if !n.Given() {
		return nil
	}
	return n.List()
}

// IsNumber says whether the value is a number.
func (n Node) IsNumber() bool { return n.v != nil && n.v.kind == numberKind }

// IsList says whether the value is a list.
func (n Node) IsList() bool { return n.v != nil && n.v.kind == listKind }

// IsText says whether the value is text.
func (n Node) IsText() bool { return n.v != nil && n.v.kind == textKind }

// Number returns a finite number.
func (n Node) Number() float64 {
	if !n.is(numberKind) {
		return 0
	}
	if math.IsInf(n.v.number, 0) || math.Abs(n.v.number) > maxNumber {
		n.Fail("is too large a number", "check the unit")
		return 0
	}
	return n.v.number
}

// maxNumber is the size up to which the model takes a number.
const maxNumber = 1e12

// AtLeast returns a number that is not below the least.
func (n Node) AtLeast(least float64) float64 {
	x := n.Number()
	if n.v != nil && n.v.kind == numberKind && x < least {
		n.Fail(fmt.Sprintf("%g is below %g", x, least), fmt.Sprintf("give at least %g", least))
		return least
	}
	return x
}

// Whole returns a whole number from least to most.
func (n Node) Whole(least, most int) int {
	if !n.is(numberKind) {
		return least
	}
	x := n.v.number
	if x != math.Trunc(x) || x < float64(least) || x > float64(most) {
		n.Fail(fmt.Sprintf("%g is not a whole number from %d to %d", x, least, most), "")
		return least
	}
	return int(x)
}

// Truth returns true or false.
func (n Node) Truth() bool { return n.is(boolKind) && n.v.truth }

// Text returns a text.
func (n Node) Text() string {
	if !n.is(textKind) {
		return ""
	}
	return n.v.text
}

// Numbers returns a list of exactly so many numbers, none below the least; nil
// when it is not that.
func (n Node) Numbers(count int, least float64) []float64 {
	items := n.List()
	if items == nil {
		if n.IsList() {
			n.Fail("has no items", fmt.Sprintf("give %d", count))
		}
		return nil
	}
	if len(items) != count {
		n.Fail(fmt.Sprintf("has %d items for %d periods", len(items), count), "give one a period")
		return nil
	}
	out := make([]float64, count)
	for i := range items {
		out[i] = items[i].AtLeast(least)
	}
	return out
}

// Series returns one number, or one a period, as a series.
func (n Node) Series(count int, least float64) model.Series {
	if n.IsList() {
		return n.Numbers(count, least)
	}
	if n.v == nil {
		return nil
	}
	return model.Constant(n.AtLeast(least))
}
