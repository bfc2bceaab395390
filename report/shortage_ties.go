package report

import (
	"fmt"

	"github.com/wattbit/wattbit/model"
)

// whyTied says what of its ties may keep a job that has room in a pool from being done,
// or from being done in time; v is the plan of one that is.
func (j *joined) whyTied(job *model.Job, v *model.JobPlan, ties *jobTies) (why []string) {
	for _, p := range job.After {
		before := ties.plans[p.Job]
		if before == nil {
			continue
		}
		switch u := j.use(before); {
		case before.Dropped:
			why = append(why, fmt.Sprintf("it comes after %s, which is dropped", p.Job))
		case statusOf(before) == JobUnfinished || statusOf(before) == JobWaiting:
			why = append(why, fmt.Sprintf("it comes after %s, which is not done by the horizon's end", p.Job))
		default:
			lag := ""
			if p.LagH > 0 {
				lag = fmt.Sprintf(", by at least %s h", amount(p.LagH))
			}
			why = append(why, fmt.Sprintf("it comes after %s, which ends at %s%s", p.Job, j.cal.clock(u.end), lag))
		}
	}
	for _, g := range ties.groups[job.Name] {
		dropped := 0
		for _, name := range g.Jobs {
			if p := ties.plans[name]; p != nil && p.Dropped && name != job.Name {
				dropped++
			}
		}
		if g.AllOrNone && dropped > 0 {
			why = append(why, fmt.Sprintf("group %s goes all or none, and %d more of its %d jobs %s dropped", g.Name, dropped, len(g.Jobs), isAre(dropped)))
		} else {
			why = append(why, fmt.Sprintf("group %s ties it to %s", g.Name, plural(j.ix.GroupSize(g)-1, "other job")))
		}
	}
	why = append(why, ties.quotas[job.Owner]...)
	if v != nil && len(v.Reserves) > 0 {
		var products []string
		for _, r := range v.Reserves {
			products = append(products, r.Product)
		}
		why = append(why, "it provides reserve "+list(products, 3)+", which is worth more")
	}
	return why
}

// jobTies is what ties jobs to each other.
type jobTies struct {
	plans  map[string]*model.JobPlan    // of jobs that others are tied to, by name
	groups map[string][]*model.JobGroup // by job
	quotas map[string][]string          // how far they are used, by owner
}

func (j *joined) jobTies() *jobTies {
	t := &jobTies{plans: make(map[string]*model.JobPlan), groups: make(map[string][]*model.JobGroup), quotas: make(map[string][]string)}
	for i := range j.c.Jobs {
		for _, p := range j.c.Jobs[i].After {
			t.plans[p.Job] = nil
		}
	}
	for i := range j.c.JobGroups {
		for _, name := range j.c.JobGroups[i].Jobs {
			t.plans[name] = nil
			t.groups[name] = append(t.groups[name], &j.c.JobGroups[i])
		}
	}
	for i := range j.p.Jobs {
		if _, ok := t.plans[j.p.Jobs[i].Job]; ok {
			t.plans[j.p.Jobs[i].Job] = &j.p.Jobs[i]
		}
	}
	for i := range j.c.Quotas {
		q := &j.c.Quotas[i]
		if text := j.whyQuota(q); text != "" {
			t.quotas[q.Owner] = append(t.quotas[q.Owner], text)
		}
	}
	return t
}

// whyQuota says how far a quota is used where it leaves little, "" elsewhere.
func (j *joined) whyQuota(q *model.Quota) string {
	held, offered := j.quotaUse(q)
	if used := j.sum(held); q.MaxUnitH != nil && used >= 0.9**q.MaxUnitH {
		return fmt.Sprintf("quota %s of %s has %s unit-h left of %s", q.Name, q.Owner, amount(max(0, *q.MaxUnitH-used)), amount(*q.MaxUnitH))
	}
	full, most := 0.0, 0.0
	for t, units := range held {
		limit := q.MaxShare.At(t, 1) * offered[t]
		if q.MaxUnits.Given() {
			limit = min(limit, q.MaxUnits.At(t, 0))
		}
		most = max(most, limit)
		if units >= 0.9*limit {
			full += j.hours[t]
		}
	}
	if full > 0 && (q.MaxUnits.Given() || q.MaxShare.Given()) {
		return fmt.Sprintf("quota %s of %s allows %s units at most, and is full in %s h", q.Name, q.Owner, amount(most), amount(full))
	}
	return ""
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
