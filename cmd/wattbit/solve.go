package main

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/opt"
)

// solveFlags are the flags that say how to solve.
type solveFlags struct {
	dir           string
	gap           float64
	timeLimit     time.Duration
	workLimit     int64
	threads, seed int64
	method        opt.Method
	engine        engineChoice
	set           []string
}

func (f *solveFlags) flags() []cli.Flag {
	return append([]cli.Flag{
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`FOLDER` of the run (default: runs/NAME of the case)", Destination: &f.dir},
	}, f.searchFlags()...)
}

// searchFlags are those of the search and its engine.
func (f *solveFlags) searchFlags() []cli.Flag {
	return append([]cli.Flag{
		&cli.GenericFlag{Name: "gap", Value: value[float64]{&f.gap, gap}, Usage: "relative `GAP` at which to stop, as in 1e-4 or 0.01% (default: 1e-4)"},
		&cli.GenericFlag{Name: "time-limit", Value: value[time.Duration]{&f.timeLimit, seconds}, Usage: "`LIMIT` of the search by the clock, as in 60, 90s or 5m (default: none)"},
		&cli.GenericFlag{Name: "work-limit", Value: value[int64]{&f.workLimit, whole(1)}, Usage: "limit of the search in `NODES`, repeatable on any machine (default: none)"},
		methodFlag(&f.method),
		&cli.GenericFlag{Name: "threads", Value: value[int64]{&f.threads, whole(1)}, Usage: "`NUMBER` of threads of the engine (default: 1)"},
		&cli.GenericFlag{Name: "seed", Value: value[int64]{&f.seed, whole(0)}, Usage: "`SEED` of the engine (default: 0)"},
	}, f.engine.flags()...)
}

func methodFlag(m *opt.Method) cli.Flag {
	return &cli.GenericFlag{Name: "method", Value: value[opt.Method]{m, opt.ParseMethod}, Usage: "`METHOD` of the search: auto, monolith, decomposition or placement (default: auto)"}
}

// options opens the engine and returns the options of the solve.
func (a *app) options(f *solveFlags) (opt.Options, error) {
	engine, err := a.openEngine(f.engine)
	if err != nil {
		return opt.Options{}, err
	}
	o := opt.Options{
		Engine: engine, Gap: f.gap, TimeLimit: f.timeLimit, WorkLimit: f.workLimit,
		Threads: int(f.threads), Seed: int(f.seed), Method: f.method,
	}
	if o.Gap == 0 {
		o.Gap = opt.DefaultGap
	}
	return o, nil
}

func (a *app) solveCommand() *cli.Command {
	f := new(solveFlags)
	return &cli.Command{
		Name: "solve", Usage: "find and verify the cheapest plan of a case", ArgsUsage: "CASE",
		Description: "CASE is a YAML or JSON file, or a folder with a case.yaml. The run folder holds plan.json,\n" +
			"tables as CSV, report.html, run.json and case.yaml. Ctrl-C ends the search with the best\n" +
			"verified plan so far; a second one ends at once.",
		Flags: append(f.flags(), setFlag(&f.set), a.jsonFlag()),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 1)
			if err != nil {
				return err
			}
			return a.solve(ctx, args[0], f)
		},
	}
}

func (a *app) solve(ctx context.Context, arg string, f *solveFlags) error {
	began := time.Now()
	if err := f.engine.check(); err != nil {
		return err
	}
	c, err := a.read(arg, f.set)
	if err != nil {
		return err
	}
	folder, err := runFolder(f.dir, c.Name)
	if err != nil {
		return err
	}
	options, err := a.options(f)
	if err != nil {
		return err
	}
	options.Validated = true
	return a.plan(ctx, &run{c: c, set: f.set, options: options, folder: folder, began: began})
}
