package place

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// Tied jobs. Some jobs begin only after others have ended, and some form groups. A
// session keeps every tie at any time: a job that is asked sees the places of those it is
// tied to, and its window, its pools and whether it may be dropped are what they leave.
// So tied jobs are asked one by one. How they move together is in tie_respond.go.
//
// In bounds a tied job is done only with those that it needs (tie_bound.go), and begins no
// sooner than those it waits for can have ended (tie_window.go); otherwise it is one without ties.

// Precedence has a job begin only after another has ended, with none of its work left.
type Precedence struct {
	Before, After int32 // jobs
	// LagH from the end of the last period of work of the one to the first of the other.
	LagH float64
	// GB that the one hands over to the other where they are in different regions.
	GB float64
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

// ties of a session; nil without. Jobs without any are in none of its maps.
type ties struct {
	before, after map[int32][]Precedence // of each job: those it waits for, and those that wait for it
	groups        map[int32][]int32
	depth         map[int32]int32   // of each job that is tied: the longest way of precedences to it
	teams         [][]int32         // jobs that respond at once, in the order in which they are set in
	leads         map[int32][]int32 // teams by their first job
	team          map[int32]int32   // of each job that is tied
	circular      bool              // some wait for each other
	barred        []bool            // scratch: pools that a job may not use
	undo          []Assignment
	keen          bool              // jobs know what hangs on them
	confined      bool              // jobs hand data over only within a region
	anchor        float64           // of groups that end together: by when, in hours; 0 for any time
	latest        map[int32]int32   // of each job: the end by which those that wait for it can still follow, in its region
	latestAway    map[int32]int32   // the same from elsewhere
	region        int32             // where all have to be; None for anywhere
	hangs         map[int32]float64 // what dropping all jobs costs that hang on it
	job           Job               // scratch: a job as its ties leave it
	needs         *needs            // nil where no job needs another
}

// mostTeam is the number of jobs up to which jobs respond at once. Of more that are tied
// together so many do at a time, in their order, and each group.
const mostTeam = 400

func newTies(p *Problem) *ties {
	if len(p.Precedences)+len(p.Groups) == 0 {
		return nil
	}
	s := &ties{
		before: make(map[int32][]Precedence), after: make(map[int32][]Precedence), groups: make(map[int32][]int32),
		leads: make(map[int32][]int32), team: make(map[int32]int32), barred: make([]bool, len(p.Pools)), region: None,
	}
	all := newPartition()
	for _, e := range p.Precedences {
		s.before[e.After] = append(s.before[e.After], e)
		s.after[e.Before] = append(s.after[e.Before], e)
		all.join(e.After, e.Before)
	}
	for g := range p.Groups {
		for _, i := range p.Groups[g].Jobs {
			s.groups[i] = append(s.groups[i], int32(g))
			all.join(i, p.Groups[g].Jobs[0])
		}
	}
	tied := slices.Sorted(maps.Keys(all.root))
	known := 0
	s.depth, known = s.depths(tied)
	s.circular = known < len(tied)
	for _, whole := range all.sets() {
		s.inOrder(p, whole)
		parts := slices.Collect(slices.Chunk(whole, mostTeam))
		for _, part := range parts {
			for _, k := range part {
				s.team[k] = int32(len(s.teams))
			}
			s.add(part)
		}
		if len(parts) < 2 {
			continue
		}
		for g := range p.Groups {
			if group := slices.Clone(p.Groups[g].Jobs); all.find(group[0]) == all.find(whole[0]) && (len(group) <= mostTeam || p.Groups[g].AllOrNone) {
				s.inOrder(p, group)
				s.add(group)
			}
		}
	}
	return s
}

// add adds a team.
func (s *ties) add(team []int32) {
	s.leads[team[0]] = append(s.leads[team[0]], int32(len(s.teams)))
	s.teams = append(s.teams, team)
}

// inOrder sorts jobs in the order in which they are set in: those that others wait for
// first, then those of most work.
func (s *ties) inOrder(p *Problem, jobs []int32) {
	slices.SortStableFunc(jobs, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.depth[a], s.depth[b]), cmp.Compare(p.Jobs[b].WorkUnitH, p.Jobs[a].WorkUnitH))
	})
}

// depths returns the longest way of precedences to each of the tied jobs. Jobs on a cycle,
// and those behind one, are not among the number that it is known of.
func (s *ties) depths(tied []int32) (of map[int32]int32, known int) {
	of = make(map[int32]int32, len(tied))
	waits := make(map[int32]int, len(tied))
	var ready []int32
	for _, i := range tied {
		if waits[i] = len(s.before[i]); waits[i] == 0 {
			ready = append(ready, i)
		}
	}
	for len(ready) > 0 {
		i := ready[0]
		ready = ready[1:]
		known++
		for _, e := range s.after[i] {
			of[e.After] = max(of[e.After], of[i]+1)
			if waits[e.After]--; waits[e.After] == 0 {
				ready = append(ready, e.After)
			}
		}
	}
	return of, known
}

// tied says whether the job has ties.
func (s *Session) tied(i int32) bool {
	if s.ties == nil {
		return false
	}
	_, tied := s.ties.team[i]
	return tied
}

// leeway returns the job as the places of those that it is tied to leave it, until the next
// call, and the pools that it may not use; ok is false where it has to be dropped.
func (s *Session) leeway(i int32) (j *Job, barred []bool, ok bool) {
	t := s.ties
	t.job = s.p.Jobs[i]
	j = &t.job
	clear(t.barred)
	starts, needed := s.market.starts, false
	for _, e := range t.before[i] {
		x := &s.places[e.Before]
		if x.Dropped() || x.LeftUnitH > 0 {
			return j, nil, false
		}
		j.notBefore(starts[x.End]+e.LagH, starts)
	}
	s.await(i, j)
	for _, e := range t.after[i] {
		x := &s.places[e.After]
		if x.Dropped() {
			continue
		}
		needed = true
		j.notAfter(starts[x.First]-e.LagH, starts)
		if e.GB > 0 {
			s.handOver(i, j, e)
		}
	}
	bar := func(place []int32, closed func(at int32) bool) {
		for q := range t.barred {
			t.barred[q] = t.barred[q] || closed(place[q])
		}
	}
	if t.region != None {
		bar(s.p.Regions, func(at int32) bool { return at != t.region })
	}
	latest, soonest := math.Inf(1), 0.0 // ends that groups allow
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
			if x.LeftUnitH == 0 {
				latest = min(latest, starts[x.End]+g.FinishWithinH)
			}
		}
		if t.anchor > 0 && !math.IsInf(g.FinishWithinH, 1) {
			latest, soonest = min(latest, t.anchor), max(soonest, t.anchor-g.FinishWithinH)
		}
		if g.Apart != nil {
			bar(g.Apart, func(at int32) bool { return others[at] >= g.MaxPer })
		}
	}
	j.notAfter(latest, starts)
	if soonest > 0 { // where it works without a pause
		j.notBefore(soonest-s.p.leastHours(j), starts)
	}
	if t.keen {
		latest := t.latestAway
		if t.confined {
			latest = t.latest
		}
		j.End, j.DropPrice = min(j.End, latest[i]), j.DropPrice+t.hangs[i]
	}
	if needed {
		j.DropPrice = math.Inf(1)
	}
	if len(t.after[i]) > 0 && needed {
		j.BacklogPricePerUnitH = 0
	}
	return j, t.barred, max(j.First, j.Begin) < j.End
}

// agrees says whether a place of a job keeps what leeway does not: that it ends no earlier
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
