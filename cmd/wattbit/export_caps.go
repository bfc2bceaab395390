package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/export/caps"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/report"
)

// capsFlags are what export caps asks for.
type capsFlags struct {
	exportFlags
	target, mapFile string
	windowH         float64
}

func (a *app) exportCapsCommand() *cli.Command {
	var f capsFlags
	var names []string
	for _, t := range caps.Targets() {
		names = append(names, string(t))
	}
	return &cli.Command{
		Name: "caps", Usage: "write how many units each queue may use of each pool, and when, for a scheduler", ArgsUsage: "PLAN --for SCHEDULER -o FOLDER",
		Description: "Writes a folder for each cluster with a file for each window of time, caps.csv with all caps, and\n" +
			"index.csv, which says from when to when each file holds. A queue is an owner of jobs. The plan is\n" +
			"verified first. docs/export.md shows the files and mapping files.",
		Flags: append(f.flags(),
			&cli.StringFlag{Name: "for", Usage: "`SCHEDULER` that the files are for: " + strings.Join(names, ", "), Destination: &f.target},
			&cli.StringFlag{Name: "map", Usage: "`FILE` that says what pools, sites and owners are to the scheduler", Destination: &f.mapFile},
			&cli.FloatFlag{Name: "window", Usage: "make windows of at least `H` hours, with the most of their periods (default: the case's periods)", HideDefault: true, Destination: &f.windowH},
		),
		Action: func(_ context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 1)
			if err != nil {
				return err
			}
			switch {
			case f.target == "":
				return usage("%s: name the scheduler with --for: %s", verb(cmd), strings.Join(names, ", "))
			case !slices.Contains(names, f.target):
				return usage("%s: --for: %q is not known; there are %s", verb(cmd), f.target, strings.Join(names, ", "))
			case !(f.windowH >= 0) || math.IsInf(f.windowH, 0):
				return usage("%s: --window: %v is no number of hours", verb(cmd), f.windowH)
			}
			if err := f.check(cmd); err != nil {
				return err
			}
			return a.exportCaps(args[0], &f)
		},
	}
}

func (a *app) exportCaps(planArg string, f *capsFlags) error {
	mapping, err := readCapsMapping(f.mapFile)
	if err != nil {
		return err
	}
	c, plan, _, err := a.verified(f.caseArg, planArg, nil, false)
	if err != nil {
		return err
	}
	rows, err := report.NewJobRows(c.Case, plan)
	if err != nil {
		return err
	}
	found, err := caps.New(c.Case, plan, rows, mapping, caps.Target(f.target), f.windowH)
	if err != nil {
		return badMapping(err)
	}
	files, err := found.Files()
	if err != nil {
		return usage("%w", err)
	}
	var out []newFile
	for _, file := range files {
		out = append(out, newFile{filepath.FromSlash(file.Path), file.Write})
	}
	if err := writeNew(f.dir, out); err != nil {
		return err
	}
	pools := 0
	for i := range found.Clusters {
		pools += len(found.Clusters[i].Pools)
	}
	a.print("Wrote %s: %s, %s, %s in %s; %s says when each file holds.", f.dir, plural(len(found.Windows), "window"),
		plural(len(found.Queues), "queue"), plural(pools, "pool"), plural(len(found.Clusters), "cluster"), caps.IndexFile)
	return nil
}

// readCapsMapping reads a mapping file; without one every default holds.
func readCapsMapping(file string) (*caps.Mapping, error) {
	if file == "" {
		return &caps.Mapping{Format: caps.MappingFormat}, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, usage("no such mapping: %s%s", file, beside(file))
	}
	m, err := caps.ReadMapping(file, text)
	if err != nil {
		return nil, badMapping(err)
	}
	return m, nil
}

// badMapping puts what is wrong with a mapping into an error.
func badMapping(err error) error {
	var findings model.Findings
	if !errors.As(err, &findings) {
		return err
	}
	var lines []string
	for _, f := range findings {
		lines = append(lines, f.String())
	}
	return usage("%w", fmt.Errorf("the mapping does not fit:\n  %s", strings.Join(lines, "\n  ")))
}
