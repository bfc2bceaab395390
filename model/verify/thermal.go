package verify

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleThermalTransition  = "thermal.transition"
	ruleThermalUnits       = "thermal.units"
	ruleThermalMustRun     = "thermal.must_run"
	ruleThermalFixed       = "thermal.fixed"
	ruleThermalMinUp       = "thermal.min_up"
	ruleThermalMinDown     = "thermal.min_down"
	ruleThermalMinPower    = "thermal.min_power"
	ruleThermalMaxPower    = "thermal.max_power"
	ruleThermalStartLimit  = "thermal.startup_limit"
	ruleThermalStopLimit   = "thermal.shutdown_limit"
	ruleThermalJointLimit  = "thermal.startup_shutdown_limit"
	ruleThermalRampUp      = "thermal.ramp_up"
	ruleThermalRampDown    = "thermal.ramp_down"
	ruleThermalHeat        = "thermal.heat"
	ruleThermalTierSum     = "thermal.tier_sum"
	ruleThermalTier        = "thermal.tier"
	ruleDeepUnits          = "thermal.deep_units"
	ruleDeepTransition     = "thermal.deep_transition"
	ruleDeepPower          = "thermal.deep_power"
	ruleDeepStay           = "thermal.deep_stay"
	ruleDeepRampUp         = "thermal.deep_ramp_up"
	ruleDeepRampDown       = "thermal.deep_ramp_down"
	ruleThermalReserveUp   = "thermal.reserve_up"
	ruleThermalReserveDown = "thermal.reserve_down"
	ruleThermalReserveRamp = "thermal.reserve_ramp"
	ruleThermalSharedUp    = "thermal.shared_ramp_up"
	ruleThermalSharedDown  = "thermal.shared_ramp_down"
)

func thermalRules() []Rule {
	return []Rule{
		{ruleThermalTransition, "Units on change by starts minus stops, neither negative."},
		{ruleThermalUnits, "Units on are at least none and at most the count less outages."},
		{ruleThermalMustRun, "At least the must-run units are on."},
		{ruleThermalFixed, "Where the commitment is fixed, exactly so many units are on."},
		{ruleThermalMinUp, "A unit started stays on for its minimum up time, hours before the horizon included."},
		{ruleThermalMinDown, "A unit stopped stays off for its minimum down time, hours before the horizon included."},
		{ruleThermalMinPower, "Units in normal operation produce at least their minimum."},
		{ruleThermalMaxPower, "Units in normal operation produce at most their maximum."},
		{ruleThermalStartLimit, "A unit produces at most its start-up limit in its first period on."},
		{ruleThermalStopLimit, "A unit produces at most its shut-down limit in its last period on."},
		{ruleThermalJointLimit, "Start-up and shut-down limits hold together where a started unit cannot be the one that stops next."},
		{ruleThermalRampUp, "Output rises by at most the ramp limit of units that stay on and the start-up limit of those that start."},
		{ruleThermalRampDown, "Output falls by at most the ramp limit of units that stay on and the shut-down limit of those that stop."},
		{ruleThermalSharedUp, "Output with the upward reserve that shares the ramp keeps the limits of rising."},
		{ruleThermalSharedDown, "Output less the downward reserve that shares the ramp keeps the limits of falling."},
		{ruleThermalHeat, "Output is at least what heat demands."},
		{ruleThermalTierSum, "Starts by tier are not negative and add up to the starts."},
		{ruleThermalTier, "Every start is paid at the tier of a unit's hours offline or a colder one, and every stop serves one start."},
		{ruleDeepUnits, "Units in deep operation are at least none and at most those on."},
		{ruleDeepTransition, "Units in deep operation change by entries minus exits, neither negative."},
		{ruleDeepPower, "Units in deep operation produce between the deep and the normal minimum."},
		{ruleDeepStay, "A unit that enters deep operation keeps it for its minimum stay, hours before the horizon included."},
		{ruleDeepRampUp, "Units that were in deep operation rise by at most the deep ramp."},
		{ruleDeepRampDown, "Units that are in deep operation have fallen by at most the deep ramp."},
		{ruleThermalReserveUp, "Upward reserve fits between the normal units' output and their limit, start-up and shut-down limits included."},
		{ruleThermalReserveDown, "Downward reserve fits between the normal units' output and their minimum."},
		{ruleThermalReserveRamp, "Reserve that does not share the ramp is at most the normal units' ramp over the product's minutes."},
	}
}

