package main

import (
	"bytes"
	"context"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/examples"
	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/opt"
)

func townCase(t *testing.T) *model.Case {
	t.Helper()
	c, _, err := model.ReadCase(examples.FS, "custom-asset/case.yaml", model.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func solved(t *testing.T, e Electrolyser) *model.Plan {
	t.Helper()
	p, err := solve(context.Background(), enginetest.Highs(t), townCase(t), e)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func seriesOf(t *testing.T, p *model.Plan, name string) []float64 {
	t.Helper()
	for _, s := range p.Assets[0].Series {
		if s.Name == name {
			return s.Values
		}
	}
	t.Fatalf("no series %q", name)
	return nil
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6*(1+math.Abs(b)) }

// TestRun: 3,600 kg take 180 MWh. The two cheapest periods hold 80 MWh each, at
// 200 and 250; the 20 MWh left are cheapest at 320, where they would be 5 MW. The
// minimum of 8 MW makes them 32 MWh, and saves 12 MWh at 250:
//
//	80*200 + 32*320 + 68*250 = 43,240, two starts 1,000
//
// Buying 400 kg instead would cost 10,000, for the 7,240 that the third period
// costs more. The town: 160 MWh a period at prices that sum to 2,520: 403,200.
func TestRun(t *testing.T) {
	enginetest.Highs(t)
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	want := `optimal, verified: true
cost 447440 EUR
period  MW drawn  kg made
     0      20.0     1600
     1       8.0      640
     2       0.0        0
     3       0.0        0
     4       0.0        0
     5      17.0     1360
3600 of 3600 kg made
`
	if out.String() != want {
		t.Errorf("printed\n%s\nwant\n%s", out.String(), want)
	}
}

// TestReadmeShowsTheRun: the README shows what the program prints.
func TestReadmeShowsTheRun(t *testing.T) {
	enginetest.Highs(t)
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := "    " + strings.ReplaceAll(strings.TrimSpace(out.String()), "\n", "\n    ")
	if !strings.Contains(string(readme), shown) {
		t.Errorf("the README does not show\n%s", shown)
	}
}

// TestHydrogenTooDear: at 9 EUR/kg a MWh is worth 180 EUR, less than power ever
// costs: 3,600 kg are bought.
func TestHydrogenTooDear(t *testing.T) {
	e := plant()
	e.MissingPerKg = 9
	p := solved(t, e)
	if want := 403200 + 3600*9.0; !near(p.Objective, want) {
		t.Errorf("cost %g, want %g", p.Objective, want)
	}
	if got := slices.Max(seriesOf(t, p, seriesPower)); got != 0 {
		t.Errorf("it draws %g MW", got)
	}
}

// TestAlreadyOn: without the first start it costs 500 less.
func TestAlreadyOn(t *testing.T) {
	e := plant()
	e.InitiallyOn = true
	if p := solved(t, e); !near(p.Objective, 447440-500) {
		t.Errorf("cost %g", p.Objective)
	}
}

// TestBreachesAreFound: every limit of the electrolyser, broken by hand, is found
// by the verifier under its own rule, and what others see of it under theirs.
func TestBreachesAreFound(t *testing.T) {
	for _, tt := range []struct {
		name string
		seed func(set func(series string, period int, v float64))
		want []string
	}{
		{"nothing", func(func(string, int, float64)) {}, nil},
		{"half on", func(set func(string, int, float64)) { set(seriesOn, 3, 0.5) },
			[]string{"electrolyser.on", "electrolyser.start", "electrolyser.min_power"}},
		{"start not counted", func(set func(string, int, float64)) { set(seriesStarts, 5, 0) },
			[]string{"electrolyser.start", "cost.amount"}},
		{"below the minimum", func(set func(string, int, float64)) { set(seriesPower, 1, 5); set(seriesHydrogen, 1, 400) },
			[]string{"electrolyser.min_power", "bus.balance", "cost.amount"}},
		{"above the maximum", func(set func(string, int, float64)) { set(seriesPower, 0, 21); set(seriesHydrogen, 0, 1680) },
			[]string{"electrolyser.max_power", "bus.balance"}},
		{"drawing while off", func(set func(string, int, float64)) { set(seriesPower, 3, 8); set(seriesHydrogen, 3, 640) },
			[]string{"electrolyser.max_power", "bus.balance"}},
		{"hydrogen from nothing", func(set func(string, int, float64)) { set(seriesHydrogen, 3, 100) },
			[]string{"electrolyser.hydrogen"}},
	} {
		p := solved(t, plant())
		tt.seed(func(series string, period int, v float64) { seriesOf(t, p, series)[period] = v })
		r := verify.Check(townCase(t), p, verify.Options{Assets: checks([]Electrolyser{plant()})})
		var got []string
		for _, v := range r.Violations {
			if !slices.Contains(got, v.Rule) {
				got = append(got, v.Rule)
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: found %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestWithoutTheCheck: a plan with an asset that the verifier has not been told
// about is no verified plan.
func TestWithoutTheCheck(t *testing.T) {
	out, err := opt.Solve(context.Background(), townCase(t), opt.Options{
		Engine: enginetest.Highs(t), Catalog: append(opt.Catalog(opt.Formulation{}), &ingredient{items: []Electrolyser{plant()}}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if out.Plan != nil || !out.Rejected || out.Report == nil || out.Report.Violations[0].Rule != "plan.assets" {
		t.Errorf("outcome %s, rejected %t, report %+v", out.Status, out.Rejected, out.Report)
	}
}

func TestBadDataIsRefused(t *testing.T) {
	for _, tt := range []struct {
		spoil func(e *Electrolyser)
		want  string
	}{
		{func(e *Electrolyser) { e.Bus = "city" }, `no bus "city"`},
		{func(e *Electrolyser) { e.MinPowerMW = 30 }, "above the maximum"},
		{func(e *Electrolyser) { e.TargetKg = math.NaN() }, "NaN"},
		{func(e *Electrolyser) { e.StartCost = -1 }, "-1"},
	} {
		e := plant()
		tt.spoil(&e)
		_, err := solve(context.Background(), enginetest.Highs(t), townCase(t), e)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: error %v, want %q", e, err, tt.want)
		}
	}
}
