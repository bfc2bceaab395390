package model

import (
	"fmt"
	"slices"
)

func (j *Job) check(k *checker) {
	k.ref("region", "regions", j.Region)
	if j.Class != "" {
		k.ref("class", "latency_classes", j.Class)
	}
	if j.Count < 0 || j.Count > MaxItems {
		k.fail("count", fmt.Sprintf("%d is not a number of jobs", j.Count), fmt.Sprintf("give 1 to %d", MaxItems))
	}
	if j.Owner != "" {
		k.name("owner", j.Owner)
	}
	if j.Priority < 0 || j.Priority > MaxPriority {
		k.fail("priority", fmt.Sprintf("%d is no priority", j.Priority), fmt.Sprintf("give 0 to %d", MaxPriority))
	}
	if k.positive("work_unit_h", j.WorkUnitH) && j.WorkUnitH < MinWorkUnitH {
		k.fail("work_unit_h", fmt.Sprintf("%s is below %s, which a plan cannot tell from nothing", num(j.WorkUnitH), num(MinWorkUnitH)), "check the unit, or leave the job out")
	}
	k.notNegativeIf("late_price_per_h", j.LatePricePerH)
	k.notNegative("value", j.Value)
	k.notNegativeIf("drop_price", j.DropPrice)
	k.notNegativeIf("backlog_price_per_unit_h", j.BacklogPricePerUnitH)
	if j.Priority > 0 && j.Priority <= MaxPriority {
		idle := func(field string, price float64) {
			k.warn("priority", fmt.Sprintf("%d is without effect: it is a factor on the default drop price, in whose place stands %s %s", j.Priority, field, num(price)),
				"leave one of the two out")
		}
		switch {
		case j.DropPrice != nil:
			idle("drop_price", *j.DropPrice)
		case j.Value > 0:
			idle("value", j.Value)
		}
	}
	k.where(j.PoolKinds, j.AllowedSites, j.ForbiddenSites)
	j.checkSpeeds(k)
	j.checkShape(k)
	j.checkWindow(k)
	j.checkRunning(k)
	j.checkData(k)
	j.checkAfter(k)
	j.checkReserves(k)
}

func (j *Job) checkSpeeds(k *checker) {
	if !k.fewParts("kind_speeds", len(j.KindSpeeds)) {
		return
	}
	there := k.poolKinds()
	for i, s := range j.KindSpeeds {
		at := fmt.Sprintf("kind_speeds[%d].", i)
		k.positive(at+"speed", s.Speed)
		switch {
		case slices.ContainsFunc(j.KindSpeeds[:i], func(o KindSpeed) bool { return o.Kind == s.Kind }):
			k.fail(at+"kind", clip(s.Kind)+" is given twice", "keep one")
		case !k.known["pools"].partial && !slices.Contains(there, s.Kind):
			k.fail(at+"kind", "no pool is of kind "+clip(s.Kind), didYouMean(s.Kind, there))
		}
	}
}

// fewParts checks the length of a list within an item.
func (k *checker) fewParts(field string, n int) bool {
	if n > MaxParts {
		k.fail(field, fmt.Sprintf("has %d entries", n), fmt.Sprintf("give at most %d", MaxParts))
		return false
	}
	return true
}

// checkRunning checks the state of a job that runs when the horizon begins.
func (j *Job) checkRunning(k *checker) {
	r := j.Running
	if r == nil {
		return
	}
	if k.ref("running.pool", "pools", r.Pool) {
		p := &k.c.Pools[k.known["pools"].at[r.Pool]]
		switch {
		case len(j.PoolKinds) > 0 && !slices.Contains(j.PoolKinds, k.kindOf(p)):
			k.fail("running.pool", fmt.Sprintf("%s is of kind %q, which pool_kinds lacks", clip(r.Pool), k.kindOf(p)), "add the kind")
		case len(j.AllowedSites) > 0 && !slices.Contains(j.AllowedSites, p.Site):
			k.fail("running.pool", fmt.Sprintf("%s is at site %s, which is not among allowed_sites", clip(r.Pool), clip(p.Site)), "add the site")
		case slices.Contains(j.ForbiddenSites, p.Site):
			k.fail("running.pool", fmt.Sprintf("%s is at site %s, which is forbidden", clip(r.Pool), clip(p.Site)), "take the site out of forbidden_sites")
		}
		j.checkRunningData(k, p.Site)
	}
	if k.notNegative("running.done_unit_h", r.DoneUnitH) && j.WorkUnitH > 0 && r.DoneUnitH >= j.WorkUnitH {
		k.fail("running.done_unit_h", fmt.Sprintf("%s is not below work_unit_h %s", num(r.DoneUnitH), num(j.WorkUnitH)), "leave out a job that is done")
	} else if left := j.WorkUnitH - r.DoneUnitH; r.DoneUnitH >= 0 && j.WorkUnitH >= MinWorkUnitH && left < MinWorkUnitH {
		k.fail("running.done_unit_h", fmt.Sprintf("%s leaves %s unit-h, below %s, which a plan cannot tell from nothing", num(r.DoneUnitH), short(left), num(MinWorkUnitH)), "leave out a job that is done")
	}
	width := func(p ScalingPoint) bool { return p.Units == r.Units }
	switch {
	case j.Shape == Moldable && len(j.Scaling) > 0 && !slices.ContainsFunc(j.Scaling, width):
		k.fail("running.units", num(r.Units)+" is no width of its scaling", "give the units of one of its points")
	case j.Shape != Moldable && r.Units != 0:
		k.fail("running.units", "is given, and the job is not moldable", "leave it out")
	}
	if j.ReleaseH != 0 {
		k.fail("release_h", fmt.Sprintf("is %s, and the job runs when the horizon begins", num(j.ReleaseH)), "leave it out")
	}
	if len(j.After) > 0 {
		k.fail("after", "is given, and the job runs when the horizon begins", "leave it out")
	}
	if r.Pinned && j.Migration != nil {
		k.warn("migration", "is given, and the job is pinned: it does not migrate", "")
	}
}

// checkRunningData checks that the datasets of a job that runs at a site may be there.
func (j *Job) checkRunningData(k *checker, site string) {
	s, ok := k.known["sites"].at[site]
	if !ok {
		return
	}
	region := k.c.Sites[s].Region
	for _, name := range j.Datasets {
		if i, ok := k.known["datasets"].at[name]; ok && !k.c.Datasets[i].MayBeIn(region) {
			k.fail("running.pool", fmt.Sprintf("%s is in region %s, where dataset %s may not be", clip(j.Running.Pool), clip(region), clip(name)),
				"let the dataset be there, or leave it out")
		}
	}
}
