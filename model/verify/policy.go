package verify

import "github.com/wattbit/wattbit/model"

const (
	rulePolicyCO2       = "policy.co2"
	rulePolicyCap       = "policy.co2_cap"
	rulePolicyRenewable = "policy.renewable_share"
)

func policyRules() []Rule {
	return []Rule{
		{rulePolicyCO2, "The plan's CO2 is that of thermal output and starts, and of assets of one's own."},
		{rulePolicyCap, "CO2 above the cap is declared as excess; without a cap there is none."},
		{rulePolicyRenewable, "Renewable energy and the declared shortfall reach the share; without a share there is no shortfall."},
	}
}

func (k *checker) policy() {
	c, p := &k.c.Policy, &k.p.Policy
	if k.differ(p.CO2T, k.co2T) {
		k.breach(rulePolicyCO2, "", -1, p.CO2T, k.co2T, "%g t are declared, %g t are emitted", p.CO2T, k.co2T)
	}

	excess := 0.0
	if c.CO2CapT != nil {
		excess = k.co2T - *c.CO2CapT
	}
	switch {
	case k.below(p.CO2ExcessT, max(0, excess)):
		k.breach(rulePolicyCap, "", -1, p.CO2ExcessT, max(0, excess), "%g t are declared above the cap, %g t are", p.CO2ExcessT, excess)
	case c.CO2CapT == nil && k.above(p.CO2ExcessT, 0):
		k.breach(rulePolicyCap, "", -1, p.CO2ExcessT, 0, "%g t are declared above a cap that the case does not have", p.CO2ExcessT)
	}
	k.charge(model.CostCO2Excess, "", 0, k.c.Penalties.CO2Excess()*p.CO2ExcessT)
	k.noteTotal(model.CostCO2Excess, p.CO2ExcessT, "t")

	missing := 0.0
	if c.RenewableShareMin != nil {
		missing = *c.RenewableShareMin*k.generatedMWh - k.renewableMWh
	}
	switch {
	case k.below(p.RenewableShortfallMWh, max(0, missing)):
		k.breach(rulePolicyRenewable, "", -1, p.RenewableShortfallMWh, max(0, missing),
			"%g MWh are declared missing from the renewable share, %g MWh are", p.RenewableShortfallMWh, missing)
	case c.RenewableShareMin == nil && k.above(p.RenewableShortfallMWh, 0):
		k.breach(rulePolicyRenewable, "", -1, p.RenewableShortfallMWh, 0,
			"%g MWh are declared missing from a share that the case does not have", p.RenewableShortfallMWh)
	}
	k.charge(model.CostRenewableShortfall, "", 0, k.c.Penalties.RenewableShortfall()*p.RenewableShortfallMWh)
	k.noteTotal(model.CostRenewableShortfall, p.RenewableShortfallMWh, "MWh")
}
