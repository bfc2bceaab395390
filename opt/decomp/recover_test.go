package decomp

import (
	"context"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// outOfNodes claims that searches without heuristics ended at their limit of work, and
// remembers what it was asked.
type outOfNodes struct {
	solver.Solver
	asked []solver.Options
	point []float64 // of the last search without heuristics
}

func (e *outOfNodes) Solve(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
	res, err := e.Solver.Solve(ctx, p, o)
	if err != nil || p.Integers() == 0 {
		return res, err
	}
	e.asked = append(e.asked, o)
	if o.NoHeuristics && res.HasPoint {
		res.Status, res.Limit = solver.LimitReached, solver.WorkLimit
		e.point = res.X
	}
	return res, nil
}

// TestPlainFirst: a search of few integers begins without heuristics, and where it runs
// out goes on with them from its point.
func TestPlainFirst(t *testing.T) {
	p, assets := blocks(3, 6, 5)
	o := dispatching(t, p)
	s := priced(t, p, assets, o)
	spy := &outOfNodes{Solver: s.o.Engine}
	s.o.Engine = spy
	r := &recovery{Search: s, least: slices.Clone(s.lower), most: slices.Clone(s.upper), periods: 5}
	r.search(context.Background(), "test", slices.Clone(s.lower), slices.Clone(s.upper), ending{gap: 1e-6}, roundPatience)
	if len(spy.asked) != 2 || !spy.asked[0].NoHeuristics || spy.asked[1].NoHeuristics {
		t.Fatalf("asked %+v, want a search without heuristics and one with them", spy.asked)
	}
	if spy.point == nil || !slices.Equal(spy.asked[1].Start, spy.point) {
		t.Errorf("the second search starts from %v, the first ended with %v", spy.asked[1].Start, spy.point)
	}
}