// cluster is a thermal unit or cluster with its plan and its initial state.
type cluster struct {
	k *checker
	u *model.ThermalUnit
	p *model.ThermalPlan

	n                   int
	low, high, floor    float64 // MW of a unit: normal minimum, maximum, least at all
	startMW, stopMW     float64 // start-up and shut-down limit
	on0, deep0          int
	power0, hoursOn     float64
	hoursOff, hoursDeep float64

	minDownBroken bool
}

func (k *checker) openCluster(u *model.ThermalUnit, p *model.ThermalPlan) *cluster {
	x := &cluster{
		k: k, u: u, p: p, n: max(1, u.Count),
		low: u.MinPowerMW, high: u.MaxPowerMW, floor: u.MinPowerMW,
		startMW: valueOr(u.StartupLimitMW, u.MaxPowerMW), stopMW: valueOr(u.ShutdownLimitMW, u.MaxPowerMW),
		hoursOn: math.Inf(1), hoursOff: math.Inf(1), hoursDeep: math.Inf(1),
	}
	if u.Deep != nil {
		x.floor = u.Deep.MinPowerMW
	}
	if s := u.Initial; s != nil {
		x.on0, x.deep0 = s.UnitsOn, s.UnitsDeep
		x.power0 = valueOr(s.PowerMW, x.low*float64(x.on0-x.deep0)+x.floor*float64(x.deep0))
		x.hoursOn = valueOr(s.HoursOn, x.hoursOn)
		x.hoursOff = valueOr(s.HoursOff, x.hoursOff)
		x.hoursDeep = valueOr(s.HoursDeep, x.hoursDeep)
	}
	return x
}

// on, deep, power give the state in period t; t = -1 is before the horizon.
func (x *cluster) on(t int) int {
	if t < 0 {
		return x.on0
	}
	return x.p.UnitsOn[t]
}

func (x *cluster) deep(t int) int {
	switch {
	case t < 0:
		return x.deep0
	case x.u.Deep == nil:
		return 0
	}
	return x.p.UnitsDeep[t]
}

func (x *cluster) power(t int) float64 {
	if t < 0 {
		return x.power0
	}
	return x.p.PowerMW[t]
}

func (x *cluster) deepPower(t int) float64 {
	if x.u.Deep == nil {
		return 0
	}
	return x.p.DeepPowerMW[t]
}

// stopsNext is the number of units whose last period on is t.
func (x *cluster) stopsNext(t int) int {
	if t == x.k.last() {
		return 0
	}
	return x.p.Stops[t+1]
}

func (k *checker) thermal() {
	for i := range k.c.ThermalUnits {
		x := k.openCluster(&k.c.ThermalUnits[i], &k.p.ThermalUnits[i])
		x.commitment()
		x.minimumTimes()
		x.tiers()
		x.deepOperation()
		x.output()
		x.ramps()
		x.reserves()
		x.account(i)
	}
}

func (x *cluster) commitment() {
	k, u, p := x.k, x.u, x.p
	for t := range k.periods {
		on := p.UnitsOn[t]
		if p.Starts[t] < 0 || p.Stops[t] < 0 || k.differInt(on-x.on(t-1), p.Starts[t]-p.Stops[t]) {
			k.breachInt(ruleThermalTransition, u.Name, t, on-x.on(t-1), p.Starts[t]-p.Stops[t],
				"units on go from %d to %d with %d starts and %d stops", x.on(t-1), on, p.Starts[t], p.Stops[t])
		}
		most := float64(x.n) - u.OutageUnits.At(t, 0)
		if on < 0 || k.above(float64(on), most) {
			k.breach(ruleThermalUnits, u.Name, t, float64(on), most, "%d units are on; %g of %d can be", on, most, x.n)
		}
		if must := u.MustRunUnits.At(t, 0); k.below(float64(on), must) {
			k.breach(ruleThermalMustRun, u.Name, t, float64(on), must, "%d units are on; %g must run", on, must)
		}
		if fixed := u.FixedUnits.At(t, -1); fixed >= 0 && k.differ(float64(on), fixed) {
			k.breach(ruleThermalFixed, u.Name, t, float64(on), fixed, "%d units are on; the commitment is fixed at %g", on, fixed)
		}
	}
}

