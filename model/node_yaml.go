package model

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// syntaxError is a fault in a file's syntax.
type syntaxError struct {
	line            int
	problem, remedy string
}

func (e *syntaxError) Error() string { return e.problem }

// parseYAML reads one YAML document into a tree. Of YAML it takes what a case
// needs: objects with text keys, lists, scalars. Anchors, aliases, merge keys
// and tags are refused.
func parseYAML(text []byte) (*node, error) {
	// The parser builds its whole tree before anything can be counted, so the
	// count comes first, from the characters that begin a value: at least one
	// for each value and each key.
	begins := 1
	for _, b := range text {
		switch b {
		case ',', '\n', '\r', '[', '{', ':', '-', '?':
			begins++
		}
	}
	if begins > maxNodes {
		return nil, &syntaxError{problem: fmt.Sprintf("may hold more than %d values", maxNodes),
			remedy: "put long series into CSV tables"}
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc yaml.Node
	if err := d.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, &syntaxError{problem: "is empty", remedy: "begin with format: " + CaseFormat}
		}
		return nil, yamlError(err)
	}
	var second yaml.Node
	switch err := d.Decode(&second); {
	case err == nil:
		return nil, &syntaxError{line: second.Line, problem: "a second document begins here", remedy: "write one case a file"}
	case !errors.Is(err, io.EOF):
		return nil, yamlError(err)
	}
	b := yamlBuilder{}
	return b.build(doc.Content[0], 0)
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(?:yaml: )?`)

// yamlError takes the line out of the parser's message.
func yamlError(err error) error {
	text := err.Error()
	m := yamlLine.FindStringSubmatch(text)
	line, _ := strconv.Atoi(m[1])
	return &syntaxError{line: line, problem: "is not YAML: " + strings.TrimPrefix(text, m[0])}
}

type yamlBuilder struct{ nodes int }

func (b *yamlBuilder) build(y *yaml.Node, depth int) (*node, error) {
	b.nodes++
	fault := func(problem, remedy string) (*node, error) {
		return nil, &syntaxError{y.Line, problem, remedy}
	}
	switch {
	case b.nodes > maxNodes:
		return fault(fmt.Sprintf("holds more than %d values", maxNodes), "put long series into CSV tables")
	case depth > maxDepth:
		return fault(fmt.Sprintf("is nested more than %d deep", maxDepth), "")
	case y.Kind == yaml.AliasNode:
		return fault(fmt.Sprintf("alias *%s is not taken in a case", y.Value), "write the value out")
	case y.Anchor != "":
		return fault(fmt.Sprintf("anchor &%s is not taken in a case", y.Anchor), "remove it")
	case y.Style&yaml.TaggedStyle != 0:
		return fault(fmt.Sprintf("tag %s is not taken in a case", y.Tag), "remove it")
	}
	n := &node{line: int32(y.Line)}
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = objectNode
		for i := 0; i+1 < len(y.Content); i += 2 {
			key := y.Content[i]
			if key.Kind == yaml.ScalarNode && key.Tag == "!!merge" {
				return nil, &syntaxError{key.Line, "merge key << is not taken in a case", "write the fields out"}
			}
			k, err := b.build(key, depth+1)
			if err != nil {
				return nil, err
			}
			if k.kind == listNode || k.kind == objectNode {
				return nil, &syntaxError{key.Line, "a field's name is " + k.kind.String(), "write text"}
			}
			item, err := b.build(y.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			n.keys = append(n.keys, nodeKey{key.Value, int32(key.Line)})
			n.items = append(n.items, item)
		}
	case yaml.SequenceNode:
		n.kind = listNode
		n.items = make([]*node, 0, len(y.Content))
		for _, content := range y.Content {
			item, err := b.build(content, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
	case yaml.ScalarNode:
		n.text = y.Value
		n.plain = y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
		n.kind = textNode
		if n.plain {
			n.kind = plainKind(y)
		}
	default:
		return fault("holds something that a case cannot", "")
	}
	return n, nil
}

// plainKind tells what a scalar without quotes is. Numbers are JSON's: YAML's
// octal, hexadecimal, sexagesimal and infinite ones are left as text, which no
// number field takes.
func plainKind(y *yaml.Node) nodeKind {
	switch y.Tag {
	case "!!null":
		return nullNode
	case "!!bool":
		return boolNode
	}
	if numberText(y.Value) {
		return numberNode
	}
	return textNode
}
