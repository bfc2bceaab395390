package opt

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestSparingPrice: a unit-hour spared in outages is dearer than the work that it serves at
// the fastest level of its pool, at the dearest workload's price.
func TestSparingPrice(t *testing.T) {
	c := &model.Case{
		Penalties: model.Penalties{UnservedPricePerUnitH: ptrTo(100), OutageShortPricePerUnitH: ptrTo(10)},
		Pools:     []model.Pool{{Name: "old", Speed: ptrTo(0.5)}, {Name: "new", Speed: ptrTo(3)}, {Name: "boost", ModulesOf: "new", Speed: ptrTo(4)}},
		Workloads: []model.Workload{{Name: "mail"}, {Name: "chat", UnservedPricePerUnitH: ptrTo(500)}},
	}
	m := &Model{Case: c, ix: c.Index()}
	for pool, want := range []float64{510, 4 * 510, 4 * 510} {
		if got := m.sparingPrice(pool); got != want {
			t.Errorf("a unit-hour of %s is spared for %g, want %g", c.Pools[pool].Name, got, want)
		}
	}
	c.Workloads = c.Workloads[:1]
	if got := m.sparingPrice(0); got != 110 {
		t.Errorf("a unit-hour of old is spared for %g, want 110", got)
	}
}
