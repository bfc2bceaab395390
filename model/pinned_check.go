package model

import (
	"fmt"
	"slices"
)

// checkPinned checks the shares by themselves.
func (w *Workload) checkPinned(k *checker) {
	if !k.fewParts("pinned", len(w.Pinned)) {
		return
	}
	least := 0.0
	for i := range w.Pinned {
		p := &w.Pinned[i]
		at := func(field string) string { return fmt.Sprintf("pinned[%d].%s", i, field) }
		if slices.ContainsFunc(w.Pinned[:i], func(o PinnedShare) bool { return o.Site == p.Site }) {
			k.fail(at("site"), clip(p.Site)+" is pinned twice", "keep one")
		} else {
			k.ref(at("site"), "sites", p.Site)
		}
		ok := k.upToOne(at("share_min"), p.ShareMin)
		if p.ShareMax != nil {
			ok = k.upToOne(at("share_max"), *p.ShareMax) && ok
		}
		if ok {
			k.least(at("share_min"), p.ShareMin, "share_max", p.Most())
		}
		least += p.ShareMin
	}
	if least > 1+1e-9 {
		k.fail("pinned", fmt.Sprintf("its share_min add up to %s, above 1", short(least)), "give at most 1 together")
	}
}

// upToOne checks a number in [0, 1].
func (k *checker) upToOne(field string, v float64) bool {
	if v < 0 || v > 1 {
		k.fail(field, num(v)+" is not in [0, 1]", "give a share, as in 0.4")
		return false
	}
	return true
}

// pinnable reports shares that no plan can keep: of a site out of the workload's
// reach, and such that leave no site for a part of it.
func (k *checker) pinnable(ix *Index, w *Workload, placements []Placement) {
	if len(w.Pinned) == 0 {
		return
	}
	reached := map[string]bool{}
	for _, p := range placements {
		if p.OK {
			reached[ix.c.Pools[p.Pool].Site] = true
		}
	}
	if len(reached) == 0 {
		return // reported by placed
	}
	most := float64(len(reached)) // every site that is not pinned may serve all
	for i := range w.Pinned {
		p := &w.Pinned[i]
		switch {
		case reached[p.Site]:
			most -= 1 - p.Most()
		case p.ShareMin > 0:
			k.fail(fmt.Sprintf("pinned[%d].site", i), fmt.Sprintf("no pool of %s can serve the workload, and its share_min is %s", clip(p.Site), num(p.ShareMin)),
				"pin a site that it reaches, or leave share_min out")
		}
	}
	if most < 1-1e-9 {
		k.fail("pinned", fmt.Sprintf("all sites that can serve the workload take at most %s of it together", short(most)), "give higher share_max")
	}
}
