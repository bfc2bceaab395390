package place

import (
	"cmp"
	"slices"
)

// Ejection, of jobs without ties. A job of high regret takes the place that suits it at the prices of
// the bound; jobs in its way are taken out, and each looks for its best place in
// the room that is left. The whole chain is kept only if it wins. Which jobs leave is guessed from
// what they are worth and how much time they have. A job that has more than a hundredth of all
// regret is tried again: in each of its pools, and those leave that lose least by the best other place
// that is free for them.

// ejection is the state of one round.
type ejection struct {
	s *Session
	// at holds the prices of the bound, with room as if no other job were there: what copies
	// take of links is not for jobs.
	at *asker
	// inCell and onLink list the jobs that use a cell, and perhaps jobs that have
	// left it since.
	inCell, onLink [][]int32
	undo           []moved
	out            []int32 // jobs taken out in this trial
	most           int     // of them allowed
	asking         bool    // what a job loses by leaving is asked, not guessed
	until          int64   // questions up to which it is
	found          proposal
}

// moved is a job's place before a trial.
type moved struct {
	job  int32
	from Assignment
}

// eject tries the jobs of highest regret, until many in a row find nothing.
func (s *Session) eject(pricer Pricer, at *market, regret []float64) {
	var order []int32
	sum := 0.0
	for _, i := range s.order {
		if regret[i] > 1e4*s.leastGain && !s.tied(i) {
			order = append(order, i)
			sum += regret[i]
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(regret[b], regret[a]) })
	if len(order) == 0 {
		return
	}
	e := s.newEjection(at)
	e.until = s.Questions() + int64(askingShare*min(1, 24/float64(len(s.p.Hours)))*float64(s.Questions()))
	failed := 0
	for k, i := range order[:min(len(order), s.o.Ejections)] {
		if s.stop() || failed >= hopeless {
			break
		}
		if k%32 == 0 {
			s.look(pricer)
		}
		e.most = 40
		dear := regret[i] > 0.01*sum
		if dear {
			e.most = 2000
		}
		failed++
		if e.try(i) || dear && e.tryPools(i) {
			failed = 0
		}
	}
	s.tally([]*asker{e.at})
}

// hopeless is the number of trials in a row that end a round of ejections.
const hopeless = 200

func (s *Session) newEjection(m *market) *ejection {
	_, gb := s.p.cells()
	e := &ejection{s: s, at: newAsker(m), inCell: make([][]int32, len(s.limit)), onLink: make([][]int32, gb)}
	m.leave(s.limit, s.besideCopies())
	for i := range s.places {
		e.list(int32(i))
	}
	return e
}

// list enters the job in the cells that it uses.
func (e *ejection) list(i int32) {
	x := &e.s.places[i]
	if x.Dropped() {
		return
	}
	T := len(e.s.p.Hours)
	at := e.s.seat(&e.s.p.Jobs[i], x.Pool)
	x.periods(func(t int) {
		for _, cell := range at.cells {
			c := int(cell)*T + t
			e.inCell[c] = append(e.inCell[c], i)
		}
	})
	for _, d := range x.Data {
		c := int(d.Link)*T + int(d.Period)
		e.onLink[c] = append(e.onLink[c], i)
	}
}

// periods calls f for every period in which the place holds units.
func (x *Assignment) periods(f func(t int)) {
	if x.Work == nil {
		for t := int(x.First); t < int(x.End); t++ {
			f(t)
		}
	}
	for _, w := range x.Work {
		f(int(w.Period))
	}
}

// heldIn returns the units that the place holds in a period.
func (x *Assignment) heldIn(t int) float64 {
	if x.Work == nil {
		if t >= int(x.First) && t < int(x.End) {
			return x.Units
		}
		return 0
	}
	for _, w := range x.Work {
		if int(w.Period) == t {
			return x.held(w)
		}
	}
	return 0
}

// sentIn returns the GB that the place sends over a link in a period.
func (x *Assignment) sentIn(link, t int32) float64 {
	for _, d := range x.Data {
		if d.Link == link && d.Period == t {
			return d.GB
		}
	}
	return 0
}

// askingShare of the questions so far are those that a round asks of jobs in the way, in a day of hours.
// Where periods are more, each takes longer, and fewer are asked.
const askingShare = 0.3

// tryPools lets the job take the place that suits it in one of its pools after the other.
func (e *ejection) tryPools(i int32) bool {
	if e.s.Questions() > e.until {
		return false
	}
	e.asking = true
	defer func() { e.asking, e.at.barred = false, nil }()
	options := e.s.p.Reach[e.s.p.Jobs[i].Reach]
	for k := range options {
		e.at.barred = make([]bool, len(e.s.p.Pools))
		for o := range e.at.barred {
			e.at.barred[o] = o != int(options[k].Pool)
		}
		if e.try(i) {
			return true
		}
	}
	return false
}

