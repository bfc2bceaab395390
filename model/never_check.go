package model

// Jobs that fit into a pool by themselves, and that what ties them lets nowhere: such a
// job can only be dropped, which is a plan, so it is doubtful and not wrong.
//
//   - A job begins no earlier than those that it comes after can have ended. Each of them
//     ends no earlier than it could with a pool and its data links to itself.
//   - A quota that covers every pool that the job fits into allows fewer units than the
//     job holds at once, or fewer unit-hours than its work takes at the best width.
//   - No place takes all the jobs that are to be together, or there are too few places
//     for those that are to be apart.

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

const onlyDropped = "it can only be dropped"

// warnNever warns of all such jobs. Each job fits into a pool by itself.
func (k *checker) warnNever(ix *Index) {
	ends := make(map[string]int)
	quotas := make(map[string][]*Quota)
	for i := range k.c.Quotas {
		q := &k.c.Quotas[i]
		quotas[q.Owner] = append(quotas[q.Owner], q)
	}
	for i := range k.c.Jobs {
		j := &k.c.Jobs[i]
		if len(j.After) > 0 {
			k.firstEnds(ix, j.Name, ends)
		}
		for _, q := range quotas[j.Owner] {
			k.in("jobs", i, itemLabel(j.Name, i))
			k.warnQuota(ix, j, q)
		}
	}
	for i := range k.c.JobGroups {
		g := &k.c.JobGroups[i]
		k.in("job_groups", i, itemLabel(g.Name, i))
		k.warnGroup(ix, g)
	}
}

// firstEnds keeps in ends the first end of a job and of all that it comes after. A chain
// may be as long as there are jobs, too long to recur along it.
func (k *checker) firstEnds(ix *Index, name string, ends map[string]int) {
	for open := []string{name}; len(open) > 0; {
		top := open[len(open)-1]
		n := len(open)
		if _, ok := ends[top]; !ok {
			for _, p := range slices.Backward(k.c.Jobs[k.known["jobs"].at[top]].After) {
				if _, ok := ends[p.Job]; !ok {
					open = append(open, p.Job)
				}
			}
			if len(open) > n {
				continue
			}
			ends[top] = k.firstEnd(ix, top, ends)
		}
		open = open[:n-1]
	}
}

// firstEnd returns the period by whose beginning a job can have ended at the earliest,
// given the first ends of what it comes after. It is beyond the horizon's end where
// the job can never be done; then it warns.
func (k *checker) firstEnd(ix *Index, name string, ends map[string]int) int {
	i := k.known["jobs"].at[name]
	j, T := &k.c.Jobs[i], len(ix.Hours)
	never := T + 1
	begin, after := 0, ""
	for _, p := range j.After {
		end := ends[p.Job]
		if end == never {
			k.in("jobs", i, itemLabel(name, i))
			k.warn("after", fmt.Sprintf("it comes after %s, which can only be dropped, and so can it", clip(p.Job)), "mend that job, or leave it out")
			return never
		}
		ready := ix.Starts[end] + p.LagH - durationSlack
		if t := sort.Search(T, func(t int) bool { return ix.Starts[t] >= ready }); t > begin {
			begin = t
			after = fmt.Sprintf("%s, which ends %s h after the horizon's start at the earliest", clip(p.Job), short(ix.Starts[end]))
			if p.LagH > 0 {
				after += fmt.Sprintf(", and %s h", short(p.LagH))
			}
		}
	}
	_, _, last := ix.JobWindow(j)
	first, reason := never, ""
	placements := ix.JobPlacements(j)
	for _, p := range placements {
		if !p.OK {
			continue
		}
		here, _ := ix.runsHere(j, p.Pool)
		from := max(begin, ix.EarliestWork(j, p))
		cannot := func(by int) string {
			if j.migrates() {
				return ix.cannotMigrate(j, placements, from, by, "from then on")
			}
			return ix.cannotDo(j, p, here, from, by, "from then on")
		}
		why := cannot(last)
		switch {
		case why == "" && (from < last || ix.MayLeaveWork(j)):
			first = min(first, from+sort.Search(max(0, last-from), func(n int) bool { return cannot(from+n) == "" }))
		case reason == "" && why != "":
			pool := &k.c.Pools[p.Pool]
			reason = fmt.Sprintf("%s (site %s): %s", pool.Name, pool.Site, why)
		case reason == "":
			reason = "nothing is left of its window then"
		}
	}
	if first >= never && after != "" {
		k.in("jobs", i, itemLabel(name, i))
		k.warn("after", fmt.Sprintf("it begins after %s: %s; %s", after, reason, onlyDropped), "give it a later deadline, or let what it comes after end earlier")
	}
	return min(first, never)
}

