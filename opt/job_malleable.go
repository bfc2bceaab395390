package opt

// A malleable job that is on (job_runs.go) holds any width between the narrowest
// and the widest of its scaling; all that it holds is busy. Its curve (width w_k,
// effective units f_k, k = 0..K) is cut into segments, which fill in order:
//
//	held and busy x_t = w_0 on_t + sum over k of d_{k,t}
//	work_t            = f_0 on_t + sum over k of slope_k d_{k,t}
//	d_{k,t} <= (w_k - w_{k-1}) on_t
//	d_{k,t} >= (w_k - w_{k-1}) full_{k,t},  d_{k+1,t} <= (w_{k+1} - w_k) full_{k,t}
//
// The curve is concave, so wherever a unit costs something segments fill in order
// by themselves; full (binary) keeps the job from holding more than its work takes
// where a unit is free or even earns. Segments of equal slope are one.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// malleable adds what a malleable job holds.
func (s *stay) malleable(m *Model, c *jobClass) {
	for k, on := range s.on {
		curve := upTo(straightened(c.job.Widths()), m.ix.MaxUnits(s.pool, s.first+k))
		parts := []part{{on, 1, curve[0].Units, curve[0].Units, curve[0].EffectiveUnits}}
		full := on
		for x := 1; x < len(curve); x++ {
			width := curve[x].Units - curve[x-1].Units
			d := m.Column(0, width, solver.Continuous)
			m.offUnless(d, width, full)
			parts = append(parts, part{d, width, 1, 1, (curve[x].EffectiveUnits - curve[x-1].EffectiveUnits) / width})
			if x+1 < len(curve) {
				full = m.Column(0, 1, solver.Integer)
				m.atLeastIf(d, width, full)
				s.full = append(s.full, fullSegment{full, s.first + k, curve[x].Units})
			}
		}
		s.parts = append(s.parts, parts)
	}
}

// fullSegment says that a job holds so many units at least in a period.
type fullSegment struct {
	col   solver.Col
	t     int
	units float64
}

// straightened leaves out the points of a curve that lie on the straight line
// between their neighbours.
func straightened(w []model.ScalingPoint) []model.ScalingPoint {
	slope := func(a, b model.ScalingPoint) float64 {
		return (b.EffectiveUnits - a.EffectiveUnits) / (b.Units - a.Units)
	}
	out := append([]model.ScalingPoint(nil), w[0])
	for k := 1; k < len(w); k++ {
		if k+1 < len(w) && math.Abs(slope(w[k-1], w[k])-slope(w[k], w[k+1])) <= 1e-12 {
			continue
		}
		out = append(out, w[k])
	}
	return out
}

// upTo cuts a curve off at so many units; its first point always stays.
func upTo(w []model.ScalingPoint, units float64) []model.ScalingPoint {
	for k := 1; k < len(w); k++ {
		if w[k].Units <= units {
			continue
		}
		out := append([]model.ScalingPoint(nil), w[:k]...)
		if a, b := w[k-1], w[k]; units > a.Units {
			share := (units - a.Units) / (b.Units - a.Units)
			out = append(out, model.ScalingPoint{Units: units, EffectiveUnits: a.EffectiveUnits + share*(b.EffectiveUnits-a.EffectiveUnits)})
		}
		return out
	}
	return w
}
