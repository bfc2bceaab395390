package verify

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleBusBalance = "bus.balance"
	ruleBusShed    = "bus.shed"
	ruleBusSpill   = "bus.spill"
)

func busRules() []Rule {
	return []Rule{
		{ruleBusShed, "Shedding is not negative, and at most the bus's loads, exports and site power."},
		{ruleBusSpill, "Spill is not negative."},
		{ruleBusBalance, "What flows into a bus equals what flows out, in every period."},
	}
}

func (k *checker) buses() {
	k.loads()
	k.exchanges()
	for i := range k.c.Buses {
		b, p := &k.c.Buses[i], &k.p.Buses[i]
		shedPrice := valueOr(b.ShedPricePerMWh, k.c.Penalties.Shed())
		spillPrice := valueOr(b.SpillPricePerMWh, k.c.Penalties.Spill())
		shedCost, spillCost := 0.0, 0.0
		short := k.shortage(model.CostShedding, b.Name, "MWh", "MW")
		surplus := k.shortage(model.CostSpill, b.Name, "MWh", "MW")
		for t, h := range k.hours {
			shed, spill := p.ShedMW[t], p.SpillMW[t]
			most := max(0, k.sheddable[i][t])
			switch {
			case k.below(shed, 0):
				k.breach(ruleBusShed, b.Name, t, shed, 0, "%g MW are shed", shed)
			case k.above(shed, most):
				k.breach(ruleBusShed, b.Name, t, shed, most, "%g MW are shed of loads, exports and site power of %g", shed, most)
			}
			if k.below(spill, 0) {
				k.breach(ruleBusSpill, b.Name, t, spill, 0, "%g MW are spilt", spill)
			}
			k.inject(i, t, shed)
			k.inject(i, t, -spill)
			shedCost += shedPrice * shed * h
			spillCost += spillPrice * spill * h
			short.add(t, shed, shed*h)
			if spillPrice > 0 { // what costs nothing is as good as any use
				surplus.add(t, spill, spill*h)
			}

			k.report.Checked++
			rest := k.net[i][t]
			if slack := k.o.Tolerances.Absolute + k.o.Tolerances.Relative*k.gross[i][t]; !(math.Abs(rest) <= slack) {
				word := "more"
				if rest < 0 {
					word = "less"
				}
				k.breach(ruleBusBalance, b.Name, t, rest, 0, "%g MW %s flow in than out", math.Abs(rest), word)
			}
		}
		k.note(&short)
		k.note(&surplus)
		k.charge(model.CostShedding, b.Name, i, shedCost)
		k.charge(model.CostSpill, b.Name, i, spillCost)
	}
}

func (k *checker) loads() {
	for i := range k.c.Loads {
		l := &k.c.Loads[i]
		bus := k.at.buses[l.Bus]
		for t := range k.periods {
			mw := l.PowerMW.At(t, 0)
			k.inject(bus, t, -mw)
			k.sheddable[bus][t] += mw
		}
	}
}

func (k *checker) exchanges() {
	for i := range k.c.Exchanges {
		e := &k.c.Exchanges[i]
		bus := k.at.buses[e.Bus]
		cost := 0.0
		for t, h := range k.hours {
			mw := e.ImportMW.At(t, 0)
			k.inject(bus, t, mw)
			k.sheddable[bus][t] += max(0, -mw)
			cost += e.PricePerMWh.At(t, 0) * mw * h
		}
		k.charge(model.CostExchange, e.Name, i, cost)
	}
}
