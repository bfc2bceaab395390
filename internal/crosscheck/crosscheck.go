// Package crosscheck solves random cases with several engines and in every
// formulation, and reports where two disagree. Agreement of engines that share
// no code, on plans that pass a verifier that shares no code with the
// formulation, is what the tests rest on; the command "bench random" lets
// everyone repeat it.
package crosscheck

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver"
)

const (
	// Tolerance within which objectives are equal, relative to the larger, or
	// to 100.
	Tolerance = 1e-6
	// gap asked of the engines. They stop at an absolute gap of about 1e-5
	// whatever is asked, which allows no less.
	gap = 1e-7
	// patience with one solve, which on a busy machine may wait for a processor most
	// of the time.
	patience = 10 * time.Minute
)

// Options of a run.
type Options struct {
	// First seed, and the number of consecutive seeds.
	First uint64
	Cases int
	// Engines to compare. The first also solves every other formulation.
	Engines []solver.Solver
	// Forms is how many of the other formulations each case is solved in, by turns;
	// 0 means all.
	Forms int
	// Workers that solve at once; 0 means one.
	Workers int
	// Known are results of an earlier run, which are not made again.
	Known []Result
	// OnResult, where set, is called for every case that is solved, one call at a
	// time, in no order.
	OnResult func(Result)
}

// Result of one case.
type Result struct {
	Seed uint64 `json:"seed"`
	// Infeasible says that every solve proved it so; otherwise Objective is
	// the first engine's.
	Infeasible bool    `json:"infeasible"`
	Objective  float64 `json:"objective"`
	// Placed is how much more than the optimum the plan of placed jobs costs, by more than
	// the tolerance, as a part of all that it pays and earns; nil where no job was placed.
	Placed *float64 `json:"placed,omitempty"`
	// Problems are disagreements and solves that went wrong; empty when all
	// is well.
	Problems []string `json:"problems,omitempty"`
	// Solves made, those of them that repeat one whose engine failed, and the
	// seconds they took.
	Solves  int     `json:"solves"`
	Retries int     `json:"retries"`
	Seconds float64 `json:"seconds"`
}

// Summary of a run.
type Summary struct {
	Cases      int `json:"cases"`
	Optimal    int `json:"optimal"`
	Infeasible int `json:"infeasible"`
	// Solves made in all cases, and those of them that repeat one whose engine
	// failed.
	Solves  int `json:"solves"`
	Retries int `json:"retries"`
	// Placed cases, those of them whose plan costs no more than the optimum, and how much
	// more it costs in the mean and at most (Result.Placed).
	Placed     int     `json:"placed"`
	PlacedBest int     `json:"placed_best"`
	PlacedMean float64 `json:"placed_mean"`
	PlacedMost float64 `json:"placed_most"`
	// Bad are the results with problems, by seed.
	Bad []Result `json:"bad"`
}

// Run checks the cases of consecutive seeds. The error is ctx's.
func Run(ctx context.Context, o Options) (*Summary, error) {
	seeds := make(chan uint64)
	results := make([]Result, o.Cases)
	known := make(map[uint64]bool)
	for _, r := range o.Known {
		if i := r.Seed - o.First; r.Seed >= o.First && i < uint64(o.Cases) {
			results[i], known[r.Seed] = r, true
		}
	}
	var group sync.WaitGroup
	var mu sync.Mutex
	for range max(1, o.Workers) {
		group.Go(func() {
			for seed := range seeds {
				r := Check(ctx, seed, randomcase.Case(seed), o.Engines, o.Forms)
				results[seed-o.First] = r
				if o.OnResult != nil && ctx.Err() == nil {
					mu.Lock()
					o.OnResult(r)
					mu.Unlock()
				}
			}
		})
	}
	for i := range o.Cases {
		if ctx.Err() != nil {
			break
		}
		if seed := o.First + uint64(i); !known[seed] {
			seeds <- seed
		}
	}
	close(seeds)
	group.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &Summary{Cases: o.Cases, Bad: []Result{}}
	for _, r := range results {
		s.Solves += r.Solves
		s.Retries += r.Retries
		if more := r.Placed; more != nil {
			s.Placed++
			s.PlacedMean += (*more - s.PlacedMean) / float64(s.Placed)
			s.PlacedMost = max(s.PlacedMost, *more)
			if *more == 0 {
				s.PlacedBest++
			}
		}
		switch {
		case len(r.Problems) > 0:
			s.Bad = append(s.Bad, r)
		case r.Infeasible:
			s.Infeasible++
		default:
			s.Optimal++
		}
	}
	return s, nil
}

