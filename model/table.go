package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of a table.
const (
	maxTableBytes   = 256 << 20
	maxTableColumns = 10_000
	maxTableCells   = 32 << 20
)

// tables reads the CSV files that a case names, each once.
type tables struct {
	fsys   fs.FS
	read   map[string]*table
	inputs []InputFile
}

// table is a CSV file: a header row, then rows of as many fields.
type table struct {
	file    string
	header  []string
	columns []column
	rows    int
	// fault in the file as such; the table is then empty.
	fault *Finding
	// faultShown and surplusShown: said once, not for each field that asks.
	faultShown, surplusShown bool
}

// column is the numbers of a column; where a cell holds none it is NaN, and the
// first such is kept for the message.
type column struct {
	values   []float64
	text     []string // of the first column only: it may hold names
	bad      int
	badLine  int
	badText  string
	badShown bool
}

// open reads a file of the case's folder, up to limit bytes.
func (t *tables) open(name string, limit int64) ([]byte, *Finding) {
	fault := func(problem, remedy string) ([]byte, *Finding) {
		return nil, &Finding{File: name, Problem: problem, Remedy: remedy}
	}
	clean := path.Clean(strings.TrimPrefix(name, "./"))
	if name == "" || strings.Contains(name, `\`) || !fs.ValidPath(clean) {
		return fault("is not a path inside the case's folder", "give a relative path with forward slashes, without ..")
	}
	info, err := fs.Stat(t.fsys, clean)
	if err == nil && !info.Mode().IsRegular() {
		return fault("is not a file", "")
	}
	if err == nil && info.Size() > limit {
		return fault(fmt.Sprintf("has %d bytes", info.Size()), fmt.Sprintf("at most %d MiB are read", limit>>20))
	}
	var f fs.File
	if err == nil {
		f, err = t.fsys.Open(clean)
	}
	if err != nil {
		var inner *fs.PathError
		if errors.As(err, &inner) {
			err = inner.Err
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return fault("does not exist", t.neighbour(clean))
		case strings.Contains(err.Error(), "escapes"):
			return fault("leads out of the case's folder", "put the file into the folder")
		}
		return fault("cannot be read: "+err.Error(), "")
	}
	defer f.Close()
	var read bytes.Buffer
	read.Grow(int(info.Size()) + bytes.MinRead) // or a large file would be copied as its text grows
	if _, err := read.ReadFrom(io.LimitReader(f, limit+1)); err != nil {
		return fault("cannot be read: "+err.Error(), "")
	}
	text := read.Bytes()
	if int64(len(text)) > limit {
		return fault(fmt.Sprintf("has more than %d bytes", limit), fmt.Sprintf("at most %d MiB are read", limit>>20))
	}
	sum := sha256.Sum256(text)
	t.inputs = append(t.inputs, InputFile{Path: clean, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(text))})
	return text, nil
}

// neighbour proposes a file of the same folder with a name close by.
func (t *tables) neighbour(name string) string {
	entries, err := fs.ReadDir(t.fsys, path.Dir(name))
	if err != nil {
		return ""
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	if n := nearest(path.Base(name), names); n != "" {
		return fmt.Sprintf("did you mean %s?", path.Join(path.Dir(name), n))
	}
	return ""
}

// table returns the named CSV file.
func (t *tables) table(name string) *table {
	if known, ok := t.read[name]; ok {
		return known
	}
	tab := &table{file: name}
	t.read[name] = tab
	text, fault := t.open(name, maxTableBytes)
	if fault == nil {
		fault = tab.parse(text)
	}
	if fault != nil {
		*tab = table{file: name, fault: fault}
	}
	return tab
}

func (tab *table) parse(text []byte) *Finding {
	fault := func(line int, problem, remedy string) *Finding {
		return &Finding{File: tab.file, Line: line, Problem: problem, Remedy: remedy}
	}
	r, header, headerFault := csvHeader(tab.file, text)
	if headerFault != nil {
		return headerFault
	}
	tab.header = header
	tab.columns = make([]column, len(header))
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvFault(tab.file, err, len(record), len(header))
		}
		tab.rows++
		if tab.rows*len(header) > maxTableCells {
			return fault(0, fmt.Sprintf("has more than %d cells", maxTableCells), "")
		}
		for i, cell := range record {
			tab.columns[i].add(cell, i == 0, func() int { line, _ := r.FieldPos(i); return line })
		}
	}
}

// csvHeader begins to read a CSV text: past its first row, the names of the
// columns.
func csvHeader(file string, text []byte) (*csv.Reader, []string, *Finding) {
	fault := func(line int, problem, remedy string) (*csv.Reader, []string, *Finding) {
		return nil, nil, &Finding{File: file, Line: line, Problem: problem, Remedy: remedy}
	}
	if !utf8.Valid(text) {
		return fault(0, "is not UTF-8 text", "save it as UTF-8")
	}
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	r.ReuseRecord = true
	first, err := r.Read()
	switch {
	case errors.Is(err, io.EOF):
		return fault(0, "is empty", "begin with a row of column names")
	case err != nil:
		return nil, nil, csvFault(file, err, 0, 0)
	case len(first) > maxTableColumns:
		return fault(1, fmt.Sprintf("has %d columns", len(first)), fmt.Sprintf("give at most %d", maxTableColumns))
	}
	var header []string
	for i, name := range first {
		name = strings.TrimSpace(name)
		if slices.Contains(header, name) {
			return fault(1, fmt.Sprintf("has two columns named %s", clip(name)), "name each column once")
		}
		header = append(header, strings.Clone(name))
		if name == "" && i > 0 {
			return fault(1, fmt.Sprintf("column %d has no name", i+1), "")
		}
	}
	return r, header, nil
}

func (c *column) add(cell string, keep bool, line func() int) {
	cell = strings.TrimSpace(cell)
	if keep {
		c.text = append(c.text, strings.Clone(cell))
	}
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil || !numberText(cell) {
		if c.bad == 0 {
			c.badLine, c.badText = line(), strings.Clone(cell)
		}
		c.bad++
		v = math.NaN()
	}
	c.values = append(c.values, v)
}

// csvFault puts an error of the CSV reader into words; fields are those of the
// row, columns those of the header.
func csvFault(file string, err error, fields, columns int) *Finding {
	f := &Finding{File: file, Problem: "is not CSV: " + err.Error()}
	var p *csv.ParseError
	if errors.As(err, &p) {
		f.Line, f.Problem = p.Line, "is not CSV: "+p.Err.Error()
		if errors.Is(p.Err, csv.ErrFieldCount) {
			f.Problem = fmt.Sprintf("the row has %d fields, the header has %d", fields, columns)
			f.Remedy = "give every row all fields; the file may be cut off"
		}
	}
	return f
}
