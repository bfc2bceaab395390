package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/examples"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver/highs"
	"github.com/wattbit/wattbit/solver/highs/install"
)

// demoLimit ends the demo's search on a slow machine; what it has then is shown.
const demoLimit = 60 * time.Second

// demoDays are the days of examples/eight-hubs.
func demoDays() []string { return []string{"summer", "winter", "highwind", "highwind-2030"} }

func (a *app) demoCommand() *cli.Command {
	f := &solveFlags{}
	day := demoDays()[0]
	flags := f.flags()
	return &cli.Command{
		Name: "demo", Usage: "plan a day of eight computing hubs and their grids",
		Description: "Installs the engine where it is missing, plans the example eight-hubs, verifies the plan and\n" +
			"writes a run folder with a report. Without --time-limit the search ends after 60 s, and its plan counts as done.",
		Flags: append(flags,
			&cli.StringFlag{Name: "day", Usage: "`DAY` to plan: " + strings.Join(demoDays(), ", "), Value: day, Destination: &day},
			setFlag(&f.set), a.jsonFlag()),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if _, err := arguments(cmd, 0, 0); err != nil {
				return err
			}
			return a.demo(ctx, day, f)
		},
	}
}

func (a *app) demo(ctx context.Context, day string, f *solveFlags) error {
	began := time.Now()
	if err := oneOf("day", day, demoDays()); err != nil {
		return err
	}
	if err := f.engine.check(); err != nil {
		return err
	}
	ownLimit := f.timeLimit == 0
	if ownLimit {
		f.timeLimit = demoLimit
	}
	name := "eight-hubs/" + day + ".yaml"
	c, err := a.readFrom("examples/"+name, func() (*model.Case, *model.ReadReport, error) {
		return model.ReadCase(examples.FS, name, model.ReadOptions{Set: f.set})
	})
	if err != nil {
		return err
	}
	folder, err := runFolder(f.dir, c.Name)
	if err != nil {
		return err
	}
	if err := a.installIfMissing(ctx, f.engine); err != nil {
		return err
	}
	options, err := a.options(f)
	if err != nil {
		return err
	}
	a.say("Planning %s with %s %s. %s", c.Name, options.Engine.Name(), options.Engine.Version(), printable(c.Description))
	err = a.plan(ctx, &run{c: c, set: f.set, options: options, folder: folder, began: began})
	if ownLimit && codeOf(err) == exitLimit {
		// The demo is to show a plan, and has one.
		a.say("The search ended after %s; the plan is the best one so far.", options.TimeLimit)
		return nil
	}
	return err
}

// installIfMissing installs HiGHS when it was looked for in all the usual places
// and is in none.
func (a *app) installIfMissing(ctx context.Context, e engineChoice) error {
	if e.name != "highs" || e.path != "" {
		return nil
	}
	_, err := a.open(e.name, e.path)
	var missing *highs.NotFoundError
	if !errors.As(err, &missing) {
		return nil
	}
	a.say("The engine HiGHS is not installed; installing it into your cache folder.")
	if _, err := install.Install(ctx, install.Options{Talk: a.err}); err != nil {
		return err
	}
	return nil
}

// oneOf refuses a value that is none of those known.
func oneOf(flag, given string, known []string) error {
	for _, k := range known {
		if k == given {
			return nil
		}
	}
	if n := nearest(given, known); n != "" {
		return usage("--%s: no %q; did you mean %s?", flag, given, n)
	}
	return usage("--%s: no %q; there are %s", flag, given, strings.Join(known, ", "))
}
