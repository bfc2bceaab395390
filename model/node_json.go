package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// parseJSON reads one JSON value into a tree.
func parseJSON(text []byte) (*node, error) {
	b := &jsonBuilder{text: text, line: 1, d: json.NewDecoder(bytes.NewReader(text))}
	b.d.UseNumber()
	n, err := b.next(0)
	if err != nil {
		return nil, b.fault(err)
	}
	if _, err := b.d.Token(); !errors.Is(err, io.EOF) {
		return nil, &syntaxError{b.at(), "more text follows the case", "write one case a file"}
	}
	return n, nil
}

type jsonBuilder struct {
	d     *json.Decoder
	text  []byte
	nodes int
	// line of the byte at offset.
	line   int
	offset int
}

// at returns the line that the decoder has come to.
func (b *jsonBuilder) at() int {
	end := min(int(b.d.InputOffset()), len(b.text))
	b.line += bytes.Count(b.text[b.offset:end], []byte{'\n'})
	b.offset = end
	return b.line
}

func (b *jsonBuilder) fault(err error) error {
	var already *syntaxError
	if errors.As(err, &already) {
		return err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &syntaxError{b.at(), "the text ends before the case does", ""}
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := 1 + bytes.Count(b.text[:min(int(syntax.Offset), len(b.text))], []byte{'\n'})
		return &syntaxError{line, "is not JSON: " + syntax.Error(), ""}
	}
	return &syntaxError{b.at(), "is not JSON: " + err.Error(), ""}
}

func (b *jsonBuilder) next(depth int) (*node, error) {
	token, err := b.d.Token()
	if err != nil {
		return nil, err
	}
	b.nodes++
	switch {
	case b.nodes > maxNodes:
		return nil, &syntaxError{b.at(), fmt.Sprintf("holds more than %d values", maxNodes), "put long series into CSV tables"}
	case depth > maxDepth:
		return nil, &syntaxError{b.at(), fmt.Sprintf("is nested more than %d deep", maxDepth), ""}
	}
	n := &node{line: int32(b.at())}
	switch v := token.(type) {
	case nil:
		n.kind, n.text, n.plain = nullNode, "null", true
	case bool:
		n.kind, n.text, n.plain = boolNode, fmt.Sprint(v), true
	case json.Number:
		n.kind, n.text, n.plain = numberNode, v.String(), true
	case string:
		n.kind, n.text = textNode, v
	case json.Delim:
		n.kind = listNode
		if v == '{' {
			n.kind = objectNode
		}
		for b.d.More() {
			if n.kind == objectNode {
				key, err := b.d.Token()
				if err != nil {
					return nil, err
				}
				name, _ := key.(string) // the decoder lets nothing else pass
				n.keys = append(n.keys, nodeKey{name, int32(b.at())})
			}
			item, err := b.next(depth + 1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
		if _, err := b.d.Token(); err != nil {
			return nil, err
		}
	}
	return n, nil
}
