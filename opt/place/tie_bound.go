package place

import (
	"maps"
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
// where it needs what costs more. What is done is done at any time from the earliest on
// (tie_window.go), wherever it is cheapest.

// needs of tied jobs.
type needs struct {
	of   map[int32][]int32 // of each job in a set: what it needs
	sets [][]int32         // jobs that need each other, directly or not
}

// newNeeds returns the needs of the jobs of a problem; nil for none.
func newNeeds(p *Problem) *needs {
	n := &needs{of: make(map[int32][]int32)}
	for _, e := range p.Precedences {
		n.of[e.After] = append(n.of[e.After], e.Before)
	}
	for _, g := range p.Groups {
		for k, i := range g.Jobs {
			if next := g.Jobs[(k+1)%len(g.Jobs)]; g.AllOrNone && next != i {
				n.of[i] = append(n.of[i], next) // in a ring, so that each needs all
			}
		}
	}
	if len(n.of) == 0 {
		return nil
	}
	of := newPartition()
	for _, i := range slices.Sorted(maps.Keys(n.of)) {
		for _, k := range n.of[i] {
			of.join(i, k)
		}
	}
	n.sets = of.sets()
	return n
}

// verdict says what the bound has a job do.
type verdict uint8

const (
	cheapest verdict = iota // what is cheapest for itself
	isDone
	isDropped
)

// verdicts on all jobs at the prices of a market: those that need others are done or not as is
// cheapest for the set. nil where there are none.
func (s *Session) verdicts(askers []*asker, tolls *tolls) []verdict {
	if s.ties == nil || s.ties.needs == nil {
		return nil
	}
	n, jobs := s.ties.needs, s.p.Jobs
	out, gain := make([]verdict, len(jobs)), make([]float64, len(jobs))
	of := slices.Concat(n.sets...)
	s.crew.pieces(len(of), 64, func(worker, from, to int) {
		for _, i := range of[from:to] {
			a := askers[worker]
			a.tolls = tolls.of(int(i))
			a.askDone(&jobs[i], s.places[i].Pool)
			out[i], gain[i] = isDropped, math.Inf(-1)
			if !math.IsInf(a.low, 1) {
				gain[i] = jobs[i].DropPrice - a.low
			}
		}
	})
	for _, set := range n.sets {
		for _, i := range n.closure(set, gain) {
			out[i] = isDone
		}
	}
	return out
}

// askDone asks for the cheapest place of the job if it may not be dropped.
func (a *asker) askDone(j *Job, hint int32) float64 {
	a.job = *j
	a.job.DropPrice = math.Inf(1)
	return a.ask(&a.job, hint)
}

// askFor asks for what a verdict leaves the job.
func (a *asker) askFor(v verdict, j *Job, hint int32) float64 {
	switch v {
	case isDone:
		return a.askDone(j, hint)
	case isDropped:
		a.best, a.low = answer{cost: j.DropPrice, option: None}, j.DropPrice
		return j.DropPrice
	}
	return a.ask(j, hint)
}

// on returns the verdict on a job.
func on(verdicts []verdict, i int) verdict {
	if verdicts == nil {
		return cheapest
	}
	return verdicts[i]
}

// closure returns the jobs of a set that are done, of greatest gain together: those that
// the source of a network still reaches after the greatest flow. It flows from the source to
// jobs that gain, from each job to what it needs, and to the sink from those that lose.
func (n *needs) closure(set []int32, gain []float64) (done []int32) {
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
		for _, o := range n.of[i] {
			net.add(int32(k), at[o], math.Inf(1))
		}
	}
	net.fill(source, sink)
	for k, i := range set {
		if net.reached(int32(k)) {
			done = append(done, i)
		}
	}
	return done
}
