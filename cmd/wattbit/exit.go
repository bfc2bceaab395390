package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// exitCode is what the process ends with.
type exitCode int

const (
	exitOK          exitCode = 0
	exitInternal    exitCode = 1
	exitUsage       exitCode = 2
	exitInvalid     exitCode = 10
	exitInfeasible  exitCode = 11
	exitUnbounded   exitCode = 12
	exitLimit       exitCode = 13
	exitNoPlan      exitCode = 14
	exitUnverified  exitCode = 15
	exitPartial     exitCode = 16
	exitInterrupted exitCode = 130
)

// exitMeaning is a line of the table in docs/cli.md.
type exitMeaning struct {
	code    exitCode
	meaning string
}

// exitCodes lists every exit code with its meaning.
func exitCodes() []exitMeaning {
	return []exitMeaning{
		{exitOK, "done; of a solve: a verified plan within the gap"},
		{exitInternal, "internal: the engine could not be loaded or failed without a plan, a file could not be written, or a defect"},
		{exitUsage, "wrong usage: unknown verb or flag, missing argument, no such file, a folder that must not be overwritten"},
		{exitInvalid, "the case is invalid; every finding is printed, nothing is solved or written"},
		{exitInfeasible, "proven infeasible, and confirmed by a second proof"},
		{exitUnbounded, "the cost has no lower end"},
		{exitLimit, "a verified plan, but not within the gap: a limit was reached, or the engine failed on the way"},
		{exitNoPlan, "stopped by a limit or Ctrl-C before there was a plan"},
		{exitUnverified, "verification failed: the plan breaches limits, belongs to another case, or cannot be read"},
		{exitPartial, "done but for rows of a trace that did not become jobs; they are counted and listed"},
		{exitInterrupted, "interrupted; the best verified plan is written"},
	}
}

// exitTable is the table as help prints it.
func exitTable() string {
	var b strings.Builder
	b.WriteString("Exit codes:")
	for _, e := range exitCodes() {
		fmt.Fprintf(&b, "\n%5d  %s", e.code, e.meaning)
	}
	return b.String()
}

// failure is an error that knows its exit code.
type failure struct {
	code   exitCode
	status string // for --json; "" takes the code's
	err    error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func fail(code exitCode, format string, args ...any) error {
	return &failure{code: code, err: fmt.Errorf(format, args...)}
}

func usage(format string, args ...any) error { return fail(exitUsage, format, args...) }

// codeOf returns the exit code of an error; errors that know none are internal.
func codeOf(err error) exitCode {
	var f *failure
	var findings model.Findings
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &f):
		return f.code
	case errors.As(err, &findings):
		return exitInvalid
	}
	return exitInternal
}

// statusOf is the status that --json gives to an error.
func statusOf(err error) string {
	var f *failure
	if errors.As(err, &f) && f.status != "" {
		return f.status
	}
	switch codeOf(err) {
	case exitUsage:
		return "usage"
	case exitInvalid:
		return "invalid"
	case exitUnverified:
		return "unverified"
	case exitPartial:
		return "partial"
	}
	return "error"
}

// outcomeError says, as an error with its code, how a solve ended; nil when it
// found a plan within the gap.
func outcomeError(o *opt.Outcome) error {
	plan := o.Plan != nil
	end := func(code exitCode, format string, args ...any) error {
		return &failure{code, o.Status.String(), fmt.Errorf(format, args...)}
	}
	switch {
	case o.Status == opt.Optimal && plan:
		return nil
	case o.Status == opt.Infeasible:
		return end(exitInfeasible, "the case is infeasible: its limits cannot all hold")
	case o.Status == opt.Unbounded:
		return end(exitUnbounded, "the case is unbounded: its cost has no lower end; look for negative prices without a limit")
	case !plan && o.Rejected:
		return &failure{exitUnverified, "unverified", errors.New("no schedule of the engine passed verification")}
	case o.Status == opt.Interrupted && plan:
		return end(exitInterrupted, "interrupted; the plan is the best one so far")
	case o.Status == opt.Interrupted:
		return end(exitNoPlan, "interrupted before there was a plan")
	case o.Status == opt.Limit && plan:
		return end(exitLimit, "a limit ended the search outside the gap; the plan is the best one so far")
	case o.Status == opt.Limit:
		return end(exitNoPlan, "a limit ended the search before there was a plan")
	case plan:
		return end(exitLimit, "the engine failed on the way; the plan is verified, but not proved to be within the gap")
	}
	return end(exitInternal, "the engine failed without a plan")
}
