package opt

// Loose integers come out whole by themselves nearly always, as the order in which
// the pieces of a site's cooling fill: nothing but a price below nothing fills them
// otherwise. Searches near a point relax them; holding them would hold a site's
// power within a piece. A dispatch relaxes them too, and where they come out wrong it
// is solved once more with those held: where the point that is dispatched has them,
// or, if there is no dispatch with that, where the dispatch itself belongs.

import (
	"context"
	"fmt"
	"math"

	"github.com/wattbit/wattbit/solver"
)

// loose is an ingredient with loose integers.
type loose interface {
	// looseColumns visits them.
	looseColumns(T int, visit func(solver.Col))
	// settle makes them whole in x, the point of a dispatch, and visits those
	// whose period is not what the case says: with them held, it would be.
	settle(m *Model, x []float64, hold func(solver.Col))
}

// looseColumns are those of a catalog's ingredients.
func looseColumns(catalog []Ingredient, T int) []solver.Col {
	var out []solver.Col
	for _, k := range catalog {
		if k, ok := k.(loose); ok {
			k.looseColumns(T, func(c solver.Col) { out = append(out, c) })
		}
	}
	return out
}

// settlings is how often a dispatch is solved again for loose integers before all of
// them are held.
const settlings = 4

// settled solves a dispatch as linear does, with loose integers as the case has them.
func (s *session) settled(ctx context.Context, a *apart, q *solver.Problem, pt *Point, priced bool) ([]float64, error) {
	all := looseColumns(a.catalog, a.m.T)
	for _, c := range all {
		q.ColLower[c], q.ColUpper[c] = a.p.ColLower[c], a.p.ColUpper[c]
	}
	own := make(map[solver.Col]float64) // where the dispatch itself has what is held
	given := true                       // held where the point has them
	for n := 1; ; n++ {
		price, err := s.linear(ctx, q, pt, priced)
		if err != nil {
			if !given || len(own) == 0 || ctx.Err() != nil {
				return nil, err
			}
			given = false
			for c, v := range own {
				q.ColLower[c], q.ColUpper[c] = v, v
			}
			continue
		}
		var wrong []solver.Col
		for _, k := range a.catalog {
			if k, ok := k.(loose); ok {
				k.settle(a.m, pt.X, func(c solver.Col) { wrong = append(wrong, c) })
			}
		}
		if len(wrong) == 0 {
			return price, nil
		}
		if n > settlings {
			wrong = all
		}
		held := len(own)
		for _, c := range wrong {
			if _, ok := own[c]; ok {
				continue
			}
			v := pt.X[c]
			own[c] = v
			if r := math.Round(a.x[c]); given && math.Abs(a.x[c]-r) <= wholeness {
				v = r
			}
			q.ColLower[c], q.ColUpper[c] = v, v
		}
		if len(own) == held {
			return nil, fmt.Errorf("%s does not come out as the case says", q.NameOfCol(int(wrong[0])))
		}
	}
}

// wholeness is how far from a whole number an integer may be.
const wholeness = 1e-6
