package main

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/engines"
)

// double is an engine for what no sound engine and valid case bring about.
type double func(context.Context, *solver.Problem, solver.Options) (*solver.Result, error)

func (d double) Name() string    { return "highs" }
func (d double) Version() string { return "0" }
func (d double) Solve(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
	return d(ctx, p, o)
}

// answers always gives the same result.
func answers(res solver.Result, err error) double {
	return func(context.Context, *solver.Problem, solver.Options) (*solver.Result, error) {
		if err != nil {
			return nil, err
		}
		r := res
		return &r, nil
	}
}

// inProcess runs a command line in this process, with the given engine.
func inProcess(ctx context.Context, s solver.Solver, args ...string) ended {
	var out, talk bytes.Buffer
	a := &app{
		out: &out, err: &talk, live: func() int { return 0 },
		open: func(string, string) (solver.Solver, error) { return s, nil },
	}
	code := a.run(ctx, append([]string{"wattbit"}, args...))
	return ended{out.String(), talk.String(), code}
}

func highsEngine(t *testing.T) solver.Solver {
	t.Helper()
	needEngine(t)
	s, err := engines.Open("", "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestExitCodesOfStrangeEngines(t *testing.T) {
	for _, c := range []struct {
		name   string
		engine double
		code   exitCode
		status string
		says   string
	}{
		{"unbounded, which is not so", answers(solver.Result{Status: solver.Unbounded, Bound: math.Inf(-1)}, nil), exitInternal, "failed", "not confirmed"},
		{"limit without a plan", answers(solver.Result{Status: solver.LimitReached, Limit: solver.TimeLimit, Bound: math.Inf(-1)}, nil), exitNoPlan, "limit", "before there was a plan"},
		{"interrupted without a plan", answers(solver.Result{Status: solver.Interrupted, Bound: math.Inf(-1)}, nil), exitNoPlan, "interrupted", "before there was a plan"},
		{"error", answers(solver.Result{}, errors.New("out of memory")), exitInternal, "failed", "out of memory"},
		{"panic", func(context.Context, *solver.Problem, solver.Options) (*solver.Result, error) { panic("boom") }, exitInternal, "failed", "boom"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			e := inProcess(t.Context(), c.engine, "solve", smallCase(t), "-o", filepath.Join(dir, "out"), "--json")
			o := e.object(t)
			if e.code != c.code || o["status"] != c.status || o["plan"] != nil || o["exit_code"] != float64(c.code) {
				t.Errorf("want %d %s, got %s", c.code, c.status, e)
			}
			e.mustSay(t, c.says)
			if rec := readRecord(t, filepath.Join(dir, "out")); rec.Status != c.status || rec.Verified {
				t.Errorf("run.json: %+v", rec)
			}
		})
	}
}

// TestUnboundedOutcome: no valid case has a cost without a lower end, so the code
// is tested on the outcome that an ingredient of one's own may have.
func TestUnboundedOutcome(t *testing.T) {
	err := outcomeError(&opt.Outcome{Status: opt.Unbounded})
	if codeOf(err) != exitUnbounded || statusOf(err) != "unbounded" || !strings.Contains(err.Error(), "no lower end") {
		t.Errorf("got %v, code %d, status %s", err, codeOf(err), statusOf(err))
	}
}

// TestEngineFailsOnTheWay: a plan that holds stays, although the engine broke.
func TestEngineFailsOnTheWay(t *testing.T) {
	engine := highsEngine(t)
	breaks := double(func(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
		if p.Integers() > 0 {
			return nil, errors.New("out of memory")
		}
		return engine.Solve(ctx, p, o)
	})
	dir := t.TempDir()
	e := inProcess(t.Context(), breaks, "solve", smallCase(t), "-o", filepath.Join(dir, "out"), "--json")
	o := e.object(t)
	if e.code != exitLimit || o["status"] != "feasible" || o["verified"] != true {
		t.Errorf("got %s", e)
	}
}

// TestUnverifiedPlan: an engine whose points are off by more than the verifier
// allows, but not by so much that they are refused outright.
func TestUnverifiedPlan(t *testing.T) {
	engine := highsEngine(t)
	sloppy := double(func(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
		res, err := engine.Solve(ctx, p, o)
		if err == nil && res.HasPoint {
			for j := range res.X {
				if p.ColType[j] != solver.Integer && p.ColUpper[j] > p.ColLower[j] {
					res.X[j] += 8e-4
				}
			}
			res.Objective, res.HasDuals = p.Eval(res.X), false
		}
		return res, err
	})
	dir := t.TempDir()
	e := inProcess(t.Context(), sloppy, "solve", smallCase(t), "-o", filepath.Join(dir, "out"), "--json")
	o := e.object(t)
	if e.code != exitUnverified || o["status"] != "unverified" || o["plan"] != nil || len(o["violations"].([]any)) == 0 {
		t.Errorf("got %s", e)
	}
	if _, err := os.Stat(filepath.Join(dir, "out", planFile)); err == nil {
		t.Error("a plan that does not hold was written")
	}
	if strings.Contains(e.stdout+e.stderr, "Verified") {
		t.Errorf("called verified: %s", e)
	}
}

// TestDemoLimit: the demo counts as done at its own limit, not at the user's.
func TestDemoLimit(t *testing.T) {
	engine := highsEngine(t)
	var limits []time.Duration
	hurried := double(func(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
		if o.TimeLimit > 0 {
			limits = append(limits, o.TimeLimit)
			o.TimeLimit = 100 * time.Millisecond
		}
		return engine.Solve(ctx, p, o)
	})
	dir := t.TempDir()
	e := inProcess(t.Context(), hurried, "demo", "-o", filepath.Join(dir, "one"))
	if e.code != exitOK {
		t.Errorf("got %s", e)
	}
	e.mustSay(t, "eight-hubs-summer", "Verified", "Moved out of home region", filepath.Join(dir, "one", reportFile))
	if e = inProcess(t.Context(), hurried, "demo", "--time-limit", "30", "-o", filepath.Join(dir, "two"), "--day", "highwind"); e.code != exitLimit {
		t.Errorf("got %s", e)
	}
	e.mustSay(t, "eight-hubs-highwind")
	// The search has what the steps before it left.
	if len(limits) < 2 || limits[0] <= 30*time.Second || limits[0] > demoLimit || limits[len(limits)-1] > 30*time.Second {
		t.Errorf("limits %v", limits)
	}
}

// TestPanicIsInternal: Go's own exit code of a panic would mean wrong usage.
func TestPanicIsInternal(t *testing.T) {
	var out, talk bytes.Buffer
	a := &app{out: &out, err: &talk, live: func() int { return 0 }, open: func(string, string) (solver.Solver, error) { panic("boom") }}
	if code := a.run(t.Context(), []string{"wattbit", "engine", "check"}); code != exitInternal || !strings.Contains(talk.String(), "boom") {
		t.Errorf("exit code %d, %s", code, &talk)
	}
}
