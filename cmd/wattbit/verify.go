package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
)

func (a *app) verifyCommand() *cli.Command {
	var set []string
	var replays, seed int
	return &cli.Command{
		Name: "verify", Usage: "check a plan against every limit of its case", ArgsUsage: "[CASE] PLAN",
		Description: "PLAN is a plan.json or a run folder. Without CASE it is checked against the copy of the case in\n" +
			"the run folder. Everything is recomputed from case and plan by arithmetic; no engine is needed.",
		Flags: []cli.Flag{
			setFlag(&set),
			&cli.IntFlag{Name: "replay", Usage: "call the reserve of jobs at random, `NUMBER` times over the horizon", Destination: &replays},
			&cli.IntFlag{Name: "seed", Usage: "`NUMBER` that the calls follow from", Value: 1, Destination: &seed},
			a.jsonFlag(),
		},
		Action: func(ctx context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 2)
			if err != nil {
				return err
			}
			caseArg := ""
			if len(args) == 2 {
				caseArg = args[0]
			}
			if replays < 0 || seed < 0 {
				return usage("--replay and --seed are 0 or more")
			}
			c, plan, _, err := a.verified(caseArg, args[len(args)-1], set, true)
			if err != nil || replays == 0 {
				return err
			}
			return a.replay(ctx, c.Case, plan, replays, uint64(seed))
		},
	}
}

// planPath returns the plan behind a PLAN argument, itself or the plan.json in
// the run folder that it names, and that folder.
func planPath(arg string) (file, dir string, err error) {
	info, err := os.Stat(arg)
	if err != nil {
		return "", "", usage("no such plan: %s%s", arg, beside(arg))
	}
	if !info.IsDir() {
		return arg, filepath.Dir(arg), nil
	}
	file = filepath.Join(arg, planFile)
	if _, err := os.Stat(file); err != nil {
		return "", "", usage("%s is a folder without a %s", arg, planFile)
	}
	return file, arg, nil
}

// verified reads a plan and its case, checks the one against the other and tells
// the verdict, at length where asked. A plan that does not hold is an error.
func (a *app) verified(caseArg, planArg string, set []string, tell bool) (*readCase, *model.Plan, *verify.Report, error) {
	file, dir, err := planPath(planArg)
	if err != nil {
		return nil, nil, nil, err
	}
	if caseArg == "" {
		caseArg = filepath.Join(dir, caseCopy)
		if _, err := os.Stat(caseArg); err != nil {
			return nil, nil, nil, usage("%s has no %s beside it; name the case too", planArg, caseCopy)
		}
	}
	c, err := a.read(caseArg, set)
	if err != nil {
		return nil, nil, nil, err
	}
	plan, err := model.ReadPlanFile(file)
	if err != nil {
		return nil, nil, nil, &failure{code: exitUnverified, err: err}
	}
	began := time.Now()
	check := verify.Check(c.Case, plan, verify.Options{})
	took := time.Since(began).Seconds()
	a.log.Debug("verified", "plan", file, "limits", check.Checked, "violations", len(check.Violations), "seconds", took)
	if res := a.result; res != nil {
		res.plan(plan)
		res.checked(check)
		res.VerifyS, res.Plan = &took, &file
	}
	if !check.OK() {
		a.tellViolations(plan, check)
		return nil, nil, nil, fail(exitUnverified, "%s does not hold", file)
	}
	if tell {
		a.print("%s holds: %s checked, none breached; its cost is %s %s",
			file, plural(check.Checked, "limit"), money(check.Cost), printable(plan.Currency))
		for i, s := range check.Shortages {
			if i == shownShortages {
				a.print("  and %s more; the report explains them", grouped(float64(len(check.Shortages)-i), 0))
				break
			}
			a.print("  short: %s", printable(shortageText(plan, s)))
		}
	}
	return c, plan, check, nil
}

const shownShortages = 12

// shortageText says what is short, when and how much.
func shortageText(p *model.Plan, s verify.Shortage) string {
	text := string(s.Item)
	if s.Asset != "" {
		text += " " + s.Asset
	}
	text += ": " + quantity(s.Total, s.TotalUnit)
	if s.MaxUnit != "" {
		text += ", at most " + quantity(s.Max, s.MaxUnit)
	}
	if first, ok := periodStart(p, max(0, s.FirstPeriod)); ok && s.FirstPeriod >= 0 {
		last, _ := periodStart(p, s.LastPeriod+1)
		text += ", between " + first.Format("2006-01-02 15:04") + " and " + last.Format("2006-01-02 15:04")
	}
	return text
}

// quantity writes an amount with its unit; what is counted is a whole number.
func quantity(v float64, unit string) string {
	if unit == "job" {
		return plural(int(v), unit)
	}
	return grouped(v, 1) + " " + unit
}
