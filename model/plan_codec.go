package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

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
	flat, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode plan: %w", err)
	}
	if _, err := w.Write(layoutJSON(flat)); err != nil {
		return fmt.Errorf("encode plan: %w", err)
	}
	return nil
}

// DecodePlan reads a plan. Unknown fields, text after the plan, more than
// MaxPlanBytes and series of the wrong length are errors.
func DecodePlan(r io.Reader) (*Plan, error) { return decodePlan(r, MaxPlanBytes) }

func decodePlan(r io.Reader, limit int64) (*Plan, error) {
	limited := &io.LimitedReader{R: r, N: limit + 1}
	d := json.NewDecoder(limited)
	d.DisallowUnknownFields()
	p := new(Plan)
	err := d.Decode(p)
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
	p, err := DecodePlan(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}

// layoutJSON breaks compact JSON into lines: an object or list that holds no
// other stays on one line, so a series is a line, and so is a cost.
func layoutJSON(flat []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(flat) + len(flat)/8)
	var open []bool // per open container: does it break into lines?
	newline := func() {
		out.WriteByte('\n')
		for range open {
			out.WriteByte(' ')
		}
	}
	for i := 0; i < len(flat); i++ {
		switch b := flat[i]; b {
		case '"':
			end := endOfString(flat, i)
			out.Write(flat[i:end])
			i = end - 1
		case '{', '[':
			out.WriteByte(b)
			open = append(open, holdsContainer(flat[i+1:]))
			if open[len(open)-1] {
				newline()
			}
		case '}', ']':
			breaks := open[len(open)-1]
			open = open[:len(open)-1]
			if breaks {
				newline()
			}
			out.WriteByte(b)
		case ',':
			out.WriteByte(b)
			if open[len(open)-1] {
				newline()
			}
		case ':':
			out.WriteString(": ")
		default:
			out.WriteByte(b)
		}
	}
	out.WriteByte('\n')
	return out.Bytes()
}

// holdsContainer says whether another container opens before this one closes.
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
	return false
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
