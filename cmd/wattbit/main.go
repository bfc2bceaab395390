// Command wattbit plans power and computing together: it reads a case, has an
// engine find the cheapest plan, verifies the plan as it reads back from the
// disk, and writes a run folder with plan, tables and report.
//
// The verbs and exit codes are described in docs/cli.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/wattbit/wattbit/solver/engines"
)

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	go cancelOnSignal(cancel)
	a := &app{out: os.Stdout, err: os.Stderr, live: liveWidth(os.Stderr), open: engines.Open}
	os.Exit(int(a.run(ctx, os.Args)))
}

// cancelOnSignal ends the work in hand at the first Ctrl-C, so that the best
// plan is still written, and the process at the second.
func cancelOnSignal(cancel context.CancelFunc) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	<-signals
	cancel()
	<-signals
	os.Exit(int(exitInterrupted))
}

// run carries out one command line and returns the exit code. Whatever happens,
// --json gets its one object.
func (a *app) run(ctx context.Context, args []string) exitCode {
	err := a.try(ctx, args)
	code := codeOf(err)
	if code == exitUsage && a.result == nil && slices.Contains(args, "--json") {
		a.result = &result{}
	}
	if err != nil {
		a.say("wattbit: %s", sentence(err))
	}
	if a.result != nil {
		a.result.conclude(err)
		if werr := writeJSON(a.out, a.result); werr != nil && code == exitOK {
			a.say("wattbit: write the result: %v", werr)
			return exitInternal
		}
	}
	return code
}

// try runs the command; a panic is an error like any other, because Go would
// end with exit code 2, which means wrong usage here.
func (a *app) try(ctx context.Context, args []string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fail(exitInternal, "this is a defect of wattbit: %v\n%s", r, debug.Stack())
		}
	}()
	return newRoot(a).Run(ctx, args)
}

// sentence is the text of an error without the marks that only code reads.
func sentence(err error) string {
	var f *failure
	if errors.As(err, &f) {
		return f.err.Error()
	}
	return strings.TrimSpace(err.Error())
}

// say writes a line of talk, which never goes to standard output.
func (a *app) say(format string, args ...any) { fmt.Fprintf(a.err, format+"\n", args...) }

// print writes to what the reader sees as the result: standard output, or with
// --json standard error, because standard output then holds the object alone.
func (a *app) print(format string, args ...any) { fmt.Fprintf(a.reader(), format+"\n", args...) }

func (a *app) reader() io.Writer {
	if a.result != nil {
		return a.err
	}
	return a.out
}
