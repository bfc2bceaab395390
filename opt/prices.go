package opt

// Prices are duals of the program at fixed integers. The dual of a row is the
// money that one more unit on its right-hand side costs; rows count megawatts
// over a period, so powers and units are divided by its hours.

import "github.com/wattbit/wattbit/model"

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
