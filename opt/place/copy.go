package place

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// Copies of data. A copy k of g GB is brought once over one of its links, and jobs that need it
// begin no sooner than it is there. Which copies to make is a question of its own:
//
//   - While jobs look for places a copy is made where the jobs that need it would win more by
//     it, at the prices of the moment, than it costs, and given up where those that use it
//     would lose less without. It is on its way by the first of them.
//   - Where capacity is hard each has its way and its time, jobs that came sooner look for
//     another place, and a copy is given up where all that use it are better off elsewhere.
//
// The bound is in copy_toll.go, what happens where capacity is hard in copy_settle.go.

// copying is what a session knows of copies.
type copying struct {
	readers []int32 // jobs with an option that needs a copy, those of most work first
	reader  []int32 // their positions in it, by job; -1 for others
	soonest []int32 // the first period in which each can be there
	wanted  []bool  // copies that are made where somebody needs them
	revised int     // passes after which that was thought over
}

// copyShare of the passes are those after which copies are chosen, and worthCopy what jobs must win
// by a copy over what it costs to make it.
const copyShare, worthCopy = 0.6, 1.1

// newCopying is nil without copies.
func newCopying(p *Problem, order, soonest []int32) *copying {
	if len(p.Copies) == 0 {
		return nil
	}
	c := &copying{reader: make([]int32, len(p.Jobs)), soonest: soonest, wanted: make([]bool, len(p.Copies))}
	needs := make([]bool, len(p.Reach))
	for i, set := range p.Reach {
		needs[i] = slices.ContainsFunc(set, func(o Option) bool { return len(o.Copies) > 0 })
	}
	for i := range c.reader {
		c.reader[i] = None
	}
	for _, i := range order {
		if needs[p.Jobs[i].Reach] {
			c.reader[i] = int32(len(c.readers))
			c.readers = append(c.readers, i)
		}
	}
	return c
}

// soonest is the first period in which each copy can be there, sent at full capacity.
func (m *market) soonest() []int32 {
	var out []int32
	T := len(m.p.Hours)
	for k := range m.p.Copies {
		c, first := &m.p.Copies[k], T
		for _, l := range c.Links {
			left, t := c.GB, 0
			for s := 0; s < first; s++ {
				for ; t < int(m.links[l].by[s]); t++ {
					left -= m.p.Links[l].CapacityGB[t]
				}
				if left <= c.GB*workSlack {
					first = s
				}
			}
		}
		out = append(out, int32(first))
	}
	return out
}

// copiesAt are the copies that a job needs at its place.
func (p *Problem) copiesAt(j *Job, x *Assignment) []int32 {
	if len(p.Copies) == 0 || x.Dropped() {
		return nil
	}
	for k := range p.Reach[j.Reach] {
		if o := &p.Reach[j.Reach][k]; o.Pool == x.Pool {
			return o.Copies
		}
	}
	return nil
}

// awaitCopies has a job at an option begin no sooner than the copies that it needs are
// there, and pay its tolls.
func (a *asker) awaitCopies(j *Job, copies []int32) {
	for _, k := range copies {
		a.earliest = max(a.earliest, int(a.m.ready[k]))
	}
	if due := tollOf(a.tolls, copies); due > 0 {
		for s := j.First; s < j.End; s++ {
			a.arrive[s] += due
		}
	}
}

// showCopies tells jobs from when on they can have each copy.
func (s *Session) showCopies() {
	for k := range s.copies {
		switch {
		case !s.copying.wanted[k]:
			s.market.ready[k] = int32(len(s.p.Hours))
		case s.hard:
			s.market.ready[k] = s.copies[k].Ready
		default:
			s.market.ready[k] = s.copying.soonest[k]
		}
	}
}

// users are the jobs whose place needs a copy, most work first, and the first period in
// which one of them works.
type users struct {
	jobs  []int32
	first int
}

