package decomp

import (
	"slices"
	"testing"

	"github.com/wattbit/wattbit/solver"
)

// TestForbidShortage: what nothing needs short is held at zero while the best plan
// is short, where that plan has it once it is not, and is left alone once all
// repairs have failed.
func TestForbidShortage(t *testing.T) {
	p, assets := blocks(3, 6, 5)
	s := priced(t, p, assets, dispatching(t, p))
	r := &recovery{Search: s, least: slices.Clone(s.lower), most: slices.Clone(s.upper), periods: 5}
	if r.idle = r.idleBoxes(); len(r.idle) == 0 {
		t.Fatal("no shortage is idle")
	}
	j := int(r.idle[0])
	open := func() float64 {
		red, err := solver.Reduce(p)
		if err != nil {
			t.Fatal(err)
		}
		r.forbidShortage(red)
		k := slices.Index(red.Cols, int32(j))
		if k < 0 {
			t.Fatal("the column is gone")
		}
		return red.Problem.ColUpper[k]
	}
	x := slices.Clone(s.acc.choice)
	x[j] = 5
	s.ledger.accept(1000, x, "test")
	if !r.short() {
		t.Error("a plan with a shortage does not count as short")
	}
	if v := open(); v != 0 {
		t.Errorf("while the best plan is short, %g of a shortage is allowed", v)
	}
	r.repairs = len(repairSizes)
	if v := open(); v == 0 {
		t.Error("a shortage is forbidden though all repairs have failed")
	}
	r.repairs = 0
	y := slices.Clone(s.acc.choice)
	for _, i := range r.idle {
		y[i] = s.lower[i]
	}
	y[j] = 1e-9
	s.ledger.accept(900, y, "test")
	if r.short() {
		t.Error("a plan without shortages counts as short")
	}
	if v := open(); v != 1e-9 {
		t.Errorf("with a plan that is not short, %g of a shortage is allowed, the plan has 1e-9", v)
	}
}
