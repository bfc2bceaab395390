package verify

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleStorageCharge        = "storage.charge"
	ruleStorageDischarge     = "storage.discharge"
	ruleStorageExclusive     = "storage.exclusive"
	ruleStorageBalance       = "storage.balance"
	ruleStorageLevel         = "storage.level"
	ruleStorageTerminal      = "storage.terminal"
	ruleStorageCycles        = "storage.cycles"
	ruleStorageReserveUp     = "storage.reserve_up"
	ruleStorageReserveDown   = "storage.reserve_down"
	ruleStorageReserveEnergy = "storage.reserve_energy"
	ruleStorageReserveRoom   = "storage.reserve_room"
)

func storageRules() []Rule {
	return []Rule{
		{ruleStorageCharge, "Charging is zero, or between its minimum and maximum."},
		{ruleStorageDischarge, "Discharging is zero, or between its minimum and maximum."},
		{ruleStorageExclusive, "It does not charge and discharge in the same period."},
		{ruleStorageBalance, "The level follows from the level before, retention, charging and discharging."},
		{ruleStorageLevel, "The level lies between its bounds at every period's end."},
		{ruleStorageTerminal, "The last level lies between the terminal bounds."},
		{ruleStorageCycles, "Energy drawn from the level over the horizon is at most the cycle limit."},
		{ruleStorageReserveUp, "Upward reserve is at most what more discharging and less charging can give."},
		{ruleStorageReserveDown, "Downward reserve is at most what more charging and less discharging can take."},
		{ruleStorageReserveEnergy, "The level covers upward reserve for its sustained duration."},
		{ruleStorageReserveRoom, "The room left covers downward reserve for its sustained duration."},
	}
}

func (k *checker) storages() {
	for i := range k.c.Storages {
		s, p := &k.c.Storages[i], &k.p.Storages[i]
		k.storageOperation(s, p)
		k.storageReserves(s, p)

		bus := k.busOf(s.Bus, s.Site)
		discharged := 0.0
		for t, h := range k.hours {
			k.inject(bus, t, p.DischargeMW[t])
			k.inject(bus, t, -p.ChargeMW[t])
			k.meter(s.Site, t, p.DischargeMW[t]-p.ChargeMW[t])
			discharged += p.DischargeMW[t] * h
		}
		k.charge(model.CostWear, s.Name, i, s.WearCostPerMWh*discharged)
		k.charge(model.CostTerminalValue, s.Name, len(k.c.Hydro)+i, -s.TerminalValuePerMWh*p.LevelMWh[k.last()])
	}
}

func (k *checker) storageOperation(s *model.Storage, p *model.StoragePlan) {
	in, out := s.ChargeEfficiency(), s.DischargeEfficiency()
	active := k.o.Tolerances.Activity
	level, drawn := s.InitialLevelMWh, 0.0
	for t, h := range k.hours {
		charge, discharge := p.ChargeMW[t], p.DischargeMW[t]
		k.storagePower(ruleStorageCharge, s.Name, t, charge, s.MinChargeMW, s.MaxChargeMW)
		k.storagePower(ruleStorageDischarge, s.Name, t, discharge, s.MinDischargeMW, s.MaxDischargeMW)
		k.report.Checked++
		if charge > active && discharge > active {
			k.breach(ruleStorageExclusive, s.Name, t, min(charge, discharge), 0, "it charges %g MW and discharges %g MW at once", charge, discharge)
		}
		want := level*math.Pow(s.Retention(), h) + charge*in*h - discharge/out*h
		level = p.LevelMWh[t]
		if k.differ(level, want) {
			k.breach(ruleStorageBalance, s.Name, t, level, want, "the level is %g MWh; charging and discharging lead to %g", level, want)
		}
		k.checkLevel(ruleStorageLevel, s.Name, t, level, s.LevelMinMWh, s.LevelMaxMWh)
		drawn += discharge / out * h
	}
	k.checkTerminal(ruleStorageTerminal, s.Name, level, s.TerminalMinMWh, s.TerminalMaxMWh)
	if s.MaxCycles != nil {
		if most := *s.MaxCycles * (s.LevelMaxMWh - s.LevelMinMWh); k.above(drawn, most) {
			k.breach(ruleStorageCycles, s.Name, -1, drawn, most, "%g MWh are drawn over the horizon, at most %g", drawn, most)
		}
	}
}

func (k *checker) storagePower(rule, asset string, t int, power, least, most float64) {
	switch {
	case k.below(power, 0):
		k.breach(rule, asset, t, power, 0, "%g MW is negative", power)
	case k.above(power, most):
		k.breach(rule, asset, t, power, most, "%g MW, at most %g", power, most)
	case power > k.o.Tolerances.Activity && k.below(power, least):
		k.breach(rule, asset, t, power, least, "%g MW, at least %g while it does", power, least)
	}
}

func (k *checker) storageReserves(s *model.Storage, p *model.StoragePlan) {
	k.provide(s.Name, k.busOf(s.Bus, s.Site), s.Reserves, p.Reserves)
	for t := range k.periods {
		up, down := k.sumReserves(p.Reserves, t)
		k.meterReserve(s.Site, t, up, down)
		upMWh, downMWh := k.sustained(p.Reserves, t)
		if up != 0 {
			if room := max(0, s.MaxDischargeMW-p.DischargeMW[t]+p.ChargeMW[t]); k.above(up, room) {
				k.breach(ruleStorageReserveUp, s.Name, t, up, room, "it provides %g MW upwards and can give %g", up, room)
			}
			needed, held := upMWh/s.DischargeEfficiency(), max(0, p.LevelMWh[t]-s.LevelMinMWh)
			if k.above(needed, held) {
				k.breach(ruleStorageReserveEnergy, s.Name, t, needed, held,
					"upward reserve needs %g MWh and %g lie above the least level", needed, held)
			}
		}
		if down != 0 {
			if room := max(0, s.MaxChargeMW-p.ChargeMW[t]+p.DischargeMW[t]); k.above(down, room) {
				k.breach(ruleStorageReserveDown, s.Name, t, down, room, "it provides %g MW downwards and can take %g", down, room)
			}
			needed, room := downMWh*s.ChargeEfficiency(), max(0, s.LevelMaxMWh-p.LevelMWh[t])
			if k.above(needed, room) {
				k.breach(ruleStorageReserveRoom, s.Name, t, needed, room,
					"downward reserve needs room for %g MWh and %g are left", needed, room)
			}
		}
	}
}
