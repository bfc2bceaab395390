package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"reflect"
	"strings"

	"github.com/wattbit/wattbit/internal/inorder"
)

// jsonPieces hands the JSON of a struct to write piece by piece: together they are
// what json.Marshal returns. A field is a piece, and of a field that is a list of
// structs every few items: of a million jobs the text as a whole would fill hundreds of
// megabytes. No piece ends within a value that is not such a list or the struct
// itself. v must be addressable.
func jsonPieces(v reflect.Value, write func(piece []byte) error) error {
	e := &pieceEncoder{write: write, jsonText: newJSONText()}
	e.piece.WriteByte('{')
	first := true
	for i := range v.NumField() {
		f := v.Field(i)
		name, options, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if options == "omitempty" && f.Kind() != reflect.Struct && emptyJSON(f) || options == "omitzero" && f.IsZero() {
			continue
		}
		if !first {
			e.piece.WriteByte(',')
		}
		first = false
		e.piece.WriteString(`"` + name + `":`)
		if err := e.field(f); err != nil {
			return err
		}
	}
	e.piece.WriteByte('}')
	return e.flush()
}

// emptyJSON says whether encoding/json leaves the value out under omitempty.
func emptyJSON(v reflect.Value) bool {
	if v.Kind() == reflect.Slice {
		return v.Len() == 0
	}
	return v.IsZero()
}

// jsonText is a text to which values are added.
type jsonText struct {
	piece bytes.Buffer
	json  *json.Encoder
}

func newJSONText() *jsonText {
	t := new(jsonText)
	t.json = json.NewEncoder(&t.piece)
	return t
}

func (t *jsonText) add(v reflect.Value) error {
	if err := t.json.Encode(v.Addr().Interface()); err != nil {
		return err
	}
	t.piece.Truncate(t.piece.Len() - 1) // the line break that an Encoder adds
	return nil
}

// items are some of a list, with commas before all but the list's first.
func (t *jsonText) items(list reflect.Value, from, to int) error {
	for i := from; i < to; i++ {
		if i > 0 {
			t.piece.WriteByte(',')
		}
		if err := t.add(list.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// pieceEncoder writes pieces; its text is what is not written yet.
type pieceEncoder struct {
	*jsonText
	write func([]byte) error
}

func (e *pieceEncoder) field(f reflect.Value) error {
	if f.Kind() != reflect.Slice || f.Type().Elem().Kind() != reflect.Struct || f.Len() == 0 {
		if err := e.add(f); err != nil {
			return err
		}
		return e.flush()
	}
	e.piece.WriteByte('[')
	if err := e.list(f); err != nil {
		return err
	}
	e.piece.WriteByte(']')
	return nil
}

// itemsAtOnce are encoded as one piece.
const itemsAtOnce = 128

// list adds the items of a list, encoded on all processors where there are many.
func (e *pieceEncoder) list(f reflect.Value) error {
	if f.Len() <= itemsAtOnce {
		if err := e.items(f, 0, f.Len()); err != nil {
			return err
		}
		return e.flush()
	}
	type block struct {
		text *jsonText
		err  error
	}
	var failed error
	inorder.Blocks(f.Len(), itemsAtOnce, func(from, to int) block {
		t := newJSONText()
		return block{t, t.items(f, from, to)}
	}, func(_, _ int, b block) {
		if failed = cmp.Or(failed, b.err); failed == nil {
			e.piece.Write(b.text.piece.Bytes())
			failed = e.flush()
		}
	})
	return failed
}

func (e *pieceEncoder) flush() error {
	err := e.write(e.piece.Bytes())
	e.piece.Reset()
	return err
}