// users of every copy.
func (s *Session) users() []users {
	out := make([]users, len(s.copies))
	for k := range out {
		out[k].first = len(s.p.Hours)
	}
	for _, i := range s.copying.readers {
		x := &s.places[i]
		for _, k := range s.p.copiesAt(&s.p.Jobs[i], x) {
			out[k].jobs, out[k].first = append(out[k].jobs, i), min(out[k].first, int(x.First))
		}
	}
	return out
}

// reviseCopies chooses copies anew after one of the earlier passes, and has those that are
// needed come in time.
func (s *Session) reviseCopies() {
	c := s.copying
	if c == nil {
		return
	}
	if c.revised++; float64(c.revised) <= copyShare*float64(s.o.Passes) {
		s.chooseCopies()
	}
	for k, u := range s.users() {
		s.shiftData(s.copies[k].Data, -1)
		s.copies[k] = Delivery{}
		if len(u.jobs) > 0 {
			s.copies[k] = Delivery{int32(u.first), s.waysOf(k, u.first)}
			s.shiftData(s.copies[k].Data, 1)
		}
	}
	s.show()
}

// waysOf is the data of a copy that is there by a period, over the link and in the periods
// where the potential rises least; nil if there is no room for it.
func (s *Session) waysOf(k, by int) []Sent {
	var best []Sent
	low := math.Inf(1)
	for _, link := range s.p.Copies[k].Links {
		end := int(s.market.links[link].by[by])
		data, ok := s.split(int(link), s.p.Copies[k].GB, 0, end, nil)
		if !ok {
			data = s.market.links[link].cheapest(link, s.p.Copies[k].GB, end)
		}
		if data == nil {
			continue
		}
		change := s.shiftData(data, 1)
		s.shiftData(data, -1)
		if change < low {
			best, low = data, change
		}
	}
	return best
}

// cheapest is the cheapest way of so many GB in the periods before end; nil for none.
func (l *linkMarket) cheapest(link int32, gb float64, end int) []Sent {
	var f fill
	f.reset(gb)
	for t := range end {
		f.offer(t, l.price[t], l.room[t])
	}
	if !f.full() {
		return nil
	}
	return f.sent(link, nil)
}

// ballot is what jobs say of copies: by reader, what its place costs now, and what its best
// place costs without each copy that it uses, and with copies that are not made.
type ballot struct {
	now     []float64
	without [][]vote // by copy
	with    []union  // in the order of the first readers that name them
}

// vote is a cost that a reader states.
type vote struct {
	reader int
	cost   float64
}

// union is copies, none of which is made, that together open an option to some readers.
type union struct {
	copies []int32
	votes  []vote
}

// chooseCopies gives up copies that do not pay, and wants others that would.
func (s *Session) chooseCopies() {
	c, b := s.copying, s.ballot()
	s.giveUp(b)
	won := func(u *union) (sum float64) {
		for _, v := range u.votes {
			sum += max(0, b.now[v.reader]-v.cost)
		}
		for _, k := range u.copies {
			if !c.wanted[k] {
				sum -= worthCopy * s.market.leastCost(&s.p.Copies[k])
			}
		}
		return sum
	}
	profit := make([]float64, len(b.with))
	var offers []int
	for n := range b.with {
		if profit[n] = won(&b.with[n]); profit[n] > 0 {
			offers = append(offers, n)
		}
	}
	slices.SortStableFunc(offers, func(x, y int) int { return cmp.Compare(profit[y], profit[x]) })
	for _, n := range offers { // what one has won no other wins again
		u := &b.with[n]
		if won(u) <= 0 {
			continue
		}
		for _, k := range u.copies {
			c.wanted[k] = true
		}
		for _, v := range u.votes {
			b.now[v.reader] = min(b.now[v.reader], v.cost)
		}
	}
	s.showCopies()
}

