package opt

// Demand response of sites.
//
//	c_t in {0, 1}, 0 where the programme is not open, and before a call can be announced
//	import_t + D_t + sum of down reserve_t <= baseline_t - reduction + (U_t - baseline_t + reduction) (1 - c_t)
//	s_t >= c_t - c_{t-1},  0 <= s_t <= 1                                (calls that begin)
//	sum of s over W(t, least call) <= c_t
//	sum of s <= most calls
//	sum of c over the fewest periods from t on that last longer than the most <= their number - 1
//	earned: h_t price reduction c_t
//
// D_t is what the site's jobs may draw beyond the plan (site_room.go), the reserve that of
// what stands behind its meter, and U_t the most that all of it can be. s come out whole
// with c, and are there only where a rule counts calls.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type demandResponses struct{ called []solver.Col }

func (*demandResponses) Kind() string { return "demand response" }

func (k *demandResponses) Formulate(m *Model) error {
	for i := range m.Case.DemandResponses {
		d := &m.Case.DemandResponses[i]
		site, err := lookup(m.ix.Sites, "site", d.Site)
		if err != nil {
			return err
		}
		m.Begin(k.Kind(), d.Name)
		most := m.mostImports(site)
		called := m.Columns("called", solver.Integer, func(t int) (float64, float64) {
			least, _ := m.b.Bounds(m.siteImport(site, t))
			return 0, boolFloat(d.Open(t, m.ix.Starts[t]) && d.BaselineMW.At(t, 0)-d.ReductionMW >= least)
		})
		m.Label("reduction")
		for t, h := range m.Hours {
			c := called + solver.Col(t)
			m.Cost(model.CostDemandResponse, c, -d.PricePerMWh*d.ReductionMW*h)
			left := d.BaselineMW.At(t, 0) - d.ReductionMW
			if _, open := m.b.Bounds(c); open == 0 || most[t] <= left {
				continue
			}
			m.importBeyond(site, t, most[t], append(m.promises(site, t, model.Down, 1), term{c, most[t] - left})...)
		}
		m.calls(d, called)
		k.called = append(k.called, called)
	}
	return nil
}

// calls adds how long and how often a programme is called.
func (m *Model) calls(d *model.DemandResponse, called solver.Col) {
	if d.MaxCalls != nil || d.MinCallH > 0 {
		begin := m.Columns("call begins", solver.Continuous, between(0, 1))
		m.Label("calls")
		for t := range m.T {
			row := m.Row(0, inf)
			m.Add(row, begin+solver.Col(t), 1)
			m.Add(row, called+solver.Col(t), -1)
			if t > 0 {
				m.Add(row, called+solver.Col(t-1), 1)
			}
		}
		if d.MaxCalls != nil {
			row := m.Row(math.Inf(-1), float64(*d.MaxCalls))
			for t := range m.T {
				m.Add(row, begin+solver.Col(t), 1)
			}
		}
		if d.MinCallH > 0 {
			m.atMostRecently("least call", begin, 1, m.windows(d.MinCallH), func(t int) (float64, []term) {
				return 0, []term{{called + solver.Col(t), 1}}
			})
		}
	}
	if d.MaxCallH == nil {
		return
	}
	m.Label("longest call")
	end, sum := 0, 0.0 // hours of periods t..end-1
	for t := range m.T {
		for end < m.T && sum <= *d.MaxCallH+durationSlack {
			sum += m.Hours[end]
			end++
		}
		if sum <= *d.MaxCallH+durationSlack {
			return // so short is all that is left
		}
		row := m.Row(math.Inf(-1), float64(end-t-1))
		for s := t; s < end; s++ {
			m.Add(row, called+solver.Col(s), 1)
		}
		sum -= m.Hours[t]
	}
}

// mostImports is the most that a site can import in every period, also beyond the plan, by
// its limits and by what its machines can draw and its storages charge.
func (m *Model) mostImports(site int) []float64 {
	s, it := &m.Case.Sites[site], m.mostIT(site)
	pieces := m.pieces(site)
	charge := 0.0
	for _, i := range m.ix.BehindMeter(site).Storages {
		charge += m.Case.Storages[i].MaxChargeMW
	}
	out := make([]float64, m.T)
	for t := range out {
		most := s.BaseMW.At(t, 0) + it
		for k := range pieces {
			most += overhead(s, &pieces[k], t) * pieces[k].width
		}
		if s.Heat != nil {
			most += s.Heat.PumpMWhPerMWh * math.Min(s.Heat.DemandMW.At(t, 0), s.Heat.Share*it)
		}
		if !m.callsBeyond(site, t) { // mostPower is of the plan
			most = math.Min(most, m.mostPower(site, t))
		}
		most += charge
		out[t] = math.Min(most, s.ImportLimitMW.At(t, inf))
	}
	return out
}

// Propose calls nothing.
func (k *demandResponses) Propose(pt *Proposal) {
	for _, called := range k.called {
		for t := range pt.Model.T {
			pt.Set(called+solver.Col(t), 0)
		}
	}
}

// Refine calls where the longer periods have a call.
func (k *demandResponses) Refine(pt *Proposal, plan *model.Plan, first []int) {
	for i := range plan.DemandResponses {
		pt.hold(k.called[i], plan.DemandResponses[i].Called, first)
	}
}

func (k *demandResponses) Extract(pt *Point, p *model.Plan) {
	for i, called := range k.called {
		p.DemandResponses = append(p.DemandResponses, model.DemandResponsePlan{
			Name: pt.Model.Case.DemandResponses[i].Name, Called: pt.Ints(called),
		})
	}
}
