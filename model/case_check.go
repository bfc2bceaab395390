package model

import (
	"fmt"
	"math"
	"reflect"
	"time"
	_ "time/tzdata" // a zone must mean the same on a machine without a time zone database
)

// checkCase checks what is not in a list, and says whether the horizon can be
// worked with.
func (c *Case) checkCase(k *checker) (sized bool) {
	if c.Format != CaseFormat {
		k.fail("format", fmt.Sprintf("is %s", clip(c.Format)), "this version reads "+CaseFormat)
	}
	k.name("name", c.Name)
	if c.Currency == "" || len(c.Currency) > 16 {
		k.fail("currency", fmt.Sprintf("is %s", clip(c.Currency)), "name one, as in CNY, EUR, USD")
	}
	k.in("horizon", -1, "")
	sized = k.numbers(reflect.ValueOf(&c.Horizon).Elem(), "") && c.Horizon.check(k)
	k.in("penalties", -1, "")
	if k.numbers(reflect.ValueOf(&c.Penalties).Elem(), "") {
		c.Penalties.check(k)
	}
	k.in("policy", -1, "")
	if k.numbers(reflect.ValueOf(&c.Policy).Elem(), "") {
		c.Policy.check(k)
	}
	k.in("buses", -1, "")
	if len(c.Buses) == 0 {
		k.fail("", "has no items", "give at least one bus")
	}
	k.in("", -1, "")
	return sized && !k.spoiled[itemKey{"horizon", -1}]
}

// usable says whether the periods can be worked with, whatever else is wrong.
func (h *Horizon) usable() bool {
	n := 0
	for _, r := range h.Periods {
		if r.Count < 1 || r.Count > MaxPeriods || !(r.Hours > 0) || r.Hours > MaxPeriodHours {
			return false
		}
		n += r.Count
		if n > MaxPeriods {
			return false
		}
	}
	return n > 0
}

func (h *Horizon) check(k *checker) bool {
	if h.Start.IsZero() {
		k.fail("start", "is missing", "write RFC 3339 with the offset, as in 2023-07-15T00:00:00+08:00")
	} else if year := h.Start.Year(); year < 1900 || year > 2500 {
		k.fail("start", fmt.Sprintf("year %d is not one to plan", year), "give a year from 1900 to 2500")
	}
	h.checkZone(k)
	if len(h.Periods) == 0 {
		k.fail("periods", "has no items", "write runs of periods, as in [{count: 24, hours: 1}]")
		return false
	}
	n := 0
	for i, r := range h.Periods {
		at := fmt.Sprintf("periods[%d].", i)
		switch {
		case r.Count < 1:
			k.fail(at+"count", fmt.Sprintf("%d is below 1", r.Count), "give the number of periods in the run")
			return false
		case r.Hours <= 0 || r.Hours > MaxPeriodHours:
			k.fail(at+"hours", num(r.Hours)+" is no length of a period", fmt.Sprintf("give more than 0 and at most %d", MaxPeriodHours))
			return false
		case r.Count > MaxPeriods || n+r.Count > MaxPeriods:
			k.fail(at+"count", fmt.Sprintf("makes more than %d periods", MaxPeriods), "give fewer or longer periods")
			return false
		}
		n += r.Count
	}
	return true
}

func (h *Horizon) checkZone(k *checker) {
	if h.Zone == "" {
		return
	}
	zone, err := time.LoadLocation(h.Zone)
	if err != nil || h.Zone == "Local" || len(h.Zone) > MaxNameBytes {
		k.fail("zone", clip(h.Zone)+" is not a time zone", "give an IANA name, as in Asia/Shanghai")
		return
	}
	_, own := h.Start.Zone()
	if _, theirs := h.Start.In(zone).Zone(); own != theirs && !h.Start.IsZero() {
		k.warn("start", fmt.Sprintf("its offset is not that of %s, where it is %s", h.Zone, h.Start.In(zone).Format(time.RFC3339)), "")
	}
}

