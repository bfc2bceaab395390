package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// owned is batch with two jobs of 4 units for an hour, whose owner has a quota.
func owned(shape model.JobShape, price ...float64) (*model.Case, *model.Quota) {
	c, j := batch(shape, 4, 4, price...)
	j.Owner = "team"
	other := *j
	other.Name = "K"
	c.Jobs = append(c.Jobs, other)
	c.Quotas = []model.Quota{{Name: "Q", Owner: "team"}}
	return c, &c.Quotas[0]
}

// Both run in the hour at 10. At most 4 units, or 40 % of 10, let one run at a
// time; 6 unit-hours in all one, and let the other be dropped at 50. What others
// hold does not count.
func TestQuota(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, q := owned(shape, 10, 30)
		c.Jobs[0].DropPrice = ptr(50.0)
		q.MaxUnits = model.Constant(8)
		solve(t, c).cost(2 * 4)
		for _, limit := range []func(q *model.Quota){
			func(q *model.Quota) { q.MaxUnits = model.Constant(4) },
			func(q *model.Quota) { q.MaxShare = model.Constant(0.4) },
			func(q *model.Quota) { q.MaxUnits, q.MaxShare = model.Series{4, 9}, model.Series{0.9, 0.4} },
		} {
			*q = model.Quota{Name: "Q", Owner: "team"}
			limit(q)
			solve(t, c).cost(4 + 12)
			q.Pools = []string{"P"}
			solve(t, c).cost(4 + 12)
			c.Jobs[1].Owner = "others"
			solve(t, c).cost(8)
			c.Jobs[1].Owner = "team"
		}
		*q = model.Quota{Name: "Q", Owner: "team", MaxUnitH: ptr(6.0)}
		solve(t, c).cost(4 + 50)
		q.MaxUnitH = ptr(8.0)
		solve(t, c).cost(8)
	}
}

// A rigid job counts with all that it holds: 6 unit-h at 4 units hold 8.
func TestQuotaCountsHeldUnits(t *testing.T) {
	c, q := owned(model.Rigid, 10, 30)
	c.Jobs = c.Jobs[:1]
	c.Jobs[0].WorkUnitH, c.Jobs[0].DropPrice = 6, ptr(20.0)
	q.MaxUnitH = ptr(8.0)
	solve(t, c).cost(4 + 6)
	q.MaxUnitH = ptr(7.9)
	solve(t, c).cost(20)
}