func (x *cluster) minimumTimes() {
	k, u, p := x.k, x.u, x.p
	up := window{first: k.bound(u.MinUpH)}
	down := window{first: k.bound(u.MinDownH)}
	for t := range k.periods {
		held := up.upTo(t, p.Starts)
		if k.lasts(x.hoursOn+k.begin[t], u.MinUpH) {
			held += x.on0
		}
		if k.belowInt(p.UnitsOn[t], held) {
			k.breachInt(ruleThermalMinUp, u.Name, t, p.UnitsOn[t], held,
				"%d units are on; %d have not been on for %g h yet", p.UnitsOn[t], held, u.MinUpH)
		}
		held = down.upTo(t, p.Stops)
		if k.lasts(x.hoursOff+k.begin[t], u.MinDownH) {
			held += x.n - x.on0
		}
		if off := x.n - p.UnitsOn[t]; k.belowInt(off, held) {
			x.minDownBroken = true
			k.breachInt(ruleThermalMinDown, u.Name, t, off, held,
				"%d units are off; %d have not been off for %g h yet", off, held, u.MinDownH)
		}
	}
}

// reduction is what starts and stops take from the limits of a cluster: MW from
// the most that normal units may produce, and from the most of deep units. Units
// in deep operation keep the start-up and shut-down limits by themselves, unless
// these lie below the normal minimum: then who starts or stops must be deep. ok
// is false where too few are.
func (x *cluster) reduction(starts, stops, deep int) (normal, ofDeep float64, ok bool) {
	cuts := [2]struct {
		limit float64
		units int
	}{{x.startMW, starts}, {x.stopMW, stops}}
	for i := range cuts {
		if cuts[i].limit < x.low {
			ofDeep += (x.low - cuts[i].limit) * float64(cuts[i].units)
			deep -= cuts[i].units
			cuts[i].units = 0
		}
	}
	if deep < 0 {
		return 0, ofDeep, false
	}
	// The other deep units stand where they save most.
	if cuts[1].limit < cuts[0].limit {
		cuts[0], cuts[1] = cuts[1], cuts[0]
	}
	for _, cut := range cuts {
		saved := min(deep, cut.units)
		deep -= saved
		normal += (x.high - cut.limit) * float64(cut.units-saved)
	}
	return normal, ofDeep, true
}

// room is the most that normal units may produce in t, under every limit of
// start-up and shut-down that applies.
func (x *cluster) room(t int) float64 {
	top := x.high * float64(x.on(t)-x.deep(t))
	for _, e := range x.limits(t) {
		normal, _, _ := x.reduction(e.starts, e.stops, x.deep(t))
		top = min(top, x.high*float64(x.on(t)-x.deep(t))-normal)
	}
	return top
}

// limit is a rule about units that start or stop.
type limit struct {
	rule          string
	starts, stops int
	words         string
}

// limits lists those that apply in t. Both together apply where minimum up time
// keeps a unit that starts in t on in t+1: then other units stop.
func (x *cluster) limits(t int) []limit {
	starts, stops := x.p.Starts[t], x.stopsNext(t)
	var out []limit
	if starts > 0 {
		out = append(out, limit{ruleThermalStartLimit, starts, 0, "start"})
	}
	if stops > 0 {
		out = append(out, limit{ruleThermalStopLimit, 0, stops, "stop next"})
	}
	if len(out) == 2 && x.k.lasts(x.k.hours[t], x.u.MinUpH) {
		out = append(out, limit{ruleThermalJointLimit, starts, stops, "start or stop next"})
	}
	return out
}

func (x *cluster) output() {
	k, u := x.k, x.u
	for t := range k.periods {
		normal := x.power(t) - x.deepPower(t)
		units := float64(x.on(t) - x.deep(t))
		if k.below(normal, x.low*units) {
			k.breach(ruleThermalMinPower, u.Name, t, normal, x.low*units,
				"%g units in normal operation produce %g MW, at least %g", units, normal, x.low*units)
		}
		if k.above(normal, x.high*units) {
			k.breach(ruleThermalMaxPower, u.Name, t, normal, x.high*units,
				"%g units in normal operation produce %g MW, at most %g", units, normal, x.high*units)
		} else {
			x.startStopLimits(t, normal)
		}
		if heat := u.HeatMinPowerMW.At(t, 0); k.below(x.power(t), heat) {
			k.breach(ruleThermalHeat, u.Name, t, x.power(t), heat, "output is %g MW, heat demands %g", x.power(t), heat)
		}
	}
}

