package verify

// deepOperation checks who is in deep operation and for how long; output and
// ramps check what it produces.
func (x *cluster) deepOperation() {
	k, u, p := x.k, x.u, x.p
	if u.Deep == nil {
		return
	}
	stay := window{first: k.bound(u.Deep.MinStayH)}
	for t := range k.periods {
		deep := p.UnitsDeep[t]
		if deep < 0 || k.aboveInt(deep, p.UnitsOn[t]) {
			k.breachInt(ruleDeepUnits, u.Name, t, deep, p.UnitsOn[t], "%d units are in deep operation of %d on", deep, p.UnitsOn[t])
		}
		before := x.deep(t - 1)
		if p.DeepEntries[t] < 0 || p.DeepExits[t] < 0 || k.differInt(deep-before, p.DeepEntries[t]-p.DeepExits[t]) {
			k.breachInt(ruleDeepTransition, u.Name, t, deep-before, p.DeepEntries[t]-p.DeepExits[t],
				"units in deep operation go from %d to %d with %d entries and %d exits", before, deep, p.DeepEntries[t], p.DeepExits[t])
		}
		held := stay.upTo(t, p.DeepEntries)
		if k.lasts(x.hoursDeep+k.begin[t], u.Deep.MinStayH) {
			held += x.deep0
		}
		if k.belowInt(deep, held) {
			k.breachInt(ruleDeepStay, u.Name, t, deep, held,
				"%d units are in deep operation; %d have not been for %g h yet", deep, held, u.Deep.MinStayH)
		}
		least, most := x.floor*float64(deep), x.low*float64(deep)
		switch power := p.DeepPowerMW[t]; {
		case k.below(power, least):
			k.breach(ruleDeepPower, u.Name, t, power, least, "%d units in deep operation produce %g MW, at least %g", deep, power, least)
		case k.above(power, most):
			k.breach(ruleDeepPower, u.Name, t, power, most, "%d units in deep operation produce %g MW, at most %g", deep, power, most)
		}
	}
}
