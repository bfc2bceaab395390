package jobtrace

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// rows reads a trace row by row.
type rows interface {
	// bind asks for columns by name, before the first row. It returns which of
	// them the trace has.
	bind(names []string) (has []bool)
	// names of the columns that there are, for messages.
	names() []string
	// next returns the line of a row and the cells of the bound columns, "" for
	// those that the trace lacks; the slice is used again. The error is io.EOF
	// after the last row, a rowError for a row that cannot be read, after which
	// reading goes on, or else what ends reading.
	next() (line int, cells []string, err error)
	// zero is the time that numbers of seconds are counted from, where the
	// trace says so before its first row.
	zero() (time.Time, bool)
}

// rowError is what is wrong with a row.
type rowError struct {
	// column by name, "" for the row as such; reason, the same for alike rows;
	// text that was found.
	column, reason, text string
}

func (e *rowError) Error() string {
	where := ""
	if e.column != "" {
		where = e.column + ": "
	}
	if e.text != "" {
		return fmt.Sprintf("%s%s (%q)", where, e.reason, e.text)
	}
	return where + e.reason
}

// open begins to read a trace of the layout.
func open(r io.Reader, l *Layout) (rows, error) {
	text, err := unpacked(r)
	if err != nil {
		return nil, err
	}
	switch l.Kind {
	case SWF:
		return newSWFRows(text)
	case Kubernetes:
		return newKubernetesRows(text)
	default:
		return newTableRows(text, l)
	}
}

// picker takes the bound columns out of rows whose columns stand in one order.
type picker struct {
	header []string
	at     []int // position of each bound column, -1 without
	cells  []string
}

func (p *picker) bind(names []string) []bool {
	p.at, p.cells = make([]int, len(names)), make([]string, len(names))
	has := make([]bool, len(names))
	for i, name := range names {
		p.at[i] = slices.Index(p.header, name)
		has[i] = p.at[i] >= 0
	}
	return has
}

func (p *picker) names() []string { return p.header }

// pick returns the bound cells of a row.
func (p *picker) pick(fields [][]byte) []string {
	for i, at := range p.at {
		if at >= 0 {
			p.cells[i] = string(fields[at])
		}
	}
	return p.cells
}

// tableRows reads a table with a delimiter.
type tableRows struct {
	picker
	lines     *lines
	delimiter byte
	quotes    bool
	fields    [][]byte
	// first line, already read, when it is not a row of names.
	first []byte
}

func newTableRows(r io.Reader, l *Layout) (*tableRows, error) {
	t := &tableRows{lines: newLines(r), delimiter: ','}
	if l.Delimiter != "" {
		t.delimiter = l.Delimiter[0]
	}
	t.quotes = t.delimiter == ','
	if l.Quotes != nil {
		t.quotes = *l.Quotes
	}
	line, err := t.lines.next()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("is empty")
	} else if err != nil {
		return nil, err
	}
	if err := t.split(line); err != nil {
		return nil, fmt.Errorf("its first line: %w", err)
	}
	var header []string
	for _, field := range t.fields {
		header = append(header, strings.ToValidUTF8(string(field), "\ufffd"))
	}
	if len(l.Columns) == 0 {
		t.header = header
		return t, nil
	}
	t.header = l.Columns
	if !slices.Equal(header, l.Columns) { // some copies have the row of names
		t.first = slices.Clone(line)
	}
	return t, nil
}

func (t *tableRows) zero() (time.Time, bool) { return time.Time{}, false }

func (t *tableRows) next() (int, []string, error) {
	line := t.first
	t.first = nil
	for len(line) == 0 { // empty lines are no rows
		var err error
		if line, err = t.lines.next(); err != nil {
			return t.lines.at, nil, err
		}
	}
	if err := t.split(line); err != nil {
		return t.lines.at, nil, err
	}
	if len(t.fields) != len(t.header) {
		return t.lines.at, nil, &rowError{reason: fmt.Sprintf("the row does not have the %d fields of the first row", len(t.header)),
			text: fieldCount(len(t.fields))}
	}
	return t.lines.at, t.pick(t.fields), nil
}

// fieldCount says how many fields a row has.
func fieldCount(n int) string {
	if n == 1 {
		return "1 field"
	}
	return fmt.Sprintf("%d fields", n)
}

// split cuts a line into fields, without blanks around them.
func (t *tableRows) split(line []byte) error {
	t.fields = t.fields[:0]
	for rest := line; ; {
		rest = trimLeft(rest, t.delimiter)
		var field []byte
		if t.quotes && len(rest) > 0 && rest[0] == '"' {
			var ok bool
			if field, rest, ok = quoted(rest); !ok {
				return &rowError{reason: "a quote is not closed on its line"}
			}
			if rest = trimLeft(rest, t.delimiter); len(rest) > 0 && rest[0] != t.delimiter {
				return &rowError{reason: "text follows a closed quote"}
			}
		} else {
			end := slices.Index(rest, t.delimiter)
			if end < 0 {
				end = len(rest)
			}
			field, rest = trimRight(rest[:end]), rest[end:]
		}
		t.fields = append(t.fields, field)
		if len(rest) == 0 {
			return nil
		}
		rest = rest[1:]
	}
}

// quoted reads a field in quotes.
func quoted(text []byte) (field, rest []byte, ok bool) {
	for i := 1; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		if i+1 < len(text) && text[i+1] == '"' {
			i++
			continue
		}
		field = text[1:i]
		if slices.Contains(field, '"') {
			field = []byte(strings.ReplaceAll(string(field), `""`, `"`))
		}
		return field, text[i+1:], true
	}
	return nil, nil, false
}

// trimLeft cuts blanks off the left, trimRight off the right; a delimiter is no
// blank.
func trimLeft(b []byte, delimiter byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') && b[0] != delimiter {
		b = b[1:]
	}
	return b
}

func trimRight(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}
