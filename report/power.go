package report

import (
	"slices"
	"strings"
)

// flowKind orders what enters and leaves a bus, from the bottom of a stacked
// chart up.
type flowKind int

const (
	flowThermal flowKind = iota
	flowHydro
	flowRenewable
	flowStorage
	flowImport
	flowArrival
	flowOther
	flowShed

	useLoad
	useSites
	useData
	useCharge
	useExport
	useSending
	useLoss
	useSpill
	useOther
)

// supply says whether the flow enters the bus.
func (k flowKind) supply() bool { return k < useLoad }

// flowKey is one layer: a kind and the fuel or source within it.
type flowKey struct {
	kind flowKind
	name string
}

// busFlows are the layers of one bus, or of the system, MW in every period, all
// counted positive. Supply and use have the same sum.
type busFlows map[flowKey][]float64

func (f busFlows) add(periods int, key flowKey, t int, mw float64) {
	if mw == 0 {
		return
	}
	v := f[key]
	if v == nil {
		v = make([]float64, periods)
		f[key] = v
	}
	v[t] += mw
}

// total is the sum of the layers whose kind is accepted, MW in every period.
func (f busFlows) total(periods int, accept func(flowKind) bool) []float64 {
	out := make([]float64, periods)
	for _, key := range f.keys() {
		if accept(key.kind) {
			for t, mw := range f[key] {
				out[t] += mw
			}
		}
	}
	return out
}

// keys lists the layers in their order.
func (f busFlows) keys() []flowKey {
	out := make([]flowKey, 0, len(f))
	for k := range f {
		out = append(out, k)
	}
	slices.SortFunc(out, compareKeys)
	return out
}

func compareKeys(a, b flowKey) int {
	if a.kind != b.kind {
		return int(a.kind) - int(b.kind)
	}
	if ra, rb := sourceRank(a.name), sourceRank(b.name); ra != rb {
		return ra - rb
	}
	return strings.Compare(a.name, b.name)
}

// sourceRank puts the fuels and sources that people expect at the bottom of a
// stack first; unknown names follow in alphabetical order.
func sourceRank(name string) int {
	known := []string{"nuclear", "lignite", "coal", "biomass", "oil", "gas", "wind", "solar"}
	name = strings.ToLower(name)
	for i, k := range known {
		if strings.Contains(name, k) {
			return i
		}
	}
	return len(known)
}

func isWind(source string) bool { return strings.Contains(strings.ToLower(source), "wind") }

func isSolar(source string) bool {
	s := strings.ToLower(source)
	return strings.Contains(s, "solar") || s == "pv" || strings.Contains(s, "photovoltaic")
}