// try lets the job take the place that suits it, and undoes all if that does not
// pay.
func (e *ejection) try(i int32) bool {
	s := e.s
	j := &s.p.Jobs[i]
	e.at.ask(j, None)
	e.at.compose(j, &e.found)
	if e.found.place.Dropped() || e.found.place.sameWork(&s.places[i]) {
		return false
	}
	e.undo, e.out = e.undo[:0], e.out[:0]
	change := e.put(i, &e.found)
	ok := e.clear(i, &change)
	if ok {
		slices.SortStableFunc(e.out, func(a, b int32) int { return cmp.Compare(s.p.Jobs[b].WorkUnitH, s.p.Jobs[a].WorkUnitH) })
		for _, o := range e.out {
			change += s.insert(o, None, &s.single)
			s.places[o] = s.single.place.keep()
		}
	}
	if ok && change < -s.leastGain {
		s.gained -= change
		for _, m := range e.undo {
			e.list(m.job)
		}
		return true
	}
	for k := len(e.undo) - 1; k >= 0; k-- {
		m := &e.undo[k]
		s.shift(&s.p.Jobs[m.job], &s.places[m.job], -1)
		s.shift(&s.p.Jobs[m.job], &m.from, 1)
		s.places[m.job] = m.from
	}
	return false
}

// put moves a job and returns the change of cost.
func (e *ejection) put(i int32, to *proposal) float64 {
	s := e.s
	j := &s.p.Jobs[i]
	e.undo = append(e.undo, moved{i, s.places[i]})
	change := s.shift(j, &s.places[i], -1) - s.market.ownCost(j, &s.places[i])
	s.places[i] = to.place.keep()
	return change + s.shift(j, &s.places[i], 1) + s.market.ownCost(j, &s.places[i])
}

// takeOut takes a job out and returns the change of cost, without the drop price
// that it may come to.
func (e *ejection) takeOut(i int32) float64 {
	s := e.s
	x := s.places[i]
	e.undo = append(e.undo, moved{i, x})
	e.out = append(e.out, i)
	s.places[i] = dropped()
	return s.shift(&s.p.Jobs[i], &x, -1) - s.market.ownCost(&s.p.Jobs[i], &x)
}

// clear takes jobs out of the way of job i until its cells keep their limits.
func (e *ejection) clear(i int32, change *float64) bool {
	s := e.s
	T := len(s.p.Hours)
	x := s.places[i]
	ok := true
	at := s.seat(&s.p.Jobs[i], x.Pool)
	x.periods(func(t int) {
		for _, cell := range at.cells {
			c := int(cell)*T + t
			for ok && beyond(s.load.units[c], s.limit[c]) {
				need := s.load.units[c] - s.limit[c]
				o := e.cheapestOut(i, e.inCell[c], need, func(o int32, y *Assignment) float64 {
					if y.Dropped() || !slices.Contains(s.seat(&s.p.Jobs[o], y.Pool).cells, cell) {
						return 0
					}
					return y.heldIn(t)
				})
				if ok = o >= 0 && len(e.out) < e.most; ok {
					*change += e.takeOut(o)
				}
			}
		}
	})
	for _, q := range at.quotas {
		ok = ok && !beyond(s.load.unitH[q], s.p.Quotas[q].unitH())
	}
	for _, d := range x.Data {
		c := int(d.Link)*T + int(d.Period)
		for ok && beyond(s.use.GB[c], s.room.gb[c]) {
			need := s.use.GB[c] - s.room.gb[c]
			o := e.cheapestOut(i, e.onLink[c], need, func(_ int32, y *Assignment) float64 { return y.sentIn(d.Link, d.Period) })
			if ok = o >= 0 && len(e.out) < e.most; ok {
				*change += e.takeOut(o)
			}
		}
	}
	return ok
}

// cheapestOut chooses of the listed jobs the one whose leaving may cost least for
// what it frees; -1 if none frees anything. A job that has little time to spare
// and few pools in reach is likely to be dropped in the end. Of long lists it
// looks at a hundred or two.
func (e *ejection) cheapestOut(i int32, list []int32, need float64, frees func(int32, *Assignment) float64) int32 {
	s := e.s
	best, low := int32(-1), 0.0
	step := max(1, len(list)/100)
	for k := 0; k < len(list); k += step {
		o := list[k]
		if o == i || s.tied(o) {
			continue
		}
		freed := frees(o, &s.places[o])
		if freed <= 0 {
			continue
		}
		score := e.loss(o) / min(freed, need)
		if best < 0 || score < low {
			best, low = o, score
		}
	}
	return best
}

// loss is what a job may lose by leaving its place.
func (e *ejection) loss(i int32) float64 {
	s := e.s
	j := &s.p.Jobs[i]
	little := 0.02 * j.WorkUnitH * s.typicalUnit
	if !e.asking {
		window := s.market.starts[j.End] - s.market.starts[j.First]
		tight := j.WorkUnitH / (max(s.p.mostUnits(j), 1e-9) * window)
		return j.DropPrice*tight*tight/float64(len(s.p.Reach[j.Reach])) + little
	}
	if j.Owner > 0 {
		s.seeRoom(j)
	}
	return max(0, s.askers[0].ask(j, None)-s.market.costAt(j, &s.places[i])) + little
}
