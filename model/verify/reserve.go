package verify

import (
	"slices"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleReserveRequirement = "reserve.requirement"
	ruleReserveShortage    = "reserve.shortage"
	ruleReserveProvided    = "reserve.provided"
	ruleReserveOffer       = "reserve.offer"
)

func reserveRules() []Rule {
	return []Rule{
		{ruleReserveOffer, "An asset provides only the products that it offers."},
		{ruleReserveProvided, "Reserve provided is not negative."},
		{ruleReserveShortage, "The shortage of a product is not negative."},
		{ruleReserveRequirement, "What the zone's assets provide and the shortage cover the requirement."},
	}
}

// provide checks what an asset provides and adds it to the products in whose
// zone its bus lies.
func (k *checker) provide(asset string, bus int, offered []string, provided []model.ProvidedPower) {
	for i := range provided {
		r := &provided[i]
		product := k.at.products[r.Product]
		offers := slices.Contains(offered, r.Product)
		counts := k.inZone(product, bus)
		for t, mw := range r.MW {
			if !offers && k.differ(mw, 0) {
				k.breach(ruleReserveOffer, asset, t, mw, 0, "it provides %g MW of %s, which it does not offer", mw, r.Product)
			}
			if k.below(mw, 0) {
				k.breach(ruleReserveProvided, asset, t, mw, 0, "it provides %g MW of %s", mw, r.Product)
			}
			if counts {
				k.provided[product][t] += mw
			}
		}
	}
}

// inZone says whether a bus lies in the zone of a product.
func (k *checker) inZone(product, bus int) bool {
	zone := k.c.Reserves[product].Buses
	return len(zone) == 0 || slices.Contains(zone, k.c.Buses[bus].Name)
}

// sumReserves adds up what an asset provides in t, by direction.
func (k *checker) sumReserves(provided []model.ProvidedPower, t int) (up, down float64) {
	for i := range provided {
		if k.c.Reserves[k.at.products[provided[i].Product]].Direction == model.Down {
			down += provided[i].MW[t]
		} else {
			up += provided[i].MW[t]
		}
	}
	return up, down
}

// sustained adds up the energy at the bus that an asset's reserve needs in t if
// it is called for each product's sustained duration.
func (k *checker) sustained(provided []model.ProvidedPower, t int) (upMWh, downMWh float64) {
	for i := range provided {
		product := &k.c.Reserves[k.at.products[provided[i].Product]]
		if product.Direction == model.Down {
			downMWh += provided[i].MW[t] * product.Sustained()
		} else {
			upMWh += provided[i].MW[t] * product.Sustained()
		}
	}
	return upMWh, downMWh
}

func (k *checker) reserves() {
	for i := range k.c.Reserves {
		product, p := &k.c.Reserves[i], &k.p.Reserves[i]
		price := valueOr(product.ShortagePricePerMWh, k.c.Penalties.ReserveShortage())
		cost := 0.0
		short := k.shortage(model.CostReserveShortage, product.Name, "MWh", "MW")
		for t, h := range k.hours {
			shortage := p.ShortageMW[t]
			if k.below(shortage, 0) {
				k.breach(ruleReserveShortage, product.Name, t, shortage, 0, "the shortage is %g MW", shortage)
			}
			required := product.RequirementMW.At(t, 0)
			if covered := k.provided[i][t] + shortage; k.below(covered, required) {
				k.breach(ruleReserveRequirement, product.Name, t, covered, required,
					"%g MW are provided and %g short of %g required", k.provided[i][t], shortage, required)
			}
			cost += price * shortage * h
			short.add(t, shortage, shortage*h)
		}
		k.note(&short)
		k.charge(model.CostReserveShortage, product.Name, i, cost)
	}
}
