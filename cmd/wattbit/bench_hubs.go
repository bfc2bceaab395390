package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/opt"
)

const (
	// quarterHours marks the cases that are solved in 96 periods of 15 minutes.
	quarterHours = "-15min"
	// singleUnits marks the cases in which every coal unit stands by itself.
	singleUnits = "-units"
)

// hubCases are the days of examples/eight-hubs, in hours and in quarter hours,
// and the same with single units.
func hubCases() []string {
	var cases []string
	for _, units := range []string{"", singleUnits} {
		for _, length := range []string{"", quarterHours} {
			for _, day := range demoDays() {
				cases = append(cases, day+units+length)
			}
		}
	}
	return cases
}

// hubsFlags say what "bench hubs" measures.
type hubsFlags struct {
	cases          []string
	units, write   string // the table of single units; where cases are written instead of solved
	saving         bool
	gaps           []float64
	repeat         int
	threads        int64
	timeLimit      time.Duration
	method         opt.Method
	engine         engineChoice
	asJSON         bool
	program, where string // the program that solves, and its working directory
}

// hubsLine is the measurement of one case at one gap: medians over the runs,
// but the largest of peak_mb.
type hubsLine struct {
	Case     string  `json:"case"`
	GapAsked float64 `json:"gap_asked"`
	Runs     int     `json:"runs"`

	Periods  int `json:"periods"`
	Columns  int `json:"columns"`
	Rows     int `json:"rows"`
	Nonzeros int `json:"nonzeros"`
	Integers int `json:"integers"`

	ReadS      float64 `json:"read_s"`
	FormulateS float64 `json:"formulate_s"`
	// SolveS is first schedule, search and last dispatch; SolveRunsS is that of
	// every run, in their order.
	SolveS     float64   `json:"solve_s"`
	SolveRunsS []float64 `json:"solve_runs_s"`
	VerifyS    float64   `json:"verify_s"`
	ReportS    float64   `json:"report_s"`
	// AroundS is reading, formulating, verifying and reporting together.
	AroundS float64 `json:"around_s"`
	TotalS  float64 `json:"total_s"`

	// Of the run with the median solve_s.
	Gap       *float64 `json:"gap"`
	GapMoney  *float64 `json:"gap_money"`
	Status    string   `json:"status"`
	Method    string   `json:"method"`
	Objective *float64 `json:"objective"`
	Verified  bool     `json:"verified"`
	// Saving is what single units save, with --saving.
	Saving *hubsSaving `json:"saving,omitempty"`
	// SameObjective says that all runs found a plan of the same cost.
	SameObjective bool `json:"same_objective"`

	// PeakMB is the largest resident set of the process, in MiB; null where the
	// system does not tell.
	PeakMB *float64 `json:"peak_mb"`

	Engine        string  `json:"engine"`
	EngineVersion string  `json:"engine_version"`
	Wattbit       build   `json:"wattbit"`
	Machine       machine `json:"machine"`
}

func (a *app) benchHubsCommand() *cli.Command {
	f := &hubsFlags{gaps: []float64{1e-4, 1e-5}, threads: 1, timeLimit: 5 * time.Minute}
	return &cli.Command{
		Name: "hubs", Usage: "time the eight-hub days from case file to report",
		Description: "Each solve is a process of its own: the demo with the case and gap in question. Days in hours\n" +
			"are solved at every gap, those in quarter hours at the widest. With --units the clusters of\n" +
			"coal can be replaced by the single units of a table: the cases with -units in their name.",
		Flags: append([]cli.Flag{
			&cli.GenericFlag{Name: "cases", Value: value[[]string]{&f.cases, caseList},
				Usage: "`CASES` with commas between, of " + strings.Join(hubCases(), ", ") +
					" (default: " + strings.Join(defaultHubCases(""), ",") + "; with --units: " + strings.Join(defaultHubCases(singleUnits), ",") + ")"},
			&cli.StringFlag{Name: "units", Usage: "`FILE` of coal units, CSV or packed by gzip, for the cases with -units in their name", Destination: &f.units},
			&cli.BoolFlag{Name: "saving", Usage: "state what planning by single units saves: carry out the clusters' plan with them", Destination: &f.saving},
			&cli.StringFlag{Name: "write", Usage: "write each case to a folder in `DIR` instead of solving it", Destination: &f.write},
			&cli.GenericFlag{Name: "gap", Value: value[[]float64]{&f.gaps, gaps}, Usage: "`GAPS` with commas between (default: 1e-4,1e-5)"},
			&cli.IntFlag{Name: "repeat", Usage: "`NUMBER` of runs of each; medians are shown", Value: 3, Destination: &f.repeat},
			&cli.GenericFlag{Name: "threads", Value: value[int64]{&f.threads, whole(1)}, Usage: "`NUMBER` of threads of the engine (default: 1)"},
			&cli.GenericFlag{Name: "time-limit", Value: value[time.Duration]{&f.timeLimit, seconds}, Usage: "`LIMIT` of each search by the clock (default: 5m)"},
			methodFlag(&f.method),
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object a line on standard output, and the table on standard error", Destination: &f.asJSON},
		}, f.engine.flags()...),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if _, err := arguments(cmd, 0, 0); err != nil {
				return err
			}
			if f.repeat < 1 {
				return usage("bench hubs: --repeat is at least 1")
			}
			if err := f.complete(); err != nil {
				return err
			}
			if f.write != "" {
				return a.writeHubs(f)
			}
			return a.benchHubs(ctx, f)
		},
	}
}

