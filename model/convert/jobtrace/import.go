package jobtrace

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/wattbit/wattbit/model"
)

// Trace is a file to read.
type Trace struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Options say which jobs are wanted and what to make of them.
type Options struct {
	// From and Hours are the window that becomes the horizon. Hours 0: the
	// whole trace is looked through, and no job is kept.
	From  From
	Hours float64
	// StepH is the length of the horizon's periods, when they are alike:
	// releases round up to it and deadlines down. 0 leaves them.
	StepH float64
	// Region of jobs to which neither column nor rule gives one.
	Region string
	// CarryOver is what becomes of jobs that run when the window begins. Default
	// Leave.
	CarryOver CarryOver
	// CutAtEnd keeps, of jobs that cannot end within the window, the work that
	// can be done in it.
	CutAtEnd bool
	// Merge makes one class with a count of alike jobs.
	Merge bool
	// Case, where given, has the regions, classes and pools that jobs must fit.
	// Its horizon is the window where From, Hours or StepH are not given.
	Case *model.Case
	// Reject is told of every row that became no job though it should have.
	Reject func(Reject) error
}

// CarryOver is what becomes of jobs that run when the window begins.
type CarryOver string

const (
	// Leave leaves them out.
	Leave CarryOver = "leave"
	// Rest keeps what is left of them as work released at the window's beginning.
	Rest CarryOver = "rest"
	// GoOn keeps them as running jobs, each in a pool with what it has done.
	GoOn CarryOver = "running"
)

// CarryOvers lists them.
func CarryOvers() []CarryOver { return []CarryOver{Leave, Rest, GoOn} }

// byCase takes the window from the case's horizon where none is given: its
// length, its beginning where the trace has dates, and its periods where they are
// alike.
func (o *Options) byCase(dates bool) {
	if o.Case == nil || len(o.Case.Horizon.Periods) == 0 {
		return
	}
	if !o.From.Given && dates {
		o.From = From{Given: true, At: o.Case.Horizon.Start}
	}
	hours := o.Case.Horizon.Hours()
	if o.Hours == 0 {
		for _, h := range hours {
			o.Hours += h
		}
	}
	if o.StepH == 0 && slices.Min(hours) == slices.Max(hours) {
		o.StepH = hours[0]
	}
}

// Reject is a row that should have become a job and did not.
type Reject struct {
	File string
	Line int
	// Column by name, "" for the row as such.
	Column string
	// Reason, the same for alike rows, and the text that was found.
	Reason, Text string
}

// Import reads traces one after another as the mapping says. An error is that a
// trace cannot be read, or not as the mapping says (model.Findings), or that
// there are too many jobs: then there is no result. Rows that are rejected are no
// error; the result counts them.
func Import(ctx context.Context, traces []Trace, m *Mapping, o Options) (*Result, error) {
	return importJobs(ctx, traces, m, o, model.MaxItems)
}

// importJobs is Import of at most so many jobs.
func importJobs(ctx context.Context, traces []Trace, m *Mapping, o Options, most int) (*Result, error) {
	r, err := compile(m)
	if err != nil {
		return nil, err
	}
	o.byCase(r.absolute)
	im := &importer{reading: r, o: o, most: most, grid: grid{o.StepH}, result: newResult(), used: map[string]int{}, wrong: map[int]bool{}}
	if err := im.check(); err != nil {
		return nil, err
	}
	for i := range traces {
		if err := im.read(ctx, &traces[i]); err != nil {
			return nil, err
		}
	}
	if err := im.finish(); err != nil {
		return nil, err
	}
	return im.result, nil
}

// importer is one import under way.
type importer struct {
	*reading
	o    Options
	most int
	grid grid
	// fromS is the window's beginning in the trace's seconds.
	fromS  float64
	result *Result
	jobs   []model.Job
	// origin of each job, for rejects by the case.
	origin []origin
	// used counts names.
	used map[string]int
	// Where jobs come after others: the last job of each name in the trace, by when
	// each job can have ended at the earliest, and the jobs that named one which had
	// not been read.
	named   map[string]int
	endsH   []float64
	unknown []unknown
	// wrong are positions of jobs that turned out to be none.
	wrong map[int]bool
}

