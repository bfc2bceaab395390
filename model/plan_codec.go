package model

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"slices"

	"github.com/wattbit/wattbit/internal/atomicfile"
)

// MaxPlanBytes is the largest plan that DecodePlan reads.
const MaxPlanBytes = 512 << 20

// EncodePlan writes the plan as JSON: one series a line, and the same bytes for
// the same plan. It refuses a plan whose series have wrong lengths, or that
// holds NaN or infinity.
func EncodePlan(w io.Writer, p *Plan) error {
	if err := p.CheckShape(); err != nil {
		return fmt.Errorf("encode plan: %w", err)
	}
	l := planLayout{out: bufio.NewWriterSize(w, 1<<16)}
	err := jsonPieces(reflect.ValueOf(p).Elem(), l.write)
	if err == nil {
		err = l.end()
	}
	if err != nil {
		return fmt.Errorf("encode plan: %w", err)
	}
	return nil
}

// DecodePlan reads a plan. Unknown fields, text after the plan, more than
// MaxPlanBytes and series of the wrong length are errors.
func DecodePlan(r io.Reader) (*Plan, error) { return decodePlan(r, MaxPlanBytes, 0, nil) }

// Reread returns the plan as it reads back from its own encoding. Encoding and
// reading go on at once, so the text is nowhere as a whole. Names and series of jobs
// that come out equal are in common with p.
func (p *Plan) Reread() (*Plan, error) {
	r, w := io.Pipe()
	defer r.Close() // a reader that stops early ends the writer too
	go func() { _ = w.CloseWithError(EncodePlan(w, p)) }()
	return decodePlan(r, MaxPlanBytes, 0, p)
}

// share lets the n-th of a plan's jobs or costs have names and series in common with that of
// another plan, where they are equal: of a million jobs they take much room.
func share(item any, n int, like *Plan) {
	switch item := item.(type) {
	case *JobPlan:
		if n < len(like.Jobs) {
			o := &like.Jobs[n]
			item.Job, item.Pool = sharedName(item.Job, o.Job), sharedName(item.Pool, o.Pool)
			item.BusyUnits, item.HeldUnits = sharedSeries(item.BusyUnits, o.BusyUnits), sharedSeries(item.HeldUnits, o.HeldUnits)
		}
	case *Cost:
		if n < len(like.Costs) {
			o := &like.Costs[n]
			item.Item, item.Asset = sharedName(item.Item, o.Item), sharedName(item.Asset, o.Asset)
		}
	}
}

func sharedName[Name ~string](name, with Name) Name {
	if name == with {
		return with
	}
	return name
}

// sharedSeries are the same to the last bit.
func sharedSeries(values, with []float64) []float64 {
	same := func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }
	if values != nil && slices.EqualFunc(values, with, same) {
		return with
	}
	return values
}

// decodePlan reads a plan that has as many jobs and costs as another, and what is equal in
// common with it, where one is given. size is that of the text, 0 where it is not known.
func decodePlan(r io.Reader, limit, size int64, like *Plan) (*Plan, error) {
	limited := &io.LimitedReader{R: r, N: limit + 1}
	d := &planDecoder{json.NewDecoder(limited), size, like}
	d.DisallowUnknownFields()
	p := new(Plan)
	if like != nil && len(like.Jobs) > 0 {
		p.Jobs = make([]JobPlan, 0, len(like.Jobs))
	}
	if like != nil && len(like.Costs) > 0 {
		p.Costs = make([]Cost, 0, len(like.Costs))
	}
	err := d.object(reflect.ValueOf(p).Elem())
	if err == nil {
		// One plan a file: what follows it must be blank.
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more text after the plan")
		}
	}
	switch {
	case limited.N <= 0:
		return nil, fmt.Errorf("read plan: more than %d bytes", limit)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errors.New("read plan: the text ends before the plan does")
	case err != nil:
		return nil, fmt.Errorf("read plan: %w", err)
	}
	if err := p.CheckShape(); err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	return p, nil
}

// WritePlanFile writes the plan to a file that appears whole or not at all.
func WritePlanFile(path string, p *Plan) error {
	return atomicfile.Write(path, func(w io.Writer) error { return EncodePlan(w, p) })
}

