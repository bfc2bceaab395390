package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert/jobtrace"
)

// jobsImport is what the flags of import jobs ask for.
type jobsImport struct {
	preset, mapFile, show string
	dir, caseArg          string
	from, zone            string
	carryOver, pastEnd    string
	options               jobtrace.Options
}

func (a *app) importJobsCommand() *cli.Command {
	var j jobsImport
	presets := strings.Join(jobtrace.Presets(), ", ")
	return &cli.Command{
		Name: "jobs", Usage: "write the jobs of a cluster's trace or a scheduler's export as a table for a case", ArgsUsage: "FILE... -o DIR",
		Description: "Reads traces, plain or .gz, - for standard input. Without -o nothing is written: the trace is\n" +
			"looked through and summed up. docs/convert.md explains mapping files.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`DIR` for " + strings.Join(jobtrace.Files(), ", "), Destination: &j.dir},
			&cli.StringFlag{Name: "preset", Usage: "`NAME` of a known trace: " + presets, Destination: &j.preset},
			&cli.StringFlag{Name: "map", Usage: "`FILE` that says how columns become jobs; on top of a preset when both are given", Destination: &j.mapFile},
			&cli.StringFlag{Name: "show-preset", Usage: "print the mapping file of the preset `NAME` and end", Destination: &j.show},
			&cli.StringFlag{Name: "from", Usage: "`TIME` at which the window begins: hours after the trace's own beginning, or as in 2026-01-15T00:00:00+08:00 (default: the case's start, or the trace's)", Destination: &j.from},
			&cli.FloatFlag{Name: "hours", Usage: "length `H` of the window, which becomes the horizon (default: the case's)", HideDefault: true, Destination: &j.options.Hours},
			&cli.FloatFlag{Name: "step", Usage: "round releases up and deadlines down to periods of `H` hours (default: the case's, if alike)", HideDefault: true, Destination: &j.options.StepH},
			&cli.StringFlag{Name: "zone", Usage: "time `ZONE` of dates without an offset, as in Europe/Berlin (default: the mapping's, or UTC)", Destination: &j.zone},
			&cli.StringFlag{Name: "region", Usage: "region `NAME` of jobs that get none by the mapping", Destination: &j.options.Region},
			&cli.StringFlag{Name: "case", Usage: "`CASE` that the jobs are for: gives the window, and jobs that do not fit it are rejected", Destination: &j.caseArg},
			&cli.StringFlag{Name: "carry-over", Usage: "`WHAT` becomes of jobs that run when the window begins: leave (left out), rest (what is left of them is kept as new work) or running (they go on where rules of the mapping say that they run)", Value: "leave", Destination: &j.carryOver},
			&cli.StringFlag{Name: "past-end", Usage: "`WHAT` becomes of jobs that cannot end within the window: leave (left out) or cut (the work that can be done is kept)", Value: "leave", Destination: &j.pastEnd},
			&cli.BoolFlag{Name: "merge", Usage: "make one class with a count of alike jobs", Destination: &j.options.Merge},
		},
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if j.show != "" {
				return a.showPreset(j.show)
			}
			args, err := arguments(cmd, 1, maxTraces)
			if err != nil {
				return err
			}
			return a.importJobs(ctx, args, &j)
		},
	}
}

// maxTraces is how many files one import takes.
const maxTraces = 10_000

func (a *app) showPreset(name string) error {
	text, err := jobtrace.PresetText(name)
	if err != nil {
		return usage("import jobs: %w", err)
	}
	_, err = a.out.Write(text)
	return err
}

