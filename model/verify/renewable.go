package verify

import "github.com/wattbit/wattbit/model"

const (
	ruleRenewablePower     = "renewable.power"
	ruleRenewableMinPower  = "renewable.min_power"
	ruleRenewableCurtailed = "renewable.curtailed"
)

func renewableRules() []Rule {
	return []Rule{
		{ruleRenewablePower, "Output lies between zero and what weather offers."},
		{ruleRenewableMinPower, "Output is at least what must be taken."},
		{ruleRenewableCurtailed, "Output and curtailed power add up to what weather offers."},
	}
}

func (k *checker) renewables() {
	for i := range k.c.Renewables {
		r, p := &k.c.Renewables[i], &k.p.Renewables[i]
		bus := k.busOf(r.Bus, r.Site)
		produced, curtailed := 0.0, 0.0
		for t, h := range k.hours {
			least, available := r.MinPowerMW.At(t, 0), r.AvailableMW.At(t, 0)
			power := p.PowerMW[t]
			switch {
			case k.below(power, 0):
				k.breach(ruleRenewablePower, r.Name, t, power, 0, "output is %g MW", power)
			case k.above(power, available):
				k.breach(ruleRenewablePower, r.Name, t, power, available, "output is %g MW, weather offers %g", power, available)
			case k.below(power, least):
				k.breach(ruleRenewableMinPower, r.Name, t, power, least, "output is %g MW, %g must be taken", power, least)
			case k.differ(power+p.CurtailedMW[t], available):
				k.breach(ruleRenewableCurtailed, r.Name, t, p.CurtailedMW[t], available-power,
					"%g MW are called curtailed of %g offered and %g used", p.CurtailedMW[t], available, power)
			}
			k.inject(bus, t, power)
			k.meter(r.Site, t, power)
			produced += power * h
			curtailed += p.CurtailedMW[t] * h
		}
		k.generatedMWh += produced
		k.renewableMWh += produced
		k.charge(model.CostRenewable, r.Name, i, r.CostPerMWh*produced)
		k.charge(model.CostCurtailment, r.Name, i, r.CurtailmentPricePerMWh*curtailed)
	}
}
