package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/internal/atomicfile"
	"github.com/wattbit/wattbit/internal/hubjobs"
	"github.com/wattbit/wattbit/model"
)

// jobsFamily is that of the lines of "bench jobs".
const jobsFamily = "jobs"

// jobsFlags say which cases "bench jobs" makes.
type jobsFlags struct {
	trace, units string
	sizes        []int
	days         []string
	quarterHours bool
	lumps, ties  float64
	data, onCall float64
	utilisation  float64
	drawSeed     int64
	file         string
	again        bool
	page, svg    string
	pageOnly     bool
	baselines    bool
	forecasts    map[string]*forecast // by day
}

func (a *app) benchJobsCommand() *cli.Command {
	b := newCaseBench()
	b.timeLimit, b.options.Gap, b.options.Threads = 2*time.Minute, 5e-5, 2
	f := &jobsFlags{sizes: []int{1_000, 10_000, 100_000}, days: demoDays()[:1], forecasts: map[string]*forecast{}}
	flags := []cli.Flag{
		&cli.StringFlag{Name: "trace", Usage: "`FILE` of jobs in whose manner jobs are drawn: CSV with the columns arrival_time, length and cpus, packed by gzip or not", Destination: &f.trace},
		&cli.StringFlag{Name: "units", Usage: "`FILE` of coal units, as in bench hubs: every one by itself instead of in clusters", Destination: &f.units},
		&cli.GenericFlag{Name: "jobs", Value: value[[]int]{&f.sizes, sizes("jobs")}, Usage: "`NUMBERS` of jobs with commas between (default: 1000,10000,100000)"},
		&cli.GenericFlag{Name: "days", Value: value[[]string]{&f.days, dayList}, Usage: "`DAYS` with commas between, of " + strings.Join(demoDays(), ", ") + " (default: " + demoDays()[0] + ")"},
		&cli.BoolFlag{Name: "quarter-hours", Usage: "96 periods of 15 minutes instead of 24 hours", Destination: &f.quarterHours},
		&cli.GenericFlag{Name: "lumps", Value: value[float64]{&f.lumps, share}, Usage: "`SHARE` of the work in gangs of 20 to 50 % of a pool (default: 0)"},
		&cli.GenericFlag{Name: "data", Value: value[float64]{&f.data, share}, Usage: "`SHARE` of the jobs that send results home; as many have a second input, and as many read a dataset (default: 0)"},
		&cli.GenericFlag{Name: "reserve", Value: value[float64]{&f.onCall, share}, Usage: "`SHARE` of the preemptible jobs that offer reserve upward, of those that may (default: 0)"},
		&cli.GenericFlag{Name: "ties", Value: value[float64]{&f.ties, share}, Usage: "`SHARE` of the jobs that wait for another; as many have a quota, and as many are in groups (default: 0)"},
		&cli.GenericFlag{Name: "utilisation", Value: value[float64]{&f.utilisation, share}, Usage: "`SHARE` of what pools can do beside workloads that the jobs ask for (default: 0.7)"},
		&cli.GenericFlag{Name: "draw-seed", Value: value[int64]{&f.drawSeed, whole(0)}, Usage: "`SEED` of the draw (default: 0)"},
		&cli.BoolFlag{Name: "baselines", Usage: "beside each row plan as price-greedy and carbon-greedy schedulers do, and up to 1,000 jobs in one program", Destination: &f.baselines},
		&cli.StringFlag{Name: "json", Usage: "append one JSON object a case to `FILE`, and go on where it ends", Destination: &f.file},
		&cli.BoolFlag{Name: "again", Usage: "measure what is in the --json file once more", Destination: &f.again},
		&cli.StringFlag{Name: "page", Usage: "write the tables of all lines between the marks in the Markdown `FILE`", Destination: &f.page},
		&cli.StringFlag{Name: "svg", Usage: "draw time and memory over jobs of all lines into `FILE`", Destination: &f.svg},
		&cli.BoolFlag{Name: "page-only", Usage: "measure nothing: write --page and --svg from the --json file", Destination: &f.pageOnly},
	}
	return &cli.Command{
		Name: "jobs", Usage: "measure how many jobs are placed how well on the eight-hub days",
		Description: "Draws jobs in the manner of a trace for each day, plans each case in a process of its own, and\n" +
			"prints a line for each and where its gap lies (package internal/hubjobs says how jobs are drawn).",
		Flags: append(flags, b.flags()...),
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if _, err := arguments(cmd, 0, 0); err != nil {
				return err
			}
			if err := f.check(); err != nil {
				return err
			}
			return a.benchJobs(ctx, b, f)
		},
	}
}

