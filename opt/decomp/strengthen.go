package decomp

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

// Cuts from capacity (capacity.go) are added in rounds: the relaxation's point is cut
// off by rows made of long rows and of the cuts there are, cuts that do not bind any
// more are taken out, and the relaxation is solved from its last basis.

const (
	// cutRounds bounds the rounds of relaxation and cuts, and roundGain is the rise of the
	// relaxation in one, in gaps asked for, from which another is worth while.
	cutRounds = 20
	roundGain = 0.02
	// Those of a restricted program, which is searched but once.
	fewRounds = 6
	fewGain   = 0.1
	// cutsOfRound bounds the cuts of one round, and alike is the cosine of the angle from
	// which one is too like another.
	cutsOfRound = 400
	alike       = 0.99
)

// strengthening is a program and its relaxation with cuts from capacity. It does not change
// once it is made, so any thread may read it; raise makes another with more cuts.
type strengthening struct {
	bare    *solver.Problem // without cuts
	base    *capacity       // at work in raise, for one at a time
	kept    []inequality
	program *solver.Problem // with those kept
	lp      *solver.Result  // its relaxation
}

// strengthening of a program, from its relaxation where that is known; nil where the engine has
// none.
func (r *recovery) strengthening(ctx context.Context, p *solver.Problem, lp *solver.Result) *strengthening {
	if lp == nil {
		var ok bool
		if lp, ok = r.relaxation(ctx, p, nil); !ok {
			return nil
		}
	}
	return &strengthening{bare: p, base: newCapacity(p), program: p, lp: lp}
}

// raise adds cuts to a strengthening for so many rounds at most, until one raises the
// relaxation by less than so many gaps asked for. It returns the rise of all too.
func (r *recovery) raise(ctx context.Context, s *strengthening, rounds int, least float64) (*strengthening, float64) {
	first := s.lp.Objective
	for range rounds {
		found := chosen(s.base.cuts(s.lp.X, s.kept), s.bare.Cols())
		if len(found) == 0 || ctx.Err() != nil {
			break
		}
		kept, basis := binding(s.bare, s.kept, s.lp)
		kept = slices.Concat(kept, found)
		var rows solver.Rows
		for _, c := range kept {
			rows.Add(c.rhs, math.Inf(1), c.index, c.value)
		}
		q, err := solver.AppendRows(s.bare, rows)
		if err != nil {
			r.note("capacity cuts are no rows: " + err.Error())
			break
		}
		lp, ok := r.relaxation(ctx, q, extended(basis, len(found)))
		if !ok {
			break
		}
		gain := lp.Objective - s.lp.Objective
		s = &strengthening{bare: s.bare, base: s.base, kept: kept, program: q, lp: lp}
		if gain < least*r.o.Gap*math.Abs(lp.Objective) {
			break
		}
	}
	r.trace("%d capacity cuts raise the relaxation from %.8g to %.8g", len(s.kept), first, s.lp.Objective)
	return s, s.lp.Objective - first
}

// strengthen adds capacity cuts to a program as raise does, and says by how much its
// relaxation rose. The result, the relaxation of what is returned, is
// nil where the engine has none.
func (r *recovery) strengthen(ctx context.Context, p *solver.Problem, rounds int, least float64) (*solver.Problem, *solver.Result, float64) {
	s := r.strengthening(ctx, p, nil)
	if s == nil {
		return p, nil, 0
	}
	s, gain := r.raise(ctx, s, rounds, least)
	return s.program, s.lp, gain
}

// binding are the cuts below p's rows whose rows are not basic in the relaxation, and its basis
// without the others.
func binding(p *solver.Problem, kept []inequality, lp *solver.Result) ([]inequality, *solver.Basis) {
	if lp.Basis == nil {
		return kept, nil
	}
	var out []inequality
	basis := &solver.Basis{Col: lp.Basis.Col, Row: slices.Clone(lp.Basis.Row[:p.Rows()])}
	for i, c := range kept {
		if s := lp.Basis.Row[p.Rows()+i]; s != solver.Basic {
			out = append(out, c)
			basis.Row = append(basis.Row, s)
		}
	}
	return out, basis
}

// extended is a basis with rows more, all of them basic.
func extended(b *solver.Basis, rows int) *solver.Basis {
	if b == nil {
		return nil
	}
	out := &solver.Basis{Col: b.Col, Row: slices.Clone(b.Row)}
	for range rows {
		out.Row = append(out.Row, solver.Basic)
	}
	return out
}

// chosen are the cuts that the point breaks most, no two of them alike.
func chosen(found []violated, cols int) []inequality {
	slices.SortStableFunc(found, func(a, b violated) int { return cmp.Compare(b.violation, a.violation) })
	var out []inequality
	var length []float64
	dense := make([]float64, cols)
	for _, f := range found {
		if len(out) == cutsOfRound {
			break
		}
		norm := 0.0
		for k, j := range f.index {
			dense[j] = f.value[k]
			norm += f.value[k] * f.value[k]
		}
		norm = math.Sqrt(norm)
		fits := true
		for i := 0; i < len(out) && fits; i++ {
			dot := 0.0
			for k, j := range out[i].index {
				dot += out[i].value[k] * dense[j]
			}
			fits = dot <= alike*norm*length[i]
		}
		for _, j := range f.index {
			dense[j] = 0
		}
		if fits {
			out, length = append(out, f.inequality), append(length, norm)
		}
	}
	return out
}