type origin struct {
	file string
	line int32
}

// unknown is a job that comes after one that had not been read.
type unknown struct {
	job  int
	name string
}

// check refuses what no row could satisfy.
func (im *importer) check() error {
	var findings model.Findings
	add := func(problem, remedy string) {
		findings = append(findings, model.Finding{File: "mapping", Problem: problem, Remedy: remedy})
	}
	if im.o.Region == "" && !im.gives("region") {
		add("nothing gives jobs a region", "give --region, copy a column, or give job: {region: ...} in a rule")
	}
	if !im.gives("shape") {
		add("nothing gives jobs a shape", "give job: {shape: rigid} in a rule")
	}
	goesOn := func(r rule) bool { return r.Running != nil }
	if im.o.CarryOver == GoOn && !slices.ContainsFunc(im.rules, goesOn) {
		add("nothing says in which pool a job runs when the window begins", "give running: {pool: ...} in rules")
	}
	if im.absolute && im.o.From.Given && im.o.From.At.IsZero() {
		add("the trace's times are dates, and the window begins at a number of hours", "give a time, as in 2026-01-15T00:00:00+08:00")
	}
	if im.absolute && !im.o.From.Given && im.o.Hours > 0 {
		add("the trace's times are dates, and nothing says when the window begins", "give a time, as in 2026-01-15T00:00:00+08:00")
	}
	if len(findings) > 0 {
		return findings
	}
	return nil
}

// gives says whether some rule or column may give a field.
func (im *importer) gives(field string) bool {
	for _, c := range im.copies {
		if c.Field == field {
			return true
		}
	}
	for i := range im.rules {
		if j := im.rules[i].Job; j != nil && j.Gives(field) {
			return true
		}
	}
	return false
}

// rowsBetweenLooks is how many rows are read between looks at the context.
const rowsBetweenLooks = 4096

func (im *importer) read(ctx context.Context, trace *Trace) error {
	f, err := trace.Open()
	if err != nil {
		return fmt.Errorf("read %s: %w", trace.Name, err)
	}
	defer f.Close()
	t, err := open(f, im.m.Trace)
	if err != nil {
		return model.Findings{{File: trace.Name, Problem: err.Error()}}
	}
	if err := im.bind(trace.Name, t); err != nil {
		return err
	}
	im.named = make(map[string]int)
	if im.fromS, err = im.begin(t); err != nil {
		return model.Findings{{File: trace.Name, Problem: err.Error(), Remedy: "give the window's beginning in hours"}}
	}
	for n := 0; ; n++ {
		if n%rowsBetweenLooks == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, cells, err := t.next()
		if errors.Is(err, io.EOF) {
			return im.settleUnknown()
		}
		var bad *rowError
		if err == nil {
			im.result.Counts.Rows++
			bad, err = im.row(trace.Name, line, cells)
		} else if errors.As(err, &bad) {
			im.result.Counts.Rows++
			err = nil
		}
		if bad != nil {
			err = im.reject(Reject{File: trace.Name, Line: line, Column: bad.column, Reason: bad.reason, Text: bad.text})
		}
		if err != nil {
			var findings model.Findings
			if errors.As(err, &findings) {
				return err
			}
			return fmt.Errorf("read %s, line %d: %w", trace.Name, line, err)
		}
	}
}

// begin returns the window's beginning in the trace's seconds.
func (im *importer) begin(t rows) (float64, error) {
	from := im.o.From
	if from.At.IsZero() {
		return from.Hours * 3600, nil
	}
	at := float64(from.At.UnixMilli()) / 1000
	if im.absolute {
		return at, nil
	}
	zero, ok := t.zero()
	if !ok {
		return 0, errors.New("does not say when its time begins, so that a date has no place in it")
	}
	return at - float64(zero.Unix()), nil
}

