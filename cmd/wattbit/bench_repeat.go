package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// benchRepeatCommand solves a case again and again under a limit of work, which must
// give the same bytes however many processors Go uses.
func (a *app) benchRepeatCommand() *cli.Command {
	f := new(solveFlags)
	var times int
	procs := []int{1, 2, 4}
	return &cli.Command{
		Name: "repeat", Usage: "solve a case many times under a work limit, and compare the plans byte for byte", ArgsUsage: "CASE",
		Description: "Solves CASE --times times for each number of processors, GOMAXPROCS, and compares the\n" +
			"encoded plans. Under a --work-limit all must be the same; a time limit would not be repeatable.",
		Flags: append(f.searchFlags(), setFlag(&f.set),
			&cli.IntFlag{Name: "times", Usage: "`NUMBER` of solves with each number of processors", Value: 20, Destination: &times},
			&cli.GenericFlag{Name: "procs", Value: value[[]int]{&procs, wholes}, Usage: "`NUMBERS` of processors, as in 1,2,4 (default: 1,2,4)"},
		),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 1)
			if err != nil {
				return err
			}
			if f.workLimit == 0 || f.timeLimit > 0 || times < 1 {
				return usage("bench repeat: needs a --work-limit and no --time-limit, and --times at least 1")
			}
			c, err := a.read(args[0], f.set)
			if err != nil {
				return err
			}
			o, err := a.options(f)
			if err != nil {
				return err
			}
			return a.repeat(ctx, c.Case, o, times, procs)
		},
	}
}

// wholes reads a list of numbers above 0.
func wholes(text string) ([]int, error) {
	var list []int
	for _, part := range strings.Split(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 1 {
			return nil, errors.New("wants whole numbers above 0, as in 1,2,4")
		}
		list = append(list, n)
	}
	return list, nil
}

func (a *app) repeat(ctx context.Context, c *model.Case, o opt.Options, times int, procs []int) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	first, solves, other := "", 0, 0
	for _, n := range procs {
		runtime.GOMAXPROCS(n)
		for range times {
			began := time.Now()
			out, err := opt.Solve(ctx, c, o)
			switch {
			case ctx.Err() != nil:
				return fail(exitInterrupted, "interrupted after %s", plural(solves, "solve"))
			case err != nil:
				return err
			case out.Plan == nil:
				return fail(exitInternal, "GOMAXPROCS %d: ended as %s without a plan", n, out.Status)
			}
			var text bytes.Buffer
			if err := model.EncodePlan(&text, out.Plan); err != nil {
				return fmt.Errorf("encode the plan: %w", err)
			}
			digest := fmt.Sprintf("%x", sha256.Sum256(text.Bytes()))
			solves++
			if first == "" {
				first = digest
			}
			verdict := "same"
			if digest != first {
				verdict = "different"
				other++
			}
			a.print("GOMAXPROCS %d  %s  %s  cost %.12g  plan %.16s  %s  %.1f s", n, out.Method, out.Status, out.Plan.Objective, digest, verdict, time.Since(began).Seconds())
		}
	}
	if other > 0 {
		return fail(exitInternal, "%s of %d give another plan than the first", plural(other, "solve"), solves)
	}
	a.print("%s, one plan", plural(solves, "solve"))
	return nil
}
