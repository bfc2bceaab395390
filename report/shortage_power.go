package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wattbit/wattbit/model"
)

// powerShortage explains demand shed at a bus.
func (j *joined) powerShortage(m *mobility, b int, w window) Shortage {
	bus := &j.c.Buses[b]
	s := j.shortage(ShortPower, bus.Name, w, "MWh", "MW")
	price := j.c.Penalties.Shed()
	if bus.ShedPricePerMWh != nil {
		price = *bus.ShedPricePerMWh
	}
	s.Cost = price * w.amount
	s.Text = fmt.Sprintf("%s is short %s MWh %s, at most %s MW (%s).",
		bus.Name, amount(w.amount), j.between(w), amount(w.peak), j.cal.clock(w.at))

	imports, full := j.incoming(b, w)
	s.Why = append(s.Why, j.whyThermal(b, w)...)
	if full != "" {
		s.Why = append(s.Why, full)
	}
	s.Why = append(s.Why, j.whyStored(b, w)...)
	s.Why = append(s.Why, j.whyComputing(m, b, w)...)

	s.Mend = append(s.Mend, fmt.Sprintf("%s MW more capacity or import on %s %s (%s MWh)",
		amount(w.peak), bus.Name, j.between(w), amount(w.amount)))
	s.Mend = append(s.Mend, imports...)
	if hint := j.moveAway(m, b, w); hint != "" {
		s.Mend = append(s.Mend, hint)
	}
	s.Mend = append(s.Mend, fmt.Sprintf("a storage on %s that gives %s MW and holds %s MWh at %s",
		bus.Name, amount(w.peak), amount(w.amount), j.cal.clock(w.first)))
	return s
}

// thermalRoom is what a cluster could still give in period t: room on units
// that run, beside the reserve that they hold, and units that are off though
// not out.
func (j *joined) thermalRoom(i, t int) (running, off float64) {
	u, p := &j.c.ThermalUnits[i], j.thermal[i]
	on := float64(p.UnitsOn[t])
	running = on*u.MaxPowerMW - p.PowerMW[t] - j.heldUp(p.Reserves, t)
	off = (float64(u.N()) - u.OutageUnits.At(t, 0) - on) * u.MaxPowerMW
	return max(0, running), max(0, off)
}

// heldUp is the upward reserve that a provider holds in period t.
func (j *joined) heldUp(provided []model.ProvidedPower, t int) float64 {
	sum := 0.0
	for _, r := range provided {
		if j.c.Reserves[j.ix.Reserves[r.Product]].Direction == model.Up {
			sum += r.MW[t]
		}
	}
	return sum
}

// busRoom is what the running units of a bus and its curtailed renewables
// could still give in period t. A bus that is short itself has none.
func (j *joined) busRoom(b, t int) float64 {
	if j.buses[b].ShedMW[t] > shortageMW {
		return 0
	}
	name, room := j.c.Buses[b].Name, 0.0
	for i := range j.c.ThermalUnits {
		if j.c.ThermalUnits[i].Bus == name {
			running, _ := j.thermalRoom(i, t)
			room += running
		}
	}
	for i := range j.c.Renewables {
		if j.c.Renewables[i].Bus == name {
			room += max(0, j.renewables[i].CurtailedMW[t])
		}
	}
	return room
}