// startStopLimits reports the first limit that is breached in t.
func (x *cluster) startStopLimits(t int, normal float64) {
	k, deep := x.k, x.deep(t)
	for _, e := range x.limits(t) {
		cut, deepCut, ok := x.reduction(e.starts, e.stops, deep)
		count := e.starts + e.stops
		top := x.high*float64(x.on(t)-deep) - cut
		deepTop := x.low*float64(deep) - deepCut
		switch {
		case !ok:
			k.report.Checked++
			k.breachInt(e.rule, x.u.Name, t, deep, count,
				"%d units %s, whose limit lies below the normal minimum, but only %d are in deep operation", count, e.words, deep)
		case k.above(normal, top):
			k.breach(e.rule, x.u.Name, t, normal, top, "units in normal operation produce %g MW, at most %g while %d %s", normal, top, count, e.words)
		case deepCut > 0 && k.above(x.deepPower(t), deepTop):
			k.breach(e.rule, x.u.Name, t, x.deepPower(t), deepTop,
				"units in deep operation produce %g MW, at most %g while %d %s", x.deepPower(t), deepTop, count, e.words)
		default:
			continue
		}
		return
	}
}

// rampRules are the rules of one direction: for units as they run, for those in
// deep operation, and for both with reserve that shares the ramp.
type rampRules struct{ normal, deep, shared, words string }

func (x *cluster) ramps() {
	p := x.p
	for t := range x.k.periods {
		starts, stops := float64(p.Starts[t]), float64(p.Stops[t])
		rise := x.power(t) - x.power(t-1)
		up, down := x.sharedReserves(t)
		x.ramp(t, rise, up, x.u.RampUpMWPerH, x.startMW*starts-x.floor*stops,
			x.deep(t-1)-p.Stops[t], rampRules{ruleThermalRampUp, ruleDeepRampUp, ruleThermalSharedUp, "rises"})
		x.ramp(t, -rise, down, x.u.RampDownMWPerH, x.stopMW*stops-x.floor*starts,
			x.deep(t)-p.Starts[t], rampRules{ruleThermalRampDown, ruleDeepRampDown, ruleThermalSharedDown, "falls"})
	}
}

// sharedReserves adds up the reserve in t that shares the ramp, by direction.
func (x *cluster) sharedReserves(t int) (up, down float64) {
	for i := range x.p.Reserves {
		product := &x.k.c.Reserves[x.k.at.products[x.p.Reserves[i].Product]]
		switch {
		case !product.RampShared:
		case product.Direction == model.Down:
			down += x.p.Reserves[i].MW[t]
		default:
			up += x.p.Reserves[i].MW[t]
		}
	}
	return up, down
}

// ramp checks a change of output from the period before, by itself and with the
// reserve that shares the ramp: units that stay on change by at most their ramp,
// of which slow ones by the deep ramp, and events is what starts and stops allow
// beside.
func (x *cluster) ramp(t int, change, shared float64, rate *float64, events float64, slow int, rules rampRules) {
	k := x.k
	hours := k.rampHours(t)
	staying := float64(x.on(t) - x.p.Starts[t])
	step := x.high - x.floor
	if rate != nil {
		step = *rate * hours
		if x.rampLimit(t, change, shared, step*staying+events, rules.normal, 0, rules) {
			return
		}
	}
	if x.u.Deep == nil || x.u.Deep.RampMWPerH == nil || slow <= 0 {
		return
	}
	if deepStep := *x.u.Deep.RampMWPerH * hours; deepStep < step {
		most := step*(staying-float64(slow)) + deepStep*float64(slow) + events
		x.rampLimit(t, change, shared, most, rules.deep, slow, rules)
	}
}

