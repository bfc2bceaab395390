package model

import (
	"math"
	"slices"
)

func (q *Quota) check(k *checker) {
	if owners := k.jobOwners(); q.Owner == "" {
		k.fail("owner", "is empty", "name the owner of some jobs")
	} else if _, ok := slices.BinarySearch(owners, q.Owner); !ok && !k.known["jobs"].partial {
		k.fail("owner", "no job is of owner "+clip(q.Owner), didYouMean(q.Owner, owners))
	}
	k.refs("pools", "pools", q.Pools)
	k.notNegativeIf("max_unit_h", q.MaxUnitH)
	k.series("max_units", q.MaxUnits, 0, math.Inf(1))
	k.series("max_share", q.MaxShare, 0, 1)
	if q.MaxUnitH == nil && !q.MaxUnits.Given() && !q.MaxShare.Given() {
		k.fail("", "bounds nothing", "give max_unit_h, max_units or max_share")
	}
}

// jobOwners returns the owners of the case's jobs, sorted.
func (k *checker) jobOwners() []string {
	if k.owners == nil {
		k.owners = []string{}
		for i := range k.c.Jobs {
			if owner := k.c.Jobs[i].Owner; owner != "" {
				k.owners = append(k.owners, owner)
			}
		}
		slices.Sort(k.owners)
		k.owners = slices.Compact(k.owners)
	}
	return k.owners
}
