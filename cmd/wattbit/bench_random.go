package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/internal/crosscheck"
)

// benchRandom is what "bench random --json" prints.
type benchRandom struct {
	FirstSeed uint64   `json:"first_seed"`
	Engines   []string `json:"engines"`
	*crosscheck.Summary
	Seconds float64 `json:"seconds"`
}

// randomLine is a line of its log: a case, and what it was solved with.
type randomLine struct {
	Engines []string `json:"engines"`
	Forms   int      `json:"forms"`
	crosscheck.Result
}

func (a *app) benchRandomCommand() *cli.Command {
	var cases, workers, forms int
	var first uint64
	var asJSON bool
	var log string
	return &cli.Command{
		Name: "random", Usage: "solve random joint cases with every engine, formulation and method, and compare",
		Description: "Each case is solved by every engine, by the default one in some of the other formulations, by\n" +
			"decomposition, and, if it has jobs, by placement. All must agree within a millionth, each with a\n" +
			"plan that passes the verifier; placement must have one too, and enclose the optimum.\n" +
			"Lines in the --log file of the same seed and engines are not solved again, unless they disagree.",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "cases", Usage: "`NUMBER` of cases", Value: 2_000, Destination: &cases},
			&cli.Uint64Flag{Name: "seed", Usage: "`SEED` of the first case; the others follow", Destination: &first},
			&cli.IntFlag{Name: "formulations", Usage: "`NUMBER` of other formulations of each case, by turns; 0 for all", Value: 1, Destination: &forms},
			&cli.IntFlag{Name: "workers", Usage: "`NUMBER` of cases at once", Value: runtime.NumCPU(), Destination: &workers},
			&cli.StringFlag{Name: "log", Usage: "append one JSON object a case to `FILE`, and go on where it ends", Destination: &log},
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object on standard output", Destination: &asJSON},
		},
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if _, err := arguments(cmd, 0, 0); err != nil {
				return err
			}
			if cases < 1 || workers < 1 || forms < 0 {
				return usage("bench random: --cases and --workers are at least 1, --formulations at least 0")
			}
			list, names, err := a.allEngines()
			if err != nil {
				return err
			}
			o := crosscheck.Options{First: first, Cases: cases, Engines: list, Forms: forms, Workers: workers}
			if log != "" {
				lines, err := readLines[randomLine](log)
				if err != nil {
					return err
				}
				for _, l := range lines {
					if slices.Equal(l.Engines, names) && l.Forms == forms && len(l.Problems) == 0 && l.Seed >= first && l.Seed-first < uint64(cases) {
						o.Known = append(o.Known, l.Result)
					}
				}
			}
			began, done := time.Now(), len(o.Known)
			var lost error
			o.OnResult = func(r crosscheck.Result) {
				done++
				for _, p := range r.Problems {
					a.say("seed %d: %s", r.Seed, p)
				}
				if done%100 == 0 {
					a.say("%d of %d cases, %.0f s", done, cases, time.Since(began).Seconds())
				}
				if log != "" {
					lost = errors.Join(lost, appendLine(log, randomLine{names, forms, r}))
				}
			}
			s, err := crosscheck.Run(ctx, o)
			if err != nil {
				return fail(exitInterrupted, "interrupted after %d of %d cases", done, cases)
			}
			if lost != nil {
				return lost
			}
			seconds := time.Since(began).Seconds()
			if asJSON {
				if err := writeJSON(a.out, benchRandom{first, names, s, seconds}); err != nil {
					return fmt.Errorf("write the result: %w", err)
				}
			} else {
				a.print("%s with jobs placed: %d of them at the optimum, %.2g %% beyond it in the mean, %.2g %% at most",
					plural(s.Placed, "case"), s.PlacedBest, 100*s.PlacedMean, 100*s.PlacedMost)
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