func (p *Penalties) check(k *checker) {
	ok := true
	for _, price := range []struct {
		field string
		value *float64
	}{
		{"shed_price_per_mwh", p.ShedPricePerMWh},
		{"spill_price_per_mwh", p.SpillPricePerMWh},
		{"reserve_shortage_price_per_mwh", p.ReserveShortagePricePerMWh},
		{"co2_excess_price_per_t", p.CO2ExcessPricePerT},
		{"renewable_shortfall_price_per_mwh", p.RenewableShortfallPricePerMWh},
		{"water_excess_price_per_m3", p.WaterExcessPricePerM3},
		{"green_shortfall_price_per_mwh", p.GreenShortfallPricePerMWh},
		{"unserved_price_per_unit_h", p.UnservedPricePerUnitH},
		{"outage_short_price_per_unit_h", p.OutageShortPricePerUnitH},
		{"drop_price_per_unit_h", p.DropPricePerUnitH},
	} {
		ok = k.notNegativeIf(price.field, price.value) && ok
	}
	if f := p.PriorityFactor; f != nil && *f < 1 {
		k.fail("priority_factor", num(*f)+" is below 1: a higher priority would be dropped sooner", "give at least 1")
	}
	if !ok {
		return
	}
	// The documented order, where a price was given out of it.
	order := func(field string, given *float64, price float64, belowField string, belowGiven *float64, below float64) {
		if price >= below || given == nil && belowGiven == nil {
			return
		}
		if given == nil {
			field, belowField, price, below = belowField, field, below, price
			k.warn(field, fmt.Sprintf("%s is above %s %s: a plan may prefer the wrong shortage", num(price), belowField, num(below)),
				"keep unserved work above shedding above reserve shortage")
			return
		}
		k.warn(field, fmt.Sprintf("%s is below %s %s: a plan may prefer the wrong shortage", num(price), belowField, num(below)),
			"keep unserved work above shedding above reserve shortage")
	}
	order("unserved_price_per_unit_h", p.UnservedPricePerUnitH, p.Unserved(), "shed_price_per_mwh", p.ShedPricePerMWh, p.Shed())
	order("shed_price_per_mwh", p.ShedPricePerMWh, p.Shed(), "reserve_shortage_price_per_mwh", p.ReserveShortagePricePerMWh, p.ReserveShortage())
}

func (p *Policy) check(k *checker) {
	k.notNegative("co2_price_per_t", p.CO2PricePerT)
	k.notNegativeIf("co2_cap_t", p.CO2CapT)
	for _, s := range []struct {
		field string
		share *float64
	}{{"renewable_share_min", p.RenewableShareMin}, {"electrification_share", p.ElectrificationShare}} {
		if s.share != nil && (*s.share < 0 || *s.share > 1) {
			k.fail(s.field, num(*s.share)+" is not in [0, 1]", "give a share, as in 0.4")
		}
	}
}

func (b *Bus) check(k *checker) {
	k.notNegativeIf("shed_price_per_mwh", b.ShedPricePerMWh)
	k.notNegativeIf("spill_price_per_mwh", b.SpillPricePerMWh)
}

func (l *Load) check(k *checker) {
	k.ref("bus", "buses", l.Bus)
	if k.needed("power_mw", l.PowerMW) {
		k.series("power_mw", l.PowerMW, 0, math.Inf(1))
	}
}

func (x *Exchange) check(k *checker) {
	k.ref("bus", "buses", x.Bus)
	k.needed("import_mw", x.ImportMW)
}

func (r *Renewable) check(k *checker) {
	k.busOrSite(r.Bus, r.Site)
	k.notNegative("capacity_mw", r.CapacityMW)
	k.notNegative("curtailment_price_per_mwh", r.CurtailmentPricePerMWh)
	ok := k.series("min_power_mw", r.MinPowerMW, 0, math.Inf(1))
	if !k.needed("available_mw", r.AvailableMW) || !k.series("available_mw", r.AvailableMW, 0, math.Inf(1)) || !ok {
		return
	}
	r.checkLeast(k)
	for t, v := range r.AvailableMW {
		if r.CapacityMW > 0 && v > r.CapacityMW*(1+1e-6) {
			k.warn("available_mw", fmt.Sprintf("%s in period %d is above capacity_mw %s", num(v), t, num(r.CapacityMW)), "check the unit")
			return
		}
	}
}

