package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/report"
)

// run is one solve from case to run folder.
type run struct {
	a       *app
	c       *readCase
	set     []string
	options opt.Options
	folder  string
	began   time.Time

	outcome *opt.Outcome
	// check is the verifier's report on the plan as read back from the disk, report
	// what is written and told of it.
	check  *verify.Report
	report *report.Report
}

// plan solves a case, writes its run folder, and tells what came out.
func (a *app) plan(ctx context.Context, r *run) error {
	r.a = a
	if err := probe(r.folder); err != nil {
		return err
	}
	o, err := r.solve(ctx)
	if err != nil {
		return err
	}
	r.outcome = o
	if a.result != nil {
		a.result.solved(o)
	}
	ended := outcomeError(o)
	if err := r.write(); err != nil {
		return err
	}
	r.tell()
	return ended
}

// From so many classes of jobs times periods on memory is collected sooner than Go does by itself
// while a case is solved, for then there is most of it, and what the search held is given back.
const manyJobPeriods, tightGC = 4_800_000, 30

func (r *run) solve(ctx context.Context) (*opt.Outcome, error) {
	if len(r.c.Jobs)*r.c.Horizon.Len() > manyJobPeriods {
		usual := debug.SetGCPercent(tightGC)
		defer func() {
			debug.SetGCPercent(usual)
			debug.FreeOSMemory()
		}()
	}
	width := r.a.live
	if r.a.log.Enabled(ctx, slog.LevelDebug) {
		width = func() int { return 0 } // a line redrawn in place would be lost among the log's
		r.options.OnStep = func(text string) { r.a.log.Debug("step", "text", text) }
	}
	p := startProgress(r.a.err, width, r.c.Currency)
	defer p.stop()
	r.options.OnProgress = p.update
	o, err := opt.Solve(ctx, r.c.Case, r.options)
	if err != nil {
		var findings model.Findings
		if errors.As(err, &findings) {
			err = &invalidCase{r.c.source, findings}
		}
		return nil, err
	}
	r.a.log.Debug("solved", "status", o.Status.String(), "columns", o.Size.Columns, "rows", o.Size.Rows,
		"nonzeros", o.Size.Nonzeros, "integers", o.Size.Integers, "nodes", o.Nodes,
		"formulate_s", o.Seconds.Formulate, "first_schedule_s", o.Seconds.FirstSchedule, "search_s", o.Seconds.Search,
		"dispatch_s", o.Seconds.Dispatch, "verify_s", o.Seconds.Verify)
	return o, nil
}

// write puts the run in its folder. The plan that counts is the one that reads
// back from the disk: nothing is put in place before that one has been verified.
func (r *run) write() error {
	// The search was long, and the folder is not ours alone.
	asked := r.folder
	for n := 2; checkFolder(r.folder) != nil; n++ {
		r.folder = fmt.Sprintf("%s-%d", asked, n)
	}
	s, err := newStage(r.folder)
	if err != nil {
		return err
	}
	defer s.discard()
	rec := r.record()
	if err := r.writeInput(s); err != nil {
		return fmt.Errorf("write run: %w", err)
	}
	if r.outcome.Plan != nil {
		if err := r.checkPlan(s, rec); err != nil {
			return err
		}
	}
	if rec.Files, err = digests(s.dir); err != nil {
		return fmt.Errorf("write run: %w", err)
	}
	rec.Seconds.Total = time.Since(r.began).Seconds()
	if err := writeRecord(s.path(runFile), rec); err != nil {
		return fmt.Errorf("write run: %w", err)
	}
	if err := s.commit(); err != nil {
		return err
	}
	r.a.log.Debug("wrote run", "folder", r.folder, "total_s", rec.Seconds.Total)
	if res := r.a.result; res != nil {
		res.Run = &r.folder
		if r.outcome.Plan != nil {
			res.Plan = ptr(filepath.Join(r.folder, planFile))
			res.Report = ptr(filepath.Join(r.folder, reportFile))
		}
	}
	return nil
}

// writeInput writes the case and the plan, where there is one, at once.
func (r *run) writeInput(s *stage) error {
	var planErr error
	var writing sync.WaitGroup
	if plan := r.outcome.Plan; plan != nil {
		writing.Go(func() { planErr = model.WritePlanFile(s.path(planFile), plan) })
	}
	err := model.WriteCaseFiles(s.path(caseCopy), jobsCopy, r.c.Case)
	writing.Wait()
	return cmp.Or(err, planErr)
}

// checkPlan verifies the plan as it reads back, and writes the report on it.
func (r *run) checkPlan(s *stage, rec *runRecord) error {
	// What counts from here on is read from the disk. Of many jobs, case and plan in
	// memory make room for it.
	r.c.Case, r.outcome.Plan, r.outcome.Report = nil, nil, nil
	began := time.Now()
	c, plan, check, err := checkFolderPlan(s.dir)
	if err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	rec.Seconds.Verify += took
	r.c.Case, r.check, r.outcome.Plan, r.outcome.Report = c, check, plan, check
	rec.Verified, rec.LimitsChecked = check.OK(), check.Checked
	if res := r.a.result; res != nil {
		res.checked(check)
		*res.VerifyS += took
	}
	if !check.OK() {
		r.a.tellViolations(plan, check)
		return fail(exitUnverified, "the plan as read back from the disk does not hold; nothing is written")
	}
	began = time.Now()
	if r.report, err = writeReport(s.dir, c, plan, rec.meta()); err != nil {
		return err
	}
	rec.Seconds.Report = time.Since(began).Seconds()
	return nil
}

