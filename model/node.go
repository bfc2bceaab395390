package model

import (
	"strings"
)

// node is a value in a case file, whatever it was written in. Decoding works on
// a tree of these, so that YAML and JSON are one, values can be set before
// decoding, and every finding knows its line.
type node struct {
	kind nodeKind
	// plain marks a scalar written without quotes.
	plain bool
	// line in the file, from 1; or, when set is not 0, the value was given by
	// that entry of ReadOptions.Set, counted from 1; or, when table is not 0,
	// the line is in that table of source.sectionTables, counted from 1.
	line, set, table int32
	// text of a scalar; a number is kept as written.
	text string
	// keys of an object, one for each of the items; items of an object or list.
	keys  []nodeKey
	items []*node
}

type nodeKey struct {
	name string
	line int32
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	boolNode
	numberNode
	textNode
	listNode
	objectNode
)

func (k nodeKind) String() string {
	return [...]string{"null", "true or false", "a number", "text", "a list", "an object"}[k]
}

// Limits of a case file. A YAML parser needs some hundred bytes a value; these
// keep reading within some hundred megabytes whatever a file holds.
const (
	maxCaseBytes = 64 << 20
	maxNodes     = 2_000_000
	maxDepth     = 40
)

// field returns an object's item of that name, nil without one.
func (n *node) field(name string) *node {
	if n == nil || n.kind != objectNode {
		return nil
	}
	for i := range n.keys {
		if n.keys[i].name == name {
			return n.items[i]
		}
	}
	return nil
}

// item returns a list's item, nil beyond its end.
func (n *node) item(i int) *node {
	if n == nil || n.kind != listNode || i < 0 || i >= len(n.items) {
		return nil
	}
	return n.items[i]
}

// itemName returns the name of an object in a list, "" without one.
func (n *node) itemName() string {
	if name := n.field("name"); name != nil && name.kind == textNode {
		return name.text
	}
	return ""
}

// at follows a path such as deep.cost[1].power_mw as far as it goes.
func (n *node) at(path string) *node {
	for path != "" {
		var step *node
		var rest string
		if path[0] == '[' {
			end := strings.IndexByte(path, ']')
			if end < 0 {
				return n
			}
			i := 0
			for _, digit := range path[1:end] {
				i = min(10*i+int(digit-'0'), 1<<30)
			}
			step, rest = n.item(i), path[end+1:]
		} else {
			end := strings.IndexAny(path, ".[")
			if end < 0 {
				end = len(path)
			}
			step, rest = n.field(path[:end]), path[end:]
		}
		if step == nil {
			return n
		}
		n, path = step, strings.TrimPrefix(rest, ".")
	}
	return n
}

// numberText says whether the text is a decimal number as JSON writes them,
// with a leading plus or point and a trailing point allowed.
func numberText(s string) bool {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		s = s[1:]
	}
	whole := digits(s)
	rest := s[whole:]
	fraction := 0
	if strings.HasPrefix(rest, ".") {
		fraction = digits(rest[1:])
		rest = rest[1+fraction:]
	}
	if whole+fraction == 0 || whole > 1 && s[0] == '0' {
		return false
	}
	if rest == "" {
		return true
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return false
	}
	rest = rest[1:]
	if rest != "" && (rest[0] == '+' || rest[0] == '-') {
		rest = rest[1:]
	}
	return rest != "" && digits(rest) == len(rest)
}

// digits returns how many digits the text begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}
