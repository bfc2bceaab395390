package place

import (
	"math"
	"slices"
)

// resend splits the data of a place anew at the live prices of links, own
// weight included: in equal parts, each to the period where the potential rises
// least. Parts are a quarter of the link's mean capacity or smaller, sixteen at
// most.
func (s *Session) resend(j *Job, to *proposal) {
	if len(to.place.Data) == 0 {
		return
	}
	again := s.again[:0]
	for k, d := range to.place.Data {
		if k == 0 || d.Link != to.place.Data[k-1].Link {
			again = s.resend1(j, &to.place, int(d.Link), again)
		}
	}
	s.again = again
	to.data = append(to.data[:0], again...)
	to.place.Data = to.data
}

// flowOver is the flow of the job that crosses the link on its way to or from the pool.
func (p *Problem) flowOver(j *Job, pool, link int32) Flow {
	for _, o := range p.Reach[j.Reach] {
		if i := slices.Index(o.Links, link); o.Pool == pool && i >= 0 {
			return j.Flows[i]
		}
	}
	return Flow{}
}

// resend1 appends the flow that crosses the link; where only the split that fills periods to the
// brim fits, as it is.
func (s *Session) resend1(j *Job, x *Assignment, link int, to []Sent) []Sent {
	f := s.p.flowOver(j, x.Pool, int32(link))
	from, end := s.market.window(j, f, int32(link), int(x.First), int(x.End))
	out, ok := s.split(link, f.GB, from, end, to)
	for _, d := range x.Data {
		if !ok && int(d.Link) == link {
			out = append(out, d)
		}
	}
	return out
}

// split appends so many GB on a link, in equal parts where the potential rises least in
// periods from..end-1; ok is false where such parts do not fit.
func (s *Session) split(link int, gb float64, from, end int, to []Sent) (_ []Sent, ok bool) {
	T := len(s.p.Hours)
	capacity := s.room.gb[link*T:]
	parts := max(1, min(16, math.Ceil(4*gb/s.meanGB[link])))
	part := gb / parts
	sent := s.sent[:T]
	clear(sent[from:max(from, end)])
	rho, mu := s.gbRho[link], s.mu.GB[link*T:]
	price, slope, load := s.prices.GB[link*T:], s.slopes.GB[link*T:], s.use.GB[link*T:]
	for range int(parts) {
		best, low := -1, math.Inf(1)
		for t := from; t < end; t++ {
			if sent[t]+part > capacity[t]*(1+roomSlack) {
				continue
			}
			cost := part*(price[t]+slope[t]*(sent[t]+part/2)) + penalty(mu[t], rho, load[t]+sent[t]-capacity[t], part)
			if cost < low {
				best, low = t, cost
			}
		}
		if best < 0 {
			return to, false
		}
		sent[best] += part
	}
	for t := from; t < end; t++ {
		if sent[t] > 0 {
			to = append(to, Sent{int32(link), int32(t), sent[t]})
		}
	}
	return to, true
}
