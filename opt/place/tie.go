package place

import (
	"cmp"
	"math"
	"slices"
)

// Tied jobs. Some jobs begin only after others have ended, and some form groups. A
// session keeps every tie at any time: a job that is asked sees the places of those it is
// tied to, and its window, its pools and whether it may be dropped are what they leave.
// So tied jobs are asked one by one. Alone they would soon stand in each other's way,
// so all that are tied together, a crew, also respond at once: all are taken out and set
// in again, those that others wait for first, and this is kept if it wins. That is tried
// with every job for itself, and with jobs that know what hangs on them: they end early
// enough for those that wait for them, and count what these are worth.
//
// In bounds and regrets a tied job is one without ties, which costs no more; but it
// begins no sooner than those it waits for can have ended (Session.p has it so).

// Precedence has a job begin only after another has ended, with none of its work left.
type Precedence struct {
	Before, After int32 // jobs
	// LagH from the end of the last period of work of the one to the first of the other.
	LagH float64
}

// Group ties jobs that are not dropped.
type Group struct {
	Jobs []int32
	// Together gives for each pool the place that all jobs must share; nil for none.
	Together []int32
	// Apart gives for each pool the place of which at most MaxPer jobs may be in one;
	// nil for none.
	Apart  []int32
	MaxPer int
	// FinishWithinH between any two ends of work; +Inf for no such limit.
	FinishWithinH float64
	// AllOrNone: where one is dropped, all are.
	AllOrNone bool
}

// ties of a session; nil without.
type ties struct {
	before, after map[int32][]Precedence // of each job: those it waits for, and those that wait for it
	groups        map[int32][]int32
	crews         [][]int32 // in the order in which their jobs are set in
	crew          []int32   // of each job; -1 for none
	depth         []int32   // of each job: the longest way of precedences to it
	barred        []bool    // scratch: pools that a job may not use
	undo          []Assignment
	keen          bool      // jobs know what hangs on them
	latest        []int32   // of each job: the end by which those that wait for it can still follow
	hangs         []float64 // what dropping all jobs costs that hang on it
	job           Job       // scratch: a job as its ties leave it
}

// mostCrew is the number of jobs up to which a crew responds at once.
const mostCrew = 400