// way is one way to solve a case.
type way struct {
	name   string
	engine solver.Solver
	form   opt.Formulation
	method opt.Method
	// encloses says that plan and bound may be apart: the method promises no more.
	encloses bool
}

// ways lists those of a case: every engine, then the first in other formulations and by
// the other methods.
func ways(seed uint64, c *model.Case, engines []solver.Solver, forms int) []way {
	var out []way
	for _, e := range engines {
		out = append(out, way{name: e.Name(), engine: e, method: opt.Monolith})
	}
	others := []struct {
		name string
		form opt.Formulation
	}{
		{"two limit rows", opt.Formulation{Thermal: opt.ThermalForm{Limits: opt.LimitsTwoRows}}},
		{"all ramp rows", opt.Formulation{Thermal: opt.ThermalForm{Ramps: opt.RampsAll}}},
		{"plain segments", opt.Formulation{Thermal: opt.ThermalForm{Segments: opt.SegmentsPlain}}},
		{"no trajectories", opt.Formulation{Thermal: opt.ThermalForm{Trajectories: opt.TrajectoriesNone}}},
		{"all reserve columns", opt.Formulation{Thermal: opt.ThermalForm{Reserve: opt.ReserveAll}}},
		{"start-up windows", opt.Formulation{Thermal: opt.ThermalForm{Tiers: opt.StartupWindows}}},
		{"plain thermal rows", opt.Formulation{Thermal: opt.ThermalForm{
			Limits: opt.LimitsTwoRows, Segments: opt.SegmentsPlain, Trajectories: opt.TrajectoriesNone,
			Ramps: opt.RampsAll, Reserve: opt.ReserveAll, Tiers: opt.StartupWindows,
		}}},
		{"single units", opt.Formulation{SingleUnits: true}},
	}
	n := uint64(len(others))
	if forms > 0 {
		n = min(n, uint64(forms))
	}
	for i := range n {
		v := others[(seed*n+i)%uint64(len(others))]
		out = append(out, way{name: engines[0].Name() + ", " + v.name, engine: engines[0], form: v.form, method: opt.Monolith})
	}
	out = append(out, way{name: engines[0].Name() + ", decomposition", engine: engines[0], method: opt.Decomposition})
	if len(c.Jobs) > 0 {
		out = append(out, way{name: engines[0].Name() + ", placement", engine: engines[0], method: opt.Placement, encloses: true})
	}
	return out
}

// Check solves one case in several ways: each must end with a verified optimum, or
// each with a proof that there is none, and all optima must be equal. Of the placement
// is asked that it has a verified plan wherever there is one, and that the optimum lies
// between its bound and that plan; how much more that costs is noted.
func Check(ctx context.Context, seed uint64, c *model.Case, engines []solver.Solver, forms int) Result {
	r := Result{Seed: seed}
	began := time.Now()
	first := ""
	for _, w := range ways(seed, c, engines, forms) {
		r.Solves++
		out, err := w.solve(ctx, c, 0)
		// An engine that dies (cbc 2.10.8 now and then does, in an assertion)
		// has said nothing; it is asked once more, with another seed.
		if err == nil && !w.encloses && !settled(out) && ctx.Err() == nil {
			r.Solves++
			r.Retries++
			out, err = w.solve(ctx, c, 1)
		}
		if ctx.Err() != nil {
			break
		}
		problem := ""
		if w.encloses && err == nil {
			problem = r.between(out, first)
		} else {
			problem = r.take(out, err, first)
		}
		if problem != "" {
			r.Problems = append(r.Problems, w.name+": "+problem)
		} else if first == "" {
			first = w.name
		}
	}
	r.Seconds = time.Since(began).Seconds()
	return r
}

