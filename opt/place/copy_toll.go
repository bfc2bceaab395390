package place

import (
	"math"
	"slices"
)

// Tolls. In a bound jobs pay for the copies that they need. With F_k the least that copy k costs at
// the prices and any toll_jk >= 0 such that sum over j of toll_jk <= F_k,
//
//	sum over j of min over places of j of (cost at the prices + tolls of the copies needed)
//
// is no more than what any placement and its copies cost at them. The best tolls have no job
// win by a copy that does not pay: each job pays what it would win, or its share of F_k (dual
// ascent for the location of facilities: Erlenkotter, Operations Research 26, 1978, 992-1009).

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
