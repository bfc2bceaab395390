package main

import (
	"context"
	"errors"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
)

// replay calls the reserve of a plan's jobs at random and tells what became of them.
// A job that does not do its work, or a limit that does not hold, is an error.
func (a *app) replay(ctx context.Context, c *model.Case, plan *model.Plan, runs int, seed uint64) error {
	r, err := verify.Replay(ctx, c, plan, verify.ReplayOptions{Runs: runs, Seed: seed})
	if errors.Is(err, context.Canceled) {
		return fail(exitInterrupted, "interrupted after %d of %d runs", r.Runs, runs)
	}
	if err != nil {
		return err
	}
	if a.result != nil {
		a.result.Replay = r
	}
	switch {
	case r.Jobs == 0:
		a.print("Replay: no job provides reserve, so there is nothing to call")
	case r.OK():
		a.print("Replay: %s of %s with %s in all, %s MWh up and %s MWh down: every job does its work, and every limit holds",
			plural(r.Runs, "run"), plural(r.Jobs, "job"), plural(r.Calls, "call"), grouped(r.UpMWh, 1), grouped(r.DownMWh, 1))
	default:
		a.tellViolations(plan, &verify.Report{Violations: r.Violations, Omitted: r.Omitted})
		return fail(exitUnverified, "the plan does not stand %s of its reserve", plural(r.Calls, "call"))
	}
	return nil
}
