package place

import "math"

// resend splits the input of a place anew at the live prices of its link, own
// weight included: in equal parts, each to the period where the potential rises
// least. Parts are a quarter of the link's mean capacity or smaller, sixteen at
// most.
func (s *Session) resend(j *Job, to *proposal) {
	x := &to.place
	if x.Link == None || len(x.Input) == 0 {
		return
	}
	T := len(s.p.Hours)
	link := int(x.Link)
	capacity := s.room.gb[link*len(s.p.Hours):]
	due := int(s.market.links[link].by[x.First])
	parts := max(1, min(16, math.Ceil(4*j.InputGB/s.meanGB[link])))
	part := j.InputGB / parts
	sent := s.sent[:T]
	clear(sent[j.First:due])
	rho, mu := s.gbRho[link], s.mu.GB[link*T:]
	price, slope, load := s.prices.GB[link*T:], s.slopes.GB[link*T:], s.use.GB[link*T:]
	for range int(parts) {
		best, low := -1, math.Inf(1)
		for t := int(j.First); t < due; t++ {
			if sent[t]+part > capacity[t]*(1+roomSlack) {
				continue
			}
			cost := part*(price[t]+slope[t]*(sent[t]+part/2)) + penalty(mu[t], rho, load[t]+sent[t]-capacity[t], part)
			if cost < low {
				best, low = t, cost
			}
		}
		if best < 0 {
			return // only the split that fills periods to the brim fits
		}
		sent[best] += part
	}
	to.input = to.input[:0]
	for t := int(j.First); t < due; t++ {
		if sent[t] > 0 {
			to.input = append(to.input, Load{int32(t), sent[t]})
		}
	}
	x.Input = to.input
}
