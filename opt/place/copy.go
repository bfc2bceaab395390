package place

import (
	"cmp"
	"fmt"
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
// In a bound jobs pay tolls for the copies that they need. With F_k the least that k costs at
// the prices and any toll_jk >= 0 such that sum over j of toll_jk <= F_k,
//
//	sum over j of min over places of j of (cost at the prices + tolls of the copies needed)
//
// is no more than what any placement and its copies cost at them. The best tolls have no job
// win by a copy that does not pay: each job pays what it would win, or its share of F_k (dual
// ascent for the location of facilities: Erlenkotter, Operations Research 26, 1978, 992-1009).

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

// toll is what a job pays for a copy.
type toll struct {
	copy  int32
	money float64
}

// tolls of all jobs; nil for none.
type tolls struct {
	c     *copying
	lists [][]toll // by reader
}

func (t *tolls) of(i int) []toll {
	if t == nil || t.c.reader[i] == None {
		return nil
	}
	return t.lists[t.c.reader[i]]
}

// tollOf adds up what is paid for copies.
func tollOf(list []toll, copies []int32) (sum float64) {
	for _, t := range list {
		if slices.Contains(copies, t.copy) {
			sum += t.money
		}
	}
	return sum
}

// tolls are those of a bound at the prices of a market.
func (s *Session) tolls(m *market) *tolls {
	c := s.copying
	if c == nil {
		return nil
	}
	out := &tolls{c, make([][]toll, len(c.readers))}
	askers := s.askersAt(m)
	s.crew.pieces(len(c.readers), 64, func(worker, from, to int) {
		for r := from; r < to; r++ {
			out.lists[r] = askers[worker].gains(&s.p.Jobs[c.readers[r]])
		}
	})
	s.tally(askers)
	asked := make([]float64, len(s.p.Copies))
	for _, list := range out.lists {
		for _, t := range list {
			asked[t.copy] += t.money
		}
	}
	for k, sum := range asked { // what part of what it would win each pays
		if asked[k] = 0; sum > 0 && !s.p.Copies[k].Never {
			asked[k] = min(1, max(0, m.leastCost(&s.p.Copies[k]))/sum)
		}
	}
	for _, list := range out.lists {
		for i := range list {
			list[i].money *= asked[list[i].copy]
		}
	}
	return out
}

// leastCost of a copy at the market's prices, in an empty network.
func (m *market) leastCost(c *Copy) float64 {
	low := math.Inf(1)
	var f fill
	for _, l := range c.Links {
		f.reset(c.GB)
		for t, price := range m.links[l].price {
			f.offer(t, price, m.p.Links[l].CapacityGB[t])
		}
		if f.full() {
			low = min(low, f.cost)
		}
	}
	return low
}

// gains are what the job would win by each copy beyond its best place without any.
func (a *asker) gains(j *Job) []toll {
	a.questions++
	without := a.at(j, j.DropPrice, func(o *Option) bool { return len(o.Copies) == 0 })
	var out []toll
	for k := range a.m.p.Reach[j.Reach] {
		o := &a.m.p.Reach[j.Reach][k]
		if len(o.Copies) == 0 {
			continue
		}
		gain := without - a.at(j, without, func(other *Option) bool { return other == o })
		for _, c := range o.Copies {
			if at := slices.IndexFunc(out, func(t toll) bool { return t.copy == c }); at >= 0 {
				out[at].money = max(out[at].money, gain)
			} else if gain > 0 {
				out = append(out, toll{c, gain})
			}
		}
	}
	return out
}

// at is the cost of the cheapest place at some of the options, if it is less than so much.
func (a *asker) at(j *Job, less float64, allowed func(o *Option) bool) float64 {
	a.best, a.known = answer{cost: less, option: None}, false
	for k := range a.m.p.Reach[j.Reach] {
		if allowed(&a.m.p.Reach[j.Reach][k]) {
			a.option(j, k)
		}
	}
	return a.best.cost
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
func (s *Session) users(k int) (jobs []int32, first int) {
	first = len(s.p.Hours)
	for _, i := range s.copying.readers {
		if x := &s.places[i]; slices.Contains(s.p.copiesAt(&s.p.Jobs[i], x), int32(k)) {
			jobs, first = append(jobs, i), min(first, int(x.First))
		}
	}
	return jobs, first
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
	for k := range s.copies {
		s.shiftData(s.copies[k].Data, -1)
		s.copies[k] = Delivery{}
		if jobs, first := s.users(k); len(jobs) > 0 {
			s.copies[k] = Delivery{int32(first), s.waysOf(k, first)}
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
	known := make(map[string]int)
	for r := range c.readers {
		for _, v := range without[r] {
			b.without[v.copy] = append(b.without[v.copy], vote{r, v.money})
		}
		for _, u := range with[r] {
			key := fmt.Sprint(u.copies)
			at, ok := known[key]
			if !ok {
				at = len(b.with)
				known[key], b.with = at, append(b.with, union{copies: u.copies})
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
		jobs, _ := s.users(l.copy)
		for _, i := range jobs {
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

// settleCopies gives every copy that is used its way and its time within the room of links,
// before jobs; those that find none are not made.
func (s *Session) settleCopies() {
	c := s.copying
	if c == nil {
		return
	}
	for k := range s.copies {
		s.shiftData(s.copies[k].Data, -1)
		s.copies[k] = Delivery{}
	}
	T, room := len(s.p.Hours), slices.Clone(s.room.gb)
	for k := range s.copies {
		jobs, first := s.users(k)
		c.wanted[k] = false
		for by := first; len(jobs) > 0 && by < T && !c.wanted[k]; by++ {
			low := math.Inf(1)
			for _, link := range s.p.Copies[k].Links {
				l := linkMarket{price: s.market.links[link].price, room: room[int(link)*T : (int(link)+1)*T]}
				data := l.cheapest(link, s.p.Copies[k].GB, int(s.market.links[link].by[by]))
				if cost := s.market.dataCost(data); data != nil && cost < low {
					low, c.wanted[k], s.copies[k] = cost, true, Delivery{int32(by), data}
				}
			}
		}
		s.shiftData(s.copies[k].Data, 1)
		for _, d := range s.copies[k].Data {
			room[int(d.Link)*T+int(d.Period)] -= d.GB
		}
	}
	s.hard = true
	s.showCopies()
}

// tooSoon says whether a job begins before a copy is there that it needs.
func (s *Session) tooSoon(i int32) bool {
	x := &s.places[i]
	return slices.ContainsFunc(s.p.copiesAt(&s.p.Jobs[i], x), func(k int32) bool { return s.market.ready[k] > x.First })
}

// withoutCopies gives up copies, within hard capacity, whose users are better off elsewhere,
// all in all, and with each those that nobody needs then.
func (s *Session) withoutCopies() {
	for k := range s.copies {
		jobs, _ := s.users(k)
		if !s.copies[k].Made() || slices.ContainsFunc(jobs, s.tied) {
			continue
		}
		change := s.shiftData(s.copies[k].Data, -1)
		s.copying.wanted[k] = false
		s.showCopies()
		var undo []Assignment
		for _, i := range jobs {
			change += s.shift(&s.p.Jobs[i], &s.places[i], -1) - s.market.ownCost(&s.p.Jobs[i], &s.places[i])
			undo = append(undo, s.places[i])
			s.places[i] = dropped()
		}
		for _, i := range jobs {
			change += s.insert(i, None, &s.single)
			s.places[i] = s.single.place.keep()
		}
		idle := []int{k}
		for o := range s.copies {
			if users, _ := s.users(o); o != k && s.copies[o].Made() && len(users) == 0 {
				idle, change = append(idle, o), change+s.shiftData(s.copies[o].Data, -1)
			}
		}
		if change < -s.leastGain {
			s.gained -= change
			for _, o := range idle {
				s.copies[o], s.copying.wanted[o] = Delivery{}, false
			}
			s.showCopies()
			continue
		}
		for _, o := range idle[1:] {
			s.shiftData(s.copies[o].Data, 1)
		}
		for n, i := range jobs {
			s.shift(&s.p.Jobs[i], &s.places[i], -1)
			s.shift(&s.p.Jobs[i], &undo[n], 1)
			s.places[i] = undo[n]
		}
		s.shiftData(s.copies[k].Data, 1)
		s.copying.wanted[k] = true
		s.showCopies()
	}
}

// takeCopies has copies come as another session left them.
func (s *Session) takeCopies(copies []Delivery) {
	copy(s.copies, copies)
	for k := range s.copies {
		s.copying.wanted[k] = s.copies[k].Made()
	}
	s.showCopies()
}
