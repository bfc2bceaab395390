package opt

// Splitting a plan of merged units (merge.go) into one of its units.
//
// A stop frees a unit for a start: which start takes which unit is a matching in
// which every start has an interval of stops, from the oldest that its paid tier
// allows to the latest that the minimum down time allows. Taking the stops in
// order, each for the start whose interval ends first, matches all starts if that
// can be done at all (Glover 1967). It can: the merged plan matches its warm starts,
// has units enough for the others, and to exchange two units never makes a start
// colder than the older of them.
//
// Units that have just started stop first where their minimum up time lets them
// (only those keep two limits at once, as the merged rows have it), then those on
// longest.

import (
	"fmt"
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// split turns a plan of the merged case into one of the case, at the same cost or,
// where segments were not filled in order, less.
func (g *merger) split(p *model.Plan) (*model.Plan, error) {
	if g.Case == g.from {
		return p, nil
	}
	if len(p.ThermalUnits) != len(g.members) {
		return nil, fmt.Errorf("opt: split: the plan has %d thermal units, the merged case %d", len(p.ThermalUnits), len(g.members))
	}
	m := &Model{Case: g.from, T: g.from.Horizon.Len(), Hours: g.from.Horizon.Hours()}
	out := *p
	out.Case, out.CaseSHA256 = g.from.Name, g.fingerprint
	out.ThermalUnits = make([]model.ThermalPlan, len(g.from.ThermalUnits))
	for k, members := range g.members {
		if len(members) == 1 {
			out.ThermalUnits[members[0]] = p.ThermalUnits[k]
			continue
		}
		u := &g.from.ThermalUnits[members[0]]
		parts, err := m.splitUnit(u, len(members), &p.ThermalUnits[k])
		if err != nil {
			return nil, fmt.Errorf("opt: split %d units like %s: %w", len(members), u.Name, err)
		}
		for i, member := range members {
			parts[i].Name = g.from.ThermalUnits[member].Name
			out.ThermalUnits[member] = parts[i]
		}
	}
	g.splitCosts(m, &out)
	if err := g.splitJobs(&out); err != nil {
		return nil, err
	}
	return &out, nil
}

// splitUnit splits the plan of n units like u.
func (m *Model) splitUnit(u *model.ThermalUnit, n int, p *model.ThermalPlan) ([]model.ThermalPlan, error) {
	if len(p.UnitsOn) != m.T || len(p.Starts) != m.T || len(p.Stops) != m.T || len(p.PowerMW) != m.T {
		return nil, fmt.Errorf("its series are not of %d periods", m.T)
	}
	d := m.thermalData(u)
	next, err := m.matchStarts(d, n, p)
	if err != nil {
		return nil, err
	}
	out, err := m.splitCommitment(d, n, p, next)
	if err != nil {
		return nil, err
	}
	for _, r := range p.Reserves {
		if _, ok := m.direction(r.Product); !ok || len(r.MW) != m.T {
			return nil, fmt.Errorf("its reserve %q is not of this case", r.Product)
		}
	}
	for t := range m.T {
		if err := m.splitDispatch(d, p, out, t); err != nil {
			return nil, fmt.Errorf("period %d: %w", t, err)
		}
	}
	return out, nil
}

// pending is a start at a paid tier.
type pending struct{ t, tier int }

// none is a start that does not come.
var none = pending{t: -1}

// matchStarts returns which start each stop frees a unit for, by period of the
// stop plus one: those off before the horizon come first.
func (m *Model) matchStarts(d *thermalData, n int, p *model.ThermalPlan) ([][]pending, error) {
	var open []pending
	for t := range m.T {
		if len(p.StartsByTier) == 0 {
			open = append(open, slices.Repeat([]pending{{t, 0}}, p.Starts[t])...)
		}
		for tier, starts := range p.StartsByTier {
			if len(starts) != m.T {
				return nil, fmt.Errorf("its starts by tier are not of %d periods", m.T)
			}
			open = append(open, slices.Repeat([]pending{{t, tier}}, starts[t])...)
		}
	}
	begin := make([]float64, m.T+1)
	for t, h := range m.Hours {
		begin[t+1] = begin[t] + h
	}
	next := make([][]pending, m.T+1)
	for stop := -1; stop < m.T; stop++ {
		freed := n
		if stop >= 0 {
			freed = p.Stops[stop]
		} else if d.initialOn > 0 {
			freed = 0
		}
		for range freed {
			// open is in order of periods, as are the ends of the intervals.
			at := slices.IndexFunc(open, func(s pending) bool { return d.frees(begin, stop, s) })
			if at < 0 {
				next[stop+1] = append(next[stop+1], none)
				continue
			}
			next[stop+1] = append(next[stop+1], open[at])
			open = slices.Delete(open, at, at+1)
		}
	}
	if len(open) > 0 {
		return nil, fmt.Errorf("no unit is free for a start in period %d", open[0].t)
	}
	return next, nil
}

// frees says whether a unit that stops in a period (-1: before the horizon) may
// take a start.
func (d *thermalData) frees(begin []float64, stop int, s pending) bool {
	if stop >= 0 {
		return stop < d.down[s.t] && tierOf(d.u.Startup, begin[s.t]-begin[stop]) <= s.tier
	}
	if s.t < d.stillDown {
		return false
	}
	if in := d.u.Initial; in != nil && in.HoursOff != nil {
		return tierOf(d.u.Startup, begin[s.t]+*in.HoursOff) <= s.tier
	}
	return s.tier >= len(d.u.Startup)-1
}

// member is a unit of a cluster on its way through the horizon.
type member struct {
	on    bool
	since int     // start; -1 before the horizon
	next  pending // start, where it is off
}

// splitCommitment follows the units through the horizon.
func (m *Model) splitCommitment(d *thermalData, n int, p *model.ThermalPlan, next [][]pending) ([]model.ThermalPlan, error) {
	units := make([]member, n)
	out := make([]model.ThermalPlan, n)
	for i := range units {
		units[i] = member{on: d.initialOn > 0, since: -1, next: none}
		if !units[i].on {
			units[i].next = next[0][i]
		}
		out[i] = model.ThermalPlan{
			UnitsOn: make([]int, m.T), Starts: make([]int, m.T), Stops: make([]int, m.T), PowerMW: make([]float64, m.T),
		}
		for range p.StartsByTier {
			out[i].StartsByTier = append(out[i].StartsByTier, make([]int, m.T))
		}
		for _, r := range p.Reserves {
			out[i].Reserves = append(out[i].Reserves, model.ProvidedPower{Product: r.Product, MW: make([]float64, m.T)})
		}
	}
	for t := range m.T {
		for k := range p.Stops[t] {
			i := d.toStop(units, t)
			if i < 0 {
				return nil, fmt.Errorf("no unit is on to stop in period %d", t)
			}
			units[i] = member{next: next[t+1][k]}
			out[i].Stops[t] = 1
		}
		for i := range units {
			if s := units[i].next; !units[i].on && s.t == t {
				units[i] = member{on: true, since: t}
				out[i].Starts[t] = 1
				if len(p.StartsByTier) > 0 {
					out[i].StartsByTier[s.tier][t] = 1
				}
			}
			if units[i].on {
				out[i].UnitsOn[t] = 1
			}
		}
	}
	return out, nil
}

// toStop returns the unit that stops in t, -1 for none: one that started in t-1
// if it may, else the one on longest.
func (d *thermalData) toStop(units []member, t int) int {
	best := -1
	for i, u := range units {
		switch {
		case !u.on || u.since == t:
		case u.since >= 0 && u.since == t-1 && d.up[t] > u.since:
			return i
		case best < 0 || u.since < units[best].since:
			best = i
		}
	}
	return best
}

// splitSlack is the power beyond the units' limits that is rounding, MW a unit.
const splitSlack = 1e-5

// splitDispatch shares out power and reserve of a period: each segment in
// proportion to what the units can have of it, up reserve to what they have left,
// down reserve to what they have above the minimum.
func (m *Model) splitDispatch(d *thermalData, p *model.ThermalPlan, units []model.ThermalPlan, t int) error {
	most := make([]float64, len(units)) // above the minimum
	above := make([]float64, len(units))
	on := 0
	for i := range units {
		if units[i].UnitsOn[t] == 0 {
			continue
		}
		on++
		most[i] = d.m - d.p
		if units[i].Starts[t] > 0 {
			most[i] = math.Min(most[i], d.su-d.p)
		}
		if t+1 < len(units[i].Stops) && units[i].Stops[t+1] > 0 {
			most[i] = math.Min(most[i], d.sd-d.p)
		}
	}
	if on != p.UnitsOn[t] {
		return fmt.Errorf("%d units are on, %d by the plan", on, p.UnitsOn[t])
	}
	rest := p.PowerMW[t] - d.p*float64(on)
	_, segs := curve(d.u.Cost)
	from := 0.0
	for _, s := range segs {
		part := make([]float64, len(units))
		for i := range part {
			part[i] = math.Max(0, math.Min(s.width, most[i]-from))
		}
		share(above, part, math.Min(math.Max(0, rest), sum(part)))
		rest -= math.Min(math.Max(0, rest), sum(part))
		from += s.width
	}
	if math.Abs(rest) > splitSlack*math.Max(1, float64(on)) {
		return fmt.Errorf("%g MW are beyond the limits of its units", rest)
	}
	left := make([]float64, len(units))
	for i := range units {
		if units[i].UnitsOn[t] > 0 {
			above[i] += rest / float64(on)
			units[i].PowerMW[t] = d.p + above[i]
			left[i] = math.Max(0, most[i]-above[i])
		}
	}
	m.splitReserves(p, units, t, left, above)
	return nil
}

func (m *Model) splitReserves(p *model.ThermalPlan, units []model.ThermalPlan, t int, left, above []float64) {
	for k, r := range p.Reserves {
		by := above
		if direction, _ := m.direction(r.Product); direction == model.Up {
			by = left
		}
		give := make([]float64, len(units))
		share(give, by, r.MW[t])
		for i := range units {
			units[i].Reserves[k].MW[t] = give[i]
		}
	}
}

// direction returns the direction of a reserve product of the case.
func (m *Model) direction(product string) (model.Direction, bool) {
	for i := range m.Case.Reserves {
		if m.Case.Reserves[i].Name == product {
			return m.Case.Reserves[i].Direction, true
		}
	}
	return "", false
}

// share adds to out a total, in proportion to parts.
func share(out, parts []float64, total float64) {
	whole := sum(parts)
	if whole <= 0 {
		return
	}
	for i, part := range parts {
		out[i] += total * (part / whole)
	}
}

func sum(v []float64) float64 {
	total := 0.0
	for _, x := range v {
		total += x
	}
	return total
}

// splitCosts replaces the costs of merged units by those of their members.
func (g *merger) splitCosts(m *Model, p *model.Plan) {
	if len(g.members) == len(g.from.ThermalUnits) {
		return
	}
	names := make([]string, len(g.from.ThermalUnits))
	for i := range names {
		names[i] = g.from.ThermalUnits[i].Name
	}
	amounts := newAmounts(p, names, model.CostRunning, model.CostStartup, model.CostCO2)
	for _, members := range g.members {
		if len(members) == 1 {
			continue
		}
		for _, i := range members {
			u, plan := &g.from.ThermalUnits[i], &p.ThermalUnits[i]
			running, starts, tonnes := m.unitCosts(u, plan)
			amounts[model.CostRunning][i] = running
			amounts[model.CostStartup][i] = starts
			amounts[model.CostCO2][i] = tonnes * g.from.Policy.CO2PricePerT
		}
	}
	shareCosts(p, names, amounts)
}

// newAmounts returns what assets of a section cost by some items.
func newAmounts(p *model.Plan, names []string, items ...model.CostItem) map[model.CostItem][]float64 {
	at := make(map[string]int, len(names))
	for i, name := range names {
		at[name] = i
	}
	amounts := make(map[model.CostItem][]float64)
	for _, item := range items {
		amounts[item] = make([]float64, len(names))
	}
	for _, cost := range p.Costs {
		if i, ok := at[cost.Asset]; ok && amounts[cost.Item] != nil {
			amounts[cost.Item][i] = cost.Amount
		}
	}
	return amounts
}

// shareCosts replaces the costs of a section's assets, where they stand.
func shareCosts(p *model.Plan, names []string, amounts map[model.CostItem][]float64) {
	known := make(map[string]bool, len(names))
	for _, name := range names {
		known[name] = true
	}
	var costs []model.Cost
	written := make(map[model.CostItem]bool)
	for _, cost := range p.Costs {
		if !known[cost.Asset] || amounts[cost.Item] == nil {
			costs = append(costs, cost)
			continue
		}
		if written[cost.Item] {
			continue
		}
		written[cost.Item] = true
		for i, v := range amounts[cost.Item] {
			if math.Abs(v) > zero {
				costs = append(costs, model.Cost{Item: cost.Item, Asset: names[i], Amount: v})
			}
		}
	}
	p.Costs, p.Objective = costs, 0
	for _, cost := range costs {
		p.Objective += cost.Amount
	}
}

// unitCosts returns what a single unit pays for running and starting, and its
// emissions in tonnes.
func (m *Model) unitCosts(u *model.ThermalUnit, p *model.ThermalPlan) (running, starts, tonnes float64) {
	atMin, segs := curve(u.Cost)
	for t, h := range m.Hours {
		perHour := atMin * float64(p.UnitsOn[t])
		rest := p.PowerMW[t] - u.MinPowerMW*float64(p.UnitsOn[t])
		for i, s := range segs {
			mw := math.Min(rest, s.width)
			if i == len(segs)-1 {
				mw = rest
			}
			perHour += mw * s.slope
			rest -= mw
		}
		running += h * u.CostFactor.At(t, 1) * perHour
		tonnes += h * u.CO2TPerMWh * p.PowerMW[t]
		for tier := range p.StartsByTier {
			starts += u.Startup[tier].Cost * float64(p.StartsByTier[tier][t])
			tonnes += u.Startup[tier].CO2T * float64(p.StartsByTier[tier][t])
		}
	}
	return running, starts, tonnes
}
