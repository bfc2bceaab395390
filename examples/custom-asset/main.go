// Command custom-asset plans a kind of asset that Wattbit does not know: an
// electrolyser with a minimum load and a target of hydrogen for the day. It is
// written like a kind of the library, with the exported interfaces alone:
// electrolyser.go is the kind, this file the program around it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/wattbit/wattbit/examples"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/highs"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "custom-asset:", err)
		os.Exit(1)
	}
}

// plant is the electrolyser of the example: 20 MW, at least 8 while it is on,
// and 3.6 tonnes of hydrogen over the day.
func plant() Electrolyser {
	return Electrolyser{
		Name: "plant", Bus: "town", MinPowerMW: 8, MaxPowerMW: 20, KgPerMWh: 20, StartCost: 500,
		TargetKg: 3600, MissingPerKg: 25,
	}
}

func run(ctx context.Context, w io.Writer) error {
	c, _, err := model.ReadCase(examples.FS, "custom-asset/case.yaml", model.ReadOptions{})
	if err != nil {
		return err
	}
	engine, err := highs.Open("")
	if err != nil {
		return err
	}
	e := plant()
	plan, err := solve(ctx, engine, c, e)
	if err != nil {
		return err
	}
	return show(w, c, plan, e)
}

// solve plans a case with the electrolysers. What it returns has passed the
// verifier, theirs included.
func solve(ctx context.Context, engine solver.Solver, c *model.Case, items ...Electrolyser) (*model.Plan, error) {
	out, err := opt.Solve(ctx, c, opt.Options{
		Engine: engine,
		Gap:    1e-9,
		// An own kind stands behind the built-in ones, whose columns stay where
		// they are without it.
		Catalog: append(opt.Catalog(opt.Formulation{}), &ingredient{items: items}),
		Checks:  checks(items),
	})
	if err != nil {
		return nil, err
	}
	if out.Plan == nil {
		return nil, fmt.Errorf("no plan: %s, %v", out.Status, out.Notes)
	}
	return out.Plan, nil
}

// checks are the verifier's sides.
func checks(items []Electrolyser) []verify.Asset {
	var all []verify.Asset
	for _, e := range items {
		all = append(all, check{e})
	}
	return all
}

// show prints what a reader wants to know, after one more look at the plan.
func show(w io.Writer, c *model.Case, p *model.Plan, e Electrolyser) error {
	report := verify.Check(c, p, verify.Options{Assets: checks([]Electrolyser{e})})
	series := make(map[string][]float64)
	for _, s := range p.Assets[0].Series {
		series[s.Name] = s.Values
	}
	made := 0.0
	text := fmt.Sprintf("%s, verified: %t\n", p.Status, report.OK())
	text += fmt.Sprintf("cost %.0f %s\n", p.Objective, p.Currency)
	text += "period  MW drawn  kg made\n"
	for t, mw := range series[seriesPower] {
		made += series[seriesHydrogen][t]
		text += fmt.Sprintf("%6d  %8.1f  %7.0f\n", t, mw, series[seriesHydrogen][t])
	}
	text += fmt.Sprintf("%.0f of %.0f kg made\n", made, e.TargetKg)
	_, err := io.WriteString(w, text)
	if !report.OK() {
		err = errors.Join(err, fmt.Errorf("the plan breaks %d limits", len(report.Violations)))
	}
	return err
}
