package ucjl

import (
	"fmt"
	"math"
	"strings"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert/internal/jsontree"
)

// maxHours of a time, more than any horizon.
const maxHours = 1e7

// slack allows for the rounding of sums and differences.
const slack = 1e-9

func (d *decoder) generators(byDefault []string) {
	items, names := d.root.Need("Generators").Items(model.MaxItems)
	for i, g := range items {
		kind := "Thermal"
		if k := g.Field("Type"); k.Given() {
			kind = k.Text()
		}
		switch {
		case strings.EqualFold(kind, "Thermal"):
			d.thermal(g, names[i], byDefault)
		case strings.EqualFold(kind, "Profiled"):
			d.profiled(g, names[i])
		default:
			g.Field("Type").Fail(fmt.Sprintf("%q is not a type of generator", kind), "give Thermal or Profiled")
		}
	}
}

// unread reports fields that mean what a case cannot say, unless they are zero.
func unread(item jsontree.Node, fields ...string) {
	for _, name := range fields {
		f := item.Field(name)
		if !f.Given() || f.IsNumber() && f.Number() == 0 {
			continue
		}
		f.Fail("is not read", "leave it out")
	}
}

func (d *decoder) profiled(g jsontree.Node, name string) {
	g.Only("Bus", "Type", "Cost ($/MW)", "Minimum power (MW)", "Maximum power (MW)", "Investment cost ($)")
	d.bus(g)
	unread(g, "Investment cost ($)")
	r := model.Renewable{
		Name: name, Bus: BusName, Source: "profiled",
		AvailableMW: g.Need("Maximum power (MW)").Series(d.steps, 0),
		MinPowerMW:  g.Field("Minimum power (MW)").Series(d.steps, 0),
	}
	r.CostPerMWh = *d.perHour(d.constant(g.Need("Cost ($/MW)"), -maxPrice))
	d.c.Renewables = append(d.c.Renewables, r)
}

// generator is a thermal one as the file says it: limits in MW, ramps from one
// step to the next, times in hours.
type generator struct {
	rampUp, rampDown, startup, shutdown float64
	low, high                           float64
	initialOn                           bool
	initialMW                           float64
	mustRun                             bool
}

func (d *decoder) thermal(n jsontree.Node, name string, byDefault []string) {
	n.Only("Bus", "Type", "Production cost curve (MW)", "Production cost curve ($)", "Startup costs ($)", "Startup delays (h)",
		"Minimum uptime (h)", "Minimum downtime (h)", "Ramp up limit (MW)", "Ramp down limit (MW)", "Startup limit (MW)",
		"Shutdown limit (MW)", "Initial status (h)", "Initial power (MW)", "Must run?", "Provides spinning reserves?",
		"Provides non-spinning reserves?", "Reserve eligibility", "Commitment status", "Maximum daily energy (MWh)",
		"Maximum daily starts", "Shutdown cost ($)", "Non-spinning reserve capacity (MW)", "Investment cost ($)")
	d.bus(n)
	unread(n, "Maximum daily energy (MWh)", "Maximum daily starts", "Shutdown cost ($)", "Non-spinning reserve capacity (MW)", "Investment cost ($)")
	limit := func(field string, otherwise float64) float64 {
		if f := n.Field(field); f.Given() {
			return f.AtLeast(0)
		}
		return otherwise
	}
	u := model.ThermalUnit{
		Name: name, Bus: BusName,
		MinUpH: limit("Minimum uptime (h)", 1), MinDownH: limit("Minimum downtime (h)", 1),
		Cost: d.curve(n),
	}
	if len(u.Cost) == 0 {
		return
	}
	g := generator{
		rampUp: limit("Ramp up limit (MW)", math.Inf(1)), rampDown: limit("Ramp down limit (MW)", math.Inf(1)),
		startup: limit("Startup limit (MW)", math.Inf(1)), shutdown: limit("Shutdown limit (MW)", math.Inf(1)),
		low: u.Cost[0].PowerMW, high: u.Cost[len(u.Cost)-1].PowerMW,
	}
	u.MinPowerMW, u.MaxPowerMW = g.low, g.high
	d.initial(n, &g, &u)
	d.commitment(n, &g, &u)
	if g.high == 0 {
		if u.Cost[0].CostPerH > 0 && (g.initialOn || g.mustRun) {
			n.Field("Production cost curve (MW)").Fail("a generator without power cannot be on at a cost in a case", "leave it out")
		}
		return // it changes nothing
	}
	u.Startup = d.startup(n, u.MinDownH)
	u.Reserves = d.eligible(n, byDefault)
	d.limits(n, &g, &u)
	d.c.ThermalUnits = append(d.c.ThermalUnits, u)
}

