package highs

import (
	"context"
	"math"
	"strings"
	"testing"
	"unsafe"

	"github.com/wattbit/wattbit/solver"
)

func TestCheckCuts(t *testing.T) {
	good := func() solver.Rows {
		var r solver.Rows
		r.Add(math.Inf(-1), 1, []int32{0, 2}, []float64{1, -1})
		r.Add(2, 3, []int32{1}, []float64{4})
		return r
	}
	r := good()
	if err := checkCuts(&r, 3); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(r *solver.Rows){
		"cut 0 of the engine starts at 1":       func(r *solver.Rows) { r.Start[0] = 1 },
		"cut 2 of the engine starts at 1":       func(r *solver.Rows) { r.Start[2] = 1 },
		"cut 1 of the engine starts at 9":       func(r *solver.Rows) { r.Start[1] = 9 },
		"coefficient 1 for column -1 of 3":      func(r *solver.Rows) { r.Index[0] = -1 },
		"coefficient 4 for column 3 of 3":       func(r *solver.Rows) { r.Index[2] = 3 },
		"coefficient NaN for column 0":          func(r *solver.Rows) { r.Value[0] = math.NaN() },
		"coefficient -Inf for column 2":         func(r *solver.Rows) { r.Value[1] = math.Inf(-1) },
		"cut 0 of the engine lies between 2":    func(r *solver.Rows) { r.Lower[0] = 2 },
		"cut 1 of the engine lies between 2 an": func(r *solver.Rows) { r.Upper[1] = math.NaN() },
	} {
		r := good()
		change(&r)
		if err := checkCuts(&r, 3); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// knapsacks is a program whose root node makes cuts.
func knapsacks() *solver.Problem {
	var b solver.Builder
	for j := range 20 {
		b.Col(0, 1, -float64(10+j*7%13), solver.Integer)
	}
	for i := range 4 {
		r := b.Row(math.Inf(-1), 60+float64(i))
		for j := range 20 {
			b.Add(r, solver.Col(j), float64(5+(i*i+3)*(j+1)%17))
		}
	}
	return b.Build()
}

// A cut pool that contradicts itself ends the solve with an error, and the
// engine's memory is not read beyond its counts.
func TestBrokenCutPoolIsAnError(t *testing.T) {
	p := knapsacks()
	o := solver.Options{RootOnly: true, NoPresolve: true, OnCuts: func(solver.Rows) {}}
	seven := int32(7)
	for item, want := range map[string]string{
		"cutpool_num_col": "over 7 columns",
		"cutpool_start":   "not their terms",
		"cutpool_value":   "not their terms",
		"cutpool_upper":   "not their terms",
		"cutpool_num_nz":  "of -1 terms",
	} {
		e := tampered(t, func(l *library) {
			real := l.callbackItem
			l.callbackItem = func(out unsafe.Pointer, name string) unsafe.Pointer {
				switch {
				case name != item:
					return real(out, name)
				case item == "cutpool_num_col":
					return unsafe.Pointer(&seven)
				}
				return nil
			}
		})
		if r, err := e.Solve(context.Background(), p, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: result %+v, error %v; want an error with %q", item, r, err, want)
		}
	}
}

func TestOnCutsPanicIsAnError(t *testing.T) {
	o := solver.Options{NoPresolve: true, OnCuts: func(solver.Rows) { panic("boom") }}
	if r, err := testEngine(t).Solve(context.Background(), knapsacks(), o); err == nil || !strings.Contains(err.Error(), "boom") {
		t.Errorf("result %+v, error %v", r, err)
	}
}
