package opt

// Policy: the CO2 account and the renewable share.
//
//	sum of tonnes - excess <= cap                                             (shared)
//	sum over renewable (1 - share) MWh - sum over other share MWh + shortfall >= 0   (shared)
//	cost: CO2 price * tonnes (with each emitter), excess price * excess,
//	      shortfall price * shortfall

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type policy struct{ excess, shortfall solver.Col }

func (*policy) Kind() string { return "policy" }

func (k *policy) Formulate(m *Model) error {
	k.excess, k.shortfall = -1, -1
	m.Begin("policy", "")
	if m.capRow >= 0 {
		m.Label("co2 excess")
		k.excess = m.Column(0, inf, solver.Continuous)
		m.Add(m.capRow, k.excess, -1)
		m.Cost(model.CostCO2Excess, k.excess, m.Case.Penalties.CO2Excess())
	}
	if m.shareRow >= 0 {
		m.Label("renewable shortfall")
		k.shortfall = m.Column(0, inf, solver.Continuous)
		m.Add(m.shareRow, k.shortfall, 1)
		m.Cost(model.CostRenewableShortfall, k.shortfall, m.Case.Penalties.RenewableShortfall())
	}
	return nil
}

func (k *policy) Extract(pt *Point, p *model.Plan) {
	co2 := &pt.Model.co2
	for i, c := range co2.col {
		p.Policy.CO2T += co2.coef[i] * pt.X[c]
	}
	if k.excess >= 0 {
		p.Policy.CO2ExcessT = pt.X[k.excess]
	}
	if k.shortfall >= 0 {
		p.Policy.RenewableShortfallMWh = pt.X[k.shortfall]
	}
}
