package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/compare"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

func (a *app) compareCommand() *cli.Command {
	f := new(solveFlags)
	return &cli.Command{
		Name: "compare", Usage: "plan a case with and without moving work, and show what that is worth", ArgsUsage: "CASE",
		Description: "Plans the case as it is, with work that may not wait, may not leave home, or neither, and with\n" +
			"wires that help no further; docs/compare.md defines each. Limits are of each search. With -o a\n" +
			"folder is written with page, table and JSON. Ctrl-C ends the search in hand with its best plan,\n" +
			"and the comparison with it.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "new `FOLDER` for the comparison (default: none is written)", Destination: &f.dir},
		}, append(f.searchFlags(), setFlag(&f.set), a.jsonFlag())...),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 1)
			if err != nil {
				return err
			}
			return a.compare(ctx, args[0], f)
		},
	}
}

func (a *app) compare(ctx context.Context, arg string, f *solveFlags) error {
	if err := f.engine.check(); err != nil {
		return err
	}
	if f.dir != "" {
		f.dir = filepath.Clean(f.dir)
		if err := checkNew(f.dir); err != nil {
			return err
		}
	}
	c, err := a.read(arg, f.set)
	if err != nil {
		return err
	}
	options, err := a.options(f)
	if err != nil {
		return err
	}
	found, err := a.runComparison(ctx, c.Case, options)
	if err != nil {
		return err
	}
	if a.result != nil {
		a.result.Comparison, a.result.Status = found, opt.Optimal.String()
	}
	if err := compare.Text(a.reader(), found); err != nil {
		return err
	}
	if f.dir != "" {
		if err := writeComparison(f.dir, found); err != nil {
			return err
		}
		page := filepath.Join(f.dir, comparisonPage)
		if a.result != nil {
			a.result.Report = &page
		}
		a.print("Page      %s", page)
	}
	return comparisonError(found)
}

// checkNew refuses a folder that is there, and finds out whether it can be made.
func checkNew(dir string) error {
	if _, err := os.Lstat(dir); err == nil {
		return usage("%s exists and is left as it is; give another folder", dir)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return usage("%w", err)
	}
	return probe(dir)
}

// runComparison plans the variants and shows the progress of each.
func (a *app) runComparison(ctx context.Context, c *model.Case, options opt.Options) (*compare.Comparison, error) {
	var shown *progress
	options.OnProgress = func(p opt.Progress) { shown.update(p) }
	stop := func() {
		if shown != nil {
			shown.stop()
			shown = nil
		}
	}
	defer stop()
	return compare.Run(ctx, c, compare.Options{
		Solve: options,
		OnBegin: func(v compare.Variant) {
			a.say("Planning: %s", v)
			shown = startProgress(a.err, a.live, c.Currency)
		},
		OnEnd: func(r *compare.Row) {
			stop()
			switch {
			case r.Error != "":
				a.say("  %s", printable(r.Error))
			case r.SameAs != "":
				a.say("  the same case as %s", r.SameAs)
			default:
				a.say("  %s, cost %s, %.1f s", r.Status, money(r.Figures.Cost), r.Seconds)
			}
		},
	})
}

// Files of a comparison.
const (
	comparisonPage  = "compare.html"
	comparisonTable = "compare.csv"
	comparisonJSON  = "compare.json"
)

// writeComparison writes page, table and JSON into a new folder, whole or not at all.
func writeComparison(dir string, c *compare.Comparison) error {
	return writeNew(dir, []newFile{
		{comparisonPage, func(w io.Writer) error { return compare.HTML(w, c) }},
		{comparisonTable, func(w io.Writer) error { return compare.CSV(w, c) }},
		{comparisonJSON, func(w io.Writer) error { return writeJSON(w, c) }},
	})
}

// comparisonError is the end of the first variant that did not end within the gap,
// but one without a plan goes before one with.
func comparisonError(c *compare.Comparison) error {
	var first error
	for i := range c.Rows {
		r := &c.Rows[i]
		var ended error
		switch {
		case r.SameAs != "":
			continue
		case r.Outcome != nil:
			if ended = outcomeError(r.Outcome); ended == nil && r.Err != nil {
				ended = fail(exitUnverified, "%s: %w", r.Variant, r.Err)
			} else if ended != nil {
				ended = fail(codeOf(ended), "%s: %w", r.Variant, ended)
			}
		case r.Err != nil:
			ended = fail(exitNoPlan, "%s: %w", r.Variant, r.Err)
		}
		if ended != nil && (first == nil || r.Plan == nil && codeOf(first) == exitLimit) {
			first = ended
		}
	}
	return first
}
