package opt

// An engine's "infeasible" is confirmed before it is believed: by a verified
// plan that refutes it, by a second run without presolve, and by the elastic
// program, which lets every row be broken and minimises by how much. Its answer
// also says which limits cannot hold together.

import (
	"context"
	"fmt"
	"math"
	"sort"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// Conflict is a limit that has to give way.
type Conflict struct {
	// Owner of the limit; the zero Owner for a shared row.
	Owner Owner
	// Row's name, as in thermal U1 minimum up[3].
	Row string
	// Excess by which it is broken in the mildest way to make the rest hold,
	// in the row's unit.
	Excess float64
}

// infeasible handles the engine's claim.
func (s *session) infeasible(ctx context.Context, claim solver.Status) {
	if s.best != nil && claim == solver.InfeasibleOrUnbounded {
		s.unbounded(ctx)
		return
	}
	if s.best != nil {
		s.note("the engine calls the case %s, but a verified plan exists: not believed", claim)
		s.conclude(math.Inf(-1), Feasible)
		return
	}
	s.say(Progress{Phase: "confirm"})
	o := solver.Options{TimeLimit: s.o.TimeLimit, RelGap: s.o.Gap, Threads: s.o.Threads, Seed: s.o.Seed, NoPresolve: true}
	res, err := run(ctx, s.o.Engine, s.p, o)
	switch {
	case err != nil:
		s.note("confirming %q failed: %v", claim, err)
	case res.Status == solver.Unbounded:
		s.unbounded(ctx)
		return
	case res.HasPoint:
		s.note("the engine calls the case %s with presolve and finds a plan without: the plan counts", claim)
		s.dispatch(ctx, s.points(res)...)
		s.conclude(math.Inf(-1), Feasible)
		return
	}
	conflicts, x, err := s.elastic(ctx)
	switch {
	case err != nil:
		s.note("the claim %q could not be confirmed: %v", claim, err)
		s.out.Status = Failed
		if ctx.Err() != nil {
			s.out.Status = Interrupted
		}
	case len(conflicts) > 0:
		s.out.Status, s.out.Conflicts = Infeasible, conflicts
	default:
		s.note("the engine calls the case %s, but all its limits can hold together", claim)
		if err := s.try(ctx, x); err != nil {
			s.note("that schedule was set aside: %v", err)
		}
		s.conclude(math.Inf(-1), Feasible)
	}
}

// far is where unbounded looks for an end to the cost: beyond what any asset has.
const far = 1e9

// unbounded handles the engine's claim that the cost has no lower end. It is
// believed if the relaxation, with every open bound at far, has its optimum
// there: a convex program whose optimum lies within has no better one outside.
func (s *session) unbounded(ctx context.Context) {
	s.say(Progress{Phase: "confirm"})
	q := s.p.Relaxation().Clone(solver.ColBounds)
	for j := range q.ColLower {
		q.ColLower[j], q.ColUpper[j] = math.Max(q.ColLower[j], -far), math.Min(q.ColUpper[j], far)
	}
	res, err := run(ctx, s.o.Engine, q, solver.Options{TimeLimit: s.o.TimeLimit, Threads: s.o.Threads, Seed: s.o.Seed, NoPresolve: true})
	if err == nil && res.Status == solver.Optimal {
		for j, v := range res.X {
			if math.Abs(v) > far/2 && (math.IsInf(s.p.ColLower[j], 0) || math.IsInf(s.p.ColUpper[j], 0)) {
				s.note("the cost has no lower end: it falls with %s", s.p.NameOfCol(j))
				s.out.Status = Unbounded
				s.keepBest(model.PlanFeasible, math.Inf(-1))
				return
			}
		}
	}
	if err == nil {
		err = fmt.Errorf("with bounds it ends as %s", res.Status)
	}
	s.note("the engine claims that the cost has no lower end, which is not confirmed: %v", err)
	end := Feasible
	if ctx.Err() != nil {
		end = Interrupted
	}
	s.conclude(math.Inf(-1), end)
}

// conflictTolerance is the excess, relative to the row's largest coefficient,
// below which a broken row is rounding.
const conflictTolerance = 1e-6

// elastic solves the program in which every row may be broken at a price of one
// per unit of its largest coefficient, and returns the rows that are, largest
// first, or a point when none is.
func (s *session) elastic(ctx context.Context) ([]Conflict, []float64, error) {
	q, slackOf, size := relaxed(s.p)
	res, err := run(ctx, s.o.Engine, q, solver.Options{TimeLimit: s.o.TimeLimit, RelGap: 0.01, AbsGap: 1e-7, Threads: s.o.Threads, Seed: s.o.Seed})
	switch {
	case err != nil:
		return nil, nil, err
	case !res.HasPoint && (res.Status == solver.Infeasible || res.Status == solver.Unbounded || res.Status == solver.InfeasibleOrUnbounded):
		return nil, nil, errElastic
	case !res.HasPoint:
		return nil, nil, fmt.Errorf("the elastic program ended with %s", res.Status)
	}
	var out []Conflict
	for k, i := range slackOf {
		excess := res.X[s.p.Cols()+k]
		if excess <= conflictTolerance*size[i] {
			continue
		}
		owner, _ := s.m.OwnerOfRow(solver.Row(i))
		out = append(out, Conflict{Owner: owner, Row: s.p.NameOfRow(i), Excess: excess})
	}
	// Broken rows prove nothing if the engine stopped early: only a positive
	// bound does.
	if len(out) > 0 && res.Status != solver.Optimal && res.Bound <= 0 {
		return nil, nil, fmt.Errorf("the elastic program ended with %s before it proved anything", res.Status)
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].Excess > out[b].Excess })
	return out, res.X[:s.p.Cols()], nil
}

// relaxed returns the elastic program: p's columns without cost, then one
// slack for every finite side of every row. slackOf names each slack's row, size
// is every row's largest coefficient.
func relaxed(p *solver.Problem) (q *solver.Problem, slackOf []int, size []float64) {
	q = &solver.Problem{
		ColCost:  make([]float64, p.Cols()),
		ColLower: append([]float64(nil), p.ColLower...),
		ColUpper: append([]float64(nil), p.ColUpper...),
		ColType:  append([]solver.VarType(nil), p.ColType...),
		RowLower: p.RowLower, RowUpper: p.RowUpper,
		RowStart: make([]int32, 1, p.Rows()+1),
	}
	size = make([]float64, p.Rows())
	for i := range p.Rows() {
		a, b := p.RowStart[i], p.RowStart[i+1]
		q.Index = append(q.Index, p.Index[a:b]...)
		q.Value = append(q.Value, p.Value[a:b]...)
		size[i] = 1
		for _, v := range p.Value[a:b] {
			size[i] = math.Max(size[i], math.Abs(v))
		}
		for _, side := range [2]struct {
			finite bool
			sign   float64
		}{{!math.IsInf(p.RowLower[i], 0), 1}, {!math.IsInf(p.RowUpper[i], 0), -1}} {
			if !side.finite {
				continue
			}
			q.Index = append(q.Index, int32(len(q.ColCost)))
			q.Value = append(q.Value, side.sign)
			q.ColCost = append(q.ColCost, 1/size[i])
			q.ColLower = append(q.ColLower, 0)
			q.ColUpper = append(q.ColUpper, inf)
			q.ColType = append(q.ColType, solver.Continuous)
			slackOf = append(slackOf, i)
		}
		q.RowStart = append(q.RowStart, int32(len(q.Value)))
	}
	return q, slackOf, size
}
