package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/internal/atomicfile"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/report"
)

func (a *app) reportCommand() *cli.Command {
	var caseArg, dir string
	return &cli.Command{
		Name: "report", Usage: "print the summary of a plan and write its page and tables", ArgsUsage: "PLAN",
		Description: "PLAN is a run folder or the plan.json in one; its report.html and tables are written anew. With\n" +
			"--case a plan may lie anywhere. The plan is verified first: there is no report on one that does\n" +
			"not hold.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "case", Usage: "`CASE` of a plan that does not lie in a run folder", Destination: &caseArg},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FOLDER` for page and tables (default: where the plan is)", Destination: &dir},
			a.jsonFlag(),
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 1)
			if err != nil {
				return err
			}
			return a.report(caseArg, args[0], dir)
		},
	}
}

func (a *app) report(caseArg, planArg, dir string) error {
	_, planDir, err := planPath(planArg)
	if err != nil {
		return err
	}
	if dir == "" {
		dir = planDir
	}
	if err := checkReportPlace(dir); err != nil {
		return err
	}
	c, plan, check, err := a.verified(caseArg, planArg, nil, false)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	r, err := writeReport(dir, c.Case, plan, recordedMeta(planDir, plan))
	if err != nil {
		return err
	}
	a.tellSummary(r)
	a.print("Verified  %s checked, none breached", plural(check.Checked, "limit"))
	page := filepath.Join(dir, reportFile)
	a.print("Report    %s", page)
	if a.result != nil {
		a.result.Report = &page
	}
	return nil
}

// checkReportPlace refuses to replace files that are not of a run.
func checkReportPlace(dir string) error {
	if isRun(dir) {
		return nil
	}
	for _, name := range []string{reportFile, tablesDir} {
		path := filepath.Join(dir, name)
		if _, err := os.Lstat(path); err == nil {
			return usage("%s exists and is not of a run; give another folder with -o", path)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return usage("%w", err)
		}
	}
	return nil
}

// writeReport writes page and tables into a folder.
func writeReport(dir string, c *model.Case, plan *model.Plan, meta report.Meta) (*report.Report, error) {
	r, err := report.New(c, plan)
	if err != nil {
		return nil, err
	}
	if err := r.Tables(filepath.Join(dir, tablesDir)); err != nil {
		return nil, err
	}
	return r, atomicfile.Write(filepath.Join(dir, reportFile), func(w io.Writer) error { return r.HTML(w, meta) })
}
