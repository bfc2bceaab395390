package opt

import (
	"math"
	"testing"
)

// TestGrouped: units of about the same size and cost become clusters of their mean with as
// much capacity, as many on, and the same power before; units that differ stay apart.
func TestGrouped(t *testing.T) {
	c := unitsCase()
	for i := range c.ThermalUnits {
		u := &c.ThermalUnits[i]
		u.Cost[0].CostPerH *= 1 + 0.002*float64(i%3)
	}
	units, merged := unmerged(c).grouped()
	if len(units) == 0 || len(units) > len(c.ThermalUnits)/2 || len(merged) != len(units) {
		t.Fatalf("%d units of %d, %d flags", len(units), len(c.ThermalUnits), len(merged))
	}
	n, on, most, before, all, clusters := 0, 0, 0.0, 0.0, 0.0, 0
	for i := range units {
		u := &units[i]
		n, on = n+u.N(), on+u.Initial.UnitsOn
		most += u.MaxPowerMW * float64(u.N())
		before += *u.Initial.PowerMW
		if merged[i] != (u.N() > 1) {
			t.Errorf("%s of %d units: merged %v", u.Name, u.N(), merged[i])
		}
		if merged[i] {
			clusters++
		}
		for k := range u.Cost[1:] {
			if u.Cost[k].PowerMW >= u.Cost[k+1].PowerMW || u.Cost[k].CostPerH >= u.Cost[k+1].CostPerH {
				t.Errorf("%s: curve %v", u.Name, u.Cost)
			}
		}
	}
	wasOn := 0
	for i := range c.ThermalUnits {
		all += c.ThermalUnits[i].MaxPowerMW
		wasOn += c.ThermalUnits[i].Initial.UnitsOn
		before -= *c.ThermalUnits[i].Initial.PowerMW
	}
	if n != len(c.ThermalUnits) || on != wasOn || clusters == 0 || math.Abs(most-all) > 1e-6 || math.Abs(before) > 1e-6 {
		t.Errorf("%d units, %d on, %.6g of %.6g MW, %.6g MW more before", n, on, most, all, before)
	}
	for i := range c.ThermalUnits {
		c.ThermalUnits[i].MinUpH = float64(i) // no two have the same rules
	}
	if units, _ := unmerged(c).grouped(); units != nil {
		t.Errorf("%d groups of units that differ", len(units))
	}
}