func (j *joined) whyThermal(b int, w window) []string {
	name := j.c.Buses[b].Name
	units, power, room, off, held, out := 0, 0.0, 0.0, 0.0, 0.0, 0.0
	var offNames []string
	for i := range j.c.ThermalUnits {
		u := &j.c.ThermalUnits[i]
		if u.Bus != name {
			continue
		}
		units += u.N()
		running, idle := j.thermalRoom(i, w.at)
		power += j.thermal[i].PowerMW[w.at]
		room += running
		held += j.heldUp(j.thermal[i].Reserves, w.at)
		out += u.OutageUnits.At(w.at, 0) * u.MaxPowerMW
		if idle > shortageMW {
			off += idle
			n := u.N() - int(u.OutageUnits.At(w.at, 0)) - j.thermal[i].UnitsOn[w.at]
			offNames = append(offNames, fmt.Sprintf("%s (%d × %s MW)", u.Name, n, amount(u.MaxPowerMW)))
		}
	}
	if units == 0 {
		return []string{"no thermal unit stands on " + name}
	}
	at := j.cal.clock(w.at)
	var why []string
	switch {
	case power <= shortageMW && room <= shortageMW:
		why = append(why, fmt.Sprintf("no unit runs on %s at %s", name, at))
	case room > max(1, 0.005*power):
		why = append(why, fmt.Sprintf("units that run on %s have %s MW of room at %s that ramps, start-up limits or fixed states keep from use", name, amount(room), at))
	case off <= shortageMW:
		why = append(why, fmt.Sprintf("every unit on %s runs at its maximum at %s (%s MW)", name, at, amount(power)))
	default:
		why = append(why, fmt.Sprintf("every unit that runs on %s is at its maximum at %s (%s MW)", name, at, amount(power)))
	}
	if off > shortageMW {
		why = append(why, fmt.Sprintf("%s MW are off: %s; minimum times, start-up time or cost keep them off", amount(off), list(offNames, 3)))
	}
	if out > shortageMW {
		why = append(why, fmt.Sprintf("%s MW are out by plan", amount(out)))
	}
	if held > shortageMW {
		why = append(why, fmt.Sprintf("%s MW are held as reserve at %s", amount(held), at))
	}
	return why
}

// incoming looks at the links into a bus: what they could still carry from
// neighbours that have room (as hints), and which of them are full (as a
// reason).
func (j *joined) incoming(b int, w window) (hints []string, full string) {
	name := j.c.Buses[b].Name
	var fullNames []string
	links := 0
	for i := range j.c.Links {
		l := &j.c.Links[i]
		var from string
		var flow []float64
		var most model.Series
		switch name {
		case l.To:
			from, flow, most = l.From, j.links[i].ForwardMW, l.MaxForwardMW
		case l.From:
			from, flow, most = l.To, j.links[i].BackwardMW, l.MaxBackwardMW
		default:
			continue
		}
		capacity, left, beyond := 0.0, 0.0, 0.0
		neighbour := j.ix.Buses[from]
		isFull := true
		for t := w.first; t <= w.last; t++ {
			limit := most.At(t, 0)
			capacity = max(capacity, limit)
			free := max(0, limit-flow[t])
			room := j.busRoom(neighbour, t)
			isFull = isFull && free <= roundingMW(limit)
			short, keep := j.buses[b].ShedMW[t], 1-l.LossShare
			through := min(short, free*keep, room*keep)
			left += through * j.hours[t]
			beyond += max(0, min(short, room*keep)-through) * j.hours[t]
		}
		if capacity == 0 {
			continue
		}
		links++
		if isFull {
			fullNames = append(fullNames, fmt.Sprintf("%s (%s MW)", l.Name, amount(capacity)))
		}
		if left > 0.005*w.amount {
			hints = append(hints, fmt.Sprintf("link %s has room for %s MWh that units on %s could still make", l.Name, amount(left), from))
		}
		if beyond > 0.005*w.amount {
			hints = append(hints, fmt.Sprintf("a stronger link %s would bring in %s MWh more: units on %s have that room", l.Name, amount(beyond), from))
		}
	}
	switch {
	case links == 0:
		full = "no link brings power to " + name
	case len(fullNames) == links && links == 1:
		full = fmt.Sprintf("the one link into %s is full throughout: %s", name, fullNames[0])
	case len(fullNames) == links:
		full = fmt.Sprintf("all %d links into %s are full throughout: %s", links, name, list(fullNames, 4))
	case len(fullNames) > 0:
		full = fmt.Sprintf("%d of %d links into %s are full throughout: %s", len(fullNames), links, name, list(fullNames, 4))
	case len(hints) > 0:
		full = fmt.Sprintf("links into %s are not full", name)
	default:
		full = fmt.Sprintf("links into %s are not full, but the neighbours have nothing left to send", name)
	}
	return hints, full
}