// curve reads the cost curve per hour, small dents lifted.
func (d *decoder) curve(n jsontree.Node) []model.CostPoint {
	mw, cost := n.Need("Production cost curve (MW)"), n.Need("Production cost curve ($)")
	powers, costs := mw.List(), cost.List()
	switch {
	case !mw.IsList() || !cost.IsList():
		return nil
	case len(powers) == 0 || len(powers) != len(costs):
		cost.Fail(fmt.Sprintf("has %d points, the curve in MW has %d", len(costs), len(powers)), "give as many, and at least one")
		return nil
	}
	out := make([]model.CostPoint, len(powers))
	for i := range out {
		if powers[i].IsList() || costs[i].IsList() {
			mw.Fail("changes over time, which is not read", "give one curve for all periods")
			return nil
		}
		out[i] = model.CostPoint{PowerMW: powers[i].AtLeast(0), CostPerH: costs[i].Number() / d.hours}
	}
	d.lift(powers, costs, out)
	return out
}

func (d *decoder) lift(powers, costs []jsontree.Node, curve []model.CostPoint) {
	slope := math.Inf(-1)
	for i := 1; i < len(curve); i++ {
		width := curve[i].PowerMW - curve[i-1].PowerMW
		if width <= 0 {
			powers[i].Fail(fmt.Sprintf("%g is not above the point before, %g", curve[i].PowerMW, curve[i-1].PowerMW), "order the points by power")
			return
		}
		next := (curve[i].CostPerH - curve[i-1].CostPerH) / width
		if next < slope {
			if next < slope-1e-6*max(1, math.Abs(slope)) {
				costs[i].Fail(fmt.Sprintf("the curve is not convex: a MWh costs %.6g here and %.6g in the segment before", next, slope), "let the cost of a MWh rise with power")
				return
			}
			curve[i].CostPerH = curve[i-1].CostPerH + slope*width
			next = slope
		}
		slope = next
		d.dearest = max(d.dearest, slope)
	}
	last := curve[len(curve)-1]
	if last.PowerMW > 0 {
		d.dearest = max(d.dearest, last.CostPerH/last.PowerMW)
	}
}

func (d *decoder) initial(n jsontree.Node, g *generator, u *model.ThermalUnit) {
	status, power := n.Need("Initial status (h)"), n.Need("Initial power (MW)")
	hours := status.Number()
	if status.Given() && hours == 0 || math.Abs(hours) > maxHours {
		status.Fail(fmt.Sprintf("%g is no time on or off", hours), "give hours on, or minus the hours off")
	}
	g.initialOn, g.initialMW = hours > 0, power.AtLeast(0)
	if !g.initialOn {
		if g.initialMW > 1e-3 {
			power.Fail(fmt.Sprintf("%g of a generator that is off", g.initialMW), "give 0")
		}
		off := -hours
		u.Initial = &model.ThermalInitial{HoursOff: &off}
		return
	}
	mw := min(max(g.initialMW, g.low), g.high)
	if math.Abs(mw-g.initialMW) > 1e-6*max(1, g.high) {
		power.Fail(fmt.Sprintf("%g is outside the output of a generator that is on, %g to %g", g.initialMW, g.low, g.high), "")
	}
	u.Initial = &model.ThermalInitial{UnitsOn: 1, HoursOn: &hours, PowerMW: &mw}
}

// commitment reads the must-run and the commitment status.
func (d *decoder) commitment(n jsontree.Node, g *generator, u *model.ThermalUnit) {
	if must := n.Field("Must run?"); must.Given() {
		for _, on := range d.truths(must) {
			g.mustRun = g.mustRun || on > 0
			u.MustRunUnits = append(u.MustRunUnits, max(0, on))
		}
		if !g.mustRun {
			u.MustRunUnits = nil
		}
	}
	if status := n.Field("Commitment status"); status.Given() {
		u.FixedUnits = d.truths(status)
	}
}

// truths reads true, false or null, one or one a period, as 1, 0 and -1.
func (d *decoder) truths(n jsontree.Node) model.Series {
	items := []jsontree.Node{n}
	if n.IsList() {
		if items = n.List(); len(items) != d.steps {
			n.Fail(fmt.Sprintf("has %d items for %d periods", len(items), d.steps), "give one a period")
			return nil
		}
	}
	out := make(model.Series, len(items))
	for t, item := range items {
		switch {
		case !item.Given():
			out[t] = -1
		case item.Truth():
			out[t] = 1
		}
	}
	return out
}

