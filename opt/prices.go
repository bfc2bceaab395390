package opt

// Prices are duals of the program at fixed integers. The dual of a row is the
// money that one more unit on its right-hand side costs; rows count megawatts
// over a period, so powers and units are divided by its hours.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

func (pt *Point) prices() *model.Prices {
	if pt.rowDual == nil {
		return nil
	}
	m, c := pt.Model, pt.Model.Case
	out := &model.Prices{Power: []model.PriceSeries{}, CO2PerT: c.Policy.CO2PricePerT}
	series := func(name string, value func(t int) float64) model.PriceSeries {
		s := model.PriceSeries{Name: name, Values: make([]float64, m.T)}
		for t := range s.Values {
			s.Values[t] = value(t) + 0 // no negative zeros
		}
		return s
	}
	for i := range c.Buses {
		out.Power = append(out.Power, series(c.Buses[i].Name, func(t int) float64 {
			return pt.rowDual[m.balance[i*m.T+t]] / m.Hours[t]
		}))
	}
	for i := range c.Reserves {
		out.Reserve = append(out.Reserve, series(c.Reserves[i].Name, func(t int) float64 {
			return pt.rowDual[m.product[i*m.T+t]] / m.Hours[t]
		}))
	}
	for i := range c.Pools {
		p := &c.Pools[i]
		site := m.ix.Sites[p.Site]
		scarcity := func(t int) float64 { return -pt.rowDual[m.poolRow[i*m.T+t]] / m.Hours[t] }
		out.Compute = append(out.Compute, series(p.Name, scarcity))
		out.ComputeWithPower = append(out.ComputeWithPower, series(p.Name, func(t int) float64 {
			power := pt.rowDual[m.siteRow[site*m.T+t]] / m.Hours[t]
			return scarcity(t) + m.itFactor(site, t)*p.DynamicMWPerUnit*power
		}))
	}
	out.Queues, out.Outages = pt.queuePrices(), pt.outagePrices()
	for i := range c.DataLinks {
		for _, forward := range [2]bool{true, false} {
			s := series(c.DataLinks[i].Name, func(t int) float64 {
				return -pt.rowDual[m.dataRow[dataIndex(i, forward)*m.T+t]]
			})
			if forward {
				out.DataForward = append(out.DataForward, s)
			} else {
				out.DataBackward = append(out.DataBackward, s)
			}
		}
	}
	if m.capRow >= 0 {
		out.CO2PerT -= pt.rowDual[m.capRow]
	}
	if m.shareRow >= 0 {
		out.RenewablePerMWh = pt.rowDual[m.shareRow]
	}
	return out
}

// queuePrices are those of the loads of queues.
func (pt *Point) queuePrices() []model.QueuePrices {
	var out []model.QueuePrices
	m := pt.Model
	for i := range m.queues {
		q := &m.queues[i]
		p := model.QueuePrices{
			Class: m.Case.LatencyClasses[q.class].Name, Pool: m.Case.Pools[q.pool].Name, Values: make([]float64, m.T),
		}
		for t, row := range q.load {
			p.Values[t] = -pt.rowDual[row]/m.Hours[t] + 0
		}
		out = append(out, p)
	}
	return out
}

// outagePrices are those of outages that cost something.
func (pt *Point) outagePrices() []model.OutagePrices {
	m := pt.Model
	if m.security == nil {
		return nil
	}
	var out []model.OutagePrices
	price := func(rows []solver.Row) (values []float64, some bool) {
		values = make([]float64, m.T)
		for t, row := range rows {
			if row >= 0 {
				values[t] = math.Abs(pt.rowDual[row]) / m.Hours[t]
				some = some || values[t] > leastPrice
			}
		}
		return values, some
	}
	for i := range m.security.outages {
		o := &m.security.outages[i]
		p := model.OutagePrices{Name: o.Name}
		for _, w := range o.moved {
			if v, ok := price(w.served); ok {
				p.Workloads = append(p.Workloads, model.PriceSeries{Name: m.Case.Workloads[w.workload].Name, Values: v})
			}
		}
		for _, pool := range o.pools {
			if v, ok := price(o.units[pool]); ok {
				p.Pools = append(p.Pools, model.PriceSeries{Name: m.Case.Pools[pool].Name, Values: v})
			}
		}
		if len(p.Workloads)+len(p.Pools) > 0 {
			out = append(out, p)
		}
	}
	return out
}

// leastPrice is the price, in money per unit-hour, up to which an outage counts as free.
const leastPrice = 1e-6
