package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// Files of a run folder.
const (
	planFile   = "plan.json"
	caseCopy   = "case.yaml" // with every table resolved, so the folder stands alone
	jobsCopy   = "jobs.csv"  // jobs of the case, where they are too many for its file
	reportFile = "report.html"
	runFile    = "run.json"
	tablesDir  = "tables"
)

// runFolder chooses the folder of a run: the one asked for, else runs/NAME, or
// runs/NAME-2 and so on, so that no earlier run is lost.
func runFolder(asked, caseName string) (string, error) {
	if asked != "" {
		dir := filepath.Clean(asked)
		return dir, checkFolder(dir)
	}
	base := filepath.Join("runs", slug(caseName))
	for n := 1; ; n++ {
		dir := base
		if n > 1 {
			dir = fmt.Sprintf("%s-%d", base, n)
		}
		if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
			return dir, nil
		} else if err != nil {
			return "", usage("%w", err)
		}
	}
}

// slug is a name fit for a folder.
func slug(name string) string {
	dashed := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '-'
	}, strings.ToLower(name))
	words := strings.FieldsFunc(dashed, func(r rune) bool { return r == '-' })
	short := []rune(strings.Join(words, "-"))
	if len(short) == 0 {
		return "case"
	}
	return string(short[:min(len(short), 60)])
}

// checkFolder says whether a run may be written into a folder: one that does not
// exist, an empty one, or the folder of an earlier run with nothing else in it.
func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return usage("%w", err)
	case !info.IsDir():
		return usage("%s is a file; give a folder for the run", dir)
	}
	foreign, err := foreignFiles(dir)
	switch {
	case err != nil:
		return usage("%w", err)
	case len(foreign) > 0:
		return usage("%s holds files that are not of a run, such as %s; give another folder", dir, foreign[0])
	}
	return nil
}

// foreignFiles lists what in a folder is not of a run.
func foreignFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var foreign []string
	ours := isRun(dir)
	for _, e := range entries {
		name := e.Name()
		switch {
		case name == ".DS_Store" || name == "Thumbs.db": // left by those who look at folders
		case ours && !e.IsDir() && slices.Contains([]string{planFile, caseCopy, jobsCopy, reportFile, runFile}, name):
		case ours && e.IsDir() && name == tablesDir:
			tables, err := os.ReadDir(filepath.Join(dir, name))
			if err != nil {
				return nil, err
			}
			for _, t := range tables {
				if t.IsDir() || filepath.Ext(t.Name()) != ".csv" {
					foreign = append(foreign, filepath.Join(name, t.Name()))
				}
			}
		default:
			foreign = append(foreign, name)
		}
	}
	return foreign, nil
}

// isRun says whether a folder holds a run.
func isRun(dir string) bool {
	f, err := os.Open(filepath.Join(dir, runFile))
	if err != nil {
		return false
	}
	defer f.Close()
	var head struct {
		Format string `json:"format"`
	}
	return json.NewDecoder(f).Decode(&head) == nil && strings.HasPrefix(head.Format, "wattbit-run/")
}

// probe finds out before a long search whether the folder can be written, and
// leaves nothing behind.
func probe(dir string) error {
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	d, err := os.MkdirTemp(dir, ".wattbit-")
	if err != nil {
		return usage("the run cannot be written: %w", err)
	}
	return os.Remove(d)
}

// stage is where a run is written before it is put in its place.
type stage struct{ dir, target string }

func newStage(target string) (*stage, error) {
	parent := target
	if _, err := os.Stat(target); err != nil {
		parent = filepath.Dir(target)
		if err := os.MkdirAll(parent, 0o777); err != nil {
			return nil, fmt.Errorf("write run: %w", err)
		}
	}
	s := &stage{filepath.Join(parent, ".wattbit-"+rand.Text()), target}
	if err := os.Mkdir(s.dir, 0o777); err != nil {
		return nil, fmt.Errorf("write run: %w", err)
	}
	return s, nil
}

func (s *stage) path(name string) string { return filepath.Join(s.dir, name) }

// discard removes what is staged.
func (s *stage) discard() { _ = os.RemoveAll(s.dir) }

// commit puts the run in its place: a new folder at once, an earlier run file by
// file with run.json last, which names the digests of the others.
func (s *stage) commit() error {
	if _, err := os.Stat(s.target); errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(s.dir, s.target); err != nil {
			return fmt.Errorf("write run: %w", err)
		}
		return nil
	}
	for _, name := range []string{tablesDir, planFile, jobsCopy, caseCopy, reportFile, runFile} {
		if err := s.replace(name); err != nil {
			return fmt.Errorf("write run: %w", err)
		}
	}
	return os.RemoveAll(s.dir)
}

// replace puts a staged file or folder in the place of an earlier run's; what
// this run does not have, the folder does not keep.
func (s *stage) replace(name string) error {
	place := filepath.Join(s.target, name)
	_, err := os.Lstat(s.path(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.RemoveAll(place)
	case err != nil:
		return err
	case name == tablesDir:
		// A folder cannot be renamed over another.
		if err := os.Rename(place, s.path("earlier")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return os.Rename(s.path(name), place)
}
