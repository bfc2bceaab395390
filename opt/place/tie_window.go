package place

import (
	"maps"
	"math"
	"slices"
)

// What ties say of a job before anybody has a place: it begins no sooner than those it
// waits for can have ended, which holds in bounds too; and, where those that wait for it are to
// follow, it has ended by some time, and more than itself is lost if it is dropped.

// afterOthers is the problem with jobs that begin no sooner than those they wait for can
// have ended, and waited. A job that cannot begin in time has no periods left.
func (s *ties) afterOthers(p *Problem, starts []float64) *Problem {
	if len(p.Precedences) == 0 {
		return p
	}
	q := *p
	q.Jobs = slices.Clone(p.Jobs)
	for _, i := range s.byDepth() {
		j := &q.Jobs[i]
		for _, e := range s.before[i] {
			j.notBefore(q.earliestEnd(int(e.Before), starts)+e.LagH, starts)
		}
	}
	return &q
}

// notBefore has the job begin no sooner than so many hours after the horizon's start.
func (j *Job) notBefore(hours float64, starts []float64) {
	for j.Begin = max(j.Begin, j.First); j.Begin < j.End && starts[j.Begin] < hours-durationSlack; {
		j.Begin++
	}
}

// notAfter has the job end no later than so many hours after the horizon's start.
func (j *Job) notAfter(hours float64, starts []float64) {
	for j.End > j.First && starts[j.End] > hours+durationSlack {
		j.End--
	}
}

// byDepth lists the tied jobs, those that others wait for first.
func (s *ties) byDepth() []int32 {
	tied := slices.Sorted(maps.Keys(s.team))
	slices.SortStableFunc(tied, func(a, b int32) int { return int(s.depth[a] - s.depth[b]) })
	return tied
}

// earliestEnd is when the job's last period of work ends at the earliest, in hours, with all
// options that it may have; +Inf where it has no periods.
func (p *Problem) earliestEnd(i int, starts []float64) float64 {
	j := &p.Jobs[i]
	begin := max(j.First, j.Begin)
	if begin >= j.End {
		return math.Inf(1)
	}
	least := p.leastHours(j)
	for t := begin + 1; t <= j.End; t++ {
		if starts[t] >= starts[begin]+least-durationSlack {
			return starts[t]
		}
	}
	return math.Inf(1)
}

// leastHours of work of the job.
func (p *Problem) leastHours(j *Job) float64 {
	rate := j.Units
	if j.Shape.hasWidths() {
		for _, w := range p.Widths[j.Widths] {
			rate = max(rate, w.Rate)
		}
	}
	least := math.Inf(1)
	for k := range p.Reach[j.Reach] {
		o := &p.Reach[j.Reach][k]
		least = min(least, j.workAt(o)/(rate*o.Speed))
	}
	if j.Roams > 0 { // it goes on there with what is done
		for _, o := range p.Reach[j.Roams-1] {
			least = min(least, (j.WorkUnitH-j.DoneUnitH)/(rate*o.Speed))
		}
	}
	return least
}

// foresee reckons what hangs on the jobs of a problem.
func (s *ties) foresee(p *Problem, starts []float64) {
	s.latest = s.latestEnds(p, starts, func(e Precedence) float64 { return e.LagH })
	if s.latestAway = s.latest; p.handsOver() {
		handing := p.handing()
		s.latestAway = s.latestEnds(p, starts, func(e Precedence) float64 { return max(e.LagH, handing(e)) })
	}
	s.hangs = make(map[int32]float64)
	order, all := s.byDepth(), 0.0
	for _, i := range order {
		all += p.Jobs[i].DropPrice
	}
	for _, i := range slices.Backward(order) { // those that wait come first
		for _, e := range s.after[i] {
			s.hangs[i] += p.Jobs[e.After].DropPrice + s.hangs[e.After]
		}
		for _, g := range s.groups[i] {
			for _, o := range p.Groups[g].Jobs {
				if p.Groups[g].AllOrNone && o != i {
					s.hangs[i] += p.Jobs[o].DropPrice
				}
			}
		}
		s.hangs[i] = min(s.hangs[i], all) // more than one way may lead to a job
	}
}

// latestEnds are the ends of tied jobs by which those that wait for them can still end in time, if
// so many hours lie between two at the least.
func (s *ties) latestEnds(p *Problem, starts []float64, between func(e Precedence) float64) map[int32]int32 {
	latest, order := make(map[int32]int32), s.byDepth()
	for _, i := range slices.Backward(order) {
		latest[i] = p.Jobs[i].End
		for _, e := range s.after[i] {
			// The last period in which that one can begin and still end in time.
			next, end := &p.Jobs[e.After], starts[latest[e.After]]
			least, begin, gap := p.leastHours(next), latest[e.After], between(e)
			for begin > next.First && starts[begin]+least > end+durationSlack {
				begin--
			}
			for latest[i] > p.Jobs[i].First+1 && starts[latest[i]]+gap > starts[begin]+durationSlack {
				latest[i]--
			}
		}
	}
	return latest
}
