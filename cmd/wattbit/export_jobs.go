package main

import (
	"context"
	"io"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/export/jobparquet"
	"github.com/wattbit/wattbit/report"
)

func (a *app) exportJobsCommand() *cli.Command {
	var f exportFlags
	return &cli.Command{
		Name: "jobs", Usage: "write the plan of every job as Parquet", ArgsUsage: "PLAN -o FOLDER",
		Description: "Writes " + jobparquet.JobsFile + ", a row for each job, " + jobparquet.PeriodsFile + ", a row for each of its\n" +
			"periods, and " + jobparquet.PromisesFile + ", what it promises as reserve in each: the columns of the run's\n" +
			"tables of the same names, with types. The plan is verified first.",
		Flags: f.flags(),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 1)
			if err != nil {
				return err
			}
			if err := f.check(cmd); err != nil {
				return err
			}
			return a.exportJobs(ctx, args[0], &f)
		},
	}
}

func (a *app) exportJobs(ctx context.Context, planArg string, f *exportFlags) error {
	c, plan, _, err := a.verified(f.caseArg, planArg, nil, false)
	if err != nil {
		return err
	}
	rows, err := report.NewJobRows(c.Case, plan)
	if err != nil {
		return err
	}
	if err := writeNew(f.dir, []newFile{
		{jobparquet.JobsFile, func(w io.Writer) error { return jobparquet.WriteJobs(ctx, w, plan, rows) }},
		{jobparquet.PeriodsFile, func(w io.Writer) error { return jobparquet.WritePeriods(ctx, w, plan, rows) }},
		{jobparquet.PromisesFile, func(w io.Writer) error { return jobparquet.WritePromises(ctx, w, plan, rows) }},
	}); err != nil {
		return err
	}
	a.print("Wrote %s (%s), %s and %s.", filepath.Join(f.dir, jobparquet.JobsFile), plural(len(plan.Jobs), "job"), jobparquet.PeriodsFile, jobparquet.PromisesFile)
	return nil
}
