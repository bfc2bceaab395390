package opt

// Buses, loads and exchanges.
//
//	injections_{b,t} + shed_{b,t} - spill_{b,t} = firm demand_{b,t}           (balance, shared)
//	0 <= shed_{b,t} <= firm demand_{b,t} + power of sites at b                (what can be shed)
//	spill_{b,t} >= 0
//	cost: h_t (shed price shed + spill price spill)
//
// Firm demand is the sum of loads and exports. The balance is written with
// demand on the right-hand side, so its dual over h_t is the price of power.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type loads struct{}

func (*loads) Kind() string { return "load" }

func (*loads) Formulate(m *Model) error {
	for i := range m.Case.Loads {
		l := &m.Case.Loads[i]
		bus, err := m.Bus(l.Bus)
		if err != nil {
			return err
		}
		for t := range m.T {
			m.InjectFixed(bus, t, -l.PowerMW.At(t, 0))
		}
	}
	return nil
}

func (*loads) Extract(*Point, *model.Plan) {}

type exchanges struct{}

func (*exchanges) Kind() string { return "exchange" }

func (*exchanges) Formulate(m *Model) error {
	for i := range m.Case.Exchanges {
		x := &m.Case.Exchanges[i]
		bus, err := m.Bus(x.Bus)
		if err != nil {
			return err
		}
		m.Begin("exchange", x.Name)
		for t := range m.T {
			mw := x.ImportMW.At(t, 0)
			m.InjectFixed(bus, t, mw)
			m.ConstantCost(model.CostExchange, mw*x.PricePerMWh.At(t, 0)*m.Hours[t])
		}
	}
	return nil
}

func (*exchanges) Extract(*Point, *model.Plan) {}

type buses struct {
	shed, spill []solver.Col // first of T, by bus
}

func (*buses) Kind() string { return "bus" }

func (k *buses) Formulate(m *Model) error {
	sitesAt := make([][]int, len(m.Case.Buses))
	for i := range m.Case.Sites {
		b, err := m.Bus(m.Case.Sites[i].Bus)
		if err != nil {
			return err
		}
		sitesAt[b] = append(sitesAt[b], i)
	}
	for i := range m.Case.Buses {
		b := &m.Case.Buses[i]
		m.Begin("bus", b.Name)
		shedPrice := orElse(b.ShedPricePerMWh, m.Case.Penalties.Shed())
		spillPrice := orElse(b.SpillPricePerMWh, m.Case.Penalties.Spill())
		shed := m.Columns("shed", solver.Continuous, func(t int) (float64, float64) {
			if len(sitesAt[i]) > 0 {
				return 0, inf
			}
			return 0, m.firm[i*m.T+t]
		})
		spill := m.Columns("spill", solver.Continuous, atLeastZero)
		m.Label("shed limit")
		for t := range m.T {
			c := solver.Col(t)
			m.Inject(i, t, shed+c, 1)
			m.Inject(i, t, spill+c, -1)
			m.Cost(model.CostShedding, shed+c, shedPrice*m.Hours[t])
			m.Cost(model.CostSpill, spill+c, spillPrice*m.Hours[t])
			if len(sitesAt[i]) > 0 {
				row := m.Row(math.Inf(-1), m.firm[i*m.T+t])
				m.Add(row, shed+c, 1)
				for _, s := range sitesAt[i] {
					m.Add(row, m.sitePower(s, t), -1)
				}
			}
		}
		k.shed = append(k.shed, shed)
		k.spill = append(k.spill, spill)
	}
	return nil
}

func (k *buses) Extract(pt *Point, p *model.Plan) {
	for i := range pt.Model.Case.Buses {
		p.Buses = append(p.Buses, model.BusPlan{
			Name:    pt.Model.Case.Buses[i].Name,
			ShedMW:  pt.Series(k.shed[i]),
			SpillMW: pt.Series(k.spill[i]),
		})
	}
}
