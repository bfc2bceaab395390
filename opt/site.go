package opt

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// sites adds the power of every site; its mathematics stand in pool.go.
type sites struct{ power []solver.Col }

func (*sites) Kind() string { return "site" }

func (k *sites) Formulate(m *Model) error {
	for i := range m.Case.Sites {
		s := &m.Case.Sites[i]
		bus, err := m.Bus(s.Bus)
		if err != nil {
			return err
		}
		m.Begin("site", s.Name)
		power := m.Columns("power", solver.Continuous, func(t int) (float64, float64) { return 0, s.ImportLimitMW.At(t, inf) })
		for t := range m.T {
			x := solver.Col(t)
			m.Add(m.siteRow[i*m.T+t], power+x, 1)
			m.Inject(bus, t, power+x, -1)
		}
		m.rampBothWays("ramp", func(t int) (solver.Col, float64) { return power + solver.Col(t), 1 }, -1, s.RampMWPerH, s.InitialPowerMW)
		k.power = append(k.power, power)
		m.sitePowerOf = append(m.sitePowerOf, power)
	}
	return nil
}

// sitePower returns the column of a site's power in a period.
func (m *Model) sitePower(site, t int) solver.Col { return m.sitePowerOf[site] + solver.Col(t) }

func (k *sites) Extract(pt *Point, p *model.Plan) {
	for i := range pt.Model.Case.Sites {
		p.Sites = append(p.Sites, model.SitePlan{Name: pt.Model.Case.Sites[i].Name, PowerMW: pt.Series(k.power[i])})
	}
}

// dataLinks reads back what the links carry: it decides nothing by itself. The
// capacity of each direction is a shared row that Send fills.
type dataLinks struct{}

func (*dataLinks) Kind() string { return "data link" }

func (*dataLinks) Formulate(*Model) error { return nil }

func (*dataLinks) Extract(pt *Point, p *model.Plan) {
	m := pt.Model
	for i := range m.Case.DataLinks {
		p.DataLinks = append(p.DataLinks, model.DataLinkPlan{
			Name:       m.Case.DataLinks[i].Name,
			ForwardGB:  make([]float64, m.T),
			BackwardGB: make([]float64, m.T),
		})
	}
	carry := func(route model.DataRoute, t int, gb float64) {
		if route.Link < 0 {
			return
		}
		if l := &p.DataLinks[route.Link]; route.Forward {
			l.ForwardGB[t] += gb
		} else {
			l.BackwardGB[t] += gb
		}
	}
	for i := range p.Workloads {
		w := &m.Case.Workloads[i]
		places := m.ix.WorkloadPlacements(w)
		for _, r := range p.Workloads[i].Routes {
			place := places[m.ix.Pools[r.Pool]]
			for t, units := range r.Units {
				carry(model.DataRoute{Link: place.DataLink, Forward: place.Forward}, t, w.DataGBPerUnitH*units*m.Hours[t])
			}
		}
	}
	send := func(from, to string, first int, gb []float64) {
		if route, ok := m.ix.DataRoute(from, to); ok {
			for s, v := range gb {
				carry(route, first+s, v)
			}
		}
	}
	for i := range p.Jobs {
		j := &p.Jobs[i]
		if len(j.TransferGB) > 0 {
			send(m.Case.Jobs[m.ix.Jobs[j.Job]].InputRegion(), m.poolRegion[m.ix.Pools[j.Pool]], j.TransferFirst, j.TransferGB)
		}
		for _, t := range j.Transfers {
			send(t.From, t.To, t.First, t.GB)
		}
	}
	for i := range p.Datasets {
		for _, c := range p.Datasets[i].Copies {
			send(c.From, c.To, c.First, c.GB)
		}
	}
}
