package main

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// benchCase is a file to solve.
type benchCase struct {
	id     string // family and name, as in ca/2014-09-01_reserves_0
	family string
	file   string // absolute
	sha256 string
	known  *bestKnown
}

// bestKnown is the best cost and the best proved bound that are known of a case.
type bestKnown struct{ upper, lower float64 }

// bestKnownFile stands beside the families, or in one.
const bestKnownFile = "best-known.csv"

// benchCases finds the cases behind files and folders, in the order of their ids.
func benchCases(args []string) ([]benchCase, error) {
	known := map[string]map[string]bestKnown{} // by folder
	seen := map[string]string{}
	var cases []benchCase
	for _, arg := range args {
		files, err := caseFiles(arg)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			c, err := newBenchCase(file, known)
			if err != nil {
				return nil, err
			}
			if other, twice := seen[c.id]; twice && other != c.file {
				return nil, usage("%s and %s would both be the case %s", other, c.file, c.id)
			} else if !twice {
				seen[c.id] = c.file
				cases = append(cases, c)
			}
		}
	}
	slices.SortFunc(cases, func(a, b benchCase) int { return strings.Compare(a.id, b.id) })
	return cases, nil
}

// caseFiles lists the instances below a folder, or the file itself.
func caseFiles(arg string) ([]string, error) {
	info, err := os.Stat(arg)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage("no such file: %s%s", arg, beside(arg))
	case err != nil:
		return nil, usage("%w", err)
	case !info.IsDir():
		return []string{arg}, nil
	}
	var files []string
	err = filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); !d.IsDir() && (strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".json.gz")) {
			files = append(files, path)
		}
		return nil
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s holds no .json or .json.gz files", arg)
	}
	if err != nil {
		return nil, usage("%w", err)
	}
	return files, nil
}

// newBenchCase names a case by its path below the folder with best-known.csv, at
// most three folders up, else by its own folder.
func newBenchCase(file string, known map[string]map[string]bestKnown) (benchCase, error) {
	file, err := filepath.Abs(file)
	if err != nil {
		return benchCase{}, err
	}
	root := filepath.Dir(filepath.Dir(file))
	for dir, n := filepath.Dir(file), 0; n < 3; dir, n = filepath.Dir(dir), n+1 {
		table, read := known[dir]
		if !read {
			if table, err = readBestKnown(filepath.Join(dir, bestKnownFile)); err != nil {
				return benchCase{}, err
			}
			known[dir] = table
		}
		if table != nil {
			root = dir
			break
		}
	}
	below, err := filepath.Rel(root, file)
	if err != nil {
		return benchCase{}, err
	}
	c := benchCase{id: caseID(filepath.ToSlash(below)), file: file}
	c.family, _, _ = strings.Cut(c.id, "/")
	if k, ok := known[root][c.id]; ok {
		c.known = &k
	}
	c.sha256, err = fileDigest(file)
	return c, err
}

func caseID(path string) string {
	for _, end := range []string{".gz", ".json", ".yaml", ".yml"} {
		path = strings.TrimSuffix(path, end)
	}
	return path
}

func fileDigest(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", usage("%w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read %s: %w", file, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// readBestKnown reads a table with the columns instance, best_upper and
// best_lower; nil where there is none.
func readBestKnown(file string) (map[string]bestKnown, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, usage("%w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	rows, err := r.ReadAll()
	if err != nil {
		return nil, usage("%s: %w", file, err)
	}
	if len(rows) == 0 || len(rows[0]) < 3 || !slices.Equal(rows[0][:3], []string{"instance", "best_upper", "best_lower"}) {
		return nil, usage("%s: its columns are not instance, best_upper, best_lower", file)
	}
	known := map[string]bestKnown{}
	for i, row := range rows[1:] {
		upper, err := strconv.ParseFloat(row[1], 64)
		lower, err2 := strconv.ParseFloat(row[2], 64)
		if err := errors.Join(err, err2); err != nil {
			return nil, usage("%s, line %d: %w", file, i+2, err)
		}
		known[row[0]] = bestKnown{upper, lower}
	}
	return known, nil
}
