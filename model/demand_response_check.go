package model

import (
	"fmt"
	"math"
	"slices"
)

func (d *DemandResponse) check(k *checker) {
	k.ref("site", "sites", d.Site)
	if k.needed("baseline_mw", d.BaselineMW) {
		k.series("baseline_mw", d.BaselineMW, 0, math.Inf(1))
	}
	k.positive("reduction_mw", d.ReductionMW)
	k.notNegative("price_per_mwh", d.PricePerMWh)
	offered := true
	for t, v := range d.Offered {
		if v != 0 && v != 1 {
			k.fail(fmt.Sprintf("offered[%d]", t), num(v)+" is neither 0 nor 1", "give 1 where it may be called, else 0")
			offered = false
			break
		}
	}
	if k.notNegative("notice_h", d.NoticeH) && offered && k.sized {
		d.warnNeverOpen(k)
	}
	ok := k.notNegative("min_call_h", d.MinCallH)
	if d.MaxCallH != nil && k.positive("max_call_h", *d.MaxCallH) && ok {
		k.least("min_call_h", d.MinCallH, "max_call_h", *d.MaxCallH)
	}
	if d.MaxCalls != nil && *d.MaxCalls < 0 {
		k.fail("max_calls", fmt.Sprintf("%d is negative", *d.MaxCalls), "give 0 or more")
	}
}

// warnNeverOpen warns of a programme that can be called in no period.
func (d *DemandResponse) warnNeverOpen(k *checker) {
	begins := k.starts()[:len(k.hours)]
	for t, begin := range begins {
		if d.Open(t, begin) {
			return
		}
	}
	if last := begins[len(begins)-1]; d.NoticeH > last+durationSlack {
		k.warn("notice_h", fmt.Sprintf("%s is after %s, where the last period begins: it is never called", num(d.NoticeH), short(last)), "give less notice, or leave the programme out")
		return
	}
	problem := "is 1 in no period"
	if slices.Contains(d.Offered, 1) {
		problem += fmt.Sprintf(" that begins %s h (notice_h) or more after the horizon's start", num(d.NoticeH))
	}
	k.warn("offered", problem+": it is never called", "offer it where a call can begin, or leave the programme out")
}

// warnTwicePaid warns of a site's programmes that can be called in the same period: one
// reduction then earns in both. Each programme is warned of once.
func (k *checker) warnTwicePaid() {
	bySite := make(map[string][]int)
	var sites []string
	for i := range k.c.DemandResponses {
		site := k.c.DemandResponses[i].Site
		if bySite[site] == nil {
			sites = append(sites, site)
		}
		bySite[site] = append(bySite[site], i)
	}
	first := make([]int, len(k.hours)) // programme that can be called in a period, -1 for none
	for _, site := range sites {
		if len(bySite[site]) == 1 {
			continue
		}
		for t := range first {
			first[t] = -1
		}
		for _, i := range bySite[site] {
			k.warnSamePeriod(i, first)
		}
	}
	k.in("", -1, "")
}

// warnSamePeriod warns of a programme that can be called where another of its site can,
// and takes the periods that no other has.
func (k *checker) warnSamePeriod(i int, first []int) {
	d := &k.c.DemandResponses[i]
	if d.MaxCalls != nil && *d.MaxCalls == 0 {
		return
	}
	warned := false
	for t, begin := range k.starts()[:len(first)] {
		switch {
		case !d.Open(t, begin):
		case first[t] < 0:
			first[t] = i
		case !warned:
			warned = true
			k.in("demand_responses", i, itemLabel(d.Name, i))
			k.warn("site", fmt.Sprintf("%s of the same site can be called in period %d too: one reduction then earns in both", clip(k.c.DemandResponses[first[t]].Name), t),
				"offer them in different periods, unless both pay")
		}
	}
}
