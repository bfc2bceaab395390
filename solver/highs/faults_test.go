package highs

import (
	"context"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/wattbit/wattbit/solver"
)

// tampered returns an engine whose library does as change says.
func tampered(t *testing.T, change func(l *library)) *Engine {
	e := testEngine(t)
	l := *e.lib
	change(&l)
	return &Engine{lib: &l, path: e.path}
}

func TestBrokenContractIsAnError(t *testing.T) {
	program, _ := smallMIP(1)
	linear := *program
	linear.ColType = make([]solver.VarType, program.Cols())
	for _, c := range []struct {
		name   string
		want   string
		linear bool
		change func(l *library)
	}{
		{"no instance", "instance", false, func(l *library) {
			l.create = func() unsafe.Pointer { return nil }
		}},
		{"option refused", "option", false, func(l *library) {
			l.setInt = func(unsafe.Pointer, string, int32) int32 { return statusError }
		}},
		{"program refused", "refused", false, func(l *library) {
			l.passMip = func(unsafe.Pointer, int32, int32, int32, int32, int32, float64,
				*float64, *float64, *float64, *float64, *float64, *int32, *int32, *float64, *int32) int32 {
				return statusError
			}
		}},
		{"callback refused", "callback", false, func(l *library) {
			l.startCallback = func(unsafe.Pointer, int32) int32 { return statusError }
		}},
		{"run failed, status optimal", "run failed", false, func(l *library) {
			run := l.run
			l.run = func(h unsafe.Pointer) int32 { run(h); return statusError }
		}},
		{"did not run", "did not solve", false, func(l *library) {
			l.run = func(unsafe.Pointer) int32 { return 0 }
		}},
		{"unknown status", "not known", false, func(l *library) {
			l.modelStatus = func(unsafe.Pointer) int32 { return 99 }
		}},
		{"out of memory", "memory", false, func(l *library) {
			l.modelStatus = func(unsafe.Pointer) int32 { return modelMemoryLimit }
		}},
		{"interrupted unasked", "unasked", false, func(l *library) {
			l.modelStatus = func(unsafe.Pointer) int32 { return modelInterrupt }
		}},
		{"optimal without a point", "without a feasible point", false, func(l *library) {
			l.intInfo = func(_ unsafe.Pointer, _ string, v *int32) int32 { *v = 0; return 0 }
		}},
		{"NaN in the point", "NaN as value of column", false, func(l *library) {
			get := l.getSolution
			l.getSolution = func(h unsafe.Pointer, x, cd, rv, rd *float64) int32 {
				defer func() { *x = math.NaN() }()
				return get(h, x, cd, rv, rd)
			}
		}},
		{"infinity in the duals", "+Inf as dual of row", true, func(l *library) {
			get := l.getSolution
			l.getSolution = func(h unsafe.Pointer, x, cd, rv, rd *float64) int32 {
				defer func() { *rd = math.Inf(1) }()
				return get(h, x, cd, rv, rd)
			}
		}},
		{"no solution", "no solution", false, func(l *library) {
			l.getSolution = func(unsafe.Pointer, *float64, *float64, *float64, *float64) int32 { return statusError }
		}},
		{"objective of another point", "worth", false, func(l *library) {
			get := l.doubleInfo
			l.doubleInfo = func(h unsafe.Pointer, name string, v *float64) int32 {
				code := get(h, name, v)
				if name == "objective_function_value" {
					*v += 1e-3
				}
				return code
			}
		}},
		{"NaN as bound", "bound", false, func(l *library) {
			get := l.doubleInfo
			l.doubleInfo = func(h unsafe.Pointer, name string, v *float64) int32 {
				code := get(h, name, v)
				if name == "mip_dual_bound" {
					*v = math.NaN()
				}
				return code
			}
		}},
		{"panic on the way", "boom", false, func(l *library) {
			l.run = func(unsafe.Pointer) int32 { panic("boom") }
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := program
			if c.linear {
				p = &linear
			}
			r, err := tampered(t, c.change).Solve(context.Background(), p, solver.Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("result %+v, error %v; want an error with %q", r, err, c.want)
			}
		})
	}
}

func TestTranslateKnowsEveryStatus(t *testing.T) {
	for status := int32(modelNotset); status <= modelHighsInterrupt; status++ {
		s, limit, err := translate(status)
		if err != nil && strings.Contains(err.Error(), "not known") {
			t.Errorf("status %d is not known", status)
		}
		if err == nil && (s == solver.LimitReached) != (limit != solver.NoLimit) {
			t.Errorf("status %d: %v with limit %v", status, s, limit)
		}
	}
}

func TestEveryInstanceIsDestroyed(t *testing.T) {
	var created, destroyed atomic.Int64
	count := func(l *library) {
		create, destroy := l.create, l.destroy
		l.create = func() unsafe.Pointer { created.Add(1); return create() }
		l.destroy = func(h unsafe.Pointer) { destroyed.Add(1); destroy(h) }
	}
	small, _ := smallMIP(1)
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	for _, c := range []struct {
		ctx    context.Context
		p      *solver.Problem
		o      solver.Options
		change func(l *library)
	}{
		{context.Background(), small, solver.Options{}, nil},
		{ctx, marketSplit(), solver.Options{}, nil},
		{context.Background(), marketSplit(), solver.Options{OnIncumbent: func(float64, []float64) { panic(1) }}, nil},
		{context.Background(), small, solver.Options{}, func(l *library) {
			l.setInt = func(unsafe.Pointer, string, int32) int32 { return statusError }
		}},
		{context.Background(), small, solver.Options{}, func(l *library) {
			l.run = func(unsafe.Pointer) int32 { panic("boom") }
		}},
	} {
		e := tampered(t, func(l *library) {
			count(l)
			if c.change != nil {
				c.change(l)
			}
		})
		// Errors are the business of other tests.
		_, _ = e.Solve(c.ctx, c.p, c.o)
	}
	waitForAll(t)
	waitFor(t, func() bool { return destroyed.Load() == created.Load() }, func() string { return "instances are left" })
	if created.Load() != 5 {
		t.Errorf("%d instances, want 5", created.Load())
	}
}

func TestWholeBounds(t *testing.T) {
	var b solver.Builder
	b.Col(0.5, 2.5, 0, solver.Integer)
	b.Col(0.5, 2.5, 0, solver.Continuous)
	b.Col(math.Inf(-1), 3-1e-9, 0, solver.Integer)
	p := b.Build()
	lower, upper, possible := wholeBounds(p)
	if !possible || lower[0] != 1 || upper[0] != 2 || lower[1] != 0.5 || upper[1] != 2.5 || !math.IsInf(lower[2], -1) || upper[2] != 3 {
		t.Errorf("bounds %v to %v, possible %v", lower, upper, possible)
	}
	if p.ColLower[0] != 0.5 || p.ColUpper[0] != 2.5 {
		t.Error("the program was changed")
	}
	b.Col(0.2, 0.8, 0, solver.Integer)
	if _, _, possible := wholeBounds(b.Build()); possible {
		t.Error("an integer between 0.2 and 0.8 is held possible")
	}
	var whole solver.Builder
	whole.Col(0, 1, 0, solver.Integer)
	p = whole.Build()
	if lower, _, _ := wholeBounds(p); &lower[0] != &p.ColLower[0] {
		t.Error("bounds were copied for nothing")
	}
}
