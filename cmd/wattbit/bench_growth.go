package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/internal/atomicfile"
	"github.com/wattbit/wattbit/internal/fleet"
	"github.com/wattbit/wattbit/model"
)

// growthFlags say which fleets "bench growth" makes.
type growthFlags struct {
	sizes     []int
	fleetSeed int64
	file, svg string
	again     bool
}

func (a *app) benchGrowthCommand() *cli.Command {
	b := newCaseBench()
	b.timeLimit = 5 * time.Minute
	f := &growthFlags{sizes: []int{100, 300, 1_000, 3_000, 10_000}}
	flags := []cli.Flag{
		&cli.GenericFlag{Name: "sizes", Value: value[[]int]{&f.sizes, sizes("units")}, Usage: "`NUMBERS` of units with commas between (default: 100,300,1000,3000,10000)"},
		&cli.GenericFlag{Name: "fleet-seed", Value: value[int64]{&f.fleetSeed, whole(0)}, Usage: "`SEED` of the fleets (default: 0)"},
		&cli.StringFlag{Name: "json", Usage: "append one JSON object a fleet to `FILE`, and go on where it ends", Destination: &f.file},
		&cli.BoolFlag{Name: "again", Usage: "measure what is in the --json file once more", Destination: &f.again},
		&cli.StringFlag{Name: "svg", Usage: "draw time and memory over units into `FILE`", Destination: &f.svg},
	}
	return &cli.Command{
		Name: "growth", Usage: "measure how time and memory grow with the number of units", ArgsUsage: "CASE",
		Description: "Makes fleets alike to the units of a case, of the sizes asked for and with load in proportion,\n" +
			"and solves each in a process of its own (default of --time-limit: 5m).",
		Flags: append(flags, b.flags()...),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 1)
			if err != nil {
				return err
			}
			return a.benchGrowth(ctx, b, f, args[0])
		},
	}
}

func (a *app) benchGrowth(ctx context.Context, b *caseBench, f *growthFlags, arg string) error {
	base, err := a.read(arg, nil)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "wattbit-fleets-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var cases []benchCase
	for _, n := range f.sizes {
		c, err := f.fleet(base.Case, n, dir)
		if err != nil {
			return err
		}
		cases = append(cases, c)
	}
	lines, err := a.benchCases(ctx, b, cases, f.file, f.again)
	if err != nil {
		return err
	}
	a.print("")
	for _, g := range growthOf(overUnits, lines) {
		a.print("%s", g)
	}
	if f.svg != "" {
		curves := []growthCurve{{lines: lines}}
		return atomicfile.Write(f.svg, func(w io.Writer) error { return drawGrowth(w, overUnits, curves) })
	}
	return nil
}

// fleet writes the case of one size.
func (f *growthFlags) fleet(base *model.Case, n int, dir string) (benchCase, error) {
	grown, err := fleet.Grow(base, n, uint64(f.fleetSeed))
	if err != nil {
		return benchCase{}, &failure{code: exitInvalid, err: err}
	}
	name := strconv.Itoa(n)
	c := benchCase{id: "growth/" + name, family: "growth", file: filepath.Join(dir, name+".yaml")}
	if err := model.WriteCaseFile(c.file, grown); err != nil {
		return benchCase{}, err
	}
	c.sha256, err = fileDigest(c.file)
	return c, err
}

// growthAxis is what time and memory are drawn over.
type growthAxis struct {
	name string // below the axis
	item string // one of what is counted
	each string // what a mark stands for
	of   func(l *caseLine) int
	// counts says whether a line counts for the power of growth.
	counts func(l *caseLine) bool
}

var overUnits = growthAxis{
	name: "thermal units", item: "unit", each: "fleet", of: func(l *caseLine) int { return l.Units },
	counts: func(l *caseLine) bool { return l.Status == "optimal" },
}

// growthOf says with which power of what is counted time and memory grow, by
// least squares of the logarithms over the lines that count.
func growthOf(over growthAxis, lines []*caseLine) []string {
	var rows []string
	for _, g := range growthSeries() {
		var x, y []float64
		for _, l := range lines {
			if v, n := g.of(l), over.of(l); v != nil && *v > 0 && n > 0 && over.counts(l) {
				x, y = append(x, math.Log(float64(n))), append(y, math.Log(*v))
			}
		}
		if power, ok := slope(x, y); ok {
			rows = append(rows, fmt.Sprintf("%s grows with the power %.2f of the number of %ss (%s)", g.name, power, over.item, plural(len(x), over.each)))
		}
	}
	return rows
}

// growthLine is a figure drawn over a growthAxis.
type growthLine struct {
	name, unit string
	of         func(l *caseLine) *float64
}

func growthSeries() []growthLine {
	return []growthLine{
		{"time", "s", func(l *caseLine) *float64 { return l.Seconds }},
		{"memory", "MiB", func(l *caseLine) *float64 { return l.PeakMB }},
	}
}

// slope of the line of least squares; ok is false with fewer than two places.
func slope(x, y []float64) (v float64, ok bool) {
	var mx, my, xx, xy float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(x))
	}
	for i := range x {
		xx += (x[i] - mx) * (x[i] - mx)
		xy += (x[i] - mx) * (y[i] - my)
	}
	return xy / xx, xx > 0
}

// sizes parses numbers of what with commas between, each above the one before.
func sizes(what string) func(text string) ([]int, error) {
	return func(text string) ([]int, error) {
		out, err := wholes(text)
		for k, n := range out {
			if n > model.MaxItems || k > 0 && n <= out[k-1] {
				err = strconv.ErrRange
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%q is not a list of rising numbers of %s from 1 to %d", text, what, model.MaxItems)
		}
		return out, nil
	}
}
