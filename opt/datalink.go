package opt

import "github.com/wattbit/wattbit/model"

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