// ReadPlanFile reads a plan from a file.
func ReadPlanFile(path string) (*Plan, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	defer f.Close()
	size := int64(0)
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	p, err := decodePlan(f, MaxPlanBytes, size, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// planDecoder reads a plan from a text of that size, 0 where it is not known.
type planDecoder struct {
	*json.Decoder
	size int64
	like *Plan // nil for none
}

// object reads an object into a struct as Decode does, with lists of structs
// item by item: so the decoder never holds more text than an item has.
func (d *planDecoder) object(v reflect.Value) error {
	if err := d.opens('{', "object"); err != nil {
		return err
	}
	fields := make(map[string]reflect.Value, v.NumField())
	for i := range v.NumField() {
		name, _ := tag(v.Type().Field(i))
		fields[name] = v.Field(i)
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := key.(string)
		f, ok := fields[name]
		switch {
		case !ok:
			return fmt.Errorf("unknown field %q", name)
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Struct:
			err = d.list(f)
		default:
			err = d.Decode(f.Addr().Interface())
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	_, err := d.Token()
	return err
}

// list reads a list of structs, or null for none, into the room that v has.
func (d *planDecoder) list(v reflect.Value) error {
	switch err := d.opens('[', "list"); {
	case errors.Is(err, errNull):
		v.SetZero()
		return nil
	case err != nil:
		return err
	case v.IsNil():
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	}
	v.SetLen(0)
	began := d.InputOffset()
	for d.More() {
		n := v.Len()
		if n == v.Cap() {
			v.Grow(d.moreItems(n, began))
		}
		v.SetLen(n + 1)
		v.Index(n).SetZero()
		item := v.Index(n).Addr().Interface()
		if err := d.Decode(item); err != nil {
			return fmt.Errorf("[%d]: %w", n, err)
		}
		if d.like != nil {
			share(item, n, d.like)
		}
	}
	_, err := d.Token()
	return err
}

// moreItems is how many more items to make room for after so many that began at an
// offset: as many as the rest of the text would hold, and at most as many as a case has.
// To copy a million as their number grows takes long.
func (d *planDecoder) moreItems(n int, began int64) int {
	const telling = 256 // items say how long one is
	if n < telling {
		return 1
	}
	at := d.InputOffset()
	return 1 + int(math.Min(float64(max(0, d.size-at))/float64(at-began)*float64(n), MaxItems))
}

var errNull = errors.New("is null")

// opens reads the token that begins an object or a list.
func (d *planDecoder) opens(delim json.Delim, what string) error {
	switch at, err := d.Token(); {
	case err != nil:
		return err
	case at == nil:
		return errNull
	case at != delim:
		return fmt.Errorf("is no %s", what)
	}
	return nil
}

// planLayout breaks compact JSON, which comes in pieces, into lines: an object or
// list that holds no other stays on one line, so a series is a line, and so is a
// cost.
type planLayout struct {
	out  *bufio.Writer // keeps its first error
	open []bool        // per open container: does it break into lines?
}

func (l *planLayout) newline() {
	_ = l.out.WriteByte('\n')
	for range l.open {
		_ = l.out.WriteByte(' ')
	}
}

func (l *planLayout) write(flat []byte) error {
	for i := 0; i < len(flat); i++ {
		switch b := flat[i]; b {
		case '"':
			end := endOfString(flat, i)
			_, _ = l.out.Write(flat[i:end])
			i = end - 1
		case '{', '[':
			_ = l.out.WriteByte(b)
			l.open = append(l.open, holdsContainer(flat[i+1:]))
			if l.open[len(l.open)-1] {
				l.newline()
			}
		case '}', ']':
			breaks := l.open[len(l.open)-1]
			l.open = l.open[:len(l.open)-1]
			if breaks {
				l.newline()
			}
			_ = l.out.WriteByte(b)
		case ',':
			_ = l.out.WriteByte(b)
			if l.open[len(l.open)-1] {
				l.newline()
			}
		case ':':
			_, _ = l.out.WriteString(": ")
		default:
			_ = l.out.WriteByte(b)
		}
	}
	_, err := l.out.Write(nil)
	return err
}

func (l *planLayout) end() error {
	_ = l.out.WriteByte('\n')
	return l.out.Flush()
}

// holdsContainer says whether another container opens before this one closes; one
// that goes on after the piece does.
func holdsContainer(inside []byte) bool {
	for i := 0; i < len(inside); i++ {
		switch inside[i] {
		case '"':
			i = endOfString(inside, i) - 1
		case '{', '[':
			return true
		case '}', ']':
			return false
		}
	}
	return true
}

// endOfString returns where the JSON string that starts at i ends.
func endOfString(text []byte, i int) int {
	for i++; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return min(i+1, len(text))
}
