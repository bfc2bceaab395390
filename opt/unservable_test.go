package opt

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
)

// TestUnservable: in these cases nothing serves the jobs where prices place them, and the
// first schedule, with all dropped, is none either. Few jobs join the program; with many more, that ask
// for little, all are dropped.
func TestUnservable(t *testing.T) {
	enginetest.Sequential(t)
	e := oracleEngine(t)
	for _, seed := range []uint64{12019, 20646, 32227} {
		c := randomcase.Case(seed)
		whole, err := Solve(t.Context(), c, Options{Engine: e, Gap: 1e-6, Method: Monolith})
		if err != nil {
			t.Fatal(err)
		}
		out, err := Solve(t.Context(), c, Options{Engine: e, Gap: 1e-6, Method: Placement})
		if err != nil {
			t.Fatal(err)
		}
		if out.Plan == nil || !out.Report.OK() || out.Status != Optimal {
			t.Errorf("seed %d: %v %q", seed, out.Status, out.Notes)
		} else if least := whole.Plan.Objective; math.Abs(out.Plan.Objective-least) > 1e-5*math.Max(100, math.Abs(least)) {
			t.Errorf("seed %d: %.9g, the least cost is %.9g", seed, out.Plan.Objective, least)
		}
	}
	c := randomcase.Case(32227)
	little := model.Job{Region: c.Jobs[0].Region, Shape: model.Rigid, WorkUnitH: 1e-4}
	for i := 0; sizeOfJobs(c) <= fewJobColumns; i++ {
		one := little
		one.Name, one.Units = fmt.Sprintf("little %d", i), 1e-3*float64(i+1) // no two are alike
		c.Jobs = append(c.Jobs, one)
	}
	out, err := Solve(t.Context(), c, Options{Engine: e, Gap: 1e-6, Method: Placement})
	if err != nil {
		t.Fatal(err)
	}
	if out.Plan == nil || !out.Report.OK() {
		t.Fatalf("%v %q", out.Status, out.Notes)
	}
	const want = "no plan was found that serves the jobs where they were placed; all are dropped"
	if n := done(out.Plan); n > 0 || !slices.Contains(out.Notes, want) {
		t.Errorf("%d of %d jobs are done: %q", n, len(out.Plan.Jobs), out.Notes)
	}
}
