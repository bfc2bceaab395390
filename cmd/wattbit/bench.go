package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/internal/crosscheck"
	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/engines"
)

func (a *app) benchCommand() *cli.Command {
	return &cli.Command{
		Name: "bench", Usage: "measure and compare",
		Commands: []*cli.Command{a.benchRandomCommand(), a.benchHubsCommand(), a.benchPglibCommand(), a.benchGrowthCommand(), a.benchJobsCommand()},
		Action:   func(_ context.Context, cmd *cli.Command) error { return noVerb(cmd) },
	}
}

// benchRandom is what "bench random --json" prints.
type benchRandom struct {
	FirstSeed uint64   `json:"first_seed"`
	Engines   []string `json:"engines"`
	*crosscheck.Summary
	Seconds float64 `json:"seconds"`
}

func (a *app) benchRandomCommand() *cli.Command {
	var cases, workers int
	var first uint64
	var asJSON bool
	return &cli.Command{
		Name: "random", Usage: "solve random joint cases with every engine and formulation, and compare",
		Description: "Each case is solved by every engine, and by the default one in every other formulation. All\n" +
			"must agree within a millionth, each with a plan that passes the verifier.",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "cases", Usage: "`NUMBER` of cases", Value: 2_000, Destination: &cases},
			&cli.Uint64Flag{Name: "seed", Usage: "`SEED` of the first case; the others follow", Destination: &first},
			&cli.IntFlag{Name: "workers", Usage: "`NUMBER` of cases at once", Value: runtime.NumCPU(), Destination: &workers},
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object on standard output", Destination: &asJSON},
		},
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if _, err := arguments(cmd, 0, 0); err != nil {
				return err
			}
			if cases < 1 || workers < 1 {
				return usage("bench random: --cases and --workers are at least 1")
			}
			list, names, err := a.allEngines()
			if err != nil {
				return err
			}
			began, done := time.Now(), 0
			s, err := crosscheck.Run(ctx, crosscheck.Options{
				First: first, Cases: cases, Engines: list, Workers: workers,
				OnResult: func(r crosscheck.Result) {
					done++
					for _, p := range r.Problems {
						a.say("seed %d: %s", r.Seed, p)
					}
					if done%100 == 0 {
						a.say("%d of %d cases, %.0f s", done, cases, time.Since(began).Seconds())
					}
				},
			})
			if err != nil {
				return fail(exitInterrupted, "interrupted after %d of %d cases", done, cases)
			}
			seconds := time.Since(began).Seconds()
			if asJSON {
				if err := writeJSON(a.out, benchRandom{first, names, s, seconds}); err != nil {
					return fmt.Errorf("write the result: %w", err)
				}
			} else {
				a.print("%s from seed %d by %s: %d optimal, %d infeasible, %d in disagreement; %s in %.0f s",
					plural(s.Cases, "case"), first, strings.Join(names, " and "), s.Optimal, s.Infeasible, len(s.Bad), plural(s.Solves, "solve"), seconds)
			}
			if n := len(s.Bad); n > 0 {
				return fail(exitInternal, "%s of %d in disagreement", plural(n, "case"), s.Cases)
			}
			return nil
		},
	}
}

// allEngines opens every engine, the default first.
func (a *app) allEngines() (list []solver.Solver, names []string, err error) {
	for _, name := range engines.Names() {
		e, err := a.openEngine(engineChoice{name: name})
		if err != nil {
			return nil, nil, err
		}
		list = append(list, e)
		names = append(names, e.Name()+" "+e.Version())
	}
	return list, names, nil
}
