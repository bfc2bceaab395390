package model

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/wattbit/wattbit/internal/inorder"
)

func (w *Workload) check(k *checker) {
	k.ref("region", "regions", w.Region)
	k.ref("class", "latency_classes", w.Class)
	if k.needed("demand_units", w.DemandUnits) {
		k.series("demand_units", w.DemandUnits, 0, math.Inf(1))
	}
	k.notNegative("data_gb_per_unit_h", w.DataGBPerUnitH)
	k.notNegativeIf("unserved_price_per_unit_h", w.UnservedPricePerUnitH)
	k.where(w.PoolKinds, w.AllowedSites, w.ForbiddenSites)
	w.checkPinned(k)
}

// where checks the restrictions on where work goes.
func (k *checker) where(kinds, allowed, forbidden []string) {
	if len(kinds) > 0 && !k.known["pools"].partial {
		there := k.poolKinds()
		for i, kind := range kinds {
			if !slices.Contains(there, kind) {
				k.fail(fmt.Sprintf("pool_kinds[%d]", i), "no pool is of kind "+clip(kind), didYouMean(kind, there))
			}
		}
	}
	k.residency("sites", allowed, forbidden)
}

// residency checks the places of a section that are allowed and those that are forbidden.
func (k *checker) residency(section string, allowed, forbidden []string) {
	k.refs("allowed_"+section, section, allowed)
	k.refs("forbidden_"+section, section, forbidden)
	for i, place := range forbidden {
		if slices.Contains(allowed, place) {
			k.warn(fmt.Sprintf("forbidden_%s[%d]", section, i), clip(place)+" is allowed and forbidden: it counts as forbidden", "name it in one of the two")
		}
	}
}

// poolKinds returns the kinds of the case's pools, sorted.
func (k *checker) poolKinds() []string {
	if k.kinds == nil {
		k.kinds = []string{}
		for i := range k.c.Pools {
			if p := &k.c.Pools[i]; p.Kind != "" || !p.PowerLevel() {
				k.kinds = append(k.kinds, p.Kind)
			}
		}
		slices.Sort(k.kinds)
		k.kinds = slices.Compact(k.kinds)
	}
	return k.kinds
}

// kindOf returns the kind of a pool's machines: its own, or its base's.
func (k *checker) kindOf(p *Pool) string {
	if base, ok := k.known["pools"].at[p.ModulesOf]; ok && p.Kind == "" && p.PowerLevel() {
		return k.c.Pools[base].Kind
	}
	return p.Kind
}

// starts returns where each period begins, and the horizon's end.
func (k *checker) starts() []float64 {
	if k.begins == nil {
		k.begins = make([]float64, 1, len(k.hours)+1)
		for t, h := range k.hours {
			k.begins = append(k.begins, k.begins[t]+h)
		}
	}
	return k.begins
}

// placementsAtOnce is of how many jobs one processor works out the placements in one go.
const placementsAtOnce = 256

// checkPlacements reports work that no pool can take, and why not, and work that what
// ties it lets nowhere.
func (c *Case) checkPlacements(k *checker) {
	ix := c.Index()
	served := make([][]Placement, len(c.Workloads)) // nil without demand
	for i := range c.Workloads {
		w := &c.Workloads[i]
		if slices.ContainsFunc(w.DemandUnits, func(v float64) bool { return v > 0 }) {
			k.in("workloads", i, itemLabel(w.Name, i))
			placements := ix.WorkloadPlacements(w)
			k.placed(ix, placements, "class", "no pool can serve it")
			k.pinnable(ix, w, placements)
			served[i] = placements
		}
	}
	prices, priorities := newJobPrices(len(c.Pools)), make(priorityPrices, len(c.Pools))
	jobs, last := 0, len(c.Jobs)
	for i := range c.Jobs {
		if jobs += c.Jobs[i].N(); jobs > MaxItems {
			last = i + 1
			break
		}
	}
	inorder.Blocks(last, placementsAtOnce, func(from, to int) [][]Placement {
		placements := make([][]Placement, to-from)
		for i := range placements {
			placements[i] = ix.JobPlacements(&c.Jobs[from+i])
		}
		return placements
	}, func(from, _ int, placements [][]Placement) {
		for n := range placements {
			i := from + n
			j := &c.Jobs[i]
			k.in("jobs", i, itemLabel(j.Name, i))
			k.placed(ix, placements[n], "", "no pool can run it")
			k.warnTooFast(ix, j)
			k.warnTooOften(ix, j)
			k.warnOutOfZone(ix, j, placements[n])
			prices.add(c, j, placements[n])
			priorities.add(c, i, placements[n])
		}
	})
	if jobs > MaxItems {
		k.fail("count", fmt.Sprintf("makes more than %d jobs", MaxItems), "plan fewer at once")
	}
	for i, placements := range served {
		if placements != nil {
			k.in("workloads", i, itemLabel(c.Workloads[i].Name, i))
			k.warnNotLast(ix, &c.Workloads[i], placements, prices)
		}
	}
	k.warnPriorities(priorities)
	k.warnNever(ix)
	k.in("", -1, "")
}

func (k *checker) placed(ix *Index, placements []Placement, field, problem string) {
	if slices.ContainsFunc(placements, func(p Placement) bool { return p.OK }) {
		return
	}
	if len(placements) == 0 {
		k.fail(field, problem+": the case has no pools", "add a pool, or leave it out")
		return
	}
	const most = 8
	var why []string
	for _, p := range placements[:min(len(placements), most)] {
		pool := &ix.c.Pools[p.Pool]
		why = append(why, fmt.Sprintf("%s (site %s): %s", pool.Name, pool.Site, p.Reason))
	}
	text := strings.Join(why, "; ")
	if more := len(placements) - most; more > 0 {
		text += fmt.Sprintf("; and %d more pools", more)
	}
	k.fail(field, problem+": "+text, "widen what it asks for, or add a pool or data link that fits")
}
