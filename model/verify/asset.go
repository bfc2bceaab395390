package verify

import (
	"fmt"

	"github.com/wattbit/wattbit/model"
)

// Asset checks an asset of a kind of one's own: it reads what the plan says
// about it, adds to the sums that it takes part in, and compares its limits.
type Asset interface {
	// Kind and Name find the asset in the plan.
	Kind() string
	Name() string
	// Check is called once, when every built-in kind has been checked and
	// before buses, policy and costs are.
	Check(x *AssetContext)
}

// AssetContext is an asset's view of the check.
type AssetContext struct {
	k    *checker
	plan *model.AssetPlan
	cost float64
	co2T float64
}

const ruleAssetSeries = "asset.series"

func assetRules() []Rule {
	return []Rule{
		{ruleAssetSeries, "An asset of one's own kinds has the series that its kind needs, and refers to buses of the case."},
	}
}

// assetID finds an asset of one's own kinds.
type assetID struct{ kind, name string }

// planAssets checks that own assets of plan and program are the same, and the
// shape of their series.
func (k *checker) planAssets() {
	missing := map[assetID]bool{}
	for _, a := range k.o.Assets {
		missing[assetID{a.Kind(), a.Name()}] = true
	}
	for i := range k.p.Assets {
		p := &k.p.Assets[i]
		k.report.Checked++
		if key := (assetID{p.Kind, p.Name}); !missing[key] {
			k.breach(rulePlanAssets, p.Name, -1, 0, 0, "the plan has a %s %q that this check does not know, or has it twice", p.Kind, p.Name)
		} else {
			delete(missing, key)
		}
		for j := range p.Series {
			k.floats("assets", p.Name, p.Series[j].Name, p.Series[j].Values)
		}
	}
	for _, a := range k.o.Assets {
		key := assetID{a.Kind(), a.Name()}
		if missing[key] {
			delete(missing, key)
			k.breach(rulePlanAssets, a.Name(), -1, 0, 0, "the plan lacks the %s %q", a.Kind(), a.Name())
		}
	}
}

func (k *checker) assets() {
	plans := make(map[assetID]*model.AssetPlan, len(k.p.Assets))
	for i := range k.p.Assets {
		p := &k.p.Assets[i]
		plans[assetID{p.Kind, p.Name}] = p
	}
	for rank, a := range k.o.Assets {
		x := &AssetContext{k: k, plan: plans[assetID{a.Kind(), a.Name()}]}
		a.Check(x)
		k.co2T += x.co2T
		k.charge(model.CostCO2, a.Name(), len(k.c.ThermalUnits)+rank, k.c.Policy.CO2PricePerT*x.co2T)
		k.charge(model.CostOther, a.Name(), rank, x.cost)
	}
}

// Case returns the case.
func (x *AssetContext) Case() *model.Case { return x.k.c }

// Hours returns the length of every period in hours.
func (x *AssetContext) Hours() []float64 { return x.k.c.Horizon.Hours() }

// Series returns the asset's series of that name, one value a period. Without
// it the rule asset.series is breached, and the values are zeros.
func (x *AssetContext) Series(name string) []float64 {
	x.k.report.Checked++
	for i := range x.plan.Series {
		if x.plan.Series[i].Name == name {
			return x.plan.Series[i].Values
		}
	}
	x.k.breach(ruleAssetSeries, x.plan.Name, -1, 0, 0, "the plan lacks the series %q of the %s", name, x.plan.Kind)
	return make([]float64, x.k.periods)
}

// Inject adds power to a bus in period t; power drawn is negative.
func (x *AssetContext) Inject(bus string, t int, mw float64) {
	b, ok := x.k.at.buses[bus]
	if !ok || t < 0 || t >= x.k.periods {
		x.k.breach(ruleAssetSeries, x.plan.Name, t, 0, 0, "the %s injects at bus %q in period %d, which the case does not have", x.plan.Kind, bus, t)
		return
	}
	x.k.inject(b, t, mw)
}

// Emit adds tonnes to the plan's CO2; they are paid at the policy's price.
func (x *AssetContext) Emit(co2T float64) { x.co2T += co2T }

// Cost adds money to the asset's cost, item other.
func (x *AssetContext) Cost(amount float64) { x.cost += amount }

// AtMost checks value <= limit within the tolerances. The rule is reported
// under the kind's name: ramp of an electrolyser is electrolyser.ramp. Period -1
// is the whole horizon.
func (x *AssetContext) AtMost(rule string, period int, value, limit float64, detail string) {
	if x.k.above(value, limit) {
		x.k.breach(x.rule(rule), x.plan.Name, period, value, limit, "%s: %g, at most %g", detail, value, limit)
	}
}

// AtLeast checks value >= limit, as AtMost does.
func (x *AssetContext) AtLeast(rule string, period int, value, limit float64, detail string) {
	if x.k.below(value, limit) {
		x.k.breach(x.rule(rule), x.plan.Name, period, value, limit, "%s: %g, at least %g", detail, value, limit)
	}
}

// Equal checks value = want, as AtMost does.
func (x *AssetContext) Equal(rule string, period int, value, want float64, detail string) {
	if x.k.differ(value, want) {
		x.k.breach(x.rule(rule), x.plan.Name, period, value, want, "%s: %g, must be %g", detail, value, want)
	}
}

func (x *AssetContext) rule(name string) string { return fmt.Sprintf("%s.%s", x.plan.Kind, name) }
