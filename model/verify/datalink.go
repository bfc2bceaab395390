package verify

import "github.com/wattbit/wattbit/model"

const (
	ruleDataLinkFlow     = "data_link.flow"
	ruleDataLinkCapacity = "data_link.capacity"
)

func dataLinkRules() []Rule {
	return []Rule{
		{ruleDataLinkFlow, "What a data link carries is what workloads and jobs send over it."},
		{ruleDataLinkCapacity, "What a data link carries one way is at most its capacity."},
	}
}

func (k *checker) dataLinks() {
	for i := range k.c.DataLinks {
		l, p := &k.c.DataLinks[i], &k.p.DataLinks[i]
		k.dataFlow(l, "forward", p.ForwardGB, k.forward[i])
		k.dataFlow(l, "backward", p.BackwardGB, k.backward[i])
		if l.EnergyKWhPerGB == 0 {
			continue
		}
		from := k.at.buses[k.c.Regions[k.at.regions[l.From]].Bus]
		to := k.at.buses[k.c.Regions[k.at.regions[l.To]].Bus]
		for t, h := range k.hours {
			mw := l.EnergyKWhPerGB / 1000 * (k.forward[i][t] + k.backward[i][t]) / h
			k.inject(from, t, -mw/2)
			k.inject(to, t, -mw/2)
		}
	}
}

func (k *checker) dataFlow(l *model.DataLink, way string, given, sent []float64) {
	for t, h := range k.hours {
		if k.differ(given[t], sent[t]) {
			k.breach(ruleDataLinkFlow, l.Name, t, given[t], sent[t], "%g GB are carried %s; workloads and jobs send %g", given[t], way, sent[t])
		}
		if most := l.CapacityGbps.At(t, 0) * model.GBPerGbpsH * h; k.above(sent[t], most) {
			k.breach(ruleDataLinkCapacity, l.Name, t, sent[t], most, "%g GB are sent %s, at most %g", sent[t], way, most)
		}
	}
}
