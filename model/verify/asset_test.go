package verify

import (
	"slices"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// probe is an own asset whose check is a function.
type probe struct {
	name  string
	check func(x *AssetContext)
}

func (p probe) Kind() string          { return "probe" }
func (p probe) Name() string          { return p.name }
func (p probe) Check(x *AssetContext) { p.check(x) }

// probed is the joint plan with one more own asset.
func probed(check func(x *AssetContext)) *fixture {
	f := joint()
	f.o.Assets = append(f.o.Assets, probe{"p", check})
	f.p.Assets = append(f.p.Assets, model.AssetPlan{Kind: "probe", Name: "p", Series: []model.AssetSeries{{Name: "mw", Values: fill(6, 1)}}})
	return f
}

func TestAssetLimits(t *testing.T) {
	for _, tt := range []struct {
		name  string
		check func(x *AssetContext)
		want  []string
	}{
		{"kept", func(x *AssetContext) {
			x.AtMost("most", 0, 1, 1, "mw")
			x.AtLeast("least", 0, 1, 1, "mw")
			x.Equal("equal", 0, 1, 1, "mw")
		}, nil},
		{"above", func(x *AssetContext) { x.AtMost("most", 0, 1.1, 1, "mw") }, []string{"probe.most"}},
		{"below", func(x *AssetContext) { x.AtLeast("least", 0, 0.9, 1, "mw") }, []string{"probe.least"}},
		{"unequal", func(x *AssetContext) { x.Equal("equal", -1, 0.9, 1, "mw") }, []string{"probe.equal"}},
		{"injection that the plan does not balance", func(x *AssetContext) { x.Inject(x.Case().Buses[0].Name, 5, x.Series("mw")[5]) }, []string{ruleBusBalance}},
		{"unknown bus", func(x *AssetContext) { x.Inject("north", 0, 1) }, []string{ruleAssetSeries}},
		{"period past the horizon", func(x *AssetContext) { x.Inject("east", len(x.Hours()), 1) }, []string{ruleAssetSeries}},
		{"cost that the plan lacks", func(x *AssetContext) { x.Cost(5) }, []string{ruleCostMissing}},
		{"tonnes that the plan lacks", func(x *AssetContext) { x.Emit(1) }, []string{ruleCostMissing, rulePolicyCO2, rulePolicyCap}},
	} {
		if got := rulesOf(probed(tt.check).check()); !slices.Equal(got, tt.want) {
			t.Errorf("%s: found %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestOwnAsset: an asset of one's own kinds reports its rules under its kind.
func TestOwnAsset(t *testing.T) {
	f := joint()
	f.p.Assets[0].Series[0].Values[3] = 11
	f.derive()
	f.price()
	f.p.Bound = nil
	f.p.Status = model.PlanFeasible
	r := f.check()
	if len(r.Violations) != 1 || r.Violations[0].Rule != "electrolyser.power" || r.Violations[0].Excess != 1 || r.Violations[0].Period != 3 {
		t.Errorf("got %+v", r.Violations)
	}
}
