package verify

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleCostAmount    = "cost.amount"
	ruleCostMissing   = "cost.missing"
	ruleCostUnknown   = "cost.unknown"
	ruleCostOrder     = "cost.order"
	rulePlanObjective = "plan.objective"
	rulePlanBound     = "plan.bound"
)

func costRules() []Rule {
	return []Rule{
		{ruleCostUnknown, "Every cost has an item that exists and an asset of the case that can cause it."},
		{ruleCostOrder, "Costs stand once each, without zeros, in the order of items and assets."},
		{ruleCostAmount, "Every cost is what arithmetic gives for its item and asset."},
		{ruleCostMissing, "No cost that arithmetic gives is missing."},
		{rulePlanObjective, "The objective is the sum of the costs."},
		{rulePlanBound, "The bound is not above the objective."},
	}
}

// account is one amount as recomputed; rank is its place within the item.
type account struct {
	asset  string
	rank   int
	amount float64
}

// charge adds to the recomputed costs.
func (k *checker) charge(item model.CostItem, asset string, rank int, amount float64) {
	if amount != 0 {
		k.accounts[item] = append(k.accounts[item], account{asset, rank, amount})
	}
}

// claim is what the case and arithmetic say about costs of one item and asset.
// Names are unique within a section only, so a workload and a job, or a
// reservoir and a storage, may share one: then as many entries may stand.
type claim struct {
	asset       string
	assets      int // of that name
	first, last int // places of these
	amount      float64
	given       float64 // sum of the plan's entries
	found       int     // number of the plan's entries
	compared    bool
}

// claims are those of one item, each made when first asked for: of a million jobs
// few have costs, as a rule.
type claims struct {
	k    *checker
	item model.CostItem
	all  []claim
	at   map[string]int32 // position in all, by asset
	next int32            // position that is asked for next where assets come in one order
}

func (k *checker) newClaims(item model.CostItem, room int) *claims {
	return &claims{k: k, item: item, all: make([]claim, 0, room), at: make(map[string]int32, room)}
}

// of returns what there is to say of an asset, until it is asked for another; nil where
// it cannot cause such costs.
func (l *claims) of(asset string) *claim {
	i := l.next
	if int(i) >= len(l.all) || l.all[i].asset != asset {
		i = l.find(asset)
	}
	l.next = i + 1
	if l.all[i].assets == 0 {
		return nil
	}
	return &l.all[i]
}

// find returns the position of an asset's claim, which it makes where there is none.
func (l *claims) find(asset string) int32 {
	i, ok := l.at[asset]
	if !ok {
		i = int32(len(l.all))
		l.all = append(l.all, l.k.claimOf(l.item, asset))
		l.at[asset] = i
	}
	return i
}

// claimOf makes a claim; it is of no asset where none of that name can cause such costs.
func (k *checker) claimOf(item model.CostItem, asset string) (x claim) {
	x.asset = asset
	may := func(rank int) {
		if x.assets == 0 {
			x.first, x.last = rank, rank
		}
		x.assets++
		x.first, x.last = min(x.first, rank), max(x.last, rank)
	}
	all := func(names map[string]int, offset int) {
		if i, ok := names[asset]; ok {
			may(offset + i)
		}
	}
	own := func(offset int) {
		for i, a := range k.o.Assets {
			if a.Name() == asset {
				may(offset + i)
			}
		}
	}
	switch item {
	case model.CostRunning, model.CostStartup:
		all(k.at.units, 0)
	case model.CostCO2:
		all(k.at.units, 0)
		own(len(k.c.ThermalUnits))
	case model.CostRenewable, model.CostCurtailment:
		all(k.at.renewables, 0)
	case model.CostHydro:
		all(k.at.hydro, 0)
	case model.CostWear:
		all(k.at.storages, 0)
	case model.CostLink:
		all(k.at.links, 0)
	case model.CostExchange:
		all(k.at.exchanges, 0)
	case model.CostData:
		all(k.at.workloads, 0)
		all(k.at.jobs, len(k.c.Workloads))
		all(k.at.datasets, len(k.c.Workloads)+len(k.c.Jobs))
	case model.CostModuleStart:
		all(k.at.pools, 0)
	case model.CostWater, model.CostHeat, model.CostWaterExcess, model.CostGreenShortfall:
		all(k.at.sites, 0)
	case model.CostDemandResponse:
		all(k.at.programmes, 0)
	case model.CostTerminalValue:
		all(k.at.hydro, 0)
		all(k.at.storages, len(k.c.Hydro))
	case model.CostOther:
		own(0)
	case model.CostShedding, model.CostSpill:
		all(k.at.buses, 0)
	case model.CostReserveShortage:
		all(k.at.products, 0)
	case model.CostCO2Excess, model.CostRenewableShortfall:
		if asset == "" {
			may(0)
		}
	case model.CostUnserved, model.CostOutageShort:
		all(k.at.workloads, 0)
	case model.CostLate, model.CostDropped, model.CostBacklog:
		all(k.at.jobs, 0)
	}
	return x
}

