package report

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestCarbonIntensityByHand: in the first hour, bus A is all coal at 1 t/MWh.
// Of the 30 MW that it sends, 27 arrive beside 30 MW of wind: 30 t in 57 MWh.
// In the two hours after, the battery gives back 8 MWh with all it holds: 10 MWh
// at the mean of 438 t in 508 MWh, and what 5 MWh brought.
func TestCarbonIntensityByHand(t *testing.T) {
	c, p := handCase()
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	x := j.carbonIntensity()
	near(t, "at A", x[0][0], 1)
	near(t, "at B", x[1][0], 30.0/57)
	held := 10*438.0/508 + 5*30.0/57
	// It draws 16 of the 10 MWh that it had and the 4 that came: the plan is no
	// feasible one, and no more comes out than was in.
	near(t, "at B later", x[1][1], (50+held/2)/(45+20+4))
}

// TestCarbonAddsUp: what is used carries all that is emitted, but for what
// storages keep.
func TestCarbonAddsUp(t *testing.T) {
	c, p := fixture(24, 40)
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	x := j.carbonIntensity()
	used := 0.0
	for b, f := range j.power {
		out := f.total(j.T, func(k flowKind) bool { return !k.supply() && k != useSending && k != useCharge })
		shed := f.total(j.T, func(k flowKind) bool { return k == flowShed })
		for h := range out {
			used += x[b][h] * (out[h] - shed[h]) * j.hours[h]
		}
	}
	emitted, generated := 0.0, 0.0
	for i := range c.ThermalUnits {
		emitted += j.sum(p.ThermalUnits[i].PowerMW) * c.ThermalUnits[i].CO2TPerMWh
	}
	for _, mw := range j.local() {
		generated += j.sum(mw)
	}
	kept := 0.0
	for i, s := range j.carbonStocks(emitted / generated) {
		before := s.tonnes
		for h := range j.T {
			s.release(h, j.hours[h])
			s.tonnes += x[s.bus][h] * s.plan.ChargeMW[h] * j.hours[h]
			s.level = s.plan.LevelMWh[h]
		}
		if s.plan.DischargeMW == nil || j.sum(s.plan.DischargeMW) == 0 {
			t.Errorf("storage %d does nothing", i)
		}
		kept += s.tonnes - before
	}
	if emitted <= 0 || kept == 0 {
		t.Fatal("the fixture emits nothing, or its storages keep nothing")
	}
	if d := used + kept - emitted; d > 1e-6*emitted || d < -1e-6*emitted {
		t.Errorf("%v t used and %v t kept of %v t emitted", used, kept, emitted)
	}
}

// TestCarbonOfImports: what comes from outside brings nothing, and where nothing
// enters there is nothing.
func TestCarbonOfImports(t *testing.T) {
	c, p := handCase()
	c.Buses = append(c.Buses, model.Bus{Name: "C"})
	p.Buses = append(p.Buses, model.BusPlan{Name: "C", ShedMW: []float64{0, 0}, SpillMW: []float64{0, 0}})
	c.Exchanges = []model.Exchange{{Name: "out", Bus: "A", ImportMW: model.Series{132, 0}}}
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	x := j.carbonIntensity()
	near(t, "half of it from outside", x[0][0], 0.5)
	near(t, "nothing there", x[2][0], 0)
}