// checkLeast checks that weather offers what must be taken.
func (r *Renewable) checkLeast(k *checker) {
	for t := range max(len(r.MinPowerMW), len(r.AvailableMW)) {
		least, most := r.MinPowerMW.At(t, 0), r.AvailableMW.At(t, 0)
		if least <= most {
			continue
		}
		field := "min_power_mw"
		if len(r.MinPowerMW) > 1 {
			field = fmt.Sprintf("min_power_mw[%d]", t)
		}
		k.fail(field, fmt.Sprintf("%s is above available_mw %s in period %d", num(least), num(most), t), "give at most "+num(most))
		return
	}
}

func (l *Link) check(k *checker) {
	k.ends(l.From, l.To, "buses")
	if k.needed("max_forward_mw", l.MaxForwardMW) {
		k.series("max_forward_mw", l.MaxForwardMW, 0, math.Inf(1))
	}
	k.series("max_backward_mw", l.MaxBackwardMW, 0, math.Inf(1))
	if l.LossShare < 0 || l.LossShare >= 1 {
		k.fail("loss_share", num(l.LossShare)+" is not in [0, 1)", "give a share of the flow, as in 0.05")
	}
	k.notNegative("loss_fixed_mw", l.LossFixedMW)
	k.notNegative("price_per_mwh", l.PricePerMWh)
	k.notNegativeIf("ramp_mw_per_h", l.RampMWPerH)
	if f := l.InitialFlowMW; f != nil && k.sized {
		// The ramp leads from here, so the flow must be one that can be.
		forward, backward := l.MaxForwardMW.At(0, 0), l.MaxBackwardMW.At(0, 0)
		switch step := orElse(l.RampMWPerH, math.Inf(1)) * k.hours[0]; {
		case *f-step > forward:
			k.fail("initial_flow_mw", fmt.Sprintf("%s cannot come down to max_forward_mw %s in the first period", num(*f), num(forward)), "give less, or a higher ramp")
		case *f+step < -backward:
			k.fail("initial_flow_mw", fmt.Sprintf("%s cannot come up to -max_backward_mw %s in the first period", num(*f), num(-backward)), "give more, or a higher ramp")
		}
	}
}

// ends checks the two ends of a link.
func (k *checker) ends(from, to, section string) {
	k.ref("from", section, from)
	k.ref("to", section, to)
	if from == to && from != "" {
		k.fail("to", fmt.Sprintf("both ends are %s", clip(from)), "name two different "+section)
	}
}

func (r *ReserveProduct) check(k *checker) {
	if r.Direction != Up && r.Direction != Down {
		k.fail("direction", clip(string(r.Direction))+" is no direction", "give up or down")
	}
	if r.Minutes != nil {
		k.positive("minutes", *r.Minutes)
	}
	k.notNegativeIf("sustained_h", r.SustainedH)
	if r.Activations < 0 || r.Activations > MaxPeriods {
		k.fail("activations", fmt.Sprintf("%d is not a number of calls", r.Activations), fmt.Sprintf("give 1 to %d", MaxPeriods))
	}
	k.notNegativeIf("shortage_price_per_mwh", r.ShortagePricePerMWh)
	if k.needed("requirement_mw", r.RequirementMW) {
		k.series("requirement_mw", r.RequirementMW, 0, math.Inf(1))
	}
	k.refs("buses", "buses", r.Buses)
}

// checkProviders warns of products that nobody provides.
func (c *Case) checkProviders(k *checker) {
	provided := map[string]bool{}
	add := func(products []string) {
		for _, p := range products {
			provided[p] = true
		}
	}
	for i := range c.ThermalUnits {
		add(c.ThermalUnits[i].Reserves)
	}
	for i := range c.Hydro {
		add(c.Hydro[i].Reserves)
	}
	for i := range c.Storages {
		add(c.Storages[i].Reserves)
	}
	for i := range c.Jobs {
		add(c.Jobs[i].Reserves)
	}
	for i := range c.Reserves {
		if r := &c.Reserves[i]; !provided[r.Name] {
			k.in("reserves", i, itemLabel(r.Name, i))
			k.warn("", "no thermal unit, hydro, storage or job provides it", "name it in their reserves")
		}
	}
	k.in("", -1, "")
}
