package pglibuc

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
)

// Check recomputes the published model from the instance and a plan of its case:
// every equation by its number, the plan's cost by equation (1). It returns what
// does not hold, nothing when the plan is a solution of the instance. It knows
// nothing of the case, so that it tells a wrong conversion from a right one.
func (in *Instance) Check(p *model.Plan) []string {
	k := replay{in: in}
	if !k.fits(p) {
		return k.found
	}
	k.system(p)
	cost := 0.0
	for i := range in.Thermal {
		x := &unitReplay{k: &k, g: &in.Thermal[i], p: &p.ThermalUnits[i], periods: in.Periods}
		x.open()
		x.commitment()
		x.minimumTimes()
		x.starts()
		x.output()
		cost += x.cost()
	}
	if !within(p.Objective, cost) {
		k.fail(1, "", -1, "the plan costs %g, its schedule %g", p.Objective, cost)
	}
	return k.found
}

type replay struct {
	in    *Instance
	found []string
}

// maxFound limits the list.
const maxFound = 100

func (k *replay) fail(equation int, name string, t int, format string, args ...any) {
	if len(k.found) >= maxFound {
		return
	}
	at := fmt.Sprintf("equation (%d)", equation)
	if name != "" {
		at += ", " + name
	}
	if t >= 0 {
		at += fmt.Sprintf(", hour %d", t+1)
	}
	k.found = append(k.found, at+": "+fmt.Sprintf(format, args...))
}

// tolerance of a comparison, as the verifier's.
func tolerance(size float64) float64 { return 1e-4 + 1e-7*math.Abs(size) }

func within(a, b float64) bool { return math.Abs(a-b) <= 1e-3+1e-6*max(math.Abs(a), math.Abs(b)) }

// most reports a value that is not at most its limit.
func (k *replay) most(equation int, name string, t int, what string, value, limit float64) {
	if !(value <= limit+tolerance(max(math.Abs(value), math.Abs(limit)))) {
		k.fail(equation, name, t, "%s is %g, at most %g", what, value, limit)
	}
}

// fits checks that the plan has the instance's generators and periods.
func (k *replay) fits(p *model.Plan) bool {
	in := k.in
	if in.sized() != nil {
		k.found = append(k.found, "the instance has a series that has not one value a period")
		return false
	}
	ok := len(p.ThermalUnits) == len(in.Thermal) && len(p.Renewables) == len(in.Renewable) && len(p.PeriodHours) == in.Periods
	for i := range in.Thermal {
		if !ok {
			break
		}
		q := &p.ThermalUnits[i]
		ok = q.Name == in.Thermal[i].Name && len(q.UnitsOn) == in.Periods && len(q.PowerMW) == in.Periods &&
			len(q.StartsByTier) == len(in.Thermal[i].Startup)
		for _, tier := range q.StartsByTier {
			ok = ok && len(tier) == in.Periods
		}
		for _, r := range q.Reserves {
			ok = ok && len(r.MW) == in.Periods
		}
	}
	for i := range in.Renewable {
		ok = ok && p.Renewables[i].Name == in.Renewable[i].Name && len(p.Renewables[i].PowerMW) == in.Periods
	}
	if !ok {
		k.found = append(k.found, "the plan is not of this instance: generators or periods differ")
	}
	return ok
}

// system checks demand (2), reserves (3) and renewables (24).
func (k *replay) system(p *model.Plan) {
	for t := range k.in.Periods {
		supply, reserve := 0.0, 0.0
		for i := range p.ThermalUnits {
			supply += p.ThermalUnits[i].PowerMW[t]
			reserve += provided(&p.ThermalUnits[i], t)
		}
		for i := range p.Renewables {
			power, r := p.Renewables[i].PowerMW[t], &k.in.Renewable[i]
			k.most(24, r.Name, t, "output", power, r.MaxMW[t])
			k.most(24, r.Name, t, "minus output", -power, -r.MinMW[t])
			supply += power
		}
		k.most(2, "", t, "generation", supply, k.in.DemandMW[t])
		k.most(2, "", t, "minus generation", -supply, -k.in.DemandMW[t])
		k.most(3, "", t, "minus reserve", -reserve, -k.in.ReservesMW[t])
	}
}

func provided(p *model.ThermalPlan, t int) float64 {
	sum := 0.0
	for i := range p.Reserves {
		sum += p.Reserves[i].MW[t]
	}
	return sum
}

// unitReplay is one generator: u, v, w, power above minimum and reserve by hour,
// from 0.
type unitReplay struct {
	k       *replay
	g       *Thermal
	p       *model.ThermalPlan
	periods int

	u, v, w  []int
	above, r []float64
}

// on is the status in hour t, -1 being the one before the first.
func (x *unitReplay) on(t int) int {
	if t < 0 {
		if x.g.InitialOn {
			return 1
		}
		return 0
	}
	return x.u[t]
}

// before is the power above minimum in the hour before the first.
func (x *unitReplay) before() float64 {
	if !x.g.InitialOn {
		return 0
	}
	return x.g.InitialMW - x.g.MinMW
}

