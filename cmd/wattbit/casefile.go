package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert"
)

// readCase is a case as read, and what it was read from.
type readCase struct {
	*model.Case
	// source is what the user called it.
	source  string
	inputs  []model.InputFile
	seconds float64
}

// caseFile returns the file behind a CASE argument: itself, or the case.yaml in
// the folder that it names.
func caseFile(arg string) (string, error) {
	info, err := os.Stat(arg)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", usage("no such case: %s%s", arg, beside(arg))
	case err != nil:
		return "", usage("read case: %w", err)
	case !info.IsDir():
		return arg, nil
	}
	for _, name := range []string{"case.yaml", "case.yml", "case.json"} {
		file := filepath.Join(arg, name)
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file, nil
		}
	}
	return "", usage("%s is a folder without a case.yaml; name the case file in it", arg)
}

// beside proposes a file near one that does not exist.
func beside(path string) string {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if n := nearest(filepath.Base(path), names); n != "" {
		return "; did you mean " + filepath.Join(filepath.Dir(path), n) + "?"
	}
	return ""
}

// read reads and validates a CASE argument, and tells all that is wrong with it.
func (a *app) read(arg string, set []string) (*readCase, error) {
	file, err := caseFile(arg)
	if err != nil {
		return nil, err
	}
	format, err := benchmarkFormat(file)
	if err != nil {
		return nil, err
	}
	if format != "" && len(set) > 0 {
		return nil, usage("%s is a %s file, in which no values can be set; import it first: wattbit import %s %s -o DIR", arg, format, format, arg)
	}
	return a.readFrom(arg, func() (*model.Case, *model.ReadReport, error) {
		if format != "" {
			return convert.ReadFile(file, format, convert.Options{})
		}
		return model.ReadCaseFile(file, model.ReadOptions{Set: set})
	})
}

// benchmarkFormat tells the format of a public benchmark's file, "" for a case.
func benchmarkFormat(file string) (convert.Format, error) {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".json", ".gz":
		format, err := convert.Detect(file)
		if err != nil {
			return "", usage("read case: %w", err)
		}
		return format, nil
	}
	return "", nil
}

func (a *app) readFrom(source string, read func() (*model.Case, *model.ReadReport, error)) (*readCase, error) {
	began := time.Now()
	c, report, err := read()
	seconds := time.Since(began).Seconds()
	if err != nil {
		var findings model.Findings
		if errors.As(err, &findings) {
			err = &invalidCase{source, findings}
		}
		return nil, &failure{code: exitInvalid, err: err}
	}
	for _, w := range report.Warnings {
		a.say("warning: %s", printable(w.String()))
	}
	if a.result != nil {
		a.result.readCase(c, report.Warnings, seconds)
	}
	a.log.Debug("read case", "case", c.Name, "source", source, "files", len(report.Inputs), "seconds", seconds)
	return &readCase{c, source, report.Inputs, seconds}, nil
}

// invalidCase lists all findings under one heading.
type invalidCase struct {
	source   string
	findings model.Findings
}

func (e *invalidCase) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s is not a valid case: %s", e.source, plural(len(e.findings), "finding"))
	for _, f := range e.findings {
		b.WriteString("\n  " + printable(f.String()))
	}
	return b.String()
}

func (e *invalidCase) Unwrap() error { return e.findings }
