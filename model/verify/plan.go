package verify

import (
	"time"

	"github.com/wattbit/wattbit/model"
)

const (
	rulePlanFormat = "plan.format"
	rulePlanCase   = "plan.case"
	rulePlanStatus = "plan.status"
	rulePlanShape  = "plan.shape"
	rulePlanNumber = "plan.number"
	rulePlanAssets = "plan.assets"
)

func planRules() []Rule {
	return []Rule{
		{rulePlanFormat, "The plan has the format version that this package reads."},
		{rulePlanCase, "The plan is of this case: name, fingerprint, currency, start, zone and period lengths agree."},
		{rulePlanStatus, "The status is a known one, and an optimal plan has a bound."},
		{rulePlanShape, "The plan names the case's assets in their order, and its series have one value a period."},
		{rulePlanNumber, "Every number of the plan is finite, and of a size that can be calculated with."},
		{rulePlanAssets, "The plan has each asset of one's own kinds once, and no other."},
	}
}

// openPlan checks that the plan belongs to the case and fits it. A plan that
// does not fit is checked no further.
func (k *checker) openPlan() {
	if k.p == nil {
		k.halted = true
		k.breach(rulePlanShape, "", -1, 0, 0, "there is no plan")
		return
	}
	k.planHeader()
	k.planShape()
	k.planAssets()
	k.halted = k.found[rulePlanShape]+k.found[rulePlanNumber]+k.found[rulePlanAssets] > 0
}

func (k *checker) planHeader() {
	c, p := k.c, k.p
	k.report.Checked += 6
	if p.Format != model.PlanFormat {
		k.breach(rulePlanFormat, "", -1, 0, 0, "the format is %q, want %q", p.Format, model.PlanFormat)
	}
	other := func(what string, got, want any) {
		k.breach(rulePlanCase, "", -1, 0, 0, "%s is %v in the plan and %v in the case", what, got, want)
	}
	if p.Case != c.Name {
		other("the case's name", p.Case, c.Name)
	}
	fingerprint := k.o.CaseSHA256
	if fingerprint == "" {
		fingerprint = c.Fingerprint()
	}
	if p.CaseSHA256 != fingerprint {
		other("the case's SHA-256", p.CaseSHA256, fingerprint)
	}
	if p.Currency != c.Currency {
		other("the currency", p.Currency, c.Currency)
	}
	if !p.Start.Equal(c.Horizon.Start) {
		other("the start", p.Start.Format(time.RFC3339), c.Horizon.Start.Format(time.RFC3339))
	}
	if p.Zone != c.Horizon.Zone {
		other("the zone", p.Zone, c.Horizon.Zone)
	}
	if len(p.PeriodHours) == k.periods {
		for t, h := range p.PeriodHours {
			if h != k.hours[t] {
				k.breach(rulePlanCase, "", t, h, k.hours[t], "period %d has %g h in the plan and %g h in the case", t, h, k.hours[t])
				break
			}
		}
	}

	k.report.Checked++
	switch p.Status {
	case model.PlanOptimal:
		if p.Bound == nil {
			k.breach(rulePlanStatus, "", -1, 0, 0, "the plan is called optimal and has no bound that would prove it")
		}
	case model.PlanLimit, model.PlanInterrupted, model.PlanFeasible:
	default:
		k.breach(rulePlanStatus, "", -1, 0, 0, "the status %q is unknown", p.Status)
	}
}
