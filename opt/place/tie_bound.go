package place

import (
	"math"
	"slices"
)

// Which tied jobs are done, in bounds. A job that waits for others is done only with them, and
// of a group that is done all or none each only with the others: it needs them. Let a job's
// gain be its drop price less its least cost of being done at the prices of the bound. Then
// no placement of jobs that need each other, directly or not, costs less than
//
//	sum over them of drop prices - max over S of (sum over i in S of gain_i)
//
// where S has with every job all that it needs: the closure of greatest weight, which is the
// side of a least cut (Picard, Management Science 22, 1976, 1268-1272). A job that is worth
// little, but that others wait for, is thus paid by them, and one that is worth much is not done
// where it needs what costs more.
//
// A job that waits needs more than that the other is done: that it has ended while there is
// time left. So a job that is done is taken in stages, one for each period by which others need
// it to have ended, each of which needs the one before; a later stage loses what it costs
// more to end by then. Otherwise jobs are free: they run at any time from the earliest on
// (tie_window.go), wherever it is cheapest.

// stage of a job: it is done, and has ended before a period.
type stage struct {
	job, end int32 // job is None of a stage that stands for all jobs of a group
	needs    []int32
}

// needs of tied jobs.
type needs struct {
	stages []stage   // of each job one after the other, the latest end first
	sets   [][]int32 // stages that need each other, directly or not
}

// mostStages of a job: where others need more ends of it, some are rounded up to the next one.
const mostStages = 4

// stagesOf returns the stages of the jobs of a problem that need others, or are needed; nil
// for none.
func (s *ties) stagesOf(p *Problem, starts []float64) *needs {
	order, ends := s.endsOf(p, starts)
	n, first, linked := &needs{}, make(map[int32]int32), newPartition()
	need := func(k, other int32) {
		n.stages[k].needs = append(n.stages[k].needs, other)
		linked.join(k, other)
	}
	for _, i := range order {
		first[i] = int32(len(n.stages))
		for m, end := range ends[i] {
			k := int32(len(n.stages))
			n.stages = append(n.stages, stage{job: i, end: end})
			if m > 0 {
				need(k, k-1)
			}
			for _, e := range s.before[i] {
				need(k, first[e.Before]+atLeast(ends[e.Before], p.endBefore(e, end, starts)))
			}
		}
	}
	for _, g := range p.Groups {
		if !g.AllOrNone || len(g.Jobs) < 2 {
			continue
		}
		all := int32(len(n.stages))
		n.stages = append(n.stages, stage{job: None})
		for _, i := range g.Jobs {
			need(all, first[i])
			need(first[i], all)
		}
	}
	if n.sets = linked.sets(); len(n.sets) == 0 {
		return nil
	}
	return n
}

// endsOf returns for each job that needs others, or is needed, by when others need it to have
// ended, the latest first; and these jobs, those that others wait for first.
func (s *ties) endsOf(p *Problem, starts []float64) (order []int32, ends map[int32][]int32) {
	ends = make(map[int32][]int32)
	enter := func(i int32) { ends[i] = []int32{p.Jobs[i].End} }
	for _, e := range p.Precedences {
		enter(e.Before)
		enter(e.After)
	}
	for _, g := range p.Groups {
		if g.AllOrNone {
			for _, i := range g.Jobs {
				enter(i)
			}
		}
	}
	order = slices.DeleteFunc(s.byDepth(), func(i int32) bool { return ends[i] == nil })
	for _, i := range slices.Backward(order) { // those that wait come first
		ends[i] = thinned(ends[i])
		for _, end := range ends[i] {
			for _, e := range s.before[i] {
				ends[e.Before] = append(ends[e.Before], p.endBefore(e, end, starts))
			}
		}
	}
	return order, ends
}

// thinned returns ends, the latest first: that one, and of more than mostStages some.
func thinned(ends []int32) []int32 {
	slices.Sort(ends)
	ends = slices.Compact(ends)
	slices.Reverse(ends)
	if len(ends) <= mostStages {
		return ends
	}
	out := make([]int32, mostStages)
	for k := range out {
		out[k] = ends[k*(len(ends)-1)/(mostStages-1)]
	}
	return out
}

// atLeast is the position of the earliest end that is no earlier than another.
func atLeast(ends []int32, end int32) int32 {
	k := 0
	for k+1 < len(ends) && ends[k+1] >= end {
		k++
	}
	return int32(k)
}