func newTies(p *Problem) *ties {
	if len(p.Precedences)+len(p.Groups) == 0 {
		return nil
	}
	s := &ties{
		before: make(map[int32][]Precedence), after: make(map[int32][]Precedence), groups: make(map[int32][]int32),
		crew: make([]int32, len(p.Jobs)), barred: make([]bool, len(p.Pools)),
	}
	root := make([]int32, len(p.Jobs))
	for i := range root {
		root[i] = int32(i)
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, e := range p.Precedences {
		s.before[e.After] = append(s.before[e.After], e)
		s.after[e.Before] = append(s.after[e.Before], e)
		root[find(e.After)] = find(e.Before)
	}
	for g := range p.Groups {
		for _, i := range p.Groups[g].Jobs {
			s.groups[i] = append(s.groups[i], int32(g))
			root[find(i)] = find(p.Groups[g].Jobs[0])
		}
	}
	members := make(map[int32][]int32)
	for i := range p.Jobs {
		s.crew[i] = -1
		r := find(int32(i))
		members[r] = append(members[r], int32(i))
	}
	depth, _ := s.depths(p)
	s.depth = depth
	for i := range p.Jobs { // in the order of their first jobs
		all := members[find(int32(i))]
		if len(all) < 2 || all[0] != int32(i) {
			continue
		}
		for _, k := range all {
			s.crew[k] = int32(len(s.crews))
		}
		slices.SortStableFunc(all, func(a, b int32) int {
			return cmp.Or(cmp.Compare(depth[a], depth[b]), cmp.Compare(p.Jobs[b].WorkUnitH, p.Jobs[a].WorkUnitH))
		})
		s.crews = append(s.crews, all)
	}
	return s
}

// depths returns the longest way of precedences to each job. Jobs on a cycle, and those
// behind one, are not among the number that it is known of.
func (s *ties) depths(p *Problem) (of []int32, known int) {
	depth, waits := make([]int32, len(p.Jobs)), make([]int, len(p.Jobs))
	var ready []int32
	for i := range p.Jobs {
		if waits[i] = len(s.before[int32(i)]); waits[i] == 0 {
			ready = append(ready, int32(i))
		}
	}
	for len(ready) > 0 {
		i := ready[0]
		ready = ready[1:]
		known++
		for _, e := range s.after[i] {
			depth[e.After] = max(depth[e.After], depth[i]+1)
			if waits[e.After]--; waits[e.After] == 0 {
				ready = append(ready, e.After)
			}
		}
	}
	return depth, known
}

// circular says whether jobs wait for each other.
func (p *Problem) circular() bool {
	if len(p.Precedences) == 0 {
		return false
	}
	_, known := newTies(p).depths(p)
	return known < len(p.Jobs)
}

// foresee reckons what hangs on the jobs of a problem.
func (s *ties) foresee(p *Problem, starts []float64) {
	s.latest, s.hangs = make([]int32, len(p.Jobs)), make([]float64, len(p.Jobs))
	for i := range p.Jobs {
		s.latest[i] = p.Jobs[i].End
		for _, k := range s.groups[int32(i)] {
			if g := &p.Groups[k]; g.AllOrNone {
				for _, o := range g.Jobs {
					s.hangs[i] += p.Jobs[o].DropPrice
				}
			}
		}
	}
	for _, crew := range s.crews {
		for k := len(crew) - 1; k >= 0; k-- { // those that wait come first
			i := crew[k]
			for _, e := range s.after[i] {
				j := p.Jobs[e.After]
				s.hangs[i] += j.DropPrice + s.hangs[e.After]
				j.End = s.latest[e.After]
				begin := j.End
				for begin > j.First {
					begin--
					j.First = begin
					if !math.IsInf(p.earliestEnd(&j, starts), 1) {
						break
					}
					j.First = p.Jobs[e.After].First
				}
				for s.latest[i] > p.Jobs[i].First+1 && starts[s.latest[i]]+e.LagH > starts[begin]+durationSlack {
					s.latest[i]--
				}
			}
		}
	}
}

// afterOthers is the problem with jobs that begin no sooner than those they wait for can
// have ended, and waited. A job that cannot begin in time has no periods left.
func (s *ties) afterOthers(p *Problem, starts []float64) *Problem {
	q := *p
	q.Jobs = slices.Clone(p.Jobs)
	order := make([]int32, len(p.Jobs))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(s.depth[a], s.depth[b]) })
	for _, i := range order {
		j := &q.Jobs[i]
		for _, e := range s.before[i] {
			over := q.earliestEnd(&q.Jobs[e.Before], starts) + e.LagH
			for j.First < j.End && starts[j.First] < over-durationSlack {
				j.First++
			}
		}
	}
	return &q
}

// earliestEnd is when the job's last period of work ends at the earliest, in hours;
// +Inf where it has no periods.
func (p *Problem) earliestEnd(j *Job, starts []float64) float64 {
	if j.First >= j.End {
		return math.Inf(1)
	}
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
	for t := j.First + 1; t <= j.End; t++ {
		if starts[t] >= starts[j.First]+least-durationSlack {
			return starts[t]
		}
	}
	return math.Inf(1)
}

// tied says whether the job has ties.
func (s *Session) tied(i int32) bool { return s.ties != nil && s.ties.crew[i] >= 0 }