func (a *app) importJobs(ctx context.Context, files []string, j *jobsImport) error {
	var choices []string
	for _, c := range jobtrace.CarryOvers() {
		choices = append(choices, string(c))
	}
	if err := oneOf("carry-over", j.carryOver, choices); err != nil {
		return err
	}
	if err := oneOf("past-end", j.pastEnd, []string{"leave", "cut"}); err != nil {
		return err
	}
	j.options.CarryOver, j.options.CutAtEnd = jobtrace.CarryOver(j.carryOver), j.pastEnd == "cut"
	m, err := j.mapping()
	if err != nil {
		return err
	}
	if err := j.window(m); err != nil {
		return err
	}
	table := jobtrace.JobsFile
	if j.caseArg != "" {
		c, err := a.read(j.caseArg, nil)
		if err != nil {
			return err
		}
		j.options.Case = c.Case
		table = j.table()
	}
	if j.dir != "" && j.options.Hours == 0 && j.options.Case == nil {
		return usage("import jobs: give the length of the window with --hours, or the case with --case")
	}
	traces, err := tracesOf(files)
	if err != nil {
		return err
	}
	var r *jobtrace.Result
	if j.dir == "" {
		r, err = jobtrace.Import(ctx, traces, m, j.options)
	} else {
		r, err = jobtrace.ImportInto(ctx, j.dir, table, traces, m, j.options)
	}
	if err != nil {
		return importError(err)
	}
	a.sayJobs(traces, r, j.options.CarryOver)
	if j.dir == "" {
		a.print("Nothing was written. Choose a window with --from and --hours, and a folder with -o.")
	} else {
		a.print("Wrote %s (%s). To use it, put into a case: jobs: {csv: %s}", filepath.Join(j.dir, jobtrace.JobsFile), plural(len(r.Jobs), "row"), table)
	}
	if n := r.Counts.Rejected; n > 0 {
		listed := "see above"
		if j.dir != "" {
			listed = "each is listed in " + filepath.Join(j.dir, jobtrace.RejectsFile)
		}
		return fail(exitPartial, "%s did not become a job; %s", plural(n, "row"), listed)
	}
	return nil
}

// mapping is the preset, the mapping file, or the file on top of the preset.
func (j *jobsImport) mapping() (*jobtrace.Mapping, error) {
	if j.preset == "" && j.mapFile == "" {
		return nil, usage("import jobs: say what the trace is with --preset (%s) or --map", strings.Join(jobtrace.Presets(), ", "))
	}
	var m *jobtrace.Mapping
	if j.preset != "" {
		var err error
		if m, err = jobtrace.Preset(j.preset); err != nil {
			return nil, usage("import jobs: %w", err)
		}
	}
	if j.mapFile != "" {
		text, err := os.ReadFile(j.mapFile)
		if err != nil {
			return nil, usage("import jobs: read mapping: %w", err)
		}
		own, err := jobtrace.ReadMapping(j.mapFile, text)
		if err != nil {
			return nil, importError(err)
		}
		if m != nil {
			own = own.Over(m)
		}
		m = own
	}
	if j.zone != "" && m.Trace != nil {
		layout := *m.Trace
		layout.Zone = j.zone
		m.Trace = &layout
	}
	return m, nil
}

// window reads the flags of the window.
func (j *jobsImport) window(m *jobtrace.Mapping) error {
	if !(j.options.Hours >= 0) || j.options.Hours > model.MaxPeriods*model.MaxPeriodHours {
		return usage("import jobs: --hours %g is not the length of a horizon", j.options.Hours)
	}
	if !(j.options.StepH >= 0) || j.options.StepH > model.MaxPeriodHours {
		return usage("import jobs: --step %g is not the length of a period", j.options.StepH)
	}
	if j.from == "" {
		return nil
	}
	zone := time.UTC
	if m.Trace != nil && m.Trace.Zone != "" {
		var err error
		if zone, err = time.LoadLocation(m.Trace.Zone); err != nil {
			return usage("import jobs: %q is no time zone", m.Trace.Zone)
		}
	}
	from, err := jobtrace.ParseFrom(j.from, zone)
	if err != nil {
		return usage("import jobs: --from: %w", err)
	}
	j.options.From = from
	return nil
}

// table is the path of the table as the case names it.
func (j *jobsImport) table() string {
	file, err := caseFile(j.caseArg)
	if err != nil {
		return jobtrace.JobsFile
	}
	home, errHome := filepath.Abs(filepath.Dir(file))
	dir, errDir := filepath.Abs(j.dir)
	if errHome != nil || errDir != nil {
		return jobtrace.JobsFile
	}
	path, err := filepath.Rel(home, filepath.Join(dir, jobtrace.JobsFile))
	if err != nil || !filepath.IsLocal(path) {
		return jobtrace.JobsFile // to be moved beside the case
	}
	return filepath.ToSlash(path)
}

// tracesOf checks that the files are there.
func tracesOf(files []string) ([]jobtrace.Trace, error) {
	var out []jobtrace.Trace
	for _, file := range files {
		if file == "-" {
			out = append(out, jobtrace.Trace{Name: "standard input", Open: func() (io.ReadCloser, error) { return io.NopCloser(os.Stdin), nil }})
			continue
		}
		if info, err := os.Stat(file); err != nil {
			return nil, usage("no such file: %s%s", file, beside(file))
		} else if info.IsDir() {
			return nil, usage("%s is a folder; name a file", file)
		}
		out = append(out, jobtrace.Trace{Name: file, Open: func() (io.ReadCloser, error) { return os.Open(file) }})
	}
	return out, nil
}