func orName(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// collectPower sorts every flow into its bus. Where the plan has assets of
// kinds of one's own, what they inject is what the balance lacks: it is shown
// as other.
func (j *joined) collectPower() []busFlows {
	c, T := j.c, j.T
	out := make([]busFlows, len(c.Buses))
	for b := range out {
		out[b] = busFlows{}
	}
	at := func(name string) busFlows { return out[j.ix.Buses[name]] }
	put := func(f busFlows, kind flowKind, name string, mw []float64) {
		key := flowKey{kind, name}
		for t, x := range mw {
			f.add(T, key, t, x)
		}
	}
	for b := range out {
		put(out[b], flowShed, "shed", j.buses[b].ShedMW)
		put(out[b], useSpill, "spill", j.buses[b].SpillMW)
	}
	for i := range c.Loads {
		key := flowKey{useLoad, "load"}
		for t := range T {
			at(c.Loads[i].Bus).add(T, key, t, c.Loads[i].PowerMW.At(t, 0))
		}
	}
	for i := range c.Exchanges {
		f := at(c.Exchanges[i].Bus)
		for t := range T {
			mw := c.Exchanges[i].ImportMW.At(t, 0)
			f.add(T, flowKey{flowImport, "import"}, t, max(0, mw))
			f.add(T, flowKey{useExport, "export"}, t, max(0, -mw))
		}
	}
	for i := range c.ThermalUnits {
		put(at(c.ThermalUnits[i].Bus), flowThermal, orName(c.ThermalUnits[i].Fuel, "thermal"), j.thermal[i].PowerMW)
	}
	for i := range c.Renewables {
		put(at(c.Renewables[i].Bus), flowRenewable, orName(c.Renewables[i].Source, "renewable"), j.renewables[i].PowerMW)
	}
	for i := range c.Hydro {
		put(at(c.Hydro[i].Bus), flowHydro, "hydro", j.hydro[i].PowerMW)
	}
	for i := range c.Storages {
		put(at(c.Storages[i].Bus), flowStorage, "storage discharge", j.storages[i].DischargeMW)
		put(at(c.Storages[i].Bus), useCharge, "storage charging", j.storages[i].ChargeMW)
	}
	for i := range c.Links {
		from, to := at(c.Links[i].From), at(c.Links[i].To)
		v := j.links[i]
		for t := range T {
			// The loss is of the direction that carries power.
			forwardLoss, backwardLoss := v.LossMW[t], 0.0
			if v.BackwardMW[t] > v.ForwardMW[t] {
				forwardLoss, backwardLoss = 0, v.LossMW[t]
			}
			from.add(T, flowKey{useSending, "sent"}, t, v.ForwardMW[t])
			to.add(T, flowKey{flowArrival, "received"}, t, v.ForwardMW[t]-forwardLoss)
			to.add(T, flowKey{useSending, "sent"}, t, v.BackwardMW[t])
			from.add(T, flowKey{flowArrival, "received"}, t, v.BackwardMW[t]-backwardLoss)
		}
	}
	for i := range c.Sites {
		put(at(c.Sites[i].Bus), useSites, "data centres", j.sites[i].PowerMW)
	}
	for i := range c.DataLinks {
		l := &c.DataLinks[i]
		for _, end := range []string{l.From, l.To} {
			bus := c.Regions[j.ix.Regions[end]].Bus
			if bus == "" || l.EnergyKWhPerGB == 0 {
				continue
			}
			for t := range T {
				at(bus).add(T, flowKey{useData, "data links"}, t, j.dataLinkMW(i, t)/2)
			}
		}
	}
	if len(j.p.Assets) > 0 {
		for b := range out {
			lack := out[b].imbalance(T)
			for t, mw := range lack {
				if mw > 1e-3 {
					out[b].add(T, flowKey{flowOther, "other"}, t, mw)
				} else if mw < -1e-3 {
					out[b].add(T, flowKey{useOther, "other use"}, t, -mw)
				}
			}
		}
	}
	return out
}

// imbalance is use less supply, MW in every period.
func (f busFlows) imbalance(periods int) []float64 {
	in := f.total(periods, flowKind.supply)
	out := f.total(periods, func(k flowKind) bool { return !k.supply() })
	for t := range out {
		out[t] -= in[t]
	}
	return out
}

// dataLinkMW is the power that a data link draws at both ends.
func (j *joined) dataLinkMW(i, t int) float64 {
	gb := j.dataLinks[i].ForwardGB[t] + j.dataLinks[i].BackwardGB[t]
	return j.c.DataLinks[i].EnergyKWhPerGB / 1000 * gb / j.hours[t]
}

// system adds up the buses. What links send and receive cancels but for the
// losses.
func (j *joined) system() busFlows {
	out := busFlows{}
	for _, f := range j.power {
		for _, key := range f.keys() {
			if key.kind == flowArrival || key.kind == useSending {
				continue
			}
			for t, mw := range f[key] {
				out.add(j.T, key, t, mw)
			}
		}
	}
	for _, l := range j.links {
		for t, mw := range l.LossMW {
			out.add(j.T, flowKey{useLoss, "link losses"}, t, mw)
		}
	}
	return out
}

// demand is what a bus or the system must serve: loads, sites, data links.
func (f busFlows) demand(periods int) []float64 {
	return f.total(periods, func(k flowKind) bool { return k == useLoad || k == useSites || k == useData })
}