// row makes a job of a row, or counts why not.
func (im *importer) row(file string, line int, cells []string) (*rowError, error) {
	count := &im.result.Counts
	if reason := im.leftOut(cells); reason != "" {
		im.result.leaveOut(reason)
		return nil, nil
	}
	w := &row{cells: cells}
	if bad := im.releaseOf(w); bad != nil {
		return bad, nil
	}
	if im.o.Hours > 0 && w.releaseH >= im.o.Hours {
		count.After++
		return nil, nil
	}
	if bad := im.quantities(w); bad != nil {
		return bad, nil
	}
	im.result.span(w, im.fromS, im.absolute)
	if im.o.Hours > 0 {
		switch w.where(im.o.Hours) {
		case before:
			count.Before++
			return nil, nil
		case after:
			count.After++
			return nil, nil
		case running:
			if w.units*(w.startH+w.lengthH) < model.MinWorkUnitH {
				count.Before++ // but for what a plan cannot tell from nothing
				return nil, nil
			}
			count.Running++
			switch im.o.CarryOver {
			case Rest:
				w.lengthH, w.releaseH = tidy(w.startH+w.lengthH), 0
			case GoOn:
				w.doneH = -w.startH
			default:
				return nil, nil
			}
		case waiting:
			count.Waiting++
		}
	}
	return im.job(file, line, w)
}

func (im *importer) releaseOf(w *row) *rowError {
	s, given, bad := im.moment(im.release, w.cells)
	if bad == nil && !given {
		bad = im.about(im.release, w.cells, "has no value, and is the time of release")
	}
	if bad == nil && math.Abs(s-im.fromS)/3600 > maxHours {
		bad = im.about(im.release, w.cells, "is far beyond any time")
	}
	w.releaseH = (s - im.fromS) / 3600
	return bad
}

// maxHours after the window's beginning, and of a length: a million years of one
// unit would only hide a wrong unit of time.
const maxHours = 1e9

// about is a rowError about the first of the sources that has text, or else the
// first one.
func (im *importer) about(sources []source, cells []string, reason string) *rowError {
	out := &rowError{reason: reason}
	for i := range sources {
		column := sources[i].column
		if column < 0 {
			continue
		}
		if out.column == "" {
			out.column = im.columns[column]
		}
		if text := im.cell(cells, column); text != "" {
			out.column, out.text = im.columns[column], text
			break
		}
	}
	return out
}

// quantities reads what a row says beside its release.
func (im *importer) quantities(w *row) *rowError {
	wait, hasWait, bad := im.quantity(im.wait, w.cells, false)
	if bad != nil {
		return bad
	}
	start, hasStart, bad := im.moment(im.start, w.cells)
	if bad != nil {
		return bad
	}
	switch {
	case hasStart:
		w.startH, w.started = (start-im.fromS)/3600, true
	case hasWait && wait >= 0:
		w.startH, w.started = w.releaseH+wait, true
	case len(im.start)+len(im.wait) == 0 || im.m.Fields.NoStart == "at_release":
		w.startH, w.started = w.releaseH, true
	}
	given := false
	if w.started && len(im.end) > 0 {
		end, hasEnd, bad := im.moment(im.end, w.cells)
		if bad != nil {
			return bad
		}
		w.lengthH, given = (end-im.fromS)/3600-w.startH, hasEnd
	}
	if !given {
		if w.lengthH, given, bad = im.quantity(im.length, w.cells, true); bad != nil {
			return bad
		}
	}
	lengths := im.end
	if len(lengths) == 0 {
		lengths = im.length
	}
	switch {
	case !given:
		return im.about(lengths, w.cells, "has no value, and is the length")
	case !(w.lengthH > 0):
		return im.about(lengths, w.cells, "makes a length that is not above 0")
	case w.lengthH > maxHours:
		return im.about(lengths, w.cells, "makes a length beyond any time")
	}
	if w.limitH, _, bad = im.quantity(im.limit, w.cells, true); bad != nil {
		return bad
	}
	if w.units, given, bad = im.quantity(im.unit, w.cells, true); bad != nil {
		return bad
	}
	switch {
	case !given:
		return im.about(im.unit, w.cells, "has no value, and is the number of units")
	case !(w.units > 0):
		return im.about(im.unit, w.cells, "makes a number of units that is not above 0")
	case w.units > maxUnits:
		return im.about(im.unit, w.cells, "makes more units than there can be")
	}
	return nil
}

