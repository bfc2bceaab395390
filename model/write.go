package model

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/wattbit/wattbit/internal/atomicfile"
)

// WriteCase writes the case as YAML: sections and fields in the order of the
// types, a series a line, absent fields left out. Reading it gives the same case
// back. Tables that the case was read from are written as plain series. It does
// not validate, but NaN and infinity are errors.
func WriteCase(w io.Writer, c *Case) error {
	if c.Fingerprint() == "" {
		return errUnwritable
	}
	out := bufio.NewWriter(w)
	y := yamlWriter{out}
	y.fields(reflect.ValueOf(c).Elem(), 0, false)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write case: %w", err)
	}
	return nil
}

var errUnwritable = errors.New("write case: it holds NaN, infinity or a time out of range")

// WriteCaseFile writes the case to a file that appears whole or not at all.
func WriteCaseFile(path string, c *Case) error {
	return atomicfile.Write(path, func(w io.Writer) error { return WriteCase(w, c) })
}

// yamlWriter writes values of the types that a case holds. Errors are kept by
// the buffer below it.
type yamlWriter struct{ *bufio.Writer }

func (y yamlWriter) text(parts ...string) {
	for _, p := range parts {
		_, _ = y.WriteString(p)
	}
}

// fields writes a struct as a block, indented; the first line stands behind a
// list's dash when dashed.
func (y yamlWriter) fields(v reflect.Value, indent int, dashed bool) {
	for _, f := range present(v) {
		if !dashed {
			if indent == 0 && f.block() {
				y.text("\n")
			}
			y.text(strings.Repeat("  ", indent))
		}
		dashed = false
		y.text(f.name, ":")
		y.value(f.value, indent)
	}
}

// value writes what follows a field's colon, to the line's end.
func (y yamlWriter) value(v reflect.Value, indent int) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case inline(v):
		y.text(" ")
		y.flow(v)
		y.text("\n")
	case v.Kind() == reflect.Struct:
		y.text("\n")
		y.fields(v, indent+1, false)
	default:
		y.text("\n")
		for i := range v.Len() {
			item := v.Index(i)
			y.text(strings.Repeat("  ", indent+1), "- ")
			if indent > 0 && inline(item) || len(present(item)) == 0 {
				y.flow(item)
				y.text("\n")
				continue
			}
			y.fields(item, indent+2, true)
		}
	}
}

// flow writes a value within a line.
func (y yamlWriter) flow(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		y.flow(v.Elem())
	case reflect.String:
		y.text(yamlText(v.String()))
	case reflect.Bool:
		y.text(strconv.FormatBool(v.Bool()))
	case reflect.Int:
		y.text(strconv.FormatInt(v.Int(), 10))
	case reflect.Float64:
		y.text(yamlNumber(v.Float()))
	case reflect.Slice:
		if s, ok := v.Interface().(Series); ok && len(s) == 1 {
			y.text(yamlNumber(s[0]))
			return
		}
		y.text("[")
		for i := range v.Len() {
			if i > 0 {
				y.text(", ")
			}
			y.flow(v.Index(i))
		}
		y.text("]")
	case reflect.Struct:
		if at, ok := v.Interface().(time.Time); ok {
			y.text(at.Format(time.RFC3339Nano))
			return
		}
		y.text("{")
		for i, f := range present(v) {
			if i > 0 {
				y.text(", ")
			}
			y.text(f.name, ": ")
			y.flow(f.value)
		}
		y.text("}")
	}
}

type presentField struct {
	name  string
	value reflect.Value
}

// block says whether a field of the case stands apart from the others.
func (f presentField) block() bool { return !inline(f.value) }

// present returns the fields of a struct that are written: those that must be
// given and in whose place no other is, and the others where they are not zero.
func present(v reflect.Value) []presentField {
	if v.Kind() != reflect.Struct {
		return nil
	}
	var out []presentField
	for i := range v.NumField() {
		name, required := tag(v.Type().Field(i))
		item := v.Field(i)
		if item.Type() == seriesType {
			required = false // a series that is not there cannot be written
		}
		if other := instead(v, i); other.IsValid() && !other.IsZero() {
			required = false
		}
		if empty := item.IsZero() || item.Kind() == reflect.Slice && item.Len() == 0; !empty || required {
			out = append(out, presentField{name, item})
		}
	}
	return out
}

// instead returns the field that may be given in place of field i, if any.
func instead(v reflect.Value, i int) reflect.Value {
	name := v.Type().Field(i).Tag.Get("unless")
	for j := 0; j < v.NumField() && name != ""; j++ {
		if other, _ := tag(v.Type().Field(j)); other == name {
			return v.Field(j)
		}
	}
	return reflect.Value{}
}

// inline says whether a value is written within a line: a scalar, a list of
// scalars, an object of scalars.
func inline(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil() || inline(v.Elem())
	case reflect.Struct:
		if v.Type() == timeType {
			return true
		}
		return !slices.ContainsFunc(present(v), func(f presentField) bool {
			k := f.value.Kind()
			return k == reflect.Struct || k == reflect.Slice || k == reflect.Pointer && f.value.Elem().Kind() == reflect.Struct
		})
	case reflect.Slice:
		return v.Len() == 0 || v.Type().Elem().Kind() != reflect.Struct
	}
	return true
}

func yamlNumber(v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if len(text) > 21 {
		text = strconv.FormatFloat(v, 'e', -1, 64)
	}
	return text
}

// yamlText writes text plain where that is safe, else in double quotes.
func yamlText(s string) string {
	safe := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" _-./+()%", r)
	}
	plain := s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !safe(r) }) &&
		strings.TrimSpace(s) == s && !strings.ContainsAny(s[:1], "-./+()% 0123456789")
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n":
		plain = false
	}
	if plain {
		return s
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // text always encodes
	return strings.TrimSuffix(b.String(), "\n")
}