// endBefore is the last period before which the one job can have ended if the other still has
// to end before a period; at most the end of its own window.
func (p *Problem) endBefore(e Precedence, end int32, starts []float64) int32 {
	j, last := &p.Jobs[e.After], p.Jobs[e.Before].End
	begin, least := end-1, p.leastHours(j)
	if j.BacklogPricePerUnitH > 0 && int(end) == len(p.Hours) {
		least = 0 // it may leave work
	}
	for begin > j.First && starts[begin]+least > starts[end]+durationSlack {
		begin--
	}
	for last > 0 && starts[last]+e.LagH > starts[max(0, begin)]+durationSlack {
		last--
	}
	return last
}

// verdict says what the bound has a job do: end before a period, or what is said here.
type verdict int32

const (
	cheapest  verdict = -1 // what is cheapest for itself
	isDropped verdict = 0
)

// verdicts on all jobs at the prices of a market: those that need others are done or not as is
// cheapest for the set. nil where there are none.
func (s *Session) verdicts(askers []*asker, tolls *tolls) []verdict {
	if s.ties == nil || s.ties.needs == nil {
		return nil
	}
	n, jobs := s.ties.needs, s.p.Jobs
	out, gain := make([]verdict, len(jobs)), make([]float64, len(n.stages))
	for i := range out {
		out[i] = cheapest
	}
	s.crew.pieces(len(gain), 64, func(worker, from, to int) {
		for k := from; k < to; k++ {
			a, i := askers[worker], n.stages[k].job
			if i == None {
				continue
			}
			if gain[k] = math.Inf(-1); n.stages[k].end > 0 {
				a.tolls = tolls.of(int(i))
				a.askFor(verdict(n.stages[k].end), &jobs[i], s.places[i].Pool)
				gain[k] = -a.low
			}
		}
	})
	for _, set := range n.sets {
		low := 0.0 // of the stage before
		for _, k := range set {
			i, least := n.stages[k].job, -gain[k]
			if i == None {
				continue
			}
			if first := k == 0 || n.stages[k-1].job != i; first {
				out[i], low, gain[k] = isDropped, least, jobs[i].DropPrice-least
			} else { // no less than the stage before, though an oracle that misses says so
				low, gain[k] = max(low, least), min(0, low-least)
			}
			if math.IsInf(least, 1) {
				gain[k] = math.Inf(-1)
			}
		}
		for _, k := range n.closure(set, gain) { // the earliest end comes last
			if at := n.stages[k]; at.job != None {
				out[at.job] = verdict(at.end)
			}
		}
	}
	return out
}

// askFor asks for what a verdict leaves the job. Where there is no place for a job that has to be
// done, though a bound knows of one, that bound is what it returns.
func (a *asker) askFor(v verdict, j *Job, hint int32) float64 {
	switch v {
	case cheapest:
		return a.ask(j, hint)
	case isDropped:
		a.best, a.low = answer{cost: j.DropPrice, option: None}, j.DropPrice
		return j.DropPrice
	}
	a.job = *j
	a.job.DropPrice, a.job.End = math.Inf(1), int32(v)
	if cost := a.ask(&a.job, hint); !math.IsInf(cost, 1) {
		return cost
	}
	return a.low
}

// on returns the verdict on a job.
func on(verdicts []verdict, i int) verdict {
	if verdicts == nil {
		return cheapest
	}
	return verdicts[i]
}

// closure returns the stages of a set that are reached, of greatest gain together: those that
// the source of a network still reaches after the greatest flow. It flows from the source to
// stages that gain, from each to what it needs, and to the sink from those that lose.
func (n *needs) closure(set []int32, gain []float64) (reached []int32) {
	at := make(map[int32]int32, len(set))
	all := 1.0
	for k, i := range set {
		at[i] = int32(k)
		all += max(0, gain[i])
	}
	source, sink := int32(len(set)), int32(len(set)+1)
	net := newNetwork(len(set) + 2)
	for k, i := range set {
		if gain[i] > 0 {
			net.add(source, int32(k), gain[i])
		} else {
			net.add(int32(k), sink, min(-gain[i], all))
		}
		for _, o := range n.stages[i].needs {
			net.add(int32(k), at[o], math.Inf(1))
		}
	}
	net.fill(source, sink)
	for k, i := range set {
		if net.reached(int32(k)) {
			reached = append(reached, i)
		}
	}
	return reached
}