func (j *joined) whyStored(b int, w window) []string {
	name := j.c.Buses[b].Name
	var why []string
	for i := range j.c.Storages {
		v, p := &j.c.Storages[i], j.storages[i]
		if v.Bus != name {
			continue
		}
		level := p.LevelMWh[w.last] - v.LevelMinMWh
		switch {
		case p.DischargeMW[w.at] >= v.MaxDischargeMW-roundingMW(v.MaxDischargeMW):
			why = append(why, fmt.Sprintf("storage %s gives its most at %s (%s MW)", v.Name, j.cal.clock(w.at), amount(v.MaxDischargeMW)))
		case level <= roundingMW(v.LevelMaxMWh):
			why = append(why, fmt.Sprintf("storage %s is empty by %s", v.Name, j.cal.clock(w.last+1)))
		default:
			why = append(why, fmt.Sprintf("storage %s keeps %s MWh at %s for later or for its final level", v.Name, amount(level), j.cal.clock(w.last+1)))
		}
	}
	for i := range j.c.Hydro {
		v, p := &j.c.Hydro[i], j.hydro[i]
		if v.Bus != name {
			continue
		}
		level := p.LevelMWh[w.last] - v.LevelMinMWh
		switch {
		case p.PowerMW[w.at] >= v.MaxPowerMW-roundingMW(v.MaxPowerMW):
			why = append(why, fmt.Sprintf("hydro %s runs at its maximum at %s (%s MW)", v.Name, j.cal.clock(w.at), amount(v.MaxPowerMW)))
		case level <= roundingMW(v.LevelMaxMWh):
			why = append(why, fmt.Sprintf("reservoir %s is at its lowest level by %s", v.Name, j.cal.clock(w.last+1)))
		default:
			why = append(why, fmt.Sprintf("reservoir %s keeps %s MWh at %s for later or for its final level", v.Name, amount(level), j.cal.clock(w.last+1)))
		}
	}
	return why
}

// whyComputing says what the data centres of a bus draw while it is short, and
// how much of that is bound there.
func (j *joined) whyComputing(m *mobility, b int, w window) []string {
	name, at := j.c.Buses[b].Name, j.cal.clock(w.at)
	sites, draw := 0, 0.0
	for i := range j.c.Sites {
		if j.c.Sites[i].Bus == name {
			sites++
			draw += j.sites[i].PowerMW[w.at]
		}
	}
	if sites == 0 {
		return nil
	}
	doing, bound := 0.0, 0.0
	for i := range j.work {
		v := &j.work[i]
		k := w.at - v.first
		if v.bus != b || k < 0 || k >= len(v.units) {
			continue
		}
		mw := v.units[k] * j.mwPerUnit(v, w.at)
		doing += mw
		if inTime, inPlace := m.of(v); !inTime && !inPlace {
			bound += mw
		}
	}
	switch {
	case doing <= shortageMW:
		return []string{fmt.Sprintf("data centres on %s do no work at %s: it is done elsewhere or at other times", name, at)}
	case bound >= doing-shortageMW:
		return []string{fmt.Sprintf("data centres on %s draw %s MW at %s for work that can neither move nor wait", name, amount(draw), at)}
	}
	return []string{fmt.Sprintf("data centres on %s draw %s MW at %s, %s MW of it for work that could move or wait", name, amount(draw), at, amount(doing-bound))}
}

