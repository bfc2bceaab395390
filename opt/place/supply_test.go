package place

import (
	"context"
	"math"
)

// supply is a Power for tests: in each zone and period, steps of supply with
// rising cost, the last without end; a zone's demand is fixed load and what its
// pools draw. GB have a price on each link. Prices are the marginal costs, held
// near those of the last pass by a proximal term: a price is where
//
//	supply(price) + (price - centre) / stiffness = demand
type supply struct {
	p         *Problem
	zone      []int     // by pool
	unitMW    []float64 // by pool, per busy unit
	heldMW    []float64 // by pool, per unit held
	base      [][]float64
	steps     [][]step // by zone*T + period
	gbPrice   []float64
	stiffness float64
	centre    []float64 // by zone*T + period
	live      []float64
}

// step is MW of supply at a cost per MWh.
type step struct{ mw, cost float64 }

func (s *supply) demand(u *Use, into []float64) {
	T := len(s.p.Hours)
	for z := range s.base {
		copy(into[z*T:], s.base[z])
	}
	for q, z := range s.zone {
		for t := range T {
			into[z*T+t] += s.unitMW[q]*u.Busy[q*T+t] + s.heldMW[q]*u.Held[q*T+t]
		}
	}
}

// price solves the equation above; slope is d price / d demand.
func (s *supply) price(cell int, demand float64) (price, slope float64) {
	centre, rho := s.centre[cell], s.stiffness
	below := 0.0
	for _, st := range s.steps[cell] {
		// Between the step before and this one supply is below.
		if at := centre + rho*(demand-below); at <= st.cost {
			return at, rho
		}
		below += st.mw
		if at := centre + rho*(demand-below); at <= st.cost {
			return st.cost, 0
		}
	}
	return centre + rho*(demand-below), rho
}

func (s *supply) Price(u *Use, changed []bool, prices, slopes *Prices) {
	T := len(s.p.Hours)
	demand := make([]float64, len(s.steps))
	s.demand(u, demand)
	slope := make([]float64, len(s.steps))
	for c := range s.steps {
		s.live[c], slope[c] = s.price(c, demand[c])
	}
	for q, z := range s.zone {
		for t, h := range s.p.Hours {
			c := z*T + t
			prices.Busy[q*T+t], slopes.Busy[q*T+t] = h*s.unitMW[q]*s.live[c], h*s.unitMW[q]*s.unitMW[q]*slope[c]
			prices.Held[q*T+t], slopes.Held[q*T+t] = h*s.heldMW[q]*s.live[c], h*s.heldMW[q]*s.heldMW[q]*slope[c]
		}
	}
	for l, v := range s.gbPrice {
		for t := range T {
			prices.GB[l*T+t] = v
		}
	}
}

func (s *supply) Settle(context.Context, *Use) error {
	copy(s.centre, s.live)
	return nil
}

// Bound reads the price of power back from that of a busy unit.
func (s *supply) Bound(prices *Prices) float64 {
	T := len(s.p.Hours)
	value := 0.0
	read := make([]bool, len(s.base))
	for q, z := range s.zone {
		if read[z] {
			continue
		}
		read[z] = true
		for t, h := range s.p.Hours {
			price := prices.Busy[q*T+t] / (h * s.unitMW[q])
			value += h * price * s.base[z][t]
			for _, st := range s.steps[z*T+t] {
				value += h * min(0, st.cost-price) * st.mw
			}
		}
	}
	return value
}

func (s *supply) Cost(u *Use) float64 {
	T := len(s.p.Hours)
	demand := make([]float64, len(s.steps))
	s.demand(u, demand)
	cost := 0.0
	for c, steps := range s.steps {
		left := demand[c]
		for _, st := range steps {
			part := min(left, st.mw)
			cost += s.p.Hours[c%T] * part * st.cost
			left -= part
		}
		if left > 1e-9 {
			return math.Inf(1)
		}
	}
	for l, v := range s.gbPrice {
		for t := range T {
			cost += v * u.GB[l*T+t]
		}
	}
	return cost
}
