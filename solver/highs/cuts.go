package highs

import (
	"fmt"
	"math"
	"slices"
	"unsafe"

	"github.com/wattbit/wattbit/solver"
)

// rootDone handles the one call that HiGHS makes when the cuts of the root node
// are made, before the heuristics that follow.
func (w *watch) rootDone(out unsafe.Pointer) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || w.err != nil {
		return
	}
	w.observe(out)
	if w.onCuts != nil {
		cuts, err := w.cuts(out)
		if err != nil {
			w.err = err
			w.stop.Store(true)
			return
		}
		w.guard(func() { w.onCuts(cuts) })
	}
	if w.rootOnly {
		w.root.Store(true)
	}
}

// cuts copies the cut pool out of the callback's data and checks it: it is the
// engine's memory, described by its own counts.
func (w *watch) cuts(out unsafe.Pointer) (solver.Rows, error) {
	count := func(item string) int {
		if v := (*int32)(w.lib.callbackItem(out, item)); v != nil {
			return int(*v)
		}
		return -1
	}
	cols, rows, terms := count("cutpool_num_col"), count("cutpool_num_cut"), count("cutpool_num_nz")
	if rows == 0 {
		return solver.Rows{}, nil
	}
	if cols != w.cols || rows < 0 || terms < 0 {
		return solver.Rows{}, fmt.Errorf("highs: the engine has %d cuts of %d terms over %d columns, the program %d columns", rows, terms, cols, w.cols)
	}
	// Like that of the solution, these items are the addresses of the arrays.
	start := (*int32)(w.lib.callbackItem(out, "cutpool_start"))
	index := (*int32)(w.lib.callbackItem(out, "cutpool_index"))
	value := (*float64)(w.lib.callbackItem(out, "cutpool_value"))
	lower := (*float64)(w.lib.callbackItem(out, "cutpool_lower"))
	upper := (*float64)(w.lib.callbackItem(out, "cutpool_upper"))
	if start == nil || lower == nil || upper == nil || terms > 0 && (index == nil || value == nil) {
		return solver.Rows{}, fmt.Errorf("highs: the engine has %d cuts but not their terms", rows)
	}
	r := solver.Rows{
		Lower: slices.Clone(unsafe.Slice(lower, rows)),
		Upper: slices.Clone(unsafe.Slice(upper, rows)),
		Start: slices.Clone(unsafe.Slice(start, rows+1)),
		Index: slices.Clone(unsafe.Slice(index, terms)),
		Value: slices.Clone(unsafe.Slice(value, terms)),
	}
	return r, checkCuts(&r, cols)
}

func checkCuts(r *solver.Rows, cols int) error {
	for i, at := range r.Start {
		if i == 0 && at != 0 || i > 0 && at < r.Start[i-1] || int(at) > len(r.Index) {
			return fmt.Errorf("highs: cut %d of the engine starts at %d of %d terms", i, at, len(r.Index))
		}
	}
	for k, j := range r.Index {
		if v := r.Value[k]; j < 0 || int(j) >= cols || math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("highs: a cut of the engine has coefficient %v for column %d of %d", v, j, cols)
		}
	}
	for i := range r.Lower {
		if !(r.Lower[i] <= r.Upper[i]) {
			return fmt.Errorf("highs: cut %d of the engine lies between %v and %v", i, r.Lower[i], r.Upper[i])
		}
	}
	return nil
}