func (f *jobsFlags) check() error {
	switch {
	case f.pageOnly && (f.file == "" || f.page == "" && f.svg == ""):
		return usage("bench jobs: --page-only needs --json, and --page or --svg")
	case f.pageOnly:
		return nil
	case f.trace == "":
		return usage("bench jobs: --trace is missing: the jobs in whose manner jobs are drawn")
	}
	for _, file := range []string{f.trace, f.units} {
		if file == "" {
			continue
		}
		if _, err := os.Stat(file); err != nil {
			return usage("bench jobs: %w", err)
		}
	}
	return nil
}

func (a *app) benchJobs(ctx context.Context, b *caseBench, f *jobsFlags) error {
	record := &lineFile{}
	var err error
	if f.file != "" {
		if record, err = openLines(f.file); err != nil {
			return err
		}
	}
	if !f.pageOnly {
		if err := a.measureJobs(ctx, b, f, record); err != nil {
			return err
		}
	}
	lines := latestJobs(record.lines)
	for _, c := range jobCurves(lines) {
		for _, g := range growthOf(overJobs, c.lines) {
			a.print("%s: %s", c.name, g)
		}
	}
	if f.svg != "" {
		if err := atomicfile.Write(f.svg, func(w io.Writer) error { return drawGrowth(w, overJobs, jobCurves(lines)) }); err != nil {
			return err
		}
	}
	if f.page != "" {
		return writeJobsPage(f.page, lines)
	}
	return nil
}

// measureJobs makes each case, measures it and throws it away: a million jobs are
// a large file.
func (a *app) measureJobs(ctx context.Context, b *caseBench, f *jobsFlags, record *lineFile) error {
	trace, err := hubjobs.ReadTraceFile(f.trace)
	if err != nil {
		return &failure{code: exitInvalid, err: err}
	}
	end, err := b.begin(ctx, a)
	if err != nil {
		return err
	}
	defer end()
	a.sayWhere(b)
	a.print("%s", jobsHead())
	for _, day := range f.days {
		for _, n := range f.sizes {
			c, err := f.draw(trace, day, n, filepath.Join(b.where, "case"))
			if err != nil {
				return err
			}
			err = a.jobsLine(b, f, record, c.benchCase, n, func(id benchCase) (*caseLine, error) { return b.measure(ctx, id) })
			if err == nil && f.baselines {
				err = a.baselines(ctx, b, f, record, c, n)
			}
			if ctx.Err() != nil {
				return fail(exitInterrupted, "interrupted at %s", c.id)
			}
			if err != nil {
				return err
			}
			if err := os.RemoveAll(c.folder); err != nil {
				return err
			}
		}
	}
	return nil
}

// jobsLine takes a line from the file or measures it, and prints it.
func (a *app) jobsLine(b *caseBench, f *jobsFlags, record *lineFile, id benchCase, n int, measure func(id benchCase) (*caseLine, error)) error {
	l := record.find(id, b.options)
	if l == nil || f.again {
		var err error
		if l, err = measure(id); err != nil {
			return fmt.Errorf("%s: %w", id.id, err)
		}
		l.Jobs = n
		if err := record.add(l); err != nil {
			return err
		}
	}
	a.print("%s", l.jobsRow())
	if l.Error != "" {
		a.say("%s: %s", id.id, printable(l.Error))
	}
	return nil
}

// jobsCase is a case in a folder of its own.
type jobsCase struct {
	benchCase
	day    string
	folder string
	c      *model.Case
}

// name of the cases of a day, whatever their number of jobs.
func (f *jobsFlags) name(day string) string {
	if f.units != "" {
		day += singleUnits
	}
	if f.quarterHours {
		day += quarterHours
	}
	if f.lumps > 0 {
		day += "-lumps-" + strconv.FormatFloat(f.lumps, 'g', -1, 64)
	}
	if f.data > 0 {
		day += "-data-" + strconv.FormatFloat(f.data, 'g', -1, 64)
	}
	if f.onCall > 0 {
		day += "-reserve-" + strconv.FormatFloat(f.onCall, 'g', -1, 64)
	}
	if f.ties > 0 {
		day += "-ties-" + strconv.FormatFloat(f.ties, 'g', -1, 64)
	}
	if f.utilisation > 0 {
		day += "-full-" + strconv.FormatFloat(f.utilisation, 'g', -1, 64)
	}
	if f.drawSeed > 0 {
		day += "-seed-" + strconv.FormatInt(f.drawSeed, 10)
	}
	return day
}