// checkFolderPlan reads case and plan back from a run folder, at once, and verifies
// the one against the other.
func checkFolderPlan(dir string) (*model.Case, *model.Plan, *verify.Report, error) {
	var plan *model.Plan
	var planErr error
	var reading sync.WaitGroup
	reading.Go(func() { plan, planErr = model.ReadPlanFile(filepath.Join(dir, planFile)) })
	c, _, err := model.ReadCaseFile(filepath.Join(dir, caseCopy), model.ReadOptions{})
	reading.Wait()
	switch {
	case planErr != nil:
		return nil, nil, nil, &failure{code: exitUnverified, err: planErr}
	case err != nil:
		return nil, nil, nil, fail(exitUnverified, "the copy of the case does not read back: %w", err)
	}
	return c, plan, verify.Check(c, plan, verify.Options{}), nil
}

// tell prints the summary, how it ended and where the files are.
func (r *run) tell() {
	a, o := r.a, r.outcome
	for _, note := range o.Notes {
		// What was survived on the way to a proved plan is for the record.
		if o.Status == opt.Optimal {
			a.log.Debug("note", "text", note)
		} else {
			a.say("note: %s", printable(note))
		}
	}
	if o.Plan == nil {
		r.tellConflicts()
		if o.Rejected && o.Report != nil {
			a.tellViolations(nil, o.Report)
		}
		a.print("Run       %s", filepath.Join(r.folder, runFile))
		return
	}
	a.tellSummary(r.report)
	if o.Placement != nil {
		a.tellAccount(o.Placement)
	}
	a.print("Verified  %s checked on the plan as read back from the disk, none breached", plural(r.check.Checked, "limit"))
	a.print("Report    %s", filepath.Join(r.folder, reportFile))
	a.print("Plan      %s, tables in %s", filepath.Join(r.folder, planFile), filepath.Join(r.folder, tablesDir))
}

func (a *app) tellSummary(r *report.Report) {
	if err := report.Text(a.reader(), r.Summary()); err != nil {
		a.say("the summary cannot be printed: %v", err)
		return
	}
	a.print("")
}

// tellConflicts says which limits cannot hold together, and by how much.
func (r *run) tellConflicts() {
	if len(r.outcome.Conflicts) == 0 {
		return
	}
	r.a.print("No plan keeps all limits. The mildest way out would break these:")
	for i, c := range r.outcome.Conflicts {
		if i == shownConflicts {
			r.a.print("  and %d more, listed in %s", len(r.outcome.Conflicts)-i, runFile)
			break
		}
		who := "shared by several"
		if c.Owner.Kind != "" {
			who = c.Owner.Kind + " " + c.Owner.Name
		}
		r.a.print("  %s (%s), by %s", printable(c.Row), printable(who), grouped(c.Excess, 3))
	}
}

const (
	shownConflicts  = 20
	shownViolations = 20
)

// ruleOfCase is the verifier's rule that a plan belongs to its case.
const ruleOfCase = "plan.case"

// tellViolations prints what a plan breaches; plan may be nil. Of a plan that was
// made for another case that is all there is to say.
func (a *app) tellViolations(plan *model.Plan, report *verify.Report) {
	told := report.Violations
	foreign := slices.DeleteFunc(slices.Clone(told), func(v verify.Violation) bool { return v.Rule != ruleOfCase })
	n := len(told) + report.Omitted
	if len(foreign) > 0 {
		a.say("The plan was made for another case, or the case has changed since:")
		told = foreign
	} else {
		a.say("The plan breaches %s:", plural(n, "limit"))
	}
	for i, v := range told {
		if i == shownViolations {
			break
		}
		a.say("  %s", printable(violationText(plan, v)))
	}
	if more := n - min(len(told), shownViolations); more > 0 {
		a.say("  and %s more", grouped(float64(more), 0))
	}
}

func violationText(plan *model.Plan, v verify.Violation) string {
	text := v.Rule
	if v.Asset != "" {
		text += fmt.Sprintf(" %q", v.Asset)
	}
	if v.Period >= 0 {
		text += fmt.Sprintf(" in period %d", v.Period)
		if at, ok := periodStart(plan, v.Period); ok {
			text += " (" + at.Format("2006-01-02 15:04") + ")"
		}
	}
	return fmt.Sprintf("%s: %s", text, v.Detail)
}

// periodStart is when a period of a plan, or the end of its last, begins, in the plan's zone where this
// machine knows it.
func periodStart(p *model.Plan, period int) (time.Time, bool) {
	if p == nil || period > len(p.PeriodHours) {
		return time.Time{}, false
	}
	at := p.Start
	if zone, err := time.LoadLocation(p.Zone); err == nil && p.Zone != "" {
		at = at.In(zone)
	}
	for _, h := range p.PeriodHours[:period] {
		at = at.Add(time.Duration(h * float64(time.Hour)))
	}
	return at, true
}
