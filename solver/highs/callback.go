package highs

import (
	"fmt"
	"math"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/ebitengine/purego"

	"github.com/wattbit/wattbit/solver"
)

// progressInterval is the time between two calls of OnProgress, and between two
// looks at the figures of a tree search.
const progressInterval = 200 * time.Millisecond

// PanicError is the error of a Solve in which a function of the caller's
// panicked: OnProgress, OnIncumbent, or a Problem's naming of columns and rows.
type PanicError struct {
	Value any    // what it panicked with
	Stack []byte // where
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("highs: a function of the caller panicked: %v", e.Value)
}

// watch is what a running solve and its callbacks share.
type watch struct {
	lib      *library
	cols     int
	maximize bool
	start    time.Time

	stop   atomic.Bool  // the engine is to end at its next look
	root   atomic.Bool  // so is it because the root node is done
	misled atomic.Bool  // so is it because presolve has misled it
	next   atomic.Int64 // time since start of the next look at the figures

	// mu is held while the user's functions run: once close has returned,
	// none runs any more.
	mu          sync.Mutex
	closed      bool
	err         error
	best        []float64 // best point seen, nil for none
	bestValue   float64
	bound       float64
	nodes       int64
	onProgress  func(solver.Progress)
	onIncumbent func(float64, []float64)
	onCuts      func(solver.Rows)
	rootOnly    bool
	cutoff      float64 // no bound beyond it is believed; minimising, +Inf for none
}

// worst returns the bound of a program of which nothing is proved.
func worst(maximize bool) float64 {
	if maximize {
		return math.Inf(1)
	}
	return math.Inf(-1)
}

// event handles one callback of the engine, on whichever of its threads.
func (w *watch) event(kind int32, out unsafe.Pointer) (stop bool) {
	if kind == callbackMipImprovingSolution {
		w.incumbent(out)
		return false // this kind of callback knows no stop
	}
	if kind == callbackMipGetCutPool {
		w.rootDone(out)
		return false // nor does this one
	}
	if w.stop.Load() || w.root.Load() || w.misled.Load() {
		return true
	}
	if kind == callbackMipInterrupt {
		now, due := int64(time.Since(w.start)), w.next.Load()
		if now >= due && w.next.CompareAndSwap(due, now+int64(progressInterval)) {
			w.mu.Lock()
			w.observe(out)
			w.mu.Unlock()
		}
	}
	return false
}

// guard keeps a panic of the user's function from crossing the engine's frames,
// which would corrupt it: the panic becomes the error of Solve and ends the run.
// The caller holds mu.
func (w *watch) guard(fn func()) {
	defer func() {
		if v := recover(); v != nil {
			w.err = &PanicError{Value: v, Stack: debug.Stack()}
			w.stop.Store(true)
		}
	}()
	fn()
}

func (w *watch) incumbent(out unsafe.Pointer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || w.err != nil {
		return
	}
	value := w.double(out, "objective_function_value")
	// This item is the address of the array, not the address of a pointer.
	data := (*float64)(w.lib.callbackItem(out, "mip_solution"))
	if data == nil || math.IsNaN(value) {
		return
	}
	w.best = append(w.best[:0], unsafe.Slice(data, w.cols)...)
	w.bestValue = value
	w.observe(out)
	if w.onIncumbent != nil {
		w.guard(func() { w.onIncumbent(value, append([]float64(nil), w.best...)) })
	}
}

// hear takes in a line of the engine's talk. If a point that the search found
// breaks a limit once presolve is undone, presolve lost that limit or bent
// another, so nothing that is proved of the presolved program is true.
func (w *watch) hear(line string) {
	if !misled(line) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.misled.Store(true) // from here on nothing is noted
	w.bound = worst(w.maximize)
}

// rounding is the violation of a limit, in its own unit, that undoing presolve
// may bring about without a mistake.
const rounding = 1e-3

// misled says whether a line is the engine's warning that a point, once
// presolve is undone, breaks limits by more than rounding, as in: Solution with
// objective 17 has untransformed violations: bound = 0; integrality = 0; row = 1 (row 7).
func misled(line string) bool {
	_, violations, warned := strings.Cut(line, "untransformed violations:")
	if !warned {
		return false
	}
	for part := range strings.SplitSeq(violations, ";") {
		_, value, _ := strings.Cut(part, "=")
		fields := strings.Fields(value)
		if len(fields) == 0 {
			continue
		}
		if v, err := strconv.ParseFloat(fields[0], 64); err == nil && !(v <= rounding) {
			return true
		}
	}
	return false
}

// progress reports what is known by now. It is called from the goroutine of
// Solve, by the clock: the engine itself may be silent for a long time.
func (w *watch) progress() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return
	}
	p := solver.Progress{
		Elapsed:      time.Since(w.start),
		HasIncumbent: w.best != nil,
		Bound:        w.bound,
		Nodes:        w.nodes,
	}
	if p.HasIncumbent {
		p.Objective = w.bestValue
		p.Bound = withinObjective(w.bound, w.bestValue, w.maximize)
	}
	w.guard(func() { w.onProgress(p) })
}

// observe notes the proved bound and the nodes of a tree search. The bound of
// a search never gets worse, whatever single reports say. The caller holds mu.
func (w *watch) observe(out unsafe.Pointer) {
	if w.misled.Load() {
		return
	}
	if b := w.double(out, "mip_dual_bound"); !math.IsNaN(b) && !math.IsInf(b, 0) {
		if w.maximize {
			w.bound = math.Min(w.bound, b)
		} else {
			w.bound = math.Max(w.bound, math.Min(b, w.cutoff))
		}
	}
	if n := (*int64)(w.lib.callbackItem(out, "mip_node_count")); n != nil {
		w.nodes = max(w.nodes, *n)
	}
}

func (w *watch) double(out unsafe.Pointer, name string) float64 {
	if v := (*float64)(w.lib.callbackItem(out, name)); v != nil {
		return *v
	}
	return math.NaN()
}

// close ends the callbacks for good.
func (w *watch) close() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
}

// The number of C callbacks of a process is limited and they are never freed,
// so there is one for all solves, created at first need, and the user data that
// HiGHS hands back is an id in this table. They are the one state of the process
// in this package: a C function pointer cannot carry a Go pointer in any other
// way.
var (
	trampoline = sync.OnceValue(func() uintptr { return purego.NewCallback(dispatch) })
	watches    table
)

type table struct {
	mu   sync.RWMutex
	last uintptr
	byID map[uintptr]*watch
}

func (t *table) add(w *watch) (id uintptr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byID == nil {
		t.byID = make(map[uintptr]*watch)
	}
	t.last++
	t.byID[t.last] = w
	return t.last
}

func (t *table) get(id uintptr) *watch {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.byID[id]
}

func (t *table) remove(id uintptr) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.byID, id)
}

// dispatch is the C callback. interrupt is the first field of the engine's
// input structure, the one part of it with a promised place and no accessor.
func dispatch(kind int32, message *byte, out unsafe.Pointer, interrupt *int32, id uintptr) uintptr {
	w := watches.get(id)
	if w == nil {
		return 0
	}
	if kind == callbackLogging {
		w.hear(text(message))
		return 0
	}
	stop := w.event(kind, out)
	if interrupt != nil {
		*interrupt = 0 // the engine keeps an answer, even from one run to the next
		if stop {
			*interrupt = 1
		}
	}
	return 0
}

// text copies a C string.
func text(c *byte) string {
	if c == nil {
		return ""
	}
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(c), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(c, n))
}