// importError gives an error of an import its exit code.
func importError(err error) error {
	var findings model.Findings
	switch {
	case errors.Is(err, os.ErrExist):
		return usage("%w; give another folder, or remove it", err)
	case errors.Is(err, context.Canceled):
		return fail(exitInterrupted, "interrupted; nothing was written")
	case errors.As(err, &findings):
		lines := []string{fmt.Sprintf("the jobs cannot be imported: %s", plural(len(findings), "finding"))}
		for _, f := range findings {
			lines = append(lines, printable(f.String()))
		}
		return &failure{code: exitInvalid, err: errors.New(strings.Join(lines, "\n  "))}
	}
	return err
}

// sayJobs says what became of the rows.
func (a *app) sayJobs(traces []jobtrace.Trace, r *jobtrace.Result, kept jobtrace.CarryOver) {
	var b bytes.Buffer
	var files []string
	for _, t := range traces {
		files = append(files, printable(t.Name))
	}
	c := &r.Counts
	line := func(n int, what string) {
		if n > 0 {
			fmt.Fprintf(&b, "%12s  %s\n", grouped(float64(n), 0), what)
		}
	}
	fmt.Fprintf(&b, "Read %s from %s.\n", plural(c.Rows, "row"), strings.Join(files, ", "))
	whole := r.Hours == 0
	if whole {
		fmt.Fprintf(&b, "%12s  jobs, %s unit-hours of work\n", grouped(float64(c.Jobs), 0), grouped(c.WorkUnitH, 0))
		if !r.FirstRelease.IsZero() {
			fmt.Fprintf(&b, "%12s  released from %s to %s\n", "", r.FirstRelease.Format(time.RFC3339), r.LastRelease.Format(time.RFC3339))
		} else if r.LastReleaseH >= r.FirstReleaseH {
			fmt.Fprintf(&b, "%12s  released from hour %.6g to hour %.6g of the trace\n", "", r.FirstReleaseH, r.LastReleaseH)
		}
	} else {
		fmt.Fprintf(&b, "%12s  jobs in the window of %g h from %s, %s unit-hours of work\n", grouped(float64(c.Jobs), 0), r.Hours, beginning(r.From), grouped(c.WorkUnitH, 0))
	}
	line(c.Waiting, "of them released before the window and not started then: released at its beginning")
	line(c.Cut, "of them cut: the window ends before they can")
	line(c.LaterDeadline, "of them with a later deadline than the slack gives, the first by which they can end")
	line(c.DeadlinePastEnd, "of them with a deadline past the window's end: left out, so that it is the end")
	line(c.Preceded, "of them after another job among these")
	line(c.AfterDone, "of them after a job that is not among these: it counts as done")
	line(c.Renamed, "of them with a number added to a name that was there already")
	line(c.Before, "ended before the window")
	line(c.After, "released after the window")
	line(c.Running, carryOver(kept))
	line(c.PastEnd, "cannot end within the window: left to a later plan")
	for _, reason := range r.LeftOut() {
		line(reason.Rows, "left out: "+reason.Reason)
	}
	line(c.Rejected, "rejected:")
	for _, x := range r.Rejects() {
		what := x.Reason
		if x.Column != "" {
			what = x.Column + " " + what
		}
		fmt.Fprintf(&b, "%16s  %s\n", grouped(float64(x.Rows), 0), printable(what))
		for _, f := range x.First {
			fmt.Fprintf(&b, "%18s%s:%d: %s\n", "", printable(f.File), f.Line, printable(strconv.Quote(jobtrace.Clip(f.Text))))
		}
	}
	switch {
	case c.Jobs > 0:
	case c.Rejected > 0:
		b.WriteString("No row became a job. Is it the right preset or mapping, and does the case fit?\n")
	case !whole:
		b.WriteString("No row became a job. Without --from, --case and -o the trace is summed up: it says when its jobs are released.\n")
	}
	a.print("%s", strings.TrimSuffix(b.String(), "\n"))
}

// carryOver says what became of jobs that ran when the window began.
func carryOver(kept jobtrace.CarryOver) string {
	const ran = "ran when the window began (carry-over): "
	switch kept {
	case jobtrace.Rest:
		return ran + "what is left of them is released at its beginning"
	case jobtrace.GoOn:
		return ran + "they go on in their pools"
	}
	return ran + "left out; keep what is left of them with --carry-over rest"
}

// beginning says where a window begins.
func beginning(from jobtrace.From) string {
	if from.At.IsZero() {
		return fmt.Sprintf("hour %g of the trace", from.Hours)
	}
	return from.At.Format(time.RFC3339)
}
