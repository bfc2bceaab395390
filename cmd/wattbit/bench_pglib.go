package main

import (
	"context"
	"fmt"
	"runtime"

	"github.com/urfave/cli/v3"
)

func (a *app) benchPglibCommand() *cli.Command {
	b := newCaseBench()
	var file string
	var again bool
	return &cli.Command{
		Name: "pglib", Usage: "measure public unit commitment instances, each in a process of its own", ArgsUsage: "FILES|DIR",
		Description: "Solves every .json and .json.gz file of the folders, and the files named, and prints a line for\n" +
			"each and the medians of each family. A best-known.csv beside the families is compared with.\n" +
			"Lines in the --json file of the same case, file and options are not measured again.",
		Flags: append([]cli.Flag{
			&cli.StringFlag{Name: "json", Usage: "append one JSON object a case to `FILE`, and go on where it ends", Destination: &file},
			&cli.BoolFlag{Name: "again", Usage: "measure what is in the --json file once more", Destination: &again},
		}, b.flags()...),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 10_000)
			if err != nil {
				return err
			}
			cases, err := benchCases(args)
			if err != nil {
				return err
			}
			lines, err := a.benchCases(ctx, b, cases, file, again)
			if err != nil {
				return err
			}
			a.print("")
			for _, row := range medians(lines) {
				a.print("%s", row)
			}
			return contradictions(cases, lines)
		},
	}
}

// benchCases measures the cases and prints the table. Cases of which the file has
// a line with the same options are not measured again, unless again is set.
func (a *app) benchCases(ctx context.Context, b *caseBench, cases []benchCase, file string, again bool) ([]*caseLine, error) {
	record := &lineFile{}
	if file != "" {
		var err error
		if record, err = openLines(file); err != nil {
			return nil, err
		}
	}
	end, err := b.begin(ctx, a)
	if err != nil {
		return nil, err
	}
	defer end()
	a.sayWhere(b)
	a.print("%s", caseHead())
	var lines []*caseLine
	for i, c := range cases {
		l := record.find(c, b.options)
		if l == nil || again {
			l, err = b.measure(ctx, c)
			if ctx.Err() != nil {
				return nil, fail(exitInterrupted, "interrupted after %d of %d cases", i, len(cases))
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.id, err)
			}
			if err := record.add(l); err != nil {
				return nil, err
			}
		}
		lines = append(lines, l)
		a.print("%s", l.row(c.known))
		if l.Error != "" {
			a.say("%s: %s", c.id, printable(l.Error))
		}
	}
	return lines, nil
}

// contradictions is an error when a line contradicts itself or what is known.
func contradictions(cases []benchCase, lines []*caseLine) error {
	wrong := 0
	for i, l := range lines {
		if len(l.faults(cases[i].known)) > 0 {
			wrong++
		}
	}
	if wrong > 0 {
		return fail(exitInternal, "%s of %d cannot be right", plural(wrong, "line"), len(lines))
	}
	return nil
}

// sayWhere prints machine, program and options above a table.
func (a *app) sayWhere(b *caseBench) {
	a.print("%s; wattbit %s, %s", b.machine, thisBuild().Version, runtime.Version())
	if load := loadAverage(); load != "" {
		a.print("Load average before: %s (the measurement wants a quiet machine)", load)
	}
	a.print("Gap %g, time limit %s, %s, seed %d", b.options.Gap, b.timeLimit, plural(int(b.options.Threads), "thread"), b.options.Seed)
}
