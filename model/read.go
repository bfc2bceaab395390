package model

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// ReadOptions say how a case is read.
type ReadOptions struct {
	// Set holds entries path=value that replace or add values of the file
	// before it is decoded: penalties.shed_price_per_mwh=5000,
	// thermal_units[coal-600].count=10, jobs[3].count=2 (from 0),
	// horizon.periods=[{count: 96, hours: 0.25}]. Values are YAML.
	Set []string
}

// ReadReport says what a case was read from.
type ReadReport struct {
	// Inputs are the case file and then every table, in the order read.
	Inputs []InputFile
	// Warnings are what is doubtful and does not stop a plan.
	Warnings Findings
}

// InputFile is a file that a case was read from.
type InputFile struct {
	// Path relative to the case's folder, with forward slashes.
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
}

// ReadCaseFile reads and validates a case from a YAML or JSON file and the
// tables that it names. Only files in the case's folder are read, symbolic links
// included. When the case is not good, the error is Findings: everything that is
// wrong, each with file and line.
func ReadCaseFile(name string, o ReadOptions) (*Case, *ReadReport, error) {
	dir, base := filepath.Split(name)
	if dir == "" {
		dir = "."
	}
	if base == "" {
		return nil, nil, fmt.Errorf("read case: %q names no file", name)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("read case: %w", err)
	}
	defer root.Close()
	c, report, err := ReadCase(root.FS(), base, o)
	// Findings name files as the caller did.
	var findings Findings
	if errors.As(err, &findings) {
		findings.inFolder(filepath.ToSlash(filepath.Clean(dir)))
	}
	if report != nil {
		report.Warnings.inFolder(filepath.ToSlash(filepath.Clean(dir)))
	}
	return c, report, err
}

func (f Findings) inFolder(dir string) {
	for i := range f {
		if f[i].File != "" && !strings.HasPrefix(f[i].File, setPrefix) {
			f[i].File = path.Join(dir, f[i].File)
		}
	}
}

// ReadCase reads and validates a case from a file of a file system. See
// ReadCaseFile; keeping to the folder is the file system's part.
func ReadCase(fsys fs.FS, name string, o ReadOptions) (*Case, *ReadReport, error) {
	src := &source{file: name, sets: o.Set, spoiled: map[itemKey]bool{}}
	dir := path.Dir(name)
	if sub, err := fs.Sub(fsys, dir); err == nil && dir != "." {
		fsys = sub
	}
	t := &tables{fsys: fsys, read: map[string]*table{}}
	text, fault := t.open(path.Base(name), maxCaseBytes)
	if fault != nil {
		fault.File = name
		return nil, nil, Findings{*fault}
	}
	report := &ReadReport{}
	root, err := parse(name, text)
	if err != nil {
		f := Finding{File: name, Problem: err.Error()}
		var syntax *syntaxError
		if errors.As(err, &syntax) {
			f = Finding{File: name, Line: syntax.line, Problem: syntax.problem, Remedy: syntax.remedy}
		}
		return nil, nil, Findings{f}
	}
	if root.kind != objectNode {
		f := Finding{File: name, Line: int(root.line), Problem: "is " + root.kind.String(), Remedy: "write the fields of a case, beginning with format: " + CaseFormat}
		return nil, nil, Findings{f} // that all of them are missing goes without saying
	}
	src.root = root
	src.apply()
	d := &decoder{source: src, tables: t}
	c := d.decodeCase()
	c.validate(src)
	report.Inputs, report.Warnings = t.inputs, src.warnings.all()
	if err := src.findings.err(); err != nil {
		return nil, report, err
	}
	return c, report, nil
}

// parse reads the text by the file's name: .json is JSON, all else YAML.
func parse(name string, text []byte) (*node, error) {
	if !utf8.Valid(text) {
		return nil, &syntaxError{problem: "is not UTF-8 text", remedy: "save it as UTF-8"}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if strings.EqualFold(path.Ext(name), ".json") {
		return parseJSON(text)
	}
	return parseYAML(text)
}
