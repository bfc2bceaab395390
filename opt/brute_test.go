package opt_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver"
)

// Every commitment of one or two units over three or four periods, checked by
// replay, with a dispatch written from the rules alone: the least cost over all
// of them must be what Solve finds.
func TestThermalAgainstEnumeration(t *testing.T) {
	enginetest.Sequential(t)
	t.Parallel()
	const cases = 200
	e := engine(t)
	found, infeasible := 0, 0
	for seed := uint64(0); found < cases; seed++ {
		if seed > 20*cases {
			t.Fatalf("only %d cases among %d seeds", found, seed)
		}
		c := thermalOnly(seed)
		if c == nil {
			continue
		}
		found++
		want := newEnumeration(t, c, e).best()
		out, err := opt.Solve(context.Background(), c, opt.Options{Engine: e, Gap: exact})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		sound(t, out)
		switch {
		case math.IsInf(want, 1):
			infeasible++
			if out.Status != opt.Infeasible {
				t.Errorf("seed %d: no commitment is possible, and Solve ends as %s", seed, out.Status)
			}
		case out.Plan == nil:
			t.Errorf("seed %d: ended as %s %q, enumeration finds %.9g", seed, out.Status, out.Notes, want)
		case !close(out.Plan.Objective, want):
			t.Errorf("seed %d: %.9g, enumeration finds %.9g", seed, out.Plan.Objective, want)
		}
	}
	if infeasible > cases/4 {
		t.Errorf("%d of %d cases are infeasible", infeasible, cases)
	}
}

// thermalOnly cuts a random case down to one bus, a load, one or two single
// units, reserve and a CO2 price; nil where too little is left of it.
func thermalOnly(seed uint64) *model.Case {
	from := randomcase.Full(seed)
	T := min(from.T(), 4)
	units := 1 + int(seed%2)
	if units == 2 {
		T = min(T, 3)
	}
	cut := func(s model.Series) model.Series { return s[:min(len(s), T)] }
	c := newCase(from.Horizon.Hours()[:T]...)
	c.Penalties = from.Penalties
	c.Policy.CO2PricePerT = from.Policy.CO2PricePerT
	load(c, "A", cut(from.Loads[0].PowerMW)...)
	for _, r := range from.Reserves {
		r.Buses, r.RequirementMW = nil, cut(r.RequirementMW)
		c.Reserves = append(c.Reserves, r)
	}
	for _, u := range from.ThermalUnits {
		if u.N() > 1 || len(c.ThermalUnits) == units || units == 2 && u.Deep != nil {
			continue
		}
		u.Bus, u.Site = "A", ""
		for _, s := range []*model.Series{&u.CostFactor, &u.MustRunUnits, &u.FixedUnits, &u.OutageUnits, &u.HeatMinPowerMW} {
			*s = cut(*s)
		}
		c.ThermalUnits = append(c.ThermalUnits, u)
	}
	if _, err := c.Validate(); err != nil || len(c.ThermalUnits) < units {
		return nil
	}
	return c
}

// enumeration tries all commitments of a case.
type enumeration struct {
	t     testing.TB
	c     *model.Case
	e     solver.Solver
	hours []float64
	begin []float64
}

func newEnumeration(t testing.TB, c *model.Case, e solver.Solver) *enumeration {
	n := &enumeration{t: t, c: c, e: e, hours: c.Horizon.Hours(), begin: []float64{0}}
	for _, h := range n.hours {
		n.begin = append(n.begin, n.begin[len(n.begin)-1]+h)
	}
	return n
}

// state of a unit in a period.
type state int

const (
	off state = iota
	normal
	deep
)

// schedule is a unit's state in every period with the cost of its starts.
type schedule struct {
	states []state
	cost   float64
}

// best returns the least cost, infinite where nothing is possible.
func (n *enumeration) best() float64 {
	all := make([][]schedule, len(n.c.ThermalUnits))
	for i := range all {
		all[i] = n.schedules(&n.c.ThermalUnits[i])
	}
	least := math.Inf(1)
	var pick func(chosen []schedule)
	pick = func(chosen []schedule) {
		if len(chosen) == len(all) {
			least = math.Min(least, n.dispatch(chosen))
			return
		}
		for _, s := range all[len(chosen)] {
			pick(append(chosen, s))
		}
	}
	pick(nil)
	return least
}