// maxUnits of a job, far above any machine.
const maxUnits = 1e9

// job makes the job of a row that the window wants.
func (im *importer) job(file string, line int, w *row) (*rowError, error) {
	count := &im.result.Counts
	for i := range im.rules {
		if rule := &im.rules[i]; rule.LeaveOut != "" && !rule.early && im.applies(rule, w) {
			im.result.leaveOut(rule.LeaveOut)
			return nil, nil
		}
	}
	name, bad := im.jobName(w.cells)
	if bad != nil {
		return bad, nil
	}
	j := model.Job{Region: im.o.Region, Units: tidy(w.units), WorkUnitH: tidy(w.units * w.lengthH)}
	if bad := im.precede(&j, w); bad != nil {
		return bad, nil
	}
	cut := false
	if im.o.Hours > 0 {
		fits := false
		if fits, cut = w.fit(&j, im.o.Hours, im.grid, im.o.CutAtEnd); !fits {
			count.PastEnd++
			return nil, nil
		}
	}
	for i := range im.copies {
		c := &im.copies[i]
		text, given := im.text(c, w.cells)
		if !given {
			continue
		}
		if err := c.field.Set(&j, text); err != nil {
			return &rowError{column: im.columns[c.column], reason: "cannot be a job's " + c.Field, text: text}, nil
		}
	}
	im.rulesFor(&j, w)
	if w.doneH > 0 {
		if j.Running = im.runningOf(&j, w); j.Running == nil {
			return &rowError{reason: "ran when the window began, and no rule says in which pool"}, nil
		}
	}
	switch {
	case j.Region == "":
		return &rowError{reason: "no rule gives a region"}, nil
	case j.Shape == "":
		return &rowError{reason: "no rule gives a shape"}, nil
	}
	if cut {
		count.Cut++
	}
	count.Jobs++
	count.WorkUnitH += j.WorkUnitH
	if im.o.Hours == 0 {
		return nil, nil
	}
	if count.Jobs > im.most {
		return nil, model.Findings{{File: file, Line: line, Problem: fmt.Sprintf("the window holds more than %d jobs, the most that a case takes", im.most),
			Remedy: "choose a shorter window, or leave rows out by a rule"}}
	}
	j.Name = im.unique(name, line)
	if im.after >= 0 {
		im.follow(&j, name, w)
	}
	im.jobs, im.origin = append(im.jobs, j), append(im.origin, origin{file, int32(line)})
	return nil, nil
}

// rulesFor applies the rules to a job, then sets its deadline and what grows with
// it.
func (im *importer) rulesFor(j *model.Job, w *row) {
	var slack *Slack
	gaveDeadline := false
	for i := range im.rules {
		rule := &im.rules[i]
		if rule.LeaveOut != "" || !im.applies(rule, w) {
			continue
		}
		if rule.Job != nil {
			rule.Job.Apply(j)
			gaveDeadline = gaveDeadline || rule.Job.Gives("deadline_h")
		}
		if rule.Slack != nil {
			slack = rule.Slack
		}
		rule.PerUnit.grow(j, w.units)
		rule.PerUnitH.grow(j, j.WorkUnitH)
	}
	atHome(j.Inputs, j.Region)
	atHome(j.Outputs, j.Region)
	if slack == nil || gaveDeadline || im.o.Hours == 0 {
		return
	}
	tooEarly, pastEnd := w.deadline(j, slack, im.o.Hours, im.grid)
	if tooEarly {
		im.result.Counts.LaterDeadline++
	}
	if pastEnd {
		im.result.Counts.DeadlinePastEnd++
	}
}

