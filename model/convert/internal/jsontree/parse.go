package jsontree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/wattbit/wattbit/model"
)

type kind uint8

const (
	nullKind kind = iota
	boolKind
	numberKind
	textKind
	listKind
	objectKind
)

func (k kind) String() string {
	return [...]string{"null", "true or false", "a number", "text", "a list", "an object"}[k]
}

// value is a JSON value. A number too large for a float is infinite.
type value struct {
	kind   kind
	truth  bool
	line   int32
	number float64
	text   string
	keys   []string
	items  []value
}

// Parse reads one JSON object and nothing after it. The error is Findings.
func Parse(file string, text []byte) (Node, error) {
	p := parser{text: text, line: 1, d: json.NewDecoder(bytes.NewReader(text))}
	p.d.UseNumber()
	root, err := p.next(0)
	if err == nil {
		if _, more := p.d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more text follows the object")
		}
	}
	if err == nil && root.kind != objectKind {
		err = fmt.Errorf("holds %s, not an object", root.kind)
	}
	if err != nil {
		return Node{}, model.Findings{{File: file, Line: p.at(), Problem: p.problem(err)}}
	}
	return Node{doc: &Document{file: file}, v: &root}, nil
}

type parser struct {
	d      *json.Decoder
	text   []byte
	values int
	// line of the byte at offset.
	line, offset int
}

// at returns the line that the decoder has come to.
func (p *parser) at() int {
	end := min(int(p.d.InputOffset()), len(p.text))
	p.line += bytes.Count(p.text[p.offset:end], []byte{'\n'})
	p.offset = end
	return p.line
}

func (p *parser) problem(err error) string {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the text ends before the object does"
	case errors.As(err, &syntax):
		return "is not JSON: " + syntax.Error()
	}
	return err.Error()
}

func (p *parser) next(depth int) (value, error) {
	token, err := p.d.Token()
	if err != nil {
		return value{}, err
	}
	p.values++
	switch {
	case p.values > maxValues:
		return value{}, fmt.Errorf("holds more than %d values", maxValues)
	case depth > maxDepth:
		return value{}, fmt.Errorf("is nested more than %d deep", maxDepth)
	}
	v := value{line: int32(p.at())}
	switch t := token.(type) {
	case bool:
		v.kind, v.truth = boolKind, t
	case json.Number:
		v.kind = numberKind
		number, tooLarge := t.Float64()
		if tooLarge != nil {
			number = math.Inf(1)
		}
		v.number = number
	case string:
		v.kind, v.text = textKind, t
	case json.Delim:
		v.kind = listKind
		if t == '{' {
			v.kind = objectKind
		}
		err = p.inside(&v, depth)
	}
	return v, err
}

// inside reads the items of a list or object up to its end.
func (p *parser) inside(v *value, depth int) error {
	for p.d.More() {
		if v.kind == objectKind {
			key, err := p.d.Token()
			if err != nil {
				return err
			}
			name, _ := key.(string) // the decoder lets nothing else pass
			v.keys = append(v.keys, name)
		}
		item, err := p.next(depth + 1)
		if err != nil {
			return err
		}
		v.items = append(v.items, item)
	}
	_, err := p.d.Token()
	return err
}
