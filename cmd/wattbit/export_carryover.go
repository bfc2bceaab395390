package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/export/carryover"
	"github.com/wattbit/wattbit/internal/atomicfile"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert/jobtrace"
	"github.com/wattbit/wattbit/report"
)

// carryOverFlags are what export carry-over asks for.
type carryOverFlags struct {
	caseArg, at, file string
	pinned            bool
}

func (a *app) exportCarryOverCommand() *cli.Command {
	var f carryOverFlags
	return &cli.Command{
		Name: "carry-over", Usage: "write the jobs that are under way at a time of a plan as a table for the next case", ArgsUsage: "PLAN --at TIME -o FILE",
		Description: "A row for each job that has begun by then and is not done: with its pool, the unit-hours that it has done\n" +
			"and the units that it holds, as running jobs of a case that begins then. The plan is verified first.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "case", Usage: "`CASE` of a plan that does not lie in a run folder", Destination: &f.caseArg},
			&cli.StringFlag{Name: "at", Usage: "`TIME` at which the next case begins, where a period of the plan does or its last one ends: hours after the plan's start, or as in 2026-01-15T00:00:00+08:00", Destination: &f.at},
			&cli.BoolFlag{Name: "pinned", Usage: "keep every job in its pool", Destination: &f.pinned},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "new `FILE` for the table", Destination: &f.file},
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 1)
			switch {
			case err != nil:
				return err
			case f.at == "":
				return usage("%s: name the time with --at", verb(cmd))
			case f.file == "":
				return usage("%s: name a new file with -o", verb(cmd))
			}
			return a.exportCarryOver(args[0], &f)
		},
	}
}

func (a *app) exportCarryOver(planArg string, f *carryOverFlags) error {
	if _, err := os.Lstat(f.file); err == nil {
		return usage("%s exists and is left as it is; give another file", f.file)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return usage("%w", err)
	}
	c, plan, _, err := a.verified(f.caseArg, planArg, nil, false)
	if err != nil {
		return err
	}
	from, err := jobtrace.ParseFrom(f.at, c.Case.Horizon.Start.Location())
	if err != nil {
		return usage("export carry-over: --at: %w", err)
	}
	at := from.At
	if at.IsZero() {
		at = c.Case.Horizon.Start.Add(time.Duration(from.Hours * float64(time.Hour)))
	}
	rows, err := report.NewJobRows(c.Case, plan)
	if err != nil {
		return err
	}
	jobs, err := carryover.Jobs(c.Case, plan, rows, carryover.Options{At: at, Pinned: f.pinned})
	if err != nil {
		return usage("export carry-over: --at: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(f.file), 0o777); err != nil {
		return err
	}
	if err := atomicfile.Write(f.file, func(w io.Writer) error { return model.WriteJobTable(w, jobs) }); err != nil {
		return err
	}
	a.print("Wrote %s: %s under way at %s. To use it, put into a case that begins then: jobs: {csv: %s}", f.file, plural(len(jobs), "job"),
		at.Format(time.RFC3339), filepath.Base(f.file))
	return nil
}
