package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// caseOptions say how the cases of a bench are solved. Lines are of the same
// measurement when their options are equal.
type caseOptions struct {
	Gap        float64 `json:"gap"`
	TimeLimitS float64 `json:"time_limit_s"`
	Threads    int64   `json:"threads"`
	Seed       int64   `json:"seed"`
	Method     string  `json:"method"`
	Engine     string  `json:"engine"`
}

// caseLine is the measurement of one case, a line of the JSON file.
type caseLine struct {
	// Tool is what solved the case: wattbit here, another name in the lines of
	// benchmarks/peers.
	Tool   string `json:"tool"`
	Case   string `json:"case"`
	Family string `json:"family"`
	// SHA256 of the file that was read.
	SHA256  string      `json:"sha256"`
	Options caseOptions `json:"options"`

	// Units are thermal, those of a cluster counted singly.
	Units   int `json:"units"`
	Periods int `json:"periods"`
	// Jobs drawn for the case, by "bench jobs".
	Jobs int `json:"jobs,omitempty"`

	// Status is that of the solve; error when it ended without a record.
	Status string `json:"status"`
	Error  string `json:"error,omitempty"`
	// Method that searched.
	Method    string   `json:"method,omitempty"`
	Objective *float64 `json:"objective"`
	Bound     *float64 `json:"bound"`
	Gap       *float64 `json:"gap"`
	// Verified: the plan as read back from the disk breaches no limit. Shortages
	// are what it pays penalties for, surplus too: with any it is no solution of the
	// benchmark.
	Verified  bool `json:"verified"`
	Shortages int  `json:"shortages"`
	// CO2T that the plan emits, and its single jobs that are dropped and late.
	CO2T    *float64 `json:"co2_t,omitempty"`
	Dropped *int     `json:"dropped,omitempty"`
	Late    *int     `json:"late,omitempty"`
	// Placement takes the gap apart where jobs were placed outside the program.
	Placement *opt.PlacementAccount `json:"placement,omitempty"`

	// Seconds from opening the file to the verified plan; null without a solve.
	// The others are from opening the file to the first time at which incumbent
	// and bound were so close; null where they never were.
	Seconds        *float64 `json:"seconds"`
	SecondsTo1     *float64 `json:"seconds_to_1pct"`
	SecondsTo01    *float64 `json:"seconds_to_0_1pct"`
	SecondsTo002   *float64 `json:"seconds_to_0_02pct"`
	SecondsTo001   *float64 `json:"seconds_to_0_01pct"`
	SecondsToFirst *float64 `json:"seconds_to_first"`

	// PeakMB is the largest resident set of the process, in MiB.
	PeakMB *float64    `json:"peak_mb"`
	Phases []benchStep `json:"phases"`

	Columns  int `json:"columns"`
	Rows     int `json:"rows"`
	Nonzeros int `json:"nonzeros"`
	Integers int `json:"integers"`

	Started       time.Time `json:"started"`
	LoadBefore    string    `json:"load_before,omitempty"`
	EngineVersion string    `json:"engine_version"`
	Wattbit       build     `json:"wattbit"`
	Machine       machine   `json:"machine"`
}

// benchStep is the seconds of a phase.
type benchStep struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// levels are the gaps to which the time is taken.
func (l *caseLine) levels() []level {
	return []level{
		{"1 %", 1e-2, &l.SecondsTo1}, {"0.1 %", 1e-3, &l.SecondsTo01},
		{"0.02 %", 2e-4, &l.SecondsTo002}, {"0.01 %", 1e-4, &l.SecondsTo001},
	}
}

type level struct {
	name    string
	gap     float64
	seconds **float64
}

// caseBench solves cases one after the other, each in a process of its own.
type caseBench struct {
	options        caseOptions
	timeLimit      time.Duration
	method         opt.Method
	engine         engineChoice
	program, where string
	plans, curves  string // folders to keep runs and curves in; "" keeps none
	machine        machine
}