// schedules lists the possible ones of a unit.
func (n *enumeration) schedules(u *model.ThermalUnit) []schedule {
	kinds := []state{off, normal}
	if u.Deep != nil {
		kinds = append(kinds, deep)
	}
	var out []schedule
	var extend func(states []state)
	extend = func(states []state) {
		if len(states) == len(n.hours) {
			if cost, ok := n.replay(u, states); ok {
				out = append(out, schedule{slices.Clone(states), cost})
			}
			return
		}
		for _, s := range kinds {
			extend(append(states, s))
		}
	}
	extend(nil)
	return out
}

// before returns the state before the horizon, and for how long it has been on or
// off, and deep.
func before(u *model.ThermalUnit) (s state, hours, hoursDeep float64) {
	forEver := math.Inf(1)
	in := u.Initial
	or := func(v *float64) float64 {
		if v == nil {
			return forEver
		}
		return *v
	}
	switch {
	case in == nil:
		return off, forEver, 0
	case in.UnitsOn == 0:
		return off, or(in.HoursOff), 0
	case in.UnitsDeep == 0:
		return normal, or(in.HoursOn), 0
	}
	return deep, or(in.HoursOn), or(in.HoursDeep)
}

// replay checks what does not depend on power and returns the cost of starts.
func (n *enumeration) replay(u *model.ThermalUnit, states []state) (cost float64, ok bool) {
	const slack = 1e-9
	last, hours, hoursDeep := before(u)
	for t, s := range states {
		on := 0.0
		if s != off {
			on = 1
		}
		if fixed := u.FixedUnits.At(t, -1); fixed >= 0 && on != fixed || on < u.MustRunUnits.At(t, 0) || on > 1-u.OutageUnits.At(t, 0) {
			return 0, false
		}
		switch {
		case last == off && s != off:
			if hours < u.MinDownH-slack {
				return 0, false
			}
			for k := len(u.Startup) - 1; k >= 0; k-- {
				if tier := u.Startup[k]; k == 0 || hours >= tier.AfterOffH-slack {
					cost += tier.Cost + n.c.Policy.CO2PricePerT*tier.CO2T
					break
				}
			}
			hours = 0
		case last != off && s == off:
			if hours < u.MinUpH-slack {
				return 0, false
			}
			hours = 0
		}
		if last == deep && s != deep && hoursDeep < u.Deep.MinStayH-slack {
			return 0, false
		}
		if s != deep {
			hoursDeep = 0
		} else {
			hoursDeep += n.hours[t]
		}
		hours += n.hours[t]
		last = s
	}
	return cost, true
}

// dispatch returns the least cost of chosen schedules, one a unit.
func (n *enumeration) dispatch(chosen []schedule) float64 {
	b := &solver.Builder{}
	T := len(n.hours)
	inf := math.Inf(1)
	balance := make([]solver.Row, T)
	reserve := make([][]solver.Row, len(n.c.Reserves))
	for t, h := range n.hours {
		demand := n.c.Loads[0].PowerMW.At(t, 0)
		balance[t] = b.Row(demand, demand)
		b.Add(balance[t], b.Col(0, demand, n.c.Penalties.Shed()*h, solver.Continuous), 1)
		b.Add(balance[t], b.Col(0, inf, n.c.Penalties.Spill()*h, solver.Continuous), -1)
		for i := range n.c.Reserves {
			r := &n.c.Reserves[i]
			row := b.Row(r.RequirementMW.At(t, 0), inf)
			price := n.c.Penalties.ReserveShortage()
			if r.ShortagePricePerMWh != nil {
				price = *r.ShortagePricePerMWh
			}
			b.Add(row, b.Col(0, inf, price*h, solver.Continuous), 1)
			reserve[i] = append(reserve[i], row)
		}
	}
	for i, s := range chosen {
		b.AddOffset(s.cost)
		if !n.unit(b, &n.c.ThermalUnits[i], s.states, balance, reserve) {
			return inf
		}
	}
	r, err := n.e.Solve(context.Background(), b.Build(), solver.Options{})
	if err != nil {
		n.t.Fatal(err)
	}
	if r.Status != solver.Optimal {
		return inf
	}
	return r.Objective
}