// warnQuota warns of a job that asks for more than a quota of its owner allows wherever
// it fits.
func (k *checker) warnQuota(ix *Index, j *Job, q *Quota) {
	covers := func(pool string) bool { return len(q.Pools) == 0 || slices.Contains(q.Pools, pool) }
	best := math.Inf(1) // unit-h that the work takes at the best width
	for _, p := range ix.JobPlacements(j) {
		if !p.OK {
			continue
		}
		if !covers(k.c.Pools[p.Pool].Name) {
			return
		}
		for _, w := range j.Widths() {
			best = math.Min(best, j.WorkLeft()*w.Units/(w.EffectiveUnits*ix.JobSpeed(j, p.Pool)))
		}
	}
	const mend = "ask for less, or widen the quota"
	if q.MaxUnitH != nil && best > *q.MaxUnitH*(1+1e-9) && !math.IsInf(best, 1) && !ix.MayLeaveWork(j) {
		k.warn("owner", fmt.Sprintf("quota %s allows %s unit-h, and its work takes %s: %s", clip(q.Name), short(*q.MaxUnitH), short(best), onlyDropped), mend)
		return
	}
	if j.Fluid() || !q.MaxUnits.Given() && !q.MaxShare.Given() {
		return
	}
	most := 0.0
	for t := range ix.Hours {
		all := 0.0
		counted := make(map[int]bool)
		for i := range k.c.Pools {
			if base := ix.BasePool(i); covers(k.c.Pools[i].Name) && !counted[base] {
				counted[base] = true
				all += k.c.Pools[base].MaxUnits(t)
			}
		}
		most = math.Max(most, math.Min(q.MaxUnits.At(t, math.Inf(1)), q.MaxShare.At(t, 1)*all))
	}
	if least := j.Narrowest().Units; least > most*(1+1e-9) {
		k.warn("owner", fmt.Sprintf("quota %s allows %s units at once, and it holds %s: %s", clip(q.Name), short(most), short(least), onlyDropped), mend)
	}
}

// warnGroup warns of jobs that no place takes together, or too few places apart.
func (k *checker) warnGroup(ix *Index, g *JobGroup) {
	if g.Together == "" && g.Apart == "" {
		return
	}
	together, apart := make(map[string]int), make(map[string]bool) // jobs that a place takes; places
	for _, name := range g.Jobs {
		here := make(map[string]bool)
		for _, p := range ix.JobPlacements(&k.c.Jobs[k.known["jobs"].at[name]]) {
			if p.OK {
				here[k.placeOf(g.Together, p.Pool)] = true
				apart[k.placeOf(g.Apart, p.Pool)] = true
			}
		}
		for place := range here {
			together[place]++
		}
	}
	most := 0
	for _, n := range together {
		most = max(most, n)
	}
	if n := len(g.Jobs); g.Together != "" && most < n {
		k.warn("together", fmt.Sprintf("no %s can run more than %d of its %d jobs: the others can only be dropped", g.Together, most, n), "widen what they ask for")
	}
	if n, room := ix.GroupSize(g), len(apart)*max(1, g.MaxPer); g.Apart != "" && room < n {
		k.warn("apart", fmt.Sprintf("its jobs fit into %d places (%s), which take %d of its %d: the others can only be dropped", len(apart), g.Apart, room, n),
			"give a larger max_per, or widen what they ask for")
	}
}

// placeOf names the place of a pool.
func (k *checker) placeOf(p Place, pool int) string {
	site := &k.c.Sites[k.known["sites"].at[k.c.Pools[pool].Site]]
	switch p {
	case InPool:
		return k.c.Pools[pool].Name
	case InSite:
		return site.Name
	case InRegion:
		return site.Region
	}
	return ""
}