func (s *Scaled) grow(j *model.Job, by float64) {
	if s == nil {
		return
	}
	set := func(to **float64, per *float64) {
		if per != nil {
			v := tidy(*per * by)
			*to = &v
		}
	}
	set(&j.LatePricePerH, s.LatePricePerH)
	set(&j.DropPrice, s.DropPrice)
	if s.InputGB != nil {
		j.InputGB = tidy(*s.InputGB * by)
	}
	flows := func(to *[]model.DataFlow, per []ScaledFlow) {
		if per != nil {
			*to = nil
		}
		for _, f := range per {
			*to = append(*to, model.DataFlow{Region: f.Region, GB: tidy(f.GB * by)})
		}
	}
	flows(&j.Inputs, s.Inputs)
	flows(&j.Outputs, s.Outputs)
}

// atHome gives flows without a region the job's, which the last of the rules knows.
func atHome(flows []model.DataFlow, region string) {
	for i := range flows {
		if flows[i].Region == "" {
			flows[i].Region = region
		}
	}
}

// unique returns a name that no job has yet: the given one, with a number where
// it was given before.
func (im *importer) unique(name string, line int) string {
	if name == "" {
		name = "job-" + strconv.Itoa(line)
	}
	im.used[name]++
	n := im.used[name]
	if n == 1 {
		return name
	}
	im.result.Counts.Renamed++
	for ; ; n++ {
		numbered := name + "#" + strconv.Itoa(n)
		if im.used[numbered] == 0 {
			im.used[numbered], im.used[name] = 1, n
			return numbered
		}
	}
}

func (im *importer) reject(r Reject) error {
	im.result.reject(r)
	if im.o.Reject == nil {
		return nil
	}
	return im.o.Reject(r)
}

// finish checks the jobs against the case and merges alike ones.
func (im *importer) finish() error {
	if im.o.Case != nil {
		if err := im.fitting(); err != nil {
			return err
		}
	}
	jobs := im.right()
	if im.o.Merge {
		jobs = merge(jobs)
	}
	im.result.Jobs = jobs
	im.result.From, im.result.Hours, im.result.StepH = im.o.From, im.o.Hours, im.o.StepH
	return nil
}

// fitting rejects the jobs that the case does not take.
func (im *importer) fitting() error {
	var err error
	im.o.Case.CheckJobs(im.jobs, func(i int, f model.Finding) {
		if err == nil {
			err = im.rejectJob(i, ofCase(im.origin[i], f))
		}
	})
	return err
}

// rejectJob rejects a job that was taken for one; one reason a row.
func (im *importer) rejectJob(i int, r Reject) error {
	if im.wrong[i] {
		return nil
	}
	im.wrong[i] = true
	im.result.Counts.Jobs--
	im.result.Counts.WorkUnitH -= im.jobs[i].WorkUnitH
	return im.reject(r)
}

// right returns the jobs that were not rejected. What came after a rejected one comes
// after none.
func (im *importer) right() []model.Job {
	gone := make(map[string]bool, len(im.wrong))
	for i := range im.wrong {
		gone[im.jobs[i].Name] = true
	}
	kept := im.jobs[:0]
	for i := range im.jobs {
		j := im.jobs[i]
		if im.wrong[i] {
			continue
		}
		if len(j.After) > 0 && gone[j.After[0].Job] {
			j.After = nil
			im.result.Counts.AfterDone++
		}
		if len(j.After) > 0 {
			im.result.Counts.Preceded++
		}
		kept = append(kept, j)
	}
	return kept
}

// timeOf returns a moment of the trace as a date.
func timeOf(seconds float64) time.Time { return time.UnixMilli(int64(seconds * 1000)).UTC() }