// moveAway says how much of a shortage the computing at the bus could clear by
// moving in time or to another bus.
func (j *joined) moveAway(m *mobility, b int, w window) string {
	left := slices.Clone(j.buses[b].ShedMW)
	var byKind [2]struct{ mwh, unitH float64 }
	// Jobs first: they can also wait.
	for kind, wantJob := range []bool{true, false} {
		for i := range j.work {
			v := &j.work[i]
			if v.bus != b || v.job != wantJob {
				continue
			}
			if inTime, inPlace := m.of(v); !inTime && !inPlace {
				continue
			}
			for k, units := range v.units {
				t := v.first + k
				perUnit := j.mwPerUnit(v, t)
				if !w.holds(t) || perUnit <= 0 {
					continue
				}
				moved := min(units, left[t]/perUnit)
				left[t] -= moved * perUnit
				byKind[kind].unitH += moved * j.hours[t]
				byKind[kind].mwh += moved * perUnit * j.hours[t]
			}
		}
	}
	mwh := byKind[0].mwh + byKind[1].mwh
	if mwh <= 0 {
		return ""
	}
	var parts []string
	for kind, name := range []string{"jobs", "workloads"} {
		if v := byKind[kind]; v.mwh > 0 {
			parts = append(parts, fmt.Sprintf("%s %s unit-h", name, amount(v.unitH)))
		}
	}
	effect := fmt.Sprintf("would free %s MWh, %s of what is short", amount(mwh), percent(mwh/w.amount))
	if mwh >= w.amount*(1-1e-6) {
		effect = "would do"
	}
	return fmt.Sprintf("moving %s unit-h of work away from %s in these hours (%s) %s, where other sites have room",
		amount(byKind[0].unitH+byKind[1].unitH), j.c.Buses[b].Name, strings.Join(parts, ", "), effect)
}

// workShortage explains synchronous work that is not served.
func (j *joined) workShortage(m *mobility, i int, w window) Shortage {
	v := &j.c.Workloads[i]
	s := j.shortage(ShortWork, v.Name, w, "unit-h", "units")
	price := j.c.Penalties.Unserved()
	if v.UnservedPricePerUnitH != nil {
		price = *v.UnservedPricePerUnitH
	}
	s.Cost = price * w.amount
	s.Text = fmt.Sprintf("Workload %s of %s (class %s) lacks %s unit-h %s, at most %s units (%s).",
		v.Name, v.Region, v.Class, amount(w.amount), j.between(w), amount(w.peak), j.cal.clock(w.at))
	taken := j.takenOfModules()
	each := 1.0 // units held for each that the work would keep busy, as it is in the plan
	var full, open, refused []string
	best, bestFree := "", 0.0
	for _, p := range m.placements[i] {
		pool := &j.c.Pools[p.Pool]
		here := max(1, j.heldPerBusy(v.Class, p.Pool)[w.at])
		free := max(0, j.ix.MaxUnits(p.Pool, w.at)-taken[p.Pool][w.at]) * pool.UnitSpeed() / here
		if p.OK {
			each = max(each, here)
		}
		switch {
		case p.OK && free <= shortageMW:
			full = append(full, pool.Name)
		case p.OK:
			open = append(open, fmt.Sprintf("%s (%s units)", pool.Name, amount(free)))
		default:
			refused = append(refused, pool.Name)
			if free > bestFree {
				best, bestFree = fmt.Sprintf("%s has %s units free but: %s", pool.Name, amount(free), p.Reason), free
			}
		}
	}
	at := j.cal.clock(w.at)
	if len(full)+len(open) == 0 {
		s.Why = append(s.Why, "no pool can serve it: "+list(refused, 4))
	}
	if len(full) > 0 {
		s.Why = append(s.Why, fmt.Sprintf("pools in reach are full at %s: %s", at, list(full, 4)))
	}
	if len(open) > 0 {
		s.Why = append(s.Why, fmt.Sprintf("pools in reach have capacity that power, data links or module starts keep from use at %s: %s", at, list(open, 4)))
	}
	s.Mend = append(s.Mend, fmt.Sprintf("%s more in reach %s", units(w.peak*each), j.between(w)))
	if best != "" {
		s.Mend = append(s.Mend, best)
	}
	return s
}
