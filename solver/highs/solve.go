package highs

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"
	"unsafe"

	"github.com/wattbit/wattbit/solver"
)

// solve is one run of the engine, from creating to destroying its instance.
type solve struct {
	lib *library
	h   unsafe.Pointer
	p   *solver.Problem
	o   *solver.Options
	w   *watch
	mip bool

	// Column bounds of a mixed-integer program, whole where they must be.
	lower, upper []float64

	handedOver chan struct{} // closed when the engine needs the Problem no more
	handOver   sync.Once
}

// run does it all on the calling thread, which must be new and must end after.
func (s *solve) run() (*solver.Result, error) {
	defer s.handOver.Do(func() { close(s.handedOver) })
	s.h = s.lib.create()
	if s.h == nil {
		return nil, errors.New("highs: cannot create an instance")
	}
	defer s.lib.destroy(s.h)
	id := watches.add(s.w)
	defer watches.remove(id)

	if err := s.setOptions(); err != nil {
		return nil, err
	}
	if err := s.passProgram(); err != nil {
		return nil, err
	}
	s.passStart(s.o.Start)
	s.passBasis()
	if err := s.registerCallbacks(id); err != nil {
		return nil, err
	}
	if err := s.setTimeLimit(); err != nil {
		return nil, err
	}
	// The engine has its own copy now. An abandoned run may outlive Solve; the
	// program is then the caller's alone, and the result is dropped unread.
	s.handOver.Do(func() { close(s.handedOver) })
	code := s.lib.run(s.h)
	if s.w.misled.Load() {
		var err error
		if code, err = s.runUnpresolved(); err != nil {
			return nil, err
		}
	}

	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	if s.w.closed {
		return nil, errors.New("highs: abandoned")
	}
	if s.w.err != nil {
		return nil, s.w.err
	}
	return s.read(code)
}

// runUnpresolved runs once more, without presolve, from the best point known.
func (s *solve) runUnpresolved() (code int32, err error) {
	s.lib.clearSolver(s.h)
	for _, o := range []option{{"presolve", "off"}, {"output_flag", false}} {
		if err := s.set(o); err != nil {
			return 0, err
		}
	}
	s.w.mu.Lock()
	start := s.w.best
	s.w.mu.Unlock()
	if start == nil && !s.w.stop.Load() { // else the caller may have it back by now
		start = s.o.Start
	}
	s.passStart(start)
	if err := s.setTimeLimit(); err != nil {
		return 0, err
	}
	s.w.root.Store(false)
	s.w.misled.Store(false)
	return s.lib.run(s.h), nil
}

// listens says whether the engine's talk is listened to: where presolve may mislead it.
func (s *solve) listens() bool { return s.mip && !s.o.NoPresolve }

type option struct {
	name  string
	value any // bool, int, float64 or string
}

func (s *solve) setOptions() error {
	options := []option{
		{"output_flag", s.listens()},
		{"log_to_console", false},
		{"threads", max(s.o.Threads, 1)},
		{"random_seed", s.o.Seed},
		{"mip_rel_gap", s.o.RelGap},
		// "choose" takes another interior point method where an optional
		// library happens to be installed; results must not depend on that.
		{"mip_ipm_solver", "ipx"},
	}
	if s.o.AbsGap > 0 {
		options = append(options, option{"mip_abs_gap", s.o.AbsGap})
	}
	if s.o.HasCutoff {
		options = append(options, option{"objective_bound", s.o.Cutoff})
	}
	if s.o.HasTarget {
		// HiGHS stops below its target, not at it.
		options = append(options, option{"objective_target", math.Nextafter(s.o.Target, math.Inf(1))})
	}
	if s.mip && (s.o.NoHeuristics || s.o.RootOnly) {
		options = append(options, withoutHeuristics...)
	}
	if s.mip && s.o.OnCuts != nil {
		// Symmetry may fix columns without loss of the optimum, but not
		// without loss of points, which cuts would then leave out.
		options = append(options, option{"mip_detect_symmetry", false})
	}
	if s.mip && (s.o.NoRestart || s.o.OnCuts != nil) {
		options = append(options, option{"mip_allow_restart", false})
	}
	switch {
	case s.o.NoPresolve:
		options = append(options, option{"presolve", "off"})
	case s.mip && s.lib.misenumerates:
		options = append(options, option{"presolve_rule_off", ruleEnumeration})
	}
	// With the option "solver" set, HiGHS may take a mixed-integer program for
	// its relaxation, so that one is for linear programs only.
	method := "solver"
	if s.mip {
		method = "mip_lp_solver"
	}
	switch {
	case s.o.Method == solver.MethodInterior:
		options = append(options, option{method, "ipx"})
	case s.o.Method == solver.MethodSimplex || !s.mip:
		options = append(options, option{method, "simplex"})
	}
	if s.o.WorkLimit > 0 {
		limit := int(min(s.o.WorkLimit, math.MaxInt32))
		if s.mip {
			options = append(options, option{"mip_max_nodes", limit})
		} else {
			options = append(options, option{"simplex_iteration_limit", limit}, option{"ipm_iteration_limit", limit})
		}
	}
	for _, o := range options {
		if err := s.set(o); err != nil {
			return err
		}
	}
	return nil
}

// withoutHeuristics turns off what can be: roundings of the relaxation and the
// analytic centre of the root node remain.
var withoutHeuristics = []option{
	{"mip_heuristic_effort", 0.0},
	{"mip_heuristic_run_feasibility_jump", false},
	{"mip_heuristic_run_rins", false},
	{"mip_heuristic_run_rens", false},
	{"mip_heuristic_run_root_reduced_cost", false},
	{"mip_heuristic_run_zi_round", false},
	{"mip_heuristic_run_shifting", false},
}