func (a *app) benchHubs(ctx context.Context, f *hubsFlags) (err error) {
	// A missing engine is better said once, and installed outside the clock.
	if err := a.installIfMissing(ctx, f.engine); err != nil {
		return err
	}
	if _, err := a.openEngine(f.engine); err != nil {
		return err
	}
	if f.program, err = os.Executable(); err != nil {
		return fmt.Errorf("bench hubs: %w", err)
	}
	if f.where, err = os.MkdirTemp("", "wattbit-bench-"); err != nil {
		return fmt.Errorf("bench hubs: %w", err)
	}
	defer os.RemoveAll(f.where)

	here := thisMachine()
	talk := func(format string, args ...any) {
		if f.asJSON {
			a.say(format, args...)
		} else {
			a.print(format, args...)
		}
	}
	talk("%s; wattbit %s, %s", here, thisBuild().Version, runtime.Version())
	if load := loadAverage(); load != "" {
		talk("Load average before: %s (the measurement wants a quiet machine)", load)
	}
	talk("%s", hubsHead)
	for _, name := range f.cases {
		gaps := f.gaps
		if strings.HasSuffix(name, quarterHours) {
			gaps = []float64{slices.Max(gaps)}
		}
		for _, gap := range gaps {
			line, err := f.measure(ctx, name, gap)
			if ctx.Err() != nil {
				return fail(exitInterrupted, "interrupted")
			}
			if err != nil {
				return fmt.Errorf("bench hubs: %s at gap %g: %w", name, gap, err)
			}
			line.Machine = here
			talk("%s", line)
			if f.asJSON {
				if err := json.NewEncoder(a.out).Encode(line); err != nil {
					return fmt.Errorf("write the result: %w", err)
				}
			}
		}
	}
	return nil
}

// planArgs are the arguments with which a process of its own plans a case: the
// demo's, or those of solve with a case that is written for it.
func (f *hubsFlags) planArgs(name string) ([]string, error) {
	day, fine := strings.CutSuffix(name, quarterHours)
	if !strings.HasSuffix(day, singleUnits) {
		args := []string{"demo", "--day", day}
		if fine {
			args = append(args, "--set", setQuarterHours)
		}
		return args, nil
	}
	dir := filepath.Join(f.where, name)
	if _, err := os.Stat(dir); err != nil {
		if err := f.writeCase(name, dir); err != nil {
			return nil, err
		}
	}
	return []string{"solve", dir}, nil
}

// measure solves one case several times and takes the medians.
func (f *hubsFlags) measure(ctx context.Context, name string, gap float64) (*hubsLine, error) {
	type sample struct {
		*runRecord
		solve, peak float64
	}
	var samples []sample
	for range f.repeat {
		rec, peak, err := f.once(ctx, name, gap)
		if err != nil {
			return nil, err
		}
		s := rec.Seconds
		samples = append(samples, sample{rec, s.FirstSchedule + s.Search + s.Dispatch, peak})
	}
	l := &hubsLine{Case: name, GapAsked: gap, Runs: len(samples), Periods: 24, SameObjective: true}
	if strings.HasSuffix(name, quarterHours) {
		l.Periods = 96
	}
	median := func(of func(s sample) float64) float64 {
		var all []float64
		for _, s := range samples {
			all = append(all, of(s))
		}
		return medianOf(all)
	}
	l.ReadS = median(func(s sample) float64 { return s.Seconds.Read })
	l.FormulateS = median(func(s sample) float64 { return s.Seconds.Formulate })
	l.SolveS = median(func(s sample) float64 { return s.solve })
	l.VerifyS = median(func(s sample) float64 { return s.Seconds.Verify })
	l.ReportS = median(func(s sample) float64 { return s.Seconds.Report })
	l.AroundS = median(func(s sample) float64 {
		return s.Seconds.Read + s.Seconds.Formulate + s.Seconds.Verify + s.Seconds.Report
	})
	l.TotalS = median(func(s sample) float64 { return s.Seconds.Total })
	peak, first := 0.0, samples[0].Objective
	for _, s := range samples {
		l.SolveRunsS = append(l.SolveRunsS, s.solve)
		peak = max(peak, s.peak)
		if (s.Objective == nil) != (first == nil) || first != nil && *s.Objective != *first {
			l.SameObjective = false
		}
	}
	if peak > 0 {
		l.PeakMB = &peak
	}
	slices.SortStableFunc(samples, func(a, b sample) int {
		switch {
		case a.solve < b.solve:
			return -1
		case a.solve > b.solve:
			return 1
		}
		return 0
	})
	m := samples[(len(samples)-1)/2]
	l.Columns, l.Rows, l.Nonzeros, l.Integers = m.Size.Columns, m.Size.Rows, m.Size.Nonzeros, m.Size.Integers
	l.Gap, l.GapMoney, l.Status, l.Method, l.Objective, l.Verified = m.Gap, m.GapMoney, m.Status, m.Method, m.Objective, m.Verified
	l.Engine, l.EngineVersion, l.Wattbit = m.Engine.Name, m.Engine.Version, m.Wattbit
	if f.saving && strings.Contains(name, singleUnits) && l.Objective != nil {
		var err error
		if l.Saving, err = f.compare(ctx, name, gap, m.runRecord); err != nil {
			return nil, fmt.Errorf("its saving: %w", err)
		}
	}
	return l, nil
}