// bound returns the job as the places of those that it is tied to leave it, until the next
// call, and the pools that it may not use; ok is false where it has to be dropped.
func (s *Session) bound(i int32) (j *Job, barred []bool, ok bool) {
	t := s.ties
	t.job = s.p.Jobs[i]
	j = &t.job
	starts, needed := s.market.starts, false
	for _, e := range t.before[i] {
		x := &s.places[e.Before]
		if x.Dropped() || x.LeftUnitH > 0 {
			return j, nil, false
		}
		for j.First < j.End && starts[j.First] < starts[x.End]+e.LagH-durationSlack {
			j.First++
		}
	}
	for _, e := range t.after[i] {
		x := &s.places[e.After]
		if x.Dropped() {
			continue
		}
		needed = true
		for j.End > j.First && starts[j.End]+e.LagH > starts[x.First]+durationSlack {
			j.End--
		}
	}
	clear(t.barred)
	bar := func(place []int32, closed func(at int32) bool) {
		for q := range t.barred {
			t.barred[q] = t.barred[q] || closed(place[q])
		}
	}
	for _, k := range t.groups[i] {
		g := &s.p.Groups[k]
		others := make(map[int32]int)
		for _, o := range g.Jobs {
			x := &s.places[o]
			if o == i || x.Dropped() {
				continue
			}
			needed = needed || g.AllOrNone
			if g.Together != nil {
				bar(g.Together, func(at int32) bool { return at != g.Together[x.Pool] })
			}
			if g.Apart != nil {
				others[g.Apart[x.Pool]]++
			}
			for x.LeftUnitH == 0 && j.End > j.First && starts[j.End] > starts[x.End]+g.FinishWithinH+durationSlack {
				j.End--
			}
		}
		if g.Apart != nil {
			bar(g.Apart, func(at int32) bool { return others[at] >= g.MaxPer })
		}
	}
	if t.keen {
		j.End, j.DropPrice = min(j.End, t.latest[i]), j.DropPrice+t.hangs[i]
	}
	if needed {
		j.DropPrice = math.Inf(1)
	}
	if len(t.after[i]) > 0 && needed {
		j.BacklogPricePerUnitH = 0
	}
	return j, t.barred, j.First < j.End
}

// agrees says whether a place of a job keeps what bound does not: that it ends no earlier
// than its groups allow.
func (s *Session) agrees(i int32, x *Assignment) bool {
	if x.Dropped() || x.LeftUnitH > 0 {
		return true
	}
	starts := s.market.starts
	for _, k := range s.ties.groups[i] {
		g := &s.p.Groups[k]
		for _, o := range g.Jobs {
			y := &s.places[o]
			if o != i && !y.Dropped() && y.LeftUnitH == 0 && starts[y.End]-starts[x.End] > g.FinishWithinH+durationSlack {
				return false
			}
		}
	}
	return true
}

// respondTied has the crew of a job respond, where it is its first, and then the job. Of
// large crews it is the groups that respond so.
func (s *Session) respondTied(i int32) (moved bool) {
	crew := s.ties.crews[s.ties.crew[i]]
	switch {
	case len(crew) <= mostCrew:
		if crew[0] == i {
			moved = s.respondCrew(crew)
		}
	default:
		for _, k := range s.ties.groups[i] {
			if g := &s.p.Groups[k]; g.Jobs[0] == i && len(g.Jobs) <= mostCrew {
				moved = s.respondCrew(g.Jobs) || moved
			}
		}
	}
	j, from := &s.p.Jobs[i], &s.places[i]
	was := s.market.ownCost(j, from)
	change := s.shift(j, from, -1) - was
	change += s.insert(i, from.Pool, &s.single)
	if change < -s.leastGain && s.mayBe(i, &s.single.place) {
		s.gained -= change
		*from = s.single.place.keep()
		return true
	}
	s.shift(j, &s.single.place, -1)
	s.shift(j, from, 1)
	return moved
}

// mayBe says whether a job may be where a place has it, that of others as it is.
func (s *Session) mayBe(i int32, x *Assignment) bool {
	if !x.Dropped() {
		return s.agrees(i, x) && !s.lacks(i)
	}
	for _, e := range s.ties.after[i] {
		if !s.places[e.After].Dropped() {
			return false
		}
	}
	for _, k := range s.ties.groups[i] {
		if g := &s.p.Groups[k]; g.AllOrNone && slices.ContainsFunc(g.Jobs, func(o int32) bool { return o != i && !s.places[o].Dropped() }) {
			return false
		}
	}
	return true
}

