package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// child is a solve in a process of its own: memory and warm caches of one solve
// do not count for the next, and a crash ends one solve only.
type child struct {
	program, where string // what runs, and its working directory
	args           []string
	folder         string // the run's, which args name too
	// limit ends a process that hangs; 0 means none.
	limit time.Duration
}

// childEnd is what a child left behind.
type childEnd struct {
	code exitCode
	// record is run.json, nil where there is none; object is what --json
	// printed, empty without that flag.
	record *runRecord
	object result
	peakMB float64 // 0 where the system does not tell
	said   string  // the end of standard error
}

// interruptGrace is how long a child may take to end after Ctrl-C.
const interruptGrace = 5 * time.Second

// run waits for the child. The error says that it could not be started, or that
// ctx ended first.
func (c *child) run(ctx context.Context) (*childEnd, error) {
	timed, cancel := ctx, context.CancelFunc(func() {})
	if c.limit > 0 {
		timed, cancel = context.WithTimeout(ctx, c.limit)
	}
	defer cancel()
	cmd := exec.CommandContext(timed, c.program, c.args...)
	var stdout, stderr bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = c.where, &stdout, &stderr
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = interruptGrace
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && timed.Err() == nil {
		return nil, err
	}
	end := &childEnd{code: exitInternal, said: tail(stderr.String())}
	if cmd.ProcessState != nil {
		end.code, end.peakMB = exitCode(cmd.ProcessState.ExitCode()), peakMB(cmd.ProcessState)
	}
	if timed.Err() != nil {
		end.code, end.said = exitInternal, fmt.Sprintf("it did not end within %s and was stopped", c.limit)
	}
	_ = json.Unmarshal(stdout.Bytes(), &end.object) // without --json there is none
	text, err := os.ReadFile(filepath.Join(c.folder, runFile))
	if err != nil {
		return end, nil // a child that failed leaves none; said tells why
	}
	end.record = new(runRecord)
	if err := json.Unmarshal(text, end.record); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(c.folder, runFile), err)
	}
	return end, nil
}

// tail is the end of what a child said, where the reason of a failure stands.
func tail(text string) string {
	const most = 2_000
	text = strings.TrimSpace(text)
	return text[max(0, len(text)-most):]
}
