package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/wattbit/wattbit/internal/atomicfile"
	"github.com/wattbit/wattbit/opt"
)

// writeCurve writes incumbent, bound and gap over time as CSV; what was not known
// yet is empty.
func writeCurve(path string, points []opt.ProgressPoint) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	number := func(v *float64) string {
		if v == nil {
			return ""
		}
		return strconv.FormatFloat(*v, 'f', -1, 64)
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		if _, err := fmt.Fprintln(w, "seconds,objective,bound,gap"); err != nil {
			return err
		}
		for _, p := range points {
			gap := ""
			if g, ok := gapOf(p); ok {
				gap = strconv.FormatFloat(g, 'g', 6, 64)
			}
			if _, err := fmt.Fprintf(w, "%.3f,%s,%s,%s\n", p.Seconds, number(p.Objective), number(p.Bound), gap); err != nil {
				return err
			}
		}
		return nil
	})
}
