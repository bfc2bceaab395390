package opt

// Renewables.
//
//	least_t <= p_t <= available_t
//	cost: h_t (cost p_t + curtailment price (available_t - p_t))

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type renewables struct{ power []solver.Col }

func (*renewables) Kind() string { return "renewable" }

func (k *renewables) Formulate(m *Model) error {
	for i := range m.Case.Renewables {
		r := &m.Case.Renewables[i]
		at, err := m.terminal(r.Bus, r.Site)
		if err != nil {
			return err
		}
		m.Begin("renewable", r.Name)
		p := m.Columns("power", solver.Continuous, func(t int) (float64, float64) {
			return r.MinPowerMW.At(t, 0), r.AvailableMW.At(t, 0)
		})
		for t := range m.T {
			c, h := p+solver.Col(t), m.Hours[t]
			m.injectAt(at, t, c, 1)
			m.Cost(model.CostRenewable, c, r.CostPerMWh*h)
			m.Cost(model.CostCurtailment, c, -r.CurtailmentPricePerMWh*h)
			m.ConstantCost(model.CostCurtailment, r.CurtailmentPricePerMWh*h*r.AvailableMW.At(t, 0))
			m.Count(RenewableGeneration, c, h)
		}
		k.power = append(k.power, p)
	}
	m.renewablePower = k.power
	return nil
}

func (k *renewables) Extract(pt *Point, p *model.Plan) {
	for i := range pt.Model.Case.Renewables {
		r := &pt.Model.Case.Renewables[i]
		power := pt.Series(k.power[i])
		curtailed := make([]float64, len(power))
		for t := range power {
			curtailed[t] = r.AvailableMW.At(t, 0) - power[t]
		}
		p.Renewables = append(p.Renewables, model.RenewablePlan{Name: r.Name, PowerMW: power, CurtailedMW: curtailed})
	}
}