func (w *way) solve(ctx context.Context, c *model.Case, seed int) (*opt.Outcome, error) {
	return opt.Solve(ctx, c, opt.Options{Engine: w.engine, Formulation: w.form, Gap: gap, TimeLimit: patience, Seed: seed, Method: w.method})
}

// take compares an outcome with the result of the first way that went well, and
// says what is wrong.
func (r *Result) take(out *opt.Outcome, err error, first string) string {
	switch {
	case err != nil:
		return err.Error()
	case !settled(out):
		return fmt.Sprintf("ended as %s: %q", out.Status, out.Notes)
	case out.Status == opt.Optimal && (out.Plan == nil || !out.Report.OK()):
		return "optimal without a verified plan"
	}
	infeasible := out.Plan == nil
	if first == "" {
		r.Infeasible = infeasible
		if !infeasible {
			r.Objective = out.Plan.Objective
		}
		return ""
	}
	switch {
	case infeasible != r.Infeasible:
		return fmt.Sprintf("ended as %s, unlike %s", out.Status, first)
	case infeasible:
		return ""
	}
	if a, b := out.Plan.Objective, r.Objective; math.Abs(a-b) > allowed(a, b) {
		return fmt.Sprintf("objective %.10g, but %.10g by %s", a, b, first)
	}
	return ""
}

// between says what is wrong with a placement that has no plan where there is one, or no
// bound, or one of them on the wrong side of the optimum.
func (r *Result) between(out *opt.Outcome, first string) string {
	p := out.Plan
	switch {
	case first == "":
		return ""
	case p == nil && r.Infeasible:
		return ""
	case p == nil:
		return fmt.Sprintf("ended as %s, without a plan, unlike %s: %q", out.Status, first, out.Notes)
	case !out.Report.OK():
		return "a plan that fails verification"
	case r.Infeasible:
		return fmt.Sprintf("a plan, unlike %s", first)
	case p.Objective < r.Objective-allowed(p.Objective, r.Objective):
		return fmt.Sprintf("objective %.10g, less than %.10g by %s", p.Objective, r.Objective, first)
	case p.Bound != nil && *p.Bound > r.Objective+allowed(*p.Bound, r.Objective):
		return fmt.Sprintf("bound %.10g, above %.10g by %s", *p.Bound, r.Objective, first)
	case out.Method == opt.Placement && p.Bound == nil:
		return fmt.Sprintf("jobs placed without a bound: %q", out.Notes)
	}
	if out.Method == opt.Placement {
		paid := 100.0
		for _, item := range p.Costs {
			paid += math.Abs(item.Amount)
		}
		more := max(0, p.Objective-r.Objective-allowed(p.Objective, r.Objective)) / paid
		r.Placed = &more
	}
	return ""
}

// settled says whether the outcome answers the question: a proof that no plan
// exists, or a plan proved within the tolerance. An engine that stops at an
// absolute gap may leave the relative one open.
func settled(out *opt.Outcome) bool {
	switch out.Status {
	case opt.Optimal, opt.Infeasible:
		return true
	case opt.Feasible:
		_, money, ok := out.Plan.Gap()
		return ok && money <= allowed(out.Plan.Objective, 0)
	}
	return false
}

func allowed(a, b float64) float64 {
	return Tolerance * math.Max(100, math.Max(math.Abs(a), math.Abs(b)))
}
