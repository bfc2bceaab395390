package opt

// The first schedule keeps units as they were, and may shed load: at the day's peak, or
// all day where nothing is said about before. Then units that are off start, those first
// that make a MWh for least at full power, as soon as they may, and stay on: on the bus
// that sheds, or anywhere where all of these are on. What is short once more, as
// behind a line that is full, is met in the next round.

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// reliefRounds is how often units start because load is shed, and reliefMargin by how much
// more of them than is short.
const reliefRounds, reliefMargin = 3, 1.05

// relieve starts units for the load that the best schedule sheds, as long as that is better.
// It returns the last schedule.
func (s *session) relieve(ctx context.Context, c *candidate) *candidate {
	for range reliefRounds {
		prop := &Proposal{Model: s.m, x: slices.Clone(c.x)}
		if !s.startMore(prop) {
			break
		}
		next, err := s.fallback(ctx, prop.x, s.p.Cols() < largeDispatch)
		if err != nil || next.cost >= c.cost {
			break
		}
		s.step("first schedule with more units: %.9g", next.cost)
		c = next
	}
	return c
}

// startMore starts units for the load that is shed at a point.
func (s *session) startMore(prop *Proposal) (changed bool) {
	short := false
	shed := s.shedMW(prop.x)
	for b := range shed {
		short = short || slices.ContainsFunc(shed[b], func(mw float64) bool { return mw > zero })
	}
	for _, k := range s.catalog {
		if k, ok := k.(Reliever); ok && short {
			changed = k.Relieve(prop, shed) || changed
		}
	}
	return changed
}

// shedMW at a point, by bus.
func (s *session) shedMW(x []float64) (shed [][]float64) {
	pt := &Point{Model: s.m, X: x}
	for _, k := range s.catalog {
		if k, ok := k.(*buses); ok {
			for _, first := range k.shed {
				shed = append(shed, pt.Series(first))
			}
		}
	}
	return shed
}

// Relieve starts units as the file's head says.
func (k *thermal) Relieve(pt *Proposal, shedMW [][]float64) (changed bool) {
	m := pt.Model
	order := make([]int, len(m.Case.ThermalUnits))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(fullPowerCost(&m.Case.ThermalUnits[a]), fullPowerCost(&m.Case.ThermalUnits[b]))
	})
	anywhere := make([]float64, m.T)
	start := func(bus int, short []float64) {
		for _, i := range order {
			u := &m.Case.ThermalUnits[i]
			if u.Site != "" || bus >= 0 && m.ix.Buses[u.Bus] != bus {
				continue
			}
			d := k.data(m, i)
			from := d.mayStart(m.T)
			if from == m.T {
				continue
			}
			least := math.Ceil(slices.Max(short[from:])/d.m - wholeBy)
			if more := k.startFrom(pt, i, d, from, least); more != nil {
				changed = true
				for t, units := range more {
					short[t] -= units * d.m
				}
			}
		}
	}
	for b, mw := range shedMW {
		if slices.Max(mw) <= zero {
			continue
		}
		short := make([]float64, m.T)
		for t := range short {
			short[t] = mw[t] * reliefMargin
		}
		start(b, short)
		for t := range short {
			anywhere[t] += math.Max(0, short[t])
		}
	}
	if slices.Max(anywhere) > zero {
		start(-1, anywhere)
	}
	return changed
}

// fullPowerCost is money per MWh at full power.
func fullPowerCost(u *model.ThermalUnit) float64 {
	if len(u.Cost) == 0 {
		return 0
	}
	return u.Cost[len(u.Cost)-1].CostPerH / math.Max(u.MaxPowerMW, zero)
}

// mayStart is the first period from which all units may run to the horizon's end.
func (d *thermalData) mayStart(T int) int {
	t := T
	for t > d.stillDown {
		if _, up := d.bounds(t - 1); up < d.n {
			break
		}
		t--
	}
	return t
}

// startFrom has so many more units run from a period on, or all, and returns how many are
// more in each period; nil for none.
func (k *thermal) startFrom(pt *Proposal, unit int, d *thermalData, from int, units float64) (more []float64) {
	if units <= 0 {
		return nil
	}
	c, T := &k.units[unit], pt.Model.T
	before := d.initialOn
	for t := range T {
		on := pt.x[c.on+solver.Col(t)]
		if add := math.Min(units, d.n-on); t >= from && add > 0.5 {
			if more == nil {
				more = make([]float64, T)
			}
			more[t] = add
			on += add
		}
		pt.Set(c.on+solver.Col(t), on)
		pt.Set(c.start+solver.Col(t), math.Max(0, on-before))
		pt.Set(c.stop+solver.Col(t), math.Max(0, before-on))
		before = on
	}
	return more
}
