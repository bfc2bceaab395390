package opt

// Quotas of owners. Over the held units of the owner's jobs in the quota's pools,
//
//	sum over t of h_t held_t <= max unit-hours
//	held_t <= max units_t,  held_t <= max share_t * units that the pools offer in t
//
// Units that jobs may hold beyond the plan, after calls of reserve, are held in the
// second row and not in the first: what they do is not done elsewhere.
//
// Units that pools offer are those of all available modules, on or off; those of a
// pool and its power levels count once.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type quotas struct{}

func (quotas) Kind() string { return "quota" }

func (quotas) Formulate(m *Model) error {
	for i := range m.Case.Quotas {
		q := &m.Case.Quotas[i]
		m.Begin("quota", q.Name)
		m.Label("unit-hours")
		limit := func(most float64) solver.Row {
			if math.IsInf(most, 1) {
				return -1
			}
			return m.Row(-inf, most)
		}
		all := limit(orElse(q.MaxUnitH, inf))
		m.Label("units")
		each := make([]solver.Row, m.T)
		for t := range each {
			each[t] = limit(quotaUnits(m.Case, m.ix, q, t))
		}
		for k := range m.jobs {
			if m.jobs[k].job.Owner != q.Owner {
				continue
			}
			for _, h := range m.jobs[k].holds {
				if !m.concerns(q, h.pool) {
					continue
				}
				if all >= 0 && !h.beyond {
					m.Add(all, h.col, m.Hours[h.period]*h.units)
				}
				if each[h.period] >= 0 {
					m.Add(each[h.period], h.col, h.units)
				}
			}
		}
	}
	return nil
}

func (m *Model) concerns(q *model.Quota, pool int) bool { return quotaConcerns(m.Case, q, pool) }

func quotaConcerns(c *model.Case, q *model.Quota, pool int) bool {
	return len(q.Pools) == 0 || slices.Contains(q.Pools, c.Pools[pool].Name)
}

// quotaUnits are what the quota allows to hold in a period.
func quotaUnits(c *model.Case, ix *model.Index, q *model.Quota, t int) float64 {
	offered, counted := 0.0, make([]bool, len(c.Pools))
	for p := range c.Pools {
		if base := ix.BasePool(p); quotaConcerns(c, q, p) && !counted[base] {
			counted[base] = true
			offered += ix.MaxUnits(p, t)
		}
	}
	most := q.MaxUnits.At(t, inf)
	if q.MaxShare.Given() {
		most = math.Min(most, q.MaxShare.At(t, 1)*offered)
	}
	return most
}

// Follow sets nothing: quotas have no columns.
func (quotas) Follow(*Rounding) {}

// Extract writes nothing: a plan shows quotas by its jobs.
func (quotas) Extract(*Point, *model.Plan) {}