// draw makes the case of a day with n jobs and writes it.
func (f *jobsFlags) draw(trace []hubjobs.TraceJob, day string, n int, dir string) (*jobsCase, error) {
	hubs := day
	if f.units != "" {
		hubs += singleUnits
	}
	if f.quarterHours {
		hubs += quarterHours
	}
	base, err := hubCase(hubs, f.units)
	if err != nil {
		return nil, err
	}
	drawn, err := hubjobs.Replace(base, trace, hubjobs.Options{Jobs: n, Seed: uint64(f.drawSeed), LumpShare: f.lumps, TieShare: f.ties, DataShare: f.data, ReserveShare: f.onCall, Utilisation: f.utilisation})
	if err != nil {
		return nil, &failure{code: exitInvalid, err: err}
	}
	// What is written must be of a valid case.
	if _, err := drawn.Validate(); err != nil {
		return nil, err
	}
	c := &jobsCase{day: day, folder: dir, c: drawn}
	if err := writeCaseFolder(dir, drawn); err != nil {
		return nil, err
	}
	name := f.name(day)
	c.benchCase = benchCase{id: name + "/" + strconv.Itoa(n), family: jobsFamily, file: filepath.Join(dir, caseCopy)}
	c.sha256, err = jobsDigest(dir)
	return c, err
}

// jobsDigest is that of the case file, with that of the table of jobs where there
// is one.
func jobsDigest(dir string) (string, error) {
	digest, err := fileDigest(filepath.Join(dir, caseCopy))
	if err != nil {
		return "", err
	}
	table := filepath.Join(dir, jobsCopy)
	if _, err := os.Stat(table); errors.Is(err, os.ErrNotExist) {
		return digest, nil
	}
	jobs, err := fileDigest(table)
	return digest + "+" + jobs, err
}

// latestJobs are the lines of "bench jobs", the last of each case, by case and
// number of jobs.
func latestJobs(lines []*caseLine) []*caseLine {
	last := map[string]*caseLine{}
	for _, l := range lines {
		if l.Family == jobsFamily && l.Status != "error" {
			last[l.Case] = l
		}
	}
	var out []*caseLine
	for _, l := range last {
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b *caseLine) int {
		return cmp.Or(strings.Compare(a.jobsCase(), b.jobsCase()), cmp.Compare(a.Jobs, b.Jobs), strings.Compare(a.planner(), b.planner()))
	})
	return out
}

// jobsCase is the name of a line's case without its number of jobs.
func (l *caseLine) jobsCase() string {
	name, _, _ := strings.Cut(l.Case, "/")
	return name
}

// planner of a line that is a baseline; "" of the others.
func (l *caseLine) planner() string {
	if parts := strings.Split(l.Case, "/"); len(parts) > 2 {
		return parts[2]
	}
	return ""
}

var overJobs = growthAxis{
	name: "jobs", item: "job", each: "case", of: func(l *caseLine) int { return l.Jobs },
	counts: func(l *caseLine) bool { return l.Objective != nil },
}

// jobCurves are the lines of each case, over its number of jobs, without baselines.
func jobCurves(lines []*caseLine) []growthCurve {
	var curves []growthCurve
	for _, l := range lines {
		if l.planner() != "" {
			continue
		}
		if n := len(curves); n == 0 || curves[n-1].name != l.jobsCase() {
			curves = append(curves, growthCurve{name: l.jobsCase()})
		}
		c := &curves[len(curves)-1]
		c.lines = append(c.lines, l)
	}
	return curves
}

// dayList parses days with commas between.
func dayList(text string) ([]string, error) {
	var out []string
	for day := range strings.SplitSeq(text, ",") {
		day = strings.TrimSpace(day)
		if !slices.Contains(demoDays(), day) {
			return nil, fmt.Errorf("%q is no day; there are %s", day, strings.Join(demoDays(), ", "))
		}
		out = append(out, day)
	}
	return out, nil
}

// share parses a share from 0 to 1, or a percentage.
func share(text string) (float64, error) {
	number, isPercent := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if isPercent {
		v /= 100
	}
	if err != nil || math.IsNaN(v) || v < 0 || v > 1 {
		return 0, fmt.Errorf("%q is no share; give a number from 0 to 1, as in 0.6, or 60%%", text)
	}
	return v, nil
}