func (s *solve) set(o option) error {
	var code int32
	switch v := o.value.(type) {
	case bool:
		var flag int32
		if v {
			flag = 1
		}
		code = s.lib.setBool(s.h, o.name, flag)
	case int:
		code = s.lib.setInt(s.h, o.name, int32(v))
	case float64:
		code = s.lib.setDouble(s.h, o.name, v)
	case string:
		code = s.lib.setString(s.h, o.name, v)
	}
	if code != 0 {
		return fmt.Errorf("highs: option %s = %v refused (status %d)", o.name, o.value, code)
	}
	return nil
}

// setTimeLimit comes last: the limit counts from the call of Solve.
func (s *solve) setTimeLimit() error {
	if s.o.TimeLimit == 0 {
		return nil
	}
	left := max(s.o.TimeLimit-time.Since(s.w.start), 0)
	return s.set(option{"time_limit", left.Seconds()})
}

func (s *solve) passProgram() error {
	p := s.p
	sense := int32(senseMinimize)
	if p.Maximize {
		sense = senseMaximize
	}
	cols, rows, nonzeros := int32(p.Cols()), int32(p.Rows()), int32(p.Nonzeros())
	var code int32
	if s.mip {
		code = s.lib.passMip(s.h, cols, rows, nonzeros, matrixRowwise, sense, p.Offset,
			first(p.ColCost), first(s.lower), first(s.upper), first(p.RowLower), first(p.RowUpper),
			first(p.RowStart), first(p.Index), first(p.Value), (*int32)(first(p.ColType)))
	} else {
		code = s.lib.passLp(s.h, cols, rows, nonzeros, matrixRowwise, sense, p.Offset,
			first(p.ColCost), first(p.ColLower), first(p.ColUpper), first(p.RowLower), first(p.RowUpper),
			first(p.RowStart), first(p.Index), first(p.Value))
	}
	runtime.KeepAlive(p)
	// A warning means that negligible coefficients were dropped.
	if code == statusError {
		return fmt.Errorf("highs: program of %d columns, %d rows, %d nonzeros refused", cols, rows, nonzeros)
	}
	return nil
}

// boundTolerance is HiGHS's tolerance on integers: a bound that misses an
// integer by less means that integer.
const boundTolerance = 1e-6

// wholeBounds returns the column bounds with those of integer columns moved
// inwards to integers, and whether any value is left to each. Where an integer
// column has a bound of, say, 0.5, HiGHS 1.15.1 has been seen to miss the
// optimum, and to claim optimality with a point that it marks infeasible. The
// slices are the program's own where nothing had to move.
func wholeBounds(p *solver.Problem) (lower, upper []float64, possible bool) {
	lower, upper, possible = p.ColLower, p.ColUpper, true
	copied := false
	for j, t := range p.ColType {
		if t != solver.Integer {
			continue
		}
		lo, up := math.Ceil(p.ColLower[j]-boundTolerance), math.Floor(p.ColUpper[j]+boundTolerance)
		possible = possible && lo <= up
		if lo == p.ColLower[j] && up == p.ColUpper[j] {
			continue
		}
		if !copied {
			lower, upper, copied = slices.Clone(lower), slices.Clone(upper), true
		}
		lower[j], upper[j] = lo, up
	}
	return lower, upper, possible
}

// first returns the address of the first element, nil where there is none.
func first[T any](s []T) *T {
	if len(s) == 0 {
		return nil
	}
	return &s[0]
}

// passStart hands over the proposed point. What HiGHS refuses, such as a value
// outside its bounds, is ignored as solver.Options promises.
func (s *solve) passStart(start []float64) {
	if !s.mip || len(start) == 0 {
		return
	}
	var index []int32
	var value []float64
	for j, v := range start {
		if !math.IsNaN(v) {
			index = append(index, int32(j))
			value = append(value, v)
		}
	}
	switch len(index) {
	case 0:
	case len(start):
		s.lib.setSolution(s.h, first(value), nil, nil, nil)
	default:
		s.lib.setSparseSolution(s.h, int32(len(index)), first(index), first(value))
	}
}

// passBasis hands over the proposed basis; what HiGHS refuses is ignored, as
// solver.Options promises.
func (s *solve) passBasis() {
	if b := s.o.StartBasis; !s.mip && b != nil && len(b.Row) == s.p.Rows() {
		s.lib.setBasis(s.h, (*int32)(first(b.Col)), (*int32)(first(b.Row)))
	}
}

func (s *solve) registerCallbacks(id uintptr) error {
	if code := s.lib.setCallback(s.h, trampoline(), id); code != 0 {
		return fmt.Errorf("highs: callback refused (status %d)", code)
	}
	kinds := []int32{callbackSimplexInterrupt, callbackIpmInterrupt, callbackMipInterrupt, callbackMipImprovingSolution}
	if s.listens() {
		kinds = append(kinds, callbackLogging)
	}
	if s.o.OnCuts != nil || s.o.RootOnly {
		kinds = append(kinds, callbackMipGetCutPool)
	}
	for _, kind := range kinds {
		if code := s.lib.startCallback(s.h, kind); code != 0 {
			return fmt.Errorf("highs: callback of kind %d refused (status %d)", kind, code)
		}
	}
	return nil
}