// unit adds one unit's dispatch; false where the schedule cannot be.
func (n *enumeration) unit(b *solver.Builder, u *model.ThermalUnit, states []state, balance []solver.Row, reserve [][]solver.Row) bool {
	orElse := func(v *float64, otherwise float64) float64 {
		if v == nil {
			return otherwise
		}
		return *v
	}
	inf := math.Inf(1)
	up, down, slow := orElse(u.RampUpMWPerH, inf), orElse(u.RampDownMWPerH, inf), inf
	if u.Deep != nil {
		slow = orElse(u.Deep.RampMWPerH, inf)
	}
	starts, stops := orElse(u.StartupLimitMW, u.MaxPowerMW), orElse(u.ShutdownLimitMW, u.MaxPowerMW)
	lastState, _, _ := before(u)
	lastPower := solver.Col(-1)
	known := 0.0 // power before the horizon
	if lastState != off {
		known = u.MinPowerMW
		if lastState == deep {
			known = u.Deep.MinPowerMW
		}
		known = orElse(u.Initial.PowerMW, known)
	}
	for t, s := range states {
		h := n.hours[t]
		if s == off {
			if t == 0 && lastState != off && known > stops+1e-9 {
				return false
			}
			if u.HeatMinPowerMW.At(t, 0) > 0 {
				return false
			}
			lastState, lastPower = off, -1
			continue
		}
		least, most, curve := u.MinPowerMW, u.MaxPowerMW, u.Cost
		if s == deep {
			least, most, curve = u.Deep.MinPowerMW, u.MinPowerMW, u.Deep.Cost
		}
		if lastState == off {
			most = math.Min(most, starts)
		}
		if t+1 < len(states) && states[t+1] == off {
			most = math.Min(most, stops)
		}
		least = math.Max(least, u.HeatMinPowerMW.At(t, 0))
		if least > most+1e-9 {
			return false
		}
		p := b.Col(math.Min(least, most), most, n.c.Policy.CO2PricePerT*u.CO2TPerMWh*h, solver.Continuous)
		b.Add(balance[t], p, 1)
		// Cost: the first point, and the segments of the curve.
		money := h * u.CostFactor.At(t, 1)
		b.AddOffset(money * curve[0].CostPerH)
		row := b.Row(curve[0].PowerMW, curve[0].PowerMW)
		b.Add(row, p, 1)
		for k := 1; k < len(curve); k++ {
			width := curve[k].PowerMW - curve[k-1].PowerMW
			b.Add(row, b.Col(0, width, money*(curve[k].CostPerH-curve[k-1].CostPerH)/width, solver.Continuous), -1)
		}
		rising, falling := solver.Row(-1), solver.Row(-1)
		if lastState != off {
			length := h
			if t > 0 {
				length = (n.hours[t-1] + h) / 2
			}
			rise, fall := up*length, down*length
			if lastState == deep {
				rise = math.Min(rise, slow*length)
			}
			if s == deep {
				fall = math.Min(fall, slow*length)
			}
			rising, falling = b.Row(-inf, rise), b.Row(-inf, fall)
			b.Add(rising, p, 1)
			b.Add(falling, p, -1)
			if t > 0 {
				b.Add(rising, lastPower, -1)
				b.Add(falling, lastPower, 1)
			} else {
				b.ShiftRow(rising, known)
				b.ShiftRow(falling, -known)
			}
		}
		if s == normal {
			n.reserves(b, u, t, p, most, reserve, rising, falling)
		}
		lastState, lastPower = s, p
	}
	return true
}

// reserves adds what a unit in normal operation provides. Where it was on before,
// rising and falling are the rows of its change of output.
func (n *enumeration) reserves(b *solver.Builder, u *model.ThermalUnit, t int, p solver.Col, most float64, reserve [][]solver.Row, rising, falling solver.Row) {
	inf := math.Inf(1)
	above, below := b.Row(-inf, most), b.Row(u.MinPowerMW, inf)
	b.Add(above, p, 1)
	b.Add(below, p, 1)
	for i := range n.c.Reserves {
		r := &n.c.Reserves[i]
		if !slices.Contains(u.Reserves, r.Name) {
			continue
		}
		ramp, minutes := u.RampUpMWPerH, 10.0
		if r.Direction == model.Down {
			ramp = u.RampDownMWPerH
		}
		if r.Minutes != nil {
			minutes = *r.Minutes
		}
		limit := inf
		if ramp != nil && !r.RampShared {
			limit = *ramp * minutes / 60
		}
		give := b.Col(0, limit, 0, solver.Continuous)
		b.Add(reserve[i][t], give, 1)
		if r.Direction == model.Up {
			b.Add(above, give, 1)
		} else {
			b.Add(below, give, -1)
		}
		change := rising
		if r.Direction == model.Down {
			change = falling
		}
		if r.RampShared && change >= 0 {
			b.Add(change, give, 1)
		}
	}
}
