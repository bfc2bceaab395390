package main

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/engines"
	"github.com/wattbit/wattbit/solver/highs/install"
)

func (a *app) engineCommand() *cli.Command {
	return &cli.Command{
		Name: "engine", Usage: "list, install or check the engines that solve",
		Commands: []*cli.Command{a.engineListCommand(), a.engineInstallCommand(), a.engineCheckCommand()},
		Action:   func(_ context.Context, cmd *cli.Command) error { return noVerb(cmd) },
	}
}

// engineLine is an engine as --json prints it.
type engineLine struct {
	Name        string  `json:"name"`
	Description string  `json:"description"`
	Available   bool    `json:"available"`
	Version     *string `json:"version"`
	Path        *string `json:"path"`
	Problem     *string `json:"problem"`
	remedy      string
}

func (a *app) engineListCommand() *cli.Command {
	var asJSON bool
	return &cli.Command{
		Name: "list", Usage: "list the engines, which are here and where",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print a JSON array", Destination: &asJSON}},
		Action: func(_ context.Context, cmd *cli.Command) error {
			if _, err := arguments(cmd, 0, 0); err != nil {
				return err
			}
			lines := []engineLine{}
			for _, e := range engines.List() {
				line := engineLine{Name: e.Name, Description: e.Description, Available: e.Available}
				if e.Available {
					line.Version, line.Path = &e.Version, &e.Path
				} else {
					line.Problem = ptr(e.Problem.Error())
					line.remedy = (&engineChoice{name: e.Name}).remedy(e.Problem)
				}
				lines = append(lines, line)
			}
			if asJSON {
				return writeJSON(a.out, lines)
			}
			for _, l := range lines {
				a.print("%-8s %s", l.Name, l.Description)
				if l.Available {
					a.print("         %s, %s", *l.Version, *l.Path)
				} else {
					a.print("         not available: %s", strings.ReplaceAll(*l.Problem, "\n", "\n         "))
				}
				if l.remedy != "" {
					a.print("         %s", l.remedy)
				}
			}
			return nil
		},
	}
}

func (a *app) engineInstallCommand() *cli.Command {
	var wheel string
	return &cli.Command{
		Name: "install", Usage: "put the HiGHS library into your cache folder, if it is not there",
		Description: "Downloads the wheel of the Python package highsbox with pip or uv, checks its pinned digest and\n" +
			"keeps the library only. With --wheel FILE nothing is downloaded.",
		Flags: []cli.Flag{&cli.StringFlag{Name: "wheel", Usage: "wheel `FILE` of highsbox that is already here", Destination: &wheel}},
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if _, err := arguments(cmd, 0, 0); err != nil {
				return err
			}
			path, err := install.Install(ctx, install.Options{Wheel: wheel, Talk: a.err})
			if err != nil {
				return err
			}
			// What was installed must also load here.
			return a.checkEngine(ctx, engineChoice{engines.Default, path})
		},
	}
}

func (a *app) engineCheckCommand() *cli.Command {
	e := new(engineChoice)
	return &cli.Command{
		Name: "check", Usage: "load an engine and solve a small program with it",
		Flags: e.flags(),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if _, err := arguments(cmd, 0, 0); err != nil {
				return err
			}
			if err := e.check(); err != nil {
				return err
			}
			return a.checkEngine(ctx, *e)
		},
	}
}

// checkLimit ends a check that hangs.
const checkLimit = 30 * time.Second

// checkEngine has the engine solve a knapsack whose relaxation is fractional:
// the most of 5x + 4y + 3z with 2x + 3y + z <= 5, 4x + y + 2z <= 11 and
// 3x + 4y + 2z <= 8 over whole numbers is 13, at x = 2, y = 0, z = 1.
func (a *app) checkEngine(ctx context.Context, e engineChoice) error {
	s, err := a.openEngine(e)
	if err != nil {
		return err
	}
	b := &solver.Builder{}
	rows := []solver.Row{b.Row(math.Inf(-1), 5), b.Row(math.Inf(-1), 11), b.Row(math.Inf(-1), 8)}
	for _, col := range []struct {
		gain  float64
		terms [3]float64
	}{{5, [3]float64{2, 4, 3}}, {4, [3]float64{3, 1, 4}}, {3, [3]float64{1, 2, 2}}} {
		j := b.Col(0, 10, -col.gain, solver.Integer)
		for i, v := range col.terms {
			b.Add(rows[i], j, v)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	began := time.Now()
	res, err := s.Solve(ctx, b.Build(), solver.Options{})
	switch {
	case err != nil:
		return fail(exitInternal, "the engine %s %s does not solve: %w", s.Name(), s.Version(), err)
	case res.Status != solver.Optimal || math.Abs(res.Objective+13) > 1e-6:
		return fail(exitInternal, "the engine %s %s is wrong: a program with the optimum -13 ended %s with %g",
			s.Name(), s.Version(), res.Status, res.Objective)
	}
	a.print("%s %s works: %s", s.Name(), s.Version(), enginePath(s))
	a.log.Debug("checked engine", "seconds", time.Since(began).Seconds())
	return nil
}