func (d *decoder) startup(n jsontree.Node, minDownH float64) []model.StartupTier {
	delays, costs := n.Field("Startup delays (h)"), n.Field("Startup costs ($)")
	if !delays.Given() && !costs.Given() {
		return nil
	}
	hours, money := delays.Entries(), costs.Entries()
	if len(hours) != len(money) {
		costs.Fail(fmt.Sprintf("has %d items, Startup delays (h) has %d", len(money), len(hours)), "give as many")
		return nil
	}
	var out []model.StartupTier
	for i := range hours {
		tier := model.StartupTier{AfterOffH: hours[i].AtLeast(0), Cost: money[i].AtLeast(0)}
		// A unit that starts has been off for a step, and its minimum down time.
		if least := max(minDownH, d.hours); i == 0 && (tier.AfterOffH <= least || len(hours) == 1) {
			tier.AfterOffH = min(tier.AfterOffH, minDownH)
		}
		switch {
		case i == 0 && tier.AfterOffH > minDownH:
			hours[i].Fail(fmt.Sprintf("%g is above Minimum downtime (h) %g: a start between them has no cost", tier.AfterOffH, minDownH), "begin at the minimum down time")
		case i > 0 && tier.AfterOffH <= out[i-1].AfterOffH:
			hours[i].Fail(fmt.Sprintf("%g is not above the delay before, %g", tier.AfterOffH, out[i-1].AfterOffH), "order the delays")
		case i > 0 && tier.Cost < out[i-1].Cost:
			money[i].Fail(fmt.Sprintf("%g is below the cost of the shorter delay before, %g", tier.Cost, out[i-1].Cost), "let no colder start be cheaper")
		}
		out = append(out, tier)
	}
	return out
}

// eligible lists the products that a generator provides.
func (d *decoder) eligible(n jsontree.Node, byDefault []string) []string {
	if d.old {
		if p := n.Field("Provides spinning reserves?"); p.Given() && d.constantTruth(p) == 0 {
			return nil
		}
		return byDefault
	}
	var out []string
	for _, item := range n.Field("Reserve eligibility").Entries() {
		name := item.Text()
		known := false
		for i := range d.c.Reserves {
			known = known || d.c.Reserves[i].Name == name
		}
		if !known && item.IsText() {
			item.Fail(fmt.Sprintf("%q is not in Reserves", name), "")
		}
		out = append(out, name)
	}
	return out
}

func (d *decoder) constantTruth(n jsontree.Node) float64 {
	s := d.truths(n)
	for _, v := range s {
		if v != s[0] {
			n.Fail("changes over time, which a case cannot say here", "give one value")
			break
		}
	}
	if len(s) == 0 {
		return 0
	}
	return s[0]
}

// limits sets ramps and start-up and shut-down limits as far as they can bind.
func (d *decoder) limits(n jsontree.Node, g *generator, u *model.ThermalUnit) {
	span, rounding := g.high-g.low, slack*max(1, g.high)
	perHour := func(ramp float64) *float64 {
		if ramp >= span-rounding {
			return nil
		}
		ramp /= d.hours
		return &ramp
	}
	u.RampUpMWPerH, u.RampDownMWPerH = perHour(g.rampUp), perHour(g.rampDown)
	if g.startup < g.low-rounding {
		n.Field("Startup limit (MW)").Fail(fmt.Sprintf("%g is below the minimum %g: the generator could never start", g.startup, g.low), "")
		return
	}
	if most := max(min(g.startup, g.low+g.rampUp), g.low); most < g.high-rounding {
		u.StartupLimitMW = &most
	}
	most := min(g.shutdown, g.low+g.rampDown)
	if g.shutdown < g.low-rounding {
		d.neverStops(g, u)
		return
	}
	most = max(most, g.low)
	if most < g.high-rounding {
		u.ShutdownLimitMW = &most
	}
	if g.initialOn && g.initialMW > most+rounding && u.MustRunUnits.At(0, 0) == 0 {
		must := make(model.Series, d.steps)
		for t := range must {
			must[t] = u.MustRunUnits.At(t, 0)
		}
		must[0] = 1
		u.MustRunUnits = must
	}
}

// neverStops keeps a generator on for good.
func (d *decoder) neverStops(g *generator, u *model.ThermalUnit) {
	if g.initialOn {
		u.MustRunUnits = model.Constant(1)
		return
	}
	u.MinUpH = max(u.MinUpH, float64(d.steps)*d.hours)
}
