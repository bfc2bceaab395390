package opt

// Spinning reserve.
//
//	sum of what providers in the zone give_t + shortage_t >= requirement_t    (shared)
//	cost: h_t shortage price shortage_t
//
// Providers' own limits stand with their kinds; offer and within are what they
// share.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// provided is what one asset gives to one product: a column a period.
type provided struct {
	product *model.ReserveProduct
	col     solver.Col
}

// offer adds the columns by which the open asset gives to the products it
// names, as far as its bus lies in their zones.
func (m *Model) offer(bus string, products []string, most func(*model.ReserveProduct) float64) ([]provided, error) {
	var out []provided
	for _, name := range products {
		i, err := m.Product(name)
		if err != nil {
			return nil, err
		}
		r := &m.Case.Reserves[i]
		if !inZone(r, bus) {
			continue
		}
		col := m.Columns("reserve "+name, solver.Continuous, between(0, most(r)))
		for t := range m.T {
			m.Provide(i, t, col+solver.Col(t), 1)
		}
		out = append(out, provided{r, col})
	}
	return out, nil
}

func inZone(r *model.ReserveProduct, bus string) bool {
	return len(r.Buses) == 0 || slices.Contains(r.Buses, bus)
}

// term is a column with a coefficient.
type term struct {
	col  solver.Col
	coef float64
}

// within adds the row: sum of the direction's reserves (each times weight, nil
// for 1) <= room + terms. Without reserves in that direction there is none.
func (m *Model) within(res []provided, t int, d model.Direction, room float64, terms []term, weight func(*model.ReserveProduct) float64) {
	var row solver.Row = -1
	for _, r := range res {
		if r.product.Direction != d {
			continue
		}
		if row < 0 {
			row = m.Row(math.Inf(-1), room)
			for _, x := range terms {
				m.Add(row, x.col, -x.coef)
			}
		}
		w := 1.0
		if weight != nil {
			w = weight(r.product)
		}
		m.Add(row, r.col+solver.Col(t), w)
	}
}

type reserves struct{ shortage []solver.Col }

func (*reserves) Kind() string { return "reserve" }

func (k *reserves) Formulate(m *Model) error {
	for i := range m.Case.Reserves {
		r := &m.Case.Reserves[i]
		m.Begin("reserve", r.Name)
		s := m.Columns("shortage", solver.Continuous, atLeastZero)
		price := orElse(r.ShortagePricePerMWh, m.Case.Penalties.ReserveShortage())
		for t := range m.T {
			m.Provide(i, t, s+solver.Col(t), 1)
			m.Cost(model.CostReserveShortage, s+solver.Col(t), price*m.Hours[t])
		}
		k.shortage = append(k.shortage, s)
	}
	return nil
}

func (k *reserves) Extract(pt *Point, p *model.Plan) {
	for i := range pt.Model.Case.Reserves {
		p.Reserves = append(p.Reserves, model.ReservePlan{
			Name: pt.Model.Case.Reserves[i].Name, ShortageMW: pt.Series(k.shortage[i]),
		})
	}
}