// rampLimit reports a change beyond the limit, or else one that is beyond it
// with the reserve that shares the ramp, and says whether it did.
func (x *cluster) rampLimit(t int, change, shared, most float64, rule string, slow int, rules rampRules) bool {
	k := x.k
	alone := k.above(change, most)
	if !alone && (shared == 0 || !k.above(change+shared, most)) {
		return false
	}
	slowly := ""
	if slow > 0 {
		slowly = fmt.Sprintf(" with %d units in deep operation", slow)
	}
	if alone {
		k.breach(rule, x.u.Name, t, change, most, "output %s by %g MW, at most %g%s", rules.words, change, most, slowly)
	} else {
		k.breach(rules.shared, x.u.Name, t, change+shared, most,
			"output %s by %g MW and %g MW of reserve share the ramp, at most %g together%s", rules.words, change, shared, most, slowly)
	}
	return true
}

func (x *cluster) reserves() {
	k, u := x.k, x.u
	bus := k.busOf(u.Bus, u.Site)
	k.provide(u.Name, bus, u.Reserves, x.p.Reserves)
	for t := range k.periods {
		up, down := k.sumReserves(x.p.Reserves, t)
		k.meterReserve(u.Site, t, up, down)
		normal := x.power(t) - x.deepPower(t)
		units := float64(x.on(t) - x.deep(t))
		if up != 0 {
			if room := max(0, x.room(t)-normal); k.above(up, room) {
				k.breach(ruleThermalReserveUp, u.Name, t, up, room, "it provides %g MW upwards and has room for %g", up, room)
			}
		}
		if down != 0 {
			if room := max(0, normal-x.low*units); k.above(down, room) {
				k.breach(ruleThermalReserveDown, u.Name, t, down, room, "it provides %g MW downwards and has room for %g", down, room)
			}
		}
		for i := range x.p.Reserves {
			r := &x.p.Reserves[i]
			product := &k.c.Reserves[k.at.products[r.Product]]
			rate := u.RampUpMWPerH
			if product.Direction == model.Down {
				rate = u.RampDownMWPerH
			}
			if rate == nil || product.RampShared {
				continue
			}
			if most := *rate * product.DeliveryH() * max(0, units); k.above(r.MW[t], most) {
				k.breach(ruleThermalReserveRamp, u.Name, t, r.MW[t], most,
					"it provides %g MW of %s, at most %g within its ramp", r.MW[t], product.Name, most)
			}
		}
	}
}

// account adds power, energy, emissions and costs to the shared sums.
func (x *cluster) account(rank int) {
	k, u, p := x.k, x.u, x.p
	bus := k.busOf(u.Bus, u.Site)
	running, startup, co2 := 0.0, 0.0, 0.0
	for t, h := range k.hours {
		k.inject(bus, t, p.PowerMW[t])
		k.meter(u.Site, t, p.PowerMW[t])
		k.generatedMWh += p.PowerMW[t] * h
		co2 += u.CO2TPerMWh * p.PowerMW[t] * h
		deep := x.deep(t)
		cost := curveCost(u.Cost, float64(x.on(t)-deep), p.PowerMW[t]-x.deepPower(t))
		if u.Deep != nil {
			cost += curveCost(u.Deep.Cost, float64(deep), p.DeepPowerMW[t])
		}
		running += h * u.CostFactor.At(t, 1) * cost
		for tier := range u.Startup {
			startup += u.Startup[tier].Cost * float64(p.StartsByTier[tier][t])
			co2 += u.Startup[tier].CO2T * float64(p.StartsByTier[tier][t])
		}
	}
	k.co2T += co2
	k.charge(model.CostRunning, u.Name, rank, running)
	k.charge(model.CostStartup, u.Name, rank, startup)
	k.charge(model.CostCO2, u.Name, rank, k.c.Policy.CO2PricePerT*co2)
}

// curveCost is the least cost per hour at which a number of units with the same
// convex curve produce power together: each at its first point, and the
// segments of all filled in order. Power beyond either end of the curve, within
// the tolerances of other rules, is priced at the nearest slope.
func curveCost(points []model.CostPoint, units, power float64) float64 {
	if len(points) == 0 {
		return 0
	}
	cost := units * points[0].CostPerH
	rest := power - units*points[0].PowerMW
	for i := 1; i < len(points); i++ {
		width := points[i].PowerMW - points[i-1].PowerMW
		if !(width > 0) {
			continue
		}
		slope := (points[i].CostPerH - points[i-1].CostPerH) / width
		fill := rest
		if i < len(points)-1 {
			fill = min(rest, width*units)
		}
		cost += slope * fill
		rest -= fill
		if rest <= 0 {
			break
		}
	}
	return cost
}
