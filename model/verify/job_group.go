package verify

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleGroupTogether  = "job_group.together"
	ruleGroupApart     = "job_group.apart"
	ruleGroupFinish    = "job_group.finish"
	ruleGroupAllOrNone = "job_group.all_or_none"
)

func groupRules() []Rule {
	return []Rule{
		{ruleGroupTogether, "Jobs that belong together run in the same pool, site or region."},
		{ruleGroupApart, "Of jobs that keep apart, at most so many run in one pool, site or region."},
		{ruleGroupFinish, "The jobs of a group that are done end within the hours between the first and the last."},
		{ruleGroupAllOrNone, "Of a group that goes all or none, no job is dropped, or every one."},
	}
}

func (k *checker) groups() {
	for i := range k.c.JobGroups {
		g := &k.c.JobGroups[i]
		k.groupPlaces(g)
		k.groupEnds(g)
	}
}

// groupPlaces checks where the jobs of a group run, those of a class one by one.
func (k *checker) groupPlaces(g *model.JobGroup) {
	together, count := -1, map[int]int{}
	most := max(1, g.MaxPer)
	var jobs []*outcome
	for _, name := range g.Jobs {
		jobs = append(jobs, &k.outcomes[k.at.jobs[name]])
		for i := range k.others[name] {
			jobs = append(jobs, &k.others[name][i])
		}
	}
	for _, o := range jobs {
		if !o.ran {
			continue
		}
		name := o.plan.Job
		if g.Together != "" {
			place := k.placeOf(g.Together, o.firstPool)
			if together < 0 {
				together = place
			} else if k.differInt(place, together) {
				k.breach(ruleGroupTogether, g.Name, o.begins, 0, 0, "%q runs in %s, another %s than the jobs before it", name, o.plan.Pool, g.Together)
			}
		}
		if g.Apart != "" {
			place := k.placeOf(g.Apart, o.firstPool)
			count[place]++
			if k.aboveInt(count[place], most) {
				k.breachInt(ruleGroupApart, g.Name, o.begins, count[place], most,
					"%q in %s makes %d jobs of the group in one %s, at most %d", name, o.plan.Pool, count[place], g.Apart, most)
			}
		}
	}
}

// placeOf is the position of a pool, of its site or of its region.
func (k *checker) placeOf(place model.Place, pool int) int {
	switch place {
	case model.InSite:
		return k.at.sites[k.c.Pools[pool].Site]
	case model.InRegion:
		return k.regionOf(pool)
	}
	return pool
}

// groupEnds checks when the jobs of a group end, and which are dropped.
func (k *checker) groupEnds(g *model.JobGroup) {
	ends, dropped := newSpread(), 0
	for _, name := range g.Jobs {
		o := &k.outcomes[k.at.jobs[name]]
		if o.dropped {
			dropped++
		}
		if o.ran && o.done {
			ends.add(k.begin[o.ends])
		}
	}
	k.report.Checked += 2
	if apart := ends.most - ends.least; g.FinishWithinH != nil && apart > *g.FinishWithinH+hoursTolerance {
		k.breach(ruleGroupFinish, g.Name, -1, apart, *g.FinishWithinH, "its jobs end up to %g h apart, at most %g", apart, *g.FinishWithinH)
	}
	if g.AllOrNone && dropped > 0 && dropped < len(g.Jobs) {
		k.breachInt(ruleGroupAllOrNone, g.Name, -1, dropped, len(g.Jobs), "%d of its %d jobs are dropped", dropped, len(g.Jobs))
	}
}

// spread is the least and the largest of some times.
type spread struct{ least, most float64 }

func (s *spread) add(v float64) { s.least, s.most = min(s.least, v), max(s.most, v) }

func newSpread() spread { return spread{math.Inf(1), math.Inf(-1)} }