func (x *unitReplay) open() {
	n := x.periods
	x.u, x.v, x.w = x.p.UnitsOn, make([]int, n), make([]int, n)
	x.above, x.r = make([]float64, n), make([]float64, n)
	for t := range n {
		// Equations (6) and (12), by which starts and stops follow.
		x.v[t], x.w[t] = max(0, x.u[t]-x.on(t-1)), max(0, x.on(t-1)-x.u[t])
		x.above[t] = x.p.PowerMW[t] - x.g.MinMW*float64(x.u[t])
		x.r[t] = provided(x.p, t)
	}
}

func (x *unitReplay) fail(equation, t int, format string, args ...any) {
	x.k.fail(equation, x.g.Name, t, format, args...)
}

func (x *unitReplay) commitment() {
	for t := range x.periods {
		if x.u[t] != 0 && x.u[t] != 1 {
			x.fail(12, t, "the status is %d", x.u[t])
		}
		if x.g.MustRun && x.u[t] != 1 {
			x.fail(11, t, "a must-run unit is off")
		}
	}
}

// minimumTimes checks (4), (5), (13) and (14).
func (x *unitReplay) minimumTimes() {
	g := x.g
	for t := range x.periods {
		if g.InitialOn && t < g.UpH-g.InitialUpH && x.u[t] != 1 {
			x.fail(4, t, "off, on for %d h before of %d", g.InitialUpH+t, g.UpH)
		}
		if !g.InitialOn && t < g.DownH-g.InitialDownH && x.u[t] != 0 {
			x.fail(5, t, "on, off for %d h before of %d", g.InitialDownH+t, g.DownH)
		}
		started, stopped := 0, 0
		for i := max(0, t-g.UpH+1); i <= t; i++ {
			started += x.v[i]
		}
		for i := max(0, t-g.DownH+1); i <= t; i++ {
			stopped += x.w[i]
		}
		if started > x.u[t] {
			x.fail(13, t, "off within %d h of a start", g.UpH)
		}
		if stopped > 1-x.u[t] {
			x.fail(14, t, "on within %d h of a stop", g.DownH)
		}
	}
}

// starts checks (7), (15) and (16).
func (x *unitReplay) starts() {
	g, last := x.g, len(x.g.Startup)-1
	for t := range x.periods {
		sum := 0
		for s := range g.Startup {
			delta := x.p.StartsByTier[s][t]
			sum += delta
			if delta < 0 || s < last && delta > x.stopsBehind(s, t) {
				x.fail(15, t, "%d starts in category %d, %d stops in its hours", delta, s+1, x.stopsBehind(s, t))
			}
		}
		if sum != x.v[t] {
			x.fail(16, t, "%d starts, %d by category", x.v[t], sum)
		}
	}
}

// stopsBehind counts the stops that make a start in t one of category s. The
// initial state counts as a stop of its own, in place of (7); see the package.
func (x *unitReplay) stopsBehind(s, t int) int {
	from, to := x.g.Startup[s].LagH, x.g.Startup[s+1].LagH-1
	count := 0
	for i := from; i <= min(to, t); i++ {
		count += x.w[t-i]
	}
	if off := x.g.InitialDownH + t; !x.g.InitialOn && off >= from && off <= to {
		count++
	}
	return count
}

// output checks (8) to (10) and (17) to (20).
func (x *unitReplay) output() {
	g, k := x.g, x.k
	span := g.MaxMW - g.MinMW
	startCut, stopCut := max(g.MaxMW-g.StartupMW, 0), max(g.MaxMW-g.ShutdownMW, 0)
	before := x.before()
	if x.w[0] > 0 {
		k.most(10, g.Name, 0, "power above minimum before the first hour", before, span-stopCut)
	}
	upRule, downRule := 8, 9
	for t := range x.periods {
		above, r, u := x.above[t], x.r[t], float64(x.u[t])
		k.most(17, g.Name, t, "minus power above minimum", -above, 0)
		k.most(17, g.Name, t, "minus reserve", -r, 0)
		k.most(17, g.Name, t, "power above minimum and reserve", above+r, span*u-startCut*float64(x.v[t]))
		if t+1 < x.periods {
			k.most(18, g.Name, t, "power above minimum and reserve", above+r, span*u-stopCut*float64(x.w[t+1]))
		}
		k.most(upRule, g.Name, t, "rise and reserve", above+r-before, g.RampUpMW)
		k.most(downRule, g.Name, t, "fall", before-above, g.RampDownMW)
		before, upRule, downRule = above, 19, 20
	}
}

// cost is the generator's part of (1), with (21) to (23).
func (x *unitReplay) cost() float64 {
	sum := 0.0
	for t := range x.periods {
		if x.u[t] > 0 {
			sum += costAt(x.g.Curve, x.p.PowerMW[t])
		}
		for s, c := range x.g.Startup {
			sum += c.Cost * float64(x.p.StartsByTier[s][t])
		}
	}
	return sum
}

// costAt is the cost per hour on a convex curve; beyond its ends, within the
// tolerance of other equations, the nearest segment goes on.
func costAt(curve []model.CostPoint, power float64) float64 {
	for i := 1; i < len(curve); i++ {
		if a, b := curve[i-1], curve[i]; power <= b.PowerMW || i == len(curve)-1 {
			return a.CostPerH + (b.CostPerH-a.CostPerH)/(b.PowerMW-a.PowerMW)*(power-a.PowerMW)
		}
	}
	return curve[0].CostPerH
}
