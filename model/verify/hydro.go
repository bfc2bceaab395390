package verify

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleHydroPower         = "hydro.power"
	ruleHydroSpill         = "hydro.spill"
	ruleHydroBalance       = "hydro.balance"
	ruleHydroLevel         = "hydro.level"
	ruleHydroTerminal      = "hydro.terminal"
	ruleHydroRamp          = "hydro.ramp"
	ruleHydroReserveUp     = "hydro.reserve_up"
	ruleHydroReserveDown   = "hydro.reserve_down"
	ruleHydroReserveEnergy = "hydro.reserve_energy"
	ruleHydroReserveRamp   = "hydro.reserve_ramp"
)

func hydroRules() []Rule {
	return []Rule{
		{ruleHydroPower, "Output lies between the turbines' minimum and maximum."},
		{ruleHydroSpill, "Spill is not negative and at most its limit."},
		{ruleHydroBalance, "The level changes by inflow less turbined and spilt water."},
		{ruleHydroLevel, "The level lies between its bounds at every period's end."},
		{ruleHydroTerminal, "The last level lies between the terminal bounds."},
		{ruleHydroRamp, "Output changes by at most the ramp limit."},
		{ruleHydroReserveUp, "Upward reserve fits between output and maximum."},
		{ruleHydroReserveDown, "Downward reserve fits between output and minimum."},
		{ruleHydroReserveEnergy, "The level covers upward reserve for its sustained duration."},
		{ruleHydroReserveRamp, "Reserve is at most the ramp over the product's minutes."},
	}
}

func (k *checker) hydro() {
	for i := range k.c.Hydro {
		h, p := &k.c.Hydro[i], &k.p.Hydro[i]
		k.reservoir(h, p)
		k.hydroReserves(h, p)

		bus := k.at.buses[h.Bus]
		produced := 0.0
		for t, hours := range k.hours {
			k.inject(bus, t, p.PowerMW[t])
			produced += p.PowerMW[t] * hours
		}
		k.generatedMWh += produced
		if k.c.Policy.HydroCountsAsRenewable {
			k.renewableMWh += produced
		}
		k.charge(model.CostHydro, h.Name, i, h.CostPerMWh*produced)
		k.charge(model.CostTerminalValue, h.Name, i, -h.WaterValuePerMWh*p.LevelMWh[k.last()])
	}
}

func (k *checker) reservoir(h *model.Hydro, p *model.HydroPlan) {
	mostSpill := valueOr(h.MaxSpillMW, math.Inf(1))
	level := h.InitialLevelMWh
	for t, hours := range k.hours {
		power, spill := p.PowerMW[t], p.SpillMW[t]
		switch {
		case k.below(power, h.MinPowerMW):
			k.breach(ruleHydroPower, h.Name, t, power, h.MinPowerMW, "output is %g MW, at least %g", power, h.MinPowerMW)
		case k.above(power, h.MaxPowerMW):
			k.breach(ruleHydroPower, h.Name, t, power, h.MaxPowerMW, "output is %g MW, at most %g", power, h.MaxPowerMW)
		}
		switch {
		case k.below(spill, 0):
			k.breach(ruleHydroSpill, h.Name, t, spill, 0, "spill is %g MW", spill)
		case k.above(spill, mostSpill):
			k.breach(ruleHydroSpill, h.Name, t, spill, mostSpill, "spill is %g MW, at most %g", spill, mostSpill)
		}
		want := level + (h.InflowMW.At(t, 0)-power-spill)*hours
		level = p.LevelMWh[t]
		if k.differ(level, want) {
			k.breach(ruleHydroBalance, h.Name, t, level, want, "the level is %g MWh; inflow, output and spill lead to %g", level, want)
		}
		k.checkLevel(ruleHydroLevel, h.Name, t, level, h.LevelMinMWh, h.LevelMaxMWh)
		if rise := k.change(p.PowerMW, t, h.InitialPowerMW); h.RampMWPerH != nil {
			if most := *h.RampMWPerH * k.rampHours(t); k.above(math.Abs(rise), most) {
				k.breach(ruleHydroRamp, h.Name, t, math.Abs(rise), most, "output changes by %g MW, at most %g", rise, most)
			}
		}
	}
	k.checkTerminal(ruleHydroTerminal, h.Name, level, h.TerminalMinMWh, h.TerminalMaxMWh)
}

// change is that of a series from the period before; in the first period from
// the initial value, and zero without one.
func (k *checker) change(values []float64, t int, initial *float64) float64 {
	switch {
	case t > 0:
		return values[t] - values[t-1]
	case initial != nil:
		return values[0] - *initial
	}
	return 0
}

func (k *checker) checkLevel(rule, asset string, t int, level, least, most float64) {
	switch {
	case k.below(level, least):
		k.breach(rule, asset, t, level, least, "the level is %g MWh, at least %g", level, least)
	case k.above(level, most):
		k.breach(rule, asset, t, level, most, "the level is %g MWh, at most %g", level, most)
	}
}

func (k *checker) checkTerminal(rule, asset string, level float64, least, most *float64) {
	if least != nil && k.below(level, *least) {
		k.breach(rule, asset, k.last(), level, *least, "the last level is %g MWh, at least %g", level, *least)
	}
	if most != nil && k.above(level, *most) {
		k.breach(rule, asset, k.last(), level, *most, "the last level is %g MWh, at most %g", level, *most)
	}
}

func (k *checker) hydroReserves(h *model.Hydro, p *model.HydroPlan) {
	k.provide(h.Name, k.at.buses[h.Bus], h.Reserves, p.Reserves)
	for t := range k.periods {
		up, down := k.sumReserves(p.Reserves, t)
		if up != 0 {
			if room := max(0, h.MaxPowerMW-p.PowerMW[t]); k.above(up, room) {
				k.breach(ruleHydroReserveUp, h.Name, t, up, room, "it provides %g MW upwards and has room for %g", up, room)
			}
			needed, _ := k.sustained(p.Reserves, t)
			if held := max(0, p.LevelMWh[t]-h.LevelMinMWh); k.above(needed, held) {
				k.breach(ruleHydroReserveEnergy, h.Name, t, needed, held,
					"upward reserve needs %g MWh of water and %g lie above the least level", needed, held)
			}
		}
		if down != 0 {
			if room := max(0, p.PowerMW[t]-h.MinPowerMW); k.above(down, room) {
				k.breach(ruleHydroReserveDown, h.Name, t, down, room, "it provides %g MW downwards and has room for %g", down, room)
			}
		}
		if h.RampMWPerH == nil {
			continue
		}
		for i := range p.Reserves {
			r := &p.Reserves[i]
			product := &k.c.Reserves[k.at.products[r.Product]]
			if most := *h.RampMWPerH * product.DeliveryH(); k.above(r.MW[t], most) {
				k.breach(ruleHydroReserveRamp, h.Name, t, r.MW[t], most,
					"it provides %g MW of %s, at most %g within its ramp", r.MW[t], product.Name, most)
			}
		}
	}
}