func (b *caseBench) flags() []cli.Flag {
	def := func(usage string, v any) string { return fmt.Sprintf("%s (default: %v)", usage, v) }
	return append([]cli.Flag{
		&cli.GenericFlag{Name: "gap", Value: value[float64]{&b.options.Gap, gap}, Usage: def("relative `GAP` at which to stop", b.options.Gap)},
		&cli.GenericFlag{Name: "time-limit", Value: value[time.Duration]{&b.timeLimit, seconds}, Usage: def("`LIMIT` of each search by the clock", b.timeLimit)},
		&cli.GenericFlag{Name: "threads", Value: value[int64]{&b.options.Threads, whole(1)}, Usage: def("`NUMBER` of threads of the engine", b.options.Threads)},
		&cli.GenericFlag{Name: "seed", Value: value[int64]{&b.options.Seed, whole(0)}, Usage: "`SEED` of the engine (default: 0)"},
		methodFlag(&b.method),
		&cli.StringFlag{Name: "plans", Usage: "keep the run folder of each case in `DIR`", Destination: &b.plans},
		&cli.StringFlag{Name: "curves", Usage: "write incumbent, bound and gap over time of each case as CSV into `DIR`", Destination: &b.curves},
	}, b.engine.flags()...)
}

func newCaseBench() *caseBench {
	return &caseBench{options: caseOptions{Gap: opt.DefaultGap, Threads: 1}, timeLimit: time.Minute}
}

// begin checks the flags and makes room; end gives it back.
func (b *caseBench) begin(ctx context.Context, a *app) (end func(), err error) {
	if err := b.engine.check(); err != nil {
		return nil, err
	}
	// A missing engine is better said once, and installed outside the clock.
	if err := a.installIfMissing(ctx, b.engine); err != nil {
		return nil, err
	}
	if _, err := a.openEngine(b.engine); err != nil {
		return nil, err
	}
	b.options.TimeLimitS, b.options.Engine, b.options.Method = b.timeLimit.Seconds(), b.engine.name, b.method.String()
	for _, dir := range []*string{&b.plans, &b.curves, &b.engine.path} {
		if *dir == "" {
			continue
		}
		if *dir, err = filepath.Abs(*dir); err != nil {
			return nil, err
		}
	}
	b.machine = thisMachine()
	if b.program, err = os.Executable(); err != nil {
		return nil, err
	}
	if b.where, err = os.MkdirTemp("", "wattbit-bench-"); err != nil {
		return nil, err
	}
	return func() { _ = os.RemoveAll(b.where) }, nil
}

// args are the arguments of the process that solves a file.
func (b *caseBench) args(file, folder string) []string {
	args := []string{"solve", file, "--output", folder, "--json", "--gap", strconv.FormatFloat(b.options.Gap, 'g', -1, 64),
		"--time-limit", b.timeLimit.String(), "--threads", strconv.FormatInt(b.options.Threads, 10),
		"--seed", strconv.FormatInt(b.options.Seed, 10), "--engine", b.engine.name, "--method", b.method.String()}
	if b.engine.path != "" {
		args = append(args, "--engine-path", b.engine.path)
	}
	return args
}

// hangs is how long a process may take beyond reason: the search must end by its
// limit, and what comes around it takes seconds.
func (b *caseBench) hangs() time.Duration { return 2*b.timeLimit + 3*time.Minute }

// newCaseLine begins the measurement of a case.
func newCaseLine(b *caseBench, c benchCase) *caseLine {
	return &caseLine{
		Tool: "wattbit", Case: c.id, Family: c.family, SHA256: c.sha256, Options: b.options,
		Started: time.Now().UTC().Truncate(time.Second), LoadBefore: loadAverage(), Machine: b.machine, Wattbit: thisBuild(),
		Phases: []benchStep{},
	}
}