// respondCrew has a crew respond both ways.
func (s *Session) respondCrew(crew []int32) (moved bool) {
	t := s.ties
	worth := func(i int32) float64 { return t.hangs[i] + s.p.Jobs[i].DropPrice }
	order := slices.Clone(crew)
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(t.depth[a], t.depth[b]), cmp.Compare(worth(b), worth(a)))
	})
	t.keen = true
	moved = s.respondAll(order)
	t.keen = false
	return s.respondAll(crew) || moved
}

// respondAll takes all jobs of a crew out and sets them in again, and keeps that if it
// wins.
func (s *Session) respondAll(crew []int32) bool {
	t := s.ties
	t.undo = t.undo[:0]
	change := 0.0
	for _, i := range crew {
		j, x := &s.p.Jobs[i], &s.places[i]
		change += s.shift(j, x, -1) - s.market.ownCost(j, x)
		t.undo = append(t.undo, *x)
		*x = dropped()
	}
	for k, i := range crew {
		change += s.insert(i, t.undo[k].Pool, &s.single)
		if !s.agrees(i, &s.single.place) {
			change -= s.market.ownCost(&s.p.Jobs[i], &s.single.place)
			change += s.shift(&s.p.Jobs[i], &s.single.place, -1) + s.p.Jobs[i].DropPrice
			s.single.place = dropped()
		}
		s.places[i] = s.single.place.keep()
	}
	change += s.completeCrew(crew)
	if change < -s.leastGain && !s.missed(crew) {
		s.gained -= change
		return true
	}
	for k, i := range crew {
		j := &s.p.Jobs[i]
		s.shift(j, &s.places[i], -1)
		s.places[i] = t.undo[k]
		s.shift(j, &s.places[i], 1)
	}
	return false
}

// missed says whether others wait for a job that is dropped, or may not be without it.
func (s *Session) missed(jobs []int32) bool {
	return slices.ContainsFunc(jobs, func(i int32) bool {
		x := &s.places[i]
		return x.Dropped() && !s.mayBe(i, x)
	})
}

// completeCrew drops what may not be without jobs that are dropped, and returns the change.
func (s *Session) completeCrew(crew []int32) (change float64) {
	s.withoutOthers(crew, func(i int32) {
		j, x := &s.p.Jobs[i], &s.places[i]
		change += s.shift(j, x, -1) - s.market.ownCost(j, x) + j.DropPrice
		*x = dropped()
	})
	return change
}

// evictTied drops them too, and returns which they are.
func (s *Session) evictTied(crew []int32) (out []int32) {
	s.withoutOthers(crew, func(i int32) {
		s.shift(&s.p.Jobs[i], &s.places[i], -1)
		s.places[i] = dropped()
		out = append(out, i)
	})
	return out
}

// withoutOthers has every job of a crew dropped that may not be there without others,
// until there is none.
func (s *Session) withoutOthers(crew []int32, drop func(i int32)) {
	for again := true; again; {
		again = false
		for _, i := range crew {
			if !s.places[i].Dropped() && s.lacks(i) {
				drop(i)
				again = true
			}
		}
	}
}

// lacks says whether a job is there without one that it may not be without.
func (s *Session) lacks(i int32) bool {
	for _, e := range s.ties.before[i] {
		if x := &s.places[e.Before]; x.Dropped() || x.LeftUnitH > 0 {
			return true
		}
	}
	for _, k := range s.ties.groups[i] {
		if g := &s.p.Groups[k]; g.AllOrNone && slices.ContainsFunc(g.Jobs, func(o int32) bool { return o != i && s.places[o].Dropped() }) {
			return true
		}
	}
	return false
}