// costs compares the plan's costs with the recomputed ones, item by item.
func (k *checker) costs() {
	items := model.CostItems()
	entries := make(map[model.CostItem][]*model.Cost, len(items))
	before := -1
	for i := range k.p.Costs {
		c := &k.p.Costs[i]
		rank := slices.Index(items, c.Item)
		k.report.Checked++
		if rank < 0 {
			k.breach(ruleCostUnknown, c.Asset, -1, c.Amount, 0, "the item %q is unknown", c.Item)
			continue
		}
		if rank < before {
			k.breach(ruleCostOrder, c.Asset, -1, c.Amount, 0, "%s stands after %s", c.Item, items[before])
		}
		before = max(before, rank)
		entries[c.Item] = append(entries[c.Item], c)
	}
	for _, item := range items {
		accounts := k.accounts[item]
		slices.SortStableFunc(accounts, func(a, b account) int { return a.rank - b.rank })
		for _, a := range accounts {
			k.report.Cost += a.amount
		}
		if len(entries[item]) > 0 || len(accounts) > 0 {
			k.costItem(item, entries[item], accounts)
		}
	}
	k.report.Cost = finite(k.report.Cost)
	k.total()
}

func (k *checker) costItem(item model.CostItem, entries []*model.Cost, accounts []account) {
	l := k.newClaims(item, max(len(entries), len(accounts)))
	for _, a := range accounts {
		l.of(a.asset).amount += a.amount
	}
	before := -1
	for _, c := range entries {
		k.report.Checked++
		x := l.of(c.Asset)
		if x == nil {
			k.breach(ruleCostUnknown, c.Asset, -1, c.Amount, 0, "%q cannot cause costs of item %s", c.Asset, c.Item)
			continue
		}
		x.found++
		x.given += c.Amount
		switch {
		case c.Amount == 0:
			k.breach(ruleCostOrder, c.Asset, -1, 0, 0, "%s stands with an amount of zero", item)
		case x.found > x.assets:
			k.breach(ruleCostOrder, c.Asset, -1, c.Amount, 0, "%s stands twice", item)
		case x.last < before:
			k.breach(ruleCostOrder, c.Asset, -1, c.Amount, 0, "%s is out of the case's order", item)
		default:
			before = max(before, x.first)
		}
	}
	// Entries first, in their order, then what has none.
	for _, c := range entries {
		if x := l.of(c.Asset); x != nil {
			k.compareCost(item, c.Asset, x)
		}
	}
	for _, a := range accounts {
		k.compareCost(item, a.asset, l.of(a.asset))
	}
}

// compareCost compares a claim once.
func (k *checker) compareCost(item model.CostItem, asset string, x *claim) {
	if x.compared {
		return
	}
	x.compared = true
	k.report.Checked++
	slack := k.o.Tolerances.CostAbsolute + k.o.Tolerances.CostRelative*max(math.Abs(x.given), math.Abs(x.amount))
	switch off := math.Abs(x.given - x.amount); {
	case off <= slack:
	case x.found == 0:
		k.breach(ruleCostMissing, asset, -1, 0, x.amount, "the plan lacks %s of %g", item, x.amount)
	default:
		k.breach(ruleCostAmount, asset, -1, x.given, x.amount, "%s is given as %g, arithmetic gives %g", item, x.given, x.amount)
	}
}

// total checks the objective and the bound.
func (k *checker) total() {
	sum, size := 0.0, 0.0
	for i := range k.p.Costs {
		sum += k.p.Costs[i].Amount
		size += math.Abs(k.p.Costs[i].Amount)
	}
	objective := k.p.Objective
	k.report.Checked++
	if !(math.Abs(objective-sum) <= sumAbsolute+sumRelative*size) {
		k.breach(rulePlanObjective, "", -1, objective, sum, "the objective is %g, the costs add up to %g", objective, sum)
	}
	if k.p.Bound == nil {
		return
	}
	k.report.Checked++
	if bound := *k.p.Bound; !(bound <= objective+sumAbsolute+sumRelative*math.Abs(objective)) {
		k.breach(rulePlanBound, "", -1, bound, objective, "the bound is %g, above the objective of %g", bound, objective)
	}
}
