package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// grouped is twoRegions with n jobs of 4 units for an hour that may run at both
// sites, all in a group.
func grouped(n int, price ...float64) (*model.Case, *model.JobGroup) {
	c, j := twoRegions(model.Rigid, 4, 4, price...)
	j.AllowedSites = nil
	first := *j
	c.Jobs = nil
	c.JobGroups = []model.JobGroup{{Name: "G"}}
	for i := range n {
		first.Name = string(rune('J' + i))
		c.Jobs = append(c.Jobs, first)
		c.JobGroups[0].Jobs = append(c.JobGroups[0].Jobs, first.Name)
	}
	return c, &c.JobGroups[0]
}

// Four jobs fit into the hour at 10, two in each pool; together in a pool, or in a
// site or region of one pool, two of them run at 30.
func TestGroupTogether(t *testing.T) {
	for _, place := range []model.Place{model.InPool, model.InSite, model.InRegion} {
		c, g := grouped(4, 10, 30)
		groups := c.JobGroups
		c.JobGroups = nil
		solve(t, c).cost(4 * 4)
		c.JobGroups = groups
		g.Together = place
		p := solve(t, c)
		p.cost(2*4 + 2*12)
		for _, j := range p.Jobs {
			if j.Pool != p.Jobs[0].Pool {
				t.Errorf("in %s and %s, want one %s", j.Pool, p.Jobs[0].Pool, place)
			}
		}
		// A site with two pools has room for all.
		if place != model.InPool {
			c.Pools[1].Site = "S"
			solve(t, c).cost(4 * 4)
		}
	}
	// Those that are dropped do not matter.
	c, g := grouped(3, 10, 30)
	g.Together = model.InPool
	c.Jobs[1].DropPrice = ptr(5.0)
	solve(t, c).cost(2*4 + 5)
}

// Pool Q costs ten times as much power. Apart one of two jobs is there; at most
// two in a place let two run in P.
func TestGroupApart(t *testing.T) {
	for _, place := range []model.Place{model.InPool, model.InSite, model.InRegion} {
		c, g := grouped(2, 10)
		c.Pools[1].DynamicMWPerUnit = 1
		g.Apart = place
		solve(t, c).cost(4 + 40)
		g.MaxPer = 2
		solve(t, c).cost(2 * 4)
		// A third has no place of its own.
		g.MaxPer = 1
		c, g = grouped(3, 10)
		g.Apart = place
		c.Jobs[2].DropPrice = ptr(7.0)
		solve(t, c).cost(2*4 + 7)
	}
}

// Of a class of four, two fit into each pool at once; P costs 4 a job, Q ten times as
// much. All run in P, over two hours, unless at most three, two or one may be in a place:
// then the others are in Q, or dropped for 70 where two are more than both take. A job of
// its own beside them counts too.
func TestGroupSpreadsAClass(t *testing.T) {
	for _, shape := range []struct {
		shape         model.JobShape
		interruptions *int
	}{{model.Rigid, nil}, {model.Preemptible, nil}, {model.Preemptible, ptr(1)}} {
		for _, place := range []model.Place{model.InPool, model.InSite, model.InRegion} {
			c, _ := grouped(1, 10, 10)
			c.Pools[1].DynamicMWPerUnit = 1
			j := &c.Jobs[0]
			j.Count, j.Shape, j.MaxInterruptions, j.DropPrice = 4, shape.shape, shape.interruptions, ptr(70.0)
			c.JobGroups = nil
			solve(t, c).cost(4 * 4)
			c.JobGroups = []model.JobGroup{{Name: "G", Jobs: []string{"J"}, Apart: place}}
			for _, x := range []struct {
				most int
				want float64
			}{{4, 4 * 4}, {3, 3*4 + 40}, {2, 2*4 + 2*40}, {1, 4 + 40 + 2*70}} {
				c.JobGroups[0].MaxPer = x.most
				solve(t, c).cost(x.want)
			}
			other := *j
			other.Name, other.Count = "K", 1
			c.Jobs = append(c.Jobs, other)
			c.JobGroups[0].Jobs, c.JobGroups[0].MaxPer = []string{"J", "K"}, 3
			solve(t, c).cost(3*4 + 2*40)
			// A job outside the group, placed outside the program, fits into P beside three.
			other.Name = "L"
			c.Jobs = append(c.Jobs, other)
			for _, method := range []opt.Method{opt.Monolith, opt.Placement} {
				out := outcome(t, c, opt.Options{Method: method})
				solved{out.Plan, t}.cost(3*4 + 2*40 + 4)
				if out.Method != method {
					t.Errorf("searched by %v, want %v", out.Method, method)
				}
			}
		}
	}
}

// Two jobs share a pool of 4 units, one at a time. Their cheapest hours, the first
// at 10 and the fourth at 15, are 3 h apart; less lets them take the first and the
// third at 20, or the last two, or, where they would have to end at once, one hour,
// and dropping a job for 10.
func TestGroupFinishWithin(t *testing.T) {
	for _, test := range []struct{ hours, cost float64 }{{3, 4 + 6}, {2.5, 4 + 8}, {2, 4 + 8}, {1, 8 + 6}, {0.5, 4 + 10}} {
		c, g := grouped(2, 10, 50, 20, 15)
		c.Pools[0].UnitsPerModule = 4
		c.Jobs[0].AllowedSites, c.Jobs[1].AllowedSites = []string{"S"}, []string{"S"}
		c.Jobs[0].DropPrice = ptr(10.0)
		g.FinishWithinH = ptr(test.hours)
		solve(t, c).cost(test.cost)
	}
}

// One of the two does not fit, so neither is done.
func TestGroupAllOrNone(t *testing.T) {
	c, g := grouped(2, 10)
	c.Jobs[0].Units, c.Jobs[0].WorkUnitH = 8, 8
	c.Jobs[1].Units, c.Jobs[1].WorkUnitH = 8, 8
	c.Jobs[0].AllowedSites, c.Jobs[1].AllowedSites = []string{"S"}, []string{"S"}
	c.Jobs[0].DropPrice, c.Jobs[1].DropPrice = ptr(100.0), ptr(200.0)
	g.Apart, g.MaxPer = model.InPool, 2 // ties nothing
	solve(t, c).cost(8 + 100)
	g.AllOrNone = true
	solve(t, c).cost(300)
	c.Jobs[1].AllowedSites = nil
	solve(t, c).cost(2 * 8)
}
