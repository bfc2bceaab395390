package jobtrace

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/wattbit/wattbit/internal/atomicfile"
	"github.com/wattbit/wattbit/model"
)

// The files that an import writes.
const (
	// JobsFile is the table of jobs.
	JobsFile = "jobs.csv"
	// FragmentFile is the piece of a case that names the table. It is written
	// last: where it is, the import is whole.
	FragmentFile = "jobs.yaml"
	// RejectsFile lists every rejected row; there is none without rejects.
	RejectsFile = "rejects.csv"
)

// Files lists them.
func Files() []string { return []string{JobsFile, FragmentFile, RejectsFile} }

// ImportInto imports into a folder, which must hold none of Files. The table is
// named in the fragment by a path relative to the case's folder. On an error
// nothing is left.
func ImportInto(ctx context.Context, dir, table string, traces []Trace, m *Mapping, o Options) (_ *Result, err error) {
	made, err := makeDir(dir)
	if err != nil {
		return nil, fmt.Errorf("import jobs: %w", err)
	}
	defer func() {
		if err == nil {
			return
		}
		for _, name := range Files() {
			_ = os.Remove(filepath.Join(dir, name))
		}
		if made {
			_ = os.Remove(dir)
		}
	}()
	result, err := importRejects(ctx, filepath.Join(dir, RejectsFile), traces, m, o)
	if err != nil {
		return nil, err
	}
	jobs := func(w io.Writer) error { return model.WriteJobTable(w, result.Jobs) }
	if err := atomicfile.Write(filepath.Join(dir, JobsFile), jobs); err != nil {
		return nil, err
	}
	fragment := func(w io.Writer) error {
		_, err := io.WriteString(w, result.fragment(table, traces))
		return err
	}
	if err := atomicfile.Write(filepath.Join(dir, FragmentFile), fragment); err != nil {
		return nil, err
	}
	return result, nil
}

// makeDir makes a folder and says whether it was not there.
func makeDir(dir string) (made bool, err error) {
	for _, name := range Files() {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return false, fmt.Errorf("%s: %w", filepath.Join(dir, name), os.ErrExist)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		return false, nil
	}
	return true, os.MkdirAll(dir, 0o777)
}

// errNoRejects keeps an empty list of rejects from being written.
var errNoRejects = errors.New("no rejects")

// importRejects imports and writes the rejects as they come.
func importRejects(ctx context.Context, file string, traces []Trace, m *Mapping, o Options) (*Result, error) {
	var result *Result
	var failed error
	err := atomicfile.Write(file, func(w io.Writer) error {
		out := csv.NewWriter(w)
		if err := out.Write([]string{"file", "line", "column", "reason", "text"}); err != nil {
			return err
		}
		o.Reject = func(r Reject) error {
			return out.Write([]string{r.File, strconv.Itoa(r.Line), r.Column, r.Reason, Clip(r.Text)})
		}
		if result, failed = Import(ctx, traces, m, o); failed != nil {
			return failed
		}
		if result.Counts.Rejected == 0 {
			return errNoRejects
		}
		out.Flush()
		return out.Error()
	})
	switch {
	case failed != nil:
		return nil, failed // not about the file of rejects
	case errors.Is(err, errNoRejects):
		return result, nil
	}
	return result, err
}

// Clip shortens a text that was found to what helps to find it again.
func Clip(text string) string {
	const most = 200
	if len(text) > most {
		text = text[:most] + "..."
	}
	return strings.ToValidUTF8(text, "\ufffd")
}

// fragment is the piece of a case, with what it was made from.
func (r *Result) fragment(table string, traces []Trace) string {
	var b strings.Builder
	var files []string
	for _, t := range traces {
		files = append(files, strconv.Quote(filepath.Base(t.Name)))
	}
	begins := fmt.Sprintf("hour %g of the trace", r.From.Hours)
	if !r.From.At.IsZero() {
		begins = r.From.At.Format("2006-01-02T15:04:05Z07:00")
	}
	fmt.Fprintf(&b, "# Jobs of %s, imported by wattbit:\n", strings.Join(files, ", "))
	fmt.Fprintf(&b, "# %d jobs (%d rows of the table), %.6g unit-hours; the horizon begins at %s and has %g h.\n",
		r.Counts.Jobs, len(r.Jobs), r.Counts.WorkUnitH, begins, r.Hours)
	b.WriteString("# To use them, put this line into a case in place of its jobs.\n")
	fmt.Fprintf(&b, "jobs: {csv: %s}\n", quotePath(table))
	return b.String()
}

// quotePath writes a path in YAML.
func quotePath(path string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("./_-", r)
	}
	if strings.ContainsFunc(path, func(r rune) bool { return !plain(r) }) || path == "" || path[0] == '-' || path[0] == '.' {
		return strconv.Quote(path)
	}
	return path
}
