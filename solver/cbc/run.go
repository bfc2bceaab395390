package cbc

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/mps"
)

// Names of the files in the private directory of a run.
const (
	modelFile    = "model.mps"
	startFile    = "start.txt"
	solutionFile = "solution.txt"
	valuesFile   = "values.bin"
)

const (
	// stopGrace is what cbc gets to write its best point between being asked
	// to stop and being killed. Solve has a second in all.
	stopGrace = 700 * time.Millisecond
	// overrun is how far cbc may miss its own time limit, as it does in a long
	// linear program, before it is asked to stop from outside.
	overrun = 500 * time.Millisecond
)

var errOverrun = errors.New("time limit overrun")

// run starts cbc on p once. p has integer bounds for integer columns and at
// least one term; o has been checked, and o.Start, where set, is complete in
// the integer columns.
func (e *Engine) run(ctx context.Context, p *solver.Problem, o solver.Options, deadline time.Time) (r *solver.Result, err error) {
	dir, err := os.MkdirTemp("", "wattbit-cbc-")
	if err != nil {
		return nil, fmt.Errorf("cbc: %w", err)
	}
	defer func() {
		if e := os.RemoveAll(dir); e != nil && err == nil {
			r, err = nil, fmt.Errorf("cbc: %w", e)
		}
	}()

	if err := writeFile(ctx, filepath.Join(dir, modelFile), func(w io.Writer) error { return mps.Write(w, p) }); err != nil {
		if ctx.Err() != nil {
			return unproved(p, solver.Interrupted, solver.NoLimit), nil
		}
		return nil, fmt.Errorf("cbc: %w", err)
	}
	if o.Start != nil {
		if err := writeFile(ctx, filepath.Join(dir, startFile), func(w io.Writer) error { return writeStart(w, p, o.Start) }); err != nil && ctx.Err() == nil {
			return nil, fmt.Errorf("cbc: %w", err)
		}
	}

	var left time.Duration
	if !deadline.IsZero() {
		if left = time.Until(deadline); left <= 0 {
			return unproved(p, solver.LimitReached, solver.TimeLimit), nil
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadlineCause(ctx, deadline.Add(overrun), errOverrun)
		defer cancel()
	}

	log := newLog(p, o.OnProgress)
	failure := e.child(ctx, dir, arguments(p, o, left), log)
	switch {
	case ctx.Err() == nil:
		log.stop = ranOut
	case errors.Is(context.Cause(ctx), errOverrun):
		log.stop = stoppedByTime
	default:
		log.stop = stoppedByCaller
	}
	if failure != nil && log.stop == ranOut {
		if e.provedBeforeCrash(ctx, p, o, dir, left) {
			return unproved(p, solver.Infeasible, solver.NoLimit), nil
		}
		return nil, failure
	}
	log.late = log.stop == ranOut && !deadline.IsZero() && time.Now().After(deadline)
	return result(p, o, dir, log)
}

// provedBeforeCrash reports whether a cbc that crashed on p had shown that there
// is no point. cbc 2.10 crashes over its solution file when tightening bounds,
// before any search, settles a mixed-integer program; the message is lost with
// it. So it is asked again, and for no file.
func (e *Engine) provedBeforeCrash(ctx context.Context, p *solver.Problem, o solver.Options, dir string, left time.Duration) bool {
	if p.Integers() == 0 {
		return false
	}
	args := arguments(p, o, left)
	log := newLog(p, nil)
	err := e.child(ctx, dir, args[:slices.Index(args, "-solution")], log)
	return err == nil && ctx.Err() == nil && log.tightened && !log.inputError
}

// child runs cbc in dir until it ends, feeding its output to log. When ctx ends
// it is asked to stop, so that it writes its best point, and killed after
// stopGrace.
func (e *Engine) child(ctx context.Context, dir string, args []string, log *log) error {
	cmd := exec.CommandContext(ctx, e.path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	ownGroup(cmd)
	var kill *time.Timer
	cmd.Cancel = func() error {
		kill = time.AfterFunc(stopGrace, func() { killGroup(cmd.Process) })
		return interrupt(cmd.Process)
	}
	// The backstop should even a kill not close the pipe.
	cmd.WaitDelay = stopGrace + 100*time.Millisecond
	errs := &tail{limit: 2000}
	cmd.Stderr = errs
	read, write := io.Pipe()
	cmd.Stdout = write
	done := make(chan struct{})
	go func() {
		defer close(done)
		log.read(bufio.NewReaderSize(read, 1<<16))
	}()
	err := cmd.Start()
	if err == nil {
		err = cmd.Wait()
	}
	if kill != nil {
		kill.Stop()
	}
	write.Close()
	<-done
	if err != nil {
		return fmt.Errorf("cbc: %s: %w; last output: %s %s", e.path, err, log.last.String(), errs)
	}
	return nil
}

// arguments composes the command line. cbc works through it from left to right.
func arguments(p *solver.Problem, o solver.Options, left time.Duration) []string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	integers := p.Integers() > 0
	args := []string{modelFile, "-printingOptions", "all", "-timeMode", "elapsed"}
	add := func(a ...string) { args = append(args, a...) }
	if left > 0 {
		add("-seconds", number(math.Max(left.Seconds(), 1e-3)))
	}
	if o.WorkLimit > 0 {
		limit := strconv.FormatInt(min(o.WorkLimit, math.MaxInt32-1), 10)
		if integers {
			add("-maxNodes", limit)
		} else {
			add("-maxIterations", limit)
		}
	}
	add("-randomSeed", strconv.Itoa(o.Seed))
	if o.NoPresolve {
		add("-presolve", "off")
	}
	if integers {
		// Integer preprocessing of 2.10.8 cuts off optima: of minimise 9a + 10b,
		// 4 <= 3a + 5b <= 7, a in {0, 1, 2}, b in {0, 1}, it makes 18 instead
		// of 10. Presolve of the relaxation stays.
		//
		// So do its cuts: random case 1092 of internal/randomcase costs
		// 38,746.87, and 38,756.82 with Gomory's; case 422 costs 19,808.27, and
		// 19,879.57 with flow covers; case 70 ends below its optimum with
		// mixed-integer rounding and probing.
		add("-randomCbcSeed", strconv.Itoa(o.Seed), "-preprocess", "off", "-cuts", "off")
		if o.Threads > 1 {
			// From 100 up, cbc's threads work in step: the same search every time.
			add("-threads", strconv.Itoa(100+min(o.Threads, 99)))
		}
		// cbc relates the gap to the larger of objective and bound. This
		// fraction of that is never more than RelGap of the objective.
		add("-ratioGap", number(o.RelGap/(1+o.RelGap)))
		if o.AbsGap > 0 {
			add("-allowableGap", number(o.AbsGap))
		}
		if step, _ := increment(p, &o); step > 0 {
			add("-increment", number(step))
		}
		if o.Start != nil {
			add("-mipstart", startFile)
		}
	}
	switch {
	case integers || o.Method == solver.MethodAuto:
		add("-solve")
	case o.Method == solver.MethodInterior:
		add("-crossover", "on", "-barrier")
	default:
		add("-dualSimplex")
	}
	add("-solution", solutionFile, "-saveSolution", valuesFile)
	return args
}

// writeStart writes the integer columns of a start in cbc's own format. cbc
// finds the continuous ones itself.
func writeStart(w io.Writer, p *solver.Problem, start []float64) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "Stopped on iterations - objective value 0")
	for j, v := range start {
		if p.ColType[j] == solver.Integer {
			fmt.Fprintf(b, "%d C%d %.0f 0\n", j, j, v)
		}
	}
	return b.Flush()
}

func writeFile(ctx context.Context, name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := write(contextWriter{ctx, f}); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// contextWriter fails once the context has ended.
type contextWriter struct {
	ctx context.Context
	w   io.Writer
}

func (c contextWriter) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}
