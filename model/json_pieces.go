package model

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
)

// jsonPieces hands the JSON of a struct to write piece by piece: together they are
// what json.Marshal returns. A field is a piece, and of a field that is a list of
// structs every item: of a million jobs the text as a whole would fill hundreds of
// megabytes. No piece ends within a value that is not such a list or the struct
// itself. v must be addressable.
func jsonPieces(v reflect.Value, write func(piece []byte) error) error {
	e := &pieceEncoder{write: write}
	e.json = json.NewEncoder(&e.piece)
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

// pieceEncoder writes pieces; piece holds what is not written yet.
type pieceEncoder struct {
	write func([]byte) error
	piece bytes.Buffer
	json  *json.Encoder
}

func (e *pieceEncoder) field(f reflect.Value) error {
	if f.Kind() != reflect.Slice || f.Type().Elem().Kind() != reflect.Struct || f.Len() == 0 {
		return e.value(f)
	}
	e.piece.WriteByte('[')
	for i := range f.Len() {
		if i > 0 {
			e.piece.WriteByte(',')
		}
		if err := e.value(f.Index(i)); err != nil {
			return err
		}
	}
	e.piece.WriteByte(']')
	return nil
}

// value adds a value and writes the piece that it ends.
func (e *pieceEncoder) value(v reflect.Value) error {
	if err := e.json.Encode(v.Addr().Interface()); err != nil {
		return err
	}
	e.piece.Truncate(e.piece.Len() - 1) // the line break that an Encoder adds
	return e.flush()
}

func (e *pieceEncoder) flush() error {
	err := e.write(e.piece.Bytes())
	e.piece.Reset()
	return err
}
