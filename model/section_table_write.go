package model

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"path/filepath"
	"reflect"

	"github.com/wattbit/wattbit/internal/atomicfile"
)

// WriteJobTable writes jobs as the CSV table that a case may name instead of
// listing them, jobs: {csv: jobs.csv}: a column for each field that a job has, in
// the order of the type. NaN and infinity are not looked for.
func WriteJobTable(w io.Writer, jobs []Job) error {
	items := reflect.ValueOf(jobs)
	fields := layout(items.Type().Elem())
	var columns []int
	var header []string
	for i, f := range fields {
		used := f.required
		for j := 0; j < len(jobs) && !used; j++ {
			used = !left(items.Index(j).Field(i))
		}
		if used {
			columns, header = append(columns, i), append(header, f.name)
		}
	}
	out := csv.NewWriter(w)
	if err := out.Write(header); err != nil {
		return fmt.Errorf("write jobs: %w", err)
	}
	record, cells := make([]string, len(columns)), newCellWriter()
	for j := range jobs {
		item := items.Index(j)
		for c, i := range columns {
			record[c] = cells.text(item.Field(i), fields[i].required)
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("write jobs: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write jobs: %w", err)
	}
	return nil
}

// maxListedJobs is how many jobs WriteCaseFiles lists in the case itself: with far
// more, a case file would be larger than one may be.
const maxListedJobs = 10_000

// WriteCaseFiles writes the case to a file, as WriteCaseFile does; where it has
// very many jobs, these go into the table of that name beside it, and the case
// names the table. The table, if any, is written first.
func WriteCaseFiles(path, table string, c *Case) error {
	if len(c.Jobs) <= maxListedJobs {
		return WriteCaseFile(path, c)
	}
	if c.Fingerprint() == "" {
		return errUnwritable
	}
	jobs := func(w io.Writer) error { return WriteJobTable(w, c.Jobs) }
	if err := atomicfile.Write(filepath.Join(filepath.Dir(path), table), jobs); err != nil {
		return err
	}
	rest := *c
	rest.Jobs = nil
	return atomicfile.Write(path, func(w io.Writer) error {
		if err := WriteCase(w, &rest); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w, "\njobs: {csv: %s}\n", yamlText(table))
		return err
	})
}

// left says whether a field is left out.
func left(v reflect.Value) bool {
	return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
}

// cellWriter writes cells one after the other, with one buffer for all.
type cellWriter struct {
	cell bytes.Buffer
	yaml yamlWriter
}

func newCellWriter() *cellWriter {
	w := new(cellWriter)
	w.yaml = yamlWriter{bufio.NewWriter(&w.cell)}
	return w
}

// text writes a field as a cell: "" where it is left out.
func (w *cellWriter) text(v reflect.Value, required bool) string {
	if left(v) && !required {
		return ""
	}
	if v.Kind() == reflect.String {
		return v.String()
	}
	w.cell.Reset()
	w.yaml.flow(v)
	_ = w.yaml.Flush() // a buffer takes all
	return w.cell.String()
}
