package opt

import (
	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

// Assets returns the units that an oracle knows by heart, with their commitment
// as what they decide.
func (k *thermal) Assets(m *Model, p *solver.Problem) []decomp.Asset {
	assets := k.assets(m, p)
	for i := range assets {
		o := assets[i].Oracle.(*thermalOracle)
		if o.unitsOn == 0 || o.unitsOff == 0 {
			assets[i].Copies = o.unitsOn + o.unitsOff
		}
		for _, w := range o.warm { // matched whole once starts and stops are
			assets[i].Implied = append(assets[i].Implied, int32(w.col))
		}
		for t := range m.T {
			assets[i].Decisions = append(assets[i].Decisions, int32(t)) // on stands first
			assets[i].Stages = append(assets[i].Stages, int32(t))
		}
	}
	return assets
}
