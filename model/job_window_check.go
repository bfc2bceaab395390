package model

import (
	"fmt"
	"sort"
)

// checkWindow checks release, due time and deadline.
func (j *Job) checkWindow(k *checker) {
	ok := k.notNegative("release_h", j.ReleaseH)
	ok = k.notNegativeIf("deadline_h", j.DeadlineH) && ok
	ok = k.notNegativeIf("due_h", j.DueH) && ok
	if due := j.DueH; due != nil {
		if j.LatePricePerH == nil {
			k.fail("due_h", "is given without late_price_per_h", "give the price of lateness, or leave it out")
			ok = false
		}
		if j.DeadlineH != nil {
			ok = k.least("due_h", *due, "deadline_h", *j.DeadlineH) && ok
		}
	}
	if !ok || !k.sized {
		return
	}
	horizon := k.starts()[len(k.hours)]
	if j.ReleaseH > horizon-durationSlack {
		k.fail("release_h", fmt.Sprintf("%s is not before the horizon's end, %s", num(j.ReleaseH), short(horizon)), "give an earlier release, or leave the job to the next plan")
		return
	}
	if d := j.DeadlineH; d != nil && *d <= j.ReleaseH {
		k.fail("deadline_h", fmt.Sprintf("%s is not after release_h %s", num(*d), num(j.ReleaseH)), "give a later deadline")
		return
	}
	late := func(field string, v *float64) bool {
		if v == nil || *v <= horizon+durationSlack || j.BacklogPricePerUnitH != nil {
			return false
		}
		k.fail(field, fmt.Sprintf("%s is after the horizon's end, %s", num(*v), short(horizon)), "give at most "+short(horizon)+", leave it out, or give backlog_price_per_unit_h")
		return true
	}
	if late("deadline_h", j.DeadlineH) || late("due_h", j.DueH) {
		return
	}
	starts, T := k.starts(), len(k.hours)
	first := sort.Search(T, func(t int) bool { return starts[t] >= j.ReleaseH-durationSlack })
	if starts[first] > j.ReleaseH+durationSlack {
		k.warn("release_h", fmt.Sprintf("%s lies inside a period: it counts as %s", num(j.ReleaseH), short(starts[first])), "")
	}
	end := T
	if d := j.DeadlineH; d != nil {
		end = sort.Search(T, func(t int) bool { return starts[t+1] > *d+durationSlack })
		if *d < horizon && starts[end] < *d-durationSlack {
			k.warn("deadline_h", fmt.Sprintf("%s lies inside a period: it counts as %s", num(*d), short(starts[end])), "")
		}
	}
	hard := j.LatePricePerH == nil || j.DueH != nil
	if end <= first && hard {
		k.fail("deadline_h", "no whole period lies between release and deadline", "give a later deadline or an earlier release")
	}
}
