package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// lineFile is the JSON file of a bench, a line a case, appended as cases end. A
// run that was interrupted goes on where it was.
type lineFile struct {
	path  string
	lines []*caseLine
}

// openLines reads the lines that are there.
func openLines(path string) (*lineFile, error) {
	lines, err := readLines[caseLine](path)
	if err != nil {
		return nil, err
	}
	return &lineFile{path, lines}, nil
}

// readLines reads the lines of a file, if there is one. A last line without an end,
// left by a process that was killed while it wrote, is cut off.
func readLines[T any](path string) ([]*T, error) {
	var lines []*T
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, usage("%w", err)
	}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	scan := bufio.NewReader(bytes.NewReader(whole))
	for n := 1; ; n++ {
		line, err := scan.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		l := new(T)
		if err := json.Unmarshal(line, l); err != nil {
			return nil, usage("%s, line %d is not of a bench: %w", path, n, err)
		}
		lines = append(lines, l)
	}
	if len(whole) < len(text) {
		if len(whole) == 0 {
			return nil, usage("%s is not the file of a bench", path)
		}
		if err := os.Truncate(path, int64(len(whole))); err != nil {
			return nil, fmt.Errorf("mend %s: %w", path, err)
		}
	}
	return lines, nil
}

// find returns the latest line of the same case, file and options that ended with
// a record; nil where there is none.
func (f *lineFile) find(c benchCase, o caseOptions) *caseLine {
	for i := len(f.lines) - 1; i >= 0; i-- {
		l := f.lines[i]
		if l.Tool == "wattbit" && l.Case == c.id && l.SHA256 == c.sha256 && l.Options == o && l.Status != "error" {
			return l
		}
	}
	return nil
}

// add appends a line to the file; without a path it is only kept.
func (f *lineFile) add(l *caseLine) error {
	f.lines = append(f.lines, l)
	if f.path == "" {
		return nil
	}
	return appendLine(f.path, l)
}

func appendLine(path string, l any) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	_, err = out.Write(append(text, '\n'))
	if err := errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}
