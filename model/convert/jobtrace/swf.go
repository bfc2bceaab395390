package jobtrace

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// swfColumns are the fields of the Standard Workload Format 2.2 in their order,
// by short names. Source: https://www.cs.huji.ac.il/labs/parallel/workload/swf.html
var swfColumns = []string{
	"job", "submit", "wait", "run", "procs", "cpu_time", "memory_kb", "req_procs", "req_time", "req_memory_kb",
	"status", "user", "group", "executable", "queue", "partition", "preceding", "think",
}

// swfRows reads the Standard Workload Format: lines of 18 numbers between
// blanks, and comments that begin with a semicolon, of which those before the
// first row say what the log is.
type swfRows struct {
	picker
	lines  *lines
	fields [][]byte
	// first row, already read.
	first []byte
	start time.Time
}

func newSWFRows(r io.Reader) (*swfRows, error) {
	s := &swfRows{picker: picker{header: swfColumns}, lines: newLines(r)}
	line, err := s.row()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("has no rows")
	case err != nil:
		return nil, err
	}
	s.first = slices.Clone(line)
	return s, nil
}

// row returns the next line that is neither empty nor a comment.
func (s *swfRows) row() ([]byte, error) {
	for {
		line, err := s.lines.next()
		if err != nil {
			return nil, err
		}
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] == ';' {
			s.comment(string(line))
		} else if len(line) > 0 {
			return line, nil
		}
	}
}

// comment takes the start of the log out of its header, as in
// "; UnixStartTime: 1272639895".
func (s *swfRows) comment(line string) {
	name, value, ok := strings.Cut(strings.TrimLeft(line, "; \t"), ":")
	if !ok || strings.TrimSpace(name) != "UnixStartTime" || !s.start.IsZero() {
		return
	}
	if at, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil && at > 0 && at < math.MaxUint32 {
		s.start = time.Unix(int64(at), 0).UTC()
	}
}

func (s *swfRows) zero() (time.Time, bool) { return s.start, !s.start.IsZero() }

func (s *swfRows) next() (int, []string, error) {
	line := s.first
	s.first = nil
	if line == nil {
		var err error
		if line, err = s.row(); err != nil {
			return s.lines.at, nil, err
		}
	}
	s.fields = s.fields[:0]
	for field := range bytes.FieldsSeq(line) {
		s.fields = append(s.fields, field)
	}
	if len(s.fields) != len(swfColumns) {
		return s.lines.at, nil, &rowError{reason: fmt.Sprintf("the row does not have %d fields", len(swfColumns)), text: fieldCount(len(s.fields))}
	}
	return s.lines.at, s.pick(s.fields), nil
}