// measure solves one case. The error says that the bench cannot go on; a case
// that fails is a line like any other.
func (b *caseBench) measure(ctx context.Context, c benchCase) (*caseLine, error) {
	l := newCaseLine(b, c)
	folder := filepath.Join(b.where, "run")
	if b.plans != "" {
		folder = filepath.Join(b.plans, filepath.FromSlash(c.id))
	}
	process := child{program: b.program, where: b.where, args: b.args(c.file, folder), folder: folder, limit: b.hangs()}
	end, err := process.run(ctx)
	if err != nil {
		return nil, err
	}
	if end.peakMB > 0 {
		l.PeakMB = &end.peakMB
	}
	l.fill(end)
	if b.curves != "" && end.record != nil {
		if err := writeCurve(filepath.Join(b.curves, filepath.FromSlash(c.id)+".csv"), l.curve(end.record)); err != nil {
			return nil, err
		}
	}
	if b.plans == "" {
		err = os.RemoveAll(folder)
	}
	return l, err
}

// fill takes what the process left behind.
func (l *caseLine) fill(end *childEnd) {
	rec := end.record
	if end.object.Error != nil {
		l.Error = *end.object.Error
	}
	if rec == nil {
		l.Status = "error"
		if l.Error == "" {
			l.Error = fmt.Sprintf("exit code %d: %s", end.code, end.said)
		}
		return
	}
	if rec.Status != "" && l.Error != "" && end.code != exitInternal && end.code != exitUnverified {
		l.Error = "" // the status says it
	}
	l.Status, l.Objective, l.Bound, l.Gap, l.Verified = rec.Status, rec.Objective, rec.Bound, rec.Gap, rec.Verified
	l.Units, l.Periods, l.Shortages = rec.ThermalUnits, rec.Periods, len(end.object.Shortages)
	l.Columns, l.Rows, l.Nonzeros, l.Integers = rec.Size.Columns, rec.Size.Rows, rec.Size.Nonzeros, rec.Size.Integers
	l.CO2T, l.Dropped, l.Late, l.Placement = rec.CO2T, rec.JobsDropped, rec.JobsLate, rec.Placement
	l.EngineVersion, l.Method, l.Phases = rec.Engine.Version, rec.Method, steps(rec)
	s := rec.Seconds
	l.Seconds = ptr(s.Read + s.Formulate + s.FirstSchedule + s.Search + s.Dispatch + s.Verify)
	for _, p := range l.curve(rec) {
		if p.Objective != nil && l.SecondsToFirst == nil {
			l.SecondsToFirst = ptr(p.Seconds)
		}
		for _, v := range l.levels() {
			if g, ok := gapOf(p); ok && *v.seconds == nil && g <= v.gap {
				*v.seconds = ptr(p.Seconds)
			}
		}
	}
}

// steps are the phases up to the verified plan in their order, the search by its
// own phases where it names them.
func steps(rec *runRecord) []benchStep {
	s := rec.Seconds
	out := []benchStep{{"read", s.Read}, {"formulate", s.Formulate}, {"first schedule", s.FirstSchedule}}
	for _, p := range rec.Phases {
		out = append(out, benchStep{"search: " + p.Name, p.Seconds})
	}
	if len(rec.Phases) == 0 {
		out = append(out, benchStep{"search", s.Search})
	}
	return append(out, benchStep{"dispatch", s.Dispatch}, benchStep{"verify", s.Verify})
}

// curve is the progress counted from opening the file: the search's, which counts
// from its own begin, and the verified plan at the end.
func (l *caseLine) curve(rec *runRecord) []opt.ProgressPoint {
	before := rec.Seconds.Read + rec.Seconds.Formulate + rec.Seconds.FirstSchedule
	var points []opt.ProgressPoint
	for _, p := range rec.Progress {
		p.Seconds += before
		points = append(points, p)
	}
	if l.Seconds != nil && rec.Verified {
		points = append(points, opt.ProgressPoint{Seconds: *l.Seconds, Objective: rec.Objective, Bound: rec.Bound, Nodes: rec.Nodes})
	}
	return points
}

// gapOf is the gap between an incumbent and the bound known at that time.
func gapOf(p opt.ProgressPoint) (gap float64, ok bool) {
	if p.Objective == nil || p.Bound == nil {
		return 0, false
	}
	gap, _, ok = (&model.Plan{Objective: *p.Objective, Bound: p.Bound}).Gap()
	return gap, ok && !math.IsNaN(gap)
}