// ballot asks all readers at the prices of the moment.
func (s *Session) ballot() *ballot {
	c := s.copying
	b := &ballot{now: make([]float64, len(c.readers)), without: make([][]vote, len(s.p.Copies))}
	without, with := make([][]toll, len(c.readers)), make([][]union, len(c.readers))
	free := *s.market
	free.ready = c.soonest
	askers := s.askersAt(&free)
	s.crew.pieces(len(c.readers), 64, func(worker, from, to int) {
		for r := from; r < to; r++ {
			j, x := &s.p.Jobs[c.readers[r]], &s.places[c.readers[r]]
			b.now[r] = free.costAt(j, x)
			without[r], with[r] = s.votes(askers[worker], j, x, r, b.now[r])
		}
	})
	s.tally(askers)
	known, key := make(map[string]int), []byte(nil)
	for r := range c.readers {
		for _, v := range without[r] {
			b.without[v.copy] = append(b.without[v.copy], vote{r, v.money})
		}
		for _, u := range with[r] {
			key = key[:0]
			for _, k := range u.copies {
				key = binary.LittleEndian.AppendUint32(key, uint32(k))
			}
			at, ok := known[string(key)]
			if !ok {
				at = len(b.with)
				known[string(key)], b.with = at, append(b.with, union{copies: u.copies})
			}
			b.with[at].votes = append(b.with[at].votes, u.votes...)
		}
	}
	return b
}

// votes of a reader: what its best place costs without each copy that it uses, and with those
// that an option lacks, where that is less than now.
func (s *Session) votes(a *asker, j *Job, x *Assignment, reader int, now float64) (without []toll, with []union) {
	a.questions++
	lacks := func(o *Option) (missing []int32, never bool) {
		for _, k := range o.Copies {
			if !s.copying.wanted[k] {
				missing = append(missing, k)
			}
			never = never || s.p.Copies[k].Never
		}
		return missing, never
	}
	for _, k := range s.p.copiesAt(j, x) {
		without = append(without, toll{k, a.at(j, j.DropPrice, func(o *Option) bool {
			missing, _ := lacks(o)
			return len(missing) == 0 && !slices.Contains(o.Copies, k)
		})})
	}
	for n := range s.p.Reach[j.Reach] {
		o := &s.p.Reach[j.Reach][n]
		missing, never := lacks(o)
		if len(missing) == 0 || never {
			continue
		}
		if cost := a.at(j, now, func(other *Option) bool { return other == o }); cost < now {
			with = append(with, union{missing, []vote{{reader, cost}}})
		}
	}
	return without, with
}

// giveUp gives up some of the wanted copies whose users would lose less than they cost, and
// sends those away.
func (s *Session) giveUp(b *ballot) {
	type loss struct {
		copy  int
		money float64
	}
	var losses []loss
	for k, votes := range b.without {
		if !s.copying.wanted[k] {
			continue
		}
		won := 0.0
		for _, v := range votes {
			won += max(0, v.cost-b.now[v.reader])
		}
		if cost := s.market.leastCost(&s.p.Copies[k]); won < cost {
			losses = append(losses, loss{k, cost - won})
		}
	}
	slices.SortStableFunc(losses, func(a, b loss) int { return cmp.Compare(b.money, a.money) })
	for _, l := range losses[:(len(losses)+2)/3] { // those who leave one may be what another lacked
		s.copying.wanted[l.copy] = false
	}
	for _, i := range s.copying.readers {
		if slices.ContainsFunc(s.p.copiesAt(&s.p.Jobs[i], &s.places[i]), func(k int32) bool { return !s.copying.wanted[k] }) {
			s.leave(i)
		}
	}
}

// leave drops a job, and what may not be without it.
func (s *Session) leave(i int32) (out []int32) {
	x := &s.places[i]
	s.shift(&s.p.Jobs[i], x, -1)
	*x = dropped()
	if s.tied(i) {
		return s.evictTied(i)
	}
	return nil
}
