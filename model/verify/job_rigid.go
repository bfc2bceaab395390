package verify

import (
	"sort"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleJobLength = "job.length"
	ruleJobUnits  = "job.units"
	ruleJobHeld   = "job.held"
)

// rigid checks a job that holds the same units for as many periods as its work
// takes: its gang, or, of a moldable job, a width of its scaling.
func (k *checker) rigid(x *class, p *model.JobPlan, r *runs) {
	j, s := x.j, &r.stays[0]
	units, effective := k.width(x, p, s)
	work := j.WorkUnitH
	if j.Running != nil && s.pool == x.runningIn && s.first == 0 && (j.Shape == model.Rigid || units == j.Running.Units) {
		r.goesOn = true
		work -= j.Running.DoneUnitH
	}
	k.report.Checked++
	if j.Running != nil && j.Running.Pinned && !r.goesOn {
		k.breachInt(ruleJobRunning, j.Name, s.first, s.first, 0,
			"number %d is pinned to %s and does not go on there as it was", p.Number, j.Running.Pool)
	}
	if len(r.stays) > 1 {
		k.breachInt(ruleJobMoves, j.Name, r.stays[1].first, len(r.stays)-1, 0, "number %d moves, which its shape cannot", p.Number)
	}
	rate := effective * s.speed // unit-h an hour
	needed, left := k.periodsFor(s.first, work, rate)
	k.report.Checked++
	right := len(s.busy) == needed
	switch {
	case left > 0 && j.BacklogPricePerUnitH == nil:
		right = false
		k.breachInt(ruleJobLength, j.Name, s.first, len(s.busy), needed,
			"number %d takes %g h, which the horizon does not have from period %d on", p.Number, work/rate, s.first)
	case !right:
		k.breachInt(ruleJobLength, j.Name, s.first, len(s.busy), needed,
			"number %d runs for %d periods and takes %g h, %d periods in the horizon", p.Number, len(s.busy), work/rate, needed)
	}
	if right {
		k.leaves(x, p, left)
	}
	for n, busy := range s.busy {
		t := s.first + n
		k.use(x, s, t, units, busy)
		if !right {
			continue
		}
		want := units
		if n == needed-1 && left == 0 {
			want = units * (work - rate*(k.begin[t]-k.begin[s.first])) / (rate * k.hours[t])
		}
		if k.differ(busy, want) {
			k.breach(ruleJobUnits, j.Name, t, busy, want, "number %d draws power for %g units, its work for %g", p.Number, busy, want)
		}
	}
}

// periodsFor returns how many periods from first on some work takes at a rate in
// unit-h an hour, those that the horizon has at most, and the work left then.
func (k *checker) periodsFor(first int, work, rate float64) (n int, left float64) {
	start, length := k.begin[first], work/rate
	n = 1 + sort.Search(k.periods-first, func(n int) bool { return k.begin[first+n+1]-start >= length-hoursTolerance })
	if first+n > k.periods {
		return k.periods - first, work - rate*(k.begin[k.periods]-start)
	}
	return n, 0
}

// width returns the units that a rigid or moldable job holds, and the work that
// they do in an hour at speed 1.
func (k *checker) width(x *class, p *model.JobPlan, s *stay) (units, effective float64) {
	j := x.j
	if j.Shape == model.Rigid {
		return j.Units, j.Units
	}
	point := &j.Scaling[0]
	if len(s.held) == 0 {
		return point.Units, point.EffectiveUnits // reported by heldStated
	}
	found := false
	for i := range j.Scaling {
		k.report.Checked++
		if at := &j.Scaling[i]; !k.differ(s.held[0], at.Units) {
			point, found = at, true
			break
		}
	}
	if !found {
		k.breach(ruleJobHeld, j.Name, s.first, s.held[0], point.Units, "number %d holds %g units, which is no width of its scaling", p.Number, s.held[0])
	}
	for n, held := range s.held {
		if k.differ(held, s.held[0]) {
			k.breach(ruleJobHeld, j.Name, s.first+n, held, s.held[0], "number %d holds %g units after %g", p.Number, held, s.held[0])
		}
	}
	return point.Units, point.EffectiveUnits
}