// once solves a case in a process of its own, so that neither memory nor warm
// caches of one run count for the next. It returns what the run folder records
// and the peak of resident memory in MiB, 0 where it is not known.
func (f *hubsFlags) once(ctx context.Context, name string, gap float64) (*runRecord, float64, error) {
	folder := filepath.Join(f.where, "run")
	args, err := f.planArgs(name)
	if err != nil {
		return nil, 0, err
	}
	rec, peak, err := f.planOnce(ctx, args, gap, folder)
	if err != nil {
		return nil, 0, err
	}
	return rec, peak, os.RemoveAll(folder)
}

// planOnce does so with these arguments of wattbit, and leaves the run folder.
func (f *hubsFlags) planOnce(ctx context.Context, args []string, gap float64, folder string) (*runRecord, float64, error) {
	args = append(args, "--output", folder, "--gap", strconv.FormatFloat(gap, 'g', -1, 64),
		"--time-limit", f.timeLimit.String(), "--threads", strconv.FormatInt(f.threads, 10), "--engine", f.engine.name, "--method", f.method.String())
	if f.engine.path != "" {
		path, err := filepath.Abs(f.engine.path)
		if err != nil {
			return nil, 0, err
		}
		args = append(args, "--engine-path", path)
	}
	c := child{program: f.program, where: f.where, args: args, folder: folder}
	end, err := c.run(ctx)
	switch {
	case err != nil:
		return nil, 0, err
	case end.record == nil || end.code != exitOK && end.code != exitLimit && end.code != exitNoPlan:
		return nil, 0, fmt.Errorf("exit code %d\n%s", end.code, end.said)
	}
	return end.record, end.peakMB, nil
}

func medianOf(v []float64) float64 {
	slices.Sort(v)
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}

// hubsHead stands above the lines of hubsLine.String.
var hubsHead = fmt.Sprintf("%-26s %-7s %7s %7s %7s %8s %7s %8s %7s %7s %7s %7s %9s %-8s %6s", "case", "gap", "periods",
	"cols", "rows", "nonzeros", "ints", "solve s", "read s", "form. s", "verify", "report", "gap found", "status", "MiB")

func (l *hubsLine) String() string {
	found, peak := "-", "-"
	if l.Gap != nil {
		found = fmt.Sprintf("%.2e", *l.Gap)
	}
	if l.PeakMB != nil {
		peak = fmt.Sprintf("%.0f", *l.PeakMB)
	}
	text := fmt.Sprintf("%-26s %-7g %7d %7d %7d %8d %7d %8.2f %7.3f %7.3f %7.3f %7.3f %9s %-8s %6s", l.Case, l.GapAsked, l.Periods,
		l.Columns, l.Rows, l.Nonzeros, l.Integers, l.SolveS, l.ReadS, l.FormulateS, l.VerifyS, l.ReportS, found, l.Status, peak)
	if !l.SameObjective {
		text += "  runs differ in cost"
	}
	if l.Saving != nil {
		text += "\n  " + l.Saving.String()
	}
	return text
}

// caseList parses the names of cases.
func caseList(text string) ([]string, error) {
	var out []string
	for name := range strings.SplitSeq(text, ",") {
		name = strings.TrimSpace(name)
		if !slices.Contains(hubCases(), name) {
			return nil, fmt.Errorf("%q is no case; there are %s", name, strings.Join(hubCases(), ", "))
		}
		out = append(out, name)
	}
	return out, nil
}

// gaps parses gaps with commas between.
func gaps(text string) ([]float64, error) {
	var out []float64
	for part := range strings.SplitSeq(text, ",") {
		v, err := gap(part)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
