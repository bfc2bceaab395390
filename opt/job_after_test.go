package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// chain is twoRegions with a second job, K, of the same size, after the first.
func chain(shape model.JobShape, price ...float64) (*model.Case, *model.Job) {
	c, j := twoRegions(shape, 4, 4, price...)
	k := *j
	k.Name, k.After = "K", []model.Precedence{{Job: "J"}}
	c.Jobs = append(c.Jobs, k)
	return c, &c.Jobs[1]
}

// K has to follow J: of the hours at 40, 10, 20, 30 they take the second and the
// third. With a lag of an hour and a half K begins in the fifth, the earliest that
// begins 1.5 h after the end of the second: 40 and 10 are the second and fifth.
func TestJobAfter(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, k := chain(shape, 40, 10, 20, 30, 25)
		p := solve(t, c)
		p.cost(0.4*10 + 0.4*20)
		p.ints("first", []int{p.Jobs[0].First, p.Jobs[1].First}, 1, 2)
		k.After[0].LagH = 1.5
		p = solve(t, c)
		p.cost(0.4*10 + 0.4*25)
		p.ints("first", []int{p.Jobs[0].First, p.Jobs[1].First}, 1, 4)
	}
}

// What comes after a dropped job is dropped: J, in the first hour or not at all,
// costs 40 and is worth 30, K costs 4 and is worth 20. Together they are worth 50,
// so both are done; where J costs 50 neither is.
func TestJobAfterDropped(t *testing.T) {
	c, k := chain(model.Rigid, 100, 10)
	c.Jobs[0].DeadlineH, c.Jobs[0].DropPrice, k.DropPrice = ptr(1.0), ptr(30.0), ptr(20.0)
	p := solve(t, c)
	p.cost(44)
	c.ThermalUnits[0].CostFactor = model.Series{125, 10}
	p = solve(t, c)
	p.cost(50)
	if !p.Jobs[0].Dropped || !p.Jobs[1].Dropped {
		t.Errorf("jobs %+v, want both dropped", p.Jobs)
	}
}

// J in the north hands 450 GB over to K in the east: sent in the hour after J's,
// so K begins in the third. In the same region it begins in the second.
func TestJobHandover(t *testing.T) {
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		c, k := chain(shape, 10, 20, 50)
		k.After[0].GB = 450
		solve(t, c).cost(0.4*10 + 0.4*20)
		c.Jobs[0].AllowedSites = []string{"N"}
		p := solve(t, c)
		p.cost(0.4*10 + 0.4*50 + 4.5)
		p.item(model.CostData, "K", 4.5)
		p.transfer(&p.Jobs[1], model.TransferHandover, 0, 1, 450)
		p.series("link", p.DataLinks[0].ForwardGB, 0, 450, 0)

		// Where K may be in the north too, it goes there: a pair without data.
		k.AllowedSites = nil
		solve(t, c).cost(0.4*10 + 0.4*20)
		// Without a link the pair that needs one is none.
		c.DataLinks = nil
		k.AllowedSites, k.DropPrice = []string{"S"}, ptr(7.0)
		solve(t, c).cost(0.4*10 + 7)
	}
}

// Two jobs hand over to a third: it waits for both, and their 225 GB each share the
// link.
func TestJobAfterTwo(t *testing.T) {
	c, k := chain(model.Rigid, 10, 20, 30, 50)
	c.Jobs[0].AllowedSites = []string{"N"}
	other := c.Jobs[0]
	other.Name = "I"
	k.After = []model.Precedence{{Job: "J", GB: 225}, {Job: "I", GB: 225}}
	c.Jobs = append(c.Jobs, other)
	c.Pools[1].UnitsPerModule = 4 // one at a time
	p := solve(t, c)
	p.cost(0.4*10 + 0.4*20 + 0.4*50 + 4.5)
	p.series("link", []float64{p.DataLinks[0].ForwardGB[2] + p.DataLinks[0].ForwardGB[1]}, 450)
}
